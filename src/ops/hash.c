// hash.c: hash(a).
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str.h"

bool hash_not_implemented(Thread *t, Value a, Hash *out)
{
    (void)out;
    raise(t, EXC(TypeError), "unhashable type: '%T'", a);
    return false;
}

bool value_hash(Thread *t, Value a, Hash *out)
{
    if (is_fixnum(a)) {
        *out = int_hash(a);
        return true;
    }
    if (is_flonum(a)) {
        *out = float_hash(flonum_value(a), a);
        return true;
    }
    const Type *type = as_object(a)->type;
    if (type == &type_str) {
        *out = str_hash(as_str(a));
        return true;
    }
    HashFn hash = type->slots.hash;
    return hash ? hash(t, a, out) : hash_not_implemented(t, a, out);
}
