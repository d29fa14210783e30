// abc_mod.c: _abc: abstract base classes: registration, isinstance and issubclass with caches.
//
// Each class made by ABCMeta has an AbcData. Its answers about other classes are kept by the number of their root shape, which
// no other type ever gets: so the caches keep no class alive.
// AbcTables are immutable but for empty entries, which are filled under the data's byte lock; readers take no lock.
#include "src/core/lock.h"
#include "src/core/module_def.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"
#include "src/types/weakref.h"

typedef struct AbcTable {
    uint32_t mask, fill;          // fill: guard the data's lock
    uint32_t ids[];               // root shape numbers; 0: empty
} AbcTable;

typedef struct AbcData {
    Object head;
    List *registry;               // weak references to registered classes
    AbcTable *positive, *negative;    // null while empty; guard for writers: the lock; published
    uint64_t negative_version;    // state of the registrations under which `negative` is right
} AbcData;

enum { ABC_TABLE_MIN = 16 };

static uint64_t invalidations;    // counts registrations; atomic

Type type_abc_data = {
    TYPE_HEAD(abc_data, "_abc._abc_data", &type_object, AbcData),
    .flags = TYPE_DISALLOW_NEW,
};

// --- caches ---

static bool table_has(const AbcTable *table, uint32_t id)
{
    if (!table)
        return false;
    for (uint32_t i = id & table->mask;; i = (i + 1) & table->mask) {
        uint32_t known = load_relaxed(&table->ids[i]);
        if (known == id)
            return true;
        if (!known)
            return false;
    }
}

static void table_put(AbcTable *table, uint32_t id)
{
    uint32_t i = id & table->mask;
    while (table->ids[i])
        i = (i + 1) & table->mask;
    table->fill++;
    store_relaxed(&table->ids[i], id);
}

static AbcTable *table_grown(Thread *t, const AbcTable *old)
{
    uint32_t size = old ? 2 * (old->mask + 1) : ABC_TABLE_MIN;
    size_t bytes = sizeof(AbcTable) + size * sizeof(uint32_t);
    AbcTable *table = new_atomic(t, bytes);
    if (!table)
        return NULL;
    memset(table, 0, bytes);
    table->mask = size - 1;
    for (uint32_t i = 0; old && i <= old->mask; i++)
        if (old->ids[i])
            table_put(table, old->ids[i]);
    return table;
}

// Remembers an answer; false: no memory.
static bool table_add(Thread *t, AbcData *data, AbcTable **field, uint32_t id)
{
    bool locked = object_lock(&data->head);
    AbcTable *table = *field;
    bool done = true;
    if (!table_has(table, id)) {
        if (!table || 4 * (table->fill + 1) > 3 * (table->mask + 1)) {
            table = table_grown(t, table);
            done = table != NULL;
        }
        if (done) {
            table_put(table, id);
            publish(field, table);
        }
    }
    object_unlock(&data->head, locked);
    return done;
}

static bool negative_has(AbcData *data, uint32_t id)
{
    if (load_acquire(&data->negative_version) != load_acquire(&invalidations)) {
        bool locked = object_lock(&data->head);
        publish(&data->negative, NULL);
        publish(&data->negative_version, load_acquire(&invalidations));
        object_unlock(&data->head, locked);
        return false;
    }
    return table_has(load_acquire(&data->negative), id);
}

// --- data of a class ---

static AbcData *data_of(Thread *t, Value cls)
{
    Value data = attr_get(t, cls, N(_abc_impl));
    if (!data)
        return NULL;
    if (!is_exactly(data, &type_abc_data))
        return RAISE_NULL(t, EXC(TypeError), "_abc_impl is set to a wrong type");
    return (AbcData *)data;
}

// --- abstract methods ---

static bool add_if_abstract(Thread *t, Set *names, Value name, Value value)
{
    Value flag;
    int found = attr_find(t, value, N(__isabstractmethod__), &flag);
    int abstract = found > 0 ? truth(t, flag) : found;
    return abstract > 0 ? set_add(t, names, name) >= 0 : abstract == 0;
}

static bool add_inherited(Thread *t, Set *names, Value cls, Value base)
{
    Value inherited;
    int found = attr_find(t, base, N(__abstractmethods__), &inherited);
    size_t count = 0;
    Value *items = found > 0 ? values_from_iterable(t, inherited, &count) : NULL;
    if (found <= 0)
        return found == 0;
    for (size_t i = 0; items && i < count; i++) {
        Value value;
        int has = attr_find(t, cls, items[i], &value);
        if (has < 0 || (has && !add_if_abstract(t, names, items[i], value)))
            return false;
    }
    return items != NULL;
}

