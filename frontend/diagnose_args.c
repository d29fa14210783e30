// diagnose_args.c: usual mistakes in arguments and parameters.

#include "frontend/diagnose.h"

// ---- calls ----

// The kinds of arguments in the order they may come in.
typedef enum ArgumentRank { ARGUMENT_PLAIN, ARGUMENT_KEYWORD, ARGUMENT_MAPPING } ArgumentRank;

// name=…, at a NAME with '=' behind it.
static bool diagnose_keyword(Parser *p)
{
    int first = p->at;
    p->at += 2;
    NodeSeq clauses;
    bool bad = false;
    if (at_token(p, TOKEN_COMMA) || at_token(p, TOKEN_RPAR)) {
        bad = raised(raise_at(p, span_between(span_of_token(&p->tokens[first]),
                                              span_of_token(&p->tokens[first + 1])),
                              "expected argument value expression"));
    } else if (parse_expression(p) && at_comprehension(p) && parse_comprehensions(p, &clauses)) {
        bad = raised(raise_at(p, span_between(span_of_token(&p->tokens[first]),
                                              span_of_token(&p->tokens[first + 1])),
                              "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"));
    }
    p->at = first;
    return bad || parse_failed(p);
}

// True=…, f()=…: something in front of '=' that is no name.
static bool diagnose_assigned_argument(Parser *p)
{
    int first = p->at, end;
    TokenType type = peek_type(p);
    if ((type == TOKEN_TRUE || type == TOKEN_FALSE || type == TOKEN_NONE) &&
        peek_second(p) == TOKEN_EQUAL)
        return raised(raise_at(p, span_between(span_of_token(&p->tokens[first]),
                                               span_of_token(&p->tokens[first + 1])),
                               "cannot assign to %s", token_texts[type]));
    Node *e = try_parse(p, parse_expression, &end);
    if (!e)
        return parse_failed(p);
    p->at = end;
    bool equal = at_token(p, TOKEN_EQUAL);
    p->at = first;
    return equal &&
           raised(raise_at(p, span_between(e->at, span_of_token(&p->tokens[end])),
                           "expression cannot contain assignment, perhaps you meant \"==\"?"));
}

// **x = …
static bool diagnose_mapping(Parser *p)
{
    int first = p->at++;
    Node *e = parse_expression(p), *value = NULL;
    if (e && accept(p, TOKEN_EQUAL))
        value = parse_expression(p);
    p->at = first;
    if (parse_failed(p) || !value)
        return parse_failed(p);
    return raised(raise_at(p, span_between(span_of_token(&p->tokens[first]), value->at),
                           "cannot assign to keyword argument unpacking"));
}

// Steps over one argument; its rank, or -1 when none is here.
static int skip_argument(Parser *p)
{
    TokenType type = peek_type(p);
    if (type == TOKEN_DOUBLESTAR || type == TOKEN_STAR) {
        p->at++;
        return !parse_expression(p) ? -1 : type == TOKEN_STAR ? ARGUMENT_PLAIN : ARGUMENT_MAPPING;
    }
    if (type == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL) {
        p->at += 2;
        return parse_expression(p) ? ARGUMENT_KEYWORD : -1;
    }
    return parse_argument_expression(p) ? ARGUMENT_PLAIN : -1;
}

// A generator expression that is not the only argument. `first` is where its element started.
static bool diagnose_generator(Parser *p, int first, int open)
{
    NodeSeq clauses;
    if (!parse_comprehensions(p, &clauses))
        return parse_failed(p);
    AstSpan span = span_from(p, first);
    bool only = first == open + 1 && !at_token(p, TOKEN_COMMA);
    int end = p->at;
    while (accept(p, TOKEN_COMMA) && !at_token(p, TOKEN_RPAR) && skip_argument(p) >= 0)
        ;
    p->at = end;
    if (parse_failed(p))
        return true;
    return !only && raised(raise_at(p, span, "Generator expression must be parenthesized"));
}

static bool diagnose_order(Parser *p, int rank, int seen, int first, bool starred)
{
    if (rank != ARGUMENT_PLAIN || seen == ARGUMENT_PLAIN)
        return false;
    if (starred) {
        if (seen != ARGUMENT_MAPPING)
            return false;
        // From the comma in front to the last argument.
        int end = p->at;
        while (accept(p, TOKEN_COMMA) && !at_token(p, TOKEN_RPAR) && skip_argument(p) >= 0)
            end = p->at;
        p->at = end;
        AstSpan at = span_from(p, first - 1);
        return raised(raise_at(p, at, "iterable argument unpacking follows keyword argument "
                                      "unpacking"));
    }
    while (accept(p, TOKEN_COMMA) && !at_token(p, TOKEN_RPAR) && skip_argument(p) >= 0)
        ;
    return raised(raise_last(p, seen == ARGUMENT_MAPPING
                                    ? "positional argument follows keyword argument unpacking"
                                    : "positional argument follows keyword argument"));
}

