// diagnose_expr.c: usual mistakes in expressions and displays; the memory of the second parse.

#include "frontend/diagnose.h"

#include <stdlib.h>

// ---- memory ----

static bool memo_room(Parser *p, int token)
{
    if (token < p->memo_capacity)
        return true;
    int capacity = token * 2 + 64;
    Memo **memos = arena_alloc(p->t, p->arena, (size_t)capacity * sizeof *memos);
    if (!memos)
        return false;
    if (p->memo_capacity)
        memcpy(memos, p->memos, (size_t)p->memo_capacity * sizeof *memos);
    memset(memos + p->memo_capacity, 0, (size_t)(capacity - p->memo_capacity) * sizeof *memos);
    p->memos = memos;
    p->memo_capacity = capacity;
    return true;
}

Node *remember(Parser *p, MemoRule rule, Node *(*parse)(Parser *))
{
    int first = p->at, base = p->stack_count;
    if (parse_failed(p) || !memo_room(p, first))
        return NULL;
    for (Memo *memo = p->memos[first]; memo; memo = memo->next)
        if (memo->rule == rule) {
            p->at = memo->end;
            return memo->node;
        }
    Node *node = parse(p);
    if (!node) {
        p->stack_count = base;
        p->at = first;
    }
    Memo *memo = parse_failed(p) ? NULL : arena_alloc(p->t, p->arena, sizeof *memo);
    if (!memo || !memo_room(p, first))
        return NULL;
    *memo = (Memo){p->memos[first], rule, p->at, node};
    p->memos[first] = memo;
    return node;
}

Node *try_parse(Parser *p, Node *(*parse)(Parser *), int *out_end)
{
    int first = p->at, base = p->stack_count;
    Node *node = parse_failed(p) ? NULL : parse(p);
    if (out_end)
        *out_end = p->at;
    p->at = first;
    p->stack_count = base;
    return parse_failed(p) ? NULL : node;
}

Node *try_expression(Parser *p, int *out_end)
{
    bool diagnose = p->diagnose;
    p->diagnose = false;
    Node *node = try_parse(p, parse_expression_unchecked, out_end);
    p->diagnose = diagnose;
    return node;
}

Node *try_purely(Parser *p, Node *(*parse)(Parser *), int *out_end)
{
    p->diagnose = p->again = false;
    Node *node = try_parse(p, parse, out_end);
    p->diagnose = p->again = true;
    return node;
}

// ---- expressions ----

static bool is_legacy_statement(const Node *node, Value *out_name)
{
    if (node->kind != AST_Name)
        return false;
    *out_name = as_Name(node)->id;
    return str_equal_cstr(*out_name, "print") || str_equal_cstr(*out_name, "exec");
}

static bool at_soft_keyword(Parser *p)
{
    return at_word(p, "_") || at_word(p, "case") || at_word(p, "match") || at_word(p, "type");
}

// Two expressions next to each other inside brackets.
static bool diagnose_missing_comma(Parser *p)
{
    if (at_soft_keyword(p) || (at_token(p, TOKEN_NAME) && peek_second(p) == TOKEN_STRING))
        return false;
    int first = p->at, end;
    Value name;
    Node *a = try_parse(p, parse_disjunction, &end);
    if (!a)
        return parse_failed(p);
    p->at = end;
    Node *b = try_expression(p, NULL);
    p->at = first;
    if (!b || parse_failed(p))
        return parse_failed(p);
    if (is_legacy_statement(a, &name) || p->tokens[end - 1].level == 0)
        return false;
    return raised(raise_at(p, span_between(a->at, b->at),
                           "invalid syntax. Perhaps you forgot a comma?"));
}

// `pass if a else b`
static bool diagnose_conditional_statement(Parser *p)
{
    TokenType type = peek_type(p);
    int first = p->at, end;
    if (type != TOKEN_PASS && type != TOKEN_BREAK && type != TOKEN_CONTINUE)
        return false;
    p->at++;
    bool bad = accept(p, TOKEN_IF) && try_parse(p, parse_disjunction, &end) &&
               (p->at = end, accept(p, TOKEN_ELSE)) &&
               try_parse(p, parse_simple_statement, NULL);
    p->at = first;
    return parse_failed(p) ||
           (bad && raised(raise_at_token(p, first, "expected expression before 'if', but statement "
                                                   "is given")));
}

