// imp_mod.c: the module _imp, beneath importlib.
#include "src/core/error.h"
#include "src/core/lock.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/interp/frame.h"
#include "src/modules/import.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/str_hash.h"
#include "src/types/tuple.h"

// --- the old global import lock: recursive ---
static Mutex import_mutex;
static Thread *import_owner;     // written by the owner only
static uint32_t import_depth;    // guard: import_mutex

void import_lock_fork_child(void)
{
    import_mutex = (Mutex){0};
    import_owner = NULL;
    import_depth = 0;
}

static Value imp_acquire_lock(Thread *t, const Value *args, size_t nargs)
{
    if (load_relaxed(&import_owner) != t) {
        mutex_lock(&import_mutex);
        store_relaxed(&import_owner, t);
    }
    import_depth++;
    return NONE;
}

static Value imp_release_lock(Thread *t, const Value *args, size_t nargs)
{
    if (load_relaxed(&import_owner) != t)
        return raise(t, EXC(RuntimeError), "not holding the import lock");
    if (--import_depth == 0) {
        store_relaxed(&import_owner, (Thread *)NULL);
        mutex_unlock(&import_mutex);
    }
    return NONE;
}

static Value imp_lock_held(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(load_relaxed(&import_owner) != NULL);
}

// --- builtin modules ---
static bool name_arg(Thread *t, Value name, const char *function)
{
    if (is_str(name))
        return true;
    raise(t, EXC(TypeError), "%s() argument must be str, not %T", function, name);
    return false;
}

static const ModuleDef *def_of(Thread *t, Value name)
{
    const char *utf8 = str_utf8(t, name, NULL);
    if (!utf8) {
        pending_clear(t);
        return NULL;
    }
    return module_def_find(utf8);
}

// sys and builtins exist once; others are made anew for each import.
static Value imp_create_builtin(Thread *t, const Value *args, size_t nargs)
{
    Value name = attr_get(t, args[0], N(name));
    if (!name || !name_arg(t, name, "create_builtin"))
        return 0;
    if (str_equal_cstr(name, "sys"))
        return t->vm->sys_module;
    if (str_equal_cstr(name, "builtins"))
        return t->vm->builtins_module;
    const ModuleDef *def = def_of(t, name);
    return def ? module_from_def(t, def) : NONE;
}

static Value imp_exec_builtin(Thread *t, const Value *args, size_t nargs) { return fixnum(0); }

static Value imp_is_builtin(Thread *t, const Value *args, size_t nargs)
{
    if (!name_arg(t, args[0], "is_builtin"))
        return 0;
    if (str_equal_cstr(args[0], "sys") || str_equal_cstr(args[0], "builtins"))
        return fixnum(-1);
    return fixnum(def_of(t, args[0]) ? 1 : 0);
}

// --- modules in shared libraries: there are none ---
static Value imp_extension_suffixes(Thread *t, const Value *args, size_t nargs) { return value_of(list_new(t, 0)); }

static Value imp_create_dynamic(Thread *t, const Value *args, size_t nargs)
{
    Value name = attr_get(t, args[0], N(name)), path = attr_get(t, args[0], str_intern_cstr(t, "origin"));
    Value message = path ? str_from_cstr(t, "extension modules of CPython cannot be loaded") : 0;
    return message ? raise_import(t, EXC(ImportError), message, name, path, 0) : 0;
}

static Value imp_exec_dynamic(Thread *t, const Value *args, size_t nargs) { return fixnum(0); }

// --- frozen modules ---
static Value imp_is_frozen(Thread *t, const Value *args, size_t nargs)
{
    return name_arg(t, args[0], "is_frozen") ? value_bool(frozen_find(args[0])) : 0;
}

static Value no_frozen(Thread *t, Value name)
{
    Value message = str_format(t, "No such frozen object named %R", name);
    return message ? raise_import(t, EXC(ImportError), message, name, 0, 0) : 0;
}

static Value imp_is_frozen_package(Thread *t, const Value *args, size_t nargs)
{
    if (!name_arg(t, args[0], "is_frozen_package"))
        return 0;
    return frozen_find(args[0]) ? FALSE : no_frozen(t, args[0]);
}

static Value imp_find_frozen(Thread *t, const Value *args, size_t nargs)
{
    if (!name_arg(t, args[0], "find_frozen"))
        return 0;
    const FrozenModule *module = frozen_find(args[0]);
    return module ? tuple_of(t, 3, NONE, FALSE, str_from_cstr(t, module->original)) : NONE;
}

static Value imp_get_frozen_object(Thread *t, const Value *args, size_t nargs)
{
    if (!name_arg(t, args[0], "get_frozen_object"))
        return 0;
    const FrozenModule *module = frozen_find(args[0]);
    return module ? frozen_code(t, module) : no_frozen(t, args[0]);
}

