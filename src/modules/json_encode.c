// json_encode.c: encoding values as JSON text: strings, and the encoder object.
#include "src/core/native.h"
#include "src/modules/json.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str_units.h"
#include "src/types/tuple.h"

// Immutable after creation.
typedef struct Encoder {
    Object head;
    Value markers, fallback, encoder, indent, key_separator, item_separator;
    Value sort_keys_arg, skip_keys_arg;
    bool sort_keys, skip_keys, allow_nan;
    bool native_strings, ascii_only;     // encoder is one of this module's functions
} Encoder;

// --- strings ---

static inline bool must_escape(uint32_t c, bool ascii_only)
{
    return c == '"' || c == '\\' || c < ' ' || (ascii_only && c > 0x7e);
}

static bool put_hex(Thread *t, StrBuilder *b, uint32_t c)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {'\\', 'u', digits[c >> 12 & 15], digits[c >> 8 & 15], digits[c >> 4 & 15], digits[c & 15]};
    return builder_ascii(t, b, text, 6);
}

static bool put_escape(Thread *t, StrBuilder *b, uint32_t c)
{
    char letter = c == '"' ? '"' : c == '\\' ? '\\' : c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c == '\b' ? 'b'
                  : c == '\f' ? 'f' : 0;
    if (letter)
        return builder_ascii(t, b, (char[]){'\\', letter}, 2);
    if (c < 0x10000)
        return put_hex(t, b, c);
    return put_hex(t, b, 0xd800 + ((c - 0x10000) >> 10)) && put_hex(t, b, 0xdc00 + ((c - 0x10000) & 0x3ff));
}

bool json_put_string(Thread *t, StrBuilder *b, Value text, bool ascii_only)
{
    const Str *s = as_str(text);
    int unit = str_unit(s);
    size_t start = 0;
    if (!builder_char(t, b, '"'))
        return false;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = unit_get(s->data, unit, i);
        if (likely(!must_escape(c, ascii_only)))
            continue;
        if (!builder_substring(t, b, text, start, i) || !put_escape(t, b, c))
            return false;
        start = i + 1;
    }
    return builder_substring(t, b, text, start, s->length) && builder_char(t, b, '"');
}

// --- values ---

static bool put_value(Thread *t, const Encoder *e, StrBuilder *b, Value v, int64_t level);

static bool put_newline(Thread *t, const Encoder *e, StrBuilder *b, int64_t level)
{
    if (e->indent == NONE)
        return true;
    if (!builder_char(t, b, '\n'))
        return false;
    for (int64_t i = 0; i < level; i++) {
        if (!builder_str(t, b, e->indent))
            return false;
    }
    return true;
}

static Value float_text(Thread *t, const Encoder *e, Value v)
{
    double d = float_value(v);
    if (d - d == 0)
        return float_repr(t, d);
    if (!e->allow_nan)
        return raise(t, EXC(ValueError), "Out of range float values are not JSON compliant: %V", float_repr(t, d));
    return str_from_cstr(t, d > 0 ? "Infinity" : d < 0 ? "-Infinity" : "NaN");
}

static bool put_text(Thread *t, const Encoder *e, StrBuilder *b, Value text)
{
    if (e->native_strings)
        return json_put_string(t, b, text, e->ascii_only);
    Value encoded = call1(t, e->encoder, text);
    if (encoded && !is_str(encoded))
        return raise(t, EXC(TypeError), "encoder() must return a string, not %.80T", encoded);
    return encoded && builder_str(t, b, encoded);
}

static Value marker_of(Thread *t, Value v) { return int_from_uint64(t, v); }

// Notes v as being encoded; ValueError when it already is.
static bool mark(Thread *t, const Encoder *e, Value v)
{
    if (e->markers == NONE)
        return true;
    Value id = marker_of(t, v);
    int seen = id ? dict_contains(t, as_dict(e->markers), id) : -1;
    if (seen)
        return seen > 0 ? raise(t, EXC(ValueError), "Circular reference detected") : false;
    return dict_set(t, as_dict(e->markers), id, v);
}

static bool unmark(Thread *t, const Encoder *e, Value v)
{
    if (e->markers == NONE)
        return true;
    Value id = marker_of(t, v);
    return id && dict_delete(t, as_dict(e->markers), id) >= 0;
}

