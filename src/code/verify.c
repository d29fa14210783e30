// verify.c: checks that a code object cannot lead the interpreter astray: operands in range, jumps and handlers inside,
// names where names belong, no way past the end.
//
// Needed after each producer under test, and for code read from disk, which may be damaged or hostile.
#include "src/code/opcode_info.h"
#include "src/core/error.h"

typedef struct Verifier {
    Thread *t;
    const Code *code;
    uint32_t at;
} Verifier;

static bool fault(Verifier *v, const char *what)
{
    raise(v->t, EXC(SystemError), "invalid code object: instruction %u (%s): %s", v->at,
          v->at < v->code->instr_count ? opcode_name(v->code->instrs[v->at].op) : "end", what);
    return false;
}

static bool register_ok(Verifier *v, uint32_t r)
{
    return r < v->code->register_count || fault(v, "register out of range");
}

static bool registers_ok(Verifier *v, uint32_t first, uint32_t count)
{
    return first + count <= v->code->register_count || fault(v, "registers out of range");
}

static bool constant_ok(Verifier *v, uint32_t index)
{
    if (index >= v->code->pool_count || !v->code->pool[index])
        return fault(v, "constant out of range");
    return true;
}

static bool is_name(Value value)
{
    return is_object(value) && type_of(value) == &type_str;
}

static bool is_names_tuple(Value value)
{
    return is_object(value) && type_of(value) == &type_tuple;
}

static bool takes_name(uint16_t generic)
{
    switch (generic) {
    case OP_CHECK_BOUND: case OP_DELETE_LOCAL: case OP_LOAD_CELL: case OP_DELETE_CELL: case OP_LOAD_NAME_OR_CELL:
    case OP_LOAD_DICT_OR_CELL: case OP_LOAD_DICT_OR_GLOBAL: case OP_DELETE_ATTR: case OP_LOAD_SUPER_ATTR:
    case OP_LOAD_SUPER_METHOD: case OP_IMPORT_NAME: case OP_IMPORT_FROM: case OP_DELETE_GLOBAL: case OP_DELETE_NAME:
        return true;
    default:
        return false;
    }
}

static bool is_call(uint16_t generic)
{
    return generic == OP_CALL || generic == OP_CALL_METHOD || generic == OP_CALL_KW || generic == OP_CALL_METHOD_KW;
}

static bool call_ok(Verifier *v, Instr i, uint16_t generic)
{
    const Value *slot = &v->code->pool[i.c];
    bool keywords = generic == OP_CALL_KW || generic == OP_CALL_METHOD_KW;
    bool method = generic == OP_CALL_METHOD || generic == OP_CALL_METHOD_KW;
    if (i.c + 1u + keywords >= v->code->pool_count || !is_fixnum(slot[1]))
        return fault(v, "call without a number of arguments");
    int64_t args = fixnum_value(slot[1]);
    if (args < 0 || args > 60000)
        return fault(v, "bad number of arguments");
    if (keywords && !is_names_tuple(slot[2]))
        return fault(v, "call without keyword names");
    return registers_ok(v, i.b, WINDOW + method + (uint32_t)args);
}

static bool slot_ok(Verifier *v, Instr i, uint16_t generic)
{
    if (i.c + 1u >= v->code->pool_count)
        return fault(v, "slot out of range");
    if (is_call(generic))
        return call_ok(v, i, generic);
    return is_name(v->code->pool[i.c + 1]) || fault(v, "slot without a name");
}

static bool jump_ok(Verifier *v, int64_t distance)
{
    int64_t target = (int64_t)v->at + 1 + distance;
    return (target >= 0 && target < (int64_t)v->code->instr_count) || fault(v, "jump leaves the code");
}

static bool operand_ok(Verifier *v, Instr i, int field)
{
    uint32_t value = field == 0 ? i.a : field == 1 ? i.b : i.c;
    switch (opcode_operand(i.op, field)) {
    case OPERAND_DST:
    case OPERAND_SRC:
        return register_ok(v, value);
    case OPERAND_CONST:
        return constant_ok(v, value);
    case OPERAND_WIDE_CONST:
        return constant_ok(v, (uint32_t)instr_wide(i));
    case OPERAND_SLOT:
        return slot_ok(v, i, opcode_generic(i.op));
    case OPERAND_JUMP:
        return jump_ok(v, (int16_t)value);
    case OPERAND_WIDE_JUMP:
        return jump_ok(v, instr_wide(i));
    case OPERAND_WINDOW:
        return registers_ok(v, value, WINDOW);
    default:
        return true;
    }
}

