// function.c: Python functions: their attributes and their constructor.
//
// Every field is one word that any thread may read; writers publish it. `version` gets a new number, from an atomic counter,
// whenever code, defaults or keyword defaults change, so that call caches notice.
#include "src/code/code.h"
#include "src/core/vm.h"
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static uint64_t next_version;   // atomic

static Function *as_function(Value v)
{
    return (Function *)v;
}

static void new_version(Function *f)
{
    publish(&f->version, __atomic_add_fetch(&next_version, 1, __ATOMIC_RELAXED));
}

// --- making ---

// The builtins that code with these globals sees: globals["__builtins__"], a module or dict, else what the running code sees.
static Value builtins_of(Thread *t, Value globals)
{
    Value builtins = dict_get_known(as_dict(globals), N(__builtins__));
    Value caller = builtins || !hooks.current_globals ? 0 : hooks.current_globals(t);
    if (caller)
        builtins = dict_get_known(as_dict(caller), N(__builtins__));
    if (builtins && is_instance_flag(builtins, TYPE_IS_MODULE))
        return ((Module *)builtins)->dict;
    return builtins && is_dict(builtins) ? builtins : t->vm->builtins;
}

Value function_new(Thread *t, Code *code, Value globals, Value closure)
{
    Function *f = new_object(t, function, Function);
    if (!f)
        return 0;
    f->code = code;
    f->globals = globals;
    f->builtins = builtins_of(t, globals);
    f->closure = closure;
    f->name = code->name;
    f->qualname = code->qualname;
    f->module = dict_get_known(as_dict(globals), N(__name__));
    if ((code->flags & CO_HAS_DOCSTRING) && as_tuple(code->consts)->length)
        f->doc = as_tuple(code->consts)->at[0];
    f->version = __atomic_add_fetch(&next_version, 1, __ATOMIC_RELAXED);
    return value_of(f);
}

static bool check_closure(Thread *t, const Code *code, Value closure)
{
    if (closure == NONE || !closure) {
        if (code->free_count)
            return raise(t, EXC(TypeError), "arg 5 (closure) must be tuple");
        return true;
    }
    if (!is_tuple(closure))
        return raise(t, EXC(TypeError), "arg 5 (closure) must be None or tuple");
    if (as_tuple(closure)->length != code->free_count)
        return raise(t, EXC(ValueError), "%V requires closure of length %d, not %lu", code->name, code->free_count, (uint64_t)as_tuple(closure)->length);
    for (size_t i = 0; i < as_tuple(closure)->length; i++)
        if (!is_exactly(as_tuple(closure)->at[i], &type_cell))
            return raise(t, EXC(TypeError), "arg 5 (closure) expected cell, found %T", as_tuple(closure)->at[i]);
    return true;
}

static bool check_or_none(Thread *t, Value value, bool fits, const char *message)
{
    return !value || value == NONE || fits || raise(t, EXC(TypeError), "%s", message);
}

static Value given(Value v)
{
    return v == NONE ? 0 : v;
}

static Value function_make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[6];
    (void)cls;
    BIND_ARGUMENTS(t, "function", "(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)", args, nargs, kwnames, a, return 0);
    if (!is_exactly(a[0], &type_code))
        return raise(t, EXC(TypeError), "function() argument 'code' must be code, not %T", a[0]);
    if (!is_dict(a[1]))
        return raise(t, EXC(TypeError), "function() argument 'globals' must be dict, not %T", a[1]);
    if (!check_or_none(t, a[2], a[2] && is_str(a[2]), "arg 3 (name) must be None or string") ||
        !check_or_none(t, a[3], a[3] && is_tuple(a[3]), "arg 4 (defaults) must be None or tuple") ||
        !check_closure(t, (Code *)a[0], a[4]) || !check_or_none(t, a[5], a[5] && is_dict(a[5]), "arg 6 (kwdefaults) must be None or dict"))
        return 0;
    Value made = function_new(t, (Code *)a[0], a[1], given(a[4]));
    if (!made)
        return 0;
    Function *f = as_function(made);
    if (given(a[2]))
        f->name = a[2];
    f->defaults = given(a[3]);
    f->kwdefaults = given(a[5]);
    return made;
}

// --- attributes ---

static Value or_none(Value v)
{
    return v ? v : NONE;
}

static Value get_code(Thread *t, Value o) { (void)t; return value_of(as_function(o)->code); }

static bool set_code(Thread *t, Value o, Value value)
{
    Function *f = as_function(o);
    if (!value || !is_exactly(value, &type_code))
        return raise(t, EXC(TypeError), "__code__ must be set to a code object");
    size_t cells = f->closure ? as_tuple(f->closure)->length : 0;
    if (cells != ((Code *)value)->free_count)
        return raise(t, EXC(ValueError), "%U() requires a code object with %lu free vars, not %d", f->name, (uint64_t)cells, (int)((Code *)value)->free_count);
    enum { KIND = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR };
    if (((f->code->flags ^ ((Code *)value)->flags) & KIND) &&
        !warn(t, EXC(DeprecationWarning), 1, "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)"))
        return false;
    publish(&f->code, (Code *)value);
    new_version(f);
    return true;
}

static Value get_defaults(Thread *t, Value o) { (void)t; return or_none(as_function(o)->defaults); }
static Value get_kwdefaults(Thread *t, Value o) { (void)t; return or_none(as_function(o)->kwdefaults); }

