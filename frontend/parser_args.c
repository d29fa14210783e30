// parser_args.c: the arguments of a call or a class definition.
//
// Positional ones and *iterables come before keyword=value; after that *iterables may still come,
// until the first **mapping; after it only keywords.

#include "frontend/diagnose.h"
#include "frontend/parse.h"

typedef struct ArgumentLists {
    Node **args;
    int args_count;
    bool seen_keyword, seen_mapping;
} ArgumentLists;

static Node *parse_keyword(Parser *p)
{
    int first = p->at;
    if (accept(p, TOKEN_DOUBLESTAR)) {
        Node *value = parse_expression(p);
        return value ? make(p, keyword, span_from(p, first), .value = value) : NULL;
    }
    Value arg = parse_name(p);
    if (!arg)
        return NULL;
    p->at++;   // '='
    Node *value = parse_expression(p);
    return value ? make(p, keyword, span_from(p, first), .arg = arg, .value = value) : NULL;
}

static Node *parse_starred_argument(Parser *p)
{
    if (p->diagnose && diagnose_starred(p))
        return NULL;
    int first = p->at++;
    Node *value = parse_expression(p);
    return value ? make(p, Starred, span_from(p, first), .value = value) : NULL;
}

// A lone `x for x in y`: the brackets are the call's, and belong to its position. `open` is theirs.
static Node *parse_bare_generator(Parser *p, Node *elt, int open)
{
    NodeSeq generators;
    if (!parse_comprehensions(p, &generators) || !at_token(p, TOKEN_RPAR))
        return NULL;
    p->at++;
    AstSpan span = span_from(p, open);
    p->at--;
    return make(p, GeneratorExp, span, .elt = elt, .generators = generators);
}

// Keywords wait on the stack as (1, node), arguments as (0, node), and are sorted out at the end.
static bool push_argument(Parser *p, Node *node, bool is_keyword)
{
    return push(p, (void *)(uintptr_t)is_keyword) && push(p, node);
}

static bool split_arguments(Parser *p, int base, NodeSeq *out_args, NodeSeq *out_keywords)
{
    int keywords = 0, total = (p->stack_count - base) / 2;
    for (int i = base; i < p->stack_count; i += 2)
        keywords += p->stack[i] != 0;
    Node **room = total ? arena_alloc(p->t, p->arena, (size_t)total * sizeof *room) : NULL;
    if (total && !room)
        return false;
    *out_args = (NodeSeq){0, room};
    *out_keywords = (NodeSeq){0, room + (total - keywords)};
    for (int i = base; i < p->stack_count; i += 2) {
        NodeSeq *seq = p->stack[i] ? out_keywords : out_args;
        seq->at[seq->count++] = (Node *)p->stack[i + 1];
    }
    p->stack_count = base;
    return true;
}

// One argument, pushed. `*keywords`: 0 none so far, 1 name=value, 2 **mapping.
static bool parse_argument(Parser *p, int open, int *keywords)
{
    TokenType type = peek_type(p);
    if (type == TOKEN_DOUBLESTAR || (type == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL)) {
        *keywords = type == TOKEN_DOUBLESTAR ? 2 : *keywords ? *keywords : 1;
        Node *keyword = parse_keyword(p);
        return keyword && push_argument(p, keyword, true);
    }
    if (type == TOKEN_STAR) {
        Node *starred = *keywords < 2 ? parse_starred_argument(p) : NULL;
        return starred && push_argument(p, starred, false);
    }
    if (*keywords)
        return false;
    bool alone = p->at == open + 1;
    Node *e = parse_argument_expression(p);
    if (e && alone && at_comprehension(p))
        e = parse_bare_generator(p, e, open);
    return e && push_argument(p, e, false);
}

// Between the brackets of a call, of which the first was taken.
bool parse_arguments(Parser *p, bool is_call, NodeSeq *out_args, NodeSeq *out_keywords)
{
    int base = p->stack_count, open = p->at - 1, keywords = 0;
    if (p->diagnose && diagnose_arguments(p))
        return false;
    while (!at_token(p, TOKEN_RPAR)) {
        if (!parse_argument(p, is_call ? open : -1, &keywords))
            return false;
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    return split_arguments(p, base, out_args, out_keywords);
}
