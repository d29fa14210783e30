// decimal_internal.h: _decimal: decimal numbers by value, contexts, and the operations, by file.
//
// A number is sign, coefficient (an exact int ≥ 0) and exponent; or infinite; or not a number, with a payload in the coefficient.
// Operations compute exactly or with enough digits, then dec_finish rounds once to the context and collects conditions in
// DecContext.status. Only dec_signal, called at the end by the Python-level functions, turns conditions into exceptions.
#ifndef ADDER_MODULES_DECIMAL_INTERNAL_H
#define ADDER_MODULES_DECIMAL_INTERNAL_H

#include "src/core/error.h"
#include "src/core/lock.h"
#include "src/ops/ops.h"
#include "src/types/int_internal.h"

typedef enum DecKind { DEC_FINITE, DEC_INFINITE, DEC_QNAN, DEC_SNAN } DecKind;

typedef struct Dec {
    Value coefficient;
    int64_t exponent;
    DecKind kind;
    bool negative;
} Dec;

typedef struct Decimal { Object head; Dec number; } Decimal;   // immutable

enum DecStatus {
    DEC_CLAMPED = 0x1, DEC_CONVERSION_SYNTAX = 0x2, DEC_DIVISION_BY_ZERO = 0x4, DEC_DIVISION_IMPOSSIBLE = 0x8,
    DEC_DIVISION_UNDEFINED = 0x10, DEC_INEXACT = 0x40, DEC_INVALID_CONTEXT = 0x80, DEC_INVALID_OPERATION = 0x100,
    DEC_OVERFLOW = 0x800, DEC_ROUNDED = 0x1000, DEC_SUBNORMAL = 0x2000, DEC_UNDERFLOW = 0x4000, DEC_FLOAT_OPERATION = 0x8000,
    DEC_INVALID = DEC_CONVERSION_SYNTAX | DEC_DIVISION_IMPOSSIBLE | DEC_DIVISION_UNDEFINED | DEC_INVALID_CONTEXT
        | DEC_INVALID_OPERATION,
};

typedef enum DecRounding {
    ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP, ROUNDING_COUNT
} DecRounding;

typedef struct DecContext {
    int64_t prec, emin, emax;
    DecRounding rounding;
    int capitals, clamp;
    uint32_t traps, status;
} DecContext;

// Fields are single words; flags are or-ed in relaxed: one context belongs to one thread unless programs share it.
typedef struct Context { Object head; DecContext c; Value flags, traps; } Context;   // flags, traps: the SignalDicts
typedef struct SignalDict { Object head; Context *owner; bool is_traps; } SignalDict;

#define DEC_PREC_MAX     ((int64_t)999999999999999999)
#define DEC_EMAX_MAX     DEC_PREC_MAX
#define DEC_EMIN_MIN     (-DEC_PREC_MAX)

static inline bool is_decimal(Value v)
{
    return is_object(v) && (as_object(v)->type == &type_decimal || type_is_subtype(as_object(v)->type, &type_decimal));
}
static inline Dec dec_of(Value v) { return ((Decimal *)v)->number; }
static inline bool dec_is_nan(const Dec *d) { return d->kind >= DEC_QNAN; }
static inline bool dec_is_zero(const Dec *d) { return d->kind == DEC_FINITE && d->coefficient == fixnum(0); }
static inline Dec dec_zero(bool negative, int64_t exponent) { return (Dec){fixnum(0), exponent, DEC_FINITE, negative}; }
static inline Dec dec_infinity(bool negative) { return (Dec){fixnum(0), 0, DEC_INFINITE, negative}; }
static inline Dec dec_nan(void) { return (Dec){fixnum(0), 0, DEC_QNAN, false}; }
static inline Dec dec_int(int64_t i) { return (Dec){fixnum(i < 0 ? -i : i), 0, DEC_FINITE, i < 0}; }
static inline int64_t dec_etiny(const DecContext *c) { return c->emin - c->prec + 1; }
static inline int64_t dec_etop(const DecContext *c) { return c->emax - c->prec + 1; }

