// list_type.c: the list type: constructor, operators, methods, iterators.
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/list_storage.h"
#include "src/types/sequence.h"

enum { LIST_LENGTH_MAX = INT32_MAX };

// --- slots ---

static Value list_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    if (cls == &type_list)
        return value_of(list_new(t, 0));
    List *list = instance_new(t, cls, 0);
    if (list)
        list->items = list_array_empty();
    return value_of(list);
}

static bool list_init_slot(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    const Type *cls = as_object(self)->type;
    bool own_new = cls != &type_list && cls->slots.new != type_list.slots.new;
    if (!arguments_check(t, "list", nargs, own_new ? 0 : kwnames, 0, 1))
        return false;
    list_clear(as_list(self));
    return nargs == 0 || list_extend(t, as_list(self), args[0]);
}

static Value list_repr(Thread *t, Value a)
{
    List *list = as_list(a);
    if (list_length(list) == 0)
        return str_from_cstr(t, "[]");
    int active = repr_enter(t, a);
    if (active)
        return active > 0 ? str_from_cstr(t, "[...]") : 0;
    StrBuilder b;
    builder_init(&b);
    bool ok = builder_char(t, &b, '[');
    Value item;
    for (size_t i = 0; ok && (item = list_get(list, i)) != 0; i++) {
        Value shown = i && !builder_ascii(t, &b, ", ", 2) ? 0 : value_repr(t, item);
        ok = shown && builder_str(t, &b, shown);
    }
    ok = ok && builder_char(t, &b, ']');
    repr_leave(t, a);
    return ok ? builder_finish(t, &b) : 0;
}

static Value compare_lists(Thread *t, List *a, List *b, CompareOp op)
{
    bool equality = op == CMP_EQ || op == CMP_NE;
    if (equality && list_length(a) != list_length(b))
        return value_bool(op == CMP_NE);
    for (size_t i = 0;; i++) {
        Value left = list_get(a, i), right = list_get(b, i);
        int equal = left && right ? values_equal(t, left, right) : 0;
        if (equal < 0)
            return 0;
        size_t n = list_length(a), m = list_length(b);   // after a comparison that may have changed them
        if (!equal && (i >= n || i >= m))
            return value_bool(order_matches(n < m ? -1 : n > m, op));
        if (!equal)
            return equality ? value_bool(op == CMP_NE) : compare(t, left, right, op);
    }
}

static Value list_compare(Thread *t, Value a, Value b, CompareOp op)
{
    return is_list(a) && is_list(b) ? compare_lists(t, as_list(a), as_list(b), op) : NOTIMPLEMENTED;
}

static int64_t list_length_slot(Thread *t, Value a)
{
    (void)t;
    return (int64_t)list_length(as_list(a));
}

static COLD Value index_type_error(Thread *t, Value key)
{
    return raise(t, EXC(TypeError), "list indices must be integers or slices, not %T", key);
}

static Value list_getitem(Thread *t, Value a, Value key)
{
    List *list = as_list(a);
    int64_t i;
    if (likely(is_fixnum(key)))
        i = fixnum_value(key);
    else if (is_exactly(key, &type_slice))
        return list_get_slice(t, list, key);
    else if (!is_index(key))
        return index_type_error(t, key);
    else if (!to_index(t, key, &i))
        return 0;
    if (i < 0)
        i += (int64_t)list_length(list);
    Value item = i < 0 ? 0 : list_get(list, (size_t)i);
    return likely(item != 0) ? item : raise(t, EXC(IndexError), "list index out of range");
}

static bool delete_index(Thread *t, List *list, int64_t i)
{
    if (list_take(list, i))
        return true;
    raise(t, EXC(IndexError), "list assignment index out of range");
    return false;
}

static bool list_setitem(Thread *t, Value a, Value key, Value value)
{
    List *list = as_list(a);
    int64_t i;
    if (likely(is_fixnum(key))) {
        i = fixnum_value(key);
    } else if (is_exactly(key, &type_slice)) {
        return list_set_slice(t, list, key, value);
    } else if (!is_index(key)) {
        index_type_error(t, key);
        return false;
    } else if (!to_index(t, key, &i)) {
        return false;
    }
    if (!value)
        return delete_index(t, list, i);
    if (i < 0)
        i += (int64_t)list_length(list);
    if (likely(i >= 0 && list_store(list, (size_t)i, value)))
        return true;
    raise(t, EXC(IndexError), "list assignment index out of range");
    return false;
}

