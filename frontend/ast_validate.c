// ast_validate.c: is a tree made by a program one that the compiler can take?
//
// The parser makes sound trees only; these checks are for what comes through compile(tree, …). What
// needs scopes (return outside a function and so on) is the compiler's to find.

#include "frontend/ast_validate.h"

#include "src/core/error.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static bool check_expr(Thread *t, const Node *e, AstExprContext ctx);
static bool check_stmts(Thread *t, NodeSeq body);
static bool check_pattern(Thread *t, const Node *pattern, bool star_fits);

static bool fail(Thread *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_va(t, EXC(ValueError), format, args);
    va_end(args);
    return false;
}

// ---- parts that many nodes have ----

static bool check_span(Thread *t, const Node *node)
{
    AstSpan at = node->at;
    if (at.lineno > at.end_lineno)
        return fail(t, "AST node line range (%d, %d) is not valid", at.lineno, at.end_lineno);
    if ((at.lineno < 0 && at.end_lineno != at.lineno) ||
        (at.col_offset < 0 && at.col_offset != at.end_col_offset))
        return fail(t, "AST node column range (%d, %d) for line range (%d, %d) is not valid",
                    at.col_offset, at.end_col_offset, at.lineno, at.end_lineno);
    if (at.lineno == at.end_lineno && at.col_offset > at.end_col_offset)
        return fail(t, "line %d, column %d-%d is not a valid range", at.lineno, at.col_offset,
                    at.end_col_offset);
    return true;
}

static bool check_name(Thread *t, Value name)
{
    static const char *const constants[] = {"None", "True", "False"};
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (str_equal_cstr(name, constants[i]))
            return fail(t, "identifier field can't represent '%s' constant", constants[i]);
    return true;
}

static bool check_filled(Thread *t, int count, const char *what, const char *owner)
{
    return count > 0 || fail(t, "empty %s on %s", what, owner);
}

static bool check_optional(Thread *t, const Node *e)
{
    return !e || check_expr(t, e, AST_Load);
}

static bool check_exprs(Thread *t, NodeSeq exprs, AstExprContext ctx, bool holes)
{
    for (int i = 0; i < exprs.count; i++) {
        if (exprs.at[i] ? !check_expr(t, exprs.at[i], ctx)
                        : !holes && !fail(t, "None disallowed in expression list"))
            return false;
    }
    return true;
}

static bool check_body(Thread *t, NodeSeq body, const char *owner)
{
    return check_filled(t, body.count, "body", owner) && check_stmts(t, body);
}

static bool check_keywords(Thread *t, NodeSeq keywords)
{
    for (int i = 0; i < keywords.count; i++)
        if (!check_expr(t, as_keyword(keywords.at[i])->value, AST_Load))
            return false;
    return true;
}

static bool check_comprehensions(Thread *t, NodeSeq generators)
{
    if (!generators.count)
        return fail(t, "comprehension with no generators");
    for (int i = 0; i < generators.count; i++) {
        const Astcomprehension *clause = as_comprehension(generators.at[i]);
        if (!check_expr(t, clause->target, AST_Store) || !check_expr(t, clause->iter, AST_Load) ||
            !check_exprs(t, clause->ifs, AST_Load, false))
            return false;
    }
    return true;
}

static bool check_args(Thread *t, NodeSeq args)
{
    for (int i = 0; i < args.count; i++)
        if (!check_span(t, args.at[i]) || !check_optional(t, as_arg(args.at[i])->annotation))
            return false;
    return true;
}

static bool check_arguments(Thread *t, const Node *node)
{
    const Astarguments *a = as_arguments(node);
    if (!check_args(t, a->posonlyargs) || !check_args(t, a->args) ||
        (a->vararg && !check_optional(t, as_arg(a->vararg)->annotation)) ||
        !check_args(t, a->kwonlyargs) ||
        (a->kwarg && !check_optional(t, as_arg(a->kwarg)->annotation)))
        return false;
    if (a->defaults.count > a->posonlyargs.count + a->args.count)
        return fail(t, "more positional defaults than args on arguments");
    if (a->kw_defaults.count != a->kwonlyargs.count)
        return fail(t, "length of kwonlyargs is not the same as kw_defaults on arguments");
    return check_exprs(t, a->defaults, AST_Load, false) &&
           check_exprs(t, a->kw_defaults, AST_Load, true);
}

