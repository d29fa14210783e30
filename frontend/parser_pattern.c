// parser_pattern.c: match statements and their patterns.
//
// `match` and `case` are names anywhere else, so a match statement is tried and given up.

#include "frontend/diagnose.h"
#include "frontend/parse.h"
#include "src/types/number.h"

// ---- literals ----

static bool is_imaginary(const Node *number)
{
    return is_exactly(as_Constant(number)->value, &type_complex);
}

// ['-'] NUMBER
static Node *parse_signed_number(Parser *p)
{
    int first = p->at;
    bool minus = accept(p, TOKEN_MINUS);
    Node *number = parse_number(p);
    if (!number || !minus)
        return number;
    return make(p, UnaryOp, span_from(p, first), .op = AST_USub, .operand = number);
}

// signed_number [('+' | '-') NUMBER]: the second is imaginary, the first is not.
static Node *parse_pattern_number(Parser *p)
{
    int first = p->at;
    Node *real = parse_signed_number(p);
    if (!real || (!at_token(p, TOKEN_PLUS) && !at_token(p, TOKEN_MINUS)))
        return real;
    int op = at_token(p, TOKEN_PLUS) ? AST_Add : AST_Sub;
    p->at++;
    Node *imaginary = parse_number(p);
    if (!imaginary)
        return NULL;
    const Node *digits = real->kind == AST_UnaryOp ? as_UnaryOp(real)->operand : real;
    if (is_imaginary(digits))
        return raise_at(p, digits->at, "real number required in complex literal");
    if (!is_imaginary(imaginary))
        return raise_at(p, imaginary->at, "imaginary number required in complex literal");
    return make(p, BinOp, span_from(p, first), .left = real, .op = op, .right = imaginary);
}

// A literal as an expression; null when none starts here.
static Node *parse_pattern_literal(Parser *p)
{
    switch (peek_type(p)) {
    case TOKEN_NUMBER: case TOKEN_MINUS: return parse_pattern_number(p);
    case TOKEN_STRING: case TOKEN_FSTRING_START: case TOKEN_TSTRING_START: return parse_strings(p);
    default: return NULL;
    }
}

// NAME ('.' NAME)*
static Node *parse_name_or_attribute(Parser *p)
{
    int first = p->at;
    Node *e = parse_name_node(p, AST_Load);
    while (e && accept(p, TOKEN_DOT)) {
        Value attr = parse_name(p);
        e = attr ? make(p, Attribute, span_from(p, first), .value = e, .attr = attr) : NULL;
    }
    return e;
}

// ---- sequences ----

static Node *parse_star_pattern(Parser *p)
{
    int first = p->at++;
    bool wildcard = at_word(p, "_");
    Value name = parse_name(p);
    return name ? make(p, MatchStar, span_from(p, first), .name = wildcard ? 0 : name) : NULL;
}

static Node *parse_maybe_star_pattern(Parser *p)
{
    return at_token(p, TOKEN_STAR) ? parse_star_pattern(p) : parse_pattern(p);
}

// The rest of a sequence whose first pattern was pushed, up to a token that cannot start one.
static bool parse_rest_of_sequence(Parser *p, TokenType close)
{
    while (accept(p, TOKEN_COMMA)) {
        if (at_token(p, close) ||
            (close == TOKEN_COLON && (at_token(p, TOKEN_IF) || at_token(p, TOKEN_NEWLINE))))
            break;
        Node *pattern = parse_maybe_star_pattern(p);
        if (!pattern || !push(p, pattern))
            return false;
    }
    return true;
}

static Node *finish_sequence(Parser *p, int first, int base)
{
    NodeSeq patterns;
    return pop_nodes(p, base, &patterns)
               ? make(p, MatchSequence, span_from(p, first), .patterns = patterns)
               : NULL;
}

static Node *parse_list_pattern(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    if (!at_token(p, TOKEN_RSQB)) {
        Node *pattern = parse_maybe_star_pattern(p);
        if (!pattern || !push(p, pattern) || !parse_rest_of_sequence(p, TOKEN_RSQB))
            return NULL;
    }
    return expect(p, TOKEN_RSQB) ? finish_sequence(p, first, base) : NULL;
}

// A group when there is one pattern without a comma, else a sequence.
static Node *parse_parenthesised_pattern(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    if (accept(p, TOKEN_RPAR))
        return finish_sequence(p, first, base);
    Node *pattern = parse_maybe_star_pattern(p);
    if (!pattern)
        return NULL;
    if (!at_token(p, TOKEN_COMMA))
        return pattern->kind != AST_MatchStar && expect(p, TOKEN_RPAR) ? pattern : NULL;
    if (!push(p, pattern) || !parse_rest_of_sequence(p, TOKEN_RPAR) || !expect(p, TOKEN_RPAR))
        return NULL;
    return finish_sequence(p, first, base);
}

// ---- mappings ----

