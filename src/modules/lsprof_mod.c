// lsprof_mod.c: the module _lsprof: a deterministic profiler, beneath cProfile.
//
// A Profiler hooks the profile events of the thread that enabled it and belongs to that thread while it is enabled. Each code object or native
// function has an Entry; each pair of caller and callee a Sub. Times are nanoseconds, or ticks of the timer given.
#include <time.h>

#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/interp/trace.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

typedef struct Counts {
    int64_t calls, recursive_calls, total, inlined, depth;   // depth: activations running now
} Counts;

typedef struct Sub {
    struct Sub *next;
    struct Entry *callee;
    Counts counts;
} Sub;

typedef struct Entry {
    Object head;                  // so that a Dict can hold it; of no type that programs see
    Value code;                   // Code, or the text that describes a native
    Counts counts;
    Sub *subs;
} Entry;

typedef struct Activation {
    struct Activation *outer;
    Entry *entry;
    Sub *sub;                     // in the caller's entry, or null
    int64_t start, inner;         // inner: time spent in what it called
} Activation;

typedef struct Profiler {
    Object head;
    Value entries;                // Dict: code object or fixnum of the native's address → Entry
    Activation *running;
    Value timer;                  // callable or 0
    double unit;                  // seconds per tick of the timer; 0: it gives seconds
    bool enabled, subcalls, builtins;
    AttrArea attributes;          // last: subclasses put their slots behind it
} Profiler;

static Type *entry_type, *subentry_type;

static Profiler *as_profiler(Value v)
{
    return (Profiler *)v;
}

// --- time ---

static int64_t now(Thread *t, Profiler *p)
{
    if (!p->timer) {
        struct timespec ts;
        clock_gettime(CLOCK_MONOTONIC, &ts);
        return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
    }
    Value v = call0(t, p->timer);
    double seconds = 0;
    int64_t ticks = 0;
    bool fine = v && (p->unit > 0 ? to_int64(t, v, &ticks) : to_double(t, v, &seconds));
    if (!fine) {
        report_unraisable(t, p->timer, NULL);
        return 0;
    }
    return p->unit > 0 ? ticks : (int64_t)(seconds * 1e9);
}

static double in_seconds(const Profiler *p, int64_t time)
{
    return p->timer && p->unit > 0 ? (double)time * p->unit : (double)time * 1e-9;
}

// --- entries ---

static Value native_label(Thread *t, Value callee)
{
    if (is_exactly(callee, &type_builtin_function)) {
        const NativeFunction *f = (const NativeFunction *)callee;
        if (f->owner)
            return str_format(t, "<method '%s' of '%N' objects>", f->def->name, f->owner);
        if (f->module && is_str(f->module))
            return str_format(t, "<built-in method %U.%s>", f->module, f->def->name);
        return str_format(t, "<built-in method %s>", f->def->name);
    }
    const MethodDescriptor *d = (const MethodDescriptor *)callee;
    return str_format(t, "<method '%s' of '%N' objects>", d->def->name, d->owner);
}

static Value native_key(Value callee)
{
    const NativeDef *def = is_exactly(callee, &type_builtin_function) ? ((const NativeFunction *)callee)->def : ((const MethodDescriptor *)callee)->def;
    return fixnum((int64_t)((uintptr_t)def >> 3));
}

// The entry of a code object (native 0) or of a native function. Null: error pending.
static Entry *entry_for(Thread *t, Profiler *p, Value code, Value native)
{
    Value key = native ? native_key(native) : code, found = 0;
    int status = dict_get(t, as_dict(p->entries), key, &found);
    if (status)
        return status > 0 ? (Entry *)found : NULL;
    Value label = native ? native_label(t, native) : code;
    Entry *entry = label ? new_object(t, object, Entry) : NULL;
    if (!entry)
        return NULL;
    entry->code = label;
    return dict_set(t, as_dict(p->entries), key, value_of(entry)) ? entry : NULL;
}

