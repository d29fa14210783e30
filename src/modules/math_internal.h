// math_internal.h: the functions of math, by file; the table is in math_mod.c.
#ifndef ADDER_MODULES_MATH_INTERNAL_H
#define ADDER_MODULES_MATH_INTERNAL_H

#include "src/core/error.h"
#include "src/ops/ops.h"

// math_int.c
Value math_gcd(Thread *t, const Value *args, size_t nargs);
Value math_lcm(Thread *t, const Value *args, size_t nargs);
Value math_factorial(Thread *t, const Value *args, size_t nargs);
Value math_perm(Thread *t, const Value *args, size_t nargs);
Value math_comb(Thread *t, const Value *args, size_t nargs);
Value math_isqrt(Thread *t, const Value *args, size_t nargs);
// math_sum.c
Value math_fsum(Thread *t, const Value *args, size_t nargs);
Value math_sumprod(Thread *t, const Value *args, size_t nargs);
Value math_hypot(Thread *t, const Value *args, size_t nargs);
Value math_dist(Thread *t, const Value *args, size_t nargs);
Value math_prod(Thread *t, const Value *args, size_t nargs);

#endif
