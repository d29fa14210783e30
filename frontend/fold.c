// fold.c: constant folding on the tree, bottom-up: operators on constants, tuples of constants, __debug__.
//
// Within CPython's limits on the size of results; whatever raises stays as it is. Nodes made here carry NODE_FOLDED where
// CPython folds later than its warnings look (so that they stay silent for them too).
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

enum { INT_BITS_MAX = 128, COLLECTION_MAX = 256, STR_MAX = 4096, TOTAL_MAX = 1024 };

typedef struct Folder {
    Thread *t;
    Arena *arena;
    bool debug;              // value of __debug__
    bool keep_annotations;   // they become text
    bool failed;
} Folder;

static Node *fold(Folder *f, Node *node);

static Node *constant_node(Folder *f, const Node *like, Value value, unsigned flags)
{
    Node *node = ast_new(f->t, f->arena, Constant, like->at, .value = value);
    if (!node)
        f->failed = true;
    else
        node->flags = (uint16_t)(like->flags | flags);
    return node;
}

// --- sizes of results ---
static bool is_sequence(Value v)
{
    return is_exactly(v, &type_str) || is_exactly(v, &type_bytes) || is_exactly(v, &type_tuple);
}

static size_t sequence_length(Value v)
{
    if (is_exactly(v, &type_tuple))
        return as_tuple(v)->length;
    return is_exactly(v, &type_str) ? as_str(v)->length : as_bytes(v)->length;
}

// Items in nested tuples up to `limit`; more: limit + 1.
static size_t total_items(Value v, size_t limit)
{
    if (!is_exactly(v, &type_tuple))
        return 1;
    size_t sum = 0;
    for (size_t i = 0; i < as_tuple(v)->length && sum <= limit; i++)
        sum += total_items(as_tuple(v)->at[i], limit);
    return sum;
}

static bool is_plain_int(Value v)
{
    return is_int_exact(v);
}

static bool repeat_is_small(Value sequence, Value times)
{
    int64_t n;
    if (!int_to_int64(times, &n) || n < 0)
        return n < 0;
    size_t length = sequence_length(sequence);
    if (!length || !n)
        return true;
    if (!is_exactly(sequence, &type_tuple))
        return (uint64_t)n <= STR_MAX / length;
    return (uint64_t)n <= COLLECTION_MAX / length && (uint64_t)n <= TOTAL_MAX / (total_items(sequence, TOTAL_MAX) + 1);
}

static bool multiply_is_small(Value a, Value b)
{
    if (is_plain_int(a) && is_plain_int(b))
        return int_bit_length(a) + int_bit_length(b) <= INT_BITS_MAX;
    if (is_plain_int(a) && is_sequence(b))
        return repeat_is_small(b, a);
    if (is_plain_int(b) && is_sequence(a))
        return repeat_is_small(a, b);
    return true;
}

static bool result_is_small(int32_t op, Value a, Value b)
{
    int64_t n;
    bool ints = is_plain_int(a) && is_plain_int(b);
    switch (op) {
    case AST_Mult:
        return multiply_is_small(a, b);
    case AST_Pow:
        if (!ints || int_sign(b) <= 0)
            return true;
        return int_to_int64(b, &n) && (int64_t)int_bit_length(a) <= INT_BITS_MAX / n;
    case AST_LShift:
        if (!ints || !int_sign(a) || !int_sign(b))
            return true;
        return int_to_int64(b, &n) && n >= 0 && n <= INT_BITS_MAX && int_bit_length(a) + (size_t)n <= INT_BITS_MAX;
    case AST_Mod:
        return !is_exactly(a, &type_str) && !is_exactly(a, &type_bytes);
    default:
        return true;
    }
}

// --- operators ---
static Value evaluated(Folder *f, Value v)
{
    if (!v)
        pending_clear(f->t);   // it will raise at run time, if it runs
    return v;
}

static const uint8_t binary_ops[] = {
    [AST_Add] = BINARY_ADD, [AST_Sub] = BINARY_SUBTRACT, [AST_Mult] = BINARY_MULTIPLY, [AST_MatMult] = BINARY_MATRIX_MULTIPLY,
    [AST_Div] = BINARY_TRUE_DIVIDE, [AST_Mod] = BINARY_REMAINDER, [AST_Pow] = BINARY_POWER, [AST_LShift] = BINARY_LSHIFT,
    [AST_RShift] = BINARY_RSHIFT, [AST_BitOr] = BINARY_OR, [AST_BitXor] = BINARY_XOR, [AST_BitAnd] = BINARY_AND,
    [AST_FloorDiv] = BINARY_FLOOR_DIVIDE,
};

static Node *fold_bin_op(Folder *f, Node *node)
{
    AstBinOp *n = as_BinOp(node);
    Value a = expr_constant(n->left), b = expr_constant(n->right);
    if (!a || !b || n->op == AST_MatMult || !result_is_small(n->op, a, b))
        return node;
    Value result = evaluated(f, binary_op(f->t, binary_ops[n->op], a, b));
    return result ? constant_node(f, node, result, NODE_FOLDED) : node;
}

static Value unary_result(Folder *f, int32_t op, Value v)
{
    switch (op) {
    case AST_Not: {
        int truth_value = truth(f->t, v);
        return truth_value < 0 ? 0 : value_bool(!truth_value);
    }
    case AST_Invert:
        return is_bool(v) ? 0 : unary_invert(f->t, v);   // deprecated for bool: warns at run time
    case AST_UAdd:
        return unary_positive(f->t, v);
    default:
        return unary_negative(f->t, v);
    }
}

