// deque.c: collections.deque: a ring buffer.
//
// Guard: the deque's byte lock for all fields; nothing is read without it, because two words (first, length) belong together.
// Slots outside [first, first + length) are null. `state` counts changes of the order or length: iterators compare it.
#include "src/modules/deque.h"

#include "src/core/lock.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/sequence.h"

enum { RING_MIN = 8 };            // slots of a new ring; always a power of two

static inline size_t slot_of(const Deque *d, size_t i)
{
    return (d->first + i) & (d->ring->cap - 1);
}

static ValueArray *ring_new(Thread *t, size_t slots)
{
    ValueArray *ring = new_scanned(t, sizeof(ValueArray) + slots * sizeof(Value));
    if (ring)
        ring->cap = slots;
    return ring;
}

// Room for `want` items. The lock is held.
static bool ring_reserve(Thread *t, Deque *d, size_t want)
{
    if (d->ring && want <= d->ring->cap)
        return true;
    size_t slots = RING_MIN;
    while (slots < want)
        slots *= 2;
    ValueArray *ring = ring_new(t, slots);
    if (!ring)
        return false;
    for (size_t i = 0; i < d->length; i++)
        ring->at[i] = d->ring->at[slot_of(d, i)];
    d->ring = ring;
    d->first = 0;
    return true;
}

static Value take_first(Deque *d)
{
    if (d->length == 0)
        return 0;
    Value item = d->ring->at[d->first];
    d->ring->at[d->first] = 0;
    d->first = slot_of(d, 1);
    d->length--;
    d->state++;
    return item;
}

static Value take_last(Deque *d)
{
    if (d->length == 0)
        return 0;
    size_t slot = slot_of(d, d->length - 1);
    Value item = d->ring->at[slot];
    d->ring->at[slot] = 0;
    d->length--;
    d->state++;
    return item;
}

static bool put_last(Thread *t, Deque *d, Value item)
{
    if (!ring_reserve(t, d, d->length + 1))
        return false;
    d->ring->at[slot_of(d, d->length)] = item;
    d->length++;
    d->state++;
    if (d->max_length >= 0 && (int64_t)d->length > d->max_length)
        take_first(d);
    return true;
}

static bool put_first(Thread *t, Deque *d, Value item)
{
    if (!ring_reserve(t, d, d->length + 1))
        return false;
    d->first = (d->first - 1) & (d->ring->cap - 1);
    d->ring->at[d->first] = item;
    d->length++;
    d->state++;
    if (d->max_length >= 0 && (int64_t)d->length > d->max_length)
        take_last(d);
    return true;
}

// --- with the lock ---

typedef bool (*PutFn)(Thread *t, Deque *d, Value item);

static bool deque_put(Thread *t, Deque *d, Value item, PutFn put)
{
    bool locked = object_lock(&d->head);
    bool ok = put(t, d, item);
    object_unlock(&d->head, locked);
    return ok;
}

bool deque_append(Thread *t, Deque *d, Value item)
{
    return deque_put(t, d, item, put_last);
}

Value deque_take_first(Deque *d)
{
    bool locked = object_lock(&d->head);
    Value item = take_first(d);
    object_unlock(&d->head, locked);
    return item;
}

Deque *deque_new(Thread *t)
{
    Deque *d = new_object(t, deque, Deque);
    if (d)
        d->max_length = -1;
    return d;
}

size_t deque_length(Deque *d)
{
    return load_relaxed(&d->length);
}

// Item i and the state it was seen under; 0: out of range.
Value deque_item(Deque *d, size_t i, uint64_t *out_state)
{
    bool locked = object_lock(&d->head);
    Value item = i < d->length ? d->ring->at[slot_of(d, i)] : 0;
    *out_state = d->state;
    object_unlock(&d->head, locked);
    return item;
}

static uint64_t deque_state(Deque *d)
{
    return load_relaxed(&d->state);
}

static Value *deque_snapshot(Thread *t, Deque *d, size_t *out_n)
{
    bool locked = object_lock(&d->head);
    size_t n = d->length;
    Value *items = new_scanned(t, (n ? n : 1) * sizeof(Value));
    for (size_t i = 0; items && i < n; i++)
        items[i] = d->ring->at[slot_of(d, i)];
    object_unlock(&d->head, locked);
    *out_n = n;
    return items;
}

