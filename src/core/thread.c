// thread.c: Python threads come and go; safepoints; recursion limits.
#include "src/core/thread.h"

#include <pthread.h>
#include <unistd.h>

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/thread_stack.h"
#include "src/core/type.h"
#include "src/core/vm.h"

__thread Thread *thread_current_;

static void link_thread(VM *vm, Thread *t)
{
    mutex_lock(&vm->threads_mutex);
    t->next = vm->threads;
    if (t->next)
        t->next->previous = t;
    publish(&vm->threads, t);   // the collector may walk the list at any moment
    mutex_unlock(&vm->threads_mutex);
}

static void unlink_thread(VM *vm, Thread *t)
{
    mutex_lock(&vm->threads_mutex);
    if (t->next)
        t->next->previous = t->previous;
    if (t->previous)
        publish(&t->previous->next, t->next);
    else
        publish(&vm->threads, t->next);
    mutex_unlock(&vm->threads_mutex);
}

Thread *thread_attach(VM *vm, bool is_main)
{
    heap_thread_attach();
    Thread *t = heap_alloc_root(sizeof *t);
    if (!t)
        return NULL;
    memset(t, 0, sizeof *t);
    bool process_main = getpid() == gettid();
    if (!value_stack_map(t, process_main)) {
        heap_free_root(t);
        return NULL;
    }
    c_stack_limits(t, process_main);
    t->vm = vm;
    t->main = is_main;
    t->id = (uint64_t)pthread_self();
    t->native_id = (uint64_t)gettid();
    t->depth_limit = vm->recursion_limit;
    t->exc_info = &t->base_exc_info;
    if (is_main)
        vm->main_thread = t;
    link_thread(vm, t);
    thread_current_ = t;
    return t;
}

void thread_detach(Thread *t)
{
    unlink_thread(t->vm, t);
    thread_current_ = NULL;
    value_stack_unmap(t);
    bool is_main = t->main;
    if (is_main)
        t->vm->main_thread = NULL;
    heap_free_root(t);
    if (!is_main)
        heap_thread_detach();
}

void thread_request(Thread *t, InterruptBit bit)
{
    __atomic_fetch_or(&t->interrupt, (uint32_t)bit, __ATOMIC_SEQ_CST);
}

void threads_request(VM *vm, InterruptBit bit)
{
    mutex_lock(&vm->threads_mutex);
    for (Thread *t = vm->threads; t; t = t->next)
        thread_request(t, bit);
    mutex_unlock(&vm->threads_mutex);
}

// Their value stacks are given back; their OS threads do not exist in this process.
void threads_fork_child(VM *vm, Thread *survivor)
{
    memset(&vm->threads_mutex, 0, sizeof vm->threads_mutex);
    for (Thread *t = vm->threads, *next; t; t = next) {
        next = t->next;
        if (t != survivor) {
            value_stack_unmap(t);
            heap_free_root(t);
        }
    }
    survivor->next = survivor->previous = NULL;
    vm->threads = survivor;
    survivor->main = true;
    vm->main_thread = survivor;
    survivor->native_id = (uint64_t)gettid();
}

// True when the bit was set; clears it.
static bool take_bit(Thread *t, InterruptBit bit)
{
    return load_relaxed(&t->interrupt) & (uint32_t)bit
        && __atomic_fetch_and(&t->interrupt, ~(uint32_t)bit, __ATOMIC_SEQ_CST) & (uint32_t)bit;
}

// Finalisers and weakref callbacks report their own exceptions; what was pending stays pending.
static void run_finalizers(Thread *t)
{
    if (t->finalizers_running)
        return;   // the outer run goes on until nothing is queued
    t->finalizers_running = true;
    Value pending = t->exception;
    t->exception = 0;
    do {
        if (load_relaxed(&t->vm->weak_callbacks_due) && hooks.run_weakref_callbacks)
            hooks.run_weakref_callbacks(t);
    } while (heap_run_finalizers() || load_relaxed(&t->vm->weak_callbacks_due));
    t->exception = pending;
    t->finalizers_running = false;
}

static bool raise_async(Thread *t)
{
    mutex_lock(&t->vm->threads_mutex);
    Value exception = t->async_exception;
    t->async_exception = 0;
    mutex_unlock(&t->vm->threads_mutex);
    if (!exception)
        return true;
    if (is_type(exception))
        raise(t, as_type(exception), NULL);
    else
        raise_value(t, exception);
    return false;
}

bool safepoint_slow(Thread *t)
{
    if (take_bit(t, INTERRUPT_FINALIZERS)) {
        t->tracing++;   // what the collector brings about is not the program's call: profiles must not depend on it
        run_finalizers(t);
        t->tracing--;
    }
    if (take_bit(t, INTERRUPT_CALLS) && hooks.run_pending_calls && !hooks.run_pending_calls(t))
        return false;
    if (take_bit(t, INTERRUPT_SIGNAL) && hooks.run_pending_signals && !hooks.run_pending_signals(t))
        return false;
    if (take_bit(t, INTERRUPT_LIMIT) && hooks.limit_reached && !hooks.limit_reached(t))
        return false;
    if (take_bit(t, INTERRUPT_ASYNC_EXC) && !raise_async(t))
        return false;
    return true;
}

bool recursion_check(Thread *t)
{
    if (t->recursion_headroom) {
        if (t->depth > t->depth_limit + RECURSION_HEADROOM)
            never("Cannot recover from stack overflow.");
        return true;
    }
    t->recursion_headroom++;
    raise(t, EXC(RecursionError), "maximum recursion depth exceeded");
    t->recursion_headroom--;
    return false;
}

bool value_stack_full(Thread *t)
{
    raise(t, EXC(RecursionError), "maximum recursion depth exceeded");
    return false;
}

// Making the exception may itself recurse a little: the margin below the limit is lent to it.
bool recursion_enter_slow(Thread *t, const char *where)
{
    if (t->recursion_headroom)
        return true;
    char *here = __builtin_frame_address(0);
    t->recursion_headroom++;
    raise(t, EXC(RecursionError), "Stack overflow (used %ld kB)%s", (int64_t)(t->c_stack_top - here) / 1024, where);
    t->recursion_headroom--;
    return false;
}

void *blocking(Thread *t, void *(*body)(void *data), void *data)
{
    (void)t;
    return heap_blocking(body, data);
}

COLD void *memory_error(Thread *t)
{
    raise_no_memory(t);
    return NULL;
}