// "a" b "c": b may have been meant to belong to the string.
static bool diagnose_split_string(Parser *p)
{
    int first = p->at, end;
    if (!accept(p, TOKEN_STRING))
        return false;
    Node *begin = NULL, *last = NULL, *e;
    while (!at_token(p, TOKEN_STRING) && (e = try_expression(p, &end))) {
        begin = begin ? begin : e;
        last = e;
        p->at = end;
    }
    bool bad = begin && at_token(p, TOKEN_STRING);
    p->at = first;
    return parse_failed(p) ||
           (bad && raised(raise_at(p, span_between(begin->at, last->at),
                                   "invalid syntax. Is this intended to be part of the string?")));
}

// `a if b` without else, and with a statement behind else.
static bool diagnose_conditional(Parser *p)
{
    int first = p->at, end;
    Node *a = try_parse(p, parse_disjunction, &end);
    if (!a || (p->at = end, !accept(p, TOKEN_IF))) {
        p->at = first;
        return parse_failed(p);
    }
    Node *b = try_parse(p, parse_disjunction, &end);
    p->at = end;
    bool bad = false;
    if (b && !at_token(p, TOKEN_ELSE) && !at_token(p, TOKEN_COLON)) {
        bad = raised(raise_at(p, span_between(a->at, b->at),
                              "expected 'else' after 'if' expression"));
    } else if (b && accept(p, TOKEN_ELSE)) {
        Node *c = try_parse(p, parse_expression, NULL);
        if (!c && !parse_failed(p))
            bad = raised(raise_next(p, "expected expression after 'else', but statement is given"));
    }
    p->at = first;
    return bad || parse_failed(p);
}

// f"{lambda x: y}": the ':' starts a format spec.
static bool diagnose_in_field(Parser *p)
{
    int first = p->at;
    if (!accept(p, TOKEN_LAMBDA))
        return false;
    bool params = parse_parameters(p, true) != NULL;
    int colon = p->at;
    bool text = params && accept(p, TOKEN_COLON) &&
                (at_token(p, TOKEN_FSTRING_MIDDLE) || at_token(p, TOKEN_TSTRING_MIDDLE));
    char letter = text && at_token(p, TOKEN_FSTRING_MIDDLE) ? 'f' : 't';
    p->at = first;
    if (parse_failed(p) || !text)
        return parse_failed(p);
    return raised(raise_at(p, span_between(span_of_token(&p->tokens[first]),
                                           span_of_token(&p->tokens[colon])),
                           "%c-string: lambda expressions are not allowed without parentheses",
                           letter));
}

static bool diagnose_legacy_statement(Parser *p)
{
    int first = p->at;
    Value name;
    if (!at_token(p, TOKEN_NAME) || peek_second(p) == TOKEN_LPAR)
        return false;
    Node *a = parse_name_node(p, AST_Load);
    Node *b = a ? try_parse(p, parse_star_expressions, NULL) : NULL;
    p->at = first;
    if (!b || !is_legacy_statement(a, &name))
        return parse_failed(p);
    return raised(raise_at(p, span_between(a->at, b->at),
                           "Missing parentheses in call to '%V'. Did you mean %V(...)?", name,
                           name));
}

bool diagnose_expression(Parser *p)
{
    return diagnose_split_string(p) || diagnose_missing_comma(p) || diagnose_conditional(p) ||
           diagnose_conditional_statement(p) || diagnose_in_field(p) ||
           diagnose_legacy_statement(p);
}

// Does a list, a tuple, a generator or True, False, None start here? Then '=' has another message.
static bool starts_as_target(Parser *p)
{
    switch (peek_type(p)) {
    case TOKEN_TRUE: case TOKEN_FALSE: case TOKEN_NONE: return true;
    case TOKEN_LPAR: case TOKEN_LSQB: {
        Node *e = try_parse(p, parse_atom, NULL);
        return parse_failed(p) ||
               (e && (e->kind == AST_List || (!(e->flags & AST_FLAG_PARENS) &&
                                              (e->kind == AST_Tuple ||
                                               e->kind == AST_GeneratorExp))));
    }
    default: return false;
    }
}

