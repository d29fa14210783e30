// liveness.c: backward data flow over bytecode, for frames that a collection should see without dead temporaries.
//
// Conservative: a register counts as live when in doubt. Phase memory is malloc'ed; without memory nothing is cleared.
#include "src/interp/liveness.h"

#include <stdlib.h>

#include "src/code/opcode_info.h"
#include "src/core/native.h"
#include "src/interp/frame.h"
#include "src/types/bytes.h"

typedef struct Flow {
    const Code *code;
    uint32_t words;       // of a register set
    uint64_t *in;         // per instruction: registers live before it
    uint64_t *set;        // scratch
} Flow;

enum { INSTRUCTIONS_MAX = 20000 };   // bigger module bodies are left alone

static uint64_t *in_of(const Flow *f, uint32_t index) { return f->in + (size_t)index * f->words; }

static void add(const Flow *f, uint64_t *set, int r)
{
    if (r >= 0 && (uint32_t)r < f->words * 64)
        set[r / 64] |= 1ull << (r % 64);
}

static void drop(const Flow *f, uint64_t *set, int r)
{
    if (r >= 0 && (uint32_t)r < f->words * 64)
        set[r / 64] &= ~(1ull << (r % 64));
}

static bool reads_destination(uint16_t generic)
{
    return generic == OP_SEND || generic == OP_MAKE_CELL || generic == OP_LOAD_DICT_OR_CELL || generic == OP_POP_EXC;
}

// A call window: the callable, then self and arguments; the words of the frame header between are not read.
static void add_window(const Flow *f, uint64_t *set, Instr i)
{
    Value count = i.c + 1u < f->code->pool_count ? f->code->pool[i.c + 1] : 0;
    int n = is_fixnum(count) ? (int)fixnum_value(count) : f->code->register_count;
    uint16_t generic = opcode_generic(i.op);
    bool method = generic == OP_CALL_METHOD || generic == OP_CALL_METHOD_KW;
    add(f, set, i.b);
    for (int r = i.b + WINDOW; r < i.b + WINDOW + method + n && r < f->code->register_count; r++)
        add(f, set, r);
}

static void add_uses(const Flow *f, uint64_t *set, Instr i)
{
    const uint16_t fields[3] = {i.a, i.b, i.c};
    uint16_t generic = opcode_generic(i.op);
    int first, count;
    for (int k = 0; k < 3; k++) {
        OperandKind kind = opcode_operand(i.op, k);
        if (kind == OPERAND_SRC)
            add(f, set, fields[k]);
        else if (kind == OPERAND_WINDOW)
            add_window(f, set, i);
    }
    if (reads_destination(generic)) {
        add(f, set, i.a);
        add(f, set, i.a + 1);
    }
    if (instr_reads_run(i, &first, &count))
        for (int r = first; r < first + count; r++)
            add(f, set, r);
}

// Definite writes: those of an instruction that may also leave by a jump do not count.
static void drop_writes(const Flow *f, uint64_t *set, Instr i)
{
    int first;
    if (opcode_traits(opcode_generic(i.op)) & OPCODE_JUMPS)
        return;
    for (int n = instr_writes(i, &first), r = first; n > 0; n--, r++)
        drop(f, set, r);
}

static void join(const Flow *f, uint64_t *set, int64_t successor)
{
    if (successor < 0 || successor >= f->code->instr_count)
        return;
    const uint64_t *from = in_of(f, (uint32_t)successor);
    for (uint32_t w = 0; w < f->words; w++)
        set[w] |= from[w];
}

static void join_successors(const Flow *f, uint64_t *set, uint32_t index, Instr i)
{
    uint16_t generic = opcode_generic(i.op);
    if (!(opcode_traits(generic) & OPCODE_ENDS) || generic == OP_RETURN_GENERATOR)
        join(f, set, (int64_t)index + 1);
    if (generic == OP_YIELD_FROM)
        join(f, set, (int64_t)index + 2);   // behind the JUMP_BACK
    for (int k = 1; k < 3; k++) {
        OperandKind kind = opcode_operand(i.op, k);
        if (kind == OPERAND_JUMP)
            join(f, set, (int64_t)index + 1 + (int16_t)(k == 1 ? i.b : i.c));
        else if (kind == OPERAND_WIDE_JUMP)
            join(f, set, (int64_t)index + 1 + instr_wide(i));
    }
}

