// arena.h: phase memory: many small allocations that die together.
//
// Chunks come from the collector as uncollectable blocks which it scans, so arena memory may hold
// Values. Owner: the thread that made it; never shared. Foreign memory: pair arena_open/arena_close.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "src/core/thread.h"

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
    char *next;          // first free byte of the newest chunk
    char *end;
    ArenaChunk *chunks;  // newest first
} Arena;

#define ARENA_ALIGN 8u

void arena_open(Arena *arena);
void arena_close(Arena *arena);

// Takes a new chunk that holds at least `size` bytes. Null with MemoryError pending.
void *arena_alloc_slow(Thread *t, Arena *arena, size_t size);

// `size` bytes, not cleared. Null with MemoryError pending.
static inline void *arena_alloc(Thread *t, Arena *arena, size_t size)
{
    size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (size > (size_t)(arena->end - arena->next))
        return arena_alloc_slow(t, arena, size);
    void *p = arena->next;
    arena->next += size;
    return p;
}
