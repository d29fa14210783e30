// compile_annotation.c: annotations: __annotate__ functions (PEP 649, 749), or strings under the __future__ import.
#include "frontend/compiler.h"
#include "src/types/function.h"
#include "frontend/unparse.h"
#include "src/core/names.h"

void emit_annotation_prologue(Compiler *c)
{
    Reg unused = temp_new(c);
    emit(c, OP_INTRINSIC_1, unused, c->unit->locals.at[0].reg, INTRINSIC_CHECK_ANNOTATION_FORMAT);
    temp_reset(c, unused);
}

static bool is_lazy(const Compiler *c)
{
    return !(c->scopes.future & CO_FUTURE_ANNOTATIONS);
}

// The annotation's value, or its text under the __future__ import.
void compile_annotation_value(Compiler *c, Node *annotation, Reg dst)
{
    if (!is_lazy(c)) {
        Value text = c->failed ? 0 : checked(c, ast_unparse(c->t, annotation));
        if (text)
            emit_const(c, dst, text);
        return;
    }
    if (annotation->kind == AST_Starred) {   // def f(*args: *Ts)
        Reg mark = temp_mark(c);
        Reg value = expr_temp(c, as_Starred(annotation)->value);
        emit(c, OP_UNPACK, value, value, 1);
        emit_move(c, dst, value);
        temp_reset(c, mark);
        return;
    }
    expr_into(c, annotation, dst);
}

// --- signatures ---
static void add_annotation(Compiler *c, Reg dict, Value id, Node *annotation)
{
    if (!annotation || c->failed)
        return;
    Reg mark = temp_mark(c);
    Reg pair = temp_run(c, 2);
    emit_const(c, pair, mangle(c, id));
    compile_annotation_value(c, annotation, pair + 1);
    emit(c, OP_MAP_ADD, dict, pair, pair + 1);
    temp_reset(c, mark);
}

static void add_param_annotations(Compiler *c, Reg dict, NodeSeq params)
{
    for (int32_t i = 0; i < params.count; i++)
        add_annotation(c, dict, as_arg(params.at[i])->arg, as_arg(params.at[i])->annotation);
}

static void signature_dict(Compiler *c, Astarguments *a, Node *returns, Reg dict)
{
    emit(c, OP_BUILD_MAP, dict, dict, 0);
    add_param_annotations(c, dict, a->posonlyargs);
    add_param_annotations(c, dict, a->args);
    if (a->vararg)
        add_annotation(c, dict, as_arg(a->vararg)->arg, as_arg(a->vararg)->annotation);
    add_param_annotations(c, dict, a->kwonlyargs);
    if (a->kwarg)
        add_annotation(c, dict, as_arg(a->kwarg)->arg, as_arg(a->kwarg)->annotation);
    Value name = c->failed ? 0 : checked(c, str_intern_cstr(c->t, "return"));
    if (name)
        add_annotation(c, dict, name, returns);
}

static bool any_annotated(NodeSeq params)
{
    for (int32_t i = 0; i < params.count; i++) {
        if (as_arg(params.at[i])->annotation)
            return true;
    }
    return false;
}

static bool is_annotated(const Node *param)
{
    return param && as_arg(param)->annotation;
}

static Value signature_code(Compiler *c, Node *arguments, Node *returns, Node *function, Unit *unit)
{
    Value owner = qualname_for(c, as_FunctionDef(function)->name);
    if (!unit_enter(c, unit, scope_of(&c->scopes, arguments), N(__annotate__), function->at.lineno))
        return 0;
    unit->qualname = checked(c, str_format(c->t, "%U.__annotate__", owner));
    if (c->failed)
        return 0;
    unit->arg_count = unit->posonly_count = 1;
    c->at = location_of(function);
    unit_prologue(c);
    emit_annotation_prologue(c);
    Reg dict = temp_new(c);
    signature_dict(c, as_arguments(arguments), returns, dict);
    emit(c, OP_RETURN, dict, 0, 0);
    return unit_finish(c);
}

