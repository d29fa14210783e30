// set_type.c: set and frozenset: constructors, operators, methods, the iterator.
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/sequence.h"
#include "src/types/set_table.h"

static inline bool is_frozen(Value v)
{
    return is_instance_flag(v, TYPE_IS_FROZENSET);
}

// --- combining: results are of the left operand's builtin type ---

static int in_other(Thread *t, Value other, Value key, Hash hash)
{
    if (is_any_set(other))
        return set_contains_hashed(t, as_set(other), key, hash);
    DictProbe probe;
    return dict_find(t, as_dict(other), key, hash, &probe);
}

static Value intersect(Thread *t, Value self, Value other, bool frozen)
{
    Set *result = set_new(t, frozen);
    if (!result)
        return 0;
    Value key;
    Hash hash;
    if (is_any_set(other)) {
        Set *large = as_set(self), *small = as_set(other);
        if (set_length(small) > set_length(large)) {
            large = as_set(other);
            small = as_set(self);
        }
        for (size_t position = 0; set_next_entry(small, &position, &key, &hash);) {
            int inside = set_contains_hashed(t, large, key, hash);
            if (inside < 0 || (inside && set_add_hashed(t, result, key, hash) < 0))
                return 0;
        }
        return value_of(result);
    }
    Value iterator = iter_get(t, other);
    if (!iterator)
        return 0;
    while ((key = iter_next(t, iterator)) != 0) {
        if (!key_hash(t, key, SET_ELEMENT, &hash))
            return 0;
        int inside = set_contains_hashed(t, as_set(self), key, hash);
        if (inside < 0 || (inside && set_add_hashed(t, result, key, hash) < 0))
            return 0;
    }
    return is_pending(t) ? 0 : value_of(result);
}

static bool subtract_in_place(Thread *t, Set *s, Value other)
{
    if (value_of(s) == other) {
        set_clear(s);
        return true;
    }
    Value key;
    Hash hash;
    if (is_any_set(other)) {
        for (size_t position = 0; set_next_entry(as_set(other), &position, &key, &hash);)
            if (set_discard_hashed(t, s, key, hash) < 0)
                return false;
        return true;
    }
    Value iterator = iter_get(t, other);
    if (!iterator)
        return false;
    while ((key = iter_next(t, iterator)) != 0)
        if (!key_hash(t, key, SET_ELEMENT, &hash) || set_discard_hashed(t, s, key, hash) < 0)
            return false;
    return !is_pending(t);
}

static Value subtract(Thread *t, Value self, Value other, bool frozen)
{
    bool keyed = is_any_set(other) || is_dict(other);
    int64_t size = keyed ? length_of(t, other) : 0;
    if (size < 0)
        return 0;
    if (!keyed || (int64_t)(set_length(as_set(self)) >> 2) > size) {
        Value copy = set_copy(t, as_set(self), frozen);
        return copy && subtract_in_place(t, as_set(copy), other) ? copy : 0;
    }
    Set *result = set_new(t, frozen);
    Value key;
    Hash hash;
    for (size_t position = 0; result && set_next_entry(as_set(self), &position, &key, &hash);) {
        int inside = in_other(t, other, key, hash);
        if (inside < 0 || (!inside && set_add_hashed(t, result, key, hash) < 0))
            return 0;
    }
    return value_of(result);
}

// s becomes the symmetric difference with a set.
static bool toggle(Thread *t, Set *s, const Set *other)
{
    Value key;
    Hash hash;
    for (size_t position = 0; set_next_entry(other, &position, &key, &hash);) {
        int removed = set_discard_hashed(t, s, key, hash);
        if (removed < 0 || (!removed && set_add_hashed(t, s, key, hash) < 0))
            return false;
    }
    return true;
}

static bool toggle_in_place(Thread *t, Set *s, Value other)
{
    if (value_of(s) == other) {
        set_clear(s);
        return true;
    }
    Value items = is_any_set(other) ? other : set_from_iterable(t, other, false);
    return items && toggle(t, s, as_set(items));
}

