// io_buffered_read.c: reading through a buffer, and the type BufferedReader.
#include <unistd.h>

#include "src/modules/io_buffered.h"
#include "src/types/codec.h"

static inline int64_t unread(const Buffered *b)
{
    return b->read_end - b->read_at;
}

// Before reading: pending output goes out first.
static bool read_ready(Thread *t, Buffered *b)
{
    return !b->write_end || buffered_flush_unlocked(t, b);
}

// Fills the empty buffer by one raw read: bytes got, -1, -2.
static int64_t fill(Thread *t, Buffered *b)
{
    if (!buffered_data_ready(t, b))
        return -1;
    b->read_at = b->read_end = 0;
    int64_t n = buffered_raw_read(t, b, b->data, b->size);
    if (n > 0)
        b->read_end = n;
    return n;
}

static Value take(Thread *t, Buffered *b, int64_t n)
{
    Value bytes = bytes_new(t, b->data + b->read_at, (size_t)n);
    if (bytes)
        b->read_at += n;
    return bytes;
}

// --- read ---

// The rest of the stream through the raw stream's readall or read.
static Value read_rest_raw(Thread *t, Buffered *b, BytesBuilder *all)
{
    Value readall;
    int found = attr_find(t, b->raw, str_intern_cstr(t, "readall"), &readall);
    if (found < 0)
        return 0;
    for (bool first = true;; first = false) {
        Value piece = found ? call0(t, readall) : call_method0(t, b->raw, N(read));
        if (!piece)
            return 0;
        if (piece != NONE && !is_bytes(piece))
            return raise(t, EXC(TypeError), found ? "readall() should return bytes" : "read() should return bytes");
        size_t n = piece == NONE ? 0 : as_bytes(piece)->length;
        if (!n && first && !all->length)
            return piece;
        if (n) {
            b->position = b->position < 0 ? -1 : b->position + (int64_t)n;
            if (!bytes_add(t, all, as_bytes(piece)->data, n))
                return 0;
        }
        if (!n || found)
            return bytes_finish(t, all);
    }
}

static Value read_all(Thread *t, Buffered *b)
{
    BytesBuilder all = {0};
    if (!read_ready(t, b))
        return 0;
    int64_t have = unread(b);
    if (b->raw_is_file && !have) {
        Value rest = file_read_rest(t, (FileIO *)b->raw);
        b->position = -1;
        return rest;
    }
    if (have && !bytes_add(t, &all, b->data + b->read_at, (size_t)have))
        return 0;
    b->read_at = b->read_end = 0;
    return read_rest_raw(t, b, &all);
}

Value buffered_read_all_native(Thread *t, Buffered *b)
{
    if (!buffered_check_open(t, b, "read of closed file") || !buffered_enter(t, b))
        return 0;
    Value result = read_all(t, b);
    buffered_leave(b);
    return result;
}

// Copies what is there and reads on until n bytes are got or the stream ends: bytes got, -1, -2 (nothing, would block).
static int64_t read_exactly(Thread *t, Buffered *b, uint8_t *to, int64_t n)
{
    int64_t got = unread(b) < n ? unread(b) : n;
    if (got)
        memcpy(to, b->data + b->read_at, (size_t)got);
    b->read_at += got;
    if (got == n)
        return got;
    if (!read_ready(t, b))
        return -1;
    while (got < n) {
        int64_t left = n - got, r;
        if (left >= b->size) {
            r = buffered_raw_read(t, b, to + got, left - left % b->size);   // whole buffers go past the buffer
        } else {
            r = fill(t, b);
            if (r > left)
                r = left;
            if (r > 0) {
                memcpy(to + got, b->data, (size_t)r);
                b->read_at = r;
            }
        }
        if (r == -1)
            return -1;
        if (r <= 0)
            return r == -2 && !got ? -2 : got;
        got += r;
    }
    return got;
}

