// itertools_mod.c: the itertools module; count, cycle, repeat, chain, islice.
//
// Fields are single words, read and written relaxed: threads that share an iterator may see an item twice, nothing worse.
#include "src/core/module_def.h"
#include "src/modules/itertools.h"
#include "src/types/number.h"

// --- count ---

typedef struct Count {
    Object head;
    Value next, step;             // numbers
} Count;

static bool is_number(Value v)
{
    if (is_int(v) || is_float(v))
        return true;
    const Slots *slots = &type_of(v)->slots;
    return slots->to_index || slots->to_int || slots->to_float || is_instance_flag(v, TYPE_IS_COMPLEX);
}

static Value count_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "count", "(start=0, step=1)", args, nargs, kwnames, a, return 0);
    if ((a[0] && !is_number(a[0])) || (a[1] && !is_number(a[1])))
        return raise(t, EXC(TypeError), "a number is required");
    Count *count = instance_new(t, cls, 0);
    if (!count)
        return 0;
    count->next = a[0] ? a[0] : fixnum(0);
    count->step = a[1] ? a[1] : fixnum(1);
    return value_of(count);
}

static Value count_next(Thread *t, Value iterator)
{
    Count *count = (Count *)iterator;
    for (;;) {
        Value item = load_relaxed(&count->next);
        Value following = binary_op(t, BINARY_ADD, item, count->step);
        if (!following)
            return 0;
        if (__atomic_compare_exchange_n(&count->next, &item, following, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
            return item;
    }
}

static Value count_repr(Thread *t, Value a)
{
    Count *count = (Count *)a;
    const char *name = type_short_name(type_of(a));
    if (count->step == fixnum(1))
        return str_format(t, "%s(%R)", name, count->next);
    return str_format(t, "%s(%R, %R)", name, count->next, count->step);
}

Type type_itertools_count = {
    TYPE_HEAD(itertools_count, "itertools.count", &type_object, Count),
    .flags = TYPE_BASE,
    .doc = "Return a count object whose .__next__() method returns consecutive values.",
    .new_signature = "(start=0, step=1)",
    .slots = {.new = count_new, .iter = iterator_self, .next = count_next, .repr = count_repr},
};

// --- cycle ---

typedef struct Cycle {
    Object head;
    Value iterator;               // 0 once exhausted
    Value saved;                  // list
    size_t index;
} Cycle;

static Value cycle_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_itertools_cycle, nargs, kwnames, 1, 1))
        return 0;
    Value iterator = iter_get(t, args[0]), saved = iterator ? value_of(list_new(t, 0)) : 0;
    Cycle *cycle = saved ? instance_new(t, cls, 0) : NULL;
    if (!cycle)
        return 0;
    cycle->iterator = iterator;
    cycle->saved = saved;
    return value_of(cycle);
}

static Value cycle_next(Thread *t, Value iterator)
{
    Cycle *cycle = (Cycle *)iterator;
    Value source = load_relaxed(&cycle->iterator);
    if (source) {
        Value item = iter_next(t, source);
        if (item)
            return list_append(t, as_list(cycle->saved), item) ? item : 0;
        if (is_pending(t))
            return 0;
        store_relaxed(&cycle->iterator, 0);
    }
    size_t index = load_relaxed(&cycle->index);
    Value item = list_get(as_list(cycle->saved), index);
    if (item)
        store_relaxed(&cycle->index, index + 1 < list_length(as_list(cycle->saved)) ? index + 1 : 0);
    return item;
}

Type type_itertools_cycle = {
    ITERTOOLS_TYPE(cycle, "cycle", Cycle, cycle_new, cycle_next, "(iterable, /)"),
    .doc = "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
};

// --- repeat ---

typedef struct Repeat {
    Object head;
    Value item;
    int64_t left;                 // -1: without end
} Repeat;

static Value repeat_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    int64_t times = -1;
    BIND_ARGUMENTS(t, "repeat", "(object, times=None)", args, nargs, kwnames, a, return 0);
    if (a[1] && !to_int64(t, a[1], &times))
        return 0;
    Repeat *repeat = instance_new(t, cls, 0);
    if (!repeat)
        return 0;
    repeat->item = a[0];
    repeat->left = a[1] && times < 0 ? 0 : times;
    return value_of(repeat);
}

