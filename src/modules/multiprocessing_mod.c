// multiprocessing_mod.c: the _multiprocessing module: SemLock, a lock between processes.
//
// count and owner follow threading.RLock: owner is written by the thread that holds the semaphore.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <time.h>

#include "src/core/lock.h"
#include "src/modules/os_support.h"
#include "src/modules/select.h"

enum { RECURSIVE_MUTEX, SEMAPHORE };

typedef struct SemLock {
    Object head;
    sem_t *handle;          // foreign: mapped by sem_open
    uint64_t owner;         // Thread.id; atomic
    int count;              // times the owner holds it
    int maxvalue, kind;
    Value name;             // str or NONE
    int64_t shown_handle;
} SemLock;

static bool is_mine(Thread *t, const SemLock *s)
{
    return s->count > 0 && load_relaxed(&s->owner) == t->id;
}

static Value make(Thread *t, Type *cls, sem_t *handle, int kind, int maxvalue, Value name)
{
    SemLock *s = instance_new(t, cls, 0);
    if (!s)
        return 0;
    s->handle = handle;
    s->shown_handle = (int64_t)handle;
    s->kind = kind;
    s->maxvalue = maxvalue;
    s->name = name;
    return value_of(s);
}

static Value semlock_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[5];
    int kind, value, most;
    bool unlink;
    BIND_ARGUMENTS(t, "SemLock", "(kind, value, maxvalue, name, unlink)", args, nargs, kwnames, a, return 0);
    if (!to_int32(t, a[0], &kind) || !to_int32(t, a[1], &value) || !to_int32(t, a[2], &most) || !flag_arg(t, a[4], false, &unlink))
        return 0;
    if (kind != RECURSIVE_MUTEX && kind != SEMAPHORE)
        return raise(t, EXC(ValueError), "unrecognized kind");
    if (!is_str(a[3]))
        return raise(t, EXC(TypeError), "SemLock() argument 'name' must be str, not %T", a[3]);
    const char *name = fs_bytes(t, a[3], NULL);
    if (!name)
        return 0;
    sem_t *handle = sem_open(name, O_CREAT | O_EXCL, 0600, value);
    if (handle == SEM_FAILED)
        return raise_errno(t, errno);
    if (unlink && sem_unlink(name) < 0) {
        int error = errno;
        sem_close(handle);
        return raise_errno(t, error);
    }
    return make(t, cls, handle, kind, most, unlink ? NONE : a[3]);
}

static Value semlock_rebuild(Thread *t, const Value *args, size_t nargs)
{
    int64_t address;
    int kind, most;
    if (!to_int64(t, args[1], &address) || !to_int32(t, args[2], &kind) || !to_int32(t, args[3], &most))
        return 0;
    sem_t *handle = (sem_t *)address;
    if (args[4] != NONE) {
        const char *name = fs_bytes(t, args[4], NULL);
        if (!name)
            return 0;
        handle = sem_open(name, 0);
        if (handle == SEM_FAILED)
            return raise_errno(t, errno);
    }
    return make(t, as_type(args[0]), handle, kind, most, args[4]);
}

static void semlock_finalize(Thread *t, Value self)
{
    SemLock *s = (SemLock *)self;
    if (s->handle)
        sem_close(s->handle);
    s->handle = NULL;
}

typedef struct Wait {
    sem_t *handle;
    bool limited;
    struct timespec until;
} Wait;

static long wait_body(void *data)
{
    Wait *w = data;
    int result = w->limited ? sem_timedwait(w->handle, &w->until) : sem_wait(w->handle);
    return result < 0 ? -errno : 0;
}

static void until_after(struct timespec *out, int64_t ns)
{
    clock_gettime(CLOCK_REALTIME, out);
    int64_t sum = out->tv_nsec + ns % 1000000000;
    out->tv_sec += ns / 1000000000 + sum / 1000000000;
    out->tv_nsec = sum % 1000000000;
}

// args: self, block, timeout.
static Value semlock_acquire(Thread *t, const Value *args, size_t nargs)
{
    SemLock *s = (SemLock *)args[0];
    bool block;
    int64_t timeout = -1;
    if (!flag_arg(t, args[1], true, &block) || (args[2] && args[2] != NONE && !timeout_arg(t, args[2], &timeout)))
        return 0;
    if (args[2] && args[2] != NONE && timeout < 0)
        timeout = 0;
    if (s->kind == RECURSIVE_MUTEX && is_mine(t, s)) {
        s->count++;
        return TRUE;
    }
    long result = sem_trywait(s->handle) < 0 ? -errno : 0;
    if (result == -EAGAIN && block) {
        Wait w = {.handle = s->handle, .limited = timeout >= 0};
        if (w.limited)
            until_after(&w.until, timeout);
        result = os_run(t, wait_body, &w);
    }
    if (result == -EAGAIN || result == -ETIMEDOUT)
        return FALSE;
    if (result < 0)
        return os_raise(t, result, 0, 0);
    s->count++;
    store_relaxed(&s->owner, t->id);
    return TRUE;
}

