// code_type.c: the Python face of code objects: co_* attributes, co_lines, co_positions, replace, comparison.
//
// Offsets in co_lines count two bytes an instruction, as f_lasti and tb_lasti do, so that co_positions has one entry for
// every two of them.
#include "src/code/location.h"
#include "src/core/error.h"
#include "src/core/names.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/code_type.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

enum { UNIT = 2 };

// --- attributes ---
#define INT_ATTRIBUTE(name, expression)                                                                                \
    static Value code_##name(Thread *t, Value self)                                                                    \
    {                                                                                                                  \
        const Code *code = as_code(self);                                                                              \
        return fixnum((int64_t)(expression));                                                                          \
    }
#define VALUE_ATTRIBUTE(name, field)                                                                                   \
    static Value code_##name(Thread *t, Value self)                                                                    \
    {                                                                                                                  \
        return as_code(self)->field;                                                                                   \
    }
INT_ATTRIBUTE(argcount, code->arg_count)
INT_ATTRIBUTE(posonlyargcount, code->posonly_count)
INT_ATTRIBUTE(kwonlyargcount, code->kwonly_count)
INT_ATTRIBUTE(nlocals, code->local_count)
INT_ATTRIBUTE(stacksize, code->register_count)
INT_ATTRIBUTE(flags, code->flags & ~(uint32_t)CODE_NAMESPACE)
INT_ATTRIBUTE(firstlineno, code->first_line)
VALUE_ATTRIBUTE(names, names)
VALUE_ATTRIBUTE(consts, consts)
VALUE_ATTRIBUTE(varnames, varnames)
VALUE_ATTRIBUTE(cellvars, cellvars)
VALUE_ATTRIBUTE(freevars, freevars)
VALUE_ATTRIBUTE(filename, filename)
VALUE_ATTRIBUTE(name, name)
VALUE_ATTRIBUTE(qualname, qualname)

static Value code_bytes(Thread *t, const Code *code, bool generic)
{
    Bytes *bytes = bytes_alloc(t, code->instr_count * sizeof(Instr));
    for (uint32_t i = 0; bytes && i < code->instr_count; i++) {
        Instr instr = code->instrs[i];
        uint16_t op = load_relaxed(&code->instrs[i].op);
        instr.op = generic ? opcode_generic(op) : op;
        memcpy(bytes->data + i * sizeof instr, &instr, sizeof instr);
    }
    return value_of(bytes);
}

static Value code_code(Thread *t, Value self)
{
    return code_bytes(t, as_code(self), true);
}

static Value code_adaptive(Thread *t, Value self)
{
    return code_bytes(t, as_code(self), false);
}

static Value code_linetable(Thread *t, Value self)
{
    return bytes_new(t, as_code(self)->locations, as_code(self)->location_bytes);
}

static Value code_exceptiontable(Thread *t, Value self)
{
    return bytes_new(t, as_code(self)->handlers, as_code(self)->handler_count * sizeof(Handler));
}

// --- positions ---
static Value int_or_none(int32_t i, int32_t least)
{
    return i < least ? NONE : fixnum(i);
}

static Value position_tuple(Thread *t, const Location *l)
{
    return tuple_of(t, 4, int_or_none(l->line, 1), int_or_none(l->end_line, 1), int_or_none(l->column, 0), int_or_none(l->end_column, 0));
}

static Value code_positions_method(Thread *t, const Value *args, size_t nargs)
{
    const Code *code = as_code(args[0]);
    List *list = list_new(t, code->instr_count);
    LocationReader reader;
    location_reader_init(&reader, code);
    while (list && location_reader_next(&reader)) {
        Value position = position_tuple(t, &reader.location);
        for (uint32_t i = 0; i < reader.count; i++) {
            if (!position || !list_append(t, list, position))
                return 0;
        }
    }
    return list ? iter_get(t, value_of(list)) : 0;
}

static bool append_line(Thread *t, List *list, uint32_t start, uint32_t end, int32_t line)
{
    if (start == end)
        return true;
    Value entry = tuple_of(t, 3, fixnum((int64_t)start * UNIT), fixnum((int64_t)end * UNIT), int_or_none(line, 1));
    return entry && list_append(t, list, entry);
}

