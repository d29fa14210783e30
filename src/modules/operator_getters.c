// operator_getters.c: itemgetter, attrgetter, methodcaller. Immutable.
#include "src/core/native.h"
#include "src/modules/functools.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/sequence.h"

// itemgetter: items as given. attrgetter: `items` are the names, `paths` the names split at dots (tuples where there are several).
typedef struct Getter {
    Object head;
    Value items;
    Value paths;
} Getter;

// "operator.itemgetter(1, 2)"
static Value getter_repr(Thread *t, Value self)
{
    int active = repr_enter(t, self);
    if (active)
        return active > 0 ? str_format(t, "%N(...)", type_of(self)) : 0;
    const Tuple *items = as_tuple(((Getter *)self)->items);
    StrBuilder b;
    builder_init(&b);
    bool ok = builder_format(t, &b, "%N(", type_of(self)) && values_repr(t, &b, items->at, items->length)
              && builder_char(t, &b, ')');
    repr_leave(t, self);
    return ok ? builder_finish(t, &b) : 0;
}

static Value getter_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return tuple_pair(t, value_of(type_of(args[0])), ((Getter *)args[0])->items);
}

static const NativeDef getter_methods[] = {
    {"__reduce__", getter_reduce_method, "($self, /)", "Return state information for pickling", 0},
    {0},
};

// Of a getter itself: what it is called with.
static Value call_signature(Thread *t, Value self)
{
    (void)self;
    return str_from_cstr(t, "(obj, /)");
}

static const GetSetDef getter_getsets[] = {
    {"__text_signature__", call_signature, NULL, NULL},
    {0},
};

static Getter *getter_new(Thread *t, Type *cls, const Type *builtin, const Value *args, size_t nargs, Value kwnames)
{
    bool own_init = cls->slots.init != builtin->slots.init;
    const char *name = type_short_name(builtin);
    if (kwnames && as_tuple(kwnames)->length && !own_init)
        return RAISE_NULL(t, EXC(TypeError), "%s() takes no keyword arguments", name);
    if (nargs == 0)
        return RAISE_NULL(t, EXC(TypeError), "%s expected 1 argument, got 0", name);
    Value items = tuple_from(t, args, nargs);
    Getter *getter = items ? instance_new(t, cls, 0) : NULL;
    if (getter)
        getter->items = items;
    return getter;
}

static bool one_argument(Thread *t, const char *name, size_t nargs, Value kwnames)
{
    return arguments_check(t, name, nargs, kwnames, 1, 1);
}

// --- itemgetter ---

static Value itemgetter_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(getter_new(t, cls, &type_itemgetter, args, nargs, kwnames));
}

static Value itemgetter_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    if (unlikely(nargs != 1 || kwnames) && !one_argument(t, "itemgetter", nargs, kwnames))
        return 0;
    const Tuple *items = as_tuple(((Getter *)callee)->items);
    if (items->length == 1)
        return item_get(t, args[0], items->at[0]);
    Tuple *result = tuple_alloc(t, items->length);
    for (size_t i = 0; result && i < items->length; i++)
        if (!(result->at[i] = item_get(t, args[0], items->at[i])))
            return 0;
    return value_of(result);
}

Type type_itemgetter = {
    TYPE_HEAD(itemgetter, "operator.itemgetter", &type_object, Getter),
    .doc = "Return a callable object that fetches the given item(s) from its operand.\n"
           "After f = itemgetter(2), the call f(r) returns r[2].\n"
           "After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])",
    .new_signature = "(item, /, *items)",
    .slots = {.new = itemgetter_new, .call = itemgetter_call, .repr = getter_repr},
    .methods = getter_methods,
    .getsets = getter_getsets,
};

// --- attrgetter ---

// "a.b.c" → ("a", "b", "c"); a name without dots stays as it is. All are interned.
static Value path_split(Thread *t, Value name)
{
    const Str *s = as_str(name);
    List *parts = list_new(t, 0);
    size_t start = 0;
    for (size_t i = 0; parts && i <= s->length; i++) {
        if (i < s->length && str_at(s, i) != '.')
            continue;
        Value part = str_substring(t, name, start, i);
        part = part ? str_intern(t, part) : 0;
        if (!part || !list_append(t, parts, part))
            return 0;
        start = i + 1;
    }
    if (!parts)
        return 0;
    return list_length(parts) == 1 ? list_get(parts, 0) : list_to_tuple(t, parts);
}

static Value attrgetter_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Getter *getter = getter_new(t, cls, &type_attrgetter, args, nargs, kwnames);
    Tuple *paths = getter ? tuple_alloc(t, nargs) : NULL;
    if (!paths)
        return 0;
    for (size_t i = 0; i < nargs; i++) {
        if (!is_str(args[i]))
            return raise(t, EXC(TypeError), "attribute name must be a string");
        if (!(paths->at[i] = path_split(t, args[i])))
            return 0;
    }
    getter->paths = value_of(paths);
    return value_of(getter);
}

static Value follow_path(Thread *t, Value object, Value path)
{
    if (!is_exactly(path, &type_tuple))
        return attr_get(t, object, path);
    for (size_t i = 0; object && i < as_tuple(path)->length; i++)
        object = attr_get(t, object, as_tuple(path)->at[i]);
    return object;
}

