// syntax_error.h: making SyntaxError instances from positions in bytes.
#pragma once

#include "frontend/parser.h"
#include "frontend/source.h"

// Columns that stand for CPython's -1 and 0: "no column" and "no end".
enum { SPAN_NO_COLUMN = -2, SPAN_NO_END = -1 };

// The `size` bytes at `line` are shown as the source line, and columns are counted along them.
void syntax_error_raise(Thread *t, Value filename, Type *kind, AstSpan at, const char *line,
                        size_t size, Value message);
