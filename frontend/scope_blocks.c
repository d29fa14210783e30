// scope_blocks.c: the walk into what opens scopes: functions, classes, annotations, type parameters, comprehensions.
#include "frontend/scope_internal.h"
#include "src/core/error.h"
#include "src/types/str.h"

static void mark_node(Node *node, const Scope *scope)
{
    node->mark = scope->id;
}

bool scope_allows(ScopeBuilder *b, const char *what, AstSpan at)
{
    const Scope *scope = b->now;
    if (scope->kind == SCOPE_ANNOTATION)
        scope_error(b, at, "%s cannot be used within an annotation", what);
    else if (scope->kind == SCOPE_TYPE_VARIABLE)
        scope_error(b, at, "%s cannot be used within %s", what, scope->info);
    else if (scope->kind == SCOPE_TYPE_ALIAS)
        scope_error(b, at, "%s cannot be used within a type alias", what);
    else if (scope->kind == SCOPE_TYPE_PARAMS)
        scope_error(b, at, "%s cannot be used within the definition of a generic", what);
    return !b->failed;
}

// Trees made by programs may have anything there.
static bool scope_wants_name(ScopeBuilder *b, const Node *node, const char *message)
{
    if (node->kind == AST_Name)
        return true;
    raise(b->t, EXC(TypeError), "%s", message);
    b->failed = true;
    return false;
}

// A lazily evaluated scope directly in a class sees the class's names through __classdict__.
static void see_class(ScopeBuilder *b, Scope *scope, AstSpan at)
{
    scope->can_see_class = true;
    scope_define(b, N(__classdict__), DEF_USE, at);
}

static void define_implicit(ScopeBuilder *b, const char *name, uint32_t flag, AstSpan at)
{
    Value interned = b->failed ? 0 : str_intern_cstr(b->t, name);
    if (interned)
        scope_define_in(b, b->now, interned, flag, at);
    else
        b->failed = true;
}

// --- annotations ---
static void note_conditional(ScopeBuilder *b, AstSpan at)
{
    Scope *scope = b->now;
    bool conditional = scope->kind == SCOPE_MODULE || (scope->kind == SCOPE_CLASS && scope->in_conditional);
    if (conditional && !scope->has_conditional_annotations) {
        scope->has_conditional_annotations = true;
        scope_define(b, N(__conditional_annotations__), DEF_USE, at);
    }
}

static void enter_annotations(ScopeBuilder *b, Scope *parent, Node *key, AstSpan at)
{
    if (parent->annotations) {
        scope_reenter(b, parent->annotations);
        return;
    }
    Scope *scope = scope_enter(b, SCOPE_ANNOTATION, N(__annotate__), key, at);
    if (!scope)
        return;
    parent->annotations = scope;
    define_implicit(b, ".format", DEF_PARAM, at);
    bool lazy = !(b->scopes->future & CO_FUTURE_ANNOTATIONS);
    if (parent->kind == SCOPE_CLASS && lazy)
        see_class(b, scope, at);
    if (parent->kind == SCOPE_FUNCTION || !lazy)
        scope->unevaluated = true;   // never compiled: its names bind nothing outside
}

void scope_visit_annotation(ScopeBuilder *b, Node *annotation)
{
    if (b->failed)
        return;
    Scope *parent = b->now;
    if (!(b->scopes->future & CO_FUTURE_ANNOTATIONS))
        note_conditional(b, annotation->at);
    enter_annotations(b, parent, NULL, annotation->at);
    if (!b->failed && parent->has_conditional_annotations)
        scope_define(b, N(__conditional_annotations__), DEF_USE, annotation->at);
    if (!b->failed)
        scope_visit_expr(b, annotation);
    scope_reenter(b, parent);
}

static void annotate_params(ScopeBuilder *b, NodeSeq params)
{
    for (int32_t i = 0; i < params.count && !b->failed; i++) {
        if (as_arg(params.at[i])->annotation)
            scope_visit_expr(b, as_arg(params.at[i])->annotation);
    }
}

