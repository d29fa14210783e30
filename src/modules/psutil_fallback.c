// psutil_fallback.c: a small psutil for systems that have none installed: what programs ask about their own process.
//
// It is found last: the module _psutil_fallback stands at the end of sys.meta_path as finder and loader, so an installed
// psutil wins. Everything is read from /proc at each call; a Process is immutable.
#include "src/modules/psutil_fallback.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/modules/exception_class.h"
#include "src/modules/os_signal.h"
#include "src/modules/os_support.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

typedef struct Process {
    Object head;
    int pid;
} Process;

enum { PROC_ROOM = 8192 };

static const StructSeqField memory_fields[] = {{"rss", NULL}, {"vms", NULL}, {"shared", NULL}, {"text", NULL}, {"lib", NULL},
                                               {"data", NULL}, {"dirty", NULL}, {0}};
static const StructSeqField times_fields[] = {{"user", NULL}, {"system", NULL}, {"children_user", NULL},
                                              {"children_system", NULL}, {"iowait", NULL}, {0}};
static const StructSeqField virtual_fields[] = {{"total", NULL}, {"available", NULL}, {"percent", NULL}, {"used", NULL},
                                                {"free", NULL}, {"active", NULL}, {"inactive", NULL}, {"buffers", NULL},
                                                {"cached", NULL}, {"shared", NULL}, {"slab", NULL}, {0}};
static const StructSeqDef defs[] = {
    {"psutil.pmem", NULL, memory_fields, 7, false},
    {"psutil.pcputimes", NULL, times_fields, 5, false},
    {"psutil.svmem", NULL, virtual_fields, 11, false},
};

// Made once with the module; roots.
static struct PsutilState {
    Type *memory, *times, *virtual_memory;
    Value error, no_such_process;
} state;

// Reads a file of /proc into `room`: its length, or minus the error number.
static long read_file(Thread *t, const char *name, char *room, size_t size)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t n = read(fd, room, size - 1);
    int error = errno;
    close(fd);
    if (n < 0)
        return -error;
    room[n] = 0;
    return n;
}

static bool read_process(Thread *t, int pid, const char *what, char room[PROC_ROOM])
{
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/%s", pid, what);
    long n = read_file(t, name, room, PROC_ROOM);
    if (n >= 0)
        return true;
    if (n == -ENOENT || n == -ESRCH)
        raise(t, as_type(state.no_such_process), "process PID not found (pid=%d)", pid);
    else
        raise_errno(t, (int)-n);
    return false;
}

// --- Process ---

static Value process_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[1];
    char room[PROC_ROOM];
    BIND_ARGUMENTS(t, "Process", "(pid=None)", args, nargs, kwnames, a, return 0);
    int pid = getpid();
    if (a[0] && a[0] != NONE && !to_int32(t, a[0], &pid))
        return 0;
    if (pid < 0)
        return raise(t, EXC(ValueError), "pid must be a positive integer (got %d)", pid);
    Process *p = read_process(t, pid, "stat", room) ? instance_new(t, cls, 0) : NULL;
    if (p)
        p->pid = pid;
    return value_of(p);
}

static Value process_memory_info(Thread *t, const Value *args, size_t nargs)
{
    char room[PROC_ROOM];
    if (!read_process(t, ((Process *)args[0])->pid, "statm", room))
        return 0;
    long pages[7] = {0}, size = sysconf(_SC_PAGESIZE);   // size resident shared text lib data dirty
    char *at = room;
    for (int i = 0; i < 7; i++)
        pages[i] = strtol(at, &at, 10) * size;
    Value items[] = {fixnum(pages[1]), fixnum(pages[0]), fixnum(pages[2]), fixnum(pages[3]), fixnum(pages[4]), fixnum(pages[5]),
                     fixnum(pages[6])};
    return structseq_new(t, state.memory, items);
}

// Field n (from 3 on, as proc(5) counts) of /proc/pid/stat; the name in field 2 may hold blanks.
static bool stat_field(Thread *t, Value self, int n, char *out_letter, int64_t *out)
{
    char room[PROC_ROOM];
    if (!read_process(t, ((Process *)self)->pid, "stat", room))
        return false;
    char *at = strrchr(room, ')');
    for (int i = 2; at && i < n; i++)
        at = strchr(at + 1, ' ');
    *out_letter = at ? at[1] : '?';
    *out = at ? strtoll(at + 1, NULL, 10) : 0;
    return true;
}

static Value process_cpu_times(Thread *t, const Value *args, size_t nargs)
{
    Value items[5];
    char letter;
    int64_t ticks;
    for (int i = 0; i < 5; i++) {
        if (!stat_field(t, args[0], i == 4 ? 42 : 14 + i, &letter, &ticks))
            return 0;
        items[i] = float_new(t, (double)ticks / (double)sysconf(_SC_CLK_TCK));
        if (!items[i])
            return 0;
    }
    return structseq_new(t, state.times, items);
}

