// zlib.h: what the files of the zlib module share.
#ifndef ADDER_MODULES_ZLIB_H
#define ADDER_MODULES_ZLIB_H

#include <limits.h>
#include <zlib.h>

#include "src/core/lock.h"
#include "src/modules/os_support.h"
#include "src/types/codec.h"
#include "src/types/number.h"

enum { ZLIB_CHUNK = 16 * 1024, ZLIB_QUICK = 5 * 1024, ZLIB_PENDING = -100, DEF_MEM_LEVEL = 8 };

typedef struct ZlibRun {
    z_stream *z;
    int (*step)(z_stream *, int);
    int flush, code;
} ZlibRun;

Value zlib_raise(Thread *t, const z_stream *z, int code, const char *what);   // zlib.error "Error n what: detail"
int zlib_step(Thread *t, z_stream *z, int (*step)(z_stream *, int), int flush);
bool zlib_output_room(Thread *t, BytesBuilder *out, z_stream *z, size_t want);
// Code of zlib, or ZLIB_PENDING: exception pending.
int zlib_run(Thread *t, z_stream *z, int (*step)(z_stream *, int), const uint8_t *data, size_t n, int last_flush, size_t limit,
             BytesBuilder *out, size_t *consumed);

Value zlib_compressobj(Thread *t, const Value *args, size_t nargs);
Value zlib_decompressobj(Thread *t, const Value *args, size_t nargs);

#endif
