// exception_unicode.c: UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError.
#include "src/types/exception.h"

#include <stdio.h>

#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Value field(Value self, int index)
{
    return load_acquire(&as_exception(self)->extra[index]);
}

static bool need_str(Thread *t, Value v, int argument)
{
    if (is_str(v))
        return true;
    raise(t, EXC(TypeError), "argument %d must be str, not %T", argument, v);
    return false;
}

static bool need_count(Thread *t, size_t nargs, size_t wanted)
{
    if (nargs == wanted)
        return true;
    raise(t, EXC(TypeError), "function takes exactly %d arguments (%d given)", (int)wanted, (int)nargs);
    return false;
}

static bool set_position(Thread *t, Value self, int index, Value number)
{
    int64_t position;
    if (!to_int64(t, number, &position))
        return false;
    Value exact = int_from_int64(t, position);
    publish(&as_exception(self)->extra[index], exact);
    return exact != 0;
}

// object, start, end, reason from args[0…4); `first` is the number of args[0] in messages.
static bool fill(Thread *t, Value self, const Value *args, int first, bool decoding)
{
    Value object = args[0];
    if (!decoding && !need_str(t, object, first))
        return false;
    if (!set_position(t, self, UNICODE_START, args[1]) || !set_position(t, self, UNICODE_END, args[2])
        || !need_str(t, args[3], first + 3))
        return false;
    if (decoding && !is_bytes(object)) {
        Buffer buffer;
        if (!buffer_get(t, object, &buffer, BUFFER_SIMPLE))
            return false;
        object = bytes_new(t, buffer.data, (size_t)buffer.length);
        buffer_release(t, &buffer);
        if (!object)
            return false;
    }
    publish(&as_exception(self)->extra[UNICODE_OBJECT], object);
    publish(&as_exception(self)->extra[UNICODE_REASON], args[3]);
    return true;
}

static bool init_with_encoding(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames, bool decoding)
{
    if (!exception_base_init(t, self, args, nargs, kwnames) || !need_count(t, nargs, 5) || !need_str(t, args[0], 1))
        return false;
    publish(&as_exception(self)->extra[UNICODE_ENCODING], args[0]);
    return fill(t, self, args + 1, 2, decoding);
}

static bool decode_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return init_with_encoding(t, self, args, nargs, kwnames, true);
}

static bool encode_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return init_with_encoding(t, self, args, nargs, kwnames, false);
}

static bool translate_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return exception_base_init(t, self, args, nargs, kwnames) && need_count(t, nargs, 4) && fill(t, self, args, 1, false);
}

// --- text ---
typedef struct PositionRange { int64_t start, end; } PositionRange;

static PositionRange positions(Value self)
{
    PositionRange range = {0, 0};
    if (field(self, UNICODE_START))
        int_to_int64(field(self, UNICODE_START), &range.start);
    if (field(self, UNICODE_END))
        int_to_int64(field(self, UNICODE_END), &range.end);
    return range;
}

// "'\xe4'": the character at index, escaped.
static void escape_char(uint32_t c, char *out, size_t room)
{
    const char *format = c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x";
    snprintf(out, room, format, c);
}

static Value describe_str(Thread *t, Value self, const char *before, bool with_codec)
{
    PositionRange range = positions(self);
    Value object = field(self, UNICODE_OBJECT), reason = field(self, UNICODE_REASON);
    Value encoding = with_codec ? field(self, UNICODE_ENCODING) : str_empty;
    if (!reason && !object)
        return str_empty;   // never initialised
    reason = reason ? reason : NONE;
    encoding = encoding ? encoding : NONE;
    if (!object || !is_str(object))
        return raise(t, EXC(TypeError), object ? "UnicodeError 'object' attribute must be a string"
                                               : "UnicodeError 'object' attribute is not set");
    bool single = range.end == range.start + 1 && range.start >= 0 && is_str(object)
        && (size_t)range.start < as_str(object)->length;
    char escaped[16], text[96];
    if (single) {
        escape_char(str_at(as_str(object), (size_t)range.start), escaped, sizeof escaped);
        snprintf(text, sizeof text, "can't %s character '%s' in position %ld: ", before, escaped, range.start);
    } else {
        snprintf(text, sizeof text, "can't %s characters in position %ld-%ld: ", before, range.start, range.end - 1);
    }
    if (with_codec)
        return str_format(t, "'%V' codec %s%V", encoding, text, reason);
    return str_format(t, "%s%V", text, reason);
}

