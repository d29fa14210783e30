// interp.h: what the files of the interpreter share: entering and leaving frames, slow paths, cache records.
//
// Slow paths are called as "do it, record feedback, rewrite the opcode": pc is the running instruction, R the registers. They return
// false (or null) with an exception pending. The frame's pc has been stored before.
#ifndef ADDER_INTERP_INTERP_H
#define ADDER_INTERP_INTERP_H

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/names.h"
#include "src/core/shape.h"
#include "src/core/vm.h"
#include "src/interp/frame.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"

// --- cache records: immutable collected objects without header, published as one word in the pool ---

// A name found in a dict, at entry `index`: of `module` (then the other tables are null, so that a mix-up of forms by racing threads
// never matches), or of `builtins`, being absent from `globals` while that has `filled` entries.
typedef struct GlobalRecord {
    DictKeys *module;
    DictKeys *globals;
    size_t filled;
    DictKeys *builtins;
    size_t index;
} GlobalRecord;

// An attribute that does not live in a slot of the instance; valid for objects of `shape` while type->version is `version`.
typedef struct AttrRecord {
    uint32_t shape, version;
    Type *type;
    Value value;                  // found on the class
    uint32_t new_shape;           // STORE_ATTR_ADD
    uint32_t offset;              // bytes from the object's start
} AttrRecord;

// A class whose construction is: allocate, run __init__.
typedef struct InitRecord {
    Type *type;
    uint32_t version;
    Function *init;
    Code *code;                   // of init, to see whether it was exchanged
} InitRecord;

static inline void requicken(const Instr *pc, Opcode op) { store_relaxed((uint16_t *)&pc->op, (uint16_t)op); }
static inline void set_cache(Code *code, const Instr *pc, Value word) { publish(&code->pool[pc->c], word); }
// Gives a site the cache `word` and the quickened `form`. What kind of record a cache word is, is told by the opcode alone; so a site changes its
// form once, from the generic one, and then only becomes `any`, which reads no cache. Word 0: nothing fits.
void cache_write(Value *R, const Instr *pc, Value word, Opcode form, Opcode generic, Opcode any);

// A return pc with this bit belongs to a constructor: the value must be None, the result is the instance in the call's R[b].
enum { RETURN_INIT = 1 };
static inline const Instr *return_pc_plain(const Instr *pc) { return (const Instr *)((uintptr_t)pc & ~(uintptr_t)RETURN_INIT); }

// --- loop.c ---
Value interp_loop(Thread *t, Value *regs);                 // runs from frame_of(regs)->pc until that frame returns to C
Value interp_loop_traced(Thread *t, Value *regs);          // the same, reporting to the thread's trace and profile hooks

// --- call.c ---
Value *stack_top(Thread *t);                                // first free word of the value stack
static inline bool is_generator_frame(const Code *code) { return code->flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR); }

// Fills the header and clears the locals from `filled` on. Null with RecursionError pending when depth or stack are used up.
Value *frame_push(Thread *t, Value *regs, Function *f, size_t filled, Value *caller, const Instr *return_pc);
// Binds a call's arguments into new registers at `dest` (args may already be there) and pushes the frame. Null: error.
Value *frame_push_bound(Thread *t, Value *dest, Function *f, const Value *args, size_t nargs, Value kwnames, Value *caller, const Instr *return_pc);

// A call instruction in general. Returns the registers to go on with: new ones when a Python function was entered, R when the result
// is in R[pc->a], null on error.
Value *call_slow(Thread *t, Value *R, const Instr *pc, Value *args, size_t nargs, Value kwnames);
Value *op_call(Thread *t, Value *R, const Instr *pc);       // CALL, CALL_ANY: decides the quickened form
Value *op_call_method(Thread *t, Value *R, const Instr *pc);
Value *op_call_kw(Thread *t, Value *R, const Instr *pc, bool method);
Value op_callee_text(Thread *t, Value function);   // "module.name()", for messages
bool op_call_ex(Thread *t, Value *R, const Instr *pc);
Value *init_enter(Thread *t, Value *R, const Instr *pc, const InitRecord *record, size_t nargs);
Value init_result(Thread *t, Value result, Value instance); // instance, or 0: __init__() should return None

