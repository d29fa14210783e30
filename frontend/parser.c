// parser.c: the parser's frame: tokens, lists, names, and the way in.

#include "frontend/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <uninorm.h>

#include "src/core/options.h"

// ---- tokens ----

static bool token_room(Parser *p)
{
    if (p->count < p->capacity)
        return true;
    int capacity = p->capacity ? p->capacity * 2 : 256;
    Token *tokens = realloc(p->tokens, (size_t)capacity * sizeof *tokens);
    if (!tokens)
        return false;
    p->tokens = tokens;
    p->capacity = capacity;
    return true;
}

// `# type: ignore` is kept aside.
static bool keep_type_ignore(Parser *p, const Token *token)
{
    Value tag = str_from_utf8(p->t, p->source.text + token->start, token->end - token->start);
    Node *node = tag ? make(p, TypeIgnore, ((AstSpan){0}), .lineno = token->lineno, .tag = tag)
                     : NULL;
    if (!node)
        return false;
    NodeSeq *seq = &p->type_ignores;
    if (seq->count == p->type_ignore_capacity) {
        int capacity = seq->count * 2 + 8;
        Node **grown = arena_alloc(p->t, p->arena, (size_t)capacity * sizeof *grown);
        if (!grown)
            return false;
        if (seq->count)
            memcpy(grown, seq->at, (size_t)seq->count * sizeof *grown);
        seq->at = grown;
        p->type_ignore_capacity = capacity;
    }
    seq->at[seq->count++] = node;
    return true;
}

// Without memory for one more, the last token turns into an error: the parse ends there.
static Token *fill_failed(Parser *p)
{
    static Token broken = {.type = TOKEN_ERRORTOKEN};
    if (!is_pending(p->t))
        memory_error(p->t);
    p->lexer.raised = true;
    return p->count ? &p->tokens[p->count - 1] : &broken;
}

Token *parser_fill(Parser *p)
{
    while (p->count <= p->at) {
        if (!token_room(p))
            return fill_failed(p);
        Token *token = &p->tokens[p->count];
        lexer_next(&p->lexer, token);
        if (token->type == TOKEN_ERRORTOKEN) {
            p->count++;
            raise_lexer_error(p);
        } else if (token->type != TOKEN_TYPE_IGNORE) {
            p->count++;
        }
        else if (!keep_type_ignore(p, token)) {
            return fill_failed(p);
        }
    }
    return &p->tokens[p->at];
}

// Before a top-level statement: forgets the tokens taken, keeps what was read ahead.
static void drop_tokens(Parser *p)
{
    int ahead = p->count - p->at;
    if (ahead > 0)
        memmove(p->tokens, p->tokens + p->at, (size_t)ahead * sizeof *p->tokens);
    p->count = ahead;
    p->at = 0;
}

bool expect_forced(Parser *p, TokenType type)
{
    if (accept(p, type))
        return true;
    if (parse_failed(p) || !p->diagnose)
        return false;
    raise_at_token(p, p->at, "expected '%s'", token_texts[type]);
    return false;
}

bool token_is_word(const Parser *p, const Token *token, const char *word)
{
    size_t n = strlen(word);
    return token->type == TOKEN_NAME && token->end - token->start == n &&
           memcmp(p->source.text + token->start, word, n) == 0;
}

bool at_word(Parser *p, const char *word)
{
    return token_is_word(p, peek(p), word);
}

bool nest_slow(Parser *p)
{
    p->depth--;
    raise(p->t, EXC(MemoryError), "Parser stack overflowed - Python source too complex to compile");
    return false;
}

AstSpan span_of_statement(const Parser *p, int first)
{
    int last = p->at - 1;
    while (last > first) {
        TokenType type = (TokenType)p->tokens[last].type;
        if (type != TOKEN_NEWLINE && type != TOKEN_INDENT && type != TOKEN_DEDENT &&
            type != TOKEN_ENDMARKER)
            break;
        last--;
    }
    return span_between(span_of_token(&p->tokens[first]), span_of_token(&p->tokens[last]));
}

