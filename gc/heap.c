// heap.c: starts the collector, allocates, pushes roots.
//
// The collector is libgc. What is set here, and why:
// - interior pointers count on stacks and in registers only, never in the heap: 16 bytes stay 16 bytes, tagged
//   words in the heap can never retain;
// - no static data is scanned: every root is pushed by the hooks;
// - finalisers run on demand, at safepoints;
// - the heap starts with address space of some megabytes, of which pages become resident when they are used.
// Guards: the free lists belong to their thread; `options` and `hooks` are written once; stress counters are atomic.
#include "gc/heap.h"

#include <signal.h>
#include <string.h>

#include <gc/gc.h>
#include <gc/gc_inline.h>
#include <gc/gc_mark.h>

#include "gc/heap_internal.h"

enum {
    FIRST_EXPANSION = 32 << 20,        // bytes of address space at start: no growth while imports run
    BYTES_BETWEEN_COLLECTIONS = 16 << 20,   // at least; a collection of a small heap then costs under 5 %
    BYTES_BETWEEN_WHEN_DISABLED = 256 << 20,
    FREE_SPACE_DIVISOR = 2,
};

HeapHooks heap_hooks;
static HeapOptions options;
static uint64_t stress_count, fail_count;   // atomic
static bool stressed;
static GC_push_other_roots_proc push_other_roots_before;

static void push_other_roots(void)
{
    if (push_other_roots_before)
        push_other_roots_before();
    if (heap_hooks.push_roots)
        heap_hooks.push_roots();
}

static void *out_of_memory(size_t bytes)
{
    (void)bytes;
    return NULL;
}

void heap_init(const HeapOptions *given, const HeapHooks *hooks)
{
    options = *given;
    heap_hooks = *hooks;
    stressed = options.stress_every || options.fail_at;

    GC_set_all_interior_pointers(0);
    GC_set_no_dls(1);
    GC_set_handle_fork(1);
    GC_set_finalize_on_demand(1);
    GC_set_dont_precollect(1);
    // SIGPWR and SIGXCPU, the defaults, belong to the program.
    GC_set_suspend_signal(SIGRTMAX - 2);
    GC_set_thr_restart_signal(SIGRTMAX - 3);
    GC_set_warn_proc(GC_ignore_warn_proc);
    GC_init();

    GC_allow_register_threads();
    GC_set_oom_fn(out_of_memory);
    GC_set_free_space_divisor(FREE_SPACE_DIVISOR);
    GC_set_min_bytes_allocd(BYTES_BETWEEN_COLLECTIONS);
    if (options.limit_bytes)
        GC_set_max_heap_size(options.limit_bytes);
    size_t first = FIRST_EXPANSION;
    if (options.limit_bytes && options.limit_bytes < 2 * first)
        first = options.limit_bytes / 2;
    GC_expand_hp(first);
    push_other_roots_before = GC_get_push_other_roots();
    GC_set_push_other_roots(push_other_roots);
    heap_statistics_init();
    heap_finalizers_init();
}

// True when this allocation has to fail. Collects when its turn has come.
static bool stress_step(void)
{
    if (options.stress_every
        && __atomic_add_fetch(&stress_count, 1, __ATOMIC_RELAXED) % options.stress_every == 0)
        GC_gcollect();
    return options.fail_at && __atomic_add_fetch(&fail_count, 1, __ATOMIC_RELAXED) == options.fail_at;
}

static void *alloc_large(HeapLists *lists, HeapKind kind, size_t bytes)
{
    if (bytes > PTRDIFF_MAX / 2)
        return NULL;
    lists->allocated += bytes;
    return kind == HEAP_ATOMIC ? GC_malloc_atomic(bytes) : GC_malloc(bytes);
}

void *heap_alloc_slow(HeapLists *lists, HeapKind kind, size_t bytes)
{
    if (stressed && stress_step())
        return NULL;
    if (bytes == 0)
        bytes = 1;
    size_t size_class = (bytes + HEAP_GRAIN - 1) / HEAP_GRAIN;
    if (size_class >= HEAP_SIZE_CLASSES || stressed)
        return alloc_large(lists, kind, bytes);
    // The list is written in place: a collection that starts on return already finds all of it.
    void **head = &lists->free[kind][size_class];
    if (!*head) {
        int libgc_kind = kind == HEAP_ATOMIC ? GC_I_PTRFREE : GC_I_NORMAL;
        GC_generic_malloc_many(size_class * HEAP_GRAIN, libgc_kind, head);
        if (!*head)
            return NULL;
    }
    void **object = *head;
    *head = *object;
    *object = NULL;
    return object;
}

void *heap_alloc_root(size_t bytes)
{
    return GC_malloc_uncollectable(bytes);
}

void heap_free_root(void *p)
{
    GC_free(p);
}

// Eagerly, as the collector does with stacks: a full mark stack is recovered from, where GC_push_all would abort.
void heap_push_range(void *low, void *high)
{
    GC_push_all_eager(low, high);
}

// Lists are marked, never cleared: their thread may be stopped between the load of a head and the store of the next.
// Objects of the scanned kind would be found through their links; those of the atomic kind are found only here.
void heap_push_lists(HeapLists *lists)
{
    for (int kind = 0; kind < HEAP_KINDS; kind++)
        for (int size_class = 1; size_class < HEAP_SIZE_CLASSES; size_class++)
            for (void **object = lists->free[kind][size_class]; object; object = *object)
                GC_set_mark_bit(object);
}

bool heap_is_marked(const void *object)
{
    return GC_is_marked(object);
}

void heap_collect(void)
{
    GC_gcollect();
}

void heap_collect_and_unmap(void)
{
    GC_gcollect_and_unmap();
}

// Without reference counts a disabled collector would keep every dead object: gc.disable() makes collections rare instead.
void heap_set_enabled(bool enabled)
{
    GC_set_min_bytes_allocd(enabled ? BYTES_BETWEEN_COLLECTIONS : BYTES_BETWEEN_WHEN_DISABLED);
}

void *heap_locked(void *(*body)(void *), void *data)
{
    return GC_call_with_alloc_lock(body, data);
}

void *heap_object_start(const void *interior)
{
    return GC_base((void *)interior);
}
