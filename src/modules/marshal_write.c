// marshal_write.c: values to bytes.
//
// Every object that may be shared gets FLAG_REF at its first occurrence (there are no reference counts that could tell the others) and a
// reference afterwards, from version 3 on.
#include "src/modules/marshal.h"

#include <stdlib.h>

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

typedef struct RefEntry {
    Value object;
    uint32_t number;
} RefEntry;

typedef struct Writer {
    Thread *t;
    uint8_t *data;                // collected atomic memory
    size_t length, capacity;
    int version, depth;
    bool allow_code;
    RefEntry *refs;               // collected; open addressing by address, so that the objects stay alive
    size_t ref_count, ref_mask;
} Writer;

static bool put_value(Writer *w, Value v);

static bool reserve(Writer *w, size_t more)
{
    if (w->length + more <= w->capacity)
        return true;
    size_t capacity = w->capacity * 2 + more;
    uint8_t *grown = new_atomic(w->t, capacity);
    if (!grown)
        return false;
    memcpy(grown, w->data, w->length);
    w->data = grown;
    w->capacity = capacity;
    return true;
}

static bool put_bytes(Writer *w, const void *bytes, size_t n)
{
    if (!reserve(w, n))
        return false;
    memcpy(w->data + w->length, bytes, n);
    w->length += n;
    return true;
}

static bool put_byte(Writer *w, uint8_t byte)
{
    return put_bytes(w, &byte, 1);
}

static bool put_u16(Writer *w, uint16_t u)
{
    uint8_t bytes[2] = {(uint8_t)u, (uint8_t)(u >> 8)};
    return put_bytes(w, bytes, 2);
}

static bool put_u32(Writer *w, uint32_t u)
{
    uint8_t bytes[4] = {(uint8_t)u, (uint8_t)(u >> 8), (uint8_t)(u >> 16), (uint8_t)(u >> 24)};
    return put_bytes(w, bytes, 4);
}

static bool put_sized(Writer *w, const void *bytes, size_t n)
{
    if (n > INT32_MAX) {
        raise(w->t, EXC(ValueError), "unmarshallable object");
        return false;
    }
    return put_u32(w, (uint32_t)n) && put_bytes(w, bytes, n);
}

static bool refs_grow(Writer *w)
{
    size_t mask = w->ref_mask ? w->ref_mask * 2 + 1 : 63;
    RefEntry *grown = new_scanned(w->t, (mask + 1) * sizeof *grown);
    if (!grown)
        return false;
    for (size_t i = 0; w->refs && i <= w->ref_mask; i++) {
        if (!w->refs[i].object)
            continue;
        size_t slot = (w->refs[i].object >> 4) & mask;
        while (grown[slot].object)
            slot = (slot + 1) & mask;
        grown[slot] = w->refs[i];
    }
    w->refs = grown;
    w->ref_mask = mask;
    return true;
}

// 1: written as a reference; 0: first time, *flag is what to or into the type byte; -1: error.
static int put_reference(Writer *w, Value v, uint8_t *flag)
{
    *flag = 0;
    if (w->version < 3 || !is_pointer(v))
        return 0;
    if (w->ref_count * 3 >= w->ref_mask * 2 && !refs_grow(w))
        return -1;
    size_t slot = (v >> 4) & w->ref_mask;
    for (; w->refs[slot].object; slot = (slot + 1) & w->ref_mask) {
        if (w->refs[slot].object == v)
            return put_byte(w, TYPE_REF) && put_u32(w, w->refs[slot].number) ? 1 : -1;
    }
    w->refs[slot] = (RefEntry){v, (uint32_t)w->ref_count++};
    *flag = FLAG_REF;
    return 0;
}

// --- numbers ---

static bool put_int(Writer *w, Value exact, uint8_t flag)
{
    int64_t small;
    if (int_to_int64(exact, &small) && small >= INT32_MIN && small <= INT32_MAX)
        return put_byte(w, TYPE_INT | flag) && put_u32(w, (uint32_t)(int32_t)small);
    mpz_t z;
    mp_limb_t room;
    int_view(exact, z, &room);
    size_t digits = (mpz_sizeinbase(z, 2) + 14) / 15;
    uint16_t *out = malloc(digits * sizeof *out + 1);
    if (!out) {
        raise_no_memory(w->t);
        return false;
    }
    size_t written;
    mpz_export(out, &written, -1, sizeof *out, 0, 1, z);
    int64_t signed_count = mpz_sgn(z) < 0 ? -(int64_t)written : (int64_t)written;
    bool fine = put_byte(w, TYPE_LONG | flag) && put_u32(w, (uint32_t)(int32_t)signed_count);
    for (size_t i = 0; fine && i < written; i++)
        fine = put_u16(w, out[i]);
    free(out);
    return fine;
}

