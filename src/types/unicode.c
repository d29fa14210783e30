// unicode.c: lookup in the character tables. Constant data only: any thread may ask.
#include "src/types/unicode.h"

typedef struct SpecialCase {
    uint32_t code;
    uint32_t forms[4][3];     // by CaseForm, zero-filled
} SpecialCase;

#include "src/types/unicode_tables.inc"

const char *const unicode_version = UNICODE_VERSION;
const char *const char_category_names[] = {
    "Cn", "Lu", "Ll", "Lt", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf",
    "Cs", "Co", "Lm", "Lo", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"};
const char *const char_bidirectional_names[] = {
    "", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET",
    "AN", "CS", "NSM", "BN", "B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"};
const char *const char_width_names[] = {"F", "H", "W", "Na", "A", "N"};

#define BLOCK_BITS 7
#define BLOCK_MASK ((1u << BLOCK_BITS) - 1)
#define CODE_POINTS 0x110000u

const CharInfo *char_info(uint32_t c)
{
    if (c >= CODE_POINTS)
        return &char_infos[char_blocks[(size_t)char_index[(CODE_POINTS - 1) >> BLOCK_BITS] << BLOCK_BITS | BLOCK_MASK]];
    return &char_infos[char_blocks[(size_t)char_index[c >> BLOCK_BITS] << BLOCK_BITS | (c & BLOCK_MASK)]];
}

static const SpecialCase *special_case(uint32_t c)
{
    size_t low = 0, high = COUNT_OF(special_cases);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (special_cases[middle].code < c)
            low = middle + 1;
        else
            high = middle;
    }
    return &special_cases[low];
}

int char_case(uint32_t c, CaseForm form, uint32_t out[3])
{
    const CharInfo *info = char_info(c);
    if (!(info->flags & CHAR_SPECIAL_CASE)) {
        int32_t distance = form == CASE_UPPER ? info->upper : form == CASE_TITLE ? info->title : info->lower;
        out[0] = (uint32_t)((int32_t)c + distance);
        return 1;
    }
    const uint32_t *forms = special_case(c)->forms[form];
    int n = 0;
    while (n < 3 && forms[n]) {
        out[n] = forms[n];
        n++;
    }
    return n;
}

uint32_t char_simple_lower(uint32_t c) { return (uint32_t)((int32_t)c + char_info(c)->lower); }

// As in CPython the simple form of a special mapping is the first character of the full one.
uint32_t char_simple_upper(uint32_t c)
{
    uint32_t out[3];
    return char_case(c, CASE_UPPER, out) ? out[0] : c;
}

bool char_numeric(uint32_t c, double *out)
{
    size_t low = 0, high = COUNT_OF(numeric_codes);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (numeric_codes[middle] < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == COUNT_OF(numeric_codes) || numeric_codes[low] != c)
        return false;
    *out = numeric_values[low];
    return true;
}

int char_decomposition(uint32_t c, const uint32_t **out, const char **tag)
{
    if (c >= CODE_POINTS)
        return 0;
    size_t at = decomposition_blocks[(size_t)decomposition_index[c >> BLOCK_BITS] << BLOCK_BITS | (c & BLOCK_MASK)];
    if (!at)
        return 0;
    *tag = decomposition_tags[decomposition_data[at] >> 8];
    *out = &decomposition_data[at + 1];
    return (int)(decomposition_data[at] & 0xff);
}

uint32_t char_compose(uint32_t first, uint32_t second)
{
    size_t low = 0, high = COUNT_OF(compositions);
    while (low < high) {
        size_t middle = (low + high) / 2;
        const uint32_t *pair = compositions[middle];
        if (pair[0] < first || (pair[0] == first && pair[1] < second))
            low = middle + 1;
        else
            high = middle;
    }
    if (low < COUNT_OF(compositions) && compositions[low][0] == first && compositions[low][1] == second)
        return compositions[low][2];
    return 0;
}
