// evp_hmac.c: the type _hashlib.HMAC: keyed hashes.
//
// The OpenSSL context is foreign memory, freed by a finaliser. Guard: the object's lock for every use of the context.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/hmac.h>

#include "src/core/lock.h"
#include "src/modules/evp_hash.h"
#include "src/ops/ops.h"
#include "src/types/bytes_methods.h"
#include "src/types/str.h"

typedef struct EvpHmac {
    Object head;
    HMAC_CTX *ctx;
    const EVP_MD *md;       // static in libcrypto
    Value name;             // Str: the digest's
} EvpHmac;

static void hmac_finalize(void *object, void *data) { HMAC_CTX_free(((EvpHmac *)object)->ctx); }

static EvpHmac *hmac_alloc(Thread *t, const EVP_MD *md, Value name)
{
    EvpHmac *h = new_object(t, evp_hmac, EvpHmac);
    if (!h)
        return NULL;
    h->ctx = HMAC_CTX_new();
    h->md = md;
    h->name = name;
    if (!h->ctx)
        return memory_error(t);
    heap_set_finalizer(h, hmac_finalize, NULL);
    return h;
}

static bool hmac_update(Thread *t, EvpHmac *h, Value data)
{
    ByteView view;
    if (is_str(data))
        return raise(t, EXC(TypeError), "Strings must be encoded before hashing");
    if (!buffer_supported(data))
        return raise(t, EXC(TypeError), "object supporting the buffer API required");
    if (!bytes_view_get(t, data, &view))
        return false;
    bool locked = object_lock(&h->head);
    int ok = HMAC_Update(h->ctx, view.data, view.n);
    object_unlock(&h->head, locked);
    bytes_view_release(t, &view);
    return ok || raise_openssl(t, "update failed");
}

Value evp_hmac_new(Thread *t, Value key, Value message, const EVP_MD *md, const char *name)
{
    ByteView view;
    Value shown = str_from_cstr(t, name);
    EvpHmac *h = shown ? hmac_alloc(t, md, shown) : NULL;
    if (!h || !bytes_view_get(t, key, &view))
        return 0;
    int ok = HMAC_Init_ex(h->ctx, view.data, (int)view.n, md, NULL);
    bytes_view_release(t, &view);
    if (!ok)
        return raise_openssl(t, "hmac failed");
    return !message || message == NONE || hmac_update(t, h, message) ? value_of(h) : 0;
}

static bool copy_context(Thread *t, EvpHmac *from, HMAC_CTX *to)
{
    bool locked = object_lock(&from->head);
    int ok = HMAC_CTX_copy(to, from->ctx);
    object_unlock(&from->head, locked);
    return ok || raise_openssl(t, "copy failed");
}

static bool hmac_digest_of(Thread *t, EvpHmac *h, uint8_t *out, unsigned *n)
{
    HMAC_CTX *copy = HMAC_CTX_new();
    if (!copy)
        return memory_error(t);
    bool ok = copy_context(t, h, copy) && (HMAC_Final(copy, out, n) || raise_openssl(t, "digest failed"));
    HMAC_CTX_free(copy);
    return ok;
}

#define METHOD(name) static Value hmac_##name##_method(Thread *t, const Value *args, size_t nargs)

METHOD(update) { return hmac_update(t, (EvpHmac *)args[0], args[1]) ? NONE : 0; }

METHOD(copy)
{
    EvpHmac *h = (EvpHmac *)args[0], *out = hmac_alloc(t, h->md, h->name);
    return out && copy_context(t, h, out->ctx) ? value_of(out) : 0;
}

METHOD(digest)
{
    uint8_t out[EVP_MAX_MD_SIZE];
    unsigned n;
    return hmac_digest_of(t, (EvpHmac *)args[0], out, &n) ? bytes_new(t, out, n) : 0;
}

METHOD(hexdigest)
{
    uint8_t out[EVP_MAX_MD_SIZE];
    unsigned n;
    return hmac_digest_of(t, (EvpHmac *)args[0], out, &n) ? bytes_hex(t, out, n, 0, 0) : 0;
}

static Value get_digest_size(Thread *t, Value v) { return fixnum(EVP_MD_get_size(((EvpHmac *)v)->md)); }
static Value get_block_size(Thread *t, Value v) { return fixnum(EVP_MD_get_block_size(((EvpHmac *)v)->md)); }
static Value get_name(Thread *t, Value v) { return str_format(t, "hmac-%U", ((EvpHmac *)v)->name); }
static Value hmac_repr(Thread *t, Value v) { return str_format(t, "<%U HMAC object @ %p>", ((EvpHmac *)v)->name, (void *)v); }

static const NativeDef methods[] = {
    {"update", hmac_update_method, "($self, /, msg)", "Update the HMAC object with msg.", 0},
    {"copy", hmac_copy_method, "($self, /)", "Return a copy (\"clone\") of the HMAC object.", 0},
    {"digest", hmac_digest_method, "($self, /)", "Return the digest of the bytes passed to the update() method so far.", 0},
    {"hexdigest", hmac_hexdigest_method, "($self, /)", "Return hexadecimal digest of the bytes passed to the update() method so far.", 0},
    {0},
};

static const GetSetDef getsets[] = {
    {"digest_size", get_digest_size, NULL, NULL},
    {"block_size", get_block_size, NULL, NULL},
    {"name", get_name, NULL, NULL},
    {0},
};

Type type_evp_hmac = {
    TYPE_HEAD(evp_hmac, "_hashlib.HMAC", &type_object, EvpHmac),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = hmac_repr},
    .methods = methods,
    .getsets = getsets,
};
