// parser_target.c: assignment targets. They are parsed as expressions and then turned over.

#include "frontend/parse.h"

static bool make_targets(Parser *p, NodeSeq elts, AstExprContext ctx)
{
    for (int i = 0; i < elts.count; i++)
        if (!make_target(p, elts.at[i], ctx))
            return false;
    return true;
}

// Sets the context of a target and of all within. False when it is no target: no error is pending.
bool make_target(Parser *p, Node *node, AstExprContext ctx)
{
    switch (node->kind) {
    case AST_Name:
        as_Name(node)->ctx = ctx;
        return true;
    case AST_Attribute:
        as_Attribute(node)->ctx = ctx;
        return true;
    case AST_Subscript:
        as_Subscript(node)->ctx = ctx;
        return true;
    case AST_Starred:
        as_Starred(node)->ctx = ctx;
        return ctx == AST_Store && as_Starred(node)->value->kind != AST_Starred &&
               make_target(p, as_Starred(node)->value, ctx);
    case AST_List:
        as_List(node)->ctx = ctx;
        return make_targets(p, as_List(node)->elts, ctx);
    case AST_Tuple:
        as_Tuple(node)->ctx = ctx;
        return make_targets(p, as_Tuple(node)->elts, ctx);
    default:
        return false;
    }
}

// '*' star_target | target: a primary, so that any operator ends it.
Node *parse_star_target(Parser *p)
{
    int first = p->at;
    bool star = accept(p, TOKEN_STAR);
    Node *value = parse_primary(p);
    if (!value || !make_target(p, value, AST_Store))
        return NULL;
    return star ? make(p, Starred, span_from(p, first), .value = value, .ctx = AST_Store) : value;
}

Node *parse_star_targets(Parser *p)
{
    int first = p->at, base = p->stack_count;
    Node *target = parse_star_target(p);
    if (!target || !at_token(p, TOKEN_COMMA))
        return target;
    if (!push(p, target))
        return NULL;
    while (accept(p, TOKEN_COMMA) && starts_expression(p)) {
        target = parse_star_target(p);
        if (!target || !push(p, target))
            return NULL;
    }
    NodeSeq elts;
    if (!pop_nodes(p, base, &elts))
        return NULL;
    return make(p, Tuple, span_from(p, first), .elts = elts, .ctx = AST_Store);
}

static Node *find_invalid_in(NodeSeq elts, TargetKind kind)
{
    for (int i = 0; i < elts.count; i++) {
        Node *bad = find_invalid_target(elts.at[i], kind);
        if (bad)
            return bad;
    }
    return NULL;
}

Node *find_invalid_target(Node *node, TargetKind kind)
{
    switch (node->kind) {
    case AST_List: return find_invalid_in(as_List(node)->elts, kind);
    case AST_Tuple: return find_invalid_in(as_Tuple(node)->elts, kind);
    case AST_Starred:
        return kind == DEL_TARGETS ? node : find_invalid_target(as_Starred(node)->value, kind);
    case AST_Compare:
        // `for f() in x`: all of it was read as one comparison.
        if (kind == FOR_TARGETS)
            return as_Compare(node)->ops.at[0] == AST_In
                       ? find_invalid_target(as_Compare(node)->left, kind)
                       : NULL;
        return node;
    case AST_Name: case AST_Subscript: case AST_Attribute: return NULL;
    default: return node;
    }
}

static const char *constant_name(Value v)
{
    return v == NONE ? "None" : v == TRUE ? "True" : v == FALSE ? "False"
           : v == ELLIPSIS ? "ellipsis" : "literal";
}

const char *expr_name(const Node *node)
{
    switch (node->kind) {
    case AST_Attribute: return "attribute";
    case AST_Subscript: return "subscript";
    case AST_Starred: return "starred";
    case AST_Name: return "name";
    case AST_List: return "list";
    case AST_Tuple: return "tuple";
    case AST_Lambda: return "lambda";
    case AST_Call: return "function call";
    case AST_BoolOp: case AST_BinOp: case AST_UnaryOp: return "expression";
    case AST_GeneratorExp: return "generator expression";
    case AST_Yield: case AST_YieldFrom: return "yield expression";
    case AST_Await: return "await expression";
    case AST_ListComp: return "list comprehension";
    case AST_SetComp: return "set comprehension";
    case AST_DictComp: return "dict comprehension";
    case AST_Dict: return "dict literal";
    case AST_Set: return "set display";
    case AST_JoinedStr: case AST_FormattedValue: return "f-string expression";
    case AST_TemplateStr: case AST_Interpolation: return "t-string expression";
    case AST_Constant: return constant_name(as_Constant(node)->value);
    case AST_Compare: return "comparison";
    case AST_IfExp: return "conditional expression";
    case AST_NamedExpr: return "named expression";
    default: return "expression";
    }
}
