// complex.c: the type complex: arithmetic, comparison, hash.
//
// A real operand is not made complex first: 1.0 - z keeps the sign of a zero imaginary part, inf * z stays infinite.
#include <errno.h>
#include <math.h>

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/complex_internal.h"
#include "src/types/float_internal.h"
#include "src/types/str.h"

Value complex_of_class(Thread *t, Type *cls, Pair z)
{
    Complex *c = cls == &type_complex ? new_object(t, complex, Complex) : instance_new(t, cls, 0);
    if (!c)
        return 0;
    c->real = z.real;
    c->imag = z.imag;
    return value_of(c);
}

Value complex_new(Thread *t, double real, double imag) { return complex_of_class(t, &type_complex, (Pair){real, imag}); }

// --- arithmetic on pairs, with the infinities of C's Annex G ---

// An infinite part becomes ±1, a finite one ±0.
static double boxed(double d) { return copysign(isinf(d) ? 1.0 : 0.0, d); }
static double nan_to_zero(double d) { return isnan(d) ? copysign(0.0, d) : d; }
static bool is_infinite(Pair z) { return isinf(z.real) || isinf(z.imag); }
static bool is_finite(Pair z) { return isfinite(z.real) && isfinite(z.imag); }

Pair complex_product(Pair a, Pair b)
{
    double ac = a.real * b.real, bd = a.imag * b.imag, ad = a.real * b.imag, bc = a.imag * b.real;
    Pair r = {ac - bd, ad + bc};
    if (likely(!isnan(r.real) || !isnan(r.imag)))
        return r;
    bool again = false;
    if (is_infinite(a)) {
        a = (Pair){boxed(a.real), boxed(a.imag)};
        b = (Pair){nan_to_zero(b.real), nan_to_zero(b.imag)};
        again = true;
    }
    if (is_infinite(b)) {
        b = (Pair){boxed(b.real), boxed(b.imag)};
        a = (Pair){nan_to_zero(a.real), nan_to_zero(a.imag)};
        again = true;
    }
    if (!again && (isinf(ac) || isinf(bd) || isinf(ad) || isinf(bc))) {
        a = (Pair){nan_to_zero(a.real), nan_to_zero(a.imag)};
        b = (Pair){nan_to_zero(b.real), nan_to_zero(b.imag)};
        again = true;
    }
    if (!again)
        return r;
    return (Pair){INFINITY * (a.real * b.real - a.imag * b.imag), INFINITY * (a.real * b.imag + a.imag * b.real)};
}

// Smith's method: scales by the larger part of b.
static Pair quotient_scaled(Pair a, Pair b)
{
    if (fabs(b.real) >= fabs(b.imag)) {
        double ratio = b.imag / b.real, denominator = b.real + b.imag * ratio;
        return (Pair){(a.real + a.imag * ratio) / denominator, (a.imag - a.real * ratio) / denominator};
    }
    if (fabs(b.imag) >= fabs(b.real)) {
        double ratio = b.real / b.imag, denominator = b.real * ratio + b.imag;
        return (Pair){(a.real * ratio + a.imag) / denominator, (a.imag * ratio - a.real) / denominator};
    }
    return (Pair){NAN, NAN};
}

static Pair quotient_recover(Pair a, Pair b, Pair r)
{
    if (!isnan(r.real) || !isnan(r.imag))
        return r;
    if (is_infinite(a) && is_finite(b)) {
        double x = boxed(a.real), y = boxed(a.imag);
        return (Pair){INFINITY * (x * b.real + y * b.imag), INFINITY * (y * b.real - x * b.imag)};
    }
    if (is_infinite(b) && is_finite(a)) {
        double x = boxed(b.real), y = boxed(b.imag);
        return (Pair){0.0 * (a.real * x + a.imag * y), 0.0 * (a.imag * x - a.real * y)};
    }
    return r;
}

Pair complex_quotient(Pair a, Pair b, bool *by_zero)
{
    *by_zero = b.real == 0.0 && b.imag == 0.0;
    return *by_zero ? (Pair){0.0, 0.0} : quotient_recover(a, b, quotient_scaled(a, b));
}

