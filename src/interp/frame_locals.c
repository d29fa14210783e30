// frame_locals.c: locals() and f_locals: the namespace of class and module code, and the write-through proxy of function frames (PEP 667).
#include "src/interp/interp.h"
#include "src/types/bytes.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef struct FrameLocals {
    Object head;
    FrameObject *frame;
} FrameLocals;

static Value *registers_of(FrameObject *f)
{
    Value *regs = load_acquire(&f->regs);
    return regs ? regs : load_acquire(&f->saved);
}

// Where variable i of the code lives: plain locals first, then cells (own, then free).
typedef struct Variable {
    Value name;
    unsigned reg;
    bool is_cell;
} Variable;

static size_t variable_count(const Code *code)
{
    return as_tuple(code->varnames)->length + as_tuple(code->cellvars)->length + as_tuple(code->freevars)->length;
}

static unsigned cell_register(const Code *code, size_t i)
{
    const uint8_t *bytes = ((const Bytes *)code->cell_registers)->data;
    return (unsigned)bytes[2 * i] | (unsigned)bytes[2 * i + 1] << 8;
}

static Variable variable_at(const Code *code, size_t i)
{
    size_t locals = as_tuple(code->varnames)->length, cells = as_tuple(code->cellvars)->length;
    unsigned first = code->flags & CODE_NAMESPACE ? 1 : 0;
    if (i < locals)
        return (Variable){as_tuple(code->varnames)->at[i], (unsigned)i + first, false};
    i -= locals;
    if (i < cells)
        return (Variable){as_tuple(code->cellvars)->at[i], cell_register(code, i), true};
    i -= cells;
    return (Variable){as_tuple(code->freevars)->at[i], code->free_first + (unsigned)i, true};
}

// A parameter that is a cell: its register holds the cell. (An inlined comprehension's cell of the same name has its own.)
static bool is_cell_register(const Code *code, unsigned reg)
{
    for (size_t i = 0; i < as_tuple(code->cellvars)->length; i++) {
        if (cell_register(code, i) == reg)
            return true;
    }
    return false;
}

static bool is_cell_variable_too(const Code *code, Value name)
{
    for (size_t i = 0; i < as_tuple(code->cellvars)->length; i++) {
        if (as_tuple(code->cellvars)->at[i] == name)
            return true;
    }
    return false;
}

static Value variable_value(FrameObject *f, Variable v)
{
    Value *regs = registers_of(f);
    Value content = regs ? load_relaxed(&regs[v.reg]) : 0;
    if (!content || !v.is_cell)
        return content;
    return is_exactly(content, &type_cell) ? load_acquire(&((Cell *)content)->value) : content;   // before MAKE_CELL: the bare argument
}

// Index of a variable by name, or -1. Argument registers that became cells are found as cells. A running comprehension may have
// a variable of the same name in a register of its own: the last one that is bound wins, as in locals().
static int64_t find_variable(FrameObject *f, Value name)
{
    int64_t found = -1;
    size_t n = variable_count(f->code);
    for (size_t i = 0; i < n; i++) {
        Variable v = variable_at(f->code, i);
        if (!str_equal(as_str(v.name), as_str(name)) || (!v.is_cell && is_cell_register(f->code, v.reg)))
            continue;
        if (found < 0 || variable_value(f, v))
            found = (int64_t)i;
    }
    return found;
}

// A new Dict of all bound variables.
static Value locals_snapshot(Thread *t, FrameObject *f)
{
    Dict *dict = dict_new(t);
    size_t n = variable_count(f->code);
    for (size_t i = 0; dict && i < n; i++) {
        Variable v = variable_at(f->code, i);
        if (!v.is_cell && is_cell_register(f->code, v.reg))
            continue;
        Value value = variable_value(f, v);
        if (value && !dict_set(t, dict, v.name, value))
            return 0;
    }
    if (dict && f->extra_locals && !dict_merge(t, dict, f->extra_locals, false))
        return 0;
    return value_of(dict);
}

