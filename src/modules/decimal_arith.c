// decimal_arith.c: the basic operations of decimal arithmetic, exact until the final rounding.
#include "src/modules/decimal_internal.h"

static bool is_odd(Value coefficient)
{
    IntView view;
    int_look(coefficient, &view);
    return view.n && (view.limbs[0] & 1);
}

// --- addition ---

// Brings two finite, nonzero numbers to one exponent. A number too small to matter becomes a single unit below the result.
static bool align(Thread *t, Dec *a, Dec *b, int64_t prec)
{
    Dec *high = a->exponent >= b->exponent ? a : b, *low = high == a ? b : a;
    int64_t high_digits = dec_digits(t, high->coefficient), low_digits = dec_digits(t, low->coefficient);
    if (high_digits < 0 || low_digits < 0)
        return false;
    int64_t margin = high_digits - prec - 2, edge = high->exponent + (margin < -1 ? margin : -1);
    if (low_digits + low->exponent - 1 < edge) {
        low->coefficient = fixnum(1);
        low->exponent = edge;
    }
    high->coefficient = dec_shift(t, high->coefficient, high->exponent - low->exponent);
    high->exponent = low->exponent;
    return high->coefficient != 0;
}

static bool add_zero(Thread *t, const Dec *zero, const Dec *other, Dec *out, DecContext *c)
{
    bool inexact;
    int64_t least = other->exponent - c->prec - 1;
    *out = *other;
    int64_t exponent = zero->exponent < other->exponent ? zero->exponent : other->exponent;
    if (exponent < least)
        exponent = least;
    return dec_rescale(t, out, exponent, c->rounding, &inexact) && dec_finish(t, out, c);
}

static bool add_infinite(const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (a->kind == DEC_INFINITE && b->kind == DEC_INFINITE && a->negative != b->negative)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    *out = a->kind == DEC_INFINITE ? *a : *b;
    return true;
}

bool dec_add(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    if (a->kind == DEC_INFINITE || b->kind == DEC_INFINITE)
        return add_infinite(a, b, out, c);
    int64_t exponent = a->exponent < b->exponent ? a->exponent : b->exponent;
    bool down = c->rounding == ROUND_FLOOR && a->negative != b->negative;
    if (dec_is_zero(a) && dec_is_zero(b)) {
        *out = dec_zero((a->negative && b->negative) || down, exponent);
        return dec_finish(t, out, c);
    }
    if (dec_is_zero(a) || dec_is_zero(b))
        return dec_is_zero(a) ? add_zero(t, a, b, out, c) : add_zero(t, b, a, out, c);
    Dec x = *a, y = *b;
    if (!align(t, &x, &y, c->prec))
        return false;
    *out = (Dec){.exponent = x.exponent, .negative = x.negative};
    if (x.negative == y.negative) {
        out->coefficient = int_add(t, x.coefficient, y.coefficient);
    } else {
        int order = int_compare(x.coefficient, y.coefficient);
        if (order == 0) {
            *out = dec_zero(down, exponent);
            return dec_finish(t, out, c);
        }
        out->negative = order > 0 ? x.negative : y.negative;
        out->coefficient = order > 0 ? int_subtract(t, x.coefficient, y.coefficient)
                                     : int_subtract(t, y.coefficient, x.coefficient);
    }
    return out->coefficient && dec_finish(t, out, c);
}

bool dec_subtract(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    Dec negated = *b;
    if (!dec_is_nan(b))
        negated.negative = !b->negative;
    return dec_add(t, a, &negated, out, c);
}

// --- signs ---

static bool with_sign(Thread *t, const Dec *a, bool negative, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, NULL, out, c))
        return out->coefficient != 0;
    *out = *a;
    out->negative = negative;
    if (dec_is_zero(a) && c->rounding != ROUND_FLOOR)
        out->negative = false;
    return dec_finish(t, out, c);
}

bool dec_plus(Thread *t, const Dec *a, Dec *out, DecContext *c) { return with_sign(t, a, a->negative, out, c); }

