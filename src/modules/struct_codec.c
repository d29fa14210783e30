// struct_codec.c: reading and writing single values of struct formats.
#include <math.h>

#include "src/modules/struct_internal.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/complex_internal.h"
#include "src/types/float_pack.h"
#include "src/types/int_internal.h"
#include "src/types/str.h"

// --- integers ---

static uint64_t load(const uint8_t *p, const StructCodec *c)
{
    uint64_t word = 0;
    for (size_t i = 0; i < c->size; i++)
        word = word << 8 | p[c->little ? c->size - 1u - i : i];
    return word;
}

static void store(uint8_t *p, uint64_t word, const StructCodec *c)
{
    for (size_t i = 0; i < c->size; i++, word >>= 8)
        p[c->little ? i : c->size - 1u - i] = (uint8_t)word;
}

static Value unpack_unsigned(Thread *t, const uint8_t *p, const StructCodec *c) { return int_from_uint64(t, load(p, c)); }

static Value unpack_signed(Thread *t, const uint8_t *p, const StructCodec *c)
{
    int unused = 64 - 8 * c->size;
    return int_from_int64(t, (int64_t)(load(p, c) << unused) >> unused);
}

static Value index_of(Thread *t, Value v)
{
    if (is_int(v))
        return int_exact(v);
    if (!type_of(v)->slots.to_index)
        return struct_raise(t, "required argument is not an integer");
    return number_index(t, v);
}

static COLD bool range_fail(Thread *t, const StructCodec *c, bool is_signed)
{
    int bits = 8 * c->size;
    uint64_t most = is_signed ? (1ull << (bits - 1)) - 1 : bits == 64 ? UINT64_MAX : (1ull << bits) - 1;
    int64_t least = is_signed ? -(int64_t)most - 1 : 0;
    struct_raise(t, "'%c' format requires %ld <= number <= %lu", c->code, least, most);
    return false;
}

static bool pack_unsigned(Thread *t, uint8_t *p, Value v, const StructCodec *c)
{
    Value exact = index_of(t, v);
    uint64_t word;
    if (!exact)
        return false;
    if (!int_to_uint64(exact, &word) || (c->size < 8 && word >> (8 * c->size)))
        return range_fail(t, c, false);
    store(p, word, c);
    return true;
}

static bool pack_signed(Thread *t, uint8_t *p, Value v, const StructCodec *c)
{
    Value exact = index_of(t, v);
    int64_t word;
    if (!exact)
        return false;
    int unused = 64 - 8 * c->size;
    if (!int_to_int64(exact, &word) || (int64_t)((uint64_t)word << unused) >> unused != word)
        return range_fail(t, c, true);
    store(p, (uint64_t)word, c);
    return true;
}

// An address: negative numbers are taken modulo 2**64.
static bool pack_pointer(Thread *t, uint8_t *p, Value v, const StructCodec *c)
{
    Value exact = index_of(t, v);
    uint64_t word;
    int64_t negative;
    if (!exact)
        return false;
    if (!int_to_uint64(exact, &word)) {
        if (!int_to_int64(exact, &negative)) {
            struct_raise(t, "int too large to convert");
            return false;
        }
        word = (uint64_t)negative;
    }
    store(p, word, c);
    return true;
}

// --- bytes, bool ---

static Value unpack_char(Thread *t, const uint8_t *p, const StructCodec *c) { return bytes_new(t, p, 1); }

static bool pack_char(Thread *t, uint8_t *p, Value v, const StructCodec *c)
{
    if (is_bytes(v) && as_bytes(v)->length == 1) {
        *p = as_bytes(v)->data[0];
        return true;
    }
    struct_raise(t, "char format requires a bytes object of length 1");
    return false;
}

static Value unpack_bool(Thread *t, const uint8_t *p, const StructCodec *c) { return value_bool(*p != 0); }

static bool pack_bool(Thread *t, uint8_t *p, Value v, const StructCodec *c)
{
    int is_true = truth(t, v);
    *p = is_true > 0;
    return is_true >= 0;
}

// --- floats ---

static double get_double(const uint8_t *p, size_t size, bool little)
{
    return size == 2 ? float_unpack2(p, little) : size == 4 ? float_unpack4(p, little) : float_unpack8(p, little);
}

static bool put_double(Thread *t, uint8_t *p, double d, size_t size, bool little, char code)
{
    bool fits = true;
    if (size == 2)
        fits = float_pack2(d, p, little);
    else if (size == 4)
        fits = float_pack4(d, p, little);
    else
        float_pack8(d, p, little);
    if (!fits)
        raise(t, EXC(OverflowError), "float too large to pack with %c format", code);
    return fits;
}

static Value unpack_float(Thread *t, const uint8_t *p, const StructCodec *c)
{
    return float_new(t, get_double(p, c->size, c->little));
}

static bool pack_float(Thread *t, uint8_t *p, Value v, const StructCodec *c)
{
    double d;
    if (!to_double(t, v, &d)) {
        if (pending_clear_if(t, EXC(TypeError)))
            struct_raise(t, "required argument is not a float");
        return false;
    }
    return put_double(t, p, d, c->size, c->little, c->code);
}

static Value unpack_complex(Thread *t, const uint8_t *p, const StructCodec *c)
{
    size_t half = c->size / 2u;
    return complex_new(t, get_double(p, half, c->little), get_double(p + half, half, c->little));
}

