// slot_functions.h: the wrappers (C slot called from Python) and dispatchers (Python method called from a slot) that dunders.def names.
#ifndef ADDER_TYPES_SLOT_FUNCTIONS_H
#define ADDER_TYPES_SLOT_FUNCTIONS_H

#include "src/types/type_internal.h"

#define WRAPPER(name)                                                                                             \
    Value name(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames);
WRAPPER(wrap_unary)
WRAPPER(wrap_hash)
WRAPPER(wrap_call)
WRAPPER(wrap_getattr)
WRAPPER(wrap_setattr)
WRAPPER(wrap_delattr)
WRAPPER(wrap_compare)
WRAPPER(wrap_next)
WRAPPER(wrap_get)
WRAPPER(wrap_set)
WRAPPER(wrap_delete)
WRAPPER(wrap_init)
WRAPPER(wrap_finalize)
WRAPPER(wrap_binary)
WRAPPER(wrap_reflected)
WRAPPER(wrap_power)
WRAPPER(wrap_reflected_power)
WRAPPER(wrap_inplace_power)
WRAPPER(wrap_truth)
WRAPPER(wrap_length)
WRAPPER(wrap_setitem)
WRAPPER(wrap_delitem)
WRAPPER(wrap_contains)
WRAPPER(wrap_repeat)
WRAPPER(wrap_buffer)
WRAPPER(wrap_release_buffer)
#undef WRAPPER

// BINARY_DISPATCH(slot, name, reflected name), INPLACE_DISPATCH(slot, name), UNARY_DISPATCH(slot, name)
#define BINARY_DISPATCHERS(ROW)                                                                                    \
    ROW(add, __add__, __radd__) ROW(subtract, __sub__, __rsub__) ROW(multiply, __mul__, __rmul__)                 \
    ROW(remainder, __mod__, __rmod__) ROW(divmod, __divmod__, __rdivmod__) ROW(lshift, __lshift__, __rlshift__)   \
    ROW(rshift, __rshift__, __rrshift__) ROW(bit_and, __and__, __rand__) ROW(bit_xor, __xor__, __rxor__)          \
    ROW(bit_or, __or__, __ror__) ROW(floor_divide, __floordiv__, __rfloordiv__)                                   \
    ROW(true_divide, __truediv__, __rtruediv__) ROW(matrix_multiply, __matmul__, __rmatmul__)
#define INPLACE_DISPATCHERS(ROW)                                                                                   \
    ROW(inplace_add, __iadd__) ROW(inplace_subtract, __isub__) ROW(inplace_multiply, __imul__)                    \
    ROW(inplace_remainder, __imod__) ROW(inplace_lshift, __ilshift__) ROW(inplace_rshift, __irshift__)            \
    ROW(inplace_and, __iand__) ROW(inplace_xor, __ixor__) ROW(inplace_or, __ior__)                    \
    ROW(inplace_floor_divide, __ifloordiv__) ROW(inplace_true_divide, __itruediv__)                               \
    ROW(inplace_matrix_multiply, __imatmul__)
#define UNARY_DISPATCHERS(ROW)                                                                                     \
    ROW(negative, __neg__) ROW(positive, __pos__) ROW(absolute, __abs__) ROW(invert, __invert__)                  \
    ROW(to_int, __int__) ROW(to_float, __float__) ROW(to_index, __index__) ROW(str, __str__)                      \
    ROW(await, __await__) ROW(aiter, __aiter__) ROW(anext, __anext__) ROW(next, __next__)

#define DECLARE_BINARY(slot, name, reflected) Value dispatch_##slot(Thread *t, Value a, Value b);
#define DECLARE_INPLACE(slot, name)           Value dispatch_##slot(Thread *t, Value a, Value b);
#define DECLARE_UNARY(slot, name)             Value dispatch_##slot(Thread *t, Value a);
BINARY_DISPATCHERS(DECLARE_BINARY)
INPLACE_DISPATCHERS(DECLARE_INPLACE)
UNARY_DISPATCHERS(DECLARE_UNARY)
#undef DECLARE_BINARY
#undef DECLARE_INPLACE
#undef DECLARE_UNARY

Value dispatch_repr(Thread *t, Value a);
bool dispatch_hash(Thread *t, Value a, Hash *out);
Value dispatch_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames);
Value dispatch_getattr(Thread *t, Value a, Value name);
bool dispatch_setattr(Thread *t, Value a, Value name, Value value);
Value dispatch_compare(Thread *t, Value a, Value b, CompareOp op);
Value dispatch_iter(Thread *t, Value a);
Value dispatch_get(Thread *t, Value descr, Value instance, Value type);
bool dispatch_set(Thread *t, Value descr, Value instance, Value value);
Value dispatch_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames);
bool dispatch_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);
void dispatch_finalize(Thread *t, Value a);
Value dispatch_power(Thread *t, Value a, Value b, Value c);
Value dispatch_inplace_power(Thread *t, Value a, Value b, Value c);
int dispatch_truth(Thread *t, Value a);
int64_t dispatch_length(Thread *t, Value a);
Value dispatch_getitem(Thread *t, Value a, Value key);
bool dispatch_setitem(Thread *t, Value a, Value key, Value value);
int dispatch_contains(Thread *t, Value a, Value item);
bool dispatch_get_buffer(Thread *t, Value a, Buffer *out, int flags);
void dispatch_release_buffer(Thread *t, Value a, Buffer *buffer);

// Calls function with self in front of args (src/ops/call.c).
Value call_prepend(Thread *t, Value function, Value self, const Value *args, size_t nargs, Value kwnames);

#endif
