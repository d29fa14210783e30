// parser_errors.c: raising syntax errors with their positions, and saying why a parse failed.

#include "frontend/diagnose.h"
#include "frontend/parse.h"
#include "frontend/syntax_error.h"
#include "frontend/warn_syntax.h"

// ---- positions ----

// The source line that CPython shows: for the line the lexer is in, its whole buffer; for an earlier
// one that line alone, without its end.
static void raise_shown(Parser *p, Type *kind, AstSpan at, bool bare_line, Value message)
{
    const Source *source = &p->source;
    int here, col;
    lexer_here(&p->lexer, &here, &col);
    size_t start = source_find_line(source, at.lineno), end = start + source_line_size(source, start);
    if (!bare_line && here <= at.lineno) {
        if (end < source->size)
            end++;
        if (p->lexer.error.in_rest)
            end = source->size;
    }
    syntax_error_raise(p->t, source->filename, kind, at, source->text + start, end - start, message);
}

static void *raise_range_va(Parser *p, Type *kind, AstSpan at, const char *format, va_list args)
{
    if (is_pending(p->t))
        return NULL;
    Value message = str_format_va(p->t, format, args);
    if (message)
        raise_shown(p, kind, at, false, message);
    return NULL;
}

void *raise_at(Parser *p, AstSpan at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_range_va(p, EXC(SyntaxError), at, format, args);
    va_end(args);
    return NULL;
}

void *raise_at_token(Parser *p, int token, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    AstSpan at = span_of_token(&p->tokens[token]);
    if (!p->tokens[token].has_start)
        at.col_offset = at.end_col_offset = SPAN_NO_END;
    raise_range_va(p, EXC(SyntaxError), at, format, args);
    va_end(args);
    return NULL;
}

// Tokens without text (INDENT, the end) stand where the lexer stands, and have no end.
static AstSpan span_of_error(const Parser *p, const Token *token)
{
    AstSpan span = span_of_token(token);
    if (!token->has_start) {
        lexer_here(&p->lexer, &span.lineno, &span.col_offset);
        span.end_lineno = span.lineno;
        span.col_offset--;
        span.end_col_offset = SPAN_NO_COLUMN;
    }
    return span;
}

static AstSpan span_of_last(const Parser *p)
{
    return span_of_error(p, &p->tokens[p->count - 1]);
}

void *raise_next(Parser *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_range_va(p, EXC(SyntaxError), span_of_error(p, peek(p)), format, args);
    va_end(args);
    return NULL;
}

void *raise_last(Parser *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_range_va(p, EXC(SyntaxError), span_of_last(p), format, args);
    va_end(args);
    return NULL;
}

void *raise_incomplete(Parser *p)
{
    Value message = str_from_cstr(p->t, "incomplete input");
    if (message)
        raise_shown(p, EXC(_IncompleteInputError), span_of_last(p), false, message);
    return NULL;
}

void *raise_indent(Parser *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_range_va(p, EXC(IndentationError), span_of_last(p), format, args);
    va_end(args);
    return NULL;
}

void *raise_from(Parser *p, AstSpan start, const char *format, ...)
{
    AstSpan at = start;
    if (!p->tokens[p->count - 1].has_start && start.col_offset == span_of_last(p).col_offset + 1)
        at.col_offset = SPAN_NO_END;   // it stands at a token without text
    lexer_here(&p->lexer, &at.end_lineno, &at.end_col_offset);
    at.end_col_offset--;
    va_list args;
    va_start(args, format);
    raise_range_va(p, EXC(SyntaxError), at, format, args);
    va_end(args);
    return NULL;
}

// ---- the lexer's errors ----

static void raise_unclosed(Parser *p)
{
    const OpenBracket *open = &p->lexer.brackets[p->lexer.level - 1];
    raise_at(p, (AstSpan){open->lineno, open->col, open->lineno, SPAN_NO_END},
             "'%c' was never closed", open->opener);
}

