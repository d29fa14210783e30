// paramspec.c: typing.ParamSpec with its .args and .kwargs, and typing.TypeVarTuple.
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_parameter.h"
#include "src/types/typing_objects.h"

static Value new_parameter(Thread *t, Type *type, Value name)
{
    TypeParameter *p = instance_new(t, type, 0);
    if (!p)
        return 0;
    p->name = name;
    p->infer_variance = true;
    return parameter_set_module(t, value_of(p)) ? value_of(p) : 0;
}

Value paramspec_new(Thread *t, Value name) { return new_parameter(t, &type_paramspec, name); }
Value typevartuple_new(Thread *t, Value name) { return new_parameter(t, &type_typevartuple, name); }

Value typeparam_set_default(Thread *t, Value parameter, Value evaluate_default)
{
    (void)t;
    publish(&as_parameter(parameter)->evaluate_default, evaluate_default);
    return parameter;
}

// --- ParamSpec ---

static Value paramspec_make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[6];
    BIND_ARGUMENTS(t, "paramspec", "(name, *, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False)", args, nargs,
                   kwnames, a, return 0);
    if (!is_str(a[0]))
        return raise(t, EXC(TypeError), "ParamSpec() argument 'name' must be str, not %T", a[0]);
    TypeParameter *p = instance_new(t, cls, 0);
    if (!p || !read_flags(t, a + 3, p))
        return 0;
    p->name = a[0];
    p->bound = a[1] == NONE ? 0 : a[1];
    p->default_value = a[2] == NO_DEFAULT ? 0 : a[2];
    return parameter_set_module(t, value_of(p)) ? value_of(p) : 0;
}

typedef struct ParamSpecPart { Object head; Value origin; } ParamSpecPart;   // P.args and P.kwargs

static Value part_new(Thread *t, Type *type, Value origin)
{
    ParamSpecPart *part = instance_new(t, type, 0);
    if (part)
        part->origin = origin;
    return value_of(part);
}

static Value part_make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[1];
    BIND_ARGUMENTS(t, "paramspecattr", "(origin)", args, nargs, kwnames, a, return 0);
    return part_new(t, cls, a[0]);
}

static Value get_args(Thread *t, Value o) { return part_new(t, &type_paramspecargs, o); }
static Value get_kwargs(Thread *t, Value o) { return part_new(t, &type_paramspeckwargs, o); }
static Value get_bound(Thread *t, Value o) { (void)t; return as_parameter(o)->bound ? as_parameter(o)->bound : NONE; }

static const GetSetDef paramspec_getsets[] = {
    {"__name__", parameter_get_name, NULL, NULL},
    {"__bound__", get_bound, NULL, NULL},
    {"__default__", parameter_get_default, NULL, NULL},
    {"evaluate_default", parameter_get_evaluate_default, NULL, NULL},
    {"args", get_args, NULL, "Represents positional arguments."},
    {"kwargs", get_kwargs, NULL, "Represents keyword arguments."},
    {"__dict__", object_get_dict, builtin_set_dict, NULL},
    {0},
};

static const MemberDef paramspec_members[] = {
    {"__covariant__", MEMBER_BOOL8, offsetof(TypeParameter, covariant), false, NULL},
    {"__contravariant__", MEMBER_BOOL8, offsetof(TypeParameter, contravariant), false, NULL},
    {"__infer_variance__", MEMBER_BOOL8, offsetof(TypeParameter, infer_variance), false, NULL},
    {0},
};

static Value paramspec_subst(Thread *t, const Value *args, size_t nargs) { (void)nargs; return typing_call(t, "_paramspec_subst", args, 2); }
static Value paramspec_prepare(Thread *t, const Value *args, size_t nargs) { (void)nargs; return typing_call(t, "_paramspec_prepare_subst", args, 3); }

static Value refuse_subclass(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return raise(t, EXC(TypeError), "Cannot subclass an instance of %s", type_short_name(type_of(args[0])));
}

