// float_methods.c: the named methods of float.
#include <math.h>

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/float_internal.h"
#include "src/types/int_internal.h"
#include "src/types/number_text.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Value float_self(Thread *t, const Value *args, size_t nargs)
{
    return is_float_exact(args[0]) ? args[0] : float_new(t, float_value(args[0]));
}

static Value float_trunc_method(Thread *t, const Value *args, size_t nargs)
{
    return int_from_double(t, float_value(args[0]));
}

static Value float_floor_method(Thread *t, const Value *args, size_t nargs)
{
    return int_from_double(t, floor(float_value(args[0])));
}

static Value float_ceil_method(Thread *t, const Value *args, size_t nargs)
{
    return int_from_double(t, ceil(float_value(args[0])));
}

static Value float_round_method(Thread *t, const Value *args, size_t nargs)
{
    return float_round(t, float_value(args[0]), args[1] ? args[1] : NONE);
}

static Value float_as_integer_ratio_method(Thread *t, const Value *args, size_t nargs)
{
    double d = float_value(args[0]);
    if (isinf(d))
        return raise(t, EXC(OverflowError), "cannot convert Infinity to integer ratio");
    if (isnan(d))
        return raise(t, EXC(ValueError), "cannot convert NaN to integer ratio");
    if (d == 0.0)
        return tuple_pair(t, fixnum(0), fixnum(1));
    int exponent;
    int64_t mantissa = (int64_t)ldexp(frexp(d, &exponent), 53);
    exponent -= 53;
    int zeros = __builtin_ctzll((uint64_t)mantissa);
    mantissa >>= zeros;
    exponent += zeros;
    Value numerator = fixnum(mantissa), denominator = fixnum(1);
    if (exponent > 0)
        numerator = int_shift_left(t, numerator, (uint64_t)exponent);
    else
        denominator = int_shift_left(t, denominator, (uint64_t)-exponent);
    return numerator && denominator ? tuple_pair(t, numerator, denominator) : 0;
}

static Value float_of_class(Thread *t, Value cls, double d)
{
    Value exact = float_new(t, d);
    return !exact || cls == value_of(&type_float) ? exact : call1(t, cls, exact);
}

static Value float_fromhex_method(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "bad argument type for built-in operation");
    size_t n;
    const char *text = str_utf8(t, args[1], &n);
    double d;
    return text && float_from_hex(t, text, n, &d) ? float_of_class(t, args[0], d) : 0;
}

static Value float_from_number_method(Thread *t, const Value *args, size_t nargs)
{
    if (is_float_exact(args[1]) && args[0] == value_of(&type_float))
        return args[1];
    double d;
    return to_double(t, args[1], &d) ? float_of_class(t, args[0], d) : 0;
}

static Value float_hex_method(Thread *t, const Value *args, size_t nargs)
{
    return float_hex(t, float_value(args[0]));
}

static Value float_is_integer_method(Thread *t, const Value *args, size_t nargs)
{
    double d = float_value(args[0]);
    return value_bool(isfinite(d) && floor(d) == d);
}

static Value float_getnewargs_method(Thread *t, const Value *args, size_t nargs)
{
    Value exact = float_new(t, float_value(args[0]));
    return exact ? tuple_of(t, (size_t)1, exact) : 0;
}

static Value float_getformat_method(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "__getformat__() argument must be str, not %T", args[1]);
    if (!str_equal_cstr(args[1], "double") && !str_equal_cstr(args[1], "float"))
        return raise(t, EXC(ValueError), "__getformat__() argument 1 must be 'double' or 'float'");
    return str_from_cstr(t, "IEEE, little-endian");
}

static Value float_format_method(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "__format__() argument must be str, not %T", args[1]);
    return float_format(t, args[0], args[1]);
}

const NativeDef float_methods[] = {
    {"from_number", float_from_number_method, "($type, number, /)", "Convert real number to a floating-point number.",
     NATIVE_CLASS},
    {"conjugate", float_self, "($self, /)", "Return self, the complex conjugate of any float.", 0},
    {"__trunc__", float_trunc_method, "($self, /)", "Return the Integral closest to x between 0 and x.", 0},
    {"__floor__", float_floor_method, "($self, /)", "Return the floor as an Integral.", 0},
    {"__ceil__", float_ceil_method, "($self, /)", "Return the ceiling as an Integral.", 0},
    {"__round__", float_round_method, "($self, ndigits=None, /)",
     "Return the Integral closest to x, rounding half toward even.\n\nWhen an argument is passed, work like built-in "
     "round(x, ndigits).",
     0},
    {"as_integer_ratio", float_as_integer_ratio_method, "($self, /)",
     "Return a pair of integers, whose ratio is exactly equal to the original float.\n\nThe ratio is in lowest terms, "
     "its denominator positive.\n\n>>> (2.5).as_integer_ratio()\n(5, 2)\n>>> (-3.0).as_integer_ratio()\n(-3, 1)", 0},
    {"fromhex", float_fromhex_method, "($type, string, /)",
     "Create a floating-point number from a hexadecimal string.\n\n>>> float.fromhex('0x1.8p3')\n12.0\n>>> float.fromhex('-0x.8')\n-0.5", NATIVE_CLASS},
    {"hex", float_hex_method, "($self, /)", "Return a hexadecimal representation of a floating-point number.\n\n>>> (12.0).hex()\n'0x1.8000000000000p+3'\n>>> (-0.5).hex()\n'-0x1.0000000000000p-1'", 0},
    {"is_integer", float_is_integer_method, "($self, /)", "Return True if the float is an integer.", 0},
    {"__getnewargs__", float_getnewargs_method, "($self, /)", NULL, 0},
    {"__getformat__", float_getformat_method, "($type, typestr, /)",
     "You probably don't want to use this function.", NATIVE_CLASS},
    {"__format__", float_format_method, "($self, format_spec, /)", "Formats the float according to format_spec.", 0},
    {0},
};
