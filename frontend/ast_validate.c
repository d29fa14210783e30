// ast_validate.c: checks of trees made by programs: what the grammar guarantees for trees of the parser.
#include "frontend/ast_validate.h"

#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef struct Validator {
    Thread *t;
} Validator;

static bool visit(Validator *v, Node *node, int context);

static bool bad(Validator *v, const char *message)
{
    return raise(v->t, EXC(ValueError), "%s", message);
}

static bool not_empty(Validator *v, int32_t count, const char *what, Node *node)
{
    if (count > 0)
        return true;
    return raise(v->t, EXC(ValueError), "empty %s on %s", what, ast_classes[node->kind].name);
}

// --- constants and names ---
static bool constant_ok(Validator *v, Value k)
{
    const Type *type = type_of(k);
    if (k == NONE || k == ELLIPSIS || is_bool(k) || is_int_exact(k) || is_float_exact(k) || type == &type_complex
        || type == &type_str || type == &type_bytes)
        return true;
    if (type == &type_tuple) {
        for (size_t i = 0; i < as_tuple(k)->length; i++) {
            if (!constant_ok(v, as_tuple(k)->at[i]))
                return false;
        }
        return true;
    }
    if (type == &type_frozenset) {
        Value item;
        for (size_t at = 0; set_next(as_set(k), &at, &item);) {
            if (!constant_ok(v, item))
                return false;
        }
        return true;
    }
    return raise(v->t, EXC(TypeError), "got an invalid type in Constant: %T", k);
}

static bool name_ok(Validator *v, Value name)
{
    static const char *const forbidden[] = {"None", "True", "False"};
    for (size_t i = 0; i < COUNT_OF(forbidden); i++) {
        if (str_equal_cstr(name, forbidden[i]))
            return raise(v->t, EXC(ValueError), "identifier field can't represent '%s' constant", forbidden[i]);
    }
    return true;
}

// --- contexts ---
static int own_context(const Node *e)
{
    switch (e->kind) {
    case AST_Name: return as_Name(e)->ctx;
    case AST_Attribute: return as_Attribute(e)->ctx;
    case AST_Subscript: return as_Subscript(e)->ctx;
    case AST_Starred: return as_Starred(e)->ctx;
    case AST_List: return as_List(e)->ctx;
    case AST_Tuple: return as_Tuple(e)->ctx;
    default: return -1;
    }
}

static bool context_ok(Validator *v, Node *e, int wanted)
{
    static const char *const names[] = {"Load", "Store", "Del"};
    int own = own_context(e);
    if (own < 0 && wanted != AST_Load)
        return raise(v->t, EXC(ValueError), "expression which can't be assigned to in %s context", names[wanted]);
    if (own >= 0 && own != wanted)
        return raise(v->t, EXC(ValueError), "expression must have %s context but has %s instead", names[wanted], names[own]);
    return true;
}

// The context of what stands in a field of a node.
static int field_context(const Node *node, const char *field)
{
    switch (node->kind) {
    case AST_Assign:
        return !strcmp(field, "targets") ? AST_Store : AST_Load;
    case AST_Delete:
        return AST_Del;
    case AST_For:
    case AST_AsyncFor:
    case AST_AugAssign:
    case AST_AnnAssign:
    case AST_NamedExpr:
    case AST_comprehension:
        return !strcmp(field, "target") ? AST_Store : AST_Load;
    case AST_withitem:
        return !strcmp(field, "optional_vars") ? AST_Store : AST_Load;
    case AST_TypeAlias:
        return !strcmp(field, "name") ? AST_Store : AST_Load;
    case AST_List:
    case AST_Tuple:
    case AST_Starred:
        return own_context(node);
    default:
        return AST_Load;
    }
}

// --- single classes ---
static bool arguments_ok(Validator *v, const Astarguments *a)
{
    if (a->defaults.count > a->posonlyargs.count + a->args.count)
        return bad(v, "more positional defaults than args on arguments");
    if (a->kw_defaults.count != a->kwonlyargs.count)
        return bad(v, "length of kwonlyargs is not the same as kw_defaults on arguments");
    return true;
}

