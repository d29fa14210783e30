// lexer.c: the lexer's core: indentation, lines, names, operators, brackets.
//
// A line's indentation is measured twice, with tabs to 8 and to 1 columns; when the two disagree
// about order, the file mixes tabs and spaces in a way that depends on the reader's tab size.

#include "frontend/lexer_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const token_names[TOKEN_COUNT] = {
#define TOKEN(name, text) #name,
#define TOKEN_OP(name, text) #name,
#define TOKEN_KEYWORD(name, text) #name,
#include "frontend/tokens.def"
};

const char *const token_texts[TOKEN_COUNT] = {
#define TOKEN(name, text) text,
#define TOKEN_OP(name, text) text,
#define TOKEN_KEYWORD(name, text) text,
#include "frontend/tokens.def"
};

#define LETTER (LEX_NAME_START | LEX_NAME)
#define HEXLETTER (LETTER | LEX_HEX)
#define DIGIT (LEX_NAME | LEX_DIGIT | LEX_HEX)

const uint8_t lex_char_class[256] = {
    ['0' ... '9'] = DIGIT,   ['a' ... 'f'] = HEXLETTER, ['g' ... 'z'] = LETTER,
    ['A' ... 'F'] = HEXLETTER, ['G' ... 'Z'] = LETTER,    ['_'] = LETTER,
    [128 ... 255] = LETTER,
};

// ---- errors ----

void lex_error_kind(Lexer *lexer, LexErrorKind kind, int lineno, int col, int end_col,
                    const char *message)
{
    LexError *error = &lexer->error;
    error->kind = kind;
    error->lineno = error->end_lineno = lineno;
    error->col = col;
    error->end_col = end_col;
    error->bare_line = false;
    error->in_string = lexer->string_count > 0;
    snprintf(error->message, sizeof error->message, "%s", message);
}

void lex_error_range(Lexer *lexer, int col, int end_col, const char *format, ...)
{
    LexError *error = &lexer->error;
    va_list args;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    error->kind = LEX_SYNTAX_ERROR;
    error->lineno = error->end_lineno = lexer->lineno;
    error->col = col;
    error->end_col = end_col;
    error->bare_line = true;
    error->in_string = lexer->string_count > 0;
}

// The column of the last character read, from 0.
static int last_char_col(const Lexer *lexer)
{
    uint32_t at = lexer->at;
    if (at == lexer->line_start)
        return -1;
    do
        at--;
    while (at > lexer->line_start && (lexer->text[at] & 0xC0) == 0x80);
    return (int)(at - lexer->line_start);
}

