// tuple.c: the tuple type, immutable sequences.
//
// Items are filled before a tuple escapes its maker and never change; the cached hash is relaxed and idempotent.
// The empty tuple is one object, kept alive by the root `tuple_empty`.
#include "src/types/tuple.h"

#include <stdarg.h>

#include "src/core/native.h"
#include "src/types/sequence.h"
#include "src/types/function.h"
#include "src/types/iterators.h"

// Starts as a static object so that it exists before the heap does.
static struct { Object head; size_t length; Hash hash; } empty_tuple = {
    .head = {.type = &type_tuple, .shape = SHAPE_tuple},
};
Value tuple_empty = (Value)&empty_tuple;

enum { TUPLE_LENGTH_MAX = INT32_MAX };   // a bound far beyond memory on the heap that one request may take

Tuple *tuple_alloc(Thread *t, size_t n)
{
    if (unlikely(n > SIZE_MAX / sizeof(Value) / 4))
        return memory_error(t);
    Tuple *tuple = new_object_of(t, &type_tuple, SHAPE_tuple, sizeof(Tuple) + n * sizeof(Value));
    if (likely(tuple != NULL))
        tuple->length = n;
    return tuple;
}

Value tuple_from(Thread *t, const Value *items, size_t n)
{
    if (n == 0)
        return tuple_empty;
    Tuple *tuple = tuple_alloc(t, n);
    if (!tuple)
        return 0;
    memcpy(tuple->at, items, n * sizeof(Value));
    return value_of(tuple);
}

Value tuple_pair(Thread *t, Value a, Value b)
{
    Tuple *tuple = tuple_alloc(t, 2);
    if (!tuple)
        return 0;
    tuple->at[0] = a;
    tuple->at[1] = b;
    return value_of(tuple);
}

Value tuple_of(Thread *t, size_t n, ...)
{
    Tuple *tuple = tuple_alloc(t, n);
    if (!tuple)
        return 0;
    va_list args;
    va_start(args, n);
    for (size_t i = 0; i < n; i++)
        tuple->at[i] = va_arg(args, Value);
    va_end(args);
    return value_of(tuple);
}

Value tuple_from_iterable(Thread *t, Value iterable)
{
    if (is_exactly(iterable, &type_tuple))
        return iterable;
    if (is_exactly(iterable, &type_list))
        return list_to_tuple(t, as_list(iterable));
    size_t n;
    Value *items = values_from_iterable(t, iterable, &n);
    return items ? tuple_from(t, items, n) : 0;
}

Value tuple_slice(Thread *t, Value tuple, size_t start, size_t end)
{
    Tuple *from = as_tuple(tuple);
    if (end > from->length)
        end = from->length;
    if (start >= end)
        return tuple_empty;
    if (start == 0 && end == from->length && is_exactly(tuple, &type_tuple))
        return tuple;
    return tuple_from(t, from->at + start, end - start);
}

// --- operations ---

static Value tuple_repr(Thread *t, Value a)
{
    Tuple *tuple = as_tuple(a);
    if (tuple->length == 0)
        return str_from_cstr(t, "()");
    int active = repr_enter(t, a);
    if (active)
        return active > 0 ? str_from_cstr(t, "(...)") : 0;
    StrBuilder b;
    builder_init(&b);
    bool ok = builder_char(t, &b, '(') && values_repr(t, &b, tuple->at, tuple->length)
              && (tuple->length > 1 || builder_char(t, &b, ',')) && builder_char(t, &b, ')');
    repr_leave(t, a);
    return ok ? builder_finish(t, &b) : 0;
}

// CPython's tuple hash: the lanes of xxHash64 over the items' hashes, with its constants.
#define XX_PRIME_1 11400714785074694791ULL
#define XX_PRIME_2 14029467366897019727ULL
#define XX_PRIME_5 2870177450012600261ULL

static bool tuple_hash_slot(Thread *t, Value a, Hash *out)
{
    Tuple *tuple = as_tuple(a);
    Hash known = load_relaxed(&tuple->hash);
    if (known) {
        *out = known;
        return true;
    }
    if (!recursion_enter(t, ""))
        return false;
    uint64_t acc = XX_PRIME_5;
    for (size_t i = 0; i < tuple->length; i++) {
        Hash lane;
        if (!value_hash(t, tuple->at[i], &lane)) {
            recursion_leave(t);
            return false;
        }
        acc += (uint64_t)lane * XX_PRIME_2;
        acc = acc << 31 | acc >> 33;
        acc *= XX_PRIME_1;
    }
    recursion_leave(t);
    acc += tuple->length ^ (XX_PRIME_5 ^ 3527539ULL);
    Hash hash = acc == UINT64_MAX ? 1546275796 : (Hash)acc;
    if (a != tuple_empty)
        store_relaxed(&tuple->hash, hash);
    *out = hash;
    return true;
}

static Value tuple_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_tuple(a) || !is_tuple(b))
        return NOTIMPLEMENTED;
    Tuple *left = as_tuple(a), *right = as_tuple(b);
    return sequences_compare(t, left->at, left->length, right->at, right->length, op);
}

static int64_t tuple_length_slot(Thread *t, Value a)
{
    (void)t;
    return (int64_t)as_tuple(a)->length;
}

