// memoryview.c: the memoryview type: creation, release, attributes, methods.
#include "src/types/memoryview.h"

#include "src/core/error.h"
#include "src/core/lock.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/buffer.h"
#include "src/types/bytes_methods.h"
#include "src/types/function.h"
#include "src/types/str_hash.h"
#include "src/types/tuple.h"

bool view_check(Thread *t, const MemoryView *v)
{
    if (likely(!v->released && !v->source->released))
        return true;
    return raise(t, EXC(ValueError), "operation forbidden on released memoryview object");
}

// --- source ---

static void source_release(Thread *t, ViewSource *source)
{
    Value owner = source->buffer.owner;
    if (source->release)
        source->release(t, owner, &source->buffer);
}

// A source that nobody refers to gives its buffer back (at a safepoint).
static void source_finalize(void *object, void *data)
{
    ViewSource *source = object;
    if (!source->released) {
        source->released = true;
        source_release(thread_current(), source);
    }
}

static ViewSource *source_new(Thread *t, Value exporter, GetBufferFn get, ReleaseBufferFn release, int flags)
{
    ViewSource *source = new_object(t, view_source, ViewSource);
    if (!source || !get(t, exporter, &source->buffer, flags))
        return NULL;
    source->release = release;
    if (release)
        heap_set_finalizer(source, source_finalize, NULL);
    return source;
}

static void source_drop(Thread *t, ViewSource *source)
{
    bool locked = object_lock(&source->head);
    bool last = --source->views == 0 && !source->released;
    if (last)
        source->released = true;
    object_unlock(&source->head, locked);
    if (!last)
        return;
    if (source->release)
        heap_clear_finalizer(source);
    source_release(t, source);
}

static MemoryView *view_alloc(Thread *t, ViewSource *source, int ndim, bool suboffsets)
{
    MemoryView *v = new_object(t, memoryview, MemoryView);
    size_t n = (size_t)(ndim > 0 ? ndim : 1);
    int64_t *numbers = v ? new_atomic(t, n * 8) : NULL, *strides = numbers ? new_atomic(t, n * 8) : NULL;
    if (!strides)
        return NULL;
    v->source = source;
    v->ndim = ndim;
    v->shape = numbers;
    v->strides = strides;
    v->hash = -1;
    if (suboffsets && !(v->suboffsets = new_atomic(t, n * 8)))
        return NULL;
    bool locked = object_lock(&source->head);
    source->views++;
    object_unlock(&source->head, locked);
    return v;
}

MemoryView *view_new_like(Thread *t, const MemoryView *v, int ndim)
{
    MemoryView *out = view_alloc(t, v->source, ndim, v->suboffsets != NULL);
    if (!out)
        return NULL;
    out->data = v->data;
    out->length = v->length;
    out->item_size = v->item_size;
    out->format = v->format;
    out->readonly = v->readonly;
    return out;
}

static MemoryView *view_copy(Thread *t, const MemoryView *v)
{
    MemoryView *out = view_new_like(t, v, v->ndim);
    if (!out)
        return NULL;
    size_t bytes = (size_t)v->ndim * 8;
    memcpy(out->shape, v->shape, bytes);
    memcpy(out->strides, v->strides, bytes);
    if (v->suboffsets)
        memcpy(out->suboffsets, v->suboffsets, bytes);
    return out;
}

static Value view_from_source(Thread *t, ViewSource *source)
{
    const Buffer *b = &source->buffer;
    MemoryView *v = view_alloc(t, source, b->ndim, b->suboffsets != NULL);
    if (!v)
        return 0;
    v->data = b->data;
    v->length = b->length;
    v->item_size = b->item_size;
    v->format = b->format ? b->format : "B";
    v->readonly = b->readonly;
    int64_t stride = b->item_size;
    for (int i = b->ndim - 1; i >= 0; i--) {
        v->shape[i] = b->shape ? b->shape[i] : b->length / b->item_size;
        v->strides[i] = b->strides ? b->strides[i] : stride;
        stride *= v->shape[i];
        if (b->suboffsets)
            v->suboffsets[i] = b->suboffsets[i];
    }
    return value_of(v);
}

Value memoryview_new(Thread *t, Value exporter)
{
    if (is_exactly(exporter, &type_memoryview)) {
        MemoryView *v = as_view(exporter);
        return view_check(t, v) ? value_of(view_copy(t, v)) : 0;
    }
    if (!buffer_supported(exporter))
        return raise(t, EXC(TypeError), "memoryview: a bytes-like object is required, not '%.200T'", exporter);
    const Slots *slots = &type_of(exporter)->slots;
    ViewSource *source = source_new(t, exporter, slots->get_buffer, slots->release_buffer, BUFFER_FULL_RO);
    return source ? view_from_source(t, source) : 0;
}