static Value symmetric_difference(Thread *t, Value self, Value other, bool frozen)
{
    Value result = set_from_iterable(t, other, frozen);
    return result && toggle(t, as_set(result), as_set(self)) ? result : 0;
}

static int is_subset(Thread *t, const Set *part, const Set *whole)
{
    if (set_length(part) > set_length(whole))
        return 0;
    Value key;
    Hash hash;
    for (size_t position = 0; set_next_entry(part, &position, &key, &hash);) {
        int inside = set_contains_hashed(t, whole, key, hash);
        if (inside <= 0)
            return inside;
    }
    return 1;
}

static int is_disjoint(Thread *t, Value self, Value other)
{
    Value key;
    Hash hash;
    if (is_any_set(other)) {
        Set *large = as_set(self), *small = as_set(other);
        if (small == large)
            return set_length(small) == 0;
        if (set_length(small) > set_length(large)) {
            large = as_set(other);
            small = as_set(self);
        }
        for (size_t position = 0; set_next_entry(small, &position, &key, &hash);) {
            int inside = set_contains_hashed(t, large, key, hash);
            if (inside)
                return inside < 0 ? -1 : 0;
        }
        return 1;
    }
    Value iterator = iter_get(t, other);
    if (!iterator)
        return -1;
    while ((key = iter_next(t, iterator)) != 0) {
        int inside = key_hash(t, key, SET_ELEMENT, &hash) ? set_contains_hashed(t, as_set(self), key, hash) : -1;
        if (inside)
            return inside < 0 ? -1 : 0;
    }
    return is_pending(t) ? -1 : 1;
}

// --- slots ---

static Value set_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    if (cls == &type_set)
        return value_of(set_new(t, false));
    Set *s = instance_new(t, cls, 0);
    if (s)
        s->table = set_table_empty();
    return value_of(s);
}

static bool set_init_slot(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!arguments_check(t, "set", nargs, kwnames, 0, 1))
        return false;
    Set *s = as_set(self);
    set_clear(s);
    s->hash = 0;
    return nargs == 0 || set_update(t, s, args[0]);
}

static Value frozenset_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_frozenset, nargs, kwnames, 0, 1))
        return 0;
    if (cls == &type_frozenset) {
        if (nargs && is_exactly(args[0], &type_frozenset))
            return args[0];
        return nargs ? set_from_iterable(t, args[0], true) : value_of(set_new(t, true));
    }
    Set *s = instance_new(t, cls, 0);
    if (!s)
        return 0;
    s->table = set_table_empty();
    return !nargs || set_update(t, s, args[0]) ? value_of(s) : 0;
}

static Value set_repr(Thread *t, Value a)
{
    if (set_length(as_set(a)) == 0)
        return str_format(t, "%T()", a);
    int active = repr_enter(t, a);
    if (active)
        return active > 0 ? str_format(t, "%T(...)", a) : 0;
    StrBuilder b;
    builder_init(&b);
    bool exact = is_exactly(a, &type_set);
    size_t n;
    Value *items = values_from_iterable(t, a, &n);
    bool ok = items && (exact || builder_format(t, &b, "%T(", a)) && builder_char(t, &b, '{')
              && values_repr(t, &b, items, n) && builder_char(t, &b, '}') && (exact || builder_char(t, &b, ')'));
    repr_leave(t, a);
    return ok ? builder_finish(t, &b) : 0;
}

static bool frozenset_hash_slot(Thread *t, Value a, Hash *out)
{
    (void)t;
    *out = frozenset_hash(as_set(a));
    return true;
}

