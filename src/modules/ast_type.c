// ast_type.c: class AST: construction by fields, pickling, copying with changes, repr.
#include "src/core/error.h"
#include "src/core/names.h"
#include "src/core/native.h"
#include "src/core/shape.h"
#include "src/modules/ast_objects.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

typedef struct AstObject {
    Object head;
    AttrArea attributes;
} AstObject;

enum { REPR_DEPTH = 3 };   // nodes nested deeper are shown as Name(...)

// A class attribute that is a tuple or dict; NONE when absent; 0 on error.
static Value class_attribute(Thread *t, Value self, Value name)
{
    Value v = 0;
    int found = attr_find(t, value_of(type_of(self)), name, &v);
    return found < 0 ? 0 : found ? v : NONE;
}

// The fields' names as a snapshot.
static Value *field_names(Thread *t, Value self, size_t *out_n)
{
    *out_n = 0;
    Value fields = class_attribute(t, self, N(_fields));
    if (!fields)
        return NULL;
    return values_from_iterable(t, fields == NONE ? tuple_empty : fields, out_n);
}

static bool set_positional(Thread *t, Value self, const Value *names, size_t n, const Value *args, size_t nargs)
{
    if (nargs > n) {
        return raise(t, EXC(TypeError), "%s constructor takes at most %lu positional argument%s", type_short_name(type_of(self)), (uint64_t)n,
                     n == 1 ? "" : "s");
    }
    for (size_t i = 0; i < nargs; i++) {
        if (!attr_set(t, self, names[i], args[i]))
            return false;
    }
    return true;
}

static int position_of(Thread *t, Value key, const Value *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int equal = values_equal(t, names[i], key);
        if (equal)
            return equal < 0 ? -2 : (int)i;
    }
    return -1;
}

static bool set_keyword(Thread *t, Value self, Value key, Value value, const Value *names, size_t n, bool *given)
{
    const char *name = type_short_name(type_of(self));
    int i = position_of(t, key, names, n);
    if (i == -2)
        return false;
    if (i >= 0 && given[i])
        return raise(t, EXC(TypeError), "%s got multiple values for argument %R", name, key);
    if (i >= 0) {
        given[i] = true;
    } else {
        Value attributes = class_attribute(t, self, N(_attributes));
        int known = attributes && attributes != NONE ? item_contains(t, attributes, key) : 0;
        if (!attributes || known < 0)
            return false;
        if (!known && !warn(t, EXC(DeprecationWarning), 1,
                            "%s.__init__ got an unexpected keyword argument %R. Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15.", name, key))
            return false;
    }
    return attr_set(t, self, key, value);
}

// A field that was not given: its default by type.
static bool set_default(Thread *t, Value self, Value name, Value types)
{
    const char *cls = type_short_name(type_of(self));
    Value type = 0;
    int found = dict_get(t, as_dict(types), name, &type);
    if (found < 0)
        return false;
    if (!found)
        return warn(t, EXC(DeprecationWarning), 1, "Field %R is missing from %s._field_types. This will become an error in Python 3.15.", name, cls);
    if (is_exactly(type, &type_union))
        return true;   // optional: the class has None
    if (is_exactly(type, &type_generic_alias)) {
        List *empty = list_new(t, 0);
        return empty && attr_set(t, self, name, value_of(empty));
    }
    const AstObjects *o = ast_objects(t);
    if (o && type == o->types[AST_TYPE_expr_context])
        return attr_set(t, self, name, o->choice_instances[AST_TYPE_expr_context][AST_Load]);
    return warn(t, EXC(DeprecationWarning), 1, "%s.__init__ missing 1 required positional argument: '%V'. This will become an error in Python 3.15.", cls, name);
}

static bool ast_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    size_t n;
    Value *names = field_names(t, self, &n);
    if (!names && is_pending(t))
        return false;
    bool *given = new_atomic(t, n + 1);
    if (!given || !set_positional(t, self, names, n, args, nargs))
        return false;
    for (size_t i = 0; i < n; i++)
        given[i] = i < nargs;
    for (size_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        if (!set_keyword(t, self, as_tuple(kwnames)->at[i], args[nargs + i], names, n, given))
            return false;
    }
    Value types = 0;
    for (size_t i = 0; i < n; i++) {
        if (given[i])
            continue;
        if (!types && !(types = class_attribute(t, self, N(_field_types))))
            return false;
        if (types == NONE || !is_dict(types)) {
            return warn(t, EXC(DeprecationWarning), 1, "%s provides _fields but not _field_types. This will become an error in Python 3.15.",
                        type_short_name(type_of(self)));
        }
        if (!set_default(t, self, names[i], types))
            return false;
    }
    return true;
}

static Value ast_object_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(instance_new(t, cls, 0));
}

// (class, values of the first fields there are, the other attributes)
static Value ast_reduce(Thread *t, const Value *args, size_t nargs)
{
    Value self = args[0];
    size_t n;
    Value *names = field_names(t, self, &n);
    Value rest = instance_dict_copy(t, as_object(self));
    List *values = list_new(t, n);
    if ((!names && is_pending(t)) || !rest || !values)
        return 0;
    for (size_t i = 0; i < n; i++) {
        Value v = 0;
        int found = dict_pop(t, as_dict(rest), names[i], &v);
        if (found < 0)
            return 0;
        if (!found)
            break;
        if (!list_append(t, values, v))
            return 0;
    }
    Value tuple = list_to_tuple(t, values);
    return tuple ? tuple_of(t, 3, value_of(type_of(self)), tuple, rest) : 0;
}

