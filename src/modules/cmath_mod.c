// cmath_mod.c: the module cmath over C's complex functions. Domain errors are the cases where C raises "invalid" or "divide by
// zero"; a result that became infinite from finite arguments is a range error.
#include <complex.h>
#include <math.h>

#include "src/core/module_def.h"
#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/complex_internal.h"
#include "src/types/tuple.h"

#undef I

static double complex as_c(Pair z) { return CMPLX(z.real, z.imag); }
static Pair from_c(double complex z) { return (Pair){creal(z), cimag(z)}; }
static bool is_finite(Pair z) { return isfinite(z.real) && isfinite(z.imag); }
static bool is_infinite(Pair z) { return isinf(z.real) || isinf(z.imag); }

static Value domain_error(Thread *t) { return raise(t, EXC(ValueError), "math domain error"); }
static Value range_error(Thread *t) { return raise(t, EXC(OverflowError), "math range error"); }

typedef struct Function1 {
    double complex (*fn)(double complex z);
    bool (*outside)(Pair z);      // arguments outside the domain; null: none
} Function1;

static Value apply(Thread *t, const Function1 *f, Value arg)
{
    Pair z;
    if (!to_complex(t, arg, &z))
        return 0;
    if (f->outside && f->outside(z))
        return domain_error(t);
    Pair r = from_c(f->fn(as_c(z)));
    if (is_infinite(r) && is_finite(z))
        return range_error(t);
    return complex_new(t, r.real, r.imag);
}

static bool is_zero(Pair z) { return z.real == 0.0 && z.imag == 0.0; }
static bool is_pole_of_atanh(Pair z) { return fabs(z.real) == 1.0 && z.imag == 0.0; }
static bool is_pole_of_atan(Pair z) { return z.real == 0.0 && fabs(z.imag) == 1.0; }
static bool turns_forever(Pair z) { return isinf(z.imag) && !isnan(z.real); }                 // cosh, sinh
static bool turns_forever_sideways(Pair z) { return isinf(z.real) && !isnan(z.imag); }        // cos, sin
static bool exp_turns(Pair z) { return isinf(z.imag) && (isfinite(z.real) || (isinf(z.real) && z.real > 0)); }
static bool tanh_turns(Pair z) { return isinf(z.imag) && isfinite(z.real); }
static bool tan_turns(Pair z) { return isinf(z.real) && isfinite(z.imag); }

#define ONE_ARGUMENT_FUNCTIONS(F)                                                                  \
    F(acos, cacos, NULL, "Return the arc cosine of z.")                                            \
    F(acosh, cacosh, NULL, "Return the inverse hyperbolic cosine of z.")                           \
    F(asin, casin, NULL, "Return the arc sine of z.")                                              \
    F(asinh, casinh, NULL, "Return the inverse hyperbolic sine of z.")                             \
    F(atan, catan, is_pole_of_atan, "Return the arc tangent of z.")                                \
    F(atanh, catanh, is_pole_of_atanh, "Return the inverse hyperbolic tangent of z.")              \
    F(cos, ccos, turns_forever_sideways, "Return the cosine of z.")                                \
    F(cosh, ccosh, turns_forever, "Return the hyperbolic cosine of z.")                            \
    F(exp, cexp, exp_turns, "Return the exponential value e**z.")                                  \
    F(sin, csin, turns_forever_sideways, "Return the sine of z.")                                  \
    F(sinh, csinh, turns_forever, "Return the hyperbolic sine of z.")                              \
    F(sqrt, csqrt, NULL, "Return the square root of z.")                                           \
    F(tan, ctan, tan_turns, "Return the tangent of z.")                                            \
    F(tanh, ctanh, tanh_turns, "Return the hyperbolic tangent of z.")

#define F(name, function, outside, doc)                                                            \
    static Value cmath_##name(Thread *t, const Value *args, size_t nargs)                          \
    {                                                                                              \
        static const Function1 f = {function, outside};                                            \
        return apply(t, &f, args[0]);                                                              \
    }
ONE_ARGUMENT_FUNCTIONS(F)
#undef F

// --- logarithms ---

static Pair log_of(Pair z) { return from_c(clog(as_c(z))); }

static Value cmath_log(Thread *t, const Value *args, size_t nargs)
{
    Pair z, base;
    if (!to_complex(t, args[0], &z) || (args[1] && !to_complex(t, args[1], &base)))
        return 0;
    if (is_zero(z) || (args[1] && is_zero(base)))
        return domain_error(t);
    Pair r = log_of(z);
    if (args[1]) {
        bool by_zero;
        r = complex_quotient(r, log_of(base), &by_zero);
        if (by_zero)
            return domain_error(t);
    }
    return complex_new(t, r.real, r.imag);
}

static Value cmath_log10(Thread *t, const Value *args, size_t nargs)
{
    Pair z;
    if (!to_complex(t, args[0], &z))
        return 0;
    if (is_zero(z))
        return domain_error(t);
    Pair r = log_of(z);
    return complex_new(t, r.real / M_LN10, r.imag / M_LN10);
}

// --- polar coordinates ---

static Value cmath_phase(Thread *t, const Value *args, size_t nargs)
{
    Pair z;
    return to_complex(t, args[0], &z) ? float_new(t, atan2(z.imag, z.real)) : 0;
}

