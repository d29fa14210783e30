// os_signal.h: the headers about signals and children, in an order that suits the runtime's own raise() (src/core/error.h).
#ifndef ADDER_MODULES_OS_SIGNAL_H
#define ADDER_MODULES_OS_SIGNAL_H

#include "src/core/error.h"

#include <sys/wait.h>

#endif
