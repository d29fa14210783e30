// marshal.h: values as bytes and back, in the format of the module marshal (version 5); code objects in Adder's own layout.
#ifndef ADDER_MODULES_MARSHAL_H
#define ADDER_MODULES_MARSHAL_H

#include "src/core/object.h"

enum { MARSHAL_VERSION = 5 };

Value marshal_dumps(Thread *t, Value v, int version, bool allow_code);       // bytes
// Safe on any input: code objects are verified. EOFError, ValueError, TypeError.
Value marshal_loads(Thread *t, const uint8_t *data, size_t n, bool allow_code, size_t *out_used);

#endif
