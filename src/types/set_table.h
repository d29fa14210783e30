// set_table.h: what the files of the set types share.
#ifndef ADDER_TYPES_SET_TABLE_H
#define ADDER_TYPES_SET_TABLE_H

#include "src/types/dict_table.h"

extern Object set_dummy;
#define SET_DUMMY value_of(&set_dummy)   // the key of a deleted entry

SetTable *set_table_empty(void);
int set_contains_hashed(Thread *t, const Set *s, Value key, Hash hash);
int set_add_hashed(Thread *t, Set *s, Value key, Hash hash);
int set_discard_hashed(Thread *t, Set *s, Value key, Hash hash);
// Next live entry; false at the end.
bool set_next_entry(const Set *s, size_t *position, Value *out_key, Hash *out_hash);
// Hash of an element; for a lookup a set stands for the frozenset of its items.
MUST_CHECK bool set_lookup_hash(Thread *t, Value *key, Hash *out);
Value set_copy(Thread *t, const Set *s, bool frozen);
MUST_CHECK bool set_merge(Thread *t, Set *s, const Set *other);
Value set_pop_any(Set *s);                        // 0 when empty
void set_clear(Set *s);
void set_take_table(Set *s, Set *from);           // s becomes what `from`, nobody else's, is
Hash frozenset_hash(Set *s);
static inline bool is_any_set(Value v) { return is_object(v) && (as_object(v)->type->flags & (TYPE_IS_SET | TYPE_IS_FROZENSET)); }

#endif
