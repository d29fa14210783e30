// str_search.c: finding, counting and replacing parts of strings.
#include "src/types/search.h"
#include "src/types/str_builder.h"
#include "src/types/str_methods.h"
#include "src/types/tuple.h"

const char *argument_type_name(Value v) { return v == NONE ? "None" : type_of(v)->name; }

bool str_argument(Thread *t, const char *method, int i, Value arg)
{
    if (likely(is_str(arg)))
        return true;
    return raise(t, EXC(TypeError), "%s() argument %d must be str, not %s", method, i, argument_type_name(arg));
}

// Widens the needle when the text is wider. Null data: it cannot occur (its characters are too large).
static const void *needle_units(const Str *s, const Str *needle, int unit, uint32_t small[16])
{
    int own = str_unit(needle);
    if (own > unit)
        return NULL;
    if (own == unit)
        return needle->data;
    if (needle->length * (size_t)unit > 16 * sizeof(uint32_t))
        return str_units_as(thread_current(), needle, unit);
    units_copy(small, unit, 0, needle->data, own, 0, needle->length);
    return small;
}

int64_t str_find(const Str *s, const Str *needle, size_t start, size_t end, bool from_right)
{
    if (end > s->length)
        end = s->length;
    if (start > end || needle->length > end - start)
        return -1;
    int unit = str_unit(s);
    uint32_t small[16];
    const void *units = needle_units(s, needle, unit, small);
    if (!units)
        return -1;
    const void *hay = unit_at(s->data, unit, start);
    int64_t hit = from_right ? search_find_last(hay, end - start, units, needle->length, unit)
                             : search_find(hay, end - start, units, needle->length, unit);
    return hit < 0 ? -1 : hit + (int64_t)start;
}

// -2: error pending.
static int64_t find_args(Thread *t, const char *method, const Value *args, bool from_right)
{
    if (!str_argument(t, method, 1, args[1]))
        return -2;
    const Str *s = as_str(args[0]);
    int64_t start, end;
    if (!search_bounds(t, args[2], args[3], s->length, &start, &end))
        return -2;
    return start > end ? -1 : str_find(s, as_str(args[1]), (size_t)start, (size_t)end, from_right);
}

static Value find_result(Thread *t, int64_t at, bool must)
{
    if (at == -2)
        return 0;
    if (at < 0 && must)
        return raise(t, EXC(ValueError), "substring not found");
    return fixnum(at);
}

STR_METHOD(find) { return find_result(t, find_args(t, "find", args, false), false); }
STR_METHOD(rfind) { return find_result(t, find_args(t, "rfind", args, true), false); }
STR_METHOD(index) { return find_result(t, find_args(t, "index", args, false), true); }
STR_METHOD(rindex) { return find_result(t, find_args(t, "rindex", args, true), true); }

int str_contains(Thread *t, Value s, Value item)
{
    if (!is_str(item)) {
        raise(t, EXC(TypeError), "'in <string>' requires string as left operand, not %.100T", item);
        return -1;
    }
    return str_find(as_str(s), as_str(item), 0, SIZE_MAX, false) >= 0;
}

STR_METHOD(count)
{
    if (!str_argument(t, "count", 1, args[1]))
        return 0;
    const Str *s = as_str(args[0]), *needle = as_str(args[1]);
    int64_t start, end;
    if (!search_bounds(t, args[2], args[3], s->length, &start, &end))
        return 0;
    if (start > end)
        return fixnum(0);
    int unit = str_unit(s);
    uint32_t small[16];
    const void *units = needle_units(s, needle, unit, small);
    if (!units)
        return is_pending(t) ? 0 : fixnum(0);
    size_t n = search_count(unit_at(s->data, unit, (size_t)start), (size_t)(end - start), units, needle->length, unit, SIZE_MAX);
    return fixnum((int64_t)n);
}

// Is the part of s at `at` equal to `part`?
static bool part_equal(const Str *s, size_t at, const Str *part)
{
    int unit = str_unit(s), part_unit = str_unit(part);
    if (unit == part_unit)
        return memcmp(unit_at(s->data, unit, at), part->data, part->length * (size_t)unit) == 0;
    if (part_unit > unit)
        return part->length == 0;
    for (size_t i = 0; i < part->length; i++) {
        if (unit_get(s->data, unit, at + i) != unit_get(part->data, part_unit, i))
            return false;
    }
    return true;
}

static bool matches_at_end(const Str *s, const Str *part, int64_t start, int64_t end, bool at_end)
{
    if (start > end || (int64_t)part->length > end - start)
        return false;
    return part_equal(s, at_end ? (size_t)end - part->length : (size_t)start, part);
}

static Value starts_or_ends(Thread *t, const char *method, const Value *args, bool at_end)
{
    const Str *s = as_str(args[0]);
    int64_t start, end;
    if (!search_bounds(t, args[2], args[3], s->length, &start, &end))
        return 0;
    if (is_str(args[1]))
        return value_bool(matches_at_end(s, as_str(args[1]), start, end, at_end));
    if (!is_tuple(args[1]))
        return raise(t, EXC(TypeError), "%s first arg must be str or a tuple of str, not %T", method, args[1]);
    const Tuple *choices = as_tuple(args[1]);
    for (size_t i = 0; i < choices->length; i++) {
        if (!is_str(choices->at[i]))
            return raise(t, EXC(TypeError), "tuple for %s must only contain str, not %T", method, choices->at[i]);
        if (matches_at_end(s, as_str(choices->at[i]), start, end, at_end))
            return TRUE;
    }
    return FALSE;
}

