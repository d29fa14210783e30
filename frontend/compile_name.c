// compile_name.c: reading, writing and deleting names, and the closures of inner functions.
#include "frontend/compiler.h"
#include "src/core/names.h"

static NameRef place_in_registers(const Unit *u, const Symbol *symbol, Value name)
{
    switch (symbol ? symbol->binding : BINDING_GLOBAL_IMPLICIT) {
    case BINDING_LOCAL:
        return (NameRef){PLACE_LOCAL, unit_named(&u->locals, name), name};
    case BINDING_CELL:
        return (NameRef){PLACE_CELL, unit_named(&u->cells, name), name};
    case BINDING_FREE:
        return (NameRef){PLACE_CELL, unit_named(&u->frees, name), name};
    default:
        return (NameRef){PLACE_GLOBAL, NO_REG, name};
    }
}

static NameRef place_in_class(const Unit *u, const Symbol *symbol, Value name)
{
    Binding binding = symbol ? symbol->binding : BINDING_GLOBAL_IMPLICIT;
    if (binding == BINDING_FREE)
        return (NameRef){PLACE_CLASS_CELL, unit_named(&u->frees, name), name};
    if (binding == BINDING_GLOBAL_EXPLICIT)
        return (NameRef){PLACE_GLOBAL, NO_REG, name};
    return (NameRef){PLACE_NAME, NO_REG, name};
}

// Annotation scopes in a class look into the class namespace first.
static NameRef seen_through_class(NameRef ref, const Symbol *symbol)
{
    if (ref.name == N(__classdict__) || ref.name == N(__conditional_annotations__))
        return ref;
    if (ref.place == PLACE_CELL && symbol->binding == BINDING_FREE)
        ref.place = PLACE_DICT_CELL;
    else if (ref.place == PLACE_GLOBAL && (!symbol || symbol->binding != BINDING_GLOBAL_EXPLICIT))
        ref.place = PLACE_DICT_GLOBAL;
    return ref;
}

NameRef name_ref(Compiler *c, Value id)
{
    Value name = mangle(c, id);
    const Unit *u = c->unit;
    if (c->failed)
        return (NameRef){PLACE_GLOBAL, NO_REG, id};
    const Scope *scope = u->names_scope;
    while (scope->inlined) {
        const Symbol *symbol = scope_find(scope, name);
        Binding binding = symbol ? symbol->binding : BINDING_GLOBAL_IMPLICIT;
        if (binding == BINDING_LOCAL || binding == BINDING_CELL || binding == BINDING_GLOBAL_EXPLICIT)
            return place_in_registers(u, symbol, name);
        if (binding != BINDING_FREE)   // a global even when the class around has the name
            return (NameRef){u->scope->kind == SCOPE_MODULE ? PLACE_NAME : PLACE_GLOBAL, NO_REG, name};
        scope = scope->parent;
        if (scope->kind == SCOPE_CLASS)
            return (NameRef){PLACE_CELL, unit_named(&u->frees, name), name};
    }
    const Symbol *symbol = scope_find(scope, name);
    if (scope->kind == SCOPE_CLASS)
        return place_in_class(u, symbol, name);
    if (scope->kind == SCOPE_MODULE) {
        bool global = symbol && symbol->binding == BINDING_GLOBAL_EXPLICIT;
        return (NameRef){global ? PLACE_GLOBAL : PLACE_NAME, NO_REG, name};
    }
    NameRef ref = place_in_registers(u, symbol, name);
    return scope->can_see_class ? seen_through_class(ref, symbol) : ref;
}

static void load_class_dict(Compiler *c, Reg dst)
{
    Reg cell = unit_named(&c->unit->frees, N(__classdict__));
    emit(c, OP_LOAD_CELL, dst, cell, name_number(c, N(__classdict__)));
}

static void load_ref(Compiler *c, NameRef ref, Reg dst)
{
    switch (ref.place) {
    case PLACE_LOCAL:
        emit(c, OP_CHECK_BOUND, ref.reg, 0, constant_number(c, ref.name, false));
        emit_move(c, dst, ref.reg);
        break;
    case PLACE_CELL:
        emit(c, OP_LOAD_CELL, dst, ref.reg, constant_number(c, ref.name, false));
        break;
    case PLACE_GLOBAL:
        emit(c, OP_LOAD_GLOBAL, dst, 0, slot_name(c, ref.name));
        break;
    case PLACE_NAME:
        emit(c, OP_LOAD_NAME, dst, 0, slot_name(c, ref.name));
        break;
    case PLACE_CLASS_CELL:
        emit(c, OP_LOAD_NAME_OR_CELL, dst, ref.reg, constant_number(c, ref.name, false));
        break;
    case PLACE_DICT_CELL: {
        Reg mark = temp_mark(c);
        Reg dict = is_temp(c, dst) ? dst : temp_new(c);
        load_class_dict(c, dict);
        emit(c, OP_LOAD_DICT_OR_CELL, dict, ref.reg, constant_number(c, ref.name, false));
        emit_move(c, dst, dict);
        temp_reset(c, mark);
        break;
    }
    case PLACE_DICT_GLOBAL: {
        Reg mark = temp_mark(c);
        Reg dict = temp_new(c);
        load_class_dict(c, dict);
        emit(c, OP_LOAD_DICT_OR_GLOBAL, dst, dict, name_number(c, ref.name));
        temp_reset(c, mark);
        break;
    }
    }
}

