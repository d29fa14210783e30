// decimal_signals.c: the signals of decimal arithmetic: their exception classes, raising them, and SignalDict.
#include "src/core/hooks.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/modules/decimal_signals.h"
#include "src/modules/exception_class.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

enum { SIGNALS = 9, CONDITIONS = 5 };

typedef struct Signal {
    const char *name;
    uint32_t bits;
    Value cls;
} Signal;

// Signals in the order of SignalDict; a condition is a kind of InvalidOperation. cls is filled once and rooted.
static Signal signals[SIGNALS] = {
    {"InvalidOperation", DEC_INVALID, 0}, {"FloatOperation", DEC_FLOAT_OPERATION, 0},
    {"DivisionByZero", DEC_DIVISION_BY_ZERO, 0}, {"Overflow", DEC_OVERFLOW, 0}, {"Underflow", DEC_UNDERFLOW, 0},
    {"Subnormal", DEC_SUBNORMAL, 0}, {"Inexact", DEC_INEXACT, 0}, {"Rounded", DEC_ROUNDED, 0}, {"Clamped", DEC_CLAMPED, 0},
};
static Signal conditions[CONDITIONS] = {
    {"InvalidOperation", DEC_INVALID_OPERATION, 0}, {"ConversionSyntax", DEC_CONVERSION_SYNTAX, 0},
    {"DivisionImpossible", DEC_DIVISION_IMPOSSIBLE, 0}, {"DivisionUndefined", DEC_DIVISION_UNDEFINED, 0},
    {"InvalidContext", DEC_INVALID_CONTEXT, 0},
};
static Value signal_dict_class, signal_tuple, decimal_exception;

// --- raising ---

static Value raised_list(Thread *t, uint32_t status)
{
    List *list = list_new(t, 2);
    for (size_t i = 0; list && i < CONDITIONS; i++)
        if ((status & conditions[i].bits) && !list_append(t, list, conditions[i].cls))
            return 0;
    for (size_t i = 1; list && i < SIGNALS; i++)
        if ((status & signals[i].bits) && !list_append(t, list, signals[i].cls))
            return 0;
    return value_of(list);
}

bool dec_signal(Thread *t, Context *owner, uint32_t status)
{
    __atomic_fetch_or(&owner->c.status, status, __ATOMIC_RELAXED);
    uint32_t trapped = status & owner->c.traps;
    if (likely(!trapped))
        return true;
    for (size_t i = 0; i < SIGNALS; i++) {
        if (!(trapped & signals[i].bits))
            continue;
        Value list = raised_list(t, trapped);
        if (list)
            raise_with(t, as_type(signals[i].cls), list);
        return false;
    }
    return true;
}

// --- lists and text ---

Value dec_signals_list(Thread *t, uint32_t status)
{
    List *list = list_new(t, 2);
    for (size_t i = 0; list && i < SIGNALS; i++)
        if ((status & signals[i].bits) && !list_append(t, list, signals[i].cls))
            return 0;
    return value_of(list);
}

Value dec_signals_text(Thread *t, uint32_t status)
{
    static const uint8_t order[SIGNALS] = {8, 0, 2, 6, 1, 3, 7, 5, 4};
    StrBuilder b;
    builder_init(&b);
    bool first = true;
    if (!builder_char(t, &b, '['))
        return 0;
    for (size_t i = 0; i < SIGNALS; i++) {
        const Signal *signal = &signals[order[i]];
        if (!(status & signal->bits))
            continue;
        if ((!first && !builder_cstr(t, &b, ", ")) || !builder_cstr(t, &b, signal->name))
            return 0;
        first = false;
    }
    return builder_char(t, &b, ']') ? builder_finish(t, &b) : 0;
}

static bool signal_bits(Thread *t, Value cls, uint32_t *out)
{
    for (size_t i = 0; i < SIGNALS; i++)
        if (signals[i].cls == cls) {
            *out = signals[i].bits;
            return true;
        }
    Value message = str_from_cstr(t, "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n"
                                     "   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]");
    if (message)
        raise_with(t, EXC(KeyError), message);
    return false;
}

static bool is_signal_dict(Value v)
{
    return is_object(v) && type_is_subtype(as_object(v)->type, &type_decimal_signals);
}

static uint32_t *dict_bits(Value self)
{
    SignalDict *dict = (SignalDict *)self;
    return dict->is_traps ? &dict->owner->c.traps : &dict->owner->c.status;
}

