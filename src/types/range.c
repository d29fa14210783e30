// range.c: the range type. Immutable; all fields are exact ints, big ones included.
#include "src/core/native.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/number.h"
#include "src/types/sequence.h"
#include "src/types/slice.h"

static inline Range *as_range(Value v)
{
    return (Range *)v;
}

// Number of items; step is not 0.
static Value range_count(Thread *t, Value start, Value stop, Value step)
{
    bool down = int_sign(step) < 0;
    Value low = down ? stop : start, high = down ? start : stop;
    if (int_compare(low, high) >= 0)
        return fixnum(0);
    if (are_fixnums(low, high) && is_fixnum(step)) {
        uint64_t distance = (uint64_t)fixnum_value(high) - (uint64_t)fixnum_value(low) - 1;
        int64_t stride = fixnum_value(step);
        return int_from_uint64(t, distance / (uint64_t)(down ? -stride : stride) + 1);
    }
    Value distance = int_subtract(t, high, low);
    Value stride = down ? int_negative(t, step) : step;
    distance = distance && stride ? int_subtract(t, distance, fixnum(1)) : 0;
    Value whole = distance ? int_floor_divide(t, distance, stride) : 0;
    return whole ? int_add(t, whole, fixnum(1)) : 0;
}

Value range_new(Thread *t, Value start, Value stop, Value step)
{
    Value length = range_count(t, start, stop, step);
    Range *range = length ? new_object(t, range, Range) : NULL;
    if (!range)
        return 0;
    range->start = start;
    range->stop = stop;
    range->step = step;
    range->length = length;
    return value_of(range);
}

// start + i * step
static Value range_item(Thread *t, const Range *range, Value i)
{
    if (are_fixnums(i, range->step) && is_fixnum(range->start)) {
        int64_t offset, item;
        if (!__builtin_mul_overflow(fixnum_value(i), fixnum_value(range->step), &offset)
            && !__builtin_add_overflow(offset, fixnum_value(range->start), &item))
            return int_from_int64(t, item);
    }
    Value offset = int_multiply(t, i, range->step);
    return offset ? int_add(t, range->start, offset) : 0;
}

static Value range_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)cls;
    if (!arguments_check(t, "range", nargs, kwnames, 1, 3))
        return 0;
    Value start = fixnum(0), step = fixnum(1), stop;
    if (nargs == 1) {
        stop = number_index(t, args[0]);
    } else {
        start = number_index(t, args[0]);
        stop = start ? number_index(t, args[1]) : 0;
        if (stop && nargs == 3 && !(step = number_index(t, args[2])))
            return 0;
    }
    if (!stop)
        return 0;
    if (int_sign(step) == 0)
        return raise(t, EXC(ValueError), "range() arg 3 must not be zero");
    return range_new(t, start, stop, step);
}

static Value range_repr(Thread *t, Value a)
{
    Range *range = as_range(a);
    if (range->step == fixnum(1))
        return str_format(t, "range(%R, %R)", range->start, range->stop);
    return str_format(t, "range(%R, %R, %R)", range->start, range->stop, range->step);
}

static int64_t range_length_slot(Thread *t, Value a)
{
    int64_t length;
    return to_int64(t, as_range(a)->length, &length) ? length : -1;
}

static int range_truth(Thread *t, Value a)
{
    (void)t;
    return as_range(a)->length != fixnum(0);
}

static Value range_slice(Thread *t, Range *range, Value slice)
{
    Value start, stop, step;
    if (!slice_indices_exact(t, slice, range->length, &start, &stop, &step))
        return 0;
    start = range_item(t, range, start);
    stop = start ? range_item(t, range, stop) : 0;
    step = stop ? int_multiply(t, step, range->step) : 0;
    return step ? range_new(t, start, stop, step) : 0;
}

static Value range_getitem(Thread *t, Value a, Value key)
{
    Range *range = as_range(a);
    if (is_exactly(key, &type_slice))
        return range_slice(t, range, key);
    if (!is_index(key))
        return raise(t, EXC(TypeError), "range indices must be integers or slices, not %T", key);
    Value i = number_index(t, key);
    if (i && int_sign(i) < 0)
        i = int_add(t, i, range->length);
    if (!i)
        return 0;
    if (int_sign(i) < 0 || int_compare(i, range->length) >= 0)
        return raise(t, EXC(IndexError), "range object index out of range");
    return range_item(t, range, i);
}

// Place of an exact int in the range, or 0 without exception when it is not there.
static Value range_find(Thread *t, Range *range, Value item)
{
    bool down = int_sign(range->step) < 0;
    Value low = down ? range->stop : range->start, high = down ? range->start : range->stop;
    bool inside = down ? int_compare(low, item) < 0 && int_compare(item, high) <= 0
                       : int_compare(low, item) <= 0 && int_compare(item, high) < 0;
    if (!inside)
        return 0;
    Value distance = int_subtract(t, item, range->start);
    Value rest = distance ? int_remainder(t, distance, range->step) : 0;
    if (!rest || int_sign(rest) != 0)
        return 0;
    return int_floor_divide(t, distance, range->step);
}

