// scope_build.c: the walk that records what each block defines and uses: scopes, statements, expressions.
#include <stdarg.h>
#include <stdio.h>

#include "frontend/scope_internal.h"
#include "src/core/error.h"
#include "src/types/str.h"

void scope_error(ScopeBuilder *b, AstSpan at, const char *format, ...)
{
    if (b->failed)
        return;
    b->failed = true;
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    syntax_error_at(b->t, b->filename, at, "%s", text);
}

static const char *utf8(ScopeBuilder *b, Value name)
{
    const char *text = str_utf8(b->t, name, NULL);
    if (!text)
        pending_clear(b->t);
    return text ? text : "?";
}

static MUST_CHECK bool scopes_add(ScopeBuilder *b, Scope *scope)
{
    Scopes *all = b->scopes;
    if (all->count == all->room) {
        uint32_t room = all->room ? all->room * 2 : 16;
        Scope **grown = arena_alloc(b->t, b->arena, room * sizeof *grown);
        if (!grown)
            return false;
        if (all->count)
            memcpy(grown, all->all, all->count * sizeof *grown);
        all->all = grown;
        all->room = room;
    }
    if (!all->count)
        all->all[all->count++] = NULL;
    scope->id = all->count;
    all->all[all->count++] = scope;
    return true;
}

Scope *scope_enter(ScopeBuilder *b, ScopeKind kind, Value name, Node *node, AstSpan at)
{
    Scope *scope = b->failed ? NULL : arena_alloc(b->t, b->arena, sizeof *scope);
    if (!scope) {
        b->failed = true;
        return NULL;
    }
    Scope *parent = b->now;
    *scope = (Scope){.kind = kind, .name = name, .node = node, .parent = parent, .private_name = b->private_name, .at = at};
    if (!scopes_add(b, scope)) {
        b->failed = true;
        return NULL;
    }
    if (parent) {
        scope->nested = parent->nested || scope_is_function_like(parent);
        if (parent->last_child)
            parent->last_child->next = scope;
        else
            parent->first_child = scope;
        parent->last_child = scope;
        scope->unevaluated = parent->unevaluated;
        scope->comp_iter_expression = parent->comp_iter_expression;
        if (parent->mangled && kind != SCOPE_CLASS) {
            scope->mangled = parent->mangled;
            scope->private_name = parent->private_name;
        }
    }
    b->now = scope;
    return scope;
}

void scope_reenter(ScopeBuilder *b, Scope *scope)
{
    b->now = scope;
}

void scope_leave(ScopeBuilder *b)
{
    b->now = b->now->parent;
}

static void check_debug(ScopeBuilder *b, Value name, AstSpan at, const char *verb)
{
    if (!b->failed && str_equal_cstr(name, "__debug__"))
        scope_error(b, at, "cannot %s __debug__", verb);
}

static void add_param(ScopeBuilder *b, Scope *scope, Value name)
{
    if (scope->params.count == scope->param_room) {
        int32_t room = scope->param_room ? scope->param_room * 2 : 8;
        Value *grown = arena_alloc(b->t, b->arena, (size_t)room * sizeof *grown);
        if (!grown) {
            b->failed = true;
            return;
        }
        if (scope->params.count)
            memcpy(grown, scope->params.at, (size_t)scope->params.count * sizeof *grown);
        scope->params.at = grown;
        scope->param_room = room;
    }
    scope->params.at[scope->params.count++] = name;
}

static void define_iteration_variable(ScopeBuilder *b, Scope *scope, Symbol *symbol, AstSpan at)
{
    if (symbol->flags & (DEF_GLOBAL | DEF_NONLOCAL))
        scope_error(b, at, "comprehension inner loop cannot rebind assignment expression target '%s'", utf8(b, symbol->name));
    symbol->flags |= DEF_COMP_ITER;
}

