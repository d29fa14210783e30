// thread.h: Thread, everything that belongs to one running Python thread.
//
// A Thread lives in root memory (scanned by the collector, freed when the thread ends). Its fields belong to the owning OS
// thread unless a guard is named. The value stack is mapped memory of which [stack_base, top) is scanned.
#ifndef ADDER_CORE_THREAD_H
#define ADDER_CORE_THREAD_H

#include "gc/heap.h"
#include "src/core/object.h"

// Bits of Thread.interrupt. A service clears its bit before it does its work.
typedef enum InterruptBit {
    INTERRUPT_SIGNAL = 1,        // a Python-level signal handler is due (main thread)
    INTERRUPT_FINALIZERS = 2,    // finalisers and weakref callbacks are due
    INTERRUPT_STOP = 4,          // stop-the-world request
    INTERRUPT_ASYNC_EXC = 8,     // raise Thread.async_exception here
    INTERRUPT_TRACE = 16,        // a trace or profile hook is set: frames are entered in the traced loop; stays set meanwhile
    INTERRUPT_LIMIT = 32,        // time limit or cancellation by the host
    INTERRUPT_CALLS = 64,        // pending calls of the VM
} InterruptBit;

// The exception being handled (sys.exception()); one per thread and one per generator, linked while generators run.
typedef struct ExcInfo {
    Value exception;             // 0: none at this level: look at previous
    struct ExcInfo *previous;
} ExcInfo;

struct Thread {
    HeapLists heap;              // first: machine code reaches the free lists at small offsets
    uint32_t interrupt;          // InterruptBits; atomic or by anybody, read at safepoints
    uint32_t depth;              // nested Python frames, generators' included; compared with depth_limit
    uint32_t depth_limit;        // sys.setrecursionlimit
    uint32_t recursion_headroom; // > 0 while a RecursionError is being made: depth_limit + RECURSION_HEADROOM holds
    char *c_stack_limit;         // lowest C stack address that may be used
    char *c_stack_top;           // highest, about
    Value exception;             // pending exception (normalised instance), or 0
    ExcInfo *exc_info;           // innermost level
    ExcInfo base_exc_info;
    Value *top;                  // end of the used part of the value stack
    Value *regs;                 // registers of the newest frame, null when no Python code runs; Frame is below (frame.h)
    Value *stack_base, *stack_limit;   // a frame must end below stack_limit
    size_t stack_bytes;          // mapped at stack_base
    VM *vm;
    Thread *next, *previous;     // vm->threads list; guard: vm->threads_mutex
    uint64_t id;                 // threading.get_ident()
    uint64_t native_id;
    Value async_exception;       // guard: vm->threads_mutex
    Value context;               // current contextvars.Context or 0
    Value async_gen_firstiter, async_gen_finalizer;
    Value coroutine_origin_depth;
    Value repr_active;           // list of objects whose repr is running, or 0
    Value trace_object, profile_object;   // what sys.settrace / setprofile were given, or a native profiler; or 0
    void *trace_hook, *profile_hook;      // TraceHook (src/interp/trace.h) or null
    uint32_t tracing;            // nesting of running hooks: they are not traced themselves
    bool main;                   // the thread that started the VM
    bool finalizers_running;
    Value locals_dict;           // thread-locals by _thread._local, a Dict or 0
    void *scratch;               // GMP scratch numbers and other per-thread buffers, owned by src/types/int_*.c
};

extern __thread Thread *thread_current_;
static inline Thread *thread_current(void) { return thread_current_; }

Thread *thread_attach(VM *vm, bool is_main);   // makes the calling OS thread a Python thread; null: no memory
void thread_detach(Thread *t);                 // frees t
void thread_request(Thread *t, InterruptBit bit);   // sets a bit of t->interrupt; any thread, signal handlers, collector callbacks
void threads_request(VM *vm, InterruptBit bit);     // of all threads; takes vm->threads_mutex
void threads_fork_child(VM *vm, Thread *survivor);  // after fork: the other threads are gone

// Safepoint: returns false with an exception pending.
MUST_CHECK bool safepoint_slow(Thread *t);
static inline MUST_CHECK bool safepoint(Thread *t)
{
    return likely(!load_relaxed(&t->interrupt)) || safepoint_slow(t);
}

// Entering a Python frame: `if (++t->depth > t->depth_limit && !recursion_check(t)) {t->depth--; error}`; depth-- on leaving.
// Returns false with RecursionError "maximum recursion depth exceeded" pending.
enum { RECURSION_HEADROOM = 50 };
MUST_CHECK COLD bool recursion_check(Thread *t);
// For a value stack that is full: false with RecursionError pending.
MUST_CHECK COLD bool value_stack_full(Thread *t);

// Native recursion (C code that may call itself through Python or nested data): enter before, leave after. The C stack alone
// limits it, as in CPython 3.14, so that deeply nested data does not depend on sys.setrecursionlimit.
// Returns false with RecursionError "Stack overflow (used n kB)<where>" pending; `where` like " while calling a Python object".
MUST_CHECK COLD bool recursion_enter_slow(Thread *t, const char *where);
static inline MUST_CHECK bool recursion_enter(Thread *t, const char *where)
{
    if (unlikely((char *)__builtin_frame_address(0) < t->c_stack_limit))
        return recursion_enter_slow(t, where);
    return true;
}
static inline void recursion_leave(Thread *t)
{
    (void)t;
    __asm__ volatile("");   // or the call before becomes a jump, and an endless recursion an endless loop
}

// Runs body outside Python, where the collector and stop requests need not wait for this thread. body touches no Python object.
void *blocking(Thread *t, void *(*body)(void *data), void *data);

// New memory. Null with MemoryError pending. `scanned` comes zeroed, `atomic` does not.
COLD void *memory_error(Thread *t);
static inline MUST_CHECK void *new_scanned(Thread *t, size_t bytes)
{
    void *p = heap_alloc(&t->heap, HEAP_SCANNED, bytes);
    return likely(p != NULL) ? p : memory_error(t);
}
static inline MUST_CHECK void *new_atomic(Thread *t, size_t bytes)
{
    void *p = heap_alloc(&t->heap, HEAP_ATOMIC, bytes);
    return likely(p != NULL) ? p : memory_error(t);
}

// A zeroed object of a builtin type with its header filled:  List *list = new_object(t, list, List);
#define new_object(t, row, struct_name) ((struct_name *)new_object_of((t), &type_##row, SHAPE_##row, sizeof(struct_name)))
static inline MUST_CHECK void *new_object_of(Thread *t, Type *type, uint32_t shape, size_t bytes)
{
    Object *o = new_scanned(t, bytes);
    if (likely(o != NULL))
        object_header_init(o, type, shape, 0);
    return o;
}

// An instance of any class, subclasses of builtins included: zeroed, `extra` bytes of items behind basic_size; finaliser registered.
MUST_CHECK void *instance_new(Thread *t, Type *cls, size_t extra);

#endif