// --- unwind.c ---
// An exception is pending in the frame `regs` at its pc. Finds who handles it: returns the registers to go on with at frame_of()->pc, or
// null when the frame that C entered is left. `fresh`: add a traceback entry for the first frame.
Value *unwind(Thread *t, Value *regs, bool fresh);

// --- generator.c ---
Value generator_new(Thread *t, Value *regs, const Instr *pc);   // RETURN_GENERATOR: moves the frame to the heap
static inline Generator *generator_of(Value *regs) { return (Generator *)((char *)regs - offsetof(Generator, regs)); }
// Makes g the running frame on top of `caller` (null: from C): checks its state. Null with an exception pending, or nothing pending: g is done.
Value *generator_enter(Thread *t, Generator *g, Value *caller, const Instr *site);
void generator_leave(Thread *t, Generator *g, GeneratorState state);
void generator_finished(Thread *t, Generator *g);           // returned or raised: drops what it held
bool op_send(Thread *t, Value *R, const Instr *pc, SendResult *out);
Value op_yield_from(Thread *t, Value *R, const Instr *pc);
bool generators_boot(Thread *t);

// --- ops_*.c ---
bool arith_slow(Thread *t, Value *R, const Instr *pc);
bool compare_slow(Thread *t, Value *R, const Instr *pc);
int compare_jump_slow(Thread *t, Value *R, const Instr *pc);   // 1 jump, 0 not, -1 error
int truth_slow(Thread *t, Value *R, const Instr *pc);          // of R[a]; quickens
bool load_global_slow(Thread *t, Value *R, const Instr *pc);
bool load_name_slow(Thread *t, Value *R, const Instr *pc);
bool store_name_slow(Thread *t, Value *R, const Instr *pc);
bool store_global_slow(Thread *t, Value *R, const Instr *pc);
bool delete_global(Thread *t, Value *R, const Instr *pc);
bool delete_name(Thread *t, Value *R, const Instr *pc);
bool store_global_cached(Value *R, const Instr *pc, Value value);   // false: the cache does not fit
bool load_cell_slow(Thread *t, Value *R, const Instr *pc);
bool load_name_or_cell(Thread *t, Value *R, const Instr *pc);
bool load_dict_or_cell(Thread *t, Value *R, const Instr *pc);
bool load_dict_or_global(Thread *t, Value *R, const Instr *pc);
Value raise_unbound(Thread *t, Value name);
bool load_attr_slow(Thread *t, Value *R, const Instr *pc);
bool store_attr_slow(Thread *t, Value *R, const Instr *pc);
bool load_method_slow(Thread *t, Value *R, const Instr *pc);
bool load_super_attr(Thread *t, Value *R, const Instr *pc, bool method);
bool load_special(Thread *t, Value *R, const Instr *pc);
bool getitem_slow(Thread *t, Value *R, const Instr *pc);
bool setitem_slow(Thread *t, Value *R, const Instr *pc);
bool getslice(Thread *t, Value *R, const Instr *pc);
int for_next_slow(Thread *t, Value *R, const Instr *pc);       // 1 item in R[a], 0 exhausted, -1 error
bool build_op(Thread *t, Value *R, const Instr *pc);           // BUILD_* and friends, by table
bool misc_op(Thread *t, Value *R, const Instr *pc);            // rare instructions, by table
bool raise_op(Thread *t, Value *R, const Instr *pc);

Value *frame_regs_back(Value *regs);                           // next outer Python frame, or null

bool frame_super_arguments(Thread *t, Value *out);             // frame_locals.c

// --- start-up ---
void arith_forms_init(void);
void compare_forms_init(void);
void frames_boot(void);

#endif
