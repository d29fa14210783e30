// int_type.c: the type int: its constructor and its slots.
//
// Slots get operands in any order and of any type. Instances of subclasses hold an exact int (int_exact unwraps them).
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/int_internal.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// --- construction ---

static Value int_from_text_with_base(Thread *t, Value text, Value base)
{
    int64_t b;
    if (!to_index_clipped(t, base, &b))
        return 0;
    if (b != 0 && (b < 2 || b > 36))
        return raise(t, EXC(ValueError), "int() base must be >= 2 and <= 36, or 0");
    if (!is_str(text) && !is_bytes(text) && !is_instance_flag(text, TYPE_IS_BYTEARRAY))
        return raise(t, EXC(TypeError), "int() can't convert non-string with explicit base");
    return int_from_text(t, text, (int)b);
}

static Value int_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value exact;
    if (nargs == 1 && !kwnames) {
        exact = is_exactly(args[0], &type_str) ? int_from_text(t, args[0], 10) : number_int(t, args[0]);
    } else {
        Value a[2];
        BIND_ARGUMENTS(t, "int", "(x=0, /, base=10)", args, nargs, kwnames, a, return 0);
        if (!a[0] && a[1])
            return raise(t, EXC(TypeError), "int() missing string argument");
        exact = !a[0] ? fixnum(0) : a[1] ? int_from_text_with_base(t, a[0], a[1]) : number_int(t, a[0]);
    }
    if (!exact || cls == &type_int)
        return exact;
    IntObject *object = instance_new(t, cls, 0);
    if (!object)
        return 0;
    object->value = exact;
    return value_of(object);
}

// --- slots ---

// A slot for operands that must both be ints.
#define BINARY_SLOT(name, function)                                                                \
    static Value slot_##name(Thread *t, Value a, Value b)                                          \
    {                                                                                              \
        if (unlikely(!is_int(a) || !is_int(b)))                                                    \
            return NOTIMPLEMENTED;                                                                 \
        return function(t, int_exact(a), int_exact(b));                                            \
    }
BINARY_SLOT(add, int_add)
BINARY_SLOT(subtract, int_subtract)
BINARY_SLOT(multiply, int_multiply)
BINARY_SLOT(floor_divide, int_floor_divide)
BINARY_SLOT(true_divide, int_true_divide)
BINARY_SLOT(remainder, int_remainder)
BINARY_SLOT(lshift, int_lshift)
BINARY_SLOT(rshift, int_rshift)
BINARY_SLOT(bit_and, int_bit_and)
BINARY_SLOT(bit_or, int_bit_or)
BINARY_SLOT(bit_xor, int_bit_xor)

static Value slot_divmod(Thread *t, Value a, Value b)
{
    if (!is_int(a) || !is_int(b))
        return NOTIMPLEMENTED;
    Value quotient, remainder;
    if (!int_divide_floor(t, int_exact(a), int_exact(b), &quotient, &remainder))
        return 0;
    return tuple_pair(t, quotient, remainder);
}

static Value slot_power(Thread *t, Value a, Value b, Value c)
{
    if (!is_int(a) || !is_int(b) || (c != NONE && !is_int(c)))
        return NOTIMPLEMENTED;
    return int_power(t, int_exact(a), int_exact(b), c == NONE ? c : int_exact(c));
}

static Value slot_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_int(a) || !is_int(b))
        return NOTIMPLEMENTED;
    int order = int_compare(int_exact(a), int_exact(b));
    switch (op) {
    case CMP_LT: return value_bool(order < 0);
    case CMP_LE: return value_bool(order <= 0);
    case CMP_EQ: return value_bool(order == 0);
    case CMP_NE: return value_bool(order != 0);
    case CMP_GT: return value_bool(order > 0);
    default: return value_bool(order >= 0);
    }
}

static bool slot_hash(Thread *t, Value a, Hash *out)
{
    *out = int_hash(int_exact(a));
    return true;
}

static Value slot_repr(Thread *t, Value a) { return int_to_str(t, int_exact(a), 10); }
static Value slot_negative(Thread *t, Value a) { return int_negative(t, int_exact(a)); }
static Value slot_positive(Thread *t, Value a) { return int_exact(a); }
static int slot_truth(Thread *t, Value a) { return int_exact(a) != fixnum(0); }

static Value slot_absolute(Thread *t, Value a)
{
    Value exact = int_exact(a);
    return int_sign(exact) < 0 ? int_negative(t, exact) : exact;
}

static Value slot_invert(Thread *t, Value a)
{
    Value exact = int_exact(a);
    if (is_fixnum(exact))
        return fixnum(~fixnum_value(exact));
    Value negative = int_negative(t, exact);
    return negative ? int_subtract(t, negative, fixnum(1)) : 0;
}

static Value slot_to_float(Thread *t, Value a)
{
    double d;
    return int_to_double(t, int_exact(a), &d) ? float_new(t, d) : 0;
}

// --- computed attributes ---

static Value int_get_real(Thread *t, Value self) { return int_exact(self); }
static Value int_get_zero(Thread *t, Value self) { return fixnum(0); }
static Value int_get_one(Thread *t, Value self) { return fixnum(1); }

static const GetSetDef int_getsets[] = {
    {"real", int_get_real, NULL, "the real part of a complex number"},
    {"imag", int_get_zero, NULL, "the imaginary part of a complex number"},
    {"numerator", int_get_real, NULL, "the numerator of a rational number in lowest terms"},
    {"denominator", int_get_one, NULL, "the denominator of a rational number in lowest terms"},
    {0},
};

Type type_int = {
    TYPE_HEAD(int, "int", &type_object, IntObject),
    .item_size = INT_DIGIT_BYTES,                              // shown only: no instance has items
    .flags = TYPE_BASE | TYPE_IS_INT | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .doc = "int([x]) -> integer\n"
           "int(x, base=10) -> integer\n"
           "\n"
           "Convert a number or string to an integer, or return 0 if no arguments\n"
           "are given.  If x is a number, return x.__int__().  For floating-point\n"
           "numbers, this truncates towards zero.\n"
           "\n"
           "If x is not a number or if base is given, then x must be a string,\n"
           "bytes, or bytearray instance representing an integer literal in the\n"
           "given base.  The literal can be preceded by '+' or '-' and be surrounded\n"
           "by whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.\n"
           "Base 0 means to interpret the base from the string as an integer literal.\n"
           ">>> int('0b100', base=0)\n"
           "4",
    .methods = int_methods,
    .getsets = int_getsets,
    .slots = {
        .new = int_new,
        .repr = slot_repr,
        .hash = slot_hash,
        .compare = slot_compare,
        .add = slot_add,
        .subtract = slot_subtract,
        .multiply = slot_multiply,
        .remainder = slot_remainder,
        .divmod = slot_divmod,
        .power = slot_power,
        .lshift = slot_lshift,
        .rshift = slot_rshift,
        .bit_and = slot_bit_and,
        .bit_or = slot_bit_or,
        .bit_xor = slot_bit_xor,
        .floor_divide = slot_floor_divide,
        .true_divide = slot_true_divide,
        .negative = slot_negative,
        .positive = slot_positive,
        .absolute = slot_absolute,
        .invert = slot_invert,
        .truth = slot_truth,
        .to_int = slot_positive,
        .to_float = slot_to_float,
        .to_index = slot_positive,
    },
};