static int list_contains(Thread *t, Value a, Value item)
{
    List *list = as_list(a);
    Value there;
    for (size_t i = 0; (there = list_get(list, i)) != 0; i++) {
        int equal = values_equal(t, there, item);
        if (equal)
            return equal;
    }
    return 0;
}

static Value list_concat(Thread *t, Value a, Value b)
{
    if (!is_list(b))
        return raise(t, EXC(TypeError), "can only concatenate list (not \"%T\") to list", b);
    List *left = as_list(a), *right = as_list(b);
    List *result = list_new(t, list_length(left) + list_length(right));
    if (!result)
        return 0;
    bool locked = object_lock_two(&left->head, &right->head);
    size_t n = left->length, m = right->length;
    ValueArray *array = result->items->cap >= n + m ? result->items : list_array_new(t, n + m);
    if (array) {
        memcpy(array->at, left->items->at, n * sizeof(Value));
        memcpy(array->at + n, right->items->at, m * sizeof(Value));
        result->items = array;
        result->length = n + m;
    }
    object_unlock_two(&left->head, &right->head, locked);
    return array ? value_of(result) : 0;
}

static bool repeat_fits(Thread *t, size_t length, int64_t n)
{
    if (length && (uint64_t)n > LIST_LENGTH_MAX * 64ull / length) {
        raise_no_memory(t);
        return false;
    }
    return true;
}

static void repeat_fill(Value *to, const Value *items, size_t length, size_t n)
{
    if (length == 1)
        for (size_t i = 0; i < n; i++)
            to[i] = items[0];
    else
        for (size_t i = 0; i < n; i++)
            memcpy(to + i * length, items, length * sizeof(Value));
}

static Value list_repeat(Thread *t, Value a, int64_t n)
{
    size_t length;
    Value *items = list_snapshot(t, as_list(a), &length);
    if (!items || n <= 0 || length == 0)
        return items ? value_of(list_new(t, 0)) : 0;
    List *result = repeat_fits(t, length, n) ? list_new(t, length * (size_t)n) : NULL;
    if (!result)
        return 0;
    repeat_fill(result->items->at, items, length, (size_t)n);
    result->length = length * (size_t)n;
    return value_of(result);
}

static Value list_inplace_repeat(Thread *t, Value a, int64_t n)
{
    List *list = as_list(a);
    if (n == 1)
        return a;
    if (n <= 0) {
        list_clear(list);
        return a;
    }
    bool locked = object_lock(&list->head);
    size_t length = list->length;
    ValueArray *array = length && repeat_fits(t, length, n) ? list_array_new(t, length * (size_t)n) : NULL;
    if (array) {
        repeat_fill(array->at, list->items->at, length, (size_t)n);
        list_replace_locked(list, array, length * (size_t)n);
    }
    object_unlock(&list->head, locked);
    return array || length == 0 ? a : 0;
}

static Value list_inplace_concat(Thread *t, Value a, Value b)
{
    return list_extend(t, as_list(a), b) ? a : 0;
}

static Value list_iter(Thread *t, Value a)
{
    return index_iterator_new(t, &type_list_iterator, SHAPE_list_iterator, a, 0);
}

// --- methods ---

static Value append_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return list_append(t, as_list(args[0]), args[1]) ? NONE : 0;
}

static Value extend_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return list_extend(t, as_list(args[0]), args[1]) ? NONE : 0;
}

static Value insert_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int64_t index;
    return to_index_clipped(t, args[1], &index) && list_insert(t, as_list(args[0]), index, args[2]) ? NONE : 0;
}

static Value pop_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    List *list = as_list(args[0]);
    int64_t index = -1;
    if (args[1] && !to_index(t, args[1], &index))
        return 0;
    Value item = list_take(list, index);
    if (likely(item != 0))
        return item;
    return raise(t, EXC(IndexError), list_length(list) ? "pop index out of range" : "pop from empty list");
}

static Value clear_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    list_clear(as_list(args[0]));
    return NONE;
}

static Value copy_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    size_t n;
    Value *items = list_snapshot(t, as_list(args[0]), &n);
    return items ? list_from(t, items, n) : 0;
}

static Value remove_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    List *list = as_list(args[0]);
    Value there;
    for (size_t i = 0; (there = list_get(list, i)) != 0; i++) {
        int equal = values_equal(t, there, args[1]);
        if (equal < 0)
            return 0;
        if (equal) {
            list_take(list, (int64_t)i);
            return NONE;
        }
    }
    return raise(t, EXC(ValueError), "list.remove(x): x not in list");
}

