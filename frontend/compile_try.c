// compile_try.c: try, except, except*, finally, raise, assert.
//
// A handler starts with PUSH_EXC R[e], R[e+1]; all of it is covered by a clean-up handler that pops it again when something
// is raised inside.
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/types/tuple.h"

typedef struct Try { NodeSeq body, handlers, orelse, finalbody; Node *node; bool star; } Try;

static void conditional_body(Compiler *c, NodeSeq body)
{
    c->unit->conditional_depth++;
    compile_body(c, body);
    c->unit->conditional_depth--;
}

// --- except ---
static void named_handler_body(Compiler *c, AstExceptHandler *handler, Reg caught)
{
    Unit *u = c->unit;
    Label cleanup = label_new(c), end = label_new(c);
    name_store(c, handler->name, caught);
    Block block = {.kind = BLOCK_HANDLER_NAME, .name = handler->name};
    block_push(c, &block, handler->head.at);
    u->handler = cleanup;
    conditional_body(c, handler->body);
    block_pop(c, &block);
    c->at = no_location();
    emit_forget_name(c, handler->name);
    emit_jump(c, OP_JUMP, 0, 0, end);
    label_bind(c, cleanup);
    Reg inner = temp_run(c, 2);
    emit(c, OP_PUSH_EXC, inner, 0, 0);
    emit_forget_name(c, handler->name);
    emit_reraise(c, inner);
    temp_reset(c, inner);
    label_bind(c, end);
}

static void handler_clause(Compiler *c, Node *node, Reg caught, Label end)
{
    AstExceptHandler *handler = as_ExceptHandler(node);
    Reg mark = temp_mark(c);
    Label next = label_new(c);
    c->at = location_of(node);
    if (handler->type) {
        Reg type = expr_operand(c, handler->type);
        Reg matches = temp_new(c);
        c->at = location_of(handler->type);
        emit(c, OP_MATCH_EXC, matches, caught, type);
        emit_jump(c, OP_JUMP_IF_FALSE, matches, 0, next);
        c->at = location_of(node);
        temp_reset(c, mark);
    }
    if (!handler->type)
        emit_line(c);
    Block block = {.kind = BLOCK_HANDLER, .reg = caught};
    Unit *u = c->unit;
    Label outside = u->handler;   // the cleanup label: leaving early is no longer inside the handler
    block_push(c, &block, node->at);
    if (handler->name)
        named_handler_body(c, handler, caught);
    else
        conditional_body(c, handler->body);
    block_pop(c, &block);
    u->handler = outside;
    c->at = no_location();
    emit(c, OP_POP_EXC, caught, 0, 0);
    emit_jump(c, OP_JUMP, 0, 0, end);
    label_bind(c, next);
    temp_reset(c, mark);
}

static void try_except(Compiler *c, const Try *s)
{
    Unit *u = c->unit;
    Reg mark = temp_mark(c);
    Label handler = label_new(c), cleanup = label_new(c), end = label_new(c);
    Label outer = u->handler;
    u->block_depth++;
    u->handler = handler;
    conditional_body(c, s->body);
    u->block_depth--;
    u->handler = outer;
    conditional_body(c, s->orelse);
    c->at = no_location();
    emit_jump(c, OP_JUMP, 0, 0, end);
    label_bind(c, handler);
    Reg caught = temp_run(c, 2);
    u->handler = cleanup;
    emit(c, OP_PUSH_EXC, caught, 0, 0);
    for (int32_t i = 0; i < s->handlers.count && !c->failed; i++) {
        if (!as_ExceptHandler(s->handlers.at[i])->type && i + 1 < s->handlers.count)
            compile_error(c, s->handlers.at[i]->at, "default 'except:' must be last");
        handler_clause(c, s->handlers.at[i], caught, end);
    }
    u->handler = outer;
    emit_reraise(c, caught);
    emit_handler_cleanup(c, cleanup, caught);
    label_bind(c, end);
    temp_reset(c, mark);
}

// --- except* ---
typedef struct StarState { Reg caught, raised, rest; Label cleanup; } StarState;

static void star_clause(Compiler *c, Node *node, const StarState *state)
{
    Unit *u = c->unit;
    AstExceptHandler *handler = as_ExceptHandler(node);
    Reg mark = temp_mark(c);
    Label next = label_new(c), failed = label_new(c);
    Reg parts = temp_run(c, 2);
    Reg type = expr_operand(c, handler->type);
    c->at = location_of(node);
    emit(c, OP_MATCH_EXC_GROUP, parts, state->rest, type);
    emit_move(c, state->rest, parts + 1);
    emit_jump(c, OP_JUMP_IF_NONE, parts, 0, next);
    temp_reset(c, parts + 2);
    Block block = {.kind = BLOCK_STAR_HANDLER};
    block_push(c, &block, node->at);
    u->handler = failed;
    if (handler->name)
        name_store(c, handler->name, parts);
    conditional_body(c, handler->body);
    block_pop(c, &block);
    c->at = no_location();
    if (handler->name)
        emit_forget_name(c, handler->name);
    emit_jump(c, OP_JUMP, 0, 0, next);
    label_bind(c, failed);
    Reg inner = temp_run(c, 2);
    emit(c, OP_PUSH_EXC, inner, 0, 0);
    if (handler->name)
        emit_forget_name(c, handler->name);
    emit(c, OP_LIST_APPEND, state->raised, inner, 0);
    emit(c, OP_POP_EXC, inner, 0, 0);
    label_bind(c, next);
    temp_reset(c, mark);
}

