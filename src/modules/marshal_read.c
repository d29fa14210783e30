// marshal_read.c: bytes to values. The input is not trusted: every length is checked against what is there, code is verified.
#include "src/modules/marshal.h"

#include "src/code/opcode_info.h"
#include "src/core/error.h"
#include "src/modules/marshal_format.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef struct Reader {
    Thread *t;
    const uint8_t *at, *end;
    List *refs;                   // NONE where the object is still being read
    int depth;
    bool allow_code, failed;
} Reader;

static Value get_value(Reader *r);

static Value bad(Reader *r, const char *what)
{
    r->failed = true;
    return is_pending(r->t) ? 0 : raise(r->t, EXC(ValueError), "bad marshal data (%s)", what);
}

static const uint8_t *take(Reader *r, size_t n)
{
    if ((size_t)(r->end - r->at) < n) {
        r->failed = true;
        if (!is_pending(r->t))
            raise(r->t, EXC(EOFError), "marshal data too short");
        return NULL;
    }
    const uint8_t *p = r->at;
    r->at += n;
    return p;
}

static uint16_t get_u16(Reader *r)
{
    const uint8_t *p = take(r, 2);
    return p ? (uint16_t)(p[0] | p[1] << 8) : 0;
}

static uint32_t get_u32(Reader *r)
{
    const uint8_t *p = take(r, 4);
    return p ? p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24 : 0;
}

// A count of things that take at least `least` bytes each; false: impossible.
static bool get_count(Reader *r, size_t least, size_t *out, const char *what)
{
    int32_t n = (int32_t)get_u32(r);
    if (r->failed)
        return false;
    if (n < 0) {
        bad(r, what);
        return false;
    }
    if ((size_t)n * least > (size_t)(r->end - r->at)) {
        take(r, (size_t)n * least);
        return false;
    }
    *out = (size_t)n;
    return true;
}

// --- references ---

static bool reserve_ref(Reader *r, uint8_t flag, size_t *out)
{
    *out = r->refs->length;
    return !flag || list_append(r->t, r->refs, NONE);
}

static Value keep_ref(Reader *r, uint8_t flag, size_t index, Value v)
{
    if (v && flag)
        publish(&r->refs->items->at[index], v);
    return v;
}

// --- numbers ---

static Value get_long(Reader *r)
{
    int32_t n = (int32_t)get_u32(r);
    if (r->failed)
        return 0;
    if (n == INT32_MIN)
        return bad(r, "long size out of range");
    size_t digits = (size_t)(n < 0 ? -n : n);
    const uint8_t *p = take(r, digits * 2);
    if (!p)
        return 0;
    for (size_t i = 0; i < digits; i++) {
        if (p[2 * i + 1] & 0x80)
            return bad(r, "digit out of range in long");
    }
    if (digits && !p[2 * digits - 1] && !p[2 * digits - 2])
        return bad(r, "unnormalized long data");
    mpz_t z;
    mpz_init(z);
    mpz_import(z, digits, -1, 2, -1, 1, p);
    if (n < 0)
        mpz_neg(z, z);
    Value v = int_from_mpz(r->t, z);
    mpz_clear(z);
    return v;
}

static bool get_double(Reader *r, bool binary, double *out)
{
    if (binary) {
        const uint8_t *p = take(r, sizeof *out);
        if (p)
            memcpy(out, p, sizeof *out);
        return p != NULL;
    }
    const uint8_t *n = take(r, 1), *p = n ? take(r, *n) : NULL;
    if (!p)
        return false;
    if (!float_from_text((const char *)p, *n, out)) {
        bad(r, "invalid float");
        return false;
    }
    return true;
}

static Value get_float(Reader *r, bool binary)
{
    double d;
    return get_double(r, binary, &d) ? float_new(r->t, d) : 0;
}

static Value get_complex(Reader *r, bool binary)
{
    double real, imag;
    return get_double(r, binary, &real) && get_double(r, binary, &imag) ? complex_new(r->t, real, imag) : 0;
}

// --- texts ---

static Value get_ascii(Reader *r, bool is_short, bool interned)
{
    size_t n;
    if (is_short) {
        const uint8_t *p = take(r, 1);
        if (!p)
            return 0;
        n = *p;
    } else if (!get_count(r, 1, &n, "string size out of range")) {
        return 0;
    }
    const uint8_t *p = take(r, n);
    if (!p)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] & 0x80)
            return bad(r, "string is not ASCII");
    }
    return interned ? str_intern_utf8(r->t, (const char *)p, n) : str_from_ascii(r->t, (const char *)p, n);
}

static Value get_unicode(Reader *r, bool interned)
{
    size_t n;
    if (!get_count(r, 1, &n, "string size out of range"))
        return 0;
    Value v = str_decode(r->t, take(r, n), n, "utf-8", "surrogatepass");
    return v && interned ? str_intern(r->t, v) : v;
}

static Value get_bytes(Reader *r)
{
    size_t n;
    return get_count(r, 1, &n, "bytes object size out of range") ? bytes_new(r->t, take(r, n), n) : 0;
}

// --- containers ---

