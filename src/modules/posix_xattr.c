// posix_xattr.c: extended attributes of files.
#include <errno.h>
#include <sys/xattr.h>

#include "src/modules/posix.h"

enum { XATTR_TRIES = 16 };   // the value may grow between asking for its size and reading it

typedef struct Attribute {
    const char *path;      // null: fd
    int fd;
    bool follow;
    const char *name;      // null: list
    void *data;
    size_t size;
    int flags;
    long (*run)(struct Attribute *a);
} Attribute;

static long attribute_body(void *data)
{
    Attribute *a = data;
    long result = a->run(a);
    return result < 0 ? -errno : result;
}

static long run_get(Attribute *a)
{
    if (!a->path)
        return fgetxattr(a->fd, a->name, a->data, a->size);
    return (a->follow ? getxattr : lgetxattr)(a->path, a->name, a->data, a->size);
}

static long run_list(Attribute *a)
{
    if (!a->path)
        return flistxattr(a->fd, a->data, a->size);
    return (a->follow ? listxattr : llistxattr)(a->path, a->data, a->size);
}

static long run_set(Attribute *a)
{
    if (!a->path)
        return fsetxattr(a->fd, a->name, a->data, a->size, a->flags);
    return (a->follow ? setxattr : lsetxattr)(a->path, a->name, a->data, a->size, a->flags);
}

static long run_remove(Attribute *a)
{
    if (!a->path)
        return fremovexattr(a->fd, a->name);
    return (a->follow ? removexattr : lremovexattr)(a->path, a->name);
}

static bool attribute_target(Thread *t, Value path_value, Value follow, const char *function, int flags, PathArg *path,
                             Attribute *a)
{
    if (!path_arg(t, path_value, function, "path", PATH_FD_OK | flags, path) || !flag_arg(t, follow, true, &a->follow))
        return false;
    if (!path->name && !a->follow) {
        raise(t, EXC(ValueError), "%s: cannot use fd and follow_symlinks together", function);
        return false;
    }
    a->path = path->name;
    a->fd = path->fd;
    return true;
}

static bool attribute_name(Thread *t, Value v, const char *function, Attribute *a)
{
    PathArg name;
    if (!path_arg(t, v, function, "attribute", 0, &name))
        return false;
    a->name = name.name;
    return true;
}

// Reads a value or list of unknown size into collected memory.
static long attribute_read(Thread *t, Attribute *a)
{
    long n = -ERANGE;
    for (int i = 0; i < XATTR_TRIES && n == -ERANGE; i++) {
        a->data = NULL;
        a->size = 0;
        n = os_run(t, attribute_body, a);
        if (n <= 0)
            return n;
        a->size = (size_t)n;
        a->data = new_atomic(t, a->size);
        if (!a->data)
            return -ENOMEM;
        n = os_run(t, attribute_body, a);
    }
    return n;
}

static Value posix_getxattr(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    Attribute a = {.run = run_get};
    if (!attribute_target(t, args[0], args[2], "getxattr", 0, &path, &a) || !attribute_name(t, args[1], "getxattr", &a))
        return 0;
    long n = attribute_read(t, &a);
    return n < 0 ? os_raise(t, n, path.object, 0) : bytes_new(t, a.data, (size_t)n);
}

static Value posix_listxattr(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    Attribute a = {.run = run_list};
    if (!attribute_target(t, args[0], args[1], "listxattr", PATH_NONE_OK, &path, &a))
        return 0;
    long n = attribute_read(t, &a);
    if (n < 0)
        return os_raise(t, n, path.object, 0);
    List *list = list_new(t, 0);
    for (const char *at = a.data, *end = at + n; list && at < end; at += strlen(at) + 1) {
        Value name = str_from_fs(t, at, strlen(at));
        if (!name || !list_append(t, list, name))
            return 0;
    }
    return value_of(list);
}

static Value posix_setxattr(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    Attribute a = {.run = run_set};
    Buffer value;
    if (!attribute_target(t, args[0], args[4], "setxattr", 0, &path, &a) || !attribute_name(t, args[1], "setxattr", &a)
        || !int_arg(t, args[3], 0, &a.flags) || !buffer_get(t, args[2], &value, BUFFER_SIMPLE))
        return 0;
    a.data = value.data;
    a.size = (size_t)value.length;
    long result = os_run(t, attribute_body, &a);
    buffer_release(t, &value);
    return os_none(t, result, path.object, 0);
}

static Value posix_removexattr(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    Attribute a = {.run = run_remove};
    if (!attribute_target(t, args[0], args[2], "removexattr", 0, &path, &a) || !attribute_name(t, args[1], "removexattr", &a))
        return 0;
    return os_none(t, os_run(t, attribute_body, &a), path.object, 0);
}

const NativeDef posix_xattr_functions[] = {
    {"getxattr", posix_getxattr, "(path, attribute, *, follow_symlinks=True)", "Return the value of extended attribute attribute on path."},
    {"listxattr", posix_listxattr, "(path=None, *, follow_symlinks=True)", "Return a list of extended attributes on path."},
    {"setxattr", posix_setxattr, "(path, attribute, value, flags=0, *, follow_symlinks=True)", "Set extended attribute attribute on path to value."},
    {"removexattr", posix_removexattr, "(path, attribute, *, follow_symlinks=True)", "Remove extended attribute attribute on path."},
    {0},
};
