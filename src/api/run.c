// run.c: what the command runs: text, files, modules, standard input, the prompt; and how it exits.
#include "src/include/adder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend/compile.h"
#include "src/api/boot.h"
#include "src/api/command_line.h"
#include "src/api/prompt.h"
#include "src/core/build_config.h"
#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/names.h"
#include "src/interp/frame.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"

const char *adder_version(void)
{
    return ADDER_VERSION;
}

// The module __main__'s dict, borrowed from sys.modules.
static Value main_dict(Thread *t)
{
    Value module = 0;
    if (dict_get(t, as_dict(t->vm->modules), N(__main__), &module) <= 0)
        return 0;
    return ((Module *)module)->dict;
}

static Value run_source(Thread *t, const char *text, size_t n, Value filename, unsigned flags)
{
    Value globals = main_dict(t);
    if (!globals)
        return 0;
    CompileOptions options = {.filename = filename, .flags = flags, .optimize = -1, .module = N(__main__)};
    Value code = compile_source(t, text, n, PARSE_EXEC, &options);
    return code ? interp_run_code(t, as_code(code), globals, globals) : 0;
}

// Tells the library's linecache the text of -c, for the traceback about to be printed.
static void remember_source(Thread *t, Value code, Value text, Value filename)
{
    Value exception = pending_take(t);
    Value linecache = hooks.import_module(t, "linecache");
    Value remember = linecache ? attr_get(t, linecache, str_intern_cstr(t, "_register_code")) : 0;
    if (remember)
        call3(t, remember, code, text, filename);
    pending_set(t, exception);
}

static Value run_command(Thread *t, const char *text)
{
    Value line = str_from_fs(t, text, strlen(text));
    size_t n;
    const char *utf8 = line ? str_utf8(t, line, &n) : NULL;
    Value filename = utf8 ? str_from_cstr(t, "<string>") : 0, globals = main_dict(t);
    if (!filename || !globals)
        return 0;
    CompileOptions options = {.filename = filename, .flags = PARSE_IGNORE_COOKIE, .optimize = -1, .module = N(__main__)};
    Value code = compile_source(t, utf8, n, PARSE_EXEC, &options);
    Value v = code ? interp_run_code(t, as_code(code), globals, globals) : 0;
    if (code && !v && !pending_matches(t, EXC(SystemExit)))
        remember_source(t, code, line, filename);
    return v;
}

// The whole content of a descriptor, malloc'ed. Null: errno says why.
static char *read_all(int fd, size_t *out_n)
{
    size_t n = 0, room = 1 << 16;
    char *text = malloc(room);
    while (text) {
        ssize_t got = read(fd, text + n, room - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(text);
            return NULL;
        }
        if (got == 0)
            break;
        n += (size_t)got;
        if (n == room)
            text = realloc(text, room *= 2);
    }
    *out_n = n;
    return text;
}

static Value run_text_of(Thread *t, int fd, Value filename, bool skip_first_line)
{
    size_t n = 0;
    char *text = read_all(fd, &n);
    int error = errno;
    if (fd != STDIN_FILENO)
        close(fd);   // the program finds no descriptor open that it did not open
    if (!text)
        return raise_errno(t, error);
    char *start = text;
    if (skip_first_line) {
        char *newline = memchr(text, '\n', n);
        start = newline ? newline : text + n;   // the newline stays: line numbers count from the file's first line
    }
    Value v = run_source(t, start, n - (size_t)(start - text), filename, PARSE_FROM_FILE);
    free(text);
    return v;
}

// runpy runs modules, folders and zip files.
static Value run_by_runpy(Thread *t, Value name, bool as_main_path)
{
    Value runpy = hooks.import_module(t, "runpy");
    Value function = runpy ? attr_get(t, runpy, N(_run_module_as_main)) : 0;
    return function ? call2(t, function, name, value_bool(as_main_path)) : 0;
}

