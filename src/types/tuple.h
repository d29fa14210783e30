// tuple.h: Tuple, immutable once it escapes its maker.
#ifndef ADDER_TYPES_TUPLE_H
#define ADDER_TYPES_TUPLE_H

#include "src/core/type.h"

typedef struct Tuple {
    Object head;
    size_t length;
    Hash hash;                    // 0 until computed; relaxed
    Value at[];
} Tuple;

extern Value tuple_empty;
static inline Tuple *as_tuple(Value v) { return (Tuple *)v; }
MUST_CHECK Tuple *tuple_alloc(Thread *t, size_t n);               // items 0, to be filled before it escapes; n may be 0
Value tuple_from(Thread *t, const Value *items, size_t n);
Value tuple_pair(Thread *t, Value a, Value b);
Value tuple_of(Thread *t, size_t n, ...);                         // n Values
Value tuple_from_iterable(Thread *t, Value iterable);
Value tuple_slice(Thread *t, Value tuple, size_t start, size_t end);

#endif
