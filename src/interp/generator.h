// generator.h: what the files about generators, coroutines and async generators share.
#ifndef ADDER_INTERP_GENERATOR_H
#define ADDER_INTERP_GENERATOR_H

#include "src/interp/frame.h"

Value generator_stop_value(Thread *t);
Value generator_raise_stop(Thread *t, Value value);
MUST_CHECK bool generator_close(Thread *t, Generator *g);
void generator_close_quietly(Thread *t, Generator *g);                 // at collection: errors are reported
bool generator_throw_to(Thread *t, Value sub, Value thrown, Value *out);
bool coroutine_record_origin(Thread *t, Generator *g);
Value thrown_exception(Thread *t, const Value *args, const char *name);   // the instance that throw(type, value, tb) means, or 0
MUST_CHECK bool warn_unawaited(Thread *t, Generator *g);
bool async_generators_boot(Thread *t);

Value anext_awaitable_new(Thread *t, Value awaitable, Value fallback);   // anext(iterator, fallback)

#endif
