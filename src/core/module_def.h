// module_def.h: native modules are described by a ModuleDef each; src/modules/modules.def lists them.
#ifndef ADDER_CORE_MODULE_DEF_H
#define ADDER_CORE_MODULE_DEF_H

#include "src/core/type.h"

typedef struct ModuleDef {
    const char *name;                             // dotted
    const char *doc;                              // or null
    const NativeDef *functions;                   // signatures start with $module only if the function wants the module as args[0]
    bool (*exec)(Thread *t, Value module);        // fills in types and constants; null: nothing to do
} ModuleDef;

Value module_from_def(Thread *t, const ModuleDef *def);   // new module object, functions added, exec run (src/types/module.c)
MUST_CHECK bool module_add(Thread *t, Value module, const char *name, Value value);
MUST_CHECK bool module_add_type(Thread *t, Value module, Type *type);   // under the type's short name
Value module_dict(Value module);                          // its Dict
const ModuleDef *module_def_find(const char *name);       // row of modules.def, or null (src/modules/modules.c)

#endif
