// ast.c: the AST table as data, and walking over trees by it.

#include "frontend/ast.h"

static const char *const expr_context_names[] = {"Load", "Store", "Del"};
static const char *const boolop_names[] = {"And", "Or"};
static const char *const operator_names[] = {"Add",    "Sub",    "Mult",  "MatMult", "Div",
                                             "Mod",    "Pow",    "LShift", "RShift", "BitOr",
                                             "BitXor", "BitAnd", "FloorDiv"};
static const char *const unaryop_names[] = {"Invert", "Not", "UAdd", "USub"};
static const char *const cmpop_names[] = {"Eq", "NotEq", "Lt",    "LtE", "Gt",
                                          "GtE", "Is",    "IsNot", "In",  "NotIn"};

#define NOSPAN 0
#define SPAN 1

const AstTypeInfo ast_types[AST_TYPE_COUNT] = {
    [AST_TYPE_identifier] = {"identifier", AST_IS_IDENTIFIER, 0, 0, NULL},
    [AST_TYPE_string] = {"string", AST_IS_STRING, 0, 0, NULL},
    [AST_TYPE_constant] = {"constant", AST_IS_CONSTANT, 0, 0, NULL},
    [AST_TYPE_int] = {"int", AST_IS_INT, 0, 0, NULL},
#define AST_SUM(sum, spans, doc) [AST_TYPE_##sum] = {#sum, AST_IS_NODE, spans, 0, NULL},
#define AST_PRODUCT(name, spans, fields) [AST_TYPE_##name] = {#name, AST_IS_NODE, spans, 0, NULL},
#define AST_CHOICES(sum) \
    [AST_TYPE_##sum] = {#sum, AST_IS_CHOICE, 0, COUNT_OF(sum##_names), sum##_names},
#include "frontend/ast.def"
};

// Shapes by type, for the fields' table.
enum {
    SHAPE_OF_identifier = AST_IS_IDENTIFIER,
    SHAPE_OF_string = AST_IS_STRING,
    SHAPE_OF_constant = AST_IS_CONSTANT,
    SHAPE_OF_int = AST_IS_INT,
#define AST_SUM(sum, spans, doc) SHAPE_OF_##sum = AST_IS_NODE,
#define AST_PRODUCT(name, spans, fields) SHAPE_OF_##name = AST_IS_NODE,
#define AST_CHOICES(sum) SHAPE_OF_##sum = AST_IS_CHOICE,
#include "frontend/ast.def"
};

// One function per class, whose array of fields knows the struct as Owner.
#define F(quantity, type, name) \
    {#name, AST_##quantity, AST_TYPE_##type, SHAPE_OF_##type, offsetof(Owner, name)},
#define FIELDS_OF(name, ...) \
    static AstFields fields_of_##name(void) \
    { \
        typedef Ast##name Owner; \
        static const AstField table[] = {__VA_ARGS__{NULL, 0, 0, 0, sizeof(Owner)}}; \
        return (AstFields){(int)COUNT_OF(table) - 1, table}; \
    }
#define AST_NODE(sum, name, fields) FIELDS_OF(name, fields)
#define AST_PRODUCT(name, spans, fields) FIELDS_OF(name, fields)
#include "frontend/ast.def"
#undef F

enum {
#define AST_SUM(sum, spans, doc) HAS_SPAN_##sum = spans,
#include "frontend/ast.def"
};

const AstClass ast_classes[AST_KIND_COUNT] = {
#define F(quantity, type, name)
#define AST_NODE(sum, name, fields) \
    [AST_##name] = {#name, AST_TYPE_##sum, sizeof(Ast##name), HAS_SPAN_##sum, false, \
                    fields_of_##name},
#define AST_PRODUCT(name, spans, fields) \
    [AST_##name] = {#name, AST_TYPE_##name, sizeof(Ast##name), spans, true, fields_of_##name},
#include "frontend/ast.def"
#undef F
};

static bool visit_field(const Node *node, const AstField *field, AstVisit visit, void *context)
{
    const char *place = (const char *)node + field->offset;
    if (field->quantity == AST_ONE || field->quantity == AST_OPT) {
        Node *child = *(Node *const *)place;
        return !child || visit(context, child);
    }
    const NodeSeq *seq = (const NodeSeq *)place;
    for (int i = 0; i < seq->count; i++)
        if (seq->at[i] && !visit(context, seq->at[i]))
            return false;
    return true;
}

bool ast_each_child(Node *node, AstVisit visit, void *context)
{
    AstFields fields = ast_classes[node->kind].fields();
    for (int i = 0; i < fields.count; i++)
        if (fields.at[i].shape == AST_IS_NODE &&
            !visit_field(node, &fields.at[i], visit, context))
            return false;
    return true;
}
