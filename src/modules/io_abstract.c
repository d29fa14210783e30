// io_abstract.c: _RawIOBase, _BufferedIOBase and _TextIOBase: what their methods do in terms of others.
#include "src/core/hooks.h"
#include "src/modules/io.h"
#include "src/types/codec.h"

// --- _RawIOBase ---

static Value raw_read(Thread *t, const Value *args, size_t nargs)
{
    int64_t n = -1;
    if (args[1] && !to_int64(t, args[1], &n))
        return 0;
    if (n < 0)
        return io_method(t, args[0], "readall");
    Value size = fixnum(n);
    Value room = call1(t, value_of(&type_bytearray), size);
    Value got = room ? call_method1(t, args[0], str_intern_cstr(t, "readinto"), room) : 0;
    if (!got || got == NONE)
        return got;
    int64_t count;
    if (!to_int64(t, got, &count))
        return 0;
    const ByteArray *bytes = (ByteArray *)room;
    if (count < 0 || count > n || (size_t)count > bytes->length)
        return raise(t, EXC(ValueError), "readinto returned %ld outside buffer size %ld", count, (int64_t)bytes->length);
    return bytes_new(t, bytes->start, (size_t)count);
}

static Value raw_readall(Thread *t, const Value *args, size_t nargs)
{
    BytesBuilder all = {0};
    for (;;) {
        Value piece = call_method1(t, args[0], N(read), fixnum(IO_BUFFER_SIZE));
        if (!piece)
            return 0;
        if (piece == NONE) {
            if (!all.length)
                return NONE;
            break;
        }
        if (!is_bytes(piece))
            return raise(t, EXC(TypeError), "read() should return bytes");
        if (!as_bytes(piece)->length)
            break;
        if (!bytes_add(t, &all, as_bytes(piece)->data, as_bytes(piece)->length))
            return 0;
    }
    return bytes_finish(t, &all);
}

static Value raw_missing(Thread *t, const Value *args, size_t nargs)
{
    return raise_value(t, call0(t, value_of(EXC(NotImplementedError))));
}

Type type_raw_io_base = {
    TYPE_HEAD(raw_io_base, "_io._RawIOBase", &type_io_base, IOBase),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(IOBase, attributes),
    .doc = "Base class for raw binary I/O.",
    .methods = (const NativeDef[]){
        {"read", raw_read, "($self, size=-1, /)", NULL},
        {"readall", raw_readall, "($self, /)", "Read until EOF, using multiple read() call."},
        {"readinto", raw_missing, "($self, buffer, /)", NULL},
        {"write", raw_missing, "($self, buffer, /)", NULL},
        {0},
    },
};

// --- _BufferedIOBase ---

static Value buffered_detach_missing(Thread *t, const Value *args, size_t nargs)
{
    return io_unsupported(t, "detach");
}

static Value buffered_read_missing(Thread *t, const Value *args, size_t nargs)
{
    return io_unsupported(t, "read");
}

static Value buffered_read1_missing(Thread *t, const Value *args, size_t nargs)
{
    return io_unsupported(t, "read1");
}

static Value buffered_write_missing(Thread *t, const Value *args, size_t nargs)
{
    return io_unsupported(t, "write");
}

static Value read_into(Thread *t, const Value *args, const char *method)
{
    Buffer buffer;
    if (!writable_arg(t, args[1], method[4] ? "readinto1() argument" : "readinto() argument", &buffer))
        return 0;
    Value data = call_method1(t, args[0], str_intern_cstr(t, method), fixnum(buffer.length));
    Value result = 0;
    if (data && !is_bytes(data)) {
        raise(t, EXC(TypeError), "read() should return bytes");
    } else if (data) {
        int64_t n = (int64_t)as_bytes(data)->length;
        if (n > buffer.length) {
            raise(t, EXC(ValueError), "read() returned too much data: %ld bytes requested, %ld returned", buffer.length, n);
        } else {
            memcpy(buffer.data, as_bytes(data)->data, (size_t)n);
            result = fixnum(n);
        }
    }
    buffer_release(t, &buffer);
    return result;
}

static Value buffered_base_readinto(Thread *t, const Value *args, size_t nargs)
{
    return read_into(t, args, "read");
}

static Value buffered_base_readinto1(Thread *t, const Value *args, size_t nargs)
{
    return read_into(t, args, "read1");
}

Type type_buffered_io_base = {
    TYPE_HEAD(buffered_io_base, "_io._BufferedIOBase", &type_io_base, IOBase),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(IOBase, attributes),
    .doc = "Base class for buffered IO objects.",
    .methods = (const NativeDef[]){
        {"detach", buffered_detach_missing, "($self, /)", "Disconnect this buffer from its underlying raw stream and return it."},
        {"read", buffered_read_missing, "($self, size=-1, /)", "Read and return up to n bytes."},
        {"read1", buffered_read1_missing, "($self, size=-1, /)", "Read and return up to size bytes, with at most one read() call to the underlying raw stream."},
        {"readinto", buffered_base_readinto, "($self, buffer, /)", NULL},
        {"readinto1", buffered_base_readinto1, "($self, buffer, /)", NULL},
        {"write", buffered_write_missing, "($self, b, /)", "Write buffer b to the IO stream."},
        {0},
    },
};

// --- _TextIOBase ---

static Value text_readline_missing(Thread *t, const Value *args, size_t nargs)
{
    return io_unsupported(t, "readline");
}

static Value text_none(Thread *t, Value self)
{
    return NONE;
}

Type type_text_io_base = {
    TYPE_HEAD(text_io_base, "_io._TextIOBase", &type_io_base, IOBase),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(IOBase, attributes),
    .doc = "Base class for text I/O.",
    .getsets = (const GetSetDef[]){
        {"encoding", text_none, NULL, "Encoding of the text stream."},
        {"newlines", text_none, NULL, "Line endings translated so far."},
        {"errors", text_none, NULL, "The error setting of the decoder or encoder."},
        {0},
    },
    .methods = (const NativeDef[]){
        {"detach", buffered_detach_missing, "($self, /)", "Separate the underlying buffer from the TextIOBase and return it."},
        {"read", buffered_read_missing, "($self, size=-1, /)", "Read at most size characters from stream."},
        {"readline", text_readline_missing, "($self, size=-1, /)", "Read until newline or EOF."},
        {"write", buffered_write_missing, "($self, s, /)", "Write string s to stream."},
        {0},
    },
};
