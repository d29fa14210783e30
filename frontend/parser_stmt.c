// parser_stmt.c: statements of one line, blocks, and assignment in its many forms.

#include "frontend/diagnose.h"
#include "frontend/parse.h"

bool parse_type_comment(Parser *p, Value *out)
{
    *out = 0;
    if (!p->lexer.type_comments || !at_token(p, TOKEN_TYPE_COMMENT))
        return true;
    const Token *token = &p->tokens[p->at++];
    *out = str_from_utf8(p->t, p->source.text + token->start, token->end - token->start);
    return *out != 0;
}

// ---- assignment ----

static Node *parse_annotated_assignment(Parser *p, Node *target, int first)
{
    bool simple = target->kind == AST_Name && !(target->flags & AST_FLAG_PARENS);
    if (target->kind != AST_Name && target->kind != AST_Attribute && target->kind != AST_Subscript)
        return NULL;
    p->at++;
    Node *annotation = parse_expression(p), *value = NULL;
    if (!annotation || !make_target(p, target, AST_Store))
        return NULL;
    if (accept(p, TOKEN_EQUAL) && !(value = parse_yield_or_star_expressions(p)))
        return NULL;
    if (!check_version(p, 6, "Variable annotation syntax is"))
        return NULL;
    return make(p, AnnAssign, span_from(p, first), .target = target, .annotation = annotation,
                .value = value, .simple = simple);
}

// Behind the first target, at its '='.
static Node *parse_assignment(Parser *p, Node *target, int first)
{
    int base = p->stack_count;
    Node *value = target;
    while (at_token(p, TOKEN_EQUAL)) {
        if (value->kind == AST_Yield || value->kind == AST_YieldFrom ||
            !make_target(p, value, AST_Store) || !push(p, value))
            return NULL;
        p->at++;
        value = parse_yield_or_star_expressions(p);
        if (!value)
            return NULL;
    }
    NodeSeq targets;
    Value comment;
    if (!pop_nodes(p, base, &targets) || !parse_type_comment(p, &comment))
        return NULL;
    return make(p, Assign, span_from(p, first), .targets = targets, .value = value,
                .type_comment = comment);
}

// The operator of an augmented assignment, or -1.
static int augmented_operator(TokenType type)
{
    switch (type) {
    case TOKEN_PLUSEQUAL: return AST_Add;
    case TOKEN_MINEQUAL: return AST_Sub;
    case TOKEN_STAREQUAL: return AST_Mult;
    case TOKEN_ATEQUAL: return AST_MatMult;
    case TOKEN_SLASHEQUAL: return AST_Div;
    case TOKEN_PERCENTEQUAL: return AST_Mod;
    case TOKEN_AMPEREQUAL: return AST_BitAnd;
    case TOKEN_VBAREQUAL: return AST_BitOr;
    case TOKEN_CIRCUMFLEXEQUAL: return AST_BitXor;
    case TOKEN_LEFTSHIFTEQUAL: return AST_LShift;
    case TOKEN_RIGHTSHIFTEQUAL: return AST_RShift;
    case TOKEN_DOUBLESTAREQUAL: return AST_Pow;
    case TOKEN_DOUBLESLASHEQUAL: return AST_FloorDiv;
    default: return -1;
    }
}

static Node *parse_augmented_assignment(Parser *p, Node *target, int op, int first)
{
    if (target->kind != AST_Name && target->kind != AST_Attribute && target->kind != AST_Subscript)
        return NULL;
    p->at++;
    if (op == AST_MatMult && !check_version(p, 5, "The '@' operator is"))
        return NULL;
    Node *value = parse_yield_or_star_expressions(p);
    if (!value || !make_target(p, target, AST_Store))
        return NULL;
    return make(p, AugAssign, span_from(p, first), .target = target, .op = op, .value = value);
}

// A statement that starts with an expression.
static Node *parse_expression_statement(Parser *p)
{
    int first = p->at;
    if (p->diagnose && diagnose_assignment(p))
        return NULL;
    p->at = first;
    Node *e = parse_yield_or_star_expressions(p);
    if (!e)
        return NULL;
    TokenType type = peek_type(p);
    if (type == TOKEN_NEWLINE)
        return make(p, Expr, span_from(p, first), .value = e);
    if (type == TOKEN_EQUAL)
        return parse_assignment(p, e, first);
    if (type == TOKEN_COLON)
        return parse_annotated_assignment(p, e, first);
    int op = augmented_operator(type);
    if (op >= 0)
        return parse_augmented_assignment(p, e, op, first);
    return make(p, Expr, span_from(p, first), .value = e);
}

// ---- the other simple statements ----

static Node *parse_return(Parser *p)
{
    int first = p->at++;
    Node *value = NULL;
    if (starts_expression(p) && !(value = parse_star_expressions(p)))
        return NULL;
    return make(p, Return, span_from(p, first), .value = value);
}

