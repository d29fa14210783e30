// select_mod.c: the select module: select and poll objects. (epoll: select_epoll.c)
//
// A poll object's table is a Dict, which guards itself; poll() works on a copy.
#include <errno.h>
#include <limits.h>
#include <linux/limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "src/modules/select.h"

// --- timeouts ---

int64_t select_deadline(int64_t timeout_ns)
{
    return timeout_ns < 0 ? -1 : monotonic_ns() + timeout_ns;
}

int64_t select_left(int64_t deadline)
{
    if (deadline < 0)
        return -1;
    int64_t left = deadline - monotonic_ns();
    return left > 0 ? left : 0;
}

int select_milliseconds(int64_t ns)
{
    if (ns < 0)
        return -1;
    int64_t ms = ns / 1000000 + (ns % 1000000 != 0);
    return ms > INT_MAX ? INT_MAX : (int)ms;
}

static bool timeout_seconds(Thread *t, Value v, int64_t *out_ns)
{
    *out_ns = -1;
    if (!v || v == NONE)
        return true;
    if (!is_float(v) && !is_int(v) && !type_of(v)->slots.to_index) {
        raise(t, EXC(TypeError), "timeout must be a float or None");
        return false;
    }
    if (!timeout_arg(t, v, out_ns))
        return false;
    if (*out_ns < 0) {
        raise(t, EXC(ValueError), "timeout must be non-negative");
        return false;
    }
    return true;
}

// --- select ---

typedef struct FdList {
    Value *objects;      // collected
    int *fds;            // atomic
    size_t n;
    fd_set set;
} FdList;

static bool fd_list(Thread *t, Value sequence, FdList *out, int *highest)
{
    FD_ZERO(&out->set);
    out->n = 0;
    size_t room;
    out->objects = values_from_iterable(t, sequence, &room);
    if (!out->objects) {
        if (pending_clear_if(t, EXC(TypeError)))
            raise(t, EXC(TypeError), "arguments 1-3 must be sequences");
        return false;
    }
    out->fds = new_atomic(t, (room + 1) * sizeof(int));
    for (size_t i = 0; out->fds && i < room; out->n = ++i) {
        if (is_list(sequence) && i >= list_length(as_list(sequence)))   // a fileno() method made it shorter
            break;
        if (!fd_arg(t, out->objects[i], &out->fds[i]))
            return false;
        if (out->fds[i] >= FD_SETSIZE) {
            raise(t, EXC(ValueError), "filedescriptor out of range in select()");
            return false;
        }
        FD_SET(out->fds[i], &out->set);
        if (out->fds[i] > *highest)
            *highest = out->fds[i];
    }
    return out->fds != NULL;
}

typedef struct Select {
    int highest;
    fd_set sets[3];
    struct timeval *timeout, left;
} Select;

static long select_body(void *data)
{
    Select *s = data;
    int n = select(s->highest + 1, &s->sets[0], &s->sets[1], &s->sets[2], s->timeout);
    return n < 0 ? -errno : n;
}

static Value ready_list(Thread *t, const FdList *list, const fd_set *set, bool any)
{
    List *ready = list_new(t, 0);
    for (size_t i = 0; ready && any && i < list->n; i++)
        if (FD_ISSET(list->fds[i], set) && !list_append(t, ready, list->objects[i]))
            return 0;
    return value_of(ready);
}

static Value select_select(Thread *t, const Value *args, size_t nargs)
{
    FdList lists[3];
    Select s = {.highest = -1};
    int64_t timeout;
    if (!timeout_seconds(t, args[3], &timeout))
        return 0;
    for (int i = 0; i < 3; i++)
        if (!fd_list(t, args[i], &lists[i], &s.highest))
            return 0;
    int64_t deadline = select_deadline(timeout);
    long n;
    do {
        int64_t left = select_left(deadline);
        s.left = (struct timeval){left / 1000000000, (left % 1000000000 + 999) / 1000};
        s.timeout = left < 0 ? NULL : &s.left;
        for (int i = 0; i < 3; i++)
            s.sets[i] = lists[i].set;
        n = select_body_blocking(t, select_body, &s);
    } while (n == -EINTR && safepoint(t));
    if (n < 0)
        return os_raise(t, n, 0, 0);
    Value ready[3];
    for (int i = 0; i < 3; i++)
        if (!(ready[i] = ready_list(t, &lists[i], &s.sets[i], n > 0)))
            return 0;
    return tuple_from(t, ready, 3);
}

