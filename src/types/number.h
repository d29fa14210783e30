// number.h: int, bool, float, complex as other files see them.
#ifndef ADDER_TYPES_NUMBER_H
#define ADDER_TYPES_NUMBER_H

#include <gmp.h>

#include "src/core/type.h"

// An int beyond 63 bits. Immutable, atomic memory. Never holds a value that fits a fixnum.
typedef struct BigInt {
    Object head;
    int64_t size;             // limbs, negative for negative numbers
    mp_limb_t limbs[];
} BigInt;

typedef struct Float { Object head; double value; } Float;                 // a double without flonum form
typedef struct Complex { Object head; double real, imag; } Complex;
// Instances of subclasses of int (IntEnum …) and bool never occur as BigInt: they hold an exact int.
typedef struct IntObject { Object head; Value value; } IntObject;          // value: fixnum or BigInt
typedef struct FloatObject { Object head; double value; } FloatObject;     // same layout as Float

// --- int ---
Value int_from_int64(Thread *t, int64_t i);
Value int_from_uint64(Thread *t, uint64_t u);
Value int_from_double(Thread *t, double d);                 // truncates; OverflowError / ValueError for inf / nan
Value int_from_mpz(Thread *t, const mpz_t z);               // copies; fixnum when it fits
Value int_from_digits(Thread *t, const char *digits, size_t n, int base);   // ASCII digits with optional sign and underscores removed; no limit check
Value int_from_text(Thread *t, Value text_or_bytes, int base);   // int("…", base), all of Python's rules and messages
Value int_exact(Value v);                                   // is_int(v) → fixnum or BigInt (bool → 0/1, subclass → its value)
void int_view(Value exact, mpz_t out, mp_limb_t *room);     // read-only GMP view of a fixnum or BigInt; room: one limb; never clear it
bool int_to_int64(Value exact, int64_t *out);               // false when out of range; no exception
bool int_to_uint64(Value exact, uint64_t *out);
bool int_to_double(Thread *t, Value exact, double *out);    // OverflowError "int too large to convert to float"
int int_sign(Value exact);
size_t int_bit_length(Value exact);
Hash int_hash(Value exact);
Value int_add(Thread *t, Value a, Value b);                 // exact operands; the slow paths of the interpreter too
Value int_subtract(Thread *t, Value a, Value b);
Value int_multiply(Thread *t, Value a, Value b);
Value int_floor_divide(Thread *t, Value a, Value b);        // ZeroDivisionError
Value int_remainder(Thread *t, Value a, Value b);
Value int_true_divide(Thread *t, Value a, Value b);
Value int_power(Thread *t, Value a, Value b, Value modulus_or_none);
Value int_lshift(Thread *t, Value a, Value b);
Value int_rshift(Thread *t, Value a, Value b);
Value int_bit_and(Thread *t, Value a, Value b);
Value int_bit_or(Thread *t, Value a, Value b);
Value int_bit_xor(Thread *t, Value a, Value b);
Value int_negative(Thread *t, Value a);
int int_compare(Value a, Value b);                          // exact operands: -1, 0, 1
Value int_to_str(Thread *t, Value exact, int base);         // digits only, '-' in front; obeys the digit limit for base 10
Value int_format(Thread *t, Value v, Value spec);           // __format__
Value int_to_bytes(Thread *t, Value exact, size_t length, bool little, bool is_signed);
Value int_from_bytes(Thread *t, const uint8_t *bytes, size_t n, bool little, bool is_signed);

// --- float, complex ---
Value float_new(Thread *t, double d);                       // flonum or boxed
static inline double float_value(Value v)                   // is_float(v)
{
    return is_flonum(v) ? flonum_value(v) : ((Float *)v)->value;
}
Hash float_hash(double d, Value object);
bool float_from_text(const char *s, size_t n, double *out); // exact parse of an ASCII literal without underscores; false: not a number
Value float_from_str(Thread *t, Value text_or_bytes);       // float("…")
Value float_repr(Thread *t, double d);
Value float_format(Thread *t, Value v, Value spec);
int float_compare_int(double d, Value exact_int);           // exact comparison: -1, 0, 1; 2 for nan
// Shortest or fixed text of d. format: 'r' (repr), 'e', 'f', 'g', 'E', 'F', 'G'; flags as in number_format.c. Writes ≤ room bytes, returns length.
size_t double_to_text(double d, char format, int precision, bool alternate, bool add_dot_zero, char *out, size_t room);
Value complex_new(Thread *t, double real, double imag);
Value complex_format(Thread *t, Value v, Value spec);

#endif
