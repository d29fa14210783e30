// io.h: what the files of the _io module share.
//
// Every stream object has an IoLock: methods that touch its fields hold it, also while they call the stream below. It is
// reentrant, as user code called below may come back; code that lets user code run must not trust fields across the call.
//
// Streams die by finalisers, which run in any order. So a wrapper that is finished itself adopts what it wraps: the inner
// stream's own finaliser is taken away, and the wrapper's closes everything from the outside in (io_adopt, io_release).
#ifndef ADDER_MODULES_IO_H
#define ADDER_MODULES_IO_H

#include "src/core/lock.h"
#include "src/core/vm.h"
#include "src/modules/os_support.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

enum { IO_BUFFER_SIZE = 128 * 1024, IO_TEXT_CHUNK = 8192 };

// A reentrant lock. owner and depth belong to whoever holds the mutex; owner is read relaxed by others.
typedef struct IoLock {
    Mutex mutex;
    uint32_t depth;
    Thread *owner;
} IoLock;
static inline void io_lock(Thread *t, IoLock *lock)
{
    if (load_relaxed(&lock->owner) != t) {
        mutex_lock(&lock->mutex);
        store_relaxed(&lock->owner, t);
    }
    lock->depth++;
}
static inline void io_unlock(IoLock *lock)
{
    if (--lock->depth)
        return;
    store_relaxed(&lock->owner, (Thread *)NULL);
    mutex_unlock(&lock->mutex);
}

typedef struct IOBase {
    Object head;
    AttrArea attributes;
} IOBase;

// Guard of the mutable fields: single words, changed by open and close only.
typedef struct FileIO {
    Object head;
    int fd;                      // -1: closed or not opened yet
    bool created, readable, writable, appending, closefd, finalizing;
    int8_t seekable;             // -1: not known yet
    int64_t block_size;          // preferred size of transfers; 0: unknown
    int64_t size_hint;           // size when opened, -1: unknown
    AttrArea attributes;
} FileIO;

// BufferedReader, BufferedWriter, BufferedRandom. Guard: lock. Either there is unread data or pending output, never both.
typedef struct Buffered {
    Object head;
    IoLock lock;
    Value raw;                   // 0: not initialised, or detached
    bool ok, detached, readable, writable, finalizing;
    bool raw_is_file;            // raw is exactly a FileIO and this exactly a builtin class: no method calls needed
    uint8_t *data;               // atomic memory of `size` bytes, made when first needed
    int64_t size;
    int64_t read_at, read_end;   // unread data: data[read_at, read_end)
    int64_t write_end;           // pending output: data[0, write_end)
    int64_t position;            // of the raw stream; -1: unknown
    uintptr_t next_live, previous_live;   // see io_live_add; complemented; guard: the list's mutex
    AttrArea attributes;
} Buffered;

// Bytes of the stream. `bytes` may be shared with the results of getvalue: written only while it is not. Guard: lock
typedef struct BytesIO {
    Object head;
    IoLock lock;
    Bytes *bytes;                // capacity bytes->length; null once closed
    int64_t length, position;
    bool shared;                 // somebody else may hold `bytes`
    int64_t exports;             // buffers of getbuffer() in use
    AttrArea attributes;
} BytesIO;

typedef enum Newline { NEWLINE_UNIVERSAL, NEWLINE_EMPTY, NEWLINE_LF, NEWLINE_CR, NEWLINE_CRLF } Newline;
enum { SEEN_CR = 1, SEEN_LF = 2, SEEN_CRLF = 4 };

// Text of the stream in units as wide as the widest character so far needs. Guard: lock
typedef struct StringIO {
    Object head;
    IoLock lock;
    void *units;                 // atomic memory; null until needed
    int unit;                    // bytes per unit: 1, 2, 4
    int64_t capacity, length, position;   // in characters
    Newline newline;
    bool ok, closed, read_universal, read_translate;
    uint8_t seen;
    Value decoder;               // IncrementalNewlineDecoder, or 0
    AttrArea attributes;
} StringIO;

typedef struct NewlineDecoder {
    Object head;
    Value decoder;               // NONE: input is text already; 0: not initialised
    Value errors;
    bool pending_cr, translate;
    uint8_t seen;                // SEEN_* bits
} NewlineDecoder;

typedef enum TextCodec { TEXT_OTHER, TEXT_UTF8, TEXT_ASCII, TEXT_LATIN1 } TextCodec;

