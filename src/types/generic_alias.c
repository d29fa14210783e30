// generic_alias.c: list[int] and the like: a class with its type arguments. Immutable; `parameters` is computed once.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/type_internal.h"

typedef struct GenericAlias {
    Object head;
    Value origin;
    Value args;                   // tuple
    Value parameters;             // tuple, or 0: not computed
    bool starred;                 // *tuple[int, ...]
} GenericAlias;

typedef struct AliasIterator { Object head; Value alias; } AliasIterator;   // alias 0: exhausted

static GenericAlias *as_alias(Value v)
{
    return (GenericAlias *)v;
}

static Value alias_make(Thread *t, Value origin, Value args, bool starred)
{
    if (!is_tuple(args) && !(args = tuple_of(t, 1, args)))
        return 0;
    GenericAlias *alias = new_object(t, generic_alias, GenericAlias);
    if (!alias)
        return 0;
    alias->origin = origin;
    alias->args = args;
    alias->starred = starred;
    return value_of(alias);
}

Value generic_alias_new(Thread *t, Value origin, Value args)
{
    return alias_make(t, origin, args, false);
}

static Value make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!arguments_check(t, "GenericAlias", nargs, kwnames, 2, 2))
        return 0;
    if (cls == &type_generic_alias)
        return generic_alias_new(t, args[0], args[1]);
    GenericAlias *alias = instance_new(t, cls, 0);
    Value items = is_tuple(args[1]) ? args[1] : tuple_of(t, 1, args[1]);
    if (!alias || !items)
        return 0;
    alias->origin = args[0];
    alias->args = items;
    return value_of(alias);
}

// --- display ---

static bool append_list(Thread *t, StrBuilder *b, const Value *items, size_t n)
{
    if (!builder_char(t, b, '['))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((i && !builder_cstr(t, b, ", ")) || !generic_append_item(t, b, items[i]))
            return false;
    return builder_char(t, b, ']');
}

// A list may shrink while its items are shown.
static bool append_live_list(Thread *t, StrBuilder *b, const List *list)
{
    size_t n = list_length(list);
    if (!builder_char(t, b, '['))
        return false;
    for (size_t i = 0; i < n; i++) {
        Value item = list_get(list, i);
        if (!item)
            return raise(t, EXC(IndexError), "list index out of range");
        if ((i && !builder_cstr(t, b, ", ")) || !generic_append_item(t, b, item))
            return false;
    }
    return builder_char(t, b, ']');
}

// "module.qualname" of things that have both and are no aliases themselves; otherwise repr.
bool generic_append_item(Thread *t, StrBuilder *b, Value item)
{
    Value origin, args, qualname, module;
    if (item == ELLIPSIS)
        return builder_cstr(t, b, "...");
    if (is_exactly(item, &type_list)) {
        return append_live_list(t, b, as_list(item));
    }
    int found = attr_find(t, item, N(__origin__), &origin);
    if (found > 0)
        found = attr_find(t, item, N(__args__), &args);
    if (found > 0)
        return builder_format(t, b, "%R", item);
    if (found < 0 || (found = attr_find(t, item, N(__qualname__), &qualname)) < 0)
        return false;
    if (found && (found = attr_find(t, item, N(__module__), &module)) < 0)
        return false;
    if (!found || module == NONE)
        return builder_format(t, b, "%R", item);
    if (is_str(module) && str_equal_cstr(module, "builtins"))
        return builder_format(t, b, "%V", qualname);
    return builder_format(t, b, "%V.%V", module, qualname);
}

static Value repr(Thread *t, Value o)
{
    const GenericAlias *alias = as_alias(o);
    const Tuple *args = as_tuple(alias->args);
    StrBuilder b;
    builder_init(&b);
    if ((alias->starred && !builder_char(t, &b, '*')) || !generic_append_item(t, &b, alias->origin))
        return 0;
    bool done = args->length ? append_list(t, &b, args->at, args->length) : builder_cstr(t, &b, "[()]");
    return done ? builder_finish(t, &b) : 0;
}

// --- attributes: most are those of the origin ---

