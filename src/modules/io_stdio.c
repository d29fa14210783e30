// io_stdio.c: opens sys.stdin, sys.stdout and sys.stderr.
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/core/hooks.h"
#include "src/modules/io.h"
#include "src/modules/os_locale.h"
#include "src/modules/sys.h"

typedef struct StdioText { char encoding[64], errors[64]; } StdioText;

// PYTHONIOENCODING=encoding:errors, each part optional.
static void read_environment(const VMConfig *c, StdioText *text)
{
    const char *locale = os_locale_encoding(c);
    snprintf(text->encoding, sizeof text->encoding, "%s", strcasecmp(locale, "utf-8") ? locale : "utf-8");
    snprintf(text->errors, sizeof text->errors, c->utf8_mode || os_locale_is_lenient() ? "surrogateescape" : "strict");
    const char *given = c->ignore_environment ? NULL : getenv("PYTHONIOENCODING");
    if (!given || !*given)
        return;
    size_t n = strcspn(given, ":");
    if (n && n < sizeof text->encoding)
        snprintf(text->encoding, sizeof text->encoding, "%.*s", (int)n, given);
    const char *errors = given[n] ? given + n + 1 : "";
    if (*errors)
        snprintf(text->errors, sizeof text->errors, "%s", errors);
    else if (n)
        snprintf(text->errors, sizeof text->errors, "strict");
}

// None for a descriptor that is closed.
static Value open_stream(Thread *t, int fd, const char *name, const StdioText *text)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return NONE;
    bool output = fd != 0, unbuffered = output && t->vm->config.unbuffered;
    FileIO *raw = file_open(t, fixnum(fd), output ? "w" : "r", false, 0);
    if (!raw || !attr_set(t, value_of(raw), N(name), str_intern_cstr(t, name)))
        return 0;
    bool terminal = isatty(fd) || (t->vm->config.interactive && output);
    Value buffer = value_of(raw);
    if (!unbuffered)
        buffer = buffered_open(t, output ? &type_buffered_writer : &type_buffered_reader, buffer, IO_BUFFER_SIZE);
    Value encoding = str_intern_cstr(t, text->encoding);
    Value errors = str_intern_cstr(t, fd == 2 ? "backslashreplace" : text->errors);
    if (!buffer || !encoding || !errors)
        return 0;
    bool by_line = !unbuffered && (terminal || fd == 2);
    Value stream = text_open(t, buffer, encoding, errors, str_latin1['\n'], by_line, unbuffered);
    return stream && attr_set(t, stream, str_intern_cstr(t, "mode"), str_latin1[output ? 'w' : 'r']) ? stream : 0;
}

bool io_boot_stdio(Thread *t)
{
    static const struct { const char *name, *hidden, *shown; } streams[] = {
        {"stdin", "__stdin__", "<stdin>"}, {"stdout", "__stdout__", "<stdout>"}, {"stderr", "__stderr__", "<stderr>"},
    };
    StdioText text;
    Value io = hooks.import_module(t, "_io");
    Value open = io ? attr_get(t, io, N(open)) : 0;
    if (!open || !attr_set(t, t->vm->builtins_module, N(open), open))
        return false;
    read_environment(&t->vm->config, &text);
    for (int fd = 2; fd >= 0; fd--) {
        Value stream = open_stream(t, fd, streams[fd].shown, &text);
        if (!stream || !sys_set(t, streams[fd].name, stream) || !sys_set(t, streams[fd].hidden, stream))
            return false;
    }
    return true;
}
