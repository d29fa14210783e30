// decimal_digits.c: powers of ten, counting digits, and rounding decimal numbers to a context.
#include <math.h>

#include "src/core/vm.h"
#include "src/modules/decimal_internal.h"

// --- powers of ten ---

enum { POWERS_KEPT = 512, DIGITS_LIMIT = 1 << 30 };
static Value powers[POWERS_KEPT];                           // 10**n as they are needed; idempotent

Value dec_power10(Thread *t, int64_t n)
{
    if (n < POWERS_KEPT) {
        Value known = load_acquire(&powers[n]);
        if (known)
            return known;
    }
    if (n > (int64_t)DIGITS_LIMIT * 4)
        return raise_no_memory(t);
    Value power = int_power(t, fixnum(10), fixnum(n), NONE);
    if (power && n < POWERS_KEPT) {
        static bool rooted;                                   // racing twice is harmless: ranges may be added twice
        if (!load_acquire(&rooted)) {
            vm_add_root_range(powers, powers + POWERS_KEPT);
            publish(&rooted, true);
        }
        publish(&powers[n], power);
    }
    return power;
}

static int64_t fixnum_digits(int64_t i)
{
    int64_t n = 1, bound = 10;
    while (i >= bound) {
        n++;
        if (bound > INT64_MAX / 10)
            break;
        bound *= 10;
    }
    return n;
}

int64_t dec_digits(Thread *t, Value coefficient)
{
    if (is_fixnum(coefficient))
        return fixnum_digits(fixnum_value(coefficient));
    size_t bits = int_bit_length(coefficient);
    int64_t low = (int64_t)((double)(bits - 1) * 0.30102999566398114) + 1;   // of 2**(bits - 1), perhaps one less
    int64_t high = (int64_t)((double)bits * 0.30102999566398120) + 1;
    while (low < high) {
        Value power = dec_power10(t, low);
        if (!power)
            return -1;
        if (int_compare(coefficient, power) < 0)
            break;
        low++;
    }
    return low;
}

bool dec_adjusted(Thread *t, const Dec *d, int64_t *out)
{
    int64_t digits = dec_digits(t, d->coefficient);
    *out = d->exponent + digits - 1;
    return digits > 0;
}

Value dec_shift(Thread *t, Value coefficient, int64_t digits)
{
    if (coefficient == fixnum(0) || digits == 0)
        return coefficient;
    Value power = dec_power10(t, digits < 0 ? -digits : digits);
    if (!power)
        return 0;
    return digits > 0 ? int_multiply(t, coefficient, power) : int_floor_divide(t, coefficient, power);
}

DecContext dec_max_context(void)
{
    return (DecContext){.prec = DEC_PREC_MAX, .emin = DEC_EMIN_MIN, .emax = DEC_EMAX_MAX, .rounding = ROUND_HALF_EVEN, .capitals = 1};
}

// --- rounding ---

// Whether to go away from zero, given how the dropped part compares with a half.
static bool rounds_up(DecRounding rounding, bool negative, int half, Value quotient)
{
    IntView view;
    int_look(quotient, &view);
    switch (rounding) {
    case ROUND_UP: return true;
    case ROUND_DOWN: return false;
    case ROUND_CEILING: return !negative;
    case ROUND_FLOOR: return negative;
    case ROUND_HALF_UP: return half >= 0;
    case ROUND_HALF_DOWN: return half > 0;
    case ROUND_HALF_EVEN: return half > 0 || (half == 0 && view.n && (view.limbs[0] & 1));
    default: {                                                // 05UP: away from zero if the last digit is 0 or 5
        mp_limb_t last = view.n ? mpn_mod_1(view.limbs, (mp_size_t)view.n, 10) : 0;
        return last == 0 || last == 5;
    }
    }
}

Value dec_round_coefficient(Thread *t, Value coefficient, int64_t drop, bool negative, DecRounding rounding, bool *inexact)
{
    int64_t digits = dec_digits(t, coefficient);
    if (digits < 0)
        return 0;
    Value quotient, remainder;
    int half;
    if (drop > digits + 1) {                                  // far below a half
        quotient = fixnum(0);
        remainder = coefficient;
        half = -1;
    } else {
        Value power = dec_power10(t, drop);
        if (!power || !int_divide_floor(t, coefficient, power, &quotient, &remainder))
            return 0;
        Value twice = int_add(t, remainder, remainder);
        if (!twice)
            return 0;
        half = int_compare(twice, power);
    }
    *inexact = remainder != fixnum(0);
    if (*inexact && rounds_up(rounding, negative, half, quotient))
        quotient = int_add(t, quotient, fixnum(1));
    return quotient;
}

bool dec_rescale(Thread *t, Dec *d, int64_t exponent, DecRounding rounding, bool *inexact)
{
    *inexact = false;
    Value coefficient = d->exponent >= exponent
        ? dec_shift(t, d->coefficient, d->exponent - exponent)
        : dec_round_coefficient(t, d->coefficient, exponent - d->exponent, d->negative, rounding, inexact);
    if (!coefficient)
        return false;
    d->coefficient = coefficient;
    d->exponent = exponent;
    return true;
}

