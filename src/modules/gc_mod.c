// gc_mod.c: the module gc, over a collector that marks and sweeps and has no generations: they are shown as three for programs
// that look at them; a collection is always a full one.
#include <stdio.h>

#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/interp/liveness.h"
#include "src/modules/os_support.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

enum { GENERATIONS = 3, DEBUG_STATS = 1, DEBUG_COLLECTABLE = 2, DEBUG_UNCOLLECTABLE = 4, DEBUG_SAVEALL = 32,
       DEBUG_LEAK = DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL };

// Guards: relaxed words; `callbacks` is a list with its own lock.
static struct GcState {
    Value callbacks, garbage;         // a root range
    int32_t thresholds[GENERATIONS];
    int32_t debug;
    bool disabled;

} state;

// --- collecting ---
static bool call_callbacks(Thread *t, const char *phase, int64_t collected)
{
    size_t n;
    if (!state.callbacks || !list_length(as_list(state.callbacks)))
        return true;
    Value *at = list_snapshot(t, as_list(state.callbacks), &n);
    Dict *info = dict_new(t);
    if (!at || !info || !dict_set(t, info, str_intern_cstr(t, "generation"), fixnum(GENERATIONS - 1))
        || !dict_set(t, info, str_intern_cstr(t, "collected"), fixnum(collected))
        || !dict_set(t, info, str_intern_cstr(t, "uncollectable"), fixnum(0)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!call2(t, at[i], str_intern_cstr(t, phase), value_of(info)))
            report_unraisable(t, at[i], "Exception ignored while calling GC callback");
    return true;
}

static void print_stats(Thread *t, const HeapStats *before, const HeapStats *after)
{
    fprintf(stderr, "gc: collecting generation 2...\ngc: done, %lu bytes in use before, %lu after, %.4fs elapsed.\n",
            before->heap_bytes - before->free_bytes, after->heap_bytes - after->free_bytes, after->pause_total - before->pause_total);
}

// What one collection did: how many finalisers and weak reference callbacks it made due is not countable object by object,
// so the number reported is that of finalisers run.
static Value gc_collect(Thread *t, const Value *args, size_t nargs);

static int64_t collect(Thread *t)
{
    HeapStats before, after;
    heap_stats(&before);
    frames_clear_dead(t, gc_collect);
    heap_collect_and_unmap();
    int64_t finalized = 0;
    for (int round = 0; round < 3; round++) {
        if (!safepoint(t))
            return -1;
        int ran = heap_run_finalizers();
        finalized += ran;
        if (!ran)
            break;
        heap_collect_and_unmap();
    }
    heap_stats(&after);
    if (state.debug & DEBUG_STATS)
        print_stats(t, &before, &after);
    return finalized;
}

static Value gc_collect(Thread *t, const Value *args, size_t nargs)
{
    int32_t generation = GENERATIONS - 1;
    if (args[0] && !to_int32(t, args[0], &generation))
        return 0;
    if (generation < 0 || generation >= GENERATIONS)
        return raise(t, EXC(ValueError), "invalid generation");
    if (!call_callbacks(t, "start", 0))
        return 0;
    int64_t collected = collect(t);
    if (collected < 0 || !call_callbacks(t, "stop", collected))
        return 0;
    return fixnum(collected);
}

// --- switches ---
static Value gc_enable(Thread *t, const Value *args, size_t nargs)
{
    state.disabled = false;
    heap_set_enabled(true);
    return NONE;
}

static Value gc_disable(Thread *t, const Value *args, size_t nargs)
{
    state.disabled = true;
    heap_set_enabled(false);
    return NONE;
}

static Value gc_isenabled(Thread *t, const Value *args, size_t nargs) { return value_bool(!state.disabled); }
static Value gc_get_debug(Thread *t, const Value *args, size_t nargs) { return fixnum(state.debug); }

static Value gc_set_debug(Thread *t, const Value *args, size_t nargs)
{
    return to_int32(t, args[0], &state.debug) ? NONE : 0;
}

static Value gc_set_threshold(Thread *t, const Value *args, size_t nargs)
{
    for (int i = 0; i < GENERATIONS; i++)
        if (args[i] && !to_int32(t, args[i], &state.thresholds[i]))
            return 0;
    return NONE;
}

static Value gc_get_threshold(Thread *t, const Value *args, size_t nargs)
{
    return tuple_of(t, 3, fixnum(state.thresholds[0]), fixnum(state.thresholds[1]), fixnum(state.thresholds[2]));
}

// --- figures ---
// Allocations since the last collection, in units of CPython's kind: objects.
static Value gc_get_count(Thread *t, const Value *args, size_t nargs)
{
    enum { TYPICAL_OBJECT = 64 };
    HeapStats stats;
    heap_stats(&stats);
    return tuple_of(t, 3, int_from_uint64(t, stats.since_collection / TYPICAL_OBJECT), fixnum(0), fixnum(0));
}

static Value generation_stats(Thread *t, uint64_t collections)
{
    Dict *d = dict_new(t);
    if (!d || !dict_set(t, d, str_intern_cstr(t, "collections"), int_from_uint64(t, collections))
        || !dict_set(t, d, str_intern_cstr(t, "collected"), fixnum(0))
        || !dict_set(t, d, str_intern_cstr(t, "uncollectable"), fixnum(0)))
        return 0;
    return value_of(d);
}

static Value gc_get_stats(Thread *t, const Value *args, size_t nargs)
{
    HeapStats stats;
    heap_stats(&stats);
    Value items[GENERATIONS] = {generation_stats(t, 0), generation_stats(t, 0), generation_stats(t, stats.collections)};
    return items[0] && items[1] && items[2] ? list_from(t, items, GENERATIONS) : 0;
}

// --- objects ---
// Types whose instances refer to nothing that a program could see.
static bool is_tracked(Value v)
{
    if (!is_object(v))
        return false;
    const Type *type = type_of(v);
    return type_has_flag(type, TYPE_HEAP)
        || !(type == &type_int || type == &type_float || type == &type_complex || type == &type_str || type == &type_bytes
             || type == &type_bytearray || type == &type_none || type == &type_bool || type == &type_ellipsis
             || type == &type_notimplemented || type == &type_range || type == &type_code);
}

static Value gc_is_tracked(Thread *t, const Value *args, size_t nargs) { return value_bool(is_tracked(args[0])); }

static Value gc_is_finalized(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(is_object(args[0]) && load_relaxed(&as_object(args[0])->flags) & FLAG_FINALIZED);
}

typedef struct Walk {
    Value *found;             // malloc'ed by the caller in scanned memory; null: count only
    size_t count, room;
} Walk;

// A heap block is an object when its first word is a type: itself an object whose type is type or a subclass of it.
static bool is_type_address(const void *p, int depth)
{
    const Type *type = p;
    if ((uintptr_t)p & 15 || !p)
        return false;
    if (type == &type_type)
        return true;
    bool in_heap = heap_object_start(p) == p;
    if (!in_heap && !type_is_static(type))
        return false;
    return depth > 0 && is_type_address(type->head.type, depth - 1);
}

static void visit(void *object, size_t bytes, void *data)
{
    Walk *walk = data;
    const Object *o = object;
    if (bytes < sizeof(Object) || !is_type_address(o->type, 3) || !is_tracked(value_of(o)))
        return;
    if (walk->count < walk->room)
        walk->found[walk->count] = value_of(o);
    walk->count++;
}

// All tracked objects in collected memory; null: exception pending.
static Value *all_objects(Thread *t, size_t *out_n)
{
    enum { SPARE = 1024 };
    Walk count = {0}, fill = {0};
    heap_each_object(visit, &count);
    fill.room = count.count + SPARE;
    fill.found = new_scanned(t, fill.room * sizeof(Value));
    if (!fill.found)
        return NULL;
    heap_each_object(visit, &fill);
    *out_n = size_min(fill.count, fill.room);
    return fill.found;
}

static Value gc_get_objects(Thread *t, const Value *args, size_t nargs)
{
    size_t n;
    if (args[0] && args[0] != NONE) {
        int32_t generation;
        if (!to_int32(t, args[0], &generation))
            return 0;
        if (generation < 0 || generation >= GENERATIONS)
            return raise(t, EXC(ValueError), generation < 0 ? "generation parameter cannot be negative"
                                                            : "generation parameter must be less than the number of available generations (3)");
        if (generation < GENERATIONS - 1)
            return value_of(list_new(t, 0));
    }
    Value *objects = all_objects(t, &n);
    return objects ? list_from(t, objects, n) : 0;
}

static bool append_once(Thread *t, List *list, Value v)
{
    for (size_t i = 0, n = list_length(list); i < n; i++)
        if (list_get(list, i) == v)
            return true;
    return list_append(t, list, v);
}

// What programs can see an object hold: items of containers, attributes.
static bool add_referents(Thread *t, List *list, Value o)
{
    Value dict = 0;
    if (is_dict(o)) {
        size_t position = 0;
        Value key, value;
        while (dict_next(as_dict(o), &position, &key, &value))
            if (!list_append(t, list, key) || !list_append(t, list, value))
                return false;
        return true;
    }
    if (is_list(o) || is_tuple(o) || is_instance_flag(o, TYPE_IS_SET) || is_instance_flag(o, TYPE_IS_FROZENSET))
        return list_extend(t, list, o);
    if (!is_tracked(o))
        return true;
    if (type_has_flag(type_of(o), TYPE_HEAP) && !list_append(t, list, value_of(type_of(o))))
        return false;
    if (attr_find(t, o, N(__dict__), &dict) < 0) {
        pending_clear(t);
        return true;
    }
    return !dict || !is_dict(dict) || list_append(t, list, dict);
}

static Value gc_get_referents(Thread *t, const Value *args, size_t nargs)
{
    List *list = list_new(t, 0);
    for (size_t i = 0; list && i < nargs; i++)
        if (!add_referents(t, list, args[i]))
            return 0;
    return value_of(list);
}

static bool list_holds(const List *list, const Value *wanted, size_t n)
{
    for (size_t i = 0, length = list_length(list); i < length; i++)
        for (size_t k = 0; k < n; k++)
            if (list_get(list, i) == wanted[k])
                return true;
    return false;
}

static Value gc_get_referrers(Thread *t, const Value *args, size_t nargs)
{
    size_t n;
    Value *objects = all_objects(t, &n);
    List *result = list_new(t, 0);
    for (size_t i = 0; objects && result && i < n; i++) {
        List *held = list_new(t, 0);
        if (!held || !add_referents(t, held, objects[i]))
            return 0;
        if (list_holds(held, args, nargs) && !append_once(t, result, objects[i]))
            return 0;
    }
    return objects ? value_of(result) : 0;
}

static Value gc_freeze(Thread *t, const Value *args, size_t nargs)
{
    return NONE;   // collections do not move or visit by generation: there is nothing to set aside
}

static Value gc_get_freeze_count(Thread *t, const Value *args, size_t nargs) { return fixnum(0); }

static const NativeDef gc_functions[] = {
    {"collect", gc_collect, "(generation=2)", "Run the garbage collector.\n\nWith no arguments, run a full collection.", NATIVE_PLAIN},
    {"enable", gc_enable, "()", "Enable automatic garbage collection.", NATIVE_PLAIN},
    {"disable", gc_disable, "()", "Disable automatic garbage collection.", NATIVE_PLAIN},
    {"isenabled", gc_isenabled, "()", "Returns true if automatic garbage collection is enabled.", NATIVE_PLAIN},
    {"get_debug", gc_get_debug, "()", "Get the garbage collection debugging flags.", NATIVE_PLAIN},
    {"set_debug", gc_set_debug, "(flags, /)", "Set the garbage collection debugging flags.", NATIVE_PLAIN},
    {"get_count", gc_get_count, "()", "Return a three-tuple of the current collection counts.", NATIVE_PLAIN},
    {"set_threshold", gc_set_threshold, "(threshold0, threshold1=<unrepresentable>, threshold2=<unrepresentable>, /)", "set_threshold(threshold0, [threshold1, [threshold2]])\nSet the collection thresholds (the collection frequency).", NATIVE_PLAIN},
    {"get_threshold", gc_get_threshold, "()", "Return the current collection thresholds.", NATIVE_PLAIN},
    {"get_stats", gc_get_stats, "()", "Return a list of dictionaries containing per-generation statistics.", NATIVE_PLAIN},
    {"get_objects", gc_get_objects, "(generation=None)", "Return a list of objects tracked by the collector (excluding the list returned).", NATIVE_PLAIN},
    {"get_referents", gc_get_referents, "(*objs)", "Return the list of objects that are directly referred to by 'objs'.", NATIVE_PLAIN},
    {"get_referrers", gc_get_referrers, "(*objs)", "Return the list of objects that directly refer to any of 'objs'.", NATIVE_PLAIN},
    {"is_tracked", gc_is_tracked, "(obj, /)", "Returns true if the object is tracked by the garbage collector.", NATIVE_PLAIN},
    {"is_finalized", gc_is_finalized, "(obj, /)", "Returns true if the object has been already finalized by the GC.", NATIVE_PLAIN},
    {"freeze", gc_freeze, "()", "Freeze all current tracked objects and ignore them for future collections.", NATIVE_PLAIN},
    {"unfreeze", gc_freeze, "()", "Unfreeze all objects in the permanent generation.", NATIVE_PLAIN},
    {"get_freeze_count", gc_get_freeze_count, "()", "Return the number of objects in the permanent generation.", NATIVE_PLAIN},
    {0},
};

static const IntConstant gc_constants[] = {
    {"DEBUG_STATS", DEBUG_STATS}, {"DEBUG_COLLECTABLE", DEBUG_COLLECTABLE}, {"DEBUG_UNCOLLECTABLE", DEBUG_UNCOLLECTABLE},
    {"DEBUG_SAVEALL", DEBUG_SAVEALL}, {"DEBUG_LEAK", DEBUG_LEAK}, {0}};

static bool gc_exec(Thread *t, Value module)
{
    if (!state.callbacks) {
        vm_add_root_range(&state.callbacks, &state.garbage + 1);
        state.callbacks = value_of(list_new(t, 0));
        state.garbage = value_of(list_new(t, 0));
        state.thresholds[0] = 2000;
        state.thresholds[1] = 10;
        state.thresholds[2] = 0;
    }
    return state.callbacks && state.garbage && module_add(t, module, "callbacks", state.callbacks)
        && module_add(t, module, "garbage", state.garbage) && module_add_ints(t, module, gc_constants);
}

const ModuleDef module_gc = {"gc", "This module provides access to the garbage collector for reference cycles.", gc_functions, gc_exec};
