// compile_match.c: the match statement.
//
// Every name that a pattern captures gets a temporary first; the names themselves are bound only when the whole pattern
// has matched, before the guard.
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/ops/ops.h"
#include "src/types/tuple.h"

typedef struct Capture { Value name; Reg reg; bool bound; } Capture;

typedef struct PatternState {
    Capture *captures;      // in order of their first appearance
    int32_t count, room;
    Label fail;
    bool may_be_irrefutable;
} PatternState;

static void pattern(Compiler *c, PatternState *state, Node *p, Reg subject);

// --- captures ---
static Capture *find_capture(PatternState *state, Value name)
{
    for (int32_t i = 0; i < state->count; i++) {
        if (str_equal(as_str(state->captures[i].name), as_str(name)))
            return &state->captures[i];
    }
    return NULL;
}

static Value captured_name(Node *p)
{
    switch (p->kind) {
    case AST_MatchAs:
        return as_MatchAs(p)->name;
    case AST_MatchStar:
        return as_MatchStar(p)->name;
    case AST_MatchMapping:
        return as_MatchMapping(p)->rest;
    default:
        return 0;
    }
}

typedef struct CaptureWalk { Compiler *c; PatternState *state; } CaptureWalk;

static bool collect_captures(void *context, Node *p)
{
    CaptureWalk *walk = context;
    if (ast_classes[p->kind].type != AST_TYPE_pattern || walk->c->failed)
        return !walk->c->failed;
    PatternState *state = walk->state;
    Value name = captured_name(p);
    if (name && !find_capture(state, name)) {
        Capture *at = unit_grow(walk->c, state->captures, state->count, &state->room, sizeof *at);
        if (!at)
            return false;
        state->captures = at;
        at[state->count++] = (Capture){name, temp_new(walk->c), false};
    }
    return ast_each_child(p, collect_captures, context);
}

static void capture(Compiler *c, PatternState *state, Node *p, Value name, Reg value)
{
    if (!name || c->failed)
        return;
    Capture *found = find_capture(state, name);
    if (found->bound) {
        Value repr = value_repr(c->t, name);
        const char *text = repr ? str_utf8(c->t, repr, NULL) : NULL;
        compile_error(c, p->at, "multiple assignments to name %s in pattern", text ? text : "?");
        return;
    }
    found->bound = true;
    emit_move(c, found->reg, value);
}

// --- parts ---
static void sub_pattern(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    bool before = state->may_be_irrefutable;
    state->may_be_irrefutable = true;
    pattern(c, state, p, subject);
    state->may_be_irrefutable = before;
}

static bool is_wildcard(const Node *p)
{
    return (p->kind == AST_MatchAs && !as_MatchAs(p)->name && !as_MatchAs(p)->pattern)
           || (p->kind == AST_MatchStar && !as_MatchStar(p)->name);
}

static void fail_unless(Compiler *c, PatternState *state, Reg truth)
{
    emit_jump(c, OP_JUMP_IF_FALSE, truth, 0, state->fail);
}

static void match_value(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    Node *value = as_MatchValue(p)->value;
    Value k = expr_constant(value);
    if (!k && value->kind != AST_Attribute) {
        compile_error(c, p->at, "patterns may only match literals and attribute lookups");
        return;
    }
    if (k)
        emit_jump(c, OP_JUMP_UNLESS_EQ_K, subject, constant_number(c, k, true), state->fail);
    else
        emit_jump(c, OP_JUMP_UNLESS_EQ, subject, expr_operand(c, value), state->fail);
}

static void match_singleton(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    Value value = as_MatchSingleton(p)->value;
    if (value == NONE) {
        emit_jump(c, OP_JUMP_IF_NOT_NONE, subject, 0, state->fail);
        return;
    }
    Reg same = temp_run(c, 2);
    emit_const(c, same + 1, value);
    emit(c, OP_IS, same, subject, same + 1);
    fail_unless(c, state, same);
}

