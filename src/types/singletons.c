// singletons.c: None, Ellipsis and NotImplemented: static immutable objects and their types.
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

Object none_object = {.type = &type_none, .shape = SHAPE_none};
Object ellipsis_object = {.type = &type_ellipsis, .shape = SHAPE_ellipsis};
Object notimplemented_object = {.type = &type_notimplemented, .shape = SHAPE_notimplemented};

static bool check_no_arguments(Thread *t, const Type *cls, size_t nargs, Value kwnames)
{
    if (!nargs && !(kwnames && as_tuple(kwnames)->length))
        return true;
    return raise(t, EXC(TypeError), "%N takes no arguments", cls);
}

// --- None ---

static Value none_repr(Thread *t, Value o)
{
    (void)o;
    return str_intern_cstr(t, "None");
}

static int none_truth(Thread *t, Value o)
{
    (void)t;
    (void)o;
    return 0;
}

static Value none_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    return check_no_arguments(t, cls, nargs, kwnames) ? NONE : 0;
}

// CPython's constant, so that sets of None and numbers come in the same order.
static bool none_hash(Thread *t, Value o, Hash *out)
{
    (void)t;
    (void)o;
    *out = 0xfca86420;
    return true;
}

static Value none_or(Thread *t, Value a, Value b)
{
    return a == NONE && b == NONE ? NOTIMPLEMENTED : union_of(t, a, b);
}

Type type_none = {
    TYPE_HEAD(none, "NoneType", &type_object, Object),
    .new_signature = "()",
    .slots = {.repr = none_repr, .truth = none_truth, .hash = none_hash, .new = none_new, .bit_or = none_or},
};

// --- Ellipsis ---

static Value ellipsis_repr(Thread *t, Value o)
{
    (void)o;
    return str_intern_cstr(t, "Ellipsis");
}

static Value ellipsis_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    if (nargs || (kwnames && as_tuple(kwnames)->length))
        return raise(t, EXC(TypeError), "EllipsisType takes no arguments");
    (void)cls;
    return ELLIPSIS;
}

static Value ellipsis_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return ellipsis_repr(t, args[0]);
}

static const NativeDef ellipsis_methods[] = {{"__reduce__", ellipsis_reduce, "($self, /)", NULL, NATIVE_PLAIN}, {0}};

Type type_ellipsis = {
    TYPE_HEAD(ellipsis, "ellipsis", &type_object, Object),
    .new_signature = "()",
    .slots = {.repr = ellipsis_repr, .new = ellipsis_new},
    .methods = ellipsis_methods,
};

// --- NotImplemented ---

static Value notimplemented_repr(Thread *t, Value o)
{
    (void)o;
    return str_intern_cstr(t, "NotImplemented");
}

static int notimplemented_truth(Thread *t, Value o)
{
    (void)o;
    raise(t, EXC(TypeError), "NotImplemented should not be used in a boolean context");
    return -1;
}

static Value notimplemented_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    return check_no_arguments(t, cls, nargs, kwnames) ? NOTIMPLEMENTED : 0;
}

static Value notimplemented_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return notimplemented_repr(t, args[0]);
}

static const NativeDef notimplemented_methods[] = {{"__reduce__", notimplemented_reduce, "($self, /)", NULL, NATIVE_PLAIN}, {0}};

Type type_notimplemented = {
    TYPE_HEAD(notimplemented, "NotImplementedType", &type_object, Object),
    .new_signature = "()",
    .slots = {.repr = notimplemented_repr, .truth = notimplemented_truth, .new = notimplemented_new},
    .methods = notimplemented_methods,
};
