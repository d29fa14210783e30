// compiler.h: what the files of the bytecode compiler share.
//
// One Unit per code object under construction; Compiler.unit is the innermost. Instructions are collected with wide operands,
// label targets and the label of their handler; assemble.c makes Code of them. After an error `failed` is set with the
// exception pending: emission does nothing then and visits return soon, so callers need not test every step.
//
// Registers: first the parameters and other named locals, then cells, then free variables (see code.h), then temporaries,
// which are handed out like a stack. An expression is evaluated into a wanted register (`expr_into`: a named local is written
// last, by the instruction that can no longer fail) or wherever it lies (`expr_operand`: a local's own register, else a new
// temporary). All of it is phase memory in the tree's arena.
#pragma once

#include "frontend/scope.h"
#include "src/core/error.h"
#include "src/types/str.h"

typedef int32_t Reg;
typedef int32_t Label;
enum { CONSTANT_SHOWN = 1, CONSTANT_NAME = 2 };
enum { NODE_FOLDED = 0x8000 };   // Node.flags: a constant made by folding an operator
enum { NO_LABEL = -1, NO_REG = -1, NO_CLOSURE = 65535 };

typedef struct Insn {
    uint16_t op;
    bool dead;              // removed by a pass
    int32_t a, b, c;        // registers, small integers, constant numbers, slot numbers, as the shape says
    Label target;           // of a jump
    Label handler;          // where an exception goes on; NO_LABEL: leaves the frame
    Location at;
} Insn;

typedef struct LabelInfo {
    int32_t insn;           // index of the instruction it stands before; -1: not bound yet
    int32_t uses;           // jumps to it, and instructions that may raise to it
    Reg exception;          // unused unless a handler
} LabelInfo;

typedef struct Slot { Value operand[2]; int32_t operand_count; } Slot;

// A named register of the frame.
typedef struct Named { Value name; Reg reg; uint32_t owners; } Named;
typedef struct NamedList { Named *at; int32_t count, room; } NamedList;

typedef enum BlockKind {
    BLOCK_LOOP, BLOCK_FINALLY, BLOCK_HANDLER, BLOCK_HANDLER_NAME, BLOCK_WITH, BLOCK_ASYNC_WITH, BLOCK_STAR_HANDLER, BLOCK_FINALLY_BODY
} BlockKind;

// What lies around the statement being compiled; on the C stack.
typedef struct Block {
    BlockKind kind;
    struct Block *outer;
    Label on_break, on_continue;   // loops
    Label handler;                 // in force outside the block
    Reg reg;                       // handler: R[reg] exception; with: window of __exit__
    NodeSeq body;                  // finally
    Value name;                    // handler's name
    Node *node;
    bool has_iterator;
} Block;

typedef struct Unit {
    struct Unit *outer;
    Scope *scope;                  // of the code itself
    Scope *names_scope;            // innermost inlined comprehension, or scope
    Value name, qualname, private_name;
    Insn *insns;
    int32_t insn_count, insn_room;
    LabelInfo *labels;
    int32_t label_count, label_room;
    Value *constants;              // numbers are indices; names among them
    uint8_t *constant_uses;        // CONSTANT_SHOWN: belongs to co_consts; CONSTANT_NAME: to co_names
    int32_t constant_count, constant_room;
    int32_t *constant_table;       // hash table of numbers + 1
    uint32_t constant_mask;
    Slot *slots;
    int32_t slot_count, slot_room;
    Value *names;                  // co_names
    int32_t name_count, name_room;
    NamedList locals, cells, frees;
    int32_t arg_count, posonly_count, kwonly_count, param_count;
    Reg first_temp, next_temp, register_count;
    int32_t exit;                  // instruction where the implicit return starts, or -1
    Block *blocks;
    int32_t block_depth;
    Label handler;                 // in force now
    bool dead;                     // no way leads here
    bool namespace_code;
    bool has_docstring;
    uint32_t flags;
    int32_t first_line;
    int32_t static_room;
    ValueSeq static_attributes;    // class: names its methods assign to self
    NodeSeq annotations;           // AnnAssign statements whose annotations are evaluated lazily
    int32_t *annotation_index;     // number in __conditional_annotations__, or -1
    int32_t annotation_room, conditional_count;
    int32_t conditional_depth;     // > 0: in a statement that may not run
} Unit;

