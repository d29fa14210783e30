// array_methods.c: the methods of array.array, and how pickles are read.
#include "src/modules/array_mod.h"

#include "src/core/hooks.h"
#include "src/types/bytes.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/sequence.h"
#include "src/types/tuple.h"

Value array_to_list(Thread *t, Array *a)
{
    List *list = list_new(t, array_length(a));
    Value item;
    for (size_t i = 0; list && (item = array_get(t, a, i)) != 0; i++)
        if (!list_append(t, list, item))
            return 0;
    return is_pending(t) ? 0 : value_of(list);
}

Value array_to_text(Thread *t, Array *a)
{
    size_t n;
    uint8_t *items = array_snapshot(t, a, &n);
    for (size_t i = 0; items && i < n; i++)
        if (((const uint32_t *)items)[i] > 0x10ffff)
            return str_decode(t, items, n * sizeof(uint32_t), "utf-32-le", "strict");   // says what is wrong
    return items ? str_from_ucs4(t, (const uint32_t *)items, n) : 0;
}

static Value append_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return array_append(t, as_array(args[0]), args[1]) ? NONE : 0;
}

static Value buffer_info_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Array *a = as_array(args[0]);
    Value address = int_from_uint64(t, (uintptr_t)a->data);
    return address ? tuple_pair(t, address, fixnum((int64_t)array_length(a))) : 0;
}

static Value byteswap_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    Array *a = as_array(args[0]);
    bool locked = object_lock(&a->head);
    for (size_t i = 0; i < a->length; i++) {
        uint8_t *item = a->data + i * a->kind->size;
        for (size_t low = 0, high = a->kind->size; low + 1 < high; low++) {
            uint8_t first = item[low];
            item[low] = item[--high];
            item[high] = first;
        }
    }
    object_unlock(&a->head, locked);
    return NONE;
}

static Value clear_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return array_splice(t, as_array(args[0]), 0, SIZE_MAX, NULL, 0) ? NONE : 0;
}

static Value copy_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Array *copy = array_new(t, &type_array, as_array(args[0])->kind);
    return copy && array_extend(t, copy, args[0]) ? value_of(copy) : 0;
}

// Place of the first item in [start, stop) equal to value: -1 not there, -2 error.
static int64_t find(Thread *t, Array *a, Value value, int64_t start, int64_t stop)
{
    Value item;
    for (int64_t i = start; i < stop && (item = array_get(t, a, (size_t)i)) != 0; i++) {
        int equal = compare_bool(t, item, value, CMP_EQ);
        if (equal)
            return equal < 0 ? -2 : i;
    }
    return is_pending(t) ? -2 : -1;
}

static Value count_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int64_t count = 0, n = (int64_t)array_length(as_array(args[0]));
    for (int64_t i = 0; (i = find(t, as_array(args[0]), args[1], i, n)) >= 0; i++)
        count++;
    return is_pending(t) ? 0 : fixnum(count);
}

static Value index_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int64_t start, stop;
    if (!sequence_bounds(t, args[2], args[3], (int64_t)array_length(as_array(args[0])), &start, &stop))
        return 0;
    int64_t at = find(t, as_array(args[0]), args[1], start, stop);
    if (at >= 0)
        return fixnum(at);
    return at == -2 ? 0 : raise(t, EXC(ValueError), "array.index(x): x not in array");
}

static Value remove_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int64_t at = find(t, as_array(args[0]), args[1], 0, INT64_MAX);
    if (at >= 0)
        return array_splice(t, as_array(args[0]), (size_t)at, 1, NULL, 0) ? NONE : 0;
    return at == -2 ? 0 : raise(t, EXC(ValueError), "array.remove(x): x not in array");
}

static Value extend_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return array_extend(t, as_array(args[0]), args[1]) ? NONE : 0;
}

static Value fromlist_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Array *a = as_array(args[0]);
    if (!is_list(args[1]))
        return raise(t, EXC(TypeError), "arg must be list");
    size_t before = array_length(a), n;
    Value *items = list_snapshot(t, as_list(args[1]), &n);
    for (size_t i = 0; items && i < n; i++) {
        bool ok = array_append(t, a, items[i]);
        if (ok && list_length(as_list(args[1])) != n)
            ok = raise(t, EXC(RuntimeError), "list changed size during iteration") != 0;
        if (!ok) {                // all or nothing
            Value exception = pending_take(t);
            if (array_splice(t, a, before, SIZE_MAX, NULL, 0))
                pending_set(t, exception);
            return 0;
        }
    }
    return items ? NONE : 0;
}

