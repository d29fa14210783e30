// unparse.c: expressions back to source text, spaced and parenthesised as CPython prints annotations.
#include "frontend/unparse.h"

#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

typedef enum Level {
    LEVEL_TUPLE, LEVEL_TEST, LEVEL_OR, LEVEL_AND, LEVEL_NOT, LEVEL_CMP, LEVEL_EXPR, LEVEL_BOR = LEVEL_EXPR, LEVEL_BXOR,
    LEVEL_BAND, LEVEL_SHIFT, LEVEL_ARITH, LEVEL_TERM, LEVEL_FACTOR, LEVEL_POWER, LEVEL_AWAIT, LEVEL_ATOM
} Level;

typedef struct Unparser {
    Thread *t;
    StrBuilder b;
    bool failed;
} Unparser;

static void write_expr(Unparser *u, Node *e, int level);

static void put(Unparser *u, const char *text)
{
    u->failed = u->failed || !builder_cstr(u->t, &u->b, text);
}

static void put_value(Unparser *u, Value text)
{
    u->failed = u->failed || !text || !builder_str(u->t, &u->b, text);
}

static void open_if(Unparser *u, bool wanted)
{
    if (wanted)
        put(u, "(");
}

static void close_if(Unparser *u, bool wanted)
{
    if (wanted)
        put(u, ")");
}

static void write_list(Unparser *u, NodeSeq nodes, int level)
{
    for (int32_t i = 0; i < nodes.count; i++) {
        if (i)
            put(u, ", ");
        write_expr(u, nodes.at[i], level);
    }
}

// Infinity has no literal.
static void write_constant(Unparser *u, Value v)
{
    if (is_exactly(v, &type_tuple)) {
        put(u, "(");
        for (size_t i = 0; i < as_tuple(v)->length; i++) {
            if (i)
                put(u, ", ");
            write_constant(u, as_tuple(v)->at[i]);
        }
        put(u, as_tuple(v)->length == 1 ? ",)" : ")");
        return;
    }
    if (v == ELLIPSIS) {
        put(u, "...");
        return;
    }
    Value repr = u->failed ? 0 : value_repr(u->t, v);
    const char *text = repr && (is_float(v) || is_exactly(v, &type_complex)) ? str_utf8(u->t, repr, NULL) : NULL;
    const char *inf = text ? strstr(text, "inf") : NULL;
    if (!inf) {
        put_value(u, repr);
        return;
    }
    put_value(u, str_from_utf8(u->t, text, (size_t)(inf - text)));
    put(u, "1e309");
    put(u, inf + 3);
}

// --- operators ---
typedef struct Operator { const char *text; int level; bool right; } Operator;

static const Operator binary_operators[] = {
    [AST_Add] = {" + ", LEVEL_ARITH, false}, [AST_Sub] = {" - ", LEVEL_ARITH, false}, [AST_Mult] = {" * ", LEVEL_TERM, false},
    [AST_MatMult] = {" @ ", LEVEL_TERM, false}, [AST_Div] = {" / ", LEVEL_TERM, false}, [AST_Mod] = {" % ", LEVEL_TERM, false},
    [AST_LShift] = {" << ", LEVEL_SHIFT, false}, [AST_RShift] = {" >> ", LEVEL_SHIFT, false},
    [AST_BitOr] = {" | ", LEVEL_BOR, false}, [AST_BitXor] = {" ^ ", LEVEL_BXOR, false}, [AST_BitAnd] = {" & ", LEVEL_BAND, false},
    [AST_FloorDiv] = {" // ", LEVEL_TERM, false}, [AST_Pow] = {" ** ", LEVEL_POWER, true},
};

static void write_bin_op(Unparser *u, AstBinOp *n, int level)
{
    const Operator *op = &binary_operators[n->op];
    open_if(u, level > op->level);
    write_expr(u, n->left, op->level + op->right);
    put(u, op->text);
    write_expr(u, n->right, op->level + !op->right);
    close_if(u, level > op->level);
}

static void write_unary_op(Unparser *u, AstUnaryOp *n, int level)
{
    static const Operator operators[] = {[AST_Invert] = {"~", LEVEL_FACTOR, false}, [AST_Not] = {"not ", LEVEL_NOT, false},
                                         [AST_UAdd] = {"+", LEVEL_FACTOR, false}, [AST_USub] = {"-", LEVEL_FACTOR, false}};
    const Operator *op = &operators[n->op];
    open_if(u, level > op->level);
    put(u, op->text);
    write_expr(u, n->operand, op->level);
    close_if(u, level > op->level);
}

