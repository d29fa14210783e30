// template.h: t-strings' objects (string.templatelib); immutable.
#ifndef ADDER_TYPES_TEMPLATE_H
#define ADDER_TYPES_TEMPLATE_H

#include "src/core/type.h"

// conversion: Str or NONE; format_spec: Str.
Value interpolation_new(Thread *t, Value value, Value expression, Value conversion, Value format_spec);
// strings: tuple of one Str more than interpolations has items.
Value template_new(Thread *t, Value strings, Value interpolations);

bool template_boot(Thread *t);     // after the types are ready

#endif
