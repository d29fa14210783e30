// blake2_mod.c: the _blake2 module: BLAKE2b and BLAKE2s (RFC 7693) with key, salt, personalisation and tree parameters.
#include "src/core/lock.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/bytes_methods.h"
#include "src/types/dict.h"
#include "src/types/number.h"

// The two widths of the algorithm: words are kept in 64 bits for both.
typedef struct Variant {
    const char *name;
    int word;             // bytes
    int rounds;
    int rotations[4];
    int max_digest, max_key, salt_size;
    uint64_t iv[8];
} Variant;

static const Variant blake2b = {"blake2b", 8, 12, {32, 24, 16, 63}, 64, 64, 16,
    {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
     0x1f83d9abfb41bd6b, 0x5be0cd19137e2179}};
static const Variant blake2s = {"blake2s", 4, 10, {16, 12, 8, 7}, 32, 32, 8,
    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

// Guard of everything but `variant` and `digest_size`: the object's lock. No references: plain data.
typedef struct Blake2 {
    Object head;
    const Variant *variant;
    uint64_t h[8];
    uint64_t count[2];        // bytes so far, low and high
    uint8_t block[128];
    size_t fill;
    int digest_size;
    bool last_node;
} Blake2;

static uint64_t rotate_right(uint64_t x, int n, int word)
{
    if (word == 8)
        return x >> n | x << (64 - n);
    uint32_t y = (uint32_t)x;
    return y >> n | y << (32 - n);
}

static void mix(const Variant *k, uint64_t *v, int a, int b, int c, int d, uint64_t x, uint64_t y)
{
    uint64_t mask = k->word == 8 ? UINT64_MAX : UINT32_MAX;
    v[a] = (v[a] + v[b] + x) & mask;
    v[d] = rotate_right(v[d] ^ v[a], k->rotations[0], k->word);
    v[c] = (v[c] + v[d]) & mask;
    v[b] = rotate_right(v[b] ^ v[c], k->rotations[1], k->word);
    v[a] = (v[a] + v[b] + y) & mask;
    v[d] = rotate_right(v[d] ^ v[a], k->rotations[2], k->word);
    v[c] = (v[c] + v[d]) & mask;
    v[b] = rotate_right(v[b] ^ v[c], k->rotations[3], k->word);
}

static void compress(Blake2 *s, bool last)
{
    const Variant *k = s->variant;
    uint64_t mask = k->word == 8 ? UINT64_MAX : UINT32_MAX, v[16], m[16] = {0};
    for (int i = 0; i < 16; i++)
        memcpy(&m[i], s->block + i * k->word, (size_t)k->word);      // little-endian
    for (int i = 0; i < 8; i++) {
        v[i] = s->h[i];
        v[i + 8] = k->iv[i];
    }
    v[12] ^= s->count[0] & mask;
    v[13] ^= k->word == 8 ? s->count[1] : s->count[0] >> 32;
    if (last)
        v[14] ^= mask;
    if (last && s->last_node)
        v[15] ^= mask;
    for (int round = 0; round < k->rounds; round++) {
        const uint8_t *order = sigma[round % 10];
        for (int i = 0; i < 4; i++)
            mix(k, v, i, i + 4, i + 8, i + 12, m[order[2 * i]], m[order[2 * i + 1]]);
        for (int i = 0; i < 4; i++)
            mix(k, v, i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12, m[order[8 + 2 * i]], m[order[9 + 2 * i]]);
    }
    for (int i = 0; i < 8; i++)
        s->h[i] ^= v[i] ^ v[i + 8];
}

static void absorb(Blake2 *s, const uint8_t *data, size_t n)
{
    size_t size = (size_t)s->variant->word * 16;
    while (n) {
        if (s->fill == size) {        // more follows: this block is not the last
            s->count[0] += size;
            s->count[1] += s->count[0] < size;
            compress(s, false);
            s->fill = 0;
        }
        size_t step = size_min(n, size - s->fill);
        memcpy(s->block + s->fill, data, step);
        s->fill += step;
        data += step;
        n -= step;
    }
}

static void finish(const Blake2 *from, uint8_t out[64])
{
    Blake2 s = *from;
    size_t size = (size_t)s.variant->word * 16;
    s.count[0] += s.fill;
    s.count[1] += s.count[0] < s.fill;
    memset(s.block + s.fill, 0, size - s.fill);
    compress(&s, true);
    for (int i = 0; i < 8; i++)
        memcpy(out + i * s.variant->word, &s.h[i], (size_t)s.variant->word);
}

static bool update(Thread *t, Blake2 *s, Value data)
{
    ByteView view;
    if (is_str(data))
        return raise(t, EXC(TypeError), "Strings must be encoded before hashing");
    if (!buffer_supported(data))
        return raise(t, EXC(TypeError), "object supporting the buffer API required");
    if (!bytes_view_get(t, data, &view))
        return false;
    bool locked = object_lock(&s->head);
    absorb(s, view.data, view.n);
    object_unlock(&s->head, locked);
    bytes_view_release(t, &view);
    return true;
}

// --- construction ---

enum { ARG_DATA, ARG_DIGEST_SIZE, ARG_KEY, ARG_SALT, ARG_PERSON, ARG_FANOUT, ARG_DEPTH, ARG_LEAF_SIZE, ARG_NODE_OFFSET,
       ARG_NODE_DEPTH, ARG_INNER_SIZE, ARG_LAST_NODE, ARG_SECURITY, ARG_STRING, ARG_COUNT };

static bool number(Thread *t, Value v, int64_t absent, int64_t low, int64_t high, const char *message, int64_t *out)
{
    *out = absent;
    if (v && !to_int64(t, v, out))
        return false;
    return (*out >= low && *out <= high) || raise(t, EXC(ValueError), message, low, high);
}

static bool bytes_part(Thread *t, Value v, const char *what, int limit, uint8_t *out, size_t *n)
{
    ByteView view;
    *n = 0;
    if (!v)
        return true;
    if (!bytes_view_get(t, v, &view))
        return false;
    bool fits = view.n <= (size_t)limit;
    if (fits)
        memcpy(out, view.data, view.n);
    *n = view.n;
    bytes_view_release(t, &view);
    return fits || raise(t, EXC(ValueError), "maximum %s length is %d bytes", what, limit);
}

// The parameter block, laid out as RFC 7693 says.
static bool parameters(Thread *t, const Variant *k, const Value *a, uint8_t *block, uint8_t *key, size_t *key_size)
{
    bool is_b = k->word == 8;
    int64_t digest, fanout, depth, leaf, offset = 0, node_depth, inner;
    if (!number(t, a[ARG_DIGEST_SIZE], k->max_digest, 1, k->max_digest, "digest_size must be between %ld and %ld bytes", &digest))
        return false;
    if (!bytes_part(t, a[ARG_KEY], "key", k->max_key, key, key_size))
        return false;
    if (!number(t, a[ARG_FANOUT], 1, 0, 255, "fanout must be between %ld and %ld", &fanout) ||
        !number(t, a[ARG_DEPTH], 1, 1, 255, "depth must be between %ld and %ld", &depth) ||
        (leaf = 0, a[ARG_LEAF_SIZE] && !to_int64(t, a[ARG_LEAF_SIZE], &leaf)))
        return false;
    if (leaf < 0 || leaf > UINT32_MAX)
        return leaf < 0 ? raise(t, EXC(ValueError), "value must be positive") : raise(t, EXC(OverflowError), "leaf_size is too large");
    if (a[ARG_NODE_OFFSET] && !to_int64(t, a[ARG_NODE_OFFSET], &offset))
        return false;
    if (offset < 0)
        return raise(t, EXC(ValueError), "value must be positive");
    if (!is_b && offset > 0xffffffffffff)
        return raise(t, EXC(OverflowError), "node_offset is too large");
    if (!number(t, a[ARG_NODE_DEPTH], 0, 0, 255, "node_depth must be between %ld and %ld", &node_depth) ||
        !number(t, a[ARG_INNER_SIZE], 0, 0, k->max_digest, is_b ? "inner_size must be between 0 and is 64" : "inner_size must be between 0 and is 32", &inner))
        return false;
    size_t half = is_b ? 32 : 16, n;
    block[0] = (uint8_t)digest;
    block[1] = (uint8_t)*key_size;
    block[2] = (uint8_t)fanout;
    block[3] = (uint8_t)depth;
    memcpy(block + 4, &leaf, 4);
    memcpy(block + 8, &offset, is_b ? 8 : 6);
    block[is_b ? 16 : 14] = (uint8_t)node_depth;
    block[is_b ? 17 : 15] = (uint8_t)inner;
    return bytes_part(t, a[ARG_SALT], "salt", k->salt_size, block + half, &n) &&
           bytes_part(t, a[ARG_PERSON], "person", k->salt_size, block + half + (size_t)k->salt_size, &n);
}

static Value blake2_make(Thread *t, Type *cls, const Variant *k, const Value *a)
{
    uint8_t block[64] = {0}, key[128] = {0};
    size_t key_size;
    if (a[ARG_DATA] && a[ARG_STRING])
        return raise(t, EXC(TypeError), "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.");
    int last_node = a[ARG_LAST_NODE] ? truth(t, a[ARG_LAST_NODE]) : 0;
    if (last_node < 0 || !parameters(t, k, a, block, key, &key_size))
        return 0;
    Blake2 *s = instance_new(t, cls, 0);
    if (!s)
        return 0;
    s->variant = k;
    s->digest_size = block[0];
    s->last_node = last_node;
    for (int i = 0; i < 8; i++) {
        uint64_t word = 0;
        memcpy(&word, block + i * k->word, (size_t)k->word);
        s->h[i] = k->iv[i] ^ word;
    }
    if (key_size)
        absorb(s, key, (size_t)k->word * 16);
    Value data = a[ARG_DATA] ? a[ARG_DATA] : a[ARG_STRING];
    return !data || update(t, s, data) ? value_of(s) : 0;
}

#define NEW(variant)                                                                                                          \
    static Value variant##_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)                          \
    {                                                                                                                         \
        Value a[ARG_COUNT];                                                                                                   \
        BIND_ARGUMENTS(t, #variant,                                                                                           \
                       "(data=b'', *, digest_size=64, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, "      \
                       "node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)",       \
                       args, nargs, kwnames, a, return 0);                                                                    \
        return blake2_make(t, cls, &variant, a);                                                                              \
    }
NEW(blake2b)
NEW(blake2s)

// --- methods ---

static Value blake2_update(Thread *t, const Value *args, size_t nargs) { return update(t, (Blake2 *)args[0], args[1]) ? NONE : 0; }

static Value blake2_copy(Thread *t, const Value *args, size_t nargs)
{
    Blake2 *s = (Blake2 *)args[0], *out = instance_new(t, type_of(args[0]), 0);
    if (!out)
        return 0;
    bool locked = object_lock(&s->head);
    memcpy(&out->variant, &s->variant, sizeof(Blake2) - offsetof(Blake2, variant));
    object_unlock(&s->head, locked);
    return value_of(out);
}

static void digest_of(Value self, uint8_t out[64])
{
    Blake2 *s = (Blake2 *)self;
    bool locked = object_lock(&s->head);
    finish(s, out);
    object_unlock(&s->head, locked);
}

static Value blake2_digest(Thread *t, const Value *args, size_t nargs)
{
    uint8_t out[64];
    digest_of(args[0], out);
    return bytes_new(t, out, (size_t)((Blake2 *)args[0])->digest_size);
}

static Value blake2_hexdigest(Thread *t, const Value *args, size_t nargs)
{
    uint8_t out[64];
    digest_of(args[0], out);
    return bytes_hex(t, out, (size_t)((Blake2 *)args[0])->digest_size, 0, 0);
}

static Value get_name(Thread *t, Value v) { return str_intern_cstr(t, ((Blake2 *)v)->variant->name); }
static Value get_block_size(Thread *t, Value v) { return fixnum(((Blake2 *)v)->variant->word * 16); }
static Value get_digest_size(Thread *t, Value v) { return fixnum(((Blake2 *)v)->digest_size); }

static const NativeDef methods[] = {
    {"copy", blake2_copy, "($self, /)", "Return a copy of the hash object.", 0},
    {"digest", blake2_digest, "($self, /)", "Return the digest value as a bytes object.", 0},
    {"hexdigest", blake2_hexdigest, "($self, /)", "Return the digest value as a string of hexadecimal digits.", 0},
    {"update", blake2_update, "($self, data, /)", "Update this hash object's state with the provided bytes-like object.", 0},
    {0},
};

static const GetSetDef getsets[] = {
    {"name", get_name, NULL, NULL},
    {"block_size", get_block_size, NULL, NULL},
    {"digest_size", get_digest_size, NULL, NULL},
    {0},
};

Type type_blake2b = {
    TYPE_HEAD(blake2b, "_blake2.blake2b", &type_object, Blake2),
    .flags = TYPE_BASE,
    .slots = {.new = blake2b_new},
    .methods = methods,
    .getsets = getsets,
};

Type type_blake2s = {
    TYPE_HEAD(blake2s, "_blake2.blake2s", &type_object, Blake2),
    .flags = TYPE_BASE,
    .slots = {.new = blake2s_new},
    .methods = methods,
    .getsets = getsets,
};

static bool add_limits(Thread *t, Type *type, const Variant *k)
{
    static const char *const names[] = {"SALT_SIZE", "PERSON_SIZE", "MAX_KEY_SIZE", "MAX_DIGEST_SIZE"};
    int values[] = {k->salt_size, k->salt_size, k->max_key, k->max_digest};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Value name = str_intern_cstr(t, names[i]);
        if (!name || !dict_set(t, as_dict(type->attributes), name, fixnum(values[i])))
            return false;
    }
    return true;
}

