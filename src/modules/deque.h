// deque.h: the deque and its iterators.
#ifndef ADDER_MODULES_DEQUE_H
#define ADDER_MODULES_DEQUE_H

#include "src/core/shape.h"

// Guard: the object's lock for all fields.
typedef struct Deque {
    Object head;
    ValueArray *ring;             // a power of two of slots; null until something is added
    size_t first, length;
    int64_t max_length;           // -1: none
    uint64_t state;               // number of changes so far
} Deque;

MUST_CHECK Deque *deque_new(Thread *t);
MUST_CHECK bool deque_append(Thread *t, Deque *d, Value item);
Value deque_take_first(Deque *d);                                // 0: empty
size_t deque_length(Deque *d);
Value deque_item(Deque *d, size_t i, uint64_t *out_state);
Value deque_iterator_new(Thread *t, Deque *d, bool reverse);

#endif
