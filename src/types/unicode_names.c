// unicode_names.c: names of characters and characters by name. Unicode 16.0.
//
// The table of names is compressed; an index over it (where each name starts, and a hash table) is made at the first use and lives
// for ever in memory without references. Two threads may both make it: one copy is dropped.
#include "src/types/unicode_names.h"

#include <stdlib.h>
#include <strings.h>

typedef struct NameRange { uint32_t first, last; const char *prefix; } NameRange;
typedef struct NameAlias { const char *name; uint32_t code; } NameAlias;

#include "src/types/unicode_names.inc"

#define TWO_BYTES 0xc0u      // word numbers from here on take two bytes
#define TABLE_SLOTS 131072u

typedef struct NameIndex {
    uint32_t count;
    uint32_t *starts;                    // of each name in name_data
    uint32_t *codes;                     // its code point
    uint32_t run_starts[COUNT_OF(name_runs)];   // number of the first name of each run
    uint32_t word_starts[COUNT_OF(name_word_lengths)];
    uint32_t table[TABLE_SLOTS];         // number of a name + 1; 0: empty
} NameIndex;

static NameIndex *name_index;            // published once

static size_t name_expand(const NameIndex *index, uint32_t number, char *out)
{
    const uint8_t *p = name_data + index->starts[number], *end = p + 1 + p[0];
    size_t n = 0;
    for (p++; p < end; p++) {
        uint32_t word = *p;
        if (word >= TWO_BYTES)
            word = TWO_BYTES + ((word - TWO_BYTES) << 8) + *++p;
        if (n)
            out[n++] = ' ';
        memcpy(out + n, name_words + index->word_starts[word], name_word_lengths[word]);
        n += name_word_lengths[word];
    }
    out[n] = 0;
    return n;
}

