// compile_yield.c: yield, yield from, await.
#include "frontend/compiler.h"
#include "src/core/names.h"

// Sends into the iterator until it returns; the result is in R[value]. The three instructions stay together: see YIELD_FROM.
void emit_send_loop(Compiler *c, Reg value, Reg iterator)
{
    Label send = label_new(c), done = label_new(c);
    emit_const(c, value, NONE);
    label_bind_loop(c, send);
    emit_jump(c, OP_SEND, value, iterator, done);
    emit(c, OP_YIELD_FROM, value, value, iterator);
    emit_jump(c, OP_JUMP_BACK, 0, 0, send);
    label_bind(c, done);
}

void emit_await(Compiler *c, Reg value, int kind)
{
    Reg mark = temp_mark(c);
    Reg iterator = temp_new(c);
    emit(c, OP_GET_AWAITABLE, iterator, value, kind);
    emit_send_loop(c, value, iterator);
    temp_reset(c, mark);
}

void emit_yield(Compiler *c, Reg value, Reg dst)
{
    if (c->unit->flags & CO_ASYNC_GENERATOR) {
        Reg mark = temp_mark(c);
        Reg wrapped = temp_new(c);
        emit(c, OP_INTRINSIC_1, wrapped, value, INTRINSIC_ASYNC_GEN_WRAP);
        emit(c, OP_YIELD, dst, wrapped, 0);
        temp_reset(c, mark);
        return;
    }
    emit(c, OP_YIELD, dst, value, 0);
}

static bool in_function(const Compiler *c)
{
    return c->unit->scope->kind == SCOPE_FUNCTION;
}

void compile_yield(Compiler *c, Node *e, Reg dst)
{
    if (!in_function(c)) {
        compile_error(c, e->at, "'yield' outside function");
        return;
    }
    Reg mark = temp_mark(c);
    Reg value;
    if (as_Yield(e)->value) {
        value = expr_operand(c, as_Yield(e)->value);
    } else {
        value = temp_new(c);
        emit_const(c, value, NONE);
    }
    emit_yield(c, value, dst);
    temp_reset(c, mark);
}

void compile_yield_from(Compiler *c, Node *e, Reg dst)
{
    if (!in_function(c)) {
        compile_error(c, e->at, "'yield from' outside function");
        return;
    }
    if (c->unit->scope->is_async) {
        compile_error(c, e->at, "'yield from' inside async function");
        return;
    }
    Reg mark = temp_mark(c);
    Reg iterator = expr_temp(c, as_YieldFrom(e)->value);
    Reg value = temp_new(c);
    emit(c, OP_GET_YIELD_FROM_ITER, iterator, iterator, 0);
    emit_send_loop(c, value, iterator);
    emit_move(c, dst, value);
    temp_reset(c, mark);
}

void compile_await(Compiler *c, Node *e, Reg dst)
{
    bool top_level = c->unit->scope->kind == SCOPE_MODULE && (c->options->flags & COMPILE_ALLOW_TOP_LEVEL_AWAIT);
    if (!in_function(c) && !top_level) {
        compile_error(c, e->at, "'await' outside function");
        return;
    }
    if (!c->unit->scope->is_async && !c->unit->scope->comprehension && !top_level) {
        compile_error(c, e->at, "'await' outside async function");
        return;
    }
    Reg mark = temp_mark(c);
    Reg value = expr_temp(c, as_Await(e)->value);
    emit_await(c, value, 0);
    emit_move(c, dst, value);
    temp_reset(c, mark);
}
