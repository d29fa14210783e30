// decimal_text.c: decimal numbers as text: str, engineering notation, parsing, format().
#include "src/modules/decimal_internal.h"
#include "src/types/dict.h"
#include "src/types/number_format.h"
#include "src/types/number_text.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"

// --- to text ---

static bool put_special(Thread *t, StrBuilder *b, const Dec *d)
{
    if (d->kind == DEC_INFINITE)
        return builder_cstr(t, b, "Infinity");
    if (!builder_cstr(t, b, d->kind == DEC_SNAN ? "sNaN" : "NaN"))
        return false;
    Value payload = d->coefficient != fixnum(0) ? int_to_str_any(t, d->coefficient, 10) : str_empty;
    return payload && builder_str(t, b, payload);
}

// Digits with the point after `point` of them, and zeros where there are none.
static bool put_digits(Thread *t, StrBuilder *b, const char *digits, int64_t n, int64_t point)
{
    if (point <= 0)
        return builder_cstr(t, b, "0.") && builder_fill(t, b, '0', (size_t)-point) && builder_ascii(t, b, digits, (size_t)n);
    if (point >= n)
        return builder_ascii(t, b, digits, (size_t)n) && builder_fill(t, b, '0', (size_t)(point - n));
    return builder_ascii(t, b, digits, (size_t)point) && builder_char(t, b, '.')
        && builder_ascii(t, b, digits + point, (size_t)(n - point));
}

// Where the point goes: behind so many digits, and the exponent that remains.
static int64_t point_place(const Dec *d, int64_t n, bool engineering)
{
    int64_t left = d->exponent + n;                           // digits before the point without an exponent
    if (d->exponent <= 0 && left > -6)
        return left;
    if (!engineering)
        return 1;
    int64_t shift;
    if (d->coefficient == fixnum(0)) {
        shift = (left + 1) % 3;
        return (shift < 0 ? shift + 3 : shift) - 1;
    }
    shift = (left - 1) % 3;
    return (shift < 0 ? shift + 3 : shift) + 1;
}

Value dec_text(Thread *t, const Dec *d, bool engineering, bool capitals)
{
    StrBuilder b;
    builder_init(&b);
    if (d->negative && !builder_char(t, &b, '-'))
        return 0;
    if (d->kind != DEC_FINITE)
        return put_special(t, &b, d) ? builder_finish(t, &b) : 0;
    Value text = int_to_str_any(t, d->coefficient, 10);
    if (!text)
        return 0;
    int64_t n = (int64_t)as_str(text)->length, left = d->exponent + n, point = point_place(d, n, engineering);
    if (!put_digits(t, &b, as_str(text)->data, n, point))
        return 0;
    if (left != point && !builder_format(t, &b, "%s%s%ld", capitals ? "E" : "e", left > point ? "+" : "", left - point))
        return 0;
    return builder_finish(t, &b);
}

// --- from text ---

static bool is_word(const char *p, size_t n, const char *word)
{
    if (n != strlen(word))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((p[i] | 0x20) != word[i])
            return false;
    return true;
}

// NaN or sNaN with an optional payload, or an infinity.
static bool parse_special(Thread *t, const char *p, size_t n, Dec *out, bool *valid)
{
    *valid = true;
    out->coefficient = fixnum(0);
    if (is_word(p, n, "inf") || is_word(p, n, "infinity")) {
        out->kind = DEC_INFINITE;
        return true;
    }
    out->kind = DEC_QNAN;
    if (n && (*p | 0x20) == 's') {
        out->kind = DEC_SNAN;
        p++;
        n--;
    }
    *valid = n >= 3 && is_word(p, 3, "nan");
    for (size_t i = 3; i < n && *valid; i++)
        *valid = p[i] >= '0' && p[i] <= '9';
    if (*valid && n > 3)
        out->coefficient = int_from_digits(t, p + 3, n - 3, 10);
    return out->coefficient != 0;
}

// "e+12": saturates far beyond every exponent. False: malformed.
static bool parse_exponent(const char *p, const char *end, int64_t *out)
{
    const int64_t saturated = (int64_t)4000000000000000000;
    *out = 0;
    if (p == end)
        return true;
    if ((*p++ | 0x20) != 'e')
        return false;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return false;
    for (; p < end; p++) {
        if (*p < '0' || *p > '9')
            return false;
        *out = *out > saturated / 10 ? saturated : *out * 10 + (*p - '0');
    }
    if (negative)
        *out = -*out;
    return true;
}

