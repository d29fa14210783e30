// list_threads.c: lists under several threads: nothing lost, readers see whole items in order.
#include "tests/unit/threads.h"

#define list_array_empty test_list_array_empty
#define list_array_new test_list_array_new
#define list_grow_locked test_list_grow_locked
#define list_new test_list_new
#define list_from test_list_from
#define list_from_iterable test_list_from_iterable
#define list_to_tuple test_list_to_tuple
#define list_length test_list_length
#define list_get test_list_get
#define list_snapshot test_list_snapshot
#define list_append test_list_append
#define list_append_values test_list_append_values
#define list_extend test_list_extend
#define list_reserve test_list_reserve
#define list_insert test_list_insert
#define list_store test_list_store
#define list_take_locked test_list_take_locked
#define list_take test_list_take
#define list_replace_locked test_list_replace_locked
#define list_clear test_list_clear
#include "src/types/list.c"

enum { ITEMS = 20000, ROUNDS = 2000, WRITERS = THREADS / 2 };

static List *shared;
static uint32_t wrong;
static int64_t taken[THREADS];

static void check_that(bool cond)
{
    if (!cond)
        __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

static Value item_of(int writer, int64_t sequence)
{
    return fixnum(sequence * WRITERS + writer);
}

// Each writer's own items stand in their order, in whatever part of the list there is by now.
static void check_order(void)
{
    int64_t last[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        last[i] = -1;
    size_t n = list_length(shared);
    for (size_t i = 0; i < n; i++) {
        Value item = list_get(shared, i);
        check_that(item != 0 && is_fixnum(item));
        if (!item)
            return;
        int64_t sequence = fixnum_value(item) / WRITERS;
        int writer = (int)(fixnum_value(item) % WRITERS);
        check_that(sequence == last[writer] + 1);
        last[writer] = sequence;
    }
}

static void append_or_read(Thread *t, int number)
{
    lock_step(t);
    if (number >= WRITERS) {
        for (int i = 0; i < 20; i++)
            check_order();
        return;
    }
    for (int64_t i = 0; i < ITEMS; i++)
        check_that(list_append(t, shared, item_of(number, i)));
}

// Inserts, removals and stores race; at the end as many items are there as were put in and not taken.
static void change_everywhere(Thread *t, int number)
{
    int64_t balance = 0;
    for (int round = 0; round < ROUNDS; round++) {
        lock_step(t);
        uint32_t what = delay_random() % 5;
        if (what == 0)
            balance += list_insert(t, shared, (int64_t)(delay_random() % 50), fixnum(number));
        else if (what == 1)
            balance += list_append(t, shared, fixnum(number));
        else if (what == 2)
            balance -= list_take(shared, -1) != 0;
        else if (what == 3)
            balance -= list_take(shared, 3) != 0;
        else if (list_length(shared) && !list_store(shared, delay_random() % 10, fixnum(number)))
            continue;
        for (size_t i = 0; i < 20; i++) {
            Value item = list_get(shared, i);
            check_that(!item || is_fixnum(item));
        }
    }
    taken[number] = balance;
}

static void test_append(void **state)
{
    (void)state;
    vm_add_root_range(&shared, &shared + 1);
    shared = list_new(main_thread, 0);
    assert_non_null(shared);
    run_threads(append_or_read);
    check_order();
    assert_int_equal(wrong, 0);
    assert_int_equal(list_length(shared), ITEMS * WRITERS);
}

static void test_change(void **state)
{
    (void)state;
    list_clear(shared);
    run_threads(change_everywhere);
    int64_t left = 0;
    for (int i = 0; i < THREADS; i++)
        left += taken[i];
    assert_int_equal(wrong, 0);
    assert_int_equal(list_length(shared), left);
    for (size_t i = list_length(shared); i < shared->items->cap; i++)
        assert_int_equal(shared->items->at[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_change),
    };
    return cmocka_run_group_tests(tests, start_runtime, NULL);
}