static bool put_double(Writer *w, double d)
{
    if (w->version > 1)
        return put_bytes(w, &d, sizeof d);
    char text[40];
    size_t n = double_to_text(d, 'g', 17, false, false, text, sizeof text);
    return put_byte(w, (uint8_t)n) && put_bytes(w, text, n);
}

// --- texts ---

static bool put_str(Writer *w, Value v, uint8_t flag)
{
    const Str *s = as_str(v);
    bool interned = w->version >= 3 && s->head.flags & FLAG_INTERNED;
    if (w->version >= 4 && str_is_ascii(s)) {
        bool is_short = s->length < 256;
        uint8_t type = is_short ? (interned ? TYPE_SHORT_ASCII_INTERNED : TYPE_SHORT_ASCII) : (interned ? TYPE_ASCII_INTERNED : TYPE_ASCII);
        if (!put_byte(w, type | flag))
            return false;
        return is_short ? put_byte(w, (uint8_t)s->length) && put_bytes(w, s->data, s->length) : put_sized(w, s->data, s->length);
    }
    Value utf8 = str_encode(w->t, v, "utf-8", "surrogatepass");
    return utf8 && put_byte(w, (interned ? TYPE_INTERNED : TYPE_UNICODE) | flag) && put_sized(w, as_bytes(utf8)->data, as_bytes(utf8)->length);
}

static bool put_buffer(Writer *w, Value v, uint8_t flag)
{
    Buffer b;
    if (!buffer_get(w->t, v, &b, BUFFER_SIMPLE)) {
        pending_clear(w->t);
        raise(w->t, EXC(ValueError), "unmarshallable object");
        return false;
    }
    bool fine = put_byte(w, TYPE_STRING | flag) && put_sized(w, b.data, (size_t)b.length);
    buffer_release(w->t, &b);
    return fine;
}

// --- containers ---

static bool put_items(Writer *w, const Value *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!put_value(w, items[i]))
            return false;
    }
    return true;
}

static bool put_tuple(Writer *w, const Tuple *tuple, uint8_t flag)
{
    bool is_short = w->version >= 4 && tuple->length < 256;
    bool head = is_short ? put_byte(w, TYPE_SMALL_TUPLE | flag) && put_byte(w, (uint8_t)tuple->length) : put_byte(w, TYPE_TUPLE | flag) && put_u32(w, (uint32_t)tuple->length);
    return head && put_items(w, tuple->at, tuple->length);
}

static bool put_list(Writer *w, Value v, uint8_t flag)
{
    size_t n;
    Value *items = list_snapshot(w->t, as_list(v), &n);
    return items && put_byte(w, TYPE_LIST | flag) && put_u32(w, (uint32_t)n) && put_items(w, items, n);
}

static bool put_dict(Writer *w, Value v, uint8_t flag)
{
    size_t position = 0;
    Value key, value;
    if (!put_byte(w, TYPE_DICT | flag))
        return false;
    while (dict_next(as_dict(v), &position, &key, &value)) {
        if (!put_value(w, key) || !put_value(w, value))
            return false;
    }
    return put_byte(w, TYPE_NULL);
}

// Items in the order of their own encoding, so that equal sets give equal bytes in every process.
static bool put_set(Writer *w, Value v, uint8_t flag)
{
    size_t n;
    Value *items = values_from_iterable(w->t, v, &n);
    if (!items || !put_byte(w, (is_exactly(v, &type_set) ? TYPE_SET : TYPE_FROZENSET) | flag) || !put_u32(w, (uint32_t)n))
        return false;
    List *pairs = list_new(w->t, n);
    for (size_t i = 0; pairs && i < n; i++) {
        Value encoded = marshal_dumps(w->t, items[i], w->version, w->allow_code);
        Value pair = encoded ? tuple_of(w->t, 3, encoded, fixnum((int64_t)i), items[i]) : 0;
        if (!pair || !list_append(w->t, pairs, pair))
            return false;
    }
    if (!pairs || !list_sort(w->t, pairs, 0, false))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!put_value(w, as_tuple(list_get(pairs, i))->at[2]))
            return false;
    }
    return true;
}

// --- code ---

static bool is_cache_word(const uint8_t *caches, uint32_t i)
{
    return caches[i / 8] >> (i % 8) & 1;
}

static bool put_instructions(Writer *w, const Code *code, uint8_t *caches)
{
    if (!put_u32(w, code->instr_count))
        return false;
    for (uint32_t i = 0; i < code->instr_count; i++) {
        Instr instr = code->instrs[i];
        uint16_t generic = opcode_generic(instr.op);
        if (opcode_traits(generic) & OPCODE_CACHED && opcode_operand(generic, 2) == OPERAND_SLOT)
            caches[instr.c / 8] |= (uint8_t)(1 << instr.c % 8);
        if (!put_u16(w, generic) || !put_u16(w, instr.a) || !put_u16(w, instr.b) || !put_u16(w, instr.c))
            return false;
    }
    return true;
}

