// import.c: starts importlib, and takes its frames out of tracebacks.
#include "src/modules/import.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/interp/frame.h"
#include "src/modules/boot.h"
#include "src/modules/import_name.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/str.h"

// --- tracebacks ---
static Value code_of_entry(Thread *t, const Traceback *tb)
{
    Value code = attr_get(t, tb->frame, str_intern_cstr(t, "f_code"));
    pending_clear(t);
    return code && is_exactly(code, &type_code) ? code : 0;
}

static bool is_importlib_entry(Thread *t, const Traceback *tb)
{
    Value code = code_of_entry(t, tb);
    return code && (str_equal_cstr(as_code(code)->filename, "<frozen importlib._bootstrap>")
                    || str_equal_cstr(as_code(code)->filename, "<frozen importlib._bootstrap_external>"));
}

// Runs of importlib's entries go when the error is an ImportError, or when the run ends in the call that says so by its name.
void import_trim_traceback(Thread *t)
{
    Value exception = pending_take(t);
    if (!exception)
        return;
    bool always = type_is_subtype(type_of(exception), EXC(ImportError));
    Value *link = &as_exception(exception)->traceback, *run_start = NULL;
    if (t->vm->config.verbose)
        link = NULL;
    while (link && *link && *link != NONE) {
        Traceback *tb = (Traceback *)*link;
        bool inside = is_importlib_entry(t, tb);
        if (!inside) {
            run_start = NULL;
            link = &tb->next;
            continue;
        }
        if (!run_start)
            run_start = link;
        Value code = code_of_entry(t, tb);
        if (always || str_equal_cstr(as_code(code)->name, "_call_with_frames_removed")) {
            publish(run_start, tb->next);   // the run so far is gone
            link = run_start;
            run_start = NULL;
        } else {
            link = &tb->next;
        }
    }
    if (as_exception(exception)->traceback == NONE)
        as_exception(exception)->traceback = 0;
    pending_set(t, exception);
}

// --- hooks.import_module ---
static Value import_by_name(Thread *t, const char *dotted_name)
{
    Value name = str_intern_cstr(t, dotted_name), module = 0;
    if (!name)
        return 0;
    if (dict_get(t, as_dict(t->vm->modules), name, &module) < 0)
        return 0;
    if (module && module != NONE)
        return module;
    if (!import_name(t, name, NONE, NONE, NONE, fixnum(0)) || dict_get(t, as_dict(t->vm->modules), name, &module) < 0)
        return 0;
    return module ? module : raise(t, EXC(ImportError), "%s not in sys.modules", dotted_name);
}

// --- zip files on sys.path ---
// zipimport is imported when the first path leads to a file; until then this hook stands in its place in sys.path_hooks.
static bool leads_to_file(const char *path)
{
    char part[PATH_MAX];
    struct stat st;
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return false;
    while (*part) {
        if (stat(part, &st) == 0)
            return S_ISREG(st.st_mode);
        char *slash = strrchr(part, '/');
        if (!slash)
            return false;
        *slash = 0;
    }
    return false;
}

static Value zip_hook(Thread *t, const Value *args, size_t nargs)
{
    const char *path = is_str(args[0]) ? str_fs(t, args[0], NULL) : NULL;
    pending_clear(t);
    static __thread bool importing;   // zipimport itself is looked up along the same path
    if (!path || importing || !leads_to_file(path))
        return raise(t, EXC(ImportError), "not a Zip file: %R", args[0]);
    importing = true;
    Value zipimport = import_by_name(t, "zipimport");
    importing = false;
    Value importer = zipimport ? attr_get(t, zipimport, str_intern_cstr(t, "zipimporter")) : 0;
    return importer ? call1(t, importer, args[0]) : 0;
}

static const NativeDef zip_hook_def = {"zipimporter", zip_hook, "(path, /)", "Makes a zipimport.zipimporter for a path in a zip file.", NATIVE_PLAIN};

static bool add_zip_hook(Thread *t)
{
    Value path_hooks = sys_get(t, "path_hooks"), hook = native_function_new(t, &zip_hook_def, 0, 0, NULL);
    return hook && (!path_hooks || !is_list(path_hooks) || list_insert(t, as_list(path_hooks), 0, hook));
}

// --- start ---
static bool add_module(Thread *t, const char *name, Value module)
{
    Value key = module ? str_intern_cstr(t, name) : 0;
    return key && dict_set(t, as_dict(t->vm->modules), key, module);
}

static Value run_frozen(Thread *t, const FrozenModule *frozen)
{
    Value code = frozen_code(t, frozen), name = str_intern_cstr(t, frozen->name);
    Module *module = code && name ? module_new(t, name) : NULL;
    if (!module || !module_add(t, value_of(module), "__origname__", str_from_cstr(t, frozen->original))
        || !module_add(t, value_of(module), "__builtins__", t->vm->builtins_module))
        return 0;
    return interp_run_code(t, as_code(code), module->dict, module->dict) ? value_of(module) : 0;
}

bool import_boot(Thread *t)
{
    hooks.import_module = import_by_name;
    Value imp = module_from_def(t, module_def_find("_imp"));
    if (!imp || !add_module(t, "_imp", imp) || !add_module(t, "builtins", t->vm->builtins_module))
        return false;
    Value importlib = run_frozen(t, &frozen_modules[0]);
    if (!importlib || !add_module(t, frozen_modules[0].name, importlib))
        return false;
    t->vm->importlib = importlib;
    return call_method2(t, importlib, str_intern_cstr(t, "_install"), t->vm->sys_module, imp)
        && call_method0(t, importlib, str_intern_cstr(t, "_install_external_importers")) && add_zip_hook(t);
}
