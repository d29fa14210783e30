// call.c: entering Python functions and all other calls.
//
// Arguments stand in the caller's call window; a function's registers start at them, so that nothing is copied. Generators' frames live
// in the heap: what they call starts on the value stack, and the arguments are copied there.
#include "src/interp/interp.h"
#include "src/core/native.h"
#include "src/interp/trace.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

void cache_write(Value *R, const Instr *pc, Value word, Opcode form, Opcode generic, Opcode any)
{
    Code *code = frame_of(R)->code;
    bool locked = object_lock(&code->head);
    uint16_t now = load_relaxed(&pc->op);
    if (word && (now == generic || now == form)) {
        set_cache(code, pc, word);
        requicken(pc, form);
    } else if (now == generic || now != form || word) {
        requicken(pc, any);
    }
    object_unlock(&code->head, locked);
}

static bool on_stack(const Thread *t, const Value *regs)
{
    return regs >= t->stack_base && regs < t->stack_base + t->stack_bytes / sizeof(Value);
}

Value *stack_top(Thread *t)
{
    Value *regs = t->regs;
    if (!regs)
        return t->stack_base;
    if (on_stack(t, regs))
        return regs + frame_of(regs)->code->register_count;
    return generator_of(regs)->stack_top;
}

// Where a call instruction's callee starts, arguments (nargs words at args) included.
static Value *window_start(Thread *t, Value *R, Value *args, size_t nargs)
{
    if (likely(!is_generator_frame(frame_of(R)->code)) || on_stack(t, R))
        return args;
    Value *dest = generator_of(R)->stack_top + FRAME_WORDS;
    if (unlikely(dest + nargs >= t->stack_limit)) {
        if (!value_stack_full(t))
            return NULL;
    }
    memcpy(dest, args, nargs * sizeof(Value));
    return dest;
}

Value *frame_push(Thread *t, Value *regs, Function *f, size_t filled, Value *caller, const Instr *return_pc)
{
    Code *code = f->code;
    if (unlikely(++t->depth > t->depth_limit) && !recursion_check(t)) {
        t->depth--;
        return NULL;
    }
    if (unlikely(regs + code->register_count > t->stack_limit)) {
        t->depth--;
        (void)!value_stack_full(t);
        return NULL;
    }
    Frame *frame = frame_of(regs);
    frame->object = 0;
    frame->pc = code->instrs;
    frame->return_pc = return_pc;
    frame->caller = caller;
    frame->code = code;
    frame->function = f;
    for (size_t i = filled; i < code->local_count; i++)
        regs[i] = 0;
    publish(&t->regs, regs);   // from here on the collector sees the frame
    return regs;
}

static bool takes_exactly(const Code *code, size_t nargs)
{
    return code->arg_count == nargs && !code->kwonly_count && !(code->flags & (CO_VARARGS | CO_VARKEYWORDS));
}

Value init_result(Thread *t, Value result, Value instance)
{
    if (result == NONE)
        return instance;
    return raise(t, EXC(TypeError), "__init__() should return None, not '%T'", result);
}

// Runs a native or any other callable and puts the result into R[a].
static Value *call_native_here(Thread *t, Value *R, const Instr *pc, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    bool reported = unlikely(t->profile_hook) && trace_native_call(t, R, callee);
    if (is_pending(t))
        return NULL;
    Value v = call(t, callee, args, nargs, kwnames);
    if (reported && !trace_native_return(t, R, callee, v))
        return NULL;
    if (!v)
        return NULL;
    R[pc->a] = v;
    return R;
}

static Value *enter_function(Thread *t, Value *R, const Instr *pc, Function *f, Value *args, size_t nargs, Value kwnames, bool is_init)
{
    size_t all = nargs + (kwnames ? as_tuple(kwnames)->length : 0);
    Value *dest = window_start(t, R, args, all);
    if (!dest)
        return NULL;
    const Instr *back = is_init ? (const Instr *)((uintptr_t)(pc + 1) | RETURN_INIT) : pc + 1;
    if (!kwnames && takes_exactly(f->code, nargs))
        return frame_push(t, dest, f, nargs, R, back);
    return frame_push_bound(t, dest, f, dest, nargs, kwnames, R, back);
}

