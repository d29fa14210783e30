// sequence.h: what the builtin sequences and their friends share: comparison, repr of items, bounds, constructor checks.
#ifndef ADDER_TYPES_SEQUENCE_H
#define ADDER_TYPES_SEQUENCE_H

#include "src/ops/ops.h"
#include "src/types/str_builder.h"

// True for values that number_index accepts.
static inline bool is_index(Value v) { return is_int(v) || (is_object(v) && type_of(v)->slots.to_index); }

// Items compared lexicographically as sequences do; the arrays do not change meanwhile.
Value sequences_compare(Thread *t, const Value *a, size_t a_length, const Value *b, size_t b_length, CompareOp op);
// The outcome of comparing two lengths, or of three-way order, under op.
bool order_matches(int order, CompareOp op);
// "item, item, item" by repr.
MUST_CHECK bool values_repr(Thread *t, StrBuilder *b, const Value *items, size_t n);
// Optional start and stop arguments of index(): 0 when omitted; clipped into [0, length] like slices, without a step.
MUST_CHECK bool sequence_bounds(Thread *t, Value start, Value stop, int64_t length, int64_t *out_start, int64_t *out_stop);
// Arguments of the constructor of a builtin whose keywords are forbidden: subclasses with an __init__ of their own may have them.
MUST_CHECK bool constructor_check(Thread *t, const Type *cls, const Type *builtin, size_t nargs, Value kwnames, size_t least,
                                  size_t most);
// builtins.<name>, for __reduce__ of iterators.
Value builtin_named(Thread *t, Value name);

#endif
