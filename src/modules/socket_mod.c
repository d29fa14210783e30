// socket_mod.c: the _socket module.
#include "src/modules/socket.h"

#include <errno.h>
#include <unistd.h>

#include "src/modules/exception_class.h"

static long close_body(void *data)
{
    return close(*(int *)data) < 0 && errno != ECONNRESET && errno != EINTR ? -errno : 0;
}

static Value socket_close_fd(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    return to_int32(t, args[0], &fd) ? os_none(t, os_run(t, close_body, &fd), 0, 0) : 0;
}

static Value socket_dup_fd(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!to_int32(t, args[0], &fd))
        return 0;
    int copy = dup(fd);
    if (copy < 0)
        return raise_errno(t, errno);
    fd_set_inheritable(copy, false);
    return fixnum(copy);
}

static Value new_from_fd(Thread *t, int fd, int family, int type, int proto)
{
    Socket *s = instance_new(t, &type_socket, 0);
    if (s && socket_init(t, s, fd, family, type, proto))
        return value_of(s);
    close(fd);
    return 0;
}

static Value socket_socketpair(Thread *t, const Value *args, size_t nargs)
{
    int family, type, proto, fds[2];
    if (!int_arg(t, args[0], AF_UNIX, &family) || !int_arg(t, args[1], SOCK_STREAM, &type) || !int_arg(t, args[2], 0, &proto))
        return 0;
    if (socketpair(family, type | SOCK_CLOEXEC, proto, fds) < 0)
        return raise_errno(t, errno);
    Value first = new_from_fd(t, fds[0], family, type, proto);
    if (!first) {
        close(fds[1]);
        return 0;
    }
    Value second = new_from_fd(t, fds[1], family, type, proto);
    return second ? tuple_pair(t, first, second) : 0;
}

static Value socket_getdefaulttimeout(Thread *t, const Value *args, size_t nargs)
{
    int64_t timeout = load_relaxed(&socket_default_timeout);
    return timeout < 0 ? NONE : float_new(t, (double)timeout * 1e-9);
}

static Value socket_setdefaulttimeout(Thread *t, const Value *args, size_t nargs)
{
    int64_t timeout;
    if (!socket_timeout_arg(t, args[0], &timeout))
        return 0;
    store_relaxed(&socket_default_timeout, timeout);
    return NONE;
}

static bool make_errors(Thread *t)
{
    if (socket_gaierror)
        return true;
    vm_add_root_range(&socket_herror, &socket_herror + 1);
    vm_add_root_range(&socket_gaierror, &socket_gaierror + 1);
    socket_herror = exception_class_new(t, "socket", "herror", value_of(EXC(OSError)), NULL);
    socket_gaierror = socket_herror ? exception_class_new(t, "socket", "gaierror", value_of(EXC(OSError)), NULL) : 0;
    return socket_gaierror != 0;
}

static bool socket_exec(Thread *t, Value module)
{
    return make_errors(t) && module_add_functions(t, module, socket_name_functions)
        && module_add_functions(t, module, socket_message_functions) && module_add_ints(t, module, socket_constants)
        && module_add(t, module, "error", value_of(EXC(OSError))) && module_add(t, module, "timeout", value_of(EXC(TimeoutError)))
        && module_add(t, module, "herror", socket_herror) && module_add(t, module, "gaierror", socket_gaierror)
        && module_add(t, module, "SocketType", value_of(&type_socket)) && module_add_type(t, module, &type_socket)
        && module_add(t, module, "has_ipv6", TRUE);
}

const ModuleDef module_socket = {
    .name = "_socket",
    .doc = "Implementation module for socket operations.",
    .functions = (const NativeDef[]){
        {"close", socket_close_fd, "(object, /)", "Close an integer socket file descriptor."},
        {"dup", socket_dup_fd, "(object, /)", "Duplicate an integer socket file descriptor."},
        {"socketpair", socket_socketpair, "(family=AF_UNIX, type=SOCK_STREAM, proto=0, /)", "Create a pair of socket objects from the sockets returned by the platform socketpair() function."},
        {"getdefaulttimeout", socket_getdefaulttimeout, "()", "Returns the default timeout in seconds (float) for new socket objects."},
        {"setdefaulttimeout", socket_setdefaulttimeout, "(object, /)", "Set the default timeout in seconds (float) for new socket objects."},
        {0},
    },
    .exec = socket_exec,
};
