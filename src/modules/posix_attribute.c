// posix_attribute.c: functions that change a file's attributes: mode, owner, times, length.
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/modules/posix.h"

static Value dir_fd_with_fd(Thread *t, const char *function)
{
    return raise(t, EXC(ValueError), "%s: can't specify dir_fd without matching path", function);
}

static Value fd_without_follow(Thread *t, const char *function)
{
    return raise(t, EXC(ValueError), "%s: cannot use fd and follow_symlinks together", function);
}

typedef struct ModeChange {
    const char *name;
    int dir_fd, fd, mode;
    bool follow;
} ModeChange;

static long chmod_body(void *data)
{
    const ModeChange *c = data;
    int result = !c->name ? fchmod(c->fd, (mode_t)c->mode)
                          : fchmodat(c->dir_fd, c->name, (mode_t)c->mode, c->follow ? 0 : AT_SYMLINK_NOFOLLOW);
    return result < 0 ? -errno : 0;
}

static Value posix_chmod(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    ModeChange c;
    if (!path_arg(t, args[0], "chmod", "path", PATH_FD_OK, &path) || !to_int32(t, args[1], &c.mode)
        || !dir_fd_arg(t, args[2], &c.dir_fd) || !flag_arg(t, args[3], true, &c.follow))
        return 0;
    if (!os_audit(t, "os.chmod", 3, path.object, args[1], c.dir_fd == AT_FDCWD ? fixnum(-1) : args[2]))
        return 0;
    c.name = path.name;
    c.fd = path.fd;
    if (!c.name && c.dir_fd != AT_FDCWD)
        return dir_fd_with_fd(t, "chmod");
    if (!c.name && !c.follow)
        return fd_without_follow(t, "chmod");
    long result = os_run(t, chmod_body, &c);
    if (result == -EOPNOTSUPP && !c.follow)
        return raise(t, EXC(NotImplementedError), c.dir_fd == AT_FDCWD
                         ? "chmod: follow_symlinks unavailable on this platform"
                         : "chmod: cannot use dir_fd and follow_symlinks together on this platform");
    return os_none(t, result, path.object, 0);
}

static Value posix_fchmod(Thread *t, const Value *args, size_t nargs)
{
    int fd, mode;
    if (!to_int32(t, args[0], &fd) || !to_int32(t, args[1], &mode))
        return 0;
    return os_none(t, OS_CALL(t, SYS_fchmod, fd, mode), 0, 0);
}

// --- owners ---

static Value posix_chown(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    uint32_t uid, gid;
    int dir_fd;
    bool follow;
    if (!path_arg(t, args[0], "chown", "path", PATH_FD_OK, &path) || !id_arg(t, args[1], "uid", &uid)
        || !id_arg(t, args[2], "gid", &gid) || !dir_fd_arg(t, args[3], &dir_fd) || !flag_arg(t, args[4], true, &follow))
        return 0;
    if (!path.name) {
        if (dir_fd != AT_FDCWD)
            return dir_fd_with_fd(t, "chown");
        if (!follow)
            return fd_without_follow(t, "chown");
        return os_none(t, OS_CALL(t, SYS_fchown, path.fd, uid, gid), path.object, 0);
    }
    long flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
    return os_none(t, OS_CALL(t, SYS_fchownat, dir_fd, (long)path.name, uid, gid, flags), path.object, 0);
}

static Value posix_lchown(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    uint32_t uid, gid;
    if (!path_arg(t, args[0], "lchown", "path", 0, &path) || !id_arg(t, args[1], "uid", &uid)
        || !id_arg(t, args[2], "gid", &gid))
        return 0;
    long result = OS_CALL(t, SYS_fchownat, AT_FDCWD, (long)path.name, uid, gid, AT_SYMLINK_NOFOLLOW);
    return os_none(t, result, path.object, 0);
}

static Value posix_fchown(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    uint32_t uid, gid;
    if (!to_int32(t, args[0], &fd) || !id_arg(t, args[1], "uid", &uid) || !id_arg(t, args[2], "gid", &gid))
        return 0;
    return os_none(t, OS_CALL(t, SYS_fchown, fd, uid, gid), 0, 0);
}

// --- times ---

// Splits an int of nanoseconds (any size) into seconds and the rest.
static bool split_ns(Thread *t, Value v, struct timespec *out)
{
    Value index = number_index(t, v);
    Value seconds = index ? int_floor_divide(t, index, fixnum(1000000000)) : 0;
    Value rest = seconds ? int_remainder(t, index, fixnum(1000000000)) : 0;
    int64_t wide;
    if (!rest)
        return false;
    if (!int_to_int64(seconds, &wide)) {
        raise(t, EXC(OverflowError), "timestamp out of range for platform time_t");
        return false;
    }
    *out = (struct timespec){wide, fixnum_value(rest)};
    return true;
}

