// boot.c: starting the interpreter.
#include "src/interp/boot.h"

#include "src/interp/interp.h"

// Every cache made from an attribute plan is void. Rare (a data descriptor appears on a class whose instances are in use), so all code
// objects are visited: quickened attribute instructions go back to ANY's neighbour, the generic form.
static void forget_caches(void *object, size_t bytes, void *data)
{
    (void)data;
    Code *code = object;
    if (bytes < sizeof(Code) || code->head.type != &type_code || !code->instrs)
        return;
    for (uint32_t i = 0; i < code->instr_count; i++) {
        uint16_t op = load_relaxed(&code->instrs[i].op);
        if (op == OP_LOAD_ATTR_SLOT || op == OP_LOAD_ATTR_OVERFLOW)
            requicken(&code->instrs[i], OP_LOAD_ATTR_ANY);
        else if (op == OP_STORE_ATTR_SLOT || op == OP_STORE_ATTR_ADD)
            requicken(&code->instrs[i], OP_STORE_ATTR_ANY);
        else if (op == OP_LOAD_METHOD_CLASS || op == OP_LOAD_METHOD_BUILTIN)
            requicken(&code->instrs[i], OP_LOAD_METHOD_ANY);
    }
}

static void caches_invalidate(void)
{
    heap_each_object(forget_caches, NULL);
}

bool interp_boot(Thread *t)
{
    (void)t;
    arith_forms_init();
    compare_forms_init();
    frames_boot();
    hooks.caches_invalidate = caches_invalidate;
    return true;
}
