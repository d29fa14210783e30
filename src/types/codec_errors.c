// codec_errors.c: what codecs do about errors: the exceptions, the built-in kinds done in place, handlers called for the rest.
#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/codec.h"
#include "src/types/exception.h"
#include "src/types/number.h"
#include "src/types/str_methods.h"
#include "src/types/tuple.h"
#include "src/types/utf8.h"

ErrorsKind errors_kind(const char *errors)
{
    static const char *const names[] = {"strict", "ignore", "replace", "surrogateescape", "surrogatepass",
                                        "backslashreplace", "xmlcharrefreplace"};
    if (!errors)
        return ERRORS_STRICT;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(errors, names[i]) == 0)
            return (ErrorsKind)i;
    }
    return ERRORS_OTHER;
}

// --- growing bytes ---

bool bytes_reserve(Thread *t, BytesBuilder *b, size_t more)
{
    if (likely(b->bytes && more <= b->capacity - b->length))
        return true;
    size_t capacity = size_max(b->length + more, b->bytes ? b->capacity + b->capacity / 2 : 32);
    Bytes *grown = bytes_alloc(t, capacity);
    if (!grown)
        return false;
    if (b->length)
        memcpy(grown->data, b->bytes->data, b->length);
    b->bytes = grown;
    b->capacity = capacity;
    return true;
}

bool bytes_add(Thread *t, BytesBuilder *b, const void *data, size_t n)
{
    if (!bytes_reserve(t, b, n))
        return false;
    memcpy(b->bytes->data + b->length, data, n);
    b->length += n;
    return true;
}

bool bytes_add_byte(Thread *t, BytesBuilder *b, uint8_t byte)
{
    if (!bytes_reserve(t, b, 1))
        return false;
    b->bytes->data[b->length++] = byte;
    return true;
}

Value bytes_finish(Thread *t, BytesBuilder *b)
{
    if (b->length <= 1)
        return bytes_new(t, b->bytes ? b->bytes->data : (const uint8_t *)"", b->length);
    if (b->capacity - b->length > b->capacity / 4)
        return bytes_new(t, b->bytes->data, b->length);
    b->bytes->length = b->length;
    b->bytes->data[b->length] = 0;
    return value_of(b->bytes);
}

// --- exceptions ---

static Value unicode_error(Thread *t, Type *type, const char *encoding, Value object, size_t start, size_t end, const char *reason)
{
    Value name = str_from_cstr(t, encoding), why = str_from_cstr(t, reason);
    if (!name || !why)
        return 0;
    Value args[5] = {name, object, fixnum((int64_t)start), fixnum((int64_t)end), why};
    return call(t, value_of(type), args, 5, 0);
}

Value raise_decode_error(Thread *t, const char *encoding, Value bytes, size_t start, size_t end, const char *reason)
{
    Value e = unicode_error(t, EXC(UnicodeDecodeError), encoding, bytes, start, end, reason);
    return e ? raise_value(t, e) : 0;
}

Value raise_encode_error(Thread *t, const char *encoding, Value text, size_t start, size_t end, const char *reason)
{
    Value e = unicode_error(t, EXC(UnicodeEncodeError), encoding, text, start, end, reason);
    return e ? raise_value(t, e) : 0;
}

// Sets start, end and reason of an exception that is used for several errors in turn.
static bool update_exception(Thread *t, Value exception, size_t start, size_t end, const char *reason)
{
    Value why = str_from_cstr(t, reason);
    return why && attr_set(t, exception, N(start), fixnum((int64_t)start)) &&
           attr_set(t, exception, N(end), fixnum((int64_t)end)) && attr_set(t, exception, N(reason), why);
}

// Checks what a handler returned: (replacement, position). `length` bounds the position, negative counts from the end.
static bool handler_result(Thread *t, Value result, bool decoding, size_t length, Value *out_text, size_t *position)
{
    const char *what = decoding ? "decoding error handler must return (str, int) tuple"
                                : "encoding error handler must return (str/bytes, int) tuple";
    if (!is_tuple(result) || as_tuple(result)->length != 2)
        return raise(t, EXC(TypeError), what);
    Value text = as_tuple(result)->at[0], at = as_tuple(result)->at[1];
    if (!is_str(text) && (decoding || !is_bytes(text)))
        return raise(t, EXC(TypeError), what);
    if (!is_int(at))
        return raise(t, EXC(TypeError), what);
    int64_t i;
    if (!to_int64(t, at, &i))
        return false;
    int64_t given = i;
    if (i < 0)
        i += (int64_t)length;
    if (i < 0 || i > (int64_t)length)
        return raise(t, EXC(IndexError), "position %ld from error handler out of bounds", given);
    *out_text = text;
    *position = (size_t)i;
    return true;
}

// --- decoding ---

void decoder_init(Decoder *d, const char *encoding, const char *errors, const void *input, size_t n)
{
    *d = (Decoder){.encoding = encoding, .errors = errors, .kind = errors_kind(errors), .input = input, .length = n};
    builder_init(&d->out);
}

static Value decoder_object(Thread *t, Decoder *d)
{
    if (!d->input_object)
        d->input_object = bytes_new(t, d->input, d->length);
    return d->input_object;
}

