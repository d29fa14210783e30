// type_members.c: the computed attributes and methods of type objects.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static Value own(Type *type, Value name)
{
    return dict_get_known(as_dict(type->attributes), name);
}

// Binds an attribute of the class's own dict as reading it from the class does.
static Value bound_own(Thread *t, Type *type, Value attribute)
{
    DescrGetFn get = type_of(attribute)->slots.descr_get;
    return get ? get(t, attribute, 0, value_of(type)) : attribute;
}

static bool check_mutable(Thread *t, Type *type, Value value, const char *name)
{
    if (type_has_flag(type, TYPE_IMMUTABLE))
        return raise(t, EXC(TypeError), "cannot set '%s' attribute of immutable type '%s'", name, type->name);
    if (!value)
        return raise(t, EXC(TypeError), "cannot delete '%s' attribute of immutable type '%s'", name, type->name);
    return true;
}

// --- names ---

static Value get_name(Thread *t, Value o)
{
    (void)t;
    return as_type(o)->name_str;
}

static bool set_name(Thread *t, Value o, Value value)
{
    Type *type = as_type(o);
    if (!check_mutable(t, type, value, "__name__"))
        return false;
    if (!is_str(value))
        return raise(t, EXC(TypeError), "can only assign string to %N.__name__, not '%T'", type, value);
    size_t length;
    const char *text = str_utf8(t, value, &length);
    if (!text)
        return false;
    if (strlen(text) != length)
        return raise(t, EXC(ValueError), "type name must not contain null characters");
    publish(&type->name_str, value);
    publish(&type->name, type_name_text(t, text));
    return type->name != NULL;
}

static Value get_qualname(Thread *t, Value o)
{
    (void)t;
    return as_type(o)->qualname;
}

static bool set_qualname(Thread *t, Value o, Value value)
{
    Type *type = as_type(o);
    if (!check_mutable(t, type, value, "__qualname__"))
        return false;
    if (!is_str(value))
        return raise(t, EXC(TypeError), "can only assign string to %N.__qualname__, not '%T'", type, value);
    publish(&type->qualname, value);
    return true;
}

Value type_get_module(Thread *t, Value o)
{
    Type *type = as_type(o);
    if (type_has_flag(type, TYPE_HEAP)) {
        Value module = own(type, N(__module__));
        return module ? module : raise_with(t, EXC(AttributeError), N(__module__));
    }
    return type->module ? type->module : N(builtins);
}

static bool set_module(Thread *t, Value o, Value value)
{
    Type *type = as_type(o);
    if (!check_mutable(t, type, value, "__module__"))
        return false;
    if (type_set_own(t, type, N(__firstlineno__), 0) < 0)
        return false;
    return type_set_own(t, type, N(__module__), value) > 0;
}

static Value type_repr(Thread *t, Value o)
{
    Value module = type_get_module(t, o);
    if (!module)
        pending_clear(t);
    Type *type = as_type(o);
    if (module && is_str(module) && !str_equal_cstr(module, "builtins"))
        return str_format(t, "<class '%U.%U'>", module, type->qualname);
    return str_format(t, "<class '%s'>", type_has_flag(type, TYPE_HEAP) ? str_utf8(t, type->qualname, NULL) : type->name);
}

// --- lineage ---

static Value get_bases(Thread *t, Value o) { (void)t; return as_type(o)->bases; }
static Value get_mro(Thread *t, Value o) { (void)t; return as_type(o)->mro ? as_type(o)->mro : NONE; }
static Value get_base(Thread *t, Value o) { (void)t; return as_type(o)->base ? value_of(as_type(o)->base) : NONE; }

static bool set_bases(Thread *t, Value o, Value value)
{
    return check_mutable(t, as_type(o), value, "__bases__") && type_set_bases(t, as_type(o), value);
}

static Value get_dict(Thread *t, Value o)
{
    return mappingproxy_new(t, as_type(o)->attributes);
}

// --- documentation ---

