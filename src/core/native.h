// native.h: signatures of native functions and the binding of arguments to them.
#ifndef ADDER_CORE_NATIVE_H
#define ADDER_CORE_NATIVE_H

#include "src/core/type.h"

enum { NATIVE_PARAMS_MAX = 32 };

// A parsed text signature; immutable, static lifetime (root memory).
typedef struct Signature {
    const char *function_name;    // for messages: "list.append", "print"
    uint16_t count;               // words of bound arguments: named parameters and the **kwargs Dict, without *args values
    uint16_t positional_only;     // first parameters that take no keyword; includes self
    uint16_t positional;          // parameters that can be given by position; includes self
    uint16_t required;            // leading positional ones without default
    bool has_self, has_varargs, has_kwargs;
    bool is_constructor;          // parsed for a new or init slot: wording of messages
    bool takes_keywords;          // some parameter may be given by name
    uint32_t required_keywords;   // bit per keyword-only parameter without default
    Value names[];                // interned names of the parameters, in bound order
} Signature;

const Signature *signature_parse(Thread *t, const char *function_name, const char *text);   // for constructors; null: error
const Signature *signature_of_def(Thread *t, const NativeDef *def, const char *qualifier);   // for functions and methods of module or type; null: error

// As signature_bind, with self (may be 0: none) in front of args.
MUST_CHECK bool signature_bind_self(Thread *t, const Signature *sig, Value self, const Value *args, size_t nargs, Value kwnames, Value *out);
// Binds a call to a signature. args: nargs positional values, then those of kwnames. Writes sig->count words to out;
// a missing optional one is 0. Extra positional values are not copied: with has_varargs the caller finds them at
// args[sig->positional …nargs). False with TypeError pending, worded as CPython's.
MUST_CHECK bool signature_bind(Thread *t, const Signature *sig, const Value *args, size_t nargs, Value kwnames, Value *out);

// For `new` and `init` slots (no self among args):
//     Value a[2];
//     BIND_ARGUMENTS(t, "int", "(x=0, /, base=10)", args, nargs, kwnames, a, return 0);
// Parses once per place (idempotent publication).
#define BIND_ARGUMENTS(t, function_name, text, args, nargs, kwnames, out, on_error)                              \
    do {                                                                                                         \
        static const Signature *parsed_;                                                                         \
        const Signature *signature_ = load_acquire(&parsed_);                                                    \
        if (!signature_) {                                                                                       \
            signature_ = signature_parse(t, function_name, text);                                                \
            if (!signature_)                                                                                     \
                on_error;                                                                                        \
            publish(&parsed_, signature_);                                                                       \
        }                                                                                                        \
        if (!signature_bind(t, signature_, args, nargs, kwnames, out))                                           \
            on_error;                                                                                            \
    } while (0)

// TypeError unless nargs is in [least, most] and no keywords; messages "name expected at least 1 argument, got 0" and "name() takes no keyword arguments".
MUST_CHECK bool arguments_check(Thread *t, const char *name, size_t nargs, Value kwnames, size_t least, size_t most);

// Builtin function object, also for bound methods of builtin types. Immutable but for the signature.
typedef struct NativeFunction {
    Object head;
    const NativeDef *def;
    const Signature *signature;   // null until the first call: native_function_signature; idempotent
    Value self;                   // bound object or module, 0 for none
    Value module;                 // Str or 0: __module__
    Type *owner;                  // for methods
} NativeFunction;

// An unbound method of a builtin type (type_method_descriptor, type_classmethod_descriptor).
typedef struct MethodDescriptor {
    Object head;
    const NativeDef *def;
    const Signature *signature;   // null until the first call: method_descriptor_signature; idempotent
    Type *owner;
} MethodDescriptor;

const Signature *native_function_signature_make(Thread *t, NativeFunction *f);      // null: error
const Signature *method_descriptor_signature_make(Thread *t, MethodDescriptor *d);
static inline const Signature *native_function_signature(Thread *t, NativeFunction *f)
{
    const Signature *sig = load_acquire(&f->signature);
    return likely(sig != NULL) ? sig : native_function_signature_make(t, f);
}
static inline const Signature *method_descriptor_signature(Thread *t, MethodDescriptor *d)
{
    const Signature *sig = load_acquire(&d->signature);
    return likely(sig != NULL) ? sig : method_descriptor_signature_make(t, d);
}

Value native_function_new(Thread *t, const NativeDef *def, Value self, Value module, Type *owner);
Value method_descriptor_new(Thread *t, const NativeDef *def, Type *owner);
Value native_method_bind(Thread *t, MethodDescriptor *descriptor, Value self);
// Calls def with arguments already including self, bound to signature.
Value native_call(Thread *t, const NativeDef *def, const Signature *sig, const Value *args, size_t nargs, Value kwnames);
// As native_call, with self (may be 0: none) to be put in front of args.
Value native_call_bound(Thread *t, const NativeDef *def, const Signature *sig, Value self, const Value *args, size_t nargs, Value kwnames);

#endif