static uint32_t name_hash(const char *name, size_t n)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (uint8_t)name[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static void index_fill(NameIndex *index)
{
    uint32_t at = 0, number = 0, word = 0;
    for (size_t i = 0; i < COUNT_OF(name_word_lengths); i++) {
        index->word_starts[i] = word;
        word += name_word_lengths[i];
    }
    for (size_t run = 0; run < COUNT_OF(name_runs); run++) {
        index->run_starts[run] = number;
        for (uint32_t code = name_runs[run][0]; code <= name_runs[run][1]; code++, number++) {
            index->starts[number] = at;
            index->codes[number] = code;
            char name[UNICODE_NAME_MAX];
            uint32_t slot = name_hash(name, name_expand(index, number, name)) % TABLE_SLOTS;
            while (index->table[slot])
                slot = (slot + 1) % TABLE_SLOTS;
            index->table[slot] = number + 1;
            at += 1u + name_data[at];
        }
    }
}

static const NameIndex *index_get(void)
{
    NameIndex *index = load_acquire(&name_index);
    if (index)
        return index;
    uint32_t count = 0;
    for (size_t run = 0; run < COUNT_OF(name_runs); run++)
        count += name_runs[run][1] - name_runs[run][0] + 1;
    index = calloc(1, sizeof *index);
    uint32_t *numbers = calloc(count, 2 * sizeof *numbers);
    if (!index || !numbers)
        never("no memory for the names of characters");
    index->count = count;
    index->starts = numbers;
    index->codes = numbers + count;
    index_fill(index);
    NameIndex *expected = NULL;
    if (!__atomic_compare_exchange_n(&name_index, &expected, index, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        free(numbers);
        free(index);
        return expected;
    }
    return index;
}

// --- Hangul syllables ---

#define HANGUL_FIRST 0xac00u
#define HANGUL_COUNT 11172u
static const char *const hangul_lead[] = {"G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"};
static const char *const hangul_vowel[] = {"A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI", "YU", "EU", "YI", "I"};
static const char *const hangul_trail[] = {"", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS", "S", "SS", "NG", "J", "C", "K", "T", "P", "H"};

static size_t hangul_name(uint32_t c, char *out)
{
    uint32_t i = c - HANGUL_FIRST;
    strcpy(out, "HANGUL SYLLABLE ");
    strcat(out, hangul_lead[i / 588]);
    strcat(out, hangul_vowel[i % 588 / 28]);
    strcat(out, hangul_trail[i % 28]);
    return strlen(out);
}

// The longest of `parts` that `name` starts with.
static int hangul_part(const char *const *parts, size_t count, const char *name)
{
    int best = -1;
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(parts[i]);
        if (strncmp(name, parts[i], n) == 0 && (best < 0 || n > strlen(parts[best])))
            best = (int)i;
    }
    return best;
}

static bool hangul_lookup(const char *name, uint32_t *out)
{
    if (strncmp(name, "HANGUL SYLLABLE ", 16) != 0)
        return false;
    name += 16;
    int lead = hangul_part(hangul_lead, COUNT_OF(hangul_lead), name);
    name += strlen(hangul_lead[lead]);
    int vowel = hangul_part(hangul_vowel, COUNT_OF(hangul_vowel), name);
    if (vowel < 0)
        return false;
    name += strlen(hangul_vowel[vowel]);
    int trail = hangul_part(hangul_trail, COUNT_OF(hangul_trail), name);
    name += strlen(hangul_trail[trail]);
    *out = HANGUL_FIRST + (uint32_t)(lead * 588 + vowel * 28 + trail);
    return *name == 0;
}

// --- names made of a prefix and the code point ---

static char *hex_digits(uint32_t c, char *end)
{
    *end = 0;
    do {
        *--end = "0123456789ABCDEF"[c & 15];
        c >>= 4;
    } while (c);
    return end;
}

// Characters that have a computed name for lookup alone, as in CPython.
static bool is_tangut(const char *name, size_t prefix, uint32_t c)
{
    return prefix == 17 && strncmp(name, "TANGUT IDEOGRAPH-", 17) == 0 &&
           ((c >= 0x17000 && c <= 0x187f7) || (c >= 0x18d00 && c <= 0x18d08));
}

static bool range_lookup(const char *name, uint32_t *out)
{
    const char *dash = strrchr(name, '-');
    if (!dash || strlen(dash) < 5 || strlen(dash) > 6)
        return false;
    char *end;
    uint32_t c = (uint32_t)strtoul(dash + 1, &end, 16);
    char digits[9];
    if (*end || strcmp(hex_digits(c, digits + 8), dash + 1) != 0)
        return false;
    if (is_tangut(name, (size_t)(dash + 1 - name), c))
        return *out = c, true;
    for (size_t i = 0; i < COUNT_OF(name_ranges); i++) {
        size_t n = strlen(name_ranges[i].prefix);
        if (c >= name_ranges[i].first && c <= name_ranges[i].last && n == (size_t)(dash + 1 - name) &&
            strncmp(name, name_ranges[i].prefix, n) == 0)
            return *out = c, true;
    }
    return false;
}

size_t unicode_name(uint32_t c, char *out)
{
    if (c - HANGUL_FIRST < HANGUL_COUNT)
        return hangul_name(c, out);
    for (size_t i = 0; i < COUNT_OF(name_ranges); i++) {
        if (c >= name_ranges[i].first && c <= name_ranges[i].last) {
            char digits[9];
            strcpy(out, name_ranges[i].prefix);
            strcat(out, hex_digits(c, digits + 8));
            return strlen(out);
        }
    }
    size_t low = 0, high = COUNT_OF(name_runs);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (name_runs[middle][1] < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == COUNT_OF(name_runs) || c < name_runs[low][0])
        return 0;
    const NameIndex *index = index_get();
    return name_expand(index, index->run_starts[low] + (c - name_runs[low][0]), out);
}

bool unicode_lookup_alias(const char *name, uint32_t *out)
{
    for (size_t i = 0; i < COUNT_OF(name_aliases); i++) {
        if (strcasecmp(name_aliases[i].name, name) == 0)
            return *out = name_aliases[i].code, true;
    }
    return false;
}

bool unicode_lookup_name(const char *given, size_t n, uint32_t *out)
{
    char name[UNICODE_NAME_MAX], candidate[UNICODE_NAME_MAX];
    if (n == 0 || n >= UNICODE_NAME_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        name[i] = given[i] >= 'a' && given[i] <= 'z' ? (char)(given[i] - 32) : given[i];
    name[n] = 0;
    if (strlen(name) != n)
        return false;
    if (hangul_lookup(name, out) || range_lookup(name, out))
        return true;
    const NameIndex *index = index_get();
    for (uint32_t slot = name_hash(name, n) % TABLE_SLOTS; index->table[slot]; slot = (slot + 1) % TABLE_SLOTS) {
        uint32_t number = index->table[slot] - 1;
        if (name_expand(index, number, candidate) == n && memcmp(candidate, name, n) == 0)
            return *out = index->codes[number], true;
    }
    return unicode_lookup_alias(name, out);
}
