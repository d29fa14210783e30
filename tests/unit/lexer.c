// lexer.c: the lexer's tokens, one spelling after another.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "frontend/lexer.h"

// The names of a source's tokens with spaces between them; an error ends the list with its message.
static const char *tokens_of(const char *text)
{
    static char out[4000];
    Source source = {.text = text, .size = strlen(text)};
    Lexer lexer;
    Token token;
    lexer_init(&lexer, &source);
    out[0] = 0;
    do {
        lexer_next(&lexer, &token);
        const char *name = token.type == TOKEN_ERRORTOKEN ? lexer.error.message
                                                          : token_names[token.type];
        strcat(strcat(out, out[0] ? " " : ""), name);
    } while (token.type != TOKEN_ENDMARKER && token.type != TOKEN_ERRORTOKEN);
    return out;
}

static void test_tokens(void **state)
{
    (void)state;
    assert_string_equal(tokens_of(""), "ENDMARKER");
    assert_string_equal(tokens_of("x=1\n"), "NAME EQUAL NUMBER NEWLINE ENDMARKER");
    assert_string_equal(tokens_of("a**=b//c"), "NAME DOUBLESTAREQUAL NAME DOUBLESLASH NAME ENDMARKER");
    assert_string_equal(tokens_of("a<>b->c:=d!=e...f"),
                        "NAME LESS GREATER NAME RARROW NAME COLONEQUAL NAME NOTEQUAL NAME ELLIPSIS NAME "
                        "ENDMARKER");
    assert_string_equal(tokens_of("if x:\n  y\n# c\nelse:\n\n  z\n"),
                        "IF NAME COLON NEWLINE INDENT NAME NEWLINE DEDENT ELSE COLON NEWLINE INDENT "
                        "NAME NEWLINE DEDENT ENDMARKER");
    assert_string_equal(tokens_of("(\n1,\n  2)\n"), "LPAR NUMBER COMMA NUMBER RPAR NEWLINE ENDMARKER");
    assert_string_equal(tokens_of("a \\\n b"), "NAME NAME ENDMARKER");
    assert_string_equal(tokens_of("rb'x' Rb\"\" u''"), "STRING STRING STRING ENDMARKER");
    assert_string_equal(tokens_of("ifx notin match"), "NAME NAME NAME ENDMARKER");
    assert_string_equal(tokens_of("0xF_f 0o7 0b1 1_0.5e-3j .5 1."),
                        "NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER ENDMARKER");
}

static void test_strings(void **state)
{
    (void)state;
    assert_string_equal(tokens_of("f'a{b!r:>{c}}d'"),
                        "FSTRING_START FSTRING_MIDDLE LBRACE NAME EXCLAMATION NAME COLON "
                        "FSTRING_MIDDLE LBRACE NAME RBRACE FSTRING_MIDDLE RBRACE FSTRING_MIDDLE "
                        "FSTRING_END ENDMARKER");
    assert_string_equal(tokens_of("t'{{}}'"),
                        "TSTRING_START TSTRING_MIDDLE TSTRING_MIDDLE TSTRING_END ENDMARKER");
    assert_string_equal(tokens_of("f'{f'{x}'}'"),
                        "FSTRING_START LBRACE FSTRING_START LBRACE NAME RBRACE FSTRING_END RBRACE "
                        "FSTRING_END ENDMARKER");
    assert_string_equal(tokens_of("f'\\N{DASH}'"), "FSTRING_START FSTRING_MIDDLE FSTRING_END ENDMARKER");
}

static void test_errors(void **state)
{
    (void)state;
    assert_string_equal(tokens_of("'a"), "unterminated string literal (detected at line 1)");
    assert_string_equal(tokens_of("1__0"), "invalid decimal literal");
    assert_string_equal(tokens_of("(]"), "LPAR closing parenthesis ']' does not match opening "
                                         "parenthesis '('");
    assert_string_equal(tokens_of("f'}'"), "FSTRING_START FSTRING_MIDDLE f-string: single '}' is not "
                                           "allowed");
    assert_string_equal(tokens_of("bf''"), "'b' and 'f' prefixes are incompatible");
    assert_string_equal(tokens_of("a\x01"), "NAME invalid non-printable character U+0001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tokens),
                                       cmocka_unit_test(test_strings),
                                       cmocka_unit_test(test_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
