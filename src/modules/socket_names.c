// socket_names.c: names of hosts, services, protocols, interfaces; numeric forms of addresses.
#include "src/modules/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>

Value socket_gaierror, socket_herror;

static Value pair_error(Thread *t, Value type, int code, const char *text)
{
    Value message = str_from_cstr(t, text);
    Value error = message ? call2(t, type, fixnum(code), message) : 0;
    return error ? raise_value(t, error) : 0;
}

Value socket_gai_error(Thread *t, int error)
{
    if (is_pending(t))
        return 0;
    if (error == EAI_SYSTEM)
        return raise_errno(t, errno);
    return pair_error(t, socket_gaierror, error, gai_strerror(error));
}

static Value host_error(Thread *t, int error)
{
    return pair_error(t, socket_herror, error, hstrerror(error));
}

// --- getaddrinfo, getnameinfo ---

typedef struct Lookup {
    const char *host, *service;
    struct addrinfo hints, *result;
} Lookup;

static long lookup_body(void *data)
{
    Lookup *l = data;
    return getaddrinfo(l->host, l->service, &l->hints, &l->result);
}

static bool service_arg(Thread *t, Value v, char room[32], const char **out)
{
    *out = NULL;
    if (!v || v == NONE)
        return true;
    if (is_int(v)) {
        int64_t port;
        if (!int_to_int64(int_exact(v), &port)) {
            raise(t, EXC(OverflowError), "Python int too large to convert to C long");
            return false;
        }
        snprintf(room, 32, "%lld", (long long)port);
        *out = room;
        return true;
    }
    if (is_str(v))
        *out = str_utf8(t, v, NULL);
    else if (is_bytes(v))
        *out = (const char *)as_bytes(v)->data;
    else
        raise(t, EXC(OSError), "Int or String expected");
    return *out != NULL;
}

static Value info_list(Thread *t, const struct addrinfo *info)
{
    List *list = list_new(t, 4);
    for (; list && info; info = info->ai_next) {
        SocketAddress a;
        memset(&a, 0, sizeof a);
        memcpy(&a, info->ai_addr, size_min(info->ai_addrlen, sizeof a));
        Value address = socket_address_value(t, &a, info->ai_addrlen);
        Value name = address ? str_from_cstr(t, info->ai_canonname ? info->ai_canonname : "") : 0;
        Value item = name ? tuple_of(t, 5, fixnum(info->ai_family), fixnum(info->ai_socktype), fixnum(info->ai_protocol), name, address) : 0;
        if (!item || !list_append(t, list, item))
            return 0;
    }
    return value_of(list);
}

// args: host, port, family, type, proto, flags.
static Value socket_getaddrinfo(Thread *t, const Value *args, size_t nargs)
{
    Lookup l = {0};
    char port[32];
    if (args[0] != NONE) {
        if (!is_str(args[0]) && !is_bytes(args[0]))
            return raise(t, EXC(TypeError), "getaddrinfo() argument 1 must be string or None");
        l.host = socket_host_arg(t, args[0]);
        if (!l.host)
            return 0;
    }
    if (!service_arg(t, args[1], port, &l.service) || !int_arg(t, args[2], AF_UNSPEC, &l.hints.ai_family)
        || !int_arg(t, args[3], 0, &l.hints.ai_socktype) || !int_arg(t, args[4], 0, &l.hints.ai_protocol)
        || !int_arg(t, args[5], 0, &l.hints.ai_flags))
        return 0;
    if (!os_audit(t, "socket.getaddrinfo", 5, args[0], args[1], fixnum(l.hints.ai_family), fixnum(l.hints.ai_socktype),
                  fixnum(l.hints.ai_protocol)))
        return 0;
    long error = os_run(t, lookup_body, &l);
    if (error)
        return socket_gai_error(t, (int)error);
    Value list = info_list(t, l.result);
    freeaddrinfo(l.result);
    return list;
}

typedef struct Reverse {
    SocketAddress address;
    socklen_t length;
    int flags;
    char host[NI_MAXHOST], service[NI_MAXSERV];
} Reverse;

static long reverse_body(void *data)
{
    Reverse *r = data;
    return getnameinfo(&r->address.any, r->length, r->host, sizeof r->host, r->service, sizeof r->service, r->flags);
}

