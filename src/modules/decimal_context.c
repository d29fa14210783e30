// decimal_context.c: the type Context, the current context, and the raising of signals.
#include "src/core/hooks.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/modules/contextvars.h"
#include "src/modules/decimal_signals.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static const char *const rounding_names[ROUNDING_COUNT] = {
    "ROUND_UP", "ROUND_DOWN", "ROUND_CEILING", "ROUND_FLOOR", "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP"};

// Made when the module is; roots.
static struct {
    Value variable;               // contextvars.ContextVar of the current context
    Value default_context, basic_context, extended_context;
} state;

Value dec_rounding_name(Thread *t, DecRounding rounding) { return str_intern_cstr(t, rounding_names[rounding]); }

bool dec_rounding_argument(Thread *t, Value v, DecRounding *out)
{
    for (int i = 0; is_str(v) && i < ROUNDING_COUNT; i++)
        if (str_equal_cstr(v, rounding_names[i])) {
            *out = (DecRounding)i;
            return true;
        }
    raise(t, EXC(TypeError),
          "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n"
          "   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]");
    return false;
}

// --- making ---

Context *dec_context_new(Thread *t, Type *cls, const DecContext *from)
{
    Context *c = cls == &type_decimal_context ? new_object(t, decimal_context, Context) : instance_new(t, cls, 0);
    if (!c)
        return NULL;
    c->c = *from;
    c->flags = dec_signal_dict_new(t, c, false);
    c->traps = c->flags ? dec_signal_dict_new(t, c, true) : 0;
    return c->traps ? c : NULL;
}

static bool is_context(Value v)
{
    return is_object(v) && type_is_subtype(as_object(v)->type, &type_decimal_context);
}

static Context *copy_of(Thread *t, const Context *c) { return dec_context_new(t, &type_decimal_context, &c->c); }

static bool is_template(Value v)
{
    return v == state.default_context || v == state.basic_context || v == state.extended_context;
}

// --- the current context ---

Context *dec_context_current(Thread *t)
{
    Value current = 0;
    int found = contextvar_get(t, state.variable, &current);
    if (found < 0)
        return NULL;
    if (found && current)
        return (Context *)current;
    Context *fresh = copy_of(t, (Context *)state.default_context);
    if (!fresh)
        return NULL;
    fresh->c.status = 0;
    return contextvar_set(t, state.variable, value_of(fresh)) ? fresh : NULL;
}

Context *dec_context_argument(Thread *t, Value v)
{
    if (!v || v == NONE)
        return dec_context_current(t);
    if (is_context(v))
        return (Context *)v;
    return RAISE_NULL(t, EXC(TypeError), "optional argument must be a context");
}

static Value set_current(Thread *t, Value v)
{
    if (!is_context(v))
        return raise(t, EXC(TypeError), "argument must be a context");
    if (is_template(v)) {
        Context *copy = copy_of(t, (Context *)v);
        if (!copy)
            return 0;
        copy->c.status = 0;
        v = value_of(copy);
    }
    return contextvar_set(t, state.variable, v) ? NONE : 0;
}

static Value decimal_getcontext(Thread *t, const Value *args, size_t nargs) { return value_of(dec_context_current(t)); }
static Value decimal_setcontext(Thread *t, const Value *args, size_t nargs) { return set_current(t, args[0]); }

// --- attributes ---

static bool range_attribute(Thread *t, Value v, int64_t least, int64_t most, const char *message, int64_t *out)
{
    if (!v) {
        raise(t, EXC(AttributeError), "context attributes cannot be deleted");
        return false;
    }
    if (!is_int(v)) {
        raise(t, EXC(TypeError), "an integer is required");
        return false;
    }
    int64_t n;
    if (!to_int64(t, v, &n))
        return false;
    if (n >= least && n <= most) {
        *out = n;
        return true;
    }
    raise(t, EXC(ValueError), "%s", message);
    return false;
}

static bool context_set_prec(Thread *t, Value self, Value v)
{
    return range_attribute(t, v, 1, DEC_PREC_MAX, "valid range for prec is [1, MAX_PREC]", &((Context *)self)->c.prec);
}