// sys.path[0] for a script: its folder, symbolic links resolved.
static bool prepend_script_folder(Thread *t, const char *script)
{
    if (t->vm->config.safe_path)
        return true;
    char *real = realpath(script, NULL);
    const char *path = real ? real : script;
    const char *slash = strrchr(path, '/');
    Value folder = str_from_fs(t, path, slash ? (size_t)(slash - path) + (slash == path) : 0);
    free(real);
    return folder && sys_path_prepend(t, folder);
}

static bool is_package_path(const char *path)
{
    struct stat info;
    if (stat(path, &info))
        return false;
    if (S_ISDIR(info.st_mode))
        return true;
    unsigned char magic[4] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, magic, 4);
    bool zip = n == 4 && !memcmp(magic, "PK\3\4", 4);
    if (!zip && S_ISREG(info.st_mode) && info.st_size > 22) {   // a zip with a line in front of it ends in its directory
        unsigned char tail[22];
        zip = pread(fd, tail, 22, info.st_size - 22) == 22 && !memcmp(tail, "PK\5\6", 4);
    }
    close(fd);
    return zip;
}

static Value run_file(Thread *t, const CommandLine *line)
{
    Value name = str_from_fs(t, line->what, strlen(line->what));
    if (!name)
        return 0;
    if (is_package_path(line->what))
        return sys_path_prepend(t, name) ? run_by_runpy(t, N(__main__), false) : 0;
    int fd = open(line->what, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", t->vm->config.program, line->what, errno, strerror(errno));
        exit(2);
    }
    Value globals = main_dict(t);
    if (!globals || !prepend_script_folder(t, line->what) || !dict_set(t, as_dict(globals), N(__file__), name)
        || !dict_set(t, as_dict(globals), N(__cached__), NONE)) {
        close(fd);
        return 0;
    }
    size_t n = strlen(line->what);
    if (n > 4 && !strcmp(line->what + n - 4, ".pyc")) {
        close(fd);
        return run_pyc(t, name);
    }
    return run_text_of(t, fd, name, line->skip_first_line);
}

static Value run_what(Thread *t, const CommandLine *line)
{
    Value empty = str_empty;
    switch (line->kind) {
    case RUN_COMMAND:
        return t->vm->config.safe_path || sys_path_prepend(t, empty) ? run_command(t, line->what) : 0;
    case RUN_MODULE: {
        Value name = str_from_fs(t, line->what, strlen(line->what));
        return name && (t->vm->config.safe_path || sys_path_prepend(t, empty)) ? run_by_runpy(t, name, true) : 0;
    }
    case RUN_FILE:
        return run_file(t, line);
    case RUN_STDIN: {
        Value name = str_from_cstr(t, "<stdin>");
        return name && (t->vm->config.safe_path || sys_path_prepend(t, empty)) ? run_text_of(t, 0, name, line->skip_first_line) : 0;
    }
    default:
        return t->vm->config.safe_path || sys_path_prepend(t, empty) ? prompt_run(t) : 0;
    }
}

// Shows the pending exception as CPython does at the end of a program; returns the exit status. Negative: die by that signal.
int report_exit(Thread *t)
{
    bool interrupted = pending_matches(t, EXC(KeyboardInterrupt));
    int status = sys_exit_status(t);
    return interrupted ? -SIGINT : status;
}

static int finish(Thread *t, int status)
{
    bool interrupted = status == -SIGINT;
    status = shut_down(t, interrupted ? 130 : status);
    if (interrupted) {   // as a C program that does not catch it: the shell sees the signal
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    return status;
}

int adder_main(int argc, char **argv)
{
    CommandLine line = command_line_parse(&the_vm.config, argc, argv);
    if (line.kind == RUN_NOTHING)
        return line.exit_status;
    Thread *t = boot_core(&the_vm);
    if (!t)
        return 1;
    int status = 0;
    if (!boot_library(t)) {
        status = report_exit(t);
        return finish(t, status);
    }
    if (!run_what(t, &line))
        status = report_exit(t);
    if (the_vm.config.inspect && line.kind != RUN_PROMPT && status != -SIGINT) {
        if (!prompt_run(t))
            status = report_exit(t);
    }
    return finish(t, status);
}