static Sub *sub_for(Thread *t, Entry *caller, Entry *callee)
{
    for (Sub *s = caller->subs; s; s = s->next) {
        if (s->callee == callee)
            return s;
    }
    Sub *s = new_scanned(t, sizeof *s);
    if (s) {
        s->callee = callee;
        s->next = caller->subs;
        caller->subs = s;
    }
    return s;
}

static bool begin(Thread *t, Profiler *p, Entry *entry)
{
    Activation *a = entry ? new_scanned(t, sizeof *a) : NULL;
    if (!a)
        return false;
    a->outer = p->running;
    a->entry = entry;
    if (p->subcalls && p->running && !(a->sub = sub_for(t, p->running->entry, entry)))
        return false;
    entry->counts.depth++;
    if (a->sub)
        a->sub->counts.depth++;
    p->running = a;
    a->start = now(t, p);
    return true;
}

static void count(Counts *c, int64_t whole, int64_t own)
{
    c->calls++;
    c->inlined += own;
    if (--c->depth == 0)
        c->total += whole;
    else
        c->recursive_calls++;
}

static void end(Thread *t, Profiler *p)
{
    Activation *a = p->running;
    if (!a)
        return;
    int64_t whole = now(t, p) - a->start, own = whole - a->inner;
    p->running = a->outer;
    if (a->outer)
        a->outer->inner += whole;
    count(&a->entry->counts, whole, own);
    if (a->sub)
        count(&a->sub->counts, whole, own);
}

static bool profile_event(Thread *t, Value object, Value *regs, TraceEvent event, Value arg)
{
    Profiler *p = as_profiler(object);
    switch (event) {
    case TRACE_CALL:
        return begin(t, p, entry_for(t, p, value_of(frame_of(regs)->code), 0));
    case TRACE_RETURN:
        end(t, p);
        return true;
    case TRACE_C_CALL:
        return !p->builtins || begin(t, p, entry_for(t, p, 0, arg));
    case TRACE_C_RETURN:
    case TRACE_C_EXCEPTION:
        if (p->builtins)
            end(t, p);
        return true;
    default:
        return true;
    }
}

// --- the type ---

static Value profiler_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Profiler *p = instance_new(t, cls, 0);
    Dict *entries = p ? dict_new(t) : NULL;
    if (!entries)
        return 0;
    p->entries = value_of(entries);
    p->subcalls = p->builtins = true;
    return value_of(p);
}

static bool profiler_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[4];
    BIND_ARGUMENTS(t, "Profiler", "(timer=None, timeunit=0.0, subcalls=True, builtins=True)", args, nargs, kwnames, a, return false);
    Profiler *p = as_profiler(self);
    int subcalls = a[2] ? truth(t, a[2]) : 1, builtins = a[3] ? truth(t, a[3]) : 1;
    if (subcalls < 0 || builtins < 0 || (a[1] && !to_double(t, a[1], &p->unit)))
        return false;
    p->timer = a[0] && a[0] != NONE ? a[0] : 0;
    p->subcalls = subcalls;
    p->builtins = builtins;
    return true;
}

static Value profiler_enable(Thread *t, const Value *args, size_t nargs)
{
    Profiler *p = as_profiler(args[0]);
    int subcalls = args[1] ? truth(t, args[1]) : -2, builtins = args[2] ? truth(t, args[2]) : -2;
    if (subcalls == -1 || builtins == -1)
        return 0;
    if (t->profile_hook && !p->enabled)
        return raise(t, EXC(ValueError), "Another profiling tool is already active");
    if (subcalls >= 0)
        p->subcalls = subcalls;
    if (builtins >= 0)
        p->builtins = builtins;
    p->enabled = true;
    profile_set_hook(t, profile_event, args[0]);
    return NONE;
}

// The call of disable() itself was seen to begin: it ends here, and so does whatever still runs.
static Value profiler_disable(Thread *t, const Value *args, size_t nargs)
{
    Profiler *p = as_profiler(args[0]);
    if (p->enabled) {
        profile_set_hook(t, NULL, 0);
        p->enabled = false;
    }
    while (p->running)
        end(t, p);
    return NONE;
}

