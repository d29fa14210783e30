// emit.c: collecting instructions: labels, temporaries, constants, slots.
#include <stdarg.h>
#include <stdio.h>

#include "frontend/compiler.h"
#include "frontend/constant.h"
#include "src/code/opcode_info.h"
#include "src/core/names.h"

void compile_fail(Compiler *c)
{
    check(is_pending(c->t));
    c->failed = true;
}

Value checked(Compiler *c, Value v)
{
    if (!v)
        compile_fail(c);
    return v;
}

void compile_error(Compiler *c, AstSpan at, const char *format, ...)
{
    if (c->failed)
        return;
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    syntax_error_at(c->t, c->options->filename, at, "%s", text);
    compile_fail(c);
}

bool compile_enter(Compiler *c)
{
    if (c->failed)
        return false;
    if (likely((char *)__builtin_frame_address(0) > c->t->c_stack_limit))
        return true;
    raise(c->t, EXC(RecursionError), "maximum recursion depth exceeded during compilation");
    compile_fail(c);
    return false;
}

Value mangle(Compiler *c, Value name)
{
    return c->failed ? name : checked(c, scope_mangle(c->t, c->unit->scope, name));
}

// Makes room for one more element; the old array is given up to the arena.
void *unit_grow(Compiler *c, void *old, int32_t count, int32_t *room, size_t size)
{
    if (count < *room)
        return old;
    int32_t more = *room ? *room * 2 : 16;
    void *grown = arena_alloc(c->t, c->arena, (size_t)more * size);
    if (!grown) {
        compile_fail(c);
        return NULL;
    }
    if (count)
        memcpy(grown, old, (size_t)count * size);
    memset((char *)grown + (size_t)count * size, 0, (size_t)(more - count) * size);
    *room = more;
    return grown;
}

// --- instructions and labels ---
static Insn *insn_new(Compiler *c, Opcode op)
{
    Unit *u = c->unit;
    if (c->failed || u->dead)
        return NULL;
    Insn *insns = unit_grow(c, u->insns, u->insn_count, &u->insn_room, sizeof *u->insns);
    if (!insns)
        return NULL;
    u->insns = insns;
    Insn *insn = &insns[u->insn_count++];
    *insn = (Insn){.op = op, .target = NO_LABEL, .handler = u->handler, .at = c->at};
    uint32_t traits = opcode_traits(op);
    if (u->handler != NO_LABEL && (traits & OPCODE_RAISES))
        u->labels[u->handler].uses++;
    if (traits & OPCODE_ENDS)
        u->dead = true;
    return insn;
}

void emit(Compiler *c, Opcode op, int32_t a, int32_t b, int32_t k)
{
    Insn *insn = insn_new(c, op);
    if (!insn)
        return;
    insn->a = a;
    insn->b = b;
    insn->c = k;
    if (!k && opcode_operand(op, 2) == OPERAND_COUNT)
        insn->b = a;   // an empty run still names a register of the frame
}

void emit_jump(Compiler *c, Opcode op, int32_t a, int32_t b, Label target)
{
    Insn *insn = insn_new(c, op);
    if (!insn)
        return;
    insn->a = a;
    insn->b = b;
    insn->target = target;
    c->unit->labels[target].uses++;
}

void emit_goto(Compiler *c, Label target)
{
    Location at = c->at;
    c->at = no_location();
    emit_jump(c, OP_JUMP, 0, 0, target);
    c->at = at;
}

void emit_line(Compiler *c)
{
    emit(c, OP_NOP, 0, 0, 0);
}

Label label_new(Compiler *c)
{
    Unit *u = c->unit;
    LabelInfo *labels = c->failed ? NULL : unit_grow(c, u->labels, u->label_count, &u->label_room, sizeof *labels);
    if (!labels)
        return 0;
    u->labels = labels;
    labels[u->label_count] = (LabelInfo){.insn = -1};
    return u->label_count++;
}

void label_bind(Compiler *c, Label label)
{
    if (c->failed)
        return;
    Unit *u = c->unit;
    u->labels[label].insn = u->insn_count;
    if (u->labels[label].uses)
        u->dead = false;
}

void label_bind_loop(Compiler *c, Label label)
{
    if (!c->failed)
        c->unit->labels[label].insn = c->unit->insn_count;
}

void emit_loop_entry(Compiler *c, Label condition, Label body)
{
    bool dead = c->unit->dead;
    emit_jump(c, OP_JUMP, 0, 0, condition);
    c->unit->dead = dead;
    label_bind_loop(c, body);
}

