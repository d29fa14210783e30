// csv_mod.c: the _csv module: functions, the registry of dialects, the error class.
//
// csv_error and the registry (a Dict with guards of its own) are set once, when the module is made; the limit is a relaxed word.
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/csv.h"
#include "src/modules/exception_class.h"
#include "src/types/dict.h"
#include "src/types/number.h"

enum { FIELD_LIMIT_DEFAULT = 128 * 1024 };   // characters

Value csv_error;
static Value dialects;
static int64_t field_limit = FIELD_LIMIT_DEFAULT;

int64_t csv_field_limit(void)
{
    return load_relaxed(&field_limit);
}

Value csv_raise(Thread *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value message = str_format_va(t, format, args);
    va_end(args);
    Value exception = message ? call1(t, csv_error, message) : 0;
    return exception ? raise_value(t, exception) : 0;
}

Value csv_dialect_named(Thread *t, Value name)
{
    Value dialect;
    int found = dict_get(t, as_dict(dialects), name, &dialect);
    if (found > 0)
        return dialect;
    return found < 0 ? 0 : csv_raise(t, "unknown dialect");
}

// reader, writer: the bound values are the iterable or file, the dialect and the Dict of options.
static Value reader_function(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Dialect *dialect = csv_dialect_from(t, args[1], args[2]);
    return dialect ? csv_reader_new(t, args[0], dialect) : 0;
}

static Value writer_function(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Dialect *dialect = csv_dialect_from(t, args[1], args[2]);
    return dialect ? csv_writer_new(t, args[0], dialect) : 0;
}

static Value register_dialect(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "dialect name must be a string");
    Dialect *dialect = csv_dialect_from(t, args[1], args[2]);
    return dialect && dict_set(t, as_dict(dialects), args[0], value_of(dialect)) ? NONE : 0;
}

static Value unregister_dialect(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int deleted = dict_delete(t, as_dict(dialects), args[0]);
    if (deleted == 0)
        csv_raise(t, "unknown dialect");
    return deleted > 0 ? NONE : 0;
}

static Value get_dialect(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return csv_dialect_named(t, args[0]);
}

static Value list_dialects(Thread *t, const Value *args, size_t nargs)
{
    (void)args, (void)nargs;
    return dict_keys_list(t, as_dict(dialects));
}

static Value field_size_limit(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int64_t old = csv_field_limit(), limit;
    if (args[0]) {
        if (!is_int_exact(args[0]))
            return raise(t, EXC(TypeError), "limit must be an integer");
        if (!int_to_int64(args[0], &limit))
            return raise(t, EXC(OverflowError), "Python int too large to convert to C long");
        store_relaxed(&field_limit, limit);
    }
    return int_from_int64(t, old);
}

static bool csv_exec(Thread *t, Value module)
{
    static const struct { const char *name; Quoting value; } constants[] = {
        {"QUOTE_MINIMAL", QUOTE_MINIMAL}, {"QUOTE_ALL", QUOTE_ALL},         {"QUOTE_NONNUMERIC", QUOTE_NONNUMERIC},
        {"QUOTE_NONE", QUOTE_NONE},       {"QUOTE_STRINGS", QUOTE_STRINGS}, {"QUOTE_NOTNULL", QUOTE_NOTNULL},
    };
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (!module_add(t, module, constants[i].name, fixnum(constants[i].value)))
            return false;
    vm_add_root_range(&csv_error, &csv_error + 1);
    vm_add_root_range(&dialects, &dialects + 1);
    csv_error = exception_class_new(t, "_csv", "Error", value_of(EXC(Exception)), NULL);
    dialects = csv_error ? value_of(dict_new(t)) : 0;
    return dialects && module_add(t, module, "Error", csv_error) && module_add(t, module, "_dialects", dialects)
           && module_add_type(t, module, &type_csv_dialect) && module_add(t, module, "Reader", value_of(&type_csv_reader))
           && module_add(t, module, "Writer", value_of(&type_csv_writer));
}

static const NativeDef csv_functions[] = {
    {"reader", reader_function, "(iterable, /, dialect='excel', **fmtparams)",
     "Return a reader object that will process lines from the given iterable.", 0},
    {"writer", writer_function, "(fileobj, /, dialect='excel', **fmtparams)",
     "Return a writer object that will write user data on the given file object.", 0},
    {"list_dialects", list_dialects, "()", "Return a list of all known dialect names.\n\n    names = csv.list_dialects()", 0},
    {"register_dialect", register_dialect, "(name, /, dialect='excel', **fmtparams)",
     "Create a mapping from a string name to a CVS dialect.", 0},
    {"unregister_dialect", unregister_dialect, "(name)",
     "Delete the name/dialect mapping associated with a string name.\n\n    csv.unregister_dialect(name)", 0},
    {"get_dialect", get_dialect, "(name)",
     "Return the dialect instance associated with name.\n\n    dialect = csv.get_dialect(name)", 0},
    {"field_size_limit", field_size_limit, "(new_limit=<unrepresentable>)",
     "Sets an upper limit on parsed fields.\n\n    csv.field_size_limit([limit])\n\n"
     "Returns old limit. If limit is not given, no new limit is set and\nthe old limit is returned", 0},
    {0},
};

const ModuleDef module_csv = {
    .name = "_csv",
    .doc = "CSV parsing and writing.\n",
    .functions = csv_functions,
    .exec = csv_exec,
};