static bool put_list(Thread *t, const Encoder *e, StrBuilder *b, Value v, int64_t level)
{
    if ((is_list(v) ? list_length(as_list(v)) : as_tuple(v)->length) == 0)
        return builder_ascii(t, b, "[]", 2);
    if (!mark(t, e, v) || !builder_char(t, b, '[') || !put_newline(t, e, b, level + 1))
        return false;
    for (size_t i = 0;; i++) {         // a list may change under way
        Value item = is_list(v) ? list_get(as_list(v), i) : i < as_tuple(v)->length ? as_tuple(v)->at[i] : 0;
        if (!item)
            break;
        if (i && (!builder_str(t, b, e->item_separator) || !put_newline(t, e, b, level + 1)))
            return false;
        if (!put_value(t, e, b, item, level + 1)) {
            pending_add_note(t, "when serializing %T item %lu", v, (uint64_t)i);
            return false;
        }
    }
    return put_newline(t, e, b, level) && builder_char(t, b, ']') && unmark(t, e, v);
}

// The text of a key; 0 with nothing pending: to be skipped.
static Value key_text(Thread *t, const Encoder *e, Value key)
{
    if (is_str(key))
        return key;
    if (is_float(key))
        return float_text(t, e, key);
    if (key == TRUE || key == FALSE || key == NONE)
        return str_from_cstr(t, key == TRUE ? "true" : key == FALSE ? "false" : "null");
    if (is_int(key))
        return int_to_str(t, int_exact(key), 10);
    if (e->skip_keys)
        return 0;
    return raise(t, EXC(TypeError), "keys must be str, int, float, bool or None, not %.100T", key);
}

// The (key, value) pairs of any mapping, in order.
static Value *mapping_items(Thread *t, const Encoder *e, Value v, size_t *n)
{
    Value items = is_exactly(v, &type_dict) ? dict_items_list(t, as_dict(v)) : call_method0(t, v, N(items));
    Value *array = items ? values_from_iterable(t, items, n) : NULL;
    if (!array && is_pending(t))
        return NULL;
    if (e->sort_keys && *n > 1)
        array = sort_values(t, array, *n, 0, false);
    return array;
}

static bool put_pair(Thread *t, const Encoder *e, StrBuilder *b, Value pair, bool *first, int64_t level)
{
    if (!is_tuple(pair) || as_tuple(pair)->length != 2)
        return raise(t, EXC(ValueError), "items must return 2-tuples");
    Value key = as_tuple(pair)->at[0], text = key_text(t, e, key);
    if (!text)
        return !is_pending(t);
    if ((!*first && !builder_str(t, b, e->item_separator)) || !put_newline(t, e, b, level + 1))
        return false;
    *first = false;
    if (!put_text(t, e, b, text) || !builder_str(t, b, e->key_separator))
        return false;
    if (put_value(t, e, b, as_tuple(pair)->at[1], level + 1))
        return true;
    pending_add_note(t, "when serializing dict item %R", key);
    return false;
}

static bool put_dict(Thread *t, const Encoder *e, StrBuilder *b, Value v, int64_t level)
{
    size_t n = 0;
    if (dict_length(as_dict(v)) == 0)
        return builder_ascii(t, b, "{}", 2);
    if (!mark(t, e, v))
        return false;
    Value *items = mapping_items(t, e, v, &n);
    if (!items && is_pending(t))
        return false;
    if (!builder_char(t, b, '{'))
        return false;
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        if (!put_pair(t, e, b, items[i], &first, level))
            return false;
    }
    return (first || put_newline(t, e, b, level)) && builder_char(t, b, '}') && unmark(t, e, v);
}

static bool put_other(Thread *t, const Encoder *e, StrBuilder *b, Value v, int64_t level)
{
    if (!mark(t, e, v))
        return false;
    Value stand_in = call1(t, e->fallback, v);
    if (!stand_in)
        return false;
    if (!put_value(t, e, b, stand_in, level)) {
        pending_add_note(t, "when serializing %T object", v);
        return false;
    }
    return unmark(t, e, v);
}

