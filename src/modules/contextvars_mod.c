// contextvars_mod.c: the module _contextvars: Context, ContextVar, Token.
//
// A Context points to a Dict that is never changed once it is there: setting a variable makes a new one. So copying a
// context costs nothing, and any thread may read one. Contexts hold few variables.
#include <stdio.h>

#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/modules/contextvars.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

typedef struct ContextVar { Object head; Value name, default_value; } ContextVar;   // immutable; default 0: none

typedef struct Context {
    Object head;
    Value vars;          // Dict, replaced as a whole. Guard: the thread that has entered it; publish
    Value previous;      // what was current before run(), or 0
    uint32_t entered;    // atomic
} Context;

typedef struct Token {
    Object head;
    Value context, var, old_value;   // immutable; old_value 0: there was none
    uint32_t used;                   // atomic
} Token;

static Value token_missing;      // Token.MISSING; root range

static ContextVar *as_var(Value v) { return (ContextVar *)v; }
static Context *as_context(Value v) { return (Context *)v; }
static Token *as_token(Value v) { return (Token *)v; }

static Value address(Thread *t, Value v)
{
    char text[24];
    snprintf(text, sizeof text, "0x%lx", (unsigned long)v);
    return str_from_cstr(t, text);
}

// --- contexts ---
static Value context_make(Thread *t, Value vars)
{
    Context *context = new_object(t, context, Context);
    if (!context)
        return 0;
    context->vars = vars ? vars : value_of(dict_new(t));
    return context->vars ? value_of(context) : 0;
}

static Value current_context(Thread *t)
{
    if (!t->context)
        t->context = context_make(t, 0);
    return t->context;
}

static Dict *vars_of(Value context) { return as_dict(load_acquire(&as_context(context)->vars)); }

// Replaces the context's variables with a copy in which var is value (0: is not there).
static bool context_change(Thread *t, Value context, Value var, Value value)
{
    Value copy = dict_copy(t, vars_of(context));
    if (!copy || (value ? !dict_set(t, as_dict(copy), var, value) : dict_delete(t, as_dict(copy), var) < 0))
        return false;
    publish(&as_context(context)->vars, copy);
    return true;
}

static bool key_arg(Thread *t, Value key)
{
    if (is_exactly(key, &type_contextvar))
        return true;
    raise(t, EXC(TypeError), "a ContextVar key was expected, got %R", key);
    return false;
}

static Value context_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs || (kwnames && as_tuple(kwnames)->length))
        return raise(t, EXC(TypeError), "Context() does not accept any arguments");
    return context_make(t, 0);
}

static Value context_run(Thread *t, const Value *args, size_t nargs)
{
    enum { SELF, KEYWORDS, CALLABLE, REST };
    Context *context = as_context(args[SELF]);
    if (nargs <= CALLABLE)
        return raise(t, EXC(TypeError), "run expected at least 1 argument, got 0");
    if (__atomic_exchange_n(&context->entered, 1, __ATOMIC_ACQ_REL))
        return raise(t, EXC(RuntimeError), "cannot enter context: %R is already entered", args[SELF]);
    Value positional = nargs > REST ? tuple_from(t, args + REST, nargs - REST) : tuple_empty;
    Value result = 0;
    if (positional) {
        context->previous = t->context;
        t->context = args[SELF];
        result = call_tuple_dict(t, args[CALLABLE], positional, args[KEYWORDS]);
        t->context = context->previous;
        context->previous = 0;
    }
    __atomic_store_n(&context->entered, 0, __ATOMIC_RELEASE);
    return result;
}

static Value context_copy(Thread *t, const Value *args, size_t nargs)
{
    return context_make(t, value_of(vars_of(args[0])));
}

static Value context_getitem(Thread *t, Value self, Value key)
{
    return key_arg(t, key) ? dict_get_item(t, vars_of(self), key) : 0;
}

static int context_contains(Thread *t, Value self, Value key)
{
    return key_arg(t, key) ? dict_contains(t, vars_of(self), key) : -1;
}

static int64_t context_length(Thread *t, Value self) { return (int64_t)dict_length(vars_of(self)); }
static Value context_iter(Thread *t, Value self) { return iter_get(t, value_of(vars_of(self))); }

static Value context_get(Thread *t, const Value *args, size_t nargs)
{
    Value value = 0;
    if (!key_arg(t, args[1]) || dict_get(t, vars_of(args[0]), args[1], &value) < 0)
        return 0;
    return value ? value : args[2] ? args[2] : NONE;
}

