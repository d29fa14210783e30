// io_bytes.c: BytesIO, a stream over bytes in memory.
#include "src/modules/io.h"

enum { BYTES_IO_MIN = 64 };

typedef struct BytesIOBuffer {
    Object head;
    Value source;        // BytesIO
} BytesIOBuffer;

static bool check_open(Thread *t, const BytesIO *b)
{
    if (likely(b->bytes != NULL))
        return true;
    raise(t, EXC(ValueError), "I/O operation on closed file.");
    return false;
}

static bool check_exports(Thread *t, const BytesIO *b)
{
    if (likely(!b->exports))
        return true;
    raise(t, EXC(BufferError), "Existing exports of data: object cannot be re-sized");
    return false;
}

static int64_t left(const BytesIO *b)
{
    return b->position < b->length ? b->length - b->position : 0;
}

// Makes the storage ours and at least `want` bytes long. The lock is held.
static bool storage_ready(Thread *t, BytesIO *b, int64_t want)
{
    int64_t capacity = (int64_t)b->bytes->length;
    if (likely(want <= capacity && !b->shared))
        return true;
    if (want > capacity)
        want += want / 8 + BYTES_IO_MIN;
    else
        want = capacity;
    Bytes *grown = bytes_alloc(t, (size_t)want);
    if (!grown)
        return false;
    memcpy(grown->data, b->bytes->data, (size_t)b->length);
    b->bytes = grown;
    b->shared = false;
    return true;
}

static bool write_bytes(Thread *t, BytesIO *b, const uint8_t *data, int64_t n)
{
    if (!check_exports(t, b))
        return false;
    if (!n)
        return true;
    int64_t end;
    if (__builtin_add_overflow(b->position, n, &end)) {
        raise(t, EXC(OverflowError), "new position too large");
        return false;
    }
    if (!storage_ready(t, b, end))
        return false;
    if (b->position > b->length)
        memset(b->bytes->data + b->length, 0, (size_t)(b->position - b->length));
    memcpy(b->bytes->data + b->position, data, (size_t)n);
    b->position = end;
    if (end > b->length)
        b->length = end;
    return true;
}

// --- making ---

static Value bytes_io_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    // The memory of exact instances needs no finaliser: there is nothing to close.
    BytesIO *b = cls == &type_bytes_io ? new_object(t, bytes_io, BytesIO) : instance_new(t, cls, 0);
    if (b) {
        b->bytes = as_bytes(bytes_empty);
        b->shared = true;
    }
    return value_of(b);
}

static bool fill_from(Thread *t, BytesIO *b, Value initial)
{
    if (initial && is_exactly(initial, &type_bytes)) {   // shared until somebody writes
        b->bytes = as_bytes(initial);
        b->shared = true;
        b->length = (int64_t)as_bytes(initial)->length;
        return true;
    }
    if (!initial || initial == NONE)
        return true;
    Buffer buffer;
    if (!buffer_get(t, initial, &buffer, BUFFER_SIMPLE))
        return false;
    bool done = write_bytes(t, b, buffer.data, buffer.length);
    buffer_release(t, &buffer);
    b->position = 0;
    return done;
}

static bool bytes_io_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[1];
    BytesIO *b = (BytesIO *)self;
    BIND_ARGUMENTS(t, "BytesIO", "(initial_bytes=b'')", args, nargs, kwnames, a, return false);
    io_lock(t, &b->lock);
    bool done = check_exports(t, b);
    if (done) {
        b->bytes = as_bytes(bytes_empty);
        b->shared = true;
        b->length = b->position = 0;
        done = fill_from(t, b, a[0]);
    }
    io_unlock(&b->lock);
    return done;
}

// --- reading ---

static Value take(Thread *t, BytesIO *b, int64_t n)
{
    Value result;
    if (n == b->length && !b->position && (size_t)n == b->bytes->length && n > 1) {
        b->shared = true;                     // everything at once: hand out the storage itself
        result = value_of(b->bytes);
    } else {
        result = bytes_new(t, b->bytes->data + b->position, (size_t)n);
    }
    if (result)
        b->position += n;
    return result;
}

static Value bytes_io_read(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    int64_t n;
    if (!check_open(t, b) || !io_size_arg(t, args[1], &n))
        return 0;
    io_lock(t, &b->lock);
    Value result = 0;
    if (check_open(t, b))
        result = left(b) ? take(t, b, n < 0 || n > left(b) ? left(b) : n) : bytes_empty;
    io_unlock(&b->lock);
    return result;
}

