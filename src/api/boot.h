// boot.h: starting and ending the runtime.
#ifndef ADDER_API_BOOT_H
#define ADDER_API_BOOT_H

#include "src/core/vm.h"

Thread *boot_core(VM *vm);                    // heap, strings, types, builtins, sys: Python code without imports can run. Null: failed, said on stderr
MUST_CHECK bool boot_library(Thread *t);      // importlib, standard streams, __main__, site. False: exception pending
int shut_down(Thread *t, int status);         // threads, atexit, flush; returns the exit status (120 when flushing fails)

#endif
