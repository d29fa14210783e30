// type_bases.c: assignment to __bases__: a new lineage for a class and all its subclasses.
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/type_internal.h"

static bool is_cycle(const Type *base, const Type *type)
{
    if (type_is_subtype(base, type))
        return true;
    for (; base; base = base->base)          // the MRO may not be up to date when mro() came back here
        if (base == type)
            return true;
    return false;
}

static Type *check_new_bases(Thread *t, Type *type, Value bases)
{
    if (!is_tuple(bases))
        return RAISE_NULL(t, EXC(TypeError), "can only assign tuple to %s.__bases__, not %T", type->name, bases);
    if (!as_tuple(bases)->length)
        return RAISE_NULL(t, EXC(TypeError), "can only assign non-empty tuple to %s.__bases__, not ()", type->name);
    for (size_t i = 0; i < as_tuple(bases)->length; i++) {
        Value base = as_tuple(bases)->at[i];
        if (!is_type(base))
            return RAISE_NULL(t, EXC(TypeError), "%s.__bases__ must be tuple of classes, not '%T'", type->name, base);
        if (is_cycle(as_type(base), type))
            return RAISE_NULL(t, EXC(TypeError), "a __bases__ item causes an inheritance cycle");
    }
    Type *best = type_best_base(t, bases);
    enum { PLAIN_MEMORY = TYPE_IS_INT | TYPE_IS_FLOAT | TYPE_IS_STR | TYPE_IS_BYTES | TYPE_IS_COMPLEX };
    if (best && ((best->flags ^ type->base->flags) & PLAIN_MEMORY))
        return RAISE_NULL(t, EXC(TypeError), "__bases__ assignment: '%N' deallocator differs from '%N'", best, type->base);
    if (best && !type_bases_compatible(type->base, best))
        return RAISE_NULL(t, EXC(TypeError), "__bases__ assignment: '%N' object layout differs from '%N'", best, type->base);
    return best;
}

// Classes whose MRO changes, each followed later by its subclasses; with the new MRO of each.
typedef struct Relineage { List *types, *mros; Value assigned; } Relineage;

static bool relinearize(Thread *t, Type *type, Relineage *r)
{
    Value old = type->mro, mro = type_compute_mro(t, type);
    if (mro && load_acquire(&type->mro) != old)
        return true;                         // mro() has assigned __bases__ itself: that is newer
    if (!mro || !list_append(t, r->types, value_of(type)) || !list_append(t, r->mros, old))
        return false;
    publish(&type->mro, mro);
    types_lock();
    Value subclasses = type_subclasses_list(t, type);
    types_unlock();
    if (!subclasses)
        return false;
    for (size_t i = 0; i < list_length(as_list(subclasses)); i++)
        if (!relinearize(t, as_type(list_get(as_list(subclasses), i)), r))
            return false;
    return true;
}

static void restore(Type *type, Relineage *r, Value bases, Type *base)
{
    if (type->bases == r->assigned) {
        publish(&type->bases, bases);
        type->base = base;
    }
    for (size_t i = 0; i < list_length(r->types); i++)
        publish(&as_type(list_get(r->types, i))->mro, list_get(r->mros, i));
}

static void refresh_slots(Type *type)
{
    type_fix_slots(type);
    size_t position = 0;
    Type *subclass;
    while ((subclass = type_next_subclass(type, &position)))
        refresh_slots(subclass);
}

bool type_set_bases(Thread *t, Type *type, Value bases)
{
    Type *best = check_new_bases(t, type, bases);
    Relineage r = {list_new(t, 4), list_new(t, 4), bases};
    if (!best || !r.types || !r.mros)
        return false;
    Value old_bases = type->bases;
    Type *old_base = type->base;
    publish(&type->bases, bases);
    type->base = best;
    if (!relinearize(t, type, &r)) {
        restore(type, &r, old_bases, old_base);
        return false;
    }
    if (type->bases != bases)
        return true;                         // assigned anew meanwhile
    types_lock();
    for (size_t i = 0; i < as_tuple(old_bases)->length; i++)
        type_remove_subclass(t, as_type(as_tuple(old_bases)->at[i]), type);
    bool done = true;
    for (size_t i = 0; i < as_tuple(bases)->length && done; i++)
        done = type_add_subclass(t, as_type(as_tuple(bases)->at[i]), type);
    type_modified(type);
    refresh_slots(type);
    type_modified(type);
    type_break_plans(type, N(__getattribute__), 0, 0);
    types_unlock();
    return done;
}
