// list_slice.c: slices of lists: reading, assignment, deletion.
//
// An assignment that changes the length builds a new array and publishes it once. Values are materialised before the lock is
// taken, and the slice is resolved against the length found under it.
#include "src/ops/ops.h"
#include "src/types/function.h"
#include "src/types/list_storage.h"
#include "src/types/sequence.h"

static Value slice_extended(Thread *t, const Value *items, int64_t start, int64_t step, int64_t count)
{
    List *result = list_new(t, (size_t)count);
    if (!result)
        return 0;
    for (int64_t i = 0; i < count; i++)
        result->items->at[i] = items[start + i * step];
    result->length = (size_t)count;
    return value_of(result);
}

// Copies a range of a live list: null slots of a list that shrank meanwhile end it.
static Value slice_simple(Thread *t, List *list, size_t start, size_t count)
{
    List *result = list_new(t, count);
    if (!result)
        return 0;
    bool locked = object_lock(&list->head);
    size_t length = list->length, n = start < length ? size_min(count, length - start) : 0;
    memcpy(result->items->at, list->items->at + start, n * sizeof(Value));
    object_unlock(&list->head, locked);
    result->length = n;
    return value_of(result);
}

Value list_get_slice(Thread *t, List *list, Value slice)
{
    int64_t start, stop, step, count;
    size_t n = list_length(list);
    if (!slice_indices(t, slice, (int64_t)n, &start, &stop, &step, &count))
        return 0;
    if (count == 0)
        return value_of(list_new(t, 0));
    if (step == 1)
        return slice_simple(t, list, (size_t)start, (size_t)count);
    Value *items = list_snapshot(t, list, &n);
    if (!items || !slice_indices(t, slice, (int64_t)n, &start, &stop, &step, &count))
        return 0;
    return slice_extended(t, items, start, step, count);
}

// The bounds are resolved and the lock is held.
static bool splice_locked(Thread *t, List *list, size_t start, size_t stop, const Value *items, size_t n)
{
    size_t length = list->length, tail = length - stop;
    if (n == stop - start) {
        for (size_t i = 0; i < n; i++)
            publish(&list->items->at[start + i], items[i]);
        return true;
    }
    size_t changed = start + n + tail;
    if (changed == 0) {
        list_replace_locked(list, list_array_empty(), 0);
        return true;
    }
    ValueArray *array = list_array_new(t, changed + (changed >> 3));
    if (!array)
        return false;
    memcpy(array->at, list->items->at, start * sizeof(Value));
    memcpy(array->at + start, items, n * sizeof(Value));
    memcpy(array->at + start + n, list->items->at + stop, tail * sizeof(Value));
    list_replace_locked(list, array, changed);
    return true;
}

bool list_splice(Thread *t, List *list, int64_t start, int64_t stop, const Value *items, size_t n)
{
    bool locked = object_lock(&list->head);
    int64_t length = (int64_t)list->length;
    start = start < 0 ? 0 : start > length ? length : start;
    stop = stop < start ? start : stop > length ? length : stop;
    bool ok = splice_locked(t, list, (size_t)start, (size_t)stop, items, n);
    object_unlock(&list->head, locked);
    return ok;
}

static bool delete_extended(Thread *t, List *list, int64_t start, int64_t step, int64_t count)
{
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    bool locked = object_lock(&list->head);
    size_t n = list->length, kept = 0;
    ValueArray *array = list_array_new(t, n);
    for (size_t i = 0; array && i < n; i++) {
        int64_t past = (int64_t)i - start;
        if (past < 0 || past % step || past / step >= count)
            array->at[kept++] = list->items->at[i];
    }
    if (array)
        list_replace_locked(list, array, kept);
    object_unlock(&list->head, locked);
    return array != NULL;
}

static bool assign_extended(Thread *t, List *list, int64_t start, int64_t step, int64_t count, const Value *items, size_t n)
{
    if ((size_t)count != n) {
        raise(t, EXC(ValueError), "attempt to assign sequence of size %lu to extended slice of size %ld", (uint64_t)n, count);
        return false;
    }
    bool locked = object_lock(&list->head);
    for (int64_t i = 0; i < count; i++) {
        size_t at = (size_t)(start + i * step);
        if (at < list->length)
            publish(&list->items->at[at], items[i]);
    }
    object_unlock(&list->head, locked);
    return true;
}

// Items to assign; "must assign iterable to extended slice" names what both kinds of slice want.
static Value *assigned_values(Thread *t, Value values, size_t *out_n)
{
    if (is_exactly(values, &type_list))
        return list_snapshot(t, as_list(values), out_n);
    Value *items = values_from_iterable(t, values, out_n);
    if (!items && pending_matches(t, EXC(TypeError)) && !type_of(values)->slots.iter && !type_of(values)->slots.getitem) {
        pending_clear(t);
        raise(t, EXC(TypeError), "must assign iterable to extended slice");
    }
    return items;
}

bool list_set_slice(Thread *t, List *list, Value slice, Value values)
{
    int64_t start, stop, step, count;
    size_t n = 0;
    Value *items = NULL;
    if (values && !(items = assigned_values(t, values, &n)))
        return false;
    if (!slice_indices(t, slice, (int64_t)list_length(list), &start, &stop, &step, &count))
        return false;
    if (step == 1)
        return list_splice(t, list, start, stop < start ? start : stop, items, n);
    if (!values)
        return count == 0 || delete_extended(t, list, start, step, count);
    return assign_extended(t, list, start, step, count, items, n);
}
