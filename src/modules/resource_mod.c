// resource_mod.c: the resource module: limits and usage.
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "src/core/vm.h"
#include "src/modules/os_support.h"
#include "src/types/number.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

static const StructSeqField usage_fields[] = {
    {"ru_utime", "user time used"}, {"ru_stime", "system time used"}, {"ru_maxrss", "max. resident set size"},
    {"ru_ixrss", "shared memory size"}, {"ru_idrss", "unshared data size"}, {"ru_isrss", "unshared stack size"},
    {"ru_minflt", "page faults not requiring I/O"}, {"ru_majflt", "page faults requiring I/O"}, {"ru_nswap", "number of swap outs"},
    {"ru_inblock", "block input operations"}, {"ru_oublock", "block output operations"}, {"ru_msgsnd", "IPC messages sent"},
    {"ru_msgrcv", "IPC messages received"}, {"ru_nsignals", "signals received"}, {"ru_nvcsw", "voluntary context switches"},
    {"ru_nivcsw", "involuntary context switches"}, {0},
};

static const StructSeqDef usage_def = {
    "resource.struct_rusage", "struct_rusage: Result from getrusage.", usage_fields, 16, false,
};
static Type *usage_type;   // a root; written once

static double seconds_of(const struct timeval *tv)
{
    return (double)tv->tv_sec + 1e-6 * (double)tv->tv_usec;
}

static Value resource_getrusage(Thread *t, const Value *args, size_t nargs)
{
    int who;
    struct rusage u;
    if (!to_int32(t, args[0], &who))
        return 0;
    if (getrusage((__rusage_who_t)who, &u) < 0)
        return errno == EINVAL ? raise(t, EXC(ValueError), "invalid who parameter") : raise_errno(t, errno);
    Value items[] = {
        float_new(t, seconds_of(&u.ru_utime)), float_new(t, seconds_of(&u.ru_stime)), fixnum(u.ru_maxrss), fixnum(u.ru_ixrss),
        fixnum(u.ru_idrss), fixnum(u.ru_isrss), fixnum(u.ru_minflt), fixnum(u.ru_majflt), fixnum(u.ru_nswap), fixnum(u.ru_inblock),
        fixnum(u.ru_oublock), fixnum(u.ru_msgsnd), fixnum(u.ru_msgrcv), fixnum(u.ru_nsignals), fixnum(u.ru_nvcsw), fixnum(u.ru_nivcsw),
    };
    return items[0] && items[1] ? structseq_new(t, usage_type, items) : 0;
}

static bool resource_arg(Thread *t, Value v, int *out)
{
    if (!to_int32(t, v, out))
        return false;
    if (*out < 0 || *out >= (int)RLIM_NLIMITS) {
        raise(t, EXC(ValueError), "invalid resource specified");
        return false;
    }
    return true;
}

static Value limit_value(Thread *t, rlim_t limit)
{
    return limit == RLIM_INFINITY ? fixnum(-1) : int_from_uint64(t, limit);
}

static Value limits_value(Thread *t, const struct rlimit *limits)
{
    Value soft = limit_value(t, limits->rlim_cur), hard = limit_value(t, limits->rlim_max);
    return soft && hard ? tuple_pair(t, soft, hard) : 0;
}

static bool limit_arg(Thread *t, Value v, rlim_t *out)
{
    Value index = number_index(t, v);
    int64_t wide;
    if (!index)
        return false;
    if (int_to_int64(index, &wide) && wide < 0) {
        if (wide != -1) {
            raise(t, EXC(ValueError), "Cannot convert negative int");
            return false;
        }
        *out = RLIM_INFINITY;
        return true;
    }
    if (int_to_uint64(index, out))
        return true;
    raise(t, EXC(OverflowError), "Python int too large to convert to C rlim_t");
    return false;
}

