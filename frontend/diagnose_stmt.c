// diagnose_stmt.c: usual mistakes in simple statements.

#include "frontend/diagnose.h"

static bool raise_invalid_target(Parser *p, Node *e, TargetKind kind)
{
    Node *bad = e ? find_invalid_target(e, kind) : NULL;
    if (!bad)
        return false;
    return raised(raise_at(p, bad->at, kind == DEL_TARGETS ? "cannot delete %s" : "cannot assign to %s",
                           expr_name(bad)));
}

// ---- assignment ----

static bool is_single_target(const Node *e)
{
    return e->kind == AST_Name || e->kind == AST_Attribute || e->kind == AST_Subscript;
}

static Node *parse_purely(Parser *p, Node *(*parse)(Parser *))
{
    p->diagnose = p->again = false;
    Node *e = parse(p);
    p->diagnose = p->again = true;
    return e;
}

static bool is_augmented(TokenType type)
{
    return (type >= TOKEN_PLUSEQUAL && type <= TOKEN_DOUBLESTAREQUAL) ||
           type == TOKEN_DOUBLESLASHEQUAL || type == TOKEN_ATEQUAL;
}

// Steps over `target =` as often as there are proper targets.
static void skip_targets(Parser *p)
{
    for (;;) {
        int first = p->at, base = p->stack_count;
        Node *e = parse_purely(p, parse_star_expressions);
        bool fits = e && at_token(p, TOKEN_EQUAL) && !find_invalid_target(e, STAR_TARGETS);
        p->stack_count = base;
        if (!fits) {
            p->at = first;
            return;
        }
        p->at++;
    }
}

// A proper assignment: what is wrong with it is in its value.
static bool is_plain_assignment(Parser *p, bool *out_raised)
{
    int first = p->at, base = p->stack_count;
    if (at_token(p, TOKEN_NAME) && peek_second(p) == TOKEN_COLON)
        return true;
    Node *e = parse_purely(p, parse_star_expressions);
    TokenType type = peek_type(p);
    bool fits = false;
    if (e && type == TOKEN_COLON) {
        fits = is_single_target(e);
    } else if (e && is_augmented(type) && is_single_target(e)) {
        p->at++;
        fits = parse_yield_or_star_expressions(p) != NULL;
    } else if (e && type == TOKEN_EQUAL) {
        p->at = first;
        skip_targets(p);
        fits = p->at > first && parse_yield_or_star_expressions(p) && !at_token(p, TOKEN_EQUAL);
    }
    *out_raised = parse_failed(p);
    p->at = first;
    p->stack_count = base;
    return fits || *out_raised;
}

// Steps over expressions, with commas between them or without.
static void skip_star_named(Parser *p)
{
    for (int at = p->at; parse_star_named_expression(p); at = p->at)
        if (!accept(p, TOKEN_COMMA) && p->at == at)
            break;
}

// (a, b): int and the like.
static bool diagnose_annotation(Parser *p)
{
    int first = p->at, end, base = p->stack_count;
    Node *e;
    bool bad = false;
    if ((at_token(p, TOKEN_LPAR) || at_token(p, TOKEN_LSQB)) &&
        (e = try_parse(p, parse_atom, &end)) && (e->kind == AST_Tuple || e->kind == AST_List)) {
        p->at = end;
        if (accept(p, TOKEN_COLON) && parse_expression(p))
            bad = raised(raise_at(p, e->at, "only single target (not %s) can be annotated",
                                  expr_name(e)));
        p->at = first;
    }
    if (!bad && !parse_failed(p) && (e = parse_star_named_expression(p)) && at_token(p, TOKEN_COMMA)) {
        p->at++;
        skip_star_named(p);
        if (accept(p, TOKEN_COLON) && parse_expression(p))
            bad = raised(raise_at(p, e->at, "only single target (not tuple) can be annotated"));
    }
    p->at = first;
    if (!bad && !parse_failed(p) && (e = try_parse(p, parse_expression, &end))) {
        p->at = end;
        if (accept(p, TOKEN_COLON) && parse_expression(p))
            bad = raised(raise_at(p, e->at, "illegal target for annotation"));
    }
    p->at = first;
    p->stack_count = base;
    return bad || parse_failed(p);
}

bool diagnose_assignment(Parser *p)
{
    int first = p->at;
    bool bad = false;
    (void)try_parse(p, parse_primary, NULL);   // what is wrong in a target comes first
    if (parse_failed(p) || is_plain_assignment(p, &bad))
        return bad || parse_failed(p);
    if (diagnose_annotation(p))
        return true;
    skip_targets(p);
    if (at_token(p, TOKEN_YIELD)) {
        Node *e = parse_yield(p);
        if (e && at_token(p, TOKEN_EQUAL))
            bad = raised(raise_at(p, e->at, "assignment to yield expression not possible"));
    } else {
        Node *e = parse_star_expressions(p);
        if (e && at_token(p, TOKEN_EQUAL))
            bad = raise_invalid_target(p, e, STAR_TARGETS);
    }
    p->at = first;
    if (bad || parse_failed(p))
        return true;
    Node *e = at_token(p, TOKEN_YIELD) ? NULL : parse_star_expressions(p);
    if (e && is_augmented(peek_type(p))) {
        p->at++;
        if (parse_yield_or_star_expressions(p))
            bad = raised(raise_at(p, e->at,
                                  "'%s' is an illegal expression for augmented assignment",
                                  expr_name(e)));
    }
    p->at = first;
    return bad || parse_failed(p);
}

// ---- other simple statements ----

bool diagnose_delete(Parser *p)
{
    int end;
    Node *e = try_parse(p, parse_star_expressions, &end);
    if (!e)
        return parse_failed(p);
    return raise_invalid_target(p, e, DEL_TARGETS);
}

// ---- imports ----

static bool skip_dotted_name(Parser *p)
{
    if (!accept(p, TOKEN_NAME))
        return false;
    while (at_token(p, TOKEN_DOT) && peek_second(p) == TOKEN_NAME)
        p->at += 2;
    return true;
}

bool diagnose_import(Parser *p, int first)
{
    int start = p->at;
    if (at_token(p, TOKEN_NEWLINE))
        return raised(raise_from(p, span_of_token(&p->tokens[start]),
                                 "Expected one or more names after 'import'"));
    bool names;
    do
        names = skip_dotted_name(p);
    while (names && accept(p, TOKEN_COMMA));
    bool from = names && accept(p, TOKEN_FROM) && skip_dotted_name(p);
    p->at = start;
    return from && raised(raise_from(p, span_of_token(&p->tokens[first]),
                                     "Did you mean to use 'from ... import ...' instead?"));
}

bool diagnose_import_as(Parser *p)
{
    int first = p->at;
    if (!accept(p, TOKEN_AS))
        return false;
    if (at_token(p, TOKEN_NAME)) {
        TokenType next = peek_second(p);
        if (next == TOKEN_COMMA || next == TOKEN_RPAR || next == TOKEN_SEMI || next == TOKEN_NEWLINE) {
            p->at = first;
            return false;
        }
    }
    Node *e = try_parse(p, parse_expression, NULL);
    p->at = first;
    if (!e)
        return parse_failed(p);
    return raised(raise_at(p, e->at, "cannot use %s as import target", expr_name(e)));
}

bool diagnose_import_targets(Parser *p, bool parens)
{
    return !parens && at_token(p, TOKEN_NEWLINE) &&
           raised(raise_from(p, span_of_token(&p->tokens[p->at]),
                             "Expected one or more names after 'import'"));
}