// ---- lists ----

bool stack_grow(Parser *p)
{
    int capacity = p->stack_capacity ? p->stack_capacity * 2 : 256;
    uintptr_t *stack = heap_alloc_root((size_t)capacity * sizeof *stack);
    if (!stack) {
        memory_error(p->t);
        return false;
    }
    if (p->stack) {
        memcpy(stack, p->stack, (size_t)p->stack_count * sizeof *stack);
        heap_free_root(p->stack);
    }
    p->stack = stack;
    p->stack_capacity = capacity;
    return true;
}

static void *pop_words(Parser *p, int base, int32_t *out_count)
{
    int count = p->stack_count - base;
    *out_count = count;
    p->stack_count = base;
    if (!count)
        return &p->type_ignores;   // never read: any address but null
    void *words = arena_alloc(p->t, p->arena, (size_t)count * sizeof(uintptr_t));
    if (words)
        memcpy(words, p->stack + base, (size_t)count * sizeof(uintptr_t));
    return words;
}

bool pop_nodes(Parser *p, int base, NodeSeq *out)
{
    void *words = pop_words(p, base, &out->count);
    out->at = out->count ? words : NULL;
    return words != NULL;
}

bool pop_values(Parser *p, int base, ValueSeq *out)
{
    void *words = pop_words(p, base, &out->count);
    out->at = out->count ? words : NULL;
    return words != NULL;
}

bool one_node(Parser *p, Node *node, NodeSeq *out)
{
    out->count = 1;
    out->at = arena_alloc(p->t, p->arena, sizeof *out->at);
    if (!out->at)
        return false;
    out->at[0] = node;
    return true;
}

// ---- names ----

