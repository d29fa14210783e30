// format.c: format(value, spec).
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str.h"

static Value format_by_method(Thread *t, Value a, Value spec)
{
    Value method = special_lookup(t, a, N(__format__));
    if (!method)
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "Type %.100T doesn't define __format__", a);
    Value text = call1(t, method, spec);
    if (text && !is_str(text))
        return raise(t, EXC(TypeError), "__format__ must return a str, not %.200T", text);
    return text;
}

Value value_format(Thread *t, Value a, Value spec)
{
    if (!spec)
        spec = str_empty;
    if (!is_str(spec))
        return raise(t, EXC(SystemError), "Format specifier must be a string, not %.200T", spec);
    bool plain = as_str(spec)->length == 0;
    Type *type = type_of(a);
    if (type == &type_str)
        return plain ? a : str_format_spec(t, a, spec);
    if (type == &type_int)
        return plain ? int_to_str(t, a, 10) : int_format(t, a, spec);
    if (type == &type_float)
        return float_format(t, a, spec);
    return format_by_method(t, a, spec);
}
