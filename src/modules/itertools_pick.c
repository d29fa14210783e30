// itertools_pick.c: accumulate, batched, compress, dropwhile, takewhile, filterfalse, starmap, pairwise, zip_longest, groupby.
//
// Fields are single words, read and written relaxed: threads that share an iterator may see an item twice, nothing worse.
#include "src/modules/itertools.h"

// A function and an iterator: what half of these are.
typedef struct Picker {
    Object head;
    Value function;
    Value iterator;
    bool flag;                    // dropwhile: dropping is over; takewhile: taking is over
} Picker;

static Value picker_new(Thread *t, Type *cls, const Type *builtin, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, builtin, nargs, kwnames, 2, 2))
        return 0;
    Value iterator = iter_get(t, args[1]);
    Picker *picker = iterator ? instance_new(t, cls, 0) : NULL;
    if (!picker)
        return 0;
    picker->function = args[0];
    picker->iterator = iterator;
    return value_of(picker);
}

static int ask(Thread *t, const Picker *picker, Value item)
{
    Value answer = call1(t, picker->function, item);
    return answer ? truth(t, answer) : -1;
}

#define PICKER_NEW(row)                                                                                   \
    static Value row##_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)          \
    {                                                                                                     \
        return picker_new(t, cls, &type_itertools_##row, args, nargs, kwnames);                           \
    }
PICKER_NEW(dropwhile)
PICKER_NEW(takewhile)
PICKER_NEW(filterfalse)
PICKER_NEW(starmap)

static Value dropwhile_next(Thread *t, Value iterator)
{
    Picker *picker = (Picker *)iterator;
    for (Value item; (item = iter_next(t, picker->iterator)) != 0;) {
        if (picker->flag)
            return item;
        int drop = ask(t, picker, item);
        if (drop < 0)
            return 0;
        if (!drop) {
            picker->flag = true;
            return item;
        }
    }
    return 0;
}

static Value takewhile_next(Thread *t, Value iterator)
{
    Picker *picker = (Picker *)iterator;
    Value item = picker->flag ? 0 : iter_next(t, picker->iterator);
    if (!item)
        return 0;
    int take = ask(t, picker, item);
    if (take == 0)
        picker->flag = true;
    return take > 0 ? item : 0;
}

static Value filterfalse_next(Thread *t, Value iterator)
{
    Picker *picker = (Picker *)iterator;
    bool own_truth = picker->function == NONE || picker->function == value_of(&type_bool);
    for (Value item; (item = iter_next(t, picker->iterator)) != 0;) {
        int good = own_truth ? truth(t, item) : ask(t, picker, item);
        if (good <= 0)
            return good < 0 ? 0 : item;
    }
    return 0;
}

static Value starmap_next(Thread *t, Value iterator)
{
    Picker *picker = (Picker *)iterator;
    Value item = iter_next(t, picker->iterator);
    Value arguments = item ? tuple_from_iterable(t, item) : 0;
    return arguments ? call(t, picker->function, as_tuple(arguments)->at, as_tuple(arguments)->length, 0) : 0;
}

Type type_itertools_dropwhile = {
    ITERTOOLS_TYPE(dropwhile, "dropwhile", Picker, dropwhile_new, dropwhile_next, "(predicate, iterable, /)"),
    .doc = "Drop items from the iterable while predicate(item) is true.\n\n"
           "Afterwards, return every element until the iterable is exhausted.",
};
Type type_itertools_takewhile = {
    ITERTOOLS_TYPE(takewhile, "takewhile", Picker, takewhile_new, takewhile_next, "(predicate, iterable, /)"),
    .doc = "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.",
};
Type type_itertools_filterfalse = {
    ITERTOOLS_TYPE(filterfalse, "filterfalse", Picker, filterfalse_new, filterfalse_next, "(function, iterable, /)"),
    .doc = "Return those items of iterable for which function(item) is false.\n\n"
           "If function is None, return the items that are false.",
};
Type type_itertools_starmap = {
    ITERTOOLS_TYPE(starmap, "starmap", Picker, starmap_new, starmap_next, "(function, iterable, /)"),
    .doc = "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the "
           "given sequence.",
};

// --- accumulate ---

typedef struct Accumulate {
    Object head;
    Value iterator, function;     // function NONE: +
    Value total;                  // 0 before the first item
    Value initial;                // 0 when there is none, or it was given out
} Accumulate;

static Value accumulate_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[3];
    BIND_ARGUMENTS(t, "accumulate", "(iterable, func=None, *, initial=None)", args, nargs, kwnames, a, return 0);
    Value iterator = iter_get(t, a[0]);
    Accumulate *acc = iterator ? instance_new(t, cls, 0) : NULL;
    if (!acc)
        return 0;
    acc->iterator = iterator;
    acc->function = a[1] ? a[1] : NONE;
    acc->initial = a[2] == NONE ? 0 : a[2];
    return value_of(acc);
}

