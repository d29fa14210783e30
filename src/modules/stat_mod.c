// stat_mod.c: the _stat module: tests and constants of file modes.
#include <sys/stat.h>

#include "src/modules/os_support.h"

static bool mode_arg(Thread *t, Value v, mode_t *out)
{
    int64_t wide;
    if (!to_int64(t, v, &wide)) {
        if (pending_clear_if(t, EXC(OverflowError)))
            raise(t, EXC(OverflowError), "Python int too large to convert to C unsigned long");
        return false;
    }
    if (wide < 0 || wide > UINT32_MAX) {
        raise(t, EXC(OverflowError), wide < 0 ? "can't convert negative value to unsigned int" : "mode out of range");
        return false;
    }
    *out = (mode_t)wide;
    return true;
}

static Value stat_test(Thread *t, Value v, mode_t kind)
{
    mode_t mode;
    return mode_arg(t, v, &mode) ? value_bool((mode & S_IFMT) == kind) : 0;
}

static Value stat_isdir(Thread *t, const Value *args, size_t nargs) { return stat_test(t, args[0], S_IFDIR); }
static Value stat_ischr(Thread *t, const Value *args, size_t nargs) { return stat_test(t, args[0], S_IFCHR); }
static Value stat_isblk(Thread *t, const Value *args, size_t nargs) { return stat_test(t, args[0], S_IFBLK); }
static Value stat_isreg(Thread *t, const Value *args, size_t nargs) { return stat_test(t, args[0], S_IFREG); }
static Value stat_isfifo(Thread *t, const Value *args, size_t nargs) { return stat_test(t, args[0], S_IFIFO); }
static Value stat_islnk(Thread *t, const Value *args, size_t nargs) { return stat_test(t, args[0], S_IFLNK); }
static Value stat_issock(Thread *t, const Value *args, size_t nargs) { return stat_test(t, args[0], S_IFSOCK); }

// Doors, ports and whiteouts do not exist here.
static Value stat_never(Thread *t, const Value *args, size_t nargs)
{
    mode_t mode;
    return mode_arg(t, args[0], &mode) ? FALSE : 0;
}

static Value stat_imode(Thread *t, const Value *args, size_t nargs)
{
    mode_t mode;
    return mode_arg(t, args[0], &mode) ? fixnum(mode & 07777) : 0;
}

static Value stat_ifmt(Thread *t, const Value *args, size_t nargs)
{
    mode_t mode;
    return mode_arg(t, args[0], &mode) ? fixnum(mode & S_IFMT) : 0;
}

static char kind_letter(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return '-';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFBLK: return 'b';
    case S_IFCHR: return 'c';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '?';
    }
}

static Value stat_filemode(Thread *t, const Value *args, size_t nargs)
{
    static const struct { mode_t bit, special; char plain, both, special_only; } letters[9] = {
        {S_IRUSR, 0, 'r', 0, 0}, {S_IWUSR, 0, 'w', 0, 0}, {S_IXUSR, S_ISUID, 'x', 's', 'S'},
        {S_IRGRP, 0, 'r', 0, 0}, {S_IWGRP, 0, 'w', 0, 0}, {S_IXGRP, S_ISGID, 'x', 's', 'S'},
        {S_IROTH, 0, 'r', 0, 0}, {S_IWOTH, 0, 'w', 0, 0}, {S_IXOTH, S_ISVTX, 'x', 't', 'T'},
    };
    mode_t mode;
    char text[10];
    if (!mode_arg(t, args[0], &mode))
        return 0;
    text[0] = kind_letter(mode);
    for (int i = 0; i < 9; i++) {
        bool plain = mode & letters[i].bit, special = mode & letters[i].special;
        text[i + 1] = special ? plain ? letters[i].both : letters[i].special_only : plain ? letters[i].plain : '-';
    }
    return str_from_ascii(t, text, sizeof text);
}

