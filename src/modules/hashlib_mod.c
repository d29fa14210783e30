// hashlib_mod.c: the modules _hashlib, _md5, _sha1, _sha2, _sha3: constructors of hash objects, key derivation, HMAC.
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

#include "src/core/lock.h"
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/evp_hash.h"
#include "src/modules/exception_class.h"
#include "src/ops/ops.h"
#include "src/types/bytes_methods.h"
#include "src/types/dict.h"
#include "src/types/number.h"

// (data=b'', *, usedforsecurity=True, string=None)
#define CONSTRUCTOR(name) \
    static Value new_##name(Thread *t, const Value *args, size_t nargs) { return evp_hash_new(t, #name, args[0], args[2]); }
CONSTRUCTOR(md5)
CONSTRUCTOR(sha1)
CONSTRUCTOR(sha224)
CONSTRUCTOR(sha256)
CONSTRUCTOR(sha384)
CONSTRUCTOR(sha512)
CONSTRUCTOR(sha3_224)
CONSTRUCTOR(sha3_256)
CONSTRUCTOR(sha3_384)
CONSTRUCTOR(sha3_512)
CONSTRUCTOR(shake_128)
CONSTRUCTOR(shake_256)

#define ROW(prefix, name) {prefix #name, new_##name, "(data=b'', *, usedforsecurity=True, string=None)", "Returns a " #name " hash object; optionally initialized with a string", 0}

static const NativeDef md5_functions[] = {ROW("", md5), {0}};
static const NativeDef sha1_functions[] = {ROW("", sha1), {0}};
static const NativeDef sha2_functions[] = {ROW("", sha224), ROW("", sha256), ROW("", sha384), ROW("", sha512), {0}};
static const NativeDef sha3_functions[] = {ROW("", sha3_224), ROW("", sha3_256), ROW("", sha3_384), ROW("", sha3_512),
                                           ROW("", shake_128), ROW("", shake_256), {0}};

static bool buffer_size_exec(Thread *t, Value module) { return module_add(t, module, "_GIL_MINSIZE", fixnum(2048)); }

const ModuleDef module_md5 = {.name = "_md5", .functions = md5_functions, .exec = buffer_size_exec};
const ModuleDef module_sha1 = {.name = "_sha1", .functions = sha1_functions, .exec = buffer_size_exec};
const ModuleDef module_sha2 = {.name = "_sha2", .functions = sha2_functions, .exec = buffer_size_exec};
const ModuleDef module_sha3 = {.name = "_sha3", .functions = sha3_functions, .exec = buffer_size_exec};

// --- _hashlib ---

static const char *text_of(Thread *t, const char *function, const char *argument, Value v)
{
    if (!is_str(v))
        return RAISE_NULL(t, EXC(TypeError), "%s() argument '%s' must be str, not %s", function, argument, argument_type_name(v));
    return str_utf8(t, v, NULL);
}

static Value hashlib_new(Thread *t, const Value *args, size_t nargs)
{
    const char *name = text_of(t, "new", "name", args[0]);
    return name ? evp_hash_new(t, name, args[1], args[3]) : 0;
}

static Value get_fips_mode(Thread *t, const Value *args, size_t nargs) { return fixnum(0); }

static Value compare_digest(Thread *t, const Value *args, size_t nargs)
{
    if (is_str(args[0]) && is_str(args[1])) {
        const Str *a = as_str(args[0]), *b = as_str(args[1]);
        if (!str_is_ascii(a) || !str_is_ascii(b))
            return raise(t, EXC(TypeError), "comparing strings with non-ASCII characters is not supported");
        return value_bool(a->length == b->length && CRYPTO_memcmp(a->data, b->data, a->length) == 0);
    }
    ByteView a, b;
    for (int i = 0; i < 2; i++) {
        if (!buffer_supported(args[i]))
            return raise(t, EXC(TypeError), "unsupported operand types(s) or combination of types: '%.100T' and '%.100T'", args[0], args[1]);
    }
    if (!bytes_view_get(t, args[0], &a))
        return 0;
    if (!bytes_view_get(t, args[1], &b)) {
        bytes_view_release(t, &a);
        return 0;
    }
    bool same = a.n == b.n && CRYPTO_memcmp(a.data, b.data, a.n) == 0;
    bytes_view_release(t, &a);
    bytes_view_release(t, &b);
    return value_bool(same);
}