static const NativeDef paramspec_methods[] = {
    {"__typing_subst__", paramspec_subst, "($self, arg, /)", NULL, NATIVE_PLAIN},
    {"__typing_prepare_subst__", paramspec_prepare, "($self, alias, args, /)", NULL, NATIVE_PLAIN},
    {"__mro_entries__", refuse_subclass, "($self, bases, /)", NULL, NATIVE_PLAIN},
    {"__reduce__", parameter_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {"has_default", parameter_has_default, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

Type type_paramspec = {
    TYPE_HEAD(paramspec, "typing.ParamSpec", &type_object, TypeParameter),
    .flags = TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(TypeParameter, attributes),
    .new_signature = "(name, *, bound=None, default=typing.NoDefault,\n          covariant=False, contravariant=False,\n          infer_variance=False)",
    .slots = {.repr = variance_repr, .bit_or = parameter_or, .new = paramspec_make},
    .methods = paramspec_methods,
    .getsets = paramspec_getsets,
    .members = paramspec_members,
};

// --- P.args, P.kwargs ---

static Value part_show(Thread *t, Value o, const char *what)
{
    Value origin = ((ParamSpecPart *)o)->origin;
    if (is_exactly(origin, &type_paramspec))
        return str_format(t, "%U.%s", as_parameter(origin)->name, what);
    return str_format(t, "%R.%s", origin, what);
}

static Value args_repr(Thread *t, Value o) { return part_show(t, o, "args"); }
static Value kwargs_repr(Thread *t, Value o) { return part_show(t, o, "kwargs"); }

static Value part_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || type_of(a) != type_of(b))
        return NOTIMPLEMENTED;
    return compare(t, ((ParamSpecPart *)a)->origin, ((ParamSpecPart *)b)->origin, op);
}

static const MemberDef part_members[] = {{"__origin__", MEMBER_VALUE, offsetof(ParamSpecPart, origin), false, NULL}, {0}};
static const NativeDef part_methods[] = {{"__mro_entries__", refuse_subclass, "($self, bases, /)", NULL, NATIVE_PLAIN}, {0}};

Type type_paramspecargs = {
    TYPE_HEAD(paramspecargs, "typing.ParamSpecArgs", &type_object, ParamSpecPart),
    .flags = TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .new_signature = "(origin)",
    .slots = {.repr = args_repr, .compare = part_compare, .hash = hash_not_implemented, .new = part_make},
    .members = part_members,
    .methods = part_methods,
};

Type type_paramspeckwargs = {
    TYPE_HEAD(paramspeckwargs, "typing.ParamSpecKwargs", &type_object, ParamSpecPart),
    .flags = TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .new_signature = "(origin)",
    .slots = {.repr = kwargs_repr, .compare = part_compare, .hash = hash_not_implemented, .new = part_make},
    .members = part_members,
    .methods = part_methods,
};

// --- TypeVarTuple ---

static Value tuple_make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "typevartuple", "(name, *, default=NoDefault)", args, nargs, kwnames, a, return 0);
    if (!is_str(a[0]))
        return raise(t, EXC(TypeError), "TypeVarTuple() argument 'name' must be str, not %T", a[0]);
    TypeParameter *p = instance_new(t, cls, 0);
    if (!p)
        return 0;
    p->name = a[0];
    p->default_value = a[1] == NO_DEFAULT ? 0 : a[1];
    return parameter_set_module(t, value_of(p)) ? value_of(p) : 0;
}

static Value tuple_repr(Thread *t, Value o)
{
    (void)t;
    return as_parameter(o)->name;
}

// *Ts is Unpack[Ts].
static Value tuple_iter(Thread *t, Value o)
{
    Value typing = hooks.import_module(t, "typing"), unpack = typing ? attr_get(t, typing, N(Unpack)) : 0;
    Value unpacked = unpack ? item_get(t, unpack, o) : 0, items = unpacked ? tuple_of(t, 1, unpacked) : 0;
    return items ? iter_get(t, items) : 0;
}

static Value tuple_subst(Thread *t, const Value *args, size_t nargs)
{
    (void)args;
    (void)nargs;
    return raise(t, EXC(TypeError), "Substitution of bare TypeVarTuple is not supported");
}

static Value tuple_prepare(Thread *t, const Value *args, size_t nargs) { (void)nargs; return typing_call(t, "_typevartuple_prepare_subst", args, 3); }

static const NativeDef tuple_methods[] = {
    {"__typing_subst__", tuple_subst, "($self, arg, /)", NULL, NATIVE_PLAIN},
    {"__typing_prepare_subst__", tuple_prepare, "($self, alias, args, /)", NULL, NATIVE_PLAIN},
    {"__mro_entries__", refuse_subclass, "($self, bases, /)", NULL, NATIVE_PLAIN},
    {"__reduce__", parameter_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {"has_default", parameter_has_default, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

static const GetSetDef tuple_getsets[] = {
    {"__name__", parameter_get_name, NULL, NULL},
    {"__default__", parameter_get_default, NULL, NULL},
    {"evaluate_default", parameter_get_evaluate_default, NULL, NULL},
    {"__dict__", object_get_dict, builtin_set_dict, NULL},
    {0},
};

Type type_typevartuple = {
    TYPE_HEAD(typevartuple, "typing.TypeVarTuple", &type_object, TypeParameter),
    .flags = TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(TypeParameter, attributes),
    .new_signature = "(name, *, default=typing.NoDefault)",
    .slots = {.repr = tuple_repr, .iter = tuple_iter, .new = tuple_make},
    .methods = tuple_methods,
    .getsets = tuple_getsets,
};
