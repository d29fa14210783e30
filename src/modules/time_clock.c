// time_clock.c: the clocks of the module time, and sleep. Times are 64-bit nanoseconds inside.
#include <errno.h>
#include <math.h>
#include <pthread.h>

#include "src/modules/os_support.h"
#include "src/modules/time_internal.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

#define SECOND_NS ((int64_t)1000000000)

// --- reading clocks ---

static bool clock_read(Thread *t, clockid_t clock, int64_t *out_ns)
{
    struct timespec now;
    if (clock_gettime(clock, &now) < 0) {
        raise_errno(t, errno);
        return false;
    }
    *out_ns = now.tv_sec * SECOND_NS + now.tv_nsec;
    return true;
}

static Value seconds_value(Thread *t, int64_t ns)
{
    return float_new(t, ns % SECOND_NS == 0 ? (double)(ns / SECOND_NS) : (double)ns / 1e9);
}

static Value clock_seconds(Thread *t, clockid_t clock)
{
    int64_t ns;
    return clock_read(t, clock, &ns) ? seconds_value(t, ns) : 0;
}

static Value clock_ns(Thread *t, clockid_t clock)
{
    int64_t ns;
    return clock_read(t, clock, &ns) ? int_from_int64(t, ns) : 0;
}

typedef struct NamedClock {
    const char *name;
    clockid_t clock;
    const char *implementation;
    bool monotonic, adjustable;
} NamedClock;

static const NamedClock named_clocks[] = {
    {"time", CLOCK_REALTIME, "clock_gettime(CLOCK_REALTIME)", false, true},
    {"monotonic", CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true, false},
    {"perf_counter", CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true, false},
    {"process_time", CLOCK_PROCESS_CPUTIME_ID, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false},
    {"thread_time", CLOCK_THREAD_CPUTIME_ID, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false},
};

#define CLOCKS(F)                                                                                  \
    F(time, CLOCK_REALTIME) F(monotonic, CLOCK_MONOTONIC) F(perf_counter, CLOCK_MONOTONIC)         \
    F(process_time, CLOCK_PROCESS_CPUTIME_ID) F(thread_time, CLOCK_THREAD_CPUTIME_ID)
#define F(name, clock)                                                                             \
    static Value time_##name(Thread *t, const Value *args, size_t nargs) { return clock_seconds(t, clock); } \
    static Value time_##name##_ns(Thread *t, const Value *args, size_t nargs) { return clock_ns(t, clock); }
CLOCKS(F)
#undef F

static Value time_get_clock_info(Thread *t, const Value *args, size_t nargs)
{
    const NamedClock *clock = NULL;
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "get_clock_info() argument 1 must be str, not %T", args[0]);
    for (size_t i = 0; i < COUNT_OF(named_clocks); i++)
        if (str_equal_cstr(args[0], named_clocks[i].name))
            clock = &named_clocks[i];
    if (!clock)
        return raise(t, EXC(ValueError), "unknown clock");
    struct timespec resolution;
    if (clock_getres(clock->clock, &resolution) < 0)
        return raise_errno(t, errno);
    Dict *info = dict_new(t);
    const struct { const char *name; Value value; } fields[] = {
        {"implementation", str_from_cstr(t, clock->implementation)}, {"monotonic", value_bool(clock->monotonic)},
        {"adjustable", value_bool(clock->adjustable)},
        {"resolution", float_new(t, (double)resolution.tv_sec + (double)resolution.tv_nsec * 1e-9)}};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        Value key = info && fields[i].value ? str_intern_cstr(t, fields[i].name) : 0;
        if (!key || !dict_set(t, info, key, fields[i].value))
            return 0;
    }
    return call_tuple_dict(t, value_of(&type_simplenamespace), tuple_empty, value_of(info));
}

// --- clocks by number ---

static bool clock_arg(Thread *t, Value v, clockid_t *out)
{
    int32_t id;
    if (is_int(v) && is_fixnum(int_exact(v)) && fixnum_value(int_exact(v)) == (int32_t)fixnum_value(int_exact(v))) {
        *out = (clockid_t)fixnum_value(int_exact(v));
        return true;
    }
    if (!is_int(v) && type_of(v)->slots.to_index && to_int32(t, v, &id)) {
        *out = id;
        return true;
    }
    if (!is_pending(t))
        raise(t, EXC(TypeError), "clk_id should be integer, not %T", v);
    return false;
}

