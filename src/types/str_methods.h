// str_methods.h: the methods of str, one file per topic; their table is in str.c. args[0] is self, always a Str.
#ifndef ADDER_TYPES_STR_METHODS_H
#define ADDER_TYPES_STR_METHODS_H

#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/str_units.h"

#define STR_METHOD(name) Value str_##name##_method(Thread *t, const Value *args, size_t nargs)

// str_case.c
STR_METHOD(lower); STR_METHOD(upper); STR_METHOD(title); STR_METHOD(capitalize); STR_METHOD(swapcase); STR_METHOD(casefold);
// str_is.c
STR_METHOD(isalnum); STR_METHOD(isalpha); STR_METHOD(isascii); STR_METHOD(isdecimal); STR_METHOD(isdigit);
STR_METHOD(isidentifier); STR_METHOD(islower); STR_METHOD(isnumeric); STR_METHOD(isprintable); STR_METHOD(isspace);
STR_METHOD(istitle); STR_METHOD(isupper);
// str_search.c
STR_METHOD(find); STR_METHOD(rfind); STR_METHOD(index); STR_METHOD(rindex); STR_METHOD(count); STR_METHOD(startswith);
STR_METHOD(endswith); STR_METHOD(replace); STR_METHOD(removeprefix); STR_METHOD(removesuffix);
// str_split.c
STR_METHOD(split); STR_METHOD(rsplit); STR_METHOD(splitlines); STR_METHOD(partition); STR_METHOD(rpartition); STR_METHOD(join);
// str_pad.c
STR_METHOD(strip); STR_METHOD(lstrip); STR_METHOD(rstrip); STR_METHOD(center); STR_METHOD(ljust); STR_METHOD(rjust);
STR_METHOD(zfill); STR_METHOD(expandtabs);
// str_translate.c
STR_METHOD(translate); STR_METHOD(maketrans);
// str_format.c
STR_METHOD(format); STR_METHOD(format_map); STR_METHOD(format_spec);
// str.c
STR_METHOD(encode);

// A Str argument or TypeError "name() argument i must be str, not T".
MUST_CHECK bool str_argument(Thread *t, const char *method, int i, Value arg);
Value str_getitem(Thread *t, Value s, Value key);        // str_index.c
Value str_iterator_new(Thread *t, Value s);              // str_iterator.c
int str_contains(Thread *t, Value s, Value item);        // str_search.c
int str_escape_hex(uint32_t c, char out[10]);             // str_repr.c: the shortest hex escape of c
Value str_translate(Thread *t, Value s, Value table);    // str_translate.c
extern const NativeDef str_method_table[];

#endif
