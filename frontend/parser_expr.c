// parser_expr.c: expressions from the named expression down to the unary operators.

#include "frontend/diagnose.h"
#include "frontend/parse.h"

bool starts_expression(Parser *p)
{
    switch (peek_type(p)) {
    case TOKEN_NAME: case TOKEN_NUMBER: case TOKEN_STRING: case TOKEN_FSTRING_START:
    case TOKEN_TSTRING_START: case TOKEN_LPAR: case TOKEN_LSQB: case TOKEN_LBRACE:
    case TOKEN_MINUS: case TOKEN_PLUS: case TOKEN_TILDE: case TOKEN_ELLIPSIS: case TOKEN_NOT:
    case TOKEN_LAMBDA: case TOKEN_AWAIT: case TOKEN_NONE: case TOKEN_TRUE: case TOKEN_FALSE:
    case TOKEN_STAR: return true;
    default: return false;
    }
}

// ---- binary operators ----

// Binding strength and operator by token; 0 for what is no binary operator.
typedef struct BinaryRow {
    uint8_t strength;
    uint8_t op;
} BinaryRow;

enum { BIND_OR = 1, BIND_XOR, BIND_AND, BIND_SHIFT, BIND_SUM, BIND_TERM };

static const BinaryRow binary_rows[TOKEN_COUNT] = {
    [TOKEN_VBAR] = {BIND_OR, AST_BitOr},
    [TOKEN_CIRCUMFLEX] = {BIND_XOR, AST_BitXor},
    [TOKEN_AMPER] = {BIND_AND, AST_BitAnd},
    [TOKEN_LEFTSHIFT] = {BIND_SHIFT, AST_LShift},
    [TOKEN_RIGHTSHIFT] = {BIND_SHIFT, AST_RShift},
    [TOKEN_PLUS] = {BIND_SUM, AST_Add},
    [TOKEN_MINUS] = {BIND_SUM, AST_Sub},
    [TOKEN_STAR] = {BIND_TERM, AST_Mult},
    [TOKEN_SLASH] = {BIND_TERM, AST_Div},
    [TOKEN_DOUBLESLASH] = {BIND_TERM, AST_FloorDiv},
    [TOKEN_PERCENT] = {BIND_TERM, AST_Mod},
    [TOKEN_AT] = {BIND_TERM, AST_MatMult},
};

// await_primary ['**' factor]
static Node *parse_power(Parser *p)
{
    int first = p->at;
    Node *left;
    if (accept(p, TOKEN_AWAIT)) {
        Node *value = parse_primary(p);
        if (value && !check_version(p, 5, "Await expressions are"))
            return NULL;
        left = value ? make(p, Await, span_from(p, first), .value = value) : NULL;
    } else {
        left = parse_primary(p);
    }
    int op = p->at, base = p->stack_count;
    if (!left || !accept(p, TOKEN_DOUBLESTAR))
        return left;
    if (!nest(p))
        return NULL;
    Node *right = parse_factor(p);
    unnest(p);
    return right ? make(p, BinOp, span_from(p, first), .left = left, .op = AST_Pow, .right = right)
                 : settle_for(p, left, op, base);
}

Node *parse_factor(Parser *p)
{
    int first = p->at, op;
    switch (peek_type(p)) {
    case TOKEN_MINUS: op = AST_USub; break;
    case TOKEN_PLUS: op = AST_UAdd; break;
    case TOKEN_TILDE: op = AST_Invert; break;
    default: return parse_power(p);
    }
    p->at++;
    if (!nest(p))
        return NULL;
    Node *operand = p->diagnose && diagnose_not_operand(p) ? NULL : parse_factor(p);
    unnest(p);
    return operand ? make(p, UnaryOp, span_from(p, first), .op = op, .operand = operand) : NULL;
}

static Node *parse_binary(Parser *p, int strength)
{
    int first = p->at, base = p->stack_count;
    Node *left = parse_factor(p);
    while (left) {
        BinaryRow row = binary_rows[peek_type(p)];
        if (row.strength < strength || !row.strength)
            return left;
        int op = p->at++;
        if (p->diagnose && row.strength >= BIND_SUM && diagnose_not_operand(p))
            return NULL;
        Node *right = row.strength == BIND_TERM ? parse_factor(p)
                                                : parse_binary(p, row.strength + 1);
        if (!right)
            return settle_for(p, left, op, base);
        if (row.op == AST_MatMult && !check_version(p, 5, "The '@' operator is"))
            return NULL;
        left = make(p, BinOp, span_from(p, first), .left = left, .op = row.op, .right = right);
    }
    return NULL;
}

static Node *bitwise_or_body(Parser *p)
{
    return parse_binary(p, BIND_OR);
}

Node *parse_bitwise_or(Parser *p)
{
    return p->again ? remember(p, MEMO_BITWISE_OR, bitwise_or_body) : bitwise_or_body(p);
}

