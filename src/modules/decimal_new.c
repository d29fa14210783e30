// decimal_new.c: making Decimal objects from ints, floats, text and tuples; conversion of operands.
#include <math.h>

#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/modules/decimal_internal.h"
#include "src/types/bytes.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

Value dec_value(Thread *t, Type *cls, const Dec *d)
{
    Decimal *object = cls == &type_decimal ? new_object(t, decimal, Decimal) : instance_new(t, cls, 0);
    if (object)
        object->number = *d;
    return value_of(object);
}

bool dec_from_int(Thread *t, Value exact, Dec *out)
{
    bool negative = int_sign(exact) < 0;
    *out = (Dec){negative ? int_negative(t, exact) : exact, 0, DEC_FINITE, negative};
    return out->coefficient != 0;
}

bool dec_from_double(Thread *t, double d, Dec *out)
{
    *out = (Dec){fixnum(0), 0, DEC_FINITE, signbit(d) != 0};
    if (!isfinite(d)) {
        out->kind = isnan(d) ? DEC_QNAN : DEC_INFINITE;
        return true;
    }
    if (d == 0.0)
        return true;
    int exponent;
    int64_t mantissa = (int64_t)ldexp(frexp(fabs(d), &exponent), 53);
    exponent -= 53;
    int zeros = __builtin_ctzll((uint64_t)mantissa);
    mantissa >>= zeros;
    exponent += zeros;
    if (exponent >= 0) {
        out->coefficient = int_shift_left(t, fixnum(mantissa), (uint64_t)exponent);
        return out->coefficient != 0;
    }
    Value power = int_power(t, fixnum(5), fixnum(-exponent), NONE);   // m / 2**n = m * 5**n / 10**n
    out->coefficient = power ? int_multiply(t, fixnum(mantissa), power) : 0;
    out->exponent = exponent;
    return out->coefficient != 0;
}

// --- operands ---

int dec_operand(Thread *t, Value v, Dec *out)
{
    if (is_decimal(v)) {
        *out = dec_of(v);
        return 1;
    }
    if (!is_int(v))
        return 0;
    return dec_from_int(t, int_exact(v), out) ? 1 : -1;
}

bool dec_convert(Thread *t, Value v, Dec *out)
{
    int found = dec_operand(t, v, out);
    if (found == 0)
        raise(t, EXC(TypeError), "conversion from %T to Decimal is not supported", v);
    return found > 0;
}

// --- tuples: as text, which is then read ---

static bool tuple_fail(Thread *t, const char *message)
{
    raise(t, EXC(ValueError), "%s", message);
    return false;
}

static bool put_tuple_digits(Thread *t, StrBuilder *b, Value digits, bool special)
{
    if (is_list(digits))
        digits = list_to_tuple(t, as_list(digits));
    if (!digits)
        return false;
    if (!is_tuple(digits))
        return tuple_fail(t, "coefficient must be a tuple of digits");
    const Tuple *items = as_tuple(digits);
    if (items->length == 0 && !special && !builder_char(t, b, '0'))
        return false;
    for (size_t i = 0; i < items->length; i++) {
        Value digit = is_int(items->at[i]) ? int_exact(items->at[i]) : fixnum(-1);
        if (!is_fixnum(digit) || fixnum_value(digit) < 0 || fixnum_value(digit) > 9)
            return tuple_fail(t, "coefficient must be a tuple of digits");
        if (!builder_char(t, b, (uint32_t)('0' + fixnum_value(digit))))
            return false;
    }
    return true;
}

static bool put_tuple(Thread *t, StrBuilder *b, const Tuple *parts)
{
    Value sign = is_int(parts->at[0]) ? int_exact(parts->at[0]) : 0;
    if (sign != fixnum(0) && sign != fixnum(1))
        return tuple_fail(t, "sign must be an integer with the value 0 or 1");
    if (sign == fixnum(1) && !builder_char(t, b, '-'))
        return false;
    Value exponent = parts->at[2];
    if (is_str(exponent)) {
        if (str_equal_cstr(exponent, "F"))
            return builder_cstr(t, b, "Inf");
        bool signaling = str_equal_cstr(exponent, "N");
        if (!signaling && !str_equal_cstr(exponent, "n"))
            return tuple_fail(t, "string argument in the third position must be 'F', 'n' or 'N'");
        return builder_cstr(t, b, signaling ? "sNaN" : "NaN") && put_tuple_digits(t, b, parts->at[1], true);
    }
    if (!is_int(exponent))
        return tuple_fail(t, "exponent must be an integer");
    int64_t n;
    return to_int64(t, exponent, &n) && put_tuple_digits(t, b, parts->at[1], false) && builder_format(t, b, "E%ld", n);
}

