// utf8.h: one character of UTF-8 at a time.
#ifndef ADDER_TYPES_UTF8_H
#define ADDER_TYPES_UTF8_H

#include "src/types/str.h"

// Decodes the character at s (n ≥ 1 bytes left). Returns the bytes used, or -k: invalid, the maximal ill-formed prefix is k bytes long
// (0: the input ends inside a so far valid character).
static inline int utf8_one(const uint8_t *s, size_t n, uint32_t *out)
{
    uint8_t a = s[0];
    if (a < 0x80)
        return *out = a, 1;
    if (a < 0xc2 || a > 0xf4)
        return -1;
    if (n < 2)
        return 0;
    uint8_t b = s[1];
    if (a < 0xe0) {
        if ((b & 0xc0) != 0x80)
            return -1;
        return *out = (uint32_t)(a & 0x1f) << 6 | (b & 0x3f), 2;
    }
    if ((b & 0xc0) != 0x80 || (a == 0xe0 && b < 0xa0) || (a == 0xed && b >= 0xa0) || (a == 0xf0 && b < 0x90) ||
        (a == 0xf4 && b >= 0x90))
        return -1;
    if (n < 3)
        return 0;
    if ((s[2] & 0xc0) != 0x80)
        return -2;
    if (a < 0xf0)
        return *out = (uint32_t)(a & 0xf) << 12 | (uint32_t)(b & 0x3f) << 6 | (s[2] & 0x3f), 3;
    if (n < 4)
        return 0;
    if ((s[3] & 0xc0) != 0x80)
        return -3;
    return *out = (uint32_t)(a & 7) << 18 | (uint32_t)(b & 0x3f) << 12 | (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3f), 4;
}

// Writes c (surrogates too) and returns the bytes written, at most 4.
static inline int utf8_put(uint8_t *out, uint32_t c)
{
    if (c < 0x80)
        return out[0] = (uint8_t)c, 1;
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

size_t utf8_size(const Str *s);      // bytes of s in UTF-8, surrogates counted as three

#endif
