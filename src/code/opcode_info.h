// opcode_info.h: the opcode table as data: shapes and traits.
#ifndef ADDER_CODE_OPCODE_INFO_H
#define ADDER_CODE_OPCODE_INFO_H

#include "src/code/code.h"

typedef enum OpcodeTrait {
    OPCODE_RAISES = 1, OPCODE_CALLS = 2, OPCODE_JUMPS = 4, OPCODE_ENDS = 8, OPCODE_CACHED = 16, OPCODE_QUICK = 32, OPCODE_POLLS = 64
} OpcodeTrait;

// Operand shapes; opcodes.def explains them. OPSHAPE__ has no operands.
typedef enum OpcodeShape {
    OPSHAPE__, OPSHAPE_D, OPSHAPE_A, OPSHAPE_A_B, OPSHAPE_D_B, OPSHAPE_D_BC, OPSHAPE_D_B_K, OPSHAPE_A_B_C, OPSHAPE_D_K32, OPSHAPE_D_I32, OPSHAPE_J, OPSHAPE_A_J,
    OPSHAPE_A_B_J, OPSHAPE_A_K_J, OPSHAPE_D_B_J, OPSHAPE_D_S, OPSHAPE_D_B_S, OPSHAPE_A_S, OPSHAPE_A_B_S, OPSHAPE_D_W_S, OPSHAPE_D_R_N, OPSHAPE_D_B_I,
    OPSHAPE_A_B_I, OPSHAPE_D_I, OPSHAPE_D_B_C_, OPSHAPE_COUNT
} OpcodeShape;

// What an operand field holds.
typedef enum OperandKind {
    OPERAND_NONE,
    OPERAND_DST,        // register that is written
    OPERAND_SRC,        // register that is read
    OPERAND_CONST,      // pool index of a constant (16 bits)
    OPERAND_SLOT,       // pool index of a slot
    OPERAND_INT,        // small number
    OPERAND_COUNT,      // number of registers from b on
    OPERAND_JUMP,       // 16-bit jump
    OPERAND_WIDE_CONST, OPERAND_WIDE_INT, OPERAND_WIDE_JUMP,   // in b: b and c together
    OPERAND_WINDOW,     // call window base
    OPERAND_SPECIAL,    // see the opcode's doc
} OperandKind;

typedef struct OpcodeInfo {
    const char *name;
    const char *doc;
    uint8_t shape, traits;
    uint16_t generic;   // of a quickened form; itself otherwise
} OpcodeInfo;

extern const OpcodeInfo opcode_infos[OPCODE_COUNT];
extern const uint8_t shape_operands[OPSHAPE_COUNT][3];   // OperandKind of a, b, c

static inline uint32_t opcode_traits(uint16_t op) { return opcode_infos[op].traits; }
// Kind of operand `field` (0 a, 1 b, 2 c) of an instruction, with the exceptions of single opcodes applied.
OperandKind opcode_operand(uint16_t op, int field);
// Registers the instruction writes: [*first, *first + result).
int instr_writes(Instr i, int *first);
// First and number of the registers that operand b and those behind it stand for; see opcode_info.c.
bool instr_reads_run(Instr i, int *first, int *count);

#endif
