// io_text_read.c: TextIOWrapper, reading: chunks of the buffer are decoded into `decoded`, from which reads are served.
#include "src/modules/io.h"
#include "src/types/str_builder.h"
#include "src/types/str_units.h"

// Takes up to n of the decoded characters (all when n < 0).
static Value take_decoded(Thread *t, TextIO *x, int64_t n)
{
    if (!x->decoded)
        return str_empty;
    size_t have = as_str(x->decoded)->length - x->decoded_used;
    size_t count = n < 0 ? have : size_min(have, (size_t)n);
    Value text = count == as_str(x->decoded)->length ? x->decoded
                                                     : str_substring(t, x->decoded, x->decoded_used, x->decoded_used + count);
    if (text)
        x->decoded_used += count;
    return text;
}

static Value read_below(Thread *t, TextIO *x, int64_t n)
{
    if (x->buffer_is_native)
        return buffered_read1_native(t, (Buffered *)x->buffer, n);
    return call_method1(t, x->buffer, x->has_read1 ? str_intern_cstr(t, "read1") : N(read), fixnum(n));
}

static Value nothing_to_read(Thread *t)
{
    Value message = str_from_cstr(t, "Read returned None.");
    return message ? raise_with(t, EXC(BlockingIOError), message) : 0;
}

static bool decode_chunk(Thread *t, TextIO *x, const uint8_t *data, size_t n, Value object, bool *eof)
{
    Value text = text_decode(t, x, data, n, object, *eof);
    if (!text)
        return false;
    size_t length = as_str(text)->length;
    x->decoded = text;
    x->decoded_used = 0;
    x->bytes_per_char = length ? (double)n / (double)length : 0.0;
    if (length)
        *eof = false;
    return true;
}

// Reads and decodes another chunk: 1, 0 at the end of the stream, -1 error.
static int read_chunk(Thread *t, TextIO *x, int64_t hint)
{
    Value state = 0;
    int64_t flags = 0, size = x->chunk_size;
    if (x->telling && !text_decoder_get_state(t, x, &state, &flags))
        return -1;
    if (hint > 0) {
        double bytes = (x->bytes_per_char > 1.0 ? x->bytes_per_char : 1.0) * (double)hint;
        if (bytes > (double)size)
            size = bytes < 1e15 ? (int64_t)bytes : (int64_t)1 << 50;
    }
    Value input = read_below(t, x, size);
    if (!input)
        return -1;
    if (input == NONE) {
        nothing_to_read(t);
        return -1;
    }
    Buffer view;
    if (!buffer_supported(input)) {
        raise(t, EXC(TypeError), "underlying %s() should have returned a bytes-like object, not '%T'",
              x->has_read1 ? "read1" : "read", input);
        return -1;
    }
    if (!buffer_get(t, input, &view, BUFFER_SIMPLE))
        return -1;
    bool eof = view.length == 0;
    bool done = decode_chunk(t, x, view.data, (size_t)view.length, input, &eof);
    if (done && x->telling) {
        Value data = as_bytes(state)->length || !is_bytes(input) ? bytes_new(t, view.data, (size_t)view.length) : input;
        if (data && as_bytes(state)->length)
            data = binary_op(t, BINARY_ADD, state, data);
        x->snapshot_flags = int_from_int64(t, flags);
        x->snapshot_bytes = data;
        done = data && x->snapshot_flags;
    }
    buffer_release(t, &view);
    return done ? !eof : -1;
}

// --- read ---

static Value read_rest(Thread *t, TextIO *x)
{
    Value data = x->buffer_is_native && ((Buffered *)x->buffer)->readable
                     ? buffered_read_all_native(t, (Buffered *)x->buffer)
                     : call_method0(t, x->buffer, N(read));
    if (!data)
        return 0;
    if (data == NONE)
        return nothing_to_read(t);
    Buffer view;
    if (!buffer_get(t, data, &view, BUFFER_SIMPLE))
        return 0;
    Value text = text_decode(t, x, view.data, (size_t)view.length, data, true);
    buffer_release(t, &view);
    if (!text)
        return 0;
    Value head = take_decoded(t, x, -1);
    if (!head)
        return 0;
    text_drop_decoded(x);
    x->snapshot_bytes = 0;
    return as_str(head)->length ? str_concat(t, head, text) : text;
}

