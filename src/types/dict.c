// dict.c: the hash table of dicts: search without locks, insertion and deletion under the dict's byte lock.
//
// Publication: entry → index slot → filled → used; a new DictKeys last. An index slot goes from 0 to an entry number once; an
// entry belongs to one key for ever. Deleting sets its value to 0 and then its key to DICT_DUMMY. So a reader that has loaded
// `keys` finds a consistent table whatever writers do, and (keys, filled) is a version for "this key is absent".
// Keys whose comparison runs Python code are searched without the lock; the answer is checked again under it.
#include "src/types/dict_table.h"

#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/tuple.h"

enum {
    LOG2_MIN = 3,                 // smallest index table: 8 slots
    LOG2_INLINE_MAX = 4,          // index tables up to 16 bytes stand behind the entries
    PERTURB_SHIFT = 5,
    GROWTH = 3,                   // a full table grows to GROWTH × live entries: room for deletions too
};

Object dict_dummy = {.type = &type_object, .shape = SHAPE_object};

static uint8_t empty_index[1];
static DictKeys empty_keys = {.index_width = 1, .all_str = true, .index = empty_index};

DictKeys *dict_keys_empty(void)
{
    return &empty_keys;
}

static inline size_t index_mask(const DictKeys *k)
{
    return ((size_t)1 << k->log2_index) - 1;
}

static inline size_t index_load(const DictKeys *k, size_t i)
{
    if (likely(k->index_width == 1))
        return load_acquire((uint8_t *)k->index + i);
    if (likely(k->index_width == 2))
        return load_acquire((uint16_t *)k->index + i);
    if (k->index_width == 4)
        return load_acquire((uint32_t *)k->index + i);
    return load_acquire((uint64_t *)k->index + i);
}

static inline void index_publish(DictKeys *k, size_t i, size_t slot)
{
    if (k->index_width == 1)
        publish((uint8_t *)k->index + i, (uint8_t)slot);
    else if (k->index_width == 2)
        publish((uint16_t *)k->index + i, (uint16_t)slot);
    else if (k->index_width == 4)
        publish((uint32_t *)k->index + i, (uint32_t)slot);
    else
        publish((uint64_t *)k->index + i, (uint64_t)slot);
}

static inline size_t usable(unsigned log2_index)
{
    return ((size_t)2 << log2_index) / 3;
}

// --- tables ---

static DictKeys *keys_new(Thread *t, unsigned log2_index)
{
    size_t slots = (size_t)1 << log2_index, capacity = usable(log2_index);
    int width = log2_index <= 8 ? 1 : log2_index <= 16 ? 2 : log2_index <= 32 ? 4 : 8;
    bool inside = log2_index <= LOG2_INLINE_MAX;
    size_t entry_bytes = sizeof(DictKeys) + capacity * sizeof(DictEntry);
    DictKeys *k = new_scanned(t, entry_bytes + (inside ? slots : 0));
    if (!k)
        return NULL;
    k->log2_index = (uint8_t)log2_index;
    k->index_width = (uint8_t)width;
    k->all_str = true;
    k->capacity = capacity;
    k->index = inside ? (void *)&k->entries[capacity] : new_atomic(t, slots * (size_t)width);
    if (!k->index)
        return NULL;
    if (!inside)
        memset(k->index, 0, slots * (size_t)width);
    return k;
}

static unsigned log2_for(size_t want)
{
    unsigned log2_index = LOG2_MIN;
    while (usable(log2_index) < want)
        log2_index++;
    return log2_index;
}

