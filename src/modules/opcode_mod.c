// opcode_mod.c: _opcode: what the library's opcode module asks about CPython's instructions.
//
// opcode and dis describe CPython's bytecode (_opcode_metadata is a table of the library); Adder's own instructions have no
// place in it, and co_code is theirs. So these answers serve programs that look opcodes up, not disassembly: see ADDER_DUMP=code.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"


// Numbers of CPython 3.14's opcodes, ended by -1.
static const int16_t with_const[] = {82, 190, 191, -1};
static const int16_t with_exc[] = {263, 264, 265, -1};
static const int16_t with_free[] = {62, 90, 97, 111, -1};
static const int16_t with_jump[] = {68, 70, 75, 76, 77, 100, 101, 102, 103, 106, 172, 173, 174, 175, 176, 237, 248, 257, 258, 259, 260, -1};
static const int16_t with_local[] = {3, 63, 83, 84, 85, 86, 87, 88, 89, 112, 113, 114, 261, 266, -1};
static const int16_t with_name[] = {61, 64, 65, 72, 73, 80, 91, 92, 93, 96, 110, 115, 116, 179, 189, 194, 195, 200, 249, -1};
// Ranges of numbers that take an argument, and that exist: first, last, …
static const int16_t with_arg[] = {44, 120, 128, 128, 143, 153, 155, 195, 197, 197, 200, 200, 209, 211, 237, 237, 239, 239, 241, 245,
                                   247, 251, 253, 253, 255, 255, 257, 261, 263, 266, -1};
static const int16_t valid[] = {0, 120, 128, 211, 234, 266, -1};

static bool in_list(const int16_t *list, int64_t op)
{
    for (; *list >= 0; list++) {
        if (*list == op)
            return true;
    }
    return false;
}

static bool in_ranges(const int16_t *ranges, int64_t op)
{
    for (; *ranges >= 0; ranges += 2) {
        if (op >= ranges[0] && op <= ranges[1])
            return true;
    }
    return false;
}

static Value answer(Thread *t, Value opcode, bool (*test)(const int16_t *table, int64_t op), const int16_t *table)
{
    int32_t op;
    if (!to_int32(t, opcode, &op))
        return 0;
    return value_bool(test(table, op));
}

#define QUESTION(name, test, table)                                                                                    \
    static Value opcode_##name(Thread *t, const Value *args, size_t nargs)                                             \
    {                                                                                                                  \
        return answer(t, args[0], test, table);                                                                        \
    }
QUESTION(is_valid, in_ranges, valid)
QUESTION(has_arg, in_ranges, with_arg)
QUESTION(has_const, in_list, with_const)
QUESTION(has_name, in_list, with_name)
QUESTION(has_jump, in_list, with_jump)
QUESTION(has_free, in_list, with_free)
QUESTION(has_local, in_list, with_local)
QUESTION(has_exc, in_list, with_exc)

static Value opcode_stack_effect(Thread *t, const Value *args, size_t nargs)
{
    return raise(t, EXC(NotImplementedError), "stack_effect: code of this implementation has registers, not a stack");
}

static Value names_list(Thread *t, const char *const *names, size_t n)
{
    List *list = list_new(t, n);
    for (size_t i = 0; list && i < n; i++) {
        Value name = str_intern_cstr(t, names[i]);
        if (!name || !list_append(t, list, name))
            return 0;
    }
    return value_of(list);
}

static Value opcode_intrinsic1(Thread *t, const Value *args, size_t nargs)
{
    static const char *const names[] = {
        "INTRINSIC_1_INVALID", "INTRINSIC_PRINT", "INTRINSIC_IMPORT_STAR", "INTRINSIC_STOPITERATION_ERROR",
        "INTRINSIC_ASYNC_GEN_WRAP", "INTRINSIC_UNARY_POSITIVE", "INTRINSIC_LIST_TO_TUPLE", "INTRINSIC_TYPEVAR",
        "INTRINSIC_PARAMSPEC", "INTRINSIC_TYPEVARTUPLE", "INTRINSIC_SUBSCRIPT_GENERIC", "INTRINSIC_TYPEALIAS"};
    return names_list(t, names, COUNT_OF(names));
}

static Value opcode_intrinsic2(Thread *t, const Value *args, size_t nargs)
{
    static const char *const names[] = {
        "INTRINSIC_2_INVALID", "INTRINSIC_PREP_RERAISE_STAR", "INTRINSIC_TYPEVAR_WITH_BOUND",
        "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS", "INTRINSIC_SET_FUNCTION_TYPE_PARAMS", "INTRINSIC_SET_TYPEPARAM_DEFAULT"};
    return names_list(t, names, COUNT_OF(names));
}

static Value opcode_special_names(Thread *t, const Value *args, size_t nargs)
{
    static const char *const names[] = {"__enter__", "__exit__", "__aenter__", "__aexit__"};
    return names_list(t, names, COUNT_OF(names));
}

