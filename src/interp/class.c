// class.c: __build_class__: runs a class body and calls the metaclass.
#include "src/interp/interp.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// The bases with __mro_entries__ applied; the same tuple when nothing changes.
static Value resolve_bases(Thread *t, Value bases)
{
    List *resolved = NULL;
    for (size_t i = 0; i < as_tuple(bases)->length; i++) {
        Value base = as_tuple(bases)->at[i], entries = 0;
        int found = is_type(base) ? 0 : attr_find(t, base, N(__mro_entries__), &entries);
        if (found < 0)
            return 0;
        if (found && !resolved) {
            Value before = tuple_slice(t, bases, 0, i);
            Value list = before ? list_from_iterable(t, before) : 0;
            if (!list)
                return 0;
            resolved = as_list(list);
        }
        if (!found) {
            if (resolved && !list_append(t, resolved, base))
                return 0;
            continue;
        }
        Value replacement = call1(t, entries, bases);
        if (!replacement)
            return 0;
        if (!is_tuple(replacement))
            return raise(t, EXC(TypeError), "__mro_entries__ must return a tuple");
        if (!list_extend(t, resolved, replacement))
            return 0;
    }
    return resolved ? list_to_tuple(t, resolved) : bases;
}

// The most derived metaclass of `meta` and the bases' types.
static Value derived_metaclass(Thread *t, Value meta, Value bases)
{
    Type *winner = as_type(meta);
    for (size_t i = 0; i < as_tuple(bases)->length; i++) {
        Type *other = type_of(as_tuple(bases)->at[i]);
        if (type_is_subtype(winner, other))
            continue;
        if (!type_is_subtype(other, winner))
            return raise(t, EXC(TypeError), "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases");
        winner = other;
    }
    return value_of(winner);
}

static Value prepare_namespace(Thread *t, Value meta, Value name, Value bases, Value keywords)
{
    Value prepare = 0;
    int found = attr_find(t, meta, N(__prepare__), &prepare);
    if (found < 0)
        return 0;
    if (!found)
        return value_of(dict_new(t));
    Value args = tuple_pair(t, name, bases);
    Value namespace = args ? call_tuple_dict(t, prepare, args, keywords) : 0;
    if (namespace && !is_dict(namespace) && !type_of(namespace)->slots.getitem) {
        Value meta_name = is_type(meta) ? str_from_cstr(t, type_short_name(as_type(meta))) : str_from_cstr(t, "<metaclass>");
        return meta_name ? raise(t, EXC(TypeError), "%U.__prepare__() must return a mapping, not %T", meta_name, namespace) : 0;
    }
    return namespace;
}

// After the metaclass call: __class__ cell of the body must have been filled with the class.
static bool check_class_cell(Thread *t, Value cell, Value name, Value cls)
{
    if (!is_exactly(cell, &type_cell) || !is_type(cls))
        return true;
    Value in_cell = load_acquire(&((Cell *)cell)->value);
    if (!in_cell)
        return raise(t, EXC(RuntimeError), "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?", name, cls);
    if (in_cell != cls)
        return raise(t, EXC(TypeError), "__class__ set to %R defining %R as %R", in_cell, name, cls);
    return true;
}

// Runs the body function in `namespace`: its code has CODE_NAMESPACE, R[0] is the namespace. Returns its value (the __class__ cell or None).
static Value run_body(Thread *t, Function *body, Value namespace)
{
    Value *dest = stack_top(t) + FRAME_WORDS;
    Value *regs = frame_push(t, dest, body, 0, t->regs, NULL);
    if (!regs)
        return 0;
    regs[0] = namespace;
    if (!recursion_enter(t, "")) {
        publish(&t->regs, frame_of(regs)->caller);
        t->depth--;
        return 0;
    }
    Value *outer = frame_of(regs)->caller;
    Value v = interp_loop(t, regs);
    recursion_leave(t);
    publish(&t->regs, outer);
    return v;
}

// args: body function, name, bases…; keywords: metaclass and what is for it.
Value interp_build_class(Thread *t, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs < 2)
        return raise(t, EXC(TypeError), "__build_class__: not enough arguments");
    if (!is_exactly(args[0], &type_function))
        return raise(t, EXC(TypeError), "__build_class__: func must be a function");
    Value name = args[1];
    if (!is_str(name))
        return raise(t, EXC(TypeError), "__build_class__: name is not a string");
    Value original_bases = tuple_from(t, args + 2, nargs - 2);
    Value bases = original_bases ? resolve_bases(t, original_bases) : 0;
    if (!bases)
        return 0;
    Dict *keywords = dict_new(t);
    Value meta = 0;
    if (!keywords)
        return 0;
    for (size_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        Value key = as_tuple(kwnames)->at[i];
        if (str_equal(as_str(key), as_str(N(metaclass))))
            meta = args[nargs + i];
        else if (!dict_set(t, keywords, key, args[nargs + i]))
            return 0;
    }
    if (!meta)
        meta = as_tuple(bases)->length ? value_of(type_of(as_tuple(bases)->at[0])) : value_of(&type_type);
    if (is_type(meta) && !(meta = derived_metaclass(t, meta, bases)))
        return 0;
    Value namespace = prepare_namespace(t, meta, name, bases, value_of(keywords));
    if (!namespace)
        return 0;
    Value cell = run_body(t, (Function *)args[0], namespace);
    if (!cell)
        return 0;
    if (bases != original_bases && !item_set(t, namespace, N(__orig_bases__), original_bases))
        return 0;
    Value meta_args = tuple_of(t, 3, name, bases, namespace);
    Value cls = meta_args ? call_tuple_dict(t, meta, meta_args, value_of(keywords)) : 0;
    return cls && check_class_cell(t, cell, name, cls) ? cls : 0;
}
