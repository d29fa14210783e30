// set_threads.c: the set's table under several threads: no item twice, none lost, discards given out once.
#include "tests/unit/threads.h"

#define set_table_empty test_set_table_empty
#define set_new test_set_new
#define set_lookup_hash test_set_lookup_hash
#define set_contains_hashed test_set_contains_hashed
#define set_contains test_set_contains
#define set_add_hashed test_set_add_hashed
#define set_add test_set_add
#define set_discard_hashed test_set_discard_hashed
#define set_discard test_set_discard
#define set_pop_any test_set_pop_any
#define set_clear test_set_clear
#define set_take_table test_set_take_table
#define set_length test_set_length
#define set_next_entry test_set_next_entry
#define set_next test_set_next
#define set_merge test_set_merge
#define set_copy test_set_copy
#define set_update test_set_update
#define set_from_iterable test_set_from_iterable
#define frozenset_hash test_frozenset_hash
#define set_dummy test_set_dummy
#include "src/types/set.c"

enum { ROUNDS = 3000 };

static Set *shared;
static uint32_t added[ROUNDS], removed[ROUNDS], wrong;

static void check_that(bool cond)
{
    if (!cond)
        __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

static Value item_of_round(Thread *t, int round)
{
    return round % 2 ? fixnum(round * 8) : str_format(t, "item%d", round);
}

static void add_same(Thread *t, int number)
{
    (void)number;
    for (int round = 0; round < ROUNDS; round++) {
        Value item = item_of_round(t, round);
        lock_step(t);
        if (set_add(t, shared, item) == 1)
            __atomic_add_fetch(&added[round], 1, __ATOMIC_RELAXED);
        check_that(set_contains(t, shared, item_of_round(t, round / 2)) == 1);
    }
}

static void discard_same(Thread *t, int number)
{
    (void)number;
    for (int round = 0; round < ROUNDS; round += 2) {
        Value item = item_of_round(t, round);
        lock_step(t);
        if (set_discard(t, shared, item) == 1)
            __atomic_add_fetch(&removed[round], 1, __ATOMIC_RELAXED);
        check_that(set_contains(t, shared, item_of_round(t, round + 1)) == 1);
    }
}

static void test_add(void **state)
{
    (void)state;
    vm_add_root_range(&shared, &shared + 1);
    shared = set_new(main_thread, false);
    assert_non_null(shared);
    run_threads(add_same);
    assert_int_equal(wrong, 0);
    assert_int_equal(set_length(shared), ROUNDS);
    for (int round = 0; round < ROUNDS; round++)
        assert_int_equal(added[round], 1);
}

static void test_discard(void **state)
{
    (void)state;
    run_threads(discard_same);
    assert_int_equal(wrong, 0);
    assert_int_equal(set_length(shared), ROUNDS / 2);
    for (int round = 0; round < ROUNDS; round += 2)
        assert_int_equal(removed[round], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_discard),
    };
    return cmocka_run_group_tests(tests, start_runtime, NULL);
}