static bool check_type_params(Thread *t, NodeSeq params)
{
    for (int i = 0; i < params.count; i++) {
        const Node *param = params.at[i];
        bool fits = check_span(t, param);
        if (fits && param->kind == AST_TypeVar)
            fits = check_name(t, as_TypeVar(param)->name) &&
                   check_optional(t, as_TypeVar(param)->bound) &&
                   check_optional(t, as_TypeVar(param)->default_value);
        else if (fits && param->kind == AST_ParamSpec)
            fits = check_name(t, as_ParamSpec(param)->name) &&
                   check_optional(t, as_ParamSpec(param)->default_value);
        else if (fits)
            fits = check_name(t, as_TypeVarTuple(param)->name) &&
                   check_optional(t, as_TypeVarTuple(param)->default_value);
        if (!fits)
            return false;
    }
    return true;
}

// ---- expressions ----

static bool check_constant(Thread *t, Value v)
{
    if (v == NONE || v == ELLIPSIS || is_fixnum(v) || is_flonum(v) || is_bool(v))
        return true;
    const Type *type = type_of(v);
    if (type == &type_int || type == &type_float || type == &type_complex || type == &type_str ||
        type == &type_bytes)
        return true;
    if (type == &type_tuple) {
        for (size_t i = 0; i < as_tuple(v)->length; i++)
            if (!check_constant(t, as_tuple(v)->at[i]))
                return false;
        return true;
    }
    if (type == &type_frozenset) {
        Value items = tuple_from_iterable(t, v);
        return items && check_constant(t, items);
    }
    raise(t, EXC(TypeError), "got an invalid type in Constant: %T", v);
    return false;
}

// Its own context where the node has one; -1 where it has none.
static int own_context(const Node *e)
{
    switch (e->kind) {
    case AST_Attribute: return as_Attribute(e)->ctx;
    case AST_Subscript: return as_Subscript(e)->ctx;
    case AST_Starred: return as_Starred(e)->ctx;
    case AST_Name: return as_Name(e)->ctx;
    case AST_List: return as_List(e)->ctx;
    case AST_Tuple: return as_Tuple(e)->ctx;
    default: return -1;
    }
}

static bool check_context(Thread *t, const Node *e, AstExprContext wanted)
{
    const char *const *names = ast_types[AST_TYPE_expr_context].choices;
    int own = own_context(e);
    if (own < 0)
        return wanted == AST_Load ||
               fail(t, "expression which can't be assigned to in %s context", names[wanted]);
    return own == (int)wanted || fail(t, "expression must have %s context but has %s instead",
                                      names[wanted], names[own]);
}

static bool check_compare(Thread *t, const AstCompare *e)
{
    if (!e->comparators.count)
        return fail(t, "Compare with no comparators");
    if (e->comparators.count != e->ops.count)
        return fail(t, "Compare has a different number of comparators and operands");
    return check_exprs(t, e->comparators, AST_Load, false) && check_expr(t, e->left, AST_Load);
}

static bool check_dict(Thread *t, const AstDict *e)
{
    if (e->keys.count != e->values.count)
        return fail(t, "Dict doesn't have the same number of keys as values");
    return check_exprs(t, e->keys, AST_Load, true) && check_exprs(t, e->values, AST_Load, false);
}

static bool check_bool_op(Thread *t, const AstBoolOp *e)
{
    return e->values.count >= 2 ? check_exprs(t, e->values, AST_Load, false)
                                : fail(t, "BoolOp with less than 2 values");
}

