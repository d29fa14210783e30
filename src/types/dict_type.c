// dict_type.c: the dict type: constructor, operators, methods, merging of mappings.
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/dict_table.h"
#include "src/types/dict_view.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/sequence.h"
#include "src/types/set_table.h"

// --- merging ---

// From a dict whose iteration nobody overrides: straight from its table.
static bool merge_dict(Thread *t, Dict *d, Dict *from, bool override)
{
    if (from == d)
        return true;
    DictKeys *k = load_acquire(&from->keys);
    size_t used = dict_length(from);
    for (size_t i = 0; i < load_acquire(&k->filled); i++) {
        DictEntry *e = &k->entries[i];
        Value key = load_acquire(&e->key), value = load_acquire(&e->value);
        if (!value)
            continue;
        if (!override) {
            DictProbe probe;
            int found = dict_find(t, d, key, e->hash, &probe);
            if (found < 0)
                return false;
            if (found)
                continue;
        }
        if (!dict_set_hashed(t, d, key, e->hash, value))
            return false;
        if (load_acquire(&from->keys) != k || dict_length(from) != used) {
            raise(t, EXC(RuntimeError), "dict mutated during update");
            return false;
        }
    }
    return true;
}

// An empty target takes over a copy of the whole table.
static bool take_copy(Thread *t, Dict *d, Dict *from)
{
    Value copy = dict_copy(t, from);
    if (!copy)
        return false;
    bool locked = object_lock(&d->head);
    bool empty = d->used == 0;
    if (empty) {
        publish(&d->keys, as_dict(copy)->keys);
        store_relaxed(&d->used, as_dict(copy)->used);
    }
    object_unlock(&d->head, locked);
    return empty || merge_dict(t, d, as_dict(copy), true);
}

static bool merge_mapping(Thread *t, Dict *d, Value mapping, bool override)
{
    Value keys = call_method0(t, mapping, N(keys));
    Value iterator = keys ? iter_get(t, keys) : 0;
    if (!iterator)
        return false;
    for (Value key; (key = iter_next(t, iterator)) != 0;) {
        if (!override) {
            int present = dict_contains(t, d, key);
            if (present < 0)
                return false;
            if (present)
                continue;
        }
        Value value = item_get(t, mapping, key);
        if (!value || !dict_set(t, d, key, value))
            return false;
    }
    return !is_pending(t);
}

bool dict_merge(Thread *t, Dict *d, Value mapping, bool override)
{
    if (is_dict(mapping) && type_of(mapping)->slots.iter == type_dict.slots.iter) {
        Dict *from = as_dict(mapping);
        if (dict_length(d) == 0 && from != d)
            return dict_length(from) == 0 || take_copy(t, d, from);
        return merge_dict(t, d, from, override);
    }
    return merge_mapping(t, d, mapping, override);
}

// One element of a sequence of pairs.
static bool set_from_pair(Thread *t, Dict *d, Value element, size_t number)
{
    size_t n;
    Value *pair;
    if (is_exactly(element, &type_tuple)) {
        n = as_tuple(element)->length;
        pair = as_tuple(element)->at;
    } else {
        if (!type_of(element)->slots.iter && !type_of(element)->slots.getitem) {
            raise(t, EXC(TypeError), "object is not iterable");
            pending_add_note(t, "Cannot convert dictionary update sequence element #%lu to a sequence", (uint64_t)number);
            return false;
        }
        pair = values_from_iterable(t, element, &n);
        if (!pair) {
            if (pending_matches(t, EXC(TypeError)))
                pending_add_note(t, "Cannot convert dictionary update sequence element #%lu to a sequence", (uint64_t)number);
            return false;
        }
    }
    if (n != 2) {
        raise(t, EXC(ValueError), "dictionary update sequence element #%lu has length %lu; 2 is required", (uint64_t)number,
              (uint64_t)n);
        return false;
    }
    return dict_set(t, d, pair[0], pair[1]);
}

