// class_method.c: classmethod and staticmethod. The function is set once, by __init__; other words by publish.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static_assert(sizeof(ClassMethod) == sizeof(StaticMethod), "the two share their functions");

static Value function_of(Value o)
{
    return ((ClassMethod *)o)->function;
}

static Value wrap(Thread *t, Type *type, uint32_t shape, Value function)
{
    if (!function)
        return 0;
    ClassMethod *m = new_object_of(t, type, shape, sizeof(ClassMethod));
    if (m)
        m->function = function;
    return value_of(m);
}

Value staticmethod_new(Thread *t, Value function) { return wrap(t, &type_staticmethod, SHAPE_staticmethod, function); }
Value classmethod_new(Thread *t, Value function) { return wrap(t, &type_classmethod, SHAPE_classmethod, function); }

static Value make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    ClassMethod *m = instance_new(t, cls, 0);
    if (m)
        m->function = NONE;
    return value_of(m);
}

// Takes over the names and the documentation of the wrapped function, as functools.wraps does.
static bool copy_attributes(Thread *t, Value self, Value function)
{
    const Value names[] = {N(__module__), N(__name__), N(__qualname__), N(__doc__)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Value value;
        int found = attr_find(t, function, names[i], &value);
        if (found < 0 || (found && !attr_set(t, self, names[i], value)))
            return false;
    }
    return true;
}

static bool init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!arguments_check(t, type_has_flag(type_of(self), TYPE_HEAP) ? "classmethod" : type_of(self)->name, nargs, kwnames, 1, 1))
        return false;
    publish(&((ClassMethod *)self)->function, args[0]);
    return copy_attributes(t, self, args[0]);
}

// --- attributes ---

static Value get_isabstract(Thread *t, Value o)
{
    Value value;
    int found = attr_find(t, function_of(o), N(__isabstractmethod__), &value);
    int answer = found > 0 ? truth(t, value) : found;
    return answer < 0 ? 0 : value_bool(answer);
}

// An attribute of the function, kept in the own dict once asked for (annotations are evaluated lazily).
static Value get_from_function(Thread *t, Value o, Value name)
{
    Value own = instance_get(as_object(o), name);
    if (own)
        return own;
    Value value = attr_get(t, function_of(o), name);
    return value && instance_set(t, as_object(o), name, value) ? value : 0;
}

static bool set_own(Thread *t, Value o, Value name, Value value)
{
    if (value)
        return instance_set(t, as_object(o), name, value);
    int deleted = instance_delete(t, as_object(o), name);
    return deleted > 0 || (deleted == 0 && raise_with(t, EXC(AttributeError), name));
}

static Value get_annotations(Thread *t, Value o) { return get_from_function(t, o, N(__annotations__)); }
static Value get_annotate(Thread *t, Value o) { return get_from_function(t, o, N(__annotate__)); }
static bool set_annotations(Thread *t, Value o, Value value) { return set_own(t, o, N(__annotations__), value); }
static bool set_annotate(Thread *t, Value o, Value value) { return set_own(t, o, N(__annotate__), value); }

static const GetSetDef getsets[] = {
    {"__isabstractmethod__", get_isabstract, NULL, NULL},
    {"__dict__", object_get_dict, builtin_set_dict, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__annotate__", get_annotate, set_annotate, NULL},
    {0},
};

static const MemberDef members[] = {
    {"__func__", MEMBER_VALUE, offsetof(ClassMethod, function), false, NULL},
    {"__wrapped__", MEMBER_VALUE, offsetof(ClassMethod, function), false, NULL},
    {0},
};

static Value generic_item(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static const NativeDef methods[] = {
    {"__class_getitem__", generic_item, "($cls, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

// --- binding ---

static Value classmethod_get(Thread *t, Value descr, Value instance, Value type)
{
    return method_new(t, function_of(descr), type ? type : value_of(type_of(instance)));
}

static Value staticmethod_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)instance;
    (void)type;
    Value function = function_of(descr);
    return function ? function : raise(t, EXC(RuntimeError), "uninitialized staticmethod object");
}

static Value staticmethod_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    return call(t, function_of(callee), args, nargs, kwnames);
}

static Value classmethod_repr(Thread *t, Value o) { return str_format(t, "<classmethod(%R)>", function_of(o)); }
static Value staticmethod_repr(Thread *t, Value o) { return str_format(t, "<staticmethod(%R)>", function_of(o)); }

Type type_classmethod = {
    TYPE_HEAD(classmethod, "classmethod", &type_object, ClassMethod),
    .flags = TYPE_BASE,
    .attr_offset = offsetof(ClassMethod, attributes),
    .doc = "Convert a function to be a class method.\n\n"
           "A class method receives the class as implicit first argument,\n"
           "just like an instance method receives the instance.\n"
           "To declare a class method, use this idiom:\n\n"
           "  class C:\n      @classmethod\n      def f(cls, arg1, arg2, argN):\n          ...\n\n"
           "It can be called either on the class (e.g. C.f()) or on an instance\n"
           "(e.g. C().f()).  The instance is ignored except for its class.\n"
           "If a class method is called for a derived class, the derived class\n"
           "object is passed as the implied first argument.\n\n"
           "Class methods are different than C++ or Java static methods.\n"
           "If you want those, see the staticmethod builtin.",
    .new_signature = "(function, /)",
    .slots = {.repr = classmethod_repr, .descr_get = classmethod_get, .new = make, .init = init},
    .methods = methods,
    .getsets = getsets,
    .members = members,
};

Type type_staticmethod = {
    TYPE_HEAD(staticmethod, "staticmethod", &type_object, StaticMethod),
    .flags = TYPE_BASE,
    .attr_offset = offsetof(StaticMethod, attributes),
    .doc = "Convert a function to be a static method.\n\n"
           "A static method does not receive an implicit first argument.\n"
           "To declare a static method, use this idiom:\n\n"
           "     class C:\n         @staticmethod\n         def f(arg1, arg2, argN):\n             ...\n\n"
           "It can be called either on the class (e.g. C.f()) or on an instance\n"
           "(e.g. C().f()). Both the class and the instance are ignored, and\n"
           "neither is passed implicitly as the first argument to the method.\n\n"
           "Static methods in Python are similar to those found in Java or C++.\n"
           "For a more advanced concept, see the classmethod builtin.",
    .new_signature = "(function, /)",
    .slots = {.repr = staticmethod_repr, .call = staticmethod_call, .descr_get = staticmethod_get, .new = make, .init = init},
    .methods = methods,
    .getsets = getsets,
    .members = members,
};
