// opcode_info.c: the opcode table as data, derived from opcodes.def.
#include "src/code/opcode_info.h"

enum {
    RAISES = OPCODE_RAISES, CALLS = OPCODE_CALLS, JUMPS = OPCODE_JUMPS, ENDS = OPCODE_ENDS, CACHED = OPCODE_CACHED,
    POLLS = OPCODE_POLLS
};

#define OP(name, shape, traits, doc) \
    static_assert(!((traits) & CALLS) || ((traits) & RAISES), #name ": what may run Python code may raise");
#define QUICK(name, generic, shape, doc)
#include "src/code/opcodes.def"
#undef OP
#undef QUICK

// Traits of the generic opcodes by name, for their quickened forms.
enum {
#define OP(name, shape, traits, doc) TRAITS_##name = (traits),
#define QUICK(name, generic, shape, doc)
#include "src/code/opcodes.def"
#undef OP
#undef QUICK
};

const OpcodeInfo opcode_infos[OPCODE_COUNT] = {
#define OP(name, shape, traits, doc) [OP_##name] = {#name, doc, OPSHAPE_##shape, traits, OP_##name},
#define QUICK(name, generic, shape, doc) [OP_##name] = {#name, doc, OPSHAPE_##shape, TRAITS_##generic | OPCODE_QUICK, OP_##generic},
#include "src/code/opcodes.def"
#undef OP
#undef QUICK
};

const uint8_t shape_operands[OPSHAPE_COUNT][3] = {
    [OPSHAPE__] = {0},
    [OPSHAPE_D] = {OPERAND_DST},
    [OPSHAPE_A] = {OPERAND_SRC},
    [OPSHAPE_A_B] = {OPERAND_SRC, OPERAND_SRC},
    [OPSHAPE_D_B] = {OPERAND_DST, OPERAND_SRC},
    [OPSHAPE_D_BC] = {OPERAND_DST, OPERAND_SRC, OPERAND_SRC},
    [OPSHAPE_D_B_K] = {OPERAND_DST, OPERAND_SRC, OPERAND_CONST},
    [OPSHAPE_A_B_C] = {OPERAND_SRC, OPERAND_SRC, OPERAND_SRC},
    [OPSHAPE_D_K32] = {OPERAND_DST, OPERAND_WIDE_CONST},
    [OPSHAPE_D_I32] = {OPERAND_DST, OPERAND_WIDE_INT},
    [OPSHAPE_J] = {OPERAND_NONE, OPERAND_WIDE_JUMP},
    [OPSHAPE_A_J] = {OPERAND_SRC, OPERAND_WIDE_JUMP},
    [OPSHAPE_A_B_J] = {OPERAND_SRC, OPERAND_SRC, OPERAND_JUMP},
    [OPSHAPE_A_K_J] = {OPERAND_SRC, OPERAND_CONST, OPERAND_JUMP},
    [OPSHAPE_D_B_J] = {OPERAND_DST, OPERAND_SRC, OPERAND_JUMP},
    [OPSHAPE_D_S] = {OPERAND_DST, OPERAND_NONE, OPERAND_SLOT},
    [OPSHAPE_D_B_S] = {OPERAND_DST, OPERAND_SRC, OPERAND_SLOT},
    [OPSHAPE_A_S] = {OPERAND_SRC, OPERAND_NONE, OPERAND_SLOT},
    [OPSHAPE_A_B_S] = {OPERAND_SRC, OPERAND_SRC, OPERAND_SLOT},
    [OPSHAPE_D_W_S] = {OPERAND_DST, OPERAND_WINDOW, OPERAND_SLOT},
    [OPSHAPE_D_R_N] = {OPERAND_DST, OPERAND_SRC, OPERAND_COUNT},
    [OPSHAPE_D_B_I] = {OPERAND_DST, OPERAND_SRC, OPERAND_INT},
    [OPSHAPE_A_B_I] = {OPERAND_SRC, OPERAND_SRC, OPERAND_INT},
    [OPSHAPE_D_I] = {OPERAND_DST, OPERAND_NONE, OPERAND_INT},
    [OPSHAPE_D_B_C_] = {OPERAND_DST, OPERAND_SRC, OPERAND_SPECIAL},
};

uint16_t opcode_generic(uint16_t op)
{
    return op < OPCODE_COUNT ? opcode_infos[op].generic : op;
}

const char *opcode_name(uint16_t op)
{
    return op < OPCODE_COUNT ? opcode_infos[op].name : "?";
}

// The few opcodes whose operands are not what their shape says.
static OperandKind special_operand(uint16_t op, int field, OperandKind usual)
{
    switch (op) {
    case OP_DELETE_GLOBAL:
    case OP_DELETE_NAME:
        return field == 1 ? OPERAND_WIDE_CONST : OPERAND_NONE;
    case OP_MAKE_FUNCTION:
        return field == 1 ? OPERAND_CONST : usual;
    case OP_MAKE_CELL:
        return field == 0 ? OPERAND_DST : usual;
    case OP_RESUME:
        return field == 0 ? OPERAND_NONE : usual;
    case OP_YIELD_FROM:
    case OP_WITH_EXIT:
        return field == 2 ? OPERAND_SRC : usual;
    case OP_MATCH_EXC_GROUP:
        return field == 2 ? OPERAND_SRC : usual;
    case OP_GETSLICE:
        return field == 2 ? OPERAND_SRC : usual;
    case OP_BUILD_SLICE:
    case OP_CALL_EX:
    case OP_BUILD_TEMPLATE:
        return field == 2 ? OPERAND_NONE : usual;
    default:
        return usual;
    }
}

OperandKind opcode_operand(uint16_t op, int field)
{
    uint16_t generic = opcode_generic(op);
    OperandKind kind = shape_operands[opcode_infos[op].shape][field];
    // Uncached instructions take the pool constant itself where cached ones have a slot.
    if (kind == OPERAND_SLOT && !(opcode_infos[op].traits & OPCODE_CACHED))
        kind = OPERAND_CONST;
    return special_operand(generic, field, kind);
}

int instr_writes(Instr i, int *first)
{
    *first = i.a;
    switch (opcode_generic(i.op)) {
    case OP_COPY_FREE:
        return i.c;
    case OP_UNPACK:
        return i.c;
    case OP_UNPACK_EX:
        return (i.c & 255) + 1 + (i.c >> 8);
    case OP_PUSH_EXC:
    case OP_POP_EXC:
    case OP_MATCH_EXC_GROUP:
        return 2;
    case OP_SEND:
        return 1;
    default:
        return opcode_operand(i.op, 0) == OPERAND_DST;
    }
}

bool instr_reads_run(Instr i, int *first, int *count)
{
    *first = i.b;
    switch (opcode_generic(i.op)) {
    case OP_BUILD_MAP:
        *count = 2 * i.c;
        return true;
    case OP_BUILD_TUPLE:
    case OP_BUILD_LIST:
    case OP_BUILD_SET:
    case OP_BUILD_STRING:
        *count = i.c;
        return true;
    case OP_LOAD_SUPER_ATTR:
    case OP_LOAD_SUPER_METHOD:
    case OP_BUILD_SLICE:
    case OP_CALL_EX:
    case OP_BUILD_INTERPOLATION:
    case OP_MATCH_CLASS:
        *count = 3;
        return true;
    case OP_FORMAT_SPEC:
    case OP_BUILD_TEMPLATE:
    case OP_IMPORT_NAME:
    case OP_INTRINSIC_2:
        *count = 2;
        return true;
    case OP_GETSLICE:
        *first = i.c;
        *count = 2;
        return true;
    case OP_WITH_EXIT:
        *count = WINDOW + 1;
        return true;
    default:
        return false;
    }
}
