// frame.c: frame objects, made when somebody asks: sys._getframe(), tracebacks, generators' gi_frame.
//
// A FrameObject points to the registers while the frame runs. When the frame ends they are copied into collected memory; a generator's
// registers are collected memory already and stay with it.
#include "src/interp/interp.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static bool in_generator(const Thread *t, const Value *regs)
{
    return !(regs >= t->stack_base && regs < t->stack_base + t->stack_bytes / sizeof(Value));
}

FrameObject *frame_object(Thread *t, Value *regs)
{
    Frame *frame = frame_of(regs);
    if (frame->object)
        return (FrameObject *)frame->object;
    Value pending = t->exception;   // making the frame of a traceback must not lose the exception
    t->exception = 0;
    FrameObject *f = new_object(t, frame, FrameObject);
    if (f) {
        f->regs = regs;
        f->code = frame->code;
        f->function = frame->function;
        f->back = 0;
        f->thread = t;
        f->trace_lines = true;
        if (in_generator(t, regs))
            f->generator = value_of(generator_of(regs));
        if (frame->code->flags & CODE_NAMESPACE)
            f->namespace = regs[0];
        publish(&frame->object, value_of(f));
    }
    if (pending)
        t->exception = pending;
    return f;
}

Value *frame_regs_back(Value *regs)
{
    return frame_of(regs)->caller;
}

// The frame is about to die: its object gets a copy of the registers.
void frame_end(Thread *t, Value *regs)
{
    Frame *frame = frame_of(regs);
    FrameObject *f = (FrameObject *)frame->object;
    size_t n = frame->code->register_count;
    f->last_instr = (uint32_t)(frame->pc - frame->code->instrs);
    Value *caller = frame->caller;
    Value pending = t->exception;
    t->exception = 0;
    // Only frames that are looked at through tracebacks need the callers; linking them costs an object each.
    FrameObject *back = caller ? frame_object(t, caller) : NULL;
    f->back = back ? value_of(back) : NONE;
    Value *copy = n ? heap_alloc(&t->heap, HEAP_SCANNED, n * sizeof(Value)) : NULL;
    if (copy)
        memcpy(copy, regs, n * sizeof(Value));
    publish(&f->saved, copy);
    publish(&f->regs, NULL);
    f->thread = NULL;
    t->exception = pending;
}

static Value current_frame_object(Thread *t)
{
    return t->regs ? value_of(frame_object(t, t->regs)) : 0;
}

static Value current_globals(Thread *t)
{
    return t->regs ? frame_of(t->regs)->function->globals : 0;
}

static uint32_t current_instruction(Thread *t)
{
    return t->regs ? (uint32_t)(frame_of(t->regs)->pc - frame_of(t->regs)->code->instrs) : 0;
}

// --- the frame type ---

static FrameObject *as_frame(Value v)
{
    return (FrameObject *)v;
}

static bool is_suspended_generator(const FrameObject *f)
{
    return f->generator && load_acquire(&((Generator *)f->generator)->state) == GEN_SUSPENDED;
}

static const Instr *frame_pc(const FrameObject *f)
{
    Value *regs = load_acquire(&((FrameObject *)f)->regs);
    return regs ? frame_of(regs)->pc : f->code->instrs + f->last_instr;
}

static Value frame_back(Thread *t, Value self)
{
    FrameObject *f = as_frame(self);
    Value *regs = load_acquire(&f->regs);
    if (!regs)
        return f->back ? f->back : NONE;
    if (f->generator && load_acquire(&((Generator *)f->generator)->state) != GEN_RUNNING)
        return NONE;
    Value *caller = frame_of(regs)->caller;
    if (!caller)
        return NONE;
    return value_of(frame_object(f->thread == t ? t : t, caller));
}

static Value frame_code(Thread *t, Value self)
{
    return value_of(as_frame(self)->code);
}

static Value frame_globals(Thread *t, Value self)
{
    return as_frame(self)->function->globals;
}

static Value frame_builtins(Thread *t, Value self)
{
    return as_frame(self)->function->builtins;
}

