// float_pack.c: doubles as IEEE bytes.
#include "src/types/float_pack.h"

#include <math.h>

static void put(uint8_t *p, uint64_t word, size_t size, bool little)
{
    for (size_t i = 0; i < size; i++, word >>= 8)
        p[little ? i : size - 1 - i] = (uint8_t)word;
}

static uint64_t get(const uint8_t *p, size_t size, bool little)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word = word << 8 | p[little ? size - 1 - i : i];
    return word;
}

static uint64_t bits_of(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return bits;
}

void float_pack8(double d, uint8_t *p, bool little) { put(p, bits_of(d), 8, little); }

double float_unpack8(const uint8_t *p, bool little)
{
    uint64_t bits = get(p, 8, little);
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

// A nan keeps the top of its payload and whether it signals: the conversion instruction would quiet it.
bool float_pack4(double d, uint8_t *p, bool little)
{
    if (isnan(d)) {
        uint64_t bits = bits_of(d);
        uint32_t payload = (uint32_t)(bits >> 29) & 0x7fffff;
        put(p, (bits >> 63) << 31 | 0x7f800000u | (payload ? payload : 1), 4, little);
        return true;
    }
    float f = (float)d;
    if (isinf(f) && !isinf(d))
        return false;
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    put(p, bits, 4, little);
    return true;
}

double float_unpack4(const uint8_t *p, bool little)
{
    uint32_t bits = (uint32_t)get(p, 4, little);
    if ((bits & 0x7f800000u) == 0x7f800000u && (bits & 0x7fffff)) {
        uint64_t wide = (uint64_t)(bits >> 31) << 63 | 0x7ff0000000000000ull | (uint64_t)(bits & 0x7fffff) << 29;
        double nan;
        memcpy(&nan, &wide, sizeof nan);
        return nan;
    }
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

bool float_pack2(double d, uint8_t *p, bool little)
{
    enum { MANTISSA_BITS = 10, BIAS = 15, EXPONENT_MAX = 31 };
    uint64_t sign = signbit(d) ? 1u << 15 : 0, exponent, mantissa;
    if (isnan(d)) {
        exponent = EXPONENT_MAX;
        mantissa = bits_of(d) >> 42 & 0x3ff;
        if (!mantissa)
            mantissa = 1;
    } else if (isinf(d)) {
        exponent = EXPONENT_MAX;
        mantissa = 0;
    } else {
        int e;
        double f = frexp(fabs(d), &e);
        int shift = e < -13 ? -13 : e;                        // below: subnormal
        double scaled = d == 0.0 ? 0.0 : rint(ldexp(f, e - shift + MANTISSA_BITS + 1));
        uint64_t units = (uint64_t)scaled;                    // in units of the last place; half to even
        exponent = units >> MANTISSA_BITS ? (uint64_t)(shift + BIAS - 1) : 0;
        if (units >> (MANTISSA_BITS + 1)) {
            units >>= 1;
            exponent++;
        }
        mantissa = units & ((1u << MANTISSA_BITS) - 1);
        if (exponent >= EXPONENT_MAX)
            return false;
    }
    put(p, sign | exponent << MANTISSA_BITS | mantissa, 2, little);
    return true;
}

double float_unpack2(const uint8_t *p, bool little)
{
    uint32_t bits = (uint32_t)get(p, 2, little), exponent = bits >> 10 & 0x1f, mantissa = bits & 0x3ff;
    double d;
    if (exponent == 0x1f && mantissa) {
        uint64_t wide = 0x7ff0000000000000ull | (uint64_t)mantissa << 42;
        memcpy(&d, &wide, sizeof d);
    } else if (exponent == 0x1f) {
        d = INFINITY;
    } else {
        d = exponent ? ldexp(mantissa + 1024.0, (int)exponent - 25) : ldexp(mantissa, -24);
    }
    return bits >> 15 ? -d : d;
}
