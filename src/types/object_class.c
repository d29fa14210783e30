// object_class.c: assignment to __class__.
//
// Under the object's byte lock: type, then shape. Objects with attributes go to dict mode first: shapes belong to one type.
#include "src/core/lock.h"
#include "src/ops/ops.h"
#include "src/types/type_internal.h"

static bool is_module_class(const Type *type)
{
    return type_has_flag(type, TYPE_IS_MODULE);
}

static bool check_assignable(Thread *t, const Type *old, const Type *new)
{
    if (!(is_module_class(old) && is_module_class(new)) && (type_has_flag(old, TYPE_IMMUTABLE) || type_has_flag(new, TYPE_IMMUTABLE)))
        return raise(t, EXC(TypeError), "__class__ assignment only supported for mutable types or ModuleType subclasses");
    if (!type_same_layout(old, new))
        return raise(t, EXC(TypeError), "__class__ assignment: '%N' object layout differs from '%N'", new, old);
    return true;
}

bool object_set_class(Thread *t, Value self, Value cls)
{
    if (!cls)
        return raise(t, EXC(TypeError), "can't delete __class__ attribute");
    if (!is_type(cls))
        return raise(t, EXC(TypeError), "__class__ must be set to a class, not '%T' object", cls);
    Type *new = as_type(cls), *old = type_of(self);
    if (!check_assignable(t, old, new))
        return false;
    if (new == old)
        return true;
    Object *o = as_object(self);
    if (old->attr_offset && !instance_dict(t, o))
        return false;
    bool locked = object_lock(o);
    publish(&o->type, new);
    publish(&o->shape, new->attr_offset ? new->dict_shape : new->root_shape);
    object_unlock(o, locked);
    if (new->slots.finalize && !old->slots.finalize)
        instance_watch_end(self);
    return true;
}
