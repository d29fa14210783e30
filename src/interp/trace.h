// trace.h: trace and profile hooks of a thread: sys.settrace, sys.setprofile, native profilers.
//
// While a hook is set INTERRUPT_TRACE is, and frames entered from then on run in the traced loop. All fields belong to the thread.
#ifndef ADDER_INTERP_TRACE_H
#define ADDER_INTERP_TRACE_H

#include "src/interp/frame.h"

typedef enum TraceEvent { TRACE_CALL, TRACE_EXCEPTION, TRACE_LINE, TRACE_RETURN, TRACE_C_CALL, TRACE_C_EXCEPTION, TRACE_C_RETURN, TRACE_OPCODE } TraceEvent;

// Called for each event with the object the hook was set with. frame: registers of the Python frame concerned (frame_object(t, regs) makes its
// object). arg: returned value (0 when an exception leaves the frame), the exception, or the native callable. False: exception pending.
typedef bool (*TraceHook)(Thread *t, Value object, Value *regs, TraceEvent event, Value arg);

void trace_set_hook(Thread *t, TraceHook hook, Value object);     // null: none. Lines, calls, returns, exceptions
void profile_set_hook(Thread *t, TraceHook hook, Value object);   // calls and returns, native ones too
MUST_CHECK bool trace_set_function(Thread *t, Value function);    // sys.settrace: a callable or NONE
MUST_CHECK bool profile_set_function(Thread *t, Value function);
Value trace_get_function(Thread *t);                              // as set, or NONE
Value profile_get_function(Thread *t);

static inline bool trace_is_on(const Thread *t) { return (t->trace_hook || t->profile_hook) && !t->tracing; }

// --- for the loop ---
MUST_CHECK bool trace_instruction(Thread *t, Value *regs);        // before each instruction: line events
MUST_CHECK bool trace_call(Thread *t, Value *regs);
MUST_CHECK bool trace_return(Thread *t, Value *regs, Value result);
void trace_exception(Thread *t, Value *regs);
bool trace_native_call(Thread *t, Value *regs, Value callee);     // true: was reported, so its return must be; may leave an exception pending
MUST_CHECK bool trace_native_return(Thread *t, Value *regs, Value callee, Value result);

#endif