static Value code_lines_method(Thread *t, const Value *args, size_t nargs)
{
    const Code *code = as_code(args[0]);
    List *list = list_new(t, 0);
    if (!list)
        return 0;
    LocationReader reader;
    uint32_t start = 0;
    int32_t line = 0;
    location_reader_init(&reader, code);
    while (location_reader_next(&reader)) {
        if (reader.location.line == line)
            continue;
        if (!append_line(t, list, start, reader.start, line))
            return 0;
        start = reader.start;
        line = reader.location.line;
    }
    return append_line(t, list, start, code->instr_count, line) ? iter_get(t, value_of(list)) : 0;
}

static Value code_branches_method(Thread *t, const Value *args, size_t nargs)
{
    List *list = list_new(t, 0);
    return list ? iter_get(t, value_of(list)) : 0;
}

static Value code_varname_from_oparg_method(Thread *t, const Value *args, size_t nargs)
{
    int64_t i;
    const Code *code = as_code(args[0]);
    if (!to_int64(t, args[1], &i))
        return 0;
    if (i < 0 || (size_t)i >= as_tuple(code->varnames)->length)
        return raise(t, EXC(IndexError), "tuple index out of range");
    return as_tuple(code->varnames)->at[i];
}

// --- replace ---
enum { REPLACE_SELF, REPLACE_ARGCOUNT, REPLACE_POSONLY, REPLACE_KWONLY, REPLACE_NLOCALS, REPLACE_STACKSIZE, REPLACE_FLAGS,
       REPLACE_FIRSTLINE, REPLACE_CODE, REPLACE_CONSTS, REPLACE_NAMES, REPLACE_VARNAMES, REPLACE_FREEVARS, REPLACE_CELLVARS,
       REPLACE_FILENAME, REPLACE_NAME, REPLACE_QUALNAME, REPLACE_LINETABLE, REPLACE_EXCEPTIONTABLE, REPLACE_COUNT };

static bool replace_count(Thread *t, Value given, uint16_t *field)
{
    int64_t i;
    if (!given)
        return true;
    if (!to_int64(t, given, &i))
        return false;
    if (i < 0 || i > UINT16_MAX) {
        raise(t, EXC(ValueError), "code: argument out of range");
        return false;
    }
    *field = (uint16_t)i;
    return true;
}

static bool replace_value(Thread *t, Value given, Type *type, Value *field)
{
    if (!given)
        return true;
    if (!type_is_subtype(type_of(given), type)) {
        raise(t, EXC(TypeError), "replace() argument must be %N, not %T", type, given);
        return false;
    }
    *field = given;
    return true;
}

// Code itself is exchanged as a whole: registers and pool belong to it.
static bool same_code(Thread *t, const Code *code, Value given)
{
    Value own = given ? code_bytes(t, code, true) : 0;
    if (!given)
        return true;
    int same = own ? values_equal(t, own, given) : -1;
    if (!same)
        raise(t, EXC(ValueError), "code: co_code cannot be replaced");
    return same > 0;
}

// A changed tuple of constants is followed in the pool, where the old ones stand.
static bool exchange_constants(Thread *t, Code *code, Value consts)
{
    const Tuple *old = as_tuple(code->consts), *new = as_tuple(consts);
    Value *pool = new_scanned(t, (code->pool_count + 1) * sizeof(Value));
    if (!pool)
        return false;
    memcpy(pool, code->pool, code->pool_count * sizeof(Value));
    for (size_t i = 0; i < old->length && i < new->length; i++) {
        for (uint32_t j = 0; old->at[i] != new->at[i] && j < code->pool_count; j++) {
            if (code->pool[j] == old->at[i])
                pool[j] = new->at[i];
        }
    }
    code->pool = pool;
    code->consts = consts;
    return true;
}

// A fresh pool without caches; instructions in their generic form.
static Code *code_copy(Thread *t, const Code *code)
{
    Code *copy = new_object(t, code, Code);
    if (!copy)
        return NULL;
    Object head = copy->head;
    *copy = *code;
    copy->head = head;
    copy->calls = copy->loops = 0;
    copy->entry = NULL;
    copy->jit = NULL;
    copy->monitoring = NULL;
    copy->instrs = new_atomic(t, code->instr_count * sizeof(Instr));
    copy->pool = code_pool_copy(t, code);
    if (!copy->instrs || !copy->pool)
        return NULL;
    for (uint32_t i = 0; i < code->instr_count; i++) {
        copy->instrs[i] = code->instrs[i];
        copy->instrs[i].op = opcode_generic(load_relaxed(&code->instrs[i].op));
    }
    return copy;
}

static bool replace_flags(Thread *t, Code *copy, Value given)
{
    int64_t flags;
    if (!given)
        return true;
    if (!to_int64(t, given, &flags))
        return false;
    copy->flags = (uint32_t)flags | (copy->flags & CODE_NAMESPACE);
    return true;
}

