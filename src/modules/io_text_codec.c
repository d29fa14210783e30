// io_text_codec.c: how TextIOWrapper turns text into bytes and back: UTF-8, ASCII and Latin-1 natively, the rest through
// the incremental coders of the codecs registry.
#include <ctype.h>

#include "src/modules/io.h"
#include "src/modules/os_locale.h"
#include "src/types/codec.h"
#include "src/types/str_units.h"

static TextCodec codec_named(const char *name)
{
    static const struct { const char *name; TextCodec codec; } known[] = {
        {"utf8", TEXT_UTF8}, {"u8", TEXT_UTF8}, {"ascii", TEXT_ASCII}, {"usascii", TEXT_ASCII}, {"ansix341968", TEXT_ASCII},
        {"latin1", TEXT_LATIN1}, {"iso88591", TEXT_LATIN1}, {"latin", TEXT_LATIN1}, {"l1", TEXT_LATIN1},
    };
    char plain[16];
    size_t n = 0;
    for (; *name; name++) {
        if (*name == '-' || *name == '_' || *name == ' ' || *name == '.')
            continue;
        if (n + 1 == sizeof plain)
            return TEXT_OTHER;
        plain[n++] = (char)tolower((unsigned char)*name);
    }
    plain[n] = 0;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (!strcmp(known[i].name, plain))
            return known[i].codec;
    return TEXT_OTHER;
}

Value text_default_encoding(Thread *t)
{
    return str_intern_cstr(t, os_locale_encoding(&t->vm->config));
}

static bool check_is_text(Thread *t, Value info, const char *encoding)
{
    Value flag;
    int found = attr_find(t, info, str_intern_cstr(t, "_is_text_encoding"), &flag);
    if (found < 0)
        return false;
    int yes = found ? truth(t, flag) : 1;
    if (!yes)
        raise(t, EXC(LookupError), "'%s' is not a text encoding; use codecs.open() to handle arbitrary codecs", encoding);
    return yes > 0;
}

bool text_set_codec(Thread *t, TextIO *x, Value encoding, Value errors)
{
    const char *name = str_utf8(t, encoding, NULL), *errors_name = name ? str_utf8(t, errors, NULL) : NULL;
    if (!errors_name)
        return false;
    TextCodec codec = codec_named(name);
    if (codec == TEXT_OTHER) {
        Value info = codec_lookup(t, name);
        if (!info || !check_is_text(t, info, name))
            return false;
    }
    x->codec = codec;
    x->encoding = encoding;
    x->errors = errors;
    x->errors_name = strcmp(errors_name, "strict") ? errors_name : NULL;
    return true;
}

static Value make_coder(Thread *t, TextIO *x, const char *which)
{
    const char *name = str_utf8(t, x->encoding, NULL);
    Value info = name ? codec_lookup(t, name) : 0;
    Value factory = info ? attr_get(t, info, str_intern_cstr(t, which)) : 0;
    return factory ? call1(t, factory, x->errors) : 0;
}

bool text_make_encoder(Thread *t, TextIO *x)
{
    x->encoder = 0;
    if (x->codec != TEXT_OTHER || !x->can_write)
        return true;
    x->encoder = make_coder(t, x, "incrementalencoder");
    return x->encoder != 0;
}

bool text_make_decoder(Thread *t, TextIO *x)
{
    x->decoder = 0;
    x->partial_length = 0;
    x->pending_cr = false;
    x->seen = 0;
    if (x->codec != TEXT_OTHER || !x->can_read)
        return true;
    Value decoder = make_coder(t, x, "incrementaldecoder");
    if (decoder && x->read_universal)
        decoder = newline_decoder_new(t, decoder, x->read_translate);
    x->decoder = decoder;
    return decoder != 0;
}

// A stream that does not start at its beginning must not get a byte order mark.
bool text_fix_encoder(Thread *t, TextIO *x)
{
    if (!x->seekable || !x->encoder)
        return true;
    Value where = call_method0(t, x->buffer, N(tell));
    if (!where)
        return false;
    int at_start = values_equal(t, where, fixnum(0));
    if (at_start < 0)
        return false;
    return at_start || call_method1(t, x->encoder, str_intern_cstr(t, "setstate"), fixnum(0));
}

// --- encoding ---

