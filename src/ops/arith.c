// arith.c: the binary, in-place and unary operators: which operand's slot is asked first, sequences, and the errors.
//
// A slot gets (a, b) in source order whichever operand it belongs to, and answers NotImplemented when the types do not fit.
// The right operand goes first when its type is a proper subtype of the left one's and has a slot of its own.
#include "src/ops/ops.h"
#include "src/types/number.h"

typedef struct OpRow {
    size_t slot, inplace;          // offsets in Slots
    const char *symbol, *inplace_symbol;
} OpRow;

#define ROW(field, text) {offsetof(Slots, field), offsetof(Slots, inplace_##field), text, text "="}
static const OpRow op_rows[BINARY_OP_COUNT] = {
    [BINARY_ADD] = ROW(add, "+"),
    [BINARY_SUBTRACT] = ROW(subtract, "-"),
    [BINARY_MULTIPLY] = ROW(multiply, "*"),
    [BINARY_TRUE_DIVIDE] = ROW(true_divide, "/"),
    [BINARY_FLOOR_DIVIDE] = ROW(floor_divide, "//"),
    [BINARY_REMAINDER] = ROW(remainder, "%"),
    [BINARY_POWER] = {offsetof(Slots, power), offsetof(Slots, inplace_power), "** or pow()", "**="},
    [BINARY_LSHIFT] = ROW(lshift, "<<"),
    [BINARY_RSHIFT] = ROW(rshift, ">>"),
    [BINARY_AND] = {offsetof(Slots, bit_and), offsetof(Slots, inplace_and), "&", "&="},
    [BINARY_OR] = {offsetof(Slots, bit_or), offsetof(Slots, inplace_or), "|", "|="},
    [BINARY_XOR] = {offsetof(Slots, bit_xor), offsetof(Slots, inplace_xor), "^", "^="},
    [BINARY_MATRIX_MULTIPLY] = ROW(matrix_multiply, "@"),
    [BINARY_DIVMOD] = {offsetof(Slots, divmod), 0, "divmod()", NULL},
};
#undef ROW

static inline BinaryFn binary_slot(const Type *type, size_t offset)
{
    BinaryFn fn;
    memcpy(&fn, (const char *)&type->slots + offset, sizeof fn);
    return fn;
}

static inline TernaryFn ternary_slot(const Type *type, size_t offset)
{
    TernaryFn fn;
    memcpy(&fn, (const char *)&type->slots + offset, sizeof fn);
    return fn;
}

// Asks the slots of both operands; NotImplemented when neither takes them.
static Value binary_ask(Thread *t, size_t offset, Value a, Value b)
{
    Type *left = type_of(a), *right = type_of(b);
    BinaryFn first = binary_slot(left, offset), second = NULL;
    if (left != right) {
        second = binary_slot(right, offset);
        if (second == first)
            second = NULL;
    }
    if (first) {
        if (second && type_is_subtype(right, left)) {
            Value result = second(t, a, b);
            if (result != NOTIMPLEMENTED)
                return result;
            second = NULL;
        }
        Value result = first(t, a, b);
        if (result != NOTIMPLEMENTED)
            return result;
    }
    return second ? second(t, a, b) : NOTIMPLEMENTED;
}

static COLD Value binary_fail(Thread *t, const char *symbol, Value a, Value b)
{
    return raise(t, EXC(TypeError), "unsupported operand type(s) for %s: '%T' and '%T'", symbol, a, b);
}

static Value sequence_repeat(Thread *t, RepeatFn repeat, Value sequence, Value count)
{
    if (!is_fixnum(count) && !type_of(count)->slots.to_index)
        return raise(t, EXC(TypeError), "can't multiply sequence by non-int of type '%T'", count);
    int64_t n;
    Value index = number_index(t, count);
    if (!index)
        return 0;
    if (!int_to_int64(index, &n))
        return raise(t, EXC(OverflowError), "cannot fit '%T' into an index-sized integer", count);
    return repeat(t, sequence, n);
}

// What sequences do when no number slot took the operands; NotImplemented when they are no sequences either.
static Value sequence_op(Thread *t, BinaryOp op, Value a, Value b, bool inplace)
{
    const Slots *left = &type_of(a)->slots, *right = &type_of(b)->slots;
    if (op == BINARY_ADD) {
        BinaryFn concat = inplace && left->inplace_concat ? left->inplace_concat : left->concat;
        return concat ? concat(t, a, b) : NOTIMPLEMENTED;
    }
    if (op == BINARY_MULTIPLY) {
        RepeatFn repeat = inplace && left->inplace_repeat ? left->inplace_repeat : left->repeat;
        if (repeat)
            return sequence_repeat(t, repeat, a, b);
        if (right->repeat)
            return sequence_repeat(t, right->repeat, b, a);
    }
    return NOTIMPLEMENTED;
}

