// ops_match.c: structural pattern matching.
#include "src/interp/misc_ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

bool match_mapping_op(Thread *t, Value *R, const Instr *pc)
{
    (void)t;
    R[pc->a] = value_bool(is_instance_flag(R[pc->b], TYPE_MAPPING));
    return true;
}

bool match_sequence_op(Thread *t, Value *R, const Instr *pc)
{
    (void)t;
    R[pc->a] = value_bool(is_instance_flag(R[pc->b], TYPE_SEQUENCE));
    return true;
}

bool match_keys_op(Thread *t, Value *R, const Instr *pc)
{
    Value subject = R[pc->b], keys = R[pc->c];
    size_t n = as_tuple(keys)->length;
    Tuple *values = tuple_alloc(t, n);
    Set *seen = n ? set_new(t, false) : NULL;
    Value get = n ? attr_get(t, subject, N(get)) : 0;
    if (!values || (n && (!seen || !get)))
        return false;
    Object *missing = new_object(t, object, Object);
    if (!missing)
        return false;
    for (size_t i = 0; i < n; i++) {
        Value key = as_tuple(keys)->at[i];
        int added = set_add(t, seen, key);
        if (added < 0)
            return false;
        if (!added)
            return raise(t, EXC(ValueError), "mapping pattern checks duplicate key (%R)", key);
        Value v = call2(t, get, key, value_of(missing));
        if (!v)
            return false;
        if (v == value_of(missing)) {
            R[pc->a] = NONE;
            return true;
        }
        values->at[i] = v;
    }
    R[pc->a] = value_of(values);
    return true;
}

// The attribute `name`, each only once per pattern: 1 found, 0 absent, -1 error.
static int class_attribute(Thread *t, Value subject, Value cls, Value name, Set *seen, Value *out)
{
    int added = set_add(t, seen, name);
    if (added < 0)
        return -1;
    if (!added) {
        raise(t, EXC(TypeError), "%N() got multiple sub-patterns for attribute %R", as_type(cls), name);
        return -1;
    }
    return attr_find(t, subject, name, out);
}

static bool match_args_of(Thread *t, Value cls, size_t positional, Value *out_names, bool *out_self)
{
    *out_self = false;
    int found = attr_find(t, cls, N(__match_args__), out_names);
    if (found < 0)
        return false;
    if (!found) {
        *out_names = tuple_empty;
        *out_self = type_has_flag(as_type(cls), TYPE_MATCH_SELF);
    } else if (!is_exactly(*out_names, &type_tuple)) {
        return raise(t, EXC(TypeError), "%N.__match_args__ must be a tuple (got %T)", as_type(cls), *out_names);
    }
    size_t allowed = *out_self ? 1 : as_tuple(*out_names)->length;
    if (positional > allowed)
        return raise(t, EXC(TypeError), "%N() accepts %lu positional sub-pattern%s (%lu given)", as_type(cls), (uint64_t)allowed, allowed == 1 ? "" : "s", (uint64_t)positional);
    return true;
}

// Fills the tuple: 1 all there, 0 one is missing, -1 error.
static int class_attributes(Thread *t, Value subject, Value cls, size_t positional, Value keywords, Tuple *values)
{
    Set *seen = set_new(t, false);
    Value names;
    bool self = false;
    if (!seen)
        return -1;
    if (positional) {
        if (!match_args_of(t, cls, positional, &names, &self))
            return -1;
        if (self)
            values->at[0] = subject;
        for (size_t i = 0; !self && i < positional; i++) {
            Value name = as_tuple(names)->at[i];
            if (!is_exactly(name, &type_str)) {
                raise(t, EXC(TypeError), "__match_args__ elements must be strings (got %T)", name);
                return -1;
            }
            int found = class_attribute(t, subject, cls, name, seen, &values->at[i]);
            if (found <= 0)
                return found;
        }
    }
    for (size_t i = 0; i < as_tuple(keywords)->length; i++) {
        int found = class_attribute(t, subject, cls, as_tuple(keywords)->at[i], seen, &values->at[positional + i]);
        if (found <= 0)
            return found;
    }
    return 1;
}

bool match_class_op(Thread *t, Value *R, const Instr *pc)
{
    Value subject = R[pc->b], cls = R[pc->b + 1], keywords = R[pc->b + 2];
    size_t positional = pc->c;
    if (!is_type(cls))
        return raise(t, EXC(TypeError), "called match pattern must be a class");
    int matches = is_instance(t, subject, cls);
    if (matches < 0)
        return false;
    Tuple *values = tuple_alloc(t, positional + as_tuple(keywords)->length);
    if (!values)
        return false;
    int found = matches ? class_attributes(t, subject, cls, positional, keywords, values) : 0;
    if (found < 0)
        return false;
    R[pc->a] = found ? value_of(values) : NONE;
    return true;
}

bool copy_dict_without_op(Thread *t, Value *R, const Instr *pc)
{
    Dict *rest = dict_new(t);
    if (!rest || !dict_update(t, rest, R[pc->b]))
        return false;
    Value keys = R[pc->c];
    for (size_t i = 0; i < as_tuple(keys)->length; i++) {
        if (dict_delete(t, rest, as_tuple(keys)->at[i]) < 0)
            return false;
    }
    return misc_result(R, pc, value_of(rest));
}
