// compiler.c: the bytecode that the compiler makes, its verifier and its table of locations.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "frontend/compile.h"
#include "src/api/boot.h"
#include "src/code/location.h"
#include "src/core/error.h"
#include "src/core/vm.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Thread *t;

static int start(void **state)
{
    the_vm.config.script_name = "";
    t = boot_core(&the_vm);
    return t ? 0 : -1;
}

static Code *compiled(const char *source)
{
    CompileOptions options = {.filename = str_from_cstr(t, "test"), .optimize = 0};
    Value code = compile_source(t, source, strlen(source), PARSE_EXEC, &options);
    assert_true(code != 0);
    assert_true(code_verify(t, as_code(code)));
    return as_code(code);
}

// The first code object among the constants.
static Code *inner(const char *source)
{
    const Tuple *consts = as_tuple(compiled(source)->consts);
    for (size_t i = 0; i < consts->length; i++) {
        if (is_exactly(consts->at[i], &type_code)) {
            assert_true(code_verify(t, as_code(consts->at[i])));
            return as_code(consts->at[i]);
        }
    }
    fail_msg("no inner code");
    return NULL;
}

static int count_of(const Code *code, Opcode op)
{
    int n = 0;
    for (uint32_t i = 0; i < code->instr_count; i++)
        n += code->instrs[i].op == op;
    return n;
}

static const Instr *find(const Code *code, Opcode op)
{
    for (uint32_t i = 0; i < code->instr_count; i++) {
        if (code->instrs[i].op == op)
            return &code->instrs[i];
    }
    fail_msg("no %s", opcode_name(op));
    return NULL;
}

static void assignment_writes_its_target(void **state)
{
    const Code *code = inner("def f(a, b):\n x = a + b\n return x\n");
    const Instr *add = find(code, OP_ADD);
    assert_int_equal(add->a, 2);
    assert_int_equal(add->b, 0);
    assert_int_equal(add->c, 1);
    assert_int_equal(count_of(code, OP_MOVE), 0);
    assert_int_equal(count_of(code, OP_CHECK_BOUND), 0);
}

static void constants_use_the_short_form(void **state)
{
    const Code *code = inner("def f(a):\n if a < 3: return a - 1\n");
    assert_int_equal(count_of(code, OP_JUMP_UNLESS_LT_K), 1);
    assert_int_equal(count_of(code, OP_SUBTRACT_K), 1);
}

static void loops_test_at_their_bottom(void **state)
{
    const Code *code = inner("def f(n):\n i = 0\n while i < n: i += 1\n for x in n: pass\n");
    assert_true((int16_t)find(code, OP_JUMP_IF_LT)->c < 0);
    assert_true((int16_t)find(code, OP_FOR_NEXT)->c < 0);
}

static void unbound_locals_are_checked(void **state)
{
    assert_int_equal(count_of(inner("def f(n):\n if n: x = 1\n return x\n"), OP_CHECK_BOUND), 1);
    assert_int_equal(count_of(inner("def f(n):\n for x in n: pass\n return x\n"), OP_CHECK_BOUND), 1);
    assert_int_equal(count_of(inner("def f(n):\n for x in n: print(x)\n"), OP_CHECK_BOUND), 0);
    assert_int_equal(count_of(inner("def f(n):\n del n\n return n\n"), OP_CHECK_BOUND), 1);
}

static void constants_of_different_types_stay_apart(void **state)
{
    const Code *code = compiled("x = [1.0, True, 'a', -0.0, 0.0]\ny = (1, 1.0, True)\n");
    const Tuple *consts = as_tuple(code->consts);
    bool seen_true = false;
    for (size_t i = 0; i < consts->length; i++)
        seen_true = seen_true || consts->at[i] == TRUE || (is_exactly(consts->at[i], &type_tuple) && as_tuple(consts->at[i])->at[2] == TRUE);
    assert_true(seen_true);
}

