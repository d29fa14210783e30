// type_ready.c: start-up of the builtin types: inherited layout and slots, attributes from tables.
//
// Boot order: strings (allocation and interning), then names_boot, then types_boot. Objects made before types_boot are complete:
// their headers point to static types whose shape numbers are constants; only attribute lookup on them must wait.
// Runs in one thread, before Python code.
#include "src/core/vm.h"
#include "src/types/str.h"
#include "src/ops/ops.h"
#include "src/types/type_internal.h"

Type *const builtin_types[] = {
#define TYPE(row, name, base, doc) &type_##row,
#include "src/core/types.def"
#undef TYPE
};

static const char *const builtin_docs[] = {
#define TYPE(row, name, base, doc) doc,
#include "src/core/types.def"
#undef TYPE
};

// The quick-isinstance bits, inherited by subclasses.
static const struct { Type *type; uint32_t flag; } family_flags[] = {
    {&type_int, TYPE_IS_INT}, {&type_float, TYPE_IS_FLOAT}, {&type_str, TYPE_IS_STR}, {&type_bytes, TYPE_IS_BYTES},
    {&type_tuple, TYPE_IS_TUPLE}, {&type_list, TYPE_IS_LIST}, {&type_dict, TYPE_IS_DICT}, {&type_set, TYPE_IS_SET},
    {&type_frozenset, TYPE_IS_FROZENSET}, {&type_type, TYPE_IS_TYPE}, {&type_BaseException, TYPE_IS_EXCEPTION},
    {&type_complex, TYPE_IS_COMPLEX}, {&type_bytearray, TYPE_IS_BYTEARRAY}, {&type_module, TYPE_IS_MODULE},
};

enum {
    TYPE_INHERITED_FLAGS = TYPE_SEQUENCE | TYPE_MAPPING | TYPE_MATCH_SELF | TYPE_VAR_SIZED | TYPE_HAS_WEAKREFS | (int)0xffff0000,
};

// --- attributes from tables ---

static bool add(Thread *t, Type *type, const char *name, Value value)
{
    Value key = value ? str_intern_cstr(t, name) : 0;
    return key && dict_set(t, as_dict(type->attributes), key, value);
}

static Value method_value(Thread *t, Type *type, const NativeDef *def)
{
    if (def->flags == NATIVE_PLAIN)
        return method_descriptor_new(t, def, type);
    if (def->flags == NATIVE_STATIC)
        return staticmethod_new(t, native_function_new(t, def, value_of(type), 0, type));
    return classmethod_descriptor_new(t, def, type);
}

static bool add_tables(Thread *t, Type *type)
{
    for (const NativeDef *def = type->methods; def && def->name; def++)
        if (!add(t, type, def->name, method_value(t, type, def)))
            return false;
    for (const GetSetDef *def = type->getsets; def && def->name; def++)
        if (!add(t, type, def->name, getset_descriptor_new(t, def, type)))
            return false;
    for (const MemberDef *def = type->members; def && def->name; def++)
        if (!add(t, type, def->name, member_descriptor_new(t, def, type)))
            return false;
    return true;
}

static bool add_doc(Thread *t, Type *type)
{
    if (dict_get_known(as_dict(type->attributes), N(__doc__)))
        return true;
    Value doc = type->doc && *type->doc ? str_from_cstr(t, type->doc) : NONE;
    return doc && dict_set(t, as_dict(type->attributes), N(__doc__), doc);
}

static bool set_names(Thread *t, Type *type)
{
    const char *short_name = type_short_name(type);
    type->name_str = str_intern_cstr(t, short_name);
    type->qualname = type->name_str;
    if (short_name != type->name)
        type->module = str_intern_utf8(t, type->name, (size_t)(short_name - type->name - 1));
    return type->name_str && (short_name == type->name || type->module);
}

// CPython makes most types of native modules at run time: these show a __module__ in their dict and the flag of such types.
bool type_looks_made(const Type *type)
{
    return type->module && strncmp(type->name, "types.", 6) && type != &type_union && strcmp(type->name, "collections.OrderedDict");
}