// Guard: lock
typedef struct TextIO {
    Object head;
    IoLock lock;
    Value buffer;                // 0: not initialised, or detached
    Value encoding, errors;      // Str
    const char *errors_name;     // text of errors, collected; null: strict
    Value encoder, decoder;      // codec objects of TEXT_OTHER; 0 when not needed
    TextCodec codec;             // a native codec, or TEXT_OTHER: through encoder and decoder
    Newline newline;
    bool ok, detached, line_buffering, write_through, read_universal, read_translate, write_translate;
    bool seekable, telling, has_read1, finalizing, encoding_start;   // encoding_start: a byte order mark is still to be written
    bool can_read, can_write;
    bool buffer_is_native;       // buffer is exactly a native Buffered* object
    uint8_t seen;                // newlines seen by the native decoder
    bool pending_cr;             // native decoder: a CR was held back
    uint8_t partial[4];          // native decoder: bytes of an unfinished character
    uint8_t partial_length;
    int64_t chunk_size;
    uint8_t *pending;            // encoded output not yet handed to buffer; atomic memory
    size_t pending_length, pending_capacity;
    Value decoded;               // Str decoded but not read, or 0
    size_t decoded_used;
    Value snapshot_flags;        // decoder state before the last chunk: (flags, bytes) of the snapshot; 0: none
    Value snapshot_bytes;
    double bytes_per_char;
    uintptr_t next_live, previous_live;
    AttrArea attributes;
} TextIO;

typedef struct RWPair {
    Object head;
    Value reader, writer;
    AttrArea attributes;
} RWPair;

// io_mod.c
Value io_unsupported(Thread *t, const char *message);        // raises io.UnsupportedOperation
Value io_closed_error(Thread *t);                            // ValueError "I/O operation on closed file."
Value io_open(Thread *t, Value file, const char *mode, int64_t buffering, Value encoding, Value errors, Value newline,
              bool closefd, Value opener);

// io_stdio.c
MUST_CHECK bool io_boot_stdio(Thread *t);                   // builtins.open, sys.stdin, stdout, stderr

// io_base.c
bool io_is_stream(Value v);
int io_is_closed(Thread *t, Value stream);                   // truth of stream.closed; -1: error
Value io_check_closed(Thread *t, Value stream, const char *message);   // NONE, or 0: ValueError
Value io_check_readable(Thread *t, Value stream);
Value io_check_writable(Thread *t, Value stream);
Value io_check_seekable(Thread *t, Value stream);
Value io_method(Thread *t, Value stream, const char *name);  // stream.name()
void io_finalize(Thread *t, Value stream);                   // the finalize slot of all streams
void io_adopt(Value inner);
void io_release(Value inner);
Value io_repr_named(Thread *t, Value stream, const char *extra_format, Value extra);
MUST_CHECK bool io_size_arg(Thread *t, Value v, int64_t *out);   // None, absent → -1
Value io_not_picklable(Thread *t, const Value *args, size_t nargs);   // __getstate__

// Streams that may hold output when the program ends: flushed by io_flush_all. Only instances of exactly the builtin classes.
void io_live_add(Value stream);
void io_live_remove(Value stream);
void io_flush_all(Thread *t);

// io_file.c: below, n ≥ 0 bytes, -1 error pending, -2 would block.
int64_t file_read_into(Thread *t, FileIO *f, uint8_t *data, int64_t n);
int64_t file_write_from(Thread *t, FileIO *f, const uint8_t *data, int64_t n);
int64_t file_seek_to(Thread *t, FileIO *f, int64_t offset, int whence);   // -1: error
Value file_read_rest(Thread *t, FileIO *f);                  // Bytes or NONE
FileIO *file_open(Thread *t, Value file, const char *mode, bool closefd, Value opener);
Value file_mode(const FileIO *f, Thread *t);

