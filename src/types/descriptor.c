// descriptor.c: what a builtin type's dict holds: methods, classmethods, slot wrappers, getsets, members.
//
// All are immutable. A MemberDescriptor reads and writes one word (or field) of its object: values are published, other
// kinds are relaxed stores of their width.
#include "src/core/lock.h"
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"

// The fields that all of them share by position: head, definition, …; owner and name come from here.
static Type *owner_of(Value v)
{
    Type *type = as_object(v)->type;
    if (type == &type_method_descriptor || type == &type_classmethod_descriptor)
        return ((MethodDescriptor *)v)->owner;
    if (type == &type_wrapper_descriptor)
        return ((WrapperDescriptor *)v)->owner;
    return type == &type_getset_descriptor ? ((GetSetDescriptor *)v)->owner : ((MemberDescriptor *)v)->owner;
}

static Value name_of(Thread *t, Value v)
{
    Type *type = as_object(v)->type;
    if (type == &type_method_descriptor || type == &type_classmethod_descriptor)
        return str_intern_cstr(t, ((MethodDescriptor *)v)->def->name);
    if (type == &type_wrapper_descriptor)
        return ((WrapperDescriptor *)v)->dunder->name;
    return type == &type_getset_descriptor ? ((GetSetDescriptor *)v)->name : ((MemberDescriptor *)v)->name;
}

static Value raise_wrong_object(Thread *t, Value descr, Value object)
{
    Value name = name_of(t, descr);
    return name ? raise(t, EXC(TypeError), "descriptor '%U' for '%N' objects doesn't apply to a '%T' object", name, owner_of(descr), object) : 0;
}

static inline bool applies_to(Value descr, Value object)
{
    Type *type = type_of(object), *owner = owner_of(descr);
    return type == owner || type_is_subtype(type, owner);
}

// --- making ---

Value method_descriptor_new(Thread *t, const NativeDef *def, Type *owner)
{
    MethodDescriptor *d = new_object(t, method_descriptor, MethodDescriptor);
    if (!d)
        return 0;
    d->def = def;
    d->owner = owner;
    return value_of(d);
}

Value classmethod_descriptor_new(Thread *t, const NativeDef *def, Type *owner)
{
    MethodDescriptor *d = new_object(t, classmethod_descriptor, MethodDescriptor);
    if (!d)
        return 0;
    d->def = def;
    d->owner = owner;
    return value_of(d);
}

Value wrapper_descriptor_new(Thread *t, const Dunder *dunder, void *function, Type *owner)
{
    WrapperDescriptor *d = new_object(t, wrapper_descriptor, WrapperDescriptor);
    if (!d)
        return 0;
    d->dunder = dunder;
    d->function = function;
    d->owner = owner;
    return value_of(d);
}

Value getset_descriptor_new(Thread *t, const GetSetDef *def, Type *owner)
{
    GetSetDescriptor *d = new_object(t, getset_descriptor, GetSetDescriptor);
    Value name = d ? str_intern_cstr(t, def->name) : 0;
    if (!name)
        return 0;
    d->def = def;
    d->owner = owner;
    d->name = name;
    return value_of(d);
}

Value member_descriptor_new(Thread *t, const MemberDef *def, Type *owner)
{
    MemberDescriptor *d = new_object(t, member_descriptor, MemberDescriptor);
    Value name = d ? str_intern_cstr(t, def->name) : 0;
    if (!name)
        return 0;
    d->def = def;
    d->owner = owner;
    d->name = name;
    return value_of(d);
}

bool descriptor_is_data(Value descriptor)
{
    return type_of(descriptor)->slots.descr_set != NULL;
}

// --- signatures and documentation ---

Value signature_text(Thread *t, const char *signature)
{
    return signature && *signature ? str_from_cstr(t, signature) : NONE;
}

static Value descriptor_doc(Thread *t, Value v)
{
    Type *type = as_object(v)->type;
    const char *doc;
    if (type == &type_method_descriptor || type == &type_classmethod_descriptor)
        doc = ((MethodDescriptor *)v)->def->doc;
    else if (type == &type_wrapper_descriptor)
        doc = ((WrapperDescriptor *)v)->dunder->doc;
    else
        doc = type == &type_getset_descriptor ? ((GetSetDescriptor *)v)->def->doc : ((MemberDescriptor *)v)->def->doc;
    return doc ? str_from_cstr(t, doc) : NONE;
}

static Value method_text_signature(Thread *t, Value v)
{
    return signature_text(t, ((MethodDescriptor *)v)->def->signature);
}

static Value wrapper_text_signature(Thread *t, Value v)
{
    return signature_text(t, ((WrapperDescriptor *)v)->dunder->signature);
}

static Value descriptor_name(Thread *t, Value v)
{
    return name_of(t, v);
}

