// faulthandler_mod.c: the module faulthandler: Python stacks printed from signal handlers and by a watchdog.
//
// Printing takes no lock and allocates nothing: it reads frames as they are. Frames of other threads may change under
// it: lines may be wrong, and it stops at an odd pointer.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/interp/frame.h"
#include "src/modules/os_support.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/str.h"

enum { FRAMES_MAX = 100, NAME_MAX_CHARS = 500, THREADS_MAX = 100 };

typedef struct FatalSignal { int number; const char *name; struct sigaction before; } FatalSignal;
static FatalSignal fatal_signals[] = {
    {.number = SIGBUS, .name = "Bus error"},
    {.number = SIGILL, .name = "Illegal instruction"},
    {.number = SIGFPE, .name = "Floating-point exception"},
    {.number = SIGABRT, .name = "Aborted"},
    {.number = SIGSEGV, .name = "Segmentation fault"},
};

// Guard: changed by Python code under `state.mutex`; handlers read single words.
static struct FaultState {
    bool enabled, all_threads;
    int fd;
    Value file;                       // keeps the descriptor's owner alive; a root
    struct { bool used, all_threads, chain; int fd; Value file; struct sigaction before; } user[NSIG];
    char alternate_stack[64 << 10];   // for overflows of the main thread's stack
} state = {.fd = STDERR_FILENO};

// --- printing, safe in handlers ---
static void put(int fd, const char *text)
{
    size_t n = strlen(text);
    while (n) {
        ssize_t written = write(fd, text, n);
        if (written <= 0)
            return;
        text += written;
        n -= (size_t)written;
    }
}

static void put_number(int fd, unsigned long n, unsigned base, int width)
{
    char digits[24];
    int at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = "0123456789abcdef"[n % base];
        n /= base;
        width--;
    } while (n || width > 0);
    put(fd, digits + at);
}

static void put_str(int fd, Value v)
{
    if (!v || !is_exactly(v, &type_str)) {
        put(fd, "???");
        return;
    }
    const Str *s = as_str(v);
    for (size_t i = 0; i < s->length && i < NAME_MAX_CHARS; i++) {
        uint32_t c = str_at(s, i);
        if (c >= ' ' && c < 0x7f) {
            char one[2] = {(char)c, 0};
            put(fd, one);
        } else {
            put(fd, c <= 0xff ? "\\x" : c <= 0xffff ? "\\u" : "\\U");
            put_number(fd, c, 16, c <= 0xff ? 2 : c <= 0xffff ? 4 : 8);
        }
    }
    if (s->length > NAME_MAX_CHARS)
        put(fd, "...");
}

static void put_frame(int fd, const Frame *frame)
{
    const Code *code = frame->code;
    put(fd, "  File \"");
    put_str(fd, code->filename);
    put(fd, "\", line ");
    int line = frame->pc ? code_line(code, (uint32_t)(frame->pc - code->instrs)) : code->first_line;
    if (line > 0)
        put_number(fd, (unsigned long)line, 10, 1);
    else
        put(fd, "???");
    put(fd, " in ");
    put_str(fd, code->name);
    put(fd, "\n");
}

static void put_stack(int fd, const Thread *t)
{
    int count = 0;
    for (Value *regs = t->regs; regs; regs = frame_of(regs)->caller) {
        const Frame *frame = frame_of(regs);
        if ((uintptr_t)regs & 7 || !frame->code || frame->code->head.type != &type_code)
            break;
        if (++count > FRAMES_MAX) {
            put(fd, "  ...\n");
            return;
        }
        put_frame(fd, frame);
    }
    if (!count)
        put(fd, "  <no Python frame>\n");
}

static void put_thread_head(int fd, const Thread *t, bool current)
{
    char name[64] = "";
    put(fd, current ? "Current thread 0x" : "Thread 0x");
    put_number(fd, t->id, 16, 16);
    if (pthread_getname_np((pthread_t)t->id, name, sizeof name) == 0 && *name) {
        put(fd, " [");
        put(fd, name);
        put(fd, "]");
    }
    put(fd, " (most recent call first):\n");
}

