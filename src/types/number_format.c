// number_format.c: lays out formatted numbers, and format() of int.
#include "src/types/number_format.h"

#include <limits.h>
#include <locale.h>

#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str.h"

bool number_locale(Thread *t, const FormatSpec *spec, NumberLocale *out)
{
    *out = (NumberLocale){.grouping = "", .point_str = str_latin1['.'], .separator_str = str_empty};
    if (spec->type == 'n') {
        const struct lconv *conventions = localeconv();
        out->grouping = conventions->grouping;
        out->point_str = str_from_fs(t, conventions->decimal_point, strlen(conventions->decimal_point));
        out->separator_str = out->point_str
            ? str_from_fs(t, conventions->thousands_sep, strlen(conventions->thousands_sep)) : 0;
    } else if (spec->grouping) {
        bool fours = spec->grouping == '_' && spec->type && strchr("boxX", (int)spec->type);
        out->separator_str = str_latin1[(unsigned char)spec->grouping];
        out->grouping = fours ? "\4" : "\3";
    }
    return out->separator_str != 0;
}

void number_parts_split(const char *text, size_t n, NumberParts *out)
{
    size_t i = 0;
    out->digits = text;
    while (i < n && text[i] >= '0' && text[i] <= '9')
        i++;
    out->n_digits = i;
    out->point = i < n && text[i] == '.';
    i += out->point;
    out->fraction = text + i;
    while (i < n && text[i] >= '0' && text[i] <= '9')
        i++;
    out->n_fraction = (size_t)(text + i - out->fraction);
    out->rest = text + i;
    out->n_rest = n - i;
}

char number_sign(const FormatSpec *spec, bool negative)
{
    if (negative)
        return '-';
    return spec->sign == '+' || spec->sign == ' ' ? spec->sign : 0;
}

// --- grouped digits ---

// The groups of a number, from the right: `sizes` of them, the leftmost may be short. All zeros in front are counted.
typedef struct Groups {
    size_t *sizes;
    size_t n;
    size_t digits;                // all of them, padding zeros included
} Groups;

static size_t group_size(const char **grouping, size_t *last)
{
    if (**grouping == CHAR_MAX)
        return 0;
    if (**grouping != 0)
        *last = (unsigned char)*(*grouping)++;
    return *last;
}

// Splits n_digits digits, padded with zeros so that digits and separators fill min_width.
static bool groups_plan(Thread *t, const NumberLocale *locale, size_t n_digits, int64_t min_width, Groups *out)
{
    int64_t left = (int64_t)n_digits, separator = (int64_t)as_str(locale->separator_str)->length;
    size_t room = (size_t)(left > min_width ? left : min_width) + 2;
    out->sizes = new_atomic(t, room * sizeof(size_t));
    out->n = out->digits = 0;
    if (!out->sizes)
        return false;
    const char *grouping = locale->grouping;
    size_t last = 0;
    for (;;) {
        int64_t size = (int64_t)group_size(&grouping, &last);
        int64_t want = left > min_width ? left : min_width;
        if (want < 1)
            want = 1;
        bool open_end = size == 0;
        if (open_end || size > want)
            size = want;
        out->sizes[out->n++] = (size_t)size;
        out->digits += (size_t)size;
        left -= size < left ? size : left;
        min_width -= size;
        if (open_end || (left <= 0 && min_width <= 0))
            return true;
        min_width -= separator;
    }
}

static size_t groups_width(const Groups *groups, const NumberLocale *locale)
{
    return groups->digits + (groups->n - 1) * as_str(locale->separator_str)->length;
}

static bool groups_write(Thread *t, StrBuilder *b, const Groups *groups, const NumberLocale *locale, const NumberParts *parts)
{
    size_t zeros = groups->digits - parts->n_digits;
    const char *digits = parts->digits;
    for (size_t i = groups->n; i-- > 0;) {
        size_t size = groups->sizes[i], padding = size_min(zeros, size);
        zeros -= padding;
        if (!builder_fill(t, b, '0', padding) || !builder_ascii(t, b, digits, size - padding))
            return false;
        digits += size - padding;
        if (i > 0 && !builder_str(t, b, locale->separator_str))
            return false;
    }
    return true;
}

