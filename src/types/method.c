// method.c: bound methods of Python functions and other callables. Immutable.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static Method *as_method(Value v)
{
    return (Method *)v;
}

Value method_new(Thread *t, Value function, Value self)
{
    Method *m = new_object(t, method, Method);
    if (!m)
        return 0;
    m->function = function;
    m->self = self;
    return value_of(m);
}

static Value method_make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)cls;
    if (!arguments_check(t, "method", nargs, kwnames, 2, 2))
        return 0;
    if (!is_callable(args[0]))
        return raise(t, EXC(TypeError), "first argument must be callable");
    if (args[1] == NONE)
        return raise(t, EXC(TypeError), "instance must not be None");
    return method_new(t, args[0], args[1]);
}

static Value method_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    return call_prepend(t, as_method(callee)->function, as_method(callee)->self, args, nargs, kwnames);
}

// Attributes that the method type has not come from the function.
static Value method_getattr(Thread *t, Value o, Value name)
{
    name = name_check(t, name);
    if (!name)
        return 0;
    Value descr = type_lookup(type_of(o), name);
    if (!descr)
        return attr_get(t, as_method(o)->function, name);
    DescrGetFn get = type_of(descr)->slots.descr_get;
    return get ? get(t, descr, o, value_of(type_of(o))) : descr;
}

static Value method_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)t;
    (void)instance;
    (void)type;
    return descr;                            // already bound
}

static Value method_repr(Thread *t, Value o)
{
    Value name;
    int found = attr_find(t, as_method(o)->function, N(__qualname__), &name);
    if (!found)
        found = attr_find(t, as_method(o)->function, N(__name__), &name);
    if (found < 0)
        return 0;
    if (found && is_str(name))
        return str_format(t, "<bound method %U of %R>", name, as_method(o)->self);
    return str_format(t, "<bound method ? of %R>", as_method(o)->self);
}

static Value method_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_method) || !is_exactly(b, &type_method))
        return NOTIMPLEMENTED;
    int same = as_method(a)->self == as_method(b)->self ? values_equal(t, as_method(a)->function, as_method(b)->function) : 0;
    return same < 0 ? 0 : value_bool(same == (op == CMP_EQ));
}

static bool method_hash(Thread *t, Value o, Hash *out)
{
    Hash function;
    if (!value_hash(t, as_method(o)->function, &function))
        return false;
    Hash hash = (Hash)(as_method(o)->self >> 4 | as_method(o)->self << 60) ^ function;
    *out = hash == -1 ? -2 : hash;
    return true;
}

static Value get_doc(Thread *t, Value o)
{
    return attr_get(t, as_method(o)->function, N(__doc__));
}

static const GetSetDef method_getsets[] = {{"__doc__", get_doc, NULL, NULL}, {0}};

static const MemberDef method_members[] = {
    {"__func__", MEMBER_VALUE, offsetof(Method, function), false, "the function (or other callable) implementing a method"},
    {"__self__", MEMBER_VALUE, offsetof(Method, self), false, "the instance to which a method is bound"},
    {0},
};

static Value method_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value builtins = hooks.import_module(t, "builtins");
    Value getattr = builtins ? attr_get(t, builtins, N(getattr)) : 0;
    Value name = getattr ? attr_get(t, as_method(args[0])->function, N(__name__)) : 0;
    Value pair = name ? tuple_pair(t, as_method(args[0])->self, name) : 0;
    return pair ? tuple_pair(t, getattr, pair) : 0;
}

static const NativeDef method_methods[] = {
    {"__reduce__", method_reduce, "($self, /)", "Return state information for pickling", NATIVE_PLAIN},
    {0},
};

Type type_method = {
    TYPE_HEAD(method, "method", &type_object, Method),
    .flags = TYPE_HAS_WEAKREFS,
    .new_signature = "(function, instance, /)",
    .slots = {
        .repr = method_repr,
        .hash = method_hash,
        .compare = method_compare,
        .call = method_call,
        .getattr = method_getattr,
        .descr_get = method_get,
        .new = method_make,
    },
    .methods = method_methods,
    .getsets = method_getsets,
    .members = method_members,
};
