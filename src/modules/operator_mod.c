// operator_mod.c: the _operator module: the operators as functions. Its getters are in operator_getters.c.
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/tuple.h"
#include "src/types/sequence.h"

#define BINARY_FUNCTION(name, OP)                                                      \
    static Value op_##name(Thread *t, const Value *args, size_t nargs)                 \
    {                                                                                  \
        (void)nargs;                                                                   \
        return binary_op(t, OP, args[0], args[1]);                                     \
    }                                                                                  \
    static Value op_i##name(Thread *t, const Value *args, size_t nargs)                \
    {                                                                                  \
        (void)nargs;                                                                   \
        return inplace_op(t, OP, args[0], args[1]);                                    \
    }
BINARY_FUNCTION(add, BINARY_ADD)
BINARY_FUNCTION(sub, BINARY_SUBTRACT)
BINARY_FUNCTION(mul, BINARY_MULTIPLY)
BINARY_FUNCTION(truediv, BINARY_TRUE_DIVIDE)
BINARY_FUNCTION(floordiv, BINARY_FLOOR_DIVIDE)
BINARY_FUNCTION(mod, BINARY_REMAINDER)
BINARY_FUNCTION(pow, BINARY_POWER)
BINARY_FUNCTION(lshift, BINARY_LSHIFT)
BINARY_FUNCTION(rshift, BINARY_RSHIFT)
BINARY_FUNCTION(and, BINARY_AND)
BINARY_FUNCTION(or, BINARY_OR)
BINARY_FUNCTION(xor, BINARY_XOR)
BINARY_FUNCTION(matmul, BINARY_MATRIX_MULTIPLY)

#define COMPARE_FUNCTION(name, OP)                                                     \
    static Value op_##name(Thread *t, const Value *args, size_t nargs)                 \
    {                                                                                  \
        (void)nargs;                                                                   \
        return compare(t, args[0], args[1], OP);                                       \
    }
COMPARE_FUNCTION(lt, CMP_LT)
COMPARE_FUNCTION(le, CMP_LE)
COMPARE_FUNCTION(eq, CMP_EQ)
COMPARE_FUNCTION(ne, CMP_NE)
COMPARE_FUNCTION(gt, CMP_GT)
COMPARE_FUNCTION(ge, CMP_GE)

#define UNARY_FUNCTION(name, expression)                                               \
    static Value op_##name(Thread *t, const Value *args, size_t nargs)                 \
    {                                                                                  \
        (void)nargs, (void)t;                                                          \
        return expression;                                                             \
    }
UNARY_FUNCTION(neg, unary_negative(t, args[0]))
UNARY_FUNCTION(pos, unary_positive(t, args[0]))
UNARY_FUNCTION(invert, unary_invert(t, args[0]))
UNARY_FUNCTION(abs, unary_absolute(t, args[0]))
UNARY_FUNCTION(index, number_index(t, args[0]))
UNARY_FUNCTION(is, value_bool(args[0] == args[1]))
UNARY_FUNCTION(is_not, value_bool(args[0] != args[1]))
UNARY_FUNCTION(is_none, value_bool(args[0] == NONE))
UNARY_FUNCTION(is_not_none, value_bool(args[0] != NONE))
UNARY_FUNCTION(getitem, item_get(t, args[0], args[1]))
UNARY_FUNCTION(setitem, item_set(t, args[0], args[1], args[2]) ? NONE : 0)
UNARY_FUNCTION(delitem, item_set(t, args[0], args[1], 0) ? NONE : 0)

static Value op_truth(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int is_true = truth(t, args[0]);
    return is_true < 0 ? 0 : value_bool(is_true);
}

static Value op_not(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int is_true = truth(t, args[0]);
    return is_true < 0 ? 0 : value_bool(!is_true);
}

static Value op_contains(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int inside = item_contains(t, args[0], args[1]);
    return inside < 0 ? 0 : value_bool(inside);
}

// --- sequences ---

static bool is_sequence(Value v)
{
    return type_of(v)->slots.getitem && !is_dict(v);
}

static Value concat(Thread *t, Value a, Value b, bool in_place)
{
    const Slots *slots = &type_of(a)->slots;
    if (in_place && slots->inplace_concat)
        return slots->inplace_concat(t, a, b);
    if (slots->concat)
        return slots->concat(t, a, b);
    if (is_sequence(a) && is_sequence(b) && (slots->add || slots->inplace_add))
        return in_place ? inplace_op(t, BINARY_ADD, a, b) : binary_op(t, BINARY_ADD, a, b);
    return raise(t, EXC(TypeError), "'%T' object can't be concatenated", a);
}