void *raise_lexer_error(Parser *p)
{
    const LexError *error = &p->lexer.error;
    if (is_pending(p->t))
        return NULL;
    if (error->kind == LEX_EOF && p->lexer.level > 0) {
        raise_unclosed(p);
        return NULL;
    }
    Type *kind = error->kind == LEX_INDENTATION_ERROR ? EXC(IndentationError)
                 : error->kind == LEX_TAB_ERROR       ? EXC(TabError)
                                                      : EXC(SyntaxError);
    Value message = str_from_cstr(p->t, error->message);
    AstSpan at = {error->lineno, error->col, error->end_lineno, error->end_col};
    if (message)
        raise_shown(p, kind, at, error->bare_line, message);
    return NULL;
}

// An error in a later token matters more than a syntax error that was found: an unclosed bracket or
// string is often the cause. The pending error stays when the rest is fine.
static void check_rest(Parser *p)
{
    Value found = pending_take(p->t);
    int line = p->tokens[p->count - 1].lineno;
    Token token;
    do
        lexer_next(&p->lexer, &token);
    while (token.type != TOKEN_ENDMARKER && token.type != TOKEN_ERRORTOKEN);
    if (token.type == TOKEN_ERRORTOKEN) {
        if (p->lexer.error.bare_line && !p->lexer.error.in_string)
            raise_lexer_error(p);
        else if (!p->lexer.error.in_string && p->lexer.level > 0 && line > p->lexer.brackets[p->lexer.level - 1].lineno)
            raise_unclosed(p);
    }
    if (!is_pending(p->t))
        pending_set(p->t, found);
}

void *raise_unfit(Parser *p, int last_token)
{
    if (is_pending(p->t)) {
        if (p->lexer.error.kind == LEX_OK && pending_matches(p->t, EXC(SyntaxError)))
            check_rest(p);
        return NULL;
    }
    if (p->lexer.raised)
        return NULL;
    const Token *last = &p->tokens[last_token];
    if (last->type == TOKEN_ERRORTOKEN)
        return raise_lexer_error(p);
    if (last->type == TOKEN_INDENT || last->type == TOKEN_DEDENT)
        return raise_indent(p, last->type == TOKEN_INDENT ? "unexpected indent"
                                                          : "unexpected unindent");
    raise_at_token(p, last_token, "invalid syntax");
    check_rest(p);
    return NULL;
}

bool check_version(Parser *p, int minor, const char *what)
{
    int version = p->request->feature_version;
    if (version <= 0 || version >= minor)
        return true;
    raise_last(p, "%s only supported in Python 3.%d and greater", what, minor);
    return false;
}

// ---- warnings ----

static bool warn_at(Parser *p, int lineno, Value message)
{
    return message && warn_line(p->t, p->request->filename, p->request->module, lineno, message);
}

bool parser_warn(void *parser, int lineno, const char *message)
{
    Parser *p = parser;
    Value text = str_from_cstr(p->t, message);
    if (p->second || warn_at(p, lineno, text))
        return true;
    if (pending_clear_if(p->t, EXC(SyntaxWarning))) {
        int col = (int)(p->lexer.at - p->lexer.line_start) - 1;
        raise_shown(p, EXC(SyntaxError), (AstSpan){lineno, col, lineno, col}, true, text);
    }
    return false;
}

bool warn_about_escape(Parser *p, AstSpan at, const char *text, size_t size, bool octal)
{
    const char *kind = octal ? "octal " : "";
    Value shown = str_from_utf8(p->t, text, size);
    Value message = shown ? str_format(p->t,
                                       "\"\\%V\" is an invalid %sescape sequence. Such sequences "
                                       "will not work in the future. Did you mean \"\\\\%V\"? A raw "
                                       "string is also an option.",
                                       shown, kind, shown)
                          : 0;
    if (message && warn_at(p, at.lineno, message))
        return true;
    if (shown && pending_clear_if(p->t, EXC(SyntaxWarning)))
        raise_at(p, at,
                 "\"\\%V\" is an invalid %sescape sequence. Did you mean \"\\\\%V\"? A raw string "
                 "is also an option.",
                 shown, kind, shown);
    return false;
}
