// array_mod.c: the array module; storage, constructor and operators of array.array.
//
// Fields are guarded by the array's byte lock. Converting a value to an item may run Python code, so it happens before the lock
// is taken, into a buffer on the stack. Methods are in array_methods.c, typecodes in array_kind.c.
#include "src/modules/array_mod.h"

#include "src/core/hooks.h"
#include "src/core/module_def.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/number.h"
#include "src/types/sequence.h"

// --- storage ---

size_t array_length(const Array *a)
{
    return load_relaxed(&a->length);
}

Array *array_new(Thread *t, Type *cls, const ArrayKind *kind)
{
    Array *a = instance_new(t, cls, 0);
    if (a)
        a->kind = kind;
    return a;
}

// Room for `want` items. The lock is held.
static bool reserve_locked(Thread *t, Array *a, size_t want)
{
    if (want <= a->capacity)
        return true;
    if (want > (size_t)INT64_MAX / a->kind->size / 2)
        return raise_no_memory(t) != 0;
    size_t capacity = want + (want >> 4) + (want < 8 ? 3 : 7);
    uint8_t *data = new_atomic(t, capacity * a->kind->size);
    if (!data)
        return false;
    if (a->length)
        memcpy(data, a->data, a->length * a->kind->size);
    a->data = data;
    a->capacity = capacity;
    return true;
}

static bool splice_locked(Thread *t, Array *a, size_t start, size_t removed, const void *items, size_t added)
{
    size_t size = a->kind->size;
    start = size_min(start, a->length);
    removed = size_min(removed, a->length - start);
    if (a->exports > 0 && removed != added)
        return raise(t, EXC(BufferError), "cannot resize an array that is exporting buffers") != 0;
    if (!reserve_locked(t, a, a->length - removed + added))
        return false;
    uint8_t *at = a->data + start * size;
    size_t tail = a->length - start - removed;
    if (a->data && removed != added && tail)
        memmove(at + added * size, at + removed * size, tail * size);
    if (added && items)
        memmove(at, items, added * size);
    else if (added)
        memset(at, 0, added * size);
    a->length = a->length - removed + added;
    return true;
}

bool array_splice(Thread *t, Array *a, size_t start, size_t removed, const void *items, size_t added)
{
    bool locked = object_lock(&a->head);
    bool ok = splice_locked(t, a, start, removed, items, added);
    object_unlock(&a->head, locked);
    return ok;
}

bool array_append(Thread *t, Array *a, Value value)
{
    uint8_t item[ITEM_BYTES_MAX];
    return a->kind->write(t, value, item) && array_splice(t, a, SIZE_MAX, 0, item, 1);
}

bool array_append_bytes(Thread *t, Array *a, const void *bytes, size_t n)
{
    if (n % a->kind->size)
        return raise(t, EXC(ValueError), "bytes length not a multiple of item size") != 0;
    return array_splice(t, a, SIZE_MAX, 0, bytes, n / a->kind->size);
}

bool array_append_text(Thread *t, Array *a, Value text)
{
    size_t n = as_str(text)->length;
    uint32_t *points = new_atomic(t, (n ? n : 1) * sizeof(uint32_t));
    for (size_t i = 0; points && i < n; i++)
        points[i] = str_at(as_str(text), i);
    return points && array_splice(t, a, SIZE_MAX, 0, points, n);
}

uint8_t *array_snapshot(Thread *t, Array *a, size_t *out_n)
{
    bool locked = object_lock(&a->head);
    size_t n = a->length, bytes = n * a->kind->size;
    uint8_t *copy = new_atomic(t, bytes ? bytes : 1);
    if (copy && bytes)
        memcpy(copy, a->data, bytes);
    object_unlock(&a->head, locked);
    *out_n = n;
    return copy;
}

Value array_get(Thread *t, Array *a, size_t i)
{
    uint8_t item[ITEM_BYTES_MAX];
    bool locked = object_lock(&a->head);
    bool inside = i < a->length;
    if (inside)
        memcpy(item, a->data + i * a->kind->size, a->kind->size);
    object_unlock(&a->head, locked);
    return inside ? a->kind->read(t, item) : 0;
}