static bool signals_from_dict(Thread *t, Dict *dict, uint32_t *out)
{
    uint32_t status = 0;
    if (dict_length(dict) != SIGNALS) {
        Value message = str_from_cstr(t, "invalid signal dict");
        if (message)
            raise_with(t, EXC(KeyError), message);
        return false;
    }
    for (size_t i = 0; i < SIGNALS; i++) {
        Value v = dict_get_item(t, dict, signals[i].cls);
        int is_set = v ? truth(t, v) : -1;
        if (is_set < 0)
            return false;
        if (is_set)
            status |= signals[i].bits;
    }
    *out = status;
    return true;
}

bool dec_signals_from(Thread *t, Value v, bool list_too, uint32_t *out)
{
    if (is_signal_dict(v)) {
        *out = *dict_bits(v);
        return true;
    }
    if (is_dict(v))
        return signals_from_dict(t, as_dict(v), out);
    if (!list_too || !is_list(v)) {
        raise(t, EXC(TypeError), "argument must be a signal dict");
        return false;
    }
    uint32_t status = 0, bits;
    for (size_t i = 0; i < list_length(as_list(v)); i++) {
        Value cls = list_get(as_list(v), i);
        if (!cls || !signal_bits(t, cls, &bits))
            return false;
        status |= bits;
    }
    *out = status;
    return true;
}

// --- SignalDict ---

Value dec_signal_dict_new(Thread *t, Context *owner, bool is_traps)
{
    SignalDict *dict = instance_new(t, as_type(signal_dict_class), 0);
    if (!dict)
        return 0;
    dict->owner = owner;
    dict->is_traps = is_traps;
    return value_of(dict);
}

static bool dict_valid(Thread *t, Value self)
{
    if (((SignalDict *)self)->owner)
        return true;
    raise(t, EXC(ValueError), "invalid signal dict");
    return false;
}

static int64_t signal_dict_length(Thread *t, Value self) { return dict_valid(t, self) ? SIGNALS : -1; }
static Value signal_dict_iter(Thread *t, Value self) { return dict_valid(t, self) ? iter_get(t, signal_tuple) : 0; }

static Value signal_dict_getitem(Thread *t, Value self, Value key)
{
    uint32_t bits;
    return dict_valid(t, self) && signal_bits(t, key, &bits) ? value_bool(*dict_bits(self) & bits) : 0;
}

static bool signal_dict_setitem(Thread *t, Value self, Value key, Value value)
{
    uint32_t bits;
    if (!dict_valid(t, self))
        return false;
    if (!value) {
        raise(t, EXC(ValueError), "signal keys cannot be deleted");
        return false;
    }
    if (!signal_bits(t, key, &bits))
        return false;
    int is_set = truth(t, value);
    if (is_set < 0)
        return false;
    if (is_set)
        *dict_bits(self) |= bits;
    else
        *dict_bits(self) &= ~bits;
    return true;
}

static Value signal_dict_repr(Thread *t, Value self)
{
    if (!dict_valid(t, self))
        return 0;
    StrBuilder b;
    builder_init(&b);
    for (size_t i = 0; i < SIGNALS; i++)
        if (!builder_format(t, &b, "%s<class 'decimal.%s'>:%s", i ? ", " : "{", signals[i].name,
                            *dict_bits(self) & signals[i].bits ? "True" : "False"))
            return 0;
    return builder_char(t, &b, '}') ? builder_finish(t, &b) : 0;
}

static Value signal_dict_compare(Thread *t, Value self, Value other, CompareOp op)
{
    if (op != CMP_EQ && op != CMP_NE)
        return NOTIMPLEMENTED;
    uint32_t bits;
    if (!dict_valid(t, self))
        return 0;
    if (is_signal_dict(other)) {
        if (!dict_valid(t, other))
            return 0;
        bits = *dict_bits(other);
    } else if (!is_dict(other)) {
        return NOTIMPLEMENTED;
    } else if (!signals_from_dict(t, as_dict(other), &bits)) {
        return pending_clear_if(t, EXC(KeyError)) ? NOTIMPLEMENTED : 0;
    }
    return value_bool((*dict_bits(self) == bits) == (op == CMP_EQ));
}

static Value signal_dict_copy(Thread *t, const Value *args, size_t nargs)
{
    Dict *copy = dict_valid(t, args[0]) ? dict_new(t) : NULL;
    for (size_t i = 0; copy && i < SIGNALS; i++)
        if (!dict_set(t, copy, signals[i].cls, value_bool(*dict_bits(args[0]) & signals[i].bits)))
            return 0;
    return value_of(copy);
}

static const NativeDef signal_dict_methods[] = {
    {"copy", signal_dict_copy, "($self, /)", NULL, 0},
    {0},
};

static Value signal_dict_construct(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(instance_new(t, cls, 0));
}