static void put_all_threads(int fd, const Thread *current)
{
    int count = 0;
    for (const Thread *t = load_acquire(&the_vm.threads); t; t = load_acquire(&t->next)) {
        if (count)
            put(fd, "\n");
        if (count++ >= THREADS_MAX) {
            put(fd, "...\n");
            return;
        }
        put_thread_head(fd, t, t == current);
        put_stack(fd, t);
    }
}

static void put_one_thread(int fd, const Thread *t)
{
    put(fd, "Stack (most recent call first):\n");
    if (t)
        put_stack(fd, t);
}

static void put_dump(int fd, bool all_threads)
{
    if (all_threads)
        put_all_threads(fd, thread_current());
    else
        put_one_thread(fd, thread_current());
}

// --- arguments ---
// The descriptor of a file argument: an int, an object with fileno(), or absent for sys.stderr.
static bool file_arg(Thread *t, Value v, int *out_fd, Value *out_file)
{
    int32_t fd;
    if (!v || v == NONE) {
        v = sys_get(t, "stderr");
        if (!v)
            return raise(t, EXC(RuntimeError), "unable to get sys.stderr");
        if (v == NONE)
            return raise(t, EXC(RuntimeError), "sys.stderr is None");
    }
    *out_file = v;
    if (is_int(v)) {
        if (!to_int32(t, v, &fd))
            return false;
        if (fd < 0)
            return raise(t, EXC(ValueError), "file is not a valid file descriptor");
        *out_fd = fd;
        return true;
    }
    Value number = call_method0(t, v, N(fileno));
    if (!number || !to_int32(t, number, &fd))
        return false;
    if (fd < 0)
        return raise(t, EXC(RuntimeError), "file.fileno() is not a valid file descriptor");
    if (!call_method0(t, v, N(flush)))
        pending_clear(t);
    *out_fd = fd;
    return true;
}

static Value fault_dump_traceback(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    Value file;
    bool all;
    if (!file_arg(t, args[0], &fd, &file) || !flag_arg(t, args[1], true, &all))
        return 0;
    put_dump(fd, all);
    return NONE;
}

// --- fatal signals ---
static void on_fatal(int number)
{
    int saved = errno;
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++) {
        if (fatal_signals[i].number != number)
            continue;
        sigaction(number, &fatal_signals[i].before, NULL);
        put(state.fd, "Fatal Python error: ");
        put(state.fd, fatal_signals[i].name);
        put(state.fd, "\n\n");
    }
    put_dump(state.fd, state.all_threads);
    errno = saved;
    pthread_kill(pthread_self(), number);   // with its former action
}

static bool enable(Thread *t)
{
    if (state.enabled)
        return true;
    stack_t alternate = {.ss_sp = state.alternate_stack, .ss_size = sizeof state.alternate_stack};
    sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++) {
        struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_NODEFER | SA_ONSTACK};
        if (sigaction(fatal_signals[i].number, &action, &fatal_signals[i].before) != 0)
            return raise_errno(t, errno);
    }
    return state.enabled = true;
}

static Value fault_enable(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    bool all;
    Value file;
    if (!file_arg(t, args[0], &fd, &file) || !flag_arg(t, args[1], true, &all))
        return 0;
    state.fd = fd;
    state.all_threads = all;
    publish(&state.file, file);
    return enable(t) ? NONE : 0;
}

static Value fault_disable(Thread *t, const Value *args, size_t nargs)
{
    if (!state.enabled)
        return FALSE;
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++)
        sigaction(fatal_signals[i].number, &fatal_signals[i].before, NULL);
    state.enabled = false;
    state.file = 0;
    return TRUE;
}

static Value fault_is_enabled(Thread *t, const Value *args, size_t nargs) { return value_bool(state.enabled); }