bool array_extend(Thread *t, Array *a, Value iterable)
{
    if (is_array(iterable)) {
        if (as_array(iterable)->kind != a->kind)
            return raise(t, EXC(TypeError), "can only extend with array of same kind") != 0;
        size_t n;
        uint8_t *items = array_snapshot(t, as_array(iterable), &n);
        return items && array_splice(t, a, SIZE_MAX, 0, items, n);
    }
    Value iterator = iter_get(t, iterable);
    if (!iterator)
        return false;
    for (Value value; (value = iter_next(t, iterator)) != 0;)
        if (!array_append(t, a, value))
            return false;
    return !is_pending(t);
}

// --- construction ---

static const ArrayKind *kind_argument(Thread *t, Value typecode)
{
    if (!is_str(typecode))
        return RAISE_NULL(t, EXC(TypeError), "array() argument 1 must be a unicode character, not %T", typecode);
    if (as_str(typecode)->length != 1)
        return RAISE_NULL(t, EXC(TypeError), "array() argument 1 must be a unicode character, not a string of length %lu",
                          (uint64_t)as_str(typecode)->length);
    const ArrayKind *kind = array_kind(str_at(as_str(typecode), 0));
    if (!kind)
        return RAISE_NULL(t, EXC(ValueError), "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)");
    return kind;
}

static bool fill(Thread *t, Array *a, Value initial)
{
    if (is_str(initial))
        return array_append_text(t, a, initial);
    if (is_bytes(initial) || is_instance_flag(initial, TYPE_IS_BYTEARRAY)) {
        Buffer buffer;
        if (!buffer_get(t, initial, &buffer, BUFFER_SIMPLE))
            return false;
        bool ok = array_append_bytes(t, a, buffer.data, (size_t)buffer.length);
        buffer_release(t, &buffer);
        return ok;
    }
    if (is_array(initial) && as_array(initial)->kind != a->kind) {
        Value list = array_to_list(t, as_array(initial));
        return list && array_extend(t, a, list);
    }
    return array_extend(t, a, initial);
}

static Value array_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length && cls->slots.init == type_array.slots.init)
        return raise(t, EXC(TypeError), "array.array() takes no keyword arguments");
    if (nargs < 1 || nargs > 2)
        return raise(t, EXC(TypeError), "array() takes at %s %d argument%s (%lu given)", nargs < 1 ? "least" : "most",
                     nargs < 1 ? 1 : 2, nargs < 1 ? "" : "s", (uint64_t)nargs);
    const ArrayKind *kind = kind_argument(t, args[0]);
    if (!kind)
        return 0;
    Value initial = nargs > 1 ? args[1] : 0;
    if (kind->typecode == 'u'
        && !warn(t, EXC(DeprecationWarning), 1, "The 'u' type code is deprecated and will be removed in Python 3.16"))
        return 0;
    if (initial && !is_text_kind(kind)) {
        if (is_str(initial))
            return raise(t, EXC(TypeError), "cannot use a str to initialize an array with typecode '%c'", kind->typecode);
        if (is_array(initial) && is_text_kind(as_array(initial)->kind))
            return raise(t, EXC(TypeError), "cannot use a unicode array to initialize an array with typecode '%c'",
                         kind->typecode);
    }
    Array *a = array_new(t, cls, kind);
    return a && (!initial || fill(t, a, initial)) ? value_of(a) : 0;
}

// --- slots ---

static Value array_repr(Thread *t, Value self)
{
    Array *a = as_array(self);
    const char *name = type_short_name(type_of(self));
    if (array_length(a) == 0)
        return str_format(t, "%s('%c')", name, a->kind->typecode);
    Value items = is_text_kind(a->kind) ? array_to_text(t, a) : array_to_list(t, a);
    return items ? str_format(t, "%s('%c', %R)", name, a->kind->typecode, items) : 0;
}

static Value array_compare(Thread *t, Value left, Value right, CompareOp op)
{
    if (!is_array(left) || !is_array(right))
        return NOTIMPLEMENTED;
    Array *a = as_array(left), *b = as_array(right);
    size_t n = array_length(a), m = array_length(b);
    if (n != m && (op == CMP_EQ || op == CMP_NE))
        return value_bool(op == CMP_NE);
    for (size_t i = 0;; i++) {
        Value x = array_get(t, a, i), y = x ? array_get(t, b, i) : 0;
        if (is_pending(t))
            return 0;
        if (!x || !y)
            return value_bool(order_matches(n < m ? -1 : n > m, op));
        int equal = compare_bool(t, x, y, CMP_EQ);
        if (x == y && is_float(x) && float_value(x) != float_value(x))
            equal = 0;
        if (equal < 0)
            return 0;
        if (!equal)
            return op == CMP_EQ ? FALSE : op == CMP_NE ? TRUE : compare(t, x, y, op);
    }
}

