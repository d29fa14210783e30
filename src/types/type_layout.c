// type_layout.c: which base decides the layout of instances, metaclasses, and whether two classes have the same layout.
//
// A class is "solid" when its instances have fields or __slots__ words that its base's have not. The attribute area does
// not count: it stands last and each class knows its own offset.
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

// End of the fields and slots, where the attribute area starts.
size_t type_fields_end(const Type *type)
{
    return type->attr_offset > 0 ? (size_t)type->attr_offset : type->basic_size;
}

static bool adds_fields(const Type *type, const Type *base)
{
    return type->item_size != base->item_size || type_fields_end(type) != type_fields_end(base);
}

Type *type_solid_base(Type *type)
{
    if (!type->base)
        return type;
    Type *base = type_solid_base(type->base);
    return adds_fields(type, type->base) ? type : base;
}

static Type *check_base(Thread *t, Value base)
{
    if (!is_type(base))
        return RAISE_NULL(t, EXC(TypeError), "bases must be types");
    if (!type_has_flag(as_type(base), TYPE_BASE))
        return RAISE_NULL(t, EXC(TypeError), "type '%s' is not an acceptable base type", as_type(base)->name);
    return as_type(base);
}

Type *type_best_base(Thread *t, Value bases)
{
    Type *best = NULL, *winner = NULL;
    for (size_t i = 0; i < as_tuple(bases)->length; i++) {
        Type *base = check_base(t, as_tuple(bases)->at[i]);
        if (!base)
            return NULL;
        Type *candidate = type_solid_base(base);
        if (!winner) {
            winner = candidate;
            best = base;
        } else if (type_is_subtype(winner, candidate)) {
            continue;
        } else if (type_is_subtype(candidate, winner)) {
            winner = candidate;
            best = base;
        } else {
            return RAISE_NULL(t, EXC(TypeError), "multiple bases have instance lay-out conflict");
        }
    }
    return best;
}

Type *type_calculate_metaclass(Thread *t, Type *metatype, Value bases)
{
    Type *winner = metatype;
    for (size_t i = 0; i < as_tuple(bases)->length; i++) {
        Type *candidate = type_of(as_tuple(bases)->at[i]);
        if (type_is_subtype(winner, candidate))
            continue;
        if (!type_is_subtype(candidate, winner))
            return RAISE_NULL(t, EXC(TypeError), "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases");
        winner = candidate;
    }
    return winner;
}

// The slot names of a class as made by type_new.c: a tuple, or 0.
static Value slot_names(const Type *type)
{
    return type->metadata[TYPE_SLOT_NAMES];
}

static bool same_slot_names(const Type *a, const Type *b)
{
    Value left = slot_names(a), right = slot_names(b);
    size_t n = left ? as_tuple(left)->length : 0;
    if (n != (right ? as_tuple(right)->length : 0))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!str_equal(as_str(as_tuple(left)->at[i]), as_str(as_tuple(right)->at[i])))
            return false;
    return true;
}

// Skips classes that add nothing to the layout of their base.
static const Type *skip_plain(const Type *type)
{
    while (type->base && type->attr_offset == type->base->attr_offset && !adds_fields(type, type->base) &&
           type_has_flag(type, TYPE_HAS_WEAKREFS) == type_has_flag(type->base, TYPE_HAS_WEAKREFS))
        type = type->base;
    return type;
}

// The two steps add the same: an attribute area, weak references, slots of the same names.
static bool same_addition(const Type *a, const Type *b)
{
    return a->base == b->base && a->attr_offset == b->attr_offset && a->item_size == b->item_size &&
           type_has_flag(a, TYPE_HAS_WEAKREFS) == type_has_flag(b, TYPE_HAS_WEAKREFS) &&
           type_fields_end(a) == type_fields_end(b) && same_slot_names(a, b);
}

bool type_same_layout(const Type *a, const Type *b)
{
    a = skip_plain(a);
    b = skip_plain(b);
    return a == b || same_addition(a, b);
}

bool type_bases_compatible(const Type *old, const Type *new)
{
    return type_same_layout(old, new);
}