static Value get_item(Reader *r, const char *container)
{
    Value v = get_value(r);
    if (!v && !is_pending(r->t)) {
        r->failed = true;
        return raise(r->t, EXC(TypeError), "NULL object in marshal data for %s", container);
    }
    return v;
}

static Value get_tuple(Reader *r, size_t n, uint8_t flag)
{
    size_t index;
    Tuple *tuple = tuple_alloc(r->t, n);
    if (!tuple || !reserve_ref(r, flag, &index))
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (!(tuple->at[i] = get_item(r, "tuple")))
            return 0;
    }
    return keep_ref(r, flag, index, value_of(tuple));
}

static Value get_list(Reader *r, uint8_t flag)
{
    size_t n, index;
    if (!get_count(r, 1, &n, "list size out of range") || !reserve_ref(r, flag, &index))
        return 0;
    List *list = list_new(r->t, n);
    keep_ref(r, flag, index, value_of(list));
    for (size_t i = 0; list && i < n; i++) {
        Value v = get_item(r, "list");
        if (!v || !list_append(r->t, list, v))
            return 0;
    }
    return value_of(list);
}

static Value get_dict(Reader *r, uint8_t flag)
{
    size_t index;
    Dict *dict = reserve_ref(r, flag, &index) ? dict_new(r->t) : NULL;
    keep_ref(r, flag, index, value_of(dict));
    while (dict) {
        Value key = get_value(r);
        if (!key)
            return is_pending(r->t) ? 0 : value_of(dict);
        Value value = get_value(r);
        if (!value)
            return is_pending(r->t) ? 0 : value_of(dict);
        if (!dict_set(r->t, dict, key, value))
            return 0;
    }
    return 0;
}

static Value get_set(Reader *r, bool frozen, uint8_t flag)
{
    size_t n, index;
    if (!get_count(r, 1, &n, "set size out of range") || !reserve_ref(r, flag, &index))
        return 0;
    Set *set = set_new(r->t, frozen);
    if (!frozen)
        keep_ref(r, flag, index, value_of(set));
    for (size_t i = 0; set && i < n; i++) {
        Value v = get_item(r, "set");
        if (!v || set_add(r->t, set, v) < 0)
            return 0;
    }
    return keep_ref(r, flag, index, value_of(set));
}

static Value get_slice(Reader *r, uint8_t flag)
{
    size_t index;
    if (!reserve_ref(r, flag, &index))
        return 0;
    Value start = get_item(r, "slice"), stop = start ? get_item(r, "slice") : 0, step = stop ? get_item(r, "slice") : 0;
    return step ? keep_ref(r, flag, index, slice_new(r->t, start, stop, step)) : 0;
}

// --- code ---

static bool get_instructions(Reader *r, Code *code)
{
    size_t n;
    if (!get_count(r, sizeof(Instr), &n, "code size out of range"))
        return false;
    const uint8_t *p = take(r, n * sizeof(Instr));
    code->instrs = new_atomic(r->t, n * sizeof(Instr) + 1);
    if (!p || !code->instrs)
        return false;
    memcpy(code->instrs, p, n * sizeof(Instr));   // written little-endian, field by field
    code->instr_count = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        if (code->instrs[i].op >= OPCODE_COUNT || opcode_generic(code->instrs[i].op) != code->instrs[i].op)
            return bad(r, "unknown opcode");
    }
    return true;
}

static bool get_handlers(Reader *r, Code *code)
{
    size_t n;
    if (!get_count(r, 12, &n, "code size out of range"))
        return false;
    code->handlers = new_atomic(r->t, n * sizeof(Handler) + 1);
    if (!code->handlers)
        return false;
    code->handler_count = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        uint32_t start = get_u32(r), end = get_u32(r);
        code->handlers[i] = (Handler){start, end, get_u32(r)};
    }
    return !r->failed;
}

static bool get_locations(Reader *r, Code *code)
{
    size_t n;
    if (!get_count(r, 1, &n, "code size out of range"))
        return false;
    const uint8_t *p = take(r, n);
    code->locations = new_atomic(r->t, n + 1);
    if (!p || !code->locations)
        return false;
    memcpy(code->locations, p, n);
    code->location_bytes = (uint32_t)n;
    return true;
}

static bool get_pool(Reader *r, Code *code)
{
    size_t n;
    if (!get_count(r, 1, &n, "code size out of range"))
        return false;
    code->pool = new_scanned(r->t, n * sizeof(Value) + 1);
    if (!code->pool)
        return false;
    code->pool_count = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        code->pool[i] = get_value(r);
        if (!code->pool[i] && is_pending(r->t))
            return false;
    }
    return true;
}

static bool get_names(Reader *r, Code *code)
{
    Value *const fields[] = {&code->name, &code->qualname, &code->filename, &code->varnames, &code->cellvars, &code->freevars, &code->cell_registers, &code->consts, &code->names};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        *fields[i] = get_item(r, "code object");
        if (!*fields[i])
            return false;
    }
    bool fine = is_exactly(code->name, &type_str) && is_exactly(code->qualname, &type_str) && is_exactly(code->filename, &type_str)
                && is_exactly(code->cell_registers, &type_bytes);
    for (size_t i = 3; i < COUNT_OF(fields); i++)
        fine = fine && (i == 6 || is_exactly(*fields[i], &type_tuple));
    return fine || bad(r, "invalid code object");
}

