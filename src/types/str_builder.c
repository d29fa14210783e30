// str_builder.c: StrBuilder. Its storage is the inline part of a string under construction, so that finishing needs no copy
// when little of it is unused.
#include "src/types/str_builder.h"

#include "src/core/error.h"
#include "src/types/str_units.h"

enum { BUILDER_FIRST = 48 };    // characters of the first allocation

void builder_init(StrBuilder *b)
{
    *b = (StrBuilder){.unit = 1};
}

static Str *builder_storage(const StrBuilder *b) { return (Str *)((char *)b->data - offsetof(Str, inline_data)); }

// Moves the contents to storage for `capacity` units of `unit` bytes.
static bool builder_move(Thread *t, StrBuilder *b, size_t capacity, int unit)
{
    Str *s = str_alloc(t, capacity, unit == 1 ? 0xff : unit == 2 ? 0xffff : MAX_CODE_POINT);
    if (!s)
        return false;
    if (b->length)
        units_copy(s->data, unit, 0, b->data, b->unit, 0, b->length);
    b->data = s->data;
    b->capacity = capacity;
    b->unit = unit;
    return true;
}

static NOINLINE bool builder_reserve_slow(Thread *t, StrBuilder *b, size_t more, int unit)
{
    size_t need = b->length + more;
    if (need < more)
        return memory_error(t);
    if (unit < b->unit)
        unit = b->unit;
    size_t capacity = b->capacity;
    if (need > capacity)
        capacity = b->data ? size_max(need, capacity + capacity / 2) : size_max(need, BUILDER_FIRST);
    return builder_move(t, b, capacity, unit);
}

bool builder_reserve(Thread *t, StrBuilder *b, size_t more, uint32_t max_char)
{
    if (likely(more <= b->capacity - b->length && (max_char < 0x100 || unit_for(max_char) <= b->unit) && b->data))
        return true;
    return builder_reserve_slow(t, b, more, unit_for(max_char));
}

bool builder_char(Thread *t, StrBuilder *b, uint32_t c)
{
    if (!builder_reserve(t, b, 1, c))
        return false;
    unit_put(b->data, b->unit, b->length++, c);
    b->max_char |= c;
    return true;
}

bool builder_substring(Thread *t, StrBuilder *b, Value value, size_t start, size_t end)
{
    const Str *s = as_str(value);
    if (start >= end)
        return true;
    uint32_t bound = str_bound(s);
    int unit = str_unit(s);
    if (unit > 1 && end - start < s->length)
        bound = units_or(unit_at(s->data, unit, start), unit, end - start);
    if (!builder_reserve(t, b, end - start, bound))
        return false;
    units_copy(b->data, b->unit, b->length, s->data, unit, start, end - start);
    b->length += end - start;
    b->max_char |= bound;
    return true;
}

bool builder_str(Thread *t, StrBuilder *b, Value s) { return builder_substring(t, b, s, 0, as_str(s)->length); }

bool builder_ascii(Thread *t, StrBuilder *b, const char *s, size_t n)
{
    if (n == 0)
        return true;
    if (!builder_reserve(t, b, n, 0x7f))
        return false;
    units_copy(b->data, b->unit, b->length, s, 1, 0, n);
    b->length += n;
    return true;
}

bool builder_cstr(Thread *t, StrBuilder *b, const char *ascii) { return builder_ascii(t, b, ascii, strlen(ascii)); }

bool builder_fill(Thread *t, StrBuilder *b, uint32_t c, size_t n)
{
    if (n == 0)
        return true;
    if (!builder_reserve(t, b, n, c))
        return false;
    units_fill(b->data, b->unit, b->length, c, n);
    b->length += n;
    b->max_char |= c;
    return true;
}

bool builder_format(Thread *t, StrBuilder *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool ok = builder_format_va(t, b, format, args);
    va_end(args);
    return ok;
}

Value builder_finish(Thread *t, StrBuilder *b)
{
    if (b->length <= 1)
        return b->length ? str_from_char(t, unit_get(b->data, b->unit, 0)) : str_empty;
    // A bound from flags may be wider than the text: a Latin-1 source may have given ASCII only.
    uint32_t bound = b->max_char;
    if (bound >= 0x80)
        bound = units_or(b->data, b->unit, b->length);
    if (unit_for(bound) == b->unit && b->capacity - b->length <= b->capacity / 4) {
        Str *s = builder_storage(b);
        s->head.flags = str_flags_for(bound);
        s->length = b->length;
        unit_put(s->data, b->unit, s->length, 0);
        b->data = NULL;
        b->length = b->capacity = 0;
        return value_of(s);
    }
    Str *s = str_alloc(t, b->length, bound);
    if (!s)
        return 0;
    units_copy(s->data, str_unit(s), 0, b->data, b->unit, 0, b->length);
    return value_of(s);
}
