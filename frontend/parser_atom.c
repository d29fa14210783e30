// parser_atom.c: primaries (attribute, call, subscript) and atoms (names, numbers, displays).

#include "frontend/diagnose.h"
#include "frontend/parse.h"
#include "src/types/number.h"

#include <string.h>

// ---- numbers ----

// So many digits are below any limit that sys.set_int_max_str_digits accepts.
enum { INT_ALWAYS_ALLOWED_DIGITS = 640 };

// A decimal literal which may be over the limit for conversions.
static Value long_int_value(Parser *p, const char *digits, size_t size, int first)
{
    Value text = str_from_ascii(p->t, digits, size);
    Value v = text ? int_from_text(p->t, text, 10) : 0;
    if (v || !pending_matches(p->t, EXC(ValueError)))
        return v;
    Value message = str_format(p->t, "%V", pending_take(p->t));
    if (message)
        raise_at_token(p, first, "%V - Consider hexadecimal for huge integer literals to avoid "
                                 "decimal conversion limits.",
                       message);
    return 0;
}

// Digits without underscores, as in the source otherwise.
static Value number_value(Parser *p, const char *s, size_t size, int first)
{
    if (s[0] == '0' && size > 2) {
        int base = (s[1] | 0x20) == 'x' ? 16 : (s[1] | 0x20) == 'o' ? 8 : (s[1] | 0x20) == 'b' ? 2 : 0;
        if (base)
            return int_from_digits(p->t, s + 2, size - 2, base);
    }
    double d;
    if ((s[size - 1] | 0x20) == 'j') {
        if (float_from_text(s, size - 1, &d))
            return complex_new(p->t, 0.0, d);
    } else if (memchr(s, '.', size) || memchr(s, 'e', size) || memchr(s, 'E', size)) {
        if (float_from_text(s, size, &d))
            return float_new(p->t, d);
    } else {
        return size > INT_ALWAYS_ALLOWED_DIGITS ? long_int_value(p, s, size, first)
                                                : int_from_digits(p->t, s, size, 10);
    }
    raise_at_token(p, first, "invalid number");
    return 0;
}

Node *parse_number(Parser *p)
{
    int first = p->at;
    if (!accept(p, TOKEN_NUMBER))
        return NULL;
    const char *text = p->source.text + p->tokens[first].start;
    size_t size = p->tokens[first].end - p->tokens[first].start;
    if (p->request->feature_version > 0 && memchr(text, '_', size) &&
        !check_version(p, 6, "Underscores in numeric literals are"))
        return NULL;
    if (size == 1 || memchr(text, '_', size)) {
        if (size == 1)
            return make(p, Constant, span_from(p, first), .value = fixnum(text[0] - '0'));
        char *plain = arena_alloc(p->t, p->arena, size), *out = plain;
        if (!plain)
            return NULL;
        for (size_t i = 0; i < size; i++)
            if (text[i] != '_')
                *out++ = text[i];
        text = plain;
        size = (size_t)(out - plain);
    }
    Value value = number_value(p, text, size, first);
    return value ? make(p, Constant, span_from(p, first), .value = value) : NULL;
}

// ---- comprehensions ----

bool at_comprehension(Parser *p)
{
    return at_token(p, TOKEN_FOR) || (at_token(p, TOKEN_ASYNC) && peek_second(p) == TOKEN_FOR);
}

static Node *parse_for_if(Parser *p)
{
    bool is_async = accept(p, TOKEN_ASYNC);
    if (!expect(p, TOKEN_FOR))
        return NULL;
    if (p->diagnose && diagnose_for_if(p))
        return NULL;
    Node *target = parse_star_targets(p);
    if (!target || !expect(p, TOKEN_IN))
        return NULL;
    Node *iter = parse_disjunction(p);
    if (!iter)
        return NULL;
    int base = p->stack_count;
    for (int at = p->at; accept(p, TOKEN_IF); at = p->at) {
        int count = p->stack_count;
        Node *test = parse_disjunction(p);
        if (!test && settle_for(p, iter, at, count))
            break;
        if (!test || !push(p, test))
            return NULL;
    }
    NodeSeq ifs;
    if (!pop_nodes(p, base, &ifs) ||
        (is_async && !check_version(p, 6, "Async comprehensions are")))
        return NULL;
    return make(p, comprehension, ((AstSpan){0}), .target = target, .iter = iter, .ifs = ifs,
                .is_async = is_async);
}

