// import.h: what the files of the import system share.
#ifndef ADDER_MODULES_IMPORT_H
#define ADDER_MODULES_IMPORT_H

#include "src/code/code.h"
#include "src/core/module_def.h"

// A module of the library that is part of the import system: importlib gets its code from here.
typedef struct FrozenModule {
    const char *name;         // "_frozen_importlib"
    const char *original;     // "importlib._bootstrap"
    const char *path;         // below the library's folder
    const char *filename;     // co_filename
} FrozenModule;

extern const FrozenModule frozen_modules[];                 // ended by a null name
const FrozenModule *frozen_find(Value name);                // null: not frozen
Value frozen_code(Thread *t, const FrozenModule *module);   // its Code, from the cache or the source

uint32_t pyc_magic(void);                                   // as it stands in the first four bytes
void code_set_filename(Code *code, Value filename);         // in its constants too
// Takes importlib's own frames out of the pending exception's traceback.
void import_trim_traceback(Thread *t);
void import_lock_fork_child(void);

#endif
