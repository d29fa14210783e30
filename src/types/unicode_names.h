// unicode_names.h: names of characters.
#ifndef ADDER_TYPES_UNICODE_NAMES_H
#define ADDER_TYPES_UNICODE_NAMES_H

#include "src/core/value.h"

// The character of that name or alias, any case.
bool unicode_lookup_name(const char *name, size_t n, uint32_t *out);
bool unicode_lookup_alias(const char *name, uint32_t *out);      // aliases alone; name ends in NUL
// Writes the name of c, NUL-terminated; returns its length, 0 when it has none. room ≥ UNICODE_NAME_MAX.
enum { UNICODE_NAME_MAX = 128 };
size_t unicode_name(uint32_t c, char *out);

#endif
