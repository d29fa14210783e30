// weakref.h: weak references and proxies.
#ifndef ADDER_TYPES_WEAKREF_H
#define ADDER_TYPES_WEAKREF_H

#include "gc/heap.h"
#include "src/core/shape.h"

// All WeakRefs whose object lives stand in a table by object (weakref_table.c). The collector takes out those that died
// and clears those whose object died. Words named hidden are complemented addresses: they keep nothing alive.
typedef struct WeakRef {
    Object head;
    uintptr_t hidden;             // the object, or 0: it is gone. Written once, cleared by the collector; read with weakref_target
    uintptr_t hidden_next;        // chain of the table; guard: heap_locked
    Value callback;               // 0: none. Cleared when it has been taken to be run
    struct WeakRef *next_due;     // list of those whose callback is due; guard: see weakref_table.c
    Hash hash;
    bool hashed, is_proxy;
    AttrArea attributes;
} WeakRef;

static inline WeakRef *as_weakref(Value v) { return (WeakRef *)v; }
static inline Value weakref_target(const WeakRef *ref) { return value_of(heap_reveal(&ref->hidden)); }   // 0: gone

// A reference to object of exactly type cls (weakref, proxies or a subclass of weakref). callback may be 0 or NONE.
// References without callback of the builtin types are shared. TypeError when the object cannot be referred to weakly.
Value weakref_new(Thread *t, Type *cls, Value object, Value callback);
static inline bool is_weakref(Value v) { return is_object(v) && type_is_subtype(type_of(v), &type_weakref); }
static inline bool is_weakproxy(Value v) { return is_exactly(v, &type_weakproxy) || is_exactly(v, &type_weakcallableproxy); }

// The table.
void weakref_register(WeakRef *ref, Value object);
WeakRef *weakref_find_plain(const Type *type, Value object);     // one of exactly that type without callback, or null
size_t weakref_count(Value object);
Value weakref_list(Thread *t, Value object);                     // list of its references; shared ones first
Value weakref_first(Value object);                               // for __weakref__: one of them, or NONE
void weakref_fork_child(void);
bool weakref_boot(Thread *t);

#endif