static Value set_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_any_set(b) || !is_any_set(a))
        return NOTIMPLEMENTED;
    Set *left = as_set(a), *right = as_set(b);
    size_t n = set_length(left), m = set_length(right);
    int answer = 0;
    switch (op) {
    case CMP_EQ:
    case CMP_NE:
        if (n == m && !(is_frozen(a) && is_frozen(b) && left->hash && right->hash && left->hash != right->hash))
            answer = is_subset(t, left, right);
        if (answer >= 0 && op == CMP_NE)
            answer = !answer;
        break;
    case CMP_LE:
        answer = is_subset(t, left, right);
        break;
    case CMP_GE:
        answer = is_subset(t, right, left);
        break;
    case CMP_LT:
        answer = n < m ? is_subset(t, left, right) : 0;
        break;
    case CMP_GT:
        answer = m < n ? is_subset(t, right, left) : 0;
        break;
    }
    return answer < 0 ? 0 : value_bool(answer);
}

static int64_t set_length_slot(Thread *t, Value a)
{
    (void)t;
    return (int64_t)set_length(as_set(a));
}

static int set_contains_slot(Thread *t, Value a, Value key)
{
    return set_contains(t, as_set(a), key);
}

static Value set_iter(Thread *t, Value a)
{
    SetIterator *it = new_object(t, set_iterator, SetIterator);
    if (!it)
        return 0;
    it->set = a;
    it->used = it->left = set_length(as_set(a));
    return value_of(it);
}

static bool are_sets(Value a, Value b)
{
    return is_any_set(a) && is_any_set(b);
}

static Value set_or(Thread *t, Value a, Value b)
{
    if (!are_sets(a, b))
        return NOTIMPLEMENTED;
    Value result = set_copy(t, as_set(a), is_frozen(a));
    return result && set_update(t, as_set(result), b) ? result : 0;
}

static Value set_and(Thread *t, Value a, Value b)
{
    return are_sets(a, b) ? intersect(t, a, b, is_frozen(a)) : NOTIMPLEMENTED;
}

static Value set_subtract(Thread *t, Value a, Value b)
{
    return are_sets(a, b) ? subtract(t, a, b, is_frozen(a)) : NOTIMPLEMENTED;
}

static Value set_xor(Thread *t, Value a, Value b)
{
    return are_sets(a, b) ? symmetric_difference(t, a, b, is_frozen(a)) : NOTIMPLEMENTED;
}

static Value set_inplace_or(Thread *t, Value a, Value b)
{
    if (!is_any_set(b))
        return NOTIMPLEMENTED;
    return set_update(t, as_set(a), b) ? a : 0;
}

static Value set_inplace_and(Thread *t, Value a, Value b)
{
    if (!is_any_set(b))
        return NOTIMPLEMENTED;
    Value common = intersect(t, a, b, false);
    if (common)
        set_take_table(as_set(a), as_set(common));
    return common ? a : 0;
}

static Value set_inplace_subtract(Thread *t, Value a, Value b)
{
    if (!is_any_set(b))
        return NOTIMPLEMENTED;
    return subtract_in_place(t, as_set(a), b) ? a : 0;
}

static Value set_inplace_xor(Thread *t, Value a, Value b)
{
    if (!is_any_set(b))
        return NOTIMPLEMENTED;
    return toggle_in_place(t, as_set(a), b) ? a : 0;
}

// --- methods: args[0] is self, *others follow ---

static Value add_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return set_add(t, as_set(args[0]), args[1]) < 0 ? 0 : NONE;
}

static Value discard_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return set_discard(t, as_set(args[0]), args[1]) < 0 ? 0 : NONE;
}

static Value remove_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int removed = set_discard(t, as_set(args[0]), args[1]);
    if (removed < 0)
        return 0;
    return removed ? NONE : raise_key(t, args[1]);
}

static Value pop_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value key = set_pop_any(as_set(args[0]));
    return key ? key : raise(t, EXC(KeyError), "pop from an empty set");
}

static Value clear_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    set_clear(as_set(args[0]));
    return NONE;
}

static Value copy_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (is_exactly(args[0], &type_frozenset))
        return args[0];
    return set_copy(t, as_set(args[0]), is_frozen(args[0]));
}

static Value update_method(Thread *t, const Value *args, size_t nargs)
{
    for (size_t i = 1; i < nargs; i++)
        if (!set_update(t, as_set(args[0]), args[i]))
            return 0;
    return NONE;
}

