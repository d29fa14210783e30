// sys_mod.c: the module sys: its start and the functions that fit nowhere else.
#include "src/modules/sys.h"

#include <dlfcn.h>
#include <errno.h>

#include "gc/heap.h"
#include "src/core/error.h"
#include "src/core/native.h"
#include "src/core/shape.h"
#include "src/modules/modules.h"
#include "src/modules/signals.h"
#include "src/ops/ops.h"
#include "src/types/type_internal.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

enum { DEFAULT_MAX_STR_DIGITS = 4300 };

bool sys_set(Thread *t, const char *name, Value value)
{
    Value key = value ? str_intern_cstr(t, name) : 0;
    return key && dict_set(t, as_dict(t->vm->sys_dict), key, value);
}

Value sys_get(Thread *t, const char *name)
{
    Value key = t->vm->sys_dict ? str_intern_cstr(t, name) : 0;
    if (!key) {
        pending_clear(t);
        return 0;
    }
    return dict_get_known(as_dict(t->vm->sys_dict), key);
}

bool sys_add_functions(Thread *t, Value module, const NativeDef *functions)
{
    Value name = dict_get_known(as_dict(module_dict(module)), N(__name__));
    for (const NativeDef *def = functions; def->name; def++) {
        Value function = native_function_new(t, def, module, name, NULL);
        if (!function || !module_add(t, module, def->name, function))
            return false;
    }
    return true;
}

// --- exceptions ---
static Value sys_exit(Thread *t, const Value *args, size_t nargs)
{
    Value status = args[0];
    if (!status || status == NONE)
        return raise(t, EXC(SystemExit), NULL);
    if (!is_tuple(status))
        return raise_with(t, EXC(SystemExit), status);
    Value e = exception_new(t, EXC(SystemExit), status);
    return e ? raise_value(t, e) : 0;
}

static Value sys_exc_info(Thread *t, const Value *args, size_t nargs)
{
    Value e = handled_exception(t);
    if (!e)
        return tuple_of(t, 3, NONE, NONE, NONE);
    Value traceback = as_exception(e)->traceback;
    return tuple_of(t, 3, value_of(type_of(e)), e, traceback ? traceback : NONE);
}

static Value sys_exception(Thread *t, const Value *args, size_t nargs)
{
    Value e = handled_exception(t);
    return e ? e : NONE;
}

// --- strings ---
static Value sys_intern(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "intern() argument must be str, not %T", args[0]);
    if (!is_exactly(args[0], &type_str))
        return raise(t, EXC(TypeError), "can't intern %.400T", args[0]);
    return str_intern(t, args[0]);
}

static Value sys_is_interned(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "_is_interned() argument must be str, not %T", args[0]);
    return value_bool(as_object(args[0])->flags & FLAG_INTERNED);
}

static Value sys_is_immortal(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(!is_object(args[0]) || !heap_object_start(as_object(args[0])));
}

static Value sys_getdefaultencoding(Thread *t, const Value *args, size_t nargs) { return str_intern_cstr(t, "utf-8"); }
static Value sys_getfilesystemencoding(Thread *t, const Value *args, size_t nargs) { return str_intern_cstr(t, "utf-8"); }
static Value sys_getfilesystemencodeerrors(Thread *t, const Value *args, size_t nargs)
{
    return str_intern_cstr(t, "surrogateescape");
}

// --- sizes ---
static Value sys_getsizeof(Thread *t, const Value *args, size_t nargs)
{
    Value size = call_special(t, args[0], N(__sizeof__), NULL, 0);
    if (!size) {
        if (args[1] && pending_clear_if(t, EXC(TypeError)))
            return args[1];
        return 0;
    }
    if (!is_int(size))
        return raise(t, EXC(TypeError), "an integer is required");
    if (int_sign(int_exact(size)) < 0)
        return raise(t, EXC(ValueError), "__sizeof__() should return >= 0");
    return int_exact(size);
}

static Value sys_getallocatedblocks(Thread *t, const Value *args, size_t nargs)
{
    HeapStats stats;
    heap_stats(&stats);
    return int_from_uint64(t, (stats.heap_bytes - stats.free_bytes) / HEAP_GRAIN);
}

static Value sys_getunicodeinternedsize(Thread *t, const Value *args, size_t nargs)
{
    return fixnum(NAME_COUNT);
}

// --- odds and ends ---
static Value sys_is_gil_enabled(Thread *t, const Value *args, size_t nargs) { return FALSE; }

static Value sys_is_finalizing(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(load_relaxed(&t->vm->finalizing) == TRUE);
}

static Value sys_nothing(Thread *t, const Value *args, size_t nargs) { return NONE; }
static Value sys_false(Thread *t, const Value *args, size_t nargs) { return FALSE; }

static Value sys_cpu_count_config(Thread *t, const Value *args, size_t nargs) { return fixnum(-1); }

static int dlopen_flags = RTLD_NOW;   // relaxed

