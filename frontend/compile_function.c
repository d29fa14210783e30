// compile_function.c: def and lambda: parameters, defaults, decorators, docstrings.
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

// --- making the function object ---
void make_function(Compiler *c, Value code, Unit *inner, Reg dst)
{
    Reg mark = temp_mark(c);
    Reg closure = closure_of(c, inner);
    emit(c, OP_MAKE_FUNCTION, dst, constant_number(c, code, true), closure == NO_REG ? NO_CLOSURE : closure);
    temp_reset(c, mark);
}

static Value constant_defaults(Compiler *c, NodeSeq defaults)
{
    Tuple *tuple = tuple_alloc(c->t, (size_t)defaults.count);
    for (int32_t i = 0; tuple && i < defaults.count; i++) {
        tuple->at[i] = expr_constant(defaults.at[i]);
        if (!tuple->at[i])
            return 0;
    }
    return checked(c, value_of(tuple));
}

static Reg defaults_tuple(Compiler *c, NodeSeq defaults)
{
    if (!defaults.count || c->failed)
        return NO_REG;
    Reg dst = temp_new(c);
    Value k = constant_defaults(c, defaults);
    if (k) {
        emit(c, OP_LOAD_CONST, dst, constant_number(c, k, true), 0);
        return dst;
    }
    temp_reset(c, dst);
    for (int32_t i = 0; i < defaults.count; i++) {
        Reg to = temp_new(c);
        expr_into(c, defaults.at[i], to);
    }
    emit(c, OP_BUILD_TUPLE, dst, dst, defaults.count);
    temp_reset(c, dst + 1);
    return dst;
}

static Reg keyword_defaults(Compiler *c, Astarguments *a)
{
    Reg dst = temp_mark(c);
    int32_t n = 0;
    for (int32_t i = 0; i < a->kwonlyargs.count && !c->failed; i++) {
        if (!a->kw_defaults.at[i])
            continue;
        Reg pair = temp_run(c, 2);
        emit_const(c, pair, mangle(c, as_arg(a->kwonlyargs.at[i])->arg));
        expr_into(c, a->kw_defaults.at[i], pair + 1);
        n++;
    }
    if (!n)
        return NO_REG;
    emit(c, OP_BUILD_MAP, dst, dst, n);
    temp_reset(c, dst + 1);
    return dst;
}

static void set_counts(Unit *u, const Astarguments *a)
{
    u->posonly_count = a->posonlyargs.count;
    u->arg_count = a->posonlyargs.count + a->args.count;
    u->kwonly_count = a->kwonlyargs.count;
}

// --- docstrings: the indentation common to all lines but the first goes ---
static size_t line_end(const Str *s, size_t i)
{
    while (i < s->length && str_at(s, i) != '\n')
        i++;
    return i;
}

static size_t blanks(const Str *s, size_t i, size_t end)
{
    size_t n = 0;
    while (i + n < end && (str_at(s, i + n) == ' ' || str_at(s, i + n) == '\t'))
        n++;
    return n;
}

static size_t common_margin(const Str *s)
{
    size_t margin = SIZE_MAX;
    for (size_t i = line_end(s, 0); i < s->length;) {
        size_t start = i + 1, end = line_end(s, start), n = blanks(s, start, end);
        if (start + n < end && n < margin)
            margin = n;
        i = end;
    }
    return margin == SIZE_MAX ? 0 : margin;
}

static bool line_to(Thread *t, StrBuilder *b, Value text, size_t start, size_t end, size_t margin)
{
    size_t n = size_min(blanks(as_str(text), start, end), margin);
    return builder_substring(t, b, text, start + n, end);
}

static Value clean_docstring(Thread *t, Value text)
{
    const Str *s = as_str(text);
    size_t end = line_end(s, 0), margin = common_margin(s);
    if (!blanks(s, 0, s->length) && !margin && end == s->length)
        return text;
    StrBuilder b;
    builder_init(&b);
    if (!line_to(t, &b, text, 0, end, SIZE_MAX))
        return 0;
    while (end < s->length) {
        size_t start = end + 1;
        end = line_end(s, start);
        if (!builder_char(t, &b, '\n') || !line_to(t, &b, text, start, end, margin))
            return 0;
    }
    return builder_finish(t, &b);
}

