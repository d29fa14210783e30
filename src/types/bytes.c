// bytes.c: the bytes type: construction, operators; what it shares with bytearray is in bytes_search.c and bytes_text.c.
#include "src/core/error.h"
#include "src/core/native.h"
#include "src/core/lock.h"
#include "src/core/vm.h"
#include "src/types/buffer.h"
#include "src/types/bytes_methods.h"
#include "src/types/function.h"
#include "src/types/memoryview.h"
#include "src/types/number.h"
#include "src/types/str_hash.h"
#include "src/types/str_methods.h"
#include "src/types/tuple.h"

Value bytes_empty;
static Value single_bytes[256];

#define BYTES_MAX ((size_t)1 << 46)

Bytes *bytes_alloc(Thread *t, size_t n)
{
    if (unlikely(n > BYTES_MAX))
        return memory_error(t);
    Bytes *b = new_atomic(t, sizeof(Bytes) + n + 1);
    if (unlikely(!b))
        return NULL;
    object_header_init(&b->head, &type_bytes, SHAPE_bytes, 0);
    b->hash = 0;
    b->length = n;
    b->data[n] = 0;
    return b;
}

Value bytes_new(Thread *t, const void *data, size_t n)
{
    if (n <= 1)
        return n ? single_bytes[*(const uint8_t *)data] : bytes_empty;
    Bytes *b = bytes_alloc(t, n);
    if (!b)
        return 0;
    memcpy(b->data, data, n);
    return value_of(b);
}

bool bytes_boot(Thread *t)
{
    vm_add_root_range(&bytes_empty, &bytes_empty + 1);
    vm_add_root_range(single_bytes, single_bytes + 256);
    bytes_empty = value_of(bytes_alloc(t, 0));
    for (int i = 0; i < 256; i++) {
        Bytes *b = bytes_alloc(t, 1);
        if (!b)
            return false;
        b->data[0] = (uint8_t)i;
        single_bytes[i] = value_of(b);
    }
    return bytes_empty != 0;
}

ByteView bytes_view(Value v)
{
    if (!is_bytearray(v))
        return (ByteView){.data = as_bytes(v)->data, .n = as_bytes(v)->length};
    ByteArray *a = (ByteArray *)v;
    bool locked = object_lock(&a->head);
    ByteView view = {.data = a->start, .n = a->length};
    object_unlock(&a->head, locked);
    return view;
}

bool bytes_view_get(Thread *t, Value v, ByteView *out)
{
    if (likely(is_bytes(v))) {
        *out = bytes_view(v);
        return true;
    }
    *out = (ByteView){0};
    if (!buffer_get(t, v, &out->buffer, BUFFER_SIMPLE))
        return false;
    out->data = out->buffer.data;
    out->n = (size_t)out->buffer.length;
    out->held = true;
    return true;
}

void bytes_view_release(Thread *t, ByteView *view)
{
    if (view->held)
        buffer_release(t, &view->buffer);
    view->held = false;
}

Value bytes_like(Thread *t, Value self, const void *data, size_t n)
{
    return is_bytearray(self) ? bytearray_new(t, data, n) : bytes_new(t, data, n);
}

bool byte_from(Thread *t, Value v, uint8_t *out)
{
    Value exact = number_index(t, v);
    int64_t i;
    if (!exact)
        return false;
    if (!int_to_int64(exact, &i) || i < 0 || i > 255)
        return raise(t, EXC(ValueError), "byte must be in range(0, 256)");
    *out = (uint8_t)i;
    return true;
}

// --- construction ---

typedef struct Collect {
    BytesBuilder *out;
    const char *type_name;
} Collect;

static bool collect_byte(Thread *t, Value item, void *data)
{
    Collect *c = data;
    int64_t i;
    Value exact = number_index(t, item);
    if (!exact)
        return false;
    if (!int_to_int64(exact, &i) || i < 0 || i > 255)
        return raise(t, EXC(ValueError), "%s must be in range(0, 256)", c->type_name);
    return bytes_add_byte(t, c->out, (uint8_t)i);
}

bool bytes_from_iterable(Thread *t, Value iterable, const char *type_name, BytesBuilder *out)
{
    Collect c = {out, type_name};
    if (!bytes_reserve(t, out, 16))
        return false;
    return iterate(t, iterable, collect_byte, &c) && !is_pending(t);
}

