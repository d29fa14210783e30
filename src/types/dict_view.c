// dict_view.c: dict_keys, dict_values, dict_items: windows on a dict, the first and last with set operations.
#include "src/types/dict_view.h"

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/dict_table.h"
#include "src/types/iterators.h"
#include "src/types/sequence.h"

static inline Dict *view_dict(Value view)
{
    return as_dict(((DictView *)view)->dict);
}

static bool is_set_view(Value v)
{
    return is_object(v)
           && (type_is_subtype(type_of(v), &type_dict_keys) || type_is_subtype(type_of(v), &type_dict_items));
}

static bool is_items(Value v)
{
    return is_object(v) && type_is_subtype(type_of(v), &type_dict_items);
}

static bool is_set_like(Value v)
{
    return is_object(v) && (is_instance_flag(v, TYPE_IS_SET) || is_instance_flag(v, TYPE_IS_FROZENSET) || is_set_view(v));
}

Value dict_view_new(Thread *t, Value dict, Type *type, uint32_t shape)
{
    DictView *view = new_object_of(t, type, shape, sizeof(DictView));
    if (view)
        view->dict = dict;
    return value_of(view);
}

// --- slots of all three ---

static int64_t view_length(Thread *t, Value a)
{
    (void)t;
    return (int64_t)dict_length(view_dict(a));
}

static Value view_repr(Thread *t, Value a)
{
    int active = repr_enter(t, a);
    if (active)
        return active > 0 ? str_from_cstr(t, "...") : 0;
    Value items = list_from_iterable(t, a);
    Value result = items ? str_format(t, "%N(%R)", type_of(a), items) : 0;
    repr_leave(t, a);
    return result;
}

static Value keys_iter(Thread *t, Value a)
{
    return dict_iterator_new(t, view_dict(a), &type_dict_keyiterator, SHAPE_dict_keyiterator);
}

static Value values_iter(Thread *t, Value a)
{
    return dict_iterator_new(t, view_dict(a), &type_dict_valueiterator, SHAPE_dict_valueiterator);
}

static Value items_iter(Thread *t, Value a)
{
    return dict_iterator_new(t, view_dict(a), &type_dict_itemiterator, SHAPE_dict_itemiterator);
}

static int keys_contains(Thread *t, Value a, Value key)
{
    return dict_contains(t, view_dict(a), key);
}

static int items_contains(Thread *t, Value a, Value item)
{
    if (!is_tuple(item) || as_tuple(item)->length != 2)
        return 0;
    Value value;
    int found = dict_get(t, view_dict(a), as_tuple(item)->at[0], &value);
    return found <= 0 ? found : values_equal(t, value, as_tuple(item)->at[1]);
}

// --- set operations ---

// 1 when every item of `part` is in `whole`.
static int all_contained(Thread *t, Value part, Value whole)
{
    Value iterator = iter_get(t, part);
    if (!iterator)
        return -1;
    for (Value item; (item = iter_next(t, iterator)) != 0;) {
        int inside = item_contains(t, whole, item);
        if (inside <= 0)
            return inside;
    }
    return is_pending(t) ? -1 : 1;
}

static Value view_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_set_like(b))
        return NOTIMPLEMENTED;
    int64_t left = length_of(t, a), right = length_of(t, b);
    if (left < 0 || right < 0)
        return 0;
    int answer;
    switch (op) {
    case CMP_EQ:
    case CMP_NE:
        answer = left == right ? all_contained(t, a, b) : 0;
        if (answer >= 0 && op == CMP_NE)
            answer = !answer;
        break;
    case CMP_LT:
        answer = left < right ? all_contained(t, a, b) : 0;
        break;
    case CMP_LE:
        answer = left <= right ? all_contained(t, a, b) : 0;
        break;
    case CMP_GT:
        answer = left > right ? all_contained(t, b, a) : 0;
        break;
    default:
        answer = left >= right ? all_contained(t, b, a) : 0;
    }
    return answer < 0 ? 0 : value_bool(answer);
}

Value dict_view_to_set(Thread *t, Value view)
{
    return set_from_iterable(t, view, false);
}

static Value view_subtract(Thread *t, Value a, Value b)
{
    Value result = dict_view_to_set(t, a);
    Value iterator = result ? iter_get(t, b) : 0;
    if (!iterator)
        return 0;
    for (Value item; (item = iter_next(t, iterator)) != 0;)
        if (set_discard(t, as_set(result), item) < 0)
            return 0;
    return is_pending(t) ? 0 : result;
}

