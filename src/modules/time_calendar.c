// time_calendar.c: calendar time in the module time: struct_time, localtime, mktime, strftime, the time zone.
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "src/core/hooks.h"
#include "src/modules/os_support.h"
#include "src/modules/time_internal.h"
#include "src/types/number.h"
#include "src/types/str_builder.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

enum { FIELDS_VISIBLE = 9, FIELD_ZONE = 9, FIELD_OFFSET = 10, FIELDS = 11, YEAR_BASE = 1900 };

static const StructSeqField struct_time_fields[] = {
    {"tm_year", "year, for example, 1993"},
    {"tm_mon", "month of year, range [1, 12]"},
    {"tm_mday", "day of month, range [1, 31]"},
    {"tm_hour", "hours, range [0, 23]"},
    {"tm_min", "minutes, range [0, 59]"},
    {"tm_sec", "seconds, range [0, 61])"},
    {"tm_wday", "day of week, range [0, 6], Monday is 0"},
    {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"},
    {"tm_zone", "abbreviation of timezone name"},
    {"tm_gmtoff", "offset from UTC in seconds"},
    {0},
};

static const StructSeqDef struct_time_def = {
    .name = "time.struct_time",
    .doc = "The time value as returned by gmtime(), localtime(), and strptime(), and\n"
           " accepted by asctime(), mktime() and strftime().  May be considered as a\n"
           " sequence of 9 integers.\n\n"
           " Note that several fields' values are not the same as those defined by\n"
           " the C language standard for struct tm.  For example, the value of the\n"
           " field tm_year is the actual year, not year - 1900.  See individual\n"
           " fields' descriptions for details.",
    .fields = struct_time_fields,
    .visible = FIELDS_VISIBLE,
};
static Type *struct_time_type;                              // made once, alive for ever

static Value struct_time_new(Thread *t, const struct tm *tm)
{
    const char *zone = tm->tm_zone ? tm->tm_zone : "";
    Value items[FIELDS] = {
        fixnum((int64_t)tm->tm_year + YEAR_BASE), fixnum(tm->tm_mon + 1), fixnum(tm->tm_mday), fixnum(tm->tm_hour),
        fixnum(tm->tm_min), fixnum(tm->tm_sec), fixnum((tm->tm_wday + 6) % 7), fixnum(tm->tm_yday + 1),
        fixnum(tm->tm_isdst), str_from_fs(t, zone, strlen(zone)), fixnum(tm->tm_gmtoff)};
    return items[FIELD_ZONE] ? structseq_new(t, struct_time_type, items) : 0;
}

// --- seconds since the epoch ---

// An optional argument; none means now.
static bool seconds_since_epoch(Thread *t, Value v, time_t *out)
{
    if (!v || v == NONE) {
        *out = time(NULL);
        return true;
    }
    if (is_float(v)) {
        double d = floor(float_value(v));
        if (isnan(d)) {
            raise(t, EXC(ValueError), "Invalid value NaN (not a number)");
            return false;
        }
        if (d >= -0x1p63 && d < 0x1p63) {
            *out = (time_t)d;
            return true;
        }
    } else {
        Value exact = number_index(t, v);
        int64_t seconds;
        if (!exact)
            return false;
        if (int_to_int64(exact, &seconds)) {
            *out = seconds;
            return true;
        }
    }
    raise(t, EXC(OverflowError), "timestamp out of range for platform time_t");
    return false;
}

static Value time_gmtime(Thread *t, const Value *args, size_t nargs)
{
    time_t when;
    struct tm tm;
    if (!seconds_since_epoch(t, args[0], &when))
        return 0;
    if (!gmtime_r(&when, &tm))
        return raise_errno(t, errno);
    return struct_time_new(t, &tm);
}

static Value time_localtime(Thread *t, const Value *args, size_t nargs)
{
    time_t when;
    struct tm tm;
    if (!seconds_since_epoch(t, args[0], &when))
        return 0;
    if (!localtime_r(&when, &tm))
        return raise_errno(t, errno);
    return struct_time_new(t, &tm);
}

// --- time tuples ---

// Reads a tuple of nine numbers as struct tm wants them. `function` is named in errors.
static bool tm_from_tuple(Thread *t, Value v, const char *function, struct tm *out)
{
    if (!is_tuple(v)) {
        raise(t, EXC(TypeError), "Tuple or struct_time argument required");
        return false;
    }
    if (as_tuple(v)->length != FIELDS_VISIBLE) {
        raise(t, EXC(TypeError), "%s(): illegal time tuple argument", function);
        return false;
    }
    int32_t n[FIELDS_VISIBLE];
    for (size_t i = 0; i < FIELDS_VISIBLE; i++)
        if (!to_int32(t, as_tuple(v)->at[i], &n[i]))
            return false;
    if (n[0] < INT32_MIN + YEAR_BASE) {
        raise(t, EXC(OverflowError), "year out of range");
        return false;
    }
    *out = (struct tm){.tm_year = n[0] - YEAR_BASE, .tm_mon = n[1] - 1, .tm_mday = n[2], .tm_hour = n[3], .tm_min = n[4],
                       .tm_sec = n[5], .tm_wday = (n[6] + 1) % 7, .tm_yday = n[7] - 1, .tm_isdst = n[8]};
    if (type_of(v) != struct_time_type)
        return true;
    Value zone = as_tuple(v)->at[FIELD_ZONE], offset = as_tuple(v)->at[FIELD_OFFSET];
    if (zone && zone != NONE && is_str(zone)) {
        out->tm_zone = str_fs(t, zone, NULL);
        if (!out->tm_zone)
            return false;
    }
    int64_t seconds;
    if (offset && offset != NONE) {
        if (!to_int64(t, offset, &seconds))
            return false;
        out->tm_gmtoff = seconds;
    }
    return true;
}

// Zero stands for the first of what counts from one.
static bool tm_check(Thread *t, struct tm *tm)
{
    if (tm->tm_mon == -1)
        tm->tm_mon = 0;
    if (tm->tm_mday == 0)
        tm->tm_mday = 1;
    if (tm->tm_yday == -1)
        tm->tm_yday = 0;
    const struct { int value, least, most; const char *what; } parts[] = {
        {tm->tm_mon, 0, 11, "month"}, {tm->tm_mday, 1, 31, "day of month"}, {tm->tm_hour, 0, 23, "hour"},
        {tm->tm_min, 0, 59, "minute"}, {tm->tm_sec, 0, 61, "seconds"}, {tm->tm_wday, 0, INT32_MAX, "day of week"},
        {tm->tm_yday, 0, 365, "day of year"}};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].value < parts[i].least || parts[i].value > parts[i].most) {
            raise(t, EXC(ValueError), "%s out of range", parts[i].what);
            return false;
        }
    return true;
}

