// int.c: int values: making them, looking at them, comparing and hashing them.
//
// A value of 63 bits is a fixnum, always; larger ones are BigInts in atomic collected memory, immutable once made.
#include <math.h>
#include <stdlib.h>

#include "src/types/int_internal.h"

BigInt *int_alloc(Thread *t, size_t limbs)
{
    if (unlikely(limbs > INT_LIMBS_MAX)) {
        raise_no_memory(t);
        return NULL;
    }
    BigInt *big = new_atomic(t, sizeof(BigInt) + limbs * sizeof(mp_limb_t));
    if (likely(big != NULL))
        object_header(big, int, 0);
    return big;
}

mp_limb_t *int_scratch(Thread *t, size_t limbs)
{
    if (unlikely(limbs > INT_LIMBS_MAX))
        return (mp_limb_t *)RAISE_NULL(t, EXC(MemoryError), "");
    return new_atomic(t, size_max(limbs, 1) * sizeof(mp_limb_t));
}

// GMP cannot report that memory is out, so large operations first see whether their scratch could be had.
bool int_memory_check(Thread *t, size_t limbs)
{
    enum { LARGE = 1 << 21, SCRATCH_FACTOR = 6 };
    if (likely(limbs < LARGE))
        return true;
    void *probe = limbs > INT_LIMBS_MAX ? NULL : malloc(limbs * SCRATCH_FACTOR * sizeof(mp_limb_t));
    if (!probe) {
        raise_no_memory(t);
        return false;
    }
    free(probe);
    return true;
}

Value int_finish(BigInt *result, size_t limbs, bool negative)
{
    const mp_limb_t *p = result->limbs;
    while (limbs > 0 && p[limbs - 1] == 0)
        limbs--;
    if (limbs == 0)
        return fixnum(0);
    if (limbs == 1) {
        if (p[0] <= (uint64_t)FIXNUM_MAX)
            return fixnum(negative ? -(int64_t)p[0] : (int64_t)p[0]);
        if (negative && p[0] == (uint64_t)FIXNUM_MAX + 1)
            return fixnum(FIXNUM_MIN);
    }
    result->size = negative ? -(int64_t)limbs : (int64_t)limbs;
    return value_of(result);
}

Value int_from_uint128(Thread *t, unsigned __int128 magnitude, bool negative)
{
    uint64_t low = (uint64_t)magnitude, high = (uint64_t)(magnitude >> 64);
    if (!high && low <= (uint64_t)FIXNUM_MAX)
        return fixnum(negative ? -(int64_t)low : (int64_t)low);
    BigInt *big = int_alloc(t, high ? 2 : 1);
    if (!big)
        return 0;
    big->limbs[0] = low;
    if (high)
        big->limbs[1] = high;
    return int_finish(big, high ? 2 : 1, negative);
}

Value int_from_int64(Thread *t, int64_t i)
{
    if (likely(fits_fixnum(i)))
        return fixnum(i);
    return int_from_uint128(t, i < 0 ? -(uint64_t)i : (uint64_t)i, i < 0);
}

Value int_from_uint64(Thread *t, uint64_t u)
{
    if (likely(u <= (uint64_t)FIXNUM_MAX))
        return fixnum((int64_t)u);
    return int_from_uint128(t, u, false);
}

Value int_from_double(Thread *t, double d)
{
    if (isinf(d))
        return raise(t, EXC(OverflowError), "cannot convert float infinity to integer");
    if (isnan(d))
        return raise(t, EXC(ValueError), "cannot convert float NaN to integer");
    if (fabs(d) < 0x1p62)
        return fixnum((int64_t)d);
    int exponent;
    double fraction = frexp(fabs(d), &exponent);
    Value mantissa = int_from_uint64(t, (uint64_t)ldexp(fraction, 53));
    Value magnitude = int_shift_left(t, mantissa, (uint64_t)(exponent - 53));
    return !magnitude || d > 0 ? magnitude : int_negative(t, magnitude);
}

Value int_from_mpz(Thread *t, const mpz_t z)
{
    size_t n = mpz_size(z);
    if (n == 0)
        return fixnum(0);
    if (n == 1)
        return int_from_uint128(t, mpz_limbs_read(z)[0], mpz_sgn(z) < 0);
    BigInt *big = int_alloc(t, n);
    if (!big)
        return 0;
    memcpy(big->limbs, mpz_limbs_read(z), n * sizeof(mp_limb_t));
    return int_finish(big, n, mpz_sgn(z) < 0);
}

Value int_exact(Value v)
{
    if (is_fixnum(v) || as_object(v)->type == &type_int)
        return v;
    if (is_bool(v))
        return fixnum(v == TRUE);
    return ((IntObject *)v)->value;
}

void int_view(Value exact, mpz_t out, mp_limb_t *room)
{
    IntView view;
    int_look(exact, &view);
    const mp_limb_t *limbs = view.limbs;
    if (is_fixnum(exact)) {
        *room = view.room;
        limbs = room;
    }
    mpz_roinit_n(out, limbs, view.negative ? -(mp_size_t)view.n : (mp_size_t)view.n);
}