static bool compute_abstract_methods(Thread *t, Value cls)
{
    Set *names = set_new(t, true);
    Value namespace = names ? dict_copy(t, as_dict(as_type(cls)->attributes)) : 0;
    size_t position = 0;
    Value name, value;
    while (namespace && dict_next(as_dict(namespace), &position, &name, &value))
        if (!add_if_abstract(t, names, name, value))
            return false;
    const Tuple *bases = as_tuple(as_type(cls)->bases);
    for (size_t i = 0; namespace && i < bases->length; i++)
        if (!add_inherited(t, names, cls, bases->at[i]))
            return false;
    return namespace && attr_set(t, cls, N(__abstractmethods__), value_of(names));
}

// --- sequence and mapping flags, for patterns ---

enum { THEIR_SEQUENCE = 1 << 5, THEIR_MAPPING = 1 << 6 };   // bits of __abc_tpflags__

static bool take_flags(Thread *t, Value cls)
{
    Value flags = dict_get_known(as_dict(as_type(cls)->attributes), N(__abc_tpflags__));
    if (!flags)
        return true;
    if (is_fixnum(flags)) {
        uint32_t ours = (fixnum_value(flags) & THEIR_SEQUENCE ? TYPE_SEQUENCE : 0) | (fixnum_value(flags) & THEIR_MAPPING ? TYPE_MAPPING : 0);
        if (ours == (TYPE_SEQUENCE | TYPE_MAPPING))
            return raise(t, EXC(TypeError), "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
        __atomic_fetch_or(&as_type(cls)->flags, ours, __ATOMIC_RELAXED);
    }
    return attr_set(t, cls, N(__abc_tpflags__), 0);
}

static void inherit_flags(Type *type, uint32_t flags)
{
    if (type_has_flag(type, TYPE_IMMUTABLE) || (type->flags & (TYPE_SEQUENCE | TYPE_MAPPING)) == flags)
        return;
    __atomic_fetch_or(&type->flags, flags, __ATOMIC_RELAXED);
    size_t position = 0;
    Type *subclass;
    while ((subclass = type_next_subclass(type, &position)))
        inherit_flags(subclass, flags);
}

// --- functions ---

static Value abc_get_cache_token(Thread *t, const Value *args, size_t nargs)
{
    (void)args;
    (void)nargs;
    return int_from_uint64(t, load_acquire(&invalidations));
}

static Value abc_init(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    if (!compute_abstract_methods(t, args[0]))
        return 0;
    AbcData *data = new_object(t, abc_data, AbcData);
    if (!data || !(data->registry = list_new(t, 0)))
        return 0;
    data->negative_version = load_acquire(&invalidations);
    if (!attr_set(t, args[0], N(_abc_impl), value_of(data)))
        return 0;
    return take_flags(t, args[0]) ? NONE : 0;
}

static Value abc_register(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value cls = args[0], subclass = args[1];
    if (!is_type(subclass))
        return raise(t, EXC(TypeError), "Can only register classes");
    int answer = is_subclass(t, subclass, cls);
    if (answer)
        return answer < 0 ? 0 : subclass;
    answer = is_subclass(t, cls, subclass);
    if (answer < 0)
        return 0;
    if (answer)
        return raise(t, EXC(RuntimeError), "Refusing to create an inheritance cycle");
    AbcData *data = data_of(t, cls);
    Value ref = data ? weakref_new(t, &type_weakref, subclass, 0) : 0;
    if (!ref || !list_append(t, data->registry, ref))
        return 0;
    __atomic_add_fetch(&invalidations, 1, __ATOMIC_SEQ_CST);
    uint32_t flags = as_type(cls)->flags & (TYPE_SEQUENCE | TYPE_MAPPING);
    if (is_type(cls) && flags) {
        types_lock();
        inherit_flags(as_type(subclass), flags);
        types_unlock();
    }
    return subclass;
}

static Value check_through_class(Thread *t, Value cls, Value subclass)
{
    return call_method1(t, cls, N(__subclasscheck__), subclass);
}

static Value abc_instancecheck(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value cls = args[0], subclass;
    int found = attr_find(t, args[1], N(__class__), &subclass);
    if (!found)
        subclass = value_of(type_of(args[1]));
    AbcData *data = found >= 0 ? data_of(t, cls) : NULL;
    if (!data)
        return 0;
    uint32_t id = is_type(subclass) ? as_type(subclass)->root_shape : 0;
    if (id && table_has(load_acquire(&data->positive), id))
        return TRUE;
    Value subtype = value_of(type_of(args[1]));
    if (subtype == subclass) {
        if (negative_has(data, id))
            return FALSE;
        return check_through_class(t, cls, subclass);
    }
    Value result = check_through_class(t, cls, subclass);
    int answer = result ? truth(t, result) : -1;
    if (answer)
        return answer < 0 ? 0 : result;
    return check_through_class(t, cls, subtype);
}

// Asks __subclasshook__: 1, 0, -1 error, 2: it does not know.
static int ask_hook(Thread *t, Value cls, Value subclass)
{
    Value answer = call_method1(t, cls, N(__subclasshook__), subclass);
    if (!answer)
        return -1;
    if (answer == NOTIMPLEMENTED)
        return 2;
    if (is_bool(answer))
        return answer == TRUE;
    raise(t, EXC(AssertionError), "__subclasshook__ must return either False, True, or NotImplemented");
    return -1;
}

static int is_subclass_of_registered(Thread *t, AbcData *data, Value subclass)
{
    size_t count;
    Value *refs = list_snapshot(t, data->registry, &count);
    if (!refs)
        return -1;
    for (size_t i = 0; i < count; i++) {
        Value registered = weakref_target(as_weakref(refs[i]));
        int answer = registered ? is_subclass(t, subclass, registered) : 0;
        if (answer)
            return answer;
    }
    return 0;
}

static int is_subclass_of_subclasses(Thread *t, Value cls, Value subclass)
{
    Value list = call_method0(t, cls, N(__subclasses__));
    if (!list)
        return -1;
    if (!is_list(list)) {
        raise(t, EXC(TypeError), "__subclasses__() must return a list");
        return -1;
    }
    for (size_t i = 0; i < list_length(as_list(list)); i++) {
        Value derived = list_get(as_list(list), i);
        int answer = derived ? is_subclass(t, subclass, derived) : 0;
        if (answer)
            return answer;
    }
    return 0;
}

static int ask_all(Thread *t, Value cls, AbcData *data, Value subclass)
{
    int answer = ask_hook(t, cls, subclass);
    if (answer != 2)
        return answer;
    if (type_is_subtype(as_type(subclass), as_type(cls)))
        return 1;
    answer = is_subclass_of_registered(t, data, subclass);
    return answer ? answer : is_subclass_of_subclasses(t, cls, subclass);
}

static Value abc_subclasscheck(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    Value cls = args[0], subclass = args[1];
    if (!is_type(subclass))
        return raise(t, EXC(TypeError), "issubclass() arg 1 must be a class");
    AbcData *data = data_of(t, cls);
    if (!data)
        return 0;
    uint32_t id = as_type(subclass)->root_shape;
    if (table_has(load_acquire(&data->positive), id))
        return TRUE;
    if (negative_has(data, id))
        return FALSE;
    if (!recursion_enter(t, " in __subclasscheck__"))
        return 0;
    int answer = ask_all(t, cls, data, subclass);
    recursion_leave(t);
    if (answer < 0 || !table_add(t, data, answer ? &data->positive : &data->negative, id))
        return 0;
    return value_bool(answer);
}

static Value registry_set(Thread *t, const AbcData *data)
{
    return set_from_iterable(t, value_of(data->registry), false);
}

static Value abc_get_dump(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    AbcData *data = data_of(t, args[0]);
    Value registry = data ? registry_set(t, data) : 0;
    Set *positive = registry ? set_new(t, false) : NULL, *negative = positive ? set_new(t, false) : NULL;
    return negative ? tuple_of(t, 4, registry, value_of(positive), value_of(negative), fixnum((int64_t)data->negative_version)) : 0;
}

static Value abc_reset_registry(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    AbcData *data = data_of(t, args[0]);
    List *empty = data ? list_new(t, 0) : NULL;
    if (!empty)
        return 0;
    publish(&data->registry, empty);
    return NONE;
}

static Value abc_reset_caches(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    AbcData *data = data_of(t, args[0]);
    if (!data)
        return 0;
    publish(&data->positive, NULL);
    publish(&data->negative, NULL);
    return NONE;
}

static const NativeDef functions[] = {
    {"get_cache_token", abc_get_cache_token, "()",
     "Returns the current ABC cache token.\n\n"
     "The token is an opaque object (supporting equality testing) identifying the\n"
     "current version of the ABC cache for virtual subclasses. The token changes\n"
     "with every call to register() on any ABC.",
     NATIVE_PLAIN},
    {"_abc_init", abc_init, "(self, /)", "Internal ABC helper for class set-up. Should be never used outside abc module.", NATIVE_PLAIN},
    {"_abc_register", abc_register, "(self, subclass, /)", "Internal ABC helper for subclasss registration. Should be never used outside abc module.", NATIVE_PLAIN},
    {"_abc_instancecheck", abc_instancecheck, "(self, instance, /)", "Internal ABC helper for instance checks. Should be never used outside abc module.", NATIVE_PLAIN},
    {"_abc_subclasscheck", abc_subclasscheck, "(self, subclass, /)", "Internal ABC helper for subclasss checks. Should be never used outside abc module.", NATIVE_PLAIN},
    {"_get_dump", abc_get_dump, "(self, /)", "Internal ABC helper for cache and registry debugging.", NATIVE_PLAIN},
    {"_reset_registry", abc_reset_registry, "(self, /)", "Internal ABC helper to reset registry of a given class.", NATIVE_PLAIN},
    {"_reset_caches", abc_reset_caches, "(self, /)", "Internal ABC helper to reset both caches of a given class.", NATIVE_PLAIN},
    {0},
};

const ModuleDef module_abc = {
    .name = "_abc",
    .doc = "Module contains faster C implementation of abc.ABCMeta",
    .functions = functions,
};
