// os_support.c: system calls that do not hold up the collector; path, descriptor and time arguments.
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/core/vm.h"
#include "src/modules/os_support.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

typedef struct SystemCall {
    long number;
    const long *args;
    long result;
} SystemCall;

static void *system_call_body(void *data)
{
    SystemCall *c = data;
    const long *a = c->args;
    long result = syscall(c->number, a[0], a[1], a[2], a[3], a[4], a[5]);
    c->result = result == -1 ? -errno : result;
    return NULL;
}

long os_call(Thread *t, long number, const long args[6])
{
    SystemCall c = {number, args, 0};
    do {
        blocking(t, system_call_body, &c);
    } while (unlikely(c.result == -EINTR) && safepoint(t));
    return c.result;
}

typedef struct BodyCall {
    OsBody body;
    void *data;
    long result;
} BodyCall;

static void *body_call(void *data)
{
    BodyCall *c = data;
    c->result = c->body(c->data);
    return NULL;
}

long os_run(Thread *t, OsBody body, void *data)
{
    BodyCall c = {body, data, 0};
    do {
        blocking(t, body_call, &c);
    } while (unlikely(c.result == -EINTR) && safepoint(t));
    return c.result;
}

Value os_raise(Thread *t, long result, Value path, Value path2)
{
    if (is_pending(t))
        return 0;
    if (!path)
        return raise_errno(t, (int)-result);
    return raise_errno_path(t, (int)-result, path, path2);
}

Value os_none(Thread *t, long result, Value path, Value path2)
{
    return likely(result >= 0) ? NONE : os_raise(t, result, path, path2);
}

// --- paths ---

Value os_fspath(Thread *t, Value path)
{
    if (is_str(path) || is_bytes(path))
        return path;
    Value method = special_lookup(t, path, N(__fspath__));
    if (!method || method == NONE) {
        if (is_pending(t))
            return 0;
        return raise(t, EXC(TypeError), "expected str, bytes or os.PathLike object, not %T", path);
    }
    Value result = call0(t, method);
    if (!result)
        return 0;
    if (!is_str(result) && !is_bytes(result))
        return raise(t, EXC(TypeError), "expected %T.__fspath__() to return str or bytes, not %T", path, result);
    return result;
}

static const char *text_bytes(Thread *t, Value v, size_t *out_length)
{
    if (is_str(v))
        return str_fs(t, v, out_length);
    *out_length = as_bytes(v)->length;
    return (const char *)as_bytes(v)->data;
}

const char *fs_bytes(Thread *t, Value v, size_t *out_length)
{
    size_t length;
    Value text = os_fspath(t, v);
    const char *name = text ? text_bytes(t, text, &length) : NULL;
    if (!name)
        return NULL;
    if (strlen(name) != length)
        return RAISE_NULL(t, EXC(ValueError), "embedded null byte");
    if (out_length)
        *out_length = length;
    return name;
}

static bool path_type_error(Thread *t, Value v, const char *function, const char *argument, int flags)
{
    const char *wanted = "string, bytes or os.PathLike";
    if ((flags & PATH_FD_OK) && (flags & PATH_NONE_OK))
        wanted = "string, bytes, os.PathLike, integer or None";
    else if (flags & PATH_FD_OK)
        wanted = "string, bytes, os.PathLike or integer";
    else if (flags & PATH_NONE_OK)
        wanted = "string, bytes, os.PathLike or None";
    raise(t, EXC(TypeError), "%s: %s should be %s, not %T", function, argument, wanted, v);
    return false;
}

// A descriptor instead of a path.
static bool path_from_int(Thread *t, Value v, PathArg *out)
{
    Value index = number_index(t, v);
    int64_t wide;
    if (!index)
        return false;
    if (!int_to_int64(index, &wide))
        wide = int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
    if (wide > INT32_MAX || wide < INT32_MIN) {
        raise(t, EXC(OverflowError), wide < 0 ? "fd is less than minimum" : "fd is greater than maximum");
        return false;
    }
    if (is_bool(v) && !warn(t, EXC(RuntimeWarning), 1, "bool is used as a file descriptor"))
        return false;
    out->fd = (int)wide;
    return true;
}

