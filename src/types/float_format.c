// float_format.c: format() of float and complex.
#include <math.h>

#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/number_format.h"
#include "src/types/str.h"

enum { DEFAULT_PRECISION = 6, TEXT_EXTRA = 420, TEXT_ROOM = 512, PRECISION_MAX = INT32_MAX - TEXT_EXTRA };

// How a double is turned into text, from a spec.
typedef struct DoubleStyle {
    char format;                  // for double_to_text
    int precision;
    bool percent, dot_zero;
} DoubleStyle;

static bool style_from_spec(Thread *t, const FormatSpec *spec, bool dot_zero, DoubleStyle *out)
{
    if (spec->precision > PRECISION_MAX) {
        raise(t, EXC(ValueError), "precision too big");
        return false;
    }
    *out = (DoubleStyle){.format = (char)spec->type, .precision = (int)spec->precision};
    int default_precision = DEFAULT_PRECISION;
    if (!spec->type) {
        out->format = 'r';
        out->dot_zero = dot_zero;
        default_precision = 0;
    } else if (spec->type == 'n') {
        out->format = 'g';
    } else if (spec->type == '%') {
        out->format = 'f';
        out->percent = true;
    }
    if (out->precision < 0)
        out->precision = default_precision;
    else if (out->format == 'r')
        out->format = 'g';
    return true;
}

static bool shows_zero(const char *text, size_t n)
{
    for (size_t i = 0; i < n && (text[i] | 0x20) != 'e'; i++)
        if ((text[i] >= '1' && text[i] <= '9') || (text[i] | 0x20) == 'n')
            return false;
    return true;
}

// The text of |d| and its sign. small has TEXT_ROOM bytes; longer texts are in collected memory. Null: error.
static const char *double_text(Thread *t, double d, const FormatSpec *spec, const DoubleStyle *style, char *small, size_t *n, char *sign)
{
    size_t room = (size_t)style->precision + TEXT_EXTRA;
    char *text = room <= TEXT_ROOM ? small : new_atomic(t, room);
    if (!text)
        return NULL;
    if (style->percent)
        d *= 100.0;
    *n = double_to_text(d, style->format, style->precision, spec->alternate, style->dot_zero, text, room - 1);
    if (style->percent)
        text[(*n)++] = '%';
    bool negative = text[0] == '-';
    text += negative;
    *n -= negative;
    if (negative && spec->no_negative_zero && shows_zero(text, *n))
        negative = false;
    *sign = number_sign(spec, negative);
    return text;
}

Value float_format(Thread *t, Value v, Value spec)
{
    if (as_str(spec)->length == 0)
        return is_float_exact(v) ? float_repr(t, float_value(v)) : value_str(t, v);
    FormatSpec parsed;
    if (!format_spec_parse(t, spec, v, 0, '>', &parsed))
        return 0;
    if (parsed.type && (parsed.type > 127 || !strchr("eEfFgGn%", (int)parsed.type)))
        return format_spec_unknown_type(t, parsed.type, v);
    DoubleStyle style;
    NumberParts parts = {0};
    NumberLocale locale;
    char room[TEXT_ROOM];
    size_t n;
    const char *text = style_from_spec(t, &parsed, true, &style)
        ? double_text(t, float_value(v), &parsed, &style, room, &n, &parts.sign) : NULL;
    if (!text)
        return 0;
    if (number_is_plain(&parsed))
        return number_plain(t, &parsed, parts.sign, "", text, n);
    number_parts_split(text, n, &parts);
    if (!number_locale(t, &parsed, &locale))
        return 0;
    StrBuilder b;
    builder_init(&b);
    return number_write(t, &b, &parsed, &locale, &parts) ? builder_finish(t, &b) : 0;
}

// --- complex: two numbers without padding, the whole padded ---

static bool part_write(Thread *t, StrBuilder *b, double d, const FormatSpec *spec, const DoubleStyle *style, const NumberLocale *locale)
{
    char room[TEXT_ROOM];
    size_t n;
    NumberParts parts = {0};
    const char *text = double_text(t, d, spec, style, room, &n, &parts.sign);
    if (!text)
        return false;
    number_parts_split(text, n, &parts);
    return number_write(t, b, spec, locale, &parts);
}

static bool complex_write(Thread *t, StrBuilder *b, const Complex *z, const FormatSpec *spec)
{
    DoubleStyle style;
    NumberLocale locale;
    if (!style_from_spec(t, spec, false, &style) || !number_locale(t, spec, &locale))
        return false;
    bool plain = !spec->type, skip_real = plain && z->real == 0.0 && !signbit(z->real), brackets = plain && !skip_real;
    FormatSpec part = *spec;
    part.fill = ' ';
    part.align = '<';
    part.width = -1;
    if (brackets && !builder_char(t, b, '('))
        return false;
    if (!skip_real) {
        if (!part_write(t, b, z->real, &part, &style, &locale))
            return false;
        part.sign = '+';
    }
    if (!part_write(t, b, z->imag, &part, &style, &locale))
        return false;
    return builder_char(t, b, 'j') && (!brackets || builder_char(t, b, ')'));
}

Value complex_format(Thread *t, Value v, Value spec)
{
    if (as_str(spec)->length == 0)
        return value_str(t, v);
    FormatSpec parsed;
    if (!format_spec_parse(t, spec, v, 0, '>', &parsed))
        return 0;
    if (parsed.type && (parsed.type > 127 || !strchr("eEfFgGn", (int)parsed.type)))
        return format_spec_unknown_type(t, parsed.type, v);
    if (parsed.fill == '0')
        return raise(t, EXC(ValueError), "Zero padding is not allowed in complex format specifier");
    if (parsed.align == '=')
        return raise(t, EXC(ValueError), "'=' alignment flag is not allowed in complex format specifier");
    StrBuilder b;
    builder_init(&b);
    if (!complex_write(t, &b, (Complex *)v, &parsed))
        return 0;
    Value text = builder_finish(t, &b);
    return text ? format_spec_pad(t, &parsed, text) : 0;
}
