// io_buffered_write.c: writing through a buffer; the types BufferedWriter and BufferedRandom.
#include <errno.h>
#include <unistd.h>

#include "src/modules/io_buffered.h"

static bool would_block(Thread *t, int64_t written)
{
    Value message = str_from_cstr(t, "write could not complete without blocking");
    Value error = message ? call3(t, value_of(EXC(BlockingIOError)), fixnum(EAGAIN), message, fixnum(written)) : 0;
    if (error)
        raise_value(t, error);
    return false;
}

bool buffered_flush_unlocked(Thread *t, Buffered *b)
{
    int64_t done = 0, n = 0;
    while (done < b->write_end) {
        n = buffered_raw_write(t, b, b->data + done, b->write_end - done);
        if (n < 0)
            break;
        done += n;
        if (!safepoint(t)) {   // a partial write may mean that a signal came
            n = -1;
            break;
        }
    }
    b->write_end -= done;
    if (unlikely(b->write_end))
        memmove(b->data, b->data + done, (size_t)b->write_end);
    if (unlikely(n == -2))
        would_block(t, 0);
    return n >= 0;
}

bool buffered_flush_native(Thread *t, Buffered *b)
{
    if (!buffered_check_open(t, b, "flush of closed file") || !buffered_enter(t, b))
        return false;
    bool done = buffered_flush_unlocked(t, b) && (!b->readable || buffered_forget_read(t, b));
    buffered_leave(b);
    return done;
}

static void append(Buffered *b, const uint8_t *data, int64_t n)
{
    memcpy(b->data + b->write_end, data, (size_t)n);
    b->write_end += n;
}

// The buffer could not be emptied because the stream would block: take what fits.
static int64_t append_what_fits(Thread *t, Buffered *b, const uint8_t *data, int64_t n)
{
    int64_t room = b->size - b->write_end;
    pending_clear(t);
    if (n <= room) {
        append(b, data, n);
        return n;
    }
    append(b, data, room);
    would_block(t, room);
    return -1;
}

// Bytes written, or -1 with an exception pending.
static int64_t write_unlocked(Thread *t, Buffered *b, const uint8_t *data, int64_t n)
{
    if (!buffered_data_ready(t, b) || (b->read_end && !buffered_forget_read(t, b)))
        return -1;
    if (likely(n <= b->size - b->write_end)) {
        append(b, data, n);
        return n;
    }
    if (!buffered_flush_unlocked(t, b))
        return pending_matches(t, EXC(BlockingIOError)) ? append_what_fits(t, b, data, n) : -1;
    int64_t done = 0;
    while (n - done > b->size) {   // whole buffers go past the buffer
        int64_t put = buffered_raw_write(t, b, data + done, n - done);
        if (put == -1)
            return -1;
        if (put == -2) {
            append(b, data + done, b->size);
            would_block(t, done + b->size);
            return -1;
        }
        done += put;
        if (!safepoint(t))
            return -1;
    }
    append(b, data + done, n - done);
    return n;
}

bool buffered_write_native(Thread *t, Buffered *b, const uint8_t *data, size_t n)
{
    if (!buffered_check_open(t, b, "write to closed file") || !buffered_enter(t, b))
        return false;
    int64_t put = write_unlocked(t, b, data, (int64_t)n);
    buffered_leave(b);
    return put >= 0;
}

Value buffered_write_method(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    Buffer buffer;
    if (!buffered_check(t, b) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    int64_t n = -1;
    if (buffered_enter(t, b)) {
        if (buffered_check_open(t, b, "write to closed file"))
            n = write_unlocked(t, b, buffer.data, buffer.length);
        buffered_leave(b);
    }
    buffer_release(t, &buffer);
    return n < 0 ? 0 : fixnum(n);
}

// --- the types ---

static Value writer_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(instance_new(t, cls, 0));
}

static bool writer_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    int64_t size = IO_BUFFER_SIZE;
    Buffered *b = (Buffered *)self;
    BIND_ARGUMENTS(t, "BufferedWriter", "(raw, buffer_size=DEFAULT_BUFFER_SIZE)", args, nargs, kwnames, a, return false);
    b->ok = b->detached = false;
    if ((a[1] && !to_int64(t, a[1], &size)) || !io_check_writable(t, a[0]))
        return false;
    b->readable = false;
    b->writable = true;
    return buffered_init_common(t, b, a[0], size);
}

static bool random_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    int64_t size = IO_BUFFER_SIZE;
    Buffered *b = (Buffered *)self;
    BIND_ARGUMENTS(t, "BufferedRandom", "(raw, buffer_size=DEFAULT_BUFFER_SIZE)", args, nargs, kwnames, a, return false);
    b->ok = b->detached = false;
    if ((a[1] && !to_int64(t, a[1], &size)) || !io_check_seekable(t, a[0]) || !io_check_readable(t, a[0])
        || !io_check_writable(t, a[0]))
        return false;
    b->readable = b->writable = true;
    return buffered_init_common(t, b, a[0], size);
}

Type type_buffered_writer = {
    TYPE_HEAD(buffered_writer, "_io.BufferedWriter", &type_buffered_io_base, Buffered),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(Buffered, attributes),
    .new_signature = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    .slots = {.new = writer_new, .init = writer_init, .repr = buffered_repr, .finalize = io_finalize},
    .doc = "A buffer for a writeable sequential RawIO object.",
    .getsets = buffered_getsets,
    .members = buffered_members,
    .methods = (const NativeDef[]){
        {"write", buffered_write_method, "($self, buffer, /)", NULL},
        {"writable", buffered_writable, "($self, /)", NULL},
        BUFFERED_COMMON_METHODS,
        {0},
    },
};

Type type_buffered_random = {
    TYPE_HEAD(buffered_random, "_io.BufferedRandom", &type_buffered_io_base, Buffered),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(Buffered, attributes),
    .new_signature = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    .slots = {.new = writer_new, .init = random_init, .repr = buffered_repr, .next = buffered_next, .finalize = io_finalize},
    .doc = "A buffered interface to random access streams.",
    .getsets = buffered_getsets,
    .members = buffered_members,
    .methods = (const NativeDef[]){
        {"write", buffered_write_method, "($self, buffer, /)", NULL},
        {"writable", buffered_writable, "($self, /)", NULL},
        BUFFERED_READ_METHODS,
        BUFFERED_COMMON_METHODS,
        {0},
    },
};