static bool limits_arg(Thread *t, Value v, struct rlimit *out)
{
    Value pair = tuple_from_iterable(t, v);
    if (!pair)
        return false;
    if (as_tuple(pair)->length != 2) {
        raise(t, EXC(ValueError), "expected a tuple of 2 integers");
        return false;
    }
    return limit_arg(t, as_tuple(pair)->at[0], &out->rlim_cur) && limit_arg(t, as_tuple(pair)->at[1], &out->rlim_max);
}

static Value limit_error(Thread *t)
{
    if (errno == EINVAL)
        return raise(t, EXC(ValueError), "current limit exceeds maximum limit");
    if (errno == EPERM)
        return raise(t, EXC(ValueError), "not allowed to raise maximum limit");
    return raise_errno(t, errno);
}

static Value resource_getrlimit(Thread *t, const Value *args, size_t nargs)
{
    int resource;
    struct rlimit limits;
    if (!resource_arg(t, args[0], &resource))
        return 0;
    return getrlimit((__rlimit_resource_t)resource, &limits) < 0 ? raise_errno(t, errno) : limits_value(t, &limits);
}

static Value resource_setrlimit(Thread *t, const Value *args, size_t nargs)
{
    int resource;
    struct rlimit limits;
    if (!resource_arg(t, args[0], &resource) || !limits_arg(t, args[1], &limits))
        return 0;
    return setrlimit((__rlimit_resource_t)resource, &limits) < 0 ? limit_error(t) : NONE;
}

static Value resource_prlimit(Thread *t, const Value *args, size_t nargs)
{
    int pid, resource;
    struct rlimit limits, old;
    bool set = args[2] && args[2] != NONE;
    if (!to_int32(t, args[0], &pid) || !resource_arg(t, args[1], &resource) || (set && !limits_arg(t, args[2], &limits)))
        return 0;
    if (prlimit(pid, (__rlimit_resource_t)resource, set ? &limits : NULL, &old) < 0)
        return errno == EINVAL ? limit_error(t) : raise_errno(t, errno);
    return limits_value(t, &old);
}

static Value resource_getpagesize(Thread *t, const Value *args, size_t nargs)
{
    return fixnum(getpagesize());
}

#define C(name) {#name, name}
static const IntConstant constants[] = {
    C(RLIMIT_AS), C(RLIMIT_CORE), C(RLIMIT_CPU), C(RLIMIT_DATA), C(RLIMIT_FSIZE),
    C(RLIMIT_MEMLOCK), C(RLIMIT_MSGQUEUE), C(RLIMIT_NICE), C(RLIMIT_NOFILE), C(RLIMIT_NPROC),
    C(RLIMIT_OFILE), C(RLIMIT_RSS), C(RLIMIT_RTPRIO), C(RLIMIT_RTTIME), C(RLIMIT_SIGPENDING),
    C(RLIMIT_STACK), C(RLIM_INFINITY), C(RUSAGE_CHILDREN), C(RUSAGE_SELF), C(RUSAGE_THREAD),
    {0},
};

static bool resource_exec(Thread *t, Value module)
{
    if (!usage_type) {
        vm_add_root_range(&usage_type, &usage_type + 1);
        Type *made = structseq_type_new(t, &usage_def);
        if (!made)
            return false;
        publish(&usage_type, made);
    }
    return module_add_type(t, module, usage_type) && module_add_ints(t, module, constants)
        && module_add(t, module, "error", value_of(EXC(OSError)));
}

const ModuleDef module_resource = {
    .name = "resource",
    .functions = (const NativeDef[]){
        {"getrusage", resource_getrusage, "(who, /)", NULL},
        {"getrlimit", resource_getrlimit, "(resource, /)", NULL},
        {"setrlimit", resource_setrlimit, "(resource, limits, /)", NULL},
        {"prlimit", resource_prlimit, "(pid, resource, limits=None, /)", NULL},
        {"getpagesize", resource_getpagesize, "()", NULL},
        {0},
    },
    .exec = resource_exec,
};
