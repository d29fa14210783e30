// generic_subst.c: type parameters of generic aliases and unions: finding them and putting arguments in their place.
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static bool append_new(Thread *t, List *list, Value item)
{
    for (size_t i = 0; i < list_length(list); i++)
        if (list_get(list, i) == item)
            return true;
    return list_append(t, list, item);
}

static bool append_all(Thread *t, List *list, Value tuple)
{
    for (size_t i = 0; i < as_tuple(tuple)->length; i++)
        if (!list_append(t, list, as_tuple(tuple)->at[i]))
            return false;
    return true;
}

// --- finding ---

static bool collect(Thread *t, List *found, Value args);

static bool collect_from(Thread *t, List *found, Value arg)
{
    Value attribute;
    if (is_type(arg))
        return true;
    if (is_tuple(arg))
        return collect(t, found, arg);
    if (is_list(arg)) {
        Value items = list_to_tuple(t, as_list(arg));
        return items && collect(t, found, items);
    }
    int has = attr_find(t, arg, N(__typing_subst__), &attribute);
    if (has)
        return has > 0 && append_new(t, found, arg);
    has = attr_find(t, arg, N(__parameters__), &attribute);
    if (has <= 0 || !is_tuple(attribute))
        return has >= 0;
    for (size_t i = 0; i < as_tuple(attribute)->length; i++)
        if (!append_new(t, found, as_tuple(attribute)->at[i]))
            return false;
    return true;
}

static bool collect(Thread *t, List *found, Value args)
{
    if (!recursion_enter(t, ""))
        return false;
    bool done = true;
    for (size_t i = 0; i < as_tuple(args)->length && done; i++)
        done = collect_from(t, found, as_tuple(args)->at[i]);
    recursion_leave(t);
    return done;
}

Value generic_parameters(Thread *t, Value args)
{
    List *found = list_new(t, 0);
    return found && collect(t, found, args) ? list_to_tuple(t, found) : 0;
}

// --- substituting ---

typedef struct Substitution {
    Value self;
    const Tuple *parameters;
    const Tuple *items;           // as many as parameters
} Substitution;

static int parameter_index(const Tuple *parameters, Value parameter)
{
    for (size_t i = 0; i < parameters->length; i++)
        if (parameters->at[i] == parameter)
            return (int)i;
    return -1;
}

// The arguments with *tuple[int, str] replaced by int, str.
static Value unpack_items(Thread *t, Value item)
{
    List *list = list_new(t, 4);
    Value items = is_tuple(item) ? item : tuple_of(t, 1, item);
    for (size_t i = 0; list && items && i < as_tuple(items)->length; i++) {
        Value one = as_tuple(items)->at[i], inner = 0;
        int found = is_type(one) ? 0 : attr_find(t, one, N(__typing_unpacked_tuple_args__), &inner);
        if (found < 0)
            return 0;
        bool expand = found && is_tuple(inner) && !(as_tuple(inner)->length && as_tuple(inner)->at[as_tuple(inner)->length - 1] == ELLIPSIS);
        if (expand ? !append_all(t, list, inner) : !list_append(t, list, one))
            return 0;
    }
    return list && items ? list_to_tuple(t, list) : 0;
}

// Lets each parameter (TypeVarTuple, ParamSpec, defaults) arrange the arguments.
static Value prepare_items(Thread *t, Value self, const Tuple *parameters, Value items)
{
    for (size_t i = 0; items && i < parameters->length; i++) {
        Value prepare;
        int found = attr_find(t, parameters->at[i], N(__typing_prepare_subst__), &prepare);
        if (found < 0)
            return 0;
        if (!found || prepare == NONE)
            continue;
        Value arguments = is_tuple(items) ? items : tuple_of(t, 1, items);
        items = arguments ? call2(t, prepare, self, arguments) : 0;
    }
    if (items && !is_tuple(items))
        items = tuple_of(t, 1, items);
    return items;
}

