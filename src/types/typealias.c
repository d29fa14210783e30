// typealias.c: the type statement's TypeAliasType, and typing.Generic.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_parameter.h"
#include "src/types/typing_objects.h"

typedef struct TypeAlias {
    Object head;
    Value name;
    Value type_params;            // tuple
    Value evaluator;              // or 0: value was given
    Value value;                  // 0 until evaluated
    Value module;                 // or 0
} TypeAlias;

static TypeAlias *as_type_alias(Value v)
{
    return (TypeAlias *)v;
}

static Value current_module(Thread *t)
{
    Value globals = hooks.current_globals ? hooks.current_globals(t) : 0;
    return globals ? dict_get_known(as_dict(globals), N(__name__)) : 0;
}

static Value alias_new(Thread *t, Value name, Value type_params, Value evaluator, Value value)
{
    TypeAlias *alias = new_object(t, typealias, TypeAlias);
    if (!alias)
        return 0;
    alias->name = name;
    alias->type_params = type_params && type_params != NONE ? type_params : tuple_empty;
    alias->evaluator = evaluator;
    alias->value = value;
    alias->module = current_module(t);
    return value_of(alias);
}

Value typealias_new(Thread *t, Value name, Value type_params, Value evaluate_value)
{
    return alias_new(t, name, type_params, evaluate_value, 0);
}

static int has_default(Thread *t, Value parameter)
{
    Value answer = call_method0(t, parameter, N(has_default));
    return answer ? truth(t, answer) : -1;
}

// Parameters without a default must not follow ones that have one.
static bool check_params(Thread *t, Value params)
{
    if (!is_tuple(params))
        return raise(t, EXC(TypeError), "type_params must be a tuple");
    bool seen = false;
    for (size_t i = 0; i < as_tuple(params)->length; i++) {
        Value parameter = as_tuple(params)->at[i];
        Type *type = type_of(parameter);
        if (type != &type_typevar && type != &type_paramspec && type != &type_typevartuple)
            return raise(t, EXC(TypeError), "Expected a type param, got %R", parameter);
        int answer = has_default(t, parameter);
        if (answer < 0)
            return false;
        if (!answer && seen)
            return raise(t, EXC(TypeError), "non-default type parameter '%R' follows default type parameter", parameter);
        seen |= answer;
    }
    return true;
}

static Value make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[3];
    (void)cls;
    BIND_ARGUMENTS(t, "typealias", "(name, value, *, type_params=())", args, nargs, kwnames, a, return 0);
    if (!is_str(a[0]))
        return raise(t, EXC(TypeError), "typealias() argument 'name' must be str, not %T", a[0]);
    if (a[2] && !check_params(t, a[2]))
        return 0;
    return alias_new(t, a[0], a[2], 0, a[1]);
}

static Value get_value(Thread *t, Value o) { return lazy_value(t, &as_type_alias(o)->value, as_type_alias(o)->evaluator, NONE); }

static Value get_evaluate_value(Thread *t, Value o)
{
    return as_type_alias(o)->evaluator ? as_type_alias(o)->evaluator : const_evaluator_new(t, as_type_alias(o)->value);
}

// __parameters__: TypeVarTuples stand unpacked.
static Value get_parameters(Thread *t, Value o)
{
    const Tuple *params = as_tuple(as_type_alias(o)->type_params);
    Tuple *result = tuple_alloc(t, params->length);
    for (size_t i = 0; result && i < params->length; i++) {
        Value parameter = params->at[i];
        if (is_exactly(parameter, &type_typevartuple)) {
            Value it = iter_get(t, parameter);
            parameter = it ? iter_next(t, it) : 0;
            if (!parameter)
                return 0;
        }
        result->at[i] = parameter;
    }
    return value_of(result);
}

static Value get_module(Thread *t, Value o)
{
    (void)t;
    const TypeAlias *alias = as_type_alias(o);
    if (alias->evaluator && is_exactly(alias->evaluator, &type_function)) {
        Value module = ((Function *)alias->evaluator)->module;
        return module ? module : NONE;
    }
    return alias->module ? alias->module : NONE;
}

static Value get_name(Thread *t, Value o) { (void)t; return as_type_alias(o)->name; }
static Value get_type_params(Thread *t, Value o) { (void)t; return as_type_alias(o)->type_params; }

static const GetSetDef getsets[] = {
    {"__name__", get_name, NULL, NULL},
    {"__parameters__", get_parameters, NULL, NULL},
    {"__type_params__", get_type_params, NULL, NULL},
    {"__value__", get_value, NULL, NULL},
    {"evaluate_value", get_evaluate_value, NULL, NULL},
    {"__module__", get_module, NULL, NULL},
    {0},
};

static Value repr(Thread *t, Value o)
{
    (void)t;
    return as_type_alias(o)->name;
}

