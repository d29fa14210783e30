// codec_handlers.c: the standard error handlers as callables: they take the exception and return (replacement, position).
#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/codec.h"
#include "src/types/exception.h"
#include "src/types/number.h"
#include "src/types/str_methods.h"
#include "src/types/tuple.h"
#include "src/types/unicode_names.h"
#include "src/types/utf8.h"

// In the order of the functions in codecs_mod.c.
const char *const codec_standard_errors[] = {"strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace",
                                             "namereplace", "surrogatepass", "surrogateescape", NULL};

typedef enum ErrorSort { SORT_ENCODE, SORT_DECODE, SORT_TRANSLATE } ErrorSort;

// What an exception says, with start and end cut to the object.
typedef struct Report {
    ErrorSort sort;
    Value exception, object;
    size_t start, end, length;
} Report;

static bool clipped(Thread *t, Value exception, Value name, size_t low, size_t high, size_t *out)
{
    Value v = attr_get(t, exception, name);
    int64_t i;
    if (!v || !to_int64(t, v, &i))
        return false;
    *out = i < (int64_t)low ? low : i > (int64_t)high ? high : (size_t)i;
    return true;
}

static bool report_read(Thread *t, Value exception, Report *out)
{
    Type *type = type_of(exception);
    out->exception = exception;
    if (type_is_subtype(type, EXC(UnicodeEncodeError)))
        out->sort = SORT_ENCODE;
    else if (type_is_subtype(type, EXC(UnicodeDecodeError)))
        out->sort = SORT_DECODE;
    else if (type_is_subtype(type, EXC(UnicodeTranslateError)))
        out->sort = SORT_TRANSLATE;
    else
        return raise(t, EXC(TypeError), "don't know how to handle %.200T in error callback", exception);
    out->object = attr_get(t, exception, N(object));
    if (!out->object)
        return false;
    bool decode = out->sort == SORT_DECODE;
    if (decode ? !is_bytes(out->object) : !is_str(out->object))
        return raise(t, EXC(TypeError), "object attribute must be %s", decode ? "bytes" : "unicode");
    out->length = decode ? as_bytes(out->object)->length : as_str(out->object)->length;
    size_t n = out->length;
    if (!clipped(t, exception, N(start), 0, n ? n - 1 : 0, &out->start) || !clipped(t, exception, N(end), n ? 1 : 0, n, &out->end))
        return false;
    if (out->end < out->start)
        out->end = out->start;
    return true;
}

static Value answer(Thread *t, Value replacement, size_t position)
{
    return replacement ? tuple_pair(t, replacement, fixnum((int64_t)position)) : 0;
}

static Value wrong_sort(Thread *t, const Report *r)
{
    return raise(t, EXC(TypeError), "don't know how to handle %.200T in error callback", r->exception);
}

static Value handle_replace(Thread *t, const Report *r)
{
    if (r->sort == SORT_DECODE)
        return answer(t, str_from_char(t, 0xfffd), r->end);
    Value one = r->sort == SORT_ENCODE ? str_latin1['?'] : str_from_char(t, 0xfffd);
    return answer(t, one ? str_repeat(t, one, (int64_t)(r->end - r->start)) : 0, r->end);
}

static Value handle_xml(Thread *t, const Report *r)
{
    if (r->sort != SORT_ENCODE)
        return wrong_sort(t, r);
    StrBuilder b;
    builder_init(&b);
    for (size_t i = r->start; i < r->end; i++) {
        if (!builder_format(t, &b, "&#%u;", str_at(as_str(r->object), i)))
            return 0;
    }
    return answer(t, builder_finish(t, &b), r->end);
}

static Value handle_backslash(Thread *t, const Report *r, bool names)
{
    if (names && r->sort != SORT_ENCODE)
        return wrong_sort(t, r);
    StrBuilder b;
    builder_init(&b);
    for (size_t i = r->start; i < r->end; i++) {
        char text[10], name[UNICODE_NAME_MAX];
        bool ok;
        if (r->sort == SORT_DECODE) {
            ok = builder_format(t, &b, "\\x%02x", as_bytes(r->object)->data[i]);
        } else {
            uint32_t c = str_at(as_str(r->object), i);
            ok = names && unicode_name(c, name) ? builder_format(t, &b, "\\N{%s}", name)
                                                : builder_ascii(t, &b, text, (size_t)str_escape_hex(c, text));
        }
        if (!ok)
            return 0;
    }
    return answer(t, builder_finish(t, &b), r->end);
}

// --- surrogates ---

typedef enum WideCode { CODE_UTF8, CODE_UTF16_LE, CODE_UTF16_BE, CODE_UTF32_LE, CODE_UTF32_BE, CODE_UNKNOWN } WideCode;

