// slot_dispatch.c: slot functions of classes that define special methods in Python: they find the method and call it.
//
// type_slots.c puts them into a class's slots. Stateless; a class may change between the choice of the slot and the lookup,
// so an absent method is an ordinary error here.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/number.h"
#include "src/types/slot_functions.h"
#include "src/types/str.h"

// Finds type(self).name. Function-like: returned as it is and *bound false (call it with self first). Otherwise bound by its
// descriptor. 0 without an exception when absent.
static Value find_method(Thread *t, Value self, Value name, bool *bound)
{
    Type *type = type_of(self);
    Value method = type_lookup(type, name);
    *bound = false;
    if (!method)
        return 0;
    Type *kind = type_of(method);
    if (likely(type_has_flag(kind, TYPE_METHOD_DESCRIPTOR)))
        return method;
    *bound = true;
    return kind->slots.descr_get ? kind->slots.descr_get(t, method, self, value_of(type)) : method;
}

// Calls a special method of args[0] with args; 0 with nothing pending when it is absent.
static Value call_if_found(Thread *t, Value name, const Value *args, size_t nargs)
{
    bool bound;
    Value method = find_method(t, args[0], name, &bound);
    if (!method)
        return 0;
    return call(t, method, args + bound, nargs - bound, 0);
}

static Value call_dunder(Thread *t, Value name, const Value *args, size_t nargs)
{
    Value result = call_if_found(t, name, args, nargs);
    if (!result && !is_pending(t))
        return raise_with(t, EXC(AttributeError), name);
    return result;
}

static Value call_dunder0(Thread *t, Value self, Value name)
{
    return call_dunder(t, name, &self, 1);
}

// --- operators ---

// Does b's class have a reflected method of its own, other than the one of a's class?
static bool overrides_reflected(Value a, Value b, Value reflected)
{
    Value of_b = type_lookup(type_of(b), reflected);
    return of_b && of_b != type_lookup(type_of(a), reflected);
}

static Value call_or_not_implemented(Thread *t, Value name, Value self, Value other)
{
    Value args[2] = {self, other};
    Value result = call_if_found(t, name, args, 2);
    return result || is_pending(t) ? result : NOTIMPLEMENTED;
}

static BinaryFn binary_slot(Value v, size_t slot)
{
    return (BinaryFn)*slot_at(type_of(v), slot);
}

// a <op> b where the slot of a or b is `self_fn`. A subclass's reflected method goes first.
static Value dispatch_binary(Thread *t, Value a, Value b, size_t slot, BinaryFn self_fn, Value name, Value reflected)
{
    bool other_first = type_of(a) != type_of(b) && binary_slot(b, slot) == self_fn;
    if (binary_slot(a, slot) == self_fn) {
        if (other_first && type_is_subtype(type_of(b), type_of(a)) && overrides_reflected(a, b, reflected)) {
            Value result = call_or_not_implemented(t, reflected, b, a);
            if (result != NOTIMPLEMENTED)
                return result;
            other_first = false;
        }
        Value result = call_or_not_implemented(t, name, a, b);
        if (result != NOTIMPLEMENTED || type_of(a) == type_of(b))
            return result;
    }
    return other_first ? call_or_not_implemented(t, reflected, b, a) : NOTIMPLEMENTED;
}

