// builtins_number.c: builtin functions about numbers and order: abs, bin, divmod, pow, round, chr, sum, min …
#include <math.h>

#include "src/modules/builtins_internal.h"
#include "src/types/bytes.h"
#include "src/types/complex_internal.h"
#include "src/types/int_internal.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/float_internal.h"

Value builtin_abs(Thread *t, const Value *args, size_t nargs) { return unary_absolute(t, args[0]); }

// "-0x1f"
static Value prefixed(Thread *t, Value number, const char *prefix, int base)
{
    Value exact = number_index(t, number);
    Value digits = exact ? int_to_str(t, exact, base) : 0;
    if (!digits)
        return 0;
    const Str *s = as_str(digits);
    const char *text = s->data;
    bool negative = text[0] == '-';
    Str *out = str_alloc(t, s->length + 2, 'x');
    if (!out)
        return 0;
    char *p = out->data;
    if (negative)
        *p++ = '-';
    memcpy(p, prefix, 2);
    memcpy(p + 2, text + negative, s->length - negative);
    return value_of(out);
}

Value builtin_bin(Thread *t, const Value *args, size_t nargs) { return prefixed(t, args[0], "0b", 2); }
Value builtin_oct(Thread *t, const Value *args, size_t nargs) { return prefixed(t, args[0], "0o", 8); }
Value builtin_hex(Thread *t, const Value *args, size_t nargs) { return prefixed(t, args[0], "0x", 16); }

Value builtin_divmod(Thread *t, const Value *args, size_t nargs)
{
    return binary_op(t, BINARY_DIVMOD, args[0], args[1]);
}

Value builtin_pow(Thread *t, const Value *args, size_t nargs)
{
    return power_op(t, args[0], args[1], args[2] ? args[2] : NONE);
}

Value builtin_round(Thread *t, const Value *args, size_t nargs)
{
    Value number = args[0], digits = args[1] ? args[1] : NONE;
    if (is_float_exact(number))
        return float_round(t, float_value(number), digits);
    if (is_int_exact(number))
        return digits == NONE ? number : int_round_to(t, number, digits);
    Value method = special_lookup(t, number, N(__round__));
    if (!method)
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "type %T doesn't define __round__ method", number);
    return digits == NONE ? call0(t, method) : call1(t, method, digits);
}

Value builtin_chr(Thread *t, const Value *args, size_t nargs)
{
    enum { CODE_POINT_MAX = 0x10ffff };
    Value exact = number_index(t, args[0]);
    if (!exact)
        return 0;
    if (!is_fixnum(exact) || fixnum_value(exact) < 0 || fixnum_value(exact) > CODE_POINT_MAX)
        return raise(t, EXC(ValueError), "chr() arg not in range(0x110000)");
    return str_from_char(t, (uint32_t)fixnum_value(exact));
}

Value builtin_ord(Thread *t, const Value *args, size_t nargs)
{
    Value c = args[0];
    size_t length;
    if (is_str(c)) {
        length = as_str(c)->length;
        if (length == 1)
            return fixnum(str_at(as_str(c), 0));
    } else if (is_bytes(c)) {
        length = as_bytes(c)->length;
        if (length == 1)
            return fixnum(as_bytes(c)->data[0]);
    } else if (is_instance_flag(c, TYPE_IS_BYTEARRAY)) {
        const ByteArray *array = (const ByteArray *)c;
        length = array->length;
        if (length == 1)
            return fixnum(array->start[0]);
    } else {
        return raise(t, EXC(TypeError), "ord() expected string of length 1, but %T found", c);
    }
    return raise(t, EXC(TypeError), "ord() expected a character, but string of length %lu found", length);
}

// --- sum ---

// A sum of doubles whose rounding errors are collected (Neumaier).
typedef struct ExactSum {
    double high, low;
} ExactSum;

static ExactSum sum_step(ExactSum sum, double x)
{
    double total = sum.high + x;
    if (fabs(sum.high) >= fabs(x))
        sum.low += (sum.high - total) + x;
    else
        sum.low += (x - total) + sum.high;
    sum.high = total;
    return sum;
}

static double sum_value(ExactSum sum)
{
    return sum.low && isfinite(sum.low) ? sum.high + sum.low : sum.high;
}

typedef enum SumKind { SUM_INT, SUM_FLOAT, SUM_COMPLEX, SUM_ANY } SumKind;

typedef struct Sum {
    SumKind kind;
    Value total;                  // SUM_INT, SUM_ANY
    ExactSum real, imag;          // SUM_FLOAT, SUM_COMPLEX
} Sum;

static SumKind sum_kind(Value v)
{
    return is_int_exact(v) ? SUM_INT : is_float_exact(v) ? SUM_FLOAT : is_exactly(v, &type_complex) ? SUM_COMPLEX : SUM_ANY;
}

// The total so far as an object.
static Value sum_object(Thread *t, const Sum *sum)
{
    switch (sum->kind) {
    case SUM_FLOAT: return float_new(t, sum_value(sum->real));
    case SUM_COMPLEX: return complex_new(t, sum_value(sum->real), sum_value(sum->imag));
    default: return sum->total;
    }
}