void scope_define_in(ScopeBuilder *b, Scope *scope, Value name, uint32_t flag, AstSpan at)
{
    if (b->failed)
        return;
    Value mangled = scope_mangle(b->t, scope, name);
    Symbol *symbol = mangled ? scope_symbol(b->t, b->arena, scope, mangled) : NULL;
    if (!symbol) {
        b->failed = true;
        return;
    }
    if ((flag & DEF_PARAM) && (symbol->flags & DEF_PARAM)) {
        scope_error(b, at, "duplicate argument '%s' in function definition", utf8(b, mangled));
        return;
    }
    if ((flag & DEF_TYPE_PARAM) && (symbol->flags & DEF_TYPE_PARAM)) {
        scope_error(b, at, "duplicate type parameter '%s'", utf8(b, mangled));
        return;
    }
    if (scope->comp_iter_target && (flag & DEF_LOCAL))
        define_iteration_variable(b, scope, symbol, at);
    symbol->flags |= flag;
    if (flag & DEF_PARAM)
        add_param(b, scope, mangled);
    if ((flag & DEF_GLOBAL) && scope != b->scopes->top) {
        Symbol *global = scope_symbol(b->t, b->arena, b->scopes->top, mangled);
        if (global)
            global->flags |= DEF_GLOBAL;
        else
            b->failed = true;
    }
}

void scope_define(ScopeBuilder *b, Value name, uint32_t flag, AstSpan at)
{
    if (flag & (DEF_LOCAL | DEF_PARAM | DEF_IMPORT))
        check_debug(b, name, at, "assign to");
    scope_define_in(b, b->now, name, flag, at);
}

// --- statements ---
typedef void (*ScopeVisit)(ScopeBuilder *b, Node *node);

static void visit_conditional(ScopeBuilder *b, NodeSeq body)
{
    bool before = b->now->in_conditional;
    b->now->in_conditional = true;
    scope_visit_statements(b, body);
    b->now->in_conditional = before;
}

static void visit_return(ScopeBuilder *b, Node *node)
{
    if (as_Return(node)->value) {
        scope_visit_expr(b, as_Return(node)->value);
        b->now->returns_value = true;
    }
}

static void visit_assign(ScopeBuilder *b, Node *node)
{
    scope_visit_expr(b, as_Assign(node)->value);
    scope_visit_all(b, as_Assign(node)->targets);
}

static void visit_delete(ScopeBuilder *b, Node *node)
{
    scope_visit_all(b, as_Delete(node)->targets);
}

static void visit_aug_assign(ScopeBuilder *b, Node *node)
{
    scope_visit_expr(b, as_AugAssign(node)->target);
    scope_visit_expr(b, as_AugAssign(node)->value);
}

static void annotated_name(ScopeBuilder *b, AstAnnAssign *n)
{
    AstName *target = as_Name(n->target);
    Value mangled = scope_mangle(b->t, b->now, target->id);
    if (!mangled) {
        b->failed = true;
        return;
    }
    Symbol *old = scope_find(b->now, mangled);
    if (old && (old->flags & (DEF_GLOBAL | DEF_NONLOCAL)) && b->now != b->scopes->top && n->simple) {
        scope_error(b, n->head.at, old->flags & DEF_GLOBAL ? "annotated name '%s' can't be global" : "annotated name '%s' can't be nonlocal",
                    utf8(b, target->id));
        return;
    }
    if (n->simple)
        scope_define(b, target->id, DEF_ANNOT | DEF_LOCAL, n->head.at);
    else if (n->value)
        scope_define(b, target->id, DEF_LOCAL, n->head.at);
}

static void visit_ann_assign(ScopeBuilder *b, Node *node)
{
    AstAnnAssign *n = as_AnnAssign(node);
    if (n->target->kind == AST_Name)
        annotated_name(b, n);
    else
        scope_visit_expr(b, n->target);
    scope_visit_annotation(b, n->annotation);
    if (n->value)
        scope_visit_expr(b, n->value);
}