static bool decoder_call(Thread *t, Decoder *d, size_t start, size_t end, const char *reason, size_t *position)
{
    if (!d->handler) {
        d->handler = codec_lookup_error(t, d->errors);
        if (!d->handler || !decoder_object(t, d))
            return false;
    }
    if (!d->exception) {
        d->exception = unicode_error(t, EXC(UnicodeDecodeError), d->encoding, d->input_object, start, end, reason);
        if (!d->exception)
            return false;
    } else if (!update_exception(t, d->exception, start, end, reason)) {
        return false;
    }
    Value result = call1(t, d->handler, d->exception);
    if (!result)
        return false;
    // The handler may have replaced the input.
    Value object = attr_get(t, d->exception, N(object));
    if (!object)
        return false;
    if (!is_bytes(object))
        return raise(t, EXC(TypeError), "exception attribute object must be bytes");
    d->input_object = object;
    d->input = as_bytes(object)->data;
    d->length = as_bytes(object)->length;
    Value text;
    return handler_result(t, result, true, d->length, &text, position) && builder_str(t, &d->out, text);
}

bool decoder_error(Thread *t, Decoder *d, size_t start, size_t end, const char *reason, size_t *position)
{
    *position = end;
    switch (d->kind) {
    case ERRORS_STRICT: {
        Value object = decoder_object(t, d);
        return object && raise_decode_error(t, d->encoding, object, start, end, reason);
    }
    case ERRORS_IGNORE: return true;
    case ERRORS_REPLACE: return builder_char(t, &d->out, 0xfffd);
    case ERRORS_BACKSLASHREPLACE:
        for (size_t i = start; i < end; i++) {
            if (!builder_format(t, &d->out, "\\x%02x", d->input[i]))
                return false;
        }
        return true;
    case ERRORS_SURROGATEESCAPE: {
        size_t i = start;
        while (i < end && d->input[i] >= 0x80) {
            if (!builder_char(t, &d->out, 0xdc00 + d->input[i++]))
                return false;
        }
        *position = i;
        if (i > start)
            return true;
        Value object = decoder_object(t, d);
        return object && raise_decode_error(t, d->encoding, object, start, end, reason);
    }
    default: return decoder_call(t, d, start, end, reason, position);
    }
}

// --- encoding ---

void encoder_init(Encoder *e, const char *encoding, const char *errors, Value text)
{
    *e = (Encoder){.encoding = encoding, .errors = errors, .kind = errors_kind(errors), .text = text};
}

static bool encoder_strict(Thread *t, Encoder *e, size_t start, size_t end, const char *reason)
{
    return raise_encode_error(t, e->encoding, e->text, start, end, reason);
}

// Writes the replacement text; a character that cannot be encoded either is an error at [start, end) of the input.
static bool encoder_put_text(Thread *t, Encoder *e, Value text, size_t start, size_t end, const char *reason)
{
    const Str *s = as_str(text);
    for (size_t i = 0; i < s->length; i++) {
        if (!e->encode_char(t, e, str_at(s, i)))
            return is_pending(t) ? false : encoder_strict(t, e, start, end, reason);
    }
    return true;
}

static bool encoder_call(Thread *t, Encoder *e, size_t start, size_t end, const char *reason, size_t *position)
{
    if (!e->handler) {
        e->handler = codec_lookup_error(t, e->errors);
        if (!e->handler)
            return false;
    }
    if (!e->exception) {
        e->exception = unicode_error(t, EXC(UnicodeEncodeError), e->encoding, e->text, start, end, reason);
        if (!e->exception)
            return false;
    } else if (!update_exception(t, e->exception, start, end, reason)) {
        return false;
    }
    Value result = call1(t, e->handler, e->exception), text = 0;
    if (!result || !handler_result(t, result, false, as_str(e->text)->length, &text, position))
        return false;
    if (is_bytes(text))
        return bytes_add(t, &e->out, as_bytes(text)->data, as_bytes(text)->length);
    return encoder_put_text(t, e, text, start, end, reason);
}

static bool encoder_put_format(Thread *t, Encoder *e, size_t start, size_t end, const char *reason, bool xml)
{
    StrBuilder b;
    builder_init(&b);
    for (size_t i = start; i < end; i++) {
        uint32_t c = str_at(as_str(e->text), i);
        char escape[10];
        bool ok = xml ? builder_format(t, &b, "&#%u;", c) : builder_ascii(t, &b, escape, (size_t)str_escape_hex(c, escape));
        if (!ok)
            return false;
    }
    Value text = builder_finish(t, &b);
    return text && encoder_put_text(t, e, text, start, end, reason);
}

bool encoder_error(Thread *t, Encoder *e, size_t start, size_t end, const char *reason, size_t *position)
{
    *position = end;
    switch (e->kind) {
    case ERRORS_STRICT: return encoder_strict(t, e, start, end, reason);
    case ERRORS_IGNORE: return true;
    case ERRORS_REPLACE:
        for (size_t i = start; i < end; i++) {
            if (!e->encode_char(t, e, '?'))
                return is_pending(t) ? false : encoder_strict(t, e, start, end, reason);
        }
        return true;
    case ERRORS_BACKSLASHREPLACE: return encoder_put_format(t, e, start, end, reason, false);
    case ERRORS_XMLCHARREFREPLACE: return encoder_put_format(t, e, start, end, reason, true);
    default: return encoder_call(t, e, start, end, reason, position);
    }
}
