// slot_wrappers.c: calls of C slots from Python: what `int.__add__`, `list.__len__` … do with their arguments.
//
// Each wrapper gets the row of dunders.def, the slot's function, self and the arguments behind self. Stateless.
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/number.h"
#include "src/types/slot_functions.h"

// TypeError unless there are exactly `wanted` positional arguments and no keywords.
static bool count_is(Thread *t, const Dunder *dunder, size_t nargs, Value kwnames, size_t wanted)
{
    if (kwnames && as_tuple(kwnames)->length)
        return raise(t, EXC(TypeError), "wrapper %s() takes no keyword arguments", dunder->text);
    if (likely(nargs == wanted))
        return true;
    return raise(t, EXC(TypeError), "expected %lu argument%s, got %lu", (uint64_t)wanted, wanted == 1 ? "" : "s", (uint64_t)nargs);
}

static bool count_in(Thread *t, const Dunder *dunder, const char *name, size_t nargs, Value kwnames, size_t least, size_t most)
{
    if (kwnames && as_tuple(kwnames)->length)
        return raise(t, EXC(TypeError), "wrapper %s() takes no keyword arguments", dunder->text);
    return arguments_check(t, name, nargs, 0, least, most);
}

static Value none_if(bool done)
{
    return done ? NONE : 0;
}

static Value bool_or_error(int answer)
{
    return answer < 0 ? 0 : value_bool(answer);
}

Value wrap_unary(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    return count_is(t, dunder, nargs, kwnames, 0) ? ((UnaryFn)function)(t, self) : 0;
}

Value wrap_next(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value item = wrap_unary(t, dunder, function, self, args, nargs, kwnames);
    return item || is_pending(t) ? item : raise_stop_iteration(t, 0);
}

Value wrap_hash(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    Hash hash;
    return count_is(t, dunder, nargs, kwnames, 0) && ((HashFn)function)(t, self, &hash) ? int_from_int64(t, hash) : 0;
}

Value wrap_truth(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    return count_is(t, dunder, nargs, kwnames, 0) ? bool_or_error(((InquiryFn)function)(t, self)) : 0;
}

Value wrap_length(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    int64_t length = count_is(t, dunder, nargs, kwnames, 0) ? ((LengthFn)function)(t, self) : -1;
    return length < 0 ? 0 : int_from_int64(t, length);
}

Value wrap_finalize(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    if (!count_is(t, dunder, nargs, kwnames, 0))
        return 0;
    ((FinalizeFn)function)(t, self);
    return NONE;
}

Value wrap_binary(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_is(t, dunder, nargs, kwnames, 1) ? ((BinaryFn)function)(t, self, args[0]) : 0;
}

Value wrap_reflected(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_is(t, dunder, nargs, kwnames, 1) ? ((BinaryFn)function)(t, args[0], self) : 0;
}

static bool power_count_is(Thread *t, const Dunder *dunder, size_t nargs, Value kwnames)
{
    if (nargs == 1 || nargs == 2)
        return count_is(t, dunder, nargs, kwnames, nargs);
    return raise(t, EXC(TypeError), "expected 1 or 2 arguments, got %lu", (uint64_t)nargs);
}

Value wrap_power(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return power_count_is(t, dunder, nargs, kwnames) ? ((TernaryFn)function)(t, self, args[0], nargs > 1 ? args[1] : NONE) : 0;
}

Value wrap_reflected_power(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return power_count_is(t, dunder, nargs, kwnames) ? ((TernaryFn)function)(t, args[0], self, nargs > 1 ? args[1] : NONE) : 0;
}

Value wrap_inplace_power(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_is(t, dunder, nargs, kwnames, 1) ? ((TernaryFn)function)(t, self, args[0], NONE) : 0;
}

Value wrap_compare(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_is(t, dunder, nargs, kwnames, 1) ? ((CompareFn)function)(t, self, args[0], (CompareOp)dunder->variant) : 0;
}

Value wrap_call(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)dunder;
    return ((CallFn)function)(t, self, args, nargs, kwnames);
}

