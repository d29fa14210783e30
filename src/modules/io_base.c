// io_base.c: _IOBase, the root of all streams, and what streams have in common: closing, finalising, adoption.
//
// An _IOBase that is closed has the attribute __IOBase_closed, as programs may see in its __dict__.
#include "src/core/hooks.h"
#include "src/modules/io.h"
#include "src/types/function.h"
#include "src/types/type_internal.h"

bool io_is_stream(Value v)
{
    return is_object(v) && type_is_subtype(type_of(v), &type_io_base);
}

Value io_method(Thread *t, Value stream, const char *name)
{
    Value key = str_intern_cstr(t, name);
    return key ? call_method0(t, stream, key) : 0;
}

static Value closed_key(Thread *t)
{
    return str_intern_cstr(t, "__IOBase_closed");
}

// Was _IOBase.close called? -1: error.
static int base_closed(Thread *t, Value stream)
{
    Value value, key = closed_key(t);
    return key ? attr_find(t, stream, key, &value) : -1;
}

int io_is_closed(Thread *t, Value stream)
{
    Value closed = attr_get(t, stream, N(closed));
    return closed ? truth(t, closed) : -1;
}

Value io_check_closed(Thread *t, Value stream, const char *message)
{
    int closed = io_is_closed(t, stream);
    if (closed < 0)
        return 0;
    return closed ? raise(t, EXC(ValueError), "%s", message ? message : "I/O operation on closed file.") : NONE;
}

static Value check_ability(Thread *t, Value stream, const char *method, const char *message)
{
    Value answer = io_method(t, stream, method);
    if (!answer)
        return 0;
    return answer == TRUE ? NONE : io_unsupported(t, message);
}

Value io_check_readable(Thread *t, Value stream)
{
    return check_ability(t, stream, "readable", "File or stream is not readable.");
}

Value io_check_writable(Thread *t, Value stream)
{
    return check_ability(t, stream, "writable", "File or stream is not writable.");
}

Value io_check_seekable(Thread *t, Value stream)
{
    return check_ability(t, stream, "seekable", "File or stream is not seekable.");
}

bool io_size_arg(Thread *t, Value v, int64_t *out)
{
    *out = -1;
    if (!v || v == NONE)
        return true;
    if (!is_int(v) && !type_of(v)->slots.to_index) {
        raise(t, EXC(TypeError), "argument should be integer or None, not '%T'", v);
        return false;
    }
    return to_int64(t, v, out);
}

Value io_not_picklable(Thread *t, const Value *args, size_t nargs)
{
    return raise(t, EXC(TypeError), "cannot pickle '%s' instances", type_of(args[0])->name);
}

// "<type name='…' extra>", or without the name when the stream has none.
Value io_repr_named(Thread *t, Value stream, const char *extra_format, Value extra)
{
    Value name = 0, tail = extra_format ? str_format(t, extra_format, extra) : str_empty;
    int found = tail ? attr_find(t, stream, N(name), &name) : -1;
    if (found < 0 && !pending_clear_if(t, EXC(ValueError)))
        return 0;
    if (found <= 0)
        return str_format(t, "<%s%V>", type_of(stream)->name, tail);
    int entered = repr_enter(t, stream);
    if (entered)
        return entered < 0 ? 0 : raise(t, EXC(RuntimeError), "reentrant call inside %s.__repr__", type_of(stream)->name);
    Value result = str_format(t, "<%s name=%R%V>", type_of(stream)->name, name, tail);
    repr_leave(t, stream);
    return result;
}

// --- the end of a stream ---

void io_finalize(Thread *t, Value stream)
{
    Value earlier = pending_take(t);
    io_live_remove(stream);
    int closed = io_is_closed(t, stream);
    if (closed < 0)
        pending_clear(t);
    if (closed == 0) {
        if (!attr_set(t, stream, str_intern_cstr(t, "_finalizing"), TRUE))
            pending_clear(t);
        if (!call_method0(t, stream, N(close)))
            report_unraisable(t, stream, "Exception ignored while finalizing file %R", stream);
    }
    if (earlier)
        pending_set(t, earlier);
}

void io_adopt(Value inner)
{
    if (!io_is_stream(inner) || type_of(inner)->slots.finalize != io_finalize)
        return;
    heap_clear_finalizer(as_object(inner));
    io_live_remove(inner);
}

void io_release(Value inner)
{
    if (!io_is_stream(inner) || type_of(inner)->slots.finalize != io_finalize)
        return;
    instance_watch_end(inner);
    io_live_add(inner);
}

// --- streams with output, for the end of the program ---
//
// A list through the objects, with complemented pointers that keep nothing alive. An object leaves it when it is closed or
// finalised, and it cannot be freed before its finaliser has run. Guard of all links: live_mutex.

static Mutex live_mutex;
static uintptr_t live_first;

