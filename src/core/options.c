// options.c: reads ADDER_DUMP, ADDER_TRACE, ADDER_VERIFY and ADDER_STRESS.
#include "src/core/options.h"

#include <stdio.h>
#include <stdlib.h>

Options switches;

typedef struct SwitchRow { const char *group, *word; bool *flag; } SwitchRow;
typedef struct StressRow { const char *word; uint64_t *value; } StressRow;

static const SwitchRow switch_rows[] = {
#define SWITCH(group, word, doc) {#group, #word, &switches.group##_##word},
#define STRESS(word, doc)
#include "src/core/options.def"
#undef SWITCH
#undef STRESS
};

static const StressRow stresses[] = {
#define SWITCH(group, word, doc)
#define STRESS(word, doc) {#word, &switches.STRESS_##word},
#include "src/core/options.def"
#undef SWITCH
#undef STRESS
};

static bool word_is(const char *word, size_t n, const char *name)
{
    return strlen(name) == n && !strncmp(word, name, n);
}

static void set_switch(const char *group, const char *word, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(switch_rows); i++) {
        if (!strcmp(switch_rows[i].group, group) && word_is(word, n, switch_rows[i].word)) {
            *switch_rows[i].flag = true;
            return;
        }
    }
    fprintf(stderr, "adder: ADDER_%s has no switch '%.*s'\n", group, (int)n, word);
}

static void set_stress(const char *group, const char *word, size_t n)
{
    const char *colon = memchr(word, ':', n);
    size_t name_length = colon ? (size_t)(colon - word) : n;
    for (size_t i = 0; i < COUNT_OF(stresses); i++) {
        if (word_is(word, name_length, stresses[i].word)) {
            *stresses[i].value = colon ? strtoull(colon + 1, NULL, 10) : 1;
            return;
        }
    }
    fprintf(stderr, "adder: ADDER_%s has no switch '%.*s'\n", group, (int)n, word);
}

static void read_words(const char *group, void (*set)(const char *group, const char *word, size_t n))
{
    char variable[32];
    snprintf(variable, sizeof variable, "ADDER_%s", group);
    const char *at = getenv(variable);
    while (at && *at) {
        size_t n = strcspn(at, ",");
        if (n)
            set(group, at, n);
        at += n + (at[n] == ',');
    }
}

void options_read(void)
{
    read_words("DUMP", set_switch);
    read_words("TRACE", set_switch);
    read_words("VERIFY", set_switch);
    read_words("STRESS", set_stress);
    switches.dump_only = getenv("ADDER_DUMP_ONLY");
}
