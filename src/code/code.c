// code.c: making code objects, finding handlers.
#include "src/code/location.h"
#include "src/core/error.h"
#include "src/core/options.h"
#include "src/core/thread.h"

static void *copied(Thread *t, const void *from, size_t bytes, bool scanned)
{
    void *to = scanned ? new_scanned(t, bytes ? bytes : 1) : new_atomic(t, bytes ? bytes : 1);
    if (to && bytes)
        memcpy(to, from, bytes);
    return to;
}

static MUST_CHECK bool copy_arrays(Thread *t, Code *code, const CodeSpec *spec)
{
    code->instr_count = spec->instr_count;
    code->pool_count = spec->pool_count;
    code->handler_count = spec->handler_count;
    code->location_bytes = (uint32_t)locations_pack(spec->locations, spec->instr_count, NULL);
    code->instrs = copied(t, spec->instrs, spec->instr_count * sizeof(Instr), false);
    code->pool = copied(t, spec->pool, spec->pool_count * sizeof(Value), true);
    code->handlers = copied(t, spec->handlers, spec->handler_count * sizeof(Handler), false);
    code->locations = new_atomic(t, code->location_bytes + 1);
    if (!code->instrs || !code->pool || !code->handlers || !code->locations)
        return false;
    locations_pack(spec->locations, spec->instr_count, code->locations);
    return true;
}

Value code_new(Thread *t, const CodeSpec *spec)
{
    Code *code = new_object(t, code, Code);
    if (!code || !copy_arrays(t, code, spec))
        return 0;
    code->flags = spec->flags;
    code->arg_count = spec->arg_count;
    code->posonly_count = spec->posonly_count;
    code->kwonly_count = spec->kwonly_count;
    code->register_count = spec->register_count;
    code->local_count = spec->local_count;
    code->cell_count = spec->cell_count;
    code->free_count = spec->free_count;
    code->free_first = spec->free_first;
    code->first_line = spec->first_line;
    code->name = spec->name;
    code->qualname = spec->qualname;
    code->filename = spec->filename;
    code->varnames = spec->varnames;
    code->cellvars = spec->cellvars;
    code->freevars = spec->freevars;
    code->cell_registers = spec->cell_registers;
    code->consts = spec->consts;
    code->names = spec->names;
    if (switches.VERIFY_code && !code_verify(t, code))
        return 0;
    return value_of(code);
}

const Handler *code_find_handler(const Code *code, uint32_t instr_index)
{
    for (uint32_t i = 0; i < code->handler_count; i++) {
        const Handler *handler = &code->handlers[i];
        if (instr_index >= handler->start && instr_index < handler->end)
            return handler;
    }
    return NULL;
}