// --- signals of the user's choice ---
static void on_user(int number)
{
    int saved = errno;
    put_dump(state.user[number].fd, state.user[number].all_threads);
    if (state.user[number].chain) {
        struct sigaction ours;
        sigaction(number, &state.user[number].before, &ours);
        pthread_kill(pthread_self(), number);
        sigaction(number, &ours, NULL);
    }
    errno = saved;
}

static bool user_signal_arg(Thread *t, Value v, int32_t *out)
{
    if (!to_int32(t, v, out))
        return false;
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++)
        if (fatal_signals[i].number == *out)
            return raise(t, EXC(RuntimeError), "signal %d cannot be registered, use enable() instead", *out);
    if (*out < 1 || *out >= NSIG || heap_owns_signal(*out))
        return raise(t, EXC(ValueError), "signal number out of range");
    return true;
}

static Value fault_register(Thread *t, const Value *args, size_t nargs)
{
    int32_t number;
    int fd;
    bool all, chain;
    Value file;
    if (!user_signal_arg(t, args[0], &number) || !file_arg(t, args[1], &fd, &file) || !flag_arg(t, args[2], true, &all)
        || !flag_arg(t, args[3], false, &chain))
        return 0;
    struct sigaction action = {.sa_handler = on_user, .sa_flags = SA_RESTART | SA_ONSTACK | (chain ? SA_NODEFER : 0)};
    state.user[number].fd = fd;
    state.user[number].all_threads = all;
    state.user[number].chain = chain;
    publish(&state.user[number].file, file);
    if (!state.user[number].used && sigaction(number, &action, &state.user[number].before) != 0)
        return raise_errno(t, errno);
    state.user[number].used = true;
    return NONE;
}

static Value fault_unregister(Thread *t, const Value *args, size_t nargs)
{
    int32_t number;
    if (!user_signal_arg(t, args[0], &number))
        return 0;
    if (!state.user[number].used)
        return FALSE;
    sigaction(number, &state.user[number].before, NULL);
    state.user[number].used = false;
    state.user[number].file = 0;
    return TRUE;
}

// --- the watchdog: a plain OS thread that touches no Python object but to print ---
static struct Watchdog {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool running, repeat, leave;
    uint64_t generation;              // changes when a watch is cancelled
    int fd;
    int64_t timeout_ns;
    char headline[64];
    Value file;                       // a root
} watchdog = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void *watch(void *data)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    pthread_mutex_lock(&watchdog.mutex);
    uint64_t mine = (uint64_t)(uintptr_t)data;
    struct timespec until;
    do {
        clock_gettime(CLOCK_REALTIME, &until);
        int64_t ns = until.tv_nsec + watchdog.timeout_ns;
        until.tv_sec += ns / 1000000000;
        until.tv_nsec = ns % 1000000000;
        int waited = 0;
        while (mine == watchdog.generation && waited != ETIMEDOUT)
            waited = pthread_cond_timedwait(&watchdog.changed, &watchdog.mutex, &until);
        if (mine != watchdog.generation)
            break;
        put(watchdog.fd, watchdog.headline);
        put_all_threads(watchdog.fd, NULL);
        if (watchdog.leave)
            _exit(1);
    } while (watchdog.repeat);
    pthread_mutex_unlock(&watchdog.mutex);
    return NULL;
}

static void cancel(void)
{
    pthread_mutex_lock(&watchdog.mutex);
    watchdog.generation++;
    watchdog.file = 0;
    pthread_cond_broadcast(&watchdog.changed);
    pthread_mutex_unlock(&watchdog.mutex);
}

static void write_headline(int64_t ns)
{
    int64_t us = ns / 1000, seconds = us / 1000000;
    int n = snprintf(watchdog.headline, sizeof watchdog.headline, "Timeout (%ld:%02ld:%02ld", (long)(seconds / 3600),
                     (long)(seconds / 60 % 60), (long)(seconds % 60));
    if (us % 1000000)
        n += snprintf(watchdog.headline + n, sizeof watchdog.headline - (size_t)n, ".%06ld", (long)(us % 1000000));
    snprintf(watchdog.headline + n, sizeof watchdog.headline - (size_t)n, ")!\n");
}

