// sys_jit.c: sys.jit and sys.jit_stats(): what the compiler did, measured. Until machine code is made the figures say so.
#include "src/core/error.h"
#include "src/core/native.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str.h"

static bool put(Thread *t, Dict *d, const char *name, Value value)
{
    Value key = value ? str_intern_cstr(t, name) : 0;
    return key && dict_set(t, d, key, value);
}

// speedup: time of interpreted calls over time of compiled calls; 1.0 while nothing is compiled.
static Value jit_stats(Thread *t, const Value *args, size_t nargs)
{
    const VMConfig *c = &t->vm->config;
    Dict *d = dict_new(t);
    if (!d || !put(t, d, "enabled", value_bool(c->jit)) || !put(t, d, "compiled_functions", fixnum(0))
        || !put(t, d, "compilation_time", float_new(t, 0.0)) || !put(t, d, "speedup", float_new(t, 1.0))
        || !put(t, d, "exits", fixnum(0)) || !put(t, d, "threshold", fixnum(c->jit_threshold))
        || !put(t, d, "opt_level", fixnum(c->jit_opt_level)))
        return 0;
    return value_of(d);
}

static Value jit_is_enabled(Thread *t, const Value *args, size_t nargs) { return value_bool(t->vm->config.jit); }
static Value jit_is_available(Thread *t, const Value *args, size_t nargs) { return FALSE; }
static Value jit_is_active(Thread *t, const Value *args, size_t nargs) { return FALSE; }

static const NativeDef jit_functions[] = {
    {"stats", jit_stats, "()", "Figures of the compiler: the same as sys.jit_stats().", NATIVE_PLAIN},
    {"is_enabled", jit_is_enabled, "()", "True if functions may be compiled.", NATIVE_PLAIN},
    {"is_available", jit_is_available, "()", "True if this build can compile functions.", NATIVE_PLAIN},
    {"is_active", jit_is_active, "()", "True if the calling frame runs machine code.", NATIVE_PLAIN},
    {0},
};

static const NativeDef jit_sys_functions[] = {
    {"jit_stats", jit_stats, "()",
     "Figures of the compiler as a dict: compiled_functions, compilation_time in seconds, speedup (measured), exits …", NATIVE_PLAIN},
    {0},
};

static const ModuleDef module_sys_jit = {"sys.jit", "Control of the compiler to machine code.", jit_functions, NULL};

bool sys_jit_add(Thread *t)
{
    Value module = module_from_def(t, &module_sys_jit);
    return module && sys_set(t, "jit", module) && sys_set(t, "_jit", module)
        && sys_add_functions(t, t->vm->sys_module, jit_sys_functions);
}
