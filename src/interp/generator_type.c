// generator_type.c: the types generator, coroutine and coroutine_wrapper: their methods and attributes.
#include "src/interp/generator.h"
#include "src/interp/interp.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Generator *as_generator(Value v)
{
    return (Generator *)v;
}

// What a resumption gave, as a method result: a returned value becomes StopIteration.
static Value resumed(Thread *t, SendResult result, Value out)
{
    if (result == SEND_YIELD)
        return out;
    if (result == SEND_RETURN)
        raise_stop_iteration(t, out == NONE ? 0 : out);
    return 0;
}

static Value generator_next(Thread *t, Value self)
{
    Value out = 0;
    SendResult result = generator_resume(t, as_generator(self), NONE, 0, &out);
    if (result == SEND_YIELD)
        return out;
    if (result == SEND_RETURN && out != NONE)
        raise_stop_iteration(t, out);
    return 0;
}

static SendResult generator_send_slot(Thread *t, Value self, Value sent, Value *out)
{
    return generator_resume(t, as_generator(self), sent, 0, out);
}

static Value method_send(Thread *t, const Value *args, size_t nargs)
{
    Value out = 0;
    SendResult result = generator_resume(t, as_generator(args[0]), args[1], 0, &out);
    return resumed(t, result, out);
}

// The exception instance meant by throw(type[, value[, traceback]]).
Value thrown_exception(Thread *t, const Value *args, const char *name)
{
    Value type = args[0], value = args[1] ? args[1] : NONE, traceback = args[2] ? args[2] : NONE;
    (void)name;
    if (args[1] && !warn(t, EXC(DeprecationWarning), 1, "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead."))
        return 0;
    if (traceback != NONE && !is_exactly(traceback, &type_traceback))
        return raise(t, EXC(TypeError), "throw() third argument must be a traceback object");
    Value exception;
    if (is_type(type) && type_is_subtype(as_type(type), EXC(BaseException))) {
        if (is_exception(value))
            exception = value;
        else if (value == NONE)
            exception = call0(t, type);
        else if (is_tuple(value))
            exception = call(t, type, as_tuple(value)->at, as_tuple(value)->length, 0);
        else
            exception = call1(t, type, value);
    } else if (is_exception(type)) {
        if (value != NONE)
            return raise(t, EXC(TypeError), "instance exception may not have a separate value");
        exception = type;
    } else {
        return raise(t, EXC(TypeError), "exceptions must be classes or instances deriving from BaseException, not %T", type);
    }
    if (exception && !is_exception(exception))
        return raise(t, EXC(TypeError), "exceptions must derive from BaseException");
    if (exception && traceback != NONE)
        publish(&as_exception(exception)->traceback, traceback);
    return exception;
}

static Value method_throw(Thread *t, const Value *args, size_t nargs)
{
    Value exception = thrown_exception(t, args + 1, "throw");
    if (!exception)
        return 0;
    Value out = 0;
    SendResult result = generator_resume(t, as_generator(args[0]), 0, exception, &out);
    return resumed(t, result, out);
}

static Value method_close(Thread *t, const Value *args, size_t nargs)
{
    Generator *g = as_generator(args[0]);
    g->result = 0;
    if (!generator_close(t, g))
        return 0;
    Value result = g->result;
    g->result = 0;
    return result ? result : NONE;
}

void generator_close_quietly(Thread *t, Generator *g)
{
    Value pending = pending_take(t);
    if (g->head.type == &type_coroutine && load_acquire(&g->state) == GEN_CREATED) {
        if (!warn_unawaited(t, g))
            report_unraisable(t, value_of(g), NULL);
    }
    if (g->head.type == &type_async_generator && g->finalizer && load_acquire(&g->state) == GEN_SUSPENDED) {
        if (!call1(t, g->finalizer, value_of(g)))
            report_unraisable(t, value_of(g), NULL);
    } else if (!generator_close(t, g)) {
        report_unraisable(t, value_of(g), NULL);
    }
    if (pending)
        pending_set(t, pending);
}

// --- attributes ---

