// compile.c: the compiler's entrances: modules, expressions, statements one by one.
#include <unistd.h>

#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/core/options.h"
#include "src/core/vm.h"

static void expression_statement(Compiler *c, Node *s)
{
    Node *value = as_Expr(s)->value;
    if (!c->interactive || c->unit->scope->kind != SCOPE_MODULE) {
        if (expr_constant(value))
            emit_line(c);
        expr_discard(c, value);
        return;
    }
    Reg mark = temp_mark(c);
    Reg shown = expr_operand(c, value);
    Reg unused = temp_new(c);
    emit(c, OP_INTRINSIC_1, unused, shown, INTRINSIC_PRINT_EXPR);
    temp_reset(c, mark);
}

static void nothing(Compiler *c, Node *s)
{
}

static void pass(Compiler *c, Node *s)
{
    emit_line(c);
}

typedef void (*StatementCompile)(Compiler *c, Node *s);

static const StatementCompile statement_compiles[AST_KIND_COUNT] = {
    [AST_FunctionDef] = compile_function, [AST_AsyncFunctionDef] = compile_function, [AST_ClassDef] = compile_class,
    [AST_Return] = compile_return, [AST_Delete] = compile_delete, [AST_Assign] = compile_assign,
    [AST_TypeAlias] = compile_type_alias, [AST_AugAssign] = compile_aug_assign, [AST_AnnAssign] = compile_ann_assign,
    [AST_For] = compile_for, [AST_AsyncFor] = compile_async_for, [AST_While] = compile_while, [AST_If] = compile_if,
    [AST_With] = compile_with, [AST_AsyncWith] = compile_with, [AST_Match] = compile_match, [AST_Raise] = compile_raise,
    [AST_Try] = compile_try, [AST_TryStar] = compile_try_star, [AST_Assert] = compile_assert,
    [AST_Import] = compile_import, [AST_ImportFrom] = compile_import_from, [AST_Global] = nothing,
    [AST_Nonlocal] = nothing, [AST_Expr] = expression_statement, [AST_Pass] = pass, [AST_Break] = compile_break,
    [AST_Continue] = compile_continue,
};

void compile_body(Compiler *c, NodeSeq body)
{
    if (!compile_enter(c))
        return;
    Location at = c->at;
    for (int32_t i = 0; i < body.count && !c->failed; i++) {
        Node *s = body.at[i];
        c->at = location_of(s);
        Reg mark = temp_mark(c);
        statement_compiles[s->kind](c, s);
        check(c->failed || temp_mark(c) == mark);
        temp_reset(c, mark);
    }
    c->at = at;
}

static void module_body(Compiler *c, NodeSeq body)
{
    int32_t annotations = open_module_annotations(c);
    Value doc = c->interactive ? 0 : body_docstring(c, body);
    if (doc) {
        c->at = location_of(body.at[0]);
        body.at++;
        body.count--;
        if (c->optimize < 2) {
            Reg value = temp_new(c);
            emit_const(c, value, doc);
            emit(c, OP_STORE_NAME, value, 0, slot_name(c, N(__doc__)));
            temp_reset(c, value);
        }
    }
    compile_body(c, body);
    close_module_annotations(c, annotations);
}

static Value module_code(Compiler *c, Node *mod)
{
    Unit unit;
    Value name = str_intern_cstr(c->t, "<module>");
    if (!name || !unit_enter(c, &unit, c->scopes.top, name, 1))
        return 0;
    c->at = no_location();
    unit_prologue(c);
    if (mod->kind == AST_Expression) {
        Node *body = as_Expression(mod)->body;
        Reg value = expr_operand(c, body);
        c->at = location_of(body);
        emit(c, OP_RETURN, value, 0, 0);
    } else {
        c->interactive = mod->kind == AST_Interactive;
        module_body(c, c->interactive ? as_Interactive(mod)->body : as_Module(mod)->body);
        c->at = no_location();
    }
    return unit_finish(c);
}

static int optimize_level(Thread *t, const CompileOptions *options)
{
    return options->optimize >= 0 ? options->optimize : t->vm->config.optimize;
}

Node *compile_fold(Thread *t, Arena *arena, Node *mod, const CompileOptions *options)
{
    return fold_tree(t, arena, mod, options, optimize_level(t, options));
}

Scope *compile_scopes(Thread *t, Arena *arena, Node *mod, const CompileOptions *options)
{
    Scopes *scopes = arena_alloc(t, arena, sizeof *scopes);
    return scopes && scopes_build(t, arena, mod, options, scopes) ? scopes->top : NULL;
}

Value compile_ast(Thread *t, Arena *arena, Node *mod, const CompileOptions *how)
{
    Compiler c = {.t = t, .arena = arena, .options = how, .optimize = optimize_level(t, how)};
    if (!fold_tree(t, arena, mod, how, c.optimize))
        return 0;
    if (!scopes_build(t, arena, mod, how, &c.scopes))
        return 0;
    if (switches.DUMP_scopes)
        scopes_dump(t, &c.scopes, STDERR_FILENO);
    Value code = module_code(&c, mod);
    if (code && switches.DUMP_code)
        code_dump(as_code(code), STDERR_FILENO);
    return code;
}

Value compile_source(Thread *t, const char *text, size_t n, ParseMode mode, const CompileOptions *options)
{
    Arena arena;
    arena_open(&arena);
    ParseRequest request = {.text = text, .size = n, .filename = options->filename, .mode = mode, .flags = options->flags,
                            .feature_version = options->feature_version, .module = options->module};
    Node *mod = parse_source(t, &arena, &request);
    Value code = mod ? compile_ast(t, &arena, mod, options) : 0;
    arena_close(&arena);
    return code;
}
