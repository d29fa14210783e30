// slice.h: resolution of slices against lengths beyond 63 bits (function.h has the common form).
#ifndef ADDER_TYPES_SLICE_H
#define ADDER_TYPES_SLICE_H

#include "src/core/type.h"

// All values are exact ints. False with an exception pending.
MUST_CHECK bool slice_indices_exact(Thread *t, Value slice, Value length, Value *start, Value *stop, Value *step);

#endif
