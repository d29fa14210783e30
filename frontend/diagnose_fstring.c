// diagnose_fstring.c: usual mistakes in the replacement fields of f-strings and t-strings.

#include "frontend/diagnose.h"

bool diagnose_mixed_strings(Parser *p, int last)
{
    bool plain = at_token(p, TOKEN_STRING);
    Node *next = plain ? NULL : try_purely(p, parse_fstring, NULL);
    if (!plain && !next)
        return parse_failed(p);
    AstSpan end = next ? next->at : span_of_token(&p->tokens[p->at]);
    return raised(raise_at(p, span_between(span_of_token(&p->tokens[last]), end),
                           "cannot mix t-string literals with string or bytes literals"));
}

bool diagnose_conversion(Parser *p, char letter)
{
    if (at_token(p, TOKEN_COLON) || at_token(p, TOKEN_RBRACE))
        return raised(raise_next(p, "%c-string: missing conversion character", letter));
    return !at_token(p, TOKEN_NAME) &&
           raised(raise_next(p, "%c-string: invalid conversion character", letter));
}

bool diagnose_field(Parser *p, char letter)
{
    TokenType type = peek_type(p);
    if (type == TOKEN_EQUAL || type == TOKEN_EXCLAMATION || type == TOKEN_COLON ||
        type == TOKEN_RBRACE)
        return raised(raise_next(p, "%c-string: valid expression required before '%s'",
                                     letter, token_texts[type]));
    int end, first = p->at;
    Node *e = try_parse(p, parse_yield_or_star_expressions, &end);
    if (parse_failed(p))
        return true;
    if (!e)
        return raised(raise_at_token(p, first, "%c-string: expecting a valid expression after '{'",
                                     letter));
    p->at = end;
    bool debug = accept(p, TOKEN_EQUAL);
    type = peek_type(p);
    int next = p->at;
    p->at = first;
    if (type == TOKEN_EXCLAMATION || type == TOKEN_COLON || type == TOKEN_RBRACE)
        return false;
    return raised(raise_at_token(p, next, debug ? "%c-string: expecting '!', or ':', or '}'"
                                      : "%c-string: expecting '=', or '!', or ':', or '}'",
                             letter));
}

bool diagnose_field_end(Parser *p, char letter, Node *spec)
{
    if (spec)
        return raised(raise_next(p, "%c-string: expecting '}', or format specs", letter));
    return raised(raise_next(p, "%c-string: expecting ':' or '}'", letter));
}
