// int_methods.c: the named methods of int.
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/int_internal.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Value int_self(Thread *t, const Value *args, size_t nargs) { return int_exact(args[0]); }

static Value int_bit_length_method(Thread *t, const Value *args, size_t nargs)
{
    return fixnum((int64_t)int_bit_length(int_exact(args[0])));
}

static Value int_bit_count_method(Thread *t, const Value *args, size_t nargs)
{
    IntView x;
    int_look(int_exact(args[0]), &x);
    return fixnum(x.n ? (int64_t)mpn_popcount(x.limbs, (mp_size_t)x.n) : 0);
}

static bool byte_order(Thread *t, const char *method, Value order, bool *little)
{
    *little = false;
    if (!order)
        return true;
    if (!is_str(order)) {
        raise(t, EXC(TypeError), "%s() argument 'byteorder' must be str, not %T", method, order);
        return false;
    }
    *little = str_equal_cstr(order, "little");
    if (*little || str_equal_cstr(order, "big"))
        return true;
    raise(t, EXC(ValueError), "byteorder must be either 'little' or 'big'");
    return false;
}

static Value int_to_bytes_method(Thread *t, const Value *args, size_t nargs)
{
    int64_t length = 1;
    bool little;
    int is_signed = 0;
    if (args[1] && !to_int64(t, args[1], &length))
        return 0;
    if (!byte_order(t, "to_bytes", args[2], &little))
        return 0;
    if (args[3] && (is_signed = truth(t, args[3])) < 0)
        return 0;
    if (length < 0)
        return raise(t, EXC(ValueError), "length argument must be non-negative");
    return int_to_bytes(t, int_exact(args[0]), (size_t)length, little, is_signed);
}

static Value int_from_bytes_method(Thread *t, const Value *args, size_t nargs)
{
    bool little;
    int is_signed = 0;
    if (!byte_order(t, "from_bytes", args[2], &little))
        return 0;
    if (args[3] && (is_signed = truth(t, args[3])) < 0)
        return 0;
    Value source = args[1];
    if (!is_bytes(source)) {
        Value convert = special_lookup(t, source, N(__bytes__));
        if (!convert && is_pending(t))
            return 0;
        if (!convert && (is_str(source) || is_int(source)))
            return raise(t, EXC(TypeError), "cannot convert '%T' object to bytes", source);
        source = call1(t, value_of(&type_bytes), source);
        if (!source)
            return 0;
    }
    Value exact = int_from_bytes(t, as_bytes(source)->data, as_bytes(source)->length, little, is_signed);
    if (!exact || args[0] == value_of(&type_int))
        return exact;
    return call1(t, args[0], exact);
}

static Value int_as_integer_ratio_method(Thread *t, const Value *args, size_t nargs)
{
    return tuple_pair(t, int_exact(args[0]), fixnum(1));
}

static Value int_is_integer_method(Thread *t, const Value *args, size_t nargs) { return TRUE; }

// Half to even at 10**-digits, for negative digits.
static Value round_to_power(Thread *t, Value a, Value digits)
{
    Value count = int_negative(t, digits);
    int64_t n;
    if (!count)
        return 0;
    if (!int_to_int64(count, &n) || (uint64_t)n > int_bit_length(a) / 3 + 2)
        return fixnum(0);                                     // the power is more than twice |a|
    Value power = int_power(t, fixnum(10), count, NONE), quotient, remainder;
    if (!power || !int_divide_floor(t, a, power, &quotient, &remainder))
        return 0;
    Value twice = int_shift_left(t, remainder, 1);
    if (!twice)
        return 0;
    int order = int_compare(twice, power);
    bool odd = int_bit_and(t, quotient, fixnum(1)) == fixnum(1);
    Value rounded = int_subtract(t, a, remainder);
    return rounded && (order > 0 || (order == 0 && odd)) ? int_add(t, rounded, power) : rounded;
}

Value int_round_to(Thread *t, Value exact, Value digits)
{
    Value index = number_index(t, digits);
    if (!index)
        return 0;
    return int_sign(index) >= 0 ? exact : round_to_power(t, exact, index);
}

static Value int_round_method(Thread *t, const Value *args, size_t nargs)
{
    Value exact = int_exact(args[0]);
    return !args[1] || args[1] == NONE ? exact : int_round_to(t, exact, args[1]);
}

static Value int_getnewargs_method(Thread *t, const Value *args, size_t nargs)
{
    return tuple_of(t, (size_t)1, int_exact(args[0]));
}

static Value int_format_method(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "__format__() argument must be str, not %T", args[1]);
    return int_format(t, args[0], args[1]);
}

// In the digits of sys.int_info: what int.__basicsize__ and int.__itemsize__ promise.
static Value int_sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    size_t digits = (int_bit_length(int_exact(args[0])) + INT_DIGIT_BITS - 1) / INT_DIGIT_BITS;
    return fixnum((int64_t)(type_of(args[0])->basic_size + INT_DIGIT_BYTES * size_max(digits, 1)));
}

const NativeDef int_methods[] = {
    {"conjugate", int_self, "($self, /)", "Returns self, the complex conjugate of any int.", 0},
    {"bit_length", int_bit_length_method, "($self, /)",
     "Number of bits necessary to represent self in binary.\n\n>>> bin(37)\n'0b100101'\n>>> (37).bit_length()\n6", 0},
    {"bit_count", int_bit_count_method, "($self, /)",
     "Number of ones in the binary representation of the absolute value of self.\n\nAlso known as the population "
     "count.\n\n>>> bin(13)\n'0b1101'\n>>> (13).bit_count()\n3",
     0},
    {"to_bytes", int_to_bytes_method, "($self, /, length=1, byteorder='big', *, signed=False)",
     "Return an array of bytes representing an integer.", 0},
    {"from_bytes", int_from_bytes_method, "($type, /, bytes, byteorder='big', *, signed=False)",
     "Return the integer represented by the given array of bytes.", NATIVE_CLASS},
    {"as_integer_ratio", int_as_integer_ratio_method, "($self, /)",
     "Return a pair of integers, whose ratio is equal to the original int.\n\nThe ratio is in lowest terms and has a "
     "positive denominator.\n\n>>> (7).as_integer_ratio()\n(7, 1)\n>>> (-7).as_integer_ratio()\n(-7, 1)",
     0},
    {"__trunc__", int_self, "($self, /)", "Truncating an Integral returns itself.", 0},
    {"__floor__", int_self, "($self, /)", "Flooring an Integral returns itself.", 0},
    {"__ceil__", int_self, "($self, /)", "Ceiling of an Integral returns itself.", 0},
    {"__round__", int_round_method, "($self, ndigits=None, /)",
     "Rounding an Integral returns itself.\n\nRounding with an ndigits argument also returns an integer.", 0},
    {"__getnewargs__", int_getnewargs_method, "($self, /)", NULL, 0},
    {"__format__", int_format_method, "($self, format_spec, /)", "Convert to a string according to format_spec.", 0},
    {"__sizeof__", int_sizeof_method, "($self, /)", "Returns size in memory, in bytes.", 0},
    {"is_integer", int_is_integer_method, "($self, /)",
     "Returns True. Exists for duck type compatibility with float.is_integer.", 0},
    {0},
};
