// decimal_compare.c: comparing decimal numbers, extremes, neighbours, classes.
#include "src/modules/decimal_internal.h"

static int sign_of(const Dec *a) { return dec_is_zero(a) ? 0 : a->negative ? -1 : 1; }

// |a| against |b| for finite nonzero numbers.
static int size_order(Thread *t, const Dec *a, const Dec *b, bool *ok)
{
    int64_t a_top, b_top;
    *ok = dec_adjusted(t, a, &a_top) && dec_adjusted(t, b, &b_top);
    if (!*ok)
        return 0;
    if (a_top != b_top)
        return a_top < b_top ? -1 : 1;
    int64_t exponent = a->exponent < b->exponent ? a->exponent : b->exponent;
    Value x = dec_shift(t, a->coefficient, a->exponent - exponent), y = dec_shift(t, b->coefficient, b->exponent - exponent);
    *ok = x && y;
    return *ok ? int_compare(x, y) : 0;
}

int dec_order(Thread *t, const Dec *a, const Dec *b, bool *ok)
{
    *ok = true;
    int a_sign = sign_of(a), b_sign = sign_of(b);
    if (a_sign != b_sign)
        return a_sign < b_sign ? -1 : 1;
    if (a_sign == 0)
        return 0;
    if (a->kind == DEC_INFINITE || b->kind == DEC_INFINITE)
        return a->kind == b->kind ? 0 : a->kind == DEC_INFINITE ? a_sign : -a_sign;
    return a_sign * size_order(t, a, b, ok);
}

bool dec_compare(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    bool ok;
    *out = dec_int(dec_order(t, a, b, &ok));
    return ok;
}

bool dec_compare_signal(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_is_nan(a) || dec_is_nan(b))
        c->status |= DEC_INVALID_OPERATION;
    return dec_compare(t, a, b, out, c);
}

// --- total order: signs, then NaNs beyond infinities, then value, then exponent ---

static int total_size_order(Thread *t, const Dec *a, const Dec *b, bool *ok)
{
    *ok = true;
    static const int rank[] = {[DEC_FINITE] = 0, [DEC_INFINITE] = 1, [DEC_SNAN] = 2, [DEC_QNAN] = 3};
    if (rank[a->kind] != rank[b->kind])
        return rank[a->kind] < rank[b->kind] ? -1 : 1;
    if (a->kind == DEC_INFINITE)
        return 0;
    if (a->kind != DEC_FINITE)
        return int_compare(a->coefficient, b->coefficient);
    Dec x = *a, y = *b;
    x.negative = y.negative = false;
    int order = dec_order(t, &x, &y, ok);
    return order ? order : a->exponent < b->exponent ? -1 : a->exponent > b->exponent;
}

bool dec_compare_total(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    bool ok = true;
    int order = a->negative != b->negative ? (a->negative ? -1 : 1) : total_size_order(t, a, b, &ok);
    *out = dec_int(a->negative == b->negative && a->negative ? -order : order);
    return ok;
}

bool dec_compare_total_mag(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    bool ok;
    *out = dec_int(total_size_order(t, a, b, &ok));
    return ok;
}

// --- extremes ---

static bool extreme(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c, int wanted, bool by_size)
{
    if (dec_is_nan(a) || dec_is_nan(b)) {
        if (a->kind == DEC_SNAN || b->kind == DEC_SNAN || (dec_is_nan(a) && dec_is_nan(b)))
            return dec_take_nan(t, a, b, out, c) && out->coefficient;
        *out = dec_is_nan(a) ? *b : *a;
        return dec_finish(t, out, c);
    }
    Dec x = *a, y = *b, total;
    if (by_size)
        x.negative = y.negative = false;
    bool ok;
    int order = dec_order(t, &x, &y, &ok);
    if (!ok)
        return false;
    if (order == 0) {
        if (!dec_compare_total(t, a, b, &total, c))
            return false;
        order = dec_is_zero(&total) ? 0 : total.negative ? -1 : 1;
    }
    *out = order == wanted || (order == 0 && wanted < 0) ? *a : *b;
    return dec_finish(t, out, c);
}

