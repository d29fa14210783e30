// loop.c: the interpreter's dispatch loop.
//
// The words of this page: R registers of the running frame, pc the running instruction, P the pool of its code, t the thread. They live in
// callee-saved registers. SAVE stores pc into the frame: before anything that may raise, run Python, collect or look at frames.
// NEXT goes on with the following instruction; JUMP_BY with one that is a distance away. Slow paths are out of line (interp.h).
#include "src/interp/interp.h"
#include "src/interp/int_quick.h"
#include "src/interp/trace.h"
#include "src/core/native.h"
#include "src/types/iterators.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

#define CASE(name)    op_##name
#ifdef TRACED_LOOP   // loop_traced.c compiles this file a second time
#define INTERP_LOOP   interp_loop_traced
#define DISPATCH      do { SAVE; if (unlikely(t->trace_hook) && !trace_instruction(t, R)) goto error; goto *labels[pc->op]; } while (0)
#define TRACED        1
#else
#define INTERP_LOOP   interp_loop
#define DISPATCH      goto *labels[pc->op]
#define TRACED        0
#endif
#define NEXT          do { pc++; DISPATCH; } while (0)
#define JUMP_BY(n)    do { pc += 1 + (n); DISPATCH; } while (0)
#define SAVE          (frame_of(R)->pc = pc)
#define A             R[pc->a]
#define B             R[pc->b]
#define C             R[pc->c]
#define KC            P[pc->c]
#define KB            P[pc->b]
#define CACHE         ((Value)load_acquire(&P[pc->c]))
#define DO(call)      do { SAVE; if (unlikely(!(call))) goto error; NEXT; } while (0)
#define SET(call)     do { SAVE; Value set_ = (call); if (unlikely(!set_)) goto error; A = set_; NEXT; } while (0)
#define POLL          do { if (unlikely(load_relaxed(&t->interrupt))) { SAVE; if (!safepoint_slow(t)) goto error; } } while (0)
#define OBJECT(v)     ((Object *)(v))
#define HAS_SHAPE(v, number) (is_pointer(v) && load_acquire(&OBJECT(v)->shape) == (number))

static inline Value *enter(Thread *t, Value *regs)
{
    publish(&t->regs, regs);
    return regs;
}

// Double arithmetic that gives an immediate result; 0 when it must be boxed.
static inline bool both_numbers(Value a, Value b, double *x, double *y)
{
    if (likely(are_flonums(a, b))) {
        *x = flonum_value(a);
        *y = flonum_value(b);
        return true;
    }
    if (is_flonum(a) && is_fixnum(b) && fixnum_value(b) <= (1ll << 53) && fixnum_value(b) >= -(1ll << 53)) {
        *x = flonum_value(a);
        *y = (double)fixnum_value(b);
        return true;
    }
    if (is_fixnum(a) && is_flonum(b) && fixnum_value(a) <= (1ll << 53) && fixnum_value(a) >= -(1ll << 53)) {
        *x = (double)fixnum_value(a);
        *y = flonum_value(b);
        return true;
    }
    return false;
}

