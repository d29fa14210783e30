// thread_lock.c: _thread.lock and _thread.RLock: one futex word each.
#include <math.h>
#include <stdio.h>

#include "src/core/error.h"
#include "src/core/native.h"
#include "src/modules/thread.h"
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

#define TIMEOUT_MAX_SECONDS 9223372036.0   // what fits 63 bits of nanoseconds

enum { SPINS = 40 };   // before parking: most locks are held for less than a microsecond

// --- the word ---
bool lock_word_try(uint32_t *state)
{
    uint32_t free = 0;
    return __atomic_compare_exchange_n(state, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void lock_word_release(uint32_t *state)
{
    if (__atomic_exchange_n(state, 0, __ATOMIC_RELEASE) == 2)
        park_wake(state, 1);
}

static bool spin_for(uint32_t *state)
{
    for (int i = 0; i < SPINS; i++) {
        if (load_relaxed(state) == 0 && lock_word_try(state))
            return true;
        __builtin_ia32_pause();
    }
    return false;
}

int lock_word_acquire(Thread *t, uint32_t *state, int64_t timeout_ns)
{
    if (lock_word_try(state))
        return 1;
    if (timeout_ns == 0)
        return 0;
    if (spin_for(state))
        return 1;
    int64_t deadline = timeout_ns < 0 ? -1 : monotonic_ns() + timeout_ns;
    while (__atomic_exchange_n(state, 2, __ATOMIC_ACQUIRE) != 0) {
        int64_t left = deadline < 0 ? -1 : deadline - monotonic_ns();
        if (deadline >= 0 && left <= 0)
            return 0;
        park_on(state, 2, left);
        if (!safepoint(t))
            return -1;
    }
    return 1;
}

bool lock_timeout(Thread *t, Value seconds, int64_t *out_ns)
{
    double s;
    *out_ns = -1;
    if (!seconds || seconds == NONE)
        return true;
    if (!to_double(t, seconds, &s))
        return false;
    if (isnan(s)) {
        raise(t, EXC(ValueError), "Invalid value NaN (not a number)");
        return false;
    }
    if (s == -1.0)
        return true;
    if (s < 0) {
        raise(t, EXC(ValueError), "timeout value must be a non-negative number");
        return false;
    }
    if (s > TIMEOUT_MAX_SECONDS) {
        raise(t, EXC(OverflowError), "timeout value is too large");
        return false;
    }
    *out_ns = (int64_t)ceil(s * 1e9);
    return true;
}

// blocking and timeout of acquire(): 0 nanoseconds when not blocking.
static bool acquire_arguments(Thread *t, Value blocking, Value timeout, int64_t *out_ns)
{
    int block = blocking ? truth(t, blocking) : 1;
    if (block < 0 || !lock_timeout(t, timeout, out_ns))
        return false;
    if (block)
        return true;
    if (*out_ns >= 0) {
        raise(t, EXC(ValueError), "can't specify a timeout for a non-blocking call");
        return false;
    }
    *out_ns = 0;
    return true;
}

// --- lock ---
static uint32_t *word_of(Value v) { return &((LockObject *)v)->state; }

static Value lock_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!arguments_check(t, "lock", nargs, kwnames, 0, 0))
        return 0;
    return value_of(new_object(t, lock, LockObject));
}

static Value lock_acquire(Thread *t, const Value *args, size_t nargs)
{
    int64_t timeout;
    if (!args[1] && !args[2] && lock_word_try(word_of(args[0])))
        return TRUE;
    if (!acquire_arguments(t, args[1], args[2], &timeout))
        return 0;
    int taken = lock_word_acquire(t, word_of(args[0]), timeout);
    return taken < 0 ? 0 : value_bool(taken);
}

static Value lock_release(Thread *t, const Value *args, size_t nargs)
{
    if (!load_relaxed(word_of(args[0])))
        return raise(t, EXC(RuntimeError), "release unlocked lock");
    lock_word_release(word_of(args[0]));
    return NONE;
}

static Value lock_enter(Thread *t, const Value *args, size_t nargs)
{
    return lock_word_acquire(t, word_of(args[0]), -1) < 0 ? 0 : TRUE;
}

