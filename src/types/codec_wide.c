// codec_wide.c: UTF-16 and UTF-32, both byte orders, incremental.
#include "src/core/error.h"
#include "src/types/codec.h"
#include "src/types/str_units.h"

static const char *wide_name(int bits, int order)
{
    if (bits == 16)
        return order < 0 ? "utf-16-le" : order > 0 ? "utf-16-be" : "utf-16";
    return order < 0 ? "utf-32-le" : order > 0 ? "utf-32-be" : "utf-32";
}

static inline uint32_t read16(const uint8_t *s, int order)
{
    return order > 0 ? (uint32_t)s[0] << 8 | s[1] : (uint32_t)s[1] << 8 | s[0];
}

static inline uint32_t read32(const uint8_t *s, int order)
{
    return order > 0 ? (uint32_t)s[0] << 24 | (uint32_t)s[1] << 16 | (uint32_t)s[2] << 8 | s[3]
                     : (uint32_t)s[3] << 24 | (uint32_t)s[2] << 16 | (uint32_t)s[1] << 8 | s[0];
}

// One step at *i. *done: the rest is incomplete and left to the next call.
static bool utf16_step(Thread *t, Decoder *d, size_t *i, int order, bool final, bool *done)
{
    size_t left = d->length - *i;
    if (left < 2) {
        if (!final)
            return *done = true;
        return decoder_error(t, d, *i, d->length, "truncated data", i);
    }
    uint32_t c = read16(d->input + *i, order);
    if (!is_surrogate(c)) {
        *i += 2;
        return builder_char(t, &d->out, c);
    }
    if (c >= 0xdc00)
        return decoder_error(t, d, *i, *i + 2, "illegal encoding", i);
    if (left < 4) {
        if (!final)
            return *done = true;
        return decoder_error(t, d, *i, d->length, "unexpected end of data", i);
    }
    uint32_t low = read16(d->input + *i + 2, order);
    if (low < 0xdc00 || low > 0xdfff)
        return decoder_error(t, d, *i, *i + 2, "illegal UTF-16 surrogate", i);
    *i += 4;
    return builder_char(t, &d->out, 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff));
}

static bool utf32_step(Thread *t, Decoder *d, size_t *i, int order, bool final, bool *done)
{
    size_t left = d->length - *i;
    if (left < 4) {
        if (!final)
            return *done = true;
        return decoder_error(t, d, *i, d->length, "truncated data", i);
    }
    uint32_t c = read32(d->input + *i, order);
    if (is_surrogate(c))
        return decoder_error(t, d, *i, *i + 4, "code point in surrogate code point range(0xd800, 0xe000)", i);
    if (c > MAX_CODE_POINT)
        return decoder_error(t, d, *i, *i + 4, "code point not in range(0x110000)", i);
    *i += 4;
    return builder_char(t, &d->out, c);
}

// *byte_order: -1 little, 1 big, 0: look for a mark, native without one; tells what was found.
static Value wide_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, int *byte_order, size_t *consumed, int bits)
{
    size_t i = 0, width = (size_t)bits / 8;
    int order = *byte_order;
    if (order == 0 && n >= width) {
        uint32_t mark = bits == 16 ? read16(s, -1) : read32(s, -1);
        if (mark == 0xfeff)
            order = -1;
        else if (mark == (bits == 16 ? 0xfffe : 0xfffe0000u))
            order = 1;
        i = order ? width : 0;
        *byte_order = order;
    }
    Decoder d;
    decoder_init(&d, wide_name(bits, order > 0 ? 1 : -1), errors, s, n);
    bool done = false;
    if (!builder_reserve(t, &d.out, n / width + 1, 0))
        return 0;
    while (i < d.length && !done) {
        bool ok = bits == 16 ? utf16_step(t, &d, &i, order, !consumed, &done) : utf32_step(t, &d, &i, order, !consumed, &done);
        if (!ok)
            return 0;
    }
    if (consumed)
        *consumed = i;
    return builder_finish(t, &d.out);
}

Value utf16_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, int *byte_order, size_t *consumed)
{
    return wide_decode(t, s, n, errors, byte_order, consumed, 16);
}

Value utf32_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, int *byte_order, size_t *consumed)
{
    return wide_decode(t, s, n, errors, byte_order, consumed, 32);
}

// --- encoding ---

typedef struct WideEncoder {
    Encoder base;
    int order, bits;
} WideEncoder;

static bool put16(Thread *t, WideEncoder *w, uint32_t c)
{
    uint8_t out[2] = {(uint8_t)c, (uint8_t)(c >> 8)};
    if (w->order > 0)
        out[0] = (uint8_t)(c >> 8), out[1] = (uint8_t)c;
    return bytes_add(t, &w->base.out, out, 2);
}

static bool put32(Thread *t, WideEncoder *w, uint32_t c)
{
    uint8_t out[4];
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(c >> (w->order > 0 ? 24 - 8 * i : 8 * i));
    return bytes_add(t, &w->base.out, out, 4);
}

static bool put_unit(Thread *t, WideEncoder *w, uint32_t c)
{
    if (w->bits == 32)
        return put32(t, w, c);
    if (c < 0x10000)
        return put16(t, w, c);
    return put16(t, w, 0xd800 + ((c - 0x10000) >> 10)) && put16(t, w, 0xdc00 + ((c - 0x10000) & 0x3ff));
}

static bool put_char(Thread *t, Encoder *e, uint32_t c)
{
    return c < 0x80 && put_unit(t, (WideEncoder *)e, c);      // the text that a handler gives must be ASCII
}

// A handler's bytes must fill whole units.
static bool check_whole(Thread *t, WideEncoder *w, size_t before, size_t start, size_t end)
{
    size_t added = w->base.out.length - before;
    if (added % (size_t)(w->bits / 8) == 0)
        return true;
    return raise_encode_error(t, w->base.encoding, w->base.text, start, end, "surrogates not allowed");
}

static Value wide_encode(Thread *t, Value text, const char *errors, int byte_order, int bits)
{
    const Str *s = as_str(text);
    WideEncoder w = {.order = byte_order > 0 ? 1 : -1, .bits = bits};
    encoder_init(&w.base, wide_name(bits, byte_order), errors, text);
    w.base.encode_char = put_char;
    if (!bytes_reserve(t, &w.base.out, (s->length + 1) * (size_t)bits / 8))
        return 0;
    if (byte_order == 0 && !put_unit(t, &w, 0xfeff))
        return 0;
    for (size_t i = 0; i < s->length;) {
        uint32_t c = str_at(s, i);
        if (!is_surrogate(c) || w.base.kind == ERRORS_SURROGATEPASS) {
            if (!put_unit(t, &w, c))
                return 0;
            i++;
            continue;
        }
        size_t before = w.base.out.length, start = i, end = i + 1;
        if (!encoder_error(t, &w.base, i, end, "surrogates not allowed", &i) || !check_whole(t, &w, before, start, end))
            return 0;
    }
    return bytes_finish(t, &w.base.out);
}

Value utf16_encode(Thread *t, Value text, const char *errors, int byte_order) { return wide_encode(t, text, errors, byte_order, 16); }
Value utf32_encode(Thread *t, Value text, const char *errors, int byte_order) { return wide_encode(t, text, errors, byte_order, 32); }
