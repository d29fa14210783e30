// posix_wait.c: waiting for children and taking their status apart; signals to processes.
#include <errno.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <unistd.h>

#include "src/core/hooks.h"
#include "src/modules/os_signal.h"
#include "src/modules/posix.h"

static Value posix_waitpid(Thread *t, const Value *args, size_t nargs)
{
    int pid, options, status = 0;
    if (!to_int32(t, args[0], &pid) || !to_int32(t, args[1], &options))
        return 0;
    long result = OS_CALL(t, SYS_wait4, pid, (long)&status, options, 0);
    return result < 0 ? os_raise(t, result, 0, 0) : tuple_pair(t, fixnum(result), fixnum(status));
}

static Value posix_wait(Thread *t, const Value *args, size_t nargs)
{
    int status = 0;
    long result = OS_CALL(t, SYS_wait4, -1, (long)&status, 0, 0);
    return result < 0 ? os_raise(t, result, 0, 0) : tuple_pair(t, fixnum(result), fixnum(status));
}

static double seconds_of(const struct timeval *tv)
{
    return (double)tv->tv_sec + 1e-6 * (double)tv->tv_usec;
}

// The struct_rusage of the resource module.
static Value usage_value(Thread *t, const struct rusage *u)
{
    Value module = hooks.import_module(t, "resource");
    Value type = module ? attr_get(t, module, str_intern_cstr(t, "struct_rusage")) : 0;
    Value user = float_new(t, seconds_of(&u->ru_utime)), system = float_new(t, seconds_of(&u->ru_stime));
    if (!type || !user || !system)
        return 0;
    Value items = tuple_of(t, 16, user, system, fixnum(u->ru_maxrss), fixnum(u->ru_ixrss), fixnum(u->ru_idrss),
                           fixnum(u->ru_isrss), fixnum(u->ru_minflt), fixnum(u->ru_majflt), fixnum(u->ru_nswap),
                           fixnum(u->ru_inblock), fixnum(u->ru_oublock), fixnum(u->ru_msgsnd), fixnum(u->ru_msgrcv),
                           fixnum(u->ru_nsignals), fixnum(u->ru_nvcsw), fixnum(u->ru_nivcsw));
    return items ? call1(t, type, items) : 0;
}

static Value wait_with_usage(Thread *t, int pid, int options)
{
    int status = 0;
    struct rusage usage = {0};
    long result = OS_CALL(t, SYS_wait4, pid, (long)&status, options, (long)&usage);
    if (result < 0)
        return os_raise(t, result, 0, 0);
    Value value = usage_value(t, &usage);
    return value ? tuple_of(t, 3, fixnum(result), fixnum(status), value) : 0;
}

static Value posix_wait3(Thread *t, const Value *args, size_t nargs)
{
    int options;
    return to_int32(t, args[0], &options) ? wait_with_usage(t, -1, options) : 0;
}

static Value posix_wait4(Thread *t, const Value *args, size_t nargs)
{
    int pid, options;
    return to_int32(t, args[0], &pid) && to_int32(t, args[1], &options) ? wait_with_usage(t, pid, options) : 0;
}

static Value posix_waitid(Thread *t, const Value *args, size_t nargs)
{
    int kind, id, options;
    siginfo_t info = {0};
    if (!to_int32(t, args[0], &kind) || !to_int32(t, args[1], &id) || !to_int32(t, args[2], &options))
        return 0;
    long result = OS_CALL(t, SYS_waitid, kind, id, (long)&info, options, 0);
    if (result < 0)
        return os_raise(t, result, 0, 0);
    if (!info.si_pid)
        return NONE;
    Value items[] = {fixnum(info.si_pid), id_answer(t, info.si_uid), fixnum(info.si_signo), fixnum(info.si_status),
                     fixnum(info.si_code)};
    return posix_struct(t, POSIX_WAITID, items);
}

// --- status words ---

static Value posix_WCOREDUMP(Thread *t, const Value *args, size_t nargs)
{
    int status;
    return to_int32(t, args[0], &status) ? value_bool(WCOREDUMP(status)) : 0;
}

static Value posix_WIFCONTINUED(Thread *t, const Value *args, size_t nargs)
{
    int status;
    return to_int32(t, args[0], &status) ? value_bool(WIFCONTINUED(status)) : 0;
}

static Value posix_WIFSTOPPED(Thread *t, const Value *args, size_t nargs)
{
    int status;
    return to_int32(t, args[0], &status) ? value_bool(WIFSTOPPED(status)) : 0;
}

static Value posix_WIFSIGNALED(Thread *t, const Value *args, size_t nargs)
{
    int status;
    return to_int32(t, args[0], &status) ? value_bool(WIFSIGNALED(status)) : 0;
}

