// thread_mod.c: the module _thread.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/modules/signals.h"
#include "src/modules/sys.h"
#include "src/modules/thread.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

enum { THREAD_NAME_MAX = 15 };   // Linux

static Value thread_allocate_lock(Thread *t, const Value *args, size_t nargs)
{
    return value_of(new_object(t, lock, LockObject));
}

static Value thread_get_ident(Thread *t, const Value *args, size_t nargs) { return int_from_uint64(t, t->id); }
static Value thread_get_native_id(Thread *t, const Value *args, size_t nargs) { return int_from_uint64(t, t->native_id); }

static Value thread_main_ident(Thread *t, const Value *args, size_t nargs)
{
    return int_from_uint64(t, t->vm->main_thread->id);
}

static Value thread_exit(Thread *t, const Value *args, size_t nargs) { return raise(t, EXC(SystemExit), NULL); }
static Value thread_true(Thread *t, const Value *args, size_t nargs) { return TRUE; }

static Value thread_interrupt_main(Thread *t, const Value *args, size_t nargs)
{
    int32_t number = SIGINT;
    if (args[0] && !to_int32(t, args[0], &number))
        return 0;
    if (number < 1 || number >= NSIG)
        return raise(t, EXC(ValueError), "signal number out of range");
    signal_simulate(t, number);
    return safepoint(t) ? NONE : 0;   // in the main thread: here and now
}

static Value thread_set_name(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "set_name() argument 'name' must be str, not %T", args[0]);
    size_t n;
    const char *utf8 = str_utf8(t, args[0], &n);
    char name[THREAD_NAME_MAX + 1];
    if (!utf8)
        return 0;
    n = size_min(n, THREAD_NAME_MAX);
    while (n && (utf8[n] & 0xc0) == 0x80)   // never half a character
        n--;
    memcpy(name, utf8, n);
    name[n] = 0;
    int error = pthread_setname_np(pthread_self(), name);
    return error ? raise_errno(t, error) : NONE;
}

static Value thread_get_name(Thread *t, const Value *args, size_t nargs)
{
    char name[64] = "";
    int error = pthread_getname_np(pthread_self(), name, sizeof name);
    return error ? raise_errno(t, error) : str_from_fs(t, name, strlen(name));
}

// --- threading.excepthook's builtin ---
static const StructSeqField hook_fields[] = {
    {"exc_type", "Exception type"}, {"exc_value", "Exception value"}, {"exc_traceback", "Exception traceback"},
    {"thread", "Thread"}, {0}};
static const StructSeqDef hook_def = {"_thread._ExceptHookArgs", "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.",
                                      hook_fields, 4, false};
static Type *hook_type;   // a root type

static Value thread_name_of(Thread *t, Value thread)
{
    Value name = 0;
    if (thread != NONE && attr_find(t, thread, N(name), &name) < 0)
        pending_clear(t);
    return name ? name : int_from_uint64(t, t->id);
}

Value thread_excepthook(Thread *t, const Value *args, size_t nargs)
{
    if (!hook_type || type_of(args[0]) != hook_type)
        return raise(t, EXC(TypeError), "_thread.excepthook argument type must be ExceptHookArgs");
    const Value *field = as_tuple(args[0])->at;
    if (field[0] == value_of(EXC(SystemExit)))
        return NONE;
    Value out = sys_get(t, "stderr"), thread = field[3];
    if ((!out || out == NONE) && thread != NONE && attr_find(t, thread, str_intern_cstr(t, "_stderr"), &out) < 0)
        return 0;
    if (!out || out == NONE)
        return NONE;
    Value line = str_format(t, "Exception in thread %V:\n", thread_name_of(t, thread));
    if (!line || !call_method1(t, out, N(write), line))
        return 0;
    if (is_exception(field[1])) {
        if (!as_exception(field[1])->traceback && is_exactly(field[2], &type_traceback))
            as_exception(field[1])->traceback = field[2];
        traceback_print(t, field[1]);
    }
    return NONE;
}

static const NativeDef thread_functions[] = {
    {"allocate_lock", thread_allocate_lock, "()", "Create a new lock object. See help(type(threading.Lock())) for\ninformation about locks.", NATIVE_PLAIN},
    {"allocate", thread_allocate_lock, "()", "An obsolete synonym of allocate_lock().", NATIVE_PLAIN},
    {"get_ident", thread_get_ident, "()", "Return a non-zero integer that uniquely identifies the current thread\namongst other threads that exist simultaneously.", NATIVE_PLAIN},
    {"get_native_id", thread_get_native_id, "()", "Return a non-negative integer identifying the thread as reported\nby the OS (kernel).", NATIVE_PLAIN},
    {"_get_main_thread_ident", thread_main_ident, "()", "Internal only. Return a non-zero integer that uniquely identifies the main thread\nof the main interpreter.", NATIVE_PLAIN},
    {"_is_main_interpreter", thread_true, "()", "Return True if the current interpreter is the main Python interpreter.", NATIVE_PLAIN},
    {"daemon_threads_allowed", thread_true, "()", "Return True if daemon threads are allowed in the current interpreter,\nand False otherwise.", NATIVE_PLAIN},
    {"exit", thread_exit, "()", "This is synonymous to ``raise SystemExit''.  It will cause the current\nthread to exit silently unless the exception is caught.", NATIVE_PLAIN},
    {"exit_thread", thread_exit, "()", "An obsolete synonym of exit().", NATIVE_PLAIN},
    {"interrupt_main", thread_interrupt_main, "(signum=signal.SIGINT, /)", "Simulate the arrival of the given signal in the main thread,\nwhere the corresponding signal handler will be executed.", NATIVE_PLAIN},
    {"set_name", thread_set_name, "(name)", "Set the name of the current thread.", NATIVE_PLAIN},
    {"_get_name", thread_get_name, "()", "Get the name of the current thread.", NATIVE_PLAIN},
    {"_excepthook", thread_excepthook, "(args, /)", "Handle uncaught Thread.run() exception.", NATIVE_PLAIN},
    {0},
};

static bool thread_exec(Thread *t, Value module)
{
    if (!hook_type)
        hook_type = structseq_type_new(t, &hook_def);
    return hook_type && thread_start_boot(t) && sys_add_functions(t, module, thread_start_functions)
        && module_add(t, module, "LockType", value_of(&type_lock)) && module_add(t, module, "lock", value_of(&type_lock))
        && module_add(t, module, "RLock", value_of(&type_rlock)) && module_add(t, module, "_local", value_of(&type_thread_local))
        && module_add(t, module, "_ThreadHandle", value_of(&type_thread_handle))
        && module_add(t, module, "_ExceptHookArgs", value_of(hook_type)) && module_add(t, module, "error", value_of(EXC(RuntimeError)))
        && module_add(t, module, "TIMEOUT_MAX", float_new(t, 9223372036.0)) && module_add(t, module, "_NAME_MAXLEN", fixnum(THREAD_NAME_MAX));
}

const ModuleDef module_thread = {"_thread",
    "This module provides primitive operations to write multi-threaded programs.\n"
    "The 'threading' module provides a more convenient interface.", thread_functions, thread_exec};
