// exception.c: BaseException and the exception types that add nothing to their bases.
//
// Fields of an exception are single words that any thread may store (publish); context and cause chains are walked
// without lock and may change meanwhile: walks are bounded.
#include "src/types/exception.h"

#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// --- making ---
Value exception_base_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Exception *e;
    if (type_has_flag(cls, TYPE_HEAP))
        e = instance_new(t, cls, 0);
    else
        e = new_object_of(t, cls, cls->root_shape, sizeof(Exception));
    if (!e)
        return 0;
    Value tuple = nargs ? tuple_from(t, args, nargs) : tuple_empty;
    if (!tuple)
        return 0;
    e->args = tuple;
    return value_of(e);
}

bool exception_base_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        raise(t, EXC(TypeError), "%s() takes no keyword arguments", type_short_name(type_of(self)));
        return false;
    }
    Value tuple = nargs ? tuple_from(t, args, nargs) : tuple_empty;
    if (!tuple)
        return false;
    publish(&as_exception(self)->args, tuple);
    return true;
}

Value exception_new(Thread *t, Type *type, Value args_tuple)
{
    if (type->slots.new == exception_base_new && type->slots.init == exception_base_init) {
        Value e = exception_base_new(t, type, NULL, 0, 0);
        if (e)
            as_exception(e)->args = args_tuple;
        return e;
    }
    return call_tuple_dict(t, value_of(type), args_tuple, 0);
}

Value exception_from(Thread *t, Value type_or_instance)
{
    if (is_exception(type_or_instance))
        return type_or_instance;
    if (!is_type(type_or_instance) || !type_is_subtype(as_type(type_or_instance), EXC(BaseException)))
        return raise(t, EXC(TypeError), "exceptions must derive from BaseException");
    Value e = exception_new(t, as_type(type_or_instance), tuple_empty);
    if (e && !is_exception(e))
        return raise(t, EXC(TypeError), "calling %R should have returned an instance of BaseException, not %R",
                     type_or_instance, value_of(type_of(e)));
    return e;
}

// If `exception` already stands in the context chain of `context`, that link is cut. A chain that is a cycle of its own is
// walked once: a second pointer follows at half speed.
void exception_set_context(Value exception, Value context)
{
    if (context == exception)
        return;
    Value slow = context;
    bool step = false;
    for (Value at = context; at;) {
        Value next = load_relaxed(&as_exception(at)->context);
        if (next == exception) {
            publish(&as_exception(at)->context, (Value)0);
            break;
        }
        at = next;
        if (at == slow)
            break;
        if (step)
            slow = load_relaxed(&as_exception(slow)->context);
        step = !step;
    }
    publish(&as_exception(exception)->context, context);
}

// --- text ---
Value exception_base_str(Thread *t, Value self)
{
    Value args = load_acquire(&as_exception(self)->args);
    switch (as_tuple(args)->length) {
    case 0:
        return str_empty;
    case 1:
        return value_str(t, as_tuple(args)->at[0]);
    default:
        return value_str(t, args);
    }
}

static Value base_repr(Thread *t, Value self)
{
    const char *name = type_short_name(type_of(self));
    Value args = load_acquire(&as_exception(self)->args);
    if (as_tuple(args)->length == 1)
        return str_format(t, "%s(%R)", name, as_tuple(args)->at[0]);
    return str_format(t, "%s%R", name, args);
}

// --- attributes ---
static bool cannot_delete(Thread *t, const char *name)
{
    raise(t, EXC(TypeError), "%s may not be deleted", name);
    return false;
}

static Value args_get(Thread *t, Value self)
{
    return load_acquire(&as_exception(self)->args);
}

static bool args_set(Thread *t, Value self, Value value)
{
    if (!value)
        return cannot_delete(t, "args");
    Value tuple = tuple_from_iterable(t, value);
    if (!tuple)
        return false;
    publish(&as_exception(self)->args, tuple);
    return true;
}

static Value or_none(Value v) { return v ? v : NONE; }

static Value traceback_get(Thread *t, Value self)
{
    return or_none(load_acquire(&as_exception(self)->traceback));
}

static bool traceback_set(Thread *t, Value self, Value value)
{
    if (!value)
        return cannot_delete(t, "__traceback__");
    if (value != NONE && !is_exactly(value, &type_traceback)) {
        raise(t, EXC(TypeError), "__traceback__ must be a traceback or None");
        return false;
    }
    publish(&as_exception(self)->traceback, value == NONE ? 0 : value);
    return true;
}

