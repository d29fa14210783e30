// shape.h: shapes (hidden classes): which attribute sits in which slot of an instance.
//
// A shape is immutable but for its transitions (guarded by the shapes mutex). Its number is its identity: objects and
// caches hold the number. Every object's header has a shape number, also for types without attributes (the type's root shape).
// An instance gains attributes by moving along transitions: overflow array → value → shape number, under its byte lock.
// An instance from which an attribute is deleted, whose __dict__ is asked for, or that has more than SHAPE_SLOTS_MAX
// attributes goes into dict mode: its shape becomes type->dict_shape and its overflow word points to a ValueArray with
// cap 0 whose at[0] is a Dict that holds everything (so a reader that still goes by the old shape finds no slot there and looks again).
// The overflow word is published before the dict shape; the slots are nulled after it.
// A type keeps its shapes alive through root and dict_mode; the number table holds them weakly, and numbers are never used again.
// Readers: load shape (acquire), compare, load container, check the index against its capacity, load the value, null → slow path.
#ifndef ADDER_CORE_SHAPE_H
#define ADDER_CORE_SHAPE_H

#include "src/core/type.h"

enum { SHAPE_SLOTS_MAX = 64, SHAPE_FAMILY_MAX = 1024 };   // beyond either, instances go to dict mode

typedef struct Shape {
    Object head;                 // of no Python-visible type
    uint32_t number;
    uint32_t count;              // attributes; slot i of this shape is attribute i along the parents
    Type *type;
    struct Shape *parent;
    uint32_t offset;             // of the slot that this shape adds: bytes from the object's start, or 0 when it is in the overflow array
    Value key;                   // the attribute that this shape adds; interned Str; 0 for a root
    bool dict_mode;
    uint32_t family;             // root only: shapes made from it; guard: the shapes mutex
    struct ShapeList *transitions;   // immutable list, replaced under the shapes mutex; null: none yet
    struct ShapeTable *table;    // key → slot, immutable once published; made at the first lookup of a longer shape
} Shape;

typedef struct ValueArray {      // scanned memory without an object header; cap fixed; slots published one by one
    size_t cap;
    Value at[];
} ValueArray;

// The attribute area of an instance whose type has one.
typedef struct AttrArea {
    ValueArray *overflow;        // null while not needed; in dict mode the box of the Dict. Guard: the object's lock, published
    Value slots[];               // type->inline_slots of them
} AttrArea;

// Chunks of complemented Shape pointers by number; a chunk is published once and never moves.
enum { SHAPE_CHUNK_BITS = 12, SHAPE_CHUNK = 1 << SHAPE_CHUNK_BITS, SHAPE_CHUNKS_MAX = 1 << 18 };
extern uintptr_t *shape_chunks[SHAPE_CHUNKS_MAX];
static inline Shape *shape_from_number(uint32_t number)
{
    return (Shape *)~load_acquire(&load_acquire(&shape_chunks[number >> SHAPE_CHUNK_BITS])[number & (SHAPE_CHUNK - 1)]);
}
// Makes type's root shape and, if instances have attributes, the shape of dict mode; number 0: take the next one.
MUST_CHECK bool shape_make_roots(Thread *t, Type *type, uint32_t number);
Shape *shape_add(Thread *t, Shape *shape, Value key);               // transition; null: a limit is reached, or an exception is pending
int shape_find(const Shape *shape, Value key);                      // slot of an interned key, or -1

// --- src/types/instance.c ---
AttrArea *instance_attributes_after_items(Object *o);               // for TYPE_VAR_SIZED types
static inline AttrArea *instance_attributes(Object *o)              // null when the type gives it none
{
    int32_t offset = o->type->attr_offset;
    if (likely(offset > 0))
        return (AttrArea *)((char *)o + offset);
    return offset == 0 ? NULL : instance_attributes_after_items(o);
}
Value instance_get(Object *o, Value key);                           // own attribute or 0; no descriptors; never raises
MUST_CHECK bool instance_set(Thread *t, Object *o, Value key, Value value);
int instance_delete(Thread *t, Object *o, Value key);               // 1 deleted, 0 was absent, -1 error
Value instance_dict(Thread *t, Object *o);                          // its __dict__: turns it to dict mode
Value instance_dict_copy(Thread *t, Object *o);                     // a new Dict with its attributes; stays as it is
Value instance_names(Thread *t, Object *o);                         // list of attribute names
size_t instance_attribute_count(Object *o);
MUST_CHECK bool instance_set_dict(Thread *t, Object *o, Value dict);

#endif
