// flow.c: definite assignment: removes the checks of locals that are bound whenever they are read.
//
// A forward analysis over all registers: the set of those surely bound, met at labels. A move copies boundness, so that
// comprehensions' saving and restoring of a variable loses nothing. An exception leaves with the state before the instruction.
#include "frontend/compiler.h"
#include "src/code/opcode_info.h"

typedef struct Flow {
    Unit *unit;
    size_t words;
    uint64_t *now;       // bound registers
    uint64_t *labels;    // per label: words; all ones until reached
    bool *seen;
    bool changed, reachable;
} Flow;

// More work than this is not worth the checks saved.
#define FLOW_LIMIT (1u << 26)

static bool has_bit(const uint64_t *set, int32_t i) { return set[i >> 6] >> (i & 63) & 1; }
static void set_bit(uint64_t *set, int32_t i) { set[i >> 6] |= 1ull << (i & 63); }
static void clear_bit(uint64_t *set, int32_t i) { set[i >> 6] &= ~(1ull << (i & 63)); }

static void meet(Flow *f, Label label)
{
    uint64_t *to = f->labels + (size_t)label * f->words;
    for (size_t i = 0; i < f->words; i++) {
        uint64_t both = to[i] & f->now[i];
        f->changed |= both != to[i];
        to[i] = both;
    }
    f->changed |= !f->seen[label];
    f->seen[label] = true;
}

static void write_registers(Flow *f, const Insn *insn)
{
    Instr narrow = {insn->op, (uint16_t)insn->a, (uint16_t)insn->b, (uint16_t)insn->c};
    int first, count = instr_writes(narrow, &first);
    for (int i = 0; i < count; i++)
        set_bit(f->now, first + i);
}

static void apply(Flow *f, const Insn *insn)
{
    switch (insn->op) {
    case OP_MOVE:
        if (has_bit(f->now, insn->b))
            set_bit(f->now, insn->a);
        else
            clear_bit(f->now, insn->a);
        break;
    case OP_CLEAR:
    case OP_DELETE_LOCAL:
        clear_bit(f->now, insn->a);
        break;
    case OP_CHECK_BOUND:
        set_bit(f->now, insn->a);
        break;
    case OP_FOR_NEXT:
        break;
    default:
        write_registers(f, insn);
    }
}

static void step(Flow *f, const Insn *insn)
{
    uint32_t traits = opcode_traits(insn->op);
    if (insn->handler != NO_LABEL && (traits & OPCODE_RAISES))
        meet(f, insn->handler);
    apply(f, insn);
    if (insn->op == OP_FOR_NEXT) {
        bool before = has_bit(f->now, insn->a);
        set_bit(f->now, insn->a);
        meet(f, insn->target);
        if (!before)
            clear_bit(f->now, insn->a);
    } else if (insn->target != NO_LABEL) {
        meet(f, insn->target);
    }
    if ((traits & OPCODE_ENDS) && insn->op != OP_RETURN_GENERATOR)
        f->reachable = false;
}

// Labels in order of position: next_label[i] chains those at instruction i.
typedef struct LabelOrder { int32_t *first, *next; } LabelOrder;

static void enter_label(Flow *f, Label label)
{
    if (!f->seen[label])
        return;
    const uint64_t *from = f->labels + (size_t)label * f->words;
    for (size_t i = 0; i < f->words; i++)
        f->now[i] = f->reachable ? f->now[i] & from[i] : from[i];
    f->reachable = true;
}

static void pass(Flow *f, const LabelOrder *order, bool last)
{
    Unit *u = f->unit;
    memset(f->now, 0, f->words * sizeof(uint64_t));
    for (int32_t i = 0; i < u->param_count; i++)
        set_bit(f->now, u->locals.at[i].reg);
    if (u->namespace_code)
        set_bit(f->now, 0);
    f->reachable = true;
    for (int32_t i = 0; i < u->insn_count; i++) {
        for (int32_t label = order->first[i]; label >= 0; label = order->next[label])
            enter_label(f, label);
        if (!f->reachable)
            continue;
        Insn *insn = &u->insns[i];
        if (last && (insn->op == OP_CHECK_BOUND || insn->op == OP_DELETE_LOCAL) && has_bit(f->now, insn->a)) {
            insn->dead = insn->op == OP_CHECK_BOUND;
            if (insn->op == OP_DELETE_LOCAL)
                *insn = (Insn){.op = OP_CLEAR, .a = insn->a, .target = NO_LABEL, .handler = insn->handler, .at = insn->at};
        }
        step(f, insn);
    }
}

static bool wanted(const Unit *u)
{
    for (int32_t i = 0; i < u->insn_count; i++) {
        if (u->insns[i].op == OP_CHECK_BOUND || u->insns[i].op == OP_DELETE_LOCAL)
            return true;
    }
    return false;
}

static bool order_labels(Compiler *c, Unit *u, LabelOrder *order)
{
    order->first = arena_alloc(c->t, c->arena, (size_t)(u->insn_count + 1) * sizeof(int32_t));
    order->next = arena_alloc(c->t, c->arena, (size_t)(u->label_count + 1) * sizeof(int32_t));
    if (!order->first || !order->next)
        return false;
    for (int32_t i = 0; i <= u->insn_count; i++)
        order->first[i] = -1;
    for (int32_t i = 0; i < u->label_count; i++) {
        int32_t at = u->labels[i].insn;
        if (at < 0)
            continue;
        order->next[i] = order->first[at];
        order->first[at] = i;
    }
    return true;
}

// False with MemoryError pending.
bool flow_optimize(Compiler *c, Unit *u)
{
    Flow f = {.unit = u, .words = (size_t)(u->register_count + 64) / 64};
    if (!wanted(u) || f.words * (size_t)(u->insn_count + u->label_count) > FLOW_LIMIT)
        return true;
    LabelOrder order;
    size_t labels = (size_t)u->label_count + 1;
    f.now = arena_alloc(c->t, c->arena, f.words * sizeof(uint64_t));
    f.labels = arena_alloc(c->t, c->arena, labels * f.words * sizeof(uint64_t));
    f.seen = arena_alloc(c->t, c->arena, labels * sizeof(bool));
    if (!f.now || !f.labels || !f.seen || !order_labels(c, u, &order)) {
        compile_fail(c);
        return false;
    }
    memset(f.labels, 0xff, labels * f.words * sizeof(uint64_t));
    memset(f.seen, 0, labels * sizeof(bool));
    for (int round = 0; round < 100; round++) {
        f.changed = false;
        pass(&f, &order, false);
        if (!f.changed) {
            pass(&f, &order, true);
            break;
        }
    }
    return true;
}