static bool tm_argument(Thread *t, Value v, const char *function, struct tm *out)
{
    if (v) {
        if (!tm_from_tuple(t, v, function, out))
            return false;
        return tm_check(t, out);
    }
    time_t now = time(NULL);
    localtime_r(&now, out);
    return true;
}

static Value asctime_text(Thread *t, const struct tm *tm)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[80];
    snprintf(text, sizeof text, "%.3s %.3s%3d %.2d:%.2d:%.2d %d", days + 3 * tm->tm_wday, months + 3 * tm->tm_mon,
             tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_year + YEAR_BASE);
    return str_from_cstr(t, text);
}

static Value time_asctime(Thread *t, const Value *args, size_t nargs)
{
    struct tm tm;
    return tm_argument(t, args[0], "asctime", &tm) ? asctime_text(t, &tm) : 0;
}

static Value time_ctime(Thread *t, const Value *args, size_t nargs)
{
    time_t when;
    struct tm tm;
    if (!seconds_since_epoch(t, args[0], &when))
        return 0;
    return localtime_r(&when, &tm) ? asctime_text(t, &tm) : raise_errno(t, errno);
}

static Value time_mktime(Thread *t, const Value *args, size_t nargs)
{
    struct tm tm;
    if (!tm_from_tuple(t, args[0], "mktime", &tm))
        return 0;
    tm.tm_wday = -1;                                          // stays so only on failure
    time_t when = mktime(&tm);
    if (when == -1 && tm.tm_wday == -1)
        return raise(t, EXC(OverflowError), "mktime argument out of range");
    return float_new(t, (double)when);
}

// --- strftime ---

// Appends one run of ASCII format, without NULs, as the C library formats it.
static bool strftime_run(Thread *t, StrBuilder *out, const char *run, size_t n, const struct tm *tm)
{
    for (size_t room = size_max(n * 4, 256); n; room *= 4) {
        char *text = new_atomic(t, room);
        if (!text)
            return false;
        size_t written = strftime(text, room, run, tm);
        if (written == 0 && room < n * 256)                   // perhaps too small, perhaps an empty result
            continue;
        Value str = str_from_fs(t, text, written);
        return str && builder_str(t, out, str);
    }
    return true;
}

// All else than ASCII is copied: no locale can spoil it.
static bool strftime_build(Thread *t, StrBuilder *out, const Str *format, const struct tm *tm)
{
    char *run = new_atomic(t, format->length + 1);
    if (!run)
        return false;
    size_t n = 0;
    for (size_t i = 0; i <= format->length; i++) {
        uint32_t c = i < format->length ? str_at(format, i) : 0;
        if (c && c < 128) {
            run[n++] = (char)c;
            continue;
        }
        run[n] = 0;
        if (!strftime_run(t, out, run, n, tm) || (i < format->length && !builder_char(t, out, c)))
            return false;
        n = 0;
    }
    return true;
}