static Value frombytes_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Array *a = as_array(args[0]);
    Buffer buffer;
    if (!buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    bool ok = buffer.item_size == 1;
    if (!ok)
        raise(t, EXC(TypeError), "a bytes-like object is required");
    ok = ok && array_append_bytes(t, a, buffer.data, (size_t)buffer.length);
    buffer_release(t, &buffer);
    return ok ? NONE : 0;
}

static Value fromfile_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Array *a = as_array(args[0]);
    int64_t n, bytes;
    if (!to_int64(t, args[2], &n))
        return 0;
    if (n < 0)
        return raise(t, EXC(ValueError), "negative count");
    if (__builtin_mul_overflow(n, (int64_t)a->kind->size, &bytes) || !fits_fixnum(bytes))
        return raise_no_memory(t);
    Value read = call_method1(t, args[1], N(read), fixnum(bytes));
    if (!read)
        return 0;
    if (!is_bytes(read))
        return raise(t, EXC(TypeError), "read() didn't return bytes");
    if (!array_append_bytes(t, a, as_bytes(read)->data, as_bytes(read)->length))
        return 0;
    return (int64_t)as_bytes(read)->length == bytes ? NONE : raise(t, EXC(EOFError), "read() didn't return enough bytes");
}

static Value to_bytes(Thread *t, Array *a)
{
    size_t n;
    uint8_t *items = array_snapshot(t, a, &n);
    return items ? bytes_new(t, items, n * a->kind->size) : 0;
}

static Value tofile_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    enum { BLOCK = 64 * 1024 };
    Array *a = as_array(args[0]);
    size_t n;
    uint8_t *items = array_snapshot(t, a, &n);
    if (!items)
        return 0;
    size_t bytes = n * a->kind->size;
    for (size_t start = 0; start < bytes; start += BLOCK) {
        Value block = bytes_new(t, items + start, size_min(BLOCK, bytes - start));
        if (!block || !call_method1(t, args[1], N(write), block))
            return 0;
    }
    return bytes || attr_get(t, args[1], N(write)) ? NONE : 0;
}

static Value tobytes_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return to_bytes(t, as_array(args[0]));
}

static Value tolist_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return array_to_list(t, as_array(args[0]));
}

static Value fromunicode_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "fromunicode() argument must be str, not %T", args[1]);
    if (!is_text_kind(as_array(args[0])->kind))
        return raise(t, EXC(ValueError), "fromunicode() may only be called on unicode type arrays ('u' or 'w')");
    return array_append_text(t, as_array(args[0]), args[1]) ? NONE : 0;
}

static Value tounicode_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (!is_text_kind(as_array(args[0])->kind))
        return raise(t, EXC(ValueError), "tounicode() may only be called on unicode type arrays ('u' or 'w')");
    return array_to_text(t, as_array(args[0]));
}

static Value insert_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Array *a = as_array(args[0]);
    uint8_t item[ITEM_BYTES_MAX];
    int64_t i;
    if (!to_index(t, args[1], &i) || !a->kind->write(t, args[2], item))
        return 0;
    int64_t n = (int64_t)array_length(a);
    i = i < 0 ? (i + n < 0 ? 0 : i + n) : i;
    return array_splice(t, a, (size_t)i, 0, item, 1) ? NONE : 0;
}

static Value pop_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Array *a = as_array(args[0]);
    int64_t i = -1;
    if (args[1] && !to_index(t, args[1], &i))
        return 0;
    if (array_length(a) == 0)
        return raise(t, EXC(IndexError), "pop from empty array");
    if (i < 0)
        i += (int64_t)array_length(a);
    Value item = i < 0 ? 0 : array_get(t, a, (size_t)i);
    if (!item)
        return is_pending(t) ? 0 : raise(t, EXC(IndexError), "pop index out of range");
    return array_splice(t, a, (size_t)i, 1, NULL, 0) ? item : 0;
}

