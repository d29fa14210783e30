// str_hash.h: the keyed hash of byte sequences.
#ifndef ADDER_TYPES_STR_HASH_H
#define ADDER_TYPES_STR_HASH_H

#include "src/core/vm.h"

void hash_key_init(const VMConfig *config);           // before any string is hashed
Hash hash_bytes(const void *data, size_t n);          // hash of bytes, str units, memoryview; never -1
uint64_t siphash13(uint64_t k0, uint64_t k1, const void *data, size_t n);

#endif
