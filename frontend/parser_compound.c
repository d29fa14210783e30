// parser_compound.c: compound statements but for definitions and match.

#include "frontend/diagnose.h"
#include "frontend/parse.h"

// ':' and a block, for a statement whose head began at token `head` and is called `what`.
static bool parse_suite(Parser *p, int head, const char *what, NodeSeq *out)
{
    if (p->diagnose && diagnose_colon(p))
        return false;
    if (!expect(p, TOKEN_COLON))
        return false;
    if (p->diagnose && diagnose_missing_block(p, head, what))
        return false;
    return parse_block(p, out);
}

// The same where nothing but a ':' can follow.
static bool parse_forced_suite(Parser *p, int head, const char *what, NodeSeq *out)
{
    if (!expect_forced(p, TOKEN_COLON) ||
        (p->diagnose && diagnose_missing_block(p, head, what)))
        return false;
    return parse_block(p, out);
}

// ['else' ':' block]
static bool parse_else(Parser *p, NodeSeq *out)
{
    *out = (NodeSeq){0};
    int head = p->at;
    if (!accept(p, TOKEN_ELSE))
        return true;
    if (!parse_forced_suite(p, head, "'else' statement", out))
        return false;
    return !(p->diagnose && diagnose_after_else(p));
}

// ---- if ----

// elif chains may be long, so they are read in a loop and linked from the last one back.
static Node *parse_if(Parser *p)
{
    int base = p->stack_count, first = p->at;
    for (;;) {
        int head = p->at++;
        bool is_elif = p->tokens[head].type == TOKEN_ELIF;
        NodeSeq body;
        Node *test = parse_named_expression(p);
        if (!test || !parse_suite(p, head, is_elif ? "'elif' statement" : "'if' statement", &body))
            return NULL;
        AstSpan span = span_of_token(&p->tokens[head]);
        Node *node = make(p, If, span, .test = test, .body = body);
        if (!node || !push(p, node))
            return NULL;
        if (!at_token(p, TOKEN_ELIF))
            break;
    }
    NodeSeq orelse;
    if (!parse_else(p, &orelse))
        return NULL;
    AstSpan end = span_of_statement(p, first);
    for (;;) {
        Node *node = (Node *)p->stack[--p->stack_count];
        as_If(node)->orelse = orelse;
        node->at = span_between(node->at, end);
        if (p->stack_count == base)
            return node;
        if (!one_node(p, node, &orelse))
            return NULL;
    }
}

// ---- loops ----

static Node *parse_while(Parser *p)
{
    int first = p->at++;
    NodeSeq body, orelse;
    Node *test = parse_named_expression(p);
    if (!test || !parse_suite(p, first, "'while' statement", &body) || !parse_else(p, &orelse))
        return NULL;
    return make(p, While, span_of_statement(p, first), .test = test, .body = body,
                .orelse = orelse);
}

// At 'for'; `first` is the 'async' or the 'for'.
static Node *parse_for(Parser *p, int first, bool is_async)
{
    int head = p->at++;
    NodeSeq body, orelse;
    Value comment;
    if (p->diagnose && diagnose_for_target(p))
        return NULL;
    Node *target = parse_star_targets(p);
    if (!target || !expect(p, TOKEN_IN))
        return NULL;
    Node *iter = parse_star_expressions(p);
    if (!iter)
        return NULL;
    if ((p->diagnose && diagnose_colon(p)) || !expect(p, TOKEN_COLON) ||
        !parse_type_comment(p, &comment))
        return NULL;
    if ((p->diagnose && diagnose_missing_block(p, head, "'for' statement")) ||
        !parse_block(p, &body) || !parse_else(p, &orelse))
        return NULL;
    AstSpan span = span_of_statement(p, first);
    if (is_async && !check_version(p, 5, "Async for loops are"))
        return NULL;
    if (is_async)
        return make(p, AsyncFor, span, .target = target, .iter = iter, .body = body,
                    .orelse = orelse, .type_comment = comment);
    return make(p, For, span, .target = target, .iter = iter, .body = body, .orelse = orelse,
                .type_comment = comment);
}

