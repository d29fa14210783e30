// compile_type_params.c: type parameters and the type statement (PEP 695, 696).
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/types/tuple.h"

// A function that evaluates `value` when it is asked for; its only parameter is the format, VALUE unless given.
static Value evaluator_code(Compiler *c, Scope *scope, Node *value, Value name, Unit *unit)
{
    if (!unit_enter(c, unit, scope, name, value->at.lineno))
        return 0;
    unit->arg_count = unit->posonly_count = 1;
    c->at = location_of(value);
    unit_prologue(c);
    emit_annotation_prologue(c);
    Reg result = temp_new(c);
    if (value->kind == AST_Starred) {   // default of a TypeVarTuple
        expr_into(c, as_Starred(value)->value, result);
        emit(c, OP_UNPACK, result, result, 1);
    } else {
        expr_into(c, value, result);
    }
    emit(c, OP_RETURN, result, 0, 0);
    return unit_finish(c);
}

static void make_evaluator(Compiler *c, Scope *scope, Node *value, Value name, Reg dst)
{
    Unit unit;
    Location at = c->at;
    Value code = c->failed ? 0 : evaluator_code(c, scope, value, name, &unit);
    c->at = at;
    if (!code)
        return;
    make_function(c, code, &unit, dst);
    Value format = fixnum(1);
    Value defaults = checked(c, tuple_from(c->t, &format, 1));
    Reg mark = temp_mark(c);
    Reg reg = temp_new(c);
    emit(c, OP_LOAD_CONST, reg, constant_number(c, defaults, true), 0);
    emit(c, OP_SET_FUNCTION_ATTR, dst, reg, FUNCTION_DEFAULTS);
    temp_reset(c, mark);
}

typedef struct TypeParam { Value name; Node *bound, *fallback; Intrinsic plain; } TypeParam;

static TypeParam type_param_of(Node *node)
{
    if (node->kind == AST_TypeVar)
        return (TypeParam){as_TypeVar(node)->name, as_TypeVar(node)->bound, as_TypeVar(node)->default_value, INTRINSIC_TYPEVAR};
    AstParamSpec *n = as_ParamSpec(node);   // TypeVarTuple has the same fields
    return (TypeParam){n->name, NULL, n->default_value, node->kind == AST_ParamSpec ? INTRINSIC_PARAMSPEC : INTRINSIC_TYPEVARTUPLE};
}

static void type_param(Compiler *c, Node *node, Reg dst)
{
    TypeParam p = type_param_of(node);
    Reg mark = temp_mark(c);
    Reg pair = temp_run(c, 2);
    Scope *scope = scope_of(&c->scopes, node);
    c->at = location_of(node);
    emit_const(c, pair, p.name);
    if (p.bound) {
        make_evaluator(c, scope, p.bound, p.name, pair + 1);
        emit(c, OP_INTRINSIC_2, pair, pair, p.bound->kind == AST_Tuple ? INTRINSIC_TYPEVAR_WITH_CONSTRAINTS : INTRINSIC_TYPEVAR_WITH_BOUND);
    } else {
        emit(c, OP_INTRINSIC_1, pair, pair, p.plain);
    }
    if (p.fallback) {
        make_evaluator(c, p.bound ? scope->second : scope, p.fallback, p.name, pair + 1);
        emit(c, OP_INTRINSIC_2, pair, pair, INTRINSIC_SET_TYPEPARAM_DEFAULT);
    }
    emit_move(c, dst, pair);
    name_store(c, p.name, pair);
    temp_reset(c, mark);
}

static bool has_default(Node *node)
{
    return type_param_of(node).fallback;
}

// The tuple of the parameters; their names are bound on the way.
void compile_type_params(Compiler *c, NodeSeq params, Reg dst)
{
    Reg mark = temp_mark(c);
    Reg first = temp_run(c, params.count);
    bool seen_default = false;
    Location at = c->at;
    for (int32_t i = 0; i < params.count && !c->failed; i++) {
        if (seen_default && !has_default(params.at[i]))
            compile_error(c, params.at[i]->at, "non-default type parameter '%s' follows default type parameter",
                          str_utf8(c->t, type_param_of(params.at[i]).name, NULL));
        seen_default = seen_default || has_default(params.at[i]);
        type_param(c, params.at[i], first + i);
    }
    c->at = at;
    emit(c, OP_BUILD_TUPLE, dst, first, params.count);
    temp_reset(c, mark);
}

// --- type X[T] = value ---
static void alias_object(Compiler *c, Node *s, Reg params, Reg dst)
{
    AstTypeAlias *n = as_TypeAlias(s);
    Reg mark = temp_mark(c);
    Reg parts = temp_run(c, 3);
    Value name = as_Name(n->name)->id;
    emit_const(c, parts, name);
    if (params == NO_REG)
        emit_const(c, parts + 1, NONE);
    else
        emit_move(c, parts + 1, params);
    make_evaluator(c, scope_of(&c->scopes, s), n->value, name, parts + 2);
    emit(c, OP_BUILD_TUPLE, parts, parts, 3);
    emit(c, OP_INTRINSIC_1, dst, parts, INTRINSIC_TYPEALIAS);
    temp_reset(c, mark);
}

static Value generic_alias_code(Compiler *c, Node *s, Unit *unit)
{
    AstTypeAlias *n = as_TypeAlias(s);
    Value name = generic_name(c, as_Name(n->name)->id);
    if (!name || !unit_enter(c, unit, scope_of(&c->scopes, s)->parent, name, s->at.lineno))
        return 0;
    c->at = location_of(s);
    unit_prologue(c);
    Reg params = temp_new(c), result = temp_new(c);
    compile_type_params(c, n->type_params, params);
    alias_object(c, s, params, result);
    emit(c, OP_RETURN, result, 0, 0);
    return unit_finish(c);
}

void compile_type_alias(Compiler *c, Node *s)
{
    AstTypeAlias *n = as_TypeAlias(s);
    Reg mark = temp_mark(c);
    Reg window = temp_run(c, WINDOW);
    if (n->type_params.count) {
        Unit unit;
        Location at = c->at;
        Value code = generic_alias_code(c, s, &unit);
        c->at = at;
        if (!code)
            return;
        make_function(c, code, &unit, window);
        temp_reach(c, window + WINDOW + 1);
        emit(c, OP_CALL, window, window, slot_new(c, fixnum(0)));
    } else {
        alias_object(c, s, NO_REG, window);
    }
    name_store(c, as_Name(n->name)->id, window);
    temp_reset(c, mark);
}