static int64_t line_size(const BytesIO *b, int64_t limit)
{
    int64_t n = left(b);
    if (limit >= 0 && limit < n)
        n = limit;
    if (!n)
        return 0;
    const uint8_t *start = b->bytes->data + b->position, *end = memchr(start, '\n', (size_t)n);
    return end ? end - start + 1 : n;
}

static Value read_line(Thread *t, BytesIO *b, int64_t limit)
{
    io_lock(t, &b->lock);
    Value result = 0;
    if (check_open(t, b)) {
        int64_t n = line_size(b, limit);
        result = n ? take(t, b, n) : bytes_empty;
    }
    io_unlock(&b->lock);
    return result;
}

static Value bytes_io_readline(Thread *t, const Value *args, size_t nargs)
{
    int64_t limit;
    return check_open(t, (BytesIO *)args[0]) && io_size_arg(t, args[1], &limit) ? read_line(t, (BytesIO *)args[0], limit) : 0;
}

static Value bytes_io_next(Thread *t, Value self)
{
    Value line = read_line(t, (BytesIO *)self, -1);
    return line && as_bytes(line)->length ? line : 0;
}

static Value bytes_io_iter(Thread *t, Value self)
{
    return check_open(t, (BytesIO *)self) ? self : 0;
}

static Value bytes_io_readlines(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    int64_t hint, total = 0;
    if (!check_open(t, b) || !io_size_arg(t, args[1], &hint))
        return 0;
    List *lines = list_new(t, 0);
    while (lines) {
        Value line = read_line(t, b, -1);
        if (!line)
            return 0;
        if (!as_bytes(line)->length)
            break;
        if (!list_append(t, lines, line))
            return 0;
        total += (int64_t)as_bytes(line)->length;
        if (hint > 0 && total >= hint)
            break;
    }
    return value_of(lines);
}

static Value bytes_io_readinto(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    Buffer buffer;
    if (!check_open(t, b) || !writable_arg(t, args[1], "readinto() argument", &buffer))
        return 0;
    io_lock(t, &b->lock);
    int64_t n = -1;
    if (check_open(t, b)) {
        n = left(b) < buffer.length ? left(b) : buffer.length;
        memcpy(buffer.data, b->bytes->data + b->position, n > 0 ? (size_t)n : 0);
        b->position += n;
    }
    io_unlock(&b->lock);
    buffer_release(t, &buffer);
    return n < 0 ? 0 : fixnum(n);
}

// --- writing ---

