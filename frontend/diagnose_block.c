// diagnose_block.c: usual mistakes in compound statements and patterns.

#include "frontend/diagnose.h"

// ---- colons and blocks ----

bool diagnose_colon(Parser *p)
{
    return at_token(p, TOKEN_NEWLINE) && raised(raise_last(p, "expected ':'"));
}

bool diagnose_missing_block(Parser *p, int head, const char *what)
{
    int first = p->at;
    if (!accept(p, TOKEN_NEWLINE))
        return false;
    bool missing = !at_token(p, TOKEN_INDENT);
    p->at = first;
    return missing && raised(raise_indent(p, "expected an indented block after %s on line %d", what,
                                          p->tokens[head].lineno));
}

bool diagnose_after_else(Parser *p)
{
    return at_token(p, TOKEN_ELIF) &&
           raised(raise_last(p, "'elif' block follows an 'else' block"));
}

// ---- with ----

// Steps over `expression ['as' target], …`; `parens`: the expressions may be tuples.
static bool skip_with_items(Parser *p, bool parens)
{
    do {
        if (parens && at_token(p, TOKEN_RPAR))
            break;
        if (!parse_expression(p))
            return false;
        if (accept(p, TOKEN_AS) && !parse_star_target(p))
            return false;
    } while (accept(p, TOKEN_COMMA));
    return true;
}

bool diagnose_with(Parser *p, int head)
{
    (void)head;
    int first = p->at, base = p->stack_count;
    bool bad = false;
    if (skip_with_items(p, false))
        bad = diagnose_colon(p);
    p->at = first;
    if (!bad && !parse_failed(p) && accept(p, TOKEN_LPAR) && skip_with_items(p, true) &&
        accept(p, TOKEN_RPAR))
        bad = diagnose_colon(p);
    p->at = first;
    p->stack_count = base;
    return bad || parse_failed(p);
}

bool diagnose_with_target(Parser *p, int as)
{
    int first = p->at, end;
    p->at = as + 1;
    Node *e = try_parse(p, parse_expression, &end);
    p->at = end;
    bool ends = at_token(p, TOKEN_COMMA) || at_token(p, TOKEN_RPAR) || at_token(p, TOKEN_COLON);
    p->at = first;
    if (!e || !ends)
        return parse_failed(p);
    Node *bad = find_invalid_target(e, STAR_TARGETS);
    return bad && raised(raise_at(p, bad->at, "cannot assign to %s", expr_name(bad)));
}

// ---- try ----

bool diagnose_try(Parser *p)
{
    return !at_token(p, TOKEN_EXCEPT) && !at_token(p, TOKEN_FINALLY) &&
           raised(raise_last(p, "expected 'except' or 'finally' block"));
}

bool diagnose_mixed_handlers(Parser *p)
{
    int first = p->at++;
    bool star = accept(p, TOKEN_STAR);
    AstSpan at = span_from(p, first);
    p->at = first;
    p->at = first + 1 + star;
    bool fits = (!star && at_token(p, TOKEN_COLON)) || parse_expression(p);
    if (fits && accept(p, TOKEN_AS))
        fits = accept(p, TOKEN_NAME);
    fits = fits && at_token(p, TOKEN_COLON);
    p->at = first;
    if (!fits)
        return parse_failed(p);
    return raised(raise_at(p, at, "cannot have both 'except' and 'except*' on the same 'try'"));
}

// Behind 'except' or 'except*'.
bool diagnose_except(Parser *p, int first, bool star)
{
    int start = p->at, end;
    (void)first;
    if (at_token(p, TOKEN_NEWLINE))
        return raised(raise_last(p, star ? "expected one or more exception types"
                                         : "expected ':'"));
    if (star && at_token(p, TOKEN_COLON))
        return raised(raise_last(p, "expected one or more exception types"));
    Node *e = at_token(p, TOKEN_COLON) ? NULL : try_parse(p, parse_expression, &end);
    if (!e)
        return parse_failed(p);
    bool bad = false;
    p->at = end;
    if (at_token(p, TOKEN_COMMA)) {
        while (accept(p, TOKEN_COMMA) && starts_expression(p) && parse_expression(p))
            ;
        if (accept(p, TOKEN_AS) && accept(p, TOKEN_NAME) && accept(p, TOKEN_COLON))
            bad = raised(raise_from(p, e->at, "multiple exception types must be parenthesized when "
                                              "using 'as'"));
    } else if (accept(p, TOKEN_AS)) {
        Node *target = parse_expression(p);
        NodeSeq body;
        if (target && target->kind != AST_Name && accept(p, TOKEN_COLON) && parse_block(p, &body))
            bad = raised(raise_at(p, target->at, "cannot use %s with %s",
                                  star ? "except* statement" : "except statement",
                                  expr_name(target)));
    }
    p->at = start;
    return bad || parse_failed(p);
}

// ---- match ----

bool diagnose_match(Parser *p, int first)
{
    int start = p->at;
    if (at_token(p, TOKEN_NEWLINE))
        return raised(raise_last(p, "expected ':'"));
    if (!accept(p, TOKEN_COLON))
        return false;
    bool bad = diagnose_missing_block(p, first, "'match' statement");
    p->at = start;
    return bad;
}

bool diagnose_as_pattern(Parser *p)
{
    if (at_word(p, "_"))
        return raised(raise_at_token(p, p->at, "cannot use '_' as a target"));
    if (at_token(p, TOKEN_NAME)) {
        TokenType next = peek_second(p);
        if (next != TOKEN_DOT && next != TOKEN_LPAR && next != TOKEN_LSQB && next != TOKEN_EQUAL)
            return false;
    }
    Node *e = try_parse(p, parse_expression, NULL);
    if (!e)
        return parse_failed(p);
    return raised(raise_at(p, e->at, "cannot use %s as pattern target", expr_name(e)));
}

// Behind '(': positional patterns behind keyword ones.
bool diagnose_class_pattern(Parser *p)
{
    int start = p->at, base = p->stack_count;
    bool keywords = false, bad = false, fits = true;
    Node *first = NULL, *last = NULL;
    while (fits && !at_token(p, TOKEN_RPAR)) {
        bool keyword = at_token(p, TOKEN_NAME) && peek_second(p) == TOKEN_EQUAL;
        if (keyword && first)
            break;
        if (keyword)
            p->at += 2;
        Node *pattern = parse_pattern(p);
        fits = pattern != NULL;
        if (fits && keywords && !keyword) {
            first = first ? first : pattern;
            last = pattern;
        }
        keywords |= keyword;
        fits = fits && accept(p, TOKEN_COMMA);
    }
    if (first && !parse_failed(p))
        bad = raised(raise_at(p, span_between(first->at, last->at),
                              "positional patterns follow keyword patterns"));
    p->at = start;
    p->stack_count = base;
    return bad || parse_failed(p);
}
