// json_scan.c: decoding JSON text: strings, numbers, and the scanner object.
#include "src/core/hooks.h"
#include "src/core/native.h"
#include "src/modules/json.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str_units.h"
#include "src/types/tuple.h"

// Immutable after creation.
typedef struct Scanner {
    Object head;
    Value strict, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant;
} Scanner;

// One run over a text.
typedef struct Scan {
    const Scanner *scanner;
    Value text;
    const void *data;
    int unit;
    int64_t n;
    bool strict;
    Dict *keys;         // each key of objects once
} Scan;

Value json_decode_error(Thread *t, const char *message, Value text, int64_t at)
{
    Value module = hooks.import_module(t, "json.decoder");
    Value name = module ? str_intern_cstr(t, "JSONDecodeError") : 0;
    Value type = name ? attr_get(t, module, name) : 0;
    Value words = type ? str_from_cstr(t, message) : 0;
    Value error = words ? call3(t, type, words, text, fixnum(at)) : 0;
    return error ? raise_value(t, error) : 0;
}

static Value stop_at(Thread *t, int64_t at) { return raise_stop_iteration(t, fixnum(at)); }

// --- strings ---

static int64_t hex4(const Str *s, size_t at)      // -1: not four digits
{
    int64_t value = 0;
    for (size_t i = at; i < at + 4; i++) {
        uint32_t c = str_at(s, i), d = c - '0' < 10 ? c - '0' : (c | 32) - 'a' < 6 ? (c | 32) - 'a' + 10 : 99;
        if (d == 99)
            return -1;
        value = value << 4 | d;
    }
    return value;
}

static uint32_t escaped_char(uint32_t c)
{
    switch (c) {
    case '"': case '\\': case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    }
    return 0;
}

// Handles the escape whose letter is at *i; moves behind it.
static bool scan_escape(Thread *t, Value text, size_t *i, StrBuilder *b)
{
    const Str *s = as_str(text);
    uint32_t c = str_at(s, *i);
    if (c != 'u') {
        uint32_t plain = escaped_char(c);
        if (!plain)
            return json_decode_error(t, "Invalid \\escape", text, (int64_t)*i - 1);
        ++*i;
        return builder_char(t, b, plain);
    }
    int64_t code = *i + 4 < s->length ? hex4(s, *i + 1) : -1;
    if (code < 0)
        return json_decode_error(t, "Invalid \\uXXXX escape", text, (int64_t)*i);
    *i += 5;
    if (code >= 0xd800 && code <= 0xdbff && *i + 5 < s->length && str_at(s, *i) == '\\' && str_at(s, *i + 1) == 'u') {
        int64_t low = hex4(s, *i + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
            *i += 6;
        }
    }
    return builder_char(t, b, (uint32_t)code);
}

// The first of quote, backslash or control character from i on.
static size_t plain_run(const Str *s, size_t i, bool strict)
{
    int unit = str_unit(s);
    if (unit == 1) {
        const uint8_t *p = s->data;
        while (i < s->length && p[i] != '"' && p[i] != '\\' && (p[i] > 0x1f || !strict))
            i++;
        return i;
    }
    for (; i < s->length; i++) {
        uint32_t c = unit_get(s->data, unit, i);
        if (c == '"' || c == '\\' || (c <= 0x1f && strict))
            break;
    }
    return i;
}

Value json_scan_string(Thread *t, Value text, int64_t begin, bool strict, int64_t *end)
{
    const Str *s = as_str(text);
    size_t i = (size_t)begin, start = i;
    StrBuilder b;
    bool building = false;
    for (;;) {
        i = plain_run(s, i, strict);
        if (i >= s->length)
            return json_decode_error(t, "Unterminated string starting at", text, begin - 1);
        uint32_t c = str_at(s, i);
        if (c == '"' && !building) {
            *end = (int64_t)i + 1;
            return str_substring(t, text, start, i);
        }
        if (c <= 0x1f)
            return json_decode_error(t, "Invalid control character at", text, (int64_t)i);
        if (!building)
            builder_init(&b);
        building = true;
        if (!builder_substring(t, &b, text, start, i))
            return 0;
        i++;
        if (c == '"') {
            *end = (int64_t)i;
            return builder_finish(t, &b);
        }
        if (i >= s->length)
            return json_decode_error(t, "Unterminated string starting at", text, begin - 1);
        if (!scan_escape(t, text, &i, &b))
            return 0;
        start = i;
    }
}

// --- values ---

static Value scan_once(Thread *t, Scan *s, int64_t at, int64_t *end);

static inline uint32_t char_at(const Scan *s, int64_t i) { return i < s->n ? unit_get(s->data, s->unit, (size_t)i) : 0; }

static int64_t skip_space(const Scan *s, int64_t i)
{
    for (;; i++) {
        uint32_t c = char_at(s, i);
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return i;
    }
}

