// attr.h: attribute access below attr_get, and plans that tell inline caches how an access may be cached.
//
// A plan is a promise about all receivers that match its guard:
//   receiver's shape == plan.shape                     for the SLOT and OVERFLOW kinds
//   … and plan.type->version == plan.version           for kinds marked (version)
//   receiver == plan.type && its version == version    for kinds marked (identity)
// A shape belongs to one type, so equal shapes mean equal types. The promises that rest on the shape alone also need that
// no data descriptor of that name and no other __getattribute__ appears on the type or a base: when one does, the type code
// calls hooks.caches_invalidate(), after which every cache made from a plan must be forgotten.
#ifndef ADDER_OPS_ATTR_H
#define ADDER_OPS_ATTR_H

#include "src/core/shape.h"
#include "src/core/type.h"

typedef enum AttrPlanKind {
    ATTR_PLAN_NONE,           // nothing to cache: attr_get every time
    ATTR_PLAN_SLOT,           // the value is the word at byte `offset` of the object (attribute or __slots__ member); null: slow path
    ATTR_PLAN_OVERFLOW,       // the value is overflow->at[offset]; check offset < cap (0 in dict mode) and not null, else slow path
    ATTR_PLAN_VALUE,          // (version) the value itself, found on the class; nothing to bind
    ATTR_PLAN_METHOD,         // (version) function-like `value`: bind to the receiver, or call with it as first argument
    ATTR_PLAN_BIND_TYPE,      // (version) classmethod: bind `value` to the receiver's type
    ATTR_PLAN_PROPERTY,       // (version) the result is value(receiver): a property's getter
    ATTR_PLAN_GETSET,         // (version) a computed attribute of a builtin: call ((GetSetDef *)data)->get(t, receiver)
    ATTR_PLAN_CLASS_VALUE,    // (identity) receiver is a class: the value itself
    ATTR_PLAN_CLASS_BIND,     // (identity) receiver is a class: bind `value` to the receiver (classmethods, metaclass methods)
    ATTR_PLAN_MODULE,         // receiver is an exact module with the Dict `value`; cache its entry (dict_entry_known), miss: slow path
} AttrPlanKind;

typedef struct AttrPlan {
    AttrPlanKind kind;
    uint32_t shape;
    uint32_t offset;
    uint32_t version;
    Type *type;
    Value value;
    const void *data;
} AttrPlan;

// Number of times that promises became void. Read it before attr_plan_get and again after the plan is installed: when it
// has changed, forget the plan. Changes with the types mutex held, before hooks.caches_invalidate is called.
extern uint64_t attr_plan_epoch;

// name must be interned. Never raises, never runs Python code; takes the types mutex at most.
AttrPlan attr_plan_get(Value receiver, Value name);

typedef enum AttrStorePlanKind {
    ATTR_STORE_NONE,          // attr_set every time
    ATTR_STORE_SLOT,          // shape matches: store the word at byte `offset`
    ATTR_STORE_OVERFLOW,      // shape matches: store overflow->at[offset]; check offset < cap, else slow path
    ATTR_STORE_ADD_SLOT,      // store at byte `offset`, then publish shape `next_shape` (release)
    ATTR_STORE_ADD_OVERFLOW,  // store overflow->at[offset] if overflow is not null and offset < cap, then publish next_shape
} AttrStorePlanKind;

// The guard is the shape, tested again under the object's lock, which is held for the stores.
typedef struct AttrStorePlan {
    AttrStorePlanKind kind;
    uint32_t shape;
    uint32_t offset;
    uint32_t next_shape;
} AttrStorePlan;

// Plan for receiver.name = value, asked BEFORE the store is done. May make a shape; memory trouble gives ATTR_STORE_NONE.
AttrStorePlan attr_store_plan_get(Thread *t, Value receiver, Value name);

// --- below attr_get ---
// Own attribute of an object: instance attributes or a module's dict. 0 when absent; never raises.
Value own_attribute(Value o, Value name);
Value module_attr_get(Thread *t, Value module, Value name);   // src/types/module.c
// AttributeError with a message of its own; name and obj are set as for raise_attribute.
Value raise_attribute_text(Thread *t, Value object, Value name, const char *format, ...);
// True when attribute reads of the type follow the generic rules up to the point where a name is missing.
bool attr_reads_generic(Type *type);
// As attr_generic_get for an attribute that may be missing: 1 found, 0 absent (nothing pending), -1 error.
int attr_generic_find(Thread *t, Value o, Value name, Value *out);
Value name_check(Thread *t, Value name);                  // interned exact Str; TypeError "attribute name must be string, not 'T'"

#endif