Reg compile_signature_annotations(Compiler *c, Node *arguments, Node *returns, Node *function)
{
    Astarguments *a = as_arguments(arguments);
    if (!returns && !any_annotated(a->posonlyargs) && !any_annotated(a->args) && !any_annotated(a->kwonlyargs)
        && !is_annotated(a->vararg) && !is_annotated(a->kwarg))
        return NO_REG;
    Reg dst = temp_new(c);
    Unit unit;
    Location at = c->at;
    Value code = signature_code(c, arguments, returns, function, &unit);
    c->at = at;
    if (code)
        make_function(c, code, &unit, dst);
    return dst;
}

// --- annotated names of modules and classes ---
static bool evaluates_annotations(const Compiler *c)
{
    return c->unit->scope->kind == SCOPE_MODULE || c->unit->scope->kind == SCOPE_CLASS;
}

// Remembers the statement; a conditional one leaves its number in __conditional_annotations__ when it runs.
static void defer_annotation(Compiler *c, Node *s)
{
    Unit *u = c->unit;
    int32_t room = u->annotation_room;
    Node **at = unit_grow(c, u->annotations.at, u->annotations.count, &u->annotation_room, sizeof *at);
    int32_t *index = at ? unit_grow(c, u->annotation_index, u->annotations.count, &room, sizeof *index) : NULL;
    if (!index)
        return;
    u->annotations.at = at;
    u->annotation_index = index;
    bool conditional = u->scope->kind == SCOPE_MODULE || u->conditional_depth > 0;
    at[u->annotations.count] = s;
    index[u->annotations.count++] = conditional ? u->conditional_count : -1;
    if (!conditional)
        return;
    Reg mark = temp_mark(c);
    Reg set = temp_run(c, 2);
    if (u->scope->kind == SCOPE_CLASS)
        emit(c, OP_LOAD_CELL, set, unit_named(&u->cells, N(__conditional_annotations__)),
             constant_number(c, N(__conditional_annotations__), false));
    else
        emit(c, OP_LOAD_NAME, set, 0, slot_name(c, N(__conditional_annotations__)));
    emit_const(c, set + 1, fixnum(u->conditional_count++));
    emit(c, OP_SET_ADD, set, set + 1, 0);
    temp_reset(c, mark);
}

static void store_annotation_text(Compiler *c, AstAnnAssign *n)
{
    Reg mark = temp_mark(c);
    Reg parts = temp_run(c, 3);
    emit(c, OP_LOAD_NAME, parts, 0, slot_name(c, N(__annotations__)));
    emit_const(c, parts + 1, mangle(c, as_Name(n->target)->id));
    compile_annotation_value(c, n->annotation, parts + 2);
    emit(c, OP_SETITEM, parts, parts + 1, parts + 2);
    temp_reset(c, mark);
}

// Evaluates for its errors what is annotated but not assigned.
static void check_target(Compiler *c, AstAnnAssign *n)
{
    if (n->value)
        return;
    if (n->target->kind == AST_Attribute)
        expr_discard(c, as_Attribute(n->target)->value);
    if (n->target->kind == AST_Subscript) {
        expr_discard(c, as_Subscript(n->target)->value);
        expr_discard(c, as_Subscript(n->target)->slice);
    }
}

// An annotation that is never compiled still may not contain what could not be.
static bool check_comprehension(void *context, Node *e)
{
    Compiler *c = context;
    bool inline_kind = e->kind == AST_ListComp || e->kind == AST_SetComp || e->kind == AST_DictComp;
    if (inline_kind && scope_of(&c->scopes, e)->coroutine) {
        compile_error(c, e->at, "asynchronous comprehension outside of an asynchronous function");
        return false;
    }
    return e->kind == AST_Lambda || ast_each_child(e, check_comprehension, c);
}

static void check_unevaluated(Compiler *c, Node *annotation)
{
    if (compile_enter(c))
        check_comprehension(c, annotation);
}