static Value pbkdf2_hmac(Thread *t, const Value *args, size_t nargs)
{
    const char *name = text_of(t, "pbkdf2_hmac", "hash_name", args[0]);
    const EVP_MD *md = name ? evp_digest(name) : NULL;
    int64_t rounds, length;
    ByteView password, salt;
    if (!name)
        return 0;
    if (!md)
        return raise(t, EXC(ValueError), "unsupported hash type %s", name);
    if (!to_int64(t, args[3], &rounds))
        return 0;
    if (rounds < 1)
        return raise(t, EXC(ValueError), "iteration value must be greater than 0.");
    length = EVP_MD_get_size(md);
    if (args[4] && args[4] != NONE && !to_int64(t, args[4], &length))
        return 0;
    if (length < 1)
        return raise(t, EXC(ValueError), "key length must be greater than 0.");
    Bytes *out = bytes_alloc(t, (size_t)length);
    if (!out || !bytes_view_get(t, args[1], &password))
        return 0;
    int ok = 0;
    if (bytes_view_get(t, args[2], &salt)) {
        ok = PKCS5_PBKDF2_HMAC((const char *)password.data, (int)password.n, salt.data, (int)salt.n, (int)rounds, md, (int)length, out->data);
        bytes_view_release(t, &salt);
        if (!ok)
            raise_openssl(t, "pbkdf2 failed");
    }
    bytes_view_release(t, &password);
    return ok ? value_of(out) : 0;
}

static Value scrypt(Thread *t, const Value *args, size_t nargs)
{
    int64_t n, r, p, memory = 0, length = 64;
    ByteView password, salt;
    if (!to_int64(t, args[2], &n) || !to_int64(t, args[3], &r) || !to_int64(t, args[4], &p) ||
        (args[5] && !to_int64(t, args[5], &memory)) || (args[6] && !to_int64(t, args[6], &length)))
        return 0;
    if (n < 2 || (n & (n - 1)))
        return raise(t, EXC(ValueError), "n must be a power of 2.");
    if (length <= 0 || length > INT32_MAX)
        return raise(t, EXC(ValueError), "dklen must be greater than 0 and smaller than 2147483647");
    if (memory < 0 || memory > INT32_MAX)
        return raise(t, EXC(ValueError), "maxmem must be positive and smaller than 2147483647");
    Bytes *out = bytes_alloc(t, (size_t)length);
    if (!out || !bytes_view_get(t, args[0], &password))
        return 0;
    int ok = 0;
    if (bytes_view_get(t, args[1], &salt)) {
        ok = EVP_PBE_scrypt((const char *)password.data, password.n, salt.data, salt.n, (uint64_t)n, (uint64_t)r, (uint64_t)p,
                            (uint64_t)memory, out->data, (size_t)length);
        bytes_view_release(t, &salt);
        if (!ok)
            raise_openssl(t, "Invalid parameter combination for n, r, p, maxmem.");
    }
    bytes_view_release(t, &password);
    return ok ? value_of(out) : 0;
}

static Value unsupported_class, constructors;      // UnsupportedDigestmodError, _constructors; set once by exec; roots

// The digest of an HMAC's digestmod: a name or one of our constructors; its name goes to *name.
static const EVP_MD *digest_argument(Thread *t, Value v, const char **name)
{
    if (!v)
        return RAISE_NULL(t, EXC(TypeError), "Missing required parameter 'digestmod'.");
    Value text = v;
    if (!is_str(v) && dict_get(t, as_dict(constructors), v, &text) <= 0)
        return is_pending(t) && !pending_clear_if(t, EXC(TypeError))
                   ? NULL : RAISE_NULL(t, as_type(unsupported_class), "Unsupported digestmod %V", v);
    const char *given = str_utf8(t, text, NULL);
    const EVP_MD *md = given ? evp_digest(given) : NULL;
    if (!md)
        return is_pending(t) ? NULL : RAISE_NULL(t, as_type(unsupported_class), "Unsupported digestmod %V", v);
    *name = evp_digest_name(given);
    return md;
}

