// math_mod.c: the module math. Errors are found by looking at results: not a number from a number is a domain error, infinity
// from finite numbers a range or domain error.
#include <math.h>

#include "src/core/module_def.h"
#include "src/modules/math_internal.h"
#include "src/types/float_internal.h"
#include "src/types/int_internal.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Value domain_error(Thread *t) { return raise(t, EXC(ValueError), "math domain error"); }
static Value range_error(Thread *t) { return raise(t, EXC(OverflowError), "math range error"); }

// A domain error that names the argument: `text` in front of its value.
static Value domain_error_for(Thread *t, const char *text, double x)
{
    Value shown = text ? float_repr(t, x) : 0;
    if (!text)
        return domain_error(t);
    return shown ? raise(t, EXC(ValueError), "%s, got %U", text, shown) : 0;
}

// --- functions of one double ---

typedef struct Function1 {
    double (*fn)(double x);
    bool can_overflow;            // an infinite result means that it is too large, not that x is outside the domain
    const char *domain;           // what the argument has to be
} Function1;

static Value apply(Thread *t, const Function1 *f, Value arg)
{
    double x;
    if (!to_double(t, arg, &x))
        return 0;
    double r = f->fn(x);
    if (isnan(r) && !isnan(x))
        return domain_error_for(t, f->domain, x);
    if (isinf(r) && isfinite(x))
        return f->can_overflow ? range_error(t) : domain_error_for(t, f->domain, x);
    return float_new(t, r);
}

// Integers beyond 170 overflow; small ones are exact factorials.
static double gamma_of(double x)
{
    if (x == floor(x)) {
        if (x <= 0.0)
            return NAN;
        enum { EXACT_MAX = 23 };
        if (x <= EXACT_MAX) {
            double product = 1.0;
            for (int i = 2; i < (int)x; i++)
                product *= i;
            return product;
        }
    }
    return tgamma(x);
}

static double lgamma_of(double x)
{
    if (x == floor(x) && x <= 0.0 && isfinite(x))
        return NAN;
    int sign;
    return isinf(x) ? INFINITY : lgamma_r(x, &sign);
}

#define ONE_ARGUMENT_FUNCTIONS(F)                                                                  \
    F(acos, acos, false, "expected a number in range from -1 up to 1")                             \
    F(acosh, acosh, false, "expected argument value not less than 1")                              \
    F(asin, asin, false, "expected a number in range from -1 up to 1")                             \
    F(asinh, asinh, false, NULL)                                                                   \
    F(atan, atan, false, NULL)                                                                     \
    F(atanh, atanh, false, "expected a number between -1 and 1")                                   \
    F(cbrt, cbrt, false, NULL)                                                                     \
    F(cos, cos, false, "expected a finite input")                                                  \
    F(cosh, cosh, true, NULL)                                                                      \
    F(erf, erf, false, NULL)                                                                       \
    F(erfc, erfc, false, NULL)                                                                     \
    F(exp, exp, true, NULL)                                                                        \
    F(exp2, exp2, true, NULL)                                                                      \
    F(expm1, expm1, true, NULL)                                                                    \
    F(fabs, fabs, false, NULL)                                                                     \
    F(gamma, gamma_of, true, "expected a noninteger or positive integer")                          \
    F(lgamma, lgamma_of, true, "expected a noninteger or positive integer")                        \
    F(log1p, log1p, false, "expected argument value > -1")                                         \
    F(sin, sin, false, "expected a finite input")                                                  \
    F(sinh, sinh, true, NULL)                                                                      \
    F(sqrt, sqrt, false, "expected a nonnegative input")                                           \
    F(tan, tan, false, "expected a finite input")                                                  \
    F(tanh, tanh, false, NULL)

#define F(name, function, can_overflow, domain)                                                    \
    static Value math_##name(Thread *t, const Value *args, size_t nargs)                           \
    {                                                                                              \
        static const Function1 f = {function, can_overflow, domain};                               \
        return apply(t, &f, args[0]);                                                              \
    }
ONE_ARGUMENT_FUNCTIONS(F)
#undef F