bool dict_update(Thread *t, Dict *d, Value mapping_or_pairs)
{
    if (is_dict(mapping_or_pairs))
        return dict_merge(t, d, mapping_or_pairs, true);
    Value keys;
    int has_keys = attr_find(t, mapping_or_pairs, N(keys), &keys);
    if (has_keys < 0)
        return false;
    if (has_keys)
        return dict_merge(t, d, mapping_or_pairs, true);
    Value iterator = iter_get(t, mapping_or_pairs);
    if (!iterator)
        return false;
    size_t number = 0;
    for (Value element; (element = iter_next(t, iterator)) != 0; number++)
        if (!set_from_pair(t, d, element, number))
            return false;
    return !is_pending(t);
}

bool dict_update_call(Thread *t, Dict *d, const char *name, const Value *args, size_t nargs, Value kwnames)
{
    if (!arguments_check(t, name, nargs, 0, 0, 1) || (nargs && !dict_update(t, d, args[0])))
        return false;
    size_t keywords = kwnames ? as_tuple(kwnames)->length : 0;
    for (size_t i = 0; i < keywords; i++) {
        Value key = as_tuple(kwnames)->at[i];
        if (!is_str(key)) {
            raise(t, EXC(TypeError), "keywords must be strings");
            return false;
        }
        if (!dict_set(t, d, key, args[nargs + i]))
            return false;
    }
    return true;
}

// --- slots ---

static Value dict_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    if (cls == &type_dict)
        return value_of(dict_new(t));
    Dict *d = instance_new(t, cls, 0);
    if (d)
        d->keys = dict_keys_empty();
    return value_of(d);
}

static bool dict_init_slot(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return dict_update_call(t, as_dict(self), "dict", args, nargs, kwnames);
}

static Value dict_repr(Thread *t, Value a)
{
    Dict *d = as_dict(a);
    if (dict_length(d) == 0)
        return str_from_cstr(t, "{}");
    int active = repr_enter(t, a);
    if (active)
        return active > 0 ? str_from_cstr(t, "{...}") : 0;
    StrBuilder b;
    builder_init(&b);
    bool ok = builder_char(t, &b, '{');
    Value key, value;
    size_t count = 0;
    for (size_t position = 0; ok && dict_next(d, &position, &key, &value); count++) {
        Value shown = count && !builder_ascii(t, &b, ", ", 2) ? 0 : value_repr(t, key);
        ok = shown && builder_str(t, &b, shown) && builder_ascii(t, &b, ": ", 2);
        shown = ok ? value_repr(t, value) : 0;
        ok = shown && builder_str(t, &b, shown);
    }
    ok = ok && builder_char(t, &b, '}');
    repr_leave(t, a);
    return ok ? builder_finish(t, &b) : 0;
}

static Value dict_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_dict(a) || !is_dict(b))
        return NOTIMPLEMENTED;
    if (!recursion_enter(t, " in comparison"))
        return 0;
    int equal = dict_equal(t, as_dict(a), as_dict(b));
    recursion_leave(t);
    return equal < 0 ? 0 : value_bool(equal == (op == CMP_EQ));
}

static int64_t dict_length_slot(Thread *t, Value a)
{
    (void)t;
    return (int64_t)dict_length(as_dict(a));
}

static Value dict_getitem_slot(Thread *t, Value a, Value key)
{
    return dict_get_item(t, as_dict(a), key);
}

static bool dict_setitem_slot(Thread *t, Value a, Value key, Value value)
{
    if (value)
        return dict_set(t, as_dict(a), key, value);
    int deleted = dict_delete(t, as_dict(a), key);
    if (deleted == 0)
        raise_key(t, key);
    return deleted > 0;
}

static int dict_contains_slot(Thread *t, Value a, Value key)
{
    return dict_contains(t, as_dict(a), key);
}

static Value dict_iter_slot(Thread *t, Value a)
{
    return dict_iterator_new(t, as_dict(a), &type_dict_keyiterator, SHAPE_dict_keyiterator);
}

static Value dict_or(Thread *t, Value a, Value b)
{
    if (!is_dict(a) || !is_dict(b))
        return NOTIMPLEMENTED;
    Value copy = dict_copy(t, as_dict(a));
    return copy && dict_update(t, as_dict(copy), b) ? copy : 0;
}

