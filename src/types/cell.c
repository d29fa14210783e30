// cell.c: cells, the variables that closures share: one word, read and written by any thread.
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

Cell *cell_new(Thread *t, Value value)
{
    Cell *cell = new_object(t, cell, Cell);
    if (cell)
        cell->value = value;
    return cell;
}

static Value cell_make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)cls;
    return arguments_check(t, "cell", nargs, kwnames, 0, 1) ? value_of(cell_new(t, nargs ? args[0] : 0)) : 0;
}

static Value content(Value cell)
{
    return load_acquire(&((Cell *)cell)->value);
}

static Value get_contents(Thread *t, Value o)
{
    Value value = content(o);
    return value ? value : raise(t, EXC(ValueError), "cell is empty");
}

static bool set_contents(Thread *t, Value o, Value value)
{
    (void)t;
    publish(&((Cell *)o)->value, value);
    return true;
}

static const GetSetDef cell_getsets[] = {{"cell_contents", get_contents, set_contents, NULL}, {0}};

static Value cell_repr(Thread *t, Value o)
{
    Value value = content(o);
    if (!value)
        return str_format(t, "<cell at 0x%lx: empty>", o);
    return str_format(t, "<cell at 0x%lx: %T object at 0x%lx>", o, value, value);
}

// By contents; an empty cell comes before all others.
static Value cell_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_exactly(a, &type_cell) || !is_exactly(b, &type_cell))
        return NOTIMPLEMENTED;
    Value left = content(a), right = content(b);
    if (left && right)
        return compare(t, left, right, op);
    return compare(t, fixnum(left != 0), fixnum(right != 0), op);
}

Type type_cell = {
    TYPE_HEAD(cell, "cell", &type_object, Cell),
    .new_signature = "([contents])",
    .slots = {.repr = cell_repr, .compare = cell_compare, .hash = hash_not_implemented, .new = cell_make},
    .getsets = cell_getsets,
};