bool dec_max(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c) { return extreme(t, a, b, out, c, 1, false); }
bool dec_min(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c) { return extreme(t, a, b, out, c, -1, false); }
bool dec_max_mag(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c) { return extreme(t, a, b, out, c, 1, true); }
bool dec_min_mag(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c) { return extreme(t, a, b, out, c, -1, true); }

// --- neighbours ---

// The largest finite number of the context.
static bool largest(Thread *t, bool negative, Dec *out, const DecContext *c)
{
    Value power = dec_power10(t, c->prec);
    *out = (Dec){power ? int_subtract(t, power, fixnum(1)) : 0, dec_etop(c), DEC_FINITE, negative};
    return out->coefficient != 0;
}

static bool neighbour(Thread *t, const Dec *a, bool up, Dec *out, DecContext *c)
{
    if (a->kind == DEC_INFINITE) {
        *out = *a;
        return a->negative != up || largest(t, a->negative, out, c);
    }
    DecContext quiet = *c;
    quiet.rounding = up ? ROUND_CEILING : ROUND_FLOOR;
    quiet.status = 0;
    Dec rounded = *a;
    if (!dec_finish(t, &rounded, &quiet))
        return false;
    bool ok = true;
    if (rounded.kind != a->kind || dec_order(t, &rounded, a, &ok) != 0) {
        *out = rounded;
        return ok;
    }
    Dec step = {fixnum(1), dec_etiny(c) - 1, DEC_FINITE, !up};
    return dec_add(t, a, &step, out, &quiet);
}

bool dec_next_plus(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    return dec_take_nan(t, a, NULL, out, c) ? out->coefficient != 0 : neighbour(t, a, true, out, c);
}

bool dec_next_minus(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    return dec_take_nan(t, a, NULL, out, c) ? out->coefficient != 0 : neighbour(t, a, false, out, c);
}

bool dec_next_toward(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c)
{
    if (dec_take_nan(t, a, b, out, c))
        return out->coefficient != 0;
    bool ok;
    int order = dec_order(t, a, b, &ok);
    if (!ok)
        return false;
    if (order == 0) {
        *out = *a;
        out->negative = b->negative;
        return true;
    }
    if (!neighbour(t, a, order < 0, out, c))
        return false;
    if (out->kind == DEC_INFINITE) {
        if (a->kind != DEC_INFINITE)
            c->status |= DEC_OVERFLOW | DEC_ROUNDED | DEC_INEXACT;
        return true;
    }
    int64_t top = c->emin;
    if (!dec_is_zero(out) && !dec_adjusted(t, out, &top))
        return false;
    if (dec_is_zero(out) || top < c->emin) {
        c->status |= DEC_UNDERFLOW | DEC_SUBNORMAL | DEC_ROUNDED | DEC_INEXACT;
        if (dec_is_zero(out))
            c->status |= DEC_CLAMPED;
    }
    return true;
}

// --- classes ---

bool dec_is_normal(Thread *t, const Dec *a, const DecContext *c, bool *out)
{
    int64_t top;
    *out = false;
    if (a->kind != DEC_FINITE || dec_is_zero(a))
        return true;
    if (!dec_adjusted(t, a, &top))
        return false;
    *out = top >= c->emin;
    return true;
}

const char *dec_class(Thread *t, const Dec *a, const DecContext *c)
{
    if (a->kind == DEC_SNAN)
        return "sNaN";
    if (a->kind == DEC_QNAN)
        return "NaN";
    if (a->kind == DEC_INFINITE)
        return a->negative ? "-Infinity" : "+Infinity";
    if (dec_is_zero(a))
        return a->negative ? "-Zero" : "+Zero";
    bool normal;
    if (!dec_is_normal(t, a, c, &normal))
        return NULL;
    if (normal)
        return a->negative ? "-Normal" : "+Normal";
    return a->negative ? "-Subnormal" : "+Subnormal";
}
