// posix_io.c: moving data between descriptors and memory: read, write and their vectored and positioned forms.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "src/modules/posix.h"

enum { WRITE_MAX = 0x7ffff000 };   // what the system transfers at most in one call

static Value read_new(Thread *t, int fd, int64_t length, bool positioned, int64_t offset)
{
    if (length < 0)
        return raise_errno(t, EINVAL);
    if (length > WRITE_MAX)
        length = WRITE_MAX;
    Bytes *bytes = bytes_alloc(t, (size_t)length);
    if (!bytes)
        return 0;
    long n = positioned ? OS_CALL(t, SYS_pread64, fd, (long)bytes->data, length, offset)
                        : OS_CALL(t, SYS_read, fd, (long)bytes->data, length);
    if (n < 0)
        return os_raise(t, n, 0, 0);
    if (n == length)
        return value_of(bytes);
    return bytes_new(t, bytes->data, (size_t)n);
}

static Value posix_read(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    int64_t length;
    return to_int32(t, args[0], &fd) && to_int64(t, args[1], &length) ? read_new(t, fd, length, false, 0) : 0;
}

static Value posix_pread(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    int64_t length, offset;
    if (!to_int32(t, args[0], &fd) || !to_int64(t, args[1], &length) || !to_int64(t, args[2], &offset))
        return 0;
    return read_new(t, fd, length, true, offset);
}

static Value posix_readinto(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    Buffer buffer;
    if (!to_int32(t, args[0], &fd) || !writable_arg(t, args[1], "readinto() argument 2", &buffer))
        return 0;
    long n = OS_CALL(t, SYS_read, fd, (long)buffer.data, buffer.length > WRITE_MAX ? WRITE_MAX : buffer.length);
    buffer_release(t, &buffer);
    return n < 0 ? os_raise(t, n, 0, 0) : fixnum(n);
}

