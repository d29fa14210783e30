// parse.h: what the parser's files share.
//
// A hand-written recursive descent parser. Every parse_* function stands at its first token, moves
// past what it accepts and returns the node, or null. Null means "does not fit": either an exception
// is pending (memory, a special SyntaxError), or none is, and then the furthest token read is the
// one to blame. Callers never look at more tokens than the grammar needs, so that this holds.
//
// A file is parsed without thought for good messages first. When that fails, the failing top-level
// statement is parsed once more (`again`), and only then are the diagnose_* checks made: they know
// the usual mistakes. This second parse may go back and try again; results are remembered (memo), so
// that it stays linear. What is remembered also decides which mistake is noticed first, so the rules
// that remember are those that do in CPython.
//
// Tokens of the current top-level statement are kept; earlier ones are dropped.
#pragma once

#include "frontend/lexer.h"
#include "frontend/parser.h"
#include "src/core/error.h"
#include "src/types/str.h"

// Nested constructs: what CPython's own parser stack allows, about. The C stack is checked as well.
enum { PARSE_MAX_DEPTH = 3000 };

// Names seen lately, to their interned strings: most names of a file occur many times.
enum { NAME_CACHE_SIZE = 512 };

typedef struct NameEntry {
    const char *text;   // in the source
    uint32_t size;
    Value name;         // also held by some node; the cache itself need not be scanned
} NameEntry;

typedef enum MemoRule {
    MEMO_EXPRESSION,
    MEMO_DISJUNCTION,
    MEMO_NAMED,
    MEMO_BITWISE_OR,
    MEMO_PRIMARY,
    MEMO_STAR_EXPRESSIONS,
    MEMO_STRINGS,
} MemoRule;

// What a rule gave at a token; only while diagnosing.
typedef struct Memo {
    struct Memo *next;
    MemoRule rule;
    int end;      // the token behind it
    Node *node;   // null: does not fit
} Memo;

typedef struct Parser {
    Thread *t;
    Arena *arena;
    const ParseRequest *request;
    Source source;
    Lexer lexer;
    Token *tokens;        // malloc: tokens hold no references
    int at;               // index of the next token
    int count;            // tokens read so far
    int capacity;
    int depth;
    uint32_t warned_to;   // escapes before this offset were warned of
    bool second;          // the second parse has begun
    bool again;           // the second parse: remembers, and takes what fits when more does not
    bool diagnose;        // in the second parse: checks for mistakes
    bool barry;           // `<>` and not `!=`: the flag, or the __future__ import
    Memo **memos;         // by token index, while diagnosing
    int memo_capacity;
    uintptr_t *stack;     // lists under construction: nodes and Values; scanned memory
    int stack_count, stack_capacity;
    NodeSeq type_ignores;
    int type_ignore_capacity;
    NameEntry names[NAME_CACHE_SIZE];
} Parser;

// ---- tokens ----

// Reads one more token. Never null.
Token *parser_fill(Parser *p);

static inline const Token *peek(Parser *p)
{
    return likely(p->at < p->count) ? &p->tokens[p->at] : parser_fill(p);
}

static inline TokenType peek_type(Parser *p)
{
    return (TokenType)peek(p)->type;
}

// The token after the next one.
static inline TokenType peek_second(Parser *p)
{
    peek(p);
    p->at++;
    TokenType type = peek_type(p);
    p->at--;
    return type;
}

static inline bool at_token(Parser *p, TokenType type)
{
    return peek_type(p) == type;
}

static inline bool accept(Parser *p, TokenType type)
{
    if (peek_type(p) != type)
        return false;
    p->at++;
    return true;
}

// A token that the grammar demands here. A function of its own name for reading's sake.
static inline MUST_CHECK bool expect(Parser *p, TokenType type)
{
    return accept(p, type);
}

// A token without which nothing else can follow: raises "expected ':'".
MUST_CHECK bool expect_forced(Parser *p, TokenType type);

