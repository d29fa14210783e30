// fcntl_mod.c: the fcntl module.
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "src/modules/os_support.h"
#include "src/types/number.h"

enum { ARGUMENT_MAX = 1024, GUARD = 64 };   // room behind the argument for calls that write more than they were given

typedef struct Control {
    int fd;
    unsigned long request;
    void *argument;
    long number;
    bool is_ioctl;
} Control;

static long control_body(void *data)
{
    const Control *c = data;
    int result;
    if (c->is_ioctl)
        result = c->argument ? ioctl(c->fd, c->request, c->argument) : ioctl(c->fd, c->request, c->number);
    else
        result = c->argument ? fcntl(c->fd, (int)c->request, c->argument) : fcntl(c->fd, (int)c->request, c->number);
    return result < 0 ? -errno : result;
}

// An int argument, in the signed or unsigned range of a C int or long.
static bool number_arg(Thread *t, Value v, long *out)
{
    Value index = number_index(t, v);
    int64_t wide;
    uint64_t wide_unsigned;
    if (!index)
        return false;
    if (int_to_int64(index, &wide)) {
        *out = wide;
        return true;
    }
    if (int_to_uint64(index, &wide_unsigned)) {
        *out = (long)wide_unsigned;
        return true;
    }
    raise(t, EXC(OverflowError), "Python int too large to convert to C long");
    return false;
}

// Calls with a copy of the bytes and answers the changed copy.
static Value control_with_copy(Thread *t, Control *c, const void *data, size_t n, const char *function)
{
    char room[ARGUMENT_MAX + GUARD];
    if (n > ARGUMENT_MAX)
        return raise(t, EXC(ValueError), "%s argument 3 is too long", function);
    memcpy(room, data, n);
    memset(room + n, 0, GUARD);
    c->argument = room;
    long result = os_run(t, control_body, c);
    return result < 0 ? os_raise(t, result, 0, 0) : bytes_new(t, room, n);
}

static Value control(Thread *t, Control *c, Value argument, const char *function)
{
    if (!argument || is_int(argument) || type_of(argument)->slots.to_index) {
        if (argument && !number_arg(t, argument, &c->number))
            return 0;
        long result = os_run(t, control_body, c);
        return result < 0 ? os_raise(t, result, 0, 0) : fixnum(result);
    }
    if (is_str(argument)) {
        size_t n;
        const char *text = str_utf8(t, argument, &n);
        return text ? control_with_copy(t, c, text, n, function) : 0;
    }
    Buffer buffer;
    if (!buffer_supported(argument))
        return raise(t, EXC(TypeError), "%s() argument 3 must be an integer, a bytes-like object, or a string, not %T", function, argument);
    if (!buffer_get(t, argument, &buffer, BUFFER_SIMPLE))
        return 0;
    Value result = control_with_copy(t, c, buffer.data, (size_t)buffer.length, function);
    buffer_release(t, &buffer);
    return result;
}

static Value fcntl_fcntl(Thread *t, const Value *args, size_t nargs)
{
    Control c = {0};
    int command;
    if (!fd_arg(t, args[0], &c.fd) || !to_int32(t, args[1], &command))
        return 0;
    c.request = (unsigned long)command;
    if (!os_audit(t, "fcntl.fcntl", 3, fixnum(c.fd), args[1], args[2] ? args[2] : NONE))
        return 0;
    return control(t, &c, args[2], "fcntl");
}

// A writable buffer is changed in place, and the answer is the call's result.
static Value ioctl_in_place(Thread *t, Control *c, Value argument)
{
    Buffer buffer;
    if (!buffer_get(t, argument, &buffer, BUFFER_WRITABLE))
        return 0;
    char room[ARGUMENT_MAX + GUARD];
    bool copied = buffer.length <= ARGUMENT_MAX;
    if (copied) {
        memcpy(room, buffer.data, (size_t)buffer.length);
        memset(room + buffer.length, 0, GUARD);
    }
    c->argument = copied ? room : buffer.data;
    long result = os_run(t, control_body, c);
    if (copied)
        memcpy(buffer.data, room, (size_t)buffer.length);
    buffer_release(t, &buffer);
    return result < 0 ? os_raise(t, result, 0, 0) : fixnum(result);
}

static Value fcntl_ioctl(Thread *t, const Value *args, size_t nargs)
{
    Control c = {.is_ioctl = true};
    long request;
    bool mutate;
    if (!fd_arg(t, args[0], &c.fd) || !number_arg(t, args[1], &request) || !flag_arg(t, args[3], true, &mutate))
        return 0;
    c.request = (unsigned long)request;
    if (!os_audit(t, "fcntl.ioctl", 3, fixnum(c.fd), args[1], args[2] ? args[2] : NONE))
        return 0;
    Value argument = args[2];
    if (mutate && argument && !is_int(argument) && !is_str(argument) && !is_bytes(argument) && buffer_supported(argument)) {
        Buffer probe;
        if (!buffer_get(t, argument, &probe, BUFFER_SIMPLE))
            return 0;
        bool readonly = probe.readonly;
        buffer_release(t, &probe);
        if (!readonly)
            return ioctl_in_place(t, &c, argument);
    }
    return control(t, &c, argument, "ioctl");
}

