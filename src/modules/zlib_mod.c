// zlib_mod.c: the zlib module: compressing and decompressing in one go, checksums, constants. (Objects: zlib_objects.c)
#include "src/modules/zlib.h"

#include "src/core/vm.h"
#include "src/modules/exception_class.h"

// zlib.error; made with the module, a root.
static Value error_type;

Value zlib_raise(Thread *t, const z_stream *z, int code, const char *what)
{
    const char *detail = z ? z->msg : NULL;
    if (code == Z_VERSION_ERROR)
        detail = "library version mismatch";
    if (!detail && code == Z_BUF_ERROR)
        detail = "incomplete or truncated stream";
    if (!detail && code == Z_STREAM_ERROR)
        detail = "inconsistent stream state";
    if (!detail && code == Z_DATA_ERROR)
        detail = "invalid input data";
    return detail ? raise(t, as_type(error_type), "Error %d %s: %s", code, what, detail)
                  : raise(t, as_type(error_type), "Error %d %s", code, what);
}

// --- running a stream ---

static void *run_body(void *data)
{
    ZlibRun *r = data;
    r->code = r->step(r->z, r->flush);
    return NULL;
}

int zlib_step(Thread *t, z_stream *z, int (*step)(z_stream *, int), int flush)
{
    ZlibRun r = {z, step, flush, 0};
    if (z->avail_in < ZLIB_QUICK)   // little work: not worth leaving the running state
        run_body(&r);
    else
        blocking(t, run_body, &r);
    return r.code;
}

bool zlib_output_room(Thread *t, BytesBuilder *out, z_stream *z, size_t want)
{
    if (out->capacity > out->length && z->avail_out)
        return true;
    if (!bytes_reserve(t, out, want > out->length ? want : out->length))
        return false;
    size_t room = out->capacity - out->length;
    z->next_out = out->bytes->data + out->length;
    z->avail_out = room > UINT_MAX ? UINT_MAX : (uInt)room;
    return true;
}

// Feeds all of the input and collects the output. Ends early when the stream ends or `limit` (if > 0) is reached.
int zlib_run(Thread *t, z_stream *z, int (*step)(z_stream *, int), const uint8_t *data, size_t n, int last_flush, size_t limit,
             BytesBuilder *out, size_t *consumed)
{
    size_t left = n;
    int code = Z_OK;
    z->next_in = (Bytef *)data;
    z->avail_out = 0;
    for (;;) {
        z->avail_in = left > UINT_MAX ? UINT_MAX : (uInt)left;
        size_t given = z->avail_in;
        int flush = given == left ? last_flush : Z_NO_FLUSH;
        if (!zlib_output_room(t, out, z, ZLIB_CHUNK))
            return ZLIB_PENDING;
        if (limit && out->length + z->avail_out > limit)
            z->avail_out = (uInt)(limit - out->length);
        uInt room = z->avail_out;
        code = zlib_step(t, z, step, flush);
        out->length += room - z->avail_out;
        left -= given - z->avail_in;
        if (code == Z_STREAM_END || code == Z_NEED_DICT || (code < 0 && code != Z_BUF_ERROR))
            break;
        if (limit && out->length >= limit)
            break;
        if (z->avail_out && !left)   // everything taken, and the output had room
            break;
        if (!safepoint(t))
            return ZLIB_PENDING;
    }
    *consumed = n - left;
    return code;
}

static Value init_error(Thread *t, z_stream *z, int code, bool compress)
{
    if (code == Z_MEM_ERROR)
        return raise(t, EXC(MemoryError), compress ? "Out of memory while compressing data" : "Out of memory while decompressing data");
    if (code == Z_STREAM_ERROR && compress)
        return raise(t, as_type(error_type), "Bad compression level");
    return zlib_raise(t, z, code, compress ? "while compressing data" : "while preparing to decompress data");
}

static Value zlib_compress(Thread *t, const Value *args, size_t nargs)
{
    int level, wbits;
    Buffer input;
    z_stream z = {0};
    BytesBuilder out = {0};
    size_t used;
    if (!int_arg(t, args[1], Z_DEFAULT_COMPRESSION, &level) || !int_arg(t, args[2], MAX_WBITS, &wbits)
        || !buffer_get(t, args[0], &input, BUFFER_SIMPLE))
        return 0;
    int code = deflateInit2(&z, level, Z_DEFLATED, wbits, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY);
    if (code != Z_OK) {
        buffer_release(t, &input);
        return init_error(t, &z, code, true);
    }
    code = zlib_run(t, &z, deflate, input.data, (size_t)input.length, Z_FINISH, 0, &out, &used);
    deflateEnd(&z);
    buffer_release(t, &input);
    if (code == ZLIB_PENDING)
        return 0;
    return code == Z_STREAM_END ? bytes_finish(t, &out) : zlib_raise(t, &z, code, "while compressing data");
}