static Value attrgetter_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    if (unlikely(nargs != 1 || kwnames) && !one_argument(t, "attrgetter", nargs, kwnames))
        return 0;
    const Tuple *paths = as_tuple(((Getter *)callee)->paths);
    if (paths->length == 1)
        return follow_path(t, args[0], paths->at[0]);
    Tuple *result = tuple_alloc(t, paths->length);
    for (size_t i = 0; result && i < paths->length; i++)
        if (!(result->at[i] = follow_path(t, args[0], paths->at[i])))
            return 0;
    return value_of(result);
}

Type type_attrgetter = {
    TYPE_HEAD(attrgetter, "operator.attrgetter", &type_object, Getter),
    .doc = "Return a callable object that fetches the given attribute(s) from its operand.\n"
           "After f = attrgetter('name'), the call f(r) returns r.name.\n"
           "After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\n"
           "After h = attrgetter('name.first', 'name.last'), the call h(r) returns\n(r.name.first, r.name.last).",
    .new_signature = "(attr, /, *attrs)",
    .slots = {.new = attrgetter_new, .call = attrgetter_call, .repr = getter_repr},
    .methods = getter_methods,
    .getsets = getter_getsets,
};

// --- methodcaller ---

typedef struct MethodCaller {
    Object head;
    Value name;                   // interned
    Value args;                   // tuple
    Value keywords;               // Dict or 0
} MethodCaller;

static Value methodcaller_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs == 0)
        return raise(t, EXC(TypeError), "methodcaller needs at least one argument, the method name");
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "method name must be a string");
    size_t n = kwnames ? as_tuple(kwnames)->length : 0;
    Dict *keywords = n ? dict_new(t) : NULL;
    for (size_t i = 0; i < n; i++)
        if (!keywords || !dict_set(t, keywords, as_tuple(kwnames)->at[i], args[nargs + i]))
            return 0;
    Value name = str_intern(t, args[0]), held = name ? tuple_from(t, args + 1, nargs - 1) : 0;
    MethodCaller *caller = held ? instance_new(t, cls, 0) : NULL;
    if (!caller)
        return 0;
    caller->name = name;
    caller->args = held;
    caller->keywords = value_of(keywords);
    return value_of(caller);
}

static Value methodcaller_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    if (unlikely(nargs != 1 || kwnames) && !one_argument(t, "methodcaller", nargs, kwnames))
        return 0;
    MethodCaller *caller = (MethodCaller *)callee;
    if (!caller->keywords)
        return call_method(t, args[0], caller->name, as_tuple(caller->args)->at, as_tuple(caller->args)->length);
    Value method = attr_get(t, args[0], caller->name);
    return method ? call_tuple_dict(t, method, caller->args, caller->keywords) : 0;
}

static Value methodcaller_repr(Thread *t, Value self)
{
    MethodCaller *caller = (MethodCaller *)self;
    int active = repr_enter(t, self);
    if (active)
        return active > 0 ? str_format(t, "%N(...)", type_of(self)) : 0;
    StrBuilder b;
    builder_init(&b);
    bool ok = builder_format(t, &b, "%N(%R", type_of(self), caller->name);
    for (size_t i = 0; ok && i < as_tuple(caller->args)->length; i++)
        ok = builder_format(t, &b, ", %R", as_tuple(caller->args)->at[i]);
    Value key, value;
    for (size_t position = 0; ok && caller->keywords && dict_next(as_dict(caller->keywords), &position, &key, &value);)
        ok = builder_format(t, &b, ", %U=%R", key, value);
    ok = ok && builder_char(t, &b, ')');
    repr_leave(t, self);
    return ok ? builder_finish(t, &b) : 0;
}

// Keywords need a partial of the class: pickled arguments are positional.
static Value methodcaller_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    MethodCaller *caller = (MethodCaller *)args[0];
    Value cls = value_of(type_of(args[0]));
    if (!caller->keywords) {
        Tuple *all = tuple_alloc(t, as_tuple(caller->args)->length + 1);
        if (!all)
            return 0;
        all->at[0] = caller->name;
        memcpy(all->at + 1, as_tuple(caller->args)->at, as_tuple(caller->args)->length * sizeof(Value));
        return tuple_pair(t, cls, value_of(all));
    }
    const Value head[] = {cls, caller->name};
    Value arguments = tuple_from(t, head, COUNT_OF(head));
    Value maker = arguments ? call_tuple_dict(t, value_of(&type_partial), arguments, caller->keywords) : 0;
    return maker ? tuple_pair(t, maker, caller->args) : 0;
}

static const NativeDef methodcaller_methods[] = {
    {"__reduce__", methodcaller_reduce_method, "($self, /)", "Return state information for pickling", 0},
    {0},
};

Type type_methodcaller = {
    TYPE_HEAD(methodcaller, "operator.methodcaller", &type_object, MethodCaller),
    .doc = "Return a callable object that calls the given method on its operand.\n"
           "After f = methodcaller('name'), the call f(r) returns r.name().\n"
           "After g = methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1).",
    .new_signature = "(name, /, *args, **kwargs)",
    .slots = {.new = methodcaller_new, .call = methodcaller_call, .repr = methodcaller_repr},
    .methods = methodcaller_methods,
    .getsets = getter_getsets,
};
