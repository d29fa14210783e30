// code_dump.c: the disassembler: code objects as text (ADDER_DUMP=code), and copies of their pools.
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>

#include "src/code/opcode_info.h"
#include "src/core/error.h"
#include "src/core/options.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/code_type.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// Which pool words are caches: the first word of every slot.
static void clear_caches(const Code *code, Value *pool)
{
    for (uint32_t i = 0; i < code->instr_count; i++) {
        Instr instr = code->instrs[i];
        if (opcode_operand(instr.op, 2) == OPERAND_SLOT)
            pool[instr.c] = 0;
    }
}

Value *code_pool_copy(Thread *t, const Code *code)
{
    Value *pool = new_scanned(t, (code->pool_count + 1) * sizeof(Value));
    if (!pool)
        return NULL;
    memcpy(pool, code->pool, code->pool_count * sizeof(Value));
    clear_caches(code, pool);
    return pool;
}

typedef struct Dump { Thread *t; const Code *code; int fd; } Dump;

static void put_text(Dump *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put_text(Dump *d, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vdprintf(d->fd, format, args);
    va_end(args);
}

static void put_value(Dump *d, Value v)
{
    if (is_object(v) && type_of(v) == &type_code) {
        Value name = as_code(v)->qualname;
        const char *text = str_utf8(d->t, name, NULL);
        put_text(d, "<code %s>", text ? text : "?");
        return;
    }
    Value repr = v ? value_repr(d->t, v) : 0;
    const char *text = repr ? str_utf8(d->t, repr, NULL) : NULL;
    put_text(d, "%.120s", text ? text : "?");
    pending_clear(d->t);
}

static void put_slot(Dump *d, Instr instr)
{
    uint16_t generic = opcode_generic(instr.op);
    put_value(d, d->code->pool[instr.c + 1]);
    if (generic == OP_CALL_KW || generic == OP_CALL_METHOD_KW) {
        put_text(d, " ");
        put_value(d, d->code->pool[instr.c + 2]);
    }
}

static void put_operand(Dump *d, uint32_t at, Instr instr, int field)
{
    uint16_t value = field == 0 ? instr.a : field == 1 ? instr.b : instr.c;
    OperandKind kind = opcode_operand(instr.op, field);
    if (kind != OPERAND_NONE)
        put_text(d, " ");
    switch (kind) {
    case OPERAND_NONE:
        break;
    case OPERAND_DST:
    case OPERAND_SRC:
    case OPERAND_WINDOW:
        put_text(d, "r%u", value);
        break;
    case OPERAND_CONST:
        put_value(d, d->code->pool[value]);
        break;
    case OPERAND_WIDE_CONST:
        put_value(d, d->code->pool[instr_wide(instr)]);
        break;
    case OPERAND_SLOT:
        put_slot(d, instr);
        break;
    case OPERAND_WIDE_INT:
        put_text(d, "%d", instr_wide(instr));
        break;
    case OPERAND_JUMP:
        put_text(d, "-> %lld", (long long)at + 1 + (int16_t)value);
        break;
    case OPERAND_WIDE_JUMP:
        put_text(d, "-> %lld", (long long)at + 1 + instr_wide(instr));
        break;
    default:
        put_text(d, "%u", value);
    }
}

static void put_head(Dump *d)
{
    const Code *code = d->code;
    const char *name = str_utf8(d->t, code->qualname, NULL), *file = str_utf8(d->t, code->filename, NULL);
    pending_clear(d->t);
    put_text(d, "code %s  file \"%s\" line %d  args %u posonly %u kwonly %u  locals %u cells %u free %u registers %u  flags %#x\n",
             name ? name : "?", file ? file : "?", code->first_line, code->arg_count, code->posonly_count, code->kwonly_count,
             code->local_count, code->cell_count, code->free_count, code->register_count, code->flags);
    unsigned first = code->flags & CODE_NAMESPACE ? 1 : 0;
    for (size_t i = 0; i < as_tuple(code->varnames)->length; i++) {
        put_text(d, "  r%zu = ", i + first);
        put_value(d, as_tuple(code->varnames)->at[i]);
        put_text(d, "\n");
    }
    for (size_t i = 0; i < as_tuple(code->cellvars)->length; i++) {
        uint16_t reg;
        memcpy(&reg, as_bytes(code->cell_registers)->data + 2 * i, sizeof reg);
        put_text(d, "  r%u = cell ", reg);
        put_value(d, as_tuple(code->cellvars)->at[i]);
        put_text(d, "\n");
    }
    for (size_t i = 0; i < as_tuple(code->freevars)->length; i++) {
        put_text(d, "  r%zu = free ", code->free_first + i);
        put_value(d, as_tuple(code->freevars)->at[i]);
        put_text(d, "\n");
    }
}

static void put_inner(Dump *d)
{
    for (uint32_t i = 0; i < d->code->pool_count; i++) {
        Value v = d->code->pool[i];
        if (is_object(v) && type_of(v) == &type_code)
            code_dump(as_code(v), d->fd);
    }
}

static bool is_wanted(Dump *d)
{
    const char *name = switches.dump_only ? str_utf8(d->t, d->code->qualname, NULL) : NULL;
    return !name || fnmatch(switches.dump_only, name, 0) == 0;
}

static void put_code(Dump *d)
{
    const Code *code = d->code;
    put_head(d);
    int line = 0;
    for (uint32_t i = 0; i < code->instr_count; i++) {
        Instr instr = code->instrs[i];
        int now = code_line(code, i);
        if (now != line)
            put_text(d, "%5d ", now);
        else
            put_text(d, "      ");
        line = now;
        put_text(d, "%5u  %s", i, opcode_name(instr.op));
        for (int field = 0; field < 3; field++)
            put_operand(d, i, instr, field);
        put_text(d, "\n");
    }
    for (uint32_t i = 0; i < code->handler_count; i++)
        put_text(d, "  handler [%u, %u) -> %u\n", code->handlers[i].start, code->handlers[i].end, code->handlers[i].target);
}

void code_dump(const Code *code, int fd)
{
    Dump dump = {thread_current(), code, fd};
    if (is_wanted(&dump))
        put_code(&dump);
    put_inner(&dump);
}