static Value view_and(Thread *t, Value a, Value b)
{
    if (!is_set_view(a)) {        // reflected: the view is the right operand
        Value other = a;
        a = b;
        b = other;
    }
    if (is_set_like(b) && length_of(t, b) > length_of(t, a) && !is_pending(t) && is_set_view(b)) {
        Value larger = b;
        b = a;
        a = larger;
    }
    Set *result = set_new(t, false);
    Value iterator = result ? iter_get(t, b) : 0;
    if (!iterator)
        return 0;
    for (Value item; (item = iter_next(t, iterator)) != 0;) {
        int inside = is_items(a) ? items_contains(t, a, item) : keys_contains(t, a, item);
        if (inside < 0 || (inside && set_add(t, result, item) < 0))
            return 0;
    }
    return is_pending(t) ? 0 : value_of(result);
}

static Value view_or(Thread *t, Value a, Value b)
{
    Value result = dict_view_to_set(t, a);
    return result && set_update(t, as_set(result), b) ? result : 0;
}

static Value view_xor(Thread *t, Value a, Value b)
{
    Value result = dict_view_to_set(t, a);
    Value other = result ? set_from_iterable(t, b, false) : 0;
    Value iterator = other ? iter_get(t, other) : 0;
    if (!iterator)
        return 0;
    for (Value item; (item = iter_next(t, iterator)) != 0;) {
        int removed = set_discard(t, as_set(result), item);
        if (removed < 0 || (!removed && set_add(t, as_set(result), item) < 0))
            return 0;
    }
    return is_pending(t) ? 0 : result;
}

// --- methods ---

static Value isdisjoint_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value view = args[0], other = args[1];
    if (view == other)
        return value_bool(dict_length(view_dict(view)) == 0);
    if (is_set_like(other) && length_of(t, other) > length_of(t, view)) {
        Value larger = other;
        other = view;
        view = larger;
    }
    Value iterator = is_pending(t) ? 0 : iter_get(t, other);
    if (!iterator)
        return 0;
    for (Value item; (item = iter_next(t, iterator)) != 0;) {
        int inside = item_contains(t, view, item);
        if (inside)
            return inside < 0 ? 0 : FALSE;
    }
    return is_pending(t) ? 0 : TRUE;
}

static Value keys_reversed_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_iterator_new(t, view_dict(args[0]), &type_dict_reversekeyiterator, SHAPE_dict_reversekeyiterator);
}

static Value values_reversed_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_iterator_new(t, view_dict(args[0]), &type_dict_reversevalueiterator, SHAPE_dict_reversevalueiterator);
}

static Value items_reversed_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return dict_iterator_new(t, view_dict(args[0]), &type_dict_reverseitemiterator, SHAPE_dict_reverseitemiterator);
}

static Value view_mapping(Thread *t, Value view)
{
    Value dict = ((DictView *)view)->dict;
    return call1(t, value_of(&type_mappingproxy), dict);
}

static const GetSetDef view_getsets[] = {
    {"mapping", view_mapping, NULL, "dictionary that this view refers to"},
    {0},
};

static const char disjoint_doc[] = "Return True if the view and the given iterable have a null intersection.";
static const NativeDef keys_methods[] = {
    {"isdisjoint", isdisjoint_method, "($self, other, /)", disjoint_doc, 0},
    {"__reversed__", keys_reversed_method, "($self, /)", "Return a reverse iterator over the dict keys.", 0},
    {0},
};
static const NativeDef items_methods[] = {
    {"isdisjoint", isdisjoint_method, "($self, other, /)", disjoint_doc, 0},
    {"__reversed__", items_reversed_method, "($self, /)", "Return a reverse iterator over the dict items.", 0},
    {0},
};
static const NativeDef values_methods[] = {
    {"__reversed__", values_reversed_method, "($self, /)", "Return a reverse iterator over the dict values.", 0},
    {0},
};

#define SET_OPERATORS                                                                              \
    .compare = view_compare, .hash = hash_not_implemented, .subtract = view_subtract, .bit_and = view_and, .bit_or = view_or, \
    .bit_xor = view_xor

Type type_dict_keys = {
    TYPE_HEAD(dict_keys, "dict_keys", &type_object, DictView),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = view_repr, .length = view_length, .iter = keys_iter, .contains = keys_contains, SET_OPERATORS},
    .methods = keys_methods,
    .getsets = view_getsets,
};

Type type_dict_items = {
    TYPE_HEAD(dict_items, "dict_items", &type_object, DictView),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = view_repr, .length = view_length, .iter = items_iter, .contains = items_contains, SET_OPERATORS},
    .methods = items_methods,
    .getsets = view_getsets,
};

Type type_dict_values = {
    TYPE_HEAD(dict_values, "dict_values", &type_object, DictView),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = view_repr, .length = view_length, .iter = values_iter},
    .methods = values_methods,
    .getsets = view_getsets,
};