static Value context_get(Thread *t, Value self)
{
    return or_none(load_acquire(&as_exception(self)->context));
}

static bool link_set(Thread *t, Value *link, Value value, const char *attribute, const char *what)
{
    if (!value)
        return cannot_delete(t, attribute);
    if (value != NONE && !is_exception(value)) {
        raise(t, EXC(TypeError), "exception %s must be None or derive from BaseException", what);
        return false;
    }
    publish(link, value == NONE ? 0 : value);
    return true;
}

static bool context_set(Thread *t, Value self, Value value)
{
    return link_set(t, &as_exception(self)->context, value, "__context__", "context");
}

static Value cause_get(Thread *t, Value self)
{
    return or_none(load_acquire(&as_exception(self)->cause));
}

static bool cause_set(Thread *t, Value self, Value value)
{
    if (!link_set(t, &as_exception(self)->cause, value, "__cause__", "cause"))
        return false;
    as_exception(self)->suppress_context = true;
    return true;
}

static const GetSetDef base_getsets[] = {
    {"args", args_get, args_set, NULL},
    {"__traceback__", traceback_get, traceback_set, NULL},
    {"__context__", context_get, context_set, "exception context"},
    {"__cause__", cause_get, cause_set, "exception cause"},
    {0},
};

static const MemberDef base_members[] = {
    {"__suppress_context__", MEMBER_BOOL8, offsetof(Exception, suppress_context), true, NULL},
    {0},
};

// --- methods ---
// The instance's own attributes as a dict, or 0 when it has none. Nothing pending unless memory ran out.
static Value own_dict(Thread *t, Value self)
{
    Value dict = 0;
    if (attr_find(t, self, N(__dict__), &dict) < 0)
        return 0;
    return dict && is_dict(dict) && dict_length(as_dict(dict)) ? dict : 0;
}

static Value base_reduce(Thread *t, const Value *args, size_t nargs)
{
    Value self = args[0];
    Value exception_args = load_acquire(&as_exception(self)->args);
    Value dict = own_dict(t, self);
    if (!dict && is_pending(t))
        return 0;
    if (dict)
        return tuple_of(t, 3, value_of(type_of(self)), exception_args, dict);
    return tuple_pair(t, value_of(type_of(self)), exception_args);
}

static Value base_setstate(Thread *t, const Value *args, size_t nargs)
{
    Value self = args[0], state = args[1];
    if (state == NONE)
        return NONE;
    if (!is_dict(state))
        return raise(t, EXC(TypeError), "state is not a dictionary");
    size_t position = 0;
    Value key, value;
    while (dict_next(as_dict(state), &position, &key, &value))
        if (!attr_set(t, self, key, value))
            return 0;
    return NONE;
}

static Value base_with_traceback(Thread *t, const Value *args, size_t nargs)
{
    return traceback_set(t, args[0], args[1]) ? args[0] : 0;
}

static Value base_add_note(Thread *t, const Value *args, size_t nargs)
{
    Value self = args[0], note = args[1], notes = 0;
    if (!is_str(note))
        return raise(t, EXC(TypeError), "add_note() argument must be str, not %T", note);
    int found = attr_find(t, self, N(__notes__), &notes);
    if (found < 0)
        return 0;
    if (!found) {
        List *list = list_new(t, 1);
        if (!list || !attr_set(t, self, N(__notes__), value_of(list)))
            return 0;
        notes = value_of(list);
    }
    if (!is_list(notes))
        return raise(t, EXC(TypeError), "Cannot add note: __notes__ is not a list");
    return list_append(t, as_list(notes), note) ? NONE : 0;
}

static const NativeDef base_methods[] = {
    {"__reduce__", base_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {"__setstate__", base_setstate, "($self, object, /)", NULL, NATIVE_PLAIN},
    {"with_traceback", base_with_traceback, "($self, object, /)", "Set self.__traceback__ to tb and return self.", NATIVE_PLAIN},
    {"add_note", base_add_note, "($self, object, /)", "Add a note to the exception", NATIVE_PLAIN},
    {0},
};

Type type_BaseException = {
    EXCEPTION_HEAD(BaseException, object),
    .doc = "Common base class for all exceptions",
    .slots = {.new = exception_base_new, .init = exception_base_init, .repr = base_repr, .str = exception_base_str},
    .methods = base_methods,
    .getsets = base_getsets,
    .members = base_members,
};
