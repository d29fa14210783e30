// evp_hash.h: hash objects over OpenSSL's EVP interface, shared by _hashlib, _md5, _sha1, _sha2, _sha3.
#ifndef ADDER_MODULES_EVP_HASH_H
#define ADDER_MODULES_EVP_HASH_H

#include <openssl/evp.h>

#include "src/core/error.h"
#include "src/core/type.h"

// A hash object over the digest that Python calls `name`. data and string: the constructor's arguments, 0 when absent.
Value evp_hash_new(Thread *t, const char *name, Value data, Value string);
const EVP_MD *evp_digest(const char *name);           // by Python's name; null: unknown
const char *evp_digest_name(const char *name);        // Python's spelling
// OpenSSL reported a failure: ValueError.
Value raise_openssl(Thread *t, const char *what);

// An HMAC object (evp_hmac.c).
Value evp_hmac_new(Thread *t, Value key, Value message, const EVP_MD *md, const char *name);

#endif
