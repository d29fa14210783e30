// dict_iterator.c: iterators over keys, values and items of dicts, forwards and backwards.
//
// An iterator remembers the table it walks over and the number of items: a dict that changed raises RuntimeError. Fields are
// relaxed words; threads sharing an iterator may repeat items, no more.
#include "src/types/iterators.h"

#include "src/core/thread.h"
#include "src/ops/ops.h"
#include "src/types/sequence.h"

typedef Value (*PickFn)(Thread *t, Value key, Value value);

static Value pick_key(Thread *t, Value key, Value value)
{
    (void)t, (void)value;
    return key;
}

static Value pick_value(Thread *t, Value key, Value value)
{
    (void)t, (void)key;
    return value;
}

Value iterator_self(Thread *t, Value iterator)
{
    (void)t;
    return iterator;
}

static inline bool is_reverse(const DictIterator *it)
{
    return it->head.type == &type_dict_reversekeyiterator || it->head.type == &type_dict_reversevalueiterator
           || it->head.type == &type_dict_reverseitemiterator;
}

Value dict_iterator_new(Thread *t, Dict *d, Type *type, uint32_t shape)
{
    DictIterator *it = new_object_of(t, type, shape, sizeof(DictIterator));
    if (!it)
        return 0;
    it->dict = value_of(d);
    it->keys = load_acquire(&d->keys);
    it->used = it->left = dict_length(d);
    it->position = is_reverse(it) ? load_acquire(&it->keys->filled) : load_relaxed(&it->keys->live_start);
    return value_of(it);
}

// Checks that the dict is as it was. False: exhausted, or an exception is pending.
static bool iterator_check(Thread *t, DictIterator *it)
{
    Value owner = load_relaxed(&it->dict);
    if (!owner)
        return false;
    Dict *d = as_dict(owner);
    if (unlikely(dict_length(d) != it->used)) {
        store_relaxed(&it->used, SIZE_MAX);   // stays so, whatever the dict does
        raise(t, EXC(RuntimeError), "dictionary changed size during iteration");
        return false;
    }
    return true;
}

static COLD Value keys_changed(Thread *t)
{
    return raise(t, EXC(RuntimeError), "dictionary keys changed during iteration");
}

static inline Value step_forward(Thread *t, DictIterator *it, PickFn pick)
{
    if (unlikely(!iterator_check(t, it)))
        return 0;
    DictKeys *k = it->keys;
    size_t filled = load_acquire(&k->filled);
    for (size_t i = load_relaxed(&it->position); i < filled; i++) {
        Value key = load_acquire(&k->entries[i].key), value = load_acquire(&k->entries[i].value);
        if (unlikely(!value))
            continue;
        if (unlikely(it->left == 0 || load_acquire(&as_dict(it->dict)->keys) != k))
            return keys_changed(t);
        store_relaxed(&it->position, i + 1);
        store_relaxed(&it->left, it->left - 1);
        return pick(t, key, value);
    }
    if (it->left && load_acquire(&as_dict(it->dict)->keys) != k)
        return keys_changed(t);
    store_relaxed(&it->dict, 0);
    return 0;
}

static inline Value step_backward(Thread *t, DictIterator *it, PickFn pick)
{
    if (unlikely(!iterator_check(t, it)))
        return 0;
    DictKeys *k = load_acquire(&as_dict(it->dict)->keys);   // as CPython: goes on in a new table where it has such a place
    size_t start = load_relaxed(&it->position);
    if (k != it->keys && start > load_acquire(&k->filled))
        start = 0;
    for (size_t i = start; i-- > 0;) {
        Value key = load_acquire(&k->entries[i].key), value = load_acquire(&k->entries[i].value);
        if (!value)
            continue;
        if (it->left == 0)
            return keys_changed(t);
        store_relaxed(&it->position, i);
        store_relaxed(&it->left, it->left - 1);
        return pick(t, key, value);
    }
    store_relaxed(&it->dict, 0);
    return 0;
}

Value dict_key_iterator_next(Thread *t, Value iterator)
{
    return step_forward(t, (DictIterator *)iterator, pick_key);
}

Value dict_value_iterator_next(Thread *t, Value iterator)
{
    return step_forward(t, (DictIterator *)iterator, pick_value);
}

Value dict_item_iterator_next(Thread *t, Value iterator)
{
    return step_forward(t, (DictIterator *)iterator, tuple_pair);
}

static Value reverse_key_next(Thread *t, Value iterator)
{
    return step_backward(t, (DictIterator *)iterator, pick_key);
}

static Value reverse_value_next(Thread *t, Value iterator)
{
    return step_backward(t, (DictIterator *)iterator, pick_value);
}

static Value reverse_item_next(Thread *t, Value iterator)
{
    return step_backward(t, (DictIterator *)iterator, tuple_pair);
}

// --- methods ---

static Value length_hint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    DictIterator *it = (DictIterator *)args[0];
    Value owner = load_relaxed(&it->dict);
    bool same = owner && dict_length(as_dict(owner)) == it->used;
    return fixnum(same ? (int64_t)it->left : 0);
}

// (iter, ([remaining items],)): a copy of the iterator is run to its end.
static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    DictIterator *copy = new_object_of(t, as_object(args[0])->type, as_object(args[0])->shape, sizeof(DictIterator));
    if (!copy)
        return 0;
    DictIterator *it = (DictIterator *)args[0];
    copy->dict = it->dict;
    copy->keys = it->keys;
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

#define DICT_ITERATOR_TYPE(row, next_fn)                                                           \
    Type type_##row = {                                                                            \
        TYPE_HEAD(row, #row, &type_object, DictIterator),                                          \
        .flags = TYPE_DISALLOW_NEW,                                                                \
        .slots = {.iter = iterator_self, .next = next_fn},                                         \
        .methods = iterator_methods,                                                               \
    };
DICT_ITERATOR_TYPE(dict_keyiterator, dict_key_iterator_next)
DICT_ITERATOR_TYPE(dict_valueiterator, dict_value_iterator_next)
DICT_ITERATOR_TYPE(dict_itemiterator, dict_item_iterator_next)
DICT_ITERATOR_TYPE(dict_reversekeyiterator, reverse_key_next)
DICT_ITERATOR_TYPE(dict_reversevalueiterator, reverse_value_next)
DICT_ITERATOR_TYPE(dict_reverseitemiterator, reverse_item_next)