Value memoryview_from_slot(Thread *t, Value exporter, GetBufferFn get, int flags)
{
    const Type *type = type_of(exporter);
    while (type && type->slots.get_buffer != get)
        type = type->base;
    ViewSource *source = source_new(t, exporter, get, type ? type->slots.release_buffer : NULL, flags);
    return source ? view_from_source(t, source) : 0;
}

bool memoryview_release(Thread *t, Value self)
{
    MemoryView *v = as_view(self);
    bool locked = object_lock(&v->head);
    bool first = !v->released;
    int64_t exports = v->exports;
    if (first && exports == 0)
        v->released = true;
    object_unlock(&v->head, locked);
    if (!first)
        return true;
    if (exports > 0)
        return raise(t, EXC(BufferError), "memoryview has %ld exported buffer%s", exports, exports == 1 ? "" : "s");
    source_drop(t, v->source);
    return true;
}

// --- buffer of a view ---

static bool view_get_buffer(Thread *t, Value self, Buffer *out, int flags)
{
    MemoryView *v = as_view(self);
    if (!view_check(t, v))
        return false;
    if ((flags & BUFFER_WRITABLE) && v->readonly)
        return raise(t, EXC(BufferError), "memoryview: underlying buffer is not writable");
    *out = (Buffer){.data = v->data, .owner = self, .length = v->length, .item_size = v->item_size, .readonly = v->readonly,
                    .ndim = v->ndim, .format = v->format, .shape = v->shape, .strides = v->strides, .suboffsets = v->suboffsets};
    if ((flags & BUFFER_C_CONTIGUOUS) == BUFFER_C_CONTIGUOUS && !view_is_contiguous(v, 'C'))
        return raise(t, EXC(BufferError), "memoryview: underlying buffer is not C-contiguous");
    if ((flags & BUFFER_F_CONTIGUOUS) == BUFFER_F_CONTIGUOUS && !view_is_contiguous(v, 'F'))
        return raise(t, EXC(BufferError), "memoryview: underlying buffer is not Fortran contiguous");
    if ((flags & BUFFER_ANY_CONTIGUOUS) == BUFFER_ANY_CONTIGUOUS && !view_is_contiguous(v, 'A'))
        return raise(t, EXC(BufferError), "memoryview: underlying buffer is not contiguous");
    if ((flags & BUFFER_INDIRECT) != BUFFER_INDIRECT && v->suboffsets)
        return raise(t, EXC(BufferError), "memoryview: underlying buffer requires suboffsets");
    if ((flags & BUFFER_STRIDES) != BUFFER_STRIDES) {
        if (!view_is_contiguous(v, 'C'))
            return raise(t, EXC(BufferError), "memoryview: underlying buffer is not C-contiguous");
        out->strides = NULL;
    }
    if (!(flags & BUFFER_FORMAT))
        out->format = NULL;
    if ((flags & BUFFER_ND) != BUFFER_ND) {
        if (out->format)
            return raise(t, EXC(BufferError), "memoryview: cannot cast to unsigned bytes if the format flag is present");
        out->ndim = 1;
        out->shape = NULL;
        out->item_size = 1;
    }
    __atomic_fetch_add(&v->exports, 1, __ATOMIC_RELAXED);
    return true;
}

static void view_release_buffer(Thread *t, Value self, Buffer *b)
{
    __atomic_fetch_sub(&as_view(self)->exports, 1, __ATOMIC_RELAXED);
}

bool view_is_contiguous(const MemoryView *v, char order)
{
    Buffer b = {.length = v->length, .item_size = v->item_size, .ndim = v->ndim, .shape = v->shape, .strides = v->strides,
                .suboffsets = v->suboffsets};
    return buffer_is_contiguous(&b, order);
}

static Value view_to_bytes(Thread *t, const MemoryView *v, char order)
{
    Bytes *out = bytes_alloc(t, (size_t)v->length);
    if (!out)
        return 0;
    view_copy_out(v, out->data, order);
    return value_of(out);
}

Value memoryview_bytes_of(Thread *t, Value exporter)
{
    if (is_bytes(exporter) || is_bytearray(exporter)) {
        ByteView view = bytes_view(exporter);
        return bytes_new(t, view.data, view.n);
    }
    Value view = memoryview_new(t, exporter);
    if (!view)
        return 0;
    Value out = view_to_bytes(t, as_view(view), 'C');
    return memoryview_release(t, view) ? out : 0;
}

