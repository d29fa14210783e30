// assemble.c: the last step: jumps threaded and resolved, operands narrowed, the pool laid out, handlers and locations.
//
// Pool order: constants that some instruction addresses with 16 bits, then slots, then the constants that only LOAD_CONST
// reaches (32 bits). A 16-bit jump that may not reach is turned round a 32-bit one.
#include "frontend/compiler.h"
#include "src/code/opcode_info.h"
#include "src/types/bytes.h"
#include "src/types/tuple.h"

typedef struct Assembly {
    Compiler *c;
    Unit *u;
    int32_t *position;        // new index of each Insn, and of the end
    bool *expanded;           // the Insn's short jump goes through a long one
    int32_t *constant_index;  // pool index of each constant
    int32_t *slot_index;
    Instr *instrs;
    Location *locations;
    Handler *handlers;
    Value *pool;
    int32_t instr_count, handler_count, pool_count;
} Assembly;

static void *room_for(Assembly *s, int32_t count, size_t size)
{
    void *p = arena_alloc(s->c->t, s->c->arena, ((size_t)count + 1) * size);
    if (p)
        memset(p, 0, ((size_t)count + 1) * size);
    return p;
}

static int32_t skip_dead(const Unit *u, int32_t i)
{
    while (i < u->insn_count && u->insns[i].dead)
        i++;
    return i;
}

static int32_t target_insn(const Unit *u, const Insn *insn)
{
    return skip_dead(u, u->labels[insn->target].insn);
}

// A jump to a forward jump goes where that one goes.
static void thread_jump(const Unit *u, Insn *insn)
{
    for (int hops = 0; hops < 8; hops++) {
        int32_t at = target_insn(u, insn);
        if (at >= u->insn_count || u->insns[at].op != OP_JUMP || target_insn(u, &u->insns[at]) <= at)
            return;
        insn->target = u->insns[at].target;
    }
}

void thread_jumps(Unit *u)
{
    for (int32_t i = 0; i < u->insn_count; i++) {
        Insn *insn = &u->insns[i];
        bool forward = insn->target != NO_LABEL && u->labels[insn->target].insn > i;
        if (forward && insn->op != OP_SEND && insn->op != OP_FOR_NEXT)
            thread_jump(u, insn);
    }
    for (int32_t i = u->insn_count - 1; i >= 0; i--) {
        Insn *insn = &u->insns[i];
        if (insn->op == OP_JUMP && target_insn(u, insn) == skip_dead(u, i + 1))
            insn->dead = true;
    }
}

static bool is_short_jump(const Insn *insn)
{
    return insn->target != NO_LABEL && opcode_operand(insn->op, 2) == OPERAND_JUMP;
}

// Expansion makes code at most three times as long.
#define SHORT_REACH (INT16_MAX / 3)

static void place(Assembly *s)
{
    Unit *u = s->u;
    int32_t next = 0;
    for (int32_t i = 0; i < u->insn_count; i++) {
        const Insn *insn = &u->insns[i];
        s->position[i] = next;
        if (insn->dead)
            continue;
        int32_t distance = is_short_jump(insn) ? target_insn(u, insn) - i : 0;
        s->expanded[i] = distance > SHORT_REACH || distance < -SHORT_REACH;
        next += s->expanded[i] ? 3 : 1;
    }
    s->position[u->insn_count] = next;
    s->instr_count = next;
}

// --- pool ---
static void note_near(Assembly *s)
{
    Unit *u = s->u;
    int32_t next = 0;
    for (int32_t i = 0; i < u->constant_count; i++)
        s->constant_index[i] = -1;
    for (int32_t i = 0; i < u->insn_count; i++) {
        const Insn *insn = &u->insns[i];
        for (int field = 0; !insn->dead && field < 3; field++) {
            int32_t number = field == 0 ? insn->a : field == 1 ? insn->b : insn->c;
            if (opcode_operand(insn->op, field) == OPERAND_CONST && s->constant_index[number] < 0)
                s->constant_index[number] = next++;
        }
    }
    s->pool_count = next;
}

static uint32_t slot_hash(const Slot *slot)
{
    return (uint32_t)((slot->operand[0] ^ slot->operand[1] * 31) >> 1) * 0x9e3779b1u;
}

// With more slots than 16 bits reach, instructions of one opcode and operand share theirs.
static bool share_slots(Assembly *s, int32_t *table, uint32_t mask)
{
    Unit *u = s->u;
    int32_t next = s->pool_count;
    for (int32_t i = 0; i < u->insn_count; i++) {
        const Insn *insn = &u->insns[i];
        if (insn->dead || opcode_operand(insn->op, 2) != OPERAND_SLOT)
            continue;
        const Slot *slot = &u->slots[insn->c];
        uint32_t at = slot_hash(slot) + insn->op * 2654435761u;
        for (;; at++) {
            int32_t other = table[at & mask];
            if (!other) {
                table[at & mask] = i + 1;
                s->slot_index[insn->c] = next;
                next += 1 + slot->operand_count;
                break;
            }
            const Insn *same = &u->insns[other - 1];
            if (same->op == insn->op && !memcmp(u->slots[same->c].operand, slot->operand, sizeof slot->operand)) {
                s->slot_index[insn->c] = s->slot_index[same->c];
                break;
            }
        }
    }
    s->pool_count = next;
    return next <= UINT16_MAX;
}

