// type_new.c: making classes: type(name, bases, namespace, **keywords).
//
// The new class is private to its maker until it is entered into its bases' subclasses, under the types mutex, when
// it is complete. metadata[TYPE_SLOT_NAMES] holds the sorted __slots__ names. The number of inline slots comes from
// __static_attributes__: the names that the class's methods assign to self.
#include "src/core/vm.h"
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"
#include "src/types/weakref.h"

enum { INLINE_SLOTS_MAX = 30 };

typedef struct ClassSpec {
    Type *metatype, *base;
    Value name, bases;
    Dict *namespace;              // a copy, becomes the class's attributes
    Value slots;                  // sorted tuple of mangled names, or 0: no __slots__
    bool add_dict, add_weakrefs, has_slots;
} ClassSpec;

static Value take(Thread *t, Dict *d, Value name)
{
    Value value = 0;
    return dict_pop(t, d, name, &value) > 0 ? value : 0;
}

const char *type_name_text(Thread *t, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = new_atomic(t, bytes);
    return copy ? memcpy(copy, text, bytes) : NULL;
}

// --- __slots__ ---

static bool is_identifier(Thread *t, Value name)
{
    Value answer = call_method0(t, name, N(isidentifier));
    return answer == TRUE;
}

// Adds _Class in front of private names.
static Value mangle(Thread *t, Value class_name, Value name)
{
    const Str *s = as_str(name);
    bool private = s->length > 2 && str_at(s, 0) == '_' && str_at(s, 1) == '_' &&
                   !(str_at(s, s->length - 1) == '_' && str_at(s, s->length - 2) == '_');
    for (size_t i = 0; private && i < s->length; i++)
        if (str_at(s, i) == '.')
            private = false;
    const Str *c = as_str(class_name);
    size_t skip = 0;
    while (skip < c->length && str_at(c, skip) == '_')
        skip++;
    if (!private || skip == c->length)
        return str_intern(t, name);
    Value stripped = str_substring(t, class_name, skip, c->length);
    Value mangled = stripped ? str_format(t, "_%U%U", stripped, name) : 0;
    return mangled ? str_intern(t, mangled) : 0;
}

static bool base_has_dict(const Type *base)
{
    return base->attr_offset || (base->flags & (TYPE_IS_MODULE | TYPE_IS_TYPE));
}

// One name of __slots__: sorts out __dict__ and __weakref__.
static bool read_slot_name(Thread *t, ClassSpec *spec, Value name, List *names)
{
    if (!is_str(name))
        return raise(t, EXC(TypeError), "__slots__ items must be strings, not '%T'", name);
    name = str_exact(t, name);
    if (!name)
        return false;
    if (!is_identifier(t, name))
        return is_pending(t) ? false : raise(t, EXC(TypeError), "__slots__ must be identifiers");
    if (str_equal_cstr(name, "__dict__")) {
        if (base_has_dict(spec->base) || spec->add_dict)
            return raise(t, EXC(TypeError), "__dict__ slot disallowed: we already got one");
        spec->add_dict = true;
        return true;
    }
    if (str_equal_cstr(name, "__weakref__")) {
        if (type_has_flag(spec->base, TYPE_HAS_WEAKREFS) || spec->add_weakrefs)
            return raise(t, EXC(TypeError), "__weakref__ slot disallowed: we already got one");
        spec->add_weakrefs = true;
        return true;
    }
    Value mangled = mangle(t, spec->name, name);
    if (!mangled)
        return false;
    if (dict_get_known(spec->namespace, mangled) && mangled != N(__qualname__) && mangled != N(__classcell__) && mangled != N(__classdictcell__))
        return raise(t, EXC(ValueError), "%R in __slots__ conflicts with class variable", mangled);
    return list_append(t, names, mangled);
}