// a = b where an expression is wanted.
static bool diagnose_assignment_in_expression(Parser *p)
{
    int first = p->at, end;
    bool bare_name = at_token(p, TOKEN_NAME) && peek_second(p) == TOKEN_EQUAL;
    if (starts_as_target(p))
        return parse_failed(p);
    Node *a = try_parse(p, parse_bitwise_or, &end);
    if (!a || (p->at = end, !accept(p, TOKEN_EQUAL))) {
        p->at = first;
        return parse_failed(p);
    }
    Node *b = try_parse(p, parse_bitwise_or, &end);
    p->at = end;
    bool chained = b && (at_token(p, TOKEN_EQUAL) || at_token(p, TOKEN_COLONEQUAL));
    p->at = first;
    if (!b || chained || parse_failed(p))
        return parse_failed(p);
    if (bare_name)
        return raised(raise_at(p, span_between(a->at, b->at),
                               "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"));
    return raised(raise_at(p, a->at, "cannot assign to %s here. Maybe you meant '==' instead of "
                                     "'='?",
                           expr_name(a)));
}

bool diagnose_named_expression(Parser *p)
{
    int end, first = p->at;
    Node *a = try_parse(p, parse_expression, &end);
    if (parse_failed(p))
        return true;
    if (a) {
        p->at = end;
        bool walrus = accept(p, TOKEN_COLONEQUAL) && try_parse(p, parse_expression, NULL);
        p->at = first;
        if (walrus)
            return raised(raise_at(p, a->at, "cannot use assignment expressions with %s",
                                   expr_name(a)));
    }
    return parse_failed(p) || diagnose_assignment_in_expression(p);
}

bool diagnose_not_operand(Parser *p)
{
    int first = p->at;
    if (!accept(p, TOKEN_NOT))
        return false;
    int end;
    Node *b = try_parse(p, parse_factor, &end);
    p->at = first;
    if (!b)
        return parse_failed(p);
    return raised(raise_at(p, span_between(span_of_token(&p->tokens[first]), b->at),
                           "'not' after an operator must be parenthesized"));
}

// ---- comprehensions ----

// Behind 'for': bitwise_or, … without an 'in'; or targets that are none.
bool diagnose_for_if(Parser *p)
{
    int first = p->at, end;
    bool fits = try_purely(p, parse_star_targets, &end) && p->tokens[end].type == TOKEN_IN;
    if (fits || parse_failed(p))
        return !fits;
    fits = parse_bitwise_or(p) != NULL;
    while (fits && accept(p, TOKEN_COMMA))
        if (!parse_bitwise_or(p))
            break;
    if (parse_failed(p))
        return true;
    if (fits && !at_token(p, TOKEN_IN))
        return raised(raise_last(p, "'in' expected after for-loop variables"));
    p->at = first;
    return diagnose_for_target(p);
}

bool diagnose_for_target(Parser *p)
{
    int end;
    bool fits = try_purely(p, parse_star_targets, &end) && p->tokens[end].type == TOKEN_IN;
    if (fits || parse_failed(p))
        return !fits;
    Node *e = try_parse(p, parse_star_expressions, NULL);
    if (parse_failed(p))
        return true;
    Node *bad = e ? find_invalid_target(e, FOR_TARGETS) : NULL;
    return bad && raised(raise_at(p, bad->at, "cannot assign to %s", expr_name(bad)));
}

// ---- displays ----

// Behind '(' or '[' or '{': a starred thing in front of 'for'.
static bool diagnose_starred_comprehension(Parser *p)
{
    int first = p->at;
    if (!at_token(p, TOKEN_STAR))
        return false;
    if (diagnose_starred(p))
        return true;
    p->at++;
    Node *e = parse_expression(p);
    NodeSeq clauses;
    bool bad = e && at_comprehension(p) && parse_comprehensions(p, &clauses);
    p->at = first;
    return parse_failed(p) ||
           (bad && raised(raise_at(p, span_between(span_of_token(&p->tokens[first]), e->at),
                                   "iterable unpacking cannot be used in comprehension")));
}

// '[' or '{', then `a, b for …`.
static bool diagnose_tuple_comprehension(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *e = parse_star_named_expression(p), *last = NULL;
    int comma = p->at, first_comma = comma;
    NodeSeq clauses;
    bool bad = false;
    if (e && accept(p, TOKEN_COMMA)) {
        Node *next;
        while ((next = try_parse(p, parse_star_named_expression, &comma))) {
            last = next;
            p->at = comma;
            if (!accept(p, TOKEN_COMMA))
                break;
        }
        bad = !parse_failed(p) && at_comprehension(p) && parse_comprehensions(p, &clauses);
    }
    p->at = first;
    p->stack_count = base;
    if (parse_failed(p))
        return true;
    AstSpan end = last ? last->at : span_of_token(&p->tokens[first_comma]);
    return bad && raised(raise_at(p, span_between(e->at, end),
                                  "did you forget parentheses around the comprehension target?"));
}

