// type_mro.c: the method resolution order: C3 linearisation.
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str_builder.h"
#include "src/types/type_internal.h"

// The sequences to merge: the MRO of each base, then the bases. heads[i] is how far sequence i has been consumed.
typedef struct Merge {
    size_t count;
    const Tuple **sequences;
    size_t *heads;
} Merge;

static bool is_in_tail(const Merge *m, Value candidate)
{
    for (size_t i = 0; i < m->count; i++)
        for (size_t j = m->heads[i] + 1; j < m->sequences[i]->length; j++)
            if (m->sequences[i]->at[j] == candidate)
                return true;
    return false;
}

// The next class of the merge; 0 when all is consumed, or when no head is free (then *stuck is set).
static Value merge_next(const Merge *m, bool *stuck)
{
    bool left = false;
    for (size_t i = 0; i < m->count; i++) {
        if (m->heads[i] >= m->sequences[i]->length)
            continue;
        left = true;
        Value candidate = m->sequences[i]->at[m->heads[i]];
        if (!is_in_tail(m, candidate))
            return candidate;
    }
    *stuck = left;
    return 0;
}

static void merge_consume(const Merge *m, Value taken)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->heads[i] < m->sequences[i]->length && m->sequences[i]->at[m->heads[i]] == taken)
            m->heads[i]++;
}

// Names the heads that block each other.
static Value raise_inconsistent(Thread *t, const Merge *m)
{
    StrBuilder names;
    builder_init(&names);
    List *seen = list_new(t, 0);
    if (!seen)
        return 0;
    for (size_t i = 0; i < m->count; i++) {
        if (m->heads[i] >= m->sequences[i]->length)
            continue;
        Value head = m->sequences[i]->at[m->heads[i]];
        bool known = false;
        for (size_t j = 0; j < list_length(seen); j++)
            known |= list_get(seen, j) == head;
        if (known)
            continue;
        if (!list_append(t, seen, head) || (names.length && !builder_cstr(t, &names, ", ")) ||
            !builder_format(t, &names, "%s", type_short_name(as_type(head))))
            return 0;
    }
    Value text = builder_finish(t, &names);
    return text ? raise(t, EXC(TypeError), "Cannot create a consistent method resolution order (MRO) for bases %U", text) : 0;
}

static bool bases_are_distinct(Thread *t, const Tuple *bases)
{
    for (size_t i = 0; i < bases->length; i++)
        for (size_t j = i + 1; j < bases->length; j++)
            if (bases->at[i] == bases->at[j])
                return raise(t, EXC(TypeError), "duplicate base class %s", type_short_name(as_type(bases->at[i])));
    return true;
}

static Value mro_single(Thread *t, Type *type, const Type *base)
{
    const Tuple *inherited = as_tuple(base->mro);
    Tuple *mro = tuple_alloc(t, inherited->length + 1);
    if (!mro)
        return 0;
    mro->at[0] = value_of(type);
    for (size_t i = 0; i < inherited->length; i++)
        mro->at[i + 1] = inherited->at[i];
    return value_of(mro);
}

static Value merge_all(Thread *t, Type *type, const Merge *m)
{
    List *list = list_new(t, 8);
    if (!list || !list_append(t, list, value_of(type)))
        return 0;
    bool stuck = false;
    Value next;
    while ((next = merge_next(m, &stuck))) {
        merge_consume(m, next);
        if (!list_append(t, list, next))
            return 0;
    }
    return stuck ? raise_inconsistent(t, m) : list_to_tuple(t, list);
}

Value mro_linearize(Thread *t, Type *type)
{
    const Tuple *bases = as_tuple(type->bases);
    for (size_t i = 0; i < bases->length; i++)
        if (!as_type(bases->at[i])->mro)
            return raise(t, EXC(TypeError), "Cannot extend an incomplete type '%.100s'", as_type(bases->at[i])->name);
    if (bases->length == 1)
        return mro_single(t, type, as_type(bases->at[0]));
    if (!bases_are_distinct(t, bases))
        return 0;
    size_t count = bases->length + 1;
    Merge m = {.count = count, .sequences = new_scanned(t, count * sizeof(Tuple *)), .heads = new_scanned(t, count * sizeof(size_t))};
    if (!m.sequences || !m.heads)
        return 0;
    for (size_t i = 0; i < bases->length; i++)
        m.sequences[i] = as_tuple(as_type(bases->at[i])->mro);
    m.sequences[bases->length] = bases;
    return merge_all(t, type, &m);
}