static void sum_start(Sum *sum, Value total)
{
    *sum = (Sum){.kind = sum_kind(total), .total = total};
    if (sum->kind == SUM_FLOAT)
        sum->real.high = float_value(total);
    if (sum->kind == SUM_COMPLEX)
        sum->real.high = complex_value(total).real, sum->imag.high = complex_value(total).imag;
}

// Adds without leaving the doubles; false when item does not fit.
static bool sum_doubles(Thread *t, Sum *sum, Value item)
{
    if (sum->kind == SUM_COMPLEX && is_exactly(item, &type_complex)) {
        sum->real = sum_step(sum->real, complex_value(item).real);
        sum->imag = sum_step(sum->imag, complex_value(item).imag);
        return true;
    }
    if (is_float_exact(item)) {
        sum->real = sum_step(sum->real, float_value(item));
        return true;
    }
    if (!is_int(item))
        return false;
    double d;
    if (!int_to_double(t, int_exact(item), &d))
        return false;
    if (sum->kind == SUM_COMPLEX)
        sum->real = sum_step(sum->real, d);
    else
        sum->real.high += d;
    return true;
}

static bool sum_add(Thread *t, Value item, void *data)
{
    Sum *sum = data;
    if (sum->kind == SUM_INT && (is_int_exact(item) || is_bool(item))) {
        sum->total = int_add(t, sum->total, int_exact(item));
        return sum->total != 0;
    }
    if (sum->kind == SUM_FLOAT || sum->kind == SUM_COMPLEX) {
        if (sum_doubles(t, sum, item))
            return true;
        if (is_pending(t))
            return false;
    }
    Value total = sum_object(t, sum);
    total = total ? binary_op(t, BINARY_ADD, total, item) : 0;
    if (!total)
        return false;
    SumKind before = sum->kind;
    sum_start(sum, total);
    if (before == SUM_ANY || before == sum->kind)             // kinds only go up: int, float, complex, any
        sum->kind = SUM_ANY;
    return true;
}

// A list is read slot by slot; other iterables hand their items over one by one.
static bool sum_items(Thread *t, Value iterable, Sum *sum)
{
    if (!is_exactly(iterable, &type_list))
        return iterate(t, iterable, sum_add, sum);
    const List *list = as_list(iterable);
    for (size_t i = 0; i < list_length(list); i++) {
        Value item = list_get(list, i);
        if (!item)
            return true;                                      // the list has become shorter
        if (sum->kind == SUM_FLOAT && is_flonum(item))
            sum->real = sum_step(sum->real, flonum_value(item));
        else if (!sum_add(t, item, sum))
            return false;
    }
    return true;
}

Value builtin_sum(Thread *t, const Value *args, size_t nargs)
{
    Value start = args[1] ? args[1] : fixnum(0);
    if (is_str(start))
        return raise(t, EXC(TypeError), "sum() can't sum strings [use ''.join(seq) instead]");
    if (is_bytes(start))
        return raise(t, EXC(TypeError), "sum() can't sum bytes [use b''.join(seq) instead]");
    if (is_instance_flag(start, TYPE_IS_BYTEARRAY))
        return raise(t, EXC(TypeError), "sum() can't sum bytearray [use b''.join(seq) instead]");
    Sum sum;
    sum_start(&sum, start);
    return sum_items(t, args[0], &sum) ? sum_object(t, &sum) : 0;
}

// --- min, max ---

typedef struct Extreme {
    CompareOp op;
    Value key;                    // or 0
    Value best, best_key;
} Extreme;

static bool extreme_step(Thread *t, Value item, void *data)
{
    Extreme *e = data;
    Value key = e->key ? call1(t, e->key, item) : item;
    if (!key)
        return false;
    int better = e->best ? compare_bool(t, key, e->best_key, e->op) : 1;
    if (better > 0) {
        e->best = item;
        e->best_key = key;
    }
    return better >= 0;
}

// args: key, default, then the positional values.
static Value extreme(Thread *t, const char *name, CompareOp op, const Value *args, size_t nargs)
{
    enum { KEY, DEFAULT, VALUES };
    size_t n = nargs - VALUES;
    const Value *values = args + VALUES;
    if (n == 0)
        return raise(t, EXC(TypeError), "%s expected at least 1 argument, got 0", name);
    if (n > 1 && args[DEFAULT])
        return raise(t, EXC(TypeError), "Cannot specify a default for %s() with multiple positional arguments", name);
    Extreme e = {.op = op, .key = args[KEY] == NONE ? 0 : args[KEY]};
    if (n > 1) {
        for (size_t i = 0; i < n; i++)
            if (!extreme_step(t, values[i], &e))
                return 0;
        return e.best;
    }
    if (!iterate(t, values[0], extreme_step, &e))
        return 0;
    if (e.best)
        return e.best;
    return args[DEFAULT] ? args[DEFAULT] : raise(t, EXC(ValueError), "%s() iterable argument is empty", name);
}

Value builtin_min(Thread *t, const Value *args, size_t nargs) { return extreme(t, "min", CMP_LT, args, nargs); }
Value builtin_max(Thread *t, const Value *args, size_t nargs) { return extreme(t, "max", CMP_GT, args, nargs); }
