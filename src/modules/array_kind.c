// array_kind.c: the typecodes of array.array: how items are read and written.
#include <wchar.h>

#include "src/modules/array_mod.h"
#include "src/types/number.h"
#include "src/types/str.h"

#define READ_INT(name, c_type, make)                                                   \
    static Value read_##name(Thread *t, const void *item)                              \
    {                                                                                  \
        c_type v;                                                                      \
        memcpy(&v, item, sizeof v);                                                    \
        return make(t, v);                                                             \
    }
READ_INT(i8, int8_t, int_from_int64)
READ_INT(u8, uint8_t, int_from_int64)
READ_INT(i16, int16_t, int_from_int64)
READ_INT(u16, uint16_t, int_from_int64)
READ_INT(i32, int32_t, int_from_int64)
READ_INT(u32, uint32_t, int_from_int64)
READ_INT(i64, int64_t, int_from_int64)
READ_INT(u64, uint64_t, int_from_uint64)
READ_INT(float, float, float_new)
READ_INT(double, double, float_new)
static Value char_from_item(Thread *t, uint32_t v)
{
    return v <= 0x10ffff ? str_from_char(t, v) : raise(t, EXC(ValueError), "chr() arg not in range(0x110000)");
}
READ_INT(char, uint32_t, char_from_item)

static bool overflow(Thread *t, const char *message)
{
    return raise(t, EXC(OverflowError), "%s", message) != 0;
}

// A signed value within [low, high]; messages name the C type.
static bool small_int(Thread *t, Value value, int64_t low, int64_t high, const char *what, int64_t *out)
{
    Value exact = number_index(t, value);
    if (!exact)
        return false;
    if (!int_to_int64(exact, out))
        *out = int_sign(exact) < 0 ? INT64_MIN : INT64_MAX;
    if (*out < low)
        return raise(t, EXC(OverflowError), "%s is less than minimum", what) != 0;
    if (*out > high)
        return raise(t, EXC(OverflowError), "%s is greater than maximum", what) != 0;
    return true;
}

#define WRITE_SMALL(name, c_type, low, high, what)                                     \
    static bool write_##name(Thread *t, Value value, void *item)                       \
    {                                                                                  \
        int64_t wide;                                                                  \
        if (!small_int(t, value, low, high, what, &wide))                              \
            return false;                                                              \
        c_type v = (c_type)wide;                                                       \
        memcpy(item, &v, sizeof v);                                                    \
        return true;                                                                   \
    }
WRITE_SMALL(i8, int8_t, INT8_MIN, INT8_MAX, "signed char")
WRITE_SMALL(u8, uint8_t, 0, UINT8_MAX, "unsigned byte integer")
WRITE_SMALL(i16, int16_t, INT16_MIN, INT16_MAX, "signed short integer")
WRITE_SMALL(u16, uint16_t, 0, UINT16_MAX, "unsigned short")
WRITE_SMALL(i32, int32_t, INT32_MIN, INT32_MAX, "signed integer")

static bool write_u32(Thread *t, Value value, void *item)
{
    Value exact = number_index(t, value);
    if (!exact)
        return false;
    if (int_sign(exact) < 0)
        return overflow(t, "can't convert negative value to unsigned int");
    uint64_t wide;
    if (!int_to_uint64(exact, &wide))
        return overflow(t, "Python int too large to convert to C unsigned long");
    if (wide > UINT32_MAX)
        return overflow(t, "unsigned int is greater than maximum");
    uint32_t v = (uint32_t)wide;
    memcpy(item, &v, sizeof v);
    return true;
}

static bool write_signed64(Thread *t, Value value, void *item, const char *too_large)
{
    Value exact = number_index(t, value);
    int64_t v;
    if (!exact)
        return false;
    if (!int_to_int64(exact, &v))
        return overflow(t, too_large);
    memcpy(item, &v, sizeof v);
    return true;
}

static bool write_unsigned64(Thread *t, Value value, void *item, const char *negative, const char *too_large)
{
    Value exact = number_index(t, value);
    uint64_t v;
    if (!exact)
        return false;
    if (int_sign(exact) < 0)
        return overflow(t, negative);
    if (!int_to_uint64(exact, &v))
        return overflow(t, too_large);
    memcpy(item, &v, sizeof v);
    return true;
}

static bool write_long(Thread *t, Value value, void *item)
{
    return write_signed64(t, value, item, "Python int too large to convert to C long");
}

static bool write_ulong(Thread *t, Value value, void *item)
{
    return write_unsigned64(t, value, item, "can't convert negative value to unsigned int",
                            "Python int too large to convert to C unsigned long");
}

static bool write_long_long(Thread *t, Value value, void *item)
{
    return write_signed64(t, value, item, "int too big to convert");
}

static bool write_ulong_long(Thread *t, Value value, void *item)
{
    return write_unsigned64(t, value, item, "can't convert negative int to unsigned", "int too big to convert");
}

static bool write_float(Thread *t, Value value, void *item)
{
    double wide;
    if (!to_double(t, value, &wide))
        return false;
    float v = (float)wide;
    memcpy(item, &v, sizeof v);
    return true;
}

static bool write_double(Thread *t, Value value, void *item)
{
    double v;
    if (!to_double(t, value, &v))
        return false;
    memcpy(item, &v, sizeof v);
    return true;
}

static bool write_char(Thread *t, Value value, void *item)
{
    if (!is_str(value))
        return raise(t, EXC(TypeError), "array item must be a unicode character, not %T", value) != 0;
    if (as_str(value)->length != 1)
        return raise(t, EXC(TypeError), "array item must be a unicode character, not a string of length %lu",
                     (uint64_t)as_str(value)->length) != 0;
    uint32_t v = str_at(as_str(value), 0);
    memcpy(item, &v, sizeof v);
    return true;
}

static_assert(sizeof(wchar_t) == 4, "typecode u holds code points");

static const ArrayKind kinds[] = {
    {'b', 1, true, "b", 1, read_i8, write_i8},
    {'B', 1, false, "B", 0, read_u8, write_u8},
    {'u', 4, false, "u", 20, read_char, write_char},
    {'w', 4, false, "w", 20, read_char, write_char},
    {'h', 2, true, "h", 4, read_i16, write_i16},
    {'H', 2, false, "H", 2, read_u16, write_u16},
    {'i', 4, true, "i", 8, read_i32, write_i32},
    {'I', 4, false, "I", 6, read_u32, write_u32},
    {'l', 8, true, "l", 12, read_i64, write_long},
    {'L', 8, false, "L", 10, read_u64, write_ulong},
    {'q', 8, true, "q", 12, read_i64, write_long_long},
    {'Q', 8, false, "Q", 10, read_u64, write_ulong_long},
    {'f', 4, true, "f", 14, read_float, write_float},
    {'d', 8, true, "d", 16, read_double, write_double},
};

const char array_typecodes[] = "bBuwhHiIlLqQfd";

const ArrayKind *array_kind(uint32_t typecode)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if ((uint32_t)kinds[i].typecode == typecode)
            return &kinds[i];
    return NULL;
}

const ArrayKind *array_kind_of_int(size_t size, bool is_signed)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        bool is_int = !is_text_kind(&kinds[i]) && kinds[i].typecode != 'f' && kinds[i].typecode != 'd';
        if (is_int && kinds[i].size == size && kinds[i].is_signed == is_signed)
            return &kinds[i];
    }
    return NULL;
}
