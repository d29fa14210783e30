// structseq.c: types of named tuples, made from a table of fields.
#include "src/types/structseq.h"

#include "gc/heap.h"
#include "src/core/error.h"
#include "src/core/native.h"
#include "src/core/shape.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

static const StructSeqDef *def_of(const Type *type) { return type->module_def; }

static size_t field_count(const StructSeqDef *def)
{
    size_t n = 0;
    while (def->fields[n].name)
        n++;
    return n;
}

static Tuple *seq_alloc(Thread *t, Type *type)
{
    const StructSeqDef *def = def_of(type);
    Tuple *seq = new_object_of(t, type, type->root_shape, sizeof(Tuple) + field_count(def) * sizeof(Value));
    if (seq)
        seq->length = def->visible;
    return seq;
}

Value structseq_new(Thread *t, Type *type, const Value *items)
{
    Tuple *seq = seq_alloc(t, type);
    if (!seq)
        return 0;
    for (size_t i = 0, n = field_count(def_of(type)); i < n; i++)
        seq->at[i] = items[i];
    return value_of(seq);
}

// --- the constructor: (sequence, dict={}) ---
static bool check_length(Thread *t, const StructSeqDef *def, size_t given)
{
    size_t least = def->visible, most = field_count(def);
    const char *wording = least == most ? "%s() takes a %lu-sequence (%lu-sequence given)"
        : given < least ? "%s() takes an at least %lu-sequence (%lu-sequence given)"
                        : "%s() takes an at most %lu-sequence (%lu-sequence given)";
    if (given >= least && given <= most)
        return true;
    raise(t, EXC(TypeError), wording, def->name, given < least ? least : most, given);
    return false;
}

// Fields behind the sequence come from the dict, else they are None.
static bool fill_rest(Thread *t, Tuple *seq, const StructSeqDef *def, size_t given, Value dict)
{
    for (size_t i = given, n = field_count(def); i < n; i++) {
        Value value = 0;
        if (dict) {
            Value name = str_intern_cstr(t, def->fields[i].name);
            if (!name || dict_get(t, as_dict(dict), name, &value) < 0)
                return false;
        }
        seq->at[i] = value ? value : NONE;
    }
    return true;
}

static Value seq_no_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return raise(t, EXC(TypeError), "cannot create '%s' instances", cls->name);
}

static Value seq_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "structseq", "(sequence, dict={})", args, nargs, kwnames, a, return 0);
    const StructSeqDef *def = def_of(cls);
    if (a[1] && !is_dict(a[1]))
        return raise(t, EXC(TypeError), "%s() takes a dict as second arg, if any", def->name);
    Value given = tuple_from_iterable(t, a[0]);
    if (!given) {
        if (pending_clear_if(t, EXC(TypeError)))
            raise(t, EXC(TypeError), "constructor requires a sequence");
        return 0;
    }
    size_t n = as_tuple(given)->length;
    Tuple *seq = check_length(t, def, n) ? seq_alloc(t, cls) : NULL;
    if (!seq)
        return 0;
    for (size_t i = 0; i < n; i++)
        seq->at[i] = as_tuple(given)->at[i];
    return fill_rest(t, seq, def, n, a[1]) ? value_of(seq) : 0;
}

// --- text and pickling ---
// Names of the named fields in order, matched with the items in order: as CPython shows stat_result's times.
static Value seq_repr(Thread *t, Value self)
{
    const StructSeqDef *def = def_of(type_of(self));
    StrBuilder b;
    builder_init(&b);
    if (!builder_cstr(t, &b, def->name) || !builder_char(t, &b, '('))
        return 0;
    const StructSeqField *field = def->fields;
    for (size_t i = 0; i < def->visible; i++, field++) {
        while (field->name && !*field->name)
            field++;
        if (!builder_format(t, &b, i ? ", %s=%R" : "%s=%R", field->name, as_tuple(self)->at[i]))
            return 0;
    }
    if (!builder_char(t, &b, ')'))
        return 0;
    return builder_finish(t, &b);
}

static Value hidden_fields(Thread *t, Value self)
{
    const StructSeqDef *def = def_of(type_of(self));
    Dict *dict = dict_new(t);
    for (size_t i = def->visible, n = field_count(def); dict && i < n; i++) {
        Value name = str_intern_cstr(t, def->fields[i].name);
        if (!name || !dict_set(t, dict, name, as_tuple(self)->at[i]))
            return 0;
    }
    return value_of(dict);
}

