// ops_build.c: instructions that build, extend and take apart displays, strings and templates.
#include "src/interp/interp.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/template.h"
#include "src/types/tuple.h"

typedef bool (*BuildFn)(Thread *t, Value *R, const Instr *pc);

static bool set_result(Value *R, const Instr *pc, Value v)
{
    if (!v)
        return false;
    R[pc->a] = v;
    return true;
}

static bool build_set(Thread *t, Value *R, const Instr *pc)
{
    Set *set = set_new(t, false);
    if (!set)
        return false;
    for (unsigned i = 0; i < pc->c; i++) {
        if (set_add(t, set, R[pc->b + i]) < 0)
            return false;
    }
    return set_result(R, pc, value_of(set));
}

static bool build_map(Thread *t, Value *R, const Instr *pc)
{
    Dict *dict = dict_new_sized(t, pc->c);
    if (!dict)
        return false;
    for (unsigned i = 0; i < pc->c; i++) {
        if (!dict_set(t, dict, R[pc->b + 2 * i], R[pc->b + 2 * i + 1]))
            return false;
    }
    return set_result(R, pc, value_of(dict));
}

static bool build_string(Thread *t, Value *R, const Instr *pc)
{
    return set_result(R, pc, str_join(t, str_empty, &R[pc->b], pc->c));
}

static bool build_slice(Thread *t, Value *R, const Instr *pc)
{
    return set_result(R, pc, slice_new(t, R[pc->b], R[pc->b + 1], R[pc->b + 2]));
}

static bool list_extend_op(Thread *t, Value *R, const Instr *pc)
{
    Value source = R[pc->b];
    if (list_extend(t, as_list(R[pc->a]), source))
        return true;
    if (pending_matches(t, EXC(TypeError)) && !type_of(source)->slots.iter && !type_of(source)->slots.getitem) {
        pending_clear(t);
        raise(t, EXC(TypeError), "Value after * must be an iterable, not %T", source);
    }
    return false;
}

static bool list_to_tuple_op(Thread *t, Value *R, const Instr *pc)
{
    return set_result(R, pc, list_to_tuple(t, as_list(R[pc->b])));
}

static bool set_add_op(Thread *t, Value *R, const Instr *pc)
{
    if (!is_exactly(R[pc->a], &type_set))   // __conditional_annotations__ is a name that programs can assign
        return raise(t, EXC(TypeError), "expected set, not %T", R[pc->a]);
    return set_add(t, as_set(R[pc->a]), R[pc->b]) >= 0;
}

static bool set_update_op(Thread *t, Value *R, const Instr *pc)
{
    return set_update(t, as_set(R[pc->a]), R[pc->b]);
}

static bool dict_update_op(Thread *t, Value *R, const Instr *pc)
{
    Value source = R[pc->b];
    if (dict_merge(t, as_dict(R[pc->a]), source, true))
        return true;
    if (pending_clear_if(t, EXC(AttributeError)))
        raise(t, EXC(TypeError), "'%T' object is not a mapping", source);
    return false;
}

// How messages about a call's arguments name the callee.
Value op_callee_text(Thread *t, Value function)
{
    Value qualname = 0;
    if (attr_find(t, function, N(__qualname__), &qualname) > 0 && is_str(qualname)) {
        Value module = 0;
        if (attr_find(t, function, N(__module__), &module) > 0 && is_str(module) && !str_equal_cstr(module, "builtins"))
            return str_format(t, "%U.%U()", module, qualname);
        return str_format(t, "%U()", qualname);
    }
    pending_clear(t);
    return value_str(t, function);
}

static bool raise_merge(Thread *t, Value function, Value source)
{
    if (pending_clear_if(t, EXC(AttributeError))) {
        Value text = op_callee_text(t, function);
        return text ? raise(t, EXC(TypeError), "%U argument after ** must be a mapping, not %T", text, source) : false;
    }
    return false;
}

static bool dict_merge_op(Thread *t, Value *R, const Instr *pc)
{
    Dict *into = as_dict(R[pc->a]);
    Value source = R[pc->b], function = R[pc->c];
    if (!is_dict(source)) {
        Dict *copy = dict_new(t);
        if (!copy)
            return false;
        if (!dict_merge(t, copy, source, true))
            return raise_merge(t, function, source);
        source = value_of(copy);
    }
    size_t position = 0;
    Value key, value;
    while (dict_next(as_dict(source), &position, &key, &value)) {
        int present = dict_contains(t, into, key);
        if (present < 0)
            return false;
        if (present) {
            Value text = op_callee_text(t, function);
            return text ? raise(t, EXC(TypeError), "%U got multiple values for keyword argument '%V'", text, key) : false;
        }
        if (!dict_set(t, into, key, value))
            return false;
    }
    return true;
}

static Value converted(Thread *t, Value v, unsigned conversion)
{
    switch (conversion) {
    case 's':
        return value_str(t, v);
    case 'r':
        return value_repr(t, v);
    case 'a':
        return value_ascii(t, v);
    default:
        return v;
    }
}

static bool format_op(Thread *t, Value *R, const Instr *pc)
{
    Value v = converted(t, R[pc->b], pc->c);
    if (v && !is_exactly(v, &type_str))
        v = value_format(t, v, 0);
    return set_result(R, pc, v);
}