// Bases after the deciding one may bring a __dict__ or weak references that __slots__ did not ask for.
static void add_from_other_bases(ClassSpec *spec)
{
    const Tuple *bases = as_tuple(spec->bases);
    for (size_t i = 0; i < bases->length; i++) {
        const Type *other = as_type(bases->at[i]);
        if (other == spec->base)
            continue;
        if (other->attr_offset && !base_has_dict(spec->base))
            spec->add_dict = true;
        if (type_has_flag(other, TYPE_HAS_WEAKREFS) && !type_has_flag(spec->base, TYPE_HAS_WEAKREFS))
            spec->add_weakrefs = true;
    }
}

static bool is_var_sized_base(const Type *base)
{
    return base->item_size || type_has_flag(base, TYPE_VAR_SIZED) || (base->flags & (TYPE_IS_INT | TYPE_IS_TUPLE | TYPE_IS_BYTES));
}

static bool read_slots(Thread *t, ClassSpec *spec, Value slots)
{
    if (is_str(slots) && !(slots = tuple_of(t, 1, slots)))
        return false;
    size_t count;
    Value *items = values_from_iterable(t, slots, &count);
    List *names = items ? list_new(t, count) : NULL;
    if (!names)
        return false;
    spec->has_slots = true;
    if (count && is_var_sized_base(spec->base))
        return raise(t, EXC(TypeError), "nonempty __slots__ not supported for subtype of '%s'", spec->base->name);
    for (size_t i = 0; i < count; i++)
        if (!read_slot_name(t, spec, items[i], names))
            return false;
    if (!list_sort(t, names, 0, false) || !(spec->slots = list_to_tuple(t, names)))
        return false;
    add_from_other_bases(spec);
    return true;
}

static bool settle_slots(Thread *t, ClassSpec *spec)
{
    Value slots = dict_get_known(spec->namespace, N(__slots__));
    if (slots)
        return read_slots(t, spec, slots);
    spec->add_dict = !base_has_dict(spec->base);
    spec->add_weakrefs = !type_has_flag(spec->base, TYPE_HAS_WEAKREFS) && !spec->base->item_size;
    return true;
}

// --- layout ---

static size_t count_static_attributes(const Dict *namespace)
{
    Value names = dict_get_known(namespace, N(__static_attributes__));
    return names && is_tuple(names) ? as_tuple(names)->length : 0;
}

static void set_layout(Type *type, const ClassSpec *spec)
{
    const Type *base = spec->base;
    size_t slots = spec->slots ? as_tuple(spec->slots)->length : 0;
    size_t end = (type_fields_end(base) + 7) & ~(size_t)7;
    type->item_size = base->item_size;
    type->basic_size = (uint32_t)(slots || !type_has_flag(base, TYPE_VAR_SIZED) ? end + slots * sizeof(Value) : base->basic_size);
    if (!base->attr_offset && !spec->add_dict)
        return;
    size_t wanted = base->inline_slots + count_static_attributes(spec->namespace);
    if (type_has_flag(base, TYPE_VAR_SIZED)) {
        type->attr_offset = -1;
        return;
    }
    type->inline_slots = (uint32_t)size_min(wanted, INLINE_SLOTS_MAX);
    type->attr_offset = (int32_t)type->basic_size;
    type->basic_size += (uint32_t)(sizeof(AttrArea) + type->inline_slots * sizeof(Value));
}

static bool add_slot_members(Thread *t, Type *type, const ClassSpec *spec)
{
    size_t offset = (type_fields_end(spec->base) + 7) & ~(size_t)7;
    for (size_t i = 0; spec->slots && i < as_tuple(spec->slots)->length; i++, offset += sizeof(Value)) {
        Value name = as_tuple(spec->slots)->at[i];
        const char *text = str_utf8(t, name, NULL);
        MemberDef *def = text ? new_scanned(t, sizeof(MemberDef)) : NULL;
        if (!def)
            return false;
        *def = (MemberDef){type_name_text(t, text), MEMBER_VALUE, offset, true, NULL};
        Value member = def->name ? member_descriptor_new(t, def, type) : 0;
        if (!member || !dict_set(t, spec->namespace, name, member))
            return false;
    }
    return true;
}

static Value get_weakref(Thread *t, Value o)
{
    (void)t;
    return weakref_first(o);
}