#define C(name) {#name, name}
static const IntConstant constants[] = {
    C(S_IFDIR), C(S_IFCHR), C(S_IFBLK), C(S_IFREG), C(S_IFIFO), C(S_IFLNK), C(S_IFSOCK), {"S_IFDOOR", 0}, {"S_IFPORT", 0},
    {"S_IFWHT", 0}, C(S_ISUID), C(S_ISGID), C(S_ISVTX), {"S_ENFMT", S_ISGID}, C(S_IREAD), C(S_IWRITE), C(S_IEXEC), C(S_IRWXU),
    C(S_IRUSR), C(S_IWUSR), C(S_IXUSR), C(S_IRWXG), C(S_IRGRP), C(S_IWGRP), C(S_IXGRP), C(S_IRWXO), C(S_IROTH), C(S_IWOTH),
    C(S_IXOTH), {"UF_SETTABLE", 0xffff}, {"UF_NODUMP", 1}, {"UF_IMMUTABLE", 2}, {"UF_APPEND", 4}, {"UF_OPAQUE", 8},
    {"UF_NOUNLINK", 0x10}, {"UF_COMPRESSED", 0x20}, {"UF_TRACKED", 0x40}, {"UF_DATAVAULT", 0x80}, {"UF_HIDDEN", 0x8000},
    {"SF_SETTABLE", 0xffff0000}, {"SF_ARCHIVED", 0x10000}, {"SF_IMMUTABLE", 0x20000}, {"SF_APPEND", 0x40000},
    {"SF_NOUNLINK", 0x100000}, {"SF_SNAPSHOT", 0x200000}, {"SF_FIRMLINK", 0x800000}, {"SF_DATALESS", 0x40000000},
    {"ST_MODE", 0}, {"ST_INO", 1}, {"ST_DEV", 2}, {"ST_NLINK", 3}, {"ST_UID", 4}, {"ST_GID", 5}, {"ST_SIZE", 6},
    {"ST_ATIME", 7}, {"ST_MTIME", 8}, {"ST_CTIME", 9}, {0},
};

static bool stat_exec(Thread *t, Value module)
{
    return module_add_ints(t, module, constants);
}

const ModuleDef module_stat = {
    .name = "_stat",
    .doc = "S_IFMT_: file type bits and tests of file modes.",
    .functions = (const NativeDef[]){
        {"S_ISDIR", stat_isdir, "(object, /)", "S_ISDIR(mode) -> bool\n\nReturn True if mode is from a directory."},
        {"S_ISCHR", stat_ischr, "(object, /)", "S_ISCHR(mode) -> bool\n\nReturn True if mode is from a character special device file."},
        {"S_ISBLK", stat_isblk, "(object, /)", "S_ISBLK(mode) -> bool\n\nReturn True if mode is from a block special device file."},
        {"S_ISREG", stat_isreg, "(object, /)", "S_ISREG(mode) -> bool\n\nReturn True if mode is from a regular file."},
        {"S_ISFIFO", stat_isfifo, "(object, /)", "S_ISFIFO(mode) -> bool\n\nReturn True if mode is from a FIFO (named pipe)."},
        {"S_ISLNK", stat_islnk, "(object, /)", "S_ISLNK(mode) -> bool\n\nReturn True if mode is from a symbolic link."},
        {"S_ISSOCK", stat_issock, "(object, /)", "S_ISSOCK(mode) -> bool\n\nReturn True if mode is from a socket."},
        {"S_ISDOOR", stat_never, "(object, /)", "S_ISDOOR(mode) -> bool\n\nReturn True if mode is from a door."},
        {"S_ISPORT", stat_never, "(object, /)", "S_ISPORT(mode) -> bool\n\nReturn True if mode is from an event port."},
        {"S_ISWHT", stat_never, "(object, /)", "S_ISWHT(mode) -> bool\n\nReturn True if mode is from a whiteout."},
        {"S_IMODE", stat_imode, "(object, /)", "Return the portion of the file's mode that can be set by os.chmod()."},
        {"S_IFMT", stat_ifmt, "(object, /)", "Return the portion of the file's mode that describes the file type."},
        {"filemode", stat_filemode, "(object, /)", "Convert a file's mode to a string of the form '-rwxrwxrwx'"},
        {0},
    },
    .exec = stat_exec,
};
