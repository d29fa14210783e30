// exception_class.h: exception classes of native modules that are made when the module is.
#ifndef ADDER_MODULES_EXCEPTION_CLASS_H
#define ADDER_MODULES_EXCEPTION_CLASS_H

#include "src/core/error.h"

// A new class `name` of `module` below bases (a class or a tuple of classes). 0: error.
Value exception_class_new(Thread *t, const char *module, const char *name, Value bases, const char *doc);

#endif
