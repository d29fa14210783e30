// lock.h: the one-byte lock in each object's header, and mutexes for the runtime's own tables.
//
// Readers of builtin containers take no lock; writers take the object's byte lock (runtime-wide rules in docs/threads.md).
// While only one thread has ever been started, locking is skipped: `vm_multithreaded` is set once, by the only thread, at a
// call boundary before it starts the second, and never cleared. The flag is read once per operation: object_lock's
// result says whether object_unlock has anything to do.
//
// Under a byte lock, never: Python code, a second object's lock (two-object operations: object_lock_two, address order),
// blocking, a safepoint. Allocation is fine: finalisers and callbacks run at safepoints only.
#ifndef ADDER_CORE_LOCK_H
#define ADDER_CORE_LOCK_H

#include "src/core/object.h"

extern bool vm_multithreaded;

void lock_wait(Object *o);        // slow path: spins, then parks until the lock is ours
void lock_wake(Object *o);        // slow path: wakes one waiter

static inline MUST_CHECK bool object_lock(Object *o)
{
    if (likely(!load_relaxed(&vm_multithreaded)))
        return false;
    if (unlikely(__atomic_exchange_n(&o->lock, 1, __ATOMIC_ACQUIRE)))
        lock_wait(o);
    return true;
}

static inline void object_unlock(Object *o, bool locked)
{
    if (likely(!locked))
        return;
    __atomic_store_n(&o->lock, 0, __ATOMIC_RELEASE);
    if (unlikely(load_relaxed(&o->waiters)))
        lock_wake(o);
}

static inline MUST_CHECK bool object_lock_two(Object *a, Object *b)
{
    if (likely(!load_relaxed(&vm_multithreaded)))
        return false;
    Object *first = a < b ? a : b, *second = a < b ? b : a;
    if (__atomic_exchange_n(&first->lock, 1, __ATOMIC_ACQUIRE))
        lock_wait(first);
    if (second != first && __atomic_exchange_n(&second->lock, 1, __ATOMIC_ACQUIRE))
        lock_wait(second);
    return true;
}

static inline void object_unlock_two(Object *a, Object *b, bool locked)
{
    object_unlock(a, locked);
    if (a != b)
        object_unlock(b, locked);
}

// A mutex for runtime tables (types, shapes, interned strings, imports …): static storage, zero-initialised.
// A thread that has to wait does so in the collector's "blocked" state. Not recursive.
typedef struct Mutex {
    uint32_t state;   // futex word: 0 free, 1 held, 2 held with waiters
} Mutex;
void mutex_lock(Mutex *m);
void mutex_unlock(Mutex *m);

// Parks the calling thread while *word == expected, up to timeout_ns (negative: no limit). Returns false on time-out.
// Runs in the collector's blocked state. May return true early (a signal): callers look at the word again in a loop, after a safepoint.
bool park_on(uint32_t *word, uint32_t expected, int64_t timeout_ns);
void park_wake(uint32_t *word, int count);

void locks_start(void);            // before the process has a second OS thread
void locks_fork_child(void);       // forgets the waiters of threads that are gone
int64_t monotonic_ns(void);

#endif
