// subprocess_mod.c: the _posixsubprocess module: fork and exec in one step, for subprocess.
//
// Between fork and exec the child calls async-signal-safe functions only (but for preexec_fn, which is Python code). With no
// preexec_fn it is made by vfork-like clone through fork() of a process whose other threads do not matter to it.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/core/vm.h"
#include "src/modules/os_signal.h"
#include "src/modules/posix.h"

typedef struct Child {
    char **argv, **envp, **programs;     // envp null: inherit
    const char *cwd;
    int *keep;                           // sorted descriptors that stay open
    size_t keep_count;
    bool close_fds, restore_signals, new_session, set_gid, set_groups, set_uid;
    int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, report_read, report_write;
    int group, umask_value;              // -1: leave
    uint32_t gid, uid;
    gid_t *groups;
    size_t group_count;
    Value preexec;                       // NONE or a callable
} Child;

// --- in the child ---

static bool set_inheritable(int fd)
{
    int flags = fcntl(fd, F_GETFD);
    return flags >= 0 && fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) >= 0;
}

// Makes `from` the descriptor `to`; -1 means that nothing is wanted.
static bool place(int from, int to)
{
    if (from == to)
        return set_inheritable(from);
    return from == -1 || dup2(from, to) >= 0;
}

static void close_others(const Child *c)
{
    int low = 3;
    for (size_t i = 0; i < c->keep_count; i++) {
        if (c->keep[i] < low)
            continue;
        if (c->keep[i] > low)
            syscall(SYS_close_range, low, c->keep[i] - 1, 0);
        low = c->keep[i] + 1;
    }
    syscall(SYS_close_range, low, INT_MAX, 0);
}

static bool wire_descriptors(Child *c)
{
    for (size_t i = 0; i < c->keep_count; i++)
        if (c->keep[i] != c->report_write && !set_inheritable(c->keep[i]))
            return false;
    if (c->p2cwrite >= 0)
        close(c->p2cwrite);
    if (c->c2pread >= 0)
        close(c->c2pread);
    if (c->errread >= 0)
        close(c->errread);
    close(c->report_read);
    // A low descriptor that is still needed must not be overwritten by the ones placed before it.
    if (c->c2pwrite == 0 && (c->c2pwrite = dup(c->c2pwrite)) < 0)
        return false;
    while (c->errwrite == 0 || c->errwrite == 1)
        if ((c->errwrite = dup(c->errwrite)) < 0)
            return false;
    return place(c->p2cread, 0) && place(c->c2pwrite, 1) && place(c->errwrite, 2);
}

static bool change_identity(const Child *c)
{
    if (c->umask_value >= 0)
        umask((mode_t)c->umask_value);
    if (c->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    if (c->new_session && setsid() < 0)
        return false;
    if (c->group >= 0 && setpgid(0, c->group) < 0)
        return false;
    if (c->set_groups && syscall(SYS_setgroups, c->group_count, c->groups) < 0)
        return false;
    if (c->set_gid && syscall(SYS_setregid, c->gid, c->gid) < 0)
        return false;
    return !c->set_uid || syscall(SYS_setreuid, c->uid, c->uid) >= 0;
}

static void report(int fd, const char *text)
{
    size_t n = strlen(text);
    while (n) {
        ssize_t put = write(fd, text, n);
        if (put <= 0)
            return;
        text += put;
        n -= (size_t)put;
    }
}

// "OSError:<errno in hex>:<what>": subprocess takes it apart.
static void report_errno(int fd, int error, const char *what)
{
    char hex[2 * sizeof(int) + 1], *at = hex + sizeof hex - 1;
    *at = 0;
    for (unsigned rest = (unsigned)error; rest || !*at; rest >>= 4)
        *--at = "0123456789ABCDEF"[rest & 15];
    report(fd, "OSError:");
    report(fd, at);
    report(fd, ":");
    report(fd, what);
}

static int exec_first(Child *c)
{
    int saved = 0;
    for (char **program = c->programs; *program; program++) {
        execve(*program, c->argv, c->envp ? c->envp : environ);
        if (errno != ENOENT && errno != ENOTDIR && !saved)
            saved = errno;
    }
    return saved ? saved : errno;
}

// Never returns.
static _Noreturn void child_run(Thread *t, Child *c)
{
    int error;
    if (!wire_descriptors(c)) {
        report_errno(c->report_write, errno, "");
        _exit(255);
    }
    if (c->cwd && chdir(c->cwd) < 0) {
        report_errno(c->report_write, errno, "noexec:chdir");
        _exit(255);
    }
    if (!change_identity(c)) {
        report_errno(c->report_write, errno, "noexec");
        _exit(255);
    }
    if (c->preexec != NONE && !call0(t, c->preexec)) {
        report(c->report_write, "SubprocessError:0:Exception occurred in preexec_fn.");
        _exit(255);
    }
    if (c->close_fds)
        close_others(c);
    error = exec_first(c);
    report_errno(c->report_write, error, "");
    _exit(255);
}

// --- in the parent ---

static char **byte_words(Thread *t, Value sequence, const char *message)
{
    size_t n;
    Value *items = values_from_iterable(t, sequence, &n);
    char **words = items ? new_scanned(t, (n + 1) * sizeof(char *)) : NULL;
    for (size_t i = 0; words && i < n; i++) {
        if (!is_bytes(items[i]) && message)
            return RAISE_NULL(t, EXC(TypeError), "%s", message);
        size_t length;
        const char *word = fs_bytes(t, items[i], &length);
        words[i] = word ? new_atomic(t, length + 1) : NULL;
        if (!words[i])
            return NULL;
        memcpy(words[i], word, length + 1);
    }
    return words;
}

static bool keep_arg(Thread *t, Value v, Child *c)
{
    if (!is_tuple(v)) {
        raise(t, EXC(TypeError), "fork_exec() argument 4 must be tuple, not %T", v);
        return false;
    }
    c->keep_count = as_tuple(v)->length;
    c->keep = new_atomic(t, (c->keep_count + 1) * sizeof(int));
    int last = -1;
    for (size_t i = 0; c->keep && i < c->keep_count; i++) {
        int64_t fd;
        if (!is_int(as_tuple(v)->at[i]) || !int_to_int64(int_exact(as_tuple(v)->at[i]), &fd) || fd <= last || fd > INT_MAX) {
            raise(t, EXC(ValueError), "bad value(s) in fds_to_keep");
            return false;
        }
        c->keep[i] = last = (int)fd;
    }
    return c->keep != NULL;
}

static bool groups_arg(Thread *t, Value v, Child *c)
{
    if (v == NONE)
        return true;
    if (!is_list(v)) {
        raise(t, EXC(TypeError), "setgroups argument must be a list");
        return false;
    }
    size_t n;
    Value *items = list_snapshot(t, as_list(v), &n);
    c->groups = items ? new_atomic(t, (n + 1) * sizeof(gid_t)) : NULL;
    if (!c->groups)
        return false;
    if (n > NGROUPS_MAX) {
        raise(t, EXC(ValueError), "too many extra_groups");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_int(items[i])) {
            raise(t, EXC(TypeError), "extra_groups must be integers");
            return false;
        }
        if (!id_arg(t, items[i], "gid", &c->groups[i])) {
            pending_clear(t);
            raise(t, EXC(ValueError), "invalid group id");
            return false;
        }
    }
    c->group_count = n;
    c->set_groups = true;
    return true;
}