// --- slots ---

static Value view_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[1];
    BIND_ARGUMENTS(t, "memoryview", "(object)", args, nargs, kwnames, a, return 0);
    return memoryview_new(t, a[0]);
}

static Value view_repr(Thread *t, Value self)
{
    return str_format(t, as_view(self)->released ? "<released memory at %p>" : "<memory at %p>", (void *)self);
}

static bool view_hash(Thread *t, Value self, Hash *out)
{
    MemoryView *v = as_view(self);
    if (v->hash != -1) {
        *out = v->hash;
        return true;
    }
    if (!view_check(t, v))
        return false;
    if (!v->readonly)
        return raise(t, EXC(ValueError), "cannot hash writable memoryview object");
    const char *code = v->format[0] == '@' ? v->format + 1 : v->format;
    if (strcmp(code, "B") && strcmp(code, "b") && strcmp(code, "c"))
        return raise(t, EXC(ValueError), "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
    Hash owner_hash;
    __atomic_fetch_add(&v->exports, 1, __ATOMIC_RELAXED);      // no release while Python code runs
    bool hashed = value_hash(t, v->source->buffer.owner, &owner_hash);
    __atomic_fetch_sub(&v->exports, 1, __ATOMIC_RELAXED);
    if (!hashed)
        return false;
    Value bytes = view_to_bytes(t, v, 'C');
    if (!bytes)
        return false;
    *out = hash_bytes(as_bytes(bytes)->data, as_bytes(bytes)->length);
    store_relaxed(&v->hash, *out);
    return true;
}

static Value view_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_memoryview))
        return NOTIMPLEMENTED;
    MemoryView *x = as_view(a);
    if (a == b && !x->released && strchr("fde", x->format[0] == '@' ? x->format[1] : x->format[0]) == NULL)
        return value_bool(op == CMP_EQ);
    if (x->released || (is_exactly(b, &type_memoryview) && as_view(b)->released))
        return value_bool((a == b) == (op == CMP_EQ));
    if (!buffer_supported(b))
        return NOTIMPLEMENTED;
    Value other = memoryview_new(t, b);
    if (!other)
        return pending_clear(t), NOTIMPLEMENTED;
    int same = view_equal(t, x, as_view(other));
    Value earlier = pending_take(t);
    if (!memoryview_release(t, other))
        pending_clear(t);
    pending_set(t, earlier);
    return same < 0 ? 0 : value_bool(same == (op == CMP_EQ));
}

static int64_t view_length(Thread *t, Value self)
{
    MemoryView *v = as_view(self);
    if (!view_check(t, v))
        return -1;
    if (v->ndim == 0) {
        raise(t, EXC(TypeError), "0-dim memory has no length");
        return -1;
    }
    return v->shape[0];
}

typedef struct MemoryIterator {
    Object head;
    Value view;         // 0 once exhausted; relaxed
    int64_t next, count;
} MemoryIterator;

static Value view_iter(Thread *t, Value self)
{
    MemoryView *v = as_view(self);
    if (!view_check(t, v))
        return 0;
    if (v->ndim == 0)
        return raise(t, EXC(TypeError), "invalid indexing of 0-dim memory");
    if (!view_format_is_native(v->format))
        return raise(t, EXC(NotImplementedError), "memoryview: unsupported format %s", v->format);
    if (v->ndim != 1)
        return raise(t, EXC(NotImplementedError), "multi-dimensional sub-views are not implemented");
    MemoryIterator *it = new_object(t, memory_iterator, MemoryIterator);
    if (!it)
        return 0;
    it->view = self;
    it->count = v->shape[0];
    return value_of(it);
}

static Value memory_iterator_next(Thread *t, Value self)
{
    MemoryIterator *it = (MemoryIterator *)self;
    Value view = load_relaxed(&it->view);
    int64_t i = load_relaxed(&it->next);
    if (!view)
        return 0;
    if (i >= it->count) {
        store_relaxed(&it->view, 0);
        return 0;
    }
    store_relaxed(&it->next, i + 1);
    return view_getitem(t, view, fixnum(i));
}

static Value iterator_self(Thread *t, Value v) { return v; }

Type type_memory_iterator = {
    TYPE_HEAD(memory_iterator, "memory_iterator", &type_object, MemoryIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = memory_iterator_next},
};

// --- methods ---

#define METHOD(name) static Value view_##name##_method(Thread *t, const Value *args, size_t nargs)

