// dict_view.h: views of dicts, and calls that several dict types share.
#ifndef ADDER_TYPES_DICT_VIEW_H
#define ADDER_TYPES_DICT_VIEW_H

#include "src/types/dict.h"

// dict_keys, dict_values, dict_items: a window on a dict (or a subclass of it). Immutable.
typedef struct DictView {
    Object head;
    Value dict;
} DictView;

Value dict_view_new(Thread *t, Value dict, Type *type, uint32_t shape);
// Bodies of the views' operators, for views with another type: sets made of their items.
Value dict_view_to_set(Thread *t, Value view);
// dict(…) and update(…): at most one positional argument, then keywords.
MUST_CHECK bool dict_update_call(Thread *t, Dict *d, const char *name, const Value *args, size_t nargs, Value kwnames);
// Removes the newest entry; false when empty.
bool dict_pop_last(Dict *d, Value *out_key, Value *out_value);
// Removes the oldest entry; false when empty.
bool dict_pop_first(Dict *d, Value *out_key, Value *out_value);

#endif
