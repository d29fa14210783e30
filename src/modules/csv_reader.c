// csv_reader.c: _csv.reader: records from lines of text.
//
// A record under construction lives on the C stack of one call of next; threads that share a reader share its iterator alone.
#include "src/modules/csv.h"
#include "src/types/iterators.h"
#include "src/types/str_builder.h"

typedef enum ParseState {
    START_RECORD, START_FIELD, ESCAPED, IN_FIELD, IN_QUOTED, ESCAPED_IN_QUOTED, QUOTE_IN_QUOTED, EAT_NEWLINE, AFTER_ESCAPED_NEWLINE
} ParseState;

enum { END_OF_LINE = NO_CHAR + 1 };   // what the parser sees behind the last character of a line

typedef struct Reader {
    Object head;
    Value iterator;
    Dialect *dialect;
    int64_t line_number;          // relaxed
} Reader;

// One record under construction; on the C stack.
typedef struct Record {
    Reader *reader;
    const Dialect *dialect;
    List *fields;
    StrBuilder text;
    ParseState state;
    bool unquoted;                // the field began without a quote
} Record;

Value csv_reader_new(Thread *t, Value iterable, Dialect *dialect)
{
    Value iterator = iter_get(t, iterable);
    Reader *reader = iterator ? new_object(t, csv_reader, Reader) : NULL;
    if (!reader)
        return 0;
    reader->iterator = iterator;
    reader->dialect = dialect;
    return value_of(reader);
}

static bool add_char(Thread *t, Record *r, uint32_t c)
{
    if ((int64_t)r->text.length >= csv_field_limit())
        return csv_raise(t, "field larger than field limit (%ld)", csv_field_limit()) != 0;
    return builder_char(t, &r->text, c);
}

static bool save_field(Thread *t, Record *r)
{
    Quoting quoting = r->dialect->quoting;
    bool empty = r->text.length == 0;
    Value field = builder_finish(t, &r->text);
    builder_init(&r->text);
    if (field && r->unquoted && empty && (quoting == QUOTE_NOTNULL || quoting == QUOTE_STRINGS))
        field = NONE;
    else if (field && r->unquoted && !empty && (quoting == QUOTE_NONNUMERIC || quoting == QUOTE_STRINGS))
        field = number_float(t, field);
    return field && list_append(t, r->fields, field);
}

static bool is_newline(uint32_t c)
{
    return c == '\n' || c == '\r' || c == END_OF_LINE;
}

static bool end_field(Thread *t, Record *r, uint32_t c)
{
    r->state = is_newline(c) ? c == END_OF_LINE ? START_RECORD : EAT_NEWLINE : START_FIELD;
    return save_field(t, r);
}

static bool start_field(Thread *t, Record *r, uint32_t c)
{
    const Dialect *d = r->dialect;
    r->unquoted = true;
    if (is_newline(c))
        return end_field(t, r, c);
    if (c == d->quote && d->quoting != QUOTE_NONE) {
        r->unquoted = false;
        r->state = IN_QUOTED;
    } else if (c == d->escape) {
        r->state = ESCAPED;
    } else if (c == ' ' && d->skip_initial_space) {
        r->state = START_FIELD;
    } else if (c == d->delimiter) {
        r->state = START_FIELD;
        return save_field(t, r);
    } else {
        r->state = IN_FIELD;
        return add_char(t, r, c);
    }
    return true;
}

static bool in_field(Thread *t, Record *r, uint32_t c)
{
    if (is_newline(c) || c == r->dialect->delimiter)
        return end_field(t, r, c);
    if (c == r->dialect->escape) {
        r->state = ESCAPED;
        return true;
    }
    return add_char(t, r, c);
}

static bool in_quoted(Thread *t, Record *r, uint32_t c)
{
    const Dialect *d = r->dialect;
    if (c == END_OF_LINE)
        return true;
    if (c == d->escape) {
        r->state = ESCAPED_IN_QUOTED;
    } else if (c == d->quote && d->quoting != QUOTE_NONE) {
        r->state = d->double_quote ? QUOTE_IN_QUOTED : IN_FIELD;
    } else {
        return add_char(t, r, c);
    }
    return true;
}

