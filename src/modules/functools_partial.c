// functools_partial.c: functools.partial and its Placeholder.
#include "src/modules/functools.h"
#include "src/ops/ops.h"
#include "src/types/str_builder.h"

enum { ARGUMENTS_ON_STACK = 8 };

// --- Placeholder ---

Object placeholder_object = {.type = &type_placeholder, .shape = SHAPE_placeholder};

static Value placeholder_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)cls, (void)args;
    if (nargs || kwnames)
        return raise(t, EXC(TypeError), "PlaceholderType takes no arguments");
    return PLACEHOLDER;
}

static Value placeholder_repr(Thread *t, Value self)
{
    (void)self;
    return str_from_cstr(t, "Placeholder");
}

static Value placeholder_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)args, (void)nargs;
    return str_from_cstr(t, "Placeholder");
}

static const NativeDef placeholder_methods[] = {
    {"__reduce__", placeholder_reduce_method, "($self, /)", NULL, 0},
    {0},
};

Type type_placeholder = {
    TYPE_HEAD(placeholder, "functools._PlaceholderType", &type_object, Object),
    .flags = TYPE_IMMUTABLE,
    .doc = "The type of the Placeholder singleton.\n\nUsed as a placeholder for partial arguments.",
    .slots = {.new = placeholder_new, .repr = placeholder_repr},
    .methods = placeholder_methods,
};

// --- construction ---

static size_t count_placeholders(const Tuple *args)
{
    size_t n = 0;
    for (size_t i = 0; i < args->length; i++)
        n += args->at[i] == PLACEHOLDER;
    return n;
}

// Arguments of an inner partial with its placeholders filled from the front of the outer ones, the rest appended.
static Value args_joined(Thread *t, const Partial *inner, const Value *args, size_t nargs)
{
    const Tuple *given = inner ? as_tuple(inner->args) : NULL;
    size_t held = given ? given->length : 0, open = inner ? inner->placeholders : 0;
    size_t filled = size_min(open, nargs);
    Tuple *joined = tuple_alloc(t, held + nargs - filled);
    if (!joined || held + nargs == filled)
        return joined ? tuple_empty : 0;
    size_t next = 0;
    for (size_t i = 0; i < held; i++)
        joined->at[i] = given->at[i] == PLACEHOLDER && next < filled ? args[next++] : given->at[i];
    memcpy(joined->at + held, args + filled, (nargs - filled) * sizeof(Value));
    return value_of(joined);
}

static bool keywords_add(Thread *t, Dict *keywords, const Value *values, Value kwnames)
{
    size_t n = kwnames ? as_tuple(kwnames)->length : 0;
    for (size_t i = 0; i < n; i++)
        if (!dict_set(t, keywords, as_tuple(kwnames)->at[i], values[i]))
            return false;
    return true;
}

Value partial_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs == 0)
        return raise(t, EXC(TypeError), "type 'partial' takes at least one argument");
    Value function = args[0];
    if (!is_callable(function))
        return raise(t, EXC(TypeError), "the first argument must be callable");
    if (nargs > 1 && args[nargs - 1] == PLACEHOLDER)
        return raise(t, EXC(TypeError), "trailing Placeholders are not allowed");
    size_t n_keywords = kwnames ? as_tuple(kwnames)->length : 0;
    for (size_t i = 0; i < n_keywords; i++)
        if (args[nargs + i] == PLACEHOLDER)
            return raise(t, EXC(TypeError), "Placeholder cannot be passed as a keyword argument");
    bool is_partial = is_object(function) && type_is_subtype(type_of(function), &type_partial)
                      && type_of(function)->slots.call == type_partial.slots.call;
    Partial *inner = is_partial && !((Partial *)function)->attributes.overflow ? (Partial *)function : NULL;
    Value joined = args_joined(t, inner, args + 1, nargs - 1);
    Value keywords = !joined ? 0 : inner ? dict_copy(t, as_dict(inner->keywords)) : value_of(dict_new(t));
    if (!keywords || !keywords_add(t, as_dict(keywords), args + nargs, kwnames))
        return 0;
    Partial *p = instance_new(t, cls, 0);
    if (!p)
        return 0;
    p->function = inner ? inner->function : function;
    p->args = joined;
    p->keywords = keywords;
    p->placeholders = count_placeholders(as_tuple(joined));
    return value_of(p);
}

// --- calling ---

static Value partial_call_keywords(Thread *t, const Partial *p, Value *all, size_t n, const Value *values, Value kwnames)
{
    Value merged = dict_copy(t, as_dict(p->keywords)), args = merged ? tuple_from(t, all, n) : 0;
    if (!args || !keywords_add(t, as_dict(merged), values, kwnames))
        return 0;
    return call_tuple_dict(t, p->function, args, merged);
}