typedef struct Lock {
    int fd, operation;
    struct flock range;
} Lock;

static long flock_body(void *data)
{
    const Lock *l = data;
    return flock(l->fd, l->operation) < 0 ? -errno : 0;
}

static long lockf_body(void *data)
{
    Lock *l = data;
    return fcntl(l->fd, l->operation & LOCK_NB ? F_SETLK : F_SETLKW, &l->range) < 0 ? -errno : 0;
}

static Value fcntl_flock(Thread *t, const Value *args, size_t nargs)
{
    Lock l;
    if (!fd_arg(t, args[0], &l.fd) || !to_int32(t, args[1], &l.operation))
        return 0;
    return os_none(t, os_run(t, flock_body, &l), 0, 0);
}

static Value fcntl_lockf(Thread *t, const Value *args, size_t nargs)
{
    Lock l = {0};
    int whence;
    int64_t length = 0, start = 0;
    if (!fd_arg(t, args[0], &l.fd) || !to_int32(t, args[1], &l.operation) || (args[2] && !to_int64(t, args[2], &length))
        || (args[3] && !to_int64(t, args[3], &start)) || !int_arg(t, args[4], 0, &whence))
        return 0;
    if (l.operation == LOCK_UN)
        l.range.l_type = F_UNLCK;
    else if (l.operation & LOCK_SH)
        l.range.l_type = F_RDLCK;
    else if (l.operation & LOCK_EX)
        l.range.l_type = F_WRLCK;
    else
        return raise(t, EXC(ValueError), "unrecognized lockf argument");
    l.range.l_start = start;
    l.range.l_len = length;
    l.range.l_whence = (short)whence;
    return os_none(t, os_run(t, lockf_body, &l), 0, 0);
}

#define C(name) {#name, name}
static const IntConstant constants[] = {
    C(DN_ACCESS), C(DN_ATTRIB), C(DN_CREATE), C(DN_DELETE), C(DN_MODIFY), C(DN_MULTISHOT),
    C(DN_RENAME), C(FASYNC), C(FD_CLOEXEC), C(FICLONE), C(FICLONERANGE), C(F_ADD_SEALS),
    C(F_DUPFD), C(F_DUPFD_CLOEXEC), {"F_DUPFD_QUERY", 0x403}, C(F_EXLCK), C(F_GETFD), C(F_GETFL),
    C(F_GETLEASE), C(F_GETLK), C(F_GETLK64), C(F_GETOWN), C(F_GETOWN_EX), C(F_GETPIPE_SZ),
    C(F_GETSIG), C(F_GET_FILE_RW_HINT), C(F_GET_RW_HINT), C(F_GET_SEALS), C(F_NOTIFY),
    C(F_OFD_GETLK), C(F_OFD_SETLK), C(F_OFD_SETLKW), C(F_OWNER_PGRP), C(F_OWNER_PID),
    C(F_OWNER_TID), C(F_RDLCK), C(F_SEAL_FUTURE_WRITE), C(F_SEAL_GROW), C(F_SEAL_SEAL),
    C(F_SEAL_SHRINK), C(F_SEAL_WRITE), C(F_SETFD), C(F_SETFL), C(F_SETLEASE), C(F_SETLK),
    C(F_SETLK64), C(F_SETLKW), C(F_SETLKW64), C(F_SETOWN), C(F_SETOWN_EX), C(F_SETPIPE_SZ),
    C(F_SETSIG), C(F_SET_FILE_RW_HINT), C(F_SET_RW_HINT), C(F_SHLCK), C(F_UNLCK), C(F_WRLCK),
    C(LOCK_EX), C(LOCK_MAND), C(LOCK_NB), C(LOCK_READ), C(LOCK_RW), C(LOCK_SH), C(LOCK_UN),
    C(LOCK_WRITE), C(RWH_WRITE_LIFE_EXTREME), C(RWH_WRITE_LIFE_LONG), C(RWH_WRITE_LIFE_MEDIUM),
    C(RWH_WRITE_LIFE_NONE), C(RWH_WRITE_LIFE_NOT_SET), C(RWH_WRITE_LIFE_SHORT),
    {0},
};

static bool fcntl_exec(Thread *t, Value module)
{
    return module_add_ints(t, module, constants);
}

const ModuleDef module_fcntl = {
    .name = "fcntl",
    .doc = "This module performs file control and I/O control on file\ndescriptors.  It is an interface to the fcntl() and ioctl() Unix\nroutines.",
    .functions = (const NativeDef[]){
        {"fcntl", fcntl_fcntl, "(fd, cmd, arg=0, /)", "Perform the operation `cmd` on file descriptor fd."},
        {"ioctl", fcntl_ioctl, "(fd, request, arg=0, mutate_flag=True, /)", "Perform the operation request on file descriptor fd."},
        {"flock", fcntl_flock, "(fd, operation, /)", "Perform the lock operation `operation` on file descriptor `fd`."},
        {"lockf", fcntl_lockf, "(fd, cmd, len=0, start=0, whence=0, /)", "A wrapper around the fcntl() locking calls."},
        {0},
    },
    .exec = fcntl_exec,
};
