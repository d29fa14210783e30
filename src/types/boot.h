// boot.h: starting the builtin types, in this order.
#ifndef ADDER_TYPES_BOOT_H
#define ADDER_TYPES_BOOT_H

#include "src/core/object.h"

MUST_CHECK bool str_boot(Thread *t);
MUST_CHECK bool names_boot(Thread *t);
MUST_CHECK bool types_boot(Thread *t);
MUST_CHECK bool exceptions_boot(Thread *t);
MUST_CHECK bool codec_boot(Thread *t);
MUST_CHECK bool weakref_boot(Thread *t);

#endif
