// view_items.c: items of memoryviews: one native struct code each; packing, unpacking, comparing views.
#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/ops/ops.h"
#include "src/types/memoryview.h"
#include "src/types/number.h"
#include "src/types/str.h"

int64_t format_item_size(char code)
{
    switch (code) {
    case 'c': case 'b': case 'B': case '?': return 1;
    case 'h': case 'H': case 'e': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': case 'q': case 'Q': case 'n': case 'N': case 'P': case 'd': case 'F': return 8;
    case 'D': return 16;
    }
    return 0;
}

static char format_code(const char *format) { return format[0] == '@' ? format[1] : format[0]; }

bool view_format_is_native(const char *format)
{
    const char *code = format[0] == '@' ? format + 1 : format;
    return code[0] && !code[1] && format_item_size(code[0]) && code[0] != 'F' && code[0] != 'D';
}

// A half float as a double.
static double half_value(uint16_t bits)
{
    int exponent = bits >> 10 & 31;
    double fraction = bits & 1023;
    double value = exponent == 31 ? (fraction ? __builtin_nan("") : __builtin_inf())
                   : exponent     ? __builtin_ldexp(1024 + fraction, exponent - 25)
                                  : __builtin_ldexp(fraction, -24);
    return bits >> 15 ? -value : value;
}

#define LOAD(ctype) ({ ctype v_; memcpy(&v_, item, sizeof v_); v_; })

Value view_unpack(Thread *t, const MemoryView *v, const uint8_t *item)
{
    switch (format_code(v->format)) {
    case 'c': return bytes_new(t, item, 1);
    case 'b': return fixnum(LOAD(int8_t));
    case 'B': return fixnum(*item);
    case '?': return value_bool(*item);
    case 'h': return fixnum(LOAD(int16_t));
    case 'H': return fixnum(LOAD(uint16_t));
    case 'i': return fixnum(LOAD(int32_t));
    case 'I': return fixnum(LOAD(uint32_t));
    case 'l': case 'q': case 'n': return int_from_int64(t, LOAD(int64_t));
    case 'L': case 'Q': case 'N': case 'P': return int_from_uint64(t, LOAD(uint64_t));
    case 'f': return float_new(t, LOAD(float));
    case 'd': return float_new(t, LOAD(double));
    case 'e': return float_new(t, half_value(LOAD(uint16_t)));
    }
    return raise(t, EXC(NotImplementedError), "memoryview: format %s not supported", v->format);
}

static bool pack_signed(Thread *t, const MemoryView *v, uint8_t *item, Value exact, int64_t size)
{
    int64_t i;
    if (!int_to_int64(exact, &i) || (size < 8 && (i < -((int64_t)1 << (8 * size - 1)) || i >= (int64_t)1 << (8 * size - 1))))
        return raise(t, EXC(ValueError), "memoryview: invalid value for format '%s'", v->format);
    memcpy(item, &i, (size_t)size);      // little-endian
    return true;
}

static bool pack_unsigned(Thread *t, const MemoryView *v, uint8_t *item, Value exact, int64_t size)
{
    uint64_t i;
    if (!int_to_uint64(exact, &i) || (size < 8 && i >> (8 * size)))
        return raise(t, EXC(ValueError), "memoryview: invalid value for format '%s'", v->format);
    memcpy(item, &i, (size_t)size);
    return true;
}

static bool pack_type_error(Thread *t, const MemoryView *v)
{
    return raise(t, EXC(TypeError), "memoryview: invalid type for format '%s'", v->format);
}

bool view_pack(Thread *t, const MemoryView *v, uint8_t *item, Value value)
{
    char code = format_code(v->format);
    int64_t size = format_item_size(code);
    double d;
    switch (code) {
    case 'b': case 'h': case 'i': case 'l': case 'q': case 'n':
    case 'B': case 'H': case 'I': case 'L': case 'Q': case 'N': case 'P': {
        Value exact = number_index(t, value);
        if (!exact)
            return pending_clear_if(t, EXC(TypeError)) && pack_type_error(t, v);
        return code >= 'a' ? pack_signed(t, v, item, exact, size) : pack_unsigned(t, v, item, exact, size);
    }
    case '?': {
        int is_true = truth(t, value);
        *item = is_true > 0;
        return is_true >= 0;
    }
    case 'c':
        if (!is_bytes(value))
            return pack_type_error(t, v);
        if (as_bytes(value)->length != 1)
            return raise(t, EXC(ValueError), "memoryview: invalid value for format '%s'", v->format);
        *item = as_bytes(value)->data[0];
        return true;
    case 'f': case 'd': case 'e':
        if (!to_double(t, value, &d))
            return pending_clear_if(t, EXC(TypeError)) && pack_type_error(t, v);
        if (code == 'd') {
            memcpy(item, &d, 8);
        } else if (code == 'f') {
            float f = (float)d;
            memcpy(item, &f, 4);
        } else {
            uint16_t half = float_to_half(d);
            memcpy(item, &half, 2);
        }
        return true;
    }
    return raise(t, EXC(NotImplementedError), "memoryview: format %s not supported", v->format);
}