// io_buffered.c, io_buffered_write.c
Value buffered_open(Thread *t, Type *type, Value raw, int64_t size);
Value buffered_read1_native(Thread *t, Buffered *b, int64_t n);           // Bytes
Value buffered_read_all_native(Thread *t, Buffered *b);
MUST_CHECK bool buffered_write_native(Thread *t, Buffered *b, const uint8_t *data, size_t n);
MUST_CHECK bool buffered_flush_native(Thread *t, Buffered *b);
bool buffered_check(Thread *t, Buffered *b);                               // initialised and not detached
bool buffered_check_open(Thread *t, Buffered *b, const char *message);
bool buffered_enter(Thread *t, Buffered *b);                               // takes the lock; RuntimeError when this thread is inside already
static inline void buffered_leave(Buffered *b) { io_unlock(&b->lock); }
MUST_CHECK bool buffered_flush_unlocked(Thread *t, Buffered *b);           // the lock is held
int64_t buffered_raw_seek(Thread *t, Buffered *b, int64_t target, int whence);
int64_t buffered_raw_tell(Thread *t, Buffered *b);
bool buffered_data_ready(Thread *t, Buffered *b);                          // allocates data
MUST_CHECK bool buffered_forget_read(Thread *t, Buffered *b);              // moves the raw stream back to where reading stands
Value buffered_write_method(Thread *t, const Value *args, size_t nargs);
MUST_CHECK bool buffered_init_common(Thread *t, Buffered *b, Value raw, int64_t size);

// io_newline.c
Value newline_decode(Thread *t, NewlineDecoder *d, Value input, bool final);
// Applies newline translation to text that was decoded: the shared heart of the decoder and of TextIOWrapper.
Value newline_translate(Thread *t, Value text, bool translate, bool final, bool *pending_cr, uint8_t *seen);
Value newline_seen_value(Thread *t, uint8_t seen);
Value newline_decoder_new(Thread *t, Value decoder, bool translate);
MUST_CHECK bool newline_arg(Thread *t, Value v, Newline *out, bool *is_none);
// Length of the first line of the units [start, end), line end included; -1: no line end there.
// NEWLINE_UNIVERSAL stands for translated text (\n ends lines), NEWLINE_EMPTY for \n, \r and \r\n.
int64_t line_length(const void *data, int unit, size_t start, size_t end, Newline newline);

// io_string.c, io_text*.c
Value text_open(Thread *t, Value buffer, Value encoding, Value errors, Value newline, bool line_buffering, bool write_through);
MUST_CHECK bool text_write_str(Thread *t, TextIO *x, Value text);
// A TextIOWrapper whose write is the class's own: text_write_str may stand for it.
static inline bool io_is_plain_text(Value v)
{
    return is_exactly(v, &type_textio) && !instance_get(as_object(v), N(write));
}
MUST_CHECK bool text_flush_pending(Thread *t, TextIO *x);     // pending output → buffer
bool text_check_attached(Thread *t, TextIO *x);
bool text_check(Thread *t, TextIO *x, const char *closed_message);   // initialised, attached, not closed
MUST_CHECK bool text_set_codec(Thread *t, TextIO *x, Value encoding, Value errors);
MUST_CHECK bool text_make_encoder(Thread *t, TextIO *x);
MUST_CHECK bool text_make_decoder(Thread *t, TextIO *x);
void text_set_newline(TextIO *x, Newline newline, bool is_none);
MUST_CHECK bool text_fix_encoder(Thread *t, TextIO *x);
Value text_encode(Thread *t, TextIO *x, Value text);          // Bytes
Value text_decode(Thread *t, TextIO *x, const uint8_t *data, size_t n, Value object, bool final);
MUST_CHECK bool text_decoder_reset(Thread *t, TextIO *x);
MUST_CHECK bool text_decoder_get_state(Thread *t, TextIO *x, Value *out_bytes, int64_t *out_flags);
MUST_CHECK bool text_decoder_set_state(Thread *t, TextIO *x, Value bytes, int64_t flags);
Value text_default_encoding(Thread *t);
// The methods of TextIOWrapper that stand in io_text_read.c, io_text_write.c and io_text_seek.c.
Value text_read(Thread *t, const Value *args, size_t nargs);
Value text_readline(Thread *t, const Value *args, size_t nargs);
Value text_write(Thread *t, const Value *args, size_t nargs);
Value text_flush(Thread *t, const Value *args, size_t nargs);
Value text_close(Thread *t, const Value *args, size_t nargs);
Value text_truncate(Thread *t, const Value *args, size_t nargs);
Value text_detach(Thread *t, const Value *args, size_t nargs);
Value text_tell(Thread *t, const Value *args, size_t nargs);
Value text_seek(Thread *t, const Value *args, size_t nargs);
Value text_next_line(Thread *t, Value self);
void text_drop_decoded(TextIO *x);

#endif
