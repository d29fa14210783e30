// exception_group.c: BaseExceptionGroup and ExceptionGroup: nesting rules, split, subgroup, and what except* needs.
#include "src/types/exception.h"

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

bool is_exception_group(Value v)
{
    return is_object(v) && type_is_subtype(type_of(v), EXC(BaseExceptionGroup));
}

static Tuple *exceptions_of(Value group)
{
    return as_tuple(load_acquire(&as_exception(group)->extra[GROUP_EXCEPTIONS]));
}

// --- construction ---
static bool check_items(Thread *t, const Tuple *exceptions, bool *out_all_plain)
{
    *out_all_plain = true;
    for (size_t i = 0; i < exceptions->length; i++) {
        if (!is_exception(exceptions->at[i])) {
            raise(t, EXC(ValueError), "Item %ld of second argument (exceptions) is not an exception", (int64_t)i);
            return false;
        }
        if (!type_is_subtype(type_of(exceptions->at[i]), EXC(Exception)))
            *out_all_plain = false;
    }
    return true;
}

// The class to make, or null: TypeError pending.
static Type *class_for(Thread *t, Type *cls, bool all_plain)
{
    if (cls == EXC(BaseExceptionGroup))
        return all_plain ? EXC(ExceptionGroup) : cls;
    if (all_plain || !type_is_subtype(cls, EXC(Exception)))
        return cls;
    if (cls == EXC(ExceptionGroup))
        raise(t, EXC(TypeError), "Cannot nest BaseExceptions in an ExceptionGroup");
    else
        raise(t, EXC(TypeError), "Cannot nest BaseExceptions in '%.200s'", cls->name);
    return NULL;
}

static bool is_sequence(Value v)
{
    return is_list(v) || is_tuple(v) || (!is_dict(v) && type_of(v)->slots.getitem);
}

static Value group_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs != 2)
        return raise(t, EXC(TypeError), "BaseExceptionGroup.__new__() takes exactly 2 arguments (%d given)", (int)nargs);
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "BaseExceptionGroup.__new__() argument 1 must be str, not %T", args[0]);
    if (!is_sequence(args[1]))
        return raise(t, EXC(TypeError), "second argument (exceptions) must be a sequence");
    Value exceptions = tuple_from_iterable(t, args[1]);
    if (!exceptions)
        return 0;
    if (!as_tuple(exceptions)->length)
        return raise(t, EXC(ValueError), "second argument (exceptions) must be a non-empty sequence");
    bool all_plain;
    if (!check_items(t, as_tuple(exceptions), &all_plain))
        return 0;
    cls = class_for(t, cls, all_plain);
    Value self = cls ? exception_base_new(t, cls, args, nargs, 0) : 0;
    if (!self)
        return 0;
    as_exception(self)->extra[GROUP_MESSAGE] = args[0];
    as_exception(self)->extra[GROUP_EXCEPTIONS] = exceptions;
    if (!is_exactly(args[1], &type_list) && !is_exactly(args[1], &type_tuple)
        && !(as_exception(self)->extra[GROUP_SHOWN] = value_repr(t, args[1])))
        return 0;
    return self;
}

static Value group_str(Thread *t, Value self)
{
    size_t n = exceptions_of(self)->length;
    return str_format(t, "%V (%lu sub-exception%s)", as_exception(self)->extra[GROUP_MESSAGE], n, n == 1 ? "" : "s");
}

// Shows a list where a list was given, but of what the group holds: the given one may have changed. Other sequences are shown
// as they were when the group was made.
static Value group_repr(Thread *t, Value self)
{
    const Exception *e = as_exception(self);
    const Tuple *held = exceptions_of(self);
    const Tuple *args = as_tuple(e->args);
    Value shown = value_of(held);
    if (args->length == 2 && is_list(args->at[1]))
        shown = list_from(t, held->at, held->length);
    Value text = e->extra[GROUP_SHOWN];
    if (!text)
        text = shown ? value_repr(t, shown) : 0;
    return text ? str_format(t, "%s(%R, %U)", type_short_name(type_of(self)), e->extra[GROUP_MESSAGE], text) : 0;
}

