// zlib_objects.c: compressor and decompressor objects.
//
// The z_stream's own memory is foreign: ended by the finaliser. Guard of all fields: mutex.
#include "src/modules/zlib.h"

typedef struct ZlibObject {
    Object head;
    Mutex mutex;
    bool ready;                // the stream must be ended
    bool eof, needs_input;
    Value dictionary;          // zdict or 0
    Value unused_data, unconsumed_tail;   // Bytes
    z_stream z;
} ZlibObject;

static ZlibObject *object_of(Type *type, Thread *t)
{
    ZlibObject *o = instance_new(t, type, 0);
    if (o) {
        o->unused_data = o->unconsumed_tail = bytes_empty;
        o->needs_input = true;
    }
    return o;
}

static void compressor_finalize(Thread *t, Value self)
{
    ZlibObject *o = (ZlibObject *)self;
    if (o->ready)
        deflateEnd(&o->z);
    o->ready = false;
}

static void decompressor_finalize(Thread *t, Value self)
{
    ZlibObject *o = (ZlibObject *)self;
    if (o->ready)
        inflateEnd(&o->z);
    o->ready = false;
}

// Sets a dictionary from a bytes-like object.
static bool set_dictionary(Thread *t, ZlibObject *o, Value dictionary, bool compress)
{
    Buffer buffer;
    if (!buffer_get(t, dictionary, &buffer, BUFFER_SIMPLE))
        return false;
    int code = compress ? deflateSetDictionary(&o->z, buffer.data, (uInt)buffer.length)
                        : inflateSetDictionary(&o->z, buffer.data, (uInt)buffer.length);
    buffer_release(t, &buffer);
    if (code == Z_OK)
        return true;
    if (compress && code == Z_STREAM_ERROR)
        raise(t, EXC(ValueError), "Invalid dictionary");
    else
        zlib_raise(t, &o->z, code, compress ? "while setting zdict" : "while setting zdict");
    return false;
}

// args: level, method, wbits, memLevel, strategy, zdict.
Value zlib_compressobj(Thread *t, const Value *args, size_t nargs)
{
    int level, method, wbits, memory, strategy;
    if (!int_arg(t, args[0], Z_DEFAULT_COMPRESSION, &level) || !int_arg(t, args[1], Z_DEFLATED, &method)
        || !int_arg(t, args[2], MAX_WBITS, &wbits) || !int_arg(t, args[3], DEF_MEM_LEVEL, &memory)
        || !int_arg(t, args[4], Z_DEFAULT_STRATEGY, &strategy))
        return 0;
    if (args[5] && !buffer_supported(args[5]))
        return raise(t, EXC(TypeError), "a bytes-like object is required, not '%T'", args[5]);
    ZlibObject *o = object_of(&type_zlib_compress, t);
    if (!o)
        return 0;
    int code = deflateInit2(&o->z, level, method, wbits, memory, strategy);
    if (code == Z_MEM_ERROR)
        return raise(t, EXC(MemoryError), "Can't allocate memory for compression object");
    if (code == Z_STREAM_ERROR)
        return raise(t, EXC(ValueError), "Invalid initialization option");
    if (code != Z_OK)
        return zlib_raise(t, &o->z, code, "while creating compression object");
    o->ready = true;
    return !args[5] || set_dictionary(t, o, args[5], true) ? value_of(o) : 0;
}

static bool start_inflate(Thread *t, ZlibObject *o, Value wbits_value, Value dictionary)
{
    int wbits;
    if (!int_arg(t, wbits_value, MAX_WBITS, &wbits))
        return false;
    if (dictionary && !buffer_supported(dictionary)) {
        raise(t, EXC(TypeError), "zdict argument must support the buffer protocol");
        return false;
    }
    int code = inflateInit2(&o->z, wbits);
    if (code == Z_STREAM_ERROR)
        raise(t, EXC(ValueError), "Invalid initialization option");
    else if (code == Z_MEM_ERROR)
        raise(t, EXC(MemoryError), "Can't allocate memory for decompression object");
    else if (code != Z_OK)
        zlib_raise(t, &o->z, code, "while creating decompression object");
    if (code != Z_OK)
        return false;
    o->ready = true;
    o->dictionary = dictionary;
    return !dictionary || wbits > 0 || set_dictionary(t, o, dictionary, false);   // raw streams want it at once
}

