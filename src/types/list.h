// list.h: List, a growable array of Values.
//
// Writers hold the list's byte lock. append: slot → length. grow: copy → items. shrink: length → items; enlarge: items → length.
// pop: length, then null the slot. Slots at and beyond length are null. A replaced array is never written again. A reader
// loads length, checks bounds, loads items, checks i < cap, loads the slot; a null slot or i ≥ cap means: look again.
#ifndef ADDER_TYPES_LIST_H
#define ADDER_TYPES_LIST_H

#include "src/core/shape.h"

typedef struct List {
    Object head;
    size_t length;
    ValueArray *items;            // never null
} List;

static inline List *as_list(Value v) { return (List *)v; }
MUST_CHECK List *list_new(Thread *t, size_t capacity);            // empty
Value list_from(Thread *t, const Value *items, size_t n);
Value list_from_iterable(Thread *t, Value iterable);
MUST_CHECK bool list_append(Thread *t, List *list, Value item);
MUST_CHECK bool list_extend(Thread *t, List *list, Value iterable);
MUST_CHECK bool list_insert(Thread *t, List *list, int64_t index, Value item);
Value list_get(const List *list, size_t i);                       // 0 when out of range; lock-free
MUST_CHECK bool list_sort(Thread *t, List *list, Value key, bool reverse);   // key 0 or None: none
size_t list_length(const List *list);
Value list_to_tuple(Thread *t, List *list);                       // snapshot
// Consistent copy of the items (collected array, *out_n long) for loops that run Python code.
MUST_CHECK Value *list_snapshot(Thread *t, List *list, size_t *out_n);
Value *sort_values(Thread *t, Value *items, size_t n, Value key, bool reverse);   // stable powersort in place; null: error

#endif
