// decimal_mod.c: the module _decimal and the slots of Decimal.
#include <math.h>

#include "src/core/hooks.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/modules/decimal_signals.h"
#include "src/types/complex_internal.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Value decimal_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "Decimal", "(value='0', context=None)", args, nargs, kwnames, a, return 0);
    Context *context = dec_context_argument(t, a[1]);
    return context ? dec_construct(t, cls, a[0] ? a[0] : fixnum(0), context) : 0;
}

// --- operators ---

static Value unary(Thread *t, Value a, DecUnary operation)
{
    Context *context = dec_context_current(t);
    if (!context)
        return 0;
    Dec x = dec_of(a), out;
    DecContext c = context->c;
    c.status = 0;
    if (!operation(t, &x, &out, &c) || !dec_signal(t, context, c.status))
        return 0;
    return dec_value(t, &type_decimal, &out);
}

static Value binary(Thread *t, Value a, Value b, DecBinary operation)
{
    Dec x, y, out;
    int found = dec_operand(t, a, &x);
    if (found == 1)
        found = dec_operand(t, b, &y);
    if (found != 1)
        return found ? 0 : NOTIMPLEMENTED;
    Context *context = dec_context_current(t);
    if (!context)
        return 0;
    DecContext c = context->c;
    c.status = 0;
    if (!operation(t, &x, &y, &out, &c) || !dec_signal(t, context, c.status))
        return 0;
    return dec_value(t, &type_decimal, &out);
}

static Value slot_add(Thread *t, Value a, Value b) { return binary(t, a, b, dec_add); }
static Value slot_subtract(Thread *t, Value a, Value b) { return binary(t, a, b, dec_subtract); }
static Value slot_multiply(Thread *t, Value a, Value b) { return binary(t, a, b, dec_multiply); }
static Value slot_true_divide(Thread *t, Value a, Value b) { return binary(t, a, b, dec_divide); }
static Value slot_floor_divide(Thread *t, Value a, Value b) { return binary(t, a, b, dec_divide_int); }
static Value slot_remainder(Thread *t, Value a, Value b) { return binary(t, a, b, dec_remainder); }
static Value slot_negative(Thread *t, Value a) { return unary(t, a, dec_minus); }
static Value slot_positive(Thread *t, Value a) { return unary(t, a, dec_plus); }
static Value slot_absolute(Thread *t, Value a) { return unary(t, a, dec_abs); }

static Value slot_divmod(Thread *t, Value a, Value b)
{
    Dec x, y, quotient, remainder;
    int found = dec_operand(t, a, &x);
    if (found == 1)
        found = dec_operand(t, b, &y);
    if (found != 1)
        return found ? 0 : NOTIMPLEMENTED;
    Context *context = dec_context_current(t);
    if (!context)
        return 0;
    DecContext c = context->c;
    c.status = 0;
    if (!dec_divmod(t, &x, &y, &quotient, &remainder, &c) || !dec_signal(t, context, c.status))
        return 0;
    Value q = dec_value(t, &type_decimal, &quotient), r = q ? dec_value(t, &type_decimal, &remainder) : 0;
    return r ? tuple_pair(t, q, r) : 0;
}

static Value slot_power(Thread *t, Value a, Value b, Value m)
{
    if (m == NONE)
        return binary(t, a, b, dec_power);
    Dec x, y, modulus, out;
    int found = dec_operand(t, a, &x);
    if (found == 1)
        found = dec_operand(t, b, &y);
    if (found == 1)
        found = dec_operand(t, m, &modulus);
    if (found != 1)
        return found ? 0 : NOTIMPLEMENTED;
    Context *context = dec_context_current(t);
    if (!context)
        return 0;
    DecContext c = context->c;
    c.status = 0;
    if (!dec_power_modulo(t, &x, &y, &modulus, &out, &c) || !dec_signal(t, context, c.status))
        return 0;
    return dec_value(t, &type_decimal, &out);
}

// --- comparison: also with floats, fractions, and complex numbers without imaginary part ---

static bool is_rational(Thread *t, Value v, int *out)
{
    static Value rational;                                    // kept alive by its module
    if (!rational) {
        Value numbers = hooks.import_module(t, "numbers"), name = numbers ? str_intern_cstr(t, "Rational") : 0;
        Value cls = name ? attr_get(t, numbers, name) : 0;
        if (!cls)
            return false;
        rational = cls;
    }
    *out = is_instance(t, v, rational);
    return *out >= 0;
}

