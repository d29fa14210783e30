// posix_id.c: process, user and group numbers, sessions, priorities.
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

#include "src/modules/posix.h"

static Value done(Thread *t, int result)
{
    return result < 0 ? raise_errno(t, errno) : NONE;
}

static Value number(Thread *t, long result)
{
    return result < 0 ? raise_errno(t, errno) : fixnum(result);
}

static Value posix_getpid(Thread *t, const Value *args, size_t nargs) { return fixnum(getpid()); }
static Value posix_getppid(Thread *t, const Value *args, size_t nargs) { return fixnum(getppid()); }
static Value posix_getuid(Thread *t, const Value *args, size_t nargs) { return id_answer(t, getuid()); }
static Value posix_geteuid(Thread *t, const Value *args, size_t nargs) { return id_answer(t, geteuid()); }
static Value posix_getgid(Thread *t, const Value *args, size_t nargs) { return id_answer(t, getgid()); }
static Value posix_getegid(Thread *t, const Value *args, size_t nargs) { return id_answer(t, getegid()); }
static Value posix_getpgrp(Thread *t, const Value *args, size_t nargs) { return fixnum(getpgrp()); }
static Value posix_setpgrp(Thread *t, const Value *args, size_t nargs) { return done(t, setpgid(0, 0)); }
static Value posix_setsid(Thread *t, const Value *args, size_t nargs) { return done(t, setsid() < 0 ? -1 : 0); }

static Value posix_getpgid(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    return to_int32(t, args[0], &pid) ? number(t, getpgid(pid)) : 0;
}

static Value posix_getsid(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    return to_int32(t, args[0], &pid) ? number(t, getsid(pid)) : 0;
}

static Value posix_setpgid(Thread *t, const Value *args, size_t nargs)
{
    int pid, group;
    return to_int32(t, args[0], &pid) && to_int32(t, args[1], &group) ? done(t, setpgid(pid, group)) : 0;
}

static Value posix_setuid(Thread *t, const Value *args, size_t nargs)
{
    uint32_t id;
    return id_arg(t, args[0], "uid", &id) ? done(t, setuid(id)) : 0;
}

static Value posix_seteuid(Thread *t, const Value *args, size_t nargs)
{
    uint32_t id;
    return id_arg(t, args[0], "uid", &id) ? done(t, seteuid(id)) : 0;
}

static Value posix_setgid(Thread *t, const Value *args, size_t nargs)
{
    uint32_t id;
    return id_arg(t, args[0], "gid", &id) ? done(t, setgid(id)) : 0;
}

static Value posix_setegid(Thread *t, const Value *args, size_t nargs)
{
    uint32_t id;
    return id_arg(t, args[0], "gid", &id) ? done(t, setegid(id)) : 0;
}

static Value posix_setreuid(Thread *t, const Value *args, size_t nargs)
{
    uint32_t a, b;
    return id_arg(t, args[0], "uid", &a) && id_arg(t, args[1], "uid", &b) ? done(t, setreuid(a, b)) : 0;
}

static Value posix_setregid(Thread *t, const Value *args, size_t nargs)
{
    uint32_t a, b;
    return id_arg(t, args[0], "gid", &a) && id_arg(t, args[1], "gid", &b) ? done(t, setregid(a, b)) : 0;
}

static Value posix_setresuid(Thread *t, const Value *args, size_t nargs)
{
    uint32_t a, b, c;
    if (!id_arg(t, args[0], "uid", &a) || !id_arg(t, args[1], "uid", &b) || !id_arg(t, args[2], "uid", &c))
        return 0;
    return done(t, setresuid(a, b, c));
}

static Value posix_setresgid(Thread *t, const Value *args, size_t nargs)
{
    uint32_t a, b, c;
    if (!id_arg(t, args[0], "gid", &a) || !id_arg(t, args[1], "gid", &b) || !id_arg(t, args[2], "gid", &c))
        return 0;
    return done(t, setresgid(a, b, c));
}

static Value posix_getresuid(Thread *t, const Value *args, size_t nargs)
{
    uid_t a, b, c;
    if (getresuid(&a, &b, &c) < 0)
        return raise_errno(t, errno);
    return tuple_of(t, 3, id_answer(t, a), id_answer(t, b), id_answer(t, c));
}

static Value posix_getresgid(Thread *t, const Value *args, size_t nargs)
{
    gid_t a, b, c;
    if (getresgid(&a, &b, &c) < 0)
        return raise_errno(t, errno);
    return tuple_of(t, 3, id_answer(t, a), id_answer(t, b), id_answer(t, c));
}

// --- groups ---

static Value groups_list(Thread *t, const gid_t *groups, int n)
{
    List *list = list_new(t, (size_t)n);
    for (int i = 0; list && i < n; i++)
        if (!list_append(t, list, id_answer(t, groups[i])))
            return 0;
    return value_of(list);
}

static Value posix_getgroups(Thread *t, const Value *args, size_t nargs)
{
    int n = getgroups(0, NULL);
    gid_t *groups = n < 0 ? NULL : new_atomic(t, ((size_t)n + 1) * sizeof(gid_t));
    if (n < 0)
        return raise_errno(t, errno);
    if (!groups)
        return 0;
    n = getgroups(n, groups);
    return n < 0 ? raise_errno(t, errno) : groups_list(t, groups, n);
}