static void deque_clear(Deque *d)
{
    bool locked = object_lock(&d->head);
    d->ring = NULL;
    d->length = d->first = 0;
    d->state++;
    object_unlock(&d->head, locked);
}

static bool deque_extend(Thread *t, Deque *d, Value iterable, PutFn put)
{
    if (iterable == value_of(d)) {
        size_t n;
        Value *items = deque_snapshot(t, d, &n);
        if (!items)
            return false;
        for (size_t i = 0; i < n; i++)
            if (!deque_put(t, d, items[i], put))
                return false;
        return true;
    }
    Value iterator = iter_get(t, iterable);
    if (!iterator)
        return false;
    for (Value item; (item = iter_next(t, iterator)) != 0;)
        if (!deque_put(t, d, item, put))
            return false;
    return !is_pending(t);
}

static void rotate_locked(Deque *d, int64_t n)
{
    int64_t length = (int64_t)d->length;
    if (length <= 1)
        return;
    n %= length;
    if (n > length / 2)
        n -= length;
    else if (n < -(length / 2))
        n += length;
    d->state++;
    size_t mask = d->ring->cap - 1;
    Value *at = d->ring->at;
    for (; n > 0; n--) {          // the last item goes to the front
        size_t last = slot_of(d, d->length - 1);
        Value item = at[last];
        at[last] = 0;
        d->first = (d->first - 1) & mask;
        at[d->first] = item;
    }
    for (; n < 0; n++) {
        Value item = at[d->first];
        at[d->first] = 0;
        d->first = (d->first + 1) & mask;
        at[slot_of(d, d->length - 1)] = item;
    }
}

// Removes item i, moving the shorter side.
static void remove_at_locked(Deque *d, size_t i)
{
    Value *at = d->ring->at;
    if (i < d->length / 2) {
        for (; i > 0; i--)
            at[slot_of(d, i)] = at[slot_of(d, i - 1)];
        take_first(d);
    } else {
        for (; i + 1 < d->length; i++)
            at[slot_of(d, i)] = at[slot_of(d, i + 1)];
        take_last(d);
    }
}

// --- construction ---

static Value deque_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    Deque *d = instance_new(t, cls, 0);
    if (d)
        d->max_length = -1;
    return value_of(d);
}

static bool deque_init_slot(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    Deque *d = (Deque *)self;
    BIND_ARGUMENTS(t, "deque", "(iterable=(), maxlen=None)", args, nargs, kwnames, a, return false);
    int64_t max_length = -1;
    if (a[1] && a[1] != NONE) {
        if (!is_int(a[1]))
            return raise(t, EXC(TypeError), "an integer is required") != 0;
        if (!to_int64(t, a[1], &max_length))
            return false;
        if (max_length < 0)
            return raise(t, EXC(ValueError), "maxlen must be non-negative") != 0;
    }
    deque_clear(d);
    store_relaxed(&d->max_length, max_length);
    return !a[0] || deque_extend(t, d, a[0], put_last);
}

// type(d)(items, maxlen)
static Value deque_copy(Thread *t, Value a)
{
    Deque *d = (Deque *)a;
    if (d->head.type == &type_deque) {
        Value made = deque_new_slot(t, &type_deque, NULL, 0, 0);
        Deque *copy = (Deque *)made;
        if (!made)
            return 0;
        copy->max_length = d->max_length;
        size_t n;
        Value *items = deque_snapshot(t, d, &n);
        for (size_t i = 0; items && i < n; i++)
            if (!put_last(t, copy, items[i]))
                return 0;
        return items ? made : 0;
    }
    Value cls = value_of(d->head.type);
    Value copy = d->max_length < 0 ? call1(t, cls, a) : call2(t, cls, a, fixnum(d->max_length));
    if (copy && (!is_object(copy) || !type_is_subtype(type_of(copy), &type_deque)))
        return raise(t, EXC(TypeError), "%N() must return a deque, not %T", d->head.type, copy);
    return copy;
}

// --- slots ---

static Value deque_repr(Thread *t, Value a)
{
    Deque *d = (Deque *)a;
    int active = repr_enter(t, a);
    if (active)
        return active > 0 ? str_from_cstr(t, "[...]") : 0;
    size_t n;
    Value *items = deque_snapshot(t, d, &n), list = items ? list_from(t, items, n) : 0, result = 0;
    const char *name = type_short_name(type_of(a));
    if (list && d->max_length >= 0)
        result = str_format(t, "%s(%R, maxlen=%ld)", name, list, d->max_length);
    else if (list)
        result = str_format(t, "%s(%R)", name, list);
    repr_leave(t, a);
    return result;
}