static bool place_slots(Assembly *s)
{
    Unit *u = s->u;
    int64_t next = s->pool_count;
    for (int32_t i = 0; i < u->slot_count; i++) {
        s->slot_index[i] = (int32_t)next;
        next += 1 + u->slots[i].operand_count;
    }
    if (next <= UINT16_MAX) {
        s->pool_count = (int32_t)next;
        return true;
    }
    uint32_t size = 1024;
    while (size < (uint32_t)u->slot_count * 2)
        size *= 2;
    int32_t *table = room_for(s, (int32_t)size, sizeof *table);
    if (!table)
        return false;
    if (share_slots(s, table, size - 1))
        return true;
    raise(s->c->t, EXC(SystemError), "code is too long: too many names and constants");
    return false;
}

static bool lay_out_pool(Assembly *s)
{
    Unit *u = s->u;
    note_near(s);
    if (!place_slots(s))
        return false;
    for (int32_t i = 0; i < u->constant_count; i++) {
        if (s->constant_index[i] < 0)
            s->constant_index[i] = s->pool_count++;
    }
    s->pool = room_for(s, s->pool_count, sizeof(Value));
    if (!s->pool)
        return false;
    for (int32_t i = 0; i < u->constant_count; i++)
        s->pool[s->constant_index[i]] = u->constants[i];
    for (int32_t i = 0; i < u->slot_count; i++) {
        for (int32_t j = 0; j < u->slots[i].operand_count; j++)
            s->pool[s->slot_index[i] + 1 + j] = u->slots[i].operand[j];
    }
    return true;
}

// --- instructions ---
static uint16_t narrow(const Assembly *s, const Insn *insn, int field, int32_t value)
{
    switch (opcode_operand(insn->op, field)) {
    case OPERAND_CONST:
        return (uint16_t)s->constant_index[value];
    case OPERAND_SLOT:
        return (uint16_t)s->slot_index[value];
    default:
        return (uint16_t)value;
    }
}

static void set_wide(Instr *i, int32_t value)
{
    i->b = (uint16_t)value;
    i->c = (uint16_t)((uint32_t)value >> 16);
}

static void put(Assembly *s, int32_t at, Instr instr, const Insn *from)
{
    s->instrs[at] = instr;
    s->locations[at] = from->at;
}

static void long_jump(Assembly *s, int32_t at, int32_t target, const Insn *from)
{
    Instr jump = {.op = target <= at ? OP_JUMP_BACK : OP_JUMP};
    set_wide(&jump, target - (at + 1));
    put(s, at, jump, from);
}

static void assemble_insn(Assembly *s, int32_t index)
{
    const Insn *insn = &s->u->insns[index];
    int32_t at = s->position[index];
    int32_t target = insn->target == NO_LABEL ? 0 : s->position[s->u->labels[insn->target].insn];
    if (insn->op == OP_JUMP || insn->op == OP_JUMP_BACK) {
        long_jump(s, at, target, insn);
        return;
    }
    Instr instr = {insn->op, narrow(s, insn, 0, insn->a), narrow(s, insn, 1, insn->b), narrow(s, insn, 2, insn->c)};
    OperandKind second = opcode_operand(insn->op, 1);
    if (second == OPERAND_WIDE_CONST)
        set_wide(&instr, s->constant_index[insn->b]);
    else if (second == OPERAND_WIDE_INT)
        set_wide(&instr, insn->b);
    else if (second == OPERAND_WIDE_JUMP)
        set_wide(&instr, target - (at + 1));
    else if (s->expanded[index]) {
        // the short jump skips a jump over the long one
        instr.c = 1;
        long_jump(s, at + 1, at + 3, insn);
        long_jump(s, at + 2, target, insn);
    } else if (is_short_jump(insn))
        instr.c = (uint16_t)(int16_t)(target - (at + 1));
    put(s, at, instr, insn);
}

static void collect_handlers(Assembly *s)
{
    Unit *u = s->u;
    for (int32_t i = 0; i < u->insn_count; i++) {
        const Insn *insn = &u->insns[i];
        if (insn->dead || insn->handler == NO_LABEL)
            continue;
        uint32_t start = (uint32_t)s->position[i], end = start + (s->expanded[i] ? 3 : 1);
        uint32_t target = (uint32_t)s->position[u->labels[insn->handler].insn];
        Handler *last = s->handler_count ? &s->handlers[s->handler_count - 1] : NULL;
        if (last && last->end == start && last->target == target)
            last->end = end;
        else if (opcode_traits(insn->op) & OPCODE_RAISES)
            s->handlers[s->handler_count++] = (Handler){start, end, target};
    }
}

