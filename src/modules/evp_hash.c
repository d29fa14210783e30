// evp_hash.c: hash objects: types _hashlib.HASH and _hashlib.HASHXOF.
//
// The OpenSSL context is foreign memory, freed by a finaliser. Guard: the object's lock for every use of the context.
#include "src/modules/evp_hash.h"

#include <openssl/err.h>
#include <strings.h>

#include "src/core/lock.h"
#include "src/ops/ops.h"
#include "src/types/bytes_methods.h"
#include "src/types/str.h"

typedef struct EvpHash {
    Object head;
    EVP_MD_CTX *ctx;
    const EVP_MD *md;       // static in libcrypto
    Value name;             // Str, Python's spelling
} EvpHash;

typedef struct DigestName { const char *name, *openssl; } DigestName;

static const DigestName digest_names[] = {
    {"md5", "MD5"}, {"sha1", "SHA1"}, {"sha224", "SHA2-224"}, {"sha256", "SHA2-256"}, {"sha384", "SHA2-384"},
    {"sha512", "SHA2-512"}, {"sha512_224", "SHA2-512/224"}, {"sha512_256", "SHA2-512/256"}, {"sha3_224", "SHA3-224"},
    {"sha3_256", "SHA3-256"}, {"sha3_384", "SHA3-384"}, {"sha3_512", "SHA3-512"}, {"shake_128", "SHAKE128"},
    {"shake_256", "SHAKE256"}, {"blake2b", "BLAKE2B-512"}, {"blake2s", "BLAKE2S-256"}, {"ripemd160", "RIPEMD160"},
    {"sm3", "SM3"}, {"md5-sha1", "MD5-SHA1"},
};

const EVP_MD *evp_digest(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(digest_names); i++) {
        if (strcasecmp(digest_names[i].name, name) == 0)
            return EVP_get_digestbyname(digest_names[i].openssl) ? EVP_get_digestbyname(digest_names[i].openssl)
                                                                 : EVP_MD_fetch(NULL, digest_names[i].openssl, NULL);
    }
    return EVP_get_digestbyname(name);
}

const char *evp_digest_name(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(digest_names); i++) {
        if (strcasecmp(digest_names[i].name, name) == 0)
            return digest_names[i].name;
    }
    return name;
}

Value raise_openssl(Thread *t, const char *what)
{
    unsigned long code = ERR_get_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    return raise(t, EXC(ValueError), "%s", reason ? reason : what);
}

static void hash_finalize(void *object, void *data) { EVP_MD_CTX_free(((EvpHash *)object)->ctx); }

static EvpHash *hash_alloc(Thread *t, const EVP_MD *md, Value name)
{
    bool is_xof = EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF;
    EvpHash *h = is_xof ? new_object(t, evp_xof, EvpHash) : new_object(t, evp_hash, EvpHash);
    if (!h)
        return NULL;
    h->ctx = EVP_MD_CTX_new();
    h->md = md;
    h->name = name;
    if (!h->ctx)
        return memory_error(t);
    heap_set_finalizer(h, hash_finalize, NULL);
    return h;
}

static bool hash_update(Thread *t, EvpHash *h, Value data)
{
    ByteView view;
    if (is_str(data))
        return raise(t, EXC(TypeError), "Strings must be encoded before hashing");
    if (!buffer_supported(data))
        return raise(t, EXC(TypeError), "object supporting the buffer API required");
    if (!bytes_view_get(t, data, &view))
        return false;
    bool locked = object_lock(&h->head);
    int ok = EVP_DigestUpdate(h->ctx, view.data, view.n);
    object_unlock(&h->head, locked);
    bytes_view_release(t, &view);
    return ok || raise_openssl(t, "update failed");
}

Value evp_hash_new(Thread *t, const char *name, Value data, Value string)
{
    if (data && string)
        return raise(t, EXC(TypeError), "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.");
    const EVP_MD *md = evp_digest(name);
    if (!md)
        return raise(t, EXC(ValueError), "unsupported hash type %s", name);
    Value shown = str_from_cstr(t, evp_digest_name(name));
    EvpHash *h = shown ? hash_alloc(t, md, shown) : NULL;
    if (!h)
        return 0;
    if (!EVP_DigestInit_ex(h->ctx, md, NULL))
        return raise_openssl(t, "unsupported hash type");
    data = data ? data : string;
    return !data || hash_update(t, h, data) ? value_of(h) : 0;
}

// The digest so far: the context goes on.
static Value hash_digest(Thread *t, EvpHash *h, int64_t length)
{
    bool is_xof = length >= 0;
    size_t n = is_xof ? (size_t)length : (size_t)EVP_MD_get_size(h->md);
    Bytes *out = bytes_alloc(t, n);
    EVP_MD_CTX *copy = out ? EVP_MD_CTX_new() : NULL;
    if (!copy)
        return out ? value_of(memory_error(t)) : 0;
    bool locked = object_lock(&h->head);
    int ok = EVP_MD_CTX_copy_ex(copy, h->ctx);
    object_unlock(&h->head, locked);
    if (ok && is_xof)
        ok = n == 0 || EVP_DigestFinalXOF(copy, out->data, n);
    else if (ok)
        ok = EVP_DigestFinal_ex(copy, out->data, NULL);
    EVP_MD_CTX_free(copy);
    return ok ? value_of(out) : raise_openssl(t, "digest failed");
}