static Value profiler_clear(Thread *t, const Value *args, size_t nargs)
{
    Profiler *p = as_profiler(args[0]);
    Dict *entries = dict_new(t);
    if (!entries)
        return 0;
    p->entries = value_of(entries);
    p->running = NULL;
    return NONE;
}

static Value row_new(Thread *t, const Profiler *p, Type *type, Value code, const Counts *c, Value calls)
{
    Value total = float_new(t, in_seconds(p, c->total)), own = float_new(t, in_seconds(p, c->inlined));
    if (!total || !own)
        return 0;
    Value items[6] = {code, fixnum(c->calls), fixnum(c->recursive_calls), total, own, calls};
    return structseq_new(t, type, items);
}

static Value sub_rows(Thread *t, const Profiler *p, const Entry *entry)
{
    List *rows = list_new(t, 4);
    for (const Sub *s = entry->subs; rows && s; s = s->next) {
        if (!s->counts.calls)
            continue;
        Value row = row_new(t, p, subentry_type, s->callee->code, &s->counts, 0);
        if (!row || !list_append(t, rows, row))
            return 0;
    }
    return !rows ? 0 : rows->length ? value_of(rows) : NONE;
}

static Value profiler_getstats(Thread *t, const Value *args, size_t nargs)
{
    Profiler *p = as_profiler(args[0]);
    List *rows = list_new(t, dict_length(as_dict(p->entries)));
    size_t position = 0;
    Value key, value;
    if (p->enabled) {
        Value disabled = profiler_disable(t, args, 1);
        (void)disabled;
    }
    while (rows && dict_next(as_dict(p->entries), &position, &key, &value)) {
        const Entry *entry = (const Entry *)value;
        if (!entry->counts.calls)
            continue;
        Value calls = sub_rows(t, p, entry);
        Value row = calls ? row_new(t, p, entry_type, entry->code, &entry->counts, calls) : 0;
        if (!row || !list_append(t, rows, row))
            return 0;
    }
    return value_of(rows);
}

static const NativeDef profiler_methods[] = {
    {"enable", profiler_enable, "($self, subcalls=True, builtins=True)", "Start collecting profiling information."},
    {"disable", profiler_disable, "($self, /)", "Stop collecting profiling information."},
    {"clear", profiler_clear, "($self, /)", "Clear all profiling information collected so far."},
    {"getstats", profiler_getstats, "($self, /)", "list of profiler_entry objects."},
    {NULL},
};

Type type_profiler = {
    TYPE_HEAD(profiler, "_lsprof.Profiler", &type_object, Profiler),
    .flags = TYPE_BASE | TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .attr_offset = offsetof(Profiler, attributes),
    .slots = {.new = profiler_new, .init = profiler_init},
    .methods = profiler_methods,
};

static const StructSeqField entry_fields[] = {
    {"code", "code object or built-in function name"}, {"callcount", "how many times this was called"},
    {"reccallcount", "how many times called recursively"}, {"totaltime", "total time in this entry"},
    {"inlinetime", "inline time in this entry (not in subcalls)"}, {"calls", "details of the calls"}, {NULL, NULL}};
static const StructSeqField subentry_fields[] = {
    {"code", "called code object or built-in function name"}, {"callcount", "how many times this is called"},
    {"reccallcount", "how many times this is called recursively"}, {"totaltime", "total time spent in this call"},
    {"inlinetime", "inline time (not in further subcalls)"}, {NULL, NULL}};

static bool exec(Thread *t, Value module)
{
    static const StructSeqDef entry_def = {"_lsprof.profiler_entry", NULL, entry_fields, 6, false};
    static const StructSeqDef subentry_def = {"_lsprof.profiler_subentry", NULL, subentry_fields, 5, false};
    entry_type = structseq_type_new(t, &entry_def);
    subentry_type = entry_type ? structseq_type_new(t, &subentry_def) : NULL;
    return subentry_type && module_add_type(t, module, &type_profiler) && module_add(t, module, "profiler_entry", value_of(entry_type))
           && module_add(t, module, "profiler_subentry", value_of(subentry_type));
}

const ModuleDef module_lsprof = {"_lsprof", "Fast profiler", NULL, exec};