static Value seq_reduce(Thread *t, const Value *args, size_t nargs)
{
    Value items = tuple_from(t, as_tuple(args[0])->at, as_tuple(args[0])->length);
    Value hidden = items ? hidden_fields(t, args[0]) : 0;
    Value arguments = hidden ? tuple_pair(t, items, hidden) : 0;
    return arguments ? tuple_pair(t, value_of(type_of(args[0])), arguments) : 0;
}

static bool has_unnamed(const StructSeqDef *def)
{
    for (const StructSeqField *field = def->fields; field->name; field++)
        if (!*field->name)
            return true;
    return false;
}

static Value seq_replace(Thread *t, const Value *args, size_t nargs)
{
    const StructSeqDef *def = def_of(type_of(args[0]));
    size_t n = field_count(def), used = 0;
    if (has_unnamed(def))
        return raise(t, EXC(TypeError), "__replace__() is not supported for %s because it has unnamed field(s)", def->name);
    Tuple *seq = seq_alloc(t, type_of(args[0]));
    if (!seq)
        return 0;
    for (size_t i = 0; i < n; i++) {
        Value value = as_tuple(args[0])->at[i], name = str_intern_cstr(t, def->fields[i].name);
        int found = args[1] && name ? dict_get(t, as_dict(args[1]), name, &value) : 0;
        if (!name || found < 0)
            return 0;
        used += (size_t)found;
        seq->at[i] = value;
    }
    if (args[1] && used < dict_length(as_dict(args[1])))
        return raise(t, EXC(TypeError), "Got unexpected field name(s): %R", dict_keys_list(t, as_dict(args[1])));
    return value_of(seq);
}

static const NativeDef seq_methods[] = {
    {"__reduce__", seq_reduce, "($self, /)", NULL, NATIVE_PLAIN},
    {"__replace__", seq_replace, "($self, /, **changes)", "Return a copy of the structure with new values for the specified fields.", NATIVE_PLAIN},
    {0},
};

// --- the type ---
static MemberDef *members_of(const StructSeqDef *def)
{
    size_t n = field_count(def), at = 0;
    MemberDef *members = heap_alloc_root((n + 1) * sizeof *members);
    if (!members)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (*def->fields[i].name)
            members[at++] = (MemberDef){def->fields[i].name, MEMBER_VALUE_OR_NONE,
                                        offsetof(Tuple, at) + i * sizeof(Value), false, def->fields[i].doc};
    members[at] = (MemberDef){0};
    return members;
}

static bool set_constant(Thread *t, Type *type, const char *name, Value value)
{
    Value key = str_intern_cstr(t, name);
    return key && value && dict_set(t, as_dict(type->attributes), key, value);
}

static bool add_constants(Thread *t, Type *type, const StructSeqDef *def)
{
    size_t n = field_count(def), unnamed = 0, named = 0;
    Value names[64];
    for (size_t i = 0; i < n; i++) {
        unnamed += !*def->fields[i].name;
        if (*def->fields[i].name && i < def->visible && named < COUNT_OF(names)
            && !(names[named++] = str_intern_cstr(t, def->fields[i].name)))
            return false;
    }
    return set_constant(t, type, "n_fields", fixnum((int64_t)n))
        && set_constant(t, type, "n_sequence_fields", fixnum((int64_t)def->visible))
        && set_constant(t, type, "n_unnamed_fields", fixnum((int64_t)unnamed))
        && set_constant(t, type, "__match_args__", tuple_from(t, names, named));
}

Type *structseq_type_new(Thread *t, const StructSeqDef *def)
{
    Type *type = heap_alloc_root(sizeof *type);
    MemberDef *members = members_of(def);
    if (!type || !members)
        return RAISE_NULL(t, EXC(MemoryError), NULL);
    *type = (Type){
        TYPE_HEAD(tuple, def->name, &type_tuple, Tuple),
        .item_size = sizeof(Value),
        .flags = TYPE_IMMUTABLE | TYPE_IS_TUPLE | TYPE_VAR_SIZED | TYPE_SEQUENCE,
        .doc = def->doc,
        .slots = {.new = def->no_new ? seq_no_new : seq_new, .repr = seq_repr},
        .new_signature = "(iterable=(), /)",
        .methods = seq_methods,
        .members = members,
        .module_def = def,
    };
    if (!type_ready(t, type) || (!type->root_shape && !shape_make_roots(t, type, 0)) || !add_constants(t, type, def))
        return NULL;
    return type;
}