static inline void index_insert(DictKeys *k, Hash hash, size_t entry)
{
    size_t mask = index_mask(k), perturb = (size_t)hash, i = (size_t)hash & mask;
    while (index_load(k, i)) {
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    index_publish(k, i, entry + 1);
}

void dict_keys_append(DictKeys *k, Value key, Hash hash, Value value)
{
    size_t n = k->filled;
    DictEntry *e = &k->entries[n];
    e->hash = hash;
    store_relaxed(&e->key, key);
    publish(&e->value, value);
    if (k->all_str && !is_exactly(key, &type_str))
        store_relaxed(&k->all_str, false);
    index_insert(k, hash, n);
    store_relaxed(&k->live_end, n + 1);
    publish(&k->filled, n + 1);
}

DictKeys *dict_keys_copy(Thread *t, const DictKeys *from, size_t want)
{
    DictKeys *k = keys_new(t, log2_for(want));
    if (!k || !from)
        return k;
    for (size_t i = from->live_start; i < from->filled; i++) {
        const DictEntry *e = &from->entries[i];
        if (e->value)
            dict_keys_append(k, e->key, e->hash, e->value);
    }
    return k;
}

// Replaces a full table. The lock is held.
static DictKeys *dict_grow(Thread *t, Dict *d)
{
    unsigned log2_index = LOG2_MIN;
    while (((size_t)1 << log2_index) < d->used * GROWTH)
        log2_index++;
    DictKeys *k = dict_keys_copy(t, d->keys, usable(log2_index));
    if (k)
        publish(&d->keys, k);
    return k;
}

Dict *dict_new(Thread *t)
{
    Dict *d = new_object(t, dict, Dict);
    if (likely(d != NULL))
        d->keys = &empty_keys;
    return d;
}

Dict *dict_new_sized(Thread *t, size_t entries)
{
    Dict *d = dict_new(t);
    if (!d || entries == 0)
        return d;
    d->keys = keys_new(t, log2_for(entries));
    return d->keys ? d : NULL;
}

// --- hashing ---

// Turns "unhashable type: 'T'" into "cannot use 'T' as a dict key (unhashable type: 'T')".
static COLD void explain_unhashable(Thread *t, Value key, const char *container)
{
    Value exception = pending_take(t);
    if (as_object(exception)->type != EXC(TypeError)) {
        pending_set(t, exception);
        return;
    }
    Type *type = type_of(key);
    Value module = type->module;
    bool plain = !module || str_equal_cstr(module, "builtins") || str_equal_cstr(module, "__main__");
    if (plain)
        raise(t, EXC(TypeError), "cannot use '%N' as %s (%V)", type, container, exception);
    else
        raise(t, EXC(TypeError), "cannot use '%U.%U' as %s (%V)", module, type->qualname, container, exception);
}

bool key_hash_slow(Thread *t, Value key, const char *container, Hash *out)
{
    if (likely(value_hash(t, key, out)))
        return true;
    explain_unhashable(t, key, container);
    return false;
}

// --- search ---

enum { UNSURE = 2 };              // a key of another kind has the same hash: compare in full

// Exact str keys: no Python code, no errors.
static int find_str(const DictKeys *k, Value key, Hash hash, DictEntry **out)
{
    size_t mask = index_mask(k), perturb = (size_t)hash, i = (size_t)hash & mask;
    for (size_t slot; (slot = index_load(k, i)) != 0;) {
        DictEntry *e = (DictEntry *)&k->entries[slot - 1];
        Value there = load_acquire(&e->key);
        if (there == key || e->hash == hash) {
            if (there != key && !is_exactly(there, &type_str)) {
                if (there != DICT_DUMMY)
                    return UNSURE;
            } else if ((there == key || str_equal(as_str(there), as_str(key))) && load_acquire(&e->value)) {
                *out = e;
                return 1;
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    return 0;
}

static int find_fixnum(const DictKeys *k, Value key, Hash hash, DictEntry **out)
{
    size_t mask = index_mask(k), perturb = (size_t)hash, i = (size_t)hash & mask;
    for (size_t slot; (slot = index_load(k, i)) != 0;) {
        DictEntry *e = (DictEntry *)&k->entries[slot - 1];
        Value there = load_acquire(&e->key);
        if (there == key) {
            if (load_acquire(&e->value)) {
                *out = e;
                return 1;
            }
        } else if (e->hash == hash && there != DICT_DUMMY && !is_fixnum(there)) {
            return UNSURE;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    return 0;
}

// One pass with full comparisons. UNSURE: the dict changed during a comparison.
static int find_by_comparing(Thread *t, const Dict *d, DictKeys *k, Value key, Hash hash, DictEntry **out)
{
    size_t mask = index_mask(k), perturb = (size_t)hash, i = (size_t)hash & mask;
    for (size_t slot; (slot = index_load(k, i)) != 0;) {
        DictEntry *e = &k->entries[slot - 1];
        Value there = load_acquire(&e->key);
        if ((there == key || e->hash == hash) && load_acquire(&e->value)) {
            int equal = there == key ? 1 : compare_bool(t, there, key, CMP_EQ);
            if (equal < 0)
                return -1;
            if (load_acquire(&d->keys) != k || load_acquire(&e->key) != there)
                return UNSURE;
            if (equal) {
                *out = e;
                return 1;
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
    return 0;
}

int dict_find(Thread *t, const Dict *d, Value key, Hash hash, DictProbe *out)
{
    out->keys = load_acquire(&d->keys);
    out->filled = load_acquire(&out->keys->filled);
    int found = UNSURE;
    if (likely(is_exactly(key, &type_str)))
        found = find_str(out->keys, key, hash, &out->entry);
    else if (is_fixnum(key))
        found = find_fixnum(out->keys, key, hash, &out->entry);
    while (unlikely(found == UNSURE)) {
        out->keys = load_acquire(&d->keys);
        out->filled = load_acquire(&out->keys->filled);
        found = find_by_comparing(t, d, out->keys, key, hash, &out->entry);
    }
    return found;
}

DictEntry *dict_entry_known(const Dict *d, Value str_key)
{
    Hash hash = load_relaxed(&as_str(str_key)->hash);
    if (unlikely(!hash))
        hash = str_hash(as_str(str_key));
    DictEntry *e;
    int found = find_str(load_acquire(&d->keys), str_key, hash, &e);
    if (unlikely(found == UNSURE)) {   // a str subclass or a stranger with the same hash: rare enough to go the long way
        DictProbe probe;
        Thread *t = thread_current();
        found = dict_find(t, d, str_key, hash, &probe);
        if (found < 0)
            pending_clear(t);
        e = probe.entry;
    }
    return found == 1 ? e : NULL;
}

Value dict_get_known(const Dict *d, Value str_key)
{
    DictEntry *e = dict_entry_known(d, str_key);
    return e ? load_acquire(&e->value) : 0;
}

int dict_get_hashed(Thread *t, const Dict *d, Value key, Hash hash, Value *out)
{
    for (;;) {
        DictProbe probe;
        int found = dict_find(t, d, key, hash, &probe);
        if (found <= 0)
            return found;
        *out = load_acquire(&probe.entry->value);
        if (likely(*out != 0))
            return 1;
    }                             // deleted since it was found, or moved to another entry: look again
}

int dict_get(Thread *t, Dict *d, Value key, Value *out)
{
    Hash hash;
    return key_hash(t, key, DICT_KEY, &hash) ? dict_get_hashed(t, d, key, hash, out) : -1;
}

int dict_contains(Thread *t, Dict *d, Value key)
{
    Value value;
    return dict_get(t, d, key, &value);
}

Value dict_get_item(Thread *t, Dict *d, Value key)
{
    Value value;
    int found = dict_get(t, d, key, &value);
    if (likely(found > 0))
        return value;
    if (found < 0)
        return 0;
    if (d->head.type != &type_dict) {
        Value missing = special_lookup(t, value_of(d), N(__missing__));
        if (missing)
            return call1(t, missing, key);
        if (is_pending(t))
            return 0;
    }
    return raise_key(t, key);
}

// --- change ---

bool dict_probe_holds(const Dict *d, const DictProbe *seen)
{
    return d->keys == seen->keys && seen->entry->value;
}

int dict_add_locked(Thread *t, Dict *d, const DictProbe *seen, Value key, Hash hash, Value value)
{
    DictKeys *k = d->keys;
    if (unlikely(k != seen->keys))
        return 0;
    for (size_t i = seen->filled; unlikely(i < k->filled); i++)
        if (k->entries[i].hash == hash && k->entries[i].value)
            return 0;
    if (unlikely(k->filled == k->capacity) && !(k = dict_grow(t, d)))
        return -1;
    dict_keys_append(k, key, hash, value);
    store_relaxed(&d->used, d->used + 1);
    return 1;
}

void dict_remove_locked(Dict *d, DictKeys *k, DictEntry *e)
{
    size_t i = (size_t)(e - k->entries);
    publish(&e->value, 0);
    publish(&e->key, DICT_DUMMY);
    store_relaxed(&d->used, d->used - 1);
    if (i == k->live_start)
        store_relaxed(&k->live_start, i + 1);
    if (i + 1 == k->live_end)
        store_relaxed(&k->live_end, i);
}

bool dict_set_hashed(Thread *t, Dict *d, Value key, Hash hash, Value value)
{
    for (;;) {
        DictProbe probe;
        int found = dict_find(t, d, key, hash, &probe);
        if (unlikely(found < 0))
            return false;
        bool locked = object_lock(&d->head);
        int done;
        if (found) {
            done = dict_probe_holds(d, &probe);
            if (done)
                publish(&probe.entry->value, value);
        } else {
            done = dict_add_locked(t, d, &probe, key, hash, value);
        }
        object_unlock(&d->head, locked);
        if (likely(done))
            return done > 0;
    }
}

bool dict_set(Thread *t, Dict *d, Value key, Value value)
{
    Hash hash;
    return key_hash(t, key, DICT_KEY, &hash) && dict_set_hashed(t, d, key, hash, value);
}

Value dict_set_default(Thread *t, Dict *d, Value key, Value value)
{
    Hash hash;
    if (!key_hash(t, key, DICT_KEY, &hash))
        return 0;
    for (;;) {
        DictProbe probe;
        int found = dict_find(t, d, key, hash, &probe);
        if (found < 0)
            return 0;
        if (found) {
            Value there = load_acquire(&probe.entry->value);
            if (there)
                return there;
            continue;
        }
        bool locked = object_lock(&d->head);
        int done = dict_add_locked(t, d, &probe, key, hash, value);
        object_unlock(&d->head, locked);
        if (done)
            return done > 0 ? value : 0;
    }
}

int dict_pop(Thread *t, Dict *d, Value key, Value *out)
{
    if (dict_length(d) == 0)      // as CPython: an empty dict does not ask for the hash
        return 0;
    Hash hash;
    if (!key_hash(t, key, DICT_KEY, &hash))
        return -1;
    for (;;) {
        DictProbe probe;
        int found = dict_find(t, d, key, hash, &probe);
        if (found <= 0)
            return found;
        bool locked = object_lock(&d->head);
        bool holds = dict_probe_holds(d, &probe);
        if (holds) {
            *out = probe.entry->value;
            dict_remove_locked(d, probe.keys, probe.entry);
        }
        object_unlock(&d->head, locked);
        if (holds)
            return 1;
    }
}

int dict_delete(Thread *t, Dict *d, Value key)
{
    Hash hash;                    // del asks for the hash even of an empty dict's key
    if (!key_hash(t, key, DICT_KEY, &hash))
        return -1;
    Value old;
    return dict_pop(t, d, key, &old);
}

// Is there no live entry behind e?
static bool is_last_live(const DictKeys *k, const DictEntry *e)
{
    for (size_t i = k->live_end; i-- > (size_t)(e - k->entries) + 1;)
        if (k->entries[i].value)
            return false;
    return true;
}

// The new entry is published before the old one dies: a reader always finds one of them.
static bool move_to_back_locked(Thread *t, Dict *d, DictEntry *e)
{
    if (is_last_live(d->keys, e))
        return true;
    Value key = e->key, value = e->value;
    Hash hash = e->hash;
    DictKeys *k = d->keys;
    if (k->filled == k->capacity) {
        size_t before = 0;        // where the entry will stand in the new table
        for (const DictEntry *other = k->entries; other < e; other++)
            before += other->value != 0;
        k = dict_grow(t, d);
        if (!k)
            return false;
        e = &k->entries[before];
    }
    dict_keys_append(k, key, hash, value);
    store_relaxed(&d->used, d->used + 1);
    dict_remove_locked(d, k, e);
    return true;
}

static bool move_to_front_locked(Thread *t, Dict *d, DictEntry *e)
{
    DictKeys *old = d->keys, *k = keys_new(t, old->log2_index);
    if (!k)
        return false;
    dict_keys_append(k, e->key, e->hash, e->value);
    for (size_t i = old->live_start; i < old->filled; i++)
        if (old->entries[i].value && &old->entries[i] != e)
            dict_keys_append(k, old->entries[i].key, old->entries[i].hash, old->entries[i].value);
    publish(&d->keys, k);
    return true;
}

int dict_move_to_end(Thread *t, Dict *d, Value key, bool last)
{
    Hash hash;
    if (!key_hash(t, key, DICT_KEY, &hash))
        return -1;
    for (;;) {
        DictProbe probe;
        int found = dict_find(t, d, key, hash, &probe);
        if (found <= 0)
            return found;
        bool locked = object_lock(&d->head);
        bool holds = dict_probe_holds(d, &probe), ok = true;
        if (holds)
            ok = last ? move_to_back_locked(t, d, probe.entry) : move_to_front_locked(t, d, probe.entry);
        object_unlock(&d->head, locked);
        if (holds)
            return ok ? 1 : -1;
    }
}

void dict_clear(Thread *t, Dict *d)
{
    (void)t;
    bool locked = object_lock(&d->head);
    publish(&d->keys, &empty_keys);
    store_relaxed(&d->used, 0);
    object_unlock(&d->head, locked);
}

// --- whole dicts ---

size_t dict_length(const Dict *d)
{
    return load_relaxed(&d->used);
}

bool dict_next_hashed(const Dict *d, size_t *position, Value *out_key, Value *out_value, Hash *out_hash)
{
    const DictKeys *k = load_acquire(&d->keys);
    size_t filled = load_acquire(&k->filled), i = *position;
    if (i == 0)
        i = load_relaxed(&k->live_start);
    for (; i < filled; i++) {
        const DictEntry *e = &k->entries[i];
        Value key = load_acquire(&e->key);   // before the value: a live value says that the key was its own
        Value value = load_acquire(&e->value);
        if (likely(value != 0)) {
            *position = i + 1;
            *out_key = key;
            *out_value = value;
            *out_hash = e->hash;
            return true;
        }
    }
    *position = i;
    return false;
}

bool dict_next(const Dict *d, size_t *position, Value *out_key, Value *out_value)
{
    Hash hash;
    Value value;
    return dict_next_hashed(d, position, out_key, out_value ? out_value : &value, &hash);
}

// Makes `to`, new and empty, a copy of `from`. The entries and the index of a table without holes are copied as they are.
static bool copy_table(Thread *t, Dict *from, Dict *to)
{
    bool locked = object_lock(&from->head);
    DictKeys *k = from->keys, *copy = &empty_keys;
    size_t used = from->used;
    if (used == k->filled && used > k->capacity / 2) {
        copy = keys_new(t, k->log2_index);
        if (copy) {
            memcpy(copy->entries, k->entries, used * sizeof(DictEntry));
            memcpy(copy->index, k->index, ((size_t)1 << k->log2_index) * k->index_width);
            copy->filled = copy->live_end = used;
            copy->all_str = k->all_str;
        }
    } else if (used) {
        copy = dict_keys_copy(t, k, used);
    }
    object_unlock(&from->head, locked);
    if (!copy)
        return false;
    to->keys = copy;
    to->used = used;
    return true;
}

Value dict_copy(Thread *t, Dict *d)
{
    Dict *copy = dict_new(t);
    return copy && copy_table(t, d, copy) ? value_of(copy) : 0;
}

typedef enum Part { PART_KEYS, PART_VALUES, PART_ITEMS } Part;

static Value parts_list(Thread *t, Dict *d, Part part)
{
    List *list = list_new(t, dict_length(d));
    Value key, value;
    for (size_t position = 0; list && dict_next(d, &position, &key, &value);) {
        Value item = part == PART_KEYS ? key : part == PART_VALUES ? value : tuple_pair(t, key, value);
        if (!item || !list_append(t, list, item))
            return 0;
    }
    return value_of(list);
}

Value dict_keys_list(Thread *t, Dict *d)
{
    return parts_list(t, d, PART_KEYS);
}

Value dict_values_list(Thread *t, Dict *d)
{
    return parts_list(t, d, PART_VALUES);
}

Value dict_items_list(Thread *t, Dict *d)
{
    return parts_list(t, d, PART_ITEMS);
}

int dict_equal(Thread *t, Dict *a, Dict *b)
{
    if (dict_length(a) != dict_length(b))
        return 0;
    DictKeys *k = load_acquire(&a->keys);
    for (size_t i = 0; i < load_acquire(&k->filled); i++) {
        DictEntry *e = &k->entries[i];
        Value key = load_acquire(&e->key), value = load_acquire(&e->value);
        if (!value)
            continue;
        DictProbe probe;
        int found = dict_find(t, b, key, e->hash, &probe);
        if (found <= 0)
            return found;
        Value other = load_acquire(&probe.entry->value);
        int equal = other ? values_equal(t, value, other) : 0;
        if (equal <= 0)
            return equal;
    }
    return 1;
}
