// io_text.c: the type TextIOWrapper: making, reconfiguring, attributes.
#include "src/modules/io.h"
#include "src/types/codec.h"

bool text_check_attached(Thread *t, TextIO *x)
{
    if (likely(x->buffer && x->ok))
        return true;
    raise(t, EXC(ValueError), x->detached ? "underlying buffer has been detached" : "I/O operation on uninitialized object");
    return false;
}

bool text_check(Thread *t, TextIO *x, const char *closed_message)
{
    if (!text_check_attached(t, x))
        return false;
    int closed;
    Buffered *b = (Buffered *)x->buffer;
    if (likely(x->buffer_is_native && b->raw_is_file))
        closed = ((FileIO *)b->raw)->fd < 0;
    else
        closed = io_is_closed(t, value_of(x));
    if (unlikely(closed > 0))
        raise(t, EXC(ValueError), "%s", closed_message ? closed_message : "I/O operation on closed file.");
    return !closed;
}

// --- making ---

void text_set_newline(TextIO *x, Newline newline, bool is_none)
{
    x->newline = newline;
    x->read_universal = newline <= NEWLINE_EMPTY;
    x->read_translate = is_none;
    x->write_translate = newline == NEWLINE_CR || newline == NEWLINE_CRLF;
}

// Asks the buffer what it can do. False: error.
static bool ask(Thread *t, Value buffer, const char *method, bool *out)
{
    Value answer = io_method(t, buffer, method);
    int yes = answer ? truth(t, answer) : -1;
    *out = yes > 0;
    return yes >= 0;
}

static bool is_native_buffer(Value v)
{
    return is_exactly(v, &type_buffered_reader) || is_exactly(v, &type_buffered_writer) || is_exactly(v, &type_buffered_random);
}

static bool text_start(Thread *t, TextIO *x, Value buffer, Value encoding, Value errors, Newline newline, bool newline_none)
{
    text_set_newline(x, newline, newline_none);
    Value read1;
    if (!text_set_codec(t, x, encoding, errors))
        return false;
    x->buffer = buffer;
    x->buffer_is_native = is_native_buffer(buffer);
    if (x->buffer_is_native && ((Buffered *)buffer)->ok) {
        const Buffered *b = (Buffered *)buffer;
        x->can_read = b->readable;
        x->can_write = b->writable;
        x->has_read1 = b->readable;
    } else {
        int found = attr_find(t, buffer, str_intern_cstr(t, "read1"), &read1);
        if (found < 0 || !ask(t, buffer, "readable", &x->can_read) || !ask(t, buffer, "writable", &x->can_write))
            return false;
        x->has_read1 = found;
    }
    if (!text_make_decoder(t, x) || !text_make_encoder(t, x) || !ask(t, buffer, "seekable", &x->seekable))
        return false;
    x->telling = x->seekable;
    return text_fix_encoder(t, x);
}

// Development mode looks up both names at once.
static bool check_names(Thread *t, Value encoding, Value errors)
{
    const char *encoding_name = str_utf8(t, encoding, NULL), *errors_name = encoding_name ? str_utf8(t, errors, NULL) : NULL;
    return errors_name && codec_lookup(t, encoding_name) && codec_lookup_error(t, errors_name);
}