static Value index_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    List *list = as_list(args[0]);
    int64_t start, stop;
    if (!sequence_bounds(t, args[2], args[3], (int64_t)list_length(list), &start, &stop))
        return 0;
    Value there;
    for (int64_t i = start; i < stop && (there = list_get(list, (size_t)i)) != 0; i++) {
        int equal = values_equal(t, there, args[1]);
        if (equal)
            return equal > 0 ? fixnum(i) : 0;
    }
    return raise(t, EXC(ValueError), "list.index(x): x not in list");
}

static Value count_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    List *list = as_list(args[0]);
    int64_t count = 0;
    Value there;
    for (size_t i = 0; (there = list_get(list, i)) != 0; i++) {
        int equal = values_equal(t, there, args[1]);
        if (equal < 0)
            return 0;
        count += equal;
    }
    return fixnum(count);
}

static Value reverse_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    List *list = as_list(args[0]);
    bool locked = object_lock(&list->head);
    Value *items = list->items->at;
    for (size_t i = 0, j = list->length; i + 1 < j; i++) {
        j--;
        Value low = items[i];
        store_relaxed(&items[i], items[j]);
        store_relaxed(&items[j], low);
    }
    object_unlock(&list->head, locked);
    return NONE;
}

static Value sort_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int reverse = args[2] ? truth(t, args[2]) : 0;
    if (reverse < 0)
        return 0;
    return list_sort(t, as_list(args[0]), args[1], reverse) ? NONE : 0;
}

static Value reversed_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return index_iterator_new(t, &type_list_reverse_iterator, SHAPE_list_reverse_iterator, args[0],
                              (int64_t)list_length(as_list(args[0])) - 1);
}

static Value sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    ValueArray *array = load_acquire(&as_list(args[0])->items);
    return fixnum((int64_t)(type_of(args[0])->basic_size + array->cap * sizeof(Value)));
}

static Value getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return list_getitem(t, args[0], args[1]);
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static const NativeDef list_methods[] = {
    {"__getitem__", getitem_method, "($self, index, /)", "Return self[index].", 0},
    {"__reversed__", reversed_method, "($self, /)", "Return a reverse iterator over the list.", 0},
    {"__sizeof__", sizeof_method, "($self, /)", "Return the size of the list in memory, in bytes.", 0},
    {"clear", clear_method, "($self, /)", "Remove all items from list.", 0},
    {"copy", copy_method, "($self, /)", "Return a shallow copy of the list.", 0},
    {"append", append_method, "($self, object, /)", "Append object to the end of the list.", 0},
    {"insert", insert_method, "($self, index, object, /)", "Insert object before index.", 0},
    {"extend", extend_method, "($self, iterable, /)", "Extend list by appending elements from the iterable.", 0},
    {"pop", pop_method, "($self, index=-1, /)",
     "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range.", 0},
    {"remove", remove_method, "($self, value, /)",
     "Remove first occurrence of value.\n\nRaises ValueError if the value is not present.", 0},
    {"index", index_method, "($self, value, start=0, stop=sys.maxsize, /)",
     "Return first index of value.\n\nRaises ValueError if the value is not present.", 0},
    {"count", count_method, "($self, value, /)", "Return number of occurrences of value.", 0},
    {"reverse", reverse_method, "($self, /)", "Reverse *IN PLACE*.", 0},
    {"sort", sort_method, "($self, /, *, key=None, reverse=False)",
     "Sort the list in ascending order and return None.\n\n"
     "The sort is in-place (i.e. the list itself is modified) and stable (i.e. the\n"
     "order of two equal elements is maintained).\n\n"
     "If a key function is given, apply it once to each list item and sort them,\n"
     "ascending or descending, according to their function values.\n\n"
     "The reverse flag can be set to sort in descending order.", 0},
    {"__class_getitem__", class_getitem_method, "($type, item, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

Type type_list = {
    TYPE_HEAD(list, "list", &type_object, List),
    .flags = TYPE_BASE | TYPE_SEQUENCE | TYPE_MATCH_SELF | TYPE_IS_LIST,
    .doc = "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\n"
           "The argument must be an iterable if specified.",
    .new_signature = "(iterable=(), /)",
    .slots = {.repr = list_repr, .hash = hash_not_implemented, .compare = list_compare, .length = list_length_slot,
              .getitem = list_getitem, .setitem = list_setitem, .contains = list_contains, .concat = list_concat,
              .repeat = list_repeat, .inplace_concat = list_inplace_concat, .inplace_repeat = list_inplace_repeat,
              .iter = list_iter, .new = list_new_slot, .init = list_init_slot},
    .methods = list_methods,
};
