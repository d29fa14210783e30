// builtins_mod.c: the module builtins: its functions, types and constants.
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/boot.h"
#include "src/modules/builtins_internal.h"
#include "src/types/dict.h"
#include "src/types/function.h"

static const NativeDef builtins_functions[] = {
    {"abs", builtin_abs, "(number, /)", "Return the absolute value of the argument.", 0},
    {"all", builtin_all, "(iterable, /)",
     "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.", 0},
    {"any", builtin_any, "(iterable, /)",
     "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.", 0},
    {"ascii", builtin_ascii, "(obj, /)", "Return an ASCII-only representation of an object.", 0},
    {"bin", builtin_bin, "(number, /)", "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'", 0},
    {"breakpoint", builtin_breakpoint, "(*args, **kws)",
     "Call sys.breakpointhook(*args, **kws).\n\nsys.breakpointhook() must accept whatever arguments are passed.\n\n"
     "By default, this drops you into the pdb debugger.",
     0},
    {"callable", builtin_callable, "(obj, /)", "Return whether the object is callable (i.e., some kind of function).", 0},
    {"chr", builtin_chr, "(i, /)", "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.", 0},
    {"compile", builtin_compile,
     "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, module=None, *, _feature_version=-1)",
     "Compile source into a code object that can be executed by exec() or eval().", 0},
    {"delattr", builtin_delattr, "(obj, name, /)",
     "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``", 0},
    {"dir", builtin_dir, "(object=<unrepresentable>, /)", "dir([object]) -> list of strings", 0},
    {"divmod", builtin_divmod, "(x, y, /)", "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.", 0},
    {"eval", builtin_eval, "(source, /, globals=None, locals=None)",
     "Evaluate the given source in the context of globals and locals.", 0},
    {"exec", builtin_exec, "(source, /, globals=None, locals=None, *, closure=None)",
     "Execute the given source in the context of globals and locals.", 0},
    {"format", builtin_format, "(value, format_spec='', /)", "Return type(value).__format__(value, format_spec)", 0},
    {"getattr", builtin_getattr, "(object, name, default=<unrepresentable>, /)",
     "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is equivalent "
     "to x.y.\nWhen a default argument is given, it is returned when the attribute doesn't\nexist; without it, an "
     "exception is raised in that case.",
     0},
    {"globals", builtin_globals, "()", "Return the dictionary containing the current scope's global variables.", 0},
    {"hasattr", builtin_hasattr, "(obj, name, /)",
     "Return whether the object has an attribute with the given name.\n\nThis is done by calling getattr(obj, name) and "
     "catching AttributeError.",
     0},
    {"hash", builtin_hash, "(obj, /)",
     "Return the hash value for the given object.\n\nTwo objects that compare equal must also have the same hash value, "
     "but the\nreverse is not necessarily true.",
     0},
    {"hex", builtin_hex, "(number, /)", "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'", 0},
    {"id", builtin_id, "(obj, /)", "Return the identity of an object.", 0},
    {"input", builtin_input, "(prompt='', /)", "Read a string from standard input.  The trailing newline is stripped.", 0},
    {"isinstance", builtin_isinstance, "(obj, class_or_tuple, /)",
     "Return whether an object is an instance of a class or of a subclass thereof.", 0},
    {"issubclass", builtin_issubclass, "(cls, class_or_tuple, /)",
     "Return whether 'cls' is derived from another class or is the same class.", 0},
    {"iter", builtin_iter, "(object, sentinel=<unrepresentable>, /)",
     "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object.", 0},
    {"aiter", builtin_aiter, "(async_iterable, /)", "Return an AsyncIterator for an AsyncIterable object.", 0},
    {"anext", builtin_anext, "(async_iterator, default=<unrepresentable>, /)",
     "Return the next item from the async iterator.", 0},
    {"len", builtin_len, "(obj, /)", "Return the number of items in a container.", 0},
    {"locals", builtin_locals, "()", "Return a dictionary containing the current scope's local variables.", 0},
    {"max", builtin_max, "(*args, key=None, default=<unrepresentable>)",
     "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value", 0},
    {"min", builtin_min, "(*args, key=None, default=<unrepresentable>)",
     "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value", 0},
    {"next", builtin_next, "(iterator, default=<unrepresentable>, /)",
     "next(iterator[, default])\n\nReturn the next item from the iterator.", 0},
    {"oct", builtin_oct, "(number, /)", "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'", 0},
    {"open", builtin_open, "(*args, **kwargs)", "Open file and return a stream.  Raise OSError upon failure.", 0},
    {"ord", builtin_ord, "(c, /)", "Return the ordinal value of a character.", 0},
    {"pow", builtin_pow, "(base, exp, mod=None)",
     "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.", 0},
    {"print", builtin_print, "(*args, sep=' ', end='\\n', file=None, flush=False)",
     "Prints the values to a stream, or to sys.stdout by default.", 0},
    {"repr", builtin_repr, "(obj, /)", "Return the canonical string representation of the object.", 0},
    {"round", builtin_round, "(number, ndigits=None)", "Round a number to a given precision in decimal digits.", 0},
    {"setattr", builtin_setattr, "(obj, name, value, /)",
     "Sets the named attribute on the given object to the specified value.\n\nsetattr(x, 'y', v) is equivalent to ``x.y = v``", 0},
    {"sorted", builtin_sorted, "(iterable, /, *, key=None, reverse=False)",
     "Return a new list containing all items from the iterable in ascending order.", 0},
    {"sum", builtin_sum, "(iterable, /, start=0)",
     "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, return "
     "the start value.",
     0},
    {"vars", builtin_vars, "(object=<unrepresentable>, /)", "vars([object]) -> dictionary", 0},
    {"__import__", builtin_import, "(name, globals=None, locals=None, fromlist=(), level=0)", "Import a module.", 0},
    {"__build_class__", builtin_build_class, "(func, name, /, *bases, **kwds)",
     "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class", 0},
    {0},
};

