// zip.c: enumerate, zip, map, filter: iterators over iterators. Layouts: iterators.h.
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/number.h"
#include "src/types/sequence.h"

enum { ARGUMENTS_ON_STACK = 8 };  // map calls with up to so many arguments need no array

static const char reduce_doc[] = "Return state information for pickling.";
static const char setstate_doc[] = "Set state information for unpickling.";

// --- enumerate ---

static Value enumerate_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    if (nargs == 0 && !kwnames)
        return raise(t, EXC(TypeError), "enumerate() missing required argument 'iterable'");
    BIND_ARGUMENTS(t, "enumerate", "(iterable, start=0)", args, nargs, kwnames, a, return 0);
    Value start = a[1] ? number_index(t, a[1]) : fixnum(0);
    Value iterator = start ? iter_get(t, a[0]) : 0;
    Enumerate *e = iterator ? instance_new(t, cls, 0) : NULL;
    if (!e)
        return 0;
    e->iterator = iterator;
    e->index = start;
    return value_of(e);
}

Value enumerate_next(Thread *t, Value iterator)
{
    Enumerate *e = (Enumerate *)iterator;
    Value item = iter_next(t, e->iterator);
    if (!item)
        return 0;
    Value index = load_relaxed(&e->index);
    Value following = is_fixnum(index) && fixnum_value(index) < FIXNUM_MAX ? fixnum(fixnum_value(index) + 1)
                                                                           : int_add(t, index, fixnum(1));
    if (!following)
        return 0;
    store_relaxed(&e->index, following);
    return tuple_pair(t, index, item);
}

static Value enumerate_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Enumerate *e = (Enumerate *)args[0];
    Value arguments = tuple_pair(t, e->iterator, e->index);
    return arguments ? tuple_pair(t, value_of(e->head.type), arguments) : 0;
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static const NativeDef enumerate_methods[] = {
    {"__reduce__", enumerate_reduce_method, "($self, /)", reduce_doc, 0},
    {"__class_getitem__", class_getitem_method, "($type, object, /)",
     "'enumerate' objects are generic over the type of their values", NATIVE_CLASS},
    {0},
};

Type type_enumerate = {
    TYPE_HEAD(enumerate, "enumerate", &type_object, Enumerate),
    .flags = TYPE_BASE,
    .doc = "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\n"
           "The enumerate object yields pairs containing a count (from start, which\n"
           "defaults to zero) and a value yielded by the iterable argument.\n\n"
           "enumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    .new_signature = "(iterable, start=0)",
    .slots = {.iter = iterator_self, .next = enumerate_next, .new = enumerate_new_slot},
    .methods = enumerate_methods,
};

// --- what zip and map share ---

// The keyword argument strict of zip and map.
static MUST_CHECK bool strict_keyword(Thread *t, const char *name, const Value *values, Value kwnames, bool *out)
{
    *out = false;
    size_t n = kwnames ? as_tuple(kwnames)->length : 0;
    if (n > 1) {
        raise(t, EXC(TypeError), "%s() takes at most 1 keyword argument (%lu given)", name, (uint64_t)n);
        return false;
    }
    if (n == 0)
        return true;
    if (!str_equal_cstr(as_tuple(kwnames)->at[0], "strict")) {
        raise(t, EXC(TypeError), "%s() got an unexpected keyword argument '%V'", name, as_tuple(kwnames)->at[0]);
        return false;
    }
    int strict = truth(t, values[0]);
    *out = strict > 0;
    return strict >= 0;
}

static Value iterators_of(Thread *t, const Value *iterables, size_t n)
{
    Tuple *iterators = tuple_alloc(t, n);
    for (size_t i = 0; iterators && i < n; i++)
        if (!(iterators->at[i] = iter_get(t, iterables[i])))
            return 0;
    return value_of(iterators);
}

static COLD void raise_unequal(Thread *t, const char *name, size_t number, const char *how)
{
    if (number == 2)
        raise(t, EXC(ValueError), "%s() argument 2 is %s than argument 1", name, how);
    else
        raise(t, EXC(ValueError), "%s() argument %lu is %s than arguments 1-%lu", name, (uint64_t)number, how,
              (uint64_t)number - 1);
}

// One item of each iterator. False: one is exhausted, or an exception is pending.
static MUST_CHECK bool next_of_each(Thread *t, const char *name, const Tuple *iterators, bool strict, Value *out)
{
    for (size_t i = 0; i < iterators->length; i++) {
        out[i] = iter_next(t, iterators->at[i]);
        if (likely(out[i] != 0))
            continue;
        if (is_pending(t) || !strict)
            return false;
        if (i > 0) {
            raise_unequal(t, name, i + 1, "shorter");
            return false;
        }
        for (i = 1; i < iterators->length; i++) {
            if (iter_next(t, iterators->at[i]))
                raise_unequal(t, name, i + 1, "longer");
            if (is_pending(t))
                return false;
        }
        return false;
    }
    return true;
}

// --- zip ---

static Value zip_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    bool strict;
    if (!strict_keyword(t, "zip", args + nargs, kwnames, &strict))
        return 0;
    Value iterators = nargs ? iterators_of(t, args, nargs) : tuple_empty;
    Zip *zip = iterators ? instance_new(t, cls, 0) : NULL;
    if (!zip)
        return 0;
    zip->iterators = iterators;
    zip->strict = strict;
    return value_of(zip);
}

Value zip_next(Thread *t, Value iterator)
{
    Zip *zip = (Zip *)iterator;
    const Tuple *iterators = as_tuple(zip->iterators);
    if (iterators->length == 0)
        return 0;
    Tuple *items = tuple_alloc(t, iterators->length);
    if (!items || !next_of_each(t, "zip", iterators, zip->strict, items->at))
        return 0;
    return value_of(items);
}

