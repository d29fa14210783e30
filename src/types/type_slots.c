// type_slots.c: the table of special methods, and keeping a class's slots in step with its special methods.
//
// The table is immutable after start-up. Slots of a class change under the types mutex only, one word at a time.
#include "src/core/vm.h"
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"

Dunder dunder_table[] = {
#define DUNDER(text, slot, wrap, dispatch, variant, signature, doc) \
    {#text, offsetof(Slots, slot), wrap, dispatch, signature, doc, variant, 0},
#include "src/types/dunders.def"
#undef DUNDER
};
const size_t dunder_count = COUNT_OF(dunder_table);

// Rows by name: open addressing over the name's address. Rows of one name stand behind each other in probe order.
enum { DUNDER_HASH_SIZE = 512 };
static_assert(COUNT_OF(dunder_table) < DUNDER_HASH_SIZE / 2, "the hash of dunder names must stay sparse");
static const Dunder *dunder_hash[DUNDER_HASH_SIZE];

static size_t name_hash(Value name)
{
    return (size_t)(name >> 4 ^ name >> 13) & (DUNDER_HASH_SIZE - 1);
}

bool dunders_boot(Thread *t)
{
    for (size_t i = 0; i < dunder_count; i++) {
        Dunder *row = &dunder_table[i];
        row->name = str_intern_cstr(t, row->text);
        if (!row->name)
            return false;
        size_t at = name_hash(row->name);
        while (dunder_hash[at])
            at = (at + 1) & (DUNDER_HASH_SIZE - 1);
        dunder_hash[at] = row;
    }
    return true;
}

// Calls visit for every row of that name.
static void each_row(Value name, void (*visit)(const Dunder *row, void *data), void *data)
{
    for (size_t at = name_hash(name); dunder_hash[at]; at = (at + 1) & (DUNDER_HASH_SIZE - 1))
        if (dunder_hash[at]->name == name)
            visit(dunder_hash[at], data);
}

bool is_dunder(Value name)
{
    const Str *s = as_str(name);
    return s->length > 4 && str_at(s, 0) == '_' && str_at(s, 1) == '_' && str_at(s, s->length - 1) == '_';
}

// --- builtin types ---

static bool add_wrapper(Thread *t, Type *type, const Dunder *row, void *function)
{
    Dict *attributes = as_dict(type->attributes);
    if (dict_get_known(attributes, row->name))
        return true;
    if (function == (void *)hash_not_implemented)
        return dict_set(t, attributes, row->name, NONE);
    Value descriptor = wrapper_descriptor_new(t, row, function, type);
    return descriptor && dict_set(t, attributes, row->name, descriptor);
}

bool type_add_wrappers(Thread *t, Type *type, const Slots *own)
{
    for (size_t i = 0; i < dunder_count; i++) {
        const Dunder *row = &dunder_table[i];
        void *function = *(void *const *)((const char *)own + row->slot);
        if (function && row->wrap && !add_wrapper(t, type, row, function))
            return false;
    }
    return true;
}

// --- classes ---

// What the rows of one slot say about it; see slot_choose.
typedef struct SlotChoice {
    void *specific;       // C function that all rows agree on
    void *generic;        // dispatcher
    bool use_generic;
} SlotChoice;

// Takes a builtin's wrapper found for `row` into account. True when it was one.
static bool choose_by_wrapper(SlotChoice *choice, const Type *type, const Dunder *row, Value found)
{
    if (!is_exactly(found, &type_wrapper_descriptor))
        return false;
    const WrapperDescriptor *wrapper = (WrapperDescriptor *)found;
    if (wrapper->dunder->name != row->name)
        return false;
    if (wrapper->dunder->slot != row->slot && type_is_subtype(type, wrapper->owner))
        return true;                             // belongs to the other slot of that name
    bool agrees = !choice->specific || choice->specific == wrapper->function;
    if (agrees && wrapper->dunder == row && type_is_subtype(type, wrapper->owner)) {
        choice->specific = wrapper->function;
    } else {
        choice->use_generic = true;
        choice->generic = row->dispatch ? row->dispatch : choice->generic;
    }
    return true;
}

static void choose_by_row(SlotChoice *choice, Type *type, const Dunder *row)
{
    Value found = type_lookup_locked(type, row->name);
    if (!found || choose_by_wrapper(choice, type, row, found))
        return;
    if (row->name == N(__new__)) {
        const Type *owner = type_new_wrapper_owner(found);
        if (owner) {
            choice->specific = (void *)owner->slots.new;
            return;
        }
    }
    if (found == NONE && row->name == N(__hash__)) {
        choice->specific = (void *)hash_not_implemented;
        return;
    }
    if (row->dispatch) {
        choice->use_generic = true;
        choice->generic = row->dispatch;
    }
}

// Fixes the slot of `row`, going through all rows of that slot. Returns the first row behind them.
static const Dunder *fix_slot(Type *type, const Dunder *row)
{
    SlotChoice choice = {0};
    size_t slot = row->slot;
    for (; row < dunder_table + dunder_count && row->slot == slot; row++)
        choose_by_row(&choice, type, row);
    store_relaxed(slot_at(type, slot), choice.use_generic ? choice.generic : choice.specific);
    return row;
}

static const Dunder *first_row_of_slot(const Dunder *row)
{
    while (row > dunder_table && row[-1].slot == row->slot)
        row--;
    return row;
}

void type_fix_slots(Type *type)
{
    for (const Dunder *row = dunder_table; row < dunder_table + dunder_count;)
        row = fix_slot(type, row);
}

static void fix_slot_of_row(const Dunder *row, void *type)
{
    fix_slot(type, first_row_of_slot(row));
}

void type_fix_slots_of_name(Type *type, Value name)
{
    each_row(name, fix_slot_of_row, type);
}

static void fix_in_subclasses(Type *type, Value name)
{
    type_fix_slots_of_name(type, name);
    size_t position = 0;
    Type *subclass;
    while ((subclass = type_next_subclass(type, &position)))
        if (!dict_get_known(as_dict(subclass->attributes), name))
            fix_in_subclasses(subclass, name);
}

void type_fix_slot_named(Type *type, Value name)
{
    fix_in_subclasses(type, name);
}

void type_inherit_slots(Type *type, const Type *base)
{
    for (size_t offset = 0; offset < sizeof(Slots); offset += sizeof(void *)) {
        void **slot = slot_at(type, offset);
        if (!*slot)
            *slot = *slot_at((Type *)base, offset);
    }
}