STR_METHOD(startswith) { return starts_or_ends(t, "startswith", args, false); }
STR_METHOD(endswith) { return starts_or_ends(t, "endswith", args, true); }

STR_METHOD(removeprefix)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "removeprefix() argument must be str, not %s", argument_type_name(args[1]));
    const Str *s = as_str(args[0]), *part = as_str(args[1]);
    bool has = part->length <= s->length && part_equal(s, 0, part);
    return str_substring(t, args[0], has ? part->length : 0, s->length);
}

STR_METHOD(removesuffix)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "removesuffix() argument must be str, not %s", argument_type_name(args[1]));
    const Str *s = as_str(args[0]), *part = as_str(args[1]);
    bool has = part->length > 0 && part->length <= s->length && part_equal(s, s->length - part->length, part);
    return str_substring(t, args[0], 0, has ? s->length - part->length : s->length);
}

// --- replace ---

// Same-length single characters: one copy, changed in place.
static Value replace_char(Thread *t, const Str *s, uint32_t from, uint32_t to, size_t most, size_t first)
{
    Str *out = str_alloc(t, s->length, size_max(str_bound(s), to));
    if (!out)
        return 0;
    int unit = str_unit(out);
    units_copy(out->data, unit, 0, s->data, str_unit(s), 0, s->length);
    if (unit == 1 && most >= s->length) {
        uint8_t *units = out->data;
        for (size_t i = first; i < s->length; i++)
            units[i] = units[i] == from ? (uint8_t)to : units[i];
    } else {
        for (size_t i = first; i < s->length && most; i++) {
            if (unit_get(out->data, unit, i) == from) {
                unit_put(out->data, unit, i, to);
                most--;
            }
        }
    }
    if (str_bound(s) > 0x7f && from > to)          // the only wide characters may have gone
        return str_from_units(t, out->data, unit, out->length);
    return value_of(out);
}

static Value replace_empty(Thread *t, const Str *s, Value self, Value to, size_t most)
{
    StrBuilder b;
    builder_init(&b);
    size_t n = size_min(most, s->length + 1);
    for (size_t i = 0; i < n; i++) {
        if (!builder_str(t, &b, to) || (i < s->length && !builder_char(t, &b, str_at(s, i))))
            return 0;
    }
    if (n <= s->length && !builder_substring(t, &b, self, n, s->length))
        return 0;
    return builder_finish(t, &b);
}

static Value replace_general(Thread *t, Value self, const Str *from, Value to, size_t most, int64_t hit)
{
    const Str *s = as_str(self), *with = as_str(to);
    int unit = str_unit(s);
    uint32_t small[16];
    const void *needle = needle_units(s, from, unit, small);
    if (!needle)
        return 0;
    size_t count = search_count(s->data, s->length, needle, from->length, unit, most);
    size_t grown;
    if (with->length > from->length &&
        (__builtin_mul_overflow(count, with->length - from->length, &grown) || grown > INT64_MAX / 8))
        return raise(t, EXC(OverflowError), "replace string is too long");
    size_t length = s->length - count * from->length + count * with->length;
    Str *out = str_alloc(t, length, size_max(str_bound(s), str_bound(with)));
    if (!out)
        return 0;
    int out_unit = str_unit(out), with_unit = str_unit(with);
    size_t at = 0, end = 0;
    while (count--) {
        units_copy(out->data, out_unit, at, s->data, unit, end, (size_t)hit - end);
        at += (size_t)hit - end;
        units_copy(out->data, out_unit, at, with->data, with_unit, 0, with->length);
        at += with->length;
        end = (size_t)hit + from->length;
        if (count)
            hit = (int64_t)end + search_find(unit_at(s->data, unit, end), s->length - end, needle, from->length, unit);
    }
    units_copy(out->data, out_unit, at, s->data, unit, end, s->length - end);
    if (length <= 1 || (str_bound(s) > 0x7f && !str_is_ascii(from)))
        return str_from_units(t, out->data, out_unit, length);
    return value_of(out);
}

STR_METHOD(replace)
{
    if (!str_argument(t, "replace", 1, args[1]) || !str_argument(t, "replace", 2, args[2]))
        return 0;
    int64_t count = -1;
    if (args[3] && !to_int64(t, args[3], &count))
        return 0;
    const Str *s = as_str(args[0]), *from = as_str(args[1]), *to = as_str(args[2]);
    size_t most = count < 0 ? SIZE_MAX : (size_t)count;
    if (most == 0 || from->length > s->length || str_equal(from, to))
        return str_exact(t, args[0]);
    if (from->length == 0)
        return replace_empty(t, s, args[0], args[2], most);
    int64_t hit = str_find(s, from, 0, s->length, false);
    if (hit < 0)
        return str_exact(t, args[0]);
    if (from->length == 1 && to->length == 1)
        return replace_char(t, s, str_at(from, 0), str_at(to, 0), most, (size_t)hit);
    return replace_general(t, args[0], from, args[2], most, hit);
}
