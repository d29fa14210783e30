// csv_dialect.c: _csv.Dialect: the options of CSV files, checked.
#include "src/modules/csv.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

bool str_has_char(const Str *s, uint32_t c)
{
    for (size_t i = 0; i < s->length; i++)
        if (str_at(s, i) == c)
            return true;
    return false;
}

// --- the options one by one: 0 means that it was not given ---

static bool char_option(Thread *t, const char *name, Value given, bool none_allowed, uint32_t *out)
{
    if (!given)
        return true;
    const char *wanted = none_allowed ? "a unicode character or None" : "a unicode character";
    if (given == NONE && none_allowed) {
        *out = NO_CHAR;
        return true;
    }
    if (!is_str(given))
        return raise(t, EXC(TypeError), "\"%s\" must be %s, not %T", name, wanted, given) != 0;
    if (as_str(given)->length != 1)
        return raise(t, EXC(TypeError), "\"%s\" must be %s, not a string of length %lu", name, wanted,
                     (uint64_t)as_str(given)->length) != 0;
    *out = str_at(as_str(given), 0);
    return true;
}

static bool bool_option(Thread *t, Value given, bool *out)
{
    int answer = given ? truth(t, given) : *out;
    *out = answer > 0;
    return answer >= 0;
}

static bool quoting_option(Thread *t, Value given, Quoting *out)
{
    if (!given)
        return true;
    int64_t quoting;
    if (!is_int_exact(given))
        return raise(t, EXC(TypeError), "\"quoting\" must be an integer, not %T", given) != 0;
    if (!int_to_int64(given, &quoting) || quoting < 0 || quoting >= QUOTING_COUNT)
        return raise(t, EXC(TypeError), "bad \"quoting\" value") != 0;
    *out = (Quoting)quoting;
    return true;
}

static bool check_char(Thread *t, const Dialect *d, const char *name, uint32_t c, bool space_allowed)
{
    if (c == '\r' || c == '\n' || (c == ' ' && d->skip_initial_space && !space_allowed))
        return raise(t, EXC(ValueError), "bad %s value", name) != 0;
    return true;
}

static bool check_pair(Thread *t, const char *a, const char *b, bool same)
{
    return !same || raise(t, EXC(ValueError), "bad %s or %s value", a, b) != 0;
}

static bool check_options(Thread *t, const Dialect *d)
{
    const Str *end = as_str(d->line_terminator);
    return check_char(t, d, "delimiter", d->delimiter, true)
           && (d->escape == NO_CHAR || check_char(t, d, "escapechar", d->escape, false))
           && (d->quote == NO_CHAR || check_char(t, d, "quotechar", d->quote, false))
           && check_pair(t, "delimiter", "escapechar", d->delimiter == d->escape)
           && check_pair(t, "delimiter", "quotechar", d->delimiter == d->quote)
           && check_pair(t, "escapechar", "quotechar", d->escape != NO_CHAR && d->escape == d->quote)
           && check_pair(t, "delimiter", "lineterminator", str_has_char(end, d->delimiter))
           && check_pair(t, "escapechar", "lineterminator", str_has_char(end, d->escape))
           && check_pair(t, "quotechar", "lineterminator", str_has_char(end, d->quote));
}

// --- construction ---

enum { OPT_DIALECT, OPT_DELIMITER, OPT_DOUBLEQUOTE, OPT_ESCAPECHAR, OPT_LINETERMINATOR, OPT_QUOTECHAR, OPT_QUOTING,
       OPT_SKIPINITIALSPACE, OPT_STRICT, OPT_COUNT };

static const char *const option_names[OPT_COUNT] = {
    NULL, "delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict",
};

// Options that were not given are asked from the dialect object, where it has them.
static bool options_from_object(Thread *t, Value object, Value *a)
{
    for (int i = OPT_DELIMITER; i < OPT_COUNT; i++) {
        if (a[i])
            continue;
        Value name = str_intern_cstr(t, option_names[i]);
        if (!name || attr_find(t, object, name, &a[i]) < 0)
            return false;
    }
    return true;
}