// Rounds to the nearest half float, ties to even.
uint16_t float_to_half(double d)
{
    uint16_t sign = __builtin_signbit(d) ? 0x8000 : 0;
    d = __builtin_fabs(d);
    if (d != d)
        return sign | 0x7e00;
    int exponent;
    double fraction = __builtin_frexp(d, &exponent);      // d = fraction * 2**exponent, fraction in [0.5, 1)
    if (d == 0)
        return sign;
    if (exponent > 16 || __builtin_isinf(d))
        return sign | 0x7c00;
    if (exponent < -13)
        return sign | (uint16_t)__builtin_rint(__builtin_ldexp(d, 24));
    uint16_t bits = (uint16_t)__builtin_rint((fraction * 2 - 1) * 1024);
    return sign | (uint16_t)(((exponent + 14) << 10) + bits);
}

// --- comparison ---

static const uint8_t *item_at(const MemoryView *v, const uint8_t *base, int dim, int64_t i)
{
    const uint8_t *p = base + v->strides[dim] * i;
    if (v->suboffsets && v->suboffsets[dim] >= 0)
        p = *(uint8_t *const *)p + v->suboffsets[dim];
    return p;
}

// Values of items in formats of the struct module, when a view is not in one native code.
static Value unpack_any(Thread *t, const MemoryView *v, const uint8_t *item, Value unpacker)
{
    if (!unpacker)
        return view_unpack(t, v, item);
    Value data = bytes_new(t, item, (size_t)v->item_size);
    return data ? call1(t, unpacker, data) : 0;
}

typedef struct Comparison {
    const MemoryView *a, *b;
    Value unpack_a, unpack_b;
    bool same_bytes;      // equal formats whose items are equal when their bytes are
} Comparison;

static int dimension_equal(Thread *t, const Comparison *c, const uint8_t *p, const uint8_t *q, int dim)
{
    if (dim == c->a->ndim) {
        if (c->same_bytes)
            return memcmp(p, q, (size_t)c->a->item_size) == 0;
        Value x = unpack_any(t, c->a, p, c->unpack_a), y = x ? unpack_any(t, c->b, q, c->unpack_b) : 0;
        return y ? compare_bool(t, x, y, CMP_EQ) : -1;
    }
    for (int64_t i = 0; i < c->a->shape[dim]; i++) {
        int same = dimension_equal(t, c, item_at(c->a, p, dim, i), item_at(c->b, q, dim, i), dim + 1);
        if (same <= 0)
            return same;
    }
    return 1;
}

// The unpack method of struct.Struct(format); 0 with nothing pending when the format is native or unknown (*unknown).
static Value struct_unpacker(Thread *t, const MemoryView *v, bool *unknown)
{
    *unknown = false;
    if (view_format_is_native(v->format))
        return 0;
    Value module = hooks.import_module(t, "struct");
    Value name = module ? str_from_cstr(t, "Struct") : 0;
    Value type = name ? attr_get(t, module, name) : 0;
    Value format = type ? str_from_cstr(t, v->format) : 0;
    Value made = format ? call1(t, type, format) : 0;
    Value unpack = made ? attr_get(t, made, str_from_cstr(t, "unpack")) : 0;
    if (!unpack) {
        pending_clear(t);
        *unknown = true;
    }
    return unpack;
}

int view_equal(Thread *t, const MemoryView *a, const MemoryView *b)
{
    if (a->ndim != b->ndim)
        return 0;
    for (int i = 0; i < a->ndim; i++) {
        if (a->shape[i] != b->shape[i])
            return 0;
        if (a->shape[i] == 0)
            break;
    }
    bool unknown_a, unknown_b;
    Comparison c = {.a = a, .b = b};
    c.unpack_a = struct_unpacker(t, a, &unknown_a);
    c.unpack_b = struct_unpacker(t, b, &unknown_b);
    if (unknown_a || unknown_b)
        return 0;
    char code = format_code(a->format);
    c.same_bytes = !c.unpack_a && !c.unpack_b && code == format_code(b->format) && code != 'f' && code != 'd' && code != 'e' && code != '?';
    return dimension_equal(t, &c, a->data, b->data, 0);
}