static bool parse_number(Thread *t, const char *p, const char *end, Dec *out, bool *valid)
{
    char *digits = new_atomic(t, (size_t)(end - p) + 1);
    if (!digits)
        return false;
    size_t n = 0;
    int64_t behind = 0, exponent;
    bool point = false;
    for (; p < end; p++) {
        if (*p == '.' && !point) {
            point = true;
        } else if (*p >= '0' && *p <= '9') {
            digits[n++] = *p;
            behind += point;
        } else {
            break;
        }
    }
    *valid = n > 0 && parse_exponent(p, end, &exponent);
    if (!*valid)
        return true;
    out->kind = DEC_FINITE;
    out->exponent = exponent - behind;
    out->coefficient = int_from_digits(t, digits, n, 10);
    return out->coefficient != 0;
}

bool dec_parse(Thread *t, Value str, bool strip, Dec *out, bool *valid)
{
    NumberInput in;
    if (!number_input_str(t, str, &in))
        return false;
    *valid = strip || (in.n && !is_ascii_space(in.text[0]) && !is_ascii_space(in.text[in.n - 1]));
    number_input_strip(&in);
    if (strip && memchr(in.text, '_', in.n)) {
        char *joined = new_atomic(t, in.n + 1);
        size_t n = 0;
        if (!joined)
            return false;
        for (size_t i = 0; i < in.n; i++)
            if (in.text[i] != '_')
                joined[n++] = in.text[i];
        in = (NumberInput){joined, n};
    } else if (memchr(in.text, '_', in.n)) {
        *valid = false;
    }
    *out = (Dec){fixnum(0), 0, DEC_FINITE, in.n && *in.text == '-'};
    if (in.n && (*in.text == '-' || *in.text == '+'))
        in = (NumberInput){in.text + 1, in.n - 1};
    if (!*valid || !in.n) {
        *valid = false;
        return true;
    }
    if (*in.text == '.' || (*in.text >= '0' && *in.text <= '9'))
        return parse_number(t, in.text, in.text + in.n, out, valid);
    return parse_special(t, in.text, in.n, out, valid);
}

// --- format ---

static Value invalid_spec(Thread *t) { return raise(t, EXC(ValueError), "invalid format string"); }

// How many digits a rounded coefficient keeps for types e and g; -1: as many as there are.
static int64_t digits_for(const FormatSpec *spec)
{
    if (spec->precision < 0)
        return -1;
    return (spec->type | 0x20) == 'e' ? spec->precision + 1 : spec->precision ? spec->precision : 1;
}

// Rounds d as the presentation type and precision ask for.
static bool round_for(Thread *t, Dec *d, const FormatSpec *spec, DecRounding rounding)
{
    bool inexact, zero = d->coefficient == fixnum(0);
    if ((spec->type | 0x20) == 'f')
        return spec->precision < 0 || dec_rescale(t, d, -spec->precision, rounding, &inexact);
    int64_t digits = dec_digits(t, d->coefficient), wanted = digits_for(spec);
    if (digits < 0)
        return false;
    bool pads = (spec->type | 0x20) == 'e' && !zero;
    if (wanted < 0 || (digits <= wanted && !pads))
        return true;
    if (!dec_rescale(t, d, d->exponent + digits - wanted, rounding, &inexact))
        return false;
    digits = dec_digits(t, d->coefficient);
    if (digits > wanted)                                      // 9.99 became 10.0
        return dec_rescale(t, d, d->exponent + 1, ROUND_DOWN, &inexact);
    return digits > 0;
}

// Lays |d| out as the type asks for.
static Value layout(Thread *t, const Dec *d, const FormatSpec *spec, bool capitals)
{
    StrBuilder b;
    builder_init(&b);
    Value text = int_to_str_any(t, d->coefficient, 10);
    if (!text)
        return 0;
    int64_t n = (int64_t)as_str(text)->length, left = d->exponent + n, point;
    switch (spec->type | 0x20) {
    case 'e':
        point = !spec->precision || d->coefficient != fixnum(0) || spec->precision < 0 ? 1 : 1 - spec->precision;
        break;
    case 'f':
        point = left;
        break;
    default:
        point = d->exponent <= 0 && left > -6 ? left : 1;
    }
    if (point > n && (spec->type | 0x20) != 'e' && d->coefficient == fixnum(0))
        point = n;
    if (!put_digits(t, &b, as_str(text)->data, n, point))
        return 0;
    bool exponent = left != point || (spec->type | 0x20) == 'e';
    if ((spec->type | 0x20) == 'f')
        exponent = false;
    if (exponent && !builder_format(t, &b, "%s%s%ld", capitals ? "E" : "e", left >= point ? "+" : "", left - point))
        return 0;
    return builder_finish(t, &b);
}