static bool live_links(Value stream, uintptr_t **next, uintptr_t **previous)
{
    Type *type = type_of(stream);
    if (type == &type_textio) {
        *next = &((TextIO *)stream)->next_live;
        *previous = &((TextIO *)stream)->previous_live;
        return true;
    }
    if (type == &type_buffered_writer || type == &type_buffered_random) {
        *next = &((Buffered *)stream)->next_live;
        *previous = &((Buffered *)stream)->previous_live;
        return true;
    }
    return false;
}

void io_live_add(Value stream)
{
    uintptr_t *next, *previous, *unused, *back;
    if (!live_links(stream, &next, &previous))
        return;
    mutex_lock(&live_mutex);
    uintptr_t hidden = heap_hide((void *)stream);
    if (!*next && !*previous && live_first != hidden) {
        *next = live_first;
        if (live_first && live_links((Value)~live_first, &unused, &back))
            *back = hidden;
        live_first = hidden;
    }
    mutex_unlock(&live_mutex);
}

void io_live_remove(Value stream)
{
    uintptr_t *next, *previous, *other_next, *other_previous;
    if (!live_links(stream, &next, &previous))
        return;
    mutex_lock(&live_mutex);
    if (live_first == heap_hide((void *)stream))
        live_first = *next;
    if (*next && live_links((Value)~*next, &other_next, &other_previous))
        *other_previous = *previous;
    if (*previous && live_links((Value)~*previous, &other_next, &other_previous))
        *other_next = *next;
    *next = *previous = 0;
    mutex_unlock(&live_mutex);
}

static Value live_pop(void)
{
    mutex_lock(&live_mutex);
    Value stream = live_first ? (Value)~live_first : 0;
    mutex_unlock(&live_mutex);
    if (stream)
        io_live_remove(stream);
    return stream;
}

void io_flush_all(Thread *t)
{
    Value stream;
    while ((stream = live_pop())) {
        if (io_is_closed(t, stream) == 0)
            call_method0(t, stream, N(flush));
        pending_clear(t);
    }
}

// --- methods ---

static Value base_seek(Thread *t, const Value *args, size_t nargs)
{
    return io_unsupported(t, "seek");
}

static Value base_tell(Thread *t, const Value *args, size_t nargs)
{
    return call_method2(t, args[0], N(seek), fixnum(0), fixnum(1));
}

static Value base_truncate(Thread *t, const Value *args, size_t nargs)
{
    return io_unsupported(t, "truncate");
}

static Value base_fileno(Thread *t, const Value *args, size_t nargs)
{
    return io_unsupported(t, "fileno");
}

static Value base_flush(Thread *t, const Value *args, size_t nargs)
{
    int closed = base_closed(t, args[0]);
    if (closed)
        return closed < 0 ? 0 : raise(t, EXC(ValueError), "I/O operation on closed file.");
    return NONE;
}

static Value base_close(Thread *t, const Value *args, size_t nargs)
{
    int closed = base_closed(t, args[0]);
    if (closed)
        return closed < 0 ? 0 : NONE;
    Value flushed = call_method0(t, args[0], N(flush));
    Value error = flushed ? 0 : pending_take(t);
    if (!attr_set(t, args[0], closed_key(t), TRUE)) {
        if (error)
            pending_chain_context(t, error);
        return 0;
    }
    if (!error)
        return NONE;
    pending_set(t, error);
    return 0;
}

static Value base_get_closed(Thread *t, Value self)
{
    int closed = base_closed(t, self);
    return closed < 0 ? 0 : value_bool(closed);
}

static Value base_false(Thread *t, const Value *args, size_t nargs)
{
    return FALSE;
}

static Value base_isatty(Thread *t, const Value *args, size_t nargs)
{
    return io_check_closed(t, args[0], NULL) ? FALSE : 0;
}

static Value base_check_closed(Thread *t, const Value *args, size_t nargs)
{
    return io_check_closed(t, args[0], NULL);
}

static Value base_check_readable(Thread *t, const Value *args, size_t nargs)
{
    return io_check_readable(t, args[0]);
}

static Value base_check_writable(Thread *t, const Value *args, size_t nargs)
{
    return io_check_writable(t, args[0]);
}

static Value base_check_seekable(Thread *t, const Value *args, size_t nargs)
{
    return io_check_seekable(t, args[0]);
}

static Value base_enter(Thread *t, const Value *args, size_t nargs)
{
    return io_check_closed(t, args[0], NULL) ? args[0] : 0;
}

static Value base_exit(Thread *t, const Value *args, size_t nargs)
{
    return call_method0(t, args[0], N(close));
}

// --- lines ---

// How many bytes readline may ask for without reading past the line: what peek() shows. -1: error.
static int64_t peek_size(Thread *t, Value peek, int64_t limit)
{
    Value seen = call1(t, peek, fixnum(1));
    if (!seen)
        return -1;
    if (!is_bytes(seen)) {
        raise(t, EXC(OSError), "peek() should have returned a bytes object, not '%T'", seen);
        return -1;
    }
    const Bytes *b = as_bytes(seen);
    if (!b->length)
        return 1;
    size_t n = b->length;
    if (limit >= 0)
        n = size_min(n, (size_t)limit);
    const uint8_t *end = n ? memchr(b->data, '\n', n) : NULL;
    return end ? end - b->data + 1 : (int64_t)n;
}