static void visit_for(ScopeBuilder *b, Node *node)
{
    AstFor *n = as_For(node);   // AsyncFor has the same fields
    scope_visit_expr(b, n->iter);
    scope_visit_expr(b, n->target);
    visit_conditional(b, n->body);
    visit_conditional(b, n->orelse);
}

static void visit_while(ScopeBuilder *b, Node *node)
{
    scope_visit_expr(b, as_While(node)->test);
    visit_conditional(b, as_While(node)->body);
    visit_conditional(b, as_While(node)->orelse);
}

static void visit_if(ScopeBuilder *b, Node *node)
{
    scope_visit_expr(b, as_If(node)->test);
    visit_conditional(b, as_If(node)->body);
    visit_conditional(b, as_If(node)->orelse);
}

static void visit_with(ScopeBuilder *b, Node *node)
{
    AstWith *n = as_With(node);
    for (int32_t i = 0; i < n->items.count && !b->failed; i++) {
        Astwithitem *item = as_withitem(n->items.at[i]);
        scope_visit_expr(b, item->context_expr);
        if (item->optional_vars)
            scope_visit_expr(b, item->optional_vars);
    }
    visit_conditional(b, n->body);
}

static void visit_match(ScopeBuilder *b, Node *node)
{
    AstMatch *n = as_Match(node);
    scope_visit_expr(b, n->subject);
    for (int32_t i = 0; i < n->cases.count && !b->failed; i++) {
        Astmatch_case *one = as_match_case(n->cases.at[i]);
        scope_visit_pattern(b, one->pattern);
        if (one->guard)
            scope_visit_expr(b, one->guard);
        visit_conditional(b, one->body);
    }
}

static void visit_raise(ScopeBuilder *b, Node *node)
{
    if (as_Raise(node)->exc)
        scope_visit_expr(b, as_Raise(node)->exc);
    if (as_Raise(node)->cause)
        scope_visit_expr(b, as_Raise(node)->cause);
}

static void visit_try(ScopeBuilder *b, Node *node)
{
    AstTry *n = as_Try(node);   // TryStar has the same fields
    visit_conditional(b, n->body);
    for (int32_t i = 0; i < n->handlers.count && !b->failed; i++) {
        AstExceptHandler *handler = as_ExceptHandler(n->handlers.at[i]);
        if (handler->type)
            scope_visit_expr(b, handler->type);
        if (handler->name)
            scope_define(b, handler->name, DEF_LOCAL, handler->head.at);
        visit_conditional(b, handler->body);
    }
    visit_conditional(b, n->orelse);
    visit_conditional(b, n->finalbody);
}

static void visit_assert(ScopeBuilder *b, Node *node)
{
    scope_visit_expr(b, as_Assert(node)->test);
    if (as_Assert(node)->msg)
        scope_visit_expr(b, as_Assert(node)->msg);
}

static void visit_alias(ScopeBuilder *b, Astalias *alias)
{
    Value name = alias->asname ? alias->asname : alias->name;
    if (str_equal_cstr(name, "*")) {
        if (b->now->kind != SCOPE_MODULE)
            scope_error(b, alias->head.at, "import * only allowed at module level");
        return;
    }
    int64_t dot = alias->asname ? -1 : str_find(as_str(name), as_str(str_latin1['.']), 0, as_str(name)->length, false);
    if (dot >= 0)
        name = str_substring(b->t, name, 0, (size_t)dot);
    if (name)
        scope_define(b, name, DEF_IMPORT, alias->head.at);
    else
        b->failed = true;
}

static void visit_import(ScopeBuilder *b, Node *node)
{
    NodeSeq names = node->kind == AST_Import ? as_Import(node)->names : as_ImportFrom(node)->names;
    for (int32_t i = 0; i < names.count && !b->failed; i++)
        visit_alias(b, as_alias(names.at[i]));
}

