// compile_expr.c: expressions: dispatch, names, constants, attributes, subscripts, walrus.
#include "frontend/compiler.h"
#include "src/code/opcode_info.h"
#include "src/core/names.h"

Value expr_constant(Node *e)
{
    return e->kind == AST_Constant ? as_Constant(e)->value : 0;
}

// --- does evaluating an expression rebind a local whose register is in use? ---
typedef struct RebindSearch {
    Compiler *c;
    Reg reg;
    bool found;
} RebindSearch;

static bool search_rebind(void *context, Node *e)
{
    RebindSearch *search = context;
    if (e->kind == AST_Lambda)
        return true;
    if (e->kind == AST_NamedExpr && name_target(search->c, as_Name(as_NamedExpr(e)->target)->id) == search->reg) {
        search->found = true;
        return false;
    }
    return ast_each_child(e, search_rebind, search);
}

bool expr_rebinds(Compiler *c, Node *e, Reg reg)
{
    if (!e || is_temp(c, reg) || !c->unit->scope->has_walrus || c->failed)
        return false;
    RebindSearch search = {c, reg, false};
    search_rebind(&search, e);
    return search.found;
}

// --- the four ways to evaluate ---
Reg expr_temp(Compiler *c, Node *e)
{
    Reg dst = temp_new(c);
    expr_into(c, e, dst);
    return dst;
}

Reg expr_operand(Compiler *c, Node *e)
{
    if (e->kind != AST_Name)
        return expr_temp(c, e);
    Location at = c->at;
    c->at = location_of(e);
    Reg reg = name_operand(c, as_Name(e)->id);
    c->at = at;
    return reg;
}

Reg expr_stable(Compiler *c, Node *e, Node *later)
{
    Reg reg = expr_operand(c, e);
    if (!expr_rebinds(c, later, reg))
        return reg;
    Reg copy = temp_new(c);
    emit_move(c, copy, reg);
    return copy;
}

void expr_discard(Compiler *c, Node *e)
{
    if (expr_constant(e))
        return;
    Reg mark = temp_mark(c);
    expr_operand(c, e);
    temp_reset(c, mark);
}

static void constant(Compiler *c, Node *e, Reg dst)
{
    emit_const(c, dst, as_Constant(e)->value);
}

static void name(Compiler *c, Node *e, Reg dst)
{
    name_load(c, as_Name(e)->id, dst);
}

static void starred(Compiler *c, Node *e, Reg dst)
{
    compile_error(c, e->at, as_Starred(e)->ctx == AST_Load ? "can't use starred expression here"
                                                            : "starred assignment target must be in a list or tuple");
}

static void slice(Compiler *c, Node *e, Reg dst)
{
    Reg mark = temp_mark(c);
    Reg parts = temp_run(c, 3);
    compile_slice_parts(c, e, parts, 3);
    emit(c, OP_BUILD_SLICE, dst, parts, 0);
    temp_reset(c, mark);
}

void compile_named_expr(Compiler *c, Node *e, Reg dst)
{
    AstNamedExpr *n = as_NamedExpr(e);
    Value id = as_Name(n->target)->id;
    Reg local = name_target(c, id);
    if (local != NO_REG) {
        expr_into(c, n->value, local);
        emit_move(c, dst, local);
        return;
    }
    Reg mark = temp_mark(c);
    Reg value = is_temp(c, dst) ? dst : temp_new(c);
    expr_into(c, n->value, value);
    name_store(c, id, value);
    emit_move(c, dst, value);
    temp_reset(c, mark);
}

typedef void (*ExprCompile)(Compiler *c, Node *e, Reg dst);

static const ExprCompile expr_compiles[AST_KIND_COUNT] = {
    [AST_BoolOp] = compile_bool_op, [AST_NamedExpr] = compile_named_expr, [AST_BinOp] = compile_bin_op,
    [AST_UnaryOp] = compile_unary_op, [AST_Lambda] = compile_lambda, [AST_IfExp] = compile_if_exp,
    [AST_Dict] = compile_dict, [AST_Set] = compile_set, [AST_ListComp] = compile_comprehension,
    [AST_SetComp] = compile_comprehension, [AST_DictComp] = compile_comprehension,
    [AST_GeneratorExp] = compile_comprehension, [AST_Await] = compile_await, [AST_Yield] = compile_yield,
    [AST_YieldFrom] = compile_yield_from, [AST_Compare] = compile_compare, [AST_Call] = compile_call,
    [AST_FormattedValue] = compile_formatted_value, [AST_Interpolation] = compile_interpolation,
    [AST_JoinedStr] = compile_joined_str, [AST_TemplateStr] = compile_template_str, [AST_Constant] = constant,
    [AST_Attribute] = compile_attribute, [AST_Subscript] = compile_subscript, [AST_Starred] = starred,
    [AST_Name] = name, [AST_List] = compile_list, [AST_Tuple] = compile_tuple, [AST_Slice] = slice,
};

