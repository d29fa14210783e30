// set_iterator.c: the iterator of set and frozenset.
#include "src/ops/ops.h"
#include "src/types/iterators.h"
#include "src/types/sequence.h"

Value set_iterator_next(Thread *t, Value iterator)
{
    SetIterator *it = (SetIterator *)iterator;
    Value owner = load_relaxed(&it->set);
    if (unlikely(!owner))
        return 0;
    if (unlikely(set_length(as_set(owner)) != it->used)) {
        store_relaxed(&it->used, SIZE_MAX);   // stays so, whatever the set does
        return raise(t, EXC(RuntimeError), "Set changed size during iteration");
    }
    Value key;
    size_t position = load_relaxed(&it->position);
    if (unlikely(!set_next(as_set(owner), &position, &key))) {
        store_relaxed(&it->set, 0);
        return 0;
    }
    store_relaxed(&it->position, position);
    store_relaxed(&it->left, it->left ? it->left - 1 : 0);
    return key;
}

static Value length_hint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    SetIterator *it = (SetIterator *)args[0];
    Value owner = load_relaxed(&it->set);
    return fixnum(owner && set_length(as_set(owner)) == it->used ? (int64_t)it->left : 0);
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    SetIterator *copy = new_object(t, set_iterator, SetIterator), *it = (SetIterator *)args[0];
    if (!copy)
        return 0;
    copy->set = it->set;
    copy->position = it->position;
    copy->used = it->used;
    copy->left = it->left;
    Value rest = list_from_iterable(t, value_of(copy));
    Value maker = rest ? builtin_named(t, N(iter)) : 0;
    Value arguments = maker ? tuple_from(t, &rest, 1) : 0;
    return arguments ? tuple_pair(t, maker, arguments) : 0;
}

static const NativeDef iterator_methods[] = {
    {"__length_hint__", length_hint_method, "($self, /)", "Private method returning an estimate of len(list(it)).", 0},
    {"__reduce__", reduce_method, "($self, /)", "Return state information for pickling.", 0},
    {0},
};

Type type_set_iterator = {
    TYPE_HEAD(set_iterator, "set_iterator", &type_object, SetIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = set_iterator_next},
    .methods = iterator_methods,
};
