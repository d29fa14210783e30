// lock.c: the slow paths of the byte lock (a parking lot keyed by address), mutexes, and waiting on a word.
//
// Byte lock: unlock is a plain store of 0 followed by a load of the waiters byte; nothing orders the two. A waiter sets the
// byte and then makes every other thread pass a barrier (membarrier) before it looks at the lock a last time: an
// unlocker that has not yet loaded the byte will see it set. Without membarrier waiters look again every 100 µs.
// Guards: a bucket's list by its mutex; a waiter's fields by its bucket's mutex until `state` is set.
#include "src/core/lock.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "src/core/thread.h"

enum {
    SPINS = 60,                       // of about 10 ns each: longer than any holder needs that is running
    BUCKETS = 256,
    HAND_OFF_NS = 1000 * 1000,        // a waiter this old gets the lock handed over: nobody starves
    POLL_NS = 100 * 1000,             // without membarrier
};

typedef enum WaiterState { WAITING, WOKEN, OWNS_LOCK } WaiterState;

typedef struct Waiter {               // on the waiting thread's stack
    Object *lock;
    struct Waiter *next;
    int64_t since;
    uint32_t state;                   // WaiterState; futex word
} Waiter;

typedef struct Bucket {
    uint32_t spin;                    // 0 free, 1 held: held for a few instructions
    Waiter *first, *last;
} Bucket;

static Bucket buckets[BUCKETS];
static bool have_membarrier;

int64_t monotonic_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static inline void spin_pause(void) { __builtin_ia32_pause(); }

static long membarrier(int command)
{
    return syscall(SYS_membarrier, command, 0, 0);
}

void locks_start(void)
{
    have_membarrier = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;
}

void locks_fork_child(void)
{
    memset(buckets, 0, sizeof buckets);
    locks_start();
}

// --- futex ---
typedef struct FutexWait {
    uint32_t *word;
    uint32_t expected;
    int64_t deadline;                 // monotonic ns; negative: none
    bool timed_out;
} FutexWait;

static void *futex_wait(void *data)
{
    FutexWait *w = data;
    struct timespec until = {w->deadline / 1000000000, w->deadline % 1000000000};
    int saved = errno;
    long r = syscall(SYS_futex, w->word, FUTEX_WAIT_BITSET_PRIVATE, w->expected, w->deadline < 0 ? NULL : &until,
                     NULL, FUTEX_BITSET_MATCH_ANY);
    w->timed_out = r < 0 && errno == ETIMEDOUT;
    errno = saved;
    return NULL;
}

static bool wait_until(uint32_t *word, uint32_t expected, int64_t deadline)
{
    FutexWait w = {word, expected, deadline, false};
    if (thread_current())
        heap_blocking(futex_wait, &w);
    else
        futex_wait(&w);
    return !w.timed_out;
}

bool park_on(uint32_t *word, uint32_t expected, int64_t timeout_ns)
{
    return wait_until(word, expected, timeout_ns < 0 ? -1 : monotonic_ns() + timeout_ns);
}

void park_wake(uint32_t *word, int count)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

// --- mutex ---
void mutex_lock(Mutex *m)
{
    uint32_t free = 0;
    if (__atomic_compare_exchange_n(&m->state, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return;
    for (int i = 0; i < SPINS; i++) {
        free = 0;
        if (load_relaxed(&m->state) == 0
            && __atomic_compare_exchange_n(&m->state, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return;
        spin_pause();
    }
    while (__atomic_exchange_n(&m->state, 2, __ATOMIC_ACQUIRE) != 0)
        wait_until(&m->state, 2, -1);
}

void mutex_unlock(Mutex *m)
{
    if (__atomic_exchange_n(&m->state, 0, __ATOMIC_RELEASE) == 2)
        park_wake(&m->state, 1);
}

// --- byte lock ---
static Bucket *bucket_lock(const Object *o)
{
    Bucket *b = &buckets[((uintptr_t)o >> 4) * 0x9E3779B97F4A7C15u >> 56];
    while (__atomic_exchange_n(&b->spin, 1, __ATOMIC_ACQUIRE))
        sched_yield();
    return b;
}

static void bucket_unlock(Bucket *b)
{
    __atomic_store_n(&b->spin, 0, __ATOMIC_RELEASE);
}

static bool try_lock(Object *o)
{
    return load_relaxed(&o->lock) == 0 && __atomic_exchange_n(&o->lock, 1, __ATOMIC_ACQUIRE) == 0;
}

static bool spin_for(Object *o)
{
    for (int i = 0; i < SPINS; i++) {
        if (try_lock(o))
            return true;
        spin_pause();
    }
    return false;
}

static bool has_waiter(const Bucket *b, const Object *o)
{
    for (const Waiter *w = b->first; w; w = w->next)
        if (w->lock == o)
            return true;
    return false;
}

// Under the bucket's lock: the last look, after which an unlocker is bound to see the waiters byte.
static bool last_look(Bucket *b, Object *o)
{
    store_relaxed(&o->waiters, 1);
    if (have_membarrier)
        membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    else
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!try_lock(o))
        return false;
    if (!has_waiter(b, o))
        store_relaxed(&o->waiters, 0);
    return true;
}

static void enqueue(Bucket *b, Waiter *w)
{
    w->next = NULL;
    if (b->first)
        b->last->next = w;
    else
        b->first = w;
    b->last = w;
}

static void unlink_after(Bucket *b, Waiter *before, Waiter *w)
{
    if (before)
        before->next = w->next;
    else
        b->first = w->next;
    if (b->last == w)
        b->last = before;
}

static void wait_in_queue(Waiter *w)
{
    while (__atomic_load_n(&w->state, __ATOMIC_ACQUIRE) == WAITING) {
        bool in_time = wait_until(&w->state, WAITING, have_membarrier ? -1 : monotonic_ns() + POLL_NS);
        if (!in_time && load_relaxed(&w->lock->lock) == 0)
            lock_wake(w->lock);   // a wake-up may have been missed
    }
}

void lock_wait(Object *o)
{
    int64_t since = 0;
    while (!spin_for(o)) {
        Waiter w = {.lock = o, .state = WAITING};
        Bucket *b = bucket_lock(o);
        if (last_look(b, o)) {
            bucket_unlock(b);
            return;
        }
        if (!since)
            since = monotonic_ns();
        w.since = since;
        enqueue(b, &w);
        bucket_unlock(b);
        wait_in_queue(&w);
        if (load_relaxed(&w.state) == OWNS_LOCK)
            return;
    }
}

// Wakes the oldest waiter. One that has waited long becomes the owner at once, if the lock is still free.
void lock_wake(Object *o)
{
    Bucket *b = bucket_lock(o);
    Waiter *before = NULL, *w = b->first;
    while (w && w->lock != o) {
        before = w;
        w = w->next;
    }
    uint32_t *word = NULL;
    if (w) {
        bool old = monotonic_ns() - w->since > HAND_OFF_NS;
        bool owns = old && try_lock(o);
        unlink_after(b, before, w);
        word = &w->state;
        if (!has_waiter(b, o))
            store_relaxed(&o->waiters, 0);
        __atomic_store_n(word, owns ? OWNS_LOCK : WOKEN, __ATOMIC_RELEASE);   // w may be gone from here on
    } else {
        store_relaxed(&o->waiters, 0);
    }
    bucket_unlock(b);
    if (word)
        park_wake(word, 1);
}