// The str or bytes behind v. 0 without an exception: v is no path at all.
static Value path_text(Thread *t, Value v)
{
    if (is_str(v) || is_bytes(v))
        return v;
    Value method = special_lookup(t, v, N(__fspath__));
    if (!method || method == NONE)
        return 0;
    Value text = call0(t, method);
    if (text && !is_str(text) && !is_bytes(text))
        return raise(t, EXC(TypeError), "expected %T.__fspath__() to return str or bytes, not %T", v, text);
    return text;
}

bool path_arg(Thread *t, Value v, const char *function, const char *argument, int flags, PathArg *out)
{
    *out = (PathArg){.object = v ? v : NONE, .fd = -1};
    if (!v || v == NONE) {
        if (!(flags & PATH_NONE_OK))
            return path_type_error(t, NONE, function, argument, flags);
        out->name = ".";
        out->length = 1;
        return true;
    }
    Value text = path_text(t, v);
    if (!text) {
        if (is_pending(t))
            return false;
        if ((flags & PATH_FD_OK) && (is_int(v) || type_of(v)->slots.to_index))
            return path_from_int(t, v, out);
        return path_type_error(t, v, function, argument, flags);
    }
    out->text = text;
    out->is_bytes = is_bytes(text);
    out->name = text_bytes(t, text, &out->length);
    if (!out->name)
        return false;
    if (unlikely(strlen(out->name) != out->length)) {
        raise(t, EXC(ValueError), "%s: embedded null character in %s", function, argument);
        return false;
    }
    return true;
}

Value path_answer(Thread *t, const PathArg *path, const char *name, size_t length)
{
    return path->is_bytes ? bytes_new(t, name, length) : str_from_fs(t, name, length);
}

// --- small arguments ---

bool fd_arg(Thread *t, Value v, int *out)
{
    Value number = v;
    if (is_bool(v)) {
        if (!warn(t, EXC(RuntimeWarning), 1, "bool is used as a file descriptor"))
            return false;
    } else if (!is_int(v)) {
        Value method;
        int found = attr_find(t, v, N(fileno), &method);
        if (found < 0)
            return false;
        if (!found) {
            raise(t, EXC(TypeError), "argument must be an int, or have a fileno() method.");
            return false;
        }
        number = call0(t, method);
        if (!number)
            return false;
        if (!is_int(number)) {
            raise(t, EXC(TypeError), "fileno() returned a non-integer");
            return false;
        }
    }
    if (!to_int32(t, number, out))
        return false;
    if (*out < 0) {
        raise(t, EXC(ValueError), "file descriptor cannot be a negative integer (%d)", *out);
        return false;
    }
    return true;
}

bool dir_fd_arg(Thread *t, Value v, int *out)
{
    *out = AT_FDCWD;
    if (!v || v == NONE)
        return true;
    if (!is_int(v) && !type_of(v)->slots.to_index) {
        raise(t, EXC(TypeError), "argument should be integer or None, not %T", v);
        return false;
    }
    PathArg number;
    if (!path_from_int(t, v, &number))
        return false;
    *out = number.fd;
    return true;
}

bool writable_arg(Thread *t, Value v, const char *what, Buffer *out)
{
    if (buffer_get(t, v, out, BUFFER_WRITABLE))
        return true;
    if (pending_clear_if(t, EXC(BufferError)) || pending_clear_if(t, EXC(TypeError)))
        raise(t, EXC(TypeError), "%s must be read-write bytes-like object, not %T", what, v);
    return false;
}

bool flag_arg(Thread *t, Value v, bool absent, bool *out)
{
    int answer = v ? truth(t, v) : absent;
    *out = answer > 0;
    return answer >= 0;
}

bool int_arg(Thread *t, Value v, int absent, int *out)
{
    *out = absent;
    return !v || to_int32(t, v, out);
}

