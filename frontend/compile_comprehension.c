// compile_comprehension.c: comprehensions and generator expressions.
//
// List, set and dict comprehensions are compiled into the code around them: their variables are registers of its frame that
// are saved, cleared and restored, also when an exception passes.
#include "frontend/compiler.h"
#include "src/core/names.h"

typedef struct Comprehension {
    Scope *scope;
    NodeSeq generators;
    Node *element, *value;
    Reg result;             // collection being built
} Comprehension;

static Comprehension comprehension_of(Compiler *c, Node *e)
{
    Comprehension p = {.scope = scope_of(&c->scopes, e)};
    switch (e->kind) {
    case AST_DictComp:
        p.generators = as_DictComp(e)->generators;
        p.element = as_DictComp(e)->key;
        p.value = as_DictComp(e)->value;
        break;
    default:   // ListComp, SetComp and GeneratorExp have the same fields
        p.generators = as_ListComp(e)->generators;
        p.element = as_ListComp(e)->elt;
    }
    return p;
}

static void emit_element(Compiler *c, const Comprehension *p)
{
    Reg mark = temp_mark(c);
    Location at = c->at;
    c->at = location_of(p->element);
    switch (p->scope->comprehension) {
    case COMP_LIST:
        emit(c, OP_LIST_APPEND, p->result, expr_operand(c, p->element), 0);
        break;
    case COMP_SET:
        emit(c, OP_SET_ADD, p->result, expr_operand(c, p->element), 0);
        break;
    case COMP_DICT: {
        Reg key = expr_stable(c, p->element, p->value);
        Reg value = expr_operand(c, p->value);
        c->at.end_line = p->value->at.end_lineno;
        c->at.end_column = p->value->at.end_col_offset;
        emit(c, OP_MAP_ADD, p->result, key, value);
        break;
    }
    default: {
        Reg value = expr_temp(c, p->element);
        emit_yield(c, value, value);
    }
    }
    c->at = at;
    temp_reset(c, mark);
}

static void clauses(Compiler *c, const Comprehension *p, int32_t i, Reg iterator);

static void inner_part(Compiler *c, const Comprehension *p, int32_t i, Label next)
{
    Astcomprehension *n = as_comprehension(p->generators.at[i]);
    for (int32_t j = 0; j < n->ifs.count && !c->failed; j++)
        jump_if(c, n->ifs.at[j], next, false);
    if (i + 1 < p->generators.count)
        clauses(c, p, i + 1, NO_REG);
    else
        emit_element(c, p);
}

// The register FOR_NEXT writes: the target itself when that is a plain local.
static Reg loop_register(Compiler *c, Node *target)
{
    Reg reg = target->kind == AST_Name ? name_target(c, as_Name(target)->id) : NO_REG;
    return reg != NO_REG ? reg : temp_new(c);
}

static void sync_clause(Compiler *c, const Comprehension *p, int32_t i, Reg iterator)
{
    Astcomprehension *n = as_comprehension(p->generators.at[i]);
    Label next = label_new(c), body = label_new(c);
    Reg item = loop_register(c, n->target);
    emit_loop_entry(c, next, body);
    if (is_temp(c, item))
        store_target(c, n->target, item);
    inner_part(c, p, i, next);
    label_bind(c, next);
    Location at = c->at;
    c->at = location_of(n->iter);
    emit_jump(c, OP_FOR_NEXT, item, iterator, body);
    c->at = at;
}

static void async_clause(Compiler *c, const Comprehension *p, int32_t i, Reg iterator)
{
    Astcomprehension *n = as_comprehension(p->generators.at[i]);
    Label top = label_new(c), done = label_new(c), end = label_new(c);
    Reg item = temp_new(c);
    label_bind_loop(c, top);
    emit_anext(c, iterator, item, done);
    store_target(c, n->target, item);
    inner_part(c, p, i, top);
    emit_jump(c, OP_JUMP_BACK, 0, 0, top);
    label_bind(c, done);
    Reg caught = temp_run(c, 2), raised = temp_new(c);
    emit(c, OP_PUSH_EXC, caught, 0, 0);
    emit_move(c, raised, caught);
    emit(c, OP_POP_EXC, caught, 0, 0);
    emit_jump(c, OP_END_ASYNC_FOR, raised, 0, end);
    c->unit->dead = true;
    label_bind(c, end);
}