static Value getitem(Thread *t, Value o, Value item)
{
    if (!as_tuple(as_type_alias(o)->type_params)->length)
        return raise(t, EXC(TypeError), "Only generic type aliases are subscriptable");
    return generic_alias_new(t, o, is_tuple(item) ? item : tuple_of(t, 1, item));
}

static Value alias_or(Thread *t, Value a, Value b)
{
    return union_of_checked(t, a, b);
}

static Value alias_iter(Thread *t, Value o)
{
    Value typing = hooks.import_module(t, "typing"), unpack = typing ? attr_get(t, typing, N(Unpack)) : 0;
    Value unpacked = unpack ? item_get(t, unpack, o) : 0, items = unpacked ? tuple_of(t, 1, unpacked) : 0;
    return items ? iter_get(t, items) : 0;
}

static Value method_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)t;
    (void)nargs;
    return as_type_alias(args[0])->name;
}

static const NativeDef methods[] = {{"__reduce__", method_reduce, "($self, /)", NULL, NATIVE_PLAIN}, {0}};

Type type_typealias = {
    TYPE_HEAD(typealias, "typing.TypeAliasType", &type_object, TypeAlias),
    .flags = TYPE_HAS_WEAKREFS,
    .new_signature = "(name, value, *, type_params=())",
    .slots = {.repr = repr, .iter = alias_iter, .getitem = getitem, .bit_or = alias_or, .new = make},
    .methods = methods,
    .getsets = getsets,
};

// --- Generic ---

// Calls typing.<function>(cls, *args, **kwargs) for a classmethod of Generic.
static Value through_typing(Thread *t, const char *function, const Value *args, size_t nargs, Value kwargs)
{
    Value typing = hooks.import_module(t, "typing"), name = typing ? str_intern_cstr(t, function) : 0;
    Value callee = name ? attr_get(t, typing, name) : 0, all = callee ? tuple_from(t, args, nargs) : 0;
    return all ? call_tuple_dict(t, callee, all, kwargs) : 0;
}

// args: cls, the **kwargs Dict or 0, then *args.
static Value spread(Thread *t, const char *function, const Value *args, size_t nargs)
{
    Tuple *all = tuple_alloc(t, nargs - 1);
    if (!all)
        return 0;
    all->at[0] = args[0];
    for (size_t i = 2; i < nargs; i++)
        all->at[i - 1] = args[i];
    return through_typing(t, function, all->at, nargs - 1, args[1]);
}

static Value generic_class_getitem(Thread *t, const Value *args, size_t nargs) { return spread(t, "_generic_class_getitem", args, nargs); }
static Value generic_init_subclass(Thread *t, const Value *args, size_t nargs) { return spread(t, "_generic_init_subclass", args, nargs); }

static const NativeDef generic_methods[] = {
    {"__class_getitem__", generic_class_getitem, "($cls, /, *args, **kwargs)", "Parameterizes a generic class.", NATIVE_CLASS},
    {"__init_subclass__", generic_init_subclass, "($cls, /, *args, **kwargs)", "Function to initialize subclasses.", NATIVE_CLASS},
    {0},
};

Value generic_subscript(Thread *t, Value parameters)
{
    const Tuple *given = as_tuple(parameters);
    Tuple *unpacked = tuple_alloc(t, given->length);
    for (size_t i = 0; unpacked && i < given->length; i++) {
        unpacked->at[i] = given->at[i];
        if (is_exactly(given->at[i], &type_typevartuple)) {
            Value it = iter_get(t, given->at[i]);
            if (!it || !(unpacked->at[i] = iter_next(t, it)))
                return 0;
        }
    }
    if (!unpacked)
        return 0;
    Value args[2] = {value_of(&type_generic), value_of(unpacked)};
    return typing_call(t, "_GenericAlias", args, 2);
}

Type type_generic = {
    TYPE_HEAD(generic, "typing.Generic", &type_object, Object),
    .flags = TYPE_BASE,
    .doc = "Abstract base class for generic types.\n\n"
           "On Python 3.12 and newer, generic classes implicitly inherit from\n"
           "Generic when they declare a parameter list after the class's name::\n\n"
           "    class Mapping[KT, VT]:\n        def __getitem__(self, key: KT) -> VT:\n            ...\n            # Etc.\n\n"
           "On older versions of Python, however, generic classes have to\nexplicitly inherit from Generic.\n\n"
           "After a class has been declared to be generic, it can then be used as\nfollows::\n\n"
           "    def lookup_name[KT, VT](mapping: Mapping[KT, VT], key: KT, default: VT) -> VT:\n"
           "        try:\n            return mapping[key]\n        except KeyError:\n            return default\n",
    .methods = generic_methods,
};