static Value imp_init_frozen(Thread *t, const Value *args, size_t nargs)
{
    const FrozenModule *frozen = is_str(args[0]) ? frozen_find(args[0]) : NULL;
    if (!frozen)
        return NONE;
    Value code = frozen_code(t, frozen);
    Module *module = code ? module_new(t, args[0]) : NULL;
    if (!module || !interp_run_code(t, as_code(code), module->dict, module->dict))
        return 0;
    return dict_set(t, as_dict(t->vm->modules), args[0], value_of(module)) ? value_of(module) : 0;
}

static Value imp_frozen_module_names(Thread *t, const Value *args, size_t nargs)
{
    List *list = list_new(t, 4);
    for (const FrozenModule *m = frozen_modules; list && m->name; m++)
        if (!list_append(t, list, str_intern_cstr(t, m->name)))
            return 0;
    return value_of(list);
}

static Value imp_override(Thread *t, const Value *args, size_t nargs) { return NONE; }
static Value imp_override_check(Thread *t, const Value *args, size_t nargs) { return fixnum(0); }

// --- bytecode files ---
static Value imp_fix_co_filename(Thread *t, const Value *args, size_t nargs)
{
    if (!is_exactly(args[0], &type_code))
        return raise(t, EXC(TypeError), "_fix_co_filename() argument 1 must be code, not %T", args[0]);
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "_fix_co_filename() argument 2 must be str, not %T", args[1]);
    if (!str_equal(as_str(as_code(args[0])->filename), as_str(args[1])))
        code_set_filename(as_code(args[0]), args[1]);
    return NONE;
}

static Value imp_source_hash(Thread *t, const Value *args, size_t nargs)
{
    Value key = int_exact(number_index(t, args[0]));
    Buffer source;
    uint64_t k0;
    if (!key)
        return 0;
    if (!int_to_uint64(key, &k0))
        return raise(t, EXC(OverflowError), "int too big to convert");
    if (!buffer_get(t, args[1], &source, BUFFER_SIMPLE))
        return 0;
    uint64_t hash = siphash13(k0, 0, source.data, (size_t)source.length);
    buffer_release(t, &source);
    return bytes_new(t, &hash, sizeof hash);
}

static const NativeDef imp_functions[] = {
    {"acquire_lock", imp_acquire_lock, "()", "Acquires the interpreter's import lock for the current thread.", NATIVE_PLAIN},
    {"release_lock", imp_release_lock, "()", "Release the interpreter's import lock.", NATIVE_PLAIN},
    {"lock_held", imp_lock_held, "()", "Return True if the import lock is currently held, else False.", NATIVE_PLAIN},
    {"create_builtin", imp_create_builtin, "(spec, /)", "Create an extension module.", NATIVE_PLAIN},
    {"exec_builtin", imp_exec_builtin, "(mod, /)", "Initialize a built-in module.", NATIVE_PLAIN},
    {"is_builtin", imp_is_builtin, "(name, /)", "Returns True if the module name corresponds to a built-in module.", NATIVE_PLAIN},
    {"extension_suffixes", imp_extension_suffixes, "()", "Returns the list of file suffixes used to identify extension modules.", NATIVE_PLAIN},
    {"create_dynamic", imp_create_dynamic, "(spec, file=None, /)", "Create an extension module.", NATIVE_PLAIN},
    {"exec_dynamic", imp_exec_dynamic, "(mod, /)", "Initialize an extension module.", NATIVE_PLAIN},
    {"is_frozen", imp_is_frozen, "(name, /)", "Returns True if the module name corresponds to a frozen module.", NATIVE_PLAIN},
    {"is_frozen_package", imp_is_frozen_package, "(name, /)", "Returns True if the module name is of a frozen package.", NATIVE_PLAIN},
    {"find_frozen", imp_find_frozen, "(name, /, *, withdata=False)", "Return info about the corresponding frozen module (if there is one) or None.", NATIVE_PLAIN},
    {"get_frozen_object", imp_get_frozen_object, "(name, data=None, /)", "Create a code object for a frozen module.", NATIVE_PLAIN},
    {"init_frozen", imp_init_frozen, "(name, /)", "Initializes a frozen module.", NATIVE_PLAIN},
    {"_frozen_module_names", imp_frozen_module_names, "()", "Returns the list of available frozen modules.", NATIVE_PLAIN},
    {"_override_frozen_modules_for_tests", imp_override, "(override, /)", NULL, NATIVE_PLAIN},
    {"_override_multi_interp_extensions_check", imp_override_check, "(override, /)", NULL, NATIVE_PLAIN},
    {"_fix_co_filename", imp_fix_co_filename, "(code, path, /)", "Changes code.co_filename to specify the passed-in path.", NATIVE_PLAIN},
    {"source_hash", imp_source_hash, "(key, source)", NULL, NATIVE_PLAIN},
    {0},
};

static bool imp_exec(Thread *t, Value module)
{
    const char *mode = t->vm->config.check_hash_pycs;
    return module_add(t, module, "check_hash_based_pycs", str_from_cstr(t, mode ? mode : "default"))
        && module_add(t, module, "pyc_magic_number_token", fixnum(pyc_magic()));
}

const ModuleDef module_imp = {"_imp", "(Extremely) low-level import machinery bits as used by importlib.", imp_functions, imp_exec};