static Value op_concat(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return concat(t, args[0], args[1], false);
}

static Value op_iconcat(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return concat(t, args[0], args[1], true);
}

static Value searchable(Thread *t, Value iterable)
{
    Value iterator = iter_get(t, iterable);
    if (!iterator && pending_clear_if(t, EXC(TypeError)))
        raise(t, EXC(TypeError), "argument of type '%T' is not iterable", iterable);
    return iterator;
}

static Value op_count_of(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value iterator = searchable(t, args[0]);
    if (!iterator)
        return 0;
    int64_t count = 0;
    for (Value item; (item = iter_next(t, iterator)) != 0;) {
        int equal = values_equal(t, item, args[1]);
        if (equal < 0)
            return 0;
        count += equal;
    }
    return is_pending(t) ? 0 : fixnum(count);
}

static Value op_index_of(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value iterator = searchable(t, args[0]);
    if (!iterator)
        return 0;
    int64_t i = 0;
    for (Value item; (item = iter_next(t, iterator)) != 0; i++) {
        int equal = values_equal(t, item, args[1]);
        if (equal)
            return equal < 0 ? 0 : fixnum(i);
    }
    return is_pending(t) ? 0 : raise(t, EXC(ValueError), "sequence.index(x): x not in sequence");
}

static Value op_length_hint(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int64_t fallback = 0;
    if (args[1]) {
        if (!is_int(args[1]))
            return raise(t, EXC(TypeError), "'%T' object cannot be interpreted as an integer", args[1]);
        if (!to_int64(t, args[1], &fallback))
            return 0;
    }
    int64_t hint = length_hint(t, args[0], fallback);
    return hint < 0 && is_pending(t) ? 0 : fixnum(hint);
}

// --- others ---

// call(obj, /, *args, **kwargs): bound as obj, the kwargs dict, then the other arguments.
static Value op_call(Thread *t, const Value *args, size_t nargs)
{
    if (!args[1])
        return call(t, args[0], args + 2, nargs - 2, 0);
    Value arguments = tuple_from(t, args + 2, nargs - 2);
    return arguments ? call_tuple_dict(t, args[0], arguments, args[1]) : 0;
}

// Time depends on the length of b alone.
static bool equal_in_constant_time(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
    volatile uint8_t differ = a_length != b_length;
    const uint8_t *left = a_length == b_length ? a : b;
    for (size_t i = 0; i < b_length; i++)
        differ |= left[i] ^ b[i];
    return differ == 0;
}

static Value op_compare_digest(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value a = args[0], b = args[1];
    if (is_str(a) && is_str(b)) {
        const Str *left = as_str(a), *right = as_str(b);
        if (!str_is_ascii(left) || !str_is_ascii(right))
            return raise(t, EXC(TypeError), "comparing strings with non-ASCII characters is not supported");
        return value_bool(equal_in_constant_time(left->data, left->length, right->data, right->length));
    }
    if (!buffer_supported(a) && !buffer_supported(b))
        return raise(t, EXC(TypeError), "unsupported operand types(s) or combination of types: '%T' and '%T'", a, b);
    Buffer left, right;
    if (!buffer_get(t, a, &left, BUFFER_SIMPLE))
        return 0;
    if (!buffer_get(t, b, &right, BUFFER_SIMPLE)) {
        buffer_release(t, &left);
        return 0;
    }
    bool equal = equal_in_constant_time(left.data, (size_t)left.length, right.data, (size_t)right.length);
    buffer_release(t, &right);
    buffer_release(t, &left);
    return value_bool(equal);
}

#define TWO "(a, b, /)"
#define ONE "(a, /)"

