// io_text_seek.c: TextIOWrapper, tell and seek.
//
// A position in text is a cookie: an int that packs where the buffer stood at a point from which decoding can start again,
// the decoder's flags there, how many bytes to feed it from there and how many of the resulting characters to skip.
#include <unistd.h>

#include "src/modules/io.h"

enum { COOKIE_BYTES = 21 };   // layout of the packed int: see cookie_pack

typedef struct Cookie {
    int64_t start;
    int32_t flags, bytes_to_feed, chars_to_skip;
    bool need_eof;
} Cookie;

static Value cookie_pack(Thread *t, const Cookie *c)
{
    uint8_t raw[COOKIE_BYTES];
    memcpy(raw, &c->start, 8);
    memcpy(raw + 8, &c->flags, 4);
    memcpy(raw + 12, &c->bytes_to_feed, 4);
    memcpy(raw + 16, &c->chars_to_skip, 4);
    raw[20] = c->need_eof;
    return int_from_bytes(t, raw, sizeof raw, true, false);
}

static bool cookie_unpack(Thread *t, Value v, Cookie *out)
{
    Value exact = number_index(t, v);
    Value bytes = exact ? int_to_bytes(t, exact, COOKIE_BYTES, true, false) : 0;
    if (!bytes)
        return false;
    const uint8_t *raw = as_bytes(bytes)->data;
    memcpy(&out->start, raw, 8);
    memcpy(&out->flags, raw + 8, 4);
    memcpy(&out->bytes_to_feed, raw + 12, 4);
    memcpy(&out->chars_to_skip, raw + 16, 4);
    out->need_eof = raw[20];
    return true;
}

// --- tell ---

// Decodes n bytes from `data`: the number of characters, or -1.
static int64_t count_chars(Thread *t, TextIO *x, const uint8_t *data, size_t n, bool final)
{
    Value text = text_decode(t, x, data, n, 0, final);
    return text ? (int64_t)as_str(text)->length : -1;
}

static bool decoder_to(Thread *t, TextIO *x, const Cookie *c)
{
    if (c->start == 0 && c->flags == 0)
        return text_decoder_reset(t, x);
    return text_decoder_set_state(t, x, bytes_empty, c->flags);
}

// Finds, by a guess that is corrected backwards, a point shortly before the position at which the decoder holds nothing back.
static bool skip_quickly(Thread *t, TextIO *x, Cookie *c, const Bytes *input, int64_t *chars, size_t *out_skipped)
{
    int64_t skip = (int64_t)(x->bytes_per_char * (double)*chars), back = 1;
    if (skip > (int64_t)input->length)
        skip = (int64_t)input->length;
    while (skip > 0) {
        Value held;
        int64_t flags;
        if (!decoder_to(t, x, c))
            return false;
        int64_t n = count_chars(t, x, input->data, (size_t)skip, false);
        if (n < 0)
            return false;
        if (n > *chars) {
            skip -= back;
            back *= 2;
            continue;
        }
        if (!text_decoder_get_state(t, x, &held, &flags))
            return false;
        if (!as_bytes(held)->length) {   // before this point nothing needs to be decoded again
            c->flags = (int32_t)flags;
            *chars -= n;
            *out_skipped = (size_t)skip;
            return true;
        }
        skip -= (int64_t)as_bytes(held)->length;
        back = 1;
    }
    *out_skipped = 0;
    return decoder_to(t, x, c);
}

// Feeds the decoder byte by byte up to the position and notes the last safe point on the way.
static bool skip_slowly(Thread *t, TextIO *x, Cookie *c, const Bytes *input, size_t at, int64_t chars)
{
    int64_t decoded = 0;
    c->chars_to_skip = (int32_t)chars;
    for (; at < input->length; at++) {
        Value held;
        int64_t flags, n = count_chars(t, x, input->data + at, 1, false);
        if (n < 0 || !text_decoder_get_state(t, x, &held, &flags))
            return false;
        decoded += n;
        c->bytes_to_feed++;
        if (!as_bytes(held)->length && decoded <= c->chars_to_skip) {
            c->start += c->bytes_to_feed;
            c->chars_to_skip -= (int32_t)decoded;
            c->flags = (int32_t)flags;
            c->bytes_to_feed = 0;
            decoded = 0;
        }
        if (decoded >= c->chars_to_skip)
            return true;
    }
    int64_t n = count_chars(t, x, NULL, 0, true);   // the end of the stream may bring out more
    if (n < 0)
        return false;
    c->need_eof = true;
    if (decoded + n >= c->chars_to_skip)
        return true;
    raise(t, EXC(OSError), "can't reconstruct logical file position");
    return false;
}

static Value tell_decoded(Thread *t, TextIO *x, int64_t position)
{
    const Bytes *input = as_bytes(x->snapshot_bytes);
    Cookie c = {.start = position - (int64_t)input->length};
    int64_t flags, chars = (int64_t)x->decoded_used, saved_flags;
    if (!to_int64(t, x->snapshot_flags, &flags))
        return 0;
    c.flags = (int32_t)flags;
    if (!x->decoded || !chars)
        return cookie_pack(t, &c);
    Value saved;
    if (!text_decoder_get_state(t, x, &saved, &saved_flags))
        return 0;
    uint8_t seen = x->seen;
    size_t skipped;
    bool found = skip_quickly(t, x, &c, input, &chars, &skipped);
    c.start += found ? (int64_t)skipped : 0;
    if (found && chars)
        found = skip_slowly(t, x, &c, input, skipped, chars);
    Value error = found ? 0 : pending_take(t);
    bool restored = text_decoder_set_state(t, x, saved, saved_flags);
    x->seen = seen;
    if (error) {
        pending_clear(t);
        pending_set(t, error);
        return 0;
    }
    return restored ? cookie_pack(t, &c) : 0;
}

