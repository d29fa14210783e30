// iterators.c: iterators that hold a sequence and an index, and the callable iterator.
//
// Layouts and sharing rules: iterators.h. A reduced iterator is (iter, (sequence,), index), an exhausted one (iter, (empty,)).
#include "src/types/iterators.h"

#include "src/ops/ops.h"
#include "src/types/sequence.h"

Value index_iterator_new(Thread *t, Type *type, uint32_t shape, Value sequence, int64_t index)
{
    IndexIterator *it = new_object_of(t, type, shape, sizeof(IndexIterator));
    if (!it)
        return 0;
    it->sequence = sequence;
    it->index = index;
    return value_of(it);
}

Value sequence_iterator_new(Thread *t, Value sequence)
{
    return index_iterator_new(t, &type_sequence_iterator, SHAPE_sequence_iterator, sequence, 0);
}

static inline IndexIterator *as_index_iterator(Value v)
{
    return (IndexIterator *)v;
}

static Value exhaust(IndexIterator *it)
{
    store_relaxed(&it->sequence, 0);
    return 0;
}

// --- steps ---

Value list_iterator_next(Thread *t, Value iterator)
{
    (void)t;
    IndexIterator *it = as_index_iterator(iterator);
    Value sequence = load_relaxed(&it->sequence);
    int64_t i = load_relaxed(&it->index);
    if (unlikely(!sequence || i < 0))
        return 0;
    Value item = list_get(as_list(sequence), (size_t)i);
    if (unlikely(!item))
        return exhaust(it);
    store_relaxed(&it->index, i + 1);
    return item;
}

static Value list_reverse_next(Thread *t, Value iterator)
{
    (void)t;
    IndexIterator *it = as_index_iterator(iterator);
    Value sequence = load_relaxed(&it->sequence);
    int64_t i = load_relaxed(&it->index);
    if (!sequence)
        return 0;
    Value item = i < 0 ? 0 : list_get(as_list(sequence), (size_t)i);
    if (!item) {
        store_relaxed(&it->index, -1);
        return exhaust(it);
    }
    store_relaxed(&it->index, i - 1);
    return item;
}

Value tuple_iterator_next(Thread *t, Value iterator)
{
    (void)t;
    IndexIterator *it = as_index_iterator(iterator);
    Value sequence = load_relaxed(&it->sequence);
    int64_t i = load_relaxed(&it->index);
    if (unlikely(!sequence))
        return 0;
    if (unlikely((size_t)i >= as_tuple(sequence)->length))
        return exhaust(it);
    store_relaxed(&it->index, i + 1);
    return as_tuple(sequence)->at[i];
}

// The __getitem__ protocol: IndexError or StopIteration ends it.
static Value step_getitem(Thread *t, IndexIterator *it, int direction)
{
    Value sequence = load_relaxed(&it->sequence);
    int64_t i = load_relaxed(&it->index);
    if (!sequence)
        return 0;
    if (direction < 0 && i < 0)
        return exhaust(it);
    if (i == INT64_MAX)
        return raise(t, EXC(OverflowError), "iter index too large");
    Value item = item_get(t, sequence, fixnum(i));
    if (item) {
        store_relaxed(&it->index, i + direction);
        return item;
    }
    if (pending_clear_if(t, EXC(IndexError)) || pending_clear_if(t, EXC(StopIteration))) {
        if (direction < 0)
            store_relaxed(&it->index, -1);
        return exhaust(it);
    }
    return 0;
}

static Value sequence_iterator_next(Thread *t, Value iterator)
{
    return step_getitem(t, as_index_iterator(iterator), 1);
}

static Value reversed_next(Thread *t, Value iterator)
{
    return step_getitem(t, as_index_iterator(iterator), -1);
}

// --- reversed ---

