// thread.h: what the files of _thread share.
#ifndef ADDER_MODULES_THREAD_H
#define ADDER_MODULES_THREAD_H

#include "src/core/lock.h"
#include "src/core/module_def.h"

// A lock of the program. `state` is a futex word: 0 free, 1 held, 2 held and somebody may wait.
typedef struct LockObject {
    Object head;
    uint32_t state;
} LockObject;

// Held by `owner` (a Thread's id) `count` times. Both are written by the owner only, while it holds `state`.
typedef struct RLockObject {
    Object head;
    uint32_t state;
    uint64_t owner;
    uint64_t count;
} RLockObject;

// Takes *state within timeout_ns (negative: for ever). 1 taken, 0 time is up, -1 a signal handler raised.
int lock_word_acquire(Thread *t, uint32_t *state, int64_t timeout_ns);
bool lock_word_try(uint32_t *state);
void lock_word_release(uint32_t *state);
// A timeout in seconds: -1 or None means for ever.
MUST_CHECK bool lock_timeout(Thread *t, Value seconds, int64_t *out_ns);

extern const NativeDef thread_start_functions[];
bool thread_start_boot(Thread *t);          // roots of the list of threads to wait for
Value thread_excepthook(Thread *t, const Value *args, size_t nargs);

#endif