// ---- comparisons ----

// `<>` is an operator only after `from __future__ import barry_as_FLUFL`, and then `!=` is none.
static int not_equal(Parser *p)
{
    bool angles = p->source.text[peek(p)->start] == '<';
    if (p->barry && !angles) {
        raise_at_token(p, p->at, "with Barry as BDFL, use '<>' instead of '!='");
        return -1;
    }
    p->at++;
    return AST_NotEq;
}

static int less(Parser *p)
{
    const Token *token = peek(p);
    if (p->source.text[token->end] == '>') {
        AstSpan both = span_of_token(token);
        both.end_col_offset++;
        raise_at(p, both, "invalid syntax.  Maybe you meant '!=' instead of '<>'?");
        return -1;
    }
    p->at++;
    return AST_Lt;
}

// Takes a comparison operator; -1 when there is none.
static int comparison_operator(Parser *p)
{
    int op;
    switch (peek_type(p)) {
    case TOKEN_EQEQUAL: op = AST_Eq; break;
    case TOKEN_NOTEQUAL: return not_equal(p);
    case TOKEN_LESS: return less(p);
    case TOKEN_LESSEQUAL: op = AST_LtE; break;
    case TOKEN_GREATER: op = AST_Gt; break;
    case TOKEN_GREATEREQUAL: op = AST_GtE; break;
    case TOKEN_IN: op = AST_In; break;
    case TOKEN_NOT:
        if (peek_second(p) != TOKEN_IN)
            return -1;
        p->at += 2;
        return AST_NotIn;
    case TOKEN_IS:
        p->at++;
        return accept(p, TOKEN_NOT) ? AST_IsNot : AST_Is;
    default: return -1;
    }
    p->at++;
    return op;
}

// The operators and operands pushed since `base`, in pairs.
static Node *make_comparison(Parser *p, Node *left, int first, int base)
{
    int count = (p->stack_count - base) / 2;
    ChoiceSeq ops = {count, arena_alloc(p->t, p->arena, (size_t)count * sizeof(int32_t))};
    NodeSeq comparators = {count, arena_alloc(p->t, p->arena, (size_t)count * sizeof(Node *))};
    if (!ops.at || !comparators.at)
        return NULL;
    for (int i = 0; i < count; i++) {
        ops.at[i] = (int32_t)p->stack[base + 2 * i];
        comparators.at[i] = (Node *)p->stack[base + 2 * i + 1];
    }
    p->stack_count = base;
    return make(p, Compare, span_from(p, first), .left = left, .ops = ops,
                .comparators = comparators);
}

Node *parse_comparison(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *left = parse_bitwise_or(p);
    if (!left)
        return NULL;
    for (;;) {
        int at = p->at, count = p->stack_count, op = comparison_operator(p);
        if (op < 0)
            break;
        Node *right = parse_bitwise_or(p);
        if (!right && settle_for(p, left, at, count))
            break;
        if (!right || !push(p, (void *)(uintptr_t)op) || !push(p, right))
            return NULL;
    }
    if (parse_failed(p) || p->stack_count == base)
        return parse_failed(p) ? NULL : left;
    return make_comparison(p, left, first, base);
}

// ---- not, and, or ----

static Node *parse_inversion(Parser *p)
{
    int first = p->at;
    if (!accept(p, TOKEN_NOT))
        return parse_comparison(p);
    if (!nest(p))
        return NULL;
    Node *operand = parse_inversion(p);
    unnest(p);
    return operand ? make(p, UnaryOp, span_from(p, first), .op = AST_Not, .operand = operand)
                   : NULL;
}

// operand (separator operand)+, flat.
static Node *parse_bool_op(Parser *p, TokenType separator, AstBoolop op,
                           Node *(*parse_operand)(Parser *))
{
    int first = p->at, base = p->stack_count;
    Node *operand = parse_operand(p);
    if (!operand || !at_token(p, separator))
        return operand;
    if (!push(p, operand))
        return NULL;
    for (int at = p->at; accept(p, separator); at = p->at) {
        int count = p->stack_count;
        Node *next = parse_operand(p);
        if (!next && settle_for(p, operand, at, count))
            break;
        if (!next || !push(p, next))
            return NULL;
    }
    NodeSeq values;
    if (p->stack_count == base + 1) {
        p->stack_count = base;
        return operand;
    }
    if (!pop_nodes(p, base, &values))
        return NULL;
    return make(p, BoolOp, span_from(p, first), .op = op, .values = values);
}

static Node *parse_conjunction(Parser *p)
{
    return parse_bool_op(p, TOKEN_AND, AST_And, parse_inversion);
}

static Node *disjunction_body(Parser *p)
{
    return parse_bool_op(p, TOKEN_OR, AST_Or, parse_conjunction);
}

Node *parse_disjunction(Parser *p)
{
    return p->again ? remember(p, MEMO_DISJUNCTION, disjunction_body) : disjunction_body(p);
}

