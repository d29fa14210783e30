// dict_threads.c: the dict's table under several threads: no key twice, none lost, pops given out once.
#include "tests/unit/threads.h"

#define dict_keys_empty test_dict_keys_empty
#define dict_keys_append test_dict_keys_append
#define dict_keys_copy test_dict_keys_copy
#define dict_new test_dict_new
#define dict_new_sized test_dict_new_sized
#define key_hash_slow test_key_hash_slow
#define dict_find test_dict_find
#define dict_entry_known test_dict_entry_known
#define dict_get_known test_dict_get_known
#define dict_get_hashed test_dict_get_hashed
#define dict_get test_dict_get
#define dict_contains test_dict_contains
#define dict_get_item test_dict_get_item
#define dict_probe_holds test_dict_probe_holds
#define dict_add_locked test_dict_add_locked
#define dict_remove_locked test_dict_remove_locked
#define dict_set_hashed test_dict_set_hashed
#define dict_set test_dict_set
#define dict_set_default test_dict_set_default
#define dict_pop test_dict_pop
#define dict_delete test_dict_delete
#define dict_clear test_dict_clear
#define dict_move_to_end test_dict_move_to_end
#define dict_length test_dict_length
#define dict_next test_dict_next
#define dict_next_hashed test_dict_next_hashed
#define dict_copy test_dict_copy
#define dict_keys_list test_dict_keys_list
#define dict_values_list test_dict_values_list
#define dict_items_list test_dict_items_list
#define dict_equal test_dict_equal
#define dict_dummy test_dict_dummy
#include "src/types/dict.c"

enum { ROUNDS = 3000 };

static Dict *shared;              // a root: static data of the command are not scanned
static Value answers[ROUNDS];     // fixnums; what the first setdefault of the round answered
static uint32_t popped[ROUNDS], wrong;

static Value key_of_round(Thread *t, int round)
{
    return round % 2 ? fixnum(round) : str_format(t, "key%d", round);
}

static void check_that(bool cond)
{
    if (!cond)
        __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

// All threads ask for the same new key at the same time: one answer for all.
static void set_defaults(Thread *t, int number)
{
    for (int round = 0; round < ROUNDS; round++) {
        Value key = key_of_round(t, round), none = 0;
        lock_step(t);
        Value there = dict_set_default(t, shared, key, fixnum(number));
        if (!__atomic_compare_exchange_n(&answers[round], &none, there, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            check_that(none == there);
        int earlier = round / 2;
        Value found;
        check_that(dict_get(t, shared, key_of_round(t, earlier), &found) == 1 && found == load_relaxed(&answers[earlier]));
    }
}

// Half of the keys are popped by everybody at once, while others move: each pop succeeds once, the rest is always found.
static void pop_and_move(Thread *t, int number)
{
    for (int round = 0; round < ROUNDS; round++) {
        Value key = key_of_round(t, round), value;
        lock_step(t);
        if (round % 3 == 0) {
            if (dict_pop(t, shared, key, &value) == 1)
                __atomic_add_fetch(&popped[round], 1, __ATOMIC_RELAXED);
            continue;
        }
        if (number % 2)
            check_that(dict_move_to_end(t, shared, key, true) == 1);
        check_that(dict_get(t, shared, key, &value) == 1);
    }
}

static void test_set_default(void **state)
{
    (void)state;
    vm_add_root_range(&shared, &shared + 1);
    shared = dict_new(main_thread);
    assert_non_null(shared);
    run_threads(set_defaults);
    assert_int_equal(wrong, 0);
    assert_int_equal(dict_length(shared), ROUNDS);
}

static void test_pop_and_move(void **state)
{
    (void)state;
    run_threads(pop_and_move);
    assert_int_equal(wrong, 0);
    size_t left = 0, position = 0;
    for (Value key; dict_next(shared, &position, &key, NULL); left++)
        ;
    assert_int_equal(left, dict_length(shared));
    assert_int_equal(left, ROUNDS - (ROUNDS + 2) / 3);
    for (int round = 0; round < ROUNDS; round++)
        assert_int_equal(popped[round], round % 3 == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_default),
        cmocka_unit_test(test_pop_and_move),
    };
    return cmocka_run_group_tests(tests, start_runtime, NULL);
}
