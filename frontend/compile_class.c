// compile_class.c: the class statement.
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/types/tuple.h"

static void store_named(Compiler *c, Value name, Reg value)
{
    emit(c, OP_STORE_NAME, value, 0, slot_name(c, name));
}

static void store_constant(Compiler *c, Value name, Value value)
{
    Reg reg = temp_new(c);
    emit_const(c, reg, value);
    store_named(c, name, reg);
    temp_reset(c, reg);
}

static Value interned(Compiler *c, const char *text)
{
    Value name = c->failed ? 0 : checked(c, str_intern_cstr(c->t, text));
    return name ? name : N(__name__);
}

static void class_head(Compiler *c, AstClassDef *n)
{
    Unit *u = c->unit;
    Reg value = temp_new(c);
    emit(c, OP_LOAD_NAME, value, 0, slot_name(c, N(__name__)));
    store_named(c, N(__module__), value);
    store_constant(c, N(__qualname__), u->qualname);
    store_constant(c, N(__firstlineno__), fixnum(u->first_line));
    if (n->type_params.count) {
        Value name = interned(c, ".type_params");
        emit(c, OP_LOAD_CELL, value, unit_named(&u->frees, name), constant_number(c, name, false));
        store_named(c, N(__type_params__), value);
    }
    if (u->scope->needs_classdict) {
        emit(c, OP_LOAD_LOCALS, value, 0, 0);
        emit(c, OP_STORE_CELL, unit_named(&u->cells, N(__classdict__)), value, 0);
    }
    if (u->scope->has_conditional_annotations) {
        emit(c, OP_BUILD_SET, value, value, 0);
        emit(c, OP_STORE_CELL, unit_named(&u->cells, N(__conditional_annotations__)), value, 0);
    }
    temp_reset(c, value);
}

static void class_end(Compiler *c)
{
    Unit *u = c->unit;
    emit_module_annotations(c);
    Value attributes = c->failed ? 0 : checked(c, tuple_from(c->t, u->static_attributes.at, (size_t)u->static_attributes.count));
    if (!attributes)
        return;
    store_constant(c, N(__static_attributes__), attributes);
    if (u->scope->needs_classdict)
        store_named(c, N(__classdictcell__), unit_named(&u->cells, N(__classdict__)));
    Reg result = temp_new(c);
    if (u->scope->needs_class_cell) {
        Reg cell = unit_named(&u->cells, N(__class__));
        store_named(c, N(__classcell__), cell);
        emit_move(c, result, cell);
    } else {
        emit_const(c, result, NONE);
    }
    emit(c, OP_RETURN, result, 0, 0);
}

static Value class_code(Compiler *c, Node *s, Unit *unit, int32_t first_line)
{
    AstClassDef *n = as_ClassDef(s);
    if (!unit_enter(c, unit, scope_of(&c->scopes, s), n->name, first_line))
        return 0;
    unit_prologue(c);
    class_head(c, n);
    open_class_annotations(c);
    NodeSeq body = n->body;
    Value doc = body_docstring(c, body);
    if (doc) {
        c->at = location_of(body.at[0]);
        if (c->optimize < 2)
            store_constant(c, N(__doc__), doc);
        body.at++;
        body.count--;
    }
    compile_body(c, body);
    c->at = (Location){first_line, first_line, 0, 0};
    class_end(c);
    return unit_finish(c);
}

// __build_class__(function, name, *bases, **keywords) in a window; `generic`: one more base, or NO_REG.
static void build_class(Compiler *c, Node *s, Reg generic, int32_t first_line, Reg dst)
{
    AstClassDef *n = as_ClassDef(s);
    Reg mark = temp_mark(c);
    Reg window = temp_run(c, WINDOW + 2);
    emit(c, OP_LOAD_BUILD_CLASS, window, 0, 0);
    Unit unit;
    Location at = c->at;
    Value code = class_code(c, s, &unit, first_line);
    c->at = at;
    if (!code)
        return;
    make_function(c, code, &unit, window + WINDOW);
    emit_const(c, window + WINDOW + 1, n->name);
    compile_call_window(c, window, false, &(CallArgs){n->bases, n->keywords, 2, generic}, dst);
    temp_reset(c, mark);
}

static Value generic_class_code(Compiler *c, Node *s, Unit *unit, int32_t first_line)
{
    AstClassDef *n = as_ClassDef(s);
    Value name = generic_name(c, n->name);
    if (!name || !unit_enter(c, unit, scope_of(&c->scopes, s)->parent, name, first_line))
        return 0;
    c->at = location_of(s);
    unit_prologue(c);
    Reg params = temp_new(c);
    compile_type_params(c, n->type_params, params);
    Value cell_name = interned(c, ".type_params");
    emit(c, OP_STORE_CELL, unit_named(&unit->cells, cell_name), params, 0);
    Reg base = unit_named(&unit->locals, interned(c, ".generic_base"));
    emit(c, OP_INTRINSIC_1, base, params, INTRINSIC_SUBSCRIPT_GENERIC);
    Reg result = temp_new(c);
    build_class(c, s, base, first_line, result);
    emit(c, OP_RETURN, result, 0, 0);
    return unit_finish(c);
}

static void generic_class(Compiler *c, Node *s, int32_t first_line, Reg dst)
{
    Reg mark = temp_mark(c);
    Reg window = temp_run(c, WINDOW);
    Unit unit;
    Location at = c->at;
    Value code = generic_class_code(c, s, &unit, first_line);
    c->at = at;
    if (!code)
        return;
    make_function(c, code, &unit, window);
    temp_reach(c, window + WINDOW + 1);
    emit(c, OP_CALL, dst, window, slot_new(c, fixnum(0)));
    temp_reset(c, mark);
}

void compile_class(Compiler *c, Node *s)
{
    AstClassDef *n = as_ClassDef(s);
    int32_t first_line = n->decorator_list.count ? n->decorator_list.at[0]->at.lineno : s->at.lineno;
    Reg mark = temp_mark(c);
    Reg cls = open_decorators(c, n->decorator_list);
    c->at = location_of(s);
    if (n->type_params.count)
        generic_class(c, s, first_line, cls);
    else
        build_class(c, s, NO_REG, first_line, cls);
    close_decorators(c, n->decorator_list, cls);
    name_store(c, n->name, cls - n->decorator_list.count * WINDOW);
    temp_reset(c, mark);
}
