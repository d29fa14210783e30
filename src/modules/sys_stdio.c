// sys_stdio.c: sys.stdin, sys.stdout and sys.stderr.
//
// While io cannot be imported (early start-up, a broken library) each is a FdStream: text straight to a descriptor.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/native.h"
#include "src/modules/io.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// --- the plain stream ---
typedef struct FdStream {
    Object head;
    int fd;           // immutable
} FdStream;

static int fd_of(Value self) { return ((FdStream *)self)->fd; }

static bool write_all(Thread *t, int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EINTR) {
            if (!safepoint(t))
                return false;
            continue;
        }
        if (written < 0)
            return raise_errno(t, errno);
        bytes += written;
        n -= (size_t)written;
    }
    return true;
}

static Value stream_write(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "write() argument must be str, not %T", args[1]);
    size_t n;
    const char *bytes = str_utf8(t, args[1], &n);
    if (!bytes) {
        pending_clear(t);
        bytes = str_fs(t, args[1], &n);
    }
    return bytes && write_all(t, fd_of(args[0]), bytes, n) ? fixnum((int64_t)as_str(args[1])->length) : 0;
}

static Value stream_flush(Thread *t, const Value *args, size_t nargs) { return NONE; }
static Value stream_fileno(Thread *t, const Value *args, size_t nargs) { return fixnum(fd_of(args[0])); }
static Value stream_isatty(Thread *t, const Value *args, size_t nargs) { return value_bool(isatty(fd_of(args[0]))); }

// One line, or all that is left when no line end comes.
static Value stream_readline(Thread *t, const Value *args, size_t nargs)
{
    char line[4096];
    size_t n = 0;
    while (n < sizeof line && read(fd_of(args[0]), line + n, 1) == 1)
        if (line[n++] == '\n')
            break;
    return str_from_fs(t, line, n);
}

static Value stream_encoding(Thread *t, Value self) { return str_intern_cstr(t, "utf-8"); }
static Value stream_errors(Thread *t, Value self) { return str_intern_cstr(t, "surrogateescape"); }
static Value stream_mode(Thread *t, Value self) { return str_intern_cstr(t, fd_of(self) ? "w" : "r"); }

static Value stream_repr(Thread *t, Value self)
{
    return str_format(t, "<%s fd=%d>", fd_of(self) ? "stdprinter" : "stdreader", fd_of(self));
}

static const NativeDef stream_methods[] = {
    {"write", stream_write, "($self, text, /)", NULL, NATIVE_PLAIN},
    {"flush", stream_flush, "($self, /)", NULL, NATIVE_PLAIN},
    {"fileno", stream_fileno, "($self, /)", NULL, NATIVE_PLAIN},
    {"isatty", stream_isatty, "($self, /)", NULL, NATIVE_PLAIN},
    {"readline", stream_readline, "($self, size=-1, /)", NULL, NATIVE_PLAIN},
    {0},
};

static const GetSetDef stream_getsets[] = {
    {"encoding", stream_encoding, NULL, NULL},
    {"errors", stream_errors, NULL, NULL},
    {"mode", stream_mode, NULL, NULL},
    {0},
};

Type type_fd_stream = {
    TYPE_HEAD(fd_stream, "stdprinter", &type_object, FdStream),
    .flags = TYPE_IMMUTABLE | TYPE_DISALLOW_NEW,
    .slots = {.repr = stream_repr},
    .methods = stream_methods,
    .getsets = stream_getsets,
};

static Value stream_new(Thread *t, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return NONE;   // closed: programs see None, as in CPython
    FdStream *stream = new_object(t, fd_stream, FdStream);
    if (!stream)
        return 0;
    stream->fd = fd;
    return value_of(stream);
}

typedef struct Standard { const char *name, *hidden_name; } Standard;
static const Standard standards[] = {
    {"stdin", "__stdin__"},
    {"stdout", "__stdout__"},
    {"stderr", "__stderr__"},
};

bool sys_stdio_boot(Thread *t)
{
    for (int fd = 0; fd < 3; fd++) {
        Value stream = stream_new(t, fd);
        if (!stream || !sys_set(t, standards[fd].name, stream) || !sys_set(t, standards[fd].hidden_name, stream))
            return false;
    }
    return true;
}

// --- the library's files ---

bool sys_stdio_open(Thread *t)
{
    return io_boot_stdio(t);
}

static bool is_closed(Thread *t, Value stream)
{
    Value closed = 0;
    int found = attr_find(t, stream, str_intern_cstr(t, "closed"), &closed);
    bool yes = found > 0 && truth(t, closed) > 0;
    pending_clear(t);
    return yes;
}

bool sys_stdio_flush(Thread *t)
{
    Value out = sys_get(t, "stdout"), err = sys_get(t, "stderr");
    bool flushed = true;
    if (out && out != NONE && !is_closed(t, out) && !call_method0(t, out, N(flush))) {
        report_unraisable(t, out, NULL);
        flushed = false;
    }
    if (err && err != NONE && !is_closed(t, err) && !call_method0(t, err, N(flush)))
        pending_clear(t);
    io_flush_all(t);
    return flushed;
}