// With a starred wildcard only the wanted items are fetched, by index.
static void sequence_by_index(Compiler *c, PatternState *state, NodeSeq patterns, int32_t star, Reg subject, Reg length)
{
    for (int32_t i = 0; i < patterns.count && !c->failed; i++) {
        if (i == star || is_wildcard(patterns.at[i]))
            continue;
        Reg item = temp_new(c);
        if (i < star) {
            emit(c, OP_GETITEM_K, item, subject, constant_number(c, fixnum(i), true));
        } else {
            emit(c, OP_SUBTRACT_K, item, length, constant_number(c, fixnum(patterns.count - i), true));
            emit(c, OP_GETITEM, item, subject, item);
        }
        sub_pattern(c, state, patterns.at[i], item);
    }
}

static void sequence_unpacked(Compiler *c, PatternState *state, NodeSeq patterns, int32_t star, Reg subject)
{
    Reg items = temp_run(c, patterns.count);
    if (star >= 0)
        emit(c, OP_UNPACK_EX, items, subject, star | (patterns.count - star - 1) << 8);
    else
        emit(c, OP_UNPACK, items, subject, patterns.count);
    for (int32_t i = 0; i < patterns.count && !c->failed; i++)
        sub_pattern(c, state, patterns.at[i], items + i);
}

static int32_t star_of(Compiler *c, Node *p, NodeSeq patterns)
{
    int32_t star = -1;
    for (int32_t i = 0; i < patterns.count; i++) {
        if (patterns.at[i]->kind != AST_MatchStar)
            continue;
        if (star >= 0)
            compile_error(c, p->at, "multiple starred expressions in sequence pattern");
        star = i;
    }
    if (star >= 256 || (star >= 0 && patterns.count - star - 1 > 255))
        compile_error(c, p->at, "too many expressions in star-unpacking sequence pattern");
    return star;
}

static void match_sequence(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    NodeSeq patterns = as_MatchSequence(p)->patterns;
    int32_t star = star_of(c, p, patterns);
    bool only_wildcards = true;
    for (int32_t i = 0; i < patterns.count; i++)
        only_wildcards = only_wildcards && is_wildcard(patterns.at[i]);
    Reg length = temp_new(c);
    emit(c, OP_MATCH_SEQUENCE, length, subject, 0);
    fail_unless(c, state, length);
    if (star < 0 || patterns.count > 1) {
        emit(c, OP_GET_LENGTH, length, subject, 0);
        Value wanted = fixnum(star < 0 ? patterns.count : patterns.count - 1);
        emit_jump(c, star < 0 ? OP_JUMP_UNLESS_EQ_K : OP_JUMP_UNLESS_GE_K, length, constant_number(c, wanted, true), state->fail);
    }
    if (only_wildcards || c->failed)
        return;
    if (star >= 0 && is_wildcard(patterns.at[star]))
        sequence_by_index(c, state, patterns, star, subject, length);
    else
        sequence_unpacked(c, state, patterns, star, subject);
}

// --- mappings ---
static void check_key(Compiler *c, Node *p, NodeSeq keys, int32_t i)
{
    Value k = expr_constant(keys.at[i]);
    if (!k) {
        if (keys.at[i]->kind != AST_Attribute)
            compile_error(c, p->at, "mapping pattern keys may only match literals and attribute lookups");
        return;
    }
    for (int32_t j = 0; j < i && !c->failed; j++) {
        Value other = expr_constant(keys.at[j]);
        int equal = other ? values_equal(c->t, k, other) : 0;
        if (equal < 0) {
            compile_fail(c);
        } else if (equal) {
            Value repr = value_repr(c->t, k);
            const char *text = repr ? str_utf8(c->t, repr, NULL) : NULL;
            compile_error(c, p->at, "mapping pattern checks duplicate key (%s)", text ? text : "?");
        }
    }
}

