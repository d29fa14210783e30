// itertools.h: what the files of the itertools module share.
#ifndef ADDER_MODULES_ITERTOOLS_H
#define ADDER_MODULES_ITERTOOLS_H

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/function.h"
#include "src/types/iterators.h"
#include "src/types/sequence.h"

// Starts the initialiser of an iterator type of the module.
#define ITERTOOLS_TYPE(row, py_name, struct_name, new_fn, next_fn, signature)                      \
    TYPE_HEAD(itertools_##row, "itertools." py_name, &type_object, struct_name),                   \
    .flags = TYPE_BASE, .new_signature = signature,                                                \
    .slots = {.new = new_fn, .iter = iterator_self, .next = next_fn}

// itertools_tee.c
Value itertools_tee(Thread *t, const Value *args, size_t nargs);

#endif
