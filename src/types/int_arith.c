// int_arith.c: addition, multiplication and division of exact ints. Fixnums and two limbs first, GMP's mpn functions for the rest.
#include <math.h>

#include "src/types/int_internal.h"

// |x| + |y|
static Value magnitude_add(Thread *t, const IntView *x, const IntView *y, bool negative)
{
    if (x->n < y->n) {
        const IntView *swap = x;
        x = y;
        y = swap;
    }
    BigInt *sum = int_alloc(t, x->n + 1);
    if (!sum)
        return 0;
    if (y->n == 0) {
        memcpy(sum->limbs, x->limbs, x->n * sizeof(mp_limb_t));
        sum->limbs[x->n] = 0;
    } else {
        sum->limbs[x->n] = mpn_add(sum->limbs, x->limbs, (mp_size_t)x->n, y->limbs, (mp_size_t)y->n);
    }
    return int_finish(sum, x->n + 1, negative);
}

static int magnitude_compare(const IntView *x, const IntView *y)
{
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return x->n ? mpn_cmp(x->limbs, y->limbs, (mp_size_t)x->n) : 0;
}

// |x| - |y|, negated when `negative`
static Value magnitude_subtract(Thread *t, const IntView *x, const IntView *y, bool negative)
{
    int order = magnitude_compare(x, y);
    if (order == 0)
        return fixnum(0);
    if (order < 0) {
        const IntView *swap = x;
        x = y;
        y = swap;
        negative = !negative;
    }
    BigInt *rest = int_alloc(t, x->n);
    if (!rest)
        return 0;
    if (y->n == 0)
        memcpy(rest->limbs, x->limbs, x->n * sizeof(mp_limb_t));
    else
        mpn_sub(rest->limbs, x->limbs, (mp_size_t)x->n, y->limbs, (mp_size_t)y->n);
    return int_finish(rest, x->n, negative);
}

Value int_add(Thread *t, Value a, Value b)
{
    if (are_fixnums(a, b))
        return int_from_int64(t, fixnum_value(a) + fixnum_value(b));
    IntView x, y;
    int_look(a, &x);
    int_look(b, &y);
    if (x.negative == y.negative)
        return magnitude_add(t, &x, &y, x.negative);
    return magnitude_subtract(t, &x, &y, x.negative);
}

Value int_subtract(Thread *t, Value a, Value b)
{
    if (are_fixnums(a, b))
        return int_from_int64(t, fixnum_value(a) - fixnum_value(b));
    IntView x, y;
    int_look(a, &x);
    int_look(b, &y);
    if (x.negative != y.negative)
        return magnitude_add(t, &x, &y, x.negative);
    return magnitude_subtract(t, &x, &y, x.negative);
}

Value int_negative(Thread *t, Value a)
{
    if (is_fixnum(a))
        return int_from_int64(t, -fixnum_value(a));
    IntView x;
    int_look(a, &x);
    BigInt *result = int_alloc(t, x.n);
    if (!result)
        return 0;
    memcpy(result->limbs, x.limbs, x.n * sizeof(mp_limb_t));
    return int_finish(result, x.n, !x.negative);
}

Value int_multiply(Thread *t, Value a, Value b)
{
    IntView x, y;
    int_look(a, &x);
    int_look(b, &y);
    bool negative = x.negative != y.negative;
    if (x.n <= 1 && y.n <= 1)
        return x.n && y.n ? int_from_uint128(t, (unsigned __int128)x.limbs[0] * y.limbs[0], negative) : fixnum(0);
    if (x.n == 0 || y.n == 0)
        return fixnum(0);
    if (x.n < y.n)
        return int_multiply(t, b, a);
    size_t n = x.n + y.n;
    if (!int_memory_check(t, n))
        return 0;
    BigInt *product = int_alloc(t, n);
    if (!product)
        return 0;
    if (y.n == 1)
        product->limbs[n - 1] = mpn_mul_1(product->limbs, x.limbs, (mp_size_t)x.n, y.limbs[0]);
    else if (x.limbs == y.limbs)
        mpn_sqr(product->limbs, x.limbs, (mp_size_t)x.n);
    else
        mpn_mul(product->limbs, x.limbs, (mp_size_t)x.n, y.limbs, (mp_size_t)y.n);
    return int_finish(product, n, negative);
}

// --- division: floor(a / b), and the remainder that has b's sign ---

static bool divide_fixnums(Thread *t, int64_t a, int64_t b, Value *quotient, Value *remainder)
{
    int64_t q = a / b, r = a % b;
    if (r != 0 && (r < 0) != (b < 0)) {
        q--;
        r += b;
    }
    if (remainder)
        *remainder = fixnum(r);
    if (!quotient)
        return true;
    *quotient = int_from_int64(t, q);                         // FIXNUM_MIN / -1 leaves the fixnums
    return *quotient != 0;
}

// |x| < |y|: the truncated quotient is 0.
static bool divide_smaller(Thread *t, Value a, Value b, bool same_sign, Value *quotient, Value *remainder)
{
    bool exact = same_sign || a == fixnum(0);
    if (quotient)
        *quotient = fixnum(exact ? 0 : -1);
    if (!remainder)
        return true;
    *remainder = exact ? a : int_add(t, a, b);
    return *remainder != 0;
}