static void annotate_param(ScopeBuilder *b, Node *param)
{
    if (param && as_arg(param)->annotation)
        scope_visit_expr(b, as_arg(param)->annotation);
}

static void visit_signature_annotations(ScopeBuilder *b, Node *function, Node *arguments, Node *returns)
{
    Scope *parent = b->now;
    Scope *scope = scope_enter(b, SCOPE_ANNOTATION, N(__annotate__), function, function->at);
    if (!scope)
        return;
    mark_node(arguments, scope);
    bool lazy = !(b->scopes->future & CO_FUTURE_ANNOTATIONS);
    if (!lazy)
        scope->unevaluated = true;
    define_implicit(b, ".format", DEF_PARAM, function->at);
    if ((parent->kind == SCOPE_CLASS || parent->can_see_class) && lazy)
        see_class(b, scope, function->at);
    Astarguments *a = as_arguments(arguments);
    annotate_params(b, a->posonlyargs);
    annotate_params(b, a->args);
    annotate_param(b, a->vararg);
    annotate_param(b, a->kwarg);
    annotate_params(b, a->kwonlyargs);
    if (returns)
        scope_visit_expr(b, returns);
    scope_reenter(b, parent);
}

// --- functions ---
static void define_params(ScopeBuilder *b, NodeSeq params)
{
    for (int32_t i = 0; i < params.count && !b->failed; i++)
        scope_define(b, as_arg(params.at[i])->arg, DEF_PARAM, params.at[i]->at);
}

static void define_arguments(ScopeBuilder *b, Node *arguments)
{
    Astarguments *a = as_arguments(arguments);
    define_params(b, a->posonlyargs);
    define_params(b, a->args);
    define_params(b, a->kwonlyargs);
    if (a->vararg) {
        scope_define(b, as_arg(a->vararg)->arg, DEF_PARAM, a->vararg->at);
        b->now->varargs = true;
    }
    if (a->kwarg) {
        scope_define(b, as_arg(a->kwarg)->arg, DEF_PARAM, a->kwarg->at);
        b->now->varkeywords = true;
    }
}

static void visit_defaults(ScopeBuilder *b, Node *arguments)
{
    scope_visit_all(b, as_arguments(arguments)->defaults);
    scope_visit_all(b, as_arguments(arguments)->kw_defaults);
}

static void define_type_params_implicits(ScopeBuilder *b, Scope *scope, bool is_class, bool defaults, bool kwdefaults, AstSpan at)
{
    if (is_class) {
        define_implicit(b, ".type_params", DEF_LOCAL, at);
        define_implicit(b, ".type_params", DEF_USE, at);
        define_implicit(b, ".generic_base", DEF_LOCAL, at);
    }
    if (defaults)
        define_implicit(b, ".defaults", DEF_PARAM, at);
    if (kwdefaults)
        define_implicit(b, ".kwdefaults", DEF_PARAM, at);
}

static bool has_kw_defaults(const Astarguments *a)
{
    for (int32_t i = 0; i < a->kw_defaults.count; i++) {
        if (a->kw_defaults.at[i])
            return true;
    }
    return false;
}

static Scope *enter_type_params(ScopeBuilder *b, Value name, Node *node, NodeSeq params, bool is_class, bool defaults, bool kwdefaults)
{
    Scope *parent = b->now;
    Scope *scope = scope_enter(b, SCOPE_TYPE_PARAMS, name, node, node->at);
    if (!scope)
        return NULL;
    if (parent->kind == SCOPE_CLASS)
        see_class(b, scope, node->at);
    define_type_params_implicits(b, scope, is_class, defaults, kwdefaults, node->at);
    if (is_class) {
        scope->mangled = arena_alloc(b->t, b->arena, sizeof *scope->mangled);
        if (!scope->mangled) {
            b->failed = true;
            return NULL;
        }
        *scope->mangled = (ValueSeq){0, NULL};
    }
    scope_visit_type_params(b, params);
    return b->failed ? NULL : scope;
}

typedef struct FunctionParts {
    Value name;
    Node *arguments, *returns;
    NodeSeq body, decorators, type_params;
} FunctionParts;

