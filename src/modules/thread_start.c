// thread_start.c: starting threads, their handles, waiting for them.
//
// A handle and its thread share a ThreadState: malloc memory with a count of holders, because the thread marks it done
// when it has left the heap.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <errno.h>

#include "src/core/error.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/modules/boot.h"
#include "src/modules/thread.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef enum Phase { PHASE_NOT_STARTED, PHASE_STARTING, PHASE_RUNNING, PHASE_DONE } Phase;

typedef struct ThreadState {
    uint32_t holders;      // atomic
    uint32_t phase;        // Phase; futex word for those who join
    uint64_t id;           // published before PHASE_RUNNING
} ThreadState;

typedef struct ThreadHandle {
    Object head;
    ThreadState *state;    // immutable
} ThreadHandle;

// What a new thread begins with: root memory, freed by that thread.
typedef struct ThreadStart {
    VM *vm;
    ThreadState *state;    // or null
    Value function, args, kwargs, handle;
} ThreadStart;

static size_t stack_size;        // relaxed; 0: the system's
static Value awaited;            // list of the handles of threads that the program's end waits for; a root
static uint64_t thread_count;    // atomic: threads started by Python that have not ended

bool thread_start_boot(Thread *t)
{
    vm_add_root_range(&awaited, &awaited + 1);
    if (!awaited)
        awaited = value_of(list_new(t, 0));
    return awaited != 0;
}

// --- state ---
static ThreadState *state_new(void)
{
    ThreadState *state = calloc(1, sizeof *state);
    if (state)
        state->holders = 1;
    return state;
}

static void state_release(ThreadState *state)
{
    if (state && __atomic_sub_fetch(&state->holders, 1, __ATOMIC_ACQ_REL) == 0)
        free(state);
}

static void state_set(ThreadState *state, Phase phase)
{
    __atomic_store_n(&state->phase, phase, __ATOMIC_RELEASE);
    park_wake(&state->phase, INT32_MAX);
}

static Phase state_phase(const ThreadState *state) { return __atomic_load_n(&state->phase, __ATOMIC_ACQUIRE); }

// --- the new thread ---
static void report_end(Thread *t, const ThreadStart *start)
{
    if (!is_pending(t) || pending_clear_if(t, EXC(SystemExit)))
        return;
    report_unraisable(t, 0, "Exception ignored in thread started by %R", start->function);
}

static void *thread_main(void *data)
{
    ThreadStart *start = data;
    ThreadState *state = start->state;
    Thread *t = thread_attach(start->vm, false);
    if (!t) {
        fprintf(stderr, "adder: no memory for a thread\n");
    } else {
        if (state) {
            state->id = t->id;
            state_set(state, PHASE_RUNNING);
        }
        call_tuple_dict(t, start->function, start->args, start->kwargs);
        report_end(t, start);
    }
    heap_free_root(start);
    __atomic_sub_fetch(&thread_count, 1, __ATOMIC_RELAXED);
    if (t)
        thread_detach(t);
    if (state)
        state_set(state, PHASE_DONE);
    state_release(state);
    return NULL;
}

static int create(ThreadStart *start)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (load_relaxed(&stack_size))
        pthread_attr_setstacksize(&attributes, load_relaxed(&stack_size));
    store_relaxed(&vm_multithreaded, true);   // at a call boundary of the only thread: no lock is half skipped
    int error = pthread_create(&thread, &attributes, thread_main, start);
    pthread_attr_destroy(&attributes);
    return error;
}

static bool start_thread(Thread *t, ThreadState *state, Value function, Value args, Value kwargs, Value handle)
{
    if (load_relaxed(&t->vm->finalizing) == TRUE) {
        raise(t, EXC(PythonFinalizationError), "can't create new thread at interpreter shutdown");
        return false;
    }
    ThreadStart *start = heap_alloc_root(sizeof *start);
    if (!start)
        return raise_no_memory(t);
    *start = (ThreadStart){t->vm, state, function, args, kwargs, handle};
    if (state)
        __atomic_add_fetch(&state->holders, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&thread_count, 1, __ATOMIC_RELAXED);
    if (create(start) == 0)
        return true;
    __atomic_sub_fetch(&thread_count, 1, __ATOMIC_RELAXED);
    state_release(state);
    heap_free_root(start);
    raise(t, EXC(RuntimeError), "can't start new thread");
    return false;
}

// --- handles ---
static ThreadState *state_of(Value handle) { return ((ThreadHandle *)handle)->state; }

static void handle_finalize(void *object, void *data)
{
    state_release(((ThreadHandle *)object)->state);
}