static bool is_plain_int(Value v)
{
    return is_int_exact(v) || is_bool(v);
}

// For values that are not plain ints: compares with every item. *out_at is the first place.
static int64_t count_by_iterating(Thread *t, Value a, Value item, bool first_only, int64_t *out_at)
{
    Value iterator = iter_get(t, a);
    if (!iterator)
        return -1;
    int64_t count = 0, at = 0;
    for (Value there; (there = iter_next(t, iterator)) != 0; at++) {
        int equal = values_equal(t, there, item);
        if (equal < 0)
            return -1;
        if (equal && count++ == 0)
            *out_at = at;
        if (count && first_only)
            return count;
    }
    return is_pending(t) ? -1 : count;
}

static int range_contains(Thread *t, Value a, Value item)
{
    if (is_plain_int(item)) {
        Value found = range_find(t, as_range(a), int_exact(item));
        return found ? 1 : is_pending(t) ? -1 : 0;
    }
    int64_t at;
    return (int)count_by_iterating(t, a, item, true, &at);
}

static bool ranges_equal(Range *a, Range *b)
{
    if (a == b)
        return true;
    if (int_compare(a->length, b->length) != 0)
        return false;
    if (a->length == fixnum(0))
        return true;
    if (int_compare(a->start, b->start) != 0)
        return false;
    return a->length == fixnum(1) || int_compare(a->step, b->step) == 0;
}

static Value range_compare(Thread *t, Value a, Value b, CompareOp op)
{
    (void)t;
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_range) || !is_exactly(b, &type_range))
        return NOTIMPLEMENTED;
    return value_bool(ranges_equal(as_range(a), as_range(b)) == (op == CMP_EQ));
}

static bool range_hash(Thread *t, Value a, Hash *out)
{
    Range *range = as_range(a);
    bool empty = range->length == fixnum(0), single = range->length == fixnum(1);
    Value parts = tuple_of(t, 3, range->length, empty ? NONE : range->start, empty || single ? NONE : range->step);
    return parts && value_hash(t, parts, out);
}

static Value range_iterator_over(Thread *t, Value start, Value step, Value length)
{
    if (are_fixnums(start, step) && is_fixnum(length)) {
        int64_t span;
        if (!__builtin_mul_overflow(fixnum_value(step), fixnum_value(length), &span)
            && !__builtin_add_overflow(span, fixnum_value(start), &span)
            && (fixnum_value(length) == 0 || (fits_fixnum(span - fixnum_value(step))))) {
            RangeIterator *it = new_object(t, range_iterator, RangeIterator);
            if (!it)
                return 0;
            it->next = fixnum_value(start);
            it->step = fixnum_value(step);
            it->left = (uint64_t)fixnum_value(length);
            return value_of(it);
        }
    }
    LongRangeIterator *it = new_object(t, longrange_iterator, LongRangeIterator);
    if (!it)
        return 0;
    it->start = start;
    it->step = step;
    it->length = length;
    it->index = fixnum(0);
    return value_of(it);
}

static Value range_iter(Thread *t, Value a)
{
    Range *range = as_range(a);
    return range_iterator_over(t, range->start, range->step, range->length);
}

// --- methods ---

static Value reversed_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Range *range = as_range(args[0]);
    Value last = int_subtract(t, range->length, fixnum(1));
    last = last ? range_item(t, range, last) : 0;
    Value step = last ? int_negative(t, range->step) : 0;
    return step ? range_iterator_over(t, last, step, range->length) : 0;
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Range *range = as_range(args[0]);
    Value parts = tuple_of(t, 3, range->start, range->stop, range->step);
    return parts ? tuple_pair(t, value_of(&type_range), parts) : 0;
}

static Value count_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (is_plain_int(args[1])) {
        int found = range_contains(t, args[0], args[1]);
        return found < 0 ? 0 : fixnum(found);
    }
    int64_t at, count = count_by_iterating(t, args[0], args[1], false, &at);
    return count < 0 ? 0 : fixnum(count);
}

static Value index_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (is_plain_int(args[1])) {
        Value at = range_find(t, as_range(args[0]), int_exact(args[1]));
        if (at || is_pending(t))
            return at;
        return raise(t, EXC(ValueError), "range.index(x): x not in range");
    }
    int64_t at, count = count_by_iterating(t, args[0], args[1], true, &at);
    if (count > 0)
        return fixnum(at);
    return count < 0 ? 0 : raise(t, EXC(ValueError), "sequence.index(x): x not in sequence");
}

static const NativeDef range_methods[] = {
    {"__reversed__", reversed_method, "($self, /)", "Return a reverse iterator.", 0},
    {"__reduce__", reduce_method, "($self, /)", NULL, 0},
    {"count", count_method, "($self, object, /)", "rangeobject.count(value) -> integer -- return number of occurrences of value", 0},
    {"index", index_method, "($self, object, /)",
     "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present.", 0},
    {0},
};

static const MemberDef range_members[] = {
    {"start", MEMBER_VALUE, offsetof(Range, start), false, NULL},
    {"stop", MEMBER_VALUE, offsetof(Range, stop), false, NULL},
    {"step", MEMBER_VALUE, offsetof(Range, step), false, NULL},
    {0},
};

