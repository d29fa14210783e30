// convert.c: conversions between objects and numbers: __index__, __int__, __float__, and C integers and doubles.
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/number.h"

// What __index__ or __int__ answered: an exact int is fine, an instance of a subclass is deprecated.
static Value checked_int(Thread *t, Value result, const char *method)
{
    if (!result || is_int_exact(result))
        return result;
    if (!is_int(result))
        return raise(t, EXC(TypeError), "%s returned non-int (type %T)", method, result);
    if (!warn(t, EXC(DeprecationWarning), 1,
              "%s returned non-int (type %T).  The ability to return an instance of a strict subclass of int is "
              "deprecated, and may not be supported in a future version of Python.",
              method, result))
        return 0;
    return int_exact(result);
}

Value number_index(Thread *t, Value a)
{
    if (likely(is_int(a)))
        return int_exact(a);
    UnaryFn convert = type_of(a)->slots.to_index;
    if (!convert)
        return raise(t, EXC(TypeError), "'%T' object cannot be interpreted as an integer", a);
    return checked_int(t, convert(t, a), "__index__");
}

Value number_int(Thread *t, Value a)
{
    if (is_int_exact(a))
        return a;
    const Slots *slots = &type_of(a)->slots;
    if (slots->to_int)
        return checked_int(t, slots->to_int(t, a), "__int__");
    if (slots->to_index)
        return number_index(t, a);
    if (is_str(a) || is_bytes(a) || is_instance_flag(a, TYPE_IS_BYTEARRAY) || buffer_supported(a))
        return int_from_text(t, a, 10);
    return raise(t, EXC(TypeError),
                 "int() argument must be a string, a bytes-like object or a real number, not '%T'", a);
}

// What __float__ answered, as a double.
static bool checked_float(Thread *t, Value a, Value result, double *out)
{
    if (!result)
        return false;
    if (!is_float(result)) {
        raise(t, EXC(TypeError), "%T.__float__ returned non-float (type %T)", a, result);
        return false;
    }
    if (!is_float_exact(result)
        && !warn(t, EXC(DeprecationWarning), 1,
                 "%T.__float__ returned non-float (type %T).  The ability to return an instance of a strict "
                 "subclass of float is deprecated, and may not be supported in a future version of Python.",
                 a, result))
        return false;
    *out = float_value(result);
    return true;
}

bool to_double(Thread *t, Value a, double *out)
{
    if (is_float(a)) {
        *out = float_value(a);
        return true;
    }
    if (is_fixnum(a)) {
        *out = (double)fixnum_value(a);
        return true;
    }
    const Slots *slots = &type_of(a)->slots;
    if (slots->to_float)
        return checked_float(t, a, slots->to_float(t, a), out);
    if (!slots->to_index) {
        raise(t, EXC(TypeError), "must be real number, not %T", a);
        return false;
    }
    Value index = number_index(t, a);
    return index && int_to_double(t, index, out);
}

Value number_float(Thread *t, Value a)
{
    if (is_float_exact(a))
        return a;
    const Slots *slots = &type_of(a)->slots;
    if (!slots->to_float && !slots->to_index)
        return float_from_str(t, a);
    double d;
    bool done = slots->to_float ? checked_float(t, a, slots->to_float(t, a), &d) : to_double(t, a, &d);
    return done ? float_new(t, d) : 0;
}

bool to_int64(Thread *t, Value a, int64_t *out)
{
    if (likely(is_fixnum(a))) {
        *out = fixnum_value(a);
        return true;
    }
    Value index = number_index(t, a);
    if (!index)
        return false;
    if (int_to_int64(index, out))
        return true;
    raise(t, EXC(OverflowError), "Python int too large to convert to C ssize_t");
    return false;
}

bool to_index(Thread *t, Value a, int64_t *out)
{
    if (likely(is_fixnum(a))) {
        *out = fixnum_value(a);
        return true;
    }
    Value index = number_index(t, a);
    if (!index)
        return false;
    if (int_to_int64(index, out))
        return true;
    raise(t, EXC(IndexError), "cannot fit '%T' into an index-sized integer", a);
    return false;
}

bool to_index_clipped(Thread *t, Value a, int64_t *out)
{
    Value index = number_index(t, a);
    if (!index)
        return false;
    if (!int_to_int64(index, out))
        *out = int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
    return true;
}

bool to_int32(Thread *t, Value a, int32_t *out)
{
    Value index = number_index(t, a);
    if (!index)
        return false;
    int64_t wide;
    if (!int_to_int64(index, &wide)) {
        raise(t, EXC(OverflowError), "Python int too large to convert to C int");
        return false;
    }
    if (wide < INT32_MIN || wide > INT32_MAX) {
        raise(t, EXC(OverflowError), wide < 0 ? "signed integer is less than minimum" : "signed integer is greater than maximum");
        return false;
    }
    *out = (int32_t)wide;
    return true;
}
