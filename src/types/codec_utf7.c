// codec_utf7.c: UTF-7 (RFC 2152).
#include "src/core/error.h"
#include "src/types/codec.h"
#include "src/types/str_units.h"

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base64_value(uint32_t c)
{
    const char *hit = c && c < 128 ? strchr(base64_digits, (int)c) : NULL;
    return hit ? (int)(hit - base64_digits) : -1;
}

// Characters that stand for themselves; the optional ones (set O) too, white space as well.
static bool is_direct(uint32_t c, bool encode_optional)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("'(),-./:?", (int)c))
        return c != 0;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        return true;
    return !encode_optional && c != 0 && strchr("!\"#$%&*;<=>@[]^_`{|}", (int)c);
}

typedef struct Utf7 {
    bool shifted;
    uint32_t bits;          // collected, not yet written
    int n_bits;
    uint32_t surrogate;     // a high one that waits for its low one
    size_t shift_start;     // where the shift sequence began
} Utf7;

static bool put_unit(Thread *t, Decoder *d, Utf7 *u, uint32_t unit)
{
    if (u->surrogate) {
        uint32_t high = u->surrogate;
        u->surrogate = 0;
        if (unit >= 0xdc00 && unit <= 0xdfff)
            return builder_char(t, &d->out, 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff));
        if (!builder_char(t, &d->out, high))
            return false;
    }
    if (unit >= 0xd800 && unit <= 0xdbff) {
        u->surrogate = unit;
        return true;
    }
    return builder_char(t, &d->out, unit);
}

// Ends a shift sequence at i (a byte that is no base64 digit).
static bool leave_shift(Thread *t, Decoder *d, Utf7 *u, size_t *i, bool *out_error)
{
    uint8_t c = d->input[*i];
    u->shifted = false;
    *out_error = false;
    if (u->n_bits > 0) {
        const char *why = u->n_bits >= 6 ? "partial character in base64 sequence"
                          : u->bits      ? "non-zero padding bits in base64 sequence" : NULL;
        if (why) {
            *out_error = true;
            size_t start = u->shift_start, end = *i + 1;
            u->bits = 0, u->n_bits = 0, u->surrogate = 0;
            return decoder_error(t, d, start, end, why, i);
        }
    }
    u->bits = 0, u->n_bits = 0;
    uint32_t lone = u->surrogate;
    u->surrogate = 0;
    if (c == '-')
        (*i)++;
    return !lone || c >= 0x80 || c == '+' || builder_char(t, &d->out, lone);
}

static bool shifted_step(Thread *t, Decoder *d, Utf7 *u, size_t *i)
{
    int value = base64_value(d->input[*i]);
    if (value < 0) {
        bool error;
        return leave_shift(t, d, u, i, &error);
    }
    u->bits = u->bits << 6 | (uint32_t)value;
    u->n_bits += 6;
    (*i)++;
    if (u->n_bits < 16)
        return true;
    u->n_bits -= 16;
    uint32_t unit = u->bits >> u->n_bits & 0xffff;
    u->bits &= (1u << u->n_bits) - 1;
    return put_unit(t, d, u, unit);
}

static bool plain_step(Thread *t, Decoder *d, Utf7 *u, size_t *i)
{
    uint8_t c = d->input[*i];
    if (c == '+') {
        if (*i + 1 < d->length && d->input[*i + 1] == '-') {
            *i += 2;
            return builder_char(t, &d->out, '+');
        }
        if (*i + 1 < d->length && base64_value(d->input[*i + 1]) < 0)
            return decoder_error(t, d, *i, *i + 2, "ill-formed sequence", i);
        *u = (Utf7){.shifted = true, .shift_start = *i};
        (*i)++;
        return true;
    }
    if (c >= 0x80)
        return decoder_error(t, d, *i, *i + 1, "unexpected special character", i);
    (*i)++;
    return builder_char(t, &d->out, c);
}

Value utf7_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed)
{
    Decoder d;
    Utf7 u = {0};
    decoder_init(&d, "utf7", errors, s, n);
    size_t i = 0, shift_out = 0;
    while (i < d.length || (!consumed && u.shifted)) {
        if (i >= d.length) {           // the end of the data ends a shift sequence
            if (u.surrogate || u.n_bits >= 6 || (u.n_bits > 0 && u.bits)) {
                size_t start = u.shift_start;
                u = (Utf7){0};
                if (!decoder_error(t, &d, start, d.length, "unterminated shift sequence", &i))
                    return 0;
                continue;
            }
            break;
        }
        bool was_shifted = u.shifted;
        if (!(was_shifted ? shifted_step(t, &d, &u, &i) : plain_step(t, &d, &u, &i)))
            return 0;
        if (u.shifted && !was_shifted)
            shift_out = d.out.length;
    }
    if (consumed) {
        if (u.shifted) {               // go back to before the sequence
            d.out.length = shift_out;
            i = u.shift_start;
        }
        *consumed = i;
    }
    return builder_finish(t, &d.out);
}

static bool put_base64(Thread *t, BytesBuilder *out, uint32_t *bits, int *n_bits, uint32_t unit)
{
    *bits = *bits << 16 | unit;
    *n_bits += 16;
    while (*n_bits >= 6) {
        *n_bits -= 6;
        if (!bytes_add_byte(t, out, (uint8_t)base64_digits[*bits >> *n_bits & 63]))
            return false;
    }
    *bits &= (1u << *n_bits) - 1;
    return true;
}

Value utf7_encode(Thread *t, Value text, const char *errors)
{
    const Str *s = as_str(text);
    BytesBuilder out = {0};
    bool shifted = false;
    uint32_t bits = 0;
    int n_bits = 0;
    if (!bytes_reserve(t, &out, s->length))
        return 0;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        bool direct = c < 0x80 && is_direct(c, false);
        if (shifted && direct) {
            if (n_bits && !bytes_add_byte(t, &out, (uint8_t)base64_digits[bits << (6 - n_bits) & 63]))
                return 0;
            shifted = false;
            bits = 0, n_bits = 0;
            if ((base64_value(c) >= 0 || c == '-') && !bytes_add_byte(t, &out, '-'))
                return 0;
        } else if (!shifted && !direct) {
            if (c == '+') {
                if (!bytes_add(t, &out, "+-", 2))
                    return 0;
                continue;
            }
            shifted = true;
            if (!bytes_add_byte(t, &out, '+'))
                return 0;
        }
        if (!shifted) {
            if (!bytes_add_byte(t, &out, (uint8_t)c))
                return 0;
            continue;
        }
        if (c >= 0x10000) {
            if (!put_base64(t, &out, &bits, &n_bits, 0xd800 + ((c - 0x10000) >> 10)))
                return 0;
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        if (!put_base64(t, &out, &bits, &n_bits, c))
            return 0;
    }
    if (n_bits && !bytes_add_byte(t, &out, (uint8_t)base64_digits[bits << (6 - n_bits) & 63]))
        return 0;
    if (shifted && !bytes_add_byte(t, &out, '-'))
        return 0;
    return bytes_finish(t, &out);
}
