// struct_mod.c: _struct: Struct objects, and the functions that look formats up in a cache of them.
#include <stdarg.h>

#include "src/core/lock.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/modules/exception_class.h"
#include "src/modules/struct_internal.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// Immutable after __init__; a repeated __init__ publishes `items` last.
typedef struct Struct {
    Object head;
    Value format;                 // Str, or 0 before __init__
    StructItem *items;            // atomic memory
    size_t item_count, value_count, size;
} Struct;

typedef struct UnpackIterator {
    Object head;
    Value owner;                  // Struct; 0: exhausted
    Buffer buffer;
    size_t at;
} UnpackIterator;

Value struct_error;

Value struct_raise(Thread *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_va(t, as_type(struct_error), format, args);
    va_end(args);
    return 0;
}

// --- formats ---

typedef struct FormatReader {
    const char *p;
    char order;
} FormatReader;

// Next run: its code and repeat count. 1 found, 0 at the end, -1 error.
static int format_next(Thread *t, FormatReader *r, const StructCodec **codec, size_t *repeat)
{
    while (*r->p == ' ' || (*r->p >= '\t' && *r->p <= '\r'))
        r->p++;
    if (!*r->p)
        return 0;
    *repeat = 1;
    if (*r->p >= '0' && *r->p <= '9') {
        uint64_t n = 0;
        for (; *r->p >= '0' && *r->p <= '9'; r->p++) {
            if (n >= (uint64_t)INT64_MAX / 10 && (n > (uint64_t)INT64_MAX / 10 || *r->p > '7')) {
                struct_raise(t, "total struct size too long");
                return -1;
            }
            n = n * 10 + (unsigned)(*r->p - '0');
        }
        *repeat = n;
        if (!*r->p) {
            struct_raise(t, "repeat count given without format specifier");
            return -1;
        }
    }
    *codec = struct_codec(r->order, *r->p++);
    if (*codec)
        return 1;
    struct_raise(t, "bad char in struct format");
    return -1;
}

static FormatReader format_start(const char *text)
{
    FormatReader r = {text, '@'};
    if (*text && strchr("@=<>!", *text)) {
        r.order = *text;
        r.p++;
    }
    return r;
}

static bool size_fail(Thread *t)
{
    struct_raise(t, "total struct size too long");
    return false;
}

// Adds a run at the end of s. items null: only counts.
static bool format_place(Thread *t, Struct *s, StructItem *items, const StructCodec *codec, size_t repeat)
{
    if (codec->alignment > 1) {
        size_t more = (codec->alignment - s->size % codec->alignment) % codec->alignment;
        if (more > (size_t)INT64_MAX - s->size)
            return size_fail(t);
        s->size += more;
    }
    bool text = codec->code == 's' || codec->code == 'p';
    if (repeat > ((size_t)INT64_MAX - s->size) / codec->size)
        return size_fail(t);
    if (codec->code != 'x' && (text || repeat)) {
        if (items)
            items[s->item_count] = (StructItem){codec, s->size, text ? repeat : codec->size, text ? 1 : repeat};
        s->item_count++;
        s->value_count += text ? 1 : repeat;
    }
    s->size += repeat * codec->size;
    return true;
}

static bool format_compile(Thread *t, const char *text, Struct *s, StructItem *items)
{
    FormatReader r = format_start(text);
    s->item_count = s->value_count = s->size = 0;
    const StructCodec *codec;
    size_t repeat;
    int found;
    while ((found = format_next(t, &r, &codec, &repeat)) > 0)
        if (!format_place(t, s, items, codec, repeat))
            return false;
    return found == 0;
}

// The format as ASCII text; null: error.
static const char *format_text(Thread *t, Value format, Value *out_str)
{
    if (is_bytes(format)) {
        *out_str = str_from_latin1(t, as_bytes(format)->data, as_bytes(format)->length);
    } else if (is_str(format)) {
        if (!str_is_ascii(as_str(format)) && !str_encode(t, format, "ascii", "strict"))
            return NULL;
        *out_str = format;
    } else {
        return RAISE_NULL(t, EXC(TypeError), "Struct() argument 1 must be a str or bytes object, not %T", format);
    }
    size_t n;
    const char *text = *out_str ? str_utf8(t, *out_str, &n) : NULL;
    if (text && strlen(text) != n)
        return (const char *)(uintptr_t)struct_raise(t, "embedded null character");
    return text;
}

