// complex_internal.h: what the complex_*.c files and cmath share.
#ifndef ADDER_TYPES_COMPLEX_INTERNAL_H
#define ADDER_TYPES_COMPLEX_INTERNAL_H

#include "src/core/error.h"
#include "src/types/number.h"

typedef struct Pair { double real, imag; } Pair;             // a complex number by value
static inline bool is_complex(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_COMPLEX); }
static inline Pair complex_value(Value v) { return (Pair){((Complex *)v)->real, ((Complex *)v)->imag}; }
Pair complex_product(Pair a, Pair b);
Pair complex_quotient(Pair a, Pair b, bool *by_zero);
Value complex_of_class(Thread *t, Type *cls, Pair z);
Value complex_repr(Thread *t, Pair z);
Value complex_from_str(Thread *t, Type *cls, Value str);     // complex("…")
Value complex_construct(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames);
// What v.__complex__() gives: 1 found, 0 absent, -1 error.
int complex_special(Thread *t, Value v, Pair *out);
MUST_CHECK bool to_complex(Thread *t, Value v, Pair *out);   // complex, __complex__, or a real number
extern const NativeDef complex_methods[];

#endif