Value zlib_decompressobj(Thread *t, const Value *args, size_t nargs)
{
    ZlibObject *o = object_of(&type_zlib_decompress, t);
    return o && start_inflate(t, o, args[0], args[1]) ? value_of(o) : 0;
}

// --- compressing ---

static Value compress_some(Thread *t, ZlibObject *o, const uint8_t *data, size_t n, int flush)
{
    BytesBuilder out = {0};
    size_t used;
    int code = zlib_run(t, &o->z, deflate, data, n, flush, 0, &out, &used);
    if (code == ZLIB_PENDING)
        return 0;
    if (code == Z_STREAM_ERROR)
        return zlib_raise(t, &o->z, code, flush == Z_NO_FLUSH ? "while compressing data" : "while flushing");
    if (flush == Z_FINISH && code == Z_STREAM_END) {
        deflateEnd(&o->z);
        o->ready = false;
    }
    return bytes_finish(t, &out);
}

static Value compress_compress(Thread *t, const Value *args, size_t nargs)
{
    ZlibObject *o = (ZlibObject *)args[0];
    Buffer input;
    if (!buffer_get(t, args[1], &input, BUFFER_SIMPLE))
        return 0;
    mutex_lock(&o->mutex);
    Value result = o->ready ? compress_some(t, o, input.data, (size_t)input.length, Z_NO_FLUSH)
                            : zlib_raise(t, NULL, Z_STREAM_ERROR, "while compressing data");
    mutex_unlock(&o->mutex);
    buffer_release(t, &input);
    return result;
}

static Value compress_flush(Thread *t, const Value *args, size_t nargs)
{
    ZlibObject *o = (ZlibObject *)args[0];
    int mode;
    if (!int_arg(t, args[1], Z_FINISH, &mode))
        return 0;
    if (mode == Z_NO_FLUSH)
        return bytes_empty;
    mutex_lock(&o->mutex);
    Value result = o->ready ? compress_some(t, o, NULL, 0, mode) : zlib_raise(t, NULL, Z_STREAM_ERROR, "while flushing");
    mutex_unlock(&o->mutex);
    return result;
}

static Value copy_of(Thread *t, ZlibObject *o, int (*copy)(z_stream *, z_stream *))
{
    ZlibObject *twin = object_of(type_of(value_of(o)), t);
    if (!twin)
        return 0;
    mutex_lock(&o->mutex);
    int code = o->ready ? copy(&twin->z, &o->z) : Z_STREAM_ERROR;
    twin->ready = code == Z_OK;
    twin->eof = o->eof;
    twin->needs_input = o->needs_input;
    twin->dictionary = o->dictionary;
    twin->unused_data = o->unused_data;
    twin->unconsumed_tail = o->unconsumed_tail;
    mutex_unlock(&o->mutex);
    if (code == Z_OK)
        return value_of(twin);
    if (code == Z_STREAM_ERROR)
        return raise(t, EXC(ValueError), "Inconsistent stream state");
    return code == Z_MEM_ERROR ? raise(t, EXC(MemoryError), "Can't allocate memory for compression object")
                               : zlib_raise(t, &o->z, code, "while copying compression object");
}

static Value compress_copy(Thread *t, const Value *args, size_t nargs)
{
    return copy_of(t, (ZlibObject *)args[0], deflateCopy);
}

Type type_zlib_compress = {
    TYPE_HEAD(zlib_compress, "zlib.Compress", &type_object, ZlibObject),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE | TYPE_HAS_GC_FINALIZER,
    .slots = {.finalize = compressor_finalize},
    .methods = (const NativeDef[]){
        {"compress", compress_compress, "($self, data, /)", "Returns a bytes object containing compressed data."},
        {"flush", compress_flush, "($self, mode=zlib.Z_FINISH, /)", "Return a bytes object containing any remaining compressed data."},
        {"copy", compress_copy, "($self, /)", "Return a copy of the compression object."},
        {"__copy__", compress_copy, "($self, /)", NULL},
        {"__deepcopy__", compress_copy, "($self, memo, /)", NULL},
        {0},
    },
};