void lex_error(Lexer *lexer, const char *format, ...)
{
    char message[LEX_MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    int col = last_char_col(lexer);
    lex_error_range(lexer, col, col, "%s", message);
}

// ---- tokens ----

void lex_finish_from(Lexer *lexer, Token *token, TokenType type, uint32_t start, int lineno,
                     uint32_t line_start)
{
    token->type = (uint8_t)type;
    token->has_start = true;
    token->level = (uint16_t)lexer->level;
    token->start = start;
    token->end = lexer->at;
    token->lineno = lineno;
    token->col_offset = (int32_t)(start - line_start);
    token->end_lineno = lexer->lineno;
    token->end_col_offset = (int32_t)(lexer->at - lexer->line_start);
}

void lex_finish(Lexer *lexer, Token *token, TokenType type, uint32_t start)
{
    lex_finish_from(lexer, token, type, start, lexer->lineno, lexer->line_start);
}

void lexer_here(const Lexer *lexer, int *out_lineno, int *out_col)
{
    uint32_t start = lexer->line_start;
    *out_lineno = lexer->size ? lexer->lineno : 0;   // nothing to read: not even a first line
    if (start > 0 && lexer->at == start && (lexer->at_line_start || lex_at_end(lexer))) {
        start = (uint32_t)source_line_start(lexer->source, start - 1);
        --*out_lineno;
    }
    *out_col = (int)(lexer->at - start);
}

// A token without text: INDENT, DEDENT, ENDMARKER, and a NEWLINE nobody wrote.
static void finish_empty(Lexer *lexer, Token *token, TokenType type)
{
    lex_finish(lexer, token, type, lexer->at);
    token->has_start = false;
    lexer_here(lexer, &token->lineno, &token->col_offset);
    token->end_lineno = token->lineno;
    token->end_col_offset = token->col_offset;
}

// ---- indentation ----

// Behind a backslash: steps over the line end. False when something else follows.
static bool lex_continuation(Lexer *lexer)
{
    unsigned char c = lex_peek(lexer);
    if (c != '\n') {
        if (!lex_at_end(lexer))
            lexer->at++;
        int col = (int)(lexer->at - lexer->line_start) - 1;
        lex_error_kind(lexer, LEX_SYNTAX_ERROR, lexer->lineno, col, -1,
                       "unexpected character after line continuation character");
        return false;
    }
    lexer->at++;
    if (lex_at_end(lexer)) {
        int col = (int)(lexer->at - lexer->line_start) - 1;
        lex_error_kind(lexer, LEX_EOF, lexer->lineno, col, -2, "unexpected EOF while parsing");
        return false;
    }
    lex_begin_line(lexer);
    return true;
}

static bool tab_error(Lexer *lexer)
{
    lex_error_kind(lexer, LEX_TAB_ERROR, lexer->lineno, 0, -1,
                   "inconsistent use of tabs and spaces in indentation");
    return false;
}

static bool indent_error(Lexer *lexer)
{
    size_t size = source_line_size(lexer->source, lexer->line_start);
    if (lexer->line_start + size < lexer->size)
        size++;   // the line end
    lex_error_kind(lexer, LEX_INDENTATION_ERROR, lexer->lineno, (int)size - 1, -2,
                   "unindent does not match any outer indentation level");
    return false;
}

// Compares the line's columns with the open blocks and notes the INDENT or DEDENTs to give.
static bool lex_place_line(Lexer *lexer, int col, int alt_col)
{
    int top = lexer->indent_count;
    if (col == lexer->indents[top])
        return alt_col == lexer->alt_indents[top] || tab_error(lexer);
    if (col > lexer->indents[top]) {
        if (top + 1 >= LEX_MAX_INDENT) {
            lex_error_kind(lexer, LEX_INDENTATION_ERROR, lexer->lineno, 0, -1,
                           "too many levels of indentation");
            return false;
        }
        if (alt_col <= lexer->alt_indents[top])
            return tab_error(lexer);
        lexer->indent_count = ++top;
        lexer->indents[top] = col;
        lexer->alt_indents[top] = alt_col;
        lexer->pending_indents = 1;
        return true;
    }
    while (top > 0 && col < lexer->indents[top]) {
        lexer->pending_indents--;
        top--;
    }
    lexer->indent_count = top;
    if (col != lexer->indents[top])
        return indent_error(lexer);
    return alt_col == lexer->alt_indents[top] || tab_error(lexer);
}

// At the start of a line: measures it, unless it is blank or only a comment, which the caller skips.
static bool lex_indentation(Lexer *lexer)
{
    int col = 0, alt_col = 0, first_col = 0;
    unsigned char c;
    for (;; lexer->at++) {
        c = lex_peek(lexer);
        if (c == ' ') {
            col++;
            alt_col++;
        } else if (c == '\t') {
            col = (col / LEX_TAB_SIZE + 1) * LEX_TAB_SIZE;
            alt_col++;
        } else if (c == '\f') {
            col = alt_col = 0;
        } else if (c == '\\') {
            // A line joined by backslashes is indented as its first part that is indented at all.
            first_col = first_col ? first_col : col;
            lexer->at++;
            if (!lex_continuation(lexer))
                return false;
            lexer->at--;
        } else {
            break;
        }
    }
    lexer->hit_end |= lex_at_end(lexer);
    lexer->blank_line = c == '#' || c == '\n';
    if (lexer->blank_line || lexer->level > 0)
        return true;
    return lex_place_line(lexer, first_col ? first_col : col, first_col ? first_col : alt_col);
}

// ---- comments ----

// `# type: x` when the caller asked for type comments. The comment ends at lexer->at.
static bool lex_type_comment(Lexer *lexer, Token *token, uint32_t start, bool blank)
{
    const unsigned char *text = lexer->text;
    uint32_t at = start + 1, end = lexer->at;
    while (text[at] == ' ' || text[at] == '\t')
        at++;
    if (end - at < 5 || memcmp(text + at, "type:", 5) != 0)
        return false;
    at += 5;
    while (text[at] == ' ' || text[at] == '\t')
        at++;
    uint32_t after = at + 6;
    bool ignore = end - at >= 6 && memcmp(text + at, "ignore", 6) == 0 &&
                  !(after < end && (text[after] >= 128 || (char_is(text[after], LEX_NAME) &&
                                                           text[after] != '_')));
    lex_finish(lexer, token, ignore ? TOKEN_TYPE_IGNORE : TOKEN_TYPE_COMMENT, ignore ? after : at);
    if (ignore && blank)
        lexer->at_line_start = true;
    lexer->blank_line = false;   // the comment is a token
    return true;
}

// True when the comment gave a token.
static bool lex_comment(Lexer *lexer, Token *token)
{
    uint32_t start = lexer->at;
    const unsigned char *end = memchr(lexer->text + start, '\n', lexer->size - start);
    lexer->at = end ? (uint32_t)(end - lexer->text) : lexer->size;
    if (lexer->type_comments && lex_type_comment(lexer, token, start, lexer->blank_line))
        return true;
    if (!lexer->extra_tokens)
        return false;
    lex_finish(lexer, token, TOKEN_COMMENT, start);
    return true;
}

// ---- names ----

static inline uint64_t pack_text(const char *text, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, text, size);
    return word;
}

