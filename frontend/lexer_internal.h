// lexer_internal.h: what the lexer's files share.
#pragma once

#include "frontend/lexer.h"

// Character classes for the ASCII range; every byte above it may belong to an identifier.
enum {
    LEX_NAME_START = 1,
    LEX_NAME = 2,
    LEX_DIGIT = 4,
    LEX_HEX = 8,
};

extern const uint8_t lex_char_class[256];

static inline bool char_is(unsigned char c, unsigned classes)
{
    return (lex_char_class[c] & classes) != 0;
}

// The byte at `offset` past the current one; 0 at and behind the end (the text has no null bytes,
// and the byte behind its end is one).
static inline unsigned char lex_peek(const Lexer *lexer)
{
    return lexer->text[lexer->at];
}

static inline bool lex_at_end(const Lexer *lexer)
{
    return lexer->at >= lexer->size;
}

// Notes that the byte before `at` ended a line.
static inline void lex_begin_line(Lexer *lexer)
{
    lexer->lineno++;
    lexer->line_start = lexer->at;
}

// The last line that exists: behind a final line end there is none.
static inline int lex_last_line(const Lexer *lexer)
{
    bool behind = lex_at_end(lexer) && lexer->at > 0 && lexer->line_start == lexer->at;
    return behind ? lexer->lineno - 1 : lexer->lineno;
}

// Finishes a token that began at `start` on the current line.
void lex_finish(Lexer *lexer, Token *token, TokenType type, uint32_t start);

// Finishes a token that began on an earlier line.
void lex_finish_from(Lexer *lexer, Token *token, TokenType type, uint32_t start, int lineno,
                     uint32_t line_start);

// Records a SyntaxError at the character just read, as most of CPython's tokenizer errors are.
void lex_error(Lexer *lexer, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Records a SyntaxError with its range in bytes of the current line (col from 0, end from 0).
void lex_error_range(Lexer *lexer, int col, int end_col, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Records the other kinds.
void lex_error_kind(Lexer *lexer, LexErrorKind kind, int lineno, int col, int end_col,
                    const char *message);

// Each reads one token whose first byte stands at lexer->at; false when an error was recorded.
bool lex_number(Lexer *lexer, Token *token);
bool lex_string(Lexer *lexer, Token *token, uint32_t start);
bool lex_string_start(Lexer *lexer, Token *token, uint32_t start, char letter, bool raw);
void lex_string_text(Lexer *lexer, Token *token);
bool lex_string_bracket(Lexer *lexer, char c);
bool lex_string_colon(Lexer *lexer);

// The rest of a name with bytes over 127 is checked; the name ends at lexer->at.
bool lex_check_name(Lexer *lexer, uint32_t start);

static inline OpenString *lex_open_string(Lexer *lexer)
{
    return lexer->string_count ? &lexer->strings[lexer->string_count - 1] : NULL;
}
