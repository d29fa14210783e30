// codecs_mod.c: the _codecs module: the registry and the built-in codecs as functions.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/bytes_methods.h"
#include "src/types/codec.h"
#include "src/types/memoryview.h"
#include "src/types/tuple.h"

#define FUNCTION(name) static Value codecs_##name(Thread *t, const Value *args, size_t nargs)

// Text of an optional str argument; *out null when it was not given or is None.
static bool text_or_null(Thread *t, const char *function, int i, Value v, const char **out)
{
    *out = NULL;
    if (!v || v == NONE)
        return true;
    if (!is_str(v))
        return raise(t, EXC(TypeError), "%s() argument %d must be str or None, not %s", function, i, argument_type_name(v));
    size_t n;
    *out = str_utf8(t, v, &n);
    if (*out && strlen(*out) != n)
        return raise(t, EXC(ValueError), "embedded null character");
    return *out != NULL;
}

static const char *name_argument(Thread *t, const char *function, const char *name, Value v, const char *absent)
{
    const char *out = absent;
    if (v && !is_str(v))
        return RAISE_NULL(t, EXC(TypeError), "%s() argument %s must be str, not %T", function, name, v);
    if (v) {
        size_t n;
        out = str_utf8(t, v, &n);
        if (out && strlen(out) != n)
            return RAISE_NULL(t, EXC(ValueError), "embedded null character");
    }
    return out;
}

static Value with_length(Thread *t, Value result, size_t n) { return result ? tuple_pair(t, result, fixnum((int64_t)n)) : 0; }

// --- registry ---

FUNCTION(register) { return codec_register(t, args[0]) ? NONE : 0; }
FUNCTION(unregister) { return codec_unregister(t, args[0]) ? NONE : 0; }

FUNCTION(lookup)
{
    const char *name = name_argument(t, "lookup", "1", args[0], NULL);
    return name ? codec_lookup(t, name) : 0;
}

FUNCTION(encode)
{
    const char *encoding = name_argument(t, "encode", "'encoding'", args[1], "utf-8");
    const char *errors = encoding ? name_argument(t, "encode", "'errors'", args[2], NULL) : NULL;
    return is_pending(t) ? 0 : codec_encode(t, args[0], encoding, errors);
}

FUNCTION(decode)
{
    const char *encoding = name_argument(t, "decode", "'encoding'", args[1], "utf-8");
    const char *errors = encoding ? name_argument(t, "decode", "'errors'", args[2], NULL) : NULL;
    return is_pending(t) ? 0 : codec_decode(t, args[0], encoding, errors);
}

FUNCTION(register_error)
{
    if (!name_argument(t, "register_error", "1", args[0], NULL))
        return 0;
    return codec_register_error(t, args[0], args[1]) ? NONE : 0;
}

FUNCTION(lookup_error)
{
    const char *name = name_argument(t, "lookup_error", "1", args[0], NULL);
    return name ? codec_lookup_error(t, name) : 0;
}

FUNCTION(unregister_error)
{
    if (!name_argument(t, "_unregister_error", "1", args[0], NULL))
        return 0;
    int removed = codec_unregister_error(t, args[0]);
    return removed < 0 ? 0 : value_bool(removed);
}

// --- decoders: (data, errors=None[, final=False]) → (str, consumed) ---

typedef Value (*DecodeFn)(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed);

static Value decode_with(Thread *t, const char *function, const Value *args, Value final_arg, bool final_default, DecodeFn decode)
{
    const char *errors;
    ByteView view;
    Value data = args[0];
    int final = final_arg ? truth(t, final_arg) : final_default;
    if (final < 0 || !text_or_null(t, function, 2, args[1], &errors))
        return 0;
    if (is_str(data) && (decode == unicode_escape_decode || decode == raw_unicode_escape_decode)) {
        data = utf8_encode(t, data, NULL);
        if (!data)
            return 0;
    }
    if (!bytes_view_get(t, data, &view))
        return 0;
    size_t used = view.n;
    Value text = decode(t, view.data, view.n, errors, final ? NULL : &used);
    bytes_view_release(t, &view);
    return with_length(t, text, used);
}

static Value decode_latin1(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *used) { return latin1_decode(t, s, n); }
static Value decode_ascii(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *used) { return ascii_decode(t, s, n, errors); }

#define WIDE_DECODER(name, bits, byte_order)                                                                 \
    static Value decode_##name(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *used)        \
    {                                                                                                          \
        int order = byte_order;                                                                                \
        return utf##bits##_decode(t, s, n, errors, &order, used);                                              \
    }