static Value sys_getdlopenflags(Thread *t, const Value *args, size_t nargs) { return fixnum(dlopen_flags); }

static Value sys_setdlopenflags(Thread *t, const Value *args, size_t nargs)
{
    int32_t flags;
    if (!to_int32(t, args[0], &flags))
        return 0;
    store_relaxed(&dlopen_flags, flags);
    return NONE;
}

static Value sys_stack_trampoline(Thread *t, const Value *args, size_t nargs)
{
    return raise(t, EXC(ValueError), "perf trampoline not available");
}

static Value sys_remote_exec(Thread *t, const Value *args, size_t nargs)
{
    return raise(t, EXC(RuntimeError), "Remote debugging is not enabled");
}

// For dataclasses with slots: the class made anew must not inherit descriptors that belong to the old one.
static Value sys_clear_type_descriptors(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (!is_type(args[0]))
        return raise(t, EXC(TypeError), "_clear_type_descriptors() argument must be type, not %T", args[0]);
    Type *type = as_type(args[0]);
    if (type_has_flag(type, TYPE_IMMUTABLE))
        return raise(t, EXC(TypeError), "argument is immutable");
    return type_set_own(t, type, N(__dict__), 0) < 0 || type_set_own(t, type, N(__weakref__), 0) < 0 ? 0 : NONE;
}

static const NativeDef sys_functions[] = {
    {"exit", sys_exit, "(status=None, /)",
     "Exit the interpreter by raising SystemExit(status).\n\nIf the status is omitted or None, it defaults to zero (i.e., success).\n"
     "If the status is an integer, it will be used as the system exit status.\n"
     "If it is another kind of object, it will be printed and the system\nexit status will be one (i.e., failure).", NATIVE_PLAIN},
    {"exc_info", sys_exc_info, "()", "Return current exception information: (type, value, traceback).\n\n"
     "Return information about the most recent exception caught by an except\nclause in the current stack frame or in an older stack frame.", NATIVE_PLAIN},
    {"exception", sys_exception, "()", "Return the current exception.\n\nReturn the most recent exception caught by an except clause\n"
     "in the current stack frame or in an older stack frame, or None\nif no such clause exists.", NATIVE_PLAIN},
    {"intern", sys_intern, "(string, /)", "``Intern'' the given string.\n\nThis enters the string in the (global) table of interned strings whose\n"
     "purpose is to speed up dictionary lookups. Return the string itself or\nthe previously interned string object with the same value.", NATIVE_PLAIN},
    {"_is_interned", sys_is_interned, "(string, /)", "Return True if the given string is \"interned\".", NATIVE_PLAIN},
    {"_is_immortal", sys_is_immortal, "(op, /)", "Return True if the given object is \"immortal\" per PEP 683.", NATIVE_PLAIN},
    {"getdefaultencoding", sys_getdefaultencoding, "()", "Return the current default encoding used by the Unicode implementation.", NATIVE_PLAIN},
    {"getfilesystemencoding", sys_getfilesystemencoding, "()", "Return the encoding used to convert Unicode filenames to OS filenames.", NATIVE_PLAIN},
    {"getfilesystemencodeerrors", sys_getfilesystemencodeerrors, "()", "Return the error mode used for Unicode to OS filename conversion.", NATIVE_PLAIN},
    {"getsizeof", sys_getsizeof, "(object, default=None)", "getsizeof(object [, default]) -> int\n\nReturn the size of object in bytes.", NATIVE_PLAIN},
    {"getallocatedblocks", sys_getallocatedblocks, "()", "Return the number of memory blocks currently allocated.", NATIVE_PLAIN},
    {"getunicodeinternedsize", sys_getunicodeinternedsize, "(*, _only_immortal=False)", "Return the number of elements of the unicode interned dictionary", NATIVE_PLAIN},
    {"_is_gil_enabled", sys_is_gil_enabled, "()", "Return True if the GIL is currently enabled, False if the GIL is disabled.", NATIVE_PLAIN},
    {"is_finalizing", sys_is_finalizing, "()", "Return True if Python is exiting.", NATIVE_PLAIN},
    {"_clear_type_cache", sys_nothing, "()", "Clear the internal type lookup cache.", NATIVE_PLAIN},
    {"_clear_internal_caches", sys_nothing, "()", "Clear all internal performance-related caches.", NATIVE_PLAIN},
    {"_clear_type_descriptors", sys_clear_type_descriptors, "(type, /)", NULL, NATIVE_PLAIN},
    {"_debugmallocstats", sys_nothing, "()", NULL, NATIVE_PLAIN},
    {"_get_cpu_count_config", sys_cpu_count_config, "()", "Private function for getting PyConfig.cpu_count", NATIVE_PLAIN},
    {"getdlopenflags", sys_getdlopenflags, "()", "Return the current value of the flags that are used for dlopen calls.", NATIVE_PLAIN},
    {"setdlopenflags", sys_setdlopenflags, "(flags, /)", "Set the flags used by the interpreter for dlopen calls.", NATIVE_PLAIN},
    {"activate_stack_trampoline", sys_stack_trampoline, "(backend, /)", "Activate stack profiler trampoline *backend*.", NATIVE_PLAIN},
    {"deactivate_stack_trampoline", sys_nothing, "()", "Deactivate the current stack profiler trampoline backend.", NATIVE_PLAIN},
    {"is_stack_trampoline_active", sys_false, "()", "Return *True* if a stack profiler trampoline is active.", NATIVE_PLAIN},
    {"is_remote_debug_enabled", sys_false, "()", "Return True if remote debugging is enabled, False otherwise.", NATIVE_PLAIN},
    {"remote_exec", sys_remote_exec, "(pid, script)", NULL, NATIVE_PLAIN},
    {0},
};