static Value partial_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    const Partial *p = (Partial *)callee;
    const Tuple *held = as_tuple(p->args);
    if (nargs < p->placeholders)
        return raise(t, EXC(TypeError), "missing positional arguments in 'partial' call; expected at least %lu, got %lu",
                     (uint64_t)p->placeholders, (uint64_t)nargs);
    size_t n_keywords = kwnames ? as_tuple(kwnames)->length : 0, n = held->length + nargs - p->placeholders;
    Value on_stack[ARGUMENTS_ON_STACK];
    Value *all = n + n_keywords <= ARGUMENTS_ON_STACK ? on_stack : new_scanned(t, (n + n_keywords) * sizeof(Value));
    if (!all)
        return 0;
    size_t next = 0;
    for (size_t i = 0; i < held->length; i++)
        all[i] = held->at[i] == PLACEHOLDER ? args[next++] : held->at[i];
    if (nargs > next)
        memcpy(all + held->length, args + next, (nargs - next) * sizeof(Value));
    if (dict_length(as_dict(p->keywords)))
        return partial_call_keywords(t, p, all, n, args + nargs, kwnames);
    if (n_keywords)
        memcpy(all + n, args + nargs, n_keywords * sizeof(Value));
    return call(t, p->function, all, n, kwnames);
}

static Value partial_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    return !instance || instance == NONE ? descr : method_new(t, descr, instance);
}

// --- repr, pickling ---

static Value full_name(Thread *t, Type *type)
{
    Value module = attr_get(t, value_of(type), N(__module__));
    return module ? str_format(t, "%V.%V", module, type->qualname) : 0;
}

// A repr that runs may change the partial: args and keywords are those of the beginning.
static bool repr_arguments(Thread *t, StrBuilder *b, Value args, Value keywords)
{
    for (size_t i = 0; i < as_tuple(args)->length; i++)
        if (!builder_format(t, b, ", %R", as_tuple(args)->at[i]))
            return false;
    Value key, value;
    for (size_t position = 0; dict_next(as_dict(keywords), &position, &key, &value);)
        if (!builder_format(t, b, ", %V=%R", key, value))
            return false;
    return true;
}

static Value partial_repr(Thread *t, Value self)
{
    const Partial *p = (Partial *)self;
    int active = repr_enter(t, self);
    if (active)
        return active > 0 ? str_from_cstr(t, "...") : 0;
    StrBuilder b;
    builder_init(&b);
    Value name = full_name(t, p->head.type), function = p->function, args = p->args, keywords = p->keywords;
    bool ok = name && builder_format(t, &b, "%U(%R", name, function) && repr_arguments(t, &b, args, keywords)
              && builder_char(t, &b, ')');
    repr_leave(t, self);
    return ok ? builder_finish(t, &b) : 0;
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Partial *p = (Partial *)args[0];
    Value attributes = p->attributes.overflow ? instance_dict(t, &p->head) : NONE;
    Value state = attributes ? tuple_of(t, 4, p->function, p->args, p->keywords, attributes) : 0;
    Value arguments = state ? tuple_from(t, &p->function, 1) : 0;
    return arguments ? tuple_of(t, 3, value_of(p->head.type), arguments, state) : 0;
}

static Value setstate_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Partial *p = (Partial *)args[0];
    const Tuple *state = as_tuple(args[1]);
    if (!is_tuple(args[1]) || state->length != 4 || !is_callable(state->at[0]) || !is_tuple(state->at[1])
        || (state->at[2] != NONE && !is_dict(state->at[2])) || (state->at[3] != NONE && !is_dict(state->at[3])))
        return raise(t, EXC(TypeError), "invalid partial state");
    const Tuple *given = as_tuple(state->at[1]);
    if (given->length && given->at[given->length - 1] == PLACEHOLDER)
        return raise(t, EXC(TypeError), "trailing Placeholders are not allowed");
    Value held = is_exactly(state->at[1], &type_tuple) ? state->at[1] : tuple_from(t, given->at, given->length);
    Value keywords = state->at[2], attributes = state->at[3];
    if (keywords == NONE)
        keywords = value_of(dict_new(t));
    else if (!is_exactly(keywords, &type_dict))
        keywords = dict_copy(t, as_dict(keywords));
    if (attributes == NONE && p->attributes.overflow)
        attributes = value_of(dict_new(t));
    if (!held || !keywords || !attributes)
        return 0;
    p->function = state->at[0];
    p->args = held;
    p->keywords = keywords;
    p->placeholders = count_placeholders(as_tuple(held));
    return attributes == NONE || instance_set_dict(t, &p->head, attributes) ? NONE : 0;
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static const NativeDef partial_methods[] = {
    {"__reduce__", reduce_method, "($self, /)", NULL, 0},
    {"__setstate__", setstate_method, "($self, object, /)", NULL, 0},
    {"__class_getitem__", class_getitem_method, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static const MemberDef partial_members[] = {
    {"func", MEMBER_VALUE, offsetof(Partial, function), false, "function object to use in future partial calls"},
    {"args", MEMBER_VALUE, offsetof(Partial, args), false, "tuple of arguments to future partial calls"},
    {"keywords", MEMBER_VALUE, offsetof(Partial, keywords), false, "dictionary of keyword arguments to future partial calls"},
    {0},
};

Type type_partial = {
    TYPE_HEAD(partial, "functools.partial", &type_object, Partial),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS | TYPE_METHOD_DESCRIPTOR,
    .attr_offset = offsetof(Partial, attributes),
    .doc = "Create a new function with partial application of the given arguments and keywords.",
    .new_signature = "(func, /, *args, **keywords)",
    .slots = {.new = partial_new, .call = partial_call, .repr = partial_repr, .descr_get = partial_get},
    .methods = partial_methods,
    .members = partial_members,
};
