// boot.c: brings the layers up in order and takes them down.
#include "src/api/boot.h"

#include <stdio.h>

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/module_def.h"
#include "src/core/names.h"
#include "src/core/options.h"
#include "src/interp/boot.h"
#include "src/modules/boot.h"
#include "src/modules/os_locale.h"
#include "src/modules/psutil_fallback.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/boot.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/str.h"

typedef struct Stage {
    const char *name;
    bool (*start)(Thread *t);
} Stage;

static bool argv_boot(Thread *t)
{
    const VMConfig *config = &t->vm->config;
    List *argv = list_new(t, (size_t)config->script_argc + 1);
    for (int i = -1; argv && i < config->script_argc; i++) {
        const char *text = i < 0 ? config->script_name : config->script_argv[i];
        Value item = str_from_fs(t, text, strlen(text));
        if (!item || !list_append(t, argv, item))
            return false;
    }
    return argv && sys_set(t, "argv", value_of(argv));
}

// Each stage may use what the earlier ones made.
static const Stage core_stages[] = {
    {"strings", str_boot},       {"names", names_boot},   {"types", types_boot},       {"exceptions", exceptions_boot},
    {"interpreter", interp_boot}, {"codecs", codec_boot}, {"weak references", weakref_boot}, {"builtins", builtins_boot},
    {"sys", sys_boot},           {"sys.path", sys_path_boot}, {"sys.argv", argv_boot},     {"standard streams", sys_stdio_boot},
};

// can_show: the types are up, so the exception can be shown.
static void report_failure(Thread *t, const char *stage, bool can_show)
{
    fprintf(stderr, "Fatal Python error: cannot start %s\n", stage);
    if (can_show && is_pending(t)) {
        Value text = value_repr(t, pending_take(t));
        size_t n;
        const char *bytes = text ? str_utf8(t, text, &n) : NULL;
        if (bytes)
            fprintf(stderr, "%s\n", bytes);
    }
}

Thread *boot_core(VM *vm)
{
    options_read();
    os_locale_start(&vm->config);
    HeapOptions heap = {.limit_bytes = vm->config.heap_limit, .stress_every = switches.STRESS_gc, .fail_at = switches.STRESS_oom};
    Thread *t = vm_start(vm, &heap);
    if (!t) {
        fprintf(stderr, "Fatal Python error: no memory to start\n");
        return NULL;
    }
    for (size_t i = 0; i < COUNT_OF(core_stages); i++) {
        if (!core_stages[i].start(t)) {
            report_failure(t, core_stages[i].name, i > 3);
            return NULL;
        }
    }
    return t;
}

static bool make_main_module(Thread *t)
{
    Value name = N(__main__);
    Module *module = module_new(t, name);
    return module && module_add(t, value_of(module), "__builtins__", t->vm->builtins_module)
           && dict_set(t, as_dict(t->vm->modules), name, value_of(module));
}

static bool import_site(Thread *t)
{
    if (t->vm->config.no_site)
        return true;
    return hooks.import_module(t, "site") != 0;
}

bool boot_library(Thread *t)
{
    return import_boot(t) && sys_stdio_open(t) && psutil_fallback_install(t) && make_main_module(t) && import_site(t) && warnings_boot(t);
}

// The module atexit brings its own.
__attribute__((weak)) void atexit_run(Thread *t)
{
    (void)t;
}

int shut_down(Thread *t, int status)
{
    threads_wait(t);
    atexit_run(t);
    publish(&t->vm->finalizing, TRUE);
    finalize_all(t);
    return sys_stdio_flush(t) ? status : 120;
}
