// exception_simple.c: exception types with a field or two: StopIteration, SystemExit, KeyError, ImportError, AttributeError, NameError.
#include "src/types/exception.h"

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

#define EXTRA(index) (offsetof(Exception, extra) + (index) * sizeof(Value))
#define EXTRA_MEMBER(name, index, doc) {name, MEMBER_VALUE_OR_NONE, EXTRA(index), true, doc}

static void set_extra(Value self, int index, Value value)
{
    publish(&as_exception(self)->extra[index], value);
}

// Binds keyword-only fields: positional values are the exception's args.
static bool init_with_fields(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames, const Value *fields,
                             int first, int count)
{
    if (!exception_base_init(t, self, args, nargs, 0))
        return false;
    for (int i = 0; i < count; i++)
        set_extra(self, first + i, fields[i]);
    return true;
}

// --- StopIteration, SystemExit ---
static bool stop_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!exception_base_init(t, self, args, nargs, kwnames))
        return false;
    set_extra(self, STOP_VALUE, nargs ? args[0] : NONE);
    return true;
}

static const MemberDef stop_members[] = {EXTRA_MEMBER("value", STOP_VALUE, "generator return value"), {0}};

Type type_StopIteration = {
    EXCEPTION_HEAD(StopIteration, Exception),
    .doc = "Signal the end from iterator.__next__().",
    .slots = {.init = stop_init},
    .members = stop_members,
};

static bool exit_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!exception_base_init(t, self, args, nargs, kwnames))
        return false;
    set_extra(self, EXIT_CODE, nargs == 0 ? 0 : nargs == 1 ? args[0] : as_exception(self)->args);
    return true;
}

static const MemberDef exit_members[] = {EXTRA_MEMBER("code", EXIT_CODE, "exception code"), {0}};

Type type_SystemExit = {
    EXCEPTION_HEAD(SystemExit, BaseException),
    .doc = "Request to exit from the interpreter.",
    .slots = {.init = exit_init},
    .members = exit_members,
};

// --- KeyError: a single key is shown with repr, so that a missing '' can be seen ---
static Value key_str(Thread *t, Value self)
{
    Value args = load_acquire(&as_exception(self)->args);
    if (as_tuple(args)->length == 1)
        return value_repr(t, as_tuple(args)->at[0]);
    return exception_base_str(t, self);
}

Type type_KeyError = {
    EXCEPTION_HEAD(KeyError, LookupError),
    .doc = "Mapping key not found.",
    .slots = {.str = key_str},
};

// --- ImportError ---
static bool import_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value fields[3] = {0};
    if (kwnames)
        BIND_ARGUMENTS(t, "ImportError", "(*, name=None, path=None, name_from=None)", args + nargs, 0, kwnames, fields, return false);
    if (!init_with_fields(t, self, args, nargs, kwnames, fields, IMPORT_NAME, 3))
        return false;
    set_extra(self, IMPORT_MSG, nargs == 1 ? args[0] : 0);
    return true;
}

static Value import_str(Thread *t, Value self)
{
    Value msg = load_acquire(&as_exception(self)->extra[IMPORT_MSG]);
    if (msg && is_exactly(msg, &type_str))
        return msg;
    return exception_base_str(t, self);
}

// The attributes of self as a new dict, or 0 with an exception pending.
static Dict *state_new(Thread *t, Value self)
{
    Value own = 0;
    Dict *state = dict_new(t);
    if (!state || attr_find(t, self, N(__dict__), &own) < 0)
        return NULL;
    if (own && is_dict(own) && !dict_update(t, state, own))
        return NULL;
    return state;
}

static bool state_add(Thread *t, Dict *state, Value self, Value name, int index)
{
    Value value = load_acquire(&as_exception(self)->extra[index]);
    return !value || value == NONE || dict_set(t, state, name, value);
}

static Value reduce_with(Thread *t, Value self, Dict *state)
{
    Value args = load_acquire(&as_exception(self)->args);
    if (dict_length(state))
        return tuple_of(t, 3, value_of(type_of(self)), args, value_of(state));
    return tuple_pair(t, value_of(type_of(self)), args);
}

static Value import_reduce(Thread *t, const Value *args, size_t nargs)
{
    Dict *state = state_new(t, args[0]);
    if (!state || !state_add(t, state, args[0], N(name), IMPORT_NAME) || !state_add(t, state, args[0], N(path), IMPORT_PATH)
        || !state_add(t, state, args[0], N(name_from), IMPORT_NAME_FROM))
        return 0;
    return reduce_with(t, args[0], state);
}

static const NativeDef import_methods[] = {
    {"__reduce__", import_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

static const MemberDef import_members[] = {
    EXTRA_MEMBER("msg", IMPORT_MSG, "exception message"),
    EXTRA_MEMBER("name", IMPORT_NAME, "module name"),
    EXTRA_MEMBER("path", IMPORT_PATH, "module path"),
    EXTRA_MEMBER("name_from", IMPORT_NAME_FROM, "name imported from module"),
    {0},
};

Type type_ImportError = {
    EXCEPTION_HEAD(ImportError, Exception),
    .doc = "Import can't find module, or can't find name in module.",
    .slots = {.init = import_init, .str = import_str},
    .methods = import_methods,
    .members = import_members,
};

// --- AttributeError ---
static bool attribute_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value fields[2] = {0};
    if (kwnames)
        BIND_ARGUMENTS(t, "AttributeError", "(*, name=None, obj=None)", args + nargs, 0, kwnames, fields, return false);
    return init_with_fields(t, self, args, nargs, kwnames, fields, ATTRIBUTE_NAME, 2);
}

// obj is left out: it need not be picklable.
static Value attribute_getstate(Thread *t, const Value *args, size_t nargs)
{
    Dict *state = state_new(t, args[0]);
    if (!state || !state_add(t, state, args[0], N(name), ATTRIBUTE_NAME))
        return 0;
    if (!dict_set(t, state, N(args), load_acquire(&as_exception(args[0])->args)))
        return 0;
    return value_of(state);
}

static Value attribute_reduce(Thread *t, const Value *args, size_t nargs)
{
    Value state = attribute_getstate(t, args, nargs);
    return state ? reduce_with(t, args[0], as_dict(state)) : 0;
}

static const NativeDef attribute_methods[] = {
    {"__getstate__", attribute_getstate, "($self, /)", NULL, NATIVE_PLAIN},
    {"__reduce__", attribute_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

static const MemberDef attribute_members[] = {
    EXTRA_MEMBER("name", ATTRIBUTE_NAME, "attribute name"),
    EXTRA_MEMBER("obj", ATTRIBUTE_OBJ, "object"),
    {0},
};

Type type_AttributeError = {
    EXCEPTION_HEAD(AttributeError, Exception),
    .doc = "Attribute not found.",
    .slots = {.init = attribute_init},
    .methods = attribute_methods,
    .members = attribute_members,
};

// --- NameError ---
static bool name_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value fields[1] = {0};
    if (kwnames)
        BIND_ARGUMENTS(t, "NameError", "(*, name=None)", args + nargs, 0, kwnames, fields, return false);
    return init_with_fields(t, self, args, nargs, kwnames, fields, NAME_ERROR_NAME, 1);
}

static const MemberDef name_members[] = {EXTRA_MEMBER("name", NAME_ERROR_NAME, "name"), {0}};

Type type_NameError = {
    EXCEPTION_HEAD(NameError, Exception),
    .doc = "Name not found globally.",
    .slots = {.init = name_init},
    .members = name_members,
};
