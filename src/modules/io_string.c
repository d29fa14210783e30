// io_string.c: StringIO, a stream over text in memory.
#include "src/modules/io.h"
#include "src/types/str_builder.h"
#include "src/types/str_units.h"

enum { STRING_IO_MIN = 64 };

static bool string_check(Thread *t, const StringIO *s)
{
    if (likely(s->ok && !s->closed))
        return true;
    raise(t, EXC(ValueError), s->ok ? "I/O operation on closed file" : "I/O operation on uninitialized object");
    return false;
}

// Makes room for `want` characters of the given width. The lock is held.
static bool storage_ready(Thread *t, StringIO *s, int64_t want, int unit)
{
    if (likely(want <= s->capacity && unit <= s->unit))
        return true;
    int64_t capacity = want <= s->capacity ? s->capacity : want + want / 4 + STRING_IO_MIN;
    if (unit < s->unit)
        unit = s->unit;
    if (capacity > INT64_MAX / 8) {
        memory_error(t);
        return false;
    }
    void *grown = new_atomic(t, (size_t)capacity * (size_t)unit);
    if (!grown)
        return false;
    units_copy(grown, unit, 0, s->units, s->unit, 0, (size_t)s->length);
    s->units = grown;
    s->unit = unit;
    s->capacity = capacity;
    return true;
}

static Value replace_ends(Thread *t, Value text, Newline newline)
{
    const Str *s = as_str(text);
    StrBuilder out;
    size_t start = 0;
    builder_init(&out);
    for (;;) {
        int64_t n = line_length(s->data, str_unit(s), start, s->length, NEWLINE_LF);
        if (n < 0)
            break;
        if (!builder_substring(t, &out, text, start, start + (size_t)n - 1)
            || !builder_cstr(t, &out, newline == NEWLINE_CR ? "\r" : "\r\n"))
            return 0;
        start += (size_t)n;
    }
    if (!start)
        return text;
    return builder_substring(t, &out, text, start, s->length) ? builder_finish(t, &out) : 0;
}

// Writes at the position. The lock is held.
static bool write_text(Thread *t, StringIO *s, Value text)
{
    if (s->decoder)
        text = newline_decode(t, (NewlineDecoder *)s->decoder, text, true);
    if (text && (s->newline == NEWLINE_CR || s->newline == NEWLINE_CRLF))
        text = replace_ends(t, text, s->newline);
    if (!text)
        return false;
    const Str *str = as_str(text);
    int64_t end;
    if (!str->length)
        return true;
    if (__builtin_add_overflow(s->position, (int64_t)str->length, &end)) {
        raise(t, EXC(OverflowError), "new position too large");
        return false;
    }
    if (!storage_ready(t, s, end, str_unit(str)))
        return false;
    if (s->position > s->length)
        units_fill(s->units, s->unit, (size_t)s->length, 0, (size_t)(s->position - s->length));
    units_copy(s->units, s->unit, (size_t)s->position, str->data, str_unit(str), 0, str->length);
    s->position = end;
    if (end > s->length)
        s->length = end;
    return true;
}

// --- making ---

static Value string_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    // Exact instances need no finaliser: there is nothing to close.
    StringIO *s = cls == &type_string_io ? new_object(t, string_io, StringIO) : instance_new(t, cls, 0);
    if (s)
        s->unit = 1;
    return value_of(s);
}

static bool string_start(Thread *t, StringIO *s, Value initial, Value newline)
{
    bool is_none;
    if (!newline)
        newline = str_latin1['\n'];
    s->ok = false;
    if (!newline_arg(t, newline, &s->newline, &is_none))
        return false;
    if (initial && initial != NONE && !is_str(initial)) {
        raise(t, EXC(TypeError), "initial_value must be str or None, not %T", initial);
        return false;
    }
    s->units = NULL;
    s->unit = 1;
    s->capacity = s->length = s->position = 0;
    s->closed = false;
    s->read_universal = s->newline <= NEWLINE_EMPTY;
    s->read_translate = is_none;
    s->decoder = s->read_universal ? newline_decoder_new(t, NONE, is_none) : 0;
    if (is_pending(t) || (initial && initial != NONE && !write_text(t, s, initial)))
        return false;
    s->position = 0;
    s->ok = true;
    return true;
}

static bool string_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    StringIO *s = (StringIO *)self;
    BIND_ARGUMENTS(t, "StringIO", "(initial_value='', newline='\\n')", args, nargs, kwnames, a, return false);
    io_lock(t, &s->lock);
    bool done = string_start(t, s, a[0], a[1]);
    io_unlock(&s->lock);
    return done;
}

// --- reading and writing ---

static Value take(Thread *t, StringIO *s, int64_t n)
{
    Value text = str_from_units(t, unit_at(s->units, s->unit, (size_t)s->position), s->unit, (size_t)n);
    if (text)
        s->position += n;
    return text;
}

static int64_t left(const StringIO *s)
{
    return s->position < s->length ? s->length - s->position : 0;
}

