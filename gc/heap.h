// heap.h: the collected heap. gc/ is the only folder that includes <gc/gc.h>.
//
// Allocation pops from a free list in the calling thread's HeapLists, per size class (16-byte steps to 256 bytes) and
// kind; empty lists are refilled in batches. At a collection the lists are marked, never cleared. Memory of the
// scanned kind comes zeroed; memory of the atomic kind does not, and must not hold references.
// Kinds: HEAP_ATOMIC pointer-free; HEAP_SCANNED every word may be a Value or pointer to the start of an object.
#ifndef ADDER_GC_HEAP_H
#define ADDER_GC_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum HeapKind { HEAP_ATOMIC, HEAP_SCANNED, HEAP_KINDS } HeapKind;

#define HEAP_GRAIN       16
#define HEAP_SMALL_MAX   256
#define HEAP_SIZE_CLASSES (HEAP_SMALL_MAX / HEAP_GRAIN + 1)

typedef struct HeapLists {
    void *free[HEAP_KINDS][HEAP_SIZE_CLASSES];   // linked through the first word; owned by the thread
    uint64_t allocated;                          // bytes handed out by slow paths; statistics
} HeapLists;

// Returns null when memory is out (the caller raises MemoryError).
void *heap_alloc_slow(HeapLists *lists, HeapKind kind, size_t bytes);

static inline void *heap_alloc(HeapLists *lists, HeapKind kind, size_t bytes)
{
    size_t size_class = (bytes + HEAP_GRAIN - 1) / HEAP_GRAIN;
    if (__builtin_expect(size_class < HEAP_SIZE_CLASSES, 1)) {
        void **head = lists->free[kind][size_class];
        if (__builtin_expect(head != NULL, 1)) {
            lists->free[kind][size_class] = *head;
            *head = NULL;
            return head;
        }
    }
    return heap_alloc_slow(lists, kind, bytes);
}

// Roots that live until freed: scanned, never collected. For phase memory (arenas) and threads.
void *heap_alloc_root(size_t bytes);
void heap_free_root(void *p);

typedef struct HeapOptions {
    size_t limit_bytes;          // 0: none
    uint64_t stress_every;       // collect at every n-th allocation; 0: off
    uint64_t fail_at;            // the n-th allocation from now fails; 0: off
} HeapOptions;

typedef struct HeapHooks {
    void (*push_roots)(void);        // world stopped: call heap_push_range for each root range; takes no lock
    void (*after_mark)(void);        // world stopped, marks complete: sweep weak tables with heap_is_marked
    void (*finalizers_ready)(void);  // ask some thread to run heap_run_finalizers at its next safepoint
} HeapHooks;

void heap_init(const HeapOptions *options, const HeapHooks *hooks);   // once per process
// For push_roots only:
void heap_push_range(void *low, void *high);   // conservative words in [low, high)
void heap_push_lists(HeapLists *lists);        // marks a thread's free lists; call it for every thread
// For after_mark only:
bool heap_is_marked(const void *object);

// Weak words: an address stored complemented does not keep its object alive. The owner's after_mark hook stores 0 into
// the word when the object is not marked.
static inline uintptr_t heap_hide(const void *object) { return ~(uintptr_t)object; }

// The object of a weak word, or null when it is gone. Once the address is in a register or on the stack the object lives:
// so the word is read again after that, and was not cleared by a collection in between when it is the same.
static inline void *heap_reveal(const uintptr_t *word)
{
    uintptr_t hidden = __atomic_load_n(word, __ATOMIC_RELAXED);
    if (!hidden)
        return NULL;
    void *object = (void *)~hidden;
    __asm__ volatile("" : "+r"(object) : : "memory");
    return __atomic_load_n(word, __ATOMIC_ACQUIRE) == hidden ? object : NULL;
}

// Registers a finaliser for an object of the heap: queued when it becomes unreachable (it stays alive until run).
void heap_set_finalizer(void *object, void (*run)(void *object, void *data), void *data);
void heap_clear_finalizer(void *object);
int heap_run_finalizers(void);                 // runs queued ones now, in the calling thread; returns how many
void heap_finalize_all(void);                  // at the end: those of objects that are still reachable too

void heap_thread_attach(void);                 // the calling OS thread joins / leaves the heap
void heap_thread_detach(void);
void *heap_blocking(void *(*body)(void *), void *data);   // runs body in the collector's "blocked" state

typedef struct HeapStats {
    uint64_t collections, heap_bytes, free_bytes, unmapped_bytes, allocated_total, reclaimed_last;
    uint64_t since_collection;                 // bytes allocated
    double pause_total, pause_last;            // seconds
} HeapStats;
void heap_stats(HeapStats *out);
void heap_collect(void);                       // full collection
void heap_collect_and_unmap(void);             // and gives free pages back to the system
void heap_set_enabled(bool enabled);           // gc.enable / gc.disable; disabled: collects rarely, never not at all
// Runs body while no collection can run and no other thread is in here: for weak tables that after_mark sweeps.
// body must not allocate from the heap.
void *heap_locked(void *(*body)(void *), void *data);
void *heap_object_start(const void *interior); // start of the object that holds this address, or null
void heap_each_object(void (*visit)(void *object, size_t bytes, void *data), void *data);   // all reachable objects; stops the world
bool heap_owns_signal(int number);             // signals that stop threads for a collection: never to be blocked or handled
void heap_fork_child(void);

#endif
