// call.c: calling anything: slot dispatch, arguments from tuple and dict, methods by name.
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

enum { PREPEND_WORDS = 16 };   // calls up to this size are put together on the C stack

static COLD Value raise_not_callable(Thread *t, Value callee)
{
    return raise(t, EXC(TypeError), "'%T' object is not callable", callee);
}

bool is_callable(Value v)
{
    return type_of(v)->slots.call != NULL;
}

Value call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    CallFn function = type_of(callee)->slots.call;
    if (unlikely(!function))
        return raise_not_callable(t, callee);
    return function(t, callee, args, nargs, kwnames);
}

Value call0(Thread *t, Value callee)
{
    return call(t, callee, NULL, 0, 0);
}

Value call1(Thread *t, Value callee, Value a)
{
    return call(t, callee, &a, 1, 0);
}

Value call2(Thread *t, Value callee, Value a, Value b)
{
    Value args[2] = {a, b};
    return call(t, callee, args, 2, 0);
}

Value call3(Thread *t, Value callee, Value a, Value b, Value c)
{
    Value args[3] = {a, b, c};
    return call(t, callee, args, 3, 0);
}

Value call_prepend(Thread *t, Value function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    size_t words = nargs + (kwnames ? as_tuple(kwnames)->length : 0);
    Value room[PREPEND_WORDS];
    Value *all = words + 1 <= PREPEND_WORDS ? room : new_scanned(t, (words + 1) * sizeof(Value));
    if (!all)
        return 0;
    all[0] = self;
    for (size_t i = 0; i < words; i++)
        all[i + 1] = args[i];
    return call(t, function, all, nargs + 1, kwnames);
}

// --- arguments from a tuple and a dict ---

static Value call_with_keywords(Thread *t, Value callee, const Tuple *args, const Dict *kwargs)
{
    size_t keywords = dict_length(kwargs), total = args->length + keywords;
    Tuple *names = tuple_alloc(t, keywords);
    Value *all = names ? new_scanned(t, (total + 1) * sizeof(Value)) : NULL;
    if (!all)
        return 0;
    for (size_t i = 0; i < args->length; i++)
        all[i] = args->at[i];
    size_t position = 0, count = 0;
    Value key, value;
    while (count < keywords && dict_next(kwargs, &position, &key, &value)) {
        if (!is_str(key))
            return raise(t, EXC(TypeError), "keywords must be strings");
        names->at[count] = key;
        all[args->length + count++] = value;
    }
    if (count != keywords) {                 // another thread took some away
        Value kwnames = tuple_slice(t, value_of(names), 0, count);
        return kwnames ? call(t, callee, all, args->length, kwnames) : 0;
    }
    return call(t, callee, all, args->length, value_of(names));
}

Value call_tuple_dict(Thread *t, Value callee, Value args_tuple, Value kwargs_dict_or_0)
{
    const Tuple *args = as_tuple(args_tuple);
    if (kwargs_dict_or_0 && dict_length(as_dict(kwargs_dict_or_0)))
        return call_with_keywords(t, callee, args, as_dict(kwargs_dict_or_0));
    return call(t, callee, args->at, args->length, 0);
}

// --- methods by name ---

Value call_method(Thread *t, Value o, Value name, const Value *args, size_t nargs)
{
    Value self, method = attr_get_method(t, o, name, &self);
    if (!method)
        return 0;
    return self ? call_prepend(t, method, self, args, nargs, 0) : call(t, method, args, nargs, 0);
}

Value call_method0(Thread *t, Value o, Value name)
{
    return call_method(t, o, name, NULL, 0);
}

Value call_method1(Thread *t, Value o, Value name, Value a)
{
    return call_method(t, o, name, &a, 1);
}

Value call_method2(Thread *t, Value o, Value name, Value a, Value b)
{
    Value args[2] = {a, b};
    return call_method(t, o, name, args, 2);
}

// type(o).name(o, *args). When the type has no such method: 0 with nothing pending.
Value call_special(Thread *t, Value o, Value name, const Value *args, size_t nargs)
{
    Value method = type_lookup(type_of(o), name);
    if (!method)
        return 0;
    if (type_has_flag(type_of(method), TYPE_METHOD_DESCRIPTOR))
        return call_prepend(t, method, o, args, nargs, 0);
    Value bound = special_lookup(t, o, name);
    return bound ? call(t, bound, args, nargs, 0) : 0;
}