static const char *declaration_problem(uint32_t flags, bool global)
{
    if (flags & DEF_PARAM)
        return global ? "name '%s' is parameter and global" : "name '%s' is parameter and nonlocal";
    if (flags & DEF_USE)
        return global ? "name '%s' is used prior to global declaration" : "name '%s' is used prior to nonlocal declaration";
    if (flags & DEF_ANNOT)
        return global ? "annotated name '%s' can't be global" : "annotated name '%s' can't be nonlocal";
    if (flags & (DEF_LOCAL | DEF_IMPORT))
        return global ? "name '%s' is assigned to before global declaration" : "name '%s' is assigned to before nonlocal declaration";
    return NULL;
}

static void declare(ScopeBuilder *b, Node *node, ValueSeq names, bool global)
{
    for (int32_t i = 0; i < names.count && !b->failed; i++) {
        Value mangled = scope_mangle(b->t, b->now, names.at[i]);
        Symbol *symbol = mangled ? scope_symbol(b->t, b->arena, b->now, mangled) : NULL;
        if (!symbol) {
            b->failed = true;
            return;
        }
        const char *problem = declaration_problem(symbol->flags, global);
        if (problem) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            scope_error(b, node->at, problem, utf8(b, names.at[i]));
#pragma GCC diagnostic pop
            return;
        }
        scope_define(b, names.at[i], global ? DEF_GLOBAL : DEF_NONLOCAL, node->at);
        if (!symbol->directive.lineno)
            symbol->directive = node->at;
    }
}

static void visit_global(ScopeBuilder *b, Node *node)
{
    declare(b, node, as_Global(node)->names, true);
}

static void visit_nonlocal(ScopeBuilder *b, Node *node)
{
    if (b->now->kind == SCOPE_MODULE)
        scope_error(b, node->at, "nonlocal declaration not allowed at module level");
    declare(b, node, as_Nonlocal(node)->names, false);
}

static void visit_expr_statement(ScopeBuilder *b, Node *node)
{
    scope_visit_expr(b, as_Expr(node)->value);
}

static void visit_nothing(ScopeBuilder *b, Node *node)
{
}

static const ScopeVisit statement_visits[AST_KIND_COUNT] = {
    [AST_FunctionDef] = scope_visit_function, [AST_AsyncFunctionDef] = scope_visit_function,
    [AST_ClassDef] = scope_visit_class, [AST_Return] = visit_return, [AST_Delete] = visit_delete,
    [AST_Assign] = visit_assign, [AST_TypeAlias] = scope_visit_type_alias, [AST_AugAssign] = visit_aug_assign,
    [AST_AnnAssign] = visit_ann_assign, [AST_For] = visit_for, [AST_AsyncFor] = visit_for, [AST_While] = visit_while,
    [AST_If] = visit_if, [AST_With] = visit_with, [AST_AsyncWith] = visit_with, [AST_Match] = visit_match,
    [AST_Raise] = visit_raise, [AST_Try] = visit_try, [AST_TryStar] = visit_try, [AST_Assert] = visit_assert,
    [AST_Import] = visit_import, [AST_ImportFrom] = visit_import, [AST_Global] = visit_global,
    [AST_Nonlocal] = visit_nonlocal, [AST_Expr] = visit_expr_statement, [AST_Pass] = visit_nothing,
    [AST_Break] = visit_nothing, [AST_Continue] = visit_nothing,
};

static bool stack_is_short(ScopeBuilder *b)
{
    if (likely((char *)__builtin_frame_address(0) > b->t->c_stack_limit))
        return false;
    b->failed = true;
    raise(b->t, EXC(RecursionError), "maximum recursion depth exceeded during compilation");
    return true;
}

void scope_visit_statements(ScopeBuilder *b, NodeSeq body)
{
    if (stack_is_short(b))
        return;
    for (int32_t i = 0; i < body.count && !b->failed; i++)
        statement_visits[body.at[i]->kind](b, body.at[i]);
}

