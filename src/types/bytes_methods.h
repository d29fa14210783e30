// bytes_methods.h: what bytes and bytearray share: views of their contents, arguments, the methods common to both.
#ifndef ADDER_TYPES_BYTES_METHODS_H
#define ADDER_TYPES_BYTES_METHODS_H

#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/codec.h"

// Contents of a bytes-like argument. Release when it was got with bytes_view_get.
typedef struct ByteView {
    const uint8_t *data;
    size_t n;
    Buffer buffer;
    bool held;
} ByteView;

static inline bool is_bytearray(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_BYTEARRAY); }

// While Python code may run, a bytearray counts as exported: change is +1 before, -1 after.
static inline void bytes_hold(Value self, int64_t change)
{
    if (is_bytearray(self))
        __atomic_fetch_add(&((ByteArray *)self)->exports, change, __ATOMIC_RELAXED);
}

ByteView bytes_view(Value bytes_or_bytearray);          // consistent snapshot of start and length; nothing to release
MUST_CHECK bool bytes_view_get(Thread *t, Value any, ByteView *out);   // any exporter; TypeError otherwise
void bytes_view_release(Thread *t, ByteView *view);
// A new object of self's kind.
Value bytes_like(Thread *t, Value self, const void *data, size_t n);
// A byte from an int: ValueError "byte must be in range(0, 256)".
MUST_CHECK bool byte_from(Thread *t, Value v, uint8_t *out);
// Contents for bytes(x) and bytearray(x): ints, iterables, buffers, __bytes__; collected memory.
MUST_CHECK bool bytes_contents(Thread *t, const char *type_name, Value source, Value encoding, Value errors, BytesBuilder *out);
MUST_CHECK bool bytes_from_iterable(Thread *t, Value iterable, const char *type_name, BytesBuilder *out);
Value bytes_repr_text(Thread *t, const uint8_t *data, size_t n, const char *prefix, const char *suffix);
Value bytes_compare_slot(Thread *t, Value a, Value b, CompareOp op);
int bytes_contains(Thread *t, Value self, Value item);
Value bytes_hex(Thread *t, const uint8_t *data, size_t n, Value separator, int64_t group);
Value bytes_concat_any(Thread *t, Value a, Value b);    // result of a's kind
Value bytes_repeat_any(Thread *t, Value a, int64_t n);
Value bytes_percent(Thread *t, Value a, Value args);
bool hex_decode(Thread *t, Value text, BytesBuilder *out);

#define BYTES_COMMON_METHOD(name) Value bytes_##name##_method(Thread *t, const Value *args, size_t nargs)
BYTES_COMMON_METHOD(capitalize); BYTES_COMMON_METHOD(center); BYTES_COMMON_METHOD(count); BYTES_COMMON_METHOD(decode);
BYTES_COMMON_METHOD(endswith); BYTES_COMMON_METHOD(expandtabs); BYTES_COMMON_METHOD(find); BYTES_COMMON_METHOD(hex);
BYTES_COMMON_METHOD(index); BYTES_COMMON_METHOD(isalnum); BYTES_COMMON_METHOD(isalpha); BYTES_COMMON_METHOD(isascii);
BYTES_COMMON_METHOD(isdigit); BYTES_COMMON_METHOD(islower); BYTES_COMMON_METHOD(isspace); BYTES_COMMON_METHOD(istitle);
BYTES_COMMON_METHOD(isupper); BYTES_COMMON_METHOD(join); BYTES_COMMON_METHOD(ljust); BYTES_COMMON_METHOD(lower);
BYTES_COMMON_METHOD(lstrip); BYTES_COMMON_METHOD(maketrans); BYTES_COMMON_METHOD(partition); BYTES_COMMON_METHOD(removeprefix);
BYTES_COMMON_METHOD(removesuffix); BYTES_COMMON_METHOD(replace); BYTES_COMMON_METHOD(rfind); BYTES_COMMON_METHOD(rindex);
BYTES_COMMON_METHOD(rjust); BYTES_COMMON_METHOD(rpartition); BYTES_COMMON_METHOD(rsplit); BYTES_COMMON_METHOD(rstrip);
BYTES_COMMON_METHOD(split); BYTES_COMMON_METHOD(splitlines); BYTES_COMMON_METHOD(startswith); BYTES_COMMON_METHOD(strip);
BYTES_COMMON_METHOD(swapcase); BYTES_COMMON_METHOD(title); BYTES_COMMON_METHOD(translate); BYTES_COMMON_METHOD(upper);
BYTES_COMMON_METHOD(zfill);

