// unicode_name.c: characters by name, for \N{...} and unicodedata.lookup.

#include "src/types/unicode.h"

#include <uniname.h>

#include <string.h>

enum { NAME_MAX_SIZE = 256 };   // longer than every name there is

bool unicode_lookup_name(const char *name, size_t size, uint32_t *out)
{
    char upper[NAME_MAX_SIZE];
    if (size >= sizeof upper)
        return false;
    for (size_t i = 0; i < size; i++)
        upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    upper[size] = 0;
    if (strlen(upper) != size)
        return false;
    ucs4_t c = unicode_name_character(upper);
    *out = c;
    return c != UNINAME_INVALID;
}