static Value bytes_io_write(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    Buffer buffer;
    if (!check_open(t, b) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    io_lock(t, &b->lock);
    bool done = check_open(t, b) && write_bytes(t, b, buffer.data, buffer.length);
    io_unlock(&b->lock);
    int64_t n = buffer.length;
    buffer_release(t, &buffer);
    return done ? fixnum(n) : 0;
}

static Value bytes_io_writelines(Thread *t, const Value *args, size_t nargs)
{
    if (!check_open(t, (BytesIO *)args[0]))
        return 0;
    Value iterator = iter_get(t, args[1]), item;
    if (!iterator)
        return 0;
    while ((item = iter_next(t, iterator))) {
        const Value both[2] = {args[0], item};
        if (!bytes_io_write(t, both, 2))
            return 0;
    }
    return is_pending(t) ? 0 : NONE;
}

static Value bytes_io_truncate(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    int64_t size = b->position;
    if (!check_open(t, b) || !check_exports(t, b))
        return 0;
    if (args[1] && args[1] != NONE && !to_int64(t, args[1], &size))
        return 0;
    if (size < 0)
        return raise(t, EXC(ValueError), "negative size value %ld", size);
    io_lock(t, &b->lock);
    if (b->bytes && size < b->length)
        b->length = size;
    io_unlock(&b->lock);
    return int_from_int64(t, size);
}

// --- position and the whole ---

static Value bytes_io_seek(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    int64_t offset, base = 0;
    int whence;
    if (!check_open(t, b) || !to_int64(t, args[1], &offset) || !int_arg(t, args[2], 0, &whence))
        return 0;
    if (offset < 0 && whence == 0)
        return raise(t, EXC(ValueError), "negative seek value %ld", offset);
    if (whence < 0 || whence > 2)
        return raise(t, EXC(ValueError), "invalid whence (%d, should be 0, 1 or 2)", whence);
    io_lock(t, &b->lock);
    base = whence == 1 ? b->position : whence == 2 ? b->length : 0;
    bool over = __builtin_add_overflow(base, offset, &offset);
    if (!over)
        b->position = offset < 0 ? 0 : offset;
    offset = b->position;
    io_unlock(&b->lock);
    return over ? raise(t, EXC(OverflowError), "new position too large") : int_from_int64(t, offset);
}

static Value bytes_io_tell(Thread *t, const Value *args, size_t nargs)
{
    const BytesIO *b = (BytesIO *)args[0];
    return check_open(t, b) ? int_from_int64(t, b->position) : 0;
}

static Value bytes_io_getvalue(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    if (!check_open(t, b))
        return 0;
    io_lock(t, &b->lock);
    Value result = 0;
    if (!b->bytes) {
        check_open(t, b);
    } else if ((size_t)b->length == b->bytes->length && !b->exports) {
        b->shared = true;
        result = value_of(b->bytes);
    } else {
        result = bytes_new(t, b->bytes->data, (size_t)b->length);
        if (result && !b->exports && b->length > 1) {   // asked again without a change, the same bytes are the answer
            b->bytes = as_bytes(result);
            b->shared = true;
        }
    }
    io_unlock(&b->lock);
    return result;
}

static Value bytes_io_close(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    if (!check_exports(t, b))
        return 0;
    io_lock(t, &b->lock);
    b->bytes = NULL;
    b->length = b->position = 0;
    io_unlock(&b->lock);
    return NONE;
}

static Value bytes_io_true(Thread *t, const Value *args, size_t nargs)
{
    return check_open(t, (BytesIO *)args[0]) ? TRUE : 0;
}

static Value bytes_io_isatty(Thread *t, const Value *args, size_t nargs)
{
    return check_open(t, (BytesIO *)args[0]) ? FALSE : 0;
}

static Value bytes_io_flush(Thread *t, const Value *args, size_t nargs)
{
    return check_open(t, (BytesIO *)args[0]) ? NONE : 0;
}

static Value bytes_io_get_closed(Thread *t, Value self)
{
    return value_bool(!((BytesIO *)self)->bytes);
}

static Value bytes_io_sizeof(Thread *t, const Value *args, size_t nargs)
{
    const BytesIO *b = (BytesIO *)args[0];
    int64_t held = b->bytes && !b->shared ? (int64_t)(sizeof(Bytes) + b->bytes->length + 1) : 0;
    return fixnum((int64_t)type_of(args[0])->basic_size + held);
}

// --- pickling ---

static Value bytes_io_getstate(Thread *t, const Value *args, size_t nargs)
{
    Value all = bytes_io_getvalue(t, args, 1);
    Value dict = all ? instance_dict_copy(t, as_object(args[0])) : 0;
    if (!dict)
        return 0;
    Value attributes = dict_length(as_dict(dict)) ? dict : NONE;
    return tuple_of(t, 3, all, int_from_int64(t, ((BytesIO *)args[0])->position), attributes);
}

static Value bytes_io_setstate(Thread *t, const Value *args, size_t nargs)
{
    BytesIO *b = (BytesIO *)args[0];
    if (!is_tuple(args[1]) || as_tuple(args[1])->length < 3)
        return raise(t, EXC(TypeError), "%T.__setstate__ argument should be 3-tuple, got %T", args[0], args[1]);
    const Value *state = as_tuple(args[1])->at;
    int64_t position;
    if (!check_open(t, b) || !check_exports(t, b) || !bytes_io_init(t, args[0], state, 1, 0))
        return 0;
    if (!is_int(state[1]))
        return raise(t, EXC(TypeError), "second item of state must be an integer, not %T", state[1]);
    if (!to_int64(t, state[1], &position))
        return 0;
    if (position < 0)
        return raise(t, EXC(ValueError), "position value cannot be negative");
    b->position = position;
    if (state[2] == NONE)
        return NONE;
    if (!is_dict(state[2]))
        return raise(t, EXC(TypeError), "third item of state should be a dict, got a %T", state[2]);
    size_t at = 0;
    Value key, value;
    while (dict_next(as_dict(state[2]), &at, &key, &value))
        if (!attr_set(t, args[0], key, value))
            return 0;
    return NONE;
}

// --- getbuffer ---

static bool view_get(Thread *t, Value self, Buffer *out, int flags)
{
    BytesIO *b = (BytesIO *)((BytesIOBuffer *)self)->source;
    io_lock(t, &b->lock);
    bool done = check_open(t, b) && storage_ready(t, b, b->length);
    if (done) {
        b->exports++;
        *out = (Buffer){.data = b->bytes->data, .owner = self, .length = b->length, .item_size = 1, .ndim = 1};
    }
    io_unlock(&b->lock);
    return done;
}

static void view_release(Thread *t, Value self, Buffer *buffer)
{
    BytesIO *b = (BytesIO *)((BytesIOBuffer *)self)->source;
    io_lock(t, &b->lock);
    b->exports--;
    io_unlock(&b->lock);
}

static Value bytes_io_getbuffer(Thread *t, const Value *args, size_t nargs)
{
    if (!check_open(t, (BytesIO *)args[0]))
        return 0;
    BytesIOBuffer *view = new_object(t, bytes_io_buffer, BytesIOBuffer);
    if (!view)
        return 0;
    view->source = args[0];
    return memoryview_new(t, value_of(view));
}

Type type_bytes_io_buffer = {
    TYPE_HEAD(bytes_io_buffer, "_io._BytesIOBuffer", &type_object, BytesIOBuffer),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE,
    .slots = {.get_buffer = view_get, .release_buffer = view_release},
};

Type type_bytes_io = {
    TYPE_HEAD(bytes_io, "_io.BytesIO", &type_buffered_io_base, BytesIO),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(BytesIO, attributes),
    .new_signature = "(initial_bytes=b'')",
    .slots = {.new = bytes_io_new, .init = bytes_io_init, .iter = bytes_io_iter, .next = bytes_io_next},
    .doc = "Buffered I/O implementation using an in-memory bytes buffer.",
    .getsets = (const GetSetDef[]){{"closed", bytes_io_get_closed, NULL, "True if the file is closed."}, {0}},
    .methods = (const NativeDef[]){
        {"read", bytes_io_read, "($self, size=-1, /)", "Read at most size bytes, returned as a bytes object."},
        {"read1", bytes_io_read, "($self, size=-1, /)", "Read at most size bytes, returned as a bytes object."},
        {"readline", bytes_io_readline, "($self, size=-1, /)", "Next line from the file, as a bytes object."},
        {"readlines", bytes_io_readlines, "($self, size=None, /)", "List of bytes objects, each a line from the file."},
        {"readinto", bytes_io_readinto, "($self, buffer, /)", "Read bytes into buffer."},
        {"write", bytes_io_write, "($self, b, /)", "Write bytes to file."},
        {"writelines", bytes_io_writelines, "($self, lines, /)", "Write lines to the file."},
        {"truncate", bytes_io_truncate, "($self, size=None, /)", "Truncate the file to at most size bytes."},
        {"seek", bytes_io_seek, "($self, pos, whence=0, /)", "Change stream position."},
        {"tell", bytes_io_tell, "($self, /)", "Current file position, an integer."},
        {"getvalue", bytes_io_getvalue, "($self, /)", "Retrieve the entire contents of the BytesIO object."},
        {"getbuffer", bytes_io_getbuffer, "($self, /)", "Get a read-write view over the contents of the BytesIO object."},
        {"close", bytes_io_close, "($self, /)", "Disable all I/O operations."},
        {"readable", bytes_io_true, "($self, /)", "Returns True if the IO object can be read."},
        {"writable", bytes_io_true, "($self, /)", "Returns True if the IO object can be written."},
        {"seekable", bytes_io_true, "($self, /)", "Returns True if the IO object can be seeked."},
        {"isatty", bytes_io_isatty, "($self, /)", "Always returns False."},
        {"flush", bytes_io_flush, "($self, /)", "Does nothing."},
        {"__sizeof__", bytes_io_sizeof, "($self, /)", NULL},
        {"__getstate__", bytes_io_getstate, "($self, /)", NULL},
        {"__setstate__", bytes_io_setstate, "($self, object, /)", NULL},
        {0},
    },
};