static FunctionParts function_parts(Node *node)
{
    AstFunctionDef *n = as_FunctionDef(node);   // AsyncFunctionDef has the same fields
    return (FunctionParts){n->name, n->args, n->returns, n->body, n->decorator_list, n->type_params};
}

static void visit_function_body(ScopeBuilder *b, Node *node, const FunctionParts *f, bool method)
{
    Scope *scope = scope_enter(b, SCOPE_FUNCTION, f->name, node, node->at);
    if (!scope)
        return;
    mark_node(node, scope);
    scope->method = method;
    if (node->kind == AST_AsyncFunctionDef)
        scope->is_async = scope->coroutine = true;
    define_arguments(b, f->arguments);
    scope_visit_statements(b, f->body);
    scope_leave(b);
}

void scope_visit_function(ScopeBuilder *b, Node *node)
{
    FunctionParts f = function_parts(node);
    bool method = b->now->kind == SCOPE_CLASS;
    scope_define(b, f.name, DEF_LOCAL, node->at);
    visit_defaults(b, f.arguments);
    scope_visit_all(b, f.decorators);
    Scope *outer = b->now;
    if (f.type_params.count) {
        const Astarguments *a = as_arguments(f.arguments);
        enter_type_params(b, f.name, node, f.type_params, false, a->defaults.count, has_kw_defaults(a));
    }
    if (!b->failed)
        visit_signature_annotations(b, node, f.arguments, f.returns);
    if (!b->failed)
        visit_function_body(b, node, &f, method);
    b->now = outer;
}

void scope_visit_lambda(ScopeBuilder *b, Node *node)
{
    AstLambda *n = as_Lambda(node);
    visit_defaults(b, n->args);
    Value name = str_intern_cstr(b->t, "lambda");
    Scope *scope = name ? scope_enter(b, SCOPE_FUNCTION, name, node, node->at) : NULL;
    if (!scope) {
        b->failed = true;
        return;
    }
    scope->is_lambda = true;
    mark_node(node, scope);
    define_arguments(b, n->args);
    scope_visit_expr(b, n->body);
    scope_leave(b);
}

// --- classes ---
void scope_visit_class(ScopeBuilder *b, Node *node)
{
    AstClassDef *n = as_ClassDef(node);
    scope_define(b, n->name, DEF_LOCAL, node->at);
    scope_visit_all(b, n->decorator_list);
    Scope *outer = b->now;
    Value outer_private = b->private_name;
    if (n->type_params.count) {
        b->private_name = n->name;   // the type parameters are private to the class
        enter_type_params(b, n->name, node, n->type_params, true, false, false);
        b->private_name = outer_private;
    }
    scope_visit_all(b, n->bases);
    for (int32_t i = 0; i < n->keywords.count && !b->failed; i++)
        scope_visit_expr(b, as_keyword(n->keywords.at[i])->value);
    b->private_name = n->name;
    Scope *scope = scope_enter(b, SCOPE_CLASS, n->name, node, node->at);
    if (scope) {
        mark_node(node, scope);
        if (n->type_params.count) {
            define_implicit(b, "__type_params__", DEF_LOCAL, node->at);
            define_implicit(b, ".type_params", DEF_USE, node->at);
        }
        scope_visit_statements(b, n->body);
    }
    b->private_name = outer_private;
    b->now = outer;
}

// --- type aliases and parameters ---
void scope_visit_type_alias(ScopeBuilder *b, Node *node)
{
    AstTypeAlias *n = as_TypeAlias(node);
    if (!scope_wants_name(b, n->name, "TypeAlias with non-Name name"))
        return;
    scope_visit_expr(b, n->name);
    Scope *outer = b->now;
    bool in_class = outer->kind == SCOPE_CLASS;
    Value name = as_Name(n->name)->id;
    if (n->type_params.count && !b->failed)
        enter_type_params(b, name, node, n->type_params, false, false, false);
    Scope *scope = scope_enter(b, SCOPE_TYPE_ALIAS, name, node, node->at);
    if (scope) {
        mark_node(node, scope);
        define_implicit(b, ".format", DEF_PARAM, node->at);
        if (in_class)
            see_class(b, scope, node->at);
        scope_visit_expr(b, n->value);
    }
    b->now = outer;
}