static bool pack_complex(Thread *t, uint8_t *p, Value v, const StructCodec *c)
{
    Pair z;
    if (!to_complex(t, v, &z)) {
        if (pending_clear_if(t, EXC(TypeError)))
            struct_raise(t, "required argument is not a complex");
        return false;
    }
    size_t half = c->size / 2u;
    char code = c->code == 'F' ? 'f' : 'd';
    return put_double(t, p, z.real, half, c->little, code) && put_double(t, p + half, z.imag, half, c->little, code);
}

// --- the tables: native sizes and alignment, and standard sizes without alignment ---

static const StructCodec native_codecs[] = {
    {'x', 1, 0, NULL, NULL, true},
    {'b', 1, 0, unpack_signed, pack_signed, true},
    {'B', 1, 0, unpack_unsigned, pack_unsigned, true},
    {'c', 1, 0, unpack_char, pack_char, true},
    {'s', 1, 0, NULL, NULL, true},
    {'p', 1, 0, NULL, NULL, true},
    {'h', 2, 2, unpack_signed, pack_signed, true},
    {'H', 2, 2, unpack_unsigned, pack_unsigned, true},
    {'i', 4, 4, unpack_signed, pack_signed, true},
    {'I', 4, 4, unpack_unsigned, pack_unsigned, true},
    {'l', 8, 8, unpack_signed, pack_signed, true},
    {'L', 8, 8, unpack_unsigned, pack_unsigned, true},
    {'n', 8, 8, unpack_signed, pack_signed, true},
    {'N', 8, 8, unpack_unsigned, pack_unsigned, true},
    {'q', 8, 8, unpack_signed, pack_signed, true},
    {'Q', 8, 8, unpack_unsigned, pack_unsigned, true},
    {'?', 1, 1, unpack_bool, pack_bool, true},
    {'e', 2, 2, unpack_float, pack_float, true},
    {'f', 4, 4, unpack_float, pack_float, true},
    {'d', 8, 8, unpack_float, pack_float, true},
    {'F', 8, 4, unpack_complex, pack_complex, true},
    {'D', 16, 8, unpack_complex, pack_complex, true},
    {'P', 8, 8, unpack_unsigned, pack_pointer, true},
};

#define STANDARD(little)                                                                           \
    {                                                                                              \
        {'x', 1, 0, NULL, NULL, little}, {'b', 1, 0, unpack_signed, pack_signed, little},          \
        {'B', 1, 0, unpack_unsigned, pack_unsigned, little}, {'c', 1, 0, unpack_char, pack_char, little}, \
        {'s', 1, 0, NULL, NULL, little}, {'p', 1, 0, NULL, NULL, little},                          \
        {'h', 2, 0, unpack_signed, pack_signed, little}, {'H', 2, 0, unpack_unsigned, pack_unsigned, little}, \
        {'i', 4, 0, unpack_signed, pack_signed, little}, {'I', 4, 0, unpack_unsigned, pack_unsigned, little}, \
        {'l', 4, 0, unpack_signed, pack_signed, little}, {'L', 4, 0, unpack_unsigned, pack_unsigned, little}, \
        {'q', 8, 0, unpack_signed, pack_signed, little}, {'Q', 8, 0, unpack_unsigned, pack_unsigned, little}, \
        {'?', 1, 0, unpack_bool, pack_bool, little}, {'e', 2, 0, unpack_float, pack_float, little}, \
        {'f', 4, 0, unpack_float, pack_float, little}, {'d', 8, 0, unpack_float, pack_float, little}, \
        {'F', 8, 0, unpack_complex, pack_complex, little}, {'D', 16, 0, unpack_complex, pack_complex, little}, \
    }
static const StructCodec little_codecs[] = STANDARD(true);
static const StructCodec big_codecs[] = STANDARD(false);

const StructCodec *struct_codec(char order, char code)
{
    const StructCodec *table = order == '@' ? native_codecs : order == '<' || order == '=' ? little_codecs : big_codecs;
    size_t n = order == '@' ? COUNT_OF(native_codecs) : COUNT_OF(little_codecs);
    for (size_t i = 0; i < n; i++)
        if (table[i].code == code)
            return &table[i];
    return NULL;
}

// --- items: strings are one value for the whole run ---

static bool pack_text(Thread *t, uint8_t *p, Value v, const StructItem *item)
{
    char code = item->codec->code;
    const uint8_t *data;
    size_t n;
    if (is_bytes(v)) {
        data = as_bytes(v)->data;
        n = as_bytes(v)->length;
    } else if (is_instance_flag(v, TYPE_IS_BYTEARRAY)) {
        data = ((ByteArray *)v)->start;
        n = ((ByteArray *)v)->length;
    } else {
        struct_raise(t, "argument for '%c' must be a bytes object", code);
        return false;
    }
    if (code == 's') {
        memcpy(p, data, size_min(n, item->size));
        return true;
    }
    if (item->size == 0)
        return true;
    n = size_min(n, item->size - 1);
    memcpy(p + 1, data, n);
    p[0] = (uint8_t)size_min(n, 255);
    return true;
}

bool struct_pack_item(Thread *t, uint8_t *p, Value v, const StructItem *item)
{
    return item->codec->pack ? item->codec->pack(t, p, v, item->codec) : pack_text(t, p, v, item);
}

Value struct_unpack_item(Thread *t, const uint8_t *p, const StructItem *item)
{
    const StructCodec *c = item->codec;
    if (c->unpack)
        return c->unpack(t, p, c);
    if (c->code == 's')
        return bytes_new(t, p, item->size);
    return item->size ? bytes_new(t, p + 1, size_min(p[0], item->size - 1)) : bytes_new(t, p, 0);
}