static Node *fold_unary_op(Folder *f, Node *node)
{
    AstUnaryOp *n = as_UnaryOp(node);
    Value v = expr_constant(n->operand);
    if (!v || (n->op == AST_Invert && is_bool(v)))
        return node;
    Value result = evaluated(f, unary_result(f, n->op, v));
    return result ? constant_node(f, node, result, NODE_FOLDED) : node;
}

static Value constant_items(Folder *f, NodeSeq elements)
{
    for (int32_t i = 0; i < elements.count; i++) {
        if (!expr_constant(elements.at[i]))
            return 0;
    }
    Tuple *tuple = tuple_alloc(f->t, (size_t)elements.count);
    for (int32_t i = 0; tuple && i < elements.count; i++)
        tuple->at[i] = expr_constant(elements.at[i]);
    if (!tuple)
        f->failed = true;
    return value_of(tuple);
}

static Node *fold_tuple(Folder *f, Node *node)
{
    if (as_Tuple(node)->ctx != AST_Load)
        return node;
    Value items = constant_items(f, as_Tuple(node)->elts);
    return items ? constant_node(f, node, items, 0) : node;
}

static Node *fold_subscript(Folder *f, Node *node)
{
    AstSubscript *n = as_Subscript(node);
    Value object = expr_constant(n->value), key = expr_constant(n->slice);
    if (n->ctx != AST_Load || !object || !key || !is_sequence(object) || !is_plain_int(key))
        return node;
    Value result = evaluated(f, item_get(f->t, object, key));
    return result ? constant_node(f, node, result, NODE_FOLDED) : node;
}

static Node *fold_name(Folder *f, Node *node)
{
    if (as_Name(node)->ctx == AST_Load && str_equal_cstr(as_Name(node)->id, "__debug__"))
        return constant_node(f, node, value_bool(f->debug), 0);
    return node;
}

// A list or set that is only iterated over or searched may be a constant.
static Node *fold_iterated(Folder *f, Node *node)
{
    if (f->failed || (node->kind != AST_List && node->kind != AST_Set))
        return node;
    NodeSeq elements = node->kind == AST_List ? as_List(node)->elts : as_Set(node)->elts;
    Value items = constant_items(f, elements);
    if (items && node->kind == AST_Set) {
        items = set_from_iterable(f->t, items, true);
        f->failed = !items;
    }
    return items ? constant_node(f, node, items, NODE_FOLDED) : node;
}

static void fold_compare(Folder *f, AstCompare *n)
{
    for (int32_t i = 0; i < n->ops.count; i++) {
        if (n->ops.at[i] == AST_In || n->ops.at[i] == AST_NotIn)
            n->comparators.at[i] = fold_iterated(f, n->comparators.at[i]);
    }
}

static Node *fold_one(Folder *f, Node *node)
{
    switch (node->kind) {
    case AST_BinOp:
        return fold_bin_op(f, node);
    case AST_UnaryOp:
        return fold_unary_op(f, node);
    case AST_Tuple:
        return fold_tuple(f, node);
    case AST_Subscript:
        return fold_subscript(f, node);
    case AST_Name:
        return fold_name(f, node);
    case AST_Compare:
        fold_compare(f, as_Compare(node));
        return node;
    case AST_For:
        as_For(node)->iter = fold_iterated(f, as_For(node)->iter);
        return node;
    case AST_comprehension:
        if (!as_comprehension(node)->is_async)
            as_comprehension(node)->iter = fold_iterated(f, as_comprehension(node)->iter);
        return node;
    default:
        return node;
    }
}

// --- the walk ---
static void fold_field(Folder *f, Node *node, const AstField *field)
{
    char *place = (char *)node + field->offset;
    if (field->quantity == AST_MANY || field->quantity == AST_MANY_OPT) {
        NodeSeq *seq = (NodeSeq *)place;
        for (int32_t i = 0; i < seq->count && !f->failed; i++) {
            if (seq->at[i])
                seq->at[i] = fold(f, seq->at[i]);
        }
        return;
    }
    Node **child = (Node **)place;
    if (*child)
        *child = fold(f, *child);
}

static bool is_annotation(const AstField *field)
{
    return !strcmp(field->name, "annotation") || !strcmp(field->name, "returns");
}

static Node *fold(Folder *f, Node *node)
{
    if (f->failed)
        return node;
    if (unlikely((char *)__builtin_frame_address(0) < f->t->c_stack_limit)) {
        f->failed = true;
        raise(f->t, EXC(RecursionError), "maximum recursion depth exceeded during compilation");
        return node;
    }
    if (node->kind == AST_Constant)
        return node;
    AstFields fields = ast_classes[node->kind].fields();
    for (int i = 0; i < fields.count && !f->failed; i++) {
        const AstField *field = &fields.at[i];
        if (field->shape == AST_IS_NODE && !(f->keep_annotations && is_annotation(field)))
            fold_field(f, node, field);
    }
    return f->failed ? node : fold_one(f, node);
}

Node *fold_tree(Thread *t, Arena *arena, Node *mod, const CompileOptions *options, int optimize)
{
    unsigned future;
    if (!future_scan(t, mod, options->filename, &future))
        return NULL;
    future |= options->flags;
    Folder f = {.t = t, .arena = arena, .debug = optimize < 1, .keep_annotations = future & CO_FUTURE_ANNOTATIONS};
    mod = fold(&f, mod);
    return f.failed ? NULL : mod;
}
