// boot.h: starting the interpreter.
#ifndef ADDER_INTERP_BOOT_H
#define ADDER_INTERP_BOOT_H

#include "src/core/object.h"

MUST_CHECK bool interp_boot(Thread *t);   // fills the hooks and the tables of instruction forms

#endif