static Value zip_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Zip *zip = (Zip *)args[0];
    if (zip->strict)
        return tuple_of(t, 3, value_of(zip->head.type), zip->iterators, TRUE);
    return tuple_pair(t, value_of(zip->head.type), zip->iterators);
}

static Value zip_setstate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int strict = truth(t, args[1]);
    if (strict < 0)
        return 0;
    ((Zip *)args[0])->strict = strict;
    return NONE;
}

static const NativeDef zip_methods[] = {
    {"__reduce__", zip_reduce_method, "($self, /)", reduce_doc, 0},
    {"__setstate__", zip_setstate_method, "($self, object, /)", setstate_doc, 0},
    {0},
};

Type type_zip = {
    TYPE_HEAD(zip, "zip", &type_object, Zip),
    .flags = TYPE_BASE,
    .doc = "The zip object yields n-length tuples, where n is the number of\n"
           "iterables passed as positional arguments to zip().  The i-th element\n"
           "in every tuple comes from the i-th iterable argument to zip().  This\n"
           "continues until the shortest argument is exhausted.\n\n"
           "If strict is true and one of the arguments is exhausted before the\nothers, raise a ValueError.\n\n"
           "   >>> list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]",
    .new_signature = "(*iterables, strict=False)",
    .slots = {.iter = iterator_self, .next = zip_next, .new = zip_new_slot},
    .methods = zip_methods,
};

// --- map ---

static Value map_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    bool strict;
    if (!strict_keyword(t, "map", args + nargs, kwnames, &strict))
        return 0;
    if (nargs < 2)
        return raise(t, EXC(TypeError), "map() must have at least two arguments.");
    Value iterators = iterators_of(t, args + 1, nargs - 1);
    Map *map = iterators ? instance_new(t, cls, 0) : NULL;
    if (!map)
        return 0;
    map->function = args[0];
    map->iterators = iterators;
    map->strict = strict;
    return value_of(map);
}

static Value map_next(Thread *t, Value iterator)
{
    Map *map = (Map *)iterator;
    const Tuple *iterators = as_tuple(map->iterators);
    size_t n = iterators->length;
    Value on_stack[ARGUMENTS_ON_STACK];
    Value *items = n <= ARGUMENTS_ON_STACK ? on_stack : new_scanned(t, n * sizeof(Value));
    if (!items || !next_of_each(t, "map", iterators, map->strict, items))
        return 0;
    return call(t, map->function, items, n, 0);
}

static Value map_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Map *map = (Map *)args[0];
    const Tuple *iterators = as_tuple(map->iterators);
    Tuple *arguments = tuple_alloc(t, iterators->length + 1);
    if (!arguments)
        return 0;
    arguments->at[0] = map->function;
    memcpy(arguments->at + 1, iterators->at, iterators->length * sizeof(Value));
    Value cls = value_of(map->head.type);
    return map->strict ? tuple_of(t, 3, cls, value_of(arguments), TRUE) : tuple_pair(t, cls, value_of(arguments));
}

static Value map_setstate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int strict = truth(t, args[1]);
    if (strict < 0)
        return 0;
    ((Map *)args[0])->strict = strict;
    return NONE;
}

static const NativeDef map_methods[] = {
    {"__reduce__", map_reduce_method, "($self, /)", reduce_doc, 0},
    {"__setstate__", map_setstate_method, "($self, object, /)", setstate_doc, 0},
    {0},
};

Type type_map = {
    TYPE_HEAD(map, "map", &type_object, Map),
    .flags = TYPE_BASE,
    .doc = "Make an iterator that computes the function using arguments from\n"
           "each of the iterables.  Stops when the shortest iterable is exhausted.\n\n"
           "If strict is true and one of the arguments is exhausted before the\nothers, raise a ValueError.",
    .new_signature = "(function, iterable, /, *iterables, strict=False)",
    .slots = {.iter = iterator_self, .next = map_next, .new = map_new_slot},
    .methods = map_methods,
};

// --- filter ---

static Value filter_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_filter, nargs, kwnames, 2, 2))
        return 0;
    Value iterator = iter_get(t, args[1]);
    Filter *filter = iterator ? instance_new(t, cls, 0) : NULL;
    if (!filter)
        return 0;
    filter->predicate = args[0] == value_of(&type_bool) ? NONE : args[0];
    filter->iterator = iterator;
    return value_of(filter);
}

static Value filter_next(Thread *t, Value iterator)
{
    Filter *filter = (Filter *)iterator;
    for (Value item; (item = iter_next(t, filter->iterator)) != 0;) {
        Value answer = filter->predicate == NONE ? item : call1(t, filter->predicate, item);
        int good = answer ? truth(t, answer) : -1;
        if (good)
            return good < 0 ? 0 : item;
    }
    return 0;
}

static Value filter_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Filter *filter = (Filter *)args[0];
    Value arguments = tuple_pair(t, filter->predicate, filter->iterator);
    return arguments ? tuple_pair(t, value_of(filter->head.type), arguments) : 0;
}

static const NativeDef filter_methods[] = {
    {"__reduce__", filter_reduce_method, "($self, /)", reduce_doc, 0},
    {0},
};

Type type_filter = {
    TYPE_HEAD(filter, "filter", &type_object, Filter),
    .flags = TYPE_BASE,
    .doc = "Return an iterator yielding those items of iterable for which\n"
           "function(item) is true.  If function is None, return the items that\nare true.",
    .new_signature = "(function, iterable, /)",
    .slots = {.iter = iterator_self, .next = filter_next, .new = filter_new_slot},
    .methods = filter_methods,
};