static Value dict_inplace_or(Thread *t, Value a, Value b)
{
    return dict_update(t, as_dict(a), b) ? a : 0;
}

// --- methods ---

static Value dict_get_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value value;
    int found = dict_get(t, as_dict(args[0]), args[1], &value);
    if (found > 0)
        return value;
    return found < 0 ? 0 : args[2] ? args[2] : NONE;
}

static Value dict_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_get_item(t, as_dict(args[0]), args[1]);
}

static Value dict_contains_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int found = dict_contains(t, as_dict(args[0]), args[1]);
    return found < 0 ? 0 : value_bool(found);
}

static Value dict_setdefault_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_set_default(t, as_dict(args[0]), args[1], args[2] ? args[2] : NONE);
}

static Value dict_pop_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value value;
    int found = dict_pop(t, as_dict(args[0]), args[1], &value);
    if (found > 0)
        return value;
    return found < 0 ? 0 : args[2] ? args[2] : raise_key(t, args[1]);
}

bool dict_pop_last(Dict *d, Value *out_key, Value *out_value)
{
    bool locked = object_lock(&d->head);
    DictKeys *k = d->keys;
    bool found = false;
    for (size_t i = k->live_end; i-- > 0 && !found;) {
        DictEntry *e = &k->entries[i];
        found = e->value != 0;
        if (found) {
            *out_key = e->key;
            *out_value = e->value;
            store_relaxed(&k->live_end, i + 1);
            dict_remove_locked(d, k, e);
        }
    }
    object_unlock(&d->head, locked);
    return found;
}

bool dict_pop_first(Dict *d, Value *out_key, Value *out_value)
{
    bool locked = object_lock(&d->head);
    DictKeys *k = d->keys;
    bool found = false;
    for (size_t i = k->live_start; i < k->filled && !found; i++) {
        DictEntry *e = &k->entries[i];
        found = e->value != 0;
        if (found) {
            *out_key = e->key;
            *out_value = e->value;
            store_relaxed(&k->live_start, i);
            dict_remove_locked(d, k, e);
        }
    }
    object_unlock(&d->head, locked);
    return found;
}

static Value dict_popitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value key, value;
    if (!dict_pop_last(as_dict(args[0]), &key, &value))
        return raise(t, EXC(KeyError), "popitem(): dictionary is empty");
    return tuple_pair(t, key, value);
}

static Value dict_clear_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    dict_clear(t, as_dict(args[0]));
    return NONE;
}

static Value dict_copy_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_copy(t, as_dict(args[0]));
}

// update(*args, **kwargs): the bound **kwargs dict comes first, then the positional values.
static Value dict_update_method(Thread *t, const Value *args, size_t nargs)
{
    Dict *d = as_dict(args[0]);
    if (!arguments_check(t, "update", nargs - 2, 0, 0, 1))
        return 0;
    if (nargs > 2 && !dict_update(t, d, args[2]))
        return 0;
    return !args[1] || dict_merge(t, d, args[1], true) ? NONE : 0;
}

static Value dict_keys_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_view_new(t, args[0], &type_dict_keys, SHAPE_dict_keys);
}

static Value dict_values_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_view_new(t, args[0], &type_dict_values, SHAPE_dict_values);
}

static Value dict_items_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_view_new(t, args[0], &type_dict_items, SHAPE_dict_items);
}

static Value dict_reversed_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_iterator_new(t, as_dict(args[0]), &type_dict_reversekeyiterator, SHAPE_dict_reversekeyiterator);
}

static Value dict_sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    DictKeys *k = load_acquire(&as_dict(args[0])->keys);
    size_t bytes = type_of(args[0])->basic_size + sizeof(DictKeys) + k->capacity * sizeof(DictEntry)
                   + ((size_t)k->index_width << k->log2_index);
    return fixnum((int64_t)bytes);
}

static Value dict_class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

// Keys of a dict or set bring their hashes along.
static bool fill_from_hashed(Thread *t, Dict *d, Value keys, Value fill)
{
    Value key, value;
    Hash hash;
    for (size_t position = 0; is_any_set(keys) ? set_next_entry(as_set(keys), &position, &key, &hash)
                                               : dict_next_hashed(as_dict(keys), &position, &key, &value, &hash);)
        if (!dict_set_hashed(t, d, key, hash, fill))
            return false;
    return true;
}