static Value zlib_decompress(Thread *t, const Value *args, size_t nargs)
{
    int wbits;
    int64_t room = ZLIB_CHUNK;
    Buffer input;
    z_stream z = {0};
    BytesBuilder out = {0};
    size_t used;
    if (!int_arg(t, args[1], MAX_WBITS, &wbits) || (args[2] && !to_int64(t, args[2], &room)))
        return 0;
    if (room < 0)
        return raise(t, EXC(ValueError), "bufsize must be non-negative");
    if (!buffer_get(t, args[0], &input, BUFFER_SIMPLE))
        return 0;
    int code = inflateInit2(&z, wbits);
    if (code != Z_OK) {
        buffer_release(t, &input);
        return init_error(t, &z, code, false);
    }
    code = zlib_run(t, &z, inflate, input.data, (size_t)input.length, Z_SYNC_FLUSH, 0, &out, &used);
    z_stream failed = z;
    inflateEnd(&z);
    buffer_release(t, &input);
    if (code == ZLIB_PENDING)
        return 0;
    if (code == Z_STREAM_END)
        return bytes_finish(t, &out);
    return zlib_raise(t, &failed, code == Z_OK ? Z_BUF_ERROR : code, "while decompressing data");
}

// --- checksums ---

typedef struct Checksum {
    const uint8_t *data;
    size_t n;
    uLong value;
    uLong (*update)(uLong, const Bytef *, z_size_t);
} Checksum;

static void *checksum_body(void *data)
{
    Checksum *c = data;
    c->value = c->update(c->value, c->data, c->n);
    return NULL;
}

static Value checksum(Thread *t, const Value *args, uLong start, uLong (*update)(uLong, const Bytef *, z_size_t))
{
    Buffer input;
    Checksum c = {.value = start, .update = update};
    if (args[1]) {
        Value index = number_index(t, args[1]), low = index ? int_bit_and(t, index, fixnum(0xffffffff)) : 0;
        if (!low)
            return 0;
        c.value = (uLong)fixnum_value(low);
    }
    if (!buffer_get(t, args[0], &input, BUFFER_SIMPLE))
        return 0;
    c.data = input.data;
    c.n = (size_t)input.length;
    if (c.n > ZLIB_QUICK)
        blocking(t, checksum_body, &c);
    else
        checksum_body(&c);
    buffer_release(t, &input);
    return fixnum((int64_t)(c.value & 0xffffffff));
}

static Value zlib_crc32(Thread *t, const Value *args, size_t nargs) { return checksum(t, args, 0, crc32_z); }
static Value zlib_adler32(Thread *t, const Value *args, size_t nargs) { return checksum(t, args, 1, adler32_z); }

#define C(name) {#name, name}
static const IntConstant constants[] = {
    {"DEFLATED", 8}, {"DEF_BUF_SIZE", 0x4000}, {"DEF_MEM_LEVEL", 8}, C(MAX_WBITS),
    C(Z_BEST_COMPRESSION), C(Z_BEST_SPEED), C(Z_BLOCK), C(Z_DEFAULT_COMPRESSION),
    C(Z_DEFAULT_STRATEGY), C(Z_FILTERED), C(Z_FINISH), C(Z_FIXED), C(Z_FULL_FLUSH),
    C(Z_HUFFMAN_ONLY), C(Z_NO_COMPRESSION), C(Z_NO_FLUSH), C(Z_PARTIAL_FLUSH), C(Z_RLE),
    C(Z_SYNC_FLUSH), C(Z_TREES),
    {0},
};

static bool zlib_exec(Thread *t, Value module)
{
    if (!error_type) {
        vm_add_root_range(&error_type, &error_type + 1);
        Value made = exception_class_new(t, "zlib", "error", value_of(EXC(Exception)), NULL);
        if (!made)
            return false;
        publish(&error_type, made);
    }
    Value built = str_from_cstr(t, ZLIB_VERSION), running = str_from_cstr(t, zlibVersion());
    return built && running && module_add(t, module, "error", error_type) && module_add_ints(t, module, constants)
        && module_add(t, module, "ZLIB_VERSION", built) && module_add(t, module, "ZLIB_RUNTIME_VERSION", running)
        && module_add_type(t, module, &type_zlib_decompressor);
}

const ModuleDef module_zlib = {
    .name = "zlib",
    .doc = "The functions in this module allow compression and decompression using the\n"
           "zlib library, which is based on GNU zip.",
    .functions = (const NativeDef[]){
        {"compress", zlib_compress, "(data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)", "Returns a bytes object containing compressed data."},
        {"decompress", zlib_decompress, "(data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)", "Returns a bytes object containing the uncompressed data."},
        {"crc32", zlib_crc32, "(data, value=0, /)", "Compute a CRC-32 checksum of data."},
        {"adler32", zlib_adler32, "(data, value=1, /)", "Compute an Adler-32 checksum of data."},
        {"compressobj", zlib_compressobj,
         "(level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, "
         "zdict=<unrepresentable>)",
         "Return a compressor object."},
        {"decompressobj", zlib_decompressobj, "(wbits=MAX_WBITS, zdict=b'')", "Return a decompressor object."},
        {0},
    },
    .exec = zlib_exec,
};