static bool replace_first_line(Thread *t, Code *copy, Value given)
{
    return !given || to_int32(t, given, &copy->first_line);
}

static bool replace_all(Thread *t, Code *copy, const Value *args)
{
    return same_code(t, copy, args[REPLACE_CODE]) && replace_count(t, args[REPLACE_ARGCOUNT], &copy->arg_count)
           && replace_count(t, args[REPLACE_POSONLY], &copy->posonly_count)
           && replace_count(t, args[REPLACE_KWONLY], &copy->kwonly_count)
           && replace_flags(t, copy, args[REPLACE_FLAGS]) && replace_first_line(t, copy, args[REPLACE_FIRSTLINE])
           && replace_value(t, args[REPLACE_NAMES], &type_tuple, &copy->names)
           && replace_value(t, args[REPLACE_VARNAMES], &type_tuple, &copy->varnames)
           && replace_value(t, args[REPLACE_FREEVARS], &type_tuple, &copy->freevars)
           && replace_value(t, args[REPLACE_CELLVARS], &type_tuple, &copy->cellvars)
           && replace_value(t, args[REPLACE_FILENAME], &type_str, &copy->filename)
           && replace_value(t, args[REPLACE_NAME], &type_str, &copy->name)
           && replace_value(t, args[REPLACE_QUALNAME], &type_str, &copy->qualname);
}

static bool lengths_fit(Thread *t, const Code *code, const Code *copy)
{
    if (as_tuple(copy->varnames)->length == as_tuple(code->varnames)->length
        && as_tuple(copy->cellvars)->length == as_tuple(code->cellvars)->length
        && as_tuple(copy->freevars)->length == as_tuple(code->freevars)->length)
        return true;
    raise(t, EXC(ValueError), "code: varnames is too small");
    return false;
}

static Value code_replace_method(Thread *t, const Value *args, size_t nargs)
{
    const Code *code = as_code(args[0]);
    Code *copy = code_copy(t, code);
    if (!copy || !replace_all(t, copy, args) || !lengths_fit(t, code, copy))
        return 0;
    Value consts = code->consts;
    if (!replace_value(t, args[REPLACE_CONSTS], &type_tuple, &consts))
        return 0;
    if (consts != code->consts && !exchange_constants(t, copy, consts))
        return 0;
    return code_verify(t, copy) ? value_of(copy) : 0;
}

static Value code_sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    const Code *code = as_code(args[0]);
    return fixnum((int64_t)(sizeof *code + code->instr_count * sizeof(Instr) + code->pool_count * sizeof(Value)
                            + code->handler_count * sizeof(Handler) + code->location_bytes));
}

// --- comparison, hash, repr ---
static bool same_shape(const Code *a, const Code *b)
{
    return a->instr_count == b->instr_count && a->handler_count == b->handler_count && a->location_bytes == b->location_bytes
           && a->flags == b->flags && a->arg_count == b->arg_count && a->posonly_count == b->posonly_count
           && a->kwonly_count == b->kwonly_count && a->local_count == b->local_count && a->first_line == b->first_line
           && !memcmp(a->handlers, b->handlers, a->handler_count * sizeof(Handler))
           && !memcmp(a->locations, b->locations, a->location_bytes);
}

static bool same_instructions(const Code *a, const Code *b)
{
    for (uint32_t i = 0; i < a->instr_count; i++) {
        Instr x = a->instrs[i], y = b->instrs[i];
        if (opcode_generic(x.op) != opcode_generic(y.op) || x.a != y.a || x.b != y.b || x.c != y.c)
            return false;
    }
    return true;
}

// Constants of different types are different: 1, 1.0 and True.
static int same_constants(Thread *t, Value a, Value b)
{
    if (type_of(a) != type_of(b))
        return 0;
    if (!is_exactly(a, &type_tuple))
        return values_equal(t, a, b);
    const Tuple *x = as_tuple(a), *y = as_tuple(b);
    int same = x->length == y->length;
    for (size_t i = 0; same > 0 && i < x->length; i++)
        same = same_constants(t, x->at[i], y->at[i]);
    return same;
}

static int codes_equal(Thread *t, const Code *a, const Code *b)
{
    if (a == b)
        return 1;
    if (!same_shape(a, b) || !same_instructions(a, b))
        return 0;
    const Value x[] = {a->name, a->names, a->varnames, a->cellvars, a->freevars};
    const Value y[] = {b->name, b->names, b->varnames, b->cellvars, b->freevars};
    for (size_t i = 0; i < COUNT_OF(x); i++) {
        int same = values_equal(t, x[i], y[i]);
        if (same <= 0)
            return same;
    }
    return same_constants(t, a->consts, b->consts);
}