static bool is_digit_at(const Scan *s, int64_t i) { return char_at(s, i) - '0' < 10; }

static Value number_value(Thread *t, const Scan *s, int64_t start, int64_t end, bool is_float)
{
    Value parse = is_float ? s->scanner->parse_float : s->scanner->parse_int;
    if (!is_float && parse == value_of(&type_int) && end - start < 18) {
        int64_t number = 0, i = start + (char_at(s, start) == '-');
        for (; i < end; i++)
            number = number * 10 + (char_at(s, i) - '0');
        return fixnum(char_at(s, start) == '-' ? -number : number);
    }
    Value text = str_substring(t, s->text, (size_t)start, (size_t)end);
    if (!text)
        return 0;
    double d;
    if (is_float && parse == value_of(&type_float) && float_from_text(as_str(text)->data, as_str(text)->length, &d))
        return float_new(t, d);
    return call1(t, parse, text);
}

static Value scan_number(Thread *t, Scan *s, int64_t start, int64_t *end)
{
    int64_t i = start + (char_at(s, start) == '-');
    bool is_float = false;
    if (!is_digit_at(s, i))
        return stop_at(t, start);
    if (char_at(s, i) == '0')
        i++;
    else
        while (is_digit_at(s, i))
            i++;
    if (char_at(s, i) == '.' && is_digit_at(s, i + 1)) {
        is_float = true;
        for (i += 2; is_digit_at(s, i);)
            i++;
    }
    if (char_at(s, i) == 'e' || char_at(s, i) == 'E') {
        int64_t j = i + 1;
        if (char_at(s, j) == '+' || char_at(s, j) == '-')
            j++;
        if (is_digit_at(s, j)) {
            is_float = true;
            for (i = j; is_digit_at(s, i);)
                i++;
        }
    }
    *end = i;
    return number_value(t, s, start, i, is_float);
}

static Value scan_constant(Thread *t, Scan *s, int64_t at, const char *name, int64_t *end)
{
    *end = at + (int64_t)strlen(name);
    Value text = str_intern_cstr(t, name);
    return text ? call1(t, s->scanner->parse_constant, text) : 0;
}

static bool word_at(const Scan *s, int64_t i, const char *word)
{
    for (; *word; word++, i++) {
        if (char_at(s, i) != (uint8_t)*word)
            return false;
    }
    return true;
}

static Value scan_array(Thread *t, Scan *s, int64_t i, int64_t *end)
{
    List *list = list_new(t, 4);
    i = skip_space(s, i);
    if (list && char_at(s, i) == ']') {
        *end = i + 1;
        return value_of(list);
    }
    while (list) {
        Value item = scan_once(t, s, i, &i);
        if (!item || !list_append(t, list, item))
            return 0;
        i = skip_space(s, i);
        if (char_at(s, i) == ']') {
            *end = i + 1;
            return value_of(list);
        }
        if (char_at(s, i) != ',')
            return json_decode_error(t, "Expecting ',' delimiter", s->text, i);
        int64_t comma = i;
        i = skip_space(s, i + 1);
        if (char_at(s, i) == ']')
            return json_decode_error(t, "Illegal trailing comma before end of array", s->text, comma);
    }
    return 0;
}

static Value scan_key(Thread *t, Scan *s, int64_t i, int64_t *end)
{
    if (char_at(s, i) != '"')
        return json_decode_error(t, "Expecting property name enclosed in double quotes", s->text, i);
    Value key = json_scan_string(t, s->text, i + 1, s->strict, end);
    return key ? dict_set_default(t, s->keys, key, key) : 0;
}

static bool add_pair(Thread *t, Dict *dict, List *pairs, Value key, Value value)
{
    if (!pairs)
        return dict_set(t, dict, key, value);
    Value pair = tuple_pair(t, key, value);
    return pair && list_append(t, pairs, pair);
}

static Value finish_object(Thread *t, const Scan *s, Dict *dict, List *pairs)
{
    if (pairs)
        return call1(t, s->scanner->object_pairs_hook, value_of(pairs));
    return s->scanner->object_hook == NONE ? value_of(dict) : call1(t, s->scanner->object_hook, value_of(dict));
}