bool parse_comprehensions(Parser *p, NodeSeq *out)
{
    int base = p->stack_count;
    do {
        int at = p->at, count = p->stack_count;
        Node *clause = parse_for_if(p);
        if (!clause && count > base && settle_for(p, (Node *)p->stack[base], at, count))
            break;
        if (!clause || !push(p, clause))
            return false;
    } while (at_comprehension(p));
    return pop_nodes(p, base, out);
}

// ---- ( … ) and [ … ] ----

// Pushes what stands between commas up to `close`, which is taken. The first one is pushed already.
static bool parse_rest_of_list(Parser *p, TokenType close)
{
    while (accept(p, TOKEN_COMMA)) {
        if (at_token(p, close))
            break;
        Node *e = parse_star_named_expression(p);
        if (!e || !push(p, e))
            return false;
    }
    return expect(p, close);
}

static Node *finish_tuple(Parser *p, int first, int base)
{
    NodeSeq elts;
    return pop_nodes(p, base, &elts) ? make(p, Tuple, span_from(p, first), .elts = elts) : NULL;
}

static Node *finish_group(Parser *p, Node *e)
{
    if (!e || !expect(p, TOKEN_RPAR))
        return NULL;
    e->flags |= AST_FLAG_PARENS;
    return e;
}

static Node *parens_body(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    if (accept(p, TOKEN_RPAR))
        return finish_tuple(p, first, base);
    if (at_token(p, TOKEN_YIELD))
        return finish_group(p, parse_yield(p));
    Node *e = parse_star_named_expression(p);
    if (!e)
        return NULL;
    if (at_comprehension(p) && e->kind != AST_Starred) {
        NodeSeq generators;
        if (!parse_comprehensions(p, &generators) || !expect(p, TOKEN_RPAR))
            return NULL;
        return make(p, GeneratorExp, span_from(p, first), .elt = e, .generators = generators);
    }
    if (!at_token(p, TOKEN_COMMA))
        return e->kind == AST_Starred ? NULL : finish_group(p, e);
    if (!push(p, e) || !parse_rest_of_list(p, TOKEN_RPAR))
        return NULL;
    return finish_tuple(p, first, base);
}

static Node *list_body(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    NodeSeq elts;
    if (!accept(p, TOKEN_RSQB)) {
        Node *e = parse_star_named_expression(p);
        if (!e)
            return NULL;
        if (at_comprehension(p) && e->kind != AST_Starred) {
            if (!parse_comprehensions(p, &elts) || !expect(p, TOKEN_RSQB))
                return NULL;
            return make(p, ListComp, span_from(p, first), .elt = e, .generators = elts);
        }
        if (!push(p, e) || !parse_rest_of_list(p, TOKEN_RSQB))
            return NULL;
    }
    if (!pop_nodes(p, base, &elts))
        return NULL;
    return make(p, List, span_from(p, first), .elts = elts);
}

// ---- { … } ----

static Node *parse_set(Parser *p, Node *e, int first)
{
    int base = p->stack_count;
    NodeSeq elts;
    if (at_comprehension(p) && e->kind != AST_Starred) {
        if (!parse_comprehensions(p, &elts) || !expect(p, TOKEN_RBRACE))
            return NULL;
        return make(p, SetComp, span_from(p, first), .elt = e, .generators = elts);
    }
    if (!push(p, e) || !parse_rest_of_list(p, TOKEN_RBRACE) || !pop_nodes(p, base, &elts))
        return NULL;
    return make(p, Set, span_from(p, first), .elts = elts);
}

