// functools_mod.c: the _functools module: reduce, cmp_to_key. partial and lru_cache have files of their own.
#include "src/core/module_def.h"
#include "src/modules/functools.h"
#include "src/ops/ops.h"
#include "src/types/str.h"

// --- reduce ---

static Value reduce_function(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value function = args[0], total = args[2];
    Value iterator = iter_get(t, args[1]);
    if (!iterator) {
        if (pending_clear_if(t, EXC(TypeError)))
            raise(t, EXC(TypeError), "reduce() arg 2 must support iteration");
        return 0;
    }
    for (Value item; (item = iter_next(t, iterator)) != 0;) {
        total = total ? call2(t, function, total, item) : item;
        if (!total)
            return 0;
    }
    if (is_pending(t))
        return 0;
    return total ? total : raise(t, EXC(TypeError), "reduce() of empty iterable with no initial value");
}

// --- cmp_to_key ---

typedef struct KeyObject {
    Object head;
    Value function;
    Value object;                 // 0 until called
} KeyObject;

static Value key_new(Thread *t, Value function, Value object)
{
    KeyObject *key = new_object(t, keyobject, KeyObject);
    if (!key)
        return 0;
    key->function = function;
    key->object = object;
    return value_of(key);
}

static Value key_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    Value a[1];
    BIND_ARGUMENTS(t, "K", "(obj)", args, nargs, kwnames, a, return 0);
    return key_new(t, ((KeyObject *)callee)->function, a[0]);
}

static Value key_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_exactly(b, &type_keyobject) || !is_exactly(a, &type_keyobject))
        return raise(t, EXC(TypeError), "other argument must be K instance");
    KeyObject *left = (KeyObject *)a, *right = (KeyObject *)b;
    if (!left->object || !right->object)
        return raise(t, EXC(AttributeError), "object");
    Value order = call2(t, left->function, left->object, right->object);
    return order ? compare(t, order, fixnum(0), op) : 0;
}

// Of a key object itself: what it is called with.
static Value call_signature(Thread *t, Value self)
{
    (void)self;
    return str_from_cstr(t, "(obj)");
}

static const GetSetDef key_getsets[] = {
    {"__text_signature__", call_signature, NULL, NULL},
    {0},
};

static const MemberDef key_members[] = {
    {"obj", MEMBER_VALUE, offsetof(KeyObject, object), true, "Value wrapped by a key function."},
    {0},
};

Type type_keyobject = {
    TYPE_HEAD(keyobject, "functools.KeyWrapper", &type_object, KeyObject),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.call = key_call, .compare = key_compare, .hash = hash_not_implemented},
    .members = key_members,
    .getsets = key_getsets,
};

static Value cmp_to_key_function(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return key_new(t, args[0], 0);
}

// --- the module ---

static bool functools_exec(Thread *t, Value module)
{
    return module_add_type(t, module, &type_partial) && module_add_type(t, module, &type_placeholder)
           && module_add_type(t, module, &type_lru_cache) && module_add(t, module, "Placeholder", PLACEHOLDER);
}

static const NativeDef functools_functions[] = {
    {"reduce", reduce_function, "(function, iterable, /, initial=<unrepresentable>)",
     "Apply a function of two arguments cumulatively to the items of an iterable, from left to right.\n\n"
     "This effectively reduces the iterable to a single value.  If initial is present,\n"
     "it is placed before the items of the iterable in the calculation, and serves as\n"
     "a default when the iterable is empty.\n\n"
     "For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])\ncalculates ((((1 + 2) + 3) + 4) + 5).", 0},
    {"cmp_to_key", cmp_to_key_function, "(mycmp)",
     "Convert a cmp= function into a key= function.\n\n  mycmp\n    Function that compares two objects.", 0},
    {0},
};

const ModuleDef module_functools = {
    .name = "_functools",
    .doc = "Tools that operate on functions.",
    .functions = functools_functions,
    .exec = functools_exec,
};
