// double_chars.cpp: decimal digits of doubles by the C++ library, whose conversions are exact and know no locale.
#include "src/types/double_chars.h"

#include <charconv>
#include <cstdlib>
#include <limits>

namespace {

// Takes "d.ddde±xx" apart.
size_t split(const char *text, const char *end, char *digits, int *point)
{
    size_t n = 0;
    const char *p = text;
    for (; p < end && *p != 'e'; p++)
        if (*p != '.')
            digits[n++] = *p;
    int exponent = 0;
    if (p < end) {
        bool negative = p[1] == '-';
        for (p += 2; p < end; p++)
            exponent = exponent * 10 + (*p - '0');
        if (negative)
            exponent = -exponent;
    }
    *point = exponent + 1;
    return n;
}

// Whether "0.000e5"-like digits are all zero, and if not, the exponent of the first one that is not.
bool is_huge(const char *s, const char *end)
{
    long long whole = 0, first = 0;
    bool point = false, seen = false;
    const char *p = s;
    for (; p < end && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        if (!point && (seen || *p != '0'))
            whole++;
        if (!seen && point && *p == '0')
            first++;
        seen |= *p != '0';
    }
    long long exponent = 0;
    bool negative = false;
    if (p < end) {
        p++;
        negative = *p == '-';
        if (*p == '-' || *p == '+')
            p++;
        for (; p < end; p++)
            if (exponent < std::numeric_limits<int>::max())
                exponent = exponent * 10 + (*p - '0');
    }
    long long size = (whole ? whole : -first) + (negative ? -exponent : exponent);
    return size > 0;
}

} // namespace

size_t double_shortest(double d, char *digits, int *point)
{
    char text[32];
    std::to_chars_result r = std::to_chars(text, text + sizeof text, d, std::chars_format::scientific);
    return split(text, r.ptr, digits, point);
}

size_t double_rounded(double d, int n, char *digits, int *point)
{
    char text[DOUBLE_DIGITS_MAX + 16];
    if (n > DOUBLE_DIGITS_MAX)
        n = DOUBLE_DIGITS_MAX;
    std::to_chars_result r = std::to_chars(text, text + sizeof text, d, std::chars_format::scientific, n - 1);
    return split(text, r.ptr, digits, point);
}

size_t double_fixed(double d, int decimals, char *text)
{
    std::to_chars_result r = std::to_chars(text, text + DOUBLE_FIXED_ROOM, d, std::chars_format::fixed, decimals);
    return static_cast<size_t>(r.ptr - text);
}

bool double_parse(const char *s, size_t n, double *out)
{
    if (!n || *s == '-' || *s == '+')
        return false;
    std::from_chars_result r = std::from_chars(s, s + n, *out, std::chars_format::general);
    if (r.ptr != s + n)
        return false;
    if (r.ec == std::errc::result_out_of_range)
        *out = is_huge(s, s + n) ? std::numeric_limits<double>::infinity() : 0.0;
    return r.ec == std::errc() || r.ec == std::errc::result_out_of_range;
}
