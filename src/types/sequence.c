// sequence.c: what the builtin sequences share.
#include "src/types/sequence.h"

#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/types/dict.h"
#include "src/types/exception.h"

bool order_matches(int order, CompareOp op)
{
    switch (op) {
    case CMP_LT:
        return order < 0;
    case CMP_LE:
        return order <= 0;
    case CMP_EQ:
        return order == 0;
    case CMP_NE:
        return order != 0;
    case CMP_GT:
        return order > 0;
    case CMP_GE:
        return order >= 0;
    }
    return false;
}

Value sequences_compare(Thread *t, const Value *a, size_t a_length, const Value *b, size_t b_length, CompareOp op)
{
    if (a_length != b_length && (op == CMP_EQ || op == CMP_NE))
        return value_bool(op == CMP_NE);
    size_t common = size_min(a_length, b_length), i = 0;
    for (; i < common; i++) {
        int equal = values_equal(t, a[i], b[i]);
        if (equal < 0)
            return 0;
        if (!equal)
            break;
    }
    if (i == common)
        return value_bool(order_matches(a_length < b_length ? -1 : a_length > b_length, op));
    if (op == CMP_EQ || op == CMP_NE)
        return value_bool(op == CMP_NE);
    return compare(t, a[i], b[i], op);
}

bool values_repr(Thread *t, StrBuilder *b, const Value *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i && !builder_ascii(t, b, ", ", 2))
            return false;
        Value shown = value_repr(t, items[i]);
        if (!shown || !builder_str(t, b, shown))
            return false;
    }
    return true;
}

static MUST_CHECK bool bound_from(Thread *t, Value bound, int64_t length, int64_t omitted, int64_t *out)
{
    int64_t i = omitted;
    if (bound) {
        if (!is_index(bound)) {
            raise(t, EXC(TypeError), "slice indices must be integers or have an __index__ method");
            return false;
        }
        if (!to_index_clipped(t, bound, &i))
            return false;
        if (i < 0)
            i = i + length < 0 ? 0 : i + length;
    }
    *out = i > length ? length : i;
    return true;
}

bool sequence_bounds(Thread *t, Value start, Value stop, int64_t length, int64_t *out_start, int64_t *out_stop)
{
    return bound_from(t, start, length, 0, out_start) && bound_from(t, stop, length, length, out_stop);
}

bool constructor_check(Thread *t, const Type *cls, const Type *builtin, size_t nargs, Value kwnames, size_t least, size_t most)
{
    bool own_init = cls != builtin && cls->slots.init != builtin->slots.init;
    return arguments_check(t, type_short_name(builtin), nargs, own_init ? 0 : kwnames, least, most);
}

Value builtin_named(Thread *t, Value name)
{
    Value found = dict_get_known(as_dict(thread_current()->vm->builtins), name);
    return found ? found : raise(t, EXC(AttributeError), "%U", name);
}
