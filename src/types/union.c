// union.c: union types: int | str, typing.Union[...]. Immutable; members are flattened and unique.
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/type_parameter.h"

typedef struct Union {
    Object head;
    Value args;                   // tuple of the members, in order
    Value hashable;               // frozenset of the members that can be hashed
    Value unhashable;             // tuple of the others
    Value parameters;             // tuple of type parameters, or 0: not computed
} Union;

static Union *as_union(Value v)
{
    return (Union *)v;
}

Value union_args(Value union_type)
{
    return as_union(union_type)->args;
}

// --- collecting members ---

typedef struct Members {
    List *args;
    Set *hashable;
    List *unhashable;
} Members;

static bool members_open(Thread *t, Members *m)
{
    *m = (Members){list_new(t, 4), set_new(t, true), list_new(t, 0)};
    return m->args && m->hashable && m->unhashable;
}

static bool is_known_unhashable(Thread *t, const Members *m, Value member, int *known)
{
    *known = 0;
    for (size_t i = 0; i < list_length(m->unhashable) && !*known; i++)
        *known = values_equal(t, list_get(m->unhashable, i), member);
    return *known >= 0;
}

static bool add_one(Thread *t, Members *m, Value member)
{
    if (member == NONE)
        member = value_of(&type_none);
    Hash hash;
    if (value_hash(t, member, &hash)) {
        int added = set_add(t, m->hashable, member);
        return added > 0 ? list_append(t, m->args, member) : added == 0;
    }
    int known;
    if (!pending_clear_if(t, EXC(TypeError)) || !is_known_unhashable(t, m, member, &known))
        return false;
    return known || (list_append(t, m->unhashable, member) && list_append(t, m->args, member));
}

static bool add_member(Thread *t, Members *m, Value member)
{
    if (!is_exactly(member, &type_union))
        return add_one(t, m, member);
    const Tuple *args = as_tuple(as_union(member)->args);
    for (size_t i = 0; i < args->length; i++)
        if (!add_one(t, m, args->at[i]))
            return false;
    return true;
}

// The union of what was collected: a lone member stands for itself.
static Value members_finish(Thread *t, const Members *m)
{
    size_t count = list_length(m->args);
    if (count == 0)
        return raise(t, EXC(TypeError), "Cannot take a Union of no types.");
    if (count == 1)
        return list_get(m->args, 0);
    Union *u = new_object(t, union, Union);
    if (!u || !(u->args = list_to_tuple(t, m->args)) || !(u->unhashable = list_to_tuple(t, m->unhashable)))
        return 0;
    u->hashable = value_of(m->hashable);
    return value_of(u);
}

// --- a | b ---

static bool is_unionable(Value v)
{
    return v == NONE || is_type(v) || (is_object(v) && type_is_subtype(type_of(v), &type_generic_alias)) || is_exactly(v, &type_union) || is_exactly(v, &type_typealias);
}

Value union_of_any(Thread *t, Value a, Value b)
{
    Members m;
    if (!members_open(t, &m) || !add_member(t, &m, a) || !add_member(t, &m, b))
        return 0;
    return members_finish(t, &m);
}

Value union_of(Thread *t, Value a, Value b)
{
    return is_unionable(a) && is_unionable(b) ? union_of_any(t, a, b) : NOTIMPLEMENTED;
}

// Strings in Union[...] are forward references.
static bool add_checked(Thread *t, Members *m, Value member)
{
    if (is_str(member)) {
        Value typing = hooks.import_module(t, "typing");
        member = typing ? call_method1(t, typing, N(ForwardRef), member) : 0;
        return member && add_member(t, m, member);
    }
    if (is_unionable(member))
        return add_member(t, m, member);
    Value typing = hooks.import_module(t, "typing"), message = typing ? str_from_cstr(t, "Union[arg, ...]: each arg must be a type.") : 0;
    Value converted = message ? call_method2(t, typing, N(_type_check), member, message) : 0;
    return converted && add_member(t, m, converted);
}

Value union_of_checked(Thread *t, Value a, Value b)
{
    Members m;
    if (!members_open(t, &m) || !add_checked(t, &m, a) || !add_checked(t, &m, b))
        return 0;
    return members_finish(t, &m);
}

static Value class_getitem(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Members m;
    if (!members_open(t, &m))
        return 0;
    Value items = is_tuple(args[1]) ? args[1] : tuple_of(t, 1, args[1]);
    for (size_t i = 0; items && i < as_tuple(items)->length; i++)
        if (!add_checked(t, &m, as_tuple(items)->at[i]))
            return 0;
    return items ? members_finish(t, &m) : 0;
}

static Value method_mro_entries(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return raise(t, EXC(TypeError), "Cannot subclass %R", args[0]);
}

static Value method_instancecheck(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    const Tuple *members = as_tuple(as_union(args[0])->args);
    for (size_t i = 0; i < members->length; i++) {
        int answer = is_instance(t, args[1], members->at[i]);
        if (answer)
            return answer < 0 ? 0 : TRUE;
    }
    return FALSE;
}

static Value method_subclasscheck(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (!is_type(args[1]))
        return raise(t, EXC(TypeError), "issubclass() arg 1 must be a class");
    const Tuple *members = as_tuple(as_union(args[0])->args);
    for (size_t i = 0; i < members->length; i++) {
        int answer = is_subclass(t, args[1], members->at[i]);
        if (answer)
            return answer < 0 ? 0 : TRUE;
    }
    return FALSE;
}