static Value socket_getnameinfo(Thread *t, const Value *args, size_t nargs)
{
    Reverse r = {0};
    if (!is_tuple(args[0]))
        return raise(t, EXC(TypeError), "getnameinfo() argument 1 must be a tuple");
    const Tuple *address = as_tuple(args[0]);
    int64_t port, flow = 0, scope = 0;
    if (address->length < 2 || address->length > 4 || !is_str(address->at[0]))
        return raise(t, EXC(TypeError), "getnameinfo(): illegal sockaddr argument");
    const char *host = str_utf8(t, address->at[0], NULL);
    if (!host || !to_int32(t, args[1], &r.flags) || !to_int64(t, address->at[1], &port)
        || (address->length > 2 && !to_int64(t, address->at[2], &flow))
        || (address->length > 3 && !to_int64(t, address->at[3], &scope)))
        return 0;
    if (flow < 0 || flow > 0xfffff)
        return raise(t, EXC(OverflowError), "getnameinfo(): flowinfo must be 0-1048575.");
    Lookup l = {.host = host, .hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}};
    char service[32];
    snprintf(service, sizeof service, "%lld", (long long)port);
    l.service = service;
    long error = os_run(t, lookup_body, &l);
    if (error)
        return socket_gai_error(t, (int)error);
    bool several = l.result->ai_next != NULL;
    memcpy(&r.address, l.result->ai_addr, l.result->ai_addrlen);
    r.length = l.result->ai_addrlen;
    freeaddrinfo(l.result);
    if (several)
        return raise(t, EXC(OSError), "sockaddr resolved to multiple addresses");
    if (r.address.any.sa_family == AF_INET6) {
        r.address.in6.sin6_flowinfo = htonl((uint32_t)flow);
        r.address.in6.sin6_scope_id = (uint32_t)scope;
    } else if (address->length != 2) {
        return raise(t, EXC(OSError), "IPv4 sockaddr must be 2 tuple");
    }
    error = os_run(t, reverse_body, &r);
    if (error)
        return socket_gai_error(t, (int)error);
    Value name = str_from_cstr(t, r.host), service_value = str_from_cstr(t, r.service);
    return name && service_value ? tuple_pair(t, name, service_value) : 0;
}

// --- gethostby… ---

static Value socket_gethostbyname(Thread *t, const Value *args, size_t nargs)
{
    SocketAddress a;
    socklen_t n;
    const char *name = socket_host_arg(t, args[0]);
    if (!name || !os_audit(t, "socket.gethostbyname", 1, args[0]) || !socket_host(t, name, AF_INET, &a, &n))
        return 0;
    return socket_host_text(t, &a.any, n);
}

enum { HOST_ROOM = 16384 };

typedef struct HostEntry {
    const char *name;
    const void *address;       // or null: by name
    socklen_t length;
    int family;
    struct hostent entry, *result;
    int error;
    char room[HOST_ROOM];
} HostEntry;

static long host_body(void *data)
{
    HostEntry *h = data;
    if (h->address)
        gethostbyaddr_r(h->address, h->length, h->family, &h->entry, h->room, sizeof h->room, &h->result, &h->error);
    else
        gethostbyname_r(h->name, &h->entry, h->room, sizeof h->room, &h->result, &h->error);
    return 0;
}

static Value host_value(Thread *t, const struct hostent *h)
{
    List *aliases = list_new(t, 0), *addresses = list_new(t, 0);
    Value name = str_from_cstr(t, h->h_name);
    for (char **alias = h->h_aliases; alias && *alias && aliases; alias++) {
        Value text = str_from_cstr(t, *alias);
        if (!text || !list_append(t, aliases, text))
            return 0;
    }
    for (char **at = h->h_addr_list; at && *at && addresses; at++) {
        char text[INET6_ADDRSTRLEN];
        Value value = str_from_cstr(t, inet_ntop(h->h_addrtype, *at, text, sizeof text) ? text : "");
        if (!value || !list_append(t, addresses, value))
            return 0;
    }
    return name && aliases && addresses ? tuple_of(t, 3, name, value_of(aliases), value_of(addresses)) : 0;
}

