// posix_spawn.c: posix_spawn and posix_spawnp.
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include "src/modules/os_signal.h"
#include "src/modules/posix.h"

enum { SPAWN_OPEN, SPAWN_CLOSE, SPAWN_DUP2, SPAWN_CLOSEFROM };   // as in posix_constants.c

static bool bad_action(Thread *t, const char *message)
{
    raise(t, EXC(TypeError), "%s", message);
    return false;
}

static bool add_action(Thread *t, posix_spawn_file_actions_t *actions, Value action)
{
    if (!is_tuple(action) || !as_tuple(action)->length)
        return bad_action(t, "Each file_actions element must be a non-empty tuple");
    const Value *a = as_tuple(action)->at;
    size_t n = as_tuple(action)->length;
    int kind, fd, other, flags, mode, error = 0;
    if (!to_int32(t, a[0], &kind))
        return false;
    if (kind == SPAWN_OPEN) {
        if (n != 5)
            return bad_action(t, "A open file_action tuple must have 5 elements");
        const char *path = NULL;
        if (!to_int32(t, a[1], &fd) || !(path = fs_bytes(t, a[2], NULL)) || !to_int32(t, a[3], &flags) || !to_int32(t, a[4], &mode))
            return false;
        error = posix_spawn_file_actions_addopen(actions, fd, path, flags, (mode_t)mode);
    } else if (kind == SPAWN_CLOSE || kind == SPAWN_CLOSEFROM) {
        if (n != 2)
            return bad_action(t, kind == SPAWN_CLOSE ? "A close file_action tuple must have 2 elements"
                                                     : "A closefrom file_action tuple must have 2 elements");
        if (!to_int32(t, a[1], &fd))
            return false;
        error = kind == SPAWN_CLOSE ? posix_spawn_file_actions_addclose(actions, fd)
                                    : posix_spawn_file_actions_addclosefrom_np(actions, fd);
    } else if (kind == SPAWN_DUP2) {
        if (n != 3)
            return bad_action(t, "A dup2 file_action tuple must have 3 elements");
        if (!to_int32(t, a[1], &fd) || !to_int32(t, a[2], &other))
            return false;
        error = posix_spawn_file_actions_adddup2(actions, fd, other);
    } else {
        return bad_action(t, "Unknown file_actions identifier");
    }
    if (error)
        raise_errno(t, error);
    return !error;
}

static bool add_actions(Thread *t, posix_spawn_file_actions_t *actions, Value sequence)
{
    size_t n;
    if (!sequence || sequence == NONE)
        return true;
    Value *items = values_from_iterable(t, sequence, &n);
    if (!items) {
        if (pending_clear_if(t, EXC(TypeError)))
            raise(t, EXC(TypeError), "file_actions must be a sequence or None");
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!add_action(t, actions, items[i]))
            return false;
    return true;
}

static bool add_signal(Thread *t, Value item, void *data)
{
    int64_t number;
    if (!to_int64(t, item, &number))
        return false;
    if (number < 1 || number >= NSIG) {
        raise(t, EXC(ValueError), "signal number %ld out of range [1; %d]", number, NSIG - 1);
        return false;
    }
    sigaddset(data, (int)number);
    return true;
}

static bool signal_set(Thread *t, Value iterable, sigset_t *out)
{
    sigemptyset(out);
    return iterate(t, iterable, add_signal, out);
}

static bool scheduler_attributes(Thread *t, posix_spawnattr_t *attributes, Value scheduler, short *flags)
{
    if (!scheduler || scheduler == NONE)
        return true;
    if (!is_tuple(scheduler) || as_tuple(scheduler)->length != 2) {
        raise(t, EXC(TypeError), "A scheduler tuple must have two elements");
        return false;
    }
    Value policy_value = as_tuple(scheduler)->at[0], param_value = as_tuple(scheduler)->at[1];
    if (policy_value != NONE) {
        int policy;
        if (!to_int32(t, policy_value, &policy))
            return false;
        *flags |= POSIX_SPAWN_SETSCHEDULER;
        posix_spawnattr_setschedpolicy(attributes, policy);
    }
    struct sched_param param = {0};
    if (type_of(param_value) != posix_struct_type(POSIX_SCHED_PARAM)) {
        raise(t, EXC(TypeError), "must have a sched_param object");
        return false;
    }
    if (!to_int32(t, as_tuple(param_value)->at[0], &param.sched_priority))
        return false;
    *flags |= POSIX_SPAWN_SETSCHEDPARAM;
    posix_spawnattr_setschedparam(attributes, &param);
    return true;
}

// args: setpgroup, resetids, setsid, setsigmask, setsigdef, scheduler.
static bool set_attributes(Thread *t, posix_spawnattr_t *attributes, const Value *args)
{
    short flags = 0;
    bool reset, session;
    sigset_t set;
    int group;
    if (args[0] && args[0] != NONE) {
        if (!to_int32(t, args[0], &group))
            return false;
        posix_spawnattr_setpgroup(attributes, group);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (!flag_arg(t, args[1], false, &reset) || !flag_arg(t, args[2], false, &session))
        return false;
    flags |= (short)((reset ? POSIX_SPAWN_RESETIDS : 0) | (session ? POSIX_SPAWN_SETSID : 0));
    if (args[3] && args[3] != NONE) {
        if (!signal_set(t, args[3], &set))
            return false;
        posix_spawnattr_setsigmask(attributes, &set);
        flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (args[4] && args[4] != NONE) {
        if (!signal_set(t, args[4], &set))
            return false;
        posix_spawnattr_setsigdefault(attributes, &set);
        flags |= POSIX_SPAWN_SETSIGDEF;
    }
    if (!scheduler_attributes(t, attributes, args[5], &flags))
        return false;
    posix_spawnattr_setflags(attributes, flags);
    return true;
}

static Value spawn(Thread *t, const Value *args, bool search)
{
    const char *function = search ? "posix_spawnp" : "posix_spawn";
    PathArg path;
    if (!path_arg(t, args[0], function, "path", 0, &path))
        return 0;
    char **argv = posix_argv(t, args[1], function);
    if (!argv)
        return 0;
    if (args[2] != NONE && (!type_of(args[2])->slots.getitem || is_list(args[2]) || is_tuple(args[2]) || is_str(args[2])))
        return raise(t, EXC(TypeError), "%s: environment must be a mapping object or None", function);
    char **envp = args[2] == NONE ? environ : posix_envp(t, args[2]);
    if (!envp || !os_audit(t, "os.posix_spawn", 3, path.object, args[1], args[2]))
        return 0;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    pid_t pid = 0;
    int error = -1;
    if (add_actions(t, &actions, args[3]) && set_attributes(t, &attributes, args + 4))
        error = (search ? posix_spawnp : posix_spawn)(&pid, path.name, &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error < 0)
        return 0;
    return error ? raise_errno_path(t, error, path.object, 0) : fixnum(pid);
}

static Value posix_posix_spawn(Thread *t, const Value *args, size_t nargs)
{
    return spawn(t, args, false);
}

static Value posix_posix_spawnp(Thread *t, const Value *args, size_t nargs)
{
    return spawn(t, args, true);
}

#define SPAWN_SIGNATURE                                                                                            \
    "(path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, setsigmask=(), "         \
    "setsigdef=(), scheduler=None)"

const NativeDef posix_spawn_functions[] = {
    {"posix_spawn", posix_posix_spawn, SPAWN_SIGNATURE, "Execute the program specified by path in a new process."},
    {"posix_spawnp", posix_posix_spawnp, SPAWN_SIGNATURE, "Execute the program specified by path in a new process."},
    {0},
};
