// instance.c: the attributes of instances: slots by shape, overflow array, dict mode; and making instances.
//
// Writers hold the object's byte lock and look at the shape again under it. Orders of publication are in src/core/shape.h.
// Keys are interned strings. Allocation may happen under the byte lock, Python code never.
#include "src/core/lock.h"
#include "src/core/shape.h"
#include "src/core/thread.h"
#include "src/core/type.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"
#include "src/types/type_internal.h"

enum { OVERFLOW_MIN = 4 };

// --- making instances ---

static void instance_finalize(void *object, void *data)
{
    (void)data;
    Object *o = object;
    if (__atomic_fetch_or(&o->flags, FLAG_FINALIZED, __ATOMIC_RELAXED) & FLAG_FINALIZED)
        return;
    if (o->type->slots.finalize)
        o->type->slots.finalize(thread_current(), value_of(o));
}

void instance_watch_end(Value v)
{
    heap_set_finalizer(as_object(v), instance_finalize, NULL);
}

void *instance_new(Thread *t, Type *cls, size_t extra)
{
    size_t size = cls->basic_size;
    if (extra || cls->attr_offset < 0) {
        if (unlikely(extra > PTRDIFF_MAX - size - 64))
            return memory_error(t);
        size += (extra + 7) & ~(size_t)7;
        if (cls->attr_offset < 0)
            size += sizeof(AttrArea) + cls->inline_slots * sizeof(Value);
    }
    Object *o = new_scanned(t, size);
    if (unlikely(!o))
        return NULL;
    object_header_init(o, cls, cls->root_shape, 0);
    if (unlikely(cls->slots.finalize != NULL))
        heap_set_finalizer(o, instance_finalize, NULL);
    return o;
}

AttrArea *instance_attributes_after_items(Object *o)
{
    const Type *type = o->type;
    size_t count = 0;
    if (type_has_flag(type, TYPE_IS_TUPLE))
        count = ((Tuple *)o)->length;
    else if (type_has_flag(type, TYPE_IS_BYTES))
        count = ((Bytes *)o)->length + 1;
    else if (type_has_flag(type, TYPE_IS_STR))
        count = (((Str *)o)->length + 1) * (size_t)str_unit((Str *)o);
    else
        never("a var-sized type without a known length");
    size_t items = count * type->item_size;
    return (AttrArea *)((char *)o + type->basic_size + ((items + 7) & ~(size_t)7));
}

// --- reading ---

static bool in_dict_mode(const Object *o, uint32_t shape)
{
    return shape == o->type->dict_shape;
}

// The Dict of an object in dict mode.
static Dict *boxed_dict(const AttrArea *area)
{
    return as_dict(load_acquire(&area->overflow)->at[0]);
}

// Slot i of an object of a given shape; 0 when it is absent or the object has changed meanwhile.
static Value slot_read(const Type *type, const AttrArea *area, size_t i)
{
    if (i < type->inline_slots)
        return load_acquire(&area->slots[i]);
    i -= type->inline_slots;
    const ValueArray *overflow = load_acquire(&area->overflow);
    return overflow && i < overflow->cap ? load_acquire(&overflow->at[i]) : 0;
}

Value instance_get(Object *o, Value key)
{
    AttrArea *area = instance_attributes(o);
    if (!area)
        return 0;
    for (;;) {
        uint32_t number = load_acquire(&o->shape);
        if (in_dict_mode(o, number))
            return dict_get_known(boxed_dict(area), key);
        int slot = shape_find(shape_from_number(number), key);
        if (slot < 0)
            return 0;
        Value value = slot_read(o->type, area, (size_t)slot);
        if (likely(value != 0))
            return value;
        if (number == load_acquire(&o->shape))
            return 0;
    }
}

// --- dict mode ---

// Copies the attributes of an object that is not in dict mode to dict. `shape` is its shape, held still by the caller's lock
// or good enough as a snapshot.
static bool attributes_to_dict(Thread *t, const Object *o, const AttrArea *area, const Shape *shape, Dict *dict)
{
    Value keys[SHAPE_SLOTS_MAX];
    for (const Shape *s = shape; s->parent; s = s->parent)
        keys[s->count - 1] = s->key;
    for (size_t i = 0; i < shape->count; i++) {
        Value value = slot_read(o->type, area, i);
        if (value && !dict_set(t, dict, keys[i], value))
            return false;
    }
    return true;
}

static ValueArray *dict_box_new(Thread *t, Value dict)
{
    ValueArray *box = new_scanned(t, sizeof(ValueArray) + sizeof(Value));
    if (box)
        box->at[0] = dict;
    return box;
}

// Turns o to dict mode; the caller holds its lock. box->at[0] is a Dict that nobody else knows.
static bool enter_dict_mode_locked(Thread *t, Object *o, AttrArea *area, ValueArray *box)
{
    const Shape *shape = shape_from_number(o->shape);
    if (!attributes_to_dict(t, o, area, shape, as_dict(box->at[0])))
        return false;
    publish(&area->overflow, box);
    publish(&o->shape, o->type->dict_shape);
    for (size_t i = 0; i < o->type->inline_slots; i++)
        store_relaxed(&area->slots[i], 0);
    return true;
}

