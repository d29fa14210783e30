// weakref_proxy.c: weak proxies: every operation goes to the object, or raises ReferenceError when it is gone.
#include <stdio.h>

#include "src/core/error.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/tuple.h"
#include "src/types/weakref.h"

// The object behind a proxy (v itself when it is none), or 0 with ReferenceError pending.
static Value unwrap(Thread *t, Value v)
{
    if (!is_weakproxy(v))
        return v;
    Value object = weakref_target(as_weakref(v));
    return object ? object : raise(t, EXC(ReferenceError), "weakly-referenced object no longer exists");
}

#define PROXY_UNARY(name, operation)                            \
    static Value proxy_##name(Thread *t, Value self)            \
    {                                                           \
        Value object = unwrap(t, self);                         \
        return object ? operation(t, object) : 0;               \
    }
PROXY_UNARY(str, value_str)
PROXY_UNARY(iter, iter_get)
PROXY_UNARY(negative, unary_negative)
PROXY_UNARY(positive, unary_positive)
PROXY_UNARY(absolute, unary_absolute)
PROXY_UNARY(invert, unary_invert)
PROXY_UNARY(to_int, number_int)
PROXY_UNARY(to_float, number_float)
PROXY_UNARY(to_index, number_index)

#define PROXY_BINARY(name, op)                                                  \
    static Value proxy_##name(Thread *t, Value a, Value b)                      \
    {                                                                           \
        Value x = unwrap(t, a), y = x ? unwrap(t, b) : 0;                       \
        return y ? binary_op(t, op, x, y) : 0;                                  \
    }                                                                           \
    static Value proxy_inplace_##name(Thread *t, Value a, Value b)              \
    {                                                                           \
        Value x = unwrap(t, a), y = x ? unwrap(t, b) : 0;                       \
        return y ? inplace_op(t, op, x, y) : 0;                                 \
    }
PROXY_BINARY(add, BINARY_ADD)
PROXY_BINARY(subtract, BINARY_SUBTRACT)
PROXY_BINARY(multiply, BINARY_MULTIPLY)
PROXY_BINARY(true_divide, BINARY_TRUE_DIVIDE)
PROXY_BINARY(floor_divide, BINARY_FLOOR_DIVIDE)
PROXY_BINARY(remainder, BINARY_REMAINDER)
PROXY_BINARY(lshift, BINARY_LSHIFT)
PROXY_BINARY(rshift, BINARY_RSHIFT)
PROXY_BINARY(and, BINARY_AND)
PROXY_BINARY(or, BINARY_OR)
PROXY_BINARY(xor, BINARY_XOR)
PROXY_BINARY(matrix_multiply, BINARY_MATRIX_MULTIPLY)

static Value proxy_divmod(Thread *t, Value a, Value b)
{
    Value x = unwrap(t, a), y = x ? unwrap(t, b) : 0;
    return y ? binary_op(t, BINARY_DIVMOD, x, y) : 0;
}

static Value proxy_power(Thread *t, Value a, Value b, Value modulus)
{
    Value x = unwrap(t, a), y = x ? unwrap(t, b) : 0, m = y ? unwrap(t, modulus) : 0;
    return m ? power_op(t, x, y, m) : 0;
}

static Value proxy_inplace_power(Thread *t, Value a, Value b, Value modulus)
{
    Value x = unwrap(t, a), y = x ? unwrap(t, b) : 0;
    return y ? inplace_op(t, BINARY_POWER, x, y) : 0;
}

static Value proxy_repr(Thread *t, Value self)
{
    Value object = weakref_target(as_weakref(self));
    char here[24], there[24];
    snprintf(here, sizeof here, "0x%lx", (unsigned long)self);
    snprintf(there, sizeof there, "0x%lx", (unsigned long)object);
    if (!object)
        return str_format(t, "<weakproxy at %s; dead>", here);
    return str_format(t, "<weakproxy at %s; to '%T' at %s>", here, object, there);
}

static Value proxy_compare(Thread *t, Value a, Value b, CompareOp op)
{
    Value x = unwrap(t, a), y = x ? unwrap(t, b) : 0;
    return y ? compare(t, x, y, op) : 0;
}

static int proxy_truth(Thread *t, Value self)
{
    Value object = unwrap(t, self);
    return object ? truth(t, object) : -1;
}

static Value proxy_getattr(Thread *t, Value self, Value name)
{
    Value object = unwrap(t, self);
    return object ? attr_get(t, object, name) : 0;
}

