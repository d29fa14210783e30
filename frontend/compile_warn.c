// compile_warn.c: SyntaxWarnings about what is legal but surely meant otherwise.
#include <stdarg.h>
#include <stdio.h>

#include "frontend/compiler.h"
#include "frontend/warn_syntax.h"
#include "src/core/names.h"

void warn_syntax_at(Compiler *c, AstSpan at, const char *format, ...)
{
    if (c->failed || c->silent)
        return;
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!warn_syntax(c->t, c->options->filename, c->options->module, at, text))
        compile_fail(c);
}

// Comparing with `is` what is not a singleton.
static bool is_suspect_operand(Node *e)
{
    Value k = expr_constant(e);
    return k && !(e->flags & NODE_FOLDED) && k != NONE && !is_bool(k) && k != ELLIPSIS;
}

void warn_compare(Compiler *c, Node *compare)
{
    AstCompare *n = as_Compare(compare);
    Node *left = n->left;
    for (int32_t i = 0; i < n->ops.count; i++) {
        Node *right = n->comparators.at[i];
        bool negative = n->ops.at[i] == AST_IsNot;
        Node *suspect = is_suspect_operand(left) ? left : is_suspect_operand(right) ? right : NULL;
        if (suspect && (negative || n->ops.at[i] == AST_Is))
            warn_syntax_at(c, compare->at, negative ? "\"is not\" with '%.200s' literal. Did you mean \"!=\"?"
                                                    : "\"is\" with '%.200s' literal. Did you mean \"==\"?",
                           type_of(expr_constant(suspect))->name);
        left = right;
    }
}

// Name of the type an expression surely has, or null.
static const char *certain_type(Node *e)
{
    switch (e->kind) {
    case AST_Constant:
        return e->flags & NODE_FOLDED ? NULL : type_of(expr_constant(e))->name;
    case AST_Tuple:
        return "tuple";
    case AST_List:
    case AST_ListComp:
        return "list";
    case AST_Dict:
    case AST_DictComp:
        return "dict";
    case AST_Set:
    case AST_SetComp:
        return "set";
    case AST_GeneratorExp:
        return "generator";
    case AST_Lambda:
        return "function";
    case AST_JoinedStr:
    case AST_FormattedValue:
        return "str";
    case AST_TemplateStr:
    case AST_Interpolation:
        return "string.templatelib.Template";
    default:
        return NULL;
    }
}

void warn_call(Compiler *c, Node *call)
{
    Node *func = as_Call(call)->func;
    if (func->kind == AST_Lambda)
        return;
    const char *type = certain_type(func);
    if (type)
        warn_syntax_at(c, call->at, "'%.200s' object is not callable; perhaps you missed a comma?", type);
}

static bool never_subscriptable(Node *e)
{
    Value k = expr_constant(e);
    if (k)
        return k == NONE || k == ELLIPSIS || is_int(k) || is_float(k) || is_exactly(k, &type_complex)
               || is_exactly(k, &type_frozenset);
    switch (e->kind) {
    case AST_Set:
    case AST_SetComp:
    case AST_GeneratorExp:
    case AST_TemplateStr:
    case AST_Interpolation:
    case AST_Lambda:
        return true;
    default:
        return false;
    }
}

static bool needs_int_index(Node *e)
{
    Value k = expr_constant(e);
    if (k)
        return is_exactly(k, &type_str) || is_exactly(k, &type_bytes) || is_exactly(k, &type_tuple);
    return e->kind == AST_List || e->kind == AST_ListComp || e->kind == AST_Tuple || e->kind == AST_JoinedStr
           || e->kind == AST_FormattedValue;
}

void warn_subscript(Compiler *c, Node *subscript)
{
    AstSubscript *n = as_Subscript(subscript);
    const char *type = certain_type(n->value);
    if (!type)
        return;
    if (never_subscriptable(n->value)) {
        warn_syntax_at(c, subscript->at, "'%.200s' object is not subscriptable; perhaps you missed a comma?", type);
        return;
    }
    Value key = expr_constant(n->slice);
    const char *key_type = n->slice->kind == AST_Slice || (key && is_int(key)) ? NULL : certain_type(n->slice);
    if (key_type && needs_int_index(n->value))
        warn_syntax_at(c, subscript->at, "%.200s indices must be integers or slices, not %.200s; perhaps you missed a comma?",
                       type, key_type);
}