// a / b for a real a.
static Pair real_quotient(double a, Pair b, bool *by_zero)
{
    *by_zero = b.real == 0.0 && b.imag == 0.0;
    if (*by_zero)
        return (Pair){0.0, 0.0};
    Pair r;
    if (fabs(b.real) >= fabs(b.imag)) {
        double ratio = b.imag / b.real, denominator = b.real + b.imag * ratio;
        r = (Pair){a / denominator, (-a * ratio) / denominator};
    } else if (fabs(b.imag) >= fabs(b.real)) {
        double ratio = b.real / b.imag, denominator = b.real * ratio + b.imag;
        r = (Pair){(a * ratio) / denominator, (-a) / denominator};
    } else {
        r = (Pair){NAN, NAN};
    }
    if (isnan(r.real) && isnan(r.imag) && isfinite(a) && is_infinite(b)) {
        double x = boxed(b.real), y = boxed(b.imag);
        r = (Pair){0.0 * (a * x), 0.0 * (-a * y)};
    }
    return r;
}

// --- operands: complex or real ---

typedef struct Operand {
    Pair z;
    bool real;
} Operand;

// 1 done, 0 not a number, -1 error.
static int operand_get(Thread *t, Value v, Operand *out)
{
    out->real = !is_complex(v);
    if (!out->real) {
        out->z = complex_value(v);
        return 1;
    }
    out->z.imag = 0.0;
    return float_operand(t, v, &out->z.real);
}

#define OPERANDS_OR_RETURN(t, a, b)                                                                \
    Operand x, y;                                                                                  \
    int found = operand_get(t, a, &x);                                                             \
    if (found == 1)                                                                                \
        found = operand_get(t, b, &y);                                                             \
    if (found != 1)                                                                                \
        return found ? 0 : NOTIMPLEMENTED

static Value slot_add(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    double imag = y.real ? x.z.imag : x.real ? y.z.imag : x.z.imag + y.z.imag;
    return complex_new(t, x.z.real + y.z.real, imag);
}

static Value slot_subtract(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    double imag = y.real ? x.z.imag : x.real ? -y.z.imag : x.z.imag - y.z.imag;
    return complex_new(t, x.z.real - y.z.real, imag);
}

static Value slot_multiply(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    if (y.real)
        return complex_new(t, x.z.real * y.z.real, x.z.imag * y.z.real);
    if (x.real)
        return complex_new(t, y.z.real * x.z.real, y.z.imag * x.z.real);
    Pair r = complex_product(x.z, y.z);
    return complex_new(t, r.real, r.imag);
}

static Value slot_true_divide(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    bool by_zero = false;
    Pair r;
    if (y.real) {
        by_zero = y.z.real == 0.0;
        r = by_zero ? y.z : (Pair){x.z.real / y.z.real, x.z.imag / y.z.real};
    } else {
        r = x.real ? real_quotient(x.z.real, y.z, &by_zero) : complex_quotient(x.z, y.z, &by_zero);
    }
    return by_zero ? raise(t, EXC(ZeroDivisionError), "division by zero") : complex_new(t, r.real, r.imag);
}

// --- power ---

static Pair power_natural(Pair x, long n)
{
    Pair r = {1.0, 0.0};
    for (long mask = 1; mask > 0 && n >= mask; mask <<= 1) {
        if (n & mask)
            r = complex_product(r, x);
        x = complex_product(x, x);
    }
    return r;
}

static Pair power_polar(Pair a, Pair b, bool *by_zero)
{
    if (b.real == 0.0 && b.imag == 0.0)
        return (Pair){1.0, 0.0};
    if (a.real == 0.0 && a.imag == 0.0) {
        *by_zero = b.imag != 0.0 || b.real < 0.0;
        return (Pair){0.0, 0.0};
    }
    double size = hypot(a.real, a.imag), length = pow(size, b.real), angle = atan2(a.imag, a.real);
    double phase = angle * b.real;
    if (b.imag != 0.0) {
        length *= exp(-angle * b.imag);
        phase += b.imag * log(size);
    }
    *by_zero = isinf(phase);                                  // no direction: a domain error
    return (Pair){length * cos(phase), length * sin(phase)};
}

