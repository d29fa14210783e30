// slice.c: slice objects and their resolution against a length. Immutable.
#include "src/core/native.h"
#include "src/types/function.h"
#include "src/types/number.h"
#include "src/types/sequence.h"
#include "src/types/slice.h"
#include "src/types/tuple.h"

Value slice_new(Thread *t, Value start, Value stop, Value step)
{
    Slice *slice = new_object(t, slice, Slice);
    if (!slice)
        return 0;
    slice->start = start;
    slice->stop = stop;
    slice->step = step;
    return value_of(slice);
}

// One part as a clipped int64; None gives `omitted`.
static MUST_CHECK bool part_clipped(Thread *t, Value part, int64_t omitted, int64_t *out)
{
    if (likely(is_fixnum(part))) {
        *out = fixnum_value(part);
        return true;
    }
    if (part == NONE) {
        *out = omitted;
        return true;
    }
    if (is_index(part))
        return to_index_clipped(t, part, out);
    raise(t, EXC(TypeError), "slice indices must be integers or None or have an __index__ method");
    return false;
}

// Clips a bound into [low, high] after counting from the end if negative.
static int64_t bound_clip(int64_t bound, int64_t length, int64_t low, int64_t high)
{
    if (bound < 0) {
        bound += length;
        return bound < low ? low : bound;
    }
    return bound > high ? high : bound;
}

bool slice_indices(Thread *t, Value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step, int64_t *count)
{
    Slice *s = (Slice *)slice;
    if (!part_clipped(t, s->step, 1, step))
        return false;
    if (*step == 0) {
        raise(t, EXC(ValueError), "slice step cannot be zero");
        return false;
    }
    if (*step < -INT64_MAX)
        *step = -INT64_MAX;       // can be negated
    bool down = *step < 0;
    if (!part_clipped(t, s->start, down ? INT64_MAX : 0, start) || !part_clipped(t, s->stop, down ? INT64_MIN : INT64_MAX, stop))
        return false;
    int64_t low = down ? -1 : 0, high = down ? length - 1 : length;
    *start = bound_clip(*start, length, low, high);
    *stop = *stop == INT64_MIN ? low : bound_clip(*stop, length, low, high);
    if (down)
        *count = *stop < *start ? (*start - *stop - 1) / -*step + 1 : 0;
    else
        *count = *start < *stop ? (*stop - *start - 1) / *step + 1 : 0;
    return true;
}

// --- exact ints of any size ---

static Value part_exact(Thread *t, Value part)
{
    if (!is_index(part))
        return raise(t, EXC(TypeError), "slice indices must be integers or None or have an __index__ method");
    return number_index(t, part);
}

static Value bound_exact(Thread *t, Value bound, Value omitted, Value length, Value low, Value high)
{
    if (bound == NONE)
        return omitted;
    Value i = part_exact(t, bound);
    if (!i)
        return 0;
    if (int_sign(i) < 0) {
        i = int_add(t, i, length);
        return i && int_compare(i, low) < 0 ? low : i;
    }
    return int_compare(i, high) > 0 ? high : i;
}

bool slice_indices_exact(Thread *t, Value slice, Value length, Value *start, Value *stop, Value *step)
{
    Slice *s = (Slice *)slice;
    *step = s->step == NONE ? fixnum(1) : part_exact(t, s->step);
    if (!*step)
        return false;
    if (int_sign(*step) == 0) {
        raise(t, EXC(ValueError), "slice step cannot be zero");
        return false;
    }
    bool down = int_sign(*step) < 0;
    Value low = down ? fixnum(-1) : fixnum(0);
    Value high = down ? int_subtract(t, length, fixnum(1)) : length;
    if (!high)
        return false;
    *start = bound_exact(t, s->start, down ? high : low, length, low, high);
    *stop = *start ? bound_exact(t, s->stop, down ? low : high, length, low, high) : 0;
    return *stop != 0;
}

// --- the type ---

static Value slice_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!arguments_check(t, "slice", nargs, kwnames, 1, 3))
        return 0;
    (void)cls;
    if (nargs == 1)
        return slice_new(t, NONE, args[0], NONE);
    return slice_new(t, args[0], args[1], nargs == 3 ? args[2] : NONE);
}

static Value slice_repr(Thread *t, Value a)
{
    Slice *s = (Slice *)a;
    return str_format(t, "slice(%R, %R, %R)", s->start, s->stop, s->step);
}

static bool slice_hash(Thread *t, Value a, Hash *out)
{
    Slice *s = (Slice *)a;
    const Value parts[] = {s->start, s->stop, s->step};
    uint64_t acc = 2870177450012600261ull;   // lanes as in tuple.c, without the length
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Hash lane;
        if (!value_hash(t, parts[i], &lane))
            return false;
        acc += (uint64_t)lane * 14029467366897019727ull;
        acc = acc << 31 | acc >> 33;
        acc *= 11400714785074694791ull;
    }
    *out = acc == UINT64_MAX ? 1546275796 : (Hash)acc;
    return true;
}

static Value slice_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_exactly(a, &type_slice) || !is_exactly(b, &type_slice))
        return NOTIMPLEMENTED;
    if (a == b)
        return value_bool(order_matches(0, op));
    return sequences_compare(t, &((Slice *)a)->start, 3, &((Slice *)b)->start, 3, op);
}

static Value indices_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value length = number_index(t, args[1]);
    if (!length)
        return 0;
    if (int_sign(length) < 0)
        return raise(t, EXC(ValueError), "length should not be negative");
    Value start, stop, step;
    return slice_indices_exact(t, args[0], length, &start, &stop, &step) ? tuple_of(t, 3, start, stop, step) : 0;
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value parts = tuple_from(t, &((Slice *)args[0])->start, 3);
    return parts ? tuple_pair(t, value_of(&type_slice), parts) : 0;
}

static const NativeDef slice_methods[] = {
    {"indices", indices_method, "($self, object, /)",
     "S.indices(len) -> (start, stop, stride)\n\nAssuming a sequence of length len, calculate the start and stop\n"
     "indices, and the stride length of the extended slice described by\nS. Out of bounds indices are clipped in a manner "
     "consistent with the\nhandling of normal slices.", 0},
    {"__reduce__", reduce_method, "($self, /)", "Return state information for pickling.", 0},
    {0},
};

static const MemberDef slice_members[] = {
    {"start", MEMBER_VALUE, offsetof(Slice, start), false, NULL},
    {"stop", MEMBER_VALUE, offsetof(Slice, stop), false, NULL},
    {"step", MEMBER_VALUE, offsetof(Slice, step), false, NULL},
    {0},
};

Type type_slice = {
    TYPE_HEAD(slice, "slice", &type_object, Slice),
    .doc = "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.\n\n"
           "This is used for extended slicing (e.g. a[0:10:2]).",
    .slots = {.repr = slice_repr, .hash = slice_hash, .compare = slice_compare, .new = slice_new_slot},
    .methods = slice_methods,
    .members = slice_members,
};