static int64_t array_length_slot(Thread *t, Value self)
{
    (void)t;
    return (int64_t)array_length(as_array(self));
}

static Value get_slice(Thread *t, Array *a, Value slice)
{
    int64_t start, stop, step, count;
    size_t n, size = a->kind->size;
    uint8_t *items = array_snapshot(t, a, &n);
    if (!items || !slice_indices(t, slice, (int64_t)n, &start, &stop, &step, &count))
        return 0;
    Array *result = array_new(t, &type_array, a->kind);
    if (!result || !array_splice(t, result, 0, 0, NULL, (size_t)count))
        return 0;
    for (int64_t i = 0; i < count; i++)
        memcpy(result->data + (size_t)i * size, items + (size_t)(start + i * step) * size, size);
    return value_of(result);
}

static Value array_getitem(Thread *t, Value self, Value key)
{
    Array *a = as_array(self);
    if (is_exactly(key, &type_slice))
        return get_slice(t, a, key);
    if (!is_index(key))
        return raise(t, EXC(TypeError), "array indices must be integers");
    int64_t i;
    if (!to_index(t, key, &i))
        return 0;
    if (i < 0)
        i += (int64_t)array_length(a);
    Value item = i < 0 ? 0 : array_get(t, a, (size_t)i);
    return item || is_pending(t) ? item : raise(t, EXC(IndexError), "array index out of range");
}

static bool set_extended(Thread *t, Array *a, int64_t start, int64_t step, int64_t count, const uint8_t *items, size_t n)
{
    if ((int64_t)n != count)
        return raise(t, EXC(ValueError), "attempt to assign array of size %lu to extended slice of size %ld", (uint64_t)n,
                     count) != 0;
    size_t size = a->kind->size;
    bool locked = object_lock(&a->head);
    for (int64_t i = 0; i < count; i++) {
        size_t at = (size_t)(start + i * step);
        if (at < a->length)
            memcpy(a->data + at * size, items + (size_t)i * size, size);
    }
    object_unlock(&a->head, locked);
    return true;
}

static bool delete_extended(Thread *t, Array *a, int64_t start, int64_t step, int64_t count)
{
    if (step < 0)                 // from the back, so that earlier places stay where they are
        for (int64_t i = 0; i < count; i++) {
            if (!array_splice(t, a, (size_t)(start + i * step), 1, NULL, 0))
                return false;
        }
    else
        for (int64_t i = count - 1; i >= 0; i--)
            if (!array_splice(t, a, (size_t)(start + i * step), 1, NULL, 0))
                return false;
    return true;
}

static bool set_slice(Thread *t, Array *a, Value slice, Value value)
{
    int64_t start, stop, step, count;
    size_t n = 0;
    uint8_t *items = NULL;
    if (value) {
        if (!is_array(value))
            return raise(t, EXC(TypeError), "can only assign array (not \"%T\") to array slice", value) != 0;
        if (as_array(value)->kind != a->kind)
            return raise(t, EXC(TypeError), "bad argument type for built-in operation") != 0;
        if (!(items = array_snapshot(t, as_array(value), &n)))
            return false;
    }
    if (!slice_indices(t, slice, (int64_t)array_length(a), &start, &stop, &step, &count))
        return false;
    if (step == 1)
        return array_splice(t, a, (size_t)start, (size_t)count, items, n);
    return value ? set_extended(t, a, start, step, count, items, n) : delete_extended(t, a, start, step, count);
}

static bool array_setitem(Thread *t, Value self, Value key, Value value)
{
    Array *a = as_array(self);
    if (is_exactly(key, &type_slice))
        return set_slice(t, a, key, value);
    if (!is_index(key))
        return raise(t, EXC(TypeError), "array indices must be integers") != 0;
    int64_t i;
    uint8_t item[ITEM_BYTES_MAX];
    if (!to_index(t, key, &i))
        return false;
    if (i < 0)
        i += (int64_t)array_length(a);
    if (i < 0 || i >= (int64_t)array_length(a))
        return raise(t, EXC(IndexError), "array assignment index out of range") != 0;
    if (!value)
        return array_splice(t, a, (size_t)i, 1, NULL, 0);
    if (!a->kind->write(t, value, item))
        return false;
    if ((size_t)i >= array_length(a))   // the conversion has shortened it
        return raise(t, EXC(IndexError), "array assignment index out of range") != 0;
    return array_splice(t, a, (size_t)i, 1, item, 1);
}

