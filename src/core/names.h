// names.h: the interned strings of names.def. N(append) is the Str "append". Filled at start-up, immutable after.
#ifndef ADDER_CORE_NAMES_H
#define ADDER_CORE_NAMES_H

#include "src/core/value.h"

typedef enum NameIndex {
#define NAME(identifier) NAME_##identifier,
#include "src/core/names.def"
#undef NAME
    NAME_COUNT
} NameIndex;

extern Value name_table[NAME_COUNT];
#define N(identifier) (name_table[NAME_##identifier])

#endif