static Value posix_write(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    Buffer buffer;
    if (!to_int32(t, args[0], &fd) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    long n = OS_CALL(t, SYS_write, fd, (long)buffer.data, buffer.length > WRITE_MAX ? WRITE_MAX : buffer.length);
    buffer_release(t, &buffer);
    return n < 0 ? os_raise(t, n, 0, 0) : fixnum(n);
}

static Value posix_pwrite(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    int64_t offset;
    Buffer buffer;
    if (!to_int32(t, args[0], &fd) || !to_int64(t, args[2], &offset) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    long n = OS_CALL(t, SYS_pwrite64, fd, (long)buffer.data, buffer.length > WRITE_MAX ? WRITE_MAX : buffer.length, offset);
    buffer_release(t, &buffer);
    return n < 0 ? os_raise(t, n, 0, 0) : fixnum(n);
}

// --- vectored forms ---

typedef struct Vector {
    struct iovec *parts;     // collected atomic memory: the buffers keep the data alive
    Buffer *buffers;         // collected memory
    size_t n;
} Vector;

static void vector_release(Thread *t, Vector *v)
{
    for (size_t i = 0; i < v->n; i++)
        buffer_release(t, &v->buffers[i]);
}

static bool vector_get(Thread *t, Value sequence, int flags, const char *function, Vector *out)
{
    size_t n;
    *out = (Vector){0};
    if (!type_of(sequence)->slots.getitem || is_dict(sequence)) {
        raise(t, EXC(TypeError), "%s() arg 2 must be a sequence", function);
        return false;
    }
    Value *items = values_from_iterable(t, sequence, &n);
    if (!items)
        return false;
    if (n > IOV_MAX) {
        raise_errno(t, EINVAL);
        return false;
    }
    out->parts = new_atomic(t, n * sizeof(struct iovec) + 1);
    out->buffers = new_scanned(t, n * sizeof(Buffer) + 1);
    if (!out->parts || !out->buffers)
        return false;
    for (; out->n < n; out->n++) {
        Buffer *b = &out->buffers[out->n];
        if (!buffer_get(t, items[out->n], b, flags)) {
            vector_release(t, out);
            return false;
        }
        out->parts[out->n] = (struct iovec){b->data, (size_t)b->length};
    }
    return true;
}

static Value vector_call(Thread *t, long number, const char *function, Value fd_value, Value sequence, int buffer_flags,
                         int64_t offset, int flags)
{
    int fd;
    Vector v;
    if (!to_int32(t, fd_value, &fd) || !vector_get(t, sequence, buffer_flags, function, &v))
        return 0;
    // preadv2 takes the offset in two words; the second counts on 32-bit machines only.
    long n = OS_CALL(t, number, fd, (long)v.parts, (long)v.n, offset, 0, flags);
    vector_release(t, &v);
    return n < 0 ? os_raise(t, n, 0, 0) : int_from_int64(t, n);
}

static Value posix_readv(Thread *t, const Value *args, size_t nargs)
{
    return vector_call(t, SYS_readv, "readv", args[0], args[1], BUFFER_WRITABLE, 0, 0);
}

static Value posix_writev(Thread *t, const Value *args, size_t nargs)
{
    return vector_call(t, SYS_writev, "writev", args[0], args[1], BUFFER_SIMPLE, 0, 0);
}

static Value posix_preadv(Thread *t, const Value *args, size_t nargs)
{
    int64_t offset;
    int flags;
    if (!to_int64(t, args[2], &offset) || !int_arg(t, args[3], 0, &flags))
        return 0;
    return vector_call(t, SYS_preadv2, "preadv", args[0], args[1], BUFFER_WRITABLE, offset, flags);
}

static Value posix_pwritev(Thread *t, const Value *args, size_t nargs)
{
    int64_t offset;
    int flags;
    if (!to_int64(t, args[2], &offset) || !int_arg(t, args[3], 0, &flags))
        return 0;
    return vector_call(t, SYS_pwritev2, "pwritev", args[0], args[1], BUFFER_SIMPLE, offset, flags);
}

// --- between descriptors ---

// An optional offset: *out_pointer is null for None.
static bool offset_arg(Thread *t, Value v, int64_t *room, int64_t **out_pointer)
{
    *out_pointer = NULL;
    if (!v || v == NONE)
        return true;
    *out_pointer = room;
    return to_int64(t, v, room);
}

static Value posix_sendfile(Thread *t, const Value *args, size_t nargs)
{
    int out, in;
    int64_t room, *offset, count;
    if (!to_int32(t, args[0], &out) || !to_int32(t, args[1], &in) || !offset_arg(t, args[2], &room, &offset)
        || !to_int64(t, args[3], &count))
        return 0;
    long n = OS_CALL(t, SYS_sendfile, out, in, (long)offset, count);
    return n < 0 ? os_raise(t, n, 0, 0) : int_from_int64(t, n);
}

static Value copy_between(Thread *t, long number, const Value *args)
{
    int from, to;
    int64_t count, from_room, to_room, *from_offset, *to_offset;
    if (!to_int32(t, args[0], &from) || !to_int32(t, args[1], &to) || !to_int64(t, args[2], &count))
        return 0;
    if (count < 0)
        return raise(t, EXC(ValueError), "negative value for 'count' not allowed");
    int flags = 0;
    if (!offset_arg(t, args[3], &from_room, &from_offset) || !offset_arg(t, args[4], &to_room, &to_offset)
        || (number == SYS_splice && !int_arg(t, args[5], 0, &flags)))
        return 0;
    long n = OS_CALL(t, number, from, (long)from_offset, to, (long)to_offset, count, flags);
    return n < 0 ? os_raise(t, n, 0, 0) : int_from_int64(t, n);
}

static Value posix_copy_file_range(Thread *t, const Value *args, size_t nargs)
{
    return copy_between(t, SYS_copy_file_range, args);
}

static Value posix_splice(Thread *t, const Value *args, size_t nargs)
{
    return copy_between(t, SYS_splice, args);
}

const NativeDef posix_io_functions[] = {
    {"read", posix_read, "(fd, length, /)", "Read from a file descriptor.  Returns a bytes object."},
    {"readinto", posix_readinto, "(fd, buffer, /)", "Read into a buffer object from a file descriptor."},
    {"write", posix_write, "(fd, data, /)", "Write a bytes object to a file descriptor."},
    {"pread", posix_pread, "(fd, length, offset, /)", "Read a number of bytes from a file descriptor starting at a particular offset."},
    {"pwrite", posix_pwrite, "(fd, buffer, offset, /)", "Write bytes to a file descriptor starting at a particular offset."},
    {"readv", posix_readv, "(fd, buffers, /)", "Read from a file descriptor fd into an iterable of buffers."},
    {"writev", posix_writev, "(fd, buffers, /)", "Iterate over buffers, and write the contents of each to a file descriptor."},
    {"preadv", posix_preadv, "(fd, buffers, offset, flags=0, /)", "Reads from a file descriptor into a number of mutable bytes-like objects."},
    {"pwritev", posix_pwritev, "(fd, buffers, offset, flags=0, /)", "Writes the contents of bytes-like objects to a file descriptor at a given offset."},
    {"sendfile", posix_sendfile, "(out_fd, in_fd, offset, count)", "Copy count bytes from file descriptor in_fd to file descriptor out_fd."},
    {"copy_file_range", posix_copy_file_range, "(src, dst, count, offset_src=None, offset_dst=None)", "Copy count bytes from one file descriptor to another."},
    {"splice", posix_splice, "(src, dst, count, offset_src=None, offset_dst=None, flags=0)", "Transfer count bytes from one pipe to a descriptor or vice versa."},
    {0},
};