Value binary_op(Thread *t, BinaryOp op, Value a, Value b)
{
    if (op == BINARY_POWER)
        return power_op(t, a, b, NONE);
    const OpRow *row = &op_rows[op];
    Value result = binary_ask(t, row->slot, a, b);
    if (likely(result != NOTIMPLEMENTED))
        return result;
    result = sequence_op(t, op, a, b, false);
    return result != NOTIMPLEMENTED ? result : binary_fail(t, row->symbol, a, b);
}

static Value inplace_power(Thread *t, Value a, Value b);

Value inplace_op(Thread *t, BinaryOp op, Value a, Value b)
{
    if (op == BINARY_POWER)
        return inplace_power(t, a, b);
    const OpRow *row = &op_rows[op];
    BinaryFn inplace = row->inplace ? binary_slot(type_of(a), row->inplace) : NULL;
    Value result = inplace ? inplace(t, a, b) : NOTIMPLEMENTED;
    if (result == NOTIMPLEMENTED)
        result = binary_ask(t, row->slot, a, b);
    if (likely(result != NOTIMPLEMENTED))
        return result;
    result = sequence_op(t, op, a, b, true);
    return result != NOTIMPLEMENTED ? result : binary_fail(t, row->inplace_symbol, a, b);
}

// --- power: three operands, the third may have a say as well ---

static Value ternary_ask(Thread *t, size_t offset, Value a, Value b, Value c)
{
    Type *left = type_of(a), *right = type_of(b);
    TernaryFn first = ternary_slot(left, offset), second = NULL;
    if (left != right) {
        second = ternary_slot(right, offset);
        if (second == first)
            second = NULL;
    }
    TernaryFn asked_second = second;
    if (first) {
        if (second && type_is_subtype(right, left)) {
            Value result = second(t, a, b, c);
            if (result != NOTIMPLEMENTED)
                return result;
            second = NULL;
        }
        Value result = first(t, a, b, c);
        if (result != NOTIMPLEMENTED)
            return result;
    }
    if (second) {
        Value result = second(t, a, b, c);
        if (result != NOTIMPLEMENTED)
            return result;
    }
    TernaryFn third = ternary_slot(type_of(c), offset);
    if (third && third != first && third != asked_second)
        return third(t, a, b, c);
    return NOTIMPLEMENTED;
}

Value power_op(Thread *t, Value a, Value b, Value modulus)
{
    Value result = ternary_ask(t, offsetof(Slots, power), a, b, modulus);
    if (likely(result != NOTIMPLEMENTED))
        return result;
    if (modulus == NONE)
        return binary_fail(t, op_rows[BINARY_POWER].symbol, a, b);
    return raise(t, EXC(TypeError), "unsupported operand type(s) for %s: '%T', '%T', '%T'",
                 op_rows[BINARY_POWER].symbol, a, b, modulus);
}

static Value inplace_power(Thread *t, Value a, Value b)
{
    TernaryFn inplace = type_of(a)->slots.inplace_power;
    Value result = inplace ? inplace(t, a, b, NONE) : NOTIMPLEMENTED;
    if (result == NOTIMPLEMENTED)
        result = ternary_ask(t, offsetof(Slots, power), a, b, NONE);
    return result != NOTIMPLEMENTED ? result : binary_fail(t, op_rows[BINARY_POWER].inplace_symbol, a, b);
}

// --- unary ---

Value unary_negative(Thread *t, Value a)
{
    UnaryFn fn = type_of(a)->slots.negative;
    return fn ? fn(t, a) : raise(t, EXC(TypeError), "bad operand type for unary -: '%T'", a);
}

Value unary_positive(Thread *t, Value a)
{
    UnaryFn fn = type_of(a)->slots.positive;
    return fn ? fn(t, a) : raise(t, EXC(TypeError), "bad operand type for unary +: '%T'", a);
}

Value unary_invert(Thread *t, Value a)
{
    UnaryFn fn = type_of(a)->slots.invert;
    return fn ? fn(t, a) : raise(t, EXC(TypeError), "bad operand type for unary ~: '%T'", a);
}

Value unary_absolute(Thread *t, Value a)
{
    UnaryFn fn = type_of(a)->slots.absolute;
    return fn ? fn(t, a) : raise(t, EXC(TypeError), "bad operand type for abs(): '%T'", a);
}
