// ops_number.c: arithmetic and comparison instructions out of the loop: general meaning and type feedback.
//
// An instruction starts in its generic form. Its first execution picks the form for what it saw (INT, FLOAT, else ANY); a quickened form whose
// guard fails becomes ANY and stays so. An overflow to a big int keeps INT: the operands were what was promised.
#include "src/interp/interp.h"
#include "src/types/number.h"
#include "src/types/str.h"

typedef struct ArithForm {
    BinaryOp operation;
    bool inplace, constant;
    uint16_t generic, int_form, float_form, any_form;   // 0: there is no such form
} ArithForm;

// Rows by opcode, all spellings and forms. `first` tells the generic one.
static ArithForm forms[OPCODE_COUNT];

#define FORM_ROW(LABEL, op, inplace_, constant_, int_, float_, any_)                                                   \
    do {                                                                                                               \
        ArithForm row = {op, inplace_, constant_, OP_##LABEL, int_, float_, any_};                                     \
        forms[OP_##LABEL] = row;                                                                                       \
        if (int_)                                                                                                      \
            forms[int_] = row;                                                                                         \
        if (float_)                                                                                                    \
            forms[float_] = row;                                                                                       \
        if (any_)                                                                                                      \
            forms[any_] = row;                                                                                         \
    } while (0)
#define NUMBER_ROWS(NAME)                                                                                              \
    FORM_ROW(NAME, BINARY_##NAME, false, false, OP_##NAME##_INT, OP_##NAME##_FLOAT, OP_##NAME##_ANY);                  \
    FORM_ROW(NAME##_K, BINARY_##NAME, false, true, OP_##NAME##_K_INT, OP_##NAME##_K_FLOAT, OP_##NAME##_K_ANY);         \
    FORM_ROW(INPLACE_##NAME, BINARY_##NAME, true, false, OP_INPLACE_##NAME##_INT, OP_INPLACE_##NAME##_FLOAT, OP_INPLACE_##NAME##_ANY); \
    FORM_ROW(INPLACE_##NAME##_K, BINARY_##NAME, true, true, OP_INPLACE_##NAME##_K_INT, OP_INPLACE_##NAME##_K_FLOAT, OP_INPLACE_##NAME##_K_ANY)
#define INT_ROWS(NAME)                                                                                                 \
    FORM_ROW(NAME, BINARY_##NAME, false, false, OP_##NAME##_INT, 0, OP_##NAME##_ANY);                                  \
    FORM_ROW(NAME##_K, BINARY_##NAME, false, true, OP_##NAME##_K_INT, 0, OP_##NAME##_K_ANY);                           \
    FORM_ROW(INPLACE_##NAME, BINARY_##NAME, true, false, OP_INPLACE_##NAME##_INT, 0, OP_INPLACE_##NAME##_ANY);         \
    FORM_ROW(INPLACE_##NAME##_K, BINARY_##NAME, true, true, OP_INPLACE_##NAME##_K_INT, 0, OP_INPLACE_##NAME##_K_ANY)
#define GENERAL_ROWS(NAME)                                                                                             \
    FORM_ROW(NAME, BINARY_##NAME, false, false, 0, 0, 0);                                                              \
    FORM_ROW(NAME##_K, BINARY_##NAME, false, true, 0, 0, 0);                                                           \
    FORM_ROW(INPLACE_##NAME, BINARY_##NAME, true, false, 0, 0, 0);                                                     \
    FORM_ROW(INPLACE_##NAME##_K, BINARY_##NAME, true, true, 0, 0, 0)

void arith_forms_init(void)
{
    NUMBER_ROWS(ADD);
    NUMBER_ROWS(SUBTRACT);
    NUMBER_ROWS(MULTIPLY);
    NUMBER_ROWS(TRUE_DIVIDE);
    INT_ROWS(FLOOR_DIVIDE);
    INT_ROWS(REMAINDER);
    INT_ROWS(LSHIFT);
    INT_ROWS(RSHIFT);
    INT_ROWS(AND);
    INT_ROWS(OR);
    INT_ROWS(XOR);
    GENERAL_ROWS(POWER);
    GENERAL_ROWS(MATRIX_MULTIPLY);
}

static void arith_feedback(const ArithForm *form, const Instr *pc, Value a, Value b)
{
    if (!form->any_form)
        return;
    bool ints = are_fixnums(a, b), floats = form->float_form && are_flonums(a, b);
    if (pc->op == form->generic)
        requicken(pc, ints ? form->int_form : floats ? form->float_form : form->any_form);
    else if ((pc->op == form->int_form && !ints) || (pc->op == form->float_form && !floats))
        requicken(pc, form->any_form);
}

bool arith_slow(Thread *t, Value *R, const Instr *pc)
{
    const ArithForm *form = &forms[pc->op];
    Value a = R[pc->b], b = form->constant ? frame_of(R)->code->pool[pc->c] : R[pc->c];
    arith_feedback(form, pc, a, b);
    Value result = form->inplace ? inplace_op(t, form->operation, a, b) : binary_op(t, form->operation, a, b);
    if (!result)
        return false;
    R[pc->a] = result;
    return true;
}

typedef struct CompareForm {
    CompareOp operation;
    bool constant, jump, want;
    uint16_t generic, int_form, float_form, any_form;
} CompareForm;

static CompareForm compare_forms[OPCODE_COUNT];

#define COMPARE_ROW(LABEL, op, constant_, jump_, want_)                                                                \
    do {                                                                                                               \
        CompareForm row = {op, constant_, jump_, want_, OP_##LABEL, OP_##LABEL##_INT, OP_##LABEL##_FLOAT, OP_##LABEL##_ANY}; \
        compare_forms[OP_##LABEL] = compare_forms[OP_##LABEL##_INT] = compare_forms[OP_##LABEL##_FLOAT] =              \
            compare_forms[OP_##LABEL##_ANY] = row;                                                                     \
    } while (0)
#define COMPARE_ROWS(NAME)                                                                                             \
    COMPARE_ROW(NAME, CMP_##NAME, false, false, false);                                                                \
    COMPARE_ROW(NAME##_K, CMP_##NAME, true, false, false);                                                             \
    COMPARE_ROW(JUMP_UNLESS_##NAME, CMP_##NAME, false, true, false);                                                   \
    COMPARE_ROW(JUMP_UNLESS_##NAME##_K, CMP_##NAME, true, true, false);                                                \
    COMPARE_ROW(JUMP_IF_##NAME, CMP_##NAME, false, true, true);                                                        \
    COMPARE_ROW(JUMP_IF_##NAME##_K, CMP_##NAME, true, true, true)

void compare_forms_init(void)
{
    COMPARE_ROWS(LT);
    COMPARE_ROWS(LE);
    COMPARE_ROWS(EQ);
    COMPARE_ROWS(NE);
    COMPARE_ROWS(GT);
    COMPARE_ROWS(GE);
}

static void compare_feedback(const CompareForm *form, const Instr *pc, Value a, Value b)
{
    bool ints = are_fixnums(a, b), floats = are_flonums(a, b);
    if (pc->op == form->generic)
        requicken(pc, ints ? form->int_form : floats ? form->float_form : form->any_form);
    else if ((pc->op == form->int_form && !ints) || (pc->op == form->float_form && !floats))
        requicken(pc, form->any_form);
}

// == and != of exact strings: the most common comparison that is not of numbers.
static bool compare_strings(CompareOp op, Value a, Value b, bool *out)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_str) || !is_exactly(b, &type_str))
        return false;
    *out = (a == b || str_equal(as_str(a), as_str(b))) == (op == CMP_EQ);
    return true;
}

bool compare_slow(Thread *t, Value *R, const Instr *pc)
{
    const CompareForm *form = &compare_forms[pc->op];
    Value a = R[pc->b], b = form->constant ? frame_of(R)->code->pool[pc->c] : R[pc->c];
    compare_feedback(form, pc, a, b);
    bool known;
    Value result = compare_strings(form->operation, a, b, &known) ? value_bool(known) : compare(t, a, b, form->operation);
    if (!result)
        return false;
    R[pc->a] = result;
    return true;
}

int compare_jump_slow(Thread *t, Value *R, const Instr *pc)
{
    const CompareForm *form = &compare_forms[pc->op];
    Value a = R[pc->a], b = form->constant ? frame_of(R)->code->pool[pc->b] : R[pc->b];
    compare_feedback(form, pc, a, b);
    bool known;
    if (compare_strings(form->operation, a, b, &known))
        return known == form->want;
    Value result = compare(t, a, b, form->operation);
    if (!result)
        return -1;
    int is_true = truth(t, result);
    return is_true < 0 ? -1 : is_true == form->want;
}
