// names.c: fills the table of interned names at start-up. Immutable afterwards.
#include "src/core/names.h"

#include "src/core/vm.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

Value name_table[NAME_COUNT];

static const char *const name_texts[NAME_COUNT] = {
#define NAME(identifier) #identifier,
#include "src/core/names.def"
#undef NAME
};

bool names_boot(Thread *t)
{
    vm_add_root_range(name_table, name_table + NAME_COUNT);
    for (size_t i = 0; i < NAME_COUNT; i++)
        if (!(name_table[i] = str_intern_cstr(t, name_texts[i])))
            return false;
    return true;
}