static void match_mapping(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    AstMatchMapping *n = as_MatchMapping(p);
    Reg test = temp_new(c);
    emit(c, OP_MATCH_MAPPING, test, subject, 0);
    fail_unless(c, state, test);
    if (!n->keys.count && !n->rest)
        return;
    if (n->keys.count) {
        emit(c, OP_GET_LENGTH, test, subject, 0);
        emit_jump(c, OP_JUMP_UNLESS_GE_K, test, constant_number(c, fixnum(n->keys.count), true), state->fail);
    }
    Reg keys = temp_run(c, n->keys.count ? n->keys.count : 1);
    for (int32_t i = 0; i < n->keys.count && !c->failed; i++) {
        check_key(c, p, n->keys, i);
        expr_into(c, n->keys.at[i], keys + i);
    }
    emit(c, OP_BUILD_TUPLE, keys, keys, n->keys.count);
    Reg values = temp_run(c, n->keys.count ? n->keys.count : 1);
    emit(c, OP_MATCH_KEYS, values, subject, keys);
    emit_jump(c, OP_JUMP_IF_NONE, values, 0, state->fail);
    if (n->keys.count)
        emit(c, OP_UNPACK, values, values, n->keys.count);
    for (int32_t i = 0; i < n->patterns.count && !c->failed; i++)
        sub_pattern(c, state, n->patterns.at[i], values + i);
    if (n->rest) {
        Reg rest = temp_new(c);
        emit(c, OP_COPY_DICT_WITHOUT, rest, subject, keys);
        capture(c, state, p, n->rest, rest);
    }
}

// --- classes ---
static Value keyword_attributes(Compiler *c, AstMatchClass *n)
{
    Tuple *names = tuple_alloc(c->t, (size_t)n->kwd_attrs.count);
    for (int32_t i = 0; names && i < n->kwd_attrs.count; i++) {
        for (int32_t j = 0; j < i; j++) {
            if (str_equal(as_str(n->kwd_attrs.at[i]), as_str(n->kwd_attrs.at[j])))
                compile_error(c, n->kwd_patterns.at[i]->at, "attribute name repeated in class pattern: %s",
                              str_utf8(c->t, n->kwd_attrs.at[i], NULL));
        }
        names->at[i] = n->kwd_attrs.at[i];   // not mangled
    }
    return c->failed ? 0 : checked(c, value_of(names));
}

static void match_class(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    AstMatchClass *n = as_MatchClass(p);
    int32_t positional = n->patterns.count, all = positional + n->kwd_patterns.count;
    if (all > 30000) {
        compile_error(c, p->at, "too many sub-patterns in class pattern");
        return;
    }
    Value names = keyword_attributes(c, n);
    if (!names)
        return;
    Reg parts = temp_run(c, 3);
    emit_move(c, parts, subject);
    expr_into(c, n->cls, parts + 1);
    emit(c, OP_LOAD_CONST, parts + 2, constant_number(c, names, true), 0);
    Reg values = temp_run(c, all ? all : 1);
    emit(c, OP_MATCH_CLASS, values, parts, positional);
    emit_jump(c, OP_JUMP_IF_NONE, values, 0, state->fail);
    if (all)
        emit(c, OP_UNPACK, values, values, all);
    for (int32_t i = 0; i < all && !c->failed; i++) {
        Node *sub = i < positional ? n->patterns.at[i] : n->kwd_patterns.at[i - positional];
        if (!is_wildcard(sub))
            sub_pattern(c, state, sub, values + i);
    }
}

