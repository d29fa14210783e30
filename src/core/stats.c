// stats.c: prints the counters.
#include "src/core/stats.h"

#include <stdio.h>

#include "gc/heap.h"

Stats stats;

typedef struct StatRow { const char *name, *doc; const uint64_t *value; } StatRow;
static const StatRow rows[] = {
#define STAT(name, doc) {#name, doc, &stats.name},
#include "src/core/stats.def"
#undef STAT
};

static void print_json(int fd, const HeapStats *heap)
{
    dprintf(fd, "{\"collections\": %lu, \"heap_bytes\": %lu, \"allocated_total\": %lu, \"pause_total\": %.6f",
            heap->collections, heap->heap_bytes, heap->allocated_total, heap->pause_total);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        dprintf(fd, ", \"%s\": %lu", rows[i].name, *rows[i].value);
    dprintf(fd, "}\n");
}

static void print_text(int fd, const HeapStats *heap)
{
    dprintf(fd, "%12lu  collections\n%12lu  bytes of heap\n%12lu  bytes allocated\n%12.6f  seconds in collections\n",
            heap->collections, heap->heap_bytes, heap->allocated_total, heap->pause_total);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        dprintf(fd, "%12lu  %s\n", *rows[i].value, rows[i].doc);
}

void stats_print(int fd, bool json)
{
    HeapStats heap;
    heap_stats(&heap);
    if (json)
        print_json(fd, &heap);
    else
        print_text(fd, &heap);
}