// A name's keyword, or TOKEN_NAME. The comparisons are of whole words: no keyword is over 8 bytes.
static TokenType keyword_type(const unsigned char *text, size_t size)
{
    if (size < 2 || size > 8)
        return TOKEN_NAME;
    uint64_t word = pack_text((const char *)text, size);
#define TOKEN_KEYWORD(name, keyword) \
    if (word == pack_text(keyword, sizeof(keyword) - 1)) \
        return TOKEN_##name;
#include "frontend/tokens.def"
    return TOKEN_NAME;
}

static bool prefixes_clash(Lexer *lexer, uint32_t start, const char *one, const char *other)
{
    lex_error_range(lexer, (int)(start - lexer->line_start),
                    (int)(lexer->at + 1 - lexer->line_start) - 1,
                    "'%s' and '%s' prefixes are incompatible", one, other);
    return false;
}

// A string's prefix was read from `start` to the quote at lexer->at.
static bool lex_prefixed_string(Lexer *lexer, Token *token, uint32_t start)
{
    bool b = false, u = false, r = false, f = false, s = false;   // s: t-strings
    for (uint32_t i = start; i < lexer->at; i++) {
        switch (lexer->text[i] | 0x20) {
        case 'b': b = true; break;
        case 'u': u = true; break;
        case 'r': r = true; break;
        case 'f': f = true; break;
        default: s = true; break;
        }
    }
    if (u && (b || r || f || s))
        return prefixes_clash(lexer, start, "u", b ? "b" : r ? "r" : f ? "f" : "t");
    if (b && (f || s))
        return prefixes_clash(lexer, start, "b", f ? "f" : "t");
    if (f && s)
        return prefixes_clash(lexer, start, "f", "t");
    if (f || s)
        return lex_string_start(lexer, token, start, f ? 'f' : 't', r);
    return lex_string(lexer, token, start);
}

// Reads the letters which may be a string's prefix, each at most once. True when a quote follows.
static bool lex_prefix(Lexer *lexer)
{
    unsigned seen = 0;
    for (;; lexer->at++) {
        unsigned bit;
        switch (lex_peek(lexer)) {
        case 'b': case 'B': bit = 1; break;
        case 'u': case 'U': bit = 2; break;
        case 'r': case 'R': bit = 4; break;
        case 'f': case 'F': bit = 8; break;
        case 't': case 'T': bit = 16; break;
        case '"': case '\'': return seen != 0;
        default: return false;
        }
        if (seen & bit)
            return false;
        seen |= bit;
    }
}

static bool lex_name(Lexer *lexer, Token *token)
{
    uint32_t start = lexer->at;
    const unsigned char *text = lexer->text;
    if (lex_prefix(lexer))
        return lex_prefixed_string(lexer, token, start);
    unsigned char any = 0;
    uint32_t at = start;
    for (; char_is(text[at], LEX_NAME); at++)
        any |= text[at];
    lexer->at = at;
    if (any & 0x80) {
        if (!lex_check_name(lexer, start))
            return false;
        lex_finish(lexer, token, TOKEN_NAME, start);
        return true;
    }
    lex_finish(lexer, token, keyword_type(text + start, at - start), start);
    return true;
}

