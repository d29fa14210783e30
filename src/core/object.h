// object.h: the header of every heap object, the singletons, and the tests that everyone needs.
//
// Header (16 bytes): type pointer; lock byte and waiters byte (src/core/lock.h); flags; shape id.
// `type` is written before the object escapes and changed only by `__class__` assignment (under the object's lock,
// type before shape). `shape` is the number of the object's shape (src/core/shape.h): every object has one, so that a
// single 32-bit compare proves both type and attribute layout. A builtin type's own root shape number is the compile-time
// constant SHAPE_<row> of src/core/types.def.
#ifndef ADDER_CORE_OBJECT_H
#define ADDER_CORE_OBJECT_H

#include "src/core/value.h"

struct Object {
    Type *type;
    uint8_t lock;        // 0 free, 1 held; see lock.h
    uint8_t waiters;     // somebody is parked on this lock
    uint16_t flags;      // ObjectFlag bits, and per-type bits from FLAG_TYPE_BIT up; fixed once the object escapes unless said
    uint32_t shape;      // guarded by the object's lock for writers; readers load acquire
};

typedef enum ObjectFlag {
    FLAG_FINALIZED = 1 << 0,    // __del__ has run (atomic or)
    FLAG_WEAKLY_REFD = 1 << 1,  // a weak reference to it exists or existed (atomic or)
    FLAG_HASHED = 1 << 2,       // free for the type: "cached hash is valid"
    FLAG_INTERNED = 1 << 3,     // str: interned
    FLAG_TYPE_BIT = 1 << 8      // bits from here on belong to the type
} ObjectFlag;

// One static Type per row of types.def, `type_<row>`; its shape number is SHAPE_<row>.
#define TYPE(row, name, base, doc) extern Type type_##row;
#include "src/core/types.def"
#undef TYPE
typedef enum BuiltinShape {
    SHAPE_NONE_YET = 0,
#define TYPE(row, name, base, doc) SHAPE_##row,
#include "src/core/types.def"
#undef TYPE
    SHAPE_BUILTIN_COUNT
} BuiltinShape;

extern Object none_object, true_object, false_object, ellipsis_object, notimplemented_object;
#define NONE           ((Value)&none_object)
#define TRUE           ((Value)&true_object)
#define FALSE          ((Value)&false_object)
#define ELLIPSIS       ((Value)&ellipsis_object)
#define NOTIMPLEMENTED ((Value)&notimplemented_object)

static inline Object *as_object(Value v) { return (Object *)v; }
static inline Value value_of(const void *object) { return (Value)object; }
static inline Value value_bool(bool b) { return b ? TRUE : FALSE; }
static inline bool is_bool(Value v) { return v == TRUE || v == FALSE; }

static inline Type *type_of(Value v)
{
    if (is_fixnum(v))
        return &type_int;
    if (is_flonum(v))
        return &type_float;
    return as_object(v)->type;
}

// True when v is an instance of exactly that type; for type_int and type_float use is_int_exact / is_float_exact.
static inline bool is_exactly(Value v, const Type *type) { return is_pointer(v) && as_object(v)->type == type; }

// Fills the header of a new object of a builtin type (row as in types.def).
#define object_header(object, row, flag_bits)                                                      \
    object_header_init(&(object)->head, &type_##row, SHAPE_##row, flag_bits)
static inline void object_header_init(Object *o, Type *type, uint32_t shape, uint16_t flags)
{
    o->type = type;
    o->lock = 0;
    o->waiters = 0;
    o->flags = flags;
    o->shape = shape;
}

#endif
