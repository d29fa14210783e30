// math_sum.c: sums, products and lengths in math that are more exact than adding up doubles.
#include <math.h>
#include <stdlib.h>

#include "src/modules/math_internal.h"
#include "src/types/int_internal.h"

// --- exact pieces: the rounding error of one operation is itself a double ---

typedef struct Double2 { double high, low; } Double2;

static Double2 two_sum(double a, double b)
{
    double sum = a + b, part = sum - a;
    return (Double2){sum, (a - (sum - part)) + (b - part)};
}

static Double2 two_product(double a, double b)
{
    double product = a * b;
    return (Double2){product, fma(a, b, -product)};
}

// --- fsum: partial sums that do not overlap, smallest first; their exact sum is rounded once ---

enum { PARTIALS_FIRST = 32 };

typedef struct Partials {
    double *at;                   // malloc memory
    size_t n, room;
    double special, infinities;   // sums of what is not finite
} Partials;

static bool partials_push(Thread *t, Partials *p, double x)
{
    if (p->n == p->room) {
        size_t room = p->room ? p->room * 2 : PARTIALS_FIRST;
        double *grown = realloc(p->at, room * sizeof(double));
        if (!grown) {
            raise_no_memory(t);
            return false;
        }
        p->at = grown;
        p->room = room;
    }
    p->at[p->n++] = x;
    return true;
}

static bool partials_add(Thread *t, Value item, void *data)
{
    Partials *p = data;
    double x;
    if (!to_double(t, item, &x))
        return false;
    double given = x;
    size_t kept = 0;
    for (size_t i = 0; i < p->n; i++) {
        Double2 sum = two_sum(x, p->at[i]);
        if (fabs(x) < fabs(p->at[i]))
            sum = two_sum(p->at[i], x);
        if (sum.low != 0.0)
            p->at[kept++] = sum.low;
        x = sum.high;
    }
    p->n = kept;
    if (x == 0.0)
        return true;
    if (isfinite(x))
        return partials_push(t, p, x);
    if (isfinite(given)) {
        raise(t, EXC(OverflowError), "intermediate overflow in fsum");
        return false;
    }
    if (isinf(given))
        p->infinities += given;
    p->special += given;
    p->n = 0;
    return true;
}

// The exact sum of the partials, rounded to nearest even.
static double partials_round(const Partials *p)
{
    size_t n = p->n;
    if (n == 0)
        return 0.0;
    double high = p->at[--n], low = 0.0;
    while (n > 0) {
        Double2 sum = two_sum(high, p->at[--n]);
        high = sum.high;
        low = sum.low;
        if (low != 0.0)
            break;
    }
    if (n > 0 && ((low < 0.0 && p->at[n - 1] < 0.0) || (low > 0.0 && p->at[n - 1] > 0.0))) {
        double twice = low * 2.0, moved = high + twice;       // a tie that the rest decides
        if (twice == moved - high)
            high = moved;
    }
    return high;
}

Value math_fsum(Thread *t, const Value *args, size_t nargs)
{
    Partials p = {0};
    Value result = 0;
    if (iterate(t, args[0], partials_add, &p)) {
        if (p.special == 0.0)
            result = float_new(t, partials_round(&p));
        else if (isnan(p.infinities))
            raise(t, EXC(ValueError), "-inf + inf in fsum");
        else
            result = float_new(t, p.special);
    }
    free(p.at);
    return result;
}

// --- sumprod ---

typedef struct Double3 { double high, low, tiny; } Double3;

static Double3 add_product(Double3 total, double x, double y)
{
    Double2 product = two_product(x, y), sum = two_sum(total.high, product.high);
    Double2 rest = two_sum(total.low, product.low), carried = two_sum(rest.high, sum.low);
    return (Double3){sum.high, carried.high, total.tiny + rest.low + carried.low};
}

static double triple_value(Double3 total)
{
    Double2 last = two_sum(total.low, total.tiny), sum = two_sum(total.high, last.high);
    return sum.high + (last.low + sum.low);
}

// A run of int products comes first, then one of float products; what does not fit ends a run for good, and from then on all is
// added up as a program would: the order of roundings is that of the plain recipe.
typedef struct Sumprod {
    Value total;                  // what is not in a run
    int64_t ints;
    Double3 floats;
    bool ints_ended, floats_ended, has_floats;
} Sumprod;

static bool ints_end(Thread *t, Sumprod *s)
{
    s->ints_ended = true;
    if (s->ints) {
        Value part = int_from_int64(t, s->ints);
        s->total = part ? binary_op(t, BINARY_ADD, s->total, part) : 0;
        s->ints = 0;
    }
    return s->total != 0;
}

static bool floats_end(Thread *t, Sumprod *s)
{
    s->floats_ended = true;
    if (s->has_floats) {
        Value part = float_new(t, triple_value(s->floats));
        s->total = part ? binary_op(t, BINARY_ADD, s->total, part) : 0;
        s->has_floats = false;
    }
    return s->total != 0;
}

// Adds a product to the run of ints; false when it does not fit there.
static bool ints_take(Sumprod *s, Value p, Value q)
{
    int64_t x, y, product;
    return is_int_exact(p) && is_int_exact(q) && int_to_int64(p, &x) && int_to_int64(q, &y)
        && !__builtin_mul_overflow(x, y, &product) && !__builtin_add_overflow(s->ints, product, &s->ints);
}