static Value repeat_next(Thread *t, Value iterator)
{
    (void)t;
    Repeat *repeat = (Repeat *)iterator;
    int64_t left = load_relaxed(&repeat->left);
    if (left == 0)
        return 0;
    if (left > 0)
        store_relaxed(&repeat->left, left - 1);
    return repeat->item;
}

static Value repeat_repr(Thread *t, Value a)
{
    Repeat *repeat = (Repeat *)a;
    const char *name = type_short_name(type_of(a));
    if (repeat->left < 0)
        return str_format(t, "%s(%R)", name, repeat->item);
    return str_format(t, "%s(%R, %ld)", name, repeat->item, repeat->left);
}

static Value repeat_length_hint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int64_t left = load_relaxed(&((Repeat *)args[0])->left);
    return left < 0 ? raise(t, EXC(TypeError), "len() of unsized object") : fixnum(left);
}

static const NativeDef repeat_methods[] = {
    {"__length_hint__", repeat_length_hint_method, "($self, /)", "Private method returning an estimate of len(list(it)).", 0},
    {0},
};

Type type_itertools_repeat = {
    TYPE_HEAD(itertools_repeat, "itertools.repeat", &type_object, Repeat),
    .flags = TYPE_BASE,
    .doc = "repeat(object [,times]) -> create an iterator which returns the object\n"
           "for the specified number of times.  If not specified, returns the object\nendlessly.",
    .slots = {.new = repeat_new, .iter = iterator_self, .next = repeat_next, .repr = repeat_repr},
    .methods = repeat_methods,
};

// --- chain ---

typedef struct Chain {
    Object head;
    Value source;                 // iterator over iterables; 0 once exhausted
    Value active;                 // iterator over the current one, or 0
} Chain;

static Value chain_over(Thread *t, Type *cls, Value source)
{
    Chain *chain = source ? instance_new(t, cls, 0) : NULL;
    if (chain)
        chain->source = source;
    return value_of(chain);
}

static Value chain_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_itertools_chain, nargs, kwnames, 0, SIZE_MAX))
        return 0;
    Value iterables = tuple_from(t, args, nargs);
    return iterables ? chain_over(t, cls, iter_get(t, iterables)) : 0;
}

static Value chain_from_iterable_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return chain_over(t, as_type(args[0]), iter_get(t, args[1]));
}

