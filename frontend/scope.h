// scope.h: scopes and the binding of every name in them.
//
// Built from the tree in two steps: scope_build.c records what each block defines and uses, scope_resolve.c decides what
// each name means there. Phase memory: all of it lives in the arena of the tree. A node that opens a scope has its number
// in Node.mark (an index into Scopes.all).
#pragma once

#include "frontend/ast.h"
#include "frontend/compile.h"

// The numbers are those of CPython's _symtable module.
typedef enum ScopeKind {
    SCOPE_FUNCTION, SCOPE_CLASS, SCOPE_MODULE,
    SCOPE_ANNOTATION,      // the __annotate__ function of a function, class or module
    SCOPE_TYPE_ALIAS,      // the lazily evaluated value of a `type` statement
    SCOPE_TYPE_PARAMS,     // "<generic parameters of …>"
    SCOPE_TYPE_VARIABLE,   // the lazily evaluated bound or default of a type parameter
} ScopeKind;

typedef enum ScopeComprehension { COMP_NONE, COMP_LIST, COMP_DICT, COMP_SET, COMP_GENERATOR } ScopeComprehension;

typedef enum Binding {
    BINDING_NONE, BINDING_LOCAL, BINDING_GLOBAL_EXPLICIT, BINDING_GLOBAL_IMPLICIT, BINDING_FREE, BINDING_CELL
} Binding;

// What the block does with a name; CPython's values.
enum {
    DEF_GLOBAL = 1, DEF_LOCAL = 2, DEF_PARAM = 4, DEF_NONLOCAL = 8, DEF_USE = 16, DEF_FREE_CLASS = 64,
    DEF_IMPORT = 128, DEF_ANNOT = 256, DEF_COMP_ITER = 512, DEF_TYPE_PARAM = 1024, DEF_COMP_CELL = 2048,
    DEF_BOUND = DEF_LOCAL | DEF_PARAM | DEF_IMPORT | DEF_TYPE_PARAM,
};

typedef struct Symbol {
    Value name;              // interned, mangled
    uint32_t flags;          // DEF_*
    Binding binding;
    AstSpan directive;       // of its global or nonlocal statement
} Symbol;

struct Scope {
    ScopeKind kind;
    ScopeComprehension comprehension;
    Value name;
    Node *node;              // the node that opened it
    Scope *parent;
    Scope *first_child, *last_child, *next;
    Scope *annotations;      // its body's annotation scope (AnnAssign), or of a function's parameters
    Scope *second;           // type variable: the scope of its default, when it has a bound too
    Value private_name;      // class name that mangles, or 0
    Symbol **symbols;        // in order of appearance
    Symbol **table;          // hash table by address of the interned name; size mask + 1
    uint32_t symbol_count, symbol_room, mask;
    ValueSeq params;         // parameter names in order: positional, keyword-only, *args, **kwargs
    int32_t param_room;
    ValueSeq *mangled;       // in the type parameter scope of a class: the only names that are mangled; else null
    AstSpan at;
    const char *info;        // SCOPE_TYPE_VARIABLE: "a TypeVar bound" …
    uint32_t id;             // index in Scopes.all
    bool nested, generator, coroutine, is_async, varargs, varkeywords, returns_value, method;
    bool inlined;            // a comprehension compiled into its parent's code
    bool needs_class_cell;   // class: a method uses __class__
    bool needs_classdict;    // class: an annotation scope looks names up in the namespace
    bool can_see_class;      // annotation or type parameter scope directly in a class
    bool in_conditional, has_conditional_annotations, unevaluated;
    bool comp_iter_expression, comp_iter_target, is_lambda;
    bool has_walrus;         // an assignment expression binds a name of this code's frame
};

typedef struct Scopes {
    Scope **all;             // all[0] is null: a node with mark 0 has no scope
    uint32_t count, room;
    Scope *top;
    unsigned future;         // CO_FUTURE_* in force
} Scopes;

// Builds and resolves the scopes of a tree. False with SyntaxError, MemoryError … pending.
MUST_CHECK bool scopes_build(Thread *t, Arena *arena, Node *mod, const CompileOptions *options, Scopes *out);
MUST_CHECK bool scopes_resolve(Thread *t, Arena *arena, Value filename, Scopes *scopes);

// Reads the __future__ imports. False with SyntaxError pending.
MUST_CHECK bool future_scan(Thread *t, Node *mod, Value filename, unsigned *out_features);

void scopes_dump(Thread *t, const Scopes *scopes, int fd);   // ADDER_DUMP=scopes
Symbol *scope_find(const Scope *scope, Value name);   // null: not there; name interned
Symbol *scope_symbol(Thread *t, Arena *arena, Scope *scope, Value name);   // finds or adds; null with MemoryError pending
bool scope_is_function_like(const Scope *scope);      // its names live in registers: all but modules and classes

// The mangled form of an identifier in a class called `private_name` (0: none), interned.
Value name_mangle(Thread *t, Value private_name, Value name);
Value scope_mangle(Thread *t, const Scope *scope, Value name);
static inline Scope *scope_of(const Scopes *scopes, const Node *node) { return scopes->all[node->mark]; }