static Value string_read(Thread *t, const Value *args, size_t nargs)
{
    StringIO *s = (StringIO *)args[0];
    int64_t n;
    if (!string_check(t, s) || !io_size_arg(t, args[1], &n))
        return 0;
    io_lock(t, &s->lock);
    int64_t have = left(s);
    if (n < 0 || n > have)
        n = have;
    Value result = n ? take(t, s, n) : str_empty;
    io_unlock(&s->lock);
    return result;
}

static Newline reading_newline(const StringIO *s)
{
    return s->read_translate ? NEWLINE_UNIVERSAL : s->newline;
}

static Value read_line(Thread *t, StringIO *s, int64_t limit)
{
    io_lock(t, &s->lock);
    int64_t have = left(s);
    if (limit >= 0 && limit < have)
        have = limit;
    Value result = str_empty;
    if (have) {
        int64_t n = line_length(s->units, s->unit, (size_t)s->position, (size_t)(s->position + have), reading_newline(s));
        result = take(t, s, n < 0 ? have : n);
    }
    io_unlock(&s->lock);
    return result;
}

static Value string_readline(Thread *t, const Value *args, size_t nargs)
{
    int64_t limit;
    return string_check(t, (StringIO *)args[0]) && io_size_arg(t, args[1], &limit) ? read_line(t, (StringIO *)args[0], limit) : 0;
}

static Value string_next(Thread *t, Value self)
{
    if (!string_check(t, (StringIO *)self))
        return 0;
    Value line;
    if (type_of(self) == &type_string_io) {
        line = read_line(t, (StringIO *)self, -1);
    } else {
        line = call_method0(t, self, N(readline));
        if (line && !is_str(line))
            return raise(t, EXC(OSError), "readline() should have returned a str object, not '%T'", line);
    }
    return line && as_str(line)->length ? line : 0;
}

static Value string_write(Thread *t, const Value *args, size_t nargs)
{
    StringIO *s = (StringIO *)args[0];
    if (!s->ok && !string_check(t, s))
        return 0;
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "string argument expected, got '%T'", args[1]);
    if (!string_check(t, s))
        return 0;
    io_lock(t, &s->lock);
    bool done = write_text(t, s, args[1]);
    io_unlock(&s->lock);
    return done ? fixnum((int64_t)as_str(args[1])->length) : 0;
}

static Value whole(Thread *t, StringIO *s)
{
    io_lock(t, &s->lock);
    Value text = s->length ? str_from_units(t, s->units, s->unit, (size_t)s->length) : str_empty;
    io_unlock(&s->lock);
    return text;
}

static Value string_getvalue(Thread *t, const Value *args, size_t nargs)
{
    return string_check(t, (StringIO *)args[0]) ? whole(t, (StringIO *)args[0]) : 0;
}

// --- position ---

static Value string_tell(Thread *t, const Value *args, size_t nargs)
{
    const StringIO *s = (StringIO *)args[0];
    return string_check(t, s) ? int_from_int64(t, s->position) : 0;
}

static Value string_seek(Thread *t, const Value *args, size_t nargs)
{
    StringIO *s = (StringIO *)args[0];
    int64_t offset;
    int whence;
    if (!string_check(t, s) || !to_int64(t, args[1], &offset) || !int_arg(t, args[2], 0, &whence))
        return 0;
    if (whence < 0 || whence > 2)
        return raise(t, EXC(ValueError), "Invalid whence (%d, should be 0, 1 or 2)", whence);
    if (offset < 0 && whence == 0)
        return raise(t, EXC(ValueError), "Negative seek position %ld", offset);
    if (whence && offset)
        return raise(t, EXC(OSError), "Can't do nonzero cur-relative seeks");
    io_lock(t, &s->lock);
    s->position = whence == 1 ? s->position : whence == 2 ? s->length : offset;
    offset = s->position;
    io_unlock(&s->lock);
    return int_from_int64(t, offset);
}

static Value string_truncate(Thread *t, const Value *args, size_t nargs)
{
    StringIO *s = (StringIO *)args[0];
    int64_t size = s->position;
    if (!string_check(t, s))
        return 0;
    if (args[1] && args[1] != NONE && !io_size_arg(t, args[1], &size))
        return 0;
    if (size < 0)
        return raise(t, EXC(ValueError), "Negative size value %ld", size);
    io_lock(t, &s->lock);
    if (size < s->length)
        s->length = size;
    io_unlock(&s->lock);
    return int_from_int64(t, size);
}

static Value string_close(Thread *t, const Value *args, size_t nargs)
{
    StringIO *s = (StringIO *)args[0];
    io_lock(t, &s->lock);
    s->closed = true;
    s->units = NULL;
    s->capacity = s->length = 0;
    io_unlock(&s->lock);
    return NONE;
}

static Value string_true(Thread *t, const Value *args, size_t nargs)
{
    return string_check(t, (StringIO *)args[0]) ? TRUE : 0;
}

