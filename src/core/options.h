// options.h: the switches of options.def, read once from the environment. Immutable after start-up.
#ifndef ADDER_CORE_OPTIONS_H
#define ADDER_CORE_OPTIONS_H

#include "src/core/base.h"

typedef struct Options {
#define SWITCH(group, word, doc) bool group##_##word;
#define STRESS(word, doc) uint64_t STRESS_##word;
#include "src/core/options.def"
#undef SWITCH
#undef STRESS
    const char *dump_only;        // ADDER_DUMP_ONLY: a glob over qualified names, or null
} Options;

extern Options switches;

void options_read(void);          // prints a line to stderr for a word it does not know

#endif
