// posix_sched.c: scheduling policy, affinity, name spaces.
#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/modules/posix.h"

static Value posix_sched_yield(Thread *t, const Value *args, size_t nargs)
{
    long result = OS_CALL(t, SYS_sched_yield, 0);
    return os_none(t, result, 0, 0);
}

static Value priority_limit(Thread *t, Value policy_value, int (*limit)(int))
{
    int policy;
    if (!to_int32(t, policy_value, &policy))
        return 0;
    int value = limit(policy);
    return value < 0 ? raise_errno(t, errno) : fixnum(value);
}

static Value posix_sched_get_priority_max(Thread *t, const Value *args, size_t nargs)
{
    return priority_limit(t, args[0], sched_get_priority_max);
}

static Value posix_sched_get_priority_min(Thread *t, const Value *args, size_t nargs)
{
    return priority_limit(t, args[0], sched_get_priority_min);
}

static Value posix_sched_getscheduler(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    if (!to_int32(t, args[0], &pid))
        return 0;
    int policy = sched_getscheduler(pid);
    return policy < 0 ? raise_errno(t, errno) : fixnum(policy);
}

static bool param_arg(Thread *t, Value v, struct sched_param *out)
{
    if (type_of(v) != posix_struct_type(POSIX_SCHED_PARAM)) {
        raise(t, EXC(TypeError), "must have a sched_param object");
        return false;
    }
    int64_t priority;
    if (!to_int64(t, as_tuple(v)->at[0], &priority))
        return false;
    if (priority > INT32_MAX || priority < INT32_MIN) {
        raise(t, EXC(OverflowError), "sched_priority out of range");
        return false;
    }
    out->sched_priority = (int)priority;
    return true;
}

static Value posix_sched_setscheduler(Thread *t, const Value *args, size_t nargs)
{
    int pid, policy;
    struct sched_param param = {0};
    if (!to_int32(t, args[0], &pid) || !to_int32(t, args[1], &policy) || !param_arg(t, args[2], &param))
        return 0;
    return sched_setscheduler(pid, policy, &param) < 0 ? raise_errno(t, errno) : NONE;
}

static Value posix_sched_getparam(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    struct sched_param param = {0};
    if (!to_int32(t, args[0], &pid))
        return 0;
    if (sched_getparam(pid, &param) < 0)
        return raise_errno(t, errno);
    Value items[] = {fixnum(param.sched_priority)};
    return posix_struct(t, POSIX_SCHED_PARAM, items);
}

static Value posix_sched_setparam(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    struct sched_param param = {0};
    if (!to_int32(t, args[0], &pid) || !param_arg(t, args[1], &param))
        return 0;
    return sched_setparam(pid, &param) < 0 ? raise_errno(t, errno) : NONE;
}

static Value posix_sched_rr_get_interval(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    struct timespec interval;
    if (!to_int32(t, args[0], &pid))
        return 0;
    if (sched_rr_get_interval(pid, &interval) < 0)
        return raise_errno(t, errno);
    return float_new(t, (double)interval.tv_sec + 1e-9 * (double)interval.tv_nsec);
}

// --- affinity ---

static Value posix_sched_getaffinity(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    cpu_set_t set[16];
    if (!to_int32(t, args[0], &pid))
        return 0;
    if (sched_getaffinity(pid, sizeof set, set) < 0)
        return raise_errno(t, errno);
    Set *result = set_new(t, false);
    for (size_t i = 0; result && i < sizeof set * 8; i++)
        if (CPU_ISSET_S(i, sizeof set, set) && set_add(t, result, fixnum((int64_t)i)) < 0)
            return 0;
    return value_of(result);
}

static bool add_cpu(Thread *t, Value item, void *data)
{
    int64_t cpu;
    if (!is_int(item)) {
        raise(t, EXC(TypeError), "expected an iterator of ints, but iterator yielded <class '%T'>", item);
        return false;
    }
    if (!to_int64(t, item, &cpu))
        return false;
    if (cpu < 0) {
        raise(t, EXC(ValueError), "negative CPU number");
        return false;
    }
    if (cpu > INT32_MAX - 1) {
        raise(t, EXC(OverflowError), "CPU number too large");
        return false;
    }
    if ((size_t)cpu < 16 * sizeof(cpu_set_t) * 8)
        CPU_SET_S((size_t)cpu, 16 * sizeof(cpu_set_t), (cpu_set_t *)data);
    return true;
}

static Value posix_sched_setaffinity(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    cpu_set_t set[16];
    memset(set, 0, sizeof set);
    if (!to_int32(t, args[0], &pid) || !iterate(t, args[1], add_cpu, set))
        return 0;
    return sched_setaffinity(pid, sizeof set, set) < 0 ? raise_errno(t, errno) : NONE;
}

// --- name spaces ---

static Value posix_unshare(Thread *t, const Value *args, size_t nargs)
{
    int flags;
    return to_int32(t, args[0], &flags) ? os_none(t, OS_CALL(t, SYS_unshare, flags), 0, 0) : 0;
}

static Value posix_setns(Thread *t, const Value *args, size_t nargs)
{
    int fd, kind;
    return fd_arg(t, args[0], &fd) && int_arg(t, args[1], 0, &kind) ? os_none(t, OS_CALL(t, SYS_setns, fd, kind), 0, 0) : 0;
}

const NativeDef posix_sched_functions[] = {
    {"sched_yield", posix_sched_yield, "()", "Voluntarily relinquish the CPU."},
    {"sched_get_priority_max", posix_sched_get_priority_max, "(policy)", "Get the maximum scheduling priority for policy."},
    {"sched_get_priority_min", posix_sched_get_priority_min, "(policy)", "Get the minimum scheduling priority for policy."},
    {"sched_getscheduler", posix_sched_getscheduler, "(pid, /)", "Get the scheduling policy for the process identified by pid."},
    {"sched_setscheduler", posix_sched_setscheduler, "(pid, policy, param, /)", "Set the scheduling policy for the process identified by pid."},
    {"sched_getparam", posix_sched_getparam, "(pid, /)", "Returns scheduling parameters for the process identified by pid."},
    {"sched_setparam", posix_sched_setparam, "(pid, param, /)", "Set scheduling parameters for the process identified by pid."},
    {"sched_rr_get_interval", posix_sched_rr_get_interval, "(pid, /)", "Return the round-robin quantum for the process identified by pid, in seconds."},
    {"sched_getaffinity", posix_sched_getaffinity, "(pid, /)", "Return the affinity of the process identified by pid (or the current process if zero)."},
    {"sched_setaffinity", posix_sched_setaffinity, "(pid, mask, /)", "Set the CPU affinity of the process identified by pid to mask."},
    {"unshare", posix_unshare, "(flags)", "Disassociate parts of a process (or thread) execution context."},
    {"setns", posix_setns, "(fd, nstype=0)", "Move the calling thread into different namespaces."},
    {0},
};
