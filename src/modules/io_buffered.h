// io_buffered.h: methods that the buffered classes share.
#ifndef ADDER_MODULES_IO_BUFFERED_H
#define ADDER_MODULES_IO_BUFFERED_H

#include "src/modules/io.h"

int64_t buffered_raw_read(Thread *t, Buffered *b, uint8_t *data, int64_t n);          // n, -1 error, -2 would block
int64_t buffered_raw_write(Thread *t, Buffered *b, const uint8_t *data, int64_t n);

Value buffered_flush(Thread *t, const Value *args, size_t nargs);
Value buffered_close(Thread *t, const Value *args, size_t nargs);
Value buffered_detach(Thread *t, const Value *args, size_t nargs);
Value buffered_seekable(Thread *t, const Value *args, size_t nargs);
Value buffered_readable(Thread *t, const Value *args, size_t nargs);
Value buffered_writable(Thread *t, const Value *args, size_t nargs);
Value buffered_fileno(Thread *t, const Value *args, size_t nargs);
Value buffered_isatty(Thread *t, const Value *args, size_t nargs);
Value buffered_dealloc_warn(Thread *t, const Value *args, size_t nargs);
Value buffered_sizeof(Thread *t, const Value *args, size_t nargs);
Value buffered_tell(Thread *t, const Value *args, size_t nargs);
Value buffered_seek(Thread *t, const Value *args, size_t nargs);
Value buffered_truncate(Thread *t, const Value *args, size_t nargs);
Value buffered_repr(Thread *t, Value self);

// io_buffered_read.c
Value buffered_read(Thread *t, const Value *args, size_t nargs);
Value buffered_read1(Thread *t, const Value *args, size_t nargs);
Value buffered_peek(Thread *t, const Value *args, size_t nargs);
Value buffered_readinto(Thread *t, const Value *args, size_t nargs);
Value buffered_readinto1(Thread *t, const Value *args, size_t nargs);
Value buffered_readline(Thread *t, const Value *args, size_t nargs);
Value buffered_iter(Thread *t, Value self);
Value buffered_next(Thread *t, Value self);

extern const GetSetDef buffered_getsets[];
extern const MemberDef buffered_members[];

// Rows that all three method tables have.
#define BUFFERED_COMMON_METHODS                                                                                          \
    {"flush", buffered_flush, "($self, /)", NULL}, {"close", buffered_close, "($self, /)", NULL},                          \
        {"detach", buffered_detach, "($self, /)", NULL}, {"seekable", buffered_seekable, "($self, /)", NULL},               \
        {"fileno", buffered_fileno, "($self, /)", NULL}, {"isatty", buffered_isatty, "($self, /)", NULL},                   \
        {"_dealloc_warn", buffered_dealloc_warn, "($self, source, /)", NULL},                                               \
        {"tell", buffered_tell, "($self, /)", NULL}, {"seek", buffered_seek, "($self, target, whence=0, /)", NULL},         \
        {"truncate", buffered_truncate, "($self, pos=None, /)", NULL},                                                      \
        {"__sizeof__", buffered_sizeof, "($self, /)", NULL}, {"__getstate__", io_not_picklable, "($self, /)", NULL}

#define BUFFERED_READ_METHODS                                                                                            \
    {"read", buffered_read, "($self, size=-1, /)", NULL}, {"read1", buffered_read1, "($self, size=-1, /)", NULL},          \
        {"peek", buffered_peek, "($self, size=0, /)", NULL},                                                                \
        {"readinto", buffered_readinto, "($self, buffer, /)", NULL},                                                        \
        {"readinto1", buffered_readinto1, "($self, buffer, /)", NULL},                                                      \
        {"readline", buffered_readline, "($self, size=-1, /)", NULL}, {"readable", buffered_readable, "($self, /)", NULL}

#endif
