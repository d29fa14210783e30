// constant.c: hash and identity of constants, stricter than ==: 1, 1.0 and True differ, and so do 0.0 and -0.0.
#include "frontend/constant.h"

#include "src/types/bytes.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static uint32_t mix(uint64_t x)
{
    x *= 0x9e3779b97f4a7c15u;
    return (uint32_t)(x >> 32);
}

static uint32_t hash_bytes(const void *data, size_t n)
{
    const uint8_t *p = data;
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return mix(h);
}

uint32_t constant_hash(Value v)
{
    if (!is_object(v))
        return mix(v);
    const Type *type = type_of(v);
    if (type == &type_str)
        return hash_bytes(as_str(v)->data, as_str(v)->length * (size_t)str_unit(as_str(v)));
    if (type == &type_bytes)
        return hash_bytes(as_bytes(v)->data, as_bytes(v)->length) + 1;
    if (type == &type_float)
        return hash_bytes(&((Float *)v)->value, sizeof(double)) + 2;
    if (type == &type_complex)
        return hash_bytes(&((Complex *)v)->real, 2 * sizeof(double)) + 3;
    if (type == &type_int) {
        const BigInt *big = (const BigInt *)v;
        size_t limbs = (size_t)(big->size < 0 ? -big->size : big->size);
        return hash_bytes(big->limbs, limbs * sizeof(mp_limb_t)) + (big->size < 0);
    }
    if (type == &type_tuple) {
        uint32_t h = 7;
        for (size_t i = 0; i < as_tuple(v)->length; i++)
            h = h * 31 + constant_hash(as_tuple(v)->at[i]);
        return h;
    }
    return mix(v);
}

static bool same_ints(const BigInt *a, const BigInt *b)
{
    size_t limbs = (size_t)(a->size < 0 ? -a->size : a->size);
    return a->size == b->size && !memcmp(a->limbs, b->limbs, limbs * sizeof(mp_limb_t));
}

static bool same_tuples(const Tuple *a, const Tuple *b)
{
    if (a->length != b->length)
        return false;
    for (size_t i = 0; i < a->length; i++) {
        if (!constant_same(a->at[i], b->at[i]))
            return false;
    }
    return true;
}

bool constant_same(Value a, Value b)
{
    if (a == b)
        return true;
    if (!is_object(a) || !is_object(b) || type_of(a) != type_of(b))
        return false;
    const Type *type = type_of(a);
    if (type == &type_str)
        return str_equal(as_str(a), as_str(b));
    if (type == &type_bytes)
        return as_bytes(a)->length == as_bytes(b)->length && !memcmp(as_bytes(a)->data, as_bytes(b)->data, as_bytes(a)->length);
    if (type == &type_float)
        return !memcmp(&((Float *)a)->value, &((Float *)b)->value, sizeof(double));
    if (type == &type_complex)
        return !memcmp(&((Complex *)a)->real, &((Complex *)b)->real, 2 * sizeof(double));
    if (type == &type_int)
        return same_ints((const BigInt *)a, (const BigInt *)b);
    return type == &type_tuple && same_tuples(as_tuple(a), as_tuple(b));
}
