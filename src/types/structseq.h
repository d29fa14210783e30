// structseq.h: named tuples of native modules (time.struct_time, os.stat_result, sys.flags …).
//
// An instance is a Tuple with room behind its items for fields that have a name but no index.
#ifndef ADDER_TYPES_STRUCTSEQ_H
#define ADDER_TYPES_STRUCTSEQ_H

#include "src/core/type.h"

#define STRUCTSEQ_UNNAMED ""           // a field that has an index but no name

typedef struct StructSeqField { const char *name, *doc; } StructSeqField;

typedef struct StructSeqDef {
    const char *name;                  // "module.name"
    const char *doc;
    const StructSeqField *fields;      // ended by a null name; those with an index first
    size_t visible;                    // fields with an index
    bool no_new;                       // programs cannot make instances (sys.flags)
} StructSeqDef;

// Makes the type; keep it in a static variable (it lives for ever). Null: error.
Type *structseq_type_new(Thread *t, const StructSeqDef *def);
// items: one per field, invisible ones included.
Value structseq_new(Thread *t, Type *type, const Value *items);

#endif
