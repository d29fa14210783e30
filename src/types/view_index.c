// view_index.c: indexing, slicing, casting and copying memoryviews.
#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/memoryview.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static bool unsupported_format(Thread *t, const MemoryView *v)
{
    return raise(t, EXC(NotImplementedError), "memoryview: unsupported format %s", v->format);
}

// Moves *p to item i of dimension dim.
static bool step_into(Thread *t, const MemoryView *v, uint8_t **p, int dim, int64_t i)
{
    int64_t n = v->shape[dim];
    if (i < 0)
        i += n;
    if (i < 0 || i >= n)
        return raise(t, EXC(IndexError), v->ndim == 1 ? "index out of bounds on dimension %d" : "index out of bounds on dimension %d", dim + 1);
    *p += v->strides[dim] * i;
    if (v->suboffsets && v->suboffsets[dim] >= 0)
        *p = *(uint8_t **)*p + v->suboffsets[dim];
    return true;
}

static uint8_t *item_by_tuple(Thread *t, const MemoryView *v, const Tuple *key)
{
    if ((int64_t)key->length > v->ndim)
        return RAISE_NULL(t, EXC(TypeError), "cannot index %d-dimension view with %lu-element tuple", v->ndim, key->length);
    uint8_t *p = v->data;
    for (size_t i = 0; i < key->length; i++) {
        int64_t at;
        if (!to_index(t, key->at[i], &at) || !step_into(t, v, &p, (int)i, at))
            return NULL;
    }
    if ((int64_t)key->length < v->ndim)
        return RAISE_NULL(t, EXC(NotImplementedError), "sub-views are not implemented");
    return p;
}

static bool is_index_tuple(Value key)
{
    if (!is_tuple(key))
        return false;
    for (size_t i = 0; i < as_tuple(key)->length; i++) {
        Value v = as_tuple(key)->at[i];
        if (!is_int(v) && !type_of(v)->slots.to_index)
            return false;
    }
    return true;
}

static bool is_slice_tuple(Value key)
{
    if (!is_tuple(key) || as_tuple(key)->length == 0)
        return false;
    for (size_t i = 0; i < as_tuple(key)->length; i++) {
        if (!is_exactly(as_tuple(key)->at[i], &type_slice))
            return false;
    }
    return true;
}

static MemoryView *view_slice(Thread *t, MemoryView *v, Value slice)
{
    int64_t start, stop, step, count;
    MemoryView *out = view_new_like(t, v, v->ndim);     // first: it keeps the source while the slice's Python code runs
    if (!out || !slice_indices(t, slice, v->shape[0], &start, &stop, &step, &count))
        return NULL;
    for (int i = 0; i < v->ndim; i++) {
        out->shape[i] = v->shape[i];
        out->strides[i] = v->strides[i];
        if (v->suboffsets)
            out->suboffsets[i] = v->suboffsets[i];
    }
    out->data = v->data + (count ? start * v->strides[0] : 0);
    out->shape[0] = count;
    out->strides[0] = v->strides[0] * step;
    out->length = v->item_size;
    for (int i = 0; i < v->ndim; i++)
        out->length *= out->shape[i];
    return out;
}

static bool index_of(Thread *t, Value key, int64_t *out)
{
    return to_index(t, key, out);
}

Value view_getitem(Thread *t, Value self, Value key)
{
    MemoryView *v = as_view(self);
    if (!view_check(t, v))
        return 0;
    if (v->ndim == 0) {
        if (key == ELLIPSIS)
            return self;
        if (is_tuple(key) && as_tuple(key)->length == 0)
            return view_format_is_native(v->format) ? view_unpack(t, v, v->data) : unsupported_format(t, v);
        return raise(t, EXC(TypeError), "invalid indexing of 0-dim memory");
    }
    if (is_int(key) || type_of(key)->slots.to_index) {
        int64_t i;
        uint8_t *p = v->data;
        if (!index_of(t, key, &i))
            return 0;
        if (v->ndim > 1)
            return raise(t, EXC(NotImplementedError), "multi-dimensional sub-views are not implemented");
        if (!view_check(t, v) || !step_into(t, v, &p, 0, i))
            return 0;
        return view_format_is_native(v->format) ? view_unpack(t, v, p) : unsupported_format(t, v);
    }
    if (is_exactly(key, &type_slice))
        return value_of(view_slice(t, v, key));
    if (is_index_tuple(key)) {
        if (!view_format_is_native(v->format))
            return unsupported_format(t, v);
        uint8_t *p = item_by_tuple(t, v, as_tuple(key));
        return p ? view_unpack(t, v, p) : 0;
    }
    if (is_slice_tuple(key))
        return raise(t, EXC(NotImplementedError), "multi-dimensional slicing is not implemented");
    return raise(t, EXC(TypeError), "memoryview: invalid slice key");
}