static Value lock_locked(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(load_relaxed(word_of(args[0])) != 0);
}

static Value lock_reinit(Thread *t, const Value *args, size_t nargs)
{
    store_relaxed(word_of(args[0]), 0);
    return NONE;
}

static Value lock_repr(Thread *t, Value self)
{
    char here[24];
    snprintf(here, sizeof here, "0x%lx", (unsigned long)self);
    return str_format(t, "<%s _thread.lock object at %s>", load_relaxed(word_of(self)) ? "locked" : "unlocked", here);
}

#define ACQUIRE_DOC "Lock the lock.\n\nWithout argument, this blocks if the lock is already locked (even by\nthe same thread), waiting for another thread to release the lock, and\nreturn True once the lock is acquired.\nWith an argument, this will only block if the argument is true, and the\nreturn value reflects whether the lock is acquired.\nThe blocking operation is interruptible."

static const NativeDef lock_methods[] = {
    {"acquire", lock_acquire, "($self, /, blocking=True, timeout=-1)", ACQUIRE_DOC, NATIVE_PLAIN},
    {"acquire_lock", lock_acquire, "($self, /, blocking=True, timeout=-1)", "An obsolete synonym of acquire().", NATIVE_PLAIN},
    {"release", lock_release, "($self, /)", "Release the lock.", NATIVE_PLAIN},
    {"release_lock", lock_release, "($self, /)", "An obsolete synonym of release().", NATIVE_PLAIN},
    {"locked", lock_locked, "($self, /)", "Return whether the lock is locked.", NATIVE_PLAIN},
    {"locked_lock", lock_locked, "($self, /)", "An obsolete synonym of locked().", NATIVE_PLAIN},
    {"__enter__", lock_enter, "($self, /)", "Lock the lock.", NATIVE_PLAIN},
    {"__exit__", lock_release, "($self, exc_type, exc_value, exc_tb, /)", "Release the lock.", NATIVE_PLAIN},
    {"_at_fork_reinit", lock_reinit, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

Type type_lock = {
    TYPE_HEAD(lock, "_thread.lock", &type_object, LockObject),
    .flags = TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .doc = "A lock object is a synchronization primitive.",
    .slots = {.new = lock_new, .repr = lock_repr},
    .new_signature = "()",
    .methods = lock_methods,
};

// --- RLock ---
static RLockObject *as_rlock(Value v) { return (RLockObject *)v; }

static Value rlock_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(cls == &type_rlock ? new_object(t, rlock, RLockObject) : instance_new(t, cls, 0));
}

static bool is_owner(Thread *t, const RLockObject *lock)
{
    return load_relaxed(&lock->owner) == t->id && lock->count > 0;
}

// 1 taken, 0 time is up, -1 exception.
static int rlock_take(Thread *t, RLockObject *lock, int64_t timeout)
{
    if (is_owner(t, lock)) {
        lock->count++;
        return 1;
    }
    int taken = lock_word_acquire(t, &lock->state, timeout);
    if (taken > 0) {
        store_relaxed(&lock->owner, t->id);
        lock->count = 1;
    }
    return taken;
}

static Value rlock_acquire(Thread *t, const Value *args, size_t nargs)
{
    int64_t timeout;
    if (!acquire_arguments(t, args[1], args[2], &timeout))
        return 0;
    int taken = rlock_take(t, as_rlock(args[0]), timeout);
    return taken < 0 ? 0 : value_bool(taken);
}

static Value rlock_enter(Thread *t, const Value *args, size_t nargs)
{
    return rlock_take(t, as_rlock(args[0]), -1) < 0 ? 0 : TRUE;
}

static Value rlock_release(Thread *t, const Value *args, size_t nargs)
{
    RLockObject *lock = as_rlock(args[0]);
    if (!is_owner(t, lock))
        return raise(t, EXC(RuntimeError), "cannot release un-acquired lock");
    if (--lock->count == 0) {
        store_relaxed(&lock->owner, 0);
        lock_word_release(&lock->state);
    }
    return NONE;
}

static Value rlock_is_owned(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(is_owner(t, as_rlock(args[0])));
}

static Value rlock_locked(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(load_relaxed(&as_rlock(args[0])->state) != 0);
}

static Value rlock_recursion_count(Thread *t, const Value *args, size_t nargs)
{
    RLockObject *lock = as_rlock(args[0]);
    return is_owner(t, lock) ? int_from_uint64(t, lock->count) : fixnum(0);
}

// threading.Condition gives the lock up whatever its count, and takes it back with that count.
static Value rlock_release_save(Thread *t, const Value *args, size_t nargs)
{
    RLockObject *lock = as_rlock(args[0]);
    if (!load_relaxed(&lock->state))
        return raise(t, EXC(RuntimeError), "cannot release un-acquired lock");
    Value saved = tuple_pair(t, int_from_uint64(t, lock->count), int_from_uint64(t, lock->owner));
    if (!saved)
        return 0;
    lock->count = 0;
    store_relaxed(&lock->owner, 0);
    lock_word_release(&lock->state);
    return saved;
}

static Value rlock_acquire_restore(Thread *t, const Value *args, size_t nargs)
{
    RLockObject *lock = as_rlock(args[0]);
    int64_t count, owner;
    if (!is_tuple(args[1]) || as_tuple(args[1])->length != 2)
        return raise(t, EXC(TypeError), "_acquire_restore() argument 1 must be 2-item tuple, not %T", args[1]);
    if (!to_int64(t, as_tuple(args[1])->at[0], &count) || !to_int64(t, as_tuple(args[1])->at[1], &owner))
        return 0;
    if (lock_word_acquire(t, &lock->state, -1) < 0)
        return 0;
    store_relaxed(&lock->owner, (uint64_t)owner);
    lock->count = (uint64_t)count;
    return NONE;
}

static Value rlock_reinit(Thread *t, const Value *args, size_t nargs)
{
    RLockObject *lock = as_rlock(args[0]);
    lock->count = 0;
    store_relaxed(&lock->owner, 0);
    store_relaxed(&lock->state, 0);
    return NONE;
}

static Value rlock_repr(Thread *t, Value self)
{
    RLockObject *lock = as_rlock(self);
    char here[24];
    snprintf(here, sizeof here, "0x%lx", (unsigned long)self);
    return str_format(t, "<%s %N object owner=%lu count=%lu at %s>", load_relaxed(&lock->state) ? "locked" : "unlocked",
                      type_of(self), lock->owner, lock->count, here);
}

static const NativeDef rlock_methods[] = {
    {"acquire", rlock_acquire, "($self, /, blocking=True, timeout=-1)", ACQUIRE_DOC, NATIVE_PLAIN},
    {"release", rlock_release, "($self, /)", "Release the lock, allowing another thread that is blocked waiting for\nthe lock to acquire the lock.", NATIVE_PLAIN},
    {"locked", rlock_locked, "($self, /)", "Return a boolean indicating whether this object is locked right now.", NATIVE_PLAIN},
    {"__enter__", rlock_enter, "($self, /)", "Lock the lock.", NATIVE_PLAIN},
    {"__exit__", rlock_release, "($self, exc_type, exc_value, exc_tb, /)", "Release the lock.", NATIVE_PLAIN},
    {"_is_owned", rlock_is_owned, "($self, /)", "For internal use by `threading.Condition`.", NATIVE_PLAIN},
    {"_recursion_count", rlock_recursion_count, "($self, /)", "For internal use by reentrancy checks.", NATIVE_PLAIN},
    {"_release_save", rlock_release_save, "($self, /)", "For internal use by `threading.Condition`.", NATIVE_PLAIN},
    {"_acquire_restore", rlock_acquire_restore, "($self, state, /)", "For internal use by `threading.Condition`.", NATIVE_PLAIN},
    {"_at_fork_reinit", rlock_reinit, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

Type type_rlock = {
    TYPE_HEAD(rlock, "_thread.RLock", &type_object, RLockObject),
    .flags = TYPE_BASE | TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .doc = NULL,
    .slots = {.new = rlock_new, .repr = rlock_repr},
    .methods = rlock_methods,
};