static bool text_init_values(Thread *t, TextIO *x, Value buffer, Value encoding, Value errors, Value newline,
                             bool line_buffering, bool write_through)
{
    Newline kind;
    bool newline_none;
    x->ok = x->detached = false;
    x->buffer = 0;
    x->pending_length = 0;
    text_drop_decoded(x);
    x->snapshot_bytes = 0;
    x->bytes_per_char = 0;
    if (newline && newline != NONE && !is_str(newline)) {
        raise(t, EXC(TypeError), "TextIOWrapper() argument 'newline' must be str or None, not %T", newline);
        return false;
    }
    if (!newline_arg(t, newline, &kind, &newline_none))
        return false;
    if (encoding == NONE || !encoding) {
        if (t->vm->config.warn_default_encoding
            && !warn(t, EXC(EncodingWarning), 1, "'encoding' argument not specified"))
            return false;
        encoding = text_default_encoding(t);
    } else if (is_str(encoding) && str_equal_cstr(encoding, "locale")) {
        encoding = text_default_encoding(t);
    }
    if (errors == NONE || !errors)
        errors = str_intern_cstr(t, "strict");
    if (!encoding || !errors)
        return false;
    if (t->vm->config.dev_mode && !check_names(t, encoding, errors))
        return false;
    x->chunk_size = IO_TEXT_CHUNK;
    x->line_buffering = line_buffering;
    x->write_through = write_through;
    if (!text_start(t, x, buffer, encoding, errors, kind, newline_none))
        return false;
    Value self = value_of(x);
    if (type_of(self)->slots.finalize == io_finalize)
        io_adopt(buffer);
    if (x->can_write)
        io_live_add(self);
    x->ok = true;
    return true;
}

Value text_open(Thread *t, Value buffer, Value encoding, Value errors, Value newline, bool line_buffering, bool write_through)
{
    TextIO *x = instance_new(t, &type_textio, 0);
    if (!x || !text_init_values(t, x, buffer, encoding, errors, newline, line_buffering, write_through))
        return 0;
    return value_of(x);
}

static Value textio_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(instance_new(t, cls, 0));
}

static bool optional_text(Thread *t, Value v, const char *name)
{
    if (!v || v == NONE)
        return true;
    if (!is_str(v)) {
        raise(t, EXC(TypeError), "TextIOWrapper() argument '%s' must be str or None, not %T", name, v);
        return false;
    }
    size_t n;
    const char *text = str_utf8(t, v, &n);
    if (text && strlen(text) != n)
        raise(t, EXC(ValueError), "embedded null character");
    return text && strlen(text) == n;
}

static bool textio_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[6];
    bool line_buffering, write_through;
    ((TextIO *)self)->ok = false;
    BIND_ARGUMENTS(t, "TextIOWrapper", "(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
                   args, nargs, kwnames, a, return false);
    if (!optional_text(t, a[1], "encoding") || !optional_text(t, a[2], "errors") || !flag_arg(t, a[4], false, &line_buffering)
        || !flag_arg(t, a[5], false, &write_through))
        return false;
    return text_init_values(t, (TextIO *)self, a[0], a[1], a[2], a[3], line_buffering, write_through);
}

// --- reconfigure ---

static bool change_codec(Thread *t, TextIO *x, Value encoding, Value errors, Value newline, bool change_newline)
{
    if (encoding == NONE && errors == NONE && !change_newline)
        return true;
    Newline kind = x->newline;
    bool is_none = x->read_translate;
    if (change_newline && !newline_arg(t, newline, &kind, &is_none))
        return false;
    if (encoding == NONE) {
        encoding = x->encoding;
        if (errors == NONE)
            errors = x->errors;
    } else {
        if (str_equal_cstr(encoding, "locale"))
            encoding = text_default_encoding(t);
        if (errors == NONE)
            errors = str_intern_cstr(t, "strict");
    }
    if (!encoding || !errors || !text_set_codec(t, x, encoding, errors))
        return false;
    text_set_newline(x, kind, is_none);
    return text_make_decoder(t, x) && text_make_encoder(t, x) && text_fix_encoder(t, x);
}

static bool keep_or(Thread *t, Value v, bool old, bool *out)
{
    *out = old;
    if (!v || v == NONE)
        return true;
    int64_t flag;
    if (!to_int64(t, v, &flag))
        return false;
    *out = flag != 0;
    return true;
}