static bool check_parts(Thread *t, const Node *e, AstExprContext ctx)
{
    switch (e->kind) {
    case AST_BoolOp: return check_bool_op(t, as_BoolOp(e));
    case AST_BinOp:
        return check_expr(t, as_BinOp(e)->left, AST_Load) &&
               check_expr(t, as_BinOp(e)->right, AST_Load);
    case AST_UnaryOp: return check_expr(t, as_UnaryOp(e)->operand, AST_Load);
    case AST_Lambda:
        return check_arguments(t, as_Lambda(e)->args) && check_expr(t, as_Lambda(e)->body, AST_Load);
    case AST_IfExp:
        return check_expr(t, as_IfExp(e)->test, AST_Load) &&
               check_expr(t, as_IfExp(e)->body, AST_Load) &&
               check_expr(t, as_IfExp(e)->orelse, AST_Load);
    case AST_Dict: return check_dict(t, as_Dict(e));
    case AST_Set: return check_exprs(t, as_Set(e)->elts, AST_Load, false);
    case AST_ListComp:
        return check_comprehensions(t, as_ListComp(e)->generators) &&
               check_expr(t, as_ListComp(e)->elt, AST_Load);
    case AST_SetComp:
        return check_comprehensions(t, as_SetComp(e)->generators) &&
               check_expr(t, as_SetComp(e)->elt, AST_Load);
    case AST_GeneratorExp:
        return check_comprehensions(t, as_GeneratorExp(e)->generators) &&
               check_expr(t, as_GeneratorExp(e)->elt, AST_Load);
    case AST_DictComp:
        return check_comprehensions(t, as_DictComp(e)->generators) &&
               check_expr(t, as_DictComp(e)->key, AST_Load) &&
               check_expr(t, as_DictComp(e)->value, AST_Load);
    case AST_Yield: return check_optional(t, as_Yield(e)->value);
    case AST_YieldFrom: return check_expr(t, as_YieldFrom(e)->value, AST_Load);
    case AST_Await: return check_expr(t, as_Await(e)->value, AST_Load);
    case AST_Compare: return check_compare(t, as_Compare(e));
    case AST_Call:
        return check_expr(t, as_Call(e)->func, AST_Load) &&
               check_exprs(t, as_Call(e)->args, AST_Load, false) &&
               check_keywords(t, as_Call(e)->keywords);
    case AST_Constant: return check_constant(t, as_Constant(e)->value);
    case AST_JoinedStr: return check_exprs(t, as_JoinedStr(e)->values, AST_Load, false);
    case AST_TemplateStr: return check_exprs(t, as_TemplateStr(e)->values, AST_Load, false);
    case AST_FormattedValue:
        return check_expr(t, as_FormattedValue(e)->value, AST_Load) &&
               check_optional(t, as_FormattedValue(e)->format_spec);
    case AST_Interpolation:
        return check_constant(t, as_Interpolation(e)->str) &&
               check_expr(t, as_Interpolation(e)->value, AST_Load) &&
               check_optional(t, as_Interpolation(e)->format_spec);
    case AST_Attribute: return check_expr(t, as_Attribute(e)->value, AST_Load);
    case AST_Subscript:
        return check_expr(t, as_Subscript(e)->slice, AST_Load) &&
               check_expr(t, as_Subscript(e)->value, AST_Load);
    case AST_Starred: return check_expr(t, as_Starred(e)->value, ctx);
    case AST_Slice:
        return check_optional(t, as_Slice(e)->lower) && check_optional(t, as_Slice(e)->upper) &&
               check_optional(t, as_Slice(e)->step);
    case AST_List: return check_exprs(t, as_List(e)->elts, ctx, false);
    case AST_Tuple: return check_exprs(t, as_Tuple(e)->elts, ctx, false);
    case AST_NamedExpr: return check_expr(t, as_NamedExpr(e)->value, AST_Load);
    case AST_Name: return check_name(t, as_Name(e)->id);
    default: return fail(t, "unexpected expression");
    }
}

static bool check_expr(Thread *t, const Node *e, AstExprContext ctx)
{
    if (!check_span(t, e) || !check_context(t, e, ctx) || !recursion_enter(t, " during compilation"))
        return false;
    bool fits = check_parts(t, e, ctx);
    recursion_leave(t);
    return fits;
}

// ---- patterns ----

static bool is_number(const Node *e, bool imaginary)
{
    if (e->kind != AST_Constant)
        return false;
    Value v = as_Constant(e)->value;
    return imaginary ? is_exactly(v, &type_complex) : is_int_exact(v) || is_float_exact(v);
}

// ['-'] real or imaginary number
static bool is_signed_number(const Node *e, bool imaginary_too)
{
    if (e->kind == AST_UnaryOp && as_UnaryOp(e)->op == AST_USub)
        e = as_UnaryOp(e)->operand;
    return is_number(e, false) || (imaginary_too && is_number(e, true));
}

static bool is_pattern_value(const Node *e)
{
    switch (e->kind) {
    case AST_Attribute: case AST_JoinedStr: case AST_TemplateStr: return true;
    case AST_UnaryOp: return is_signed_number(e, true);
    case AST_BinOp:
        return (as_BinOp(e)->op == AST_Add || as_BinOp(e)->op == AST_Sub) &&
               is_signed_number(as_BinOp(e)->left, false) && is_number(as_BinOp(e)->right, true);
    default: return false;
    }
}

