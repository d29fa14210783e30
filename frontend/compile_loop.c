// compile_loop.c: if, while, for, async for. Loops test at their bottom.
#include "frontend/compiler.h"
#include "src/core/names.h"

// A statement that may not run: annotations in it are conditional.
static void conditional_body(Compiler *c, NodeSeq body)
{
    c->unit->conditional_depth++;
    compile_body(c, body);
    c->unit->conditional_depth--;
}

void compile_if(Compiler *c, Node *s)
{
    AstIf *n = as_If(s);
    Label otherwise = label_new(c), end = label_new(c);
    jump_if(c, n->test, otherwise, false);
    conditional_body(c, n->body);
    if (n->orelse.count)
        emit_goto(c, end);
    label_bind(c, otherwise);
    conditional_body(c, n->orelse);
    label_bind(c, end);
}

void compile_while(Compiler *c, Node *s)
{
    AstWhile *n = as_While(s);
    Label test = label_new(c), body = label_new(c), end = label_new(c);
    Block block = {.kind = BLOCK_LOOP, .on_break = end, .on_continue = test};
    block_push(c, &block, s->at);
    Value k = expr_constant(n->test);
    int truth = k ? constant_truth(k) : -1;
    if (truth == 1) {
        c->at = location_of(n->test);
        emit_line(c);
        label_bind_loop(c, body);
        block.on_continue = body;
    } else {
        emit_loop_entry(c, test, body);
        if (truth == 0)
            c->unit->dead = true;
    }
    conditional_body(c, n->body);
    block_pop(c, &block);
    if (truth == 1) {
        emit_jump(c, OP_JUMP_BACK, 0, 0, body);
    } else {
        label_bind(c, test);
        jump_if(c, n->test, body, true);
    }
    conditional_body(c, n->orelse);
    label_bind(c, end);
}

void compile_for(Compiler *c, Node *s)
{
    AstFor *n = as_For(s);
    Reg mark = temp_mark(c);
    Label next = label_new(c), body = label_new(c), end = label_new(c);
    Reg iterator = temp_new(c);
    Reg iterable = expr_operand(c, n->iter);
    c->at = location_of(n->iter);
    emit(c, OP_GET_ITER, iterator, iterable, 0);
    temp_reset(c, iterator + 1);
    Reg item = n->target->kind == AST_Name ? name_target(c, as_Name(n->target)->id) : NO_REG;
    if (item == NO_REG)
        item = temp_new(c);
    Block block = {.kind = BLOCK_LOOP, .on_break = end, .on_continue = next};
    emit_loop_entry(c, next, body);
    c->at = location_of(s);
    block_push(c, &block, s->at);
    if (is_temp(c, item))
        store_target(c, n->target, item);
    conditional_body(c, n->body);
    block_pop(c, &block);
    label_bind(c, next);
    c->at = location_of(n->iter);
    emit_jump(c, OP_FOR_NEXT, item, iterator, body);
    c->at = location_of(s);
    temp_reset(c, mark);
    conditional_body(c, n->orelse);
    label_bind(c, end);
}

// Awaits the next item into R[dst]; StopAsyncIteration (and all else) goes to `done_handler`.
void emit_anext(Compiler *c, Reg iterator, Reg dst, Label done_handler)
{
    Unit *u = c->unit;
    Label outer = u->handler;
    u->handler = done_handler;
    Reg mark = temp_mark(c);
    Reg awaited = temp_new(c);
    emit(c, OP_GET_ANEXT, awaited, iterator, 0);
    emit_send_loop(c, dst, awaited);
    u->handler = outer;
    temp_reset(c, mark);
}

void compile_async_for(Compiler *c, Node *s)
{
    AstAsyncFor *n = as_AsyncFor(s);
    bool top_level = c->unit->scope->kind == SCOPE_MODULE && (c->options->flags & COMPILE_ALLOW_TOP_LEVEL_AWAIT);
    if (!c->unit->scope->is_async && !top_level) {
        compile_error(c, s->at, "'async for' outside async function");
        return;
    }
    Reg mark = temp_mark(c);
    Label top = label_new(c), done = label_new(c), finished = label_new(c), end = label_new(c);
    Reg iterator = expr_temp(c, n->iter);
    Reg item = temp_new(c);
    Block block = {.kind = BLOCK_LOOP, .on_break = end, .on_continue = top};
    c->at = location_of(n->iter);
    emit(c, OP_GET_AITER, iterator, iterator, 0);
    label_bind_loop(c, top);
    emit_anext(c, iterator, item, done);
    block_push(c, &block, s->at);
    store_target(c, n->target, item);
    conditional_body(c, n->body);
    block_pop(c, &block);
    c->at = location_of(s);
    emit_jump(c, OP_JUMP_BACK, 0, 0, top);
    label_bind(c, done);
    c->at = location_of(n->iter);
    Reg caught = temp_run(c, 2), raised = temp_new(c);
    emit(c, OP_PUSH_EXC, caught, 0, 0);
    emit_move(c, raised, caught);
    emit(c, OP_POP_EXC, caught, 0, 0);
    emit_jump(c, OP_END_ASYNC_FOR, raised, 0, finished);
    c->unit->dead = true;
    c->at = location_of(s);
    temp_reset(c, mark);
    label_bind(c, finished);
    conditional_body(c, n->orelse);
    label_bind(c, end);
}