static bool contents_of_count(Thread *t, Value source, BytesBuilder *out)
{
    int64_t n;
    Value exact = number_index(t, source);
    if (!exact)
        return false;
    if (!int_to_int64(exact, &n))
        return raise(t, EXC(OverflowError), "cannot fit '%.200T' into an index-sized integer", source);
    if (n < 0)
        return raise(t, EXC(ValueError), "negative count");
    if (!bytes_reserve(t, out, (size_t)n))
        return false;
    memset(out->bytes->data, 0, (size_t)n);
    out->length = (size_t)n;
    return true;
}

static bool contents_of_text(Thread *t, Value source, Value encoding, Value errors, BytesBuilder *out)
{
    const char *encoding_text = str_utf8(t, encoding, NULL), *errors_text = errors ? str_utf8(t, errors, NULL) : NULL;
    if (!encoding_text || is_pending(t))
        return false;
    Value encoded = str_encode(t, source, encoding_text, errors_text);
    return encoded && bytes_add(t, out, as_bytes(encoded)->data, as_bytes(encoded)->length);
}

bool bytes_contents(Thread *t, const char *type_name, Value source, Value encoding, Value errors, BytesBuilder *out)
{
    if (!source && (encoding || errors))
        return raise(t, EXC(TypeError), encoding ? "encoding without a string argument" : "errors without a string argument");
    if (!source)
        return bytes_reserve(t, out, 1);
    if (is_str(source)) {
        if (!encoding)
            return raise(t, EXC(TypeError), "string argument without an encoding");
        return contents_of_text(t, source, encoding, errors, out);
    }
    if (encoding || errors)
        return raise(t, EXC(TypeError), encoding ? "encoding without a string argument" : "errors without a string argument");
    if (is_int(source))
        return contents_of_count(t, source, out);
    if (type_of(source)->slots.to_index && !buffer_supported(source)) {
        if (contents_of_count(t, source, out))
            return true;
        if (!pending_clear_if(t, EXC(TypeError)))
            return false;
    }
    if (buffer_supported(source)) {
        Value flat = memoryview_bytes_of(t, source);
        return flat && bytes_add(t, out, as_bytes(flat)->data, as_bytes(flat)->length);
    }
    if (!type_of(source)->slots.iter && !type_of(source)->slots.getitem)
        return raise(t, EXC(TypeError), "cannot convert '%.200T' object to %s", source, type_name);
    return bytes_from_iterable(t, source, strcmp(type_name, "bytes") == 0 ? "bytes" : "byte", out);
}

static Value subclass_instance(Thread *t, Type *cls, const void *data, size_t n)
{
    Bytes *b = instance_new(t, cls, n + 1);
    if (!b)
        return 0;
    b->length = n;
    memcpy(b->data, data, n);
    return value_of(b);
}

static bool text_argument(Thread *t, const char *function, const char *name, Value v)
{
    return !v || is_str(v) || raise(t, EXC(TypeError), "%s() argument '%s' must be str, not %s", function, name, argument_type_name(v));
}

static Value bytes_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[3];
    BIND_ARGUMENTS(t, "bytes", "(source=b'', encoding='utf-8', errors='strict')", args, nargs, kwnames, a, return 0);
    if (!text_argument(t, "bytes", "encoding", a[1]) || !text_argument(t, "bytes", "errors", a[2]))
        return 0;
    if (a[0] && !a[1] && !a[2]) {
        if (is_exactly(a[0], &type_bytes) && cls == &type_bytes)
            return a[0];
        Value method = is_object(a[0]) && !is_exactly(a[0], &type_str) ? special_lookup(t, a[0], N(__bytes__)) : 0;
        if (!method && is_pending(t))
            return 0;
        if (method) {
            Value made = call0(t, method);
            if (!made)
                return 0;
            if (!is_bytes(made))
                return raise(t, EXC(TypeError), "__bytes__ returned non-bytes (type %.200T)", made);
            return cls == &type_bytes ? made : subclass_instance(t, cls, as_bytes(made)->data, as_bytes(made)->length);
        }
    }
    BytesBuilder out = {0};
    if (!bytes_contents(t, "bytes", a[0], a[1], a[2], &out))
        return 0;
    return cls == &type_bytes ? bytes_finish(t, &out)
                              : subclass_instance(t, cls, out.bytes ? (const void *)out.bytes->data : "", out.length);
}

