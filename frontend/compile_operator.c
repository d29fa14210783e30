// compile_operator.c: operators, comparisons, and/or, conditions.
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/types/number.h"

// Families of opcodes stand in a fixed order in opcodes.def.
static_assert(OP_ADD_K == OP_ADD + 1 && OP_INPLACE_ADD == OP_ADD + 2 && OP_INPLACE_ADD_K == OP_ADD + 3, "arithmetic family");
static_assert(OP_LT_K == OP_LT + 1 && OP_JUMP_UNLESS_LT == OP_LT + 2 && OP_JUMP_UNLESS_LT_K == OP_LT + 3
                  && OP_JUMP_IF_LT == OP_LT + 4 && OP_JUMP_IF_LT_K == OP_LT + 5, "comparison family");

static const uint16_t binary_opcodes[] = {
    [AST_Add] = OP_ADD, [AST_Sub] = OP_SUBTRACT, [AST_Mult] = OP_MULTIPLY, [AST_MatMult] = OP_MATRIX_MULTIPLY,
    [AST_Div] = OP_TRUE_DIVIDE, [AST_Mod] = OP_REMAINDER, [AST_Pow] = OP_POWER, [AST_LShift] = OP_LSHIFT,
    [AST_RShift] = OP_RSHIFT, [AST_BitOr] = OP_OR, [AST_BitXor] = OP_XOR, [AST_BitAnd] = OP_AND,
    [AST_FloorDiv] = OP_FLOOR_DIVIDE,
};

void emit_binary(Compiler *c, int32_t op, bool inplace, Reg dst, Reg left, Node *right)
{
    uint16_t opcode = (uint16_t)(binary_opcodes[op] + (inplace ? 2 : 0));
    Value k = expr_constant(right);
    if (k)
        emit(c, opcode + 1, dst, left, constant_number(c, k, true));
    else
        emit(c, opcode, dst, left, expr_operand(c, right));
}

// Long chains a + b + c … are left-deep: compiled in a loop.
static void long_chain(Compiler *c, Node *e, Reg dst, size_t depth)
{
    Node **chain = arena_alloc(c->t, c->arena, depth * sizeof *chain);
    if (!chain) {
        compile_fail(c);
        return;
    }
    for (size_t i = depth; i-- > 0; e = as_BinOp(e)->left)
        chain[i] = e;
    Reg sum = temp_new(c);
    expr_into(c, e, sum);
    for (size_t i = 0; i < depth && !c->failed; i++) {
        c->at = location_of(chain[i]);
        Reg mark = temp_mark(c);
        emit_binary(c, as_BinOp(chain[i])->op, false, i + 1 == depth ? dst : sum, sum, as_BinOp(chain[i])->right);
        temp_reset(c, mark);
    }
}

void compile_bin_op(Compiler *c, Node *e, Reg dst)
{
    Reg mark = temp_mark(c);
    size_t depth = 0;
    for (Node *left = e; left->kind == AST_BinOp; left = as_BinOp(left)->left)
        depth++;
    if (depth >= 64) {
        long_chain(c, e, dst, depth);
    } else {
        AstBinOp *n = as_BinOp(e);
        Reg left = expr_stable(c, n->left, n->right);
        emit_binary(c, n->op, false, dst, left, n->right);
    }
    temp_reset(c, mark);
}

void compile_unary_op(Compiler *c, Node *e, Reg dst)
{
    static const uint16_t opcodes[] = {[AST_Invert] = OP_INVERT, [AST_Not] = OP_NOT, [AST_UAdd] = OP_POSITIVE, [AST_USub] = OP_NEGATIVE};
    Reg mark = temp_mark(c);
    Reg operand = expr_operand(c, as_UnaryOp(e)->operand);
    emit(c, opcodes[as_UnaryOp(e)->op], dst, operand, 0);
    temp_reset(c, mark);
}

// Tests R[reg] against a truth value.
static void jump_on(Compiler *c, Reg reg, Label target, bool when)
{
    emit_jump(c, when ? OP_JUMP_IF_TRUE : OP_JUMP_IF_FALSE, reg, 0, target);
}