static bool try_ok(Validator *v, Node *node)
{
    const AstTry *n = as_Try(node);   // TryStar has the same fields
    const char *name = ast_classes[node->kind].name;
    if (!not_empty(v, n->body.count, "body", node))
        return false;
    if (!n->handlers.count && !n->finalbody.count)
        return raise(v->t, EXC(ValueError), "%s has neither except handlers nor finalbody", name);
    if (!n->handlers.count && n->orelse.count)
        return raise(v->t, EXC(ValueError), "%s has orelse but no except handlers", name);
    for (int32_t i = 0; node->kind == AST_TryStar && i < n->handlers.count; i++) {
        if (!as_ExceptHandler(n->handlers.at[i])->type)
            return bad(v, "except* clause without a type");
    }
    return true;
}

static bool names_target(Validator *v, const Node *target, const char *message)
{
    return target->kind == AST_Name || raise(v->t, EXC(TypeError), "%s", message);
}

static bool aug_target_ok(Validator *v, const Node *target)
{
    if (target->kind == AST_Name || target->kind == AST_Attribute || target->kind == AST_Subscript)
        return true;
    return raise(v->t, EXC(SystemError), "invalid node type (%d) for augmented assignment", (int)target->kind);
}

static bool literal_ok(const Node *e)
{
    if (e->kind == AST_UnaryOp)
        return as_UnaryOp(e)->op == AST_USub && as_UnaryOp(e)->operand->kind == AST_Constant;
    if (e->kind == AST_BinOp)
        return literal_ok(as_BinOp(e)->left) && as_BinOp(e)->right->kind == AST_Constant;
    return e->kind == AST_Constant || e->kind == AST_Attribute || e->kind == AST_JoinedStr || e->kind == AST_TemplateStr;
}

static bool pattern_ok(Validator *v, Node *p, bool star_allowed)
{
    switch (p->kind) {
    case AST_MatchValue:
        return literal_ok(as_MatchValue(p)->value) || bad(v, "patterns may only match literals and attribute lookups");
    case AST_MatchSingleton: {
        Value k = as_MatchSingleton(p)->value;
        return k == NONE || is_bool(k) || bad(v, "MatchSingleton can only contain True, False and None");
    }
    case AST_MatchMapping:
        return as_MatchMapping(p)->keys.count == as_MatchMapping(p)->patterns.count
               || bad(v, "MatchMapping doesn't have the same number of keys as patterns");
    case AST_MatchClass:
        return as_MatchClass(p)->kwd_attrs.count == as_MatchClass(p)->kwd_patterns.count
               || bad(v, "MatchClass doesn't have the same number of keyword attributes as patterns");
    case AST_MatchStar:
        return star_allowed || bad(v, "can't use MatchStar here");
    case AST_MatchOr:
        return as_MatchOr(p)->patterns.count >= 2 || bad(v, "MatchOr requires at least 2 patterns");
    case AST_MatchAs:
        return !as_MatchAs(p)->pattern || as_MatchAs(p)->name || bad(v, "MatchAs must specify a target name if a pattern is given");
    default:
        return true;
    }
}

static bool generators_ok(Validator *v, NodeSeq generators)
{
    return generators.count || bad(v, "comprehension with no generators");
}

static bool expression_ok(Validator *v, Node *node)
{
    switch (node->kind) {
    case AST_Constant:
        return constant_ok(v, as_Constant(node)->value);
    case AST_Name:
        return name_ok(v, as_Name(node)->id);
    case AST_BoolOp:
        return as_BoolOp(node)->values.count >= 2 || bad(v, "BoolOp with less than 2 values");
    case AST_Compare:
        if (!as_Compare(node)->comparators.count || !as_Compare(node)->ops.count)
            return bad(v, "Compare with no comparators");
        return as_Compare(node)->comparators.count == as_Compare(node)->ops.count
               || bad(v, "Compare has a different number of comparators and operands");
    case AST_Dict:
        return as_Dict(node)->keys.count == as_Dict(node)->values.count
               || bad(v, "Dict doesn't have the same number of keys as values");
    case AST_ListComp:
    case AST_SetComp:
    case AST_GeneratorExp:
        return generators_ok(v, as_ListComp(node)->generators);
    case AST_DictComp:
        return generators_ok(v, as_DictComp(node)->generators);
    case AST_NamedExpr:
        return names_target(v, as_NamedExpr(node)->target, "NamedExpr target must be a Name");
    case AST_arguments:
        return arguments_ok(v, as_arguments(node));
    default:
        return true;
    }
}