void expr_into(Compiler *c, Node *e, Reg dst)
{
    if (!compile_enter(c))
        return;
    Location at = c->at;
    c->at = location_of(e);
    expr_compiles[e->kind](c, e, dst);
    c->at = at;
}

// --- attributes ---
// super().name and super(a, b).name, when `super` cannot be anything but the builtin or a global of that name.
static bool super_is_plain(Compiler *c, Node *func)
{
    if (func->kind != AST_Name || as_Name(func)->id != N(super))
        return false;
    NameRef ref = name_ref(c, N(super));
    if (c->failed || ref.place != PLACE_GLOBAL)
        return false;
    const Symbol *top = scope_find(c->scopes.top, N(super));
    return !top || !(top->flags & DEF_BOUND);
}

static bool zero_argument_super(Compiler *c, Reg triple)
{
    Unit *u = c->unit;
    if (!u->arg_count || u->scope->comprehension)
        return false;
    NameRef cls = name_ref(c, N(__class__));
    if (cls.place != PLACE_CELL || cls.reg == NO_REG)
        return false;
    name_load(c, N(super), triple);
    emit(c, OP_LOAD_CELL, triple + 1, cls.reg, constant_number(c, N(__class__), false));
    Value first = u->locals.at[0].name;
    Reg cell = unit_named(&u->cells, first);
    if (cell == u->locals.at[0].reg) {
        emit(c, OP_LOAD_CELL, triple + 2, cell, constant_number(c, first, false));
    } else {
        emit(c, OP_CHECK_BOUND, u->locals.at[0].reg, 0, constant_number(c, first, false));
        emit_move(c, triple + 2, u->locals.at[0].reg);
    }
    return true;
}

// Puts super, class and self into the registers from `triple` on when e is such a call.
bool compile_super_parts(Compiler *c, Node *e, Reg triple)
{
    if (e->kind != AST_Call || c->failed)
        return false;
    AstCall *call = as_Call(e);
    if (call->keywords.count || !super_is_plain(c, call->func))
        return false;
    Location at = c->at;
    c->at = location_of(e);
    bool done = false;
    if (call->args.count == 0) {
        done = zero_argument_super(c, triple);
    } else if (call->args.count == 2 && call->args.at[0]->kind != AST_Starred && call->args.at[1]->kind != AST_Starred) {
        name_load(c, N(super), triple);
        expr_into(c, call->args.at[0], triple + 1);
        expr_into(c, call->args.at[1], triple + 2);
        done = true;
    }
    c->at = at;
    return done;
}

void compile_attribute(Compiler *c, Node *e, Reg dst)
{
    AstAttribute *n = as_Attribute(e);
    Reg mark = temp_mark(c);
    Value attr = mangle(c, n->attr);
    Reg triple = n->value->kind == AST_Call ? temp_run(c, 3) : NO_REG;
    if (triple != NO_REG && compile_super_parts(c, n->value, triple)) {
        emit(c, OP_LOAD_SUPER_ATTR, dst, triple, name_number(c, attr));
        temp_reset(c, mark);
        return;
    }
    temp_reset(c, mark);
    Reg value = expr_operand(c, n->value);
    emit(c, OP_LOAD_ATTR, dst, value, slot_name(c, attr));
    temp_reset(c, mark);
}

// --- subscripts ---
bool is_two_part_slice(const Node *slice_node)
{
    return slice_node->kind == AST_Slice && !as_Slice(slice_node)->step;
}

static void slice_part(Compiler *c, Node *part, Reg dst)
{
    if (part)
        expr_into(c, part, dst);
    else
        emit_const(c, dst, NONE);
}

void compile_slice_parts(Compiler *c, Node *slice_node, Reg run, int32_t n)
{
    AstSlice *s = as_Slice(slice_node);
    slice_part(c, s->lower, run);
    slice_part(c, s->upper, run + 1);
    if (n > 2)
        slice_part(c, s->step, run + 2);
}

void compile_subscript(Compiler *c, Node *e, Reg dst)
{
    AstSubscript *n = as_Subscript(e);
    Reg mark = temp_mark(c);
    warn_subscript(c, e);
    Reg value = expr_stable(c, n->value, n->slice);
    Value k = expr_constant(n->slice);
    if (k) {
        emit(c, OP_GETITEM_K, dst, value, constant_number(c, k, true));
    } else if (is_two_part_slice(n->slice)) {
        Reg parts = temp_run(c, 2);
        compile_slice_parts(c, n->slice, parts, 2);
        emit(c, OP_GETSLICE, dst, value, parts);
    } else {
        Reg key = expr_operand(c, n->slice);
        emit(c, OP_GETITEM, dst, value, key);
    }
    temp_reset(c, mark);
}
