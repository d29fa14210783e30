// thread_local.c: _thread._local: an object with other attributes in each thread.
//
// Each Thread has a Dict from the number of a local object to that thread's attributes. Only its own thread touches it.
#include "src/core/error.h"
#include "src/core/native.h"
#include "src/modules/thread.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef struct LocalObject {
    Object head;
    uint64_t number;       // never reused
    Value args, kwargs;    // of the constructor: __init__ is called with them in each thread. tuple; Dict or 0
} LocalObject;

static uint64_t next_number;   // atomic

static LocalObject *as_local(Value v) { return (LocalObject *)v; }

static bool has_own_init(const Type *cls) { return cls->slots.init && cls->slots.init != type_object.slots.init; }

static Dict *add_dict(Thread *t, Value self)
{
    if (!t->locals_dict) {
        t->locals_dict = value_of(dict_new(t));
        if (!t->locals_dict)
            return NULL;
    }
    Dict *d = dict_new(t);
    Value key = int_from_uint64(t, as_local(self)->number);
    return d && key && dict_set(t, as_dict(t->locals_dict), key, value_of(d)) ? d : NULL;
}

// The calling thread's attributes; made, and __init__ called, at the first use there. Null: exception pending.
static Dict *local_dict(Thread *t, Value self)
{
    Value found = 0, key = int_from_uint64(t, as_local(self)->number);
    if (!key || (t->locals_dict && dict_get(t, as_dict(t->locals_dict), key, &found) < 0))
        return NULL;
    if (found)
        return as_dict(found);
    Dict *d = add_dict(t, self);
    if (!d || !has_own_init(type_of(self)))
        return d;
    Value init = attr_get(t, value_of(type_of(self)), N(__init__));
    if (init) {
        const Tuple *args = as_tuple(as_local(self)->args);
        Tuple *all = tuple_alloc(t, args->length + 1);
        if (!all)
            return NULL;
        all->at[0] = self;
        memcpy(all->at + 1, args->at, args->length * sizeof(Value));
        if (call_tuple_dict(t, init, value_of(all), as_local(self)->kwargs))
            return d;
    }
    Value failure = pending_take(t);   // the next use tries again
    dict_delete(t, as_dict(t->locals_dict), key);
    pending_set(t, failure);
    return NULL;
}

static Value keywords_dict(Thread *t, const Value *values, Value kwnames)
{
    Dict *d = dict_new(t);
    for (size_t i = 0; d && i < as_tuple(kwnames)->length; i++)
        if (!dict_set(t, d, as_tuple(kwnames)->at[i], values[i]))
            return 0;
    return value_of(d);
}

static Value local_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    bool named = kwnames && as_tuple(kwnames)->length;
    if ((nargs || named) && !has_own_init(cls))
        return raise(t, EXC(TypeError), "Initialization arguments are not supported");
    LocalObject *self = cls == &type_thread_local ? new_object(t, thread_local, LocalObject) : instance_new(t, cls, 0);
    if (!self)
        return 0;
    self->number = __atomic_add_fetch(&next_number, 1, __ATOMIC_RELAXED);
    self->args = nargs ? tuple_from(t, args, nargs) : tuple_empty;
    if (!self->args || (named && !(self->kwargs = keywords_dict(t, args + nargs, kwnames))))
        return 0;
    return add_dict(t, value_of(self)) ? value_of(self) : 0;   // the constructor itself calls __init__ here
}

static Value type_attribute(Value self, Value name) { return type_lookup(type_of(self), name); }

static bool is_data_descriptor(Value descriptor) { return descriptor && type_of(descriptor)->slots.descr_set; }

static Value local_getattr(Thread *t, Value self, Value name)
{
    Dict *d = local_dict(t, self);
    if (!d)
        return 0;
    if (name == N(__dict__))
        return value_of(d);
    if (!is_data_descriptor(type_attribute(self, name))) {
        Value value = 0;
        if (dict_get(t, d, name, &value) < 0)
            return 0;
        if (value)
            return value;
    }
    return attr_generic_get(t, self, name);
}

static bool local_setattr(Thread *t, Value self, Value name, Value value)
{
    Dict *d = local_dict(t, self);
    if (!d)
        return false;
    if (name == N(__dict__)) {
        raise(t, EXC(AttributeError), "'%T' object attribute '__dict__' is read-only", self);
        return false;
    }
    if (is_data_descriptor(type_attribute(self, name)))
        return attr_generic_set(t, self, name, value);
    if (value)
        return dict_set(t, d, name, value);
    int deleted = dict_delete(t, d, name);
    if (deleted == 0)
        raise_attribute(t, self, name);
    return deleted > 0;
}

Type type_thread_local = {
    TYPE_HEAD(thread_local, "_thread._local", &type_object, LocalObject),
    .flags = TYPE_BASE | TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .doc = "Thread-local data",
    .slots = {.new = local_new, .getattr = local_getattr, .setattr = local_setattr},
    .new_signature = "()",
};