static bool is_deque(Value v)
{
    return is_object(v) && type_is_subtype(type_of(v), &type_deque);
}

static Value deque_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_deque(a) || !is_deque(b))
        return NOTIMPLEMENTED;
    size_t n, m;
    Value *left = deque_snapshot(t, (Deque *)a, &n), *right = left ? deque_snapshot(t, (Deque *)b, &m) : NULL;
    if (!right)
        return 0;
    if (a == b)
        return value_bool(order_matches(0, op));
    return sequences_compare(t, left, n, right, m, op);
}

static int64_t deque_length_slot(Thread *t, Value a)
{
    (void)t;
    return (int64_t)deque_length((Deque *)a);
}

static MUST_CHECK bool item_index(Thread *t, Value key, int64_t *out)
{
    if (is_index(key))
        return to_index(t, key, out);
    raise(t, EXC(TypeError), "sequence index must be integer, not '%T'", key);
    return false;
}

static Value deque_getitem(Thread *t, Value a, Value key)
{
    Deque *d = (Deque *)a;
    int64_t i;
    if (!item_index(t, key, &i))
        return 0;
    bool locked = object_lock(&d->head);
    if (i < 0)
        i += (int64_t)d->length;
    Value item = i >= 0 && i < (int64_t)d->length ? d->ring->at[slot_of(d, (size_t)i)] : 0;
    object_unlock(&d->head, locked);
    return item ? item : raise(t, EXC(IndexError), "deque index out of range");
}

static bool deque_setitem(Thread *t, Value a, Value key, Value value)
{
    Deque *d = (Deque *)a;
    int64_t i;
    if (!item_index(t, key, &i))
        return false;
    bool locked = object_lock(&d->head);
    if (i < 0)
        i += (int64_t)d->length;
    bool inside = i >= 0 && i < (int64_t)d->length;
    if (inside && value)
        d->ring->at[slot_of(d, (size_t)i)] = value;
    else if (inside)
        remove_at_locked(d, (size_t)i);
    object_unlock(&d->head, locked);
    if (!inside)
        raise(t, EXC(IndexError), "deque index out of range");
    return inside;
}

// Place of the first item in [start, stop) equal to value: -1 not there, -2 error.
static int64_t deque_find(Thread *t, Deque *d, Value value, int64_t start, int64_t stop, Type *mutated)
{
    uint64_t state = deque_state(d), now;
    for (int64_t i = start; i < stop; i++) {
        Value item = deque_item(d, (size_t)i, &now);
        int equal = item && now == state ? values_equal(t, item, value) : 0;
        if (equal < 0)
            return -2;
        if (deque_state(d) != state) {
            raise(t, mutated, "deque mutated during iteration");
            return -2;
        }
        if (equal)
            return i;
    }
    return -1;
}

static int deque_contains(Thread *t, Value a, Value item)
{
    Deque *d = (Deque *)a;
    int64_t at = deque_find(t, d, item, 0, (int64_t)deque_length(d), EXC(RuntimeError));
    return at == -2 ? -1 : at >= 0;
}

static Value deque_concat(Thread *t, Value a, Value b)
{
    if (!is_deque(b))
        return raise(t, EXC(TypeError), "can only concatenate deque (not \"%T\") to deque", b);
    Value copy = deque_copy(t, a);
    return copy && deque_extend(t, (Deque *)copy, b, put_last) ? copy : 0;
}

static Value deque_inplace_concat(Thread *t, Value a, Value b)
{
    return deque_extend(t, (Deque *)a, b, put_last) ? a : 0;
}

static Value deque_inplace_repeat(Thread *t, Value a, int64_t n)
{
    Deque *d = (Deque *)a;
    size_t length;
    Value *items = deque_snapshot(t, d, &length);
    if (!items)
        return 0;
    if (n <= 0 || length == 0) {
        deque_clear(d);
        return a;
    }
    if ((uint64_t)(n - 1) > (uint64_t)INT32_MAX * 16 / length && d->max_length < 0)
        return raise_no_memory(t);
    // With a maximum only the last rounds matter; the place where the ring starts over is kept by whole rounds.
    int64_t rounds = n - 1, enough = d->max_length < 0 ? rounds : d->max_length / (int64_t)length + 1;
    if (rounds > enough)
        rounds = enough;
    for (int64_t r = 0; r < rounds; r++)
        for (size_t i = 0; i < length; i++)
            if (!deque_put(t, d, items[i], put_last))
                return 0;
    return a;
}

