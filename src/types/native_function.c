// native_function.c: the builtin function object, and calls of native functions.
//
// A NativeFunction is immutable. The same type serves functions of modules and methods of builtin types bound to an object.
#include "src/core/native.h"

#include "src/core/hooks.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

enum { BOUND_WORDS = 24 };   // arguments of ordinary calls are bound on the C stack

// --- calls ---

// Binds into `room` (sig->count words and the *args values) and calls.
static Value bind_and_call(Thread *t, const NativeDef *def, const Signature *sig, Value self, const Value *args, size_t nargs,
                           Value kwnames, Value *room)
{
    if (!signature_bind_self(t, sig, self, args, nargs, kwnames, room))
        return 0;
    size_t skip = self != 0, words = sig->count;
    if (sig->has_varargs)
        for (size_t i = sig->positional - skip; i < nargs; i++)
            room[words++] = args[i];
    return def->fn(t, room, words);
}

static NOINLINE Value call_slow(Thread *t, const NativeDef *def, const Signature *sig, Value self, const Value *args, size_t nargs, Value kwnames)
{
    size_t words = sig->count + (sig->has_varargs ? nargs + 1 : 0);
    if (likely(words <= BOUND_WORDS)) {
        Value room[BOUND_WORDS];
        return bind_and_call(t, def, sig, self, args, nargs, kwnames, room);
    }
    Value *room = new_scanned(t, words * sizeof(Value));
    return room ? bind_and_call(t, def, sig, self, args, nargs, kwnames, room) : 0;
}

Value native_call(Thread *t, const NativeDef *def, const Signature *sig, const Value *args, size_t nargs, Value kwnames)
{
    if (likely(!kwnames && nargs == sig->count && sig->positional == sig->count && !sig->has_varargs))
        return def->fn(t, args, nargs);
    return call_slow(t, def, sig, 0, args, nargs, kwnames);
}

Value native_call_bound(Thread *t, const NativeDef *def, const Signature *sig, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!self || !sig->has_self)
        return native_call(t, def, sig, args, nargs, kwnames);
    if (likely(!kwnames && nargs + 1 == sig->count && sig->positional == sig->count && !sig->has_varargs && nargs < 6)) {
        Value room[6];
        room[0] = self;
        for (size_t i = 0; i < nargs; i++)
            room[i + 1] = args[i];
        return def->fn(t, room, nargs + 1);
    }
    return call_slow(t, def, sig, self, args, nargs, kwnames);
}

static Value native_function_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    NativeFunction *f = (NativeFunction *)callee;
    Type *made = type_new_wrapper_owner(callee);
    if (unlikely(made != NULL))
        return type_new_wrapper_call(t, made, args, nargs, kwnames);
    const Signature *sig = native_function_signature(t, f);
    if (unlikely(kwnames && sig && !sig->takes_keywords && as_tuple(kwnames)->length && f->self && is_type(f->self)))
        return raise(t, EXC(TypeError), "%N.%s() takes no keyword arguments", as_type(f->self), f->def->name);
    return sig ? native_call_bound(t, f->def, sig, f->self, args, nargs, kwnames) : 0;
}

// --- making ---

const Signature *native_function_signature_make(Thread *t, NativeFunction *f)
{
    const char *qualifier = NULL;
    if (f->owner)
        qualifier = type_short_name(f->owner);
    else if (f->module && is_str(f->module) && !str_equal_cstr(f->module, "builtins") && !(qualifier = str_utf8(t, f->module, NULL)))
        return NULL;
    const Signature *sig = signature_of_def(t, f->def, qualifier);
    publish(&f->signature, sig);
    return sig;
}

const Signature *method_descriptor_signature_make(Thread *t, MethodDescriptor *d)
{
    const Signature *sig = signature_of_def(t, d->def, type_short_name(d->owner));
    publish(&d->signature, sig);
    return sig;
}

Value native_function_new(Thread *t, const NativeDef *def, Value self, Value module, Type *owner)
{
    NativeFunction *f = new_object(t, builtin_function, NativeFunction);
    if (!f)
        return 0;
    f->def = def;
    f->self = self;
    f->module = module;
    f->owner = owner;
    return value_of(f);
}

