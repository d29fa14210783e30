// loop_traced.c: the dispatch loop once more, for threads with a trace or profile function: it reports every call, line and return.
#define TRACED_LOOP
#include "src/interp/loop.c"