// The namespace of class or module code; while a comprehension runs that is part of it, a copy with its variables.
static Value namespace_locals(Thread *t, FrameObject *f)
{
    Dict *copy = NULL;
    size_t n = as_tuple(f->code->varnames)->length;
    for (size_t i = 0; i < n && f->regs; i++) {
        Variable v = variable_at(f->code, i);
        Value value = variable_value(f, v);
        if (!value)
            continue;
        if (!copy && (!(copy = dict_new(t)) || !dict_update(t, copy, f->namespace)))
            return 0;
        if (!dict_set(t, copy, v.name, value))
            return 0;
    }
    return copy ? value_of(copy) : f->namespace;
}

Value frame_locals(Thread *t, FrameObject *f)
{
    if (f->namespace)
        return namespace_locals(t, f);
    FrameLocals *proxy = new_object(t, frame_locals, FrameLocals);
    if (proxy)
        proxy->frame = f;
    return value_of(proxy);
}

// locals() of the running frame.
Value interp_locals(Thread *t)
{
    if (!t->regs)
        return raise(t, EXC(SystemError), "frame does not exist");
    FrameObject *f = frame_object(t, t->regs);
    if (!f)
        return 0;
    return f->namespace ? namespace_locals(t, f) : locals_snapshot(t, f);
}

// super() without arguments: the class whose method runs, and its first argument.
bool frame_super_arguments(Thread *t, Value *out)
{
    Value *regs = t->regs;
    if (!regs)
        return raise(t, EXC(RuntimeError), "super(): no current frame");
    const Code *code = frame_of(regs)->code;
    if (!code->arg_count)
        return raise(t, EXC(RuntimeError), "super(): no arguments");
    Value first = regs[0];
    if (first && is_exactly(first, &type_cell) && is_cell_variable_too(code, as_tuple(code->varnames)->at[0]))
        first = load_acquire(&((Cell *)first)->value);
    if (!first)
        return raise(t, EXC(RuntimeError), "super(): arg[0] deleted");
    for (size_t i = 0; i < as_tuple(code->freevars)->length; i++) {
        if (as_tuple(code->freevars)->at[i] != N(__class__))
            continue;
        Value cls = load_acquire(&((Cell *)regs[code->free_first + i])->value);
        if (!cls)
            return raise(t, EXC(RuntimeError), "super(): empty __class__ cell");
        if (!is_type(cls))
            return raise(t, EXC(RuntimeError), "super(): __class__ is not a type (%T)", cls);
        out[0] = cls;
        out[1] = first;
        return true;
    }
    return raise(t, EXC(RuntimeError), "super(): __class__ cell not found");
}

// --- the proxy ---

static FrameObject *frame_of_proxy(Value self)
{
    return ((FrameLocals *)self)->frame;
}

static Value proxy_dict(Thread *t, Value self)
{
    return locals_snapshot(t, frame_of_proxy(self));
}

static int proxy_find(Thread *t, Value self, Value key, Value *out)
{
    FrameObject *f = frame_of_proxy(self);
    if (is_str(key)) {
        int64_t i = find_variable(f, key);
        if (i >= 0 && (*out = variable_value(f, variable_at(f->code, (size_t)i))))
            return 1;
    }
    return f->extra_locals ? dict_get(t, as_dict(f->extra_locals), key, out) : 0;
}

static Value proxy_getitem(Thread *t, Value self, Value key)
{
    Value v = 0;
    int found = proxy_find(t, self, key, &v);
    if (found > 0)
        return v;
    return found < 0 ? 0 : raise(t, EXC(KeyError), "local variable '%V' is not defined", key);
}

