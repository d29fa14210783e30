// dict_table.h: what the files of the dict type share: hashing of keys, probing, insertion under the lock.
#ifndef ADDER_TYPES_DICT_TABLE_H
#define ADDER_TYPES_DICT_TABLE_H

#include "src/core/lock.h"
#include "src/core/thread.h"
#include "src/types/dict.h"
#include "src/types/str.h"

// The key of a deleted entry; equal to nothing.
extern Object dict_dummy;
#define DICT_DUMMY value_of(&dict_dummy)

// What a search saw: keys and its fill count are the version under which an answer "absent" holds.
typedef struct DictProbe {
    DictKeys *keys;
    size_t filled;
    DictEntry *entry;             // when found
} DictProbe;

// Hash of an int below 2^63: its remainder by 2^61 - 1, never -1.
static inline Hash fixnum_hash(int64_t i)
{
    const int64_t modulus = ((int64_t)1 << 61) - 1;
    if (unlikely(i <= -modulus || i >= modulus))
        i %= modulus;
    return i == -1 ? -2 : i;
}

MUST_CHECK bool key_hash_slow(Thread *t, Value key, const char *container, Hash *out);

// Hash of a dict key or set element; `container` ends the message "cannot use 'T' as a dict key (…)".
static inline MUST_CHECK bool key_hash(Thread *t, Value key, const char *container, Hash *out)
{
    if (likely(is_exactly(key, &type_str))) {
        Hash known = load_relaxed(&as_str(key)->hash);
        *out = likely(known != 0) ? known : str_hash(as_str(key));
        return true;
    }
    if (is_fixnum(key)) {
        *out = fixnum_hash(fixnum_value(key));
        return true;
    }
    return key_hash_slow(t, key, container, out);
}

#define DICT_KEY "a dict key"
#define SET_ELEMENT "a set element"

// 1 found, 0 absent, -1 error. Runs Python code only for keys with a comparison of their own; call without the lock.
int dict_find(Thread *t, const Dict *d, Value key, Hash hash, DictProbe *out);
bool dict_next_hashed(const Dict *d, size_t *position, Value *out_key, Value *out_value, Hash *out_hash);
int dict_get_hashed(Thread *t, const Dict *d, Value key, Hash hash, Value *out);
// Makes the key the last or the first one: 1, 0 absent, -1 error.
int dict_move_to_end(Thread *t, Dict *d, Value key, bool last);
// After dict_find said absent: adds the key unless the dict has changed. 1 added, 0 look again, -1 error. The lock is held.
int dict_add_locked(Thread *t, Dict *d, const DictProbe *seen, Value key, Hash hash, Value value);
// After dict_find said found: true when the entry is still the key's. The lock is held.
bool dict_probe_holds(const Dict *d, const DictProbe *seen);
void dict_remove_locked(Dict *d, DictKeys *k, DictEntry *e);
bool dict_set_hashed(Thread *t, Dict *d, Value key, Hash hash, Value value);
DictKeys *dict_keys_empty(void);
// New table with room for `want` entries, holding the live ones of `from` (null: none). Not published.
DictKeys *dict_keys_copy(Thread *t, const DictKeys *from, size_t want);
void dict_keys_append(DictKeys *k, Value key, Hash hash, Value value);   // to an unpublished table with room

#endif
