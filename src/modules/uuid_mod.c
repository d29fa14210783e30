// uuid_mod.c: the _uuid module.
#include <uuid/uuid.h>

#include "src/modules/os_support.h"
#include "src/types/tuple.h"

static Value uuid_time_safe(Thread *t, const Value *args, size_t nargs)
{
    uuid_t id;
    int safe = uuid_generate_time_safe(id);
    Value bytes = bytes_new(t, id, sizeof id);
    return bytes ? tuple_pair(t, bytes, fixnum(safe)) : 0;
}

static bool uuid_exec(Thread *t, Value module)
{
    static const IntConstant constants[] = {{"has_uuid_generate_time_safe", 1}, {"has_stable_extractable_node", 0}, {0}};
    return module_add_ints(t, module, constants);
}

const ModuleDef module_uuid = {
    .name = "_uuid",
    .functions = (const NativeDef[]){{"generate_time_safe", uuid_time_safe, "()", NULL}, {0}},
    .exec = uuid_exec,
};
