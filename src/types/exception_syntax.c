// exception_syntax.c: SyntaxError and its position.
#include "src/types/exception.h"

#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static void set_field(Value self, int index, Value value)
{
    publish(&as_exception(self)->extra[index], value);
}

// details: (filename, lineno, offset, text[, end_lineno, end_offset[, metadata]])
static bool fill_details(Thread *t, Value self, Value details)
{
    Value tuple = tuple_from_iterable(t, details);
    if (!tuple)
        return false;
    size_t n = as_tuple(tuple)->length;
    const Value *at = as_tuple(tuple)->at;
    if (n < 4 || n > 7) {
        raise(t, EXC(TypeError), "function takes at %s arguments (%d given)", n < 4 ? "least 4" : "most 7", (int)n);
        return false;
    }
    if (n == 5) {
        raise(t, EXC(TypeError), "end_offset must be provided when end_lineno is provided");
        return false;
    }
    static const int places[] = {SYNTAX_FILENAME, SYNTAX_LINENO, SYNTAX_OFFSET, SYNTAX_TEXT,
                                 SYNTAX_END_LINENO, SYNTAX_END_OFFSET, SYNTAX_METADATA};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        set_field(self, places[i], i < n ? at[i] : 0);
    return true;
}

static bool syntax_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!exception_base_init(t, self, args, nargs, kwnames))
        return false;
    if (nargs >= 1)
        set_field(self, SYNTAX_MSG, args[0]);
    return nargs != 2 || fill_details(t, self, args[1]);
}

// The part of a path behind its last slash.
static Value base_name(Thread *t, Value path)
{
    const Str *s = as_str(path);
    size_t start = s->length;
    while (start > 0 && str_at(s, start - 1) != '/')
        start--;
    return str_substring(t, path, start, s->length);
}

static Value syntax_str(Thread *t, Value self)
{
    const Exception *e = as_exception(self);
    Value msg = e->extra[SYNTAX_MSG] ? e->extra[SYNTAX_MSG] : NONE;
    Value filename = e->extra[SYNTAX_FILENAME], line = e->extra[SYNTAX_LINENO];
    bool has_name = filename && is_str(filename), has_line = line && is_int_exact(line);
    if (has_name) {
        filename = base_name(t, filename);
        if (!filename)
            return 0;
    }
    if (has_name && has_line)
        return str_format(t, "%V (%U, line %V)", msg, filename, line);
    if (has_name)
        return str_format(t, "%V (%U)", msg, filename);
    if (has_line)
        return str_format(t, "%V (line %V)", msg, line);
    return value_str(t, msg);
}

#define SYNTAX_MEMBER(name, index, doc) \
    {name, MEMBER_VALUE_OR_NONE, offsetof(Exception, extra) + (index) * sizeof(Value), true, doc}
static const MemberDef syntax_members[] = {
    SYNTAX_MEMBER("msg", SYNTAX_MSG, "exception msg"),
    SYNTAX_MEMBER("filename", SYNTAX_FILENAME, "exception filename"),
    SYNTAX_MEMBER("lineno", SYNTAX_LINENO, "exception lineno"),
    SYNTAX_MEMBER("offset", SYNTAX_OFFSET, "exception offset"),
    SYNTAX_MEMBER("text", SYNTAX_TEXT, "exception text"),
    SYNTAX_MEMBER("end_lineno", SYNTAX_END_LINENO, "exception end lineno"),
    SYNTAX_MEMBER("end_offset", SYNTAX_END_OFFSET, "exception end offset"),
    SYNTAX_MEMBER("_metadata", SYNTAX_METADATA, "exception private metadata"),
    {0},
};

// Kept for programs that look for it; the traceback module asks whether it is None.
static Value print_file_get(Thread *t, Value self)
{
    Value value = 0;
    if (instance_attributes(as_object(self)))
        value = instance_get(as_object(self), N(print_file_and_line));
    return value ? value : NONE;
}

static bool print_file_set(Thread *t, Value self, Value value)
{
    if (!value)
        return instance_delete(t, as_object(self), N(print_file_and_line)) >= 0;
    return instance_set(t, as_object(self), N(print_file_and_line), value);
}

static const GetSetDef syntax_getsets[] = {
    {"print_file_and_line", print_file_get, print_file_set, "exception print_file_and_line"},
    {0},
};

Type type_SyntaxError = {
    EXCEPTION_HEAD(SyntaxError, Exception),
    .doc = "Invalid syntax.",
    .slots = {.init = syntax_init, .str = syntax_str},
    .members = syntax_members,
    .getsets = syntax_getsets,
};

static Value number_or_none(int n)
{
    return n > 0 ? fixnum(n) : NONE;
}

Value raise_syntax(Thread *t, Type *exception, Value filename, int line, int column, int end_line, int end_column, Value text,
                   const char *format, ...)
{
    va_list list;
    va_start(list, format);
    Value msg = str_format_va(t, format, list);
    va_end(list);
    if (!msg)
        return 0;
    Value details = tuple_of(t, 6, filename ? filename : NONE, number_or_none(line), number_or_none(column),
                             text ? text : NONE, number_or_none(end_line), end_column ? fixnum(end_column) : number_or_none(0));
    Value args = details ? tuple_pair(t, msg, details) : 0;
    Value e = args ? exception_new(t, exception, args) : 0;
    return e ? raise_value(t, e) : 0;
}
