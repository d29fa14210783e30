// decimal_power.c: powers of decimal numbers. Whole exponents by repeated squaring with spare digits, others through ln and exp.
#include "src/modules/decimal_internal.h"

enum { SPARE_DIGITS = 4, EXPONENT_DIGITS = 19 };

// The value of a finite number when it is whole. 1 yes (*out: a signed int), 0 no, -1 error.
static int whole_value(Thread *t, const Dec *a, Value *out)
{
    int64_t top;
    enum { REASONABLE_DIGITS = 4000 };
    if (dec_is_zero(a)) {
        *out = fixnum(0);
        return 1;
    }
    if (!dec_adjusted(t, a, &top))
        return -1;
    if (top < 0)
        return 0;
    Value whole, rest = fixnum(0);
    if (a->exponent >= 0) {
        whole = dec_shift(t, a->coefficient, a->exponent < REASONABLE_DIGITS ? a->exponent : REASONABLE_DIGITS);
    } else {
        Value power = dec_power10(t, -a->exponent);
        if (!power || !int_divide_floor(t, a->coefficient, power, &whole, &rest))
            return -1;
    }
    if (!whole)
        return -1;
    *out = a->negative ? int_negative(t, whole) : whole;
    return rest == fixnum(0);
}

static bool is_odd(Value whole)
{
    IntView view;
    int_look(whole, &view);
    return view.n && (view.limbs[0] & 1);
}

// An exact 1 with all digits of the precision.
static bool padded_one(Thread *t, bool negative, Dec *out, DecContext *c)
{
    *out = (Dec){dec_power10(t, c->prec - 1), -(c->prec - 1), DEC_FINITE, negative};
    c->status |= DEC_INEXACT | DEC_ROUNDED;
    return out->coefficient != 0;
}

// |a| against 1; *ok false: error.
static int order_with_one(Thread *t, const Dec *a, bool *ok)
{
    Dec size = *a, one = dec_int(1);
    size.negative = false;
    return dec_order(t, &size, &one, ok);
}

static bool power_of_infinite_exponent(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    bool ok;
    int order = order_with_one(t, a, &ok);
    if (!ok)
        return false;
    if (order == 0)
        return padded_one(t, false, out, c);
    *out = (order < 0) != b->negative ? dec_zero(false, 0) : dec_infinity(false);
    return true;
}

// 1 (with zeros behind the point) to a whole power keeps as many zeros as an exact product would have.
static bool power_of_one(Thread *t, const Dec *a, Value whole, bool negative, Dec *out, DecContext *c)
{
    if (int_sign(whole) < 0) {
        *out = dec_int(1);
        out->negative = negative;
        return true;
    }
    Value zeros = int_multiply(t, whole, fixnum(-a->exponent));
    int64_t n;
    if (!zeros)
        return false;
    if (!int_to_int64(zeros, &n) || n > c->prec - 1) {
        n = c->prec - 1;
        c->status |= DEC_ROUNDED;
    }
    if (n < 0)
        n = 0;
    *out = (Dec){dec_power10(t, n), -n, DEC_FINITE, negative};
    return out->coefficient && dec_finish(t, out, c);
}

// Whether a**b is certainly too large or too small: then *out is a number beyond the limits. 1 yes, 0 no, -1 error.
static int power_extreme(Thread *t, const Dec *a, const Dec *b, bool negative, Dec *out, DecContext *c)
{
    int64_t a_top, b_top;
    if (!dec_adjusted(t, a, &a_top) || !dec_adjusted(t, b, &b_top))
        return -1;
    bool ok;
    int order = order_with_one(t, a, &ok);
    if (!ok)
        return -1;
    // |log10 a| >= 10**low; so |log10 a**b| >= 10**(low + b_top).
    int64_t low;
    if (a_top >= 1 || a_top <= -2) {
        int64_t size = a_top > 0 ? a_top : -a_top - 1;
        for (low = 0; size >= 10; size /= 10)
            low++;
    } else {
        DecContext exact = dec_max_context();
        Dec one = dec_int(1), distance, size = *a;
        size.negative = false;
        exact.prec = 1;
        if (!dec_subtract(t, &size, &one, &distance, &exact) || !dec_adjusted(t, &distance, &low))
            return -1;
        low -= 2;
    }
    bool grows = (order > 0) != b->negative;
    int64_t limit = grows ? c->emax + 1 : -dec_etiny(c) + 1, limit_digits = 1;
    for (; limit >= 10; limit /= 10)
        limit_digits++;
    if (low + b_top <= limit_digits)
        return 0;
    *out = (Dec){fixnum(1), grows ? c->emax + 1 : dec_etiny(c) - 1, DEC_FINITE, negative};
    if (!grows)
        c->status |= DEC_INEXACT | DEC_ROUNDED;
    return 1;
}