static bool format_spec_op(Thread *t, Value *R, const Instr *pc)
{
    Value v = converted(t, R[pc->b], pc->c);
    return set_result(R, pc, v ? value_format(t, v, R[pc->b + 1]) : 0);
}

static bool build_interpolation(Thread *t, Value *R, const Instr *pc)
{
    Value conversion = pc->c ? str_from_char(t, pc->c) : NONE;
    return set_result(R, pc, conversion ? interpolation_new(t, R[pc->b], R[pc->b + 1], conversion, R[pc->b + 2]) : 0);
}

static bool build_template(Thread *t, Value *R, const Instr *pc)
{
    return set_result(R, pc, template_new(t, R[pc->b], R[pc->b + 1]));
}

// --- unpacking: the targets may be locals, so nothing is written before it is known to succeed ---

static bool raise_not_iterable(Thread *t, Value source)
{
    if (pending_matches(t, EXC(TypeError)) && !type_of(source)->slots.iter && !type_of(source)->slots.getitem) {
        pending_clear(t);
        raise(t, EXC(TypeError), "cannot unpack non-iterable %T object", source);
    }
    return false;
}

// Items of the builtin sequences without an iterator: null when the source is something else (nothing pending) or on error.
static const Value *sequence_items(Thread *t, Value source, size_t *out_n)
{
    if (is_exactly(source, &type_tuple)) {
        *out_n = as_tuple(source)->length;
        return as_tuple(source)->at;
    }
    return is_exactly(source, &type_list) ? list_snapshot(t, as_list(source), out_n) : NULL;
}

static bool raise_unpack_count(Thread *t, Value source, size_t want, size_t got, bool exact_got, bool at_least)
{
    if (got < want)
        return raise(t, EXC(ValueError), "not enough values to unpack (expected %s%lu, got %lu)", at_least ? "at least " : "", (uint64_t)want, (uint64_t)got);
    if (exact_got || is_list(source) || is_tuple(source) || is_dict(source)) {
        int64_t n = exact_got ? (int64_t)got : length_of(t, source);
        if (n < 0)
            return false;
        if (n > (int64_t)want)
            return raise(t, EXC(ValueError), "too many values to unpack (expected %lu, got %ld)", (uint64_t)want, n);
    }
    return raise(t, EXC(ValueError), "too many values to unpack (expected %lu)", (uint64_t)want);
}

static bool unpack_op(Thread *t, Value *R, const Instr *pc)
{
    Value source = R[pc->b];
    size_t n = 0, want = pc->c;
    const Value *items = sequence_items(t, source, &n);
    if (items || is_pending(t)) {
        if (!items)
            return false;
        if (n != want)
            return raise_unpack_count(t, source, want, n, true, false);
        memcpy(&R[pc->a], items, want * sizeof(Value));
        return true;
    }
    Value iterator = iter_get(t, source);
    if (!iterator)
        return raise_not_iterable(t, source);
    Tuple *room = tuple_alloc(t, want);
    if (!room)
        return false;
    for (; n < want; n++) {
        room->at[n] = iter_next(t, iterator);
        if (!room->at[n])
            return is_pending(t) ? false : raise_unpack_count(t, source, want, n, false, false);
    }
    if (iter_next(t, iterator))
        return raise_unpack_count(t, source, want, n + 1, false, false);
    if (is_pending(t))
        return false;
    memcpy(&R[pc->a], room->at, want * sizeof(Value));
    return true;
}

static bool unpack_ex_op(Thread *t, Value *R, const Instr *pc)
{
    Value source = R[pc->b];
    size_t before = pc->c & 255, after = pc->c >> 8, n;
    Value *items = values_from_iterable(t, source, &n);
    if (!items)
        return raise_not_iterable(t, source);
    if (n < before + after)
        return raise_unpack_count(t, source, before + after, n, true, true);
    Value middle = list_from(t, items + before, n - before - after);
    if (!middle)
        return false;
    memcpy(&R[pc->a], items, before * sizeof(Value));
    R[pc->a + before] = middle;
    memcpy(&R[pc->a + before + 1], items + n - after, after * sizeof(Value));
    return true;
}

static const BuildFn build_ops[OPCODE_COUNT] = {
    [OP_BUILD_SET] = build_set,
    [OP_BUILD_MAP] = build_map,
    [OP_BUILD_STRING] = build_string,
    [OP_BUILD_SLICE] = build_slice,
    [OP_LIST_EXTEND] = list_extend_op,
    [OP_LIST_TO_TUPLE] = list_to_tuple_op,
    [OP_SET_ADD] = set_add_op,
    [OP_SET_UPDATE] = set_update_op,
    [OP_DICT_UPDATE] = dict_update_op,
    [OP_DICT_MERGE] = dict_merge_op,
    [OP_FORMAT] = format_op,
    [OP_FORMAT_SPEC] = format_spec_op,
    [OP_BUILD_INTERPOLATION] = build_interpolation,
    [OP_BUILD_TEMPLATE] = build_template,
    [OP_UNPACK] = unpack_op,
    [OP_UNPACK_EX] = unpack_ex_op,
};

bool build_op(Thread *t, Value *R, const Instr *pc)
{
    return build_ops[pc->op](t, R, pc);
}
