// template.c: t-strings' Template and Interpolation objects. Immutable.
#include "src/types/template.h"

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

typedef struct Interpolation {
    Object head;
    Value value, expression, conversion, format_spec;
} Interpolation;

typedef struct Template {
    Object head;
    Value strings, interpolations;      // tuples
} Template;

typedef struct TemplateIterator {
    Object head;
    Value template;
    size_t next;            // of the alternating parts; relaxed
} TemplateIterator;

static Interpolation *as_interpolation(Value v) { return (Interpolation *)v; }
static Template *as_template(Value v) { return (Template *)v; }

// --- Interpolation ---

Value interpolation_new(Thread *t, Value value, Value expression, Value conversion, Value format_spec)
{
    Interpolation *i = new_object(t, interpolation, Interpolation);
    if (!i)
        return 0;
    i->value = value;
    i->expression = expression;
    i->conversion = conversion;
    i->format_spec = format_spec;
    return value_of(i);
}

static Value interpolation_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[4];
    BIND_ARGUMENTS(t, "Interpolation", "(value, expression='', conversion=None, format_spec='')", args, nargs, kwnames, a, return 0);
    Value conversion = a[2] ? a[2] : NONE;
    if (a[1] && !is_str(a[1]))
        return raise(t, EXC(TypeError), "Interpolation() argument 'expression' must be str, not %s", argument_type_name(a[1]));
    if (conversion != NONE) {
        if (!is_str(conversion))
            return raise(t, EXC(TypeError), "Interpolation() argument 'conversion' must be str, not %s", argument_type_name(conversion));
        const Str *s = as_str(conversion);
        if (s->length != 1 || (str_at(s, 0) != 's' && str_at(s, 0) != 'a' && str_at(s, 0) != 'r'))
            return raise(t, EXC(ValueError), "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'");
    }
    if (a[3] && !is_str(a[3]))
        return raise(t, EXC(TypeError), "Interpolation() argument 'format_spec' must be str, not %s", argument_type_name(a[3]));
    return interpolation_new(t, a[0], a[1] ? a[1] : str_empty, conversion, a[3] ? a[3] : str_empty);
}

static Value interpolation_repr(Thread *t, Value v)
{
    Interpolation *i = as_interpolation(v);
    return str_format(t, "Interpolation(%R, %R, %R, %R)", i->value, i->expression, i->conversion, i->format_spec);
}

static Value interpolation_reduce(Thread *t, const Value *args, size_t nargs)
{
    Interpolation *i = as_interpolation(args[0]);
    Value fields = tuple_of(t, 4, i->value, i->expression, i->conversion, i->format_spec);
    return fields ? tuple_pair(t, value_of(type_of(args[0])), fields) : 0;
}

static Value class_getitem(Thread *t, const Value *args, size_t nargs) { return generic_alias_new(t, args[0], args[1]); }

static const NativeDef interpolation_methods[] = {
    {"__reduce__", interpolation_reduce, "($self, /)", NULL, 0},
    {"__class_getitem__", class_getitem, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static Value get_match_args(Thread *t, Value v)
{
    return tuple_of(t, 4, str_intern_cstr(t, "value"), str_intern_cstr(t, "expression"), str_intern_cstr(t, "conversion"),
                    str_intern_cstr(t, "format_spec"));
}

static const MemberDef interpolation_members[] = {
    {"value", MEMBER_VALUE, offsetof(Interpolation, value), false, "Value"},
    {"expression", MEMBER_VALUE, offsetof(Interpolation, expression), false, "Expression"},
    {"conversion", MEMBER_VALUE, offsetof(Interpolation, conversion), false, "Conversion"},
    {"format_spec", MEMBER_VALUE, offsetof(Interpolation, format_spec), false, "Format specifier"},
    {0},
};

Type type_interpolation = {
    TYPE_HEAD(interpolation, "string.templatelib.Interpolation", &type_object, Interpolation),
    .doc = "Interpolation object",
    .slots = {.new = interpolation_new_slot, .repr = interpolation_repr},
    .methods = interpolation_methods,
    .members = interpolation_members,
};

bool template_boot(Thread *t)
{
    Value names = get_match_args(t, 0);
    return names && dict_set(t, as_dict(type_interpolation.attributes), N(__match_args__), names);
}

// --- Template ---

Value template_new(Thread *t, Value strings, Value interpolations)
{
    Template *template = new_object(t, template, Template);
    if (!template)
        return 0;
    template->strings = strings;
    template->interpolations = interpolations;
    return value_of(template);
}

// Adjacent strings merge; between two interpolations stands an empty one.
static Value template_from_parts(Thread *t, const Value *parts, size_t n)
{
    Value *strings = new_scanned(t, (n + 1) * sizeof(Value)), *found = new_scanned(t, (n + 1) * sizeof(Value));
    size_t n_strings = 0, n_found = 0;
    bool last_str = false;
    if (!strings || !found)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (is_str(parts[i])) {
            if (last_str)
                strings[n_strings - 1] = str_concat(t, strings[n_strings - 1], parts[i]);
            else
                strings[n_strings++] = parts[i];
            if (!strings[n_strings - 1])
                return 0;
            last_str = true;
        } else if (is_exactly(parts[i], &type_interpolation)) {
            if (!last_str)
                strings[n_strings++] = str_empty;
            found[n_found++] = parts[i];
            last_str = false;
        } else {
            return raise(t, EXC(TypeError), "Template.__new__ *args need to be of type 'str' or 'Interpolation', got %T", parts[i]);
        }
    }
    if (!last_str)
        strings[n_strings++] = str_empty;
    Value a = tuple_from(t, strings, n_strings), b = tuple_from(t, found, n_found);
    return a && b ? template_new(t, a, b) : 0;
}

static Value template_new_slot(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length)
        return raise(t, EXC(TypeError), "Template.__new__ only accepts *args arguments");
    return template_from_parts(t, args, nargs);
}

