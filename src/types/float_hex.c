// float_hex.c: hexadecimal text of doubles, exact in both directions.
#include <math.h>

#include "src/types/float_internal.h"
#include "src/types/int_internal.h"
#include "src/types/number_text.h"
#include "src/types/str.h"

enum { MANTISSA_DIGITS = 13, LEAST_EXPONENT = -1022 };

Value float_hex(Thread *t, double d)
{
    if (!isfinite(d))
        return float_repr(t, d);
    const char *sign = signbit(d) ? "-" : "";
    if (d == 0.0)
        return str_format(t, "%s0x0.0p+0", sign);
    int exponent;
    double mantissa = frexp(fabs(d), &exponent);
    int shift = 1 - (LEAST_EXPONENT - exponent + 1 > 0 ? LEAST_EXPONENT - exponent + 1 : 0);
    mantissa = ldexp(mantissa, shift);
    exponent -= shift;
    char text[MANTISSA_DIGITS + 3], *p = text;
    for (int i = 0; i <= MANTISSA_DIGITS; i++) {
        int digit = (int)mantissa;
        *p++ = "0123456789abcdef"[digit];
        mantissa = (mantissa - digit) * 16.0;
        if (i == 0)
            *p++ = '.';
    }
    *p = 0;
    return str_format(t, "%s0x%sp%s%d", sign, text, exponent < 0 ? "" : "+", exponent);
}

// Digits read so far: the top bits exactly, and whether anything was lost below them.
typedef struct HexDigits {
    uint64_t bits;
    bool sticky, any;
    int64_t exponent;             // of the lowest bit of `bits`
} HexDigits;

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *read_digits(const char *p, const char *end, HexDigits *h)
{
    bool point = false;
    for (; p < end; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        int digit = hex_digit(*p);
        if (digit < 0)
            break;
        h->any = true;
        if (h->bits >> 60) {
            h->sticky |= digit != 0;
            h->exponent += point ? 0 : 4;
        } else {
            h->bits = h->bits << 4 | (unsigned)digit;
            h->exponent -= point ? 4 : 0;
        }
    }
    return p;
}

// "p-12" or nothing. Null: malformed. Large exponents saturate: they overflow or vanish anyway.
static const char *read_exponent(const char *p, const char *end, int64_t *out)
{
    const int64_t saturated = (int64_t)1 << 50;
    *out = 0;
    if (p == end || (*p | 0x20) != 'p')
        return p;
    p++;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end || *p < '0' || *p > '9')
        return NULL;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        if (*out < saturated)
            *out = *out * 10 + (*p - '0');
    if (negative)
        *out = -*out;
    return p;
}

static bool starts_with(const char *p, const char *end, const char *word, size_t n)
{
    if ((size_t)(end - p) < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((p[i] | 0x20) != word[i])
            return false;
    return true;
}

static const char *read_unsigned(Thread *t, const char *p, const char *end, double *out)
{
    if (starts_with(p, end, "inf", 3)) {
        *out = INFINITY;
        return p + (starts_with(p, end, "infinity", 8) ? 8 : 3);
    }
    if (starts_with(p, end, "nan", 3)) {
        *out = NAN;
        return p + 3;
    }
    if (starts_with(p, end, "0x", 2))
        p += 2;
    HexDigits h = {0};
    int64_t exponent;
    p = read_digits(p, end, &h);
    p = h.any ? read_exponent(p, end, &exponent) : NULL;
    if (!p)
        return NULL;
    *out = 0.0;
    if (h.bits && !limbs_to_double((mp_limb_t *)&h.bits, 1, h.exponent + exponent, h.sticky, out)) {
        while (p < end && is_ascii_space(*p))
            p++;
        if (p < end)
            return NULL;
        raise(t, EXC(OverflowError), "hexadecimal value too large to represent as a float");
        return NULL;
    }
    return p;
}

bool float_from_hex(Thread *t, const char *s, size_t n, double *out)
{
    NumberInput in = {s, n};
    number_input_strip(&in);
    const char *p = in.text, *end = p + in.n;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    p = read_unsigned(t, p, end, out);
    if (p != end) {
        if (!is_pending(t))
            raise(t, EXC(ValueError), "invalid hexadecimal floating-point string");
        return false;
    }
    if (negative)
        *out = -*out;
    return true;
}
