// ast_convert.c: syntax trees to Python objects and back, driven by ast.def.
#include "src/core/error.h"
#include "src/core/names.h"
#include "src/core/shape.h"
#include "src/modules/ast_objects.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"

// --- to objects ---

static Value node_object(Thread *t, const AstObjects *o, const Node *node);

static Value choice_object(const AstObjects *o, const AstField *field, int32_t choice)
{
    return o->choice_instances[field->type][choice];
}

static Value single_object(Thread *t, const AstObjects *o, const AstField *field, const void *at)
{
    switch ((AstFieldShape)field->shape) {
    case AST_IS_NODE: {
        const Node *child = *(Node *const *)at;
        return child ? node_object(t, o, child) : NONE;
    }
    case AST_IS_INT:
        return fixnum(*(const int32_t *)at);
    case AST_IS_CHOICE:
        return choice_object(o, field, *(const int32_t *)at);
    default: {
        Value v = *(const Value *)at;
        return v ? v : NONE;
    }
    }
}

static Value sequence_object(Thread *t, const AstObjects *o, const AstField *field, const void *at)
{
    const NodeSeq *nodes = at;   // the three kinds of sequence start alike
    List *list = list_new(t, (size_t)nodes->count);
    for (int32_t i = 0; list && i < nodes->count; i++) {
        Value v;
        if (field->shape == AST_IS_NODE)
            v = nodes->at[i] ? node_object(t, o, nodes->at[i]) : NONE;
        else if (field->shape == AST_IS_CHOICE)
            v = choice_object(o, field, ((const ChoiceSeq *)at)->at[i]);
        else
            v = ((const ValueSeq *)at)->at[i];
        if (!v || !list_append(t, list, v))
            return 0;
    }
    return value_of(list);
}

static bool set_span(Thread *t, Object *object, AstSpan at)
{
    static const NameIndex names[] = {NAME_lineno, NAME_col_offset, NAME_end_lineno, NAME_end_col_offset};
    const int32_t values[] = {at.lineno, at.col_offset, at.end_lineno, at.end_col_offset};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!instance_set(t, object, name_table[names[i]], fixnum(values[i])))
            return false;
    }
    return true;
}

static Value node_object(Thread *t, const AstObjects *o, const Node *node)
{
    const AstClass *cls = &ast_classes[node->kind];
    AstFields fields = cls->fields();
    if (!recursion_enter(t, " during ast construction"))
        return 0;
    Object *object = instance_new(t, as_type(o->kinds[node->kind]), 0);
    for (int i = 0; object && i < fields.count; i++) {
        const AstField *field = &fields.at[i];
        const void *at = (const char *)node + field->offset;
        bool many = field->quantity == AST_MANY || field->quantity == AST_MANY_OPT;
        Value v = many ? sequence_object(t, o, field, at) : single_object(t, o, field, at);
        Value name = v ? str_intern_cstr(t, field->name) : 0;
        if (!name || !instance_set(t, object, name, v))
            object = NULL;
    }
    if (object && cls->has_span && !set_span(t, object, node->at))
        object = NULL;
    recursion_leave(t);
    return value_of(object);
}

Value ast_to_object(Thread *t, const Node *tree)
{
    const AstObjects *o = ast_objects(t);
    return o ? node_object(t, o, tree) : 0;
}

// --- from objects ---

typedef struct Converter {
    Thread *t;
    Arena *arena;
    const AstObjects *o;
} Converter;

static bool node_from(Converter *c, AstType type, Value object, Node **out);

static bool int_from(Converter *c, Value v, int32_t *out)
{
    if (!is_int(v))
        return raise(c->t, EXC(ValueError), "invalid integer value: %R", v);
    return to_int32(c->t, v, out);
}

static bool constant_ok(Converter *c, Value v)
{
    (void)c;
    return v != 0;
}

static bool choice_from(Converter *c, AstType type, Value v, int32_t *out)
{
    for (int i = 0; i < ast_types[type].choice_count; i++) {
        int is = is_instance(c->t, v, c->o->choices[type][i]);
        if (is < 0)
            return false;
        if (is) {
            *out = i;
            return true;
        }
    }
    return raise(c->t, EXC(TypeError), "expected some sort of %s, but got %R", ast_types[type].name, v);
}

static bool identifier_from(Converter *c, Value v, Value *out)
{
    if (v != NONE && !is_exactly(v, &type_str))
        return raise(c->t, EXC(TypeError), "AST identifier must be of type str");
    *out = v == NONE ? 0 : str_intern(c->t, v);
    return v == NONE || *out;
}

static bool string_from(Converter *c, Value v, Value *out)
{
    if (v != NONE && !is_exactly(v, &type_str) && !is_bytes(v))
        return raise(c->t, EXC(TypeError), "AST string must be of type str");
    *out = v == NONE ? 0 : v;
    return true;
}

static bool single_from(Converter *c, const AstField *field, Value v, void *at)
{
    switch ((AstFieldShape)field->shape) {
    case AST_IS_NODE:
        if (v == NONE) {
            *(Node **)at = NULL;
            return true;
        }
        return node_from(c, (AstType)field->type, v, at);
    case AST_IS_IDENTIFIER:
        return identifier_from(c, v, at);
    case AST_IS_STRING:
        return string_from(c, v, at);
    case AST_IS_CONSTANT:
        *(Value *)at = v;
        return constant_ok(c, v);
    case AST_IS_INT:
        return int_from(c, v, at);
    case AST_IS_CHOICE:
        return choice_from(c, (AstType)field->type, v, at);
    }
    never("kind of field");
}