// What is live once the instruction has read its operands: behind it, and in its handler.
static void set_behind(const Flow *f, uint64_t *set, uint32_t index)
{
    Instr i = f->code->instrs[index];
    memset(set, 0, f->words * sizeof *set);
    join_successors(f, set, index, i);
    drop_writes(f, set, i);
    const Handler *handler = code_find_handler(f->code, index);
    if (handler)
        join(f, set, handler->target);
}

// True when the set before the instruction grew.
static bool step(const Flow *f, uint32_t index)
{
    uint64_t *set = f->set, *in = in_of(f, index);
    set_behind(f, set, index);
    add_uses(f, set, f->code->instrs[index]);
    bool grew = false;
    for (uint32_t w = 0; w < f->words; w++) {
        grew |= (set[w] & ~in[w]) != 0;
        in[w] |= set[w];
    }
    return grew;
}

static bool flow_init(Flow *f, const Code *code)
{
    f->code = code;
    f->words = code->register_count / 64 + 1;
    f->in = code->instr_count <= INSTRUCTIONS_MAX ? calloc((size_t)(code->instr_count + 1) * f->words, sizeof *f->in) : NULL;
    f->set = f->in ? f->in + (size_t)code->instr_count * f->words : NULL;
    if (!f->in)
        return false;
    for (bool grew = true; grew;) {
        grew = false;
        for (uint32_t index = code->instr_count; index-- > 0;)
            grew |= step(f, index);
    }
    return true;
}

// The first register that has no name: behind locals, cells and free variables.
static uint32_t first_temporary(const Code *code)
{
    uint32_t first = code->local_count + (code->flags & CODE_NAMESPACE ? 1u : 0u);
    if (code->free_count && first < (uint32_t)code->free_first + code->free_count)
        first = (uint32_t)code->free_first + code->free_count;
    const Bytes *cells = as_bytes(code->cell_registers);
    for (uint32_t k = 0; cells && k + 1 < cells->length; k += 2) {
        uint16_t r;
        memcpy(&r, cells->data + k, sizeof r);
        if (first <= r)
            first = r + 1u;
    }
    return first;
}

// Is the instruction a call of that native function? Then it has read its operands.
static bool calls(const Value *regs, Instr i, NativeFn native)
{
    Value callee = opcode_operand(i.op, 1) == OPERAND_WINDOW ? regs[i.b] : 0;
    return callee && is_exactly(callee, &type_builtin_function) && ((const NativeFunction *)callee)->def->fn == native;
}

// callee: registers of the frame that this one has called, or null.
static void clear_frame(Value *regs, Value *callee, NativeFn native)
{
    const Frame *frame = frame_of(regs);
    const Code *code = frame->code;
    Flow f;
    if (!code || !frame->pc || frame->pc < code->instrs || frame->pc >= code->instrs + code->instr_count)
        return;
    uint32_t end = code->register_count;
    Value *header = callee ? callee - FRAME_WORDS : NULL;
    if (header && header >= regs && header < regs + end)
        end = (uint32_t)(header - regs);
    if (!flow_init(&f, code))
        return;
    uint32_t index = (uint32_t)(frame->pc - code->instrs);
    const uint64_t *live = in_of(&f, index);
    if (!callee && calls(regs, *frame->pc, native)) {
        set_behind(&f, f.set, index);
        live = f.set;
    }
    for (uint32_t r = first_temporary(code); r < end; r++)
        if (!(live[r / 64] >> (r % 64) & 1))
            regs[r] = 0;
    free(f.in);
}

void frames_clear_dead(Thread *t, NativeFn native)
{
    Value *callee = NULL;
    for (Value *regs = t->regs; regs; regs = frame_of(regs)->caller) {
        clear_frame(regs, callee, native);
        callee = regs;
    }
}
