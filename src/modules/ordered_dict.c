// ordered_dict.c: collections.OrderedDict over the insertion-ordered table of dict.
//
// The order is that of the table's entries. Moving a key to the end gives it a new entry; moving it to the front makes a new
// table. (table, filled, used) tells iterators of any change but of overwritten values.
#include "src/core/native.h"
#include "src/core/shape.h"
#include "src/ops/ops.h"
#include "src/types/dict_table.h"
#include "src/types/dict_view.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/sequence.h"

typedef struct OrderedDict {
    Dict dict;
    AttrArea attributes;          // no inline slots
} OrderedDict;

static bool is_ordered(Value v)
{
    return is_object(v) && type_is_subtype(type_of(v), &type_ordered_dict);
}

// --- updating: through __setitem__, so that subclasses see every item ---

static bool put(Thread *t, Value self, Value key, Value value)
{
    if (is_exactly(self, &type_ordered_dict))
        return dict_set(t, as_dict(self), key, value);
    return item_set(t, self, key, value);
}

static bool put_pair(Thread *t, Value self, Value pair)
{
    size_t n;
    Value *parts = values_from_iterable(t, pair, &n);
    if (!parts)
        return false;
    if (n < 2)
        return raise(t, EXC(ValueError), "need more than %lu value%s to unpack", (uint64_t)n, n == 1 ? "" : "s") != 0;
    if (n > 2)
        return raise(t, EXC(ValueError), "too many values to unpack (expected 2)") != 0;
    return put(t, self, parts[0], parts[1]);
}

static bool put_pairs(Thread *t, Value self, Value pairs)
{
    Value iterator = iter_get(t, pairs);
    if (!iterator)
        return false;
    for (Value pair; (pair = iter_next(t, iterator)) != 0;)
        if (!put_pair(t, self, pair))
            return false;
    return !is_pending(t);
}

static bool put_keys(Thread *t, Value self, Value mapping, Value keys_method)
{
    Value keys = call0(t, keys_method), iterator = keys ? iter_get(t, keys) : 0;
    if (!iterator)
        return false;
    for (Value key; (key = iter_next(t, iterator)) != 0;) {
        Value value = item_get(t, mapping, key);
        if (!value || !put(t, self, key, value))
            return false;
    }
    return !is_pending(t);
}

static bool update_from(Thread *t, Value self, Value other)
{
    if (is_exactly(other, &type_dict)) {
        Value items = dict_items_list(t, as_dict(other));
        return items && put_pairs(t, self, items);
    }
    Value method;
    int found = attr_find(t, other, N(keys), &method);
    if (found)
        return found > 0 && put_keys(t, self, other, method);
    found = attr_find(t, other, N(items), &method);
    if (found < 0)
        return false;
    if (found && !(other = call0(t, method)))
        return false;
    return put_pairs(t, self, other);
}

static bool update_call(Thread *t, Value self, const char *what, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs > 1)
        return raise(t, EXC(TypeError), "%sexpected at most 1 argument, got %lu", what, (uint64_t)nargs) != 0;
    if (nargs && !update_from(t, self, args[0]))
        return false;
    size_t keywords = kwnames ? as_tuple(kwnames)->length : 0;
    for (size_t i = 0; i < keywords; i++)
        if (!put(t, self, as_tuple(kwnames)->at[i], args[nargs + i]))
            return false;
    return true;
}

static bool ordered_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return update_call(t, self, "", args, nargs, kwnames);
}

static Value update_method(Thread *t, const Value *args, size_t nargs)
{
    if (!update_call(t, args[0], "update() ", args + 2, nargs - 2, 0))
        return 0;
    if (!args[1])
        return NONE;
    Value items = dict_items_list(t, as_dict(args[1]));
    return items && put_pairs(t, args[0], items) ? NONE : 0;
}

// --- slots ---

static Value ordered_repr(Thread *t, Value self)
{
    const char *name = type_short_name(type_of(self));
    if (dict_length(as_dict(self)) == 0)
        return str_format(t, "%s()", name);
    int active = repr_enter(t, self);
    if (active)
        return active > 0 ? str_from_cstr(t, "...") : 0;
    Value copy;
    if (is_exactly(self, &type_ordered_dict)) {
        copy = dict_copy(t, as_dict(self));
    } else {
        Value items = call_method0(t, self, N(items));
        Dict *d = items ? dict_new(t) : NULL;
        copy = d && dict_update(t, d, items) ? value_of(d) : 0;
    }
    Value result = copy ? str_format(t, "%s(%R)", name, copy) : 0;
    repr_leave(t, self);
    return result;
}

