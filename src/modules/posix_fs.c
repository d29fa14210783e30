// posix_fs.c: functions that make, move and remove entries of directories, and the current directory.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "src/modules/posix.h"

static Value posix_mkdir(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    int mode, dir_fd;
    if (!path_arg(t, args[0], "mkdir", "path", 0, &path) || !int_arg(t, args[1], 0777, &mode) || !dir_fd_arg(t, args[2], &dir_fd))
        return 0;
    if (!os_audit(t, "os.mkdir", 3, path.object, fixnum(mode), fixnum(dir_fd == AT_FDCWD ? -1 : dir_fd)))
        return 0;
    return os_none(t, OS_CALL(t, SYS_mkdirat, dir_fd, (long)path.name, mode), path.object, 0);
}

static Value remove_entry(Thread *t, const Value *args, const char *function, const char *event, long flags)
{
    PathArg path;
    int dir_fd;
    if (!path_arg(t, args[0], function, "path", 0, &path) || !dir_fd_arg(t, args[1], &dir_fd))
        return 0;
    if (!os_audit(t, event, 2, path.object, fixnum(dir_fd == AT_FDCWD ? -1 : dir_fd)))
        return 0;
    return os_none(t, OS_CALL(t, SYS_unlinkat, dir_fd, (long)path.name, flags), path.object, 0);
}

static Value posix_rmdir(Thread *t, const Value *args, size_t nargs)
{
    return remove_entry(t, args, "rmdir", "os.rmdir", AT_REMOVEDIR);
}

static Value posix_unlink(Thread *t, const Value *args, size_t nargs)
{
    return remove_entry(t, args, "unlink", "os.remove", 0);
}

static Value posix_remove(Thread *t, const Value *args, size_t nargs)
{
    return remove_entry(t, args, "remove", "os.remove", 0);
}

static Value rename_entry(Thread *t, const Value *args, const char *function)
{
    PathArg from, to;
    int from_fd, to_fd;
    if (!path_arg(t, args[0], function, "src", 0, &from) || !path_arg(t, args[1], function, "dst", 0, &to)
        || !dir_fd_arg(t, args[2], &from_fd) || !dir_fd_arg(t, args[3], &to_fd))
        return 0;
    if (!os_audit(t, "os.rename", 4, from.object, to.object, fixnum(from_fd == AT_FDCWD ? -1 : from_fd),
                  fixnum(to_fd == AT_FDCWD ? -1 : to_fd)))
        return 0;
    long result = OS_CALL(t, SYS_renameat2, from_fd, (long)from.name, to_fd, (long)to.name, 0);
    return os_none(t, result, from.object, to.object);
}

static Value posix_rename(Thread *t, const Value *args, size_t nargs)
{
    return rename_entry(t, args, "rename");
}

static Value posix_replace(Thread *t, const Value *args, size_t nargs)
{
    return rename_entry(t, args, "replace");
}

static Value posix_link(Thread *t, const Value *args, size_t nargs)
{
    PathArg from, to;
    int from_fd, to_fd;
    bool follow;
    if (!path_arg(t, args[0], "link", "src", 0, &from) || !path_arg(t, args[1], "link", "dst", 0, &to)
        || !dir_fd_arg(t, args[2], &from_fd) || !dir_fd_arg(t, args[3], &to_fd) || !flag_arg(t, args[4], false, &follow))
        return 0;
    if (!os_audit(t, "os.link", 4, from.object, to.object, fixnum(from_fd == AT_FDCWD ? -1 : from_fd),
                  fixnum(to_fd == AT_FDCWD ? -1 : to_fd)))
        return 0;
    long flags = follow ? AT_SYMLINK_FOLLOW : 0;
    long result = OS_CALL(t, SYS_linkat, from_fd, (long)from.name, to_fd, (long)to.name, flags);
    return os_none(t, result, from.object, to.object);
}

static Value posix_symlink(Thread *t, const Value *args, size_t nargs)
{
    PathArg from, to;
    int dir_fd;
    if (!path_arg(t, args[0], "symlink", "src", 0, &from) || !path_arg(t, args[1], "symlink", "dst", 0, &to)
        || !dir_fd_arg(t, args[3], &dir_fd))
        return 0;
    if (!os_audit(t, "os.symlink", 3, from.object, to.object, fixnum(dir_fd == AT_FDCWD ? -1 : dir_fd)))
        return 0;
    return os_none(t, OS_CALL(t, SYS_symlinkat, (long)from.name, dir_fd, (long)to.name), from.object, to.object);
}

static Value posix_readlink(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    int dir_fd;
    char target[PATH_MAX + 1];
    if (!path_arg(t, args[0], "readlink", "path", 0, &path) || !dir_fd_arg(t, args[1], &dir_fd))
        return 0;
    long n = OS_CALL(t, SYS_readlinkat, dir_fd, (long)path.name, (long)target, PATH_MAX);
    return n < 0 ? os_raise(t, n, path.object, 0) : path_answer(t, &path, target, (size_t)n);
}

static Value posix_mkfifo(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    int mode, dir_fd;
    if (!path_arg(t, args[0], "mkfifo", "path", 0, &path) || !int_arg(t, args[1], 0666, &mode) || !dir_fd_arg(t, args[2], &dir_fd))
        return 0;
    long result = OS_CALL(t, SYS_mknodat, dir_fd, (long)path.name, (mode & 07777) | S_IFIFO, 0);
    return os_none(t, result, path.object, 0);
}

