// weakref.c: weakref.ref.
//
// An object is found dead by a collection, not when its last reference goes: until then a reference still gives it.
#include "src/types/weakref.h"

#include <stdio.h>

#include "src/core/error.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

Value weakref_new(Thread *t, Type *cls, Value object, Value callback)
{
    if (!is_object(object) || !type_has_flag(type_of(object), TYPE_HAS_WEAKREFS))
        return raise(t, EXC(TypeError), "cannot create weak reference to '%T' object", object);
    if (callback == NONE)
        callback = 0;
    bool builtin = !type_has_flag(cls, TYPE_HEAP);
    if (builtin && !callback) {
        WeakRef *shared = weakref_find_plain(cls, object);
        if (shared)
            return value_of(shared);
    }
    WeakRef *ref = builtin ? new_object_of(t, cls, cls->root_shape, sizeof *ref) : instance_new(t, cls, 0);
    if (!ref)
        return 0;
    ref->callback = callback;
    ref->is_proxy = cls == &type_weakproxy || cls == &type_weakcallableproxy;
    weakref_register(ref, object);
    return value_of(ref);
}

static Value ref_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (cls == &type_weakref && kwnames && as_tuple(kwnames)->length)
        return raise(t, EXC(TypeError), "ref() takes no keyword arguments");
    if (nargs < 1 || nargs > 2)
        return raise(t, EXC(TypeError), "__new__ expected at %s, got %d",
                     nargs < 1 ? "least 1 argument" : "most 2 arguments", (int)nargs);
    return weakref_new(t, cls, args[0], nargs > 1 ? args[1] : 0);
}

static bool ref_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        raise(t, EXC(TypeError), "ref() takes no keyword arguments");
        return false;
    }
    return arguments_check(t, "__init__", nargs, 0, 1, 2);
}

static Value ref_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!arguments_check(t, "weakref", nargs, kwnames, 0, 0))
        return 0;
    Value object = weakref_target(as_weakref(self));
    return object ? object : NONE;
}

static Value ref_repr(Thread *t, Value self)
{
    Value object = weakref_target(as_weakref(self)), name = 0;
    char here[24], there[24];
    snprintf(here, sizeof here, "0x%lx", (unsigned long)self);
    if (!object)
        return str_format(t, "<weakref at %s; dead>", here);
    snprintf(there, sizeof there, "0x%lx", (unsigned long)object);
    if (attr_find(t, object, N(__name__), &name) < 0)
        return 0;
    if (name && is_str(name))
        return str_format(t, "<weakref at %s; to '%T' at %s (%U)>", here, object, there, name);
    return str_format(t, "<weakref at %s; to '%T' at %s>", here, object, there);
}

// The object's hash, remembered: it stays the reference's after the object's death.
static bool ref_hash(Thread *t, Value self, Hash *out)
{
    WeakRef *ref = as_weakref(self);
    if (__atomic_load_n(&ref->hashed, __ATOMIC_ACQUIRE)) {
        *out = ref->hash;
        return true;
    }
    Value object = weakref_target(ref);
    if (!object) {
        raise(t, EXC(TypeError), "weak object has gone away");
        return false;
    }
    if (!value_hash(t, object, out))
        return false;
    store_relaxed(&ref->hash, *out);
    __atomic_store_n(&ref->hashed, true, __ATOMIC_RELEASE);
    return true;
}

static Value ref_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_weakref(a) || !is_weakref(b))
        return NOTIMPLEMENTED;
    Value x = weakref_target(as_weakref(a)), y = weakref_target(as_weakref(b));
    if (!x || !y)
        return value_bool((a == b) == (op == CMP_EQ));
    return compare(t, x, y, op);
}

static Value callback_get(Thread *t, Value self)
{
    Value callback = load_acquire(&as_weakref(self)->callback);
    return callback ? callback : NONE;
}

static Value ref_class_getitem(Thread *t, const Value *args, size_t nargs)
{
    return call2(t, value_of(&type_generic_alias), args[0], args[1]);
}

static const NativeDef ref_methods[] = {
    {"__class_getitem__", ref_class_getitem, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static const GetSetDef ref_getsets[] = {
    {"__callback__", callback_get, NULL, NULL},
    {0},
};

Type type_weakref = {
    TYPE_HEAD(weakref, "weakref.ReferenceType", &type_object, WeakRef),
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "Create a weak reference to an object.",
    .slots = {.new = ref_new, .init = ref_init, .call = ref_call, .repr = ref_repr, .hash = ref_hash, .compare = ref_compare},
    .methods = ref_methods,
    .getsets = ref_getsets,
};