static Value get_doc(Thread *t, Value o)
{
    const Type *type = as_type(o);
    if (!type_has_flag(type, TYPE_HEAP))     // a __doc__ in its dict may be its instances' member
        return type->doc ? str_from_cstr(t, type->doc) : NONE;
    Value doc = own(as_type(o), N(__doc__));
    return doc ? bound_own(t, as_type(o), doc) : NONE;
}

static bool set_doc(Thread *t, Value o, Value value)
{
    return check_mutable(t, as_type(o), value, "__doc__") && type_set_own(t, as_type(o), N(__doc__), value) > 0;
}

static Value get_text_signature(Thread *t, Value o)
{
    return signature_text(t, as_type(o)->new_signature);
}

// --- numbers ---

static Value get_basicsize(Thread *t, Value o) { (void)t; return fixnum(as_type(o)->basic_size); }
static Value get_itemsize(Thread *t, Value o) { (void)t; return fixnum(as_type(o)->item_size); }
static Value get_dictoffset(Thread *t, Value o) { (void)t; return fixnum(as_type(o)->attr_offset); }
static Value get_weakrefoffset(Thread *t, Value o) { (void)t; return fixnum(type_has_flag(as_type(o), TYPE_HAS_WEAKREFS) ? 8 : 0); }

// CPython's bits of __flags__ that programs look at.
enum {
    TPFLAG_IMMUTABLE = 1 << 8, TPFLAG_HEAP = 1 << 9, TPFLAG_BASE = 1 << 10, TPFLAG_READY = 1 << 12, TPFLAG_GC = 1 << 14,
    TPFLAG_SEQUENCE = 1 << 5, TPFLAG_MAPPING = 1 << 6, TPFLAG_DISALLOW_NEW = 1 << 7, TPFLAG_METHOD_DESCRIPTOR = 1 << 17,
    TPFLAG_ABSTRACT = 1 << 20, TPFLAG_MATCH_SELF = 1 << 22, TPFLAG_MANAGED_DICT = 1 << 4,
};

static const struct { uint32_t ours, theirs; } flag_map[] = {
    {TYPE_IMMUTABLE, TPFLAG_IMMUTABLE}, {TYPE_HEAP, TPFLAG_HEAP}, {TYPE_BASE, TPFLAG_BASE}, {TYPE_READY, TPFLAG_READY},
    {TYPE_SEQUENCE, TPFLAG_SEQUENCE}, {TYPE_MAPPING, TPFLAG_MAPPING}, {TYPE_DISALLOW_NEW, TPFLAG_DISALLOW_NEW},
    {TYPE_METHOD_DESCRIPTOR, TPFLAG_METHOD_DESCRIPTOR}, {TYPE_ABSTRACT, TPFLAG_ABSTRACT}, {TYPE_MATCH_SELF, TPFLAG_MATCH_SELF},
    {TYPE_IS_INT, 1u << 24}, {TYPE_IS_LIST, 1u << 25}, {TYPE_IS_TUPLE, 1u << 26}, {TYPE_IS_BYTES, 1u << 27},
    {TYPE_IS_STR, 1u << 28}, {TYPE_IS_DICT, 1u << 29}, {TYPE_IS_EXCEPTION, 1u << 30}, {TYPE_IS_TYPE, 1u << 31},
};

static Value get_flags(Thread *t, Value o)
{
    (void)t;
    uint32_t flags = TPFLAG_GC;
    for (size_t i = 0; i < COUNT_OF(flag_map); i++)
        if (load_relaxed(&as_type(o)->flags) & flag_map[i].ours)
            flags |= flag_map[i].theirs;
    if (!type_has_flag(as_type(o), TYPE_HEAP) && type_looks_made(as_type(o)))
        flags |= TPFLAG_HEAP;
    return fixnum(flags);
}

// --- abstract methods ---