// Evaluates e into R[result] and jumps to `stop` when its truth is `when`; each operand of nested and/or is tested once.
static void value_or_jump(Compiler *c, Node *e, Reg result, Label stop, bool when)
{
    if (!compile_enter(c))
        return;
    if (e->kind != AST_BoolOp) {
        expr_into(c, e, result);
        Location at = c->at;
        c->at = location_of(e);
        jump_on(c, result, stop, when);
        c->at = at;
        return;
    }
    AstBoolOp *n = as_BoolOp(e);
    bool decides = n->op == AST_Or;
    Label decided = label_new(c);
    for (int32_t i = 0; i + 1 < n->values.count; i++)
        value_or_jump(c, n->values.at[i], result, decides == when ? stop : decided, decides);
    value_or_jump(c, n->values.at[n->values.count - 1], result, stop, when);
    label_bind(c, decided);
}

void compile_bool_op(Compiler *c, Node *e, Reg dst)
{
    AstBoolOp *n = as_BoolOp(e);
    Reg mark = temp_mark(c);
    Reg result = is_temp(c, dst) ? dst : temp_new(c);   // a local must not show values on the way
    Label end = label_new(c);
    int32_t last = n->values.count - 1;
    for (int32_t i = 0; i < last; i++)
        value_or_jump(c, n->values.at[i], result, end, n->op == AST_Or);
    expr_into(c, n->values.at[last], result);
    label_bind(c, end);
    emit_move(c, dst, result);
    temp_reset(c, mark);
}

void compile_if_exp(Compiler *c, Node *e, Reg dst)
{
    AstIfExp *n = as_IfExp(e);
    Label otherwise = label_new(c), end = label_new(c);
    jump_if(c, n->test, otherwise, false);
    expr_into(c, n->body, dst);
    emit_goto(c, end);
    label_bind(c, otherwise);
    expr_into(c, n->orelse, dst);
    label_bind(c, end);
}

// --- comparisons ---
static const uint16_t compare_opcodes[] = {
    [AST_Eq] = OP_EQ, [AST_NotEq] = OP_NE, [AST_Lt] = OP_LT, [AST_LtE] = OP_LE, [AST_Gt] = OP_GT, [AST_GtE] = OP_GE,
    [AST_Is] = OP_IS, [AST_IsNot] = OP_IS_NOT, [AST_In] = OP_IN, [AST_NotIn] = OP_NOT_IN,
};

static bool is_ordering(int32_t op)
{
    return op <= AST_GtE;
}

// Jumps when (left op right) is `when`. The right operand may be a constant that gets no register.
static void jump_compare(Compiler *c, int32_t op, Reg left, Node *right_node, Reg right, Label target, bool when)
{
    Value k = right == NO_REG ? expr_constant(right_node) : 0;
    if ((op == AST_Is || op == AST_IsNot) && k == NONE) {
        emit_jump(c, (op == AST_Is) == when ? OP_JUMP_IF_NONE : OP_JUMP_IF_NOT_NONE, left, 0, target);
        return;
    }
    if (is_ordering(op)) {
        uint16_t opcode = (uint16_t)(compare_opcodes[op] + (when ? 4 : 2));
        if (k)
            emit_jump(c, opcode + 1, left, constant_number(c, k, true), target);
        else
            emit_jump(c, opcode, left, right != NO_REG ? right : expr_operand(c, right_node), target);
        return;
    }
    Reg mark = temp_mark(c);
    if (right == NO_REG)
        right = expr_operand(c, right_node);
    Reg result = temp_new(c);
    emit(c, compare_opcodes[op], result, left, right);
    jump_on(c, result, target, when);
    temp_reset(c, mark);
}

static void compare_into(Compiler *c, int32_t op, Reg dst, Reg left, Node *right_node, Reg right)
{
    Value k = right == NO_REG && is_ordering(op) ? expr_constant(right_node) : 0;
    if (k)
        emit(c, compare_opcodes[op] + 1, dst, left, constant_number(c, k, true));
    else
        emit(c, compare_opcodes[op], dst, left, right != NO_REG ? right : expr_operand(c, right_node));
}

// The middle operands of a chain are needed twice.
static Reg chain_operand(Compiler *c, AstCompare *n, int32_t i)
{
    Node *later = i + 1 < n->comparators.count ? n->comparators.at[i + 1] : NULL;
    return expr_stable(c, n->comparators.at[i], later);
}