static bool proxy_setitem(Thread *t, Value self, Value key, Value value)
{
    FrameObject *f = frame_of_proxy(self);
    int64_t i = is_str(key) ? find_variable(f, key) : -1;
    if (i >= 0 && !value)
        return raise(t, EXC(ValueError), "cannot remove local variables from FrameLocalsProxy");
    if (i >= 0) {
        Variable v = variable_at(f->code, (size_t)i);
        Value *regs = registers_of(f);
        if (!regs)
            return true;
        Value cell = v.is_cell ? regs[v.reg] : 0;
        if (cell && is_exactly(cell, &type_cell))
            publish(&((Cell *)cell)->value, value);
        else
            store_relaxed(&regs[v.reg], value);
        return true;
    }
    if (!f->extra_locals) {
        Dict *extra = dict_new(t);
        if (!extra)
            return false;
        publish(&f->extra_locals, value_of(extra));
    }
    if (value)
        return dict_set(t, as_dict(f->extra_locals), key, value);
    int deleted = dict_delete(t, as_dict(f->extra_locals), key);
    if (!deleted)
        raise_key(t, key);
    return deleted > 0;
}

static int64_t proxy_length(Thread *t, Value self)
{
    Value dict = proxy_dict(t, self);
    return dict ? (int64_t)dict_length(as_dict(dict)) : -1;
}

static int proxy_contains(Thread *t, Value self, Value key)
{
    Value v;
    return proxy_find(t, self, key, &v);
}

static Value proxy_iter(Thread *t, Value self)
{
    Value dict = proxy_dict(t, self), keys = dict ? dict_keys_list(t, as_dict(dict)) : 0;
    return keys ? iter_get(t, keys) : 0;
}

static Value proxy_repr(Thread *t, Value self)
{
    int active = repr_enter(t, self);
    if (active)
        return active > 0 ? str_from_cstr(t, "{...}") : 0;
    Value dict = proxy_dict(t, self), text = dict ? value_repr(t, dict) : 0;
    repr_leave(t, self);
    return text;
}

static Value proxy_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (op != CMP_EQ && op != CMP_NE)
        return NOTIMPLEMENTED;
    if (is_exactly(b, &type_frame_locals)) {
        bool same = frame_of_proxy(a) == frame_of_proxy(b);
        return value_bool(same == (op == CMP_EQ));
    }
    if (!is_dict(b))
        return NOTIMPLEMENTED;
    Value dict = proxy_dict(t, a);
    return dict ? compare(t, dict, b, op) : 0;
}

static Value proxy_or(Thread *t, Value a, Value b)
{
    Value left = is_exactly(a, &type_frame_locals) ? proxy_dict(t, a) : a;
    Value right = left && is_exactly(b, &type_frame_locals) ? proxy_dict(t, b) : b;
    if (!left || !right)
        return 0;
    return is_dict(left) && is_dict(right) ? binary_op(t, BINARY_OR, left, right) : NOTIMPLEMENTED;
}

static bool set_pair(Thread *t, Value self, Value mapping)
{
    Dict *dict = dict_new(t);
    if (!dict || !dict_update(t, dict, mapping))
        return false;
    size_t position = 0;
    Value key, value;
    while (dict_next(dict, &position, &key, &value)) {
        if (!proxy_setitem(t, self, key, value))
            return false;
    }
    return true;
}

static Value proxy_inplace_or(Thread *t, Value a, Value b)
{
    if (!is_dict(b) && !is_exactly(b, &type_frame_locals))
        return NOTIMPLEMENTED;
    Value source = is_dict(b) ? b : proxy_dict(t, b);
    return source && set_pair(t, a, source) ? a : 0;
}

static Value method_get(Thread *t, const Value *args, size_t nargs)
{
    Value v = 0;
    int found = proxy_find(t, args[0], args[1], &v);
    if (found < 0)
        return 0;
    return found ? v : args[2] ? args[2] : NONE;
}

static Value method_keys(Thread *t, const Value *args, size_t nargs)
{
    Value dict = proxy_dict(t, args[0]);
    return dict ? dict_keys_list(t, as_dict(dict)) : 0;
}