// --- derive: a new group of the same kind with other exceptions and the same metadata ---
static bool copy_notes(Thread *t, Value from, Value to)
{
    Value notes = 0;
    int found = attr_find(t, from, N(__notes__), &notes);
    if (found <= 0)
        return found == 0;
    if (!is_list(notes) && !is_tuple(notes))
        return true;   // notes of a strange kind are left behind
    Value copy = list_from_iterable(t, notes);
    return copy && attr_set(t, to, N(__notes__), copy);
}

static Value derive_list(Thread *t, Value self, Value exceptions)
{
    Value derived = call_method1(t, self, str_intern_cstr(t, "derive"), exceptions);
    if (!derived)
        return 0;
    if (!is_exception_group(derived))
        return raise(t, EXC(TypeError), "derive must return an instance of BaseExceptionGroup");
    const Exception *e = as_exception(self);
    Exception *d = as_exception(derived);
    publish(&d->traceback, e->traceback);
    publish(&d->context, e->context);
    publish(&d->cause, e->cause);
    d->suppress_context = e->suppress_context;
    return copy_notes(t, self, derived) ? derived : 0;
}

static Value derive_or_none(Thread *t, Value self, List *parts)
{
    return list_length(parts) ? derive_list(t, self, value_of(parts)) : NONE;
}

static Value group_derive(Thread *t, const Value *args, size_t nargs)
{
    return call2(t, value_of(EXC(BaseExceptionGroup)), as_exception(args[0])->extra[GROUP_MESSAGE], args[1]);
}

// --- split ---
typedef enum MatcherKind { MATCH_TYPES, MATCH_PREDICATE, MATCH_MEMBERS } MatcherKind;
typedef struct Matcher {
    MatcherKind kind;
    Value value;      // a type or tuple of types, a callable, or a set-like tuple of leaf exceptions
} Matcher;

static bool is_exception_type(Value v)
{
    return is_type(v) && type_is_subtype(as_type(v), EXC(BaseException));
}

static bool matcher_init(Thread *t, Matcher *m, Value value)
{
    m->value = value;
    if (is_callable(value) && !is_type(value)) {
        m->kind = MATCH_PREDICATE;
        return true;
    }
    m->kind = MATCH_TYPES;
    if (is_exception_type(value))
        return true;
    if (is_tuple(value)) {
        const Tuple *types = as_tuple(value);
        size_t i = 0;
        while (i < types->length && is_exception_type(types->at[i]))
            i++;
        if (i == types->length)
            return true;
    }
    raise(t, EXC(TypeError),
          "expected an exception type, a tuple of exception types, or a callable (other than a class)");
    return false;
}

static int matches(Thread *t, const Matcher *m, Value exception)
{
    switch (m->kind) {
    case MATCH_TYPES:
        return exception_matches(t, exception, m->value);
    case MATCH_PREDICATE: {
        Value answer = call1(t, m->value, exception);
        return answer ? truth(t, answer) : -1;
    }
    case MATCH_MEMBERS:
        if (!is_exception_group(exception))
            for (size_t i = 0; i < as_tuple(m->value)->length; i++)
                if (as_tuple(m->value)->at[i] == exception)
                    return 1;
        return 0;
    }
    never("matcher kind");
}

static bool split(Thread *t, Value exception, const Matcher *m, Value *out_match, Value *out_rest);

static bool append_part(Thread *t, List *parts, Value part)
{
    return part == NONE || list_append(t, parts, part);
}

