// warn_syntax.h: SyntaxWarnings of the lexer, parser and compiler.
#pragma once

#include "frontend/ast.h"

// Issues a SyntaxWarning for a place in the source; `module` may be 0. When a filter turns it into an error, a SyntaxError
// with that place is pending and the result is false.
MUST_CHECK bool warn_syntax(Thread *t, Value filename, Value module, AstSpan at, const char *message);

// The same with a message in two forms: leaves the SyntaxWarning itself pending when it is an error.
MUST_CHECK bool warn_line(Thread *t, Value filename, Value module, int lineno, Value message);