static WideCode wide_code(const char *name, int *bytes)
{
    char plain[32];
    size_t n = 0;
    for (; *name && n < sizeof plain - 1; name++) {
        if (*name != '-' && *name != '_' && *name != ' ')
            plain[n++] = *name >= 'A' && *name <= 'Z' ? (char)(*name + 32) : *name;
    }
    plain[n] = 0;
    *bytes = strncmp(plain, "utf16", 5) == 0 ? 2 : strncmp(plain, "utf32", 5) == 0 ? 4 : 3;
    if (strcmp(plain, "utf8") == 0 || strcmp(plain, "cputf8") == 0)
        return CODE_UTF8;
    const char *order = plain + 5;
    if (*bytes != 3 && (!*order || strcmp(order, "le") == 0))
        return *bytes == 2 ? CODE_UTF16_LE : CODE_UTF32_LE;
    if (*bytes != 3 && strcmp(order, "be") == 0)
        return *bytes == 2 ? CODE_UTF16_BE : CODE_UTF32_BE;
    return CODE_UNKNOWN;
}

static void put_wide(uint8_t *out, uint32_t c, WideCode code, int bytes)
{
    if (code == CODE_UTF8) {
        utf8_put(out, c);
        return;
    }
    bool big = code == CODE_UTF16_BE || code == CODE_UTF32_BE;
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(c >> (big ? 8 * (bytes - 1 - i) : 8 * i));
}

static uint32_t get_wide(const uint8_t *s, WideCode code, int bytes)
{
    if (code == CODE_UTF8)
        return (s[0] & 0xf0) == 0xe0 && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80
                   ? (uint32_t)(s[0] & 15) << 12 | (uint32_t)(s[1] & 63) << 6 | (s[2] & 63) : 0;
    bool big = code == CODE_UTF16_BE || code == CODE_UTF32_BE;
    uint32_t c = 0;
    for (int i = 0; i < bytes; i++)
        c |= (uint32_t)s[i] << (big ? 8 * (bytes - 1 - i) : 8 * i);
    return c;
}

static Value reraise(Thread *t, const Report *r) { return raise_value(t, r->exception); }

static Value handle_surrogatepass(Thread *t, const Report *r)
{
    if (r->sort == SORT_TRANSLATE)
        return wrong_sort(t, r);
    Value encoding = attr_get(t, r->exception, N(encoding));
    const char *name = encoding && is_str(encoding) ? str_utf8(t, encoding, NULL) : NULL;
    if (!name)
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "encoding attribute must be unicode");
    int bytes;
    WideCode code = wide_code(name, &bytes);
    if (code == CODE_UNKNOWN)
        return reraise(t, r);
    if (r->sort == SORT_ENCODE) {
        Bytes *out = bytes_alloc(t, (r->end - r->start) * (size_t)bytes);
        for (size_t i = r->start; out && i < r->end; i++) {
            uint32_t c = str_at(as_str(r->object), i);
            if (c < 0xd800 || c > 0xdfff)
                return reraise(t, r);
            put_wide(out->data + (i - r->start) * (size_t)bytes, c, code, bytes);
        }
        return answer(t, value_of(out), r->end);
    }
    const Bytes *data = as_bytes(r->object);
    uint32_t c = data->length - r->start >= (size_t)bytes ? get_wide(data->data + r->start, code, bytes) : 0;
    if (c < 0xd800 || c > 0xdfff)
        return reraise(t, r);
    return answer(t, str_from_char(t, c), r->start + (size_t)bytes);
}

static Value handle_surrogateescape(Thread *t, const Report *r)
{
    if (r->sort == SORT_TRANSLATE)
        return wrong_sort(t, r);
    if (r->sort == SORT_ENCODE) {
        Bytes *out = bytes_alloc(t, r->end - r->start);
        for (size_t i = r->start; out && i < r->end; i++) {
            uint32_t c = str_at(as_str(r->object), i);
            if (c < 0xdc80 || c > 0xdcff)
                return reraise(t, r);
            out->data[i - r->start] = (uint8_t)(c - 0xdc00);
        }
        return answer(t, value_of(out), r->end);
    }
    uint32_t out[4];
    size_t n = 0;
    while (n < 4 && r->start + n < r->end) {
        uint8_t byte = as_bytes(r->object)->data[r->start + n];
        if (byte < 0x80)
            break;
        out[n++] = 0xdc00u + byte;
    }
    return n ? answer(t, str_from_ucs4(t, out, n), r->start + n) : reraise(t, r);
}

Value codec_standard_handler(Thread *t, const char *name, Value exception)
{
    Report r;
    switch (errors_kind(name)) {
    case ERRORS_STRICT:
        if (!is_exception(exception))
            return raise(t, EXC(TypeError), "codec must pass exception instance");
        return raise_value(t, exception);
    case ERRORS_IGNORE: return report_read(t, exception, &r) ? answer(t, str_empty, r.end) : 0;
    case ERRORS_REPLACE: return report_read(t, exception, &r) ? handle_replace(t, &r) : 0;
    case ERRORS_XMLCHARREFREPLACE: return report_read(t, exception, &r) ? handle_xml(t, &r) : 0;
    case ERRORS_BACKSLASHREPLACE: return report_read(t, exception, &r) ? handle_backslash(t, &r, false) : 0;
    case ERRORS_SURROGATEPASS: return report_read(t, exception, &r) ? handle_surrogatepass(t, &r) : 0;
    case ERRORS_SURROGATEESCAPE: return report_read(t, exception, &r) ? handle_surrogateescape(t, &r) : 0;
    case ERRORS_OTHER: break;      // namereplace
    }
    return report_read(t, exception, &r) ? handle_backslash(t, &r, true) : 0;
}
