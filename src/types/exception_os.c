// exception_os.c: OSError: the subclass for an errno, file names, characters_written.
//
// OSError(errno, strerror[, filename[, winerror[, filename2]]]) makes the subclass that errno means. The arguments are parsed
// by __new__, or by __init__ for a class that overrides __new__ but not __init__; see parses_in_init.
#include "src/types/exception.h"

#include <errno.h>

#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef struct ErrnoType { int number; Type *type; } ErrnoType;
static const ErrnoType errno_types[] = {
    {EAGAIN, EXC(BlockingIOError)}, {EALREADY, EXC(BlockingIOError)}, {EINPROGRESS, EXC(BlockingIOError)},
    {EWOULDBLOCK, EXC(BlockingIOError)}, {EPIPE, EXC(BrokenPipeError)}, {ESHUTDOWN, EXC(BrokenPipeError)},
    {ECHILD, EXC(ChildProcessError)}, {ECONNABORTED, EXC(ConnectionAbortedError)},
    {ECONNREFUSED, EXC(ConnectionRefusedError)}, {ECONNRESET, EXC(ConnectionResetError)},
    {EEXIST, EXC(FileExistsError)}, {ENOENT, EXC(FileNotFoundError)}, {EISDIR, EXC(IsADirectoryError)},
    {ENOTDIR, EXC(NotADirectoryError)}, {EINTR, EXC(InterruptedError)}, {EACCES, EXC(PermissionError)},
    {EPERM, EXC(PermissionError)}, {ESRCH, EXC(ProcessLookupError)}, {ETIMEDOUT, EXC(TimeoutError)},
};

static Type *type_for_errno(Value number)
{
    if (!is_fixnum(number))
        return EXC(OSError);
    for (size_t i = 0; i < COUNT_OF(errno_types); i++)
        if (errno_types[i].number == fixnum_value(number))
            return errno_types[i].type;
    return EXC(OSError);
}

static Value os_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames);
static bool os_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);

// A class with an __init__ of its own but our __new__ is initialised by __new__; one with its own __new__ and our
// __init__ by __init__.
static bool parses_in_init(const Type *cls)
{
    return cls->slots.init == os_init && cls->slots.new != os_new;
}

static bool no_keywords(Thread *t, const Type *cls, Value kwnames)
{
    if (!kwnames || !as_tuple(kwnames)->length)
        return true;
    raise(t, EXC(TypeError), "%s() takes no keyword arguments", type_short_name(cls));
    return false;
}

// BlockingIOError's third argument may be a number of characters.
static bool fill_filename(Thread *t, Exception *e, Value filename, Value filename2, bool *out_is_name)
{
    *out_is_name = filename && filename != NONE;
    if (!*out_is_name)
        return true;
    if (e->head.type == EXC(BlockingIOError) && (is_int(filename) || type_of(filename)->slots.to_index)) {
        int64_t written;
        if (!to_int64(t, filename, &written))
            return false;
        e->extra[OSERROR_WRITTEN] = int_from_int64(t, written);
        *out_is_name = false;
        return e->extra[OSERROR_WRITTEN] != 0;
    }
    e->extra[OSERROR_FILENAME] = filename;
    if (filename2 && filename2 != NONE)
        e->extra[OSERROR_FILENAME2] = filename2;
    return true;
}

static bool fill(Thread *t, Exception *e, const Value *args, size_t nargs)
{
    size_t shown = nargs;
    if (nargs >= 2 && nargs <= 5) {
        bool is_name;
        e->extra[OSERROR_ERRNO] = args[0];
        e->extra[OSERROR_STRERROR] = args[1];
        if (!fill_filename(t, e, nargs > 2 ? args[2] : 0, nargs > 4 ? args[4] : 0, &is_name))
            return false;
        if (is_name)
            shown = 2;   // str() and args stay as they were before exceptions had file names
    }
    e->args = shown ? tuple_from(t, args, shown) : tuple_empty;
    return e->args != 0;
}

static Value os_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    bool in_init = parses_in_init(cls);
    if (!in_init && cls->slots.init == os_init && !no_keywords(t, cls, kwnames))
        return 0;
    if (!in_init && cls == EXC(OSError) && nargs >= 2 && nargs <= 5)
        cls = type_for_errno(args[0]);
    Value self = exception_base_new(t, cls, NULL, 0, 0);
    if (self && !in_init && !fill(t, as_exception(self), args, nargs))
        return 0;
    return self;
}