static Value time_clock_gettime(Thread *t, const Value *args, size_t nargs)
{
    clockid_t clock;
    return clock_arg(t, args[0], &clock) ? clock_seconds(t, clock) : 0;
}

static Value time_clock_gettime_ns(Thread *t, const Value *args, size_t nargs)
{
    clockid_t clock;
    return clock_arg(t, args[0], &clock) ? clock_ns(t, clock) : 0;
}

static Value time_clock_getres(Thread *t, const Value *args, size_t nargs)
{
    clockid_t clock;
    struct timespec resolution;
    if (!clock_arg(t, args[0], &clock))
        return 0;
    if (clock_getres(clock, &resolution) < 0)
        return raise_errno(t, errno);
    return float_new(t, (double)resolution.tv_sec + (double)resolution.tv_nsec * 1e-9);
}

static Value clock_set(Thread *t, clockid_t clock, int64_t ns)
{
    struct timespec to = {ns / SECOND_NS, ns % SECOND_NS};
    if (to.tv_nsec < 0) {
        to.tv_nsec += SECOND_NS;
        to.tv_sec--;
    }
    return clock_settime(clock, &to) < 0 ? raise_errno(t, errno) : NONE;
}

static bool seconds_to_ns(Thread *t, Value v, int64_t *out)
{
    if (!is_float(v) && !is_int(v) && !type_of(v)->slots.to_index) {
        raise(t, EXC(TypeError), "'%T' object cannot be interpreted as an integer or float", v);
        return false;
    }
    return seconds_arg(t, v, out);
}

static Value time_clock_settime(Thread *t, const Value *args, size_t nargs)
{
    clockid_t clock;
    int64_t ns;
    return clock_arg(t, args[0], &clock) && seconds_to_ns(t, args[1], &ns) ? clock_set(t, clock, ns) : 0;
}

static Value time_clock_settime_ns(Thread *t, const Value *args, size_t nargs)
{
    clockid_t clock;
    int64_t ns;
    if (!clock_arg(t, args[0], &clock))
        return 0;
    if (!is_int(args[1]))
        return raise(t, EXC(TypeError), "expect int, got %T", args[1]);
    return to_int64(t, args[1], &ns) ? clock_set(t, clock, ns) : 0;
}

static Value time_pthread_getcpuclockid(Thread *t, const Value *args, size_t nargs)
{
    Value exact = number_index(t, args[0]);
    uint64_t thread;
    if (!exact)
        return 0;
    if (!int_to_uint64(exact, &thread))
        return raise(t, EXC(OverflowError), "thread id out of range");
    clockid_t clock;
    int error = pthread_getcpuclockid((pthread_t)thread, &clock);
    return error ? raise_errno(t, error) : fixnum(clock);
}

// --- sleep ---

static long sleep_until(void *data)
{
    return -(long)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, data, NULL);
}

static bool sleep_length(Thread *t, Value v, int64_t *out)
{
    if (is_float(v)) {
        double d = float_value(v);
        if (isnan(d)) {
            raise(t, EXC(ValueError), "Invalid value NaN (not a number)");
            return false;
        }
        double ns = ceil(fabs(d) * 1e9);
        if (ns >= 0x1p63) {
            raise(t, EXC(OverflowError), "timestamp out of range for C PyTime_t");
            return false;
        }
        *out = d < 0 ? -(int64_t)ns : (int64_t)ns;
        return true;
    }
    if (!is_int(v) && !type_of(v)->slots.to_index) {
        raise(t, EXC(TypeError), "'%T' object cannot be interpreted as an integer or float", v);
        return false;
    }
    Value exact = number_index(t, v);
    if (!exact)
        return false;
    if (int_to_int64(exact, out) && !__builtin_mul_overflow(*out, SECOND_NS, out))
        return true;
    raise(t, EXC(OverflowError), "timestamp out of range for C PyTime_t");
    return false;
}

