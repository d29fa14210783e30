// int_power.c: powers of exact ints, also modulo a number, and inverses modulo a number.
#include "src/types/int_internal.h"
#include "src/ops/ops.h"

// Results above that many bits are refused before GMP is asked: its sizes end there.
#define POWER_BITS_MAX ((double)INT_LIMBS_MAX * 64)

// base ** exponent for a base that is not -1, 0 or 1.
static Value power_large(Thread *t, Value base, uint64_t exponent)
{
    double bits = (double)int_bit_length(base) * (double)exponent;
    if (bits > POWER_BITS_MAX)
        return raise_no_memory(t);
    if (!int_memory_check(t, (size_t)(bits / 64) + 2))
        return 0;
    mpz_t view, result;
    mp_limb_t room;
    int_view(base, view, &room);
    mpz_init(result);
    mpz_pow_ui(result, view, exponent);
    Value value = int_from_mpz(t, result);
    mpz_clear(result);
    return value;
}

// Squares and multiplies while everything stays in fixnums; 0 when it does not.
static Value power_small(int64_t base, uint64_t exponent)
{
    int64_t result = 1;
    for (;;) {
        if ((exponent & 1) && __builtin_mul_overflow(result, base, &result))
            return 0;
        exponent >>= 1;
        if (!exponent)
            return fits_fixnum(result) ? fixnum(result) : 0;
        if (__builtin_mul_overflow(base, base, &base))
            return 0;
    }
}

static Value power_plain(Thread *t, Value a, Value b)
{
    if (int_sign(b) < 0) {
        double x, y;
        if (!int_to_double(t, a, &x) || !int_to_double(t, b, &y))
            return 0;
        Value base = float_new(t, x), exponent = base ? float_new(t, y) : 0;
        return exponent ? power_op(t, base, exponent, NONE) : 0;
    }
    if (b == fixnum(0))
        return fixnum(1);
    if (a == fixnum(0) || a == fixnum(1))
        return a;
    if (a == fixnum(-1)) {
        IntView y;
        int_look(b, &y);
        return fixnum(y.limbs[0] & 1 ? -1 : 1);
    }
    uint64_t exponent;
    if (!int_to_uint64(b, &exponent))
        return raise_no_memory(t);
    if (is_fixnum(a)) {
        Value small = power_small(fixnum_value(a), exponent);
        if (small)
            return small;
        if (a == fixnum(2))
            return int_shift_left(t, fixnum(1), exponent);
    }
    return power_large(t, a, exponent);
}

Value int_invert_modulo(Thread *t, Value a, Value modulus)
{
    mpz_t x, m, result;
    mp_limb_t x_room, m_room;
    int_view(a, x, &x_room);
    int_view(modulus, m, &m_room);
    mpz_init(result);
    Value value = 0;
    if (mpz_cmpabs_ui(m, 1) == 0)
        value = fixnum(0);
    else if (mpz_invert(result, x, m))
        value = int_from_mpz(t, result);
    else
        raise(t, EXC(ValueError), "base is not invertible for the given modulus");
    mpz_clear(result);
    return value;
}

static Value power_modulo(Thread *t, Value a, Value b, Value c)
{
    if (c == fixnum(0))
        return raise(t, EXC(ValueError), "pow() 3rd argument cannot be 0");
    bool negative_modulus = int_sign(c) < 0;
    Value modulus = negative_modulus ? int_negative(t, c) : c;
    if (!modulus)
        return 0;
    if (int_sign(b) < 0) {
        a = int_invert_modulo(t, a, modulus);
        b = a ? int_negative(t, b) : 0;
        if (!b)
            return 0;
    }
    mpz_t x, y, m, result;
    mp_limb_t x_room, y_room, m_room;
    int_view(a, x, &x_room);
    int_view(b, y, &y_room);
    int_view(modulus, m, &m_room);
    mpz_init(result);
    mpz_powm(result, x, y, m);
    Value value = int_from_mpz(t, result);
    mpz_clear(result);
    if (!value || !negative_modulus || value == fixnum(0))
        return value;
    return int_subtract(t, value, modulus);
}

Value int_power(Thread *t, Value a, Value b, Value modulus_or_none)
{
    return modulus_or_none == NONE ? power_plain(t, a, b) : power_modulo(t, a, b, modulus_or_none);
}
