// heapq_mod.c: the _heapq module: heaps in lists, smallest or largest item first.
//
// Comparisons may run Python code that changes the list: every access checks bounds, and a changed length raises RuntimeError.
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/list_storage.h"

// Is a nearer to the top than b?
typedef int (*OrderFn)(Thread *t, Value a, Value b);

static inline int smaller(Thread *t, Value a, Value b)
{
    if (are_fixnums(a, b))
        return (int64_t)a < (int64_t)b;
    return compare_bool(t, a, b, CMP_LT);
}

static inline int larger(Thread *t, Value a, Value b)
{
    return smaller(t, b, a);
}

static bool changed_size(Thread *t)
{
    return raise(t, EXC(RuntimeError), "list changed size during iteration") != 0;
}

// Exchanges two items; false with RuntimeError when the list is not as long as it was.
static bool swap(Thread *t, List *heap, size_t n, size_t i, size_t k)
{
    Value a = list_get(heap, i), b = list_get(heap, k);
    if (unlikely(list_length(heap) != n || !a || !b))
        return changed_size(t);
    return list_store(heap, i, b) && list_store(heap, k, a);
}

// Moves the item at `at` up until its parent belongs above it; not beyond `top`.
static bool sift_up(Thread *t, List *heap, size_t top, size_t at, OrderFn before)
{
    size_t n = list_length(heap);
    while (at > top) {
        size_t parent = (at - 1) / 2;
        Value item = list_get(heap, at), above = list_get(heap, parent);
        int rises = item && above ? before(t, item, above) : 0;
        if (rises < 0)
            return false;
        if (list_length(heap) != n)
            return changed_size(t);
        if (!rises)
            return true;
        if (!swap(t, heap, n, at, parent))
            return false;
        at = parent;
    }
    return true;
}

// Moves the item at `top` to the bottom along the nearer children, then up to its place: fewer comparisons than stopping early.
static bool sift_down(Thread *t, List *heap, size_t top, OrderFn before)
{
    size_t n = list_length(heap), at = top;
    while (at < n / 2) {
        size_t child = 2 * at + 1;
        if (child + 1 < n) {
            Value left = list_get(heap, child), right = list_get(heap, child + 1);
            int left_first = left && right ? before(t, left, right) : 0;
            if (left_first < 0)
                return false;
            child += !left_first;
        }
        if (!swap(t, heap, n, at, child))
            return false;
        at = child;
    }
    return sift_up(t, heap, top, at, before);
}

static bool check_list(Thread *t, Value heap, const char *name, const char *which)
{
    if (is_list(heap))
        return true;
    raise(t, EXC(TypeError), "%s() argument%s must be list, not %T", name, which, heap);
    return false;
}

static Value push(Thread *t, const char *name, const Value *args, OrderFn before)
{
    if (!check_list(t, args[0], name, " 1"))
        return 0;
    List *heap = as_list(args[0]);
    return list_append(t, heap, args[1]) && sift_up(t, heap, 0, list_length(heap) - 1, before) ? NONE : 0;
}

static Value pop(Thread *t, const char *name, const Value *args, OrderFn before)
{
    if (!check_list(t, args[0], name, ""))
        return 0;
    List *heap = as_list(args[0]);
    Value last = list_take(heap, -1), first = last ? list_get(heap, 0) : 0;
    if (!last)
        return raise(t, EXC(IndexError), "index out of range");
    if (!first)
        return last;
    if (!list_store(heap, 0, last))
        return first;
    return sift_down(t, heap, 0, before) ? first : 0;
}

static Value replace(Thread *t, const char *name, const Value *args, OrderFn before)
{
    if (!check_list(t, args[0], name, " 1"))
        return 0;
    List *heap = as_list(args[0]);
    Value first = list_get(heap, 0);
    if (!first || !list_store(heap, 0, args[1]))
        return raise(t, EXC(IndexError), "index out of range");
    return sift_down(t, heap, 0, before) ? first : 0;
}

