// frame.h: frames on the value stack, frame objects, generators.
//
// A frame's registers are a window R[0…register_count) of the thread's value stack (or of a generator's own heap block);
// the Frame header is in the FRAME_WORDS words below R[0]. The window of a callee starts inside its caller's window: at its arguments.
#ifndef ADDER_INTERP_FRAME_H
#define ADDER_INTERP_FRAME_H

#include "src/code/code.h"
#include "src/core/thread.h"
#include "src/types/function.h"

typedef struct Frame {
    Value object;             // FrameObject of this frame once somebody asked for it, or 0
    const Instr *pc;          // instruction that is running, stored before anything that may raise or look at frames
    const Instr *return_pc;   // caller's next instruction; null: return to C (interp_run)
    Value *caller;            // registers of the calling Python frame, across C frames too; null: none
    Code *code;
    Function *function;
} Frame;
static_assert(sizeof(Frame) == FRAME_WORDS * sizeof(Value), "code.h says how many words a frame header has");

static inline Frame *frame_of(Value *regs) { return (Frame *)regs - 1; }

// sys._getframe() and tracebacks. While the frame runs, `regs` points to it; when it ends its locals are copied to `saved` and regs = null.
// Guard: owner thread while running; immutable afterwards but for f_lineno/trace words.
typedef struct FrameObject {
    Object head;
    Value *regs;              // null once the frame has ended
    Code *code;
    Function *function;
    Value back;               // FrameObject or NONE, filled when the frame ends (before: follow regs)
    Value *saved;             // collected copy of the registers after the end
    Value namespace;          // f_locals of class and module code
    Value extra_locals;       // Dict for names stored through f_locals that the code does not have, or 0
    Value trace;              // f_trace or 0
    uint32_t last_instr;      // after the end
    int32_t trace_line, seen_line;   // f_lineno set by a debugger; line of the last line event
    Thread *thread;           // while running
    Value generator;          // the generator whose frame it is, or 0
    bool trace_lines, trace_opcodes, cleared;
} FrameObject;

typedef enum GeneratorState { GEN_CREATED, GEN_SUSPENDED, GEN_RUNNING, GEN_DONE } GeneratorState;

// Generators, coroutines and async generators. `state` goes SUSPENDED → RUNNING by compare-and-swap (a second thread gets ValueError
// "generator already executing"); all other fields belong to whoever runs it.
typedef struct Generator {
    Object head;
    uint32_t state;
    bool closed, hooks_done, async_running;
    bool was_started;         // before the current run
    ExcInfo exc_info;
    Value name, qualname;
    Value origin;             // cr_origin or 0
    Value finalizer;          // async generators
    Value yield_from;         // sub-iterator while suspended in YIELD_FROM, or 0
    const Instr *site;        // FOR_NEXT or SEND instruction that resumed it; null: C did
    Value *stack_top;         // while running: where frames it calls start on the value stack
    Value result;             // what it returned, when C resumed it
    Code *code;
    Frame frame;              // header; registers follow: the heap block ends with them
    Value regs[];
} Generator;

MUST_CHECK FrameObject *frame_object(Thread *t, Value *regs);             // makes or returns it
void frame_end(Thread *t, Value *regs);                                   // detaches a frame object, if any, before the frame dies
Value frame_locals(Thread *t, FrameObject *f);                            // f_locals: proxy for functions, the namespace otherwise

Value interp_locals(Thread *t);                                           // locals() of the running frame

// Runs code: the interpreter's entrances from C.
Value interp_call_function(Thread *t, Value function, const Value *args, size_t nargs, Value kwnames);   // call slot of functions
Value interp_run_code(Thread *t, Code *code, Value globals, Value namespace);                           // module, exec, eval
Value interp_build_class(Thread *t, const Value *args, size_t nargs, Value kwnames);
// Resumes a generator with `sent` (or throws the exception `thrown`): what it yields or returns.
SendResult generator_resume(Thread *t, Generator *g, Value sent, Value thrown, Value *out);

#endif
