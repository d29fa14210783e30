// deque_iterator.c: iterators over deques, forwards and backwards.
#include "src/core/native.h"
#include "src/modules/deque.h"
#include "src/ops/ops.h"
#include "src/types/iterators.h"

// Fields are relaxed words.
typedef struct DequeIterator {
    Object head;
    Deque *deque;
    uint64_t state;               // the deque's when the iterator was made
    size_t index, left;
} DequeIterator;

static void iterator_start(DequeIterator *it, Deque *d)
{
    it->deque = d;
    it->state = load_relaxed(&d->state);
    it->left = deque_length(d);
}

Value deque_iterator_new(Thread *t, Deque *d, bool reverse)
{
    DequeIterator *it = reverse ? new_object(t, deque_reverse_iterator, DequeIterator)
                                : new_object(t, deque_iterator, DequeIterator);
    if (it)
        iterator_start(it, d);
    return value_of(it);
}

static Value iterator_next(Thread *t, Value iterator)
{
    DequeIterator *it = (DequeIterator *)iterator;
    size_t left = load_relaxed(&it->left), index = load_relaxed(&it->index);
    if (load_relaxed(&it->deque->state) != it->state) {
        store_relaxed(&it->left, 0);
        return raise(t, EXC(RuntimeError), "deque mutated during iteration");
    }
    if (left == 0)
        return 0;
    uint64_t state;
    bool reverse = it->head.type == &type_deque_reverse_iterator;
    Value item = deque_item(it->deque, reverse ? left - 1 : index, &state);
    if (!item || state != it->state)
        return raise(t, EXC(RuntimeError), "deque mutated during iteration");
    store_relaxed(&it->index, index + 1);
    store_relaxed(&it->left, left - 1);
    return item;
}

// (deque, number of items to skip), for unpickling.
static Value iterator_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    int64_t skip = 0;
    BIND_ARGUMENTS(t, "_deque_iterator", "(deque, index=0, /)", args, nargs, kwnames, a, return 0);
    if (!is_object(a[0]) || !type_is_subtype(type_of(a[0]), &type_deque))
        return raise(t, EXC(TypeError), "argument 1 must be collections.deque, not %T", a[0]);
    if (a[1] && !to_int64(t, a[1], &skip))
        return 0;
    DequeIterator *it = instance_new(t, cls, 0);
    if (!it)
        return 0;
    iterator_start(it, (Deque *)a[0]);
    for (; skip > 0 && it->left; skip--)
        if (!iterator_next(t, value_of(it)))
            return 0;
    return value_of(it);
}

static Value length_hint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    return fixnum((int64_t)load_relaxed(&((DequeIterator *)args[0])->left));
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    DequeIterator *it = (DequeIterator *)args[0];
    int64_t done = (int64_t)deque_length(it->deque) - (int64_t)it->left;
    Value arguments = tuple_pair(t, value_of(it->deque), fixnum(done));
    return arguments ? tuple_pair(t, value_of(it->head.type), arguments) : 0;
}

static const NativeDef iterator_methods[] = {
    {"__length_hint__", length_hint_method, "($self, /)", "Private method returning an estimate of len(list(it)).", 0},
    {"__reduce__", reduce_method, "($self, /)", "Return state information for pickling.", 0},
    {0},
};

Type type_deque_iterator = {
    TYPE_HEAD(deque_iterator, "collections._deque_iterator", &type_object, DequeIterator),
    .slots = {.new = iterator_new, .iter = iterator_self, .next = iterator_next},
    .methods = iterator_methods,
};

Type type_deque_reverse_iterator = {
    TYPE_HEAD(deque_reverse_iterator, "collections._deque_reverse_iterator", &type_object, DequeIterator),
    .slots = {.new = iterator_new, .iter = iterator_self, .next = iterator_next},
    .methods = iterator_methods,
};
