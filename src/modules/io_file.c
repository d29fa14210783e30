// io_file.c: FileIO, a descriptor as a raw stream.
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/modules/io.h"
#include "src/types/codec.h"

enum { READ_MAX = 0x7ffff000, READALL_CHUNK = 64 * 1024 };

static Value closed_error(Thread *t)
{
    return raise(t, EXC(ValueError), "I/O operation on closed file");
}

static bool check_open(Thread *t, const FileIO *f)
{
    if (likely(f->fd >= 0))
        return true;
    closed_error(t);
    return false;
}

static bool check_readable(Thread *t, const FileIO *f)
{
    if (!check_open(t, f))
        return false;
    if (!f->readable)
        io_unsupported(t, "File not open for reading");
    return f->readable;
}

static bool check_writable(Thread *t, const FileIO *f)
{
    if (!check_open(t, f))
        return false;
    if (!f->writable)
        io_unsupported(t, "File not open for writing");
    return f->writable;
}

// --- transfers, also for the buffered classes ---

int64_t file_read_into(Thread *t, FileIO *f, uint8_t *data, int64_t n)
{
    if (!check_readable(t, f))
        return -1;
    long got = OS_CALL(t, SYS_read, f->fd, (long)data, n > READ_MAX ? READ_MAX : n);
    if (likely(got >= 0))
        return got;
    if (got == -EAGAIN)
        return -2;
    os_raise(t, got, 0, 0);
    return -1;
}

int64_t file_write_from(Thread *t, FileIO *f, const uint8_t *data, int64_t n)
{
    if (!check_writable(t, f))
        return -1;
    f->size_hint = -1;
    long put = OS_CALL(t, SYS_write, f->fd, (long)data, n > READ_MAX ? READ_MAX : n);
    if (likely(put >= 0))
        return put;
    if (put == -EAGAIN)
        return -2;
    os_raise(t, put, 0, 0);
    return -1;
}

int64_t file_seek_to(Thread *t, FileIO *f, int64_t offset, int whence)
{
    if (!check_open(t, f))
        return -1;
    long where = OS_CALL(t, SYS_lseek, f->fd, offset, whence);
    f->seekable = where >= 0;
    if (where >= 0)
        return where;
    os_raise(t, where, 0, 0);
    return -1;
}

// How much is left to read, as far as the system knows: the first guess of a buffer's size.
static size_t rest_size(const FileIO *f)
{
    struct stat st;
    int64_t size = f->size_hint;
    off_t position = lseek(f->fd, 0, SEEK_CUR);
    if (size < 0 && fstat(f->fd, &st) == 0)
        size = st.st_size;
    if (position < 0 || size <= position)
        return READALL_CHUNK;
    return (size_t)(size - position) + 1;   // one more byte shows the end without another allocation
}

Value file_read_rest(Thread *t, FileIO *f)
{
    BytesBuilder all = {0};
    size_t want = rest_size(f);
    for (;;) {
        if (!bytes_reserve(t, &all, want))
            return 0;
        size_t room = all.capacity - all.length;
        int64_t n = file_read_into(t, f, all.bytes->data + all.length, (int64_t)room);
        if (n == -1)
            return 0;
        if (n == -2 && !all.length)
            return NONE;
        if (n <= 0)
            break;
        all.length += (size_t)n;
        want = all.capacity > all.length ? 1 : READALL_CHUNK + all.length / 8;
    }
    return bytes_finish(t, &all);
}

// --- opening ---

static bool mode_error(Thread *t)
{
    raise(t, EXC(ValueError), "Must have exactly one of create/read/write/append mode and at most one plus");
    return false;
}

static bool mode_parse(Thread *t, FileIO *f, const char *mode, int *flags)
{
    bool chosen = false, plus = false;
    *flags = 0;
    for (const char *m = mode; *m; m++) {
        if (*m == 'b')
            continue;
        if (*m == '+') {
            if (plus)
                return mode_error(t);
            plus = f->readable = f->writable = true;
            continue;
        }
        if (!strchr("xrwa", *m)) {
            raise(t, EXC(ValueError), "invalid mode: %s", mode);
            return false;
        }
        if (chosen)
            return mode_error(t);
        chosen = true;
        f->created = *m == 'x';
        f->appending = *m == 'a';
        f->readable |= *m == 'r';
        f->writable |= *m != 'r';
        *flags |= *m == 'x' ? O_EXCL | O_CREAT : *m == 'w' ? O_CREAT | O_TRUNC : *m == 'a' ? O_APPEND | O_CREAT : 0;
    }
    if (!chosen)
        return mode_error(t);
    *flags |= f->readable && f->writable ? O_RDWR : f->readable ? O_RDONLY : O_WRONLY;
    *flags |= O_CLOEXEC;
    return true;
}

