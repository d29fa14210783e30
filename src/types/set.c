// set.c: the hash table of sets: open addressing, searched without locks.
//
// Publication: hash → key → fill → used; a new SetTable last. An entry that was ever used never holds another key (deleting
// stores SET_DUMMY), so (table, fill) is a version for "this key is absent". Probing and growth follow CPython's, so that
// sets are iterated in the same order: short linear stretches, then a jump that mixes in higher bits of the hash.
#include "src/types/set_table.h"

#include "src/ops/ops.h"

enum {
    SLOTS_MIN = 8,
    STRETCH = 9,                  // further entries looked at next to each home position
    PERTURB_SHIFT = 5,
    LARGE = 50000,                // larger sets grow by doubling, smaller ones fourfold
    UNSURE = 2,
};

Object set_dummy = {.type = &type_object, .shape = SHAPE_object};

static struct { SetTable table; SetEntry entry; } empty_table;   // never written: adding to it makes a real one

SetTable *set_table_empty(void)
{
    return &empty_table.table;
}

// The way of a hash through a table.
typedef struct Path { size_t mask, perturb, home, at, end; } Path;

static inline void path_stretch(Path *p)
{
    p->at = p->home;
    p->end = p->home + STRETCH <= p->mask ? p->home + STRETCH : p->home;
}

static inline Path path_start(const SetTable *table, Hash hash)
{
    Path p = {.mask = table->mask, .perturb = (size_t)hash, .home = (size_t)hash & table->mask};
    path_stretch(&p);
    return p;
}

static inline void path_step(Path *p)
{
    if (p->at++ < p->end)
        return;
    p->perturb >>= PERTURB_SHIFT;
    p->home = (p->home * 5 + 1 + p->perturb) & p->mask;
    path_stretch(p);
}

static SetTable *table_new(Thread *t, size_t more_than)
{
    size_t slots = SLOTS_MIN;
    while (slots <= more_than)
        slots *= 2;
    SetTable *table = new_scanned(t, sizeof(SetTable) + slots * sizeof(SetEntry));
    if (table)
        table->mask = slots - 1;
    return table;
}

// Adds a key that is not there, to a table with room.
static void table_put(SetTable *table, Value key, Hash hash)
{
    Path p = path_start(table, hash);
    while (table->entries[p.at].key)
        path_step(&p);
    table->entries[p.at].hash = hash;
    publish(&table->entries[p.at].key, key);
    publish(&table->fill, table->fill + 1);
}

static SetTable *table_copy(Thread *t, const SetTable *from, size_t more_than)
{
    SetTable *table = table_new(t, more_than);
    for (size_t i = 0; table && i <= from->mask; i++)
        if (from->entries[i].key && from->entries[i].key != SET_DUMMY)
            table_put(table, from->entries[i].key, from->entries[i].hash);
    return table;
}

Set *set_new(Thread *t, bool frozen)
{
    Set *s = frozen ? new_object(t, frozenset, Set) : new_object(t, set, Set);
    if (s)
        s->table = &empty_table.table;
    return s;
}

// --- search ---

typedef struct SetProbe { SetTable *table; size_t fill; SetEntry *entry; } SetProbe;

static int find_str(const SetTable *table, Value key, Hash hash, SetEntry **out)
{
    for (Path p = path_start(table, hash);; path_step(&p)) {
        const SetEntry *e = &table->entries[p.at];
        Value there = load_acquire(&e->key);
        if (!there)
            return 0;
        if (there != key) {
            if (e->hash != hash || there == SET_DUMMY)
                continue;
            if (!is_exactly(there, &type_str))
                return UNSURE;
            if (!str_equal(as_str(there), as_str(key)))
                continue;
        }
        *out = (SetEntry *)e;
        return 1;
    }
}

static int find_fixnum(const SetTable *table, Value key, Hash hash, SetEntry **out)
{
    for (Path p = path_start(table, hash);; path_step(&p)) {
        const SetEntry *e = &table->entries[p.at];
        Value there = load_acquire(&e->key);
        if (!there)
            return 0;
        if (there == key) {
            *out = (SetEntry *)e;
            return 1;
        }
        if (e->hash == hash && !is_fixnum(there) && there != SET_DUMMY)
            return UNSURE;
    }
}

static int find_by_comparing(Thread *t, const Set *s, SetTable *table, Value key, Hash hash, SetEntry **out)
{
    for (Path p = path_start(table, hash);; path_step(&p)) {
        SetEntry *e = &table->entries[p.at];
        Value there = load_acquire(&e->key);
        if (!there)
            return 0;
        if (e->hash != hash || there == SET_DUMMY)
            continue;
        int equal = there == key ? 1 : compare_bool(t, there, key, CMP_EQ);
        if (equal < 0)
            return -1;
        if (load_acquire(&s->table) != table || load_acquire(&e->key) != there)
            return UNSURE;
        if (equal) {
            *out = e;
            return 1;
        }
    }
}

