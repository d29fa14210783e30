// code_type.h: code objects for C code above src/code: copies, text form.
#ifndef ADDER_TYPES_CODE_TYPE_H
#define ADDER_TYPES_CODE_TYPE_H

#include "src/code/code.h"

// The pool with empty caches.
MUST_CHECK Value *code_pool_copy(Thread *t, const Code *code);

#endif
