// lexer.h: source text to tokens, one at a time.
//
// A lexer is a plain struct on the C stack, owned by one thread. It allocates nothing: an error is
// stored in it and raised by whoever consumes the error token, so that looking ahead is harmless.
#pragma once

#include "frontend/source.h"

typedef enum TokenType {
#define TOKEN(name, text) TOKEN_##name,
#define TOKEN_OP(name, text) TOKEN_##name,
#define TOKEN_KEYWORD(name, text) TOKEN_##name,
#include "frontend/tokens.def"
    TOKEN_COUNT
} TokenType;

extern const char *const token_names[TOKEN_COUNT];   // "NAME", "LPAR", "IF"
extern const char *const token_texts[TOKEN_COUNT];   // "NAME", "(", "if"

typedef struct Token {
    uint8_t type;         // TokenType
    uint8_t has_start;    // INDENT, DEDENT and ENDMARKER have no text of their own
    uint16_t level;       // open brackets once this token is read
    uint32_t start, end;  // byte offsets into Source.text
    int32_t lineno, col_offset, end_lineno, end_col_offset;   // as AstSpan
} Token;

// Limits, as CPython 3.14's.
enum {
    LEX_MAX_INDENT = 100,
    LEX_MAX_LEVEL = 200,
    LEX_MAX_STRINGS = 150,          // f-strings and t-strings within each other
    LEX_MAX_EXPR_NESTING = 3,       // replacement fields within format specs
    LEX_TAB_SIZE = 8,
    LEX_MESSAGE_SIZE = 256,
};

typedef enum LexErrorKind {
    LEX_OK,
    LEX_SYNTAX_ERROR,
    LEX_INDENTATION_ERROR,
    LEX_TAB_ERROR,
    LEX_EOF,             // the text ended inside brackets or after a backslash
} LexErrorKind;

// Columns are bytes from 0; -1 stands for CPython's "no column". The line is shown without its end
// when `bare_line`.
typedef struct LexError {
    LexErrorKind kind;
    int32_t lineno, col, end_lineno, end_col;
    bool bare_line;
    bool in_rest;        // the rest of the text is one unterminated string
    bool in_string;      // within an f-string: gives way to errors found earlier
    char message[LEX_MESSAGE_SIZE];
} LexError;

typedef struct OpenBracket {
    char opener;
    int32_t lineno, col;
} OpenBracket;

// An f-string or t-string being read. Brackets are counted per string: `depth` open ones, of which
// `expr_depth` + 1 are replacement fields.
typedef struct OpenString {
    char quote;
    char letter;             // 'f' or 't'
    uint8_t quote_size;      // 1 or 3
    bool raw;
    bool in_text;            // reading literal text, not an expression
    bool in_spec;            // that text is a format spec
    int depth;
    int expr_depth;
    uint32_t start;
    int32_t lineno;
    uint32_t line_start;
} OpenString;

// A warning that the lexer found; the parser passes it to the warnings machinery.
// Returns false when the warning became an error (exception pending).
typedef bool (*LexWarn)(void *context, int lineno, const char *message);

typedef struct Lexer {
    const Source *source;
    const unsigned char *text;   // source->text
    uint32_t at;                 // next byte to read
    uint32_t size;
    uint32_t line_start;         // of the current line
    int32_t lineno;              // current line, from 1
    bool at_line_start;          // indentation is to be measured
    bool blank_line;             // the current line has no token but perhaps a comment
    bool after_newline;          // the last token was NEWLINE or there was none: no NEWLINE at the end
    bool is_single;              // interactive mode: a NEWLINE and DEDENTs stand in for the end
    bool imply_dedent;
    bool parsing_started;
    bool extra_tokens;           // COMMENT and NL tokens too, and what is no token is OP
    bool type_comments;
    bool barry;                  // `<>` is an operator
    int pending_indents;         // > 0: INDENT tokens to give, < 0: DEDENT
    int indent_count;
    int indents[LEX_MAX_INDENT];       // columns with tabs to 8
    int alt_indents[LEX_MAX_INDENT];   // columns with tabs to 1: unequal order means mixed tabs
    int level;
    OpenBracket brackets[LEX_MAX_LEVEL];
    int string_count;
    OpenString strings[LEX_MAX_STRINGS];
    LexWarn warn;
    void *warn_context;
    bool hit_end;                // the text's end was met where more could have followed
    bool raised;                 // the warning callback left an exception pending
    LexError error;
} Lexer;

void lexer_init(Lexer *lexer, const Source *source);

// Where the lexer stands. Behind a line end it still is on the line that ended, until it reads on.
void lexer_here(const Lexer *lexer, int *out_lineno, int *out_col);

// Reads the next token. An error gives TOKEN_ERRORTOKEN, again and again; lexer->error says which.
void lexer_next(Lexer *lexer, Token *out_token);

// Prints all tokens, one a line (ADDER_DUMP=tokens).
void tokens_dump(const Source *source, int fd);