static bool put_pool(Writer *w, const Code *code, const uint8_t *caches)
{
    if (!put_u32(w, code->pool_count))
        return false;
    for (uint32_t i = 0; i < code->pool_count; i++) {
        if (!put_value(w, is_cache_word(caches, i) ? 0 : code->pool[i]))
            return false;
    }
    return true;
}

static bool put_handlers(Writer *w, const Code *code)
{
    if (!put_u32(w, code->handler_count))
        return false;
    for (uint32_t i = 0; i < code->handler_count; i++) {
        const Handler *h = &code->handlers[i];
        if (!put_u32(w, h->start) || !put_u32(w, h->end) || !put_u32(w, h->target))
            return false;
    }
    return true;
}

static bool put_code(Writer *w, const Code *code, uint8_t flag)
{
    if (!w->allow_code) {
        raise(w->t, EXC(ValueError), "marshalling code objects is disallowed");
        return false;
    }
    uint8_t *caches = calloc(65536 / 8 + code->pool_count / 8 + 1, 1);
    if (!caches) {
        raise_no_memory(w->t);
        return false;
    }
    const uint16_t counts[] = {code->arg_count, code->posonly_count, code->kwonly_count, code->register_count, code->local_count, code->cell_count, code->free_count, code->free_first};
    const Value values[] = {code->name, code->qualname, code->filename, code->varnames, code->cellvars, code->freevars, code->cell_registers, code->consts, code->names};
    bool fine = put_byte(w, TYPE_CODE | flag) && put_u32(w, code->flags) && put_u32(w, (uint32_t)code->first_line);
    for (size_t i = 0; fine && i < COUNT_OF(counts); i++)
        fine = put_u16(w, counts[i]);
    fine = fine && put_instructions(w, code, caches) && put_handlers(w, code) && put_sized(w, code->locations, code->location_bytes)
           && put_items(w, values, COUNT_OF(values)) && put_pool(w, code, caches);
    free(caches);
    return fine;
}

static bool put_object(Writer *w, Value v, uint8_t flag)
{
    if (is_int_exact(v))
        return put_int(w, v, flag);
    if (is_float_exact(v))
        return put_byte(w, (w->version > 1 ? TYPE_BINARY_FLOAT : TYPE_FLOAT) | flag) && put_double(w, float_value(v));
    if (is_exactly(v, &type_complex)) {
        const Complex *c = (const Complex *)v;
        return put_byte(w, (w->version > 1 ? TYPE_BINARY_COMPLEX : TYPE_COMPLEX) | flag) && put_double(w, c->real) && put_double(w, c->imag);
    }
    if (is_exactly(v, &type_str))
        return put_str(w, v, flag);
    if (is_exactly(v, &type_bytes))
        return put_byte(w, TYPE_STRING | flag) && put_sized(w, as_bytes(v)->data, as_bytes(v)->length);
    if (is_exactly(v, &type_tuple))
        return put_tuple(w, as_tuple(v), flag);
    if (is_exactly(v, &type_list))
        return put_list(w, v, flag);
    if (is_exactly(v, &type_dict))
        return put_dict(w, v, flag);
    if (is_exactly(v, &type_set) || is_exactly(v, &type_frozenset))
        return put_set(w, v, flag);
    if (is_exactly(v, &type_code))
        return put_code(w, (const Code *)v, flag);
    if (is_exactly(v, &type_slice)) {
        if (w->version < 5) {
            raise(w->t, EXC(ValueError), "unmarshallable object");
            return false;
        }
        const Slice *s = (const Slice *)v;
        return put_byte(w, TYPE_SLICE | flag) && put_value(w, s->start) && put_value(w, s->stop) && put_value(w, s->step);
    }
    return put_buffer(w, v, flag);
}

static bool put_value(Writer *w, Value v)
{
    if (!v)
        return put_byte(w, TYPE_NULL);
    if (v == NONE)
        return put_byte(w, TYPE_NONE);
    if (is_bool(v))
        return put_byte(w, v == TRUE ? TYPE_TRUE : TYPE_FALSE);
    if (v == ELLIPSIS)
        return put_byte(w, TYPE_ELLIPSIS);
    if (v == value_of(EXC(StopIteration)))
        return put_byte(w, TYPE_STOPITER);
    if (++w->depth > MARSHAL_DEPTH_MAX) {
        raise(w->t, EXC(ValueError), "object too deeply nested to marshal");
        return false;
    }
    uint8_t flag;
    int reference = put_reference(w, v, &flag);
    bool fine = reference > 0 || (!reference && put_object(w, v, flag));
    w->depth--;
    return fine;
}

Value marshal_dumps(Thread *t, Value v, int version, bool allow_code)
{
    if (!recursion_enter(t, " while marshalling"))
        return 0;
    Writer w = {.t = t, .version = version, .allow_code = allow_code};
    Value bytes = put_value(&w, v) ? bytes_new(t, w.data, w.length) : 0;
    recursion_leave(t);
    return bytes;
}