static int array_contains(Thread *t, Value self, Value item)
{
    Value there;
    for (size_t i = 0; (there = array_get(t, as_array(self), i)) != 0; i++) {
        int equal = compare_bool(t, there, item, CMP_EQ);
        if (equal)
            return equal;
    }
    return is_pending(t) ? -1 : 0;
}

static Value array_concat(Thread *t, Value self, Value other)
{
    if (!is_array(other))
        return raise(t, EXC(TypeError), "can only append array (not \"%T\") to array", other);
    if (as_array(other)->kind != as_array(self)->kind)
        return raise(t, EXC(TypeError), "bad argument type for built-in operation");
    Array *result = array_new(t, &type_array, as_array(self)->kind);
    return result && array_extend(t, result, self) && array_extend(t, result, other) ? value_of(result) : 0;
}

static Value array_inplace_concat(Thread *t, Value self, Value other)
{
    if (!is_array(other))
        return raise(t, EXC(TypeError), "can only extend array with array (not \"%T\")", other);
    return array_extend(t, as_array(self), other) ? self : 0;
}

static Value repeat_into(Thread *t, Array *to, Array *from, int64_t n)
{
    size_t length, size = from->kind->size;
    uint8_t *items = array_snapshot(t, from, &length);
    if (!items)
        return 0;
    if (n < 0)
        n = 0;
    if (length && (uint64_t)n > (uint64_t)INT64_MAX / length / size / 4)
        return raise_no_memory(t);
    size_t total = length * (size_t)n;
    uint8_t *all = new_atomic(t, total * size + 1);
    for (int64_t i = 0; all && i < n; i++)
        memcpy(all + (size_t)i * length * size, items, length * size);
    return all && array_splice(t, to, 0, SIZE_MAX, all, total) ? value_of(to) : 0;
}

static Value array_repeat(Thread *t, Value self, int64_t n)
{
    Array *result = array_new(t, &type_array, as_array(self)->kind);
    return result ? repeat_into(t, result, as_array(self), n) : 0;
}

static Value array_inplace_repeat(Thread *t, Value self, int64_t n)
{
    return repeat_into(t, as_array(self), as_array(self), n);
}

static bool array_get_buffer(Thread *t, Value self, Buffer *out, int flags)
{
    Array *a = as_array(self);
    int64_t *shape = new_atomic(t, 2 * sizeof(int64_t));
    if (!shape)
        return false;
    bool locked = object_lock(&a->head);
    a->exports++;
    *out = (Buffer){
        .data = a->data ? (void *)a->data : (void *)"",
        .owner = self,
        .length = (int64_t)(a->length * a->kind->size),
        .item_size = a->kind->size,
        .ndim = 1,
        .format = flags & BUFFER_FORMAT ? a->kind->format : NULL,
    };
    shape[0] = (int64_t)a->length;
    shape[1] = a->kind->size;
    object_unlock(&a->head, locked);
    if (flags & BUFFER_ND)
        out->shape = shape;
    if ((flags & BUFFER_STRIDES) == BUFFER_STRIDES) {
        out->strides = new_atomic(t, sizeof(int64_t));
        if (!out->strides)
            return false;
        out->strides[0] = a->kind->size;
    }
    out->internal = shape;
    return true;
}

static void array_release_buffer(Thread *t, Value self, Buffer *buffer)
{
    (void)t, (void)buffer;
    Array *a = as_array(self);
    bool locked = object_lock(&a->head);
    a->exports--;
    object_unlock(&a->head, locked);
}

static Value array_iter(Thread *t, Value self)
{
    return index_iterator_new(t, &type_array_iterator, SHAPE_array_iterator, self, 0);
}

static Value array_typecode(Thread *t, Value self)
{
    return str_from_char(t, (uint32_t)as_array(self)->kind->typecode);
}

static Value array_itemsize(Thread *t, Value self)
{
    (void)t;
    return fixnum(as_array(self)->kind->size);
}

