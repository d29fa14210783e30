// float_round.c: round(float, digits): half to even on the exact value.
#include <math.h>

#include "src/ops/ops.h"
#include "src/types/double_chars.h"
#include "src/types/float_internal.h"
#include "src/types/int_internal.h"

// Of a positive d with `point` digits before the decimal point, keeps `keep` significant digits; keep ≥ 1.
static double keep_digits(double d, int keep)
{
    char text[DOUBLE_DIGITS_MAX + 40], digits[DOUBLE_DIGITS_MAX + 16];
    int point;
    size_t n = double_rounded(d, keep, digits, &point);
    memcpy(text, digits, n);
    text[n++] = 'e';
    int exponent = point - keep;
    if (exponent < 0) {
        text[n++] = '-';
        exponent = -exponent;
    }
    char *p = text + n, reversed[8];
    int m = 0;
    do
        reversed[m++] = (char)('0' + exponent % 10);
    while (exponent /= 10);
    while (m)
        *p++ = reversed[--m];
    double result = d;
    double_parse(text, (size_t)(p - text), &result);
    return result;
}

// d has its first digit just behind the rounding position: it becomes 0 or 10**-digits.
static bool round_at_edge(Thread *t, double d, int64_t digits, double *out)
{
    Value half = int_power(t, fixnum(10), fixnum(-digits - 1), NONE);
    half = half ? int_multiply(t, half, fixnum(5)) : 0;
    if (!half)
        return false;
    *out = 0.0;
    if (float_compare_int(d, half) <= 0)
        return true;
    Value power = int_power(t, fixnum(10), fixnum(-digits), NONE);
    return power && int_to_double(t, power, out);
}

static Value round_to_int(Thread *t, double d)
{
    return int_from_double(t, isfinite(d) ? rint(d) : d);
}

Value float_round(Thread *t, double d, Value digits)
{
    enum { DIGITS_ALL = 323, DIGITS_NONE = -308, DECIMALS_MAX = 340 };
    if (digits == NONE)
        return round_to_int(t, d);
    int64_t n;
    if (!to_index_clipped(t, digits, &n))
        return 0;
    if (!isfinite(d) || n > DIGITS_ALL || d == 0.0)
        return float_new(t, d);
    if (n < DIGITS_NONE)
        return float_new(t, 0.0 * d);
    char shortest[DOUBLE_SHORTEST_MAX + 8];
    int point;
    double size = fabs(d), result = 0.0;
    double_shortest(size, shortest, &point);
    if (n >= 0 && (double)point + (double)n < 1) {
        char text[DOUBLE_FIXED_ROOM];
        size_t length = double_fixed(size, (int)n, text);
        if (!double_parse(text, length, &result))
            result = 0.0;
    } else if (point + n >= 1) {
        result = keep_digits(size, (int)(point + n));
    } else if (point + n == 0 && !round_at_edge(t, size, n, &result)) {
        return 0;
    }
    if (isinf(result))
        return raise(t, EXC(OverflowError), "rounded value too large to represent");
    return float_new(t, copysign(result, d));
}