// 0 - a: under ROUND_FLOOR a zero of the same sign sum is negative.
bool dec_minus(Thread *t, const Dec *a, Dec *out, DecContext *c) { return with_sign(t, a, !a->negative, out, c); }

bool dec_abs(Thread *t, const Dec *a, Dec *out, DecContext *c) { return with_sign(t, a, false, out, c); }

// --- multiplication ---

// The exact product, or what it is with infinities.
static bool product(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    bool negative = a->negative != b->negative;
    if (a->kind == DEC_INFINITE || b->kind == DEC_INFINITE) {
        if (dec_is_zero(a) || dec_is_zero(b))
            return dec_invalid(out, c, DEC_INVALID_OPERATION);
        *out = dec_infinity(negative);
        return true;
    }
    *out = (Dec){int_multiply(t, a->coefficient, b->coefficient), a->exponent + b->exponent, DEC_FINITE, negative};
    return out->coefficient != 0;
}

bool dec_multiply(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    return product(t, a, b, out, c) && dec_finish(t, out, c);
}

bool dec_fma(Thread *t, const Dec *a, const Dec *b, const Dec *third, Dec *out, DecContext *c)
{
    if (a->kind == DEC_SNAN || b->kind == DEC_SNAN || dec_is_nan(a) || dec_is_nan(b)) {
        if (a->kind != DEC_SNAN && b->kind != DEC_SNAN && third->kind == DEC_SNAN)
            return dec_take_nan(t, third, NULL, out, c) && out->coefficient;
        return dec_take_nan(t, a, b, out, c) && out->coefficient;
    }
    Dec exact;
    if (!product(t, a, b, &exact, c))
        return false;
    if (dec_is_nan(&exact)) {
        *out = exact;
        return true;
    }
    return dec_add(t, &exact, third, out, c);
}

// --- division ---

static bool divide_special(const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    bool negative = a->negative != b->negative;
    if (a->kind == DEC_INFINITE) {
        if (b->kind == DEC_INFINITE)
            return dec_invalid(out, c, DEC_INVALID_OPERATION);
        *out = dec_infinity(negative);
        return true;
    }
    *out = dec_zero(negative, dec_etiny(c));                  // by infinity
    c->status |= DEC_CLAMPED;
    return true;
}

static bool divide_by_zero(const Dec *a, bool negative, Dec *out, DecContext *c)
{
    if (dec_is_zero(a))
        return dec_invalid(out, c, DEC_DIVISION_UNDEFINED);
    c->status |= DEC_DIVISION_BY_ZERO;
    *out = dec_infinity(negative);
    return true;
}

// Drops zeros at the end until the exponent is the ideal one.
static bool towards_ideal(Thread *t, Dec *d, int64_t ideal)
{
    while (d->exponent < ideal) {
        Value quotient, remainder;
        if (!int_divide_floor(t, d->coefficient, fixnum(10), &quotient, &remainder))
            return false;
        if (remainder != fixnum(0))
            return true;
        d->coefficient = quotient;
        d->exponent++;
    }
    return true;
}

// Marks a truncated coefficient as inexact: a last digit of 0 or 5 becomes 1 or 6, so that rounding sees what was lost.
static Value sticky(Thread *t, Value coefficient)
{
    Value rest = int_remainder(t, coefficient, fixnum(5));
    return !rest ? 0 : rest == fixnum(0) ? int_add(t, coefficient, fixnum(1)) : coefficient;
}