static Value accumulate_next(Thread *t, Value iterator)
{
    Accumulate *acc = (Accumulate *)iterator;
    Value initial = load_relaxed(&acc->initial);
    if (initial) {
        store_relaxed(&acc->initial, 0);
        store_relaxed(&acc->total, initial);
        return initial;
    }
    Value item = iter_next(t, acc->iterator), total = load_relaxed(&acc->total);
    if (!item)
        return 0;
    if (total)
        item = acc->function == NONE ? binary_op(t, BINARY_ADD, total, item) : call2(t, acc->function, total, item);
    if (item)
        store_relaxed(&acc->total, item);
    return item;
}

Type type_itertools_accumulate = {
    ITERTOOLS_TYPE(accumulate, "accumulate", Accumulate, accumulate_new, accumulate_next,
                   "(iterable, func=None, *, initial=None)"),
    .doc = "Return series of accumulated sums (or other binary function results).",
};

// --- batched ---

typedef struct Batched {
    Object head;
    Value iterator;               // 0 once exhausted
    int64_t size;
    bool strict;
} Batched;

static Value batched_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[3];
    int64_t size;
    BIND_ARGUMENTS(t, "batched", "(iterable, n, *, strict=False)", args, nargs, kwnames, a, return 0);
    int strict = a[2] ? truth(t, a[2]) : 0;
    if (strict < 0 || !to_int64(t, a[1], &size))
        return 0;
    if (size < 1)
        return raise(t, EXC(ValueError), "n must be at least one");
    Value iterator = iter_get(t, a[0]);
    Batched *batched = iterator ? instance_new(t, cls, 0) : NULL;
    if (!batched)
        return 0;
    batched->iterator = iterator;
    batched->size = size;
    batched->strict = strict;
    return value_of(batched);
}

static Value batched_next(Thread *t, Value iterator)
{
    Batched *batched = (Batched *)iterator;
    Value source = load_relaxed(&batched->iterator);
    List *items = source ? list_new(t, size_min((size_t)batched->size, 64)) : NULL;
    if (!items)
        return 0;
    for (Value item; (int64_t)items->length < batched->size && (item = iter_next(t, source)) != 0;)
        if (!list_append(t, items, item))
            return 0;
    if ((int64_t)items->length == batched->size)
        return tuple_from(t, items->items->at, items->length);
    store_relaxed(&batched->iterator, 0);
    if (is_pending(t) || items->length == 0)
        return 0;
    if (batched->strict)
        return raise(t, EXC(ValueError), "batched(): incomplete batch");
    return tuple_from(t, items->items->at, items->length);
}

Type type_itertools_batched = {
    ITERTOOLS_TYPE(batched, "batched", Batched, batched_new, batched_next, "(iterable, n, *, strict=False)"),
    .doc = "Batch data into tuples of length n. The last batch may be shorter than n.",
};

// --- compress ---

typedef struct Compress {
    Object head;
    Value data, selectors;
} Compress;

static Value compress_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "compress", "(data, selectors)", args, nargs, kwnames, a, return 0);
    Value data = iter_get(t, a[0]), selectors = data ? iter_get(t, a[1]) : 0;
    Compress *compress = selectors ? instance_new(t, cls, 0) : NULL;
    if (!compress)
        return 0;
    compress->data = data;
    compress->selectors = selectors;
    return value_of(compress);
}

static Value compress_next(Thread *t, Value iterator)
{
    Compress *compress = (Compress *)iterator;
    for (;;) {
        Value item = iter_next(t, compress->data);
        Value selector = item ? iter_next(t, compress->selectors) : 0;
        int selected = selector ? truth(t, selector) : -1;
        if (selected)
            return selected < 0 ? 0 : item;
    }
}