static Value time_strftime(Thread *t, const Value *args, size_t nargs)
{
    struct tm tm;
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "strftime() argument 1 must be str, not %T", args[0]);
    if (!tm_argument(t, args[1], "strftime", &tm))
        return 0;
    tm.tm_isdst = tm.tm_isdst < -1 ? -1 : tm.tm_isdst > 1 ? 1 : tm.tm_isdst;
    StrBuilder out;
    builder_init(&out);
    return strftime_build(t, &out, as_str(args[0]), &tm) ? builder_finish(t, &out) : 0;
}

static Value time_strptime(Thread *t, const Value *args, size_t nargs)
{
    Value module = hooks.import_module(t, "_strptime"), name = module ? str_intern_cstr(t, "_strptime_time") : 0;
    return name ? call_method(t, module, name, args, args[1] ? 2 : 1) : 0;
}

// --- the zone ---

typedef struct Zone {
    long offset;                  // seconds east of UTC
    char name[16];
} Zone;

static void zone_at(time_t when, Zone *out)
{
    struct tm tm;
    memset(out, 0, sizeof *out);
    if (!localtime_r(&when, &tm))
        return;
    out->offset = tm.tm_gmtoff;
    strncpy(out->name, tm.tm_zone ? tm.tm_zone : "   ", sizeof out->name - 1);
}

bool time_zone_exec(Thread *t, Value module)
{
    const time_t year = (365 * 24 + 6) * 3600;
    tzset();
    time_t start = time(NULL) / year * year;
    Zone january, july;
    zone_at(start, &january);
    zone_at(start + year / 2, &july);
    // The one further east is summer time, on either hemisphere.
    const Zone *winter = january.offset <= july.offset ? &january : &july, *summer = winter == &january ? &july : &january;
    Value winter_name = str_from_fs(t, winter->name, strlen(winter->name));
    Value summer_name = winter_name ? str_from_fs(t, summer->name, strlen(summer->name)) : 0;
    Value names = summer_name ? tuple_pair(t, winter_name, summer_name) : 0;
    return names && module_add(t, module, "timezone", fixnum(-winter->offset))
        && module_add(t, module, "altzone", fixnum(-summer->offset))
        && module_add(t, module, "daylight", fixnum(winter->offset != summer->offset)) && module_add(t, module, "tzname", names);
}

static Value time_tzset(Thread *t, const Value *args, size_t nargs) { return time_zone_exec(t, args[0]) ? NONE : 0; }

const NativeDef time_calendar_functions[] = {
    {"gmtime", time_gmtime, "(seconds=None, /)",
     "gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,\n                       tm_sec, tm_wday, tm_yday, tm_isdst)\n\n"
     "Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a.\nGMT).  When 'seconds' is not passed in, convert the current time instead.",
     0},
    {"localtime", time_localtime, "(seconds=None, /)",
     "localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,\n                          tm_sec,tm_wday,tm_yday,tm_isdst)\n\n"
     "Convert seconds since the Epoch to a time tuple expressing local time.\nWhen 'seconds' is not passed in, convert the current time instead.",
     0},
    {"asctime", time_asctime, "(tuple=None, /)",
     "asctime([tuple]) -> string\n\nConvert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.\nWhen the time tuple is not present, current time as returned by localtime()\nis used.", 0},
    {"ctime", time_ctime, "(seconds=None, /)",
     "ctime(seconds) -> string\n\nConvert a time in seconds since the Epoch to a string in local time.\nThis is equivalent to asctime(localtime(seconds)). When the time tuple is\nnot present, current time as returned by localtime() is used.", 0},
    {"mktime", time_mktime, "(tuple, /)",
     "mktime(tuple) -> floating-point number\n\nConvert a time tuple in local time to seconds since the Epoch.", 0},
    {"strftime", time_strftime, "(format, tuple=None, /)",
     "strftime(format[, tuple]) -> string\n\nConvert a time tuple to a string according to a format specification.\nSee the library reference manual for formatting codes. When the time tuple\nis not present, current time as returned by localtime() is used.", 0},
    {"strptime", time_strptime, "(string, format='%a %b %d %H:%M:%S %Y', /)",
     "strptime(string, format) -> struct_time\n\nParse a string to a time tuple according to a format specification.", 0},
    {"tzset", time_tzset, "($module)",
     "tzset()\n\nInitialize, or reinitialize, the local timezone to the value stored in\nos.environ['TZ'].", 0},
    {0},
};

bool time_calendar_exec(Thread *t, Value module)
{
    if (!struct_time_type)
        struct_time_type = structseq_type_new(t, &struct_time_def);
    return struct_time_type && module_add_type(t, module, struct_time_type)
        && module_add(t, module, "_STRUCT_TM_ITEMS", fixnum(FIELDS)) && time_zone_exec(t, module);
}
