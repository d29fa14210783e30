// unicode.h: properties of characters (Unicode 16.0; tables made by tools/unicode_tables).
#ifndef ADDER_TYPES_UNICODE_H
#define ADDER_TYPES_UNICODE_H

#include "src/core/value.h"

typedef enum CharFlag {
    CHAR_ALPHA = 1 << 0, CHAR_DECIMAL = 1 << 1, CHAR_DIGIT = 1 << 2, CHAR_NUMERIC = 1 << 3, CHAR_LOWER = 1 << 4,
    CHAR_UPPER = 1 << 5, CHAR_TITLE = 1 << 6, CHAR_SPACE = 1 << 7, CHAR_PRINTABLE = 1 << 8, CHAR_XID_START = 1 << 9,
    CHAR_XID_CONTINUE = 1 << 10, CHAR_LINE_BREAK = 1 << 11, CHAR_CASED = 1 << 12, CHAR_CASE_IGNORABLE = 1 << 13,
    CHAR_SPECIAL_CASE = 1 << 14, CHAR_MIRRORED = 1 << 15,
    CHAR_ALNUM = CHAR_ALPHA | CHAR_DECIMAL | CHAR_DIGIT | CHAR_NUMERIC
} CharFlag;

// What all characters with the same properties share.
typedef struct CharInfo {
    int32_t upper, lower, title;     // distance to the simple mapping
    uint16_t flags;                  // CharFlags
    uint8_t category, bidirectional, combining, width;   // indices into the names below
    uint8_t decimal, digit;          // 255: none
} CharInfo;

const CharInfo *char_info(uint32_t c);            // any number: those beyond Unicode are unassigned
static inline uint16_t char_flags(uint32_t c) { return char_info(c)->flags; }

typedef enum CaseForm { CASE_LOWER, CASE_UPPER, CASE_TITLE, CASE_FOLD } CaseForm;
int char_case(uint32_t c, CaseForm form, uint32_t out[3]);    // full mapping: how many characters
uint32_t char_simple_lower(uint32_t c);
uint32_t char_simple_upper(uint32_t c);

bool char_numeric(uint32_t c, double *out);
// The decomposition of one step: how many characters (0: none); *tag is "" for a canonical one. Hangul syllables have none here.
int char_decomposition(uint32_t c, const uint32_t **out, const char **tag);
uint32_t char_compose(uint32_t first, uint32_t second);       // 0: they do not combine
extern const char *const char_category_names[], *const char_bidirectional_names[], *const char_width_names[];
extern const char *const unicode_version;

static inline bool char_is_space(uint32_t c) { return char_flags(c) & CHAR_SPACE; }
static inline bool char_is_printable(uint32_t c) { return char_flags(c) & CHAR_PRINTABLE; }

#endif
