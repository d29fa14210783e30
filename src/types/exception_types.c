// exception_types.c: a type for every row of exceptions.def. The definitions are weak: a type that adds something to its base is
// defined in the file of its topic, which replaces the one here.
#include "src/types/exception.h"

#define EXCEPTION(row, base_row, text)                                                             \
    __attribute__((weak)) Type type_##row = {EXCEPTION_HEAD(row, base_row), .doc = text};
#include "src/core/exceptions.def"
#undef EXCEPTION
