// io_mod.c: the _io module: open() and what belongs to no class.
#include "src/modules/exception_class.h"
#include "src/modules/io.h"

enum { BUFFER_SIZE_MAX = 8192 * 1024, READER_SIZE_MIN = 8192 };

// io.UnsupportedOperation; made with the module, a root.
static Value unsupported;

Value io_unsupported(Thread *t, const char *message)
{
    Value text = str_from_cstr(t, message);
    return text ? raise_with(t, as_type(unsupported), text) : 0;
}

Value io_closed_error(Thread *t)
{
    return raise(t, EXC(ValueError), "I/O operation on closed file.");
}

// --- open ---

typedef struct OpenMode {
    bool creating, reading, writing, appending, updating, text, binary;
} OpenMode;

static bool open_mode(Thread *t, const char *mode, OpenMode *m)
{
    *m = (OpenMode){0};
    for (const char *at = mode; *at; at++) {
        if (!strchr("xrwa+tb", *at) || strchr(at + 1, *at)) {
            raise(t, EXC(ValueError), "invalid mode: '%s'", mode);
            return false;
        }
        m->creating |= *at == 'x';
        m->reading |= *at == 'r';
        m->writing |= *at == 'w';
        m->appending |= *at == 'a';
        m->updating |= *at == '+';
        m->text |= *at == 't';
        m->binary |= *at == 'b';
    }
    if (m->text && m->binary)
        raise(t, EXC(ValueError), "can't have text and binary mode at once");
    else if (m->creating + m->reading + m->writing + m->appending != 1)
        raise(t, EXC(ValueError), "must have exactly one of create/read/write/append mode");
    return !is_pending(t);
}

static bool open_binary_check(Thread *t, int64_t buffering, Value encoding, Value errors, Value newline)
{
    const char *bad = encoding && encoding != NONE ? "an encoding" : errors && errors != NONE ? "an errors" : NULL;
    if (!bad && newline && newline != NONE)
        bad = "a newline";
    if (bad) {
        raise(t, EXC(ValueError), "binary mode doesn't take %s argument", bad);
        return false;
    }
    return buffering != 1
        || warn(t, EXC(RuntimeWarning), 1,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used");
}

// Buffer size for a file: what the device likes; for small files not more than they need.
static int64_t default_size(const FileIO *f, const OpenMode *m)
{
    int64_t size = f->block_size < BUFFER_SIZE_MAX ? f->block_size : BUFFER_SIZE_MAX;
    if (size < IO_BUFFER_SIZE)
        size = IO_BUFFER_SIZE;
    if (m->reading && !m->updating && f->size_hint > 0 && f->size_hint < size)
        size = f->size_hint < READER_SIZE_MIN ? READER_SIZE_MIN : f->size_hint + 1;
    return size;
}

static Value open_layers(Thread *t, FileIO *f, const OpenMode *m, Value mode, int64_t buffering, Value encoding, Value errors,
                         Value newline)
{
    bool line_buffering = false;
    Value result = value_of(f);
    if (buffering == 1 || (buffering < 0 && f->size_hint < 0)) {
        Value tty = buffering == 1 ? TRUE : io_method(t, result, "_isatty_open_only");
        if (!tty)
            return 0;
        if (tty == TRUE) {
            buffering = -1;
            line_buffering = true;
        }
    }
    if (buffering < 0)
        buffering = default_size(f, m);
    if (buffering == 0) {
        if (m->binary)
            return result;
        return raise(t, EXC(ValueError), "can't have unbuffered text I/O");
    }
    Type *type = m->updating ? &type_buffered_random : m->reading ? &type_buffered_reader : &type_buffered_writer;
    if (m->updating && !io_check_seekable(t, result))
        return 0;
    result = buffered_open(t, type, result, buffering);
    if (!result || m->binary)
        return result;
    result = text_open(t, result, encoding, errors, newline, line_buffering, false);
    return result && attr_set(t, result, str_intern_cstr(t, "mode"), mode) ? result : 0;
}

static Value open_file(Thread *t, Value file, Value mode, int64_t buffering, Value encoding, Value errors, Value newline,
                       bool closefd, Value opener)
{
    OpenMode m;
    const char *mode_text = str_utf8(t, mode, NULL);
    Value path = is_int(file) ? file : os_fspath(t, file);
    if (!path || !mode_text || !open_mode(t, mode_text, &m))
        return 0;
    if (m.binary && !open_binary_check(t, buffering, encoding, errors, newline))
        return 0;
    char raw_mode[4];
    size_t n = 0;
    raw_mode[n++] = m.creating ? 'x' : m.reading ? 'r' : m.writing ? 'w' : 'a';
    if (m.updating)
        raw_mode[n++] = '+';
    raw_mode[n] = 0;
    FileIO *f = file_open(t, path, raw_mode, closefd, opener);
    if (!f)
        return 0;
    Value result = open_layers(t, f, &m, mode, buffering, encoding, errors, newline);
    if (!result) {
        Value error = pending_take(t);
        if (!call_method0(t, value_of(f), N(close)))
            pending_clear(t);
        pending_set(t, error);
    }
    return result;
}

Value io_open(Thread *t, Value file, const char *mode, int64_t buffering, Value encoding, Value errors, Value newline,
              bool closefd, Value opener)
{
    Value text = str_intern_cstr(t, mode);
    return text ? open_file(t, file, text, buffering, encoding, errors, newline, closefd, opener) : 0;
}

static bool text_or_none(Thread *t, Value v, const char *name)
{
    if (!v || v == NONE || is_str(v))
        return true;
    raise(t, EXC(TypeError), "open() argument '%s' must be str or None, not %T", name, v);
    return false;
}

// args: file, mode, buffering, encoding, errors, newline, closefd, opener.
static Value io_open_function(Thread *t, const Value *args, size_t nargs)
{
    int buffering;
    bool closefd;
    Value mode = args[1] ? args[1] : str_latin1['r'];
    if (!is_str(mode))
        return raise(t, EXC(TypeError), "open() argument 'mode' must be str, not %T", mode);
    if (!int_arg(t, args[2], -1, &buffering) || !text_or_none(t, args[3], "encoding") || !text_or_none(t, args[4], "errors")
        || !text_or_none(t, args[5], "newline") || !flag_arg(t, args[6], true, &closefd))
        return 0;
    return open_file(t, args[0], mode, buffering, args[3], args[4], args[5], closefd, args[7]);
}

static Value io_open_code(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "open_code() argument 'path' must be str, not %T", args[0]);
    return io_open(t, args[0], "rb", -1, 0, 0, 0, true, 0);
}

