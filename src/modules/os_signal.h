// os_signal.h: <signal.h> and what includes it, without the C function raise(), whose name the runtime has taken.
#ifndef ADDER_MODULES_OS_SIGNAL_H
#define ADDER_MODULES_OS_SIGNAL_H

#define raise raise_c_signal
#include <signal.h>
#include <sys/wait.h>
#undef raise

#endif