static Node *parse_raise(Parser *p)
{
    int first = p->at++;
    Node *exc = NULL, *cause = NULL;
    if (starts_expression(p)) {
        if (!(exc = parse_expression(p)))
            return NULL;
        if (accept(p, TOKEN_FROM) && !(cause = parse_expression(p)))
            return NULL;
    }
    return make(p, Raise, span_from(p, first), .exc = exc, .cause = cause);
}

static Node *parse_delete(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    if (p->diagnose && diagnose_delete(p))
        return NULL;
    do {
        if (base < p->stack_count && !starts_expression(p))
            break;
        Node *target = parse_primary(p);
        if (!target || !make_target(p, target, AST_Del) || !push(p, target))
            return NULL;
    } while (accept(p, TOKEN_COMMA));
    NodeSeq targets;
    if ((!at_token(p, TOKEN_NEWLINE) && !at_token(p, TOKEN_SEMI)) || !pop_nodes(p, base, &targets))
        return NULL;
    return make(p, Delete, span_from(p, first), .targets = targets);
}

static Node *parse_assert(Parser *p)
{
    int first = p->at++;
    Node *test = parse_expression(p), *msg = NULL;
    if (!test || (accept(p, TOKEN_COMMA) && !(msg = parse_expression(p))))
        return NULL;
    return make(p, Assert, span_from(p, first), .test = test, .msg = msg);
}

static bool parse_name_list(Parser *p, ValueSeq *out)
{
    int base = p->stack_count;
    do {
        Value name = parse_name(p);
        if (!name || !push_value(p, name))
            return false;
    } while (accept(p, TOKEN_COMMA));
    return pop_values(p, base, out);
}

static Node *parse_global(Parser *p)
{
    int first = p->at++;
    bool nonlocal = p->tokens[first].type == TOKEN_NONLOCAL;
    ValueSeq names;
    if (!parse_name_list(p, &names))
        return NULL;
    if (nonlocal)
        return make(p, Nonlocal, span_from(p, first), .names = names);
    return make(p, Global, span_from(p, first), .names = names);
}

// `type` NAME [type params] '=' expression; the caller saw the name behind `type`.
static Node *parse_type_alias(Parser *p)
{
    int first = p->at++;
    NodeSeq type_params;
    Node *name = parse_name_node(p, AST_Store);
    if (!name || !parse_type_params(p, &type_params) || !expect(p, TOKEN_EQUAL))
        return NULL;
    Node *value = parse_expression(p);
    if (!value || !check_version(p, 12, "Type statement is"))
        return NULL;
    return make(p, TypeAlias, span_from(p, first), .name = name, .type_params = type_params,
                .value = value);
}

Node *parse_simple_statement(Parser *p)
{
    int first = p->at;
    switch (peek_type(p)) {
    case TOKEN_PASS:
        p->at++;
        return make(p, Pass, span_from(p, first));
    case TOKEN_BREAK:
        p->at++;
        return make(p, Break, span_from(p, first));
    case TOKEN_CONTINUE:
        p->at++;
        return make(p, Continue, span_from(p, first));
    case TOKEN_RETURN: return parse_return(p);
    case TOKEN_RAISE: return parse_raise(p);
    case TOKEN_DEL: return parse_delete(p);
    case TOKEN_ASSERT: return parse_assert(p);
    case TOKEN_GLOBAL: case TOKEN_NONLOCAL: return parse_global(p);
    case TOKEN_IMPORT: return parse_import(p);
    case TOKEN_FROM: return parse_import_from(p);
    case TOKEN_NAME:
        if (at_word(p, "type") && peek_second(p) == TOKEN_NAME)
            return p->diagnose && diagnose_assignment(p) ? NULL : parse_type_alias(p);
        return parse_expression_statement(p);
    default: return parse_expression_statement(p);
    }
}

bool parse_simple_statements(Parser *p)
{
    do {
        Node *statement = parse_simple_statement(p);
        if (!statement || !push(p, statement))
            return false;
        if (!accept(p, TOKEN_SEMI))
            break;
    } while (!at_token(p, TOKEN_NEWLINE));
    return expect(p, TOKEN_NEWLINE);
}

bool parse_statement(Parser *p)
{
    bool is_compound = false;
    if (!nest(p))
        return false;
    Node *compound = parse_compound(p, &is_compound);
    unnest(p);
    if (compound)
        return push(p, compound);
    return !is_compound && !parse_failed(p) && parse_simple_statements(p);
}

bool parse_statements(Parser *p, TokenType until, NodeSeq *out)
{
    int base = p->stack_count;
    do {
        if (!parse_statement(p))
            return false;
    } while (!at_token(p, until));
    return pop_nodes(p, base, out);
}

// Behind a ':': an indented block, or simple statements on the same line.
bool parse_block(Parser *p, NodeSeq *out)
{
    int base = p->stack_count;
    if (!at_token(p, TOKEN_NEWLINE))
        return parse_simple_statements(p) && pop_nodes(p, base, out);
    p->at++;
    if (!accept(p, TOKEN_INDENT)) {
        if (p->diagnose)
            raise_indent(p, "expected an indented block");
        return false;
    }
    return parse_statements(p, TOKEN_DEDENT, out) && expect(p, TOKEN_DEDENT);
}
