// type.c: the type `type`: calling classes, making and initialising classes.
#include "src/ops/ops.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static size_t keyword_count(Value kwnames)
{
    return kwnames ? as_tuple(kwnames)->length : 0;
}

Value type_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    Type *cls = as_type(callee);
    if (unlikely(cls == &type_type)) {
        if (nargs == 1 && !keyword_count(kwnames))
            return value_of(type_of(args[0]));
        if (nargs != 3)
            return raise(t, EXC(TypeError), "type() takes 1 or 3 arguments");
    }
    if (unlikely(!cls->slots.new || type_has_flag(cls, TYPE_DISALLOW_NEW)))
        return raise(t, EXC(TypeError), "cannot create '%s' instances", cls->name);
    Value made = cls->slots.new(t, cls, args, nargs, kwnames);
    if (!made)
        return 0;
    Type *type = type_of(made);
    if (type != cls && !type_is_subtype(type, cls))
        return made;
    InitFn init = type->slots.init;
    return !init || init(t, made, args, nargs, kwnames) ? made : 0;
}

static bool type_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)self;
    (void)args;
    if (nargs == 1 && keyword_count(kwnames))
        return raise(t, EXC(TypeError), "type.__init__() takes no keyword arguments");
    if (nargs != 1 && nargs != 3)
        return raise(t, EXC(TypeError), "type.__init__() takes 1 or 3 arguments");
    return true;
}

static Value type_or(Thread *t, Value a, Value b)
{
    return union_of(t, a, b);
}

// --- __new__ of builtin types: a builtin function bound to its type ---

// The most derived builtin type that a class stands on.
static Type *static_base(Type *type)
{
    while (type->base && type->slots.new == dispatch_new)
        type = type->base;
    return type;
}

static Value new_wrapper_call(Thread *t, const Value *args, size_t nargs)
{
    (void)args;
    (void)nargs;
    return raise(t, EXC(SystemError), "__new__ called without its type");
}

static const NativeDef new_def = {
    "__new__", new_wrapper_call, "(*args, **kwargs)", "Create and return a new object.  See help(type) for accurate signature.", NATIVE_PLAIN};

Value type_new_wrapper(Thread *t, Type *type)
{
    NativeFunction *f = new_object(t, builtin_function, NativeFunction);
    if (!f)
        return 0;
    f->def = &new_def;
    f->self = value_of(type);
    f->owner = type;
    return value_of(f);
}

Type *type_new_wrapper_owner(Value function)
{
    if (!is_exactly(function, &type_builtin_function) || ((NativeFunction *)function)->def != &new_def)
        return NULL;
    return ((NativeFunction *)function)->owner;
}

// owner.__new__(cls, …): cls must be a subtype whose layout owner's constructor makes.
Value type_new_wrapper_call(Thread *t, Type *owner, const Value *args, size_t nargs, Value kwnames)
{
    if (!nargs)
        return raise(t, EXC(TypeError), "%N.__new__(): not enough arguments", owner);
    if (!is_type(args[0]))
        return raise(t, EXC(TypeError), "%N.__new__(X): X is not a type object (%T)", owner, args[0]);
    Type *cls = as_type(args[0]);
    if (!type_is_subtype(cls, owner))
        return raise(t, EXC(TypeError), "%N.__new__(%N): %N is not a subtype of %N", owner, cls, cls, owner);
    Type *base = static_base(cls);
    if (type_has_flag(base, TYPE_DISALLOW_NEW))
        return raise(t, EXC(TypeError), "cannot create '%s' instances", base->name);
    if (base->slots.new != owner->slots.new)
        return raise(t, EXC(TypeError), "%N.__new__(%N) is not safe, use %N.__new__()", owner, cls, base);
    return owner->slots.new(t, cls, args + 1, nargs - 1, kwnames);
}

Type type_type = {
    TYPE_HEAD(type, "type", &type_object, Type),
    .flags = TYPE_BASE | TYPE_IS_TYPE | TYPE_HAS_WEAKREFS,
    .doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    .new_signature = NULL,
    .slots = {
        .repr = type_show,
        .call = type_call,
        .getattr = type_attr_get,
        .setattr = type_attr_set,
        .new = type_new_class,
        .init = type_init,
        .bit_or = type_or,
    },
    .methods = type_methods,
    .getsets = type_getsets,
};