static Value tuple_getitem(Thread *t, Value a, Value key)
{
    Tuple *tuple = as_tuple(a);
    if (likely(is_fixnum(key))) {
        int64_t i = fixnum_value(key);
        if (i < 0)
            i += (int64_t)tuple->length;
        if (likely((uint64_t)i < tuple->length))
            return tuple->at[i];
        return raise(t, EXC(IndexError), "tuple index out of range");
    }
    if (is_exactly(key, &type_slice)) {
        int64_t start, stop, step, count;
        if (!slice_indices(t, key, (int64_t)tuple->length, &start, &stop, &step, &count))
            return 0;
        if (step == 1)
            return tuple_slice(t, a, (size_t)start, (size_t)(start + count));
        if (count == 0)
            return tuple_empty;
        Tuple *result = tuple_alloc(t, (size_t)count);
        if (!result)
            return 0;
        for (int64_t i = 0; i < count; i++)
            result->at[i] = tuple->at[start + i * step];
        return value_of(result);
    }
    int64_t i;
    if (!is_index(key))
        return raise(t, EXC(TypeError), "tuple indices must be integers or slices, not %T", key);
    if (!to_index(t, key, &i))
        return 0;
    return i == INT64_MIN ? raise(t, EXC(IndexError), "tuple index out of range") : tuple_getitem(t, a, fixnum(i));
}

static int tuple_contains(Thread *t, Value a, Value item)
{
    Tuple *tuple = as_tuple(a);
    for (size_t i = 0; i < tuple->length; i++) {
        int equal = values_equal(t, tuple->at[i], item);
        if (equal)
            return equal;
    }
    return 0;
}

static Value tuple_concat(Thread *t, Value a, Value b)
{
    if (!is_tuple(b))
        return raise(t, EXC(TypeError), "can only concatenate tuple (not \"%T\") to tuple", b);
    Tuple *left = as_tuple(a), *right = as_tuple(b);
    if (left->length == 0 && is_exactly(b, &type_tuple))
        return b;
    if (right->length == 0 && is_exactly(a, &type_tuple))
        return a;
    if (left->length + right->length == 0)
        return tuple_empty;
    Tuple *result = tuple_alloc(t, left->length + right->length);
    if (!result)
        return 0;
    memcpy(result->at, left->at, left->length * sizeof(Value));
    memcpy(result->at + left->length, right->at, right->length * sizeof(Value));
    return value_of(result);
}

static Value tuple_repeat(Thread *t, Value a, int64_t n)
{
    Tuple *tuple = as_tuple(a);
    if (n <= 0 || tuple->length == 0)
        return tuple_empty;
    if (n == 1 && is_exactly(a, &type_tuple))
        return a;
    if ((uint64_t)n > TUPLE_LENGTH_MAX * 64ull / tuple->length)
        return raise_no_memory(t);
    Tuple *result = tuple_alloc(t, tuple->length * (size_t)n);
    if (!result)
        return 0;
    for (int64_t i = 0; i < n; i++)
        memcpy(result->at + (size_t)i * tuple->length, tuple->at, tuple->length * sizeof(Value));
    return value_of(result);
}

static Value tuple_iter(Thread *t, Value a)
{
    return index_iterator_new(t, &type_tuple_iterator, SHAPE_tuple_iterator, a, 0);
}

static Value tuple_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_tuple, nargs, kwnames, 0, 1))
        return 0;
    Value items = nargs ? tuple_from_iterable(t, args[0]) : tuple_empty;
    if (!items || cls == &type_tuple)
        return items;
    Tuple *from = as_tuple(items);
    Tuple *tuple = instance_new(t, cls, from->length * sizeof(Value));
    if (!tuple)
        return 0;
    tuple->length = from->length;
    memcpy(tuple->at, from->at, from->length * sizeof(Value));
    return value_of(tuple);
}

// --- methods ---

static Value tuple_index_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Tuple *tuple = as_tuple(args[0]);
    int64_t start, stop;
    if (!sequence_bounds(t, args[2], args[3], (int64_t)tuple->length, &start, &stop))
        return 0;
    for (int64_t i = start; i < stop; i++) {
        int equal = values_equal(t, tuple->at[i], args[1]);
        if (equal)
            return equal > 0 ? fixnum(i) : 0;
    }
    return raise(t, EXC(ValueError), "tuple.index(x): x not in tuple");
}

static Value tuple_count_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Tuple *tuple = as_tuple(args[0]);
    int64_t count = 0;
    for (size_t i = 0; i < tuple->length; i++) {
        int equal = values_equal(t, tuple->at[i], args[1]);
        if (equal < 0)
            return 0;
        count += equal;
    }
    return fixnum(count);
}

static Value tuple_getnewargs_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value copy = tuple_from(t, as_tuple(args[0])->at, as_tuple(args[0])->length);
    return copy ? tuple_from(t, &copy, 1) : 0;
}

static Value tuple_class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static const NativeDef tuple_methods[] = {
    {"index", tuple_index_method, "($self, value, start=0, stop=sys.maxsize, /)",
     "Return first index of value.\n\nRaises ValueError if the value is not present.", 0},
    {"count", tuple_count_method, "($self, value, /)", "Return number of occurrences of value.", 0},
    {"__getnewargs__", tuple_getnewargs_method, "($self, /)", "", 0},
    {"__class_getitem__", tuple_class_getitem_method, "($type, item, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

Type type_tuple = {
    TYPE_HEAD(tuple, "tuple", &type_object, Tuple),
    .item_size = sizeof(Value),
    .flags = TYPE_BASE | TYPE_SEQUENCE | TYPE_MATCH_SELF | TYPE_VAR_SIZED | TYPE_IS_TUPLE,
    .doc = "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\n"
           "If iterable is specified the tuple is initialized from iterable's items.\n\n"
           "If the argument is a tuple, the return value is the same object.",
    .new_signature = "(iterable=(), /)",
    .slots = {.repr = tuple_repr, .hash = tuple_hash_slot, .compare = tuple_compare, .length = tuple_length_slot,
              .getitem = tuple_getitem, .contains = tuple_contains, .concat = tuple_concat, .repeat = tuple_repeat,
              .iter = tuple_iter, .new = tuple_new_slot},
    .methods = tuple_methods,
};
