// int_text.c: ints to text and back, in any base; the limit on decimal digits that guards against quadratic input.
#include <math.h>

#include "src/core/vm.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/int_internal.h"
#include "src/types/number_text.h"
#include "src/types/str.h"

enum {
    LIMIT_THRESHOLD = 640,        // so many digits are always allowed
    SMALL_TEXT = 70               // a sign and 64 binary digits fit
};

// Bits per digit times 1024, rounded up (for limbs from digits); for digits from bits the same number minus one rounds down.
static size_t bits_1024(int base)
{
    static const uint16_t table[37] = {
        0, 0, 1024, 1624, 2048, 2378, 2648, 2875, 3072, 3247, 3402, 3543, 3672, 3790, 3899, 4001, 4096, 4186, 4271,
        4350, 4426, 4498, 4567, 4633, 4696, 4756, 4814, 4870, 4923, 4975, 5025, 5074, 5120, 5166, 5210, 5253, 5295};
    return table[base];
}

static int digits_limit(const Thread *t) { return t->vm->config.int_max_str_digits; }

void int_raise_digit_limit(Thread *t, size_t digits)
{
    if (digits)
        raise(t, EXC(ValueError),
              "Exceeds the limit (%d digits) for integer string conversion: value has %lu digits; use "
              "sys.set_int_max_str_digits() to increase the limit",
              digits_limit(t), (uint64_t)digits);
    else
        raise(t, EXC(ValueError),
              "Exceeds the limit (%d digits) for integer string conversion; use "
              "sys.set_int_max_str_digits() to increase the limit",
              digits_limit(t));
}

static bool beyond_limit(const Thread *t, size_t digits)
{
    int limit = digits_limit(t);
    return digits > LIMIT_THRESHOLD && limit > 0 && digits > (size_t)limit;
}

// Whether x certainly has more decimal digits than allowed, found without converting it.
static bool surely_beyond_limit(const Thread *t, const IntView *x)
{
    int limit = digits_limit(t);
    if (limit <= 0 || x->n * 20 <= LIMIT_THRESHOLD)
        return false;
    double top = (double)x->limbs[x->n - 1];                  // the number is at least top * 2**(64 * (n - 1))
    double digits = log10(top) + (double)(x->n - 1) * 64 * 0.30102999566398119521;
    return digits > size_max((size_t)limit, LIMIT_THRESHOLD) + 1e-6;
}

static Value small_to_str(Thread *t, uint64_t magnitude, bool negative, int base)
{
    char text[SMALL_TEXT], *p = text + sizeof text;
    if (base == 10) {
        do
            *--p = (char)('0' + magnitude % 10);
        while (magnitude /= 10);
    } else {
        do
            *--p = "0123456789abcdefghijklmnopqrstuvwxyz"[magnitude % (unsigned)base];
        while (magnitude /= (unsigned)base);
    }
    if (negative)
        *--p = '-';
    return str_from_ascii(t, p, (size_t)(text + sizeof text - p));
}

