// tracemalloc_mod.c: the module _tracemalloc. Allocations are not traced: start() says so; questions are answered truly with "nothing".
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

static Value tm_false(Thread *t, const Value *args, size_t nargs) { return FALSE; }
static Value tm_none(Thread *t, const Value *args, size_t nargs) { return NONE; }
static Value tm_zero(Thread *t, const Value *args, size_t nargs) { return fixnum(0); }
static Value tm_one(Thread *t, const Value *args, size_t nargs) { return fixnum(1); }
static Value tm_traces(Thread *t, const Value *args, size_t nargs) { return value_of(list_new(t, 0)); }
static Value tm_memory(Thread *t, const Value *args, size_t nargs) { return tuple_pair(t, fixnum(0), fixnum(0)); }

static Value tm_start(Thread *t, const Value *args, size_t nargs)
{
    return raise(t, EXC(NotImplementedError), "memory allocations cannot be traced by this implementation");
}

static const NativeDef tracemalloc_functions[] = {
    {"is_tracing", tm_false, "()", "Return True if the tracemalloc module is tracing Python memory allocations.", NATIVE_PLAIN},
    {"clear_traces", tm_none, "()", "Clear traces of memory blocks allocated by Python.", NATIVE_PLAIN},
    {"_get_traces", tm_traces, "()", "Get traces of all memory blocks allocated by Python.", NATIVE_PLAIN},
    {"_get_object_traceback", tm_none, "(obj, /)", "Get the traceback where the Python object obj was allocated.", NATIVE_PLAIN},
    {"start", tm_start, "(nframe=1, /)", "Start tracing Python memory allocations.", NATIVE_PLAIN},
    {"stop", tm_none, "()", "Stop tracing Python memory allocations.", NATIVE_PLAIN},
    {"get_traceback_limit", tm_one, "()", "Get the maximum number of frames stored in the traceback of a trace.", NATIVE_PLAIN},
    {"get_tracemalloc_memory", tm_zero, "()", "Get the memory usage in bytes of the tracemalloc module.", NATIVE_PLAIN},
    {"get_traced_memory", tm_memory, "()", "Get the current size and peak size of memory blocks traced by tracemalloc.", NATIVE_PLAIN},
    {"reset_peak", tm_none, "()", "Set the peak size of memory blocks traced by tracemalloc to the current size.", NATIVE_PLAIN},
    {0},
};

const ModuleDef module_tracemalloc = {"_tracemalloc", "Debug module to trace memory blocks allocated by Python.", tracemalloc_functions, NULL};