// a and v brought to comparable numbers: a may be multiplied by v's denominator. 1 done, 0 no number, -1 error.
static int compare_rational(Thread *t, Dec *a, Value v, Dec *out)
{
    int is_fraction;
    if (!is_rational(t, v, &is_fraction))
        return -1;
    if (!is_fraction)
        return 0;
    Value numerator_name = str_intern_cstr(t, "numerator"), denominator_name = str_intern_cstr(t, "denominator");
    Value numerator = numerator_name && denominator_name ? attr_get(t, v, numerator_name) : 0;
    Value denominator = numerator ? attr_get(t, v, denominator_name) : 0;
    numerator = denominator ? number_index(t, numerator) : 0;
    denominator = numerator ? number_index(t, denominator) : 0;
    if (!denominator || !dec_from_int(t, numerator, out))
        return -1;
    if (a->kind == DEC_FINITE)
        a->coefficient = int_multiply(t, a->coefficient, denominator);
    return a->coefficient ? 1 : -1;
}

static int compare_operand(Thread *t, Context *context, CompareOp op, Dec *a, Value v, Dec *out)
{
    int found = dec_operand(t, v, out);
    if (found)
        return found;
    bool equality = op == CMP_EQ || op == CMP_NE;
    if (is_complex(v) && equality && complex_value(v).imag == 0.0) {
        v = float_new(t, complex_value(v).real);
        if (!v)
            return -1;
    }
    if (is_float(v)) {
        if (equality)
            context->c.status |= DEC_FLOAT_OPERATION;
        else if (!dec_signal(t, context, DEC_FLOAT_OPERATION))
            return -1;
        return dec_from_double(t, float_value(v), out) ? 1 : -1;
    }
    return is_complex(v) ? 0 : compare_rational(t, a, v, out);
}

static Value slot_compare(Thread *t, Value a, Value b, CompareOp op)
{
    Context *context = dec_context_current(t);
    if (!context)
        return 0;
    Dec x = dec_of(a), y;
    int found = compare_operand(t, context, op, &x, b, &y);
    if (found != 1)
        return found ? 0 : NOTIMPLEMENTED;
    if (dec_is_nan(&x) || dec_is_nan(&y)) {
        bool signals = x.kind == DEC_SNAN || y.kind == DEC_SNAN || (op != CMP_EQ && op != CMP_NE);
        if (signals && !dec_signal(t, context, DEC_INVALID_OPERATION))
            return 0;
        return value_bool(op == CMP_NE);
    }
    bool ok;
    int order = dec_order(t, &x, &y, &ok);
    if (!ok)
        return 0;
    switch (op) {
    case CMP_LT: return value_bool(order < 0);
    case CMP_LE: return value_bool(order <= 0);
    case CMP_EQ: return value_bool(order == 0);
    case CMP_NE: return value_bool(order != 0);
    case CMP_GT: return value_bool(order > 0);
    default: return value_bool(order >= 0);
    }
}

// --- hash, conversion ---

static bool slot_hash(Thread *t, Value a, Hash *out)
{
    enum { HASH_INF = 314159 };
    const int64_t prime = ((int64_t)1 << 61) - 1, inverse_of_ten = 2075258708292324556;
    Dec d = dec_of(a);
    if (d.kind == DEC_SNAN) {
        raise(t, EXC(TypeError), "Cannot hash a signaling NaN value");
        return false;
    }
    if (d.kind == DEC_QNAN) {
        *out = float_hash(NAN, a);
        return true;
    }
    if (d.kind == DEC_INFINITE) {
        *out = d.negative ? -HASH_INF : HASH_INF;
        return true;
    }
    Value base = d.exponent >= 0 ? fixnum(10) : fixnum(inverse_of_ten);
    Value power = int_power(t, base, int_from_int64(t, d.exponent < 0 ? -d.exponent : d.exponent), fixnum(prime));
    Value product = power ? int_multiply(t, power, d.coefficient) : 0;
    Value hash = product ? int_remainder(t, product, fixnum(prime)) : 0;
    if (!hash)
        return false;
    *out = d.negative ? -fixnum_value(hash) : fixnum_value(hash);
    if (*out == -1)
        *out = -2;
    return true;
}

