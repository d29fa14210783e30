// compile_call.c: calls: windows, methods, keywords, stars.
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/types/tuple.h"

static void check_keywords(Compiler *c, NodeSeq keywords)
{
    for (int32_t i = 0; i < keywords.count && !c->failed; i++) {
        Value name = as_keyword(keywords.at[i])->arg;
        for (int32_t j = i + 1; name && j < keywords.count; j++) {
            Value other = as_keyword(keywords.at[j])->arg;
            if (other && str_equal(as_str(name), as_str(other))) {
                compile_error(c, keywords.at[j]->at, "keyword argument repeated: %s", str_utf8(c->t, name, NULL));
                return;
            }
        }
    }
}

static bool has_double_star(NodeSeq keywords)
{
    for (int32_t i = 0; i < keywords.count; i++) {
        if (!as_keyword(keywords.at[i])->arg)
            return true;
    }
    return false;
}

static Value keyword_names(Compiler *c, NodeSeq keywords)
{
    Tuple *names = tuple_alloc(c->t, (size_t)keywords.count);
    for (int32_t i = 0; names && i < keywords.count; i++) {
        names->at[i] = mangle(c, as_keyword(keywords.at[i])->arg);
        if (c->failed)
            return 0;
    }
    return checked(c, value_of(names));
}

// --- f(*args, **kwargs) ---
// The dictionary of keywords, in R[dst]; the function is in R[function], for messages.
static void keyword_dict(Compiler *c, NodeSeq keywords, Reg dst, Reg function)
{
    emit(c, OP_BUILD_MAP, dst, dst, 0);
    for (int32_t i = 0; i < keywords.count && !c->failed; i++) {
        Astkeyword *keyword = as_keyword(keywords.at[i]);
        Reg mark = temp_mark(c);
        if (keyword->arg) {
            Reg pair = temp_run(c, 2);
            emit_const(c, pair, mangle(c, keyword->arg));
            expr_into(c, keyword->value, pair + 1);
            emit(c, OP_BUILD_MAP, pair, pair, 1);
            emit(c, OP_DICT_MERGE, dst, pair, function);
        } else {
            Reg mapping = expr_operand(c, keyword->value);
            Location at = c->at;
            c->at = location_of(keyword->value);
            emit(c, OP_DICT_MERGE, dst, mapping, function);
            c->at = at;
        }
        temp_reset(c, mark);
    }
}

static void positional_list(Compiler *c, Reg placed_from, const CallArgs *args, Reg dst)
{
    emit(c, OP_BUILD_LIST, dst, placed_from, args->placed);
    emit_add_elements(c, args->args, OP_LIST_APPEND, OP_LIST_EXTEND, dst);
    if (args->last != NO_REG)
        emit(c, OP_LIST_APPEND, dst, args->last, 0);
}

static void call_ex(Compiler *c, Reg window, const CallArgs *args, Reg dst)
{
    Reg placed = window + WINDOW;
    if (!args->placed)
        temp_reset(c, window + 1);
    // The placed values may lie under the triple's registers only when there are none.
    Reg triple = args->placed ? temp_run(c, 3) : window;
    if (args->placed)
        emit_move(c, triple, window);
    else
        temp_run(c, 2);
    bool single = args->args.count == 1 && args->args.at[0]->kind == AST_Starred && !args->placed && args->last == NO_REG;
    if (single)
        expr_into(c, as_Starred(args->args.at[0])->value, triple + 1);
    else
        positional_list(c, placed, args, triple + 1);
    if (args->keywords.count)
        keyword_dict(c, args->keywords, triple + 2, triple);
    else
        emit(c, OP_CLEAR, triple + 2, 0, 0);
    emit(c, OP_CALL_EX, dst, triple, 0);
}

static bool needs_call_ex(const CallArgs *args)
{
    return has_starred(args->args) || has_double_star(args->keywords)
           || args->args.count + args->keywords.count > RUN_MAX;
}

// Calls what stands in the window: R[window], with a method also R[window + WINDOW].
void compile_call_window(Compiler *c, Reg window, bool method, const CallArgs *args, Reg dst)
{
    check_keywords(c, args->keywords);
    if (needs_call_ex(args)) {
        check(!method);
        call_ex(c, window, args, dst);
        return;
    }
    temp_reset(c, window + WINDOW + method + args->placed);
    int32_t count = args->placed + args->args.count + args->keywords.count + (args->last != NO_REG);
    for (int32_t i = 0; i < args->args.count; i++) {
        Reg to = temp_new(c);
        expr_into(c, args->args.at[i], to);
    }
    if (args->last != NO_REG)
        emit_move(c, temp_new(c), args->last);
    for (int32_t i = 0; i < args->keywords.count; i++) {
        Reg to = temp_new(c);
        expr_into(c, as_keyword(args->keywords.at[i])->value, to);
    }
    temp_reach(c, window + WINDOW + method + count + 1);
    if (args->keywords.count) {
        Value names = keyword_names(c, args->keywords);
        int32_t slot = slot_new2(c, fixnum(count), names);
        emit(c, method ? OP_CALL_METHOD_KW : OP_CALL_KW, dst, window, slot);
        return;
    }
    emit(c, method ? OP_CALL_METHOD : OP_CALL, dst, window, slot_new(c, fixnum(count)));
}

// A method call spread over lines belongs to the line of the attribute's name.
static Location method_location(Node *call, Node *attribute, Value name)
{
    Location at = location_of(call);
    const AstSpan *span = &attribute->at;
    if (span->lineno == span->end_lineno)
        return at;
    const Str *s = as_str(name);
    int32_t length = str_is_ascii(s) ? (int32_t)s->length : span->end_col_offset;
    at.line = span->end_lineno;
    at.column = span->end_col_offset - length;
    if (at.column < 0)
        at.column = 0;
    return at;
}

static void method_call(Compiler *c, Node *e, AstCall *n, Reg dst)
{
    AstAttribute *attribute = as_Attribute(n->func);
    Value name = mangle(c, attribute->attr);
    Reg window = temp_run(c, WINDOW + 1);
    c->at = location_of(n->func);
    if (compile_super_parts(c, attribute->value, window)) {
        emit(c, OP_LOAD_SUPER_METHOD, window, window, name_number(c, name));
    } else {
        Reg object = window;
        if (attribute->value->kind == AST_Name)
            object = expr_operand(c, attribute->value);
        else
            expr_into(c, attribute->value, window);
        Location whole = method_location(n->func, n->func, attribute->attr);
        c->at = whole;
        emit(c, OP_LOAD_METHOD, window, object, slot_name(c, name));
    }
    c->at = method_location(e, n->func, attribute->attr);
    compile_call_window(c, window, true, &(CallArgs){n->args, n->keywords, 0, NO_REG}, dst);
}

void compile_call(Compiler *c, Node *e, Reg dst)
{
    AstCall *n = as_Call(e);
    CallArgs args = {n->args, n->keywords, 0, NO_REG};
    Reg mark = temp_mark(c);
    warn_call(c, e);
    if (n->func->kind == AST_Attribute && !needs_call_ex(&args)) {
        method_call(c, e, n, dst);
    } else {
        Reg window = temp_new(c);
        expr_into(c, n->func, window);
        compile_call_window(c, window, false, &args, dst);
    }
    temp_reset(c, mark);
}
