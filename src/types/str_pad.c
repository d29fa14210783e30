// str_pad.c: strip, center, ljust, rjust, zfill, expandtabs.
#include "src/types/search.h"
#include "src/types/str_builder.h"
#include "src/types/str_methods.h"
#include "src/types/unicode.h"

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static bool is_space_at(const Str *s, int unit, size_t i)
{
    uint32_t c = unit_get(s->data, unit, i);
    return c < 256 ? spaces_of_str[c] : char_is_space(c);
}

static bool str_has_char(const Str *set, uint32_t c)
{
    int unit = str_unit(set);
    if (unit == 1)
        return c < 256 && memchr(set->data, (int)c, set->length);
    for (size_t i = 0; i < set->length; i++) {
        if (unit_get(set->data, unit, i) == c)
            return true;
    }
    return false;
}

static Value strip_any(Thread *t, const char *method, const Value *args, int sides)
{
    const Str *s = as_str(args[0]), *set = NULL;
    if (args[1] && args[1] != NONE) {
        if (!is_str(args[1]))
            return raise(t, EXC(TypeError), "%s arg must be None or str", method);
        set = as_str(args[1]);
    }
    int unit = str_unit(s);
    size_t start = 0, end = s->length;
    if (sides & STRIP_LEFT) {
        while (start < end && (set ? str_has_char(set, unit_get(s->data, unit, start)) : is_space_at(s, unit, start)))
            start++;
    }
    if (sides & STRIP_RIGHT) {
        while (end > start && (set ? str_has_char(set, unit_get(s->data, unit, end - 1)) : is_space_at(s, unit, end - 1)))
            end--;
    }
    return str_substring(t, args[0], start, end);
}

STR_METHOD(strip) { return strip_any(t, "strip", args, STRIP_LEFT | STRIP_RIGHT); }
STR_METHOD(lstrip) { return strip_any(t, "lstrip", args, STRIP_LEFT); }
STR_METHOD(rstrip) { return strip_any(t, "rstrip", args, STRIP_RIGHT); }

static Value padded(Thread *t, Value self, size_t left, size_t right, uint32_t fill)
{
    const Str *s = as_str(self);
    if (left + right == 0)
        return str_exact(t, self);
    if (left + right > INT64_MAX / 8 - s->length)
        return raise(t, EXC(OverflowError), "padded string is too long");
    Str *out = str_alloc(t, left + s->length + right, size_max(str_bound(s), fill));
    if (!out)
        return 0;
    int unit = str_unit(out);
    units_fill(out->data, unit, 0, fill, left);
    units_copy(out->data, unit, left, s->data, str_unit(s), 0, s->length);
    units_fill(out->data, unit, left + s->length, fill, right);
    if (out->length == 1)
        return str_from_char(t, unit_get(out->data, unit, 0));
    return value_of(out);
}

static bool pad_arguments(Thread *t, const Value *args, size_t *out_missing, uint32_t *out_fill)
{
    int64_t width;
    *out_fill = ' ';
    if (!to_int64(t, args[1], &width))
        return false;
    if (args[2]) {
        if (!is_str(args[2]))
            return raise(t, EXC(TypeError), "The fill character must be a unicode character, not %.100T", args[2]);
        if (as_str(args[2])->length != 1)
            return raise(t, EXC(TypeError), "The fill character must be exactly one character long");
        *out_fill = str_at(as_str(args[2]), 0);
    }
    int64_t length = (int64_t)as_str(args[0])->length;
    *out_missing = width > length ? (size_t)(width - length) : 0;
    return true;
}

STR_METHOD(center)
{
    size_t missing;
    uint32_t fill;
    if (!pad_arguments(t, args, &missing, &fill))
        return 0;
    size_t width = missing + as_str(args[0])->length;
    size_t left = missing / 2 + (missing & width & 1);
    return padded(t, args[0], left, missing - left, fill);
}

STR_METHOD(ljust)
{
    size_t missing;
    uint32_t fill;
    return pad_arguments(t, args, &missing, &fill) ? padded(t, args[0], 0, missing, fill) : 0;
}

STR_METHOD(rjust)
{
    size_t missing;
    uint32_t fill;
    return pad_arguments(t, args, &missing, &fill) ? padded(t, args[0], missing, 0, fill) : 0;
}

STR_METHOD(zfill)
{
    int64_t width;
    if (!to_int64(t, args[1], &width))
        return 0;
    const Str *s = as_str(args[0]);
    if (width <= (int64_t)s->length)
        return str_exact(t, args[0]);
    size_t missing = (size_t)width - s->length;
    Value out = padded(t, args[0], missing, 0, '0');
    if (!out || s->length == 0)
        return out;
    uint32_t sign = str_at(s, 0);
    if (sign == '+' || sign == '-') {
        Str *fresh = as_str(out);
        unit_put(fresh->data, str_unit(fresh), missing, '0');
        unit_put(fresh->data, str_unit(fresh), 0, sign);
    }
    return out;
}

STR_METHOD(expandtabs)
{
    int32_t size = 8;
    if (args[1] && !to_int32(t, args[1], &size))
        return 0;
    const Str *s = as_str(args[0]);
    if (str_find(s, as_str(str_latin1['\t']), 0, s->length, false) < 0)
        return str_exact(t, args[0]);
    StrBuilder b;
    builder_init(&b);
    size_t column = 0;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        if (c == '\t') {
            size_t add = size > 0 ? (size_t)size - column % (size_t)size : 0;
            if (add > INT64_MAX / 8 - b.length)
                return raise(t, EXC(OverflowError), "new string is too long");
            if (!builder_fill(t, &b, ' ', add))
                return 0;
            column += add;
        } else {
            column = c == '\n' || c == '\r' ? 0 : column + 1;
            if (!builder_char(t, &b, c))
                return 0;
        }
    }
    return builder_finish(t, &b);
}