static Value slot_str(Thread *t, Value a)
{
    Context *context = dec_context_current(t);
    Dec d = dec_of(a);
    return context ? dec_text(t, &d, false, context->c.capitals) : 0;
}

static Value slot_repr(Thread *t, Value a)
{
    Value text = slot_str(t, a);
    return text ? str_format(t, "Decimal('%U')", text) : 0;
}

static Value slot_to_int(Thread *t, Value a)
{
    Dec d = dec_of(a);
    return dec_to_int(t, &d, ROUND_DOWN);
}

static Value slot_to_float(Thread *t, Value a)
{
    Dec d = dec_of(a);
    if (d.kind == DEC_SNAN)
        return raise(t, EXC(ValueError), "cannot convert signaling NaN to float");
    if (d.kind != DEC_FINITE) {
        double special = d.kind == DEC_INFINITE ? INFINITY : NAN;
        return float_new(t, d.negative ? -special : special);
    }
    Value text = dec_text(t, &d, false, true);
    return text ? float_from_str(t, text) : 0;
}

static int slot_truth(Thread *t, Value a)
{
    Dec d = dec_of(a);
    return !dec_is_zero(&d);
}

static Value decimal_get_real(Thread *t, Value self) { return self; }

static Value decimal_get_imag(Thread *t, Value self)
{
    Dec zero = dec_int(0);
    return dec_value(t, &type_decimal, &zero);
}

static const GetSetDef decimal_getsets[] = {
    {"real", decimal_get_real, NULL, NULL},
    {"imag", decimal_get_imag, NULL, NULL},
    {0},
};

Type type_decimal = {
    TYPE_HEAD(decimal, "decimal.Decimal", &type_object, Decimal),
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "Construct a new Decimal object. 'value' can be an integer, string, tuple,\nor another Decimal object. If no value is "
           "given, return Decimal('0').\nThe context does not affect the conversion and is only passed to determine\nif the "
           "InvalidOperation trap is active.",
    .new_signature = "(value='0', context=None)",
    .methods = decimal_methods,
    .getsets = decimal_getsets,
    .slots = {
        .new = decimal_new,
        .repr = slot_repr,
        .str = slot_str,
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
        .to_float = slot_to_float,
    },
};

// --- the module ---

static bool register_number(Thread *t)
{
    Value numbers = hooks.import_module(t, "numbers"), name = numbers ? str_intern_cstr(t, "Number") : 0;
    Value number = name ? attr_get(t, numbers, name) : 0, register_name = number ? str_intern_cstr(t, "register") : 0;
    return register_name && call_method1(t, number, register_name, value_of(&type_decimal));
}

static bool decimal_exec(Thread *t, Value module)
{
    if (!dec_signals_exec(t, module) || !dec_context_exec(t, module) || !module_add_type(t, module, &type_decimal))
        return false;
    Value tuple = dec_tuple_type(t);
    if (!tuple || !module_add(t, module, "DecimalTuple", tuple) || !register_number(t))
        return false;
    const struct { const char *name; Value value; } constants[] = {
        {"MAX_PREC", fixnum(DEC_PREC_MAX)}, {"MAX_EMAX", fixnum(DEC_EMAX_MAX)}, {"MIN_EMIN", fixnum(DEC_EMIN_MIN)},
        {"MIN_ETINY", fixnum(DEC_EMIN_MIN - (DEC_PREC_MAX - 1))}, {"IEEE_CONTEXT_MAX_BITS", fixnum(512)},
        {"HAVE_THREADS", TRUE}, {"HAVE_CONTEXTVAR", TRUE}, {"__version__", str_from_cstr(t, "1.70")},
        {"__libmpdec_version__", str_from_cstr(t, "2.5.1")}};
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (!module_add(t, module, constants[i].name, constants[i].value))
            return false;
    return true;
}

const ModuleDef module_decimal = {
    .name = "_decimal",
    .doc = "C decimal arithmetic module",
    .functions = decimal_functions,
    .exec = decimal_exec,
};

// The library's decimal.py falls back to a module of this name; here it is the same one.
const ModuleDef module_pydecimal = {
    .name = "_pydecimal",
    .doc = "Decimal arithmetic under the name of its implementation in Python",
    .functions = decimal_functions,
    .exec = decimal_exec,
};