static Value handle_make(Thread *t)
{
    ThreadHandle *handle = new_object(t, thread_handle, ThreadHandle);
    ThreadState *state = handle ? state_new() : NULL;
    if (!state)
        return raise_no_memory(t);
    handle->state = state;
    heap_set_finalizer(handle, handle_finalize, NULL);
    return value_of(handle);
}

static Value handle_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return arguments_check(t, "_ThreadHandle", nargs, kwnames, 0, 0) ? handle_make(t) : 0;
}

static Value handle_ident(Thread *t, Value self) { return int_from_uint64(t, state_of(self)->id); }

static Value handle_is_done(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(state_phase(state_of(args[0])) == PHASE_DONE);
}

static Value handle_set_done(Thread *t, const Value *args, size_t nargs)
{
    if (state_phase(state_of(args[0])) == PHASE_NOT_STARTED)
        return raise(t, EXC(RuntimeError), "thread not started");
    state_set(state_of(args[0]), PHASE_DONE);
    return NONE;
}

static bool handle_wait(Thread *t, ThreadState *state, int64_t timeout)
{
    int64_t deadline = timeout < 0 ? -1 : monotonic_ns() + timeout;
    for (Phase phase; (phase = state_phase(state)) != PHASE_DONE;) {
        int64_t left = deadline < 0 ? -1 : deadline - monotonic_ns();
        if (deadline >= 0 && left <= 0)
            return true;
        park_on(&state->phase, phase, left);
        if (!safepoint(t))
            return false;
    }
    return true;
}

static Value handle_join(Thread *t, const Value *args, size_t nargs)
{
    int64_t timeout;
    ThreadState *state = state_of(args[0]);
    if (args[1] && args[1] != NONE) {
        if (!lock_timeout(t, args[1], &timeout))
            return 0;
    } else {
        timeout = -1;
    }
    if (state_phase(state) == PHASE_NOT_STARTED)
        return raise(t, EXC(RuntimeError), "thread not started");
    if (state->id == t->id && state_phase(state) != PHASE_DONE)
        return raise(t, EXC(RuntimeError), "Cannot join current thread");
    return handle_wait(t, state, timeout) ? NONE : 0;
}

static Value handle_repr(Thread *t, Value self)
{
    return str_format(t, "<_ThreadHandle object: ident=%lu>", state_of(self)->id);
}

