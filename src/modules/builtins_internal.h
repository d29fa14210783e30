// builtins_internal.h: the functions of builtins, by file; the table of them is in builtins_mod.c.
#ifndef ADDER_MODULES_BUILTINS_INTERNAL_H
#define ADDER_MODULES_BUILTINS_INTERNAL_H

#include "src/core/error.h"
#include "src/core/native.h"
#include "src/ops/ops.h"

#define BUILTIN_FUNCTIONS(F)                                                                                           \
    F(abs) F(bin) F(hex) F(oct) F(divmod) F(pow) F(round) F(chr) F(ord) F(sum) F(min) F(max)                            \
    F(all) F(any) F(iter) F(next) F(aiter) F(anext) F(sorted) F(len) F(hash) F(id)                                      \
    F(callable) F(getattr) F(setattr) F(delattr) F(hasattr) F(isinstance) F(issubclass) F(dir) F(vars)                  \
    F(repr) F(ascii) F(format) F(globals) F(locals) F(compile) F(eval) F(exec) F(import) F(build_class)                 \
    F(print) F(input) F(open) F(breakpoint)
#define F(name) Value builtin_##name(Thread *t, const Value *args, size_t nargs);
BUILTIN_FUNCTIONS(F)
#undef F

Value builtins_locals(Thread *t);                          // locals() of the running frame: a Dict or the class namespace
Value builtins_sys(Thread *t, Value name);                 // sys.<name>, 0 without an exception when it is not there
Value next_or_stop(Thread *t, Value iterator);             // next item, or StopIteration pending

#endif