static Value socket_gethostbyname_ex(Thread *t, const Value *args, size_t nargs)
{
    SocketAddress a;
    socklen_t n;
    HostEntry h = {.name = socket_host_arg(t, args[0])};
    if (!h.name || !socket_host(t, h.name, AF_INET, &a, &n))
        return 0;
    os_run(t, host_body, &h);
    return h.result ? host_value(t, h.result) : host_error(t, h.error);
}

static Value socket_gethostbyaddr(Thread *t, const Value *args, size_t nargs)
{
    SocketAddress a;
    socklen_t n;
    const char *name = socket_host_arg(t, args[0]);
    if (!name || !socket_host(t, name, AF_UNSPEC, &a, &n))
        return 0;
    HostEntry h = {.family = a.any.sa_family};
    h.address = h.family == AF_INET ? (void *)&a.in.sin_addr : (void *)&a.in6.sin6_addr;
    h.length = h.family == AF_INET ? sizeof a.in.sin_addr : sizeof a.in6.sin6_addr;
    os_run(t, host_body, &h);
    return h.result ? host_value(t, h.result) : host_error(t, h.error);
}

// --- services, protocols, the own name ---
// getservby… and getprotoby… answer from static memory: guarded by this mutex.
static Mutex databases_mutex;

static Value socket_getservbyname(Thread *t, const Value *args, size_t nargs)
{
    const char *name = is_str(args[0]) ? str_utf8(t, args[0], NULL) : NULL;
    const char *proto = args[1] && is_str(args[1]) ? str_utf8(t, args[1], NULL) : NULL;
    if (!name)
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "getservbyname() argument 1 must be str, not %T", args[0]);
    mutex_lock(&databases_mutex);
    const struct servent *entry = getservbyname(name, proto);
    int port = entry ? ntohs((uint16_t)entry->s_port) : -1;
    mutex_unlock(&databases_mutex);
    return port < 0 ? raise(t, EXC(OSError), "service/proto not found") : fixnum(port);
}

static Value socket_getservbyport(Thread *t, const Value *args, size_t nargs)
{
    int port;
    const char *proto = args[1] && is_str(args[1]) ? str_utf8(t, args[1], NULL) : NULL;
    if (!to_int32(t, args[0], &port))
        return 0;
    if (port < 0 || port > 0xffff)
        return raise(t, EXC(OverflowError), "getservbyport: port must be 0-65535.");
    mutex_lock(&databases_mutex);
    const struct servent *entry = getservbyport(htons((uint16_t)port), proto);
    Value name = entry ? str_from_cstr(t, entry->s_name) : 0;
    mutex_unlock(&databases_mutex);
    return entry ? name : raise(t, EXC(OSError), "port/proto not found");
}

static Value socket_getprotobyname(Thread *t, const Value *args, size_t nargs)
{
    const char *name = is_str(args[0]) ? str_utf8(t, args[0], NULL) : NULL;
    if (!name)
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "getprotobyname() argument 1 must be str, not %T", args[0]);
    mutex_lock(&databases_mutex);
    const struct protoent *entry = getprotobyname(name);
    int number = entry ? entry->p_proto : -1;
    mutex_unlock(&databases_mutex);
    return number < 0 ? raise(t, EXC(OSError), "protocol not found") : fixnum(number);
}

static Value socket_gethostname(Thread *t, const Value *args, size_t nargs)
{
    char name[HOST_NAME_MAX + 1];
    if (!os_audit(t, "socket.gethostname", 0))
        return 0;
    if (gethostname(name, sizeof name) < 0)
        return raise_errno(t, errno);
    name[HOST_NAME_MAX] = 0;
    return str_from_fs(t, name, strlen(name));
}

static Value socket_sethostname(Thread *t, const Value *args, size_t nargs)
{
    size_t n;
    const char *name = fs_bytes(t, args[0], &n);
    if (!name || !os_audit(t, "socket.sethostname", 1, args[0]))
        return 0;
    return sethostname(name, n) < 0 ? raise_errno(t, errno) : NONE;
}

// --- interfaces ---

