// list.c: storage of lists: growth, single items, snapshots. Publication rules: list.h.
//
// Every function that changes a list holds its byte lock meanwhile; readers hold nothing. A shared array is changed one word at
// a time with atomic stores, never by memmove; one that was replaced is never written again.
#include "src/types/list_storage.h"

#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/iterators.h"
#include "src/types/tuple.h"

static ValueArray empty_array;    // cap 0: shared by all empty lists; never written

enum { LARGE = 1 << 16 };         // from here on lists grow by half: fewer dead arrays for the collector

ValueArray *list_array_empty(void)
{
    return &empty_array;
}

// Capacities fill size classes: 1 + 8n + 7 words.
ValueArray *list_array_new(Thread *t, size_t capacity)
{
    if (unlikely(capacity > SIZE_MAX / sizeof(Value) / 4))
        return memory_error(t);
    capacity |= 1;                // with the header word a whole number of 16-byte grains
    ValueArray *array = new_scanned(t, sizeof(ValueArray) + capacity * sizeof(Value));
    if (array)
        array->cap = capacity;
    return array;
}

static size_t grown_capacity(size_t want)
{
    return want < LARGE ? want + (want >> 3) + (want < 9 ? 3 : 6) : want + (want >> 1);
}

ValueArray *list_grow_locked(Thread *t, List *list, size_t want)
{
    ValueArray *grown = list_array_new(t, grown_capacity(want));
    if (!grown)
        return NULL;
    ValueArray *old = list->items;
    size_t n = list->length;
    for (size_t i = 0; i < n; i++)
        grown->at[i] = old->at[i];
    publish(&list->items, grown);
    return grown;
}

// --- making ---

List *list_new(Thread *t, size_t capacity)
{
    List *list = new_object(t, list, List);
    if (!list)
        return NULL;
    list->items = capacity ? list_array_new(t, capacity) : &empty_array;
    return list->items ? list : NULL;
}

Value list_from(Thread *t, const Value *items, size_t n)
{
    List *list = list_new(t, n);
    if (!list)
        return 0;
    memcpy(list->items->at, items, n * sizeof(Value));
    list->length = n;
    return value_of(list);
}

Value list_from_iterable(Thread *t, Value iterable)
{
    if (is_exactly(iterable, &type_tuple))
        return list_from(t, as_tuple(iterable)->at, as_tuple(iterable)->length);
    List *list = list_new(t, 0);
    return list && list_extend(t, list, iterable) ? value_of(list) : 0;
}

Value list_to_tuple(Thread *t, List *list)
{
    size_t n;
    Value *items = list_snapshot(t, list, &n);
    return items ? tuple_from(t, items, n) : 0;
}

// --- reading ---

size_t list_length(const List *list)
{
    return load_relaxed(&list->length);
}

Value list_get(const List *list, size_t i)
{
    for (;;) {
        if (unlikely(i >= load_acquire(&list->length)))
            return 0;
        const ValueArray *array = load_acquire(&list->items);
        if (unlikely(i >= array->cap))
            continue;             // the list has been replaced by a smaller one since its length was read
        Value item = load_acquire(&array->at[i]);
        if (likely(item != 0))
            return item;
    }
}

Value *list_snapshot(Thread *t, List *list, size_t *out_n)
{
    bool locked = object_lock(&list->head);
    size_t n = list->length;
    Value *copy = new_scanned(t, (n ? n : 1) * sizeof(Value));
    if (copy)
        memcpy(copy, list->items->at, n * sizeof(Value));
    object_unlock(&list->head, locked);
    *out_n = n;
    return copy;
}

// --- changing ---

bool list_append(Thread *t, List *list, Value item)
{
    bool locked = object_lock(&list->head);
    size_t n = list->length;
    ValueArray *array = list->items;
    if (unlikely(n >= array->cap))
        array = list_grow_locked(t, list, n + 1);
    if (likely(array != NULL)) {
        publish(&array->at[n], item);
        publish(&list->length, n + 1);
    }
    object_unlock(&list->head, locked);
    return array != NULL;
}