static Value context_view(Thread *t, Value self, Value name)
{
    Value view = call_method0(t, value_of(vars_of(self)), name);
    return view ? iter_get(t, view) : 0;
}

static Value context_keys(Thread *t, const Value *args, size_t nargs) { return context_view(t, args[0], N(keys)); }
static Value context_values(Thread *t, const Value *args, size_t nargs) { return context_view(t, args[0], N(values)); }
static Value context_items(Thread *t, const Value *args, size_t nargs) { return context_view(t, args[0], N(items)); }

static Value context_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_context) || !is_exactly(b, &type_context))
        return NOTIMPLEMENTED;
    return compare(t, value_of(vars_of(a)), value_of(vars_of(b)), op);
}

static const NativeDef context_methods[] = {
    {"run", context_run, "($self, /, *args, **kwargs)", NULL, NATIVE_PLAIN},
    {"copy", context_copy, "($self, /)", "Return a shallow copy of the context object.", NATIVE_PLAIN},
    {"get", context_get, "($self, key, default=None, /)", "Return the value for `key` if `key` has the value in the context object.", NATIVE_PLAIN},
    {"keys", context_keys, "($self, /)", "Return a list of all variables in the context object.", NATIVE_PLAIN},
    {"values", context_values, "($self, /)", "Return a list of all variables' values in the context object.", NATIVE_PLAIN},
    {"items", context_items, "($self, /)", "Return all variables and their values in the context object.", NATIVE_PLAIN},
    {0},
};

Type type_context = {
    TYPE_HEAD(context, "_contextvars.Context", &type_object, Context),
    .flags = TYPE_IMMUTABLE | TYPE_HAS_WEAKREFS,
    .slots = {.new = context_new, .getitem = context_getitem, .contains = context_contains, .length = context_length,
              .iter = context_iter, .compare = context_compare, .hash = hash_not_implemented},
    .methods = context_methods,
};

// --- variables ---
static Value var_make(Thread *t, Value name, Value default_value)
{
    ContextVar *var = new_object(t, contextvar, ContextVar);
    if (!var)
        return 0;
    var->name = name;
    var->default_value = default_value;
    return value_of(var);
}

Value contextvar_new(Thread *t, const char *name, Value default_or_0)
{
    Value text = str_intern_cstr(t, name);
    return text ? var_make(t, text, default_or_0) : 0;
}

static Value var_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "ContextVar", "(name, /, *, default=None)", args, nargs, kwnames, a, return 0);
    if (!is_str(a[0]))
        return raise(t, EXC(TypeError), "context variable name must be a str");
    return var_make(t, a[0], a[1]);
}

int contextvar_get(Thread *t, Value var, Value *out)
{
    *out = 0;
    if (t->context && dict_get(t, vars_of(t->context), var, out) < 0)
        return -1;
    if (!*out)
        *out = as_var(var)->default_value;
    return *out != 0;
}

static Value var_get(Thread *t, const Value *args, size_t nargs)
{
    Value value = 0;
    if (t->context && dict_get(t, vars_of(t->context), args[0], &value) < 0)
        return 0;
    if (!value)
        value = args[1] ? args[1] : as_var(args[0])->default_value;
    return value ? value : raise_with(t, EXC(LookupError), args[0]);
}

Value contextvar_set(Thread *t, Value var, Value value)
{
    Value context = current_context(t), old = 0;
    if (!context || dict_get(t, vars_of(context), var, &old) < 0)
        return 0;
    Token *token = new_object(t, contexttoken, Token);
    if (!token || !context_change(t, context, var, value))
        return 0;
    token->context = context;
    token->var = var;
    token->old_value = old;
    return value_of(token);
}

static Value var_set(Thread *t, const Value *args, size_t nargs) { return contextvar_set(t, args[0], args[1]); }

static Value reset(Thread *t, Value var, Value token)
{
    Token *k = as_token(token);
    if (load_relaxed(&k->used))
        return raise(t, EXC(RuntimeError), "%R has already been used once", token);
    if (k->var != var)
        return raise(t, EXC(ValueError), "%R was created by a different ContextVar", token);
    if (k->context != t->context)
        return raise(t, EXC(ValueError), "%R was created in a different Context", token);
    store_relaxed(&k->used, 1);
    return context_change(t, k->context, var, k->old_value) ? NONE : 0;
}

static Value var_reset(Thread *t, const Value *args, size_t nargs)
{
    if (!is_exactly(args[1], &type_contexttoken))
        return raise(t, EXC(TypeError), "expected an instance of Token, got %R", args[1]);
    return reset(t, args[0], args[1]);
}

