// frontend_expected.c: trees and errors of many snippets, as CPython 3.14 gives them.
//
// tests/frontend/expected.txt has records "@ mode flags size", the source, and the answer on one
// line: the dump of the tree or "ERR Name args" (tests/frontend/record.py writes it).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frontend/parser.h"
#include "src/api/boot.h"
#include "src/api/command_line.h"
#include "src/core/vm.h"
#include "src/types/exception.h"
#include "src/types/str.h"

static Thread *t;

static int start(void **state)
{
    (void)state;
    static char *argv[] = {"unit", "-c", "pass", NULL};
    command_line_parse(&the_vm.config, 3, argv);
    t = boot_core(&the_vm);
    return t ? 0 : -1;
}

static ParseMode mode_of(char letter)
{
    return letter == 'e' ? PARSE_EVAL : letter == 's' ? PARSE_SINGLE : PARSE_EXEC;
}

// What the parser says of a source, in collected memory.
static const char *answer(const char *source, size_t size, ParseMode mode, unsigned flags)
{
    ParseRequest request = {.text = source, .size = size, .filename = str_from_cstr(t, "f"),
                            .mode = mode, .flags = flags | PARSE_IGNORE_COOKIE};
    Arena arena;
    arena_open(&arena);
    Node *tree = parse_source(t, &arena, &request);
    Value text;
    if (tree) {
        text = ast_dump(t, tree, AST_DUMP_ATTRIBUTES);
    } else {
        Value error = pending_take(t);
        assert_true(error != 0);
        text = str_format(t, "ERR %N %R", type_of(error), as_exception(error)->args);
    }
    arena_close(&arena);
    assert_true(text != 0);
    return str_utf8(t, text, NULL);
}

static char *read_line(FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n = getline(&line, &room, file);
    assert_true(n > 0);
    line[n - 1] = 0;
    return line;
}

static void test_expected(void **state)
{
    (void)state;
    char path[1000];
    snprintf(path, sizeof path, "%.*s../frontend/expected.txt",
             (int)(strrchr(__FILE__, '/') + 1 - __FILE__), __FILE__);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    char mode;
    unsigned flags;
    size_t size;
    int bad = 0, count = 0;
    while (fscanf(file, "@ %c %u %zu", &mode, &flags, &size) == 3) {
        fgetc(file);
        char *source = malloc(size + 1);
        assert_int_equal(fread(source, 1, size, file), size);
        source[size] = 0;
        fgetc(file);
        char *want = read_line(file);
        const char *got = answer(source, size, mode_of(mode), flags);
        count++;
        if (strcmp(got, want) != 0) {
            bad++;
            print_error("%s\n  got  %s\n  want %s\n", source, got, want);
        }
        free(source);
        free(want);
    }
    fclose(file);
    assert_true(count > 500);
    assert_int_equal(bad, 0);
}

// `unit` repeated: deep and long input ends in a tree or in an ordinary error.
static void check_deep(const char *unit, int times, const char *end, const char *want)
{
    size_t n = strlen(unit);
    char *source = malloc(n * (size_t)times + strlen(end) + 1), *out = source;
    for (int i = 0; i < times; i++, out += n)
        memcpy(out, unit, n);
    strcpy(out, end);
    ParseRequest request = {.text = source, .size = strlen(source),
                            .filename = str_from_cstr(t, "f"), .flags = PARSE_IGNORE_COOKIE};
    Arena arena;
    arena_open(&arena);
    Node *tree = parse_source(t, &arena, &request);
    if (want) {
        assert_null(tree);
        Value text = str_format(t, "%V", pending_take(t));
        const char *got = str_utf8(t, text, NULL);
        if (!strstr(got, want))
            fail_msg("%.20s…: got %s, want %s", unit, got, want);
    } else {
        assert_non_null(tree);
    }
    arena_close(&arena);
    free(source);
}

static void test_deep(void **state)
{
    (void)state;
    check_deep("(", 300, "", "too many nested parentheses");
    check_deep("-", 100000, "1", "too complex");
    check_deep("not ", 100000, "1", "too complex");
    check_deep("2**", 100000, "1", "too complex");
    check_deep("lambda:", 100000, "1", "too complex");
    check_deep("1 if 1 else ", 100000, "1", "too complex");
    check_deep("a.", 100000, "b", NULL);
    check_deep("1+", 100000, "1", NULL);
    check_deep("a,", 100000, "b", NULL);
    check_deep("a=", 100000, "b", NULL);
    check_deep("x = 1\n", 100000, "", NULL);
    check_deep("if x:\n pass\nel", 20000, "se:\n pass\n", NULL);
    check_deep("f'{", 200, "", "too many nested f-strings");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_expected),
                                       cmocka_unit_test(test_deep)};
    return cmocka_run_group_tests(tests, start, NULL);
}