static bool is_ascii(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static Value intern_name(Parser *p, const char *text, size_t size)
{
    if (is_ascii(text, size))
        return str_intern_utf8(p->t, text, size);
    size_t length = 0;
    uint8_t *normal = u8_normalize(UNINORM_NFKC, (const uint8_t *)text, size, NULL, &length);
    if (!normal)
        return (Value)(uintptr_t)memory_error(p->t);
    static const char *const constants[] = {"None", "True", "False"};
    Value name = 0;
    size_t i = 0;
    while (i < COUNT_OF(constants) && (strlen(constants[i]) != length ||
                                       memcmp(constants[i], normal, length) != 0))
        i++;
    if (i < COUNT_OF(constants))
        raise(p->t, EXC(ValueError), "identifier field can't represent '%s' constant", constants[i]);
    else
        name = str_intern_utf8(p->t, (char *)normal, length);
    free(normal);
    return name;
}

Value token_name(Parser *p, int token)
{
    const char *text = p->source.text + p->tokens[token].start;
    uint32_t size = p->tokens[token].end - p->tokens[token].start;
    uint64_t word = 0;
    memcpy(&word, text, size < 8 ? size : 8);
    uint64_t hash = (word ^ size ^ ((uint64_t)(uint8_t)text[size - 1] << 32)) * 0x9E3779B97F4A7C15u;
    NameEntry *entry = &p->names[hash >> 55];
    static_assert(NAME_CACHE_SIZE == 1 << (64 - 55), "the hash gives nine bits");
    if (entry->size == size && memcmp(entry->text, text, size) == 0)
        return entry->name;
    Value name = intern_name(p, text, size);
    if (name)
        *entry = (NameEntry){text, size, name};
    return name;
}

Value parse_name(Parser *p)
{
    if (!at_token(p, TOKEN_NAME))
        return 0;
    Value name = token_name(p, p->at);
    p->at += name != 0;
    return name;
}

Node *parse_name_node(Parser *p, AstExprContext ctx)
{
    int first = p->at;
    Value id = parse_name(p);
    return id ? make(p, Name, span_from(p, first), .id = id, .ctx = ctx) : NULL;
}

// ---- the way in ----

static Node *parse_module(Parser *p)
{
    int base = p->stack_count;
    while (!at_token(p, TOKEN_ENDMARKER)) {
        if (!p->again)
            drop_tokens(p);
        if (!parse_statement(p))
            return NULL;
    }
    NodeSeq body;
    if (!pop_nodes(p, base, &body))
        return NULL;
    return make(p, Module, ((AstSpan){0}), .body = body, .type_ignores = p->type_ignores);
}

// expression, … — a tuple when there are commas.
static Node *parse_expressions(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *e = parse_expression(p);
    if (!e || !at_token(p, TOKEN_COMMA))
        return e;
    if (!push(p, e))
        return NULL;
    while (accept(p, TOKEN_COMMA) && starts_expression(p) && !at_token(p, TOKEN_STAR)) {
        e = parse_expression(p);
        if (!e || !push(p, e))
            return NULL;
    }
    NodeSeq elts;
    return pop_nodes(p, base, &elts) ? make(p, Tuple, span_from(p, first), .elts = elts) : NULL;
}

static Node *parse_eval(Parser *p)
{
    Node *body = parse_expressions(p);
    if (!body)
        return NULL;
    while (accept(p, TOKEN_NEWLINE))
        ;
    if (!expect(p, TOKEN_ENDMARKER))
        return NULL;
    return make(p, Expression, ((AstSpan){0}), .body = body);
}

// One statement, or an empty line, which counts as `pass`.
static Node *parse_interactive(Parser *p)
{
    int base = p->stack_count, first = p->at;
    if (at_token(p, TOKEN_NEWLINE) || at_token(p, TOKEN_ENDMARKER)) {
        if (at_token(p, TOKEN_ENDMARKER))
            return NULL;   // nothing at all
        p->at++;
        Node *pass = make(p, Pass, span_from(p, first));
        if (!pass || !push(p, pass))
            return NULL;
    } else {
        bool is_compound = false;
        Node *compound = parse_compound(p, &is_compound);
        if (compound ? !push(p, compound) || !expect(p, TOKEN_NEWLINE)
                     : is_compound || parse_failed(p) || !parse_simple_statements(p))
            return NULL;
    }
    NodeSeq body;
    if (!pop_nodes(p, base, &body))
        return NULL;
    return make(p, Interactive, ((AstSpan){0}), .body = body);
}

// func_type: '(' [type_expressions] ')' '->' expression; stars are allowed and dropped.
static bool parse_type_expressions(Parser *p)
{
    while (!at_token(p, TOKEN_RPAR)) {
        if (!accept(p, TOKEN_STAR))
            (void)accept(p, TOKEN_DOUBLESTAR);
        Node *type = parse_expression(p);
        if (!type || !push(p, type))
            return false;
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    return expect(p, TOKEN_RPAR);
}

static Node *parse_function_type(Parser *p)
{
    int base = p->stack_count;
    NodeSeq types;
    if (!expect(p, TOKEN_LPAR) || !parse_type_expressions(p) || !expect(p, TOKEN_RARROW))
        return NULL;
    Node *returns = parse_expression(p);
    if (!returns)
        return NULL;
    while (accept(p, TOKEN_NEWLINE))
        ;
    if (!expect(p, TOKEN_ENDMARKER) || !pop_nodes(p, base, &types))
        return NULL;
    return make(p, FunctionType, ((AstSpan){0}), .argtypes = types, .returns = returns);
}

static Node *parse_start(Parser *p)
{
    switch (p->request->mode) {
    case PARSE_EXEC: return parse_module(p);
    case PARSE_EVAL: return parse_eval(p);
    case PARSE_SINGLE: return parse_interactive(p);
    case PARSE_FUNC_TYPE: return parse_function_type(p);
    }
    return NULL;
}

// Interactive mode takes one statement: only blank lines and comments may follow it.
static bool more_than_one_statement(Parser *p)
{
    if (p->request->mode != PARSE_SINGLE)
        return false;
    const char *s = p->source.text + p->lexer.at;
    for (;; s++) {
        if (*s == '#')
            while (*s && *s != '\n')
                s++;
        if (!*s)
            return false;
        if (*s != ' ' && *s != '\t' && *s != '\n' && *s != '\f')
            return true;
    }
}

// Was the text's end reached, so that more of it might have helped? A last line without its end
// counts, because its last token might have gone on.
static bool is_incomplete(const Parser *p)
{
    const Lexer *lexer = &p->lexer;
    if (!(p->request->flags & PARSE_ALLOW_INCOMPLETE_INPUT))
        return false;
    if (lexer->error.kind != LEX_OK)
        return lexer->error.kind == LEX_EOF || (lexer->hit_end && lexer->error.in_rest);
    return lexer->hit_end ||
           (lexer->at >= lexer->size && lexer->size && lexer->text[lexer->size - 1] != '\n');
}

static Node *parse_again(Parser *p)
{
    if (is_pending(p->t) && !pending_matches(p->t, EXC(SyntaxError)))
        return NULL;
    if (is_incomplete(p)) {
        pending_clear(p->t);
        return raise_incomplete(p);
    }
    int last_token = p->count - 1;
    if (!is_pending(p->t)) {
        p->second = p->again = p->diagnose = true;
        p->memo_capacity = 0;   // what a check in the first parse remembered
        p->lexer.warn = NULL;
        p->at = p->stack_count = p->depth = 0;
        parse_start(p);
    }
    return raise_unfit(p, last_token);
}

static void parser_init(Parser *p, Thread *t, Arena *arena, const ParseRequest *request)
{
    memset(p, 0, sizeof *p);
    p->t = t;
    p->arena = arena;
    p->request = request;
    p->barry = (request->flags & PARSE_BARRY_AS_BDFL) != 0;
}

static void parser_close(Parser *p)
{
    free(p->tokens);
    if (p->stack)
        heap_free_root(p->stack);
}

static unsigned source_flags(const ParseRequest *request)
{
    return (request->mode == PARSE_EXEC ? SOURCE_ADD_NEWLINE : 0u) |
           (request->flags & PARSE_IGNORE_COOKIE ? SOURCE_IGNORE_COOKIE : 0u) |
           (request->flags & PARSE_FROM_FILE ? SOURCE_FROM_FILE : 0u);
}

static void dump_tree(Thread *t, const Node *tree)
{
    Value text = ast_dump(t, tree, 0);
    const char *utf8 = text ? str_utf8(t, text, NULL) : NULL;
    if (utf8)
        dprintf(STDERR_FILENO, "%s\n", utf8);
    pending_clear(t);   // a tree too deep for the dump
}

Node *parse_source(Thread *t, Arena *arena, const ParseRequest *request)
{
    // Large: on the collector's side, because the C stack may be short and holds no Values then.
    Parser *p = heap_alloc_root(sizeof *p);
    if (!p)
        return memory_error(t);
    parser_init(p, t, arena, request);
    Node *tree = NULL;
    if (source_open(t, arena, &p->source, request->text, request->size, request->filename,
                    source_flags(request))) {
        if (switches.DUMP_tokens)
            tokens_dump(&p->source, STDERR_FILENO);
        lexer_init(&p->lexer, &p->source);
        p->lexer.is_single = request->mode == PARSE_SINGLE;
        p->lexer.imply_dedent = !(request->flags & PARSE_DONT_IMPLY_DEDENT);
        p->lexer.type_comments = (request->flags & PARSE_TYPE_COMMENTS) != 0;
        p->lexer.barry = p->barry;
        p->lexer.warn = parser_warn;
        p->lexer.warn_context = p;
        tree = parse_start(p);
        if (!tree)
            parse_again(p);
        else if (more_than_one_statement(p))
            tree = raise_last(p, "multiple statements found while compiling a single statement");
    }
    if (tree && switches.DUMP_ast)
        dump_tree(t, tree);
    parser_close(p);
    heap_free_root(p);
    return tree;
}
