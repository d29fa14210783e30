// int_bytes.c: int.to_bytes and int.from_bytes: two's complement in bytes.
#include "src/types/bytes.h"
#include "src/types/int_internal.h"

// Byte i, counted from the least significant one, of the magnitude.
static inline uint8_t limb_byte(const IntView *x, size_t i)
{
    return i / 8 < x->n ? (uint8_t)(x->limbs[i / 8] >> (i % 8 * 8)) : 0;
}

static bool fits_bytes(Thread *t, Value exact, size_t length, bool is_signed)
{
    int sign = int_sign(exact);
    if (sign < 0 && !is_signed) {
        raise(t, EXC(OverflowError), "can't convert negative int to unsigned");
        return false;
    }
    size_t bits = int_bit_length(exact);
    if (is_signed && sign != 0) {
        if (sign < 0) {                                       // -2**n needs n bits and the sign
            IntView x;
            int_look(exact, &x);
            bool power = (x.limbs[x.n - 1] & (x.limbs[x.n - 1] - 1)) == 0
                && (x.n == 1 || mpn_zero_p(x.limbs, (mp_size_t)x.n - 1));
            bits -= power;
        }
        bits++;
    }
    if (length < SIZE_MAX / 8 && bits > length * 8) {
        raise(t, EXC(OverflowError), "int too big to convert");
        return false;
    }
    return true;
}

Value int_to_bytes(Thread *t, Value exact, size_t length, bool little, bool is_signed)
{
    if (!fits_bytes(t, exact, length, is_signed))
        return 0;
    Bytes *bytes = bytes_alloc(t, length);
    if (!bytes)
        return 0;
    IntView x;
    int_look(exact, &x);
    unsigned carry = 1;
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = limb_byte(&x, i);
        if (x.negative) {
            unsigned sum = (uint8_t)~byte + carry;
            byte = (uint8_t)sum;
            carry = sum >> 8;
        }
        bytes->data[little ? i : length - 1 - i] = byte;
    }
    return value_of(bytes);
}

Value int_from_bytes(Thread *t, const uint8_t *bytes, size_t n, bool little, bool is_signed)
{
    if (n == 0)
        return fixnum(0);
    bool negative = is_signed && bytes[little ? n - 1 : 0] & 0x80;
    size_t limbs = (n + 7) / 8;
    BigInt *big = int_alloc(t, limbs);
    if (!big)
        return 0;
    for (size_t i = 0; i < limbs; i++) {
        mp_limb_t limb = 0;
        for (size_t j = 8; j-- > 0;) {
            size_t at = i * 8 + j;
            uint8_t byte = at < n ? bytes[little ? at : n - 1 - at] : negative ? 0xff : 0;
            limb = limb << 8 | byte;
        }
        big->limbs[i] = limb;
    }
    if (negative)
        mpn_neg(big->limbs, big->limbs, (mp_size_t)limbs);
    return int_finish(big, limbs, negative);
}