// ---- operators ----

static bool lex_open_bracket(Lexer *lexer, Token *token, TokenType type)
{
    uint32_t start = lexer->at++;
    if (lexer->level >= LEX_MAX_LEVEL) {
        lex_error(lexer, "too many nested parentheses");
        return false;
    }
    OpenBracket *bracket = &lexer->brackets[lexer->level++];
    bracket->opener = (char)lexer->text[start];
    bracket->lineno = lexer->lineno;
    bracket->col = (int32_t)(start - lexer->line_start);
    OpenString *string = lex_open_string(lexer);
    if (string)
        string->depth++;
    lex_finish(lexer, token, type, start);
    return true;
}

static bool brackets_match(char opener, char closer)
{
    return (opener == '(' && closer == ')') || (opener == '[' && closer == ']') ||
           (opener == '{' && closer == '}');
}

static bool lex_close_bracket(Lexer *lexer, Token *token, TokenType type)
{
    uint32_t start = lexer->at++;
    char closer = (char)lexer->text[start];
    OpenString *string = lex_open_string(lexer);
    if (string && !string->depth && closer == '}') {
        lex_error(lexer, "%c-string: single '}' is not allowed", string->letter);
        return false;
    }
    if (!lexer->extra_tokens && lexer->level == 0) {
        lex_error(lexer, "unmatched '%c'", closer);
        return false;
    }
    if (lexer->level > 0) {
        OpenBracket *open = &lexer->brackets[--lexer->level];
        if (!lexer->extra_tokens && !brackets_match(open->opener, closer)) {
            if (string && open->opener == '{' && string->depth - 1 == string->expr_depth)
                lex_error(lexer, "%c-string: unmatched '%c'", string->letter, closer);
            else if (open->lineno != lexer->lineno)
                lex_error(lexer,
                          "closing parenthesis '%c' does not match opening parenthesis '%c' on "
                          "line %d",
                          closer, open->opener, open->lineno);
            else
                lex_error(lexer,
                          "closing parenthesis '%c' does not match opening parenthesis '%c'",
                          closer, open->opener);
            return false;
        }
    }
    lex_finish(lexer, token, type, start);
    return !string || lex_string_bracket(lexer, closer);
}

// `plain`, or with a '=' behind it `assign`. The operator has `size` bytes without it.
static void lex_augmentable(Lexer *lexer, Token *token, int size, TokenType plain, TokenType assign)
{
    uint32_t start = lexer->at;
    lexer->at += (uint32_t)size;
    if (lex_peek(lexer) == '=') {
        lexer->at++;
        plain = assign;
    }
    lex_finish(lexer, token, plain, start);
}

// Operators that may be doubled: * / < >.
static void lex_doubling(Lexer *lexer, Token *token, TokenType one, TokenType one_assign,
                         TokenType two, TokenType two_assign)
{
    if (lexer->text[lexer->at + 1] == lexer->text[lexer->at])
        lex_augmentable(lexer, token, 2, two, two_assign);
    else
        lex_augmentable(lexer, token, 1, one, one_assign);
}

static bool lex_plain(Lexer *lexer, Token *token, TokenType type, int size)
{
    uint32_t start = lexer->at;
    lexer->at += (uint32_t)size;
    lex_finish(lexer, token, type, start);
    return true;
}

static bool lex_dot(Lexer *lexer, Token *token)
{
    const unsigned char *next = lexer->text + lexer->at + 1;
    if (char_is(next[0], LEX_DIGIT))
        return lex_number(lexer, token);
    if (next[0] == '.' && next[1] == '.')
        return lex_plain(lexer, token, TOKEN_ELLIPSIS, 3);
    return lex_plain(lexer, token, TOKEN_DOT, 1);
}

static bool lex_odd_char(Lexer *lexer, Token *token, unsigned char c)
{
    if (c < 0x20 || c == 0x7F) {
        lexer->at++;
        lex_error(lexer, "invalid non-printable character U+%04X", c);
        return false;
    }
    return lex_plain(lexer, token, TOKEN_OP, 1);   // $ ? `: the parser refuses it
}

