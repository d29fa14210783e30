// io_rwpair.c: BufferedRWPair, a reader and a writer as one stream.
#include "src/modules/io.h"

static Value pair_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(instance_new(t, cls, 0));
}

static bool pair_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[3];
    RWPair *pair = (RWPair *)self;
    BIND_ARGUMENTS(t, "BufferedRWPair", "(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)", args, nargs, kwnames, a, return false);
    if (!io_check_readable(t, a[0]) || !io_check_writable(t, a[1]))
        return false;
    Value size = a[2] ? a[2] : fixnum(IO_BUFFER_SIZE);
    Value reader = call2(t, value_of(&type_buffered_reader), a[0], size);
    Value writer = reader ? call2(t, value_of(&type_buffered_writer), a[1], size) : 0;
    if (!writer)
        return false;
    pair->reader = reader;
    pair->writer = writer;
    io_adopt(reader);
    io_adopt(writer);
    io_live_add(writer);   // flushed at the end of the program all the same
    return true;
}

// Calls a method of one side with the arguments after self.
static Value forward(Thread *t, Value side, const char *method, const Value *args, size_t nargs)
{
    if (!side)
        return raise(t, EXC(ValueError), "I/O operation on uninitialized object");
    size_t n = nargs - 1;
    while (n && !args[n])
        n--;
    return call_method(t, side, str_intern_cstr(t, method), args + 1, n);
}

#define READER(args) (((RWPair *)(args)[0])->reader)
#define WRITER(args) (((RWPair *)(args)[0])->writer)

static Value pair_read(Thread *t, const Value *args, size_t nargs) { return forward(t, READER(args), "read", args, nargs); }
static Value pair_read1(Thread *t, const Value *args, size_t nargs) { return forward(t, READER(args), "read1", args, nargs); }
static Value pair_peek(Thread *t, const Value *args, size_t nargs) { return forward(t, READER(args), "peek", args, nargs); }
static Value pair_readinto(Thread *t, const Value *args, size_t nargs) { return forward(t, READER(args), "readinto", args, nargs); }
static Value pair_readinto1(Thread *t, const Value *args, size_t nargs) { return forward(t, READER(args), "readinto1", args, nargs); }
static Value pair_write(Thread *t, const Value *args, size_t nargs) { return forward(t, WRITER(args), "write", args, nargs); }
static Value pair_flush(Thread *t, const Value *args, size_t nargs) { return forward(t, WRITER(args), "flush", args, nargs); }
static Value pair_readable(Thread *t, const Value *args, size_t nargs) { return forward(t, READER(args), "readable", args, nargs); }
static Value pair_writable(Thread *t, const Value *args, size_t nargs) { return forward(t, WRITER(args), "writable", args, nargs); }

static Value pair_close(Thread *t, const Value *args, size_t nargs)
{
    Value error = forward(t, WRITER(args), "close", args, 1) ? 0 : pending_take(t);
    Value done = forward(t, READER(args), "close", args, 1);
    if (!error)
        return done;
    if (!done)
        pending_chain_context(t, error);
    else
        pending_set(t, error);
    return 0;
}

static Value pair_isatty(Thread *t, const Value *args, size_t nargs)
{
    Value answer = forward(t, WRITER(args), "isatty", args, 1);
    return answer == FALSE ? forward(t, READER(args), "isatty", args, 1) : answer;
}

static Value pair_get_closed(Thread *t, Value self)
{
    Value writer = ((RWPair *)self)->writer;
    if (!writer)
        return raise(t, EXC(RuntimeError), "the BufferedRWPair object is being garbage-collected");
    return attr_get(t, writer, N(closed));
}

Type type_rw_pair = {
    TYPE_HEAD(rw_pair, "_io.BufferedRWPair", &type_buffered_io_base, RWPair),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(RWPair, attributes),
    .new_signature = "(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)",
    .slots = {.new = pair_new, .init = pair_init, .finalize = io_finalize},
    .doc = "A buffered reader and writer object together.",
    .getsets = (const GetSetDef[]){{"closed", pair_get_closed, NULL, NULL}, {0}},
    .methods = (const NativeDef[]){
        {"read", pair_read, "($self, size=-1, /)", NULL},
        {"peek", pair_peek, "($self, size=0, /)", NULL},
        {"read1", pair_read1, "($self, size=-1, /)", NULL},
        {"readinto", pair_readinto, "($self, buffer, /)", NULL},
        {"readinto1", pair_readinto1, "($self, buffer, /)", NULL},
        {"write", pair_write, "($self, buffer, /)", NULL},
        {"flush", pair_flush, "($self, /)", NULL},
        {"readable", pair_readable, "($self, /)", NULL},
        {"writable", pair_writable, "($self, /)", NULL},
        {"close", pair_close, "($self, /)", NULL},
        {"isatty", pair_isatty, "($self, /)", NULL},
        {0},
    },
};