// --- decompressing ---

// Inflates and, when the stream asks for its dictionary, sets it and goes on.
static int inflate_some(Thread *t, ZlibObject *o, const uint8_t *data, size_t n, int flush, size_t limit, BytesBuilder *out,
                        size_t *used)
{
    *used = 0;
    for (;;) {
        size_t step;
        int code = zlib_run(t, &o->z, inflate, data + *used, n - *used, flush, limit, out, &step);
        if (code == ZLIB_PENDING)
            return code;
        *used += step;
        if (code != Z_NEED_DICT || !o->dictionary)
            return code;
        if (!set_dictionary(t, o, o->dictionary, false))
            return ZLIB_PENDING;
    }
}

// What is left of the input after the stream's end, appended to unused_data.
static bool keep_rest(Thread *t, ZlibObject *o, const uint8_t *rest, size_t n)
{
    if (o->eof) {
        BytesBuilder all = {0};
        const Bytes *old = as_bytes(o->unused_data);
        if (n && (!bytes_add(t, &all, old->data, old->length) || !bytes_add(t, &all, rest, n)))
            return false;
        if (n)
            o->unused_data = bytes_finish(t, &all);
        o->unconsumed_tail = bytes_empty;
        return o->unused_data != 0;
    }
    o->unconsumed_tail = n ? bytes_new(t, rest, n) : bytes_empty;
    return o->unconsumed_tail != 0;
}

static Value decompress_some(Thread *t, ZlibObject *o, const uint8_t *data, size_t n, size_t limit, int flush, const char *what)
{
    BytesBuilder out = {0};
    size_t used = 0;
    int code = Z_STREAM_END;
    if (!o->eof)
        code = inflate_some(t, o, data, n, flush, limit, &out, &used);
    if (code == ZLIB_PENDING)
        return 0;
    if (code != Z_STREAM_END && code != Z_OK && code != Z_BUF_ERROR) {
        keep_rest(t, o, data + used, n - used);
        return zlib_raise(t, &o->z, code, what);
    }
    if (code == Z_STREAM_END)
        o->eof = true;
    return keep_rest(t, o, data + used, n - used) ? bytes_finish(t, &out) : 0;
}

static Value decompress_decompress(Thread *t, const Value *args, size_t nargs)
{
    ZlibObject *o = (ZlibObject *)args[0];
    int64_t limit = 0;
    Buffer input;
    if (args[2] && !to_int64(t, args[2], &limit))
        return 0;
    if (limit < 0)
        return raise(t, EXC(ValueError), "max_length must be non-negative");
    if (!buffer_get(t, args[1], &input, BUFFER_SIMPLE))
        return 0;
    mutex_lock(&o->mutex);
    Value result = decompress_some(t, o, input.data, (size_t)input.length, (size_t)limit, Z_SYNC_FLUSH, "while decompressing data");
    mutex_unlock(&o->mutex);
    buffer_release(t, &input);
    return result;
}

static Value decompress_flush(Thread *t, const Value *args, size_t nargs)
{
    ZlibObject *o = (ZlibObject *)args[0];
    int64_t length = ZLIB_CHUNK;
    if (args[1] && !to_int64(t, args[1], &length))
        return 0;
    if (length <= 0)
        return raise(t, EXC(ValueError), "length must be greater than zero");
    mutex_lock(&o->mutex);
    Value tail = o->unconsumed_tail;
    Value result = decompress_some(t, o, as_bytes(tail)->data, as_bytes(tail)->length, 0, Z_FINISH, "while decompressing data");
    if (o->eof && o->ready) {   // nothing more can come: the stream is over, also for copy()
        inflateEnd(&o->z);
        o->ready = false;
    }
    mutex_unlock(&o->mutex);
    return result;
}

static Value decompress_copy(Thread *t, const Value *args, size_t nargs)
{
    return copy_of(t, (ZlibObject *)args[0], inflateCopy);
}