// What changes with everything but overwritten values.
typedef struct OrderState {
    const DictKeys *keys;
    size_t filled, used;
} OrderState;

static OrderState state_of(const Dict *d)
{
    const DictKeys *keys = load_acquire(&d->keys);
    return (OrderState){keys, load_acquire(&keys->filled), dict_length(d)};
}

// False with RuntimeError when d is not as it was.
static bool state_holds(Thread *t, const Dict *d, const OrderState *before)
{
    OrderState now = state_of(d);
    if (now.keys == before->keys && now.filled == before->filled && now.used == before->used)
        return true;
    raise(t, EXC(RuntimeError), "OrderedDict mutated during iteration");
    return false;
}

// 1 when both have the same keys in the same order.
static int same_order(Thread *t, Dict *a, Dict *b)
{
    size_t i = 0, k = 0;
    Value left, right;
    OrderState a_state = state_of(a), b_state = state_of(b);
    for (;;) {
        bool more = dict_next(a, &i, &left, NULL);
        if (more != dict_next(b, &k, &right, NULL))
            return 0;
        if (!more)
            return 1;
        int equal = values_equal(t, left, right);
        if (equal >= 0 && (!state_holds(t, a, &a_state) || !state_holds(t, b, &b_state)))
            return -1;
        if (equal <= 0)
            return equal;
    }
}

static Value ordered_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_dict(b) || !is_dict(a))
        return NOTIMPLEMENTED;
    if (!recursion_enter(t, " in comparison"))
        return 0;
    int equal = dict_equal(t, as_dict(a), as_dict(b));
    if (equal > 0 && is_ordered(a) && is_ordered(b))
        equal = same_order(t, as_dict(a), as_dict(b));
    recursion_leave(t);
    return equal < 0 ? 0 : value_bool(equal == (op == CMP_EQ));
}

static Value ordered_or(Thread *t, Value a, Value b)
{
    if (!is_dict(a) || !is_dict(b))
        return NOTIMPLEMENTED;
    Value self = is_ordered(a) ? a : b;
    Value merged = call1(t, value_of(type_of(self)), a);
    return merged && update_from(t, merged, b) ? merged : 0;
}

static Value ordered_inplace_or(Thread *t, Value a, Value b)
{
    return update_from(t, a, b) ? a : 0;
}

// --- iterators ---

typedef enum OrderedKind { ORDERED_KEYS, ORDERED_VALUES, ORDERED_ITEMS } OrderedKind;

// Fields are relaxed words.
typedef struct OrderedIterator {
    Object head;
    Value dict;                   // 0: exhausted
    DictKeys *keys;
    size_t filled, used;
    size_t position;              // forwards: next entry; backwards: one behind the next entry
    OrderedKind kind;
    bool reverse;
} OrderedIterator;

static Value ordered_iterator_new(Thread *t, Value self, OrderedKind kind, bool reverse)
{
    OrderedIterator *it = new_object(t, odict_iterator, OrderedIterator);
    if (!it)
        return 0;
    Dict *d = as_dict(self);
    it->dict = self;
    it->keys = load_acquire(&d->keys);
    it->filled = load_acquire(&it->keys->filled);
    it->used = dict_length(d);
    it->position = reverse ? it->filled : 0;
    it->kind = kind;
    it->reverse = reverse;
    return value_of(it);
}

static Value ordered_pick(Thread *t, const OrderedIterator *it, Value key, Value value)
{
    return it->kind == ORDERED_KEYS ? key : it->kind == ORDERED_VALUES ? value : tuple_pair(t, key, value);
}

static Value ordered_iterator_next(Thread *t, Value iterator)
{
    OrderedIterator *it = (OrderedIterator *)iterator;
    Value owner = load_relaxed(&it->dict);
    if (!owner)
        return 0;
    Dict *d = as_dict(owner);
    if (load_acquire(&d->keys) != it->keys || load_acquire(&it->keys->filled) != it->filled || dict_length(d) != it->used)
        return raise(t, EXC(RuntimeError), "OrderedDict mutated during iteration");
    size_t i = load_relaxed(&it->position);
    while (it->reverse ? i > 0 : i < it->filled) {
        const DictEntry *e = &it->keys->entries[it->reverse ? --i : i++];
        Value key = load_acquire(&e->key), value = load_acquire(&e->value);
        if (!value)
            continue;
        store_relaxed(&it->position, i);
        return ordered_pick(t, it, key, value);
    }
    store_relaxed(&it->dict, 0);
    return 0;
}

