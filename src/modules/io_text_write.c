// io_text_write.c: TextIOWrapper, writing: text is encoded into `pending`, which goes to the buffer in chunks.
#include "src/modules/io.h"
#include "src/types/str_builder.h"
#include "src/types/str_units.h"

// Hands n bytes to the buffer below.
static bool write_below(Thread *t, TextIO *x, const uint8_t *data, size_t n, Value object)
{
    if (x->buffer_is_native)
        return buffered_write_native(t, (Buffered *)x->buffer, data, n);
    if (!object && !(object = bytes_new(t, data, n)))
        return false;
    return call_method1(t, x->buffer, N(write), object) != 0;
}

bool text_flush_pending(Thread *t, TextIO *x)
{
    if (!x->pending_length)
        return true;
    // A signal handler may print while the bytes are on their way: it finds no pending output and starts anew.
    uint8_t *data = x->pending;
    size_t n = x->pending_length, capacity = x->pending_capacity;
    x->pending = NULL;
    x->pending_length = x->pending_capacity = 0;
    bool done = write_below(t, x, data, n, 0);
    if (!x->pending) {
        x->pending = data;
        x->pending_capacity = capacity;
    }
    return done;
}

static bool pending_ready(Thread *t, TextIO *x, size_t n)
{
    size_t want = x->pending_length + n;
    if (likely(want <= x->pending_capacity))
        return true;
    if (want < (size_t)x->chunk_size)
        want = (size_t)x->chunk_size;
    uint8_t *grown = new_atomic(t, want);
    if (!grown)
        return false;
    if (x->pending_length)
        memcpy(grown, x->pending, x->pending_length);
    x->pending = grown;
    x->pending_capacity = want;
    return true;
}

static bool add_bytes(Thread *t, TextIO *x, const uint8_t *data, size_t n, Value object)
{
    size_t chunk = (size_t)x->chunk_size;
    while (x->pending_length && x->pending_length + n > chunk)   // code below the buffer may write again meanwhile
        if (!text_flush_pending(t, x))
            return false;
    if (n >= chunk)
        return write_below(t, x, data, n, object);
    if (!pending_ready(t, x, n))
        return false;
    memcpy(x->pending + x->pending_length, data, n);
    x->pending_length += n;
    return true;
}

static Value with_line_ends(Thread *t, TextIO *x, Value text)
{
    const Str *s = as_str(text);
    StrBuilder out;
    size_t start = 0;
    builder_init(&out);
    for (;;) {
        int64_t n = line_length(s->data, str_unit(s), start, s->length, NEWLINE_LF);
        if (n < 0)
            break;
        if (!builder_substring(t, &out, text, start, start + (size_t)n - 1)
            || !builder_cstr(t, &out, x->newline == NEWLINE_CR ? "\r" : "\r\n"))
            return 0;
        start += (size_t)n;
    }
    if (!start)
        return text;
    return builder_substring(t, &out, text, start, s->length) ? builder_finish(t, &out) : 0;
}

static bool has_line_end(const Str *s)
{
    if (str_unit(s) == 1)
        return memchr(s->data, '\n', s->length) || memchr(s->data, '\r', s->length);
    return line_length(s->data, str_unit(s), 0, s->length, NEWLINE_EMPTY) >= 0;
}

void text_drop_decoded(TextIO *x)
{
    x->decoded = 0;
    x->decoded_used = 0;
}

// What was read ahead is void once something is written.
static bool forget_reading(Thread *t, TextIO *x)
{
    if (x->snapshot_bytes) {
        text_drop_decoded(x);
        x->snapshot_bytes = 0;
    }
    return text_decoder_reset(t, x);
}

static bool encode_and_add(Thread *t, TextIO *x, Value text)
{
    const Str *s = as_str(text);
    bool one_to_one = x->codec == TEXT_LATIN1 ? s->head.flags & STR_UNIT_1 : x->codec != TEXT_OTHER && str_is_ascii(s);
    if (likely(one_to_one))
        return add_bytes(t, x, s->data, s->length, 0);
    Value bytes = text_encode(t, x, text);
    return bytes && add_bytes(t, x, as_bytes(bytes)->data, as_bytes(bytes)->length, bytes);
}

static bool flush_below(Thread *t, TextIO *x)
{
    if (x->buffer_is_native && ((Buffered *)x->buffer)->writable)
        return buffered_flush_native(t, (Buffered *)x->buffer);
    return call_method0(t, x->buffer, N(flush)) != 0;
}

// The lock is held and the stream is open.
static bool write_locked(Thread *t, TextIO *x, Value text)
{
    bool flush = x->line_buffering && has_line_end(as_str(text));
    if (unlikely(x->write_translate) && !(text = with_line_ends(t, x, text)))
        return false;
    if (!encode_and_add(t, x, text))
        return false;
    if (x->pending_length >= (size_t)x->chunk_size || flush || x->write_through) {
        if (!text_flush_pending(t, x))
            return false;
    }
    if (flush && !flush_below(t, x))
        return false;
    return !x->can_read || forget_reading(t, x);
}

bool text_write_str(Thread *t, TextIO *x, Value text)
{
    if (!text_check(t, x, NULL))
        return false;
    if (!x->can_write) {
        io_unsupported(t, "not writable");
        return false;
    }
    io_lock(t, &x->lock);
    bool done = x->buffer ? write_locked(t, x, text) : text_check_attached(t, x);
    io_unlock(&x->lock);
    return done;
}

Value text_write(Thread *t, const Value *args, size_t nargs)
{
    if (unlikely(!is_str(args[1])))
        return raise(t, EXC(TypeError), "write() argument must be str, not %T", args[1]);
    return text_write_str(t, (TextIO *)args[0], args[1]) ? fixnum((int64_t)as_str(args[1])->length) : 0;
}

Value text_flush(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    if (!text_check(t, x, NULL))
        return 0;
    io_lock(t, &x->lock);
    x->telling = x->seekable;
    bool done = text_flush_pending(t, x) && flush_below(t, x);
    io_unlock(&x->lock);
    return done ? NONE : 0;
}

Value text_close(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    if (!text_check_attached(t, x))
        return 0;
    Value buffer = x->buffer;   // user code below may detach it
    int closed = io_is_closed(t, value_of(x));
    if (closed || x->buffer != buffer)
        return closed < 0 ? 0 : NONE;
    if (x->finalizing && !call_method1(t, buffer, str_intern_cstr(t, "_dealloc_warn"), args[0]))
        pending_clear(t);
    Value flushed = call_method0(t, args[0], N(flush));
    Value error = flushed ? 0 : pending_take(t);
    Value done = call_method0(t, buffer, N(close));
    io_live_remove(args[0]);
    if (!error)
        return done;
    if (!done)
        pending_chain_context(t, error);
    else
        pending_set(t, error);
    return 0;
}

Value text_truncate(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    if (!text_check_attached(t, x) || !call_method0(t, args[0], N(flush)))
        return 0;
    return call_method1(t, x->buffer, str_intern_cstr(t, "truncate"), args[1] ? args[1] : NONE);
}

Value text_detach(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    if (!text_check_attached(t, x) || !call_method0(t, args[0], N(flush)))
        return 0;
    Value buffer = x->buffer;
    x->buffer = 0;
    x->buffer_is_native = false;
    x->detached = true;
    io_live_remove(args[0]);
    io_release(buffer);
    return buffer;
}
