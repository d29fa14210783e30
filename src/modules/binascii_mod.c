// binascii_mod.c: the binascii module: text forms of bytes, checksums.
#include <zlib.h>

#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/exception_class.h"
#include "src/ops/ops.h"
#include "src/types/bytes_methods.h"
#include "src/types/number.h"

static Value error_class, incomplete_class;      // binascii.Error, binascii.Incomplete; set once by exec; roots

static Value fail(Thread *t, const char *format, uint64_t number)
{
    return raise(t, as_type(error_class), format, number);
}

// ASCII text or bytes.
static bool ascii_view(Thread *t, Value v, ByteView *out)
{
    if (!is_str(v)) {
        if (!buffer_supported(v))
            return raise(t, EXC(TypeError), "argument should be bytes, buffer or ASCII string, not '%.100T'", v);
        return bytes_view_get(t, v, out);
    }
    if (!str_is_ascii(as_str(v)))
        return raise(t, EXC(ValueError), "string argument should contain only ASCII characters");
    *out = (ByteView){.data = as_str(v)->data, .n = as_str(v)->length};
    return true;
}

static int flag(Thread *t, Value v, int absent) { return v ? truth(t, v) : absent; }

// --- base 64 ---

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static uint8_t base64_value(uint8_t c)       // 255: none
{
    if (c >= 'A' && c <= 'Z')
        return (uint8_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint8_t)(c - 'a' + 26);
    if (c >= '0' && c <= '9')
        return (uint8_t)(c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : 255;
}

typedef struct Base64 {
    BytesBuilder out;
    uint32_t bits;
    int quad, pads;          // digits of the current group; '=' since the last digit
    size_t digits;           // all digits so far
} Base64;

static bool base64_digit(Thread *t, Base64 *b, uint8_t value)
{
    b->digits++;
    b->bits = b->bits << 6 | value;
    if (++b->quad == 1)
        return true;
    int shift = b->quad == 2 ? 4 : b->quad == 3 ? 2 : 0;
    uint8_t byte = (uint8_t)(b->bits >> shift);
    if (b->quad == 4)
        b->quad = 0;
    return bytes_add_byte(t, &b->out, byte);
}

static bool base64_run(Thread *t, Base64 *b, const uint8_t *s, size_t n, bool strict)
{
    if (strict && n && s[0] == '=')
        return fail(t, "Leading padding not allowed", 0);
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '=') {
            b->pads++;
            if (strict && (b->quad == 0 || b->quad + b->pads > 4))
                return fail(t, "Excess padding not allowed", 0);
            continue;
        }
        uint8_t value = base64_value(s[i]);
        if (value == 255) {
            if (strict)
                return fail(t, "Only base64 data is allowed", 0);
            continue;
        }
        if (strict && b->pads)
            return fail(t, b->quad + b->pads >= 4 ? "Excess data after padding" : "Discontinuous padding not allowed", 0);
        b->pads = 0;
        if (!base64_digit(t, b, value))
            return false;
    }
    if (b->quad == 1)
        return fail(t, "Invalid base64-encoded string: number of data characters (%lu) cannot be 1 more than a multiple of 4", b->digits);
    return b->quad == 0 || b->quad + b->pads >= 4 || fail(t, "Incorrect padding", 0);
}

static Value a2b_base64(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    Base64 b = {0};
    int strict = flag(t, args[1], 0);
    if (strict < 0 || !ascii_view(t, args[0], &view))
        return 0;
    bool ok = bytes_reserve(t, &b.out, view.n / 4 * 3 + 3) && base64_run(t, &b, view.data, view.n, strict);
    bytes_view_release(t, &view);
    return ok ? bytes_finish(t, &b.out) : 0;
}