static bool add_module(Thread *t, Type *type)
{
    return !type_looks_made(type) || dict_get_known(as_dict(type->attributes), N(__module__)) ||
           dict_set(t, as_dict(type->attributes), N(__module__), type->module);
}

// Instances with attributes show them as __dict__, unless the type has a __dict__ of its own making.
static bool add_dict(Thread *t, Type *type, bool has_area)
{
    if (!has_area || dict_get_known(as_dict(type->attributes), N(__dict__)))
        return true;
    return add(t, type, "__dict__", getset_descriptor_new(t, &builtin_dict_getset, type));
}

// --- inheritance ---

static void inherit_layout(Type *type)
{
    const Type *base = type->base;
    type->flags |= TYPE_IMMUTABLE;
    if (!base)
        return;
    type->flags |= base->flags & TYPE_INHERITED_FLAGS;
    if (!type->item_size)
        type->item_size = base->item_size;
    if (!type->attr_offset && base->attr_offset) {
        type->attr_offset = base->attr_offset;
        type->inline_slots = base->inline_slots;
    }
    if (type->head.type == &type_type && base->head.type != &type_type)
        type->head.type = base->head.type;
}

// A type that compares but has no hash of its own is unhashable; both are inherited together otherwise.
static bool settle_hash(Thread *t, Type *type, const Slots *own)
{
    if (!own->compare || own->hash || !type->base)
        return true;
    type->slots.hash = hash_not_implemented;
    return dict_set(t, as_dict(type->attributes), N(__hash__), NONE);
}

static bool set_lineage(Thread *t, Type *type)
{
    type->bases = type->base ? tuple_of(t, 1, value_of(type->base)) : tuple_empty;
    type->mro = type->bases ? (type->base ? mro_linearize(t, type) : tuple_of(t, 1, value_of(type))) : 0;
    return type->mro && (!type->base || type_add_subclass(t, type->base, type));
}

static bool add_constructor(Thread *t, Type *type, const Slots *own)
{
    if (!own->new || type_has_flag(type, TYPE_DISALLOW_NEW))
        return true;
    return add(t, type, "__new__", type_new_wrapper(t, type));
}

bool type_ready(Thread *t, Type *type)
{
    if (type_has_flag(type, TYPE_READY))
        return true;
    if (!type->base && type != &type_object)
        type->base = &type_object;
    if (type->base && !type_ready(t, type->base))
        return false;
    Slots own = type->slots;
    bool has_area = type->attr_offset != 0;
    inherit_layout(type);
    type->attributes = value_of(dict_new(t));
    if (!type->attributes || !set_names(t, type) || !set_lineage(t, type))
        return false;
    if (!add_tables(t, type) || !type_add_wrappers(t, type, &own) || !add_constructor(t, type, &own) || !add_doc(t, type) || !add_dict(t, type, has_area) || !add_module(t, type) ||
        !settle_hash(t, type, &own))
        return false;
    if (type->base)
        type_inherit_slots(type, type->base);
    if (type_has_flag(type, TYPE_DISALLOW_NEW))
        type->slots.new = NULL;
    type->version = type_version_next();
    type->flags |= TYPE_READY;
    return shape_make_roots(t, type, type->root_shape);   // 0 for types that are no rows of types.def
}

// Row i of types.def has the shape number i + 1 (SHAPE_<row>).
static bool ready_row(Thread *t, size_t i)
{
    Type *type = builtin_types[i];
    type->root_shape = (uint32_t)i + 1;
    vm_add_root_range(type, type + 1);
    if (type->doc && !*type->doc)
        type->doc = NULL;
    if (!type->doc && *builtin_docs[i])
        type->doc = builtin_docs[i];
    return type_ready(t, type);
}

bool types_boot(Thread *t)
{
    for (size_t i = 0; i < COUNT_OF(family_flags); i++)
        family_flags[i].type->flags |= family_flags[i].flag;
    if (!dunders_boot(t))
        return false;
    for (size_t i = 0; i < COUNT_OF(builtin_types); i++)
        if (!ready_row(t, i))
            return false;
    return true;
}
