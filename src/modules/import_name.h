// import_name.h: what `import a.b` and __import__ do.
#ifndef ADDER_MODULES_IMPORT_NAME_H
#define ADDER_MODULES_IMPORT_NAME_H

#include "src/core/value.h"

// As importlib.__import__: globals, locals, fromlist may be None; level is an int.
Value import_name(Thread *t, Value name, Value globals, Value locals, Value fromlist, Value level);

#endif
