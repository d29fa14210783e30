// subscript.c: o[key], membership, len().
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

// A class without a __getitem__ of its metaclass: __class_getitem__, and type[...] itself.
static Value class_item(Thread *t, Value cls, Value key)
{
    if (cls == value_of(&type_type))
        return generic_alias_new(t, cls, key);
    Value method;
    int found = attr_find(t, cls, N(__class_getitem__), &method);
    if (found < 0)
        return 0;
    if (found && method != NONE)
        return call1(t, method, key);
    return raise(t, EXC(TypeError), "type '%N' is not subscriptable", as_type(cls));
}

Value item_get(Thread *t, Value o, Value key)
{
    if (is_fixnum(key) && is_pointer(o)) {
        int64_t i = fixnum_value(key);
        Value item = 0;
        if (as_object(o)->type == &type_list)
            item = list_get(as_list(o), (size_t)(i < 0 ? i + (int64_t)list_length(as_list(o)) : i));
        else if (as_object(o)->type == &type_tuple && (uint64_t)i < as_tuple(o)->length)
            item = as_tuple(o)->at[i];
        if (likely(item != 0))
            return item;
    }
    BinaryFn getitem = type_of(o)->slots.getitem;
    if (likely(getitem != NULL))
        return getitem(t, o, key);
    if (is_type(o))
        return class_item(t, o, key);
    return raise(t, EXC(TypeError), "'%T' object is not subscriptable", o);
}

bool item_set(Thread *t, Value o, Value key, Value value)
{
    SetItemFn setitem = type_of(o)->slots.setitem;
    if (likely(setitem != NULL))
        return setitem(t, o, key, value);
    if (value)
        raise(t, EXC(TypeError), "'%T' object does not support item assignment", o);
    else
        raise(t, EXC(TypeError), "'%T' object doesn't support item deletion", o);
    return false;
}

static int contains_by_iterating(Thread *t, Value container, Value item)
{
    Type *type = type_of(container);
    if (!type->slots.iter && !type->slots.getitem) {
        raise(t, EXC(TypeError), "argument of type '%T' is not a container or iterable", container);
        return -1;
    }
    Value iterator = iter_get(t, container);
    if (!iterator) {
        if (pending_clear_if(t, EXC(TypeError)))
            raise(t, EXC(TypeError), "argument of type '%T' is not a container or iterable", container);
        return -1;
    }
    for (Value there; (there = iter_next(t, iterator)) != 0;) {
        int equal = values_equal(t, there, item);
        if (equal)
            return equal;
    }
    return is_pending(t) ? -1 : 0;
}

int item_contains(Thread *t, Value container, Value item)
{
    ContainsFn contains = type_of(container)->slots.contains;
    return likely(contains != NULL) ? contains(t, container, item) : contains_by_iterating(t, container, item);
}

int64_t length_of(Thread *t, Value o)
{
    LengthFn length = type_of(o)->slots.length;
    if (likely(length != NULL))
        return length(t, o);
    raise(t, EXC(TypeError), "object of type '%T' has no len()", o);
    return -1;
}

int64_t length_hint(Thread *t, Value o, int64_t default_hint)
{
    if (type_of(o)->slots.length) {
        int64_t length = length_of(t, o);
        if (length >= 0 || !pending_clear_if(t, EXC(TypeError)))
            return length;
    }
    Value method = special_lookup(t, o, N(__length_hint__));
    if (!method)
        return is_pending(t) ? -1 : default_hint;
    Value hint = call0(t, method);
    if (!hint)
        return pending_clear_if(t, EXC(TypeError)) ? default_hint : -1;
    if (hint == NOTIMPLEMENTED)
        return default_hint;
    if (!is_int(hint)) {
        raise(t, EXC(TypeError), "__length_hint__ must be an integer, not %T", hint);
        return -1;
    }
    int64_t n;
    if (!to_int64(t, hint, &n))
        return -1;
    if (n < 0) {
        raise(t, EXC(ValueError), "__length_hint__() should return >= 0");
        return -1;
    }
    return n;
}
