// async_generator.c: asynchronous generators and the awaitables of their methods (PEP 525).
//
// The body is a generator whose own yields are wrapped (ASYNC_GEN_WRAP), so that they are told from what an inner await passes up.
// asend(), __anext__, athrow() and aclose() give awaitables that drive it until the next wrapped value.
#include "src/interp/generator.h"
#include "src/interp/interp.h"
#include "src/interp/misc_ops.h"
#include "src/types/exception.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef struct Wrapped {
    Object head;
    Value value;
} Wrapped;

typedef enum StepState { STEP_INIT, STEP_ITER, STEP_CLOSED } StepState;

// asend/anext (thrown is 0) and athrow (thrown an exception) and aclose (closing).
typedef struct Step {
    Object head;
    Generator *generator;
    Value sent;                   // asend's value
    Value thrown[3];              // athrow's arguments
    uint32_t state;               // StepState; belongs to the awaiting thread
    bool closing;
} Step;

Value async_generator_wrap(Thread *t, Value v)
{
    Wrapped *w = new_object(t, async_generator_wrapped, Wrapped);
    if (w)
        w->value = v;
    return value_of(w);
}

Type type_async_generator_wrapped = {
    TYPE_HEAD(async_generator_wrapped, "async_generator_wrapped_value", &type_object, Wrapped),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE,
};

static Step *as_step(Value v)
{
    return (Step *)v;
}

static bool is_wrapped(Value v)
{
    return is_exactly(v, &type_async_generator_wrapped);
}

// First use: the event loop's hooks.
static bool init_hooks(Thread *t, Generator *g)
{
    if (g->hooks_done)
        return true;
    g->hooks_done = true;
    g->finalizer = t->async_gen_finalizer;
    return !t->async_gen_firstiter || call1(t, t->async_gen_firstiter, value_of(g)) != 0;
}

static Value step_new(Thread *t, Generator *g, Type *type, uint32_t shape)
{
    if (!init_hooks(t, g))
        return 0;
    Step *step = new_object_of(t, type, shape, sizeof(Step));
    if (step) {
        step->generator = g;
        step->sent = NONE;
    }
    return value_of(step);
}

// What one resumption means for the awaiter: a passed-up value, or an exception: StopIteration(value) for a wrapped one.
static Value unwrap(Thread *t, Generator *g, SendResult result, Value out)
{
    if (result == SEND_RETURN)
        raise(t, EXC(StopAsyncIteration), NULL);
    if (result != SEND_YIELD) {
        if (pending_matches(t, EXC(StopAsyncIteration)) || pending_matches(t, EXC(GeneratorExit)))
            g->closed = true;
        g->async_running = false;
        return 0;
    }
    if (!is_wrapped(out))
        return out;
    g->async_running = false;
    return raise_stop_iteration(t, ((Wrapped *)out)->value);
}

// --- asend, anext ---

static Value asend_send(Thread *t, Value self, Value arg)
{
    Step *step = as_step(self);
    Generator *g = step->generator;
    if (step->state == STEP_CLOSED)
        return raise(t, EXC(RuntimeError), "cannot reuse already awaited __anext__()/asend()");
    if (step->state == STEP_INIT) {
        if (g->async_running) {
            step->state = STEP_CLOSED;
            return raise(t, EXC(RuntimeError), "anext(): asynchronous generator is already running");
        }
        if (arg == NONE)
            arg = step->sent;
        step->state = STEP_ITER;
    }
    g->async_running = true;
    Value out = 0;
    SendResult result = generator_resume(t, g, arg, 0, &out);
    Value v = unwrap(t, g, result, out);
    if (!v)
        step->state = STEP_CLOSED;
    return v;
}

static Value asend_next(Thread *t, Value self)
{
    return asend_send(t, self, NONE);
}

static Value asend_send_method(Thread *t, const Value *args, size_t nargs)
{
    return asend_send(t, args[0], args[1]);
}

static Value asend_throw(Thread *t, const Value *args, size_t nargs)
{
    Step *step = as_step(args[0]);
    Generator *g = step->generator;
    if (step->state == STEP_CLOSED)
        return raise(t, EXC(RuntimeError), "cannot reuse already awaited __anext__()/asend()");
    if (step->state == STEP_INIT) {
        if (g->async_running) {
            step->state = STEP_CLOSED;
            return raise(t, EXC(RuntimeError), "anext(): asynchronous generator is already running");
        }
        step->state = STEP_ITER;
        g->async_running = true;
    }
    Value exception = thrown_exception(t, args + 1, "throw");
    if (!exception)
        return 0;
    Value out = 0;
    SendResult result = generator_resume(t, g, 0, exception, &out);
    Value v = unwrap(t, g, result, out);
    if (!v)
        step->state = STEP_CLOSED;
    return v;
}

