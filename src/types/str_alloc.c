// str_alloc.c: making strings: allocation, from arrays of units, from single characters; the preallocated ones.
#include "src/core/error.h"
#include "src/core/vm.h"
#include "src/types/bytes.h"
#include "src/types/str_hash.h"
#include "src/types/str_units.h"

Value str_empty;
Value str_latin1[256];

// Longest string that may be asked for; larger requests are MemoryError at once.
#define STR_BYTES_MAX ((size_t)1 << 46)

Str *str_alloc(Thread *t, size_t length, uint32_t max_char)
{
    size_t unit = (size_t)unit_for(max_char);
    if (unlikely(length > STR_BYTES_MAX / unit))
        return memory_error(t);
    Str *s = new_atomic(t, sizeof(Str) + (length + 1) * unit);
    if (unlikely(!s))
        return NULL;
    object_header_init(&s->head, &type_str, SHAPE_str, str_flags_for(max_char));
    s->hash = 0;
    s->length = length;
    s->data = s->inline_data;
    unit_put(s->inline_data, (int)unit, length, 0);
    return s;
}

static void copy_1_to_2(uint16_t *to, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

static void copy_1_to_4(uint32_t *to, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

static void copy_2_to_4(uint32_t *to, const uint16_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

static void copy_2_to_1(uint8_t *to, const uint16_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)from[i];
}

static void copy_4_to_1(uint8_t *to, const uint32_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)from[i];
}

static void copy_4_to_2(uint16_t *to, const uint32_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (uint16_t)from[i];
}

void units_copy(void *to, int to_unit, size_t to_at, const void *from, int from_unit, size_t from_at, size_t n)
{
    to = unit_at(to, to_unit, to_at);
    from = unit_at(from, from_unit, from_at);
    if (to_unit == from_unit)
        memcpy(to, from, n * (size_t)to_unit);
    else if (from_unit == 1)
        to_unit == 2 ? copy_1_to_2(to, from, n) : copy_1_to_4(to, from, n);
    else if (from_unit == 2)
        to_unit == 1 ? copy_2_to_1(to, from, n) : copy_2_to_4(to, from, n);
    else
        to_unit == 1 ? copy_4_to_1(to, from, n) : copy_4_to_2(to, from, n);
}

void units_fill(void *to, int unit, size_t at, uint32_t c, size_t n)
{
    if (unit == 1) {
        memset((uint8_t *)to + at, (int)c, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        unit_put(to, unit, at + i, c);
}

static uint32_t or_of_2(const uint16_t *s, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= s[i];
    return all;
}

static uint32_t or_of_4(const uint32_t *s, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= s[i];
    return all;
}

uint32_t units_or(const void *data, int unit, size_t n)
{
    if (unit == 1)
        return bytes_are_ascii(data, n) ? 0x7f : 0xff;
    return unit == 2 ? or_of_2(data, n) : or_of_4(data, n);
}

#define HIGH_BITS 0x8080808080808080ull

size_t ascii_prefix(const uint8_t *s, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, s + i, 8);
        if (word & HIGH_BITS)
            return i + (size_t)__builtin_ctzll(word & HIGH_BITS) / 8;
    }
    while (i < n && s[i] < 0x80)
        i++;
    return i;
}

bool bytes_are_ascii(const void *data, size_t n)
{
    const uint8_t *s = data;
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        uint64_t w[4];
        memcpy(w, s + i, 32);
        if ((w[0] | w[1] | w[2] | w[3]) & HIGH_BITS)
            return false;
    }
    return ascii_prefix(s + i, n - i) == n - i;
}

Value str_from_units(Thread *t, const void *data, int unit, size_t n)
{
    if (n == 0)
        return str_empty;
    if (n == 1)
        return str_from_char(t, unit_get(data, unit, 0));
    uint32_t all = units_or(data, unit, n);
    Str *s = str_alloc(t, n, all);
    if (!s)
        return 0;
    units_copy(s->data, str_unit(s), 0, data, unit, 0, n);
    return value_of(s);
}

Value str_from_ascii(Thread *t, const char *text, size_t n)
{
    if (n <= 1)
        return n ? str_latin1[(uint8_t)text[0]] : str_empty;
    Str *s = str_alloc(t, n, 0x7f);
    if (!s)
        return 0;
    memcpy(s->data, text, n);
    return value_of(s);
}

Value str_from_cstr(Thread *t, const char *text) { return str_from_utf8(t, text, strlen(text)); }
Value str_from_latin1(Thread *t, const uint8_t *s, size_t n) { return str_from_units(t, s, 1, n); }
Value str_from_ucs2(Thread *t, const uint16_t *s, size_t n) { return str_from_units(t, s, 2, n); }
Value str_from_ucs4(Thread *t, const uint32_t *s, size_t n) { return str_from_units(t, s, 4, n); }

Value str_from_char(Thread *t, uint32_t code_point)
{
    if (likely(code_point < 256))
        return str_latin1[code_point];
    Str *s = str_alloc(t, 1, code_point);
    if (!s)
        return 0;
    unit_put(s->data, str_unit(s), 0, code_point);
    return value_of(s);
}

const void *str_units_as(Thread *t, const Str *s, int unit)
{
    int own = str_unit(s);
    if (own == unit)
        return s->data;
    void *wide = new_atomic(t, (s->length + 1) * (size_t)unit);
    if (wide)
        units_copy(wide, unit, 0, s->data, own, 0, s->length);
    return wide;
}

Value str_truncate_fresh(Thread *t, Str *s, size_t n)
{
    if (n == 0)
        return str_empty;
    if (n == 1)
        return str_from_char(t, str_at(s, 0));
    int unit = str_unit(s);
    if (n * 4 < s->length * 3) {
        Str *tight = str_alloc(t, n, str_bound(s));
        if (!tight)
            return 0;
        memcpy(tight->data, s->data, n * (size_t)unit);
        return value_of(tight);
    }
    s->length = n;
    unit_put(s->data, unit, n, 0);
    return value_of(s);
}

Value str_substring(Thread *t, Value value, size_t start, size_t end)
{
    const Str *s = as_str(value);
    if (end > s->length)
        end = s->length;
    if (start >= end)
        return str_empty;
    if (start == 0 && end == s->length)
        return str_exact(t, value);
    int unit = str_unit(s);
    if (unit > 1 || !str_is_ascii(s))
        return str_from_units(t, unit_at(s->data, unit, start), unit, end - start);
    return str_from_ascii(t, (const char *)s->data + start, end - start);
}

Value str_exact(Thread *t, Value value)
{
    Str *s = as_str(value);
    if (likely(s->head.type == &type_str))
        return value;
    // A subclass instance shares the data of the exact string it was made from.
    Value owner = value_of(((StrShared *)s)->owner);
    return owner ? owner : str_from_units(t, s->data, str_unit(s), s->length);
}

bool str_boot(Thread *t)
{
    hash_key_init(&t->vm->config);
    vm_add_root_range(&str_empty, &str_empty + 1);
    vm_add_root_range(str_latin1, str_latin1 + 256);
    Str *empty = str_alloc(t, 0, 0);
    if (!empty)
        return false;
    str_empty = value_of(empty);
    for (uint32_t c = 0; c < 256; c++) {
        Str *one = str_alloc(t, 1, c);
        if (!one)
            return false;
        *(uint8_t *)one->data = (uint8_t)c;
        str_latin1[c] = value_of(one);
        if (str_intern(t, str_latin1[c]) != str_latin1[c])
            return false;
    }
    return str_intern(t, str_empty) == str_empty && bytes_boot(t);
}