static Value read_n(Thread *t, Buffered *b, int64_t n)
{
    Bytes *bytes = bytes_alloc(t, (size_t)n);
    if (!bytes)
        return 0;
    int64_t got = read_exactly(t, b, bytes->data, n);
    if (got < 0)
        return got == -2 ? NONE : 0;
    return got == n ? value_of(bytes) : bytes_new(t, bytes->data, (size_t)got);
}

Value buffered_read(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    int64_t n;
    if (!buffered_check(t, b) || !io_size_arg(t, args[1], &n))
        return 0;
    if (n < -1)
        return raise(t, EXC(ValueError), "read length must be non-negative or -1");
    if (!buffered_check_open(t, b, "read of closed file") || !buffered_enter(t, b))
        return 0;
    Value result = n < 0 ? read_all(t, b) : read_n(t, b, n);
    buffered_leave(b);
    return result;
}

// --- read1, peek ---

static Value read1(Thread *t, Buffered *b, int64_t n)
{
    if (!n)
        return bytes_empty;
    if (unread(b))
        return take(t, b, unread(b) < n ? unread(b) : n);
    if (!read_ready(t, b))
        return 0;
    if (n < b->size && b->raw_is_file) {   // a small piece of a file: fill the buffer at once
        int64_t got = fill(t, b);
        if (got < 0)
            return got == -2 ? bytes_empty : 0;
        return take(t, b, got < n ? got : n);
    }
    Bytes *bytes = bytes_alloc(t, (size_t)n);
    if (!bytes)
        return 0;
    b->read_at = b->read_end = 0;
    int64_t got = buffered_raw_read(t, b, bytes->data, n);
    if (got == -1)
        return 0;
    return got == n ? value_of(bytes) : bytes_new(t, bytes->data, got < 0 ? 0 : (size_t)got);
}

Value buffered_read1_native(Thread *t, Buffered *b, int64_t n)
{
    if (!buffered_check_open(t, b, "read of closed file") || !buffered_enter(t, b))
        return 0;
    Value result = read1(t, b, n < 0 ? b->size : n);
    buffered_leave(b);
    return result;
}

Value buffered_read1(Thread *t, const Value *args, size_t nargs)
{
    int64_t n = -1;
    if (!buffered_check(t, (Buffered *)args[0]) || (args[1] && !to_int64(t, args[1], &n)))
        return 0;
    return buffered_read1_native(t, (Buffered *)args[0], n);
}

Value buffered_peek(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    int64_t hint = 0;
    if (!buffered_check_open(t, b, "peek of closed file") || (args[1] && !to_int64(t, args[1], &hint)) || !buffered_enter(t, b))
        return 0;
    Value result = 0;
    if (read_ready(t, b)) {
        int64_t n = unread(b) ? unread(b) : fill(t, b);
        if (n != -1)
            result = n > 0 ? bytes_new(t, b->data + b->read_at, (size_t)unread(b)) : bytes_empty;
    }
    buffered_leave(b);
    return result;
}

// --- readinto ---

// At most one raw read.
static int64_t read_into_once(Thread *t, Buffered *b, uint8_t *to, int64_t n)
{
    if (!n)
        return 0;
    if (!unread(b)) {
        if (!read_ready(t, b))
            return -1;
        if (n > b->size)
            return buffered_raw_read(t, b, to, n);
        int64_t got = fill(t, b);
        if (got <= 0)
            return got;
    }
    int64_t count = unread(b) < n ? unread(b) : n;
    memcpy(to, b->data + b->read_at, (size_t)count);
    b->read_at += count;
    if (n - count <= b->size)
        return count;
    int64_t more = buffered_raw_read(t, b, to + count, n - count);   // much is wanted: the one raw read fills it directly
    return more == -1 ? -1 : count + (more > 0 ? more : 0);
}

static Value readinto(Thread *t, const Value *args, bool once)
{
    Buffered *b = (Buffered *)args[0];
    Buffer buffer;
    if (!buffered_check(t, b) || !writable_arg(t, args[1], once ? "readinto1() argument" : "readinto() argument", &buffer))
        return 0;
    int64_t n = -1;
    if (buffered_check_open(t, b, "readinto of closed file") && buffered_enter(t, b)) {
        n = once ? read_into_once(t, b, buffer.data, buffer.length) : read_exactly(t, b, buffer.data, buffer.length);
        buffered_leave(b);
    }
    buffer_release(t, &buffer);
    return n >= 0 ? fixnum(n) : n == -2 ? NONE : 0;
}