static Value math_degrees(Thread *t, const Value *args, size_t nargs)
{
    double x;
    return to_double(t, args[0], &x) ? float_new(t, x * (180.0 / M_PI)) : 0;
}

static Value math_radians(Thread *t, const Value *args, size_t nargs)
{
    double x;
    return to_double(t, args[0], &x) ? float_new(t, x * (M_PI / 180.0)) : 0;
}

// --- logarithms: ints of any size ---

static Value log_with(Thread *t, Value arg, double (*fn)(double))
{
    if (!is_int(arg)) {
        const Function1 f = {fn, false, "expected a positive input"};
        return apply(t, &f, arg);
    }
    Value exact = int_exact(arg);
    if (int_sign(exact) <= 0)
        return raise(t, EXC(ValueError), "expected a positive input");
    IntView x;
    double d;
    int_look(exact, &x);
    if (limbs_to_double(x.limbs, x.n, 0, false, &d))
        return float_new(t, fn(d));
    int64_t bits = (int64_t)int_bit_length(exact);            // x = d * 2**bits, d in [0.5, 1)
    limbs_to_double(x.limbs, x.n, -bits, false, &d);
    return float_new(t, fn(d) + fn(2.0) * (double)bits);
}

static Value math_log(Thread *t, const Value *args, size_t nargs)
{
    Value number = log_with(t, args[0], log);
    if (!number || !args[1])
        return number;
    Value base = log_with(t, args[1], log);
    return base ? binary_op(t, BINARY_TRUE_DIVIDE, number, base) : 0;
}

static Value math_log2(Thread *t, const Value *args, size_t nargs) { return log_with(t, args[0], log2); }
static Value math_log10(Thread *t, const Value *args, size_t nargs) { return log_with(t, args[0], log10); }

// --- functions of two doubles ---

static bool two_doubles(Thread *t, const Value *args, double *x, double *y)
{
    return to_double(t, args[0], x) && to_double(t, args[1], y);
}

static Value result_of_two(Thread *t, double x, double y, double r)
{
    if (isnan(r) && !isnan(x) && !isnan(y))
        return domain_error(t);
    if (isinf(r) && isfinite(x) && isfinite(y))
        return range_error(t);
    return float_new(t, r);
}

static Value math_atan2(Thread *t, const Value *args, size_t nargs)
{
    double y, x;
    return two_doubles(t, args, &y, &x) ? float_new(t, atan2(y, x)) : 0;
}

static Value math_copysign(Thread *t, const Value *args, size_t nargs)
{
    double x, y;
    return two_doubles(t, args, &x, &y) ? float_new(t, copysign(x, y)) : 0;
}

static Value math_fmod(Thread *t, const Value *args, size_t nargs)
{
    double x, y;
    return two_doubles(t, args, &x, &y) ? result_of_two(t, x, y, fmod(x, y)) : 0;
}

static Value math_remainder(Thread *t, const Value *args, size_t nargs)
{
    double x, y;
    return two_doubles(t, args, &x, &y) ? result_of_two(t, x, y, remainder(x, y)) : 0;
}

static Value math_pow(Thread *t, const Value *args, size_t nargs)
{
    double x, y;
    if (!two_doubles(t, args, &x, &y))
        return 0;
    double r = pow(x, y);
    if (isinf(r) && x == 0.0 && isfinite(y))
        return domain_error(t);
    return result_of_two(t, x, y, r);
}

static Value math_fma(Thread *t, const Value *args, size_t nargs)
{
    double x, y, z;
    if (!two_doubles(t, args, &x, &y) || !to_double(t, args[2], &z))
        return 0;
    double r = fma(x, y, z);
    if (isnan(r) && !isnan(x) && !isnan(y) && !isnan(z))
        return raise(t, EXC(ValueError), "invalid operation in fma");
    if (isinf(r) && isfinite(x) && isfinite(y) && isfinite(z))
        return raise(t, EXC(OverflowError), "overflow in fma");
    return float_new(t, r);
}

// --- parts of a double ---

static Value math_frexp(Thread *t, const Value *args, size_t nargs)
{
    double x;
    if (!to_double(t, args[0], &x))
        return 0;
    int exponent = 0;
    double mantissa = isfinite(x) && x != 0.0 ? frexp(x, &exponent) : x;
    Value m = float_new(t, mantissa);
    return m ? tuple_pair(t, m, fixnum(exponent)) : 0;
}