void compile_ann_assign(Compiler *c, Node *s)
{
    AstAnnAssign *n = as_AnnAssign(s);
    if (n->value) {
        Reg mark = temp_mark(c);
        Reg local = n->target->kind == AST_Name ? name_target(c, as_Name(n->target)->id) : NO_REG;
        if (local != NO_REG)
            expr_into(c, n->value, local);
        else
            store_target(c, n->target, expr_operand(c, n->value));
        temp_reset(c, mark);
    }
    if (n->target->kind != AST_Name) {
        check_target(c, n);
        return;
    }
    if (!n->simple || !evaluates_annotations(c)) {
        check_unevaluated(c, n->annotation);
        return;
    }
    if (is_lazy(c))
        defer_annotation(c, s);
    else
        store_annotation_text(c, n);
}

static void annotation_entry(Compiler *c, AstAnnAssign *n, int32_t index, Reg dict)
{
    Reg mark = temp_mark(c);
    Label skip = label_new(c);
    if (index >= 0) {
        Reg number = temp_run(c, 2);
        emit_const(c, number, fixnum(index));
        name_load(c, N(__conditional_annotations__), number + 1);
        emit(c, OP_IN, number, number, number + 1);
        emit_jump(c, OP_JUMP_IF_FALSE, number, 0, skip);
        temp_reset(c, mark);
    }
    c->at = location_of(&n->head);
    add_annotation(c, dict, as_Name(n->target)->id, n->annotation);
    label_bind(c, skip);
    temp_reset(c, mark);
}

// Code of __annotate__ for the innermost unit's AnnAssign statements.
static Value annotate_code(Compiler *c, Unit *unit)
{
    const Unit *owner = c->unit;
    if (!unit_enter(c, unit, owner->scope->annotations, N(__annotate__), owner->first_line))
        return 0;
    unit->arg_count = unit->posonly_count = 1;
    unit_prologue(c);
    emit_annotation_prologue(c);
    Reg dict = temp_new(c);
    emit(c, OP_BUILD_MAP, dict, dict, 0);
    for (int32_t i = 0; i < owner->annotations.count && !c->failed; i++)
        annotation_entry(c, as_AnnAssign(owner->annotations.at[i]), owner->annotation_index[i], dict);
    emit(c, OP_RETURN, dict, 0, 0);
    return unit_finish(c);
}

// At the end of a class body: its __annotate__.
void emit_module_annotations(Compiler *c)
{
    if (!c->unit->annotations.count || c->failed)
        return;
    Reg function = temp_new(c);
    Unit unit;
    Location at = c->at;
    Value code = annotate_code(c, &unit);
    c->at = at;
    if (!code)
        return;
    make_function(c, code, &unit, function);
    emit(c, OP_STORE_NAME, function, 0, slot_name(c, N(__annotate_func__)));
    temp_reset(c, function);
}

// Under the __future__ import a body that has annotations starts by making __annotations__.
void open_class_annotations(Compiler *c)
{
    if (!is_lazy(c) && c->unit->scope->annotations)
        emit(c, OP_SETUP_ANNOTATIONS, 0, 0, 0);
}

// A module gets its __annotate__ first thing: it may be imported in a circle. The code is filled in at the end.
int32_t open_module_annotations(Compiler *c)
{
    Unit *u = c->unit;
    if (!is_lazy(c)) {
        if (u->scope->annotations)
            emit(c, OP_SETUP_ANNOTATIONS, 0, 0, 0);
        return -1;
    }
    if (!u->scope->annotations)
        return -1;
    Reg value = temp_new(c);
    emit(c, OP_BUILD_SET, value, value, 0);
    emit(c, OP_STORE_NAME, value, 0, slot_name(c, N(__conditional_annotations__)));
    Value placeholder = value_of(cell_new(c->t, 0));       // equal to no other constant
    if (!placeholder) {
        compile_fail(c);
        return -1;
    }
    int32_t number = constant_number(c, placeholder, true);
    emit(c, OP_MAKE_FUNCTION, value, number, NO_CLOSURE);
    emit(c, OP_STORE_NAME, value, 0, slot_name(c, N(__annotate__)));
    temp_reset(c, value);
    return number;
}

void close_module_annotations(Compiler *c, int32_t number)
{
    if (number < 0 || c->failed)
        return;
    Unit unit;
    Value code = annotate_code(c, &unit);
    if (code)
        c->unit->constants[number] = code;
}
