// threads.h: for units that let several OS threads at one container, in lock-step and with delays between publish steps.
//
// Include first. `publish` waits at random before and after each store; the unit then includes the source under test, with its
// public functions renamed (they are also in the objects the unit is linked with).
#ifndef ADDER_TESTS_UNIT_THREADS_H
#define ADDER_TESTS_UNIT_THREADS_H

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static __thread uint32_t delay_seed;

static inline uint32_t delay_random(void)
{
    uint32_t x = delay_seed ? delay_seed : (uint32_t)(uintptr_t)&delay_seed | 1;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return delay_seed = x;
}

static inline void delay(void)
{
    uint32_t x = delay_random();
    if (x % 4 == 0)
        for (volatile uint32_t i = x >> 8 & 127; i; i--)
            ;
    if (x % 64 == 1)
        sched_yield();
}

#define publish(ptr, value) (delay(), __atomic_store_n((ptr), (value), __ATOMIC_RELEASE), delay())

#include "src/api/boot.h"
#include "src/api/command_line.h"
#include "src/core/lock.h"
#include "src/core/vm.h"

enum { THREADS = 8 };

typedef void (*ThreadBody)(Thread *t, int number);

static pthread_barrier_t step;    // every thread waits here before each round
static ThreadBody body;
static Thread *main_thread;

static void *in_blocked_state(void *data)
{
    pthread_barrier_wait(data);
    return NULL;
}

static void lock_step(Thread *t)
{
    blocking(t, in_blocked_state, &step);
}

static void *run_body(void *number)
{
    Thread *t = thread_attach(&the_vm, false);
    if (!t)
        abort();
    body(t, (int)(intptr_t)number);
    thread_detach(t);
    return NULL;
}

static void *join_all(void *threads)
{
    for (int i = 0; i < THREADS; i++)
        pthread_join(((pthread_t *)threads)[i], NULL);
    return NULL;
}

static void run_threads(ThreadBody what)
{
    pthread_t threads[THREADS];
    body = what;
    pthread_barrier_init(&step, NULL, THREADS);
    store_relaxed(&vm_multithreaded, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_body, (void *)(intptr_t)i), 0);
    blocking(main_thread, join_all, threads);
    pthread_barrier_destroy(&step);
}

static int start_runtime(void **state)
{
    (void)state;
    static char *argv[] = {"unit", "-c", "", NULL};
    command_line_parse(&the_vm.config, 3, argv);
    main_thread = boot_core(&the_vm);
    return main_thread ? 0 : 1;
}

#endif