static Value var_repr(Thread *t, Value self)
{
    const ContextVar *var = as_var(self);
    if (var->default_value)
        return str_format(t, "<ContextVar name=%R default=%R at %V>", var->name, var->default_value, address(t, self));
    return str_format(t, "<ContextVar name=%R at %V>", var->name, address(t, self));
}

static Value var_name(Thread *t, Value self) { return as_var(self)->name; }

static Value class_getitem(Thread *t, const Value *args, size_t nargs)
{
    return call2(t, value_of(&type_generic_alias), args[0], args[1]);
}

static const NativeDef var_methods[] = {
    {"get", var_get, "($self, default=<unrepresentable>, /)", "Return a value for the context variable for the current context.", NATIVE_PLAIN},
    {"set", var_set, "($self, value, /)", "Call to set a new value for the context variable in the current context.", NATIVE_PLAIN},
    {"reset", var_reset, "($self, token, /)", "Reset the context variable.", NATIVE_PLAIN},
    {"__class_getitem__", class_getitem, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static const GetSetDef var_getsets[] = {{"name", var_name, NULL, NULL}, {0}};

Type type_contextvar = {
    TYPE_HEAD(contextvar, "_contextvars.ContextVar", &type_object, ContextVar),
    .flags = TYPE_IMMUTABLE,
    .slots = {.new = var_new, .repr = var_repr},
    .methods = var_methods,
    .getsets = var_getsets,
};

// --- tokens ---
static Value token_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return raise(t, EXC(RuntimeError), "Tokens can only be created by ContextVars");
}

static Value token_var(Thread *t, Value self) { return as_token(self)->var; }
static Value token_old_value(Thread *t, Value self) { return as_token(self)->old_value ? as_token(self)->old_value : token_missing; }

static Value token_enter(Thread *t, const Value *args, size_t nargs) { return args[0]; }
static Value token_exit(Thread *t, const Value *args, size_t nargs) { return reset(t, as_token(args[0])->var, args[0]); }

static Value token_repr(Thread *t, Value self)
{
    return str_format(t, "<Token%s var=%R at %V>", load_relaxed(&as_token(self)->used) ? " used" : "", as_token(self)->var,
                      address(t, self));
}

static const NativeDef token_methods[] = {
    {"__class_getitem__", class_getitem, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {"__enter__", token_enter, "($self, /)", "Enter into Token context manager.", NATIVE_PLAIN},
    {"__exit__", token_exit, "($self, type, value, traceback, /)", "Exit from Token context manager, restore the linked ContextVar.", NATIVE_PLAIN},
    {0},
};

static const GetSetDef token_getsets[] = {{"var", token_var, NULL, NULL}, {"old_value", token_old_value, NULL, NULL}, {0}};

Type type_contexttoken = {
    TYPE_HEAD(contexttoken, "_contextvars.Token", &type_object, Token),
    .flags = TYPE_IMMUTABLE,
    .slots = {.new = token_new, .repr = token_repr, .hash = hash_not_implemented},
    .methods = token_methods,
    .getsets = token_getsets,
};

static Value missing_repr(Thread *t, Value self) { return str_from_cstr(t, "<Token.MISSING>"); }

Type type_tokenmissing = {
    TYPE_HEAD(tokenmissing, "Token.MISSING", &type_object, Object),
    .flags = TYPE_IMMUTABLE | TYPE_DISALLOW_NEW,
    .slots = {.repr = missing_repr},
};

// --- module ---
static Value copy_context(Thread *t, const Value *args, size_t nargs)
{
    return context_make(t, t->context ? value_of(vars_of(t->context)) : 0);
}

static const NativeDef contextvars_functions[] = {
    {"copy_context", copy_context, "()", NULL, NATIVE_PLAIN},
    {0},
};

static bool contextvars_exec(Thread *t, Value module)
{
    if (!token_missing) {
        vm_add_root_range(&token_missing, &token_missing + 1);
        token_missing = value_of((Object *)new_object(t, tokenmissing, Object));
        if (!token_missing || !dict_set(t, as_dict(type_contexttoken.attributes), str_intern_cstr(t, "MISSING"), token_missing))
            return false;
    }
    return module_add_type(t, module, &type_context) && module_add_type(t, module, &type_contextvar)
        && module_add_type(t, module, &type_contexttoken);
}

const ModuleDef module_contextvars = {"_contextvars", "Context Variables", contextvars_functions, contextvars_exec};