static inline bool parse_failed(const Parser *p)
{
    return p->t->exception != 0;
}

// True when the next token is the name `word`, a soft keyword.
bool at_word(Parser *p, const char *word);
bool token_is_word(const Parser *p, const Token *token, const char *word);

// ---- nesting ----

// False with MemoryError pending.
MUST_CHECK bool nest_slow(Parser *p);
static inline MUST_CHECK bool nest(Parser *p)
{
    if (unlikely(++p->depth > PARSE_MAX_DEPTH ||
                 (char *)__builtin_frame_address(0) < p->t->c_stack_limit))
        return nest_slow(p);
    return true;
}

static inline void unnest(Parser *p)
{
    p->depth--;
}

// In the second parse: back to `at`, where `node` was complete, because what followed did not fit.
static inline Node *settle_for(Parser *p, Node *node, int at, int stack_count)
{
    if (!p->again || p->t->exception)
        return NULL;
    p->at = at;
    p->stack_count = stack_count;
    return node;
}

// ---- positions ----

// From token `first` to the last one taken.
static inline AstSpan span_from(const Parser *p, int first)
{
    const Token *a = &p->tokens[first], *b = &p->tokens[p->at - 1];
    return (AstSpan){a->lineno, a->col_offset, b->end_lineno, b->end_col_offset};
}

// The same for statements: line ends and DEDENTs behind do not belong to them.
AstSpan span_of_statement(const Parser *p, int first);

static inline AstSpan span_of_token(const Token *a)
{
    return (AstSpan){a->lineno, a->col_offset, a->end_lineno, a->end_col_offset};
}

static inline AstSpan span_between(AstSpan a, AstSpan b)
{
    return (AstSpan){a.lineno, a.col_offset, b.end_lineno, b.end_col_offset};
}

// ---- nodes and lists ----

// Node *n = make(p, If, span, .test = e);
#define make(p, Kind, span, ...) ast_new((p)->t, (p)->arena, Kind, span, ##__VA_ARGS__)

MUST_CHECK bool stack_grow(Parser *p);
static inline MUST_CHECK bool push(Parser *p, const void *node)
{
    if (unlikely(p->stack_count == p->stack_capacity) && !stack_grow(p))
        return false;
    p->stack[p->stack_count++] = (uintptr_t)node;
    return true;
}

static inline MUST_CHECK bool push_value(Parser *p, Value v)
{
    return push(p, (const void *)v);
}

// Takes everything pushed since stack_count was `base`. False: no memory.
MUST_CHECK bool pop_nodes(Parser *p, int base, NodeSeq *out);
MUST_CHECK bool pop_values(Parser *p, int base, ValueSeq *out);

// A list of one.
MUST_CHECK bool one_node(Parser *p, Node *node, NodeSeq *out);

// ---- names ----

// The identifier that a NAME token spells (NFKC), interned. 0 with an exception pending.
Value token_name(Parser *p, int token);
// Takes a NAME. 0: there is none, or an exception is pending.
Value parse_name(Parser *p);
Node *parse_name_node(Parser *p, AstExprContext ctx);

// ---- older versions ----

// ast.parse(feature_version=(3, n)): raises "<what> only supported in Python 3.<minor> and greater" when
// n < minor. False then; never called in the way of ordinary parsing but for rare constructs.
MUST_CHECK bool check_version(Parser *p, int minor, const char *what);

// ---- the grammar, by file ----

// parser_stmt.c
MUST_CHECK bool parse_statements(Parser *p, TokenType until, NodeSeq *out);
MUST_CHECK bool parse_statement(Parser *p);          // pushes one statement or more
Node *parse_simple_statement(Parser *p);
MUST_CHECK bool parse_simple_statements(Parser *p);  // a line of them, pushed
MUST_CHECK bool parse_block(Parser *p, NodeSeq *out);
bool parse_type_comment(Parser *p, Value *out);     // 0 when there is none; false with an exception pending

