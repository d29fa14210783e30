// weakref_table.c: the table of all weak references by object, its sweep, and callbacks.
//
// Guard: every access runs under heap_locked, or in the collector's after_mark hook with the world stopped; the two exclude
// each other. The table is malloc memory and holds hidden addresses only.
#include <stdlib.h>

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/weakref.h"

enum { FIRST_BUCKETS = 256 };

static uintptr_t *buckets;        // hidden heads of chains
static size_t bucket_count, ref_count;
static WeakRef *due_first, *due_last;   // a root range; guard: written by the collector, taken under heap_locked

static WeakRef *reveal(uintptr_t hidden) { return hidden ? (WeakRef *)~hidden : NULL; }

static size_t bucket_of(const void *object, size_t count)
{
    return (size_t)((uintptr_t)object >> 4) * 0x9E3779B97F4A7C15u >> 20 & (count - 1);
}

// Memory of static objects does not belong to the collector: they never die.
static bool is_alive(const void *object)
{
    return !heap_object_start(object) || heap_is_marked(object);
}

// --- sweep: world stopped ---
static void make_due(WeakRef *ref)
{
    ref->next_due = NULL;
    if (due_first)
        due_last->next_due = ref;
    else
        due_first = ref;
    due_last = ref;
    the_vm.weak_callbacks_due = true;
}

// True when ref leaves the table.
static bool sweep_one(WeakRef *ref)
{
    if (!heap_is_marked(ref))
        return true;
    if (is_alive((void *)~ref->hidden))
        return false;
    store_relaxed(&ref->hidden, (uintptr_t)0);
    if (ref->callback)
        make_due(ref);
    return true;
}

static void sweep(void)
{
    for (size_t i = 0; i < bucket_count; i++) {
        uintptr_t *link = &buckets[i];
        WeakRef *ref;
        while ((ref = reveal(*link))) {
            if (sweep_one(ref)) {
                *link = ref->hidden_next;
                ref_count--;
            } else {
                link = &ref->hidden_next;
            }
        }
    }
}

// --- table, under heap_locked ---
static void insert(WeakRef *ref)
{
    uintptr_t *head = &buckets[bucket_of((void *)~ref->hidden, bucket_count)];
    ref->hidden_next = *head;
    *head = heap_hide(ref);
}

static void grow(void)
{
    size_t old_count = bucket_count;
    uintptr_t *old = buckets, *grown = calloc(old_count ? 2 * old_count : FIRST_BUCKETS, sizeof *grown);
    if (!grown) {
        if (!old)
            never("no memory for the table of weak references");
        return;   // longer chains
    }
    buckets = grown;
    bucket_count = old_count ? 2 * old_count : FIRST_BUCKETS;
    for (size_t i = 0; i < old_count; i++) {
        for (WeakRef *ref = reveal(old[i]), *next; ref; ref = next) {
            next = reveal(ref->hidden_next);
            insert(ref);
        }
    }
    free(old);
}

static void *register_locked(void *data)
{
    if (ref_count >= bucket_count)
        grow();
    insert(data);
    ref_count++;
    return NULL;
}

void weakref_register(WeakRef *ref, Value object)
{
    ref->hidden = heap_hide(as_object(object));
    heap_locked(register_locked, ref);
    __atomic_fetch_or(&as_object(object)->flags, FLAG_WEAKLY_REFD, __ATOMIC_RELAXED);
}

typedef struct Query {
    Value object;
    const Type *type;      // null: any
    WeakRef *found;
    WeakRef **room;        // collects up to `capacity`
    size_t count, capacity;
} Query;

static void *query_locked(void *data)
{
    Query *q = data;
    if (!bucket_count)
        return NULL;
    uintptr_t hidden = heap_hide(as_object(q->object));
    WeakRef *ref = reveal(buckets[bucket_of(as_object(q->object), bucket_count)]);
    for (; ref; ref = reveal(ref->hidden_next)) {
        if (ref->hidden != hidden)
            continue;
        if (q->type && (ref->head.type != q->type || ref->callback))
            continue;
        q->found = ref;
        if (q->count < q->capacity)
            q->room[q->count] = ref;
        q->count++;
    }
    return NULL;
}

static bool has_any(Value object)
{
    return is_object(object) && load_relaxed(&as_object(object)->flags) & FLAG_WEAKLY_REFD;
}

WeakRef *weakref_find_plain(const Type *type, Value object)
{
    if (!has_any(object))
        return NULL;
    Query q = {.object = object, .type = type};
    heap_locked(query_locked, &q);
    return q.found;
}

size_t weakref_count(Value object)
{
    if (!has_any(object))
        return 0;
    Query q = {.object = object};
    heap_locked(query_locked, &q);
    return q.count;
}

Value weakref_first(Value object)
{
    if (!has_any(object))
        return NONE;
    Query q = {.object = object};
    heap_locked(query_locked, &q);
    return q.found ? value_of(q.found) : NONE;
}

// The chain has the newest first; the list has the oldest first.
Value weakref_list(Thread *t, Value object)
{
    size_t capacity = weakref_count(object);
    Query q = {.object = object, .capacity = capacity};
    if (capacity) {
        q.room = new_scanned(t, capacity * sizeof *q.room);
        if (!q.room)
            return 0;
        heap_locked(query_locked, &q);
    }
    size_t n = size_min(q.count, capacity);
    List *list = list_new(t, n);
    for (size_t i = n; list && i-- > 0;)
        if (!list_append(t, list, value_of(q.room[i])))
            return 0;
    return value_of(list);
}

// --- callbacks ---
static void *take_due(void *data)
{
    WeakRef **out = data;
    *out = due_first;
    due_first = due_last = NULL;
    the_vm.weak_callbacks_due = false;
    return NULL;
}

static bool run_callbacks(Thread *t)
{
    WeakRef *ref = NULL;
    heap_locked(take_due, &ref);
    while (ref) {
        WeakRef *next = ref->next_due;
        Value callback = ref->callback;
        ref->next_due = NULL;
        ref->callback = 0;
        if (callback && !call1(t, callback, value_of(ref)))
            report_unraisable(t, callback, "Exception ignored while calling weakref callback %R", callback);
        ref = next;
    }
    return true;
}

bool weakref_boot(Thread *t)
{
    vm_add_root_range(&due_first, &due_last + 1);
    hooks.sweep_weakrefs = sweep;
    hooks.run_weakref_callbacks = run_callbacks;
    return true;
}