static Value hmac_digest(Thread *t, const Value *args, size_t nargs)
{
    const char *name;
    const EVP_MD *md = digest_argument(t, args[2], &name);
    ByteView key, message;
    if (!md || !bytes_view_get(t, args[0], &key))
        return 0;
    uint8_t out[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    const uint8_t *done = NULL;
    if (bytes_view_get(t, args[1], &message)) {
        done = HMAC(md, key.data, (int)key.n, message.data, message.n, out, &n);
        bytes_view_release(t, &message);
        if (!done)
            raise_openssl(t, "hmac failed");
    }
    bytes_view_release(t, &key);
    return done ? bytes_new(t, out, n) : 0;
}

static Value hmac_new(Thread *t, const Value *args, size_t nargs)
{
    const char *name;
    const EVP_MD *md = digest_argument(t, args[2], &name);
    return md ? evp_hmac_new(t, args[0], args[1], md, name) : 0;
}

static const NativeDef hashlib_functions[] = {
    {"new", hashlib_new, "(name, data=b'', *, usedforsecurity=True, string=None)", "Return a new hash object using the named algorithm.", 0},
    ROW("openssl_", md5), ROW("openssl_", sha1), ROW("openssl_", sha224), ROW("openssl_", sha256), ROW("openssl_", sha384),
    ROW("openssl_", sha512), ROW("openssl_", sha3_224), ROW("openssl_", sha3_256), ROW("openssl_", sha3_384),
    ROW("openssl_", sha3_512), ROW("openssl_", shake_128), ROW("openssl_", shake_256),
    {"get_fips_mode", get_fips_mode, "()", "Determine the OpenSSL FIPS mode.", 0},
    {"compare_digest", compare_digest, "(a, b, /)", "Return 'a == b'.", 0},
    {"pbkdf2_hmac", pbkdf2_hmac, "(hash_name, password, salt, iterations, dklen=None)", "Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function.", 0},
    {"scrypt", scrypt, "(password, *, salt, n, r, p, maxmem=0, dklen=64)", "scrypt password-based key derivation function.", 0},
    {"hmac_new", hmac_new, "(key, msg=b'', digestmod=None)", "Return a new hmac object.", 0},
    {"hmac_digest", hmac_digest, "(key, msg, digest)", "Single-shot HMAC.", 0},
    {0},
};

static bool hashlib_exec(Thread *t, Value module)
{
    static const char *const names[] = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512_224", "sha512_256",
                                        "sha3_224", "sha3_256", "sha3_384", "sha3_512", "shake_128", "shake_256", "blake2b",
                                        "blake2s", "ripemd160", "sm3", "md5-sha1"};
    Set *known = set_new(t, true);
    for (size_t i = 0; known && i < COUNT_OF(names); i++) {
        Value name = evp_digest(names[i]) ? str_intern_cstr(t, names[i]) : NONE;
        if (!name || (name != NONE && set_add(t, known, name) < 0))
            return false;
    }
    vm_add_root_range(&unsupported_class, &unsupported_class + 1);
    vm_add_root_range(&constructors, &constructors + 1);
    Value unsupported = unsupported_class = exception_class_new(t, "_hashlib", "UnsupportedDigestmodError", value_of(EXC(ValueError)), NULL);
    constructors = value_of(dict_new(t));
    for (const NativeDef *def = hashlib_functions; constructors && def->name; def++) {
        if (strncmp(def->name, "openssl_", 8) != 0)
            continue;
        Value name = str_intern_cstr(t, def->name), function = name ? attr_get(t, module, name) : 0;
        if (!function || !dict_set(t, as_dict(constructors), function, str_intern_cstr(t, def->name + 8)))
            return false;
    }
    Value proxy = constructors ? call1(t, value_of(&type_mappingproxy), constructors) : 0;
    if (!proxy || !module_add(t, module, "_constructors", proxy) || !module_add_type(t, module, &type_evp_hmac))
        return false;
    return known && unsupported && module_add(t, module, "openssl_md_meth_names", value_of(known)) &&
           module_add(t, module, "UnsupportedDigestmodError", unsupported) && module_add_type(t, module, &type_evp_hash) &&
           module_add_type(t, module, &type_evp_xof) && module_add(t, module, "_GIL_MINSIZE", fixnum(2048));
}

const ModuleDef module_hashlib = {
    .name = "_hashlib",
    .doc = "OpenSSL interface for hashlib module",
    .functions = hashlib_functions,
    .exec = hashlib_exec,
};
