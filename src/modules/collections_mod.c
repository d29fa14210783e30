// collections_mod.c: the _collections module: defaultdict, _tuplegetter, _count_elements.
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/dict_table.h"
#include "src/types/dict_view.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/sequence.h"

// --- defaultdict ---

typedef struct DefaultDict {
    Dict dict;
    Value factory;                // 0 or NONE: none; relaxed
} DefaultDict;

static Value factory_of(Value self)
{
    Value factory = load_relaxed(&((DefaultDict *)self)->factory);
    return factory ? factory : NONE;
}

static bool defaultdict_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs && args[0] != NONE && !is_callable(args[0]))
        return raise(t, EXC(TypeError), "first argument must be callable or None") != 0;
    store_relaxed(&((DefaultDict *)self)->factory, nargs ? args[0] : NONE);
    size_t taken = nargs ? 1 : 0;
    return dict_update_call(t, as_dict(self), "dict", args + taken, nargs - taken, kwnames);
}

static Value missing_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value factory = factory_of(args[0]);
    if (factory == NONE)
        return raise_key(t, args[1]);
    Value value = call0(t, factory);
    if (!value)
        return 0;
    // Of two threads that come at the same time, both get the value that is there in the end.
    if (type_of(args[0])->slots.setitem == type_dict.slots.setitem)
        return dict_set_default(t, as_dict(args[0]), args[1], value);
    return item_set(t, args[0], args[1], value) ? value : 0;
}

static Value copy_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return call2(t, value_of(type_of(args[0])), factory_of(args[0]), args[0]);
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value factory = factory_of(args[0]);
    Value arguments = factory == NONE ? tuple_empty : tuple_from(t, &factory, 1);
    Value items = arguments ? call_method0(t, args[0], N(items)) : 0;
    Value iterator = items ? iter_get(t, items) : 0;
    return iterator ? tuple_of(t, 5, value_of(type_of(args[0])), arguments, NONE, NONE, iterator) : 0;
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static Value defaultdict_repr(Thread *t, Value self)
{
    Value items = type_dict.slots.repr(t, self), factory = factory_of(self);
    if (!items)
        return 0;
    Value shown = 0;
    int active = repr_enter(t, factory);
    if (active >= 0)
        shown = active ? str_from_cstr(t, "...") : value_repr(t, factory);
    if (active == 0)
        repr_leave(t, factory);
    return shown ? str_format(t, "%s(%U, %U)", type_short_name(type_of(self)), shown, items) : 0;
}

static Value defaultdict_or(Thread *t, Value a, Value b)
{
    bool left = is_object(a) && type_is_subtype(type_of(a), &type_defaultdict);
    Value self = left ? a : b;
    if (!is_dict(a) || !is_dict(b))
        return NOTIMPLEMENTED;
    Value merged = call2(t, value_of(type_of(self)), factory_of(self), a);
    return merged && is_dict(merged) && dict_update(t, as_dict(merged), b) ? merged : 0;
}

static const NativeDef defaultdict_methods[] = {
    {"__missing__", missing_method, "($self, object, /)",
     "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n"
     "  if self.default_factory is None: raise KeyError((key,))\n"
     "  self[key] = value = self.default_factory()\n  return value\n", 0},
    {"copy", copy_method, "($self, /)", "D.copy() -> a shallow copy of D.", 0},
    {"__copy__", copy_method, "($self, /)", "D.copy() -> a shallow copy of D.", 0},
    {"__reduce__", reduce_method, "($self, /)", "Return state information for pickling.", 0},
    {"__class_getitem__", class_getitem_method, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static const MemberDef defaultdict_members[] = {
    {"default_factory", MEMBER_VALUE_OR_NONE, offsetof(DefaultDict, factory), true,
     "Factory for default value called by __missing__()."},
    {0},
};

Type type_defaultdict = {
    TYPE_HEAD(defaultdict, "collections.defaultdict", &type_dict, DefaultDict),
    .flags = TYPE_BASE | TYPE_MAPPING | TYPE_MATCH_SELF | TYPE_IS_DICT,
    .doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\n"
           "The default factory is called without arguments to produce\n"
           "a new value when a key is not present, in __getitem__ only.\n"
           "A defaultdict compares equal to a dict with the same items.\n"
           "All remaining arguments are treated the same as if they were\n"
           "passed to the dict constructor, including keyword arguments.",
    .slots = {.repr = defaultdict_repr, .init = defaultdict_init, .bit_or = defaultdict_or},
    .methods = defaultdict_methods,
    .members = defaultdict_members,
};

// --- _tuplegetter: a field of a named tuple ---

typedef struct TupleGetter {
    Object head;
    int64_t index;
    Value doc;
} TupleGetter;

static Value tuplegetter_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    int64_t index;
    if (!arguments_check(t, "_tuplegetter", nargs, kwnames, 2, 2) || !to_int64(t, args[0], &index))
        return 0;
    TupleGetter *getter = instance_new(t, cls, 0);
    if (!getter)
        return 0;
    getter->index = index;
    getter->doc = args[1];
    return value_of(getter);
}

static Value tuplegetter_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    TupleGetter *getter = (TupleGetter *)descr;
    if (!instance || instance == NONE)
        return descr;
    if (!is_tuple(instance))
        return raise(t, EXC(TypeError), "descriptor for index '%ld' for tuple subclasses doesn't apply to '%T' object",
                     getter->index, instance);
    if ((uint64_t)getter->index >= as_tuple(instance)->length)
        return raise(t, EXC(IndexError), "tuple index out of range");
    return as_tuple(instance)->at[getter->index];
}

