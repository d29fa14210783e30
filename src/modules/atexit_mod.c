// atexit_mod.c: the module atexit. vm->atexit_callbacks is a list of (function, args, kwargs) tuples, guarded by its own lock.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/boot.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static List *callbacks(Thread *t)
{
    if (!t->vm->atexit_callbacks) {
        List *list = list_new(t, 4);
        if (!list)
            return NULL;
        publish(&t->vm->atexit_callbacks, value_of(list));
    }
    return as_list(t->vm->atexit_callbacks);
}

static Value atexit_register(Thread *t, const Value *args, size_t nargs)
{
    enum { FUNCTION, KEYWORDS, REST };
    if (!is_callable(args[FUNCTION]))
        return raise(t, EXC(TypeError), "the first argument must be callable");
    Value positional = nargs > REST ? tuple_from(t, args + REST, nargs - REST) : tuple_empty;
    Value entry = positional ? tuple_of(t, 3, args[FUNCTION], positional, args[KEYWORDS] ? args[KEYWORDS] : NONE) : 0;
    List *list = entry ? callbacks(t) : NULL;
    return list && list_append(t, list, entry) ? args[FUNCTION] : 0;
}

static bool call_entry(Thread *t, const Tuple *entry)
{
    Value keywords = entry->at[2] == NONE ? 0 : entry->at[2];
    return call_tuple_dict(t, entry->at[0], entry->at[1], keywords) != 0;
}

// Last registered, first called. Those registered meanwhile are called too.
void atexit_run(Thread *t)
{
    List *list = t->vm->atexit_callbacks ? as_list(t->vm->atexit_callbacks) : NULL;
    while (list && list_length(list)) {
        Value entry = call_method0(t, value_of(list), str_intern_cstr(t, "pop"));
        if (!entry)
            break;
        if (!call_entry(t, as_tuple(entry)))
            report_unraisable(t, 0, "Exception ignored in atexit callback %R", as_tuple(entry)->at[0]);
    }
    pending_clear(t);
}

static Value atexit_run_now(Thread *t, const Value *args, size_t nargs)
{
    atexit_run(t);
    return NONE;
}

static Value atexit_clear(Thread *t, const Value *args, size_t nargs)
{
    List *list = callbacks(t);
    return list ? call_method0(t, value_of(list), str_intern_cstr(t, "clear")) : 0;
}

static Value atexit_count(Thread *t, const Value *args, size_t nargs)
{
    List *list = callbacks(t);
    return list ? fixnum((int64_t)list_length(list)) : 0;
}

static Value atexit_unregister(Thread *t, const Value *args, size_t nargs)
{
    List *list = callbacks(t);
    size_t n;
    Value *at = list ? list_snapshot(t, list, &n) : NULL;
    if (!at)
        return 0;
    for (size_t i = 0; i < n; i++) {
        int same = values_equal(t, as_tuple(at[i])->at[0], args[0]);
        if (same < 0)
            return 0;
        if (same && !call_method1(t, value_of(list), str_intern_cstr(t, "remove"), at[i]))
            return 0;
    }
    return NONE;
}

static const NativeDef atexit_functions[] = {
    {"register", atexit_register, "(func, /, *args, **kwargs)", "Register a function to be executed upon normal program termination.", NATIVE_PLAIN},
    {"unregister", atexit_unregister, "(func, /)", "Unregister an exit function which was previously registered using\natexit.register.", NATIVE_PLAIN},
    {"_run_exitfuncs", atexit_run_now, "()", "Run all registered exit functions.", NATIVE_PLAIN},
    {"_clear", atexit_clear, "()", "Clear the list of previously registered exit functions.", NATIVE_PLAIN},
    {"_ncallbacks", atexit_count, "()", "Return the number of registered exit functions.", NATIVE_PLAIN},
    {0},
};

const ModuleDef module_atexit = {"atexit",
    "allow programmer to define multiple exit functions to be executed\nupon normal program termination.", atexit_functions, NULL};