static Value base_readline(Thread *t, const Value *args, size_t nargs)
{
    int64_t limit;
    Value peek = 0;
    if (!io_size_arg(t, args[1], &limit) || attr_find(t, args[0], str_intern_cstr(t, "peek"), &peek) < 0)
        return 0;
    uint8_t *line = NULL;
    size_t length = 0, capacity = 0;
    while (limit < 0 || (int64_t)length < limit) {
        int64_t n = peek ? peek_size(t, peek, limit < 0 ? -1 : limit - (int64_t)length) : 1;
        if (n < 0)
            return 0;
        Value piece = call_method1(t, args[0], N(read), fixnum(n));
        if (!piece)
            return 0;
        if (!is_bytes(piece))
            return raise(t, EXC(OSError), "read() should have returned a bytes object, not '%T'", piece);
        size_t got = as_bytes(piece)->length;
        if (!got)
            break;
        if (length + got > capacity) {
            capacity = (length + got) * 2 + 64;
            uint8_t *grown = new_atomic(t, capacity);
            if (!grown)
                return 0;
            memcpy(grown, line, length);
            line = grown;
        }
        memcpy(line + length, as_bytes(piece)->data, got);
        length += got;
        if (line[length - 1] == '\n')
            break;
    }
    return bytes_new(t, line, length);
}

static Value base_iter(Thread *t, Value self)
{
    return io_check_closed(t, self, NULL) ? self : 0;
}

static Value base_next(Thread *t, Value self)
{
    Value line = call_method0(t, self, N(readline));
    if (!line)
        return 0;
    int64_t n = length_of(t, line);
    return n > 0 ? line : 0;
}

static Value base_readlines(Thread *t, const Value *args, size_t nargs)
{
    int64_t hint, total = 0;
    if (!io_size_arg(t, args[1], &hint))
        return 0;
    List *lines = list_new(t, 0);
    if (!lines)
        return 0;
    if (hint <= 0)
        return list_extend(t, lines, args[0]) ? value_of(lines) : 0;
    Value iterator = iter_get(t, args[0]), line;
    if (!iterator)
        return 0;
    while ((line = iter_next(t, iterator))) {
        int64_t n = list_append(t, lines, line) ? length_of(t, line) : -1;
        if (n < 0)
            return 0;
        total += n;
        if (total > hint)
            break;
    }
    return is_pending(t) ? 0 : value_of(lines);
}

static Value base_writelines(Thread *t, const Value *args, size_t nargs)
{
    if (!io_check_closed(t, args[0], NULL))
        return 0;
    Value iterator = iter_get(t, args[1]), line;
    if (!iterator)
        return 0;
    while ((line = iter_next(t, iterator)))
        if (!call_method1(t, args[0], N(write), line))
            return 0;
    return is_pending(t) ? 0 : NONE;
}

Type type_io_base = {
    TYPE_HEAD(io_base, "_io._IOBase", &type_object, IOBase),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(IOBase, attributes),
    .slots = {.iter = base_iter, .next = base_next, .finalize = io_finalize},
    .doc = "The abstract base class for all I/O classes.",
    .getsets = (const GetSetDef[]){{"closed", base_get_closed, NULL, NULL}, {0}},
    .methods = (const NativeDef[]){
        {"seek", base_seek, "($self, offset, whence=os.SEEK_SET, /)", "Change the stream position to the given byte offset."},
        {"tell", base_tell, "($self, /)", "Return current stream position."},
        {"truncate", base_truncate, "($self, size=None, /)", "Truncate file to size bytes."},
        {"flush", base_flush, "($self, /)", "Flush write buffers, if applicable."},
        {"close", base_close, "($self, /)", "Flush and close the IO object."},
        {"seekable", base_false, "($self, /)", "Return whether object supports random access."},
        {"readable", base_false, "($self, /)", "Return whether object was opened for reading."},
        {"writable", base_false, "($self, /)", "Return whether object was opened for writing."},
        {"_checkClosed", base_check_closed, "($self, /)", NULL},
        {"_checkSeekable", base_check_seekable, "($self, /)", NULL},
        {"_checkReadable", base_check_readable, "($self, /)", NULL},
        {"_checkWritable", base_check_writable, "($self, /)", NULL},
        {"fileno", base_fileno, "($self, /)", "Return underlying file descriptor if one exists."},
        {"isatty", base_isatty, "($self, /)", "Return whether this is an 'interactive' stream."},
        {"__enter__", base_enter, "($self, /)", NULL},
        {"__exit__", base_exit, "($self, /, *args)", NULL},
        {"readline", base_readline, "($self, size=-1, /)", "Read and return a line from the stream."},
        {"readlines", base_readlines, "($self, hint=-1, /)", "Return a list of lines from the stream."},
        {"writelines", base_writelines, "($self, lines, /)", "Write a list of lines to stream."},
        {0},
    },
};
