// unicodedata_mod.c: the unicodedata module: properties of Unicode 16.0, and of 3.2 for ucd_3_2_0 (which IDNA wants).
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/modules/unicode_normal.h"
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"
#include "src/types/unicode.h"
#include "src/types/unicode_names.h"

#define NO_NUMBER (-1000000.0)

typedef struct OldRecord { uint8_t category, bidirectional, combining, width, mirrored, decimal, digit; } OldRecord;
typedef struct OldRange { uint32_t first, last; OldRecord record; } OldRange;
typedef struct OldNumber { uint32_t code; double value; } OldNumber;

#include "src/modules/unicode_old.inc"

// The object ucd_3_2_0. It has no fields: being of this type says it all.
typedef struct OldDatabase { Object head; } OldDatabase;

static OldRecord record_of(uint32_t c, bool old)
{
    size_t low = 0, high = old ? COUNT_OF(old_ranges) : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (old_ranges[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (old && low < COUNT_OF(old_ranges) && old_ranges[low].first <= c)
        return old_ranges[low].record;
    const CharInfo *info = char_info(c);
    return (OldRecord){info->category, info->bidirectional, info->combining, info->width,
                       (info->flags & CHAR_MIRRORED) != 0, info->decimal, info->digit};
}

static bool is_assigned(uint32_t c, bool old) { return !old || record_of(c, true).category != 0; }

static bool character(Thread *t, const char *function, Value v, const char *argument, uint32_t *out)
{
    if (!is_str(v))
        return raise(t, EXC(TypeError), "%s() argument%s must be a unicode character, not %s", function, argument, argument_type_name(v));
    if (as_str(v)->length != 1)
        return raise(t, EXC(TypeError), "%s(): argument%s must be a unicode character, not a string of length %lu", function, argument,
                     as_str(v)->length);
    *out = str_at(as_str(v), 0);
    return true;
}

// args[0] is the character (self is passed by), args[1] a default or 0.
typedef Value (*PropertyFn)(Thread *t, const Value *args, bool old);

static Value with_default(Thread *t, Value given, const char *message)
{
    return given ? given : raise(t, EXC(ValueError), message);
}

static Value get_decimal(Thread *t, const Value *args, bool old)
{
    uint32_t c;
    if (!character(t, "decimal", args[0], " 1", &c))
        return 0;
    uint8_t value = record_of(c, old).decimal;
    return value == 255 ? with_default(t, args[1], "not a decimal") : fixnum(value);
}

static Value get_digit(Thread *t, const Value *args, bool old)
{
    uint32_t c;
    if (!character(t, "digit", args[0], " 1", &c))
        return 0;
    uint8_t value = record_of(c, old).digit;
    return value == 255 ? with_default(t, args[1], "not a digit") : fixnum(value);
}

static Value get_numeric(Thread *t, const Value *args, bool old)
{
    uint32_t c;
    double value = NO_NUMBER;
    if (!character(t, "numeric", args[0], " 1", &c))
        return 0;
    if (!char_numeric(c, &value) || !is_assigned(c, old))
        value = NO_NUMBER;
    for (size_t i = 0; old && i < COUNT_OF(old_numbers); i++) {
        if (old_numbers[i].code == c)
            value = old_numbers[i].value;
    }
    return value == NO_NUMBER ? with_default(t, args[1], "not a numeric character") : float_new(t, value);
}

#define RECORD_PROPERTY(name, expression)                                                                      \
    static Value get_##name(Thread *t, const Value *args, bool old)                                            \
    {                                                                                                          \
        uint32_t c;                                                                                            \
        if (!character(t, #name, args[0], "", &c))                                                             \
            return 0;                                                                                          \
        OldRecord r = record_of(c, old);                                                                       \
        return expression;                                                                                     \
    }
RECORD_PROPERTY(category, str_intern_cstr(t, char_category_names[r.category]))
RECORD_PROPERTY(bidirectional, str_intern_cstr(t, char_bidirectional_names[r.bidirectional]))
RECORD_PROPERTY(combining, fixnum(r.combining))
RECORD_PROPERTY(mirrored, fixnum(r.mirrored))
RECORD_PROPERTY(east_asian_width, str_intern_cstr(t, char_width_names[r.width]))

static Value get_decomposition(Thread *t, const Value *args, bool old)
{
    uint32_t c;
    if (!character(t, "decomposition", args[0], "", &c))
        return 0;
    const uint32_t *parts;
    const char *tag;
    int n = is_assigned(c, old) ? char_decomposition(c, &parts, &tag) : 0;
    StrBuilder b;
    builder_init(&b);
    if (n && !builder_cstr(t, &b, tag))
        return 0;
    for (int i = 0; i < n; i++) {
        char digits[16];
        int length = 0;
        for (uint32_t rest = parts[i]; rest || length < 4; rest >>= 4)
            digits[length++] = "0123456789ABCDEF"[rest & 15];
        if (b.length && !builder_char(t, &b, ' '))
            return 0;
        while (length) {
            if (!builder_char(t, &b, (uint8_t)digits[--length]))
                return 0;
        }
    }
    return builder_finish(t, &b);
}

static Value get_name(Thread *t, const Value *args, bool old)
{
    uint32_t c;
    char name[UNICODE_NAME_MAX];
    if (!character(t, "name", args[0], " 1", &c))
        return 0;
    size_t n = is_assigned(c, old) ? unicode_name(c, name) : 0;
    return n ? str_from_ascii(t, name, n) : with_default(t, args[1], "no such name");
}

static Value get_lookup(Thread *t, const Value *args, bool old)
{
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "lookup() argument must be str, not %s", argument_type_name(args[0]));
    size_t n;
    const char *name = str_utf8(t, args[0], &n);
    uint32_t c;
    if (!name)
        return 0;
    if (n >= 256)
        return raise(t, EXC(KeyError), "name too long");
    uint32_t alias;
    if (unicode_lookup_name(name, n, &c) && is_assigned(c, old) && !(old && unicode_lookup_alias(name, &alias)))
        return str_from_char(t, c);
    return raise(t, EXC(KeyError), "undefined character name '%s'", name);
}

// --- normalisation ---

static bool normal_form(Thread *t, Value v, NormalForm *out)
{
    static const char *const names[] = {"NFC", "NFD", "NFKC", "NFKD"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (is_str(v) && str_equal_cstr(v, names[i])) {
            *out = (NormalForm)i;
            return true;
        }
    }
    return raise(t, EXC(ValueError), "invalid normalization form");
}

static bool normal_arguments(Thread *t, const char *function, const Value *args, NormalForm *out)
{
    for (int i = 0; i < 2; i++) {
        if (!is_str(args[i]))
            return raise(t, EXC(TypeError), "%s() argument %d must be str, not %s", function, i + 1, argument_type_name(args[i]));
    }
    return as_str(args[1])->length == 0 || normal_form(t, args[0], out);
}

static bool assigned_then(uint32_t c) { return is_assigned(c, true); }

static Value get_normalize(Thread *t, const Value *args, bool old)
{
    NormalForm form = NORMAL_NFC;
    if (!normal_arguments(t, "normalize", args, &form))
        return 0;
    return unicode_normalize(t, args[1], form, old ? assigned_then : NULL);
}

static Value get_is_normalized(Thread *t, const Value *args, bool old)
{
    NormalForm form = NORMAL_NFC;
    if (!normal_arguments(t, "is_normalized", args, &form))
        return 0;
    Value normal = unicode_normalize(t, args[1], form, old ? assigned_then : NULL);
    return normal ? value_bool(str_equal(as_str(normal), as_str(args[1]))) : 0;
}

#define PROPERTY(name)                                                                                                    \
    static Value now_##name(Thread *t, const Value *args, size_t nargs) { return get_##name(t, args, false); }            \
    static Value then_##name(Thread *t, const Value *args, size_t nargs) { return get_##name(t, args + 1, true); }
PROPERTY(decimal)
PROPERTY(digit)
PROPERTY(numeric)
PROPERTY(category)
PROPERTY(bidirectional)
PROPERTY(combining)
PROPERTY(mirrored)
PROPERTY(east_asian_width)
PROPERTY(decomposition)
PROPERTY(name)
PROPERTY(lookup)
PROPERTY(normalize)
PROPERTY(is_normalized)

#define ROWS(when, self)                                                                                                  \
    {"decimal", when##_decimal, "(" self "chr, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent decimal value.", 0}, \
    {"digit", when##_digit, "(" self "chr, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent digit value.", 0}, \
    {"numeric", when##_numeric, "(" self "chr, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent numeric value.", 0}, \
    {"category", when##_category, "(" self "chr, /)", "Returns the general category assigned to the character chr as string.", 0}, \
    {"bidirectional", when##_bidirectional, "(" self "chr, /)", "Returns the bidirectional class assigned to the character chr as string.", 0}, \
    {"combining", when##_combining, "(" self "chr, /)", "Returns the canonical combining class assigned to the character chr as integer.", 0}, \
    {"mirrored", when##_mirrored, "(" self "chr, /)", "Returns the mirrored property assigned to the character chr as integer.", 0}, \
    {"east_asian_width", when##_east_asian_width, "(" self "chr, /)", "Returns the east asian width assigned to the character chr as string.", 0}, \
    {"decomposition", when##_decomposition, "(" self "chr, /)", "Returns the character decomposition mapping assigned to the character chr as string.", 0}, \
    {"name", when##_name, "(" self "chr, default=<unrepresentable>, /)", "Returns the name assigned to the character chr as a string.", 0}, \
    {"lookup", when##_lookup, "(" self "name, /)", "Look up character by name.", 0}, \
    {"normalize", when##_normalize, "(" self "form, unistr, /)", "Return the normal form 'form' for the Unicode string unistr.", 0}, \
    {"is_normalized", when##_is_normalized, "(" self "form, unistr, /)", "Return whether the Unicode string unistr is in the normal form 'form'.", 0}

static const NativeDef functions[] = {ROWS(now, ""), {0}};
static const NativeDef old_methods[] = {ROWS(then, "$self, "), {0}};

static Value get_version(Thread *t, Value self) { return str_from_cstr(t, "3.2.0"); }

static const GetSetDef old_getsets[] = {
    {"unidata_version", get_version, NULL, NULL},
    {0},
};

Type type_ucd = {
    TYPE_HEAD(ucd, "unicodedata.UCD", &type_object, OldDatabase),
    .flags = TYPE_DISALLOW_NEW,
    .methods = old_methods,
    .getsets = old_getsets,
};

static bool unicodedata_exec(Thread *t, Value module)
{
    OldDatabase *old = new_object(t, ucd, OldDatabase);
    return old && module_add(t, module, "unidata_version", str_from_cstr(t, unicode_version)) &&
           module_add(t, module, "ucd_3_2_0", value_of(old)) && module_add_type(t, module, &type_ucd);
}

const ModuleDef module_unicodedata = {
    .name = "unicodedata",
    .doc = "This module provides access to the Unicode Character Database which\ndefines character properties for all Unicode characters.",
    .functions = functions,
    .exec = unicodedata_exec,
};
