// typing_objects.h: type parameters and aliases as the compiler makes them. Evaluators are functions called with a format (1: VALUE) when
// the bound, the constraints, the default or the value is asked for the first time.
#ifndef ADDER_TYPES_TYPING_OBJECTS_H
#define ADDER_TYPES_TYPING_OBJECTS_H

#include "src/core/type.h"

Value typevar_new(Thread *t, Value name, Value evaluate_bound, Value evaluate_constraints);   // evaluators may be 0; infers variance
Value paramspec_new(Thread *t, Value name);
Value typevartuple_new(Thread *t, Value name);
Value typealias_new(Thread *t, Value name, Value type_params, Value evaluate_value);          // type_params: tuple or NONE
Value typeparam_set_default(Thread *t, Value parameter, Value evaluate_default);              // returns parameter
Value generic_subscript(Thread *t, Value parameters);                                         // Generic[*parameters], for class C[T]

#endif
