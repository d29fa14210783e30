// typevar.c: typing.TypeVar.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_parameter.h"
#include "src/types/typing_objects.h"

Value typevar_new(Thread *t, Value name, Value evaluate_bound, Value evaluate_constraints)
{
    TypeParameter *p = instance_new(t, &type_typevar, 0);
    if (!p)
        return 0;
    p->name = name;
    p->evaluate_bound = evaluate_bound;
    p->evaluate_constraints = evaluate_constraints;
    p->infer_variance = true;
    return parameter_set_module(t, value_of(p)) ? value_of(p) : 0;
}

// Constraints as given to the constructor: types, or strings and such that typing makes into types.
static Value check_constraints(Thread *t, const Value *items, size_t n)
{
    Tuple *checked = tuple_alloc(t, n);
    for (size_t i = 0; checked && i < n; i++)
        if (!(checked->at[i] = type_check(t, items[i], "TypeVar(name, constraint, ...): constraints must be types.")))
            return 0;
    return value_of(checked);
}

static bool fill(Thread *t, TypeParameter *p, const Value *a, const Value *constraints, size_t count)
{
    if (!is_str(a[0]))
        return raise(t, EXC(TypeError), "TypeVar() argument 'name' must be str, not %T", a[0]);
    p->name = a[0];
    Value flags[3] = {a[3], a[4], a[5]};
    if (!read_flags(t, flags, p))
        return false;
    if (count == 1)
        return raise(t, EXC(TypeError), "A single constraint is not allowed");
    if (a[1] && a[1] != NONE) {
        if (count)
            return raise(t, EXC(TypeError), "Constraints cannot be combined with bound=...");
        if (!(p->bound = type_check(t, a[1], "Bound must be a type.")))
            return false;
    }
    if (count && !(p->constraints = check_constraints(t, constraints, count)))
        return false;
    p->default_value = a[2] == NO_DEFAULT ? 0 : a[2];
    return parameter_set_module(t, value_of(p));
}

static Value make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[6];
    BIND_ARGUMENTS(t, "typevar", "(name, *constraints, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False)",
                   args, nargs, kwnames, a, return 0);
    TypeParameter *p = instance_new(t, cls, 0);
    return p && fill(t, p, a, args + 1, nargs > 1 ? nargs - 1 : 0) ? value_of(p) : 0;
}

static Value get_bound(Thread *t, Value o) { return lazy_value(t, &as_parameter(o)->bound, as_parameter(o)->evaluate_bound, NONE); }
static Value get_constraints(Thread *t, Value o) { return lazy_value(t, &as_parameter(o)->constraints, as_parameter(o)->evaluate_constraints, tuple_empty); }

static Value get_evaluate_bound(Thread *t, Value o)
{
    const TypeParameter *p = as_parameter(o);
    if (p->evaluate_bound)
        return p->evaluate_bound;
    return p->bound ? const_evaluator_new(t, p->bound) : NONE;
}

static Value get_evaluate_constraints(Thread *t, Value o)
{
    const TypeParameter *p = as_parameter(o);
    if (p->evaluate_constraints)
        return p->evaluate_constraints;
    return p->constraints ? const_evaluator_new(t, p->constraints) : NONE;
}

static const GetSetDef getsets[] = {
    {"__name__", parameter_get_name, NULL, NULL},
    {"__bound__", get_bound, NULL, NULL},
    {"__constraints__", get_constraints, NULL, NULL},
    {"__default__", parameter_get_default, NULL, NULL},
    {"evaluate_bound", get_evaluate_bound, NULL, NULL},
    {"evaluate_constraints", get_evaluate_constraints, NULL, NULL},
    {"evaluate_default", parameter_get_evaluate_default, NULL, NULL},
    {"__dict__", object_get_dict, builtin_set_dict, NULL},
    {0},
};

static const MemberDef members[] = {
    {"__covariant__", MEMBER_BOOL8, offsetof(TypeParameter, covariant), false, NULL},
    {"__contravariant__", MEMBER_BOOL8, offsetof(TypeParameter, contravariant), false, NULL},
    {"__infer_variance__", MEMBER_BOOL8, offsetof(TypeParameter, infer_variance), false, NULL},
    {0},
};

static Value method_subst(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return typing_call(t, "_typevar_subst", args, 2);
}

// Without an argument for it the default is used.
static Value method_prepare_subst(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value parameters = attr_get(t, args[1], N(__parameters__));
    if (!parameters)
        return 0;
    int64_t index = -1;
    for (size_t i = 0; is_tuple(parameters) && i < as_tuple(parameters)->length && index < 0; i++)
        if (as_tuple(parameters)->at[i] == args[0])
            index = (int64_t)i;
    size_t given = as_tuple(args[2])->length;
    if (index < 0 || (size_t)index < given)
        return args[2];
    if ((size_t)index == given) {
        Value value = parameter_get_default(t, args[0]);
        if (!value)
            return 0;
        if (value != NO_DEFAULT) {
            Value pair = tuple_of(t, 1, value);
            return pair ? binary_op(t, BINARY_ADD, args[2], pair) : 0;
        }
    }
    return raise(t, EXC(TypeError), "Too few arguments for %R; actual %lu, expected at least %lu", args[1], (uint64_t)given, (uint64_t)index + 1);
}

static Value method_mro_entries(Thread *t, const Value *args, size_t nargs)
{
    (void)args;
    (void)nargs;
    return raise(t, EXC(TypeError), "Cannot subclass an instance of TypeVar");
}

static const NativeDef methods[] = {
    {"__typing_subst__", method_subst, "($self, arg, /)", NULL, NATIVE_PLAIN},
    {"__typing_prepare_subst__", method_prepare_subst, "($self, alias, args, /)", NULL, NATIVE_PLAIN},
    {"__mro_entries__", method_mro_entries, "($self, bases, /)", NULL, NATIVE_PLAIN},
    {"__reduce__", parameter_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {"has_default", parameter_has_default, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

Type type_typevar = {
    TYPE_HEAD(typevar, "typing.TypeVar", &type_object, TypeParameter),
    .flags = TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(TypeParameter, attributes),
    .new_signature = "(name, *constraints, bound=None, default=typing.NoDefault,\n         covariant=False, contravariant=False, infer_variance=False)",
    .slots = {.repr = variance_repr, .bit_or = parameter_or, .new = make},
    .methods = methods,
    .getsets = getsets,
    .members = members,
};