// --- temporaries ---
void temp_reach(Compiler *c, Reg end)
{
    Unit *u = c->unit;
    if (end <= u->register_count)
        return;
    if (end > 65000 && !c->failed) {
        raise(c->t, EXC(SystemError), "code needs too many registers");
        compile_fail(c);
    }
    u->register_count = end;
}

Reg temp_run(Compiler *c, int32_t n)
{
    Reg first = c->unit->next_temp;
    c->unit->next_temp += n;
    temp_reach(c, c->unit->next_temp);
    return first;
}

Reg temp_new(Compiler *c)
{
    return temp_run(c, 1);
}

void temp_reset(Compiler *c, Reg mark)
{
    c->unit->next_temp = mark;
}

// --- constants: equal ones of the same type are one ---
static MUST_CHECK bool constant_table_grow(Compiler *c, Unit *u)
{
    uint32_t size = u->constant_mask ? (u->constant_mask + 1) * 2 : 32;
    int32_t *table = arena_alloc(c->t, c->arena, size * sizeof *table);
    if (!table)
        return false;
    memset(table, 0, size * sizeof *table);
    for (int32_t i = 0; i < u->constant_count; i++) {
        uint32_t at = constant_hash(u->constants[i]);
        while (table[at & (size - 1)])
            at++;
        table[at & (size - 1)] = i + 1;
    }
    u->constant_table = table;
    u->constant_mask = size - 1;
    return true;
}

static int32_t constant_add(Compiler *c, Unit *u, Value v)
{
    int32_t room = u->constant_room;
    Value *constants = unit_grow(c, u->constants, u->constant_count, &u->constant_room, sizeof *constants);
    uint8_t *uses = constants ? unit_grow(c, u->constant_uses, u->constant_count, &room, sizeof *uses) : NULL;
    if (!uses)
        return 0;
    u->constants = constants;
    u->constant_uses = uses;
    constants[u->constant_count] = v;
    uses[u->constant_count] = 0;
    return u->constant_count++;
}

int32_t constant_number(Compiler *c, Value v, bool shown)
{
    Unit *u = c->unit;
    if (c->failed)
        return 0;
    if ((uint32_t)u->constant_count * 2 >= u->constant_mask && !constant_table_grow(c, u)) {
        compile_fail(c);
        return 0;
    }
    uint32_t at = constant_hash(v);
    for (;; at++) {
        int32_t found = u->constant_table[at & u->constant_mask];
        if (!found)
            break;
        if (constant_same(u->constants[found - 1], v)) {
            u->constant_uses[found - 1] |= shown ? CONSTANT_SHOWN : 0;
            return found - 1;
        }
    }
    int32_t number = constant_add(c, u, v);
    if (c->failed)
        return 0;
    u->constant_table[at & u->constant_mask] = number + 1;
    u->constant_uses[number] = shown ? CONSTANT_SHOWN : 0;
    return number;
}

int32_t name_number(Compiler *c, Value name)
{
    Unit *u = c->unit;
    int32_t number = constant_number(c, name, false);
    if (c->failed || u->constant_uses[number] & CONSTANT_NAME)
        return number;
    u->constant_uses[number] |= CONSTANT_NAME;
    Value *names = unit_grow(c, u->names, u->name_count, &u->name_room, sizeof *names);
    if (names) {
        u->names = names;
        names[u->name_count++] = name;
    }
    return number;
}

int32_t slot_new2(Compiler *c, Value operand, Value second)
{
    Unit *u = c->unit;
    Slot *slots = c->failed ? NULL : unit_grow(c, u->slots, u->slot_count, &u->slot_room, sizeof *slots);
    if (!slots)
        return 0;
    u->slots = slots;
    slots[u->slot_count] = (Slot){.operand = {operand, second}, .operand_count = second ? 2 : 1};
    return u->slot_count++;
}

int32_t slot_new(Compiler *c, Value operand)
{
    return slot_new2(c, operand, 0);
}

int32_t slot_name(Compiler *c, Value name)
{
    name_number(c, name);
    return slot_new(c, name);
}

void emit_const(Compiler *c, Reg dst, Value v)
{
    if (c->failed || c->unit->dead)
        return;
    if (is_fixnum(v) && fixnum_value(v) == (int32_t)fixnum_value(v))
        emit(c, OP_LOAD_INT, dst, (int32_t)fixnum_value(v), 0);
    else
        emit(c, OP_LOAD_CONST, dst, constant_number(c, v, true), 0);
}

void emit_move(Compiler *c, Reg dst, Reg src)
{
    if (dst != src)
        emit(c, OP_MOVE, dst, src, 0);
}