void name_load(Compiler *c, Value id, Reg dst)
{
    NameRef ref = name_ref(c, id);
    if (!c->failed)
        load_ref(c, ref, dst);
}

Reg name_operand(Compiler *c, Value id)
{
    NameRef ref = name_ref(c, id);
    if (c->failed)
        return 0;
    if (ref.place == PLACE_LOCAL) {
        emit(c, OP_CHECK_BOUND, ref.reg, 0, constant_number(c, ref.name, false));
        return ref.reg;
    }
    Reg dst = temp_new(c);
    load_ref(c, ref, dst);
    return dst;
}

Reg name_target(Compiler *c, Value id)
{
    NameRef ref = name_ref(c, id);
    return !c->failed && ref.place == PLACE_LOCAL ? ref.reg : NO_REG;
}

void name_store(Compiler *c, Value id, Reg src)
{
    NameRef ref = name_ref(c, id);
    if (c->failed)
        return;
    switch (ref.place) {
    case PLACE_LOCAL:
        emit_move(c, ref.reg, src);
        break;
    case PLACE_CELL:
    case PLACE_CLASS_CELL:
    case PLACE_DICT_CELL:
        emit(c, OP_STORE_CELL, ref.reg, src, 0);
        break;
    case PLACE_GLOBAL:
    case PLACE_DICT_GLOBAL:
        emit(c, OP_STORE_GLOBAL, src, 0, slot_name(c, ref.name));
        break;
    case PLACE_NAME:
        emit(c, OP_STORE_NAME, src, 0, slot_name(c, ref.name));
        break;
    }
}

void name_delete(Compiler *c, Value id)
{
    NameRef ref = name_ref(c, id);
    if (c->failed)
        return;
    switch (ref.place) {
    case PLACE_LOCAL:
        emit(c, OP_DELETE_LOCAL, ref.reg, 0, constant_number(c, ref.name, false));
        break;
    case PLACE_CELL:
    case PLACE_CLASS_CELL:
    case PLACE_DICT_CELL:
        emit(c, OP_DELETE_CELL, ref.reg, 0, constant_number(c, ref.name, false));
        break;
    case PLACE_GLOBAL:
    case PLACE_DICT_GLOBAL:
        emit(c, OP_DELETE_GLOBAL, 0, name_number(c, ref.name), 0);
        break;
    case PLACE_NAME:
        emit(c, OP_DELETE_NAME, 0, name_number(c, ref.name), 0);
        break;
    }
}

// The register that holds the cell an inner function captures.
static Reg cell_register(const Unit *u, Value name)
{
    const Scope *scope = u->names_scope;
    for (; scope->inlined; scope = scope->parent) {
        const Symbol *symbol = scope_find(scope, name);
        if (symbol && symbol->binding == BINDING_CELL)
            return unit_named(&u->cells, name);
    }
    const Symbol *symbol = scope_find(scope, name);
    bool own = (symbol && symbol->binding == BINDING_CELL && scope->kind != SCOPE_CLASS)
               || (scope->kind == SCOPE_CLASS && (name == N(__class__) || name == N(__classdict__)
                                                  || name == N(__conditional_annotations__)));
    Reg reg = own ? unit_named(&u->cells, name) : NO_REG;
    return reg != NO_REG ? reg : unit_named(&u->frees, name);
}

Reg closure_of(Compiler *c, const Unit *inner)
{
    int32_t n = inner->frees.count;
    if (!n || c->failed)
        return NO_REG;
    Reg cells = temp_run(c, n);
    for (int32_t i = 0; i < n; i++) {
        Reg from = cell_register(c->unit, inner->frees.at[i].name);
        if (from == NO_REG) {
            raise(c->t, EXC(SystemError), "compiler: no cell for free variable %R", inner->frees.at[i].name);
            compile_fail(c);
            return NO_REG;
        }
        emit(c, OP_MOVE, cells + i, from, 0);
    }
    emit(c, OP_BUILD_TUPLE, cells, cells, n);
    temp_reset(c, cells + 1);
    return cells;
}