// --- the fraction, grouped from the left ---

enum { FRACTION_GROUP = 3 };

static size_t fraction_width(const FormatSpec *spec, const NumberParts *parts)
{
    size_t n = parts->n_fraction;
    return n + (spec->fraction_grouping && n ? (n - 1) / FRACTION_GROUP : 0);
}

static bool fraction_write(Thread *t, StrBuilder *b, const FormatSpec *spec, const NumberParts *parts)
{
    if (!spec->fraction_grouping)
        return builder_ascii(t, b, parts->fraction, parts->n_fraction);
    for (size_t i = 0; i < parts->n_fraction; i += FRACTION_GROUP) {
        if (i && !builder_char(t, b, (unsigned char)spec->fraction_grouping))
            return false;
        if (!builder_ascii(t, b, parts->fraction + i, size_min(FRACTION_GROUP, parts->n_fraction - i)))
            return false;
    }
    return true;
}

// --- the whole ---

static bool tail_write(Thread *t, StrBuilder *b, const FormatSpec *spec, const NumberLocale *locale, const NumberParts *parts)
{
    if (parts->point && !builder_str(t, b, locale->point_str))
        return false;
    if (!fraction_write(t, b, spec, parts))
        return false;
    if (parts->character || !parts->rest)
        return !parts->character || builder_char(t, b, parts->character);
    return builder_ascii(t, b, parts->rest, parts->n_rest);
}

bool number_write(Thread *t, StrBuilder *b, const FormatSpec *spec, const NumberLocale *locale, const NumberParts *parts)
{
    size_t prefix = strlen(parts->prefix);
    size_t around = (parts->sign != 0) + prefix + (parts->point ? as_str(locale->point_str)->length : 0)
        + fraction_width(spec, parts) + (parts->character ? 1 : parts->n_rest);
    bool zeros_inside = spec->fill == '0' && spec->align == '=';
    Groups groups = {0};
    size_t width = around;
    if (parts->n_digits) {
        if (!groups_plan(t, locale, parts->n_digits, zeros_inside ? spec->width - (int64_t)around : 0, &groups))
            return false;
        width += groups_width(&groups, locale);
    }
    int64_t left, right;
    format_spec_padding(spec, (int64_t)width, &left, &right);
    bool inside = spec->align == '=';
    if ((!inside && !builder_fill(t, b, spec->fill, (size_t)left))
        || (parts->sign && !builder_char(t, b, (unsigned char)parts->sign)) || !builder_ascii(t, b, parts->prefix, prefix)
        || (inside && !builder_fill(t, b, spec->fill, (size_t)left)))
        return false;
    if (parts->n_digits && !groups_write(t, b, &groups, locale, parts))
        return false;
    return tail_write(t, b, spec, locale, parts) && builder_fill(t, b, spec->fill, (size_t)right);
}

bool number_is_plain(const FormatSpec *spec)
{
    return spec->fill < 128 && !spec->grouping && !spec->fraction_grouping && spec->type != 'n' && spec->type != 'c';
}

Value number_plain(Thread *t, const FormatSpec *spec, char sign, const char *prefix, const char *text, size_t n)
{
    size_t head = (sign != 0) + strlen(prefix);
    int64_t left, right;
    format_spec_padding(spec, (int64_t)(head + n), &left, &right);
    Str *out = str_alloc(t, head + n + (size_t)left + (size_t)right, 127);
    if (!out)
        return 0;
    char *p = out->data;
    if (spec->align != '=') {
        memset(p, (int)spec->fill, (size_t)left);
        p += left;
    }
    if (sign)
        *p++ = sign;
    while (*prefix)
        *p++ = *prefix++;
    if (spec->align == '=') {
        memset(p, (int)spec->fill, (size_t)left);
        p += left;
    }
    memcpy(p, text, n);
    memset(p + n, (int)spec->fill, (size_t)right);
    return value_of(out);
}