// A method of a builtin type bound to self: shares the descriptor's signature.
Value native_method_bind(Thread *t, MethodDescriptor *descriptor, Value self)
{
    const Signature *sig = method_descriptor_signature(t, descriptor);
    NativeFunction *f = sig ? new_object(t, builtin_function, NativeFunction) : NULL;
    if (!f)
        return 0;
    f->def = descriptor->def;
    f->signature = sig;
    f->self = self;
    f->owner = descriptor->owner;
    return value_of(f);
}

// --- attributes ---

static NativeFunction *as_native(Value v)
{
    return (NativeFunction *)v;
}

static Value native_repr(Thread *t, Value a)
{
    const NativeFunction *f = as_native(a);
    if (!f->self || (is_exactly(f->self, &type_module)))
        return str_format(t, "<built-in function %s>", f->def->name);
    return str_format(t, "<built-in method %s of %T object at 0x%lx>", f->def->name, f->self, f->self);
}

static Value native_name(Thread *t, Value a)
{
    return str_intern_cstr(t, as_native(a)->def->name);
}

static Value native_qualname(Thread *t, Value a)
{
    const NativeFunction *f = as_native(a);
    if (!f->self || is_exactly(f->self, &type_module))
        return native_name(t, a);
    Value owner = value_of(is_type(f->self) ? as_type(f->self) : type_of(f->self));
    Value qualname = attr_get(t, owner, N(__qualname__));
    return qualname ? str_format(t, "%V.%s", qualname, f->def->name) : 0;
}

static Value native_self(Thread *t, Value a)
{
    (void)t;
    Value self = as_native(a)->self;
    return self ? self : NONE;
}

static Value native_module(Thread *t, Value a)
{
    (void)t;
    const NativeFunction *f = as_native(a);
    return f->module ? f->module : NONE;
}

static Value native_doc(Thread *t, Value a)
{
    const char *doc = as_native(a)->def->doc;
    return doc ? str_from_cstr(t, doc) : NONE;
}

static Value native_text_signature(Thread *t, Value a)
{
    const NativeFunction *f = as_native(a);
    const char *signature = f->def->signature;
    if (signature && signature[0] == '(' && signature[1] != '$' && f->self && is_exactly(f->self, &type_module))
        return str_format(t, signature[1] == ')' ? "($module, /%s" : strchr(signature, '/') ? "($module, %s" : "($module, /, %s", signature + 1);
    return signature_text(t, signature);
}

static const GetSetDef native_getsets[] = {
    {"__name__", native_name, NULL, NULL},
    {"__qualname__", native_qualname, NULL, NULL},
    {"__self__", native_self, NULL, NULL},
    {"__doc__", native_doc, NULL, NULL},
    {"__text_signature__", native_text_signature, NULL, NULL},
    {"__module__", native_module, NULL, NULL},
    {0},
};

// Pickled by name: as an attribute of its module or of the object it is bound to.
static Value native_reduce(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    const NativeFunction *f = as_native(args[0]);
    Value name = native_name(t, args[0]);
    if (!name || !f->self || is_exactly(f->self, &type_module))
        return name;
    Value builtins = hooks.import_module(t, "builtins");
    Value getattr = builtins ? attr_get(t, builtins, N(getattr)) : 0;
    Value pair = getattr ? tuple_pair(t, f->self, name) : 0;
    return pair ? tuple_pair(t, getattr, pair) : 0;
}

static const NativeDef native_methods[] = {
    {"__reduce__", native_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

static Value native_compare(Thread *t, Value a, Value b, CompareOp op)
{
    (void)t;
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(a, &type_builtin_function) || !is_exactly(b, &type_builtin_function))
        return NOTIMPLEMENTED;
    bool same = as_native(a)->def == as_native(b)->def && as_native(a)->self == as_native(b)->self;
    return value_bool(same == (op == CMP_EQ));
}

static bool native_hash(Thread *t, Value a, Hash *out)
{
    (void)t;
    const NativeFunction *f = as_native(a);
    Hash hash = (Hash)((uintptr_t)f->def >> 4) ^ (Hash)(f->self >> 4 | f->self << 60);
    *out = hash == -1 ? -2 : hash;
    return true;
}

Type type_builtin_function = {
    TYPE_HEAD(builtin_function, "builtin_function_or_method", &type_object, NativeFunction),
    .flags = TYPE_DISALLOW_NEW | TYPE_HAS_WEAKREFS,
    .slots = {.repr = native_repr, .call = native_function_call, .compare = native_compare, .hash = native_hash},
    .methods = native_methods,
    .getsets = native_getsets,
};
