// socket_address.c: addresses of sockets as programs write them, and back.
#include "src/modules/socket.h"

#include <arpa/inet.h>
#include <errno.h>

const char *socket_host_arg(Thread *t, Value v)
{
    if (is_str(v)) {
        size_t n;
        Value encoded = str_is_ascii(as_str(v)) ? 0 : str_encode(t, v, "idna", NULL);
        if (!encoded && !str_is_ascii(as_str(v)))
            return RAISE_NULL(t, EXC(TypeError), "encoding of hostname failed");
        const char *name = encoded ? (const char *)as_bytes(encoded)->data : str_utf8(t, v, &n);
        if (name && !encoded && strlen(name) != n)
            return RAISE_NULL(t, EXC(TypeError), "host name must not contain null character");
        return name;
    }
    if (is_bytes(v) && strlen((const char *)as_bytes(v)->data) == as_bytes(v)->length)
        return (const char *)as_bytes(v)->data;
    if (is_bytes(v))
        return RAISE_NULL(t, EXC(TypeError), "host name must not contain null character");
    return RAISE_NULL(t, EXC(TypeError), "str, bytes or bytearray expected, not %T", v);
}

typedef struct Resolve {
    const char *host, *service;
    struct addrinfo hints, *result;
} Resolve;

static long resolve_body(void *data)
{
    Resolve *r = data;
    return getaddrinfo(r->host, r->service, &r->hints, &r->result);
}

bool socket_host(Thread *t, const char *name, int family, SocketAddress *out, socklen_t *out_length)
{
    memset(out, 0, sizeof *out);
    if (!strcmp(name, "255.255.255.255") || !strcmp(name, "<broadcast>")) {
        if (family != AF_INET && family != AF_UNSPEC) {
            raise(t, EXC(OSError), "address family mismatched");
            return false;
        }
        out->in = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = INADDR_BROADCAST};
        *out_length = sizeof out->in;
        return true;
    }
    if (*name && family != AF_INET6 && inet_pton(AF_INET, name, &out->in.sin_addr) == 1) {   // no need to ask anybody
        out->in.sin_family = AF_INET;
        *out_length = sizeof out->in;
        return true;
    }
    Resolve r = {.host = *name ? name : NULL, .service = *name ? NULL : "0"};
    r.hints = (struct addrinfo){.ai_family = family, .ai_socktype = *name ? 0 : SOCK_DGRAM, .ai_flags = *name ? 0 : AI_PASSIVE};
    long error = os_run(t, resolve_body, &r);
    if (error) {
        socket_gai_error(t, (int)error);
        return false;
    }
    bool single = *name || !r.result->ai_next;
    if (single) {
        *out_length = r.result->ai_addrlen;
        memcpy(out, r.result->ai_addr, r.result->ai_addrlen);
    }
    freeaddrinfo(r.result);
    if (!single)
        raise(t, EXC(OSError), "wildcard resolved to multiple address");
    return single;
}

// --- from Python ---

static bool port_arg(Thread *t, Value v, const char *function, uint16_t *out)
{
    int64_t port;
    if (!to_int64(t, v, &port)) {
        if (pending_clear_if(t, EXC(OverflowError)))
            raise(t, EXC(OverflowError), "%s(): port must be 0-65535.", function);
        return false;
    }
    if (port < 0 || port > 0xffff) {
        raise(t, EXC(OverflowError), "%s(): port must be 0-65535.", function);
        return false;
    }
    *out = htons((uint16_t)port);
    return true;
}

static bool inet_address(Thread *t, Value v, const char *function, SocketAddress *out, socklen_t *length)
{
    if (!is_tuple(v)) {
        raise(t, EXC(TypeError), "%s(): AF_INET address must be tuple, not %T", function, v);
        return false;
    }
    if (as_tuple(v)->length != 2) {
        raise(t, EXC(TypeError), "AF_INET address must be a pair (host, port)");
        return false;
    }
    uint16_t port;
    const char *host = socket_host_arg(t, as_tuple(v)->at[0]);
    if (!host || !socket_host(t, host, AF_INET, out, length) || !port_arg(t, as_tuple(v)->at[1], function, &port))
        return false;
    out->in.sin_family = AF_INET;
    out->in.sin_port = port;
    *length = sizeof out->in;
    return true;
}

static bool inet6_address(Thread *t, Value v, const char *function, SocketAddress *out, socklen_t *length)
{
    size_t n = is_tuple(v) ? as_tuple(v)->length : 0;
    if (!is_tuple(v)) {
        raise(t, EXC(TypeError), "%s(): AF_INET6 address must be tuple, not %T", function, v);
        return false;
    }
    if (n < 2 || n > 4) {
        raise(t, EXC(TypeError), "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])");
        return false;
    }
    const Value *at = as_tuple(v)->at;
    uint16_t port;
    int64_t flow = 0, scope = 0;
    const char *host = socket_host_arg(t, at[0]);
    if (!host || !socket_host(t, host, AF_INET6, out, length) || !port_arg(t, at[1], function, &port)
        || (n > 2 && !to_int64(t, at[2], &flow)) || (n > 3 && !to_int64(t, at[3], &scope)))
        return false;
    if (flow < 0 || flow > 0xfffff) {
        raise(t, EXC(OverflowError), "%s(): flowinfo must be 0-1048575.", function);
        return false;
    }
    out->in6.sin6_family = AF_INET6;
    out->in6.sin6_port = port;
    out->in6.sin6_flowinfo = htonl((uint32_t)flow);
    if (n > 3)
        out->in6.sin6_scope_id = (uint32_t)scope;
    *length = sizeof out->in6;
    return true;
}

