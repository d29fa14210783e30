// format_spec.h: the formatting mini-language "[[fill]align][sign]["z"]["#"]["0"][width][grouping]["." precision [grouping]][type]".
#ifndef ADDER_TYPES_FORMAT_SPEC_H
#define ADDER_TYPES_FORMAT_SPEC_H

#include "src/core/type.h"
#include "src/types/str_builder.h"

typedef struct FormatSpec {
    uint32_t fill;                // ' ' unless given
    char align;                   // '<' '>' '=' '^'
    bool fill_given, align_given;
    char sign;                    // '+', '-', ' ' or 0
    bool no_negative_zero;        // z
    bool alternate;               // #
    char grouping;                // ',' '_' or 0
    char fraction_grouping;       // the same, for digits behind the point
    int64_t width, precision;     // -1: not given
    uint32_t type;                // presentation type; the default when not given
} FormatSpec;

// Parses all of spec (a Str). `object` is named in errors. False with ValueError pending.
MUST_CHECK bool format_spec_parse(Thread *t, Value spec, Value object, uint32_t default_type, char default_align, FormatSpec *out);
Value format_spec_unknown_type(Thread *t, uint32_t type, Value object);   // raises "Unknown format code …"
// Splits the padding of a text `length` long. For '=' all of it is left.
static inline void format_spec_padding(const FormatSpec *spec, int64_t length, int64_t *left, int64_t *right)
{
    int64_t padding = spec->width > length ? spec->width - length : 0;
    *left = spec->align == '<' ? 0 : spec->align == '^' ? padding / 2 : padding;
    *right = padding - *left;
}
// s, padded.
Value format_spec_pad(Thread *t, const FormatSpec *spec, Value s);

#endif