static Value text_reconfigure(Thread *t, const Value *args, size_t nargs)
{
    TextIO *x = (TextIO *)args[0];
    Value encoding = args[1] ? args[1] : NONE, errors = args[2] ? args[2] : NONE;
    bool change_newline = args[3] != 0, line_buffering, write_through;
    if (!text_check_attached(t, x))
        return 0;
    if (encoding != NONE && !is_str(encoding))
        return raise(t, EXC(TypeError), "reconfigure() argument 'encoding' must be str or None, not %T", encoding);
    if (errors != NONE && !is_str(errors))
        return raise(t, EXC(TypeError), "reconfigure() argument 'errors' must be str or None, not %T", errors);
    if (change_newline && args[3] != NONE && !is_str(args[3]))
        return raise(t, EXC(TypeError), "reconfigure() argument 'newline' must be str or None, not %T", args[3]);
    if ((x->decoded || x->snapshot_bytes) && (encoding != NONE || errors != NONE || change_newline))
        return io_unsupported(t, "It is not possible to set the encoding or newline of stream after the first read");
    if (!keep_or(t, args[4], x->line_buffering, &line_buffering) || !keep_or(t, args[5], x->write_through, &write_through))
        return 0;
    if (!call_method0(t, args[0], N(flush)))
        return 0;
    io_lock(t, &x->lock);
    x->bytes_per_char = 0;
    bool done = change_codec(t, x, encoding, errors, args[3], change_newline);
    if (done) {
        x->line_buffering = line_buffering;
        x->write_through = write_through;
    }
    io_unlock(&x->lock);
    return done ? NONE : 0;
}

// --- attributes, and what is the buffer's business ---

static Value buffer_method(Thread *t, Value self, const char *method)
{
    TextIO *x = (TextIO *)self;
    return text_check_attached(t, x) ? io_method(t, x->buffer, method) : 0;
}

static Value text_fileno(Thread *t, const Value *args, size_t nargs) { return buffer_method(t, args[0], "fileno"); }
static Value text_isatty(Thread *t, const Value *args, size_t nargs) { return buffer_method(t, args[0], "isatty"); }
static Value text_seekable(Thread *t, const Value *args, size_t nargs) { return buffer_method(t, args[0], "seekable"); }
static Value text_readable(Thread *t, const Value *args, size_t nargs) { return buffer_method(t, args[0], "readable"); }
static Value text_writable(Thread *t, const Value *args, size_t nargs) { return buffer_method(t, args[0], "writable"); }

static Value buffer_attribute(Thread *t, Value self, Value name)
{
    TextIO *x = (TextIO *)self;
    return text_check_attached(t, x) ? attr_get(t, x->buffer, name) : 0;
}

static Value text_get_name(Thread *t, Value self) { return buffer_attribute(t, self, N(name)); }
static Value text_get_closed(Thread *t, Value self) { return buffer_attribute(t, self, N(closed)); }

static Value text_get_newlines(Thread *t, Value self)
{
    TextIO *x = (TextIO *)self;
    if (!text_check_attached(t, x))
        return 0;
    if (x->codec != TEXT_OTHER)
        return newline_seen_value(t, x->seen);
    Value newlines;
    int found = x->decoder ? attr_find(t, x->decoder, str_intern_cstr(t, "newlines"), &newlines) : 0;
    return found < 0 ? 0 : found ? newlines : NONE;
}

static Value text_get_errors(Thread *t, Value self)
{
    TextIO *x = (TextIO *)self;
    return x->ok || x->errors ? x->errors : text_check_attached(t, x) ? NONE : 0;
}

static Value text_get_chunk_size(Thread *t, Value self)
{
    TextIO *x = (TextIO *)self;
    return text_check_attached(t, x) ? fixnum(x->chunk_size) : 0;
}

static bool text_set_chunk_size(Thread *t, Value self, Value value)
{
    TextIO *x = (TextIO *)self;
    int64_t n;
    if (!text_check_attached(t, x))
        return false;
    if (!value) {
        raise(t, EXC(AttributeError), "attribute '_CHUNK_SIZE' of '%s' objects cannot be deleted", type_of(self)->name);
        return false;
    }
    if (!to_int64(t, value, &n)) {
        if (pending_clear_if(t, EXC(OverflowError)))
            raise(t, EXC(ValueError), "cannot fit '%T' into an index-sized integer", value);
        return false;
    }
    if (n <= 0) {
        raise(t, EXC(ValueError), "a strictly positive integer is required");
        return false;
    }
    x->chunk_size = n;
    return true;
}