// args: nargs positional values in the window, then those of kwnames; args[-1] is free for a self.
Value *call_slow(Thread *t, Value *R, const Instr *pc, Value *args, size_t nargs, Value kwnames)
{
    Value callee = R[pc->b];
    if (is_exactly(callee, &type_method)) {
        const Method *m = (const Method *)callee;
        *--args = m->self;
        nargs++;
        callee = m->function;
    }
    if (is_exactly(callee, &type_function))
        return enter_function(t, R, pc, (Function *)callee, args, nargs, kwnames, false);
    return call_native_here(t, R, pc, callee, args, nargs, kwnames);
}

Value *init_enter(Thread *t, Value *R, const Instr *pc, const InitRecord *record, size_t nargs)
{
    Value *args = &R[pc->b + WINDOW];
    Object *instance = instance_new(t, record->type, 0);
    if (!instance)
        return NULL;
    R[pc->b] = value_of(instance);   // kept there until RETURN
    *--args = value_of(instance);
    return enter_function(t, R, pc, record->init, args, nargs + 1, 0, true);
}

// A class whose instances are made by object.__new__ and type.__call__, with a Python __init__ that takes these arguments.
static InitRecord *init_record(Thread *t, Value callee, size_t nargs)
{
    if (!is_type(callee) || type_of(callee)->slots.call != type_type.slots.call)
        return NULL;
    Type *cls = as_type(callee);
    if (!type_has_flag(cls, TYPE_HEAP) || type_has_flag(cls, TYPE_ABSTRACT) || cls->slots.new != type_object.slots.new)
        return NULL;
    uint32_t version = load_acquire(&cls->version);
    Value init = type_lookup(cls, N(__init__));
    if (!init || !is_exactly(init, &type_function) || !takes_exactly(((Function *)init)->code, nargs + 1)
        || is_generator_frame(((Function *)init)->code))
        return NULL;
    InitRecord *record = heap_alloc(&t->heap, HEAP_SCANNED, sizeof *record);
    if (!record)
        return NULL;
    record->type = cls;
    record->version = version;
    record->init = (Function *)init;
    return record;
}

// The quickened form of a CALL or CALL_METHOD for this callee.
static void quicken_call(Thread *t, Value *R, const Instr *pc, Value callee, size_t nargs, bool method, bool has_self)
{
    Opcode generic = method ? OP_CALL_METHOD : OP_CALL, any = method ? OP_CALL_METHOD_ANY : OP_CALL_ANY, form = any;
    size_t all = nargs + has_self;
    Value word = 0;
    if (is_exactly(callee, &type_function)) {
        const Code *code = ((Function *)callee)->code;
        if (takes_exactly(code, all) && !is_generator_frame(frame_of(R)->code)) {
            form = !method ? OP_CALL_PY : has_self ? OP_CALL_METHOD_PY : OP_CALL_METHOD_FUNCTION;
            word = value_of(code);
        }
    } else if (!method && is_exactly(callee, &type_builtin_function)) {
        const Signature *sig = native_function_signature(t, (NativeFunction *)callee);
        if (sig && !sig->has_varargs && sig->count == nargs + sig->has_self && sig->positional == sig->count) {
            form = OP_CALL_NATIVE;
            word = callee;
        }
    } else if (method && has_self && is_exactly(callee, &type_method_descriptor)) {
        const Signature *sig = method_descriptor_signature(t, (MethodDescriptor *)callee);
        if (sig && !sig->has_varargs && sig->count == all && sig->positional == all) {
            form = OP_CALL_METHOD_NATIVE;
            word = callee;
        }
    } else if (!method) {
        form = OP_CALL_INIT;
        word = value_of(init_record(t, callee, nargs));
    }
    cache_write(R, pc, word, form, generic, any);
}