static Value get_abstractmethods(Thread *t, Value o)
{
    Value names = o == value_of(&type_type) ? 0 : own(as_type(o), N(__abstractmethods__));
    return names ? names : raise_attribute_text(t, o, N(__abstractmethods__), "type object '%N' has no attribute '__abstractmethods__'", as_type(o));
}

static bool set_abstractmethods(Thread *t, Value o, Value value)
{
    Type *type = as_type(o);
    int abstract = value ? truth(t, value) : 0;
    if (abstract < 0)
        return false;
    if (type_has_flag(type, TYPE_IMMUTABLE))
        return raise(t, EXC(TypeError), "cannot set '__abstractmethods__' attribute of immutable type '%s'", type->name);
    int done = type_set_own(t, type, N(__abstractmethods__), value);
    if (done == 0)
        raise_with(t, EXC(AttributeError), N(__abstractmethods__));
    if (done <= 0)
        return false;
    if (abstract)
        __atomic_fetch_or(&type->flags, TYPE_ABSTRACT, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&type->flags, ~(uint32_t)TYPE_ABSTRACT, __ATOMIC_RELAXED);
    return true;
}

// --- annotations (PEP 649) ---

static Value get_annotate(Thread *t, Value o)
{
    Type *type = as_type(o);
    if (!type_has_flag(type, TYPE_HEAP))
        return raise_attribute_text(t, o, N(__annotate__), "type object '%N' has no attribute '__annotate__'", type);
    Value annotate = own(type, N(__annotate__));          // set by hand
    if (!annotate)
        annotate = own(type, N(__annotate_func__));
    if (annotate)
        return bound_own(t, type, annotate);
    return type_set_own(t, type, N(__annotate_func__), NONE) > 0 ? NONE : 0;
}

static bool set_annotate(Thread *t, Value o, Value value)
{
    Type *type = as_type(o);
    if (!value)
        return raise(t, EXC(TypeError), "cannot delete __annotate__ attribute");
    if (type_has_flag(type, TYPE_IMMUTABLE))
        return raise(t, EXC(TypeError), "cannot set '__annotate__' attribute of immutable type '%s'", type->name);
    if (value != NONE && !is_callable(value))
        return raise(t, EXC(TypeError), "__annotate__ must be callable or None");
    if (type_set_own(t, type, N(__annotate_func__), value) < 0)
        return false;
    return value == NONE || type_set_own(t, type, N(__annotations_cache__), 0) >= 0;
}

static Value evaluate_annotations(Thread *t, Value o)
{
    Value annotate = get_annotate(t, o);
    if (!annotate)
        return 0;
    Value annotations;
    if (is_callable(annotate)) {
        annotations = call1(t, annotate, fixnum(1));
        if (annotations && !is_dict(annotations))
            return raise(t, EXC(TypeError), "__annotate__ returned non-dict of type '%T'", annotations);
    } else {
        annotations = value_of(dict_new(t));
    }
    return annotations && type_set_own(t, as_type(o), N(__annotations_cache__), annotations) > 0 ? annotations : 0;
}

static Value get_annotations(Thread *t, Value o)
{
    Type *type = as_type(o);
    if (!type_has_flag(type, TYPE_HEAP))
        return raise_attribute_text(t, o, N(__annotations__), "type object '%N' has no attribute '__annotations__'", type);
    Value annotations = own(type, N(__annotations__));
    if (!annotations)
        annotations = own(type, N(__annotations_cache__));
    return annotations ? bound_own(t, type, annotations) : evaluate_annotations(t, o);
}

static bool set_annotations(Thread *t, Value o, Value value)
{
    Type *type = as_type(o);
    if (type_has_flag(type, TYPE_IMMUTABLE))
        return raise(t, EXC(TypeError), "cannot set '__annotations__' attribute of immutable type '%s'", type->name);
    int done;
    if (value) {
        done = type_set_own(t, type, own(type, N(__annotations__)) ? N(__annotations__) : N(__annotations_cache__), value);
    } else {
        int first = type_set_own(t, type, N(__annotations__), 0);
        done = first < 0 ? first : type_set_own(t, type, N(__annotations_cache__), 0) | first;
        if (done == 0)
            raise_with(t, EXC(AttributeError), N(__annotations__));
    }
    return done > 0 && type_set_own(t, type, N(__annotate_func__), 0) >= 0 && type_set_own(t, type, N(__annotate__), 0) >= 0;
}