bool diagnose_display(Parser *p)
{
    return diagnose_starred_comprehension(p) || diagnose_tuple_comprehension(p);
}

// *x = …, and a '*' with nothing behind it, where an iterable is unpacked.
bool diagnose_starred(Parser *p)
{
    int first = p->at++;
    Node *e = parse_expression(p), *value = NULL;
    if (!e && !parse_failed(p))
        raise_last(p, "Invalid star expression");
    if (e && accept(p, TOKEN_EQUAL))
        value = parse_expression(p);
    p->at = first;
    if (parse_failed(p) || !value)
        return parse_failed(p);
    return raised(raise_at(p, span_between(span_of_token(&p->tokens[first]), value->at),
                           "cannot assign to iterable argument unpacking"));
}

bool diagnose_parens(Parser *p)
{
    int first = p->at;
    if (at_token(p, TOKEN_STAR) && diagnose_starred(p))
        return true;
    if (at_token(p, TOKEN_STAR) || at_token(p, TOKEN_DOUBLESTAR)) {
        bool twice = at_token(p, TOKEN_DOUBLESTAR);
        p->at++;
        Node *e = parse_expression(p);
        bool alone = e && at_token(p, TOKEN_RPAR);
        p->at = first;
        if (parse_failed(p))
            return true;
        if (alone && twice)
            return raised(raise_at_token(p, first, "cannot use double starred expression here"));
        if (alone)
            return raised(raise_at(p, span_between(span_of_token(&p->tokens[first]), e->at),
                                   "cannot use starred expression here"));
    }
    return diagnose_starred_comprehension(p);
}

// What stands behind the ':' of a key.
static bool diagnose_dict_value(Parser *p)
{
    if (at_token(p, TOKEN_STAR)) {
        int star = p->at++;
        Node *e = parse_bitwise_or(p);
        return parse_failed(p) ||
               (e && raised(raise_from(p, span_of_token(&p->tokens[star]),
                                       "cannot use a starred expression in a dictionary value")));
    }
    return (at_token(p, TOKEN_RBRACE) || at_token(p, TOKEN_COMMA)) &&
           raised(raise_at_token(p, p->at - 1,
                                 "expression expected after dictionary key and ':'"));
}

// At a key. `first_item`: without a ':' the display may be a set.
static bool diagnose_dict_key(Parser *p, bool first_item)
{
    Node *key = parse_expression(p);
    if (!key || parse_failed(p))
        return parse_failed(p);
    if (accept(p, TOKEN_COLON))
        return diagnose_dict_value(p);
    AstSpan at = {key->at.lineno, key->at.end_col_offset - 1, key->at.end_lineno, SPAN_NO_END};
    return !first_item && raised(raise_at(p, at, "':' expected after dictionary key"));
}

// Steps over `**mapping` or `key: value`.
static bool skip_dict_item(Parser *p)
{
    if (accept(p, TOKEN_DOUBLESTAR))
        return parse_bitwise_or(p) != NULL;
    return parse_expression(p) && accept(p, TOKEN_COLON) && parse_expression(p);
}

// Behind a '{' whose display did not fit. Unlike all other checks CPython makes this one in the
// first parse already.
bool diagnose_dict(Parser *p)
{
    bool again = p->again, diagnose = p->diagnose;
    int first = p->at, base = p->stack_count, item = first;
    p->again = true;
    while (skip_dict_item(p) && accept(p, TOKEN_COMMA))
        item = p->at;
    bool bad = parse_failed(p);
    p->at = item;
    if (!bad && item > first && !at_token(p, TOKEN_DOUBLESTAR))
        bad = diagnose_dict_key(p, false);
    p->at = first;
    if (!bad && !at_token(p, TOKEN_DOUBLESTAR))
        bad = diagnose_dict_key(p, true);
    p->again = again;
    p->diagnose = diagnose;
    p->at = first;
    p->stack_count = base;
    return bad || parse_failed(p);
}

// {**d for …}
bool diagnose_braces(Parser *p)
{
    int first = p->at;
    NodeSeq clauses;
    if (!accept(p, TOKEN_DOUBLESTAR))
        return diagnose_display(p);
    bool bad = parse_bitwise_or(p) && at_comprehension(p) && parse_comprehensions(p, &clauses) &&
               at_token(p, TOKEN_RBRACE);
    p->at = first;
    return parse_failed(p) ||
           (bad && raised(raise_at_token(p, first,
                                         "dict unpacking cannot be used in dict comprehension")));
}