static bool blake2_exec(Thread *t, Value module)
{
    return add_limits(t, &type_blake2b, &blake2b) && add_limits(t, &type_blake2s, &blake2s) &&
           module_add_type(t, module, &type_blake2b) && module_add_type(t, module, &type_blake2s) &&
           module_add(t, module, "_GIL_MINSIZE", fixnum(2048)) && module_add(t, module, "BLAKE2B_SALT_SIZE", fixnum(16)) &&
           module_add(t, module, "BLAKE2B_PERSON_SIZE", fixnum(16)) && module_add(t, module, "BLAKE2B_MAX_KEY_SIZE", fixnum(64)) &&
           module_add(t, module, "BLAKE2B_MAX_DIGEST_SIZE", fixnum(64)) && module_add(t, module, "BLAKE2S_SALT_SIZE", fixnum(8)) &&
           module_add(t, module, "BLAKE2S_PERSON_SIZE", fixnum(8)) && module_add(t, module, "BLAKE2S_MAX_KEY_SIZE", fixnum(32)) &&
           module_add(t, module, "BLAKE2S_MAX_DIGEST_SIZE", fixnum(32));
}

const ModuleDef module_blake2 = {.name = "_blake2", .doc = "_blake2b provides BLAKE2b for hashlib\n", .exec = blake2_exec};
