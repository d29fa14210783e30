// parser_def.c: functions, classes, decorators, parameters, type parameters.

#include "frontend/diagnose.h"
#include "frontend/parse.h"

// ---- parameters ----

// The lists in the making: several grow at once, so that the parser's stack does not serve.
typedef struct Params {
    NodeSeq posonlyargs, args, kwonlyargs, kw_defaults, defaults;
    Node *vararg, *kwarg;
    bool slash_seen, star_seen;
} Params;

static bool append(Parser *p, NodeSeq *seq, Node *node)
{
    // Capacity is the next power of two: lists of parameters are short.
    if ((seq->count & (seq->count - 1)) == 0) {
        int capacity = seq->count ? seq->count * 2 : 1;
        Node **grown = arena_alloc(p->t, p->arena, (size_t)capacity * sizeof *grown);
        if (!grown)
            return false;
        if (seq->count)
            memcpy(grown, seq->at, (size_t)seq->count * sizeof *grown);
        seq->at = grown;
    }
    seq->at[seq->count++] = node;
    return true;
}

// NAME [':' annotation]; `star`: an annotation may be `*Ts`.
static Node *parse_param(Parser *p, bool is_lambda, bool star)
{
    int first = p->at;
    Value name = parse_name(p);
    if (!name)
        return NULL;
    Node *annotation = NULL;
    if (!is_lambda && accept(p, TOKEN_COLON)) {
        annotation = star ? parse_star_expression(p) : parse_expression(p);
        if (!annotation)
            return NULL;
    }
    return make(p, arg, span_from(p, first), .arg = name, .annotation = annotation);
}

// Behind a parameter: its type comment stands behind the comma, or before the ')'.
static bool end_param(Parser *p, Node *param)
{
    bool comma = accept(p, TOKEN_COMMA);
    if (param && !parse_type_comment(p, &as_arg(param)->type_comment))
        return false;
    return comma || at_token(p, TOKEN_RPAR) || at_token(p, TOKEN_COLON);
}

static bool parse_default(Parser *p, Node **out)
{
    *out = NULL;
    if (!accept(p, TOKEN_EQUAL))
        return true;
    if (p->diagnose && diagnose_default(p))
        return false;
    return (*out = parse_expression(p)) != NULL;
}

static bool parse_positional(Parser *p, Params *params, bool is_lambda)
{
    Node *value, *param = parse_param(p, is_lambda, false);
    if (!param || !parse_default(p, &value))
        return false;
    if (!value && params->defaults.count)
        return false;   // "parameter without a default follows parameter with a default"
    return append(p, &params->args, param) && (!value || append(p, &params->defaults, value)) &&
           end_param(p, param);
}

static bool parse_keyword_only(Parser *p, Params *params, bool is_lambda)
{
    Node *value, *param = parse_param(p, is_lambda, false);
    return param && parse_default(p, &value) && append(p, &params->kwonlyargs, param) &&
           append(p, &params->kw_defaults, value) && end_param(p, param);
}

static bool parse_slash(Parser *p, Params *params)
{
    if (params->slash_seen || params->star_seen || !params->args.count)
        return false;
    p->at++;
    params->slash_seen = true;
    params->posonlyargs = params->args;
    params->args = (NodeSeq){0};
    return end_param(p, NULL) && check_version(p, 8, "Positional-only parameters are");
}

static bool parse_star_param(Parser *p, Params *params, bool is_lambda)
{
    if (params->star_seen)
        return false;
    p->at++;
    params->star_seen = true;
    if (accept(p, TOKEN_COMMA))   // keyword-only parameters must follow
        return at_token(p, TOKEN_NAME);
    params->vararg = parse_param(p, is_lambda, true);
    return params->vararg && end_param(p, params->vararg);
}

static bool parse_double_star_param(Parser *p, Params *params, bool is_lambda)
{
    p->at++;
    params->kwarg = parse_param(p, is_lambda, false);
    if (!params->kwarg || !end_param(p, params->kwarg))
        return false;
    return at_token(p, is_lambda ? TOKEN_COLON : TOKEN_RPAR);
}

