// float_text.c: doubles as decimal text: repr, the formats e f g, and reading them back.
#include <math.h>

#include "src/ops/ops.h"
#include "src/types/double_chars.h"
#include "src/types/float_internal.h"
#include "src/types/number_text.h"
#include "src/types/str.h"

// Layout of one number: where the digits go, and what is padded with zeros.
typedef struct Layout {
    const char *digits;           // significant digits; the value is 0.DIGITS * 10**point
    int n, point;
    int decimals;                 // digits behind the point to show at least (zeros are added)
    bool exponent;                // 1.5e+10 rather than 15000000000
    bool alternate;               // keep the point even when nothing follows
    bool dot_zero;                // show "1.0" rather than "1"
} Layout;

static char *put_exponent(char *out, int exponent, bool upper)
{
    *out++ = upper ? 'E' : 'e';
    *out++ = exponent < 0 ? '-' : '+';
    unsigned e = (unsigned)(exponent < 0 ? -exponent : exponent);
    if (e >= 100) {
        *out++ = (char)('0' + e / 100);
        e %= 100;
    }
    *out++ = (char)('0' + e / 10);
    *out++ = (char)('0' + e % 10);
    return out;
}

// Writes digits with the point after `whole` of them, zeros where there are none.
static char *put_digits(char *out, const Layout *l, int whole)
{
    int at = whole < 0 ? whole : 0;
    if (whole <= 0)
        *out++ = '0';
    for (; at < whole; at++)
        *out++ = at < l->n ? l->digits[at] : '0';
    int behind = l->n - whole > l->decimals ? l->n - whole : l->decimals;
    if (behind <= 0) {
        if (l->alternate || l->dot_zero)
            *out++ = '.';
        if (l->dot_zero)
            *out++ = '0';
        return out;
    }
    *out++ = '.';
    at = whole;
    for (int i = 0; i < behind; i++, at++)
        *out++ = at >= 0 && at < l->n ? l->digits[at] : '0';
    return out;
}

static char *put_layout(char *out, const Layout *l, bool upper)
{
    if (!l->exponent)
        return put_digits(out, l, l->point);
    Layout mantissa = *l;
    mantissa.dot_zero = false;
    out = put_digits(out, &mantissa, 1);
    return put_exponent(out, l->point - 1, upper);
}

static char *put_fixed(char *out, double d, int precision, const Layout *l)
{
    char text[DOUBLE_FIXED_ROOM];
    int decimals = precision < DOUBLE_DECIMALS_MAX ? precision : DOUBLE_DECIMALS_MAX;
    size_t n = double_fixed(d, decimals, text);
    memcpy(out, text, n);
    out += n;
    if (precision == 0) {
        if (l->alternate || l->dot_zero)
            *out++ = '.';
        if (l->dot_zero)
            *out++ = '0';
    }
    for (int i = decimals; i < precision; i++)
        *out++ = '0';
    return out;
}

static char *put_finite(char *out, double d, char format, int precision, bool alternate, bool dot_zero)
{
    char digits[DOUBLE_DIGITS_MAX + 16];
    bool upper = format < 'a';
    Layout l = {.digits = digits, .alternate = alternate, .dot_zero = dot_zero};
    switch (format | 0x20) {
    case 'r':
        l.n = (int)double_shortest(d, digits, &l.point);
        l.exponent = l.point <= -4 || l.point > 16;
        break;
    case 'e':
        l.n = (int)double_rounded(d, precision < DOUBLE_DIGITS_MAX ? precision + 1 : DOUBLE_DIGITS_MAX, digits, &l.point);
        l.exponent = true;
        l.decimals = precision;
        break;
    case 'f':
        return put_fixed(out, d, precision, &l);
    default: {
        if (precision == 0)
            precision = 1;
        l.n = (int)double_rounded(d, precision, digits, &l.point);
        l.exponent = l.point <= -4 || l.point > precision - (dot_zero ? 1 : 0);
        if (alternate)
            l.decimals = precision - (l.exponent ? 1 : l.point);
        else
            while (l.n > 1 && digits[l.n - 1] == '0')
                l.n--;
        break;
    }
    }
    if (!l.exponent && l.n == 1 && digits[0] == '0' && l.point < 1)
        l.point = 1;
    return put_layout(out, &l, upper);
}

size_t double_to_text(double d, char format, int precision, bool alternate, bool add_dot_zero, char *out, size_t room)
{
    bool upper = format < 'a';
    char *p = out;
    if (isnan(d)) {
        memcpy(p, upper ? "NAN" : "nan", 3);
        return 3;
    }
    if (signbit(d))
        *p++ = '-';
    if (isinf(d)) {
        memcpy(p, upper ? "INF" : "inf", 3);
        return (size_t)(p + 3 - out);
    }
    check(room >= (size_t)precision + 350);
    p = put_finite(p, fabs(d), format, precision, alternate, add_dot_zero);
    return (size_t)(p - out);
}

Value float_repr(Thread *t, double d)
{
    enum { ROOM = 400 };
    char text[ROOM];
    return str_from_ascii(t, text, double_to_text(d, 'r', 0, false, true, text, sizeof text));
}

// --- reading ---

static bool is_word(const char *s, size_t n, const char *word)
{
    if (n != strlen(word))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((s[i] | 0x20) != word[i])
            return false;
    return true;
}

bool float_from_text(const char *s, size_t n, double *out)
{
    bool negative = n && *s == '-';
    if (n && (*s == '-' || *s == '+')) {
        s++;
        n--;
    }
    if (!n)
        return false;
    if ((*s >= '0' && *s <= '9') || *s == '.') {
        if (!double_parse(s, n, out))
            return false;
    } else if (is_word(s, n, "inf") || is_word(s, n, "infinity")) {
        *out = INFINITY;
    } else if (is_word(s, n, "nan")) {
        *out = NAN;
    } else {
        return false;
    }
    if (negative)
        *out = -*out;
    return true;
}

Value float_from_str(Thread *t, Value text_or_bytes)
{
    NumberInput in;
    if (!number_input(t, text_or_bytes, &in)) {
        if (is_pending(t))
            return 0;
        return raise(t, EXC(TypeError), "float() argument must be a string or a real number, not '%T'", text_or_bytes);
    }
    bool valid;
    double d;
    number_input_strip(&in);
    if (!number_input_join(t, &in, &valid))
        return 0;
    if (!valid || !float_from_text(in.text, in.n, &d))
        return raise(t, EXC(ValueError), "could not convert string to float: %R", text_or_bytes);
    return float_new(t, d);
}
