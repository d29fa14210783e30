// float.c: the type float: construction, arithmetic, comparison, hash.
//
// Doubles in the common exponent range are flonums (value.h), the others Floats in atomic memory; instances of subclasses are
// FloatObjects, which look like Floats.
#include <errno.h>
#include <math.h>

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/float_internal.h"
#include "src/types/int_internal.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

Value float_new(Thread *t, double d)
{
    Value v = flonum_try(d);
    if (likely(v))
        return v;
    Float *boxed = new_atomic(t, sizeof(Float));
    if (!boxed)
        return 0;
    object_header(boxed, float, 0);
    boxed->value = d;
    return value_of(boxed);
}

static Value float_construct(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (kwnames && cls->slots.init == type_float.slots.init)  // else they are for the subclass's __init__
        return raise(t, EXC(TypeError), "float() takes no keyword arguments");
    if (!arguments_check(t, "float", nargs, 0, 0, 1))
        return 0;
    Value exact = !nargs ? float_new(t, 0.0)
        : is_exactly(args[0], &type_str) ? float_from_str(t, args[0]) : number_float(t, args[0]);
    if (!exact || cls == &type_float)
        return exact;
    FloatObject *object = instance_new(t, cls, 0);
    if (!object)
        return 0;
    object->value = float_value(exact);
    return value_of(object);
}

int float_operand(Thread *t, Value v, double *out)
{
    if (likely(is_float(v))) {
        *out = float_value(v);
        return 1;
    }
    if (!is_int(v))
        return 0;
    return int_to_double(t, int_exact(v), out) ? 1 : -1;
}

// Both operands as doubles: 1 done, 0 not for float, -1 error.
static inline int operands(Thread *t, Value a, Value b, double *x, double *y)
{
    int found = float_operand(t, a, x);
    return found == 1 ? float_operand(t, b, y) : found;
}

#define OPERANDS_OR_RETURN(t, a, b)                                                                \
    double x, y;                                                                                   \
    int found = operands(t, a, b, &x, &y);                                                         \
    if (found != 1)                                                                                \
        return found ? 0 : NOTIMPLEMENTED

static Value slot_add(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    return float_new(t, x + y);
}

static Value slot_subtract(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    return float_new(t, x - y);
}

static Value slot_multiply(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    return float_new(t, x * y);
}

static COLD Value division_by_zero(Thread *t)
{
    return raise(t, EXC(ZeroDivisionError), "division by zero");
}

static Value slot_true_divide(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    return y == 0.0 ? division_by_zero(t) : float_new(t, x / y);
}