// One call in the blocked state without repetition: the caller counts the time.
typedef struct Once {
    OsBody body;
    void *data;
    long result;
} Once;

static void *once_body(void *data)
{
    Once *o = data;
    o->result = o->body(o->data);
    return NULL;
}

long select_body_blocking(Thread *t, OsBody body, void *data)
{
    Once o = {body, data, 0};
    blocking(t, once_body, &o);
    return o.result;
}

// --- poll ---

typedef struct Poll {
    Object head;
    Value table;               // Dict: fd → mask, both fixnums
    uint32_t running;          // a poll() is under way; compare-and-swap
} Poll;

static bool mask_arg(Thread *t, Value v, unsigned absent, unsigned *out)
{
    *out = absent;
    if (!v)
        return true;
    int64_t wide;
    if (!to_int64(t, v, &wide))
        return false;
    if (wide < 0 || wide > USHRT_MAX) {
        raise(t, wide < 0 ? EXC(ValueError) : EXC(OverflowError),
              wide < 0 ? "value must be positive" : "Python int too large for C unsigned short");
        return false;
    }
    *out = (unsigned)wide;
    return true;
}

static Value poll_register(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    unsigned mask;
    if (!fd_arg(t, args[1], &fd) || !mask_arg(t, args[2], POLLIN | POLLPRI | POLLOUT, &mask))
        return 0;
    return dict_set(t, as_dict(((Poll *)args[0])->table), fixnum(fd), fixnum(mask)) ? NONE : 0;
}

static Value poll_modify(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    unsigned mask;
    Dict *table = as_dict(((Poll *)args[0])->table);
    if (!fd_arg(t, args[1], &fd) || !mask_arg(t, args[2], 0, &mask))
        return 0;
    int known = dict_contains(t, table, fixnum(fd));
    if (known <= 0)
        return known < 0 ? 0 : raise_errno(t, ENOENT);
    return dict_set(t, table, fixnum(fd), fixnum(mask)) ? NONE : 0;
}

static Value poll_unregister(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!fd_arg(t, args[1], &fd))
        return 0;
    int gone = dict_delete(t, as_dict(((Poll *)args[0])->table), fixnum(fd));
    return gone < 0 ? 0 : gone ? NONE : raise_key(t, fixnum(fd));
}

typedef struct PollCall {
    struct pollfd *fds;
    size_t n;
    int timeout;
} PollCall;

static long poll_body(void *data)
{
    const PollCall *p = data;
    int n = poll(p->fds, p->n, p->timeout);
    return n < 0 ? -errno : n;
}

static Value poll_answer(Thread *t, const PollCall *p)
{
    List *ready = list_new(t, 0);
    for (size_t i = 0; ready && i < p->n; i++) {
        if (!p->fds[i].revents)
            continue;
        Value pair = tuple_pair(t, fixnum(p->fds[i].fd), fixnum(p->fds[i].revents & 0xffff));
        if (!pair || !list_append(t, ready, pair))
            return 0;
    }
    return value_of(ready);
}

static bool milliseconds_arg(Thread *t, Value v, int64_t *out_ns)
{
    *out_ns = -1;
    if (!v || v == NONE)
        return true;
    double ms;
    if (is_float(v)) {
        ms = float_value(v);
    } else {
        int64_t whole;
        if (!is_int(v) && !type_of(v)->slots.to_index) {
            raise(t, EXC(TypeError), "timeout must be an integer or None");
            return false;
        }
        if (!to_int64(t, v, &whole))
            return false;
        ms = (double)whole;
    }
    if (ms > INT_MAX || ms < INT_MIN) {
        raise(t, EXC(OverflowError), "timeout is too large");
        return false;
    }
    *out_ns = ms < 0 ? -1 : (int64_t)(ms * 1e6 + 0.999999);
    return true;
}