Type type_range = {
    TYPE_HEAD(range, "range", &type_object, Range),
    .flags = TYPE_SEQUENCE,
    .doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n"
           "Return an object that produces a sequence of integers from start (inclusive)\n"
           "to stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.\n"
           "start defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.\n"
           "These are exactly the valid indices for a list of 4 elements.\n"
           "When step is given, it specifies the increment (or decrement).",
    .slots = {.repr = range_repr, .hash = range_hash, .compare = range_compare, .length = range_length_slot,
              .truth = range_truth, .getitem = range_getitem, .contains = range_contains, .iter = range_iter,
              .new = range_new_slot},
    .methods = range_methods,
    .members = range_members,
};

// --- iterators ---

Value range_iterator_next(Thread *t, Value iterator)
{
    (void)t;
    RangeIterator *it = (RangeIterator *)iterator;
    uint64_t left = load_relaxed(&it->left);
    if (left == 0)
        return 0;
    int64_t item = load_relaxed(&it->next);
    store_relaxed(&it->next, item + it->step);
    store_relaxed(&it->left, left - 1);
    return fixnum(item);
}

static Value longrange_iterator_next(Thread *t, Value iterator)
{
    LongRangeIterator *it = (LongRangeIterator *)iterator;
    Value index = load_relaxed(&it->index);
    if (int_compare(index, it->length) >= 0)
        return 0;
    Value next = int_add(t, index, fixnum(1));
    Value offset = next ? int_multiply(t, index, it->step) : 0;
    if (!offset)
        return 0;
    store_relaxed(&it->index, next);
    return int_add(t, it->start, offset);
}

static Value length_hint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return int_from_uint64(t, load_relaxed(&((RangeIterator *)args[0])->left));
}

static Value long_length_hint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    LongRangeIterator *it = (LongRangeIterator *)args[0];
    return int_subtract(t, it->length, load_relaxed(&it->index));
}

static Value rest_reduced(Thread *t, Value start, Value stop, Value step)
{
    Value rest = start && stop ? range_new(t, start, stop, step) : 0;
    Value maker = rest ? builtin_named(t, N(iter)) : 0;
    Value arguments = maker ? tuple_from(t, &rest, 1) : 0;
    return arguments ? tuple_of(t, 3, maker, arguments, NONE) : 0;
}

static Value iterator_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    RangeIterator *it = (RangeIterator *)args[0];
    Value start = int_from_int64(t, it->next), step = fixnum(it->step);
    Value span = start ? int_multiply(t, fixnum((int64_t)it->left), step) : 0;
    return span ? rest_reduced(t, start, int_add(t, start, span), step) : 0;
}

static Value long_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    LongRangeIterator *it = (LongRangeIterator *)args[0];
    Value done = int_multiply(t, it->index, it->step), whole = done ? int_multiply(t, it->length, it->step) : 0;
    return whole ? rest_reduced(t, int_add(t, it->start, done), int_add(t, it->start, whole), it->step) : 0;
}

static Value setstate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    RangeIterator *it = (RangeIterator *)args[0];
    int64_t skip;
    if (!to_int64(t, args[1], &skip))
        return 0;
    uint64_t skipped = skip < 0 ? 0 : (uint64_t)skip > it->left ? it->left : (uint64_t)skip;
    store_relaxed(&it->next, it->next + (int64_t)skipped * it->step);
    store_relaxed(&it->left, it->left - skipped);
    return NONE;
}

static Value long_setstate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    LongRangeIterator *it = (LongRangeIterator *)args[0];
    Value index = number_index(t, args[1]);
    if (!index)
        return 0;
    if (int_sign(index) < 0)
        index = fixnum(0);
    store_relaxed(&it->index, int_compare(index, it->length) > 0 ? it->length : index);
    return NONE;
}

static const char hint_doc[] = "Private method returning an estimate of len(list(it)).";
static const char reduce_doc[] = "Return state information for pickling.";
static const char setstate_doc[] = "Set state information for unpickling.";

static const NativeDef range_iterator_methods[] = {
    {"__length_hint__", length_hint_method, "($self, /)", hint_doc, 0},
    {"__reduce__", iterator_reduce_method, "($self, /)", reduce_doc, 0},
    {"__setstate__", setstate_method, "($self, object, /)", setstate_doc, 0},
    {0},
};

static const NativeDef longrange_iterator_methods[] = {
    {"__length_hint__", long_length_hint_method, "($self, /)", hint_doc, 0},
    {"__reduce__", long_reduce_method, "($self, /)", reduce_doc, 0},
    {"__setstate__", long_setstate_method, "($self, object, /)", setstate_doc, 0},
    {0},
};

Type type_range_iterator = {
    TYPE_HEAD(range_iterator, "range_iterator", &type_object, RangeIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = range_iterator_next},
    .methods = range_iterator_methods,
};

Type type_longrange_iterator = {
    TYPE_HEAD(longrange_iterator, "longrange_iterator", &type_object, LongRangeIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = longrange_iterator_next},
    .methods = longrange_iterator_methods,
};
