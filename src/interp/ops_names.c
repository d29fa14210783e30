// ops_names.c: globals, names of class and module bodies, cells: general meaning and caches.
#include "src/interp/interp.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Value *pool_of(Value *R)
{
    return frame_of(R)->code->pool;
}

Value raise_unbound(Thread *t, Value name)
{
    return raise_name(t, EXC(UnboundLocalError), name, "cannot access local variable '%U' where it is not associated with a value", name);
}

static Value raise_undefined(Thread *t, Value name)
{
    return raise_name(t, EXC(NameError), name, "name '%U' is not defined", name);
}

// A record for a name found in `where` (globals or builtins); null without memory, which is no error: nothing is cached.
static GlobalRecord *record_for(Thread *t, Dict *globals, Dict *builtins, Value name)
{
    DictKeys *keys = load_acquire(&globals->keys);
    size_t filled = load_acquire(&keys->filled);
    DictEntry *entry = dict_entry_known(globals, name);
    DictKeys *found_in = keys;
    if (!entry) {
        if (!builtins)
            return NULL;
        found_in = load_acquire(&builtins->keys);
        entry = dict_entry_known(builtins, name);
        if (!entry)
            return NULL;
    }
    if (entry < found_in->entries || entry >= found_in->entries + found_in->capacity)
        return NULL;   // the table was replaced meanwhile
    GlobalRecord *record = heap_alloc(&t->heap, HEAP_SCANNED, sizeof *record);
    if (!record)
        return NULL;
    record->index = (size_t)(entry - found_in->entries);
    if (found_in == keys) {
        record->module = keys;
        return record;
    }
    record->globals = keys;
    record->filled = filled;
    record->builtins = found_in;
    return record;
}

static void cache_global(Thread *t, Value *R, const Instr *pc, Value name, Opcode module_form, Opcode builtin_form)
{
    const Function *f = frame_of(R)->function;
    if (!is_exactly(f->globals, &type_dict))
        return;
    Dict *builtins = is_exactly(f->builtins, &type_dict) ? as_dict(f->builtins) : NULL;
    GlobalRecord *record = record_for(t, as_dict(f->globals), builtins, name);
    if (!record)
        return;
    set_cache(frame_of(R)->code, pc, value_of(record));
    requicken(pc, record->builtins ? builtin_form : module_form);
}

// Looks a name up in a namespace mapping: 1 found, 0 absent, -1 error.
static int namespace_get(Thread *t, Value namespace, Value name, Value *out)
{
    if (is_exactly(namespace, &type_dict))
        return dict_get(t, as_dict(namespace), name, out);
    *out = item_get(t, namespace, name);
    if (*out)
        return 1;
    return pending_clear_if(t, EXC(KeyError)) ? 0 : -1;
}

// The value of a global or builtin; 0 with NameError or another exception.
static Value global_find(Thread *t, const Function *f, Value name)
{
    Value v = 0;
    int found = namespace_get(t, f->globals, name, &v);   // globals of a dict subclass may have __missing__
    if (found)
        return found > 0 ? v : 0;
    if (is_exactly(f->builtins, &type_dict)) {
        found = dict_get(t, as_dict(f->builtins), name, &v);
        if (found)
            return found > 0 ? v : 0;
        return raise_undefined(t, name);
    }
    v = item_get(t, f->builtins, name);
    if (!v && pending_clear_if(t, EXC(KeyError)))
        return raise_undefined(t, name);
    return v;
}

bool load_global_slow(Thread *t, Value *R, const Instr *pc)
{
    Value name = pool_of(R)[pc->c + 1];
    Value v = global_find(t, frame_of(R)->function, name);
    if (!v)
        return false;
    R[pc->a] = v;
    cache_global(t, R, pc, name, OP_LOAD_GLOBAL_MODULE, OP_LOAD_GLOBAL_BUILTIN);
    return true;
}

bool load_name_slow(Thread *t, Value *R, const Instr *pc)
{
    Value name = pool_of(R)[pc->c + 1], v = 0;
    const Function *f = frame_of(R)->function;
    if (R[0] != f->globals) {
        int found = namespace_get(t, R[0], name, &v);
        if (found < 0)
            return false;
        if (found) {
            R[pc->a] = v;
            return true;
        }
    }
    v = global_find(t, f, name);
    if (!v)
        return false;
    R[pc->a] = v;
    if (R[0] == f->globals)
        cache_global(t, R, pc, name, OP_LOAD_NAME_MODULE, OP_LOAD_NAME_BUILTIN);
    return true;
}

