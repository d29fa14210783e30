// socket_object.c: the socket type: making, connecting, accepting, options, closing; calls that respect the timeout.
#include "src/modules/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "src/modules/select.h"

int64_t socket_default_timeout = -1;

// --- calls that may wait ---

int64_t socket_deadline(const Socket *s)
{
    return s->timeout > 0 ? monotonic_ns() + s->timeout : -1;
}

typedef struct PollOne {
    struct pollfd fd;
    int timeout;
} PollOne;

static long poll_one(void *data)
{
    PollOne *p = data;
    int n = poll(&p->fd, 1, p->timeout);
    return n < 0 ? -errno : n;
}

static Value timed_out(Thread *t)
{
    Value text = str_from_cstr(t, "timed out");
    return text ? raise_with(t, EXC(TimeoutError), text) : 0;
}

// Waits until the socket is ready: 0, or SOCKET_RAISED.
static long wait_ready(Thread *t, const Socket *s, bool writing, int64_t deadline)
{
    for (;;) {
        PollOne p = {.fd = {.fd = s->fd, .events = writing ? POLLOUT : POLLIN}};
        p.timeout = select_milliseconds(select_left(deadline));
        long n = s->fd < 0 ? 1 : select_body_blocking(t, poll_one, &p);
        if (n > 0 || (n < 0 && n != -EINTR))
            return 0;   // the call itself will say what is wrong
        if (!safepoint(t))
            return SOCKET_RAISED;
        if (n == 0 && select_left(deadline) == 0) {
            timed_out(t);
            return SOCKET_RAISED;
        }
    }
}

long socket_call_until(Thread *t, Socket *s, bool writing, OsBody body, void *data, int64_t deadline)
{
    for (;;) {
        if (s->timeout > 0 && wait_ready(t, s, writing, deadline) < 0)
            return SOCKET_RAISED;
        long result = select_body_blocking(t, body, data);
        if (likely(result >= 0))
            return result;
        if (result == -EINTR) {
            if (!safepoint(t))
                return SOCKET_RAISED;
            continue;
        }
        if (s->timeout > 0 && (result == -EAGAIN || result == -EWOULDBLOCK))
            continue;
        return result;
    }
}

long socket_call(Thread *t, Socket *s, bool writing, OsBody body, void *data)
{
    return socket_call_until(t, s, writing, body, data, socket_deadline(s));
}

Value socket_raise(Thread *t, long result)
{
    return result == SOCKET_RAISED ? 0 : os_raise(t, result, 0, 0);
}

// --- making ---

static bool set_nonblocking(Thread *t, int fd, bool nonblocking)
{
    int flag = nonblocking;
    if (ioctl(fd, FIONBIO, &flag) >= 0)
        return true;
    raise_errno(t, errno);
    return false;
}

bool socket_init(Thread *t, Socket *s, int fd, int family, int type, int proto)
{
    s->family = family;
    s->type = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    s->proto = proto;
    s->timeout = type & SOCK_NONBLOCK ? 0 : load_relaxed(&socket_default_timeout);
    publish(&s->fd, fd);
    return s->timeout < 0 || type & SOCK_NONBLOCK || set_nonblocking(t, fd, true);
}

static Value socket_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Socket *s = instance_new(t, cls, 0);
    if (s) {
        s->fd = -1;
        s->timeout = -1;
    }
    return value_of(s);
}

// Fills in what the system knows of an adopted descriptor.
static bool inspect(Thread *t, int fd, int *family, int *type, int *proto)
{
    SocketAddress a;
    socklen_t n = sizeof a;
    memset(&a, 0, sizeof a);
    if (*family == -1) {
        if (getsockname(fd, &a.any, &n) < 0)
            return raise_errno(t, errno), false;
        *family = a.any.sa_family;
    }
    n = sizeof(int);
    if (*type == -1 && getsockopt(fd, SOL_SOCKET, SO_TYPE, type, &n) < 0)
        return raise_errno(t, errno), false;
    n = sizeof(int);
    if (*proto == -1 && getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, proto, &n) < 0)
        return raise_errno(t, errno), false;
    return true;
}