static Value descriptor_objclass(Thread *t, Value v)
{
    (void)t;
    return value_of(owner_of(v));
}

static Value descriptor_qualname(Thread *t, Value v)
{
    Value owner = attr_get(t, value_of(owner_of(v)), N(__qualname__));
    Value name = owner ? name_of(t, v) : 0;
    return name ? str_format(t, "%V.%U", owner, name) : 0;
}

static Value descriptor_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value builtins = hooks.import_module(t, "builtins");
    Value getattr = builtins ? attr_get(t, builtins, N(getattr)) : 0;
    Value name = getattr ? name_of(t, args[0]) : 0;
    Value pair = name ? tuple_pair(t, value_of(owner_of(args[0])), name) : 0;
    return pair ? tuple_pair(t, getattr, pair) : 0;
}

static const NativeDef descriptor_methods[] = {
    {"__reduce__", descriptor_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

#define COMMON_GETSETS                                   \
    {"__name__", descriptor_name, NULL, NULL},           \
    {"__objclass__", descriptor_objclass, NULL, NULL},   \
    {"__qualname__", descriptor_qualname, NULL, NULL},   \
    {"__doc__", descriptor_doc, NULL, NULL}

static const GetSetDef method_getsets[] = {
    COMMON_GETSETS, {"__text_signature__", method_text_signature, NULL, NULL}, {0}};
static const GetSetDef wrapper_getsets[] = {
    COMMON_GETSETS, {"__text_signature__", wrapper_text_signature, NULL, NULL}, {0}};
static const GetSetDef plain_getsets[] = {COMMON_GETSETS, {0}};

static Value show(Thread *t, Value v, const char *kind)
{
    Value name = name_of(t, v);
    return name ? str_format(t, "<%s '%U' of '%N' objects>", kind, name, owner_of(v)) : 0;
}

static Value method_repr(Thread *t, Value v) { return show(t, v, "method"); }
static Value wrapper_repr(Thread *t, Value v) { return show(t, v, "slot wrapper"); }
static Value getset_repr(Thread *t, Value v) { return show(t, v, "attribute"); }
static Value member_repr(Thread *t, Value v) { return show(t, v, "member"); }

// --- methods ---

static Value method_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    if (!instance)
        return descr;
    return applies_to(descr, instance) ? native_method_bind(t, (MethodDescriptor *)descr, instance) : raise_wrong_object(t, descr, instance);
}

static Value method_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    MethodDescriptor *d = (MethodDescriptor *)callee;
    if (unlikely(!nargs))
        return raise(t, EXC(TypeError), "unbound method %N.%s() needs an argument", d->owner, d->def->name);
    if (unlikely(!applies_to(callee, args[0])))
        return raise_wrong_object(t, callee, args[0]);
    const Signature *sig = method_descriptor_signature(t, d);
    return sig ? native_call(t, d->def, sig, args, nargs, kwnames) : 0;
}

// --- classmethods of builtin types ---

static Value classmethod_bind(Thread *t, MethodDescriptor *d, Value type)
{
    if (!type_is_subtype(as_type(type), d->owner))
        return raise(t, EXC(TypeError), "descriptor '%s' requires a subtype of '%N' but received '%N'", d->def->name, d->owner, as_type(type));
    return native_method_bind(t, d, type);
}

static Value classmethod_get(Thread *t, Value descr, Value instance, Value type)
{
    MethodDescriptor *d = (MethodDescriptor *)descr;
    if (!type)
        type = instance ? value_of(type_of(instance)) : 0;
    if (!type)
        return raise(t, EXC(TypeError), "descriptor '%s' for type '%N' needs either an object or a type", d->def->name, d->owner);
    if (!is_type(type))
        return raise(t, EXC(TypeError), "descriptor '%s' for type '%N' needs a type, not a '%T' as arg 2", d->def->name, d->owner, type);
    return classmethod_bind(t, d, type);
}

static Value classmethod_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    MethodDescriptor *d = (MethodDescriptor *)callee;
    if (!nargs)
        return raise(t, EXC(TypeError), "descriptor '%s' of '%N' object needs an argument", d->def->name, d->owner);
    if (!is_type(args[0]))
        return raise(t, EXC(TypeError), "descriptor '%s' requires a type but received a '%T' instance", d->def->name, args[0]);
    Value bound = classmethod_bind(t, d, args[0]);
    return bound ? call(t, bound, args + 1, nargs - 1, kwnames) : 0;
}

// --- slot wrappers ---

static Value wrapper_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    if (!instance)
        return descr;
    if (!applies_to(descr, instance))
        return raise_wrong_object(t, descr, instance);
    MethodWrapper *w = new_object(t, method_wrapper, MethodWrapper);
    if (!w)
        return 0;
    w->descriptor = (WrapperDescriptor *)descr;
    w->self = instance;
    return value_of(w);
}