static Value get_frame(Thread *t, Value self)
{
    Generator *g = as_generator(self);
    if (load_acquire(&g->state) == GEN_DONE)
        return NONE;
    return value_of(frame_object(t, g->regs));
}

static Value get_running(Thread *t, Value self)
{
    return value_bool(load_acquire(&as_generator(self)->state) == GEN_RUNNING);
}

static Value get_suspended(Thread *t, Value self)
{
    return value_bool(load_acquire(&as_generator(self)->state) == GEN_SUSPENDED);
}

static Value get_code(Thread *t, Value self)
{
    return value_of(as_generator(self)->code);
}

static Value get_yield_from(Thread *t, Value self)
{
    Value sub = as_generator(self)->yield_from;
    return sub && load_acquire(&as_generator(self)->state) == GEN_SUSPENDED ? sub : NONE;
}

static Value get_name(Thread *t, Value self)
{
    return as_generator(self)->name;
}

static Value get_qualname(Thread *t, Value self)
{
    return as_generator(self)->qualname;
}

static bool set_name(Thread *t, Value self, Value value)
{
    if (!value || !is_str(value))
        return raise(t, EXC(TypeError), "__name__ must be set to a string object");
    publish(&as_generator(self)->name, value);
    return true;
}

static bool set_qualname(Thread *t, Value self, Value value)
{
    if (!value || !is_str(value))
        return raise(t, EXC(TypeError), "__qualname__ must be set to a string object");
    publish(&as_generator(self)->qualname, value);
    return true;
}

static Value get_origin(Thread *t, Value self)
{
    Value origin = as_generator(self)->origin;
    return origin ? origin : NONE;
}

#define COMMON_GETSETS(prefix)                                                                                         \
    {prefix "_frame", get_frame, NULL, NULL}, {prefix "_running", get_running, NULL, NULL},                            \
        {prefix "_suspended", get_suspended, NULL, NULL}, {prefix "_code", get_code, NULL, NULL},                      \
        {"__name__", get_name, set_name, NULL}, {"__qualname__", get_qualname, set_qualname, NULL}

static const GetSetDef generator_getsets[] = {
    COMMON_GETSETS("gi"),
    {"gi_yieldfrom", get_yield_from, NULL, "object being iterated by yield from, or None"},
    {NULL, NULL, NULL, NULL},
};

