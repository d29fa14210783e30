// signal_mod.c: the module _signal.
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <fcntl.h>
#include <unistd.h>

#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/os_support.h"
#include "src/modules/signal_state.h"
#include "src/modules/signals.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

static Type *siginfo_type;      // root type
static Value itimer_error;      // class; root range

static Value default_int(Thread *t, const Value *args, size_t nargs)
{
    return raise(t, EXC(KeyboardInterrupt), NULL);
}

const NativeDef signal_default_int_handler = {"default_int_handler", default_int, "(signalnum, frame, /)",
    "The default handler for SIGINT installed by Python.\n\nIt raises KeyboardInterrupt.", NATIVE_PLAIN};

static bool number_arg(Thread *t, Value v, int32_t *out)
{
    if (!to_int32(t, v, out))
        return false;
    if (*out >= 1 && *out < NSIG)
        return true;
    raise(t, EXC(ValueError), "signal number out of range");
    return false;
}

// --- handlers ---
static Value signal_signal(Thread *t, const Value *args, size_t nargs)
{
    int32_t number;
    Value handler = args[1];
    if (!to_int32(t, args[0], &number))
        return 0;
    if (!t->main)
        return raise(t, EXC(ValueError), "signal only works in main thread of the main interpreter");
    if (number < 1 || number >= NSIG)
        return raise(t, EXC(ValueError), "signal number out of range");
    void (*action)(int) = signal_arrived;
    if (is_int(handler) && (int_exact(handler) == fixnum(0) || int_exact(handler) == fixnum(1))) {
        handler = int_exact(handler);
        action = handler == fixnum(0) ? SIG_DFL : SIG_IGN;
    } else if (!is_callable(handler)) {
        return raise(t, EXC(TypeError), "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    }
    if (!signal_deliver_now(t))
        return 0;
    if (heap_owns_signal(number))
        return raise_errno(t, EINVAL);
    if (!signal_install(number, action))
        return raise_errno(t, errno);
    Value old = signal_state.handlers[number];
    publish(&signal_state.handlers[number], handler);
    return old ? old : NONE;
}

static Value signal_getsignal(Thread *t, const Value *args, size_t nargs)
{
    int32_t number;
    if (!number_arg(t, args[0], &number))
        return 0;
    Value handler = load_acquire(&signal_state.handlers[number]);
    return handler ? handler : NONE;
}

static Value signal_siginterrupt(Thread *t, const Value *args, size_t nargs)
{
    int32_t number;
    if (!number_arg(t, args[0], &number))
        return 0;
    int flag = truth(t, args[1]);
    struct sigaction sa;
    if (flag < 0)
        return 0;
    if (sigaction(number, NULL, &sa) != 0)
        return raise_errno(t, errno);
    sa.sa_flags = flag ? sa.sa_flags & ~SA_RESTART : sa.sa_flags | SA_RESTART;
    return sigaction(number, &sa, NULL) == 0 ? NONE : raise_errno(t, errno);
}

static Value signal_set_wakeup_fd(Thread *t, const Value *args, size_t nargs)
{
    int32_t fd;
    int warn_full = args[1] ? truth(t, args[1]) : 1;
    struct stat st;
    if (!to_int32(t, args[0], &fd) || warn_full < 0)
        return 0;
    if (!t->main)
        return raise(t, EXC(ValueError), "set_wakeup_fd only works in main thread of the main interpreter");
    if (fd != -1) {
        if (fd < 0)
            return raise(t, EXC(ValueError), "invalid fd: %d", fd);
        if (fstat(fd, &st) != 0)
            return raise_errno(t, errno);
        if (!(fcntl(fd, F_GETFL) & O_NONBLOCK))
            return raise(t, EXC(ValueError), "the fd %d must be in non-blocking mode", fd);
    }
    int old = load_relaxed(&signal_state.wakeup_fd);
    signal_state.warn_on_full = warn_full;
    store_relaxed(&signal_state.wakeup_fd, fd);
    return fixnum(old);
}

// --- sending ---
static Value signal_raise(Thread *t, const Value *args, size_t nargs)
{
    int32_t number;
    if (!to_int32(t, args[0], &number))
        return 0;
    int error = pthread_kill(pthread_self(), number);
    if (error)
        return raise_errno(t, error);
    return signal_deliver_now(t) ? NONE : 0;
}

static Value signal_pthread_kill(Thread *t, const Value *args, size_t nargs)
{
    int64_t thread;
    int32_t number;
    if (!to_int64(t, args[0], &thread) || !to_int32(t, args[1], &number))
        return 0;
    int error = pthread_kill((pthread_t)thread, number);
    if (error)
        return raise_errno(t, error);
    return signal_deliver_now(t) ? NONE : 0;
}

static Value signal_pidfd_send(Thread *t, const Value *args, size_t nargs)
{
    int32_t fd, number, flags = 0;
    if (!to_int32(t, args[0], &fd) || !to_int32(t, args[1], &number) || (args[3] && !to_int32(t, args[3], &flags)))
        return 0;
    if (args[2] && args[2] != NONE)
        return raise(t, EXC(TypeError), "siginfo must be None");
    return syscall(SYS_pidfd_send_signal, fd, number, NULL, flags) == 0 ? NONE : raise_errno(t, errno);
}

static Value signal_alarm(Thread *t, const Value *args, size_t nargs)
{
    int32_t seconds;
    return to_int32(t, args[0], &seconds) ? fixnum(alarm((unsigned)seconds)) : 0;
}

static void *do_pause(void *data)
{
    pause();
    return NULL;
}

static Value signal_pause(Thread *t, const Value *args, size_t nargs)
{
    if (!signal_deliver_now(t))
        return 0;
    blocking(t, do_pause, NULL);
    return safepoint(t) ? NONE : 0;
}

static Value signal_strsignal(Thread *t, const Value *args, size_t nargs)
{
    int32_t number;
    if (!number_arg(t, args[0], &number))
        return 0;
    const char *text = strsignal(number);
    if (!text || !strncmp(text, "Unknown signal", 14))
        return NONE;
    return str_from_cstr(t, text);
}

// --- timers ---
static Value timer_value(Thread *t, const struct itimerval *timer)
{
    return tuple_pair(t, float_new(t, (double)timer->it_value.tv_sec + (double)timer->it_value.tv_usec * 1e-6),
                      float_new(t, (double)timer->it_interval.tv_sec + (double)timer->it_interval.tv_usec * 1e-6));
}

static Value raise_itimer(Thread *t)
{
    Value e = call2(t, itimer_error, fixnum(errno), str_from_cstr(t, strerror(errno)));
    return e ? raise_value(t, e) : 0;
}

static bool timeval_arg(Thread *t, Value v, struct timeval *out)
{
    int64_t ns;
    *out = (struct timeval){0};
    if (!v)
        return true;
    if (!seconds_arg(t, v, &ns))
        return false;
    int64_t us = (ns + 999) / 1000;
    out->tv_sec = us / 1000000;
    out->tv_usec = us % 1000000;
    return true;
}

static Value signal_setitimer(Thread *t, const Value *args, size_t nargs)
{
    int32_t which;
    struct itimerval timer, old;
    if (!to_int32(t, args[0], &which) || !timeval_arg(t, args[1], &timer.it_value) || !timeval_arg(t, args[2], &timer.it_interval))
        return 0;
    return setitimer(which, &timer, &old) == 0 ? timer_value(t, &old) : raise_itimer(t);
}

static Value signal_getitimer(Thread *t, const Value *args, size_t nargs)
{
    int32_t which;
    struct itimerval timer;
    if (!to_int32(t, args[0], &which))
        return 0;
    return getitimer(which, &timer) == 0 ? timer_value(t, &timer) : raise_itimer(t);
}

// --- masks ---
typedef struct MaskRequest { sigset_t set; } MaskRequest;

// Signals of the collector are left out: blocking them would stop every collection for good.
static bool add_to_mask(Thread *t, Value item, void *data)
{
    int64_t number;
    MaskRequest *request = data;
    if (!to_int64(t, item, &number)) {
        if (!pending_clear_if(t, EXC(OverflowError)))
            return false;
        number = -1;
    }
    if (number < 1 || number >= NSIG) {
        raise(t, EXC(ValueError), "signal number %ld out of range [1; %d]", number, NSIG - 1);
        return false;
    }
    if (!heap_owns_signal((int)number))
        sigaddset(&request->set, (int)number);
    return true;
}

static bool mask_arg(Thread *t, Value v, sigset_t *out)
{
    MaskRequest request;
    sigemptyset(&request.set);
    bool ok = iterate(t, v, add_to_mask, &request) && !is_pending(t);
    *out = request.set;
    return ok;
}

static Value mask_value(Thread *t, const sigset_t *set)
{
    Set *result = set_new(t, false);
    for (int number = 1; result && number < NSIG; number++)
        if (sigismember(set, number) == 1 && set_add(t, result, fixnum(number)) < 0)
            return 0;
    return value_of(result);
}

static Value signal_pthread_sigmask(Thread *t, const Value *args, size_t nargs)
{
    int32_t how;
    sigset_t set, old;
    if (!to_int32(t, args[0], &how) || !mask_arg(t, args[1], &set))
        return 0;
    int error = pthread_sigmask(how, &set, &old);
    if (error)
        return raise_errno(t, error);
    return signal_deliver_now(t) ? mask_value(t, &old) : 0;
}

static Value signal_sigpending(Thread *t, const Value *args, size_t nargs)
{
    sigset_t set;
    return sigpending(&set) == 0 ? mask_value(t, &set) : raise_errno(t, errno);
}

static Value signal_valid_signals(Thread *t, const Value *args, size_t nargs)
{
    sigset_t set;
    sigfillset(&set);
    return mask_value(t, &set);
}

// --- waiting ---
typedef struct WaitRequest {
    sigset_t set;
    struct timespec timeout;
    bool has_timeout;
    siginfo_t info;
    int result, error;
} WaitRequest;

static void *do_wait(void *data)
{
    WaitRequest *w = data;
    w->result = w->has_timeout ? sigtimedwait(&w->set, &w->info, &w->timeout) : sigwaitinfo(&w->set, &w->info);
    w->error = errno;
    return NULL;
}

// False: exception pending. result -1 with error EAGAIN: time is up.
static bool wait_for(Thread *t, WaitRequest *w, int64_t timeout_ns)
{
    int64_t deadline = timeout_ns < 0 ? -1 : monotonic_ns() + timeout_ns;
    for (;;) {
        int64_t left = deadline < 0 ? 0 : deadline - monotonic_ns();
        left = left < 0 ? 0 : left;
        w->has_timeout = deadline >= 0;
        w->timeout = (struct timespec){left / 1000000000, left % 1000000000};
        blocking(t, do_wait, w);
        if (w->result >= 0 || w->error != EINTR)
            return true;
        if (!safepoint(t))
            return false;
    }
}

static Value siginfo_value(Thread *t, const siginfo_t *info)
{
    Value items[] = {fixnum(info->si_signo), fixnum(info->si_code), fixnum(info->si_errno), fixnum(info->si_pid),
                     fixnum(info->si_uid), fixnum(info->si_status), fixnum(info->si_band)};
    return structseq_new(t, siginfo_type, items);
}

static Value signal_sigwait(Thread *t, const Value *args, size_t nargs)
{
    WaitRequest w = {0};
    if (!mask_arg(t, args[0], &w.set) || !wait_for(t, &w, -1))
        return 0;
    return w.result >= 0 ? fixnum(w.result) : raise_errno(t, w.error);
}

static Value signal_sigwaitinfo(Thread *t, const Value *args, size_t nargs)
{
    WaitRequest w = {0};
    if (!mask_arg(t, args[0], &w.set) || !wait_for(t, &w, -1))
        return 0;
    return w.result >= 0 ? siginfo_value(t, &w.info) : raise_errno(t, w.error);
}

static Value signal_sigtimedwait(Thread *t, const Value *args, size_t nargs)
{
    WaitRequest w = {0};
    int64_t ns;
    if (!seconds_arg(t, args[1], &ns))
        return 0;
    if (ns < 0)
        return raise(t, EXC(ValueError), "timeout must be non-negative");
    if (!mask_arg(t, args[0], &w.set) || !wait_for(t, &w, ns))
        return 0;
    if (w.result >= 0)
        return siginfo_value(t, &w.info);
    return w.error == EAGAIN ? NONE : raise_errno(t, w.error);
}

static const NativeDef signal_functions[] = {
    {"default_int_handler", default_int, "(signalnum, frame, /)", "The default handler for SIGINT installed by Python.\n\nIt raises KeyboardInterrupt.", NATIVE_PLAIN},
    {"signal", signal_signal, "(signalnum, handler, /)", "Set the action for the given signal.\n\nThe action can be SIG_DFL, SIG_IGN, or a callable Python object.\nThe previous action is returned.", NATIVE_PLAIN},
    {"getsignal", signal_getsignal, "(signalnum, /)", "Return the current action for the given signal.", NATIVE_PLAIN},
    {"siginterrupt", signal_siginterrupt, "(signalnum, flag, /)", "Change system call restart behaviour.", NATIVE_PLAIN},
    {"set_wakeup_fd", signal_set_wakeup_fd, "(fd, /, *, warn_on_full_buffer=True)", "Sets the fd to be written to (with the signal number) when a signal comes in.", NATIVE_PLAIN},
    {"raise_signal", signal_raise, "(signalnum, /)", "Send a signal to the executing process.", NATIVE_PLAIN},
    {"pthread_kill", signal_pthread_kill, "(thread_id, signalnum, /)", "Send a signal to a thread.", NATIVE_PLAIN},
    {"pidfd_send_signal", signal_pidfd_send, "(pidfd, signalnum, siginfo=None, flags=0, /)", "Send a signal to a process referred to by a pid file descriptor.", NATIVE_PLAIN},
    {"alarm", signal_alarm, "(seconds, /)", "Arrange for SIGALRM to arrive after the given number of seconds.", NATIVE_PLAIN},
    {"pause", signal_pause, "()", "Wait until a signal arrives.", NATIVE_PLAIN},
    {"strsignal", signal_strsignal, "(signalnum, /)", "Return the system description of the given signal.", NATIVE_PLAIN},
    {"setitimer", signal_setitimer, "(which, seconds, interval=0.0, /)", "Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).", NATIVE_PLAIN},
    {"getitimer", signal_getitimer, "(which, /)", "Returns current value of given itimer.", NATIVE_PLAIN},
    {"pthread_sigmask", signal_pthread_sigmask, "(how, mask, /)", "Fetch and/or change the signal mask of the calling thread.", NATIVE_PLAIN},
    {"sigpending", signal_sigpending, "()", "Examine pending signals.", NATIVE_PLAIN},
    {"valid_signals", signal_valid_signals, "()", "Return a set of valid signal numbers on this platform.", NATIVE_PLAIN},
    {"sigwait", signal_sigwait, "(sigset, /)", "Wait for a signal.", NATIVE_PLAIN},
    {"sigwaitinfo", signal_sigwaitinfo, "(sigset, /)", "Wait synchronously until one of the signals in *sigset* is delivered.", NATIVE_PLAIN},
    {"sigtimedwait", signal_sigtimedwait, "(sigset, timeout, /)", "Like sigwaitinfo(), but with a timeout.", NATIVE_PLAIN},
    {0},
};

static const IntConstant signal_constants[] = {
#define SIGNAL(name) {#name, name},
    SIGNAL(SIGHUP) SIGNAL(SIGINT) SIGNAL(SIGQUIT) SIGNAL(SIGILL) SIGNAL(SIGTRAP) SIGNAL(SIGIOT) SIGNAL(SIGABRT) SIGNAL(SIGFPE)
    SIGNAL(SIGKILL) SIGNAL(SIGBUS) SIGNAL(SIGSEGV) SIGNAL(SIGSYS) SIGNAL(SIGPIPE) SIGNAL(SIGALRM) SIGNAL(SIGTERM) SIGNAL(SIGUSR1)
    SIGNAL(SIGUSR2) SIGNAL(SIGCHLD) SIGNAL(SIGPWR) SIGNAL(SIGIO) SIGNAL(SIGURG) SIGNAL(SIGWINCH) SIGNAL(SIGPOLL) SIGNAL(SIGSTOP)
    SIGNAL(SIGTSTP) SIGNAL(SIGCONT) SIGNAL(SIGTTIN) SIGNAL(SIGTTOU) SIGNAL(SIGVTALRM) SIGNAL(SIGPROF) SIGNAL(SIGXCPU)
    SIGNAL(SIGXFSZ) SIGNAL(SIGSTKFLT) SIGNAL(SIG_BLOCK) SIGNAL(SIG_UNBLOCK) SIGNAL(SIG_SETMASK) SIGNAL(NSIG) SIGNAL(ITIMER_REAL)
    SIGNAL(ITIMER_VIRTUAL) SIGNAL(ITIMER_PROF)
#undef SIGNAL
    {"SIGCLD", SIGCHLD}, {"SIG_DFL", 0}, {"SIG_IGN", 1}, {0}};

static bool make_types(Thread *t)
{
    static const StructSeqField fields[] = {
        {"si_signo", "signal number"}, {"si_code", "signal code"}, {"si_errno", "errno associated with this signal"},
        {"si_pid", "sending process ID"}, {"si_uid", "real user ID of sending process"}, {"si_status", "exit value or signal"},
        {"si_band", "band event for SIGPOLL"}, {0}};
    static const StructSeqDef def = {"signal.struct_siginfo", "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\nThis object may be accessed either as a tuple of\n(si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\nor via the attributes si_signo, si_code, and so on.", fields, 7, false};
    if (siginfo_type)
        return true;
    vm_add_root_range(&itimer_error, &itimer_error + 1);
    Dict *body = dict_new(t);
    Value bases = tuple_of(t, 1, value_of(EXC(OSError)));
    if (!body || !bases || !dict_set(t, body, N(__module__), str_intern_cstr(t, "signal")))
        return false;
    itimer_error = call3(t, value_of(&type_type), str_intern_cstr(t, "itimer_error"), bases, value_of(body));
    siginfo_type = structseq_type_new(t, &def);
    return itimer_error && siginfo_type;
}

static bool signal_exec(Thread *t, Value module)
{
    return make_types(t) && module_add_ints(t, module, signal_constants) && module_add(t, module, "SIGRTMIN", fixnum(SIGRTMIN))
        && module_add(t, module, "SIGRTMAX", fixnum(SIGRTMAX)) && module_add(t, module, "ItimerError", itimer_error)
        && module_add(t, module, "struct_siginfo", value_of(siginfo_type))
        && module_add(t, module, "default_int_handler", signal_state.default_int_handler);
}

const ModuleDef module_signal = {"_signal", "This module provides mechanisms to use signal handlers in Python.", signal_functions, signal_exec};