static Value get_type_params(Thread *t, Value o)
{
    (void)t;
    Value params = o == value_of(&type_type) ? 0 : own(as_type(o), N(__type_params__));
    return params ? params : tuple_empty;
}

static bool set_type_params(Thread *t, Value o, Value value)
{
    return check_mutable(t, as_type(o), value, "__type_params__") && type_set_own(t, as_type(o), N(__type_params__), value) > 0;
}

const GetSetDef type_getsets[] = {
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__bases__", get_bases, set_bases, NULL},
    {"__mro__", get_mro, NULL, NULL},
    {"__base__", get_base, NULL, NULL},
    {"__module__", type_get_module, set_module, NULL},
    {"__abstractmethods__", get_abstractmethods, set_abstractmethods, NULL},
    {"__dict__", get_dict, NULL, NULL},
    {"__doc__", get_doc, set_doc, NULL},
    {"__text_signature__", get_text_signature, NULL, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__annotate__", get_annotate, set_annotate, NULL},
    {"__type_params__", get_type_params, set_type_params, NULL},
    {"__basicsize__", get_basicsize, NULL, NULL},
    {"__itemsize__", get_itemsize, NULL, NULL},
    {"__dictoffset__", get_dictoffset, NULL, NULL},
    {"__weakrefoffset__", get_weakrefoffset, NULL, NULL},
    {"__flags__", get_flags, NULL, NULL},
    {0},
};

// --- methods ---

static Value method_mro(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value mro = mro_linearize(t, as_type(args[0]));
    return mro ? list_from(t, as_tuple(mro)->at, as_tuple(mro)->length) : 0;
}

static Value method_subclasses(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    types_lock();
    Value list = type_subclasses_list(t, as_type(args[0]));
    types_unlock();
    return list;
}

static Value method_prepare(Thread *t, const Value *args, size_t nargs)
{
    (void)args;
    (void)nargs;
    return value_of(dict_new(t));
}

static Value method_instancecheck(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int answer = type_instance_check(t, args[1], args[0]);
    return answer < 0 ? 0 : value_bool(answer);
}

static Value method_subclasscheck(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int answer = type_subclass_check(t, args[1], args[0]);
    return answer < 0 ? 0 : value_bool(answer);
}

static Value method_dir(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Dict *names = dict_new(t);
    return names && dir_merge_class(t, names, args[0]) ? dict_keys_list(t, names) : 0;
}

static Value method_sizeof(Thread *t, const Value *args, size_t nargs)
{
    (void)t;
    (void)nargs;
    return fixnum((int64_t)as_object(args[0])->type->basic_size);
}

const NativeDef type_methods[] = {
    {"mro", method_mro, "($self, /)", "Return a type's method resolution order.", NATIVE_PLAIN},
    {"__subclasses__", method_subclasses, "($self, /)", "Return a list of immediate subclasses.", NATIVE_PLAIN},
    {"__prepare__", method_prepare, "($cls, name, bases, /, **kwds)", "Create the namespace for the class statement", NATIVE_CLASS},
    {"__instancecheck__", method_instancecheck, "($self, instance, /)", "Check if an object is an instance.", NATIVE_PLAIN},
    {"__subclasscheck__", method_subclasscheck, "($self, subclass, /)", "Check if a class is a subclass.", NATIVE_PLAIN},
    {"__dir__", method_dir, "($self, /)", "Specialized __dir__ implementation for types.", NATIVE_PLAIN},
    {"__sizeof__", method_sizeof, "($self, /)", "Return memory consumption of the type object.", NATIVE_PLAIN},
    {0},
};

Value type_show(Thread *t, Value o)
{
    return type_repr(t, o);
}