static const NativeDef operator_functions[] = {
    {"truth", op_truth, ONE, "Return True if a is true, False otherwise.", 0},
    {"contains", op_contains, TWO, "Same as b in a (note reversed operands).", 0},
    {"indexOf", op_index_of, TWO, "Return the first index of b in a.", 0},
    {"countOf", op_count_of, TWO, "Return the number of items in a which are, or which equal, b.", 0},
    {"is_", op_is, TWO, "Same as a is b.", 0},
    {"is_not", op_is_not, TWO, "Same as a is not b.", 0},
    {"is_none", op_is_none, ONE, "Same as a is None.", 0},
    {"is_not_none", op_is_not_none, ONE, "Same as a is not None.", 0},
    {"add", op_add, TWO, "Same as a + b.", 0},
    {"sub", op_sub, TWO, "Same as a - b.", 0},
    {"mul", op_mul, TWO, "Same as a * b.", 0},
    {"matmul", op_matmul, TWO, "Same as a @ b.", 0},
    {"floordiv", op_floordiv, TWO, "Same as a // b.", 0},
    {"truediv", op_truediv, TWO, "Same as a / b.", 0},
    {"mod", op_mod, TWO, "Same as a % b.", 0},
    {"pow", op_pow, TWO, "Same as a ** b.", 0},
    {"neg", op_neg, ONE, "Same as -a.", 0},
    {"pos", op_pos, ONE, "Same as +a.", 0},
    {"abs", op_abs, ONE, "Same as abs(a).", 0},
    {"inv", op_invert, ONE, "Same as ~a.", 0},
    {"invert", op_invert, ONE, "Same as ~a.", 0},
    {"lshift", op_lshift, TWO, "Same as a << b.", 0},
    {"rshift", op_rshift, TWO, "Same as a >> b.", 0},
    {"not_", op_not, ONE, "Same as not a.", 0},
    {"and_", op_and, TWO, "Same as a & b.", 0},
    {"xor", op_xor, TWO, "Same as a ^ b.", 0},
    {"or_", op_or, TWO, "Same as a | b.", 0},
    {"iadd", op_iadd, TWO, "Same as a += b.", 0},
    {"isub", op_isub, TWO, "Same as a -= b.", 0},
    {"imul", op_imul, TWO, "Same as a *= b.", 0},
    {"imatmul", op_imatmul, TWO, "Same as a @= b.", 0},
    {"ifloordiv", op_ifloordiv, TWO, "Same as a //= b.", 0},
    {"itruediv", op_itruediv, TWO, "Same as a /= b.", 0},
    {"imod", op_imod, TWO, "Same as a %= b.", 0},
    {"ilshift", op_ilshift, TWO, "Same as a <<= b.", 0},
    {"irshift", op_irshift, TWO, "Same as a >>= b.", 0},
    {"iand", op_iand, TWO, "Same as a &= b.", 0},
    {"ixor", op_ixor, TWO, "Same as a ^= b.", 0},
    {"ior", op_ior, TWO, "Same as a |= b.", 0},
    {"ipow", op_ipow, TWO, "Same as a **= b.", 0},
    {"concat", op_concat, TWO, "Same as a + b, for a and b sequences.", 0},
    {"iconcat", op_iconcat, TWO, "Same as a += b, for a and b sequences.", 0},
    {"getitem", op_getitem, TWO, "Same as a[b].", 0},
    {"setitem", op_setitem, "(a, b, c, /)", "Same as a[b] = c.", 0},
    {"delitem", op_delitem, TWO, "Same as del a[b].", 0},
    {"eq", op_eq, TWO, "Same as a == b.", 0},
    {"ne", op_ne, TWO, "Same as a != b.", 0},
    {"lt", op_lt, TWO, "Same as a < b.", 0},
    {"le", op_le, TWO, "Same as a <= b.", 0},
    {"gt", op_gt, TWO, "Same as a > b.", 0},
    {"ge", op_ge, TWO, "Same as a >= b.", 0},
    {"index", op_index, ONE, "Same as a.__index__()", 0},
    {"length_hint", op_length_hint, "(obj, default=0, /)",
     "Return an estimate of the number of items in obj.\n\n"
     "This is useful for presizing containers when building from an iterable.\n\n"
     "If the object supports len(), the result will be exact.\n"
     "Otherwise, it may over- or under-estimate by an arbitrary amount.\nThe result will be an integer >= 0.", 0},
    {"_compare_digest", op_compare_digest, TWO,
     "Return 'a == b'.\n\nThis function uses an approach designed to prevent\n"
     "timing analysis, making it appropriate for cryptography.\n\n"
     "a and b must both be of the same type: either str (ASCII only),\nor any bytes-like object.\n\n"
     "Note: If a and b are of different lengths, or if an error occurs,\n"
     "a timing attack could theoretically reveal information about the\ntypes and lengths of a and b--but not their values.", 0},
    {"call", op_call, "(obj, /, *args, **kwargs)", "Same as obj(*args, **kwargs).", 0},
    {0},
};

static bool operator_exec(Thread *t, Value module)
{
    return module_add_type(t, module, &type_itemgetter) && module_add_type(t, module, &type_attrgetter)
           && module_add_type(t, module, &type_methodcaller);
}

const ModuleDef module_operator = {
    .name = "_operator",
    .doc = "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\n"
           "to the intrinsic operators of Python.  For example, operator.add(x, y)\n"
           "is equivalent to the expression x+y.",
    .functions = operator_functions,
    .exec = operator_exec,
};
