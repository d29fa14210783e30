// time_mod.c: the module time, put together from clocks and calendar.
#include "src/modules/os_support.h"
#include "src/modules/time_internal.h"

static bool time_exec(Thread *t, Value module)
{
    return module_add_functions(t, module, time_clock_functions) && time_clock_exec(t, module) && time_calendar_exec(t, module);
}

const ModuleDef module_time = {
    .name = "time",
    .doc = "This module provides various functions to manipulate time values.\n\n"
           "There are two standard representations of time.  One is the number\n"
           "of seconds since the Epoch, in UTC (a.k.a. GMT).  It may be an integer\n"
           "or a floating-point number (to represent fractions of seconds).\n"
           "The epoch is the point where the time starts, the return value of time.gmtime(0).\n"
           "It is January 1, 1970, 00:00:00 (UTC) on all platforms.",
    .functions = time_calendar_functions,
    .exec = time_exec,
};
