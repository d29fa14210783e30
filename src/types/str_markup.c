// str_markup.c: parsing the markup of str.format.
#include "src/types/str_markup.h"

#include "src/core/error.h"

static bool parse_field(Thread *t, Markup *m, MarkupField *out)
{
    const Str *s = as_str(m->text);
    uint32_t c = 0;
    out->present = true;
    out->name.start = m->at;
    bool stopped = false;
    while (!stopped && m->at < m->end) {
        c = str_at(s, m->at++);
        if (c == '{')
            return raise(t, EXC(ValueError), "unexpected '{' in field name");
        if (c == '[') {
            while (m->at < m->end && str_at(s, m->at) != ']')
                m->at++;
        }
        stopped = c == '}' || c == ':' || c == '!';
    }
    out->name.end = m->at - stopped;
    if (c == '!' && stopped) {
        if (m->at >= m->end)
            return raise(t, EXC(ValueError), "end of string while looking for conversion specifier");
        out->conversion = str_at(s, m->at++);
        if (m->at < m->end) {
            c = str_at(s, m->at++);
            if (c == '}')
                return true;
            if (c != ':')
                return raise(t, EXC(ValueError), "expected ':' after conversion specifier");
        }
    } else if (c != ':' || !stopped) {
        return (c == '}' && stopped) || raise(t, EXC(ValueError), "expected '}' before end of string");
    }
    out->spec.start = m->at;
    for (int depth = 1; m->at < m->end;) {
        c = str_at(s, m->at++);
        if (c == '{') {
            out->nested = true;
            depth++;
        } else if (c == '}' && --depth == 0) {
            out->spec.end = m->at - 1;
            return true;
        }
    }
    return raise(t, EXC(ValueError), "unmatched '{' in format spec");
}

int markup_next(Thread *t, Markup *m, MarkupField *out)
{
    const Str *s = as_str(m->text);
    *out = (MarkupField){0};
    if (m->at >= m->end)
        return 0;
    out->literal.start = m->at;
    uint32_t c = 0;
    bool brace = false;
    while (!brace && m->at < m->end) {
        c = str_at(s, m->at++);
        brace = c == '{' || c == '}';
    }
    out->literal.end = m->at;
    if (!brace)
        return 1;
    bool at_end = m->at >= m->end;
    bool doubled = !at_end && str_at(s, m->at) == c;
    if (c == '}' && !doubled) {
        raise(t, EXC(ValueError), "Single '}' encountered in format string");
        return -1;
    }
    if (at_end) {
        raise(t, EXC(ValueError), "Single '{' encountered in format string");
        return -1;
    }
    if (doubled) {
        m->at++;
        return 1;
    }
    out->literal.end--;
    return parse_field(t, m, out) ? 1 : -1;
}

// The number that text[start, end) spells: *out, or -1 when it is none.
static bool parse_index(Thread *t, const Str *s, size_t start, size_t end, int64_t *out)
{
    int64_t number = 0;
    *out = -1;
    if (start == end)
        return true;
    for (size_t i = start; i < end; i++) {
        uint32_t c = str_at(s, i);
        if (c < '0' || c > '9')
            return true;
        if (number > (INT64_MAX - 9) / 10)
            return raise(t, EXC(ValueError), "Too many decimal digits in format string");
        number = number * 10 + (c - '0');
    }
    *out = number;
    return true;
}

static Value part_value(Thread *t, Value text, size_t start, size_t end)
{
    int64_t number;
    if (!parse_index(t, as_str(text), start, end, &number))
        return 0;
    return number >= 0 ? fixnum(number) : str_substring(t, text, start, end);
}

bool field_first(Thread *t, Value text, Span name, Value *out_first, FieldPath *rest)
{
    const Str *s = as_str(text);
    size_t i = name.start;
    while (i < name.end && str_at(s, i) != '.' && str_at(s, i) != '[')
        i++;
    *rest = (FieldPath){text, i, name.end};
    *out_first = part_value(t, text, name.start, i);
    return *out_first != 0;
}

static int step_error(Thread *t, const char *message)
{
    raise(t, EXC(ValueError), message);
    return -1;
}

int field_step(Thread *t, FieldPath *path, bool *out_is_attribute, Value *out_key)
{
    const Str *s = as_str(path->text);
    if (path->at >= path->end)
        return 0;
    uint32_t c = str_at(s, path->at++);
    size_t start = path->at, end;
    if (c == '.') {
        while (path->at < path->end && str_at(s, path->at) != '.' && str_at(s, path->at) != '[')
            path->at++;
        end = path->at;
    } else if (c == '[') {
        while (path->at < path->end && str_at(s, path->at) != ']')
            path->at++;
        if (path->at >= path->end)
            return step_error(t, "Missing ']' in format string");
        end = path->at++;
    } else {
        return step_error(t, "Only '.' or '[' may follow ']' in format field specifier");
    }
    if (start == end)
        return step_error(t, "Empty attribute in format string");
    *out_is_attribute = c == '.';
    *out_key = c == '.' ? str_substring(t, path->text, start, end) : part_value(t, path->text, start, end);
    return *out_key ? 1 : -1;
}