// --- expressions ---
static void visit_name(ScopeBuilder *b, Node *node)
{
    AstName *n = as_Name(node);
    if (n->ctx == AST_Del)
        check_debug(b, n->id, node->at, "delete");
    scope_define(b, n->id, n->ctx == AST_Load ? DEF_USE : DEF_LOCAL, node->at);
    // super() without arguments needs the class.
    if (n->ctx == AST_Load && scope_is_function_like(b->now) && str_equal_cstr(n->id, "super"))
        scope_define(b, N(__class__), DEF_USE, node->at);
}

static void visit_attribute(ScopeBuilder *b, Node *node)
{
    AstAttribute *n = as_Attribute(node);
    if (n->ctx != AST_Load)
        check_debug(b, n->attr, node->at, n->ctx == AST_Del ? "delete" : "assign to");
    scope_visit_expr(b, n->value);
}

static void visit_yield(ScopeBuilder *b, Node *node)
{
    if (!scope_allows(b, "yield expression", node->at))
        return;
    Node *value = node->kind == AST_Yield ? as_Yield(node)->value : as_YieldFrom(node)->value;
    if (value)
        scope_visit_expr(b, value);
    b->now->generator = true;
    static const char *const places[] = {"", "list comprehension", "dict comprehension", "set comprehension", "generator expression"};
    if (b->now->comprehension)
        scope_error(b, node->at, "'yield' inside %s", places[b->now->comprehension]);
}

static void visit_await(ScopeBuilder *b, Node *node)
{
    if (!scope_allows(b, "await expression", node->at))
        return;
    scope_visit_expr(b, as_Await(node)->value);
    b->now->coroutine = true;
}

static void visit_call(ScopeBuilder *b, Node *node)
{
    AstCall *n = as_Call(node);
    scope_visit_expr(b, n->func);
    scope_visit_all(b, n->args);
    for (int32_t i = 0; i < n->keywords.count && !b->failed; i++) {
        Astkeyword *keyword = as_keyword(n->keywords.at[i]);
        if (keyword->arg)
            check_debug(b, keyword->arg, keyword->head.at, "assign to");
        scope_visit_expr(b, keyword->value);
    }
}

static void visit_list_comp(ScopeBuilder *b, Node *node)
{
    scope_visit_comprehension(b, node, COMP_LIST, as_ListComp(node)->generators, as_ListComp(node)->elt, NULL);
}

static void visit_set_comp(ScopeBuilder *b, Node *node)
{
    scope_visit_comprehension(b, node, COMP_SET, as_SetComp(node)->generators, as_SetComp(node)->elt, NULL);
}

static void visit_dict_comp(ScopeBuilder *b, Node *node)
{
    AstDictComp *n = as_DictComp(node);
    scope_visit_comprehension(b, node, COMP_DICT, n->generators, n->key, n->value);
}

static void visit_generator(ScopeBuilder *b, Node *node)
{
    scope_visit_comprehension(b, node, COMP_GENERATOR, as_GeneratorExp(node)->generators, as_GeneratorExp(node)->elt, NULL);
}

static bool visit_child(void *context, Node *child)
{
    ScopeBuilder *b = context;
    scope_visit_expr(b, child);
    return !b->failed;
}

// The chain of left operands is walked in a loop: a + b + c … may be long.
static void visit_bin_op(ScopeBuilder *b, Node *node)
{
    size_t depth = 0;
    Node *left = node;
    for (; left->kind == AST_BinOp; left = as_BinOp(left)->left)
        depth++;
    if (depth < 64) {
        scope_visit_expr(b, as_BinOp(node)->left);
        scope_visit_expr(b, as_BinOp(node)->right);
        return;
    }
    Node **chain = arena_alloc(b->t, b->arena, depth * sizeof *chain);
    if (!chain) {
        b->failed = true;
        return;
    }
    Node *at = node;
    for (size_t i = depth; i-- > 0; at = as_BinOp(at)->left)
        chain[i] = at;
    scope_visit_expr(b, left);
    for (size_t i = 0; i < depth && !b->failed; i++)
        scope_visit_expr(b, as_BinOp(chain[i])->right);
}