Value *op_call(Thread *t, Value *R, const Instr *pc)
{
    size_t nargs = (size_t)fixnum_value(frame_of(R)->code->pool[pc->c + 1]);
    if (pc->op != OP_CALL_ANY)
        quicken_call(t, R, pc, R[pc->b], nargs, false, false);
    return call_slow(t, R, pc, &R[pc->b + WINDOW], nargs, 0);
}

Value *op_call_method(Thread *t, Value *R, const Instr *pc)
{
    size_t nargs = (size_t)fixnum_value(frame_of(R)->code->pool[pc->c + 1]);
    Value *args = &R[pc->b + WINDOW];
    bool has_self = args[0] != 0;
    if (pc->op != OP_CALL_METHOD_ANY)
        quicken_call(t, R, pc, R[pc->b], nargs, true, has_self);
    return has_self ? call_slow(t, R, pc, args, nargs + 1, 0) : call_slow(t, R, pc, args + 1, nargs, 0);
}

Value *op_call_kw(Thread *t, Value *R, const Instr *pc, bool method)
{
    const Value *pool = frame_of(R)->code->pool;
    Value kwnames = pool[pc->c + 2], *args = &R[pc->b + WINDOW];
    size_t nargs = (size_t)fixnum_value(pool[pc->c + 1]) - as_tuple(kwnames)->length;
    if (method && args[0])
        nargs++;
    else if (method)
        args++;
    return call_slow(t, R, pc, args, nargs, kwnames);
}

bool op_call_ex(Thread *t, Value *R, const Instr *pc)
{
    Value callee = R[pc->b], args = R[pc->b + 1], kwargs = R[pc->b + 2];
    if (!is_exactly(args, &type_tuple)) {
        Value tuple = tuple_from_iterable(t, args);
        if (!tuple) {
            if (pending_matches(t, EXC(TypeError)) && !type_of(args)->slots.iter && !type_of(args)->slots.getitem) {
                pending_clear(t);
                Value text = op_callee_text(t, callee);
                if (text)
                    raise(t, EXC(TypeError), "%U argument after * must be an iterable, not %T", text, args);
            }
            return false;
        }
        args = tuple;
    }
    Value v = call_tuple_dict(t, callee, args, kwargs);
    if (!v)
        return false;
    R[pc->a] = v;
    return true;
}

// Runs the frame just pushed from C until it returns.
static Value run_frame(Thread *t, Value *regs)
{
    if (!recursion_enter(t, "")) {
        publish(&t->regs, frame_of(regs)->caller);
        t->depth--;
        return 0;
    }
    Value *outer = frame_of(regs)->caller;
    Value v = interp_loop(t, regs);
    recursion_leave(t);
    publish(&t->regs, outer);
    return v;
}

Value interp_call_function(Thread *t, Value function, const Value *args, size_t nargs, Value kwnames)
{
    Function *f = (Function *)function;
    Value *dest = stack_top(t) + FRAME_WORDS;
    Value *regs;
    if (!kwnames && takes_exactly(f->code, nargs)) {
        if (unlikely(dest + nargs >= t->stack_limit)) {
            (void)!value_stack_full(t);
            return 0;
        }
        memcpy(dest, args, nargs * sizeof(Value));
        regs = frame_push(t, dest, f, nargs, t->regs, NULL);
    } else {
        regs = frame_push_bound(t, dest, f, args, nargs, kwnames, t->regs, NULL);
    }
    return regs ? run_frame(t, regs) : 0;
}

Value interp_run_code(Thread *t, Code *code, Value globals, Value namespace)
{
    Value function = function_new(t, code, globals, 0);
    if (!function)
        return 0;
    Value *dest = stack_top(t) + FRAME_WORDS;
    Value *regs = frame_push(t, dest, (Function *)function, 0, t->regs, NULL);
    if (!regs)
        return 0;
    if (code->flags & CODE_NAMESPACE)
        regs[0] = namespace;
    return run_frame(t, regs);
}
