// suggest.h: which of several names was probably meant.
#ifndef ADDER_TYPES_SUGGEST_H
#define ADDER_TYPES_SUGGEST_H

#include "src/core/type.h"

// candidates: list of Str. The closest one, NONE when none is close; 0: TypeError pending.
Value suggest_name(Thread *t, Value candidates, Value name);

#endif