static Value encode_str(Thread *t, Value self)
{
    return describe_str(t, self, "encode", true);
}

static Value translate_str(Thread *t, Value self)
{
    return describe_str(t, self, "translate", false);
}

static Value decode_str(Thread *t, Value self)
{
    PositionRange range = positions(self);
    Value object = field(self, UNICODE_OBJECT), reason = field(self, UNICODE_REASON), encoding = field(self, UNICODE_ENCODING);
    if (!reason && !object)
        return str_empty;   // never initialised
    reason = reason ? reason : NONE;
    encoding = encoding ? encoding : NONE;
    if (!object || !is_bytes(object))
        return raise(t, EXC(TypeError), object ? "UnicodeError 'object' attribute must be a bytes"
                                               : "UnicodeError 'object' attribute is not set");
    char text[96];
    if (range.end == range.start + 1 && range.start >= 0 && is_bytes(object) && (size_t)range.start < as_bytes(object)->length)
        snprintf(text, sizeof text, "can't decode byte 0x%02x in position %ld: ", as_bytes(object)->data[range.start],
                 range.start);
    else
        snprintf(text, sizeof text, "can't decode bytes in position %ld-%ld: ", range.start, range.end - 1);
    return str_format(t, "'%V' codec %s%V", encoding, text, reason);
}

// --- attributes ---
static Value get_position(Value self, int index, int64_t least)
{
    Value position = field(self, index);
    int64_t i = 0;
    if (position && int_to_int64(position, &i))
        return fixnum(i);
    return fixnum(least);
}

static Value start_get(Thread *t, Value self) { return get_position(self, UNICODE_START, 0); }
static Value end_get(Thread *t, Value self) { return get_position(self, UNICODE_END, 0); }

static bool position_set(Thread *t, Value self, int index, Value value)
{
    if (!value) {
        raise(t, EXC(TypeError), "can't delete numeric/char attribute");
        return false;
    }
    return set_position(t, self, index, value);
}

static bool start_set(Thread *t, Value self, Value value) { return position_set(t, self, UNICODE_START, value); }
static bool end_set(Thread *t, Value self, Value value) { return position_set(t, self, UNICODE_END, value); }

static const GetSetDef unicode_getsets[] = {
    {"start", start_get, start_set, "exception start"},
    {"end", end_get, end_set, "exception end"},
    {0},
};

#define UNICODE_MEMBER(name, index, doc) \
    {name, MEMBER_VALUE_OR_NONE, offsetof(Exception, extra) + (index) * sizeof(Value), true, doc}
static const MemberDef codec_members[] = {
    UNICODE_MEMBER("encoding", UNICODE_ENCODING, "exception encoding"),
    UNICODE_MEMBER("object", UNICODE_OBJECT, "exception object"),
    UNICODE_MEMBER("reason", UNICODE_REASON, "exception reason"),
    {0},
};
static const MemberDef translate_members[] = {
    UNICODE_MEMBER("object", UNICODE_OBJECT, "exception object"),
    UNICODE_MEMBER("reason", UNICODE_REASON, "exception reason"),
    {0},
};

Type type_UnicodeDecodeError = {
    EXCEPTION_HEAD(UnicodeDecodeError, UnicodeError),
    .doc = "Unicode decoding error.",
    .slots = {.init = decode_init, .str = decode_str},
    .getsets = unicode_getsets,
    .members = codec_members,
};

Type type_UnicodeEncodeError = {
    EXCEPTION_HEAD(UnicodeEncodeError, UnicodeError),
    .doc = "Unicode encoding error.",
    .slots = {.init = encode_init, .str = encode_str},
    .getsets = unicode_getsets,
    .members = codec_members,
};

Type type_UnicodeTranslateError = {
    EXCEPTION_HEAD(UnicodeTranslateError, UnicodeError),
    .doc = "Unicode translation error.",
    .slots = {.init = translate_init, .str = translate_str},
    .getsets = unicode_getsets,
    .members = translate_members,
};
