// bytes_text.c: methods of bytes and bytearray that see ASCII text: case, classes, padding, stripping, hex, translate.
#include "src/types/bytes_methods.h"
#include "src/types/number.h"
#include "src/types/search.h"
#include "src/types/str_percent.h"
#include "src/types/str_units.h"

#define METHOD(name) Value bytes_##name##_method(Thread *t, const Value *args, size_t nargs)

static inline bool is_low(uint8_t c) { return (uint8_t)(c - 'a') < 26; }
static inline bool is_high(uint8_t c) { return (uint8_t)(c - 'A') < 26; }
static inline bool is_digit_byte(uint8_t c) { return (uint8_t)(c - '0') < 10; }
static inline bool is_letter(uint8_t c) { return is_low(c) || is_high(c); }
static inline uint8_t to_low(uint8_t c) { return is_high(c) ? c | 0x20 : c; }
static inline uint8_t to_high(uint8_t c) { return is_low(c) ? c & ~0x20 : c; }

// A copy of self to be changed in place; *out_data points to its bytes.
static Value fresh_copy(Thread *t, Value self, uint8_t **out_data, size_t *out_n)
{
    ByteView view = bytes_view(self);
    *out_n = view.n;
    if (is_bytearray(self)) {
        Value copy = bytearray_new(t, view.data, view.n);
        if (copy)
            *out_data = ((ByteArray *)copy)->start;
        return copy;
    }
    Bytes *copy = bytes_alloc(t, view.n);
    if (!copy)
        return 0;
    memcpy(copy->data, view.data, view.n);
    *out_data = copy->data;
    return value_of(copy);
}

#define MAP_METHOD(name, expression)                                                                       \
    METHOD(name)                                                                                           \
    {                                                                                                      \
        uint8_t *s;                                                                                        \
        size_t n;                                                                                          \
        Value copy = fresh_copy(t, args[0], &s, &n);                                                       \
        if (!copy)                                                                                         \
            return 0;                                                                                      \
        for (size_t i = 0; i < n; i++)                                                                     \
            s[i] = (expression);                                                                           \
        return copy;                                                                                       \
    }
MAP_METHOD(lower, to_low(s[i]))
MAP_METHOD(upper, to_high(s[i]))
MAP_METHOD(capitalize, i ? to_low(s[i]) : to_high(s[i]))
MAP_METHOD(swapcase, is_letter(s[i]) ? s[i] ^ 0x20 : s[i])
MAP_METHOD(title, i && is_letter(s[i - 1]) ? to_low(s[i]) : to_high(s[i]))

#define TEST_METHOD(name, expression)                                                                      \
    METHOD(name)                                                                                           \
    {                                                                                                      \
        ByteView view = bytes_view(args[0]);                                                               \
        for (size_t i = 0; i < view.n; i++) {                                                              \
            uint8_t c = view.data[i];                                                                      \
            if (!(expression))                                                                             \
                return FALSE;                                                                              \
        }                                                                                                  \
        return value_bool(view.n > 0);                                                                     \
    }
TEST_METHOD(isalnum, is_letter(c) || is_digit_byte(c))
TEST_METHOD(isalpha, is_letter(c))
TEST_METHOD(isdigit, is_digit_byte(c))
TEST_METHOD(isspace, spaces_of_bytes[c])

METHOD(isascii)
{
    ByteView view = bytes_view(args[0]);
    return value_bool(bytes_are_ascii(view.data, view.n));
}

static Value cased(const Value *args, bool (*wanted)(uint8_t), bool (*refused)(uint8_t))
{
    ByteView view = bytes_view(args[0]);
    bool found = false;
    for (size_t i = 0; i < view.n; i++) {
        if (refused(view.data[i]))
            return FALSE;
        found |= wanted(view.data[i]);
    }
    return value_bool(found);
}

METHOD(islower) { return cased(args, is_low, is_high); }
METHOD(isupper) { return cased(args, is_high, is_low); }

