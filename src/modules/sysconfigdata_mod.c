// sysconfigdata_mod.c: what sysconfig asks about the build, under the name it computes from the platform.
#include "src/core/build_config.h"
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/types/dict.h"
#include "src/types/str.h"

typedef struct Variable {
    const char *name;
    const char *text;             // null: the number
    int number;
} Variable;

static const Variable variables[] = {
    {"prefix", ADDER_PREFIX, 0}, {"exec_prefix", ADDER_PREFIX, 0}, {"VERSION", "3.14", 0}, {"py_version_short", "3.14", 0}, {"ABIFLAGS", "", 0},
    {"SOABI", "adder-314-" ADDER_MULTIARCH, 0}, {"EXT_SUFFIX", ".adder-314-" ADDER_MULTIARCH ".so", 0}, {"SHLIB_SUFFIX", ".so", 0},
    {"MULTIARCH", ADDER_MULTIARCH, 0}, {"MACHDEP", "linux", 0}, {"CC", "gcc", 0}, {"CXX", "g++", 0}, {"AR", "ar", 0}, {"ARFLAGS", "rcs", 0},
    {"CFLAGS", "-O2", 0}, {"OPT", "-O2", 0}, {"PY_CFLAGS", "-O2", 0}, {"CCSHARED", "-fPIC", 0}, {"LDSHARED", "gcc -shared", 0}, {"LDFLAGS", "", 0}, {"LIBS", "", 0},
    {"CONFIG_ARGS", "", 0}, {"EXE", "", 0}, {"BINDIR", ADDER_PREFIX "/bin", 0}, {"LIBDIR", ADDER_PREFIX "/lib", 0}, {"INCLUDEPY", ADDER_PREFIX "/include", 0},
    {"TZPATH", "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo", 0},
    {"Py_DEBUG", NULL, 0}, {"Py_GIL_DISABLED", NULL, 0}, {"Py_ENABLE_SHARED", NULL, 0}, {"Py_TRACE_REFS", NULL, 0}, {"WITH_DOC_STRINGS", NULL, 1},
    {"WITH_PYMALLOC", NULL, 0}, {"WITH_FREELISTS", NULL, 0}, {"SIZEOF_VOID_P", NULL, 8}, {"SIZEOF_LONG", NULL, 8}, {"SIZEOF_SIZE_T", NULL, 8}, {"SIZEOF_TIME_T", NULL, 8},
    {"HAVE_FORK", NULL, 1}, {"HAVE_GETRANDOM", NULL, 1}, {"HAVE_GETRANDOM_SYSCALL", NULL, 1}, {"HAVE_GETENTROPY", NULL, 1}, {"HAVE_BROKEN_POLL", NULL, 0},
    {"HAVE_PTHREAD_STUBS", NULL, 0}, {"HAVE_MKFIFO", NULL, 1}, {"HAVE_SEM_TIMEDWAIT", NULL, 1}, {"POSIX_SEMAPHORES_NOT_ENABLED", NULL, 0},
    {"HAVE_MBSTOWCS", NULL, 1}, {"USE_COMPUTED_GOTOS", NULL, 1}, {"srcdir", ADDER_PREFIX, 0},
};

static bool exec(Thread *t, Value module)
{
    Dict *dict = dict_new(t);
    for (size_t i = 0; dict && i < COUNT_OF(variables); i++) {
        const Variable *v = &variables[i];
        Value name = str_intern_cstr(t, v->name), value = v->text ? str_from_cstr(t, v->text) : fixnum(v->number);
        if (!name || !value || !dict_set(t, dict, name, value))
            return false;
    }
    return dict && module_add(t, module, "build_time_vars", value_of(dict));
}

const ModuleDef module_sysconfigdata = {"_sysconfigdata__linux_" ADDER_MULTIARCH, "Variables of the build, for sysconfig.", NULL, exec};
