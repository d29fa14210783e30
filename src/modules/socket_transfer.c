// socket_transfer.c: sending and receiving.
#include "src/modules/socket.h"

#include <errno.h>

#include "src/modules/select.h"

typedef struct Transfer {
    int fd, flags;
    void *data;
    size_t n;
    SocketAddress *address;    // null: none
    socklen_t length;
} Transfer;

static long recv_body(void *data)
{
    Transfer *x = data;
    ssize_t n;
    if (x->address) {
        x->length = sizeof *x->address;
        n = recvfrom(x->fd, x->data, x->n, x->flags, &x->address->any, &x->length);
    } else {
        n = recv(x->fd, x->data, x->n, x->flags);
    }
    return n < 0 ? -errno : n;
}

static long send_body(void *data)
{
    const Transfer *x = data;
    ssize_t n = x->address ? sendto(x->fd, x->data, x->n, x->flags, &x->address->any, x->length)
                           : send(x->fd, x->data, x->n, x->flags);
    return n < 0 ? -errno : n;
}

// --- receiving ---

static Bytes *receive(Thread *t, Socket *s, const Value *args, const char *function, SocketAddress *address, socklen_t *length)
{
    int64_t room;
    Transfer x = {.fd = s->fd, .address = address};
    if (!to_int64(t, args[1], &room) || !int_arg(t, args[2], 0, &x.flags))
        return NULL;
    if (room < 0)
        return RAISE_NULL(t, EXC(ValueError), "negative buffersize in %s", function);
    Bytes *bytes = bytes_alloc(t, (size_t)room);
    if (!bytes)
        return NULL;
    x.data = bytes->data;
    x.n = (size_t)room;
    long n = socket_call(t, s, false, recv_body, &x);
    if (n < 0)
        return (void *)socket_raise(t, n);
    *length = x.length;
    return n == room ? bytes : as_bytes(bytes_new(t, bytes->data, (size_t)n));
}

Value socket_recv(Thread *t, const Value *args, size_t nargs)
{
    socklen_t unused;
    return value_of(receive(t, (Socket *)args[0], args, "recv", NULL, &unused));
}

Value socket_recvfrom(Thread *t, const Value *args, size_t nargs)
{
    SocketAddress address;
    socklen_t length;
    Bytes *bytes = receive(t, (Socket *)args[0], args, "recvfrom", &address, &length);
    Value from = bytes ? socket_address_value(t, &address, length) : 0;
    return from ? tuple_pair(t, value_of(bytes), from) : 0;
}

static long receive_into(Thread *t, const Value *args, const char *function, SocketAddress *address, socklen_t *length)
{
    Socket *s = (Socket *)args[0];
    int64_t room = 0;
    Buffer buffer;
    Transfer x = {.fd = s->fd, .address = address};
    if ((args[2] && !to_int64(t, args[2], &room)) || !int_arg(t, args[3], 0, &x.flags)
        || !writable_arg(t, args[1], address ? "recvfrom_into() argument 1" : "recv_into() argument 1", &buffer))
        return SOCKET_RAISED;
    long n = SOCKET_RAISED;
    if (room < 0) {
        raise(t, EXC(ValueError), "negative buffersize in %s", function);
    } else if (room > buffer.length) {
        raise(t, EXC(ValueError), address ? "nbytes is greater than the length of the buffer" : "buffer too small for requested bytes");
    } else {
        x.data = buffer.data;
        x.n = room ? (size_t)room : (size_t)buffer.length;
        n = socket_call(t, s, false, recv_body, &x);
        *length = x.length;
    }
    buffer_release(t, &buffer);
    return n;
}

Value socket_recv_into(Thread *t, const Value *args, size_t nargs)
{
    socklen_t unused;
    long n = receive_into(t, args, "recv_into", NULL, &unused);
    return n < 0 ? socket_raise(t, n) : fixnum(n);
}

Value socket_recvfrom_into(Thread *t, const Value *args, size_t nargs)
{
    SocketAddress address;
    socklen_t length;
    long n = receive_into(t, args, "recvfrom_into", &address, &length);
    if (n < 0)
        return socket_raise(t, n);
    Value from = socket_address_value(t, &address, length);
    return from ? tuple_pair(t, fixnum(n), from) : 0;
}

// --- sending ---

Value socket_send(Thread *t, const Value *args, size_t nargs)
{
    Socket *s = (Socket *)args[0];
    Buffer buffer;
    Transfer x = {.fd = s->fd};
    if (!int_arg(t, args[2], 0, &x.flags) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    x.data = buffer.data;
    x.n = (size_t)buffer.length;
    long n = socket_call(t, s, true, send_body, &x);
    buffer_release(t, &buffer);
    return n < 0 ? socket_raise(t, n) : fixnum(n);
}

// The timeout is for the whole.
Value socket_sendall(Thread *t, const Value *args, size_t nargs)
{
    Socket *s = (Socket *)args[0];
    Buffer buffer;
    Transfer x = {.fd = s->fd};
    if (!int_arg(t, args[2], 0, &x.flags) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    int64_t deadline = socket_deadline(s), done = 0;
    long n = 0;
    while (done < buffer.length && n >= 0) {
        x.data = (uint8_t *)buffer.data + done;
        x.n = (size_t)(buffer.length - done);
        n = socket_call_until(t, s, true, send_body, &x, deadline);
        done += n;
        if (n >= 0 && !safepoint(t))
            n = SOCKET_RAISED;
    }
    buffer_release(t, &buffer);
    return n < 0 ? socket_raise(t, n) : NONE;
}

Value socket_sendto(Thread *t, const Value *args, size_t nargs)
{
    Socket *s = (Socket *)args[0];
    SocketAddress address;
    Buffer buffer;
    Transfer x = {.fd = s->fd, .address = &address};
    Value target = args[3] ? args[3] : args[2];
    if ((args[3] && !to_int32(t, args[2], &x.flags)) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    long n = SOCKET_RAISED;
    if (socket_address_arg(t, s, target, "sendto", &address, &x.length) && os_audit(t, "socket.sendto", 2, args[0], target)) {
        x.data = buffer.data;
        x.n = (size_t)buffer.length;
        n = socket_call(t, s, true, send_body, &x);
    }
    buffer_release(t, &buffer);
    return n < 0 ? socket_raise(t, n) : fixnum(n);
}