// '**' bitwise_or | expression ':' expression: pushes key (or null) and value.
static bool parse_dict_item(Parser *p)
{
    if (accept(p, TOKEN_DOUBLESTAR)) {
        Node *value = parse_bitwise_or(p);
        return value && push(p, NULL) && push(p, value);
    }
    Node *key = parse_expression(p);
    if (!key || !expect(p, TOKEN_COLON))
        return false;
    Node *value = parse_expression(p);
    return value && push(p, key) && push(p, value);
}

static Node *finish_dict(Parser *p, int first, int base)
{
    NodeSeq items, keys, values;
    if (!pop_nodes(p, base, &items))
        return NULL;
    keys.count = values.count = items.count / 2;
    size_t room = (size_t)keys.count * sizeof(Node *);
    keys.at = arena_alloc(p->t, p->arena, room);
    values.at = arena_alloc(p->t, p->arena, room);
    if (!keys.at || !values.at)
        return NULL;
    for (int i = 0; i < keys.count; i++) {
        keys.at[i] = items.at[2 * i];
        values.at[i] = items.at[2 * i + 1];
    }
    return make(p, Dict, span_from(p, first), .keys = keys, .values = values);
}

// Pairs up to the '}'. The first one is pushed already.
static Node *parse_rest_of_dict(Parser *p, int first, int base)
{
    while (accept(p, TOKEN_COMMA)) {
        if (at_token(p, TOKEN_RBRACE))
            break;
        if (!parse_dict_item(p))
            return NULL;
    }
    if (!expect(p, TOKEN_RBRACE))
        return NULL;
    return finish_dict(p, first, base);
}

static Node *braces_body(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    if (accept(p, TOKEN_RBRACE))
        return finish_dict(p, first, base);
    if (at_token(p, TOKEN_DOUBLESTAR))
        return parse_dict_item(p) ? parse_rest_of_dict(p, first, base) : NULL;
    Node *e = parse_star_named_expression(p);
    if (!e)
        return NULL;
    if (!at_token(p, TOKEN_COLON) || e->kind == AST_Starred ||
        (e->kind == AST_NamedExpr && !(e->flags & AST_FLAG_PARENS)))
        return parse_set(p, e, first);
    p->at++;
    Node *value = parse_expression(p);
    if (!value)
        return NULL;
    if (at_comprehension(p)) {
        NodeSeq generators;
        if (!parse_comprehensions(p, &generators) || !expect(p, TOKEN_RBRACE))
            return NULL;
        return make(p, DictComp, span_from(p, first), .key = e, .value = value,
                    .generators = generators);
    }
    return push(p, e) && push(p, value) ? parse_rest_of_dict(p, first, base) : NULL;
}

// ---- atoms ----

// A display; when it does not fit, the usual mistakes in it.
static Node *parse_display(Parser *p, Node *(*body)(Parser *), bool (*diagnose)(Parser *))
{
    int first = p->at, base = p->stack_count;
    Node *e = body(p);
    if (e || parse_failed(p))
        return e;
    p->at = first + 1;
    p->stack_count = base;
    bool looking_ahead = p->second && !p->again;
    bool bad = p->tokens[first].type == TOKEN_LBRACE && !looking_ahead && diagnose_dict(p);
    if (p->diagnose && !bad)
        diagnose(p);
    p->at = first;
    return NULL;
}

static Node *parse_singleton(Parser *p, Value value)
{
    int first = p->at++;
    return make(p, Constant, span_from(p, first), .value = value);
}

Node *parse_atom(Parser *p)
{
    switch (peek_type(p)) {
    case TOKEN_NAME: return parse_name_node(p, AST_Load);
    case TOKEN_NUMBER: return parse_number(p);
    case TOKEN_STRING: case TOKEN_FSTRING_START: case TOKEN_TSTRING_START: return parse_strings(p);
    case TOKEN_LPAR: return parse_display(p, parens_body, diagnose_parens);
    case TOKEN_LSQB: return parse_display(p, list_body, diagnose_display);
    case TOKEN_LBRACE: return parse_display(p, braces_body, diagnose_braces);
    case TOKEN_NONE: return parse_singleton(p, NONE);
    case TOKEN_TRUE: return parse_singleton(p, TRUE);
    case TOKEN_FALSE: return parse_singleton(p, FALSE);
    case TOKEN_ELLIPSIS: return parse_singleton(p, ELLIPSIS);
    default: return NULL;
    }
}

