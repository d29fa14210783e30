// str.c: the str type: construction, operators, the table of methods.
#include "src/types/bytes.h"
#include "src/types/codec.h"
#include "src/types/str_hash.h"
#include "src/types/str_methods.h"
#include "src/types/tuple.h"
#include "src/core/native.h"

// --- construction ---

static Value str_make(Thread *t, Value object, Value encoding, Value errors)
{
    if (!object)
        return str_empty;
    if (!encoding && !errors)
        return value_str(t, object);
    const char *encoding_text = encoding ? str_utf8(t, encoding, NULL) : NULL;
    const char *errors_text = errors ? str_utf8(t, errors, NULL) : NULL;
    if (is_pending(t))
        return 0;
    if (is_str(object))
        return raise(t, EXC(TypeError), "decoding str is not supported");
    if (!buffer_supported(object))
        return raise(t, EXC(TypeError), "decoding to str: need a bytes-like object, %.80T found", object);
    Buffer view;
    if (!buffer_get(t, object, &view, BUFFER_SIMPLE))
        return 0;
    Value text = str_decode(t, view.data, (size_t)view.length, encoding_text, errors_text);
    buffer_release(t, &view);
    return text;
}

static Value str_subclass_instance(Thread *t, Type *cls, Value text)
{
    Str *exact = as_str(str_exact(t, text));
    StrShared *s = instance_new(t, cls, 0);
    if (!s)
        return 0;
    s->str.head.flags |= exact->head.flags & (STR_UNIT_1 | STR_UNIT_2 | STR_UNIT_4 | STR_ASCII);
    s->str.head.flags |= STR_BUFFERED;
    s->str.length = exact->length;
    s->str.hash = str_hash(exact);
    s->str.data = exact->data;
    s->owner = exact;
    return value_of(s);
}

static Value str_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs == 1 && !kwnames && cls == &type_str)
        return value_str(t, args[0]);
    Value a[3];
    BIND_ARGUMENTS(t, "str", "(object='', encoding='utf-8', errors='strict')", args, nargs, kwnames, a, return 0);
    for (int i = 1; i < 3; i++) {
        if (a[i] && !is_str(a[i]))
            return raise(t, EXC(TypeError), "str() argument '%s' must be str, not %s", i == 1 ? "encoding" : "errors", argument_type_name(a[i]));
    }
    Value text = str_make(t, a[0], a[1], a[2]);
    if (!text || cls == &type_str)
        return text;
    return str_subclass_instance(t, cls, text);
}

Value str_encode(Thread *t, Value s, const char *encoding, const char *errors)
{
    return encoding ? codec_encode_text(t, s, encoding, errors) : utf8_encode(t, s, errors);
}

STR_METHOD(encode)
{
    const char *texts[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        if (!args[i + 1])
            continue;
        if (!is_str(args[i + 1]))
            return raise(t, EXC(TypeError), "encode() argument '%s' must be str, not %s", i ? "errors" : "encoding", argument_type_name(args[i + 1]));
        texts[i] = str_utf8(t, args[i + 1], NULL);
        if (!texts[i])
            return 0;
    }
    return str_encode(t, args[0], texts[0], texts[1]);
}

// --- slots ---

static bool str_hash_slot(Thread *t, Value s, Hash *out)
{
    *out = str_hash(as_str(s));
    return true;
}

static Value str_compare_slot(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_str(a) || !is_str(b))
        return NOTIMPLEMENTED;
    if (op == CMP_EQ || op == CMP_NE)
        return value_bool(str_equal(as_str(a), as_str(b)) == (op == CMP_EQ));
    int order = str_compare(as_str(a), as_str(b));
    switch (op) {
    case CMP_LT: return value_bool(order < 0);
    case CMP_LE: return value_bool(order <= 0);
    case CMP_GT: return value_bool(order > 0);
    default: return value_bool(order >= 0);
    }
}

static Value str_concat_slot(Thread *t, Value a, Value b)
{
    if (!is_str(b))
        return raise(t, EXC(TypeError), "can only concatenate str (not \"%.200T\") to str", b);
    return str_concat(t, a, b);
}