METHOD(istitle)
{
    ByteView view = bytes_view(args[0]);
    bool found = false, in_word = false;
    for (size_t i = 0; i < view.n; i++) {
        uint8_t c = view.data[i];
        if ((is_high(c) && in_word) || (is_low(c) && !in_word))
            return FALSE;
        in_word = is_letter(c);
        found |= in_word;
    }
    return value_bool(found);
}

// --- padding ---

static Value padded(Thread *t, Value self, size_t left, size_t right, uint8_t fill)
{
    ByteView view = bytes_view(self);
    if (left + right == 0 && is_exactly(self, &type_bytes))
        return self;
    Bytes *out = bytes_alloc(t, left + view.n + right);
    if (!out)
        return 0;
    memset(out->data, fill, left);
    memcpy(out->data + left, view.data, view.n);
    memset(out->data + left + view.n, fill, right);
    return is_bytearray(self) ? bytearray_new(t, out->data, out->length) : value_of(out);
}

static bool pad_arguments(Thread *t, const char *method, const Value *args, size_t *missing, uint8_t *fill)
{
    int64_t width;
    *fill = ' ';
    if (!to_int64(t, args[1], &width))
        return false;
    if (args[2]) {
        if (!is_bytes(args[2]) && !is_bytearray(args[2]))
            return raise(t, EXC(TypeError), "%s() argument 2 must be a byte string of length 1, not %s", method, argument_type_name(args[2]));
        ByteView view = bytes_view(args[2]);
        if (view.n != 1)
            return raise(t, EXC(TypeError), "%s(): argument 2 must be a byte string of length 1, not a %s object of length %lu",
                         method, is_bytes(args[2]) ? "bytes" : "bytearray", view.n);
        *fill = view.data[0];
    }
    int64_t n = (int64_t)bytes_view(args[0]).n;
    *missing = width > n ? (size_t)(width - n) : 0;
    return true;
}

METHOD(ljust)
{
    size_t missing;
    uint8_t fill;
    return pad_arguments(t, "ljust", args, &missing, &fill) ? padded(t, args[0], 0, missing, fill) : 0;
}

METHOD(rjust)
{
    size_t missing;
    uint8_t fill;
    return pad_arguments(t, "rjust", args, &missing, &fill) ? padded(t, args[0], missing, 0, fill) : 0;
}

METHOD(center)
{
    size_t missing;
    uint8_t fill;
    if (!pad_arguments(t, "center", args, &missing, &fill))
        return 0;
    size_t left = missing / 2 + (missing & (missing + bytes_view(args[0]).n) & 1);
    return padded(t, args[0], left, missing - left, fill);
}

METHOD(zfill)
{
    int64_t width;
    if (!to_int64(t, args[1], &width))
        return 0;
    ByteView view = bytes_view(args[0]);
    size_t missing = width > (int64_t)view.n ? (size_t)width - view.n : 0;
    Value out = padded(t, args[0], missing, 0, '0');
    if (!out || !missing || view.n == 0 || (view.data[0] != '+' && view.data[0] != '-'))
        return out;
    uint8_t *data = is_bytearray(out) ? ((ByteArray *)out)->start : as_bytes(out)->data;
    data[missing] = '0';
    data[0] = view.data[0];
    return out;
}

