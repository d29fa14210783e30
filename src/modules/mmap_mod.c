// mmap_mod.c: the mmap module: files and anonymous memory as mutable bytes.
//
// The mapping is foreign memory, given back by close() and the finaliser, never while buffers are exported. Guard of all
// fields: mutex, but position, which belongs to whoever uses it.
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/core/lock.h"
#include "src/modules/os_support.h"
#include "src/types/function.h"
#include "src/types/number.h"

typedef enum MapAccess { ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY } MapAccess;

typedef struct Map {
    Object head;
    Mutex mutex;
    uint8_t *data;             // null: closed
    int64_t size, position, offset, exports;
    int fd, flags, protection; // fd: our own copy, or -1
    MapAccess access;
} Map;

static bool check_open(Thread *t, const Map *m)
{
    if (likely(m->data != NULL))
        return true;
    raise(t, EXC(ValueError), "mmap closed or invalid");
    return false;
}

static bool check_writable(Thread *t, const Map *m)
{
    if (!check_open(t, m))
        return false;
    if (m->access != ACCESS_READ)
        return true;
    raise(t, EXC(TypeError), "mmap can't modify a readonly memory map.");
    return false;
}

static bool check_resizable(Thread *t, const Map *m)
{
    if (m->exports)
        raise(t, EXC(BufferError), "mmap can't resize with extant pointers exported.");
    else if (m->access != ACCESS_WRITE && m->access != ACCESS_DEFAULT)
        raise(t, EXC(TypeError), "mmap can't resize a readonly or copy-on-write memory map.");
    return !is_pending(t);
}

// --- making ---

static bool access_arg(Thread *t, Value flags, Value protection, Value access_value, Map *m)
{
    int access;
    m->flags = MAP_SHARED;
    m->protection = PROT_READ | PROT_WRITE;
    if (!int_arg(t, access_value, ACCESS_DEFAULT, &access))
        return false;
    if (access != ACCESS_DEFAULT && (flags || protection)) {
        raise(t, EXC(ValueError), "mmap can't specify both access and flags, prot.");
        return false;
    }
    m->access = (MapAccess)access;
    switch (access) {
    case ACCESS_READ:
        m->protection = PROT_READ;
        return true;
    case ACCESS_WRITE:
        return true;
    case ACCESS_COPY:
        m->flags = MAP_PRIVATE;
        return true;
    case ACCESS_DEFAULT:
        if (!int_arg(t, flags, MAP_SHARED, &m->flags) || !int_arg(t, protection, PROT_READ | PROT_WRITE, &m->protection))
            return false;
        if (!(m->protection & PROT_WRITE))
            m->access = ACCESS_READ;
        return true;
    default:
        raise(t, EXC(ValueError), "mmap invalid access parameter.");
        return false;
    }
}

