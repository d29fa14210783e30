// ops_attrs.c: attribute instructions out of the loop: general meaning, and inline caches from attribute plans (src/ops/attr.h).
#include "src/interp/interp.h"
#include "src/core/native.h"
#include "src/ops/attr.h"
#include "src/types/super.h"
#include "src/types/function.h"
#include "src/types/str.h"

static Value *pool_of(Value *R)
{
    return frame_of(R)->code->pool;
}

static AttrRecord *attr_record(Thread *t, const AttrPlan *plan)
{
    AttrRecord *record = heap_alloc(&t->heap, HEAP_SCANNED, sizeof *record);
    if (!record)
        return NULL;
    record->shape = plan->shape;
    record->version = plan->version;
    record->type = plan->type;
    record->value = plan->value;
    return record;
}

static GlobalRecord *module_record(Thread *t, Dict *dict, Value name)
{
    DictKeys *keys = load_acquire(&dict->keys);
    DictEntry *entry = dict_entry_known(dict, name);
    if (!entry || entry < keys->entries || entry >= keys->entries + keys->capacity)
        return NULL;
    GlobalRecord *record = heap_alloc(&t->heap, HEAP_SCANNED, sizeof *record);
    if (!record)
        return NULL;
    record->module = keys;
    record->index = (size_t)(entry - keys->entries);
    return record;
}

// A quickened site that misses is polymorphic or has moved on: only every 16th miss in its code object is worth a new plan.
static bool wants_plan(Value *R, const Instr *pc, Opcode generic, Opcode any)
{
    if (pc->op == any)
        return false;
    if (pc->op == generic)
        return true;
    Code *code = frame_of(R)->code;
    uint32_t misses = load_relaxed(&code->misses) + 1;
    store_relaxed(&code->misses, misses);
    return misses % 16 == 0;
}

static bool slot_word(const AttrPlan *plan, Value *out)
{
    *out = (Value)plan->shape << 32 | plan->offset;
    return true;
}

static bool is_simple_getter(Value getter)
{
    if (!is_exactly(getter, &type_function))
        return false;
    const Code *code = ((Function *)getter)->code;
    return code->arg_count == 1 && !code->kwonly_count && !(code->flags & (CO_VARARGS | CO_VARKEYWORDS));
}

static void cache_load_attr(Thread *t, Value *R, const Instr *pc, Value o, Value name)
{
    AttrPlan plan = attr_plan_get(o, name);
    Value word = 0;
    Opcode form = OP_LOAD_ATTR_ANY;
    switch (plan.kind) {
    case ATTR_PLAN_SLOT:
        form = OP_LOAD_ATTR_SLOT;
        slot_word(&plan, &word);
        break;
    case ATTR_PLAN_OVERFLOW: {
        int32_t area = type_of(o)->attr_offset;
        if (area > 0 && area < 65536 && plan.offset < 65536) {
            form = OP_LOAD_ATTR_OVERFLOW;
            word = (Value)plan.shape << 32 | (Value)area << 16 | plan.offset;
        }
        break;
    }
    case ATTR_PLAN_VALUE:
        form = OP_LOAD_ATTR_CLASS;
        word = is_pointer(o) ? value_of(attr_record(t, &plan)) : 0;
        break;
    case ATTR_PLAN_CLASS_VALUE:
        form = OP_LOAD_ATTR_TYPE;
        word = value_of(attr_record(t, &plan));
        break;
    case ATTR_PLAN_PROPERTY:
        if (is_simple_getter(plan.value) && is_pointer(o)) {
            form = OP_LOAD_ATTR_PROPERTY;
            word = value_of(attr_record(t, &plan));
        }
        break;
    case ATTR_PLAN_MODULE:
        form = OP_LOAD_ATTR_MODULE;
        word = value_of(module_record(t, as_dict(plan.value), name));
        break;
    default:
        break;
    }
    cache_write(R, pc, word, form, OP_LOAD_ATTR, OP_LOAD_ATTR_ANY);
}

bool load_attr_slow(Thread *t, Value *R, const Instr *pc)
{
    Value o = R[pc->b], name = pool_of(R)[pc->c + 1];
    if (wants_plan(R, pc, OP_LOAD_ATTR, OP_LOAD_ATTR_ANY))
        cache_load_attr(t, R, pc, o, name);
    Value v = attr_get(t, o, name);
    if (!v)
        return false;
    R[pc->a] = v;
    return true;
}

static void cache_store_attr(Thread *t, Value *R, const Instr *pc, Value o, Value name)
{
    AttrStorePlan plan = attr_store_plan_get(t, o, name);
    if (plan.kind == ATTR_STORE_SLOT) {
        cache_write(R, pc, (Value)plan.shape << 32 | plan.offset, OP_STORE_ATTR_SLOT, OP_STORE_ATTR, OP_STORE_ATTR_ANY);
        return;
    }
    AttrRecord *record = NULL;
    if (plan.kind == ATTR_STORE_ADD_SLOT && (record = heap_alloc(&t->heap, HEAP_SCANNED, sizeof *record))) {
        record->type = type_of(o);
        record->version = load_acquire(&record->type->version);
        record->shape = plan.shape;
        record->new_shape = plan.next_shape;
        record->offset = plan.offset;
    }
    cache_write(R, pc, value_of(record), OP_STORE_ATTR_ADD, OP_STORE_ATTR, OP_STORE_ATTR_ANY);
}