static bool check_pattern_value(Thread *t, const Node *e)
{
    if (!check_expr(t, e, AST_Load))
        return false;
    if (e->kind == AST_Constant) {
        Value v = as_Constant(e)->value;
        return is_number(e, false) || is_number(e, true) || is_exactly(v, &type_str) ||
               is_exactly(v, &type_bytes) ||
               fail(t, "unexpected constant inside of a literal pattern");
    }
    return is_pattern_value(e) ||
           fail(t, "patterns may only match literals and attribute lookups");
}

static bool check_capture(Thread *t, Value name)
{
    if (str_equal_cstr(name, "_"))
        return fail(t, "can't capture name '_' in patterns");
    return check_name(t, name);
}

static bool check_patterns(Thread *t, NodeSeq patterns, bool star_fits)
{
    for (int i = 0; i < patterns.count; i++)
        if (!check_pattern(t, patterns.at[i], star_fits))
            return false;
    return true;
}

static bool check_mapping(Thread *t, const AstMatchMapping *pattern)
{
    if (pattern->keys.count != pattern->patterns.count)
        return fail(t, "MatchMapping doesn't have the same number of keys as patterns");
    if (pattern->rest && !check_capture(t, pattern->rest))
        return false;
    for (int i = 0; i < pattern->keys.count; i++) {
        const Node *key = pattern->keys.at[i];
        bool singleton = key->kind == AST_Constant && (as_Constant(key)->value == NONE ||
                                                       is_bool(as_Constant(key)->value));
        if (!singleton && !check_pattern_value(t, key))
            return false;
    }
    return check_patterns(t, pattern->patterns, false);
}

static bool check_class_pattern(Thread *t, const AstMatchClass *pattern)
{
    if (pattern->kwd_attrs.count != pattern->kwd_patterns.count)
        return fail(t, "MatchClass doesn't have the same number of keyword attributes as patterns");
    if (!check_expr(t, pattern->cls, AST_Load))
        return false;
    const Node *cls = pattern->cls;
    while (cls->kind == AST_Attribute)
        cls = as_Attribute(cls)->value;
    if (cls->kind != AST_Name)
        return fail(t, "MatchClass cls field can only contain Name or Attribute nodes.");
    for (int i = 0; i < pattern->kwd_attrs.count; i++)
        if (!check_name(t, pattern->kwd_attrs.at[i]))
            return false;
    return check_patterns(t, pattern->patterns, false) &&
           check_patterns(t, pattern->kwd_patterns, false);
}

static bool check_as_pattern(Thread *t, const AstMatchAs *pattern)
{
    if (pattern->name && !check_capture(t, pattern->name))
        return false;
    if (!pattern->pattern)
        return true;
    if (!pattern->name)
        return fail(t, "MatchAs must specify a target name if a pattern is given");
    return check_pattern(t, pattern->pattern, false);
}

static bool pattern_parts(Thread *t, const Node *pattern, bool star_fits)
{
    switch (pattern->kind) {
    case AST_MatchValue: return check_pattern_value(t, as_MatchValue(pattern)->value);
    case AST_MatchSingleton: {
        Value v = as_MatchSingleton(pattern)->value;
        return v == NONE || is_bool(v) ||
               fail(t, "MatchSingleton can only contain True, False and None");
    }
    case AST_MatchSequence: return check_patterns(t, as_MatchSequence(pattern)->patterns, true);
    case AST_MatchMapping: return check_mapping(t, as_MatchMapping(pattern));
    case AST_MatchClass: return check_class_pattern(t, as_MatchClass(pattern));
    case AST_MatchStar:
        if (!star_fits)
            return fail(t, "can't use MatchStar here");
        return !as_MatchStar(pattern)->name || check_capture(t, as_MatchStar(pattern)->name);
    case AST_MatchAs: return check_as_pattern(t, as_MatchAs(pattern));
    case AST_MatchOr:
        if (as_MatchOr(pattern)->patterns.count < 2)
            return fail(t, "MatchOr requires at least 2 patterns");
        return check_patterns(t, as_MatchOr(pattern)->patterns, false);
    default: return fail(t, "unexpected pattern");
    }
}

static bool check_pattern(Thread *t, const Node *pattern, bool star_fits)
{
    if (!check_span(t, pattern) || !recursion_enter(t, " during compilation"))
        return false;
    bool fits = pattern_parts(t, pattern, star_fits);
    recursion_leave(t);
    return fits;
}

// ---- statements ----

