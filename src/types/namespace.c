// namespace.c: types.SimpleNamespace: an object that is nothing but its attributes.
#include "src/core/shape.h"
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/type_internal.h"

typedef struct Namespace { Object head; AttrArea attributes; } Namespace;

static Value make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    return value_of(instance_new(t, cls, 0));
}

static bool set_from_dict(Thread *t, Value self, Dict *dict)
{
    size_t position = 0;
    Value key, value;
    while (dict_next(dict, &position, &key, &value)) {
        if (!is_str(key))
            return raise(t, EXC(TypeError), "keywords must be strings");
        Value name = name_check(t, key);
        if (!name || !instance_set(t, as_object(self), name, value))
            return false;
    }
    return true;
}

static bool init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs > 1)
        return raise(t, EXC(TypeError), "%N expected at most 1 argument, got %lu", type_of(self), (uint64_t)nargs);
    if (nargs) {
        Dict *dict = dict_new(t);
        if (!dict || !dict_update(t, dict, args[0]) || !set_from_dict(t, self, dict))
            return false;
    }
    size_t keywords = kwnames ? as_tuple(kwnames)->length : 0;
    for (size_t i = 0; i < keywords; i++) {
        Value name = name_check(t, as_tuple(kwnames)->at[i]);
        if (!name || !instance_set(t, as_object(self), name, args[nargs + i]))
            return false;
    }
    return true;
}

// name=value, … in order of definition.
static bool append_items(Thread *t, StrBuilder *b, Value self)
{
    Value copy = instance_dict_copy(t, as_object(self));
    size_t position = 0;
    Value key, value;
    bool first = true;
    while (copy && dict_next(as_dict(copy), &position, &key, &value)) {
        if (!is_str(key) || !as_str(key)->length)
            continue;
        if (!builder_format(t, b, first ? "%U=%R" : ", %U=%R", key, value))
            return false;
        first = false;
    }
    return copy != 0;
}

static Value repr(Thread *t, Value self)
{
    bool plain = is_exactly(self, &type_simplenamespace);
    int active = repr_enter(t, self);
    if (active < 0)
        return 0;
    if (active)
        return plain ? str_format(t, "namespace(...)") : str_format(t, "%T(...)", self);
    StrBuilder b;
    builder_init(&b);
    bool done = (plain ? builder_cstr(t, &b, "namespace(") : builder_format(t, &b, "%T(", self)) && append_items(t, &b, self) &&
                builder_char(t, &b, ')');
    repr_leave(t, self);
    return done ? builder_finish(t, &b) : 0;
}

static Value compare_namespaces(Thread *t, Value a, Value b, CompareOp op)
{
    if (!type_is_subtype(type_of(a), &type_simplenamespace) || !type_is_subtype(type_of(b), &type_simplenamespace))
        return NOTIMPLEMENTED;
    Value left = instance_dict_copy(t, as_object(a)), right = left ? instance_dict_copy(t, as_object(b)) : 0;
    return right ? compare(t, left, right, op) : 0;
}

static Value method_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value dict = instance_dict_copy(t, as_object(args[0]));
    return dict ? tuple_of(t, 3, value_of(type_of(args[0])), tuple_empty, dict) : 0;
}

// copy.replace(): a new one of the same type with some attributes changed.
static Value method_replace(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value made = call0(t, value_of(type_of(args[0])));
    if (!made)
        return 0;
    if (!type_is_subtype(type_of(made), &type_simplenamespace))
        return raise(t, EXC(TypeError), "expect types.SimpleNamespace type, but %V.%U() returned '%T' object",
                     type_get_module(t, value_of(type_of(args[0]))), type_of(args[0])->qualname, made);
    Value dict = instance_dict_copy(t, as_object(args[0]));
    if (!dict || !set_from_dict(t, made, as_dict(dict)) || (args[1] && !set_from_dict(t, made, as_dict(args[1]))))
        return 0;
    return made;
}

static const NativeDef methods[] = {
    {"__reduce__", method_reduce, "($self, /)", "Return state information for pickling", NATIVE_PLAIN},
    {"__replace__", method_replace, "($self, /, **changes)", "Return a copy of the namespace object with new values for the specified attributes.", NATIVE_PLAIN},
    {0},
};

static const GetSetDef getsets[] = {{"__dict__", object_get_dict, NULL, NULL}, {0}};

Type type_simplenamespace = {
    TYPE_HEAD(simplenamespace, "types.SimpleNamespace", &type_object, Namespace),
    .flags = TYPE_BASE,
    .attr_offset = offsetof(Namespace, attributes),
    .doc = "A simple attribute-based namespace.",
    .new_signature = "(mapping_or_iterable=(), /, **kwargs)",
    .slots = {.repr = repr, .compare = compare_namespaces, .hash = hash_not_implemented, .new = make, .init = init},
    .methods = methods,
    .getsets = getsets,
};