static Value chain_next(Thread *t, Value iterator)
{
    Chain *chain = (Chain *)iterator;
    for (;;) {
        Value source = load_relaxed(&chain->source), active = load_relaxed(&chain->active);
        if (!source)
            return 0;
        if (!active) {
            Value iterable = iter_next(t, source);
            active = iterable ? iter_get(t, iterable) : 0;
            if (!active) {
                store_relaxed(&chain->source, 0);
                return 0;
            }
            store_relaxed(&chain->active, active);
        }
        Value item = iter_next(t, active);
        if (item || is_pending(t))
            return item;
        store_relaxed(&chain->active, 0);
    }
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static const NativeDef chain_methods[] = {
    {"from_iterable", chain_from_iterable_method, "($type, iterable, /)",
     "Alternative chain() constructor taking a single iterable argument that evaluates lazily.", NATIVE_CLASS},
    {"__class_getitem__", class_getitem_method, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

Type type_itertools_chain = {
    ITERTOOLS_TYPE(chain, "chain", Chain, chain_new, chain_next, "(*iterables)"),
    .doc = "Return a chain object whose .__next__() method returns elements from the\n"
           "first iterable until it is exhausted, then elements from the next\n"
           "iterable, until all of the iterables are exhausted.",
    .methods = chain_methods,
};

// --- islice ---

typedef struct ISlice {
    Object head;
    Value iterator;               // 0 once exhausted
    int64_t next, stop, step;     // stop -1: none
    int64_t taken;                // items taken from the iterator
} ISlice;

static bool islice_bound(Thread *t, Value v, const char *what, int64_t *out)
{
    if (v == NONE)
        return true;
    if (is_index(v) && to_int64(t, v, out) && *out >= 0)
        return true;
    pending_clear(t);
    raise(t, EXC(ValueError), "%s for islice() must be None or an integer: 0 <= x <= sys.maxsize.", what);
    return false;
}

static Value islice_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    int64_t start = 0, stop = -1, step = 1;
    if (!constructor_check(t, cls, &type_itertools_islice, nargs, kwnames, 2, 4))
        return 0;
    if (!islice_bound(t, args[nargs == 2 ? 1 : 2], "Stop argument", &stop))
        return 0;
    if (nargs > 2 && !islice_bound(t, args[1], "Indices", &start))
        return 0;
    if (nargs > 3 && args[3] != NONE) {
        if (!is_index(args[3]) || !to_int64(t, args[3], &step) || step < 1) {
            pending_clear(t);
            return raise(t, EXC(ValueError), "Step for islice() must be a positive integer or None.");
        }
    }
    Value iterator = iter_get(t, args[0]);
    ISlice *slice = iterator ? instance_new(t, cls, 0) : NULL;
    if (!slice)
        return 0;
    slice->iterator = iterator;
    slice->next = start;
    slice->stop = stop;
    slice->step = step;
    return value_of(slice);
}

static Value islice_end(ISlice *slice)
{
    store_relaxed(&slice->iterator, 0);
    return 0;
}

static Value islice_next(Thread *t, Value iterator)
{
    ISlice *slice = (ISlice *)iterator;
    Value source = load_relaxed(&slice->iterator);
    if (!source)
        return 0;
    for (; slice->taken < slice->next; slice->taken++)
        if (!iter_next(t, source))
            return islice_end(slice);
    if (slice->stop >= 0 && slice->taken >= slice->stop)
        return islice_end(slice);
    Value item = iter_next(t, source);
    if (!item)
        return islice_end(slice);
    slice->taken++;
    if (__builtin_add_overflow(slice->next, slice->step, &slice->next))
        slice->next = INT64_MAX;
    if (slice->stop >= 0 && slice->next > slice->stop)
        slice->next = slice->stop;
    return item;
}

Type type_itertools_islice = {
    TYPE_HEAD(itertools_islice, "itertools.islice", &type_object, ISlice),
    .flags = TYPE_BASE,
    .doc = "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\n"
           "Return an iterator whose next() method returns selected values from an\n"
           "iterable.  If start is specified, will skip all preceding elements;\n"
           "otherwise, start defaults to zero.  Step defaults to one.  If\n"
           "specified as another value, step determines how many values are\n"
           "skipped between successive calls.  Works like a slice() on a list\nbut returns an iterator.",
    .slots = {.new = islice_new, .iter = iterator_self, .next = islice_next},
};

// --- the module ---

static bool itertools_exec(Thread *t, Value module)
{
    static Type *const types[] = {
        &type_itertools_accumulate, &type_itertools_batched,    &type_itertools_chain,     &type_itertools_combinations,
        &type_itertools_combinations_with_replacement,          &type_itertools_compress,  &type_itertools_count,
        &type_itertools_cycle,      &type_itertools_dropwhile,  &type_itertools_filterfalse, &type_itertools_groupby,
        &type_itertools_grouper,    &type_itertools_islice,     &type_itertools_pairwise,  &type_itertools_permutations,
        &type_itertools_product,    &type_itertools_repeat,     &type_itertools_starmap,   &type_itertools_takewhile,
        &type_itertools_tee,        &type_itertools_tee_dataobject, &type_itertools_zip_longest,
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (!module_add_type(t, module, types[i]))
            return false;
    return true;
}

static const NativeDef itertools_functions[] = {
    {"tee", itertools_tee, "(iterable, n=2, /)", "Returns a tuple of n independent iterators.", 0},
    {0},
};

const ModuleDef module_itertools = {
    .name = "itertools",
    .doc = "Functional tools for creating and using iterators.\n\nInfinite iterators:\n"
           "count(start=0, step=1) --> start, start+step, start+2*step, ...\n"
           "cycle(p) --> p0, p1, ... plast, p0, p1, ...\n"
           "repeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times",
    .functions = itertools_functions,
    .exec = itertools_exec,
};