static Value dict_fromkeys_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value fill = args[2] ? args[2] : NONE;
    Value made = call0(t, args[0]);
    bool exact = made && is_exactly(made, &type_dict);
    if (exact && (is_any_set(args[1]) || is_exactly(args[1], &type_dict)))
        return fill_from_hashed(t, as_dict(made), args[1], fill) ? made : 0;
    Value iterator = made ? iter_get(t, args[1]) : 0;
    if (!iterator)
        return 0;
    for (Value key; (key = iter_next(t, iterator)) != 0;)
        if (!(exact ? dict_set(t, as_dict(made), key, fill) : item_set(t, made, key, fill)))
            return 0;
    return is_pending(t) ? 0 : made;
}

static const NativeDef dict_methods[] = {
    {"__contains__", dict_contains_method, "($self, key, /)", "True if the dictionary has the specified key, else False.", 0},
    {"__getitem__", dict_getitem_method, "($self, key, /)", "Return self[key].", 0},
    {"__sizeof__", dict_sizeof_method, "($self, /)", "Return the size of the dict in memory.", 0},
    {"get", dict_get_method, "($self, key, default=None, /)",
     "Return the value for key if key is in the dictionary, else default.", 0},
    {"setdefault", dict_setdefault_method, "($self, key, default=None, /)",
     "Insert key with a value of default if key is not in the dictionary.\n\n"
     "Return the value for key if key is in the dictionary, else default.", 0},
    {"pop", dict_pop_method, "($self, key, default=<unrepresentable>, /)",
     "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.\n\n"
     "If the key is not found, return the default if given; otherwise,\nraise a KeyError.", 0},
    {"popitem", dict_popitem_method, "($self, /)",
     "Remove and return a (key, value) pair as a 2-tuple.\n\n"
     "Pairs are returned in LIFO (last-in, first-out) order.\nRaises KeyError if the dict is empty.", 0},
    {"keys", dict_keys_method, "($self, /)", "Return a set-like object providing a view on the dict's keys.", 0},
    {"items", dict_items_method, "($self, /)", "Return a set-like object providing a view on the dict's items.", 0},
    {"values", dict_values_method, "($self, /)", "Return an object providing a view on the dict's values.", 0},
    {"update", dict_update_method, "($self, /, *args, **kwargs)",
     "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.\n"
     "If E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]\n"
     "If E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v\n"
     "In either case, this is followed by: for k in F:  D[k] = F[k]", 0},
    {"fromkeys", dict_fromkeys_method, "($type, iterable, value=None, /)",
     "Create a new dictionary with keys from iterable and values set to value.", NATIVE_CLASS},
    {"clear", dict_clear_method, "($self, /)", "Remove all items from the dict.", 0},
    {"copy", dict_copy_method, "($self, /)", "Return a shallow copy of the dict.", 0},
    {"__reversed__", dict_reversed_method, "($self, /)", "Return a reverse iterator over the dict keys.", 0},
    {"__class_getitem__", dict_class_getitem_method, "($type, item, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

Type type_dict = {
    TYPE_HEAD(dict, "dict", &type_object, Dict),
    .flags = TYPE_BASE | TYPE_MAPPING | TYPE_MATCH_SELF | TYPE_IS_DICT,
    .doc = "dict() -> new empty dictionary\n"
           "dict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\n"
           "dict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n"
           "        d[k] = v\n"
           "dict(**kwargs) -> new dictionary initialized with the name=value pairs\n"
           "    in the keyword argument list.  For example:  dict(one=1, two=2)",
    .slots = {.repr = dict_repr, .hash = hash_not_implemented, .compare = dict_compare, .length = dict_length_slot,
              .getitem = dict_getitem_slot, .setitem = dict_setitem_slot, .contains = dict_contains_slot,
              .iter = dict_iter_slot, .bit_or = dict_or, .inplace_or = dict_inplace_or, .new = dict_new_slot,
              .init = dict_init_slot},
    .methods = dict_methods,
};