Type type_itertools_compress = {
    ITERTOOLS_TYPE(compress, "compress", Compress, compress_new, compress_next, "(data, selectors)"),
    .doc = "Return data elements corresponding to true selector elements.\n\n"
           "Forms a shorter iterator from selected data elements using the selectors to\nchoose the data elements.",
};

// --- pairwise ---

typedef struct Pairwise {
    Object head;
    Value iterator;               // 0 once exhausted
    Value last;                   // 0 before the first item
} Pairwise;

static Value pairwise_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_itertools_pairwise, nargs, kwnames, 1, 1))
        return 0;
    Value iterator = iter_get(t, args[0]);
    Pairwise *pairwise = iterator ? instance_new(t, cls, 0) : NULL;
    if (pairwise)
        pairwise->iterator = iterator;
    return value_of(pairwise);
}

static Value pairwise_next(Thread *t, Value iterator)
{
    Pairwise *pairwise = (Pairwise *)iterator;
    Value source = load_relaxed(&pairwise->iterator), last = load_relaxed(&pairwise->last);
    if (!source)
        return 0;
    if (!last) {
        last = iter_next(t, source);
        store_relaxed(&pairwise->last, last);   // a source that calls back continues from here
        if (last && !(source = load_relaxed(&pairwise->iterator)))
            last = 0;
    }
    Value item = last ? iter_next(t, source) : 0;
    if (!item) {
        store_relaxed(&pairwise->iterator, 0);
        store_relaxed(&pairwise->last, 0);
        return 0;
    }
    store_relaxed(&pairwise->last, item);
    return tuple_pair(t, last, item);
}

Type type_itertools_pairwise = {
    ITERTOOLS_TYPE(pairwise, "pairwise", Pairwise, pairwise_new, pairwise_next, "(iterable, /)"),
    .doc = "Return an iterator of overlapping pairs taken from the input iterator.\n\n"
           "    s -> (s0,s1), (s1,s2), (s2, s3), ...",
};

// --- zip_longest ---

typedef struct ZipLongest {
    Object head;
    Value iterators;              // list; NONE where one is exhausted
    Value fill;
    size_t active;
} ZipLongest;

static Value zip_longest_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value fill = NONE;
    if (kwnames && as_tuple(kwnames)->length) {
        if (as_tuple(kwnames)->length > 1 || !str_equal_cstr(as_tuple(kwnames)->at[0], "fillvalue"))
            return raise(t, EXC(TypeError), "zip_longest() got an unexpected keyword argument");
        fill = args[nargs];
    }
    List *iterators = list_new(t, nargs);
    for (size_t i = 0; iterators && i < nargs; i++) {
        Value iterator = iter_get(t, args[i]);
        if (!iterator || !list_append(t, iterators, iterator))
            return 0;
    }
    ZipLongest *zip = iterators ? instance_new(t, cls, 0) : NULL;
    if (!zip)
        return 0;
    zip->iterators = value_of(iterators);
    zip->fill = fill;
    zip->active = nargs;
    return value_of(zip);
}

static Value zip_longest_next(Thread *t, Value iterator)
{
    ZipLongest *zip = (ZipLongest *)iterator;
    List *iterators = as_list(zip->iterators);
    size_t n = list_length(iterators);
    if (n == 0 || load_relaxed(&zip->active) == 0)
        return 0;
    Tuple *items = tuple_alloc(t, n);
    for (size_t i = 0; items && i < n; i++) {
        Value source = list_get(iterators, i);
        Value item = source == NONE ? zip->fill : iter_next(t, source);
        if (!item) {
            size_t active = load_relaxed(&zip->active) - 1;
            store_relaxed(&zip->active, is_pending(t) ? 0 : active);
            if (is_pending(t) || active == 0)
                return 0;
            publish(&iterators->items->at[i], NONE);
            item = zip->fill;
        }
        items->at[i] = item;
    }
    return value_of(items);
}