static bool socket_init_slot(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[4];
    int family, type, proto, fd;
    BIND_ARGUMENTS(t, "socket", "(family=-1, type=-1, proto=-1, fileno=None)", args, nargs, kwnames, a, return false);
    if (!int_arg(t, a[0], -1, &family) || !int_arg(t, a[1], -1, &type) || !int_arg(t, a[2], -1, &proto))
        return false;
    if (!os_audit(t, "socket.__new__", 4, self, fixnum(family), fixnum(type), fixnum(proto)))
        return false;
    if (a[3] && a[3] != NONE) {
        if (is_float(a[3])) {
            raise(t, EXC(TypeError), "integer argument expected, got float");
            return false;
        }
        if (!to_int32(t, a[3], &fd))
            return false;
        if (fd < 0) {
            raise(t, EXC(ValueError), "negative file descriptor");
            return false;
        }
        return inspect(t, fd, &family, &type, &proto) && socket_init(t, (Socket *)self, fd, family, type, proto);
    }
    family = family == -1 ? AF_INET : family;
    type = type == -1 ? SOCK_STREAM : type;
    proto = proto == -1 ? 0 : proto;
    fd = socket(family, type | SOCK_CLOEXEC, proto);
    if (fd < 0) {
        raise_errno(t, errno);
        return false;
    }
    if (socket_init(t, (Socket *)self, fd, family, type, proto))
        return true;
    close(fd);
    return false;
}

// --- closing ---

static long close_body(void *data)
{
    return close(*(int *)data) < 0 && errno != ECONNRESET && errno != EINTR ? -errno : 0;
}

static Value socket_close(Thread *t, const Value *args, size_t nargs)
{
    int fd = __atomic_exchange_n(&((Socket *)args[0])->fd, -1, __ATOMIC_ACQ_REL);
    return fd < 0 ? NONE : os_none(t, os_run(t, close_body, &fd), 0, 0);
}

static Value socket_detach(Thread *t, const Value *args, size_t nargs)
{
    return fixnum(__atomic_exchange_n(&((Socket *)args[0])->fd, -1, __ATOMIC_ACQ_REL));
}

static void socket_finalize(Thread *t, Value self)
{
    Socket *s = (Socket *)self;
    if (s->fd < 0)
        return;
    Value earlier = pending_take(t);
    if (!warn(t, EXC(ResourceWarning), 1, "unclosed %R", self)) {
        if (pending_matches(t, EXC(Warning)))
            report_unraisable(t, self, "Exception ignored while finalizing socket %R", self);
        pending_clear(t);
    }
    int fd = s->fd;
    s->fd = -1;
    close(fd);
    if (earlier)
        pending_set(t, earlier);
}

// --- connecting ---

typedef struct AddressCall {
    int fd, backlog;
    SocketAddress address;
    socklen_t length;
} AddressCall;

static long bind_body(void *data)
{
    AddressCall *c = data;
    return bind(c->fd, &c->address.any, c->length) < 0 ? -errno : 0;
}

static long connect_body(void *data)
{
    AddressCall *c = data;
    return connect(c->fd, &c->address.any, c->length) < 0 ? -errno : 0;
}

