// posix_fd.c: functions on descriptors: open, close, dup, pipe, seek, inheritance, blocking.
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/modules/posix.h"

static Value posix_open(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    int flags, mode, dir_fd;
    if (!path_arg(t, args[0], "open", "path", 0, &path) || !to_int32(t, args[1], &flags) || !int_arg(t, args[2], 0777, &mode)
        || !dir_fd_arg(t, args[3], &dir_fd))
        return 0;
    if (!os_audit(t, "open", 3, path.object, NONE, fixnum(flags)))
        return 0;
    long fd = OS_CALL(t, SYS_openat, dir_fd, (long)path.name, flags | O_CLOEXEC, mode);
    return fd < 0 ? os_raise(t, fd, path.object, 0) : fixnum(fd);
}

static long close_body(void *data)
{
    int result = close(*(int *)data);
    return result < 0 && errno != EINTR ? -errno : 0;   // after EINTR the descriptor is closed all the same
}

static Value posix_close(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    return to_int32(t, args[0], &fd) ? os_none(t, os_run(t, close_body, &fd), 0, 0) : 0;
}

static Value posix_closerange(Thread *t, const Value *args, size_t nargs)
{
    int low, high;
    if (!to_int32(t, args[0], &low) || !to_int32(t, args[1], &high))
        return 0;
    if (low < 0)
        low = 0;
    if (low < high)
        OS_CALL(t, SYS_close_range, low, high - 1, 0);
    return NONE;
}

static Value posix_dup(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!to_int32(t, args[0], &fd))
        return 0;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? raise_errno(t, errno) : fixnum(copy);
}

static Value posix_dup2(Thread *t, const Value *args, size_t nargs)
{
    int fd, fd2;
    bool inheritable;
    if (!to_int32(t, args[0], &fd) || !to_int32(t, args[1], &fd2) || !flag_arg(t, args[2], true, &inheritable))
        return 0;
    if (fd < 0 || fd2 < 0)
        return raise_errno(t, EBADF);
    long result;
    if (fd == fd2)
        result = fcntl(fd, F_GETFD) < 0 ? -errno : inheritable ? 0 : fd_set_inheritable(fd, false);
    else
        result = OS_CALL(t, SYS_dup3, fd, fd2, inheritable ? 0 : O_CLOEXEC);
    return result < 0 ? os_raise(t, result, 0, 0) : fixnum(fd2);
}

static Value pipe_of(Thread *t, int flags)
{
    int ends[2];
    if (pipe2(ends, flags) < 0)
        return raise_errno(t, errno);
    return tuple_pair(t, fixnum(ends[0]), fixnum(ends[1]));
}

static Value posix_pipe(Thread *t, const Value *args, size_t nargs)
{
    return pipe_of(t, O_CLOEXEC);
}

static Value posix_pipe2(Thread *t, const Value *args, size_t nargs)
{
    int flags;
    return to_int32(t, args[0], &flags) ? pipe_of(t, flags) : 0;
}

static Value posix_lseek(Thread *t, const Value *args, size_t nargs)
{
    int fd, whence;
    int64_t position;
    if (!to_int32(t, args[0], &fd) || !to_int64(t, args[1], &position) || !to_int32(t, args[2], &whence))
        return 0;
    long result = OS_CALL(t, SYS_lseek, fd, position, whence);
    return result < 0 ? os_raise(t, result, 0, 0) : int_from_int64(t, result);
}

static Value posix_fsync(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    return fd_arg(t, args[0], &fd) ? os_none(t, OS_CALL(t, SYS_fsync, fd), 0, 0) : 0;
}

static Value posix_fdatasync(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    return fd_arg(t, args[0], &fd) ? os_none(t, OS_CALL(t, SYS_fdatasync, fd), 0, 0) : 0;
}

static Value posix_isatty(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    return to_int32(t, args[0], &fd) ? value_bool(isatty(fd)) : 0;
}

// --- inheritance and blocking ---

static Value posix_get_inheritable(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!to_int32(t, args[0], &fd))
        return 0;
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? raise_errno(t, errno) : value_bool(!(flags & FD_CLOEXEC));
}

static Value posix_set_inheritable(Thread *t, const Value *args, size_t nargs)
{
    int fd, inheritable;
    if (!to_int32(t, args[0], &fd) || !to_int32(t, args[1], &inheritable))
        return 0;
    return os_none(t, fd_set_inheritable(fd, inheritable), 0, 0);
}