static Value frame_lasti(Thread *t, Value self)
{
    const FrameObject *f = as_frame(self);
    const Instr *pc = frame_pc(f);
    return fixnum((pc - f->code->instrs) * (int64_t)sizeof(Instr));
}

static Value frame_lineno(Thread *t, Value self)
{
    const FrameObject *f = as_frame(self);
    if (f->trace_line)
        return fixnum(f->trace_line);
    uint32_t at = (uint32_t)(frame_pc(f) - f->code->instrs);
    int line = code_line(f->code, at);
    if (line <= 0 && f->seen_line)
        return fixnum(f->seen_line);
    while (line <= 0 && at > 0)   // an implicit return belongs to the line before it
        line = code_line(f->code, --at);
    return fixnum(line > 0 ? line : f->code->first_line);
}

static Value frame_get_locals(Thread *t, Value self)
{
    return frame_locals(t, as_frame(self));
}

static Value frame_get_trace(Thread *t, Value self)
{
    Value trace = load_acquire(&as_frame(self)->trace);
    return trace ? trace : NONE;
}

static bool frame_set_trace(Thread *t, Value self, Value value)
{
    publish(&as_frame(self)->trace, value == NONE ? 0 : value);
    return true;
}

static Value frame_generator(Thread *t, Value self)
{
    Value g = as_frame(self)->generator;
    return g ? g : NONE;
}

static const GetSetDef frame_getsets[] = {
    {"f_back", frame_back, NULL, NULL},
    {"f_code", frame_code, NULL, NULL},
    {"f_globals", frame_globals, NULL, NULL},
    {"f_builtins", frame_builtins, NULL, NULL},
    {"f_lasti", frame_lasti, NULL, NULL},
    {"f_lineno", frame_lineno, NULL, NULL},
    {"f_locals", frame_get_locals, NULL, NULL},
    {"f_trace", frame_get_trace, frame_set_trace, NULL},
    {"f_generator", frame_generator, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

static const MemberDef frame_members[] = {
    {"f_trace_lines", MEMBER_BOOL8, offsetof(FrameObject, trace_lines), true, NULL},
    {"f_trace_opcodes", MEMBER_BOOL8, offsetof(FrameObject, trace_opcodes), true, NULL},
    {NULL, 0, 0, false, NULL},
};

static Value frame_clear(Thread *t, const Value *args, size_t nargs)
{
    FrameObject *f = as_frame(args[0]);
    Value *regs = load_acquire(&f->regs);
    if (regs && is_suspended_generator(f))
        return raise(t, EXC(RuntimeError), "cannot clear a suspended frame");
    if (regs && (!f->generator || load_acquire(&((Generator *)f->generator)->state) == GEN_RUNNING))
        return raise(t, EXC(RuntimeError), "cannot clear an executing frame");
    Value *saved = load_acquire(&f->saved);
    for (size_t i = 0; saved && i < f->code->register_count; i++)
        store_relaxed(&saved[i], (Value)0);
    f->extra_locals = 0;
    f->cleared = true;
    return NONE;
}

static Value frame_repr(Thread *t, Value self)
{
    const FrameObject *f = as_frame(self);
    Value line = frame_lineno(t, self);
    return str_format(t, "<frame at 0x%lx, file %R, line %V, code %V>", (uint64_t)self, f->code->filename, line, f->code->name);
}

static const NativeDef frame_methods[] = {
    {"clear", frame_clear, "($self, /)", "Clear all references held by the frame.", NATIVE_PLAIN},
    {NULL, NULL, NULL, NULL, 0},
};

Type type_frame = {
    TYPE_HEAD(frame, "frame", &type_object, FrameObject),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .slots = {.repr = frame_repr},
    .getsets = frame_getsets,
    .members = frame_members,
    .methods = frame_methods,
};

void frames_boot(void)
{
    hooks.call_function = interp_call_function;
    hooks.current_frame_object = current_frame_object;
    hooks.current_globals = current_globals;
    hooks.current_instruction = current_instruction;
    hooks.stack_top = stack_top;
    hooks.super_arguments = frame_super_arguments;
}