static void write_bool_op(Unparser *u, AstBoolOp *n, int level)
{
    int own = n->op == AST_And ? LEVEL_AND : LEVEL_OR;
    open_if(u, level > own);
    for (int32_t i = 0; i < n->values.count; i++) {
        if (i)
            put(u, n->op == AST_And ? " and " : " or ");
        write_expr(u, n->values.at[i], own + 1);
    }
    close_if(u, level > own);
}

static void write_compare(Unparser *u, AstCompare *n, int level)
{
    static const char *const texts[] = {[AST_Eq] = " == ", [AST_NotEq] = " != ", [AST_Lt] = " < ", [AST_LtE] = " <= ",
                                        [AST_Gt] = " > ", [AST_GtE] = " >= ", [AST_Is] = " is ", [AST_IsNot] = " is not ",
                                        [AST_In] = " in ", [AST_NotIn] = " not in "};
    open_if(u, level > LEVEL_CMP);
    write_expr(u, n->left, LEVEL_CMP + 1);
    for (int32_t i = 0; i < n->ops.count; i++) {
        put(u, texts[n->ops.at[i]]);
        write_expr(u, n->comparators.at[i], LEVEL_CMP + 1);
    }
    close_if(u, level > LEVEL_CMP);
}

static void write_if_exp(Unparser *u, AstIfExp *n, int level)
{
    open_if(u, level > LEVEL_TEST);
    write_expr(u, n->body, LEVEL_TEST + 1);
    put(u, " if ");
    write_expr(u, n->test, LEVEL_TEST + 1);
    put(u, " else ");
    write_expr(u, n->orelse, LEVEL_TEST);
    close_if(u, level > LEVEL_TEST);
}

// --- parameters ---
static void write_param(Unparser *u, Node *param, Node *fallback, bool *first)
{
    if (!*first)
        put(u, ", ");
    *first = false;
    put_value(u, as_arg(param)->arg);
    if (fallback) {
        put(u, "=");
        write_expr(u, fallback, LEVEL_TEST);
    }
}

static void write_starred_param(Unparser *u, const char *stars, Node *param, bool *first)
{
    if (!*first)
        put(u, ", ");
    *first = false;
    put(u, stars);
    if (param)
        put_value(u, as_arg(param)->arg);
}

static void write_params(Unparser *u, Astarguments *a)
{
    bool first = true;
    int32_t positional = a->posonlyargs.count + a->args.count;
    for (int32_t i = 0; i < positional; i++) {
        Node *param = i < a->posonlyargs.count ? a->posonlyargs.at[i] : a->args.at[i - a->posonlyargs.count];
        int32_t d = i - (positional - a->defaults.count);
        write_param(u, param, d >= 0 ? a->defaults.at[d] : NULL, &first);
        if (i + 1 == a->posonlyargs.count)
            put(u, ", /");
    }
    if (a->vararg || a->kwonlyargs.count)
        write_starred_param(u, "*", a->vararg, &first);
    for (int32_t i = 0; i < a->kwonlyargs.count; i++)
        write_param(u, a->kwonlyargs.at[i], a->kw_defaults.at[i], &first);
    if (a->kwarg)
        write_starred_param(u, "**", a->kwarg, &first);
}

static void write_lambda(Unparser *u, AstLambda *n, int level)
{
    Astarguments *a = as_arguments(n->args);
    bool any = a->posonlyargs.count || a->args.count || a->vararg || a->kwonlyargs.count || a->kwarg;
    open_if(u, level > LEVEL_TEST);
    put(u, any ? "lambda " : "lambda");
    write_params(u, a);
    put(u, ": ");
    write_expr(u, n->body, LEVEL_TEST);
    close_if(u, level > LEVEL_TEST);
}

// --- displays and comprehensions ---
static void write_dict(Unparser *u, AstDict *n)
{
    put(u, "{");
    for (int32_t i = 0; i < n->values.count; i++) {
        if (i)
            put(u, ", ");
        if (n->keys.at[i]) {
            write_expr(u, n->keys.at[i], LEVEL_TEST);
            put(u, ": ");
            write_expr(u, n->values.at[i], LEVEL_TEST);
        } else {
            put(u, "**");
            write_expr(u, n->values.at[i], LEVEL_EXPR);
        }
    }
    put(u, "}");
}

static void write_generators(Unparser *u, NodeSeq generators)
{
    for (int32_t i = 0; i < generators.count; i++) {
        Astcomprehension *n = as_comprehension(generators.at[i]);
        put(u, n->is_async ? " async for " : " for ");
        write_expr(u, n->target, LEVEL_TUPLE);
        put(u, " in ");
        write_expr(u, n->iter, LEVEL_TEST + 1);
        for (int32_t j = 0; j < n->ifs.count; j++) {
            put(u, " if ");
            write_expr(u, n->ifs.at[j], LEVEL_TEST + 1);
        }
    }
}