static Value time_sleep(Thread *t, const Value *args, size_t nargs)
{
    int64_t length, now;
    if (!sleep_length(t, args[0], &length))
        return 0;
    if (length < 0)
        return raise(t, EXC(ValueError), "sleep length must be non-negative");
    if (!clock_read(t, CLOCK_MONOTONIC, &now))
        return 0;
    int64_t end = length > INT64_MAX - now ? INT64_MAX : now + length;
    struct timespec until = {end / SECOND_NS, end % SECOND_NS};
    return os_none(t, os_run(t, sleep_until, &until), 0, 0);
}

const NativeDef time_clock_functions[] = {
    {"time", time_time, "()", "time() -> floating-point number\n\nReturn the current time in seconds since the Epoch.\nFractions of a second may be present if the system clock provides them.", 0},
    {"time_ns", time_time_ns, "()", "time_ns() -> int\n\nReturn the current time in nanoseconds since the Epoch.", 0},
    {"monotonic", time_monotonic, "()", "monotonic() -> float\n\nMonotonic clock, cannot go backward.", 0},
    {"monotonic_ns", time_monotonic_ns, "()", "monotonic_ns() -> int\n\nMonotonic clock, cannot go backward, as nanoseconds.", 0},
    {"perf_counter", time_perf_counter, "()", "perf_counter() -> float\n\nPerformance counter for benchmarking.", 0},
    {"perf_counter_ns", time_perf_counter_ns, "()", "perf_counter_ns() -> int\n\nPerformance counter for benchmarking as nanoseconds.", 0},
    {"process_time", time_process_time, "()", "process_time() -> float\n\nProcess time for profiling: sum of the kernel and user-space CPU time.", 0},
    {"process_time_ns", time_process_time_ns, "()", "process_time() -> int\n\nProcess time for profiling as nanoseconds:\nsum of the kernel and user-space CPU time.", 0},
    {"thread_time", time_thread_time, "()", "thread_time() -> float\n\nThread time for profiling: sum of the kernel and user-space CPU time.", 0},
    {"thread_time_ns", time_thread_time_ns, "()", "thread_time() -> int\n\nThread time for profiling as nanoseconds:\nsum of the kernel and user-space CPU time.", 0},
    {"get_clock_info", time_get_clock_info, "(name, /)", "get_clock_info(name: str) -> dict\n\nGet information of the specified clock.", 0},
    {"clock_gettime", time_clock_gettime, "(clk_id, /)", "Return the time of the specified clock clk_id as a float.", 0},
    {"clock_gettime_ns", time_clock_gettime_ns, "(clk_id, /)", "Return the time of the specified clock clk_id as nanoseconds (int).", 0},
    {"clock_settime", time_clock_settime, "(clk_id, time, /)", "clock_settime(clk_id, time)\n\nSet the time of the specified clock clk_id.", 0},
    {"clock_settime_ns", time_clock_settime_ns, "(clk_id, time, /)", "clock_settime_ns(clk_id, time)\n\nSet the time of the specified clock clk_id with nanoseconds.", 0},
    {"clock_getres", time_clock_getres, "(clk_id, /)", "clock_getres(clk_id) -> floating-point number\n\nReturn the resolution (precision) of the specified clock clk_id.", 0},
    {"pthread_getcpuclockid", time_pthread_getcpuclockid, "(thread_id, /)", "pthread_getcpuclockid(thread_id) -> int\n\nReturn the clk_id of a thread's CPU time clock.", 0},
    {"sleep", time_sleep, "(seconds, /)", "sleep(seconds)\n\nDelay execution for a given number of seconds.  The argument may be\na floating-point number for subsecond precision.", 0},
    {0},
};

bool time_clock_exec(Thread *t, Value module)
{
    static const IntConstant clocks[] = {
        {"CLOCK_REALTIME", CLOCK_REALTIME}, {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
        {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW}, {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
        {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID}, {"CLOCK_BOOTTIME", CLOCK_BOOTTIME}, {"CLOCK_TAI", CLOCK_TAI},
    };
    for (size_t i = 0; i < COUNT_OF(clocks); i++)
        if (!module_add(t, module, clocks[i].name, fixnum(clocks[i].value)))
            return false;
    return true;
}