// `for x in [value]` binds x once.
static Node *single_value(const Astcomprehension *n)
{
    NodeSeq elements = n->iter->kind == AST_List ? as_List(n->iter)->elts : n->iter->kind == AST_Tuple ? as_Tuple(n->iter)->elts : no_nodes();
    return elements.count == 1 && elements.at[0]->kind != AST_Starred && !n->is_async ? elements.at[0] : NULL;
}

static Reg open_iterator(Compiler *c, const Astcomprehension *n)
{
    Reg iterator = temp_new(c);
    Reg iterable = expr_operand(c, n->iter);
    Location at = c->at;
    c->at = location_of(n->iter);
    emit(c, n->is_async ? OP_GET_AITER : OP_GET_ITER, iterator, iterable, 0);
    c->at = at;
    temp_reset(c, iterator + 1);
    return iterator;
}

// `iterator`: where the first clause's iterator is already, else NO_REG.
static void clauses(Compiler *c, const Comprehension *p, int32_t i, Reg iterator)
{
    if (!compile_enter(c))
        return;
    Astcomprehension *n = as_comprehension(p->generators.at[i]);
    Reg mark = temp_mark(c);
    Node *single = iterator == NO_REG ? single_value(n) : NULL;
    if (single) {
        Label next = label_new(c);
        store_target(c, n->target, expr_temp(c, single));
        inner_part(c, p, i, next);
        label_bind(c, next);
    } else {
        if (iterator == NO_REG)
            iterator = open_iterator(c, n);
        if (n->is_async)
            async_clause(c, p, i, iterator);
        else
            sync_clause(c, p, i, iterator);
    }
    temp_reset(c, mark);
}

// --- inlined ---
typedef struct SavedName { Named *named; Reg saved; bool cell; } SavedName;

static Named *find_named(NamedList *list, Value name)
{
    for (int32_t i = 0; i < list->count; i++) {
        if (list->at[i].name == name)
            return &list->at[i];
    }
    return NULL;
}

static int32_t isolate_names(Compiler *c, Scope *scope, SavedName *saved)
{
    int32_t n = 0;
    for (uint32_t i = 0; i < scope->symbol_count && !c->failed; i++) {
        const Symbol *symbol = scope->symbols[i];
        bool cell = symbol->binding == BINDING_CELL;
        if ((symbol->flags & DEF_PARAM) || (!cell && symbol->binding != BINDING_LOCAL))
            continue;
        Named *named = find_named(cell ? &c->unit->cells : &c->unit->locals, symbol->name);
        saved[n] = (SavedName){named, NO_REG, cell};
        if (named->owners) {
            saved[n].saved = temp_new(c);
            emit(c, OP_MOVE, saved[n].saved, named->reg, 0);
            emit(c, OP_CLEAR, named->reg, 0, 0);
        }
        if (cell)
            emit(c, OP_MAKE_CELL, named->reg, 0, 0);
        named->owners++;
        n++;
    }
    return n;
}

static void restore_names(Compiler *c, const SavedName *saved, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (saved[i].saved != NO_REG)
            emit(c, OP_MOVE, saved[i].named->reg, saved[i].saved, 0);
        else
            emit(c, OP_CLEAR, saved[i].named->reg, 0, 0);
    }
}

static Opcode build_opcode(const Scope *scope)
{
    return scope->comprehension == COMP_LIST ? OP_BUILD_LIST : scope->comprehension == COMP_SET ? OP_BUILD_SET : OP_BUILD_MAP;
}

