// str_format.c: str.format, str.format_map, and str.__format__.
#include "src/types/dict.h"
#include "src/types/str_builder.h"
#include "src/types/str_markup.h"
#include "src/types/str_methods.h"

enum { FORMAT_NESTING = 2 };       // fields within format specs, once

typedef struct Formatter {
    const Value *args;             // positional
    size_t nargs;
    Value names;                   // Dict or any mapping; 0: none
    bool is_map;                   // format_map: no positional arguments at all
    enum { NUMBERING_UNKNOWN, NUMBERING_AUTO, NUMBERING_MANUAL } numbering;
    int64_t next;                  // of automatic numbering
} Formatter;

static bool format_into(Thread *t, Formatter *f, StrBuilder *out, Value text, Span span, int depth);

static bool check_numbering(Thread *t, Formatter *f, bool automatic)
{
    if (f->numbering == NUMBERING_UNKNOWN)
        f->numbering = automatic ? NUMBERING_AUTO : NUMBERING_MANUAL;
    if (automatic == (f->numbering == NUMBERING_AUTO))
        return true;
    if (automatic)
        return raise(t, EXC(ValueError), "cannot switch from manual field specification to automatic field numbering");
    return raise(t, EXC(ValueError), "cannot switch from automatic field numbering to manual field specification");
}

static Value positional(Thread *t, Formatter *f, int64_t i)
{
    if (f->is_map)
        return raise(t, EXC(ValueError), "Format string contains positional fields");
    if ((uint64_t)i >= f->nargs)
        return raise(t, EXC(IndexError), "Replacement index %ld out of range for positional args tuple", i);
    return f->args[i];
}

static Value field_object(Thread *t, Formatter *f, Value text, Span name)
{
    Value first;
    FieldPath path;
    if (!field_first(t, text, name, &first, &path))
        return 0;
    bool is_empty = is_str(first) && as_str(first)->length == 0;
    Value object;
    if (is_empty || is_fixnum(first)) {
        if (!f->is_map && !check_numbering(t, f, is_empty))
            return 0;
        object = positional(t, f, is_empty ? f->next++ : fixnum_value(first));
    } else if (!f->names) {
        return raise_key(t, first);
    } else {
        object = item_get(t, f->names, first);
    }
    bool is_attribute = false;
    Value key = 0;
    int more = 1;
    while (object && (more = field_step(t, &path, &is_attribute, &key)) > 0)
        object = is_attribute ? attr_get(t, object, key) : item_get(t, object, key);
    return more < 0 ? 0 : object;
}

static Value converted(Thread *t, Value object, uint32_t conversion)
{
    switch (conversion) {
    case 0: return object;
    case 'r': return value_repr(t, object);
    case 's': return value_str(t, object);
    case 'a': return value_ascii(t, object);
    }
    if (conversion > 32 && conversion < 127)
        return raise(t, EXC(ValueError), "Unknown conversion specifier %c", conversion);
    return raise(t, EXC(ValueError), "Unknown conversion specifier \\x%x", conversion);
}

static bool put_field(Thread *t, Formatter *f, StrBuilder *out, Value text, const MarkupField *field, int depth)
{
    Value object = field_object(t, f, text, field->name);
    if (!object)
        return false;
    object = converted(t, object, field->conversion);
    if (!object)
        return false;
    Value spec = str_empty;
    if (field->nested) {
        StrBuilder b;
        builder_init(&b);
        if (!format_into(t, f, &b, text, field->spec, depth - 1))
            return false;
        spec = builder_finish(t, &b);
    } else if (field->spec.end > field->spec.start) {
        spec = str_substring(t, text, field->spec.start, field->spec.end);
    }
    Value shown = spec ? value_format(t, object, spec) : 0;
    return shown && builder_str(t, out, shown);
}

static bool format_into(Thread *t, Formatter *f, StrBuilder *out, Value text, Span span, int depth)
{
    if (depth <= 0)
        return raise(t, EXC(ValueError), "Max string recursion exceeded");
    Markup m = {text, span.start, span.end};
    MarkupField field;
    int more;
    while ((more = markup_next(t, &m, &field)) > 0) {
        if (!builder_substring(t, out, text, field.literal.start, field.literal.end))
            return false;
        if (field.present && !put_field(t, f, out, text, &field, depth))
            return false;
    }
    return more == 0;
}

static Value format_all(Thread *t, Formatter *f, Value self)
{
    StrBuilder b;
    builder_init(&b);
    if (!builder_reserve(t, &b, as_str(self)->length + 16, 0))
        return 0;
    if (!format_into(t, f, &b, self, (Span){0, as_str(self)->length}, FORMAT_NESTING))
        return 0;
    return builder_finish(t, &b);
}

