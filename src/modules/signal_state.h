// signal_state.h: what the files of _signal share.
#ifndef ADDER_MODULES_SIGNAL_STATE_H
#define ADDER_MODULES_SIGNAL_STATE_H

#include <signal.h>

#include "src/core/native.h"

typedef struct SignalState {
    Value handlers[NSIG];             // fixnum 0: SIG_DFL, fixnum 1: SIG_IGN, None: not ours, else a callable. Root range
    Value default_int_handler;        // behind the handlers: in their root range
    int wakeup_fd;                    // -1: none
    bool warn_on_full;
    int wakeup_error;                 // errno of the last failed write
} SignalState;
extern SignalState signal_state;

extern const NativeDef signal_default_int_handler;
void signal_arrived(int number);      // the C handler
bool signal_install(int number, void (*action)(int));
MUST_CHECK bool signal_deliver_now(Thread *t);   // for functions that have just caused a signal

#endif
