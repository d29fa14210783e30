// ast.h: the syntax tree in C: one struct per class of ast.def, plus what is needed to walk it.
//
// Nodes live in an arena (phase memory): they die together, and the collector scans them for the
// Values they hold. A node starts with a Node head; its kind says which struct follows:
//     if (node->kind == AST_If) { AstIf *n = as_If(node); compile(c, n->test); ... }
// Operators, contexts and comparison operators are plain numbers (AST_Add, AST_Store, AST_NotIn).
// Sequences never are null: an empty one has count 0. Holes (MANY_OPT) are null elements.
// The positions are CPython's: lines from 1, columns from 0 in UTF-8 bytes.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "frontend/arena.h"
#include "src/core/value.h"

typedef struct AstSpan {
    int32_t lineno, col_offset, end_lineno, end_col_offset;
} AstSpan;

// Node.flags, set by the parser.
enum {
    AST_FLAG_PARENS = 1,   // the source had this expression in its own parentheses
};

typedef struct Node {
    uint16_t kind;    // AstKind
    uint16_t flags;   // AST_FLAG_*
    uint32_t mark;    // 0 from the parser; free for the compiler (say, a scope's number)
    AstSpan at;       // all 0 where the class has no position
} Node;

typedef struct NodeSeq {
    int32_t count;
    Node **at;
} NodeSeq;

typedef struct ValueSeq {
    int32_t count;
    Value *at;
} ValueSeq;

typedef struct ChoiceSeq {
    int32_t count;
    int32_t *at;
} ChoiceSeq;

// C types by field type and quantity.
#define AST_C_ONE(type) AST_ONE_##type
#define AST_C_OPT(type) AST_ONE_##type
#define AST_C_MANY(type) AST_MANY_##type
#define AST_C_MANY_OPT(type) AST_MANY_##type

#define AST_ONE_identifier Value
#define AST_ONE_string Value
#define AST_ONE_constant Value
#define AST_ONE_int int32_t
#define AST_ONE_expr_context int32_t
#define AST_ONE_boolop int32_t
#define AST_ONE_operator int32_t
#define AST_ONE_unaryop int32_t
#define AST_ONE_cmpop int32_t
#define AST_ONE_mod Node *
#define AST_ONE_stmt Node *
#define AST_ONE_expr Node *
#define AST_ONE_comprehension Node *
#define AST_ONE_excepthandler Node *
#define AST_ONE_arguments Node *
#define AST_ONE_arg Node *
#define AST_ONE_keyword Node *
#define AST_ONE_alias Node *
#define AST_ONE_withitem Node *
#define AST_ONE_match_case Node *
#define AST_ONE_pattern Node *
#define AST_ONE_type_ignore Node *
#define AST_ONE_type_param Node *
#define AST_MANY_identifier ValueSeq
#define AST_MANY_cmpop ChoiceSeq
#define AST_MANY_stmt NodeSeq
#define AST_MANY_expr NodeSeq
#define AST_MANY_comprehension NodeSeq
#define AST_MANY_excepthandler NodeSeq
#define AST_MANY_arg NodeSeq
#define AST_MANY_keyword NodeSeq
#define AST_MANY_alias NodeSeq
#define AST_MANY_withitem NodeSeq
#define AST_MANY_match_case NodeSeq
#define AST_MANY_pattern NodeSeq
#define AST_MANY_type_ignore NodeSeq
#define AST_MANY_type_param NodeSeq

// The classes that are structs in C, in the table's order: sums' members and products.
typedef enum AstKind {
    AST_NONE,
#define AST_NODE(sum, name, fields) AST_##name,
#define AST_PRODUCT(name, spans, fields) AST_##name,
#include "frontend/ast.def"
    AST_KIND_COUNT
} AstKind;

// Choices are numbered from 0 within each sum.
typedef enum AstExprContext { AST_Load, AST_Store, AST_Del } AstExprContext;
typedef enum AstBoolop { AST_And, AST_Or } AstBoolop;
typedef enum AstOperator {
    AST_Add, AST_Sub, AST_Mult, AST_MatMult, AST_Div, AST_Mod, AST_Pow, AST_LShift, AST_RShift,
    AST_BitOr, AST_BitXor, AST_BitAnd, AST_FloorDiv
} AstOperator;
typedef enum AstUnaryop { AST_Invert, AST_Not, AST_UAdd, AST_USub } AstUnaryop;
typedef enum AstCmpop {
    AST_Eq, AST_NotEq, AST_Lt, AST_LtE, AST_Gt, AST_GtE, AST_Is, AST_IsNot, AST_In, AST_NotIn
} AstCmpop;