// The docstring of a body, or 0. Stripped with -OO.
Value body_docstring(Compiler *c, NodeSeq body)
{
    if (!body.count || body.at[0]->kind != AST_Expr || c->failed)
        return 0;
    Value k = expr_constant(as_Expr(body.at[0])->value);
    if (!k || !is_exactly(k, &type_str) || (as_Expr(body.at[0])->value->flags & NODE_FOLDED))
        return 0;
    return checked(c, clean_docstring(c->t, k));
}

// --- the code ---
static Value function_code(Compiler *c, Node *s, Unit *unit)
{
    AstFunctionDef *n = as_FunctionDef(s);   // AsyncFunctionDef has the same fields
    int32_t first_line = n->decorator_list.count ? n->decorator_list.at[0]->at.lineno : s->at.lineno;
    if (!unit_enter(c, unit, scope_of(&c->scopes, s), n->name, first_line))
        return 0;
    set_counts(unit, as_arguments(n->args));
    Value doc = body_docstring(c, n->body);
    if (doc && c->optimize < 2) {
        unit->has_docstring = true;
        constant_number(c, doc, true);
    }
    unit_prologue(c);
    NodeSeq body = n->body;
    if (doc) {
        body.at++;
        body.count--;
    }
    compile_body(c, body);
    return unit_finish(c);
}

Value code_of_lambda(Compiler *c, Node *e, Unit *unit)
{
    AstLambda *n = as_Lambda(e);
    Value name = checked(c, str_intern_cstr(c->t, "<lambda>"));
    if (!name || !unit_enter(c, unit, scope_of(&c->scopes, e), name, e->at.lineno))
        return 0;
    set_counts(unit, as_arguments(n->args));
    unit_prologue(c);
    Reg value = expr_operand(c, n->body);
    c->at = location_of(n->body);
    emit(c, OP_RETURN, value, 0, 0);
    return unit_finish(c);
}

static void set_attribute(Compiler *c, Reg function, Reg value, FunctionAttr attribute)
{
    if (value != NO_REG)
        emit(c, OP_SET_FUNCTION_ATTR, function, value, attribute);
}

void compile_lambda(Compiler *c, Node *e, Reg dst)
{
    Astarguments *a = as_arguments(as_Lambda(e)->args);
    Reg mark = temp_mark(c);
    Reg defaults = defaults_tuple(c, a->defaults);
    Reg kwdefaults = keyword_defaults(c, a);
    bool plain = defaults == NO_REG && kwdefaults == NO_REG;
    Reg function = plain || is_temp(c, dst) ? dst : temp_new(c);
    Unit unit;
    Location at = c->at;
    Value code = code_of_lambda(c, e, &unit);
    c->at = at;
    if (!code)
        return;
    make_function(c, code, &unit, function);
    set_attribute(c, function, defaults, FUNCTION_DEFAULTS);
    set_attribute(c, function, kwdefaults, FUNCTION_KWDEFAULTS);
    emit_move(c, dst, function);
    temp_reset(c, mark);
}

// The function itself, given its defaults; in the scope of its type parameters if it has any.
static void function_object(Compiler *c, Node *s, Reg defaults, Reg kwdefaults, Reg dst)
{
    AstFunctionDef *n = as_FunctionDef(s);
    Reg mark = temp_mark(c);
    Reg annotations = compile_signature_annotations(c, n->args, n->returns, s);
    Unit unit;
    Location at = c->at;
    Value code = c->failed ? 0 : function_code(c, s, &unit);
    c->at = at;
    if (!code)
        return;
    make_function(c, code, &unit, dst);
    set_attribute(c, dst, defaults, FUNCTION_DEFAULTS);
    set_attribute(c, dst, kwdefaults, FUNCTION_KWDEFAULTS);
    set_attribute(c, dst, annotations, FUNCTION_ANNOTATE);
    temp_reset(c, mark);
}