static Value semlock_release(Thread *t, const Value *args, size_t nargs)
{
    SemLock *s = (SemLock *)args[0];
    if (s->kind == RECURSIVE_MUTEX) {
        if (!is_mine(t, s))
            return raise(t, EXC(AssertionError), "attempt to release recursive lock not owned by thread");
        if (s->count > 1) {
            s->count--;
            return NONE;
        }
    } else {
        int value;
        if (sem_getvalue(s->handle, &value) < 0)
            return raise_errno(t, errno);
        if (value >= s->maxvalue)
            return raise(t, EXC(ValueError), "semaphore or lock released too many times");
    }
    if (sem_post(s->handle) < 0)
        return raise_errno(t, errno);
    s->count--;
    return NONE;
}

static Value semlock_enter(Thread *t, const Value *args, size_t nargs)
{
    const Value all[3] = {args[0], TRUE, 0};
    return semlock_acquire(t, all, 3);
}

static Value semlock_exit(Thread *t, const Value *args, size_t nargs)
{
    return semlock_release(t, args, 1);
}

static Value semlock_count(Thread *t, const Value *args, size_t nargs) { return fixnum(((SemLock *)args[0])->count); }
static Value semlock_is_mine(Thread *t, const Value *args, size_t nargs) { return value_bool(is_mine(t, (SemLock *)args[0])); }

static Value semlock_get_value(Thread *t, const Value *args, size_t nargs)
{
    int value;
    if (sem_getvalue(((SemLock *)args[0])->handle, &value) < 0)
        return raise_errno(t, errno);
    return fixnum(value < 0 ? 0 : value);
}

static Value semlock_is_zero(Thread *t, const Value *args, size_t nargs)
{
    Value value = semlock_get_value(t, args, 1);
    return value ? value_bool(value == fixnum(0)) : 0;
}

static Value semlock_after_fork(Thread *t, const Value *args, size_t nargs)
{
    ((SemLock *)args[0])->count = 0;
    return NONE;
}

Type type_semlock = {
    TYPE_HEAD(semlock, "_multiprocessing.SemLock", &type_object, SemLock),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER,
    .new_signature = "(kind, value, maxvalue, name, unlink)",
    .slots = {.new = semlock_new, .finalize = semlock_finalize},
    .doc = "Semaphore/Mutex type",
    .members = (const MemberDef[]){
        {"handle", MEMBER_INT64, offsetof(SemLock, shown_handle), false, NULL},
        {"kind", MEMBER_INT32, offsetof(SemLock, kind), false, NULL},
        {"maxvalue", MEMBER_INT32, offsetof(SemLock, maxvalue), false, NULL},
        {"name", MEMBER_VALUE_OR_NONE, offsetof(SemLock, name), false, NULL},
        {0},
    },
    .methods = (const NativeDef[]){
        {"acquire", semlock_acquire, "($self, /, block=True, timeout=None)", "Acquire the semaphore/lock."},
        {"release", semlock_release, "($self, /)", "Release the semaphore/lock."},
        {"_count", semlock_count, "($self, /)", "Num of `acquire()`s minus num of `release()`s for this process."},
        {"_is_mine", semlock_is_mine, "($self, /)", "Whether the lock is owned by this thread."},
        {"_get_value", semlock_get_value, "($self, /)", "Get the value of the semaphore."},
        {"_is_zero", semlock_is_zero, "($self, /)", "Return whether semaphore has value zero."},
        {"_rebuild", semlock_rebuild, "($type, handle, kind, maxvalue, name, /)", NULL, NATIVE_CLASS},
        {"_after_fork", semlock_after_fork, "($self, /)", "Rezero the net acquisition count after fork()."},
        {"__enter__", semlock_enter, "($self, /)", "Enter the semaphore/lock."},
        {"__exit__", semlock_exit, "($self, exc_type=None, exc_value=None, exc_tb=None, /)", "Exit the semaphore/lock."},
        {0},
    },
};

static Value multiprocessing_sem_unlink(Thread *t, const Value *args, size_t nargs)
{
    const char *name = fs_bytes(t, args[0], NULL);
    if (!name)
        return 0;
    return sem_unlink(name) < 0 ? raise_errno(t, errno) : NONE;
}

static bool multiprocessing_exec(Thread *t, Value module)
{
    static const IntConstant flags[] = {{"HAVE_SEM_OPEN", 1}, {"HAVE_SEM_TIMEDWAIT", 1}, {0}};
    Value dict = ints_dict(t, flags);
    return dict && module_add(t, module, "flags", dict) && module_add_type(t, module, &type_semlock)
        && dict_set(t, as_dict(type_semlock.attributes), str_intern_cstr(t, "SEM_VALUE_MAX"), fixnum(SEM_VALUE_MAX));
}

const ModuleDef module_multiprocessing = {
    .name = "_multiprocessing",
    .functions = (const NativeDef[]){{"sem_unlink", multiprocessing_sem_unlink, "(name, /)", NULL}, {0}},
    .exec = multiprocessing_exec,
};