static Value string_get_closed(Thread *t, Value self)
{
    const StringIO *s = (StringIO *)self;
    return s->ok ? value_bool(s->closed) : string_check(t, s) ? FALSE : 0;
}

static Value string_get_line_buffering(Thread *t, Value self)
{
    return string_check(t, (StringIO *)self) ? FALSE : 0;
}

static Value string_get_newlines(Thread *t, Value self)
{
    const StringIO *s = (StringIO *)self;
    if (!string_check(t, s))
        return 0;
    return s->decoder ? newline_seen_value(t, ((NewlineDecoder *)s->decoder)->seen) : NONE;
}

// --- pickling ---

static Value newline_value(Thread *t, const StringIO *s)
{
    static const char *const names[] = {[NEWLINE_EMPTY] = "", [NEWLINE_LF] = "\n", [NEWLINE_CR] = "\r", [NEWLINE_CRLF] = "\r\n"};
    return s->newline == NEWLINE_UNIVERSAL ? NONE : str_from_cstr(t, names[s->newline]);
}

static Value string_getstate(Thread *t, const Value *args, size_t nargs)
{
    StringIO *s = (StringIO *)args[0];
    Value all = string_getvalue(t, args, 1), newline = all ? newline_value(t, s) : 0;
    Value dict = newline ? instance_dict_copy(t, as_object(args[0])) : 0;
    if (!dict)
        return 0;
    return tuple_of(t, 4, all, newline, int_from_int64(t, s->position), dict_length(as_dict(dict)) ? dict : NONE);
}

static Value string_setstate(Thread *t, const Value *args, size_t nargs)
{
    StringIO *s = (StringIO *)args[0];
    if (s->closed)
        return raise(t, EXC(ValueError), "I/O operation on closed file");
    if (!is_tuple(args[1]) || as_tuple(args[1])->length < 4)
        return raise(t, EXC(TypeError), "%T.__setstate__ argument should be 4-tuple, got %T", args[0], args[1]);
    const Value *state = as_tuple(args[1])->at;
    int64_t position;
    if (!string_start(t, s, 0, state[1]))
        return 0;
    if (state[0] != NONE && !is_str(state[0]))
        return raise(t, EXC(TypeError), "initial_value must be str or None, not %T", state[0]);
    if (state[0] != NONE) {   // as it is: line ends were translated when it was written
        const Str *text = as_str(state[0]);
        if (!storage_ready(t, s, (int64_t)text->length, str_unit(text)))
            return 0;
        units_copy(s->units, s->unit, 0, text->data, str_unit(text), 0, text->length);
        s->length = (int64_t)text->length;
    }
    if (!is_int(state[2]))
        return raise(t, EXC(TypeError), "third item of state must be an integer, got %T", state[2]);
    if (!to_int64(t, state[2], &position))
        return 0;
    if (position < 0)
        return raise(t, EXC(ValueError), "position value cannot be negative");
    s->position = position;
    if (state[3] == NONE)
        return NONE;
    if (!is_dict(state[3]))
        return raise(t, EXC(TypeError), "fourth item of state should be a dict, got a %T", state[3]);
    size_t at = 0;
    Value key, value;
    while (dict_next(as_dict(state[3]), &at, &key, &value))
        if (!attr_set(t, args[0], key, value))
            return 0;
    return NONE;
}

Type type_string_io = {
    TYPE_HEAD(string_io, "_io.StringIO", &type_text_io_base, StringIO),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(StringIO, attributes),
    .new_signature = "(initial_value='', newline='\\n')",
    .slots = {.new = string_new, .init = string_init, .next = string_next},
    .doc = "Text I/O implementation using an in-memory buffer.",
    .getsets = (const GetSetDef[]){
        {"closed", string_get_closed, NULL, NULL},
        {"newlines", string_get_newlines, NULL, NULL},
        {"line_buffering", string_get_line_buffering, NULL, NULL},
        {0},
    },
    .methods = (const NativeDef[]){
        {"read", string_read, "($self, size=-1, /)", "Read at most size characters, returned as a string."},
        {"readline", string_readline, "($self, size=-1, /)", "Read until newline or EOF."},
        {"write", string_write, "($self, s, /)", "Write string to file."},
        {"getvalue", string_getvalue, "($self, /)", "Retrieve the entire contents of the object."},
        {"tell", string_tell, "($self, /)", "Tell the current file position."},
        {"seek", string_seek, "($self, pos, whence=0, /)", "Change stream position."},
        {"truncate", string_truncate, "($self, pos=None, /)", "Truncate size to pos."},
        {"close", string_close, "($self, /)", "Close the IO object."},
        {"readable", string_true, "($self, /)", "Returns True if the IO object can be read."},
        {"writable", string_true, "($self, /)", "Returns True if the IO object can be written."},
        {"seekable", string_true, "($self, /)", "Returns True if the IO object can be seeked."},
        {"__getstate__", string_getstate, "($self, /)", NULL},
        {"__setstate__", string_setstate, "($self, state, /)", NULL},
        {0},
    },
};