static Reg param_register(Compiler *c, const char *name)
{
    Value interned = checked(c, str_intern_cstr(c->t, name));
    return interned ? unit_named(&c->unit->locals, interned) : NO_REG;
}

Value generic_name(Compiler *c, Value name)
{
    Value text = c->failed ? 0 : checked(c, str_format(c->t, "<generic parameters of %U>", name));
    return text ? checked(c, str_intern(c->t, text)) : 0;
}

static Value generic_function_code(Compiler *c, Node *s, Unit *unit)
{
    AstFunctionDef *n = as_FunctionDef(s);
    Scope *scope = scope_of(&c->scopes, s)->parent;
    Value name = generic_name(c, n->name);
    if (!name || !unit_enter(c, unit, scope, name, c->at.line))
        return 0;
    unit->arg_count = unit->posonly_count = 0;
    Reg defaults = param_register(c, ".defaults"), kwdefaults = param_register(c, ".kwdefaults");
    unit->arg_count = (defaults != NO_REG) + (kwdefaults != NO_REG);
    c->at = location_of(s);
    unit_prologue(c);
    Reg pair = temp_run(c, 2);   // function, type parameters
    compile_type_params(c, n->type_params, pair + 1);
    function_object(c, s, defaults, kwdefaults, pair);
    emit(c, OP_INTRINSIC_2, pair, pair, INTRINSIC_SET_FUNCTION_TYPE_PARAMS);
    emit(c, OP_RETURN, pair, 0, 0);
    return unit_finish(c);
}

static void generic_function(Compiler *c, Node *s, Reg defaults, Reg kwdefaults, Reg dst)
{
    Reg mark = temp_mark(c);
    Reg window = temp_run(c, WINDOW);
    int count = 0;
    if (defaults != NO_REG) {
        emit_move(c, temp_new(c), defaults);
        count++;
    }
    if (kwdefaults != NO_REG) {
        emit_move(c, temp_new(c), kwdefaults);
        count++;
    }
    Unit unit;
    Location at = c->at;
    Value code = generic_function_code(c, s, &unit);
    c->at = at;
    if (!code)
        return;
    make_function(c, code, &unit, window);
    temp_reach(c, window + WINDOW + count + 1);
    emit(c, OP_CALL, dst, window, slot_new(c, fixnum(count)));
    temp_reset(c, mark);
}

// Evaluates decorators into windows one inside the other: the argument of each is the base of the next. Returns the register
// for what is decorated.
Reg open_decorators(Compiler *c, NodeSeq decorators)
{
    for (int32_t i = 0; i < decorators.count; i++) {
        Reg window = temp_run(c, WINDOW);
        expr_into(c, decorators.at[i], window);
    }
    return temp_new(c);
}

void close_decorators(Compiler *c, NodeSeq decorators, Reg decorated)
{
    Location at = c->at;
    for (int32_t i = decorators.count - 1; i >= 0; i--) {
        c->at = location_of(decorators.at[i]);
        decorated -= WINDOW;
        temp_reach(c, decorated + WINDOW + 2);
        emit(c, OP_CALL, decorated, decorated, slot_new(c, fixnum(1)));
    }
    c->at = at;
}

void compile_function(Compiler *c, Node *s)
{
    AstFunctionDef *n = as_FunctionDef(s);   // AsyncFunctionDef has the same fields
    Astarguments *a = as_arguments(n->args);
    Reg mark = temp_mark(c);
    Reg function = open_decorators(c, n->decorator_list);
    c->at = location_of(s);
    Reg defaults = defaults_tuple(c, a->defaults);
    Reg kwdefaults = keyword_defaults(c, a);
    if (n->type_params.count)
        generic_function(c, s, defaults, kwdefaults, function);
    else
        function_object(c, s, defaults, kwdefaults, function);
    close_decorators(c, n->decorator_list, function);
    name_store(c, n->name, function - n->decorator_list.count * WINDOW);
    temp_reset(c, mark);
}