static Type *const builtins_types[] = {
    &type_bool, &type_memoryview, &type_bytearray, &type_bytes, &type_classmethod, &type_complex, &type_dict,
    &type_enumerate, &type_filter, &type_float, &type_frozenset, &type_property, &type_int, &type_list, &type_map,
    &type_object, &type_range, &type_reversed, &type_set, &type_slice, &type_staticmethod, &type_str, &type_super,
    &type_tuple, &type_type, &type_zip,
#define EXCEPTION(row, base, doc) &type_##row,
#include "src/core/exceptions.def"
#undef EXCEPTION
};

static bool builtins_exec(Thread *t, Value module)
{
    for (size_t i = 0; i < COUNT_OF(builtins_types); i++)
        if (!module_add_type(t, module, builtins_types[i]))
            return false;
    const struct { const char *name; Value value; } constants[] = {
        {"None", NONE}, {"Ellipsis", ELLIPSIS}, {"NotImplemented", NOTIMPLEMENTED}, {"False", FALSE}, {"True", TRUE},
        {"__debug__", value_bool(t->vm->config.optimize == 0)},
        {"EnvironmentError", value_of(EXC(OSError))}, {"IOError", value_of(EXC(OSError))},
    };
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (!module_add(t, module, constants[i].name, constants[i].value))
            return false;
    t->vm->import_function = dict_get_known(as_dict(module_dict(module)), N(__import__));
    return true;
}

const ModuleDef module_builtins = {
    .name = "builtins",
    .doc = "Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access to all "
           "'built-in'\nidentifiers of Python; for example, builtins.len is\nthe full name for the built-in function "
           "len().\n\nThis module is not normally accessed explicitly by most\napplications, but can be useful in modules "
           "that provide\nobjects with the same name as a builtin and need to use\nthe builtin of that name.",
    .functions = builtins_functions,
    .exec = builtins_exec,
};

bool builtins_boot(Thread *t)
{
    Value module = module_from_def(t, &module_builtins);
    if (!module)
        return false;
    t->vm->builtins_module = module;
    t->vm->builtins = module_dict(module);
    return true;
}
