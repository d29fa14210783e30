// parser_import.c: import and from … import.

#include "frontend/diagnose.h"
#include "frontend/parse.h"

// The tokens [first, p->at) spell a dotted name, perhaps with space or comments between them.
static Value join_dotted(Parser *p, int first)
{
    uint32_t start = p->tokens[first].start, end = p->tokens[p->at - 1].end;
    char *text = arena_alloc(p->t, p->arena, end - start + 1);
    if (!text)
        return 0;
    size_t size = 0;
    for (int i = first; i < p->at; i++) {
        if (p->tokens[i].type == TOKEN_DOT) {
            text[size++] = '.';
            continue;
        }
        Value name = token_name(p, i);
        size_t length;
        const char *utf8 = name ? str_utf8(p->t, name, &length) : NULL;
        if (!utf8)
            return 0;
        if (size + length > end - start) {   // NFKC made it longer
            char *grown = arena_alloc(p->t, p->arena, size + length + (end - start) * 2);
            if (!grown)
                return 0;
            memcpy(grown, text, size);
            text = grown;
        }
        memcpy(text + size, utf8, length);
        size += length;
    }
    return str_intern_utf8(p->t, text, size);
}

static Value parse_dotted_name(Parser *p)
{
    int first = p->at;
    do {
        if (!expect(p, TOKEN_NAME))
            return 0;
    } while (accept(p, TOKEN_DOT));
    return p->at == first + 1 ? token_name(p, first) : join_dotted(p, first);
}

// 'as' NAME. False when it does not fit.
static bool parse_import_as(Parser *p, Value *out_name)
{
    *out_name = 0;
    return !accept(p, TOKEN_AS) || (*out_name = parse_name(p)) != 0;
}

Node *parse_import(Parser *p)
{
    int first = p->at++, base = p->stack_count;
    if (p->diagnose && diagnose_import(p, first))
        return NULL;
    do {
        int start = p->at;
        Value asname, name = parse_dotted_name(p);
        if (p->diagnose && name && diagnose_import_as(p))
            return NULL;
        if (!name || !parse_import_as(p, &asname))
            return NULL;
        Node *alias = make(p, alias, span_from(p, start), .name = name, .asname = asname);
        if (!alias || !push(p, alias))
            return NULL;
    } while (accept(p, TOKEN_COMMA));
    NodeSeq names;
    if (!pop_nodes(p, base, &names))
        return NULL;
    return make(p, Import, span_from(p, first), .names = names);
}

static bool push_alias(Parser *p)
{
    int start = p->at;
    Value asname, name = parse_name(p);
    if (p->diagnose && name && diagnose_import_as(p))
        return false;
    if (!name || !parse_import_as(p, &asname))
        return false;
    Node *alias = make(p, alias, span_from(p, start), .name = name, .asname = asname);
    return alias && push(p, alias);
}

static bool push_import_star(Parser *p)
{
    int start = p->at++;
    Value star = str_intern_utf8(p->t, "*", 1);
    Node *alias = star ? make(p, alias, span_from(p, start), .name = star) : NULL;
    return alias && push(p, alias);
}

static bool parse_import_targets(Parser *p)
{
    if (at_token(p, TOKEN_STAR))
        return push_import_star(p);
    bool parens = accept(p, TOKEN_LPAR);
    if (p->diagnose && diagnose_import_targets(p, parens))
        return false;
    if (!push_alias(p))
        return false;
    while (accept(p, TOKEN_COMMA)) {
        if (parens && at_token(p, TOKEN_RPAR))
            break;
        if (p->diagnose && !parens && at_token(p, TOKEN_NEWLINE)) {
            raise_last(p, "trailing comma not allowed without surrounding parentheses");
            return false;
        }
        if (!push_alias(p))
            return false;
    }
    return !parens || expect(p, TOKEN_RPAR);
}

// The one feature that changes the grammar.
static void note_barry(Parser *p, NodeSeq names)
{
    for (int i = 0; i < names.count; i++)
        if (str_equal_cstr(as_alias(names.at[i])->name, "barry_as_FLUFL"))
            p->barry = p->lexer.barry = true;
}

Node *parse_import_from(Parser *p)
{
    int first = p->at++, base = p->stack_count, level = 0;
    for (;;) {
        if (accept(p, TOKEN_DOT))
            level++;
        else if (accept(p, TOKEN_ELLIPSIS))
            level += 3;
        else
            break;
    }
    Value module = 0;
    if ((level == 0 || !at_token(p, TOKEN_IMPORT)) && !(module = parse_dotted_name(p)))
        return NULL;
    if (!expect(p, TOKEN_IMPORT) || !parse_import_targets(p))
        return NULL;
    NodeSeq names;
    if (!pop_nodes(p, base, &names))
        return NULL;
    if (module && !level && str_equal_cstr(module, "__future__"))
        note_barry(p, names);
    return make(p, ImportFrom, span_from(p, first), .module = module, .names = names,
                .level = level);
}
