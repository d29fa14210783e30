// parser.h: source text to syntax tree.
//
// No global state: any number of threads may parse at once. All state is in a Parser on the C stack
// and in the caller's arena.
#pragma once

#include "frontend/arena.h"
#include "frontend/ast.h"

typedef enum ParseMode {
    PARSE_EXEC,        // Module
    PARSE_EVAL,        // Expression
    PARSE_SINGLE,      // Interactive
    PARSE_FUNC_TYPE,   // FunctionType
} ParseMode;

// The values are those of CPython's compile() flags.
enum {
    PARSE_DONT_IMPLY_DEDENT = 0x200,
    PARSE_IGNORE_COOKIE = 0x800,          // the text was a str: PEP 263 cookies mean nothing
    PARSE_TYPE_COMMENTS = 0x1000,
    PARSE_FROM_FILE = 0x10000000,         // our own: the text was read from `filename`
    PARSE_ALLOW_INCOMPLETE_INPUT = 0x4000,
    PARSE_BARRY_AS_BDFL = 0x400000,       // `<>` instead of `!=`
};

typedef struct ParseRequest {
    const char *text;     // bytes as read; need not end in 0 or newline
    size_t size;
    Value filename;       // str; stands in the errors
    ParseMode mode;
    unsigned flags;
    int feature_version;  // minor version of ast.parse(feature_version=(3, n)); <= 0: current
    Value module;         // str or 0: the module name for warnings filters
} ParseRequest;

// The tree, in `arena`; its `mod` node. Null with SyntaxError, MemoryError, ... pending.
// Warnings (invalid escapes) go through `warn_syntax` and may become errors.
Node *parse_source(Thread *t, Arena *arena, const ParseRequest *request);

// Raises SyntaxError (or its subclass `type`) with filename, position and source line filled in, for
// the phases after the parser. Columns are in UTF-8 bytes as in the tree; `text` may be 0 (then the
// line is looked up in the file). Always returns 0.
Value syntax_error_at(Thread *t, Value filename, AstSpan at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
