// ops_misc.c: rare instructions: raising, with, functions, awaiting, intrinsics. One function per opcode, found by table.
#include "src/interp/misc_ops.h"

#include "src/interp/generator.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"
#include "src/types/typing_objects.h"

bool misc_result(Value *R, const Instr *pc, Value v)
{
    if (!v)
        return false;
    R[pc->a] = v;
    return true;
}

#define UNARY_OP(name, function)                                                                                       \
    static bool name(Thread *t, Value *R, const Instr *pc)                                                             \
    {                                                                                                                  \
        return misc_result(R, pc, function(t, R[pc->b]));                                                              \
    }
UNARY_OP(negative_op, unary_negative)
UNARY_OP(positive_op, unary_positive)
UNARY_OP(invert_op, unary_invert)

static bool not_op(Thread *t, Value *R, const Instr *pc)
{
    int is_true = truth(t, R[pc->b]);
    return misc_result(R, pc, is_true < 0 ? 0 : value_bool(!is_true));
}

static bool to_bool_op(Thread *t, Value *R, const Instr *pc)
{
    int is_true = truth(t, R[pc->b]);
    return misc_result(R, pc, is_true < 0 ? 0 : value_bool(is_true));
}

static bool get_length_op(Thread *t, Value *R, const Instr *pc)
{
    int64_t n = length_of(t, R[pc->b]);
    return misc_result(R, pc, n < 0 ? 0 : fixnum(n));
}

static bool load_locals_op(Thread *t, Value *R, const Instr *pc)
{
    R[pc->a] = R[0];
    return true;
}

// --- raise ---

static Value raisable_from(Thread *t, Value v, const char *message)
{
    if (is_exception(v))
        return v;
    if (!is_type(v) || !type_is_subtype(as_type(v), EXC(BaseException)))
        return raise(t, EXC(TypeError), "%s", message);
    Value instance = call0(t, v);
    if (instance && !is_exception(instance))
        return raise(t, EXC(TypeError), "calling %R should have returned an instance of BaseException, not %R", v, value_of(type_of(instance)));
    return instance;
}

// Returns true for "raise it again as it is", false with a fresh exception pending.
bool raise_op(Thread *t, Value *R, const Instr *pc)
{
    if (pc->c == 0) {
        Value handled = handled_exception(t);
        if (!handled)
            return raise(t, EXC(RuntimeError), "No active exception to reraise");
        pending_set(t, handled);
        return true;
    }
    Value exception = raisable_from(t, R[pc->a], "exceptions must derive from BaseException");
    if (!exception)
        return false;
    if (pc->c == 2) {
        Value cause = R[pc->b];
        if (cause != NONE) {
            cause = raisable_from(t, cause, "exception causes must derive from BaseException");
            if (!cause)
                return false;
        }
        publish(&as_exception(exception)->cause, cause == NONE ? 0 : cause);
        as_exception(exception)->suppress_context = true;
    }
    raise_value(t, exception);
    return false;
}

static bool with_exit_op(Thread *t, Value *R, const Instr *pc)
{
    Value exception = R[pc->c], *window = &R[pc->b];
    Value traceback = as_exception(exception)->traceback;
    Value args[4] = {window[WINDOW], value_of(type_of(exception)), exception, traceback ? traceback : NONE};
    bool has_self = args[0] != 0;
    return misc_result(R, pc, call(t, window[0], has_self ? args : args + 1, has_self ? 4 : 3, 0));
}

static bool match_exc_group_op(Thread *t, Value *R, const Instr *pc)
{
    Value exception = R[pc->b], type = R[pc->c];
    if (exception == NONE) {
        R[pc->a] = R[pc->a + 1] = NONE;
        return true;
    }
    Value rest = NONE;
    Value match = exception_split_group(t, exception, type, &rest);
    if (!match)
        return false;
    R[pc->a] = match;
    R[pc->a + 1] = rest;
    if (match != NONE)
        t->exc_info->exception = match;
    return true;
}

