// posix.h: what the files of the posix module share.
#ifndef ADDER_MODULES_POSIX_H
#define ADDER_MODULES_POSIX_H

#include <sys/stat.h>

#include "src/modules/os_support.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

extern const NativeDef posix_stat_functions[], posix_attribute_functions[], posix_dir_functions[], posix_fs_functions[],
    posix_fd_functions[], posix_io_functions[], posix_id_functions[], posix_process_functions[], posix_wait_functions[],
    posix_exec_functions[], posix_spawn_functions[], posix_sched_functions[], posix_system_functions[], posix_conf_functions[],
    posix_tty_functions[], posix_xattr_functions[], posix_event_functions[], posix_path_functions[];
extern const IntConstant posix_constants[], posix_sysconf_names[], posix_pathconf_names[], posix_confstr_names[];

// The named tuples of the module, made when it is imported.
typedef enum PosixStruct {
    POSIX_STAT, POSIX_STATVFS, POSIX_TERMINAL_SIZE, POSIX_TIMES, POSIX_UNAME, POSIX_WAITID, POSIX_SCHED_PARAM, POSIX_STRUCT_COUNT
} PosixStruct;
Type *posix_struct_type(PosixStruct which);
Value posix_struct(Thread *t, PosixStruct which, const Value *items);
MUST_CHECK bool posix_structs_add(Thread *t, Value module);

// stat_result of a path: `name` below dir_fd.
Value posix_stat_value(Thread *t, const struct stat *st);
long posix_stat_at(Thread *t, int dir_fd, const char *name, bool follow, struct stat *out);

// NULL-terminated arrays in collected memory for exec and spawn; null: error pending.
char **posix_argv(Thread *t, Value args, const char *function);
char **posix_envp(Thread *t, Value env);

// Runs the callbacks of os.register_at_fork; fork itself with everything the runtime needs around it.
long posix_fork(Thread *t, long (*do_fork)(void *data), void *data);
void posix_before_fork(Thread *t);
void posix_after_fork_parent(Thread *t);
void posix_after_fork_child(Thread *t);

#endif