static Value cmath_polar(Thread *t, const Value *args, size_t nargs)
{
    Pair z;
    if (!to_complex(t, args[0], &z))
        return 0;
    double length = hypot(z.real, z.imag);
    if (isinf(length) && is_finite(z))
        return range_error(t);
    Value r = float_new(t, length), phi = r ? float_new(t, atan2(z.imag, z.real)) : 0;
    return phi ? tuple_pair(t, r, phi) : 0;
}

// r and phi are not both finite, and r is not zero.
static Pair rect_special(double r, double phi)
{
    if (isinf(r) && isfinite(phi) && phi != 0.0) {
        double real = copysign(INFINITY, cos(phi)), imag = copysign(INFINITY, sin(phi));
        return r > 0 ? (Pair){real, imag} : (Pair){-real, -imag};
    }
    if (isinf(r) && phi == 0.0)
        return (Pair){r, r * phi == r * phi ? r * phi : copysign(0.0, r > 0 ? phi : -phi)};
    if (isinf(r))
        return (Pair){INFINITY, NAN};
    return phi == 0.0 ? (Pair){r, 0.0} : (Pair){NAN, NAN};
}

static Value cmath_rect(Thread *t, const Value *args, size_t nargs)
{
    double r, phi;
    if (!to_double(t, args[0], &r) || !to_double(t, args[1], &phi))
        return 0;
    if (isinf(phi) && r != 0.0 && !isnan(r))
        return domain_error(t);
    Pair z;
    if (r == 0.0 && !isfinite(phi))
        z = (Pair){0.0, 0.0};
    else if (isfinite(r) && isfinite(phi))
        z = phi == 0.0 ? (Pair){r, r * phi} : (Pair){r * cos(phi), r * sin(phi)};
    else
        z = rect_special(r, phi);
    return complex_new(t, z.real, z.imag);
}

// --- questions ---

static Value cmath_isfinite(Thread *t, const Value *args, size_t nargs)
{
    Pair z;
    return to_complex(t, args[0], &z) ? value_bool(is_finite(z)) : 0;
}

static Value cmath_isinf(Thread *t, const Value *args, size_t nargs)
{
    Pair z;
    return to_complex(t, args[0], &z) ? value_bool(is_infinite(z)) : 0;
}

static Value cmath_isnan(Thread *t, const Value *args, size_t nargs)
{
    Pair z;
    return to_complex(t, args[0], &z) ? value_bool(isnan(z.real) || isnan(z.imag)) : 0;
}

static Value cmath_isclose(Thread *t, const Value *args, size_t nargs)
{
    Pair a, b;
    double relative = 1e-9, absolute = 0.0;
    if (!to_complex(t, args[0], &a) || !to_complex(t, args[1], &b) || (args[2] && !to_double(t, args[2], &relative))
        || (args[3] && !to_double(t, args[3], &absolute)))
        return 0;
    if (relative < 0.0 || absolute < 0.0)
        return raise(t, EXC(ValueError), "tolerances must be non-negative");
    if (a.real == b.real && a.imag == b.imag)
        return TRUE;
    if (is_infinite(a) || is_infinite(b))
        return FALSE;
    double distance = hypot(a.real - b.real, a.imag - b.imag);
    double size_a = hypot(a.real, a.imag), size_b = hypot(b.real, b.imag);
    return value_bool(distance <= relative * size_b || distance <= relative * size_a || distance <= absolute);
}

static const NativeDef cmath_functions[] = {
#define F(name, function, outside, doc) {#name, cmath_##name, "(z, /)", doc, 0},
    ONE_ARGUMENT_FUNCTIONS(F)
#undef F
    {"isclose", cmath_isclose, "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", "Determine whether two complex numbers are close in value.", 0},
    {"isfinite", cmath_isfinite, "(z, /)", "Return True if both the real and imaginary parts of z are finite, else False.", 0},
    {"isinf", cmath_isinf, "(z, /)", "Checks if the real or imaginary part of z is infinite.", 0},
    {"isnan", cmath_isnan, "(z, /)", "Checks if the real or imaginary part of z not a number (NaN).", 0},
    {"log", cmath_log, "(z, base=<unrepresentable>, /)", "log(z[, base]) -> the logarithm of z to the given base.", 0},
    {"log10", cmath_log10, "(z, /)", "Return the base-10 logarithm of z.", 0},
    {"phase", cmath_phase, "(z, /)", "Return argument, also known as the phase angle, of a complex.", 0},
    {"polar", cmath_polar, "(z, /)", "Convert a complex from rectangular coordinates to polar coordinates.", 0},
    {"rect", cmath_rect, "(r, phi, /)", "Convert from polar coordinates to rectangular coordinates.", 0},
    {0},
};

static bool cmath_exec(Thread *t, Value module)
{
    const struct { const char *name; double value; } reals[] = {
        {"pi", M_PI}, {"e", M_E}, {"tau", 2.0 * M_PI}, {"inf", INFINITY}, {"nan", NAN}};
    for (size_t i = 0; i < COUNT_OF(reals); i++) {
        Value value = float_new(t, reals[i].value);
        if (!value || !module_add(t, module, reals[i].name, value))
            return false;
    }
    Value infj = complex_new(t, 0.0, INFINITY), nanj = infj ? complex_new(t, 0.0, NAN) : 0;
    return nanj && module_add(t, module, "infj", infj) && module_add(t, module, "nanj", nanj);
}

const ModuleDef module_cmath = {
    .name = "cmath",
    .doc = "This module provides access to mathematical functions for complex\nnumbers.",
    .functions = cmath_functions,
    .exec = cmath_exec,
};