static bool special_ok(Verifier *v, Instr i, uint16_t generic)
{
    switch (generic) {
    case OP_MAKE_FUNCTION: {
        Value code = v->code->pool[i.b];
        if (!is_object(code) || type_of(code) != &type_code)
            return fault(v, "function without code");
        return i.c == 65535 || register_ok(v, i.c);
    }
    case OP_LOAD_METHOD:
    case OP_LOAD_SUPER_METHOD:
    case OP_LOAD_SPECIAL:
        return registers_ok(v, i.a, WINDOW + 1);
    case OP_INTRINSIC_1:
    case OP_INTRINSIC_2:
        return i.c < INTRINSIC_COUNT || fault(v, "unknown intrinsic");
    case OP_YIELD_FROM:
        return (v->at > 0 && v->at + 1 < v->code->instr_count && v->code->instrs[v->at + 1].op == OP_JUMP_BACK)
               || fault(v, "not followed by a jump back");
    default:
        return true;
    }
}

static bool name_ok(Verifier *v, Instr i, uint16_t generic)
{
    if (!takes_name(generic))
        return true;
    bool wide = generic == OP_DELETE_GLOBAL || generic == OP_DELETE_NAME;
    Value name = v->code->pool[wide ? (uint32_t)instr_wide(i) : i.c];
    return is_name(name) || fault(v, "operand is no name");
}

static bool instruction_ok(Verifier *v)
{
    Instr i = v->code->instrs[v->at];
    if (i.op >= OPCODE_COUNT)
        return fault(v, "unknown opcode");
    uint16_t generic = opcode_generic(i.op);
    for (int field = 0; field < 3; field++) {
        if (!operand_ok(v, i, field))
            return false;
    }
    int first, count = instr_writes(i, &first);
    if (count > 0 && !registers_ok(v, (uint32_t)first, (uint32_t)count))
        return false;
    if (instr_reads_run(i, &first, &count) && !registers_ok(v, (uint32_t)first, (uint32_t)count))
        return false;
    return name_ok(v, i, generic) && special_ok(v, i, generic);
}

static bool handlers_ok(Verifier *v)
{
    const Code *code = v->code;
    for (uint32_t i = 0; i < code->handler_count; i++) {
        const Handler *h = &code->handlers[i];
        v->at = h->start;
        if (h->start >= h->end || h->end > code->instr_count || h->target >= code->instr_count)
            return fault(v, "handler out of range");
        if (code->instrs[h->target].op != OP_PUSH_EXC)
            return fault(v, "handler does not take the exception");
    }
    return true;
}

static bool head_ok(Verifier *v)
{
    const Code *code = v->code;
    uint32_t params = code->arg_count + (uint32_t)code->kwonly_count + !!(code->flags & CO_VARARGS) + !!(code->flags & CO_VARKEYWORDS);
    v->at = code->instr_count;
    if (!code->instr_count)
        return fault(v, "no instructions");
    if (code->posonly_count > code->arg_count || params > code->local_count)
        return fault(v, "bad parameter counts");
    uint32_t named = (code->flags & CODE_NAMESPACE ? 1u : 0u) + code->local_count;
    if (named > code->register_count || code->free_first + (uint32_t)code->free_count > code->register_count)
        return fault(v, "bad register counts");
    if (!(opcode_traits(code->instrs[code->instr_count - 1].op) & OPCODE_ENDS))
        return fault(v, "execution runs past the end");
    return true;
}

bool code_verify(Thread *t, const Code *code)
{
    Verifier v = {t, code, 0};
    if (code->instr_count && code->instrs[code->instr_count - 1].op >= OPCODE_COUNT)
        return fault(&v, "unknown opcode");
    if (!head_ok(&v) || !handlers_ok(&v))
        return false;
    for (v.at = 0; v.at < code->instr_count; v.at++) {
        if (!instruction_ok(&v))
            return false;
    }
    return true;
}
