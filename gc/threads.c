// threads.c: OS threads join and leave the heap, wait in the collector's blocked state, and fork.
#include "gc/heap.h"

#include <gc/gc.h>

void heap_thread_attach(void)
{
    if (GC_thread_is_registered())
        return;
    struct GC_stack_base base;
    if (GC_get_stack_base(&base) == GC_SUCCESS)
        GC_register_my_thread(&base);
}

void heap_thread_detach(void)
{
    GC_unregister_my_thread();
}

// While body runs the collector neither signals nor waits for this thread: system calls are not interrupted, and the
// thread's registers and stack are those saved here.
void *heap_blocking(void *(*body)(void *), void *data)
{
    return GC_do_blocking(body, data);
}

bool heap_owns_signal(int number)
{
    return number == GC_get_suspend_signal() || number == GC_get_thr_restart_signal();
}

// libgc's own fork handlers (GC_set_handle_fork) have run by now; markers do not run in the child.
void heap_fork_child(void)
{
}
