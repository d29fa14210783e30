// number_format.h: assembling a formatted number: sign, prefix, grouped digits, fraction, and padding around or inside.
#ifndef ADDER_TYPES_NUMBER_FORMAT_H
#define ADDER_TYPES_NUMBER_FORMAT_H

#include "src/types/format_spec.h"

typedef struct NumberParts {
    char sign;                    // '-', '+', ' ' or 0
    char prefix[4];               // "0x"
    const char *digits;           // before the point
    size_t n_digits;
    bool point;
    const char *fraction;         // digits behind the point
    size_t n_fraction;
    const char *rest;             // exponent, '%', "inf"; copied as it is
    size_t n_rest;
    uint32_t character;           // for type c: stands in place of rest
} NumberParts;

// How digits are grouped and the point is written.
typedef struct NumberLocale {
    const char *grouping;         // sizes from the right, as in struct lconv
    Value separator_str, point_str;
} NumberLocale;

MUST_CHECK bool number_locale(Thread *t, const FormatSpec *spec, NumberLocale *out);
// Splits the text of a non-negative number as double_to_text writes it.
void number_parts_split(const char *text, size_t n, NumberParts *out);
char number_sign(const FormatSpec *spec, bool negative);
// Whether a number is laid out by padding alone: no groups, no locale, ASCII throughout.
bool number_is_plain(const FormatSpec *spec);
Value number_plain(Thread *t, const FormatSpec *spec, char sign, const char *prefix, const char *text, size_t n);   // spec is plain
// Appends the number, padded to spec->width.
MUST_CHECK bool number_write(Thread *t, StrBuilder *b, const FormatSpec *spec, const NumberLocale *locale, const NumberParts *parts);

#endif