static Value reverse_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    Array *a = as_array(args[0]);
    size_t size = a->kind->size;
    uint8_t item[ITEM_BYTES_MAX];
    bool locked = object_lock(&a->head);
    for (size_t low = 0, high = a->length; low + 1 < high; low++) {
        high--;
        memcpy(item, a->data + low * size, size);
        memcpy(a->data + low * size, a->data + high * size, size);
        memcpy(a->data + high * size, item, size);
    }
    object_unlock(&a->head, locked);
    return NONE;
}

static Value sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    Array *a = as_array(args[0]);
    return fixnum((int64_t)(type_of(args[0])->basic_size + a->capacity * a->kind->size));
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

// --- pickling ---

static Value reduce_ex_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Array *a = as_array(args[0]);
    int64_t protocol;
    Value attributes;
    if (!to_int64(t, args[1], &protocol))
        return 0;
    int found = attr_find(t, args[0], N(__dict__), &attributes);
    if (found < 0)
        return 0;
    if (!found)
        attributes = NONE;
    Value cls = value_of(type_of(args[0])), code = str_from_char(t, (uint32_t)a->kind->typecode);
    if (!code)
        return 0;
    if (protocol < 3) {
        Value items = array_to_list(t, a), arguments = items ? tuple_pair(t, code, items) : 0;
        return arguments ? tuple_of(t, 3, cls, arguments, attributes) : 0;
    }
    Value module = hooks.import_module(t, "array"), name = module ? str_intern_cstr(t, "_array_reconstructor") : 0;
    Value maker = name ? attr_get(t, module, name) : 0, bytes = maker ? to_bytes(t, a) : 0;
    Value arguments = bytes ? tuple_of(t, 4, cls, code, fixnum(a->kind->machine_format), bytes) : 0;
    return arguments ? tuple_of(t, 3, maker, arguments, attributes) : 0;
}

enum { FORMAT_FLOAT = 14, FORMAT_DOUBLE = 16, FORMAT_UTF16 = 18, FORMAT_UTF32 = 20, FORMAT_END = 22 };

// Bytes of another machine, or of a typecode with another size here, as a list or text. Odd codes are big-endian, but for the
// first two, which are the two signs of single bytes.
static Value decode_items(Thread *t, int64_t format, const Bytes *bytes, const ArrayKind **kind)
{
    static const uint8_t sizes[] = {1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 8, 8};
    bool big = format > 1 && (format & 1);
    if (format >= FORMAT_UTF16) {
        const char *encoding = format < FORMAT_UTF32 ? (big ? "utf-16-be" : "utf-16-le") : big ? "utf-32-be" : "utf-32-le";
        return str_decode(t, bytes->data, bytes->length, encoding, "strict");
    }
    size_t size = sizes[format];
    if (bytes->length % size)
        return raise(t, EXC(ValueError), "bytes length not a multiple of item size");
    bool is_signed = format == 1 || format == 4 || format == 5 || format == 8 || format == 9 || format == 12 || format == 13;
    const ArrayKind *source = format >= FORMAT_DOUBLE ? array_kind('d') : format >= FORMAT_FLOAT ? array_kind('f')
                                                                                   : array_kind_of_int(size, is_signed);
    if (format < FORMAT_FLOAT && ((*kind)->size != size || (*kind)->is_signed != is_signed))
        *kind = source;
    List *list = list_new(t, bytes->length / size);
    for (size_t i = 0; list && i < bytes->length; i += size) {
        uint8_t item[ITEM_BYTES_MAX];
        for (size_t k = 0; k < size; k++)
            item[k] = bytes->data[i + (big ? size - 1 - k : k)];
        Value value = source->read(t, item);
        if (!value || !list_append(t, list, value))
            return 0;
    }
    return value_of(list);
}