// parser_compound.c
Node *parse_compound(Parser *p, bool *out_is_compound);

// parser_def.c
Node *parse_decorated(Parser *p);
Node *parse_function(Parser *p, NodeSeq decorators, int first, bool is_async);
Node *parse_class(Parser *p, NodeSeq decorators);
Node *parse_parameters(Parser *p, bool is_lambda);   // arguments
MUST_CHECK bool parse_type_params(Parser *p, NodeSeq *out);

// parser_import.c
Node *parse_import(Parser *p);
Node *parse_import_from(Parser *p);

// parser_expr.c
Node *parse_expression(Parser *p);
Node *parse_expression_unchecked(Parser *p);   // not remembered
Node *parse_disjunction(Parser *p);
Node *parse_comparison(Parser *p);
Node *parse_bitwise_or(Parser *p);
Node *parse_named_expression(Parser *p);
Node *parse_argument_expression(Parser *p);    // the same with other diagnoses
Node *parse_star_expression(Parser *p);        // '*' bitwise_or | expression
Node *parse_star_expressions(Parser *p);       // a tuple when there are commas
Node *parse_star_named_expression(Parser *p);  // '*' bitwise_or | named_expression
Node *parse_yield(Parser *p);
Node *parse_yield_or_star_expressions(Parser *p);
Node *parse_factor(Parser *p);
bool starts_expression(Parser *p);             // can the next token start one (or a '*')?

// parser_atom.c
Node *parse_primary(Parser *p);
Node *parse_atom(Parser *p);
Node *parse_number(Parser *p);
Node *parse_slices(Parser *p);
MUST_CHECK bool parse_comprehensions(Parser *p, NodeSeq *out);
bool at_comprehension(Parser *p);

// parser_args.c
// `is_call`: a lone generator expression may share the brackets.
MUST_CHECK bool parse_arguments(Parser *p, bool is_call, NodeSeq *out_args, NodeSeq *out_keywords);

// parser_pattern.c
Node *parse_pattern(Parser *p);
Node *parse_match(Parser *p);                  // null without an exception: not a match statement

// parser_string.c, parser_fstring.c
Node *parse_strings(Parser *p);
Node *parse_fstring(Parser *p);                // one, its values unmerged
MUST_CHECK bool merge_text(Parser *p, NodeSeq *values);
Value decode_text(Parser *p, const char *s, size_t size, bool raw, bool bytes, int token);

// parser_target.c
MUST_CHECK bool make_target(Parser *p, Node *node, AstExprContext ctx);
// Store targets, in which there are no operators; a tuple when there are commas.
Node *parse_star_targets(Parser *p);
Node *parse_star_target(Parser *p);
typedef enum TargetKind { STAR_TARGETS, DEL_TARGETS, FOR_TARGETS } TargetKind;
Node *find_invalid_target(Node *node, TargetKind kind);   // null: all fit
const char *expr_name(const Node *node);                  // "function call", as messages call it

// ---- errors (parser_errors.c) ----

// All raise SyntaxError and return null. Ranges are bytes, as in the tree.
void *raise_at(Parser *p, AstSpan at, const char *format, ...);
void *raise_at_token(Parser *p, int token, const char *format, ...);
void *raise_last(Parser *p, const char *format, ...);            // at the last token read
void *raise_next(Parser *p, const char *format, ...);            // at the next token
void *raise_from(Parser *p, AstSpan start, const char *format, ...);   // up to the last token read
void *raise_indent(Parser *p, const char *format, ...);          // IndentationError at the last token
void *raise_incomplete(Parser *p);                 // _IncompleteInputError at the last token
void *raise_unfit(Parser *p, int last_token);      // the parse failed: says why
bool parser_warn(void *parser, int lineno, const char *message);   // LexWarn
// `text`: what stands behind the backslash. False when the warning became an error.
bool warn_about_escape(Parser *p, AstSpan at, const char *text, size_t size, bool octal);
void *raise_lexer_error(Parser *p);
