// loop_numbers.h: part of loop.c: arithmetic and comparison. Each operation exists in four spellings (two registers or a constant; plain
// or in place) times the quickened kinds; the macros below make them all from one body per operation.

// Bodies for fixnum words a and b: write `r` (a fixnum word), or `goto` the slow path by leaving `fits` false.
#define INT_ADD(a, b, r)          (!__builtin_add_overflow((int64_t)(a), (int64_t)(b) - 1, (int64_t *)&(r)))
#define INT_SUBTRACT(a, b, r)     (!__builtin_sub_overflow((int64_t)(a), (int64_t)(b) - 1, (int64_t *)&(r)))
#define INT_MULTIPLY(a, b, r)     (!__builtin_mul_overflow((int64_t)(a) - 1, (int64_t)(b) >> 1, (int64_t *)&(r)) && ((r) |= 1))
#define INT_AND(a, b, r)          ((r) = (a) & (b), true)
#define INT_OR(a, b, r)           ((r) = (a) | (b), true)
#define INT_XOR(a, b, r)          ((r) = ((a) ^ (b)) | 1, true)
#define INT_FLOOR_DIVIDE(a, b, r) int_floor_quick(a, b, &(r))
#define INT_REMAINDER(a, b, r)    int_remainder_quick(a, b, &(r))
#define INT_LSHIFT(a, b, r)       int_lshift_quick(a, b, &(r))
#define INT_RSHIFT(a, b, r)       int_rshift_quick(a, b, &(r))
#define INT_TRUE_DIVIDE(a, b, r)  int_divide_quick(a, b, &(r))
#define FLOAT_ADD(x, y)         ((x) + (y))
#define FLOAT_SUBTRACT(x, y)    ((x) - (y))
#define FLOAT_MULTIPLY(x, y)    ((x) * (y))
#define FLOAT_TRUE_DIVIDE(x, y) ((x) / (y))