typedef struct Compiler {
    Thread *t;
    Arena *arena;
    const CompileOptions *options;
    int optimize;
    Scopes scopes;
    Unit *unit;
    Location at;                   // of the node being compiled
    bool failed;
    bool interactive;
    int silent;                    // > 0: a copy of code that was compiled before: no warnings
} Compiler;

static inline NodeSeq no_nodes(void) { return (NodeSeq){0, NULL}; }
static inline Location location_of(const Node *node)
{
    return (Location){node->at.lineno, node->at.end_lineno, node->at.col_offset, node->at.end_col_offset};
}
static inline Location no_location(void) { return (Location){0, 0, -1, -1}; }

// --- emit.c: instructions, labels, temporaries, constants ---
void *unit_grow(Compiler *c, void *old, int32_t count, int32_t *room, size_t size);   // null: failed
void emit(Compiler *c, Opcode op, int32_t a, int32_t b, int32_t k);
void emit_jump(Compiler *c, Opcode op, int32_t a, int32_t b, Label target);
void emit_goto(Compiler *c, Label target);         // a jump that belongs to no line of its own
void emit_line(Compiler *c);                       // marks the line at hand for tracing, should nothing else
Label label_new(Compiler *c);
void label_bind(Compiler *c, Label label);          // code goes on here if any jump reaches it
void label_bind_loop(Compiler *c, Label label);     // top of a loop: reached from below if the loop itself is reached
void emit_loop_entry(Compiler *c, Label condition, Label body);   // jumps to the condition below; the body starts here
Reg temp_new(Compiler *c);
Reg temp_run(Compiler *c, int32_t n);               // n in a row
void temp_reset(Compiler *c, Reg mark);             // gives back all from mark up
static inline Reg temp_mark(const Compiler *c) { return c->unit->next_temp; }
void temp_reach(Compiler *c, Reg end);              // the frame needs registers below `end`
static inline bool is_temp(const Compiler *c, Reg r) { return r >= c->unit->first_temp; }
int32_t constant_number(Compiler *c, Value v, bool shown);
int32_t name_number(Compiler *c, Value name);       // constant that is a name (mangled already); goes to co_names
int32_t slot_new(Compiler *c, Value operand);
int32_t slot_new2(Compiler *c, Value operand, Value second);
int32_t slot_name(Compiler *c, Value name);         // slot for a name; goes to co_names
void emit_const(Compiler *c, Reg dst, Value v);     // LOAD_INT or LOAD_CONST
void emit_move(Compiler *c, Reg dst, Reg src);
void compile_error(Compiler *c, AstSpan at, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool compile_enter(Compiler *c);                    // false: no C stack left (RecursionError) or failed
Value mangle(Compiler *c, Value name);
void compile_fail(Compiler *c);                     // an exception is pending
Value checked(Compiler *c, Value v);                // v; 0 sets failed

// --- unit.c: code objects in the making ---
bool unit_enter(Compiler *c, Unit *unit, Scope *scope, Value name, int32_t first_line);
Value unit_finish(Compiler *c);                     // assembles, leaves the unit; 0 when failed
void unit_prologue(Compiler *c);                    // closure, cells, generator, RESUME
Reg unit_named(const NamedList *list, Value name);  // NO_REG: not there
Value code_assemble(Compiler *c, Unit *unit);       // assemble.c
bool lines_finish(Compiler *c, Unit *unit);         // lines.c
void thread_jumps(Unit *u);                         // assemble.c
bool flow_optimize(Compiler *c, Unit *unit);        // flow.c

// --- names: compile_name.c ---
typedef enum NamePlace { PLACE_LOCAL, PLACE_CELL, PLACE_GLOBAL, PLACE_NAME, PLACE_CLASS_CELL, PLACE_DICT_CELL, PLACE_DICT_GLOBAL } NamePlace;
typedef struct NameRef { NamePlace place; Reg reg; Value name; } NameRef;
NameRef name_ref(Compiler *c, Value id);            // mangles
void name_load(Compiler *c, Value id, Reg dst);
Reg name_operand(Compiler *c, Value id);            // a local's own register or a new temporary
void name_store(Compiler *c, Value id, Reg src);
void name_delete(Compiler *c, Value id);
Reg name_target(Compiler *c, Value id);             // register of a plain local to write directly, or NO_REG
Reg closure_of(Compiler *c, const Unit *inner);     // builds the closure tuple in a temporary; NO_REG: none

// --- expressions ---
void expr_into(Compiler *c, Node *e, Reg dst);
Reg expr_operand(Compiler *c, Node *e);
Reg expr_temp(Compiler *c, Node *e);                // always a new temporary
Reg expr_stable(Compiler *c, Node *e, Node *later); // as operand, copied when `later` may rebind it
void expr_discard(Compiler *c, Node *e);
bool expr_rebinds(Compiler *c, Node *e, Reg reg);
Value expr_constant(Node *e);                       // value of a Constant, or 0
void jump_if(Compiler *c, Node *e, Label target, bool when);
void compile_bin_op(Compiler *c, Node *e, Reg dst);
void compile_unary_op(Compiler *c, Node *e, Reg dst);
void compile_bool_op(Compiler *c, Node *e, Reg dst);
void compile_compare(Compiler *c, Node *e, Reg dst);
void compile_if_exp(Compiler *c, Node *e, Reg dst);
void compile_call(Compiler *c, Node *e, Reg dst);
// What a call passes: registers filled already, then args, then `last`, then keywords.
typedef struct CallArgs {
    NodeSeq args, keywords;
    int32_t placed;         // values that stand at the window's argument registers
    Reg last;               // one more positional argument, or NO_REG
} CallArgs;
void compile_call_window(Compiler *c, Reg window, bool method, const CallArgs *args, Reg dst);
void compile_attribute(Compiler *c, Node *e, Reg dst);
void compile_subscript(Compiler *c, Node *e, Reg dst);
void compile_slice_parts(Compiler *c, Node *slice, Reg run, int32_t n);
bool compile_super_parts(Compiler *c, Node *e, Reg triple);
void emit_binary(Compiler *c, int32_t op, bool inplace, Reg dst, Reg left, Node *right);
int constant_truth(Value v);
bool is_two_part_slice(const Node *slice);
void compile_list(Compiler *c, Node *e, Reg dst);
void compile_tuple(Compiler *c, Node *e, Reg dst);
void compile_set(Compiler *c, Node *e, Reg dst);
void compile_dict(Compiler *c, Node *e, Reg dst);
void emit_add_elements(Compiler *c, NodeSeq elements, Opcode add, Opcode extend, Reg list);
bool has_starred(NodeSeq elements);
enum { RUN_MAX = 200 };     // longest run of registers for a display or call; longer ones are built step by step
void compile_joined_str(Compiler *c, Node *e, Reg dst);
void compile_formatted_value(Compiler *c, Node *e, Reg dst);
void compile_template_str(Compiler *c, Node *e, Reg dst);
void compile_interpolation(Compiler *c, Node *e, Reg dst);
void compile_comprehension(Compiler *c, Node *e, Reg dst);
void compile_lambda(Compiler *c, Node *e, Reg dst);
void compile_named_expr(Compiler *c, Node *e, Reg dst);
void compile_yield(Compiler *c, Node *e, Reg dst);
void compile_yield_from(Compiler *c, Node *e, Reg dst);
void compile_await(Compiler *c, Node *e, Reg dst);
void emit_await(Compiler *c, Reg value, int kind);  // awaits R[value], result in R[value]; kind as GET_AWAITABLE's c
void emit_send_loop(Compiler *c, Reg value, Reg iterator);
void emit_yield(Compiler *c, Reg value, Reg dst);

// --- assignment ---
void store_target(Compiler *c, Node *target, Reg src);
void delete_target(Compiler *c, Node *target);
void compile_unpack(Compiler *c, NodeSeq targets, Reg src);

// --- statements ---
void compile_body(Compiler *c, NodeSeq body);
void compile_assign(Compiler *c, Node *s);
void compile_aug_assign(Compiler *c, Node *s);
void compile_ann_assign(Compiler *c, Node *s);
void compile_delete(Compiler *c, Node *s);
void compile_if(Compiler *c, Node *s);
void compile_while(Compiler *c, Node *s);
void compile_for(Compiler *c, Node *s);
void compile_async_for(Compiler *c, Node *s);
void compile_break(Compiler *c, Node *s);
void compile_continue(Compiler *c, Node *s);
void compile_return(Compiler *c, Node *s);
void compile_try(Compiler *c, Node *s);
void compile_try_star(Compiler *c, Node *s);
void compile_raise(Compiler *c, Node *s);
void compile_assert(Compiler *c, Node *s);
void compile_with(Compiler *c, Node *s);
void compile_match(Compiler *c, Node *s);
void compile_import(Compiler *c, Node *s);
void compile_import_from(Compiler *c, Node *s);
void compile_function(Compiler *c, Node *s);
void compile_class(Compiler *c, Node *s);
void compile_type_alias(Compiler *c, Node *s);

// --- blocks: compile_block.c ---
void block_push(Compiler *c, Block *block, AstSpan at);
void block_pop(Compiler *c, Block *block);
// Emits what leaving `block` takes, as seen from outside it.
void block_unwind(Compiler *c, Block *block);
void emit_forget_name(Compiler *c, Value name);     // end of a handler: name = None; del name
void emit_exit_call(Compiler *c, const Block *with, Reg window);   // __exit__(None, None, None)
void emit_handler_cleanup(Compiler *c, Label cleanup, Reg exception);   // pops the handled exception, raises the new one again
void emit_reraise(Compiler *c, Reg exception);                          // ends a handler by raising what it caught
// Async for's and comprehension's common part.
void emit_anext(Compiler *c, Reg iterator, Reg dst, Label done_handler);

// --- functions, classes, annotations ---
void make_function(Compiler *c, Value code, Unit *inner, Reg dst);      // MAKE_FUNCTION with closure
Value code_of_lambda(Compiler *c, Node *e, Unit *unit);
Value body_docstring(Compiler *c, NodeSeq body);                        // cleaned; 0: none
Value generic_name(Compiler *c, Value name);                            // "<generic parameters of name>"
Value qualname_for(Compiler *c, Value name);
Reg open_decorators(Compiler *c, NodeSeq decorators);
void close_decorators(Compiler *c, NodeSeq decorators, Reg decorated);
void compile_type_params(Compiler *c, NodeSeq params, Reg dst);
void emit_annotation_prologue(Compiler *c);
void emit_module_annotations(Compiler *c);                              // __annotate__ of a class body, at its end
void open_class_annotations(Compiler *c);
int32_t open_module_annotations(Compiler *c);
void close_module_annotations(Compiler *c, int32_t number);
Reg compile_signature_annotations(Compiler *c, Node *arguments, Node *returns, Node *function);   // NO_REG: none
void compile_annotation_value(Compiler *c, Node *annotation, Reg dst);

// --- warnings: compile_warn.c ---
void warn_syntax_at(Compiler *c, AstSpan at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void warn_compare(Compiler *c, Node *compare);
void warn_call(Compiler *c, Node *call);
void warn_subscript(Compiler *c, Node *subscript);

// --- fold.c ---
MUST_CHECK Node *fold_tree(Thread *t, Arena *arena, Node *mod, const CompileOptions *options, int optimize);
