// posix_stat.c: posix.stat and its kin: stat_result, statvfs_result, access.
#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/modules/posix.h"

long posix_stat_at(Thread *t, int dir_fd, const char *name, bool follow, struct stat *out)
{
    return OS_CALL(t, SYS_newfstatat, dir_fd, (long)name, (long)out, follow ? 0 : AT_SYMLINK_NOFOLLOW);
}

static Value time_seconds(Thread *t, const struct timespec *ts)
{
    return float_new(t, (double)ts->tv_sec + 1e-9 * (double)ts->tv_nsec);
}

static Value time_ns(Thread *t, const struct timespec *ts)
{
    int64_t ns;
    if (!__builtin_mul_overflow((int64_t)ts->tv_sec, (int64_t)1000000000, &ns)
        && !__builtin_add_overflow(ns, (int64_t)ts->tv_nsec, &ns))
        return int_from_int64(t, ns);
    Value seconds = int_multiply(t, int_from_int64(t, ts->tv_sec), fixnum(1000000000));
    return seconds ? int_add(t, seconds, fixnum(ts->tv_nsec)) : 0;
}

Value posix_stat_value(Thread *t, const struct stat *st)
{
    Value items[] = {
        fixnum(st->st_mode),
        int_from_uint64(t, st->st_ino),
        int_from_uint64(t, st->st_dev),
        int_from_uint64(t, st->st_nlink),
        id_answer(t, st->st_uid),
        id_answer(t, st->st_gid),
        int_from_int64(t, st->st_size),
        int_from_int64(t, st->st_atim.tv_sec),
        int_from_int64(t, st->st_mtim.tv_sec),
        int_from_int64(t, st->st_ctim.tv_sec),
        time_seconds(t, &st->st_atim),
        time_seconds(t, &st->st_mtim),
        time_seconds(t, &st->st_ctim),
        time_ns(t, &st->st_atim),
        time_ns(t, &st->st_mtim),
        time_ns(t, &st->st_ctim),
        int_from_int64(t, st->st_blksize),
        int_from_int64(t, st->st_blocks),
        int_from_uint64(t, st->st_rdev),
    };
    for (size_t i = 0; i < COUNT_OF(items); i++)
        if (!items[i])
            return 0;
    return posix_struct(t, POSIX_STAT, items);
}

static Value stat_common(Thread *t, const char *function, Value path_value, Value dir_fd_value, bool follow)
{
    PathArg path;
    int dir_fd;
    struct stat st;
    if (!path_arg(t, path_value, function, "path", *function == 's' ? PATH_FD_OK : 0, &path)
        || !dir_fd_arg(t, dir_fd_value, &dir_fd))
        return 0;
    long result;
    if (path.name) {
        result = posix_stat_at(t, dir_fd, path.name, follow, &st);
    } else {
        if (dir_fd != AT_FDCWD)
            return raise(t, EXC(ValueError), "%s: can't specify dir_fd without matching path", function);
        if (!follow)
            return raise(t, EXC(ValueError), "%s: cannot use fd and follow_symlinks together", function);
        result = OS_CALL(t, SYS_fstat, path.fd, (long)&st);
    }
    return result < 0 ? os_raise(t, result, path.object, 0) : posix_stat_value(t, &st);
}

static Value posix_stat(Thread *t, const Value *args, size_t nargs)
{
    bool follow;
    return flag_arg(t, args[2], true, &follow) ? stat_common(t, "stat", args[0], args[1], follow) : 0;
}

static Value posix_lstat(Thread *t, const Value *args, size_t nargs)
{
    return stat_common(t, "lstat", args[0], args[1], false);
}

static Value posix_fstat(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    struct stat st;
    if (!to_int32(t, args[0], &fd))
        return 0;
    long result = OS_CALL(t, SYS_fstat, fd, (long)&st);
    return result < 0 ? os_raise(t, result, 0, 0) : posix_stat_value(t, &st);
}

// --- statvfs ---

typedef struct StatVfs {
    const char *name;    // null: fd
    int fd;
    struct statvfs out;
} StatVfs;

static long statvfs_body(void *data)
{
    StatVfs *s = data;
    int result = s->name ? statvfs(s->name, &s->out) : fstatvfs(s->fd, &s->out);
    return result < 0 ? -errno : 0;
}

static Value statvfs_value(Thread *t, StatVfs *s, Value path)
{
    long result = os_run(t, statvfs_body, s);
    if (result < 0)
        return os_raise(t, result, path, 0);
    const struct statvfs *v = &s->out;
    Value items[] = {
        int_from_uint64(t, v->f_bsize),
        int_from_uint64(t, v->f_frsize),
        int_from_uint64(t, v->f_blocks),
        int_from_uint64(t, v->f_bfree),
        int_from_uint64(t, v->f_bavail),
        int_from_uint64(t, v->f_files),
        int_from_uint64(t, v->f_ffree),
        int_from_uint64(t, v->f_favail),
        int_from_uint64(t, v->f_flag),
        int_from_uint64(t, v->f_namemax),
        int_from_uint64(t, v->f_fsid),
    };
    return posix_struct(t, POSIX_STATVFS, items);
}

static Value posix_statvfs(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    if (!path_arg(t, args[0], "statvfs", "path", PATH_FD_OK, &path))
        return 0;
    StatVfs s = {.name = path.name, .fd = path.fd};
    return statvfs_value(t, &s, path.object);
}

static Value posix_fstatvfs(Thread *t, const Value *args, size_t nargs)
{
    StatVfs s = {0};
    return to_int32(t, args[0], &s.fd) ? statvfs_value(t, &s, 0) : 0;
}

// --- access ---

typedef struct Access {
    const char *name;
    int dir_fd, mode, flags;
} Access;

static long access_body(void *data)
{
    const Access *a = data;
    return faccessat(a->dir_fd, a->name, a->mode, a->flags);
}

static Value posix_access(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    Access a;
    bool effective, follow;
    if (!path_arg(t, args[0], "access", "path", 0, &path) || !to_int32(t, args[1], &a.mode)
        || !dir_fd_arg(t, args[2], &a.dir_fd) || !flag_arg(t, args[3], false, &effective)
        || !flag_arg(t, args[4], true, &follow))
        return 0;
    a.name = path.name;
    a.flags = (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
    return value_bool(os_run(t, access_body, &a) == 0);
}

const NativeDef posix_stat_functions[] = {
    {"stat", posix_stat, "(path, *, dir_fd=None, follow_symlinks=True)", "Perform a stat system call on the given path."},
    {"lstat", posix_lstat, "(path, *, dir_fd=None)",
     "Perform a stat system call on the given path, without following symbolic links."},
    {"fstat", posix_fstat, "(fd)", "Perform a stat system call on the given file descriptor."},
    {"statvfs", posix_statvfs, "(path)", "Perform a statvfs system call on the given path."},
    {"fstatvfs", posix_fstatvfs, "(fd, /)", "Perform an fstatvfs system call on the given fd."},
    {"access", posix_access, "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)",
     "Use the real uid/gid to test for access to a path."},
    {0},
};
