// misc_ops.h: bodies of rare instructions that stand in files by topic; misc_op finds them by table.
#ifndef ADDER_INTERP_MISC_OPS_H
#define ADDER_INTERP_MISC_OPS_H

#include "src/interp/interp.h"

typedef bool (*MiscFn)(Thread *t, Value *R, const Instr *pc);
bool misc_result(Value *R, const Instr *pc, Value v);

Value awaitable_iterator(Thread *t, Value v);
Value async_generator_wrap(Thread *t, Value v);

bool import_name_op(Thread *t, Value *R, const Instr *pc);
bool import_from_op(Thread *t, Value *R, const Instr *pc);
bool import_star_op(Thread *t, Value *R, const Instr *pc);
bool match_mapping_op(Thread *t, Value *R, const Instr *pc);
bool match_sequence_op(Thread *t, Value *R, const Instr *pc);
bool match_keys_op(Thread *t, Value *R, const Instr *pc);
bool match_class_op(Thread *t, Value *R, const Instr *pc);
bool copy_dict_without_op(Thread *t, Value *R, const Instr *pc);

#endif
