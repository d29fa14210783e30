// type.h: Type, the type object: layout of its instances, slots, attributes, version.
//
// TYPE_PLANNED: some attribute plan rests on instances' shapes alone (src/ops/attr.h).
//
// Builtin types are static (rows of types.def) and immutable after start-up; classes made by programs are collected objects.
// Guards: `attributes` (a Dict), `bases`, `mro`, `slots`, `subclasses` change under the types mutex (`vm` wide) only and
// are published before `version`, which gets a new number at each change of the type or of one of its bases. Readers take
// no lock: a cache that depends on the type remembers the version it was made under.
#ifndef ADDER_CORE_TYPE_H
#define ADDER_CORE_TYPE_H

#include "src/core/object.h"

typedef enum CompareOp { CMP_LT, CMP_LE, CMP_EQ, CMP_NE, CMP_GT, CMP_GE } CompareOp;
typedef enum SendResult { SEND_ERROR, SEND_YIELD, SEND_RETURN } SendResult;
typedef struct Buffer Buffer;

typedef Value (*UnaryFn)(Thread *t, Value a);
typedef Value (*BinaryFn)(Thread *t, Value a, Value b);
typedef Value (*TernaryFn)(Thread *t, Value a, Value b, Value c);
typedef Value (*RepeatFn)(Thread *t, Value a, int64_t n);
typedef int (*InquiryFn)(Thread *t, Value a);
typedef int64_t (*LengthFn)(Thread *t, Value a);
typedef bool (*HashFn)(Thread *t, Value a, Hash *out);
typedef Value (*CompareFn)(Thread *t, Value a, Value b, CompareOp op);
// args: nargs positional values, then one value per name in the tuple kwnames (0: no keywords).
typedef Value (*CallFn)(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames);
typedef Value (*NewFn)(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames);
typedef bool (*InitFn)(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);
typedef Value (*GetAttrFn)(Thread *t, Value a, Value name);
typedef bool (*SetAttrFn)(Thread *t, Value a, Value name, Value value);
typedef bool (*SetItemFn)(Thread *t, Value a, Value key, Value value);
typedef int (*ContainsFn)(Thread *t, Value a, Value item);
typedef Value (*DescrGetFn)(Thread *t, Value descr, Value instance, Value type);
typedef bool (*DescrSetFn)(Thread *t, Value descr, Value instance, Value value);
typedef SendResult (*SendFn)(Thread *t, Value a, Value sent, Value *out);
typedef void (*FinalizeFn)(Thread *t, Value a);
typedef bool (*GetBufferFn)(Thread *t, Value a, Buffer *out, int flags);
typedef void (*ReleaseBufferFn)(Thread *t, Value a, Buffer *buffer);

typedef struct Slots {
#define SLOT(field, fn_type, doc) fn_type field;
#include "src/core/slots.def"
#undef SLOT
} Slots;

// A native function with its arguments bound to its signature. args[i] is parameter i in this order: self (if the signature
// starts with $self), positional parameters, keyword-only parameters, the **kwargs Dict (0 when empty); a parameter that
// was not given is 0. When the signature has *args, those values follow at the end, and nargs says how many there are
// in all; otherwise nargs is the number of parameters. The callee must not write to args.
typedef Value (*NativeFn)(Thread *t, const Value *args, size_t nargs);

typedef enum NativeFlag { NATIVE_PLAIN = 0, NATIVE_STATIC = 1, NATIVE_CLASS = 2 } NativeFlag;

// One row of a methods or functions table, ended by a row without a name. The signature is Python's text form, for example
// "($self, index=-1, /)", "(*values, sep=' ', end='\n')", "($module, obj, /)": it binds arguments, makes the error
// messages and is __text_signature__. Defaults in it are for readers only: the function sees 0.
typedef struct NativeDef {
    const char *name;
    NativeFn fn;
    const char *signature;
    const char *doc;
    NativeFlag flags;
} NativeDef;

// A computed attribute of a builtin type: set is null when read-only; set gets value 0 for del.
typedef struct GetSetDef {
    const char *name;
    UnaryFn get;
    bool (*set)(Thread *t, Value self, Value value);
    const char *doc;
} GetSetDef;

typedef enum MemberKind { MEMBER_VALUE, MEMBER_VALUE_OR_NONE, MEMBER_INT32, MEMBER_INT64, MEMBER_BOOL8, MEMBER_DOUBLE } MemberKind;

// A field of the instance struct shown as an attribute. MEMBER_VALUE that holds 0 raises AttributeError.
typedef struct MemberDef {
    const char *name;
    MemberKind kind;
    size_t offset;
    bool writable;
    const char *doc;
} MemberDef;

