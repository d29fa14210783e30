// decimal_functions.c: exp, ln and log10 of decimal numbers, correctly rounded.
//
// Values are computed in binary fixed point (an mpz with `bits` fraction bits) with a few digits more than asked for. When the
// digits beyond the precision are too close to a half to decide, all is done again with more.
#include "src/core/vm.h"
#include "src/modules/decimal_internal.h"

enum { SPARE_DIGITS = 5, SPARE_BITS = 48, MORE_DIGITS = 16 };

static uint64_t bits_for_digits(int64_t digits) { return (uint64_t)((double)digits * 3.3219280948873626) + SPARE_BITS; }

static uint64_t root_of(uint64_t n)
{
    uint64_t r = 1;
    while (r * r < n)
        r++;
    return r;
}

// --- fixed-point functions; numbers carry `bits` fraction bits ---

static void fixed_exp(mpz_t out, const mpz_t x, uint64_t bits)
{
    uint64_t halvings = root_of(bits) / 2 + 8, work = bits + 2 * halvings + SPARE_BITS;
    mpz_t y, term;
    mpz_inits(y, term, NULL);
    mpz_mul_2exp(y, x, work - bits);
    mpz_fdiv_q_2exp(y, y, halvings);
    mpz_set_ui(term, 1);
    mpz_mul_2exp(term, term, work);
    mpz_set(out, term);
    for (unsigned long n = 1; mpz_sgn(term) != 0; n++) {
        mpz_mul(term, term, y);
        mpz_tdiv_q_2exp(term, term, work);
        mpz_tdiv_q_ui(term, term, n);
        mpz_add(out, out, term);
    }
    for (uint64_t i = 0; i < halvings; i++) {
        mpz_mul(out, out, out);
        mpz_tdiv_q_2exp(out, out, work);
    }
    mpz_tdiv_q_2exp(out, out, work - bits);
    mpz_clears(y, term, NULL);
}

// Square roots bring x close to 1, where the series of atanh((x - 1) / (x + 1)) is short.
static void fixed_ln(mpz_t out, const mpz_t x, uint64_t bits)
{
    uint64_t roots = root_of(bits) / 2 + 8, work = bits + 2 * roots + SPARE_BITS;
    mpz_t y, one, power, term;
    mpz_inits(y, one, power, term, NULL);
    mpz_mul_2exp(y, x, work - bits);
    for (uint64_t i = 0; i < roots; i++) {
        mpz_mul_2exp(y, y, work);
        mpz_sqrt(y, y);
    }
    mpz_set_ui(one, 1);
    mpz_mul_2exp(one, one, work);
    mpz_sub(power, y, one);
    mpz_add(y, y, one);
    mpz_mul_2exp(power, power, work);
    mpz_tdiv_q(power, power, y);
    mpz_set(out, power);
    mpz_mul(y, power, power);
    mpz_tdiv_q_2exp(y, y, work);                              // y: the square of the quotient
    for (unsigned long n = 3; mpz_sgn(power) != 0; n += 2) {
        mpz_mul(power, power, y);
        mpz_tdiv_q_2exp(power, power, work);
        mpz_tdiv_q_ui(term, power, n);
        mpz_add(out, out, term);
    }
    mpz_mul_2exp(out, out, roots + 1);
    mpz_fdiv_q_2exp(out, out, work - bits);
    mpz_clears(y, one, power, term, NULL);
}

// ln 10 as found last: immutable once published.
typedef struct Ln10 {
    uint64_t bits;
    Value value;
} Ln10;
static Ln10 *known_ln10;

static bool fixed_ln10(Thread *t, mpz_t out, uint64_t bits)
{
    Ln10 *known = load_acquire(&known_ln10);
    if (!known || known->bits < bits) {
        if (!known)
            vm_add_root_range(&known_ln10, &known_ln10 + 1);
        Ln10 *made = new_scanned(t, sizeof(Ln10));
        if (!made)
            return false;
        mpz_t ten, result;
        mpz_init_set_ui(ten, 10);
        mpz_init(result);
        mpz_mul_2exp(ten, ten, bits);
        fixed_ln(result, ten, bits);
        made->bits = bits;
        made->value = int_from_mpz(t, result);
        mpz_clears(ten, result, NULL);
        if (!made->value)
            return false;
        publish(&known_ln10, made);
        known = made;
    }
    mpz_t view;
    mp_limb_t room;
    int_view(known->value, view, &room);
    mpz_fdiv_q_2exp(out, view, known->bits - bits);
    return true;
}

// coefficient * 10**exponent in fixed point.
static bool fixed_from(Thread *t, mpz_t out, Value coefficient, int64_t exponent, uint64_t bits)
{
    Value power = dec_power10(t, exponent < 0 ? -exponent : exponent);
    if (!power)
        return false;
    mpz_t c, p;
    mp_limb_t c_room, p_room;
    int_view(coefficient, c, &c_room);
    int_view(power, p, &p_room);
    mpz_mul_2exp(out, c, bits);
    if (exponent >= 0)
        mpz_mul(out, out, p);
    else
        mpz_fdiv_q(out, out, p);
    return true;
}

