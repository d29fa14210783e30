// finalizers.c: finalisers of heap objects: registered with libgc, queued by collections, run on demand.
#include "gc/heap.h"

#include <gc/gc.h>
#include <gc/javaxfc.h>

#include "gc/heap_internal.h"

typedef struct Finalizer {
    void (*run)(void *object, void *data);
    void *data;
} Finalizer;

static void notify(void)
{
    if (heap_hooks.finalizers_ready)
        heap_hooks.finalizers_ready();
}

void heap_finalizers_init(void)
{
    GC_set_finalizer_notifier(notify);
}

static void run_with_data(void *object, void *client)
{
    Finalizer *finalizer = client;
    finalizer->run(object, finalizer->data);
}

static void run_plain(void *object, void *client)
{
    void (*run)(void *, void *) = (void (*)(void *, void *))client;
    run(object, NULL);
}

// No order: objects of a cycle are finalised too, as Python wants it.
void heap_set_finalizer(void *object, void (*run)(void *object, void *data), void *data)
{
    if (!data) {
        GC_register_finalizer_no_order(object, run_plain, (void *)run, NULL, NULL);
        return;
    }
    Finalizer *finalizer = GC_malloc(sizeof *finalizer);   // reached from libgc's table
    if (!finalizer)
        return;
    finalizer->run = run;
    finalizer->data = data;
    GC_register_finalizer_no_order(object, run_with_data, finalizer, NULL, NULL);
}

void heap_clear_finalizer(void *object)
{
    GC_register_finalizer_no_order(object, NULL, NULL, NULL, NULL);
}

int heap_run_finalizers(void)
{
    return GC_should_invoke_finalizers() ? GC_invoke_finalizers() : 0;
}

void heap_finalize_all(void)
{
    GC_finalize_all();
}