static bool struct_fill(Thread *t, Struct *s, Value format)
{
    Struct plan = {0};
    Value str = 0;
    const char *text = format_text(t, format, &str);
    if (!text || !format_compile(t, text, &plan, NULL))
        return false;
    StructItem *items = new_atomic(t, size_max(plan.item_count, 1) * sizeof(StructItem));
    if (!items || !format_compile(t, text, &plan, items))
        return false;
    s->format = str;
    s->item_count = plan.item_count;
    s->value_count = plan.value_count;
    s->size = plan.size;
    publish(&s->items, items);
    return true;
}

static Value struct_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(instance_new(t, cls, 0));
}

static bool struct_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[1];
    BIND_ARGUMENTS(t, "Struct", "(format)", args, nargs, kwnames, a, return false);
    return struct_fill(t, (Struct *)self, a[0]);
}

// --- the cache of the module functions ---

enum { CACHE_MAX = 100 };
static Value cache;                                         // Dict: format → Struct; its own lock

static Struct *struct_for(Thread *t, Value format)
{
    if (is_exactly(format, &type_struct))
        return (Struct *)format;
    Value known = 0;
    if (is_bytes(format))                                     // str keys only: bytes and str are not to be compared
        format = str_from_latin1(t, as_bytes(format)->data, as_bytes(format)->length);
    if (!format || dict_get(t, as_dict(cache), format, &known) < 0)
        return NULL;
    if (known)
        return (Struct *)known;
    Struct *s = new_object(t, struct, Struct);
    if (!s || !struct_fill(t, s, format))
        return NULL;
    if (dict_length(as_dict(cache)) >= CACHE_MAX)
        dict_clear(t, as_dict(cache));
    return dict_set(t, as_dict(cache), format, value_of(s)) ? s : NULL;
}

static bool struct_ready(Thread *t, const Struct *s)
{
    if (s->items)
        return true;
    raise(t, EXC(RuntimeError), "Struct object is not initialized");
    return false;
}

// --- packing and unpacking ---

static bool pack_values(Thread *t, const Struct *s, uint8_t *p, const Value *values)
{
    for (size_t i = 0; i < s->item_count; i++) {
        const StructItem *item = &s->items[i];
        uint8_t *at = p + item->offset;
        for (size_t j = 0; j < item->repeat; j++, at += item->size)
            if (!struct_pack_item(t, at, *values++, item))
                return false;
    }
    return true;
}

static Value unpack_values(Thread *t, const Struct *s, const uint8_t *p)
{
    Tuple *tuple = tuple_alloc(t, s->value_count);
    if (!tuple)
        return 0;
    size_t n = 0;
    for (size_t i = 0; i < s->item_count; i++) {
        const StructItem *item = &s->items[i];
        const uint8_t *at = p + item->offset;
        for (size_t j = 0; j < item->repeat; j++, at += item->size) {
            Value v = struct_unpack_item(t, at, item);
            if (!v)
                return 0;
            tuple->at[n++] = v;
        }
    }
    return value_of(tuple);
}

static Value struct_pack(Thread *t, const Struct *s, const Value *values, size_t n)
{
    if (!struct_ready(t, s))
        return 0;
    if (n != s->value_count)
        return struct_raise(t, "pack expected %lu items for packing (got %lu)", (uint64_t)s->value_count, (uint64_t)n);
    Bytes *bytes = bytes_alloc(t, s->size);
    if (!bytes)
        return 0;
    memset(bytes->data, 0, s->size);
    return pack_values(t, s, bytes->data, values) ? value_of(bytes) : 0;
}