static Scope *visit_type_variable_part(ScopeBuilder *b, Node *param, Value name, Node *part, const char *info)
{
    Scope *outer = b->now;
    Scope *scope = scope_enter(b, SCOPE_TYPE_VARIABLE, name, param, part->at);
    if (scope) {
        scope->info = info;
        define_implicit(b, ".format", DEF_PARAM, part->at);
        if (outer->can_see_class)
            see_class(b, scope, part->at);
        scope_visit_expr(b, part);
    }
    b->now = outer;
    return scope;
}

static void add_mangled(ScopeBuilder *b, Value name)
{
    Scope *scope = b->now;
    if (b->failed || !scope->mangled)
        return;
    ValueSeq *names = scope->mangled;
    Value *grown = arena_alloc(b->t, b->arena, (size_t)(names->count + 1) * sizeof *grown);
    Value plain = str_intern(b->t, name);
    if (!grown || !plain) {
        b->failed = true;
        return;
    }
    if (names->count)
        memcpy(grown, names->at, (size_t)names->count * sizeof *grown);
    grown[names->count] = plain;
    *names = (ValueSeq){names->count + 1, grown};
}

static void check_type_param_name(ScopeBuilder *b, Value name, AstSpan at)
{
    if (!b->failed && str_equal_cstr(name, "__classdict__"))
        scope_error(b, at, "reserved name '__classdict__' cannot be used for type parameter");
}

static void define_type_param(ScopeBuilder *b, Node *node, Value name)
{
    check_type_param_name(b, name, node->at);
    add_mangled(b, name);
    scope_define(b, name, DEF_TYPE_PARAM | DEF_LOCAL, node->at);
}

static void visit_type_param(ScopeBuilder *b, Node *node)
{
    Scope *bound = NULL, *fallback = NULL;
    if (node->kind == AST_TypeVar) {
        AstTypeVar *n = as_TypeVar(node);
        define_type_param(b, node, n->name);
        if (n->bound && !b->failed)
            bound = visit_type_variable_part(b, node, n->name, n->bound,
                                             n->bound->kind == AST_Tuple ? "a TypeVar constraint" : "a TypeVar bound");
        if (n->default_value && !b->failed)
            fallback = visit_type_variable_part(b, node, n->name, n->default_value, "a TypeVar default");
    } else {
        AstParamSpec *n = as_ParamSpec(node);   // TypeVarTuple has the same fields
        define_type_param(b, node, n->name);
        if (n->default_value && !b->failed)
            fallback = visit_type_variable_part(b, node, n->name, n->default_value,
                                                node->kind == AST_ParamSpec ? "a ParamSpec default" : "a TypeVarTuple default");
    }
    if (b->failed)
        return;
    if (bound)
        bound->second = fallback;
    if (bound || fallback)
        mark_node(node, bound ? bound : fallback);
}

void scope_visit_type_params(ScopeBuilder *b, NodeSeq params)
{
    for (int32_t i = 0; i < params.count && !b->failed; i++)
        visit_type_param(b, params.at[i]);
}

// --- comprehensions and assignment expressions ---
static void visit_clause(ScopeBuilder *b, Node *clause, bool first)
{
    Astcomprehension *n = as_comprehension(clause);
    if (n->is_async)
        b->now->coroutine = true;
    if (!first) {
        bool before = b->now->comp_iter_expression;
        b->now->comp_iter_expression = true;
        scope_visit_expr(b, n->iter);
        b->now->comp_iter_expression = before;
    }
    b->now->comp_iter_target = true;
    scope_visit_expr(b, n->target);
    b->now->comp_iter_target = false;
    scope_visit_all(b, n->ifs);
}

static bool contains_async(NodeSeq generators)
{
    for (int32_t i = 0; i < generators.count; i++) {
        if (as_comprehension(generators.at[i])->is_async)
            return true;
    }
    return false;
}

