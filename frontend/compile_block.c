// compile_block.c: what surrounds a statement, and leaving it early: break, continue, return; the ends of handlers.
#include "frontend/compiler.h"
#include "src/core/names.h"

enum { BLOCK_DEPTH_MAX = 20 };   // as in CPython

void block_push(Compiler *c, Block *block, AstSpan at)
{
    Unit *u = c->unit;
    if (++u->block_depth > BLOCK_DEPTH_MAX)
        compile_error(c, at, "too many statically nested blocks");
    block->outer = u->blocks;
    block->handler = u->handler;
    u->blocks = block;
}

void block_pop(Compiler *c, Block *block)
{
    Unit *u = c->unit;
    u->block_depth--;
    u->blocks = block->outer;
    u->handler = block->handler;
}

// The name of a handled exception disappears at the handler's end.
void emit_forget_name(Compiler *c, Value name)
{
    Reg local = name_target(c, name);
    if (local != NO_REG) {
        emit(c, OP_CLEAR, local, 0, 0);
        return;
    }
    Reg none = temp_new(c);
    emit_const(c, none, NONE);
    name_store(c, name, none);
    name_delete(c, name);
    temp_reset(c, none);
}

// Calls the __exit__ method in the window at R[with->reg] with three Nones, by way of a fresh window.
void emit_exit_call(Compiler *c, const Block *with, Reg window)
{
    Reg mark = temp_mark(c);
    if (window == NO_REG) {
        window = temp_run(c, WINDOW + 4);
        emit(c, OP_MOVE, window, with->reg, 0);
        emit(c, OP_MOVE, window + WINDOW, with->reg + WINDOW, 0);
    }
    for (int i = 1; i <= 3; i++)
        emit_const(c, window + WINDOW + i, NONE);
    temp_reach(c, window + WINDOW + 5);
    emit(c, OP_CALL_METHOD, window, window, slot_new(c, fixnum(3)));
    temp_reset(c, mark);
    if (with->kind == BLOCK_ASYNC_WITH) {
        Reg value = temp_new(c);
        emit_move(c, value, window);
        emit_await(c, value, 2);
        temp_reset(c, value);
    }
}

void block_unwind(Compiler *c, Block *block)
{
    switch (block->kind) {
    case BLOCK_LOOP:
    case BLOCK_STAR_HANDLER:
        break;
    case BLOCK_FINALLY:
        c->silent++;
        compile_body(c, block->body);
        c->silent--;
        break;
    case BLOCK_HANDLER:
    case BLOCK_FINALLY_BODY:
        emit(c, OP_POP_EXC, block->reg, 0, 0);
        break;
    case BLOCK_HANDLER_NAME:
        emit_forget_name(c, block->name);
        break;
    case BLOCK_WITH:
    case BLOCK_ASYNC_WITH: {
        Location at = c->at;
        c->at = location_of(block->node);
        emit_exit_call(c, block, NO_REG);
        c->at = at;
        break;
    }
    }
}

// Leaves all blocks inside `stop` (null: the function), innermost first.
static void unwind_to(Compiler *c, Block *stop)
{
    Unit *u = c->unit;
    Block *innermost = u->blocks;
    Label handler = u->handler;
    int32_t depth = u->block_depth;
    for (Block *block = innermost; block != stop && !c->failed; block = block->outer) {
        u->blocks = block->outer;
        u->handler = block->handler;
        u->block_depth--;
        block_unwind(c, block);
    }
    u->blocks = innermost;
    u->handler = handler;
    u->block_depth = depth;
}

static bool leaves_star_handler(Compiler *c, Node *s, const Block *stop)
{
    for (const Block *block = c->unit->blocks; block != stop; block = block->outer) {
        if (block->kind == BLOCK_STAR_HANDLER) {
            compile_error(c, s->at, "'break', 'continue' and 'return' cannot appear in an except* block");
            return true;
        }
    }
    return false;
}

