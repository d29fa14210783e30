// compile_display.c: tuple, list, set and dict displays, f-strings and t-strings.
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/types/tuple.h"

bool has_starred(NodeSeq elements)
{
    for (int32_t i = 0; i < elements.count; i++) {
        if (elements.at[i]->kind == AST_Starred)
            return true;
    }
    return false;
}

static void add_elements_from(Compiler *c, NodeSeq elements, int32_t from, Opcode add, Opcode extend, Reg list)
{
    for (int32_t i = from; i < elements.count && !c->failed; i++) {
        Reg mark = temp_mark(c);
        if (elements.at[i]->kind == AST_Starred) {
            Node *value = as_Starred(elements.at[i])->value;
            Reg items = expr_operand(c, value);
            Location at = c->at;
            c->at = location_of(value);
            emit(c, extend, list, items, 0);
            c->at = at;
        } else {
            emit(c, add, list, expr_operand(c, elements.at[i]), 0);
        }
        temp_reset(c, mark);
    }
}

void emit_add_elements(Compiler *c, NodeSeq elements, Opcode add, Opcode extend, Reg list)
{
    add_elements_from(c, elements, 0, add, extend, list);
}

// Evaluates elements[0…n) into a run of new temporaries.
static Reg element_run(Compiler *c, NodeSeq elements, int32_t n)
{
    Reg first = temp_mark(c);
    for (int32_t i = 0; i < n; i++) {
        Reg to = temp_new(c);
        expr_into(c, elements.at[i], to);
    }
    return first;
}

static bool all_constant(NodeSeq elements)
{
    for (int32_t i = 0; i < elements.count; i++) {
        if (!expr_constant(elements.at[i]))
            return false;
    }
    return true;
}

static Value constant_tuple(Compiler *c, NodeSeq elements)
{
    Tuple *tuple = tuple_alloc(c->t, (size_t)elements.count);
    for (int32_t i = 0; tuple && i < elements.count; i++)
        tuple->at[i] = expr_constant(elements.at[i]);
    return checked(c, value_of(tuple));
}

// With three constants and more it pays to copy them from one tuple.
static bool constant_display(Compiler *c, NodeSeq elements, Opcode build, Opcode extend, Reg dst)
{
    if (elements.count < 3 || !all_constant(elements))
        return false;
    Value items = constant_tuple(c, elements);
    if (!items)
        return true;
    Reg from = temp_new(c);
    emit(c, OP_LOAD_CONST, from, constant_number(c, items, true), 0);
    emit(c, build, dst, dst, 0);
    emit(c, extend, dst, from, 0);
    return true;
}

static void display(Compiler *c, NodeSeq elements, Opcode build, Opcode add, Opcode extend, Reg dst)
{
    Reg mark = temp_mark(c);
    int32_t head = 0;
    while (head < elements.count && head < RUN_MAX && elements.at[head]->kind != AST_Starred)
        head++;
    if (!constant_display(c, elements, build, extend, dst)) {
        bool whole = head == elements.count;
        Reg result = whole || is_temp(c, dst) ? dst : temp_new(c);
        Reg inner = temp_mark(c);
        emit(c, build, result, element_run(c, elements, head), head);
        temp_reset(c, inner);
        add_elements_from(c, elements, head, add, extend, result);
        emit_move(c, dst, result);
    }
    temp_reset(c, mark);
}

void compile_list(Compiler *c, Node *e, Reg dst)
{
    display(c, as_List(e)->elts, OP_BUILD_LIST, OP_LIST_APPEND, OP_LIST_EXTEND, dst);
}

void compile_set(Compiler *c, Node *e, Reg dst)
{
    display(c, as_Set(e)->elts, OP_BUILD_SET, OP_SET_ADD, OP_SET_UPDATE, dst);
}

void compile_tuple(Compiler *c, Node *e, Reg dst)
{
    NodeSeq elements = as_Tuple(e)->elts;
    Reg mark = temp_mark(c);
    if (!has_starred(elements) && elements.count <= RUN_MAX) {
        emit(c, OP_BUILD_TUPLE, dst, element_run(c, elements, elements.count), elements.count);
    } else {
        Reg list = temp_new(c);
        display(c, elements, OP_BUILD_LIST, OP_LIST_APPEND, OP_LIST_EXTEND, list);
        emit(c, OP_LIST_TO_TUPLE, dst, list, 0);
    }
    temp_reset(c, mark);
}

static void dict_tail(Compiler *c, AstDict *n, int32_t from, Reg dict)
{
    for (int32_t i = from; i < n->values.count && !c->failed; i++) {
        Reg mark = temp_mark(c);
        if (n->keys.at[i]) {
            Reg key = expr_stable(c, n->keys.at[i], n->values.at[i]);
            Reg value = expr_operand(c, n->values.at[i]);
            emit(c, OP_MAP_ADD, dict, key, value);
        } else {
            Reg mapping = expr_operand(c, n->values.at[i]);
            Location at = c->at;
            c->at = location_of(n->values.at[i]);
            emit(c, OP_DICT_UPDATE, dict, mapping, 0);
            c->at = at;
        }
        temp_reset(c, mark);
    }
}

