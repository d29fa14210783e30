// bytearray.c: the bytearray type: storage, construction, operators, mutation.
//
// Guard of all fields: the object's lock. A block that is replaced is never written again, so a reader that took start and length
// (bytes_view) may go on reading it. While `exports` > 0 the length may not change.
#include "src/core/error.h"
#include "src/core/lock.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/types/buffer.h"
#include "src/types/bytes_methods.h"
#include "src/types/function.h"
#include "src/types/memoryview.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

static ByteArray *as_bytearray(Value v) { return (ByteArray *)v; }

// --- storage; the caller holds the lock ---

static bool storage_move(Thread *t, ByteArray *a, size_t capacity)
{
    uint8_t *block = new_atomic(t, capacity + 1);
    if (!block)
        return false;
    if (a->length)
        memcpy(block, a->start, size_min(a->length, capacity));
    a->block = a->start = block;
    a->capacity = capacity;
    return true;
}

static bool resize_allowed(Thread *t, ByteArray *a)
{
    return a->exports <= 0 || raise(t, EXC(BufferError), "Existing exports of data: object cannot be re-sized");
}

// Views that nobody holds any more count as exports until they are collected.
static void drop_dead_exports(ByteArray *a)
{
    if (load_relaxed(&a->exports) <= 0)
        return;
    heap_collect();
    heap_run_finalizers();
}

static bool storage_resize(Thread *t, ByteArray *a, size_t n)
{
    if (n != a->length && !resize_allowed(t, a))
        return false;
    if (n > a->capacity) {
        if (n > INT64_MAX / 2)
            return memory_error(t);
        size_t capacity = n > a->length + a->length / 8 ? n + (a->length ? 6 : 0) : n + n / 8 + 6;
        if (!storage_move(t, a, a->block ? size_max(capacity, n) : n))
            return false;
    } else if (n < a->capacity / 2 && a->capacity > 64) {
        size_t keep = a->length;
        a->length = n;
        if (!storage_move(t, a, n)) {
            a->length = keep;
            return false;
        }
    }
    a->length = n;
    if (a->start)
        a->start[n] = 0;
    return true;
}

// Replaces [low, high) by n bytes; data must not lie in this array's block.
static bool storage_splice(Thread *t, ByteArray *a, size_t low, size_t high, const uint8_t *data, size_t n)
{
    size_t removed = high - low, tail = a->length - high;
    if (n != removed && !resize_allowed(t, a))
        return false;
    if (low == 0 && n < removed && a->start) {           // shrinks at the front: only the start moves
        a->start += removed - n;
        a->capacity -= removed - n;
        a->length -= removed - n;
    } else if (n < removed) {
        memmove(a->start + low + n, a->start + high, tail);
        if (!storage_resize(t, a, a->length - (removed - n)))
            return false;
    } else if (n > removed) {
        if (!storage_resize(t, a, a->length + (n - removed)))
            return false;
        memmove(a->start + low + n, a->start + high, tail);
    }
    if (n)
        memcpy(a->start + low, data, n);
    return true;
}

Value bytearray_new(Thread *t, const void *data, size_t n)
{
    ByteArray *a = new_object(t, bytearray, ByteArray);
    if (!a || !storage_move(t, a, n))
        return 0;
    memcpy(a->start, data, n);
    a->length = n;
    a->start[n] = 0;
    return value_of(a);
}

// --- construction ---

static Value bytearray_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    ByteArray *a = cls == &type_bytearray ? new_object(t, bytearray, ByteArray) : instance_new(t, cls, 0);
    if (!a || !storage_move(t, a, 0))
        return 0;
    a->start[0] = 0;
    return value_of(a);
}

