// str.h: Str, the immutable string: flexible width, cached hash, interning, growing buffers.
//
// Code units are 1 (Latin-1 range), 2 or 4 bytes, always the narrowest that fits. `data` points behind the header (inline)
// or into a shared StrBuffer whose bytes [0, length) belong to this string for ever (`s += x` extends it in place by a
// compare-and-swap of the buffer's fill mark; other strings keep their own length). Inline data ends in a NUL unit.
// Atomic memory when inline, scanned when it owns a buffer. Immutable but for hash (relaxed, idempotent; 0: not computed).
#ifndef ADDER_TYPES_STR_H
#define ADDER_TYPES_STR_H

#include <stdarg.h>

#include "src/core/type.h"
#include "src/core/names.h"

enum { STR_UNIT_1 = FLAG_TYPE_BIT, STR_UNIT_2 = FLAG_TYPE_BIT << 1, STR_UNIT_4 = FLAG_TYPE_BIT << 2, STR_ASCII = FLAG_TYPE_BIT << 3 };

typedef struct Str {
    Object head;
    Hash hash;
    size_t length;                // code points
    void *data;                   // unit size by flags
    char inline_data[];
} Str;

static inline Str *as_str(Value v) { return (Str *)v; }
static inline bool str_is_ascii(const Str *s) { return s->head.flags & STR_ASCII; }
static inline int str_unit(const Str *s) { return s->head.flags & STR_UNIT_1 ? 1 : s->head.flags & STR_UNIT_2 ? 2 : 4; }
static inline uint32_t str_at(const Str *s, size_t i)
{
    if (likely(s->head.flags & STR_UNIT_1))
        return ((const uint8_t *)s->data)[i];
    return s->head.flags & STR_UNIT_2 ? ((const uint16_t *)s->data)[i] : ((const uint32_t *)s->data)[i];
}

extern Value str_empty;                                             // ""
extern Value str_latin1[256];                                       // one-character strings below U+0100, interned

MUST_CHECK Str *str_alloc(Thread *t, size_t length, uint32_t max_char);   // unfilled inline string for code points up to max_char; its flags
                                                                    // must be right: max_char < 128 means ASCII
Value str_from_utf8(Thread *t, const char *s, size_t n);            // UnicodeDecodeError when invalid
Value str_from_ascii(Thread *t, const char *s, size_t n);
Value str_from_cstr(Thread *t, const char *s);                      // UTF-8, NUL-terminated
Value str_from_latin1(Thread *t, const uint8_t *s, size_t n);
Value str_from_ucs2(Thread *t, const uint16_t *s, size_t n);        // narrows when possible
Value str_from_ucs4(Thread *t, const uint32_t *s, size_t n);
Value str_from_char(Thread *t, uint32_t code_point);
Value str_from_fs(Thread *t, const char *bytes, size_t n);          // file system encoding: UTF-8 with surrogateescape
Value str_format(Thread *t, const char *format, ...);               // directives of error.h
Value str_format_va(Thread *t, const char *format, va_list args);
Value str_intern(Thread *t, Value s);                               // the canonical equal string
Value str_intern_utf8(Thread *t, const char *s, size_t n);
Value str_intern_cstr(Thread *t, const char *s);
const char *str_utf8(Thread *t, Value s, size_t *out_length);       // NUL-terminated; lives as long as s (collected memory);
                                                                    // UnicodeEncodeError for lone surrogates; out_length may be null
char *str_fs(Thread *t, Value s, size_t *out_length);               // encoded for the file system (surrogateescape), collected memory
Hash str_hash(Str *s);                                              // never 0 for a computed one… see str_hash.c
bool str_equal(const Str *a, const Str *b);
bool str_equal_cstr(Value s, const char *ascii);
int str_compare(const Str *a, const Str *b);                        // <0, 0, >0 by code point
Value str_concat(Thread *t, Value a, Value b);                      // amortised O(1) when a is the filled end of its buffer
Value str_repeat(Thread *t, Value s, int64_t n);
Value str_format_spec(Thread *t, Value s, Value spec);              // str.__format__
Value str_substring(Thread *t, Value s, size_t start, size_t end);
int64_t str_find(const Str *s, const Str *needle, size_t start, size_t end, bool from_right);   // index or -1
Value str_join(Thread *t, Value separator, const Value *items, size_t n);   // items are Str (TypeError otherwise)
Value str_repr(Thread *t, Value s);
Value str_ascii(Thread *t, Value any);                              // ascii(any)
Value str_format_percent(Thread *t, Value format, Value args);      // format % args
const char *argument_type_name(Value v);                            // for messages about arguments: "None" or the type's name
Value str_exact(Thread *t, Value s);                                // an exact str equal to s (s itself if exact)
Value str_encode(Thread *t, Value s, const char *encoding, const char *errors);   // null: utf-8, strict
Value str_decode(Thread *t, const void *bytes, size_t n, const char *encoding, const char *errors);

bool str_boot(Thread *t);                                           // before any other string is made: hash key, preallocated strings

#endif