static Value io_text_encoding(Thread *t, const Value *args, size_t nargs)
{
    int level;
    if (!int_arg(t, args[1], 2, &level))
        return 0;
    if (args[0] != NONE)
        return args[0];
    if (t->vm->config.warn_default_encoding
        && !warn(t, EXC(EncodingWarning), level, "'encoding' argument not specified"))
        return 0;
    return str_intern_cstr(t, t->vm->config.utf8_mode ? "utf-8" : "locale");
}

// --- the module ---

static bool make_unsupported(Thread *t)
{
    if (unsupported)
        return true;
    vm_add_root_range(&unsupported, &unsupported + 1);
    Value bases = tuple_pair(t, value_of(EXC(OSError)), value_of(EXC(ValueError)));
    Value type = bases ? exception_class_new(t, "io", "UnsupportedOperation", bases, NULL) : 0;
    if (type)
        publish(&unsupported, type);
    return type != 0;
}

static Type *const stream_types[] = {
    &type_io_base, &type_raw_io_base, &type_buffered_io_base, &type_text_io_base, &type_file_io, &type_bytes_io, &type_bytes_io_buffer,
    &type_string_io, &type_buffered_reader, &type_buffered_writer, &type_buffered_random, &type_rw_pair, &type_textio,
    &type_newline_decoder,
};

static bool io_exec(Thread *t, Value module)
{
    for (size_t i = 0; i < COUNT_OF(stream_types); i++)
        if (!module_add_type(t, module, stream_types[i]))
            return false;
    return make_unsupported(t) && module_add(t, module, "UnsupportedOperation", unsupported)
        && module_add(t, module, "BlockingIOError", value_of(EXC(BlockingIOError)))
        && module_add(t, module, "DEFAULT_BUFFER_SIZE", fixnum(IO_BUFFER_SIZE));
}

const ModuleDef module_io = {
    .name = "_io",
    .doc = "The io module provides the Python interfaces to stream handling.",
    .functions = (const NativeDef[]){
        {"open", io_open_function,
         "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
         "Open file and return a stream.  Raise OSError upon failure."},
        {"open_code", io_open_code, "(path)", "Opens the provided file with the intent to import the contents."},
        {"text_encoding", io_text_encoding, "(encoding, stacklevel=2, /)", "A helper function to choose the text encoding."},
        {0},
    },
    .exec = io_exec,
};