static bool bytearray_init_slot(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value given[3];
    BIND_ARGUMENTS(t, "bytearray", "(source=b'', encoding='utf-8', errors='strict')", args, nargs, kwnames, given, return false);
    for (int i = 1; i < 3; i++) {
        if (given[i] && !is_str(given[i]))
            return raise(t, EXC(TypeError), "bytearray() argument '%s' must be str, not %s", i == 1 ? "encoding" : "errors", argument_type_name(given[i]));
    }
    BytesBuilder out = {0};
    if (!bytes_contents(t, "bytearray", given[0], given[1], given[2], &out))
        return false;
    ByteArray *a = as_bytearray(self);
    drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    bool ok = storage_splice(t, a, 0, a->length, out.bytes->data, out.length);
    object_unlock(&a->head, locked);
    return ok;
}

// --- operators ---

static Value bytearray_repr(Thread *t, Value v)
{
    ByteView view = bytes_view(v);
    Value inner = bytes_repr_text(t, view.data, view.n, "(b", ")");
    return inner ? str_format(t, "%s%U", type_short_name(type_of(v)), inner) : 0;
}

static Value bytearray_str(Thread *t, Value v)
{
    if (t->vm->config.bytes_warning && !warn(t, EXC(BytesWarning), 1, "str() on a bytearray instance"))
        return 0;
    return bytearray_repr(t, v);
}

static int64_t bytearray_length(Thread *t, Value v) { return (int64_t)load_relaxed(&as_bytearray(v)->length); }
static int bytearray_truth(Thread *t, Value v) { return load_relaxed(&as_bytearray(v)->length) != 0; }
static Value bytearray_remainder(Thread *t, Value a, Value b) { return is_bytearray(a) ? bytes_percent(t, a, b) : NOTIMPLEMENTED; }

static bool index_argument(Thread *t, Value key, size_t n, int64_t *out)
{
    if (!is_int(key) && !type_of(key)->slots.to_index)
        return raise(t, EXC(TypeError), "bytearray indices must be integers or slices, not %.200T", key);
    if (!to_index(t, key, out))
        return false;
    if (*out < 0)
        *out += (int64_t)n;
    return true;
}

static Value bytearray_getitem(Thread *t, Value v, Value key)
{
    ByteView view = bytes_view(v);
    int64_t i;
    if (is_exactly(key, &type_slice)) {
        int64_t start, stop, step, count;
        if (!slice_indices(t, key, (int64_t)view.n, &start, &stop, &step, &count))
            return 0;
        Value out = bytearray_new(t, step == 1 && count ? view.data + start : (const uint8_t *)view.data, step == 1 ? (size_t)count : 0);
        if (!out || step == 1)
            return out;
        ByteArray *a = as_bytearray(out);
        if (!storage_resize(t, a, (size_t)count))
            return 0;
        for (int64_t k = 0; k < count; k++, start += step)
            a->start[k] = view.data[start];
        return out;
    }
    if (!index_argument(t, key, view.n, &i))
        return 0;
    if (i < 0 || i >= (int64_t)view.n)
        return raise(t, EXC(IndexError), "bytearray index out of range");
    return fixnum(view.data[i]);
}

