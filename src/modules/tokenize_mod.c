// tokenize_mod.c: the module _tokenize: the lexer as an iterator of 5-tuples, beneath the library's tokenize.
//
// The source is read to its end at the first step, then tokens are lexed one at a time. A TokenizerIter is guarded by its byte lock only in that
// two threads never lex at once: the second one gets RuntimeError.
#include <stdlib.h>

#include "frontend/lexer.h"
#include "frontend/syntax_error.h"
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/names.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

typedef struct TokenizerIter {
    Object head;
    Value readline, encoding;     // encoding: Str or 0
    bool extra_tokens, started, done;
    uint32_t busy;                // 1 while a thread steps; compare-and-swap
    Arena *arena;                 // foreign; freed by the finaliser
    Source source;
    Lexer *lexer;                 // in the arena
    Value line;                   // Str of the physical lines of the last token
    uint32_t line_start, line_end;   // its bytes; end includes the newline
    int32_t last_lineno;
} TokenizerIter;

static TokenizerIter *as_iter(Value v)
{
    return (TokenizerIter *)v;
}

static void tokenizer_finalize(void *object, void *data)
{
    (void)data;
    TokenizerIter *it = object;
    if (it->arena) {
        arena_close(it->arena);
        free(it->arena);
        it->arena = NULL;
    }
}

static Value tokenizer_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[3];
    BIND_ARGUMENTS(t, "tokenizeriter", "(readline, /, *, encoding=None, extra_tokens)", args, nargs, kwnames, a, return 0);
    int extra = truth(t, a[2]);
    TokenizerIter *it = extra < 0 ? NULL : instance_new(t, cls, 0);
    if (!it)
        return 0;
    it->readline = a[0];
    it->encoding = a[1] && a[1] != NONE ? a[1] : 0;
    it->extra_tokens = extra;
    return value_of(it);
}

// The next line as Str; "" at the end; 0 on error.
static Value read_line(Thread *t, TokenizerIter *it)
{
    Value line = call0(t, it->readline);
    if (!line)
        return pending_clear_if(t, EXC(StopIteration)) ? str_empty : 0;
    if (it->encoding) {
        if (!is_bytes(line))
            return raise(t, EXC(TypeError), "readline() returned a non-bytes object");
        const char *encoding = str_utf8(t, it->encoding, NULL);
        return encoding ? str_decode(t, as_bytes(line)->data, as_bytes(line)->length, encoding, "replace") : 0;
    }
    if (!is_str(line))
        return raise(t, EXC(TypeError), "readline() returned a non-string object");
    return line;
}

static bool open_source(Thread *t, TokenizerIter *it)
{
    StrBuilder text;
    builder_init(&text);
    for (;;) {
        Value line = read_line(t, it);
        if (!line)
            return false;
        if (!as_str(line)->length)
            break;
        if (!builder_str(t, &text, line))
            return false;
    }
    Value whole = builder_finish(t, &text);
    size_t n;
    const char *utf8 = whole ? str_utf8(t, whole, &n) : NULL;
    Value filename = utf8 ? str_from_cstr(t, "<string>") : 0;
    if (!filename)
        return false;
    it->arena = calloc(1, sizeof *it->arena);
    if (!it->arena)
        return raise_no_memory(t);
    arena_open(it->arena);
    heap_set_finalizer(it, tokenizer_finalize, NULL);
    if (!source_open(t, it->arena, &it->source, utf8, n, filename, SOURCE_IGNORE_COOKIE | SOURCE_ADD_NEWLINE))
        return false;
    it->lexer = arena_alloc(t, it->arena, sizeof *it->lexer);
    if (!it->lexer)
        return false;
    lexer_init(it->lexer, &it->source);
    it->lexer->extra_tokens = it->extra_tokens;
    it->started = true;
    return true;
}

// --- positions and lines ---

static size_t characters(const char *s, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)s[i] & 0xc0) != 0x80;
    return count;
}

static int64_t column(const TokenizerIter *it, uint32_t offset)
{
    size_t start = source_line_start(&it->source, offset);
    return (int64_t)characters(it->source.text + start, offset - start);
}

// The physical lines from the one that holds `start` to the one that holds `end`, newline included when the text has it.
// `ends_line`: a newline in front of `end` is the token's own, and its line is the last one.
static Value lines_of(Thread *t, TokenizerIter *it, uint32_t start, uint32_t end, bool ends_line)
{
    const char *text = it->source.text;
    size_t from = source_line_start(&it->source, start), to = end;
    if (!(ends_line && to > from && text[to - 1] == '\n')) {
        while (to < it->source.size && text[to] != '\n')
            to++;
        to += to < it->source.size;
    }
    if (to == it->source.size && it->source.newline_added && to > from)
        to--;
    if (it->line && it->line_start == from && it->line_end == to)
        return it->line;
    it->line = str_from_utf8(t, text + from, to - from);
    it->line_start = (uint32_t)from;
    it->line_end = (uint32_t)to;
    return it->line;
}