static Value template_repr(Thread *t, Value v)
{
    return str_format(t, "Template(strings=%R, interpolations=%R)", as_template(v)->strings, as_template(v)->interpolations);
}

static Value template_concat(Thread *t, Value a, Value b)
{
    if (!is_exactly(a, &type_template) || !is_exactly(b, &type_template))
        return raise(t, EXC(TypeError), "can only concatenate %T (not \"%T\") to %T", a, b, a);
    const Tuple *x = as_tuple(as_template(a)->strings), *y = as_tuple(as_template(b)->strings);
    const Tuple *p = as_tuple(as_template(a)->interpolations), *q = as_tuple(as_template(b)->interpolations);
    Value middle = str_concat(t, x->at[x->length - 1], y->at[0]);
    Tuple *strings = middle ? tuple_alloc(t, x->length + y->length - 1) : NULL;
    Tuple *parts = strings ? tuple_alloc(t, p->length + q->length) : NULL;
    if (!parts)
        return 0;
    memcpy(strings->at, x->at, (x->length - 1) * sizeof(Value));
    strings->at[x->length - 1] = middle;
    memcpy(strings->at + x->length, y->at + 1, (y->length - 1) * sizeof(Value));
    memcpy(parts->at, p->at, p->length * sizeof(Value));
    memcpy(parts->at + p->length, q->at, q->length * sizeof(Value));
    return template_new(t, value_of(strings), p->length + q->length ? value_of(parts) : tuple_empty);
}

static Value template_iter(Thread *t, Value v)
{
    TemplateIterator *it = new_object(t, template_iterator, TemplateIterator);
    if (it)
        it->template = v;
    return value_of(it);
}

static Value template_iterator_next(Thread *t, Value self)
{
    TemplateIterator *it = (TemplateIterator *)self;
    const Tuple *strings = as_tuple(as_template(it->template)->strings);
    const Tuple *parts = as_tuple(as_template(it->template)->interpolations);
    for (;;) {
        size_t i = it->next++;
        if (i >= strings->length + parts->length)
            return it->next--, (Value)0;
        Value part = i % 2 ? parts->at[i / 2] : strings->at[i / 2];
        if (i % 2 || as_str(part)->length)
            return part;
    }
}

static Value iterator_self(Thread *t, Value v) { return v; }

static Value get_values(Thread *t, Value v)
{
    const Tuple *parts = as_tuple(as_template(v)->interpolations);
    Tuple *out = tuple_alloc(t, parts->length);
    for (size_t i = 0; out && i < parts->length; i++)
        out->at[i] = as_interpolation(parts->at[i])->value;
    return value_of(out);
}

static Value template_reduce(Thread *t, const Value *args, size_t nargs)
{
    Value module = hooks.import_module(t, "string.templatelib");
    Value unpickle = module ? attr_get(t, module, str_intern_cstr(t, "_template_unpickle")) : 0;
    Value fields = unpickle ? tuple_pair(t, as_template(args[0])->strings, as_template(args[0])->interpolations) : 0;
    return fields ? tuple_pair(t, unpickle, fields) : 0;
}

static const NativeDef template_methods[] = {
    {"__reduce__", template_reduce, "($self, /)", NULL, 0},
    {"__class_getitem__", class_getitem, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static const MemberDef template_members[] = {
    {"strings", MEMBER_VALUE, offsetof(Template, strings), false, "Strings"},
    {"interpolations", MEMBER_VALUE, offsetof(Template, interpolations), false, "Interpolations"},
    {0},
};

static const GetSetDef template_getsets[] = {
    {"values", get_values, NULL, "Values of interpolations"},
    {0},
};

Type type_template = {
    TYPE_HEAD(template, "string.templatelib.Template", &type_object, Template),
    .doc = "Template object",
    .slots = {.new = template_new_slot, .repr = template_repr, .iter = template_iter, .concat = template_concat},
    .methods = template_methods,
    .getsets = template_getsets,
    .members = template_members,
};

Type type_template_iterator = {
    TYPE_HEAD(template_iterator, "string.templatelib.TemplateIter", &type_object, TemplateIterator),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = template_iterator_next},
};
