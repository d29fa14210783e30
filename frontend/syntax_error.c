// syntax_error.c: SyntaxError with file, range and source line.
//
// Positions come in as bytes from 0 and go out as characters from 1. As in CPython, both ends of a
// range are counted along the line where it starts.

#include "frontend/syntax_error.h"

#include "src/core/error.h"
#include "src/types/exception.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static int char_column(const char *line, size_t size, int32_t col)
{
    if (col < 0)
        return col + 1;
    size_t end = size_min((size_t)col, size);
    int chars = 1;
    for (size_t i = 0; i < end; i++)
        chars += (line[i] & 0xC0) != 0x80;
    return chars;
}

void syntax_error_raise(Thread *t, Value filename, Type *kind, AstSpan at, const char *line,
                        size_t size, Value message)
{
    Value text = str_from_utf8(t, line, size);
    if (!text)
        return;
    Value details = tuple_of(t, 6, filename ? filename : NONE, fixnum(at.lineno),
                             fixnum(char_column(line, size, at.col_offset)), text,
                             fixnum(at.end_lineno),
                             fixnum(char_column(line, size, at.end_col_offset)));
    Value args = details ? tuple_pair(t, message, details) : 0;
    Value error = args ? exception_new(t, kind, args) : 0;
    if (error)
        raise_value(t, error);
}