static bool parse_one_param(Parser *p, Params *params, bool is_lambda)
{
    switch (peek_type(p)) {
    case TOKEN_NAME:
        return params->star_seen ? parse_keyword_only(p, params, is_lambda)
                                 : parse_positional(p, params, is_lambda);
    case TOKEN_SLASH: return parse_slash(p, params);
    case TOKEN_STAR: return parse_star_param(p, params, is_lambda);
    case TOKEN_DOUBLESTAR: return parse_double_star_param(p, params, is_lambda);
    default: return false;
    }
}

// Up to the ')' of a def or the ':' of a lambda, which stays.
Node *parse_parameters(Parser *p, bool is_lambda)
{
    Params params = {0};
    TokenType end = is_lambda ? TOKEN_COLON : TOKEN_RPAR;
    if (p->diagnose && diagnose_parameters(p, is_lambda))
        return NULL;
    while (!at_token(p, end))
        if (!parse_one_param(p, &params, is_lambda))
            return NULL;
    return make(p, arguments, ((AstSpan){0}), .posonlyargs = params.posonlyargs,
                .args = params.args, .vararg = params.vararg, .kwonlyargs = params.kwonlyargs,
                .kw_defaults = params.kw_defaults, .kwarg = params.kwarg,
                .defaults = params.defaults);
}

// ---- type parameters ----

static Node *parse_type_var(Parser *p)
{
    int first = p->at;
    Value name = parse_name(p);
    Node *bound = NULL, *value = NULL;
    if (!name || (accept(p, TOKEN_COLON) && !(bound = parse_expression(p))) ||
        (accept(p, TOKEN_EQUAL) && !(value = parse_expression(p))))
        return NULL;
    if (value && !check_version(p, 13, "Type parameter defaults are"))
        return NULL;
    return make(p, TypeVar, span_from(p, first), .name = name, .bound = bound,
                .default_value = value);
}

static Node *parse_starred_type_param(Parser *p)
{
    int first = p->at++;
    bool is_tuple = p->tokens[first].type == TOKEN_STAR;
    Value name = parse_name(p);
    Node *value = NULL;
    if (!name || (p->diagnose && diagnose_type_param(p, is_tuple)))
        return NULL;
    if (accept(p, TOKEN_EQUAL) &&
        !(value = is_tuple ? parse_star_expression(p) : parse_expression(p)))
        return NULL;
    if (value && !check_version(p, 13, "Type parameter defaults are"))
        return NULL;
    if (is_tuple)
        return make(p, TypeVarTuple, span_from(p, first), .name = name, .default_value = value);
    return make(p, ParamSpec, span_from(p, first), .name = name, .default_value = value);
}

// ['[' type_param, … ']']
bool parse_type_params(Parser *p, NodeSeq *out)
{
    int base = p->stack_count;
    if (!accept(p, TOKEN_LSQB))
        return pop_nodes(p, base, out);
    if (p->diagnose && at_token(p, TOKEN_RSQB))
        return raise_from(p, span_of_token(&p->tokens[p->at]),
                          "Type parameter list cannot be empty") != NULL;
    do {
        if (base < p->stack_count && at_token(p, TOKEN_RSQB))
            break;
        bool star = at_token(p, TOKEN_STAR) || at_token(p, TOKEN_DOUBLESTAR);
        Node *param = star ? parse_starred_type_param(p) : parse_type_var(p);
        if (!param || !push(p, param))
            return false;
    } while (accept(p, TOKEN_COMMA));
    if (!expect(p, TOKEN_RSQB) || !pop_nodes(p, base, out))
        return false;
    return check_version(p, 12, "Type parameter lists are");
}

// ---- def ----