Value text_encode(Thread *t, TextIO *x, Value text)
{
    switch (x->codec) {
    case TEXT_UTF8:
        return utf8_encode(t, text, x->errors_name);
    case TEXT_ASCII:
        return ascii_encode(t, text, x->errors_name);
    case TEXT_LATIN1:
        return latin1_encode(t, text, x->errors_name);
    default:
        break;
    }
    Value bytes = call_method1(t, x->encoder, str_intern_cstr(t, "encode"), text);
    if (bytes && !is_bytes(bytes))
        return raise(t, EXC(TypeError), "encoder should return a bytes object, not '%T'", bytes);
    return bytes;
}

// --- decoding ---

static Value decode_object(Thread *t, TextIO *x, Value object, bool final)
{
    if (type_of(x->decoder) == &type_newline_decoder)
        return newline_decode(t, (NewlineDecoder *)x->decoder, object, final);
    Value text = call_method2(t, x->decoder, str_intern_cstr(t, "decode"), object, value_bool(final));
    if (text && !is_str(text))
        return raise(t, EXC(TypeError), "decoder should return a string result, not '%T'", text);
    return text;
}

static Value decode_utf8(Thread *t, TextIO *x, const uint8_t *data, size_t n, bool final)
{
    if (x->partial_length) {
        uint8_t *joined = new_atomic(t, n + x->partial_length);
        if (!joined)
            return 0;
        memcpy(joined, x->partial, x->partial_length);
        memcpy(joined + x->partial_length, data, n);
        data = joined;
        n += x->partial_length;
    }
    size_t consumed = n;
    Value text = utf8_decode(t, data, n, x->errors_name, final ? NULL : &consumed);
    if (!text)
        return 0;
    x->partial_length = (uint8_t)(n - consumed);
    memcpy(x->partial, data + consumed, x->partial_length);
    return text;
}

// data: n bytes; `object` is the Bytes that holds them, or 0.
Value text_decode(Thread *t, TextIO *x, const uint8_t *data, size_t n, Value object, bool final)
{
    Value text;
    switch (x->codec) {
    case TEXT_UTF8:
        text = decode_utf8(t, x, data, n, final);
        break;
    case TEXT_ASCII:
        text = ascii_decode(t, data, n, x->errors_name);
        break;
    case TEXT_LATIN1:
        text = latin1_decode(t, data, n);
        break;
    default:
        if (!object && !(object = bytes_new(t, data, n)))
            return 0;
        return decode_object(t, x, object, final);
    }
    if (!text || !x->read_universal)
        return text;
    return newline_translate(t, text, x->read_translate, final, &x->pending_cr, &x->seen);
}

bool text_decoder_reset(Thread *t, TextIO *x)
{
    x->partial_length = 0;
    x->pending_cr = false;
    return !x->decoder || io_method(t, x->decoder, "reset");
}

bool text_decoder_get_state(Thread *t, TextIO *x, Value *out_bytes, int64_t *out_flags)
{
    if (!x->decoder) {
        *out_bytes = bytes_new(t, x->partial, x->partial_length);
        *out_flags = x->pending_cr;
        return *out_bytes != 0;
    }
    Value state = io_method(t, x->decoder, "getstate");
    if (!state)
        return false;
    if (!is_tuple(state) || as_tuple(state)->length != 2) {
        raise(t, EXC(TypeError), "illegal decoder state");
        return false;
    }
    *out_bytes = as_tuple(state)->at[0];
    if (!is_bytes(*out_bytes)) {
        raise(t, EXC(TypeError), "illegal decoder state: the first item should be a bytes object, not '%T'", *out_bytes);
        return false;
    }
    return to_int64(t, as_tuple(state)->at[1], out_flags);
}

bool text_decoder_set_state(Thread *t, TextIO *x, Value bytes, int64_t flags)
{
    if (!x->decoder) {
        x->partial_length = (uint8_t)size_min(as_bytes(bytes)->length, sizeof x->partial);
        memcpy(x->partial, as_bytes(bytes)->data, x->partial_length);
        x->pending_cr = flags & 1;
        return true;
    }
    Value state = tuple_pair(t, bytes, int_from_int64(t, flags));
    return state && call_method1(t, x->decoder, str_intern_cstr(t, "setstate"), state);
}
