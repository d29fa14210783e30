// csv.h: what the files of the _csv module share.
#ifndef ADDER_MODULES_CSV_H
#define ADDER_MODULES_CSV_H

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/str_builder.h"

typedef enum Quoting { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE, QUOTE_STRINGS, QUOTE_NOTNULL, QUOTING_COUNT } Quoting;

enum { NO_CHAR = 0x110000 };      // "no such character": beyond all code points

// Immutable.
typedef struct Dialect {
    Object head;
    bool double_quote, skip_initial_space, strict;
    Quoting quoting;
    uint32_t delimiter, quote, escape;   // quote and escape may be NO_CHAR
    Value line_terminator;        // Str
} Dialect;

extern Value csv_error;                                  // the class _csv.Error; root
int64_t csv_field_limit(void);
COLD Value csv_raise(Thread *t, const char *format, ...);
Dialect *csv_dialect_from(Thread *t, Value dialect, Value options);   // options: Dict of keywords or 0
Value csv_reader_new(Thread *t, Value iterable, Dialect *dialect);
Value csv_writer_new(Thread *t, Value file, Dialect *dialect);
Value csv_dialect_named(Thread *t, Value name);          // from the registry; _csv.Error when unknown
bool str_has_char(const Str *s, uint32_t c);

#endif