static Value opcode_nb_ops(Thread *t, const Value *args, size_t nargs)
{
    static const char *const names[][2] = {
        {"NB_ADD", "+"}, {"NB_AND", "&"}, {"NB_FLOOR_DIVIDE", "//"}, {"NB_LSHIFT", "<<"}, {"NB_MATRIX_MULTIPLY", "@"},
        {"NB_MULTIPLY", "*"}, {"NB_REMAINDER", "%"}, {"NB_OR", "|"}, {"NB_POWER", "**"}, {"NB_RSHIFT", ">>"},
        {"NB_SUBTRACT", "-"}, {"NB_TRUE_DIVIDE", "/"}, {"NB_XOR", "^"}, {"NB_INPLACE_ADD", "+="}, {"NB_INPLACE_AND", "&="},
        {"NB_INPLACE_FLOOR_DIVIDE", "//="}, {"NB_INPLACE_LSHIFT", "<<="}, {"NB_INPLACE_MATRIX_MULTIPLY", "@="},
        {"NB_INPLACE_MULTIPLY", "*="}, {"NB_INPLACE_REMAINDER", "%="}, {"NB_INPLACE_OR", "|="}, {"NB_INPLACE_POWER", "**="},
        {"NB_INPLACE_RSHIFT", ">>="}, {"NB_INPLACE_SUBTRACT", "-="}, {"NB_INPLACE_TRUE_DIVIDE", "/="},
        {"NB_INPLACE_XOR", "^="}, {"NB_SUBSCR", "[]"}};
    List *list = list_new(t, COUNT_OF(names));
    for (size_t i = 0; list && i < COUNT_OF(names); i++) {
        Value name = str_from_cstr(t, names[i][0]), sign = name ? str_from_cstr(t, names[i][1]) : 0;
        Value pair = sign ? tuple_pair(t, name, sign) : 0;
        if (!pair || !list_append(t, list, pair))
            return 0;
    }
    return value_of(list);
}

static Value opcode_nothing(Thread *t, const Value *args, size_t nargs)
{
    return NONE;
}

static bool opcode_exec(Thread *t, Value module)
{
    return module_add(t, module, "ENABLE_SPECIALIZATION", TRUE) && module_add(t, module, "ENABLE_SPECIALIZATION_FT", TRUE);
}

static const NativeDef opcode_functions[] = {
    {"stack_effect", opcode_stack_effect, "(opcode, oparg=None, /, *, jump=None)", "Compute the stack effect of the opcode.", NATIVE_PLAIN},
    {"is_valid", opcode_is_valid, "(opcode)", "Return True if opcode is valid, False otherwise.", NATIVE_PLAIN},
    {"has_arg", opcode_has_arg, "(opcode)", "Return True if the opcode uses its oparg, False otherwise.", NATIVE_PLAIN},
    {"has_const", opcode_has_const, "(opcode)", "Return True if the opcode accesses a constant, False otherwise.", NATIVE_PLAIN},
    {"has_name", opcode_has_name, "(opcode)", "Return True if the opcode accesses an attribute by name, False otherwise.", NATIVE_PLAIN},
    {"has_jump", opcode_has_jump, "(opcode)", "Return True if the opcode has a jump target, False otherwise.", NATIVE_PLAIN},
    {"has_free", opcode_has_free, "(opcode)", "Return True if the opcode accesses a free variable, False otherwise.", NATIVE_PLAIN},
    {"has_local", opcode_has_local, "(opcode)", "Return True if the opcode accesses a local variable, False otherwise.", NATIVE_PLAIN},
    {"has_exc", opcode_has_exc, "(opcode)", "Return True if the opcode sets an exception handler, False otherwise.", NATIVE_PLAIN},
    {"get_specialization_stats", opcode_nothing, "()", "Return the specialization stats", NATIVE_PLAIN},
    {"get_nb_ops", opcode_nb_ops, "()", "Return array of symbols of binary ops.", NATIVE_PLAIN},
    {"get_intrinsic1_descs", opcode_intrinsic1, "()", "Return a list of names of the unary intrinsics.", NATIVE_PLAIN},
    {"get_intrinsic2_descs", opcode_intrinsic2, "()", "Return a list of names of the binary intrinsics.", NATIVE_PLAIN},
    {"get_special_method_names", opcode_special_names, "()", "Return a list of special method names.", NATIVE_PLAIN},
    {"get_executor", opcode_nothing, "(code, offset)", "Return the executor object at offset in code if exists, None otherwise.", NATIVE_PLAIN},
    {0},
};

const ModuleDef module_opcode = {
    .name = "_opcode",
    .doc = "Opcode support module.",
    .functions = opcode_functions,
    .exec = opcode_exec,
};