void compile_dict(Compiler *c, Node *e, Reg dst)
{
    AstDict *n = as_Dict(e);
    Reg mark = temp_mark(c);
    int32_t head = 0;
    while (head < n->values.count && head < RUN_MAX / 2 && n->keys.at[head])
        head++;
    Reg result = head == n->values.count || is_temp(c, dst) ? dst : temp_new(c);
    Reg pairs = temp_mark(c);
    for (int32_t i = 0; i < head; i++) {
        Reg pair = temp_run(c, 2);
        expr_into(c, n->keys.at[i], pair);
        expr_into(c, n->values.at[i], pair + 1);
    }
    emit(c, OP_BUILD_MAP, result, pairs, head);
    temp_reset(c, pairs);
    dict_tail(c, n, head, result);
    emit_move(c, dst, result);
    temp_reset(c, mark);
}

// --- f-strings ---
void compile_joined_str(Compiler *c, Node *e, Reg dst)
{
    NodeSeq values = as_JoinedStr(e)->values;
    Reg mark = temp_mark(c);
    if (!values.count) {
        emit_const(c, dst, str_empty);
    } else if (values.count == 1) {
        expr_into(c, values.at[0], dst);
    } else {
        Reg first = mark;
        for (int32_t i = 0; i < values.count && !c->failed; i++) {
            Reg to = temp_new(c);
            expr_into(c, values.at[i], to);
            if (to - first >= RUN_MAX) {
                emit(c, OP_BUILD_STRING, first, first, to - first + 1);
                temp_reset(c, first + 1);
            }
        }
        emit(c, OP_BUILD_STRING, dst, first, temp_mark(c) - first);
    }
    temp_reset(c, mark);
}

static int conversion_code(Compiler *c, int32_t conversion)
{
    if (conversion == -1)
        return 0;
    if (conversion != 's' && conversion != 'r' && conversion != 'a' && !c->failed) {
        raise(c->t, EXC(SystemError), "Unrecognized conversion character %d", (int)conversion);
        compile_fail(c);
    }
    return conversion;
}

void compile_formatted_value(Compiler *c, Node *e, Reg dst)
{
    AstFormattedValue *n = as_FormattedValue(e);
    Reg mark = temp_mark(c);
    if (n->format_spec) {
        Reg pair = temp_run(c, 2);
        expr_into(c, n->value, pair);
        expr_into(c, n->format_spec, pair + 1);
        emit(c, OP_FORMAT_SPEC, dst, pair, conversion_code(c, n->conversion));
    } else {
        emit(c, OP_FORMAT, dst, expr_operand(c, n->value), conversion_code(c, n->conversion));
    }
    temp_reset(c, mark);
}

// --- t-strings ---
void compile_interpolation(Compiler *c, Node *e, Reg dst)
{
    AstInterpolation *n = as_Interpolation(e);
    Reg mark = temp_mark(c);
    Reg parts = temp_run(c, 3);
    expr_into(c, n->value, parts);
    emit_const(c, parts + 1, n->str);
    if (n->format_spec)
        expr_into(c, n->format_spec, parts + 2);
    else
        emit_const(c, parts + 2, str_empty);
    emit(c, OP_BUILD_INTERPOLATION, dst, parts, conversion_code(c, n->conversion));
    temp_reset(c, mark);
}

// The constant strings around the interpolations; empty ones where two meet.
static Value template_strings(Compiler *c, NodeSeq values, int32_t interpolations)
{
    Tuple *strings = tuple_alloc(c->t, (size_t)interpolations + 1);
    size_t n = 0;
    Value now = str_empty;
    for (int32_t i = 0; strings && i < values.count; i++) {
        if (values.at[i]->kind == AST_Constant) {
            Value more = as_Constant(values.at[i])->value;
            now = now == str_empty ? more : checked(c, str_concat(c->t, now, more));
            if (!now)
                return 0;
            continue;
        }
        strings->at[n++] = now;
        now = str_empty;
    }
    if (strings)
        strings->at[n] = now;
    return checked(c, value_of(strings));
}

void compile_template_str(Compiler *c, Node *e, Reg dst)
{
    NodeSeq values = as_TemplateStr(e)->values;
    int32_t interpolations = 0;
    for (int32_t i = 0; i < values.count; i++)
        interpolations += values.at[i]->kind != AST_Constant;
    Value strings = template_strings(c, values, interpolations);
    if (!strings)
        return;
    Reg mark = temp_mark(c);
    Reg pair = temp_run(c, 2);
    emit(c, OP_LOAD_CONST, pair, constant_number(c, strings, true), 0);
    Reg list = pair + 1, inner = temp_mark(c);
    bool run = interpolations <= RUN_MAX;
    if (!run)
        emit(c, OP_BUILD_LIST, list, list, 0);
    for (int32_t i = 0; i < values.count && !c->failed; i++) {
        if (values.at[i]->kind == AST_Constant)
            continue;
        Reg to = temp_new(c);
        expr_into(c, values.at[i], to);
        if (!run) {
            emit(c, OP_LIST_APPEND, list, to, 0);
            temp_reset(c, to);
        }
    }
    if (run)
        emit(c, OP_BUILD_TUPLE, list, inner, interpolations);
    else
        emit(c, OP_LIST_TO_TUPLE, list, list, 0);
    emit(c, OP_BUILD_TEMPLATE, dst, pair, 0);
    temp_reset(c, mark);
}