bool dec_divide(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    if (a->kind == DEC_INFINITE || b->kind == DEC_INFINITE)
        return divide_special(a, b, out, c);
    bool negative = a->negative != b->negative;
    if (dec_is_zero(b))
        return divide_by_zero(a, negative, out, c);
    int64_t ideal = a->exponent - b->exponent;
    if (dec_is_zero(a)) {
        *out = dec_zero(negative, ideal);
        return dec_finish(t, out, c);
    }
    int64_t a_digits = dec_digits(t, a->coefficient), b_digits = dec_digits(t, b->coefficient);
    if (a_digits < 0 || b_digits < 0)
        return false;
    int64_t shift = b_digits - a_digits + c->prec + 1;
    Value x = shift > 0 ? dec_shift(t, a->coefficient, shift) : a->coefficient;
    Value y = shift < 0 ? dec_shift(t, b->coefficient, -shift) : b->coefficient, quotient, remainder;
    if (!x || !y || !int_divide_floor(t, x, y, &quotient, &remainder))
        return false;
    *out = (Dec){quotient, ideal - shift, DEC_FINITE, negative};
    if (remainder != fixnum(0))
        out->coefficient = sticky(t, quotient);
    else if (!towards_ideal(t, out, ideal))
        return false;
    return out->coefficient && dec_finish(t, out, c);
}

// --- whole quotients ---

// a = quotient * b + remainder for finite numbers, b not zero. False in *possible: the quotient has too many digits.
static bool divide_whole(Thread *t, const Dec *a, const Dec *b, Value *quotient, Dec *remainder, DecContext *c, bool *possible)
{
    int64_t ideal = b->kind == DEC_INFINITE ? a->exponent : a->exponent < b->exponent ? a->exponent : b->exponent;
    int64_t a_top, b_top = 0;
    if (!dec_adjusted(t, a, &a_top) || (b->kind == DEC_FINITE && !dec_adjusted(t, b, &b_top)))
        return false;
    *possible = true;
    *quotient = fixnum(0);
    *remainder = *a;
    bool inexact;
    if (dec_is_zero(a) || b->kind == DEC_INFINITE || a_top - b_top <= -2)
        return dec_rescale(t, remainder, ideal, c->rounding, &inexact);
    *possible = a_top - b_top <= c->prec;
    if (!*possible)
        return true;
    Value x = dec_shift(t, a->coefficient, a->exponent - ideal), y = dec_shift(t, b->coefficient, b->exponent - ideal);
    if (!x || !y || !int_divide_floor(t, x, y, quotient, &remainder->coefficient))
        return false;
    remainder->exponent = ideal;
    int64_t digits = dec_digits(t, *quotient);
    *possible = digits <= c->prec;
    return digits > 0;
}

bool dec_divide_int(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    bool negative = a->negative != b->negative, possible;
    if (a->kind == DEC_INFINITE)
        return b->kind == DEC_INFINITE ? dec_invalid(out, c, DEC_INVALID_OPERATION) : (*out = dec_infinity(negative), true);
    if (dec_is_zero(b))
        return divide_by_zero(a, negative, out, c);
    Value quotient;
    Dec rest;
    if (!divide_whole(t, a, b, &quotient, &rest, c, &possible))
        return false;
    if (!possible)
        return dec_invalid(out, c, DEC_DIVISION_IMPOSSIBLE);
    *out = (Dec){quotient, 0, DEC_FINITE, negative};
    return dec_finish(t, out, c);
}

bool dec_remainder(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    if (a->kind == DEC_INFINITE)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    if (dec_is_zero(b))
        return dec_invalid(out, c, dec_is_zero(a) ? DEC_DIVISION_UNDEFINED : DEC_INVALID_OPERATION);
    Value quotient;
    bool possible;
    if (!divide_whole(t, a, b, &quotient, out, c, &possible))
        return false;
    return possible ? dec_finish(t, out, c) : dec_invalid(out, c, DEC_DIVISION_IMPOSSIBLE);
}