void compile_compare(Compiler *c, Node *e, Reg dst)
{
    AstCompare *n = as_Compare(e);
    Reg mark = temp_mark(c);
    warn_compare(c, e);
    int32_t last = n->ops.count - 1;
    Reg left = expr_stable(c, n->left, n->comparators.at[0]);
    if (!last) {
        compare_into(c, n->ops.at[0], dst, left, n->comparators.at[0], NO_REG);
        temp_reset(c, mark);
        return;
    }
    Reg result = is_temp(c, dst) ? dst : temp_new(c);
    Reg inner = temp_mark(c);
    Label end = label_new(c);
    for (int32_t i = 0; i < last && !c->failed; i++) {
        Reg right = chain_operand(c, n, i);
        compare_into(c, n->ops.at[i], result, left, NULL, right);
        jump_on(c, result, end, false);
        left = right;
    }
    compare_into(c, n->ops.at[last], result, left, n->comparators.at[last], NO_REG);
    label_bind(c, end);
    emit_move(c, dst, result);
    temp_reset(c, inner);
    temp_reset(c, mark);
}

static void jump_if_compare(Compiler *c, Node *e, Label target, bool when)
{
    AstCompare *n = as_Compare(e);
    Reg mark = temp_mark(c);
    warn_compare(c, e);
    int32_t last = n->ops.count - 1;
    Reg left = expr_stable(c, n->left, n->comparators.at[0]);
    Label end = label_new(c);
    for (int32_t i = 0; i < last && !c->failed; i++) {
        Reg right = chain_operand(c, n, i);
        jump_compare(c, n->ops.at[i], left, NULL, right, when ? end : target, false);
        left = right;
    }
    jump_compare(c, n->ops.at[last], left, n->comparators.at[last], NO_REG, target, when);
    label_bind(c, end);
    temp_reset(c, mark);
}

static void jump_if_bool_op(Compiler *c, Node *e, Label target, bool when)
{
    AstBoolOp *n = as_BoolOp(e);
    bool stops = n->op == AST_Or;    // the truth value that decides at once
    Label end = label_new(c);
    int32_t last = n->values.count - 1;
    for (int32_t i = 0; i < last && !c->failed; i++)
        jump_if(c, n->values.at[i], stops == when ? target : end, stops);
    jump_if(c, n->values.at[last], target, when);
    label_bind(c, end);
}

static void jump_if_if_exp(Compiler *c, Node *e, Label target, bool when)
{
    AstIfExp *n = as_IfExp(e);
    Label otherwise = label_new(c), end = label_new(c);
    jump_if(c, n->test, otherwise, false);
    jump_if(c, n->body, target, when);
    emit_goto(c, end);
    label_bind(c, otherwise);
    jump_if(c, n->orelse, target, when);
    label_bind(c, end);
}

// Truth of a constant: 0, 1, or -1 when it has to be asked at run time.
int constant_truth(Value v)
{
    if (v == NONE || v == FALSE || v == fixnum(0))
        return 0;
    if (v == TRUE || v == ELLIPSIS || is_fixnum(v))
        return 1;
    if (is_exactly(v, &type_str))
        return as_str(v)->length != 0;
    return is_flonum(v) ? flonum_value(v) != 0 : -1;
}

void jump_if(Compiler *c, Node *e, Label target, bool when)
{
    if (!compile_enter(c))
        return;
    Location at = c->at;
    c->at = location_of(e);
    Value k = expr_constant(e);
    int truth = k ? constant_truth(k) : -1;
    if (truth >= 0) {
        emit_line(c);
        if (truth == when)
            emit_jump(c, OP_JUMP, 0, 0, target);
    } else if (e->kind == AST_UnaryOp && as_UnaryOp(e)->op == AST_Not) {
        jump_if(c, as_UnaryOp(e)->operand, target, !when);
    } else if (e->kind == AST_BoolOp) {
        jump_if_bool_op(c, e, target, when);
    } else if (e->kind == AST_Compare) {
        jump_if_compare(c, e, target, when);
    } else if (e->kind == AST_IfExp) {
        jump_if_if_exp(c, e, target, when);
    } else {
        Reg mark = temp_mark(c);
        jump_on(c, expr_operand(c, e), target, when);
        temp_reset(c, mark);
    }
    c->at = at;
}
