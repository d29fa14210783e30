// functools.h: what the files of the _functools module share.
#ifndef ADDER_MODULES_FUNCTOOLS_H
#define ADDER_MODULES_FUNCTOOLS_H

#include "src/core/native.h"
#include "src/core/shape.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/tuple.h"

// The argument of partial() that stands for one given later.
extern Object placeholder_object;
#define PLACEHOLDER value_of(&placeholder_object)

// Immutable but for __setstate__ and the attributes.
typedef struct Partial {
    Object head;
    Value function;
    Value args;                   // tuple
    Value keywords;               // Dict
    size_t placeholders;          // how many of args
    AttrArea attributes;          // no inline slots
} Partial;

Value partial_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames);

#endif