static Value reversed_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_reversed, nargs, kwnames, 1, 1))
        return 0;
    Value sequence = args[0];
    Value method = special_lookup(t, sequence, N(__reversed__));
    if (!method && is_pending(t))
        return 0;
    if (method && method != NONE)
        return call0(t, method);
    const Type *type = type_of(sequence);
    bool indexed = type->slots.getitem && (type->flags & (TYPE_HEAP | TYPE_SEQUENCE | TYPE_IS_STR | TYPE_IS_BYTES | TYPE_IS_BYTEARRAY))
                   && !type_has_flag(type, TYPE_IS_DICT);
    if (method || !indexed)
        return raise(t, EXC(TypeError), "'%T' object is not reversible", sequence);
    int64_t n = length_of(t, sequence);
    if (n < 0)
        return 0;
    IndexIterator *it = instance_new(t, cls, 0);
    if (!it)
        return 0;
    it->sequence = sequence;
    it->index = n - 1;
    return value_of(it);
}

// --- methods ---

static int64_t rest_of(Thread *t, Value sequence, int64_t index)
{
    if (!sequence)
        return 0;
    int64_t n = length_of(t, sequence);
    return n < 0 ? -1 : n > index ? n - index : 0;
}

static Value length_hint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    IndexIterator *it = as_index_iterator(args[0]);
    Value sequence = load_relaxed(&it->sequence);
    if (is_exactly(args[0], &type_sequence_iterator) && sequence && !type_of(sequence)->slots.length)
        return NOTIMPLEMENTED;
    int64_t rest = rest_of(t, sequence, it->index);
    return rest < 0 ? 0 : fixnum(rest);
}

static Value reverse_length_hint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    IndexIterator *it = as_index_iterator(args[0]);
    Value sequence = load_relaxed(&it->sequence);
    if (!sequence)
        return fixnum(0);
    int64_t n = length_of(t, sequence);
    if (n < 0)
        return 0;
    return fixnum(n < it->index + 1 ? 0 : it->index + 1);
}

static Value reduced(Thread *t, Value maker, Value argument, Value state)
{
    Value arguments = maker ? tuple_from(t, &argument, 1) : 0;
    if (!arguments)
        return 0;
    return state ? tuple_of(t, 3, maker, arguments, state) : tuple_pair(t, maker, arguments);
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    IndexIterator *it = as_index_iterator(args[0]);
    Value maker = builtin_named(t, N(iter)), sequence = load_relaxed(&it->sequence);
    if (!maker)
        return 0;
    if (sequence)
        return reduced(t, maker, sequence, fixnum(it->index));
    Type *type = it->head.type;
    Value empty = tuple_empty;
    if (type == &type_list_iterator || type == &type_list_reverse_iterator)
        empty = value_of(list_new(t, 0));
    return empty ? reduced(t, maker, empty, 0) : 0;
}

static Value reverse_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    IndexIterator *it = as_index_iterator(args[0]);
    bool of_list = it->head.type == &type_list_reverse_iterator;
    Value maker = of_list ? builtin_named(t, N(reversed)) : value_of(it->head.type);   // may run Python code: before the rest
    Value sequence = load_relaxed(&it->sequence);
    if (of_list && !sequence)
        return maker ? reduced(t, maker, value_of(list_new(t, 0)), 0) : 0;
    return sequence ? reduced(t, maker, sequence, fixnum(it->index)) : reduced(t, maker, tuple_empty, 0);
}

static Value setstate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    IndexIterator *it = as_index_iterator(args[0]);
    Value sequence = load_relaxed(&it->sequence);
    int64_t index;
    if (!to_int64(t, args[1], &index))
        return 0;
    if (!sequence)
        return NONE;
    Type *type = it->head.type;
    if (type == &type_sequence_iterator) {
        store_relaxed(&it->index, index < 0 ? 0 : index);
        return NONE;
    }
    int64_t n = length_of(t, sequence);
    if (n < 0)
        return 0;
    int64_t low = type == &type_list_iterator ? -1 : 0;
    store_relaxed(&it->index, index < low ? low : index > n ? n : index);
    return NONE;
}

static Value reverse_setstate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    IndexIterator *it = as_index_iterator(args[0]);
    Value sequence = load_relaxed(&it->sequence);
    int64_t index;
    if (!to_int64(t, args[1], &index))
        return 0;
    int64_t n = sequence ? length_of(t, sequence) : 0;
    if (n < 0)
        return 0;
    if (sequence)
        store_relaxed(&it->index, index < -1 ? -1 : index > n - 1 ? n - 1 : index);
    return NONE;
}