Value buffered_readinto(Thread *t, const Value *args, size_t nargs)
{
    return readinto(t, args, false);
}

Value buffered_readinto1(Thread *t, const Value *args, size_t nargs)
{
    return readinto(t, args, true);
}

// --- lines ---

static Value read_line(Thread *t, Buffered *b, int64_t limit)
{
    BytesBuilder line = {0};
    for (;;) {
        int64_t n = unread(b);
        if (limit >= 0 && n > limit - (int64_t)line.length)
            n = limit - (int64_t)line.length;
        const uint8_t *start = b->data + b->read_at, *end = n ? memchr(start, '\n', (size_t)n) : NULL;
        if (end)
            n = end - start + 1;
        bool whole = end || (limit >= 0 && (int64_t)line.length + n == limit);
        if (whole && !line.length)
            return n ? take(t, b, n) : bytes_empty;
        if (n && !bytes_add(t, &line, start, (size_t)n))
            return 0;
        b->read_at += n;
        if (whole)
            return bytes_finish(t, &line);
        if (!read_ready(t, b))
            return 0;
        int64_t got = fill(t, b);
        if (got == -1)
            return 0;
        if (got <= 0)
            return line.length ? bytes_finish(t, &line) : bytes_empty;
    }
}

static Value read_line_locked(Thread *t, Buffered *b, int64_t limit)
{
    if (!buffered_check_open(t, b, "readline of closed file") || !buffered_enter(t, b))
        return 0;
    Value line = read_line(t, b, limit);
    buffered_leave(b);
    return line;
}

Value buffered_readline(Thread *t, const Value *args, size_t nargs)
{
    int64_t limit;
    if (!buffered_check(t, (Buffered *)args[0]) || !io_size_arg(t, args[1], &limit))
        return 0;
    return read_line_locked(t, (Buffered *)args[0], limit);
}

Value buffered_next(Thread *t, Value self)
{
    Buffered *b = (Buffered *)self;
    Type *type = type_of(self);
    if (type == &type_buffered_reader || type == &type_buffered_random) {
        Value line = buffered_check(t, b) ? read_line_locked(t, b, -1) : 0;
        return line && as_bytes(line)->length ? line : 0;
    }
    Value line = call_method0(t, self, N(readline));
    if (!line)
        return 0;
    if (!is_bytes(line))
        return raise(t, EXC(OSError), "readline() should have returned a bytes object, not '%T'", line);
    return as_bytes(line)->length ? line : 0;
}

// --- the type ---

static Value reader_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(instance_new(t, cls, 0));
}

static bool reader_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    int64_t size = IO_BUFFER_SIZE;
    Buffered *b = (Buffered *)self;
    BIND_ARGUMENTS(t, "BufferedReader", "(raw, buffer_size=DEFAULT_BUFFER_SIZE)", args, nargs, kwnames, a, return false);
    b->ok = b->detached = false;
    if ((a[1] && !to_int64(t, a[1], &size)) || !io_check_readable(t, a[0]))
        return false;
    b->readable = true;
    b->writable = false;
    return buffered_init_common(t, b, a[0], size);
}

Type type_buffered_reader = {
    TYPE_HEAD(buffered_reader, "_io.BufferedReader", &type_buffered_io_base, Buffered),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(Buffered, attributes),
    .new_signature = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    .slots = {.new = reader_new, .init = reader_init, .repr = buffered_repr, .next = buffered_next, .finalize = io_finalize},
    .doc = "Create a new buffered reader using the given readable raw IO object.",
    .getsets = buffered_getsets,
    .members = buffered_members,
    .methods = (const NativeDef[]){BUFFERED_READ_METHODS, BUFFERED_COMMON_METHODS, {0}},
};