METHOD(release) { return memoryview_release(t, args[0]) ? NONE : 0; }
METHOD(enter) { return view_check(t, as_view(args[0])) ? args[0] : 0; }
METHOD(exit) { return memoryview_release(t, args[0]) ? NONE : 0; }

METHOD(tolist)
{
    MemoryView *v = as_view(args[0]);
    return view_check(t, v) ? view_tolist(t, v) : 0;
}

METHOD(tobytes)
{
    MemoryView *v = as_view(args[0]);
    if (!view_check(t, v))
        return 0;
    char order = 'C';
    if (args[1] && args[1] != NONE) {
        if (!is_str(args[1]))
            return raise(t, EXC(TypeError), "tobytes() argument 'order' must be str or None, not %s", argument_type_name(args[1]));
        if (str_equal_cstr(args[1], "F"))
            order = 'F';
        else if (str_equal_cstr(args[1], "A"))
            order = view_is_contiguous(v, 'F') && !view_is_contiguous(v, 'C') ? 'F' : 'C';
        else if (!str_equal_cstr(args[1], "C"))
            return raise(t, EXC(ValueError), "order must be 'C', 'F' or 'A'");
    }
    return view_to_bytes(t, v, order);
}

METHOD(hex)
{
    MemoryView *v = as_view(args[0]);
    int32_t group = 1;
    if (!view_check(t, v) || (args[2] && !to_int32(t, args[2], &group)))
        return 0;
    Value bytes = view_to_bytes(t, v, 'C');
    __atomic_fetch_add(&v->exports, 1, __ATOMIC_RELAXED);      // no release while Python code runs
    Value text = bytes ? bytes_hex(t, as_bytes(bytes)->data, as_bytes(bytes)->length, args[1], group) : 0;
    __atomic_fetch_sub(&v->exports, 1, __ATOMIC_RELAXED);
    return text;
}

METHOD(cast)
{
    MemoryView *v = as_view(args[0]);
    return view_check(t, v) ? view_cast(t, v, args[1], args[2]) : 0;
}

METHOD(toreadonly)
{
    MemoryView *v = as_view(args[0]);
    MemoryView *out = view_check(t, v) ? view_copy(t, v) : NULL;
    if (out)
        out->readonly = true;
    return value_of(out);
}

METHOD(count)
{
    Value it = view_iter(t, args[0]), item;
    int64_t n = 0;
    while (it && (item = iter_next(t, it))) {
        int same = values_equal(t, item, args[1]);
        if (same < 0)
            return 0;
        n += same;
    }
    return is_pending(t) ? 0 : fixnum(n);
}

METHOD(index)
{
    MemoryView *v = as_view(args[0]);
    if (!view_check(t, v))
        return 0;
    if (v->ndim == 0)
        return raise(t, EXC(TypeError), "invalid lookup on 0-dim memory");
    if (v->ndim != 1)
        return raise(t, EXC(NotImplementedError), "multi-dimensional lookup is not implemented");
    int64_t n = v->shape[0], start = 0, stop = INT64_MAX;
    if ((args[2] && !to_index_clipped(t, args[2], &start)) || (args[3] && !to_index_clipped(t, args[3], &stop)))
        return 0;
    start = start < 0 ? (start + n < 0 ? 0 : start + n) : start;
    stop = stop < 0 ? (stop + n < 0 ? 0 : stop + n) : stop > n ? n : stop;
    for (int64_t i = start; i < stop; i++) {
        Value item = view_getitem(t, args[0], fixnum(i));
        int same = item ? values_equal(t, item, args[1]) : -1;
        if (same)
            return same > 0 ? fixnum(i) : 0;
    }
    return raise(t, EXC(ValueError), "memoryview.index(x): x not found");
}

METHOD(from_flags)
{
    int32_t flags;
    if (!to_int32(t, args[2], &flags))
        return 0;
    if (!buffer_supported(args[1]))
        return raise(t, EXC(TypeError), "memoryview: a bytes-like object is required, not '%.200T'", args[1]);
    return memoryview_from_slot(t, args[1], type_of(args[1])->slots.get_buffer, flags);
}

METHOD(class_getitem) { return generic_alias_new(t, args[0], args[1]); }

