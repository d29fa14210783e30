// posix_exec.c: fork with everything around it, exec, exit, system.
//
// The callbacks of register_at_fork are lists in the VM's module state, guarded by the lists' own locks.
#include <errno.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gc/heap.h"
#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/modules/posix.h"

// --- argument vectors ---

char **posix_argv(Thread *t, Value args, const char *function)
{
    size_t n;
    if (!is_list(args) && !is_tuple(args))
        return RAISE_NULL(t, EXC(TypeError), "%s() arg 2 must be a tuple or list", function);
    Value *items = values_from_iterable(t, args, &n);
    if (!items)
        return NULL;
    if (!n)
        return RAISE_NULL(t, EXC(ValueError), "%s() arg 2 must not be empty", function);
    char **argv = new_scanned(t, (n + 1) * sizeof(char *));
    for (size_t i = 0; argv && i < n; i++) {
        size_t length;
        const char *word = fs_bytes(t, items[i], &length);
        argv[i] = word ? new_atomic(t, length + 1) : NULL;   // a copy: word may lie inside another object
        if (!argv[i])
            return NULL;
        memcpy(argv[i], word, length + 1);
    }
    if (argv && !argv[0][0])
        return RAISE_NULL(t, EXC(ValueError), "%s() arg 2 first element cannot be empty", function);
    return argv;
}

// "key=value" in collected memory.
static char *env_entry(Thread *t, Value key, Value value)
{
    size_t key_length, value_length;
    const char *k = fs_bytes(t, key, &key_length);
    const char *v = k ? fs_bytes(t, value, &value_length) : NULL;
    if (!v)
        return NULL;
    if (!key_length || strchr(k + 1, '='))
        return RAISE_NULL(t, EXC(ValueError), "illegal environment variable name");
    char *entry = new_atomic(t, key_length + value_length + 2);
    if (!entry)
        return NULL;
    memcpy(entry, k, key_length);
    entry[key_length] = '=';
    memcpy(entry + key_length + 1, v, value_length + 1);
    return entry;
}

char **posix_envp(Thread *t, Value env)
{
    size_t n;
    Value keys = call_method0(t, env, N(keys));
    Value *names = keys ? values_from_iterable(t, keys, &n) : NULL;
    if (!names)
        return NULL;
    char **envp = new_scanned(t, (n + 1) * sizeof(char *));
    for (size_t i = 0; envp && i < n; i++) {
        Value value = item_get(t, env, names[i]);
        envp[i] = value ? env_entry(t, names[i], value) : NULL;
        if (!envp[i])
            return NULL;
    }
    return envp;
}

// --- exec ---

static Value posix_execv(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    if (!path_arg(t, args[0], "execv", "path", 0, &path))
        return 0;
    char **argv = posix_argv(t, args[1], "execv");
    if (!argv || !os_audit(t, "os.exec", 3, path.object, args[1], NONE))
        return 0;
    execv(path.name, argv);
    return raise_errno(t, errno);
}

static Value posix_execve(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    if (!path_arg(t, args[0], "execve", "path", PATH_FD_OK, &path))
        return 0;
    char **argv = posix_argv(t, args[1], "execve");
    if (!argv)
        return 0;
    if (!type_of(args[2])->slots.getitem || is_list(args[2]) || is_tuple(args[2]) || is_str(args[2]))
        return raise(t, EXC(TypeError), "execve: environment must be a mapping object");
    char **envp = posix_envp(t, args[2]);
    if (!envp || !os_audit(t, "os.exec", 3, path.object, args[1], args[2]))
        return 0;
    if (path.name)
        execve(path.name, argv, envp);
    else
        fexecve(path.fd, argv, envp);
    return raise_errno_path(t, errno, path.object, 0);
}

// --- fork ---

static struct AtFork {
    Value before, parent, child;   // lists or 0; guard: set once under mutex
    Mutex mutex;
} at_fork;

static bool at_fork_add(Thread *t, Value *list, Value callback)
{
    if (!callback)
        return true;
    if (!is_callable(callback)) {
        raise(t, EXC(TypeError), "'%T' object is not callable", callback);
        return false;
    }
    vm_add_root_range(&at_fork, &at_fork.mutex);
    if (!load_acquire(list)) {
        List *made = list_new(t, 4);
        if (!made)
            return false;
        mutex_lock(&at_fork.mutex);
        if (!*list)
            publish(list, value_of(made));
        mutex_unlock(&at_fork.mutex);
    }
    return list_append(t, as_list(*list), callback);
}

static Value posix_register_at_fork(Thread *t, const Value *args, size_t nargs)
{
    Value before = args[0], child = args[1], parent = args[2];
    if (!before && !child && !parent)
        return raise(t, EXC(TypeError), "At least one argument is required.");
    if ((before && !is_callable(before)) || (parent && !is_callable(parent)) || (child && !is_callable(child)))
        return raise(t, EXC(TypeError), "'%s' must be callable, not %T",
                     before && !is_callable(before) ? "before" : child && !is_callable(child) ? "after_in_child" : "after_in_parent",
                     before && !is_callable(before) ? before : child && !is_callable(child) ? child : parent);
    if (!at_fork_add(t, &at_fork.before, before) || !at_fork_add(t, &at_fork.child, child)
        || !at_fork_add(t, &at_fork.parent, parent))
        return 0;
    return NONE;
}