static bool check_function(Thread *t, const Node *node)
{
    // The async class has the same fields in the same places.
    const AstFunctionDef *def = as_FunctionDef(node);
    return check_name(t, def->name) &&
           check_body(t, def->body, ast_classes[node->kind].name) &&
           check_type_params(t, def->type_params) && check_arguments(t, def->args) &&
           check_exprs(t, def->decorator_list, AST_Load, false) && check_optional(t, def->returns);
}

static bool check_class(Thread *t, const AstClassDef *def)
{
    return check_name(t, def->name) && check_body(t, def->body, "ClassDef") && check_type_params(t, def->type_params) &&
           check_exprs(t, def->bases, AST_Load, false) && check_keywords(t, def->keywords) &&
           check_exprs(t, def->decorator_list, AST_Load, false);
}

static bool check_targets(Thread *t, NodeSeq targets, AstExprContext ctx, const char *owner)
{
    return check_filled(t, targets.count, "targets", owner) && check_exprs(t, targets, ctx, false);
}

static bool type_fails(Thread *t, const char *message)
{
    raise(t, EXC(TypeError), "%s", message);
    return false;
}

static bool check_ann_assign(Thread *t, const AstAnnAssign *s)
{
    if (s->target->kind != AST_Name && s->simple)
        return type_fails(t, "AnnAssign with simple non-Name target");
    return check_expr(t, s->target, AST_Store) && check_optional(t, s->value) &&
           check_expr(t, s->annotation, AST_Load);
}

static bool check_type_alias(Thread *t, const AstTypeAlias *s)
{
    if (s->name->kind != AST_Name)
        return type_fails(t, "TypeAlias with non-Name name");
    return check_expr(t, s->name, AST_Store) && check_type_params(t, s->type_params) &&
           check_expr(t, s->value, AST_Load);
}

static bool check_for(Thread *t, const Node *node)
{
    const AstFor *s = as_For(node);   // AsyncFor is laid out alike
    return check_expr(t, s->target, AST_Store) && check_expr(t, s->iter, AST_Load) &&
           check_body(t, s->body, ast_classes[node->kind].name) && check_stmts(t, s->orelse);
}

static bool check_with(Thread *t, const Node *node)
{
    const AstWith *s = as_With(node);   // AsyncWith is laid out alike
    const char *owner = ast_classes[node->kind].name;
    if (!check_filled(t, s->items.count, "items", owner))
        return false;
    for (int i = 0; i < s->items.count; i++) {
        const Astwithitem *item = as_withitem(s->items.at[i]);
        if (!check_expr(t, item->context_expr, AST_Load) ||
            (item->optional_vars && !check_expr(t, item->optional_vars, AST_Store)))
            return false;
    }
    return check_body(t, s->body, owner);
}

static bool check_match(Thread *t, const AstMatch *s)
{
    if (!check_expr(t, s->subject, AST_Load) ||
        !check_filled(t, s->cases.count, "cases", "Match"))
        return false;
    for (int i = 0; i < s->cases.count; i++) {
        const Astmatch_case *one = as_match_case(s->cases.at[i]);
        if (!check_pattern(t, one->pattern, false) || !check_optional(t, one->guard) ||
            !check_body(t, one->body, "match_case"))
            return false;
    }
    return true;
}

static bool check_try(Thread *t, const Node *node)
{
    const AstTry *s = as_Try(node);   // TryStar is laid out alike
    const char *owner = ast_classes[node->kind].name;
    if (!check_body(t, s->body, owner))
        return false;
    if (!s->handlers.count && !s->finalbody.count)
        return fail(t, "%s has neither except handlers nor finalbody", owner);
    if (!s->handlers.count && s->orelse.count)
        return fail(t, "%s has orelse but no except handlers", owner);
    for (int i = 0; i < s->handlers.count; i++) {
        const AstExceptHandler *handler = as_ExceptHandler(s->handlers.at[i]);
        if (!check_span(t, s->handlers.at[i]) || !check_optional(t, handler->type) ||
            (handler->name && !check_name(t, handler->name)) ||
            !check_body(t, handler->body, "ExceptHandler"))
            return false;
    }
    return check_stmts(t, s->finalbody) && check_stmts(t, s->orelse);
}

static bool check_raise(Thread *t, const AstRaise *s)
{
    if (!s->exc && s->cause)
        return fail(t, "Raise with cause but no exception");
    return check_optional(t, s->exc) && check_optional(t, s->cause);
}