static bool check_changes(Thread *t, Value self, Value changes, const Value *names, size_t n)
{
    Value attributes = class_attribute(t, self, N(_attributes));
    size_t position = 0;
    Value key, value;
    if (!attributes)
        return false;
    while (changes && dict_next(as_dict(changes), &position, &key, &value)) {
        int known = position_of(t, key, names, n) >= 0 ? 1 : attributes == NONE ? 0 : item_contains(t, attributes, key);
        if (known < 0)
            return false;
        if (!known)
            return raise(t, EXC(TypeError), "%s.__replace__ got an unexpected keyword argument %R.", type_short_name(type_of(self)), key);
    }
    return true;
}

// copy.replace(node, **changes)
static Value ast_replace(Thread *t, const Value *args, size_t nargs)
{
    Value self = args[0], changes = args[1];
    size_t n;
    Value *names = field_names(t, self, &n);
    if ((!names && is_pending(t)) || !check_changes(t, self, changes, names, n))
        return 0;
    Value all = instance_dict_copy(t, as_object(self));
    if (!all || (changes && !dict_merge(t, as_dict(all), changes, true)))
        return 0;
    for (size_t i = 0; i < n; i++) {
        Value v = 0;
        if (dict_contains(t, as_dict(all), names[i]))
            continue;
        if (attr_find(t, value_of(type_of(self)), names[i], &v) <= 0)
            return is_pending(t) ? 0 : raise(t, EXC(TypeError), "%s.__replace__ missing 1 keyword argument: %R.", type_short_name(type_of(self)), names[i]);
    }
    return call_tuple_dict(t, value_of(type_of(self)), tuple_empty, all);
}

// --- repr ---

static Value repr_value(Thread *t, Value v, int depth);

static bool put_list(Thread *t, StrBuilder *b, Value v, int depth)
{
    size_t n;
    Value *items = values_from_iterable(t, v, &n);
    bool is_list_ = is_list(v);
    if (!items || !builder_char(t, b, is_list_ ? '[' : '('))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (n > 2 && i == 1) {
            if (!builder_cstr(t, b, ", ..."))
                return false;
            i = n - 1;
        }
        Value text = repr_value(t, items[i], depth);
        if (!text || !builder_format(t, b, "%s%U", i ? ", " : "", text))
            return false;
    }
    return builder_char(t, b, is_list_ ? ']' : ')');
}

static Value repr_node(Thread *t, Value self, int depth)
{
    StrBuilder b;
    size_t n;
    builder_init(&b);
    if (depth <= 0)
        return str_format(t, "%s(...)", type_short_name(type_of(self)));
    Value *names = field_names(t, self, &n);
    if ((!names && is_pending(t)) || !builder_format(t, &b, "%s(", type_short_name(type_of(self))))
        return 0;
    for (size_t i = 0; i < n; i++) {
        Value v = attr_get(t, self, names[i]), text = v ? repr_value(t, v, depth) : 0;
        if (!text || !builder_format(t, &b, "%s%V=%U", i ? ", " : "", names[i], text))
            return 0;
    }
    return builder_char(t, &b, ')') ? builder_finish(t, &b) : 0;
}

static Value repr_value(Thread *t, Value v, int depth)
{
    if (ast_is_object(t, v))
        return repr_node(t, v, depth - 1);
    if (is_list(v) || is_tuple(v)) {
        StrBuilder b;
        builder_init(&b);
        return put_list(t, &b, v, depth) ? builder_finish(t, &b) : 0;
    }
    return value_repr(t, v);
}

static Value ast_repr(Thread *t, Value self)
{
    int active = repr_enter(t, self);
    if (active)
        return active > 0 ? str_format(t, "%s(...)", type_short_name(type_of(self))) : 0;
    Value text = repr_node(t, self, REPR_DEPTH);
    repr_leave(t, self);
    return text;
}

static const NativeDef ast_methods[] = {
    {"__reduce__", ast_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {"__replace__", ast_replace, "($self, /, **fields)", "Return a copy of the AST node with new values for the specified fields.", NATIVE_PLAIN},
    {NULL, NULL, NULL, NULL, 0},
};

static Value get_dict(Thread *t, Value self)
{
    return instance_dict(t, as_object(self));
}

static bool set_dict(Thread *t, Value self, Value dict)
{
    if (!dict || !is_dict(dict))
        return raise(t, EXC(TypeError), "__dict__ must be set to a dictionary, not a '%T'", dict ? dict : NONE);
    return instance_set_dict(t, as_object(self), dict);
}

static const GetSetDef ast_getsets[] = {
    {"__dict__", get_dict, set_dict, NULL},
    {NULL, NULL, NULL, NULL},
};

Type type_ast = {
    TYPE_HEAD(ast, "ast.AST", &type_object, AstObject),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS,
    .attr_offset = offsetof(AstObject, attributes),
    .slots = {.new = ast_object_new, .init = ast_init, .repr = ast_repr},
    .methods = ast_methods,
    .getsets = ast_getsets,
};
