// ast_objects.h: the module _ast: syntax trees as Python objects, and their way to and from the compiler's nodes.
#ifndef ADDER_MODULES_AST_OBJECTS_H
#define ADDER_MODULES_AST_OBJECTS_H

#include "frontend/ast.h"
#include "frontend/parser.h"
#include "src/core/object.h"

// The classes; made once, at the first use; immutable afterwards.
typedef struct AstObjects {
    Value base;                                  // class AST
    Value kinds[AST_KIND_COUNT];                 // class of each node kind
    Value types[AST_TYPE_COUNT];                 // class of each sum and product; 0 for builtin field types
    Value choices[AST_TYPE_COUNT][16];           // class of each choice, by number
    Value choice_instances[AST_TYPE_COUNT][16];  // the one Load(), Add() …
    bool ready;
} AstObjects;

const AstObjects *ast_objects(Thread *t);        // null: error
Value ast_to_object(Thread *t, const Node *tree);
// The tree an object stands for, which must fit `mode`; null: TypeError, ValueError … pending.
Node *ast_from_object(Thread *t, Arena *arena, Value object, ParseMode mode);
bool ast_is_object(Thread *t, Value v);          // an instance of ast.AST? (false too when the module was never needed)
bool ast_boot_classes(Thread *t);

// ast_type.c: slots of class AST
extern Type type_ast;

#endif