static void inlined(Compiler *c, Node *e, Comprehension *p, Reg dst)
{
    Unit *u = c->unit;
    Astcomprehension *first = as_comprehension(p->generators.at[0]);
    p->result = is_temp(c, dst) ? dst : temp_new(c);
    Reg iterator = NO_REG;
    if (!single_value(first))
        iterator = open_iterator(c, first);
    SavedName *saved = arena_alloc(c->t, c->arena, (p->scope->symbol_count + 1) * sizeof *saved);
    if (!saved) {
        compile_fail(c);
        return;
    }
    Reg value = iterator == NO_REG ? expr_temp(c, single_value(first)) : NO_REG;
    int32_t n = isolate_names(c, p->scope, saved);
    Label outer = u->handler, cleanup = label_new(c), end = label_new(c);
    Scope *outer_names = u->names_scope;
    if (n)
        u->handler = cleanup;
    u->names_scope = p->scope;
    emit(c, build_opcode(p->scope), p->result, p->result, 0);
    if (iterator == NO_REG) {
        Label next = label_new(c);
        store_target(c, first->target, value);
        inner_part(c, p, 0, next);
        label_bind(c, next);
    } else {
        clauses(c, p, 0, iterator);
    }
    c->at = location_of(e);
    u->names_scope = outer_names;
    u->handler = outer;
    for (int32_t i = 0; i < n; i++)
        saved[i].named->owners--;
    restore_names(c, saved, n);
    if (n) {
        emit_jump(c, OP_JUMP, 0, 0, end);
        label_bind(c, cleanup);
        Reg caught = temp_run(c, 2);
        emit(c, OP_PUSH_EXC, caught, 0, 0);
        restore_names(c, saved, n);
        emit_reraise(c, caught);
    }
    label_bind(c, end);
    emit_move(c, dst, p->result);
}

// --- as a function of its own ---
static Value comprehension_code(Compiler *c, Node *e, Comprehension *p, Unit *inner)
{
    if (!unit_enter(c, inner, p->scope, p->scope->name, e->at.lineno))
        return 0;
    inner->arg_count = 1;
    c->at = location_of(e);
    unit_prologue(c);
    bool generator = p->scope->comprehension == COMP_GENERATOR;
    if (!generator) {
        p->result = temp_new(c);
        emit(c, build_opcode(p->scope), p->result, p->result, 0);
    }
    clauses(c, p, 0, inner->locals.at[0].reg);
    c->at = location_of(e);
    if (!generator)
        emit(c, OP_RETURN, p->result, 0, 0);
    return unit_finish(c);
}

static void as_function(Compiler *c, Node *e, Comprehension *p, Reg dst)
{
    Astcomprehension *first = as_comprehension(p->generators.at[0]);
    Reg window = temp_run(c, WINDOW + 1);
    Reg function = temp_new(c);
    Unit inner;
    Location at = c->at;
    Value code = comprehension_code(c, e, p, &inner);
    c->at = at;
    if (!code)
        return;
    make_function(c, code, &inner, function);
    Reg iterator = expr_temp(c, first->iter);
    c->at = location_of(first->iter);
    emit(c, first->is_async ? OP_GET_AITER : OP_GET_ITER, window + WINDOW, iterator, 0);
    c->at = at;
    emit_move(c, window, function);
    emit(c, OP_CALL, dst, window, slot_new(c, fixnum(1)));
    if (p->scope->coroutine && p->scope->comprehension != COMP_GENERATOR) {
        Reg value = temp_new(c);
        emit_move(c, value, dst);
        emit_await(c, value, 0);
        emit_move(c, dst, value);
    }
}

static bool may_be_async(const Compiler *c)
{
    const Unit *u = c->unit;
    return (u->flags & (CO_COROUTINE | CO_ASYNC_GENERATOR)) || u->scope->comprehension || u->names_scope->comprehension;
}

void compile_comprehension(Compiler *c, Node *e, Reg dst)
{
    Comprehension p = comprehension_of(c, e);
    Reg mark = temp_mark(c);
    if (p.element->kind == AST_Starred) {
        compile_error(c, p.element->at, "iterable unpacking cannot be used in comprehension");
        return;
    }
    if (p.scope->coroutine && p.scope->comprehension != COMP_GENERATOR && !may_be_async(c)) {
        compile_error(c, e->at, "asynchronous comprehension outside of an asynchronous function");
        return;
    }
    if (p.scope->inlined)
        inlined(c, e, &p, dst);
    else
        as_function(c, e, &p, dst);
    temp_reset(c, mark);
}
