// str_index.c: s[i], s[a:b:c], and iteration over characters.
#include "src/types/function.h"
#include "src/types/str_methods.h"
#include "src/types/tuple.h"
#include "src/core/vm.h"


static Value slice_stepped(Thread *t, const Str *s, int64_t start, int64_t step, int64_t count)
{
    if (count == 0)
        return str_empty;
    int unit = str_unit(s);
    if (count == 1)
        return str_from_char(t, str_at(s, (size_t)start));
    Str *out = str_alloc(t, (size_t)count, str_bound(s));
    if (!out)
        return 0;
    for (int64_t i = 0; i < count; i++, start += step)
        unit_put(out->data, unit, (size_t)i, unit_get(s->data, unit, (size_t)start));
    return str_is_ascii(s) ? value_of(out) : str_from_units(t, out->data, unit, (size_t)count);
}

Value str_getitem(Thread *t, Value value, Value key)
{
    const Str *s = as_str(value);
    int64_t i;
    if (is_fixnum(key)) {
        i = fixnum_value(key);
    } else if (is_exactly(key, &type_slice)) {
        int64_t start, stop, step, count;
        if (!slice_indices(t, key, (int64_t)s->length, &start, &stop, &step, &count))
            return 0;
        if (step == 1 && count > 0)
            return str_substring(t, value, (size_t)start, (size_t)(start + count));
        return slice_stepped(t, s, start, step, count);
    } else {
        if (!is_int(key) && !type_of(key)->slots.to_index)
            return raise(t, EXC(TypeError), "string indices must be integers, not '%.200T'", key);
        if (!to_index(t, key, &i))
            return 0;
    }
    if (i < 0)
        i += (int64_t)s->length;
    if (i < 0 || i >= (int64_t)s->length)
        return raise(t, EXC(IndexError), "string index out of range");
    return str_from_char(t, str_at(s, (size_t)i));
}

// --- iterator: both types share the struct; the ASCII one never allocates ---

typedef struct StrIterator {
    Object head;
    Value str;          // 0 once exhausted; relaxed
    int64_t next;       // relaxed: threads that share an iterator may see a character twice, as in CPython's free-threaded build
} StrIterator;

Value str_iterator_new(Thread *t, Value s)
{
    StrIterator *it = str_is_ascii(as_str(s)) ? new_object(t, str_ascii_iterator, StrIterator)
                                             : new_object(t, str_iterator, StrIterator);
    if (it)
        it->str = s;
    return value_of(it);
}

static Value str_iterator_next(Thread *t, Value self)
{
    StrIterator *it = (StrIterator *)self;
    Value s = load_relaxed(&it->str);
    int64_t i = load_relaxed(&it->next);
    if (!s)
        return 0;
    if (i >= (int64_t)as_str(s)->length) {
        store_relaxed(&it->str, 0);
        return 0;
    }
    store_relaxed(&it->next, i + 1);
    return str_from_char(t, str_at(as_str(s), (size_t)i));
}

static Value str_iterator_length_hint(Thread *t, const Value *args, size_t nargs)
{
    StrIterator *it = (StrIterator *)args[0];
    return fixnum(it->str ? (int64_t)as_str(it->str)->length - it->next : 0);
}

static Value str_iterator_reduce(Thread *t, const Value *args, size_t nargs)
{
    StrIterator *it = (StrIterator *)args[0];
    Value iter = attr_get(t, t->vm->builtins_module, N(iter));
    if (!iter)
        return 0;
    if (!it->str)
        return tuple_of(t, 2, iter, tuple_of(t, 1, str_empty));
    return tuple_of(t, 3, iter, tuple_of(t, 1, it->str), fixnum(it->next));
}

static Value str_iterator_setstate(Thread *t, const Value *args, size_t nargs)
{
    StrIterator *it = (StrIterator *)args[0];
    int64_t i;
    if (!to_int64(t, args[1], &i))
        return 0;
    if (it->str) {
        int64_t length = (int64_t)as_str(it->str)->length;
        it->next = i < 0 ? 0 : i > length ? length : i;
    }
    return NONE;
}

static Value str_iterator_self(Thread *t, Value self) { return self; }

static const NativeDef iterator_methods[] = {
    {"__length_hint__", str_iterator_length_hint, "($self, /)", "Private method returning an estimate of len(list(it)).", 0},
    {"__reduce__", str_iterator_reduce, "($self, /)", "Return state information for pickling.", 0},
    {"__setstate__", str_iterator_setstate, "($self, state, /)", "Set state information for unpickling.", 0},
    {0},
};

Type type_str_iterator = {
    TYPE_HEAD(str_iterator, "str_iterator", &type_object, StrIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = str_iterator_self, .next = str_iterator_next},
    .methods = iterator_methods,
};

Type type_str_ascii_iterator = {
    TYPE_HEAD(str_ascii_iterator, "str_ascii_iterator", &type_object, StrIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = str_iterator_self, .next = str_iterator_next},
    .methods = iterator_methods,
};
