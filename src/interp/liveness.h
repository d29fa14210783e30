// liveness.h: which registers of a running frame will still be read.
#ifndef ADDER_INTERP_LIVENESS_H
#define ADDER_INTERP_LIVENESS_H

#include "src/core/type.h"

// Nulls the temporaries of the calling thread's Python frames that no path reads again: what they held does not outlive an explicit
// gc.collect(). Named locals and cells stay as they are. native: the function that asks, whose own arguments are no longer needed.
void frames_clear_dead(Thread *t, NativeFn native);

#endif