static Value union_method(Thread *t, const Value *args, size_t nargs)
{
    Value result = set_copy(t, as_set(args[0]), is_frozen(args[0]));
    for (size_t i = 1; result && i < nargs; i++)
        if (!set_update(t, as_set(result), args[i]))
            return 0;
    return result;
}

static Value intersection_method(Thread *t, const Value *args, size_t nargs)
{
    if (nargs == 1)
        return set_copy(t, as_set(args[0]), is_frozen(args[0]));
    Value result = args[0];
    for (size_t i = 1; result && i < nargs; i++)
        result = intersect(t, result, args[i], is_frozen(args[0]));
    return result;
}

static Value intersection_update_method(Thread *t, const Value *args, size_t nargs)
{
    Value result = intersection_method(t, args, nargs);
    if (result)
        set_take_table(as_set(args[0]), as_set(result));
    return result ? NONE : 0;
}

static Value difference_method(Thread *t, const Value *args, size_t nargs)
{
    if (nargs == 1)
        return set_copy(t, as_set(args[0]), is_frozen(args[0]));
    Value result = subtract(t, args[0], args[1], is_frozen(args[0]));
    for (size_t i = 2; result && i < nargs; i++)
        if (!subtract_in_place(t, as_set(result), args[i]))
            return 0;
    return result;
}

static Value difference_update_method(Thread *t, const Value *args, size_t nargs)
{
    for (size_t i = 1; i < nargs; i++)
        if (!subtract_in_place(t, as_set(args[0]), args[i]))
            return 0;
    return NONE;
}

static Value symmetric_difference_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return symmetric_difference(t, args[0], args[1], is_frozen(args[0]));
}

static Value symmetric_difference_update_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return toggle_in_place(t, as_set(args[0]), args[1]) ? NONE : 0;
}

static Value isdisjoint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int answer = is_disjoint(t, args[0], args[1]);
    return answer < 0 ? 0 : value_bool(answer);
}

static Value issubset_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value other = is_any_set(args[1]) ? args[1] : set_from_iterable(t, args[1], false);
    int answer = other ? is_subset(t, as_set(args[0]), as_set(other)) : -1;
    return answer < 0 ? 0 : value_bool(answer);
}

static Value issuperset_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (is_any_set(args[1])) {
        int answer = is_subset(t, as_set(args[1]), as_set(args[0]));
        return answer < 0 ? 0 : value_bool(answer);
    }
    Value iterator = iter_get(t, args[1]);
    if (!iterator)
        return 0;
    for (Value key; (key = iter_next(t, iterator)) != 0;) {
        int inside = set_contains(t, as_set(args[0]), key);
        if (inside <= 0)
            return inside < 0 ? 0 : FALSE;
    }
    return is_pending(t) ? 0 : TRUE;
}

static Value contains_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int inside = set_contains(t, as_set(args[0]), args[1]);
    return inside < 0 ? 0 : value_bool(inside);
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value items = list_from_iterable(t, args[0]);
    Value arguments = items ? tuple_from(t, &items, 1) : 0;
    Value state = arguments ? call_method0(t, args[0], N(__getstate__)) : 0;
    return state ? tuple_of(t, 3, value_of(type_of(args[0])), arguments, state) : 0;
}

static Value sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    SetTable *table = load_acquire(&as_set(args[0])->table);
    return fixnum((int64_t)(type_of(args[0])->basic_size + sizeof(SetTable) + (table->mask + 1) * sizeof(SetEntry)));
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

