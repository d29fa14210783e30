// prompt.c: the interactive prompt: the library's _pyrepl on a terminal, its plain console elsewhere.
#include "src/api/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/core/build_config.h"
#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/names.h"
#include "src/core/vm.h"
#include "src/interp/frame.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/str.h"

static Value main_namespace(Thread *t)
{
    Value module = 0;
    if (dict_get(t, as_dict(t->vm->modules), N(__main__), &module) <= 0)
        return 0;
    return ((Module *)module)->dict;
}

// $PYTHONSTARTUP runs in __main__; an error there is shown and forgotten.
static void run_startup_file(Thread *t)
{
    const char *path = t->vm->config.ignore_environment ? NULL : getenv("PYTHONSTARTUP");
    if (!path || !*path)
        return;
    Value runpy = hooks.import_module(t, "runpy"), name = str_from_fs(t, path, strlen(path));
    Value result = runpy && name ? call_method1(t, runpy, N(run_path), name) : 0;
    if (!result || !is_dict(result)) {
        if (is_pending(t))
            (void)report_exit(t);
        return;
    }
    size_t position = 0;
    Value key, value;
    while (dict_next(as_dict(result), &position, &key, &value)) {
        if (is_str(key) && !(as_str(key)->length > 1 && str_at(as_str(key), 0) == '_' && str_at(as_str(key), 1) == '_'))
            (void)!dict_set(t, as_dict(main_namespace(t)), key, value);
    }
}

static void print_banner(Thread *t)
{
    if (t->vm->config.quiet)
        return;
    fprintf(stderr, "Python 3.14.0 (Adder %s) [%s] on linux\n", ADDER_VERSION, ADDER_COMPILER);
    fprintf(stderr, "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
}

static Value run_pyrepl(Thread *t)
{
    Value module = hooks.import_module(t, "_pyrepl.main");
    return module ? call_method0(t, module, N(interactive_console)) : 0;
}

static Value run_plain_console(Thread *t)
{
    Value module = hooks.import_module(t, "code");
    Value cls = module ? attr_get(t, module, N(InteractiveConsole)) : 0;
    Value console = cls ? call1(t, cls, main_namespace(t)) : 0;
    return console ? call_method2(t, console, N(interact), str_empty, str_empty) : 0;
}

Value prompt_run(Thread *t)
{
    Value one = str_from_cstr(t, ">>> "), two = str_from_cstr(t, "... ");
    if (!one || !two || !dict_set(t, as_dict(t->vm->sys_dict), N(ps1), one) || !dict_set(t, as_dict(t->vm->sys_dict), N(ps2), two))
        return 0;
    print_banner(t);
    run_startup_file(t);
    if (isatty(0) && isatty(1) && !getenv("PYTHON_BASIC_REPL")) {
        Value v = run_pyrepl(t);
        if (v || !pending_matches(t, EXC(ImportError)))
            return v;
        pending_clear(t);
    }
    return run_plain_console(t);
}

Value run_pyc(Thread *t, Value path)
{
    Value external = hooks.import_module(t, "importlib._bootstrap_external");
    Value loader_class = external ? attr_get(t, external, N(SourcelessFileLoader)) : 0;
    Value loader = loader_class ? call2(t, loader_class, N(__main__), path) : 0;
    Value code = loader ? call_method1(t, loader, N(get_code), N(__main__)) : 0;
    if (!code)
        return 0;
    Value globals = main_namespace(t);
    return globals && dict_set(t, as_dict(globals), N(__loader__), loader) ? interp_run_code(t, as_code(code), globals, globals) : 0;
}
