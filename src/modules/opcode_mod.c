// opcode_mod.c: the module _opcode, for the library's opcode, dis and inspect. It describes CPython's instruction numbers
// (_opcode_metadata): Adder's own bytecode has others, and code_dump shows it.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef struct OpcodeSet { const int16_t *numbers; size_t count; } OpcodeSet;
#define OPCODE_SET(name, ...)                                      \
    static const int16_t name##_numbers[] = {__VA_ARGS__};         \
    static const OpcodeSet name = {name##_numbers, COUNT_OF(name##_numbers)};

OPCODE_SET(with_const, 82)
OPCODE_SET(with_name, 61, 64, 65, 72, 73, 80, 91, 92, 93, 96, 110, 115, 116, 249)
OPCODE_SET(with_jump, 68, 70, 75, 76, 77, 100, 101, 102, 103, 106, 237, 248, 257, 258, 259, 260)
OPCODE_SET(with_free, 62, 90, 97, 111)
OPCODE_SET(with_local, 63, 83, 84, 85, 86, 87, 88, 89, 112, 113, 114, 261, 266)
OPCODE_SET(with_exc, 263, 264, 265)
OPCODE_SET(without_arg, 234, 235, 236, 238, 240, 246, 252, 254, 256, 262)   // among those from FIRST_WITH_ARG on

enum { FIRST_WITH_ARG = 44, LAST_PLAIN = 120, FIRST_RESUME = 128, LAST_SPECIALIZED = 211, FIRST_INSTRUMENTED = 234, LAST = 266 };

static bool is_in(OpcodeSet set, int number)
{
    for (size_t i = 0; i < set.count; i++)
        if (set.numbers[i] == number)
            return true;
    return false;
}

static bool is_number(int n)
{
    return (n >= 0 && n <= LAST_PLAIN) || (n >= FIRST_RESUME && n <= LAST_SPECIALIZED) || (n >= FIRST_INSTRUMENTED && n <= LAST);
}

static Value answer_in(Thread *t, Value v, OpcodeSet set)
{
    int32_t number;
    return to_int32(t, v, &number) ? value_bool(is_in(set, number)) : 0;
}

static Value opcode_has_const(Thread *t, const Value *args, size_t nargs) { return answer_in(t, args[0], with_const); }
static Value opcode_has_name(Thread *t, const Value *args, size_t nargs) { return answer_in(t, args[0], with_name); }
static Value opcode_has_jump(Thread *t, const Value *args, size_t nargs) { return answer_in(t, args[0], with_jump); }
static Value opcode_has_free(Thread *t, const Value *args, size_t nargs) { return answer_in(t, args[0], with_free); }
static Value opcode_has_local(Thread *t, const Value *args, size_t nargs) { return answer_in(t, args[0], with_local); }
static Value opcode_has_exc(Thread *t, const Value *args, size_t nargs) { return answer_in(t, args[0], with_exc); }

static Value opcode_has_arg(Thread *t, const Value *args, size_t nargs)
{
    int32_t n;
    if (!to_int32(t, args[0], &n))
        return 0;
    return value_bool(is_number(n) && n >= FIRST_WITH_ARG && !is_in(without_arg, n));
}

static Value opcode_is_valid(Thread *t, const Value *args, size_t nargs)
{
    int32_t n;
    return to_int32(t, args[0], &n) ? value_bool(is_number(n)) : 0;
}

static Value opcode_stack_effect(Thread *t, const Value *args, size_t nargs)
{
    return raise(t, EXC(ValueError), "invalid opcode or oparg");   // there is no stack
}

static Value opcode_get_executor(Thread *t, const Value *args, size_t nargs)
{
    if (!is_exactly(args[0], &type_code))
        return raise(t, EXC(TypeError), "expected a code object, not '%T'", args[0]);
    return raise(t, EXC(ValueError), "no executor at given byte offset");
}

static Value opcode_no_stats(Thread *t, const Value *args, size_t nargs) { return NONE; }

// --- lists ---
static Value name_list(Thread *t, const char *const *names, size_t n)
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
        "INTRINSIC_1_INVALID", "INTRINSIC_PRINT", "INTRINSIC_IMPORT_STAR", "INTRINSIC_STOPITERATION_ERROR", "INTRINSIC_ASYNC_GEN_WRAP",
        "INTRINSIC_UNARY_POSITIVE", "INTRINSIC_LIST_TO_TUPLE", "INTRINSIC_TYPEVAR", "INTRINSIC_PARAMSPEC", "INTRINSIC_TYPEVARTUPLE",
        "INTRINSIC_SUBSCRIPT_GENERIC", "INTRINSIC_TYPEALIAS"};
    return name_list(t, names, COUNT_OF(names));
}

