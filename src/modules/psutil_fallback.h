// psutil_fallback.h: a small psutil for systems that have none.
#ifndef ADDER_MODULES_PSUTIL_FALLBACK_H
#define ADDER_MODULES_PSUTIL_FALLBACK_H

#include "src/core/thread.h"

MUST_CHECK bool psutil_fallback_install(Thread *t);   // at the end of sys.meta_path

#endif
