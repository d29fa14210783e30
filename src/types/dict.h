// dict.h: Dict, insertion-ordered hash table; Set and FrozenSet.
//
// Dict: `keys` points to a DictKeys: index table + append-only entries. Rules of publication in docs/threads.md:
// entry → index slot → used count; a new DictKeys last; an entry's place is never reused within one DictKeys.
// Lookups take no lock; builtin keys (str, int …) compare without Python code.
#ifndef ADDER_TYPES_DICT_H
#define ADDER_TYPES_DICT_H

#include "src/core/type.h"

typedef struct DictEntry { Hash hash; Value key; Value value; } DictEntry;   // value 0: deleted

// index table and entries are written under the dict's byte lock while K is current; a replaced K is never written again.
typedef struct DictKeys {
    uint8_t log2_index;           // index table has 1 << log2_index slots
    uint8_t index_width;          // bytes per slot: 1, 2, 4 or 8; slot 0 = empty, else entry number + 1
    bool all_str;                 // every key ever inserted is an exact str
    size_t capacity;              // entries
    size_t filled;                // entries written, deleted ones included; published after the index slot
    size_t live_start, live_end;  // hints: entries before and from there on are deleted; guard: the lock, readers relaxed
    void *index;                  // atomic memory, or behind the entries when the table is small
    DictEntry entries[];
} DictKeys;

typedef struct Dict {
    Object head;
    DictKeys *keys;               // never null
    size_t used;                  // live entries
    uint64_t watch;               // number that changes when a watched global changes; see dict_watch
} Dict;

static inline Dict *as_dict(Value v) { return (Dict *)v; }
MUST_CHECK Dict *dict_new(Thread *t);
MUST_CHECK Dict *dict_new_sized(Thread *t, size_t entries);
// Question functions return 1 found, 0 absent, -1 error. The `known` forms are for interned or otherwise exact str keys: no error but memory.
Value dict_get_known(const Dict *d, Value str_key);                        // 0 when absent; never raises
int dict_get(Thread *t, Dict *d, Value key, Value *out);
Value dict_get_item(Thread *t, Dict *d, Value key);                        // KeyError when absent; __missing__ for subclasses
MUST_CHECK bool dict_set(Thread *t, Dict *d, Value key, Value value);
int dict_delete(Thread *t, Dict *d, Value key);
int dict_pop(Thread *t, Dict *d, Value key, Value *out);
Value dict_set_default(Thread *t, Dict *d, Value key, Value value);        // the value now there
int dict_contains(Thread *t, Dict *d, Value key);
size_t dict_length(const Dict *d);
int dict_equal(Thread *t, Dict *a, Dict *b);
MUST_CHECK bool dict_update(Thread *t, Dict *d, Value mapping_or_pairs);
MUST_CHECK bool dict_merge(Thread *t, Dict *d, Value mapping, bool override);
Value dict_copy(Thread *t, Dict *d);
void dict_clear(Thread *t, Dict *d);
// Iteration in order: *position starts at 0. False at the end. Sees a consistent table; never raises.
bool dict_next(const Dict *d, size_t *position, Value *out_key, Value *out_value);
Value dict_keys_list(Thread *t, Dict *d);
Value dict_values_list(Thread *t, Dict *d);
Value dict_items_list(Thread *t, Dict *d);
// For caches of globals: the entry that holds a live str key, or null. Valid while d->keys is the same and entry->value is not 0.
DictEntry *dict_entry_known(const Dict *d, Value str_key);

// --- set, frozenset: open addressing; same publication rules, one SetTable at a time ---
typedef struct SetEntry { Hash hash; Value key; } SetEntry;               // key 0: empty; SET_DUMMY (set_table.h): deleted
typedef struct SetTable { size_t mask, fill; SetEntry entries[]; } SetTable;
typedef struct Set {
    Object head;
    SetTable *table;
    size_t used;
    Hash hash;                    // frozenset: 0 until computed
} Set;

static inline Set *as_set(Value v) { return (Set *)v; }
MUST_CHECK Set *set_new(Thread *t, bool frozen);
int set_contains(Thread *t, Set *s, Value key);
int set_add(Thread *t, Set *s, Value key);                                // 1 added, 0 was there, -1 error
int set_discard(Thread *t, Set *s, Value key);
MUST_CHECK bool set_update(Thread *t, Set *s, Value iterable);
bool set_next(const Set *s, size_t *position, Value *out_key);
size_t set_length(const Set *s);
Value set_from_iterable(Thread *t, Value iterable, bool frozen);

#endif