static Value raise_lexer_error(Thread *t, const TokenizerIter *it)
{
    const LexError *error = &it->lexer->error;
    if (it->lexer->raised)
        return 0;
    if (error->kind == LEX_EOF)
        return raise(t, EXC(SyntaxError), "unexpected EOF in multi-line statement");
    Type *type = error->kind == LEX_INDENTATION_ERROR ? EXC(IndentationError) : error->kind == LEX_TAB_ERROR ? EXC(TabError) : EXC(SyntaxError);
    size_t start = source_find_line(&it->source, error->lineno);
    Value message = str_from_cstr(t, error->message);
    if (!message)
        return 0;
    AstSpan at = {error->lineno, error->col < 0 ? SPAN_NO_COLUMN : error->col, error->end_lineno, error->end_col < 0 ? SPAN_NO_END : error->end_col};
    syntax_error_raise(t, it->source.filename, type, at, it->source.text + start, source_line_size(&it->source, start), message);
    return 0;
}

// CPython's number of the token: operators are OP with extra tokens, keywords are names.
static int shown_type(const TokenizerIter *it, const Token *token)
{
    int type = token->type;
    if (type > TOKEN_NL)
        return TOKEN_NAME;
    bool is_operator = type >= TOKEN_LPAR && type < TOKEN_OP;
    return it->extra_tokens && is_operator ? TOKEN_OP : type;
}

static Value token_tuple(Thread *t, TokenizerIter *it, const Token *token)
{
    int type = shown_type(it, token);
    int64_t line = token->lineno, end_line = token->end_lineno, col, end_col;
    Value text = str_empty, shown = str_empty;
    uint32_t start = token->start, end = token->end;
    bool at_end = type == TOKEN_ENDMARKER || (type == TOKEN_DEDENT && start >= it->source.size);
    bool has_text = token->has_start || type == TOKEN_NEWLINE || type == TOKEN_NL;
    if (it->source.newline_added && start >= it->source.size - 1 && (type == TOKEN_NEWLINE || type == TOKEN_NL))
        has_text = false;
    if (type == TOKEN_DEDENT)
        start = end;
    col = column(it, start);
    end_col = column(it, end);
    if (type == TOKEN_INDENT && it->extra_tokens) {
        start = (uint32_t)source_line_start(&it->source, end);
        col = 0;
        has_text = true;
    }
    if (has_text && !(type == TOKEN_DEDENT))
        text = str_from_utf8(t, it->source.text + start, end - start);
    if (type == TOKEN_NEWLINE || type == TOKEN_NL) {
        if (!it->extra_tokens) {
            text = str_empty;
            end_col = col;
        } else {
            end_col = col + 1;
        }
        end_line = line;
    }
    if (at_end && it->extra_tokens) {
        line = end_line = it->last_lineno + 1;
        col = end_col = 0;
    } else if (!it->extra_tokens && (type == TOKEN_INDENT || type == TOKEN_DEDENT || at_end)) {
        col = end_col = -1;
    }
    if (!at_end)
        shown = lines_of(t, it, start, end, type == TOKEN_NEWLINE || type == TOKEN_NL);
    if (!at_end && type != TOKEN_DEDENT)
        it->last_lineno = (int32_t)end_line;
    Value from = text && shown ? tuple_pair(t, fixnum(line), fixnum(col)) : 0;
    Value to = from ? tuple_pair(t, fixnum(end_line), fixnum(end_col)) : 0;
    return to ? tuple_of(t, 5, fixnum(type), text, from, to, shown) : 0;
}

static Value step(Thread *t, TokenizerIter *it)
{
    Token token;
    if (it->done)
        return 0;
    if (!it->started && !open_source(t, it)) {
        it->done = true;
        return 0;
    }
    lexer_next(it->lexer, &token);
    if (token.type == TOKEN_ERRORTOKEN) {
        it->done = true;
        return raise_lexer_error(t, it);
    }
    it->done = token.type == TOKEN_ENDMARKER;
    return token_tuple(t, it, &token);
}

static Value tokenizer_next(Thread *t, Value self)
{
    TokenizerIter *it = as_iter(self);
    uint32_t expected = 0;
    if (!__atomic_compare_exchange_n(&it->busy, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return raise(t, EXC(RuntimeError), "TokenizerIter is already being used");
    Value v = step(t, it);
    publish(&it->busy, 0u);
    return v;
}

static Value tokenizer_iter(Thread *t, Value self)
{
    return self;
}

Type type_tokenizer_iter = {
    TYPE_HEAD(tokenizer_iter, "_tokenize.TokenizerIter", &type_object, TokenizerIter),
    .flags = TYPE_IMMUTABLE,
    .slots = {.new = tokenizer_new, .iter = tokenizer_iter, .next = tokenizer_next},
};

static bool exec(Thread *t, Value module)
{
    return module_add_type(t, module, &type_tokenizer_iter);
}

const ModuleDef module_tokenize = {"_tokenize", NULL, NULL, exec};
