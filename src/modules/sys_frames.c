// sys_frames.c: frames, tracing, profiling and the hooks of coroutines.
#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/native.h"
#include "src/interp/trace.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

// --- frames ---
// The frame `depth` calls up, or 0 without exception when there are not so many.
static Value frame_at(Thread *t, int depth)
{
    Value frame = hooks.current_frame_object ? hooks.current_frame_object(t) : 0;
    for (; frame && frame != NONE && depth > 0; depth--)
        frame = attr_get(t, frame, str_intern_cstr(t, "f_back"));
    return frame == NONE ? 0 : frame;
}

static Value sys_getframe(Thread *t, const Value *args, size_t nargs)
{
    int32_t depth = 0;
    if (args[0] && !to_int32(t, args[0], &depth))
        return 0;
    Value frame = frame_at(t, depth);
    if (!frame && !is_pending(t))
        return raise(t, EXC(ValueError), "call stack is not deep enough");
    return frame && sys_audit(t, "sys._getframe", 1, &frame) ? frame : 0;
}

static Value sys_getframemodulename(Thread *t, const Value *args, size_t nargs)
{
    int32_t depth = 0;
    if (args[0] && !to_int32(t, args[0], &depth))
        return 0;
    Value frame = frame_at(t, depth);
    if (!frame)
        return is_pending(t) ? 0 : NONE;
    Value globals = attr_get(t, frame, str_intern_cstr(t, "f_globals"));
    if (!globals)
        return 0;
    Value name = is_dict(globals) ? dict_get_known(as_dict(globals), N(__name__)) : 0;
    return name ? name : NONE;
}

// Frames of other threads cannot be looked at while they run: only the caller's own are shown.
static Value sys_current_frames(Thread *t, const Value *args, size_t nargs)
{
    Dict *d = dict_new(t);
    Value id = int_from_uint64(t, t->id), frame = frame_at(t, 0);
    if (!d || !id || (frame && !dict_set(t, d, id, frame)))
        return 0;
    return value_of(d);
}

static Value sys_current_exceptions(Thread *t, const Value *args, size_t nargs)
{
    enum { THREADS_MAX = 256 };
    Value found[THREADS_MAX];
    uint64_t ids[THREADS_MAX];
    size_t n = 0;
    mutex_lock(&t->vm->threads_mutex);
    for (Thread *each = t->vm->threads; each && n < THREADS_MAX; each = each->next, n++) {
        found[n] = handled_exception(each);
        ids[n] = each->id;
    }
    mutex_unlock(&t->vm->threads_mutex);
    Dict *d = dict_new(t);
    for (size_t i = 0; d && i < n; i++)
        if (!dict_set(t, d, int_from_uint64(t, ids[i]), found[i] ? found[i] : NONE))
            return 0;
    return value_of(d);
}

// --- tracing ---
static Value sys_settrace(Thread *t, const Value *args, size_t nargs)
{
    if (!sys_audit(t, "sys.settrace", 0, NULL))
        return 0;
    return trace_set_function(t, args[0]) ? NONE : 0;
}

static Value sys_setprofile(Thread *t, const Value *args, size_t nargs)
{
    if (!sys_audit(t, "sys.setprofile", 0, NULL))
        return 0;
    return profile_set_function(t, args[0]) ? NONE : 0;
}

static Value sys_gettrace(Thread *t, const Value *args, size_t nargs)
{
    return trace_get_function(t);
}

static Value sys_getprofile(Thread *t, const Value *args, size_t nargs)
{
    return profile_get_function(t);
}

static Value set_all(Thread *t, bool (*set)(Thread *, Value), Value function)
{
    bool fine = true;
    mutex_lock(&t->vm->threads_mutex);
    for (Thread *each = t->vm->threads; each; each = each->next)
        fine &= set(each, function);
    mutex_unlock(&t->vm->threads_mutex);
    return fine ? NONE : 0;
}

static Value sys_settraceallthreads(Thread *t, const Value *args, size_t nargs)
{
    return set_all(t, trace_set_function, args[0]);
}

static Value sys_setprofileallthreads(Thread *t, const Value *args, size_t nargs)
{
    return set_all(t, profile_set_function, args[0]);
}

static Value sys_call_tracing(Thread *t, const Value *args, size_t nargs)
{
    if (!is_tuple(args[1]))
        return raise(t, EXC(TypeError), "call_tracing() argument 2 must be tuple, not %T", args[1]);
    uint32_t tracing = t->tracing;
    t->tracing = 0;
    Value result = call_tuple_dict(t, args[0], args[1], 0);
    t->tracing = tracing;
    return result;
}

