// decimal_logical.c: operations on digits: logical ones, shifts, rotations, exponents and signs.
#include "src/modules/decimal_internal.h"
#include "src/types/str.h"

// --- coefficients as rows of digits 0 and 1 ---

// The digits of an operand of a logical operation; null without a pending exception when it is not one.
static const char *logical_digits(Thread *t, const Dec *a, size_t *n)
{
    if (a->kind != DEC_FINITE || a->negative || a->exponent != 0)
        return NULL;
    Value text = dec_text(t, a, false, true);
    if (!text)
        return NULL;
    *n = as_str(text)->length;
    const char *digits = as_str(text)->data;
    for (size_t i = 0; i < *n; i++)
        if (digits[i] != '0' && digits[i] != '1')
            return NULL;
    return digits;
}

typedef bool (*BitOp)(bool a, bool b);
static bool bit_and(bool a, bool b) { return a && b; }
static bool bit_or(bool a, bool b) { return a || b; }
static bool bit_xor(bool a, bool b) { return a != b; }

// Combines the last prec digits of both.
static bool logical(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c, BitOp op)
{
    size_t n, m;
    const char *x = logical_digits(t, a, &n), *y = x ? logical_digits(t, b, &m) : NULL;
    if (!y)
        return !is_pending(t) && dec_invalid(out, c, DEC_INVALID_OPERATION);
    size_t length = size_min(size_max(n, m), (size_t)c->prec);
    char *digits = new_atomic(t, length + 1);
    if (!digits)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool left = i < n && x[n - 1 - i] == '1', right = i < m && y[m - 1 - i] == '1';
        digits[length - 1 - i] = op(left, right) ? '1' : '0';
    }
    *out = (Dec){int_from_digits(t, digits, length, 10), 0, DEC_FINITE, false};
    return out->coefficient != 0;
}

bool dec_and(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c) { return logical(t, a, b, out, c, bit_and); }
bool dec_or(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c) { return logical(t, a, b, out, c, bit_or); }
bool dec_xor(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c) { return logical(t, a, b, out, c, bit_xor); }

bool dec_invert(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    Value power = dec_power10(t, c->prec);
    Dec ones = {power ? int_subtract(t, power, fixnum(1)) : 0, 0, DEC_FINITE, false};
    ones.coefficient = ones.coefficient ? int_floor_divide(t, ones.coefficient, fixnum(9)) : 0;
    return ones.coefficient && dec_xor(t, a, &ones, out, c);
}

// --- shifting and rotating ---

// The whole number of b within ±limit. 1 yes, 0 no, -1 error.
static int small_whole(Thread *t, const Dec *b, int64_t limit, int64_t *out)
{
    if (b->kind != DEC_FINITE || b->exponent != 0)
        return 0;
    if (!int_to_int64(b->coefficient, out) || *out > limit)
        return 0;
    if (b->negative)
        *out = -*out;
    return 1;
}

// The last prec digits.
static Value cut(Thread *t, Value coefficient, int64_t prec)
{
    int64_t digits = dec_digits(t, coefficient);
    if (digits < 0)
        return 0;
    Value power = digits > prec ? dec_power10(t, prec) : fixnum(0);
    return !power ? 0 : digits > prec ? int_remainder(t, coefficient, power) : coefficient;
}

bool dec_shift_digits(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    int64_t n;
    if (small_whole(t, b, c->prec, &n) <= 0)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    *out = *a;
    if (a->kind == DEC_INFINITE)
        return true;
    Value kept = cut(t, a->coefficient, c->prec), moved = kept ? dec_shift(t, kept, n) : 0;
    out->coefficient = moved ? cut(t, moved, c->prec) : 0;
    return out->coefficient != 0;
}

bool dec_rotate(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    int64_t n;
    if (small_whole(t, b, c->prec, &n) <= 0)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    *out = *a;
    if (a->kind == DEC_INFINITE)
        return true;
    if (n < 0)
        n += c->prec;
    Value kept = cut(t, a->coefficient, c->prec), power = kept ? dec_power10(t, c->prec - n) : 0, high, low;
    if (!power || !int_divide_floor(t, kept, power, &high, &low))
        return false;
    Value moved = dec_shift(t, low, n);
    out->coefficient = moved ? int_add(t, moved, high) : 0;
    return out->coefficient != 0;
}

bool dec_scaleb(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    int64_t n;
    if (small_whole(t, b, 2 * (c->emax + c->prec), &n) <= 0)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    *out = *a;
    if (a->kind == DEC_INFINITE)
        return true;
    out->exponent += n;
    return dec_finish(t, out, c);
}

bool dec_logb(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, NULL, out, c))
        return out->coefficient != 0;
    if (a->kind == DEC_INFINITE) {
        *out = dec_infinity(false);
        return true;
    }
    if (dec_is_zero(a)) {
        c->status |= DEC_DIVISION_BY_ZERO;
        *out = dec_infinity(true);
        return true;
    }
    int64_t top;
    if (!dec_adjusted(t, a, &top))
        return false;
    *out = dec_int(top);
    return dec_finish(t, out, c);
}

// --- signs, without looking at anything else ---

bool dec_copy_sign(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    *out = *a;
    out->negative = b->negative;
    return true;
}

bool dec_copy_abs(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    *out = *a;
    out->negative = false;
    return true;
}

bool dec_copy_negate(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    *out = *a;
    out->negative = !a->negative;
    return true;
}