// ---- with ----

static Node *parse_with_item(Parser *p)
{
    Node *context = parse_expression(p), *vars = NULL;
    if (!context)
        return NULL;
    if (at_token(p, TOKEN_AS)) {
        int as = p->at++;
        vars = parse_star_target(p);
        bool ends = vars && (at_token(p, TOKEN_COMMA) || at_token(p, TOKEN_RPAR) ||
                             at_token(p, TOKEN_COLON));
        if (parse_failed(p))
            return NULL;
        if (!ends) {
            if (p->diagnose)
                diagnose_with_target(p, as);
            return NULL;
        }
    }
    return make(p, withitem, ((AstSpan){0}), .context_expr = context, .optional_vars = vars);
}

// Pushes items between commas; one may be missing behind the last comma when in parentheses.
static bool parse_with_items(Parser *p, bool parens)
{
    do {
        if (parens && at_token(p, TOKEN_RPAR))
            break;
        Node *item = parse_with_item(p);
        if (!item || !push(p, item))
            return false;
    } while (accept(p, TOKEN_COMMA));
    return true;
}

// '(' items ')' ':' — tried first, because `(a, b)` in front of a ':' is two items, not a tuple.
// Up to the ':', which stays. False when it does not fit; then all is as before.
static bool parse_parenthesised_items(Parser *p)
{
    int at = p->at, base = p->stack_count;
    p->at++;
    if (!at_token(p, TOKEN_RPAR) && parse_with_items(p, true) && accept(p, TOKEN_RPAR) &&
        at_token(p, TOKEN_COLON))
        return true;
    p->at = at;
    p->stack_count = base;
    return false;
}

static Node *parse_with(Parser *p, int first, bool is_async)
{
    int head = p->at++, base = p->stack_count;
    NodeSeq items, body;
    Value comment;
    if (p->diagnose && diagnose_with(p, head))
        return NULL;
    bool parens = at_token(p, TOKEN_LPAR) && parse_parenthesised_items(p);
    if (!parens && (parse_failed(p) || !parse_with_items(p, false)))
        return NULL;
    if (!expect(p, TOKEN_COLON) || !parse_type_comment(p, &comment) || !pop_nodes(p, base, &items))
        return NULL;
    if ((p->diagnose && diagnose_missing_block(p, head, "'with' statement")) ||
        !parse_block(p, &body))
        return NULL;
    AstSpan span = span_of_statement(p, first);
    if (is_async && !check_version(p, 5, "Async with statements are"))
        return NULL;
    if (is_async)
        return make(p, AsyncWith, span, .items = items, .body = body, .type_comment = comment);
    return make(p, With, span, .items = items, .body = body, .type_comment = comment);
}

// ---- try ----

// The type or types behind 'except': `A`, `(A, B)`, or since 3.14 `A, B` where no 'as' follows.
static Node *parse_except_types(Parser *p, bool *out_bare)
{
    int first = p->at, base = p->stack_count;
    Node *type = parse_expression(p);
    if (!type || !at_token(p, TOKEN_COMMA))
        return type;
    if (!push(p, type))
        return NULL;
    while (accept(p, TOKEN_COMMA)) {
        if (!starts_expression(p) || at_token(p, TOKEN_STAR))
            break;
        type = parse_expression(p);
        if (!type || !push(p, type))
            return NULL;
    }
    NodeSeq elts;
    if (!pop_nodes(p, base, &elts) || !at_token(p, TOKEN_COLON))
        return NULL;
    *out_bare = true;
    return make(p, Tuple, span_from(p, first), .elts = elts);
}

