// unwind.c: from a raised exception to whoever handles it.
#include "src/interp/interp.h"
#include "src/interp/trace.h"
#include "src/types/exception.h"

static uint32_t instruction_of(const Value *regs)
{
    const Frame *frame = (const Frame *)regs - 1;
    return (uint32_t)(frame->pc - frame->code->instrs);
}

// The frame's own end: what the caller sees is the exception. Returns the caller's registers, or null when C entered the frame.
static Value *leave_frame(Thread *t, Value *regs)
{
    Frame *frame = frame_of(regs);
    Value *caller = frame->caller;
    if (unlikely(trace_is_on(t)))
        (void)!trace_return(t, regs, 0);   // its own error replaces the exception
    if (frame->object)
        frame_end(t, regs);
    t->depth--;
    publish(&t->regs, caller);
    bool on_stack = regs >= t->stack_base && regs < t->stack_base + t->stack_bytes / sizeof(Value);
    if (is_generator_frame(frame->code) && !on_stack) {
        Generator *g = generator_of(regs);
        const Instr *site = g->site;
        generator_leave(t, g, GEN_DONE);
        generator_finished(t, g);
        return site ? caller : NULL;
    }
    return frame->return_pc ? caller : NULL;
}

// What a handler raises again leaves the frame where it was raised first: the clean-up code has no line of its own.
static void restore_position(Thread *t, Value *regs)
{
    Frame *frame = frame_of(regs);
    Value entry = as_exception(t->exception)->traceback;
    if (!entry || entry == NONE || code_line(frame->code, instruction_of(regs)) > 0)
        return;
    const Traceback *traceback = (const Traceback *)entry;
    if (traceback->frame == frame->object && traceback->instruction < frame->code->instr_count)
        frame->pc = frame->code->instrs + traceback->instruction;
}

Value *unwind(Thread *t, Value *regs, bool fresh)
{
    for (;;) {
        if (fresh) {
            FrameObject *object = frame_object(t, regs);
            if (object)
                traceback_add(t, value_of(object), instruction_of(regs));
            if (unlikely(trace_is_on(t)))
                trace_exception(t, regs);
        }
        const Handler *handler = code_find_handler(frame_of(regs)->code, instruction_of(regs));
        if (handler) {
            frame_of(regs)->pc = frame_of(regs)->code->instrs + handler->target;
            return regs;
        }
        if (!fresh)
            restore_position(t, regs);
        regs = leave_frame(t, regs);
        if (!regs)
            return NULL;
        fresh = true;
    }
}
