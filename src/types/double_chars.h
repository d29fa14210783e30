// double_chars.h: decimal digits of doubles, exact in both directions. Implemented in C++ over <charconv>.
#ifndef ADDER_TYPES_DOUBLE_CHARS_H
#define ADDER_TYPES_DOUBLE_CHARS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    DOUBLE_SHORTEST_MAX = 17,      // digits of the shortest text that reads back
    DOUBLE_DIGITS_MAX = 800,       // no double has more significant digits
    DOUBLE_DECIMALS_MAX = 1100,    // nor digits behind the point
    DOUBLE_FIXED_ROOM = 1500
};

// All for finite d ≥ 0. Digits come without a point; the value is 0.DIGITS * 10**point. Zero is "0" with point 1.
size_t double_shortest(double d, char *digits, int *point);
size_t double_rounded(double d, int n, char *digits, int *point);      // n ≥ 1 significant digits, half to even
size_t double_fixed(double d, int decimals, char *text);               // "12.50"; text has DOUBLE_FIXED_ROOM bytes
// Reads "12.5e-3": digits, point, exponent; no sign. False when malformed. Overflow gives infinity, underflow zero.
bool double_parse(const char *s, size_t n, double *out);

#ifdef __cplusplus
}
#endif

#endif
