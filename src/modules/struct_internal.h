// struct_internal.h: _struct: formats taken apart, and the codecs of their items.
#ifndef ADDER_MODULES_STRUCT_INTERNAL_H
#define ADDER_MODULES_STRUCT_INTERNAL_H

#include "src/core/error.h"

// How one format character is read and written. `size` bytes at p.
typedef struct StructCodec {
    char code;
    uint8_t size, alignment;
    Value (*unpack)(Thread *t, const uint8_t *p, const struct StructCodec *codec);
    bool (*pack)(Thread *t, uint8_t *p, Value v, const struct StructCodec *codec);
    bool little;
} StructCodec;

const StructCodec *struct_codec(char order, char code);     // order: '@' '=' '<' '>' '!'; null: not in that order

// One run of the format.
typedef struct StructItem {
    const StructCodec *codec;
    size_t offset, size;          // size of one; for s and p of the whole
    size_t repeat;
} StructItem;

extern Value struct_error;                                  // struct.error
Value struct_raise(Thread *t, const char *format, ...);

// Packs v, saying what is wrong with it in struct's words.
MUST_CHECK bool struct_pack_item(Thread *t, uint8_t *p, Value v, const StructItem *item);
Value struct_unpack_item(Thread *t, const uint8_t *p, const StructItem *item);

#endif
