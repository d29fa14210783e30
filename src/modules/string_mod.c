// string_mod.c: the _string module: the markup of str.format for string.Formatter.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/ops/ops.h"
#include "src/types/str_markup.h"
#include "src/types/tuple.h"

// Both iterators. Owned by one thread at a time, as any iterator.
typedef struct MarkupIterator {
    Object head;
    Markup markup;           // of formatter_iterator
    FieldPath path;          // of fieldname_iterator
} MarkupIterator;

static Value self(Thread *t, Value v) { return v; }

static Value part(Thread *t, Value text, Span span) { return str_substring(t, text, span.start, span.end); }

static Value formatter_next(Thread *t, Value v)
{
    MarkupIterator *it = (MarkupIterator *)v;
    MarkupField field;
    if (markup_next(t, &it->markup, &field) <= 0)
        return 0;
    Value text = it->markup.text, literal = part(t, text, field.literal);
    if (!literal)
        return 0;
    if (!field.present)
        return tuple_of(t, 4, literal, NONE, NONE, NONE);
    Value name = part(t, text, field.name), spec = part(t, text, field.spec);
    Value conversion = field.conversion ? str_from_char(t, field.conversion) : NONE;
    return name && spec && conversion ? tuple_of(t, 4, literal, name, spec, conversion) : 0;
}

static Value fieldname_next(Thread *t, Value v)
{
    MarkupIterator *it = (MarkupIterator *)v;
    bool is_attribute;
    Value key;
    return field_step(t, &it->path, &is_attribute, &key) > 0 ? tuple_pair(t, value_bool(is_attribute), key) : 0;
}

Type type_formatteriterator = {
    TYPE_HEAD(formatteriterator, "formatteriterator", &type_object, MarkupIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = self, .next = formatter_next},
};

Type type_fieldnameiterator = {
    TYPE_HEAD(fieldnameiterator, "fieldnameiterator", &type_object, MarkupIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = self, .next = fieldname_next},
};

static bool text_argument(Thread *t, Value v)
{
    return is_str(v) || raise(t, EXC(TypeError), "expected str, got %T", v);
}

static Value formatter_parser(Thread *t, const Value *args, size_t nargs)
{
    if (!text_argument(t, args[0]))
        return 0;
    MarkupIterator *it = new_object(t, formatteriterator, MarkupIterator);
    if (it)
        it->markup = (Markup){str_exact(t, args[0]), 0, as_str(args[0])->length};
    return value_of(it);
}

static Value formatter_field_name_split(Thread *t, const Value *args, size_t nargs)
{
    if (!text_argument(t, args[0]))
        return 0;
    MarkupIterator *it = new_object(t, fieldnameiterator, MarkupIterator);
    Value first;
    if (!it || !field_first(t, str_exact(t, args[0]), (Span){0, as_str(args[0])->length}, &first, &it->path))
        return 0;
    return tuple_pair(t, first, value_of(it));
}

static const NativeDef functions[] = {
    {"formatter_parser", formatter_parser, "(string, /)", "parse the argument as a format string", 0},
    {"formatter_field_name_split", formatter_field_name_split, "(string, /)", "split the argument as a field name", 0},
    {0},
};

const ModuleDef module_string = {.name = "_string", .doc = "string helper module", .functions = functions};
