// function.h: Python functions, bound methods, cells, modules, slices, ranges, properties …: structs that several files share.
#ifndef ADDER_TYPES_FUNCTION_H
#define ADDER_TYPES_FUNCTION_H

#include "src/core/shape.h"

typedef struct Code Code;

// Attributes are changed one word at a time (publish); `version` gets a new number whenever code or defaults change.
typedef struct Function {
    Object head;
    Code *code;
    Value globals, builtins;      // Dicts
    Value closure;                // tuple of cells or 0
    Value defaults;               // tuple or 0
    Value kwdefaults;             // Dict or 0
    Value name, qualname, module, doc;   // doc may be 0 → None
    Value annotate, annotations;  // or 0
    Value type_params;            // tuple or 0
    uint64_t version;
    AttrArea attributes;          // no inline slots
} Function;

Value function_new(Thread *t, Code *code, Value globals, Value closure);   // closure may be 0

typedef struct Method { Object head; Value function, self; } Method;
Value method_new(Thread *t, Value function, Value self);

typedef struct Cell { Object head; Value value; } Cell;                   // value 0: empty; one word, any thread
MUST_CHECK Cell *cell_new(Thread *t, Value value);

typedef struct Module {
    Object head;
    Value dict;                   // Dict
    const void *def;              // ModuleDef of a native module or null
    AttrArea attributes;          // unused: attributes live in dict
} Module;
MUST_CHECK Module *module_new(Thread *t, Value name);                     // with __name__, __doc__, __package__, __loader__, __spec__

typedef struct Slice { Object head; Value start, stop, step; } Slice;
Value slice_new(Thread *t, Value start, Value stop, Value step);
// Resolves against length. False with an exception pending.
MUST_CHECK bool slice_indices(Thread *t, Value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step, int64_t *count);

typedef struct Range { Object head; Value start, stop, step, length; } Range;   // exact ints; length ≥ 0
typedef struct RangeIterator { Object head; int64_t next, step; uint64_t left; } RangeIterator;   // values fit fixnums; relaxed words

typedef struct Property { Object head; Value get, set, del, doc, name; bool doc_from_getter; AttrArea attributes; } Property;
typedef struct ClassMethod { Object head; Value function; AttrArea attributes; } ClassMethod;
typedef struct StaticMethod { Object head; Value function; AttrArea attributes; } StaticMethod;
Value generic_alias_new(Thread *t, Value origin, Value args);               // origin[args]; args: one value or a tuple (generic_alias.c)
typedef struct Super { Object head; Type *type; Value object; Type *object_type; } Super;

#endif