static bool after_quote(Thread *t, Record *r, uint32_t c)
{
    const Dialect *d = r->dialect;
    if (d->quoting != QUOTE_NONE && c == d->quote) {
        r->state = IN_QUOTED;
        return add_char(t, r, c);
    }
    if (is_newline(c) || c == d->delimiter)
        return end_field(t, r, c);
    if (!d->strict) {
        r->state = IN_FIELD;
        return add_char(t, r, c);
    }
    Value delimiter = str_from_char(t, d->delimiter), quote = delimiter ? str_from_char(t, d->quote) : 0;
    return quote && csv_raise(t, "'%U' expected after '%U'", delimiter, quote) != 0;
}

static bool parse_char(Thread *t, Record *r, uint32_t c)
{
    switch (r->state) {
    case START_RECORD:
        if (c == END_OF_LINE)
            return true;          // an empty line: no fields
        if (c == '\n' || c == '\r') {
            r->state = EAT_NEWLINE;
            return true;
        }
        return start_field(t, r, c);
    case START_FIELD:
        return start_field(t, r, c);
    case ESCAPED:
        if (c == '\n' || c == '\r') {
            r->state = AFTER_ESCAPED_NEWLINE;
            return add_char(t, r, c);
        }
        r->state = IN_FIELD;
        return add_char(t, r, c == END_OF_LINE ? '\n' : c);
    case AFTER_ESCAPED_NEWLINE:
        if (c == END_OF_LINE)
            return true;
        r->state = IN_FIELD;
        return in_field(t, r, c);
    case IN_FIELD:
        return in_field(t, r, c);
    case IN_QUOTED:
        return in_quoted(t, r, c);
    case ESCAPED_IN_QUOTED:
        r->state = IN_QUOTED;
        return add_char(t, r, c == END_OF_LINE ? '\n' : c);
    case QUOTE_IN_QUOTED:
        return after_quote(t, r, c);
    case EAT_NEWLINE:
        if (c == '\n' || c == '\r')
            return true;
        if (c == END_OF_LINE) {
            r->state = START_RECORD;
            return true;
        }
        return csv_raise(t, "new-line character seen in unquoted field - do you need to open the file with newline=''?") != 0;
    }
    return false;
}

static bool parse_line(Thread *t, Record *r, Value line)
{
    const Str *s = as_str(line);
    for (size_t i = 0; i < s->length; i++)
        if (!parse_char(t, r, str_at(s, i)))
            return false;
    return parse_char(t, r, END_OF_LINE);
}

// At the end of the input: a quoted field that was not closed, or an escape with nothing behind it.
static bool finish_early(Thread *t, Record *r)
{
    bool open = r->text.length != 0 || r->state == IN_QUOTED;
    if (is_pending(t) || !open)
        return false;
    if (r->dialect->strict)
        return csv_raise(t, "unexpected end of data") != 0;
    return save_field(t, r);
}

static Value read_record(Thread *t, Reader *reader)
{
    Record r = {.reader = reader, .dialect = reader->dialect, .fields = list_new(t, 0), .state = START_RECORD};
    if (!r.fields)
        return 0;
    builder_init(&r.text);
    do {
        int64_t lines = load_relaxed(&reader->line_number);
        Value line = iter_next(t, reader->iterator);
        if (line && load_relaxed(&reader->line_number) != lines)
            return csv_raise(t, "iterator has already advanced the reader");
        if (!line)
            return finish_early(t, &r) ? value_of(r.fields) : 0;
        if (!is_str(line))
            return csv_raise(t, "iterator should return strings, not %T (the file should be opened in text mode)", line);
        store_relaxed(&reader->line_number, reader->line_number + 1);
        if (!parse_line(t, &r, line))
            return 0;
    } while (r.state != START_RECORD);
    return value_of(r.fields);
}

static Value reader_next(Thread *t, Value iterator)
{
    return read_record(t, (Reader *)iterator);
}

static Value get_dialect(Thread *t, Value self)
{
    (void)t;
    return value_of(((Reader *)self)->dialect);
}

static const GetSetDef reader_getsets[] = {
    {"dialect", get_dialect, NULL, NULL},
    {0},
};

static const MemberDef reader_members[] = {
    {"line_num", MEMBER_INT64, offsetof(Reader, line_number), false, NULL},
    {0},
};

Type type_csv_reader = {
    TYPE_HEAD(csv_reader, "_csv.reader", &type_object, Reader),
    .flags = TYPE_DISALLOW_NEW,
    .doc = "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.\n",
    .slots = {.iter = iterator_self, .next = reader_next},
    .getsets = reader_getsets,
    .members = reader_members,
};