static const NativeDef view_methods[] = {
    {"release", view_release_method, "($self, /)", "Release the underlying buffer exposed by the memoryview object.", 0},
    {"tobytes", view_tobytes_method, "($self, /, order='C')", "Return the data in the buffer as a byte string.", 0},
    {"hex", view_hex_method, "($self, /, sep=<unrepresentable>, bytes_per_sep=1)", "Return the data in the buffer as a str of hexadecimal numbers.", 0},
    {"tolist", view_tolist_method, "($self, /)", "Return the data in the buffer as a list of elements.", 0},
    {"cast", view_cast_method, "($self, /, format, shape=<unrepresentable>)", "Cast a memoryview to a new format or shape.", 0},
    {"toreadonly", view_toreadonly_method, "($self, /)", "Return a readonly version of the memoryview.", 0},
    {"count", view_count_method, "($self, value, /)", "Count the number of occurrences of a value.", 0},
    {"index", view_index_method, "($self, value, start=0, stop=sys.maxsize, /)", "Return the index of the first occurrence of a value.", 0},
    {"_from_flags", view_from_flags_method, "($type, /, object, flags)", "Create a new memoryview object which references the given object.", NATIVE_CLASS},
    {"__enter__", view_enter_method, "($self, /)", NULL, 0},
    {"__exit__", view_exit_method, "($self, /, *exc_info)", NULL, 0},
    {"__class_getitem__", view_class_getitem_method, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

// --- attributes ---

static Value numbers_tuple(Thread *t, const int64_t *numbers, int n)
{
    Tuple *out = tuple_alloc(t, (size_t)(numbers ? n : 0));
    for (int i = 0; out && numbers && i < n; i++)
        out->at[i] = fixnum(numbers[i]);
    return value_of(out);
}

#define ATTRIBUTE(name, expression)                                                                        \
    static Value get_##name(Thread *t, Value self)                                                         \
    {                                                                                                      \
        MemoryView *v = as_view(self);                                                                     \
        return view_check(t, v) ? (expression) : 0;                                                        \
    }
ATTRIBUTE(obj, v->source->buffer.owner)
ATTRIBUTE(nbytes, fixnum(v->length))
ATTRIBUTE(itemsize, fixnum(v->item_size))
ATTRIBUTE(format, str_from_cstr(t, v->format))
ATTRIBUTE(readonly, value_bool(v->readonly))
ATTRIBUTE(ndim, fixnum(v->ndim))
ATTRIBUTE(shape, numbers_tuple(t, v->shape, v->ndim))
ATTRIBUTE(strides, numbers_tuple(t, v->strides, v->ndim))
ATTRIBUTE(suboffsets, numbers_tuple(t, v->suboffsets, v->ndim))
ATTRIBUTE(c_contiguous, value_bool(view_is_contiguous(v, 'C')))
ATTRIBUTE(f_contiguous, value_bool(view_is_contiguous(v, 'F')))
ATTRIBUTE(contiguous, value_bool(view_is_contiguous(v, 'A')))

static const GetSetDef view_getsets[] = {
    {"obj", get_obj, NULL, "The underlying object of the memoryview."},
    {"nbytes", get_nbytes, NULL, "The amount of space in bytes that the array would use in\n a contiguous representation."},
    {"readonly", get_readonly, NULL, "A bool indicating whether the memory is read only."},
    {"itemsize", get_itemsize, NULL, "The size in bytes of each element of the memoryview."},
    {"format", get_format, NULL, "A string containing the format (in struct module style)\n for each element in the view."},
    {"ndim", get_ndim, NULL, "An integer indicating how many dimensions of a multi-dimensional\n array the memory represents."},
    {"shape", get_shape, NULL, "A tuple of ndim integers giving the shape of the memory\n as an N-dimensional array."},
    {"strides", get_strides, NULL, "A tuple of ndim integers giving the size in bytes to access\n each element for each dimension of the array."},
    {"suboffsets", get_suboffsets, NULL, "A tuple of integers used internally for PIL-style arrays."},
    {"c_contiguous", get_c_contiguous, NULL, "A bool indicating whether the memory is C contiguous."},
    {"f_contiguous", get_f_contiguous, NULL, "A bool indicating whether the memory is Fortran contiguous."},
    {"contiguous", get_contiguous, NULL, "A bool indicating whether the memory is contiguous."},
    {0},
};

Type type_view_source = {
    TYPE_HEAD(view_source, "managedbuffer", &type_object, ViewSource),
    .flags = TYPE_DISALLOW_NEW,
};

Type type_memoryview = {
    TYPE_HEAD(memoryview, "memoryview", &type_object, MemoryView),
    .flags = TYPE_SEQUENCE | TYPE_HAS_WEAKREFS,
    .slots = {.new = view_new_slot, .repr = view_repr, .hash = view_hash, .compare = view_compare, .iter = view_iter,
              .length = view_length, .getitem = view_getitem, .setitem = view_setitem, .get_buffer = view_get_buffer,
              .release_buffer = view_release_buffer},
    .methods = view_methods,
    .getsets = view_getsets,
};
