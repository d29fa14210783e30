// str_hash.c: hashes of str and bytes: SipHash-1-3 under a key made from PYTHONHASHSEED or at random.
//
// The hash of a string is computed over its units, narrowest form, so equal strings hash equal. A computed hash may be 0
// (that of "" is); such a string is hashed again at each use. -1 never occurs.
#include <sys/random.h>

#include "src/core/vm.h"
#include "src/types/str_hash.h"
#include "src/types/str_units.h"

static uint64_t key[2];      // set once by hash_key_init, before the first string is hashed

static inline uint64_t rotate(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

#define SIP_ROUND(v)                                                                               \
    (v[0] += v[1], v[2] += v[3], v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2],   \
     v[0] = rotate(v[0], 32), v[2] += v[1], v[0] += v[3], v[1] = rotate(v[1], 17) ^ v[2],          \
     v[3] = rotate(v[3], 21) ^ v[0], v[2] = rotate(v[2], 32))

uint64_t siphash13(uint64_t k0, uint64_t k1, const void *data, size_t n)
{
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575ull, k1 ^ 0x646f72616e646f6dull, k0 ^ 0x6c7967656e657261ull,
                     k1 ^ 0x7465646279746573ull};
    const uint8_t *s = data;
    uint64_t tail = (uint64_t)n << 56;
    for (; n >= 8; n -= 8, s += 8) {
        uint64_t word;
        memcpy(&word, s, 8);
        v[3] ^= word;
        SIP_ROUND(v);
        v[0] ^= word;
    }
    for (size_t i = 0; i < n; i++)
        tail |= (uint64_t)s[i] << (8 * i);
    v[3] ^= tail;
    SIP_ROUND(v);
    v[0] ^= tail;
    v[2] ^= 0xff;
    SIP_ROUND(v);
    SIP_ROUND(v);
    SIP_ROUND(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

Hash hash_bytes(const void *data, size_t n)
{
    if (n == 0)
        return 0;
    Hash hash = (Hash)siphash13(key[0], key[1], data, n);
    return hash == -1 ? -2 : hash;
}

Hash str_hash(Str *s)
{
    Hash hash = load_relaxed(&s->hash);
    if (likely(hash != 0))
        return hash;
    hash = hash_bytes(s->data, s->length * (size_t)str_unit(s));
    store_relaxed(&s->hash, hash);
    return hash;
}

// Expands the number of PYTHONHASHSEED to key bytes with the linear congruential generator that CPython uses.
static void expand_seed(uint32_t seed, uint8_t *out, size_t n)
{
    uint32_t x = seed;
    for (size_t i = 0; i < n; i++) {
        x = x * 214013 + 2531011;
        out[i] = (uint8_t)(x >> 16);
    }
}

void hash_key_init(const VMConfig *config)
{
    if (config->hash_seed)
        expand_seed((uint32_t)config->hash_seed, (uint8_t *)key, sizeof key);
    else if (!config->hash_randomization)
        key[0] = key[1] = 0;
    else if (getrandom(key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key)
        expand_seed((uint32_t)(uintptr_t)&config ^ (uint32_t)__builtin_ia32_rdtsc(), (uint8_t *)key, sizeof key);
}