bool id_arg(Thread *t, Value v, const char *what, uint32_t *out)
{
    if (!is_int(v) && !type_of(v)->slots.to_index) {
        raise(t, EXC(TypeError), "%s should be integer, not %T", what, v);
        return false;
    }
    Value index = number_index(t, v);
    if (!index)
        return false;
    int64_t wide;
    if (!int_to_int64(index, &wide))
        wide = int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
    if (wide < -1 || wide > UINT32_MAX) {
        raise(t, EXC(OverflowError), wide < 0 ? "%s is less than minimum" : "%s is greater than maximum", what);
        return false;
    }
    *out = (uint32_t)wide;
    return true;
}

Value id_answer(Thread *t, uint32_t id)
{
    (void)t;
    return fixnum(id == UINT32_MAX ? -1 : (int64_t)id);
}

// --- times ---

static bool time_overflow(Thread *t)
{
    raise(t, EXC(OverflowError), "timestamp out of range for platform time_t");
    return false;
}

static bool nanoseconds(Thread *t, Value v, double (*rounded)(double), int64_t *out)
{
    if (is_float(v)) {
        double seconds = float_value(v);
        if (isnan(seconds)) {
            raise(t, EXC(ValueError), "Invalid value NaN (not a number)");
            return false;
        }
        double ns = rounded(seconds * 1e9);
        if (!(ns >= -9223372036854775808.0 && ns < 9223372036854775808.0))
            return time_overflow(t);
        *out = (int64_t)ns;
        return true;
    }
    Value index = number_index(t, v);
    int64_t seconds;
    if (!index) {
        if (pending_clear_if(t, EXC(TypeError)))
            raise(t, EXC(TypeError), "'%T' object cannot be interpreted as an integer", v);
        return false;
    }
    if (!int_to_int64(index, &seconds) || __builtin_mul_overflow(seconds, (int64_t)1000000000, out))
        return time_overflow(t);
    return true;
}

bool timeout_arg(Thread *t, Value v, int64_t *out_ns)
{
    *out_ns = -1;
    return !v || v == NONE || nanoseconds(t, v, ceil, out_ns);
}

bool seconds_arg(Thread *t, Value v, int64_t *out_ns)
{
    return nanoseconds(t, v, floor, out_ns);
}

// --- tables ---

bool module_add_ints(Thread *t, Value module, const IntConstant *constants)
{
    for (; constants->name; constants++) {
        Value value = int_from_int64(t, constants->value);
        if (!value || !module_add(t, module, constants->name, value))
            return false;
    }
    return true;
}

bool module_add_functions(Thread *t, Value module, const NativeDef *functions)
{
    Value name = dict_get_known(as_dict(module_dict(module)), N(__name__));
    for (; functions->name; functions++) {
        Value function = native_function_new(t, functions, module, name, NULL);
        if (!function || !module_add(t, module, functions->name, function))
            return false;
    }
    return true;
}

Value ints_dict(Thread *t, const IntConstant *constants)
{
    Dict *d = dict_new(t);
    for (; d && constants->name; constants++) {
        Value name = str_intern_cstr(t, constants->name);
        if (!name || !dict_set(t, d, name, fixnum(constants->value)))
            return 0;
    }
    return value_of(d);
}

long fd_set_inheritable(int fd, bool inheritable)
{
    if (ioctl(fd, inheritable ? FIONCLEX : FIOCLEX, NULL) == 0)
        return 0;
    int flags = fcntl(fd, F_GETFD);
    if (flags < 0)
        return -errno;
    flags = inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
    return fcntl(fd, F_SETFD, flags) < 0 ? -errno : 0;
}

bool os_audit(Thread *t, const char *event, size_t n, ...)
{
    if (likely(!t->vm->audit_hooks))
        return true;
    Value audit = t->vm->sys_module ? attr_get(t, t->vm->sys_module, str_intern_cstr(t, "audit")) : 0;
    if (!audit)
        return false;
    Value args[8] = {str_from_cstr(t, event)};
    if (!args[0])
        return false;
    va_list list;
    va_start(list, n);
    for (size_t i = 1; i <= n && i < COUNT_OF(args); i++)
        args[i] = va_arg(list, Value);
    va_end(list);
    return call(t, audit, args, n + 1, 0) != 0;
}
