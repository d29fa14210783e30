// builtins_iter.c: builtin functions about iteration, attributes, identity and classes.
#include "src/interp/generator.h"
#include "src/modules/builtins_internal.h"
#include "src/types/iterators.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"

// --- all, any ---

typedef struct Search {
    int wanted;                   // stop at the first item of that truth
    bool found;
} Search;

static bool search_step(Thread *t, Value item, void *data)
{
    Search *search = data;
    int is_true = truth(t, item);
    if (is_true == search->wanted)
        search->found = true;
    return is_true >= 0 && !search->found;
}

Value builtin_all(Thread *t, const Value *args, size_t nargs)
{
    Search search = {0};
    if (!iterate(t, args[0], search_step, &search) && is_pending(t))
        return 0;
    return value_bool(!search.found);
}

Value builtin_any(Thread *t, const Value *args, size_t nargs)
{
    Search search = {.wanted = 1};
    if (!iterate(t, args[0], search_step, &search) && is_pending(t))
        return 0;
    return value_bool(search.found);
}

// --- iterators ---

Value builtin_iter(Thread *t, const Value *args, size_t nargs)
{
    if (!args[1])
        return iter_get(t, args[0]);
    if (!is_callable(args[0]))
        return raise(t, EXC(TypeError), "iter(v, w): v must be callable");
    return callable_iterator_new(t, args[0], args[1]);
}

Value next_or_stop(Thread *t, Value iterator)
{
    UnaryFn next = type_of(iterator)->slots.next;
    if (!next)
        return raise(t, EXC(TypeError), "'%T' object is not an iterator", iterator);
    Value item = next(t, iterator);
    if (!item && !is_pending(t))
        raise_stop_iteration(t, 0);
    return item;
}

Value builtin_next(Thread *t, const Value *args, size_t nargs)
{
    UnaryFn next = type_of(args[0])->slots.next;
    if (!next)
        return raise(t, EXC(TypeError), "'%T' object is not an iterator", args[0]);
    Value item = next(t, args[0]);
    if (item)
        return item;
    if (!args[1])
        return is_pending(t) ? 0 : raise_stop_iteration(t, 0);
    if (is_pending(t) && !pending_clear_if(t, EXC(StopIteration)))
        return 0;
    return args[1];
}

Value builtin_aiter(Thread *t, const Value *args, size_t nargs)
{
    UnaryFn aiter = type_of(args[0])->slots.aiter;
    if (!aiter)
        return raise(t, EXC(TypeError), "'%T' object is not an async iterable", args[0]);
    Value iterator = aiter(t, args[0]);
    if (iterator && !type_of(iterator)->slots.anext)
        return raise(t, EXC(TypeError), "aiter() returned not an async iterator of type '%T'", iterator);
    return iterator;
}

Value builtin_anext(Thread *t, const Value *args, size_t nargs)
{
    UnaryFn anext = type_of(args[0])->slots.anext;
    if (!anext)
        return raise(t, EXC(TypeError), "'%T' object is not an async iterator", args[0]);
    Value awaitable = anext(t, args[0]);
    return awaitable && args[1] ? anext_awaitable_new(t, awaitable, args[1]) : awaitable;
}

Value builtin_sorted(Thread *t, const Value *args, size_t nargs)
{
    Value list = list_from_iterable(t, args[0]);
    if (!list)
        return 0;
    int reverse = args[2] ? truth(t, args[2]) : 0;
    return reverse >= 0 && list_sort(t, as_list(list), args[1] ? args[1] : NONE, reverse) ? list : 0;
}

// --- size, hash, identity ---

Value builtin_len(Thread *t, const Value *args, size_t nargs)
{
    int64_t length = length_of(t, args[0]);
    return length < 0 ? 0 : int_from_int64(t, length);
}

Value builtin_hash(Thread *t, const Value *args, size_t nargs)
{
    Hash hash;
    return value_hash(t, args[0], &hash) ? int_from_int64(t, hash) : 0;
}

// The word itself: equal small numbers are one object.
Value builtin_id(Thread *t, const Value *args, size_t nargs) { return int_from_uint64(t, args[0]); }
Value builtin_callable(Thread *t, const Value *args, size_t nargs) { return value_bool(is_callable(args[0])); }

// --- attributes ---

Value builtin_getattr(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "attribute name must be string, not '%T'", args[1]);
    if (!args[2])
        return attr_get(t, args[0], args[1]);
    Value value;
    int found = attr_find(t, args[0], args[1], &value);
    return found < 0 ? 0 : found ? value : args[2];
}

Value builtin_hasattr(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "attribute name must be string, not '%T'", args[1]);
    Value value;
    int found = attr_find(t, args[0], args[1], &value);
    return found < 0 ? 0 : value_bool(found);
}

Value builtin_setattr(Thread *t, const Value *args, size_t nargs)
{
    return attr_set(t, args[0], args[1], args[2]) ? NONE : 0;
}

Value builtin_delattr(Thread *t, const Value *args, size_t nargs)
{
    return attr_set(t, args[0], args[1], 0) ? NONE : 0;
}

Value builtin_isinstance(Thread *t, const Value *args, size_t nargs)
{
    int is = is_instance(t, args[0], args[1]);
    return is < 0 ? 0 : value_bool(is);
}

Value builtin_issubclass(Thread *t, const Value *args, size_t nargs)
{
    int is = is_subclass(t, args[0], args[1]);
    return is < 0 ? 0 : value_bool(is);
}

static Value sorted_list(Thread *t, Value iterable)
{
    Value list = iterable ? list_from_iterable(t, iterable) : 0;
    return list && list_sort(t, as_list(list), NONE, false) ? list : 0;
}

Value builtin_dir(Thread *t, const Value *args, size_t nargs)
{
    if (!args[0]) {
        Value locals = builtins_locals(t);
        return locals ? sorted_list(t, call_method0(t, locals, N(keys))) : 0;
    }
    Value method = special_lookup(t, args[0], N(__dir__));
    if (!method)
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "object does not provide __dir__");
    return sorted_list(t, call0(t, method));
}

Value builtin_vars(Thread *t, const Value *args, size_t nargs)
{
    if (!args[0])
        return builtins_locals(t);
    Value dict;
    int found = attr_find(t, args[0], N(__dict__), &dict);
    if (found == 0)
        return raise(t, EXC(TypeError), "vars() argument must have __dict__ attribute");
    return found < 0 ? 0 : dict;
}

// --- text ---

Value builtin_repr(Thread *t, const Value *args, size_t nargs) { return value_repr(t, args[0]); }
Value builtin_ascii(Thread *t, const Value *args, size_t nargs) { return value_ascii(t, args[0]); }

Value builtin_format(Thread *t, const Value *args, size_t nargs)
{
    if (args[1] && !is_str(args[1]))
        return raise(t, EXC(TypeError), "format() argument 2 must be str, not %T", args[1]);
    return value_format(t, args[0], args[1]);
}