static bool put_container(Thread *t, const Encoder *e, StrBuilder *b, Value v, int64_t level)
{
    if (!safepoint(t) || !recursion_enter(t, " while encoding a JSON object"))
        return false;
    bool ok = is_list(v) || is_tuple(v) ? put_list(t, e, b, v, level)
              : is_dict(v)              ? put_dict(t, e, b, v, level)
                                        : put_other(t, e, b, v, level);
    recursion_leave(t);
    return ok;
}

static bool put_value(Thread *t, const Encoder *e, StrBuilder *b, Value v, int64_t level)
{
    if (v == NONE)
        return builder_ascii(t, b, "null", 4);
    if (v == TRUE)
        return builder_ascii(t, b, "true", 4);
    if (v == FALSE)
        return builder_ascii(t, b, "false", 5);
    if (is_str(v))
        return put_text(t, e, b, v);
    if (is_int(v) || is_float(v)) {
        Value text = is_int(v) ? int_to_str(t, int_exact(v), 10) : float_text(t, e, v);
        return text && builder_str(t, b, text);
    }
    return put_container(t, e, b, v, level);
}

static Value encoder_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "_iterencode", "(obj, _current_indent_level)", args, nargs, kwnames, a, return 0);
    int64_t level;
    StrBuilder b;
    builder_init(&b);
    if (!to_index(t, a[1], &level) || !put_value(t, (Encoder *)self, &b, a[0], level < 0 ? 0 : level))
        return 0;
    Value text = builder_finish(t, &b);
    return text ? tuple_of(t, 1, text) : 0;
}

static Value encoder_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[9];
    BIND_ARGUMENTS(t, "make_encoder",
                   "(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)", args,
                   nargs, kwnames, a, return 0);
    if (a[0] != NONE && !is_dict(a[0]))
        return raise(t, EXC(TypeError), "make_encoder() argument 1 must be dict or None, not %.200T", a[0]);
    if (a[3] != NONE && !is_str(a[3]))
        return raise(t, EXC(TypeError), "make_encoder() argument 4 must be str or None, not %.200T", a[3]);
    for (int i = 4; i < 6; i++) {
        if (!is_str(a[i]))
            return raise(t, EXC(TypeError), "make_encoder() argument %d must be str, not %.200s", i + 1, argument_type_name(a[i]));
    }
    int flags[3];
    for (int i = 0; i < 3; i++) {
        flags[i] = truth(t, a[6 + i]);
        if (flags[i] < 0)
            return 0;
    }
    Encoder *e = instance_new(t, cls, 0);
    if (!e)
        return 0;
    Value *fields = &e->markers;
    memcpy(fields, a, 6 * sizeof(Value));
    e->sort_keys_arg = a[6];
    e->skip_keys_arg = a[7];
    e->sort_keys = flags[0];
    e->skip_keys = flags[1];
    e->allow_nan = flags[2];
    e->native_strings = a[2] == json_encode_ascii || a[2] == json_encode_plain;
    e->ascii_only = a[2] == json_encode_ascii;
    return value_of(e);
}

static const MemberDef encoder_members[] = {
    {"markers", MEMBER_VALUE, offsetof(Encoder, markers), false, "markers"},
    {"default", MEMBER_VALUE, offsetof(Encoder, fallback), false, "default"},
    {"encoder", MEMBER_VALUE, offsetof(Encoder, encoder), false, "encoder"},
    {"indent", MEMBER_VALUE, offsetof(Encoder, indent), false, "indent"},
    {"key_separator", MEMBER_VALUE, offsetof(Encoder, key_separator), false, "key_separator"},
    {"item_separator", MEMBER_VALUE, offsetof(Encoder, item_separator), false, "item_separator"},
    {"sort_keys", MEMBER_BOOL8, offsetof(Encoder, sort_keys), false, "sort_keys"},
    {"skipkeys", MEMBER_BOOL8, offsetof(Encoder, skip_keys), false, "skipkeys"},
    {0},
};

Type type_json_encoder = {
    TYPE_HEAD(json_encoder, "_json.Encoder", &type_object, Encoder),
    .flags = TYPE_BASE,
    .slots = {.new = encoder_new, .call = encoder_call},
    .members = encoder_members,
};
