// object.c: the type `object`: what every object can do.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/type_internal.h"

static size_t keyword_count(Value kwnames)
{
    return kwnames ? as_tuple(kwnames)->length : 0;
}

// --- making ---

// Excess arguments are an error unless the class overrides the other of __new__ and __init__.
static bool check_new_arguments(Thread *t, const Type *cls, size_t given)
{
    if (!given)
        return true;
    if (cls->slots.new != object_new)
        return raise(t, EXC(TypeError), "object.__new__() takes exactly one argument (the type to instantiate)");
    if (cls->slots.init == object_init)
        return raise(t, EXC(TypeError), "%N() takes no arguments", cls);
    return true;
}

static Value raise_abstract(Thread *t, Type *cls)
{
    Value names = attr_get(t, value_of(cls), N(__abstractmethods__));
    List *list = names ? as_list(list_from_iterable(t, names)) : NULL;
    if (!list || !list_sort(t, list, 0, false))
        return 0;
    size_t count;
    Value *items = list_snapshot(t, list, &count), separator = items ? str_from_ascii(t, "', '", 4) : 0;
    Value text = separator ? str_join(t, separator, items, count) : 0;
    return text ? raise(t, EXC(TypeError), "Can't instantiate abstract class %N without an implementation for abstract method%s '%U'", cls,
                        count > 1 ? "s" : "", text) : 0;
}

Value object_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    if (!check_new_arguments(t, cls, nargs + keyword_count(kwnames)))
        return 0;
    if (unlikely(load_relaxed(&cls->flags) & TYPE_ABSTRACT))
        return raise_abstract(t, cls);
    return value_of(instance_new(t, cls, 0));
}

bool object_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    if (likely(!(nargs + keyword_count(kwnames))))
        return true;
    const Type *cls = type_of(self);
    if (cls->slots.init != object_init)
        return raise(t, EXC(TypeError), "object.__init__() takes exactly one argument (the instance to initialize)");
    if (cls->slots.new == object_new)
        return raise(t, EXC(TypeError), "%N.__init__() takes exactly one argument (the instance to initialize)", cls);
    return true;
}

// --- display, comparison ---

static Value object_repr(Thread *t, Value self)
{
    Type *type = type_of(self);
    Value module = type_get_module(t, value_of(type));
    if (!module)
        pending_clear(t);
    if (module && is_str(module) && !str_equal_cstr(module, "builtins"))
        return str_format(t, "<%U.%U object at 0x%lx>", module, type->qualname, self);
    return str_format(t, "<%N object at 0x%lx>", type, self);
}

static Value object_str(Thread *t, Value self)
{
    return value_repr(t, self);
}

static bool object_hash(Thread *t, Value self, Hash *out)
{
    (void)t;
    Hash hash = (Hash)(self >> 4 | self << 60);
    *out = hash == -1 ? -2 : hash;
    return true;
}

static Value object_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (op == CMP_EQ)
        return a == b ? TRUE : NOTIMPLEMENTED;
    if (op != CMP_NE)
        return NOTIMPLEMENTED;
    CompareFn compare_fn = type_of(a)->slots.compare;
    Value equal = compare_fn ? compare_fn(t, a, b, CMP_EQ) : NOTIMPLEMENTED;
    if (!equal || equal == NOTIMPLEMENTED)
        return equal;
    int answer = truth(t, equal);
    return answer < 0 ? 0 : value_bool(!answer);
}

// --- attributes of every object ---

static Value get_class(Thread *t, Value self)
{
    (void)t;
    return value_of(type_of(self));
}

static bool set_class(Thread *t, Value self, Value cls)
{
    return object_set_class(t, self, cls);
}

static const GetSetDef object_getsets[] = {
    {"__class__", get_class, set_class, "the object's class"},
    {0},
};

Value object_get_dict(Thread *t, Value self)
{
    if (is_pointer(self) && as_object(self)->type->attr_offset)
        return instance_dict(t, as_object(self));
    if (is_instance_flag(self, TYPE_IS_MODULE))
        return ((Module *)self)->dict;
    if (is_type(self))
        return mappingproxy_new(t, as_type(self)->attributes);
    return raise(t, EXC(AttributeError), "This object has no __dict__");
}

bool object_set_dict(Thread *t, Value self, Value dict)
{
    if (!is_pointer(self) || !as_object(self)->type->attr_offset)
        return raise(t, EXC(AttributeError), "This object has no __dict__");
    if (!dict && is_exception(self))
        return raise(t, EXC(TypeError), "cannot delete __dict__");
    if (!dict) {
        Dict *empty = dict_new(t);
        return empty && instance_set_dict(t, as_object(self), value_of(empty));
    }
    if (!is_dict(dict))
        return raise(t, EXC(TypeError), "__dict__ must be set to a dictionary, not a '%T'", dict);
    return instance_set_dict(t, as_object(self), dict);
}

