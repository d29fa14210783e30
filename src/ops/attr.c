// attr.c: attribute access: the generic rules, methods without bound objects, special methods.
#include "src/ops/attr.h"

#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/function.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"

// --- names ---

static NOINLINE Value name_check_slow(Thread *t, Value name)
{
    if (!is_str(name))
        return raise(t, EXC(TypeError), "attribute name must be string, not '%T'", name);
    Value exact = str_exact(t, name);
    return exact ? str_intern(t, exact) : 0;
}

static inline bool is_interned_name(Value name)
{
    return likely(is_exactly(name, &type_str)) && likely(as_object(name)->flags & FLAG_INTERNED);
}

Value name_check(Thread *t, Value name)
{
    return is_interned_name(name) ? name : name_check_slow(t, name);
}

// --- own attributes ---

Value own_attribute(Value o, Value name)
{
    if (!is_pointer(o))
        return 0;
    const Type *type = as_object(o)->type;
    if (type->attr_offset)
        return instance_get(as_object(o), name);
    return type_has_flag(type, TYPE_IS_MODULE) ? dict_get_known(as_dict(((Module *)o)->dict), name) : 0;
}

// --- errors ---

Value raise_attribute_text(Thread *t, Value object, Value name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_va(t, EXC(AttributeError), format, args);
    va_end(args);
    if (pending_matches(t, EXC(AttributeError))) {
        Exception *e = as_exception(t->exception);
        publish(&e->extra[ATTRIBUTE_NAME], name);
        publish(&e->extra[ATTRIBUTE_OBJ], object);
    }
    return 0;
}

// --- reading ---

typedef enum Missing { MISSING_RAISES, MISSING_IS_SILENT } Missing;

// The result of a descriptor: in silent mode an AttributeError counts as absence.
static int descriptor_result(Thread *t, Value result, Missing missing, Value *out)
{
    *out = result;
    if (result)
        return 1;
    if (missing == MISSING_IS_SILENT && pending_clear_if(t, EXC(AttributeError)))
        return 0;
    return -1;
}

// 1 found, 0 absent with nothing pending, -1 error pending.
static int generic_find(Thread *t, Value o, Value name, Missing missing, Value *out)
{
    Type *type = type_of(o);
    Value descr = type_lookup(type, name);
    DescrGetFn get = NULL;
    if (descr) {
        const Type *kind = type_of(descr);
        get = kind->slots.descr_get;
        if (get && kind->slots.descr_set)
            return descriptor_result(t, get(t, descr, o, value_of(type)), missing, out);
    }
    Value own = own_attribute(o, name);
    if (own) {
        *out = own;
        return 1;
    }
    if (get)
        return descriptor_result(t, get(t, descr, o, value_of(type)), missing, out);
    *out = descr;
    return descr != 0;
}

int attr_generic_find(Thread *t, Value o, Value name, Value *out)
{
    name = name_check(t, name);
    return name ? generic_find(t, o, name, MISSING_IS_SILENT, out) : -1;
}

Value attr_generic_get(Thread *t, Value o, Value name)
{
    name = name_check(t, name);
    if (!name)
        return 0;
    Value result;
    int found = generic_find(t, o, name, MISSING_RAISES, &result);
    if (likely(found > 0))
        return result;
    return found < 0 ? 0 : raise_attribute(t, o, name);
}

Value attr_get(Thread *t, Value o, Value name)
{
    if (unlikely(!is_str(name)))
        return name_check_slow(t, name);
    return type_of(o)->slots.getattr(t, o, name);
}

int attr_find(Thread *t, Value o, Value name, Value *out)
{
    Type *type = type_of(o);
    if (type->slots.getattr == attr_generic_get)
        return attr_generic_find(t, o, name, out);
    if (type->slots.getattr == type_attr_get) {
        name = name_check(t, name);
        return name ? type_attr_find(t, o, name, out) : -1;
    }
    *out = attr_get(t, o, name);
    if (*out)
        return 1;
    return pending_clear_if(t, EXC(AttributeError)) ? 0 : -1;
}

bool attr_reads_generic(Type *type)
{
    if (type->slots.getattr == attr_generic_get)
        return true;
    if (type->slots.getattr != dispatch_getattr)
        return false;
    Value getattribute = type_lookup(type, N(__getattribute__));
    return getattribute && is_exactly(getattribute, &type_wrapper_descriptor) &&
           ((WrapperDescriptor *)getattribute)->function == (void *)attr_generic_get;
}