static void every_raising_place_in_try_has_its_handler(void **state)
{
    const Code *code = inner("def f(a):\n try:\n  a()\n except ValueError:\n  return 1\n");
    const Instr *instr = find(code, OP_CALL);
    const Handler *handler = code_find_handler(code, (uint32_t)(instr - code->instrs));
    assert_non_null(handler);
    assert_int_equal(code->instrs[handler->target].op, OP_PUSH_EXC);
}

// --- the verifier ---
static void assert_refused(Code *code)
{
    assert_false(code_verify(t, code));
    assert_true(pending_clear_if(t, EXC(SystemError)));
}

static void verifier_refuses_registers_out_of_range(void **state)
{
    Code *code = inner("def f(a, b):\n return a + b\n");
    Instr *add = (Instr *)find(code, OP_ADD);
    add->c = 60000;
    assert_refused(code);
}

static void verifier_refuses_jumps_out_of_the_code(void **state)
{
    Code *code = inner("def f(a):\n if a < 3: return 1\n");
    ((Instr *)find(code, OP_JUMP_UNLESS_LT_K))->c = 30000;
    assert_refused(code);
}

static void verifier_refuses_unknown_opcodes_and_open_ends(void **state)
{
    Code *code = inner("def f(a):\n return a\n");
    code->instrs[0].op = OPCODE_COUNT;
    assert_refused(code);
    code = inner("def f(a):\n return a\n");
    code->instrs[code->instr_count - 1].op = OP_NOP;
    assert_refused(code);
}

static void verifier_refuses_constants_that_are_no_names(void **state)
{
    Code *code = inner("def f(a):\n return a.b\n");
    code->pool[find(code, OP_LOAD_ATTR)->c + 1] = fixnum(1);
    assert_refused(code);
}

static void verifier_refuses_handlers_that_take_nothing(void **state)
{
    Code *code = inner("def f(a):\n try: a()\n except: pass\n");
    code->handlers[0].target = 0;
    assert_refused(code);
}

// --- locations ---
static void locations_survive_packing(void **state)
{
    const Location from[] = {{1, 1, 0, 5}, {1, 1, 0, 5}, {0, 0, -1, -1}, {70000, 70003, 200, 3}, {2, 2, -1, -1}};
    uint8_t packed[64];
    size_t n = locations_pack(from, COUNT_OF(from), NULL);
    assert_in_range(n, 1, sizeof packed);
    locations_pack(from, COUNT_OF(from), packed);
    Code code = {.locations = packed, .location_bytes = (uint32_t)n};
    for (uint32_t i = 0; i < COUNT_OF(from); i++) {
        Location got = code_location(&code, i);
        assert_memory_equal(&got, &from[i], sizeof got);
    }
    assert_int_equal(code_line(&code, 2), -1);
    assert_int_equal(code_line(&code, 3), 70000);
}

static void deep_nesting_is_an_error(void **state)
{
    static char source[400001];
    memset(source, '-', sizeof source - 2);
    source[sizeof source - 2] = '1';
    CompileOptions options = {.filename = str_from_cstr(t, "test"), .optimize = 0};
    Value code = compile_source(t, source, sizeof source - 1, PARSE_EVAL, &options);
    assert_true(code || is_pending(t));
    pending_clear(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assignment_writes_its_target),
        cmocka_unit_test(constants_use_the_short_form),
        cmocka_unit_test(loops_test_at_their_bottom),
        cmocka_unit_test(unbound_locals_are_checked),
        cmocka_unit_test(constants_of_different_types_stay_apart),
        cmocka_unit_test(every_raising_place_in_try_has_its_handler),
        cmocka_unit_test(verifier_refuses_registers_out_of_range),
        cmocka_unit_test(verifier_refuses_jumps_out_of_the_code),
        cmocka_unit_test(verifier_refuses_unknown_opcodes_and_open_ends),
        cmocka_unit_test(verifier_refuses_constants_that_are_no_names),
        cmocka_unit_test(verifier_refuses_handlers_that_take_nothing),
        cmocka_unit_test(locations_survive_packing),
        cmocka_unit_test(deep_nesting_is_an_error),
    };
    return cmocka_run_group_tests_name("compiler", tests, start, NULL);
}