// The rows of both tables.
#define BYTES_COMMON_ROWS                                                                                                    \
    {"capitalize", bytes_capitalize_method, "($self, /)", "Return a copy with only its first character capitalized.", 0},       \
    {"center", bytes_center_method, "($self, width, fillchar=b' ', /)", "Return a centered copy of length width.", 0},          \
    {"count", bytes_count_method, "($self, sub, start=None, end=None, /)", "Return the number of non-overlapping occurrences of subsection 'sub' in the bytes.", 0}, \
    {"decode", bytes_decode_method, "($self, /, encoding='utf-8', errors='strict')", "Decode the bytes using the codec registered for encoding.", 0}, \
    {"endswith", bytes_endswith_method, "($self, suffix, start=None, end=None, /)", "Return True if the bytes ends with the specified suffix, False otherwise.", 0}, \
    {"expandtabs", bytes_expandtabs_method, "($self, /, tabsize=8)", "Return a copy where all tab characters are expanded using spaces.", 0}, \
    {"find", bytes_find_method, "($self, sub, start=None, end=None, /)", "Return the lowest index in B where subsection 'sub' is found.", 0}, \
    {"hex", bytes_hex_method, "($self, /, sep=<unrepresentable>, bytes_per_sep=1)", "Create a string of hexadecimal numbers from a bytes object.", 0}, \
    {"index", bytes_index_method, "($self, sub, start=None, end=None, /)", "Return the lowest index in B where subsection 'sub' is found.", 0}, \
    {"isalnum", bytes_isalnum_method, "($self, /)", "Return True if all characters in B are alphanumeric.", 0},                    \
    {"isalpha", bytes_isalpha_method, "($self, /)", "Return True if all characters in B are alphabetic.", 0},                      \
    {"isascii", bytes_isascii_method, "($self, /)", "Return True if B is empty or all characters in B are ASCII.", 0},              \
    {"isdigit", bytes_isdigit_method, "($self, /)", "Return True if all characters in B are digits.", 0},                          \
    {"islower", bytes_islower_method, "($self, /)", "Return True if all cased characters in B are lowercase.", 0},                  \
    {"isspace", bytes_isspace_method, "($self, /)", "Return True if all characters in B are whitespace.", 0},                       \
    {"istitle", bytes_istitle_method, "($self, /)", "Return True if B is a titlecased string.", 0},                                 \
    {"isupper", bytes_isupper_method, "($self, /)", "Return True if all cased characters in B are uppercase.", 0},                  \
    {"join", bytes_join_method, "($self, iterable_of_bytes, /)", "Concatenate any number of bytes objects.", 0},                    \
    {"ljust", bytes_ljust_method, "($self, width, fillchar=b' ', /)", "Return a left-justified copy of length width.", 0},          \
    {"lower", bytes_lower_method, "($self, /)", "Return a copy with all ASCII characters converted to lowercase.", 0},              \
    {"lstrip", bytes_lstrip_method, "($self, bytes=None, /)", "Strip leading bytes contained in the argument.", 0},                 \
    {"maketrans", bytes_maketrans_method, "(frm, to, /)", "Return a translation table usable for the bytes or bytearray translate method.", NATIVE_STATIC}, \
    {"partition", bytes_partition_method, "($self, sep, /)", "Partition the bytes into three parts using the given separator.", 0}, \
    {"removeprefix", bytes_removeprefix_method, "($self, prefix, /)", "Return a copy with the given prefix removed if present.", 0}, \
    {"removesuffix", bytes_removesuffix_method, "($self, suffix, /)", "Return a copy with the given suffix removed if present.", 0}, \
    {"replace", bytes_replace_method, "($self, old, new, count=-1, /)", "Return a copy with all occurrences of substring old replaced by new.", 0}, \
    {"rfind", bytes_rfind_method, "($self, sub, start=None, end=None, /)", "Return the highest index in B where subsection 'sub' is found.", 0}, \
    {"rindex", bytes_rindex_method, "($self, sub, start=None, end=None, /)", "Return the highest index in B where subsection 'sub' is found.", 0}, \
    {"rjust", bytes_rjust_method, "($self, width, fillchar=b' ', /)", "Return a right-justified copy of length width.", 0},         \
    {"rpartition", bytes_rpartition_method, "($self, sep, /)", "Partition the bytes into three parts using the given separator.", 0}, \
    {"rsplit", bytes_rsplit_method, "($self, /, sep=None, maxsplit=-1)", "Return a list of the sections in the bytes, using sep as the delimiter.", 0}, \
    {"rstrip", bytes_rstrip_method, "($self, bytes=None, /)", "Strip trailing bytes contained in the argument.", 0},                \
    {"split", bytes_split_method, "($self, /, sep=None, maxsplit=-1)", "Return a list of the sections in the bytes, using sep as the delimiter.", 0}, \
    {"splitlines", bytes_splitlines_method, "($self, /, keepends=False)", "Return a list of the lines in the bytes, breaking at line boundaries.", 0}, \
    {"startswith", bytes_startswith_method, "($self, prefix, start=None, end=None, /)", "Return True if the bytes starts with the specified prefix, False otherwise.", 0}, \
    {"strip", bytes_strip_method, "($self, bytes=None, /)", "Strip leading and trailing bytes contained in the argument.", 0},      \
    {"swapcase", bytes_swapcase_method, "($self, /)", "Return a copy with uppercase ASCII characters converted to lowercase ASCII and vice versa.", 0}, \
    {"title", bytes_title_method, "($self, /)", "Return a titlecased version of B.", 0},                                            \
    {"translate", bytes_translate_method, "($self, table, /, delete=b'')", "Return a copy with each character mapped by the given translation table.", 0}, \
    {"upper", bytes_upper_method, "($self, /)", "Return a copy with all ASCII characters converted to uppercase.", 0},              \
    {"zfill", bytes_zfill_method, "($self, width, /)", "Pad a numeric string with zeros on the left, to fill a field of the given width.", 0}

#endif