// The function of a plain classmethod: a call can pass the class itself instead of binding. Else 0.
static inline Value class_method_function(Value descr)
{
    if (!is_exactly(descr, &type_classmethod))
        return 0;
    Value function = ((ClassMethod *)descr)->function;
    return function && type_has_flag(type_of(function), TYPE_METHOD_DESCRIPTOR) ? function : 0;
}

// Methods of classes: classmethods, and methods of the metaclass.
static Value type_get_method(Thread *t, Value o, Value name, Value *out_self)
{
    Type *meta = as_object(o)->type;
    Value meta_attribute = type_lookup(meta, name);
    if (meta_attribute && descriptor_is_data(meta_attribute))
        return type_attr_get(t, o, name);
    Value found = type_lookup(as_type(o), name);
    Value function = found ? class_method_function(found) : meta_attribute && type_has_flag(type_of(meta_attribute), TYPE_METHOD_DESCRIPTOR) ? meta_attribute : 0;
    if (!function)
        return type_attr_get(t, o, name);
    *out_self = o;
    return function;
}

Value attr_get_method(Thread *t, Value o, Value name, Value *out_self)
{
    Type *type = type_of(o);
    *out_self = 0;
    if (unlikely(!is_interned_name(name)))
        return attr_get(t, o, name);
    if (type->slots.getattr == type_attr_get)
        return type_get_method(t, o, name, out_self);
    if (attr_reads_generic(type)) {
        Value descr = type_lookup(type, name);
        Value function = !descr ? 0 : type_has_flag(type_of(descr), TYPE_METHOD_DESCRIPTOR) ? descr : class_method_function(descr);
        if (function) {
            Value own = own_attribute(o, name);
            *out_self = own ? 0 : function == descr ? o : value_of(type);
            return own ? own : function;
        }
    }
    return attr_get(t, o, name);
}

Value special_lookup(Thread *t, Value o, Value name)
{
    Type *type = type_of(o);
    Value descr = type_lookup(type, name);
    DescrGetFn get = descr ? type_of(descr)->slots.descr_get : NULL;
    return get ? get(t, descr, o, value_of(type)) : descr;
}

// --- writing ---

bool attr_set(Thread *t, Value o, Value name, Value value)
{
    name = name_check(t, name);
    return name && type_of(o)->slots.setattr(t, o, name, value);
}

static bool raise_not_settable(Thread *t, Value o, Value name, Value descr, bool deleting)
{
    if (descr)
        return raise_attribute_text(t, o, name, "'%T' object attribute '%U' is read-only", o, name);
    if (deleting)
        return raise_attribute(t, o, name);
    if (type_of(o)->slots.setattr == attr_generic_set)
        return raise_attribute_text(t, o, name, "'%T' object has no attribute '%U' and no __dict__ for setting new attributes", o, name);
    return raise_attribute(t, o, name);
}

static bool delete_own(Thread *t, Value o, Value name, Value descr)
{
    int deleted;
    if (type_has_flag(type_of(o), TYPE_IS_MODULE))
        deleted = dict_delete(t, as_dict(((Module *)o)->dict), name);
    else
        deleted = instance_delete(t, as_object(o), name);
    if (deleted == 0)
        return descr ? raise_attribute_text(t, o, name, "'%T' object attribute '%U' is read-only", o, name) : raise_attribute(t, o, name);
    return deleted > 0;
}

bool attr_generic_set(Thread *t, Value o, Value name, Value value)
{
    name = name_check(t, name);
    if (!name)
        return false;
    Type *type = type_of(o);
    Value descr = type_lookup(type, name);
    if (descr) {
        DescrSetFn set = type_of(descr)->slots.descr_set;
        if (set)
            return set(t, descr, o, value);
    }
    bool is_module = type_has_flag(type, TYPE_IS_MODULE);
    if (!type->attr_offset && !is_module)
        return raise_not_settable(t, o, name, descr, !value);
    if (!value)
        return delete_own(t, o, name, descr);
    return is_module ? dict_set(t, as_dict(((Module *)o)->dict), name, value) : instance_set(t, as_object(o), name, value);
}