static bool prep_reraise_star_op(Thread *t, Value *R, const Instr *pc)
{
    return misc_result(R, pc, exception_prepare_reraise_star(t, R[pc->b], R[pc->c]));
}

// --- functions ---

static bool make_function_op(Thread *t, Value *R, const Instr *pc)
{
    Code *code = as_code(frame_of(R)->code->pool[pc->b]);
    Value f = function_new(t, code, frame_of(R)->function->globals, pc->c == 65535 ? 0 : R[pc->c]);
    return misc_result(R, pc, f);
}

static bool set_function_attr_op(Thread *t, Value *R, const Instr *pc)
{
    Function *f = (Function *)R[pc->a];
    Value v = R[pc->b];
    switch ((FunctionAttr)pc->c) {
    case FUNCTION_DEFAULTS:
        f->defaults = v;
        return true;
    case FUNCTION_KWDEFAULTS:
        f->kwdefaults = v;
        return true;
    case FUNCTION_ANNOTATE:
        f->annotate = v;
        return true;
    case FUNCTION_TYPE_PARAMS:
        f->type_params = v;
        return true;
    }
    never("function attribute");
}

static bool load_build_class_op(Thread *t, Value *R, const Instr *pc)
{
    Value v = item_get(t, frame_of(R)->function->builtins, N(__build_class__));
    if (!v && pending_clear_if(t, EXC(KeyError)))
        raise(t, EXC(NameError), "__build_class__ not found");
    return misc_result(R, pc, v);
}

static bool setup_annotations_op(Thread *t, Value *R, const Instr *pc)
{
    Value found = item_get(t, R[0], N(__annotations__));
    if (found)
        return true;
    if (!pending_clear_if(t, EXC(KeyError)))
        return false;
    Dict *annotations = dict_new(t);
    return annotations && item_set(t, R[0], N(__annotations__), value_of(annotations));
}

// --- awaiting ---

static bool is_awaitable_generator(Value v)
{
    return is_pointer(v) && as_object(v)->type == &type_generator && ((Generator *)v)->code->flags & CO_ITERABLE_COROUTINE;
}

// The iterator that `await v` drives.
Value awaitable_iterator(Thread *t, Value v)
{
    if (is_pointer(v) && (as_object(v)->type == &type_coroutine || is_awaitable_generator(v)))
        return v;
    UnaryFn await = type_of(v)->slots.await;
    if (!await)
        return raise(t, EXC(TypeError), "'%T' object can't be awaited", v);
    Value iterator = await(t, v);
    if (!iterator)
        return 0;
    if (is_pointer(iterator) && (as_object(iterator)->type == &type_coroutine || is_awaitable_generator(iterator)))
        return raise(t, EXC(TypeError), "__await__() returned a coroutine");
    if (!type_of(iterator)->slots.next)
        return raise(t, EXC(TypeError), "__await__() returned non-iterator of type '%T'", iterator);
    return iterator;
}

static bool get_awaitable_op(Thread *t, Value *R, const Instr *pc)
{
    Value v = R[pc->b];
    Value iterator = awaitable_iterator(t, v);
    if (!iterator && pc->c && pending_matches(t, EXC(TypeError)) && !type_of(v)->slots.await) {
        pending_clear(t);
        raise(t, EXC(TypeError), "'async with' received an object from %s that does not implement __await__: %T", pc->c == 1 ? "__aenter__" : "__aexit__", v);
    }
    if (iterator && is_exactly(iterator, &type_coroutine) && ((Generator *)iterator)->yield_from
        && load_acquire(&((Generator *)iterator)->state) == GEN_SUSPENDED)
        return raise(t, EXC(RuntimeError), "coroutine is being awaited already");
    return misc_result(R, pc, iterator);
}