static bool statement_ok(Validator *v, Node *node)
{
    switch (node->kind) {
    case AST_FunctionDef:
    case AST_AsyncFunctionDef: return not_empty(v, as_FunctionDef(node)->body.count, "body", node);
    case AST_ClassDef: return not_empty(v, as_ClassDef(node)->body.count, "body", node);
    case AST_Delete: return not_empty(v, as_Delete(node)->targets.count, "targets", node);
    case AST_Assign: return not_empty(v, as_Assign(node)->targets.count, "targets", node);
    case AST_For:
    case AST_AsyncFor: return not_empty(v, as_For(node)->body.count, "body", node);
    case AST_While: return not_empty(v, as_While(node)->body.count, "body", node);
    case AST_If: return not_empty(v, as_If(node)->body.count, "body", node);
    case AST_With:
    case AST_AsyncWith:
        return not_empty(v, as_With(node)->items.count, "items", node) && not_empty(v, as_With(node)->body.count, "body", node);
    case AST_Match: return not_empty(v, as_Match(node)->cases.count, "cases", node);
    case AST_match_case: return not_empty(v, as_match_case(node)->body.count, "body", node);
    case AST_Try:
    case AST_TryStar: return try_ok(v, node);
    case AST_ExceptHandler: return not_empty(v, as_ExceptHandler(node)->body.count, "body", node);
    case AST_Import: return not_empty(v, as_Import(node)->names.count, "names", node);
    case AST_ImportFrom:
        if (as_ImportFrom(node)->level < 0)
            return bad(v, "Negative ImportFrom level");
        return not_empty(v, as_ImportFrom(node)->names.count, "names", node);
    case AST_Global: return not_empty(v, as_Global(node)->names.count, "names", node);
    case AST_Nonlocal: return not_empty(v, as_Nonlocal(node)->names.count, "names", node);
    case AST_Raise:
        return as_Raise(node)->exc || !as_Raise(node)->cause || bad(v, "Raise with cause but no exception");
    case AST_AugAssign: return aug_target_ok(v, as_AugAssign(node)->target);
    case AST_AnnAssign:
        return !as_AnnAssign(node)->simple || names_target(v, as_AnnAssign(node)->target, "AnnAssign with simple non-Name target");
    case AST_TypeAlias: return names_target(v, as_TypeAlias(node)->name, "TypeAlias with non-Name name");
    default: return true;
    }
}

// --- the walk ---
static bool visit_child(Validator *v, Node *node, Node *child, const AstField *field)
{
    if (ast_classes[child->kind].type == AST_TYPE_pattern)
        return pattern_ok(v, child, node->kind == AST_MatchSequence) && visit(v, child, AST_Load);
    return visit(v, child, field_context(node, field->name));
}

static bool visit_fields(Validator *v, Node *node)
{
    AstFields fields = ast_classes[node->kind].fields();
    for (int i = 0; i < fields.count; i++) {
        const AstField *field = &fields.at[i];
        char *place = (char *)node + field->offset;
        if (field->shape != AST_IS_NODE)
            continue;
        bool many = field->quantity == AST_MANY || field->quantity == AST_MANY_OPT;
        NodeSeq one = {*(Node **)place != NULL, (Node **)place};
        NodeSeq nodes = many ? *(NodeSeq *)place : one;
        for (int32_t j = 0; j < nodes.count; j++) {
            if (!nodes.at[j] && field->quantity == AST_MANY)
                return raise(v->t, EXC(ValueError), "None disallowed in %s list", field->name);
            if (nodes.at[j] && !visit_child(v, node, nodes.at[j], field))
                return false;
        }
    }
    return true;
}

static bool visit(Validator *v, Node *node, int context)
{
    if ((char *)__builtin_frame_address(0) < v->t->c_stack_limit)
        return raise(v->t, EXC(RecursionError), "maximum recursion depth exceeded during compilation");
    if (!expression_ok(v, node))
        return false;
    if (ast_classes[node->kind].type == AST_TYPE_expr && !context_ok(v, node, context))
        return false;
    return statement_ok(v, node) && visit_fields(v, node);
}

bool ast_validate(Thread *t, Node *mod)
{
    Validator v = {.t = t};
    return visit(&v, mod, AST_Load);
}
