// datetime_mod.c: _datetime: the library's datetime in Python, run under the accelerator's name.
//
// datetime.py asks for _datetime first. Programs and tests that want the accelerator by name find the same classes here; the
// code comes from the library's _pydatetime.py, even where that name itself may not be imported.
#include "src/core/hooks.h"
#include "src/core/module_def.h"
#include "src/core/error.h"
#include "src/core/vm.h"
#include "src/interp/frame.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/str.h"

// object.name(argument)
static Value call_named(Thread *t, Value object, const char *name, Value argument)
{
    Value key = str_intern_cstr(t, name);
    return key ? call_method1(t, object, key, argument) : 0;
}

static Value datetime_code(Thread *t)
{
    Value name = str_intern_cstr(t, "_pydatetime"), machinery = name ? hooks.import_module(t, "importlib.machinery") : 0;
    Value finder_name = machinery ? str_intern_cstr(t, "PathFinder") : 0;
    Value finder = finder_name ? attr_get(t, machinery, finder_name) : 0, spec = finder ? call_named(t, finder, "find_spec", name) : 0;
    if (spec == NONE)
        return raise_import(t, EXC(ImportError), str_from_cstr(t, "the library has no _pydatetime"), name, 0, 0);
    Value loader_name = spec ? str_intern_cstr(t, "loader") : 0, loader = loader_name ? attr_get(t, spec, loader_name) : 0;
    return loader ? call_named(t, loader, "get_code", name) : 0;
}

static bool datetime_exec(Thread *t, Value module)
{
    Value code = datetime_code(t), dict = module_dict(module);
    return code && dict_set(t, as_dict(dict), N(__builtins__), t->vm->builtins_module) && interp_run_code(t, as_code(code), dict, dict);
}

const ModuleDef module_datetime = {
    .name = "_datetime",
    .doc = "Fast implementation of the datetime module.",
    .exec = datetime_exec,
};