static Value posix_setgroups(Thread *t, const Value *args, size_t nargs)
{
    size_t n;
    if (!type_of(args[0])->slots.getitem)
        return raise(t, EXC(TypeError), "setgroups argument must be a sequence");
    Value *items = values_from_iterable(t, args[0], &n);
    if (!items)
        return 0;
    if (n > NGROUPS_MAX)
        return raise(t, EXC(ValueError), "too many groups");
    gid_t *groups = new_atomic(t, (n + 1) * sizeof(gid_t));
    if (!groups)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_int(items[i]))
            return raise(t, EXC(TypeError), "groups must be integers");
        if (!id_arg(t, items[i], "gid", &groups[i]))
            return 0;
    }
    return done(t, setgroups(n, groups));
}

static Value posix_getgrouplist(Thread *t, const Value *args, size_t nargs)
{
    uint32_t group;
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "getgrouplist() argument 1 must be str, not %T", args[0]);
    const char *user = str_utf8(t, args[0], NULL);
    if (!user || !id_arg(t, args[1], "gid", &group))
        return 0;
    int n = 64;
    gid_t *groups;
    do {
        n *= 2;
        groups = new_atomic(t, (size_t)n * sizeof(gid_t));
        if (!groups)
            return 0;
    } while (getgrouplist(user, group, groups, &n) < 0 && n < NGROUPS_MAX * 2);
    return groups_list(t, groups, n);
}

static Value posix_initgroups(Thread *t, const Value *args, size_t nargs)
{
    uint32_t group;
    const char *user = fs_bytes(t, args[0], NULL);
    return user && id_arg(t, args[1], "gid", &group) ? done(t, initgroups(user, group)) : 0;
}

// --- priorities ---

static Value posix_nice(Thread *t, const Value *args, size_t nargs)
{
    int increment;
    if (!to_int32(t, args[0], &increment))
        return 0;
    errno = 0;
    int value = nice(increment);
    return value == -1 && errno ? raise_errno(t, errno) : fixnum(value);
}

static Value posix_getpriority(Thread *t, const Value *args, size_t nargs)
{
    int which, who;
    if (!to_int32(t, args[0], &which) || !to_int32(t, args[1], &who))
        return 0;
    errno = 0;
    int value = getpriority((__priority_which_t)which, (id_t)who);
    return value == -1 && errno ? raise_errno(t, errno) : fixnum(value);
}

static Value posix_setpriority(Thread *t, const Value *args, size_t nargs)
{
    int which, who, priority;
    if (!to_int32(t, args[0], &which) || !to_int32(t, args[1], &who) || !to_int32(t, args[2], &priority))
        return 0;
    return done(t, setpriority((__priority_which_t)which, (id_t)who, priority));
}

static Value posix_getlogin(Thread *t, const Value *args, size_t nargs)
{
    errno = 0;
    char name[LOGIN_NAME_MAX + 1];
    int error = getlogin_r(name, sizeof name);
    return error ? raise_errno(t, error) : str_from_fs(t, name, strlen(name));
}

const NativeDef posix_id_functions[] = {
    {"getpid", posix_getpid, "()", "Return the current process id."},
    {"getppid", posix_getppid, "()", "Return the parent's process id."},
    {"getuid", posix_getuid, "()", "Return the current process's user id."},
    {"geteuid", posix_geteuid, "()", "Return the current process's effective user id."},
    {"getgid", posix_getgid, "()", "Return the current process's group id."},
    {"getegid", posix_getegid, "()", "Return the current process's effective group id."},
    {"getpgrp", posix_getpgrp, "()", "Return the current process group id."},
    {"setpgrp", posix_setpgrp, "()", "Make the current process the leader of its process group."},
    {"setsid", posix_setsid, "()", "Call the system call setsid()."},
    {"getpgid", posix_getpgid, "(pid)", "Call the system call getpgid(), and return the result."},
    {"getsid", posix_getsid, "(pid, /)", "Call the system call getsid(pid) and return the result."},
    {"setpgid", posix_setpgid, "(pid, pgrp, /)", "Call the system call setpgid(pid, pgrp)."},
    {"setuid", posix_setuid, "(uid, /)", "Set the current process's user id."},
    {"seteuid", posix_seteuid, "(euid, /)", "Set the current process's effective user id."},
    {"setgid", posix_setgid, "(gid, /)", "Set the current process's group id."},
    {"setegid", posix_setegid, "(egid, /)", "Set the current process's effective group id."},
    {"setreuid", posix_setreuid, "(ruid, euid, /)", "Set the current process's real and effective user ids."},
    {"setregid", posix_setregid, "(rgid, egid, /)", "Set the current process's real and effective group ids."},
    {"setresuid", posix_setresuid, "(ruid, euid, suid, /)", "Set the current process's real, effective, and saved user ids."},
    {"setresgid", posix_setresgid, "(rgid, egid, sgid, /)", "Set the current process's real, effective, and saved group ids."},
    {"getresuid", posix_getresuid, "()", "Return a tuple of the current process's real, effective, and saved user ids."},
    {"getresgid", posix_getresgid, "()", "Return a tuple of the current process's real, effective, and saved group ids."},
    {"getgroups", posix_getgroups, "()", "Return list of supplemental group IDs for the process."},
    {"setgroups", posix_setgroups, "(groups, /)", "Set the groups of the current process to list."},
    {"getgrouplist", posix_getgrouplist, "(user, group, /)", "Returns a list of groups to which a user belongs."},
    {"initgroups", posix_initgroups, "(username, gid, /)", "Initialize the group access list."},
    {"nice", posix_nice, "(increment, /)", "Add increment to the priority of process and return the new priority."},
    {"getpriority", posix_getpriority, "(which, who)", "Return program scheduling priority."},
    {"setpriority", posix_setpriority, "(which, who, priority)", "Set program scheduling priority."},
    {"getlogin", posix_getlogin, "()", "Return the actual login name."},
    {0},
};
