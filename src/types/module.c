// module.c: module objects, and modules made from tables of native functions.
//
// A module's attributes live in its Dict, which has its own rules for threads. `dict` and `def` are set once.
#include "src/core/module_def.h"
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static Dict *dict_of(Value module)
{
    return as_dict(((Module *)module)->dict);
}

// --- making ---

static bool module_fill(Thread *t, Value module, Value name, Value doc)
{
    Dict *dict = dict_of(module);
    return dict_set(t, dict, N(__name__), name) && dict_set(t, dict, N(__doc__), doc) && dict_set(t, dict, N(__package__), NONE) &&
           dict_set(t, dict, N(__loader__), NONE) && dict_set(t, dict, N(__spec__), NONE);
}

Module *module_new(Thread *t, Value name)
{
    Module *m = new_object(t, module, Module);
    Dict *dict = m ? dict_new(t) : NULL;
    if (!dict)
        return NULL;
    m->dict = value_of(dict);
    return module_fill(t, value_of(m), name, NONE) ? m : NULL;
}

static Value make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    Module *m = instance_new(t, cls, 0);
    Dict *dict = m ? dict_new(t) : NULL;
    if (!dict)
        return 0;
    m->dict = value_of(dict);
    return value_of(m);
}

static bool init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "module", "(name, doc=None)", args, nargs, kwnames, a, return false);
    if (!is_str(a[0]))
        return raise(t, EXC(TypeError), "module() argument 'name' must be str, not %T", a[0]);
    return module_fill(t, self, a[0], a[1] ? a[1] : NONE);
}

// --- native modules ---

static bool add_functions(Thread *t, Value module, const ModuleDef *def, Value name)
{
    for (const NativeDef *row = def->functions; row && row->name; row++) {
        Value function = native_function_new(t, row, module, name, NULL);
        if (!function || !module_add(t, module, row->name, function))
            return false;
    }
    return true;
}

Value module_from_def(Thread *t, const ModuleDef *def)
{
    Value name = str_intern_cstr(t, def->name);
    Module *m = name ? module_new(t, name) : NULL;
    if (!m)
        return 0;
    m->def = def;
    Value module = value_of(m), doc = def->doc ? str_from_cstr(t, def->doc) : NONE;
    if (!doc || !dict_set(t, dict_of(module), N(__doc__), doc) || !add_functions(t, module, def, name))
        return 0;
    return !def->exec || def->exec(t, module) ? module : 0;
}

bool module_add(Thread *t, Value module, const char *name, Value value)
{
    Value key = value ? str_intern_cstr(t, name) : 0;
    return key && dict_set(t, dict_of(module), key, value);
}

bool module_add_type(Thread *t, Value module, Type *type)
{
    return module_add(t, module, type_short_name(type), value_of(type));
}

Value module_dict(Value module)
{
    return ((Module *)module)->dict;
}

// --- missing attributes ---

// __spec__'s _initializing: 1, 0, -1.
static int is_initializing(Thread *t, Value spec)
{
    Value flag;
    int found = spec && spec != NONE ? attr_find(t, spec, N(_initializing), &flag) : 0;
    return found > 0 ? truth(t, flag) : found;
}

// Does the spec list name among the submodules that are being imported?
static int is_uninitialized_submodule(Thread *t, Value spec, Value name)
{
    Value names;
    int found = spec && spec != NONE ? attr_find(t, spec, N(_uninitialized_submodules), &names) : 0;
    return found > 0 ? item_contains(t, names, name) : found;
}

// Where the module comes from, a Str, or 0.
static Value origin_of(Thread *t, Value spec, bool *failed)
{
    Value has_location, origin;
    int found = spec && spec != NONE ? attr_find(t, spec, N(has_location), &has_location) : 0;
    int answer = found > 0 ? truth(t, has_location) : found;
    if (answer > 0)
        answer = attr_find(t, spec, N(origin), &origin);
    *failed = answer < 0;
    return answer > 0 && is_str(origin) ? origin : 0;
}

static Value raise_missing(Thread *t, Value module, Value module_name, Value name, Value spec)
{
    bool failed;
    Value origin = origin_of(t, spec, &failed);
    if (failed)
        return 0;
    int shadows = hooks.module_shadows_library ? hooks.module_shadows_library(t, module_name, origin) : 0;
    if (shadows < 0)
        return 0;
    if (shadows == 1)
        return raise_attribute_text(t, module, name,
                                    "module '%U' has no attribute '%U' (consider renaming '%U' since it has the same name as the standard "
                                    "library module named '%U' and prevents importing that standard library module)",
                                    module_name, name, origin, module_name);
    int initializing = is_initializing(t, spec);
    if (initializing > 0 && shadows == 2)
        return raise_attribute_text(t, module, name,
                                    "module '%U' has no attribute '%U' (consider renaming '%U' if it has the same name as a library you intended to import)",
                                    module_name, name, origin);
    if (initializing > 0 && origin)
        return raise_attribute_text(t, module, name, "partially initialized module '%U' from '%U' has no attribute '%U' (most likely due to a circular import)",
                                    module_name, origin, name);
    if (initializing > 0)
        return raise_attribute_text(t, module, name, "partially initialized module '%U' has no attribute '%U' (most likely due to a circular import)", module_name, name);
    int submodule = initializing < 0 ? -1 : is_uninitialized_submodule(t, spec, name);
    if (submodule < 0)
        return 0;
    if (submodule)
        return raise_attribute_text(t, module, name, "cannot access submodule '%U' of module '%U' (most likely due to a circular import)", name, module_name);
    return raise_attribute_text(t, module, name, "module '%U' has no attribute '%U'", module_name, name);
}