// Overwrites the live entry that the cache names.
bool store_global_cached(Value *R, const Instr *pc, Value value)
{
    const GlobalRecord *record = (const GlobalRecord *)load_acquire(&pool_of(R)[pc->c]);
    Dict *globals = as_dict(frame_of(R)->function->globals);
    bool locked = object_lock(&globals->head);
    bool fits = globals->keys == record->module && record->module->entries[record->index].value;
    if (fits)
        publish(&record->module->entries[record->index].value, value);
    object_unlock(&globals->head, locked);
    return fits;
}

static void cache_store(Thread *t, Value *R, const Instr *pc, Value name, Opcode form)
{
    Dict *globals = as_dict(frame_of(R)->function->globals);
    GlobalRecord *record = record_for(t, globals, NULL, name);
    if (!record)
        return;
    set_cache(frame_of(R)->code, pc, value_of(record));
    requicken(pc, form);
}

bool store_name_slow(Thread *t, Value *R, const Instr *pc)
{
    Value name = pool_of(R)[pc->c + 1], namespace = R[0];
    if (!is_exactly(namespace, &type_dict))
        return item_set(t, namespace, name, R[pc->a]);
    if (!dict_set(t, as_dict(namespace), name, R[pc->a]))
        return false;
    if (namespace == frame_of(R)->function->globals)
        cache_store(t, R, pc, name, OP_STORE_NAME_MODULE);
    return true;
}

bool store_global_slow(Thread *t, Value *R, const Instr *pc)
{
    Value name = pool_of(R)[pc->c + 1];
    if (!dict_set(t, as_dict(frame_of(R)->function->globals), name, R[pc->a]))
        return false;
    if (is_exactly(frame_of(R)->function->globals, &type_dict))
        cache_store(t, R, pc, name, OP_STORE_GLOBAL_MODULE);
    return true;
}

bool delete_global(Thread *t, Value *R, const Instr *pc)
{
    Value name = pool_of(R)[(uint32_t)instr_wide(*pc)];
    int deleted = dict_delete(t, as_dict(frame_of(R)->function->globals), name);
    if (!deleted)
        raise_undefined(t, name);
    return deleted > 0;
}

bool delete_name(Thread *t, Value *R, const Instr *pc)
{
    Value name = pool_of(R)[(uint32_t)instr_wide(*pc)];
    if (item_set(t, R[0], name, 0))
        return true;
    if (pending_clear_if(t, EXC(KeyError)))
        raise_undefined(t, name);
    return false;
}

// Is the cell in this register one of the code's own variables (not a free one)?
static bool is_own_cell(const Code *code, unsigned reg)
{
    return reg < code->free_first || reg >= (unsigned)code->free_first + code->free_count;
}

static Value raise_empty_cell(Thread *t, const Code *code, unsigned reg, Value name)
{
    if (is_own_cell(code, reg))
        return raise_unbound(t, name);
    return raise_name(t, EXC(NameError), name, "cannot access free variable '%U' where it is not associated with a value in enclosing scope", name);
}

// LOAD_CELL (register b) or DELETE_CELL (register a) of an empty cell.
bool load_cell_slow(Thread *t, Value *R, const Instr *pc)
{
    unsigned reg = pc->op == OP_LOAD_CELL ? pc->b : pc->a;
    return raise_empty_cell(t, frame_of(R)->code, reg, pool_of(R)[pc->c]);
}

static bool mapping_or_cell(Thread *t, Value *R, const Instr *pc, Value mapping)
{
    Value name = pool_of(R)[pc->c], v = 0;
    int found = namespace_get(t, mapping, name, &v);
    if (found < 0)
        return false;
    if (!found)
        v = load_acquire(&((Cell *)R[pc->b])->value);
    if (!v)
        return raise_empty_cell(t, frame_of(R)->code, pc->b, name);
    R[pc->a] = v;
    return true;
}

bool load_name_or_cell(Thread *t, Value *R, const Instr *pc)
{
    return mapping_or_cell(t, R, pc, R[0]);
}

bool load_dict_or_cell(Thread *t, Value *R, const Instr *pc)
{
    return mapping_or_cell(t, R, pc, R[pc->a]);
}

bool load_dict_or_global(Thread *t, Value *R, const Instr *pc)
{
    Value name = pool_of(R)[pc->c], v = 0;
    int found = namespace_get(t, R[pc->b], name, &v);
    if (found < 0)
        return false;
    if (!found)
        v = global_find(t, frame_of(R)->function, name);
    if (!v)
        return false;
    R[pc->a] = v;
    return true;
}