static bool get_aiter_op(Thread *t, Value *R, const Instr *pc)
{
    Value v = R[pc->b];
    UnaryFn aiter = type_of(v)->slots.aiter;
    if (!aiter)
        return raise(t, EXC(TypeError), "'async for' requires an object with __aiter__ method, got %T", v);
    Value iterator = aiter(t, v);
    if (!iterator)
        return false;
    if (!type_of(iterator)->slots.anext)
        return raise(t, EXC(TypeError), "'async for' received an object from __aiter__ that does not implement __anext__: %T", iterator);
    return misc_result(R, pc, iterator);
}

static bool get_anext_op(Thread *t, Value *R, const Instr *pc)
{
    Value v = R[pc->b];
    UnaryFn anext = type_of(v)->slots.anext;
    if (!anext)
        return raise(t, EXC(TypeError), "'async for' requires an iterator with __anext__ method, got %T", v);
    Value awaitable = anext(t, v);
    if (!awaitable)
        return false;
    Value iterator = awaitable_iterator(t, awaitable);
    if (!iterator)
        return raise_from_pending(t, EXC(TypeError), "'async for' received an invalid object from __anext__: %T", awaitable);
    return misc_result(R, pc, iterator);
}

static bool get_yield_from_iter_op(Thread *t, Value *R, const Instr *pc)
{
    Value v = R[pc->b];
    if (is_exactly(v, &type_coroutine)) {
        if (!(frame_of(R)->code->flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE)))
            return raise(t, EXC(TypeError), "cannot 'yield from' a coroutine object in a non-coroutine generator");
        return misc_result(R, pc, v);
    }
    return misc_result(R, pc, is_exactly(v, &type_generator) ? v : iter_get(t, v));
}

// --- intrinsics ---

static Value print_expression(Thread *t, Value v)
{
    Value hook = t->vm->sys_dict ? dict_get_known(as_dict(t->vm->sys_dict), N(displayhook)) : 0;
    if (!hook)
        return raise(t, EXC(RuntimeError), "lost sys.displayhook");
    return call1(t, hook, v) ? NONE : 0;
}

static Value stop_iteration_error(Thread *t, Value exception, const Code *code)
{
    bool is_async = code->flags & CO_ASYNC_GENERATOR;
    const char *text = NULL;
    if (type_is_subtype(type_of(exception), EXC(StopIteration)))
        text = is_async ? "async generator raised StopIteration" : code->flags & CO_COROUTINE ? "coroutine raised StopIteration" : "generator raised StopIteration";
    else if (is_async && type_is_subtype(type_of(exception), EXC(StopAsyncIteration)))
        text = "async generator raised StopAsyncIteration";
    if (!text)
        return exception;
    Value args = tuple_of(t, 1, str_from_cstr(t, text));
    Value error = args ? exception_new(t, EXC(RuntimeError), args) : 0;
    if (!error)
        return 0;
    as_exception(error)->cause = as_exception(error)->context = exception;
    as_exception(error)->suppress_context = true;
    return error;
}

// annotationlib's formats: VALUE and VALUE_WITH_FAKE_GLOBALS are for annotation functions, the others are not.
static Value check_annotation_format(Thread *t, Value format)
{
    int above = compare_bool(t, format, fixnum(2), CMP_GT);
    if (above > 0) {
        Value error = exception_new(t, EXC(NotImplementedError), tuple_empty);
        return error ? raise_value(t, error) : 0;
    }
    return above ? 0 : NONE;
}

