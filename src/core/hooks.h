// hooks.h: entrances that lower layers use to reach upper ones; filled at start-up by the owner.
#ifndef ADDER_CORE_HOOKS_H
#define ADDER_CORE_HOOKS_H

#include "src/core/object.h"

typedef struct Hooks {
    Value (*call_function)(Thread *t, Value function, const Value *args, size_t nargs, Value kwnames);   // interp
    Value (*current_frame_object)(Thread *t);                   // FrameObject of the running frame, or 0 (no error)
    Value (*current_globals)(Thread *t);                        // globals Dict of the running frame, or 0
    uint32_t (*current_instruction)(Thread *t);
    // Does a module of that name and origin (Str or 0) hide a module of the library? 1: a standard one; 2: perhaps an installed one; 0; -1: error
    int (*module_shadows_library)(Thread *t, Value name, Value origin);
    bool (*super_arguments)(Thread *t, Value *out);              // for super(): class and first argument of the running frame
    Value (*import_module)(Thread *t, const char *dotted_name); // modules/import: returns the last component
    // The promises of all attribute plans (src/ops/attr.h) are void: forget every cache made from one. Called with the types mutex held.
    void (*caches_invalidate)(void);
    bool (*warn)(Thread *t, Type *category, Value message, int stack_level);   // modules/_warnings: false, exception pending
    void (*unraisable)(Thread *t, Value exception, Value object_or_none, Value message_or_none);   // modules/sys: sys.unraisablehook
    bool (*run_pending_signals)(Thread *t);
    bool (*run_weakref_callbacks)(Thread *t);                   // never leaves an exception pending
    void (*sweep_weakrefs)(void);                               // world stopped, marks complete; takes no lock
    bool (*run_pending_calls)(Thread *t);
    bool (*limit_reached)(Thread *t);                           // INTERRUPT_LIMIT was requested; false: exception pending
    Value *(*stack_top)(Thread *t);                             // first free word of the value stack: what lies below is scanned
} Hooks;
extern Hooks hooks;

#endif
