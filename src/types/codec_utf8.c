// codec_utf8.c: UTF-8 with error handling and incremental decoding.
#include "src/core/error.h"
#include "src/types/codec.h"
#include "src/types/str_units.h"
#include "src/types/utf8.h"

// Handles the ill-formed bytes at i. *done: the rest is incomplete and is left to the next call.
static bool utf8_invalid(Thread *t, Decoder *d, size_t *i, int used, bool final, bool *done)
{
    const uint8_t *s = d->input + *i;
    size_t left = d->length - *i;
    if (used == 0 && !final) {
        *done = true;
        return true;
    }
    // Surrogates are three bytes that "surrogatepass" accepts.
    if (d->kind == ERRORS_SURROGATEPASS) {
        if (left >= 3 && s[0] == 0xed && s[1] >= 0xa0 && s[1] <= 0xbf && (s[2] & 0xc0) == 0x80) {
            *i += 3;
            return builder_char(t, &d->out, 0xd000u | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f));
        }
        if (!final && s[0] == 0xed && (left == 1 || (left == 2 && s[1] >= 0xa0 && s[1] <= 0xbf))) {
            *done = true;
            return true;
        }
        Value object = bytes_new(t, d->input, d->length);
        const char *why = used == 0 ? "unexpected end of data"
                          : s[0] >= 0xc2 && s[0] <= 0xf4 ? "invalid continuation byte" : "invalid start byte";
        return object && raise_decode_error(t, d->encoding, object, *i, *i + (used ? (size_t)-used : left), why);
    }
    const char *reason = "invalid start byte";
    size_t n = used < 0 ? (size_t)-used : left;
    if (used == 0)
        reason = "unexpected end of data";
    else if (s[0] >= 0xc2 && s[0] <= 0xf4)
        reason = "invalid continuation byte";
    return decoder_error(t, d, *i, *i + n, reason, i);
}

Value utf8_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed)
{
    if (consumed)
        *consumed = n;
    if (bytes_are_ascii(s, n))
        return str_from_ascii(t, (const char *)s, n);
    Decoder d;
    decoder_init(&d, "utf-8", errors, s, n);
    if (!builder_reserve(t, &d.out, n / 2 + 8, 0))
        return 0;
    size_t i = 0;
    bool done = false;
    while (i < d.length && !done) {
        size_t run = ascii_prefix(d.input + i, d.length - i);
        if (run && !builder_ascii(t, &d.out, (const char *)d.input + i, run))
            return 0;
        i += run;
        if (i >= d.length)
            break;
        uint32_t c;
        int used = utf8_one(d.input + i, d.length - i, &c);
        if (likely(used > 0)) {
            if (!builder_char(t, &d.out, c))
                return 0;
            i += (size_t)used;
        } else if (!utf8_invalid(t, &d, &i, used, consumed == NULL, &done)) {
            return 0;
        }
    }
    if (consumed)
        *consumed = i;
    return builder_finish(t, &d.out);
}

// The text that a handler gives must be ASCII.
static bool put_replacement(Thread *t, Encoder *e, uint32_t c) { return c < 0x80 && bytes_add_byte(t, &e->out, (uint8_t)c); }

static bool utf8_put_char(Thread *t, Encoder *e, uint32_t c)
{
    uint8_t out[4];
    return !is_surrogate(c) && bytes_add(t, &e->out, out, (size_t)utf8_put(out, c));
}

static Value utf8_encode_valid(Thread *t, const Str *s)
{
    int unit = str_unit(s);
    Bytes *out = bytes_alloc(t, utf8_size(s));
    if (!out)
        return 0;
    uint8_t *at = out->data;
    for (size_t i = 0; i < s->length; i++)
        at += utf8_put(at, unit_get(s->data, unit, i));
    return value_of(out);
}

static bool has_surrogate(const Str *s)
{
    int unit = str_unit(s);
    for (size_t i = 0; unit > 1 && i < s->length; i++) {
        if (is_surrogate(unit_get(s->data, unit, i)))
            return true;
    }
    return false;
}

// The surrogates [start, end) that surrogateescape made from bytes go back to them.
static bool put_escaped_bytes(Thread *t, Encoder *e, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        if (!bytes_add_byte(t, &e->out, (uint8_t)(str_at(as_str(e->text), i) - 0xdc00)))
            return false;
    }
    return true;
}

static bool put_surrogates(Thread *t, Encoder *e, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        uint8_t out[4];
        if (!bytes_add(t, &e->out, out, (size_t)utf8_put(out, str_at(as_str(e->text), i))))
            return false;
    }
    return true;
}

static bool is_escaped_byte(uint32_t c) { return c >= 0xdc80 && c <= 0xdcff; }

// Handles the run of surrogates at i.
static bool utf8_surrogates(Thread *t, Encoder *e, const Str *s, size_t *i)
{
    size_t end = *i + 1, start = *i;
    while (end < s->length && is_surrogate(str_at(s, end)))
        end++;
    if (e->kind == ERRORS_SURROGATEPASS) {
        *i = end;
        return put_surrogates(t, e, start, end);
    }
    if (e->kind == ERRORS_SURROGATEESCAPE) {
        size_t stop = start;
        while (stop < end && is_escaped_byte(str_at(s, stop)))
            stop++;
        *i = stop;
        if (!put_escaped_bytes(t, e, start, stop))
            return false;
        return stop == end || raise_encode_error(t, e->encoding, e->text, stop, end, "surrogates not allowed");
    }
    return encoder_error(t, e, start, end, "surrogates not allowed", i);
}

Value utf8_encode(Thread *t, Value text, const char *errors)
{
    const Str *s = as_str(text);
    if (str_is_ascii(s))
        return bytes_new(t, s->data, s->length);
    if (!has_surrogate(s))
        return utf8_encode_valid(t, s);
    Encoder e;
    encoder_init(&e, "utf-8", errors, text);
    e.encode_char = put_replacement;
    for (size_t i = 0; i < s->length;) {
        uint32_t c = str_at(s, i);
        bool ok = is_surrogate(c) ? utf8_surrogates(t, &e, s, &i) : (i++, utf8_put_char(t, &e, c));
        if (!ok)
            return 0;
    }
    return bytes_finish(t, &e.out);
}
