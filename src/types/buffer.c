// buffer.c: the buffer protocol: asking any object for its memory.
#include "src/types/buffer.h"

#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/memoryview.h"

bool buffer_supported(Value v) { return is_object(v) && type_of(v)->slots.get_buffer != NULL; }

bool buffer_get(Thread *t, Value v, Buffer *out, int flags)
{
    GetBufferFn get = is_object(v) ? type_of(v)->slots.get_buffer : NULL;
    if (!get)
        return raise(t, EXC(TypeError), "a bytes-like object is required, not '%.100T'", v);
    memset(out, 0, sizeof *out);
    return get(t, v, out, flags);
}

void buffer_release(Thread *t, Buffer *b)
{
    Value owner = b->owner;
    if (!owner)
        return;
    b->owner = 0;
    ReleaseBufferFn release = type_of(owner)->slots.release_buffer;
    if (release)
        release(t, owner, b);
}

bool buffer_fill(Thread *t, Buffer *out, Value owner, void *data, size_t n, bool readonly, int flags)
{
    if ((flags & BUFFER_WRITABLE) && readonly)
        return raise(t, EXC(BufferError), "Object is not writable.");
    *out = (Buffer){.data = data, .owner = owner, .length = (int64_t)n, .item_size = 1, .readonly = readonly, .ndim = 1,
                    .format = flags & BUFFER_FORMAT ? "B" : NULL};
    return true;
}

bool buffer_is_contiguous(const Buffer *b, char order)
{
    if (b->suboffsets)
        return false;
    if (!b->strides || b->length == 0)
        return order != 'F' || b->ndim <= 1 || b->length == 0 || b->strides;
    bool c = true, f = true;
    int64_t step = b->item_size;
    for (int i = b->ndim - 1; i >= 0; step *= b->shape[i], i--)
        c = c && (b->shape[i] == 1 || b->strides[i] == step);
    step = b->item_size;
    for (int i = 0; i < b->ndim; step *= b->shape[i], i++)
        f = f && (b->shape[i] == 1 || b->strides[i] == step);
    return order == 'C' ? c : order == 'F' ? f : c || f;
}

// --- exporters written in Python ---

void buffer_release_python(Thread *t, Value v, Buffer *b)
{
    Value view = (Value)b->internal;
    if (!view)
        return;
    Value earlier = pending_take(t);
    Value method = special_lookup(t, v, N(__release_buffer__));
    if (method && !call1(t, method, view))
        report_unraisable(t, v, "Exception ignored in __release_buffer__ of %.200T", v);
    else if (is_pending(t))
        pending_clear(t);
    Buffer inner = *b;
    inner.owner = view;
    buffer_release(t, &inner);
    if (!memoryview_release(t, view))
        pending_clear(t);
    if (earlier)
        pending_set(t, earlier);
}