static bool proxy_setattr(Thread *t, Value self, Value name, Value value)
{
    Value object = unwrap(t, self);
    return object && attr_set(t, object, name, value);
}

static Value proxy_getitem(Thread *t, Value self, Value key)
{
    Value object = unwrap(t, self);
    return object ? item_get(t, object, key) : 0;
}

static bool proxy_setitem(Thread *t, Value self, Value key, Value value)
{
    Value object = unwrap(t, self);
    return object && item_set(t, object, key, value);
}

static int64_t proxy_length(Thread *t, Value self)
{
    Value object = unwrap(t, self);
    return object ? length_of(t, object) : -1;
}

static int proxy_contains(Thread *t, Value self, Value item)
{
    Value object = unwrap(t, self);
    return object ? item_contains(t, object, item) : -1;
}

static Value proxy_next(Thread *t, Value self)
{
    Value object = unwrap(t, self);
    if (!object)
        return 0;
    if (!type_of(object)->slots.next)
        return raise(t, EXC(TypeError), "Weakref proxy referenced a non-iterator '%.200T' object", object);
    return iter_next(t, object);
}

static Value proxy_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value object = unwrap(t, self);
    return object ? call(t, object, args, nargs, kwnames) : 0;
}

static Value forward_method(Thread *t, Value self, Value name)
{
    Value object = unwrap(t, self);
    return object ? call_method0(t, object, name) : 0;
}

static Value proxy_bytes(Thread *t, const Value *args, size_t nargs)
{
    return forward_method(t, args[0], N(__bytes__));
}

static Value proxy_reversed(Thread *t, const Value *args, size_t nargs)
{
    return forward_method(t, args[0], N(__reversed__));
}

static const NativeDef proxy_methods[] = {
    {"__bytes__", proxy_bytes, "($self, /)", NULL, NATIVE_PLAIN},
    {"__reversed__", proxy_reversed, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

#define PROXY_SLOTS                                                                                                        \
    .repr = proxy_repr, .str = proxy_str, .hash = hash_not_implemented, .compare = proxy_compare, .getattr = proxy_getattr,    \
    .setattr = proxy_setattr, .iter = proxy_iter, .next = proxy_next, .truth = proxy_truth, .negative = proxy_negative,       \
    .positive = proxy_positive, .absolute = proxy_absolute, .invert = proxy_invert, .to_int = proxy_to_int,                   \
    .to_float = proxy_to_float, .to_index = proxy_to_index, .length = proxy_length, .getitem = proxy_getitem,                \
    .setitem = proxy_setitem, .contains = proxy_contains, .add = proxy_add, .subtract = proxy_subtract,                      \
    .multiply = proxy_multiply, .remainder = proxy_remainder, .divmod = proxy_divmod, .power = proxy_power,                   \
    .lshift = proxy_lshift, .rshift = proxy_rshift, .bit_and = proxy_and, .bit_xor = proxy_xor, .bit_or = proxy_or,            \
    .floor_divide = proxy_floor_divide, .true_divide = proxy_true_divide, .matrix_multiply = proxy_matrix_multiply,           \
    .inplace_add = proxy_inplace_add, .inplace_subtract = proxy_inplace_subtract,                                            \
    .inplace_multiply = proxy_inplace_multiply, .inplace_remainder = proxy_inplace_remainder,                                \
    .inplace_power = proxy_inplace_power, .inplace_lshift = proxy_inplace_lshift, .inplace_rshift = proxy_inplace_rshift,     \
    .inplace_and = proxy_inplace_and, .inplace_xor = proxy_inplace_xor, .inplace_or = proxy_inplace_or,                       \
    .inplace_floor_divide = proxy_inplace_floor_divide, .inplace_true_divide = proxy_inplace_true_divide,                    \
    .inplace_matrix_multiply = proxy_inplace_matrix_multiply

Type type_weakproxy = {
    TYPE_HEAD(weakproxy, "weakref.ProxyType", &type_object, WeakRef),
    .flags = TYPE_IMMUTABLE | TYPE_DISALLOW_NEW,
    .slots = {PROXY_SLOTS},
    .methods = proxy_methods,
};

Type type_weakcallableproxy = {
    TYPE_HEAD(weakcallableproxy, "weakref.CallableProxyType", &type_object, WeakRef),
    .flags = TYPE_IMMUTABLE | TYPE_DISALLOW_NEW,
    .slots = {PROXY_SLOTS, .call = proxy_call},
    .methods = proxy_methods,
};
