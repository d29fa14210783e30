// modules.c: finds native modules by name.
#include "src/core/module_def.h"

#include "src/modules/modules.h"

#define MODULE(row) extern const ModuleDef module_##row;
#include "src/modules/modules.def"
#undef MODULE

static const ModuleDef *const all_modules[] = {
#define MODULE(row) &module_##row,
#include "src/modules/modules.def"
#undef MODULE
    NULL,
};

const ModuleDef *module_def_find(const char *name)
{
    for (const ModuleDef *const *def = all_modules; *def; def++) {
        if (!strcmp((*def)->name, name))
            return *def;
    }
    return NULL;
}

const ModuleDef *module_def_at(size_t i)
{
    return i < COUNT_OF(all_modules) ? all_modules[i] : NULL;
}