static Value builtin_names(Thread *t)
{
    List *list = list_new(t, 64);
    const ModuleDef *def;
    for (size_t i = 0; list && (def = module_def_at(i)); i++) {
        Value name = str_intern_cstr(t, def->name);
        if (!name || !list_append(t, list, name))
            return 0;
    }
    return list && list_sort(t, list, 0, false) ? list_to_tuple(t, list) : 0;
}

static Value stdlib_names(Thread *t)
{
    static const char *const names[] = {
#define NAME(module) #module,
#include "src/modules/sys_names.def"
#undef NAME
    };
    Value at[COUNT_OF(names)];
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!(at[i] = str_intern_cstr(t, names[i])))
            return 0;
    Value tuple = tuple_from(t, at, COUNT_OF(names));
    return tuple ? set_from_iterable(t, tuple, true) : 0;
}

static bool append_text(Thread *t, List *list, const char *text)
{
    Value v = str_from_fs(t, text, strlen(text));
    return v && list_append(t, list, v);
}

// In rising order of weight: -X dev, -b, then those given.
static Value warn_options(Thread *t)
{
    const VMConfig *c = &t->vm->config;
    List *list = list_new(t, 4);
    if (!list || (c->dev_mode && !append_text(t, list, "default")))
        return 0;
    for (int i = 0; i < c->warn_option_count; i++)
        if (!append_text(t, list, c->warn_options[i]))
            return 0;
    if (c->bytes_warning && !append_text(t, list, c->bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning"))
        return 0;
    return value_of(list);
}

// name=value → str; a bare name → True.
static Value x_options(Thread *t)
{
    const VMConfig *c = &t->vm->config;
    Dict *d = dict_new(t);
    for (int i = 0; d && i < c->x_option_count; i++) {
        const char *option = c->x_options[i], *equals = strchr(option, '=');
        Value key = str_from_fs(t, option, equals ? (size_t)(equals - option) : strlen(option));
        Value value = equals ? str_from_fs(t, equals + 1, strlen(equals + 1)) : TRUE;
        if (!key || !value || !dict_set(t, d, key, value))
            return 0;
    }
    return value_of(d);
}

static Value list_value(Thread *t) { return value_of(list_new(t, 0)); }

// What importlib and site expect to be there.
static bool add_containers(Thread *t)
{
    return sys_set(t, "modules", t->vm->modules) && sys_set(t, "builtin_module_names", builtin_names(t))
        && sys_set(t, "stdlib_module_names", stdlib_names(t)) && sys_set(t, "meta_path", list_value(t))
        && sys_set(t, "path_hooks", list_value(t)) && sys_set(t, "path_importer_cache", value_of(dict_new(t)))
        && sys_set(t, "warnoptions", warn_options(t)) && sys_set(t, "_xoptions", x_options(t));
}

const ModuleDef module_sys = {"sys",
    "This module provides access to some objects used or maintained by the\n"
    "interpreter and to functions that interact strongly with the interpreter.\n", NULL, NULL};

static bool make_module(Thread *t)
{
    VM *vm = t->vm;
    if (!vm->modules)
        vm->modules = value_of(dict_new(t));
    Value module = vm->modules ? module_from_def(t, &module_sys) : 0;
    if (!module)
        return false;
    vm->sys_module = module;
    vm->sys_dict = module_dict(module);
    return dict_set(t, as_dict(vm->modules), N(sys), module);
}

bool sys_boot(Thread *t)
{
    if (t->vm->config.int_max_str_digits < 0)
        t->vm->config.int_max_str_digits = DEFAULT_MAX_STR_DIGITS;
    sys_hooks_install();
    return make_module(t) && sys_add_functions(t, t->vm->sys_module, sys_functions)
        && sys_add_functions(t, t->vm->sys_module, sys_hook_functions)
        && sys_add_functions(t, t->vm->sys_module, sys_frame_functions)
        && sys_add_functions(t, t->vm->sys_module, sys_limit_functions) && add_containers(t) && sys_info_add(t) && sys_jit_add(t)
        && sys_monitoring_add(t) && signals_boot(t);
}
