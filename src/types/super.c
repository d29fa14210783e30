// super.c: super objects. Set once by __init__; immutable afterwards.
#include "src/code/code.h"
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/super.h"
#include "src/types/type_internal.h"

static Super *as_super(Value v)
{
    return (Super *)v;
}

// Which class's MRO is searched: object itself when it is a subclass of type, else the class of object. Null: error.
static Type *check_object(Thread *t, Type *type, Value object)
{
    if (is_type(object) && type_is_subtype(as_type(object), type))
        return as_type(object);
    Type *own = type_of(object);
    if (type_is_subtype(own, type))
        return own;
    Value claimed;
    int found = attr_find(t, object, N(__class__), &claimed);
    if (found < 0)
        return NULL;
    if (found && is_type(claimed) && as_type(claimed) != own && type_is_subtype(as_type(claimed), type))
        return as_type(claimed);
    if (is_type(object))
        return RAISE_NULL(t, EXC(TypeError), "super(type, obj): obj (type %N) is not an instance or subtype of type (%N).", as_type(object), type);
    return RAISE_NULL(t, EXC(TypeError), "super(type, obj): obj (instance of %T) is not an instance or subtype of type (%N).", object, type);
}

// --- lookup ---

// Position behind `type` in the MRO; its length when type is not there.
static size_t position_behind(const Tuple *mro, const Type *type)
{
    for (size_t i = 0; i < mro->length; i++)
        if (mro->at[i] == value_of(type))
            return i + 1;
    return mro->length;
}

Value super_find(Type *start, Type *type, Value name)
{
    Value order = load_acquire(&start->mro);
    if (!order)
        return 0;                            // the class is just being made
    const Tuple *mro = as_tuple(order);
    for (size_t i = position_behind(mro, type); i < mro->length; i++) {
        Value found = dict_get_known(as_dict(as_type(mro->at[i])->attributes), name);
        if (found)
            return found;
    }
    return 0;
}

static Value bind(Thread *t, Value found, Value object, Type *start)
{
    DescrGetFn get = type_of(found)->slots.descr_get;
    return get ? get(t, found, object == value_of(start) ? 0 : object, value_of(start)) : found;
}

static Value super_getattr(Thread *t, Value o, Value name)
{
    Super *s = as_super(o);
    name = name_check(t, name);
    if (!name)
        return 0;
    if (!s->object_type || name == N(__class__))
        return attr_generic_get(t, o, name);
    Value found = super_find(s->object_type, s->type, name);
    return found ? bind(t, found, s->object, s->object_type) : attr_generic_get(t, o, name);
}

Value super_attribute(Thread *t, Value super, Value cls, Value self, Value name, Value *out_self)
{
    if (out_self)
        *out_self = 0;
    if (super != value_of(&type_super)) {
        Value made = call2(t, super, cls, self);
        return made ? attr_get(t, made, name) : 0;
    }
    if (!is_type(cls))
        return raise(t, EXC(TypeError), "super() argument 1 must be a type, not %T", cls);
    Type *start = check_object(t, as_type(cls), self);
    if (!start)
        return 0;
    Value found = name == N(__class__) ? 0 : super_find(start, as_type(cls), name);
    if (!found) {
        Value made = super_new(t, as_type(cls), self);
        return made ? attr_get(t, made, name) : 0;
    }
    if (out_self && self != value_of(start) && type_has_flag(type_of(found), TYPE_METHOD_DESCRIPTOR)) {
        *out_self = self;
        return found;
    }
    return bind(t, found, self, start);
}

// --- making ---

static bool super_fill(Thread *t, Super *s, Type *type, Value object)
{
    Type *start = NULL;
    if (object && object != NONE && !(start = check_object(t, type, object)))
        return false;
    s->type = type;
    s->object = start ? object : 0;
    publish(&s->object_type, start);
    return true;
}

Value super_new(Thread *t, Type *type, Value object)
{
    Super *s = new_object(t, super, Super);
    return s && super_fill(t, s, type, object) ? value_of(s) : 0;
}

static Value super_make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    return value_of(instance_new(t, cls, 0));
}

static bool super_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length)
        return raise(t, EXC(TypeError), "super() takes no keyword arguments");
    if (nargs > 2)
        return raise(t, EXC(TypeError), "super() expected at most 2 arguments, got %lu", (uint64_t)nargs);
    Value from_frame[2];
    if (!nargs) {
        if (!hooks.super_arguments)
            return raise(t, EXC(RuntimeError), "super(): no current frame");
        if (!hooks.super_arguments(t, from_frame))
            return false;
        args = from_frame;
        nargs = 2;
    }
    if (!is_type(args[0]))
        return raise(t, EXC(TypeError), "super() argument 1 must be a type, not %T", args[0]);
    return super_fill(t, as_super(self), as_type(args[0]), nargs > 1 ? args[1] : 0);
}

// --- display, binding, members ---

static Value super_repr(Thread *t, Value o)
{
    const Super *s = as_super(o);
    const char *type = s->type ? s->type->name : "NULL";
    if (s->object_type)
        return str_format(t, "<super: <class '%s'>, <%s object>>", type, s->object_type->name);
    return str_format(t, "<super: <class '%s'>, NULL>", type);
}

static Value super_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    Super *s = as_super(descr);
    if (!instance || s->object)
        return descr;
    if (!is_exactly(descr, &type_super))
        return call2(t, value_of(type_of(descr)), value_of(s->type), instance);
    return super_new(t, s->type, instance);
}

static Value get_thisclass(Thread *t, Value o) { (void)t; return as_super(o)->type ? value_of(as_super(o)->type) : NONE; }
static Value get_self(Thread *t, Value o) { (void)t; return as_super(o)->object ? as_super(o)->object : NONE; }
static Value get_self_class(Thread *t, Value o) { (void)t; return as_super(o)->object_type ? value_of(as_super(o)->object_type) : NONE; }

static const GetSetDef super_getsets[] = {
    {"__thisclass__", get_thisclass, NULL, "the class invoking super()"},
    {"__self__", get_self, NULL, "the instance invoking super(); may be None"},
    {"__self_class__", get_self_class, NULL, "the type of the instance invoking super(); may be None"},
    {0},
};

Type type_super = {
    TYPE_HEAD(super, "super", &type_object, Super),
    .flags = TYPE_BASE,
    .doc = "super() -> same as super(__class__, <first argument>)\n"
           "super(type) -> unbound super object\n"
           "super(type, obj) -> bound super object; requires isinstance(obj, type)\n"
           "super(type, type2) -> bound super object; requires issubclass(type2, type)\n"
           "Typical use to call a cooperative superclass method:\n"
           "class C(B):\n    def meth(self, arg):\n        super().meth(arg)\n"
           "This works for class methods too:\n"
           "class C(B):\n    @classmethod\n    def cmeth(cls, arg):\n        super().cmeth(arg)\n",
    .slots = {.repr = super_repr, .getattr = super_getattr, .descr_get = super_get, .new = super_make, .init = super_init},
    .getsets = super_getsets,
};