static bool identity_args(Thread *t, const Value *args, Child *c)
{
    if (args[0] != NONE) {
        if (!id_arg(t, args[0], "gid", &c->gid))
            return false;
        c->set_gid = true;
    }
    if (!groups_arg(t, args[1], c))
        return false;
    if (args[2] != NONE) {
        if (!id_arg(t, args[2], "uid", &c->uid))
            return false;
        c->set_uid = true;
    }
    return to_int32(t, args[3], &c->umask_value);
}

static bool child_arguments(Thread *t, const Value *args, Child *c)
{
    int *const descriptors[8] = {&c->p2cread, &c->p2cwrite, &c->c2pread, &c->c2pwrite, &c->errread, &c->errwrite, &c->report_read,
                                 &c->report_write};
    if (!flag_arg(t, args[2], false, &c->close_fds) || !keep_arg(t, args[3], c))
        return false;
    for (int i = 0; i < 8; i++)
        if (!to_int32(t, args[6 + i], descriptors[i]))
            return false;
    if (!flag_arg(t, args[14], false, &c->restore_signals) || !flag_arg(t, args[15], false, &c->new_session)
        || !to_int32(t, args[16], &c->group) || !identity_args(t, args + 17, c))
        return false;
    if (c->close_fds && c->report_write < 3) {
        raise(t, EXC(ValueError), "errpipe_write must be >= 3");
        return false;
    }
    c->preexec = args[21];
    if (args[0] == NONE)
        c->argv = new_scanned(t, sizeof(char *));
    else
        c->argv = byte_words(t, args[0], NULL);
    c->programs = c->argv ? byte_words(t, args[1], "executable_list items must be bytes") : NULL;
    if (c->programs && args[5] != NONE && !(c->envp = byte_words(t, args[5], NULL)))
        return false;
    if (c->programs && args[4] != NONE && !(c->cwd = fs_bytes(t, args[4], NULL)))
        return false;
    return c->programs != NULL;
}

static Value fork_exec(Thread *t, const Value *args, size_t nargs)
{
    Child c = {0};
    if (!child_arguments(t, args, &c))
        return 0;
    bool python = c.preexec != NONE;
    if (python && load_relaxed(&t->vm->finalizing))
        return raise(t, EXC(PythonFinalizationError), "preexec_fn not supported at interpreter shutdown");
    sigset_t all, old;
    if (python)
        posix_before_fork(t);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);   // no handler may run in the child before exec
    pid_t pid = fork();
    int error = errno;
    if (pid == 0) {
        if (python)
            posix_after_fork_child(t);
        pthread_sigmask(SIG_SETMASK, &old, NULL);
        child_run(t, &c);
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (python)
        posix_after_fork_parent(t);
    return pid < 0 ? raise_errno(t, error) : fixnum(pid);
}

const ModuleDef module_posixsubprocess = {
    .name = "_posixsubprocess",
    .doc = "A POSIX helper for the subprocess module.",
    .functions = (const NativeDef[]){
        {"fork_exec", fork_exec,
         "(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, "
         "errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, "
         "preexec_fn, /)",
         "Spawn a fresh new child process."},
        {0},
    },
};