typedef enum TypeFlag {
    TYPE_BASE = 1 << 0,            // may be subclassed
    TYPE_HEAP = 1 << 1,            // made by a class statement or type(): mutable
    TYPE_ABSTRACT = 1 << 2,        // has abstract methods: cannot be instantiated
    TYPE_HAS_GC_FINALIZER = 1 << 3,  // instances get a finaliser
    TYPE_ATOMIC = 1 << 4,          // instances hold no references: atomic memory
    TYPE_SEQUENCE = 1 << 5,        // matches sequence patterns
    TYPE_MAPPING = 1 << 6,         // matches mapping patterns
    TYPE_MATCH_SELF = 1 << 7,      // class pattern with one positional sub-pattern matches the subject itself
    TYPE_DISALLOW_NEW = 1 << 8,    // cannot create instances from Python
    TYPE_IMMUTABLE = 1 << 9,       // attributes cannot be set
    TYPE_READY = 1 << 10,
    TYPE_VAR_SIZED = 1 << 11,      // instances end in items (tuple, bytes …): attribute area follows them
    TYPE_HAS_WEAKREFS = 1 << 12,   // instances can be weakly referenced
    TYPE_METHOD_DESCRIPTOR = 1 << 13,  // instances are descriptors that bind like functions: LOAD_METHOD need not make a method
    TYPE_PLANNED = 1 << 14,        // see above; set relaxed under the types mutex, never cleared
    // Subclass of a builtin, one bit each, inherited: quick isinstance
    TYPE_IS_INT = 1 << 16, TYPE_IS_FLOAT = 1 << 17, TYPE_IS_STR = 1 << 18, TYPE_IS_BYTES = 1 << 19, TYPE_IS_TUPLE = 1 << 20,
    TYPE_IS_LIST = 1 << 21, TYPE_IS_DICT = 1 << 22, TYPE_IS_SET = 1 << 23, TYPE_IS_FROZENSET = 1 << 24, TYPE_IS_TYPE = 1 << 25,
    TYPE_IS_EXCEPTION = 1 << 26, TYPE_IS_COMPLEX = 1 << 27, TYPE_IS_BYTEARRAY = 1 << 28, TYPE_IS_MODULE = 1 << 29,
} TypeFlag;

// Layout of instances: [Object head | fields of the builtin base | __slots__ words | attribute area].
// The attribute area, if any, is at attr_offset: one word `overflow` (a ValueArray *, or in dict mode the Dict), then
// inline_slots Values. attr_offset 0: no attributes of their own. TYPE_VAR_SIZED types with attributes have attr_offset -1:
// the area starts after the items (see instance_attributes in shape.h).
struct Type {
    Object head;
    const char *name;              // as tp_name: "module.name" for types of native modules, else just the name; UTF-8
    Type *base;                    // null for object only
    uint32_t flags;                // TypeFlag bits; set before publication but for TYPE_ABSTRACT (relaxed)
    uint32_t basic_size;           // bytes of an instance up to its inline slots' end, or to its items
    uint32_t item_size;            // bytes per item for TYPE_VAR_SIZED
    int32_t attr_offset;
    uint32_t inline_slots;
    uint32_t version;              // never 0 once ready; load acquire
    uint32_t root_shape;           // number of the shape of a fresh instance
    uint32_t dict_shape;           // number of the shape of instances in dict mode; 0 when instances have no attributes
    struct Shape *root, *dict_mode;   // the shapes of those numbers: keeps them alive
    Slots slots;
    const char *doc;
    const NativeDef *methods;      // tables of a builtin type; null when there are none
    const GetSetDef *getsets;
    const MemberDef *members;
    const char *new_signature;     // text signature of the constructor, or null
    Value attributes;              // Dict: the type's own attributes (__dict__)
    Value bases;                   // tuple
    Value mro;                     // tuple
    Value qualname, name_str, module;   // Str; module may be 0
    Value subclasses;              // ValueArray of the direct subclasses (null entries: removed), or 0
    void *lookup_cache;            // name → attribute found along the MRO; immutable record table, valid for `version`
    const void *module_def;        // owner's private data for types of native modules
    Value metadata[4];             // __slots__ names, slot member descriptors, static attributes; see types/type_new.c
};

static inline bool type_has_flag(const Type *type, TypeFlag flag) { return type->flags & (uint32_t)flag; }
static inline bool is_instance_flag(Value v, TypeFlag flag) { return type_of(v)->flags & (uint32_t)flag; }
static inline bool is_int(Value v) { return is_fixnum(v) || (is_object(v) && is_instance_flag(v, TYPE_IS_INT)); }
static inline bool is_float(Value v) { return is_flonum(v) || (is_object(v) && is_instance_flag(v, TYPE_IS_FLOAT)); }
static inline bool is_int_exact(Value v) { return is_fixnum(v) || (is_object(v) && as_object(v)->type == &type_int); }
static inline bool is_float_exact(Value v) { return is_flonum(v) || (is_object(v) && as_object(v)->type == &type_float); }
static inline bool is_str(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_STR); }
static inline bool is_bytes(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_BYTES); }
static inline bool is_tuple(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_TUPLE); }
static inline bool is_list(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_LIST); }
static inline bool is_dict(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_DICT); }
static inline bool is_type(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_TYPE); }
static inline bool is_exception(Value v) { return is_object(v) && is_instance_flag(v, TYPE_IS_EXCEPTION); }
static inline Type *as_type(Value v) { return (Type *)v; }

// Starts a static builtin type's initialiser.  TYPE_HEAD(list, List) then .slots = {…}, .methods = …
#define TYPE_HEAD(row, type_name, base_row, struct_name)                                                               \
    .head = {.type = &type_type, .shape = SHAPE_type}, .name = type_name, .base = base_row,                                \
    .basic_size = sizeof(struct_name)

bool type_ready(Thread *t, Type *type);   // makes attributes, mro, inherited slots; once, at start-up, bases first
bool type_is_subtype(const Type *type, const Type *base);   // along the MRO; no hooks
Value type_lookup(Type *type, Value name);                   // attribute along the MRO without binding; 0 when absent; never raises
void type_modified(Type *type);                              // under the types mutex: new versions for type and subclasses
const char *type_short_name(const Type *type);               // name after the last dot

#endif