Type type_zlib_decompress = {
    TYPE_HEAD(zlib_decompress, "zlib.Decompress", &type_object, ZlibObject),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE | TYPE_HAS_GC_FINALIZER,
    .slots = {.finalize = decompressor_finalize},
    .members = (const MemberDef[]){
        {"unused_data", MEMBER_VALUE, offsetof(ZlibObject, unused_data), false, NULL},
        {"unconsumed_tail", MEMBER_VALUE, offsetof(ZlibObject, unconsumed_tail), false, NULL},
        {"eof", MEMBER_BOOL8, offsetof(ZlibObject, eof), false, NULL},
        {0},
    },
    .methods = (const NativeDef[]){
        {"decompress", decompress_decompress, "($self, data, /, max_length=0)", "Return a bytes object containing the decompressed version of the data."},
        {"flush", decompress_flush, "($self, length=zlib.DEF_BUF_SIZE, /)", "Return a bytes object containing any remaining decompressed data."},
        {"copy", decompress_copy, "($self, /)", "Return a copy of the decompression object."},
        {"__copy__", decompress_copy, "($self, /)", NULL},
        {"__deepcopy__", decompress_copy, "($self, memo, /)", NULL},
        {0},
    },
};

// --- _ZlibDecompressor, for zipfile and gzip ---

static Value simple_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "_ZlibDecompressor", "(wbits=MAX_WBITS, zdict=b'')", args, nargs, kwnames, a, return 0);
    ZlibObject *o = object_of(cls, t);
    return o && start_inflate(t, o, a[0], a[1]) ? value_of(o) : 0;
}

static Value simple_decompress(Thread *t, const Value *args, size_t nargs)
{
    ZlibObject *o = (ZlibObject *)args[0];
    int64_t limit = -1;
    Buffer input;
    if ((args[2] && !to_int64(t, args[2], &limit)) || !buffer_get(t, args[1], &input, BUFFER_SIMPLE))
        return 0;
    BytesBuilder whole = {0};
    Value result = 0;
    mutex_lock(&o->mutex);
    const uint8_t *data = input.data;
    size_t n = (size_t)input.length, held = as_bytes(o->unconsumed_tail)->length;
    if (o->eof) {
        raise(t, EXC(EOFError), "End of stream already reached");
    } else if (!held || (bytes_add(t, &whole, as_bytes(o->unconsumed_tail)->data, held) && bytes_add(t, &whole, data, n))) {
        if (held) {
            data = whole.bytes->data;
            n = whole.length;
        }
        if (limit == 0) {
            result = keep_rest(t, o, data, n) ? bytes_empty : 0;
        } else {
            result = decompress_some(t, o, data, n, limit < 0 ? 0 : (size_t)limit, Z_SYNC_FLUSH, "while decompressing data");
        }
        bool full = result && limit > 0 && (int64_t)as_bytes(result)->length >= limit;
        o->needs_input = !o->eof && !as_bytes(o->unconsumed_tail)->length && !full;
    }
    mutex_unlock(&o->mutex);
    buffer_release(t, &input);
    return result;
}

Type type_zlib_decompressor = {
    TYPE_HEAD(zlib_decompressor, "zlib._ZlibDecompressor", &type_object, ZlibObject),
    .flags = TYPE_IMMUTABLE | TYPE_HAS_GC_FINALIZER,
    .new_signature = "(wbits=MAX_WBITS, zdict=b'')",
    .slots = {.new = simple_new, .finalize = decompressor_finalize},
    .doc = "Create a decompressor object for decompressing data incrementally.",
    .members = (const MemberDef[]){
        {"unused_data", MEMBER_VALUE, offsetof(ZlibObject, unused_data), false, "Data found after the end of the compressed stream."},
        {"eof", MEMBER_BOOL8, offsetof(ZlibObject, eof), false, "True if the end-of-stream marker has been reached."},
        {"needs_input", MEMBER_BOOL8, offsetof(ZlibObject, needs_input), false, "True if more input is needed before more decompressed data can be produced."},
        {0},
    },
    .methods = (const NativeDef[]){
        {"decompress", simple_decompress, "($self, /, data, max_length=-1)", "Decompress *data*, returning uncompressed data as bytes."},
        {0},
    },
};