// ---- expression ----

static Node *parse_lambda(Parser *p)
{
    int first = p->at++;
    Node *args = parse_parameters(p, true);
    if (!args || !expect_forced(p, TOKEN_COLON))
        return NULL;
    Node *body = parse_expression(p);
    return body ? make(p, Lambda, span_from(p, first), .args = args, .body = body) : NULL;
}

static Node *expression_body(Parser *p)
{
    int first = p->at;
    if (p->diagnose && diagnose_expression(p))
        return NULL;
    if (at_token(p, TOKEN_LAMBDA))
        return parse_lambda(p);
    Node *body = parse_disjunction(p);
    if (!body || !at_token(p, TOKEN_IF))
        return body;
    int at = p->at++, base = p->stack_count;
    Node *test = parse_disjunction(p);
    Node *orelse = test && accept(p, TOKEN_ELSE) ? parse_expression(p) : NULL;
    return orelse ? make(p, IfExp, span_from(p, first), .test = test, .body = body,
                         .orelse = orelse)
                  : settle_for(p, body, at, base);
}

Node *parse_expression_unchecked(Parser *p)
{
    if (!nest(p))
        return NULL;
    Node *e = expression_body(p);
    unnest(p);
    return e;
}

Node *parse_expression(Parser *p)
{
    if (!nest(p))
        return NULL;
    Node *e = p->again ? remember(p, MEMO_EXPRESSION, expression_body) : expression_body(p);
    unnest(p);
    return e;
}

static Node *parse_walrus(Parser *p)
{
    int first = p->at;
    Node *target = parse_name_node(p, AST_Store);
    if (!target)
        return NULL;
    p->at++;
    Node *value = parse_expression(p);
    if (value && !check_version(p, 8, "Assignment expressions are"))
        return NULL;
    return value ? make(p, NamedExpr, span_from(p, first), .target = target, .value = value) : NULL;
}

static Node *named_body(Parser *p)
{
    if (at_token(p, TOKEN_NAME) && peek_second(p) == TOKEN_COLONEQUAL)
        return parse_walrus(p);
    if (p->diagnose && diagnose_named_expression(p))
        return NULL;
    Node *e = parse_expression(p);
    return e && !at_token(p, TOKEN_COLONEQUAL) ? e : NULL;
}

Node *parse_named_expression(Parser *p)
{
    return p->again ? remember(p, MEMO_NAMED, named_body) : named_body(p);
}

Node *parse_argument_expression(Parser *p)
{
    if (at_token(p, TOKEN_NAME) && peek_second(p) == TOKEN_COLONEQUAL)
        return parse_walrus(p);
    Node *e = parse_expression(p);
    return e && !at_token(p, TOKEN_COLONEQUAL) ? e : NULL;
}

// ---- stars and tuples ----

static Node *parse_star(Parser *p)
{
    int first = p->at++;
    Node *value = parse_bitwise_or(p);
    return value ? make(p, Starred, span_from(p, first), .value = value) : NULL;
}

Node *parse_star_expression(Parser *p)
{
    return at_token(p, TOKEN_STAR) ? parse_star(p) : parse_expression(p);
}

Node *parse_star_named_expression(Parser *p)
{
    return at_token(p, TOKEN_STAR) ? parse_star(p) : parse_named_expression(p);
}

static Node *star_expressions_body(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *e = parse_star_expression(p);
    if (!e || !at_token(p, TOKEN_COMMA))
        return e;
    if (!push(p, e))
        return NULL;
    while (accept(p, TOKEN_COMMA) && starts_expression(p)) {
        int at = p->at, count = p->stack_count;
        Node *next = parse_star_expression(p);
        if (!next && settle_for(p, e, at, count))
            break;
        if (!next || !push(p, next))
            return NULL;
    }
    NodeSeq elts;
    if (!pop_nodes(p, base, &elts))
        return NULL;
    return make(p, Tuple, span_from(p, first), .elts = elts);
}

Node *parse_star_expressions(Parser *p)
{
    return p->again ? remember(p, MEMO_STAR_EXPRESSIONS, star_expressions_body)
                    : star_expressions_body(p);
}

Node *parse_yield(Parser *p)
{
    int first = p->at++;
    if (accept(p, TOKEN_FROM)) {
        Node *value = parse_expression(p);
        return value ? make(p, YieldFrom, span_from(p, first), .value = value) : NULL;
    }
    Node *value = NULL;
    int at = p->at, base = p->stack_count;
    if (starts_expression(p) && !(value = parse_star_expressions(p))) {
        if (!p->again || parse_failed(p))
            return NULL;
        p->at = at;
        p->stack_count = base;
    }
    return make(p, Yield, span_from(p, first), .value = value);
}

Node *parse_yield_or_star_expressions(Parser *p)
{
    return at_token(p, TOKEN_YIELD) ? parse_yield(p) : parse_star_expressions(p);
}
