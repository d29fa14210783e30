// posix_system.c: facts about the system and the process: uname, times, random bytes, environment, processors.
#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "src/core/vm.h"
#include "src/modules/posix.h"
#include "src/modules/sys.h"

static Value fs_text(Thread *t, const char *s)
{
    return str_from_fs(t, s, strlen(s));
}

static Value posix_uname(Thread *t, const Value *args, size_t nargs)
{
    struct utsname u;
    if (uname(&u) < 0)
        return raise_errno(t, errno);
    Value items[] = {fs_text(t, u.sysname), fs_text(t, u.nodename), fs_text(t, u.release), fs_text(t, u.version),
                     fs_text(t, u.machine)};
    return posix_struct(t, POSIX_UNAME, items);
}

static Value posix_times(Thread *t, const Value *args, size_t nargs)
{
    struct tms process;
    clock_t elapsed = times(&process);
    if (elapsed == (clock_t)-1)
        return raise_errno(t, errno);
    double tick = (double)sysconf(_SC_CLK_TCK);
    Value items[] = {float_new(t, (double)process.tms_utime / tick), float_new(t, (double)process.tms_stime / tick),
                     float_new(t, (double)process.tms_cutime / tick), float_new(t, (double)process.tms_cstime / tick),
                     float_new(t, (double)elapsed / tick)};
    return posix_struct(t, POSIX_TIMES, items);
}

static Value posix_strerror(Thread *t, const Value *args, size_t nargs)
{
    int code;
    return to_int32(t, args[0], &code) ? fs_text(t, strerror(code)) : 0;
}

// --- random bytes ---

typedef struct Random {
    uint8_t *at;
    size_t left;
} Random;

static long random_body(void *data)
{
    Random *r = data;
    while (r->left) {
        ssize_t n = getrandom(r->at, r->left, 0);
        if (n < 0)
            return -errno;
        r->at += n;
        r->left -= (size_t)n;
    }
    return 0;
}

static Value posix_urandom(Thread *t, const Value *args, size_t nargs)
{
    int64_t size;
    if (!to_int64(t, args[0], &size))
        return 0;
    if (size < 0)
        return raise(t, EXC(ValueError), "negative argument not allowed");
    Bytes *bytes = bytes_alloc(t, (size_t)size);
    if (!bytes)
        return 0;
    Random r = {bytes->data, (size_t)size};
    long result = os_run(t, random_body, &r);
    return result < 0 ? os_raise(t, result, 0, 0) : value_of(bytes);
}

static Value posix_getrandom(Thread *t, const Value *args, size_t nargs)
{
    int64_t size;
    int flags;
    if (!to_int64(t, args[0], &size) || !int_arg(t, args[1], 0, &flags))
        return 0;
    if (size < 0)
        return raise_errno(t, EINVAL);
    Bytes *bytes = bytes_alloc(t, (size_t)size);
    if (!bytes)
        return 0;
    long n = OS_CALL(t, SYS_getrandom, (long)bytes->data, size, flags);
    if (n < 0)
        return os_raise(t, n, 0, 0);
    return n == size ? value_of(bytes) : bytes_new(t, bytes->data, (size_t)n);
}

// --- processors ---

static Value posix_cpu_count(Thread *t, const Value *args, size_t nargs)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? NONE : fixnum(n);
}

static Value posix_getloadavg(Thread *t, const Value *args, size_t nargs)
{
    double load[3];
    if (getloadavg(load, 3) != 3)
        return raise(t, EXC(OSError), "Load averages are unobtainable");
    return tuple_of(t, 3, float_new(t, load[0]), float_new(t, load[1]), float_new(t, load[2]));
}

// --- environment ---

