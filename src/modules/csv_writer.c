// csv_writer.c: _csv.writer: lines of text from records. Immutable: each row is built on its own.
#include "src/modules/csv.h"

typedef struct Writer {
    Object head;
    Value write;                  // bound method of the file
    Dialect *dialect;
} Writer;

Value csv_writer_new(Thread *t, Value file, Dialect *dialect)
{
    Value write;
    int found = attr_find(t, file, N(write), &write);
    if (found < 0)
        return 0;
    if (!found || !is_callable(write))
        return raise(t, EXC(TypeError), "argument 1 must have a \"write\" method");
    Writer *writer = new_object(t, csv_writer, Writer);
    if (!writer)
        return 0;
    writer->write = write;
    writer->dialect = dialect;
    return value_of(writer);
}

// Does the character mean something, so that it must be quoted or escaped?
static bool is_special(const Dialect *d, uint32_t c)
{
    return c == d->delimiter || c == d->escape || c == d->quote || c == '\n' || c == '\r'
           || str_has_char(as_str(d->line_terminator), c);
}

static bool wants_quotes(const Dialect *d, const Str *field)
{
    for (size_t i = 0; i < field->length; i++) {
        uint32_t c = str_at(field, i);
        if (!is_special(d, c))
            continue;
        bool is_quote = c == d->quote && !d->double_quote;
        if (!is_quote && c != d->escape)
            return true;          // quotes inside that are escaped, and the escape itself, need none around
    }
    return false;
}

static bool append_char(Thread *t, StrBuilder *b, const Dialect *d, uint32_t c)
{
    if (is_special(d, c)) {
        bool escape = d->quoting == QUOTE_NONE || c == d->escape;
        if (!escape && c == d->quote) {
            if (d->double_quote) {
                if (!builder_char(t, b, d->quote))
                    return false;
            } else {
                escape = true;
            }
        }
        if (escape) {
            if (d->escape == NO_CHAR)
                return csv_raise(t, "need to escape, but no escapechar set") != 0;
            if (!builder_char(t, b, d->escape))
                return false;
        }
    }
    return builder_char(t, b, c);
}

static bool append_field(Thread *t, StrBuilder *b, const Dialect *d, const Str *field, bool quoted, bool null_field)
{
    bool around = quoted || (d->quoting != QUOTE_NONE && wants_quotes(d, field));
    bool blank = field->length == 0 && d->delimiter == ' ' && d->skip_initial_space;
    if (blank) {
        if (d->quoting == QUOTE_NONE || (null_field && (d->quoting == QUOTE_STRINGS || d->quoting == QUOTE_NOTNULL)))
            return csv_raise(t, "empty field must be quoted if delimiter is a space and skipinitialspace is true") != 0;
        around = true;
    }
    if (around && !builder_char(t, b, d->quote))
        return false;
    for (size_t i = 0; i < field->length; i++)
        if (!append_char(t, b, d, str_at(field, i)))
            return false;
    return !around || builder_char(t, b, d->quote);
}

static bool is_number(Value v)
{
    return is_int(v) || is_float(v) || type_of(v)->slots.to_index || type_of(v)->slots.to_float || type_of(v)->slots.to_int;
}

static bool field_quoted(const Dialect *d, Value field)
{
    switch (d->quoting) {
    case QUOTE_ALL:
        return true;
    case QUOTE_NONNUMERIC:
        return !is_number(field);
    case QUOTE_STRINGS:
        return is_str(field);
    case QUOTE_NOTNULL:
        return field != NONE;
    default:
        return false;
    }
}

static Value join_row(Thread *t, const Dialect *d, Value row)
{
    Value iterator = iter_get(t, row);
    if (!iterator) {
        if (pending_clear_if(t, EXC(TypeError)))
            csv_raise(t, "iterable expected, not %T", row);
        return 0;
    }
    StrBuilder b;
    builder_init(&b);
    size_t fields = 0;
    bool null_field = false;
    for (Value field; (field = iter_next(t, iterator)) != 0; fields++) {
        if (fields && !builder_char(t, &b, d->delimiter))
            return 0;
        bool quoted = field_quoted(d, field);
        null_field = field == NONE;
        Value text = is_str(field) ? field : field == NONE ? str_empty : value_str(t, field);
        if (!text)
            return 0;
        if (field == NONE && (d->quoting == QUOTE_STRINGS || d->quoting == QUOTE_NOTNULL))
            quoted = false;
        if (!append_field(t, &b, d, as_str(text), quoted, null_field))
            return 0;
    }
    if (is_pending(t))
        return 0;
    if (fields == 1 && b.length == 0) {   // a lone empty field would read as no field
        bool cannot = d->quoting == QUOTE_NONE
                      || (null_field && (d->quoting == QUOTE_STRINGS || d->quoting == QUOTE_NOTNULL));
        if (cannot)
            return csv_raise(t, "single empty field record must be quoted");
        if (!builder_char(t, &b, d->quote) || !builder_char(t, &b, d->quote))
            return 0;
    }
    return builder_str(t, &b, d->line_terminator) ? builder_finish(t, &b) : 0;
}

static Value write_row(Thread *t, Writer *writer, Value row)
{
    Value line = join_row(t, writer->dialect, row);
    return line ? call1(t, writer->write, line) : 0;
}

static Value writerow_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return write_row(t, (Writer *)args[0], args[1]);
}

static Value writerows_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value iterator = iter_get(t, args[1]);
    if (!iterator)
        return 0;
    for (Value row; (row = iter_next(t, iterator)) != 0;)
        if (!write_row(t, (Writer *)args[0], row))
            return 0;
    return is_pending(t) ? 0 : NONE;
}

static Value get_dialect(Thread *t, Value self)
{
    (void)t;
    return value_of(((Writer *)self)->dialect);
}

static const NativeDef writer_methods[] = {
    {"writerow", writerow_method, "($self, row, /)",
     "writerow(iterable)\n\nConstruct and write a CSV record from an iterable of fields.  Non-string\n"
     "elements will be converted to string.", 0},
    {"writerows", writerows_method, "($self, rows, /)",
     "writerows(iterable of iterables)\n\nConstruct and write a series of iterables to a csv file.  Non-string\n"
     "elements will be converted to string.", 0},
    {0},
};

static const GetSetDef writer_getsets[] = {
    {"dialect", get_dialect, NULL, NULL},
    {0},
};

Type type_csv_writer = {
    TYPE_HEAD(csv_writer, "_csv.writer", &type_object, Writer),
    .flags = TYPE_DISALLOW_NEW,
    .doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input.\n",
    .methods = writer_methods,
    .getsets = writer_getsets,
};
