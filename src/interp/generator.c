// generator.c: generators and coroutines: frames that live in the heap.
//
// A Generator ends with its frame's header and registers. Resuming links it on top of the running frame, so that the loop switches registers
// and goes on: no C stack is used unless C resumes it. `state` is the guard: whoever moves it to RUNNING by compare-and-swap owns all
// other fields until it is moved on.
#include "src/interp/generator.h"

#include "src/interp/interp.h"
#include "src/interp/trace.h"
#include "src/types/exception.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Type *type_for(const Code *code)
{
    if (code->flags & CO_COROUTINE)
        return &type_coroutine;
    return code->flags & CO_ASYNC_GENERATOR ? &type_async_generator : &type_generator;
}

static uint32_t shape_for(const Type *type)
{
    return type == &type_coroutine ? SHAPE_coroutine : type == &type_async_generator ? SHAPE_async_generator : SHAPE_generator;
}

static void generator_finalize(void *object, void *data)
{
    (void)data;
    Thread *t = thread_current();
    Generator *g = object;
    if (t && load_acquire(&g->state) != GEN_DONE)
        generator_close_quietly(t, g);
}

Value generator_new(Thread *t, Value *regs, const Instr *pc)
{
    Frame *frame = frame_of(regs);
    Code *code = frame->code;
    Type *type = type_for(code);
    Generator *g = new_object_of(t, type, shape_for(type), sizeof(Generator) + code->register_count * sizeof(Value));
    if (!g)
        return 0;
    g->name = frame->function->name;
    g->qualname = frame->function->qualname;
    g->code = code;
    g->frame.code = code;
    g->frame.function = frame->function;
    g->frame.pc = pc;
    memcpy(g->regs, regs, code->register_count * sizeof(Value));
    if (frame->object) {
        FrameObject *f = (FrameObject *)frame->object;
        g->frame.object = frame->object;
        f->generator = value_of(g);
        publish(&f->regs, g->regs);
        frame->object = 0;
    }
    if (type == &type_coroutine && !coroutine_record_origin(t, g))
        return 0;
    // Only a frame with something to clean up, or a coroutine that was never awaited, must hear of its death.
    if (code->handler_count > 1 || type != &type_generator)
        heap_set_finalizer(g, generator_finalize, NULL);
    return value_of(g);
}

static const char *kind_name(const Generator *g)
{
    return g->head.type == &type_coroutine ? "coroutine" : g->head.type == &type_async_generator ? "async generator" : "generator";
}