static Value to_str(Thread *t, Value exact, int base, bool limited)
{
    IntView x;
    int_look(exact, &x);
    if (x.n <= 1)
        return small_to_str(t, x.n ? x.limbs[0] : 0, x.negative, base);
    size_t room = x.n * 64 * 1024 / (bits_1024(base) - 1) + 3;
    limited &= base == 10;
    if (limited && surely_beyond_limit(t, &x)) {
        int_raise_digit_limit(t, 0);
        return 0;
    }
    if (!int_memory_check(t, x.n))
        return 0;
    mp_limb_t *limbs = int_scratch(t, x.n + 1);
    char *text = limbs ? new_atomic(t, room + 1) : NULL;
    if (!text)
        return 0;
    memcpy(limbs, x.limbs, x.n * sizeof(mp_limb_t));
    text[0] = '-';
    size_t n = mpn_get_str((unsigned char *)text + 1, base, limbs, (mp_size_t)x.n);
    char *digits = text + 1;
    while (n > 1 && *digits == 0) {
        digits++;
        n--;
    }
    if (limited && beyond_limit(t, n)) {
        int_raise_digit_limit(t, 0);
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        digits[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[(unsigned char)digits[i]];
    if (!x.negative)
        return str_from_ascii(t, digits, n);
    digits[-1] = '-';
    return str_from_ascii(t, digits - 1, n + 1);
}

Value int_to_str(Thread *t, Value exact, int base) { return to_str(t, exact, base, true); }
Value int_to_str_any(Thread *t, Value exact, int base) { return to_str(t, exact, base, false); }

static inline int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

static Value large_from_digits(Thread *t, const char *digits, size_t n, int base, bool negative)
{
    size_t limbs = n / 64 * bits_1024(base) / 1024 + bits_1024(base) / 1024 + 4;
    if (!int_memory_check(t, limbs))
        return 0;
    BigInt *big = int_alloc(t, limbs);
    unsigned char *values = big ? new_atomic(t, n) : NULL;
    if (!values)
        return 0;
    for (size_t i = 0; i < n; i++)
        values[i] = (unsigned char)digit_value(digits[i]);
    size_t used = (size_t)mpn_set_str(big->limbs, values, n, base);
    return int_finish(big, used, negative);
}

Value int_from_digits(Thread *t, const char *digits, size_t n, int base)
{
    bool negative = n && digits[0] == '-';
    if (n && (digits[0] == '-' || digits[0] == '+')) {
        digits++;
        n--;
    }
    while (n && *digits == '0') {
        digits++;
        n--;
    }
    enum { SAFE_DIGITS_ANY_BASE = 12 };                       // 36 ** 12 < 2 ** 63
    if (n <= SAFE_DIGITS_ANY_BASE || (base <= 10 && n <= 18)) {
        uint64_t u = 0;
        for (size_t i = 0; i < n; i++)
            u = u * (unsigned)base + (unsigned)digit_value(digits[i]);
        return int_from_uint128(t, u, negative);
    }
    return large_from_digits(t, digits, n, base, negative);
}

static COLD Value invalid_literal(Thread *t, Value text, int base)
{
    Value shown = is_str(text) || is_bytes(text) ? value_repr(t, text) : 0;
    if (!shown && !is_pending(t)) {
        NumberInput in;
        if (number_input(t, text, &in))
            shown = bytes_repr(t, (const uint8_t *)in.text, in.n);
    }
    return shown ? raise(t, EXC(ValueError), "invalid literal for int() with base %d: %.200U", base, shown) : 0;
}

// Eats "0x", "0o" or "0b" where base allows it; settles base 0. False when base 0 meets a leading zero.
static bool prefix_skip(const char **p, const char *end, int *base)
{
    if (end - *p >= 2 && **p == '0') {
        char letter = (*p)[1] | 0x20;
        int named = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
        if (named && (*base == 0 || *base == named)) {
            *p += 2;
            *base = named;
            if (*p < end && **p == '_')
                ++*p;
            return true;
        }
    }
    if (*base != 0)
        return true;
    *base = 10;
    if (*p < end && **p == '0')
        for (const char *q = *p; q < end; q++)
            if (*q != '0' && *q != '_')
                return false;
    return true;
}

// Are the eight characters at p decimal digits? Digits have 3 as their high half-byte, also with 6 added.
static inline bool are_digits8(const char *p)
{
    const uint64_t high = 0xf0f0f0f0f0f0f0f0u, threes = 0x3030303030303030u, sixes = 0x0606060606060606u;
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return (word & high) == threes && ((word + sixes) & high) == threes;
}

// Counts the digits between p and end; -1 when they are malformed.
static int64_t digits_count(const char *p, const char *end, int base)
{
    const char *start = p;
    while (base == 10 && end - p >= 8 && are_digits8(p))
        p += 8;
    int64_t n = p - start;
    char before = n ? '0' : '_';
    for (; p < end; before = *p++) {
        if (*p != '_') {
            if (base == 10 ? (unsigned char)(*p - '0') > 9 : digit_value(*p) >= base)
                return -1;
            n++;
        } else if (before == '_') {
            return -1;
        }
    }
    return before == '_' ? -1 : n;
}

static void digits_copy(const char *p, const char *end, char *out)
{
    for (; p < end; p++)
        if (*p != '_')
            *out++ = *p;
}

// Text without white space around it. 0 without a pending exception: malformed.
static Value parse_literal(Thread *t, NumberInput in, int base)
{
    const char *p = in.text, *end = in.text + in.n;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (!prefix_skip(&p, end, &base) || p == end)
        return 0;
    int64_t n = digits_count(p, end, base);
    if (n < 0)
        return 0;
    if ((base & (base - 1)) && beyond_limit(t, (size_t)n)) {
        int_raise_digit_limit(t, (size_t)n);
        return 0;
    }
    char small[SMALL_TEXT], *digits = small;
    if ((size_t)n >= sizeof small) {
        digits = new_atomic(t, (size_t)n + 1);
        if (!digits)
            return 0;
    }
    digits[0] = negative ? '-' : '+';
    digits_copy(p, end, digits + 1);
    return int_from_digits(t, digits, (size_t)n + 1, base);
}

Value int_from_text(Thread *t, Value text_or_bytes, int base)
{
    NumberInput in;
    if (!number_input(t, text_or_bytes, &in))
        return 0;
    number_input_strip(&in);
    Value result = parse_literal(t, in, base);
    if (result || is_pending(t))
        return result;
    return invalid_literal(t, text_or_bytes, base);
}