bool dec_divmod(Thread *t, const Dec *a, const Dec *b, Dec *quotient, Dec *remainder, DecContext *c)
{
    if (dec_take_nan(t, a, b, quotient, c)) {
        *remainder = *quotient;
        return quotient->coefficient != 0;
    }
    bool negative = a->negative != b->negative, possible;
    if (a->kind == DEC_INFINITE) {
        dec_invalid(remainder, c, DEC_INVALID_OPERATION);
        *quotient = b->kind == DEC_INFINITE ? *remainder : dec_infinity(negative);
        return true;
    }
    if (dec_is_zero(b)) {
        dec_invalid(remainder, c, dec_is_zero(a) ? DEC_DIVISION_UNDEFINED : DEC_INVALID_OPERATION);
        *quotient = *remainder;
        if (!dec_is_zero(a)) {
            *quotient = dec_infinity(negative);
            c->status |= DEC_DIVISION_BY_ZERO;
        }
        return true;
    }
    Value whole;
    if (!divide_whole(t, a, b, &whole, remainder, c, &possible))
        return false;
    if (!possible) {
        dec_invalid(remainder, c, DEC_DIVISION_IMPOSSIBLE);
        *quotient = *remainder;
        return true;
    }
    *quotient = (Dec){whole, 0, DEC_FINITE, negative};
    return dec_finish(t, quotient, c) && dec_finish(t, remainder, c);
}

// The quotient is rounded to the nearest even whole number, so the remainder may have either sign.
static bool remainder_nearest(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c, int64_t ideal)
{
    Value x = dec_shift(t, a->coefficient, a->exponent - ideal), y = dec_shift(t, b->coefficient, b->exponent - ideal);
    Value quotient, rest;
    if (!x || !y || !int_divide_floor(t, x, y, &quotient, &rest))
        return false;
    Value twice = int_add(t, rest, rest);
    twice = twice && is_odd(quotient) ? int_add(t, twice, fixnum(1)) : twice;
    if (!twice)
        return false;
    *out = (Dec){rest, ideal, DEC_FINITE, a->negative};
    if (int_compare(twice, y) > 0) {
        out->coefficient = int_subtract(t, y, rest);
        out->negative = !a->negative;
        quotient = int_add(t, quotient, fixnum(1));
    }
    int64_t digits = quotient && out->coefficient ? dec_digits(t, quotient) : -1;
    if (digits < 0)
        return false;
    return digits > c->prec ? dec_invalid(out, c, DEC_DIVISION_IMPOSSIBLE) : dec_finish(t, out, c);
}

bool dec_remainder_near(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    if (a->kind == DEC_INFINITE)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    if (dec_is_zero(b))
        return dec_invalid(out, c, dec_is_zero(a) ? DEC_DIVISION_UNDEFINED : DEC_INVALID_OPERATION);
    *out = *a;
    if (b->kind == DEC_INFINITE)
        return dec_finish(t, out, c);
    int64_t ideal = a->exponent < b->exponent ? a->exponent : b->exponent, a_top, b_top;
    if (dec_is_zero(a)) {
        *out = dec_zero(a->negative, ideal);
        return dec_finish(t, out, c);
    }
    if (!dec_adjusted(t, a, &a_top) || !dec_adjusted(t, b, &b_top))
        return false;
    if (a_top - b_top > c->prec)
        return dec_invalid(out, c, DEC_DIVISION_IMPOSSIBLE);
    if (a_top - b_top <= -2) {
        bool inexact;
        return dec_rescale(t, out, ideal, c->rounding, &inexact) && dec_finish(t, out, c);
    }
    return remainder_nearest(t, a, b, out, c, ideal);
}

// --- changing the exponent ---

static bool quantize_finite(Thread *t, const Dec *a, int64_t exponent, Dec *out, DecContext *c)
{
    *out = dec_zero(a->negative, exponent);
    if (dec_is_zero(a))
        return dec_finish(t, out, c);
    int64_t top, digits;
    bool inexact;
    if (!dec_adjusted(t, a, &top))
        return false;
    if (top > c->emax || top - exponent + 1 > c->prec)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    *out = *a;
    if (!dec_rescale(t, out, exponent, c->rounding, &inexact) || (digits = dec_digits(t, out->coefficient)) < 0)
        return false;
    if (digits > c->prec || (!dec_is_zero(out) && exponent + digits - 1 > c->emax))
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    if (!dec_is_zero(out) && exponent + digits - 1 < c->emin)
        c->status |= DEC_SUBNORMAL;
    if (exponent > a->exponent)
        c->status |= inexact ? DEC_ROUNDED | DEC_INEXACT : DEC_ROUNDED;
    return dec_finish(t, out, c);
}

