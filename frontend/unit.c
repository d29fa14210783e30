// unit.c: a code object in the making: its named registers, flags, prologue and end.
#include <stdlib.h>

#include "frontend/compiler.h"
#include "src/core/names.h"

Reg unit_named(const NamedList *list, Value name)
{
    for (int32_t i = 0; i < list->count; i++) {
        if (list->at[i].name == name)
            return list->at[i].reg;
    }
    return NO_REG;
}

static void add_named(Compiler *c, NamedList *list, Value name, bool owned)
{
    if (c->failed || unit_named(list, name) != NO_REG)
        return;
    Named *at = unit_grow(c, list->at, list->count, &list->room, sizeof *at);
    if (!at)
        return;
    list->at = at;
    at[list->count++] = (Named){name, -2, owned};   // -2: no register yet
}

// Names of inlined comprehensions live in this code's frame.
static void collect_inlined(Compiler *c, Unit *u, const Scope *scope)
{
    for (const Scope *child = scope->first_child; child; child = child->next) {
        if (!child->inlined)
            continue;
        for (uint32_t i = 0; i < child->symbol_count; i++) {
            Symbol *symbol = child->symbols[i];
            if (symbol->flags & DEF_PARAM)
                continue;
            if (symbol->binding == BINDING_LOCAL)
                add_named(c, &u->locals, symbol->name, false);
            else if (symbol->binding == BINDING_CELL)
                add_named(c, &u->cells, symbol->name, false);
        }
        collect_inlined(c, u, child);
    }
}

static void collect_own(Compiler *c, Unit *u, const Scope *scope)
{
    for (int32_t i = 0; i < scope->params.count; i++)
        add_named(c, &u->locals, scope->params.at[i], true);
    bool in_registers = scope_is_function_like(scope);
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        Symbol *symbol = scope->symbols[i];
        if (symbol->binding == BINDING_LOCAL && in_registers)
            add_named(c, &u->locals, symbol->name, true);
        else if (symbol->binding == BINDING_CELL && in_registers)
            add_named(c, &u->cells, symbol->name, true);
        if (symbol->binding == BINDING_FREE || (symbol->flags & DEF_FREE_CLASS))
            add_named(c, &u->frees, symbol->name, true);
    }
    if (scope->needs_class_cell)
        add_named(c, &u->cells, N(__class__), true);
    if (scope->needs_classdict)
        add_named(c, &u->cells, N(__classdict__), true);
    if (scope->kind == SCOPE_CLASS && scope->has_conditional_annotations)
        add_named(c, &u->cells, N(__conditional_annotations__), true);
}

static int by_name(const void *a, const void *b)
{
    return str_compare(as_str(((const Named *)a)->name), as_str(((const Named *)b)->name));
}

// Parameters that are cells come first, in their order.
static int32_t params_first(Unit *u)
{
    int32_t n = 0;
    for (int32_t i = 0; i < u->param_count; i++) {
        for (int32_t j = n; j < u->cells.count; j++) {
            if (u->cells.at[j].name != u->locals.at[i].name || !u->cells.at[j].owners)
                continue;
            Named cell = u->cells.at[j];
            u->cells.at[j] = u->cells.at[n];
            u->cells.at[n++] = cell;
        }
    }
    return n;
}

static void place_registers(Unit *u)
{
    Reg next = u->namespace_code;
    for (int32_t i = 0; i < u->locals.count; i++)
        u->locals.at[i].reg = next++;
    int32_t params = params_first(u);
    qsort(u->cells.at + params, (size_t)(u->cells.count - params), sizeof(Named), by_name);
    qsort(u->frees.at, (size_t)u->frees.count, sizeof(Named), by_name);
    for (int32_t i = 0; i < u->cells.count; i++) {
        Reg param = NO_REG;
        for (int32_t j = 0; j < u->param_count && u->cells.at[i].owners; j++) {
            if (u->locals.at[j].name == u->cells.at[i].name)
                param = u->locals.at[j].reg;
        }
        u->cells.at[i].reg = param != NO_REG ? param : next++;
    }
    for (int32_t i = 0; i < u->frees.count; i++)
        u->frees.at[i].reg = next++;
    u->first_temp = u->next_temp = u->register_count = next;
}

static uint32_t scope_flags(const Compiler *c, const Scope *scope)
{
    uint32_t flags = c->scopes.future & COMPILE_FUTURE_MASK;
    if (scope->kind == SCOPE_MODULE || scope->kind == SCOPE_CLASS)
        flags |= CODE_NAMESPACE;
    else
        flags |= CO_OPTIMIZED | CO_NEWLOCALS | (scope->nested ? CO_NESTED : 0);
    if (scope->varargs)
        flags |= CO_VARARGS;
    if (scope->varkeywords)
        flags |= CO_VARKEYWORDS;
    if (scope->method)
        flags |= CO_METHOD;
    bool generator = scope->generator;
    bool coroutine = scope->is_async || (scope->comprehension && scope->coroutine);
    if (scope->kind == SCOPE_MODULE)
        coroutine = scope->coroutine && (c->options->flags & COMPILE_ALLOW_TOP_LEVEL_AWAIT);
    if (generator && coroutine)
        flags |= CO_ASYNC_GENERATOR;
    else if (generator && scope->kind != SCOPE_MODULE && scope->kind != SCOPE_CLASS)
        flags |= CO_GENERATOR;
    else if (coroutine)
        flags |= CO_COROUTINE;
    return flags;
}