static Value get_code(Reader *r, uint8_t flag)
{
    if (!r->allow_code) {
        r->failed = true;
        return raise(r->t, EXC(ValueError), "unmarshalling code objects is disallowed");
    }
    size_t index;
    Code *code = reserve_ref(r, flag, &index) ? new_object(r->t, code, Code) : NULL;
    if (!code)
        return 0;
    code->flags = get_u32(r);
    code->first_line = (int32_t)get_u32(r);
    uint16_t *const counts[] = {&code->arg_count, &code->posonly_count, &code->kwonly_count, &code->register_count, &code->local_count, &code->cell_count, &code->free_count, &code->free_first};
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        *counts[i] = get_u16(r);
    if (r->failed || !get_instructions(r, code) || !get_handlers(r, code) || !get_locations(r, code) || !get_names(r, code) || !get_pool(r, code))
        return 0;
    if (!code_verify(r->t, code)) {
        pending_clear(r->t);
        return bad(r, "invalid code object");
    }
    return keep_ref(r, flag, index, value_of(code));
}

// --- any value ---

static Value get_reference(Reader *r)
{
    uint32_t n = get_u32(r);
    if (r->failed)
        return 0;
    Value v = list_get(r->refs, n);
    return v && v != NONE ? v : bad(r, "invalid reference");
}

static Value get_simple(Reader *r, uint8_t type)
{
    switch (type) {
    case TYPE_INT: {
        int32_t i = (int32_t)get_u32(r);
        return r->failed ? 0 : fixnum(i);
    }
    case TYPE_LONG: return get_long(r);
    case TYPE_FLOAT: case TYPE_BINARY_FLOAT: return get_float(r, type == TYPE_BINARY_FLOAT);
    case TYPE_COMPLEX: case TYPE_BINARY_COMPLEX: return get_complex(r, type == TYPE_BINARY_COMPLEX);
    case TYPE_STRING: return get_bytes(r);
    case TYPE_UNICODE: case TYPE_INTERNED: return get_unicode(r, type == TYPE_INTERNED);
    case TYPE_ASCII: case TYPE_ASCII_INTERNED: return get_ascii(r, false, type == TYPE_ASCII_INTERNED);
    case TYPE_SHORT_ASCII: case TYPE_SHORT_ASCII_INTERNED: return get_ascii(r, true, type == TYPE_SHORT_ASCII_INTERNED);
    default: return bad(r, "unknown type code");
    }
}

static Value get_typed(Reader *r, uint8_t type, uint8_t flag)
{
    size_t n;
    switch (type) {
    case TYPE_NULL: return 0;
    case TYPE_NONE: return NONE;
    case TYPE_FALSE: return FALSE;
    case TYPE_TRUE: return TRUE;
    case TYPE_ELLIPSIS: return ELLIPSIS;
    case TYPE_STOPITER: return value_of(EXC(StopIteration));
    case TYPE_REF: return get_reference(r);
    case TYPE_TUPLE: return get_count(r, 1, &n, "tuple size out of range") ? get_tuple(r, n, flag) : 0;
    case TYPE_SMALL_TUPLE: {
        const uint8_t *p = take(r, 1);
        return p ? get_tuple(r, *p, flag) : 0;
    }
    case TYPE_LIST: return get_list(r, flag);
    case TYPE_DICT: return get_dict(r, flag);
    case TYPE_SET: case TYPE_FROZENSET: return get_set(r, type == TYPE_FROZENSET, flag);
    case TYPE_SLICE: return get_slice(r, flag);
    case TYPE_CODE: return get_code(r, flag);
    default: {
        Value v = get_simple(r, type);
        return v && flag && !list_append(r->t, r->refs, v) ? 0 : v;
    }
    }
}

static Value get_value(Reader *r)
{
    const uint8_t *p = take(r, 1);
    if (!p)
        return is_pending(r->t) ? 0 : raise(r->t, EXC(EOFError), "EOF read where object expected");
    if (++r->depth > MARSHAL_DEPTH_MAX) {
        r->failed = true;
        return raise(r->t, EXC(ValueError), "recursion limit exceeded");
    }
    if (!recursion_enter(r->t, " while unmarshalling"))
        return 0;
    Value v = get_typed(r, *p & (uint8_t)~FLAG_REF, *p & FLAG_REF);
    recursion_leave(r->t);
    r->depth--;
    return v;
}

Value marshal_loads(Thread *t, const uint8_t *data, size_t n, bool allow_code, size_t *out_used)
{
    Reader r = {.t = t, .at = data, .end = data + n, .allow_code = allow_code};
    r.refs = list_new(t, 16);
    Value v = r.refs ? get_value(&r) : 0;
    if (out_used)
        *out_used = (size_t)(r.at - data);
    if (!v && !is_pending(t))
        return raise(t, EXC(TypeError), "NULL object in marshal data for object");
    return v;
}
