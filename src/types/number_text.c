// number_text.c: turns str and bytes-like arguments of int(), float() and complex() into ASCII text.
#include "src/types/number_text.h"

#include "src/core/error.h"
#include "src/types/bytes.h"
#include "src/types/str.h"
#include "src/types/unicode.h"

static char ascii_for(uint32_t c)
{
    if (c < 128)
        return (char)c;
    if (char_is_space(c))
        return ' ';
    uint8_t digit = char_info(c)->decimal;
    return digit <= 9 ? (char)('0' + digit) : '?';
}

bool number_input_str(Thread *t, Value str, NumberInput *out)
{
    const Str *s = as_str(str);
    out->n = s->length;
    if (str_is_ascii(s)) {
        out->text = s->data;
        return true;
    }
    char *text = new_atomic(t, s->length + 1);
    if (!text)
        return false;
    for (size_t i = 0; i < s->length; i++)
        text[i] = ascii_for(str_at(s, i));
    text[s->length] = 0;
    out->text = text;
    return true;
}

bool number_input(Thread *t, Value v, NumberInput *out)
{
    if (is_str(v))
        return number_input_str(t, v, out);
    if (is_bytes(v)) {
        out->text = (const char *)as_bytes(v)->data;
        out->n = as_bytes(v)->length;
        return true;
    }
    if (!buffer_supported(v))
        return false;
    Buffer buffer;
    if (!buffer_get(t, v, &buffer, BUFFER_SIMPLE))
        return false;
    char *text = new_atomic(t, (size_t)buffer.length + 1);
    if (text) {
        memcpy(text, buffer.data, (size_t)buffer.length);
        text[buffer.length] = 0;
        out->text = text;
        out->n = (size_t)buffer.length;
    }
    buffer_release(t, &buffer);
    return text != NULL;
}

void number_input_strip(NumberInput *in)
{
    while (in->n && is_ascii_space(in->text[0])) {
        in->text++;
        in->n--;
    }
    while (in->n && is_ascii_space(in->text[in->n - 1]))
        in->n--;
}

bool number_input_join(Thread *t, NumberInput *in, bool *out_valid)
{
    *out_valid = true;
    if (!memchr(in->text, '_', in->n))
        return true;
    char *joined = new_atomic(t, in->n + 1);
    if (!joined)
        return false;
    size_t n = 0;
    char before = 0;
    for (size_t i = 0; i < in->n; i++) {
        char c = in->text[i];
        bool digit = c >= '0' && c <= '9', after_digit = before >= '0' && before <= '9';
        if ((c == '_' && !after_digit) || (before == '_' && !digit))
            *out_valid = false;
        if (c != '_')
            joined[n++] = c;
        before = c;
    }
    if (before == '_')
        *out_valid = false;
    joined[n] = 0;
    in->text = joined;
    in->n = n;
    return true;
}