static Node *parse_handler(Parser *p, bool star)
{
    int first = p->at++;
    NodeSeq body;
    Node *type = NULL;
    Value name = 0;
    bool bare = false;   // several types without brackets
    if (star)
        p->at++;
    if (p->diagnose && diagnose_except(p, first, star))
        return NULL;
    if (star || !at_token(p, TOKEN_COLON)) {
        if (!(type = parse_except_types(p, &bare)))
            return NULL;
        if (accept(p, TOKEN_AS) && !(name = parse_name(p)))
            return NULL;
    }
    if (!parse_suite(p, first, star ? "'except*' statement" : "'except' statement", &body))
        return NULL;
    if (bare && !check_version(p, 14, "except expressions without parentheses are"))
        return NULL;
    return make(p, ExceptHandler, span_of_statement(p, first), .type = type, .name = name,
                .body = body);
}

// One or more handlers, all of the kind of the first.
static bool parse_handlers(Parser *p, bool *out_star, NodeSeq *out)
{
    int base = p->stack_count;
    *out_star = at_token(p, TOKEN_EXCEPT) && peek_second(p) == TOKEN_STAR;
    while (at_token(p, TOKEN_EXCEPT)) {
        if ((peek_second(p) == TOKEN_STAR) != *out_star) {
            if (p->diagnose)
                diagnose_mixed_handlers(p);
            return false;
        }
        Node *handler = parse_handler(p, *out_star);
        if (!handler || !push(p, handler))
            return false;
    }
    return pop_nodes(p, base, out);
}

static Node *parse_try(Parser *p)
{
    int first = p->at++;
    bool star;
    NodeSeq body, handlers, orelse = {0}, finalbody = {0};
    if (!parse_forced_suite(p, first, "'try' statement", &body))
        return NULL;
    if (p->diagnose && diagnose_try(p))
        return NULL;
    if (!parse_handlers(p, &star, &handlers))
        return NULL;
    if (handlers.count && !parse_else(p, &orelse))
        return NULL;
    int head = p->at;
    if (accept(p, TOKEN_FINALLY)) {
        if (!parse_forced_suite(p, head, "'finally' statement", &finalbody))
            return NULL;
    } else if (!handlers.count) {
        return NULL;
    }
    AstSpan span = span_of_statement(p, first);
    if (star && !check_version(p, 11, "Exception groups are"))
        return NULL;
    if (star)
        return make(p, TryStar, span, .body = body, .handlers = handlers, .orelse = orelse,
                    .finalbody = finalbody);
    return make(p, Try, span, .body = body, .handlers = handlers, .orelse = orelse,
                .finalbody = finalbody);
}

// ---- dispatch ----

static Node *parse_async(Parser *p)
{
    int first = p->at++;
    switch (peek_type(p)) {
    case TOKEN_DEF: return parse_function(p, (NodeSeq){0}, first, true);
    case TOKEN_FOR: return parse_for(p, first, true);
    case TOKEN_WITH: return parse_with(p, first, true);
    default: return NULL;
    }
}

// Null with *out_is_compound false: a simple statement stands here, and nothing was taken.
Node *parse_compound(Parser *p, bool *out_is_compound)
{
    *out_is_compound = true;
    switch (peek_type(p)) {
    case TOKEN_DEF: return parse_function(p, (NodeSeq){0}, p->at, false);
    case TOKEN_CLASS: return parse_class(p, (NodeSeq){0});
    case TOKEN_AT: return parse_decorated(p);
    case TOKEN_IF: return parse_if(p);
    case TOKEN_WHILE: return parse_while(p);
    case TOKEN_FOR: return parse_for(p, p->at, false);
    case TOKEN_WITH: return parse_with(p, p->at, false);
    case TOKEN_TRY: return parse_try(p);
    case TOKEN_ASYNC: return parse_async(p);
    default: break;
    }
    *out_is_compound = false;
    return at_word(p, "match") ? parse_match(p) : NULL;
}