static Dialect *dialect_make(Thread *t, Type *cls, Value *a)
{
    Value base = a[OPT_DIALECT] == NONE ? 0 : a[OPT_DIALECT];
    if (base && is_str(base) && !(base = csv_dialect_named(t, base)))
        return NULL;
    bool plain = true;
    for (int i = OPT_DELIMITER; i < OPT_COUNT; i++)
        plain = plain && !a[i];
    if (base && plain && is_exactly(base, &type_csv_dialect))
        return (Dialect *)base;
    if (base && !options_from_object(t, base, a))
        return NULL;
    Dialect *d = instance_new(t, cls, 0);
    if (!d)
        return NULL;
    d->delimiter = ',';
    d->double_quote = true;
    d->escape = NO_CHAR;
    d->quote = '"';
    d->quoting = QUOTE_MINIMAL;
    d->line_terminator = a[OPT_LINETERMINATOR] ? a[OPT_LINETERMINATOR] : str_from_cstr(t, "\r\n");
    if (!d->line_terminator || !char_option(t, "delimiter", a[OPT_DELIMITER], false, &d->delimiter)
        || !bool_option(t, a[OPT_DOUBLEQUOTE], &d->double_quote)
        || !char_option(t, "escapechar", a[OPT_ESCAPECHAR], true, &d->escape))
        return NULL;
    if (!is_str(d->line_terminator))
        return RAISE_NULL(t, EXC(TypeError), "\"lineterminator\" must be a string, not %T", d->line_terminator);
    if (!char_option(t, "quotechar", a[OPT_QUOTECHAR], true, &d->quote) || !quoting_option(t, a[OPT_QUOTING], &d->quoting)
        || !bool_option(t, a[OPT_SKIPINITIALSPACE], &d->skip_initial_space) || !bool_option(t, a[OPT_STRICT], &d->strict))
        return NULL;
    if (d->quote == NO_CHAR && !a[OPT_QUOTING])
        d->quoting = QUOTE_NONE;
    if (d->quoting != QUOTE_NONE && d->quote == NO_CHAR)
        return RAISE_NULL(t, EXC(TypeError), "quotechar must be set if quoting enabled");
    return check_options(t, d) ? d : NULL;
}

static Value dialect_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[OPT_COUNT];
    BIND_ARGUMENTS(t, "this function",
                   "(dialect=None, delimiter=',', doublequote=True, escapechar=None, lineterminator='', quotechar='\"', quoting=0, "
                   "skipinitialspace=False, strict=False)",
                   args, nargs, kwnames, a, return 0);
    return value_of(dialect_make(t, cls, a));
}

Dialect *csv_dialect_from(Thread *t, Value dialect, Value options)
{
    Value a[OPT_COUNT] = {dialect};
    Value key, value;
    for (size_t position = 0; options && dict_next(as_dict(options), &position, &key, &value);) {
        int i = OPT_DELIMITER;
        while (i < OPT_COUNT && !str_equal_cstr(key, option_names[i]))
            i++;
        if (i == OPT_COUNT)
            return RAISE_NULL(t, EXC(TypeError), "this function got an unexpected keyword argument '%V'", key);
        a[i] = value;
    }
    return dialect_make(t, &type_csv_dialect, a);
}

// --- attributes ---

static Value char_or_none(Thread *t, uint32_t c)
{
    return c == NO_CHAR ? NONE : str_from_char(t, c);
}

static Value get_delimiter(Thread *t, Value self)
{
    return str_from_char(t, ((Dialect *)self)->delimiter);
}

static Value get_escapechar(Thread *t, Value self)
{
    return char_or_none(t, ((Dialect *)self)->escape);
}

static Value get_quotechar(Thread *t, Value self)
{
    return char_or_none(t, ((Dialect *)self)->quote);
}

static Value get_quoting(Thread *t, Value self)
{
    (void)t;
    return fixnum(((Dialect *)self)->quoting);
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return raise(t, EXC(TypeError), "cannot pickle '%s' instances", type_short_name(type_of(args[0])));
}

static const NativeDef dialect_methods[] = {
    {"__reduce__", reduce_method, "($self, /, *args, **kwargs)", NULL, 0},
    {"__reduce_ex__", reduce_method, "($self, /, *args, **kwargs)", NULL, 0},
    {0},
};

static const GetSetDef dialect_getsets[] = {
    {"delimiter", get_delimiter, NULL, NULL},   {"escapechar", get_escapechar, NULL, NULL},
    {"quotechar", get_quotechar, NULL, NULL},   {"quoting", get_quoting, NULL, NULL},
    {0},
};

static const MemberDef dialect_members[] = {
    {"skipinitialspace", MEMBER_BOOL8, offsetof(Dialect, skip_initial_space), false, NULL},
    {"doublequote", MEMBER_BOOL8, offsetof(Dialect, double_quote), false, NULL},
    {"strict", MEMBER_BOOL8, offsetof(Dialect, strict), false, NULL},
    {"lineterminator", MEMBER_VALUE, offsetof(Dialect, line_terminator), false, NULL},
    {0},
};

Type type_csv_dialect = {
    TYPE_HEAD(csv_dialect, "_csv.Dialect", &type_object, Dialect),
    .flags = TYPE_BASE,
    .doc = "CSV dialect\n\nThe Dialect type records CSV parsing and generation options.\n",
    .slots = {.new = dialect_new},
    .methods = dialect_methods,
    .getsets = dialect_getsets,
    .members = dialect_members,
};