static Value socket_if_nameindex(Thread *t, const Value *args, size_t nargs)
{
    struct if_nameindex *all = if_nameindex();
    if (!all)
        return raise_errno(t, errno);
    List *list = list_new(t, 4);
    for (struct if_nameindex *i = all; list && i->if_index && i->if_name; i++) {
        Value name = str_from_fs(t, i->if_name, strlen(i->if_name));
        Value pair = name ? tuple_pair(t, fixnum(i->if_index), name) : 0;
        if (!pair || !list_append(t, list, pair))
            list = NULL;
    }
    if_freenameindex(all);
    return value_of(list);
}

static Value socket_if_nametoindex(Thread *t, const Value *args, size_t nargs)
{
    const char *name = fs_bytes(t, args[0], NULL);
    if (!name)
        return 0;
    unsigned index = if_nametoindex(name);
    return index ? fixnum(index) : raise_errno(t, errno);
}

static Value socket_if_indextoname(Thread *t, const Value *args, size_t nargs)
{
    int64_t index;
    char name[IF_NAMESIZE + 1];
    if (!to_int64(t, args[0], &index))
        return 0;
    if (index < 0 || index > UINT32_MAX)
        return raise(t, EXC(OverflowError), "if_indextoname: index out of range");
    return if_indextoname((unsigned)index, name) ? str_from_fs(t, name, strlen(name)) : raise_errno(t, errno);
}

// --- numeric forms ---

static const char *text_arg(Thread *t, Value v, const char *function)
{
    if (is_str(v))
        return str_utf8(t, v, NULL);
    return RAISE_NULL(t, EXC(TypeError), "%s must be str, not %T", function, v);
}

static Value socket_inet_aton(Thread *t, const Value *args, size_t nargs)
{
    struct in_addr a;
    const char *text = text_arg(t, args[0], "inet_aton() argument 1");
    if (!text)
        return 0;
    return inet_aton(text, &a) ? bytes_new(t, &a, sizeof a) : raise(t, EXC(OSError), "illegal IP address string passed to inet_aton");
}

static Value packed_text(Thread *t, Value v, int family, size_t size, const char *wrong)
{
    Buffer buffer;
    char text[INET6_ADDRSTRLEN];
    if (!buffer_get(t, v, &buffer, BUFFER_SIMPLE))
        return 0;
    bool fits = (size_t)buffer.length == size;
    const char *result = fits ? inet_ntop(family, buffer.data, text, sizeof text) : NULL;
    buffer_release(t, &buffer);
    if (!fits)
        return raise(t, size == 4 && family == AF_INET && !strncmp(wrong, "packed", 6) ? EXC(OSError) : EXC(ValueError), "%s", wrong);
    return result ? str_from_cstr(t, result) : raise_errno(t, errno);
}

static Value socket_inet_ntoa(Thread *t, const Value *args, size_t nargs)
{
    return packed_text(t, args[0], AF_INET, 4, "packed IP wrong length");
}

static Value socket_inet_pton(Thread *t, const Value *args, size_t nargs)
{
    int family;
    uint8_t packed[16];
    const char *text = to_int32(t, args[0], &family) ? text_arg(t, args[1], "inet_pton() argument 2") : NULL;
    if (!text)
        return 0;
    int done = inet_pton(family, text, packed);
    if (done < 0)
        return raise_errno(t, errno);
    return done ? bytes_new(t, packed, family == AF_INET ? 4 : 16) : raise(t, EXC(OSError), "illegal IP address string passed to inet_pton");
}

static Value socket_inet_ntop(Thread *t, const Value *args, size_t nargs)
{
    int family;
    if (!to_int32(t, args[0], &family))
        return 0;
    if (family != AF_INET && family != AF_INET6)
        return raise(t, EXC(ValueError), "unknown address family %d", family);
    return packed_text(t, args[1], family, family == AF_INET ? 4 : 16, "invalid length of packed IP address string");
}

static bool unsigned_arg(Thread *t, Value v, const char *function, int64_t most, int64_t *out)
{
    if (!is_int(v) && !type_of(v)->slots.to_index) {
        raise(t, EXC(TypeError), "expected int, %T found", v);
        return false;
    }
    Value index = number_index(t, v);
    if (!index)
        return false;
    bool fits = int_to_int64(index, out);
    if (int_sign(index) < 0)
        raise(t, most > 0xffff ? EXC(OverflowError) : EXC(ValueError), "%s: can't convert negative Python int to C %d-bit unsigned integer",
              function, most > 0xffff ? 32 : 16);
    else if (!fits || *out > most)
        raise(t, EXC(OverflowError), most > 0xffff ? "int larger than 32 bits" : "%s: Python int too large to convert to C 16-bit unsigned integer",
              function);
    return !is_pending(t);
}