// " key=repr" for the repr, or "" when the stream lacks the attribute.
static Value shown_attribute(Thread *t, Value self, const char *key)
{
    Value value;
    int found = attr_find(t, self, str_intern_cstr(t, key), &value);
    if (found < 0)
        return pending_clear_if(t, EXC(ValueError)) ? str_empty : 0;
    return found ? str_format(t, " %s=%R", key, value) : str_empty;
}

static Value text_repr(Thread *t, Value self)
{
    TextIO *x = (TextIO *)self;
    if (!x->ok && !x->detached)
        return raise(t, EXC(ValueError), "I/O operation on uninitialized object");
    int entered = repr_enter(t, self);
    if (entered)
        return entered < 0 ? 0 : raise(t, EXC(RuntimeError), "reentrant call inside %s.__repr__", type_of(self)->name);
    Value name = shown_attribute(t, self, "name"), mode = name ? shown_attribute(t, self, "mode") : 0, result = 0;
    if (mode)
        result = str_format(t, "<%s%V%V encoding=%R>", type_of(self)->name, name, mode, x->encoding ? x->encoding : NONE);
    repr_leave(t, self);
    return result;
}

Type type_textio = {
    TYPE_HEAD(textio, "_io.TextIOWrapper", &type_text_io_base, TextIO),
    .flags = TYPE_BASE | TYPE_HAS_GC_FINALIZER | TYPE_HAS_WEAKREFS | TYPE_IMMUTABLE,
    .attr_offset = offsetof(TextIO, attributes),
    .new_signature = "(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
    .slots = {.new = textio_new, .init = textio_init, .repr = text_repr, .next = text_next_line, .finalize = io_finalize},
    .doc = "Character and line based layer over a BufferedIOBase object, buffer.",
    .getsets = (const GetSetDef[]){
        {"name", text_get_name, NULL, NULL},
        {"closed", text_get_closed, NULL, NULL},
        {"newlines", text_get_newlines, NULL, NULL},
        {"errors", text_get_errors, NULL, NULL},
        {"_CHUNK_SIZE", text_get_chunk_size, text_set_chunk_size, NULL},
        {0},
    },
    .members = (const MemberDef[]){
        {"encoding", MEMBER_VALUE_OR_NONE, offsetof(TextIO, encoding), false, NULL},
        {"buffer", MEMBER_VALUE, offsetof(TextIO, buffer), false, NULL},
        {"line_buffering", MEMBER_BOOL8, offsetof(TextIO, line_buffering), false, NULL},
        {"write_through", MEMBER_BOOL8, offsetof(TextIO, write_through), false, NULL},
        {"_finalizing", MEMBER_BOOL8, offsetof(TextIO, finalizing), true, NULL},
        {0},
    },
    .methods = (const NativeDef[]){
        {"fileno", text_fileno, "($self, /)", NULL},
        {"isatty", text_isatty, "($self, /)", NULL},
        {"seekable", text_seekable, "($self, /)", NULL},
        {"readable", text_readable, "($self, /)", NULL},
        {"writable", text_writable, "($self, /)", NULL},
        {"reconfigure", text_reconfigure,
         "($self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)",
         "Reconfigure the text stream with new parameters."},
        {"__getstate__", io_not_picklable, "($self, /)", NULL},
        {"read", text_read, "($self, size=-1, /)", NULL},
        {"readline", text_readline, "($self, size=-1, /)", NULL},
        {"write", text_write, "($self, text, /)", NULL},
        {"flush", text_flush, "($self, /)", NULL},
        {"close", text_close, "($self, /)", NULL},
        {"truncate", text_truncate, "($self, pos=None, /)", NULL},
        {"detach", text_detach, "($self, /)", NULL},
        {"tell", text_tell, "($self, /)", "Return the stream position as an opaque number."},
        {"seek", text_seek, "($self, cookie, whence=os.SEEK_SET, /)", "Set the stream position, and return the new stream position."},
        {0},
    },
};
