// decimal_context_methods.c: the methods of Context: the operations with all operands as arguments.
#include "src/modules/decimal_signals.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Value finish_method(Thread *t, Context *context, const DecContext *c, const Dec *out)
{
    return dec_signal(t, context, c->status) ? dec_value(t, &type_decimal, out) : 0;
}

// self, x
static Value method_unary(Thread *t, const Value *args, DecUnary operation)
{
    Context *context = (Context *)args[0];
    Dec x, out;
    if (!dec_convert(t, args[1], &x))
        return 0;
    DecContext c = context->c;
    c.status = 0;
    return operation(t, &x, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

// self, x, y
static Value method_binary(Thread *t, const Value *args, DecBinary operation)
{
    Context *context = (Context *)args[0];
    Dec x, y, out;
    if (!dec_convert(t, args[1], &x) || !dec_convert(t, args[2], &y))
        return 0;
    DecContext c = context->c;
    c.status = 0;
    return operation(t, &x, &y, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

// Rounds, and leaves signs and NaNs as they are.
static bool apply(Thread *t, const Dec *a, Dec *out, DecContext *c)
{
    *out = *a;
    return dec_finish(t, out, c);
}

#define UNARY_METHODS(F)                                                                           \
    F(abs, dec_abs, "Return the absolute value of x.")                                             \
    F(exp, dec_exp, "Return e ** x.")                                                              \
    F(ln, dec_ln, "Return the natural (base e) logarithm of x.")                                   \
    F(log10, dec_log10, "Return the base 10 logarithm of x.")                                      \
    F(minus, dec_minus, "Minus corresponds to the unary prefix minus operator in Python, but applies the context to the result.") \
    F(next_minus, dec_next_minus, "Return the largest representable number smaller than x.")       \
    F(next_plus, dec_next_plus, "Return the smallest representable number larger than x.")         \
    F(normalize, dec_normalize, "Reduce x to its simplest form. Alias for reduce(x).")             \
    F(plus, dec_plus, "Plus corresponds to the unary prefix plus operator in Python, but applies the context to the result.") \
    F(_apply, apply, NULL)                                                                         \
    F(to_integral, dec_to_integral_value, "Identical to to_integral_value(x).")                    \
    F(to_integral_exact, dec_to_integral_exact, "Round to an integer. Signal if the result is rounded or inexact.") \
    F(to_integral_value, dec_to_integral_value, "Round to an integer.")                            \
    F(sqrt, dec_sqrt, "Square root of a non-negative number to context precision.")                \
    F(copy_abs, dec_copy_abs, "Return a copy of x with the sign set to 0.")                        \
    F(copy_negate, dec_copy_negate, "Return a copy of x with the sign inverted.")                  \
    F(logb, dec_logb, "Return the exponent of the magnitude of the operand's MSD.")                \
    F(logical_invert, dec_invert, "Invert all the digits in the operand.")

#define BINARY_METHODS(F)                                                                          \
    F(add, dec_add, "Return the sum of x and y.")                                                  \
    F(compare, dec_compare, "Compare x and y numerically.")                                        \
    F(compare_signal, dec_compare_signal, "Compare x and y numerically.  All NaNs signal.")        \
    F(divide, dec_divide, "Return x divided by y.")                                                \
    F(divide_int, dec_divide_int, "Return x divided by y, truncated to an integer.")               \
    F(max, dec_max, "Compare the values numerically and return the maximum.")                      \
    F(max_mag, dec_max_mag, "Compare the values numerically with their sign ignored.")             \
    F(min, dec_min, "Compare the values numerically and return the minimum.")                      \
    F(min_mag, dec_min_mag, "Compare the values numerically with their sign ignored.")             \
    F(multiply, dec_multiply, "Return the product of x and y.")                                    \
    F(next_toward, dec_next_toward, "Return the number closest to x, in the direction towards y.") \
    F(quantize, dec_quantize, "Return a value equal to x (rounded), having the exponent of y.")    \
    F(remainder, dec_remainder, "Return the remainder from integer division.")                     \
    F(remainder_near, dec_remainder_near, "Return x - y * n, where n is the integer nearest the exact value of x / y.") \
    F(subtract, dec_subtract, "Return the difference between x and y.")                            \
    F(compare_total, dec_compare_total, "Compare x and y using their abstract representation.")    \
    F(compare_total_mag, dec_compare_total_mag, "Compare x and y using their abstract representation, ignoring sign.") \
    F(copy_sign, dec_copy_sign, "Copy the sign from y to x.")                                      \
    F(logical_and, dec_and, "Applies the logical operation 'and' between each operand's digits.")  \
    F(logical_or, dec_or, "Applies the logical operation 'or' between each operand's digits.")     \
    F(logical_xor, dec_xor, "Applies the logical operation 'xor' between each operand's digits.")  \
    F(rotate, dec_rotate, "Return a copy of x, rotated by y places.")                              \
    F(scaleb, dec_scaleb, "Return the first operand after adding the second value to its exp.")    \
    F(shift, dec_shift_digits, "Return a copy of x, shifted by y places.")

#define F(name, operation, doc)                                                                    \
    static Value context_##name(Thread *t, const Value *args, size_t nargs) { return method_unary(t, args, operation); }
UNARY_METHODS(F)
#undef F
#define F(name, operation, doc)                                                                    \
    static Value context_##name(Thread *t, const Value *args, size_t nargs) { return method_binary(t, args, operation); }
BINARY_METHODS(F)
#undef F

static Value context_divmod(Thread *t, const Value *args, size_t nargs)
{
    Context *context = (Context *)args[0];
    Dec x, y, quotient, remainder;
    if (!dec_convert(t, args[1], &x) || !dec_convert(t, args[2], &y))
        return 0;
    DecContext c = context->c;
    c.status = 0;
    if (!dec_divmod(t, &x, &y, &quotient, &remainder, &c) || !dec_signal(t, context, c.status))
        return 0;
    Value q = dec_value(t, &type_decimal, &quotient), r = q ? dec_value(t, &type_decimal, &remainder) : 0;
    return r ? tuple_pair(t, q, r) : 0;
}

static Value context_power(Thread *t, const Value *args, size_t nargs)
{
    Context *context = (Context *)args[0];
    bool modular = args[3] && args[3] != NONE;
    Dec x, y, m, out;
    if (!dec_convert(t, args[1], &x) || !dec_convert(t, args[2], &y) || (modular && !dec_convert(t, args[3], &m)))
        return 0;
    DecContext c = context->c;
    c.status = 0;
    bool done = modular ? dec_power_modulo(t, &x, &y, &m, &out, &c) : dec_power(t, &x, &y, &out, &c);
    return done ? finish_method(t, context, &c, &out) : 0;
}

static Value context_fma(Thread *t, const Value *args, size_t nargs)
{
    Context *context = (Context *)args[0];
    Dec x, y, z, out;
    if (!dec_convert(t, args[1], &x) || !dec_convert(t, args[2], &y) || !dec_convert(t, args[3], &z))
        return 0;
    DecContext c = context->c;
    c.status = 0;
    return dec_fma(t, &x, &y, &z, &out, &c) ? finish_method(t, context, &c, &out) : 0;
}

// --- questions ---

typedef bool (*Question)(const Dec *d);
static bool ask_canonical(const Dec *d) { return true; }
static bool ask_finite(const Dec *d) { return d->kind == DEC_FINITE; }
static bool ask_infinite(const Dec *d) { return d->kind == DEC_INFINITE; }
static bool ask_nan(const Dec *d) { return dec_is_nan(d); }
static bool ask_qnan(const Dec *d) { return d->kind == DEC_QNAN; }
static bool ask_snan(const Dec *d) { return d->kind == DEC_SNAN; }
static bool ask_signed(const Dec *d) { return d->negative; }
static bool ask_zero(const Dec *d) { return dec_is_zero(d); }

static Value ask(Thread *t, const Value *args, Question question)
{
    Dec d;
    return dec_convert(t, args[1], &d) ? value_bool(question(&d)) : 0;
}

#define QUESTIONS(F)                                                                               \
    F(finite, "Return True if x is finite, False otherwise.")                                      \
    F(infinite, "Return True if x is infinite, False otherwise.")                                  \
    F(nan, "Return True if x is a qNaN or sNaN, False otherwise.")                                 \
    F(qnan, "Return True if x is a quiet NaN, False otherwise.")                                   \
    F(snan, "Return True if x is a signaling NaN, False otherwise.")                               \
    F(signed, "Return True if x is negative, False otherwise.")                                    \
    F(zero, "Return True if x is a zero, False otherwise.")
#define F(name, doc)                                                                               \
    static Value context_is_##name(Thread *t, const Value *args, size_t nargs) { return ask(t, args, ask_##name); }
QUESTIONS(F)
#undef F

static Value require_decimal(Thread *t, Value v)
{
    return is_decimal(v) ? v : raise(t, EXC(TypeError), "argument must be a Decimal");
}

static Value context_is_canonical(Thread *t, const Value *args, size_t nargs)
{
    return require_decimal(t, args[1]) ? ask(t, args, ask_canonical) : 0;
}

static Value context_canonical(Thread *t, const Value *args, size_t nargs) { return require_decimal(t, args[1]); }

static Value context_is_normal(Thread *t, const Value *args, size_t nargs)
{
    Dec d;
    bool normal;
    return dec_convert(t, args[1], &d) && dec_is_normal(t, &d, &((Context *)args[0])->c, &normal) ? value_bool(normal) : 0;
}

static Value context_is_subnormal(Thread *t, const Value *args, size_t nargs)
{
    Dec d;
    bool normal;
    if (!dec_convert(t, args[1], &d) || !dec_is_normal(t, &d, &((Context *)args[0])->c, &normal))
        return 0;
    return value_bool(!normal && d.kind == DEC_FINITE && !dec_is_zero(&d));
}

static Value context_number_class(Thread *t, const Value *args, size_t nargs)
{
    Dec d;
    const char *name = dec_convert(t, args[1], &d) ? dec_class(t, &d, &((Context *)args[0])->c) : NULL;
    return name ? str_from_cstr(t, name) : 0;
}

static Value context_same_quantum(Thread *t, const Value *args, size_t nargs)
{
    Dec x, y;
    if (!dec_convert(t, args[1], &x) || !dec_convert(t, args[2], &y))
        return 0;
    if (x.kind != DEC_FINITE || y.kind != DEC_FINITE)
        return value_bool((dec_is_nan(&x) && dec_is_nan(&y)) || (x.kind == DEC_INFINITE && y.kind == DEC_INFINITE));
    return value_bool(x.exponent == y.exponent);
}

// --- the rest ---

static Value context_etiny(Thread *t, const Value *args, size_t nargs) { return int_from_int64(t, dec_etiny(&((Context *)args[0])->c)); }
static Value context_etop(Thread *t, const Value *args, size_t nargs) { return int_from_int64(t, dec_etop(&((Context *)args[0])->c)); }

static Value context_radix(Thread *t, const Value *args, size_t nargs)
{
    Dec ten = dec_int(10);
    return dec_value(t, &type_decimal, &ten);
}

static Value context_copy_decimal(Thread *t, const Value *args, size_t nargs)
{
    Dec d;
    if (is_exactly(args[1], &type_decimal))
        return args[1];
    return dec_convert(t, args[1], &d) ? dec_value(t, &type_decimal, &d) : 0;
}

static Value text_of(Thread *t, const Value *args, bool engineering)
{
    Dec d;
    return dec_convert(t, args[1], &d) ? dec_text(t, &d, engineering, ((Context *)args[0])->c.capitals) : 0;
}

static Value context_to_sci_string(Thread *t, const Value *args, size_t nargs) { return text_of(t, args, false); }
static Value context_to_eng_string(Thread *t, const Value *args, size_t nargs) { return text_of(t, args, true); }

static Value context_clear_flags(Thread *t, const Value *args, size_t nargs)
{
    ((Context *)args[0])->c.status = 0;
    return NONE;
}

static Value context_clear_traps(Thread *t, const Value *args, size_t nargs)
{
    ((Context *)args[0])->c.traps = 0;
    return NONE;
}

static Value context_copy(Thread *t, const Value *args, size_t nargs) { return dec_context_copy(t, args[0]); }
static Value context_reduce(Thread *t, const Value *args, size_t nargs) { return dec_context_reduce(t, args[0]); }

static Value context_create_decimal(Thread *t, const Value *args, size_t nargs)
{
    return dec_create(t, args[1] ? args[1] : fixnum(0), (Context *)args[0]);
}

static Value context_create_decimal_from_float(Thread *t, const Value *args, size_t nargs)
{
    Context *context = (Context *)args[0];
    Dec d;
    if (is_int(args[1]) ? !dec_from_int(t, int_exact(args[1]), &d) : is_float(args[1]) && !dec_from_double(t, float_value(args[1]), &d))
        return 0;
    if (!is_int(args[1]) && !is_float(args[1]))
        return raise(t, EXC(TypeError), "argument must be int or float");
    DecContext c = context->c;
    c.status = 0;
    return dec_finish(t, &d, &c) ? finish_method(t, context, &c, &d) : 0;
}

const NativeDef decimal_context_methods[] = {
#define F(name, operation, doc) {#name, context_##name, "($self, x, /)", doc, 0},
    UNARY_METHODS(F)
#undef F
#define F(name, operation, doc) {#name, context_##name, "($self, x, y, /)", doc, 0},
    BINARY_METHODS(F)
#undef F
#define F(name, doc) {"is_" #name, context_is_##name, "($self, x, /)", doc, 0},
    QUESTIONS(F)
#undef F
    {"divmod", context_divmod, "($self, x, y, /)", "Return quotient and remainder of the division x / y.", 0},
    {"power", context_power, "($self, /, a, b, modulo=None)", "Compute a**b. If 'a' is negative, then 'b' must be integral.", 0},
    {"fma", context_fma, "($self, x, y, z, /)", "Return x multiplied by y, plus z.", 0},
    {"Etiny", context_etiny, "($self, /)", "Return a value equal to Emin - prec + 1.", 0},
    {"Etop", context_etop, "($self, /)", "Return a value equal to Emax - prec + 1.", 0},
    {"radix", context_radix, "($self, /)", "Return 10.", 0},
    {"is_canonical", context_is_canonical, "($self, x, /)", "Return True if x is canonical, False otherwise.", 0},
    {"is_normal", context_is_normal, "($self, x, /)", "Return True if x is a normal number, False otherwise.", 0},
    {"is_subnormal", context_is_subnormal, "($self, x, /)", "Return True if x is subnormal, False otherwise.", 0},
    {"canonical", context_canonical, "($self, x, /)", "Return a new instance of x.", 0},
    {"copy_decimal", context_copy_decimal, "($self, x, /)", "Return a copy of Decimal x.", 0},
    {"number_class", context_number_class, "($self, x, /)", "Return an indication of the class of x.", 0},
    {"to_sci_string", context_to_sci_string, "($self, x, /)", "Convert a number to a string using scientific notation.", 0},
    {"to_eng_string", context_to_eng_string, "($self, x, /)", "Convert a number to a string, using engineering notation.", 0},
    {"same_quantum", context_same_quantum, "($self, x, y, /)", "Return True if the two operands have the same exponent.", 0},
    {"clear_flags", context_clear_flags, "($self, /)", "Reset all flags to False.", 0},
    {"clear_traps", context_clear_traps, "($self, /)", "Set all traps to False.", 0},
    {"__copy__", context_copy, "($self, /)", NULL, 0},
    {"__reduce__", context_reduce, "($self, /)", NULL, 0},
    {"copy", context_copy, "($self, /)", "Return a duplicate of the context.", 0},
    {"create_decimal", context_create_decimal, "($self, num='0', /)",
     "Create a new Decimal instance from num, using self as the context.", 0},
    {"create_decimal_from_float", context_create_decimal_from_float, "($self, f, /)",
     "Create a new Decimal instance from float f.", 0},
    {0},
};