static Value code_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_code) || !is_exactly(b, &type_code))
        return NOTIMPLEMENTED;
    int same = codes_equal(t, as_code(a), as_code(b));
    return same < 0 ? 0 : value_bool((same > 0) == (op == CMP_EQ));
}

static bool code_hash(Thread *t, Value a, Hash *out)
{
    const Code *code = as_code(a);
    Hash name;
    if (!value_hash(t, code->name, &name))
        return false;
    uint64_t h = (uint64_t)name ^ (uint64_t)code->first_line << 20 ^ (uint64_t)code->instr_count << 40 ^ code->arg_count;
    *out = (Hash)h == -1 ? -2 : (Hash)h;
    return true;
}

static Value code_repr(Thread *t, Value a)
{
    const Code *code = as_code(a);
    return str_format(t, "<code object %U at 0x%lx, file \"%U\", line %d>", code->name, (uint64_t)a, code->filename,
                      (int)code->first_line);
}

static const NativeDef code_methods[] = {
    {"co_lines", code_lines_method, "($self, /)", NULL, NATIVE_PLAIN},
    {"co_positions", code_positions_method, "($self, /)", NULL, NATIVE_PLAIN},
    {"co_branches", code_branches_method, "($self, /)", NULL, NATIVE_PLAIN},
    {"_varname_from_oparg", code_varname_from_oparg_method, "($self, /, oparg)", NULL, NATIVE_PLAIN},
    {"__sizeof__", code_sizeof_method, "($self, /)", NULL, NATIVE_PLAIN},
    {"__replace__", code_replace_method,
     "($self, /, *, co_argcount=0, co_posonlyargcount=0, co_kwonlyargcount=0, co_nlocals=0, co_stacksize=0, co_flags=0, "
     "co_firstlineno=0, co_code=0, co_consts=0, co_names=0, co_varnames=0, co_freevars=0, co_cellvars=0, co_filename=0, "
     "co_name=0, co_qualname=0, co_linetable=0, co_exceptiontable=0)",
     "The same as replace().", NATIVE_PLAIN},
    {"replace", code_replace_method,
     "($self, /, *, co_argcount=0, co_posonlyargcount=0, co_kwonlyargcount=0, co_nlocals=0, co_stacksize=0, co_flags=0, "
     "co_firstlineno=0, co_code=0, co_consts=0, co_names=0, co_varnames=0, co_freevars=0, co_cellvars=0, co_filename=0, "
     "co_name=0, co_qualname=0, co_linetable=0, co_exceptiontable=0)",
     "Return a copy of the code object with new values for the specified fields.", NATIVE_PLAIN},
    {0},
};

static const GetSetDef code_getsets[] = {
    {"co_argcount", code_argcount, NULL, NULL},
    {"co_posonlyargcount", code_posonlyargcount, NULL, NULL},
    {"co_kwonlyargcount", code_kwonlyargcount, NULL, NULL},
    {"co_nlocals", code_nlocals, NULL, NULL},
    {"co_stacksize", code_stacksize, NULL, NULL},
    {"co_flags", code_flags, NULL, NULL},
    {"co_firstlineno", code_firstlineno, NULL, NULL},
    {"co_names", code_names, NULL, NULL},
    {"co_consts", code_consts, NULL, NULL},
    {"co_varnames", code_varnames, NULL, NULL},
    {"co_cellvars", code_cellvars, NULL, NULL},
    {"co_freevars", code_freevars, NULL, NULL},
    {"co_filename", code_filename, NULL, NULL},
    {"co_name", code_name, NULL, NULL},
    {"co_qualname", code_qualname, NULL, NULL},
    {"co_code", code_code, NULL, NULL},
    {"_co_code_adaptive", code_adaptive, NULL, NULL},
    {"co_linetable", code_linetable, NULL, NULL},
    {"co_exceptiontable", code_exceptiontable, NULL, NULL},
    {0},
};

Type type_code = {
    TYPE_HEAD(code, "code", &type_object, Code),
    .flags = TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE | TYPE_DISALLOW_NEW,
    .doc = "Create a code object.  Not for mere mortals.",
    .slots = {.repr = code_repr, .compare = code_compare, .hash = code_hash},
    .methods = code_methods,
    .getsets = code_getsets,
};