bool dec_quantize(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    if (a->kind == DEC_INFINITE || b->kind == DEC_INFINITE) {
        *out = *a;
        return a->kind == b->kind || dec_invalid(out, c, DEC_INVALID_OPERATION);
    }
    if (b->exponent > c->emax || b->exponent < dec_etiny(c))
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    return quantize_finite(t, a, b->exponent, out, c);
}

bool dec_to_integral_exact(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, NULL, out, c))
        return out->coefficient != 0;
    *out = *a;
    if (a->kind == DEC_INFINITE || a->exponent >= 0)
        return true;
    if (dec_is_zero(a)) {
        out->exponent = 0;
        return true;
    }
    bool inexact;
    if (!dec_rescale(t, out, 0, c->rounding, &inexact))
        return false;
    c->status |= inexact ? DEC_ROUNDED | DEC_INEXACT : DEC_ROUNDED;
    return true;
}

bool dec_to_integral_value(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    uint32_t before = c->status;
    if (!dec_to_integral_exact(t, a, out, c))
        return false;
    c->status = before | (c->status & DEC_INVALID_OPERATION);
    return true;
}

bool dec_normalize(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, NULL, out, c))
        return out->coefficient != 0;
    *out = *a;
    if (!dec_finish(t, out, c))
        return false;
    if (out->kind == DEC_INFINITE)
        return true;
    if (dec_is_zero(out)) {
        out->exponent = 0;
        return true;
    }
    return towards_ideal(t, out, c->clamp ? dec_etop(c) : c->emax);
}

// --- square root ---

static Value whole_root(Thread *t, Value square)
{
    mpz_t view, root;
    mp_limb_t room;
    int_view(square, view, &room);
    mpz_init(root);
    mpz_sqrt(root, view);
    Value value = int_from_mpz(t, root);
    mpz_clear(root);
    return value;
}

static bool root_of_positive(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    int64_t digits = dec_digits(t, a->coefficient), exponent = a->exponent >> 1;
    if (digits < 0)
        return false;
    Value square = a->coefficient;
    int64_t length = (digits + 1) >> 1;
    if (a->exponent & 1) {
        square = int_multiply(t, square, fixnum(10));
        length = (digits >> 1) + 1;
    }
    int64_t shift = c->prec + 1 - length;
    Value rest = fixnum(0), power = square ? dec_power10(t, 2 * (shift < 0 ? -shift : shift)) : 0;
    if (!power)
        return false;
    if (shift >= 0)
        square = int_multiply(t, square, power);
    else if (!int_divide_floor(t, square, power, &square, &rest))
        return false;
    Value root = square ? whole_root(t, square) : 0, again = root ? int_multiply(t, root, root) : 0;
    if (!again)
        return false;
    if (rest == fixnum(0) && int_compare(again, square) == 0) {
        *out = (Dec){dec_shift(t, root, -shift), exponent, DEC_FINITE, false};
    } else {
        *out = (Dec){sticky(t, root), exponent - shift, DEC_FINITE, false};
    }
    if (!out->coefficient)
        return false;
    DecRounding rounding = c->rounding;
    c->rounding = ROUND_HALF_EVEN;
    bool done = dec_finish(t, out, c);
    c->rounding = rounding;
    return done;
}

bool dec_sqrt(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, NULL, out, c))
        return out->coefficient != 0;
    if (dec_is_zero(a)) {
        *out = dec_zero(a->negative, a->exponent >> 1);
        return dec_finish(t, out, c);
    }
    if (a->negative)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    *out = *a;
    return a->kind == DEC_INFINITE || root_of_positive(t, a, out, c);
}