static int set_find(Thread *t, const Set *s, Value key, Hash hash, SetProbe *out)
{
    out->table = load_acquire(&s->table);
    out->fill = load_acquire(&out->table->fill);
    int found = UNSURE;
    if (likely(is_exactly(key, &type_str)))
        found = find_str(out->table, key, hash, &out->entry);
    else if (is_fixnum(key))
        found = find_fixnum(out->table, key, hash, &out->entry);
    while (unlikely(found == UNSURE)) {
        out->table = load_acquire(&s->table);
        out->fill = load_acquire(&out->table->fill);
        found = find_by_comparing(t, s, out->table, key, hash, &out->entry);
    }
    return found;
}

bool set_lookup_hash(Thread *t, Value *key, Hash *out)
{
    if (key_hash(t, *key, SET_ELEMENT, out))
        return true;
    if (!is_object(*key) || !is_instance_flag(*key, TYPE_IS_SET) || !pending_clear_if(t, EXC(TypeError)))
        return false;
    *key = set_copy(t, as_set(*key), true);
    return *key && value_hash(t, *key, out);
}

int set_contains_hashed(Thread *t, const Set *s, Value key, Hash hash)
{
    SetProbe probe;
    return set_find(t, s, key, hash, &probe);
}

int set_contains(Thread *t, Set *s, Value key)
{
    Hash hash;
    return set_lookup_hash(t, &key, &hash) ? set_contains_hashed(t, s, key, hash) : -1;
}

// --- change ---

// The lock is held and the key is known to be absent. 1, or -1 without memory.
static int add_locked(Thread *t, Set *s, Value key, Hash hash)
{
    SetTable *table = s->table;
    if (table == &empty_table.table) {
        table = table_new(t, 0);
        if (!table)
            return -1;
        table_put(table, key, hash);
        publish(&s->table, table);
    } else {
        table_put(table, key, hash);
    }
    size_t used = s->used + 1;
    store_relaxed(&s->used, used);
    if (likely(table->fill * 5 < table->mask * 3))
        return 1;
    SetTable *grown = table_copy(t, table, used > LARGE ? used * 2 : used * 4);
    if (!grown)
        return -1;
    publish(&s->table, grown);
    return 1;
}

int set_add_hashed(Thread *t, Set *s, Value key, Hash hash)
{
    for (;;) {
        SetProbe probe;
        int found = set_find(t, s, key, hash, &probe);
        if (found)
            return found < 0 ? -1 : 0;
        bool locked = object_lock(&s->head);
        int done = s->table == probe.table && probe.table->fill == probe.fill ? add_locked(t, s, key, hash) : 0;
        object_unlock(&s->head, locked);
        if (likely(done))
            return done;
    }
}

int set_add(Thread *t, Set *s, Value key)
{
    Hash hash;
    return key_hash(t, key, SET_ELEMENT, &hash) ? set_add_hashed(t, s, key, hash) : -1;
}

int set_discard_hashed(Thread *t, Set *s, Value key, Hash hash)
{
    for (;;) {
        SetProbe probe;
        int found = set_find(t, s, key, hash, &probe);
        if (found <= 0)
            return found;
        bool locked = object_lock(&s->head);
        bool holds = s->table == probe.table && probe.entry->key != SET_DUMMY;
        if (holds) {
            publish(&probe.entry->key, SET_DUMMY);
            store_relaxed(&s->used, s->used - 1);
        }
        object_unlock(&s->head, locked);
        if (holds)
            return 1;
    }
}

int set_discard(Thread *t, Set *s, Value key)
{
    Hash hash;
    return set_lookup_hash(t, &key, &hash) ? set_discard_hashed(t, s, key, hash) : -1;
}

// The `hash` word of a mutable set is the place where the next pop starts looking.
Value set_pop_any(Set *s)
{
    bool locked = object_lock(&s->head);
    Value key = 0;
    if (s->used) {
        SetTable *table = s->table;
        size_t i = (size_t)s->hash & table->mask;
        while (!table->entries[i].key || table->entries[i].key == SET_DUMMY)
            i = i == table->mask ? 0 : i + 1;
        key = table->entries[i].key;
        publish(&table->entries[i].key, SET_DUMMY);
        store_relaxed(&s->used, s->used - 1);
        s->hash = (Hash)i + 1;
    }
    object_unlock(&s->head, locked);
    return key;
}

void set_clear(Set *s)
{
    bool locked = object_lock(&s->head);
    publish(&s->table, &empty_table.table);
    store_relaxed(&s->used, 0);
    object_unlock(&s->head, locked);
}

void set_take_table(Set *s, Set *from)
{
    bool locked = object_lock(&s->head);
    publish(&s->table, from->table);
    store_relaxed(&s->used, from->used);
    object_unlock(&s->head, locked);
}

// --- whole sets ---