static Value posix_WIFEXITED(Thread *t, const Value *args, size_t nargs)
{
    int status;
    return to_int32(t, args[0], &status) ? value_bool(WIFEXITED(status)) : 0;
}

static Value posix_WEXITSTATUS(Thread *t, const Value *args, size_t nargs)
{
    int status;
    return to_int32(t, args[0], &status) ? fixnum(WEXITSTATUS(status)) : 0;
}

static Value posix_WTERMSIG(Thread *t, const Value *args, size_t nargs)
{
    int status;
    return to_int32(t, args[0], &status) ? fixnum(WTERMSIG(status)) : 0;
}

static Value posix_WSTOPSIG(Thread *t, const Value *args, size_t nargs)
{
    int status;
    return to_int32(t, args[0], &status) ? fixnum(WSTOPSIG(status)) : 0;
}

static Value posix_waitstatus_to_exitcode(Thread *t, const Value *args, size_t nargs)
{
    int status;
    if (!to_int32(t, args[0], &status))
        return 0;
    if (WIFEXITED(status))
        return fixnum(WEXITSTATUS(status));
    if (WIFSIGNALED(status))
        return fixnum(-WTERMSIG(status));
    if (WIFSTOPPED(status))
        return raise(t, EXC(ValueError), "process stopped by delivery of signal %d", WSTOPSIG(status));
    return raise(t, EXC(ValueError), "invalid wait status: %d", status);
}

// --- signals ---

static Value send_signal(Thread *t, const Value *args, const char *event, int (*send)(int, int))
{
    int target, signal_number;
    if (!to_int32(t, args[0], &target) || !to_int32(t, args[1], &signal_number))
        return 0;
    if (!os_audit(t, event, 2, args[0], args[1]))
        return 0;
    if (send(target, signal_number) < 0)
        return raise_errno(t, errno);
    return safepoint(t) ? NONE : 0;   // a signal to this process is handled before the call returns
}

static Value posix_kill(Thread *t, const Value *args, size_t nargs)
{
    return send_signal(t, args, "os.kill", kill);
}

static Value posix_killpg(Thread *t, const Value *args, size_t nargs)
{
    return send_signal(t, args, "os.killpg", killpg);
}

static Value posix_pidfd_open(Thread *t, const Value *args, size_t nargs)
{
    int pid, flags;
    if (!to_int32(t, args[0], &pid) || !int_arg(t, args[1], 0, &flags))
        return 0;
    long fd = syscall(SYS_pidfd_open, pid, (unsigned)flags);
    return fd < 0 ? raise_errno(t, errno) : fixnum(fd);
}

const NativeDef posix_wait_functions[] = {
    {"wait", posix_wait, "()", "Wait for completion of a child process."},
    {"wait3", posix_wait3, "(options)", "Wait for completion of a child process."},
    {"wait4", posix_wait4, "(pid, options)", "Wait for completion of a specific child process."},
    {"waitpid", posix_waitpid, "(pid, options, /)", "Wait for completion of a given child process."},
    {"waitid", posix_waitid, "(idtype, id, options, /)", "Returns the result of waiting for a process or processes."},
    {"waitstatus_to_exitcode", posix_waitstatus_to_exitcode, "(status)", "Convert a wait status to an exit code."},
    {"WCOREDUMP", posix_WCOREDUMP, "(status, /)", "Return True if the process returning status was dumped to a core file."},
    {"WIFCONTINUED", posix_WIFCONTINUED, "(status)", "Return True if a particular process was continued from a job control stop."},
    {"WIFSTOPPED", posix_WIFSTOPPED, "(status)", "Return True if the process returning status was stopped."},
    {"WIFSIGNALED", posix_WIFSIGNALED, "(status)", "Return True if the process returning status was terminated by a signal."},
    {"WIFEXITED", posix_WIFEXITED, "(status)", "Return True if the process returning status exited via the exit() system call."},
    {"WEXITSTATUS", posix_WEXITSTATUS, "(status)", "Return the process return code from status."},
    {"WTERMSIG", posix_WTERMSIG, "(status)", "Return the signal that terminated the process that provided the status value."},
    {"WSTOPSIG", posix_WSTOPSIG, "(status)", "Return the signal that stopped the process that provided the status value."},
    {"kill", posix_kill, "(pid, signal, /)", "Kill a process with a signal."},
    {"killpg", posix_killpg, "(pgid, signal, /)", "Kill a process group with a signal."},
    {"pidfd_open", posix_pidfd_open, "(pid, flags=0)", "Return a file descriptor referring to the process *pid*."},
    {0},
};
