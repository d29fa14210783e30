// thread_stack.c: how much C stack a thread may use, and its value stack.
#include "src/core/thread_stack.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

enum {
    // What native code may need below the last check: the collector, GMP, libc, a signal handler.
    C_STACK_MARGIN = 256 << 10,
    C_STACK_UNLIMITED = 64 << 20,        // what we use of a main stack without limit
    GUARD_BYTES = 64 << 10,              // unmapped after the value stack
    VALUE_STACK_MARGIN = 1 << 10,        // words a frame may write beyond its check: call windows
    VALUE_STACK_LEAST = 1 << 20,
};
static const size_t VALUE_STACK_MAIN = (size_t)256 << 20;   // address space only: pages come when they are used
static const size_t VALUE_STACK_OTHER = (size_t)64 << 20;

// The main thread's stack grows down from the strings of the environment; its limit counts from there.
static void main_c_stack(char **low, char **high)
{
    char *top = (char *)__builtin_frame_address(0);
    for (char **e = environ; e && *e; e++) {
        if (*e > top && *e < top + ((size_t)16 << 20))
            top = *e;
    }
    struct rlimit limit;
    size_t size = (size_t)8 << 20;
    if (getrlimit(RLIMIT_STACK, &limit) == 0)
        size = limit.rlim_cur == RLIM_INFINITY ? C_STACK_UNLIMITED : (size_t)limit.rlim_cur;
    *high = top;
    *low = top - size;
}

static void other_c_stack(char **low, char **high)
{
    pthread_attr_t attributes;
    void *start = NULL;
    size_t size = 0;
    *high = (char *)__builtin_frame_address(0);
    *low = *high - (512 << 10);
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    if (pthread_attr_getstack(&attributes, &start, &size) == 0) {
        *low = start;
        *high = (char *)start + size;
    }
    pthread_attr_destroy(&attributes);
}

void c_stack_limits(Thread *t, bool process_main)
{
    char *low, *high;
    if (process_main)
        main_c_stack(&low, &high);
    else
        other_c_stack(&low, &high);
    size_t size = (size_t)(high - low);
    size_t margin = size_min(C_STACK_MARGIN, size / 3);
    t->c_stack_limit = low + margin;
    t->c_stack_top = high;
}

static char *map_stack(size_t bytes)
{
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    if (mprotect(p + bytes - GUARD_BYTES, GUARD_BYTES, PROT_NONE) != 0) {
        munmap(p, bytes);
        return NULL;
    }
    return p;
}

bool value_stack_map(Thread *t, bool process_main)
{
    size_t bytes = process_main ? VALUE_STACK_MAIN : VALUE_STACK_OTHER;
    char *base = NULL;
    for (; bytes >= VALUE_STACK_LEAST && !base; bytes /= 2) {
        base = map_stack(bytes);
        if (base)
            break;
    }
    if (!base)
        return false;
    t->stack_base = (Value *)base;
    t->stack_limit = (Value *)(base + bytes - GUARD_BYTES) - VALUE_STACK_MARGIN;
    t->top = t->stack_base;
    t->stack_bytes = bytes;
    return true;
}

void value_stack_unmap(Thread *t)
{
    if (t->stack_base)
        munmap(t->stack_base, t->stack_bytes);
    t->stack_base = NULL;
}