Type type_itertools_zip_longest = {
    ITERTOOLS_TYPE(zip_longest, "zip_longest", ZipLongest, zip_longest_new, zip_longest_next, "(*iterables, fillvalue=None)"),
    .doc = "Return a zip_longest object whose .__next__() method returns a tuple where\n"
           "the i-th element comes from the i-th iterable argument.  The .__next__()\n"
           "method continues until the longest iterable in the argument sequence\n"
           "is exhausted and then it raises StopIteration.  When the shorter iterables\n"
           "are exhausted, the fillvalue is substituted in their place.  The fillvalue\n"
           "defaults to None or can be specified by a keyword argument.",
};

// --- groupby ---

typedef struct GroupBy {
    Object head;
    Value iterator, key_function;  // key_function NONE: the item itself
    Value target_key;              // key of the group given out last, or 0
    Value current_key, current_item;   // looked at but not given out, or 0
    Value group;                   // the only group that may still advance, or 0
} GroupBy;

typedef struct Group {
    Object head;
    GroupBy *parent;
    Value key;
} Group;

static Value groupby_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "groupby", "(iterable, key=None)", args, nargs, kwnames, a, return 0);
    Value iterator = iter_get(t, a[0]);
    GroupBy *groups = iterator ? instance_new(t, cls, 0) : NULL;
    if (!groups)
        return 0;
    groups->iterator = iterator;
    groups->key_function = a[1] ? a[1] : NONE;
    return value_of(groups);
}

// Looks at the next item.
static bool groupby_step(Thread *t, GroupBy *groups)
{
    Value item = iter_next(t, groups->iterator);
    Value key = !item ? 0 : groups->key_function == NONE ? item : call1(t, groups->key_function, item);
    if (!key)
        return false;
    store_relaxed(&groups->current_item, item);
    store_relaxed(&groups->current_key, key);
    return true;
}

static Value groupby_next(Thread *t, Value iterator)
{
    GroupBy *groups = (GroupBy *)iterator;
    store_relaxed(&groups->group, 0);
    for (;;) {
        Value target = load_relaxed(&groups->target_key), current = load_relaxed(&groups->current_key);
        if (current) {
            int same = target ? values_equal(t, target, current) : 0;
            if (same < 0)
                return 0;
            if (!same)
                break;
        }
        if (!groupby_step(t, groups))
            return 0;
    }
    Value key = load_relaxed(&groups->current_key);
    Group *group = new_object(t, itertools_grouper, Group);
    if (!group)
        return 0;
    group->parent = groups;
    group->key = key;
    store_relaxed(&groups->target_key, key);
    store_relaxed(&groups->group, value_of(group));
    return tuple_pair(t, key, value_of(group));
}

static Value group_next(Thread *t, Value iterator)
{
    Group *group = (Group *)iterator;
    GroupBy *groups = group->parent;
    if (load_relaxed(&groups->group) != iterator)
        return 0;
    if (!load_relaxed(&groups->current_item) && !groupby_step(t, groups))
        return 0;
    Value key = load_relaxed(&groups->current_key);
    int same = key ? values_equal(t, group->key, key) : 0;
    if (same <= 0)
        return 0;
    Value item = load_relaxed(&groups->current_item);
    store_relaxed(&groups->current_item, 0);
    store_relaxed(&groups->current_key, 0);
    return item;
}

static Value group_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_itertools_grouper, nargs, kwnames, 2, 2))
        return 0;
    if (!is_object(args[0]) || !type_is_subtype(type_of(args[0]), &type_itertools_groupby))
        return raise(t, EXC(TypeError), "_grouper() argument 1 must be itertools.groupby, not %T", args[0]);
    Group *group = instance_new(t, cls, 0);
    if (!group)
        return 0;
    group->parent = (GroupBy *)args[0];
    group->key = args[1];
    store_relaxed(&group->parent->group, value_of(group));
    return value_of(group);
}

Type type_itertools_groupby = {
    ITERTOOLS_TYPE(groupby, "groupby", GroupBy, groupby_new, groupby_next, "(iterable, key=None)"),
    .doc = "make an iterator that returns consecutive keys and groups from the iterable\n\n"
           "  iterable\n    Elements to divide into groups according to the key function.\n"
           "  key\n    A function for computing the group category for each element.\n"
           "    If the key function is not specified or is None, the element itself\n    is used for grouping.",
};

Type type_itertools_grouper = {
    TYPE_HEAD(itertools_grouper, "itertools._grouper", &type_object, Group),
    .slots = {.new = group_new, .iter = iterator_self, .next = group_next},
};