static bool allocate(Assembly *s)
{
    Unit *u = s->u;
    s->position = room_for(s, u->insn_count, sizeof *s->position);
    s->expanded = room_for(s, u->insn_count, sizeof *s->expanded);
    s->constant_index = room_for(s, u->constant_count, sizeof *s->constant_index);
    s->slot_index = room_for(s, u->slot_count, sizeof *s->slot_index);
    if (!s->position || !s->expanded || !s->constant_index || !s->slot_index)
        return false;
    place(s);
    s->instrs = room_for(s, s->instr_count, sizeof *s->instrs);
    s->locations = room_for(s, s->instr_count, sizeof *s->locations);
    s->handlers = room_for(s, u->insn_count, sizeof *s->handlers);
    return s->instrs && s->locations && s->handlers;
}

// --- the rest of the code object ---
static Value names_tuple(Thread *t, const NamedList *list)
{
    Tuple *tuple = tuple_alloc(t, (size_t)list->count);
    for (int32_t i = 0; tuple && i < list->count; i++)
        tuple->at[i] = list->at[i].name;
    return value_of(tuple);
}

// The parameter of annotation scopes is ".format" to the compiler, so that it hides no name; programs see "format".
static Value local_names(Thread *t, const Unit *u)
{
    Value names = names_tuple(t, &u->locals);
    bool hidden = u->scope->kind == SCOPE_ANNOTATION || u->scope->kind == SCOPE_TYPE_ALIAS || u->scope->kind == SCOPE_TYPE_VARIABLE;
    if (names && hidden) {
        Value format = str_intern_cstr(t, "format");
        if (!format)
            return 0;
        as_tuple(names)->at[0] = format;
    }
    return names;
}

static Value registers_bytes(Thread *t, const NamedList *list)
{
    Bytes *bytes = bytes_alloc(t, (size_t)list->count * 2);
    for (int32_t i = 0; bytes && i < list->count; i++) {
        uint16_t reg = (uint16_t)list->at[i].reg;
        memcpy(bytes->data + 2 * i, &reg, sizeof reg);
    }
    return value_of(bytes);
}

static Value shown_constants(Thread *t, const Unit *u)
{
    size_t n = 0;
    for (int32_t i = 0; i < u->constant_count; i++)
        n += u->constant_uses[i] & CONSTANT_SHOWN;
    Tuple *tuple = tuple_alloc(t, n);
    n = 0;
    for (int32_t i = 0; tuple && i < u->constant_count; i++) {
        if (u->constant_uses[i] & CONSTANT_SHOWN)
            tuple->at[n++] = u->constants[i];
    }
    return value_of(tuple);
}

static bool fill_tables(Thread *t, const Unit *u, CodeSpec *spec)
{
    spec->varnames = local_names(t, u);
    spec->cellvars = spec->varnames ? names_tuple(t, &u->cells) : 0;
    spec->freevars = spec->cellvars ? names_tuple(t, &u->frees) : 0;
    spec->cell_registers = spec->freevars ? registers_bytes(t, &u->cells) : 0;
    spec->consts = spec->cell_registers ? shown_constants(t, u) : 0;
    spec->names = spec->consts ? tuple_from(t, u->names, (size_t)u->name_count) : 0;
    return spec->names;
}

Value code_assemble(Compiler *c, Unit *u)
{
    Assembly s = {.c = c, .u = u};
    thread_jumps(u);
    if (!lines_finish(c, u))
        return 0;
    if (!allocate(&s) || !lay_out_pool(&s))
        return 0;
    for (int32_t i = 0; i < u->insn_count; i++) {
        if (!u->insns[i].dead)
            assemble_insn(&s, i);
    }
    collect_handlers(&s);
    CodeSpec spec = {
        .instrs = s.instrs, .locations = s.locations, .instr_count = (uint32_t)s.instr_count, .pool = s.pool,
        .pool_count = (uint32_t)s.pool_count, .handlers = s.handlers, .handler_count = (uint32_t)s.handler_count,
        .flags = u->flags | (u->has_docstring ? CO_HAS_DOCSTRING : 0), .arg_count = (uint16_t)u->arg_count,
        .posonly_count = (uint16_t)u->posonly_count, .kwonly_count = (uint16_t)u->kwonly_count,
        .register_count = (uint16_t)(u->register_count > 0 ? u->register_count : 1), .local_count = (uint16_t)u->locals.count,
        .cell_count = (uint16_t)u->cells.count, .free_count = (uint16_t)u->frees.count,
        .free_first = (uint16_t)(u->frees.count ? u->frees.at[0].reg : 0), .first_line = u->first_line, .name = u->name,
        .qualname = u->qualname, .filename = c->options->filename,
    };
    return fill_tables(c->t, u, &spec) ? code_new(c->t, &spec) : 0;
}
