// instance.c: isinstance, issubclass, and the matching of exceptions by except clauses.
#include "src/ops/ops.h"
#include "src/types/tuple.h"
#include "src/types/type_internal.h"

static int answer_of(Thread *t, Value result)
{
    return result ? truth(t, result) : -1;
}

// --- classes that are not types: anything with __bases__ ---

// The __bases__ tuple of an object that acts as a class; 0 when it does not (nothing pending) or on error.
static Value bases_of(Thread *t, Value cls)
{
    Value bases;
    int found = attr_find(t, cls, N(__bases__), &bases);
    return found > 0 && is_tuple(bases) ? bases : 0;
}

static int abstract_is_subclass(Thread *t, Value derived, Value cls)
{
    for (;;) {
        if (derived == cls)
            return 1;
        Value bases = bases_of(t, derived);
        if (!bases)
            return is_pending(t) ? -1 : 0;
        size_t count = as_tuple(bases)->length;
        if (count == 0)
            return 0;
        if (count > 1) {
            int answer = 0;
            if (!recursion_enter(t, " in __issubclass__"))
                return -1;
            for (size_t i = 0; i < count && answer == 0; i++)
                answer = abstract_is_subclass(t, as_tuple(bases)->at[i], cls);
            recursion_leave(t);
            return answer;
        }
        derived = as_tuple(bases)->at[0];
    }
}

static bool check_class(Thread *t, Value cls, const char *message)
{
    if (bases_of(t, cls))
        return true;
    if (!is_pending(t))
        raise(t, EXC(TypeError), "%s", message);
    return false;
}

// --- isinstance ---

// The plain rule: the type or what o.__class__ says.
int type_instance_check(Thread *t, Value object, Value cls)
{
    Value claimed;
    if (is_type(cls)) {
        Type *type = type_of(object);
        if (type_is_subtype(type, as_type(cls)))
            return 1;
        int found = attr_find(t, object, N(__class__), &claimed);
        if (found <= 0)
            return found;
        return claimed != value_of(type) && is_type(claimed) && type_is_subtype(as_type(claimed), as_type(cls));
    }
    if (!check_class(t, cls, "isinstance() arg 2 must be a type, a tuple of types, or a union"))
        return -1;
    int found = attr_find(t, object, N(__class__), &claimed);
    return found <= 0 ? found : abstract_is_subclass(t, claimed, cls);
}

static int instance_of_any(Thread *t, Value object, const Tuple *classes)
{
    if (!recursion_enter(t, " in __instancecheck__"))
        return -1;
    int answer = 0;
    for (size_t i = 0; i < classes->length && answer == 0; i++)
        answer = is_instance(t, object, classes->at[i]);
    recursion_leave(t);
    return answer;
}

// With a __instancecheck__ of the class's metaclass; type's own needs no call.
static int instance_by_hook(Thread *t, Value object, Value cls)
{
    Value checker = special_lookup(t, cls, N(__instancecheck__));
    if (!checker)
        return is_pending(t) ? -1 : type_instance_check(t, object, cls);
    if (!recursion_enter(t, " in __instancecheck__"))
        return -1;
    int answer = answer_of(t, call1(t, checker, object));
    recursion_leave(t);
    return answer;
}

int is_instance(Thread *t, Value object, Value cls)
{
    if (value_of(type_of(object)) == cls)
        return 1;
    if (is_exactly(cls, &type_type))
        return type_instance_check(t, object, cls);
    if (is_exactly(cls, &type_union))
        cls = union_args(cls);
    if (is_tuple(cls))
        return instance_of_any(t, object, as_tuple(cls));
    return instance_by_hook(t, object, cls);
}

// --- issubclass ---

int type_subclass_check(Thread *t, Value derived, Value cls)
{
    if (is_type(derived) && is_type(cls))
        return type_is_subtype(as_type(derived), as_type(cls));
    if (!check_class(t, derived, "issubclass() arg 1 must be a class") ||
        !check_class(t, cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union"))
        return -1;
    return abstract_is_subclass(t, derived, cls);
}

static int subclass_of_any(Thread *t, Value derived, const Tuple *classes)
{
    if (!recursion_enter(t, " in __subclasscheck__"))
        return -1;
    int answer = 0;
    for (size_t i = 0; i < classes->length && answer == 0; i++)
        answer = is_subclass(t, derived, classes->at[i]);
    recursion_leave(t);
    return answer;
}

int is_subclass(Thread *t, Value derived, Value cls)
{
    if (is_exactly(cls, &type_type))
        return derived == cls ? 1 : type_subclass_check(t, derived, cls);
    if (is_exactly(cls, &type_union))
        cls = union_args(cls);
    if (is_tuple(cls))
        return subclass_of_any(t, derived, as_tuple(cls));
    Value checker = special_lookup(t, cls, N(__subclasscheck__));
    if (!checker)
        return is_pending(t) ? -1 : type_subclass_check(t, derived, cls);
    if (!recursion_enter(t, " in __subclasscheck__"))
        return -1;
    int answer = answer_of(t, call1(t, checker, derived));
    recursion_leave(t);
    return answer;
}

// --- except clauses: by the MRO alone, no hooks ---

static bool is_exception_class(Value v)
{
    return is_type(v) && type_has_flag(as_type(v), TYPE_IS_EXCEPTION);
}

static int raise_not_exception(Thread *t)
{
    raise(t, EXC(TypeError), "catching classes that do not inherit from BaseException is not allowed");
    return -1;
}

int exception_matches(Thread *t, Value exception, Value type_or_tuple)
{
    const Type *type = type_of(exception);
    if (is_exception_class(type_or_tuple))
        return type_is_subtype(type, as_type(type_or_tuple));
    if (!is_tuple(type_or_tuple))
        return raise_not_exception(t);
    const Tuple *types = as_tuple(type_or_tuple);
    for (size_t i = 0; i < types->length; i++)
        if (!is_exception_class(types->at[i]))
            return raise_not_exception(t);
    for (size_t i = 0; i < types->length; i++)
        if (type_is_subtype(type, as_type(types->at[i])))
            return 1;
    return 0;
}