static Value bytes_fromhex(Thread *t, const Value *args, size_t nargs)
{
    BytesBuilder out = {0};
    if (!hex_decode(t, args[1], &out))
        return 0;
    Value made = bytes_finish(t, &out);
    return made && args[0] != value_of(&type_bytes) ? call1(t, args[0], made) : made;
}

// --- operators ---

// With a suffix (bytearray's) the single quote is escaped in any case.
Value bytes_repr_text(Thread *t, const uint8_t *data, size_t n, const char *prefix, const char *suffix)
{
    static const char digits[] = "0123456789abcdef";
    bool single = n && memchr(data, '\'', n), twice = n && memchr(data, '"', n);
    uint8_t quote = single && !twice ? '"' : '\'';
    StrBuilder b;
    builder_init(&b);
    if (!builder_reserve(t, &b, n + 16, 0) || !builder_cstr(t, &b, prefix) || !builder_char(t, &b, quote))
        return 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = data[i];
        char text[4] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
        size_t width = 4;
        if (c == quote || (c == '\'' && *suffix) || c == '\\' || c == '\n' || c == '\r' || c == '\t') {
            text[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : (char)c;
            width = 2;
        } else if (c >= ' ' && c < 0x7f) {
            text[0] = (char)c;
            width = 1;
        }
        if (!builder_ascii(t, &b, text, width))
            return 0;
    }
    return builder_char(t, &b, quote) && builder_cstr(t, &b, suffix) ? builder_finish(t, &b) : 0;
}

Value bytes_repr(Thread *t, const uint8_t *data, size_t n) { return bytes_repr_text(t, data, n, "b", ""); }
static Value bytes_repr_slot(Thread *t, Value v) { return bytes_repr(t, as_bytes(v)->data, as_bytes(v)->length); }

static Value bytes_str_slot(Thread *t, Value v)
{
    if (t->vm->config.bytes_warning && !warn(t, EXC(BytesWarning), 1, "str() on a bytes instance"))
        return 0;
    return bytes_repr_slot(t, v);
}

static bool bytes_hash_slot(Thread *t, Value v, Hash *out)
{
    Bytes *b = as_bytes(v);
    *out = load_relaxed(&b->hash);
    if (*out == 0) {
        *out = hash_bytes(b->data, b->length);
        store_relaxed(&b->hash, *out);
    }
    return true;
}

static Value bytes_exact_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (is_bytes(a) && is_bytes(b))
        return bytes_compare_slot(t, a, b, op);
    if (t->vm->config.bytes_warning && (op == CMP_EQ || op == CMP_NE) && (is_str(b) || is_int(b)) &&
        !warn(t, EXC(BytesWarning), 1, is_str(b) ? "Comparison between bytes and string" : "Comparison between bytes and int"))
        return 0;
    return NOTIMPLEMENTED;
}

// Comparison of two objects that have a buffer.
Value bytes_compare_slot(Thread *t, Value a, Value b, CompareOp op)
{
    if (!buffer_supported(a) || !buffer_supported(b)) {
        if (t->vm->config.bytes_warning && (op == CMP_EQ || op == CMP_NE) && is_str(b) &&
            !warn(t, EXC(BytesWarning), 1, "Comparison between bytearray and string"))
            return 0;
        return NOTIMPLEMENTED;
    }
    ByteView x, y;
    if (!bytes_view_get(t, a, &x))
        return pending_clear(t), NOTIMPLEMENTED;
    if (!bytes_view_get(t, b, &y)) {
        bytes_view_release(t, &x);
        return pending_clear(t), NOTIMPLEMENTED;
    }
    int order;
    if ((op == CMP_EQ || op == CMP_NE) && x.n != y.n)
        order = 1;
    else
        order = memcmp(x.data, y.data, size_min(x.n, y.n));
    if (order == 0)
        order = x.n < y.n ? -1 : x.n > y.n;
    bytes_view_release(t, &x);
    bytes_view_release(t, &y);
    switch (op) {
    case CMP_EQ: return value_bool(order == 0);
    case CMP_NE: return value_bool(order != 0);
    case CMP_LT: return value_bool(order < 0);
    case CMP_LE: return value_bool(order <= 0);
    case CMP_GT: return value_bool(order > 0);
    default: return value_bool(order >= 0);
    }
}