const GetSetDef builtin_dict_getset = {"__dict__", object_get_dict, builtin_set_dict, NULL};
const GetSetDef instance_dict_getset = {"__dict__", object_get_dict, object_set_dict, "dictionary for instance variables"};
static const GetSetDef weakref_getset = {"__weakref__", get_weakref, NULL, "list of weak references to the object"};

static bool add_getset(Thread *t, Type *type, Dict *namespace, const GetSetDef *def, Value name)
{
    if (dict_get_known(namespace, name))
        return true;
    Value descriptor = getset_descriptor_new(t, def, type);
    return descriptor && dict_set(t, namespace, name, descriptor);
}

// --- namespace ---

static bool set_module(Thread *t, Dict *namespace)
{
    if (dict_get_known(namespace, N(__module__)))
        return true;
    Value globals = hooks.current_globals ? hooks.current_globals(t) : 0;
    Value module = globals ? dict_get_known(as_dict(globals), N(__name__)) : 0;
    return !module || dict_set(t, namespace, N(__module__), module);
}

static bool set_qualname(Thread *t, Type *type, const ClassSpec *spec)
{
    Value qualname = dict_get_known(spec->namespace, N(__qualname__));
    type->qualname = spec->name;
    if (!qualname)
        return true;
    if (!is_str(qualname))
        return raise(t, EXC(TypeError), "type __qualname__ must be a str, not %T", qualname);
    type->qualname = qualname;
    return dict_delete(t, spec->namespace, N(__qualname__)) >= 0;
}

// Plain functions of certain names become static or class methods.
static bool wrap_function(Thread *t, Dict *namespace, Value name, Value (*wrap)(Thread *t, Value function))
{
    Value function = dict_get_known(namespace, name);
    if (!function || !is_exactly(function, &type_function))
        return true;
    Value wrapped = wrap(t, function);
    return wrapped && dict_set(t, namespace, name, wrapped);
}

static bool warn_of_odd_keys(Thread *t, const ClassSpec *spec)
{
    size_t position = 0;
    Value key, value;
    while (dict_next(spec->namespace, &position, &key, &value))
        if (!is_str(key))
            return warn(t, EXC(RuntimeWarning), 1, "non-string key in the __dict__ of class %U", spec->name);
    return true;
}

static bool complete_namespace(Thread *t, Type *type, const ClassSpec *spec)
{
    Dict *namespace = spec->namespace;
    if (!warn_of_odd_keys(t, spec) || !set_module(t, namespace) || !set_qualname(t, type, spec) || !wrap_function(t, namespace, N(__new__), staticmethod_new) ||
        !wrap_function(t, namespace, N(__init_subclass__), classmethod_new) ||
        !wrap_function(t, namespace, N(__class_getitem__), classmethod_new) || !add_slot_members(t, type, spec))
        return false;
    if (spec->add_dict && !add_getset(t, type, namespace, &instance_dict_getset, N(__dict__)))
        return false;
    if (spec->add_weakrefs && !add_getset(t, type, namespace, &weakref_getset, N(__weakref__)))
        return false;
    if (!dict_get_known(namespace, N(__doc__)) && !dict_set(t, namespace, N(__doc__), NONE))
        return false;
    if (dict_get_known(namespace, N(__eq__)) && !dict_get_known(namespace, N(__hash__)))
        return dict_set(t, namespace, N(__hash__), NONE);
    return true;
}

static bool fill_cell(Thread *t, Dict *namespace, Value name, Value content)
{
    Value cell = dict_get_known(namespace, name);
    if (!cell)
        return true;
    if (!is_exactly(cell, &type_cell))
        return raise(t, EXC(TypeError), "%U must be a nonlocal cell, not %R", name, value_of(type_of(cell)));
    publish(&((Cell *)cell)->value, content);
    return take(t, namespace, name) || !is_pending(t);
}

// --- the object ---

enum { CLASS_INHERITED_FLAGS = TYPE_SEQUENCE | TYPE_MAPPING | TYPE_MATCH_SELF | TYPE_VAR_SIZED | TYPE_HAS_WEAKREFS | (int)0xffff0000 };

