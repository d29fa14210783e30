// sys.h: the module sys as its files and the program's start see it.
#ifndef ADDER_MODULES_SYS_H
#define ADDER_MODULES_SYS_H

#include "src/core/module_def.h"
#include "src/core/vm.h"

// sys_mod.c: makes vm->modules, vm->sys_module and everything in it that needs no import. Before importlib.
bool sys_boot(Thread *t);
// sys_path.c
bool sys_path_boot(Thread *t);                    // prefixes, executable, sys.path
bool sys_path_prepend(Thread *t, Value path);     // sys.path[0]: the folder of the script, or ''
const char *sys_stdlib_dir(void);                 // where the library is; after sys_path_boot
// sys_stdio.c: sys.stdin, stdout, stderr: plain descriptors at first, files of the library's io when that is importable.
bool sys_stdio_boot(Thread *t);
bool sys_stdio_open(Thread *t);
bool sys_stdio_flush(Thread *t);                  // at exit; reports what goes wrong: false
// sys_hooks.c
void sys_report_uncaught(Thread *t);              // the pending exception: through sys.excepthook; sets sys.last_exc
int sys_exit_status(Thread *t);                   // the pending exception ends the program: its exit status; SystemExit's text is printed
bool sys_audit(Thread *t, const char *event, size_t n, const Value *arguments);   // false: a hook objected
bool sys_audit_active(const Thread *t);

// shared by the files of sys
MUST_CHECK bool sys_set(Thread *t, const char *name, Value value);
Value sys_get(Thread *t, const char *name);       // 0 when absent, nothing pending
bool sys_info_add(Thread *t);                     // flags, version_info, float_info …
bool sys_jit_add(Thread *t);
bool sys_monitoring_add(Thread *t);
// PYTHONJIT and its kin changed in os.environ (value null: removed): reconfigures the compiler and sys.flags.
void sys_environ_changed(Thread *t, const char *name, const char *value);
extern const NativeDef sys_hook_functions[], sys_frame_functions[], sys_limit_functions[];
void sys_hooks_install(void);
MUST_CHECK bool sys_add_functions(Thread *t, Value module, const NativeDef *functions);

#endif
