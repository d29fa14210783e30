// base.h: the words that every file uses: branch hints, checks, publication of shared fields.
#ifndef ADDER_CORE_BASE_H
#define ADDER_CORE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define MUST_CHECK  __attribute__((warn_unused_result))
#define NOINLINE    __attribute__((noinline))
#define COLD        __attribute__((noinline, cold))
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

// Prints where and why, then aborts: for states that no Python program can bring about.
_Noreturn COLD void never_at(const char *file, int line, const char *why);
#define never(why) never_at(__FILE__, __LINE__, why)

// An assertion of debug builds; states an invariant.
#ifdef ADDER_DEBUG
#define check(cond) ((cond) ? (void)0 : never_at(__FILE__, __LINE__, #cond))
#else
#define check(cond) ((void)sizeof(cond))
#endif

// Publication of shared fields. A writer fills an object first and publishes the pointer to it last;
// a reader that loads the pointer with `load_acquire` sees it filled. Relaxed loads and stores are for
// single words whose order with others does not matter. All are plain moves on x86-64.
#ifndef publish   // unit tests inject delays round it
#define publish(ptr, value)       __atomic_store_n((ptr), (value), __ATOMIC_RELEASE)
#endif
#define load_acquire(ptr)         __atomic_load_n((ptr), __ATOMIC_ACQUIRE)
#define store_relaxed(ptr, value) __atomic_store_n((ptr), (value), __ATOMIC_RELAXED)
#define load_relaxed(ptr)         __atomic_load_n((ptr), __ATOMIC_RELAXED)

static inline size_t size_min(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t size_max(size_t a, size_t b) { return a > b ? a : b; }

#endif