Value *generator_enter(Thread *t, Generator *g, Value *caller, const Instr *site)
{
    uint32_t state = load_acquire(&g->state);
    for (;;) {
        if (state == GEN_DONE)
            return NULL;
        if (state == GEN_RUNNING)
            return RAISE_NULL(t, EXC(ValueError), "%s already executing", kind_name(g));
        if (__atomic_compare_exchange_n(&g->state, &state, GEN_RUNNING, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            break;
    }
    if (unlikely(++t->depth > t->depth_limit) && !recursion_check(t)) {
        t->depth--;
        publish(&g->state, state);
        return NULL;
    }
    g->was_started = state == GEN_SUSPENDED;
    g->stack_top = stack_top(t);
    g->site = site;
    g->frame.caller = caller;
    g->frame.return_pc = NULL;
    g->exc_info.previous = t->exc_info;
    t->exc_info = &g->exc_info;
    publish(&t->regs, g->regs);
    g->frame.pc++;   // behind the RETURN_GENERATOR or YIELD; its a is the register for what is sent
    return g->regs;
}

void generator_leave(Thread *t, Generator *g, GeneratorState state)
{
    t->exc_info = g->exc_info.previous;
    g->exc_info.previous = NULL;
    g->frame.caller = NULL;
    publish(&g->state, (uint32_t)state);
}

// The frame has ended: nothing it held is needed any more.
void generator_finished(Thread *t, Generator *g)
{
    (void)t;
    g->yield_from = 0;
    g->exc_info.exception = 0;
    if (g->frame.object)
        return;   // its frame object was given a copy by frame_end; the registers still serve nobody
    memset(g->regs, 0, g->code->register_count * sizeof(Value));
}

// The register that takes what is sent: named by the instruction before the one to go on with.
static void put_sent(Generator *g, Value sent)
{
    g->regs[g->frame.pc[-1].a] = sent;
}

static SendResult run(Thread *t, Generator *g, Value *out)
{
    if (!recursion_enter(t, "")) {
        t->depth--;
        publish(&t->regs, g->frame.caller);
        generator_leave(t, g, GEN_DONE);
        return SEND_ERROR;
    }
    Value *outer = g->frame.caller;
    if (unlikely(trace_is_on(t)) && g->was_started && !is_pending(t)) {
        g->frame.pc--;   // the event is at the yield
        bool fine = trace_call(t, g->regs);
        Value *regs = fine ? g->regs : unwind(t, g->regs, true);
        if (!regs) {
            publish(&t->regs, outer);
            return SEND_ERROR;
        }
        g->frame.pc += fine;
    }
    Value v = interp_loop(t, g->regs);
    recursion_leave(t);
    publish(&t->regs, outer);
    if (!v)
        return SEND_ERROR;
    *out = v;
    return load_acquire(&g->state) == GEN_DONE ? SEND_RETURN : SEND_YIELD;
}

static SendResult resume_with(Thread *t, Generator *g, Value sent, Value *out)
{
    if (load_acquire(&g->state) == GEN_CREATED && sent != NONE) {
        raise(t, EXC(TypeError), "can't send non-None value to a just-started %s", kind_name(g));
        return SEND_ERROR;
    }
    if (!generator_enter(t, g, t->regs, NULL)) {
        if (is_pending(t))
            return SEND_ERROR;
        if (g->head.type == &type_coroutine) {
            raise(t, EXC(RuntimeError), "cannot reuse already awaited coroutine");
            return SEND_ERROR;
        }
        *out = NONE;
        return SEND_RETURN;
    }
    put_sent(g, sent);
    return run(t, g, out);
}

// Raises `thrown` (pending already) inside the frame at the instruction it is suspended at.
static SendResult resume_raising(Thread *t, Generator *g, Value *out)
{
    Value thrown = pending_take(t);
    Value *outer = t->regs;
    if (!generator_enter(t, g, outer, NULL)) {
        if (!is_pending(t)) {
            if (g->head.type == &type_coroutine)
                raise(t, EXC(RuntimeError), "cannot reuse already awaited coroutine");
            else
                pending_set(t, thrown);
        }
        return SEND_ERROR;
    }
    g->frame.pc--;   // the exception is raised by the instruction it waits in
    pending_set(t, thrown);
    Value handled = handled_exception(t);
    if (handled && handled != thrown)
        pending_chain_context(t, handled);
    Value *regs = unwind(t, g->regs, true);
    if (!regs) {
        publish(&t->regs, outer);
        return SEND_ERROR;
    }
    return run(t, g, out);
}

// throw() while suspended in `yield from x` or await: x hears it first.
static SendResult throw_into_sub_iterator(Thread *t, Generator *g, Value thrown, Value *out)
{
    Value sub = g->yield_from, result = 0;
    uint32_t expected = GEN_SUSPENDED;
    if (!__atomic_compare_exchange_n(&g->state, &expected, GEN_RUNNING, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        raise(t, EXC(ValueError), "%s already executing", kind_name(g));
        return SEND_ERROR;
    }
    bool handled = generator_throw_to(t, sub, thrown, &result);
    publish(&g->state, (uint32_t)GEN_SUSPENDED);
    if (!handled) {   // x has no throw: the exception is raised here
        g->yield_from = 0;
        pending_set(t, thrown);
        return resume_raising(t, g, out);
    }
    if (result) {
        *out = result;
        return SEND_YIELD;
    }
    g->yield_from = 0;
    if (!is_pending(t) || pending_matches(t, EXC(StopIteration))) {
        Value value = generator_stop_value(t);
        if (!generator_enter(t, g, t->regs, NULL))
            return SEND_ERROR;
        put_sent(g, value);
        g->frame.pc++;   // behind the JUMP_BACK to SEND: the sub-iterator has ended
        return run(t, g, out);
    }
    return resume_raising(t, g, out);
}

SendResult generator_resume(Thread *t, Generator *g, Value sent, Value thrown, Value *out)
{
    if (!thrown)
        return resume_with(t, g, sent, out);
    if (load_acquire(&g->state) == GEN_SUSPENDED && g->yield_from)
        return throw_into_sub_iterator(t, g, thrown, out);
    pending_set(t, thrown);
    return resume_raising(t, g, out);
}

// The value of a StopIteration that is pending (taken), or None when nothing is pending.
Value generator_stop_value(Thread *t)
{
    if (!is_pending(t))
        return NONE;
    Value stop = pending_take(t);
    Value value = as_exception(stop)->extra[STOP_VALUE];
    return value ? value : NONE;
}

// Raises StopIteration(value) as a generator's return does; nothing is raised for None in the next slot.
Value generator_raise_stop(Thread *t, Value value)
{
    return raise_stop_iteration(t, value);
}

static bool is_generator_like(Value v)
{
    return is_pointer(v) && (as_object(v)->type == &type_generator || as_object(v)->type == &type_coroutine);
}

// Throws into any iterator: *out = what it yields, or 0 (with StopIteration or another exception pending, or nothing pending at a plain end).
// Returns false when it has no throw method (and closes it first when a GeneratorExit is thrown).
bool generator_throw_to(Thread *t, Value sub, Value thrown, Value *out)
{
    *out = 0;
    if (type_is_subtype(type_of(thrown), EXC(GeneratorExit))) {
        // close() the sub-iterator, then let GeneratorExit be raised here
        if (is_generator_like(sub)) {
            if (!generator_close(t, (Generator *)sub))
                return true;
            return false;
        }
        Value method = 0;
        int found = attr_find(t, sub, N(close), &method);
        if (found < 0)
            return true;
        if (found && !call0(t, method))
            return true;
        return false;
    }
    if (is_generator_like(sub)) {
        SendResult result = generator_resume(t, (Generator *)sub, 0, thrown, out);
        if (result == SEND_RETURN) {
            Value value = *out;
            *out = 0;
            raise_stop_iteration(t, value);
        } else if (result == SEND_ERROR) {
            *out = 0;
        }
        return true;
    }
    Value method = 0;
    int found = attr_find(t, sub, N(throw), &method);
    if (found < 0)
        return true;
    if (!found)
        return false;
    *out = call1(t, method, thrown);
    return true;
}

bool generator_close(Thread *t, Generator *g)
{
    uint32_t state = load_acquire(&g->state);
    if (state == GEN_DONE)
        return true;
    if (state == GEN_CREATED) {
        uint32_t expected = GEN_CREATED;
        if (__atomic_compare_exchange_n(&g->state, &expected, GEN_DONE, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            generator_finished(t, g);
            return true;
        }
    }
    Value exit = exception_new(t, EXC(GeneratorExit), tuple_empty), out = 0;
    if (!exit)
        return false;
    SendResult result = generator_resume(t, g, 0, exit, &out);
    if (result == SEND_YIELD) {
        raise(t, EXC(RuntimeError), "%s ignored GeneratorExit", kind_name(g));
        return false;
    }
    if (result == SEND_RETURN) {
        g->result = out;
        return true;
    }
    return pending_clear_if(t, EXC(GeneratorExit)) || pending_clear_if(t, EXC(StopIteration));
}

bool op_send(Thread *t, Value *R, const Instr *pc, SendResult *out_result)
{
    Value receiver = R[pc->b], sent = R[pc->a], out = 0;
    SendFn send = type_of(receiver)->slots.send;
    if (send) {
        *out_result = send(t, receiver, sent, &out);
        if (*out_result == SEND_ERROR)
            return false;
        R[pc->a] = out;
        return true;
    }
    out = sent == NONE && type_of(receiver)->slots.next ? type_of(receiver)->slots.next(t, receiver) : call_method1(t, receiver, N(send), sent);
    if (out) {
        *out_result = SEND_YIELD;
        R[pc->a] = out;
        return true;
    }
    if (is_pending(t) && !pending_matches(t, EXC(StopIteration)))
        return false;
    *out_result = SEND_RETURN;
    R[pc->a] = generator_stop_value(t);
    return true;
}