static Value pack_into_buffer(Thread *t, const Struct *s, const Buffer *buffer, int64_t offset, const Value *values)
{
    int64_t size = (int64_t)s->size;
    if (offset < 0) {
        if (offset + size > 0)
            return struct_raise(t, "no space to pack %ld bytes at offset %ld", size, offset);
        if (offset + buffer->length < 0)
            return struct_raise(t, "offset %ld out of range for %ld-byte buffer", offset, buffer->length);
        offset += buffer->length;
    }
    if (buffer->length - offset < size)
        return struct_raise(t,
                            "pack_into requires a buffer of at least %lu bytes for packing %ld bytes at offset %lu "
                            "(actual buffer size is %ld)",
                            (uint64_t)size + (uint64_t)offset, size, (uint64_t)offset, buffer->length);
    uint8_t *p = (uint8_t *)buffer->data + offset;
    memset(p, 0, s->size);
    return pack_values(t, s, p, values) ? NONE : 0;
}

// args: buffer, offset, values…
static Value struct_pack_into(Thread *t, const Struct *s, const Value *args, size_t n)
{
    if (!struct_ready(t, s))
        return 0;
    if (n < 2)
        return struct_raise(t, n == 0 ? "pack_into expected buffer argument" : "pack_into expected offset argument");
    if (n - 2 != s->value_count)
        return struct_raise(t, "pack_into expected %lu items for packing (got %lu)", (uint64_t)s->value_count, (uint64_t)(n - 2));
    Buffer buffer;
    if (!buffer_get(t, args[0], &buffer, BUFFER_WRITABLE)) {
        pending_clear(t);
        return raise(t, EXC(TypeError), "argument must be read-write bytes-like object, not %T", args[0]);
    }
    int64_t offset;
    Value result = 0;
    if (to_int64(t, args[1], &offset))
        result = pack_into_buffer(t, s, &buffer, offset, args + 2);
    buffer_release(t, &buffer);
    return result;
}

static Value struct_unpack(Thread *t, const Struct *s, Value source)
{
    Buffer buffer;
    if (!struct_ready(t, s) || !buffer_get(t, source, &buffer, BUFFER_SIMPLE))
        return 0;
    Value result = (size_t)buffer.length == s->size
        ? unpack_values(t, s, buffer.data)
        : struct_raise(t, "unpack requires a buffer of %lu bytes", (uint64_t)s->size);
    buffer_release(t, &buffer);
    return result;
}

static Value unpack_at(Thread *t, const Struct *s, const Buffer *buffer, int64_t offset)
{
    int64_t size = (int64_t)s->size;
    if (offset < 0) {
        if (offset + size > 0)
            return struct_raise(t, "not enough data to unpack %ld bytes at offset %ld", size, offset);
        if (offset + buffer->length < 0)
            return struct_raise(t, "offset %ld out of range for %ld-byte buffer", offset, buffer->length);
        offset += buffer->length;
    }
    if (buffer->length - offset < size)
        return struct_raise(t,
                            "unpack_from requires a buffer of at least %lu bytes for unpacking %ld bytes at offset %lu "
                            "(actual buffer size is %ld)",
                            (uint64_t)size + (uint64_t)offset, size, (uint64_t)offset, buffer->length);
    return unpack_values(t, s, (const uint8_t *)buffer->data + offset);
}

static Value struct_unpack_from(Thread *t, const Struct *s, Value source, Value offset)
{
    Buffer buffer;
    int64_t at = 0;
    if (!struct_ready(t, s) || (offset && !to_int64(t, offset, &at)) || !buffer_get(t, source, &buffer, BUFFER_SIMPLE))
        return 0;
    Value result = unpack_at(t, s, &buffer, at);
    buffer_release(t, &buffer);
    return result;
}

// --- iter_unpack ---

static Value struct_iter_unpack(Thread *t, Struct *s, Value source)
{
    if (!struct_ready(t, s))
        return 0;
    if (s->size == 0)
        return struct_raise(t, "cannot iteratively unpack with a struct of length 0");
    UnpackIterator *it = new_object(t, struct_iterator, UnpackIterator);
    if (!it || !buffer_get(t, source, &it->buffer, BUFFER_SIMPLE))
        return 0;
    if ((size_t)it->buffer.length % s->size) {
        buffer_release(t, &it->buffer);
        return struct_raise(t, "iterative unpacking requires a buffer of a multiple of %lu bytes", (uint64_t)s->size);
    }
    it->owner = value_of(s);
    return value_of(it);
}