static const ScopeVisit expr_visits[AST_KIND_COUNT] = {
    [AST_Name] = visit_name, [AST_Attribute] = visit_attribute, [AST_Yield] = visit_yield, [AST_YieldFrom] = visit_yield,
    [AST_Await] = visit_await, [AST_Call] = visit_call, [AST_Lambda] = scope_visit_lambda,
    [AST_ListComp] = visit_list_comp, [AST_SetComp] = visit_set_comp, [AST_DictComp] = visit_dict_comp,
    [AST_GeneratorExp] = visit_generator, [AST_NamedExpr] = scope_visit_named, [AST_Constant] = visit_nothing,
    [AST_BinOp] = visit_bin_op,
};

void scope_visit_expr(ScopeBuilder *b, Node *e)
{
    if (b->failed || stack_is_short(b))
        return;
    if (expr_visits[e->kind])
        expr_visits[e->kind](b, e);
    else
        ast_each_child(e, visit_child, b);
}

void scope_visit_all(ScopeBuilder *b, NodeSeq nodes)
{
    for (int32_t i = 0; i < nodes.count && !b->failed; i++) {
        if (nodes.at[i])
            scope_visit_expr(b, nodes.at[i]);
    }
}

static bool pattern_child(void *context, Node *child)
{
    ScopeBuilder *b = context;
    if (ast_classes[child->kind].type == AST_TYPE_pattern)
        scope_visit_pattern(b, child);
    else
        scope_visit_expr(b, child);
    return !b->failed;
}

void scope_visit_pattern(ScopeBuilder *b, Node *pattern)
{
    if (b->failed || stack_is_short(b))
        return;
    ast_each_child(pattern, pattern_child, b);
    Value name = 0;
    if (pattern->kind == AST_MatchStar)
        name = as_MatchStar(pattern)->name;
    else if (pattern->kind == AST_MatchAs)
        name = as_MatchAs(pattern)->name;
    else if (pattern->kind == AST_MatchMapping)
        name = as_MatchMapping(pattern)->rest;
    else if (pattern->kind == AST_MatchClass) {
        ValueSeq attrs = as_MatchClass(pattern)->kwd_attrs;
        for (int32_t i = 0; i < attrs.count; i++)
            check_debug(b, attrs.at[i], as_MatchClass(pattern)->kwd_patterns.at[i]->at, "assign to");
    }
    if (name)
        scope_define(b, name, DEF_LOCAL, pattern->at);
}

bool scopes_build(Thread *t, Arena *arena, Node *mod, const CompileOptions *options, Scopes *out)
{
    unsigned future;
    if (!future_scan(t, mod, options->filename, &future))
        return false;
    *out = (Scopes){.future = future | (options->flags & COMPILE_FUTURE_MASK)};
    ScopeBuilder b = {.t = t, .arena = arena, .scopes = out, .filename = options->filename, .flags = options->flags};
    Value name = str_intern_cstr(t, "top");
    if (!name)
        return false;
    out->top = scope_enter(&b, SCOPE_MODULE, name, mod, (AstSpan){0});
    if (!out->top)
        return false;
    if (mod->kind == AST_Module)
        scope_visit_statements(&b, as_Module(mod)->body);
    else if (mod->kind == AST_Interactive)
        scope_visit_statements(&b, as_Interactive(mod)->body);
    else if (mod->kind == AST_Expression)
        scope_visit_expr(&b, as_Expression(mod)->body);
    else
        b.failed = !raise(t, EXC(RuntimeError), "this compiler does not handle FunctionTypes");
    if (b.failed)
        return false;
    return scopes_resolve(t, arena, options->filename, out);
}