WIDE_DECODER(utf_16, 16, 0)
WIDE_DECODER(utf_16_le, 16, -1)
WIDE_DECODER(utf_16_be, 16, 1)
WIDE_DECODER(utf_32, 32, 0)
WIDE_DECODER(utf_32_le, 32, -1)
WIDE_DECODER(utf_32_be, 32, 1)

FUNCTION(utf_8_decode) { return decode_with(t, "utf_8_decode", args, args[2], false, utf8_decode); }
FUNCTION(utf_7_decode) { return decode_with(t, "utf_7_decode", args, args[2], false, utf7_decode); }
FUNCTION(utf_16_decode) { return decode_with(t, "utf_16_decode", args, args[2], false, decode_utf_16); }
FUNCTION(utf_16_le_decode) { return decode_with(t, "utf_16_le_decode", args, args[2], false, decode_utf_16_le); }
FUNCTION(utf_16_be_decode) { return decode_with(t, "utf_16_be_decode", args, args[2], false, decode_utf_16_be); }
FUNCTION(utf_32_decode) { return decode_with(t, "utf_32_decode", args, args[2], false, decode_utf_32); }
FUNCTION(utf_32_le_decode) { return decode_with(t, "utf_32_le_decode", args, args[2], false, decode_utf_32_le); }
FUNCTION(utf_32_be_decode) { return decode_with(t, "utf_32_be_decode", args, args[2], false, decode_utf_32_be); }
FUNCTION(latin_1_decode) { return decode_with(t, "latin_1_decode", args, 0, true, decode_latin1); }
FUNCTION(ascii_decode) { return decode_with(t, "ascii_decode", args, 0, true, decode_ascii); }
FUNCTION(unicode_escape_decode) { return decode_with(t, "unicode_escape_decode", args, args[2], true, unicode_escape_decode); }
FUNCTION(raw_unicode_escape_decode)
{
    return decode_with(t, "raw_unicode_escape_decode", args, args[2], true, raw_unicode_escape_decode);
}

static Value wide_ex_decode(Thread *t, const char *function, const Value *args, int bits)
{
    const char *errors;
    int32_t order = 0;
    int final = args[3] ? truth(t, args[3]) : 0;
    ByteView view;
    if (final < 0 || (args[2] && !to_int32(t, args[2], &order)) || !text_or_null(t, function, 2, args[1], &errors) ||
        !bytes_view_get(t, args[0], &view))
        return 0;
    size_t used = view.n;
    int found = order;
    Value text = (bits == 16 ? utf16_decode : utf32_decode)(t, view.data, view.n, errors, &found, final ? NULL : &used);
    bytes_view_release(t, &view);
    return text ? tuple_of(t, 3, text, fixnum((int64_t)used), fixnum(found)) : 0;
}

FUNCTION(utf_16_ex_decode) { return wide_ex_decode(t, "utf_16_ex_decode", args, 16); }
FUNCTION(utf_32_ex_decode) { return wide_ex_decode(t, "utf_32_ex_decode", args, 32); }

FUNCTION(charmap_decode)
{
    const char *errors;
    ByteView view;
    if (!text_or_null(t, "charmap_decode", 2, args[1], &errors) || !bytes_view_get(t, args[0], &view))
        return 0;
    size_t n = view.n;
    Value text = charmap_decode(t, view.data, n, args[2], errors);
    bytes_view_release(t, &view);
    return with_length(t, text, n);
}

FUNCTION(escape_decode)
{
    const char *errors;
    ByteView view;
    Value data = is_str(args[0]) ? utf8_encode(t, args[0], NULL) : args[0];
    if (!data || !text_or_null(t, "escape_decode", 2, args[1], &errors) || !bytes_view_get(t, data, &view))
        return 0;
    size_t n = view.n;
    Value bytes = bytes_escape_decode(t, view.data, n, errors);
    bytes_view_release(t, &view);
    return with_length(t, bytes, n);
}

// --- encoders: (str, errors=None) → (bytes, length) ---

static bool text_argument(Thread *t, const char *function, Value v)
{
    return is_str(v) || raise(t, EXC(TypeError), "%s() argument 1 must be str, not %s", function, argument_type_name(v));
}