static Value deque_repeat(Thread *t, Value a, int64_t n)
{
    Value copy = deque_copy(t, a);
    return copy ? deque_inplace_repeat(t, copy, n) : 0;
}

static Value deque_iter(Thread *t, Value a)
{
    return deque_iterator_new(t, (Deque *)a, false);
}

// --- methods ---

static Value append_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return deque_put(t, (Deque *)args[0], args[1], put_last) ? NONE : 0;
}

static Value appendleft_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return deque_put(t, (Deque *)args[0], args[1], put_first) ? NONE : 0;
}

static Value pop_from(Thread *t, Deque *d, Value (*take)(Deque *d))
{
    bool locked = object_lock(&d->head);
    Value item = take(d);
    object_unlock(&d->head, locked);
    return item ? item : raise(t, EXC(IndexError), "pop from an empty deque");
}

static Value pop_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return pop_from(t, (Deque *)args[0], take_last);
}

static Value popleft_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return pop_from(t, (Deque *)args[0], take_first);
}

static Value extend_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return deque_extend(t, (Deque *)args[0], args[1], put_last) ? NONE : 0;
}

static Value extendleft_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return deque_extend(t, (Deque *)args[0], args[1], put_first) ? NONE : 0;
}

static Value clear_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    deque_clear((Deque *)args[0]);
    return NONE;
}

static Value copy_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return deque_copy(t, args[0]);
}

static Value count_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Deque *d = (Deque *)args[0];
    int64_t count = 0, n = (int64_t)deque_length(d);
    for (int64_t i = 0; i < n; i++) {
        i = deque_find(t, d, args[1], i, n, EXC(RuntimeError));
        if (i < 0)
            return i == -2 ? 0 : fixnum(count);
        count++;
    }
    return fixnum(count);
}

static Value index_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Deque *d = (Deque *)args[0];
    int64_t start, stop;
    if (!sequence_bounds(t, args[2], args[3], (int64_t)deque_length(d), &start, &stop))
        return 0;
    int64_t at = deque_find(t, d, args[1], start, stop, EXC(RuntimeError));
    if (at >= 0)
        return fixnum(at);
    return at == -2 ? 0 : raise(t, EXC(ValueError), "deque.index(x): x not in deque");
}

static Value remove_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Deque *d = (Deque *)args[0];
    int64_t at = deque_find(t, d, args[1], 0, (int64_t)deque_length(d), EXC(IndexError));
    if (at < 0)
        return at == -2 ? 0 : raise(t, EXC(ValueError), "deque.remove(x): x not in deque");
    bool locked = object_lock(&d->head);
    if ((size_t)at < d->length)
        remove_at_locked(d, (size_t)at);
    object_unlock(&d->head, locked);
    return NONE;
}

static Value insert_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Deque *d = (Deque *)args[0];
    int64_t index;
    if (!to_index(t, args[1], &index))
        return 0;
    bool locked = object_lock(&d->head);
    int64_t n = (int64_t)d->length;
    bool full = d->max_length >= 0 && n >= d->max_length, ok = !full;
    if (!full) {
        if (index < 0)
            index = index + n < 0 ? 0 : index + n;
        if (index > n)
            index = n;
        ok = put_last(t, d, args[2]);
        for (int64_t i = n; ok && i > index; i--)
            d->ring->at[slot_of(d, (size_t)i)] = d->ring->at[slot_of(d, (size_t)i - 1)];
        if (ok)
            d->ring->at[slot_of(d, (size_t)index)] = args[2];
    }
    object_unlock(&d->head, locked);
    if (full)
        return raise(t, EXC(IndexError), "deque already at its maximum size");
    return ok ? NONE : 0;
}

static Value reverse_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    Deque *d = (Deque *)args[0];
    bool locked = object_lock(&d->head);
    for (size_t i = 0, j = d->length; i + 1 < j; i++) {
        j--;
        Value low = d->ring->at[slot_of(d, i)];
        d->ring->at[slot_of(d, i)] = d->ring->at[slot_of(d, j)];
        d->ring->at[slot_of(d, j)] = low;
    }
    object_unlock(&d->head, locked);
    return NONE;
}