Value wrap_init(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)dunder;
    return none_if(((InitFn)function)(t, self, args, nargs, kwnames));
}

// --- attributes ---

Value wrap_getattr(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!count_is(t, dunder, nargs, kwnames, 1))
        return 0;
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "attribute name must be string, not '%T'", args[0]);
    return ((GetAttrFn)function)(t, self, args[0]);
}

// object.__setattr__ must not be used to get round the __setattr__ of a builtin type that lies between.
static bool may_set_through(Thread *t, const Dunder *dunder, Value self, void *function)
{
    const Type *type = type_of(self);
    while (type->base && type_has_flag(type, TYPE_HEAP))
        type = type->base;
    while (type && type->slots.setattr != (SetAttrFn)function)
        type = type->base;
    const Type *first = type_of(self);
    while (first->base && type_has_flag(first, TYPE_HEAP))
        first = first->base;
    if (first == type || first->slots.setattr == (SetAttrFn)function || !type)
        return true;
    return raise(t, EXC(TypeError), "can't apply this %s to %T object", dunder->text, self);
}

static Value set_attribute(Thread *t, const Dunder *dunder, void *function, Value self, Value name, Value value)
{
    if (!is_str(name))
        return raise(t, EXC(TypeError), "attribute name must be string, not '%T'", name);
    return none_if(may_set_through(t, dunder, self, function) && ((SetAttrFn)function)(t, self, name, value));
}

Value wrap_setattr(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_in(t, dunder, dunder->text, nargs, kwnames, 2, 2) ? set_attribute(t, dunder, function, self, args[0], args[1]) : 0;
}

Value wrap_delattr(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_is(t, dunder, nargs, kwnames, 1) ? set_attribute(t, dunder, function, self, args[0], 0) : 0;
}

Value wrap_get(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!count_in(t, dunder, "__get__", nargs, kwnames, 1, 2))
        return 0;
    Value instance = args[0] == NONE ? 0 : args[0];
    Value type = nargs > 1 && args[1] != NONE ? args[1] : 0;
    if (!instance && !type)
        return raise(t, EXC(TypeError), "__get__(None, None) is invalid");
    return ((DescrGetFn)function)(t, self, instance, type);
}

Value wrap_set(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_in(t, dunder, "__set__", nargs, kwnames, 2, 2) ? none_if(((DescrSetFn)function)(t, self, args[0], args[1])) : 0;
}

Value wrap_delete(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_is(t, dunder, nargs, kwnames, 1) ? none_if(((DescrSetFn)function)(t, self, args[0], 0)) : 0;
}

// --- containers ---

Value wrap_setitem(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_in(t, dunder, "__setitem__", nargs, kwnames, 2, 2) ? none_if(((SetItemFn)function)(t, self, args[0], args[1])) : 0;
}

Value wrap_delitem(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_is(t, dunder, nargs, kwnames, 1) ? none_if(((SetItemFn)function)(t, self, args[0], 0)) : 0;
}

Value wrap_contains(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return count_is(t, dunder, nargs, kwnames, 1) ? bool_or_error(((ContainsFn)function)(t, self, args[0])) : 0;
}

Value wrap_repeat(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    int64_t times;
    return count_is(t, dunder, nargs, kwnames, 1) && to_index(t, args[0], &times) ? ((RepeatFn)function)(t, self, times) : 0;
}

// --- buffers ---

Value wrap_buffer(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    int32_t flags;
    if (!count_is(t, dunder, nargs, kwnames, 1) || !to_int32(t, args[0], &flags))
        return 0;
    return memoryview_from_slot(t, self, (GetBufferFn)function, flags);
}

Value wrap_release_buffer(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames)
{
    (void)function;
    (void)self;
    if (!count_is(t, dunder, nargs, kwnames, 1))
        return 0;
    if (!is_exactly(args[0], &type_memoryview))
        return raise(t, EXC(TypeError), "expected a memoryview object");
    return call_method0(t, args[0], N(release));
}
