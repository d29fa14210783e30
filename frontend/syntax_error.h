// syntax_error.h: making SyntaxError instances from positions in bytes.
#pragma once

#include "frontend/parser.h"
#include "frontend/source.h"

// Columns that stand for CPython's -1 and 0: "no column" and "no end".
enum { SPAN_NO_COLUMN = -2, SPAN_NO_END = -1 };

// `bare_line`: the source line is shown without its line end, as the tokenizer does.
void syntax_error_raise(Thread *t, const Source *source, Type *kind, AstSpan at, bool bare_line,
                        Value message);