bool diagnose_arguments(Parser *p)
{
    int start = p->at, open = p->at - 1, base = p->stack_count, seen = ARGUMENT_PLAIN;
    NodeSeq clauses;
    bool bad = false;
    while (!bad && !parse_failed(p) && !at_token(p, TOKEN_RPAR)) {
        int first = p->at;
        TokenType type = peek_type(p);
        if (type == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL)
            bad = diagnose_keyword(p);
        else if (type != TOKEN_STAR && type != TOKEN_DOUBLESTAR)
            bad = diagnose_assigned_argument(p);
        else if (type == TOKEN_STAR)
            bad = diagnose_starred(p);
        else
            bad = diagnose_mapping(p);
        int rank = bad ? -1 : skip_argument(p);
        if (rank < 0)
            break;
        if (at_comprehension(p) && rank == ARGUMENT_PLAIN && type != TOKEN_STAR)
            bad = diagnose_generator(p, first, open);
        else if (at_comprehension(p))
            bad = !parse_comprehensions(p, &clauses) && parse_failed(p);
        if (!bad)
            bad = diagnose_order(p, rank, seen, first, type == TOKEN_STAR);
        seen = rank > seen ? rank : seen;
        if (bad || !accept(p, TOKEN_COMMA))
            break;
    }
    p->at = start;
    p->stack_count = base;
    return bad || parse_failed(p);
}

// ---- parameters ----

bool diagnose_default(Parser *p)
{
    return (at_token(p, TOKEN_RPAR) || at_token(p, TOKEN_COMMA)) &&
           raised(raise_at_token(p, p->at - 1, "expected default value expression"));
}

bool diagnose_type_param(Parser *p, bool is_tuple)
{
    if (!at_token(p, TOKEN_COLON))
        return false;
    int colon = p->at++;
    Node *bound = try_parse(p, parse_expression, NULL);
    p->at = colon;
    if (!bound)
        return parse_failed(p);
    const char *what = bound->kind == AST_Tuple ? "constraints" : "bound";
    return raised(raise_from(p, span_of_token(&p->tokens[colon]), "cannot use %s with %s", what,
                             is_tuple ? "TypeVarTuple" : "ParamSpec"));
}

// What has been seen of a parameter list.
typedef struct ParamState {
    bool is_lambda;
    bool defaults;    // a parameter with a default, before any star
    bool slash, star, params, starred_bare;
    int parens;       // "Function parameters cannot be parenthesized": only after plain ones
} ParamState;

// NAME [':' annotation] ['=' default]; true when it fits.
static bool skip_param(Parser *p, ParamState *state, bool star, bool *out_default)
{
    *out_default = false;
    if (!accept(p, TOKEN_NAME))
        return false;
    if (!state->is_lambda && accept(p, TOKEN_COLON) &&
        !(star ? parse_star_expression(p) : parse_expression(p)))
        return false;
    if (!at_token(p, TOKEN_EQUAL))
        return true;
    *out_default = true;
    p->at++;
    if (diagnose_default(p))
        return false;
    return parse_expression(p) != NULL;
}

// '(' name, … ')' among the parameters.
static bool diagnose_param_parens(Parser *p, ParamState *state)
{
    int open = p->at++;
    bool names = true;
    do {
        if (at_token(p, TOKEN_RPAR) && p->at > open + 1)
            break;
        names = accept(p, TOKEN_NAME) &&
                (state->is_lambda || !accept(p, TOKEN_COLON) || parse_expression(p));
    } while (names && accept(p, TOKEN_COMMA));
    if (parse_failed(p))
        return true;
    if (!names || state->defaults || state->slash || state->star || !accept(p, TOKEN_RPAR))
        return false;
    return raised(raise_at(p, span_from(p, open), "%s parameters cannot be parenthesized",
                           state->is_lambda ? "Lambda expression" : "Function"));
}

static bool diagnose_slash(Parser *p, ParamState *state)
{
    int slash = p->at++;
    if (state->slash)
        return raised(raise_at_token(p, slash, "/ may appear only once"));
    if (state->star)
        return raised(raise_at_token(p, slash, "/ must be ahead of *"));
    if (!state->params)
        return at_token(p, TOKEN_COMMA) &&
               raised(raise_at_token(p, slash, "at least one argument must precede /"));
    state->slash = true;
    if (at_token(p, TOKEN_STAR))
        return raised(raise_at_token(p, p->at, "expected comma between / and *"));
    return false;
}