static bool context_set_emin(Thread *t, Value self, Value v)
{
    return range_attribute(t, v, DEC_EMIN_MIN, 0, "valid range for Emin is [MIN_EMIN, 0]", &((Context *)self)->c.emin);
}

static bool context_set_emax(Thread *t, Value self, Value v)
{
    return range_attribute(t, v, 0, DEC_EMAX_MAX, "valid range for Emax is [0, MAX_EMAX]", &((Context *)self)->c.emax);
}

static bool context_set_capitals(Thread *t, Value self, Value v)
{
    int64_t n;
    if (!range_attribute(t, v, 0, 1, "valid values for capitals are 0 or 1", &n))
        return false;
    ((Context *)self)->c.capitals = (int)n;
    return true;
}

static bool context_set_clamp(Thread *t, Value self, Value v)
{
    int64_t n;
    if (!range_attribute(t, v, 0, 1, "valid values for clamp are 0 or 1", &n))
        return false;
    ((Context *)self)->c.clamp = (int)n;
    return true;
}

static bool context_set_rounding(Thread *t, Value self, Value v)
{
    if (!v) {
        raise(t, EXC(AttributeError), "context attributes cannot be deleted");
        return false;
    }
    return dec_rounding_argument(t, v, &((Context *)self)->c.rounding);
}

static bool context_set_signals(Thread *t, Value v, uint32_t *out)
{
    if (v)
        return dec_signals_from(t, v, false, out);
    raise(t, EXC(AttributeError), "context attributes cannot be deleted");
    return false;
}

static bool context_set_flags(Thread *t, Value self, Value v) { return context_set_signals(t, v, &((Context *)self)->c.status); }
static bool context_set_traps(Thread *t, Value self, Value v) { return context_set_signals(t, v, &((Context *)self)->c.traps); }

static Value context_get_prec(Thread *t, Value self) { return int_from_int64(t, ((Context *)self)->c.prec); }
static Value context_get_emin(Thread *t, Value self) { return int_from_int64(t, ((Context *)self)->c.emin); }
static Value context_get_emax(Thread *t, Value self) { return int_from_int64(t, ((Context *)self)->c.emax); }
static Value context_get_capitals(Thread *t, Value self) { return fixnum(((Context *)self)->c.capitals); }
static Value context_get_clamp(Thread *t, Value self) { return fixnum(((Context *)self)->c.clamp); }
static Value context_get_rounding(Thread *t, Value self) { return dec_rounding_name(t, ((Context *)self)->c.rounding); }
static Value context_get_flags(Thread *t, Value self) { return ((Context *)self)->flags; }
static Value context_get_traps(Thread *t, Value self) { return ((Context *)self)->traps; }

static const GetSetDef context_getsets[] = {
    {"prec", context_get_prec, context_set_prec, NULL},
    {"Emax", context_get_emax, context_set_emax, NULL},
    {"Emin", context_get_emin, context_set_emin, NULL},
    {"rounding", context_get_rounding, context_set_rounding, NULL},
    {"capitals", context_get_capitals, context_set_capitals, NULL},
    {"clamp", context_get_clamp, context_set_clamp, NULL},
    {"flags", context_get_flags, context_set_flags, NULL},
    {"traps", context_get_traps, context_set_traps, NULL},
    {0},
};

static bool context_setattr(Thread *t, Value self, Value name, Value value)
{
    bool known = type_of(self) != &type_decimal_context || !is_str(name);
    for (const GetSetDef *def = context_getsets; def->name && !known; def++)
        known = str_equal_cstr(name, def->name);
    if (known)
        return attr_generic_set(t, self, name, value);
    raise_attribute(t, self, name);
    return false;
}

// In the order of the constructor's parameters.
typedef bool (*ContextSetter)(Thread *t, Value self, Value v);
static const ContextSetter setters[] = {context_set_prec, context_set_rounding, context_set_emin, context_set_emax,
                                        context_set_capitals, context_set_clamp, context_set_flags, context_set_traps};

static const char *const context_parameters[] = {"prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"};