// --- decimal_digits.c: powers of ten, digits, rounding ---
Value dec_power10(Thread *t, int64_t n);                     // 10**n; 0: error
int64_t dec_digits(Thread *t, Value coefficient);            // decimal digits, 1 for zero; -1: error
bool dec_adjusted(Thread *t, const Dec *d, int64_t *out);    // exponent of the first digit
Value dec_shift(Thread *t, Value coefficient, int64_t digits);   // times 10**digits; floor for negative digits
// coefficient / 10**drop rounded; *inexact tells whether anything but zeros was dropped.
Value dec_round_coefficient(Thread *t, Value coefficient, int64_t drop, bool negative, DecRounding rounding, bool *inexact);
bool dec_finish(Thread *t, Dec *d, DecContext *c);           // rounds to the context
bool dec_rescale(Thread *t, Dec *d, int64_t exponent, DecRounding rounding, bool *inexact);   // d finite
bool dec_invalid(Dec *out, DecContext *c, uint32_t condition);   // NaN with that condition; true
// Handles NaN operands (b may be null): true when *out is the result.
bool dec_take_nan(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
DecContext dec_max_context(void);

// --- decimal_arith.c ---
typedef bool (*DecUnary)(Thread *t, const Dec *a, Dec *out, DecContext *c);
typedef bool (*DecBinary)(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_add(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_subtract(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_multiply(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_divide(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_divide_int(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_remainder(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_divmod(Thread *t, const Dec *a, const Dec *b, Dec *quotient, Dec *remainder, DecContext *c);
bool dec_remainder_near(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_fma(Thread *t, const Dec *a, const Dec *b, const Dec *third, Dec *out, DecContext *c);
bool dec_plus(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_minus(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_abs(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_quantize(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_to_integral_exact(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_to_integral_value(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_normalize(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_sqrt(Thread *t, const Dec *a, Dec *out, DecContext *c);

// --- decimal_functions.c, decimal_power.c ---
bool dec_exp(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_ln(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_log10(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_power(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_power_modulo(Thread *t, const Dec *a, const Dec *b, const Dec *m, Dec *out, DecContext *c);

// --- decimal_compare.c ---
// -1, 0, 1 for numbers that are not NaN; *ok false: error
int dec_order(Thread *t, const Dec *a, const Dec *b, bool *ok);
bool dec_compare(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_compare_signal(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_compare_total(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_compare_total_mag(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_max(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_min(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_max_mag(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_min_mag(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_next_plus(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_next_minus(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_next_toward(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_is_normal(Thread *t, const Dec *a, const DecContext *c, bool *out);      // finite, not zero, not subnormal
const char *dec_class(Thread *t, const Dec *a, const DecContext *c);              // null: error

// --- decimal_logical.c ---
bool dec_and(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_or(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_xor(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_invert(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_shift_digits(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_rotate(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_scaleb(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_logb(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_copy_sign(Thread *t, const Dec *a, const Dec *b, Dec *out, DecContext *c);
bool dec_copy_abs(Thread *t, const Dec *a, Dec *out, DecContext *c);
bool dec_copy_negate(Thread *t, const Dec *a, Dec *out, DecContext *c);

// --- decimal_text.c ---
bool dec_parse(Thread *t, Value str, bool strip, Dec *out, bool *valid);     // no rounding
Value dec_text(Thread *t, const Dec *d, bool engineering, bool capitals);    // Str
Value dec_format(Thread *t, Value self, Value spec, Value override);         // Decimal.__format__

// --- decimal_context.c ---
Context *dec_context_current(Thread *t);                     // getcontext(); null: error
Context *dec_context_argument(Thread *t, Value v);           // an optional `context` argument
MUST_CHECK bool dec_signal(Thread *t, Context *owner, uint32_t status);      // records flags; false: one is trapped and raised
MUST_CHECK bool dec_context_exec(Thread *t, Value module);
bool dec_rounding_argument(Thread *t, Value v, DecRounding *out);
extern const NativeDef decimal_context_methods[];
extern const NativeDef decimal_methods[];

// --- decimal_new.c ---
Value dec_value(Thread *t, Type *cls, const Dec *d);
bool dec_from_int(Thread *t, Value exact, Dec *out);
bool dec_from_double(Thread *t, double d, Dec *out);         // exact
Value dec_construct(Thread *t, Type *cls, Value v, Context *context);        // Decimal(v), exact
Value dec_create(Thread *t, Value v, Context *context);      // Context.create_decimal
// Operand of an operator: 1 done, 0 not for Decimal, -1 error. Method: TypeError "conversion from T to Decimal is not supported".
int dec_operand(Thread *t, Value v, Dec *out);
MUST_CHECK bool dec_convert(Thread *t, Value v, Dec *out);
Value dec_tuple_type(Thread *t);                             // DecimalTuple
Value dec_to_int(Thread *t, const Dec *d, DecRounding rounding);

#endif
