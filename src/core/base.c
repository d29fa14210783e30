// base.c: the end of the road for broken invariants.
#include "src/core/base.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn COLD void never_at(const char *file, int line, const char *why)
{
    fprintf(stderr, "adder: internal error at %s:%d: %s\n", file, line, why);
    fflush(stderr);
    abort();
}
