// str_repr.c: repr and ascii of strings: quotes and escapes.
#include "src/types/str_builder.h"
#include "src/types/str_methods.h"
#include "src/types/unicode.h"

// How many characters the repr of c has between quotes `quote`; 1 means c itself.
static inline int escape_width(uint32_t c, uint32_t quote, bool ascii_only)
{
    if (c == quote || c == '\\' || c == '\n' || c == '\r' || c == '\t')
        return 2;
    if (c >= ' ' && c < 0x7f)
        return 1;
    if (c >= 0x80 && !ascii_only && char_is_printable(c))
        return 1;
    return c < 0x100 ? 4 : c < 0x10000 ? 6 : 10;
}

// The shortest escape: \xhh, \uhhhh or \Uhhhhhhhh. Returns its length.
int str_escape_hex(uint32_t c, char out[10])
{
    static const char digits[] = "0123456789abcdef";
    int n = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    out[0] = '\\';
    out[1] = n == 2 ? 'x' : n == 4 ? 'u' : 'U';
    for (int i = 0; i < n; i++)
        out[2 + i] = digits[c >> (4 * (n - 1 - i)) & 0xf];
    return n + 2;
}

static void put_escaped(Str *out, size_t *at, uint32_t c, int width)
{
    int unit = str_unit(out);
    char text[10] = "\\";
    if (width == 1) {
        unit_put(out->data, unit, (*at)++, c);
        return;
    }
    if (width == 2)
        text[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : (char)c;
    else
        str_escape_hex(c, text);
    units_copy(out->data, unit, *at, text, 1, 0, (size_t)width);
    *at += (size_t)width;
}

static uint32_t choose_quote(const Str *s)
{
    int unit = str_unit(s);
    bool single = false;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = unit_get(s->data, unit, i);
        if (c == '"')
            return '\'';
        single |= c == '\'';
    }
    return single ? '"' : '\'';
}

static Value repr_any(Thread *t, Value value, bool ascii_only)
{
    const Str *s = as_str(value);
    int unit = str_unit(s);
    uint32_t quote = choose_quote(s), bound = 0;
    size_t length = 2;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = unit_get(s->data, unit, i);
        int width = escape_width(c, quote, ascii_only);
        length += (size_t)width;
        bound |= width == 1 ? c : 0;
    }
    Str *out = str_alloc(t, length, bound);
    if (!out)
        return 0;
    int out_unit = str_unit(out);
    unit_put(out->data, out_unit, 0, quote);
    if (length == s->length + 2) {
        units_copy(out->data, out_unit, 1, s->data, unit, 0, s->length);
    } else {
        size_t at = 1;
        for (size_t i = 0; i < s->length; i++) {
            uint32_t c = unit_get(s->data, unit, i);
            put_escaped(out, &at, c, escape_width(c, quote, ascii_only));
        }
    }
    unit_put(out->data, out_unit, length - 1, quote);
    return value_of(out);
}

Value str_repr(Thread *t, Value s) { return repr_any(t, s, false); }

Value str_ascii(Thread *t, Value any)
{
    if (is_exactly(any, &type_str))
        return repr_any(t, any, true);
    Value text = value_repr(t, any);
    if (!text || str_is_ascii(as_str(text)))
        return text;
    const Str *s = as_str(text);
    StrBuilder b;
    builder_init(&b);
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        char escape[10];
        bool ok = c < 0x80 ? builder_char(t, &b, c) : builder_ascii(t, &b, escape, (size_t)str_escape_hex(c, escape));
        if (!ok)
            return 0;
    }
    return builder_finish(t, &b);
}
