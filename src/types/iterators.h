// iterators.h: layouts of the builtin iterators, shared with the interpreter's loops.
//
// An iterator may be used by several threads: its fields are single words read and written relaxed. Two threads that race may
// get the same item twice, never an invalid one. `sequence` (or `dict`, `set`) 0 means exhausted, for good.
#ifndef ADDER_TYPES_ITERATORS_H
#define ADDER_TYPES_ITERATORS_H

#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/tuple.h"

// list_iterator, list_reverseiterator, tuple_iterator, iterator (sequence protocol), reversed: `index` is the next index to read.
// The iterators of str, bytes and bytearray, beside their types, have the same layout.
typedef struct IndexIterator {
    Object head;
    Value sequence;
    int64_t index;
} IndexIterator;

// dict_keyiterator, dict_valueiterator, dict_itemiterator; the reverse ones count `position` down (next entry is position - 1).
// A step: dict->used != used → RuntimeError (and used = SIZE_MAX for good); dict->keys != keys → RuntimeError; then the next entry
// with a value at or after `position` below keys->filled; none: exhausted; left == 0 although there is one → RuntimeError.
typedef struct DictIterator {
    Object head;
    Value dict;
    DictKeys *keys;
    size_t position;
    size_t used;                  // number of items when the iterator was made
    size_t left;                  // items still to come: __length_hint__
} DictIterator;

typedef struct SetIterator {
    Object head;
    Value set;
    size_t position;
    size_t used, left;
} SetIterator;

// range_iterator is RangeIterator (function.h). longrange_iterator: exact ints; item i is start + i * step.
typedef struct LongRangeIterator {
    Object head;
    Value start, step, length, index;
} LongRangeIterator;

typedef struct Enumerate {
    Object head;
    Value iterator;
    Value index;                  // exact int: number of the next item
} Enumerate;

typedef struct Zip {
    Object head;
    Value iterators;              // tuple
    bool strict;
} Zip;

typedef struct Map {
    Object head;
    Value function;
    Value iterators;              // tuple
    bool strict;
} Map;

typedef struct Filter {
    Object head;
    Value predicate;              // NONE: the item's own truth
    Value iterator;
} Filter;

typedef struct CallableIterator {
    Object head;
    Value callable;               // 0: exhausted
    Value sentinel;
} CallableIterator;

// Slow or full steps, for loops that do not inline: 0 without a pending exception means exhausted.
Value list_iterator_next(Thread *t, Value iterator);
Value tuple_iterator_next(Thread *t, Value iterator);
Value range_iterator_next(Thread *t, Value iterator);
Value dict_key_iterator_next(Thread *t, Value iterator);
Value dict_value_iterator_next(Thread *t, Value iterator);
Value dict_item_iterator_next(Thread *t, Value iterator);
Value set_iterator_next(Thread *t, Value iterator);
Value enumerate_next(Thread *t, Value iterator);
Value zip_next(Thread *t, Value iterator);

Value index_iterator_new(Thread *t, Type *type, uint32_t shape, Value sequence, int64_t index);
Value sequence_iterator_new(Thread *t, Value sequence);          // the __getitem__ protocol
Value callable_iterator_new(Thread *t, Value callable, Value sentinel);
Value dict_iterator_new(Thread *t, Dict *d, Type *type, uint32_t shape);
Value range_new(Thread *t, Value start, Value stop, Value step); // exact ints; step not 0
Value iterator_self(Thread *t, Value iterator);                  // the iter slot of every iterator

#endif
