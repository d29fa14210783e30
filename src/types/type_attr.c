// type_attr.c: attributes of classes: reading, writing, and what a change brings about.
//
// All changes happen under the types mutex: attribute dict, then slots, then version; caches made from attribute plans are
// invalidated when a promise of theirs may have been broken (src/ops/attr.h).
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/type_internal.h"

// --- reading ---

static int settle(Thread *t, Value result, bool silent, Value *out)
{
    *out = result;
    if (result)
        return 1;
    return silent && pending_clear_if(t, EXC(AttributeError)) ? 0 : -1;
}

// Metaclass data descriptor, then the class's own MRO, then the metaclass's other attributes.
static int find_attribute(Thread *t, Value o, Value name, bool silent, Value *out)
{
    Type *type = as_type(o), *meta = as_object(o)->type;
    Value meta_attribute = type_lookup(meta, name);
    DescrGetFn meta_get = meta_attribute ? type_of(meta_attribute)->slots.descr_get : NULL;
    if (meta_get && descriptor_is_data(meta_attribute))
        return settle(t, meta_get(t, meta_attribute, o, value_of(meta)), silent, out);
    Value attribute = type_lookup(type, name);
    if (attribute) {
        DescrGetFn get = type_of(attribute)->slots.descr_get;
        return get ? settle(t, get(t, attribute, 0, o), silent, out) : settle(t, attribute, silent, out);
    }
    if (meta_get)
        return settle(t, meta_get(t, meta_attribute, o, value_of(meta)), silent, out);
    *out = meta_attribute;
    return meta_attribute != 0;
}

int type_attr_find(Thread *t, Value o, Value name, Value *out)
{
    return find_attribute(t, o, name, true, out);
}

Value type_attr_get(Thread *t, Value o, Value name)
{
    name = name_check(t, name);
    if (!name)
        return 0;
    Value result;
    int found = find_attribute(t, o, name, false, &result);
    if (likely(found > 0))
        return result;
    return found < 0 ? 0 : raise_attribute_text(t, o, name, "type object '%N' has no attribute '%U'", as_type(o), name);
}

// --- writing ---

static bool is_planned(const Type *type)
{
    if (load_relaxed(&type->flags) & TYPE_PLANNED)
        return true;
    size_t position = 0;
    const Type *subclass;
    while ((subclass = type_next_subclass(type, &position)))
        if (is_planned(subclass))
            return true;
    return false;
}

// Caches that go by shapes alone rely on what this change touches: data descriptors and the access hooks.
void type_break_plans(Type *type, Value name, Value old, Value new)
{
    bool touches = name == N(__getattribute__) || name == N(__setattr__) || name == N(__delattr__) ||
                   (old && descriptor_is_data(old)) || (new && descriptor_is_data(new));
    if (!touches || !is_planned(type))
        return;
    __atomic_fetch_add(&attr_plan_epoch, 1, __ATOMIC_SEQ_CST);
    if (hooks.caches_invalidate)
        hooks.caches_invalidate();
}

// Sets or deletes (value 0) a class attribute past all checks: 1 done, 0 there was none to delete, -1 error.
int type_set_own(Thread *t, Type *type, Value name, Value value)
{
    types_lock();
    Dict *attributes = as_dict(type->attributes);
    Value old = type_lookup_owner(type, name, NULL);
    int done = value ? (dict_set(t, attributes, name, value) ? 1 : -1) : dict_delete(t, attributes, name);
    if (done > 0) {
        type_modified(type);
        if (is_dunder(name)) {
            type_fix_slot_named(type, name);
            type_modified(type);
        }
        type_break_plans(type, name, old, value);
    }
    types_unlock();
    return done;
}

bool type_attr_set(Thread *t, Value o, Value name, Value value)
{
    Type *type = as_type(o), *meta = as_object(o)->type;
    name = name_check(t, name);
    if (!name)
        return false;
    if (type_has_flag(type, TYPE_IMMUTABLE))
        return raise(t, EXC(TypeError), "cannot set '%U' attribute of immutable type '%s'", name, type->name);
    Value meta_attribute = type_lookup(meta, name);
    if (meta_attribute && descriptor_is_data(meta_attribute))
        return type_of(meta_attribute)->slots.descr_set(t, meta_attribute, o, value);
    int done = type_set_own(t, type, name, value);
    if (done == 0)
        raise_attribute_text(t, o, name, "type object '%N' has no attribute '%U'", type, name);
    return done > 0;
}