static Type *allocate(Thread *t, ClassSpec *spec)
{
    Type *type = instance_new(t, spec->metatype, 0);
    const char *text = type ? str_utf8(t, spec->name, NULL) : NULL;
    if (!text || !(type->name = type_name_text(t, text)))
        return NULL;
    type->base = spec->base;
    type->bases = spec->bases;
    type->name_str = str_intern(t, spec->name);
    type->flags = TYPE_HEAP | TYPE_BASE | (spec->base->flags & CLASS_INHERITED_FLAGS) | (spec->add_weakrefs ? TYPE_HAS_WEAKREFS : 0);
    for (size_t i = 0; i < as_tuple(spec->bases)->length; i++)
        type->flags |= as_type(as_tuple(spec->bases)->at[i])->flags & (TYPE_SEQUENCE | TYPE_MAPPING) & ~(spec->base->flags & (TYPE_SEQUENCE | TYPE_MAPPING));
    type->attributes = value_of(spec->namespace);
    type->metadata[TYPE_SLOT_NAMES] = spec->slots;
    set_layout(type, spec);
    return type->name_str ? type : NULL;
}

// The MRO as the metaclass's mro() gives it.
static Value custom_mro(Thread *t, Type *type, Value method)
{
    Value result = call1(t, method, value_of(type));
    Value mro = result ? tuple_from_iterable(t, result) : 0;
    if (!mro)
        return 0;
    Type *solid = type_solid_base(type);
    for (size_t i = 0; i < as_tuple(mro)->length; i++) {
        Value base = as_tuple(mro)->at[i];
        if (!is_type(base))
            return raise(t, EXC(TypeError), "mro() returned a non-class ('%T')", base);
        if (!type_is_subtype(solid, type_solid_base(as_type(base))))
            return raise(t, EXC(TypeError), "mro() returned base with unsuitable layout ('%N')", as_type(base));
    }
    return mro;
}

Value type_compute_mro(Thread *t, Type *type)
{
    Type *meta = type->head.type;
    Value method = meta == &type_type ? 0 : type_lookup(meta, N(mro));
    if (!method || method == type_lookup(&type_type, N(mro)))
        return mro_linearize(t, type);
    return custom_mro(t, type, method);
}

// Slots are copied from the base; then those of names that the class or its further bases define are found anew.
static void settle_operations(Thread *t, Type *type)
{
    const Tuple *bases = as_tuple(type->bases);
    type->slots = type->base->slots;
    for (size_t i = 0; i < bases->length; i++)
        type_inherit_slots(type, as_type(bases->at[i]));
    const Tuple *mro = as_tuple(type->mro), *inherited = as_tuple(type->base->mro);
    bool plain = bases->length == 1 && mro->length == inherited->length + 1 && type->head.type == &type_type;
    if (!plain) {
        type_fix_slots(type);
        return;
    }
    size_t position = 0;
    Value name, value;
    while (dict_next(as_dict(type->attributes), &position, &name, &value))
        if (is_exactly(name, &type_str) && is_dunder(name) && (name = str_intern(t, name)))     // rows go by identity
            type_fix_slots_of_name(type, name);
}

static bool publish_class(Thread *t, Type *type)
{
    const Tuple *bases = as_tuple(type->bases);
    types_lock();
    settle_operations(t, type);
    type->version = type_version_next();
    type->flags |= TYPE_READY;
    bool done = true;
    for (size_t i = 0; i < bases->length && done; i++)
        done = type_add_subclass(t, as_type(bases->at[i]), type);
    types_unlock();
    return done;
}

static Type *make_class(Thread *t, ClassSpec *spec)
{
    if (!settle_slots(t, spec))
        return NULL;
    Type *type = allocate(t, spec);
    if (!type || !fill_cell(t, spec->namespace, N(__classdictcell__), value_of(spec->namespace)) ||
        !fill_cell(t, spec->namespace, N(__classcell__), value_of(type)) || !complete_namespace(t, type, spec))
        return NULL;
    type->mro = type_compute_mro(t, type);
    if (!type->mro || !shape_make_roots(t, type, 0))
        return NULL;
    return publish_class(t, type) ? type : NULL;
}

