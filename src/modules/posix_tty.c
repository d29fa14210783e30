// posix_tty.c: terminals and pseudo-terminals.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "src/modules/posix.h"

static Value posix_ttyname(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    char name[PATH_MAX];
    if (!to_int32(t, args[0], &fd))
        return 0;
    int error = ttyname_r(fd, name, sizeof name);
    return error ? raise_errno(t, error) : str_from_fs(t, name, strlen(name));
}

static Value posix_openpty(Thread *t, const Value *args, size_t nargs)
{
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) < 0)
        return raise_errno(t, errno);
    fd_set_inheritable(master, false);
    fd_set_inheritable(slave, false);
    return tuple_pair(t, fixnum(master), fixnum(slave));
}

static Value posix_login_tty(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    return login_tty(fd) < 0 ? raise_errno(t, errno) : NONE;
}

static Value posix_tcgetpgrp(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!to_int32(t, args[0], &fd))
        return 0;
    pid_t group = tcgetpgrp(fd);
    return group < 0 ? raise_errno(t, errno) : fixnum(group);
}

static Value posix_tcsetpgrp(Thread *t, const Value *args, size_t nargs)
{
    int fd, group;
    if (!to_int32(t, args[0], &fd) || !to_int32(t, args[1], &group))
        return 0;
    return tcsetpgrp(fd, group) < 0 ? raise_errno(t, errno) : NONE;
}

static Value posix_posix_openpt(Thread *t, const Value *args, size_t nargs)
{
    int flags;
    if (!to_int32(t, args[0], &flags))
        return 0;
    int fd = posix_openpt(flags | O_CLOEXEC);
    if (fd < 0)
        return raise_errno(t, errno);
    fd_set_inheritable(fd, false);
    return fixnum(fd);
}

static Value posix_grantpt(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    return grantpt(fd) < 0 ? raise_errno(t, errno) : NONE;
}

static Value posix_unlockpt(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    return unlockpt(fd) < 0 ? raise_errno(t, errno) : NONE;
}

static Value posix_ptsname(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    char name[PATH_MAX];
    if (!fd_arg(t, args[0], &fd))
        return 0;
    int error = ptsname_r(fd, name, sizeof name);
    return error ? raise_errno(t, error) : str_from_fs(t, name, strlen(name));
}

const NativeDef posix_tty_functions[] = {
    {"ttyname", posix_ttyname, "(fd, /)", "Return the name of the terminal device connected to 'fd'."},
    {"openpty", posix_openpty, "()", "Open a pseudo-terminal."},
    {"login_tty", posix_login_tty, "(fd, /)", "Prepare the tty of which fd is a file descriptor for a new login session."},
    {"tcgetpgrp", posix_tcgetpgrp, "(fd, /)", "Return the process group associated with the terminal specified by fd."},
    {"tcsetpgrp", posix_tcsetpgrp, "(fd, pgid, /)", "Set the process group associated with the terminal specified by fd."},
    {"posix_openpt", posix_posix_openpt, "(oflag, /)", "Open and return a file descriptor for a master pseudo-terminal device."},
    {"grantpt", posix_grantpt, "(fd, /)", "Grant access to the slave pseudo-terminal device."},
    {"unlockpt", posix_unlockpt, "(fd, /)", "Unlock a pseudo-terminal master/slave pair."},
    {"ptsname", posix_ptsname, "(fd, /)", "Return the name of the slave pseudo-terminal device."},
    {0},
};
