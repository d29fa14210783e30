// sys_limits.c: limits that a program may change.
#include "src/core/error.h"
#include "src/core/native.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/number.h"

enum { INT_MAX_STR_DIGITS_LEAST = 640 };

static double switch_interval = 0.005;   // relaxed; threads run side by side: nothing to switch

static Value sys_getrecursionlimit(Thread *t, const Value *args, size_t nargs)
{
    return fixnum(t->vm->recursion_limit);
}

static Value sys_setrecursionlimit(Thread *t, const Value *args, size_t nargs)
{
    int32_t limit;
    if (!to_int32(t, args[0], &limit))
        return 0;
    if (limit < 1)
        return raise(t, EXC(ValueError), "recursion limit must be greater or equal than 1");
    if (t->depth >= (uint32_t)limit)
        return raise(t, EXC(RecursionError), "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", limit, (int)t->depth);
    mutex_lock(&t->vm->threads_mutex);
    t->vm->recursion_limit = (uint32_t)limit;
    for (Thread *each = t->vm->threads; each; each = each->next)
        store_relaxed(&each->depth_limit, (uint32_t)limit);
    mutex_unlock(&t->vm->threads_mutex);
    return NONE;
}

static Value sys_getswitchinterval(Thread *t, const Value *args, size_t nargs)
{
    return float_new(t, switch_interval);
}

static Value sys_setswitchinterval(Thread *t, const Value *args, size_t nargs)
{
    double seconds;
    if (!to_double(t, args[0], &seconds))
        return 0;
    if (!(seconds > 0))
        return raise(t, EXC(ValueError), "switch interval must be strictly positive");
    switch_interval = seconds;
    return NONE;
}

static Value sys_get_digits(Thread *t, const Value *args, size_t nargs)
{
    return fixnum(t->vm->config.int_max_str_digits);
}

static Value sys_set_digits(Thread *t, const Value *args, size_t nargs)
{
    int32_t digits;
    if (!to_int32(t, args[0], &digits))
        return 0;
    if (digits != 0 && digits < INT_MAX_STR_DIGITS_LEAST)
        return raise(t, EXC(ValueError), "maxdigits must be >= %d or 0 for unlimited", INT_MAX_STR_DIGITS_LEAST);
    store_relaxed(&t->vm->config.int_max_str_digits, digits);
    return NONE;
}

const NativeDef sys_limit_functions[] = {
    {"getrecursionlimit", sys_getrecursionlimit, "()", "Return the current value of the recursion limit.\n\nThe recursion limit is the maximum depth of the Python interpreter\nstack.  This limit prevents infinite recursion from causing an overflow\nof the C stack and crashing Python.", NATIVE_PLAIN},
    {"setrecursionlimit", sys_setrecursionlimit, "(limit, /)", "Set the maximum depth of the Python interpreter stack to n.\n\nThis limit prevents infinite recursion from causing an overflow of the C\nstack and crashing Python.  The highest possible limit is platform-\ndependent.", NATIVE_PLAIN},
    {"getswitchinterval", sys_getswitchinterval, "()", "Return the current thread switch interval; see sys.setswitchinterval().", NATIVE_PLAIN},
    {"setswitchinterval", sys_setswitchinterval, "(interval, /)", "Set the ideal thread switching delay inside the Python interpreter.", NATIVE_PLAIN},
    {"get_int_max_str_digits", sys_get_digits, "()", "Return the maximum string digits limit for non-binary int<->str conversions.", NATIVE_PLAIN},
    {"set_int_max_str_digits", sys_set_digits, "(maxdigits)", "Set the maximum string digits limit for non-binary int<->str conversions.", NATIVE_PLAIN},
    {0},
};
