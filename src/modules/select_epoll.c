// select_epoll.c: epoll objects.
#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "src/modules/select.h"

typedef struct Epoll {
    Object head;
    int fd;                 // -1: closed; atomic
} Epoll;

static bool check_open(Thread *t, const Epoll *e)
{
    if (e->fd >= 0)
        return true;
    raise(t, EXC(ValueError), "I/O operation on closed epoll object");
    return false;
}

static Value epoll_from(Thread *t, Type *cls, int fd)
{
    Epoll *e = instance_new(t, cls, 0);
    if (e)
        e->fd = fd;
    return value_of(e);
}

static Value epoll_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    int size, flags;
    BIND_ARGUMENTS(t, "epoll", "(sizehint=-1, flags=0)", args, nargs, kwnames, a, return 0);
    if (!int_arg(t, a[0], -1, &size) || !int_arg(t, a[1], 0, &flags))
        return 0;
    if (size != -1 && size <= 0)
        return raise(t, EXC(ValueError), "sizehint must be positive or -1");
    if (flags && flags != EPOLL_CLOEXEC)
        return raise(t, EXC(OSError), "invalid flags");
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? raise_errno(t, errno) : epoll_from(t, cls, fd);
}

static Value epoll_fromfd(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    return to_int32(t, args[1], &fd) ? epoll_from(t, as_type(args[0]), fd) : 0;
}

static int close_fd(Epoll *e)
{
    int fd = __atomic_exchange_n(&e->fd, -1, __ATOMIC_ACQ_REL);
    return fd >= 0 && close(fd) < 0 ? errno : 0;
}

static void epoll_finalize(Thread *t, Value self)
{
    close_fd((Epoll *)self);
}

static Value epoll_close(Thread *t, const Value *args, size_t nargs)
{
    int error = close_fd((Epoll *)args[0]);
    return error ? raise_errno(t, error) : NONE;
}

static Value epoll_get_closed(Thread *t, Value self)
{
    return value_bool(((Epoll *)self)->fd < 0);
}

static Value epoll_fileno(Thread *t, const Value *args, size_t nargs)
{
    const Epoll *e = (Epoll *)args[0];
    return check_open(t, e) ? fixnum(e->fd) : 0;
}

static Value control(Thread *t, Value self, int operation, Value fd_value, Value mask)
{
    const Epoll *e = (Epoll *)self;
    struct epoll_event event = {0};
    int fd;
    int64_t events = EPOLLIN | EPOLLPRI | EPOLLOUT;
    if (!check_open(t, e) || !fd_arg(t, fd_value, &fd) || (mask && !to_int64(t, mask, &events)))
        return 0;
    if (events < 0 || events > UINT32_MAX)
        return raise(t, EXC(OverflowError), events < 0 ? "can't convert negative value to unsigned int"
                                                       : "Python int too large for C unsigned int");
    event.events = (uint32_t)events;
    event.data.fd = fd;
    return epoll_ctl(e->fd, operation, fd, &event) < 0 ? raise_errno(t, errno) : NONE;
}

static Value epoll_register(Thread *t, const Value *args, size_t nargs)
{
    return control(t, args[0], EPOLL_CTL_ADD, args[1], args[2]);
}

static Value epoll_modify(Thread *t, const Value *args, size_t nargs)
{
    return control(t, args[0], EPOLL_CTL_MOD, args[1], args[2]);
}

static Value epoll_unregister(Thread *t, const Value *args, size_t nargs)
{
    return control(t, args[0], EPOLL_CTL_DEL, args[1], fixnum(0));
}

typedef struct Wait {
    int fd, most, timeout;
    struct epoll_event *events;
} Wait;

static long wait_body(void *data)
{
    const Wait *w = data;
    int n = epoll_wait(w->fd, w->events, w->most, w->timeout);
    return n < 0 ? -errno : n;
}

static bool seconds(Thread *t, Value v, int64_t *out_ns)
{
    *out_ns = -1;
    if (!v || v == NONE)
        return true;
    if (!is_float(v) && !is_int(v) && !type_of(v)->slots.to_index) {
        raise(t, EXC(TypeError), "timeout must be a number or None");
        return false;
    }
    if (!timeout_arg(t, v, out_ns))
        return false;
    if (*out_ns < 0)
        *out_ns = -1;
    return true;
}

static Value epoll_poll(Thread *t, const Value *args, size_t nargs)
{
    Wait w;
    int64_t timeout;
    if (!check_open(t, (Epoll *)args[0]) || !seconds(t, args[1], &timeout) || !int_arg(t, args[2], -1, &w.most))
        return 0;
    if (w.most == -1)
        w.most = FD_SETSIZE - 1;
    else if (w.most < 1)
        return raise(t, EXC(ValueError), "maxevents must be greater than 0, got %d", w.most);
    w.fd = ((Epoll *)args[0])->fd;
    w.events = new_atomic(t, (size_t)w.most * sizeof(struct epoll_event));
    if (!w.events)
        return 0;
    int64_t deadline = select_deadline(timeout);
    long n;
    do {
        w.timeout = select_milliseconds(select_left(deadline));
        n = select_body_blocking(t, wait_body, &w);
    } while (n == -EINTR && safepoint(t));
    if (n < 0)
        return os_raise(t, n, 0, 0);
    List *ready = list_new(t, (size_t)n);
    for (long i = 0; ready && i < n; i++) {
        Value pair = tuple_pair(t, fixnum(w.events[i].data.fd), fixnum(w.events[i].events));
        if (!pair || !list_append(t, ready, pair))
            return 0;
    }
    return value_of(ready);
}

static Value epoll_enter(Thread *t, const Value *args, size_t nargs)
{
    return check_open(t, (Epoll *)args[0]) ? args[0] : 0;
}

Type type_epoll = {
    TYPE_HEAD(epoll, "select.epoll", &type_object, Epoll),
    .flags = TYPE_IMMUTABLE | TYPE_HAS_GC_FINALIZER,
    .new_signature = "(sizehint=-1, flags=0)",
    .slots = {.new = epoll_new, .finalize = epoll_finalize},
    .doc = "Returns an epolling object.",
    .getsets = (const GetSetDef[]){{"closed", epoll_get_closed, NULL, "True if the epoll handler is closed"}, {0}},
    .methods = (const NativeDef[]){
        {"fromfd", epoll_fromfd, "($type, fd, /)", "Create an epoll object from a given control fd.", NATIVE_CLASS},
        {"close", epoll_close, "($self, /)", "Close the epoll control file descriptor."},
        {"fileno", epoll_fileno, "($self, /)", "Return the epoll control file descriptor."},
        {"register", epoll_register, "($self, /, fd, eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)", "Registers a new fd."},
        {"modify", epoll_modify, "($self, /, fd, eventmask)", "Modify event mask for a registered file descriptor."},
        {"unregister", epoll_unregister, "($self, /, fd)", "Remove a registered file descriptor from the epoll object."},
        {"poll", epoll_poll, "($self, /, timeout=None, maxevents=-1)", "Wait for events on the epoll file descriptor."},
        {"__enter__", epoll_enter, "($self, /)", NULL},
        {"__exit__", epoll_close, "($self, exc_type=None, exc_value=None, exc_tb=None, /)", NULL},
        {0},
    },
};