size_t set_length(const Set *s)
{
    return load_relaxed(&s->used);
}

bool set_next_entry(const Set *s, size_t *position, Value *out_key, Hash *out_hash)
{
    const SetTable *table = load_acquire(&s->table);
    for (size_t i = *position; i <= table->mask; i++) {
        Value key = load_acquire(&table->entries[i].key);
        if (key && key != SET_DUMMY) {
            *position = i + 1;
            *out_key = key;
            *out_hash = table->entries[i].hash;
            return true;
        }
    }
    return false;
}

bool set_next(const Set *s, size_t *position, Value *out_key)
{
    Hash hash;
    return set_next_entry(s, position, out_key, &hash);
}

// Room for `more` further items before they come.
static bool set_reserve(Thread *t, Set *s, size_t more)
{
    bool locked = object_lock(&s->head);
    SetTable *table = s->table;
    size_t mask = table == &empty_table.table ? SLOTS_MIN - 1 : table->mask;
    if ((table->fill + more) * 5 >= mask * 3) {
        table = table_copy(t, table, (s->used + more) * 2);
        if (table)
            publish(&s->table, table);
    }
    object_unlock(&s->head, locked);
    return table != NULL;
}

bool set_merge(Thread *t, Set *s, const Set *other)
{
    if (s == other || set_length(other) == 0)
        return true;
    if (!set_reserve(t, s, set_length(other)))
        return false;
    Value key;
    Hash hash;
    for (size_t position = 0; set_next_entry(other, &position, &key, &hash);)
        if (set_add_hashed(t, s, key, hash) < 0)
            return false;
    return true;
}

// Fills a fresh set: no key of `from` needs comparing.
static bool fill_copy(Thread *t, Set *to, const Set *from)
{
    const SetTable *table = load_acquire(&from->table);
    size_t used = set_length(from);
    if (used == 0)
        return true;
    size_t more_than = used * 5 >= (SLOTS_MIN - 1) * 3 ? used * 2 : 0;
    SetTable *copy = table_copy(t, table, more_than);
    if (!copy)
        return false;
    if (copy->mask == table->mask && copy->fill == table->fill) {   // same size and no holes: keep the places
        size_t kept = 0;
        memset(copy->entries, 0, (copy->mask + 1) * sizeof(SetEntry));
        for (size_t i = 0; i <= table->mask; i++) {
            Value key = load_acquire(&table->entries[i].key);
            if (!key || key == SET_DUMMY)
                continue;
            copy->entries[i].hash = table->entries[i].hash;
            copy->entries[i].key = key;
            kept++;
        }
        copy->fill = kept;
    }
    to->table = copy;
    to->used = copy->fill;
    return true;
}

Value set_copy(Thread *t, const Set *s, bool frozen)
{
    Set *copy = set_new(t, frozen);
    return copy && fill_copy(t, copy, s) ? value_of(copy) : 0;
}

static bool update_from_dict(Thread *t, Set *s, Dict *d)
{
    if (!set_reserve(t, s, dict_length(d)))
        return false;
    Value key, value;
    Hash hash;
    for (size_t position = 0; dict_next_hashed(d, &position, &key, &value, &hash);)
        if (set_add_hashed(t, s, key, hash) < 0)
            return false;
    return true;
}

bool set_update(Thread *t, Set *s, Value iterable)
{
    if (is_any_set(iterable))
        return set_merge(t, s, as_set(iterable));
    if (is_exactly(iterable, &type_dict))
        return update_from_dict(t, s, as_dict(iterable));
    Value iterator = iter_get(t, iterable);
    if (!iterator)
        return false;
    for (Value item; (item = iter_next(t, iterator)) != 0;)
        if (set_add(t, s, item) < 0)
            return false;
    return !is_pending(t);
}

Value set_from_iterable(Thread *t, Value iterable, bool frozen)
{
    if (is_any_set(iterable))
        return set_copy(t, as_set(iterable), frozen);
    Set *s = set_new(t, frozen);
    return s && set_update(t, s, iterable) ? value_of(s) : 0;
}

// Order-independent: every item's hash is scattered before they are combined. Constants as CPython's.
Hash frozenset_hash(Set *s)
{
    Hash known = load_relaxed(&s->hash);
    if (known)
        return known;
    uint64_t mixed = 0;
    Value key;
    Hash hash;
    for (size_t position = 0; set_next_entry(s, &position, &key, &hash);)
        mixed ^= (((uint64_t)hash ^ 89869747u) ^ ((uint64_t)hash << 16)) * 3644798167u;
    mixed ^= ((uint64_t)set_length(s) + 1) * 1927868237u;
    mixed ^= (mixed >> 11) ^ (mixed >> 25);
    mixed = mixed * 69069u + 907133923u;
    if (mixed == UINT64_MAX)
        mixed = 590923713u;
    store_relaxed(&s->hash, (Hash)mixed);
    return (Hash)mixed;
}
