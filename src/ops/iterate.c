// iterate.c: the iterator protocol, with short cuts for exact builtin sequences.
#include "src/ops/ops.h"
#include "src/types/iterators.h"

COLD static Value not_iterable(Thread *t, Value o)
{
    return raise(t, EXC(TypeError), "'%T' object is not iterable", o);
}

Value iter_get(Thread *t, Value o)
{
    Type *type = type_of(o);
    if (likely(type->slots.iter != NULL)) {
        Value iterator = type->slots.iter(t, o);
        if (unlikely(iterator && !type_of(iterator)->slots.next))
            return raise(t, EXC(TypeError), "iter() returned non-iterator of type '%T'", iterator);
        return iterator;
    }
    if (type->slots.getitem && (type->flags & (TYPE_HEAP | TYPE_SEQUENCE)))
        return sequence_iterator_new(t, o);
    return not_iterable(t, o);
}

Value iter_next(Thread *t, Value iterator)
{
    UnaryFn next = type_of(iterator)->slots.next;
    if (unlikely(!next))
        return raise(t, EXC(TypeError), "'%T' object is not an iterator", iterator);
    Value item = next(t, iterator);
    if (unlikely(!item && is_pending(t)))
        pending_clear_if(t, EXC(StopIteration));
    return item;
}

bool iterate(Thread *t, Value iterable, bool (*visit)(Thread *t, Value item, void *data), void *data)
{
    if (is_exactly(iterable, &type_tuple)) {
        Tuple *tuple = as_tuple(iterable);
        for (size_t i = 0; i < tuple->length; i++)
            if (!visit(t, tuple->at[i], data))
                return !is_pending(t);
        return true;
    }
    if (is_exactly(iterable, &type_list)) {
        Value item;
        for (size_t i = 0; (item = list_get(as_list(iterable), i)) != 0; i++)
            if (!visit(t, item, data))
                return !is_pending(t);
        return true;
    }
    Value iterator = iter_get(t, iterable);
    if (!iterator)
        return false;
    for (Value item; (item = iter_next(t, iterator)) != 0;)
        if (!visit(t, item, data))
            break;
    return !is_pending(t);
}

// Items of an iterator in a growing collected array.
static Value *drain(Thread *t, Value iterator, size_t hint, size_t *out_n)
{
    size_t n = 0, capacity = hint < 4 ? 4 : hint;
    Value *items = new_scanned(t, capacity * sizeof(Value));
    if (!items)
        return NULL;
    for (Value item; (item = iter_next(t, iterator)) != 0; n++) {
        if (n == capacity) {
            Value *grown = new_scanned(t, (capacity + capacity / 2) * sizeof(Value));
            if (!grown)
                return NULL;
            memcpy(grown, items, n * sizeof(Value));
            items = grown;
            capacity += capacity / 2;
        }
        items[n] = item;
    }
    *out_n = n;
    return is_pending(t) ? NULL : items;
}

enum { HINT_MAX = 1 << 24 };      // believe length hints up to here

Value *values_from_iterable(Thread *t, Value iterable, size_t *out_n)
{
    if (is_exactly(iterable, &type_list))
        return list_snapshot(t, as_list(iterable), out_n);
    if (is_exactly(iterable, &type_tuple)) {
        Tuple *tuple = as_tuple(iterable);
        *out_n = tuple->length;
        Value *copy = new_scanned(t, (tuple->length ? tuple->length : 1) * sizeof(Value));
        if (copy)
            memcpy(copy, tuple->at, tuple->length * sizeof(Value));
        return copy;
    }
    Value iterator = iter_get(t, iterable);
    if (!iterator)
        return NULL;
    int64_t hint = length_hint(t, iterable, 8);
    return hint < 0 ? NULL : drain(t, iterator, size_min((size_t)hint, HINT_MAX), out_n);
}
