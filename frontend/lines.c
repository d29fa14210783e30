// lines.c: the last word on lines: instructions without one take their neighbour's, NOPs that mark nothing go, and the
// implicit return at a body's end is copied for each line that jumps to it (so that tracing sees no line twice).
#include "frontend/compiler.h"
#include "src/code/opcode_info.h"

enum { RETURN_COPIES_MAX = 64 };

typedef struct Lines {
    Compiler *c;
    Unit *u;
    int32_t *jumpers;       // per instruction: how many jumps go there
    int32_t *jumper;        // one of them
} Lines;

static int32_t next_live(const Unit *u, int32_t i)
{
    while (i < u->insn_count && u->insns[i].dead)
        i++;
    return i;
}

static int32_t previous_live(const Unit *u, int32_t i)
{
    for (i--; i >= 0 && u->insns[i].dead; i--)
        continue;
    return i;
}

static bool falls_through(const Insn *insn)
{
    return !(opcode_traits(insn->op) & OPCODE_ENDS) || insn->op == OP_RETURN_GENERATOR;
}

static void count_jumpers(Lines *s)
{
    Unit *u = s->u;
    for (int32_t i = 0; i < u->insn_count; i++) {
        const Insn *insn = &u->insns[i];
        if (insn->dead || insn->target == NO_LABEL)
            continue;
        int32_t target = next_live(u, u->labels[insn->target].insn);
        s->jumpers[target]++;
        s->jumper[target] = i;
    }
}

static void propagate(Lines *s)
{
    Unit *u = s->u;
    for (int32_t i = 0; i < u->insn_count; i++) {
        Insn *insn = &u->insns[i];
        if (insn->dead || insn->at.line > 0)
            continue;
        int32_t before = previous_live(u, i);
        if (before >= 0 && falls_through(&u->insns[before]))
            insn->at = u->insns[before].at;
        else if (s->jumpers[i] == 1)
            insn->at = u->insns[s->jumper[i]].at;
    }
}

static void drop_nops(Unit *u)
{
    for (int32_t i = 0; i < u->insn_count; i++) {
        Insn *insn = &u->insns[i];
        if (insn->dead || insn->op != OP_NOP)
            continue;
        int32_t before = previous_live(u, i), after = next_live(u, i + 1);
        bool same_before = before >= 0 && falls_through(&u->insns[before]) && u->insns[before].at.line == insn->at.line;
        bool same_after = after < u->insn_count && u->insns[after].at.line == insn->at.line;
        insn->dead = same_before || same_after || insn->at.line <= 0;
    }
}

// --- the implicit return ---
static Label return_copy(Compiler *c, const Unit *u, int32_t exit, Location at)
{
    Unit *unit = c->unit;
    Insn load = u->insns[exit], leave = u->insns[exit + 1];
    Label label = label_new(c);
    unit->dead = false;
    label_bind_loop(c, label);
    Location before = c->at;
    c->at = at;
    emit(c, load.op, load.a, load.b, load.c);
    emit(c, leave.op, leave.a, 0, 0);
    c->at = before;
    return label;
}

static void copy_returns(Compiler *c, Unit *u, int32_t exit)
{
    int32_t count = u->insn_count, before = previous_live(u, exit);
    bool used = before >= 0 && falls_through(&u->insns[before]);   // the return itself has an owner
    Location last = no_location();
    Label copy = NO_LABEL;
    int copies = 0;
    for (int32_t i = 0; i < count && copies < RETURN_COPIES_MAX && !c->failed; i++) {
        Insn *insn = &u->insns[i];
        if (insn->dead || insn->target == NO_LABEL || next_live(u, u->labels[insn->target].insn) != exit)
            continue;
        if (!used) {
            used = true;
            u->insns[exit].at = u->insns[exit + 1].at = insn->at;
            last = insn->at;
            copy = insn->target;
            continue;
        }
        if (copy == NO_LABEL || last.line != insn->at.line) {
            last = insn->at;
            copy = return_copy(c, u, exit, last);
            copies++;
        }
        u->insns[i].target = copy;   // the array may have moved
    }
}

// False when memory is out.
bool lines_finish(Compiler *c, Unit *u)
{
    Lines s = {.c = c, .u = u};
    size_t bytes = ((size_t)u->insn_count + 1) * sizeof(int32_t);
    s.jumpers = arena_alloc(c->t, c->arena, bytes);
    s.jumper = arena_alloc(c->t, c->arena, bytes);
    if (!s.jumpers || !s.jumper)
        return false;
    memset(s.jumpers, 0, bytes);
    count_jumpers(&s);
    if (u->exit >= 0) {
        // its line is settled last: everything before it has one by then
        u->insns[u->exit].at = u->insns[u->exit + 1].at = no_location();
    }
    propagate(&s);
    if (u->exit >= 0)
        copy_returns(c, u, u->exit);
    drop_nops(u);
    return !c->failed;
}