// --- int ---

static bool int_spec_check(Thread *t, const FormatSpec *spec)
{
    if (spec->precision != -1)
        raise(t, EXC(ValueError), "Precision not allowed in integer format specifier");
    else if (spec->no_negative_zero)
        raise(t, EXC(ValueError), "Negative zero coercion (z) not allowed in integer format specifier");
    else if (spec->type == 'c' && spec->sign)
        raise(t, EXC(ValueError), "Sign not allowed with integer format specifier 'c'");
    else if (spec->type == 'c' && spec->alternate)
        raise(t, EXC(ValueError), "Alternate form (#) not allowed with integer format specifier 'c'");
    return !is_pending(t);
}

static bool int_parts_character(Thread *t, Value exact, NumberParts *parts)
{
    int64_t c;
    if (!int_to_int64(exact, &c)) {
        raise(t, EXC(OverflowError), "Python int too large to convert to C long");
        return false;
    }
    if (c < 0 || c > 0x10ffff) {
        raise(t, EXC(OverflowError), "%%c arg not in range(0x110000)");
        return false;
    }
    parts->character = (uint32_t)c;
    parts->n_rest = 1;
    return true;
}

// Fills parts with the digits of exact, in collected memory of *text.
static bool int_parts(Thread *t, Value exact, const FormatSpec *spec, NumberParts *parts, Value *text)
{
    int base = spec->type == 'b' ? 2 : spec->type == 'o' ? 8 : spec->type == 'x' || spec->type == 'X' ? 16 : 10;
    *text = int_to_str(t, exact, base);
    if (!*text)
        return false;
    char *digits = as_str(*text)->data;
    bool negative = digits[0] == '-';
    parts->n_digits = as_str(*text)->length - negative;
    parts->digits = digits + negative;
    parts->sign = number_sign(spec, negative);
    if (base != 10 && spec->alternate) {
        parts->prefix[0] = '0';
        parts->prefix[1] = (char)spec->type;
    }
    if (spec->type == 'X') {
        char *upper = new_atomic(t, parts->n_digits + 1);
        if (!upper)
            return false;
        for (size_t i = 0; i < parts->n_digits; i++)
            upper[i] = parts->digits[i] >= 'a' ? (char)(parts->digits[i] - 'a' + 'A') : parts->digits[i];
        parts->digits = upper;
    }
    return true;
}

static Value int_format_spec(Thread *t, Value exact, const FormatSpec *spec)
{
    NumberParts parts = {0};
    NumberLocale locale;
    Value text;
    if (!int_spec_check(t, spec) || !number_locale(t, spec, &locale))
        return 0;
    if (spec->type == 'c' ? !int_parts_character(t, exact, &parts) : !int_parts(t, exact, spec, &parts, &text))
        return 0;
    if (number_is_plain(spec))
        return number_plain(t, spec, parts.sign, parts.prefix, parts.digits, parts.n_digits);
    if (spec->type == 'c' && !parts.character)                // NUL is a character too
        parts.rest = "\0";
    StrBuilder b;
    builder_init(&b);
    return number_write(t, &b, spec, &locale, &parts) ? builder_finish(t, &b) : 0;
}

Value int_format(Thread *t, Value v, Value spec)
{
    if (as_str(spec)->length == 0)
        return is_int_exact(v) ? int_to_str(t, v, 10) : value_str(t, v);
    FormatSpec parsed;
    if (!format_spec_parse(t, spec, v, 'd', '>', &parsed))
        return 0;
    switch (parsed.type) {
    case 'b': case 'c': case 'd': case 'o': case 'x': case 'X': case 'n':
        return int_format_spec(t, int_exact(v), &parsed);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case '%': {
        double d;
        if (!int_to_double(t, int_exact(v), &d))
            return 0;
        Value as_float = float_new(t, d);
        return as_float ? float_format(t, as_float, spec) : 0;
    }
    default:
        return format_spec_unknown_type(t, parsed.type, v);
    }
}