static Value close_step(Thread *t, Value self, Value (*throw_in)(Thread *, const Value *, size_t))
{
    Step *step = as_step(self);
    if (step->state == STEP_CLOSED)
        return NONE;
    Value args[4] = {self, value_of(EXC(GeneratorExit)), 0, 0};
    Value v = throw_in(t, args, 4);
    if (v)
        return raise(t, EXC(RuntimeError), "coroutine ignored GeneratorExit");
    if (pending_clear_if(t, EXC(StopIteration)) || pending_clear_if(t, EXC(StopAsyncIteration)) || pending_clear_if(t, EXC(GeneratorExit)))
        return NONE;
    return 0;
}

static Value asend_close(Thread *t, const Value *args, size_t nargs)
{
    return close_step(t, args[0], asend_throw);
}

static Value self_iter(Thread *t, Value self)
{
    return self;
}

#define STEP_METHODS(prefix)                                                                                           \
    static const NativeDef prefix##_methods[] = {                                                                      \
        {"send", prefix##_send_method, "($self, value, /)", NULL, NATIVE_PLAIN},                                       \
        {"throw", prefix##_throw, "($self, type, value=None, traceback=None, /)", NULL, NATIVE_PLAIN},                 \
        {"close", prefix##_close, "($self, /)", NULL, NATIVE_PLAIN},                                                   \
        {NULL, NULL, NULL, NULL, 0},                                                                                   \
    }
STEP_METHODS(asend);

Type type_async_generator_asend = {
    TYPE_HEAD(async_generator_asend, "async_generator_asend", &type_object, Step),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE,
    .slots = {.iter = self_iter, .next = asend_next, .await = self_iter},
    .methods = asend_methods,
};

// --- athrow, aclose ---

static Value athrow_start(Thread *t, Step *step, Value *out, SendResult *result)
{
    Generator *g = step->generator;
    if (g->async_running) {
        step->state = STEP_CLOSED;
        return raise(t, EXC(RuntimeError), "%s: asynchronous generator is already running", step->closing ? "aclose()" : "athrow()");
    }
    if (g->closed) {
        step->state = STEP_CLOSED;
        return raise(t, EXC(StopAsyncIteration), NULL);
    }
    step->state = STEP_ITER;
    g->async_running = true;
    Value exception;
    if (step->closing) {
        g->closed = true;
        exception = exception_new(t, EXC(GeneratorExit), tuple_empty);
    } else {
        exception = thrown_exception(t, step->thrown, "athrow");
    }
    if (!exception) {
        g->async_running = false;
        return 0;
    }
    *result = generator_resume(t, g, 0, exception, out);
    return NONE;
}

// aclose: the generator must end; athrow: as asend.
static Value athrow_result(Thread *t, Step *step, SendResult result, Value out)
{
    Generator *g = step->generator;
    if (!step->closing) {
        Value v = unwrap(t, g, result, out);
        if (!v)
            step->state = STEP_CLOSED;
        return v;
    }
    if (result == SEND_YIELD && is_wrapped(out)) {
        g->async_running = false;
        step->state = STEP_CLOSED;
        return raise(t, EXC(RuntimeError), "async generator ignored GeneratorExit");
    }
    if (result == SEND_YIELD)
        return out;
    g->async_running = false;
    step->state = STEP_CLOSED;
    if (result == SEND_RETURN || pending_clear_if(t, EXC(StopAsyncIteration)) || pending_clear_if(t, EXC(GeneratorExit)))
        return raise_stop_iteration(t, 0);
    return 0;
}

static Value athrow_send(Thread *t, Value self, Value arg)
{
    Step *step = as_step(self);
    if (step->state == STEP_CLOSED)
        return raise(t, EXC(RuntimeError), "cannot reuse already awaited aclose()/athrow()");
    Value out = 0;
    SendResult result = SEND_ERROR;
    if (step->state == STEP_INIT) {
        if (load_acquire(&step->generator->state) == GEN_DONE) {
            step->state = STEP_CLOSED;
            return raise_stop_iteration(t, 0);
        }
        if (arg != NONE)
            return raise(t, EXC(RuntimeError), "can't send non-None value to a just-started coroutine");
        if (!athrow_start(t, step, &out, &result))
            return 0;
    } else {
        result = generator_resume(t, step->generator, arg, 0, &out);
    }
    return athrow_result(t, step, result, out);
}

static Value athrow_next(Thread *t, Value self)
{
    return athrow_send(t, self, NONE);
}

static Value athrow_send_method(Thread *t, const Value *args, size_t nargs)
{
    return athrow_send(t, args[0], args[1]);
}

static Value athrow_throw(Thread *t, const Value *args, size_t nargs)
{
    Step *step = as_step(args[0]);
    Generator *g = step->generator;
    if (step->state == STEP_CLOSED)
        return raise(t, EXC(RuntimeError), "cannot reuse already awaited aclose()/athrow()");
    if (step->state == STEP_INIT) {
        if (g->async_running) {
            step->state = STEP_CLOSED;
            return raise(t, EXC(RuntimeError), "%s: asynchronous generator is already running", step->closing ? "aclose()" : "athrow()");
        }
        step->state = STEP_ITER;
        g->async_running = true;
    }
    Value exception = thrown_exception(t, args + 1, "throw");
    if (!exception)
        return 0;
    Value out = 0;
    SendResult result = generator_resume(t, g, 0, exception, &out);
    return athrow_result(t, step, result, out);
}

static Value athrow_close(Thread *t, const Value *args, size_t nargs)
{
    return close_step(t, args[0], athrow_throw);
}
STEP_METHODS(athrow);

Type type_async_generator_athrow = {
    TYPE_HEAD(async_generator_athrow, "async_generator_athrow", &type_object, Step),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE,
    .slots = {.iter = self_iter, .next = athrow_next, .await = self_iter},
    .methods = athrow_methods,
};

// --- the generator itself ---

static Generator *as_async(Value v)
{
    return (Generator *)v;
}

static Value async_anext(Thread *t, Value self)
{
    return step_new(t, as_async(self), &type_async_generator_asend, SHAPE_async_generator_asend);
}

static Value async_asend(Thread *t, const Value *args, size_t nargs)
{
    Value step = async_anext(t, args[0]);
    if (step)
        as_step(step)->sent = args[1];
    return step;
}

static Value async_athrow(Thread *t, const Value *args, size_t nargs)
{
    Value v = step_new(t, as_async(args[0]), &type_async_generator_athrow, SHAPE_async_generator_athrow);
    if (v)
        memcpy(as_step(v)->thrown, args + 1, sizeof as_step(v)->thrown);
    return v;
}

static Value async_aclose(Thread *t, const Value *args, size_t nargs)
{
    Value v = step_new(t, as_async(args[0]), &type_async_generator_athrow, SHAPE_async_generator_athrow);
    if (v)
        as_step(v)->closing = true;
    return v;
}

static Value get_running(Thread *t, Value self)
{
    return value_bool(as_async(self)->async_running);
}

static Value get_frame(Thread *t, Value self)
{
    if (load_acquire(&as_async(self)->state) == GEN_DONE)
        return NONE;
    return value_of(frame_object(t, as_async(self)->regs));
}

static Value get_code(Thread *t, Value self)
{
    return value_of(as_async(self)->code);
}

static Value get_await(Thread *t, Value self)
{
    Value sub = as_async(self)->yield_from;
    return sub && load_acquire(&as_async(self)->state) == GEN_SUSPENDED ? sub : NONE;
}

static Value get_suspended(Thread *t, Value self)
{
    return value_bool(load_acquire(&as_async(self)->state) == GEN_SUSPENDED);
}

static Value get_name(Thread *t, Value self)
{
    return as_async(self)->name;
}

static Value get_qualname(Thread *t, Value self)
{
    return as_async(self)->qualname;
}

static bool set_text(Thread *t, Value *field, Value value, const char *name)
{
    if (!value || !is_str(value))
        return raise(t, EXC(TypeError), "%s must be set to a string object", name);
    publish(field, value);
    return true;
}

static bool set_name(Thread *t, Value self, Value value)
{
    return set_text(t, &as_async(self)->name, value, "__name__");
}

static bool set_qualname(Thread *t, Value self, Value value)
{
    return set_text(t, &as_async(self)->qualname, value, "__qualname__");
}

static const GetSetDef async_getsets[] = {
    {"ag_frame", get_frame, NULL, NULL},
    {"ag_running", get_running, NULL, NULL},
    {"ag_suspended", get_suspended, NULL, NULL},
    {"ag_code", get_code, NULL, NULL},
    {"ag_await", get_await, NULL, "object being awaited on, or None"},
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {NULL, NULL, NULL, NULL},
};

static Value async_class_getitem(Thread *t, const Value *args, size_t nargs)
{
    return call2(t, value_of(&type_generic_alias), args[0], args[1]);
}

static const NativeDef async_methods[] = {
    {"asend", async_asend, "($self, value, /)", "Awaitable that sends a value in.", NATIVE_PLAIN},
    {"athrow", async_athrow, "($self, type, value=None, traceback=None, /)", "Awaitable that raises an exception inside.", NATIVE_PLAIN},
    {"aclose", async_aclose, "($self, /)", "Awaitable that raises GeneratorExit inside.", NATIVE_PLAIN},
    {"__class_getitem__", async_class_getitem, "($cls, item, /)", "See PEP 585", NATIVE_CLASS},
    {NULL, NULL, NULL, NULL, 0},
};

static Value async_repr(Thread *t, Value self)
{
    return str_format(t, "<async_generator object %U at 0x%lx>", as_async(self)->qualname, (uint64_t)self);
}

Type type_async_generator = {
    TYPE_HEAD(async_generator, "async_generator", &type_object, Generator),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .slots = {.repr = async_repr, .aiter = self_iter, .anext = async_anext},
    .getsets = async_getsets,
    .methods = async_methods,
};

// --- anext(iterator, default) ---

typedef struct AnextAwaitable {
    Object head;
    Value awaitable, fallback;
} AnextAwaitable;

Value anext_awaitable_new(Thread *t, Value awaitable, Value fallback)
{
    AnextAwaitable *a = new_object(t, anext_awaitable, AnextAwaitable);
    if (a) {
        a->awaitable = awaitable;
        a->fallback = fallback;
    }
    return value_of(a);
}

// StopAsyncIteration becomes the fallback as the awaited result.
static Value or_fallback(Thread *t, Value self, Value v)
{
    if (!v && pending_clear_if(t, EXC(StopAsyncIteration)))
        raise_stop_iteration(t, ((AnextAwaitable *)self)->fallback);
    return v;
}

static Value anext_iterator(Thread *t, Value self)
{
    return awaitable_iterator(t, ((AnextAwaitable *)self)->awaitable);
}

static Value drive(Thread *t, Value self, Value name, const Value *args, size_t n)
{
    Value iterator = anext_iterator(t, self);
    return iterator ? or_fallback(t, self, call_method(t, iterator, name, args, n)) : 0;
}

static Value anext_next(Thread *t, Value self)
{
    Value none = NONE;
    Value iterator = anext_iterator(t, self);
    if (!iterator)
        return 0;
    if (type_of(iterator)->slots.next) {
        Value v = type_of(iterator)->slots.next(t, iterator);
        if (!v && !is_pending(t))
            raise_stop_iteration(t, 0);
        return or_fallback(t, self, v);
    }
    return or_fallback(t, self, call_method(t, iterator, N(send), &none, 1));
}

static Value anext_send(Thread *t, const Value *args, size_t nargs)
{
    return drive(t, args[0], N(send), args + 1, 1);
}

static Value anext_throw(Thread *t, const Value *args, size_t nargs)
{
    return drive(t, args[0], N(throw), args + 1, args[3] ? 3 : args[2] ? 2 : 1);
}

static Value anext_close(Thread *t, const Value *args, size_t nargs)
{
    return drive(t, args[0], N(close), NULL, 0);
}

static const NativeDef anext_methods[] = {
    {"send", anext_send, "($self, value, /)", NULL, NATIVE_PLAIN},
    {"throw", anext_throw, "($self, type, value=None, traceback=None, /)", NULL, NATIVE_PLAIN},
    {"close", anext_close, "($self, /)", NULL, NATIVE_PLAIN},
    {NULL, NULL, NULL, NULL, 0},
};

Type type_anext_awaitable = {
    TYPE_HEAD(anext_awaitable, "anext_awaitable", &type_object, AnextAwaitable),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE,
    .slots = {.iter = self_iter, .next = anext_next, .await = self_iter},
    .methods = anext_methods,
};
