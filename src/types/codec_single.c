// codec_single.c: latin-1 and ascii.
#include "src/core/error.h"
#include "src/types/codec.h"
#include "src/types/str_units.h"

Value latin1_decode(Thread *t, const uint8_t *s, size_t n) { return str_from_latin1(t, s, n); }

Value ascii_decode(Thread *t, const uint8_t *s, size_t n, const char *errors)
{
    if (bytes_are_ascii(s, n))
        return str_from_ascii(t, (const char *)s, n);
    Decoder d;
    decoder_init(&d, "ascii", errors, s, n);
    for (size_t i = 0; i < d.length;) {
        size_t run = ascii_prefix(d.input + i, d.length - i);
        if (run && !builder_ascii(t, &d.out, (const char *)d.input + i, run))
            return 0;
        i += run;
        if (i < d.length && !decoder_error(t, &d, i, i + 1, "ordinal not in range(128)", &i))
            return 0;
    }
    return builder_finish(t, &d.out);
}

static bool put_latin1(Thread *t, Encoder *e, uint32_t c) { return c < 0x100 && bytes_add_byte(t, &e->out, (uint8_t)c); }
static bool put_ascii(Thread *t, Encoder *e, uint32_t c) { return c < 0x80 && bytes_add_byte(t, &e->out, (uint8_t)c); }

static bool escape_run(Thread *t, Encoder *e, size_t *i, size_t end, const char *reason)
{
    const Str *s = as_str(e->text);
    while (*i < end && str_at(s, *i) >= 0xdc80 && str_at(s, *i) <= 0xdcff) {
        if (!bytes_add_byte(t, &e->out, (uint8_t)(str_at(s, (*i)++) - 0xdc00)))
            return false;
    }
    return *i == end || raise_encode_error(t, e->encoding, e->text, *i, end, reason);
}

static Value encode_limited(Thread *t, Value text, const char *encoding, const char *errors, uint32_t limit)
{
    const Str *s = as_str(text);
    int unit = str_unit(s);
    if (str_is_ascii(s) || (unit == 1 && limit == 0x100))
        return bytes_new(t, s->data, s->length);
    Encoder e;
    encoder_init(&e, encoding, errors, text);
    e.encode_char = limit == 0x100 ? put_latin1 : put_ascii;
    const char *reason = limit == 0x100 ? "ordinal not in range(256)" : "ordinal not in range(128)";
    if (!bytes_reserve(t, &e.out, s->length))
        return 0;
    for (size_t i = 0; i < s->length;) {
        uint32_t c = unit_get(s->data, unit, i);
        if (c < limit) {
            if (!bytes_add_byte(t, &e.out, (uint8_t)c))
                return 0;
            i++;
            continue;
        }
        size_t end = i + 1;
        while (end < s->length && unit_get(s->data, unit, end) >= limit)
            end++;
        bool ok = e.kind == ERRORS_SURROGATEESCAPE ? escape_run(t, &e, &i, end, reason)
                                                   : encoder_error(t, &e, i, end, reason, &i);
        if (!ok)
            return 0;
    }
    return bytes_finish(t, &e.out);
}

Value latin1_encode(Thread *t, Value text, const char *errors) { return encode_limited(t, text, "latin-1", errors, 0x100); }
Value ascii_encode(Thread *t, Value text, const char *errors) { return encode_limited(t, text, "ascii", errors, 0x80); }