static bool os_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!parses_in_init(type_of(self)))
        return true;
    return no_keywords(t, type_of(self), kwnames) && fill(t, as_exception(self), args, nargs);
}

static Value os_str(Thread *t, Value self)
{
    const Exception *e = as_exception(self);
    Value number = e->extra[OSERROR_ERRNO], text = e->extra[OSERROR_STRERROR];
    Value name = e->extra[OSERROR_FILENAME], name2 = e->extra[OSERROR_FILENAME2];
    if (name && name != NONE) {
        number = number ? number : NONE;
        text = text ? text : NONE;
        if (name2 && name2 != NONE)
            return str_format(t, "[Errno %V] %V: %R -> %R", number, text, name, name2);
        return str_format(t, "[Errno %V] %V: %R", number, text, name);
    }
    if (number && text)
        return str_format(t, "[Errno %V] %V", number, text);
    return exception_base_str(t, self);
}

static Value os_reduce(Thread *t, const Value *args, size_t nargs)
{
    const Exception *e = as_exception(args[0]);
    Value shown = e->args, filename = e->extra[OSERROR_FILENAME], filename2 = e->extra[OSERROR_FILENAME2];
    if (as_tuple(shown)->length == 2 && filename) {
        const Value *at = as_tuple(shown)->at;
        shown = filename2 ? tuple_of(t, 5, at[0], at[1], filename, NONE, filename2) : tuple_of(t, 3, at[0], at[1], filename);
        if (!shown)
            return 0;
    }
    Value dict = 0;
    if (attr_find(t, args[0], N(__dict__), &dict) < 0)
        return 0;
    if (dict && truth(t, dict) > 0)
        return tuple_of(t, 3, value_of(type_of(args[0])), shown, dict);
    return tuple_pair(t, value_of(type_of(args[0])), shown);
}

static Value written_get(Thread *t, Value self)
{
    Value written = as_exception(self)->extra[OSERROR_WRITTEN];
    return written ? written : raise(t, EXC(AttributeError), "characters_written");
}

static bool written_set(Thread *t, Value self, Value value)
{
    Exception *e = as_exception(self);
    if (!value) {
        if (!e->extra[OSERROR_WRITTEN]) {
            raise(t, EXC(AttributeError), "characters_written");
            return false;
        }
        e->extra[OSERROR_WRITTEN] = 0;
        return true;
    }
    int64_t written;
    if (!to_int64(t, value, &written))
        return false;
    Value number = int_from_int64(t, written);
    publish(&e->extra[OSERROR_WRITTEN], number);
    return number != 0;
}

static const NativeDef os_methods[] = {
    {"__reduce__", os_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

static const GetSetDef os_getsets[] = {
    {"characters_written", written_get, written_set, NULL},
    {0},
};

#define OS_MEMBER(name, index, doc) \
    {name, MEMBER_VALUE_OR_NONE, offsetof(Exception, extra) + (index) * sizeof(Value), true, doc}
static const MemberDef os_members[] = {
    OS_MEMBER("errno", OSERROR_ERRNO, "POSIX exception code"),
    OS_MEMBER("strerror", OSERROR_STRERROR, "exception strerror"),
    OS_MEMBER("filename", OSERROR_FILENAME, "exception filename"),
    OS_MEMBER("filename2", OSERROR_FILENAME2, "second exception filename"),
    {0},
};

Type type_OSError = {
    EXCEPTION_HEAD(OSError, Exception),
    .doc = "Base class for I/O related errors.",
    .slots = {.new = os_new, .init = os_init, .str = os_str},
    .methods = os_methods,
    .getsets = os_getsets,
    .members = os_members,
};

Value raise_errno_path(Thread *t, int error_number, Value path, Value path2)
{
    char room[256];
    Value text = str_from_cstr(t, strerror_r(error_number, room, sizeof room));
    if (!text)
        return 0;
    Value args[5] = {fixnum(error_number), text, path, NONE, path2};
    size_t nargs = path2 ? 5 : path ? 3 : 2;
    if (path2 && !path)
        args[2] = NONE;
    Value e = os_new(t, EXC(OSError), args, nargs, 0);
    return e ? raise_value(t, e) : 0;
}

Value raise_errno(Thread *t, int error_number)
{
    return raise_errno_path(t, error_number, 0, 0);
}