static bool device_arg(Thread *t, Value v, uint64_t *out)
{
    *out = 0;
    Value index = v ? number_index(t, v) : fixnum(0);
    int64_t wide;
    if (!index)
        return false;
    if (int_to_uint64(index, out))
        return true;
    if (int_to_int64(index, &wide) && wide == -1) {
        *out = UINT64_MAX;
        return true;
    }
    raise(t, EXC(OverflowError), "Python int too large to convert to C unsigned long");
    return false;
}

static Value posix_mknod(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    int mode, dir_fd;
    uint64_t device;
    if (!path_arg(t, args[0], "mknod", "path", 0, &path) || !int_arg(t, args[1], 0600, &mode)
        || !device_arg(t, args[2], &device) || !dir_fd_arg(t, args[3], &dir_fd))
        return 0;
    return os_none(t, OS_CALL(t, SYS_mknodat, dir_fd, (long)path.name, mode, (long)device), path.object, 0);
}

static Value posix_major(Thread *t, const Value *args, size_t nargs)
{
    uint64_t device;
    if (!device_arg(t, args[0], &device))
        return 0;
    return fixnum(device == UINT64_MAX ? -1 : (int64_t)major(device));
}

static Value posix_minor(Thread *t, const Value *args, size_t nargs)
{
    uint64_t device;
    if (!device_arg(t, args[0], &device))
        return 0;
    return fixnum(device == UINT64_MAX ? -1 : (int64_t)minor(device));
}

static Value posix_makedev(Thread *t, const Value *args, size_t nargs)
{
    uint64_t high, low;
    if (!device_arg(t, args[0], &high) || !device_arg(t, args[1], &low))
        return 0;
    if (high == UINT64_MAX && low == UINT64_MAX)
        return fixnum(-1);
    if (high > UINT32_MAX || low > UINT32_MAX)
        return raise(t, EXC(OverflowError), "Python int too large to convert to C unsigned int");
    return int_from_uint64(t, makedev((unsigned)high, (unsigned)low));
}

// --- the current directory ---

static Value posix_chdir(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    if (!path_arg(t, args[0], "chdir", "path", PATH_FD_OK, &path) || !os_audit(t, "os.chdir", 1, path.object))
        return 0;
    long result = path.name ? OS_CALL(t, SYS_chdir, (long)path.name) : OS_CALL(t, SYS_fchdir, path.fd);
    return os_none(t, result, path.object, 0);
}

static Value posix_fchdir(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!fd_arg(t, args[0], &fd) || !os_audit(t, "os.chdir", 1, fixnum(fd)))
        return 0;
    return os_none(t, OS_CALL(t, SYS_fchdir, fd), 0, 0);
}

static Value posix_chroot(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    if (!path_arg(t, args[0], "chroot", "path", 0, &path))
        return 0;
    return os_none(t, OS_CALL(t, SYS_chroot, (long)path.name), path.object, 0);
}

static Value current_directory(Thread *t, bool bytes)
{
    char *name = getcwd(NULL, 0);
    if (!name)
        return raise_errno(t, errno);
    Value result = bytes ? bytes_new(t, name, strlen(name)) : str_from_fs(t, name, strlen(name));
    free(name);
    return result;
}

static Value posix_getcwd(Thread *t, const Value *args, size_t nargs)
{
    return current_directory(t, false);
}

static Value posix_getcwdb(Thread *t, const Value *args, size_t nargs)
{
    return current_directory(t, true);
}

static Value posix_sync(Thread *t, const Value *args, size_t nargs)
{
    return os_none(t, OS_CALL(t, SYS_sync, 0), 0, 0);
}

const NativeDef posix_fs_functions[] = {
    {"mkdir", posix_mkdir, "(path, mode=511, *, dir_fd=None)", "Create a directory."},
    {"rmdir", posix_rmdir, "(path, *, dir_fd=None)", "Remove a directory."},
    {"unlink", posix_unlink, "(path, *, dir_fd=None)", "Remove a file (same as remove())."},
    {"remove", posix_remove, "(path, *, dir_fd=None)", "Remove a file (same as unlink())."},
    {"rename", posix_rename, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", "Rename a file or directory."},
    {"replace", posix_replace, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", "Rename a file or directory, overwriting the destination."},
    {"link", posix_link, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=(os.name != 'nt'))", "Create a hard link to a file."},
    {"symlink", posix_symlink, "(src, dst, target_is_directory=False, *, dir_fd=None)", "Create a symbolic link pointing to src named dst."},
    {"readlink", posix_readlink, "(path, *, dir_fd=None)", "Return a string representing the path to which the symbolic link points."},
    {"mkfifo", posix_mkfifo, "(path, mode=438, *, dir_fd=None)", "Create a \"fifo\" (a POSIX named pipe)."},
    {"mknod", posix_mknod, "(path, mode=384, device=0, *, dir_fd=None)", "Create a node in the file system."},
    {"major", posix_major, "(device, /)", "Extracts a device major number from a raw device number."},
    {"minor", posix_minor, "(device, /)", "Extracts a device minor number from a raw device number."},
    {"makedev", posix_makedev, "(major, minor, /)", "Composes a raw device number from the major and minor device numbers."},
    {"chdir", posix_chdir, "(path)", "Change the current working directory to the specified path."},
    {"fchdir", posix_fchdir, "(fd)", "Change to the directory of the given file descriptor."},
    {"chroot", posix_chroot, "(path)", "Change root directory to path."},
    {"getcwd", posix_getcwd, "()", "Return a unicode string representing the current working directory."},
    {"getcwdb", posix_getcwdb, "()", "Return a bytes string representing the current working directory."},
    {"sync", posix_sync, "()", "Force write of everything to disk."},
    {0},
};
