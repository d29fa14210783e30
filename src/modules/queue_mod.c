// queue_mod.c: the _queue module: SimpleQueue, an unbounded queue between threads.
//
// Items are in a deque with guards of its own. `puts` counts additions: a thread that found the queue empty parks on it with the
// number it had read before it looked, so that no addition is missed.
#include <time.h>

#include "src/core/lock.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/modules/deque.h"
#include "src/modules/exception_class.h"
#include "src/ops/ops.h"
#include "src/types/function.h"

typedef struct SimpleQueue {
    Object head;
    Deque *items;
    uint32_t puts;                // futex word
} SimpleQueue;

static Value empty_error;         // _queue.Empty; root, set once

static Value queue_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    bool own_init = cls->slots.init != type_simple_queue.slots.init;
    if (!own_init && (nargs || kwnames))
        return raise(t, EXC(TypeError), "SimpleQueue() takes no %s arguments", nargs ? "positional" : "keyword");
    Deque *items = deque_new(t);
    SimpleQueue *q = items ? instance_new(t, cls, 0) : NULL;
    if (q)
        q->items = items;
    return value_of(q);
}

static Value put(Thread *t, SimpleQueue *q, Value item)
{
    if (!deque_append(t, q->items, item))
        return 0;
    __atomic_fetch_add(&q->puts, 1, __ATOMIC_RELEASE);
    if (load_relaxed(&vm_multithreaded))
        park_wake(&q->puts, 1);
    return NONE;
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Waits until an item comes or the deadline passes (negative: none); 0 without an exception: it has passed.
static Value take_waiting(Thread *t, SimpleQueue *q, int64_t deadline)
{
    for (;;) {
        uint32_t seen = load_acquire(&q->puts);
        Value item = deque_take_first(q->items);
        if (item)
            return item;
        int64_t left = deadline < 0 ? -1 : deadline - now_ns();
        if (deadline >= 0 && left <= 0)
            return 0;
        park_on(&q->puts, seen, left);
        if (!safepoint(t))
            return 0;
    }
}

static bool timeout_ns(Thread *t, Value timeout, int64_t *out)
{
    double seconds;
    if (!is_int(timeout) && !is_float(timeout) && !type_of(timeout)->slots.to_index && !type_of(timeout)->slots.to_float)
        return raise(t, EXC(TypeError), "'%T' object cannot be interpreted as an integer or float", timeout) != 0;
    if (!to_double(t, timeout, &seconds))
        return false;
    if (seconds < 0)
        return raise(t, EXC(ValueError), "'timeout' must be a non-negative number") != 0;
    if (!(seconds < (double)INT64_MAX / 2e9))
        return raise(t, EXC(OverflowError), "timestamp out of range for C PyTime_t") != 0;
    *out = (int64_t)(seconds * 1e9);
    return true;
}

static Value get(Thread *t, SimpleQueue *q, bool block, Value timeout)
{
    int64_t wait = 0, deadline = -1;
    if (block && timeout && timeout != NONE) {
        if (!timeout_ns(t, timeout, &wait))
            return 0;
        deadline = now_ns() + wait;
    }
    Value item = block ? take_waiting(t, q, deadline) : deque_take_first(q->items);
    if (item || is_pending(t))
        return item;
    Value exception = call0(t, empty_error);
    return exception ? raise_value(t, exception) : 0;
}

// --- methods ---

static Value put_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return put(t, (SimpleQueue *)args[0], args[1]);   // never blocks: block and timeout are there for Queue's sake
}

static Value get_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int block = args[1] ? truth(t, args[1]) : 1;
    return block < 0 ? 0 : get(t, (SimpleQueue *)args[0], block, args[2]);
}

static Value get_nowait_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return get(t, (SimpleQueue *)args[0], false, 0);
}

static Value empty_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    return value_bool(deque_length(((SimpleQueue *)args[0])->items) == 0);
}

static Value qsize_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    return fixnum((int64_t)deque_length(((SimpleQueue *)args[0])->items));
}

static Value class_getitem_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return generic_alias_new(t, args[0], args[1]);
}

static const NativeDef queue_methods[] = {
    {"empty", empty_method, "($self, /)", "Return True if the queue is empty, False otherwise (not reliable!).", 0},
    {"get", get_method, "($self, /, block=True, timeout=None)",
     "Remove and return an item from the queue.\n\n"
     "If optional args 'block' is true and 'timeout' is None (the default),\n"
     "block if necessary until an item is available. If 'timeout' is\n"
     "a non-negative number, it blocks at most 'timeout' seconds and raises\n"
     "the Empty exception if no item was available within that time.\n"
     "Otherwise ('block' is false), return an item if one is immediately\n"
     "available, else raise the Empty exception ('timeout' is ignored\nin that case).", 0},
    {"get_nowait", get_nowait_method, "($self, /)",
     "Remove and return an item from the queue without blocking.\n\n"
     "Only get an item if one is immediately available. Otherwise\nraise the Empty exception.", 0},
    {"put", put_method, "($self, /, item, block=True, timeout=None)",
     "Put the item on the queue.\n\nThe optional 'block' and 'timeout' arguments are ignored, as this method\n"
     "never blocks.  They are provided for compatibility with the Queue class.", 0},
    {"put_nowait", put_method, "($self, /, item)",
     "Put an item into the queue without blocking.\n\nThis is exactly equivalent to `put(item)` and is only provided\n"
     "for compatibility with the Queue class.", 0},
    {"qsize", qsize_method, "($self, /)", "Return the approximate size of the queue (not reliable!).", 0},
    {"__class_getitem__", class_getitem_method, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

Type type_simple_queue = {
    TYPE_HEAD(simple_queue, "_queue.SimpleQueue", &type_object, SimpleQueue),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS,
    .doc = "Simple, unbounded, reentrant FIFO queue.",
    .new_signature = "()",
    .slots = {.new = queue_new},
    .methods = queue_methods,
};

static bool queue_exec(Thread *t, Value module)
{
    vm_add_root_range(&empty_error, &empty_error + 1);
    empty_error = exception_class_new(t, "_queue", "Empty", value_of(EXC(Exception)),
                                      "Exception raised by Queue.get(block=0)/get_nowait().");
    return empty_error && module_add(t, module, "Empty", empty_error) && module_add_type(t, module, &type_simple_queue);
}

const ModuleDef module_queue = {
    .name = "_queue",
    .doc = "C implementation of the Python queue module.\nThis module is an implementation detail, please do not use it directly.",
    .exec = queue_exec,
};