static bool assign_from(Thread *t, MemoryView *to, Value value)
{
    if (!buffer_supported(value))
        return raise(t, EXC(TypeError), "a bytes-like object is required, not '%.100T'", value);
    Value source = memoryview_new(t, value);
    if (!source)
        return false;
    bool ok = view_copy_items(t, to, as_view(source));
    Value earlier = pending_take(t);
    if (!memoryview_release(t, source))
        pending_clear(t);
    if (earlier)
        pending_set(t, earlier);
    return ok;
}

bool view_setitem(Thread *t, Value self, Value key, Value value)
{
    MemoryView *v = as_view(self);
    if (!view_check(t, v))
        return false;
    if (v->readonly)
        return raise(t, EXC(TypeError), "cannot modify read-only memory");
    if (!value)
        return raise(t, EXC(TypeError), "cannot delete memory");
    if (v->ndim == 0) {
        if (key == ELLIPSIS || (is_tuple(key) && as_tuple(key)->length == 0))
            return view_format_is_native(v->format) ? view_pack(t, v, v->data, value) : unsupported_format(t, v);
        return raise(t, EXC(TypeError), "invalid indexing of 0-dim memory");
    }
    if (is_int(key) || type_of(key)->slots.to_index) {
        int64_t i;
        uint8_t *p = v->data;
        if (v->ndim > 1)
            return raise(t, EXC(NotImplementedError), "sub-views are not implemented");
        if (!index_of(t, key, &i) || !view_check(t, v) || !step_into(t, v, &p, 0, i))
            return false;
        if (!view_format_is_native(v->format))
            return unsupported_format(t, v);
        uint8_t packed[16];      // packing may run Python code that releases the view
        if (!view_pack(t, v, packed, value) || !view_check(t, v))
            return false;
        memcpy(p, packed, (size_t)v->item_size);
        return true;
    }
    if (is_exactly(key, &type_slice) && v->ndim == 1) {
        MemoryView *part = view_slice(t, v, key);
        return part && assign_from(t, part, value);
    }
    if (is_index_tuple(key)) {
        if (!view_format_is_native(v->format))
            return unsupported_format(t, v);
        uint8_t *p = item_by_tuple(t, v, as_tuple(key));
        return p && view_pack(t, v, p, value);
    }
    if (is_exactly(key, &type_slice) || is_slice_tuple(key))
        return raise(t, EXC(NotImplementedError), "memoryview slice assignments are currently restricted to ndim = 1");
    return raise(t, EXC(TypeError), "memoryview: invalid slice key");
}

// --- copying ---

static uint8_t *item_pointer(const MemoryView *v, uint8_t *base, int dim, int64_t i)
{
    uint8_t *p = base + v->strides[dim] * i;
    if (v->suboffsets && v->suboffsets[dim] >= 0)
        p = *(uint8_t **)p + v->suboffsets[dim];
    return p;
}

static uint8_t *copy_dimension(const MemoryView *v, uint8_t *from, uint8_t *out, int dim)
{
    if (dim == v->ndim) {
        memcpy(out, from, (size_t)v->item_size);
        return out + v->item_size;
    }
    if (dim == v->ndim - 1 && v->strides[dim] == v->item_size && !v->suboffsets) {
        memcpy(out, from, (size_t)(v->shape[dim] * v->item_size));
        return out + v->shape[dim] * v->item_size;
    }
    for (int64_t i = 0; i < v->shape[dim]; i++)
        out = copy_dimension(v, item_pointer(v, from, dim, i), out, dim + 1);
    return out;
}

// Fortran order: the first index runs fastest.
static uint8_t *copy_fortran(const MemoryView *v, uint8_t *from, uint8_t *out, int dim, int64_t *index)
{
    if (dim < 0) {
        uint8_t *p = from;
        for (int i = 0; i < v->ndim; i++)
            p = item_pointer(v, p, i, index[i]);
        memcpy(out, p, (size_t)v->item_size);
        return out + v->item_size;
    }
    for (index[dim] = 0; index[dim] < v->shape[dim]; index[dim]++)
        out = copy_fortran(v, from, out, dim - 1, index);
    return out;
}

void view_copy_out(const MemoryView *v, uint8_t *out, char order)
{
    int64_t index[VIEW_DIMENSIONS_MAX];
    if (order == 'F')
        copy_fortran(v, v->data, out, v->ndim - 1, index);
    else
        copy_dimension(v, v->data, out, 0);
}

static const uint8_t *fill_dimension(const MemoryView *v, uint8_t *to, const uint8_t *from, int dim)
{
    if (dim == v->ndim) {
        memcpy(to, from, (size_t)v->item_size);
        return from + v->item_size;
    }
    for (int64_t i = 0; i < v->shape[dim]; i++)
        from = fill_dimension(v, item_pointer(v, to, dim, i), from, dim + 1);
    return from;
}

bool view_copy_items(Thread *t, const MemoryView *to, const MemoryView *from)
{
    const char *a = to->format[0] == '@' ? to->format + 1 : to->format;
    const char *b = from->format[0] == '@' ? from->format + 1 : from->format;
    bool same = to->ndim == from->ndim && strcmp(a, b) == 0 && to->item_size == from->item_size;
    for (int i = 0; same && i < to->ndim; i++)
        same = to->shape[i] == from->shape[i];
    if (!same)
        return raise(t, EXC(ValueError), "memoryview assignment: lvalue and rvalue have different structures");
    uint8_t *copy = new_atomic(t, (size_t)from->length + 1);     // the two may overlap
    if (!copy)
        return false;
    view_copy_out(from, copy, 'C');
    fill_dimension(to, to->data, copy, 0);
    return true;
}