static const char hint_doc[] = "Private method returning an estimate of len(list(it)).";
static const char reduce_doc[] = "Return state information for pickling.";
static const char setstate_doc[] = "Set state information for unpickling.";

static const NativeDef index_methods[] = {
    {"__length_hint__", length_hint_method, "($self, /)", hint_doc, 0},
    {"__reduce__", reduce_method, "($self, /)", reduce_doc, 0},
    {"__setstate__", setstate_method, "($self, object, /)", setstate_doc, 0},
    {0},
};

static const NativeDef reverse_methods[] = {
    {"__length_hint__", reverse_length_hint_method, "($self, /)", hint_doc, 0},
    {"__reduce__", reverse_reduce_method, "($self, /)", reduce_doc, 0},
    {"__setstate__", reverse_setstate_method, "($self, object, /)", setstate_doc, 0},
    {0},
};

#define INDEX_ITERATOR_TYPE(row, py_name, next_fn, method_rows)                                    \
    Type type_##row = {                                                                            \
        TYPE_HEAD(row, py_name, &type_object, IndexIterator),                                      \
        .flags = TYPE_DISALLOW_NEW,                                                                \
        .slots = {.iter = iterator_self, .next = next_fn},                                         \
        .methods = method_rows,                                                                    \
    };
INDEX_ITERATOR_TYPE(list_iterator, "list_iterator", list_iterator_next, index_methods)
INDEX_ITERATOR_TYPE(list_reverse_iterator, "list_reverseiterator", list_reverse_next, reverse_methods)
INDEX_ITERATOR_TYPE(tuple_iterator, "tuple_iterator", tuple_iterator_next, index_methods)
INDEX_ITERATOR_TYPE(sequence_iterator, "iterator", sequence_iterator_next, index_methods)

Type type_reversed = {
    TYPE_HEAD(reversed, "reversed", &type_object, IndexIterator),
    .flags = TYPE_BASE,
    .doc = "Return a reverse iterator over the values of the given sequence.",
    .new_signature = "(sequence, /)",
    .slots = {.iter = iterator_self, .next = reversed_next, .new = reversed_new_slot},
    .methods = reverse_methods,
};

// --- iter(callable, sentinel) ---

Value callable_iterator_new(Thread *t, Value callable, Value sentinel)
{
    CallableIterator *it = new_object(t, callable_iterator, CallableIterator);
    if (!it)
        return 0;
    it->callable = callable;
    it->sentinel = sentinel;
    return value_of(it);
}

static Value callable_iterator_next(Thread *t, Value iterator)
{
    CallableIterator *it = (CallableIterator *)iterator;
    Value callable = load_relaxed(&it->callable);
    if (!callable)
        return 0;
    Value item = call0(t, callable);
    if (!item) {
        if (pending_clear_if(t, EXC(StopIteration)))
            store_relaxed(&it->callable, 0);
        return 0;
    }
    if (!load_relaxed(&it->callable))   // the call itself has exhausted the iterator
        return 0;
    int last = values_equal(t, it->sentinel, item);
    if (last == 0)
        return item;
    if (last > 0)
        store_relaxed(&it->callable, 0);
    return 0;
}

static Value callable_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    CallableIterator *it = (CallableIterator *)args[0];
    Value maker = builtin_named(t, N(iter)), callable = load_relaxed(&it->callable);
    if (!maker)
        return 0;
    if (!callable)
        return reduced(t, maker, tuple_empty, 0);
    Value arguments = tuple_pair(t, callable, it->sentinel);
    return arguments ? tuple_pair(t, maker, arguments) : 0;
}

static const NativeDef callable_methods[] = {
    {"__reduce__", callable_reduce_method, "($self, /)", reduce_doc, 0},
    {0},
};

Type type_callable_iterator = {
    TYPE_HEAD(callable_iterator, "callable_iterator", &type_object, CallableIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = callable_iterator_next},
    .methods = callable_methods,
};
