// parser_fstring.c: f-strings and t-strings: literal text and replacement fields.

#include "frontend/diagnose.h"
#include "frontend/parse.h"

// What the start token says of the whole string.
typedef struct FString {
    int start;       // its token
    char letter;     // 'f' or 't'
    bool raw;
    TokenType middle, end;
} FString;

static FString fstring_of(const Parser *p, int token)
{
    FString f = {.start = token};
    f.letter = p->tokens[token].type == TOKEN_FSTRING_START ? 'f' : 't';
    for (const char *s = p->source.text + p->tokens[token].start; *s != '"' && *s != '\''; s++)
        f.raw |= (*s | 0x20) == 'r';
    f.middle = f.letter == 'f' ? TOKEN_FSTRING_MIDDLE : TOKEN_TSTRING_MIDDLE;
    f.end = f.letter == 'f' ? TOKEN_FSTRING_END : TOKEN_TSTRING_END;
    return f;
}

// Literal text, not decoded yet: `mark` remembers its token.
static Node *parse_middle(Parser *p)
{
    int first = p->at++;
    Node *node = make(p, Constant, span_from(p, first), .value = 0);
    if (node)
        node->mark = (uint32_t)first;
    return node;
}

static bool decode_middle(Parser *p, const FString *f, Node *node)
{
    const Token *token = &p->tokens[node->mark];
    as_Constant(node)->value = decode_text(p, p->source.text + token->start,
                                           token->end - token->start, f->raw, false,
                                           (int)node->mark);
    node->mark = 0;
    return as_Constant(node)->value != 0;
}

static bool is_undecoded(const Node *node)
{
    return node->kind == AST_Constant && !as_Constant(node)->value;
}

// What was pushed since `base`; text is decoded now, behind the string's end, because there CPython
// reports what is wrong with it.
static bool pop_parts(Parser *p, const FString *f, int base, NodeSeq *out)
{
    if (!pop_nodes(p, base, out))
        return false;
    for (int i = 0; i < out->count; i++)
        if (is_undecoded(out->at[i]) && !decode_middle(p, f, out->at[i]))
            return false;
    return true;
}

// ---- conversion ----

// ['!' NAME]: 's', 'r', 'a', or -1 for none; 0 when it does not fit.
static int parse_conversion(Parser *p, const FString *f)
{
    int bang = p->at;
    if (!accept(p, TOKEN_EXCLAMATION))
        return -1;
    if (p->diagnose && diagnose_conversion(p, f->letter))
        return 0;
    if (!expect(p, TOKEN_NAME))
        return 0;
    const Token *mark = &p->tokens[bang], *name = &p->tokens[bang + 1];
    if (mark->end != name->start) {
        raise_at(p, span_between(span_of_token(mark), span_of_token(name)),
                 "%c-string: conversion type must come right after the exclamation mark",
                 f->letter);
        return 0;
    }
    char c = p->source.text[name->start];
    if (name->end - name->start == 1 && (c == 's' || c == 'r' || c == 'a'))
        return c;
    Value text = token_name(p, bang + 1);
    if (text)
        raise_at_token(p, bang + 1,
                       "%c-string: invalid conversion character %R: expected 's', 'r', or 'a'",
                       f->letter, text);
    return 0;
}

// ---- replacement fields ----

static bool push_field(Parser *p, const FString *f, bool nested);

// ':' and what follows, up to the '}'.
static Node *parse_spec(Parser *p, const FString *f)
{
    int colon = p->at++, base = p->stack_count;
    for (;;) {
        TokenType type = peek_type(p);
        if (type == f->middle) {
            Node *text = parse_middle(p);
            if (!text || !decode_middle(p, f, text) || !push(p, text))
                return NULL;
        } else if (type == TOKEN_LBRACE) {
            if (!push_field(p, f, true))
                return NULL;
        } else {
            break;
        }
    }
    NodeSeq values;
    if (!pop_nodes(p, base, &values) || !merge_text(p, &values))
        return NULL;
    return make(p, JoinedStr, span_from(p, colon), .values = values);
}

// Copies source text that lies between tokens, without its comments. Returns the new end of `out`.
static char *copy_gap(char *out, const char *s, const char *end)
{
    while (s < end) {
        if (*s == '#')
            while (s < end && *s != '\n')
                s++;
        else
            *out++ = *s++;
    }
    return out;
}

