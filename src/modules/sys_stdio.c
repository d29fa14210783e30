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

typedef struct Standard { const char *name, *hidden_name, *mode; } Standard;
static const Standard standards[] = {
    {"stdin", "__stdin__", "r"},
    {"stdout", "__stdout__", "w"},
    {"stderr", "__stderr__", "w"},
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
typedef struct Encoding { char encoding[64], errors[64]; } Encoding;

// PYTHONIOENCODING=encoding:errors, each part optional. In the C locale undecodable bytes pass through.
static void read_encoding(const VMConfig *c, Encoding *e)
{
    const char *locale = getenv("LC_ALL");
    if (!locale || !*locale)
        locale = getenv("LC_CTYPE");
    if (!locale || !*locale)
        locale = getenv("LANG");
    bool plain = !locale || !*locale || !strcmp(locale, "C") || !strcmp(locale, "POSIX");
    snprintf(e->encoding, sizeof e->encoding, "utf-8");
    snprintf(e->errors, sizeof e->errors, plain || c->utf8_mode ? "surrogateescape" : "strict");
    const char *given = c->ignore_environment ? NULL : getenv("PYTHONIOENCODING");
    if (!given || !*given)
        return;
    size_t n = strcspn(given, ":");
    if (n && n < sizeof e->encoding)
        snprintf(e->encoding, sizeof e->encoding, "%.*s", (int)n, given);
    if (given[n])
        snprintf(e->errors, sizeof e->errors, "%s", given[n + 1] ? given + n + 1 : "strict");
    else if (n)
        snprintf(e->errors, sizeof e->errors, "strict");
}

static Value call_named(Thread *t, Value callee, const Value *args, size_t nargs, const char *const *names, size_t named)
{
    Value keys[8];
    for (size_t i = 0; i < named; i++)
        if (!(keys[i] = str_intern_cstr(t, names[i])))
            return 0;
    Value kwnames = tuple_from(t, keys, named);
    return kwnames ? call(t, callee, args, nargs, kwnames) : 0;
}

static Value text_wrapper(Thread *t, Value io, Value buffer, int fd, const Encoding *e, bool line_buffering, bool write_through)
{
    static const char *const names[] = {"encoding", "errors", "newline", "line_buffering", "write_through"};
    Value type = attr_get(t, io, str_intern_cstr(t, "TextIOWrapper"));
    if (!type)
        return 0;
    Value args[] = {buffer, str_from_cstr(t, e->encoding), str_from_cstr(t, fd == 2 ? "backslashreplace" : e->errors),
                    fd == 0 ? NONE : str_intern_cstr(t, "\n"), value_bool(line_buffering), value_bool(write_through)};
    Value text = call_named(t, type, args, 1, names, COUNT_OF(names));
    return text && attr_set(t, text, N(mode), str_intern_cstr(t, standards[fd].mode)) ? text : 0;
}

static Value open_standard(Thread *t, Value io, int fd, const Encoding *e)
{
    static const char *const names[] = {"buffering", "closefd"};
    struct stat st;
    if (fstat(fd, &st) != 0)
        return NONE;
    bool unbuffered = t->vm->config.unbuffered && fd != 0;
    Value open = attr_get(t, io, str_intern_cstr(t, "open"));
    Value args[] = {fixnum(fd), str_intern_cstr(t, fd == 0 ? "rb" : "wb"), fixnum(unbuffered ? 0 : -1), FALSE};
    Value buffer = open ? call_named(t, open, args, 2, names, COUNT_OF(names)) : 0;
    if (!buffer)
        return 0;
    Value raw = buffer;
    if (!unbuffered && attr_find(t, buffer, str_intern_cstr(t, "raw"), &raw) < 0)
        return 0;
    char name[16];
    snprintf(name, sizeof name, "<%s>", standards[fd].name);
    if (!attr_set(t, raw, N(name), str_from_cstr(t, name)))
        return 0;
    bool terminal = t->vm->config.interactive || isatty(fd);
    return text_wrapper(t, io, buffer, fd, e, fd == 2 || (terminal && !unbuffered), unbuffered);
}

bool sys_stdio_open(Thread *t)
{
    Encoding e;
    read_encoding(&t->vm->config, &e);
    Value io = hooks.import_module(t, "io");
    if (!io)
        return false;
    Value open = attr_get(t, io, str_intern_cstr(t, "open"));
    if (!open || !attr_set(t, t->vm->builtins_module, str_intern_cstr(t, "open"), open))
        return false;
    for (int fd = 2; fd >= 0; fd--) {
        Value stream = open_standard(t, io, fd, &e);
        if (!stream || !sys_set(t, standards[fd].name, stream) || !sys_set(t, standards[fd].hidden_name, stream))
            return false;
    }
    return true;
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