#define DEFINE_BINARY(slot, name, reflected)                                                           \
    Value dispatch_##slot(Thread *t, Value a, Value b)                                                 \
    {                                                                                                  \
        return dispatch_binary(t, a, b, offsetof(Slots, slot), dispatch_##slot, N(name), N(reflected)); \
    }
BINARY_DISPATCHERS(DEFINE_BINARY)

#define DEFINE_INPLACE(slot, name)                          \
    Value dispatch_##slot(Thread *t, Value a, Value b)      \
    {                                                       \
        return call_or_not_implemented(t, N(name), a, b);   \
    }
INPLACE_DISPATCHERS(DEFINE_INPLACE)

#define DEFINE_UNARY(slot, name)                   \
    Value dispatch_##slot(Thread *t, Value a)      \
    {                                              \
        return call_dunder0(t, a, N(name));        \
    }
UNARY_DISPATCHERS(DEFINE_UNARY)

// Adapts the binary scheme, which compares slot functions, to the ternary slot.
static bool has_power_dispatch(Value v)
{
    return type_of(v)->slots.power == dispatch_power;
}

static Value dispatch_plain_power(Thread *t, Value a, Value b)
{
    bool other_first = type_of(a) != type_of(b) && has_power_dispatch(b);
    if (has_power_dispatch(a)) {
        if (other_first && type_is_subtype(type_of(b), type_of(a)) && overrides_reflected(a, b, N(__rpow__))) {
            Value result = call_or_not_implemented(t, N(__rpow__), b, a);
            if (result != NOTIMPLEMENTED)
                return result;
            other_first = false;
        }
        Value result = call_or_not_implemented(t, N(__pow__), a, b);
        if (result != NOTIMPLEMENTED || type_of(a) == type_of(b))
            return result;
    }
    return other_first ? call_or_not_implemented(t, N(__rpow__), b, a) : NOTIMPLEMENTED;
}

Value dispatch_power(Thread *t, Value a, Value b, Value c)
{
    if (c == NONE)
        return dispatch_plain_power(t, a, b);
    if (has_power_dispatch(a)) {
        Value args[3] = {a, b, c};
        Value result = call_if_found(t, N(__pow__), args, 3);
        if (result != NOTIMPLEMENTED && (result || is_pending(t)))
            return result;
    }
    if (has_power_dispatch(b)) {
        Value args[3] = {b, a, c};
        Value result = call_if_found(t, N(__rpow__), args, 3);
        if (result || is_pending(t))
            return result;
    }
    return NOTIMPLEMENTED;
}

Value dispatch_inplace_power(Thread *t, Value a, Value b, Value c)
{
    (void)c;
    return call_or_not_implemented(t, N(__ipow__), a, b);
}

Value dispatch_compare(Thread *t, Value a, Value b, CompareOp op)
{
    const Value names[] = {N(__lt__), N(__le__), N(__eq__), N(__ne__), N(__gt__), N(__ge__)};
    if (!recursion_enter(t, " in comparison"))
        return 0;
    bool bound;
    Value method = find_method(t, a, names[op], &bound), args[2] = {a, b};
    if (!method)
        pending_clear(t);                    // a method that cannot be bound counts as absent
    Value result = method ? call(t, method, args + bound, 2 - bound, 0) : NOTIMPLEMENTED;
    recursion_leave(t);
    return result;
}

// --- display, hashing, calling ---

Value dispatch_repr(Thread *t, Value a)
{
    return call_dunder0(t, a, N(__repr__));
}

bool dispatch_hash(Thread *t, Value a, Hash *out)
{
    Value method = type_lookup(type_of(a), N(__hash__));
    if (!method || method == NONE)
        return hash_not_implemented(t, a, out);
    Value result = call_dunder0(t, a, N(__hash__));
    if (!result)
        return false;
    if (!is_int(result))
        return raise(t, EXC(TypeError), "__hash__ method should return an integer");
    Value exact = int_exact(result);
    int64_t small;
    Hash hash = int_to_int64(exact, &small) ? small : int_hash(exact);
    *out = hash == -1 ? -2 : hash;
    return true;
}

Value dispatch_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    bool bound;
    Value method = find_method(t, callee, N(__call__), &bound);
    if (!method)
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "'%T' object is not callable", callee);
    if (!recursion_enter(t, " while calling a Python object"))
        return 0;
    Value result = bound ? call(t, method, args, nargs, kwnames) : call_prepend(t, method, callee, args, nargs, kwnames);
    recursion_leave(t);
    return result;
}

// --- attributes and descriptors ---

static bool is_wrapper_of(Value method, void *function)
{
    return is_exactly(method, &type_wrapper_descriptor) && ((WrapperDescriptor *)method)->function == function;
}

Value dispatch_getattr(Thread *t, Value a, Value name)
{
    Type *type = type_of(a);
    Value getattribute = type_lookup(type, N(__getattribute__)), fallback = type_lookup(type, N(__getattr__));
    Value args[2] = {a, name}, result = 0;
    if (!getattribute || is_wrapper_of(getattribute, attr_generic_get)) {
        int found = fallback ? attr_generic_find(t, a, name, &result) : -2;
        if (found == -2)
            return attr_generic_get(t, a, name);
        if (found != 0)
            return found > 0 ? result : 0;
    } else {
        result = call_dunder(t, N(__getattribute__), args, 2);
        if (result || !fallback || !pending_clear_if(t, EXC(AttributeError)))
            return result;
    }
    return call_dunder(t, N(__getattr__), args, 2);
}