// --- finishing a result ---

static bool finish_zero(Dec *d, DecContext *c)
{
    int64_t most = c->clamp ? dec_etop(c) : c->emax, least = dec_etiny(c);
    int64_t exponent = d->exponent < least ? least : d->exponent > most ? most : d->exponent;
    if (exponent != d->exponent)
        c->status |= DEC_CLAMPED;
    d->exponent = exponent;
    return true;
}

// Infinity, or the largest finite number where the rounding mode does not go that way.
static bool finish_overflow(Thread *t, Dec *d, DecContext *c)
{
    c->status |= DEC_OVERFLOW | DEC_INEXACT | DEC_ROUNDED;
    bool largest = c->rounding == ROUND_DOWN || c->rounding == ROUND_05UP || (c->rounding == ROUND_CEILING && d->negative)
        || (c->rounding == ROUND_FLOOR && !d->negative);
    if (!largest) {
        *d = dec_infinity(d->negative);
        return true;
    }
    Value power = dec_power10(t, c->prec);
    d->coefficient = power ? int_subtract(t, power, fixnum(1)) : 0;
    d->exponent = dec_etop(c);
    return d->coefficient != 0;
}

static bool finish_nan(Thread *t, Dec *d, DecContext *c)
{
    int64_t digits = dec_digits(t, d->coefficient), most = c->prec - (c->clamp ? 1 : 0);
    if (digits < 0)
        return false;
    if (digits > most) {
        Value power = dec_power10(t, most);
        d->coefficient = power ? int_remainder(t, d->coefficient, power) : 0;
    }
    return d->coefficient != 0;
}

// Rounds to `exponent`, which is above d's own.
static bool finish_round(Thread *t, Dec *d, int64_t exponent, bool subnormal, DecContext *c)
{
    bool inexact;
    if (!dec_rescale(t, d, exponent, c->rounding, &inexact))
        return false;
    int64_t digits = dec_digits(t, d->coefficient);
    if (digits < 0)
        return false;
    if (digits > c->prec) {                                   // 99.9 became 100
        d->coefficient = dec_shift(t, d->coefficient, -1);
        d->exponent++;
        digits--;
    }
    if (!d->coefficient)
        return false;
    if (d->coefficient != fixnum(0) && d->exponent + digits - 1 > c->emax)
        return finish_overflow(t, d, c);
    c->status |= DEC_ROUNDED;
    if (subnormal)
        c->status |= DEC_SUBNORMAL;
    if (inexact)
        c->status |= subnormal ? DEC_INEXACT | DEC_UNDERFLOW : DEC_INEXACT;
    if (d->coefficient == fixnum(0))
        c->status |= DEC_CLAMPED;
    return true;
}

bool dec_finish(Thread *t, Dec *d, DecContext *c)
{
    if (d->kind == DEC_INFINITE)
        return true;
    if (d->kind != DEC_FINITE)
        return finish_nan(t, d, c);
    if (d->coefficient == fixnum(0))
        return finish_zero(d, c);
    int64_t digits = dec_digits(t, d->coefficient);
    if (digits < 0)
        return false;
    int64_t least = digits + d->exponent - c->prec, etiny = dec_etiny(c), etop = dec_etop(c);
    if (least > etop)
        return finish_overflow(t, d, c);
    bool subnormal = least < etiny;
    if (subnormal)
        least = etiny;
    if (d->exponent < least && !finish_round(t, d, least, subnormal, c))
        return false;
    if (d->kind != DEC_FINITE)
        return true;
    if (subnormal)
        c->status |= DEC_SUBNORMAL;
    if (c->clamp && d->exponent > etop && d->coefficient != fixnum(0)) {
        c->status |= DEC_CLAMPED;
        bool inexact;
        return dec_rescale(t, d, etop, c->rounding, &inexact);
    }
    return true;
}

// --- NaNs ---

bool dec_invalid(Dec *out, DecContext *c, uint32_t condition)
{
    *out = dec_nan();
    c->status |= condition;
    return true;
}

bool dec_take_nan(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    const Dec *nan = NULL;
    if (a->kind == DEC_SNAN || (b && b->kind == DEC_SNAN)) {
        nan = a->kind == DEC_SNAN ? a : b;
        c->status |= DEC_INVALID_OPERATION;
    } else if (a->kind == DEC_QNAN || (b && b->kind == DEC_QNAN)) {
        nan = a->kind == DEC_QNAN ? a : b;
    }
    if (!nan)
        return false;
    *out = *nan;
    out->kind = DEC_QNAN;
    if (!finish_nan(t, out, c))
        out->coefficient = 0;                                 // the caller sees a pending MemoryError
    return true;
}