static bool context_assign(Thread *t, Context *c, const Value *args)
{
    enum { FLAGS = COUNT_OF(setters) - 2, TRAPS };
    for (size_t i = 0; i < FLAGS; i++)
        if (args[i] && args[i] != NONE && !setters[i](t, value_of(c), args[i]))
            return false;
    bool flags = args[FLAGS] && args[FLAGS] != NONE, traps = args[TRAPS] && args[TRAPS] != NONE;   // lists too
    return (!flags || dec_signals_from(t, args[FLAGS], true, &c->c.status))
        && (!traps || dec_signals_from(t, args[TRAPS], true, &c->c.traps));
}

static Value context_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    DecContext initial = ((Context *)state.default_context)->c;
    initial.status = 0;
    return value_of(dec_context_new(t, cls, &initial));
}

static bool context_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[COUNT_OF(setters)];
    BIND_ARGUMENTS(t, "Context",
                   "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)", args,
                   nargs, kwnames, a, return false);
    return context_assign(t, (Context *)self, a);
}

static Value context_repr(Thread *t, Value self)
{
    const DecContext *c = &((Context *)self)->c;
    Value flags = dec_signals_text(t, c->status), traps = flags ? dec_signals_text(t, c->traps) : 0;
    return !traps ? 0
                  : str_format(t, "Context(prec=%ld, rounding=%s, Emin=%ld, Emax=%ld, capitals=%d, clamp=%d, flags=%U, traps=%U)",
                               c->prec, rounding_names[c->rounding], c->emin, c->emax, c->capitals, c->clamp, flags, traps);
}

Type type_decimal_context = {
    TYPE_HEAD(decimal_context, "decimal.Context", &type_object, Context),
    .flags = TYPE_BASE,
    .doc = "The context affects almost all operations and controls rounding,\nOver/Underflow, raising of exceptions and much "
           "more.  A new context\ncan be initialized as follows:",
    .new_signature = "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
    .methods = decimal_context_methods,
    .getsets = context_getsets,
    .slots = {.new = context_new, .init = context_init, .repr = context_repr, .setattr = context_setattr},
};

Value dec_context_copy(Thread *t, Value context) { return value_of(copy_of(t, (Context *)context)); }

Value dec_context_reduce(Thread *t, Value context)
{
    const DecContext *c = &((Context *)context)->c;
    Value flags = dec_signals_list(t, c->status), traps = flags ? dec_signals_list(t, c->traps) : 0;
    Value rounding = traps ? dec_rounding_name(t, c->rounding) : 0;
    if (!rounding)
        return 0;
    Value args = tuple_of(t, (size_t)8, int_from_int64(t, c->prec), rounding, int_from_int64(t, c->emin),
                          int_from_int64(t, c->emax), fixnum(c->capitals), fixnum(c->clamp), flags, traps);
    return args ? tuple_pair(t, value_of(type_of(context)), args) : 0;
}

// --- with localcontext(): … ---

typedef struct ContextManager { Object head; Value outer, inner; } ContextManager;

// Sorts keywords into the order of Context()'s parameters.
static bool context_keywords(Thread *t, Value keywords, Value *out)
{
    size_t position = 0;
    Value name, value;
    while (keywords && dict_next(as_dict(keywords), &position, &name, &value)) {
        size_t i = 0;
        while (i < COUNT_OF(setters) && !str_equal_cstr(name, context_parameters[i]))
            i++;
        if (i == COUNT_OF(setters)) {
            raise(t, EXC(TypeError), "this function got an unexpected keyword argument '%V'", name);
            return false;
        }
        out[i] = value;
    }
    return true;
}

// args: ctx, keywords
static Value decimal_localcontext(Thread *t, const Value *args, size_t nargs)
{
    Value fields[COUNT_OF(setters)] = {0};
    if (!context_keywords(t, args[1], fields))
        return 0;
    Context *outer = dec_context_current(t), *from = outer ? dec_context_argument(t, args[0]) : NULL;
    ContextManager *manager = from ? new_object(t, decimal_context_manager, ContextManager) : NULL;
    Context *inner = manager ? copy_of(t, from) : NULL;
    if (!inner || !context_assign(t, inner, fields))
        return 0;
    manager->outer = value_of(outer);
    manager->inner = value_of(inner);
    return value_of(manager);
}