static int fd_from_opener(Thread *t, Value opener, Value file, int flags)
{
    Value answer = call2(t, opener, file, fixnum(flags));
    if (!answer)
        return -1;
    if (!is_int(answer)) {
        raise(t, EXC(TypeError), "expected integer from opener");
        return -1;
    }
    int fd;
    if (!to_int32(t, answer, &fd))
        return -1;
    if (fd < 0) {
        raise(t, EXC(ValueError), "opener returned %d", fd);
        return -1;
    }
    if (fd_set_inheritable(fd, false) < 0) {
        raise_errno(t, errno);
        return -1;
    }
    return fd;
}

static int fd_from_name(Thread *t, Value file, int flags)
{
    const char *name = fs_bytes(t, file, NULL);
    if (!name)
        return -1;
    long fd = OS_CALL(t, SYS_openat, AT_FDCWD, (long)name, flags, 0666);
    if (fd < 0)
        os_raise(t, fd, file, 0);
    return fd < 0 ? -1 : (int)fd;
}

// What the system says about the open descriptor. False: it is a directory, or no descriptor.
static bool file_inspect(Thread *t, FileIO *f, Value name)
{
    struct stat st;
    f->size_hint = -1;
    f->block_size = IO_BUFFER_SIZE;
    if (fstat(f->fd, &st) < 0) {
        if (errno != EBADF)
            return true;
        raise_errno(t, errno);
        return false;
    }
    if (S_ISDIR(st.st_mode)) {
        raise_errno_path(t, EISDIR, name, 0);
        return false;
    }
    f->size_hint = S_ISREG(st.st_mode) ? st.st_size : -1;
    if (st.st_blksize > 1)
        f->block_size = st.st_blksize;
    return true;
}

static long close_body(void *data)
{
    int result = close(*(int *)data);
    return result < 0 && errno != EINTR ? -errno : 0;
}

static Value close_descriptor(Thread *t, FileIO *f)
{
    int fd = __atomic_exchange_n(&f->fd, -1, __ATOMIC_ACQ_REL);
    return fd < 0 ? NONE : os_none(t, os_run(t, close_body, &fd), 0, 0);
}

static bool file_start(Thread *t, FileIO *f, Value file, const char *mode, bool closefd, Value opener)
{
    int flags, number = -1;
    bool own = false;
    if (f->fd >= 0 && f->closefd && !close_descriptor(t, f))
        return false;
    f->fd = -1;
    f->created = f->readable = f->writable = f->appending = false;
    f->seekable = -1;
    f->closefd = closefd;
    if (is_int(file)) {
        if (is_bool(file) && !warn(t, EXC(RuntimeWarning), 1, "bool is used as a file descriptor"))
            return false;
        if (!to_int32(t, file, &number))
            return false;
        if (number < 0) {
            raise(t, EXC(ValueError), "negative file descriptor");
            return false;
        }
    }
    if (!mode_parse(t, f, mode, &flags))
        return false;
    if (number < 0 && !closefd) {
        raise(t, EXC(ValueError), "Cannot use closefd=False with file name");
        return false;
    }
    Value mode_value = str_from_cstr(t, mode);
    if (!mode_value || !os_audit(t, "open", 3, file, mode_value, fixnum(flags)))
        return false;
    if (number < 0) {
        number = opener && opener != NONE ? fd_from_opener(t, opener, file, flags) : fd_from_name(t, file, flags);
        if (number < 0)
            return false;
        own = true;
    }
    store_relaxed(&f->fd, number);
    bool started = file_inspect(t, f, file) && attr_set(t, value_of(f), N(name), file);
    if (started && f->appending) {
        off_t end = lseek(f->fd, 0, SEEK_END);
        f->seekable = end >= 0;
    }
    if (!started) {
        f->fd = -1;
        if (own)
            close(number);
    }
    return started;
}

FileIO *file_open(Thread *t, Value file, const char *mode, bool closefd, Value opener)
{
    FileIO *f = instance_new(t, &type_file_io, 0);
    if (!f)
        return NULL;
    f->fd = -1;
    f->seekable = -1;
    return file_start(t, f, file, mode, closefd, opener) ? f : NULL;
}

static Value file_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    FileIO *f = instance_new(t, cls, 0);
    if (f) {
        f->fd = -1;
        f->seekable = -1;
        f->closefd = true;
    }
    return value_of(f);
}

