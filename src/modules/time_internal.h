// time_internal.h: what the time_*.c files share.
#ifndef ADDER_MODULES_TIME_INTERNAL_H
#define ADDER_MODULES_TIME_INTERNAL_H

#include <time.h>

#include "src/core/error.h"
#include "src/core/module_def.h"

extern const NativeDef time_clock_functions[], time_calendar_functions[];
MUST_CHECK bool time_calendar_exec(Thread *t, Value module);   // struct_time
MUST_CHECK bool time_zone_exec(Thread *t, Value module);       // timezone, altzone, daylight, tzname
MUST_CHECK bool time_clock_exec(Thread *t, Value module);      // CLOCK_* constants

#endif