static bool tuplegetter_set(Thread *t, Value descr, Value instance, Value value)
{
    (void)descr, (void)instance;
    return raise(t, EXC(AttributeError), value ? "can't set attribute" : "can't delete attribute") != 0;
}

static Value tuplegetter_repr(Thread *t, Value self)
{
    TupleGetter *getter = (TupleGetter *)self;
    return str_format(t, "%s(%ld, %R)", type_short_name(type_of(self)), getter->index, getter->doc);
}

static Value tuplegetter_reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    TupleGetter *getter = (TupleGetter *)args[0];
    Value arguments = tuple_pair(t, fixnum(getter->index), getter->doc);
    return arguments ? tuple_pair(t, value_of(getter->head.type), arguments) : 0;
}

static const NativeDef tuplegetter_methods[] = {
    {"__reduce__", tuplegetter_reduce_method, "($self, /)", NULL, 0},
    {0},
};

static const MemberDef tuplegetter_members[] = {
    {"__doc__", MEMBER_VALUE, offsetof(TupleGetter, doc), true, NULL},
    {0},
};

Type type_tuplegetter = {
    TYPE_HEAD(tuplegetter, "collections._tuplegetter", &type_object, TupleGetter),
    .slots = {.new = tuplegetter_new, .repr = tuplegetter_repr, .descr_get = tuplegetter_get, .descr_set = tuplegetter_set},
    .methods = tuplegetter_methods,
    .members = tuplegetter_members,
};

// --- counting ---

// One more of a key, in a mapping whose get and __setitem__ are dict's own.
static bool count_in_dict(Thread *t, Dict *d, Value key)
{
    Hash hash;
    Value count;
    if (!key_hash(t, key, DICT_KEY, &hash))
        return false;
    int found = dict_get_hashed(t, d, key, hash, &count);
    if (found < 0)
        return false;
    if (!found)
        count = fixnum(1);
    else if (is_fixnum(count) && fixnum_value(count) < FIXNUM_MAX)
        count = fixnum(fixnum_value(count) + 1);
    else
        count = binary_op(t, BINARY_ADD, count, fixnum(1));
    return count && dict_set_hashed(t, d, key, hash, count);
}

static bool count_in_mapping(Thread *t, Value mapping, Value get, Value key)
{
    Value count = call2(t, get, key, fixnum(0));
    count = count ? binary_op(t, BINARY_ADD, count, fixnum(1)) : 0;
    return count && item_set(t, mapping, key, count);
}

static Value count_elements(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value mapping = args[0], iterator = iter_get(t, args[1]), get = 0;
    if (!iterator)
        return 0;
    bool own = is_dict(mapping) && type_of(mapping)->slots.setitem == type_dict.slots.setitem
               && type_lookup(type_of(mapping), N(get)) == type_lookup(&type_dict, N(get));
    if (!own && !(get = attr_get(t, mapping, N(get))))
        return 0;
    for (Value key; (key = iter_next(t, iterator)) != 0;)
        if (!(own ? count_in_dict(t, as_dict(mapping), key) : count_in_mapping(t, mapping, get, key)))
            return 0;
    return is_pending(t) ? 0 : NONE;
}

static bool collections_exec(Thread *t, Value module)
{
    return module_add_type(t, module, &type_deque) && module_add_type(t, module, &type_defaultdict)
           && module_add_type(t, module, &type_ordered_dict) && module_add_type(t, module, &type_deque_iterator)
           && module_add_type(t, module, &type_deque_reverse_iterator) && module_add_type(t, module, &type_tuplegetter);
}

static const NativeDef collections_functions[] = {
    {"_count_elements", count_elements, "(mapping, iterable, /)", "Count elements in the iterable, updating the mapping", 0},
    {0},
};

const ModuleDef module_collections = {
    .name = "_collections",
    .doc = "High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n"
           "- defaultdict:  dict subclass with a default value factory\n",
    .functions = collections_functions,
    .exec = collections_exec,
};