static void warn_finally(Compiler *c, Node *s, const Block *stop, const char *word)
{
    for (const Block *block = c->unit->blocks; block != stop; block = block->outer) {
        if (block->kind == BLOCK_FINALLY_BODY) {
            warn_syntax_at(c, s->at, "'%s' in a 'finally' block", word);
            return;
        }
    }
}

static Block *enclosing_loop(const Compiler *c)
{
    Block *block = c->unit->blocks;
    while (block && block->kind != BLOCK_LOOP)
        block = block->outer;
    return block;
}

// The jump itself (it may poll) already belongs to what surrounds the loop's body.
static void leave_to(Compiler *c, Block *loop, Label target)
{
    Label handler = c->unit->handler;
    unwind_to(c, loop);
    c->unit->handler = loop->handler;
    emit_jump(c, OP_JUMP, 0, 0, target);
    c->unit->handler = handler;
}

void compile_break(Compiler *c, Node *s)
{
    Block *loop = enclosing_loop(c);
    if (leaves_star_handler(c, s, loop))
        return;
    if (!loop) {
        compile_error(c, s->at, "'break' outside loop");
        return;
    }
    warn_finally(c, s, loop, "break");
    leave_to(c, loop, loop->on_break);
}

void compile_continue(Compiler *c, Node *s)
{
    Block *loop = enclosing_loop(c);
    if (leaves_star_handler(c, s, loop))
        return;
    if (!loop) {
        compile_error(c, s->at, "'continue' not properly in loop");
        return;
    }
    warn_finally(c, s, loop, "continue");
    leave_to(c, loop, loop->on_continue);
}

// Does leaving the function run code that might change a local?
static bool unwinding_runs_code(const Compiler *c)
{
    for (const Block *block = c->unit->blocks; block; block = block->outer) {
        if (block->kind != BLOCK_LOOP && block->kind != BLOCK_HANDLER)
            return true;
    }
    return false;
}

void compile_return(Compiler *c, Node *s)
{
    Node *value = as_Return(s)->value;
    if (c->unit->scope->kind != SCOPE_FUNCTION) {
        compile_error(c, s->at, "'return' outside function");
        return;
    }
    if (value && (c->unit->flags & CO_ASYNC_GENERATOR)) {
        compile_error(c, s->at, "'return' with value in async generator");
        return;
    }
    if (leaves_star_handler(c, s, NULL))
        return;
    warn_finally(c, s, NULL, "return");
    Reg mark = temp_mark(c);
    Reg result;
    if (!value || expr_constant(value)) {
        unwind_to(c, NULL);
        result = temp_new(c);
        if (value)
            c->at = location_of(value);
        emit_const(c, result, value ? expr_constant(value) : NONE);
        c->at = location_of(s);
    } else {
        result = unwinding_runs_code(c) ? expr_temp(c, value) : expr_operand(c, value);
        unwind_to(c, NULL);
    }
    emit(c, OP_RETURN, result, 0, 0);
    temp_reset(c, mark);
}

// --- the ends of handlers ---
void emit_reraise(Compiler *c, Reg exception)
{
    Location at = c->at;
    c->at = no_location();
    Reg raised = temp_new(c);
    emit_move(c, raised, exception);
    emit(c, OP_POP_EXC, exception, 0, 0);
    emit(c, OP_RERAISE, raised, 0, 0);
    temp_reset(c, raised);
    c->at = at;
}

void emit_handler_cleanup(Compiler *c, Label cleanup, Reg exception)
{
    Location at = c->at;
    c->at = no_location();
    label_bind(c, cleanup);
    Reg inner = temp_run(c, 2), raised = temp_new(c);
    emit(c, OP_PUSH_EXC, inner, 0, 0);
    emit_move(c, raised, inner);
    emit(c, OP_POP_EXC, inner, 0, 0);
    emit(c, OP_POP_EXC, exception, 0, 0);
    emit(c, OP_RERAISE, raised, 0, 0);
    temp_reset(c, inner);
    c->at = at;
}
