// sysconfig_mod.c: what the library's sysconfig asks about the build: the data module that CPython's make writes, and _sysconfig.
#include "src/core/build_config.h"
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/sys.h"
#include "src/types/dict.h"
#include "src/types/str.h"

typedef struct ConfigText { const char *name, *value; } ConfigText;
typedef struct ConfigNumber { const char *name; int value; } ConfigNumber;

static const ConfigText texts[] = {
    {"VERSION", "3.14"}, {"LDVERSION", "3.14"}, {"prefix", ADDER_PREFIX}, {"exec_prefix", ADDER_PREFIX},
    {"BINDIR", ADDER_PREFIX "/bin"}, {"LIBDIR", ADDER_PREFIX "/lib"}, {"LIBDEST", ADDER_INSTALLED_STDLIB},
    {"INCLUDEPY", ADDER_PREFIX "/include"}, {"EXE", ""}, {"ABIFLAGS", ""}, {"MULTIARCH", ADDER_MULTIARCH}, {"SHLIB_SUFFIX", ".so"},
    {"EXT_SUFFIX", ".adder-314-" ADDER_MULTIARCH ".so"}, {"SOABI", "adder-314-" ADDER_MULTIARCH}, {"LIBRARY", "libadder.a"},
    {"LDLIBRARY", "libadder.so"}, {"INSTSONAME", "libadder.so.0"}, {"CC", "cc"}, {"CXX", "c++"}, {"CFLAGS", ""}, {"LDFLAGS", ""},
    {"TZPATH", "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"}, {"HOST_GNU_TYPE", ADDER_MULTIARCH},
    {"MACHDEP", "linux"}, {"srcdir", "."}, {"CONFIG_ARGS", ""}, {"OPT", ""}, {"AR", "ar"}, {"ARFLAGS", "rcs"}, {"CCSHARED", "-fPIC"},
    {"LDSHARED", "cc -shared"}, {"PY_CFLAGS", ""},
};

static const ConfigNumber numbers[] = {
    {"Py_DEBUG", 0}, {"Py_GIL_DISABLED", 1}, {"Py_ENABLE_SHARED", 0}, {"SIZEOF_VOID_P", 8}, {"SIZEOF_LONG", 8}, {"SIZEOF_SIZE_T", 8},
    {"SIZEOF_TIME_T", 8}, {"HAVE_FORK", 1}, {"HAVE_WORKING_TZSET", 1}, {"HAVE_CLOCK_GETTIME", 1}, {"WITH_DOC_STRINGS", 1},
    {"WITH_PYMALLOC", 0}, {"WITH_MIMALLOC", 0}, {"HAVE_PTHREAD_H", 1}, {"HAVE_SIGACTION", 1}, {"HAVE_BROKEN_SEM_GETVALUE", 0},
};

static Dict *number_dict(Thread *t, size_t count)
{
    Dict *d = dict_new(t);
    for (size_t i = 0; d && i < count; i++) {
        Value name = str_intern_cstr(t, numbers[i].name);
        if (!name || !dict_set(t, d, name, fixnum(numbers[i].value)))
            return NULL;
    }
    return d;
}

static bool data_exec(Thread *t, Value module)
{
    Dict *d = number_dict(t, COUNT_OF(numbers));
    for (size_t i = 0; d && i < COUNT_OF(texts); i++) {
        Value name = str_intern_cstr(t, texts[i].name), value = str_from_cstr(t, texts[i].value);
        if (!name || !value || !dict_set(t, d, name, value))
            return false;
    }
    return d && module_add(t, module, "build_time_vars", value_of(d));
}

const ModuleDef module_sysconfigdata = {"_sysconfigdata__linux_" ADDER_MULTIARCH, "How this build was made.", NULL, data_exec};

static Value config_vars(Thread *t, const Value *args, size_t nargs)
{
    enum { PUBLIC = 2 };   // Py_DEBUG, Py_GIL_DISABLED
    return value_of(number_dict(t, PUBLIC));
}

static const NativeDef sysconfig_functions[] = {
    {"config_vars", config_vars, "()", "Returns a dictionary containing build variables intended to be exposed by sysconfig.", NATIVE_PLAIN},
    {0},
};

const ModuleDef module_sysconfig = {"_sysconfig", "A helper for the sysconfig module.", sysconfig_functions, NULL};