STR_METHOD(format)
{
    Formatter f = {.args = args + 2, .nargs = nargs - 2, .names = args[1]};
    return format_all(t, &f, str_exact(t, args[0]));
}

STR_METHOD(format_map)
{
    Formatter f = {.names = args[1], .is_map = true};
    return format_all(t, &f, str_exact(t, args[0]));
}

// --- __format__: [[fill]align][sign][z][#][0][width][grouping][.precision][type] ---

typedef struct TextSpec {
    uint32_t fill, align;
    int64_t width, precision;
} TextSpec;

static bool is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

static bool spec_number(Thread *t, const Str *s, size_t *at, int64_t *out)
{
    size_t start = *at;
    int64_t number = 0;
    while (*at < s->length && str_at(s, *at) >= '0' && str_at(s, *at) <= '9') {
        number = number * 10 + (str_at(s, (*at)++) - '0');
        if (number > INT64_MAX / 16)
            return raise(t, EXC(ValueError), "Too many decimal digits in format string");
    }
    *out = *at > start ? number : -1;
    return true;
}

static bool invalid_spec(Thread *t, const Str *s, Value self)
{
    return raise(t, EXC(ValueError), "Invalid format specifier '%U' for object of type '%T'", value_of(s), self);
}

static bool parse_text_spec(Thread *t, const Str *s, Value self, TextSpec *out)
{
    size_t at = 0, n = s->length;
    *out = (TextSpec){.fill = ' ', .align = '<', .precision = -1};
    bool fill_given = false, align_given = false;
    if (n >= 2 && is_align(str_at(s, 1))) {
        out->fill = str_at(s, 0);
        out->align = str_at(s, 1);
        fill_given = align_given = true;
        at = 2;
    } else if (n >= 1 && is_align(str_at(s, 0))) {
        out->align = str_at(s, 0);
        align_given = true;
        at = 1;
    }
    uint32_t c = at < n ? str_at(s, at) : 0;
    if (c == '+' || c == '-' || c == ' ') {
        if (c == ' ')
            return raise(t, EXC(ValueError), "Space not allowed in string format specifier");
        return raise(t, EXC(ValueError), "Sign not allowed in string format specifier");
    }
    if (c == 'z')
        return raise(t, EXC(ValueError), "Negative zero coercion (z) not allowed in string format specifier");
    if (c == '#')
        return raise(t, EXC(ValueError), "Alternate form (#) not allowed in string format specifier");
    if (c == '0' && !fill_given) {
        out->fill = '0';
        at++;
    }
    (void)align_given;
    if (!spec_number(t, s, &at, &out->width))
        return false;
    c = at < n ? str_at(s, at) : 0;
    if (c == ',' || c == '_')
        return raise(t, EXC(ValueError), "Cannot specify '%c' with 's'.", c);
    if (c == '.') {
        at++;
        if (!spec_number(t, s, &at, &out->precision))
            return false;
        if (out->precision < 0)
            return raise(t, EXC(ValueError), "Format specifier missing precision");
    }
    if (n - at > 1)
        return invalid_spec(t, s, self);
    if (at < n && str_at(s, at) != 's') {
        c = str_at(s, at);
        if (c > 32 && c < 128)
            return raise(t, EXC(ValueError), "Unknown format code '%c' for object of type '%T'", c, self);
        return raise(t, EXC(ValueError), "Unknown format code '\\x%x' for object of type '%T'", c, self);
    }
    if (out->align == '=')
        return raise(t, EXC(ValueError), "'=' alignment not allowed in string format specifier");
    return true;
}

Value str_format_spec(Thread *t, Value self, Value spec_value)
{
    const Str *s = as_str(self), *text = as_str(spec_value);
    if (text->length == 0)
        return value_str(t, self);
    TextSpec spec;
    if (!parse_text_spec(t, text, self, &spec))
        return 0;
    size_t n = s->length;
    if (spec.precision >= 0 && (size_t)spec.precision < n)
        n = (size_t)spec.precision;
    size_t pad = spec.width > (int64_t)n ? (size_t)spec.width - n : 0;
    if (!pad)
        return str_substring(t, self, 0, n);
    size_t left = spec.align == '>' ? pad : spec.align == '^' ? pad / 2 : 0;
    StrBuilder b;
    builder_init(&b);
    bool ok = builder_reserve(t, &b, n + pad, 0) && builder_fill(t, &b, spec.fill, left) &&
              builder_substring(t, &b, self, 0, n) && builder_fill(t, &b, spec.fill, pad - left);
    return ok ? builder_finish(t, &b) : 0;
}

STR_METHOD(format_spec)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "__format__() argument must be str, not %s", argument_type_name(args[1]));
    return str_format_spec(t, args[0], args[1]);
}