static bool sequence_from(Converter *c, const AstClass *cls, const AstField *field, Value v, void *at)
{
    if (!is_list(v))
        return raise(c->t, EXC(TypeError), "%s field \"%s\" must be a list, not a %T", cls->name, field->name, v);
    size_t n = list_length(as_list(v));
    size_t size = field->shape == AST_IS_CHOICE ? sizeof(int32_t) : sizeof(Value);
    char *items = arena_alloc(c->t, c->arena, n * size + 8);
    if (!items)
        return false;
    memset(items, 0, n * size + 8);
    for (size_t i = 0; i < n; i++) {
        Value item = list_get(as_list(v), i);
        if (!item || list_length(as_list(v)) != n)
            return raise(c->t, EXC(RuntimeError), "%s field \"%s\" changed size during iteration", cls->name, field->name);
        if (!single_from(c, field, item, items + i * size))
            return false;
    }
    NodeSeq *sequence = at;
    sequence->count = (int32_t)n;
    sequence->at = (Node **)items;
    return true;
}

static bool field_from(Converter *c, const AstClass *cls, const AstField *field, Value object, Node *node)
{
    Value name = str_intern_cstr(c->t, field->name), v = 0;
    int found = name ? attr_find(c->t, object, name, &v) : -1;
    void *at = (char *)node + field->offset;
    if (found < 0)
        return false;
    bool many = field->quantity == AST_MANY || field->quantity == AST_MANY_OPT;
    if (many)
        return !found ? true : sequence_from(c, cls, field, v, at);
    if (!found && field->quantity == AST_ONE && field->type == AST_TYPE_expr_context)
        return true;   // Load is number 0
    if (!found && field->quantity == AST_ONE)
        return raise(c->t, EXC(TypeError), "required field \"%s\" missing from %s", field->name, cls->name);
    if (!found || (field->quantity == AST_OPT && v == NONE))
        return true;
    if (v == NONE && field->quantity == AST_ONE && field->shape != AST_IS_CONSTANT)
        return raise(c->t, EXC(ValueError), "field '%s' is required for %s", field->name, cls->name);
    return single_from(c, field, v, at);
}

static bool span_from(Converter *c, const AstTypeInfo *type, Value object, AstSpan *out)
{
    static const NameIndex names[] = {NAME_lineno, NAME_col_offset, NAME_end_lineno, NAME_end_col_offset};
    int32_t values[4] = {0, 0, 0, 0};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Value v = 0;
        int found = attr_find(c->t, object, name_table[names[i]], &v);
        if (found < 0)
            return false;
        if (!found && i < 2)
            return raise(c->t, EXC(TypeError), "required field \"%U\" missing from %s", name_table[names[i]], type->name);
        if (!found || (v == NONE && i >= 2))
            values[i] = values[i - 2];
        else if (!int_from(c, v, &values[i]))
            return false;
    }
    *out = (AstSpan){values[0], values[1], values[2], values[3]};
    return true;
}

static bool span_check(Converter *c, AstSpan at)
{
    if (at.lineno > at.end_lineno)
        return raise(c->t, EXC(ValueError), "AST node line range (%d, %d) is not valid", at.lineno, at.end_lineno);
    if ((at.lineno < 0 && at.end_lineno != at.lineno) || (at.col_offset < 0 && at.col_offset != at.end_col_offset))
        return raise(c->t, EXC(ValueError), "AST node column range (%d, %d) for line range (%d, %d) is not valid", at.col_offset, at.end_col_offset, at.lineno, at.end_lineno);
    if (at.lineno == at.end_lineno && at.col_offset > at.end_col_offset)
        return raise(c->t, EXC(ValueError), "line %d, column %d-%d is not a valid range", at.lineno, at.col_offset, at.end_col_offset);
    return true;
}

// Which class of the sum the object belongs to; 0: none, -1: error.
static int kind_of(Converter *c, AstType type, Value object)
{
    for (int kind = 1; kind < AST_KIND_COUNT; kind++) {
        if (ast_classes[kind].type != type)
            continue;
        int is = is_instance(c->t, object, c->o->kinds[kind]);
        if (is)
            return is < 0 ? -1 : kind;
    }
    return 0;
}

static bool node_from(Converter *c, AstType type, Value object, Node **out)
{
    int kind = kind_of(c, type, object);
    if (kind < 0)
        return false;
    if (!kind)
        return raise(c->t, EXC(TypeError), "expected some sort of %s, but got %R", ast_types[type].name, object);
    const AstClass *cls = &ast_classes[kind];
    AstFields fields = cls->fields();
    Node *node = arena_alloc(c->t, c->arena, cls->size);
    if (!node || !recursion_enter(c->t, " during ast conversion"))
        return false;
    memset(node, 0, cls->size);
    node->kind = (uint16_t)kind;
    bool fine = !cls->has_span || (span_from(c, &ast_types[type], object, &node->at) && span_check(c, node->at));
    for (int i = 0; fine && i < fields.count; i++)
        fine = field_from(c, cls, &fields.at[i], object, node);
    recursion_leave(c->t);
    *out = node;
    return fine;
}

Node *ast_from_object(Thread *t, Arena *arena, Value object, ParseMode mode)
{
    static const int roots[] = {[PARSE_EXEC] = AST_Module, [PARSE_EVAL] = AST_Expression, [PARSE_SINGLE] = AST_Interactive, [PARSE_FUNC_TYPE] = AST_FunctionType};
    Converter c = {t, arena, ast_objects(t)};
    Node *tree = NULL;
    if (!c.o)
        return NULL;
    Value wanted = c.o->kinds[roots[mode]];
    int is = is_instance(t, object, wanted);
    if (is < 0)
        return NULL;
    if (!is)
        return RAISE_NULL(t, EXC(TypeError), "expected %s node, got %s", type_short_name(as_type(wanted)), type_short_name(type_of(object)));
    return node_from(&c, AST_TYPE_mod, object, &tree) ? tree : NULL;
}
