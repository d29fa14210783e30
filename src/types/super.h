// super.h: super for the interpreter: lookups without making a super object.
#ifndef ADDER_TYPES_SUPER_H
#define ADDER_TYPES_SUPER_H

#include "src/core/type.h"

Value super_new(Thread *t, Type *type, Value object);                     // object may be 0: unbound
// super(cls, self).name, where `super` is the object found under that name. With out_self: a method is left unbound, *out_self is
// its self; otherwise *out_self is 0. 0: error.
Value super_attribute(Thread *t, Value super, Value cls, Value self, Value name, Value *out_self);
Value super_find(Type *start, Type *type, Value name);                    // attribute behind `type` in start's MRO, or 0

#endif
