// builtins_io.c: print, input, open, breakpoint.
#include <stdio.h>
#include <unistd.h>

#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/modules/builtins_internal.h"
#include "src/modules/io.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

Value builtins_sys(Thread *t, Value name)
{
    Value value = 0;
    if (t->vm->sys_dict && dict_get(t, as_dict(t->vm->sys_dict), name, &value) < 0)
        return 0;
    return value;
}

// --- print ---

// Writes a str by the file's write method; NONE: straight into a native text stream.
static bool print_text(Thread *t, Value file, Value write, Value text)
{
    if (likely(write == NONE))
        return text_write_str(t, (TextIO *)file, text);
    return call1(t, write, text) != 0;
}

static bool print_piece(Thread *t, Value file, Value write, Value piece)
{
    Value text = value_str(t, piece);
    return text && print_text(t, file, write, text);
}

static bool separator_check(Thread *t, Value *separator, const char *name)
{
    if (*separator == NONE)
        *separator = 0;
    if (!*separator || is_str(*separator))
        return true;
    raise(t, EXC(TypeError), "%s must be None or a string, not %T", name, *separator);
    return false;
}

// args: sep, end, file, flush, then the values.
Value builtin_print(Thread *t, const Value *args, size_t nargs)
{
    enum { SEP, END, FILE_, FLUSH, VALUES };
    Value file = args[FILE_], sep = args[SEP], end = args[END];
    if (!file || file == NONE) {
        file = builtins_sys(t, N(stdout));
        if (!file)
            return is_pending(t) ? 0 : raise(t, EXC(RuntimeError), "lost sys.stdout");
        if (file == NONE)
            return NONE;
    }
    if (!separator_check(t, &sep, "sep") || !separator_check(t, &end, "end"))
        return 0;
    Value write = io_is_plain_text(file) ? NONE : attr_get(t, file, N(write));
    if (!write)
        return 0;
    for (size_t i = VALUES; i < nargs; i++) {
        if (i > VALUES && !print_text(t, file, write, sep ? sep : str_latin1[' ']))
            return 0;
        if (!print_piece(t, file, write, args[i]))
            return 0;
    }
    if (!print_text(t, file, write, end ? end : str_latin1['\n']))
        return 0;
    int flush = args[FLUSH] ? truth(t, args[FLUSH]) : 0;
    if (flush < 0 || (flush && !call_method0(t, file, N(flush))))
        return 0;
    return NONE;
}

// --- input ---

static Value standard_stream(Thread *t, Value name)
{
    Value stream = builtins_sys(t, name);
    if (is_pending(t))
        return 0;
    if (!stream || stream == NONE)
        return raise(t, EXC(RuntimeError), "input(): lost sys.%V", name);
    return stream;
}

// A failed flush of a standard stream is nobody's business here.
static void flush_quietly(Thread *t, Value stream)
{
    if (!call_method0(t, stream, N(flush)))
        pending_clear(t);
}

static Value line_without_end(Thread *t, Value line)
{
    if (!is_str(line))
        return raise(t, EXC(TypeError), "object.readline() returned non-string");
    size_t n = as_str(line)->length;
    if (n == 0)
        return raise(t, EXC(EOFError), "EOF when reading a line");
    return str_at(as_str(line), n - 1) == '\n' ? str_substring(t, line, 0, n - 1) : line;
}

Value builtin_input(Thread *t, const Value *args, size_t nargs)
{
    Value in = standard_stream(t, N(stdin)), out = in ? standard_stream(t, N(stdout)) : 0;
    Value err = out ? standard_stream(t, N(stderr)) : 0;
    if (!err)
        return 0;
    flush_quietly(t, err);
    if (args[0]) {
        Value write = io_is_plain_text(out) ? NONE : attr_get(t, out, N(write));
        if (!write || !print_piece(t, out, write, args[0]))
            return 0;
    }
    flush_quietly(t, out);
    Value line = call_method0(t, in, N(readline));
    return line ? line_without_end(t, line) : 0;
}

// --- the rest ---

// Calls a function with a positional part and the keywords of a Dict (or 0).
static Value call_with(Thread *t, Value callee, const Value *args, size_t n, Value kwargs)
{
    Value tuple = tuple_from(t, args, n);
    return tuple ? call_tuple_dict(t, callee, tuple, kwargs) : 0;
}

Value builtin_open(Thread *t, const Value *args, size_t nargs)
{
    Value io = hooks.import_module(t, "_io");
    Value open = io ? attr_get(t, io, N(open)) : 0;
    return open ? call_with(t, open, args + 1, nargs - 1, args[0]) : 0;
}

Value builtin_breakpoint(Thread *t, const Value *args, size_t nargs)
{
    Value hook = builtins_sys(t, N(breakpointhook));
    if (!hook)
        return is_pending(t) ? 0 : raise(t, EXC(RuntimeError), "lost sys.breakpointhook");
    return call_with(t, hook, args + 1, nargs - 1, args[0]);
}