// Substitutes in something that has parameters of its own: T inside list[T].
static Value substitute_inner(Thread *t, const Substitution *s, Value arg)
{
    Value inner;
    int found = attr_find(t, arg, N(__parameters__), &inner);
    if (found < 0)
        return 0;
    if (!found || !is_tuple(inner) || !as_tuple(inner)->length)
        return arg;
    List *list = list_new(t, as_tuple(inner)->length);
    for (size_t i = 0; list && i < as_tuple(inner)->length; i++) {
        Value parameter = as_tuple(inner)->at[i];
        int at = parameter_index(s->parameters, parameter);
        Value item = at < 0 ? parameter : s->items->at[at];
        bool spread = at >= 0 && is_tuple(item) && type_of(parameter)->slots.iter;
        if (spread ? !append_all(t, list, item) : !list_append(t, list, item))
            return 0;
    }
    Value key = list ? list_to_tuple(t, list) : 0;
    return key ? item_get(t, arg, key) : 0;
}

static Value substitute_args(Thread *t, const Substitution *s, Value args);

static Value substitute_list(Thread *t, const Substitution *s, Value list)
{
    Value items = list_to_tuple(t, as_list(list)), replaced = items ? substitute_args(t, s, items) : 0;
    return replaced ? list_from(t, as_tuple(replaced)->at, as_tuple(replaced)->length) : 0;
}

static int is_unpacked_tuple_variable(Thread *t, Value arg)
{
    Value flag;
    int found = attr_find(t, arg, N(__typing_is_unpacked_typevartuple__), &flag);
    return found > 0 ? truth(t, flag) : found;
}

static bool substitute_one(Thread *t, const Substitution *s, Value arg, List *out)
{
    if (is_type(arg))
        return list_append(t, out, arg);
    if (is_tuple(arg) || is_list(arg)) {
        Value replaced = is_tuple(arg) ? substitute_args(t, s, arg) : substitute_list(t, s, arg);
        return replaced && list_append(t, out, replaced);
    }
    int unpack = is_unpacked_tuple_variable(t, arg);
    Value subst = 0;
    int found = unpack < 0 ? -1 : attr_find(t, arg, N(__typing_subst__), &subst);
    if (found < 0)
        return false;
    int at = found ? parameter_index(s->parameters, arg) : -1;
    if (found && at < 0)
        return raise(t, EXC(TypeError), "%R not found in __parameters__", arg);
    Value replaced = at >= 0 ? call1(t, subst, s->items->at[at]) : substitute_inner(t, s, arg);
    if (!replaced)
        return false;
    if (!unpack)
        return list_append(t, out, replaced);
    if (!is_tuple(replaced))
        return raise(t, EXC(TypeError), "expected __typing_subst__ of %T objects to return a tuple, not %T", arg, replaced);
    return append_all(t, out, replaced);
}

static Value substitute_args(Thread *t, const Substitution *s, Value args)
{
    List *out = list_new(t, as_tuple(args)->length);
    if (!out || !recursion_enter(t, ""))
        return 0;
    bool done = true;
    for (size_t i = 0; i < as_tuple(args)->length && done; i++)
        done = substitute_one(t, s, as_tuple(args)->at[i], out);
    recursion_leave(t);
    return done ? list_to_tuple(t, out) : 0;
}

Value generic_substitute(Thread *t, Value self, Value args, Value parameters, Value item)
{
    const Tuple *wanted = as_tuple(parameters);
    if (!wanted->length)
        return raise(t, EXC(TypeError), "%R is not a generic class", self);
    Value items = unpack_items(t, item);
    items = items ? prepare_items(t, self, wanted, items) : 0;
    if (!items)
        return 0;
    size_t given = as_tuple(items)->length;
    if (given != wanted->length)
        return raise(t, EXC(TypeError), "Too %s arguments for %R; actual %lu, expected %lu", given > wanted->length ? "many" : "few", self, (uint64_t)given,
                     (uint64_t)wanted->length);
    Substitution s = {self, wanted, as_tuple(items)};
    return substitute_args(t, &s, args);
}
