// lexer_number.c: number literals, and the many ways to get them wrong.

#include "frontend/lexer_internal.h"

#include <string.h>

static bool is_digit(unsigned char c)
{
    return char_is(c, LEX_DIGIT);
}

static bool word_follows(const char *next, const char *word)
{
    size_t n = strlen(word);
    return strncmp(next, word, n) == 0 && !char_is((unsigned char)next[n], LEX_NAME);
}

// True when one of the keywords that may follow a number directly (`1if x else 2`) starts here.
static bool keyword_follows(const Lexer *lexer)
{
    const char *next = (const char *)lexer->text + lexer->at;
    switch (next[0]) {
    case 'a': return word_follows(next, "and");
    case 'e': return word_follows(next, "else");
    case 'f': return word_follows(next, "for");
    case 'i': return next[1] == 'f' || next[1] == 'n' || next[1] == 's';
    case 'o': return word_follows(next, "or");
    case 'n': return word_follows(next, "not");
    default: return false;
    }
}

// A number ended at lexer->at: what follows must not look like a part of it.
static bool number_ends(Lexer *lexer, const char *kind)
{
    if (lexer->extra_tokens)
        return true;   // the module tokenize is liberal
    if (keyword_follows(lexer)) {
        char message[LEX_MESSAGE_SIZE] = "invalid ";
        strcat(strcat(message, kind), " literal");
        if (lexer->warn &&
            !lexer->warn(lexer->warn_context, lexer->lineno, message)) {
            lexer->raised = true;
            return false;
        }
        return true;
    }
    unsigned char c = lex_peek(lexer);
    if (c < 128 && char_is(c, LEX_NAME)) {
        lex_error(lexer, "invalid %s literal", kind);
        return false;
    }
    return true;
}

// Digits with single underscores between them; the first digit stands at lexer->at or was read.
static bool decimal_digits(Lexer *lexer)
{
    for (;;) {
        while (is_digit(lex_peek(lexer)))
            lexer->at++;
        if (lex_peek(lexer) != '_')
            return true;
        lexer->at++;
        if (!is_digit(lex_peek(lexer))) {
            lex_error(lexer, "invalid decimal literal");
            return false;
        }
    }
}

static bool hex_number(Lexer *lexer)
{
    do {
        if (lex_peek(lexer) == '_')
            lexer->at++;
        if (!char_is(lex_peek(lexer), LEX_HEX)) {
            lex_error(lexer, "invalid hexadecimal literal");
            return false;
        }
        while (char_is(lex_peek(lexer), LEX_HEX))
            lexer->at++;
    } while (lex_peek(lexer) == '_');
    return number_ends(lexer, "hexadecimal");
}

static bool bad_digit(Lexer *lexer, const char *kind)
{
    unsigned char c = lex_peek(lexer);
    lexer->at++;
    lex_error(lexer, "invalid digit '%c' in %s literal", c, kind);
    return false;
}

// Octal and binary: digits below `limit`.
static bool small_base_number(Lexer *lexer, unsigned char limit, const char *kind)
{
    do {
        if (lex_peek(lexer) == '_')
            lexer->at++;
        unsigned char c = lex_peek(lexer);
        if (c < '0' || c >= limit) {
            if (is_digit(c))
                return bad_digit(lexer, kind);
            lex_error(lexer, "invalid %s literal", kind);
            return false;
        }
        while ((c = lex_peek(lexer)) >= '0' && c < limit)
            lexer->at++;
    } while (lex_peek(lexer) == '_');
    if (is_digit(lex_peek(lexer)))
        return bad_digit(lexer, kind);
    return number_ends(lexer, kind);
}

// 'e' with its sign and digits. True with `*out_over` when there is no exponent after all.
static bool exponent(Lexer *lexer, bool *out_over)
{
    unsigned char next = lexer->text[lexer->at + 1];
    *out_over = false;
    if (next == '+' || next == '-') {
        lexer->at += 2;
        if (!is_digit(lex_peek(lexer))) {
            lex_error(lexer, "invalid decimal literal");
            return false;
        }
    } else if (!is_digit(next)) {
        *out_over = true;
        return number_ends(lexer, "decimal");
    } else {
        lexer->at++;
    }
    return decimal_digits(lexer);
}

// Behind the integer part: fraction, exponent, imaginary unit.
static bool number_tail(Lexer *lexer)
{
    if (lex_peek(lexer) == '.') {
        lexer->at++;
        if (is_digit(lex_peek(lexer)) && !decimal_digits(lexer))
            return false;
    }
    if ((lex_peek(lexer) | 0x20) == 'e') {
        bool over;
        if (!exponent(lexer, &over))
            return false;
        if (over)
            return true;
    }
    if ((lex_peek(lexer) | 0x20) == 'j') {
        lexer->at++;
        return number_ends(lexer, "imaginary");
    }
    return number_ends(lexer, "decimal");
}

static bool zero_number(Lexer *lexer, uint32_t start)
{
    for (;;) {
        if (lex_peek(lexer) == '_') {
            lexer->at++;
            if (!is_digit(lex_peek(lexer))) {
                lex_error(lexer, "invalid decimal literal");
                return false;
            }
        }
        if (lex_peek(lexer) != '0')
            break;
        lexer->at++;
    }
    uint32_t zeros_end = lexer->at + 1;
    bool nonzero = is_digit(lex_peek(lexer));
    if (nonzero && !decimal_digits(lexer))
        return false;
    unsigned char c = lex_peek(lexer);
    if (nonzero && c != '.' && (c | 0x20) != 'e' && (c | 0x20) != 'j' && !lexer->extra_tokens) {
        lex_error_range(lexer, (int)(start - lexer->line_start),
                        (int)(zeros_end - lexer->line_start) - 1,
                        "leading zeros in decimal integer literals are not permitted; use an 0o "
                        "prefix for octal integers");
        return false;
    }
    return number_tail(lexer);
}

static bool any_number(Lexer *lexer, uint32_t start)
{
    unsigned char c = lex_peek(lexer);
    if (c == '0') {
        lexer->at++;
        unsigned char base = lex_peek(lexer) | 0x20;
        if (base == 'x' || base == 'o' || base == 'b') {
            lexer->at++;
            if (base == 'x')
                return hex_number(lexer);
            return small_base_number(lexer, base == 'o' ? '8' : '2',
                                     base == 'o' ? "octal" : "binary");
        }
        return zero_number(lexer, start);
    }
    if (c != '.' && !decimal_digits(lexer))
        return false;
    return number_tail(lexer);
}

bool lex_number(Lexer *lexer, Token *token)
{
    uint32_t start = lexer->at;
    if (!any_number(lexer, start))
        return false;
    lex_finish(lexer, token, TOKEN_NUMBER, start);
    return true;
}