static Value stat_number(Thread *t, Value self, int field)
{
    char letter;
    int64_t number;
    return stat_field(t, self, field, &letter, &number) ? int_from_int64(t, number) : 0;
}

static Value process_ppid(Thread *t, const Value *args, size_t nargs) { return stat_number(t, args[0], 4); }
static Value process_nice(Thread *t, const Value *args, size_t nargs) { return stat_number(t, args[0], 19); }
static Value process_num_threads(Thread *t, const Value *args, size_t nargs) { return stat_number(t, args[0], 20); }

static Value process_status(Thread *t, const Value *args, size_t nargs)
{
    static const struct { char letter; const char *name; } names[] = {
        {'R', "running"}, {'S', "sleeping"}, {'D', "disk-sleep"}, {'T', "stopped"}, {'t', "tracing-stop"}, {'Z', "zombie"},
        {'X', "dead"}, {'I', "idle"},
    };
    char letter;
    int64_t unused;
    if (!stat_field(t, args[0], 3, &letter, &unused))
        return 0;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (names[i].letter == letter)
            return str_from_cstr(t, names[i].name);
    return str_from_cstr(t, "?");
}

static Value process_name(Thread *t, const Value *args, size_t nargs)
{
    char room[PROC_ROOM];
    if (!read_process(t, ((Process *)args[0])->pid, "comm", room))
        return 0;
    return str_from_fs(t, room, strcspn(room, "\n"));
}

static Value process_cmdline(Thread *t, const Value *args, size_t nargs)
{
    char name[64], room[PROC_ROOM];
    snprintf(name, sizeof name, "/proc/%d/cmdline", ((Process *)args[0])->pid);
    long n = read_file(t, name, room, sizeof room);
    List *words = list_new(t, 4);
    for (long at = 0; words && at < n; at += (long)strlen(room + at) + 1) {
        Value word = str_from_fs(t, room + at, strlen(room + at));
        if (!word || !list_append(t, words, word))
            return 0;
    }
    return value_of(words);
}

static Value process_num_fds(Thread *t, const Value *args, size_t nargs)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/fd", ((Process *)args[0])->pid);
    DIR *directory = opendir(name);
    if (!directory)
        return raise_errno(t, errno);
    int64_t n = 0;
    for (struct dirent *e; (e = readdir(directory));)
        n += e->d_name[0] != '.';
    closedir(directory);
    return fixnum(n - (((Process *)args[0])->pid == getpid()));   // not the one that was just open
}

static int64_t memory_line(const char *room, const char *key)
{
    const char *at = strstr(room, key);
    return at ? strtoll(at + strlen(key), NULL, 10) * 1024 : 0;
}

static Value process_memory_percent(Thread *t, const Value *args, size_t nargs)
{
    char room[PROC_ROOM];
    Value info = process_memory_info(t, args, 1);
    if (!info || read_file(t, "/proc/meminfo", room, sizeof room) < 0)
        return info ? raise_errno(t, errno) : 0;
    int64_t total = memory_line(room, "MemTotal:");
    return float_new(t, total ? 100.0 * (double)fixnum_value(as_tuple(info)->at[0]) / (double)total : 0.0);
}

static Value process_is_running(Thread *t, const Value *args, size_t nargs)
{
    return value_bool(kill(((Process *)args[0])->pid, 0) == 0 || errno == EPERM);
}

static Value process_get_pid(Thread *t, Value self)
{
    return fixnum(((Process *)self)->pid);
}

static Value process_repr(Thread *t, Value self)
{
    return str_format(t, "psutil.Process(pid=%d)", ((Process *)self)->pid);
}

Type type_psutil_process = {
    TYPE_HEAD(psutil_process, "psutil.Process", &type_object, Process),
    .flags = TYPE_BASE | TYPE_ATOMIC,
    .new_signature = "(pid=None)",
    .slots = {.new = process_new, .repr = process_repr},
    .doc = "An operating system process.",
    .getsets = (const GetSetDef[]){{"pid", process_get_pid, NULL, "The process PID."}, {0}},
    .methods = (const NativeDef[]){
        {"memory_info", process_memory_info, "($self, /)", "Sizes of the process's memory in bytes."},
        {"memory_percent", process_memory_percent, "($self, /)", "Resident memory in per cent of the machine's."},
        {"cpu_times", process_cpu_times, "($self, /)", "Processor time used, in seconds."},
        {"ppid", process_ppid, "($self, /)", NULL},
        {"nice", process_nice, "($self, /)", NULL},
        {"num_threads", process_num_threads, "($self, /)", NULL},
        {"num_fds", process_num_fds, "($self, /)", NULL},
        {"status", process_status, "($self, /)", NULL},
        {"name", process_name, "($self, /)", NULL},
        {"cmdline", process_cmdline, "($self, /)", NULL},
        {"is_running", process_is_running, "($self, /)", NULL},
        {0},
    },
};

