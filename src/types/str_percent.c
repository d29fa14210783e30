// str_percent.c: the % operator of str and, on the Latin-1 text of its bytes, of bytes.
#include "src/types/str_percent.h"

#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/number.h"
#include "src/types/str_builder.h"
#include "src/types/str_units.h"
#include "src/types/tuple.h"

typedef struct Percent {
    const Str *format;
    size_t at;              // next character of the format
    Value args;             // the tuple, or the single argument
    size_t next, count;     // next positional argument; count of them
    bool is_tuple, for_bytes;
    Value mapping;          // args when it may serve as a mapping, else 0
    Value given;            // an argument chosen by %(name), else 0
    StrBuilder out;
} Percent;

typedef struct Spec {
    bool left, plus, space, alternate, zero;
    int64_t width, precision;     // precision -1: none
    uint32_t letter;
    bool keyed;
} Spec;

static bool incomplete(Thread *t) { return raise(t, EXC(ValueError), "incomplete format"); }

static bool next_char(Thread *t, Percent *p, uint32_t *out)
{
    if (p->at >= p->format->length)
        return incomplete(t);
    *out = str_at(p->format, p->at++);
    return true;
}

static Value next_argument(Thread *t, Percent *p, const Spec *spec)
{
    if (spec->keyed)
        return p->given;
    if (p->next >= p->count)
        return raise(t, EXC(TypeError), "not enough arguments for format string");
    size_t i = p->next++;
    return p->is_tuple ? as_tuple(p->args)->at[i] : p->args;
}