// Contents to be assigned to a slice, in a copy of their own.
static bool assigned_bytes(Thread *t, Value value, BytesBuilder *out)
{
    if (is_int(value) || is_str(value))
        return raise(t, EXC(TypeError), "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
    if (!buffer_supported(value) && !type_of(value)->slots.iter && !type_of(value)->slots.getitem)
        return raise(t, EXC(TypeError), "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
    return bytes_contents(t, "bytearray", value, 0, 0, out);
}

static void delete_stepped(ByteArray *a, int64_t start, int64_t step, int64_t count)
{
    if (step < 0) {
        start += (count - 1) * step;
        step = -step;
    }
    size_t to = (size_t)start, from = to;
    for (int64_t k = 0; k < count; k++) {
        from++;
        size_t n = k + 1 < count ? (size_t)step - 1 : a->length - from;
        memmove(a->start + to, a->start + from, n);
        to += n;
        from += n;
    }
}

typedef struct SliceRange { int64_t start, stop, step, count; } SliceRange;

static bool assign_slice(Thread *t, ByteArray *a, SliceRange range, const uint8_t *data, size_t n, bool deleting)
{
    int64_t start = range.start, step = range.step, count = range.count;
    if (step == 1) {
        int64_t stop = range.stop < start ? start : range.stop;
        return storage_splice(t, a, (size_t)start, (size_t)stop, data, n);
    }
    if (deleting || n == 0) {
        if (count == 0)
            return true;
        if (!resize_allowed(t, a))
            return false;
        delete_stepped(a, start, step, count);
        return storage_resize(t, a, a->length - (size_t)count);
    }
    if ((int64_t)n != count)
        return raise(t, EXC(ValueError), "attempt to assign bytes of size %lu to extended slice of size %ld", n, count);
    for (int64_t k = 0; k < count; k++, start += step)
        a->start[start] = data[k];
    return true;
}

static bool assign_index(Thread *t, ByteArray *a, int64_t i, bool deleting, uint8_t byte)
{
    if (i < 0 || i >= (int64_t)a->length)
        return raise(t, EXC(IndexError), "bytearray index out of range");
    if (deleting)
        return storage_splice(t, a, (size_t)i, (size_t)i + 1, NULL, 0);
    a->start[i] = byte;
    return true;
}

// Resolving the slice may run Python code that changes the length: look again then.
static bool set_slice(Thread *t, ByteArray *a, Value key, Value value)
{
    BytesBuilder data = {0};
    if (value && !assigned_bytes(t, value, &data))
        return false;
    drop_dead_exports(a);
    for (;;) {
        size_t length = load_relaxed(&a->length);
        int64_t start, stop, step, count;
        if (!slice_indices(t, key, (int64_t)length, &start, &stop, &step, &count))
            return false;
        bool locked = object_lock(&a->head);
        bool same = a->length == length;
        bool ok = same && assign_slice(t, a, (SliceRange){start, stop, step, count},
                                       data.bytes ? data.bytes->data : NULL, data.length, !value);
        object_unlock(&a->head, locked);
        if (same)
            return ok;
    }
}

static bool set_index(Thread *t, ByteArray *a, Value key, Value value)
{
    uint8_t byte = 0;
    int64_t i = 0;
    if (!index_argument(t, key, a->length, &i) || (value && !byte_from(t, value, &byte)))
        return false;
    if (value && !is_fixnum(value) && !index_argument(t, key, load_relaxed(&a->length), &i))
        return false;
    if (!value)
        drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    bool ok = assign_index(t, a, i, !value, byte);
    object_unlock(&a->head, locked);
    return ok;
}

static bool bytearray_setitem(Thread *t, Value v, Value key, Value value)
{
    return is_exactly(key, &type_slice) ? set_slice(t, as_bytearray(v), key, value) : set_index(t, as_bytearray(v), key, value);
}

static Value append_bytes(Thread *t, Value self, const uint8_t *data, size_t n)
{
    ByteArray *a = as_bytearray(self);
    drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    bool ok = storage_splice(t, a, a->length, a->length, data, n);
    object_unlock(&a->head, locked);
    return ok ? self : 0;
}

static Value bytearray_inplace_concat(Thread *t, Value self, Value other)
{
    ByteView view;
    if (!buffer_supported(other))
        return raise(t, EXC(TypeError), "can't concat %.100T to %.100T", other, self);
    if (!bytes_view_get(t, other, &view))
        return 0;
    const uint8_t *data = view.data;
    if (other == self && view.n) {
        bytes_view_release(t, &view);
        return raise(t, EXC(BufferError), "Existing exports of data: object cannot be re-sized");
    }
    if (view.held) {      // the source may be a view of this array: its block may be replaced
        Bytes *copy = bytes_alloc(t, view.n);
        if (copy)
            memcpy(copy->data, view.data, view.n);
        data = copy ? copy->data : NULL;
    }
    size_t n = view.n;
    bytes_view_release(t, &view);
    return data ? append_bytes(t, self, data, n) : 0;
}

static Value bytearray_inplace_repeat(Thread *t, Value self, int64_t n)
{
    Value product = bytes_repeat_any(t, self, n);
    if (!product)
        return 0;
    ByteArray *a = as_bytearray(self);
    ByteView view = bytes_view(product);
    drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    bool ok = storage_splice(t, a, 0, a->length, view.data, view.n);
    object_unlock(&a->head, locked);
    return ok ? self : 0;
}

static bool bytearray_get_buffer(Thread *t, Value v, Buffer *out, int flags)
{
    ByteArray *a = as_bytearray(v);
    bool locked = object_lock(&a->head);
    bool ok = buffer_fill(t, out, v, a->start, a->length, false, flags);
    a->exports += ok;
    object_unlock(&a->head, locked);
    return ok;
}

static void bytearray_release_buffer(Thread *t, Value v, Buffer *b)
{
    __atomic_fetch_sub(&as_bytearray(v)->exports, 1, __ATOMIC_RELAXED);
}

// --- methods ---

#define METHOD(name) static Value bytearray_##name(Thread *t, const Value *args, size_t nargs)

METHOD(append)
{
    uint8_t byte;
    if (!byte_from(t, args[1], &byte))
        return 0;
    return append_bytes(t, args[0], &byte, 1) ? NONE : 0;
}

METHOD(extend)
{
    if (args[1] == args[0]) {
        ByteView view = bytes_view(args[0]);
        Value copy = bytes_new(t, view.data, view.n);
        return copy && append_bytes(t, args[0], as_bytes(copy)->data, view.n) ? NONE : 0;
    }
    if (buffer_supported(args[1]))
        return bytearray_inplace_concat(t, args[0], args[1]) ? NONE : 0;
    BytesBuilder out = {0};
    if (is_str(args[1]))
        return raise(t, EXC(TypeError), "expected iterable of integers; got: 'str'");
    if (!type_of(args[1])->slots.iter && !type_of(args[1])->slots.getitem)
        return raise(t, EXC(TypeError), "can't extend bytearray with %.100T", args[1]);
    if (!bytes_from_iterable(t, args[1], "byte", &out))
        return 0;
    return append_bytes(t, args[0], out.bytes->data, out.length) ? NONE : 0;
}

METHOD(insert)
{
    int64_t i;
    uint8_t byte;
    if (!to_index(t, args[1], &i) || !byte_from(t, args[2], &byte))
        return 0;
    ByteArray *a = as_bytearray(args[0]);
    drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    int64_t n = (int64_t)a->length;
    i = i < 0 ? (i + n < 0 ? 0 : i + n) : i > n ? n : i;
    bool ok = storage_splice(t, a, (size_t)i, (size_t)i, &byte, 1);
    object_unlock(&a->head, locked);
    return ok ? NONE : 0;
}

METHOD(pop)
{
    int64_t i = -1;
    if (args[1] && !to_index(t, args[1], &i))
        return 0;
    ByteArray *a = as_bytearray(args[0]);
    drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    int64_t n = (int64_t)a->length;
    Value out = 0;
    i = i < 0 ? i + n : i;
    if (n == 0) {
        raise(t, EXC(IndexError), "pop from empty bytearray");
    } else if (i < 0 || i >= n) {
        raise(t, EXC(IndexError), "pop index out of range");
    } else {
        out = fixnum(a->start[i]);
        if (!storage_splice(t, a, (size_t)i, (size_t)i + 1, NULL, 0))
            out = 0;
    }
    object_unlock(&a->head, locked);
    return out;
}

METHOD(remove)
{
    uint8_t byte;
    if (!byte_from(t, args[1], &byte))
        return 0;
    ByteArray *a = as_bytearray(args[0]);
    drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    const uint8_t *hit = a->length ? memchr(a->start, byte, a->length) : NULL;
    bool ok = hit ? storage_splice(t, a, (size_t)(hit - a->start), (size_t)(hit - a->start) + 1, NULL, 0)
                  : raise(t, EXC(ValueError), "value not found in bytearray");
    object_unlock(&a->head, locked);
    return ok ? NONE : 0;
}

METHOD(reverse)
{
    ByteArray *a = as_bytearray(args[0]);
    bool locked = object_lock(&a->head);
    for (size_t i = 0, j = a->length; i + 1 < j; i++) {
        j--;
        uint8_t byte = a->start[i];
        a->start[i] = a->start[j];
        a->start[j] = byte;
    }
    object_unlock(&a->head, locked);
    return NONE;
}

METHOD(clear)
{
    ByteArray *a = as_bytearray(args[0]);
    drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    bool ok = storage_resize(t, a, 0);
    object_unlock(&a->head, locked);
    return ok ? NONE : 0;
}

METHOD(copy)
{
    ByteView view = bytes_view(args[0]);
    return bytearray_new(t, view.data, view.n);
}

METHOD(resize)
{
    int64_t n;
    if (!to_index(t, args[1], &n))
        return 0;
    if (n < 0)
        return raise(t, EXC(ValueError), "Can only resize to positive sizes, got %ld", n);
    ByteArray *a = as_bytearray(args[0]);
    drop_dead_exports(a);
    bool locked = object_lock(&a->head);
    size_t old = a->length;
    bool ok = storage_resize(t, a, (size_t)n);
    if (ok && a->length > old)
        memset(a->start + old, 0, a->length - old);
    object_unlock(&a->head, locked);
    return ok ? NONE : 0;
}

METHOD(fromhex)
{
    BytesBuilder out = {0};
    if (!hex_decode(t, args[1], &out))
        return 0;
    if (args[0] == value_of(&type_bytearray))
        return bytearray_new(t, out.bytes ? (const void *)out.bytes->data : "", out.length);
    Value made = bytes_finish(t, &out);
    return made ? call1(t, args[0], made) : 0;
}

METHOD(alloc) { return fixnum((int64_t)as_bytearray(args[0])->capacity + 1); }
METHOD(sizeof) { return fixnum((int64_t)(sizeof(ByteArray) + as_bytearray(args[0])->capacity + 1)); }

// (class, (text in Latin-1, "latin-1"), state), or bytes for protocol 3 and above.
static Value reduce_any(Thread *t, Value self, int64_t protocol)
{
    ByteView view = bytes_view(self);
    Value state = call_method0(t, self, N(__getstate__));
    if (!state)
        return 0;
    Value args;
    if (protocol < 3) {
        Value text = str_from_latin1(t, view.data, view.n), name = str_from_cstr(t, "latin-1");
        args = text && name ? tuple_of(t, 2, text, name) : 0;
    } else {
        Value data = bytes_new(t, view.data, view.n);
        args = data ? tuple_of(t, 1, data) : 0;
    }
    return args ? tuple_of(t, 3, value_of(type_of(self)), args, state) : 0;
}

METHOD(reduce) { return reduce_any(t, args[0], 2); }
METHOD(reduce_ex)
{
    int64_t protocol = 0;
    if (args[1] && !to_int64(t, args[1], &protocol))
        return 0;
    return reduce_any(t, args[0], protocol);
}

static const NativeDef bytearray_method_table[] = {
    BYTES_COMMON_ROWS,
    {"append", bytearray_append, "($self, item, /)", "Append a single item to the end of the bytearray.", 0},
    {"clear", bytearray_clear, "($self, /)", "Remove all items from the bytearray.", 0},
    {"copy", bytearray_copy, "($self, /)", "Return a copy of B.", 0},
    {"extend", bytearray_extend, "($self, iterable_of_ints, /)", "Append all the items from the iterator or sequence to the end of the bytearray.", 0},
    {"fromhex", bytearray_fromhex, "($type, string, /)", "Create a bytearray object from a string of hexadecimal numbers.", NATIVE_CLASS},
    {"insert", bytearray_insert, "($self, index, item, /)", "Insert a single item into the bytearray before the given index.", 0},
    {"pop", bytearray_pop, "($self, index=-1, /)", "Remove and return a single item from B.", 0},
    {"remove", bytearray_remove, "($self, value, /)", "Remove the first occurrence of a value in the bytearray.", 0},
    {"resize", bytearray_resize, "($self, size, /)", "Resize the internal buffer of bytearray to len.", 0},
    {"reverse", bytearray_reverse, "($self, /)", "Reverse the order of the values in B in place.", 0},
    {"__alloc__", bytearray_alloc, "($self, /)", "Return the number of bytes actually allocated.", 0},
    {"__reduce__", bytearray_reduce, "($self, /)", "Return state information for pickling.", 0},
    {"__reduce_ex__", bytearray_reduce_ex, "($self, proto=0, /)", "Return state information for pickling.", 0},
    {"__sizeof__", bytearray_sizeof, "($self, /)", "Returns the size of the bytearray object in memory, in bytes.", 0},
    {0},
};

// --- iterator ---

typedef struct ByteArrayIterator {
    Object head;
    Value array;        // 0 once exhausted; relaxed
    int64_t next;       // relaxed
} ByteArrayIterator;

static Value bytearray_iter(Thread *t, Value v)
{
    ByteArrayIterator *it = new_object(t, bytearray_iterator, ByteArrayIterator);
    if (it)
        it->array = v;
    return value_of(it);
}

static Value bytearray_next(Thread *t, Value self)
{
    ByteArrayIterator *it = (ByteArrayIterator *)self;
    Value v = load_relaxed(&it->array);
    int64_t i = load_relaxed(&it->next);
    if (!v)
        return 0;
    ByteView view = bytes_view(v);
    if (i >= (int64_t)view.n) {
        store_relaxed(&it->array, 0);
        return 0;
    }
    store_relaxed(&it->next, i + 1);
    return fixnum(view.data[i]);
}

static Value iterator_self(Thread *t, Value v) { return v; }

METHOD(iterator_length_hint)
{
    ByteArrayIterator *it = (ByteArrayIterator *)args[0];
    int64_t left = it->array ? bytearray_length(t, it->array) - it->next : 0;
    return fixnum(left < 0 ? 0 : left);
}

METHOD(iterator_reduce)
{
    ByteArrayIterator *it = (ByteArrayIterator *)args[0];
    Value iter = attr_get(t, t->vm->builtins_module, N(iter));
    if (!iter)
        return 0;
    return it->array ? tuple_of(t, 3, iter, tuple_of(t, 1, it->array), fixnum(it->next))
                     : tuple_of(t, 2, iter, tuple_of(t, 1, tuple_empty));
}

METHOD(iterator_setstate)
{
    ByteArrayIterator *it = (ByteArrayIterator *)args[0];
    int64_t i;
    if (!to_int64(t, args[1], &i))
        return 0;
    if (it->array)
        it->next = i < 0 ? 0 : i;
    return NONE;
}

static const NativeDef iterator_methods[] = {
    {"__length_hint__", bytearray_iterator_length_hint, "($self, /)", "Private method returning an estimate of len(list(it)).", 0},
    {"__reduce__", bytearray_iterator_reduce, "($self, /)", "Return state information for pickling.", 0},
    {"__setstate__", bytearray_iterator_setstate, "($self, state, /)", "Set state information for unpickling.", 0},
    {0},
};

Type type_bytearray_iterator = {
    TYPE_HEAD(bytearray_iterator, "bytearray_iterator", &type_object, ByteArrayIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = bytearray_next},
    .methods = iterator_methods,
};

Type type_bytearray = {
    TYPE_HEAD(bytearray, "bytearray", &type_object, ByteArray),
    .flags = TYPE_BASE | TYPE_IS_BYTEARRAY | TYPE_MATCH_SELF,
    .slots = {.new = bytearray_new_slot, .init = bytearray_init_slot, .repr = bytearray_repr, .str = bytearray_str,
              .hash = hash_not_implemented, .compare = bytes_compare_slot, .iter = bytearray_iter,
              .remainder = bytearray_remainder, .truth = bytearray_truth, .length = bytearray_length,
              .getitem = bytearray_getitem, .setitem = bytearray_setitem, .contains = bytes_contains,
              .concat = bytes_concat_any, .repeat = bytes_repeat_any, .inplace_concat = bytearray_inplace_concat,
              .inplace_repeat = bytearray_inplace_repeat, .get_buffer = bytearray_get_buffer,
              .release_buffer = bytearray_release_buffer},
    .methods = bytearray_method_table,
};
