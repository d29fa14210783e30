// float_internal.h: what the float_*.c files share.
#ifndef ADDER_TYPES_FLOAT_INTERNAL_H
#define ADDER_TYPES_FLOAT_INTERNAL_H

#include "src/core/error.h"
#include "src/types/number.h"

extern const NativeDef float_methods[];                     // float_methods.c
Value float_hex(Thread *t, double d);                       // float_hex.c
bool float_from_hex(Thread *t, const char *s, size_t n, double *out);
Value float_round(Thread *t, double d, Value digits);       // float_round.c; digits None: to an int
double float_modulo(double a, double b);                    // Python's %, b not 0
double float_floor_division(double a, double b, double *remainder);
// The double of an operand: 1 done, 0 not a real number, -1 error.
int float_operand(Thread *t, Value v, double *out);

#endif
