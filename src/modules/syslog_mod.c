// syslog_mod.c: the syslog module.
//
// openlog keeps the pointer to the ident: it is a root. Guard of ident and opened: log_mutex.
#include <stdlib.h>
#include <syslog.h>

#include "src/core/lock.h"
#include "src/core/vm.h"
#include "src/modules/os_support.h"
#include "src/types/list.h"
#include "src/types/str.h"

static Mutex log_mutex;
static char *ident;        // foreign memory, or null
static bool opened;

// The program's name, as openlog wants it when nothing is said.
static Value program_name(Thread *t)
{
    Value argv;
    if (!t->vm->sys_module || attr_find(t, t->vm->sys_module, str_intern_cstr(t, "argv"), &argv) <= 0 || !is_list(argv))
        return 0;
    Value first = list_get(as_list(argv), 0);
    if (!first || !is_str(first) || !as_str(first)->length)
        return 0;
    size_t n = as_str(first)->length, start = n;
    while (start && str_at(as_str(first), start - 1) != '/')
        start--;
    return str_substring(t, first, start, n);
}

static bool open_log(Thread *t, Value name, int options, int facility)
{
    const char *text = name ? fs_bytes(t, name, NULL) : NULL;
    if (name && !text)
        return false;
    char *copy = text ? strdup(text) : NULL;
    mutex_lock(&log_mutex);
    openlog(copy, options, facility);
    free(ident);
    ident = copy;
    opened = true;
    mutex_unlock(&log_mutex);
    return true;
}

static Value syslog_openlog(Thread *t, const Value *args, size_t nargs)
{
    int options, facility;
    if (args[0] && !is_str(args[0]))
        return raise(t, EXC(TypeError), "openlog() argument 'ident' must be str, not %T", args[0]);
    if (!int_arg(t, args[1], 0, &options) || !int_arg(t, args[2], LOG_USER, &facility))
        return 0;
    Value name = args[0] ? args[0] : program_name(t);
    return !is_pending(t) && open_log(t, name, options, facility) ? NONE : 0;
}

typedef struct Entry { int priority; const char *text; } Entry;

static long log_body(void *data)
{
    const Entry *e = data;
    syslog(e->priority, "%s", e->text);
    return 0;
}

// args: *values: (message) or (priority, message).
static Value syslog_syslog(Thread *t, const Value *args, size_t nargs)
{
    Entry e = {.priority = LOG_INFO};
    if (nargs < 1 || nargs > 2)
        return raise(t, EXC(TypeError), "syslog.syslog requires 1 to 2 arguments");
    if (nargs == 2 && !to_int32(t, args[0], &e.priority))
        return 0;
    Value message = args[nargs - 1];
    if (!is_str(message))
        return raise(t, EXC(TypeError), "syslog() argument %d must be str, not %T", (int)nargs, message);
    e.text = fs_bytes(t, message, NULL);
    if (!e.text || (!opened && !open_log(t, program_name(t), 0, LOG_USER)))
        return 0;
    os_run(t, log_body, &e);
    return NONE;
}

static Value syslog_closelog(Thread *t, const Value *args, size_t nargs)
{
    mutex_lock(&log_mutex);
    if (opened) {
        closelog();
        free(ident);
        ident = NULL;
        opened = false;
    }
    mutex_unlock(&log_mutex);
    return NONE;
}

static Value syslog_setlogmask(Thread *t, const Value *args, size_t nargs)
{
    int mask;
    return to_int32(t, args[0], &mask) ? fixnum(setlogmask(mask)) : 0;
}

static Value syslog_mask(Thread *t, const Value *args, size_t nargs)
{
    int priority;
    return to_int32(t, args[0], &priority) ? fixnum(LOG_MASK(priority)) : 0;
}

static Value syslog_upto(Thread *t, const Value *args, size_t nargs)
{
    int priority;
    return to_int32(t, args[0], &priority) ? fixnum(LOG_UPTO(priority)) : 0;
}

#define C(name) {#name, name}
static const IntConstant constants[] = {
    C(LOG_ALERT), C(LOG_AUTH), C(LOG_AUTHPRIV), C(LOG_CONS), C(LOG_CRIT), C(LOG_CRON),
    C(LOG_DAEMON), C(LOG_DEBUG), C(LOG_EMERG), C(LOG_ERR), C(LOG_FTP), C(LOG_INFO), C(LOG_KERN),
    C(LOG_LOCAL0), C(LOG_LOCAL1), C(LOG_LOCAL2), C(LOG_LOCAL3), C(LOG_LOCAL4), C(LOG_LOCAL5),
    C(LOG_LOCAL6), C(LOG_LOCAL7), C(LOG_LPR), C(LOG_MAIL), C(LOG_NDELAY), C(LOG_NEWS),
    C(LOG_NOTICE), C(LOG_NOWAIT), C(LOG_ODELAY), C(LOG_PERROR), C(LOG_PID), C(LOG_SYSLOG),
    C(LOG_USER), C(LOG_UUCP), C(LOG_WARNING),
    {0},
};

static bool syslog_exec(Thread *t, Value module)
{
    return module_add_ints(t, module, constants);
}

const ModuleDef module_syslog = {
    .name = "syslog",
    .functions = (const NativeDef[]){
        {"openlog", syslog_openlog, "(ident=<unrepresentable>, logoption=0, facility=LOG_USER)", "Set logging options of subsequent syslog() calls."},
        {"syslog", syslog_syslog, "(*args)", "Send the string message to the system logger."},
        {"closelog", syslog_closelog, "()", "Reset the syslog module values and call the system library closelog()."},
        {"setlogmask", syslog_setlogmask, "(maskpri, /)", "Set the priority mask to maskpri and return the previous mask value."},
        {"LOG_MASK", syslog_mask, "(pri, /)", "Calculates the mask for the individual priority pri."},
        {"LOG_UPTO", syslog_upto, "(pri, /)", "Calculates the mask for all priorities up to and including pri."},
        {0},
    },
    .exec = syslog_exec,
};