static Value push_pop(Thread *t, const char *name, const Value *args, OrderFn before)
{
    if (!check_list(t, args[0], name, " 1"))
        return 0;
    List *heap = as_list(args[0]);
    Value first = list_get(heap, 0);
    int replaces = first ? before(t, first, args[1]) : 0;
    if (replaces <= 0)
        return replaces < 0 ? 0 : args[1];
    first = list_get(heap, 0);
    if (!first || !list_store(heap, 0, args[1]))
        return raise(t, EXC(IndexError), "index out of range");
    return sift_down(t, heap, 0, before) ? first : 0;
}

static Value heapify(Thread *t, const char *name, const Value *args, OrderFn before)
{
    if (!check_list(t, args[0], name, ""))
        return 0;
    List *heap = as_list(args[0]);
    for (size_t i = list_length(heap) / 2; i-- > 0;)
        if (!sift_down(t, heap, i, before))
            return 0;
    return NONE;
}

#define HEAP_FUNCTION(name, body, before)                                              \
    static Value name##_function(Thread *t, const Value *args, size_t nargs)           \
    {                                                                                  \
        (void)nargs;                                                                   \
        return body(t, #name, args, before);                                           \
    }
HEAP_FUNCTION(heappush, push, smaller)
HEAP_FUNCTION(heappop, pop, smaller)
HEAP_FUNCTION(heapreplace, replace, smaller)
HEAP_FUNCTION(heappushpop, push_pop, smaller)
HEAP_FUNCTION(heapify, heapify, smaller)
HEAP_FUNCTION(heappush_max, push, larger)
HEAP_FUNCTION(heappop_max, pop, larger)
HEAP_FUNCTION(heapreplace_max, replace, larger)
HEAP_FUNCTION(heappushpop_max, push_pop, larger)
HEAP_FUNCTION(heapify_max, heapify, larger)

static const NativeDef heapq_functions[] = {
    {"heappush", heappush_function, "(heap, item, /)", "Push item onto heap, maintaining the heap invariant.", 0},
    {"heappushpop", heappushpop_function, "(heap, item, /)",
     "Push item on the heap, then pop and return the smallest item from the heap.\n\n"
     "The combined action runs more efficiently than heappush() followed by\na separate call to heappop().", 0},
    {"heappop", heappop_function, "(heap, /)",
     "Pop the smallest item off the heap, maintaining the heap invariant.", 0},
    {"heapreplace", heapreplace_function, "(heap, item, /)",
     "Pop and return the current smallest value, and add the new item.\n\n"
     "This is more efficient than heappop() followed by heappush(), and can be\n"
     "more appropriate when using a fixed-size heap.  Note that the value\n"
     "returned may be larger than item!  That constrains reasonable uses of\n"
     "this routine unless written as part of a conditional replacement:\n\n"
     "    if item > heap[0]:\n        item = heapreplace(heap, item)", 0},
    {"heapify", heapify_function, "(heap, /)", "Transform list into a heap, in-place, in O(len(heap)) time.", 0},
    {"heappush_max", heappush_max_function, "(heap, item, /)", "Push item onto max heap, maintaining the heap invariant.", 0},
    {"heappushpop_max", heappushpop_max_function, "(heap, item, /)",
     "Maxheap variant of heappushpop.\n\nThe combined action runs more efficiently than heappush_max() followed by\n"
     "a separate call to heappop_max().", 0},
    {"heappop_max", heappop_max_function, "(heap, /)", "Maxheap variant of heappop.", 0},
    {"heapreplace_max", heapreplace_max_function, "(heap, item, /)", "Maxheap variant of heapreplace.", 0},
    {"heapify_max", heapify_max_function, "(heap, /)", "Maxheap variant of heapify.", 0},
    {0},
};

const ModuleDef module_heapq = {
    .name = "_heapq",
    .doc = "Heap queue algorithm (a.k.a. priority queue).\n\n"
           "Heaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for\n"
           "all k, counting elements from 0.  For the sake of comparison,\n"
           "non-existing elements are considered to be infinite.  The interesting\n"
           "property of a heap is that a[0] is always its smallest element.\n",
    .functions = heapq_functions,
};
