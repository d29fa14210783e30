// type_lookup.c: finding attributes along the MRO, fast; versions; subclasses; the types mutex.
//
// Each type has a table name → attribute for the names that were looked up, absent ones included (value 0). A table is
// filled under the types mutex: value first, then name. When the type or a base changes, the table is dropped (under
// the same mutex), so a reader that sees a table sees attributes that were right when it loaded the pointer.
#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"
#include "src/types/weakref.h"

typedef struct LookupEntry { Value name, value; } LookupEntry;

typedef struct LookupTable {
    size_t mask, fill;           // fill: guard types mutex
    LookupEntry at[];
} LookupTable;

enum { LOOKUP_TABLE_MIN = 16 };

static Mutex types_mutex;
static uint32_t next_version = 1;   // guard: types mutex

void types_lock(void) { mutex_lock(&types_mutex); }
void types_unlock(void) { mutex_unlock(&types_mutex); }
uint32_t type_version_next(void) { return next_version++; }

static size_t name_slot(Value name)
{
    return (size_t)(name >> 4 ^ name >> 12);
}

// True when the table knows the name; *out is its attribute or 0.
static inline bool table_find(const LookupTable *table, Value name, Value *out)
{
    for (size_t i = name_slot(name) & table->mask;; i = (i + 1) & table->mask) {
        Value key = load_acquire(&table->at[i].name);
        if (key == name) {
            *out = table->at[i].value;
            return true;
        }
        if (!key)
            return false;
    }
}

static void table_insert(LookupTable *table, Value name, Value value)
{
    size_t i = name_slot(name) & table->mask;
    while (table->at[i].name)
        i = (i + 1) & table->mask;
    table->at[i].value = value;
    table->fill++;
    publish(&table->at[i].name, name);
}

static LookupTable *table_grown(const LookupTable *old)
{
    size_t size = old ? 2 * (old->mask + 1) : LOOKUP_TABLE_MIN;
    LookupTable *table = heap_alloc(&thread_current()->heap, HEAP_SCANNED, sizeof(LookupTable) + size * sizeof(LookupEntry));
    if (!table)
        return NULL;
    table->mask = size - 1;
    for (size_t i = 0; old && i <= old->mask; i++)
        if (old->at[i].name)
            table_insert(table, old->at[i].name, old->at[i].value);
    return table;
}

// Remembers a lookup; types mutex held. Without memory it is just not remembered.
static void cache_insert(Type *type, Value name, Value value)
{
    LookupTable *table = type->lookup_cache;
    if (!table || 4 * (table->fill + 1) > 3 * (table->mask + 1)) {
        LookupTable *grown = table_grown(table);
        if (!grown)
            return;
        table_insert(grown, name, value);
        publish(&type->lookup_cache, (void *)grown);
        return;
    }
    table_insert(table, name, value);
}

Value type_lookup_owner(Type *type, Value name, Type **out_owner)
{
    Value mro = load_acquire(&type->mro);
    for (size_t i = 0; mro && i < as_tuple(mro)->length; i++) {
        Type *base = as_type(as_tuple(mro)->at[i]);
        Value attributes = load_acquire(&base->attributes);
        Value found = attributes ? dict_get_known(as_dict(attributes), name) : 0;
        if (found) {
            if (out_owner)
                *out_owner = base;
            return found;
        }
    }
    return 0;
}

Value type_lookup_locked(Type *type, Value name)
{
    Value found;
    if (type->lookup_cache && table_find(type->lookup_cache, name, &found))
        return found;
    found = type_lookup_owner(type, name, NULL);
    if (type_has_flag(type, TYPE_READY))
        cache_insert(type, name, found);
    return found;
}

static NOINLINE Value lookup_slow(Type *type, Value name)
{
    if (!(as_object(name)->flags & FLAG_INTERNED))
        return type_lookup_owner(type, name, NULL);
    types_lock();
    Value found = type_lookup_locked(type, name);
    types_unlock();
    return found;
}

Value type_lookup(Type *type, Value name)
{
    const LookupTable *table = load_acquire(&type->lookup_cache);
    Value found;
    if (likely(table != NULL) && likely(table_find(table, name, &found)))
        return found;
    return lookup_slow(type, name);
}

bool type_is_subtype(const Type *type, const Type *base)
{
    if (type == base)
        return true;
    Value mro = load_acquire(&((Type *)type)->mro);
    if (!mro)
        return base == &type_object;
    const Tuple *types = as_tuple(mro);
    for (size_t i = 0; i < types->length; i++)
        if (types->at[i] == value_of(base))
            return true;
    return false;
}

const char *type_short_name(const Type *type)
{
    if (type_has_flag(type, TYPE_HEAP))
        return type->name;
    const char *dot = strrchr(type->name, '.');
    return dot ? dot + 1 : type->name;
}

// --- subclasses: an array that grows by copying; removed entries are null; guard: types mutex.
// Builtin types stand in it themselves, classes as weak references. ---

void type_modified(Type *type)
{
    publish(&type->lookup_cache, NULL);
    publish(&type->version, type_version_next());
    size_t position = 0;
    Type *subclass;
    while ((subclass = type_next_subclass(type, &position)))
        type_modified(subclass);
}

Type *type_next_subclass(const Type *type, size_t *position)
{
    if (!type->subclasses)
        return NULL;
    const ValueArray *array = (ValueArray *)type->subclasses;
    while (*position < array->cap) {
        Value entry = array->at[(*position)++];
        if (entry && is_exactly(entry, &type_weakref))
            entry = weakref_target(as_weakref(entry));
        if (entry)
            return as_type(entry);
    }
    return NULL;
}

static bool is_free_entry(Value entry)
{
    return !entry || (is_exactly(entry, &type_weakref) && !weakref_target(as_weakref(entry)));
}

bool type_add_subclass(Thread *t, Type *base, Type *subclass)
{
    Value entry = type_has_flag(subclass, TYPE_HEAP) ? weakref_new(t, &type_weakref, value_of(subclass), 0) : value_of(subclass);
    ValueArray *array = (ValueArray *)base->subclasses;
    size_t cap = array ? array->cap : 0, last = cap;
    if (!entry)
        return false;
    while (last > 0 && is_free_entry(array->at[last - 1]))    // new ones go behind all others
        last--;
    if (last < cap) {
        publish(&array->at[last], entry);
        return true;
    }
    size_t wanted = cap ? 2 * cap : 4;
    ValueArray *grown = new_scanned(t, sizeof(ValueArray) + wanted * sizeof(Value));
    if (!grown)
        return false;
    grown->cap = wanted;
    size_t kept = 0;
    for (size_t i = 0; i < cap; i++)
        if (!is_free_entry(array->at[i]))
            grown->at[kept++] = array->at[i];
    grown->at[kept] = entry;
    publish(&base->subclasses, (Value)grown);
    return true;
}

void type_remove_subclass(Thread *t, Type *base, const Type *subclass)
{
    (void)t;
    ValueArray *array = (ValueArray *)base->subclasses;
    for (size_t i = 0; array && i < array->cap; i++)
        if (array->at[i] && (array->at[i] == value_of(subclass) ||
            (is_exactly(array->at[i], &type_weakref) && weakref_target(as_weakref(array->at[i])) == value_of(subclass))))
            publish(&array->at[i], 0);
}

Value type_subclasses_list(Thread *t, Type *type)
{
    List *list = list_new(t, 0);
    size_t position = 0;
    Type *subclass;
    while (list && (subclass = type_next_subclass(type, &position)))
        if (!list_append(t, list, value_of(subclass)))
            return 0;
    return value_of(list);
}
