// ast_dump.c: the text of ast.dump(), for the dump switch and for comparing trees with CPython's.
//
// As CPython 3.14's ast.dump(tree): fields that are None or an empty list are left out where they
// may be.

#include "frontend/ast.h"

#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/str_builder.h"

typedef struct Dump {
    Thread *t;
    StrBuilder *out;
    bool attributes;
} Dump;

static bool dump_node(Dump *d, const Node *node);

static bool dump_text(Dump *d, const char *text)
{
    return builder_cstr(d->t, d->out, text);
}

static bool dump_repr(Dump *d, Value v)
{
    return builder_format(d->t, d->out, "%R", v);
}

static bool dump_choice(Dump *d, const AstTypeInfo *type, int number)
{
    return dump_text(d, type->choices[number]) && dump_text(d, "()");
}

static bool dump_seq(Dump *d, const AstField *field, const void *place)
{
    const NodeSeq *seq = place;   // all sequences have their count first
    if (!dump_text(d, "["))
        return false;
    for (int i = 0; i < seq->count; i++) {
        if (i && !dump_text(d, ", "))
            return false;
        bool ok;
        if (field->shape == AST_IS_NODE)
            ok = seq->at[i] ? dump_node(d, seq->at[i]) : dump_text(d, "None");
        else if (field->shape == AST_IS_CHOICE)
            ok = dump_choice(d, &ast_types[field->type], ((const ChoiceSeq *)place)->at[i]);
        else
            ok = dump_repr(d, ((const ValueSeq *)place)->at[i]);
        if (!ok)
            return false;
    }
    return dump_text(d, "]");
}

static bool dump_value(Dump *d, const AstField *field, const void *place)
{
    if (field->quantity == AST_MANY || field->quantity == AST_MANY_OPT)
        return dump_seq(d, field, place);
    switch ((AstFieldShape)field->shape) {
    case AST_IS_NODE: return dump_node(d, *(Node *const *)place);
    case AST_IS_INT: return builder_format(d->t, d->out, "%d", *(const int32_t *)place);
    case AST_IS_CHOICE: return dump_choice(d, &ast_types[field->type], *(const int32_t *)place);
    default: return dump_repr(d, *(const Value *)place);
    }
}

// Does the dump leave this field out?
static bool is_default(const AstField *field, const void *place)
{
    if (field->quantity == AST_MANY || field->quantity == AST_MANY_OPT)
        return ((const NodeSeq *)place)->count == 0;
    if (field->quantity == AST_ONE || field->shape == AST_IS_INT)
        return false;
    return *(const Value *)place == 0;
}

static bool dump_attributes(Dump *d, const Node *node, bool comma)
{
    return builder_format(d->t, d->out,
                          "%slineno=%d, col_offset=%d, end_lineno=%d, end_col_offset=%d",
                          comma ? ", " : "", node->at.lineno, node->at.col_offset,
                          node->at.end_lineno, node->at.end_col_offset);
}

static bool dump_fields(Dump *d, const Node *node)
{
    const AstClass *class = &ast_classes[node->kind];
    AstFields fields = class->fields();
    bool comma = false;
    for (int i = 0; i < fields.count; i++) {
        const AstField *field = &fields.at[i];
        const void *place = (const char *)node + field->offset;
        if (is_default(field, place))
            continue;
        if ((comma && !dump_text(d, ", ")) || !dump_text(d, field->name) || !dump_text(d, "=") ||
            !dump_value(d, field, place))
            return false;
        comma = true;
    }
    return !d->attributes || !class->has_span || dump_attributes(d, node, comma);
}

static bool dump_node(Dump *d, const Node *node)
{
    if (!recursion_enter(d->t, " while dumping a syntax tree"))
        return false;
    bool ok = dump_text(d, ast_classes[node->kind].name) && dump_text(d, "(") &&
              dump_fields(d, node) && dump_text(d, ")");
    recursion_leave(d->t);
    return ok;
}

Value ast_dump(Thread *t, const Node *tree, unsigned flags)
{
    StrBuilder out;
    builder_init(&out);
    Dump d = {t, &out, (flags & AST_DUMP_ATTRIBUTES) != 0};
    return dump_node(&d, tree) ? builder_finish(t, &out) : 0;
}