static void write_comprehension(Unparser *u, Node *e, const char *open, const char *close)
{
    put(u, open);
    if (e->kind == AST_DictComp) {
        write_expr(u, as_DictComp(e)->key, LEVEL_TEST);
        put(u, ": ");
        write_expr(u, as_DictComp(e)->value, LEVEL_TEST);
        write_generators(u, as_DictComp(e)->generators);
    } else {
        write_expr(u, as_ListComp(e)->elt, LEVEL_TEST);
        write_generators(u, as_ListComp(e)->generators);
    }
    put(u, close);
}

static void write_tuple(Unparser *u, NodeSeq elements, int level)
{
    open_if(u, !elements.count || level > LEVEL_TUPLE);
    write_list(u, elements, LEVEL_TEST);
    if (elements.count == 1)
        put(u, ",");
    close_if(u, !elements.count || level > LEVEL_TUPLE);
}

static void write_call(Unparser *u, AstCall *n)
{
    write_expr(u, n->func, LEVEL_ATOM);
    if (n->args.count == 1 && !n->keywords.count && n->args.at[0]->kind == AST_GeneratorExp) {
        write_expr(u, n->args.at[0], LEVEL_TEST);
        return;
    }
    put(u, "(");
    write_list(u, n->args, LEVEL_TEST);
    for (int32_t i = 0; i < n->keywords.count; i++) {
        Astkeyword *keyword = as_keyword(n->keywords.at[i]);
        if (i || n->args.count)
            put(u, ", ");
        if (keyword->arg) {
            put_value(u, keyword->arg);
            put(u, "=");
        } else {
            put(u, "**");
        }
        write_expr(u, keyword->value, LEVEL_TEST);
    }
    put(u, ")");
}

static void write_slice(Unparser *u, AstSlice *n)
{
    if (n->lower)
        write_expr(u, n->lower, LEVEL_TEST);
    put(u, ":");
    if (n->upper)
        write_expr(u, n->upper, LEVEL_TEST);
    if (n->step) {
        put(u, ":");
        write_expr(u, n->step, LEVEL_TEST);
    }
}

// --- f-strings ---
static Value doubled_braces(Unparser *u, Value text)
{
    StrBuilder b;
    builder_init(&b);
    const Str *s = as_str(text);
    for (size_t i = 0; i < s->length; i++) {
        uint32_t ch = str_at(s, i);
        if (!builder_char(u->t, &b, ch) || ((ch == '{' || ch == '}') && !builder_char(u->t, &b, ch)))
            return 0;
    }
    return builder_finish(u->t, &b);
}

static void write_fstring_part(Unparser *u, Node *e);

// `source`: the expression's own text, where the node keeps it (t-strings), or 0.
static void write_replacement(Unparser *u, Node *value, Value source, int conversion, Node *spec)
{
    Unparser inner = {.t = u->t};
    builder_init(&inner.b);
    if (source && is_str(source))
        put_value(&inner, source);
    else
        write_expr(&inner, value, LEVEL_TEST + 1);
    Value text = inner.failed ? 0 : builder_finish(u->t, &inner.b);
    if (!text) {
        u->failed = true;
        return;
    }
    put(u, as_str(text)->length && str_at(as_str(text), 0) == '{' ? "{ " : "{");
    put_value(u, text);
    if (conversion > 0) {
        char mark[] = {'!', (char)conversion, 0};
        put(u, mark);
    }
    if (spec) {
        put(u, ":");
        write_fstring_part(u, spec);
    }
    put(u, "}");
}

static void write_fstring_part(Unparser *u, Node *e)
{
    switch (e->kind) {
    case AST_Constant:
        put_value(u, u->failed ? 0 : doubled_braces(u, as_Constant(e)->value));
        break;
    case AST_JoinedStr:
    case AST_TemplateStr:
        for (int32_t i = 0; i < as_JoinedStr(e)->values.count; i++)
            write_fstring_part(u, as_JoinedStr(e)->values.at[i]);
        break;
    case AST_FormattedValue: {
        AstFormattedValue *n = as_FormattedValue(e);
        write_replacement(u, n->value, 0, n->conversion, n->format_spec);
        break;
    }
    default: {
        AstInterpolation *n = as_Interpolation(e);
        write_replacement(u, n->value, n->str, n->conversion, n->format_spec);
    }
    }
}

static void write_joined_str(Unparser *u, Node *e)
{
    Unparser inner = {.t = u->t};
    builder_init(&inner.b);
    write_fstring_part(&inner, e);
    Value body = inner.failed ? 0 : builder_finish(u->t, &inner.b);
    Value repr = body ? value_repr(u->t, body) : 0;
    put(u, e->kind == AST_TemplateStr || e->kind == AST_Interpolation ? "t" : "f");
    put_value(u, repr);
}