// --- hooks of the new class ---

static bool call_set_names(Thread *t, Type *type, Value names)
{
    size_t position = 0;
    Value name, value;
    while (dict_next(as_dict(names), &position, &name, &value)) {
        Value method = special_lookup(t, value, N(__set_name__));
        if (!method && !is_pending(t))
            continue;
        if (!method || !call2(t, method, value_of(type), name)) {
            pending_add_note(t, "Error calling __set_name__ on '%T' instance %R in '%N'", value, name, type);
            return false;
        }
    }
    return true;
}

static bool call_init_subclass(Thread *t, Type *type, const Value *values, Value kwnames)
{
    if (as_tuple(type->mro)->at[0] != value_of(type) && !item_contains(t, type->mro, value_of(type)))   // by a mro() of its own
        return raise(t, EXC(TypeError), "super(type, obj): obj (type %N) is not an instance or subtype of type (%N).", type, type);
    if (!kwnames && type_lookup(type->base, N(__init_subclass__)) == type_lookup(&type_object, N(__init_subclass__)) && as_tuple(type->bases)->length == 1)
        return true;
    Value super = super_new(t, type, value_of(type));
    Value method = super ? attr_get(t, super, N(__init_subclass__)) : 0;
    return method && call(t, method, values, 0, kwnames);
}

// --- type.__new__ ---

static bool check_argument(Thread *t, int index, Value value, const Type *type)
{
    return type_is_subtype(type_of(value), type) || raise(t, EXC(TypeError), "type.__new__() argument %d must be %s, not %T", index, type->name, value);
}

static bool check_bases(Thread *t, Value bases)
{
    for (size_t i = 0; i < as_tuple(bases)->length; i++) {
        Value base = as_tuple(bases)->at[i], entries;
        if (is_type(base))
            continue;
        int found = attr_find(t, base, N(__mro_entries__), &entries);
        if (found)
            return found > 0 ? raise(t, EXC(TypeError), "type() doesn't support MRO entry resolution; use types.new_class()") : false;
    }
    return true;
}

static bool read_arguments(Thread *t, ClassSpec *spec, const Value *args, size_t nargs)
{
    if (nargs != 3)
        return raise(t, EXC(TypeError), "type.__new__() takes exactly 3 arguments (%lu given)", (uint64_t)nargs);
    if (!check_argument(t, 1, args[0], &type_str) || !check_argument(t, 2, args[1], &type_tuple) || !check_argument(t, 3, args[2], &type_dict))
        return false;
    size_t length;
    const char *text = str_utf8(t, args[0], &length);
    if (!text)
        return false;
    if (strlen(text) != length)
        return raise(t, EXC(ValueError), "type name must not contain null characters");
    spec->name = str_exact(t, args[0]);
    spec->bases = as_tuple(args[1])->length ? args[1] : tuple_of(t, 1, value_of(&type_object));
    return spec->name && spec->bases && check_bases(t, spec->bases);
}

Value type_new_class(Thread *t, Type *metatype, const Value *args, size_t nargs, Value kwnames)
{
    ClassSpec spec = {0};
    if (!read_arguments(t, &spec, args, nargs))
        return 0;
    spec.metatype = type_calculate_metaclass(t, metatype, spec.bases);
    if (!spec.metatype)
        return 0;
    if (spec.metatype != metatype && spec.metatype->slots.new != type_new_class)
        return spec.metatype->slots.new(t, spec.metatype, args, nargs, kwnames);
    spec.base = type_best_base(t, spec.bases);
    Value namespace = spec.base ? dict_copy(t, as_dict(args[2])) : 0;
    if (!namespace)
        return 0;
    spec.namespace = as_dict(namespace);
    Type *type = make_class(t, &spec);
    Value names = type ? dict_copy(t, spec.namespace) : 0;
    if (!names || !call_set_names(t, type, names) || !call_init_subclass(t, type, args + nargs, kwnames))
        return 0;
    return value_of(type);
}
