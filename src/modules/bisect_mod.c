// bisect_mod.c: the _bisect module: binary search in sorted sequences.
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/number.h"

// Parameters of all four functions, in the order of their signature.
enum { ARG_SEQUENCE, ARG_ITEM, ARG_LOW, ARG_HIGH, ARG_KEY };

static Value key_of(Thread *t, Value key, Value item)
{
    return !key || key == NONE ? item : call1(t, key, item);
}

// Where `item`, already mapped by key, belongs: before equal items or behind them. -1: error.
static int64_t search(Thread *t, const Value *args, Value item, bool behind)
{
    int64_t low = 0, high;
    if (args[ARG_LOW] && !to_int64(t, args[ARG_LOW], &low))
        return -1;
    if (low < 0) {
        raise(t, EXC(ValueError), "lo must be non-negative");
        return -1;
    }
    if (!args[ARG_HIGH] || args[ARG_HIGH] == NONE) {
        high = length_of(t, args[ARG_SEQUENCE]);
        if (high < 0)
            return -1;
    } else if (!to_int64(t, args[ARG_HIGH], &high)) {
        return -1;
    }
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        Value index = int_from_int64(t, middle), there = index ? item_get(t, args[ARG_SEQUENCE], index) : 0;
        there = there ? key_of(t, args[ARG_KEY], there) : 0;
        if (!there)
            return -1;
        int less = behind ? compare_bool(t, item, there, CMP_LT) : compare_bool(t, there, item, CMP_LT);
        if (less < 0)
            return -1;
        if ((less != 0) == behind)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static Value find(Thread *t, const Value *args, bool behind)
{
    int64_t at = search(t, args, args[ARG_ITEM], behind);
    return at < 0 ? 0 : int_from_int64(t, at);
}

static Value insert(Thread *t, const Value *args, bool behind)
{
    Value item = key_of(t, args[ARG_KEY], args[ARG_ITEM]);
    int64_t at = item ? search(t, args, item, behind) : -1;
    if (at < 0)
        return 0;
    if (is_exactly(args[ARG_SEQUENCE], &type_list))
        return list_insert(t, as_list(args[ARG_SEQUENCE]), at, args[ARG_ITEM]) ? NONE : 0;
    Value index = int_from_int64(t, at);
    return index && call_method2(t, args[ARG_SEQUENCE], N(insert), index, args[ARG_ITEM]) ? NONE : 0;
}

static Value bisect_right(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return find(t, args, true);
}

static Value bisect_left(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return find(t, args, false);
}

static Value insort_right(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return insert(t, args, true);
}

static Value insort_left(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return insert(t, args, false);
}

#define BISECT_SIGNATURE "(a, x, lo=0, hi=None, *, key=None)"
#define BISECT_BOUNDS                                                                                          \
    "\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched."           \
    "\n\nA custom key function can be supplied to customize the sort order."

static const NativeDef bisect_functions[] = {
    {"bisect_right", bisect_right, BISECT_SIGNATURE,
     "Return the index where to insert item x in list a, assuming a is sorted." BISECT_BOUNDS, 0},
    {"bisect_left", bisect_left, BISECT_SIGNATURE,
     "Return the index where to insert item x in list a, assuming a is sorted." BISECT_BOUNDS, 0},
    {"insort_right", insort_right, BISECT_SIGNATURE,
     "Insert item x in list a, and keep it sorted assuming a is sorted.\n\n"
     "If x is already in a, insert it to the right of the rightmost x." BISECT_BOUNDS, 0},
    {"insort_left", insort_left, BISECT_SIGNATURE,
     "Insert item x in list a, and keep it sorted assuming a is sorted.\n\n"
     "If x is already in a, insert it to the left of the leftmost x." BISECT_BOUNDS, 0},
    {0},
};

const ModuleDef module_bisect = {
    .name = "_bisect",
    .doc = "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order without\n"
           "having to sort the list after each insertion. For long lists of items with\n"
           "expensive comparison operations, this can be an improvement over the more\ncommon approach.\n",
    .functions = bisect_functions,
};