METHOD(expandtabs)
{
    int32_t size = 8;
    if (args[1] && !to_int32(t, args[1], &size))
        return 0;
    ByteView view = bytes_view(args[0]);
    BytesBuilder out = {0};
    if (!bytes_reserve(t, &out, view.n))
        return 0;
    size_t column = 0;
    for (size_t i = 0; i < view.n; i++) {
        uint8_t c = view.data[i];
        if (c != '\t') {
            column = c == '\n' || c == '\r' ? 0 : column + 1;
            if (!bytes_add_byte(t, &out, c))
                return 0;
            continue;
        }
        size_t add = size > 0 ? (size_t)size - column % (size_t)size : 0;
        if (add > INT64_MAX / 8 - out.length)
            return raise(t, EXC(OverflowError), "result too long");
        if (!bytes_reserve(t, &out, add))
            return 0;
        memset(out.bytes->data + out.length, ' ', add);
        out.length += add;
        column += add;
    }
    return bytes_like(t, args[0], out.bytes->data, out.length);
}

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static Value strip_any(Thread *t, const Value *args, int sides)
{
    uint8_t own[256] = {0};
    const uint8_t *set = spaces_of_bytes;
    if (args[1] && args[1] != NONE) {
        ByteView chars;
        if (!bytes_view_get(t, args[1], &chars))
            return 0;
        for (size_t i = 0; i < chars.n; i++)
            own[chars.data[i]] = 1;
        bytes_view_release(t, &chars);
        set = own;
    }
    ByteView view = bytes_view(args[0]);
    size_t start = 0, end = view.n;
    while ((sides & STRIP_LEFT) && start < end && set[view.data[start]])
        start++;
    while ((sides & STRIP_RIGHT) && end > start && set[view.data[end - 1]])
        end--;
    if (end - start == view.n && is_exactly(args[0], &type_bytes))
        return args[0];
    return bytes_like(t, args[0], view.data + start, end - start);
}

METHOD(strip) { return strip_any(t, args, STRIP_LEFT | STRIP_RIGHT); }
METHOD(lstrip) { return strip_any(t, args, STRIP_LEFT); }
METHOD(rstrip) { return strip_any(t, args, STRIP_RIGHT); }

// --- hex, translate, decode ---

METHOD(hex)
{
    int32_t group = 1;
    if (args[2] && !to_int32(t, args[2], &group))
        return 0;
    ByteView view = bytes_view(args[0]);
    bytes_hold(args[0], 1);
    Value text = bytes_hex(t, view.data, view.n, args[1], group);
    bytes_hold(args[0], -1);
    return text;
}

static bool hex_separator(Thread *t, Value separator, uint32_t *out)
{
    int64_t n = length_of(t, separator);
    if (n < 0)
        return false;
    if (n == 1 && is_str(separator)) {
        *out = str_at(as_str(separator), 0);
    } else if (n == 1 && is_bytes(separator)) {
        *out = as_bytes(separator)->data[0];
    } else if (n != 1) {
        return raise(t, EXC(ValueError), "sep must be length 1.");
    } else {
        return raise(t, EXC(TypeError), "sep must be str or bytes.");
    }
    return *out < 0x80 || raise(t, EXC(ValueError), "sep must be ASCII.");
}

Value bytes_hex(Thread *t, const uint8_t *data, size_t n, Value separator, int64_t group)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t between = 0;
    if (separator && !hex_separator(t, separator, &between))
        return 0;
    uint64_t size = group < 0 ? 0 - (uint64_t)group : (uint64_t)group;
    if (!separator || !size || n == 0)
        size = n + 1;
    if (n > INT64_MAX / 8)
        return memory_error(t), (Value)0;
    size_t gaps = n ? (n - 1) / size : 0;
    if (2 * n + gaps <= 1)
        return str_empty;
    Str *out = str_alloc(t, 2 * n + gaps, 0x7f);
    if (!out)
        return 0;
    char *to = out->data;
    for (size_t i = 0; i < n; i++) {
        if (i && gaps && (group > 0 ? n - i : i) % size == 0)     // positive groups are counted from the right
            *to++ = (char)between;
        *to++ = digits[data[i] >> 4];
        *to++ = digits[data[i] & 15];
    }
    return value_of(out);
}

static int hex_digit(uint32_t c)
{
    return c - '0' < 10 ? (int)(c - '0') : (c | 0x20) - 'a' < 6 ? (int)((c | 0x20) - 'a' + 10) : -1;
}

