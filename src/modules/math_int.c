// math_int.c: functions of math on whole numbers.
#include "src/modules/math_internal.h"
#include "src/types/int_internal.h"

// --- gcd, lcm ---

static uint64_t magnitude(int64_t i) { return i < 0 ? -(uint64_t)i : (uint64_t)i; }

static uint64_t gcd_words(uint64_t a, uint64_t b)
{
    if (!a || !b)
        return a | b;
    int shift = __builtin_ctzll(a | b);
    a >>= __builtin_ctzll(a);
    while (b) {
        b >>= __builtin_ctzll(b);
        if (a > b) {
            uint64_t swap = a;
            a = b;
            b = swap;
        }
        b -= a;
    }
    return a << shift;
}

static Value gcd_two(Thread *t, Value a, Value b)
{
    if (are_fixnums(a, b))
        return int_from_uint64(t, gcd_words(magnitude(fixnum_value(a)), magnitude(fixnum_value(b))));
    mpz_t x, y, result;
    mp_limb_t x_room, y_room;
    int_view(a, x, &x_room);
    int_view(b, y, &y_room);
    mpz_init(result);
    mpz_gcd(result, x, y);
    Value value = int_from_mpz(t, result);
    mpz_clear(result);
    return value;
}

static Value absolute(Thread *t, Value a) { return int_sign(a) < 0 ? int_negative(t, a) : a; }

Value math_gcd(Thread *t, const Value *args, size_t nargs)
{
    Value result = fixnum(0);
    for (size_t i = 0; i < nargs && result; i++) {
        Value exact = number_index(t, args[i]);
        result = exact ? gcd_two(t, result, exact) : 0;
    }
    return result;
}

static Value lcm_two(Thread *t, Value a, Value b)
{
    if (a == fixnum(0) || b == fixnum(0))
        return fixnum(0);
    Value divisor = gcd_two(t, a, b);
    Value part = divisor ? int_floor_divide(t, a, divisor) : 0;
    Value product = part ? int_multiply(t, part, b) : 0;
    return product ? absolute(t, product) : 0;
}

Value math_lcm(Thread *t, const Value *args, size_t nargs)
{
    Value result = fixnum(1);
    for (size_t i = 0; i < nargs && result; i++) {
        Value exact = number_index(t, args[i]);
        result = exact ? lcm_two(t, result, exact) : 0;
    }
    return result;
}

// --- factorials ---

Value math_factorial(Thread *t, const Value *args, size_t nargs)
{
    Value exact = number_index(t, args[0]);
    if (!exact)
        return 0;
    if (int_sign(exact) < 0)
        return raise(t, EXC(ValueError), "factorial() not defined for negative values");
    int64_t n;
    if (!int_to_int64(exact, &n))
        return raise(t, EXC(OverflowError), "factorial() argument should not exceed %ld", INT64_MAX);
    if (!int_memory_check(t, n > INT32_MAX ? (size_t)n / 2 : (size_t)n / 8))
        return 0;
    mpz_t result;
    mpz_init(result);
    mpz_fac_ui(result, (unsigned long)n);
    Value value = int_from_mpz(t, result);
    mpz_clear(result);
    return value;
}

// first * (first + 1) * … , `count` factors, halved again and again so that the multiplications are balanced.
static Value product_from(Thread *t, Value first, uint64_t count)
{
    enum { FEW = 4 };
    if (count <= FEW) {
        Value result = fixnum(1);
        for (uint64_t i = 0; i < count && result; i++) {
            Value factor = int_add(t, first, fixnum((int64_t)i));
            result = factor ? int_multiply(t, result, factor) : 0;
        }
        return result;
    }
    uint64_t half = count / 2;
    Value middle = int_add(t, first, fixnum((int64_t)half));
    Value low = middle ? product_from(t, first, half) : 0;
    Value high = low ? product_from(t, middle, count - half) : 0;
    return high ? int_multiply(t, low, high) : 0;
}

// Reads n and k of perm and comb.
static bool counts(Thread *t, const Value *args, Value *n, Value *k)
{
    *n = number_index(t, args[0]);
    *k = *n ? number_index(t, args[1]) : 0;
    if (!*k)
        return false;
    if (int_sign(*n) < 0)
        raise(t, EXC(ValueError), "n must be a non-negative integer");
    else if (int_sign(*k) < 0)
        raise(t, EXC(ValueError), "k must be a non-negative integer");
    return !is_pending(t);
}

Value math_perm(Thread *t, const Value *args, size_t nargs)
{
    if (!args[1] || args[1] == NONE)
        return math_factorial(t, args, 1);
    Value n, k;
    if (!counts(t, args, &n, &k))
        return 0;
    if (int_compare(n, k) < 0)
        return fixnum(0);
    uint64_t factors;
    if (!int_to_uint64(k, &factors) || factors > INT64_MAX)
        return raise(t, EXC(OverflowError), "k must not exceed %ld", INT64_MAX);
    Value first = int_subtract(t, n, k);
    first = first ? int_add(t, first, fixnum(1)) : 0;
    return first ? product_from(t, first, factors) : 0;
}

Value math_comb(Thread *t, const Value *args, size_t nargs)
{
    Value n, k;
    if (!counts(t, args, &n, &k))
        return 0;
    Value rest = int_subtract(t, n, k);
    if (!rest)
        return 0;
    if (int_sign(rest) < 0)
        return fixnum(0);
    if (int_compare(rest, k) < 0)
        k = rest;
    uint64_t chosen;
    if (!int_to_uint64(k, &chosen) || chosen > INT64_MAX)
        return raise(t, EXC(OverflowError), "min(n - k, k) must not exceed %ld", INT64_MAX);
    if (!int_memory_check(t, chosen / 64))                    // the result has more than `chosen` bits
        return 0;
    mpz_t view, result;
    mp_limb_t room;
    int_view(n, view, &room);
    mpz_init(result);
    mpz_bin_ui(result, view, chosen);
    Value value = int_from_mpz(t, result);
    mpz_clear(result);
    return value;
}

Value math_isqrt(Thread *t, const Value *args, size_t nargs)
{
    Value exact = number_index(t, args[0]);
    if (!exact)
        return 0;
    if (int_sign(exact) < 0)
        return raise(t, EXC(ValueError), "isqrt() argument must be nonnegative");
    mpz_t view, result;
    mp_limb_t room;
    int_view(exact, view, &room);
    mpz_init(result);
    mpz_sqrt(result, view);
    Value value = int_from_mpz(t, result);
    mpz_clear(result);
    return value;
}
