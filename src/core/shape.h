// shape.h: shapes (hidden classes): which attribute sits in which slot of an instance.
//
// A shape is immutable but for its transitions (guarded by the shapes mutex). Its number is its identity: objects and
// caches hold the number. Every object's header has a shape number, also for types without attributes (the type's root shape).
// An instance gains attributes by moving along transitions: overflow array → value → shape number, under its byte lock.
// An instance from which an attribute is deleted, whose __dict__ is asked for, or that has more than SHAPE_SLOTS_MAX
// attributes goes into dict mode: its shape becomes type->dict_shape and its overflow word points to a Dict that holds everything.
// Readers: load shape (acquire), compare, load container, check the index against its capacity, load the value, null → slow path.
#ifndef ADDER_CORE_SHAPE_H
#define ADDER_CORE_SHAPE_H

#include "src/core/type.h"

enum { SHAPE_SLOTS_MAX = 64 };

typedef struct Shape {
    Object head;                 // of no Python-visible type
    uint32_t number;
    uint32_t count;              // attributes; slot i of this shape is attribute i along the parents
    Type *type;
    struct Shape *parent;
    Value key;                   // the attribute that this shape adds; interned Str; 0 for a root
    bool dict_mode;
    void *transitions;           // guarded by the shapes mutex
    void *table;                 // key → slot, immutable once published; made at the first lookup
} Shape;

typedef struct ValueArray {      // scanned memory without an object header; cap fixed; slots published one by one
    size_t cap;
    Value at[];
} ValueArray;

// The attribute area of an instance whose type has one.
typedef struct AttrArea {
    void *overflow;              // ValueArray *, null while not needed; a Dict in dict mode. Guard: the object's lock, published
    Value slots[];               // type->inline_slots of them
} AttrArea;

Shape *shape_from_number(uint32_t number);
Shape *shape_new_root(Thread *t, Type *type);                       // null: MemoryError pending
Shape *shape_add(Thread *t, Shape *shape, Value key);               // transition; null: error
int shape_find(const Shape *shape, Value key);                      // slot of an interned key, or -1
AttrArea *instance_attributes(Object *o);                           // null when the type gives it none
Value instance_get(Object *o, Value key);                           // own attribute or 0; no descriptors; never raises
MUST_CHECK bool instance_set(Thread *t, Object *o, Value key, Value value);
int instance_delete(Thread *t, Object *o, Value key);               // 1 deleted, 0 was absent, -1 error
Value instance_dict(Thread *t, Object *o);                          // its __dict__: turns it to dict mode
MUST_CHECK bool instance_set_dict(Thread *t, Object *o, Value dict);

#endif
