// weakref_mod.c: the module _weakref, beneath the library's weakref.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/weakref.h"

static Value weakref_proxy_of(Thread *t, const Value *args, size_t nargs)
{
    Type *type = is_callable(args[0]) ? &type_weakcallableproxy : &type_weakproxy;
    return weakref_new(t, type, args[0], args[1]);
}

static Value weakref_getweakrefcount(Thread *t, const Value *args, size_t nargs)
{
    return fixnum((int64_t)weakref_count(args[0]));
}

static Value weakref_getweakrefs(Thread *t, const Value *args, size_t nargs)
{
    return weakref_list(t, args[0]);
}

// Atomically removes dict[key] if it is a dead weak reference: a new live one may have taken its place.
static Value weakref_remove_dead(Thread *t, const Value *args, size_t nargs)
{
    if (!is_dict(args[0]))
        return raise(t, EXC(TypeError), "_remove_dead_weakref() argument 1 must be dict, not %T", args[0]);
    Value value = 0;
    int found = dict_get(t, as_dict(args[0]), args[1], &value);
    if (found < 0)
        return 0;
    if (!found)
        return NONE;
    if (!is_weakref(value))
        return raise(t, EXC(TypeError), "not a weakref");
    if (!weakref_target(as_weakref(value)) && dict_delete(t, as_dict(args[0]), args[1]) < 0)
        return 0;
    return NONE;
}

static const NativeDef weakref_functions[] = {
    {"proxy", weakref_proxy_of, "(object, callback=None, /)",
     "Create a proxy object that weakly references 'object'.\n\n'callback', if given, is called with a reference to the\n"
     "proxy when 'object' is about to be finalized.", NATIVE_PLAIN},
    {"getweakrefcount", weakref_getweakrefcount, "(object, /)", "Return the number of weak references to 'object'.", NATIVE_PLAIN},
    {"getweakrefs", weakref_getweakrefs, "(object, /)", "Return a list of all weak reference objects pointing to 'object'.", NATIVE_PLAIN},
    {"_remove_dead_weakref", weakref_remove_dead, "(dct, key, /)", "Atomically remove key from dict if it points to a dead weakref.", NATIVE_PLAIN},
    {0},
};

static bool weakref_exec(Thread *t, Value module)
{
    return module_add(t, module, "ref", value_of(&type_weakref)) && module_add(t, module, "ReferenceType", value_of(&type_weakref))
        && module_add(t, module, "ProxyType", value_of(&type_weakproxy))
        && module_add(t, module, "CallableProxyType", value_of(&type_weakcallableproxy));
}

const ModuleDef module_weakref = {"_weakref", "Weak-reference support module.", weakref_functions, weakref_exec};
