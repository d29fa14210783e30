// compile.h: syntax tree to code objects.
//
// No global state: any number of threads may compile at once. Phase memory is the caller's arena (compile_ast) or an
// arena of its own (compile_source). After an error the exception is pending and the result is 0.
#pragma once

#include "frontend/parser.h"
#include "src/code/code.h"

// Flags of compile() beyond the parser's; CPython's values.
enum {
    COMPILE_ONLY_AST = 0x400,
    COMPILE_ALLOW_TOP_LEVEL_AWAIT = 0x2000,
    COMPILE_OPTIMIZED_AST = 0x8000 | COMPILE_ONLY_AST,
    COMPILE_FUTURE_MASK = 0x1fe0000,   // CO_FUTURE_* bits that code inherits
};

typedef struct CompileOptions {
    Value filename;         // Str
    unsigned flags;         // PARSE_*, COMPILE_*, CO_FUTURE_*
    int optimize;           // 0, 1 (no asserts, __debug__ false), 2 (no docstrings either); -1: the VM's level
    int feature_version;    // for the parser; <= 0: current
    Value module;           // Str or 0: module name for warnings filters
} CompileOptions;

// Text to a Code object (CODE_NAMESPACE code): parse, fold, scopes, bytecode.
Value compile_source(Thread *t, const char *text, size_t n, ParseMode mode, const CompileOptions *options);

// Module, Interactive or Expression node to a Code object. The tree is changed by folding.
Value compile_ast(Thread *t, Arena *arena, Node *mod, const CompileOptions *options);

// Folds constants in place as the compiler would (compile(..., PyCF_OPTIMIZED_AST)); null with an exception pending.
MUST_CHECK Node *compile_fold(Thread *t, Arena *arena, Node *mod, const CompileOptions *options);

// The tree of _symtable.symtable(): see src/modules/symtable_mod.c.
typedef struct Scope Scope;
MUST_CHECK Scope *compile_scopes(Thread *t, Arena *arena, Node *mod, const CompileOptions *options);