// --- the machine ---

static Value psutil_cpu_count(Thread *t, const Value *args, size_t nargs)
{
    return fixnum(sysconf(_SC_NPROCESSORS_ONLN));
}

static Value psutil_pid_exists(Thread *t, const Value *args, size_t nargs)
{
    int pid;
    if (!to_int32(t, args[0], &pid))
        return 0;
    return value_bool(pid >= 0 && (kill(pid, 0) == 0 || errno == EPERM));
}

static Value psutil_virtual_memory(Thread *t, const Value *args, size_t nargs)
{
    char room[PROC_ROOM];
    long n = read_file(t, "/proc/meminfo", room, sizeof room);
    if (n < 0)
        return raise_errno(t, (int)-n);
    int64_t total = memory_line(room, "MemTotal:"), available = memory_line(room, "MemAvailable:");
    int64_t cached = memory_line(room, "\nCached:") + memory_line(room, "SReclaimable:");
    int64_t rest = memory_line(room, "MemFree:"), buffers = memory_line(room, "Buffers:");
    double percent = total ? 100.0 * (double)(total - available) / (double)total : 0;
    Value items[] = {
        fixnum(total), fixnum(available), float_new(t, (double)(int64_t)(percent * 10 + 0.5) / 10), fixnum(total - available),
        fixnum(rest), fixnum(memory_line(room, "Active:")), fixnum(memory_line(room, "Inactive:")), fixnum(buffers),
        fixnum(cached), fixnum(memory_line(room, "Shmem:")), fixnum(memory_line(room, "Slab:")),
    };
    return items[2] ? structseq_new(t, state.virtual_memory, items) : 0;
}

static bool psutil_exec(Thread *t, Value module)
{
    Type **const types[] = {&state.memory, &state.times, &state.virtual_memory};
    vm_add_root_range(&state, &state + 1);
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (!*types[i] && !(*types[i] = structseq_type_new(t, &defs[i])))
            return false;
    if (!state.error)
        state.error = exception_class_new(t, "psutil", "Error", value_of(EXC(Exception)), NULL);
    if (state.error && !state.no_such_process)
        state.no_such_process = exception_class_new(t, "psutil", "NoSuchProcess", state.error, NULL);
    return state.no_such_process && module_add(t, module, "Error", state.error)
        && module_add(t, module, "NoSuchProcess", state.no_such_process) && module_add_type(t, module, &type_psutil_process)
        && module_add(t, module, "__version__", str_from_cstr(t, "0"));
}

static const ModuleDef module_psutil = {
    .name = "psutil",
    .doc = "A small part of psutil: the memory and processor time of processes.",
    .functions = (const NativeDef[]){
        {"cpu_count", psutil_cpu_count, "(logical=True)", NULL},
        {"pid_exists", psutil_pid_exists, "(pid)", NULL},
        {"virtual_memory", psutil_virtual_memory, "()", NULL},
        {0},
    },
    .exec = psutil_exec,
};

// --- finder and loader ---

static Value fallback_find_spec(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]) || !str_equal_cstr(args[1], "psutil"))
        return NONE;
    Value importlib = hooks.import_module(t, "_frozen_importlib");
    Value make = importlib ? attr_get(t, importlib, str_intern_cstr(t, "ModuleSpec")) : 0;
    return make ? call2(t, make, args[1], args[0]) : 0;
}

static Value fallback_create_module(Thread *t, const Value *args, size_t nargs)
{
    return module_from_def(t, &module_psutil);
}

static Value fallback_exec_module(Thread *t, const Value *args, size_t nargs)
{
    return NONE;
}

static const ModuleDef module_psutil_fallback = {
    .name = "_psutil_fallback",
    .doc = "Finds a small psutil when none is installed.",
    .functions = (const NativeDef[]){
        {"find_spec", fallback_find_spec, "($module, fullname, path=None, target=None)", NULL},
        {"create_module", fallback_create_module, "($module, spec)", NULL},
        {"exec_module", fallback_exec_module, "($module, module)", NULL},
        {0},
    },
};

bool psutil_fallback_install(Thread *t)
{
    Value finders = attr_get(t, t->vm->sys_module, str_intern_cstr(t, "meta_path"));
    Value module = finders ? module_from_def(t, &module_psutil_fallback) : 0;
    return module && is_list(finders) && list_append(t, as_list(finders), module);
}
