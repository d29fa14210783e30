// suggestions_mod.c: the module _suggestions, beneath the library's traceback.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/types/suggest.h"

static Value generate(Thread *t, const Value *args, size_t nargs)
{
    if (!is_exactly(args[0], &type_list))
        return raise(t, EXC(TypeError), "candidates must be a list");
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "_generate_suggestions() argument 2 must be str, not %T", args[1]);
    return suggest_name(t, args[0], args[1]);
}

static const NativeDef functions[] = {
    {"_generate_suggestions", generate, "(candidates, item, /)", "Returns the candidate in candidates that's closest to item"},
    {NULL},
};

const ModuleDef module_suggestions = {"_suggestions", NULL, functions, NULL};