// The remainder has b's sign; a zero too.
double float_modulo(double a, double b)
{
    double remainder = fmod(a, b);
    if (remainder == 0.0)
        return copysign(0.0, b);
    return (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

double float_floor_division(double a, double b, double *remainder)
{
    double rest = fmod(a, b), quotient = (a - rest) / b;
    if (rest == 0.0) {
        rest = copysign(0.0, b);
    } else if ((rest < 0) != (b < 0)) {
        rest += b;
        quotient -= 1.0;
    }
    *remainder = rest;
    if (quotient == 0.0)
        return copysign(0.0, a / b);
    double floored = floor(quotient);
    return quotient - floored > 0.5 ? floored + 1.0 : floored;   // the quotient itself was rounded
}

static Value slot_remainder(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    return y == 0.0 ? division_by_zero(t) : float_new(t, float_modulo(x, y));
}

static Value slot_floor_divide(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    double rest;
    return y == 0.0 ? division_by_zero(t) : float_new(t, float_floor_division(x, y, &rest));
}

static Value slot_divmod(Thread *t, Value a, Value b)
{
    OPERANDS_OR_RETURN(t, a, b);
    if (y == 0.0)
        return division_by_zero(t);
    double rest, quotient = float_floor_division(x, y, &rest);
    Value q = float_new(t, quotient), r = q ? float_new(t, rest) : 0;
    return r ? tuple_pair(t, q, r) : 0;
}

// --- power ---

static COLD Value power_overflow(Thread *t)
{
    Value message = str_from_cstr(t, "Numerical result out of range");
    Value exception = message ? call2(t, value_of(EXC(OverflowError)), fixnum(ERANGE), message) : 0;
    return exception ? raise_value(t, exception) : 0;
}

static bool is_odd(double d) { return fmod(fabs(d), 2.0) == 1.0; }

// x ** y where an operand is infinite or nan.
static double power_special(double x, double y)
{
    if (isnan(x) || isnan(y))
        return x == 1.0 ? 1.0 : x + y;
    if (isinf(y)) {
        double size = fabs(x);
        return size == 1.0 ? 1.0 : (y > 0) == (size > 1.0) ? INFINITY : 0.0;
    }
    if (y > 0)
        return is_odd(y) ? x : fabs(x);
    return is_odd(y) ? copysign(0.0, x) : 0.0;
}

static Value slot_power(Thread *t, Value a, Value b, Value c)
{
    if (c != NONE)
        return raise(t, EXC(TypeError), "pow() 3rd argument not allowed unless all arguments are integers");
    OPERANDS_OR_RETURN(t, a, b);
    if (y == 0.0)
        return float_new(t, 1.0);
    if (!isfinite(x) || !isfinite(y))
        return float_new(t, power_special(x, y));
    if (x == 0.0 && y < 0.0)
        return raise(t, EXC(ZeroDivisionError), "zero to a negative power");
    if (x < 0.0 && y != floor(y))
        return type_complex.slots.power(t, a, b, c);
    double result = pow(x, y);
    return isinf(result) ? power_overflow(t) : float_new(t, result);
}

// --- comparison ---

int float_compare_int(double d, Value exact_int)
{
    if (isnan(d))
        return 2;
    int sign = int_sign(exact_int), d_sign = d < 0 ? -1 : d > 0;
    if (isinf(d) || sign != d_sign)
        return d_sign < sign ? -1 : d_sign > sign ? 1 : d_sign;
    if (sign == 0)
        return 0;
    int exponent;
    double fraction = frexp(fabs(d), &exponent);
    size_t bits = int_bit_length(exact_int);
    if (exponent <= 0 || (size_t)exponent != bits)            // magnitudes differ in their number of bits
        return (exponent > 0 && (size_t)exponent > bits) ? d_sign : -d_sign;
    IntView x;
    int_look(exact_int, &x);
    // Same number of bits: compare the top 64 bits of both, then what is left of the int (d has no more than 53).
    int zeros = __builtin_clzll(x.limbs[x.n - 1]);
    uint64_t top = x.limbs[x.n - 1] << zeros, d_top = (uint64_t)ldexp(fraction, 53) << 11;
    if (zeros && x.n > 1)
        top |= x.limbs[x.n - 2] >> (64 - zeros);
    bool rest = false;
    if (x.n > 1) {
        rest = (zeros ? x.limbs[x.n - 2] << zeros : x.limbs[x.n - 2]) != 0;
        for (size_t i = 0; i + 2 < x.n && !rest; i++)
            rest = x.limbs[i] != 0;
    }
    if (d_top != top)
        return d_top > top ? d_sign : -d_sign;
    return rest ? -d_sign : 0;
}

static Value slot_compare(Thread *t, Value a, Value b, CompareOp op)
{
    double x = float_value(a);
    int order;
    if (is_float(b)) {
        double y = float_value(b);
        order = x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
    } else if (is_int(b)) {
        order = float_compare_int(x, int_exact(b));
    } else {
        return NOTIMPLEMENTED;
    }
    if (order == 2)
        return value_bool(op == CMP_NE);
    switch (op) {
    case CMP_LT: return value_bool(order < 0);
    case CMP_LE: return value_bool(order <= 0);
    case CMP_EQ: return value_bool(order == 0);
    case CMP_NE: return value_bool(order != 0);
    case CMP_GT: return value_bool(order > 0);
    default: return value_bool(order >= 0);
    }
}

// --- hash: the value modulo 2**61 - 1, as for an equal int or fraction ---

Hash float_hash(double d, Value object)
{
    enum { HASH_BITS = 61, HASH_INF = 314159, POINTER_ALIGNMENT_BITS = 4 };
    const uint64_t prime = ((uint64_t)1 << HASH_BITS) - 1;
    if (isinf(d))
        return d > 0 ? HASH_INF : -HASH_INF;
    if (isnan(d))
        return (Hash)(object >> POINTER_ALIGNMENT_BITS | object << (64 - POINTER_ALIGNMENT_BITS));
    int exponent;
    double fraction = frexp(fabs(d), &exponent);
    uint64_t mantissa = (uint64_t)ldexp(fraction, 53);        // < prime: only the power of two needs reducing
    int turn = (exponent - 53) % HASH_BITS;
    if (turn < 0)
        turn += HASH_BITS;
    uint64_t sum = turn ? ((mantissa << turn) & prime) | mantissa >> (HASH_BITS - turn) : mantissa;
    Hash hash = d < 0 ? -(Hash)sum : (Hash)sum;
    return hash == -1 ? -2 : hash;
}

static bool slot_hash(Thread *t, Value a, Hash *out)
{
    *out = float_hash(float_value(a), a);
    return true;
}

// --- unary ---

static Value slot_repr(Thread *t, Value a) { return float_repr(t, float_value(a)); }
static Value slot_negative(Thread *t, Value a) { return float_new(t, -float_value(a)); }
static Value slot_positive(Thread *t, Value a) { return is_float_exact(a) ? a : float_new(t, float_value(a)); }
static Value slot_absolute(Thread *t, Value a) { return float_new(t, fabs(float_value(a))); }
static Value slot_to_int(Thread *t, Value a) { return int_from_double(t, float_value(a)); }
static int slot_truth(Thread *t, Value a) { return float_value(a) != 0.0; }

static Value float_get_real(Thread *t, Value self) { return slot_positive(t, self); }
static Value float_get_imag(Thread *t, Value self) { return float_new(t, 0.0); }

static const GetSetDef float_getsets[] = {
    {"real", float_get_real, NULL, "the real part of a complex number"},
    {"imag", float_get_imag, NULL, "the imaginary part of a complex number"},
    {0},
};

Type type_float = {
    TYPE_HEAD(float, "float", &type_object, FloatObject),
    .flags = TYPE_BASE | TYPE_IS_FLOAT | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .doc = "Convert a string or number to a floating-point number, if possible.",
    .new_signature = "(x=0, /)",
    .methods = float_methods,
    .getsets = float_getsets,
    .slots = {
        .new = float_construct,
        .repr = slot_repr,
        .hash = slot_hash,
        .compare = slot_compare,
        .add = slot_add,
        .subtract = slot_subtract,
        .multiply = slot_multiply,
        .remainder = slot_remainder,
        .divmod = slot_divmod,
        .power = slot_power,
        .floor_divide = slot_floor_divide,
        .true_divide = slot_true_divide,
        .negative = slot_negative,
        .positive = slot_positive,
        .absolute = slot_absolute,
        .truth = slot_truth,
        .to_int = slot_to_int,
        .to_float = slot_positive,
    },
};
