// signals.h: signals as other modules see them.
#ifndef ADDER_MODULES_SIGNALS_H
#define ADDER_MODULES_SIGNALS_H

#include "src/core/object.h"

MUST_CHECK bool signals_boot(Thread *t);         // SIGINT raises KeyboardInterrupt, SIGPIPE is ignored, hooks are set
void signal_simulate(Thread *t, int number);     // as if the signal had arrived; nothing if it is ignored or has the system's action
void signals_fork_child(Thread *t);

#endif
