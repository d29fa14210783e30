// posix_dir.c: listdir, scandir and DirEntry.
//
// A directory stream belongs to its ScandirIterator; `stream` changes under the iterator's mutex only. DirEntry is immutable
// but for its two cached results, which are single words published by whoever computed them.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/core/lock.h"
#include "src/modules/posix.h"
#include "src/types/function.h"

typedef struct OpenDir {
    const char *name;    // null: fd
    int fd;
    DIR *stream;
} OpenDir;

static long open_dir_body(void *data)
{
    OpenDir *o = data;
    if (o->name) {
        o->stream = opendir(o->name);
        return o->stream ? 0 : -errno;
    }
    int fd = fcntl(o->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    o->stream = fdopendir(fd);
    if (o->stream) {
        rewinddir(o->stream);
        return 0;
    }
    int error = errno;
    close(fd);
    return -error;
}

typedef struct ReadDir {
    DIR *stream;
    struct dirent *entry;
} ReadDir;

static long read_dir_body(void *data)
{
    ReadDir *r = data;
    errno = 0;
    r->entry = readdir(r->stream);
    return r->entry ? 1 : -errno;
}

static bool is_dot_name(const char *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

// The next entry but "." and "..": 1, 0 at the end, negative: error.
static long read_entry(Thread *t, DIR *stream, struct dirent **out)
{
    ReadDir r = {stream, NULL};
    long result;
    do {
        result = os_run(t, read_dir_body, &r);
    } while (result > 0 && is_dot_name(r.entry->d_name));
    *out = r.entry;
    return result;
}

static Value posix_listdir(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    if (!os_audit(t, "os.listdir", 1, args[0] ? args[0] : NONE))
        return 0;
    if (!path_arg(t, args[0], "listdir", "path", PATH_FD_OK | PATH_NONE_OK, &path))
        return 0;
    OpenDir o = {.name = path.name, .fd = path.fd};
    long result = os_run(t, open_dir_body, &o);
    if (result < 0)
        return os_raise(t, result, path.object == NONE ? 0 : path.object, 0);
    List *list = list_new(t, 16);
    struct dirent *entry;
    while (list && (result = read_entry(t, o.stream, &entry)) > 0) {
        Value name = path_answer(t, &path, entry->d_name, strlen(entry->d_name));
        if (!name || !list_append(t, list, name))
            list = NULL;
    }
    closedir(o.stream);
    if (list && result < 0)
        return os_raise(t, result, path.object, 0);
    return value_of(list);
}

// --- DirEntry ---

typedef struct DirEntry {
    Object head;
    Value name, path;
    const char *full;      // collected bytes: the name to hand to the system
    int dir_fd;            // scandir(fd): full is relative to it; else AT_FDCWD
    uint8_t kind;          // DT_* of the directory
    uint64_t inode;
    Value stat, lstat;     // cached results or 0; publish, idempotent
} DirEntry;

static Value dir_entry_fetch(Thread *t, DirEntry *e, bool follow)
{
    struct stat st;
    long result = posix_stat_at(t, e->dir_fd, e->full, follow, &st);
    return result < 0 ? os_raise(t, result, e->path, 0) : posix_stat_value(t, &st);
}

static Value dir_entry_lstat(Thread *t, DirEntry *e)
{
    Value known = load_acquire(&e->lstat);
    if (!known) {
        known = dir_entry_fetch(t, e, false);
        if (known)
            publish(&e->lstat, known);
    }
    return known;
}

static bool mode_of(Value stat, mode_t *out)
{
    *out = (mode_t)fixnum_value(as_tuple(stat)->at[0]);
    return true;
}

// Is it a symbolic link? -1: error.
static int dir_entry_link(Thread *t, DirEntry *e)
{
    if (e->kind != DT_UNKNOWN)
        return e->kind == DT_LNK;
    Value stat = dir_entry_lstat(t, e);
    mode_t mode;
    if (!stat)
        return pending_clear_if(t, EXC(FileNotFoundError)) ? 0 : -1;
    mode_of(stat, &mode);
    return S_ISLNK(mode);
}

static Value dir_entry_stat_of(Thread *t, DirEntry *e, bool follow)
{
    if (!follow)
        return dir_entry_lstat(t, e);
    Value known = load_acquire(&e->stat);
    if (known)
        return known;
    int link = dir_entry_link(t, e);
    if (link < 0)
        return 0;
    known = link ? dir_entry_fetch(t, e, true) : dir_entry_lstat(t, e);
    if (known)
        publish(&e->stat, known);
    return known;
}

static int dir_entry_test(Thread *t, DirEntry *e, bool follow, uint8_t kind, mode_t mode_bits)
{
    bool is_link = e->kind == DT_LNK;
    if (e->kind != DT_UNKNOWN && !(follow && is_link))
        return e->kind == kind;
    Value stat = dir_entry_stat_of(t, e, follow);
    mode_t mode;
    if (!stat)
        return pending_clear_if(t, EXC(FileNotFoundError)) ? 0 : -1;
    mode_of(stat, &mode);
    return (mode & S_IFMT) == mode_bits;
}

static Value answer(int question)
{
    return question < 0 ? 0 : value_bool(question);
}

static Value dir_entry_is_dir(Thread *t, const Value *args, size_t nargs)
{
    bool follow;
    return flag_arg(t, args[1], true, &follow) ? answer(dir_entry_test(t, (DirEntry *)args[0], follow, DT_DIR, S_IFDIR)) : 0;
}

static Value dir_entry_is_file(Thread *t, const Value *args, size_t nargs)
{
    bool follow;
    return flag_arg(t, args[1], true, &follow) ? answer(dir_entry_test(t, (DirEntry *)args[0], follow, DT_REG, S_IFREG)) : 0;
}

static Value dir_entry_is_symlink(Thread *t, const Value *args, size_t nargs)
{
    return answer(dir_entry_link(t, (DirEntry *)args[0]));
}

static Value dir_entry_is_junction(Thread *t, const Value *args, size_t nargs)
{
    return FALSE;
}

static Value dir_entry_stat(Thread *t, const Value *args, size_t nargs)
{
    bool follow;
    return flag_arg(t, args[1], true, &follow) ? dir_entry_stat_of(t, (DirEntry *)args[0], follow) : 0;
}

static Value dir_entry_inode(Thread *t, const Value *args, size_t nargs)
{
    return int_from_uint64(t, ((DirEntry *)args[0])->inode);
}

static Value dir_entry_fspath(Thread *t, const Value *args, size_t nargs)
{
    return ((DirEntry *)args[0])->path;
}

static Value dir_entry_repr(Thread *t, Value self)
{
    return str_format(t, "<DirEntry %R>", ((DirEntry *)self)->name);
}

static Value dir_entry_class_getitem(Thread *t, const Value *args, size_t nargs)
{
    return generic_alias_new(t, args[0], args[1]);
}

Type type_dir_entry = {
    TYPE_HEAD(dir_entry, "posix.DirEntry", &type_object, DirEntry),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE,
    .slots = {.repr = dir_entry_repr},
    .methods = (const NativeDef[]){
        {"is_dir", dir_entry_is_dir, "($self, /, *, follow_symlinks=True)", "Return True if the entry is a directory; cached per entry."},
        {"is_file", dir_entry_is_file, "($self, /, *, follow_symlinks=True)", "Return True if the entry is a file; cached per entry."},
        {"is_symlink", dir_entry_is_symlink, "($self, /)", "Return True if the entry is a symbolic link; cached per entry."},
        {"is_junction", dir_entry_is_junction, "($self, /)", "Return True if the entry is a junction; cached per entry."},
        {"stat", dir_entry_stat, "($self, /, *, follow_symlinks=True)", "Return stat_result object for the entry; cached per entry."},
        {"inode", dir_entry_inode, "($self, /)", "Return inode of the entry; cached per entry."},
        {"__fspath__", dir_entry_fspath, "($self, /)", "Returns the path for the entry."},
        {"__class_getitem__", dir_entry_class_getitem, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
        {0},
    },
    .members = (const MemberDef[]){
        {"name", MEMBER_VALUE, offsetof(DirEntry, name), false, "the entry's base filename, relative to scandir() \"path\" argument"},
        {"path", MEMBER_VALUE, offsetof(DirEntry, path), false, "the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)"},
        {0},
    },
};

// --- the iterator ---

typedef struct ScandirIterator {
    Object head;
    Mutex mutex;           // guards stream
    DIR *stream;           // null: exhausted or closed
    PathArg path;
    bool no_prefix;        // scandir(fd): paths are bare names
} ScandirIterator;

static void scandir_close_stream(Thread *t, ScandirIterator *s)
{
    mutex_lock(&s->mutex);
    DIR *stream = s->stream;
    s->stream = NULL;
    mutex_unlock(&s->mutex);
    if (stream)
        closedir(stream);
}

// directory + "/" + name, in collected bytes.
static const char *join_names(Thread *t, const PathArg *directory, const char *name, size_t *out_length)
{
    size_t n = strlen(name), head = directory->length;
    bool slash = head && directory->name[head - 1] != '/';
    char *full = new_atomic(t, head + slash + n + 1);
    if (!full)
        return NULL;
    memcpy(full, directory->name, head);
    if (slash)
        full[head] = '/';
    memcpy(full + head + slash, name, n + 1);
    *out_length = head + slash + n;
    return full;
}

static Value dir_entry_new(Thread *t, ScandirIterator *s, const char *name, uint64_t inode, uint8_t kind)
{
    DirEntry *e = new_object(t, dir_entry, DirEntry);
    size_t n = strlen(name);
    if (!e || !(e->name = path_answer(t, &s->path, name, n)))
        return 0;
    e->inode = inode;
    e->kind = kind;
    if (s->no_prefix) {
        char *copy = new_atomic(t, n + 1);
        if (!copy)
            return 0;
        e->full = memcpy(copy, name, n + 1);
        e->path = e->name;
        e->dir_fd = s->path.fd;
        return value_of(e);
    }
    size_t length;
    e->dir_fd = AT_FDCWD;
    e->full = join_names(t, &s->path, name, &length);
    if (!e->full || !(e->path = path_answer(t, &s->path, e->full, length)))
        return 0;
    return value_of(e);
}

static Value scandir_next(Thread *t, Value self)
{
    ScandirIterator *s = (ScandirIterator *)self;
    struct dirent *entry, copy;
    mutex_lock(&s->mutex);
    long result = s->stream ? read_entry(t, s->stream, &entry) : 0;
    if (result > 0)
        memcpy(&copy, entry, offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1);
    mutex_unlock(&s->mutex);
    if (result > 0)
        return dir_entry_new(t, s, copy.d_name, copy.d_ino, copy.d_type);
    scandir_close_stream(t, s);
    if (result < 0)
        os_raise(t, result, s->path.object, 0);
    return 0;
}

static Value scandir_iter(Thread *t, Value self)
{
    return self;
}

static Value scandir_close(Thread *t, const Value *args, size_t nargs)
{
    scandir_close_stream(t, (ScandirIterator *)args[0]);
    return NONE;
}

static Value scandir_enter(Thread *t, const Value *args, size_t nargs)
{
    return args[0];
}

static void scandir_finalize(Thread *t, Value self)
{
    ScandirIterator *s = (ScandirIterator *)self;
    if (!s->stream)
        return;
    if (!warn(t, EXC(ResourceWarning), 1, "unclosed scandir iterator %R", self))
        report_unraisable(t, self, "Exception ignored while finalizing scandir iterator %R", self);
    scandir_close_stream(t, s);
}

Type type_scandir_iterator = {
    TYPE_HEAD(scandir_iterator, "posix.ScandirIterator", &type_object, ScandirIterator),
    .flags = TYPE_DISALLOW_NEW | TYPE_IMMUTABLE | TYPE_HAS_GC_FINALIZER,
    .slots = {.iter = scandir_iter, .next = scandir_next, .finalize = scandir_finalize},
    .methods = (const NativeDef[]){
        {"__enter__", scandir_enter, "($self, /)", NULL},
        {"__exit__", scandir_close, "($self, /, *args)", NULL},
        {"close", scandir_close, "($self, /)", NULL},
        {0},
    },
};

static Value posix_scandir(Thread *t, const Value *args, size_t nargs)
{
    PathArg path;
    if (!os_audit(t, "os.scandir", 1, args[0] ? args[0] : NONE))
        return 0;
    if (!path_arg(t, args[0], "scandir", "path", PATH_FD_OK | PATH_NONE_OK, &path))
        return 0;
    ScandirIterator *s = instance_new(t, &type_scandir_iterator, 0);
    if (!s)
        return 0;
    OpenDir o = {.name = path.name, .fd = path.fd};
    long result = os_run(t, open_dir_body, &o);
    if (result < 0)
        return os_raise(t, result, path.object == NONE ? 0 : path.object, 0);
    s->path = path;
    s->no_prefix = !path.name;
    s->stream = o.stream;
    return value_of(s);
}

const NativeDef posix_dir_functions[] = {
    {"listdir", posix_listdir, "(path=None)", "Return a list containing the names of the files in the directory."},
    {"scandir", posix_scandir, "(path=None)", "Return an iterator of DirEntry objects for given path."},
    {0},
};