Value array_reconstruct(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int32_t format;
    if (!is_type(args[0]))
        return raise(t, EXC(TypeError), "first argument must be a type object, not %T", args[0]);
    if (!type_is_subtype(as_type(args[0]), &type_array))
        return raise(t, EXC(TypeError), "%N is not a subtype of array.array", as_type(args[0]));
    if (!is_str(args[1]) || as_str(args[1])->length != 1)
        return raise(t, EXC(TypeError), "_array_reconstructor() argument 2 must be a unicode character, not %T", args[1]);
    const ArrayKind *kind = array_kind(str_at(as_str(args[1]), 0));
    if (!kind)
        return raise(t, EXC(ValueError), "second argument must be a valid type code");
    if (!to_int32(t, args[2], &format))
        return 0;
    if (format < 0 || format >= FORMAT_END)
        return raise(t, EXC(ValueError), "third argument must be a valid machine format code.");
    if (!is_bytes(args[3]))
        return raise(t, EXC(TypeError), "fourth argument should be bytes, not %T", args[3]);
    Value items = args[3];
    if (format != kind->machine_format && !(items = decode_items(t, format, as_bytes(args[3]), &kind)))
        return 0;
    Value code = str_from_char(t, (uint32_t)kind->typecode);
    return code ? call2(t, args[0], code, items) : 0;
}

const NativeDef array_methods[] = {
    {"append", append_method, "($self, v, /)", "Append new value v to the end of the array.", 0},
    {"buffer_info", buffer_info_method, "($self, /)",
     "Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold "
     "array's contents.\n\nThe length should be multiplied by the itemsize attribute to calculate\nthe buffer length in bytes.", 0},
    {"byteswap", byteswap_method, "($self, /)",
     "Byteswap all items of the array.\n\nIf the items in the array are not 1, 2, 4, or 8 bytes in size, RuntimeError is\nraised.", 0},
    {"clear", clear_method, "($self, /)", "Remove all items from the array.", 0},
    {"__copy__", copy_method, "($self, /)", "Return a copy of the array.", 0},
    {"count", count_method, "($self, v, /)", "Return number of occurrences of v in the array.", 0},
    {"__deepcopy__", copy_method, "($self, unused, /)", "Return a copy of the array.", 0},
    {"extend", extend_method, "($self, bb, /)", "Append items to the end of the array.", 0},
    {"fromfile", fromfile_method, "($self, f, n, /)",
     "Read n objects from the file object f and append them to the end of the array.", 0},
    {"fromlist", fromlist_method, "($self, list, /)", "Append items to array from list.", 0},
    {"frombytes", frombytes_method, "($self, buffer, /)",
     "Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using "
     "the fromfile() method.", 0},
    {"fromunicode", fromunicode_method, "($self, ustr, /)",
     "Extends this array with data from the unicode string ustr.\n\n"
     "The array must be a unicode type array; otherwise a ValueError is raised.\n"
     "Use array.frombytes(ustr.encode(...)) to append Unicode data to an array of\nsome other type.", 0},
    {"index", index_method, "($self, v, start=0, stop=sys.maxsize, /)",
     "Return index of first occurrence of v in the array.\n\nRaise ValueError if the value is not present.", 0},
    {"insert", insert_method, "($self, i, v, /)", "Insert a new item v into the array before position i.", 0},
    {"pop", pop_method, "($self, i=-1, /)", "Return the i-th element and delete it from the array.\n\ni defaults to -1.", 0},
    {"__reduce_ex__", reduce_ex_method, "($self, value, /)", "Return state information for pickling.", 0},
    {"remove", remove_method, "($self, v, /)", "Remove the first occurrence of v in the array.", 0},
    {"reverse", reverse_method, "($self, /)", "Reverse the order of the items in the array.", 0},
    {"tofile", tofile_method, "($self, f, /)", "Write all items (as machine values) to the file object f.", 0},
    {"tolist", tolist_method, "($self, /)", "Convert array to an ordinary list with the same items.", 0},
    {"tobytes", tobytes_method, "($self, /)",
     "Convert the array to an array of machine values and return the bytes representation.", 0},
    {"tounicode", tounicode_method, "($self, /)",
     "Extends this array with data from the unicode string ustr.\n\nConvert the array to a unicode string.  The array must be a "
     "unicode type array;\notherwise a ValueError is raised.  Use array.tobytes().decode() to obtain a\nunicode string from an "
     "array of some other type.", 0},
    {"__sizeof__", sizeof_method, "($self, /)", "Size of the array in memory, in bytes.", 0},
    {"__class_getitem__", class_getitem_method, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};