static Value math_ldexp(Thread *t, const Value *args, size_t nargs)
{
    double x;
    if (!to_double(t, args[0], &x))
        return 0;
    if (!is_int(args[1]))
        return raise(t, EXC(TypeError), "Expected an int as second argument to ldexp.");
    Value exact = int_exact(args[1]);
    int64_t exponent;
    if (!int_to_int64(exact, &exponent))
        exponent = int_sign(exact) < 0 ? INT64_MIN : INT64_MAX;
    if (x == 0.0 || !isfinite(x))
        return float_new(t, x);
    if (exponent > INT32_MAX)
        return range_error(t);
    double r = exponent < INT32_MIN ? copysign(0.0, x) : ldexp(x, (int)exponent);
    return isinf(r) ? range_error(t) : float_new(t, r);
}

static Value math_modf(Thread *t, const Value *args, size_t nargs)
{
    double x, whole;
    if (!to_double(t, args[0], &x))
        return 0;
    double part = modf(x, &whole);
    Value p = float_new(t, isinf(x) ? copysign(0.0, x) : part), w = p ? float_new(t, whole) : 0;
    return w ? tuple_pair(t, p, w) : 0;
}

// Doubles in order as integers: the distance of two is the number of steps between them.
static int64_t ordinal(double d)
{
    int64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double from_ordinal(int64_t i, bool negative_zero)
{
    int64_t bits = i < 0 || (i == 0 && negative_zero) ? INT64_MIN - i : i;
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static double step_towards(double x, double y, uint64_t steps)
{
    if (steps == 0)
        return x;
    if (isnan(x) || isnan(y))
        return x + y;
    if (x == y)
        return y;
    int64_t from = ordinal(x), to = ordinal(y);
    uint64_t distance = from < to ? (uint64_t)to - (uint64_t)from : (uint64_t)from - (uint64_t)to;
    if (steps >= distance)
        return y;
    int64_t reached = (int64_t)(from < to ? (uint64_t)from + steps : (uint64_t)from - steps);
    return from_ordinal(reached, x < y);                      // zero reached from below is -0.0
}

static Value math_nextafter(Thread *t, const Value *args, size_t nargs)
{
    double x, y;
    if (!two_doubles(t, args, &x, &y))
        return 0;
    if (!args[2] || args[2] == NONE)
        return float_new(t, nextafter(x, y));
    Value steps = number_index(t, args[2]);
    if (!steps)
        return 0;
    if (int_sign(steps) < 0)
        return raise(t, EXC(ValueError), "steps must be a non-negative integer");
    uint64_t n;
    if (!int_to_uint64(steps, &n))
        n = UINT64_MAX;
    return float_new(t, step_towards(x, y, n));
}

static Value math_ulp(Thread *t, const Value *args, size_t nargs)
{
    double x;
    if (!to_double(t, args[0], &x))
        return 0;
    x = fabs(x);
    if (!isfinite(x))
        return float_new(t, x);
    double next = nextafter(x, INFINITY);
    return float_new(t, isinf(next) ? x - nextafter(x, 0.0) : next - x);
}

// --- rounding to ints ---

static Value round_with(Thread *t, Value number, Value method_name, double (*fn)(double))
{
    if (is_float_exact(number))
        return int_from_double(t, fn(float_value(number)));
    Value method = special_lookup(t, number, method_name);
    if (method)
        return call0(t, method);
    double x;
    return is_pending(t) || !to_double(t, number, &x) ? 0 : int_from_double(t, fn(x));
}

static Value math_floor(Thread *t, const Value *args, size_t nargs) { return round_with(t, args[0], N(__floor__), floor); }
static Value math_ceil(Thread *t, const Value *args, size_t nargs) { return round_with(t, args[0], N(__ceil__), ceil); }

static Value math_trunc(Thread *t, const Value *args, size_t nargs)
{
    if (is_float_exact(args[0]))
        return int_from_double(t, float_value(args[0]));
    Value method = special_lookup(t, args[0], N(__trunc__));
    if (method)
        return call0(t, method);
    return is_pending(t) ? 0 : raise(t, EXC(TypeError), "type %T doesn't define __trunc__ method", args[0]);
}

// --- questions ---

static Value math_isfinite(Thread *t, const Value *args, size_t nargs)
{
    double x;
    return to_double(t, args[0], &x) ? value_bool(isfinite(x)) : 0;
}

static Value math_isinf(Thread *t, const Value *args, size_t nargs)
{
    double x;
    return to_double(t, args[0], &x) ? value_bool(isinf(x)) : 0;
}

static Value math_isnan(Thread *t, const Value *args, size_t nargs)
{
    double x;
    return to_double(t, args[0], &x) ? value_bool(isnan(x)) : 0;
}

static Value math_isclose(Thread *t, const Value *args, size_t nargs)
{
    double a, b, relative = 1e-9, absolute = 0.0;
    if (!two_doubles(t, args, &a, &b) || (args[2] && !to_double(t, args[2], &relative))
        || (args[3] && !to_double(t, args[3], &absolute)))
        return 0;
    if (relative < 0.0 || absolute < 0.0)
        return raise(t, EXC(ValueError), "tolerances must be non-negative");
    if (a == b)
        return TRUE;
    if (isinf(a) || isinf(b))
        return FALSE;
    double distance = fabs(b - a);
    return value_bool(distance <= fabs(relative * b) || distance <= fabs(relative * a) || distance <= absolute);
}

static const NativeDef math_functions[] = {
    {"acos", math_acos, "(x, /)", "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi.", 0},
    {"acosh", math_acosh, "(x, /)", "Return the inverse hyperbolic cosine of x.", 0},
    {"asin", math_asin, "(x, /)", "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.", 0},
    {"asinh", math_asinh, "(x, /)", "Return the inverse hyperbolic sine of x.", 0},
    {"atan", math_atan, "(x, /)", "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.", 0},
    {"atan2", math_atan2, "(y, x, /)", "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both x and y are considered.", 0},
    {"atanh", math_atanh, "(x, /)", "Return the inverse hyperbolic tangent of x.", 0},
    {"cbrt", math_cbrt, "(x, /)", "Return the cube root of x.", 0},
    {"ceil", math_ceil, "(x, /)", "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x.", 0},
    {"comb", math_comb, "(n, k, /)", "Number of ways to choose k items from n items without repetition and without order.", 0},
    {"copysign", math_copysign, "(x, y, /)", "Return a float with the magnitude (absolute value) of x but the sign of y.", 0},
    {"cos", math_cos, "(x, /)", "Return the cosine of x (measured in radians).", 0},
    {"cosh", math_cosh, "(x, /)", "Return the hyperbolic cosine of x.", 0},
    {"degrees", math_degrees, "(x, /)", "Convert angle x from radians to degrees.", 0},
    {"dist", math_dist, "(p, q, /)", "Return the Euclidean distance between two points p and q.", 0},
    {"erf", math_erf, "(x, /)", "Error function at x.", 0},
    {"erfc", math_erfc, "(x, /)", "Complementary error function at x.", 0},
    {"exp", math_exp, "(x, /)", "Return e raised to the power of x.", 0},
    {"exp2", math_exp2, "(x, /)", "Return 2 raised to the power of x.", 0},
    {"expm1", math_expm1, "(x, /)", "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x.", 0},
    {"fabs", math_fabs, "(x, /)", "Return the absolute value of the float x.", 0},
    {"factorial", math_factorial, "(n, /)", "Find n!.", 0},
    {"floor", math_floor, "(x, /)", "Return the floor of x as an Integral.\n\nThis is the largest integer <= x.", 0},
    {"fma", math_fma, "(x, y, z, /)", "Fused multiply-add operation.\n\nCompute (x * y) + z with a single round.", 0},
    {"fmod", math_fmod, "(x, y, /)", "Return fmod(x, y), according to platform C.\n\nx % y may differ.", 0},
    {"frexp", math_frexp, "(x, /)", "Return the mantissa and exponent of x, as pair (m, e).", 0},
    {"fsum", math_fsum, "(seq, /)", "Return an accurate floating-point sum of values in the iterable seq.", 0},
    {"gamma", math_gamma, "(x, /)", "Gamma function at x.", 0},
    {"gcd", math_gcd, "(*integers)", "Greatest Common Divisor.", 0},
    {"hypot", math_hypot, "(*coordinates)", "Multidimensional Euclidean distance from the origin to a point.", 0},
    {"isclose", math_isclose, "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", "Determine whether two floating-point numbers are close in value.", 0},
    {"isfinite", math_isfinite, "(x, /)", "Return True if x is neither an infinity nor a NaN, and False otherwise.", 0},
    {"isinf", math_isinf, "(x, /)", "Return True if x is a positive or negative infinity, and False otherwise.", 0},
    {"isnan", math_isnan, "(x, /)", "Return True if x is a NaN (not a number), and False otherwise.", 0},
    {"isqrt", math_isqrt, "(n, /)", "Return the integer part of the square root of the input.", 0},
    {"lcm", math_lcm, "(*integers)", "Least Common Multiple.", 0},
    {"ldexp", math_ldexp, "(x, i, /)", "Return x * (2**i).\n\nThis is essentially the inverse of frexp().", 0},
    {"lgamma", math_lgamma, "(x, /)", "Natural logarithm of absolute value of Gamma function at x.", 0},
    {"log", math_log, "(x, base=<unrepresentable>, /)", "log(x, [base=math.e])\nReturn the logarithm of x to the given base.", 0},
    {"log10", math_log10, "(x, /)", "Return the base 10 logarithm of x.", 0},
    {"log1p", math_log1p, "(x, /)", "Return the natural logarithm of 1+x (base e).", 0},
    {"log2", math_log2, "(x, /)", "Return the base 2 logarithm of x.", 0},
    {"modf", math_modf, "(x, /)", "Return the fractional and integer parts of x.", 0},
    {"nextafter", math_nextafter, "(x, y, /, *, steps=None)", "Return the floating-point value the given number of steps after x towards y.", 0},
    {"perm", math_perm, "(n, k=None, /)", "Number of ways to choose k items from n items without repetition and with order.", 0},
    {"pow", math_pow, "(x, y, /)", "Return x**y (x to the power of y).", 0},
    {"prod", math_prod, "(iterable, /, *, start=1)", "Calculate the product of all the elements in the input iterable.", 0},
    {"radians", math_radians, "(x, /)", "Convert angle x from degrees to radians.", 0},
    {"remainder", math_remainder, "(x, y, /)", "Difference between x and the closest integer multiple of y.", 0},
    {"sin", math_sin, "(x, /)", "Return the sine of x (measured in radians).", 0},
    {"sinh", math_sinh, "(x, /)", "Return the hyperbolic sine of x.", 0},
    {"sqrt", math_sqrt, "(x, /)", "Return the square root of x.", 0},
    {"sumprod", math_sumprod, "(p, q, /)", "Return the sum of products of values from two iterables p and q.", 0},
    {"tan", math_tan, "(x, /)", "Return the tangent of x (measured in radians).", 0},
    {"tanh", math_tanh, "(x, /)", "Return the hyperbolic tangent of x.", 0},
    {"trunc", math_trunc, "(x, /)", "Truncates the Real x to the nearest Integral toward 0.", 0},
    {"ulp", math_ulp, "(x, /)", "Return the value of the least significant bit of the float x.", 0},
    {0},
};

static bool math_exec(Thread *t, Value module)
{
    const struct { const char *name; double value; } constants[] = {
        {"pi", M_PI}, {"e", M_E}, {"tau", 2.0 * M_PI}, {"inf", INFINITY}, {"nan", NAN}};
    for (size_t i = 0; i < COUNT_OF(constants); i++) {
        Value value = float_new(t, constants[i].value);
        if (!value || !module_add(t, module, constants[i].name, value))
            return false;
    }
    return true;
}

const ModuleDef module_math = {
    .name = "math",
    .doc = "This module provides access to the mathematical functions\ndefined by the C standard.",
    .functions = math_functions,
    .exec = math_exec,
};