Value bytes_concat_any(Thread *t, Value a, Value b)
{
    ByteView x, y;
    if (!buffer_supported(b))
        return raise(t, EXC(TypeError), "can't concat %.100T to %.100T", b, a);
    if (!bytes_view_get(t, b, &y))
        return 0;
    x = bytes_view(a);
    Bytes *out = NULL;
    if (x.n == 0 && is_exactly(b, &type_bytes) && !is_bytearray(a))
        out = as_bytes(b);
    else if (y.n == 0 && is_exactly(a, &type_bytes))
        out = as_bytes(a);
    else if ((out = bytes_alloc(t, x.n + y.n)) != NULL) {
        memcpy(out->data, x.data, x.n);
        memcpy(out->data + x.n, y.data, y.n);
    }
    bytes_view_release(t, &y);
    return out && is_bytearray(a) ? bytearray_new(t, out->data, out->length) : value_of(out);
}

Value bytes_repeat_any(Thread *t, Value a, int64_t n)
{
    ByteView x = bytes_view(a);
    size_t total;
    if (n <= 0)
        return bytes_like(t, a, "", 0);
    if (n == 1 && is_exactly(a, &type_bytes))
        return a;
    if (__builtin_mul_overflow(x.n, (size_t)n, &total) || total > INT64_MAX / 4)
        return is_bytearray(a) ? value_of(memory_error(t)) : raise(t, EXC(OverflowError), "repeated bytes are too long");
    Bytes *out = bytes_alloc(t, total);
    if (!out)
        return 0;
    if (x.n == 1)
        memset(out->data, x.data[0], total);
    else if (x.n)
        memcpy(out->data, x.data, x.n);
    for (size_t done = x.n; x.n > 1 && done < total;) {
        size_t step = size_min(done, total - done);
        memcpy(out->data + done, out->data, step);
        done += step;
    }
    return is_bytearray(a) ? bytearray_new(t, out->data, total) : value_of(out);
}

static Value bytes_remainder_slot(Thread *t, Value a, Value b) { return is_bytes(a) ? bytes_percent(t, a, b) : NOTIMPLEMENTED; }
static int64_t bytes_length_slot(Thread *t, Value v) { return (int64_t)as_bytes(v)->length; }
static int bytes_truth_slot(Thread *t, Value v) { return as_bytes(v)->length != 0; }

static Value bytes_getitem(Thread *t, Value v, Value key)
{
    const Bytes *b = as_bytes(v);
    int64_t i;
    if (is_exactly(key, &type_slice)) {
        int64_t start, stop, step, count;
        if (!slice_indices(t, key, (int64_t)b->length, &start, &stop, &step, &count))
            return 0;
        if (count == (int64_t)b->length && step == 1 && is_exactly(v, &type_bytes))
            return v;
        if (step == 1 || count <= 1)
            return bytes_new(t, b->data + (count ? start : 0), (size_t)count);
        Bytes *out = bytes_alloc(t, (size_t)count);
        for (int64_t k = 0; out && k < count; k++, start += step)
            out->data[k] = b->data[start];
        return value_of(out);
    }
    if (!is_int(key) && !type_of(key)->slots.to_index)
        return raise(t, EXC(TypeError), "byte indices must be integers or slices, not %.200T", key);
    if (!to_index(t, key, &i))
        return 0;
    if (i < 0)
        i += (int64_t)b->length;
    if (i < 0 || i >= (int64_t)b->length)
        return raise(t, EXC(IndexError), "index out of range");
    return fixnum(b->data[i]);
}

static bool bytes_get_buffer(Thread *t, Value v, Buffer *out, int flags)
{
    return buffer_fill(t, out, v, as_bytes(v)->data, as_bytes(v)->length, true, flags);
}

static Value bytes_getnewargs(Thread *t, const Value *args, size_t nargs)
{
    Value exact = is_exactly(args[0], &type_bytes) ? args[0] : bytes_new(t, as_bytes(args[0])->data, as_bytes(args[0])->length);
    return exact ? tuple_of(t, 1, exact) : 0;
}

static Value bytes_dunder_bytes(Thread *t, const Value *args, size_t nargs)
{
    return is_exactly(args[0], &type_bytes) ? args[0] : bytes_new(t, as_bytes(args[0])->data, as_bytes(args[0])->length);
}