static Value method_values(Thread *t, const Value *args, size_t nargs)
{
    Value dict = proxy_dict(t, args[0]);
    return dict ? dict_values_list(t, as_dict(dict)) : 0;
}

static Value method_items(Thread *t, const Value *args, size_t nargs)
{
    Value dict = proxy_dict(t, args[0]);
    return dict ? dict_items_list(t, as_dict(dict)) : 0;
}

static Value method_copy(Thread *t, const Value *args, size_t nargs)
{
    return proxy_dict(t, args[0]);
}

static Value method_update(Thread *t, const Value *args, size_t nargs)
{
    return set_pair(t, args[0], args[1]) ? NONE : 0;
}

static Value method_reversed(Thread *t, const Value *args, size_t nargs)
{
    Value keys = method_keys(t, args, nargs);
    return keys ? call1(t, value_of(&type_reversed), keys) : 0;
}

static Value method_setdefault(Thread *t, const Value *args, size_t nargs)
{
    Value v = 0, fallback = args[2] ? args[2] : NONE;
    int found = proxy_find(t, args[0], args[1], &v);
    if (found)
        return found > 0 ? v : 0;
    return proxy_setitem(t, args[0], args[1], fallback) ? fallback : 0;
}

static Value method_pop(Thread *t, const Value *args, size_t nargs)
{
    FrameObject *f = frame_of_proxy(args[0]);
    if (is_str(args[1]) && find_variable(f, args[1]) >= 0)
        return raise(t, EXC(ValueError), "cannot remove local variables from FrameLocalsProxy");
    Value v = 0;
    int found = f->extra_locals ? dict_pop(t, as_dict(f->extra_locals), args[1], &v) : 0;
    if (found)
        return found > 0 ? v : 0;
    return args[2] ? args[2] : raise_key(t, args[1]);
}

static const NativeDef proxy_methods[] = {
    {"get", method_get, "($self, key, default=None, /)", NULL, NATIVE_PLAIN},
    {"keys", method_keys, "($self, /)", NULL, NATIVE_PLAIN},
    {"values", method_values, "($self, /)", NULL, NATIVE_PLAIN},
    {"items", method_items, "($self, /)", NULL, NATIVE_PLAIN},
    {"copy", method_copy, "($self, /)", NULL, NATIVE_PLAIN},
    {"__copy__", method_copy, "($self, /)", NULL, NATIVE_PLAIN},
    {"update", method_update, "($self, other, /)", NULL, NATIVE_PLAIN},
    {"setdefault", method_setdefault, "($self, key, default=None, /)", NULL, NATIVE_PLAIN},
    {"pop", method_pop, "($self, key, default=None, /)", NULL, NATIVE_PLAIN},
    {"__reversed__", method_reversed, "($self, /)", NULL, NATIVE_PLAIN},
    {NULL, NULL, NULL, NULL, 0},
};

static Value proxy_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs != 1)
        return raise(t, EXC(TypeError), "FrameLocalsProxy expected 1 argument, got %lu", (uint64_t)nargs);
    if (!is_exactly(args[0], &type_frame))
        return raise(t, EXC(TypeError), "expect frame, not %T", args[0]);
    FrameLocals *proxy = new_object(t, frame_locals, FrameLocals);
    if (proxy)
        proxy->frame = (FrameObject *)args[0];
    return value_of(proxy);
}

Type type_frame_locals = {
    TYPE_HEAD(frame_locals, "FrameLocalsProxy", &type_object, FrameLocals),
    .flags = TYPE_IMMUTABLE | TYPE_MAPPING,
    .slots = {.new = proxy_new, .repr = proxy_repr, .compare = proxy_compare, .hash = hash_not_implemented, .iter = proxy_iter, .length = proxy_length,
              .getitem = proxy_getitem, .setitem = proxy_setitem, .contains = proxy_contains, .bit_or = proxy_or, .inplace_or = proxy_inplace_or},
    .methods = proxy_methods,
};