static Value poll_poll(Thread *t, const Value *args, size_t nargs)
{
    Poll *self = (Poll *)args[0];
    int64_t timeout;
    uint32_t idle = 0;
    if (!milliseconds_arg(t, args[1], &timeout))
        return 0;
    if (!__atomic_compare_exchange_n(&self->running, &idle, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return raise(t, EXC(RuntimeError), "concurrent poll() invocation");
    Dict *table = as_dict(self->table);
    PollCall p = {.fds = new_atomic(t, (dict_length(table) + 1) * sizeof(struct pollfd))};
    size_t at = 0, room = dict_length(table);
    Value fd, mask;
    while (p.fds && p.n < room && dict_next(table, &at, &fd, &mask))
        p.fds[p.n++] = (struct pollfd){(int)fixnum_value(fd), (short)fixnum_value(mask), 0};
    int64_t deadline = select_deadline(timeout);
    long n = 0;
    do {
        p.timeout = select_milliseconds(select_left(deadline));
        n = p.fds ? select_body_blocking(t, poll_body, &p) : -ENOMEM;
    } while (n == -EINTR && safepoint(t));
    publish(&self->running, 0);
    return n < 0 ? os_raise(t, n, 0, 0) : poll_answer(t, &p);
}

Type type_poll = {
    TYPE_HEAD(poll, "select.poll", &type_object, Poll),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE,
    .methods = (const NativeDef[]){
        {"register", poll_register, "($self, fd, eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)", NULL},
        {"modify", poll_modify, "($self, fd, eventmask, /)", NULL},
        {"unregister", poll_unregister, "($self, fd, /)", NULL},
        {"poll", poll_poll, "($self, timeout=None, /)", NULL},
        {0},
    },
};

static Value select_poll(Thread *t, const Value *args, size_t nargs)
{
    Dict *table = dict_new(t);
    Poll *p = table ? new_object(t, poll, Poll) : NULL;
    if (p)
        p->table = value_of(table);
    return value_of(p);
}

#define C(name) {#name, name}
static const IntConstant constants[] = {
    C(EPOLLERR), C(EPOLLET), C(EPOLLEXCLUSIVE), C(EPOLLHUP), C(EPOLLIN), C(EPOLLMSG),
    C(EPOLLONESHOT), C(EPOLLOUT), C(EPOLLPRI), C(EPOLLRDBAND), C(EPOLLRDHUP), C(EPOLLRDNORM),
    C(EPOLLWAKEUP), C(EPOLLWRBAND), C(EPOLLWRNORM), C(EPOLL_CLOEXEC), C(PIPE_BUF), C(POLLERR),
    C(POLLHUP), C(POLLIN), C(POLLMSG), C(POLLNVAL), C(POLLOUT), C(POLLPRI), C(POLLRDBAND),
    C(POLLRDHUP), C(POLLRDNORM), C(POLLWRBAND), C(POLLWRNORM),
    {0},
};

static bool select_exec(Thread *t, Value module)
{
    return module_add_ints(t, module, constants) && module_add_type(t, module, &type_epoll)
        && module_add(t, module, "error", value_of(EXC(OSError)));
}

const ModuleDef module_select = {
    .name = "select",
    .doc = "This module supports asynchronous I/O on multiple file descriptors.",
    .functions = (const NativeDef[]){
        {"select", select_select, "(rlist, wlist, xlist, timeout=None, /)", "Wait until one or more file descriptors are ready for some kind of I/O."},
        {"poll", select_poll, "()", "Returns a polling object."},
        {0},
    },
    .exec = select_exec,
};
