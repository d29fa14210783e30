// format_spec.c: parses the formatting mini-language that str, int, float and complex share.
#include "src/types/format_spec.h"

#include "src/core/error.h"
#include "src/types/unicode.h"

typedef struct SpecReader {
    const Str *text;
    size_t at, end;
} SpecReader;

static uint32_t peek(const SpecReader *r, size_t ahead)
{
    return r->at + ahead < r->end ? str_at(r->text, r->at + ahead) : 0;
}

static bool eat(SpecReader *r, uint32_t c)
{
    if (r->at == r->end || peek(r, 0) != c)
        return false;
    r->at++;
    return true;
}

static bool is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

static int decimal_of(uint32_t c)
{
    if (c < 128)
        return c >= '0' && c <= '9' ? (int)(c - '0') : -1;
    uint8_t decimal = char_info(c)->decimal;
    return decimal <= 9 ? decimal : -1;
}

// Reads a number; *out is -1 when there is none.
static bool read_number(Thread *t, SpecReader *r, int64_t *out)
{
    *out = -1;
    for (; r->at < r->end; r->at++) {
        int digit = decimal_of(peek(r, 0));
        if (digit < 0)
            break;
        int64_t so_far = *out < 0 ? 0 : *out;
        if (so_far > (INT64_MAX - digit) / 10) {
            raise(t, EXC(ValueError), "Too many decimal digits in format string");
            return false;
        }
        *out = so_far * 10 + digit;
    }
    return true;
}

// Reads ',' or '_'.
static bool read_grouping(Thread *t, SpecReader *r, char *out)
{
    *out = eat(r, ',') ? ',' : 0;
    if (eat(r, '_')) {
        if (*out) {
            raise(t, EXC(ValueError), "Cannot specify both ',' and '_'.");
            return false;
        }
        *out = '_';
    }
    if (*out == '_' && r->at < r->end && peek(r, 0) == ',') {
        raise(t, EXC(ValueError), "Cannot specify both ',' and '_'.");
        return false;
    }
    return true;
}

static void read_head(SpecReader *r, FormatSpec *out, char default_align)
{
    if (r->end - r->at >= 2 && is_align(peek(r, 1))) {
        out->fill = peek(r, 0);
        out->align = (char)peek(r, 1);
        out->fill_given = out->align_given = true;
        r->at += 2;
    } else if (r->at < r->end && is_align(peek(r, 0))) {
        out->align = (char)peek(r, 0);
        out->align_given = true;
        r->at++;
    }
    uint32_t c = peek(r, 0);
    if (r->at < r->end && (c == '+' || c == '-' || c == ' ')) {
        out->sign = (char)c;
        r->at++;
    }
    out->no_negative_zero = eat(r, 'z');
    out->alternate = eat(r, '#');
    if (!out->fill_given && eat(r, '0')) {
        out->fill = '0';
        if (!out->align_given && default_align == '>')
            out->align = '=';
    }
}

static bool read_precision(Thread *t, SpecReader *r, FormatSpec *out)
{
    if (!eat(r, '.'))
        return true;
    if (!read_number(t, r, &out->precision) || !read_grouping(t, r, &out->fraction_grouping))
        return false;
    if (out->precision >= 0 || out->fraction_grouping)
        return true;
    raise(t, EXC(ValueError), "Format specifier missing precision");
    return false;
}

static bool refuse_grouping(Thread *t, char grouping, uint32_t type)
{
    if (type > 32 && type < 128)
        raise(t, EXC(ValueError), "Cannot specify '%c' with '%c'.", grouping, type);
    else
        raise(t, EXC(ValueError), "Cannot specify '%c' with '\\x%x'.", grouping, type);
    return false;
}

static bool check_grouping(Thread *t, const FormatSpec *spec)
{
    if (spec->grouping) {
        bool fits = !spec->type || (spec->type < 128 && strchr("defgEG%F", (int)spec->type));
        if (!fits && spec->grouping == '_')
            fits = spec->type < 128 && strchr("boxX", (int)spec->type);
        if (!fits)
            return refuse_grouping(t, spec->grouping, spec->type);
    }
    if (spec->type == 'n' && spec->fraction_grouping)
        return refuse_grouping(t, spec->fraction_grouping, spec->type);
    return true;
}

bool format_spec_parse(Thread *t, Value spec, Value object, uint32_t default_type, char default_align, FormatSpec *out)
{
    SpecReader r = {as_str(spec), 0, as_str(spec)->length};
    *out = (FormatSpec){.fill = ' ', .align = default_align, .width = -1, .precision = -1, .type = default_type};
    read_head(&r, out, default_align);
    if (!read_number(t, &r, &out->width) || !read_grouping(t, &r, &out->grouping) || !read_precision(t, &r, out))
        return false;
    if (r.end - r.at > 1) {
        raise(t, EXC(ValueError), "Invalid format specifier '%U' for object of type '%T'", spec, object);
        return false;
    }
    if (r.at < r.end)
        out->type = peek(&r, 0);
    return check_grouping(t, out);
}

Value format_spec_unknown_type(Thread *t, uint32_t type, Value object)
{
    if (type > 32 && type < 128)
        return raise(t, EXC(ValueError), "Unknown format code '%c' for object of type '%T'", type, object);
    return raise(t, EXC(ValueError), "Unknown format code '\\x%x' for object of type '%T'", type, object);
}

Value format_spec_pad(Thread *t, const FormatSpec *spec, Value s)
{
    int64_t left, right;
    format_spec_padding(spec, (int64_t)as_str(s)->length, &left, &right);
    if (left + right == 0)
        return str_exact(t, s);
    StrBuilder b;
    builder_init(&b);
    if (!builder_fill(t, &b, spec->fill, (size_t)left) || !builder_str(t, &b, s)
        || !builder_fill(t, &b, spec->fill, (size_t)right))
        return 0;
    return builder_finish(t, &b);
}
