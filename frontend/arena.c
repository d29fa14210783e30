// arena.c: the arena's slow path: taking and freeing chunks.

#include "frontend/arena.h"

#include "src/core/error.h"

struct ArenaChunk {
    ArenaChunk *older;
    size_t size;
};

// Small sources are common (eval, the interactive prompt): chunks start small and double.
#define ARENA_FIRST_CHUNK ((size_t)8 << 10)
#define ARENA_LARGEST_CHUNK ((size_t)1 << 20)

void arena_open(Arena *arena)
{
    arena->next = arena->end = NULL;
    arena->chunks = NULL;
}

void arena_close(Arena *arena)
{
    for (ArenaChunk *chunk = arena->chunks, *older; chunk; chunk = older) {
        older = chunk->older;
        heap_free_root(chunk);
    }
    arena_open(arena);
}

static size_t next_chunk_size(const Arena *arena)
{
#ifdef ADDER_SMALL_LIMITS
    (void)arena;
    return 0;   // each allocation has a chunk of its own, so that sanitizers see where it ends
#else
    return arena->chunks ? size_min(arena->chunks->size * 2, ARENA_LARGEST_CHUNK)
                         : ARENA_FIRST_CHUNK;
#endif
}

void *arena_alloc_slow(Thread *t, Arena *arena, size_t size)
{
    size_t room = size_max(next_chunk_size(arena), size + sizeof(ArenaChunk));
    ArenaChunk *chunk = size <= PTRDIFF_MAX / 2 ? heap_alloc_root(room) : NULL;
    if (!chunk)
        return memory_error(t);
    chunk->older = arena->chunks;
    chunk->size = room;
    arena->chunks = chunk;
    char *first = (char *)(chunk + 1);
    arena->next = first + size;
    arena->end = (char *)chunk + room;
    return first;
}