#define F(quantity, type, name) AST_C_##quantity(type) name;
#define AST_NODE(sum, name, fields) \
    typedef struct Ast##name { \
        Node head; \
        fields \
    } Ast##name;
#define AST_PRODUCT(name, spans, fields) AST_NODE(product, name, fields)
#include "frontend/ast.def"
#undef F

// The checked casts: as_If(node)->test.
#define AST_NODE(sum, name, fields) \
    static inline Ast##name *as_##name(const Node *node) \
    { \
        return (Ast##name *)node; \
    }
#define AST_PRODUCT(name, spans, fields) AST_NODE(product, name, fields)
#include "frontend/ast.def"

// Makes a node: ast_new(t, arena, If, span, .test = e, .body = seq). Null with MemoryError pending.
#define ast_new(t, arena, Kind, span, ...) \
    ((Node *)ast_copy(t, arena, \
                      &(Ast##Kind){.head = {.kind = AST_##Kind, .at = (span)}, ##__VA_ARGS__}, \
                      sizeof(Ast##Kind)))

static inline void *ast_copy(Thread *t, Arena *arena, const void *from, size_t size)
{
    void *node = arena_alloc(t, arena, size);
    if (node)
        __builtin_memcpy(node, from, size);
    return node;
}

// ---- The table as data: what converters, visitors and dumps work from. ----

typedef enum AstQuantity { AST_ONE, AST_OPT, AST_MANY, AST_MANY_OPT } AstQuantity;

// What a field holds. Sums and products of nodes all are AST_IS_NODE; `sum` tells which.
typedef enum AstFieldShape {
    AST_IS_NODE,
    AST_IS_IDENTIFIER,
    AST_IS_STRING,
    AST_IS_CONSTANT,
    AST_IS_INT,
    AST_IS_CHOICE,
} AstFieldShape;

// Every sum, product and builtin field type; names as in the table.
typedef enum AstType {
    AST_TYPE_identifier,
    AST_TYPE_string,
    AST_TYPE_constant,
    AST_TYPE_int,
#define AST_SUM(sum, spans, doc) AST_TYPE_##sum,
#define AST_CHOICES(sum) AST_TYPE_##sum,
#define AST_PRODUCT(name, spans, fields) AST_TYPE_##name,
#include "frontend/ast.def"
    AST_TYPE_COUNT
} AstType;

typedef struct AstField {
    const char *name;
    uint8_t quantity;   // AstQuantity
    uint8_t type;       // AstType
    uint8_t shape;      // AstFieldShape
    uint16_t offset;    // within the node's struct
} AstField;

typedef struct AstFields {
    int count;
    const AstField *at;
} AstFields;

typedef struct AstClass {
    const char *name;
    uint16_t type;             // AstType: its sum, or itself when it is a product
    uint16_t size;             // of the C struct
    bool has_span;
    bool is_product;
    AstFields (*fields)(void);
} AstClass;

extern const AstClass ast_classes[AST_KIND_COUNT];   // by AstKind; [0] is unused

// Says what a type of the table is.
typedef struct AstTypeInfo {
    const char *name;
    uint8_t shape;                // AstFieldShape
    uint8_t has_span;
    uint8_t choice_count;
    const char *const *choices;   // names by number, for AST_IS_CHOICE
} AstTypeInfo;

extern const AstTypeInfo ast_types[AST_TYPE_COUNT];

// Calls `visit` for each direct child node in field order; stops and returns false when it does.
typedef bool (*AstVisit)(void *context, Node *child);
bool ast_each_child(Node *node, AstVisit visit, void *context);

// The text of ast.dump(tree, include_attributes=...), as a str Value; 0 with an error pending.
typedef enum AstDumpFlags { AST_DUMP_ATTRIBUTES = 1 } AstDumpFlags;
Value ast_dump(Thread *t, const Node *tree, unsigned flags);