static Value iterator_self_slot(Thread *t, Value self) { return self; }

static Value iterator_next(Thread *t, Value self)
{
    UnpackIterator *it = (UnpackIterator *)self;
    bool locked = object_lock(&it->head);
    const Struct *s = (const Struct *)it->owner;
    size_t at = it->at;
    bool ended = s && at >= (size_t)it->buffer.length;
    if (ended)
        it->owner = 0;
    else if (s)
        it->at += s->size;
    object_unlock(&it->head, locked);
    if (ended)
        buffer_release(t, &it->buffer);
    return s && !ended ? unpack_values(t, s, (const uint8_t *)it->buffer.data + at) : 0;
}

static Value iterator_length_hint(Thread *t, const Value *args, size_t nargs)
{
    const UnpackIterator *it = (const UnpackIterator *)args[0];
    const Struct *s = (const Struct *)it->owner;
    return fixnum(s ? (int64_t)(((size_t)it->buffer.length - it->at) / s->size) : 0);
}

static const NativeDef iterator_methods[] = {
    {"__length_hint__", iterator_length_hint, "($self, /)", NULL, 0},
    {0},
};

Type type_struct_iterator = {
    TYPE_HEAD(struct_iterator, "_struct.unpack_iterator", &type_object, UnpackIterator),
    .flags = TYPE_DISALLOW_NEW,
    .methods = iterator_methods,
    .slots = {.iter = iterator_self_slot, .next = iterator_next},
};

// --- Struct's methods ---

static Value struct_pack_method(Thread *t, const Value *args, size_t nargs)
{
    return struct_pack(t, (Struct *)args[0], args + 1, nargs - 1);
}

static Value struct_pack_into_method(Thread *t, const Value *args, size_t nargs)
{
    return struct_pack_into(t, (Struct *)args[0], args + 1, nargs - 1);
}

static Value struct_unpack_method(Thread *t, const Value *args, size_t nargs)
{
    return struct_unpack(t, (Struct *)args[0], args[1]);
}

static Value struct_unpack_from_method(Thread *t, const Value *args, size_t nargs)
{
    return struct_unpack_from(t, (Struct *)args[0], args[1], args[2]);
}

static Value struct_iter_unpack_method(Thread *t, const Value *args, size_t nargs)
{
    return struct_iter_unpack(t, (Struct *)args[0], args[1]);
}

static Value struct_sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    const Struct *s = (const Struct *)args[0];
    if (!struct_ready(t, s))
        return 0;
    return fixnum((int64_t)(sizeof(Struct) + (s->item_count + 1) * sizeof(StructItem)));
}

static Value struct_repr(Thread *t, Value self)
{
    const Struct *s = (const Struct *)self;
    return struct_ready(t, s) ? str_format(t, "%s(%R)", type_short_name(s->head.type), s->format) : 0;
}

static Value struct_get_format(Thread *t, Value self)
{
    return struct_ready(t, (Struct *)self) ? ((Struct *)self)->format : 0;
}

static Value struct_get_size(Thread *t, Value self)
{
    return fixnum(((Struct *)self)->items ? (int64_t)((Struct *)self)->size : -1);
}

static const NativeDef struct_methods[] = {
    {"iter_unpack", struct_iter_unpack_method, "($self, buffer, /)", "Return an iterator yielding tuples.", 0},
    {"pack", struct_pack_method, "($self, *values)",
     "Return a bytes object containing values v1, v2, ... packed according to the format string Struct.format.", 0},
    {"pack_into", struct_pack_into_method, "($self, *values)",
     "Pack values v1, v2, ... according to the format string Struct.format and write them into buffer at offset.", 0},
    {"unpack", struct_unpack_method, "($self, buffer, /)", "Return a tuple containing unpacked values.", 0},
    {"unpack_from", struct_unpack_from_method, "($self, /, buffer, offset=0)", "Return a tuple containing unpacked values.", 0},
    {"__sizeof__", struct_sizeof_method, "($self, /)", "Returns size in memory, in bytes.", 0},
    {0},
};

