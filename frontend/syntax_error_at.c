// syntax_error_at.c: SyntaxErrors of the phases after the parser: the source line comes from the file, if there is one.
#include <stdarg.h>
#include <stdio.h>

#include "frontend/parser.h"
#include "src/core/error.h"
#include "src/types/exception.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

enum { LINE_MAX_BYTES = 4096 };

// Reads line `number` of the file into `line`; its length without the newline, or -1.
static int read_line(Thread *t, Value filename, int number, char *line)
{
    const char *path = str_utf8(t, filename, NULL);
    FILE *file = path && path[0] != '<' ? fopen(path, "re") : NULL;
    pending_clear(t);
    if (!file)
        return -1;
    int length = -1;
    for (int i = 0; i < number; i++) {
        if (!fgets(line, LINE_MAX_BYTES, file)) {
            length = -1;
            break;
        }
        length = (int)strlen(line);
    }
    fclose(file);
    if (number == 1 && length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) {
        length -= 3;
        memmove(line, line + 3, (size_t)length + 1);
    }
    return length;
}

// 1-based column in characters of a byte offset.
static int64_t column_in(const char *line, int length, int offset)
{
    int64_t column = 1;
    for (int i = 0; i < offset; i++)
        column += i >= length || ((unsigned char)line[i] & 0xc0) != 0x80;
    return column;
}

Value syntax_error_at(Thread *t, Value filename, AstSpan at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value message = str_format_va(t, format, args);
    va_end(args);
    char line[LINE_MAX_BYTES];
    int length = message ? read_line(t, filename, at.lineno, line) : -1;
    Value text = length >= 0 ? str_from_utf8(t, line, (size_t)length) : NONE;
    if (!message || !text)
        return 0;
    Value details = tuple_of(t, 6, filename, fixnum(at.lineno), fixnum(column_in(line, length, at.col_offset)), text,
                             fixnum(at.end_lineno), fixnum(column_in(line, length, at.end_col_offset)));
    Value arguments = details ? tuple_pair(t, message, details) : 0;
    Value error = arguments ? exception_new(t, EXC(SyntaxError), arguments) : 0;
    return error ? raise_value(t, error) : 0;
}