static bool split_seconds(Thread *t, Value v, struct timespec *out)
{
    if (is_float(v)) {
        int64_t ns;
        if (!seconds_arg(t, v, &ns))
            return false;
        int64_t rest = ns % 1000000000;
        *out = (struct timespec){ns / 1000000000 - (rest < 0), rest < 0 ? rest + 1000000000 : rest};
        return true;
    }
    int64_t seconds;
    if (!to_int64(t, v, &seconds)) {
        if (pending_clear_if(t, EXC(OverflowError)))
            raise(t, EXC(OverflowError), "timestamp out of range for platform time_t");
        return false;
    }
    *out = (struct timespec){seconds, 0};
    return true;
}

static bool utime_pair(Thread *t, Value pair, const char *message, bool (*split)(Thread *, Value, struct timespec *),
                       struct timespec times[2])
{
    if (!is_tuple(pair) || as_tuple(pair)->length != 2) {
        raise(t, EXC(TypeError), "%s", message);
        return false;
    }
    return split(t, as_tuple(pair)->at[0], &times[0]) && split(t, as_tuple(pair)->at[1], &times[1]);
}

static Value posix_utime(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    int dir_fd;
    bool follow, now = false;
    struct timespec times[2];
    Value seconds = args[1] == NONE ? 0 : args[1], ns = args[2];
    if (!path_arg(t, args[0], "utime", "path", PATH_FD_OK, &path) || !dir_fd_arg(t, args[3], &dir_fd)
        || !flag_arg(t, args[4], true, &follow))
        return 0;
    if (seconds && ns)
        return raise(t, EXC(ValueError), "utime: you may specify either 'times' or 'ns' but not both");
    if (seconds) {
        if (!utime_pair(t, seconds, "utime: 'times' must be either a tuple of two ints or None", split_seconds, times))
            return 0;
    } else if (ns) {
        if (!utime_pair(t, ns, "utime: 'ns' must be a tuple of two ints", split_ns, times))
            return 0;
    } else {
        now = true;
    }
    if (!path.name && dir_fd != AT_FDCWD)
        return dir_fd_with_fd(t, "utime");
    if (!path.name && !follow)
        return fd_without_follow(t, "utime");
    long where = path.name ? dir_fd : path.fd;
    long flags = path.name && !follow ? AT_SYMLINK_NOFOLLOW : 0;
    long result = OS_CALL(t, SYS_utimensat, where, (long)path.name, now ? 0 : (long)times, flags);
    return os_none(t, result, path.object, 0);
}

// --- length ---

static Value posix_truncate(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    int64_t length;
    if (!path_arg(t, args[0], "truncate", "path", PATH_FD_OK, &path) || !to_int64(t, args[1], &length))
        return 0;
    if (!os_audit(t, "os.truncate", 2, path.object, args[1]))
        return 0;
    long result = path.name ? OS_CALL(t, SYS_truncate, (long)path.name, length) : OS_CALL(t, SYS_ftruncate, path.fd, length);
    return os_none(t, result, path.object, 0);
}

static Value posix_ftruncate(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    int64_t length;
    if (!to_int32(t, args[0], &fd) || !to_int64(t, args[1], &length))
        return 0;
    if (!os_audit(t, "os.truncate", 2, args[0], args[1]))
        return 0;
    return os_none(t, OS_CALL(t, SYS_ftruncate, fd, length), 0, 0);
}

static Value posix_umask(Thread *t, const Value *args, size_t nargs)
{
    int mask;
    return to_int32(t, args[0], &mask) ? fixnum(umask((mode_t)mask)) : 0;
}

const NativeDef posix_attribute_functions[] = {
    {"chmod", posix_chmod, "(path, mode, *, dir_fd=None, follow_symlinks=(os.name != 'nt'))", "Change the access permissions of a file."},
    {"fchmod", posix_fchmod, "(fd, mode)", "Change the access permissions of the file given by file descriptor fd."},
    {"chown", posix_chown, "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)", "Change the owner and group id of path to the numeric uid and gid."},
    {"lchown", posix_lchown, "(path, uid, gid)", "Change the owner and group id of path to the numeric uid and gid."},
    {"fchown", posix_fchown, "(fd, uid, gid)", "Change the owner and group id of the file specified by file descriptor."},
    {"utime", posix_utime, "(path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)", "Set the access and modified time of path."},
    {"truncate", posix_truncate, "(path, length)", "Truncate a file, specified by path, to a specific length."},
    {"ftruncate", posix_ftruncate, "(fd, length, /)", "Truncate a file, specified by file descriptor, to a specific length."},
    {"umask", posix_umask, "(mask, /)", "Set the current numeric umask and return the previous umask."},
    {0},
};