bool int_to_int64(Value exact, int64_t *out)
{
    if (likely(is_fixnum(exact))) {
        *out = fixnum_value(exact);
        return true;
    }
    const BigInt *big = (const BigInt *)exact;
    if (big->size == 1 && big->limbs[0] <= (uint64_t)INT64_MAX) {
        *out = (int64_t)big->limbs[0];
        return true;
    }
    if (big->size == -1 && big->limbs[0] <= (uint64_t)INT64_MAX + 1) {
        *out = (int64_t)-big->limbs[0];
        return true;
    }
    return false;
}

bool int_to_uint64(Value exact, uint64_t *out)
{
    if (is_fixnum(exact)) {
        *out = (uint64_t)fixnum_value(exact);
        return fixnum_value(exact) >= 0;
    }
    const BigInt *big = (const BigInt *)exact;
    *out = big->limbs[0];
    return big->size == 1;
}

int int_sign(Value exact)
{
    if (is_fixnum(exact))
        return fixnum_value(exact) < 0 ? -1 : fixnum_value(exact) > 0;
    return ((const BigInt *)exact)->size < 0 ? -1 : 1;
}

size_t int_bit_length(Value exact)
{
    IntView view;
    int_look(exact, &view);
    if (view.n == 0)
        return 0;
    return view.n * 64 - (size_t)__builtin_clzll(view.limbs[view.n - 1]);
}

// The top 64 bits of a magnitude, highest bit set; *out_rest tells whether lower bits are lost.
static uint64_t limbs_top64(const mp_limb_t *limbs, size_t n, bool *out_rest)
{
    int zeros = __builtin_clzll(limbs[n - 1]);
    uint64_t top = limbs[n - 1] << zeros;
    size_t next = n - 1;
    bool rest = false;
    if (next > 0) {
        next--;
        if (zeros)
            top |= limbs[next] >> (64 - zeros);
        rest = zeros ? limbs[next] << zeros != 0 : limbs[next] != 0;
    }
    while (!rest && next > 0)
        rest = limbs[--next] != 0;
    *out_rest = rest;
    return top;
}

bool limbs_to_double(const mp_limb_t *limbs, size_t n, int64_t exponent, bool sticky, double *out)
{
    if (n == 0) {
        *out = 0.0;
        return true;
    }
    bool rest;
    uint64_t top = limbs_top64(limbs, n, &rest);
    sticky |= rest;
    int64_t high = exponent + (int64_t)n * 64 - __builtin_clzll(limbs[n - 1]) - 1;   // exponent of the top bit
    if (high > 1023)
        return false;
    int precision = high >= -1022 ? 53 : (int)(53 - (-1022 - high));
    if (high < -1075)
        precision = -1;
    int drop = 64 - precision;
    uint64_t kept;
    if (drop > 64) {
        kept = 0;
    } else if (drop == 64) {                                  // half of the least subnormal decides
        kept = top > 1ull << 63 || sticky;
    } else {
        uint64_t lost = top & ((1ull << drop) - 1), half = 1ull << (drop - 1);
        kept = top >> drop;
        kept += lost > half || (lost == half && (sticky || (kept & 1)));
    }
    *out = kept ? ldexp((double)kept, (int)(high - 63 + drop)) : 0.0;
    return !isinf(*out);
}

bool int_to_double(Thread *t, Value exact, double *out)
{
    if (is_fixnum(exact)) {
        *out = (double)fixnum_value(exact);
        return true;
    }
    IntView view;
    int_look(exact, &view);
    if (!limbs_to_double(view.limbs, view.n, 0, false, out)) {
        raise(t, EXC(OverflowError), "int too large to convert to float");
        return false;
    }
    if (view.negative)
        *out = -*out;
    return true;
}

// The magnitude modulo 2**61 - 1, with the sign; -1 is reserved.
Hash int_hash(Value exact)
{
    const uint64_t prime = ((uint64_t)1 << 61) - 1;
    IntView view;
    int_look(exact, &view);
    uint64_t sum = 0;
    for (size_t i = view.n; i-- > 0;) {                       // 2**64 = 8 (mod prime)
        unsigned __int128 wide = (unsigned __int128)sum * 8 + view.limbs[i];
        wide = (wide & prime) + (wide >> 61);
        sum = (uint64_t)(wide & prime) + (uint64_t)(wide >> 61);
        if (sum >= prime)
            sum -= prime;
    }
    Hash hash = view.negative ? -(Hash)sum : (Hash)sum;
    return hash == -1 ? -2 : hash;
}

int int_compare(Value a, Value b)
{
    if (are_fixnums(a, b))
        return (int64_t)a < (int64_t)b ? -1 : a != b;
    if (is_fixnum(a))
        return ((const BigInt *)b)->size < 0 ? 1 : -1;
    if (is_fixnum(b))
        return ((const BigInt *)a)->size < 0 ? -1 : 1;
    const BigInt *x = (const BigInt *)a, *y = (const BigInt *)b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    bool negative = x->size < 0;
    int order = mpn_cmp(x->limbs, y->limbs, negative ? -x->size : x->size);
    order = (order > 0) - (order < 0);
    return negative ? -order : order;
}