// The source from the end of token `first` to the start of token `last`, without comments.
static Value source_between(Parser *p, int first, int last)
{
    const char *text = p->source.text;
    uint32_t start = p->tokens[first].end, end = p->tokens[last].start;
    if (!memchr(text + start, '#', end - start))
        return str_from_utf8(p->t, text + start, end - start);
    char *copy = arena_alloc(p->t, p->arena, end - start), *out = copy;
    if (!copy)
        return 0;
    for (int i = first + 1; i <= last; i++) {
        const Token *token = &p->tokens[i];
        out = copy_gap(out, text + token[-1].end, text + token->start);
        if (i < last) {
            memcpy(out, text + token->start, token->end - token->start);
            out += token->end - token->start;
        }
    }
    return str_from_utf8(p->t, copy, (size_t)(out - copy));
}

typedef struct Field {
    int brace;           // token of the '{'
    Node *value, *spec;
    bool debug;          // '=' behind the expression
    int value_end;       // token behind the expression
    int debug_end;       // token behind the '='
    int conversion;
} Field;

static bool parse_field(Parser *p, const FString *f, Field *out)
{
    out->brace = p->at++;
    if (p->diagnose && diagnose_field(p, f->letter))
        return false;
    out->value = parse_yield_or_star_expressions(p);
    if (!out->value)
        return false;
    (void)peek(p);
    out->value_end = p->at;
    out->debug = accept(p, TOKEN_EQUAL);
    (void)peek(p);
    out->debug_end = p->at;
    out->conversion = parse_conversion(p, f);
    if (!out->conversion)
        return false;
    if (at_token(p, TOKEN_COLON) && !(out->spec = parse_spec(p, f)))
        return false;
    if (p->diagnose && !at_token(p, TOKEN_RBRACE) && diagnose_field_end(p, f->letter, out->spec))
        return false;
    return expect(p, TOKEN_RBRACE);
}

// The text of `{value = …}` up to what follows the '=': it is a part of the string.
static bool push_debug_text(Parser *p, const Field *field)
{
    const Token *brace = &p->tokens[field->brace], *next = &p->tokens[field->debug_end];
    AstSpan span = {brace->lineno, brace->end_col_offset, next->lineno, next->col_offset};
    Value text = source_between(p, field->brace, field->debug_end);
    Node *node = text ? make(p, Constant, span, .value = text) : NULL;
    return node && push(p, node);
}

// '{' … '}', pushed: perhaps its text, and the value.
static bool push_field(Parser *p, const FString *f, bool nested)
{
    Field field = {0};
    if (!nest(p))
        return false;
    bool fits = parse_field(p, f, &field);
    unnest(p);
    if (!fits)
        return false;
    AstSpan span = span_from(p, field.brace);
    if (field.debug) {
        if (!push_debug_text(p, &field))
            return false;
        if (field.conversion < 0 && !field.spec)
            field.conversion = 'r';
    }
    Node *node;
    if (f->letter == 't' && !nested) {
        Value text = source_between(p, field.brace, field.value_end);
        node = text ? make(p, Interpolation, span, .value = field.value, .str = text,
                           .conversion = field.conversion, .format_spec = field.spec)
                    : NULL;
    } else {
        node = make(p, FormattedValue, span, .value = field.value, .conversion = field.conversion,
                    .format_spec = field.spec);
    }
    return node && push(p, node);
}

// One f-string or t-string; its texts are not joined yet.
Node *parse_fstring(Parser *p)
{
    FString f = fstring_of(p, p->at);
    int base = p->stack_count;
    p->at++;
    for (;;) {
        TokenType type = peek_type(p);
        if (type == f.end)
            break;
        if (type == f.middle) {
            Node *text = parse_middle(p);
            if (!text || !push(p, text))
                return NULL;
        } else if (type != TOKEN_LBRACE || !push_field(p, &f, false)) {
            return NULL;
        }
    }
    p->at++;
    NodeSeq values;
    if (!pop_parts(p, &f, base, &values))
        return NULL;
    if (f.letter == 't' && !check_version(p, 14, "t-strings are"))
        return NULL;
    if (f.letter == 't')
        return make(p, TemplateStr, span_from(p, f.start), .values = values);
    return make(p, JoinedStr, span_from(p, f.start), .values = values);
}