static Value b2a_base64(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    int newline = flag(t, args[1], 1);
    if (newline < 0 || !bytes_view_get(t, args[0], &view))
        return 0;
    const uint8_t *s = view.data;
    Bytes *out = bytes_alloc(t, (view.n + 2) / 3 * 4 + (newline ? 1 : 0));
    uint8_t *to = out ? out->data : NULL;
    for (size_t i = 0; out && i < view.n; i += 3, to += 4) {
        size_t left = view.n - i;
        uint32_t bits = (uint32_t)s[i] << 16 | (left > 1 ? (uint32_t)s[i + 1] << 8 : 0) | (left > 2 ? s[i + 2] : 0u);
        to[0] = (uint8_t)base64_digits[bits >> 18];
        to[1] = (uint8_t)base64_digits[bits >> 12 & 63];
        to[2] = left > 1 ? (uint8_t)base64_digits[bits >> 6 & 63] : '=';
        to[3] = left > 2 ? (uint8_t)base64_digits[bits & 63] : '=';
    }
    if (out && newline)
        *to = '\n';
    bytes_view_release(t, &view);
    return value_of(out);
}

// --- hexadecimal ---

static Value hexlify(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    int32_t group = 1;
    if ((args[2] && !to_int32(t, args[2], &group)) || !bytes_view_get(t, args[0], &view))
        return 0;
    Value text = bytes_hex(t, view.data, view.n, args[1], group);
    bytes_view_release(t, &view);
    return text ? bytes_new(t, as_str(text)->data, as_str(text)->length) : 0;
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Value unhexlify(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    if (!ascii_view(t, args[0], &view))
        return 0;
    Value failed = 1;
    Bytes *out = NULL;
    if (view.n % 2)
        failed = fail(t, "Odd-length string", 0);
    else if (!(out = bytes_alloc(t, view.n / 2)))
        failed = 0;
    for (size_t i = 0; out && i < view.n; i += 2) {
        int high = hex_value(view.data[i]), low = hex_value(view.data[i + 1]);
        if (high < 0 || low < 0) {
            failed = fail(t, "Non-hexadecimal digit found", 0);
            break;
        }
        out->data[i / 2] = (uint8_t)(high << 4 | low);
    }
    bytes_view_release(t, &view);
    return failed ? value_of(out) : 0;
}

// --- uuencode ---

static Value a2b_uu(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    if (!ascii_view(t, args[0], &view))
        return 0;
    const uint8_t *s = view.data, *end = s + view.n;
    if (s == end) {
        bytes_view_release(t, &view);
        return fail(t, "Missing length byte", 0);
    }
    size_t want = (size_t)(*s++ - ' ') & 63;
    Bytes *out = bytes_alloc(t, want);
    bool ok = out != NULL;
    uint32_t bits = 0;
    int n_bits = 0;
    for (size_t made = 0; ok && made < want;) {
        uint8_t c = s < end ? *s++ : ' ', value = 0;
        if (c != '\n' && c != '\r' && c != 0) {
            if (c < ' ' || c > ' ' + 64) {
                ok = fail(t, "Illegal char", 0);
                break;
            }
            value = (uint8_t)(c - ' ') & 63;
        } else {
            s--;
        }
        bits = bits << 6 | value;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            out->data[made++] = (uint8_t)(bits >> n_bits);
        }
    }
    while (ok && s < end) {
        uint8_t c = *s++;
        if (c != ' ' && c != ' ' + 64 && c != '\n' && c != '\r')
            ok = fail(t, "Trailing garbage", 0);
    }
    bytes_view_release(t, &view);
    return ok ? value_of(out) : 0;
}

static Value b2a_uu(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    int backtick = flag(t, args[1], 0);
    if (backtick < 0 || !bytes_view_get(t, args[0], &view))
        return 0;
    if (view.n > 45) {
        bytes_view_release(t, &view);
        return fail(t, "At most 45 bytes at once", 0);
    }
    BytesBuilder out = {0};
    uint8_t zero = backtick ? '`' : ' ';
    bool ok = bytes_add_byte(t, &out, view.n ? (uint8_t)(' ' + view.n) : zero);
    for (size_t i = 0; ok && i < view.n; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < view.n ? view.data[i + k] : 0u);
        for (int shift = 18; ok && shift >= 0; shift -= 6)
            ok = bytes_add_byte(t, &out, bits >> shift & 63 ? (uint8_t)(' ' + (bits >> shift & 63)) : zero);
    }
    bytes_view_release(t, &view);
    return ok && bytes_add_byte(t, &out, '\n') ? bytes_finish(t, &out) : 0;
}

// --- quoted-printable ---