static const GetSetDef coroutine_getsets[] = {
    COMMON_GETSETS("cr"),
    {"cr_await", get_yield_from, NULL, "object being awaited on, or None"},
    {"cr_origin", get_origin, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

static Value method_sizeof(Thread *t, const Value *args, size_t nargs)
{
    return fixnum((int64_t)(sizeof(Generator) + as_generator(args[0])->code->register_count * sizeof(Value)));
}

#define COMMON_METHODS                                                                                                 \
    {"send", method_send, "($self, value, /)", "Resume with a value: returns the next yielded value or raises StopIteration.", NATIVE_PLAIN},   \
        {"throw", method_throw, "($self, type, value=None, traceback=None, /)", "Raise an exception where it is suspended.", NATIVE_PLAIN}, \
        {"close", method_close, "($self, /)", "Raise GeneratorExit where it is suspended.", NATIVE_PLAIN},                  \
        {"__sizeof__", method_sizeof, "($self, /)", NULL, NATIVE_PLAIN},                                               \
        {"__class_getitem__", class_getitem, "($cls, item, /)", "See PEP 585", NATIVE_CLASS}

static Value class_getitem(Thread *t, const Value *args, size_t nargs)
{
    return call2(t, value_of(&type_generic_alias), args[0], args[1]);
}

static const NativeDef generator_methods[] = {COMMON_METHODS, {NULL, NULL, NULL, NULL, 0}};

static Value generator_repr(Thread *t, Value self)
{
    return str_format(t, "<%N object %U at 0x%lx>", type_of(self), as_generator(self)->qualname, (uint64_t)self);
}

static Value self_iter(Thread *t, Value self)
{
    return self;
}

Type type_generator = {
    TYPE_HEAD(generator, "generator", &type_object, Generator),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .slots = {.repr = generator_repr, .iter = self_iter, .next = generator_next, .send = generator_send_slot},
    .getsets = generator_getsets,
    .methods = generator_methods,
};

// --- coroutine ---

typedef struct CoroutineWrapper {
    Object head;
    Value coroutine;
} CoroutineWrapper;

static Value coroutine_await(Thread *t, Value self)
{
    CoroutineWrapper *w = new_object(t, coroutine_wrapper, CoroutineWrapper);
    if (w)
        w->coroutine = self;
    return value_of(w);
}

static const NativeDef coroutine_methods[] = {COMMON_METHODS, {NULL, NULL, NULL, NULL, 0}};

Type type_coroutine = {
    TYPE_HEAD(coroutine, "coroutine", &type_object, Generator),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .slots = {.repr = generator_repr, .await = coroutine_await, .send = generator_send_slot},
    .getsets = coroutine_getsets,
    .methods = coroutine_methods,
};

static Value wrapped(Value self)
{
    return ((CoroutineWrapper *)self)->coroutine;
}

static Value wrapper_next(Thread *t, Value self)
{
    return generator_next(t, wrapped(self));
}

static SendResult wrapper_send_slot(Thread *t, Value self, Value sent, Value *out)
{
    return generator_resume(t, as_generator(wrapped(self)), sent, 0, out);
}

static Value wrapper_send(Thread *t, const Value *args, size_t nargs)
{
    Value forwarded[2] = {wrapped(args[0]), args[1]};
    return method_send(t, forwarded, 2);
}

static Value wrapper_throw(Thread *t, const Value *args, size_t nargs)
{
    Value forwarded[4] = {wrapped(args[0]), args[1], args[2], args[3]};
    return method_throw(t, forwarded, 4);
}

static Value wrapper_close(Thread *t, const Value *args, size_t nargs)
{
    Value forwarded[1] = {wrapped(args[0])};
    return method_close(t, forwarded, 1);
}

static const NativeDef wrapper_methods[] = {
    {"send", wrapper_send, "($self, value, /)", NULL, NATIVE_PLAIN},
    {"throw", wrapper_throw, "($self, type, value=None, traceback=None, /)", NULL, NATIVE_PLAIN},
    {"close", wrapper_close, "($self, /)", NULL, NATIVE_PLAIN},
    {NULL, NULL, NULL, NULL, 0},
};

Type type_coroutine_wrapper = {
    TYPE_HEAD(coroutine_wrapper, "coroutine_wrapper", &type_object, CoroutineWrapper),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE,
    .slots = {.iter = self_iter, .next = wrapper_next, .send = wrapper_send_slot},
    .methods = wrapper_methods,
};

// --- where a coroutine was made, and the warning when nobody awaits it ---

bool coroutine_record_origin(Thread *t, Generator *g)
{
    int64_t depth = t->coroutine_origin_depth ? fixnum_value(t->coroutine_origin_depth) : 0;
    if (depth <= 0)
        return true;
    List *lines = list_new(t, 4);
    if (!lines)
        return false;
    for (Value *regs = frame_regs_back(t->regs); regs && depth > 0; regs = frame_regs_back(regs), depth--) {
        const Code *code = frame_of(regs)->code;
        Value line = fixnum(code_line(code, (uint32_t)(frame_of(regs)->pc - code->instrs)));
        Value entry = tuple_of(t, 3, code->filename, line, code->name);
        if (!entry || !list_append(t, lines, entry))
            return false;
    }
    g->origin = list_to_tuple(t, lines);
    return g->origin != 0;
}

bool warn_unawaited(Thread *t, Generator *g)
{
    Value warnings = hooks.import_module ? hooks.import_module(t, "warnings") : 0;
    if (!warnings) {
        pending_clear(t);
        return warn(t, EXC(RuntimeWarning), 1, "coroutine '%U' was never awaited", g->qualname);
    }
    return call_method1(t, warnings, N(_warn_unawaited_coroutine), value_of(g)) != 0;
}