static bool is_in(Value name, const char *const *names)
{
    for (; *names; names++)
        if (str_equal_cstr(name, *names))
            return true;
    return false;
}

static Value getattr(Thread *t, Value o, Value name)
{
    static const char *const own[] = {"__class__", "__bases__", "__copy__", "__deepcopy__", "__origin__", "__args__", "__unpacked__", "__parameters__",
                                      "__typing_unpacked_tuple_args__", "__mro_entries__", "__reduce_ex__", "__reduce__", NULL};
    name = name_check(t, name);
    if (!name)
        return 0;
    return is_in(name, own) ? attr_generic_get(t, o, name) : attr_get(t, as_alias(o)->origin, name);
}

static Value parameters_of(Thread *t, GenericAlias *alias)
{
    Value known = load_acquire(&alias->parameters);
    if (!known && (known = generic_parameters(t, alias->args)))
        publish(&alias->parameters, known);
    return known;
}

static Value get_parameters(Thread *t, Value o) { return parameters_of(t, as_alias(o)); }

static Value get_unpacked_tuple_args(Thread *t, Value o)
{
    (void)t;
    return as_alias(o)->starred && as_alias(o)->origin == value_of(&type_tuple) ? as_alias(o)->args : NONE;
}

static const GetSetDef getsets[] = {
    {"__parameters__", get_parameters, NULL, "Type variables in the GenericAlias."},
    {"__typing_unpacked_tuple_args__", get_unpacked_tuple_args, NULL, NULL},
    {0},
};

static const MemberDef members[] = {
    {"__origin__", MEMBER_VALUE, offsetof(GenericAlias, origin), false, NULL},
    {"__args__", MEMBER_VALUE, offsetof(GenericAlias, args), false, NULL},
    {"__unpacked__", MEMBER_BOOL8, offsetof(GenericAlias, starred), false, NULL},
    {0},
};

// --- slots ---

static bool hash(Thread *t, Value o, Hash *out)
{
    Hash origin, args;
    if (!value_hash(t, as_alias(o)->origin, &origin) || !value_hash(t, as_alias(o)->args, &args))
        return false;
    *out = (origin ^ args) == -1 ? -2 : origin ^ args;
    return true;
}

static bool is_alias(Value v)
{
    return is_object(v) && type_is_subtype(type_of(v), &type_generic_alias);
}

static Value compare_aliases(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_alias(a) || !is_alias(b))
        return NOTIMPLEMENTED;
    int same = as_alias(a)->starred == as_alias(b)->starred;
    if (same)
        same = values_equal(t, as_alias(a)->origin, as_alias(b)->origin);
    if (same > 0)
        same = values_equal(t, as_alias(a)->args, as_alias(b)->args);
    return same < 0 ? 0 : value_bool(same == (op == CMP_EQ));
}

static Value alias_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    Value made = call(t, as_alias(callee)->origin, args, nargs, kwnames);
    if (made && !attr_set(t, made, N(__orig_class__), callee) && !pending_clear_if(t, EXC(AttributeError)) && !pending_clear_if(t, EXC(TypeError)))
        return 0;
    return made;
}

static Value getitem(Thread *t, Value o, Value item)
{
    GenericAlias *alias = as_alias(o);
    Value parameters = parameters_of(t, alias);
    Value args = parameters ? generic_substitute(t, o, alias->args, parameters, item) : 0;
    return args ? alias_make(t, alias->origin, args, alias->starred) : 0;
}

static Value alias_or(Thread *t, Value a, Value b)
{
    return union_of(t, a, b);
}

static Value alias_iter(Thread *t, Value o)
{
    AliasIterator *it = new_object(t, generic_alias_iterator, AliasIterator);
    if (it)
        it->alias = o;
    return value_of(it);
}

// --- methods ---

static Value method_mro_entries(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return tuple_of(t, 1, as_alias(args[0])->origin);
}

static Value method_instancecheck(Thread *t, const Value *args, size_t nargs)
{
    (void)args;
    (void)nargs;
    return raise(t, EXC(TypeError), "isinstance() argument 2 cannot be a parameterized generic");
}