static bool split_members(Thread *t, Value group, const Matcher *m, Value *out_match, Value *out_rest)
{
    const Tuple *members = exceptions_of(group);
    List *matched = list_new(t, 0), *others = list_new(t, 0);
    if (!matched || !others)
        return false;
    for (size_t i = 0; i < members->length; i++) {
        Value match, rest;
        if (!split(t, members->at[i], m, &match, out_rest ? &rest : NULL))
            return false;
        if (!append_part(t, matched, match) || (out_rest && !append_part(t, others, rest)))
            return false;
    }
    *out_match = derive_or_none(t, group, matched);
    if (!*out_match)
        return false;
    if (out_rest)
        *out_rest = derive_or_none(t, group, others);
    return !out_rest || *out_rest;
}

// out_rest may be null: then the rest is not made. NONE stands for an empty part.
static bool split(Thread *t, Value exception, const Matcher *m, Value *out_match, Value *out_rest)
{
    int is_match = matches(t, m, exception);
    if (is_match < 0)
        return false;
    if (is_match || !is_exception_group(exception)) {
        *out_match = is_match ? exception : NONE;
        if (out_rest)
            *out_rest = is_match ? NONE : exception;
        return true;
    }
    if (!recursion_enter(t, " in exceptiongroup_split_recursive"))
        return false;
    bool ok = split_members(t, exception, m, out_match, out_rest);
    recursion_leave(t);
    return ok;
}

static Value group_split(Thread *t, const Value *args, size_t nargs)
{
    Matcher m;
    Value match, rest;
    if (!matcher_init(t, &m, args[1]) || !split(t, args[0], &m, &match, &rest))
        return 0;
    return tuple_pair(t, match, rest);
}

static Value group_subgroup(Thread *t, const Value *args, size_t nargs)
{
    Matcher m;
    Value match;
    if (!matcher_init(t, &m, args[1]) || !split(t, args[0], &m, &match, NULL))
        return 0;
    return match;
}

static Value group_class_getitem(Thread *t, const Value *args, size_t nargs)
{
    return call2(t, value_of(&type_generic_alias), args[0], args[1]);
}

// --- except* ---
static bool check_star_type(Thread *t, Value type)
{
    if (!is_exception_type(type)) {
        raise(t, EXC(TypeError), "catching classes that do not inherit from BaseException is not allowed");
        return false;
    }
    if (type_is_subtype(as_type(type), EXC(BaseExceptionGroup))) {
        raise(t, EXC(TypeError), "catching ExceptionGroup with except* is not allowed. Use except instead.");
        return false;
    }
    return true;
}

static bool check_star_types(Thread *t, Value type)
{
    if (!is_tuple(type))
        return check_star_type(t, type);
    for (size_t i = 0; i < as_tuple(type)->length; i++)
        if (!check_star_type(t, as_tuple(type)->at[i]))
            return false;
    return true;
}

// A naked exception caught by except* becomes a group of one.
static Value wrap_naked(Thread *t, Value exception)
{
    Value one = tuple_from(t, &exception, 1);
    Value group = one ? call2(t, value_of(EXC(BaseExceptionGroup)), str_empty, one) : 0;
    if (group)
        publish(&as_exception(group)->traceback, as_exception(exception)->traceback);
    return group;
}

Value exception_split_group(Thread *t, Value exception, Value type, Value *out_rest)
{
    *out_rest = NONE;
    if (exception == NONE)
        return NONE;
    if (!check_star_types(t, type))
        return 0;
    int is_match = exception_matches(t, exception, type);
    if (is_match < 0)
        return 0;
    if (is_match)
        return is_exception_group(exception) ? exception : wrap_naked(t, exception);
    *out_rest = exception;
    if (!is_exception_group(exception))
        return NONE;
    Value pair = call_method1(t, exception, str_intern_cstr(t, "split"), type);
    if (!pair)
        return 0;
    if (!is_tuple(pair))
        return raise(t, EXC(TypeError), "%T.split must return a tuple, not %T", exception, pair);
    if (as_tuple(pair)->length < 2)
        return raise(t, EXC(TypeError), "%T.split must return a 2-tuple, got tuple of size %lu", exception,
                     as_tuple(pair)->length);
    *out_rest = as_tuple(pair)->at[1];
    return as_tuple(pair)->at[0];
}