// |x| * 10**places as an int: the coefficient of a result.
static Value fixed_to_coefficient(Thread *t, const mpz_t x, int64_t places, uint64_t bits)
{
    Value power = dec_power10(t, places < 0 ? -places : places);
    if (!power)
        return 0;
    mpz_t p, scaled;
    mp_limb_t room;
    int_view(power, p, &room);
    mpz_init(scaled);
    mpz_abs(scaled, x);
    if (places >= 0)
        mpz_mul(scaled, scaled, p);
    else
        mpz_tdiv_q(scaled, scaled, p);
    mpz_tdiv_q_2exp(scaled, scaled, bits);
    Value value = int_from_mpz(t, scaled);
    mpz_clear(scaled);
    return value;
}

// Whether the coefficient, off by a unit or two in its last place, determines its first `prec` digits: 1 yes, 0 no, -1 error.
static int decides(Thread *t, Value coefficient, int64_t prec)
{
    int64_t digits = dec_digits(t, coefficient), beyond = digits - prec;
    if (digits < 0)
        return -1;
    if (beyond < 2)
        return 0;
    Value power = dec_power10(t, beyond), tail = power ? int_remainder(t, coefficient, power) : 0;
    Value twice = tail ? int_add(t, tail, tail) : 0, distance = twice ? int_subtract(t, twice, power) : 0;
    int64_t d;
    if (!distance)
        return -1;
    enum { UNSURE = 8 };
    return !int_to_int64(distance, &d) || d < -UNSURE || d > UNSURE;
}

// Rounds half to even, whatever the context says.
static bool finish_half_even(Thread *t, Dec *out, DecContext *c)
{
    DecRounding rounding = c->rounding;
    c->rounding = ROUND_HALF_EVEN;
    bool done = dec_finish(t, out, c);
    c->rounding = rounding;
    return done;
}

// A result of which digits were cut off.
static bool finish_inexact(Thread *t, Dec *out, DecContext *c)
{
    Value last = int_remainder(t, out->coefficient, fixnum(5));
    if (last == fixnum(0))
        out->coefficient = int_add(t, out->coefficient, fixnum(1));
    c->status |= DEC_INEXACT | DEC_ROUNDED;
    return last && out->coefficient && finish_half_even(t, out, c);
}

// --- exp ---

// One attempt with `digits` digits: the coefficient and exponent of e**a.
static bool exp_attempt(Thread *t, const Dec *a, int64_t digits, Dec *out)
{
    enum { ARGUMENT_BITS = 72 };                              // of the largest argument that neither over- nor underflows
    uint64_t bits = bits_for_digits(digits) + ARGUMENT_BITS;
    mpz_t x, ln10, turns;
    mpz_inits(x, ln10, turns, NULL);
    bool done = fixed_from(t, x, a->coefficient, a->exponent, bits) && fixed_ln10(t, ln10, bits);
    if (done) {
        if (a->negative)
            mpz_neg(x, x);
        mpz_fdiv_qr(turns, x, x, ln10);
        int64_t tens = mpz_get_si(turns);
        fixed_exp(ln10, x, bits);
        *out = (Dec){fixed_to_coefficient(t, ln10, digits - 1, bits), tens - (digits - 1), DEC_FINITE, false};
        done = out->coefficient != 0;
    }
    mpz_clears(x, ln10, turns, NULL);
    return done;
}

static int64_t count_of(int64_t i)
{
    int64_t n = 1;
    while (i >= 10) {
        i /= 10;
        n++;
    }
    return n;
}

// Arguments whose result needs no series. 1 done, 0 not one of them, -1 error.
static int exp_extreme(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    int64_t top, p = c->prec;
    if (!dec_adjusted(t, a, &top))
        return -1;
    if (!a->negative && top > count_of((c->emax + 1) * 3)) {
        *out = (Dec){fixnum(1), c->emax + 1, DEC_FINITE, false};
    } else if (a->negative && top > count_of((1 - dec_etiny(c)) * 3)) {
        *out = (Dec){fixnum(1), dec_etiny(c) - 1, DEC_FINITE, false};
    } else if (!a->negative && top < -p) {
        Value one = dec_power10(t, p);
        *out = (Dec){one ? int_add(t, one, fixnum(1)) : 0, -p, DEC_FINITE, false};
    } else if (a->negative && top < -p - 1) {
        Value one = dec_power10(t, p + 1);
        *out = (Dec){one ? int_subtract(t, one, fixnum(1)) : 0, -p - 1, DEC_FINITE, false};
    } else {
        return 0;
    }
    return out->coefficient && finish_inexact(t, out, c) ? 1 : -1;
}