static Value opcode_intrinsic2(Thread *t, const Value *args, size_t nargs)
{
    static const char *const names[] = {
        "INTRINSIC_2_INVALID", "INTRINSIC_PREP_RERAISE_STAR", "INTRINSIC_TYPEVAR_WITH_BOUND", "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
        "INTRINSIC_SET_FUNCTION_TYPE_PARAMS", "INTRINSIC_SET_TYPEPARAM_DEFAULT"};
    return name_list(t, names, COUNT_OF(names));
}

static Value opcode_special_names(Thread *t, const Value *args, size_t nargs)
{
    static const char *const names[] = {"__enter__", "__exit__", "__aenter__", "__aexit__"};
    return name_list(t, names, COUNT_OF(names));
}

static Value opcode_nb_ops(Thread *t, const Value *args, size_t nargs)
{
    static const char *const rows[][2] = {
        {"NB_ADD", "+"}, {"NB_AND", "&"}, {"NB_FLOOR_DIVIDE", "//"}, {"NB_LSHIFT", "<<"}, {"NB_MATRIX_MULTIPLY", "@"},
        {"NB_MULTIPLY", "*"}, {"NB_REMAINDER", "%"}, {"NB_OR", "|"}, {"NB_POWER", "**"}, {"NB_RSHIFT", ">>"},
        {"NB_SUBTRACT", "-"}, {"NB_TRUE_DIVIDE", "/"}, {"NB_XOR", "^"}, {"NB_INPLACE_ADD", "+="}, {"NB_INPLACE_AND", "&="},
        {"NB_INPLACE_FLOOR_DIVIDE", "//="}, {"NB_INPLACE_LSHIFT", "<<="}, {"NB_INPLACE_MATRIX_MULTIPLY", "@="},
        {"NB_INPLACE_MULTIPLY", "*="}, {"NB_INPLACE_REMAINDER", "%="}, {"NB_INPLACE_OR", "|="}, {"NB_INPLACE_POWER", "**="},
        {"NB_INPLACE_RSHIFT", ">>="}, {"NB_INPLACE_SUBTRACT", "-="}, {"NB_INPLACE_TRUE_DIVIDE", "/="}, {"NB_INPLACE_XOR", "^="},
        {"NB_SUBSCR", "[]"}};
    List *list = list_new(t, COUNT_OF(rows));
    for (size_t i = 0; list && i < COUNT_OF(rows); i++) {
        Value name = str_intern_cstr(t, rows[i][0]), sign = str_intern_cstr(t, rows[i][1]);
        Value pair = name && sign ? tuple_pair(t, name, sign) : 0;
        if (!pair || !list_append(t, list, pair))
            return 0;
    }
    return value_of(list);
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
    {"get_nb_ops", opcode_nb_ops, "()", "Return array of symbols of binary ops.", NATIVE_PLAIN},
    {"get_intrinsic1_descs", opcode_intrinsic1, "()", "Return a list of names of the unary intrinsics.", NATIVE_PLAIN},
    {"get_intrinsic2_descs", opcode_intrinsic2, "()", "Return a list of names of the binary intrinsics.", NATIVE_PLAIN},
    {"get_special_method_names", opcode_special_names, "()", "Return a list of special method names.", NATIVE_PLAIN},
    {"get_specialization_stats", opcode_no_stats, "()", "Return the specialization stats", NATIVE_PLAIN},
    {"get_executor", opcode_get_executor, "(code, offset)", "Return the executor object at offset in code if exists, None otherwise.", NATIVE_PLAIN},
    {0},
};

static bool opcode_exec(Thread *t, Value module)
{
    return module_add(t, module, "ENABLE_SPECIALIZATION", TRUE) && module_add(t, module, "ENABLE_SPECIALIZATION_FT", TRUE);
}

const ModuleDef module_opcode = {"_opcode", "Opcode support module.", opcode_functions, opcode_exec};
