// object_reduce.c: object.__reduce_ex__, __reduce__ and __getstate__: what pickle and copy ask for.
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static Value copyreg_function(Thread *t, Value name)
{
    Value copyreg = hooks.import_module(t, "copyreg");
    return copyreg ? attr_get(t, copyreg, name) : 0;
}

// --- state ---

// Names of all __slots__ of a class and its bases, by copyreg (which caches them in __slotnames__). A list or None.
static Value slot_names_of(Thread *t, Type *cls)
{
    Value known = dict_get_known(as_dict(cls->attributes), N(__slotnames__));
    if (known && (known == NONE || is_list(known)))
        return known;
    Value function = copyreg_function(t, N(_slotnames));
    Value names = function ? call1(t, function, value_of(cls)) : 0;
    if (names && names != NONE && !is_list(names))
        return raise(t, EXC(TypeError), "copyreg._slotnames didn't return a list or None");
    return names;
}

// Has the type C fields that nobody knows how to save?
static bool has_hidden_state(const Type *type, size_t slot_count)
{
    if (type->item_size)
        return true;
    size_t known = sizeof(Object) + slot_count * sizeof(Value);
    return type_fields_end(type) > known || (type->flags & (TYPE_IS_MODULE | TYPE_IS_TYPE));
}

// Adds the slot values that are set to a dict; *out stays 0 when there are none.
static bool slot_state(Thread *t, Value self, Value names, Value *out)
{
    List *list = as_list(names);
    for (size_t i = 0; i < list_length(list); i++) {
        Value name = list_get(list, i), value;
        int found = attr_find(t, self, name, &value);
        if (found < 0)
            return false;
        if (!found)
            continue;
        if (!*out && !(*out = value_of(dict_new(t))))
            return false;
        if (!dict_set(t, as_dict(*out), name, value))
            return false;
    }
    return true;
}

static Value default_state(Thread *t, Value self, bool required)
{
    Type *type = type_of(self);
    Value names = slot_names_of(t, type), state = NONE, slots = 0;
    if (!names)
        return 0;
    if (required && has_hidden_state(type, names == NONE ? 0 : list_length(as_list(names))))
        return raise(t, EXC(TypeError), "cannot pickle '%T' object", self);
    if (is_pointer(self) && type->attr_offset && instance_attribute_count(as_object(self)) && !(state = attr_get(t, self, N(__dict__))))
        return 0;
    if (names != NONE && !slot_state(t, self, names, &slots))
        return 0;
    return slots ? tuple_pair(t, state, slots) : state;
}

Value object_getstate(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return default_state(t, args[0], false);
}

static Value state_of(Thread *t, Value self, bool required)
{
    Value method = attr_get(t, self, N(__getstate__));
    if (!method)
        return 0;
    bool is_default = is_exactly(method, &type_builtin_function) && ((NativeFunction *)method)->def->fn == object_getstate &&
                      ((NativeFunction *)method)->self == self;
    return is_default ? default_state(t, self, required) : call0(t, method);
}

// --- arguments for __new__ ---

typedef struct NewArguments { Value args, kwargs; } NewArguments;   // args 0: none were given

static bool arguments_from_ex(Thread *t, Value method, NewArguments *out)
{
    Value result = call0(t, method);
    if (!result)
        return false;
    if (!is_tuple(result))
        return raise(t, EXC(TypeError), "__getnewargs_ex__ should return a tuple, not '%T'", result);
    if (as_tuple(result)->length != 2)
        return raise(t, EXC(ValueError), "__getnewargs_ex__ should return a tuple of length 2, not %lu", (uint64_t)as_tuple(result)->length);
    out->args = as_tuple(result)->at[0];
    out->kwargs = as_tuple(result)->at[1];
    if (!is_tuple(out->args))
        return raise(t, EXC(TypeError), "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%T'", out->args);
    if (!is_dict(out->kwargs))
        return raise(t, EXC(TypeError), "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%T'", out->kwargs);
    return true;
}

static bool new_arguments(Thread *t, Value self, NewArguments *out)
{
    Value method = special_lookup(t, self, N(__getnewargs_ex__));
    if (method)
        return arguments_from_ex(t, method, out);
    if (is_pending(t))
        return false;
    method = special_lookup(t, self, N(__getnewargs__));
    if (!method)
        return !is_pending(t);
    out->args = call0(t, method);
    if (out->args && !is_tuple(out->args))
        return raise(t, EXC(TypeError), "__getnewargs__ should return a tuple, not '%T'", out->args);
    return out->args != 0;
}

// --- the result ---

static Value prepend(Thread *t, Value first, Value rest)
{
    size_t n = rest ? as_tuple(rest)->length : 0;
    Tuple *all = tuple_alloc(t, n + 1);
    if (!all)
        return 0;
    all->at[0] = first;
    for (size_t i = 0; i < n; i++)
        all->at[i + 1] = as_tuple(rest)->at[i];
    return value_of(all);
}

static Value list_items_of(Thread *t, Value self)
{
    return is_list(self) ? iter_get(t, self) : NONE;
}

static Value dict_items_of(Thread *t, Value self)
{
    Value items = is_dict(self) ? call_method0(t, self, N(items)) : NONE;
    return items && items != NONE ? iter_get(t, items) : items;
}

static Value reduce_new_object(Thread *t, Value self)
{
    Type *type = type_of(self);
    if (!type->slots.new || type_has_flag(type, TYPE_DISALLOW_NEW))
        return raise(t, EXC(TypeError), "cannot pickle '%T' object", self);
    NewArguments given = {0};
    if (!new_arguments(t, self, &given))
        return 0;
    bool with_keywords = given.kwargs && dict_length(as_dict(given.kwargs));
    Value function = copyreg_function(t, with_keywords ? N(__newobj_ex__) : N(__newobj__)), arguments = 0;
    if (!function)
        return 0;
    if (with_keywords)
        arguments = tuple_of(t, 3, value_of(type), given.args, given.kwargs);
    else
        arguments = prepend(t, value_of(type), given.args);
    bool required = !given.args && !is_list(self) && !is_dict(self);
    Value state = arguments ? state_of(t, self, required) : 0;
    Value list_items = state ? list_items_of(t, self) : 0, dict_items = list_items ? dict_items_of(t, self) : 0;
    return dict_items ? tuple_of(t, 5, function, arguments, state, list_items, dict_items) : 0;
}

static Value reduce_by_protocol(Thread *t, Value self, int32_t protocol)
{
    if (protocol >= 2)
        return reduce_new_object(t, self);
    Value function = copyreg_function(t, N(_reduce_ex));
    return function ? call2(t, function, self, fixnum(protocol)) : 0;
}

Value object_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return reduce_by_protocol(t, args[0], 0);
}

// A class's own __reduce__ goes before the protocols.
Value object_reduce_ex(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int32_t protocol;
    if (!to_int32(t, args[1], &protocol))
        return 0;
    Value reduce;
    int found = attr_find(t, args[0], N(__reduce__), &reduce);
    if (found < 0)
        return 0;
    if (found && type_lookup(type_of(args[0]), N(__reduce__)) != type_lookup(&type_object, N(__reduce__)))
        return call0(t, reduce);
    return reduce_by_protocol(t, args[0], protocol);
}