static bool check_aliases(Thread *t, NodeSeq names, const char *owner)
{
    if (!check_filled(t, names.count, "names", owner))
        return false;
    for (int i = 0; i < names.count; i++) {
        const Astalias *alias = as_alias(names.at[i]);
        if (!check_name(t, alias->name) || (alias->asname && !check_name(t, alias->asname)))
            return false;
    }
    return true;
}

static bool check_import_from(Thread *t, const AstImportFrom *s)
{
    if (s->level < 0)
        return fail(t, "Negative ImportFrom level");
    return check_aliases(t, s->names, "ImportFrom");
}

static bool stmt_parts(Thread *t, const Node *s)
{
    switch (s->kind) {
    case AST_FunctionDef: case AST_AsyncFunctionDef: return check_function(t, s);
    case AST_ClassDef: return check_class(t, as_ClassDef(s));
    case AST_Return: return check_optional(t, as_Return(s)->value);
    case AST_Delete: return check_targets(t, as_Delete(s)->targets, AST_Del, "Delete");
    case AST_Assign:
        return check_targets(t, as_Assign(s)->targets, AST_Store, "Assign") &&
               check_expr(t, as_Assign(s)->value, AST_Load);
    case AST_AugAssign:
        return check_expr(t, as_AugAssign(s)->target, AST_Store) &&
               check_expr(t, as_AugAssign(s)->value, AST_Load);
    case AST_AnnAssign: return check_ann_assign(t, as_AnnAssign(s));
    case AST_TypeAlias: return check_type_alias(t, as_TypeAlias(s));
    case AST_For: case AST_AsyncFor: return check_for(t, s);
    case AST_While:
        return check_expr(t, as_While(s)->test, AST_Load) &&
               check_body(t, as_While(s)->body, "While") && check_stmts(t, as_While(s)->orelse);
    case AST_If:
        return check_expr(t, as_If(s)->test, AST_Load) && check_body(t, as_If(s)->body, "If") &&
               check_stmts(t, as_If(s)->orelse);
    case AST_With: case AST_AsyncWith: return check_with(t, s);
    case AST_Match: return check_match(t, as_Match(s));
    case AST_Raise: return check_raise(t, as_Raise(s));
    case AST_Try: case AST_TryStar: return check_try(t, s);
    case AST_Assert:
        return check_expr(t, as_Assert(s)->test, AST_Load) && check_optional(t, as_Assert(s)->msg);
    case AST_Import: return check_aliases(t, as_Import(s)->names, "Import");
    case AST_ImportFrom: return check_import_from(t, as_ImportFrom(s));
    case AST_Global: return check_filled(t, as_Global(s)->names.count, "names", "Global");
    case AST_Nonlocal: return check_filled(t, as_Nonlocal(s)->names.count, "names", "Nonlocal");
    case AST_Expr: return check_expr(t, as_Expr(s)->value, AST_Load);
    case AST_Pass: case AST_Break: case AST_Continue: return true;
    default: return fail(t, "unexpected statement");
    }
}

static bool check_stmts(Thread *t, NodeSeq body)
{
    if (!recursion_enter(t, " during compilation"))
        return false;
    bool fits = true;
    for (int i = 0; fits && i < body.count; i++) {
        const Node *s = body.at[i];
        fits = s ? check_span(t, s) && stmt_parts(t, s)
                 : fail(t, "None disallowed in statement list");
    }
    recursion_leave(t);
    return fits;
}

static_assert(offsetof(AstFunctionDef, type_params) == offsetof(AstAsyncFunctionDef, type_params) &&
                  offsetof(AstFor, orelse) == offsetof(AstAsyncFor, orelse) &&
                  offsetof(AstWith, body) == offsetof(AstAsyncWith, body) &&
                  offsetof(AstTry, finalbody) == offsetof(AstTryStar, finalbody),
              "the async and star forms are read through the plain ones");

bool ast_validate(Thread *t, const Node *mod)
{
    switch (mod->kind) {
    case AST_Module: return check_stmts(t, as_Module(mod)->body);
    case AST_Interactive: return check_stmts(t, as_Interactive(mod)->body);
    case AST_Expression: return check_expr(t, as_Expression(mod)->body, AST_Load);
    case AST_FunctionType:
        return check_exprs(t, as_FunctionType(mod)->argtypes, AST_Load, false) &&
               check_expr(t, as_FunctionType(mod)->returns, AST_Load);
    default: return fail(t, "impossible module node");
    }
}
