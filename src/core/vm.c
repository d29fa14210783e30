// vm.c: the VM, and what the collector sees as roots.
//
// Roots are: the VM's own words, the mutable part of every static type, registered ranges, and each thread's value stack.
// C stacks and registers are scanned by libgc itself; Thread structs are root memory.
#include "src/core/vm.h"

#include "src/core/hooks.h"
#include "src/core/names.h"
#include "src/core/type.h"

VM the_vm;
bool vm_multithreaded;

enum { ROOT_RANGES_MAX = 512 };   // one per native module or type file that holds references in static memory

typedef struct RootRange { void *low, *high; } RootRange;
static RootRange root_ranges[ROOT_RANGES_MAX];
static uint32_t root_range_count;   // guard: roots_mutex; published after the range is filled
static Mutex roots_mutex;

void vm_add_root_range(void *low, void *high)
{
    mutex_lock(&roots_mutex);
    for (uint32_t i = 0; i < root_range_count; i++) {
        if (root_ranges[i].low == low && root_ranges[i].high == high) {
            mutex_unlock(&roots_mutex);
            return;
        }
    }
    if (root_range_count == ROOT_RANGES_MAX)
        never("too many root ranges");
    root_ranges[root_range_count] = (RootRange){low, high};
    publish(&root_range_count, root_range_count + 1);
    mutex_unlock(&roots_mutex);
}

static Type *const static_types[] = {
#define TYPE(row, name, base, doc) &type_##row,
#include "src/core/types.def"
#undef TYPE
};

bool type_is_static(const Type *type)
{
    for (size_t i = 0; i < COUNT_OF(static_types); i++)
        if (static_types[i] == type)
            return true;
    return false;
}

static void push_static_types(void)
{
    for (size_t i = 0; i < COUNT_OF(static_types); i++)
        heap_push_range(&static_types[i]->attributes, static_types[i] + 1);
}

static void push_threads(void)
{
    for (Thread *t = load_acquire(&the_vm.threads); t; t = load_acquire(&t->next)) {
        heap_push_lists(&t->heap);
        if (!t->stack_base)
            continue;
        Value *top = hooks.stack_top ? hooks.stack_top(t) : t->stack_base;
        heap_push_range(t->stack_base, top > t->top ? top : t->top);
    }
}

// World stopped: takes no lock.
static void push_roots(void)
{
    push_static_types();
    heap_push_range(&the_vm, &the_vm + 1);
    heap_push_range(name_table, name_table + NAME_COUNT);
    uint32_t count = load_acquire(&root_range_count);
    for (uint32_t i = 0; i < count; i++)
        heap_push_range(root_ranges[i].low, root_ranges[i].high);
    push_threads();
}

static void after_mark(void)
{
    if (hooks.sweep_weakrefs)
        hooks.sweep_weakrefs();
    if (the_vm.weak_callbacks_due && thread_current())
        thread_request(thread_current(), INTERRUPT_FINALIZERS);
}

// Called by the thread whose allocation collected; it runs them at its next safepoint.
static void finalizers_ready(void)
{
    Thread *t = thread_current() ? thread_current() : the_vm.main_thread;
    if (t)
        thread_request(t, INTERRUPT_FINALIZERS);
}

Thread *vm_start(VM *vm, const HeapOptions *heap)
{
    static const HeapHooks heap_hooks = {push_roots, after_mark, finalizers_ready};
    locks_start();   // before the collector starts its markers: registering is slow with several threads
    heap_init(heap, &heap_hooks);
    if (!vm->recursion_limit)
        vm->recursion_limit = 1000;
    return thread_attach(vm, true);
}
