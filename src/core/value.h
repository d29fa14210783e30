// value.h: Value, the tagged word that holds any Python object.
//
//   ...1  fixnum: a 63-bit two's complement integer, value << 1 | 1
//   ..10  flonum: a double in the common exponent range, rotated so that its tag is 10
//   ..00  pointer to an Object (16-byte aligned); the null word means "error pending", "absent" or "unbound"
//
// An int that fits a fixnum is always a fixnum, a double that has a flonum form is always a flonum
// (instances of subclasses of int and float are objects). So identical small numbers are identical words.
//
// Flonum encoding: t = rol(bits + (1 << 60), 3) is valid when (t & 3) == 2 and t != 2. The word 2 is +0.0
// (whose own code would collide). In range are 0.0 and magnitudes of about 1e-77 … 1e77; -0.0, infinities,
// nan and the rest are boxed.
#ifndef ADDER_CORE_VALUE_H
#define ADDER_CORE_VALUE_H

#include "src/core/base.h"

typedef uint64_t Value;
typedef int64_t Hash;

typedef struct Object Object;
typedef struct Type Type;
typedef struct Thread Thread;
typedef struct VM VM;

#define FIXNUM_BITS 63
#define FIXNUM_MAX  ((int64_t)0x3fffffffffffffff)
#define FIXNUM_MIN  (-FIXNUM_MAX - 1)
#define FLONUM_ZERO ((Value)2)

static inline bool is_fixnum(Value v) { return v & 1; }
static inline bool are_fixnums(Value a, Value b) { return a & b & 1; }
static inline bool is_flonum(Value v) { return (v & 3) == 2; }
static inline bool are_flonums(Value a, Value b) { return !(((a ^ 2) | (b ^ 2)) & 3); }
static inline bool is_object(Value v) { return !(v & 3) && v; }   // false for the null word
static inline bool is_pointer(Value v) { return !(v & 3); }       // for values known not to be null

static inline int64_t fixnum_value(Value v) { return (int64_t)v >> 1; }
static inline bool fits_fixnum(int64_t i) { return i >= FIXNUM_MIN && i <= FIXNUM_MAX; }
static inline Value fixnum(int64_t i) { return (Value)((uint64_t)i << 1 | 1); }   // i must fit

static inline double flonum_value(Value v)
{
    if (v == FLONUM_ZERO)
        return 0.0;
    uint64_t bits = (v >> 3 | v << 61) - (1ull << 60);
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

// Encodes d when it has a flonum form; otherwise returns 0.
static inline Value flonum_try(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint64_t moved = bits + (1ull << 60);
    Value t = moved << 3 | moved >> 61;
    if (likely((t & 3) == 2 && t != 2))
        return t;
    return bits == 0 ? FLONUM_ZERO : 0;
}

#endif