// A length of 0 stands for the rest of the file.
static bool fit_file(Thread *t, Map *m, int fd)
{
    struct stat st;
    if (fd == -1 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return true;
    if (!m->size) {
        if (!st.st_size)
            raise(t, EXC(ValueError), "cannot mmap an empty file");
        else if (m->offset >= st.st_size)
            raise(t, EXC(ValueError), "mmap offset is greater than file size");
        m->size = st.st_size - m->offset;
    } else if (m->offset > st.st_size || st.st_size - m->offset < m->size) {
        raise(t, EXC(ValueError), "mmap length is greater than file size");
    }
    return !is_pending(t);
}

// args: fileno, length, flags, prot, access, offset, trackfd.
static Value map_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[7];
    int fd;
    bool track;
    BIND_ARGUMENTS(t, "mmap", "(fileno, length, flags=MAP_SHARED, prot=PROT_WRITE | PROT_READ, access=ACCESS_DEFAULT, offset=0, *, trackfd=True)",
                   args, nargs, kwnames, a, return 0);
    Map *m = instance_new(t, cls, 0);
    if (!m || !to_int32(t, a[0], &fd) || !to_int64(t, a[1], &m->size) || !access_arg(t, a[2], a[3], a[4], m)
        || (a[5] && !to_int64(t, a[5], &m->offset)) || !flag_arg(t, a[6], true, &track))
        return 0;
    m->fd = -1;
    if (m->size < 0)
        return raise(t, EXC(OverflowError), "memory mapped length must be positive");
    if (m->offset < 0)
        return raise(t, EXC(OverflowError), "memory mapped offset must be positive");
    if (!os_audit(t, "mmap.__new__", 4, a[0], a[1], fixnum(m->access), fixnum(m->offset)) || !fit_file(t, m, fd))
        return 0;
    if (fd == -1)
        m->flags |= MAP_ANONYMOUS;
    else if (track && (m->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0)
        return raise_errno(t, errno);
    void *data = mmap(NULL, (size_t)m->size, m->protection, m->flags, fd, m->offset);
    if (data == MAP_FAILED) {
        int error = errno;
        if (m->fd >= 0)
            close(m->fd);
        return raise_errno(t, error);
    }
    m->data = data;
    return value_of(m);
}

static void unmap(Map *m)
{
    if (m->data)
        munmap(m->data, (size_t)m->size);
    if (m->fd >= 0)
        close(m->fd);
    m->data = NULL;
    m->fd = -1;
}

static void map_finalize(Thread *t, Value self)
{
    unmap((Map *)self);
}

static Value map_close(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    mutex_lock(&m->mutex);
    bool busy = m->exports > 0;
    if (!busy)
        unmap(m);
    mutex_unlock(&m->mutex);
    return busy ? raise(t, EXC(BufferError), "cannot close exported pointers exist") : NONE;
}

// --- reading and writing at the position ---

static int64_t left(const Map *m)
{
    return m->position < m->size ? m->size - m->position : 0;
}

static Value take(Thread *t, Map *m, int64_t n)
{
    Value bytes = bytes_new(t, m->data + m->position, (size_t)n);
    if (bytes)
        m->position += n;
    return bytes;
}

static Value map_read(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    int64_t n = -1;
    if (args[1] && args[1] != NONE && !to_int64(t, args[1], &n))
        return 0;
    return check_open(t, m) ? take(t, m, n < 0 || n > left(m) ? left(m) : n) : 0;
}

static Value map_read_byte(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    if (!check_open(t, m))
        return 0;
    return left(m) ? fixnum(m->data[m->position++]) : raise(t, EXC(ValueError), "read byte out of range");
}

static Value map_readline(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    if (!check_open(t, m))
        return 0;
    if (!left(m))
        return bytes_empty;
    const uint8_t *start = m->data + m->position, *end = memchr(start, '\n', (size_t)left(m));
    return take(t, m, end ? end - start + 1 : left(m));
}

static Value map_write(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    Buffer buffer;
    if (!check_writable(t, m) || !buffer_get(t, args[1], &buffer, BUFFER_SIMPLE))
        return 0;
    bool fits = m->data && buffer.length <= left(m);
    int64_t n = buffer.length;
    if (fits) {
        memmove(m->data + m->position, buffer.data, (size_t)n);
        m->position += n;
    }
    buffer_release(t, &buffer);
    return fits ? fixnum(n) : check_open(t, m) ? raise(t, EXC(ValueError), "data out of range") : 0;
}

static Value map_write_byte(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    int64_t byte;
    if (!to_int64(t, args[1], &byte))
        return 0;
    if (byte < 0 || byte > 255)
        return raise(t, EXC(OverflowError), byte < 0 ? "unsigned byte integer is less than minimum" : "unsigned byte integer is greater than maximum");
    if (!check_writable(t, m))
        return 0;
    if (!left(m))
        return raise(t, EXC(ValueError), "write byte out of range");
    m->data[m->position++] = (uint8_t)byte;
    return NONE;
}

// --- position and size ---

static Value map_tell(Thread *t, const Value *args, size_t nargs)
{
    const Map *m = (Map *)args[0];
    return check_open(t, m) ? fixnum(m->position) : 0;
}

static Value map_seek(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    int64_t target;
    int whence;
    if (!to_int64(t, args[1], &target) || !int_arg(t, args[2], 0, &whence) || !check_open(t, m))
        return 0;
    if (whence < 0 || whence > 2)
        return raise(t, EXC(ValueError), "unknown seek type");
    int64_t base = whence == 1 ? m->position : whence == 2 ? m->size : 0;
    if (__builtin_add_overflow(base, target, &target) || target < 0 || target > m->size)
        return raise(t, EXC(ValueError), "seek out of range");
    m->position = target;
    return fixnum(target);
}

static Value map_seekable(Thread *t, const Value *args, size_t nargs)
{
    return TRUE;
}

static Value map_size(Thread *t, const Value *args, size_t nargs)
{
    const Map *m = (Map *)args[0];
    struct stat st;
    if (!check_open(t, m))
        return 0;
    if (m->fd < 0)
        return m->flags & MAP_ANONYMOUS ? fixnum(m->size) : raise_errno(t, EBADF);
    return fstat(m->fd, &st) < 0 ? raise_errno(t, errno) : fixnum(st.st_size);
}

static Value map_resize(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    int64_t size;
    if (!to_int64(t, args[1], &size) || !check_open(t, m) || !check_resizable(t, m))
        return 0;
    if (size < 0 || INT64_MAX - size < m->offset)
        return raise(t, EXC(ValueError), "new size out of range");
    if (m->fd < 0 && !(m->flags & MAP_ANONYMOUS))
        return raise(t, EXC(ValueError), "mmap can't resize with trackfd=False.");
    if (size > m->size && m->fd < 0 && !(m->flags & MAP_PRIVATE))
        return raise(t, EXC(ValueError), "mmap: can't expand a shared anonymous mapping on Linux");
    mutex_lock(&m->mutex);
    int error = m->fd >= 0 && ftruncate(m->fd, m->offset + size) < 0 ? errno : 0;
    void *data = error ? MAP_FAILED : mremap(m->data, (size_t)m->size, (size_t)size, MREMAP_MAYMOVE);
    if (data != MAP_FAILED) {
        m->data = data;
        m->size = size;
    } else if (!error) {
        error = errno;
    }
    mutex_unlock(&m->mutex);
    return error ? raise_errno(t, error) : NONE;
}

// --- searching and moving ---

static Value find(Thread *t, const Value *args, bool backwards)
{
    Map *m = (Map *)args[0];
    Buffer view;
    int64_t start = m->position, end = m->size, found = -1;
    if (!check_open(t, m) || (args[2] && args[2] != NONE && !to_index_clipped(t, args[2], &start))
        || (args[3] && args[3] != NONE && !to_index_clipped(t, args[3], &end)) || !buffer_get(t, args[1], &view, BUFFER_SIMPLE))
        return 0;
    if (!check_open(t, m)) {
        buffer_release(t, &view);
        return 0;
    }
    start += start < 0 ? m->size : 0;
    end += end < 0 ? m->size : 0;
    start = start < 0 ? 0 : start > m->size ? m->size : start;
    end = end < 0 ? 0 : end > m->size ? m->size : end;
    if (end - start >= view.length && !backwards) {
        const uint8_t *at = memmem(m->data + start, (size_t)(end - start), view.data, (size_t)view.length);
        found = at ? at - m->data : -1;
    }
    for (int64_t at = end - view.length; backwards && at >= start && found < 0; at--)
        if (!memcmp(m->data + at, view.data, (size_t)view.length))
            found = at;
    buffer_release(t, &view);
    return fixnum(found);
}

static Value map_find(Thread *t, const Value *args, size_t nargs) { return find(t, args, false); }
static Value map_rfind(Thread *t, const Value *args, size_t nargs) { return find(t, args, true); }

static Value map_move(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    int64_t to, from, n;
    if (!to_int64(t, args[1], &to) || !to_int64(t, args[2], &from) || !to_int64(t, args[3], &n) || !check_writable(t, m))
        return 0;
    if (to < 0 || from < 0 || n < 0 || m->size - to < n || m->size - from < n)
        return raise(t, EXC(ValueError), "source, destination, or count out of range");
    memmove(m->data + to, m->data + from, (size_t)n);
    return NONE;
}

typedef struct Advice { uint8_t *data; size_t n; int what; bool sync; } Advice;

static long advice_body(void *data)
{
    const Advice *a = data;
    int result = a->sync ? msync(a->data, a->n, a->what) : madvise(a->data, a->n, a->what);
    return result < 0 ? -errno : 0;
}

static Value map_flush(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    int64_t offset = 0;
    if ((args[1] && !to_int64(t, args[1], &offset)) || !check_open(t, m))
        return 0;
    int64_t n = m->size - offset;
    if (args[2] && args[2] != NONE && !to_int64(t, args[2], &n))
        return 0;
    if (!check_open(t, m))
        return 0;
    if (offset < 0 || n < 0 || m->size - offset < n)
        return raise(t, EXC(ValueError), "flush values out of range");
    if (m->access == ACCESS_READ || m->access == ACCESS_COPY)
        return NONE;
    Advice a = {m->data + offset, (size_t)n, MS_SYNC, true};
    return os_none(t, os_run(t, advice_body, &a), 0, 0);
}

static Value map_madvise(Thread *t, const Value *args, size_t nargs)
{
    Map *m = (Map *)args[0];
    int option;
    int64_t start = 0, n;
    if (!to_int32(t, args[1], &option) || (args[2] && !to_int64(t, args[2], &start)) || !check_open(t, m))
        return 0;
    n = m->size;
    if (args[3] && args[3] != NONE && !to_int64(t, args[3], &n))
        return 0;
    if (!check_open(t, m))
        return 0;
    if (start < 0 || start >= m->size)
        return raise(t, EXC(ValueError), "madvise start out of bounds");
    if (n < 0)
        return raise(t, EXC(ValueError), "madvise length invalid");
    if (n > m->size - start)
        n = m->size - start;
    Advice a = {m->data + start, (size_t)n, option, false};
    return os_none(t, os_run(t, advice_body, &a), 0, 0);
}

// --- as a sequence and a buffer ---

static int64_t map_length(Thread *t, Value self)
{
    return check_open(t, (Map *)self) ? ((Map *)self)->size : -1;
}

static bool index_arg(Thread *t, Map *m, Value key, int64_t *out)
{
    if (!to_index(t, key, out))
        return false;
    if (*out < 0)
        *out += m->size;
    if (*out >= 0 && *out < m->size)
        return check_open(t, m);
    raise(t, EXC(IndexError), "mmap index out of range");
    return false;
}

static bool is_slice(Value v)
{
    return is_object(v) && as_object(v)->type == &type_slice;
}

// Conversions of indices run user code, which may have closed or shrunk the map.
static bool slice_check(Thread *t, const Map *m, int64_t start, int64_t step, int64_t n)
{
    if (!check_open(t, m))
        return false;
    int64_t last = n ? start + (n - 1) * step : 0;
    if (n && (start >= m->size || last >= m->size)) {
        raise(t, EXC(IndexError), "mmap index out of range");
        return false;
    }
    return true;
}

static Value map_getitem(Thread *t, Value self, Value key)
{
    Map *m = (Map *)self;
    int64_t i, stop, step, n;
    if (!check_open(t, m))
        return 0;
    if (!is_slice(key)) {
        if (!is_int(key) && !type_of(key)->slots.to_index)
            return raise(t, EXC(TypeError), "mmap indices must be integers");
        return index_arg(t, m, key, &i) ? fixnum(m->data[i]) : 0;
    }
    if (!slice_indices(t, key, m->size, &i, &stop, &step, &n) || !slice_check(t, m, i, step, n))
        return 0;
    if (step == 1)
        return bytes_new(t, m->data + i, (size_t)n);
    Bytes *bytes = bytes_alloc(t, (size_t)n);
    for (int64_t at = 0; bytes && at < n; at++, i += step)
        bytes->data[at] = m->data[i];
    return value_of(bytes);
}

static bool set_slice(Thread *t, Map *m, Value key, Value value)
{
    int64_t i, stop, step, n;
    Buffer buffer;
    if (!slice_indices(t, key, m->size, &i, &stop, &step, &n) || !buffer_get(t, value, &buffer, BUFFER_SIMPLE))
        return false;
    bool fits = buffer.length == n;
    if (!fits)
        raise(t, EXC(IndexError), "mmap slice assignment is wrong size");
    fits = fits && slice_check(t, m, i, step, n);
    for (int64_t at = 0; fits && at < n; at++, i += step)
        m->data[i] = ((uint8_t *)buffer.data)[at];
    buffer_release(t, &buffer);
    return fits;
}

static bool map_setitem(Thread *t, Value self, Value key, Value value)
{
    Map *m = (Map *)self;
    int64_t i, byte;
    if (!check_writable(t, m))
        return false;
    if (!value) {
        raise(t, EXC(TypeError), is_slice(key) ? "mmap object doesn't support slice deletion" : "mmap doesn't support item deletion");
        return false;
    }
    if (is_slice(key))
        return set_slice(t, m, key, value);
    if (!is_int(key) && !type_of(key)->slots.to_index) {
        raise(t, EXC(TypeError), "mmap indices must be integers");
        return false;
    }
    if (!index_arg(t, m, key, &i))
        return false;
    if (!is_int(value) && !type_of(value)->slots.to_index) {
        raise(t, EXC(TypeError), "mmap item value must be an int");
        return false;
    }
    if (!to_int64(t, value, &byte) || !slice_check(t, m, i, 1, 1))
        return false;
    if (byte < 0 || byte > 255) {
        raise(t, EXC(ValueError), "mmap item value must be in range(0, 256)");
        return false;
    }
    m->data[i] = (uint8_t)byte;
    return true;
}

static bool map_get_buffer(Thread *t, Value self, Buffer *out, int flags)
{
    Map *m = (Map *)self;
    if (!check_open(t, m))
        return false;
    if ((flags & BUFFER_WRITABLE) && m->access == ACCESS_READ) {
        raise(t, EXC(BufferError), "Object is not writable.");
        return false;
    }
    mutex_lock(&m->mutex);
    m->exports++;
    *out = (Buffer){.data = m->data, .owner = self, .length = m->size, .item_size = 1, .ndim = 1, .readonly = m->access == ACCESS_READ};
    mutex_unlock(&m->mutex);
    return true;
}

static void map_release_buffer(Thread *t, Value self, Buffer *buffer)
{
    Map *m = (Map *)self;
    mutex_lock(&m->mutex);
    m->exports--;
    mutex_unlock(&m->mutex);
}

static Value map_get_closed(Thread *t, Value self)
{
    return value_bool(!((Map *)self)->data);
}

static Value map_enter(Thread *t, const Value *args, size_t nargs)
{
    return check_open(t, (Map *)args[0]) ? args[0] : 0;
}

static Value map_repr(Thread *t, Value self)
{
    static const char *const names[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
    const Map *m = (Map *)self;
    if (!m->data)
        return str_format(t, "<%s closed=True, access=%s>", type_of(self)->name, names[m->access]);
    return str_format(t, "<%s closed=False, access=%s, length=%ld, pos=%ld, offset=%ld>", type_of(self)->name, names[m->access],
                      m->size, m->position, m->offset);
}

Type type_mmap = {
    TYPE_HEAD(mmap, "mmap.mmap", &type_object, Map),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .new_signature = "(fileno, length, flags=MAP_SHARED, prot=PROT_WRITE | PROT_READ, access=ACCESS_DEFAULT, offset=0, *, trackfd=True)",
    .slots = {.new = map_new, .finalize = map_finalize, .repr = map_repr, .length = map_length, .getitem = map_getitem,
              .setitem = map_setitem, .get_buffer = map_get_buffer, .release_buffer = map_release_buffer},
    .doc = "Maps length bytes from the file specified by the file descriptor fileno, and returns a mmap object.",
    .getsets = (const GetSetDef[]){{"closed", map_get_closed, NULL, NULL}, {0}},
    .methods = (const NativeDef[]){
        {"close", map_close, "($self, /)", NULL},
        {"find", map_find, "($self, view, start=None, end=None, /)", NULL},
        {"rfind", map_rfind, "($self, view, start=None, end=None, /)", NULL},
        {"flush", map_flush, "($self, offset=0, size=None, /)", NULL},
        {"madvise", map_madvise, "($self, option, start=0, length=None, /)", NULL},
        {"move", map_move, "($self, dest, src, count, /)", NULL},
        {"read", map_read, "($self, n=None, /)", NULL},
        {"read_byte", map_read_byte, "($self, /)", NULL},
        {"readline", map_readline, "($self, /)", NULL},
        {"resize", map_resize, "($self, newsize, /)", NULL},
        {"seek", map_seek, "($self, pos, whence=0, /)", NULL},
        {"seekable", map_seekable, "($self, /)", NULL},
        {"size", map_size, "($self, /)", NULL},
        {"tell", map_tell, "($self, /)", NULL},
        {"write", map_write, "($self, bytes, /)", NULL},
        {"write_byte", map_write_byte, "($self, byte, /)", NULL},
        {"__enter__", map_enter, "($self, /)", NULL},
        {"__exit__", map_close, "($self, /, *args)", NULL},
        {0},
    },
};

#define C(name) {#name, name}
static const IntConstant constants[] = {
    {"ACCESS_COPY", 3}, {"ACCESS_DEFAULT", 0}, {"ACCESS_READ", 1}, {"ACCESS_WRITE", 2},
    {"ALLOCATIONGRANULARITY", 0x1000}, C(MADV_DODUMP), C(MADV_DOFORK), C(MADV_DONTDUMP),
    C(MADV_DONTFORK), C(MADV_DONTNEED), C(MADV_FREE), C(MADV_HUGEPAGE), C(MADV_HWPOISON),
    C(MADV_MERGEABLE), C(MADV_NOHUGEPAGE), C(MADV_NORMAL), C(MADV_RANDOM), C(MADV_REMOVE),
    C(MADV_SEQUENTIAL), C(MADV_UNMERGEABLE), C(MADV_WILLNEED), C(MAP_32BIT), C(MAP_ANON),
    C(MAP_ANONYMOUS), C(MAP_DENYWRITE), C(MAP_EXECUTABLE), C(MAP_NORESERVE), C(MAP_POPULATE),
    C(MAP_PRIVATE), C(MAP_SHARED), C(MAP_STACK), {"PAGESIZE", 0x1000}, C(PROT_EXEC), C(PROT_READ),
    C(PROT_WRITE),
    {0},
};

static bool mmap_exec(Thread *t, Value module)
{
    return module_add_ints(t, module, constants) && module_add_type(t, module, &type_mmap)
        && module_add(t, module, "error", value_of(EXC(OSError)));
}

const ModuleDef module_mmap = {
    .name = "mmap",
    .exec = mmap_exec,
};
