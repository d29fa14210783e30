// boot.h: starting and ending what native modules provide to the runtime itself.
#ifndef ADDER_MODULES_BOOT_H
#define ADDER_MODULES_BOOT_H

#include "src/core/object.h"

MUST_CHECK bool builtins_boot(Thread *t);    // vm->builtins_module, vm->builtins (builtins_mod.c)
MUST_CHECK bool import_boot(Thread *t);      // importlib as _frozen_importlib, builtins.__import__, hooks.import_module (import.c)
MUST_CHECK bool warnings_boot(Thread *t);    // -W options take effect (warnings_mod.c)
void finalize_all(Thread *t);                // at the end: __del__ and close of whatever still lives (shutdown.c)
void atexit_run(Thread *t);                  // runs and forgets the callbacks; errors are reported
void threads_wait(Thread *t);                // threading._shutdown(): waits for non-daemon threads

#endif
