// attr_plan.c: how inline caches may remember an attribute access. The promises are in attr.h.
//
// A plan reads the type's version before anything else, so that a change meanwhile makes the cache miss. A plan that rests on
// the shape alone marks the type TYPE_PLANNED before it looks at the type's attributes; type_attr.c tests the mark.
#include "src/core/thread.h"
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/type_internal.h"

uint64_t attr_plan_epoch;

static const AttrPlan no_plan = {.kind = ATTR_PLAN_NONE};

static void mark_planned(Type *type)
{
    if (!(load_relaxed(&type->flags) & TYPE_PLANNED))
        __atomic_fetch_or(&type->flags, TYPE_PLANNED, __ATOMIC_SEQ_CST);
}

static bool binds_like_function(Value descr)
{
    return type_has_flag(type_of(descr), TYPE_METHOD_DESCRIPTOR);
}

// Completes the plan for something found on the class that is not a data descriptor.
static AttrPlan plan_class_attribute(AttrPlan plan, Value descr)
{
    plan.value = descr;
    if (binds_like_function(descr))
        plan.kind = ATTR_PLAN_METHOD;
    else if (!type_of(descr)->slots.descr_get)
        plan.kind = ATTR_PLAN_VALUE;
    else if (is_exactly(descr, &type_staticmethod)) {
        plan.kind = ATTR_PLAN_VALUE;
        plan.value = ((StaticMethod *)descr)->function;
    } else if (is_exactly(descr, &type_classmethod) && binds_like_function(((ClassMethod *)descr)->function)) {
        plan.kind = ATTR_PLAN_BIND_TYPE;
        plan.value = ((ClassMethod *)descr)->function;
    } else {
        return no_plan;
    }
    return plan.value ? plan : no_plan;
}

static AttrPlan plan_data_descriptor(AttrPlan plan, Value descr)
{
    if (is_exactly(descr, &type_member_descriptor)) {
        const MemberDescriptor *member = (MemberDescriptor *)descr;
        if (member->def->kind != MEMBER_VALUE || !type_is_subtype(plan.type, member->owner))
            return no_plan;
        plan.kind = ATTR_PLAN_SLOT;
        plan.offset = (uint32_t)member->def->offset;
    } else if (is_exactly(descr, &type_property) && ((Property *)descr)->get) {
        plan.kind = ATTR_PLAN_PROPERTY;
        plan.value = ((Property *)descr)->get;
    } else if (is_exactly(descr, &type_getset_descriptor) && type_is_subtype(plan.type, ((GetSetDescriptor *)descr)->owner)) {
        plan.kind = ATTR_PLAN_GETSET;
        plan.data = ((GetSetDescriptor *)descr)->def;
    } else {
        return no_plan;
    }
    return plan;
}

// Byte offset of slot i, or 0 when it is in the overflow array.
static uint32_t inline_offset(const Type *type, size_t i)
{
    return i < type->inline_slots ? (uint32_t)(type->attr_offset + (int32_t)offsetof(AttrArea, slots) + (int32_t)(i * sizeof(Value))) : 0;
}

static AttrPlan plan_instance(Value receiver, Value name)
{
    Type *type = as_object(receiver)->type;
    AttrPlan plan = {.type = type, .version = load_acquire(&type->version), .shape = load_acquire(&as_object(receiver)->shape)};
    mark_planned(type);
    if (!attr_reads_generic(type) || (type->dict_shape && plan.shape == type->dict_shape))
        return no_plan;
    Value descr = type_lookup(type, name);
    if (descr && type_of(descr)->slots.descr_get && descriptor_is_data(descr))
        return plan_data_descriptor(plan, descr);
    const Shape *shape = shape_from_number(plan.shape);
    int slot = shape_find(shape, name);
    if (slot < 0)
        return descr ? plan_class_attribute(plan, descr) : no_plan;
    if (type->attr_offset < 0)
        return no_plan;
    plan.offset = inline_offset(type, (size_t)slot);
    plan.kind = plan.offset ? ATTR_PLAN_SLOT : ATTR_PLAN_OVERFLOW;
    if (!plan.offset)
        plan.offset = (uint32_t)slot - type->inline_slots;
    return plan;
}

