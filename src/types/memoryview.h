// memoryview.h: MemoryView, a typed, shaped view of another object's memory.
#ifndef ADDER_TYPES_MEMORYVIEW_H
#define ADDER_TYPES_MEMORYVIEW_H

#include "src/types/bytes.h"

enum { VIEW_DIMENSIONS_MAX = 64 };

// The one request to the exporter that all views made from a view share. Guard of `views` and `buffer`: the object's lock.
typedef struct ViewSource {
    Object head;
    Buffer buffer;
    int64_t views;       // open views; the buffer is released with the last
    bool released;
    ReleaseBufferFn release;   // of the type whose get_buffer filled `buffer`; null: nothing to do
} ViewSource;

// Fields are immutable but for `released` and `exports` (the object's lock) and `hash` (relaxed).
typedef struct MemoryView {
    Object head;
    ViewSource *source;
    uint8_t *data;
    int64_t length, item_size;      // bytes
    const char *format;             // never null
    int ndim;
    bool readonly, released;
    int64_t *shape, *strides, *suboffsets;   // collected, ndim long; suboffsets may be null
    int64_t exports;                // buffers handed out by this view
    Hash hash;                      // -1 until computed
} MemoryView;

static inline MemoryView *as_view(Value v) { return (MemoryView *)v; }
MUST_CHECK bool memoryview_release(Thread *t, Value view);
Value memoryview_bytes_of(Thread *t, Value exporter);            // contents of any exporter in C order, as bytes
MUST_CHECK bool view_check(Thread *t, const MemoryView *v);      // ValueError when released
bool view_is_contiguous(const MemoryView *v, char order);
void view_copy_out(const MemoryView *v, uint8_t *out, char order);     // all items, in C or F order
MUST_CHECK bool view_copy_items(Thread *t, const MemoryView *to, const MemoryView *from);   // same shape and format
// view_items.c
bool view_format_is_native(const char *format);                  // one native type code, with optional @
Value view_unpack(Thread *t, const MemoryView *v, const uint8_t *item);
MUST_CHECK bool view_pack(Thread *t, const MemoryView *v, uint8_t *item, Value value);
int64_t format_item_size(char code);                             // 0: unknown
uint16_t float_to_half(double d);
int view_equal(Thread *t, const MemoryView *a, const MemoryView *b);
// memoryview.c
MemoryView *view_new_like(Thread *t, const MemoryView *v, int ndim);   // shares the source; shape and strides unfilled
Value view_getitem(Thread *t, Value self, Value key);            // view_index.c
bool view_setitem(Thread *t, Value self, Value key, Value value);
Value view_cast(Thread *t, MemoryView *v, Value format, Value shape);
Value view_tolist(Thread *t, const MemoryView *v);
extern Type type_view_source;

#endif