// ---- subscripts ----

// [expression] ':' [expression] [':' [expression]]; `lower` was read, or is null.
static Node *parse_slice_tail(Parser *p, Node *lower, int first)
{
    Node *upper = NULL, *step = NULL;
    p->at++;
    if (starts_expression(p) && !at_token(p, TOKEN_STAR) && !(upper = parse_expression(p)))
        return NULL;
    if (accept(p, TOKEN_COLON) && starts_expression(p) && !at_token(p, TOKEN_STAR) &&
        !(step = parse_expression(p)))
        return NULL;
    return make(p, Slice, span_from(p, first), .lower = lower, .upper = upper, .step = step);
}

static Node *parse_slice(Parser *p)
{
    int first = p->at;
    if (at_token(p, TOKEN_STAR)) {
        if (p->diagnose && diagnose_starred(p))
            return NULL;
        p->at++;
        Node *value = parse_expression(p);
        return value ? make(p, Starred, span_from(p, first), .value = value) : NULL;
    }
    if (at_token(p, TOKEN_COLON))
        return parse_slice_tail(p, NULL, first);
    Node *e = parse_named_expression(p);
    bool walrus = e && e->kind == AST_NamedExpr && !(e->flags & AST_FLAG_PARENS);
    return e && at_token(p, TOKEN_COLON) && !walrus ? parse_slice_tail(p, e, first) : e;
}

Node *parse_slices(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *slice = parse_slice(p);
    if (!slice || (!at_token(p, TOKEN_COMMA) && slice->kind != AST_Starred))
        return slice;
    if (!push(p, slice))
        return NULL;
    while (accept(p, TOKEN_COMMA)) {
        if (at_token(p, TOKEN_RSQB))
            break;
        slice = parse_slice(p);
        if (!slice || !push(p, slice))
            return NULL;
    }
    return finish_tuple(p, first, base);
}

// ---- primaries ----

static Node *parse_call(Parser *p, Node *func, int first)
{
    NodeSeq args, keywords;
    p->at++;
    if (!parse_arguments(p, true, &args, &keywords) || !expect(p, TOKEN_RPAR))
        return NULL;
    // A lone generator expression takes the call's parentheses for its own.
    return make(p, Call, span_from(p, first), .func = func, .args = args, .keywords = keywords);
}

static Node *parse_subscript(Parser *p, Node *value, int first)
{
    p->at++;
    Node *slice = parse_slices(p);
    if (!slice || !expect(p, TOKEN_RSQB))
        return NULL;
    return make(p, Subscript, span_from(p, first), .value = value, .slice = slice);
}

static Node *parse_attribute(Parser *p, Node *value, int first)
{
    p->at++;
    Value attr = parse_name(p);
    return attr ? make(p, Attribute, span_from(p, first), .value = value, .attr = attr) : NULL;
}

static Node *primary_body(Parser *p)
{
    int first = p->at;
    Node *e = parse_atom(p);
    while (e) {
        int at = p->at, base = p->stack_count;
        Node *longer;
        switch (peek_type(p)) {
        case TOKEN_DOT: longer = parse_attribute(p, e, first); break;
        case TOKEN_LPAR: longer = parse_call(p, e, first); break;
        case TOKEN_LSQB: longer = parse_subscript(p, e, first); break;
        default: return e;
        }
        if (!longer)
            return settle_for(p, e, at, base);
        e = longer;
    }
    return NULL;
}

Node *parse_primary(Parser *p)
{
    return p->again ? remember(p, MEMO_PRIMARY, primary_body) : primary_body(p);
}
