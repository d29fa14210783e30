// list_storage.h: what the files of the list type share. Functions called …_locked want the list's byte lock held.
#ifndef ADDER_TYPES_LIST_STORAGE_H
#define ADDER_TYPES_LIST_STORAGE_H

#include "src/core/lock.h"
#include "src/core/thread.h"
#include "src/types/list.h"

typedef UnaryFn NextFn;

ValueArray *list_array_empty(void);
ValueArray *list_array_new(Thread *t, size_t capacity);
ValueArray *list_grow_locked(Thread *t, List *list, size_t want);
MUST_CHECK bool list_append_values(Thread *t, List *list, const Value *items, size_t n);
MUST_CHECK bool list_reserve(Thread *t, List *list, size_t capacity);
MUST_CHECK bool list_store(List *list, size_t i, Value item);     // false: out of range
Value list_take(List *list, int64_t index);                       // removes; negative from the end; 0: out of range
Value list_take_locked(List *list, size_t i, bool shared);
// Puts a new array in place: shrinking publishes the length first, growing the array.
void list_replace_locked(List *list, ValueArray *array, size_t length);
void list_clear(List *list);
// list_slice.c
Value list_get_slice(Thread *t, List *list, Value slice);
MUST_CHECK bool list_set_slice(Thread *t, List *list, Value slice, Value values);   // values 0: deletes
// Replaces items [start, stop), clipped, by n others.
MUST_CHECK bool list_splice(Thread *t, List *list, int64_t start, int64_t stop, const Value *items, size_t n);

#endif
