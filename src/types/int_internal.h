// int_internal.h: what the int_*.c files share: read-only limb views, fresh results, scratch.
//
// An IntView shows a fixnum or a BigInt as sign and magnitude without copying. A result is a BigInt with room for as many limbs
// as the operation may need; int_finish trims it and turns what fits into a fixnum. Intermediate limbs come from the C stack or
// from collected memory, so no path has anything to free.
#ifndef ADDER_TYPES_INT_INTERNAL_H
#define ADDER_TYPES_INT_INTERNAL_H

#include "src/core/error.h"
#include "src/types/number.h"

enum {
    INT_STACK_LIMBS = 32,                                   // scratch of that many limbs lives on the C stack
    INT_DIGIT_BITS = 30, INT_DIGIT_BYTES = 4,               // the digits that sizes are told in (sys.int_info)
};
#define INT_LIMBS_MAX ((size_t)1 << 36)                     // beyond it GMP's own sizes overflow; no memory is that big

typedef struct IntView {
    const mp_limb_t *limbs;
    size_t n;                    // significant limbs; 0 for zero
    bool negative;
    mp_limb_t room;              // magnitude of a fixnum
} IntView;

static inline void int_look(Value exact, IntView *view)
{
    if (is_fixnum(exact)) {
        int64_t i = fixnum_value(exact);
        view->room = i < 0 ? -(uint64_t)i : (uint64_t)i;
        view->limbs = &view->room;
        view->n = i != 0;
        view->negative = i < 0;
        return;
    }
    const BigInt *big = (const BigInt *)exact;
    view->limbs = big->limbs;
    view->n = (size_t)(big->size < 0 ? -big->size : big->size);
    view->negative = big->size < 0;
}

MUST_CHECK BigInt *int_alloc(Thread *t, size_t limbs);      // unfilled; null: MemoryError
Value int_finish(BigInt *result, size_t limbs, bool negative);   // trims high zero limbs; fixnum when it fits
mp_limb_t *int_scratch(Thread *t, size_t limbs);            // collected, unfilled
MUST_CHECK bool int_memory_check(Thread *t, size_t limbs);  // false with MemoryError when GMP's scratch for that size is not to be had

// Value of magnitude * 2**exponent, correctly rounded to nearest even. `sticky`: the true magnitude is a bit larger.
// False when it overflows.
bool limbs_to_double(const mp_limb_t *limbs, size_t n, int64_t exponent, bool sticky, double *out);

Value int_from_uint128(Thread *t, unsigned __int128 magnitude, bool negative);
MUST_CHECK bool int_divide_floor(Thread *t, Value a, Value b, Value *quotient, Value *remainder);   // either output may be null
Value int_shift_left(Thread *t, Value exact, uint64_t bits);
Value int_shift_right(Thread *t, Value exact, uint64_t bits);     // floor
Value int_round_to(Thread *t, Value exact, Value digits);         // round(int, digits)
void int_raise_digit_limit(Thread *t, size_t digits);             // digits 0: unknown
Value int_to_str_any(Thread *t, Value exact, int base);     // no limit on digits
Value int_invert_modulo(Thread *t, Value a, Value modulus);

extern const NativeDef int_methods[];                       // int_methods.c

#endif