Value INTERP_LOOP(Thread *t, Value *regs)
{
    static const void *const labels[OPCODE_COUNT] = {
#define OP(name, shape, traits, doc) [OP_##name] = &&op_##name,
#define QUICK(name, generic, shape, doc) [OP_##name] = &&op_##name,
#include "src/code/opcodes.def"
#undef OP
#undef QUICK
    };
    if (!TRACED && unlikely(load_relaxed(&t->interrupt) & INTERRUPT_TRACE))
        return interp_loop_traced(t, regs);
    Value *R = enter(t, regs);
    const Instr *pc = frame_of(R)->pc;
    const Value *P = frame_of(R)->code->pool;
    DISPATCH;

CASE(NOP):
    NEXT;
CASE(LOAD_CONST):
    A = P[(uint32_t)instr_wide(*pc)];
    NEXT;
CASE(LOAD_INT):
    A = fixnum(instr_wide(*pc));
    NEXT;
CASE(MOVE):
    A = B;
    NEXT;
CASE(CLEAR):
    A = 0;
    NEXT;
CASE(CHECK_BOUND):
    if (likely(A))
        NEXT;
    DO(raise_unbound(t, KC));
CASE(DELETE_LOCAL):
    if (unlikely(!A))
        DO(raise_unbound(t, KC));
    A = 0;
    NEXT;
CASE(MAKE_CELL): {
    SAVE;
    Cell *cell = cell_new(t, A);
    if (unlikely(!cell))
        goto error;
    A = value_of(cell);
    NEXT;
}
CASE(COPY_FREE): {
    const Value *cells = as_tuple(frame_of(R)->function->closure)->at;
    for (unsigned i = 0; i < pc->c; i++)
        R[pc->a + i] = cells[i];
    NEXT;
}
CASE(LOAD_CELL): {
    Value v = load_acquire(&((Cell *)B)->value);
    if (unlikely(!v))
        DO(load_cell_slow(t, R, pc));
    A = v;
    NEXT;
}
CASE(STORE_CELL):
    publish(&((Cell *)A)->value, B);
    NEXT;

#include "src/interp/loop_names.h"
#include "src/interp/loop_numbers.h"

CASE(IS):
    A = value_bool(B == C);
    NEXT;
CASE(IS_NOT):
    A = value_bool(B != C);
    NEXT;
CASE(IN): {
    SAVE;
    int found = item_contains(t, C, B);
    if (unlikely(found < 0))
        goto error;
    A = value_bool(found);
    NEXT;
}
CASE(NOT_IN): {
    SAVE;
    int found = item_contains(t, C, B);
    if (unlikely(found < 0))
        goto error;
    A = value_bool(!found);
    NEXT;
}

CASE(JUMP):
    JUMP_BY(instr_wide(*pc));
CASE(JUMP_BACK):
    POLL;
    JUMP_BY(instr_wide(*pc));
#define TRUTH_JUMP(NAME, WANT)                                                                                       \
    CASE(NAME) : CASE(NAME##_ANY) : CASE(NAME##_BOOL) :                                                               \
    {                                                                                                                 \
        Value v = A;                                                                                                  \
        int is_true;                                                                                                  \
        if (likely(v == TRUE))                                                                                        \
            is_true = 1;                                                                                              \
        else if (v == FALSE || v == NONE || v == fixnum(0))                                                           \
            is_true = 0;                                                                                              \
        else {                                                                                                        \
            SAVE;                                                                                                     \
            is_true = truth(t, v);                                                                                    \
            if (unlikely(is_true < 0))                                                                                \
                goto error;                                                                                           \
        }                                                                                                             \
        if (is_true != (WANT))                                                                                        \
            NEXT;                                                                                                     \
        if (instr_wide(*pc) < 0)                                                                                      \
            POLL;                                                                                                     \
        JUMP_BY(instr_wide(*pc));                                                                                     \
    }
TRUTH_JUMP(JUMP_IF_TRUE, 1)
TRUTH_JUMP(JUMP_IF_FALSE, 0)
CASE(JUMP_IF_NONE):
    if (A == NONE)
        JUMP_BY(instr_wide(*pc));
    NEXT;
CASE(JUMP_IF_NOT_NONE):
    if (A != NONE)
        JUMP_BY(instr_wide(*pc));
    NEXT;
CASE(JUMP_IF_BOUND):
    if (A)
        JUMP_BY(instr_wide(*pc));
    NEXT;

#include "src/interp/loop_attrs.h"
#include "src/interp/loop_calls.h"

CASE(BUILD_TUPLE):
    SET(tuple_from(t, &B, pc->c));
CASE(BUILD_LIST):
    SET(list_from(t, &B, pc->c));
CASE(LIST_APPEND):
    DO(list_append(t, as_list(A), B));
CASE(MAP_ADD):
    DO(dict_set(t, as_dict(A), B, C));
CASE(BUILD_SET): CASE(BUILD_MAP): CASE(BUILD_STRING): CASE(LIST_EXTEND): CASE(LIST_TO_TUPLE): CASE(SET_ADD): CASE(SET_UPDATE):
CASE(DICT_UPDATE): CASE(DICT_MERGE): CASE(FORMAT): CASE(FORMAT_SPEC): CASE(BUILD_INTERPOLATION): CASE(BUILD_TEMPLATE):
CASE(BUILD_SLICE): CASE(UNPACK_EX):
    DO(build_op(t, R, pc));
CASE(UNPACK): {
    Value source = B;
    if (likely(is_exactly(source, &type_tuple)) && likely(as_tuple(source)->length == pc->c)) {
        const Value *items = as_tuple(source)->at;
        for (unsigned i = 0; i < pc->c; i++)
            R[pc->a + i] = items[i];
        NEXT;
    }
    DO(build_op(t, R, pc));
}

CASE(GET_ITER):
    SET(iter_get(t, B));

CASE(PUSH_EXC): {
    ExcInfo *info = t->exc_info;
    A = t->exception;
    R[pc->a + 1] = info->exception;
    info->exception = t->exception;
    t->exception = 0;
    NEXT;
}
CASE(POP_EXC):
    t->exc_info->exception = R[pc->a + 1];
    A = R[pc->a + 1] = 0;
    NEXT;
CASE(MATCH_EXC): {
    SAVE;
    int matches = exception_matches(t, B, C);
    if (unlikely(matches < 0))
        goto error;
    A = value_bool(matches);
    NEXT;
}
CASE(RAISE):
    SAVE;
    if (!raise_op(t, R, pc))
        goto error;
    goto reraise;
CASE(RERAISE):
    SAVE;
    pending_set(t, A);
    goto reraise;
CASE(LOAD_ASSERTION_ERROR):
    A = value_of(EXC(AssertionError));
    NEXT;

CASE(GET_AITER): CASE(GET_ANEXT): CASE(GET_AWAITABLE): CASE(GET_YIELD_FROM_ITER): CASE(MATCH_EXC_GROUP): CASE(PREP_RERAISE_STAR):
CASE(WITH_EXIT): CASE(MAKE_FUNCTION): CASE(SET_FUNCTION_ATTR): CASE(LOAD_BUILD_CLASS): CASE(IMPORT_NAME): CASE(IMPORT_FROM): CASE(IMPORT_STAR):
CASE(SETUP_ANNOTATIONS): CASE(INTRINSIC_1): CASE(INTRINSIC_2): CASE(MATCH_MAPPING): CASE(MATCH_SEQUENCE): CASE(MATCH_KEYS): CASE(MATCH_CLASS):
CASE(GET_LENGTH): CASE(COPY_DICT_WITHOUT): CASE(LOAD_LOCALS): CASE(NEGATIVE): CASE(POSITIVE): CASE(INVERT): CASE(NOT): CASE(TO_BOOL):
    DO(misc_op(t, R, pc));
CASE(END_ASYNC_FOR): {
    // A is the exception, taken by PUSH_EXC before.
    Value exception = A;
    if (type_is_subtype(type_of(exception), EXC(StopAsyncIteration)))
        JUMP_BY(instr_wide(*pc));
    SAVE;
    pending_set(t, exception);
    goto reraise;
}

error:
    R = unwind(t, R, true);
    goto resume_unwound;
reraise:
    R = unwind(t, R, false);
resume_unwound:
    if (!R)
        return 0;
    enter(t, R);
    pc = frame_of(R)->pc;
    P = frame_of(R)->code->pool;
    DISPATCH;
}