static Value a2b_qp(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    BytesBuilder out = {0};
    int header = flag(t, args[1], 0);
    if (header < 0 || !ascii_view(t, args[0], &view))
        return 0;
    const uint8_t *s = view.data;
    size_t n = view.n;
    bool ok = bytes_reserve(t, &out, n + 1);
    for (size_t i = 0; ok && i < n;) {
        uint8_t c = s[i++];
        if (c == '=' && i < n) {
            if (s[i] == '\n' || s[i] == '\r') {
                while (i < n && s[i] != '\n')
                    i++;
                i += i < n;
            } else if (s[i] == '=') {
                ok = bytes_add_byte(t, &out, '=');
                i++;
            } else if (i + 1 < n && hex_value(s[i]) >= 0 && hex_value(s[i + 1]) >= 0) {
                ok = bytes_add_byte(t, &out, (uint8_t)(hex_value(s[i]) << 4 | hex_value(s[i + 1])));
                i += 2;
            } else {
                ok = bytes_add_byte(t, &out, '=');
            }
        } else if (c == '=') {
            break;
        } else {
            ok = bytes_add_byte(t, &out, header && c == '_' ? ' ' : c);
        }
    }
    bytes_view_release(t, &view);
    return ok ? bytes_finish(t, &out) : 0;
}

typedef struct Quoting {
    bool tabs, text, header;
} Quoting;

static bool must_quote(const Quoting *q, const uint8_t *s, size_t n, size_t i, size_t column)
{
    uint8_t c = s[i];
    bool last = i + 1 == n;
    if (c > 126 || c == '=' || (q->header && c == '_'))
        return true;
    if (c == '.' && column == 0 && (last || s[i + 1] == '\n' || s[i + 1] == '\r' || s[i + 1] == 0))
        return true;
    if (!q->text && (c == '\r' || c == '\n'))
        return true;
    if ((c == ' ' || c == '\t') && last)
        return true;
    return c < 33 && c != '\r' && c != '\n' && (q->tabs || (c != '\t' && c != ' '));
}

static bool soft_break(Thread *t, BytesBuilder *out, bool crlf, size_t *column)
{
    *column = 0;
    return bytes_add(t, out, crlf ? "=\r\n" : "=\n", crlf ? 3 : 2);
}

static bool quote_run(Thread *t, BytesBuilder *out, const Quoting *q, const uint8_t *s, size_t n)
{
    static const char digits[] = "0123456789ABCDEF";
    const uint8_t *first = memchr(s, '\n', n);
    bool crlf = first && first > s && first[-1] == '\r';
    size_t column = 0;
    for (size_t i = 0; i < n;) {
        if (must_quote(q, s, n, i, column)) {
            if (column + 3 >= 76 && !soft_break(t, out, crlf, &column))
                return false;
            uint8_t code[3] = {'=', (uint8_t)digits[s[i] >> 4], (uint8_t)digits[s[i] & 15]};
            if (!bytes_add(t, out, code, 3))
                return false;
            i++;
            column += 3;
            continue;
        }
        bool is_break = s[i] == '\n' || (s[i] == '\r' && i + 1 < n && s[i + 1] == '\n');
        if (q->text && is_break) {
            // White space at the end of a line is quoted.
            uint8_t before = out->length ? out->bytes->data[out->length - 1] : 0;
            if (before == ' ' || before == '\t') {
                uint8_t code[2] = {(uint8_t)digits[before >> 4], (uint8_t)digits[before & 15]};
                out->bytes->data[out->length - 1] = '=';
                if (!bytes_add(t, out, code, 2))
                    return false;
            }
            if (!bytes_add(t, out, crlf ? "\r\n" : "\n", crlf ? 2 : 1))
                return false;
            i += s[i] == '\r' ? 2 : 1;
            column = 0;
            continue;
        }
        if (i + 1 != n && s[i + 1] != '\n' && column + 1 >= 76 && !soft_break(t, out, crlf, &column))
            return false;
        column++;
        if (!bytes_add_byte(t, out, q->header && s[i] == ' ' ? '_' : s[i]))
            return false;
        i++;
    }
    return true;
}

