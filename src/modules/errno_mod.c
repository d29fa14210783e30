// errno_mod.c: the module errno.
#include <errno.h>

#include "src/core/module_def.h"
#include "src/types/dict.h"
#include "src/types/str.h"

typedef struct ErrnoName { const char *name; int number; } ErrnoName;

static const ErrnoName errno_names[] = {
#define ERRNO(name) {#name, name},
#include "src/modules/errno_names.def"
#undef ERRNO
};

static bool errno_exec(Thread *t, Value module)
{
    Dict *codes = dict_new(t);
    for (size_t i = 0; i < COUNT_OF(errno_names); i++) {
        Value number = fixnum(errno_names[i].number), name = str_intern_cstr(t, errno_names[i].name);
        if (!codes || !name || !module_add(t, module, errno_names[i].name, number) || !dict_set(t, codes, number, name))
            return false;
    }
    return module_add(t, module, "errorcode", value_of(codes));
}

const ModuleDef module_errno = {"errno",
    "This module makes available standard errno system symbols.\n\n"
    "The value of each symbol is the corresponding integer value,\n"
    "e.g., on most systems, errno.ENOENT equals the integer 2.\n\n"
    "The dictionary errno.errorcode maps numeric codes to symbol names,\n"
    "e.g., errno.errorcode[2] could be the string 'ENOENT'.\n\n"
    "Symbols that are not relevant to the underlying system are not defined.\n\n"
    "To map error codes to error messages, use the function os.strerror(),\n"
    "e.g. os.strerror(2) could return 'No such file or directory'.", NULL, errno_exec};