static Value iterator_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    OrderedIterator *it = (OrderedIterator *)args[0], *copy = new_object(t, odict_iterator, OrderedIterator);
    if (!copy)
        return 0;
    copy->dict = it->dict;
    copy->keys = it->keys;
    copy->filled = it->filled;
    copy->used = it->used;
    copy->position = it->position;
    copy->kind = it->kind;
    copy->reverse = it->reverse;
    Value rest = list_from_iterable(t, value_of(copy));
    Value maker = rest ? builtin_named(t, N(iter)) : 0, arguments = maker ? tuple_from(t, &rest, 1) : 0;
    return arguments ? tuple_pair(t, maker, arguments) : 0;
}

static const NativeDef iterator_methods[] = {
    {"__reduce__", iterator_reduce_method, "($self, /)", "Return state information for pickling", 0},
    {0},
};

Type type_odict_iterator = {
    TYPE_HEAD(odict_iterator, "odict_iterator", &type_object, OrderedIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = ordered_iterator_next},
    .methods = iterator_methods,
};

static Value ordered_iter(Thread *t, Value self)
{
    return ordered_iterator_new(t, self, ORDERED_KEYS, false);
}

// --- views ---

#define ORDERED_VIEW(part, KIND)                                                                              \
    static Value part##_iter(Thread *t, Value view)                                                           \
    {                                                                                                         \
        return ordered_iterator_new(t, ((DictView *)view)->dict, KIND, false);                                \
    }                                                                                                         \
    static Value part##_reversed_method(Thread *t, const Value *args, size_t nargs)                           \
    {                                                                                                         \
        (void)nargs;                                                                                          \
        return ordered_iterator_new(t, ((DictView *)args[0])->dict, KIND, true);                              \
    }                                                                                                         \
    static const NativeDef part##_methods[] = {                                                               \
        {"__reversed__", part##_reversed_method, "($self, /)", NULL, 0},                                      \
        {0},                                                                                                  \
    };                                                                                                        \
    Type type_odict_##part = {                                                                                \
        TYPE_HEAD(odict_##part, "odict_" #part, &type_dict_##part, DictView),                                 \
        .flags = TYPE_DISALLOW_NEW,                                                                           \
        .slots = {.iter = part##_iter},                                                                       \
        .methods = part##_methods,                                                                            \
    };                                                                                                        \
    static Value part##_method(Thread *t, const Value *args, size_t nargs)                                    \
    {                                                                                                         \
        (void)nargs;                                                                                          \
        return dict_view_new(t, args[0], &type_odict_##part, SHAPE_odict_##part);                             \
    }
ORDERED_VIEW(keys, ORDERED_KEYS)
ORDERED_VIEW(values, ORDERED_VALUES)
ORDERED_VIEW(items, ORDERED_ITEMS)

// --- methods ---

static Value reversed_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return ordered_iterator_new(t, args[0], ORDERED_KEYS, true);
}

static Value fromkeys_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value made = call0(t, args[0]), iterator = made ? iter_get(t, args[1]) : 0;
    if (!iterator)
        return 0;
    for (Value key; (key = iter_next(t, iterator)) != 0;)
        if (!put(t, made, key, args[2] ? args[2] : NONE))
            return 0;
    return is_pending(t) ? 0 : made;
}

static Value setdefault_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value fallback = args[2] ? args[2] : NONE;
    if (is_exactly(args[0], &type_ordered_dict))
        return dict_set_default(t, as_dict(args[0]), args[1], fallback);
    int present = item_contains(t, args[0], args[1]);
    if (present > 0)
        return item_get(t, args[0], args[1]);
    return present == 0 && item_set(t, args[0], args[1], fallback) ? fallback : 0;
}

static Value pop_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value value;
    Hash hash;
    if (!key_hash(t, args[1], DICT_KEY, &hash))
        return 0;
    int found = dict_pop(t, as_dict(args[0]), args[1], &value);
    if (found > 0)
        return value;
    return found < 0 ? 0 : args[2] ? args[2] : raise_key(t, args[1]);
}

