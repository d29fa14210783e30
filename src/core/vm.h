// vm.h: VM, ALL state of one runtime that is not an object. Fields are set before Python code runs unless a guard is named.
#ifndef ADDER_CORE_VM_H
#define ADDER_CORE_VM_H

#include "src/core/lock.h"
#include "src/core/thread.h"

typedef struct VMConfig {                 // from the command line and the environment; immutable after start
    int optimize, verbose, quiet, inspect, interactive, bytes_warning, dont_write_bytecode, unbuffered;
    int ignore_environment, no_user_site, no_site, isolated, safe_path, dev_mode, utf8_mode, hash_randomization, warn_default_encoding;
    int debug, int_max_str_digits, context_aware_warnings, thread_inherit_context;
    uint64_t hash_seed;                   // PYTHONHASHSEED when has_hash_seed
    bool has_hash_seed;
    const char *check_hash_pycs;
    bool jit;                             // guard: none, relaxed; PYTHONJIT
    int jit_threshold, jit_opt_level;
    bool jit_debug;
    size_t heap_limit;
    const char *program, *home, *stdlib_dir, *pycache_prefix;
    int argc;                             // sys.orig_argv
    char **argv;
    int script_argc;                      // sys.argv without its first item (script, "-c", "-m", "" …: see script_name)
    char **script_argv;
    const char *script_name;
    int warn_option_count, x_option_count;   // -W and -X in order
    char **warn_options, **x_options;
} VMConfig;

struct VM {
    VMConfig config;
    Thread *main_thread;
    Mutex threads_mutex;
    Thread *threads;                      // list through next; guard: threads_mutex; walked by the collector with the world stopped
    uint64_t next_thread_id;              // guard: threads_mutex
    Mutex types_mutex;                    // all type changes
    Value modules;                        // Dict: sys.modules
    Value builtins;                       // Dict: builtins.__dict__
    Value builtins_module, sys_module, sys_dict;
    Value import_function;                // the original builtins.__import__, to see whether it was replaced
    Value importlib;                      // importlib._bootstrap
    Value atexit_callbacks;               // list; own lock
    Value audit_hooks;                    // list or 0
    Value codec_search_path, codec_cache, codec_errors;   // list, Dict, Dict
    Value module_states[64];              // one word for each native module that needs one; enum ModuleState
    Value finalizing;                     // TRUE once shutdown has begun
    Value monitoring;                     // sys.monitoring state or 0
    uint32_t recursion_limit;
    int64_t pending_signals;              // bit per signal, atomic
    bool weak_callbacks_due;              // written by the collector with the world stopped, cleared at safepoints
};

extern VM the_vm;                         // the VM of the command; libadder may make more

// Starts the runtime's lowest part: locks, heap, roots, the main thread. Null: no memory.
Thread *vm_start(VM *vm, const HeapOptions *heap);

// All words that the collector must see beyond stacks: called once per root range. Static objects of native modules that hold
// references register here at start-up (idempotent).
void vm_add_root_range(void *low, void *high);
bool type_is_static(const Type *type);   // a row of types.def

#endif