static Value socket_htons(Thread *t, const Value *args, size_t nargs)
{
    int64_t n;
    return unsigned_arg(t, args[0], "htons", 0xffff, &n) ? fixnum(htons((uint16_t)n)) : 0;
}

static Value socket_ntohs(Thread *t, const Value *args, size_t nargs)
{
    int64_t n;
    return unsigned_arg(t, args[0], "ntohs", 0xffff, &n) ? fixnum(ntohs((uint16_t)n)) : 0;
}

static Value socket_htonl(Thread *t, const Value *args, size_t nargs)
{
    int64_t n;
    return unsigned_arg(t, args[0], "htonl", 0xffffffff, &n) ? fixnum(htonl((uint32_t)n)) : 0;
}

static Value socket_ntohl(Thread *t, const Value *args, size_t nargs)
{
    int64_t n;
    return unsigned_arg(t, args[0], "ntohl", 0xffffffff, &n) ? fixnum(ntohl((uint32_t)n)) : 0;
}

const NativeDef socket_name_functions[] = {
    {"getaddrinfo", socket_getaddrinfo, "(host, port, family=0, type=0, proto=0, flags=0)", "Resolve host and port into addrinfo struct."},
    {"getnameinfo", socket_getnameinfo, "(sockaddr, flags, /)", "Get host and port for a sockaddr."},
    {"gethostbyname", socket_gethostbyname, "(host, /)", "Return the IP address (a string of the form '255.255.255.255') for a host."},
    {"gethostbyname_ex", socket_gethostbyname_ex, "(host, /)", "Return the true host name, a list of aliases, and a list of IP addresses, for a host."},
    {"gethostbyaddr", socket_gethostbyaddr, "(host, /)", "Return the true host name, a list of aliases, and a list of IP addresses, for a host."},
    {"getservbyname", socket_getservbyname, "(servicename, protocolname=None, /)", "Return a port number from a service name and protocol name."},
    {"getservbyport", socket_getservbyport, "(port, protocolname=None, /)", "Return the service name from a port number and protocol name."},
    {"getprotobyname", socket_getprotobyname, "(name, /)", "Return the protocol number for the named protocol."},
    {"gethostname", socket_gethostname, "()", "Return the current host name."},
    {"sethostname", socket_sethostname, "(name, /)", "Sets the hostname to name."},
    {"if_nameindex", socket_if_nameindex, "()", "Returns a list of network interface information (index, name) tuples."},
    {"if_nametoindex", socket_if_nametoindex, "(oname, /)", "Returns the interface index corresponding to the interface name if_name."},
    {"if_indextoname", socket_if_indextoname, "(if_index, /)", "Returns the interface name corresponding to the interface index if_index."},
    {"inet_aton", socket_inet_aton, "(ip_addr, /)", "Convert an IP address in string format (123.45.67.89) to the 32-bit packed binary format used in low-level network functions."},
    {"inet_ntoa", socket_inet_ntoa, "(packed_ip, /)", "Convert an IP address from 32-bit packed binary format to string format."},
    {"inet_pton", socket_inet_pton, "(af, ip, /)", "Convert an IP address from string format to a packed string suitable for use with low-level network functions."},
    {"inet_ntop", socket_inet_ntop, "(af, packed_ip, /)", "Convert a packed IP address of the given family to string format."},
    {"htons", socket_htons, "(integer, /)", "Convert a 16-bit unsigned integer from host to network byte order."},
    {"ntohs", socket_ntohs, "(integer, /)", "Convert a 16-bit unsigned integer from network to host byte order."},
    {"htonl", socket_htonl, "(integer, /)", "Convert a 32-bit integer from host to network byte order."},
    {"ntohl", socket_ntohl, "(integer, /)", "Convert a 32-bit integer from network to host byte order."},
    {0},
};