static void run_callbacks(Thread *t, Value list, bool backwards)
{
    size_t n;
    Value *callbacks = list ? list_snapshot(t, as_list(list), &n) : NULL;
    for (size_t i = 0; callbacks && i < n; i++) {
        Value callback = callbacks[backwards ? n - 1 - i : i];
        if (!call0(t, callback))
            report_unraisable(t, callback, "Exception ignored in fork callback");
    }
}

void posix_before_fork(Thread *t)
{
    run_callbacks(t, load_acquire(&at_fork.before), true);
}

void posix_after_fork_parent(Thread *t)
{
    run_callbacks(t, load_acquire(&at_fork.parent), false);
}

void posix_after_fork_child(Thread *t)
{
    heap_fork_child();
    locks_fork_child();
    threads_fork_child(t->vm, t);
    at_fork.mutex = (Mutex){0};
    run_callbacks(t, load_acquire(&at_fork.child), false);
}

static void warn_about_threads(Thread *t, const char *function)
{
    size_t n = 0;
    mutex_lock(&t->vm->threads_mutex);
    for (const Thread *other = t->vm->threads; other; other = other->next)
        n++;
    mutex_unlock(&t->vm->threads_mutex);
    if (n > 1
        && !warn(t, EXC(DeprecationWarning), 1,
                 "This process (pid=%d) is multi-threaded, use of %s() may lead to deadlocks in the child.", (int)getpid(),
                 function))
        report_unraisable(t, 0, "Exception ignored while warning about fork");
}

long posix_fork(Thread *t, long (*do_fork)(void *data), void *data)
{
    posix_before_fork(t);
    long pid = do_fork(data);
    if (pid == 0)
        posix_after_fork_child(t);
    else
        posix_after_fork_parent(t);
    return pid;
}

static long plain_fork(void *data)
{
    pid_t pid = fork();
    return pid < 0 ? -errno : pid;
}

static Value posix_fork_function(Thread *t, const Value *args, size_t nargs)
{
    if (load_relaxed(&t->vm->finalizing))
        return raise(t, EXC(PythonFinalizationError), "can't fork at interpreter shutdown");
    if (!os_audit(t, "os.fork", 0))
        return 0;
    long pid = posix_fork(t, plain_fork, NULL);
    if (pid > 0)
        warn_about_threads(t, "fork");
    return pid < 0 ? os_raise(t, pid, 0, 0) : fixnum(pid);
}

static long pty_fork(void *data)
{
    pid_t pid = forkpty(data, NULL, NULL, NULL);
    return pid < 0 ? -errno : pid;
}

static Value posix_forkpty(Thread *t, const Value *args, size_t nargs)
{
    int terminal = -1;
    if (!os_audit(t, "os.forkpty", 0))
        return 0;
    long pid = posix_fork(t, pty_fork, &terminal);
    if (pid > 0)
        warn_about_threads(t, "forkpty");
    return pid < 0 ? os_raise(t, pid, 0, 0) : tuple_pair(t, fixnum(pid), fixnum(terminal));
}

// --- endings ---

static Value posix__exit(Thread *t, const Value *args, size_t nargs)
{
    int status;
    if (!to_int32(t, args[0], &status))
        return 0;
    _exit(status);
}

static Value posix_abort(Thread *t, const Value *args, size_t nargs)
{
    abort();
}

static long system_body(void *data)
{
    return system(data);
}

static Value posix_system(Thread *t, const Value *args, size_t nargs)
{
    const char *command = fs_bytes(t, args[0], NULL);
    if (!command || !os_audit(t, "os.system", 1, args[0]))
        return 0;
    return fixnum(os_run(t, system_body, (void *)command));
}

const NativeDef posix_exec_functions[] = {
    {"execv", posix_execv, "(path, argv, /)", "Execute an executable path with arguments, replacing current process."},
    {"execve", posix_execve, "(path, argv, env)", "Execute an executable path with arguments, replacing current process."},
    {"fork", posix_fork_function, "()", "Fork a child process."},
    {"forkpty", posix_forkpty, "()", "Fork a new process with a new pseudo-terminal as controlling tty."},
    {"register_at_fork", posix_register_at_fork,
     "(*, before=<unrepresentable>, after_in_child=<unrepresentable>, after_in_parent=<unrepresentable>)",
     "Register functions to be called when forking a new process."},
    {"_exit", posix__exit, "(status)", "Exit to the system with specified status, without normal exit processing."},
    {"abort", posix_abort, "()", "Abort the interpreter immediately."},
    {"system", posix_system, "(command)", "Execute the command in a subshell."},
    {0},
};
