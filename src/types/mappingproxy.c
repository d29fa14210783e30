// mappingproxy.c: read-only views of mappings; `__dict__` of classes. Immutable.
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

typedef struct MappingProxy { Object head; Value mapping; } MappingProxy;

static Value mapping_of(Value v)
{
    return ((MappingProxy *)v)->mapping;
}

Value mappingproxy_new(Thread *t, Value mapping)
{
    MappingProxy *p = new_object(t, mappingproxy, MappingProxy);
    if (p)
        p->mapping = mapping;
    return value_of(p);
}

static Value make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[1];
    (void)cls;
    BIND_ARGUMENTS(t, "mappingproxy", "(mapping)", args, nargs, kwnames, a, return 0);
    const Slots *slots = &type_of(a[0])->slots;
    if (!slots->getitem || is_instance_flag(a[0], TYPE_IS_LIST) || is_instance_flag(a[0], TYPE_IS_TUPLE))
        return raise(t, EXC(TypeError), "mappingproxy() argument must be a mapping, not %T", a[0]);
    return mappingproxy_new(t, a[0]);
}

static Value repr(Thread *t, Value o) { return str_format(t, "mappingproxy(%R)", mapping_of(o)); }
static Value str(Thread *t, Value o) { return value_str(t, mapping_of(o)); }
static bool hash(Thread *t, Value o, Hash *out) { return value_hash(t, mapping_of(o), out); }
static int64_t length(Thread *t, Value o) { return length_of(t, mapping_of(o)); }
static Value getitem(Thread *t, Value o, Value key) { return item_get(t, mapping_of(o), key); }
static int contains(Thread *t, Value o, Value key) { return item_contains(t, mapping_of(o), key); }
static Value iter(Thread *t, Value o) { return iter_get(t, mapping_of(o)); }

static Value compare_proxies(Thread *t, Value a, Value b, CompareOp op)
{
    return compare(t, mapping_of(a), is_exactly(b, &type_mappingproxy) ? mapping_of(b) : b, op);
}

static Value or(Thread *t, Value a, Value b)
{
    Value left = is_exactly(a, &type_mappingproxy) ? mapping_of(a) : a, right = is_exactly(b, &type_mappingproxy) ? mapping_of(b) : b;
    return binary_op(t, BINARY_OR, left, right);
}

static Value inplace_or(Thread *t, Value a, Value b)
{
    (void)b;
    return raise(t, EXC(TypeError), "'|=' is not supported by %T; use '|' instead", a);
}

static Value method_get(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return call_method2(t, mapping_of(args[0]), N(get), args[1], args[2] ? args[2] : NONE);
}

static Value method_keys(Thread *t, const Value *args, size_t nargs) { (void)nargs; return call_method0(t, mapping_of(args[0]), N(keys)); }
static Value method_values(Thread *t, const Value *args, size_t nargs) { (void)nargs; return call_method0(t, mapping_of(args[0]), N(values)); }
static Value method_items(Thread *t, const Value *args, size_t nargs) { (void)nargs; return call_method0(t, mapping_of(args[0]), N(items)); }
static Value method_copy(Thread *t, const Value *args, size_t nargs) { (void)nargs; return call_method0(t, mapping_of(args[0]), N(copy)); }
static Value method_reversed(Thread *t, const Value *args, size_t nargs) { (void)nargs; return call_method0(t, mapping_of(args[0]), N(__reversed__)); }
static Value method_class_getitem(Thread *t, const Value *args, size_t nargs) { (void)nargs; return generic_alias_new(t, args[0], args[1]); }

static const NativeDef methods[] = {
    {"get", method_get, "($self, key, default=None, /)", "Return the value for key if key is in the mapping, else default.", NATIVE_PLAIN},
    {"keys", method_keys, "($self, /)", "D.keys() -> a set-like object providing a view on D's keys", NATIVE_PLAIN},
    {"values", method_values, "($self, /)", "D.values() -> an object providing a view on D's values", NATIVE_PLAIN},
    {"items", method_items, "($self, /)", "D.items() -> a set-like object providing a view on D's items", NATIVE_PLAIN},
    {"copy", method_copy, "($self, /)", "D.copy() -> a shallow copy of D", NATIVE_PLAIN},
    {"__class_getitem__", method_class_getitem, "($cls, object, /)", "See PEP 585", NATIVE_CLASS},
    {"__reversed__", method_reversed, "($self, /)", "D.__reversed__() -> reverse iterator", NATIVE_PLAIN},
    {0},
};

Type type_mappingproxy = {
    TYPE_HEAD(mappingproxy, "mappingproxy", &type_object, MappingProxy),
    .flags = TYPE_MAPPING,
    .new_signature = "(mapping)",
    .slots = {
        .repr = repr,
        .str = str,
        .hash = hash,
        .compare = compare_proxies,
        .iter = iter,
        .length = length,
        .getitem = getitem,
        .contains = contains,
        .bit_or = or,
        .inplace_or = inplace_or,
        .new = make,
    },
    .methods = methods,
};
