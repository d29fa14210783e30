// socket.h: what the files of the _socket module share.
#ifndef ADDER_MODULES_SOCKET_H
#define ADDER_MODULES_SOCKET_H

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/netlink.h>
#include <linux/vm_sockets.h>

#include "src/core/lock.h"
#include "src/core/vm.h"
#include "src/modules/os_support.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

// Fields are single words: fd changes by close and detach only (atomic), timeout by settimeout.
typedef struct Socket {
    Object head;
    int fd;                  // -1: closed
    int family, type, proto;
    int64_t timeout;         // nanoseconds; -1: blocks, 0: never blocks
} Socket;

typedef union SocketAddress {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
    struct sockaddr_nl nl;
    struct sockaddr_vm vm;
    struct sockaddr_storage storage;
} SocketAddress;

// socket_address.c
MUST_CHECK bool socket_address_arg(Thread *t, const Socket *s, Value v, const char *function, SocketAddress *out, socklen_t *out_length);
Value socket_address_value(Thread *t, const SocketAddress *a, socklen_t length);
// Resolves a host name ("" any, "<broadcast>") to an address of that family.
MUST_CHECK bool socket_host(Thread *t, const char *name, int family, SocketAddress *out, socklen_t *out_length);
Value socket_host_text(Thread *t, const struct sockaddr *a, socklen_t length);   // numeric form
const char *socket_host_arg(Thread *t, Value v);             // str (IDNA when not ASCII), bytes, bytearray

// socket_names.c
Value socket_gai_error(Thread *t, int error);
extern const NativeDef socket_name_functions[];
extern Value socket_gaierror, socket_herror;                 // classes; roots

// socket_object.c
extern int64_t socket_default_timeout;                       // guard: relaxed word
// Runs body as the socket's timeout says; a result below 0 is minus the error number or SOCKET_RAISED.
enum { SOCKET_RAISED = -100000 };
long socket_call(Thread *t, Socket *s, bool writing, OsBody body, void *data);
long socket_call_until(Thread *t, Socket *s, bool writing, OsBody body, void *data, int64_t deadline);
int64_t socket_deadline(const Socket *s);
Value socket_raise(Thread *t, long result);
MUST_CHECK bool socket_init(Thread *t, Socket *s, int fd, int family, int type, int proto);
MUST_CHECK bool socket_timeout_arg(Thread *t, Value v, int64_t *out);

// socket_transfer.c, socket_message.c
Value socket_recv(Thread *t, const Value *args, size_t nargs);
Value socket_recv_into(Thread *t, const Value *args, size_t nargs);
Value socket_recvfrom(Thread *t, const Value *args, size_t nargs);
Value socket_recvfrom_into(Thread *t, const Value *args, size_t nargs);
Value socket_send(Thread *t, const Value *args, size_t nargs);
Value socket_sendall(Thread *t, const Value *args, size_t nargs);
Value socket_sendto(Thread *t, const Value *args, size_t nargs);
Value socket_recvmsg(Thread *t, const Value *args, size_t nargs);
Value socket_recvmsg_into(Thread *t, const Value *args, size_t nargs);
Value socket_sendmsg(Thread *t, const Value *args, size_t nargs);
extern const NativeDef socket_message_functions[];

extern const IntConstant socket_constants[];

#endif
