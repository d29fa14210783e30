// import_frozen.c: the code of importlib itself, from the library's sources or their cached bytecode.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend/compile.h"
#include "src/core/build_id.h"
#include "src/core/error.h"
#include "src/core/vm.h"
#include "src/modules/import.h"
#include "src/modules/marshal.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

enum { PYC_HEADER = 16, PYC_CARRIAGE = 0x0a0d0000 };   // magic numbers end in \r\n: text mode breaks them

const FrozenModule frozen_modules[] = {
    {"_frozen_importlib", "importlib._bootstrap", "importlib/_bootstrap", "<frozen importlib._bootstrap>"},
    {"_frozen_importlib_external", "importlib._bootstrap_external", "importlib/_bootstrap_external",
     "<frozen importlib._bootstrap_external>"},
    {0},
};

const FrozenModule *frozen_find(Value name)
{
    for (const FrozenModule *m = frozen_modules; m->name; m++)
        if (str_equal_cstr(name, m->name))
            return m;
    return NULL;
}

// A build reads only bytecode that the same build wrote: the number mixes the commit and the opcodes' names.
uint32_t pyc_magic(void)
{
    static uint32_t magic;   // idempotent
    uint32_t known = load_relaxed(&magic);
    if (known)
        return known;
    uint32_t hash = 2166136261u;
    for (const char *p = ADDER_BUILD_ID; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 16777619u;
    for (int op = 0; op < OPCODE_COUNT; op++)
        for (const char *p = opcode_name((uint16_t)op); *p; p++)
            hash = (hash ^ (uint8_t)*p) * 16777619u;
    known = (hash >> 16 ^ hash) & 0xffff;
    known |= PYC_CARRIAGE;
    store_relaxed(&magic, known);
    return known;
}

void code_set_filename(Code *code, Value filename)
{
    if (code->filename == filename)
        return;
    publish(&code->filename, filename);
    const Tuple *consts = as_tuple(code->consts);
    for (size_t i = 0; i < consts->length; i++)
        if (is_exactly(consts->at[i], &type_code))
            code_set_filename(as_code(consts->at[i]), filename);
    for (uint32_t i = 0; i < code->pool_count; i++)
        if (is_object(code->pool[i]) && is_exactly(code->pool[i], &type_code))
            code_set_filename(as_code(code->pool[i]), filename);
}

// --- files ---
typedef struct FileText { char *text; size_t size; struct stat st; } FileText;   // malloc'ed

static bool read_file(const char *path, FileText *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fstat(fd, &out->st) == 0 && (out->text = malloc((size_t)out->st.st_size + 1));
    out->size = 0;
    while (ok && out->size < (size_t)out->st.st_size) {
        ssize_t n = read(fd, out->text + out->size, (size_t)out->st.st_size - out->size);
        if (n <= 0)
            break;
        out->size += (size_t)n;
    }
    close(fd);
    if (ok)
        out->text[out->size] = 0;
    return ok;
}

static bool write_file(const char *path, const void *header, size_t header_size, const void *data, size_t size)
{
    char temporary[PATH_MAX + 32];
    snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid());
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    bool ok = write(fd, header, header_size) == (ssize_t)header_size && write(fd, data, size) == (ssize_t)size;
    ok = close(fd) == 0 && ok && rename(temporary, path) == 0;
    if (!ok)
        unlink(temporary);
    return ok;
}

static void put_word(uint8_t *at, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(word >> 8 * i);
}

static void pyc_header(uint8_t out[PYC_HEADER], const struct stat *source)
{
    put_word(out, pyc_magic());
    put_word(out + 4, 0);
    put_word(out + 8, (uint32_t)source->st_mtime);
    put_word(out + 12, (uint32_t)source->st_size);
}

// --- bytecode cache ---
// The cached code, or 0; nothing pending.
static Value load_cached(Thread *t, const char *cache_path, const struct stat *source)
{
    FileText cached = {0};
    uint8_t header[PYC_HEADER];
    Value code = 0;
    size_t used;
    pyc_header(header, source);
    if (!read_file(cache_path, &cached))
        return 0;
    if (cached.size > PYC_HEADER && !memcmp(cached.text, header, PYC_HEADER))
        code = marshal_loads(t, (const uint8_t *)cached.text + PYC_HEADER, cached.size - PYC_HEADER, true, &used);
    free(cached.text);
    pending_clear(t);
    return code && is_exactly(code, &type_code) ? code : 0;
}

static void store_cached(Thread *t, const char *cache_path, const struct stat *source, Value code)
{
    if (t->vm->config.dont_write_bytecode)
        return;
    Value bytes = marshal_dumps(t, code, MARSHAL_VERSION, true);
    if (bytes) {
        uint8_t header[PYC_HEADER];
        char folder[PATH_MAX];
        pyc_header(header, source);
        snprintf(folder, sizeof folder, "%s/importlib/__pycache__", sys_stdlib_dir());
        if (mkdir(folder, 0755) == 0 || errno == EEXIST)
            write_file(cache_path, header, sizeof header, as_bytes(bytes)->data, as_bytes(bytes)->length);
    }
    pending_clear(t);
}

static Value compile_text(Thread *t, const FileText *source, Value filename)
{
    CompileOptions options = {.filename = filename, .optimize = -1};
    return compile_source(t, source->text, source->size, PARSE_EXEC, &options);
}

Value frozen_code(Thread *t, const FrozenModule *module)
{
    char path[PATH_MAX], cache_path[PATH_MAX];
    const char *base = strrchr(module->path, '/') + 1;
    int optimize = t->vm->config.optimize;
    snprintf(path, sizeof path, "%s/%s.py", sys_stdlib_dir(), module->path);
    snprintf(cache_path, sizeof cache_path, "%s/importlib/__pycache__/%s.adder-314%s.pyc", sys_stdlib_dir(), base,
             optimize > 1 ? ".opt-2" : optimize ? ".opt-1" : "");
    Value filename = str_intern_cstr(t, module->filename);
    FileText source = {0};
    struct stat st;
    if (!filename)
        return 0;
    if (stat(path, &st) != 0)
        return raise(t, EXC(ImportError), "the standard library is not in %s", sys_stdlib_dir());
    Value code = load_cached(t, cache_path, &st);
    if (!code) {
        if (!read_file(path, &source))
            return raise_errno(t, errno);
        code = compile_text(t, &source, filename);
        free(source.text);
        if (code)
            store_cached(t, cache_path, &st, code);
    }
    if (code)
        code_set_filename(as_code(code), filename);
    return code;
}
