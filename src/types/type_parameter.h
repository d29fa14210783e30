// type_parameter.h: TypeVar, ParamSpec and TypeVarTuple: one struct, three types.
#ifndef ADDER_TYPES_TYPE_PARAMETER_H
#define ADDER_TYPES_TYPE_PARAMETER_H

#include "src/types/type_internal.h"

// Values are set once and published; an evaluator is called the first time its value is asked for, and the result kept.
typedef struct TypeParameter {
    Object head;
    Value name;
    Value bound, evaluate_bound;              // or 0
    Value constraints, evaluate_constraints;  // tuple; TypeVar only
    Value default_value, evaluate_default;    // 0: no default
    bool covariant, contravariant, infer_variance;
    AttrArea attributes;
} TypeParameter;

static inline TypeParameter *as_parameter(Value v) { return (TypeParameter *)v; }

extern Object nodefault_object;
#define NO_DEFAULT ((Value)&nodefault_object)

Value const_evaluator_new(Thread *t, Value value);             // callable(format) that gives value or its text
// The value behind *field, made by evaluator(1) when it is not there yet; `absent` when there is neither.
Value lazy_value(Thread *t, Value *field, Value evaluator, Value absent);
bool parameter_set_module(Thread *t, Value parameter);         // __module__ of the running frame, unless that is typing
Value typing_call(Thread *t, const char *function, const Value *args, size_t nargs);   // typing.<function>(*args)
Value type_check(Thread *t, Value arg, const char *message);   // typing._type_check, with None → NoneType
Value union_of_checked(Thread *t, Value a, Value b);           // Union[a, b] (union.c)
Value parameter_get_name(Thread *t, Value o);
Value parameter_get_default(Thread *t, Value o);
Value parameter_get_evaluate_default(Thread *t, Value o);
Value parameter_has_default(Thread *t, const Value *args, size_t nargs);
Value parameter_reduce(Thread *t, const Value *args, size_t nargs);
Value parameter_or(Thread *t, Value a, Value b);
Value variance_repr(Thread *t, Value o);
bool read_flags(Thread *t, const Value *flags, TypeParameter *out);   // covariant, contravariant, infer_variance as given

#endif