// --- tolist, cast ---

static Value dimension_list(Thread *t, const MemoryView *v, uint8_t *p, int dim)
{
    if (dim == v->ndim)
        return view_unpack(t, v, p);
    List *list = list_new(t, (size_t)v->shape[dim]);
    for (int64_t i = 0; list && i < v->shape[dim]; i++) {
        Value item = dimension_list(t, v, item_pointer(v, p, dim, i), dim + 1);
        if (!item || !list_append(t, list, item))
            return 0;
    }
    return value_of(list);
}

Value view_tolist(Thread *t, const MemoryView *v)
{
    return view_format_is_native(v->format) ? dimension_list(t, v, v->data, 0) : unsupported_format(t, v);
}

static bool is_byte_format(const char *format)
{
    char c = format[0] == '@' ? format[1] : format[0];
    return c == 'b' || c == 'B' || c == 'c';
}

// Reads shape into out; returns its dimensions, or -1.
static int cast_shape(Thread *t, MemoryView *v, Value shape, int64_t item_size, int64_t *out)
{
    bool list = is_list(shape);
    if (!list && !is_tuple(shape)) {
        raise(t, EXC(TypeError), "shape must be a list or a tuple");
        return -1;
    }
    size_t n = list ? list_length(as_list(shape)) : as_tuple(shape)->length;
    if (n > VIEW_DIMENSIONS_MAX) {
        raise(t, EXC(ValueError), "memoryview: number of dimensions must not exceed 64");
        return -1;
    }
    if (n > 1 && v->ndim != 1) {
        raise(t, EXC(TypeError), "memoryview: cast must be 1D -> ND or ND -> 1D");
        return -1;
    }
    int64_t product = item_size;
    for (size_t i = 0; i < n; i++) {
        Value item = list ? list_get(as_list(shape), i) : as_tuple(shape)->at[i];
        if (!item || !is_int(item)) {
            raise(t, EXC(TypeError), "memoryview.cast(): elements of shape must be integers");
            return -1;
        }
        if (!to_int64(t, item, &out[i]))
            return -1;
        if (out[i] <= 0) {
            raise(t, EXC(ValueError), "memoryview.cast(): elements of shape must be integers > 0");
            return -1;
        }
        if (__builtin_mul_overflow(product, out[i], &product)) {
            raise(t, EXC(ValueError), "memoryview.cast(): product(shape) > SSIZE_MAX");
            return -1;
        }
    }
    if (product != v->length) {
        raise(t, EXC(TypeError), "memoryview: product(shape) * itemsize != buffer size");
        return -1;
    }
    return (int)n;
}

Value view_cast(Thread *t, MemoryView *v, Value format, Value shape)
{
    if (!is_str(format))
        return raise(t, EXC(TypeError), "cast() argument 'format' must be str, not %s", argument_type_name(format));
    if (!view_is_contiguous(v, 'C'))
        return raise(t, EXC(TypeError), "memoryview: casts are restricted to C-contiguous views");
    if ((shape || v->ndim != 1)) {
        for (int i = 0; i < v->ndim; i++) {
            if (v->shape[i] == 0)
                return raise(t, EXC(TypeError), "memoryview: cannot cast view with zeros in shape or strides");
        }
    }
    const char *text = str_utf8(t, format, NULL);
    if (!text)
        return 0;
    if (!view_format_is_native(text))
        return raise(t, EXC(ValueError), "memoryview: destination format must be a native single character format prefixed with an optional '@'");
    if (!view_format_is_native(v->format) && v->ndim == 1)
        return raise(t, EXC(ValueError), "memoryview: source format must be a native single character format prefixed with an optional '@'");
    if (!is_byte_format(text) && !is_byte_format(v->format))
        return raise(t, EXC(TypeError), "memoryview: cannot cast between two non-byte formats");
    int64_t size = format_item_size(text[0] == '@' ? text[1] : text[0]), dims[VIEW_DIMENSIONS_MAX];
    if (v->length % size)
        return raise(t, EXC(TypeError), "memoryview: length is not a multiple of itemsize");
    int n = 1;
    dims[0] = v->length / size;
    if (shape && (n = cast_shape(t, v, shape, size, dims)) < 0)
        return 0;
    MemoryView *out = view_new_like(t, v, n);
    char *kept = out ? new_atomic(t, strlen(text) + 1) : NULL;
    if (!kept)
        return 0;
    strcpy(kept, text);
    out->format = kept;
    out->item_size = size;
    out->suboffsets = NULL;
    int64_t stride = size;
    for (int i = n - 1; i >= 0; i--) {
        out->shape[i] = dims[i];
        out->strides[i] = stride;
        stride *= dims[i];
    }
    return value_of(out);
}
