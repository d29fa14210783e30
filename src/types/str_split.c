// str_split.c: split, rsplit, splitlines, partition, rpartition, join.
#include "src/types/list.h"
#include "src/types/search.h"
#include "src/types/str_methods.h"
#include "src/types/tuple.h"
#include "src/types/unicode.h"

static Value piece_any(Thread *t, const Splitter *s, size_t start, size_t end)
{
    return str_from_units(t, unit_at(s->data, s->unit, start), s->unit, end - start);
}

static Value piece_ascii(Thread *t, const Splitter *s, size_t start, size_t end)
{
    return str_from_ascii(t, (const char *)s->data + start, end - start);
}

static bool splitter_init(Thread *t, Splitter *out, Value self)
{
    const Str *s = as_str(self);
    *out = (Splitter){.data = s->data, .unit = str_unit(s), .n = s->length, .spaces = spaces_of_str,
                      .piece = str_is_ascii(s) ? piece_ascii : piece_any};
    out->whole = self && s->head.type == &type_str ? self : 0;
    out->list = list_new(t, size_min(s->length / 4 + 1, 12));
    return out->list != NULL;
}

// A separator as wide as the text; *out_units null without an error: it cannot occur.
static bool separator_units(Thread *t, const Str *s, Value separator, const void **out_units)
{
    const Str *needle = as_str(separator);
    if (needle->length == 0)
        return raise(t, EXC(ValueError), "empty separator");
    *out_units = NULL;
    if (str_unit(needle) > str_unit(s))
        return true;
    *out_units = str_units_as(t, needle, str_unit(s));
    return *out_units != NULL;
}

static Value split_any(Thread *t, const Value *args, bool from_right)
{
    int64_t most = -1;
    if (args[2] && !to_int64(t, args[2], &most))
        return 0;
    Value separator = args[1] == NONE ? 0 : args[1];
    if (separator && !is_str(separator))
        return raise(t, EXC(TypeError), "must be str or None, not %.100T", separator);
    Splitter s;
    if (!splitter_init(t, &s, args[0]))
        return 0;
    if (!separator) {
        bool ok = from_right ? split_space_last(t, &s, most) : split_space(t, &s, most);
        return ok ? value_of(s.list) : 0;
    }
    const void *needle = NULL;
    if (!separator_units(t, as_str(args[0]), separator, &needle))
        return 0;
    size_t m = as_str(separator)->length;
    if (!needle) {
        most = 0;
        needle = "";
    }
    bool ok = from_right ? split_separator_last(t, &s, needle, m, most) : split_separator(t, &s, needle, m, most);
    return ok ? value_of(s.list) : 0;
}

STR_METHOD(split) { return split_any(t, args, false); }
STR_METHOD(rsplit) { return split_any(t, args, true); }

static bool is_line_break(uint32_t c) { return char_flags(c) & CHAR_LINE_BREAK; }

STR_METHOD(splitlines)
{
    int keep = args[1] ? truth(t, args[1]) : 0;
    Splitter s;
    if (keep < 0 || !splitter_init(t, &s, args[0]))
        return 0;
    size_t at = 0, n = s.n;
    while (at < n) {
        size_t end = at;
        while (end < n && !is_line_break(unit_get(s.data, s.unit, end)))
            end++;
        size_t next = end;
        if (next < n)
            next += unit_get(s.data, s.unit, next) == '\r' && next + 1 < n && unit_get(s.data, s.unit, next + 1) == '\n' ? 2 : 1;
        size_t stop = keep ? next : end;
        Value line = at == 0 && stop == n && s.whole ? s.whole : s.piece(t, &s, at, stop);
        if (!line || !list_append(t, s.list, line))
            return 0;
        at = next;
    }
    return value_of(s.list);
}