// An exception of the list is "raised again" when it has the original's traceback, context, cause and notes: a part of it.
static bool is_same_metadata(Thread *t, Value a, Value b)
{
    const Exception *x = as_exception(a), *y = as_exception(b);
    return x->traceback == y->traceback && x->context == y->context && x->cause == y->cause;
}

static bool collect_leaves(Thread *t, Value exception, List *out)
{
    if (!is_exception_group(exception))
        return exception == NONE || list_append(t, out, exception);
    if (!recursion_enter(t, " in collect_exception_group_leaves"))
        return false;
    const Tuple *members = exceptions_of(exception);
    bool ok = true;
    for (size_t i = 0; ok && i < members->length; i++)
        ok = collect_leaves(t, members->at[i], out);
    recursion_leave(t);
    return ok;
}

// The part of the original whose leaves are in `parts`, in the original's structure.
static Value project(Thread *t, Value original, List *parts)
{
    List *leaves = list_new(t, 0);
    size_t n;
    Value *at = list_snapshot(t, parts, &n);
    if (!leaves || !at)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!collect_leaves(t, at[i], leaves))
            return 0;
    Matcher m = {MATCH_MEMBERS, list_to_tuple(t, leaves)};
    Value match;
    if (!m.value || !split(t, original, &m, &match, NULL))
        return 0;
    return match;
}

static bool all_none(const Value *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] != NONE)
            return false;
    return true;
}

Value exception_prepare_reraise_star(Thread *t, Value original, Value list)
{
    size_t n;
    Value *at = list_snapshot(t, as_list(list), &n);
    if (!at)
        return 0;
    if (all_none(at, n))
        return NONE;
    if (!is_exception_group(original)) {   // a naked exception was wrapped: either it or one new exception is left
        for (size_t i = 0; i < n; i++)
            if (at[i] != NONE)
                return at[i];
    }
    List *raised = list_new(t, 0), *parts = list_new(t, 0);
    if (!raised || !parts)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (at[i] == NONE)
            continue;
        if (!list_append(t, is_same_metadata(t, at[i], original) ? parts : raised, at[i]))
            return 0;
    }
    Value part = project(t, original, parts);
    if (!part || !list_length(raised))
        return part;
    if (part != NONE && !list_append(t, raised, part))
        return 0;
    if (list_length(raised) == 1)
        return list_get(raised, 0);
    return call2(t, value_of(EXC(BaseExceptionGroup)), str_empty, value_of(raised));
}

static const NativeDef group_methods[] = {
    {"__class_getitem__", group_class_getitem, "($type, object, /)",
     "Exception groups are generic over the type of their contained exceptions", NATIVE_CLASS},
    {"derive", group_derive, "($self, excs, /)", NULL, NATIVE_PLAIN},
    {"split", group_split, "($self, matcher_value, /)", NULL, NATIVE_PLAIN},
    {"subgroup", group_subgroup, "($self, matcher_value, /)", NULL, NATIVE_PLAIN},
    {0},
};

#define GROUP_MEMBER(name, index, doc) \
    {name, MEMBER_VALUE_OR_NONE, offsetof(Exception, extra) + (index) * sizeof(Value), false, doc}
static const MemberDef group_members[] = {
    GROUP_MEMBER("message", GROUP_MESSAGE, "exception message"),
    GROUP_MEMBER("exceptions", GROUP_EXCEPTIONS, "nested exceptions"),
    {0},
};

Type type_BaseExceptionGroup = {
    EXCEPTION_HEAD(BaseExceptionGroup, BaseException),
    .doc = "A combination of multiple unrelated exceptions.",
    .slots = {.new = group_new, .init = exception_base_init, .str = group_str, .repr = group_repr},
    .methods = group_methods,
    .members = group_members,
};