static Value slot_power(Thread *t, Value a, Value b, Value c)
{
    OPERANDS_OR_RETURN(t, a, b);
    if (c != NONE)
        return raise(t, EXC(ValueError), "complex modulo");
    enum { NATURAL_MAX = 100 };
    bool by_zero = false;
    Pair r;
    if (y.z.imag == 0.0 && y.z.real == floor(y.z.real) && fabs(y.z.real) <= NATURAL_MAX) {
        long n = (long)y.z.real;
        r = power_natural(x.z, n < 0 ? -n : n);
        if (n < 0)
            r = complex_quotient((Pair){1.0, 0.0}, r, &by_zero);
    } else {
        r = power_polar(x.z, y.z, &by_zero);
    }
    if (by_zero)
        return raise(t, EXC(ZeroDivisionError), "zero to a negative or complex power");
    if (isinf(r.real) || isinf(r.imag))
        return raise(t, EXC(OverflowError), "complex exponentiation");
    return complex_new(t, r.real, r.imag);
}

// --- the rest ---

static Value slot_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (op != CMP_EQ && op != CMP_NE)
        return NOTIMPLEMENTED;
    Pair z = complex_value(a);
    bool equal;
    if (is_complex(b)) {
        Pair w = complex_value(b);
        equal = z.real == w.real && z.imag == w.imag;
    } else if (is_float(b)) {
        equal = z.imag == 0.0 && z.real == float_value(b);
    } else if (is_int(b)) {
        equal = z.imag == 0.0 && float_compare_int(z.real, int_exact(b)) == 0;
    } else {
        return NOTIMPLEMENTED;
    }
    return value_bool(equal == (op == CMP_EQ));
}

static bool slot_hash(Thread *t, Value a, Hash *out)
{
    enum { IMAG_MULTIPLIER = 1000003 };
    Pair z = complex_value(a);
    uint64_t hash = (uint64_t)float_hash(z.real, a) + (uint64_t)IMAG_MULTIPLIER * (uint64_t)float_hash(z.imag, a);
    *out = (Hash)hash == -1 ? -2 : (Hash)hash;
    return true;
}

static Value slot_absolute(Thread *t, Value a)
{
    Pair z = complex_value(a);
    double size = hypot(z.real, z.imag);
    if (isinf(size) && is_finite(z))
        return raise(t, EXC(OverflowError), "absolute value too large");
    return float_new(t, size);
}

static Value slot_negative(Thread *t, Value a)
{
    Pair z = complex_value(a);
    return complex_new(t, -z.real, -z.imag);
}

static Value slot_positive(Thread *t, Value a)
{
    Pair z = complex_value(a);
    return is_exactly(a, &type_complex) ? a : complex_new(t, z.real, z.imag);
}

static int slot_truth(Thread *t, Value a)
{
    Pair z = complex_value(a);
    return z.real != 0.0 || z.imag != 0.0;
}

static Value slot_repr(Thread *t, Value a) { return complex_repr(t, complex_value(a)); }

static const MemberDef complex_members[] = {
    {"real", MEMBER_DOUBLE, offsetof(Complex, real), false, "the real part of a complex number"},
    {"imag", MEMBER_DOUBLE, offsetof(Complex, imag), false, "the imaginary part of a complex number"},
    {0},
};

Type type_complex = {
    TYPE_HEAD(complex, "complex", &type_object, Complex),
    .flags = TYPE_BASE | TYPE_IS_COMPLEX | TYPE_IMMUTABLE,
    .doc = "Create a complex number from a string or numbers.\n"
           "\n"
           "If a string is given, parse it as a complex number.\n"
           "If a single number is given, convert it to a complex number.\n"
           "If the 'real' or 'imag' arguments are given, create a complex number\n"
           "with the specified real and imaginary components.",
    .new_signature = "(real=0, imag=0)",
    .methods = complex_methods,
    .members = complex_members,
    .slots = {
        .new = complex_construct,
        .repr = slot_repr,
        .hash = slot_hash,
        .compare = slot_compare,
        .add = slot_add,
        .subtract = slot_subtract,
        .multiply = slot_multiply,
        .true_divide = slot_true_divide,
        .power = slot_power,
        .negative = slot_negative,
        .positive = slot_positive,
        .absolute = slot_absolute,
        .truth = slot_truth,
    },
};
