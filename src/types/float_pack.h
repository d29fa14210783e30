// float_pack.h: doubles as IEEE bytes of 2, 4 and 8 bytes. The packers answer false when d is too large for the format.
#ifndef ADDER_TYPES_FLOAT_PACK_H
#define ADDER_TYPES_FLOAT_PACK_H

#include "src/core/base.h"

bool float_pack2(double d, uint8_t *p, bool little);
bool float_pack4(double d, uint8_t *p, bool little);
void float_pack8(double d, uint8_t *p, bool little);
double float_unpack2(const uint8_t *p, bool little);
double float_unpack4(const uint8_t *p, bool little);
double float_unpack8(const uint8_t *p, bool little);

#endif