#define ARITH_INT(NAME, LABEL, RIGHT)                                                                                 \
    CASE(LABEL##_INT) :                                                                                               \
    {                                                                                                                 \
        Value a = B, b = RIGHT, r;                                                                                    \
        if (likely(are_fixnums(a, b)) && likely(INT_##NAME(a, b, r))) {                                               \
            A = r;                                                                                                    \
            NEXT;                                                                                                     \
        }                                                                                                             \
        DO(arith_slow(t, R, pc));                                                                                     \
    }
#define ARITH_FLOAT(NAME, LABEL, RIGHT, NONZERO)                                                                      \
    CASE(LABEL##_FLOAT) :                                                                                             \
    {                                                                                                                 \
        Value a = B, b = RIGHT;                                                                                       \
        if (likely(are_flonums(a, b)) && NONZERO(b)) {                                                                \
            Value r = flonum_try(FLOAT_##NAME(flonum_value(a), flonum_value(b)));                                     \
            if (likely(r)) {                                                                                          \
                A = r;                                                                                                \
                NEXT;                                                                                                 \
            }                                                                                                         \
        }                                                                                                             \
        DO(arith_slow(t, R, pc));                                                                                     \
    }
#define ARITH_ANY_INT(NAME, LABEL, RIGHT)                                                                             \
    CASE(LABEL##_ANY) :                                                                                               \
    {                                                                                                                 \
        Value a = B, b = RIGHT, r;                                                                                    \
        if (are_fixnums(a, b) && likely(INT_##NAME(a, b, r))) {                                                       \
            A = r;                                                                                                    \
            NEXT;                                                                                                     \
        }                                                                                                             \
        DO(arith_slow(t, R, pc));                                                                                     \
    }
#define ARITH_ANY_NUMBER(NAME, LABEL, RIGHT, NONZERO)                                                                 \
    CASE(LABEL##_ANY) :                                                                                               \
    {                                                                                                                 \
        Value a = B, b = RIGHT, r;                                                                                    \
        double x, y;                                                                                                  \
        if (are_fixnums(a, b) && likely(INT_##NAME(a, b, r))) {                                                       \
            A = r;                                                                                                    \
            NEXT;                                                                                                     \
        }                                                                                                             \
        if (both_numbers(a, b, &x, &y) && NONZERO(b) && (r = flonum_try(FLOAT_##NAME(x, y)))) {                       \
            A = r;                                                                                                    \
            NEXT;                                                                                                     \
        }                                                                                                             \
        DO(arith_slow(t, R, pc));                                                                                     \
    }
#define ARITH_GENERIC(LABEL)                                                                                          \
    CASE(LABEL) :                                                                                                     \
        DO(arith_slow(t, R, pc));
#define ANYTHING(b)     true
#define NOT_ZERO(b)     ((b) != FLONUM_ZERO && (b) != fixnum(0))

#define NUMBER_LABEL(NAME, LABEL, RIGHT, NONZERO)                                                                     \
    ARITH_GENERIC(LABEL)                                                                                              \
    ARITH_INT(NAME, LABEL, RIGHT) ARITH_FLOAT(NAME, LABEL, RIGHT, NONZERO) ARITH_ANY_NUMBER(NAME, LABEL, RIGHT, NONZERO)
#define NUMBER_OPERATION(NAME, NONZERO)                                                                               \
    NUMBER_LABEL(NAME, NAME, C, NONZERO)                                                                              \
    NUMBER_LABEL(NAME, NAME##_K, KC, NONZERO)                                                                         \
    NUMBER_LABEL(NAME, INPLACE_##NAME, C, NONZERO)                                                                    \
    NUMBER_LABEL(NAME, INPLACE_##NAME##_K, KC, NONZERO)
NUMBER_OPERATION(ADD, ANYTHING)
NUMBER_OPERATION(SUBTRACT, ANYTHING)
NUMBER_OPERATION(MULTIPLY, ANYTHING)
NUMBER_OPERATION(TRUE_DIVIDE, NOT_ZERO)

#define INT_LABEL(NAME, LABEL, RIGHT) ARITH_GENERIC(LABEL) ARITH_INT(NAME, LABEL, RIGHT) ARITH_ANY_INT(NAME, LABEL, RIGHT)
#define INT_OPERATION(NAME)                                                                                           \
    INT_LABEL(NAME, NAME, C)                                                                                          \
    INT_LABEL(NAME, NAME##_K, KC)                                                                                     \
    INT_LABEL(NAME, INPLACE_##NAME, C)                                                                                \
    INT_LABEL(NAME, INPLACE_##NAME##_K, KC)
INT_OPERATION(FLOOR_DIVIDE)
INT_OPERATION(REMAINDER)
INT_OPERATION(LSHIFT)
INT_OPERATION(RSHIFT)
INT_OPERATION(AND)
INT_OPERATION(OR)
INT_OPERATION(XOR)
ARITH_GENERIC(POWER)
ARITH_GENERIC(POWER_K)
ARITH_GENERIC(INPLACE_POWER)
ARITH_GENERIC(INPLACE_POWER_K)
ARITH_GENERIC(MATRIX_MULTIPLY)
ARITH_GENERIC(MATRIX_MULTIPLY_K)
ARITH_GENERIC(INPLACE_MATRIX_MULTIPLY)
ARITH_GENERIC(INPLACE_MATRIX_MULTIPLY_K)

// Comparison: tagged words of fixnums order as their values do.
#define COMPARE_VALUE(LABEL, sign, RIGHT)                                                                             \
    CASE(LABEL) :                                                                                                     \
        DO(compare_slow(t, R, pc));                                                                                   \
    CASE(LABEL##_INT) :                                                                                               \
        if (likely(are_fixnums(B, RIGHT))) {                                                                          \
            A = value_bool((int64_t)B sign(int64_t) RIGHT);                                                           \
            NEXT;                                                                                                     \
        }                                                                                                             \
        DO(compare_slow(t, R, pc));                                                                                   \
    CASE(LABEL##_FLOAT) : CASE(LABEL##_ANY) :                                                                         \
    {                                                                                                                 \
        double x, y;                                                                                                  \
        if (both_numbers(B, RIGHT, &x, &y)) {                                                                         \
            A = value_bool(x sign y);                                                                                 \
            NEXT;                                                                                                     \
        }                                                                                                             \
        DO(compare_slow(t, R, pc));                                                                                   \
    }
#define COMPARE_JUMP(LABEL, sign, RIGHT, WANT)                                                                        \
    CASE(LABEL##_INT) :                                                                                               \
        if (likely(are_fixnums(A, RIGHT))) {                                                                          \
            if (((int64_t)A sign(int64_t) RIGHT) != (WANT))                                                           \
                NEXT;                                                                                                 \
            goto compare_jump;                                                                                        \
        }                                                                                                             \
        goto compare_jump_general;                                                                                    \
    CASE(LABEL##_FLOAT) : CASE(LABEL##_ANY) :                                                                         \
    {                                                                                                                 \
        double x, y;                                                                                                  \
        if (both_numbers(A, RIGHT, &x, &y)) {                                                                         \
            if ((x sign y) != (WANT))                                                                                 \
                NEXT;                                                                                                 \
            goto compare_jump;                                                                                        \
        }                                                                                                             \
        goto compare_jump_general;                                                                                    \
    }                                                                                                                 \
    CASE(LABEL) :                                                                                                     \
        goto compare_jump_general;
#define COMPARE_OPERATION(NAME, sign)                                                                                 \
    COMPARE_VALUE(NAME, sign, C)                                                                                      \
    COMPARE_VALUE(NAME##_K, sign, KC)                                                                                 \
    COMPARE_JUMP(JUMP_UNLESS_##NAME, sign, B, 0)                                                                      \
    COMPARE_JUMP(JUMP_UNLESS_##NAME##_K, sign, KB, 0)                                                                 \
    COMPARE_JUMP(JUMP_IF_##NAME, sign, B, 1)                                                                          \
    COMPARE_JUMP(JUMP_IF_##NAME##_K, sign, KB, 1)
COMPARE_OPERATION(LT, <)
COMPARE_OPERATION(LE, <=)
COMPARE_OPERATION(EQ, ==)
COMPARE_OPERATION(NE, !=)
COMPARE_OPERATION(GT, >)
COMPARE_OPERATION(GE, >=)

compare_jump_general : {
    SAVE;
    int jump = compare_jump_slow(t, R, pc);
    if (unlikely(jump < 0))
        goto error;
    if (!jump)
        NEXT;
}
compare_jump:
    if ((int16_t)pc->c < 0)
        POLL;
    JUMP_BY((int16_t)pc->c);