static Value rotate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Deque *d = (Deque *)args[0];
    int64_t n = 1;
    if (args[1] && !to_int64(t, args[1], &n))
        return 0;
    bool locked = object_lock(&d->head);
    rotate_locked(d, n);
    object_unlock(&d->head, locked);
    return NONE;
}

static Value reversed_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return deque_iterator_new(t, (Deque *)args[0], true);
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Deque *d = (Deque *)args[0];
    Value state = call_method0(t, args[0], N(__getstate__));
    Value iterator = state ? iter_get(t, args[0]) : 0;
    Value arguments = !iterator ? 0 : d->max_length < 0 ? tuple_empty : tuple_pair(t, tuple_empty, fixnum(d->max_length));
    return arguments ? tuple_of(t, 4, value_of(d->head.type), arguments, state, iterator) : 0;
}

static Value sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    ValueArray *ring = ((Deque *)args[0])->ring;
    return fixnum((int64_t)(type_of(args[0])->basic_size + (ring ? ring->cap * sizeof(Value) : 0)));
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static Value deque_maxlen(Thread *t, Value self)
{
    (void)t;
    int64_t max_length = ((Deque *)self)->max_length;
    return max_length < 0 ? NONE : fixnum(max_length);
}

static const NativeDef deque_methods[] = {
    {"append", append_method, "($self, item, /)", "Add an element to the right side of the deque.", 0},
    {"appendleft", appendleft_method, "($self, item, /)", "Add an element to the left side of the deque.", 0},
    {"clear", clear_method, "($self, /)", "Remove all elements from the deque.", 0},
    {"__copy__", copy_method, "($self, /)", "Return a shallow copy of a deque.", 0},
    {"copy", copy_method, "($self, /)", "Return a shallow copy of a deque.", 0},
    {"count", count_method, "($self, value, /)", "Return number of occurrences of value.", 0},
    {"extend", extend_method, "($self, iterable, /)", "Extend the right side of the deque with elements from the iterable.", 0},
    {"extendleft", extendleft_method, "($self, iterable, /)",
     "Extend the left side of the deque with elements from the iterable.", 0},
    {"index", index_method, "($self, value, start=0, stop=sys.maxsize, /)",
     "Return first index of value.\n\nRaises ValueError if the value is not present.", 0},
    {"insert", insert_method, "($self, index, value, /)", "Insert value before index.", 0},
    {"pop", pop_method, "($self, /)", "Remove and return the rightmost element.", 0},
    {"popleft", popleft_method, "($self, /)", "Remove and return the leftmost element.", 0},
    {"__reduce__", reduce_method, "($self, /)", "Return state information for pickling.", 0},
    {"remove", remove_method, "($self, value, /)", "Remove first occurrence of value.", 0},
    {"__reversed__", reversed_method, "($self, /)", "Return a reverse iterator over the deque.", 0},
    {"reverse", reverse_method, "($self, /)", "Reverse *IN PLACE*.", 0},
    {"rotate", rotate_method, "($self, n=1, /)", "Rotate the deque n steps to the right.  If n is negative, rotates left.", 0},
    {"__sizeof__", sizeof_method, "($self, /)", "Return the size of the deque in memory, in bytes.", 0},
    {"__class_getitem__", class_getitem_method, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static const GetSetDef deque_getsets[] = {
    {"maxlen", deque_maxlen, NULL, "maximum size of a deque or None if unbounded"},
    {0},
};

Type type_deque = {
    TYPE_HEAD(deque, "collections.deque", &type_object, Deque),
    .flags = TYPE_BASE | TYPE_SEQUENCE | TYPE_HAS_WEAKREFS,
    .doc = "A list-like sequence optimized for data accesses near its endpoints.",
    .slots = {.repr = deque_repr, .hash = hash_not_implemented, .compare = deque_compare, .length = deque_length_slot,
              .getitem = deque_getitem, .setitem = deque_setitem, .contains = deque_contains, .concat = deque_concat,
              .inplace_concat = deque_inplace_concat, .repeat = deque_repeat, .inplace_repeat = deque_inplace_repeat,
              .iter = deque_iter, .new = deque_new_slot, .init = deque_init_slot},
    .methods = deque_methods,
    .getsets = deque_getsets,
};
