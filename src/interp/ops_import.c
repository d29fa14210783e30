// ops_import.c: import statements.
#include "src/interp/misc_ops.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

bool import_name_op(Thread *t, Value *R, const Instr *pc)
{
    const Function *f = frame_of(R)->function;
    Value import = item_get(t, f->builtins, N(__import__));
    if (!import) {
        if (pending_clear_if(t, EXC(KeyError)))
            raise(t, EXC(ImportError), "__import__ not found");
        return false;
    }
    Value namespace = frame_of(R)->code->flags & CODE_NAMESPACE ? R[0] : NONE;
    Value args[5] = {frame_of(R)->code->pool[pc->c], f->globals, namespace, R[pc->b], R[pc->b + 1]};
    return misc_result(R, pc, call(t, import, args, 5, 0));
}

// The sys.modules entry package.name: a submodule that is being imported circularly.
static Value submodule(Thread *t, Value module, Value name)
{
    Value package = 0;
    if (attr_find(t, module, N(__name__), &package) <= 0 || !is_str(package))
        return 0;
    Value full = str_format(t, "%U.%U", package, name);
    Value found = 0;
    if (full && t->vm->modules && dict_get(t, as_dict(t->vm->modules), full, &found) > 0)
        return found;
    return 0;
}

static Value optional_attr(Thread *t, Value o, Value name)
{
    Value v = 0;
    if (attr_find(t, o, name, &v) <= 0) {
        pending_clear(t);
        return 0;
    }
    return v;
}

static bool is_initializing(Thread *t, Value spec)
{
    Value flag = spec ? optional_attr(t, spec, N(_initializing)) : 0;
    return flag && truth(t, flag) > 0;
}

static bool raise_cannot_import(Thread *t, Value module, Value name)
{
    Value module_name = optional_attr(t, module, N(__name__)), spec = optional_attr(t, module, N(__spec__));
    Value origin = spec && spec != NONE ? optional_attr(t, spec, N(origin)) : 0;
    if (!origin || !is_str(origin))
        origin = optional_attr(t, module, N(__file__));
    bool has_origin = origin && is_str(origin);
    Value shown = module_name && is_str(module_name) ? module_name : str_from_cstr(t, "<unknown module name>");
    Value message;
    if (!shown)
        return false;
    if (is_initializing(t, spec))
        message = has_origin ? str_format(t, "cannot import name %R from partially initialized module %R (most likely due to a circular import) (%V)", name, shown, origin)
                             : str_format(t, "cannot import name %R from partially initialized module %R (most likely due to a circular import)", name, shown);
    else
        message = has_origin ? str_format(t, "cannot import name %R from %R (%V)", name, shown, origin)
                             : str_format(t, "cannot import name %R from %R (unknown location)", name, shown);
    return message ? raise_import(t, EXC(ImportError), message, shown, has_origin ? origin : 0, name) : false;
}

bool import_from_op(Thread *t, Value *R, const Instr *pc)
{
    Value module = R[pc->b], name = frame_of(R)->code->pool[pc->c], v = 0;
    int found = attr_find(t, module, name, &v);
    if (found < 0)
        return false;
    if (!found)
        v = submodule(t, module, name);
    if (v)
        return misc_result(R, pc, v);
    return is_pending(t) ? false : raise_cannot_import(t, module, name);
}

static bool star_name(Thread *t, Value module, Value name, bool from_all, Value namespace)
{
    if (!is_str(name)) {
        Value module_name = optional_attr(t, module, N(__name__));
        return raise(t, EXC(TypeError), "%s in %V.%s must be str, not %T", from_all ? "Item" : "Key", module_name ? module_name : str_empty, from_all ? "__all__" : "__dict__", name);
    }
    if (!from_all && as_str(name)->length && str_at(as_str(name), 0) == '_')
        return true;
    Value v = attr_get(t, module, name);
    return v && item_set(t, namespace, name, v);
}

bool import_star_op(Thread *t, Value *R, const Instr *pc)
{
    Value module = R[pc->a], names = 0;
    int from_all = attr_find(t, module, N(__all__), &names);
    if (from_all < 0)
        return false;
    if (!from_all) {
        Value dict = 0;
        int found = attr_find(t, module, N(__dict__), &dict);
        if (found < 0)
            return false;
        if (!found)
            return raise(t, EXC(ImportError), "from-import-* object has no __dict__ and no __all__");
        names = call_method0(t, dict, N(keys));
        if (!names)
            return false;
    }
    size_t n;
    Value *list = values_from_iterable(t, names, &n);
    if (!list)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!star_name(t, module, list[i], from_all, R[0]))
            return false;
    }
    return true;
}