#define ENCODER(name, expression)                                                                              \
    FUNCTION(name)                                                                                             \
    {                                                                                                          \
        const char *errors;                                                                                    \
        if (!text_argument(t, #name, args[0]) || !text_or_null(t, #name, 2, args[1], &errors))                 \
            return 0;                                                                                          \
        return with_length(t, expression, as_str(args[0])->length);                                            \
    }
ENCODER(utf_8_encode, utf8_encode(t, args[0], errors))
ENCODER(utf_7_encode, utf7_encode(t, args[0], errors))
ENCODER(utf_16_le_encode, utf16_encode(t, args[0], errors, -1))
ENCODER(utf_16_be_encode, utf16_encode(t, args[0], errors, 1))
ENCODER(utf_32_le_encode, utf32_encode(t, args[0], errors, -1))
ENCODER(utf_32_be_encode, utf32_encode(t, args[0], errors, 1))
ENCODER(latin_1_encode, latin1_encode(t, args[0], errors))
ENCODER(ascii_encode, ascii_encode(t, args[0], errors))
ENCODER(unicode_escape_encode, unicode_escape_encode(t, args[0]))
ENCODER(raw_unicode_escape_encode, raw_unicode_escape_encode(t, args[0]))
ENCODER(charmap_encode, charmap_encode(t, args[0], errors, args[2]))

static Value wide_encode(Thread *t, const char *function, const Value *args, int bits)
{
    const char *errors;
    int32_t order = 0;
    if (!text_argument(t, function, args[0]) || !text_or_null(t, function, 2, args[1], &errors) ||
        (args[2] && !to_int32(t, args[2], &order)))
        return 0;
    return with_length(t, (bits == 16 ? utf16_encode : utf32_encode)(t, args[0], errors, order), as_str(args[0])->length);
}

FUNCTION(utf_16_encode) { return wide_encode(t, "utf_16_encode", args, 16); }
FUNCTION(utf_32_encode) { return wide_encode(t, "utf_32_encode", args, 32); }

FUNCTION(charmap_build) { return text_argument(t, "charmap_build", args[0]) ? charmap_build(t, args[0]) : 0; }

FUNCTION(readbuffer_encode)
{
    Value data = is_str(args[0]) ? utf8_encode(t, args[0], NULL) : memoryview_bytes_of(t, args[0]);
    return data ? with_length(t, data, as_bytes(data)->length) : 0;
}

FUNCTION(escape_encode)
{
    if (!is_bytes(args[0]))
        return raise(t, EXC(TypeError), "escape_encode() argument 1 must be bytes, not %s", argument_type_name(args[0]));
    const Bytes *data = as_bytes(args[0]);
    BytesBuilder out = {0};
    if (!bytes_reserve(t, &out, data->length + 1))
        return 0;
    for (size_t i = 0; i < data->length; i++) {
        uint8_t c = data->data[i];
        char text[4] = {'\\', 'x', "0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
        size_t n = 4;
        if (c == '\\' || c == '\'' || c == '\n' || c == '\r' || c == '\t')
            text[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : (char)c, n = 2;
        else if (c >= ' ' && c < 0x7f)
            text[0] = (char)c, n = 1;
        if (!bytes_add(t, &out, text, n))
            return 0;
    }
    return with_length(t, bytes_finish(t, &out), data->length);
}

#define DECODE_ROW(name) {#name, codecs_##name, "(data, errors=None, final=False, /)", NULL, 0}
#define DECODE_FINAL_ROW(name) {#name, codecs_##name, "(data, errors=None, final=True, /)", NULL, 0}
#define SIMPLE_DECODE_ROW(name) {#name, codecs_##name, "(data, errors=None, /)", NULL, 0}
#define ENCODE_ROW(name) {#name, codecs_##name, "(str, errors=None, /)", NULL, 0}

static const NativeDef functions[] = {
    {"register", codecs_register, "(search_function, /)", "Register a codec search function.", 0},
    {"unregister", codecs_unregister, "(search_function, /)", "Unregister a codec search function and clear the registry's cache.", 0},
    {"lookup", codecs_lookup, "(encoding, /)", "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.", 0},
    {"encode", codecs_encode, "(obj, encoding='utf-8', errors='strict')", "Encodes obj using the codec registered for encoding.", 0},
    {"decode", codecs_decode, "(obj, encoding='utf-8', errors='strict')", "Decodes obj using the codec registered for encoding.", 0},
    {"register_error", codecs_register_error, "(errors, handler, /)", "Register the specified error handler under the name errors.", 0},
    {"_unregister_error", codecs_unregister_error, "(errors, /)", "Un-register the specified error handler for the error handling `errors'.", 0},
    {"lookup_error", codecs_lookup_error, "(name, /)", "lookup_error(errors) -> handler", 0},
    DECODE_ROW(utf_8_decode), DECODE_ROW(utf_7_decode), DECODE_ROW(utf_16_decode), DECODE_ROW(utf_16_le_decode),
    DECODE_ROW(utf_16_be_decode), DECODE_ROW(utf_32_decode), DECODE_ROW(utf_32_le_decode), DECODE_ROW(utf_32_be_decode),
    DECODE_FINAL_ROW(unicode_escape_decode), DECODE_FINAL_ROW(raw_unicode_escape_decode),
    SIMPLE_DECODE_ROW(latin_1_decode), SIMPLE_DECODE_ROW(ascii_decode), SIMPLE_DECODE_ROW(escape_decode),
    {"utf_16_ex_decode", codecs_utf_16_ex_decode, "(data, errors=None, byteorder=0, final=False, /)", NULL, 0},
    {"utf_32_ex_decode", codecs_utf_32_ex_decode, "(data, errors=None, byteorder=0, final=False, /)", NULL, 0},
    {"charmap_decode", codecs_charmap_decode, "(data, errors=None, mapping=None, /)", NULL, 0},
    ENCODE_ROW(utf_8_encode), ENCODE_ROW(utf_7_encode), ENCODE_ROW(utf_16_le_encode), ENCODE_ROW(utf_16_be_encode),
    ENCODE_ROW(utf_32_le_encode), ENCODE_ROW(utf_32_be_encode), ENCODE_ROW(latin_1_encode), ENCODE_ROW(ascii_encode),
    ENCODE_ROW(unicode_escape_encode), ENCODE_ROW(raw_unicode_escape_encode),
    {"utf_16_encode", codecs_utf_16_encode, "(str, errors=None, byteorder=0, /)", NULL, 0},
    {"utf_32_encode", codecs_utf_32_encode, "(str, errors=None, byteorder=0, /)", NULL, 0},
    {"charmap_encode", codecs_charmap_encode, "(str, errors=None, mapping=None, /)", NULL, 0},
    {"charmap_build", codecs_charmap_build, "(map, /)", NULL, 0},
    {"readbuffer_encode", codecs_readbuffer_encode, "(data, errors=None, /)", NULL, 0},
    {"escape_encode", codecs_escape_encode, "(data, errors=None, /)", NULL, 0},
    {0},
};

// The standard handlers, as functions.
#define HANDLER(kind) \
    static Value handle_##kind(Thread *t, const Value *args, size_t nargs) { return codec_standard_handler(t, #kind, args[0]); }
HANDLER(strict)
HANDLER(ignore)
HANDLER(replace)
HANDLER(xmlcharrefreplace)
HANDLER(backslashreplace)
HANDLER(namereplace)
HANDLER(surrogatepass)
HANDLER(surrogateescape)

#define HANDLER_ROW(kind, name, doc) {name, handle_##kind, "(exc, /)", doc, 0}
static const NativeDef handlers[] = {
    HANDLER_ROW(strict, "strict_errors", "Implements the 'strict' error handling, which raises a UnicodeError on coding errors."),
    HANDLER_ROW(ignore, "ignore_errors", "Implements the 'ignore' error handling, which ignores malformed data and continues."),
    HANDLER_ROW(replace, "replace_errors", "Implements the 'replace' error handling, which replaces malformed data with a replacement marker."),
    HANDLER_ROW(xmlcharrefreplace, "xmlcharrefreplace_errors", "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference."),
    HANDLER_ROW(backslashreplace, "backslashreplace_errors", "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence."),
    HANDLER_ROW(namereplace, "namereplace_errors", "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} escape sequence."),
    HANDLER_ROW(surrogatepass, "surrogatepass", "surrogatepass"),
    HANDLER_ROW(surrogateescape, "surrogateescape", "surrogateescape"),
};

static bool codecs_exec(Thread *t, Value module)
{
    for (size_t i = 0; codec_standard_errors[i]; i++) {
        Value name = str_intern_cstr(t, codec_standard_errors[i]);
        Value handler = name ? native_function_new(t, &handlers[i], 0, 0, NULL) : 0;
        if (!handler || !codec_register_error(t, name, handler))
            return false;
    }
    return true;
}

const ModuleDef module_codecs = {.name = "_codecs", .doc = NULL, .functions = functions, .exec = codecs_exec};
