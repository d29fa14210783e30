// typing_mod.c: _typing: the native types beneath typing.
#include "src/core/module_def.h"
#include "src/types/type_parameter.h"

static Value typing_idfunc(Thread *t, const Value *args, size_t nargs)
{
    (void)t;
    (void)nargs;
    return args[0];
}

static bool typing_exec(Thread *t, Value module)
{
    Type *const types[] = {&type_typevar, &type_typevartuple, &type_paramspec, &type_paramspecargs,
                           &type_paramspeckwargs, &type_typealias, &type_generic, &type_union};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (!module_add_type(t, module, types[i]))
            return false;
    return module_add(t, module, "NoDefault", NO_DEFAULT);
}

static const NativeDef functions[] = {
    {"_idfunc", typing_idfunc, "(x, /)", NULL, NATIVE_PLAIN},
    {0},
};

const ModuleDef module_typing = {
    .name = "_typing",
    .doc = "Primitives and accelerators for the typing module.\n",
    .functions = functions,
    .exec = typing_exec,
};