static void write_prefixed(Unparser *u, const char *prefix, Node *value, int own, int level, int inner)
{
    open_if(u, level > own);
    put(u, prefix);
    if (value)
        write_expr(u, value, inner);
    close_if(u, level > own);
}

static void write_attribute(Unparser *u, AstAttribute *n)
{
    write_expr(u, n->value, LEVEL_ATOM);
    // 1 .real: a dot behind digits would belong to the number
    put(u, n->value->kind == AST_Constant && is_int(as_Constant(n->value)->value) ? " ." : ".");
    put_value(u, n->attr);
}

static void write_named(Unparser *u, AstNamedExpr *n, int level)
{
    open_if(u, level > LEVEL_TUPLE);
    write_expr(u, n->target, LEVEL_ATOM);
    put(u, " := ");
    write_expr(u, n->value, LEVEL_ATOM);
    close_if(u, level > LEVEL_TUPLE);
}

static void write_expr(Unparser *u, Node *e, int level)
{
    if (u->failed)
        return;
    if ((char *)__builtin_frame_address(0) < u->t->c_stack_limit) {
        raise(u->t, EXC(RecursionError), "maximum recursion depth exceeded during compilation");
        u->failed = true;
        return;
    }
    switch (e->kind) {
    case AST_BoolOp: write_bool_op(u, as_BoolOp(e), level); break;
    case AST_BinOp: write_bin_op(u, as_BinOp(e), level); break;
    case AST_UnaryOp: write_unary_op(u, as_UnaryOp(e), level); break;
    case AST_Lambda: write_lambda(u, as_Lambda(e), level); break;
    case AST_IfExp: write_if_exp(u, as_IfExp(e), level); break;
    case AST_Dict: write_dict(u, as_Dict(e)); break;
    case AST_Set:
        put(u, "{");
        write_list(u, as_Set(e)->elts, LEVEL_TEST);
        put(u, "}");
        break;
    case AST_GeneratorExp: write_comprehension(u, e, "(", ")"); break;
    case AST_ListComp: write_comprehension(u, e, "[", "]"); break;
    case AST_SetComp:
    case AST_DictComp: write_comprehension(u, e, "{", "}"); break;
    case AST_Yield:
        put(u, as_Yield(e)->value ? "(yield " : "(yield");
        if (as_Yield(e)->value)
            write_expr(u, as_Yield(e)->value, LEVEL_TEST);
        put(u, ")");
        break;
    case AST_YieldFrom:
        put(u, "(yield from ");
        write_expr(u, as_YieldFrom(e)->value, LEVEL_TEST);
        put(u, ")");
        break;
    case AST_Await: write_prefixed(u, "await ", as_Await(e)->value, LEVEL_AWAIT, level, LEVEL_ATOM); break;
    case AST_Compare: write_compare(u, as_Compare(e), level); break;
    case AST_Call: write_call(u, as_Call(e)); break;
    case AST_Constant: {
        Value kind = as_Constant(e)->kind;
        if (kind)
            put_value(u, kind);
        write_constant(u, as_Constant(e)->value);
        break;
    }
    case AST_JoinedStr:
    case AST_FormattedValue:
    case AST_TemplateStr:
    case AST_Interpolation: write_joined_str(u, e); break;
    case AST_Attribute: write_attribute(u, as_Attribute(e)); break;
    case AST_Starred: write_prefixed(u, "*", as_Starred(e)->value, LEVEL_ATOM, 0, LEVEL_EXPR); break;
    case AST_Name: put_value(u, as_Name(e)->id); break;
    case AST_Subscript:
        write_expr(u, as_Subscript(e)->value, LEVEL_ATOM);
        put(u, "[");
        write_expr(u, as_Subscript(e)->slice, LEVEL_TUPLE);
        put(u, "]");
        break;
    case AST_Slice: write_slice(u, as_Slice(e)); break;
    case AST_List:
        put(u, "[");
        write_list(u, as_List(e)->elts, LEVEL_TEST);
        put(u, "]");
        break;
    case AST_Tuple: write_tuple(u, as_Tuple(e)->elts, level); break;
    case AST_NamedExpr: write_named(u, as_NamedExpr(e), level); break;
    default: put(u, "?");
    }
}

Value ast_unparse(Thread *t, Node *e)
{
    Unparser u = {.t = t};
    builder_init(&u.b);
    write_expr(&u, e, LEVEL_TEST);
    return u.failed ? 0 : builder_finish(t, &u.b);
}