bool dispatch_setattr(Thread *t, Value a, Value name, Value value)
{
    Value args[3] = {a, name, value};
    return call_dunder(t, value ? N(__setattr__) : N(__delattr__), args, value ? 3 : 2) != 0;
}

Value dispatch_get(Thread *t, Value descr, Value instance, Value type)
{
    Value args[3] = {descr, instance ? instance : NONE, type ? type : NONE};
    return call_dunder(t, N(__get__), args, 3);
}

bool dispatch_set(Thread *t, Value descr, Value instance, Value value)
{
    Value args[3] = {descr, instance, value};
    return call_dunder(t, value ? N(__set__) : N(__delete__), args, value ? 3 : 2) != 0;
}

// --- life ---

Value dispatch_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value method = attr_get(t, value_of(cls), N(__new__));
    return method ? call_prepend(t, method, value_of(cls), args, nargs, kwnames) : 0;
}

bool dispatch_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    bool bound;
    Value method = find_method(t, self, N(__init__), &bound);
    if (!method)
        return is_pending(t) ? false : raise_with(t, EXC(AttributeError), N(__init__));
    Value result = bound ? call(t, method, args, nargs, kwnames) : call_prepend(t, method, self, args, nargs, kwnames);
    if (result && result != NONE)
        return raise(t, EXC(TypeError), "__init__() should return None, not '%T'", result);
    return result != 0;
}

void dispatch_finalize(Thread *t, Value a)
{
    bool bound;
    Value earlier = pending_take(t);
    Value method = find_method(t, a, N(__del__), &bound);
    if (method && !call(t, method, &a, 1 - bound, 0))
        report_unraisable(t, 0, "Exception ignored while calling deallocator %R", method);
    pending_clear(t);
    if (earlier)
        pending_set(t, earlier);
}

// --- containers and numbers ---

int dispatch_truth(Thread *t, Value a)
{
    Value result = call_dunder0(t, a, N(__bool__));
    if (!result)
        return -1;
    if (!is_bool(result)) {
        raise(t, EXC(TypeError), "__bool__ should return bool, returned %T", result);
        return -1;
    }
    return result == TRUE;
}

int64_t dispatch_length(Thread *t, Value a)
{
    Value result = call_dunder0(t, a, N(__len__));
    Value index = result ? number_index(t, result) : 0;
    if (!index)
        return -1;
    int64_t length;
    if (int_sign(index) < 0) {
        raise(t, EXC(ValueError), "__len__() should return >= 0");
        return -1;
    }
    if (!int_to_int64(index, &length)) {
        raise(t, EXC(OverflowError), "cannot fit '%T' into an index-sized integer", result);
        return -1;
    }
    return length;
}

Value dispatch_getitem(Thread *t, Value a, Value key)
{
    Value args[2] = {a, key};
    return call_dunder(t, N(__getitem__), args, 2);
}

bool dispatch_setitem(Thread *t, Value a, Value key, Value value)
{
    Value args[3] = {a, key, value};
    return call_dunder(t, value ? N(__setitem__) : N(__delitem__), args, value ? 3 : 2) != 0;
}

int dispatch_contains(Thread *t, Value a, Value item)
{
    if (type_lookup(type_of(a), N(__contains__)) == NONE) {
        raise(t, EXC(TypeError), "'%T' object is not a container", a);
        return -1;
    }
    Value args[2] = {a, item};
    Value result = call_dunder(t, N(__contains__), args, 2);
    return result ? truth(t, result) : -1;
}

Value dispatch_iter(Thread *t, Value a)
{
    if (type_lookup(type_of(a), N(__iter__)) == NONE)
        return raise(t, EXC(TypeError), "'%T' object is not iterable", a);
    return call_dunder0(t, a, N(__iter__));
}

// --- buffers ---

// The memoryview that __buffer__ returned is kept in `internal`; its own exporter's data is shown.
bool dispatch_get_buffer(Thread *t, Value a, Buffer *out, int flags)
{
    Value args[2] = {a, fixnum(flags)};
    Value view = call_dunder(t, N(__buffer__), args, 2);
    if (!view)
        return false;
    if (!is_exactly(view, &type_memoryview))
        return raise(t, EXC(TypeError), "__buffer__ returned non-memoryview object");
    if (!buffer_get(t, view, out, flags))
        return false;
    out->owner = a;
    out->internal = (void *)view;
    return true;
}

void dispatch_release_buffer(Thread *t, Value a, Buffer *buffer)
{
    buffer_release_python(t, a, buffer);
}