static Value posix_putenv(Thread *t, const Value *args, size_t nargs)
{
    const char *name = fs_bytes(t, args[0], NULL), *value = name ? fs_bytes(t, args[1], NULL) : NULL;
    if (!value)
        return 0;
    if (strchr(name, '='))
        return raise(t, EXC(ValueError), "illegal environment variable name");
    if (!os_audit(t, "os.putenv", 2, args[0], args[1]))
        return 0;
    if (setenv(name, value, 1) < 0)
        return raise_errno(t, errno);
    sys_environ_changed(t, name, value);
    return NONE;
}

static Value posix_unsetenv(Thread *t, const Value *args, size_t nargs)
{
    const char *name = fs_bytes(t, args[0], NULL);
    if (!name || !os_audit(t, "os.unsetenv", 1, args[0]))
        return 0;
    if (unsetenv(name) < 0)
        return raise_errno(t, errno);
    sys_environ_changed(t, name, NULL);
    return NONE;
}

static Value environ_dict(Thread *t)
{
    Dict *d = dict_new(t);
    for (char **e = environ; d && e && *e; e++) {
        const char *equals = strchr(*e, '=');
        if (!equals)
            continue;
        Value name = bytes_new(t, *e, (size_t)(equals - *e)), value = bytes_new(t, equals + 1, strlen(equals + 1));
        if (!name || !value || !dict_set_default(t, d, name, value))
            return 0;
    }
    return value_of(d);
}

static Value posix__create_environ(Thread *t, const Value *args, size_t nargs)
{
    return environ_dict(t);
}

// --- terminals and encodings ---

static Value posix_get_terminal_size(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    struct winsize size;
    if (!int_arg(t, args[0], STDOUT_FILENO, &fd))
        return 0;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0)
        return raise_errno(t, errno);
    Value items[] = {fixnum(size.ws_col), fixnum(size.ws_row)};
    return posix_struct(t, POSIX_TERMINAL_SIZE, items);
}

static Value posix_device_encoding(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!to_int32(t, args[0], &fd))
        return 0;
    if (!isatty(fd))
        return NONE;
    return str_from_cstr(t, t->vm->config.utf8_mode ? "utf-8" : nl_langinfo(CODESET));
}

static Value posix_ctermid(Thread *t, const Value *args, size_t nargs)
{
    char name[L_ctermid];
    return fs_text(t, ctermid(name));
}

static Value posix__inputhook(Thread *t, const Value *args, size_t nargs)
{
    return fixnum(0);
}

static Value posix__is_inputhook_installed(Thread *t, const Value *args, size_t nargs)
{
    return FALSE;
}

const NativeDef posix_system_functions[] = {
    {"uname", posix_uname, "()", "Return an object identifying the current operating system."},
    {"times", posix_times, "()", "Return a collection containing process timing information."},
    {"strerror", posix_strerror, "(code, /)", "Translate an error code to a message string."},
    {"urandom", posix_urandom, "(size, /)", "Return a bytes object containing random bytes suitable for cryptographic use."},
    {"getrandom", posix_getrandom, "(size, flags=0)", "Obtain a series of random bytes."},
    {"cpu_count", posix_cpu_count, "()", "Return the number of logical CPUs in the system."},
    {"getloadavg", posix_getloadavg, "()", "Return average recent system load information."},
    {"putenv", posix_putenv, "(name, value, /)", "Change or add an environment variable."},
    {"unsetenv", posix_unsetenv, "(name, /)", "Delete an environment variable."},
    {"_create_environ", posix__create_environ, "()", "Create the environment dictionary."},
    {"get_terminal_size", posix_get_terminal_size, "(fd=<unrepresentable>, /)", "Return the size of the terminal window as (columns, lines)."},
    {"device_encoding", posix_device_encoding, "(fd)", "Return a string describing the encoding of a terminal's file descriptor."},
    {"ctermid", posix_ctermid, "()", "Return the name of the controlling terminal for this process."},
    {"_inputhook", posix__inputhook, "()", "Calls PyOS_CallInputHook droppping the GIL first"},
    {"_is_inputhook_installed", posix__is_inputhook_installed, "()", "Checks if PyOS_CallInputHook is set"},
    {0},
};