// A float, or an int next to a float, as a double. False: not for the float part.
static bool float_pair(Thread *t, Value p, Value q, double *x, double *y)
{
    if (!is_float_exact(p) && !is_float_exact(q))
        return false;
    if (is_float_exact(p))
        *x = float_value(p);
    else if (!is_int_exact(p) && !is_bool(p))
        return false;
    else if (!int_to_double(t, int_exact(p), x))
        return false;
    if (is_float_exact(q))
        *y = float_value(q);
    else if (!is_int_exact(q) && !is_bool(q))
        return false;
    else if (!int_to_double(t, int_exact(q), y))
        return false;
    return true;
}

static bool sumprod_add(Thread *t, Sumprod *s, Value p, Value q)
{
    if (!s->ints_ended) {
        int64_t before = s->ints;
        if (ints_take(s, p, q))
            return true;
        s->ints = before;
        if (!ints_end(t, s))
            return false;
    }
    if (!s->floats_ended) {
        double x, y;
        if (float_pair(t, p, q, &x, &y)) {
            Double3 total = add_product(s->floats, x, y);
            if (isfinite(total.high)) {
                s->floats = total;
                s->has_floats = true;
                return true;
            }
        }
        if ((is_pending(t) && !pending_clear_if(t, EXC(OverflowError))) || !floats_end(t, s))
            return false;
    }
    Value product = binary_op(t, BINARY_MULTIPLY, p, q);
    s->total = product ? binary_op(t, BINARY_ADD, s->total, product) : 0;
    return s->total != 0;
}

Value math_sumprod(Thread *t, const Value *args, size_t nargs)
{
    Value ps = iter_get(t, args[0]), qs = ps ? iter_get(t, args[1]) : 0;
    if (!qs)
        return 0;
    Sumprod s = {.total = fixnum(0)};
    for (;;) {
        Value p = iter_next(t, ps);
        if (!p && is_pending(t))
            return 0;
        Value q = iter_next(t, qs);
        if (!q && is_pending(t))
            return 0;
        if (!p != !q)
            return raise(t, EXC(ValueError), "Inputs are not the same length");
        if (!p)
            return ints_end(t, &s) && floats_end(t, &s) ? s.total : 0;
        if (!sumprod_add(t, &s, p, q))
            return 0;
    }
}

// --- Euclidean length ---

// The root of the sum of squares; x is overwritten. Squares are summed with their errors, and the root is corrected once.
static double vector_length(double *x, size_t n)
{
    double largest = 0.0;
    bool nan = false;
    for (size_t i = 0; i < n; i++) {
        x[i] = fabs(x[i]);
        nan |= isnan(x[i]);
        if (x[i] > largest)
            largest = x[i];
    }
    if (isinf(largest))
        return largest;
    if (nan)
        return NAN;
    if (largest == 0.0 || n == 1)
        return largest;
    int exponent;
    frexp(largest, &exponent);
    Double2 sum = {0};
    double low = 0.0;
    for (size_t i = 0; i < n; i++) {
        double scaled = ldexp(x[i], -exponent);
        Double2 square = two_product(scaled, scaled), added = two_sum(sum.high, square.high);
        sum.high = added.high;
        sum.low += added.low;
        low += square.low;
    }
    double root = sqrt(sum.high + (sum.low + low));
    Double2 square = two_product(-root, root), left = two_sum(sum.high, square.high);
    double error = left.high + (left.low + square.low + sum.low + low);
    return ldexp(root + error / (2.0 * root), exponent);
}

Value math_hypot(Thread *t, const Value *args, size_t nargs)
{
    double *x = new_atomic(t, size_max(nargs, 1) * sizeof(double));
    if (!x)
        return 0;
    for (size_t i = 0; i < nargs; i++)
        if (!to_double(t, args[i], &x[i]))
            return 0;
    return float_new(t, vector_length(x, nargs));
}

Value math_dist(Thread *t, const Value *args, size_t nargs)
{
    size_t n, m;
    Value *p = values_from_iterable(t, args[0], &n);
    Value *q = p ? values_from_iterable(t, args[1], &m) : NULL;
    if (!q)
        return 0;
    if (n != m)
        return raise(t, EXC(ValueError), "both points must have the same number of dimensions");
    double *x = new_atomic(t, size_max(n, 1) * sizeof(double));
    if (!x)
        return 0;
    for (size_t i = 0; i < n; i++) {
        double a, b;
        if (!to_double(t, p[i], &a) || !to_double(t, q[i], &b))
            return 0;
        x[i] = a - b;
    }
    return float_new(t, vector_length(x, n));
}

// --- prod ---

static bool prod_step(Thread *t, Value item, void *data)
{
    Value *product = data;
    *product = binary_op(t, BINARY_MULTIPLY, *product, item);
    return *product != 0;
}

Value math_prod(Thread *t, const Value *args, size_t nargs)
{
    Value product = args[1] ? args[1] : fixnum(1);
    return iterate(t, args[0], prod_step, &product) ? product : 0;
}