static Node *parse_mapping_key(Parser *p)
{
    int first = p->at;
    switch (peek_type(p)) {
    case TOKEN_NONE: p->at++; return make(p, Constant, span_from(p, first), .value = NONE);
    case TOKEN_TRUE: p->at++; return make(p, Constant, span_from(p, first), .value = TRUE);
    case TOKEN_FALSE: p->at++; return make(p, Constant, span_from(p, first), .value = FALSE);
    case TOKEN_NAME: {
        Node *e = parse_name_or_attribute(p);
        return e && e->kind == AST_Attribute ? e : NULL;
    }
    default: return parse_pattern_literal(p);
    }
}

static Node *parse_mapping_pattern(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    Value rest = 0;
    while (!at_token(p, TOKEN_RBRACE) && !rest) {
        if (accept(p, TOKEN_DOUBLESTAR)) {
            if (at_word(p, "_") || !(rest = parse_name(p)))
                return NULL;
        } else {
            Node *key = parse_mapping_key(p);
            if (!key || !expect(p, TOKEN_COLON))
                return NULL;
            Node *pattern = parse_pattern(p);
            if (!pattern || !push(p, key) || !push(p, pattern))
                return NULL;
        }
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    NodeSeq pairs, keys, patterns;
    if (!expect(p, TOKEN_RBRACE) || !pop_nodes(p, base, &pairs))
        return NULL;
    keys.count = patterns.count = pairs.count / 2;
    keys.at = arena_alloc(p->t, p->arena, (size_t)pairs.count * sizeof(Node *) + 1);
    if (!keys.at)
        return NULL;
    patterns.at = keys.at + keys.count;
    for (int i = 0; i < keys.count; i++) {
        keys.at[i] = pairs.at[2 * i];
        patterns.at[i] = pairs.at[2 * i + 1];
    }
    return make(p, MatchMapping, span_from(p, first), .keys = keys, .patterns = patterns,
                .rest = rest);
}

// ---- classes ----

typedef struct ClassPattern {
    NodeSeq patterns, kwd_patterns;
    ValueSeq kwd_attrs;
} ClassPattern;

static bool parse_positional_patterns(Parser *p, ClassPattern *out)
{
    int base = p->stack_count;
    while (!at_token(p, TOKEN_RPAR) &&
           !(at_token(p, TOKEN_NAME) && peek_second(p) == TOKEN_EQUAL)) {
        Node *pattern = parse_pattern(p);
        if (!pattern || !push(p, pattern))
            return false;
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    return pop_nodes(p, base, &out->patterns);
}

// NAME '=' pattern, …: names and patterns in pairs on the stack.
static bool parse_keyword_patterns(Parser *p, ClassPattern *out)
{
    int base = p->stack_count;
    while (!at_token(p, TOKEN_RPAR)) {
        Value name = parse_name(p);
        if (!name || !expect(p, TOKEN_EQUAL))
            return false;
        Node *pattern = parse_pattern(p);
        if (!pattern || !push_value(p, name) || !push(p, pattern))
            return false;
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    int count = (p->stack_count - base) / 2;
    out->kwd_attrs = (ValueSeq){count, arena_alloc(p->t, p->arena, (size_t)count * 8 + 1)};
    out->kwd_patterns = (NodeSeq){count, arena_alloc(p->t, p->arena, (size_t)count * 8 + 1)};
    if (!out->kwd_attrs.at || !out->kwd_patterns.at)
        return false;
    for (int i = 0; i < count; i++) {
        out->kwd_attrs.at[i] = (Value)p->stack[base + 2 * i];
        out->kwd_patterns.at[i] = (Node *)p->stack[base + 2 * i + 1];
    }
    p->stack_count = base;
    return true;
}

static Node *parse_class_pattern(Parser *p, Node *cls, int first)
{
    ClassPattern it = {0};
    p->at++;
    if (p->diagnose && diagnose_class_pattern(p))
        return NULL;
    bool comma = true;
    if (!parse_positional_patterns(p, &it))
        return NULL;
    if (it.patterns.count)
        comma = p->tokens[p->at - 1].type == TOKEN_COMMA;
    if (comma && !parse_keyword_patterns(p, &it))
        return NULL;
    if (!expect(p, TOKEN_RPAR))
        return NULL;
    return make(p, MatchClass, span_from(p, first), .cls = cls, .patterns = it.patterns,
                .kwd_attrs = it.kwd_attrs, .kwd_patterns = it.kwd_patterns);
}

// ---- patterns ----

static Node *parse_name_pattern(Parser *p)
{
    int first = p->at;
    bool wildcard = at_word(p, "_");
    Node *e = parse_name_or_attribute(p);
    if (!e)
        return NULL;
    if (at_token(p, TOKEN_LPAR))
        return parse_class_pattern(p, e, first);
    if (e->kind == AST_Attribute)
        return make(p, MatchValue, e->at, .value = e);
    if (at_token(p, TOKEN_EQUAL))
        return NULL;
    return make(p, MatchAs, e->at, .name = wildcard ? 0 : as_Name(e)->id);
}

static Node *parse_singleton_pattern(Parser *p, Value value)
{
    int first = p->at++;
    return make(p, MatchSingleton, span_from(p, first), .value = value);
}

static Node *parse_closed_pattern(Parser *p)
{
    switch (peek_type(p)) {
    case TOKEN_NAME: return parse_name_pattern(p);
    case TOKEN_NONE: return parse_singleton_pattern(p, NONE);
    case TOKEN_TRUE: return parse_singleton_pattern(p, TRUE);
    case TOKEN_FALSE: return parse_singleton_pattern(p, FALSE);
    case TOKEN_LPAR: return parse_parenthesised_pattern(p);
    case TOKEN_LSQB: return parse_list_pattern(p);
    case TOKEN_LBRACE: return parse_mapping_pattern(p);
    default: break;
    }
    int first = p->at;
    Node *value = parse_pattern_literal(p);
    return value ? make(p, MatchValue, span_from(p, first), .value = value) : NULL;
}

static Node *parse_or_pattern(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *pattern = parse_closed_pattern(p);
    if (!pattern || !at_token(p, TOKEN_VBAR))
        return pattern;
    if (!push(p, pattern))
        return NULL;
    while (accept(p, TOKEN_VBAR)) {
        pattern = parse_closed_pattern(p);
        if (!pattern || !push(p, pattern))
            return NULL;
    }
    NodeSeq patterns;
    if (!pop_nodes(p, base, &patterns))
        return NULL;
    return make(p, MatchOr, span_from(p, first), .patterns = patterns);
}

static Node *pattern_body(Parser *p)
{
    int first = p->at;
    Node *pattern = parse_or_pattern(p);
    if (!pattern || !accept(p, TOKEN_AS))
        return pattern;
    if (p->diagnose && diagnose_as_pattern(p))
        return NULL;
    if (at_word(p, "_"))
        return NULL;
    Value name = parse_name(p);
    if (!name || at_token(p, TOKEN_DOT) || at_token(p, TOKEN_LPAR) || at_token(p, TOKEN_EQUAL))
        return NULL;
    return make(p, MatchAs, span_from(p, first), .pattern = pattern, .name = name);
}

Node *parse_pattern(Parser *p)
{
    if (!nest(p))
        return NULL;
    Node *pattern = pattern_body(p);
    unnest(p);
    return pattern;
}

// What stands behind `case`: a pattern, or several with commas and no brackets.
static Node *parse_patterns(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *pattern = parse_maybe_star_pattern(p);
    if (!pattern || (!at_token(p, TOKEN_COMMA) && pattern->kind != AST_MatchStar))
        return pattern;
    if (!at_token(p, TOKEN_COMMA) || !push(p, pattern) || !parse_rest_of_sequence(p, TOKEN_COLON))
        return NULL;
    return finish_sequence(p, first, base);
}

// ---- match ----

static Node *parse_case(Parser *p)
{
    int first = p->at++;
    NodeSeq body;
    Node *pattern = parse_patterns(p), *guard = NULL;
    if (!pattern || (accept(p, TOKEN_IF) && !(guard = parse_named_expression(p))))
        return NULL;
    if ((p->diagnose && diagnose_colon(p)) || !expect(p, TOKEN_COLON))
        return NULL;
    if ((p->diagnose && diagnose_missing_block(p, first, "'case' statement")) ||
        !parse_block(p, &body))
        return NULL;
    return make(p, match_case, ((AstSpan){0}), .pattern = pattern, .guard = guard, .body = body);
}

// star_named_expression ',' … | named_expression
static Node *parse_subject(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *e = parse_star_named_expression(p);
    if (!e || (!at_token(p, TOKEN_COMMA) && e->kind != AST_Starred))
        return e;
    if (!at_token(p, TOKEN_COMMA) || !push(p, e))
        return NULL;
    while (accept(p, TOKEN_COMMA) && starts_expression(p)) {
        e = parse_star_named_expression(p);
        if (!e || !push(p, e))
            return NULL;
    }
    NodeSeq elts;
    return pop_nodes(p, base, &elts) ? make(p, Tuple, span_from(p, first), .elts = elts) : NULL;
}

static Node *match_body(Parser *p, int first)
{
    int base = p->stack_count;
    NodeSeq cases;
    if (!starts_expression(p))
        return NULL;
    Node *subject = parse_subject(p);
    if (!subject)
        return NULL;
    if (p->diagnose && diagnose_match(p, first))
        return NULL;
    if (!accept(p, TOKEN_COLON) || !accept(p, TOKEN_NEWLINE) || !accept(p, TOKEN_INDENT))
        return NULL;
    if (!at_word(p, "case"))
        return NULL;
    do {
        Node *one = parse_case(p);
        if (!one || !push(p, one))
            return NULL;
    } while (at_word(p, "case"));
    if (!expect(p, TOKEN_DEDENT) || !pop_nodes(p, base, &cases) ||
        !check_version(p, 10, "Pattern matching is"))
        return NULL;
    return make(p, Match, span_of_statement(p, first), .subject = subject, .cases = cases);
}

Node *parse_match(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    Node *match = match_body(p, first);
    if (!match) {
        p->at = first;
        p->stack_count = base;
    }
    return match;
}
