// str_markup.h: the markup of str.format: literals and {fields}; field names a.b[c].
#ifndef ADDER_TYPES_STR_MARKUP_H
#define ADDER_TYPES_STR_MARKUP_H

#include "src/types/str.h"

// A part of `text`, in characters.
typedef struct Span { size_t start, end; } Span;

typedef struct Markup {
    Value text;
    size_t at, end;
} Markup;

typedef struct MarkupField {
    Span literal;          // text before the field
    bool present;          // a field follows the literal
    Span name, spec;
    uint32_t conversion;   // 0: none
    bool nested;           // the spec has fields of its own
} MarkupField;

int markup_next(Thread *t, Markup *m, MarkupField *out);     // 1, 0 at the end, -1 with ValueError

// The steps of a field name after its first part.
typedef struct FieldPath {
    Value text;
    size_t at, end;
} FieldPath;

MUST_CHECK bool field_first(Thread *t, Value text, Span name, Value *out_first, FieldPath *rest);  // first: str or int
int field_step(Thread *t, FieldPath *path, bool *out_is_attribute, Value *out_key);          // 1, 0 at the end, -1

#endif