static long accept_body(void *data)
{
    AddressCall *c = data;
    c->length = sizeof c->address;
    int fd = accept4(c->fd, &c->address.any, &c->length, SOCK_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static Value socket_bind(Thread *t, const Value *args, size_t nargs)
{
    Socket *s = (Socket *)args[0];
    AddressCall c = {.fd = s->fd};
    if (!socket_address_arg(t, s, args[1], "bind", &c.address, &c.length) || !os_audit(t, "socket.bind", 2, args[0], args[1]))
        return 0;
    return os_none(t, os_run(t, bind_body, &c), 0, 0);
}

static long connect_outcome(void *data)
{
    AddressCall *c = data;
    int error = 0;
    socklen_t n = sizeof error;
    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
        return -errno;
    return error == EISCONN ? 0 : -error;
}

// Connects; a connection under way is waited for as the timeout says.
static long connect_now(Thread *t, Socket *s, AddressCall *c)
{
    int64_t deadline = socket_deadline(s);
    long result = select_body_blocking(t, connect_body, c);
    bool interrupted = result == -EINTR;
    if (interrupted && !safepoint(t))
        return SOCKET_RAISED;
    if (interrupted ? s->timeout == 0 : !(s->timeout > 0 && result == -EINPROGRESS))
        return result;
    if (wait_ready(t, s, true, deadline) < 0)
        return SOCKET_RAISED;
    return connect_outcome(c);
}

static Value socket_connect(Thread *t, const Value *args, size_t nargs)
{
    Socket *s = (Socket *)args[0];
    AddressCall c = {.fd = s->fd};
    if (!socket_address_arg(t, s, args[1], "connect", &c.address, &c.length) || !os_audit(t, "socket.connect", 2, args[0], args[1]))
        return 0;
    long result = connect_now(t, s, &c);
    return result < 0 ? socket_raise(t, result) : NONE;
}

static Value socket_connect_ex(Thread *t, const Value *args, size_t nargs)
{
    Socket *s = (Socket *)args[0];
    AddressCall c = {.fd = s->fd};
    if (!socket_address_arg(t, s, args[1], "connect_ex", &c.address, &c.length) || !os_audit(t, "socket.connect", 2, args[0], args[1]))
        return 0;
    long result = connect_now(t, s, &c);
    if (result == SOCKET_RAISED)
        return pending_clear_if(t, EXC(TimeoutError)) ? fixnum(EAGAIN) : 0;
    return fixnum(-result);
}

static Value socket_accept(Thread *t, const Value *args, size_t nargs)
{
    Socket *s = (Socket *)args[0];
    AddressCall c = {.fd = s->fd};
    long fd = socket_call(t, s, false, accept_body, &c);
    if (fd < 0)
        return socket_raise(t, fd);
    Value address = socket_address_value(t, &c.address, c.length);
    if (!address) {
        close((int)fd);
        return 0;
    }
    return tuple_pair(t, fixnum(fd), address);
}

static Value socket_listen(Thread *t, const Value *args, size_t nargs)
{
    int backlog;
    if (!int_arg(t, args[1], SOMAXCONN < 128 ? SOMAXCONN : 128, &backlog))
        return 0;
    return listen(((Socket *)args[0])->fd, backlog < 0 ? 0 : backlog) < 0 ? raise_errno(t, errno) : NONE;
}

static Value socket_shutdown(Thread *t, const Value *args, size_t nargs)
{
    int how;
    if (!to_int32(t, args[1], &how))
        return 0;
    return shutdown(((Socket *)args[0])->fd, how) < 0 ? raise_errno(t, errno) : NONE;
}

static Value end_name(Thread *t, Value self, int (*ask)(int, struct sockaddr *, socklen_t *))
{
    SocketAddress a;
    socklen_t n = sizeof a;
    memset(&a, 0, sizeof a);
    return ask(((Socket *)self)->fd, &a.any, &n) < 0 ? raise_errno(t, errno) : socket_address_value(t, &a, n);
}

static int ask_own(int fd, struct sockaddr *a, socklen_t *n) { return getsockname(fd, a, n); }
static int ask_peer(int fd, struct sockaddr *a, socklen_t *n) { return getpeername(fd, a, n); }
static Value socket_getsockname(Thread *t, const Value *args, size_t nargs) { return end_name(t, args[0], ask_own); }
static Value socket_getpeername(Thread *t, const Value *args, size_t nargs) { return end_name(t, args[0], ask_peer); }
static Value socket_fileno(Thread *t, const Value *args, size_t nargs) { return fixnum(((Socket *)args[0])->fd); }

// --- timeouts and options ---

bool socket_timeout_arg(Thread *t, Value v, int64_t *out)
{
    *out = -1;
    if (v == NONE)
        return true;
    if (!timeout_arg(t, v, out))
        return false;
    if (*out < 0) {
        raise(t, EXC(ValueError), "Timeout value out of range");
        return false;
    }
    return true;
}

static Value set_timeout(Thread *t, Value self, int64_t timeout)
{
    Socket *s = (Socket *)self;
    if (!set_nonblocking(t, s->fd, timeout >= 0))
        return 0;
    s->timeout = timeout;
    return NONE;
}

static Value socket_settimeout(Thread *t, const Value *args, size_t nargs)
{
    int64_t timeout;
    return socket_timeout_arg(t, args[1], &timeout) ? set_timeout(t, args[0], timeout) : 0;
}

static Value socket_setblocking(Thread *t, const Value *args, size_t nargs)
{
    int blocks = truth(t, args[1]);
    return blocks < 0 ? 0 : set_timeout(t, args[0], blocks ? -1 : 0);
}

static Value timeout_value(Thread *t, Value self)
{
    int64_t timeout = ((Socket *)self)->timeout;
    return timeout < 0 ? NONE : float_new(t, (double)timeout * 1e-9);
}

static Value socket_gettimeout(Thread *t, const Value *args, size_t nargs) { return timeout_value(t, args[0]); }
static Value socket_getblocking(Thread *t, const Value *args, size_t nargs) { return value_bool(((Socket *)args[0])->timeout != 0); }

static Value socket_setsockopt(Thread *t, const Value *args, size_t nargs)
{
    const Socket *s = (Socket *)args[0];
    int level, name, number, result;
    int64_t length;
    if (!to_int32(t, args[1], &level) || !to_int32(t, args[2], &name))
        return 0;
    if (args[4]) {
        if (args[3] != NONE)
            return raise(t, EXC(TypeError), "socket option should be None, not %T", args[3]);
        if (!to_int64(t, args[4], &length))
            return 0;
        result = setsockopt(s->fd, level, name, NULL, (socklen_t)length);
    } else if (is_int(args[3])) {
        if (!to_int32(t, args[3], &number))
            return 0;
        result = setsockopt(s->fd, level, name, &number, sizeof number);
    } else {
        Buffer buffer;
        if (!buffer_get(t, args[3], &buffer, BUFFER_SIMPLE))
            return 0;
        result = setsockopt(s->fd, level, name, buffer.data, (socklen_t)buffer.length);
        buffer_release(t, &buffer);
    }
    return result < 0 ? raise_errno(t, errno) : NONE;
}

static Value socket_getsockopt(Thread *t, const Value *args, size_t nargs)
{
    const Socket *s = (Socket *)args[0];
    int level, name, room, number = 0;
    socklen_t n = sizeof number;
    if (!to_int32(t, args[1], &level) || !to_int32(t, args[2], &name) || !int_arg(t, args[3], 0, &room))
        return 0;
    if (!room)
        return getsockopt(s->fd, level, name, &number, &n) < 0 ? raise_errno(t, errno) : fixnum(number);
    if (room < 0 || room > 1024)
        return raise(t, EXC(OSError), "getsockopt buflen out of range");
    uint8_t data[1024];
    n = (socklen_t)room;
    return getsockopt(s->fd, level, name, data, &n) < 0 ? raise_errno(t, errno) : bytes_new(t, data, n);
}

static Value socket_repr(Thread *t, Value self)
{
    const Socket *s = (Socket *)self;
    return str_format(t, "<socket object, fd=%d, family=%d, type=%d, proto=%d>", s->fd, s->family, s->type, s->proto);
}

Type type_socket = {
    TYPE_HEAD(socket, "_socket.socket", &type_object, Socket),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_IMMUTABLE,
    .new_signature = "(family=AF_INET, type=SOCK_STREAM, proto=0, fileno=None)",
    .slots = {.new = socket_new, .init = socket_init_slot, .repr = socket_repr, .finalize = socket_finalize},
    .doc = "Open a socket of the given type.",
    .getsets = (const GetSetDef[]){{"timeout", timeout_value, NULL, "the socket timeout"}, {0}},
    .members = (const MemberDef[]){
        {"family", MEMBER_INT32, offsetof(Socket, family), false, "the socket family"},
        {"type", MEMBER_INT32, offsetof(Socket, type), false, "the socket type"},
        {"proto", MEMBER_INT32, offsetof(Socket, proto), false, "the socket protocol"},
        {0},
    },
    .methods = (const NativeDef[]){
        {"_accept", socket_accept, "($self, /)", NULL},
        {"bind", socket_bind, "($self, address, /)", NULL},
        {"close", socket_close, "($self, /)", NULL},
        {"connect", socket_connect, "($self, address, /)", NULL},
        {"connect_ex", socket_connect_ex, "($self, address, /)", NULL},
        {"detach", socket_detach, "($self, /)", NULL},
        {"fileno", socket_fileno, "($self, /)", NULL},
        {"getblocking", socket_getblocking, "($self, /)", NULL},
        {"getpeername", socket_getpeername, "($self, /)", NULL},
        {"getsockname", socket_getsockname, "($self, /)", NULL},
        {"getsockopt", socket_getsockopt, "($self, level, option, buffersize=0, /)", NULL},
        {"gettimeout", socket_gettimeout, "($self, /)", NULL},
        {"listen", socket_listen, "($self, backlog=128, /)", NULL},
        {"recv", socket_recv, "($self, bufsize, flags=0, /)", NULL},
        {"recv_into", socket_recv_into, "($self, /, buffer, nbytes=0, flags=0)", NULL},
        {"recvfrom", socket_recvfrom, "($self, bufsize, flags=0, /)", NULL},
        {"recvfrom_into", socket_recvfrom_into, "($self, /, buffer, nbytes=0, flags=0)", NULL},
        {"recvmsg", socket_recvmsg, "($self, bufsize, ancbufsize=0, flags=0, /)", NULL},
        {"recvmsg_into", socket_recvmsg_into, "($self, buffers, ancbufsize=0, flags=0, /)", NULL},
        {"send", socket_send, "($self, data, flags=0, /)", NULL},
        {"sendall", socket_sendall, "($self, data, flags=0, /)", NULL},
        {"sendmsg", socket_sendmsg, "($self, buffers, ancdata=(), flags=0, address=None, /)", NULL},
        {"sendto", socket_sendto, "($self, data, flags_or_address, address=None, /)", NULL},
        {"setblocking", socket_setblocking, "($self, flag, /)", NULL},
        {"setsockopt", socket_setsockopt, "($self, level, option, value, optlen=0, /)", NULL},
        {"settimeout", socket_settimeout, "($self, timeout, /)", NULL},
        {"shutdown", socket_shutdown, "($self, flag, /)", NULL},
        {0},
    },
};
