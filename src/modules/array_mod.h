// array_mod.h: array.array: what its files share.
#ifndef ADDER_MODULES_ARRAY_MOD_H
#define ADDER_MODULES_ARRAY_MOD_H

#include "src/core/lock.h"
#include "src/core/native.h"
#include "src/ops/ops.h"

enum { ITEM_BYTES_MAX = 8 };

// One typecode. `read` makes a value of an item, `write` an item of a value: false with an exception pending.
typedef struct ArrayKind {
    char typecode;
    uint8_t size;                 // bytes per item
    bool is_signed;
    const char *format;           // for buffers
    int machine_format;           // code in pickles; little-endian machines
    Value (*read)(Thread *t, const void *item);
    bool (*write)(Thread *t, Value value, void *item);
} ArrayKind;

const ArrayKind *array_kind(uint32_t typecode);        // null: no such typecode
const ArrayKind *array_kind_of_int(size_t size, bool is_signed);
extern const char array_typecodes[];
static inline bool is_text_kind(const ArrayKind *kind) { return kind->typecode == 'u' || kind->typecode == 'w'; }

// Guard: the object's lock for all fields but kind, which is fixed.
typedef struct Array {
    Object head;
    const ArrayKind *kind;
    uint8_t *data;                // atomic memory; null while empty
    size_t length, capacity;      // items
    int64_t exports;              // buffers handed out: no resizing while > 0
} Array;

static inline Array *as_array(Value v) { return (Array *)v; }
static inline bool is_array(Value v) { return is_object(v) && type_is_subtype(type_of(v), &type_array); }
size_t array_length(const Array *a);
Array *array_new(Thread *t, Type *cls, const ArrayKind *kind);
// Replaces items [start, start + removed) by `added` items of the array's kind; null source: zeros. BufferError when exported.
MUST_CHECK bool array_splice(Thread *t, Array *a, size_t start, size_t removed, const void *items, size_t added);
MUST_CHECK bool array_append(Thread *t, Array *a, Value value);
MUST_CHECK bool array_append_bytes(Thread *t, Array *a, const void *bytes, size_t n);   // ValueError unless whole items
MUST_CHECK bool array_extend(Thread *t, Array *a, Value iterable);
MUST_CHECK bool array_append_text(Thread *t, Array *a, Value text);
Value array_get(Thread *t, Array *a, size_t i);        // 0 without an exception: out of range
uint8_t *array_snapshot(Thread *t, Array *a, size_t *out_n);   // collected copy of the items
Value array_to_list(Thread *t, Array *a);
Value array_to_text(Thread *t, Array *a);
Value array_reconstruct(Thread *t, const Value *args, size_t nargs);
extern const NativeDef array_methods[];

#endif