bool store_attr_slow(Thread *t, Value *R, const Instr *pc)
{
    Value o = R[pc->a], name = pool_of(R)[pc->c + 1];
    if (wants_plan(R, pc, OP_STORE_ATTR, OP_STORE_ATTR_ANY))
        cache_store_attr(t, R, pc, o, name);
    return attr_set(t, o, name, R[pc->b]);
}

static void cache_load_method(Thread *t, Value *R, const Instr *pc, Value o, Value name)
{
    AttrPlan plan = attr_plan_get(o, name);
    Value word = 0;
    Opcode form = OP_LOAD_METHOD_ANY;
    if (plan.kind == ATTR_PLAN_METHOD && is_pointer(o)) {
        form = type_has_flag(plan.type, TYPE_HEAP) ? OP_LOAD_METHOD_CLASS : OP_LOAD_METHOD_BUILTIN;
        word = value_of(attr_record(t, &plan));
    } else if (plan.kind == ATTR_PLAN_CLASS_VALUE) {
        form = OP_LOAD_METHOD_TYPE;
        word = value_of(attr_record(t, &plan));
    } else if (plan.kind == ATTR_PLAN_MODULE) {
        form = OP_LOAD_METHOD_MODULE;
        word = value_of(module_record(t, as_dict(plan.value), name));
    }
    cache_write(R, pc, word, form, OP_LOAD_METHOD, OP_LOAD_METHOD_ANY);
}

bool load_method_slow(Thread *t, Value *R, const Instr *pc)
{
    Value o = R[pc->b], name = pool_of(R)[pc->c + 1], self = 0;
    if (wants_plan(R, pc, OP_LOAD_METHOD, OP_LOAD_METHOD_ANY))
        cache_load_method(t, R, pc, o, name);
    Value v = attr_get_method(t, o, name, &self);
    if (!v)
        return false;
    R[pc->a] = v;
    R[pc->a + WINDOW] = self;
    return true;
}

// Are these what super() without arguments stands for? Then a `super` of the program's own is called without any.
static bool is_plain_super(Thread *t, Value cls, Value object)
{
    Value own[2];
    if (!frame_super_arguments(t, own)) {
        pending_clear(t);
        return false;
    }
    return own[0] == cls && own[1] == object;
}

// super(class, self).name without making the super object when `super` is the builtin.
bool load_super_attr(Thread *t, Value *R, const Instr *pc, bool method)
{
    Value name = pool_of(R)[pc->c], self = 0;
    if (!R[pc->b + 1])
        return raise(t, EXC(RuntimeError), "super(): empty __class__ cell");
    Value v;
    if (R[pc->b] != value_of(&type_super) && is_plain_super(t, R[pc->b + 1], R[pc->b + 2])) {
        Value made = call0(t, R[pc->b]);
        v = made ? attr_get(t, made, name) : 0;
    } else {
        v = super_attribute(t, R[pc->b], R[pc->b + 1], R[pc->b + 2], name, method ? &self : NULL);
    }
    if (!v)
        return false;
    R[pc->a] = v;
    if (method)
        R[pc->a + WINDOW] = self;
    return true;
}

static const struct SpecialName {
    NameIndex name;
    bool is_async, is_exit;
} special_names[] = {
    [SPECIAL_ENTER] = {NAME___enter__, false, false},
    [SPECIAL_EXIT] = {NAME___exit__, false, true},
    [SPECIAL_AENTER] = {NAME___aenter__, true, false},
    [SPECIAL_AEXIT] = {NAME___aexit__, true, true},
};

static bool has_method(Value o, NameIndex name)
{
    return type_lookup(type_of(o), name_table[name]) != 0;
}

static bool raise_no_manager(Thread *t, Value o, const struct SpecialName *special)
{
    NameIndex other_enter = special->is_async ? NAME___enter__ : NAME___aenter__;
    NameIndex other_exit = special->is_async ? NAME___exit__ : NAME___aexit__;
    const char *kind = special->is_async ? "asynchronous context manager" : "context manager";
    const char *other = special->is_async ? "with" : "async with";
    if (has_method(o, other_enter) && has_method(o, other_exit)) {
        return raise(t, EXC(TypeError), "'%T' object does not support the %s protocol (missed %U method) but it supports the %s protocol. Did you mean to use '%s'?",
                     o, kind, name_table[special->name], special->is_async ? "context manager" : "asynchronous context manager", other);
    }
    return raise(t, EXC(TypeError), "'%T' object does not support the %s protocol (missed %U method)", o, kind, name_table[special->name]);
}

bool load_special(Thread *t, Value *R, const Instr *pc)
{
    const struct SpecialName *special = &special_names[pc->c];
    Value o = R[pc->b], name = name_table[special->name];
    Value found = type_lookup(type_of(o), name);
    if (!found)
        return raise_no_manager(t, o, special);
    if (is_pointer(found) && type_has_flag(as_object(found)->type, TYPE_METHOD_DESCRIPTOR)) {
        R[pc->a] = found;
        R[pc->a + WINDOW] = o;
        return true;
    }
    Value bound = special_lookup(t, o, name);
    if (!bound)
        return is_pending(t) ? false : raise_no_manager(t, o, special);
    R[pc->a] = bound;
    R[pc->a + WINDOW] = 0;
    return true;
}