static Value popitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int last = args[1] ? truth(t, args[1]) : 1;
    if (last < 0)
        return 0;
    Value key, value;
    if (!(last ? dict_pop_last : dict_pop_first)(as_dict(args[0]), &key, &value))
        return raise(t, EXC(KeyError), "dictionary is empty");
    return tuple_pair(t, key, value);
}

static Value move_to_end_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int last = args[2] ? truth(t, args[2]) : 1;
    int moved = last < 0 ? -1 : dict_move_to_end(t, as_dict(args[0]), args[1], last);
    if (moved == 0)
        return raise_key(t, args[1]);
    return moved > 0 ? NONE : 0;
}

static Value clear_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    dict_clear(t, as_dict(args[0]));
    return NONE;
}

static Value copy_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value copy = call0(t, value_of(type_of(args[0]))), self = args[0];
    if (!copy)
        return 0;
    if (is_exactly(self, &type_ordered_dict))
        return dict_merge(t, as_dict(copy), self, true) ? copy : 0;
    OrderState state = state_of(as_dict(self));
    Value key, value;
    for (size_t position = 0; dict_next(as_dict(self), &position, &key, NULL);) {
        value = item_get(t, self, key);
        if (!value || !state_holds(t, as_dict(self), &state) || !item_set(t, copy, key, value)
            || !state_holds(t, as_dict(self), &state))
            return 0;
    }
    return copy;
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value state = call_method0(t, args[0], N(__getstate__));
    Value items = state ? call_method0(t, args[0], N(items)) : 0;
    Value iterator = items ? iter_get(t, items) : 0;
    return iterator ? tuple_of(t, 5, value_of(type_of(args[0])), tuple_empty, state, NONE, iterator) : 0;
}

static Value sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    DictKeys *k = load_acquire(&as_dict(args[0])->keys);
    return fixnum((int64_t)(type_of(args[0])->basic_size + sizeof(DictKeys) + k->capacity * sizeof(DictEntry)
                            + ((size_t)k->index_width << k->log2_index)));
}

static const NativeDef ordered_methods[] = {
    {"fromkeys", fromkeys_method, "($type, /, iterable, value=None)",
     "Create a new ordered dictionary with keys from iterable and values set to value.", NATIVE_CLASS},
    {"__sizeof__", sizeof_method, "($self, /)", NULL, 0},
    {"__reduce__", reduce_method, "($self, /)", "Return state information for pickling", 0},
    {"setdefault", setdefault_method, "($self, /, key, default=None)",
     "Insert key with a value of default if key is not in the dictionary.\n\n"
     "Return the value for key if key is in the dictionary, else default.", 0},
    {"pop", pop_method, "($self, /, key, default=<unrepresentable>)",
     "od.pop(key[,default]) -> v, remove specified key and return the corresponding value.\n\n"
     "If the key is not found, return the default if given; otherwise,\nraise a KeyError.", 0},
    {"popitem", popitem_method, "($self, /, last=True)",
     "Remove and return a (key, value) pair from the dictionary.\n\n"
     "Pairs are returned in LIFO order if last is true or FIFO order if false.", 0},
    {"keys", keys_method, "($self, /)", NULL, 0},
    {"values", values_method, "($self, /)", NULL, 0},
    {"items", items_method, "($self, /)", NULL, 0},
    {"update", update_method, "($self, /, *args, **kwargs)", NULL, 0},
    {"clear", clear_method, "($self, /)", "Remove all items from ordered dict.", 0},
    {"copy", copy_method, "($self, /)", "A shallow copy of ordered dict.", 0},
    {"__reversed__", reversed_method, "($self, /)", NULL, 0},
    {"move_to_end", move_to_end_method, "($self, /, key, last=True)",
     "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if the element does not exist.", 0},
    {0},
};

Type type_ordered_dict = {
    TYPE_HEAD(ordered_dict, "collections.OrderedDict", &type_dict, OrderedDict),
    .flags = TYPE_BASE | TYPE_MAPPING | TYPE_MATCH_SELF | TYPE_IS_DICT | TYPE_HAS_WEAKREFS,
    .attr_offset = offsetof(OrderedDict, attributes),
    .doc = "Dictionary that remembers insertion order",
    .slots = {.repr = ordered_repr, .hash = hash_not_implemented, .compare = ordered_compare, .iter = ordered_iter,
              .init = ordered_init, .bit_or = ordered_or, .inplace_or = ordered_inplace_or},
    .methods = ordered_methods,
};