static bool lex_operator(Lexer *lexer, Token *token, unsigned char c)
{
    unsigned char next = lexer->text[lexer->at + 1];
    switch (c) {
    case '(': return lex_open_bracket(lexer, token, TOKEN_LPAR);
    case '[': return lex_open_bracket(lexer, token, TOKEN_LSQB);
    case '{': return lex_open_bracket(lexer, token, TOKEN_LBRACE);
    case ')': return lex_close_bracket(lexer, token, TOKEN_RPAR);
    case ']': return lex_close_bracket(lexer, token, TOKEN_RSQB);
    case '}': return lex_close_bracket(lexer, token, TOKEN_RBRACE);
    case ',': return lex_plain(lexer, token, TOKEN_COMMA, 1);
    case ';': return lex_plain(lexer, token, TOKEN_SEMI, 1);
    case '~': return lex_plain(lexer, token, TOKEN_TILDE, 1);
    case '.': return lex_dot(lexer, token);
    case '=':
        lex_augmentable(lexer, token, 1, TOKEN_EQUAL, TOKEN_EQEQUAL);
        return true;
    case ':':
        if (lex_string_colon(lexer))
            return lex_plain(lexer, token, TOKEN_COLON, 1);
        lex_augmentable(lexer, token, 1, TOKEN_COLON, TOKEN_COLONEQUAL);
        return true;
    case '!':
        lex_augmentable(lexer, token, 1, TOKEN_EXCLAMATION, TOKEN_NOTEQUAL);
        return true;
    case '+':
        lex_augmentable(lexer, token, 1, TOKEN_PLUS, TOKEN_PLUSEQUAL);
        return true;
    case '-':
        if (next == '>')
            return lex_plain(lexer, token, TOKEN_RARROW, 2);
        lex_augmentable(lexer, token, 1, TOKEN_MINUS, TOKEN_MINEQUAL);
        return true;
    case '*':
        lex_doubling(lexer, token, TOKEN_STAR, TOKEN_STAREQUAL, TOKEN_DOUBLESTAR,
                     TOKEN_DOUBLESTAREQUAL);
        return true;
    case '/':
        lex_doubling(lexer, token, TOKEN_SLASH, TOKEN_SLASHEQUAL, TOKEN_DOUBLESLASH,
                     TOKEN_DOUBLESLASHEQUAL);
        return true;
    case '<':
        if (next == '>' && lexer->barry)
            return lex_plain(lexer, token, TOKEN_NOTEQUAL, 2);
        lex_doubling(lexer, token, TOKEN_LESS, TOKEN_LESSEQUAL, TOKEN_LEFTSHIFT,
                     TOKEN_LEFTSHIFTEQUAL);
        return true;
    case '>':
        lex_doubling(lexer, token, TOKEN_GREATER, TOKEN_GREATEREQUAL, TOKEN_RIGHTSHIFT,
                     TOKEN_RIGHTSHIFTEQUAL);
        return true;
    case '%':
        lex_augmentable(lexer, token, 1, TOKEN_PERCENT, TOKEN_PERCENTEQUAL);
        return true;
    case '&':
        lex_augmentable(lexer, token, 1, TOKEN_AMPER, TOKEN_AMPEREQUAL);
        return true;
    case '|':
        lex_augmentable(lexer, token, 1, TOKEN_VBAR, TOKEN_VBAREQUAL);
        return true;
    case '^':
        lex_augmentable(lexer, token, 1, TOKEN_CIRCUMFLEX, TOKEN_CIRCUMFLEXEQUAL);
        return true;
    case '@':
        lex_augmentable(lexer, token, 1, TOKEN_AT, TOKEN_ATEQUAL);
        return true;
    default:
        return lex_odd_char(lexer, token, c);
    }
}

// ---- the driver ----

