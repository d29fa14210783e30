// compare.c: the comparison operators: which operand is asked first, identity as the last resort of == and !=, errors.
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str.h"

static const CompareOp swapped_op[] = {CMP_GT, CMP_GE, CMP_EQ, CMP_NE, CMP_LT, CMP_LE};
static const char *const op_text[] = {"<", "<=", "==", "!=", ">", ">="};

static inline bool order_holds(int order, CompareOp op)
{
    switch (op) {
    case CMP_LT: return order < 0;
    case CMP_LE: return order <= 0;
    case CMP_EQ: return order == 0;
    case CMP_NE: return order != 0;
    case CMP_GT: return order > 0;
    default: return order >= 0;
    }
}

static inline bool doubles_hold(double a, double b, CompareOp op)
{
    switch (op) {
    case CMP_LT: return a < b;
    case CMP_LE: return a <= b;
    case CMP_EQ: return a == b;
    case CMP_NE: return a != b;
    case CMP_GT: return a > b;
    default: return a >= b;
    }
}

// Asks the operands' slots: the right one first when its type is a proper subtype of the left one's.
static Value compare_ask(Thread *t, Value a, Value b, CompareOp op)
{
    Type *left = type_of(a), *right = type_of(b);
    bool asked_right = false;
    if (left != right && right->slots.compare && type_is_subtype(right, left)) {
        asked_right = true;
        Value result = right->slots.compare(t, b, a, swapped_op[op]);
        if (result != NOTIMPLEMENTED)
            return result;
    }
    if (left->slots.compare) {
        Value result = left->slots.compare(t, a, b, op);
        if (result != NOTIMPLEMENTED)
            return result;
    }
    if (!asked_right && right->slots.compare) {
        Value result = right->slots.compare(t, b, a, swapped_op[op]);
        if (result != NOTIMPLEMENTED)
            return result;
    }
    if (op == CMP_EQ || op == CMP_NE)
        return value_bool((a == b) == (op == CMP_EQ));
    return raise(t, EXC(TypeError), "'%s' not supported between instances of '%T' and '%T'", op_text[op], a, b);
}

Value compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (are_fixnums(a, b))
        return value_bool(order_holds((int64_t)a < (int64_t)b ? -1 : a != b, op));
    if (are_flonums(a, b))
        return value_bool(doubles_hold(flonum_value(a), flonum_value(b), op));
    if (!recursion_enter(t, " in comparison"))
        return 0;
    Value result = compare_ask(t, a, b, op);
    recursion_leave(t);
    return result;
}

int compare_bool(Thread *t, Value a, Value b, CompareOp op)
{
    if (a == b && (op == CMP_EQ || op == CMP_NE))
        return op == CMP_EQ;
    if (is_exactly(a, &type_str) && is_exactly(b, &type_str) && (op == CMP_EQ || op == CMP_NE))
        return str_equal(as_str(a), as_str(b)) == (op == CMP_EQ);
    Value result = compare(t, a, b, op);
    if (!result)
        return -1;
    return truth(t, result);
}
