// bind.c: binding the arguments of a call to the parameters of a Python function.
//
// Registers of a function: positional parameters, keyword-only parameters, *args, **kwargs, other locals (the order of varnames).
#include "src/interp/interp.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/suggest.h"
#include "src/types/tuple.h"

typedef struct Binding {
    Thread *t;
    Function *f;
    Code *code;
    Value *regs;
    size_t nargs;                 // positional values given
    Value kwargs;                 // Dict for **kwargs, or 0
} Binding;

static Value parameter_name(const Code *code, size_t i)
{
    return as_tuple(code->varnames)->at[i];
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static size_t default_count(const Function *f)
{
    Value defaults = f->defaults;
    return defaults ? as_tuple(defaults)->length : 0;
}

static bool raise_too_many(const Binding *b)
{
    const Code *code = b->code;
    size_t defaults = default_count(b->f), kwonly_given = 0;
    for (size_t i = 0; i < code->kwonly_count; i++)
        kwonly_given += b->regs[code->arg_count + i] != 0;
    Value takes = defaults ? str_format(b->t, "from %lu to %lu", (uint64_t)(code->arg_count - defaults), (uint64_t)code->arg_count)
                           : str_format(b->t, "%lu", (uint64_t)code->arg_count);
    Value given = kwonly_given ? str_format(b->t, " positional argument%s (and %lu keyword-only argument%s)", plural(b->nargs),
                                            (uint64_t)kwonly_given, plural(kwonly_given))
                               : str_empty;
    if (!takes || !given)
        return false;
    return raise(b->t, EXC(TypeError), "%U() takes %U positional argument%s but %lu%U %s given", b->f->qualname, takes,
                 defaults || code->arg_count != 1 ? "s" : "", (uint64_t)b->nargs, given,
                 b->nargs == 1 && !kwonly_given ? "was" : "were");
}

// Names joined as 'a', 'b' and 'c'.
static Value join_names(Thread *t, const Value *names, size_t n)
{
    StrBuilder b;
    builder_init(&b);
    for (size_t i = 0; i < n; i++) {
        const char *before = i == 0 ? "" : i + 1 < n ? ", " : n == 2 ? " and " : ", and ";
        if (!builder_format(t, &b, "%s%R", before, names[i]))
            return 0;
    }
    return builder_finish(t, &b);
}

static bool raise_missing(const Binding *b, const char *kind, size_t first, size_t last)
{
    List *missing = list_new(b->t, 4);
    if (!missing)
        return false;
    for (size_t i = first; i < last; i++) {
        if (!b->regs[i] && !list_append(b->t, missing, parameter_name(b->code, i)))
            return false;
    }
    Value names = join_names(b->t, missing->items->at, missing->length);
    if (!names)
        return false;
    return raise(b->t, EXC(TypeError), "%U() missing %lu required %s argument%s: %U", b->f->qualname, (uint64_t)missing->length, kind,
                 plural(missing->length), names);
}

// Keywords that name positional-only parameters, when there is no **kwargs to take them.
static bool raise_if_positional_only(const Binding *b, Value kwnames)
{
    List *wrong = NULL;
    for (size_t i = 0; i < b->code->posonly_count; i++) {
        Value name = parameter_name(b->code, i);
        for (size_t k = 0; k < as_tuple(kwnames)->length; k++) {
            if (!str_equal(as_str(as_tuple(kwnames)->at[k]), as_str(name)))
                continue;
            if (!wrong && !(wrong = list_new(b->t, 4)))
                return true;
            if (!list_append(b->t, wrong, name))
                return true;
        }
    }
    if (!wrong)
        return false;
    Value names = str_join(b->t, str_from_cstr(b->t, ", "), wrong->items->at, wrong->length);
    if (names)
        raise(b->t, EXC(TypeError), "%U() got some positional-only arguments passed as keyword arguments: '%U'", b->f->qualname, names);
    return true;
}

static bool raise_unexpected(const Binding *b, Value name, Value kwnames)
{
    if (raise_if_positional_only(b, kwnames))
        return false;
    Value candidates = tuple_from(b->t, as_tuple(b->code->varnames)->at + b->code->posonly_count,
                                  (size_t)b->code->arg_count + b->code->kwonly_count - b->code->posonly_count);
    Value list = candidates ? list_from_iterable(b->t, candidates) : 0;
    Value hint = list && is_str(name) ? suggest_name(b->t, list, name) : 0;
    if (is_pending(b->t))
        return false;
    if (hint && hint != NONE)
        return raise(b->t, EXC(TypeError), "%U() got an unexpected keyword argument '%V'. Did you mean '%V'?", b->f->qualname, name, hint);
    return raise(b->t, EXC(TypeError), "%U() got an unexpected keyword argument '%V'", b->f->qualname, name);
}

static int find_parameter(const Code *code, Value name)
{
    size_t n = (size_t)code->arg_count + code->kwonly_count;
    for (size_t i = code->posonly_count; i < n; i++) {
        if (parameter_name(code, i) == name)
            return (int)i;
    }
    for (size_t i = code->posonly_count; i < n; i++) {
        if (str_equal(as_str(parameter_name(code, i)), as_str(name)))
            return (int)i;
    }
    return -1;
}

static bool bind_keyword(Binding *b, Value name, Value value, Value kwnames)
{
    if (!is_str(name))
        return raise(b->t, EXC(TypeError), "%U() keywords must be strings", b->f->qualname);
    int i = find_parameter(b->code, name);
    if (i >= 0) {
        if (b->regs[i])
            return raise(b->t, EXC(TypeError), "%U() got multiple values for argument '%V'", b->f->qualname, name);
        b->regs[i] = value;
        return true;
    }
    if (!b->kwargs)
        return raise_unexpected(b, name, kwnames);
    return dict_set(b->t, as_dict(b->kwargs), name, value);
}

static bool fill_defaults(Binding *b)
{
    const Code *code = b->code;
    size_t defaults = default_count(b->f), first_default = code->arg_count - defaults;
    for (size_t i = b->nargs; i < first_default; i++) {
        if (!b->regs[i])
            return raise_missing(b, "positional", 0, first_default);
    }
    for (size_t i = size_max(b->nargs, first_default); i < code->arg_count; i++) {
        if (!b->regs[i])
            b->regs[i] = as_tuple(b->f->defaults)->at[i - first_default];
    }
    return true;
}

static bool fill_keyword_defaults(Binding *b)
{
    const Code *code = b->code;
    size_t last = (size_t)code->arg_count + code->kwonly_count;
    bool missing = false;
    for (size_t i = code->arg_count; i < last; i++) {
        if (b->regs[i])
            continue;
        Value v = b->f->kwdefaults ? dict_get_known(as_dict(b->f->kwdefaults), parameter_name(code, i)) : 0;
        b->regs[i] = v;
        missing |= !v;
    }
    return missing ? raise_missing(b, "keyword-only", code->arg_count, last) : true;
}

enum { KEYWORDS_ON_STACK = 16 };

// `extra` and `keywords` are copies: the registers overlay the arguments.
static bool bind_all(Binding *b, const Value *positional, const Value *keywords, Value kwnames)
{
    Thread *t = b->t;
    Code *code = b->code;
    size_t parameters = (size_t)code->arg_count + code->kwonly_count;
    size_t taken = size_min(b->nargs, code->arg_count);
    Value rest = 0;
    if (code->flags & CO_VARARGS) {
        rest = tuple_from(t, positional + taken, b->nargs - taken);
        if (!rest)
            return false;
    }
    if (positional != b->regs)
        memcpy(b->regs, positional, taken * sizeof(Value));
    for (size_t i = taken; i < code->local_count; i++)
        b->regs[i] = 0;
    size_t next = parameters;
    if (rest)
        b->regs[next++] = rest;
    if (code->flags & CO_VARKEYWORDS) {
        Dict *kwargs = dict_new(t);
        if (!kwargs)
            return false;
        b->kwargs = b->regs[next] = value_of(kwargs);
    }
    for (size_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        if (!bind_keyword(b, as_tuple(kwnames)->at[i], keywords[i], kwnames))
            return false;
    }
    if (b->nargs > code->arg_count && !(code->flags & CO_VARARGS)) {
        return raise_too_many(b);
    }
    return fill_defaults(b) && fill_keyword_defaults(b);
}

Value *frame_push_bound(Thread *t, Value *dest, Function *f, const Value *args, size_t nargs, Value kwnames, Value *caller, const Instr *return_pc)
{
    Code *code = f->code;
    size_t keyword_count = kwnames ? as_tuple(kwnames)->length : 0;
    if (unlikely(dest + nargs + keyword_count + code->register_count > t->stack_limit)) {
        (void)!value_stack_full(t);
        return NULL;
    }
    Value room[KEYWORDS_ON_STACK], *keywords = room;
    if (keyword_count > KEYWORDS_ON_STACK && !(keywords = new_scanned(t, keyword_count * sizeof(Value))))
        return NULL;
    memcpy(keywords, args + nargs, keyword_count * sizeof(Value));
    Binding b = {t, f, code, dest, nargs, 0};
    // The registers are beyond what the collector scans until the frame is pushed: cover them.
    Value *top_before = t->top;
    t->top = dest + size_max(code->register_count, nargs + keyword_count);
    Value *regs = bind_all(&b, args, keywords, kwnames) ? frame_push(t, dest, f, code->local_count, caller, return_pc) : NULL;
    t->top = top_before;
    return regs;
}