static bool parse_key(Thread *t, Percent *p)
{
    if (!p->mapping)
        return raise(t, EXC(TypeError), "format requires a mapping");
    size_t start = p->at;
    int depth = 1;
    while (depth > 0 && p->at < p->format->length) {
        uint32_t c = str_at(p->format, p->at++);
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    if (depth > 0)
        return raise(t, EXC(ValueError), "incomplete format key");
    Value key = str_substring(t, value_of(p->format), start, p->at - 1);
    if (key && p->for_bytes)
        key = str_encode(t, key, "latin-1", NULL);
    p->given = key ? item_get(t, p->mapping, key) : 0;
    return p->given != 0;
}

static bool parse_star(Thread *t, Percent *p, int64_t *out, const char *too_big)
{
    Spec positional = {0};
    Value v = next_argument(t, p, &positional);
    if (!v)
        return false;
    if (!is_int(v))
        return raise(t, EXC(TypeError), "* wants int");
    if (!int_to_int64(int_exact(v), out) || *out > INT64_MAX / 16 || *out < -(INT64_MAX / 16))
        return raise(t, EXC(OverflowError), too_big);
    return true;
}

// A number at the place whose first character is *c; leaves the first character after it in *c.
static bool parse_number(Thread *t, Percent *p, uint32_t *c, int64_t *out, const char *too_big)
{
    *out = 0;
    while (*c >= '0' && *c <= '9') {
        *out = *out * 10 + (*c - '0');
        if (*out > INT32_MAX && (*out > INT64_MAX / 100 || too_big[0] == 'p'))
            return raise(t, EXC(ValueError), too_big);
        if (!next_char(t, p, c))
            return false;
    }
    return true;
}

static bool parse_flags(Thread *t, Percent *p, Spec *spec, uint32_t *c)
{
    for (;;) {
        switch (*c) {
        case '-': spec->left = true; break;
        case '+': spec->plus = true; break;
        case ' ': spec->space = true; break;
        case '#': spec->alternate = true; break;
        case '0': spec->zero = true; break;
        default: return true;
        }
        if (!next_char(t, p, c))
            return false;
    }
}

static bool parse_width(Thread *t, Percent *p, Spec *spec, uint32_t *c)
{
    if (*c != '*')
        return parse_number(t, p, c, &spec->width, "width too big");
    if (!parse_star(t, p, &spec->width, "Python int too large to convert to C ssize_t"))
        return false;
    if (spec->width < 0) {
        spec->left = true;
        spec->width = -spec->width;
    }
    return next_char(t, p, c);
}

static bool parse_precision(Thread *t, Percent *p, Spec *spec, uint32_t *c)
{
    if (*c != '.')
        return true;
    if (!next_char(t, p, c))
        return false;
    if (*c != '*')
        return parse_number(t, p, c, &spec->precision, "precision too big");
    if (!parse_star(t, p, &spec->precision, "Python int too large to convert to C int"))
        return false;
    if (spec->precision < 0)
        spec->precision = 0;
    return next_char(t, p, c);
}

static bool parse_spec(Thread *t, Percent *p, Spec *spec)
{
    uint32_t c;
    *spec = (Spec){.precision = -1};
    p->given = 0;
    if (!next_char(t, p, &c))
        return false;
    if (c == '(') {
        if (!parse_key(t, p) || !next_char(t, p, &c))
            return false;
        spec->keyed = true;
    }
    if (!parse_flags(t, p, spec, &c) || !parse_width(t, p, spec, &c) || !parse_precision(t, p, spec, &c))
        return false;
    if ((c == 'h' || c == 'l' || c == 'L') && !next_char(t, p, &c))
        return false;
    spec->letter = c;
    return true;
}

// Text padded to the width.
static bool put_padded(Thread *t, Percent *p, const Spec *spec, Value text)
{
    size_t n = as_str(text)->length;
    size_t pad = spec->width > (int64_t)n ? (size_t)spec->width - n : 0;
    return (spec->left || builder_fill(t, &p->out, ' ', pad)) && builder_str(t, &p->out, text) &&
           (!spec->left || builder_fill(t, &p->out, ' ', pad));
}

static bool put_text(Thread *t, Percent *p, const Spec *spec, Value text)
{
    if (!text)
        return false;
    if (spec->precision >= 0 && (size_t)spec->precision < as_str(text)->length)
        text = str_substring(t, text, 0, (size_t)spec->precision);
    return text && put_padded(t, p, spec, text);
}

// A number: sign, prefix (0x …), zeros, digits.
static bool put_digits(Thread *t, Percent *p, const Spec *spec, bool negative, const char *prefix, const char *digits,
                       size_t n, size_t least)
{
    char sign = negative ? '-' : spec->plus ? '+' : spec->space ? ' ' : 0;
    size_t zeros = least > n ? least - n : 0;
    size_t used = (sign != 0) + strlen(prefix) + zeros + n;
    size_t pad = spec->width > (int64_t)used ? (size_t)spec->width - used : 0;
    if (spec->zero && !spec->left) {
        zeros += pad;
        pad = 0;
    }
    StrBuilder *b = &p->out;
    return (spec->left || builder_fill(t, b, ' ', pad)) && (!sign || builder_char(t, b, (uint8_t)sign)) &&
           builder_cstr(t, b, prefix) && builder_fill(t, b, '0', zeros) && builder_ascii(t, b, digits, n) &&
           (!spec->left || builder_fill(t, b, ' ', pad));
}

static Value integer_of(Thread *t, const Spec *spec, Value v)
{
    if (is_int(v))
        return int_exact(v);
    bool decimal = spec->letter == 'd' || spec->letter == 'i' || spec->letter == 'u';
    Value i = 0;
    if (decimal && (is_float(v) || type_of(v)->slots.to_int || type_of(v)->slots.to_index) && !is_str(v) && !is_bytes(v))
        i = number_int(t, v);
    else if (!decimal && type_of(v)->slots.to_index)
        i = number_index(t, v);
    if (!i && is_pending(t) && !pending_clear_if(t, EXC(TypeError)))
        return 0;
    if (!i)
        return raise(t, EXC(TypeError), "%%%c format: %s is required, not %.200T", spec->letter,
                     decimal ? "a real number" : "an integer", v);
    return int_exact(i);
}

static bool put_integer(Thread *t, Percent *p, const Spec *spec, Value v)
{
    Value exact = integer_of(t, spec, v);
    if (!exact)
        return false;
    int base = spec->letter == 'o' ? 8 : spec->letter == 'x' || spec->letter == 'X' ? 16 : 10;
    Value text = int_to_str(t, exact, base);
    if (!text)
        return false;
    const char *digits = as_str(text)->data;
    size_t n = as_str(text)->length;
    bool negative = digits[0] == '-';
    digits += negative;
    n -= negative;
    if (spec->letter == 'X') {
        char *upper = new_atomic(t, n + 1);
        if (!upper)
            return false;
        for (size_t i = 0; i < n; i++)
            upper[i] = digits[i] >= 'a' ? (char)(digits[i] - 32) : digits[i];
        digits = upper;
    }
    const char *prefix = !spec->alternate || base == 10 ? "" : base == 8 ? "0o" : spec->letter == 'X' ? "0X" : "0x";
    if (spec->precision > INT32_MAX - 3)
        return raise(t, EXC(OverflowError), "precision too large");
    return put_digits(t, p, spec, negative, prefix, digits, n, spec->precision > 0 ? (size_t)spec->precision : 0);
}

static bool put_float(Thread *t, Percent *p, const Spec *spec, Value v)
{
    double d;
    if (!to_double(t, v, &d)) {
        if (p->for_bytes && pending_clear_if(t, EXC(TypeError)))
            return raise(t, EXC(TypeError), "float argument required, not %.200T", v);
        return false;
    }
    int64_t precision = spec->precision < 0 ? 6 : spec->precision;
    if (precision > INT32_MAX - 400)
        return raise(t, EXC(ValueError), "precision too big");
    size_t room = (size_t)precision + 400;
    char small[512], *text = room <= sizeof small ? small : new_atomic(t, room);
    if (!text)
        return false;
    size_t n = double_to_text(d, (char)spec->letter, (int)precision, spec->alternate, false, text, room);
    bool negative = text[0] == '-';
    return put_digits(t, p, spec, negative, "", text + negative, n - negative, 0);
}

static bool put_character(Thread *t, Percent *p, const Spec *spec, Value v)
{
    if (is_str(v) && !p->for_bytes) {
        if (as_str(v)->length == 1)
            return put_padded(t, p, spec, v);
        return raise(t, EXC(TypeError), "%%c requires an int or a unicode character, not a string of length %lu",
                     as_str(v)->length);
    }
    if (p->for_bytes && (is_bytes(v) || is_instance_flag(v, TYPE_IS_BYTEARRAY))) {
        size_t n = is_bytes(v) ? as_bytes(v)->length : ((ByteArray *)v)->length;
        if (n != 1)
            return raise(t, EXC(TypeError),
                         "%%c requires an integer in range(256) or a single byte, not a %s object of length %lu",
                         is_bytes(v) ? "bytes" : "bytearray", n);
        return put_padded(t, p, spec, str_latin1[is_bytes(v) ? as_bytes(v)->data[0] : ((ByteArray *)v)->start[0]]);
    }
    if (!is_int(v) && !type_of(v)->slots.to_index)
        return raise(t, EXC(TypeError),
                     p->for_bytes ? "%%c requires an integer in range(256) or a single byte, not %Q"
                                  : "%%c requires an int or a unicode character, not %Q", v);
    Value exact = number_index(t, v);
    int64_t code;
    if (!exact)
        return false;
    int64_t limit = p->for_bytes ? 256 : MAX_CODE_POINT + 1;
    if (!int_to_int64(exact, &code) || code < 0 || code >= limit)
        return raise(t, EXC(OverflowError), p->for_bytes ? "%%c arg not in range(256)" : "%%c arg not in range(0x110000)");
    Value one = str_from_char(t, (uint32_t)code);
    return one && put_padded(t, p, spec, one);
}

// %b and %s of bytes: anything with a buffer, or __bytes__.
static bool put_bytes(Thread *t, Percent *p, const Spec *spec, Value v)
{
    if (!is_bytes(v)) {
        Value method = special_lookup(t, v, N(__bytes__));
        if (!method && is_pending(t))
            return false;
        if (method) {
            v = call0(t, method);
            if (!v)
                return false;
            if (!is_bytes(v))
                return raise(t, EXC(TypeError), "__bytes__ returned non-bytes (type %.200T)", v);
        } else if (!buffer_supported(v)) {
            return raise(t, EXC(TypeError),
                         "%%b requires a bytes-like object, or an object that implements __bytes__, not '%.100T'", v);
        }
    }
    Buffer view;
    if (!buffer_get(t, v, &view, BUFFER_SIMPLE))
        return false;
    Value text = str_from_latin1(t, view.data, (size_t)view.length);
    buffer_release(t, &view);
    return put_text(t, p, spec, text);
}

static bool put_argument(Thread *t, Percent *p, const Spec *spec, Value v)
{
    switch (spec->letter) {
    case 'b':
        if (p->for_bytes)
            return put_bytes(t, p, spec, v);
        break;
    case 's': return p->for_bytes ? put_bytes(t, p, spec, v) : put_text(t, p, spec, value_str(t, v));
    case 'r': return put_text(t, p, spec, p->for_bytes ? value_ascii(t, v) : value_repr(t, v));
    case 'a': return put_text(t, p, spec, value_ascii(t, v));
    case 'c': return put_character(t, p, spec, v);
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X': return put_integer(t, p, spec, v);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': return put_float(t, p, spec, v);
    }
    return raise(t, EXC(ValueError), "unsupported format character '%c' (0x%x) at index %lu",
                 spec->letter > 31 && spec->letter < 127 ? spec->letter : '?', spec->letter, p->at - 1);
}

static bool put_one(Thread *t, Percent *p)
{
    Spec spec;
    if (p->at < p->format->length && str_at(p->format, p->at) == '%') {
        p->at++;
        return builder_char(t, &p->out, '%');
    }
    if (!parse_spec(t, p, &spec))
        return false;
    Value v = next_argument(t, p, &spec);
    return v && put_argument(t, p, &spec, v);
}

// CPython's test: a mapping that is neither a tuple nor the text type itself.
static bool may_be_mapping(Value args, bool for_bytes)
{
    if (is_tuple(args) || is_str(args) || (for_bytes && (is_bytes(args) || is_instance_flag(args, TYPE_IS_BYTEARRAY))))
        return false;
    return is_object(args) && type_of(args)->slots.getitem != NULL;
}

Value percent_format(Thread *t, Value format, Value args, bool for_bytes)
{
    Percent p = {.format = as_str(format), .args = args, .is_tuple = is_tuple(args), .for_bytes = for_bytes};
    p.count = p.is_tuple ? as_tuple(args)->length : 1;
    p.mapping = may_be_mapping(args, for_bytes) ? args : 0;
    builder_init(&p.out);
    if (!builder_reserve(t, &p.out, p.format->length + 16, 0))
        return 0;
    bool used_key = false;
    while (p.at < p.format->length) {
        int64_t hit = str_find(p.format, as_str(str_latin1['%']), p.at, p.format->length, false);
        size_t stop = hit < 0 ? p.format->length : (size_t)hit;
        if (!builder_substring(t, &p.out, format, p.at, stop))
            return 0;
        p.at = stop + 1;
        if (hit >= 0 && !put_one(t, &p))
            return 0;
        used_key |= p.given != 0;
    }
    if (p.next < p.count && !used_key && !p.mapping)
        return raise(t, EXC(TypeError), "not all arguments converted during %s formatting", for_bytes ? "bytes" : "string");
    return builder_finish(t, &p.out);
}

Value str_format_percent(Thread *t, Value format, Value args) { return percent_format(t, str_exact(t, format), args, false); }