static Value missing_attribute(Thread *t, Value module, Value name)
{
    Dict *dict = dict_of(module);
    Value hook = dict_get_known(dict, N(__getattr__));
    if (hook)
        return call1(t, hook, name);
    Value module_name = dict_get_known(dict, N(__name__));
    if (!module_name || !is_str(module_name))
        return raise_attribute_text(t, module, name, "module has no attribute '%U'", name);
    return raise_missing(t, module, module_name, name, dict_get_known(dict, N(__spec__)));
}

Value module_attr_get(Thread *t, Value module, Value name)
{
    name = name_check(t, name);
    if (!name)
        return 0;
    Value result;
    if (likely(module_attr_find(t, module, name, &result) > 0))
        return result;
    return is_pending(t) ? 0 : missing_attribute(t, module, name);
}

// The generic rules without a module's __getattr__: data descriptors of the type, the dict, other attributes of the type.
int module_attr_find(Thread *t, Value module, Value name, Value *out)
{
    if (likely(as_object(module)->type == &type_module)) {
        Value own = dict_get_known(dict_of(module), name);
        if (likely(own != 0) && !dict_get_known(as_dict(type_module.attributes), name)) {
            *out = own;
            return 1;
        }
    }
    return attr_generic_find(t, module, name, out);
}

// --- attributes ---

static Value get_dict(Thread *t, Value o)
{
    (void)t;
    return ((Module *)o)->dict;
}

static Value get_annotate(Thread *t, Value o)
{
    Value annotate = dict_get_known(dict_of(o), N(__annotate__));
    if (annotate)
        return annotate;
    return dict_set(t, dict_of(o), N(__annotate__), NONE) ? NONE : 0;
}

static bool set_annotate(Thread *t, Value o, Value value)
{
    if (!value)
        return raise(t, EXC(TypeError), "cannot delete __annotate__ attribute");
    if (value != NONE && !is_callable(value))
        return raise(t, EXC(TypeError), "__annotate__ must be callable or None");
    if (!dict_set(t, dict_of(o), N(__annotate__), value))
        return false;
    return value == NONE || dict_delete(t, dict_of(o), N(__annotations__)) >= 0;
}

static Value get_annotations(Thread *t, Value o)
{
    Dict *dict = dict_of(o);
    Value annotations = dict_get_known(dict, N(__annotations__));
    if (annotations)
        return annotations;
    Value annotate = dict_get_known(dict, N(__annotate__));
    annotations = annotate && is_callable(annotate) ? call1(t, annotate, fixnum(1)) : value_of(dict_new(t));
    if (!annotations)
        return 0;
    if (!is_dict(annotations))
        return raise(t, EXC(TypeError), "__annotate__ returned non-dict of type '%T'", annotations);
    int initializing = is_initializing(t, dict_get_known(dict, N(__spec__)));
    if (initializing < 0 || (!initializing && !dict_set(t, dict, N(__annotations__), annotations)))
        return 0;
    return annotations;
}

static bool set_annotations(Thread *t, Value o, Value value)
{
    Dict *dict = dict_of(o);
    if (value)
        return dict_set(t, dict, N(__annotations__), value) && dict_delete(t, dict, N(__annotate__)) >= 0;
    int deleted = dict_delete(t, dict, N(__annotations__));
    if (deleted == 0)
        raise_with(t, EXC(AttributeError), N(__annotations__));
    return deleted > 0 && dict_delete(t, dict, N(__annotate__)) >= 0;
}

static const GetSetDef getsets[] = {
    {"__dict__", get_dict, NULL, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__annotate__", get_annotate, set_annotate, NULL},
    {0},
};

static Value repr(Thread *t, Value o)
{
    Value importlib = hooks.import_module ? hooks.import_module(t, "_frozen_importlib") : 0;
    Value function = importlib ? attr_get(t, importlib, N(_module_repr)) : 0;
    if (function)
        return call1(t, function, o);
    pending_clear(t);
    Value name = dict_get_known(dict_of(o), N(__name__));
    return name ? str_format(t, "<module %R>", name) : str_format(t, "<module '?'>");
}

static Value method_dir(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value dict = attr_get(t, args[0], N(__dict__));
    if (!dict)
        return 0;
    if (!is_dict(dict))
        return raise(t, EXC(TypeError), "%R.__dict__ is not a dictionary", args[0]);
    Value hook = dict_get_known(as_dict(dict), N(__dir__));
    return hook ? call0(t, hook) : dict_keys_list(t, as_dict(dict));
}

static const NativeDef methods[] = {
    {"__dir__", method_dir, "($self, /)", "__dir__() -> list\nspecialized dir() implementation", NATIVE_PLAIN},
    {0},
};

Type type_module = {
    TYPE_HEAD(module, "module", &type_object, Module),
    .flags = TYPE_BASE | TYPE_IS_MODULE | TYPE_HAS_WEAKREFS,
    .doc = "Create a module object.\n\nThe name must be a string; the optional docstring can have any type.",
    .new_signature = "(name, doc=None)",
    .slots = {.repr = repr, .getattr = module_attr_get, .new = make, .init = init},
    .methods = methods,
    .getsets = getsets,
};
