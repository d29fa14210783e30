// search.h: searching and splitting arrays of code units: shared by str, bytes, bytearray.
#ifndef ADDER_TYPES_SEARCH_H
#define ADDER_TYPES_SEARCH_H

#include "src/types/list.h"
#include "src/types/str_units.h"

// Index of the first or last occurrence, or -1. An empty needle is found at once.
int64_t search_find(const void *hay, size_t n, const void *needle, size_t m, int unit);
int64_t search_find_last(const void *hay, size_t n, const void *needle, size_t m, int unit);
size_t search_count(const void *hay, size_t n, const void *needle, size_t m, int unit, size_t most);   // not overlapping

// A text to be cut into pieces, which `piece` makes and which go to `list`.
typedef struct Splitter {
    const void *data;
    int unit;
    size_t n;
    const uint8_t *spaces;        // 256 flags: which units below 256 are white space
    Value whole;                  // returned when the text is one piece; or 0
    Value (*piece)(Thread *t, const struct Splitter *s, size_t start, size_t end);
    List *list;
} Splitter;

MUST_CHECK bool split_space(Thread *t, Splitter *s, int64_t most);          // most < 0: no limit
MUST_CHECK bool split_space_last(Thread *t, Splitter *s, int64_t most);
MUST_CHECK bool split_separator(Thread *t, Splitter *s, const void *needle, size_t m, int64_t most);
MUST_CHECK bool split_separator_last(Thread *t, Splitter *s, const void *needle, size_t m, int64_t most);

extern const uint8_t spaces_of_str[256], spaces_of_bytes[256];

// start/end arguments of find and the like: 0 and None are "not given". `*start` may lie beyond n.
MUST_CHECK bool search_bounds(Thread *t, Value start_arg, Value end_arg, size_t n, int64_t *start, int64_t *end);

#endif