static Value wrapper_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    WrapperDescriptor *d = (WrapperDescriptor *)callee;
    if (!nargs)
        return raise(t, EXC(TypeError), "descriptor '%s' of '%N' object needs an argument", d->dunder->text, d->owner);
    if (!applies_to(callee, args[0]))
        return raise(t, EXC(TypeError), "descriptor '%s' requires a '%N' object but received a '%T'", d->dunder->text, d->owner, args[0]);
    return d->dunder->wrap(t, d->dunder, d->function, args[0], args + 1, nargs - 1, kwnames);
}

static MethodWrapper *as_bound(Value v)
{
    return (MethodWrapper *)v;
}

static Value bound_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    const WrapperDescriptor *d = as_bound(callee)->descriptor;
    return d->dunder->wrap(t, d->dunder, d->function, as_bound(callee)->self, args, nargs, kwnames);
}

static Value bound_repr(Thread *t, Value v)
{
    return str_format(t, "<method-wrapper '%s' of %T object at 0x%lx>", as_bound(v)->descriptor->dunder->text, as_bound(v)->self, as_bound(v)->self);
}

static Value bound_compare(Thread *t, Value a, Value b, CompareOp op)
{
    (void)t;
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_method_wrapper) || !is_exactly(b, &type_method_wrapper))
        return NOTIMPLEMENTED;
    bool same = as_bound(a)->descriptor == as_bound(b)->descriptor && as_bound(a)->self == as_bound(b)->self;
    return value_bool(same == (op == CMP_EQ));
}

static bool bound_hash(Thread *t, Value v, Hash *out)
{
    (void)t;
    Hash hash = (Hash)(as_bound(v)->self >> 4 ^ (Value)as_bound(v)->descriptor >> 3);
    *out = hash == -1 ? -2 : hash;
    return true;
}

static Value bound_objclass(Thread *t, Value v) { (void)t; return value_of(as_bound(v)->descriptor->owner); }
static Value bound_self(Thread *t, Value v) { (void)t; return as_bound(v)->self; }
static Value bound_name(Thread *t, Value v) { (void)t; return as_bound(v)->descriptor->dunder->name; }
static Value bound_doc(Thread *t, Value v) { return descriptor_doc(t, value_of(as_bound(v)->descriptor)); }
static Value bound_qualname(Thread *t, Value v) { return descriptor_qualname(t, value_of(as_bound(v)->descriptor)); }
static Value bound_text_signature(Thread *t, Value v) { return wrapper_text_signature(t, value_of(as_bound(v)->descriptor)); }

static const GetSetDef bound_getsets[] = {
    {"__objclass__", bound_objclass, NULL, NULL},
    {"__self__", bound_self, NULL, NULL},
    {"__name__", bound_name, NULL, NULL},
    {"__qualname__", bound_qualname, NULL, NULL},
    {"__doc__", bound_doc, NULL, NULL},
    {"__text_signature__", bound_text_signature, NULL, NULL},
    {0},
};

static Value bound_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value builtins = hooks.import_module(t, "builtins");
    Value getattr = builtins ? attr_get(t, builtins, N(getattr)) : 0;
    Value pair = getattr ? tuple_pair(t, as_bound(args[0])->self, bound_name(t, args[0])) : 0;
    return pair ? tuple_pair(t, getattr, pair) : 0;
}

static const NativeDef bound_methods[] = {{"__reduce__", bound_reduce, "($self, /)", NULL, NATIVE_PLAIN}, {0}};

// --- getsets ---

static Value getset_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    const GetSetDescriptor *d = (GetSetDescriptor *)descr;
    if (!instance)
        return descr;
    if (unlikely(!applies_to(descr, instance)))
        return raise_wrong_object(t, descr, instance);
    if (!d->def->get)
        return raise(t, EXC(AttributeError), "attribute '%U' of '%N' objects is not readable", d->name, d->owner);
    return d->def->get(t, instance);
}

static bool getset_set(Thread *t, Value descr, Value instance, Value value)
{
    const GetSetDescriptor *d = (GetSetDescriptor *)descr;
    if (!applies_to(descr, instance))
        return raise_wrong_object(t, descr, instance);
    if (!d->def->set)
        return raise(t, EXC(AttributeError), "attribute '%U' of '%N' objects is not writable", d->name, d->owner);
    return d->def->set(t, instance, value);
}

// --- members ---

static void *field_of(const MemberDescriptor *d, Value instance)
{
    return (char *)as_object(instance) + d->def->offset;
}

