// lexer_string.c: string literals, and the literal text and brackets of f-strings and t-strings.
//
// An f-string is read as START, then TEXT and expression tokens in turn, then END. While its
// OpenString says in_text, lex_string_text reads; a '{' hands over to the ordinary lexer, whose '}',
// ':' or (in a format spec) line end hands back.

#include "frontend/lexer_internal.h"

// Moves back to the opening quotes for the sake of the error's position.
static void rewind_to(Lexer *lexer, uint32_t start, int lineno, uint32_t line_start)
{
    lexer->error.in_rest = lexer->hit_end = lex_at_end(lexer);
    lexer->at = start + 1;
    lexer->lineno = lineno;
    lexer->line_start = line_start;
}

static bool unterminated(Lexer *lexer, uint32_t start, int lineno, uint32_t line_start, int quotes,
                         bool escaped_quote)
{
    int last = lex_last_line(lexer);
    char quote = (char)lexer->text[start];
    for (uint32_t i = start; quote != '"' && quote != '\''; i++)
        quote = (char)lexer->text[i];
    rewind_to(lexer, start, lineno, line_start);
    OpenString *string = lex_open_string(lexer);
    if (string && string->quote == quote && string->quote_size == quotes)
        lex_error(lexer, "%c-string: expecting '}'", string->letter);
    else if (quotes == 3)
        lex_error(lexer, "unterminated triple-quoted string literal (detected at line %d)", last);
    else if (escaped_quote)
        lex_error(lexer,
                  "unterminated string literal (detected at line %d); perhaps you escaped the end "
                  "quote?",
                  last);
    else
        lex_error(lexer, "unterminated string literal (detected at line %d)", last);
    return false;
}

// The opening quotes at lexer->at are stepped over. Returns 1 or 3, or 0 for an empty string.
static int opening_quotes(Lexer *lexer, char quote)
{
    const unsigned char *text = lexer->text + lexer->at;
    if (text[1] != quote) {
        lexer->at += 1;
        return 1;
    }
    if (text[2] != quote) {
        lexer->at += 2;
        return 0;
    }
    lexer->at += 3;
    return 3;
}

// `start`: where the prefix began; the quote stands at lexer->at.
bool lex_string(Lexer *lexer, Token *token, uint32_t start)
{
    int lineno = lexer->lineno;
    uint32_t line_start = lexer->line_start;
    char quote = (char)lex_peek(lexer);
    int quotes = opening_quotes(lexer, quote);
    bool escaped_quote = false;
    for (int run = 0; run < quotes;) {
        unsigned char c = lex_peek(lexer);
        if (lex_at_end(lexer) || (c == '\n' && quotes == 1))
            return unterminated(lexer, start, lineno, line_start, quotes, escaped_quote);
        lexer->at++;
        if (c == quote) {
            run++;
            continue;
        }
        run = 0;
        if (c == '\\') {
            if (lex_at_end(lexer))
                continue;
            c = lex_peek(lexer);
            escaped_quote |= c == quote;
            lexer->at++;
        }
        if (c == '\n')
            lex_begin_line(lexer);
    }
    lex_finish_from(lexer, token, TOKEN_STRING, start, lineno, line_start);
    return true;
}

// ---- f-strings and t-strings ----

bool lex_string_start(Lexer *lexer, Token *token, uint32_t start, char letter, bool raw)
{
    if (lexer->string_count >= LEX_MAX_STRINGS - 1) {
        lexer->at++;
        lex_error(lexer, "too many nested f-strings or t-strings");
        return false;
    }
    const unsigned char *text = lexer->text + lexer->at;
    OpenString *string = &lexer->strings[lexer->string_count++];
    string->quote = (char)text[0];
    string->letter = letter;
    string->quote_size = text[1] == text[0] && text[2] == text[0] ? 3 : 1;
    string->raw = raw;
    string->in_text = true;
    string->in_spec = false;
    string->depth = 0;
    string->expr_depth = -1;
    string->start = start;
    string->lineno = lexer->lineno;
    string->line_start = lexer->line_start;
    lexer->at += string->quote_size;
    lex_finish(lexer, token, letter == 'f' ? TOKEN_FSTRING_START : TOKEN_TSTRING_START, start);
    return true;
}

static bool unterminated_text(Lexer *lexer, const OpenString *string)
{
    int last = lex_last_line(lexer);
    rewind_to(lexer, string->start, string->lineno, string->line_start);
    lexer->error.in_rest &= string->quote_size == 3;
    if (string->quote_size == 3)
        lex_error(lexer, "unterminated triple-quoted %c-string literal (detected at line %d)",
                  string->letter, last);
    else
        lex_error(lexer, "unterminated %c-string literal (detected at line %d)", string->letter,
                  last);
    return false;
}

// A '{' that is not doubled: what follows is an expression.
static bool enter_expression(Lexer *lexer, OpenString *string)
{
    if (++string->expr_depth >= LEX_MAX_EXPR_NESTING) {
        lex_error(lexer, "%c-string: expressions nested too deeply", string->letter);
        return false;
    }
    string->in_text = false;
    return true;
}