static const NativeDef methods[] = {
    {"__mro_entries__", method_mro_entries, "($self, bases, /)", NULL, NATIVE_PLAIN},
    {"__class_getitem__", class_getitem, "($cls, object, /)", "See PEP 585", NATIVE_CLASS},
    {"__instancecheck__", method_instancecheck, "($self, instance, /)", NULL, NATIVE_PLAIN},
    {"__subclasscheck__", method_subclasscheck, "($self, subclass, /)", NULL, NATIVE_PLAIN},
    {0},
};

// --- slots ---

static Value repr(Thread *t, Value o)
{
    const Tuple *args = as_tuple(as_union(o)->args);
    StrBuilder b;
    builder_init(&b);
    for (size_t i = 0; i < args->length; i++)
        if ((i && !builder_cstr(t, &b, " | ")) ||
            !(args->at[i] == value_of(&type_none) ? builder_cstr(t, &b, "None") : generic_append_item(t, &b, args->at[i])))
            return 0;
    return builder_finish(t, &b);
}

static bool hash(Thread *t, Value o, Hash *out)
{
    const Union *u = as_union(o);
    const Tuple *bad = as_tuple(u->unhashable);
    for (size_t i = 0; i < bad->length; i++)
        if (!value_hash(t, bad->at[i], out))
            return false;
    if (bad->length)                                         // they have become hashable
        return raise(t, EXC(TypeError), "union contains %lu unhashable element%s", (uint64_t)bad->length, bad->length == 1 ? "" : "s");
    for (size_t i = 0; i < as_tuple(u->args)->length; i++)   // members may have lost their hash meanwhile
        if (!value_hash(t, as_tuple(u->args)->at[i], out))
            return false;
    return value_hash(t, u->hashable, out);
}

// Every member of `some` is in `all`: 1, 0, -1.
static int all_contained(Thread *t, const Tuple *some, const Tuple *all)
{
    for (size_t i = 0; i < some->length; i++) {
        int found = 0;
        for (size_t j = 0; j < all->length && !found; j++)
            found = values_equal(t, some->at[i], all->at[j]);
        if (found <= 0)
            return found;
    }
    return 1;
}

static Value compare_unions(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_union) || !is_exactly(b, &type_union))
        return NOTIMPLEMENTED;
    const Union *left = as_union(a), *right = as_union(b);
    int same = values_equal(t, left->hashable, right->hashable);
    if (same > 0) {
        const Tuple *first = as_tuple(left->unhashable), *second = as_tuple(right->unhashable);
        same = first->length == second->length ? all_contained(t, first, second) : 0;
    }
    return same < 0 ? 0 : value_bool(same == (op == CMP_EQ));
}

static Value parameters_of(Thread *t, Union *u)
{
    Value known = load_acquire(&u->parameters);
    if (known)
        return known;
    Value parameters = generic_parameters(t, u->args);
    if (parameters)
        publish(&u->parameters, parameters);
    return parameters;
}

// Substitutes type parameters: Union[T, int][str].
static Value getitem(Thread *t, Value o, Value item)
{
    Value parameters = parameters_of(t, as_union(o));
    Value args = parameters ? generic_substitute(t, o, as_union(o)->args, parameters, item) : 0;
    if (!args)
        return 0;
    Members m;
    if (!members_open(t, &m))
        return 0;
    for (size_t i = 0; i < as_tuple(args)->length; i++)
        if (!add_checked(t, &m, as_tuple(args)->at[i]))
            return 0;
    return members_finish(t, &m);
}

static bool add_any(Thread *t, Members *m, Value member)
{
    return is_str(member) ? add_checked(t, m, member) : add_member(t, m, member);
}

// A union goes with anything, as in Union[...]; strings are forward references.
static Value union_or(Thread *t, Value a, Value b)
{
    Members m;
    if (!members_open(t, &m) || !add_any(t, &m, a) || !add_any(t, &m, b))
        return 0;
    return members_finish(t, &m);
}

static Value get_args(Thread *t, Value o) { (void)t; return as_union(o)->args; }
static Value get_parameters(Thread *t, Value o) { return parameters_of(t, as_union(o)); }
static Value get_origin(Thread *t, Value o) { (void)t; (void)o; return value_of(&type_union); }
static Value get_name(Thread *t, Value o) { (void)o; return str_intern_cstr(t, "Union"); }

static Value get_module(Thread *t, Value o) { (void)o; return str_intern_cstr(t, "typing"); }

static const GetSetDef getsets[] = {
    {"__module__", get_module, NULL, NULL},
    {"__name__", get_name, NULL, NULL},
    {"__qualname__", get_name, NULL, NULL},
    {"__origin__", get_origin, NULL, NULL},
    {"__parameters__", get_parameters, NULL, "Type variables in the types.UnionType."},
    {"__args__", get_args, NULL, NULL},
    {0},
};

Type type_union = {
    TYPE_HEAD(union, "typing.Union", &type_object, Union),
    .flags = TYPE_HAS_WEAKREFS | TYPE_DISALLOW_NEW,
    .doc = "Represent a union type\n\nE.g. for int | str",
    .slots = {.repr = repr, .hash = hash, .compare = compare_unions, .getitem = getitem, .bit_or = union_or},
    .methods = methods,
    .getsets = getsets,
};