static bool spec_check(Thread *t, const FormatSpec *spec)
{
    enum { WIDTH_MAX = INT32_MAX };
    bool known = !spec->type || (spec->type < 128 && strchr("eEfFgGnN%", (int)spec->type));
    if (!known || ((spec->type | 0x20) == 'n' && spec->grouping))
        return invalid_spec(t);
    if (spec->width > WIDTH_MAX || spec->precision > WIDTH_MAX)
        return raise(t, EXC(ValueError), "format specification exceeds internal limits of _decimal");
    return spec->type != 'N' || warn(t, EXC(DeprecationWarning), 1, "Format specifier 'N' is deprecated");
}

// The text of a finite number, without its sign.
static Value finite_text(Thread *t, Dec d, const FormatSpec *spec, const DecContext *c)
{
    FormatSpec plain = *spec;
    bool percent = spec->type == '%';
    if (percent)
        d.exponent += 2;
    plain.type = percent ? 'f' : !spec->type || spec->type == 'n' ? 'g' : spec->type == 'N' ? 'G' : spec->type;
    bool capitals = spec->type ? spec->type < 'a' : c->capitals;
    if (!round_for(t, &d, &plain, c->rounding))
        return 0;
    Value text = layout(t, &d, &plain, capitals);
    return text && percent ? str_concat(t, text, str_latin1['%']) : text;
}

static Value special_text(Thread *t, Dec d, FormatSpec *spec)
{
    d.negative = false;
    if (spec->fill == '0' && !spec->fill_given)
        spec->fill = ' ';
    if (spec->align == '=' && !spec->align_given)
        spec->align = '>';
    Value text = dec_text(t, &d, false, true);
    return text && spec->type == '%' ? str_concat(t, text, str_latin1['%']) : text;
}

// One entry of a dictionary that stands for localeconv()'s.
static Value override_entry(Thread *t, Dict *dict, const char *name)
{
    Value key = str_intern_cstr(t, name), v = 0;
    if (!key || dict_get(t, dict, key, &v) < 0)
        return 0;
    enum { BYTES_MAX = 4 };                                   // a separator is one character, at most
    size_t n = 0;
    bool fits = v && is_str(v) && str_utf8(t, v, &n) && (!strcmp(name, "grouping") ? str_is_ascii(as_str(v)) : n <= BYTES_MAX);
    return fits ? v : is_pending(t) ? 0 : raise(t, EXC(ValueError), "invalid override dict");
}

static bool locale_override(Thread *t, Value override, NumberLocale *locale)
{
    if (!override)
        return true;
    if (!is_dict(override)) {
        raise(t, EXC(TypeError), "optional argument must be a dict");
        return false;
    }
    locale->point_str = override_entry(t, as_dict(override), "decimal_point");
    locale->separator_str = locale->point_str ? override_entry(t, as_dict(override), "thousands_sep") : 0;
    Value grouping = locale->separator_str ? override_entry(t, as_dict(override), "grouping") : 0;
    locale->grouping = grouping ? str_utf8(t, grouping, NULL) : NULL;
    return locale->grouping != NULL;
}

static bool shows_zero(const char *text, size_t n)
{
    for (size_t i = 0; i < n && (text[i] | 0x20) != 'e'; i++)
        if ((text[i] >= '1' && text[i] <= '9') || (text[i] | 0x20) >= 'f')
            return false;
    return true;
}

Value dec_format(Thread *t, Value self, Value spec_str, Value override)
{
    Context *context = dec_context_current(t);
    FormatSpec spec;
    if (!context)
        return 0;
    if (!format_spec_parse(t, spec_str, self, 0, '>', &spec))
        return pending_clear_if(t, EXC(ValueError)) ? invalid_spec(t) : 0;
    if (!spec_check(t, &spec))
        return 0;
    Dec d = dec_of(self);
    Value text = d.kind == DEC_FINITE ? finite_text(t, d, &spec, &context->c) : special_text(t, d, &spec);
    NumberParts parts = {0};
    NumberLocale locale;
    if (spec.type == 'N')
        spec.type = 'n';
    if (!text || !number_locale(t, &spec, &locale) || !locale_override(t, override, &locale))
        return 0;
    const char *p = as_str(text)->data;
    size_t n = as_str(text)->length;
    parts.sign = number_sign(&spec, d.negative && !(spec.no_negative_zero && shows_zero(p, n)));
    number_parts_split(p, n, &parts);
    parts.point |= spec.alternate && d.kind == DEC_FINITE;
    StrBuilder b;
    builder_init(&b);
    return number_write(t, &b, &spec, &locale, &parts) ? builder_finish(t, &b) : 0;
}