Type type_decimal_signals = {
    TYPE_HEAD(decimal_signals, "decimal.SignalDictMixin", &type_object, SignalDict),
    .flags = TYPE_BASE,
    .methods = signal_dict_methods,
    .slots = {
        .new = signal_dict_construct,
        .length = signal_dict_length,
        .iter = signal_dict_iter,
        .getitem = signal_dict_getitem,
        .setitem = signal_dict_setitem,
        .repr = signal_dict_repr,
        .compare = signal_dict_compare,
        .hash = hash_not_implemented,
    },
};

// --- making the classes ---

static Value class_new(Thread *t, Value module, const char *name, Value base1, Value base2, Value base3)
{
    Value bases = base3 ? tuple_of(t, (size_t)3, base1, base2, base3) : base2 ? tuple_pair(t, base1, base2) : base1;
    Value cls = bases ? exception_class_new(t, "decimal", name, bases, NULL) : 0;
    return cls && module_add(t, module, name, cls) ? cls : 0;
}

// The classes are made once, however often and under whatever name the module is imported.
static bool classes_add(Thread *t, Value module)
{
    if (!module_add(t, module, "DecimalException", decimal_exception))
        return false;
    for (size_t i = 0; i < SIGNALS; i++)
        if (!module_add(t, module, signals[i].name, signals[i].cls))
            return false;
    for (size_t i = 1; i < CONDITIONS; i++)
        if (!module_add(t, module, conditions[i].name, conditions[i].cls))
            return false;
    return true;
}

static bool signal_classes(Thread *t, Value module)
{
    Value base = class_new(t, module, "DecimalException", value_of(EXC(ArithmeticError)), 0, 0);
    decimal_exception = base;
    if (!base)
        return false;
    static const struct { uint8_t index; int8_t first, second, third; Type *builtin; } plan[] = {
        {8, -1, -1, -1, NULL}, {2, -1, -1, -1, EXC(ZeroDivisionError)}, {6, -1, -1, -1, NULL}, {7, -1, -1, -1, NULL},
        {5, -1, -1, -1, NULL}, {0, -1, -1, -1, NULL}, {3, 6, 7, -1, NULL}, {4, 6, 7, 5, NULL}, {1, -1, -1, -1, EXC(TypeError)}};
    for (size_t i = 0; i < COUNT_OF(plan); i++) {
        Value first = plan[i].first < 0 ? base : signals[plan[i].first].cls;
        Value second = plan[i].builtin ? value_of(plan[i].builtin) : plan[i].second < 0 ? 0 : signals[plan[i].second].cls;
        Value third = plan[i].third < 0 ? 0 : signals[plan[i].third].cls;
        Signal *signal = &signals[plan[i].index];
        signal->cls = class_new(t, module, signal->name, first, second, third);
        if (!signal->cls)
            return false;
    }
    conditions[0].cls = signals[0].cls;
    for (size_t i = 1; i < CONDITIONS; i++) {
        bool undefined = conditions[i].bits == DEC_DIVISION_UNDEFINED;
        conditions[i].cls = class_new(t, module, conditions[i].name, signals[0].cls,
                                      undefined ? value_of(EXC(ZeroDivisionError)) : 0, 0);
        if (!conditions[i].cls)
            return false;
    }
    return true;
}

bool dec_signals_exec(Thread *t, Value module)
{
    if (signal_dict_class)
        return classes_add(t, module);
    vm_add_root_range(signals, signals + SIGNALS);
    vm_add_root_range(&decimal_exception, &decimal_exception + 1);
    vm_add_root_range(conditions, conditions + CONDITIONS);
    vm_add_root_range(&signal_dict_class, &signal_dict_class + 1);
    vm_add_root_range(&signal_tuple, &signal_tuple + 1);
    if (!signal_classes(t, module))
        return false;
    Tuple *tuple = tuple_alloc(t, SIGNALS);
    if (!tuple)
        return false;
    for (size_t i = 0; i < SIGNALS; i++)
        tuple->at[i] = signals[i].cls;
    signal_tuple = value_of(tuple);
    Value abc = hooks.import_module(t, "collections.abc"), name = abc ? str_intern_cstr(t, "MutableMapping") : 0;
    Value mapping = name ? attr_get(t, abc, name) : 0, class_name = mapping ? str_intern_cstr(t, "SignalDict") : 0;
    Value bases = class_name ? tuple_pair(t, value_of(&type_decimal_signals), mapping) : 0;
    Dict *dict = bases ? dict_new(t) : NULL;
    signal_dict_class = dict ? call3(t, value_of(type_of(mapping)), class_name, bases, value_of(dict)) : 0;
    return signal_dict_class != 0;
}