bool dec_exp(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, NULL, out, c))
        return out->coefficient != 0;
    if (a->kind == DEC_INFINITE) {
        *out = a->negative ? dec_zero(false, 0) : *a;
        return true;
    }
    *out = dec_int(1);
    if (dec_is_zero(a))
        return true;
    int extreme = exp_extreme(t, a, out, c);
    if (extreme)
        return extreme > 0;
    for (int64_t digits = c->prec + SPARE_DIGITS;; digits += MORE_DIGITS) {
        if (!exp_attempt(t, a, digits, out))
            return false;
        int decided = decides(t, out->coefficient, c->prec);
        if (decided)
            return decided > 0 && finish_inexact(t, out, c);
    }
}

// --- logarithms ---

// A lower bound of the exponent of ln a's first digit.
static bool ln_top(Thread *t, const Dec *a, int64_t *out)
{
    int64_t top;
    if (!dec_adjusted(t, a, &top))
        return false;
    *out = 0;
    if (top != 0 && top != -1)
        return true;
    DecContext exact = dec_max_context();
    Dec one = dec_int(1), distance;
    exact.prec = 1;                                           // only its size counts
    if (!dec_subtract(t, a, &one, &distance, &exact) || !dec_adjusted(t, &distance, out))
        return false;
    *out -= 2;
    return true;
}

// ln a in fixed point.
static bool fixed_ln_of(Thread *t, mpz_t out, const Dec *a, uint64_t bits)
{
    int64_t top;
    if (!dec_adjusted(t, a, &top))
        return false;
    mpz_t x, tens;
    mpz_inits(x, tens, NULL);
    bool done = fixed_from(t, x, a->coefficient, a->exponent - top, bits) && fixed_ln10(t, tens, bits);
    if (done) {
        fixed_ln(out, x, bits);
        mpz_set_si(x, top);
        mpz_addmul(out, tens, x);
    }
    mpz_clears(x, tens, NULL);
    return done;
}

typedef enum LogBase { BASE_E, BASE_10 } LogBase;

static bool log_attempt(Thread *t, const Dec *a, LogBase base, int64_t places, Dec *out)
{
    enum { EXPONENT_BITS = 64 };
    uint64_t bits = bits_for_digits(places) + EXPONENT_BITS;
    mpz_t x, ln10;
    mpz_inits(x, ln10, NULL);
    bool done = fixed_ln_of(t, x, a, bits);
    if (done && base == BASE_10) {
        done = fixed_ln10(t, ln10, bits);
        mpz_mul_2exp(x, x, bits);
        if (done)
            mpz_tdiv_q(x, x, ln10);
    }
    if (done) {
        *out = (Dec){fixed_to_coefficient(t, x, places, bits), -places, DEC_FINITE, mpz_sgn(x) < 0};
        done = out->coefficient != 0;
    }
    mpz_clears(x, ln10, NULL);
    return done;
}

static bool log_positive(Thread *t, const Dec *a, LogBase base, Dec *out, DecContext *c)
{
    int64_t top;
    if (!ln_top(t, a, &top))
        return false;
    for (int64_t places = c->prec + SPARE_DIGITS - top;; places += MORE_DIGITS) {
        if (!log_attempt(t, a, base, places, out))
            return false;
        int decided = decides(t, out->coefficient, c->prec);
        if (decided)
            return decided > 0 && finish_inexact(t, out, c);
    }
}

// What both logarithms do with special operands. 1 done, 0 not one, -1 error.
static int log_special(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, NULL, out, c))
        return out->coefficient ? 1 : -1;
    if (dec_is_zero(a)) {
        *out = dec_infinity(true);
        return 1;
    }
    if (a->negative)
        return dec_invalid(out, c, DEC_INVALID_OPERATION);
    *out = *a;
    return a->kind == DEC_INFINITE;
}

// Is a 10**n? 1 yes, 0 no, -1 error.
static int is_power10(Thread *t, const Dec *a, int64_t *n)
{
    int64_t digits = dec_digits(t, a->coefficient);
    Value power = digits > 0 ? dec_power10(t, digits - 1) : 0;
    *n = a->exponent + digits - 1;
    return power ? int_compare(power, a->coefficient) == 0 : -1;
}

bool dec_ln(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    int special = log_special(t, a, out, c);
    if (special)
        return special > 0;
    int64_t n;
    int power = is_power10(t, a, &n);
    if (power < 0)
        return false;
    if (power && n == 0) {
        *out = dec_zero(false, 0);
        return true;
    }
    return log_positive(t, a, BASE_E, out, c);
}

bool dec_log10(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    int special = log_special(t, a, out, c);
    if (special)
        return special > 0;
    int64_t n;
    int power = is_power10(t, a, &n);
    if (power <= 0)
        return power == 0 && log_positive(t, a, BASE_10, out, c);
    *out = dec_int(n);
    return finish_half_even(t, out, c);
}
