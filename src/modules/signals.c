// signals.c: how signals become calls of Python functions.
//
// The C handler sets a bit and interrupts the main thread, which calls the Python handlers at its next safepoint.
// Guards: handlers[] is written by the main thread only; pending bits and the wake-up descriptor are atomic.
#include "src/modules/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/modules/signal_state.h"
#include "src/ops/ops.h"
#include "src/types/number.h"

SignalState signal_state = {.wakeup_fd = -1};

// --- arrival: runs in a signal handler, on any thread ---
static void write_wakeup(int number)
{
    int fd = load_relaxed(&signal_state.wakeup_fd);
    unsigned char byte = (unsigned char)number;
    if (fd >= 0 && write(fd, &byte, 1) < 0 && (signal_state.warn_on_full || (errno != EAGAIN && errno != EWOULDBLOCK)))
        store_relaxed(&signal_state.wakeup_error, errno);
}

static void trip(int number)
{
    __atomic_fetch_or(&the_vm.pending_signals, (int64_t)1 << (number - 1), __ATOMIC_SEQ_CST);
    Thread *main_thread = load_relaxed(&the_vm.main_thread);
    if (main_thread)
        thread_request(main_thread, INTERRUPT_SIGNAL);
    write_wakeup(number);
}

void signal_arrived(int number)
{
    int saved = errno;
    trip(number);
    errno = saved;
}

void signal_simulate(Thread *t, int number)
{
    Value handler = signal_state.handlers[number];
    if (handler && handler != fixnum(0) && handler != fixnum(1) && handler != NONE)
        trip(number);
}

// --- delivery: the main thread, at a safepoint ---
static void report_wakeup_error(Thread *t)
{
    int error = __atomic_exchange_n(&signal_state.wakeup_error, 0, __ATOMIC_RELAXED);
    if (!error)
        return;
    raise_errno(t, error);
    report_unraisable(t, 0, "Exception ignored when trying to write to the signal wakeup fd");
}

static bool call_handler(Thread *t, int number)
{
    Value handler = signal_state.handlers[number];
    if (!handler || is_fixnum(handler) || handler == NONE)
        return true;
    Value frame = hooks.current_frame_object ? hooks.current_frame_object(t) : 0;
    return call2(t, handler, fixnum(number), frame ? frame : NONE) != 0;
}

static bool deliver(Thread *t)
{
    if (!t->main)
        return true;
    report_wakeup_error(t);
    for (;;) {
        int64_t bits = __atomic_load_n(&the_vm.pending_signals, __ATOMIC_SEQ_CST);
        if (!bits)
            return true;
        int number = __builtin_ctzll((uint64_t)bits) + 1;
        __atomic_fetch_and(&the_vm.pending_signals, ~((int64_t)1 << (number - 1)), __ATOMIC_SEQ_CST);
        if (!call_handler(t, number)) {
            if (__atomic_load_n(&the_vm.pending_signals, __ATOMIC_SEQ_CST))
                thread_request(t, INTERRUPT_SIGNAL);   // the rest after this exception
            return false;
        }
    }
}

bool signal_deliver_now(Thread *t)
{
    return !load_relaxed(&the_vm.pending_signals) || deliver(t);
}

bool signal_install(int number, void (*action)(int))
{
    struct sigaction sa = {.sa_handler = action};
    sigemptyset(&sa.sa_mask);
    return sigaction(number, &sa, NULL) == 0;
}

// --- start ---
static void read_actions(void)
{
    for (int number = 1; number < NSIG; number++) {
        struct sigaction sa;
        if (sigaction(number, NULL, &sa) != 0)
            continue;
        signal_state.handlers[number] = sa.sa_handler == SIG_DFL ? fixnum(0) : sa.sa_handler == SIG_IGN ? fixnum(1) : NONE;
    }
}

bool signals_boot(Thread *t)
{
    vm_add_root_range(signal_state.handlers, &signal_state.default_int_handler + 1);
    hooks.run_pending_signals = deliver;
    read_actions();
    signal_install(SIGPIPE, SIG_IGN);
    signal_state.handlers[SIGPIPE] = fixnum(1);
    signal_install(SIGXFSZ, SIG_IGN);
    signal_state.handlers[SIGXFSZ] = fixnum(1);
    Value on_int = native_function_new(t, &signal_default_int_handler, 0, 0, NULL);
    if (!on_int)
        return false;
    signal_state.default_int_handler = on_int;
    if (signal_state.handlers[SIGINT] == fixnum(0)) {
        signal_state.handlers[SIGINT] = on_int;
        signal_install(SIGINT, signal_arrived);
    }
    return true;
}

void signals_fork_child(Thread *t)
{
    __atomic_store_n(&the_vm.pending_signals, 0, __ATOMIC_SEQ_CST);
}