static const GetSetDef array_getsets[] = {
    {"typecode", array_typecode, NULL, "the typecode character used to create the array"},
    {"itemsize", array_itemsize, NULL, "the size, in bytes, of one array item"},
    {0},
};

Type type_array = {
    TYPE_HEAD(array, "array.array", &type_object, Array),
    .flags = TYPE_BASE | TYPE_SEQUENCE | TYPE_HAS_WEAKREFS,
    .doc = "array(typecode [, initializer]) -> array\n\n"
           "Return a new array whose items are restricted by typecode, and\n"
           "initialized from the optional initializer value, which must be a list,\n"
           "string or iterable over elements of the appropriate type.",
    .slots = {.repr = array_repr, .hash = hash_not_implemented, .compare = array_compare, .length = array_length_slot,
              .getitem = array_getitem, .setitem = array_setitem, .contains = array_contains, .concat = array_concat,
              .inplace_concat = array_inplace_concat, .repeat = array_repeat, .inplace_repeat = array_inplace_repeat,
              .iter = array_iter, .new = array_new_slot, .get_buffer = array_get_buffer,
              .release_buffer = array_release_buffer},
    .methods = array_methods,
    .getsets = array_getsets,
};

// --- iterator ---

static Value array_iterator_next(Thread *t, Value iterator)
{
    IndexIterator *it = (IndexIterator *)iterator;
    Value owner = load_relaxed(&it->sequence);
    int64_t i = load_relaxed(&it->index);
    if (!owner)
        return 0;
    Value item = array_get(t, as_array(owner), (size_t)i);
    if (item)
        store_relaxed(&it->index, i + 1);
    else if (!is_pending(t))
        store_relaxed(&it->sequence, 0);
    return item;
}

static Value iterator_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    IndexIterator *it = (IndexIterator *)args[0];
    Value owner = load_relaxed(&it->sequence), maker = builtin_named(t, N(iter));
    Value held = owner ? owner : tuple_empty, arguments = maker ? tuple_from(t, &held, 1) : 0;
    if (!arguments)
        return 0;
    return owner ? tuple_of(t, 3, maker, arguments, fixnum(it->index)) : tuple_pair(t, maker, arguments);
}

static Value iterator_setstate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    IndexIterator *it = (IndexIterator *)args[0];
    Value owner = load_relaxed(&it->sequence);
    int64_t index;
    if (!to_int64(t, args[1], &index))
        return 0;
    if (owner) {
        int64_t n = (int64_t)array_length(as_array(owner));
        store_relaxed(&it->index, index < 0 ? 0 : index > n ? n : index);
    }
    return NONE;
}

static const NativeDef iterator_methods[] = {
    {"__reduce__", iterator_reduce_method, "($self, /)", "Return state information for pickling.", 0},
    {"__setstate__", iterator_setstate_method, "($self, state, /)", "Set state information for unpickling.", 0},
    {0},
};

Type type_array_iterator = {
    TYPE_HEAD(array_iterator, "array.arrayiterator", &type_object, IndexIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = array_iterator_next},
    .methods = iterator_methods,
};

// --- the module ---

// collections.abc knows the type as a MutableSequence.
static bool register_sequence(Thread *t)
{
    Value abc = hooks.import_module(t, "_collections_abc");
    Value name = abc ? str_intern_cstr(t, "MutableSequence") : 0, cls = name ? attr_get(t, abc, name) : 0;
    Value method = cls ? str_intern_cstr(t, "register") : 0;
    return method && call_method1(t, cls, method, value_of(&type_array));
}

static bool array_exec(Thread *t, Value module)
{
    Value codes = str_from_cstr(t, array_typecodes);
    return codes && module_add_type(t, module, &type_array) && module_add(t, module, "ArrayType", value_of(&type_array))
           && module_add(t, module, "typecodes", codes) && register_sequence(t);
}

static const NativeDef array_functions[] = {
    {"_array_reconstructor", array_reconstruct, "(arraytype, typecode, mformat_code, items, /)",
     "Internal. Used for pickling support.", 0},
    {0},
};

const ModuleDef module_array = {
    .name = "array",
    .doc = "This module defines an object type which can efficiently represent\nan array of basic values: characters, integers, "
           "floating-point\nnumbers.  Arrays are sequence types and behave very much like lists,\n"
           "except that the type of objects stored in them is constrained.\n",
    .functions = array_functions,
    .exec = array_exec,
};
