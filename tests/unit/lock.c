// lock.c: byte locks and mutexes under contention.
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/core/lock.h"

enum { THREADS = 8, ROUNDS = 200000 };

static Object object;
static Mutex mutex;
static uint64_t counter;

static void *count_under_byte_lock(void *data)
{
    for (int i = 0; i < ROUNDS; i++) {
        bool locked = object_lock(&object);
        counter++;
        object_unlock(&object, locked);
    }
    return NULL;
}

static void *count_under_mutex(void *data)
{
    for (int i = 0; i < ROUNDS; i++) {
        mutex_lock(&mutex);
        counter++;
        mutex_unlock(&mutex);
    }
    return NULL;
}

static void run(void *(*body)(void *))
{
    pthread_t threads[THREADS];
    counter = 0;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, body, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(counter, (uint64_t)THREADS * ROUNDS);
}

static void test_byte_lock_excludes(void **state)
{
    run(count_under_byte_lock);
    assert_int_equal(object.lock, 0);
}

static void test_mutex_excludes(void **state)
{
    run(count_under_mutex);
    assert_int_equal(mutex.state, 0);
}

static void test_lock_is_skipped_by_a_single_thread(void **state)
{
    vm_multithreaded = false;
    assert_false(object_lock(&object));
    assert_int_equal(object.lock, 0);
    vm_multithreaded = true;
}

static void test_park_times_out(void **state)
{
    uint32_t word = 1;
    int64_t before = monotonic_ns();
    assert_false(park_on(&word, 1, 20 * 1000 * 1000));
    assert_true(monotonic_ns() - before >= 19 * 1000 * 1000);
    assert_true(park_on(&word, 2, -1));   // another value: returns at once
}

static int start(void **state)
{
    locks_start();
    vm_multithreaded = true;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_byte_lock_excludes),
        cmocka_unit_test(test_mutex_excludes),
        cmocka_unit_test(test_lock_is_skipped_by_a_single_thread),
        cmocka_unit_test(test_park_times_out),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
