// contextvars.h: context variables for native modules.
#ifndef ADDER_MODULES_CONTEXTVARS_H
#define ADDER_MODULES_CONTEXTVARS_H

#include "src/core/object.h"

Value contextvar_new(Thread *t, const char *name, Value default_or_0);
// 1: *out is its value in the running thread's context, or its default; 0: it has none; -1: error.
int contextvar_get(Thread *t, Value var, Value *out);
Value contextvar_set(Thread *t, Value var, Value value);   // a Token

#endif