// Rows of both types.
#define SET_READERS                                                                                                      \
    {"__contains__", contains_method, "($self, object, /)", "x.__contains__(y) <==> y in x.", 0},                        \
    {"copy", copy_method, "($self, /)", "Return a shallow copy of a set.", 0},                                           \
    {"difference", difference_method, "($self, /, *others)",                                                             \
     "Return a new set with elements in the set that are not in the others.", 0},                                        \
    {"intersection", intersection_method, "($self, /, *others)",                                                         \
     "Return a new set with elements common to the set and all others.", 0},                                             \
    {"isdisjoint", isdisjoint_method, "($self, other, /)", "Return True if two sets have a null intersection.", 0},      \
    {"issubset", issubset_method, "($self, other, /)", "Report whether another set contains this set.", 0},              \
    {"issuperset", issuperset_method, "($self, other, /)", "Report whether this set contains another set.", 0},          \
    {"__reduce__", reduce_method, "($self, /)", "Return state information for pickling.", 0},                            \
    {"__sizeof__", sizeof_method, "($self, /)", "S.__sizeof__() -> size of S in memory, in bytes.", 0},                  \
    {"symmetric_difference", symmetric_difference_method, "($self, other, /)",                                           \
     "Return a new set with elements in either the set or other but not both.", 0},                                      \
    {"union", union_method, "($self, /, *others)", "Return a new set with elements from the set and all others.", 0}

static const NativeDef set_methods[] = {
    SET_READERS,
    {"add", add_method, "($self, object, /)",
     "Add an element to a set.\n\nThis has no effect if the element is already present.", 0},
    {"clear", clear_method, "($self, /)", "Remove all elements from this set.", 0},
    {"discard", discard_method, "($self, object, /)",
     "Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() method does not raise\n"
     "an exception when an element is missing from the set.", 0},
    {"difference_update", difference_update_method, "($self, /, *others)",
     "Update the set, removing elements found in others.", 0},
    {"intersection_update", intersection_update_method, "($self, /, *others)",
     "Update the set, keeping only elements found in it and all others.", 0},
    {"pop", pop_method, "($self, /)",
     "Remove and return an arbitrary set element.\n\nRaises KeyError if the set is empty.", 0},
    {"remove", remove_method, "($self, object, /)",
     "Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError.", 0},
    {"symmetric_difference_update", symmetric_difference_update_method, "($self, other, /)",
     "Update the set, keeping only elements found in either set, but not in both.", 0},
    {"update", update_method, "($self, /, *others)", "Update the set, adding elements from all others.", 0},
    {"__class_getitem__", class_getitem_method, "($type, object, /)",
     "sets are generic over the type of their elements", NATIVE_CLASS},
    {0},
};

static const NativeDef frozenset_methods[] = {
    SET_READERS,
    {"__class_getitem__", class_getitem_method, "($type, object, /)",
     "frozensets are generic over the type of their elements", NATIVE_CLASS},
    {0},
};

Type type_set = {
    TYPE_HEAD(set, "set", &type_object, Set),
    .flags = TYPE_BASE | TYPE_MATCH_SELF | TYPE_IS_SET | TYPE_HAS_WEAKREFS,
    .doc = "Build an unordered collection of unique elements.",
    .new_signature = "(iterable=(), /)",
    .slots = {.repr = set_repr, .hash = hash_not_implemented, .compare = set_compare, .length = set_length_slot,
              .contains = set_contains_slot, .iter = set_iter, .subtract = set_subtract, .bit_and = set_and,
              .bit_xor = set_xor, .bit_or = set_or, .inplace_subtract = set_inplace_subtract, .inplace_and = set_inplace_and,
              .inplace_xor = set_inplace_xor, .inplace_or = set_inplace_or, .new = set_new_slot, .init = set_init_slot},
    .methods = set_methods,
};

Type type_frozenset = {
    TYPE_HEAD(frozenset, "frozenset", &type_object, Set),
    .flags = TYPE_BASE | TYPE_MATCH_SELF | TYPE_IS_FROZENSET | TYPE_HAS_WEAKREFS,
    .doc = "Build an immutable unordered collection of unique elements.",
    .new_signature = "(iterable=(), /)",
    .slots = {.repr = set_repr, .hash = frozenset_hash_slot, .compare = set_compare, .length = set_length_slot,
              .contains = set_contains_slot, .iter = set_iter, .subtract = set_subtract, .bit_and = set_and,
              .bit_xor = set_xor, .bit_or = set_or, .new = frozenset_new_slot},
    .methods = frozenset_methods,
};
