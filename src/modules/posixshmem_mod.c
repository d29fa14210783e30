// posixshmem_mod.c: the _posixshmem module: shared memory objects by name.
#include <errno.h>
#include <sys/mman.h>

#include "src/modules/os_support.h"

static const char *name_arg(Thread *t, Value v, const char *function)
{
    if (!is_str(v))
        return RAISE_NULL(t, EXC(TypeError), "%s() argument 1 must be str, not %T", function, v);
    size_t n;
    const char *name = str_utf8(t, v, &n);
    if (name && strlen(name) != n)
        return RAISE_NULL(t, EXC(ValueError), "%s: embedded null character in path", function);
    return name;
}

static Value shmem_open(Thread *t, const Value *args, size_t nargs)
{
    int flags, mode;
    const char *name = name_arg(t, args[0], "shm_open");
    if (!name || !to_int32(t, args[1], &flags) || !int_arg(t, args[2], 0777, &mode))
        return 0;
    int fd;
    do {
        fd = shm_open(name, flags, (mode_t)mode);
    } while (fd < 0 && errno == EINTR && safepoint(t));
    return fd < 0 ? os_raise(t, -errno, args[0], 0) : fixnum(fd);
}

static Value shmem_unlink(Thread *t, const Value *args, size_t nargs)
{
    const char *name = name_arg(t, args[0], "shm_unlink");
    if (!name)
        return 0;
    return shm_unlink(name) < 0 ? raise_errno_path(t, errno, args[0], 0) : NONE;
}

const ModuleDef module_posixshmem = {
    .name = "_posixshmem",
    .doc = "POSIX shared memory module",
    .functions = (const NativeDef[]){
        {"shm_open", shmem_open, "(path, flags, mode=511)", "Open a shared memory object.  Returns a file descriptor (integer)."},
        {"shm_unlink", shmem_unlink, "(path, /)", "Remove a shared memory object (similar to unlink())."},
        {0},
    },
};