static Value method_subclasscheck(Thread *t, const Value *args, size_t nargs)
{
    (void)args;
    (void)nargs;
    return raise(t, EXC(TypeError), "issubclass() argument 2 cannot be a parameterized generic");
}

static Value method_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    const GenericAlias *alias = as_alias(args[0]);
    if (!alias->starred) {
        Value pair = tuple_pair(t, alias->origin, alias->args);
        return pair ? tuple_pair(t, value_of(&type_generic_alias), pair) : 0;
    }
    Value builtins = hooks.import_module(t, "builtins"), next = builtins ? attr_get(t, builtins, N(next)) : 0;
    Value plain = next ? generic_alias_new(t, alias->origin, alias->args) : 0, it = plain ? alias_iter(t, plain) : 0;
    Value arguments = it ? tuple_of(t, 1, it) : 0;
    return arguments ? tuple_pair(t, next, arguments) : 0;
}

static Value method_dir(Thread *t, const Value *args, size_t nargs)
{
    static const char *const extra[] = {"__origin__", "__args__", "__parameters__", "__mro_entries__", "__reduce_ex__", "__reduce__", "__unpacked__",
                                         "__typing_unpacked_tuple_args__", "__class__"};
    (void)nargs;
    Value names = call_method0(t, as_alias(args[0])->origin, N(__dir__));
    if (!names && pending_clear_if(t, EXC(TypeError)))
        names = is_type(as_alias(args[0])->origin) ? call_special(t, as_alias(args[0])->origin, N(__dir__), NULL, 0) : value_of(list_new(t, 0));
    List *list = names ? as_list(list_from_iterable(t, names)) : NULL;
    for (size_t i = 0; list && i < COUNT_OF(extra); i++) {
        Value name = str_intern_cstr(t, extra[i]);
        int known = name ? item_contains(t, value_of(list), name) : -1;
        if (known < 0 || (!known && !list_append(t, list, name)))
            return 0;
    }
    return value_of(list);
}

static const NativeDef methods[] = {
    {"__mro_entries__", method_mro_entries, "($self, bases, /)", NULL, NATIVE_PLAIN},
    {"__instancecheck__", method_instancecheck, "($self, instance, /)", NULL, NATIVE_PLAIN},
    {"__subclasscheck__", method_subclasscheck, "($self, subclass, /)", NULL, NATIVE_PLAIN},
    {"__reduce__", method_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {"__dir__", method_dir, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

Type type_generic_alias = {
    TYPE_HEAD(generic_alias, "types.GenericAlias", &type_object, GenericAlias),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS,
    .doc = "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).",
    .new_signature = "(origin, args, /)",
    .slots = {
        .repr = repr,
        .hash = hash,
        .compare = compare_aliases,
        .call = alias_call,
        .getattr = getattr,
        .iter = alias_iter,
        .getitem = getitem,
        .bit_or = alias_or,
        .new = make,
    },
    .methods = methods,
    .getsets = getsets,
    .members = members,
};

// --- iterator: yields the starred form once ---

static Value iterator_self(Thread *t, Value o)
{
    (void)t;
    return o;
}

static Value iterator_next(Thread *t, Value o)
{
    AliasIterator *it = (AliasIterator *)o;
    Value alias = __atomic_exchange_n(&it->alias, 0, __ATOMIC_ACQ_REL);
    return alias ? alias_make(t, as_alias(alias)->origin, as_alias(alias)->args, true) : 0;
}

static Value iterator_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value builtins = hooks.import_module(t, "builtins"), iter = builtins ? attr_get(t, builtins, N(iter)) : 0;
    Value alias = load_acquire(&((AliasIterator *)args[0])->alias);
    Value arguments = iter ? tuple_of(t, 1, alias ? alias : tuple_empty) : 0;
    return arguments ? tuple_pair(t, iter, arguments) : 0;
}

static const NativeDef iterator_methods[] = {{"__reduce__", iterator_reduce, "($self, /)", NULL, NATIVE_PLAIN}, {0}};

Type type_generic_alias_iterator = {
    TYPE_HEAD(generic_alias_iterator, "generic_alias_iterator", &type_object, AliasIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = iterator_next},
    .methods = iterator_methods,
};