// NAME [':' annotation] of a starred parameter is stepped over; a '=' behind it is a mistake.
static bool diagnose_star_default(Parser *p, ParamState *state, bool star, const char *message)
{
    if (!accept(p, TOKEN_NAME))
        return false;
    if (!state->is_lambda && accept(p, TOKEN_COLON) &&
        !(star ? parse_star_expression(p) : parse_expression(p)))
        return parse_failed(p);
    return at_token(p, TOKEN_EQUAL) && raised(raise_at_token(p, p->at, "%s", message));
}

static bool diagnose_star(Parser *p, ParamState *state, TokenType end)
{
    int star = p->at++;
    if (state->star)
        return raised(raise_at_token(p, star, "* argument may appear only once"));
    state->star = true;
    if (at_token(p, end))
        return raised(state->is_lambda
                          ? raise_last(p, "named arguments must follow bare *")
                          : raise_at_token(p, star, "named arguments must follow bare *"));
    if (at_token(p, TOKEN_COMMA)) {
        int comma = p->at++;
        bool bare = at_token(p, end) || at_token(p, TOKEN_DOUBLESTAR);
        if (at_token(p, TOKEN_TYPE_COMMENT))
            return raised(raise_last(p, "bare * has associated type comment"));
        p->at = comma;
        return bare && raised(state->is_lambda
                                  ? raise_last(p, "named arguments must follow bare *")
                                  : raise_at_token(p, star, "named arguments must follow bare *"));
    }
    if (!at_token(p, TOKEN_NAME))
        return false;
    return diagnose_star_default(p, state, true, "var-positional argument cannot have default value");
}

static bool diagnose_double_star(Parser *p, ParamState *state)
{
    p->at++;
    if (!at_token(p, TOKEN_NAME))
        return false;
    if (diagnose_star_default(p, state, false, "var-keyword argument cannot have default value"))
        return true;
    if (!accept(p, TOKEN_COMMA))
        return false;
    TokenType type = peek_type(p);
    return (type == TOKEN_NAME || type == TOKEN_STAR || type == TOKEN_DOUBLESTAR ||
            type == TOKEN_SLASH) &&
           raised(raise_at_token(p, p->at, "arguments cannot follow var-keyword argument"));
}

static bool diagnose_plain_param(Parser *p, ParamState *state, bool *out_fits)
{
    int first = p->at;
    bool has_default;
    *out_fits = skip_param(p, state, false, &has_default);
    if (!*out_fits)
        return parse_failed(p);
    state->params = true;
    bool ends = at_token(p, TOKEN_COMMA) ||
                at_token(p, state->is_lambda ? TOKEN_COLON : TOKEN_RPAR);
    if (!has_default && state->defaults && !state->star && ends)
        return raised(raise_at_token(p, first,
                                     "parameter without a default follows parameter with a "
                                     "default"));
    state->defaults |= has_default && !state->star;
    return false;
}

bool diagnose_parameters(Parser *p, bool is_lambda)
{
    int start = p->at, base = p->stack_count;
    TokenType end = is_lambda ? TOKEN_COLON : TOKEN_RPAR;
    ParamState state = {.is_lambda = is_lambda};
    bool bad = false, fits = true;
    while (!bad && fits && !at_token(p, end)) {
        switch (peek_type(p)) {
        case TOKEN_SLASH: bad = diagnose_slash(p, &state); break;
        case TOKEN_STAR: bad = diagnose_star(p, &state, end); break;
        case TOKEN_DOUBLESTAR: bad = diagnose_double_star(p, &state); fits = false; break;
        case TOKEN_LPAR: bad = diagnose_param_parens(p, &state); fits = false; break;
        case TOKEN_NAME: bad = diagnose_plain_param(p, &state, &fits); break;
        default: fits = false; break;
        }
        if (!bad && fits && !accept(p, TOKEN_COMMA))
            fits = false;
    }
    p->at = start;
    p->stack_count = base;
    return bad || parse_failed(p);
}

// A def with a type comment behind its ':' and another one on the next line.
bool diagnose_type_comments(Parser *p)
{
    int first = p->at;
    bool twice = accept(p, TOKEN_TYPE_COMMENT) && accept(p, TOKEN_NEWLINE) &&
                 accept(p, TOKEN_TYPE_COMMENT) && accept(p, TOKEN_NEWLINE) &&
                 accept(p, TOKEN_INDENT);
    p->at = first;
    return parse_failed(p) ||
           (twice && raised(raise_last(p, "Cannot have two type comments on def")));
}