static Value b2a_qp(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    BytesBuilder out = {0};
    int tabs = flag(t, args[1], 0), text = flag(t, args[2], 1), header = flag(t, args[3], 0);
    if (tabs < 0 || text < 0 || header < 0 || !bytes_view_get(t, args[0], &view))
        return 0;
    Quoting q = {tabs, text, header};
    bool ok = bytes_reserve(t, &out, view.n + 8) && quote_run(t, &out, &q, view.data, view.n);
    bytes_view_release(t, &view);
    return ok ? bytes_finish(t, &out) : 0;
}

// --- checksums ---

static bool start_value(Thread *t, Value v, uint64_t absent, uint32_t *out)
{
    *out = (uint32_t)absent;
    if (!v)
        return true;
    Value exact = number_index(t, v);
    if (!exact)
        return false;
    exact = int_bit_and(t, exact, fixnum(0xffffffff));
    *out = exact ? (uint32_t)fixnum_value(exact) : 0;
    return exact != 0;
}

static Value crc32_function(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    uint32_t start;
    if (!start_value(t, args[1], 0, &start) || !bytes_view_get(t, args[0], &view))
        return 0;
    uLong crc = crc32_z(start, view.data, view.n);
    bytes_view_release(t, &view);
    return fixnum((int64_t)(crc & 0xffffffff));
}

static Value crc_hqx(Thread *t, const Value *args, size_t nargs)
{
    ByteView view;
    uint32_t crc;
    if (!start_value(t, args[1], 0, &crc) || !bytes_view_get(t, args[0], &view))
        return 0;
    crc &= 0xffff;
    for (size_t i = 0; i < view.n; i++) {
        crc ^= (uint32_t)view.data[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 0x8000 ? (crc << 1 ^ 0x1021) & 0xffff : crc << 1;
    }
    bytes_view_release(t, &view);
    return fixnum(crc);
}

static const NativeDef functions[] = {
    {"a2b_uu", a2b_uu, "(data, /)", "Decode a line of uuencoded data.", 0},
    {"b2a_uu", b2a_uu, "(data, /, *, backtick=False)", "Uuencode line of data.", 0},
    {"a2b_base64", a2b_base64, "(data, /, *, strict_mode=False)", "Decode a line of base64 data.", 0},
    {"b2a_base64", b2a_base64, "(data, /, *, newline=True)", "Base64-code line of data.", 0},
    {"a2b_hex", unhexlify, "(hexstr, /)", "Binary data of hexadecimal representation.", 0},
    {"unhexlify", unhexlify, "(hexstr, /)", "Binary data of hexadecimal representation.", 0},
    {"b2a_hex", hexlify, "(data, sep=<unrepresentable>, bytes_per_sep=1)", "Hexadecimal representation of binary data.", 0},
    {"hexlify", hexlify, "(data, sep=<unrepresentable>, bytes_per_sep=1)", "Hexadecimal representation of binary data.", 0},
    {"a2b_qp", a2b_qp, "(data, header=False)", "Decode a string of qp-encoded data.", 0},
    {"b2a_qp", b2a_qp, "(data, quotetabs=False, istext=True, header=False)", "Encode a string using quoted-printable encoding.", 0},
    {"crc32", crc32_function, "(data, crc=0, /)", "Compute CRC-32 incrementally.", 0},
    {"crc_hqx", crc_hqx, "(data, crc, /)", "Compute CRC-CCITT incrementally.", 0},
    {0},
};

static bool binascii_exec(Thread *t, Value module)
{
    vm_add_root_range(&error_class, &error_class + 1);
    vm_add_root_range(&incomplete_class, &incomplete_class + 1);
    error_class = exception_class_new(t, "binascii", "Error", value_of(EXC(ValueError)), NULL);
    incomplete_class = error_class ? exception_class_new(t, "binascii", "Incomplete", value_of(EXC(Exception)), NULL) : 0;
    return incomplete_class && module_add(t, module, "Error", error_class) && module_add(t, module, "Incomplete", incomplete_class);
}

const ModuleDef module_binascii = {
    .name = "binascii",
    .doc = "Conversion between binary data and ASCII",
    .functions = functions,
    .exec = binascii_exec,
};