static Value manager_enter(Thread *t, const Value *args, size_t nargs)
{
    ContextManager *manager = (ContextManager *)args[0];
    return set_current(t, manager->inner) ? manager->inner : 0;
}

static Value manager_exit(Thread *t, const Value *args, size_t nargs)
{
    return set_current(t, ((ContextManager *)args[0])->outer) ? FALSE : 0;
}

static const NativeDef manager_methods[] = {
    {"__enter__", manager_enter, "($self, /)", NULL, 0},
    {"__exit__", manager_exit, "($self, /, *args)", NULL, 0},
    {0},
};

Type type_decimal_context_manager = {
    TYPE_HEAD(decimal_context_manager, "decimal.ContextManager", &type_object, ContextManager),
    .flags = TYPE_DISALLOW_NEW,
    .methods = manager_methods,
};

// --- interchange formats ---

static Value decimal_ieee_context(Thread *t, const Value *args, size_t nargs)
{
    enum { BITS_MAX = 512 };
    int64_t bits;
    if (!to_int64(t, args[0], &bits))
        return 0;
    if (bits <= 0 || bits > BITS_MAX || bits % 32)
        return raise(t, EXC(ValueError), "argument must be a multiple of 32, with a maximum of %d", BITS_MAX);
    int64_t emax = 3 * ((int64_t)1 << (bits / 16 + 3));
    DecContext c = {.prec = 9 * (bits / 32) - 2, .emax = emax, .emin = 1 - emax, .rounding = ROUND_HALF_EVEN, .capitals = 1, .clamp = 1};
    return value_of(dec_context_new(t, &type_decimal_context, &c));
}

const NativeDef decimal_functions[] = {
    {"getcontext", decimal_getcontext, "()", "Get the current default context.", 0},
    {"setcontext", decimal_setcontext, "(context, /)", "Set a new default context.", 0},
    {"localcontext", decimal_localcontext,
     "(ctx=None, **kwargs)",
     "Return a context manager that will set the default context to a copy of ctx\non entry to the with-statement and restore "
     "the previous default context when\nexiting the with-statement. If no context is supplied, a copy of the current\ndefault "
     "context is used.",
     0},
    {"IEEEContext", decimal_ieee_context, "(bits, /)",
     "Return a context object initialized to the proper values for one of the\nIEEE interchange formats.", 0},
    {0},
};

static Value template_new(Thread *t, const DecContext *c) { return value_of(dec_context_new(t, &type_decimal_context, c)); }

// The templates, made once.
static bool templates_make(Thread *t)
{
    enum { EMAX = 999999, ERRORS = DEC_INVALID | DEC_DIVISION_BY_ZERO | DEC_OVERFLOW };
    DecContext c = {.prec = 28, .emin = -EMAX, .emax = EMAX, .rounding = ROUND_HALF_EVEN, .capitals = 1, .traps = ERRORS};
    vm_add_root_range(&state, &state + 1);
    state.default_context = template_new(t, &c);
    c.prec = 9;
    c.traps = 0;
    state.extended_context = state.default_context ? template_new(t, &c) : 0;
    c.rounding = ROUND_HALF_UP;
    c.traps = ERRORS | DEC_CLAMPED | DEC_UNDERFLOW;
    state.basic_context = state.extended_context ? template_new(t, &c) : 0;
    state.variable = state.basic_context ? contextvar_new(t, "decimal_context", 0) : 0;
    return state.variable != 0;
}

bool dec_context_exec(Thread *t, Value module)
{
    if (!state.variable && !templates_make(t))
        return false;
    if (!module_add(t, module, "DefaultContext", state.default_context)
        || !module_add(t, module, "ExtendedContext", state.extended_context)
        || !module_add(t, module, "BasicContext", state.basic_context)
        || !module_add_type(t, module, &type_decimal_context))
        return false;
    for (int i = 0; i < ROUNDING_COUNT; i++) {
        Value name = dec_rounding_name(t, (DecRounding)i);
        if (!name || !module_add(t, module, rounding_names[i], name))
            return false;
    }
    return true;
}
