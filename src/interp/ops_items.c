// ops_items.c: subscripts and for loops out of the loop: general meaning and type feedback.
#include "src/interp/interp.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Opcode getitem_form(Value o, Value key, bool constant)
{
    if (is_exactly(o, &type_list) && is_fixnum(key))
        return constant ? OP_GETITEM_K_LIST : OP_GETITEM_LIST;
    if (is_exactly(o, &type_tuple) && is_fixnum(key))
        return constant ? OP_GETITEM_K_TUPLE : OP_GETITEM_TUPLE;
    if (is_exactly(o, &type_dict))
        return constant ? OP_GETITEM_K_DICT : OP_GETITEM_DICT;
    if (is_exactly(o, &type_str) && is_fixnum(key) && str_unit(as_str(o)) == 1)
        return constant ? OP_GETITEM_K_STR : OP_GETITEM_STR;
    return constant ? OP_GETITEM_K_ANY : OP_GETITEM_ANY;
}

bool getitem_slow(Thread *t, Value *R, const Instr *pc)
{
    bool constant = opcode_generic(pc->op) == OP_GETITEM_K;
    Value o = R[pc->b], key = constant ? frame_of(R)->code->pool[pc->c] : R[pc->c];
    Opcode form = getitem_form(o, key, constant);
    if (pc->op == OP_GETITEM || pc->op == OP_GETITEM_K)
        requicken(pc, form);
    else if (pc->op != form)
        requicken(pc, constant ? OP_GETITEM_K_ANY : OP_GETITEM_ANY);
    Value v = item_get(t, o, key);
    if (!v)
        return false;
    R[pc->a] = v;
    return true;
}

bool setitem_slow(Thread *t, Value *R, const Instr *pc)
{
    Value o = R[pc->a], key = R[pc->b];
    Opcode form = is_exactly(o, &type_list) && is_fixnum(key) ? OP_SETITEM_LIST : is_exactly(o, &type_dict) ? OP_SETITEM_DICT : OP_SETITEM_ANY;
    if (pc->op == OP_SETITEM)
        requicken(pc, form);
    else if (pc->op != form)
        requicken(pc, OP_SETITEM_ANY);
    return item_set(t, o, key, R[pc->c]);
}

// Bounds of a slice of the builtin sequences with step None, without a slice object; false: they are not plain.
static bool plain_bounds(Value start, Value stop, size_t length, size_t *out_start, size_t *out_stop)
{
    if ((start != NONE && !is_fixnum(start)) || (stop != NONE && !is_fixnum(stop)))
        return false;
    int64_t n = (int64_t)length, i = start == NONE ? 0 : fixnum_value(start), j = stop == NONE ? n : fixnum_value(stop);
    i = i < 0 ? (i + n < 0 ? 0 : i + n) : i > n ? n : i;
    j = j < 0 ? (j + n < 0 ? 0 : j + n) : j > n ? n : j;
    *out_start = (size_t)i;
    *out_stop = (size_t)(j < i ? i : j);
    return true;
}

bool getslice(Thread *t, Value *R, const Instr *pc)
{
    Value o = R[pc->b], start = R[pc->c], stop = R[pc->c + 1], v;
    size_t i, j;
    if (is_exactly(o, &type_str) && plain_bounds(start, stop, as_str(o)->length, &i, &j)) {
        v = str_substring(t, o, i, j);
    } else if (is_exactly(o, &type_tuple) && plain_bounds(start, stop, as_tuple(o)->length, &i, &j)) {
        v = tuple_slice(t, o, i, j);
    } else {
        Value slice = slice_new(t, start, stop, NONE);
        v = slice ? item_get(t, o, slice) : 0;
    }
    if (!v)
        return false;
    R[pc->a] = v;
    return true;
}

static Opcode for_next_form(Value iterator, const Code *code)
{
    if (!is_pointer(iterator))
        return OP_FOR_NEXT_ANY;
    const Type *type = as_object(iterator)->type;
    if (type == &type_list_iterator)
        return OP_FOR_NEXT_LIST;
    if (type == &type_tuple_iterator)
        return OP_FOR_NEXT_TUPLE;
    if (type == &type_range_iterator)
        return OP_FOR_NEXT_RANGE;
    if (type == &type_generator)
        return OP_FOR_NEXT_GENERATOR;
    (void)code;
    return OP_FOR_NEXT_ANY;
}

int for_next_slow(Thread *t, Value *R, const Instr *pc)
{
    Value iterator = R[pc->b];
    Opcode form = for_next_form(iterator, frame_of(R)->code);
    if (pc->op == OP_FOR_NEXT)
        requicken(pc, form);
    else if (pc->op != form)
        requicken(pc, OP_FOR_NEXT_ANY);
    Value item = iter_next(t, iterator);
    if (item) {
        R[pc->a] = item;
        return 1;
    }
    return is_pending(t) ? -1 : 0;
}
