// posix_mod.c: the posix module: its functions, constants and types put together.
#include <unistd.h>

#include "src/modules/posix.h"

static const NativeDef *const function_tables[] = {
    posix_stat_functions, posix_attribute_functions, posix_dir_functions, posix_fs_functions, posix_fd_functions,
    posix_io_functions, posix_id_functions, posix_wait_functions, posix_exec_functions, posix_spawn_functions,
    posix_sched_functions, posix_system_functions, posix_conf_functions, posix_tty_functions, posix_xattr_functions,
    posix_event_functions, posix_path_functions,
};

// What os.py asks for to fill supports_fd and its like.
static const char *const have_functions[] = {
    "HAVE_EVENTFD", "HAVE_TIMERFD_CREATE", "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT",
    "HAVE_FCHOWN", "HAVE_FCHOWNAT", "HAVE_FEXECVE", "HAVE_FDOPENDIR", "HAVE_FPATHCONF", "HAVE_FSTATAT",
    "HAVE_FSTATVFS", "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_FUTIMES", "HAVE_FUTIMESAT", "HAVE_LINKAT",
    "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_LUTIMES", "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT", "HAVE_MKFIFOAT",
    "HAVE_MKNODAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT",
    "HAVE_UTIMENSAT", "HAVE_PTSNAME_R",
};

static bool add_have_functions(Thread *t, Value module)
{
    List *list = list_new(t, COUNT_OF(have_functions));
    for (size_t i = 0; list && i < COUNT_OF(have_functions); i++) {
        Value name = str_from_cstr(t, have_functions[i]);
        if (!name || !list_append(t, list, name))
            return false;
    }
    return list && module_add(t, module, "_have_functions", value_of(list));
}

static bool add_dict(Thread *t, Value module, const char *name, const IntConstant *table)
{
    Value dict = ints_dict(t, table);
    return dict && module_add(t, module, name, dict);
}

static bool posix_exec(Thread *t, Value module)
{
    for (size_t i = 0; i < COUNT_OF(function_tables); i++)
        if (!module_add_functions(t, module, function_tables[i]))
            return false;
    Value create = attr_get(t, module, str_intern_cstr(t, "_create_environ"));
    Value environment = create ? call0(t, create) : 0;
    return environment && module_add(t, module, "environ", environment) && module_add_ints(t, module, posix_constants)
        && add_dict(t, module, "sysconf_names", posix_sysconf_names)
        && add_dict(t, module, "pathconf_names", posix_pathconf_names)
        && add_dict(t, module, "confstr_names", posix_confstr_names) && add_have_functions(t, module)
        && module_add(t, module, "error", value_of(EXC(OSError))) && module_add_type(t, module, &type_dir_entry)
        && posix_structs_add(t, module);
}

const ModuleDef module_posix = {
    .name = "posix",
    .doc = "This module provides access to operating system functionality that is\n"
           "standardized by the C Standard and the POSIX standard (a thinly\n"
           "disguised Unix interface).  Refer to the library manual and\n"
           "corresponding Unix manual entries for more information on calls.",
    .exec = posix_exec,
};