static const NativeDef handle_methods[] = {
    {"join", handle_join, "($self, timeout=None, /)", NULL, NATIVE_PLAIN},
    {"is_done", handle_is_done, "($self, /)", NULL, NATIVE_PLAIN},
    {"_set_done", handle_set_done, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

static const GetSetDef handle_getsets[] = {{"ident", handle_ident, NULL, NULL}, {0}};

Type type_thread_handle = {
    TYPE_HEAD(thread_handle, "_thread._ThreadHandle", &type_object, ThreadHandle),
    .flags = TYPE_IMMUTABLE,
    .slots = {.new = handle_new, .repr = handle_repr},
    .methods = handle_methods,
    .getsets = handle_getsets,
};

// --- functions ---
static Value thread_start_new(Thread *t, const Value *args, size_t nargs)
{
    if (!is_callable(args[0]))
        return raise(t, EXC(TypeError), "first arg must be callable");
    if (!is_tuple(args[1]))
        return raise(t, EXC(TypeError), "2nd arg must be a tuple");
    if (args[2] && !is_dict(args[2]))
        return raise(t, EXC(TypeError), "optional 3rd arg must be a dictionary");
    Value handle = handle_make(t);
    if (!handle)
        return 0;
    ThreadState *state = state_of(handle);
    state_set(state, PHASE_STARTING);
    if (!start_thread(t, state, args[0], args[1], args[2], handle))
        return 0;
    while (state_phase(state) == PHASE_STARTING)   // its number is known as soon as it runs
        park_on(&state->phase, PHASE_STARTING, -1);
    return int_from_uint64(t, state->id);
}

static bool remember(Thread *t, Value handle)
{
    List *list = as_list(awaited);
    size_t n;
    Value *at = list_snapshot(t, list, &n);
    if (!at)
        return false;
    for (size_t i = 0; i < n; i++)   // forget those that ended
        if (state_phase(state_of(at[i])) == PHASE_DONE && !call_method1(t, awaited, str_intern_cstr(t, "remove"), at[i]))
            pending_clear(t);
    return list_append(t, list, handle);
}

static Value thread_start_joinable(Thread *t, const Value *args, size_t nargs)
{
    if (!is_callable(args[0]))
        return raise(t, EXC(TypeError), "thread function must be callable");
    Value handle = args[1] && args[1] != NONE ? args[1] : handle_make(t);
    if (!handle)
        return 0;
    if (!is_exactly(handle, &type_thread_handle))
        return raise(t, EXC(TypeError), "'handle' must be a _ThreadHandle");
    int daemon = args[2] ? truth(t, args[2]) : 1;
    if (daemon < 0)
        return 0;
    ThreadState *state = state_of(handle);
    uint32_t expected = PHASE_NOT_STARTED;
    if (!__atomic_compare_exchange_n(&state->phase, &expected, PHASE_STARTING, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return raise(t, EXC(RuntimeError), "thread already started");
    if ((!daemon && !remember(t, handle)) || !start_thread(t, state, args[0], tuple_empty, 0, handle)) {
        store_relaxed(&state->phase, PHASE_NOT_STARTED);
        return 0;
    }
    while (state_phase(state) == PHASE_STARTING)
        park_on(&state->phase, PHASE_STARTING, -1);
    return handle;
}

static Value thread_make_handle(Thread *t, const Value *args, size_t nargs)
{
    Value id = number_index(t, args[0]);
    uint64_t number;
    if (!id)
        return 0;
    if (!int_to_uint64(id, &number))
        return raise(t, EXC(OverflowError), "can't convert negative int to unsigned");
    Value handle = handle_make(t);
    if (!handle)
        return 0;
    state_of(handle)->id = number;
    state_set(state_of(handle), PHASE_RUNNING);
    return handle;
}

// Waits for every thread that is not a daemon; those started meanwhile too.
static Value thread_shutdown(Thread *t, const Value *args, size_t nargs)
{
    for (;;) {
        size_t n;
        Value *at = list_snapshot(t, as_list(awaited), &n), waiting = 0;
        if (!at)
            return 0;
        for (size_t i = 0; i < n && !waiting; i++)
            if (state_phase(state_of(at[i])) != PHASE_DONE && state_of(at[i])->id != t->id)
                waiting = at[i];
        if (!waiting)
            return NONE;
        if (!handle_wait(t, state_of(waiting), -1))
            report_unraisable(t, 0, "Exception ignored on joining a thread in _thread._shutdown()");
    }
}

void threads_wait(Thread *t)
{
    Value name = str_intern_cstr(t, "threading"), threading = 0;
    if (name && dict_get(t, as_dict(t->vm->modules), name, &threading) > 0 && threading != NONE) {
        if (!call_method0(t, threading, str_intern_cstr(t, "_shutdown")))
            report_unraisable(t, threading, "Exception ignored on threading shutdown");
    } else if (awaited && !thread_shutdown(t, NULL, 0)) {
        pending_clear(t);
    }
    pending_clear(t);
}

static Value thread_count_function(Thread *t, const Value *args, size_t nargs)
{
    return int_from_uint64(t, __atomic_load_n(&thread_count, __ATOMIC_RELAXED));
}

static Value thread_stack_size(Thread *t, const Value *args, size_t nargs)
{
    enum { LEAST = 32 << 10 };
    int64_t size = 0, before = (int64_t)load_relaxed(&stack_size);
    if (args[0] && !to_int64(t, args[0], &size))
        return 0;
    if (size < 0)
        return raise(t, EXC(ValueError), "size must be 0 or a positive value");
    if (args[0]) {
        if (size && size < LEAST)
            return raise(t, EXC(ValueError), "size not valid: %ld bytes", size);
        store_relaxed(&stack_size, size ? size_max((size_t)size, 256 << 10) : 0);   // our C frames need some room
    }
    return int_from_int64(t, before);
}

const NativeDef thread_start_functions[] = {
    {"start_new_thread", thread_start_new, "(function, args, kwargs={}, /)",
     "Start a new thread and return its identifier.\n\nThe thread will call the function with positional arguments from the\ntuple args and keyword arguments taken from the optional dictionary\nkwargs.  The thread exits when the function returns; the return value\nis ignored.  The thread will also exit when the function raises an\nunhandled exception; a stack trace will be printed unless the exception\nis SystemExit.", NATIVE_PLAIN},
    {"start_new", thread_start_new, "(function, args, kwargs={}, /)", "An obsolete synonym of start_new_thread().", NATIVE_PLAIN},
    {"start_joinable_thread", thread_start_joinable, "(function, handle=None, daemon=True)", "*For internal use only*: start a new thread.", NATIVE_PLAIN},
    {"_make_thread_handle", thread_make_handle, "(ident, /)", "Internal only. Make a thread handle for threads not spawned\nby the _thread or threading module.", NATIVE_PLAIN},
    {"_shutdown", thread_shutdown, "()", "Wait for all non-daemon threads (other than the calling thread) to stop.", NATIVE_PLAIN},
    {"_count", thread_count_function, "()", "Return the number of currently running Python threads, excluding\nthe main thread.", NATIVE_PLAIN},
    {"stack_size", thread_stack_size, "(size=0, /)", "Return the thread stack size used when creating new threads.", NATIVE_PLAIN},
    {0},
};