static Value str_remainder_slot(Thread *t, Value a, Value b)
{
    return is_str(a) ? str_format_percent(t, a, b) : NOTIMPLEMENTED;
}

static int64_t str_length_slot(Thread *t, Value s) { return (int64_t)as_str(s)->length; }
static int str_truth_slot(Thread *t, Value s) { return as_str(s)->length != 0; }

// A copy: pickle must not take the instance of a subclass for its own argument.
static Value str_getnewargs(Thread *t, const Value *args, size_t nargs)
{
    const Str *s = as_str(args[0]);
    Value copy = str_from_units(t, s->data, str_unit(s), s->length);
    return copy ? tuple_of(t, 1, copy) : 0;
}

static Value str_sizeof(Thread *t, const Value *args, size_t nargs)
{
    const Str *s = as_str(args[0]);
    return fixnum((int64_t)(sizeof(Str) + (s->length + 1) * (size_t)str_unit(s)));
}


const NativeDef str_method_table[] = {
    {"encode", str_encode_method, "($self, /, encoding='utf-8', errors='strict')", "Encode the string using the codec registered for encoding.", 0},
    {"replace", str_replace_method, "($self, old, new, /, count=-1)", "Return a copy with all occurrences of substring old replaced by new.", 0},
    {"split", str_split_method, "($self, /, sep=None, maxsplit=-1)", "Return a list of the substrings in the string, using sep as the separator string.", 0},
    {"rsplit", str_rsplit_method, "($self, /, sep=None, maxsplit=-1)", "Return a list of the substrings in the string, using sep as the separator string.", 0},
    {"join", str_join_method, "($self, iterable, /)", "Concatenate any number of strings.", 0},
    {"capitalize", str_capitalize_method, "($self, /)", "Return a capitalized version of the string.", 0},
    {"casefold", str_casefold_method, "($self, /)", "Return a version of the string suitable for caseless comparisons.", 0},
    {"title", str_title_method, "($self, /)", "Return a version of the string where each word is titlecased.", 0},
    {"center", str_center_method, "($self, width, fillchar=' ', /)", "Return a centered string of length width.", 0},
    {"count", str_count_method, "($self, sub, start=None, end=None, /)", "Return the number of non-overlapping occurrences of substring sub in string S[start:end].", 0},
    {"expandtabs", str_expandtabs_method, "($self, /, tabsize=8)", "Return a copy where all tab characters are expanded using spaces.", 0},
    {"find", str_find_method, "($self, sub, start=None, end=None, /)", "Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].", 0},
    {"partition", str_partition_method, "($self, sep, /)", "Partition the string into three parts using the given separator.", 0},
    {"index", str_index_method, "($self, sub, start=None, end=None, /)", "Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].", 0},
    {"ljust", str_ljust_method, "($self, width, fillchar=' ', /)", "Return a left-justified string of length width.", 0},
    {"lower", str_lower_method, "($self, /)", "Return a copy of the string converted to lowercase.", 0},
    {"lstrip", str_lstrip_method, "($self, chars=None, /)", "Return a copy of the string with leading whitespace removed.", 0},
    {"rfind", str_rfind_method, "($self, sub, start=None, end=None, /)", "Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].", 0},
    {"rindex", str_rindex_method, "($self, sub, start=None, end=None, /)", "Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].", 0},
    {"rjust", str_rjust_method, "($self, width, fillchar=' ', /)", "Return a right-justified string of length width.", 0},
    {"rstrip", str_rstrip_method, "($self, chars=None, /)", "Return a copy of the string with trailing whitespace removed.", 0},
    {"rpartition", str_rpartition_method, "($self, sep, /)", "Partition the string into three parts using the given separator.", 0},
    {"splitlines", str_splitlines_method, "($self, /, keepends=False)", "Return a list of the lines in the string, breaking at line boundaries.", 0},
    {"strip", str_strip_method, "($self, chars=None, /)", "Return a copy of the string with leading and trailing whitespace removed.", 0},
    {"swapcase", str_swapcase_method, "($self, /)", "Convert uppercase characters to lowercase and lowercase characters to uppercase.", 0},
    {"translate", str_translate_method, "($self, table, /)", "Replace each character in the string using the given translation table.", 0},
    {"upper", str_upper_method, "($self, /)", "Return a copy of the string converted to uppercase.", 0},
    {"startswith", str_startswith_method, "($self, prefix, start=None, end=None, /)", "Return True if the string starts with the specified prefix, False otherwise.", 0},
    {"endswith", str_endswith_method, "($self, suffix, start=None, end=None, /)", "Return True if the string ends with the specified suffix, False otherwise.", 0},
    {"removeprefix", str_removeprefix_method, "($self, prefix, /)", "Return a str with the given prefix string removed if present.", 0},
    {"removesuffix", str_removesuffix_method, "($self, suffix, /)", "Return a str with the given suffix string removed if present.", 0},
    {"isascii", str_isascii_method, "($self, /)", "Return True if all characters in the string are ASCII, False otherwise.", 0},
    {"islower", str_islower_method, "($self, /)", "Return True if the string is a lowercase string, False otherwise.", 0},
    {"isupper", str_isupper_method, "($self, /)", "Return True if the string is an uppercase string, False otherwise.", 0},
    {"istitle", str_istitle_method, "($self, /)", "Return True if the string is a title-cased string, False otherwise.", 0},
    {"isspace", str_isspace_method, "($self, /)", "Return True if the string is a whitespace string, False otherwise.", 0},
    {"isdecimal", str_isdecimal_method, "($self, /)", "Return True if the string is a decimal string, False otherwise.", 0},
    {"isdigit", str_isdigit_method, "($self, /)", "Return True if the string is a digit string, False otherwise.", 0},
    {"isnumeric", str_isnumeric_method, "($self, /)", "Return True if the string is a numeric string, False otherwise.", 0},
    {"isalpha", str_isalpha_method, "($self, /)", "Return True if the string is an alphabetic string, False otherwise.", 0},
    {"isalnum", str_isalnum_method, "($self, /)", "Return True if the string is an alpha-numeric string, False otherwise.", 0},
    {"isidentifier", str_isidentifier_method, "($self, /)", "Return True if the string is a valid Python identifier, False otherwise.", 0},
    {"isprintable", str_isprintable_method, "($self, /)", "Return True if all characters in the string are printable, False otherwise.", 0},
    {"zfill", str_zfill_method, "($self, width, /)", "Pad a numeric string with zeros on the left, to fill a field of the given width.", 0},
    {"format", str_format_method, "($self, /, *args, **kwargs)", "Return a formatted version of the string, using substitutions from args and kwargs.", 0},
    {"format_map", str_format_map_method, "($self, mapping, /)", "Return a formatted version of the string, using substitutions from mapping.", 0},
    {"__format__", str_format_spec_method, "($self, format_spec, /)", "Return a formatted version of the string as described by format_spec.", 0},
    {"maketrans", str_maketrans_method, "(x, y=<unrepresentable>, z=<unrepresentable>, /)", "Return a translation table usable for str.translate().", NATIVE_STATIC},
    {"__getnewargs__", str_getnewargs, "($self, /)", NULL, 0},
    {"__sizeof__", str_sizeof, "($self, /)", "Return the size of the string in memory, in bytes.", 0},
    {0},
};

static Value str_repr_slot(Thread *t, Value s) { return str_repr(t, s); }

Type type_str = {
    TYPE_HEAD(str, "str", &type_object, StrShared),
    .flags = TYPE_BASE | TYPE_IS_STR | TYPE_MATCH_SELF,
    .slots = {.new = str_new_slot, .repr = str_repr_slot, .str = str_exact, .hash = str_hash_slot,
              .compare = str_compare_slot, .iter = str_iterator_new, .remainder = str_remainder_slot,
              .truth = str_truth_slot, .length = str_length_slot, .getitem = str_getitem, .contains = str_contains,
              .concat = str_concat_slot, .repeat = str_repeat},
    .methods = str_method_table,
    .new_signature = NULL,
};
