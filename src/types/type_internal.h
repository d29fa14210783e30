// type_internal.h: what the files of the object model share among themselves.
#ifndef ADDER_TYPES_TYPE_INTERNAL_H
#define ADDER_TYPES_TYPE_INTERNAL_H

#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/names.h"
#include "src/core/native.h"
#include "src/core/shape.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/tuple.h"

// --- start-up, in this order ---
bool names_boot(Thread *t);            // after strings work (names.c)
bool types_boot(Thread *t);            // after names, dicts and tuples work (types_boot.c)

// --- dunders.def: how special methods and slots belong together (type_slots.c) ---
typedef struct Dunder Dunder;
typedef Value (*WrapFn)(Thread *t, const Dunder *dunder, void *function, Value self, const Value *args, size_t nargs, Value kwnames);

// One row of dunders.def. `slot` is the byte offset of the slot in Slots.
struct Dunder {
    const char *text;
    size_t slot;
    WrapFn wrap;                       // calls a C slot from Python
    void *dispatch;                    // the slot's function for classes that define the method in Python
    const char *signature, *doc;
    int variant;                       // a CompareOp, or a kind of its own for rows that share a wrapper
    Value name;                        // interned; filled at start-up
};
extern Dunder dunder_table[];
extern const size_t dunder_count;

typedef struct WrapperDescriptor {     // slot of a builtin type as an unbound method
    Object head;
    const Dunder *dunder;
    void *function;
    Type *owner;
} WrapperDescriptor;

typedef struct MethodWrapper {         // the same bound to an object
    Object head;
    WrapperDescriptor *descriptor;
    Value self;
} MethodWrapper;

typedef struct GetSetDescriptor { Object head; const GetSetDef *def; Type *owner; Value name; } GetSetDescriptor;

// A member of a C struct (def from a table), or a __slots__ word (def made by the class).
typedef struct MemberDescriptor { Object head; const MemberDef *def; Type *owner; Value name; } MemberDescriptor;

static inline void **slot_at(Type *type, size_t offset) { return (void **)((char *)&type->slots + offset); }

bool dunders_boot(Thread *t);
bool type_add_wrappers(Thread *t, Type *type, const Slots *own);   // descriptors for the slots a builtin type defines itself
void type_fix_slots(Type *type);                              // every slot of a class by its MRO; types mutex held
void type_fix_slots_of_name(Type *type, Value name);          // the same for one type; types mutex held or type not yet published
void type_fix_slot_named(Type *type, Value name);             // the slots that name belongs to, for type and subclasses; types mutex held
bool is_dunder(Value name);

// --- descriptor.c ---
Value wrapper_descriptor_new(Thread *t, const Dunder *dunder, void *function, Type *owner);
Value getset_descriptor_new(Thread *t, const GetSetDef *def, Type *owner);
Value member_descriptor_new(Thread *t, const MemberDef *def, Type *owner);
Value classmethod_descriptor_new(Thread *t, const NativeDef *def, Type *owner);
Value staticmethod_new(Thread *t, Value function);            // 0 in, 0 out
Value classmethod_new(Thread *t, Value function);
Value signature_text(Thread *t, const char *signature);       // __text_signature__ of a def, NONE when there is none