static Value partition_any(Thread *t, const Value *args, bool from_right)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "must be str, not %.100T", args[1]);
    const Str *s = as_str(args[0]), *separator = as_str(args[1]);
    if (separator->length == 0)
        return raise(t, EXC(ValueError), "empty separator");
    int64_t hit = str_find(s, separator, 0, s->length, from_right);
    Value whole = str_exact(t, args[0]);
    if (hit < 0)
        return from_right ? tuple_of(t, 3, str_empty, str_empty, whole) : tuple_of(t, 3, whole, str_empty, str_empty);
    Value before = str_substring(t, args[0], 0, (size_t)hit);
    Value after = str_substring(t, args[0], (size_t)hit + separator->length, s->length);
    return before && after ? tuple_of(t, 3, before, args[1], after) : 0;
}

STR_METHOD(partition) { return partition_any(t, args, false); }
STR_METHOD(rpartition) { return partition_any(t, args, true); }

// --- join ---

static bool join_measure(Thread *t, const Str *separator, const Value *items, size_t n, size_t *out_length, uint32_t *out_bound)
{
    size_t length = 0;
    uint32_t bound = n > 1 && separator->length ? str_bound(separator) : 0;
    for (size_t i = 0; i < n; i++) {
        if (unlikely(!is_str(items[i])))
            return raise(t, EXC(TypeError), "sequence item %lu: expected str instance, %.80T found", (uint64_t)i, items[i]);
        const Str *s = as_str(items[i]);
        length += s->length;
        bound = (uint32_t)size_max(bound, str_bound(s));
        if (unlikely(length > INT64_MAX / 8))
            return raise(t, EXC(OverflowError), "join() result is too long for a Python string");
    }
    *out_length = length + (n - 1) * separator->length;
    *out_bound = bound;
    return true;
}

static void join_bytes(uint8_t *to, const Str *separator, const Value *items, size_t n)
{
    size_t gap = separator->length;
    uint8_t one = gap == 1 ? *(uint8_t *)separator->data : 0;
    for (size_t i = 0; i < n; i++) {
        if (i && gap == 1) {
            *to++ = one;
        } else if (i) {
            memcpy(to, separator->data, gap);
            to += gap;
        }
        const Str *s = as_str(items[i]);
        memcpy(to, s->data, s->length);
        to += s->length;
    }
}

Value str_join(Thread *t, Value separator_value, const Value *items, size_t n)
{
    const Str *separator = as_str(separator_value);
    if (n == 0)
        return str_empty;
    if (n == 1 && is_exactly(items[0], &type_str))
        return items[0];
    size_t length = 0;
    uint32_t bound = 0;
    if (!join_measure(t, separator, items, n, &length, &bound))
        return 0;
    if (length == 0)
        return str_empty;
    Str *out = str_alloc(t, length, bound);
    if (!out)
        return 0;
    int unit = str_unit(out), separator_unit = str_unit(separator);
    if (unit == 1) {
        join_bytes(out->data, separator, items, n);
        return length == 1 ? str_latin1[*(uint8_t *)out->data] : value_of(out);
    }
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i) {
            units_copy(out->data, unit, at, separator->data, separator_unit, 0, separator->length);
            at += separator->length;
        }
        const Str *s = as_str(items[i]);
        units_copy(out->data, unit, at, s->data, str_unit(s), 0, s->length);
        at += s->length;
    }
    return value_of(out);
}

STR_METHOD(join)
{
    size_t n;
    Value *items;
    if (is_exactly(args[1], &type_list)) {
        items = list_snapshot(t, as_list(args[1]), &n);
    } else if (is_exactly(args[1], &type_tuple)) {
        return str_join(t, args[0], as_tuple(args[1])->at, as_tuple(args[1])->length);
    } else {
        if (!type_of(args[1])->slots.iter && !type_of(args[1])->slots.getitem)
            return raise(t, EXC(TypeError), "can only join an iterable");
        items = values_from_iterable(t, args[1], &n);
    }
    return items || !is_pending(t) ? str_join(t, args[0], items, n) : 0;
}