static Value tuple_text(Thread *t, Value v)
{
    Value tuple = is_list(v) ? list_to_tuple(t, as_list(v)) : v;
    if (!tuple)
        return 0;
    if (as_tuple(tuple)->length != 3)
        return raise(t, EXC(ValueError), "argument must be a sequence of length 3");
    StrBuilder b;
    builder_init(&b);
    return put_tuple(t, &b, as_tuple(tuple)) ? builder_finish(t, &b) : 0;
}

// --- reading any argument ---

// The number that v stands for, unrounded. `strict`: text may have neither spaces nor underscores.
static bool dec_read(Thread *t, Value v, bool strict, Context *context, Dec *out, uint32_t *status)
{
    if (is_list(v) || is_tuple(v)) {
        v = tuple_text(t, v);
        if (!v)
            return false;
    }
    if (is_str(v)) {
        bool valid;
        if (!dec_parse(t, v, !strict, out, &valid))
            return false;
        if (!valid) {
            *out = dec_nan();
            *status |= DEC_CONVERSION_SYNTAX;
        }
        return true;
    }
    if (is_float(v)) {
        *status |= DEC_FLOAT_OPERATION;
        return dec_signal(t, context, DEC_FLOAT_OPERATION) && dec_from_double(t, float_value(v), out);
    }
    return dec_convert(t, v, out);
}

// Beyond the limits of every context there are no numbers: such text is an invalid operation.
static bool check_limits(Thread *t, Dec *d, uint32_t *status)
{
    int64_t top = d->exponent;
    if (d->kind != DEC_FINITE)
        return true;
    if (d->coefficient != fixnum(0) && !dec_adjusted(t, d, &top))
        return false;
    DecContext widest = dec_max_context();
    if (top > DEC_EMAX_MAX || d->exponent < dec_etiny(&widest)) {
        *d = dec_nan();
        *status |= DEC_INVALID_OPERATION;
    }
    return true;
}

Value dec_construct(Thread *t, Type *cls, Value v, Context *context)
{
    if (is_decimal(v)) {
        if (cls == &type_decimal && is_exactly(v, &type_decimal))
            return v;
        Dec same = dec_of(v);
        return dec_value(t, cls, &same);
    }
    Dec d;
    uint32_t status = 0;
    if (!dec_read(t, v, false, context, &d, &status) || !check_limits(t, &d, &status)
        || !dec_signal(t, context, status & DEC_INVALID))
        return 0;
    return dec_value(t, cls, &d);
}

Value dec_create(Thread *t, Value v, Context *context)
{
    Dec d;
    DecContext c = context->c;
    c.status = 0;
    if (!dec_read(t, v, true, context, &d, &c.status))
        return 0;
    if (dec_is_nan(&d)) {
        int64_t digits = dec_digits(t, d.coefficient);
        if (digits < 0)
            return 0;
        if (d.coefficient != fixnum(0) && digits > c.prec - c.clamp) {
            d = dec_nan();
            c.status |= DEC_CONVERSION_SYNTAX;
        }
    } else if (!dec_finish(t, &d, &c)) {
        return 0;
    }
    return dec_signal(t, context, c.status) ? dec_value(t, &type_decimal, &d) : 0;
}

// --- from Decimal ---

Value dec_to_int(Thread *t, const Dec *d, DecRounding rounding)
{
    if (dec_is_nan(d))
        return raise(t, EXC(ValueError), "cannot convert NaN to integer");
    if (d->kind == DEC_INFINITE)
        return raise(t, EXC(OverflowError), "cannot convert Infinity to integer");
    Dec whole = *d;
    bool inexact;
    if (!dec_rescale(t, &whole, 0, rounding, &inexact))
        return 0;
    return whole.negative ? int_negative(t, whole.coefficient) : whole.coefficient;
}

static Value decimal_tuple_type;                            // collections.namedtuple, made once

Value dec_tuple_type(Thread *t)
{
    if (decimal_tuple_type)
        return decimal_tuple_type;
    Value collections = hooks.import_module(t, "collections");
    Value make = collections ? str_intern_cstr(t, "namedtuple") : 0, name = make ? str_intern_cstr(t, "DecimalTuple") : 0;
    Value fields = name ? str_intern_cstr(t, "sign digits exponent") : 0;
    Value cls = fields ? call_method2(t, collections, make, name, fields) : 0, module = cls ? str_intern_cstr(t, "decimal") : 0;
    if (!module || !attr_set(t, cls, N(__module__), module))
        return 0;
    vm_add_root_range(&decimal_tuple_type, &decimal_tuple_type + 1);
    return decimal_tuple_type = cls;
}