static bool file_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[4];
    bool closefd;
    BIND_ARGUMENTS(t, "FileIO", "(file, mode='r', closefd=True, opener=None)", args, nargs, kwnames, a, return false);
    if (a[1] && !is_str(a[1])) {
        raise(t, EXC(TypeError), "FileIO() argument 'mode' must be str, not %T", a[1]);
        return false;
    }
    const char *mode = a[1] ? str_utf8(t, a[1], NULL) : "r";
    return mode && flag_arg(t, a[2], true, &closefd) && file_start(t, (FileIO *)self, a[0], mode, closefd, a[3]);
}

// --- methods ---

static Value transfer_answer(int64_t n)
{
    return n >= 0 ? fixnum(n) : n == -2 ? NONE : 0;
}

static Value file_readall(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    return check_open(t, f) ? file_read_rest(t, f) : 0;
}

static Value file_read(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    int64_t n;
    if (!check_readable(t, f) || !io_size_arg(t, args[1], &n))
        return 0;
    if (n < 0)
        return file_read_rest(t, f);
    if (n > READ_MAX)
        n = READ_MAX;
    Bytes *bytes = bytes_alloc(t, (size_t)n);
    int64_t got = bytes ? file_read_into(t, f, bytes->data, n) : -1;
    if (got < 0)
        return got == -2 ? NONE : 0;
    return got == n ? value_of(bytes) : bytes_new(t, bytes->data, (size_t)got);
}

static Value file_readinto(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    Buffer buffer;
    if (!check_readable(t, f) || !writable_arg(t, args[1], "readinto() argument", &buffer))
        return 0;
    int64_t n = file_read_into(t, f, buffer.data, buffer.length);
    buffer_release(t, &buffer);
    return transfer_answer(n);
}