static void star_end(Compiler *c, const StarState *state, Label outer, Label end)
{
    Unit *u = c->unit;
    Label reraise = label_new(c);
    c->at = no_location();
    Reg result = temp_new(c);
    emit(c, OP_LIST_APPEND, state->raised, state->rest, 0);
    emit(c, OP_PREP_RERAISE_STAR, result, state->caught, state->raised);
    u->handler = outer;
    emit(c, OP_POP_EXC, state->caught, 0, 0);
    emit_jump(c, OP_JUMP_IF_NOT_NONE, result, 0, reraise);
    emit_jump(c, OP_JUMP, 0, 0, end);
    label_bind(c, reraise);
    emit(c, OP_RERAISE, result, 0, 0);
}

static void try_star(Compiler *c, const Try *s)
{
    Unit *u = c->unit;
    Reg mark = temp_mark(c);
    Label handler = label_new(c), end = label_new(c), outer = u->handler;
    u->block_depth++;
    u->handler = handler;
    conditional_body(c, s->body);
    u->block_depth--;
    u->handler = outer;
    conditional_body(c, s->orelse);
    c->at = no_location();
    emit_jump(c, OP_JUMP, 0, 0, end);
    label_bind(c, handler);
    StarState state = {.caught = temp_run(c, 2), .cleanup = label_new(c)};
    state.raised = temp_new(c);
    state.rest = temp_new(c);
    u->handler = state.cleanup;
    emit(c, OP_PUSH_EXC, state.caught, 0, 0);
    emit(c, OP_BUILD_LIST, state.raised, state.raised, 0);
    emit_move(c, state.rest, state.caught);
    for (int32_t i = 0; i < s->handlers.count && !c->failed; i++) {
        u->handler = state.cleanup;
        c->at = location_of(s->handlers.at[i]);
        star_clause(c, s->handlers.at[i], &state);
    }
    u->handler = state.cleanup;
    star_end(c, &state, outer, end);
    emit_handler_cleanup(c, state.cleanup, state.caught);
    label_bind(c, end);
    temp_reset(c, mark);
}

// --- finally ---
static void guarded(Compiler *c, const Try *s)
{
    if (!s->handlers.count) {
        conditional_body(c, s->body);
        conditional_body(c, s->orelse);
    } else if (s->star) {
        try_star(c, s);
    } else {
        try_except(c, s);
    }
}

static void try_finally(Compiler *c, const Try *s)
{
    Unit *u = c->unit;
    Reg mark = temp_mark(c);
    Label handler = label_new(c), cleanup = label_new(c), end = label_new(c);
    Block block = {.kind = BLOCK_FINALLY, .body = s->finalbody};
    block_push(c, &block, s->node->at);
    u->handler = handler;
    guarded(c, s);
    block_pop(c, &block);
    c->silent++;
    conditional_body(c, s->finalbody);
    c->silent--;
    c->at = no_location();
    emit_jump(c, OP_JUMP, 0, 0, end);
    label_bind(c, handler);
    Reg caught = temp_run(c, 2);
    Block inner = {.kind = BLOCK_FINALLY_BODY, .reg = caught};
    block_push(c, &inner, s->node->at);
    u->handler = cleanup;
    emit(c, OP_PUSH_EXC, caught, 0, 0);
    conditional_body(c, s->finalbody);
    block_pop(c, &inner);
    emit_reraise(c, caught);
    emit_handler_cleanup(c, cleanup, caught);
    label_bind(c, end);
    temp_reset(c, mark);
}

static void compile_any_try(Compiler *c, Node *node, bool star)
{
    AstTry *n = as_Try(node);   // TryStar has the same fields
    Try s = {n->body, n->handlers, n->orelse, n->finalbody, node, star};
    emit(c, OP_NOP, 0, 0, 0);   // the line of `try` itself, for tracing
    emit_line(c);
    if (s.finalbody.count)
        try_finally(c, &s);
    else
        guarded(c, &s);
}

void compile_try(Compiler *c, Node *s)
{
    compile_any_try(c, s, false);
}

void compile_try_star(Compiler *c, Node *s)
{
    compile_any_try(c, s, true);
}

void compile_raise(Compiler *c, Node *s)
{
    AstRaise *n = as_Raise(s);
    Reg mark = temp_mark(c);
    if (!n->exc) {
        emit(c, OP_RAISE, 0, 0, 0);
    } else if (!n->cause) {
        Reg exception = expr_operand(c, n->exc);
        emit(c, OP_RAISE, exception, 0, 1);
    } else {
        Reg exception = expr_stable(c, n->exc, n->cause);
        Reg cause = expr_operand(c, n->cause);
        emit(c, OP_RAISE, exception, cause, 2);
    }
    temp_reset(c, mark);
}

void compile_assert(Compiler *c, Node *s)
{
    AstAssert *n = as_Assert(s);
    Value k = expr_constant(n->test);
    if (n->test->kind == AST_Tuple ? as_Tuple(n->test)->elts.count > 0 : k && is_tuple(k) && as_tuple(k)->length)
        warn_syntax_at(c, s->at, "assertion is always true, perhaps remove parentheses?");
    if (c->optimize)
        return;
    Reg mark = temp_mark(c);
    Label end = label_new(c);
    jump_if(c, n->test, end, true);
    Reg type = temp_new(c);
    emit(c, OP_LOAD_ASSERTION_ERROR, type, 0, 0);
    if (n->msg) {
        temp_reset(c, type);
        Reg window = temp_run(c, WINDOW);
        Reg message = temp_new(c);
        expr_into(c, n->msg, message);
        c->at = location_of(n->test);
        temp_reach(c, window + WINDOW + 2);
        emit(c, OP_CALL, window, window, slot_new(c, fixnum(1)));
        type = window;
    }
    c->at = location_of(n->test);
    emit(c, OP_RAISE, type, 0, 1);
    label_bind(c, end);
    temp_reset(c, mark);
}