static bool set_defaults(Thread *t, Value o, Value value)
{
    if (value && value != NONE && !is_tuple(value))
        return raise(t, EXC(TypeError), "__defaults__ must be set to a tuple object");
    publish(&as_function(o)->defaults, given(value));
    new_version(as_function(o));
    return true;
}

static bool set_kwdefaults(Thread *t, Value o, Value value)
{
    if (value && value != NONE && !is_dict(value))
        return raise(t, EXC(TypeError), "__kwdefaults__ must be set to a dict object");
    publish(&as_function(o)->kwdefaults, given(value));
    new_version(as_function(o));
    return true;
}

static Value get_name(Thread *t, Value o) { (void)t; return as_function(o)->name; }
static Value get_qualname(Thread *t, Value o) { (void)t; return as_function(o)->qualname; }

static bool set_text(Thread *t, Value *field, Value value, const char *name)
{
    if (!value || !is_str(value))
        return raise(t, EXC(TypeError), "%s must be set to a string object", name);
    publish(field, value);
    return true;
}

static bool set_name(Thread *t, Value o, Value value) { return set_text(t, &as_function(o)->name, value, "__name__"); }
static bool set_qualname(Thread *t, Value o, Value value) { return set_text(t, &as_function(o)->qualname, value, "__qualname__"); }

static Value get_annotate(Thread *t, Value o) { (void)t; return or_none(as_function(o)->annotate); }

static bool set_annotate(Thread *t, Value o, Value value)
{
    if (!value)
        return raise(t, EXC(TypeError), "__annotate__ cannot be deleted");
    if (value != NONE && !is_callable(value))
        return raise(t, EXC(TypeError), "__annotate__ must be callable or None");
    publish(&as_function(o)->annotate, given(value));
    if (value != NONE)
        publish(&as_function(o)->annotations, 0);
    return true;
}

static Value get_annotations(Thread *t, Value o)
{
    Function *f = as_function(o);
    if (f->annotations)
        return f->annotations;
    Value annotations = f->annotate ? call1(t, f->annotate, fixnum(1)) : value_of(dict_new(t));
    if (!annotations)
        return 0;
    if (!is_dict(annotations))
        return raise(t, EXC(TypeError), "__annotate__ returned non-dict of type '%T'", annotations);
    publish(&f->annotations, annotations);
    return annotations;
}

static bool set_annotations(Thread *t, Value o, Value value)
{
    if (value && value != NONE && !is_dict(value))
        return raise(t, EXC(TypeError), "__annotations__ must be set to a dict object");
    publish(&as_function(o)->annotations, given(value));
    publish(&as_function(o)->annotate, 0);
    return true;
}

static Value get_type_params(Thread *t, Value o) { (void)t; return as_function(o)->type_params ? as_function(o)->type_params : tuple_empty; }

static bool set_type_params(Thread *t, Value o, Value value)
{
    if (!value || !is_tuple(value))
        return raise(t, EXC(TypeError), "__type_params__ must be set to a tuple");
    publish(&as_function(o)->type_params, value);
    return true;
}

static const GetSetDef function_getsets[] = {
    {"__code__", get_code, set_code, NULL},
    {"__defaults__", get_defaults, set_defaults, NULL},
    {"__kwdefaults__", get_kwdefaults, set_kwdefaults, NULL},
    {"__annotations__", get_annotations, set_annotations, "Dict of annotations in a function object."},
    {"__annotate__", get_annotate, set_annotate, "Get the code object for a function."},
    {"__dict__", object_get_dict, builtin_set_dict, NULL},
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__type_params__", get_type_params, set_type_params, "Get the declared type parameters for a function."},
    {0},
};

static const MemberDef function_members[] = {
    {"__closure__", MEMBER_VALUE_OR_NONE, offsetof(Function, closure), false, NULL},
    {"__doc__", MEMBER_VALUE_OR_NONE, offsetof(Function, doc), true, NULL},
    {"__globals__", MEMBER_VALUE, offsetof(Function, globals), false, NULL},
    {"__module__", MEMBER_VALUE_OR_NONE, offsetof(Function, module), true, NULL},
    {"__builtins__", MEMBER_VALUE, offsetof(Function, builtins), false, NULL},
    {0},
};

// --- slots ---

static Value function_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    return hooks.call_function(t, callee, args, nargs, kwnames);
}

static Value function_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    return instance ? method_new(t, descr, instance) : descr;
}

static Value function_repr(Thread *t, Value o)
{
    return str_format(t, "<function %U at 0x%lx>", as_function(o)->qualname, o);
}

Type type_function = {
    TYPE_HEAD(function, "function", &type_object, Function),
    .flags = TYPE_METHOD_DESCRIPTOR | TYPE_HAS_WEAKREFS,
    .attr_offset = offsetof(Function, attributes),
    .doc = "Create a function object.\n\n"
           "  code\n    a code object\n"
           "  globals\n    the globals dictionary\n"
           "  name\n    a string that overrides the name from the code object\n"
           "  argdefs\n    a tuple that specifies the default argument values\n"
           "  closure\n    a tuple that supplies the bindings for free variables\n"
           "  kwdefaults\n    a dictionary that specifies the default keyword argument values",
    .new_signature = "(code, globals, name=None, argdefs=None, closure=None,\n         kwdefaults=None)",
    .slots = {.repr = function_repr, .call = function_call, .descr_get = function_get, .new = function_make},
    .getsets = function_getsets,
    .members = function_members,
};