static Value file_write(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    Buffer buffer;
    if (!check_writable(t, f) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    int64_t n = file_write_from(t, f, buffer.data, buffer.length);
    buffer_release(t, &buffer);
    return n >= 0 && !safepoint(t) ? 0 : transfer_answer(n);   // a partial write may mean that a signal came
}

static Value file_seek(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    int64_t offset;
    int whence;
    if (!check_open(t, f))
        return 0;
    if (is_float(args[1]))
        return raise(t, EXC(TypeError), "'float' object cannot be interpreted as an integer");
    if (!to_int64(t, args[1], &offset) || !int_arg(t, args[2], 0, &whence))
        return 0;
    int64_t where = file_seek_to(t, f, offset, whence);
    return where < 0 ? 0 : int_from_int64(t, where);
}

static Value file_tell(Thread *t, const Value *args, size_t nargs)
{
    int64_t where = file_seek_to(t, (FileIO *)args[0], 0, SEEK_CUR);
    return where < 0 ? 0 : int_from_int64(t, where);
}

static Value file_truncate(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    int64_t size;
    if (!check_writable(t, f))
        return 0;
    Value wanted = args[1] && args[1] != NONE ? args[1] : file_tell(t, args, 1);
    if (!wanted || !to_int64(t, wanted, &size))
        return 0;
    f->size_hint = -1;
    long result = OS_CALL(t, SYS_ftruncate, f->fd, size);
    return result < 0 ? os_raise(t, result, 0, 0) : wanted;
}

static Value file_readable(Thread *t, const Value *args, size_t nargs)
{
    const FileIO *f = (FileIO *)args[0];
    return check_open(t, f) ? value_bool(f->readable) : 0;
}

static Value file_writable(Thread *t, const Value *args, size_t nargs)
{
    const FileIO *f = (FileIO *)args[0];
    return check_open(t, f) ? value_bool(f->writable) : 0;
}

static Value file_seekable(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    if (!check_open(t, f))
        return 0;
    if (f->seekable < 0)
        f->seekable = lseek(f->fd, 0, SEEK_CUR) >= 0;
    return value_bool(f->seekable);
}

static Value file_fileno(Thread *t, const Value *args, size_t nargs)
{
    const FileIO *f = (FileIO *)args[0];
    return check_open(t, f) ? fixnum(f->fd) : 0;
}

static Value file_isatty(Thread *t, const Value *args, size_t nargs)
{
    const FileIO *f = (FileIO *)args[0];
    return check_open(t, f) ? value_bool(isatty(f->fd)) : 0;
}

static Value file_dealloc_warn(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    if (f->fd < 0 || !f->closefd)
        return NONE;
    if (!warn(t, EXC(ResourceWarning), 1, "unclosed file %R", args[1])) {
        if (pending_matches(t, EXC(Warning)))
            report_unraisable(t, args[0], "Exception ignored while finalizing file %R", args[0]);
        pending_clear(t);
    }
    return NONE;
}

static Value file_close(Thread *t, const Value *args, size_t nargs)
{
    FileIO *f = (FileIO *)args[0];
    Value base = type_lookup(&type_io_base, N(close));
    Value done = base ? call1(t, base, args[0]) : 0;
    Value error = done ? 0 : pending_take(t);
    if (!f->closefd) {
        f->fd = -1;
    } else {
        if (f->finalizing) {
            const Value both[2] = {args[0], args[0]};
            file_dealloc_warn(t, both, 2);
        }
        if (!close_descriptor(t, f)) {
            if (error)
                pending_chain_context(t, error);
            return 0;
        }
    }
    if (!error)
        return NONE;
    pending_set(t, error);
    return 0;
}

// --- attributes ---

static Value file_get_closed(Thread *t, Value self)
{
    return value_bool(((FileIO *)self)->fd < 0);
}

static Value file_get_closefd(Thread *t, Value self)
{
    return value_bool(((FileIO *)self)->closefd);
}

static const char *mode_name(const FileIO *f)
{
    if (f->created)
        return f->readable ? "xb+" : "xb";
    if (f->appending)
        return f->readable ? "ab+" : "ab";
    return f->readable ? f->writable ? "rb+" : "rb" : "wb";
}

static Value file_get_mode(Thread *t, Value self)
{
    return str_from_cstr(t, mode_name((FileIO *)self));
}

static Value file_get_blksize(Thread *t, Value self)
{
    const FileIO *f = (FileIO *)self;
    return fixnum(f->block_size ? f->block_size : IO_BUFFER_SIZE);
}

static Value file_repr(Thread *t, Value self)
{
    const FileIO *f = (FileIO *)self;
    if (f->fd < 0)
        return str_format(t, "<%s [closed]>", type_of(self)->name);
    Value name;
    int found = attr_find(t, self, N(name), &name);
    if (found < 0)
        return 0;
    const char *closefd = f->closefd ? "True" : "False";
    if (!found)
        return str_format(t, "<%s fd=%d mode='%s' closefd=%s>", type_of(self)->name, f->fd, mode_name(f), closefd);
    int entered = repr_enter(t, self);
    if (entered)
        return entered < 0 ? 0 : raise(t, EXC(RuntimeError), "reentrant call inside %s.__repr__", type_of(self)->name);
    Value result = str_format(t, "<%s name=%R mode='%s' closefd=%s>", type_of(self)->name, name, mode_name(f), closefd);
    repr_leave(t, self);
    return result;
}

Type type_file_io = {
    TYPE_HEAD(file_io, "_io.FileIO", &type_raw_io_base, FileIO),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(FileIO, attributes),
    .new_signature = "(file, mode='r', closefd=True, opener=None)",
    .slots = {.new = file_new, .init = file_init, .repr = file_repr, .finalize = io_finalize},
    .doc = "Open a file.",
    .getsets = (const GetSetDef[]){
        {"closed", file_get_closed, NULL, "True if the file is closed"},
        {"closefd", file_get_closefd, NULL, "True if the file descriptor will be closed by close()."},
        {"mode", file_get_mode, NULL, "String giving the file mode"},
        {"_blksize", file_get_blksize, NULL, "Stat st_blksize if available"},
        {0},
    },
    .members = (const MemberDef[]){{"_finalizing", MEMBER_BOOL8, offsetof(FileIO, finalizing), true, NULL}, {0}},
    .methods = (const NativeDef[]){
        {"read", file_read, "($self, size=-1, /)", "Read at most size bytes, returned as bytes."},
        {"readall", file_readall, "($self, /)", "Read all data from the file, returned as bytes."},
        {"readinto", file_readinto, "($self, buffer, /)", "Same as RawIOBase.readinto()."},
        {"write", file_write, "($self, b, /)", "Write buffer b to file, return number of bytes written."},
        {"seek", file_seek, "($self, pos, whence=0, /)", "Move to new file position and return the file position."},
        {"tell", file_tell, "($self, /)", "Current file position."},
        {"truncate", file_truncate, "($self, size=None, /)", "Truncate the file to at most size bytes and return the truncated size."},
        {"close", file_close, "($self, /)", "Close the file."},
        {"seekable", file_seekable, "($self, /)", "True if file supports random-access."},
        {"readable", file_readable, "($self, /)", "True if file was opened in a read mode."},
        {"writable", file_writable, "($self, /)", "True if file was opened in a write mode."},
        {"fileno", file_fileno, "($self, /)", "Return the underlying file descriptor (an integer)."},
        {"isatty", file_isatty, "($self, /)", "True if the file is connected to a TTY device."},
        {"_isatty_open_only", file_isatty, "($self, /)", NULL},
        {"_dealloc_warn", file_dealloc_warn, "($self, object, /)", NULL},
        {"__getstate__", io_not_picklable, "($self, /)", NULL},
        {0},
    },
};
