// import_name.c: __import__ on top of importlib: a module that is already there is found without running Python code.
#include "src/modules/import_name.h"

#include "src/core/error.h"
#include "src/core/vm.h"
#include "src/modules/import.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// A module that another thread is still initialising has to be waited for.
static int is_initializing(Thread *t, Value module)
{
    Value spec, flag;
    int found = attr_find(t, module, N(__spec__), &spec);
    if (found <= 0 || spec == NONE)
        return found < 0 ? -1 : 0;
    found = attr_find(t, spec, N(_initializing), &flag);
    return found <= 0 ? found : truth(t, flag);
}

static Value importlib_call(Thread *t, Value name, const Value *args, size_t n)
{
    if (!t->vm->importlib)
        return raise(t, EXC(ImportError), "no module named %R: the import system is not ready", args[0]);
    return call_method(t, t->vm->importlib, name, args, n);
}

// The module of an absolute name, loaded if need be.
static Value import_absolute(Thread *t, Value name)
{
    Value module = 0;
    if (dict_get(t, as_dict(t->vm->modules), name, &module) < 0)
        return 0;
    if (module && module != NONE) {
        int busy = vm_multithreaded ? is_initializing(t, module) : 0;
        if (busy <= 0)
            return busy < 0 ? 0 : module;
    }
    Value import = t->vm->importlib ? attr_get(t, t->vm->importlib, N(__import__)) : NONE;
    Value args[] = {name, import};
    Value found = import ? importlib_call(t, N(_find_and_load), args, 2) : 0;
    if (!found)
        import_trim_traceback(t);
    return found;
}

// The first component of a dotted name, which `import a.b` binds.
static Value import_top(Thread *t, Value name, Value module)
{
    const Str *s = as_str(name);
    size_t i = 0;
    while (i < s->length && str_at(s, i) != '.')
        i++;
    if (i == s->length)
        return module;
    Value top = str_substring(t, name, 0, i);
    return top ? import_absolute(t, top) : 0;
}

static Value import_members(Thread *t, Value module, Value fromlist)
{
    Value path;
    int is_package = attr_find(t, module, N(__path__), &path);
    if (is_package <= 0)
        return is_package < 0 ? 0 : module;
    Value recursive = t->vm->importlib ? attr_get(t, t->vm->importlib, N(_gcd_import)) : module;
    Value args[] = {module, fromlist, recursive};
    return recursive ? importlib_call(t, N(_handle_fromlist), args, 3) : 0;
}

Value import_name(Thread *t, Value name, Value globals, Value locals, Value fromlist, Value level)
{
    int32_t depth;
    if (!is_str(name))
        return raise(t, EXC(TypeError), "module name must be a string");
    if (!to_int32(t, level, &depth))
        return 0;
    if (depth < 0)
        return raise(t, EXC(ValueError), "level must be >= 0");
    if (depth > 0) {
        Value args[] = {name, globals, locals, fromlist == NONE ? tuple_empty : fromlist, level};
        return importlib_call(t, N(__import__), args, COUNT_OF(args));
    }
    if (as_str(name)->length == 0)
        return raise(t, EXC(ValueError), "Empty module name");
    Value module = import_absolute(t, name);
    int members = module && fromlist != NONE ? truth(t, fromlist) : 0;
    if (!module || members < 0)
        return 0;
    return members ? import_members(t, module, fromlist) : import_top(t, name, module);
}
