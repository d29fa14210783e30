// compile_with.c: with and async with.
#include "frontend/compiler.h"
#include "src/core/names.h"

typedef struct With { Node *node; NodeSeq items, body; bool is_async; } With;

static void with_items(Compiler *c, const With *s, int32_t i);

static void with_inside(Compiler *c, const With *s, int32_t i)
{
    if (i + 1 < s->items.count) {
        with_items(c, s, i + 1);
        return;
    }
    c->unit->conditional_depth++;
    compile_body(c, s->body);
    c->unit->conditional_depth--;
}

// The exceptional way out: __exit__ may swallow what was raised.
static void with_handler(Compiler *c, const With *s, Label handler, Reg caught, Reg exit, Label end)
{
    Unit *u = c->unit;
    Label outer = u->handler, cleanup = label_new(c), suppress = label_new(c);
    label_bind(c, handler);
    u->handler = cleanup;
    Reg result = temp_new(c);
    emit(c, OP_PUSH_EXC, caught, 0, 0);
    emit(c, OP_WITH_EXIT, result, exit, caught);
    if (s->is_async)
        emit_await(c, result, 2);
    emit_jump(c, OP_JUMP_IF_TRUE, result, 0, suppress);
    u->handler = outer;
    emit_reraise(c, caught);
    label_bind(c, suppress);
    emit(c, OP_POP_EXC, caught, 0, 0);
    emit_jump(c, OP_JUMP, 0, 0, end);
    emit_handler_cleanup(c, cleanup, caught);
}

static void enter_context(Compiler *c, const With *s, Node *context, Reg exit, Reg enter)
{
    Reg manager = temp_new(c);
    expr_into(c, context, manager);
    c->at = location_of(context);
    emit(c, OP_LOAD_SPECIAL, exit, manager, s->is_async ? SPECIAL_AEXIT : SPECIAL_EXIT);
    emit(c, OP_LOAD_SPECIAL, enter, manager, s->is_async ? SPECIAL_AENTER : SPECIAL_ENTER);
    emit(c, OP_CALL_METHOD, enter, enter, slot_new(c, fixnum(0)));
    if (s->is_async)
        emit_await(c, enter, 1);
    temp_reset(c, manager);
}

static void with_items(Compiler *c, const With *s, int32_t i)
{
    if (!compile_enter(c))
        return;
    Unit *u = c->unit;
    Astwithitem *item = as_withitem(s->items.at[i]);
    Reg mark = temp_mark(c);
    Label handler = label_new(c), end = label_new(c);
    Reg caught = temp_run(c, 2);
    Reg exit = temp_run(c, WINDOW + 4);   // room for its own three arguments
    Reg enter = temp_run(c, WINDOW + 1);
    enter_context(c, s, item->context_expr, exit, enter);
    Block block = {.kind = s->is_async ? BLOCK_ASYNC_WITH : BLOCK_WITH, .reg = exit, .node = item->context_expr};
    block_push(c, &block, s->node->at);
    u->handler = handler;
    if (item->optional_vars)
        store_target(c, item->optional_vars, enter);
    temp_reset(c, enter);
    with_inside(c, s, i);
    block_pop(c, &block);
    c->at = location_of(item->context_expr);
    emit_exit_call(c, &block, exit);
    c->at = no_location();
    emit_jump(c, OP_JUMP, 0, 0, end);
    c->at = location_of(item->context_expr);
    with_handler(c, s, handler, caught, exit, end);
    label_bind(c, end);
    temp_reset(c, mark);
}

void compile_with(Compiler *c, Node *node)
{
    AstWith *n = as_With(node);   // AsyncWith has the same fields
    With s = {node, n->items, n->body, node->kind == AST_AsyncWith};
    bool top_level = c->unit->scope->kind == SCOPE_MODULE && (c->options->flags & COMPILE_ALLOW_TOP_LEVEL_AWAIT);
    if (s.is_async && !c->unit->scope->is_async && !top_level) {
        compile_error(c, node->at, "'async with' outside async function");
        return;
    }
    with_items(c, &s, 0);
}
