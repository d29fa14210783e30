// int_bits.c: shifts and bitwise operators of exact ints, which behave like infinite two's complement numbers.
#include "src/types/int_internal.h"

Value int_shift_left(Thread *t, Value exact, uint64_t bits)
{
    if (!exact || exact == fixnum(0))
        return exact;
    if (is_fixnum(exact) && bits < 64) {
        int64_t i = fixnum_value(exact);
        uint64_t magnitude = i < 0 ? -(uint64_t)i : (uint64_t)i;
        return int_from_uint128(t, (unsigned __int128)magnitude << bits, i < 0);
    }
    IntView x;
    int_look(exact, &x);
    size_t whole = bits / 64, n = x.n + whole + 1;
    BigInt *result = int_alloc(t, n);
    if (!result)
        return 0;
    memset(result->limbs, 0, whole * sizeof(mp_limb_t));
    unsigned part = bits % 64;
    if (part) {
        result->limbs[n - 1] = mpn_lshift(result->limbs + whole, x.limbs, (mp_size_t)x.n, part);
    } else {
        memcpy(result->limbs + whole, x.limbs, x.n * sizeof(mp_limb_t));
        result->limbs[n - 1] = 0;
    }
    return int_finish(result, n, x.negative);
}

Value int_shift_right(Thread *t, Value exact, uint64_t bits)
{
    if (is_fixnum(exact))
        return fixnum(fixnum_value(exact) >> (bits < 63 ? bits : 63));
    IntView x;
    int_look(exact, &x);
    size_t whole = bits / 64;
    if (whole >= x.n)
        return fixnum(x.negative ? -1 : 0);
    size_t n = x.n - whole;
    BigInt *result = int_alloc(t, n + 1);
    if (!result)
        return 0;
    bool lost = x.negative && !(whole == 0 || mpn_zero_p(x.limbs, (mp_size_t)whole));
    unsigned part = bits % 64;
    if (part)
        lost |= mpn_rshift(result->limbs, x.limbs + whole, (mp_size_t)n, part) != 0;
    else
        memcpy(result->limbs, x.limbs + whole, n * sizeof(mp_limb_t));
    result->limbs[n] = 0;
    if (x.negative && lost)                                   // towards minus infinity
        mpn_add_1(result->limbs, result->limbs, (mp_size_t)n + 1, 1);
    return int_finish(result, n + 1, x.negative);
}

static bool shift_count(Thread *t, Value b, uint64_t *out, bool *too_large)
{
    *too_large = false;
    if (int_sign(b) < 0) {
        raise(t, EXC(ValueError), "negative shift count");
        return false;
    }
    *too_large = !int_to_uint64(b, out) || *out > (uint64_t)INT64_MAX;
    return true;
}

Value int_lshift(Thread *t, Value a, Value b)
{
    uint64_t bits;
    bool too_large;
    if (!shift_count(t, b, &bits, &too_large))
        return 0;
    if (a == fixnum(0))
        return a;
    if (too_large)
        return raise(t, EXC(OverflowError), "too many digits in integer");
    return int_shift_left(t, a, bits);
}

Value int_rshift(Thread *t, Value a, Value b)
{
    uint64_t bits;
    bool too_large;
    if (!shift_count(t, b, &bits, &too_large))
        return 0;
    if (too_large)
        return fixnum(int_sign(a) < 0 ? -1 : 0);
    return int_shift_right(t, a, bits);
}

// --- bitwise ---

// Two's complement of x in n limbs, n > x->n.
static void spread(const IntView *x, mp_limb_t *out, size_t n)
{
    memcpy(out, x->limbs, x->n * sizeof(mp_limb_t));
    memset(out + x->n, 0, (n - x->n) * sizeof(mp_limb_t));
    if (x->negative)
        mpn_neg(out, out, (mp_size_t)n);
}

// The int whose two's complement is in result's n limbs.
static Value gather(BigInt *result, size_t n)
{
    bool negative = result->limbs[n - 1] >> 63;
    if (negative)
        mpn_neg(result->limbs, result->limbs, (mp_size_t)n);
    return int_finish(result, n, negative);
}

typedef enum BitOp { BIT_AND, BIT_OR, BIT_XOR } BitOp;

static void combine(mp_limb_t *a, const mp_limb_t *b, size_t n, BitOp op)
{
    switch (op) {
    case BIT_AND:
        mpn_and_n(a, a, b, (mp_size_t)n);
        break;
    case BIT_OR:
        mpn_ior_n(a, a, b, (mp_size_t)n);
        break;
    case BIT_XOR:
        mpn_xor_n(a, a, b, (mp_size_t)n);
        break;
    }
}

static Value bitwise(Thread *t, Value a, Value b, BitOp op)
{
    IntView x, y;
    int_look(a, &x);
    int_look(b, &y);
    size_t n = size_max(x.n, y.n) + 1;
    if (op == BIT_AND && !x.negative && !y.negative)          // the shorter mask bounds the result
        n = size_min(x.n, y.n) + 1;
    BigInt *result = int_alloc(t, n);
    mp_limb_t room[INT_STACK_LIMBS], *other = n <= INT_STACK_LIMBS ? room : int_scratch(t, n);
    if (!result || !other)
        return 0;
    x.n = size_min(x.n, n - 1);
    y.n = size_min(y.n, n - 1);
    spread(&x, result->limbs, n);
    spread(&y, other, n);
    combine(result->limbs, other, n, op);
    return gather(result, n);
}

Value int_bit_and(Thread *t, Value a, Value b)
{
    return are_fixnums(a, b) ? a & b : bitwise(t, a, b, BIT_AND);
}

Value int_bit_or(Thread *t, Value a, Value b)
{
    return are_fixnums(a, b) ? a | b : bitwise(t, a, b, BIT_OR);
}

Value int_bit_xor(Thread *t, Value a, Value b)
{
    return are_fixnums(a, b) ? (a ^ b) | 1 : bitwise(t, a, b, BIT_XOR);
}
