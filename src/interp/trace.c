// trace.c: trace and profile hooks: which events they get, and Python functions as hooks.
#include "src/interp/trace.h"

#include "src/interp/interp.h"
#include "src/types/exception.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static void update_interrupt(Thread *t)
{
    if (t->trace_hook || t->profile_hook)
        __atomic_fetch_or(&t->interrupt, INTERRUPT_TRACE, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&t->interrupt, ~(uint32_t)INTERRUPT_TRACE, __ATOMIC_RELAXED);
}

void trace_set_hook(Thread *t, TraceHook hook, Value object)
{
    publish(&t->trace_object, hook ? object : 0);   // another thread may set them: the object first
    publish(&t->trace_hook, (void *)hook);
    update_interrupt(t);
}

void profile_set_hook(Thread *t, TraceHook hook, Value object)
{
    publish(&t->profile_object, hook ? object : 0);
    publish(&t->profile_hook, (void *)hook);
    update_interrupt(t);
}

// Runs one hook; an exception pending before is kept.
static bool run_hook(Thread *t, TraceHook hook, Value object, Value *regs, TraceEvent event, Value arg)
{
    Value pending = pending_take(t);
    t->tracing++;
    bool fine = hook(t, object, regs, event, arg);
    t->tracing--;
    if (fine && pending)
        pending_set(t, pending);
    return fine;
}

static bool tell_trace(Thread *t, Value *regs, TraceEvent event, Value arg)
{
    return !t->trace_hook || t->tracing || run_hook(t, (TraceHook)t->trace_hook, t->trace_object, regs, event, arg);
}

static bool tell_profile(Thread *t, Value *regs, TraceEvent event, Value arg)
{
    return !t->profile_hook || t->tracing || run_hook(t, (TraceHook)t->profile_hook, t->profile_object, regs, event, arg);
}

bool trace_call(Thread *t, Value *regs)
{
    return tell_trace(t, regs, TRACE_CALL, NONE) && tell_profile(t, regs, TRACE_CALL, NONE);
}

bool trace_return(Thread *t, Value *regs, Value result)
{
    return tell_trace(t, regs, TRACE_RETURN, result) && tell_profile(t, regs, TRACE_RETURN, result);
}

void trace_exception(Thread *t, Value *regs)
{
    (void)tell_trace(t, regs, TRACE_EXCEPTION, t->exception);
}

static bool is_native(Value callee)
{
    return is_pointer(callee) && (as_object(callee)->type == &type_builtin_function || as_object(callee)->type == &type_method_descriptor);
}

bool trace_native_call(Thread *t, Value *regs, Value callee)
{
    if (t->tracing || !is_native(callee))
        return false;
    return tell_profile(t, regs, TRACE_C_CALL, callee);
}

bool trace_native_return(Thread *t, Value *regs, Value callee, Value result)
{
    return tell_profile(t, regs, result ? TRACE_C_RETURN : TRACE_C_EXCEPTION, callee) && result;
}

// --- line events ---

// First line of each instruction, made once per code object and shared.
typedef struct LineTable {
    int32_t at[1];
} LineTable;

static const LineTable *line_table(Thread *t, Code *code)
{
    LineTable *table = load_acquire((LineTable **)&code->monitoring);
    if (table)
        return table;
    table = heap_alloc(&t->heap, HEAP_ATOMIC, sizeof(int32_t) * ((size_t)code->instr_count + 1));
    if (!table)
        return NULL;
    for (uint32_t i = 0; i < code->instr_count; i++)
        table->at[i] = code_line(code, i);
    publish(&code->monitoring, (void *)table);
    return table;
}

// A line event is due at the first instruction of a line, after a jump backwards, and where the line differs from the last one seen.
bool trace_instruction(Thread *t, Value *regs)
{
    if (t->tracing)
        return true;
    FrameObject *f = (FrameObject *)frame_of(regs)->object;
    if (!f || !f->trace)
        return true;
    Code *code = frame_of(regs)->code;
    const LineTable *lines = line_table(t, code);
    if (!lines)
        return true;
    uint32_t at = (uint32_t)(frame_of(regs)->pc - code->instrs);
    int32_t line = lines->at[at];
    if (f->trace_opcodes && !tell_trace(t, regs, TRACE_OPCODE, NONE))
        return false;
    bool backwards = at < f->last_instr;
    f->last_instr = at;
    if (line <= 0 || !f->trace_lines || (line == f->seen_line && !backwards))
        return true;
    f->seen_line = line;
    return tell_trace(t, regs, TRACE_LINE, NONE);
}

// --- Python functions as hooks ---

static const char *const event_names[] = {"call", "exception", "line", "return", "c_call", "c_exception", "c_return", "opcode"};

static Value call_with_event(Thread *t, Value function, FrameObject *f, TraceEvent event, Value arg)
{
    Value name = str_intern_cstr(t, event_names[event]);
    return name ? call3(t, function, value_of(f), name, arg ? arg : NONE) : 0;
}

static Value exception_triple(Thread *t, Value exception)
{
    Value traceback = as_exception(exception)->traceback;
    return tuple_of(t, 3, value_of(type_of(exception)), exception, traceback ? traceback : NONE);
}

static bool trace_function_hook(Thread *t, Value function, Value *regs, TraceEvent event, Value arg)
{
    FrameObject *f = frame_object(t, regs);
    if (!f)
        return false;
    Value local = event == TRACE_CALL ? function : f->trace;
    if (!local)
        return true;
    if (event == TRACE_EXCEPTION)
        arg = exception_triple(t, arg);
    Value result = arg || event == TRACE_RETURN ? call_with_event(t, local, f, event, arg) : 0;
    if (!result) {
        trace_set_hook(t, NULL, 0);
        f->trace = 0;
        return false;
    }
    if (event == TRACE_CALL)
        f->seen_line = 0;
    if (result != NONE)
        publish(&f->trace, result);
    else if (event == TRACE_CALL)
        publish(&f->trace, (Value)0);
    return true;
}

static bool profile_function_hook(Thread *t, Value function, Value *regs, TraceEvent event, Value arg)
{
    FrameObject *f = frame_object(t, regs);
    if (f && call_with_event(t, function, f, event, arg))
        return true;
    profile_set_hook(t, NULL, 0);
    return false;
}

bool trace_set_function(Thread *t, Value function)
{
    trace_set_hook(t, function == NONE ? NULL : trace_function_hook, function);
    return true;
}

bool profile_set_function(Thread *t, Value function)
{
    profile_set_hook(t, function == NONE ? NULL : profile_function_hook, function);
    return true;
}

Value trace_get_function(Thread *t)
{
    return t->trace_hook == (void *)trace_function_hook ? t->trace_object : NONE;
}

Value profile_get_function(Thread *t)
{
    return t->profile_hook ? t->profile_object : NONE;
}