// Rounds a truncated division down: the quotient goes one further from zero, the remainder gets b's sign.
static bool divide_finish(Thread *t, BigInt *q, size_t limbs, Value rest, bool same_sign, Value b, Value *quotient, Value *remainder)
{
    bool adjust = rest != fixnum(0) && !same_sign;
    if (quotient) {
        if (adjust)
            mpn_add_1(q->limbs, q->limbs, (mp_size_t)limbs, 1);
        *quotient = int_finish(q, limbs, !same_sign);
    }
    if (remainder) {
        *remainder = adjust ? int_add(t, rest, b) : rest;
        return *remainder != 0;
    }
    return true;
}

// A divisor of one limb.
static bool divide_by_limb(Thread *t, const IntView *x, const IntView *y, Value b, Value *quotient, Value *remainder)
{
    bool same_sign = x->negative == y->negative;
    BigInt *q = NULL;
    mp_limb_t rest;
    if (quotient) {
        q = int_alloc(t, x->n + 1);
        if (!q)
            return false;
        rest = mpn_divrem_1(q->limbs, 0, x->limbs, (mp_size_t)x->n, y->limbs[0]);
        q->limbs[x->n] = 0;
    } else {
        rest = mpn_mod_1(x->limbs, (mp_size_t)x->n, y->limbs[0]);
    }
    Value r = int_from_uint128(t, rest, x->negative);
    return r && divide_finish(t, q, x->n + 1, r, same_sign, b, quotient, remainder);
}

static bool divide_large(Thread *t, const IntView *x, const IntView *y, Value b, Value *quotient, Value *remainder)
{
    size_t limbs = x->n - y->n + 1;
    mp_limb_t room[INT_STACK_LIMBS], *q_limbs = room;
    BigInt *q = NULL, *r = int_alloc(t, y->n);
    if (quotient) {
        q = int_alloc(t, limbs + 1);
        q_limbs = q ? q->limbs : NULL;
    } else if (limbs >= INT_STACK_LIMBS) {
        q_limbs = int_scratch(t, limbs + 1);
    }
    if (!q_limbs || !r)
        return false;
    mpn_tdiv_qr(q_limbs, r->limbs, 0, x->limbs, (mp_size_t)x->n, y->limbs, (mp_size_t)y->n);
    q_limbs[limbs] = 0;
    return divide_finish(t, q, limbs + 1, int_finish(r, y->n, x->negative), x->negative == y->negative, b, quotient, remainder);
}

bool int_divide_floor(Thread *t, Value a, Value b, Value *quotient, Value *remainder)
{
    if (b == fixnum(0)) {
        raise(t, EXC(ZeroDivisionError), "division by zero");
        return false;
    }
    if (are_fixnums(a, b))
        return divide_fixnums(t, fixnum_value(a), fixnum_value(b), quotient, remainder);
    IntView x, y;
    int_look(a, &x);
    int_look(b, &y);
    if (magnitude_compare(&x, &y) < 0)
        return divide_smaller(t, a, b, x.negative == y.negative, quotient, remainder);
    if (y.n == 1)
        return divide_by_limb(t, &x, &y, b, quotient, remainder);
    return int_memory_check(t, x.n) && divide_large(t, &x, &y, b, quotient, remainder);
}

Value int_floor_divide(Thread *t, Value a, Value b)
{
    Value quotient;
    return int_divide_floor(t, a, b, &quotient, NULL) ? quotient : 0;
}

Value int_remainder(Thread *t, Value a, Value b)
{
    Value remainder;
    return int_divide_floor(t, a, b, NULL, &remainder) ? remainder : 0;
}

// --- a / b, correctly rounded ---

// Divides so that the quotient has some 66 bits, enough for any double, and rounds once.
static Value true_divide_large(Thread *t, Value a, Value b, bool negative)
{
    enum { QUOTIENT_BITS = 66 };
    int64_t shift = (int64_t)int_bit_length(a) - (int64_t)int_bit_length(b) - QUOTIENT_BITS;
    if (shift < 0)
        a = int_shift_left(t, a, (uint64_t)-shift);
    else
        b = int_shift_left(t, b, (uint64_t)shift);
    if (!a || !b)
        return 0;
    IntView x, y;
    int_look(a, &x);
    int_look(b, &y);
    size_t n = x.n - y.n + 1;
    mp_limb_t *q = int_scratch(t, n), *r = int_scratch(t, y.n);
    if (!q || !r)
        return 0;
    mpn_tdiv_qr(q, r, 0, x.limbs, (mp_size_t)x.n, y.limbs, (mp_size_t)y.n);
    while (n > 0 && q[n - 1] == 0)
        n--;
    double d;
    if (!limbs_to_double(q, n, shift, !mpn_zero_p(r, (mp_size_t)y.n), &d))
        return raise(t, EXC(OverflowError), "integer division result too large for a float");
    return float_new(t, negative ? -d : d);
}

Value int_true_divide(Thread *t, Value a, Value b)
{
    if (b == fixnum(0))
        return raise(t, EXC(ZeroDivisionError), "division by zero");
    if (are_fixnums(a, b)) {
        int64_t x = fixnum_value(a), y = fixnum_value(b);
        const int64_t exact_max = (int64_t)1 << 53;           // such ints are doubles: one rounding, in the division
        if (x >= -exact_max && x <= exact_max && y >= -exact_max && y <= exact_max)
            return float_new(t, (double)x / (double)y);
    }
    if (a == fixnum(0))
        return float_new(t, int_sign(b) < 0 ? -0.0 : 0.0);
    return true_divide_large(t, a, b, (int_sign(a) < 0) != (int_sign(b) < 0));
}