static bool at_closing_quotes(const Lexer *lexer, const OpenString *string)
{
    const unsigned char *text = lexer->text + lexer->at;
    for (int i = 0; i < string->quote_size; i++)
        if (text[i] != string->quote)
            return false;
    return true;
}

// Steps over a backslash and what it escapes. `in_name` is set behind \N{.
static void text_escape(Lexer *lexer, const OpenString *string, bool *in_name)
{
    lexer->at++;
    unsigned char c = lex_peek(lexer);
    if (c == '{' || c == '}' || lex_at_end(lexer))
        return;
    if (string->raw) {
        // A raw string's backslash still keeps the quote behind it from ending the string.
        if (c != string->quote && c != '\\')
            return;
        lexer->at++;
        return;
    }
    lexer->at++;
    if (c == '\n')
        lex_begin_line(lexer);
    if (c == 'N' && lex_peek(lexer) == '{') {
        lexer->at++;
        *in_name = true;
    }
}

typedef enum TextEnd { TEXT_GOES_ON, TEXT_ENDS, TEXT_DOUBLED, TEXT_FAILS } TextEnd;

// At a brace in literal text.
static TextEnd text_brace(Lexer *lexer, OpenString *string, unsigned char c, bool *in_name)
{
    bool doubled = lexer->text[lexer->at + 1] == c;
    if (c == '}' && *in_name) {
        *in_name = false;
        lexer->at++;
        return TEXT_GOES_ON;
    }
    if (c == '{') {
        if (doubled && !string->in_spec)
            return TEXT_DOUBLED;
        return enter_expression(lexer, string) ? TEXT_ENDS : TEXT_FAILS;
    }
    if (doubled && !string->in_spec && string->depth == 0)
        return TEXT_DOUBLED;
    string->in_text = false;
    return TEXT_ENDS;
}

// Reads literal text up to a brace or the closing quotes.
static TextEnd read_text(Lexer *lexer, OpenString *string)
{
    bool in_name = false;
    for (;;) {
        unsigned char c = lex_peek(lexer);
        if (c == '{' || c == '}') {
            TextEnd end = text_brace(lexer, string, c, &in_name);
            if (end != TEXT_GOES_ON)
                return end;
        } else if (c == string->quote && at_closing_quotes(lexer, string)) {
            return TEXT_ENDS;
        } else if (lex_at_end(lexer) || (c == '\n' && string->quote_size == 1)) {
            if (c == '\n' && string->in_spec) {
                lexer->at++;
                lex_error(lexer,
                          "%c-string: newlines are not allowed in format specifiers for single "
                          "quoted %c-strings",
                          string->letter, string->letter);
                return TEXT_FAILS;
            }
            unterminated_text(lexer, string);
            return TEXT_FAILS;
        } else if (c == '\\') {
            text_escape(lexer, string, &in_name);
        } else {
            lexer->at++;
            if (c == '\n')
                lex_begin_line(lexer);
        }
    }
}

static void finish_string(Lexer *lexer, Token *token, OpenString *string)
{
    uint32_t start = lexer->at;
    lexer->at += string->quote_size;
    lexer->string_count--;
    lex_finish(lexer, token, string->letter == 'f' ? TOKEN_FSTRING_END : TOKEN_TSTRING_END, start);
}

// Gives the next token of a string in its literal text: MIDDLE, END, or what '{' and '}' begin.
void lex_string_text(Lexer *lexer, Token *token)
{
    OpenString *string = lex_open_string(lexer);
    uint32_t start = lexer->at, line_start = lexer->line_start;
    int lineno = lexer->lineno;
    if (at_closing_quotes(lexer, string)) {
        finish_string(lexer, token, string);
        return;
    }
    TextEnd end = read_text(lexer, string);
    if (end == TEXT_FAILS)
        return;
    if (end == TEXT_ENDS && lexer->at == start && lex_peek(lexer) == '{') {
        lexer_next(lexer, token);
        return;   // in front of a '}' even empty text is a token
    }
    if (end == TEXT_DOUBLED)
        lexer->at++;   // the text has one brace of the two
    lex_finish_from(lexer, token,
                    string->letter == 'f' ? TOKEN_FSTRING_MIDDLE : TOKEN_TSTRING_MIDDLE, start,
                    lineno, line_start);
    if (end == TEXT_DOUBLED) {
        lexer->at++;
        token->end_col_offset++;
    }
}

// A closing bracket inside an f-string's expression: the last one gives back to the text.
bool lex_string_bracket(Lexer *lexer, char closer)
{
    OpenString *string = lex_open_string(lexer);
    if (--string->depth < 0) {
        lex_error(lexer, "%c-string: unmatched '%c'", string->letter, closer);
        return false;
    }
    if (closer == '}' && string->depth == string->expr_depth) {
        string->expr_depth--;
        string->in_text = true;
        string->in_spec = false;   // even within a spec, as in CPython
    }
    return true;
}

// A ':' directly in a replacement field starts its format spec.
bool lex_string_colon(Lexer *lexer)
{
    OpenString *string = lex_open_string(lexer);
    if (!string || string->depth - 1 != string->expr_depth)
        return false;
    string->in_text = true;
    string->in_spec = true;
    return true;
}
