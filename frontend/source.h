// source.h: decoded source text, ready for the lexer.
#pragma once

#include "frontend/arena.h"

// Immutable once opened. `text` is valid UTF-8 with '\n' as the only line end and no null byte but
// the one behind its end; it lives in the arena.
typedef struct Source {
    const char *text;
    size_t size;
    Value filename;
    bool newline_added;   // the last line had no line end of its own
} Source;

// Largest source: token positions are 32-bit.
#define SOURCE_MAX_SIZE ((size_t)INT32_MAX - 16)

enum {
    SOURCE_IGNORE_COOKIE = 1,   // the text was a str: always UTF-8
    SOURCE_ADD_NEWLINE = 2,     // end the last line if it is not
    SOURCE_FROM_FILE = 4,       // read from the file that is named: errors say so
};

// Decodes (BOM, PEP 263 cookie), checks, and normalises line ends.
// False with SyntaxError, MemoryError or the codec's error pending.
bool source_open(Thread *t, Arena *arena, Source *source, const char *bytes, size_t size,
                 Value filename, unsigned flags);

// The encoding that a BOM or a cookie in the first two lines declares, or null for none.
// Writes a normalised name ("utf-8", "iso-8859-1" for their many spellings) to `out_name`.
bool source_find_cookie(const char *bytes, size_t size, char *out_name, size_t capacity);

// The line that contains `offset`: start and size without its line end.
size_t source_line_start(const Source *source, size_t offset);
size_t source_line_size(const Source *source, size_t line_start);

// First byte of line `lineno` (from 1); the end of the text when there is no such line.
size_t source_find_line(const Source *source, int lineno);