static Value scan_object(Thread *t, Scan *s, int64_t i, int64_t *end)
{
    List *pairs = s->scanner->object_pairs_hook == NONE ? NULL : list_new(t, 4);
    Dict *dict = pairs ? NULL : dict_new(t);
    if (!pairs && !dict)
        return 0;
    i = skip_space(s, i);
    bool more = char_at(s, i) != '}';
    while (more) {
        Value key = scan_key(t, s, i, &i);
        if (!key)
            return 0;
        i = skip_space(s, i);
        if (char_at(s, i) != ':')
            return json_decode_error(t, "Expecting ':' delimiter", s->text, i);
        Value value = scan_once(t, s, skip_space(s, i + 1), &i);
        if (!value || !add_pair(t, dict, pairs, key, value))
            return 0;
        i = skip_space(s, i);
        if (char_at(s, i) == '}')
            break;
        if (char_at(s, i) != ',')
            return json_decode_error(t, "Expecting ',' delimiter", s->text, i);
        int64_t comma = i;
        i = skip_space(s, i + 1);
        if (char_at(s, i) == '}')
            return json_decode_error(t, "Illegal trailing comma before end of object", s->text, comma);
    }
    *end = i + 1;
    return finish_object(t, s, dict, pairs);
}

static Value scan_nested(Thread *t, Scan *s, int64_t i, int64_t *end, bool object)
{
    if (!safepoint(t) || !recursion_enter(t, object ? " while decoding a JSON object from a unicode string"
                                                    : " while decoding a JSON array from a unicode string"))
        return 0;
    Value out = object ? scan_object(t, s, i, end) : scan_array(t, s, i, end);
    recursion_leave(t);
    return out;
}

static Value scan_once(Thread *t, Scan *s, int64_t at, int64_t *end)
{
    if (at < 0)
        return raise(t, EXC(ValueError), "idx cannot be negative");
    if (at >= s->n)
        return stop_at(t, at);
    switch (char_at(s, at)) {
    case '"': return json_scan_string(t, s->text, at + 1, s->strict, end);
    case '{': return scan_nested(t, s, at + 1, end, true);
    case '[': return scan_nested(t, s, at + 1, end, false);
    case 'n':
        if (word_at(s, at, "null"))
            return *end = at + 4, NONE;
        break;
    case 't':
        if (word_at(s, at, "true"))
            return *end = at + 4, TRUE;
        break;
    case 'f':
        if (word_at(s, at, "false"))
            return *end = at + 5, FALSE;
        break;
    case 'N':
        if (word_at(s, at, "NaN"))
            return scan_constant(t, s, at, "NaN", end);
        break;
    case 'I':
        if (word_at(s, at, "Infinity"))
            return scan_constant(t, s, at, "Infinity", end);
        break;
    case '-':
        if (word_at(s, at, "-Infinity"))
            return scan_constant(t, s, at, "-Infinity", end);
        break;
    }
    return scan_number(t, s, at, end);
}

// --- the scanner object ---

static Value scanner_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "scan_once", "(string, idx)", args, nargs, kwnames, a, return 0);
    const Scanner *scanner = (Scanner *)self;
    int64_t at, end = 0;
    if (!is_str(a[0]))
        return raise(t, EXC(TypeError), "first argument must be a string, not %.80T", a[0]);
    int strict = truth(t, scanner->strict);
    if (strict < 0 || !to_index(t, a[1], &at))
        return 0;
    const Str *s = as_str(a[0]);
    Scan scan = {.scanner = scanner, .text = str_exact(t, a[0]), .data = s->data, .unit = str_unit(s), .n = (int64_t)s->length,
                 .strict = strict, .keys = dict_new(t)};
    if (!scan.keys)
        return 0;
    Value value = scan_once(t, &scan, at, &end);
    return value ? tuple_pair(t, value, fixnum(end)) : 0;
}

static Value scanner_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"strict", "object_hook", "object_pairs_hook", "parse_float", "parse_int", "parse_constant"};
    Value a[1];
    BIND_ARGUMENTS(t, "make_scanner", "(context)", args, nargs, kwnames, a, return 0);
    Scanner *s = instance_new(t, cls, 0);
    if (!s)
        return 0;
    Value *fields = &s->strict;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Value name = str_intern_cstr(t, names[i]);
        fields[i] = name ? attr_get(t, a[0], name) : 0;
        if (!fields[i])
            return 0;
    }
    return value_of(s);
}

static const MemberDef scanner_members[] = {
    {"strict", MEMBER_VALUE, offsetof(Scanner, strict), false, "strict"},
    {"object_hook", MEMBER_VALUE, offsetof(Scanner, object_hook), false, "object_hook"},
    {"object_pairs_hook", MEMBER_VALUE, offsetof(Scanner, object_pairs_hook), false, NULL},
    {"parse_float", MEMBER_VALUE, offsetof(Scanner, parse_float), false, "parse_float"},
    {"parse_int", MEMBER_VALUE, offsetof(Scanner, parse_int), false, "parse_int"},
    {"parse_constant", MEMBER_VALUE, offsetof(Scanner, parse_constant), false, "parse_constant"},
    {0},
};

Type type_json_scanner = {
    TYPE_HEAD(json_scanner, "_json.Scanner", &type_object, Scanner),
    .flags = TYPE_BASE,
    .slots = {.new = scanner_new, .call = scanner_call},
    .members = scanner_members,
};
