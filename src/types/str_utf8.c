// str_utf8.c: strings to and from UTF-8 in C: the fast paths; errors and their handlers are codec_utf8.c's.
#include "src/core/error.h"
#include "src/types/codec.h"
#include "src/types/str_units.h"
#include "src/types/utf8.h"

// Counts the characters of valid UTF-8; false when it is not valid. *out_or is the or of all code points.
static bool utf8_measure(const uint8_t *s, size_t n, size_t *out_length, uint32_t *out_or)
{
    size_t i = 0, length = 0;
    uint32_t all = 0;
    while (i < n) {
        size_t run = ascii_prefix(s + i, n - i);
        i += run;
        length += run;
        while (i < n && s[i] >= 0x80) {
            uint32_t c;
            int used = utf8_one(s + i, n - i, &c);
            if (used <= 0)
                return false;
            i += (size_t)used;
            all |= c;
            length++;
        }
    }
    *out_length = length;
    *out_or = all;
    return true;
}

static void utf8_fill(const uint8_t *s, size_t n, void *out, int unit)
{
    size_t at = 0;
    for (size_t i = 0; i < n; at++) {
        uint32_t c = s[i];
        if (c < 0x80)
            i++;
        else
            i += (size_t)utf8_one(s + i, n - i, &c);
        unit_put(out, unit, at, c);
    }
}

Value str_from_utf8(Thread *t, const char *text, size_t n)
{
    const uint8_t *s = (const uint8_t *)text;
    if (bytes_are_ascii(s, n))
        return str_from_ascii(t, text, n);
    size_t length;
    uint32_t all;
    if (!utf8_measure(s, n, &length, &all))
        return utf8_decode(t, s, n, NULL, NULL);
    Str *out = str_alloc(t, length, all);
    if (!out)
        return 0;
    utf8_fill(s, n, out->data, str_unit(out));
    return length == 1 && all < 0x100 ? str_latin1[all] : value_of(out);
}

Value str_from_fs(Thread *t, const char *bytes, size_t n)
{
    return utf8_decode(t, (const uint8_t *)bytes, n, "surrogateescape", NULL);
}

size_t utf8_size(const Str *s)
{
    int unit = str_unit(s);
    size_t bytes = 0;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = unit_get(s->data, unit, i);
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
    return bytes;
}

// Text of s, NUL-terminated, in collected memory; surrogates under `errors`.
static char *encode_copy(Thread *t, Value s, const char *errors, size_t *out_length)
{
    Value encoded = utf8_encode(t, s, errors);
    if (!encoded)
        return NULL;
    // The data of a Bytes is no start of an object: it may be kept in the heap by callers, so give it an object of its own.
    Bytes *bytes = as_bytes(encoded);
    char *copy = new_atomic(t, bytes->length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, bytes->data, bytes->length + 1);
    if (out_length)
        *out_length = bytes->length;
    return copy;
}

const char *str_utf8(Thread *t, Value value, size_t *out_length)
{
    Str *s = as_str(value);
    if (likely(str_is_ascii(s) && !(s->head.flags & STR_BUFFERED))) {
        if (out_length)
            *out_length = s->length;
        return s->data;
    }
    return encode_copy(t, value, NULL, out_length);
}

char *str_fs(Thread *t, Value s, size_t *out_length) { return encode_copy(t, s, "surrogateescape", out_length); }