static bool intrinsic_1_op(Thread *t, Value *R, const Instr *pc)
{
    Value v = R[pc->b];
    switch ((Intrinsic)pc->c) {
    case INTRINSIC_PRINT_EXPR:
        return misc_result(R, pc, print_expression(t, v));
    case INTRINSIC_STOP_ITERATION_ERROR:
        return misc_result(R, pc, stop_iteration_error(t, v, frame_of(R)->code));
    case INTRINSIC_ASYNC_GEN_WRAP:
        return misc_result(R, pc, async_generator_wrap(t, v));
    case INTRINSIC_TYPEVAR:
        return misc_result(R, pc, typevar_new(t, v, 0, 0));
    case INTRINSIC_PARAMSPEC:
        return misc_result(R, pc, paramspec_new(t, v));
    case INTRINSIC_TYPEVARTUPLE:
        return misc_result(R, pc, typevartuple_new(t, v));
    case INTRINSIC_SUBSCRIPT_GENERIC:
        return misc_result(R, pc, generic_subscript(t, v));
    case INTRINSIC_TYPEALIAS:
        return misc_result(R, pc, typealias_new(t, as_tuple(v)->at[0], as_tuple(v)->at[1], as_tuple(v)->at[2]));
    case INTRINSIC_LOCALS:
        return misc_result(R, pc, value_of(frame_object(t, R)) ? frame_locals(t, frame_object(t, R)) : 0);
    case INTRINSIC_STATIC_ATTRIBUTES:
        R[pc->a] = v;
        return true;
    case INTRINSIC_CHECK_ANNOTATION_FORMAT:
        return misc_result(R, pc, check_annotation_format(t, v));
    default:
        never("intrinsic with one operand");
    }
}

static bool intrinsic_2_op(Thread *t, Value *R, const Instr *pc)
{
    Value a = R[pc->b], b = R[pc->b + 1];
    switch ((Intrinsic)pc->c) {
    case INTRINSIC_TYPEVAR_WITH_BOUND:
        return misc_result(R, pc, typevar_new(t, a, b, 0));
    case INTRINSIC_TYPEVAR_WITH_CONSTRAINTS:
        return misc_result(R, pc, typevar_new(t, a, 0, b));
    case INTRINSIC_SET_FUNCTION_TYPE_PARAMS:
        ((Function *)a)->type_params = b;
        return misc_result(R, pc, a);
    case INTRINSIC_SET_TYPEPARAM_DEFAULT:
        return misc_result(R, pc, typeparam_set_default(t, a, b));
    default:
        never("intrinsic with two operands");
    }
}

static const MiscFn misc_ops[OPCODE_COUNT] = {
    [OP_NEGATIVE] = negative_op,
    [OP_POSITIVE] = positive_op,
    [OP_INVERT] = invert_op,
    [OP_NOT] = not_op,
    [OP_TO_BOOL] = to_bool_op,
    [OP_GET_LENGTH] = get_length_op,
    [OP_LOAD_LOCALS] = load_locals_op,
    [OP_WITH_EXIT] = with_exit_op,
    [OP_MATCH_EXC_GROUP] = match_exc_group_op,
    [OP_PREP_RERAISE_STAR] = prep_reraise_star_op,
    [OP_MAKE_FUNCTION] = make_function_op,
    [OP_SET_FUNCTION_ATTR] = set_function_attr_op,
    [OP_LOAD_BUILD_CLASS] = load_build_class_op,
    [OP_SETUP_ANNOTATIONS] = setup_annotations_op,
    [OP_GET_AWAITABLE] = get_awaitable_op,
    [OP_GET_AITER] = get_aiter_op,
    [OP_GET_ANEXT] = get_anext_op,
    [OP_GET_YIELD_FROM_ITER] = get_yield_from_iter_op,
    [OP_INTRINSIC_1] = intrinsic_1_op,
    [OP_INTRINSIC_2] = intrinsic_2_op,
    [OP_IMPORT_NAME] = import_name_op,
    [OP_IMPORT_FROM] = import_from_op,
    [OP_IMPORT_STAR] = import_star_op,
    [OP_MATCH_MAPPING] = match_mapping_op,
    [OP_MATCH_SEQUENCE] = match_sequence_op,
    [OP_MATCH_KEYS] = match_keys_op,
    [OP_MATCH_CLASS] = match_class_op,
    [OP_COPY_DICT_WITHOUT] = copy_dict_without_op,
};

bool misc_op(Thread *t, Value *R, const Instr *pc)
{
    return misc_ops[pc->op](t, R, pc);
}
