// statistics.c: collection events, figures for gc.get_stats() and -X stats, and the walk over all objects.
#include "gc/heap.h"

#include <time.h>

#include <gc/gc.h>
#include <gc/gc_mark.h>

#include "gc/heap_internal.h"

// Written by the collecting thread under libgc's lock; readers take what they see.
static double pause_start, pause_total, pause_last;

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void on_event(GC_EventType event)
{
    switch (event) {
    case GC_EVENT_PRE_STOP_WORLD:
        pause_start = now();
        break;
    case GC_EVENT_MARK_END:
        if (heap_hooks.after_mark)
            heap_hooks.after_mark();
        break;
    case GC_EVENT_POST_START_WORLD:
        pause_last = now() - pause_start;
        pause_total += pause_last;
        break;
    default:
        break;
    }
}

void heap_statistics_init(void)
{
    GC_set_on_collection_event(on_event);
}

void heap_stats(HeapStats *out)
{
    struct GC_prof_stats_s stats;
    GC_get_prof_stats(&stats, sizeof stats);
    *out = (HeapStats){
        .collections = stats.gc_no,
        .heap_bytes = stats.heapsize_full,
        .free_bytes = stats.free_bytes_full,
        .unmapped_bytes = stats.unmapped_bytes,
        .allocated_total = stats.allocd_bytes_before_gc + stats.bytes_allocd_since_gc,
        .reclaimed_last = stats.bytes_reclaimed_since_gc,
        .since_collection = stats.bytes_allocd_since_gc,
        .pause_total = pause_total,
        .pause_last = pause_last,
    };
}

typedef struct Visit {
    void (*visit)(void *object, size_t bytes, void *data);
    void *data;
} Visit;

static void visit_one(void *object, size_t bytes, void *client)
{
    Visit *visit = client;
    visit->visit(object, bytes, visit->data);
}

static void *visit_all(void *client)
{
    GC_enumerate_reachable_objects_inner(visit_one, client);
    return NULL;
}

// The marks of a collection made just before say what is reachable. visit must not allocate.
void heap_each_object(void (*visit)(void *object, size_t bytes, void *data), void *data)
{
    Visit request = {visit, data};
    GC_gcollect();
    GC_call_with_alloc_lock(visit_all, &request);
}