static Value fault_dump_later(Thread *t, const Value *args, size_t nargs)
{
    int64_t ns;
    bool repeat, leave;
    int fd;
    Value file;
    if (!seconds_arg(t, args[0], &ns) || !flag_arg(t, args[1], false, &repeat) || !file_arg(t, args[2], &fd, &file)
        || !flag_arg(t, args[3], false, &leave))
        return 0;
    if (ns <= 0)
        return raise(t, EXC(ValueError), "timeout must be greater than 0");
    cancel();
    pthread_mutex_lock(&watchdog.mutex);
    watchdog.timeout_ns = ns;
    watchdog.repeat = repeat;
    watchdog.leave = leave;
    watchdog.fd = fd;
    watchdog.file = file;
    write_headline(ns);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, watch, (void *)(uintptr_t)watchdog.generation);
    if (!error)
        pthread_detach(thread);
    pthread_mutex_unlock(&watchdog.mutex);
    return error ? raise(t, EXC(RuntimeError), "unable to start watchdog thread") : NONE;
}

static Value fault_cancel_later(Thread *t, const Value *args, size_t nargs)
{
    cancel();
    return NONE;
}

// --- crashes for the tests ---
static Value fault_sigsegv(Thread *t, const Value *args, size_t nargs)
{
    pthread_kill(pthread_self(), SIGSEGV);
    return NONE;
}

static Value fault_sigabrt(Thread *t, const Value *args, size_t nargs)
{
    pthread_kill(pthread_self(), SIGABRT);
    return NONE;
}

static Value fault_sigfpe(Thread *t, const Value *args, size_t nargs)
{
    pthread_kill(pthread_self(), SIGFPE);
    return NONE;
}

static const NativeDef faulthandler_functions[] = {
    {"enable", fault_enable, "(file=sys.stderr, all_threads=True)", "Enable the fault handler.", NATIVE_PLAIN},
    {"disable", fault_disable, "()", "Disable the fault handler.", NATIVE_PLAIN},
    {"is_enabled", fault_is_enabled, "()", "Check if the handler is enabled.", NATIVE_PLAIN},
    {"dump_traceback", fault_dump_traceback, "(file=sys.stderr, all_threads=True)", "Dump the traceback of the current thread into file.", NATIVE_PLAIN},
    {"dump_traceback_later", fault_dump_later, "(timeout, repeat=False, file=sys.stderr, exit=False)", "Dump the traceback of all threads in timeout seconds.", NATIVE_PLAIN},
    {"cancel_dump_traceback_later", fault_cancel_later, "()", "Cancel the previous call to dump_traceback_later().", NATIVE_PLAIN},
    {"register", fault_register, "(signum, file=sys.stderr, all_threads=True, chain=False)", "Register a handler for the signal 'signum'.", NATIVE_PLAIN},
    {"unregister", fault_unregister, "(signum, /)", "Unregister the handler of the signal 'signum' registered by register().", NATIVE_PLAIN},
    {"_sigsegv", fault_sigsegv, "(release_gil=False, /)", "Raise a SIGSEGV signal.", NATIVE_PLAIN},
    {"_sigabrt", fault_sigabrt, "()", "Raise a SIGABRT signal.", NATIVE_PLAIN},
    {"_sigfpe", fault_sigfpe, "()", "Raise a SIGFPE signal.", NATIVE_PLAIN},
    {0},
};

static bool faulthandler_exec(Thread *t, Value module)
{
    vm_add_root_range(&state, &state.alternate_stack);
    vm_add_root_range(&watchdog.file, &watchdog.file + 1);
    return true;
}

const ModuleDef module_faulthandler = {"faulthandler", "faulthandler module.", faulthandler_functions, faulthandler_exec};
