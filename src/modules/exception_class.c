// exception_class.c: makes exception classes as a class statement would.
#include "src/modules/exception_class.h"

#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

Value exception_class_new(Thread *t, const char *module, const char *name, Value bases, const char *doc)
{
    if (!is_tuple(bases)) {
        bases = tuple_of(t, (size_t)1, bases);
        if (!bases)
            return 0;
    }
    Dict *dict = dict_new(t);
    Value module_str = dict ? str_intern_cstr(t, module) : 0, name_str = module_str ? str_intern_cstr(t, name) : 0;
    if (!name_str || !dict_set(t, dict, N(__module__), module_str))
        return 0;
    if (doc) {
        Value doc_str = str_from_cstr(t, doc);
        if (!doc_str || !dict_set(t, dict, N(__doc__), doc_str))
            return 0;
    }
    return call3(t, value_of(&type_type), name_str, bases, value_of(dict));
}