#define METHOD(name) static Value evp_##name(Thread *t, const Value *args, size_t nargs)

METHOD(update) { return hash_update(t, (EvpHash *)args[0], args[1]) ? NONE : 0; }

METHOD(copy)
{
    EvpHash *h = (EvpHash *)args[0], *out = hash_alloc(t, h->md, h->name);
    if (!out)
        return 0;
    bool locked = object_lock(&h->head);
    int ok = EVP_MD_CTX_copy_ex(out->ctx, h->ctx);
    object_unlock(&h->head, locked);
    return ok ? value_of(out) : raise_openssl(t, "copy failed");
}

METHOD(digest_method) { return hash_digest(t, (EvpHash *)args[0], -1); }

METHOD(hexdigest)
{
    Value digest = hash_digest(t, (EvpHash *)args[0], -1);
    return digest ? bytes_hex(t, as_bytes(digest)->data, as_bytes(digest)->length, 0, 0) : 0;
}

static bool xof_length(Thread *t, Value v, int64_t *out)
{
    if (!to_int64(t, v, out))
        return false;
    return *out >= 0 || raise(t, EXC(ValueError), "value must be positive");
}

METHOD(xof_digest)
{
    int64_t n;
    return xof_length(t, args[1], &n) ? hash_digest(t, (EvpHash *)args[0], n) : 0;
}

METHOD(xof_hexdigest)
{
    int64_t n;
    Value digest = xof_length(t, args[1], &n) ? hash_digest(t, (EvpHash *)args[0], n) : 0;
    return digest ? bytes_hex(t, as_bytes(digest)->data, as_bytes(digest)->length, 0, 0) : 0;
}

static Value get_digest_size(Thread *t, Value self)
{
    const EVP_MD *md = ((EvpHash *)self)->md;
    return fixnum(EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF ? 0 : EVP_MD_get_size(md));
}

static Value get_block_size(Thread *t, Value self) { return fixnum(EVP_MD_get_block_size(((EvpHash *)self)->md)); }
static Value get_name(Thread *t, Value self) { return ((EvpHash *)self)->name; }

// Parameters of the Keccak sponge; AttributeError for other digests.
static Value sponge(Thread *t, Value self, const char *attribute, Value value)
{
    const char *name = as_str(((EvpHash *)self)->name)->data;
    if (strncmp(name, "sha3", 4) != 0 && strncmp(name, "shake", 5) != 0)
        return raise_attribute(t, self, str_intern_cstr(t, attribute));
    return value;
}

static Value get_rate_bits(Thread *t, Value self)
{
    return sponge(t, self, "_rate_bits", fixnum(8 * (int64_t)EVP_MD_get_block_size(((EvpHash *)self)->md)));
}

static Value get_capacity_bits(Thread *t, Value self)
{
    return sponge(t, self, "_capacity_bits", fixnum(1600 - 8 * (int64_t)EVP_MD_get_block_size(((EvpHash *)self)->md)));
}

static Value get_suffix(Thread *t, Value self)
{
    bool is_xof = EVP_MD_get_flags(((EvpHash *)self)->md) & EVP_MD_FLAG_XOF;
    return sponge(t, self, "_suffix", bytes_new(t, is_xof ? "\x1f" : "\x06", 1));
}

static Value hash_repr(Thread *t, Value self) { return str_format(t, "<%U %T object @ %p>", ((EvpHash *)self)->name, self, (void *)self); }

static const NativeDef hash_methods[] = {
    {"update", evp_update, "($self, obj, /)", "Update this hash object's state with the provided string.", 0},
    {"copy", evp_copy, "($self, /)", "Return a copy of the hash object.", 0},
    {"digest", evp_digest_method, "($self, /)", "Return the digest value as a bytes object.", 0},
    {"hexdigest", evp_hexdigest, "($self, /)", "Return the digest value as a string of hexadecimal digits.", 0},
    {0},
};

static const NativeDef xof_methods[] = {
    {"update", evp_update, "($self, obj, /)", "Update this hash object's state with the provided string.", 0},
    {"copy", evp_copy, "($self, /)", "Return a copy of the hash object.", 0},
    {"digest", evp_xof_digest, "($self, /, length)", "Return the digest value as a bytes object.", 0},
    {"hexdigest", evp_xof_hexdigest, "($self, /, length)", "Return the digest value as a string of hexadecimal digits.", 0},
    {0},
};

static const GetSetDef hash_getsets[] = {
    {"digest_size", get_digest_size, NULL, NULL},
    {"block_size", get_block_size, NULL, NULL},
    {"name", get_name, NULL, "algorithm name."},
    {"_rate_bits", get_rate_bits, NULL, NULL},
    {"_capacity_bits", get_capacity_bits, NULL, NULL},
    {"_suffix", get_suffix, NULL, NULL},
    {0},
};

Type type_evp_hash = {
    TYPE_HEAD(evp_hash, "_hashlib.HASH", &type_object, EvpHash),
    .flags = TYPE_BASE | TYPE_DISALLOW_NEW,
    .slots = {.repr = hash_repr},
    .methods = hash_methods,
    .getsets = hash_getsets,
};

Type type_evp_xof = {
    TYPE_HEAD(evp_xof, "_hashlib.HASHXOF", &type_evp_hash, EvpHash),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = hash_repr},
    .methods = xof_methods,
};