// The text is over. In interactive mode a NEWLINE and the open blocks' DEDENTs come first.
static bool lex_end(Lexer *lexer, Token *token)
{
    lexer->hit_end = true;
    if (lexer->level > 0 || lexer->string_count > 0) {
        int lineno, col;
        lexer_here(lexer, &lineno, &col);
        lex_error_kind(lexer, LEX_EOF, lineno, col - 1, -2, "unexpected EOF while parsing");
        return false;
    }
    if (lexer->is_single && lexer->parsing_started) {
        lexer->parsing_started = false;
        if (lexer->indent_count && lexer->imply_dedent) {
            lexer->pending_indents = -lexer->indent_count;
            lexer->indent_count = 0;
        }
        finish_empty(lexer, token, TOKEN_NEWLINE);
        return true;
    }
    finish_empty(lexer, token, TOKEN_ENDMARKER);
    return true;
}

// `start`: of the comment in front of the line end, or the line end itself.
static bool lex_line_end(Lexer *lexer, Token *token, uint32_t start)
{
    bool blank = lexer->blank_line;
    lexer->at++;
    bool gives = lexer->extra_tokens || (!blank && lexer->level == 0);
    if (gives)
        lex_finish(lexer, token, blank || lexer->level > 0 ? TOKEN_NL : TOKEN_NEWLINE, start);
    lexer->at_line_start = true;
    lex_begin_line(lexer);
    return gives;
}

// One token outside literal text; false when an error was recorded.
static bool lex_regular(Lexer *lexer, Token *token)
{
    const unsigned char *text = lexer->text;
    for (;;) {
        if (lexer->at_line_start) {
            lexer->at_line_start = false;
            if (!lex_indentation(lexer))
                return false;
        }
        if (lexer->pending_indents) {
            bool in = lexer->pending_indents > 0;
            lexer->pending_indents += in ? -1 : 1;
            finish_empty(lexer, token, in ? TOKEN_INDENT : TOKEN_DEDENT);
            return true;
        }
        unsigned char c;
        while ((c = text[lexer->at]) == ' ' || c == '\t' || c == '\f')
            lexer->at++;
        if (c == '#') {
            uint32_t start = lexer->at;
            if (lex_comment(lexer, token))
                return true;
            if (!lex_at_end(lexer) && lex_line_end(lexer, token, start))
                return true;
        } else if (c == '\n') {
            if (lex_line_end(lexer, token, lexer->at))
                return true;
        } else if (c == '\\') {
            lexer->at++;
            if (!lex_continuation(lexer))
                return false;
        } else if (char_is(c, LEX_NAME_START)) {
            return lex_name(lexer, token);
        } else if (char_is(c, LEX_DIGIT)) {
            return lex_number(lexer, token);
        } else if (c == '"' || c == '\'') {
            return lex_string(lexer, token, lexer->at);
        } else if (lex_at_end(lexer)) {
            return lex_end(lexer, token);
        } else {
            return lex_operator(lexer, token, c);
        }
    }
}

void lexer_init(Lexer *lexer, const Source *source)
{
    // The stacks stay uninitialised but for their first entries.
    lexer->source = source;
    lexer->text = (const unsigned char *)source->text;
    lexer->at = 0;
    lexer->size = (uint32_t)source->size;
    lexer->line_start = 0;
    lexer->lineno = 1;
    lexer->at_line_start = true;
    lexer->blank_line = false;
    lexer->is_single = false;
    lexer->imply_dedent = true;
    lexer->parsing_started = false;
    lexer->extra_tokens = false;
    lexer->type_comments = lexer->barry = false;
    lexer->pending_indents = 0;
    lexer->indent_count = 0;
    lexer->indents[0] = lexer->alt_indents[0] = 0;
    lexer->level = 0;
    lexer->string_count = 0;
    lexer->warn = NULL;
    lexer->warn_context = NULL;
    lexer->raised = lexer->hit_end = false;
    lexer->error.kind = LEX_OK;
    lexer->error.in_rest = false;
}

void lexer_next(Lexer *lexer, Token *out_token)
{
    if (lexer->error.kind == LEX_OK && !lexer->raised) {
        OpenString *string = lex_open_string(lexer);
        if (string && string->in_text)
            lex_string_text(lexer, out_token);
        else
            lex_regular(lexer, out_token);
    }
    if (lexer->error.kind != LEX_OK || lexer->raised)
        finish_empty(lexer, out_token, TOKEN_ERRORTOKEN);
    else if (out_token->type != TOKEN_ENDMARKER && out_token->type != TOKEN_NEWLINE)
        lexer->parsing_started = true;
    else if (out_token->has_start)
        lexer->parsing_started = true;
}
