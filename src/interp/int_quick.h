// int_quick.h: fixnum operations whose result is likely a fixnum; false sends the caller to the general path.
#ifndef ADDER_INTERP_INT_QUICK_H
#define ADDER_INTERP_INT_QUICK_H

#include "src/core/value.h"

static inline bool int_floor_quick(Value a, Value b, Value *r)
{
    int64_t x = fixnum_value(a), y = fixnum_value(b);
    if (unlikely(y == 0 || (y == -1 && x == FIXNUM_MIN)))
        return false;
    int64_t quotient = x / y;
    if ((x % y != 0) && ((x < 0) != (y < 0)))
        quotient--;
    *r = fixnum(quotient);
    return true;
}

static inline bool int_remainder_quick(Value a, Value b, Value *r)
{
    int64_t x = fixnum_value(a), y = fixnum_value(b);
    if (unlikely(y == 0 || y == -1))
        return false;
    if (likely(x >= 0 && y > 0 && (uint64_t)(x | y) >> 32 == 0)) {   // 32-bit division is several times as fast
        *r = fixnum((int64_t)((uint32_t)x % (uint32_t)y));
        return true;
    }
    int64_t remainder = x % y;
    if (remainder && (remainder < 0) != (y < 0))
        remainder += y;
    *r = fixnum(remainder);
    return true;
}

static inline bool int_lshift_quick(Value a, Value b, Value *r)
{
    int64_t x = fixnum_value(a), n = fixnum_value(b);
    if (unlikely((uint64_t)n > 61))
        return false;
    int64_t shifted = (int64_t)((uint64_t)x << n);
    if (unlikely(shifted >> n != x || !fits_fixnum(shifted)))
        return false;
    *r = fixnum(shifted);
    return true;
}

static inline bool int_rshift_quick(Value a, Value b, Value *r)
{
    int64_t n = fixnum_value(b);
    if (unlikely(n < 0))
        return false;
    *r = fixnum(fixnum_value(a) >> (n > 63 ? 63 : n));
    return true;
}

// a / b, both exactly representable.
static inline bool int_divide_quick(Value a, Value b, Value *r)
{
    const int64_t exact = 1ll << 53;
    int64_t x = fixnum_value(a), y = fixnum_value(b);
    if (unlikely(y == 0 || x > exact || x < -exact || y > exact || y < -exact))
        return false;
    *r = flonum_try((double)x / (double)y);
    return *r != 0;
}

#endif
