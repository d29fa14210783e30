// buffer.h: helpers of exporters. The protocol itself is in bytes.h.
#ifndef ADDER_TYPES_BUFFER_H
#define ADDER_TYPES_BUFFER_H

#include "src/types/bytes.h"

// Fills *out for a flat array of bytes; BufferError "Object is not writable." when the flags want what cannot be given.
MUST_CHECK bool buffer_fill(Thread *t, Buffer *out, Value owner, void *data, size_t n, bool readonly, int flags);
bool buffer_is_contiguous(const Buffer *b, char order);          // 'C', 'F' or 'A'

#endif