// A function's type comment may stand behind the ':' or alone on the body's first line.
static bool parse_function_comment(Parser *p, Value *out)
{
    *out = 0;
    if (!p->lexer.type_comments)
        return true;
    if (at_token(p, TOKEN_NEWLINE) && peek_second(p) == TOKEN_TYPE_COMMENT) {
        p->at++;
        if (peek_second(p) == TOKEN_NEWLINE) {
            p->at += 2;
            bool block = at_token(p, TOKEN_INDENT);
            p->at -= 2;
            if (block)
                return parse_type_comment(p, out);
        }
        p->at--;
        return true;
    }
    return parse_type_comment(p, out);
}

// At 'def'; `first` is the 'async' or the 'def'.
Node *parse_function(Parser *p, NodeSeq decorators, int first, bool is_async)
{
    int def = p->at++;
    NodeSeq type_params, body;
    Value name = parse_name(p), comment;
    int bracket = p->at;
    if (!name)
        return NULL;
    if (!parse_type_params(p, &type_params)) {
        if (parse_failed(p))
            return NULL;
        p->at = bracket;   // and there is no '(' here
    }
    if (!expect_forced(p, TOKEN_LPAR))
        return NULL;
    Node *args = parse_parameters(p, false), *returns = NULL;
    if (!args || !expect(p, TOKEN_RPAR))
        return NULL;
    int arrow = p->at;
    if (accept(p, TOKEN_RARROW) && !(returns = parse_expression(p)))
        p->at = arrow;
    if (parse_failed(p) || !expect_forced(p, TOKEN_COLON) || (p->diagnose && diagnose_type_comments(p)) ||
        !parse_function_comment(p, &comment))
        return NULL;
    if (p->diagnose && diagnose_missing_block(p, def, "function definition"))
        return NULL;
    if (!parse_block(p, &body))
        return NULL;
    AstSpan span = span_of_statement(p, first);
    if (is_async && !check_version(p, 5, "Async functions are"))
        return NULL;
    if (is_async)
        return make(p, AsyncFunctionDef, span, .name = name, .args = args, .body = body,
                    .decorator_list = decorators, .returns = returns, .type_comment = comment,
                    .type_params = type_params);
    return make(p, FunctionDef, span, .name = name, .args = args, .body = body,
                .decorator_list = decorators, .returns = returns, .type_comment = comment,
                .type_params = type_params);
}

// ---- class ----

static bool parse_bases(Parser *p, NodeSeq *bases, NodeSeq *keywords)
{
    p->at++;
    return parse_arguments(p, false, bases, keywords) && expect(p, TOKEN_RPAR);
}

Node *parse_class(Parser *p, NodeSeq decorators)
{
    int first = p->at++;
    NodeSeq type_params, bases = {0}, keywords = {0}, body;
    Value name = parse_name(p);
    if (!name || !parse_type_params(p, &type_params))
        return NULL;
    if (at_token(p, TOKEN_LPAR) && !parse_bases(p, &bases, &keywords))
        return NULL;
    if (p->diagnose && diagnose_colon(p))
        return NULL;
    if (!expect(p, TOKEN_COLON))
        return NULL;
    if (p->diagnose && diagnose_missing_block(p, first, "class definition"))
        return NULL;
    if (!parse_block(p, &body))
        return NULL;
    return make(p, ClassDef, span_of_statement(p, first), .name = name, .bases = bases,
                .keywords = keywords, .body = body, .decorator_list = decorators,
                .type_params = type_params);
}

// ('@' named_expression NEWLINE)+ and what they decorate.
Node *parse_decorated(Parser *p)
{
    int base = p->stack_count;
    NodeSeq decorators;
    while (accept(p, TOKEN_AT)) {
        Node *decorator = parse_named_expression(p);
        if (!decorator || !push(p, decorator) || !expect(p, TOKEN_NEWLINE))
            return NULL;
    }
    if (!pop_nodes(p, base, &decorators))
        return NULL;
    int first = p->at;
    switch (peek_type(p)) {
    case TOKEN_CLASS: return parse_class(p, decorators);
    case TOKEN_DEF: return parse_function(p, decorators, first, false);
    case TOKEN_ASYNC:
        p->at++;
        return at_token(p, TOKEN_DEF) ? parse_function(p, decorators, first, true) : NULL;
    default: return NULL;
    }
}