static bool unix_address(Thread *t, Value v, SocketAddress *out, socklen_t *length)
{
    size_t n;
    const char *path;
    if (is_str(v)) {
        path = str_fs(t, v, &n);
        if (!path)
            return false;
    } else {
        Buffer buffer;
        if (!buffer_get(t, v, &buffer, BUFFER_SIMPLE))
            return false;
        n = (size_t)buffer.length;
        char *copy = new_atomic(t, n + 1);
        path = copy ? memcpy(copy, buffer.data, n) : NULL;
        buffer_release(t, &buffer);
        if (!path)
            return false;
    }
    bool is_abstract = n > 0 && !path[0];
    if (n > sizeof out->un.sun_path - !is_abstract) {
        raise(t, EXC(OSError), "AF_UNIX path too long");
        return false;
    }
    out->un.sun_family = AF_UNIX;
    memcpy(out->un.sun_path, path, n);
    if (!is_abstract)
        out->un.sun_path[n] = 0;
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + !is_abstract);
    return true;
}

static bool pair_address(Thread *t, Value v, const char *name, int64_t *a, int64_t *b)
{
    if (!is_tuple(v) || as_tuple(v)->length != 2) {
        raise(t, EXC(TypeError), "%s address must be tuple, not %T", name, v);
        return false;
    }
    return to_int64(t, as_tuple(v)->at[0], a) && to_int64(t, as_tuple(v)->at[1], b);
}

bool socket_address_arg(Thread *t, const Socket *s, Value v, const char *function, SocketAddress *out, socklen_t *out_length)
{
    int64_t a, b;
    memset(out, 0, sizeof *out);
    switch (s->family) {
    case AF_INET:
        return inet_address(t, v, function, out, out_length);
    case AF_INET6:
        return inet6_address(t, v, function, out, out_length);
    case AF_UNIX:
        return unix_address(t, v, out, out_length);
    case AF_NETLINK:
        if (!pair_address(t, v, "AF_NETLINK", &a, &b))
            return false;
        out->nl = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = (uint32_t)a, .nl_groups = (uint32_t)b};
        *out_length = sizeof out->nl;
        return true;
    case AF_VSOCK:
        if (!pair_address(t, v, "AF_VSOCK", &a, &b))
            return false;
        out->vm = (struct sockaddr_vm){.svm_family = AF_VSOCK, .svm_port = (uint32_t)b, .svm_cid = (uint32_t)a};
        *out_length = sizeof out->vm;
        return true;
    default:
        raise(t, EXC(OSError), "%s(): bad family", function);
        return false;
    }
}

// --- to Python ---

Value socket_host_text(Thread *t, const struct sockaddr *a, socklen_t length)
{
    char text[NI_MAXHOST];
    if (a->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)a)->sin_addr, text, sizeof text);
        return str_from_cstr(t, text);
    }
    int error = getnameinfo(a, length, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    return error ? socket_gai_error(t, error) : str_from_cstr(t, text);
}

static Value unix_value(Thread *t, const struct sockaddr_un *un, socklen_t length)
{
    size_t n = length - offsetof(struct sockaddr_un, sun_path);
    if (length <= offsetof(struct sockaddr_un, sun_path))
        return str_empty;
    if (!un->sun_path[0])
        return bytes_new(t, un->sun_path, n);
    return str_from_fs(t, un->sun_path, strnlen(un->sun_path, n));
}

Value socket_address_value(Thread *t, const SocketAddress *a, socklen_t length)
{
    if (!length)
        return NONE;
    Value host;
    switch (a->any.sa_family) {
    case AF_INET:
        host = socket_host_text(t, &a->any, length);
        return host ? tuple_pair(t, host, fixnum(ntohs(a->in.sin_port))) : 0;
    case AF_INET6:
        host = socket_host_text(t, &a->any, length);
        return host ? tuple_of(t, 4, host, fixnum(ntohs(a->in6.sin6_port)), fixnum(ntohl(a->in6.sin6_flowinfo)),
                               fixnum(a->in6.sin6_scope_id))
                    : 0;
    case AF_UNIX:
        return unix_value(t, &a->un, length);
    case AF_NETLINK:
        return tuple_pair(t, fixnum(a->nl.nl_pid), fixnum(a->nl.nl_groups));
    case AF_VSOCK:
        return tuple_pair(t, fixnum(a->vm.svm_cid), fixnum(a->vm.svm_port));
    default:
        host = bytes_new(t, a->any.sa_data, size_min(length, sizeof *a) - offsetof(struct sockaddr, sa_data));
        return host ? tuple_pair(t, fixnum(a->any.sa_family), host) : 0;
    }
}