// The same for instances of builtin types, which keep their dict.
bool builtin_set_dict(Thread *t, Value self, Value dict)
{
    if (!dict)
        return raise(t, EXC(TypeError), "cannot delete __dict__");
    return object_set_dict(t, self, dict);
}

// --- dir ---

bool dir_merge_class(Thread *t, Dict *names, Value cls)
{
    Value dict, bases;
    int found = attr_find(t, cls, N(__dict__), &dict);
    if (found < 0 || (found && !dict_update(t, names, dict)))
        return false;
    found = attr_find(t, cls, N(__bases__), &bases);
    if (found <= 0 || !is_tuple(bases))
        return found >= 0;
    for (size_t i = 0; i < as_tuple(bases)->length; i++)
        if (!dir_merge_class(t, names, as_tuple(bases)->at[i]))
            return false;
    return true;
}

static Value method_dir(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Dict *names = dict_new(t);
    Value dict, cls;
    int found = names ? attr_find(t, args[0], N(__dict__), &dict) : -1;
    if (found < 0 || (found && is_dict(dict) && !dict_update(t, names, dict)))
        return 0;
    found = attr_find(t, args[0], N(__class__), &cls);
    if (found < 0 || (found && !dir_merge_class(t, names, cls)))
        return 0;
    return dict_keys_list(t, names);
}

// --- small methods ---

static Value method_format(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "__format__() argument must be str, not %T", args[1]);
    if (as_str(args[1])->length)
        return raise(t, EXC(TypeError), "unsupported format string passed to %N.__format__", type_of(args[0]));
    return value_str(t, args[0]);
}

static Value method_sizeof(Thread *t, const Value *args, size_t nargs)
{
    (void)t;
    (void)nargs;
    const Type *type = type_of(args[0]);
    int64_t items = 0;
    if (type->item_size && type->slots.length) {
        items = type->slots.length(t, args[0]);
        if (items < 0)
            return 0;
    }
    return fixnum((int64_t)type->basic_size + items * type->item_size);
}

static Value method_init_subclass(Thread *t, const Value *args, size_t nargs)
{
    (void)t;
    (void)args;
    (void)nargs;
    return NONE;
}

static Value method_subclasshook(Thread *t, const Value *args, size_t nargs)
{
    (void)t;
    (void)args;
    (void)nargs;
    return NOTIMPLEMENTED;
}

static const NativeDef object_methods[] = {
    {"__reduce_ex__", object_reduce_ex, "($self, protocol, /)", "Helper for pickle.", NATIVE_PLAIN},
    {"__reduce__", object_reduce, "($self, /)", "Helper for pickle.", NATIVE_PLAIN},
    {"__getstate__", object_getstate, "($self, /)", "Helper for pickle.", NATIVE_PLAIN},
    {"__subclasshook__", method_subclasshook, "($cls, object, /)",
     "Abstract classes can override this to customize issubclass().\n\n"
     "This is invoked early on by abc.ABCMeta.__subclasscheck__().\n"
     "It should return True, False or NotImplemented.  If it returns\n"
     "NotImplemented, the normal algorithm is used.  Otherwise, it\n"
     "overrides the normal algorithm (and the outcome is cached).",
     NATIVE_CLASS},
    {"__init_subclass__", method_init_subclass, "($cls, /)",
     "This method is called when a class is subclassed.\n\n"
     "The default implementation does nothing. It may be\n"
     "overridden to extend subclasses.",
     NATIVE_CLASS},
    {"__format__", method_format, "($self, format_spec, /)",
     "Default object formatter.\n\nReturn str(self) if format_spec is empty. Raise TypeError otherwise.", NATIVE_PLAIN},
    {"__sizeof__", method_sizeof, "($self, /)", "Return the size of the object in memory, in bytes.", NATIVE_PLAIN},
    {"__dir__", method_dir, "($self, /)", "Default dir() implementation.", NATIVE_PLAIN},
    {0},
};

Type type_object = {
    TYPE_HEAD(object, "object", NULL, Object),
    .flags = TYPE_BASE,
    .doc = "The base class of the class hierarchy.\n\n"
           "When called, it accepts no arguments and returns a new featureless\n"
           "instance that has no instance attributes and cannot be given any.\n",
    .new_signature = "()",
    .slots = {
        .repr = object_repr,
        .str = object_str,
        .hash = object_hash,
        .compare = object_compare,
        .getattr = attr_generic_get,
        .setattr = attr_generic_set,
        .new = object_new,
        .init = object_init,
    },
    .methods = object_methods,
    .getsets = object_getsets,
};

// Never the type of an object; see types.def.
Type type_instance_dict_shape = {
    TYPE_HEAD(instance_dict_shape, "instance-with-dict", &type_object, Object),
    .flags = TYPE_DISALLOW_NEW,
};