static AttrPlan plan_class(Value receiver, Value name)
{
    Type *type = as_type(receiver), *meta = as_object(receiver)->type;
    AttrPlan plan = {.type = type, .version = load_acquire(&type->version), .shape = as_object(receiver)->shape};
    mark_planned(meta);
    if (meta->slots.getattr != type_attr_get)
        return no_plan;
    Value meta_attribute = type_lookup(meta, name);
    if (meta_attribute && descriptor_is_data(meta_attribute))
        return no_plan;
    Value found = type_lookup(type, name);
    if (!found) {
        if (!meta_attribute || !type_has_flag(meta, TYPE_IMMUTABLE) || !binds_like_function(meta_attribute))
            return no_plan;
        plan.kind = ATTR_PLAN_CLASS_BIND;
        plan.value = meta_attribute;
        return plan;
    }
    plan.kind = ATTR_PLAN_CLASS_VALUE;
    plan.value = found;
    if (binds_like_function(found) || !type_of(found)->slots.descr_get)
        return plan;
    if (is_exactly(found, &type_staticmethod)) {
        plan.value = ((StaticMethod *)found)->function;
    } else if (is_exactly(found, &type_classmethod) && binds_like_function(((ClassMethod *)found)->function)) {
        plan.kind = ATTR_PLAN_CLASS_BIND;
        plan.value = ((ClassMethod *)found)->function;
    } else {
        return no_plan;
    }
    return plan.value ? plan : no_plan;
}

static AttrPlan plan_module(Value receiver, Value name)
{
    Value descr = type_lookup(&type_module, name);
    Value dict = ((Module *)receiver)->dict;
    if ((descr && descriptor_is_data(descr)) || !dict_get_known(as_dict(dict), name))
        return no_plan;
    return (AttrPlan){.kind = ATTR_PLAN_MODULE, .type = &type_module, .shape = as_object(receiver)->shape, .value = dict};
}

// Ints and floats that are no objects: their class attributes only.
static AttrPlan plan_immediate(Value receiver, Value name)
{
    Type *type = type_of(receiver);
    AttrPlan plan = {.type = type, .version = load_acquire(&type->version), .shape = type->root_shape};
    Value descr = type_lookup(type, name);
    if (!descr)
        return no_plan;
    return descriptor_is_data(descr) ? plan_data_descriptor(plan, descr) : plan_class_attribute(plan, descr);
}

AttrPlan attr_plan_get(Value receiver, Value name)
{
    if (!is_pointer(receiver))
        return plan_immediate(receiver, name);
    if (is_type(receiver))
        return plan_class(receiver, name);
    if (as_object(receiver)->type == &type_module)
        return plan_module(receiver, name);
    return plan_instance(receiver, name);
}

// --- stores ---

static AttrStorePlan plan_store_slot(const Type *type, uint32_t shape, size_t slot, uint32_t next)
{
    uint32_t offset = inline_offset(type, slot);
    AttrStorePlan plan = {.shape = shape, .offset = offset ? offset : (uint32_t)slot - type->inline_slots, .next_shape = next};
    if (next)
        plan.kind = offset ? ATTR_STORE_ADD_SLOT : ATTR_STORE_ADD_OVERFLOW;
    else
        plan.kind = offset ? ATTR_STORE_SLOT : ATTR_STORE_OVERFLOW;
    return plan;
}

static AttrStorePlan plan_store_member(const Type *type, uint32_t shape, Value descr)
{
    const MemberDescriptor *member = (MemberDescriptor *)descr;
    if (!is_exactly(descr, &type_member_descriptor) || member->def->kind != MEMBER_VALUE || !member->def->writable ||
        !type_is_subtype(type, member->owner))
        return (AttrStorePlan){.kind = ATTR_STORE_NONE};
    return (AttrStorePlan){.kind = ATTR_STORE_SLOT, .shape = shape, .offset = (uint32_t)member->def->offset};
}

AttrStorePlan attr_store_plan_get(Thread *t, Value receiver, Value name)
{
    static const AttrStorePlan none = {.kind = ATTR_STORE_NONE};
    if (!is_pointer(receiver))
        return none;
    Type *type = as_object(receiver)->type;
    uint32_t number = load_acquire(&as_object(receiver)->shape);
    mark_planned(type);
    if (type->slots.setattr != attr_generic_set)
        return none;
    Value descr = type_lookup(type, name);
    if (descr && descriptor_is_data(descr))
        return plan_store_member(type, number, descr);
    if (type->attr_offset <= 0 || number == type->dict_shape)
        return none;
    Shape *shape = shape_from_number(number);
    int slot = shape_find(shape, name);
    if (slot >= 0)
        return plan_store_slot(type, number, (size_t)slot, 0);
    Shape *next = shape_add(t, shape, name);
    if (!next) {
        pending_clear(t);
        return none;
    }
    return plan_store_slot(type, number, shape->count, next->number);
}