static const GetSetDef struct_getsets[] = {
    {"format", struct_get_format, NULL, "struct format string"},
    {"size", struct_get_size, NULL, "struct size in bytes"},
    {0},
};

Type type_struct = {
    TYPE_HEAD(struct, "_struct.Struct", &type_object, Struct),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS,
    .doc = "Struct(fmt) --> compiled struct object",
    .new_signature = "(format)",
    .methods = struct_methods,
    .getsets = struct_getsets,
    .slots = {.new = struct_new, .init = struct_init, .repr = struct_repr},
};

// --- functions ---

static Value struct_calcsize_function(Thread *t, const Value *args, size_t nargs)
{
    Struct *s = struct_for(t, args[0]);
    return s ? fixnum((int64_t)s->size) : 0;
}

static Value struct_pack_function(Thread *t, const Value *args, size_t nargs)
{
    Struct *s = struct_for(t, args[0]);
    return s ? struct_pack(t, s, args + 1, nargs - 1) : 0;
}

static Value struct_pack_into_function(Thread *t, const Value *args, size_t nargs)
{
    Struct *s = struct_for(t, args[0]);
    return s ? struct_pack_into(t, s, args + 1, nargs - 1) : 0;
}

static Value struct_unpack_function(Thread *t, const Value *args, size_t nargs)
{
    Struct *s = struct_for(t, args[0]);
    return s ? struct_unpack(t, s, args[1]) : 0;
}

static Value struct_unpack_from_function(Thread *t, const Value *args, size_t nargs)
{
    Struct *s = struct_for(t, args[0]);
    return s ? struct_unpack_from(t, s, args[1], args[2]) : 0;
}

static Value struct_iter_unpack_function(Thread *t, const Value *args, size_t nargs)
{
    Struct *s = struct_for(t, args[0]);
    return s ? struct_iter_unpack(t, s, args[1]) : 0;
}

static Value struct_clearcache(Thread *t, const Value *args, size_t nargs)
{
    dict_clear(t, as_dict(cache));
    return NONE;
}

static const NativeDef struct_functions[] = {
    {"_clearcache", struct_clearcache, "()", "Clear the internal cache.", 0},
    {"calcsize", struct_calcsize_function, "(format, /)", "Return size in bytes of the struct described by the format string.", 0},
    {"iter_unpack", struct_iter_unpack_function, "(format, buffer, /)", "Return an iterator yielding tuples unpacked from the given bytes.", 0},
    {"pack", struct_pack_function, "(format, /, *values)",
     "Return a bytes object containing the values v1, v2, ... packed according to the format string.", 0},
    {"pack_into", struct_pack_into_function, "(format, /, *values)",
     "Pack the values v1, v2, ... according to the format string and write them into buffer at offset.", 0},
    {"unpack", struct_unpack_function, "(format, buffer, /)", "Return a tuple containing values unpacked according to the format string.", 0},
    {"unpack_from", struct_unpack_from_function, "(format, /, buffer, offset=0)",
     "Return a tuple containing values unpacked according to the format string.", 0},
    {0},
};

static bool struct_exec(Thread *t, Value module)
{
    if (!cache) {
        vm_add_root_range(&cache, &cache + 1);
        vm_add_root_range(&struct_error, &struct_error + 1);
        struct_error = exception_class_new(t, "struct", "error", value_of(EXC(Exception)), NULL);
        cache = value_of(dict_new(t));
    }
    return struct_error && cache && module_add(t, module, "error", struct_error) && module_add_type(t, module, &type_struct);
}

const ModuleDef module_struct = {
    .name = "_struct",
    .doc = "Functions to convert between Python values and C structs.\nPython bytes objects are used to hold the data "
           "representing the C struct\nand also as format strings (explained below) to describe the layout of data\nin the C struct.",
    .functions = struct_functions,
    .exec = struct_exec,
};