Value qualname_for(Compiler *c, Value name)
{
    const Unit *parent = c->unit;
    if (parent && parent->scope->kind == SCOPE_TYPE_PARAMS)
        parent = parent->outer;
    if (!parent || parent->scope->kind == SCOPE_MODULE)
        return name;
    if (c->failed)
        return name;
    const Scope *around = c->unit->scope->kind == SCOPE_TYPE_PARAMS ? c->unit->outer->scope : c->unit->scope;
    Value mangled = checked(c, scope_mangle(c->t, around, name));
    Symbol *symbol = mangled ? scope_find(around, mangled) : NULL;
    if (symbol && symbol->binding == BINDING_GLOBAL_EXPLICIT)
        return name;
    const char *format = parent->scope->kind == SCOPE_CLASS ? "%U.%U" : "%U.<locals>.%U";
    return c->failed ? name : checked(c, str_format(c->t, format, parent->qualname, name));
}

bool unit_enter(Compiler *c, Unit *unit, Scope *scope, Value name, int32_t first_line)
{
    Value qualname = qualname_for(c, name);
    if (c->failed)
        return false;
    *unit = (Unit){.outer = c->unit, .scope = scope, .names_scope = scope, .name = name, .qualname = qualname,
                   .private_name = scope->private_name, .handler = NO_LABEL, .exit = -1, .first_line = first_line,
                   .flags = scope_flags(c, scope), .param_count = scope->params.count};
    unit->namespace_code = unit->flags & CODE_NAMESPACE;
    collect_own(c, unit, scope);
    collect_inlined(c, unit, scope);
    if (c->failed)
        return false;
    place_registers(unit);
    if (unit->first_temp > 60000) {
        raise(c->t, EXC(SystemError), "too many local variables");
        compile_fail(c);
        return false;
    }
    c->unit = unit;
    c->at = (Location){first_line, first_line, 0, 0};
    return true;
}

static bool is_param(const Unit *u, Reg reg)
{
    return !u->namespace_code && reg < u->param_count;
}

void unit_prologue(Compiler *c)
{
    Unit *u = c->unit;
    Location at = c->at;
    c->at = no_location();
    if (u->frees.count)
        emit(c, OP_COPY_FREE, u->frees.at[0].reg, 0, u->frees.count);
    for (int32_t i = 0; i < u->cells.count; i++) {
        if (!is_param(u, u->cells.at[i].reg))
            emit(c, OP_CLEAR, u->cells.at[i].reg, 0, 0);   // only named locals start unbound
        if (u->cells.at[i].owners)
            emit(c, OP_MAKE_CELL, u->cells.at[i].reg, 0, 0);
    }
    for (int32_t i = 0; u->namespace_code && i < u->locals.count; i++)
        emit(c, OP_CLEAR, u->locals.at[i].reg, 0, 0);
    c->at = at;
    if (u->flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) {
        Reg sent = temp_new(c);
        emit(c, OP_RETURN_GENERATOR, sent, 0, 0);
        if (!c->failed)
            u->dead = false;   // goes on behind
        temp_reset(c, sent);
        u->handler = label_new(c);   // covers the whole body: see generator_end
    }
    emit(c, OP_RESUME, 0, 0, 0);
}

// StopIteration must not leak out of a generator's body.
static void generator_end(Compiler *c)
{
    Unit *u = c->unit;
    Label handler = u->handler;
    u->handler = NO_LABEL;
    c->at = no_location();
    label_bind(c, handler);
    temp_reset(c, u->first_temp);
    Reg caught = temp_run(c, 2);
    Reg raised = temp_new(c);
    emit(c, OP_PUSH_EXC, caught, 0, 0);
    emit(c, OP_INTRINSIC_1, raised, caught, INTRINSIC_STOP_ITERATION_ERROR);
    emit(c, OP_POP_EXC, caught, 0, 0);
    emit(c, OP_RERAISE, raised, 0, 0);
    u->dead = true;
}

Value unit_finish(Compiler *c)
{
    Unit *u = c->unit;
    if (!c->failed && !u->dead) {
        temp_reset(c, u->first_temp);
        Reg none = temp_new(c);
        c->at = no_location();
        u->exit = u->insn_count;
        emit_const(c, none, NONE);
        emit(c, OP_RETURN, none, 0, 0);
    }
    if (u->flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR))
        generator_end(c);
    Value code = 0;
    if (!c->failed && flow_optimize(c, u))
        code = code_assemble(c, u);
    if (!code && !c->failed)
        compile_fail(c);
    c->unit = u->outer;
    return code;
}
