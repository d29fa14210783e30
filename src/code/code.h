// code.h: Code, the code object: bytecode as data, its pool, handlers and locations.
//
// Immutable once made, but for: opcodes in `instrs` (relaxed 16-bit stores; operands stay), cache words in `pool` (one word,
// publish / load_acquire), counters (relaxed, may lose counts) and `entry` (publish).
#ifndef ADDER_CODE_CODE_H
#define ADDER_CODE_CODE_H

#include "src/core/type.h"

typedef enum Opcode {
#define OP(name, shape, traits, doc) OP_##name,
#define QUICK(name, generic, shape, doc) OP_##name,
#include "src/code/opcodes.def"
#undef OP
#undef QUICK
    OPCODE_COUNT
} Opcode;

typedef struct Instr { uint16_t op, a, b, c; } Instr;
static inline int32_t instr_wide(Instr i) { return (int32_t)((uint32_t)i.b | (uint32_t)i.c << 16); }

enum { FRAME_WORDS = 6, WINDOW = FRAME_WORDS + 2 };   // see opcodes.def on call windows, frame.h on the words

// co_flags, CPython's values.
enum { CO_OPTIMIZED = 1, CO_NEWLOCALS = 2, CO_VARARGS = 4, CO_VARKEYWORDS = 8, CO_NESTED = 0x10, CO_GENERATOR = 0x20, CO_COROUTINE = 0x80,
       CO_ITERABLE_COROUTINE = 0x100, CO_ASYNC_GENERATOR = 0x200, CO_FUTURE_ANNOTATIONS = 0x1000000, CO_NO_MONITORING = 0x2000000,
       CO_HAS_DOCSTRING = 0x4000000, CO_METHOD = 0x8000000,
       CODE_NAMESPACE = 1 << 30 };   // ours: R[0] is the namespace (class, module, exec code); never shown in co_flags

typedef enum SpecialMethod { SPECIAL_ENTER, SPECIAL_EXIT, SPECIAL_AENTER, SPECIAL_AEXIT } SpecialMethod;
typedef enum FunctionAttr { FUNCTION_DEFAULTS, FUNCTION_KWDEFAULTS, FUNCTION_ANNOTATE, FUNCTION_TYPE_PARAMS } FunctionAttr;
typedef enum Intrinsic {
#define INTRINSIC(name, operands, doc) INTRINSIC_##name,
#include "src/code/intrinsics.def"
#undef INTRINSIC
    INTRINSIC_COUNT
} Intrinsic;

// Instructions [start, end) are covered: an exception there goes on at target (whose first instruction is PUSH_EXC, or RERAISE's cleanup).
// Inner ranges stand before outer ones; the first that covers the pc wins.
typedef struct Handler { uint32_t start, end, target; } Handler;

// Source range of an instruction: lines 1-based (0: none), columns 0-based in UTF-8 bytes (-1: unknown).
typedef struct Location { int32_t line, end_line, column, end_column; } Location;

typedef Value (*NativeEntry)(Thread *t, Value *args);

typedef struct Code Code;
struct Code {
    Object head;
    Instr *instrs;                // atomic memory
    Value *pool;                  // scanned memory: constants, names, caches
    Handler *handlers;
    uint8_t *locations;           // packed, see location.c
    uint32_t instr_count, pool_count, handler_count, location_bytes;
    uint32_t flags;               // CO_* and CODE_NAMESPACE
    uint16_t arg_count;           // positional parameters, positional-only included
    uint16_t posonly_count, kwonly_count;
    uint16_t register_count;      // registers a frame needs, windows of its calls included but for the callee's part
    uint16_t local_count;         // named locals = length of varnames, R[0…local_count): arguments, *args, **kw, then others;
                                  // with CODE_NAMESPACE R[0] is the namespace and local i (an inlined comprehension's) is R[1 + i]
    uint16_t cell_count;          // own cells: R[cell_first…) (arguments that are cells keep their register: MAKE_CELL in place)
    uint16_t free_count;          // free variables, R[free_first…)
    uint16_t free_first;
    int32_t first_line;
    Value name, qualname, filename;   // Str
    Value varnames;               // tuple of Str: names of R[0…local_count) (without the namespace register)
    Value cellvars, freevars;     // tuples of Str
    Value cell_registers;         // bytes object: uint16 register of each cellvar, in order; such a register may be unbound (0): cells of
                                  // inlined comprehensions exist only while those run
    Value consts;                 // tuple: co_consts (docstring first if CO_HAS_DOCSTRING)
    Value names;                  // tuple: co_names
    uint32_t calls, loops;        // heat; relaxed
    uint32_t misses;              // of quickened attribute sites; relaxed
    NativeEntry entry;            // machine code, or null: the interpreter
    void *jit;                    // back end's data
    Value weakrefs_unused;
    void *monitoring;             // per-code tool data or null
};
static inline Code *as_code(Value v) { return (Code *)v; }

Location code_location(const Code *code, uint32_t instr_index);
int code_line(const Code *code, uint32_t instr_index);            // first line of the instruction, or -1
const Handler *code_find_handler(const Code *code, uint32_t instr_index);   // null: none
uint16_t opcode_generic(uint16_t op);                             // the generic form of a quickened opcode
const char *opcode_name(uint16_t op);

// What the assembler hands over; arrays are copied. locations has one entry per instruction.
typedef struct CodeSpec {
    const Instr *instrs; const Location *locations; uint32_t instr_count;
    const Value *pool; uint32_t pool_count;
    const Handler *handlers; uint32_t handler_count;
    uint32_t flags;
    uint16_t arg_count, posonly_count, kwonly_count, register_count, local_count, cell_count, free_count, free_first;
    int32_t first_line;
    Value name, qualname, filename, varnames, cellvars, freevars, cell_registers, consts, names;
} CodeSpec;
Value code_new(Thread *t, const CodeSpec *spec);                  // verifies when ADDER_VERIFY=code
bool code_verify(Thread *t, const Code *code);                    // false: SystemError pending that says what is wrong
void code_dump(const Code *code, int fd);                         // ADDER_DUMP=code; text form that code_parse reads (tests)

#endif
