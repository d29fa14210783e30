// str_units.h: arrays of code units of 1, 2 or 4 bytes: reading, writing, copying between widths.
// Internal to the files that work on the inside of strings.
#ifndef ADDER_TYPES_STR_UNITS_H
#define ADDER_TYPES_STR_UNITS_H

#include "src/types/str.h"

enum {
    STR_BUFFERED = FLAG_TYPE_BIT << 4,   // data lies in a StrBuffer or in another string: see StrShared
    STR_JOINED = FLAG_TYPE_BIT << 5,     // made by a concatenation: the next one starts a growing buffer
};

#define MAX_CODE_POINT 0x10ffffu

// A string whose data belongs to `owner`: a StrBuffer, or the exact string a subclass instance was made from.
// Scanned memory. Also the layout of instances of subclasses of str.
typedef struct StrShared {
    Str str;
    void *owner;
} StrShared;

// Storage that grows at its end. Bytes [0, fill) are never written again.
typedef struct StrBuffer {
    size_t capacity;   // bytes; fixed
    size_t fill;       // bytes that belong to some string; guard: compare-and-swap
    char bytes[];
} StrBuffer;

static inline uint32_t unit_get(const void *data, int unit, size_t i)
{
    if (unit == 1)
        return ((const uint8_t *)data)[i];
    return unit == 2 ? ((const uint16_t *)data)[i] : ((const uint32_t *)data)[i];
}

static inline void unit_put(void *data, int unit, size_t i, uint32_t c)
{
    if (unit == 1)
        ((uint8_t *)data)[i] = (uint8_t)c;
    else if (unit == 2)
        ((uint16_t *)data)[i] = (uint16_t)c;
    else
        ((uint32_t *)data)[i] = c;
}

static inline int unit_for(uint32_t max_char)
{
    return max_char < 0x100 ? 1 : max_char < 0x10000 ? 2 : 4;
}

static inline bool is_surrogate(uint32_t c) { return (c & 0xfffff800u) == 0xd800; }

// Address of unit i.
static inline void *unit_at(const void *data, int unit, size_t i) { return (char *)data + i * (size_t)unit; }

// Copies n units between arrays of any widths; a narrower target must be wide enough for the values.
void units_copy(void *to, int to_unit, size_t to_at, const void *from, int from_unit, size_t from_at, size_t n);
void units_fill(void *to, int unit, size_t at, uint32_t c, size_t n);
// The bitwise or of all units: good for comparison with 0x80, 0x100, 0x10000.
uint32_t units_or(const void *data, int unit, size_t n);
bool bytes_are_ascii(const void *data, size_t n);
size_t ascii_prefix(const uint8_t *s, size_t n);   // length of the leading part below 0x80

// The or of all code points; a cheap upper bound from the flags.
static inline uint32_t str_bound(const Str *s)
{
    if (s->head.flags & STR_ASCII)
        return 0x7f;
    return s->head.flags & STR_UNIT_1 ? 0xff : s->head.flags & STR_UNIT_2 ? 0xffff : MAX_CODE_POINT;
}

static inline uint16_t str_flags_for(uint32_t max_char)
{
    if (max_char < 0x80)
        return STR_UNIT_1 | STR_ASCII;
    return max_char < 0x100 ? STR_UNIT_1 : max_char < 0x10000 ? STR_UNIT_2 : STR_UNIT_4;
}

// From units of any width; narrows when possible.
Value str_from_units(Thread *t, const void *data, int unit, size_t n);
// The units of s as an array of `unit` bytes each: its own data, or a widened copy (null: MemoryError).
const void *str_units_as(Thread *t, const Str *s, int unit);
// Shortens a string that has not escaped yet to n units (its flags must still be right).
Value str_truncate_fresh(Thread *t, Str *s, size_t n);

#endif