static bool enter_dict_mode(Thread *t, Object *o, AttrArea *area)
{
    Dict *dict = dict_new(t);
    ValueArray *box = dict ? dict_box_new(t, value_of(dict)) : NULL;
    if (!box)
        return false;
    bool locked = object_lock(o);
    bool done = in_dict_mode(o, o->shape) || enter_dict_mode_locked(t, o, area, box);
    object_unlock(o, locked);
    return done;
}

Value instance_dict(Thread *t, Object *o)
{
    AttrArea *area = instance_attributes(o);
    check(area != NULL);
    if (!in_dict_mode(o, load_acquire(&o->shape)) && !enter_dict_mode(t, o, area))
        return 0;
    return value_of(boxed_dict(area));
}

bool instance_set_dict(Thread *t, Object *o, Value dict)
{
    AttrArea *area = instance_attributes(o);
    ValueArray *box = dict_box_new(t, dict);
    if (!box)
        return false;
    bool locked = object_lock(o);
    bool had_slots = !in_dict_mode(o, o->shape);   // after __class__ assignment an object in dict mode may have fewer of them
    publish(&area->overflow, box);
    publish(&o->shape, o->type->dict_shape);
    for (size_t i = 0; had_slots && i < o->type->inline_slots; i++)
        store_relaxed(&area->slots[i], 0);
    object_unlock(o, locked);
    return true;
}

Value instance_dict_copy(Thread *t, Object *o)
{
    AttrArea *area = instance_attributes(o);
    uint32_t number = load_acquire(&o->shape);
    if (area && in_dict_mode(o, number))
        return dict_copy(t, boxed_dict(area));
    Dict *dict = dict_new(t);
    if (!dict || (area && !attributes_to_dict(t, o, area, shape_from_number(number), dict)))
        return 0;
    return value_of(dict);
}

Value instance_names(Thread *t, Object *o)
{
    Value dict = instance_dict_copy(t, o);
    return dict ? dict_keys_list(t, as_dict(dict)) : 0;
}

size_t instance_attribute_count(Object *o)
{
    AttrArea *area = instance_attributes(o);
    uint32_t number = load_acquire(&o->shape);
    if (!area)
        return 0;
    return in_dict_mode(o, number) ? dict_length(boxed_dict(area)) : shape_from_number(number)->count;
}

// --- writing ---

// Makes the overflow array hold index i; the caller holds the lock.
static bool overflow_reserve(Thread *t, AttrArea *area, size_t i)
{
    ValueArray *old = area->overflow;
    size_t cap = old ? old->cap : 0;
    if (i < cap)
        return true;
    size_t wanted = size_max(OVERFLOW_MIN, cap * 2);
    ValueArray *grown = new_scanned(t, sizeof(ValueArray) + wanted * sizeof(Value));
    if (!grown)
        return false;
    grown->cap = wanted;
    for (size_t j = 0; j < cap; j++)
        grown->at[j] = old->at[j];
    publish(&area->overflow, grown);
    return true;
}

static bool slot_write(Thread *t, const Type *type, AttrArea *area, size_t i, Value value)
{
    if (i < type->inline_slots) {
        publish(&area->slots[i], value);
        return true;
    }
    i -= type->inline_slots;
    if (!overflow_reserve(t, area, i))
        return false;
    publish(&area->overflow->at[i], value);
    return true;
}

typedef enum StoreResult { STORE_FAILED, STORE_DONE, STORE_AGAIN, STORE_NEEDS_DICT } StoreResult;

// Stores into an object outside dict mode, whose shape was `number` before the lock was taken.
static StoreResult store_by_shape(Thread *t, Object *o, AttrArea *area, uint32_t number, Value key, Value value)
{
    Shape *shape = shape_from_number(number);
    int slot = shape_find(shape, key);
    Shape *next = shape;
    if (slot < 0) {
        next = shape_add(t, shape, key);
        if (!next)
            return t->exception ? STORE_FAILED : STORE_NEEDS_DICT;
        slot = (int)shape->count;
    }
    StoreResult result = STORE_AGAIN;
    bool locked = object_lock(o);
    if (o->shape == number) {
        result = slot_write(t, o->type, area, (size_t)slot, value) ? STORE_DONE : STORE_FAILED;
        if (result == STORE_DONE && next != shape)
            publish(&o->shape, next->number);
    }
    object_unlock(o, locked);
    return result;
}

bool instance_set(Thread *t, Object *o, Value key, Value value)
{
    AttrArea *area = instance_attributes(o);
    check(area != NULL);
    for (;;) {
        uint32_t number = load_acquire(&o->shape);
        if (in_dict_mode(o, number))
            return dict_set(t, boxed_dict(area), key, value);
        StoreResult result = store_by_shape(t, o, area, number, key, value);
        if (result == STORE_NEEDS_DICT) {
            if (!enter_dict_mode(t, o, area))
                return false;
        } else if (result != STORE_AGAIN) {
            return result == STORE_DONE;
        }
    }
}

int instance_delete(Thread *t, Object *o, Value key)
{
    AttrArea *area = instance_attributes(o);
    if (!area)
        return 0;
    uint32_t number = load_acquire(&o->shape);
    if (!in_dict_mode(o, number)) {
        if (shape_find(shape_from_number(number), key) < 0)
            return 0;
        if (!enter_dict_mode(t, o, area))
            return -1;
    }
    return dict_delete(t, boxed_dict(area), key);
}
