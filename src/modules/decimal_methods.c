// decimal_methods.c: the methods of Decimal. Most take an optional context last.
#include "src/core/native.h"
#include "src/modules/decimal_internal.h"
#include "src/types/int_internal.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// --- shapes of methods ---

static Value finish_method(Thread *t, Context *context, const DecContext *c, const Dec *out)
{
    return dec_signal(t, context, c->status) ? dec_value(t, &type_decimal, out) : 0;
}

// self, context
static Value method_unary(Thread *t, const Value *args, DecUnary operation)
{
    Context *context = dec_context_argument(t, args[1]);
    if (!context)
        return 0;
    Dec x = dec_of(args[0]), out;
    DecContext c = context->c;
    c.status = 0;
    return operation(t, &x, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

// self, other, context
static Value method_binary(Thread *t, const Value *args, DecBinary operation)
{
    Context *context = dec_context_argument(t, args[2]);
    Dec x = dec_of(args[0]), y, out;
    if (!context || !dec_convert(t, args[1], &y))
        return 0;
    DecContext c = context->c;
    c.status = 0;
    return operation(t, &x, &y, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

#define UNARY_METHODS(F)                                                                           \
    F(exp, dec_exp, "Return the value of the (natural) exponential function e**x at the given number.") \
    F(ln, dec_ln, "Return the natural (base e) logarithm of the operand.")                         \
    F(log10, dec_log10, "Return the base ten logarithm of the operand.")                           \
    F(next_minus, dec_next_minus, "Return the largest number representable in the given context that is smaller than the operand.") \
    F(next_plus, dec_next_plus, "Return the smallest number representable in the given context that is larger than the operand.") \
    F(normalize, dec_normalize, "Normalize the number by stripping the rightmost trailing zeros.")  \
    F(sqrt, dec_sqrt, "Return the square root of the argument to full precision.")                 \
    F(logb, dec_logb, "For a non-zero number, return the adjusted exponent of the operand as a Decimal instance.") \
    F(logical_invert, dec_invert, "Invert all its digits.")

#define BINARY_METHODS(F)                                                                          \
    F(compare, dec_compare, "Compare self to other.  Return a decimal value.")                     \
    F(compare_signal, dec_compare_signal, "Identical to compare, except that all NaNs signal.")    \
    F(max, dec_max, "Maximum of self and other.")                                                  \
    F(max_mag, dec_max_mag, "Similar to the max() method, but the comparison is done using the absolute values.") \
    F(min, dec_min, "Minimum of self and other.")                                                  \
    F(min_mag, dec_min_mag, "Similar to the min() method, but the comparison is done using the absolute values.") \
    F(next_toward, dec_next_toward, "Return the number closest to the first operand in the direction of the second.") \
    F(remainder_near, dec_remainder_near, "Return the remainder from dividing self by other.")     \
    F(compare_total, dec_compare_total, "Compare two operands using their abstract representation.") \
    F(compare_total_mag, dec_compare_total_mag, "Compare two operands using their abstract representation, ignoring signs.") \
    F(copy_sign, dec_copy_sign, "Return a copy of the first operand with the sign of the second.") \
    F(logical_and, dec_and, "Applies an 'and' operation between self and other's digits.")         \
    F(logical_or, dec_or, "Applies an 'or' operation between self and other's digits.")            \
    F(logical_xor, dec_xor, "Applies an 'xor' operation between self and other's digits.")         \
    F(rotate, dec_rotate, "Return the result of rotating the digits of the first operand.")        \
    F(scaleb, dec_scaleb, "Return the first operand with the exponent adjusted the second.")       \
    F(shift, dec_shift_digits, "Return the result of shifting the digits of the first operand.")

#define F(name, operation, doc)                                                                    \
    static Value decimal_##name(Thread *t, const Value *args, size_t nargs) { return method_unary(t, args, operation); }
UNARY_METHODS(F)
#undef F
#define F(name, operation, doc)                                                                    \
    static Value decimal_##name(Thread *t, const Value *args, size_t nargs) { return method_binary(t, args, operation); }
BINARY_METHODS(F)
#undef F

// --- methods with a rounding argument ---

static Value integral(Thread *t, const Value *args, DecUnary operation)
{
    Context *context = dec_context_argument(t, args[2]);
    if (!context)
        return 0;
    DecContext c = context->c;
    c.status = 0;
    if (args[1] && args[1] != NONE && !dec_rounding_argument(t, args[1], &c.rounding))
        return 0;
    Dec x = dec_of(args[0]), out;
    return operation(t, &x, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

static Value decimal_to_integral_value(Thread *t, const Value *args, size_t nargs)
{
    return integral(t, args, dec_to_integral_value);
}

static Value decimal_to_integral_exact(Thread *t, const Value *args, size_t nargs)
{
    return integral(t, args, dec_to_integral_exact);
}

static Value decimal_quantize(Thread *t, const Value *args, size_t nargs)
{
    Context *context = dec_context_argument(t, args[3]);
    Dec x = dec_of(args[0]), y, out;
    if (!context)
        return 0;
    DecContext c = context->c;
    c.status = 0;
    if (args[2] && args[2] != NONE && !dec_rounding_argument(t, args[2], &c.rounding))
        return 0;
    if (!dec_convert(t, args[1], &y))
        return 0;
    return dec_quantize(t, &x, &y, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

static Value decimal_fma(Thread *t, const Value *args, size_t nargs)
{
    Context *context = dec_context_argument(t, args[3]);
    Dec x = dec_of(args[0]), y, z, out;
    if (!context || !dec_convert(t, args[1], &y) || !dec_convert(t, args[2], &z))
        return 0;
    DecContext c = context->c;
    c.status = 0;
    return dec_fma(t, &x, &y, &z, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

// --- questions ---

static Value decimal_is_canonical(Thread *t, const Value *args, size_t nargs) { return TRUE; }
static Value decimal_is_finite(Thread *t, const Value *args, size_t nargs) { return value_bool(dec_of(args[0]).kind == DEC_FINITE); }
static Value decimal_is_infinite(Thread *t, const Value *args, size_t nargs) { return value_bool(dec_of(args[0]).kind == DEC_INFINITE); }
static Value decimal_is_qnan(Thread *t, const Value *args, size_t nargs) { return value_bool(dec_of(args[0]).kind == DEC_QNAN); }
static Value decimal_is_snan(Thread *t, const Value *args, size_t nargs) { return value_bool(dec_of(args[0]).kind == DEC_SNAN); }
static Value decimal_is_signed(Thread *t, const Value *args, size_t nargs) { return value_bool(dec_of(args[0]).negative); }

static Value decimal_is_nan(Thread *t, const Value *args, size_t nargs)
{
    Dec d = dec_of(args[0]);
    return value_bool(dec_is_nan(&d));
}

static Value decimal_is_zero(Thread *t, const Value *args, size_t nargs)
{
    Dec d = dec_of(args[0]);
    return value_bool(dec_is_zero(&d));
}

static Value decimal_is_normal(Thread *t, const Value *args, size_t nargs)
{
    Context *context = dec_context_argument(t, args[1]);
    Dec d = dec_of(args[0]);
    bool normal;
    return context && dec_is_normal(t, &d, &context->c, &normal) ? value_bool(normal) : 0;
}

static Value decimal_is_subnormal(Thread *t, const Value *args, size_t nargs)
{
    Context *context = dec_context_argument(t, args[1]);
    Dec d = dec_of(args[0]);
    bool normal;
    if (!context || !dec_is_normal(t, &d, &context->c, &normal))
        return 0;
    return value_bool(!normal && d.kind == DEC_FINITE && !dec_is_zero(&d));
}

static Value decimal_number_class(Thread *t, const Value *args, size_t nargs)
{
    Context *context = dec_context_argument(t, args[1]);
    Dec d = dec_of(args[0]);
    const char *name = context ? dec_class(t, &d, &context->c) : NULL;
    return name ? str_from_cstr(t, name) : 0;
}

static Value decimal_same_quantum(Thread *t, const Value *args, size_t nargs)
{
    Context *context = dec_context_argument(t, args[2]);
    Dec x = dec_of(args[0]), y;
    if (!context || !dec_convert(t, args[1], &y))
        return 0;
    if (x.kind != DEC_FINITE || y.kind != DEC_FINITE)
        return value_bool((dec_is_nan(&x) && dec_is_nan(&y)) || (x.kind == DEC_INFINITE && y.kind == DEC_INFINITE));
    return value_bool(x.exponent == y.exponent);
}

// --- parts and copies ---

static Value decimal_self(Thread *t, const Value *args, size_t nargs) { return args[0]; }

static Value decimal_adjusted(Thread *t, const Value *args, size_t nargs)
{
    Dec d = dec_of(args[0]);
    int64_t top = 0;
    if (d.kind == DEC_FINITE && !dec_is_zero(&d) && !dec_adjusted(t, &d, &top))
        return 0;
    return int_from_int64(t, dec_is_zero(&d) ? d.exponent : top);
}

static Value decimal_radix(Thread *t, const Value *args, size_t nargs)
{
    Dec ten = dec_int(10);
    return dec_value(t, &type_decimal, &ten);
}

static Value decimal_copy_abs(Thread *t, const Value *args, size_t nargs)
{
    Dec d = dec_of(args[0]);
    d.negative = false;
    return dec_value(t, &type_decimal, &d);
}

static Value decimal_copy_negate(Thread *t, const Value *args, size_t nargs)
{
    Dec d = dec_of(args[0]);
    d.negative = !d.negative;
    return dec_value(t, &type_decimal, &d);
}

static Value decimal_to_eng_string(Thread *t, const Value *args, size_t nargs)
{
    Context *context = dec_context_argument(t, args[1]);
    Dec d = dec_of(args[0]);
    return context ? dec_text(t, &d, true, context->c.capitals) : 0;
}

static Value digits_tuple(Thread *t, const Dec *d)
{
    if (d->kind == DEC_INFINITE)
        return tuple_of(t, (size_t)1, fixnum(0));
    if (dec_is_nan(d) && d->coefficient == fixnum(0))
        return tuple_empty;
    Value text = int_to_str_any(t, d->coefficient, 10);
    Tuple *tuple = text ? tuple_alloc(t, as_str(text)->length) : NULL;
    for (size_t i = 0; tuple && i < tuple->length; i++)
        tuple->at[i] = fixnum(str_at(as_str(text), i) - '0');
    return value_of(tuple);
}

static Value decimal_as_tuple(Thread *t, const Value *args, size_t nargs)
{
    Dec d = dec_of(args[0]);
    Value digits = digits_tuple(t, &d), cls = digits ? dec_tuple_type(t) : 0, exponent;
    switch (d.kind) {
    case DEC_FINITE: exponent = int_from_int64(t, d.exponent); break;
    case DEC_INFINITE: exponent = str_latin1['F']; break;
    default: exponent = str_latin1[d.kind == DEC_QNAN ? 'n' : 'N'];
    }
    return cls && exponent ? call3(t, cls, fixnum(d.negative), digits, exponent) : 0;
}

static Value decimal_as_integer_ratio(Thread *t, const Value *args, size_t nargs)
{
    Dec d = dec_of(args[0]);
    if (dec_is_nan(&d))
        return raise(t, EXC(ValueError), "cannot convert NaN to integer ratio");
    if (d.kind == DEC_INFINITE)
        return raise(t, EXC(OverflowError), "cannot convert Infinity to integer ratio");
    Value numerator = d.coefficient, denominator = fixnum(1);
    if (dec_is_zero(&d))
        return tuple_pair(t, fixnum(0), fixnum(1));
    if (d.exponent >= 0) {
        numerator = dec_shift(t, numerator, d.exponent);
    } else {
        denominator = dec_power10(t, -d.exponent);
        if (!denominator)
            return 0;
        mpz_t n, m, common;
        mp_limb_t n_room, m_room;
        int_view(numerator, n, &n_room);
        int_view(denominator, m, &m_room);
        mpz_init(common);
        mpz_gcd(common, n, m);
        Value divisor = int_from_mpz(t, common);
        mpz_clear(common);
        numerator = divisor ? int_floor_divide(t, numerator, divisor) : 0;
        denominator = numerator ? int_floor_divide(t, denominator, divisor) : 0;
    }
    if (numerator && d.negative)
        numerator = int_negative(t, numerator);
    return numerator && denominator ? tuple_pair(t, numerator, denominator) : 0;
}

// --- making ---

static Value exact_float(Thread *t, Value cls, Value number)
{
    Dec d;
    if (is_int(number)) {
        if (!dec_from_int(t, int_exact(number), &d))
            return 0;
    } else if (!is_float(number)) {
        return raise(t, EXC(TypeError), "argument must be int or float");
    } else if (!dec_from_double(t, float_value(number), &d)) {
        return 0;
    }
    Value exact = dec_value(t, &type_decimal, &d);
    return !exact || cls == value_of(&type_decimal) ? exact : call1(t, cls, exact);
}

static Value decimal_from_float(Thread *t, const Value *args, size_t nargs) { return exact_float(t, args[0], args[1]); }

static Value decimal_from_number(Thread *t, const Value *args, size_t nargs)
{
    if (is_float(args[1]) || is_int(args[1]))
        return exact_float(t, args[0], args[1]);
    if (!is_decimal(args[1]))
        return raise(t, EXC(TypeError), "conversion from %T to Decimal is not supported", args[1]);
    return args[0] == value_of(&type_decimal) && is_exactly(args[1], &type_decimal) ? args[1] : call1(t, args[0], args[1]);
}

// --- special methods ---

static Value decimal_format_method(Thread *t, const Value *args, size_t nargs)
{
    return is_str(args[1]) ? dec_format(t, args[0], args[1], args[2]) : raise(t, EXC(TypeError), "format arg must be str");
}

static Value decimal_reduce(Thread *t, const Value *args, size_t nargs)
{
    Value text = value_str(t, args[0]), inner = text ? tuple_of(t, (size_t)1, text) : 0;
    return inner ? tuple_pair(t, value_of(type_of(args[0])), inner) : 0;
}

static Value decimal_round_method(Thread *t, const Value *args, size_t nargs)
{
    Dec d = dec_of(args[0]), out;
    if (!args[1])
        return dec_to_int(t, &d, ROUND_HALF_EVEN);
    if (!is_int(args[1]))
        return raise(t, EXC(TypeError), "optional arg must be an integer");
    int64_t digits;
    Context *context = dec_context_current(t);
    if (!context || !to_int64(t, args[1], &digits))
        return 0;
    DecContext c = context->c;
    c.status = 0;
    Dec quantum = {fixnum(1), digits == INT64_MIN ? INT64_MAX : -digits, DEC_FINITE, false};
    return dec_quantize(t, &d, &quantum, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

static Value to_int_method(Thread *t, const Value *args, DecRounding rounding)
{
    Dec d = dec_of(args[0]);
    return dec_to_int(t, &d, rounding);
}

static Value decimal_ceil(Thread *t, const Value *args, size_t nargs) { return to_int_method(t, args, ROUND_CEILING); }
static Value decimal_floor(Thread *t, const Value *args, size_t nargs) { return to_int_method(t, args, ROUND_FLOOR); }
static Value decimal_trunc(Thread *t, const Value *args, size_t nargs) { return to_int_method(t, args, ROUND_DOWN); }

static Value decimal_complex(Thread *t, const Value *args, size_t nargs)
{
    double d;
    return to_double(t, args[0], &d) ? complex_new(t, d, 0.0) : 0;
}

static Value decimal_sizeof(Thread *t, const Value *args, size_t nargs)
{
    return fixnum((int64_t)(sizeof(Decimal) + int_bit_length(dec_of(args[0]).coefficient) / 8));
}

const NativeDef decimal_methods[] = {
#define F(name, operation, doc) {#name, decimal_##name, "($self, /, context=None)", doc, 0},
    UNARY_METHODS(F)
#undef F
#define F(name, operation, doc) {#name, decimal_##name, "($self, /, other, context=None)", doc, 0},
    BINARY_METHODS(F)
#undef F
    {"to_integral", decimal_to_integral_value, "($self, /, rounding=None, context=None)", "Identical to the to_integral_value() method.", 0},
    {"to_integral_exact", decimal_to_integral_exact, "($self, /, rounding=None, context=None)",
     "Round to the nearest integer, signaling Inexact or Rounded as appropriate.", 0},
    {"to_integral_value", decimal_to_integral_value, "($self, /, rounding=None, context=None)",
     "Round to the nearest integer without signaling Inexact or Rounded.", 0},
    {"quantize", decimal_quantize, "($self, /, exp, rounding=None, context=None)",
     "Return a value equal to the first operand after rounding and having the exponent of the second operand.", 0},
    {"fma", decimal_fma, "($self, /, other, third, context=None)", "Fused multiply-add.", 0},
    {"is_canonical", decimal_is_canonical, "($self, /)", "Return True if the argument is canonical and False otherwise.", 0},
    {"is_finite", decimal_is_finite, "($self, /)", "Return True if the argument is a finite number.", 0},
    {"is_infinite", decimal_is_infinite, "($self, /)", "Return True if the argument is either positive or negative infinity.", 0},
    {"is_nan", decimal_is_nan, "($self, /)", "Return True if the argument is a (quiet or signaling) NaN.", 0},
    {"is_qnan", decimal_is_qnan, "($self, /)", "Return True if the argument is a quiet NaN.", 0},
    {"is_snan", decimal_is_snan, "($self, /)", "Return True if the argument is a signaling NaN.", 0},
    {"is_signed", decimal_is_signed, "($self, /)", "Return True if the argument has a negative sign.", 0},
    {"is_zero", decimal_is_zero, "($self, /)", "Return True if the argument is a (positive or negative) zero.", 0},
    {"is_normal", decimal_is_normal, "($self, /, context=None)", "Return True if the argument is a normal finite non-zero number.", 0},
    {"is_subnormal", decimal_is_subnormal, "($self, /, context=None)", "Return True if the argument is subnormal.", 0},
    {"adjusted", decimal_adjusted, "($self, /)", "Return the adjusted exponent of the number.  Defined as exp + digits - 1.", 0},
    {"canonical", decimal_self, "($self, /)", "Return the canonical encoding of the argument.", 0},
    {"conjugate", decimal_self, "($self, /)", "Return self.", 0},
    {"radix", decimal_radix, "($self, /)", "Return Decimal(10), the radix (base) in which the Decimal class does all its arithmetic.", 0},
    {"copy_abs", decimal_copy_abs, "($self, /)", "Return the absolute value of the argument.", 0},
    {"copy_negate", decimal_copy_negate, "($self, /)", "Return the negation of the argument.", 0},
    {"number_class", decimal_number_class, "($self, /, context=None)", "Return a string describing the class of the operand.", 0},
    {"to_eng_string", decimal_to_eng_string, "($self, /, context=None)", "Convert to an engineering-type string.", 0},
    {"same_quantum", decimal_same_quantum, "($self, /, other, context=None)",
     "Test whether self and other have the same exponent or whether both are NaN.", 0},
    {"from_float", decimal_from_float, "($type, f, /)", "Class method that converts a float to a decimal number, exactly.", NATIVE_CLASS},
    {"from_number", decimal_from_number, "($type, number, /)",
     "Class method that converts a real number to a decimal number, exactly.", NATIVE_CLASS},
    {"as_tuple", decimal_as_tuple, "($self, /)", "Return a tuple representation of the number.", 0},
    {"as_integer_ratio", decimal_as_integer_ratio, "($self, /)", "Decimal.as_integer_ratio() -> (int, int)", 0},
    {"__copy__", decimal_self, "($self, /)", NULL, 0},
    {"__deepcopy__", decimal_self, "($self, object, /)", NULL, 0},
    {"__format__", decimal_format_method, "($self, fmt, override=<unrepresentable>, /)", NULL, 0},
    {"__reduce__", decimal_reduce, "($self, /)", NULL, 0},
    {"__round__", decimal_round_method, "($self, ndigits=None, /)", NULL, 0},
    {"__ceil__", decimal_ceil, "($self, /)", NULL, 0},
    {"__floor__", decimal_floor, "($self, /)", NULL, 0},
    {"__trunc__", decimal_trunc, "($self, /)", NULL, 0},
    {"__complex__", decimal_complex, "($self, /)", NULL, 0},
    {"__sizeof__", decimal_sizeof, "($self, /)", NULL, 0},
    {0},
};
