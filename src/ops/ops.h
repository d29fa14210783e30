// ops.h: what Python's operators and protocols mean, for C code of all layers above. One .c file per group.
// Value results: 0 with an exception pending on error. Questions: 1, 0, or -1 with an exception pending.
#ifndef ADDER_OPS_OPS_H
#define ADDER_OPS_OPS_H

#include "src/core/error.h"
#include "src/core/names.h"
#include "src/core/type.h"

// --- arith.c: binary operators; the in-place form falls back to the plain one ---
typedef enum BinaryOp { BINARY_ADD, BINARY_SUBTRACT, BINARY_MULTIPLY, BINARY_TRUE_DIVIDE, BINARY_FLOOR_DIVIDE, BINARY_REMAINDER, BINARY_POWER, BINARY_LSHIFT, BINARY_RSHIFT, BINARY_AND, BINARY_OR,
                        BINARY_XOR, BINARY_MATRIX_MULTIPLY, BINARY_DIVMOD, BINARY_OP_COUNT } BinaryOp;
Value binary_op(Thread *t, BinaryOp op, Value a, Value b);
Value inplace_op(Thread *t, BinaryOp op, Value a, Value b);
Value power_op(Thread *t, Value a, Value b, Value modulus);
Value unary_negative(Thread *t, Value a);
Value unary_positive(Thread *t, Value a);
Value unary_invert(Thread *t, Value a);
Value unary_absolute(Thread *t, Value a);

// --- convert.c ---
Value number_index(Thread *t, Value a);                              // exact int through __index__
Value number_int(Thread *t, Value a);                                // int(a) for one argument that is a number or text
Value number_float(Thread *t, Value a);                              // float(a)
MUST_CHECK bool to_int64(Thread *t, Value a, int64_t *out);          // through __index__; OverflowError "Python int too large to convert to C ssize_t"
MUST_CHECK bool to_index(Thread *t, Value a, int64_t *out);          // like to_int64 but IndexError "cannot fit 'T' into an index-sized integer"
MUST_CHECK bool to_index_clipped(Thread *t, Value a, int64_t *out);  // out-of-range clips (for slices)
MUST_CHECK bool to_int32(Thread *t, Value a, int32_t *out);          // C int; "Python int too large to convert to C int"
MUST_CHECK bool to_double(Thread *t, Value a, double *out);          // float, int, __float__, __index__; TypeError "must be real number, not T"
int truth(Thread *t, Value a);

// --- compare.c ---
Value compare(Thread *t, Value a, Value b, CompareOp op);            // any result object
int compare_bool(Thread *t, Value a, Value b, CompareOp op);         // identity shortcut for == and !=, as containers do
static inline int values_equal(Thread *t, Value a, Value b) { return a == b ? 1 : compare_bool(t, a, b, CMP_EQ); }
int is_instance(Thread *t, Value object, Value class_or_tuple);      // with __instancecheck__
int is_subclass(Thread *t, Value cls, Value class_or_tuple);
int exception_matches(Thread *t, Value exception, Value type_or_tuple);   // for except clauses: TypeError if not classes

// --- hash.c, repr.c ---
MUST_CHECK bool value_hash(Thread *t, Value a, Hash *out);
bool hash_not_implemented(Thread *t, Value a, Hash *out);            // slot of unhashable types: "unhashable type: 'T'"
Value value_repr(Thread *t, Value a);                                // always an exact-or-sub Str
Value value_str(Thread *t, Value a);
Value value_ascii(Thread *t, Value a);
Value value_format(Thread *t, Value a, Value spec);                  // format(a, spec); spec 0 = ""
int repr_enter(Thread *t, Value object);                             // 1: is already being shown (print "..."), 0: entered, -1 error
void repr_leave(Thread *t, Value object);

// --- attr.c ---
Value attr_get(Thread *t, Value o, Value name);
int attr_find(Thread *t, Value o, Value name, Value *out);           // 1 found, 0 absent (AttributeError swallowed), -1 other error
MUST_CHECK bool attr_set(Thread *t, Value o, Value name, Value value);   // value 0 deletes
Value attr_generic_get(Thread *t, Value o, Value name);              // object.__getattribute__
MUST_CHECK bool attr_generic_set(Thread *t, Value o, Value name, Value value);
Value special_lookup(Thread *t, Value o, Value name);                // type(o).name bound to o; 0 without exception when absent
// Method call without a bound object: *out_self is 0 when the result is already bound or not a method.
Value attr_get_method(Thread *t, Value o, Value name, Value *out_self);

// --- subscript.c ---
Value item_get(Thread *t, Value o, Value key);
MUST_CHECK bool item_set(Thread *t, Value o, Value key, Value value);    // value 0 deletes
int item_contains(Thread *t, Value container, Value item);
int64_t length_of(Thread *t, Value o);                               // -1: error
int64_t length_hint(Thread *t, Value o, int64_t default_hint);       // operator.length_hint; -1: error

// --- iterate.c ---
Value iter_get(Thread *t, Value o);
Value iter_next(Thread *t, Value iterator);                          // 0: exhausted (nothing pending; StopIteration swallowed) or error
MUST_CHECK bool iterate(Thread *t, Value iterable, bool (*visit)(Thread *t, Value item, void *data), void *data);   // visit false stops; error if pending
Value *values_from_iterable(Thread *t, Value iterable, size_t *out_n);   // collected array, or null: error. "T" not iterable messages

// --- call.c ---
Value call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames);
Value call0(Thread *t, Value callee);
Value call1(Thread *t, Value callee, Value a);
Value call2(Thread *t, Value callee, Value a, Value b);
Value call3(Thread *t, Value callee, Value a, Value b, Value c);
Value call_tuple_dict(Thread *t, Value callee, Value args_tuple, Value kwargs_dict_or_0);
Value call_method(Thread *t, Value o, Value name, const Value *args, size_t nargs);   // args without o
Value call_method0(Thread *t, Value o, Value name);
Value call_method1(Thread *t, Value o, Value name, Value a);
Value call_method2(Thread *t, Value o, Value name, Value a, Value b);
Value call_special(Thread *t, Value o, Value name, const Value *args, size_t nargs);  // type's method; TypeError/absent: see call.c
bool is_callable(Value v);

#endif