static Value posix_get_blocking(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!to_int32(t, args[0], &fd))
        return 0;
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? raise_errno(t, errno) : value_bool(!(flags & O_NONBLOCK));
}

static Value posix_set_blocking(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    bool blocks;
    if (!to_int32(t, args[0], &fd) || !flag_arg(t, args[1], false, &blocks))
        return 0;
    int nonblocking = !blocks;
    return ioctl(fd, FIONBIO, &nonblocking) < 0 ? raise_errno(t, errno) : NONE;
}

// --- space and advice ---

static Value posix_posix_fallocate(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    int64_t offset, length;
    if (!to_int32(t, args[0], &fd) || !to_int64(t, args[1], &offset) || !to_int64(t, args[2], &length))
        return 0;
    int error;
    do {
        error = posix_fallocate(fd, offset, length);
    } while (error == EINTR && safepoint(t));
    return os_none(t, -error, 0, 0);
}

static Value posix_posix_fadvise(Thread *t, const Value *args, size_t nargs)
{
    int fd, advice;
    int64_t offset, length;
    if (!to_int32(t, args[0], &fd) || !to_int64(t, args[1], &offset) || !to_int64(t, args[2], &length)
        || !to_int32(t, args[3], &advice))
        return 0;
    return os_none(t, -posix_fadvise(fd, offset, length, advice), 0, 0);
}

typedef struct LockFile {
    int fd, command;
    int64_t length;
} LockFile;

static long lockf_body(void *data)
{
    const LockFile *l = data;
    return lockf(l->fd, l->command, l->length) < 0 ? -errno : 0;
}

static Value posix_lockf(Thread *t, const Value *args, size_t nargs)
{
    LockFile l;
    if (!to_int32(t, args[0], &l.fd) || !to_int32(t, args[1], &l.command) || !to_int64(t, args[2], &l.length))
        return 0;
    return os_none(t, os_run(t, lockf_body, &l), 0, 0);
}

const NativeDef posix_fd_functions[] = {
    {"open", posix_open, "(path, flags, mode=511, *, dir_fd=None)", "Open a file for low level IO.  Returns a file descriptor (integer)."},
    {"close", posix_close, "(fd)", "Close a file descriptor."},
    {"closerange", posix_closerange, "(fd_low, fd_high, /)", "Closes all file descriptors in [fd_low, fd_high), ignoring errors."},
    {"dup", posix_dup, "(fd, /)", "Return a duplicate of a file descriptor."},
    {"dup2", posix_dup2, "(fd, fd2, inheritable=True)", "Duplicate file descriptor."},
    {"pipe", posix_pipe, "()", "Create a pipe."},
    {"pipe2", posix_pipe2, "(flags, /)", "Create a pipe with flags set atomically."},
    {"lseek", posix_lseek, "(fd, position, whence, /)", "Set the position of a file descriptor.  Return the new position."},
    {"fsync", posix_fsync, "(fd)", "Force write of fd to disk."},
    {"fdatasync", posix_fdatasync, "(fd)", "Force write of fd to disk without forcing update of metadata."},
    {"isatty", posix_isatty, "(fd, /)", "Return True if the fd is connected to a terminal."},
    {"get_inheritable", posix_get_inheritable, "(fd, /)", "Get the close-on-exe flag of the specified file descriptor."},
    {"set_inheritable", posix_set_inheritable, "(fd, inheritable, /)", "Set the inheritable flag of the specified file descriptor."},
    {"get_blocking", posix_get_blocking, "(fd, /)", "Get the blocking mode of the file descriptor."},
    {"set_blocking", posix_set_blocking, "(fd, blocking, /)", "Set the blocking mode of the specified file descriptor."},
    {"posix_fallocate", posix_posix_fallocate, "(fd, offset, length, /)", "Ensure a file has allocated at least a particular number of bytes on disk."},
    {"posix_fadvise", posix_posix_fadvise, "(fd, offset, length, advice, /)", "Announce an intention to access data in a specific pattern."},
    {"lockf", posix_lockf, "(fd, command, length, /)", "Apply, test or remove a POSIX lock on an open file descriptor."},
    {0},
};