// --- alternatives and captures ---
static void match_or(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    NodeSeq patterns = as_MatchOr(p)->patterns;
    bool *before = arena_alloc(c->t, c->arena, ((size_t)state->count + 1) * 2);
    if (!before) {
        compile_fail(c);
        return;
    }
    bool *first = before + state->count;
    Label fail = state->fail, matched = label_new(c);
    bool irrefutable_allowed = state->may_be_irrefutable;
    for (int32_t j = 0; j < state->count; j++)
        before[j] = state->captures[j].bound;
    for (int32_t i = 0; i < patterns.count && !c->failed; i++) {
        bool last = i + 1 == patterns.count;
        Label next = label_new(c);
        state->fail = last ? fail : next;
        state->may_be_irrefutable = last && irrefutable_allowed;
        for (int32_t j = 0; j < state->count; j++)
            state->captures[j].bound = before[j];
        Reg mark = temp_mark(c);
        pattern(c, state, patterns.at[i], subject);
        temp_reset(c, mark);
        for (int32_t j = 0; j < state->count && !c->failed; j++) {
            if (i && first[j] != state->captures[j].bound)
                compile_error(c, p->at, "alternative patterns bind different names");
            first[j] = state->captures[j].bound;
        }
        if (!last)
            emit_jump(c, OP_JUMP, 0, 0, matched);
        label_bind(c, next);
    }
    state->fail = fail;
    state->may_be_irrefutable = irrefutable_allowed;
    label_bind(c, matched);
}

static void match_as(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    AstMatchAs *n = as_MatchAs(p);
    if (n->pattern) {
        bool before = state->may_be_irrefutable;
        pattern(c, state, n->pattern, subject);
        state->may_be_irrefutable = before;
    } else if (!state->may_be_irrefutable) {
        if (n->name) {
            Value repr = value_repr(c->t, n->name);
            const char *text = repr ? str_utf8(c->t, repr, NULL) : NULL;
            compile_error(c, p->at, "name capture %s makes remaining patterns unreachable", text ? text : "?");
        } else {
            compile_error(c, p->at, "wildcard makes remaining patterns unreachable");
        }
        return;
    }
    emit_line(c);
    capture(c, state, p, n->name, subject);
}

static void pattern(Compiler *c, PatternState *state, Node *p, Reg subject)
{
    if (!compile_enter(c))
        return;
    Reg mark = temp_mark(c);
    Location at = c->at;
    c->at = location_of(p);
    switch (p->kind) {
    case AST_MatchValue:
        match_value(c, state, p, subject);
        break;
    case AST_MatchSingleton:
        match_singleton(c, state, p, subject);
        break;
    case AST_MatchSequence:
        match_sequence(c, state, p, subject);
        break;
    case AST_MatchMapping:
        match_mapping(c, state, p, subject);
        break;
    case AST_MatchClass:
        match_class(c, state, p, subject);
        break;
    case AST_MatchStar:
        capture(c, state, p, as_MatchStar(p)->name, subject);
        break;
    case AST_MatchOr:
        match_or(c, state, p, subject);
        break;
    default:
        match_as(c, state, p, subject);
    }
    c->at = at;
    temp_reset(c, mark);
}

static void match_case(Compiler *c, Node *node, Reg subject, bool last, Label end)
{
    Astmatch_case *n = as_match_case(node);
    Reg mark = temp_mark(c);
    Label next = label_new(c);
    PatternState state = {.fail = next, .may_be_irrefutable = last || n->guard};
    CaptureWalk walk = {c, &state};
    collect_captures(&walk, n->pattern);
    pattern(c, &state, n->pattern, subject);
    c->at = location_of(n->pattern);
    for (int32_t i = 0; i < state.count && !c->failed; i++)
        name_store(c, state.captures[i].name, state.captures[i].reg);
    if (n->guard)
        jump_if(c, n->guard, next, false);
    c->unit->conditional_depth++;
    compile_body(c, n->body);
    c->unit->conditional_depth--;
    c->at = no_location();
    emit_jump(c, OP_JUMP, 0, 0, end);
    label_bind(c, next);
    temp_reset(c, mark);
}

void compile_match(Compiler *c, Node *s)
{
    AstMatch *n = as_Match(s);
    Reg mark = temp_mark(c);
    Label end = label_new(c);
    Reg subject = expr_temp(c, n->subject);
    for (int32_t i = 0; i < n->cases.count && !c->failed; i++)
        match_case(c, n->cases.at[i], subject, i + 1 == n->cases.count, end);
    label_bind(c, end);
    temp_reset(c, mark);
}