static Value bytes_sizeof(Thread *t, const Value *args, size_t nargs)
{
    return fixnum((int64_t)(sizeof(Bytes) + as_bytes(args[0])->length + 1));
}

static const NativeDef bytes_method_table[] = {
    BYTES_COMMON_ROWS,
    {"fromhex", bytes_fromhex, "($type, string, /)", "Create a bytes object from a string of hexadecimal numbers.", NATIVE_CLASS},
    {"__bytes__", bytes_dunder_bytes, "($self, /)", "Convert this value to exact type bytes.", 0},
    {"__getnewargs__", bytes_getnewargs, "($self, /)", NULL, 0},
    {"__sizeof__", bytes_sizeof, "($self, /)", "Size of object in memory, in bytes.", 0},
    {0},
};

// --- iterator ---

typedef struct BytesIterator {
    Object head;
    Value bytes;        // 0 once exhausted; relaxed
    int64_t next;       // relaxed
} BytesIterator;

static Value bytes_iter(Thread *t, Value v)
{
    BytesIterator *it = new_object(t, bytes_iterator, BytesIterator);
    if (it)
        it->bytes = v;
    return value_of(it);
}

static Value bytes_next(Thread *t, Value self)
{
    BytesIterator *it = (BytesIterator *)self;
    Value v = load_relaxed(&it->bytes);
    int64_t i = load_relaxed(&it->next);
    if (!v)
        return 0;
    if (i >= (int64_t)as_bytes(v)->length) {
        store_relaxed(&it->bytes, 0);
        return 0;
    }
    store_relaxed(&it->next, i + 1);
    return fixnum(as_bytes(v)->data[i]);
}

static Value iterator_self(Thread *t, Value v) { return v; }

static Value iterator_length_hint(Thread *t, const Value *args, size_t nargs)
{
    BytesIterator *it = (BytesIterator *)args[0];
    return fixnum(it->bytes ? (int64_t)as_bytes(it->bytes)->length - it->next : 0);
}

static Value iterator_reduce(Thread *t, const Value *args, size_t nargs)
{
    BytesIterator *it = (BytesIterator *)args[0];
    Value iter = attr_get(t, t->vm->builtins_module, N(iter));
    if (!iter)
        return 0;
    return it->bytes ? tuple_of(t, 3, iter, tuple_of(t, 1, it->bytes), fixnum(it->next))
                     : tuple_of(t, 2, iter, tuple_of(t, 1, tuple_empty));
}

static Value iterator_setstate(Thread *t, const Value *args, size_t nargs)
{
    BytesIterator *it = (BytesIterator *)args[0];
    int64_t i;
    if (!to_int64(t, args[1], &i))
        return 0;
    int64_t n = it->bytes ? (int64_t)as_bytes(it->bytes)->length : 0;
    it->next = i < 0 ? 0 : i > n ? n : i;
    return NONE;
}

static const NativeDef iterator_methods[] = {
    {"__length_hint__", iterator_length_hint, "($self, /)", "Private method returning an estimate of len(list(it)).", 0},
    {"__reduce__", iterator_reduce, "($self, /)", "Return state information for pickling.", 0},
    {"__setstate__", iterator_setstate, "($self, state, /)", "Set state information for unpickling.", 0},
    {0},
};

Type type_bytes_iterator = {
    TYPE_HEAD(bytes_iterator, "bytes_iterator", &type_object, BytesIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = bytes_next},
    .methods = iterator_methods,
};

Type type_bytes = {
    TYPE_HEAD(bytes, "bytes", &type_object, Bytes),
    .item_size = 1,
    .flags = TYPE_BASE | TYPE_IS_BYTES | TYPE_MATCH_SELF | TYPE_VAR_SIZED,
    .slots = {.new = bytes_new_slot, .repr = bytes_repr_slot, .str = bytes_str_slot, .hash = bytes_hash_slot,
              .compare = bytes_exact_compare, .iter = bytes_iter, .remainder = bytes_remainder_slot,
              .truth = bytes_truth_slot, .length = bytes_length_slot, .getitem = bytes_getitem,
              .contains = bytes_contains, .concat = bytes_concat_any, .repeat = bytes_repeat_any,
              .get_buffer = bytes_get_buffer},
    .methods = bytes_method_table,
};