void scope_visit_comprehension(ScopeBuilder *b, Node *node, ScopeComprehension kind, NodeSeq generators, Node *element, Node *value)
{
    static const char *const names[] = {"", "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"};
    bool outer_iter = b->now->comp_iter_expression;
    b->now->comp_iter_expression = true;
    scope_visit_expr(b, as_comprehension(generators.at[0])->iter);
    b->now->comp_iter_expression = outer_iter;
    if (b->failed)
        return;
    Value name = str_intern_cstr(b->t, names[kind]);
    Scope *outer = b->now;
    Scope *scope = name ? scope_enter(b, SCOPE_FUNCTION, name, node, node->at) : NULL;
    if (!scope) {
        b->failed = true;
        return;
    }
    mark_node(node, scope);
    scope->comprehension = kind;
    scope->inlined = kind != COMP_GENERATOR && !outer->can_see_class;
    scope->coroutine = contains_async(generators);
    define_implicit(b, ".0", DEF_PARAM, node->at);
    for (int32_t i = 0; i < generators.count && !b->failed; i++)
        visit_clause(b, generators.at[i], i == 0);
    scope_visit_expr(b, element);
    if (value)
        scope_visit_expr(b, value);
    scope->generator = kind == COMP_GENERATOR;
    bool is_async = scope->coroutine && kind != COMP_GENERATOR;
    b->now = outer;
    if (is_async)
        outer->coroutine = true;
}

static const char *walrus_problem(const Scope *scope)
{
    switch (scope->kind) {
    case SCOPE_CLASS:
        return "assignment expression within a comprehension cannot be used in a class body";
    case SCOPE_TYPE_PARAMS:
        return "assignment expression within a comprehension cannot be used within the definition of a generic";
    case SCOPE_TYPE_ALIAS:
        return "assignment expression within a comprehension cannot be used in a type alias";
    case SCOPE_TYPE_VARIABLE:
        return "assignment expression within a comprehension cannot be used in a TypeVar bound";
    default:
        return NULL;
    }
}

// In a comprehension the target belongs to the function (or module) around.
static void extend_walrus(ScopeBuilder *b, Node *target)
{
    Value name = as_Name(target)->id;
    for (Scope *scope = b->now; scope && !b->failed; scope = scope->parent) {
        Value mangled = scope_mangle(b->t, scope, name);
        Symbol *symbol = mangled ? scope_find(scope, mangled) : NULL;
        if (scope->comprehension) {
            if (symbol && (symbol->flags & DEF_COMP_ITER))
                scope_error(b, target->at, "assignment expression cannot rebind comprehension iteration variable '%s'",
                            str_utf8(b->t, name, NULL));
            continue;
        }
        if (scope->kind == SCOPE_ANNOTATION && scope->can_see_class)
            continue;
        const char *problem = walrus_problem(scope);
        if (problem) {
            scope_error(b, target->at, "%s", problem);
            return;
        }
        bool global = scope->kind == SCOPE_MODULE || (symbol && (symbol->flags & DEF_GLOBAL));
        scope_define(b, name, global ? DEF_GLOBAL : DEF_NONLOCAL, target->at);
        scope->has_walrus = true;
        Symbol *here = mangled ? scope_find(b->now, mangled) : NULL;
        if (here)
            here->directive = target->at;
        scope_define_in(b, scope, name, global ? DEF_GLOBAL : DEF_LOCAL, target->at);
        return;
    }
}

void scope_visit_named(ScopeBuilder *b, Node *node)
{
    AstNamedExpr *n = as_NamedExpr(node);
    if (!scope_wants_name(b, n->target, "NamedExpr target must be a Name"))
        return;
    if (!scope_allows(b, "named expression", node->at))
        return;
    if (b->now->comp_iter_expression) {
        scope_error(b, node->at, "assignment expression cannot be used in a comprehension iterable expression");
        return;
    }
    b->now->has_walrus = true;
    if (b->now->comprehension)
        extend_walrus(b, n->target);
    scope_visit_expr(b, n->value);
    scope_visit_expr(b, n->target);
}
