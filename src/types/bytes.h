// bytes.h: bytes, bytearray, memoryview and the buffer protocol.
#ifndef ADDER_TYPES_BYTES_H
#define ADDER_TYPES_BYTES_H

#include "src/core/type.h"

// Immutable; atomic memory. data[length] is 0.
typedef struct Bytes {
    Object head;
    Hash hash;                    // 0 until computed; relaxed
    size_t length;
    uint8_t data[];
} Bytes;

// Storage of a bytearray: replaced, never shrunk in place while exported.
typedef struct ByteArray {
    Object head;
    uint8_t *start;               // first byte (may lie inside the block after del from the front)
    size_t length, capacity;      // guard: the object's lock for all fields
    uint8_t *block;
    int64_t exports;              // buffers handed out: no resizing while > 0 ("Existing exports of data: object cannot be re-sized")
} ByteArray;

// A filled buffer request. The exporter keeps `owner` alive; release with buffer_release.
struct Buffer {
    void *data;
    Value owner;                  // the exporting object
    int64_t length;               // bytes
    int64_t item_size;
    bool readonly;
    int ndim;                     // ≤ 64
    const char *format;           // struct-module text; null means "B"
    int64_t *shape, *strides, *suboffsets;   // collected memory or fields of owner; may be null
    void *internal;
};

enum BufferFlag { BUFFER_SIMPLE = 0, BUFFER_WRITABLE = 1, BUFFER_FORMAT = 4, BUFFER_ND = 8, BUFFER_STRIDES = 0x10 | 8, BUFFER_INDIRECT = 0x100 | 0x18,
                  BUFFER_C_CONTIGUOUS = 0x20 | 0x18, BUFFER_F_CONTIGUOUS = 0x40 | 0x18, BUFFER_ANY_CONTIGUOUS = 0x80 | 0x18, BUFFER_FULL_RO = 0x11c };

bool buffer_supported(Value v);
MUST_CHECK bool buffer_get(Thread *t, Value v, Buffer *out, int flags);   // TypeError "a bytes-like object is required, not 'T'"
void buffer_release(Thread *t, Buffer *b);

Value bytes_new(Thread *t, const void *data, size_t n);
MUST_CHECK Bytes *bytes_alloc(Thread *t, size_t n);               // unfilled
static inline Bytes *as_bytes(Value v) { return (Bytes *)v; }
extern Value bytes_empty;
bool bytes_boot(Thread *t);
Value bytes_join(Thread *t, Value separator, Value iterable);
Value bytes_repr(Thread *t, const uint8_t *data, size_t n);
Value bytearray_new(Thread *t, const void *data, size_t n);
Value memoryview_new(Thread *t, Value exporter);
Value memoryview_from_slot(Thread *t, Value exporter, GetBufferFn get, int flags);   // through one type's own get_buffer
void buffer_release_python(Thread *t, Value v, Buffer *b);     // calls v.__release_buffer__ with the view kept in b->internal

#endif