static Value read_n(Thread *t, TextIO *x, int64_t n)
{
    Value text = take_decoded(t, x, n);
    int64_t left = text ? n - (int64_t)as_str(text)->length : 0;
    if (!text || !left)
        return text;
    StrBuilder out;
    builder_init(&out);
    if (!builder_str(t, &out, text))
        return 0;
    while (left > 0) {
        int more = read_chunk(t, x, left);
        if (more < 0)
            return 0;
        text = take_decoded(t, x, left);
        if (!text || !builder_str(t, &out, text))
            return 0;
        left -= (int64_t)as_str(text)->length;
        if (!more && !as_str(text)->length)
            break;
    }
    return builder_finish(t, &out);
}

static bool read_ready(Thread *t, TextIO *x)
{
    if (!text_check(t, x, NULL))
        return false;
    if (!x->can_read)
        io_unsupported(t, "not readable");
    return x->can_read;
}

Value text_read(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    int64_t n;
    if (!text_check_attached(t, x) || !io_size_arg(t, args[1], &n) || !read_ready(t, x))
        return 0;
    io_lock(t, &x->lock);
    Value result = 0;
    if (text_flush_pending(t, x))
        result = n < 0 ? read_rest(t, x) : read_n(t, x, n);
    io_unlock(&x->lock);
    return result;
}

// --- lines ---

static Newline line_newline(const TextIO *x)
{
    if (x->read_translate)
        return NEWLINE_UNIVERSAL;
    return x->read_universal ? NEWLINE_EMPTY : x->newline;
}

// A line that does not end within the first chunk: `start` is what was read of it.
static Value read_long_line(Thread *t, TextIO *x, Value start, int64_t limit)
{
    Value text = start;
    size_t searched = 0;
    for (;;) {
        const Str *s = as_str(text);
        size_t end = limit >= 0 ? size_min(s->length, (size_t)limit) : s->length;
        int64_t n = line_length(s->data, str_unit(s), searched, end, line_newline(x));
        if (n >= 0 || (limit >= 0 && s->length >= (size_t)limit)) {
            size_t cut = n >= 0 ? searched + (size_t)n : end;
            x->decoded_used -= s->length - cut;   // the rest came from the newest chunk
            return str_substring(t, text, 0, cut);
        }
        searched = s->length && str_at(s, s->length - 1) == '\r' ? s->length - 1 : s->length;   // half of \r\n
        int more = read_chunk(t, x, 0);
        Value next = more < 0 ? 0 : take_decoded(t, x, -1);
        if (!next)
            return 0;
        if (!as_str(next)->length && !more) {
            text_drop_decoded(x);
            x->snapshot_bytes = 0;
            return text;
        }
        text = as_str(text)->length ? str_concat(t, text, next) : next;
        if (!text)
            return 0;
    }
}

static Value read_line(Thread *t, TextIO *x, int64_t limit)
{
    if (x->pending_length && !text_flush_pending(t, x))
        return 0;
    Value decoded = x->decoded;
    if (likely(decoded && x->decoded_used < as_str(decoded)->length)) {
        const Str *s = as_str(decoded);
        size_t start = x->decoded_used, end = s->length;
        if (limit >= 0)
            end = size_min(end, start + (size_t)limit);
        int64_t n = line_length(s->data, str_unit(s), start, end, line_newline(x));
        if (n < 0 && limit >= 0 && end - start == (size_t)limit)
            n = limit;
        if (likely(n >= 0)) {
            Value line = str_substring(t, decoded, start, start + (size_t)n);
            if (line)
                x->decoded_used = start + (size_t)n;
            return line;
        }
    }
    if (!limit)
        return str_empty;
    Value head = take_decoded(t, x, -1);
    return head ? read_long_line(t, x, head, limit) : 0;
}

Value text_readline(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    int64_t limit = -1;
    if ((args[1] && !to_int64(t, args[1], &limit)) || !read_ready(t, x))
        return 0;
    io_lock(t, &x->lock);
    Value line = read_line(t, x, limit);
    io_unlock(&x->lock);
    return line;
}

static Value next_of_subclass(Thread *t, Value self)
{
    Value line = call_method0(t, self, N(readline));
    if (line && !is_str(line))
        return raise(t, EXC(OSError), "readline() should have returned a str object, not '%T'", line);
    return line;
}

Value text_next_line(Thread *t, Value self)
{
    TextIO *x = (TextIO *)self;
    if (!text_check_attached(t, x))
        return 0;
    x->telling = false;
    Value line;
    if (likely(type_of(self) == &type_textio)) {
        if (!read_ready(t, x))
            return 0;
        io_lock(t, &x->lock);
        line = read_line(t, x, -1);
        io_unlock(&x->lock);
    } else {
        line = next_of_subclass(t, self);
    }
    if (!line || as_str(line)->length)
        return line;
    x->snapshot_bytes = 0;
    x->telling = x->seekable;
    return 0;
}