// --- coroutines and asynchronous generators ---
static Value sys_set_origin_depth(Thread *t, const Value *args, size_t nargs)
{
    int32_t depth;
    if (!to_int32(t, args[0], &depth))
        return 0;
    if (depth < 0)
        return raise(t, EXC(ValueError), "depth must be >= 0");
    t->coroutine_origin_depth = fixnum(depth);
    return NONE;
}

static Value sys_get_origin_depth(Thread *t, const Value *args, size_t nargs)
{
    return t->coroutine_origin_depth ? t->coroutine_origin_depth : fixnum(0);
}

static bool check_hook(Thread *t, Value hook, const char *which)
{
    if (!hook || hook == NONE || is_callable(hook))
        return true;
    raise(t, EXC(TypeError), "callable %s expected, got %.50T", which, hook);
    return false;
}

static Value sys_set_asyncgen_hooks(Thread *t, const Value *args, size_t nargs)
{
    if (!check_hook(t, args[1], "finalizer") || !check_hook(t, args[0], "firstiter"))
        return 0;
    if (args[1])
        t->async_gen_finalizer = args[1] == NONE ? 0 : args[1];
    if (args[0])
        t->async_gen_firstiter = args[0] == NONE ? 0 : args[0];
    return NONE;
}

static Value sys_get_asyncgen_hooks(Thread *t, const Value *args, size_t nargs)
{
    static const StructSeqField fields[] = {{"firstiter", NULL}, {"finalizer", NULL}, {0}};
    static const StructSeqDef def = {"sys.asyncgen_hooks",
        "namedtuple containing asyncgen hooks\n\nfirstiter: called when first iterating an asynchronous generator\nfinalizer: called when collecting one",
        fields, 2, true};
    static Type *made;   // idempotent publication
    Type *type = load_acquire(&made);
    if (!type) {
        type = structseq_type_new(t, &def);
        if (!type)
            return 0;
        publish(&made, type);
    }
    Value items[] = {t->async_gen_firstiter ? t->async_gen_firstiter : NONE, t->async_gen_finalizer ? t->async_gen_finalizer : NONE};
    return structseq_new(t, type, items);
}

const NativeDef sys_frame_functions[] = {
    {"_getframe", sys_getframe, "(depth=0, /)", "Return a frame object from the call stack.", NATIVE_PLAIN},
    {"_getframemodulename", sys_getframemodulename, "(depth=0)", "Return the name of the module for a calling frame.", NATIVE_PLAIN},
    {"_current_frames", sys_current_frames, "()", "Return a dict mapping each thread's thread id to its current stack frame.", NATIVE_PLAIN},
    {"_current_exceptions", sys_current_exceptions, "()", "Return a dict mapping each thread's identifier to its current raised exception.", NATIVE_PLAIN},
    {"settrace", sys_settrace, "(function, /)", "Set the global debug tracing function.\n\nIt will be called on each function call.  See the debugger chapter\nin the library manual.", NATIVE_PLAIN},
    {"gettrace", sys_gettrace, "()", "Return the global debug tracing function set with sys.settrace.", NATIVE_PLAIN},
    {"setprofile", sys_setprofile, "(function, /)", "Set the profiling function.\n\nIt will be called on each function call and return.  See the profiler\nchapter in the library manual.", NATIVE_PLAIN},
    {"getprofile", sys_getprofile, "()", "Return the profiling function set with sys.setprofile.", NATIVE_PLAIN},
    {"_settraceallthreads", sys_settraceallthreads, "(function, /)", "Set the global debug tracing function in all running threads belonging to the current interpreter.", NATIVE_PLAIN},
    {"_setprofileallthreads", sys_setprofileallthreads, "(function, /)", "Set the profiling function in all running threads belonging to the current interpreter.", NATIVE_PLAIN},
    {"call_tracing", sys_call_tracing, "(func, args, /)", "Call func(*args), while tracing is enabled.", NATIVE_PLAIN},
    {"set_coroutine_origin_tracking_depth", sys_set_origin_depth, "(depth)", "Enable or disable origin tracking for coroutine objects in this thread.", NATIVE_PLAIN},
    {"get_coroutine_origin_tracking_depth", sys_get_origin_depth, "()", "Check status of origin tracking for coroutine objects in this thread.", NATIVE_PLAIN},
    {"set_asyncgen_hooks", sys_set_asyncgen_hooks, "(firstiter=None, finalizer=None)", "set_asyncgen_hooks([firstiter] [, finalizer])\n\nSet a finalizer for async generators objects.", NATIVE_PLAIN},
    {"get_asyncgen_hooks", sys_get_asyncgen_hooks, "()", "Return the installed asynchronous generators hooks.", NATIVE_PLAIN},
    {0},
};
