// str_builder.h: StrBuilder, a growing string under construction. Lives on the C stack; its storage is collected memory.
#ifndef ADDER_TYPES_STR_BUILDER_H
#define ADDER_TYPES_STR_BUILDER_H

#include "src/types/str.h"

typedef struct StrBuilder {
    void *data;               // collected atomic memory; unit by max_char
    size_t length, capacity;  // code points
    int unit;                 // 1, 2, 4
    uint32_t max_char;        // or of all code points so far
} StrBuilder;

void builder_init(StrBuilder *b);
MUST_CHECK bool builder_reserve(Thread *t, StrBuilder *b, size_t more, uint32_t max_char);
MUST_CHECK bool builder_char(Thread *t, StrBuilder *b, uint32_t code_point);
MUST_CHECK bool builder_str(Thread *t, StrBuilder *b, Value s);
MUST_CHECK bool builder_substring(Thread *t, StrBuilder *b, Value s, size_t start, size_t end);
MUST_CHECK bool builder_ascii(Thread *t, StrBuilder *b, const char *s, size_t n);
MUST_CHECK bool builder_cstr(Thread *t, StrBuilder *b, const char *ascii);
MUST_CHECK bool builder_fill(Thread *t, StrBuilder *b, uint32_t code_point, size_t n);
MUST_CHECK bool builder_format(Thread *t, StrBuilder *b, const char *format, ...);   // directives of error.h
MUST_CHECK bool builder_format_va(Thread *t, StrBuilder *b, const char *format, va_list args);
Value builder_finish(Thread *t, StrBuilder *b);

#endif