// The body of fromhex: pairs of digits with white space between. `text` is a str or bytes-like.
bool hex_decode(Thread *t, Value text, BytesBuilder *out)
{
    ByteView view = {0};
    const Str *s = NULL;
    if (is_str(text))
        s = as_str(text);
    else if (!buffer_supported(text))
        return raise(t, EXC(TypeError), "fromhex() argument must be str or bytes-like, not %s", argument_type_name(text));
    else if (!bytes_view_get(t, text, &view))
        return false;
    size_t n = s ? s->length : view.n;
    bool ok = true;
    for (size_t i = 0; ok && i < n;) {
        uint32_t c = s ? str_at(s, i) : view.data[i];
        if (c < 256 && spaces_of_bytes[c]) {
            i++;
            continue;
        }
        uint32_t d = i + 1 < n ? (s ? str_at(s, i + 1) : view.data[i + 1]) : 0;
        if (hex_digit(c) < 0 || hex_digit(d) < 0) {
            if (hex_digit(c) >= 0 && i + 1 >= n)
                ok = raise(t, EXC(ValueError), "fromhex() arg must contain an even number of hexadecimal digits");
            else
                ok = raise(t, EXC(ValueError), "non-hexadecimal number found in fromhex() arg at position %lu",
                           hex_digit(c) < 0 ? i : i + 1);
        } else {
            ok = bytes_add_byte(t, out, (uint8_t)(hex_digit(c) << 4 | hex_digit(d)));
        }
        i += 2;
    }
    bytes_view_release(t, &view);
    return ok;
}

METHOD(translate)
{
    ByteView table = {0}, deleted = {0};
    uint8_t drop[256] = {0};
    if (args[1] != NONE) {
        if (!bytes_view_get(t, args[1], &table))
            return 0;
        if (table.n != 256) {
            bytes_view_release(t, &table);
            return raise(t, EXC(ValueError), "translation table must be 256 characters long");
        }
    }
    if (args[2]) {
        if (!bytes_view_get(t, args[2], &deleted)) {
            bytes_view_release(t, &table);
            return 0;
        }
        for (size_t i = 0; i < deleted.n; i++)
            drop[deleted.data[i]] = 1;
        bytes_view_release(t, &deleted);
    }
    ByteView view = bytes_view(args[0]);
    Bytes *out = bytes_alloc(t, view.n);
    size_t n = 0;
    for (size_t i = 0; out && i < view.n; i++) {
        uint8_t c = view.data[i];
        if (!drop[c])
            out->data[n++] = args[1] != NONE ? table.data[c] : c;
    }
    bytes_view_release(t, &table);
    return out ? bytes_like(t, args[0], out->data, n) : 0;
}

METHOD(maketrans)
{
    ByteView from, to;
    if (!bytes_view_get(t, args[0], &from))
        return 0;
    if (!bytes_view_get(t, args[1], &to)) {
        bytes_view_release(t, &from);
        return 0;
    }
    Bytes *out = bytes_alloc(t, 256);
    for (size_t i = 0; out && i < 256; i++)
        out->data[i] = (uint8_t)i;
    for (size_t i = 0; out && from.n == to.n && i < from.n; i++)
        out->data[from.data[i]] = to.data[i];
    bool same = from.n == to.n;
    bytes_view_release(t, &from);
    bytes_view_release(t, &to);
    return same ? value_of(out) : raise(t, EXC(ValueError), "maketrans arguments must have same length");
}

METHOD(decode)
{
    const char *texts[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        if (!args[i + 1])
            continue;
        if (!is_str(args[i + 1]))
            return raise(t, EXC(TypeError), "decode() argument '%s' must be str, not %s", i ? "errors" : "encoding", argument_type_name(args[i + 1]));
        texts[i] = str_utf8(t, args[i + 1], NULL);
        if (!texts[i])
            return 0;
    }
    ByteView view = bytes_view(args[0]);
    return str_decode(t, view.data, view.n, texts[0], texts[1]);
}

Value bytes_percent(Thread *t, Value self, Value args)
{
    ByteView view = bytes_view(self);
    Value format = str_from_latin1(t, view.data, view.n);
    bytes_hold(self, 1);
    Value text = format ? percent_format(t, format, args, true) : 0;
    bytes_hold(self, -1);
    if (!text)
        return 0;
    return bytes_like(t, self, as_str(text)->data, as_str(text)->length);
}
