// bool.c: bool, its two instances, and the operators that keep bools bools.
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/number.h"

Object true_object = {.type = &type_bool, .shape = SHAPE_bool};
Object false_object = {.type = &type_bool, .shape = SHAPE_bool};

static Value bool_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (kwnames)
        return raise(t, EXC(TypeError), "bool() takes no keyword arguments");
    if (!arguments_check(t, "bool", nargs, kwnames, 0, 1))
        return 0;
    int is_true = nargs ? truth(t, args[0]) : 0;
    return is_true < 0 ? 0 : value_bool(is_true);
}

static Value bool_repr(Thread *t, Value a)
{
    return a == TRUE ? N(True) : N(False);
}

static Value bool_and(Thread *t, Value a, Value b)
{
    return is_bool(a) && is_bool(b) ? value_bool(a == TRUE && b == TRUE) : type_int.slots.bit_and(t, a, b);
}

static Value bool_or(Thread *t, Value a, Value b)
{
    return is_bool(a) && is_bool(b) ? value_bool(a == TRUE || b == TRUE) : type_int.slots.bit_or(t, a, b);
}

static Value bool_xor(Thread *t, Value a, Value b)
{
    return is_bool(a) && is_bool(b) ? value_bool(a != b) : type_int.slots.bit_xor(t, a, b);
}

static Value bool_invert(Thread *t, Value a)
{
    if (!warn(t, EXC(DeprecationWarning), 1,
              "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the "
              "bitwise inversion of the underlying int object and is usually not what you expect from negating a "
              "bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion "
              "of the underlying int."))
        return 0;
    return fixnum(a == TRUE ? -2 : -1);
}

static int bool_truth(Thread *t, Value a) { return a == TRUE; }

Type type_bool = {
    TYPE_HEAD(bool, "bool", &type_int, IntObject),
    .flags = TYPE_IS_INT | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .doc = "Returns True when the argument is true, False otherwise.\n"
           "The builtins True and False are the only two instances of the class bool.\n"
           "The class bool is a subclass of the class int, and cannot be subclassed.",
    .new_signature = "(object=False, /)",
    .slots = {
        .new = bool_new,
        .repr = bool_repr,
        .bit_and = bool_and,
        .bit_or = bool_or,
        .bit_xor = bool_xor,
        .invert = bool_invert,
        .truth = bool_truth,
    },
};
