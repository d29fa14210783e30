// posix_event.c: descriptors that stand for memory, events and timers.
#include <errno.h>
#include <math.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "src/modules/posix.h"

static Value posix_memfd_create(Thread *t, const Value *args, size_t nargs)
{
    const char *name = fs_bytes(t, args[0], NULL);
    int flags;
    if (!name || !int_arg(t, args[1], MFD_CLOEXEC, &flags))
        return 0;
    int fd = memfd_create(name, (unsigned)flags);
    return fd < 0 ? raise_errno(t, errno) : fixnum(fd);
}

static Value posix_eventfd(Thread *t, const Value *args, size_t nargs)
{
    int64_t initial;
    int flags;
    if (!to_int64(t, args[0], &initial) || !int_arg(t, args[1], EFD_CLOEXEC, &flags))
        return 0;
    if (initial < 0 || initial > UINT32_MAX)
        return raise(t, EXC(OverflowError), initial < 0 ? "can't convert negative value to unsigned int"
                                                        : "Python int too large to convert to C unsigned int");
    int fd = eventfd((unsigned)initial, flags);
    return fd < 0 ? raise_errno(t, errno) : fixnum(fd);
}

static Value posix_eventfd_read(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    uint64_t value;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    long n = OS_CALL(t, SYS_read, fd, (long)&value, sizeof value);
    return n < 0 ? os_raise(t, n, 0, 0) : int_from_uint64(t, value);
}

static Value posix_eventfd_write(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    uint64_t value;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    Value index = number_index(t, args[1]);
    if (!index)
        return 0;
    if (!int_to_uint64(index, &value))
        return raise(t, EXC(OverflowError), int_sign(index) < 0 ? "can't convert negative int to unsigned"
                                                                : "int too big to convert");
    long n = OS_CALL(t, SYS_write, fd, (long)&value, sizeof value);
    return n < 0 ? os_raise(t, n, 0, 0) : NONE;
}

// --- timers ---

static Value posix_timerfd_create(Thread *t, const Value *args, size_t nargs)
{
    int clock, flags;
    if (!to_int32(t, args[0], &clock) || !int_arg(t, args[1], TFD_CLOEXEC, &flags))
        return 0;
    int fd = timerfd_create(clock, flags | TFD_CLOEXEC);
    return fd < 0 ? raise_errno(t, errno) : fixnum(fd);
}

static Value timer_pair(Thread *t, const struct itimerspec *spec, bool in_ns)
{
    const struct timespec *parts[2] = {&spec->it_value, &spec->it_interval};
    Value values[2];
    for (int i = 0; i < 2; i++) {
        values[i] = in_ns ? int_from_int64(t, parts[i]->tv_sec * 1000000000 + parts[i]->tv_nsec)
                          : float_new(t, (double)parts[i]->tv_sec + 1e-9 * (double)parts[i]->tv_nsec);
        if (!values[i])
            return 0;
    }
    return tuple_pair(t, values[0], values[1]);
}

static bool timer_part(Thread *t, Value v, bool in_ns, struct timespec *out)
{
    int64_t ns = 0;
    if (v && !(in_ns ? to_int64(t, v, &ns) : seconds_arg(t, v, &ns)))
        return false;
    if (ns < 0)
        *out = (struct timespec){-1, 0};   // the system answers EINVAL
    else
        *out = (struct timespec){ns / 1000000000, ns % 1000000000};
    return true;
}

static Value timer_set(Thread *t, const Value *args, bool in_ns)
{
    int fd, flags;
    struct itimerspec wanted, old;
    if (!fd_arg(t, args[0], &fd) || !int_arg(t, args[1], 0, &flags) || !timer_part(t, args[2], in_ns, &wanted.it_value)
        || !timer_part(t, args[3], in_ns, &wanted.it_interval))
        return 0;
    return timerfd_settime(fd, flags, &wanted, &old) < 0 ? raise_errno(t, errno) : timer_pair(t, &old, in_ns);
}

static Value timer_get(Thread *t, const Value *args, bool in_ns)
{
    int fd;
    struct itimerspec now;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    return timerfd_gettime(fd, &now) < 0 ? raise_errno(t, errno) : timer_pair(t, &now, in_ns);
}

static Value posix_timerfd_settime(Thread *t, const Value *args, size_t nargs) { return timer_set(t, args, false); }
static Value posix_timerfd_settime_ns(Thread *t, const Value *args, size_t nargs) { return timer_set(t, args, true); }
static Value posix_timerfd_gettime(Thread *t, const Value *args, size_t nargs) { return timer_get(t, args, false); }
static Value posix_timerfd_gettime_ns(Thread *t, const Value *args, size_t nargs) { return timer_get(t, args, true); }

const NativeDef posix_event_functions[] = {
    {"memfd_create", posix_memfd_create, "(name, flags=MFD_CLOEXEC)", NULL},
    {"eventfd", posix_eventfd, "(initval, flags=EFD_CLOEXEC)", "Creates and returns an event notification file descriptor."},
    {"eventfd_read", posix_eventfd_read, "(fd)", "Read eventfd value"},
    {"eventfd_write", posix_eventfd_write, "(fd, value)", "Write eventfd value."},
    {"timerfd_create", posix_timerfd_create, "(clockid, /, *, flags=0)", "Create and return a timer file descriptor."},
    {"timerfd_settime", posix_timerfd_settime, "(fd, /, *, flags=0, initial=0.0, interval=0.0)", "Alter a timer file descriptor's internal timer in seconds."},
    {"timerfd_settime_ns", posix_timerfd_settime_ns, "(fd, /, *, flags=0, initial=0, interval=0)", "Alter a timer file descriptor's internal timer in nanoseconds."},
    {"timerfd_gettime", posix_timerfd_gettime, "(fd, /)", "Return a tuple of a timer file descriptor's (interval, next expiration) in float seconds."},
    {"timerfd_gettime_ns", posix_timerfd_gettime_ns, "(fd, /)", "Return a tuple of a timer file descriptor's (interval, next expiration) in nanoseconds."},
    {0},
};
