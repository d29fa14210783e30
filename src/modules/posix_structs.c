// posix_structs.c: the named tuples of the posix module.
//
// The types are made once, when the module is first imported, and live for ever; the table is a root.
#include "src/core/vm.h"
#include "src/modules/posix.h"
#include "src/types/structseq.h"

static const StructSeqField stat_fields[] = {
    {"st_mode", "protection bits"}, {"st_ino", "inode"}, {"st_dev", "device"}, {"st_nlink", "number of hard links"},
    {"st_uid", "user ID of owner"}, {"st_gid", "group ID of owner"}, {"st_size", "total size, in bytes"},
    {STRUCTSEQ_UNNAMED, "integer time of last access"}, {STRUCTSEQ_UNNAMED, "integer time of last modification"},
    {STRUCTSEQ_UNNAMED, "integer time of last change"}, {"st_atime", "time of last access"},
    {"st_mtime", "time of last modification"}, {"st_ctime", "time of last change"},
    {"st_atime_ns", "time of last access in nanoseconds"}, {"st_mtime_ns", "time of last modification in nanoseconds"},
    {"st_ctime_ns", "time of last change in nanoseconds"}, {"st_blksize", "blocksize for filesystem I/O"},
    {"st_blocks", "number of blocks allocated"}, {"st_rdev", "device type (if inode device)"}, {0},
};

static const StructSeqField statvfs_fields[] = {
    {"f_bsize", NULL}, {"f_frsize", NULL}, {"f_blocks", NULL}, {"f_bfree", NULL}, {"f_bavail", NULL}, {"f_files", NULL},
    {"f_ffree", NULL}, {"f_favail", NULL}, {"f_flag", NULL}, {"f_namemax", NULL}, {"f_fsid", NULL}, {0},
};

static const StructSeqField terminal_size_fields[] = {
    {"columns", "width of the terminal window in characters"}, {"lines", "height of the terminal window in characters"}, {0},
};

static const StructSeqField times_fields[] = {
    {"user", "user time"}, {"system", "system time"}, {"children_user", "user time of children"},
    {"children_system", "system time of children"}, {"elapsed", "elapsed time since an arbitrary point in the past"}, {0},
};

static const StructSeqField uname_fields[] = {
    {"sysname", "operating system name"}, {"nodename", "name of machine on network (implementation-defined)"},
    {"release", "operating system release"}, {"version", "operating system version"}, {"machine", "hardware identifier"}, {0},
};

static const StructSeqField waitid_fields[] = {
    {"si_pid", NULL}, {"si_uid", NULL}, {"si_signo", NULL}, {"si_status", NULL}, {"si_code", NULL}, {0},
};

static const StructSeqField sched_param_fields[] = {{"sched_priority", "the scheduling priority"}, {0}};

static const StructSeqDef defs[POSIX_STRUCT_COUNT] = {
    [POSIX_STAT] = {"os.stat_result",
                    "stat_result: Result from stat, fstat, or lstat.\n\n"
                    "This object may be accessed either as a tuple of\n"
                    "  (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)\n"
                    "or via the attributes st_mode, st_ino, st_dev, st_nlink, and so on.",
                    stat_fields, 10, false},
    [POSIX_STATVFS] = {"os.statvfs_result", "statvfs_result: Result from statvfs or fstatvfs.", statvfs_fields, 10, false},
    [POSIX_TERMINAL_SIZE] = {"os.terminal_size", "A tuple of (columns, lines) for holding terminal window size",
                             terminal_size_fields, 2, false},
    [POSIX_TIMES] = {"posix.times_result", "times_result: Result from os.times().", times_fields, 5, false},
    [POSIX_UNAME] = {"posix.uname_result", "uname_result: Result from os.uname().", uname_fields, 5, false},
    [POSIX_WAITID] = {"posix.waitid_result", "waitid_result: Result from waitid.", waitid_fields, 5, false},
    [POSIX_SCHED_PARAM] = {"posix.sched_param", "Currently has only one field: sched_priority", sched_param_fields, 1, false},
};

static Type *types[POSIX_STRUCT_COUNT];   // written once before the module is published

Type *posix_struct_type(PosixStruct which)
{
    return load_acquire(&types[which]);
}

Value posix_struct(Thread *t, PosixStruct which, const Value *items)
{
    for (const StructSeqField *field = defs[which].fields; field->name; field++)
        if (!items[field - defs[which].fields])
            return 0;
    return structseq_new(t, posix_struct_type(which), items);
}

bool posix_structs_add(Thread *t, Value module)
{
    vm_add_root_range(types, types + POSIX_STRUCT_COUNT);
    for (size_t i = 0; i < POSIX_STRUCT_COUNT; i++) {
        if (!types[i]) {
            Type *type = structseq_type_new(t, &defs[i]);
            if (!type)
                return false;
            publish(&types[i], type);
        }
        if (!module_add_type(t, module, types[i]))
            return false;
    }
    return true;
}