static bool power_whole(Thread *t, const Dec *a, const Dec *b, Value whole, bool negative, Dec *out, DecContext *c)
{
    DecContext work = *c;
    int64_t digits = dec_digits(t, b->coefficient);
    if (digits < 0)
        return false;
    work.prec += digits + b->exponent + 2;
    if (work.prec < c->prec)
        work.prec = c->prec + 2;
    work.rounding = ROUND_HALF_EVEN;
    work.clamp = 0;
    work.status = 0;
    Dec base = *a, one = dec_int(1);
    base.negative = false;
    if (int_sign(whole) < 0) {
        work.prec += 1;
        Dec inverse;
        if (!dec_divide(t, &one, &base, &inverse, &work))
            return false;
        base = inverse;
        whole = int_negative(t, whole);
        if (!whole)
            return false;
    }
    IntView bits;
    int_look(whole, &bits);
    *out = base;
    for (size_t i = int_bit_length(whole) - 1; i-- > 0;) {
        Dec next;
        if (!dec_multiply(t, out, out, &next, &work))
            return false;
        *out = next;
        if (bits.limbs[i / 64] >> (i % 64) & 1) {
            if (!dec_multiply(t, out, &base, &next, &work))
                return false;
            *out = next;
        }
        if (out->kind != DEC_FINITE || (dec_is_zero(out) && (work.status & DEC_CLAMPED)))
            break;
    }
    out->negative = negative;
    c->status |= work.status;
    if (out->kind == DEC_INFINITE)
        *out = (Dec){fixnum(1), c->emax + 1, DEC_FINITE, negative};
    return dec_finish(t, out, c);
}

static bool power_real(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    DecContext work = dec_max_context();
    int64_t digits = dec_digits(t, a->coefficient);
    if (digits < 0)
        return false;
    work.prec = (digits > c->prec ? digits : c->prec) + SPARE_DIGITS + EXPONENT_DIGITS;
    Dec logarithm, exponent;
    if (!dec_ln(t, a, &logarithm, &work) || !dec_multiply(t, &logarithm, b, &exponent, &work)
        || !dec_exp(t, &exponent, out, &work))
        return false;
    c->status |= DEC_INEXACT | DEC_ROUNDED;
    return dec_finish(t, out, c);
}

static bool power_of_zero_or_infinite(const Dec *a, const Dec *b, bool negative, Dec *out)
{
    bool grows = (a->kind == DEC_INFINITE) != b->negative;
    *out = grows ? dec_infinity(negative) : dec_zero(negative, 0);
    return true;
}

bool dec_power(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    Value whole = fixnum(0);
    int is_whole = b->kind == DEC_FINITE ? whole_value(t, b, &whole) : 0;
    if (is_whole < 0)
        return false;
    bool negative = a->negative && is_whole && is_odd(whole);
    if (dec_is_zero(b)) {
        *out = dec_int(1);
        return dec_is_zero(a) ? dec_invalid(out, c, DEC_INVALID_OPERATION) : true;
    }
    if (a->negative && !is_whole && !dec_is_zero(a))
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    if (dec_is_zero(a) || a->kind == DEC_INFINITE)
        return power_of_zero_or_infinite(a, b, negative, out);
    if (b->kind == DEC_INFINITE)
        return power_of_infinite_exponent(t, a, b, out, c);
    bool ok;
    int order = order_with_one(t, a, &ok);
    if (!ok)
        return false;
    if (order == 0)
        return is_whole ? power_of_one(t, a, whole, negative, out, c) : padded_one(t, negative, out, c);
    int extreme = power_extreme(t, a, b, negative, out, c);
    if (extreme)
        return extreme > 0 && dec_finish(t, out, c);
    return is_whole ? power_whole(t, a, b, whole, negative, out, c) : power_real(t, a, b, out, c);
}

// |a| ** b modulo m for whole a and b, whose exponents may be far too large to write them out.
static Value power_residue(Thread *t, const Dec *a, const Dec *b, Value modulus)
{
    Value base = a->coefficient, exponent = b->coefficient;
    if (a->exponent < 0) {
        base = dec_shift(t, base, a->exponent);
    } else if (a->exponent > 0) {
        Value power = int_power(t, fixnum(10), fixnum(a->exponent), modulus);
        base = power ? int_multiply(t, base, power) : 0;
    }
    if (base && b->exponent < 0)
        exponent = dec_shift(t, exponent, b->exponent);
    for (int64_t i = 0; i < b->exponent && base && base != fixnum(0) && base != fixnum(1); i++)
        base = int_power(t, base, fixnum(10), modulus);
    return base && exponent ? int_power(t, base, exponent, modulus) : 0;
}

bool dec_power_modulo(Thread *t, const Dec *a, const Dec *b, const Dec *m, Dec *out, DecContext *c)
{
    if (dec_is_nan(a) || dec_is_nan(b) || dec_is_nan(m)) {
        const Dec *first = dec_is_nan(m) && m->kind == DEC_SNAN && a->kind != DEC_SNAN && b->kind != DEC_SNAN ? m : a;
        if (!dec_is_nan(a) && !dec_is_nan(b))
            first = m;
        return dec_take_nan(t, first, first == m ? NULL : b, out, c) && out->coefficient;
    }
    if (a->kind != DEC_FINITE || b->kind != DEC_FINITE || m->kind != DEC_FINITE)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    Value base, exponent, modulus;
    int whole_a = whole_value(t, a, &base), whole_b = whole_value(t, b, &exponent), whole_m = whole_value(t, m, &modulus);
    if (whole_a < 0 || whole_b < 0 || whole_m < 0)
        return false;
    int64_t digits;
    if (!whole_a || !whole_b || !whole_m || int_sign(exponent) < 0 || modulus == fixnum(0)
        || (base == fixnum(0) && exponent == fixnum(0)))
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    if (!dec_adjusted(t, m, &digits))
        return false;
    if (digits >= c->prec)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    bool negative = a->negative && is_odd(exponent);
    if (int_sign(modulus) < 0)
        modulus = int_negative(t, modulus);
    Value result = modulus ? power_residue(t, a, b, modulus) : 0;
    *out = (Dec){result, 0, DEC_FINITE, negative};
    return result && dec_finish(t, out, c);
}
