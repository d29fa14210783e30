// sys_path.c: where the program, its prefix and the library are; sys.path and sys.argv.
//
// The library is the first of: $PYTHONHOME/lib/python3.14; <folder of the program>/lib/python3.14 (a build folder);
// <prefix of the program>/share/adder/python3.14 (installed); the build's and the installation's own folders.
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/core/build_config.h"
#include "src/core/error.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"

static char executable[PATH_MAX];      // written once, by sys_path_boot
static char stdlib_dir[PATH_MAX];
static char prefix[PATH_MAX];

const char *sys_stdlib_dir(void) { return stdlib_dir; }

static bool is_library(const char *dir)
{
    char landmark[PATH_MAX + 16];
    snprintf(landmark, sizeof landmark, "%s/os.py", dir);
    return access(landmark, R_OK) == 0;
}

static bool try_library(const char *format, const char *base)
{
    char dir[PATH_MAX], real[PATH_MAX];
    if (snprintf(dir, sizeof dir, format, base) >= (int)sizeof dir || !is_library(dir))
        return false;
    strcpy(stdlib_dir, realpath(dir, real) ? real : dir);
    return true;
}

// Cuts the last part of a path off.
static void cut_last(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
}

static void find_executable(const VMConfig *c)
{
    ssize_t n = readlink("/proc/self/exe", executable, sizeof executable - 1);
    if (n > 0)
        executable[n] = 0;
    else
        snprintf(executable, sizeof executable, "%s", c->program ? c->program : "");
}

static void find_library(const VMConfig *c)
{
    char dir[PATH_MAX];
    const char *home = c->home ? c->home : c->ignore_environment ? NULL : getenv("PYTHONHOME");
    snprintf(dir, sizeof dir, "%s", executable);
    cut_last(dir);
    if ((c->stdlib_dir && try_library("%s", c->stdlib_dir)) || (home && *home && try_library("%s/lib/python3.14", home))
        || try_library("%s/lib/python3.14", dir) || try_library("%s/../share/adder/python3.14", dir)
        || try_library("%s", ADDER_BUILD_STDLIB) || try_library("%s", ADDER_INSTALLED_STDLIB))
        return;
    snprintf(stdlib_dir, sizeof stdlib_dir, "%s", ADDER_INSTALLED_STDLIB);
}

// The folder above bin/; a program in its build folder belongs to the installation it would go to.
static void find_prefix(void)
{
    char dir[PATH_MAX];
    snprintf(dir, sizeof dir, "%s", executable);
    cut_last(dir);
    size_t n = strlen(dir);
    if (n > 4 && !strcmp(dir + n - 4, "/bin")) {
        dir[n - 4] = 0;
        snprintf(prefix, sizeof prefix, "%s", dir);
    } else {
        snprintf(prefix, sizeof prefix, "%s", ADDER_PREFIX);
    }
}

static Value path_text(Thread *t, const char *s) { return str_from_fs(t, s, strlen(s)); }

static bool append_path(Thread *t, List *list, const char *s, size_t n)
{
    Value text = str_from_fs(t, s, n);
    return text && list_append(t, list, text);
}

// Empty parts of $PYTHONPATH mean the current folder.
static bool append_pythonpath(Thread *t, List *list)
{
    const char *at = t->vm->config.ignore_environment ? NULL : getenv("PYTHONPATH");
    if (!at || !*at)
        return true;
    for (;;) {
        size_t n = strcspn(at, ":");
        char cwd[PATH_MAX];
        if (n == 0 && getcwd(cwd, sizeof cwd)) {
            if (!append_path(t, list, cwd, strlen(cwd)))
                return false;
        } else if (!append_path(t, list, at, n)) {
            return false;
        }
        if (!at[n])
            return true;
        at += n + 1;
    }
}

static Value new_path(Thread *t)
{
    List *list = list_new(t, 4);
    if (!list || !append_pythonpath(t, list) || !append_path(t, list, stdlib_dir, strlen(stdlib_dir)))
        return 0;
    return value_of(list);
}

static Value argument_list(Thread *t, int argc, char **argv)
{
    List *list = list_new(t, (size_t)argc);
    for (int i = 0; list && i < argc; i++)
        if (!append_path(t, list, argv[i], strlen(argv[i])))
            return 0;
    return value_of(list);
}

bool sys_path_prepend(Thread *t, Value path)
{
    Value list = sys_get(t, "path");
    return !list || !is_list(list) || list_insert(t, as_list(list), 0, path);
}

bool sys_path_boot(Thread *t)
{
    const VMConfig *c = &t->vm->config;
    find_executable(c);
    find_library(c);
    find_prefix();
    Value text = path_text(t, prefix);
    return sys_set(t, "executable", path_text(t, executable)) && sys_set(t, "_base_executable", path_text(t, executable))
        && sys_set(t, "prefix", text) && sys_set(t, "exec_prefix", text) && sys_set(t, "base_prefix", text)
        && sys_set(t, "base_exec_prefix", text) && sys_set(t, "_stdlib_dir", path_text(t, stdlib_dir))
        && sys_set(t, "_home", NONE) && sys_set(t, "path", new_path(t)) && sys_set(t, "orig_argv", argument_list(t, c->argc, c->argv));
}