// --- type.c, type_lookup.c, type_mro.c ---
extern Type *const builtin_types[];
Value type_lookup_locked(Type *type, Value name);             // types mutex held
Value type_lookup_owner(Type *type, Value name, Type **out_owner);
void types_lock(void);
void types_unlock(void);
Value mro_linearize(Thread *t, Type *type);                   // C3; tuple, or 0 with TypeError pending
Type *type_next_subclass(const Type *type, size_t *position);   // null at the end; types mutex held
bool type_add_subclass(Thread *t, Type *base, Type *subclass);
void type_remove_subclass(Thread *t, Type *base, const Type *subclass);
Value type_subclasses_list(Thread *t, Type *type);            // strong list of live direct subclasses
void type_inherit_slots(Type *type, const Type *base);
uint32_t type_version_next(void);
Value type_new_class(Thread *t, Type *metatype, const Value *args, size_t nargs, Value kwnames);
Type *type_calculate_metaclass(Thread *t, Type *metatype, Value bases);
Type *type_best_base(Thread *t, Value bases);
bool type_set_bases(Thread *t, Type *type, Value bases);
Value type_attr_get(Thread *t, Value o, Value name);
int module_attr_find(Thread *t, Value module, Value name, Value *out);   // the same for modules, without their __getattr__
int type_attr_find(Thread *t, Value o, Value name, Value *out);   // 1, 0 (nothing pending), -1; name interned
bool type_attr_set(Thread *t, Value o, Value name, Value value);
Value type_call(Thread *t, Value cls, const Value *args, size_t nargs, Value kwnames);
extern const GetSetDef type_getsets[];
extern const NativeDef type_methods[];
Value type_new_wrapper(Thread *t, Type *type);                // the builtin __new__ of a type with a new slot
Type *type_new_wrapper_owner(Value function);                 // its type if function is such a __new__, else null
bool descriptor_is_data(Value descriptor);

int type_set_own(Thread *t, Type *type, Value name, Value value);   // past all checks: 1, 0 nothing to delete, -1
void type_break_plans(Type *type, Value name, Value old, Value new);   // types mutex held
bool type_looks_made(const Type *type);                       // builtin that CPython has as a heap type
Value type_get_module(Thread *t, Value o);
Value type_show(Thread *t, Value o);                          // repr of a class
const char *type_name_text(Thread *t, const char *text);      // copy that a Type may point to
enum { TYPE_SLOT_NAMES, TYPE_METADATA_COUNT };                // words of Type.metadata: sorted tuple of mangled __slots__ names
size_t type_fields_end(const Type *type);
Type *type_solid_base(Type *type);
bool type_bases_compatible(const Type *old, const Type *new);   // may the class's base become new?
Value type_compute_mro(Thread *t, Type *type);                // with the metaclass's mro()
Value super_new(Thread *t, Type *type, Value object);
bool type_same_layout(const Type *a, const Type *b);
bool dir_merge_class(Thread *t, Dict *names, Value cls);      // keys of the class's and its bases' dicts
struct StrBuilder;
bool generic_append_item(Thread *t, struct StrBuilder *b, Value item);   // as int, list[int], ~T … in displays of aliases and unions
Value generic_parameters(Thread *t, Value args);              // tuple of the type parameters in args
Value generic_substitute(Thread *t, Value self, Value args, Value parameters, Value item);   // args with parameters replaced by item(s)
Value mappingproxy_new(Thread *t, Value mapping);

// --- ops/instance.c, union.c ---
int type_instance_check(Thread *t, Value object, Value cls);  // type.__instancecheck__
int type_subclass_check(Thread *t, Value derived, Value cls); // type.__subclasscheck__
Value union_args(Value union_type);                           // its tuple of members
Value union_of_any(Thread *t, Value a, Value b);              // the same without looking at what they are
Value union_of(Thread *t, Value a, Value b);                  // a | b for types; NotImplemented when one is no type

// --- object.c, instance.c ---
Value object_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames);
bool object_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);
void instance_watch_end(Value v);                             // registers the finaliser of an object made before its class had one
Value object_get_dict(Thread *t, Value o);                    // o.__dict__ as the getset of classes gives it
extern const GetSetDef instance_dict_getset, builtin_dict_getset;   // __dict__ of classes and of builtin types
bool object_set_dict(Thread *t, Value o, Value dict);
bool builtin_set_dict(Thread *t, Value o, Value dict);
Value object_reduce_ex(Thread *t, const Value *args, size_t nargs);
Value object_reduce(Thread *t, const Value *args, size_t nargs);
Value object_getstate(Thread *t, const Value *args, size_t nargs);
Value type_new_wrapper_call(Thread *t, Type *owner, const Value *args, size_t nargs, Value kwnames);
bool object_set_class(Thread *t, Value o, Value cls);

#endif