static Value member_read(Thread *t, const MemberDescriptor *d, Value instance)
{
    void *field = field_of(d, instance);
    Value value;
    switch (d->def->kind) {
    case MEMBER_VALUE:
        value = load_acquire((Value *)field);
        return value ? value : raise_attribute(t, instance, d->name);
    case MEMBER_VALUE_OR_NONE:
        value = load_acquire((Value *)field);
        return value ? value : NONE;
    case MEMBER_INT32: return fixnum(*(int32_t *)field);
    case MEMBER_INT64: return int_from_int64(t, *(int64_t *)field);
    case MEMBER_BOOL8: return value_bool(*(bool *)field);
    case MEMBER_DOUBLE: return float_new(t, *(double *)field);
    }
    never("unknown member kind");
}

static Value member_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    if (!instance)
        return descr;
    return likely(applies_to(descr, instance)) ? member_read(t, (MemberDescriptor *)descr, instance) : raise_wrong_object(t, descr, instance);
}

static bool member_write_value(Thread *t, const MemberDescriptor *d, Value instance, Value value)
{
    Value *field = field_of(d, instance);
    if (!value && d->def->kind == MEMBER_VALUE && !load_relaxed(field)) {
        raise_attribute(t, instance, d->name);
        return false;
    }
    bool locked = object_lock(as_object(instance));
    publish(field, value);
    object_unlock(as_object(instance), locked);
    return true;
}

static bool member_write_plain(Thread *t, const MemberDescriptor *d, Value instance, Value value)
{
    void *field = field_of(d, instance);
    int64_t number;
    if (!value)
        return raise(t, EXC(TypeError), "can't delete numeric/char attribute");
    switch (d->def->kind) {
    case MEMBER_INT32: return to_int32(t, value, (int32_t *)field);
    case MEMBER_INT64:
        if (!to_int64(t, value, &number))
            return false;
        *(int64_t *)field = number;
        return true;
    case MEMBER_DOUBLE: return to_double(t, value, (double *)field);
    case MEMBER_BOOL8:
        if (!is_bool(value))
            return raise(t, EXC(TypeError), "attribute value type must be bool");
        *(bool *)field = value == TRUE;
        return true;
    default: never("not a plain member");
    }
}

static bool member_set(Thread *t, Value descr, Value instance, Value value)
{
    const MemberDescriptor *d = (MemberDescriptor *)descr;
    if (!applies_to(descr, instance))
        return raise_wrong_object(t, descr, instance);
    if (!d->def->writable)
        return raise(t, EXC(AttributeError), "readonly attribute");
    if (d->def->kind == MEMBER_VALUE || d->def->kind == MEMBER_VALUE_OR_NONE)
        return member_write_value(t, d, instance, value);
    return member_write_plain(t, d, instance, value);
}

// --- types ---

Type type_method_descriptor = {
    TYPE_HEAD(method_descriptor, "method_descriptor", &type_object, MethodDescriptor),
    .flags = TYPE_DISALLOW_NEW | TYPE_METHOD_DESCRIPTOR,
    .slots = {.repr = method_repr, .call = method_call, .descr_get = method_get},
    .methods = descriptor_methods,
    .getsets = method_getsets,
};

Type type_classmethod_descriptor = {
    TYPE_HEAD(classmethod_descriptor, "classmethod_descriptor", &type_object, MethodDescriptor),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = method_repr, .call = classmethod_call, .descr_get = classmethod_get},
    .methods = descriptor_methods,
    .getsets = method_getsets,
};

Type type_wrapper_descriptor = {
    TYPE_HEAD(wrapper_descriptor, "wrapper_descriptor", &type_object, WrapperDescriptor),
    .flags = TYPE_DISALLOW_NEW | TYPE_METHOD_DESCRIPTOR,
    .slots = {.repr = wrapper_repr, .call = wrapper_call, .descr_get = wrapper_get},
    .methods = descriptor_methods,
    .getsets = wrapper_getsets,
};

Type type_method_wrapper = {
    TYPE_HEAD(method_wrapper, "method-wrapper", &type_object, MethodWrapper),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = bound_repr, .call = bound_call, .compare = bound_compare, .hash = bound_hash},
    .methods = bound_methods,
    .getsets = bound_getsets,
};

Type type_getset_descriptor = {
    TYPE_HEAD(getset_descriptor, "getset_descriptor", &type_object, GetSetDescriptor),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = getset_repr, .descr_get = getset_get, .descr_set = getset_set},
    .methods = descriptor_methods,
    .getsets = plain_getsets,
};

Type type_member_descriptor = {
    TYPE_HEAD(member_descriptor, "member_descriptor", &type_object, MemberDescriptor),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = member_repr, .descr_get = member_get, .descr_set = member_set},
    .methods = descriptor_methods,
    .getsets = plain_getsets,
};