Value text_tell(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    if (!text_check(t, x, NULL))
        return 0;
    if (!x->seekable)
        return io_unsupported(t, "underlying stream is not seekable");
    if (!x->telling)
        return raise(t, EXC(OSError), "telling position disabled by next() call");
    io_lock(t, &x->lock);
    Value result = 0;
    if (text_flush_pending(t, x) && call_method0(t, args[0], N(flush)))
        result = call_method0(t, x->buffer, N(tell));
    int64_t position;
    if (result && x->can_read && x->snapshot_bytes)
        result = to_int64(t, result, &position) ? tell_decoded(t, x, position) : 0;
    io_unlock(&x->lock);
    return result;
}

// --- seek ---

// The encoder writes a byte order mark at the start of the stream only.
static bool encoder_to(Thread *t, TextIO *x, bool at_start)
{
    if (!x->encoder)
        return true;
    if (at_start)
        return io_method(t, x->encoder, "reset") != 0;
    return call_method1(t, x->encoder, str_intern_cstr(t, "setstate"), fixnum(0)) != 0;
}

static Value seek_end(Thread *t, TextIO *x, Value self)
{
    if (!call_method0(t, self, N(flush)))
        return 0;
    text_drop_decoded(x);
    x->snapshot_bytes = 0;
    if (x->can_read && !text_decoder_reset(t, x))
        return 0;
    Value where = call_method2(t, x->buffer, N(seek), fixnum(0), fixnum(SEEK_END));
    if (!where)
        return 0;
    int at_start = values_equal(t, where, fixnum(0));
    return at_start >= 0 && encoder_to(t, x, at_start) ? where : 0;
}

// Decodes forward from the safe point to the position of the cookie.
static bool skip_to(Thread *t, TextIO *x, const Cookie *c)
{
    Value input = call_method1(t, x->buffer, N(read), fixnum(c->bytes_to_feed));
    if (!input)
        return false;
    if (!is_bytes(input)) {
        raise(t, EXC(TypeError), "underlying read() should have returned a bytes object, not '%T'", input);
        return false;
    }
    x->snapshot_flags = fixnum(c->flags);
    x->snapshot_bytes = input;
    Value text = text_decode(t, x, as_bytes(input)->data, as_bytes(input)->length, input, c->need_eof);
    if (!text)
        return false;
    x->decoded = text;
    x->decoded_used = 0;
    if (as_str(text)->length < (size_t)c->chars_to_skip) {
        raise(t, EXC(OSError), "can't restore logical file position");
        return false;
    }
    x->decoded_used = (size_t)c->chars_to_skip;
    return true;
}

static Value seek_cookie(Thread *t, TextIO *x, Value self, Value cookie_value)
{
    int negative = compare_bool(t, cookie_value, fixnum(0), CMP_LT);
    if (negative)
        return negative < 0 ? 0 : raise(t, EXC(ValueError), "negative seek position %R", cookie_value);
    Cookie c;
    if (!call_method0(t, self, N(flush)) || !cookie_unpack(t, cookie_value, &c))
        return 0;
    Value start = int_from_int64(t, c.start);
    if (!start || !call_method1(t, x->buffer, N(seek), start))
        return 0;
    text_drop_decoded(x);
    x->snapshot_bytes = 0;
    if (x->can_read && !decoder_to(t, x, &c))
        return 0;
    if (c.chars_to_skip) {
        if (!skip_to(t, x, &c))
            return 0;
    } else {
        x->snapshot_flags = fixnum(c.flags);
        x->snapshot_bytes = bytes_empty;
    }
    return encoder_to(t, x, c.start == 0 && c.flags == 0) ? cookie_value : 0;
}

static Value seek_relative(Thread *t, Value cookie, const char *message)
{
    int zero = values_equal(t, cookie, fixnum(0));
    return zero < 0 ? 0 : zero ? NONE : io_unsupported(t, message);
}

Value text_seek(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    Value cookie = args[1];
    int whence;
    if (!text_check_attached(t, x) || !int_arg(t, args[2], SEEK_SET, &whence) || !text_check(t, x, NULL))
        return 0;
    if (!x->seekable)
        return io_unsupported(t, "underlying stream is not seekable");
    if (whence == SEEK_CUR) {
        if (!seek_relative(t, cookie, "can't do nonzero cur-relative seeks") || !(cookie = call_method0(t, args[0], N(tell))))
            return 0;
    } else if (whence == SEEK_END) {
        if (!seek_relative(t, cookie, "can't do nonzero end-relative seeks"))
            return 0;
    } else if (whence != SEEK_SET) {
        return raise(t, EXC(ValueError), "invalid whence (%d, should be %d, %d or %d)", whence, SEEK_SET, SEEK_CUR, SEEK_END);
    }
    io_lock(t, &x->lock);
    Value result = whence == SEEK_END ? seek_end(t, x, args[0]) : seek_cookie(t, x, args[0], cookie);
    io_unlock(&x->lock);
    return result;
}