bool list_append_values(Thread *t, List *list, const Value *items, size_t n)
{
    bool locked = object_lock(&list->head);
    size_t length = list->length;
    ValueArray *array = list->items;
    if (length + n > array->cap)
        array = list_grow_locked(t, list, length + n);
    if (array) {
        for (size_t i = 0; i < n; i++)
            store_relaxed(&array->at[length + i], items[i]);
        publish(&list->length, length + n);
    }
    object_unlock(&list->head, locked);
    return array != NULL;
}

bool list_extend(Thread *t, List *list, Value iterable)
{
    if (is_exactly(iterable, &type_tuple))
        return list_append_values(t, list, as_tuple(iterable)->at, as_tuple(iterable)->length);
    if (is_exactly(iterable, &type_list)) {
        size_t n;
        Value *items = list_snapshot(t, as_list(iterable), &n);
        return items && list_append_values(t, list, items, n);
    }
    Value iterator = iter_get(t, iterable);
    if (!iterator)
        return false;
    int64_t hint = length_hint(t, iterable, 8);
    if (hint < 0)
        return false;
    if (list_length(list) == 0 && hint > 8 && !list_reserve(t, list, (size_t)hint))
        return false;
    NextFn next = type_of(iterator)->slots.next;
    for (Value item; (item = next(t, iterator)) != 0;)
        if (!list_append(t, list, item))
            return false;
    return !is_pending(t) || pending_clear_if(t, EXC(StopIteration));
}

bool list_reserve(Thread *t, List *list, size_t capacity)
{
    if (capacity > SIZE_MAX / 64)
        return raise_no_memory(t) != 0;
    bool locked = object_lock(&list->head);
    bool ok = capacity <= list->items->cap;
    if (!ok) {
        ValueArray *grown = list_array_new(t, capacity);
        ok = grown != NULL;
        for (size_t i = 0; ok && i < list->length; i++)
            grown->at[i] = list->items->at[i];
        if (ok)
            publish(&list->items, grown);
    }
    object_unlock(&list->head, locked);
    return ok;
}

bool list_insert(Thread *t, List *list, int64_t index, Value item)
{
    bool locked = object_lock(&list->head);
    size_t n = list->length;
    ValueArray *array = list->items;
    if (n >= array->cap)
        array = list_grow_locked(t, list, n + 1);
    if (array) {
        int64_t where = index < 0 ? index + (int64_t)n : index;
        size_t at = where < 0 ? 0 : size_min((size_t)where, n);
        if (!locked)              // one thread only: nobody sees a word torn
            memmove(&array->at[at + 1], &array->at[at], (n - at) * sizeof(Value));
        else
            for (size_t i = n; i > at; i--)
                publish(&array->at[i], array->at[i - 1]);
        publish(&array->at[at], item);
        publish(&list->length, n + 1);
    }
    object_unlock(&list->head, locked);
    return array != NULL;
}

bool list_store(List *list, size_t i, Value item)
{
    bool locked = object_lock(&list->head);
    bool inside = i < list->length;
    if (inside)
        publish(&list->items->at[i], item);
    object_unlock(&list->head, locked);
    return inside;
}

// `shared`: other threads may be reading, so that words move one by one.
Value list_take_locked(List *list, size_t i, bool shared)
{
    ValueArray *array = list->items;
    size_t n = list->length;
    Value taken = array->at[i];
    if (!shared)
        memmove(&array->at[i], &array->at[i + 1], (n - i - 1) * sizeof(Value));
    else
        for (size_t k = i + 1; k < n; k++)
            publish(&array->at[k - 1], array->at[k]);
    publish(&list->length, n - 1);
    publish(&array->at[n - 1], 0);
    return taken;
}

Value list_take(List *list, int64_t index)
{
    bool locked = object_lock(&list->head);
    int64_t n = (int64_t)list->length, i = index < 0 ? index + n : index;
    Value taken = i >= 0 && i < n ? list_take_locked(list, (size_t)i, locked) : 0;
    object_unlock(&list->head, locked);
    return taken;
}

void list_replace_locked(List *list, ValueArray *array, size_t length)
{
    if (length <= list->length) {
        publish(&list->length, length);
        publish(&list->items, array);
    } else {
        publish(&list->items, array);
        publish(&list->length, length);
    }
}

void list_clear(List *list)
{
    bool locked = object_lock(&list->head);
    list_replace_locked(list, &empty_array, 0);
    object_unlock(&list->head, locked);
}
