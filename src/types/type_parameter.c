// type_parameter.c: what the kinds of type parameters share: lazy values, NoDefault, constant evaluators.
#include "src/types/type_parameter.h"

#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"

// --- NoDefault ---

Object nodefault_object = {.type = &type_nodefault, .shape = SHAPE_nodefault};

static Value nodefault_repr(Thread *t, Value o)
{
    (void)o;
    return str_intern_cstr(t, "typing.NoDefault");
}

static Value nodefault_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    if (nargs || (kwnames && as_tuple(kwnames)->length))
        return raise(t, EXC(TypeError), "%N takes no arguments", cls);
    return NO_DEFAULT;
}

static Value nodefault_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)args;
    (void)nargs;
    return str_intern_cstr(t, "NoDefault");
}

static const NativeDef nodefault_methods[] = {{"__reduce__", nodefault_reduce, "($self, /)", NULL, NATIVE_PLAIN}, {0}};

Type type_nodefault = {
    TYPE_HEAD(nodefault, "NoDefaultType", &type_object, Object),
    .slots = {.repr = nodefault_repr, .new = nodefault_new},
    .methods = nodefault_methods,
};

// --- evaluators of values that are known already ---

typedef struct ConstEvaluator { Object head; Value value; } ConstEvaluator;

Value const_evaluator_new(Thread *t, Value value)
{
    ConstEvaluator *e = new_object(t, const_evaluator, ConstEvaluator);
    if (e)
        e->value = value;
    return value_of(e);
}

static Value const_repr(Thread *t, Value o)
{
    return str_format(t, "<constevaluator %R>", ((ConstEvaluator *)o)->value);
}

enum { FORMAT_STRING = 4 };   // annotationlib.Format.STRING

static Value const_text(Thread *t, Value value)
{
    StrBuilder b;
    builder_init(&b);
    if (!is_tuple(value))
        return generic_append_item(t, &b, value) ? builder_finish(t, &b) : 0;
    const Tuple *items = as_tuple(value);
    if (!builder_char(t, &b, '('))
        return 0;
    for (size_t i = 0; i < items->length; i++)
        if ((i && !builder_cstr(t, &b, ", ")) || !generic_append_item(t, &b, items->at[i]))
            return 0;
    return builder_char(t, &b, ')') ? builder_finish(t, &b) : 0;
}

static Value const_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    int32_t format;
    if (!arguments_check(t, "_typing._ConstEvaluator", nargs, kwnames, 1, 1) || !to_int32(t, args[0], &format))
        return 0;
    Value value = ((ConstEvaluator *)callee)->value;
    return format == FORMAT_STRING ? const_text(t, value) : value;
}

Type type_const_evaluator = {
    TYPE_HEAD(const_evaluator, "_typing._ConstEvaluator", &type_object, ConstEvaluator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = const_repr, .call = const_call},
};

// --- helpers ---

Value lazy_value(Thread *t, Value *field, Value evaluator, Value absent)
{
    Value value = load_acquire(field);
    if (value)
        return value;
    if (!evaluator)
        return absent;
    value = call1(t, evaluator, fixnum(1));
    if (value)
        publish(field, value);
    return value;
}

bool parameter_set_module(Thread *t, Value parameter)
{
    Value globals = hooks.current_globals ? hooks.current_globals(t) : 0;
    Value module = globals ? dict_get_known(as_dict(globals), N(__name__)) : 0;
    return instance_set(t, as_object(parameter), N(__module__), module ? module : NONE);
}

Value typing_call(Thread *t, const char *function, const Value *args, size_t nargs)
{
    Value typing = hooks.import_module(t, "typing"), name = typing ? str_intern_cstr(t, function) : 0;
    Value callee = name ? attr_get(t, typing, name) : 0;
    return callee ? call(t, callee, args, nargs, 0) : 0;
}

Value type_check(Thread *t, Value arg, const char *message)
{
    if (arg == NONE)
        return value_of(&type_none);
    if (is_type(arg))
        return arg;
    Value args[2] = {arg, str_from_cstr(t, message)};
    return args[1] ? typing_call(t, "_type_check", args, 2) : 0;
}

Value parameter_get_name(Thread *t, Value o) { (void)t; return as_parameter(o)->name; }

Value parameter_get_default(Thread *t, Value o)
{
    return lazy_value(t, &as_parameter(o)->default_value, as_parameter(o)->evaluate_default, NO_DEFAULT);
}

Value parameter_get_evaluate_default(Thread *t, Value o)
{
    const TypeParameter *p = as_parameter(o);
    if (p->evaluate_default)
        return p->evaluate_default;
    return p->default_value && p->default_value != NO_DEFAULT ? const_evaluator_new(t, p->default_value) : NONE;
}

Value parameter_has_default(Thread *t, const Value *args, size_t nargs)
{
    (void)t;
    (void)nargs;
    const TypeParameter *p = as_parameter(args[0]);
    return value_bool(p->evaluate_default || (p->default_value && p->default_value != NO_DEFAULT));
}

Value parameter_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)t;
    (void)nargs;
    return as_parameter(args[0])->name;
}

Value parameter_or(Thread *t, Value a, Value b)
{
    return union_of_checked(t, a, b);
}

Value variance_repr(Thread *t, Value o)
{
    const TypeParameter *p = as_parameter(o);
    if (p->infer_variance)
        return p->name;
    return str_format(t, "%c%U", p->covariant ? '+' : p->contravariant ? '-' : '~', p->name);
}

bool read_flags(Thread *t, const Value *flags, TypeParameter *out)
{
    int answers[3];
    for (size_t i = 0; i < 3; i++)
        if ((answers[i] = flags[i] ? truth(t, flags[i]) : 0) < 0)
            return false;
    if (answers[0] && answers[1])
        return raise(t, EXC(ValueError), "Bivariant types are not supported.");
    if (answers[2] && (answers[0] || answers[1]))
        return raise(t, EXC(ValueError), "Variance cannot be specified with infer_variance.");
    out->covariant = answers[0];
    out->contravariant = answers[1];
    out->infer_variance = answers[2];
    return true;
}
