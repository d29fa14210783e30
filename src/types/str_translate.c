// str_translate.c: translate and maketrans.
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/number.h"
#include "src/types/str_builder.h"
#include "src/types/str_methods.h"

// table[c]: 1 and *out, or 0: unchanged, or -1. *out is NONE, an int or a str.
static int table_lookup(Thread *t, Value table, uint32_t c, Value *out)
{
    if (is_exactly(table, &type_dict))
        return dict_get(t, as_dict(table), fixnum(c), out);
    *out = item_get(t, table, fixnum(c));
    if (*out)
        return 1;
    return pending_clear_if(t, EXC(LookupError)) ? 0 : -1;
}

static bool put_translated(Thread *t, StrBuilder *b, uint32_t c, int found, Value to)
{
    if (!found)
        return builder_char(t, b, c);
    if (to == NONE)
        return true;
    if (is_str(to))
        return builder_str(t, b, to);
    if (!is_int(to))
        return raise(t, EXC(TypeError), "character mapping must return integer, None or str");
    int64_t code;
    if (!int_to_int64(int_exact(to), &code) || code < 0 || code > MAX_CODE_POINT)
        return raise(t, EXC(ValueError), "character mapping must be in range(0x%x)", MAX_CODE_POINT + 1);
    return builder_char(t, b, (uint32_t)code);
}

// What an ASCII character becomes is asked once.
typedef struct Memo {
    bool asked[128];
    int found[128];
    Value to[128];
} Memo;

Value str_translate(Thread *t, Value self, Value table)
{
    const Str *s = as_str(self);
    StrBuilder b;
    builder_init(&b);
    if (!builder_reserve(t, &b, s->length, 0))
        return 0;
    Memo memo;
    memset(memo.asked, 0, sizeof memo.asked);
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        Value to = 0;
        int found;
        if (c < 128 && memo.asked[c]) {
            found = memo.found[c];
            to = memo.to[c];
        } else {
            found = table_lookup(t, table, c, &to);
            if (found < 0)
                return 0;
            if (c < 128) {
                memo.asked[c] = true;
                memo.found[c] = found;
                memo.to[c] = to;
            }
        }
        if (!put_translated(t, &b, c, found, to))
            return 0;
    }
    return builder_finish(t, &b);
}

STR_METHOD(translate) { return str_translate(t, args[0], args[1]); }

static Value table_from_strings(Thread *t, Dict *table, Value from, Value to, Value deleted)
{
    if (!is_str(to))
        return raise(t, EXC(TypeError), "maketrans() argument 2 must be str, not %s", argument_type_name(to));
    if (deleted && !is_str(deleted))
        return raise(t, EXC(TypeError), "maketrans() argument 3 must be str, not %s", argument_type_name(deleted));
    if (!is_str(from))
        return raise(t, EXC(TypeError), "first maketrans argument must be a string if there is a second argument");
    const Str *x = as_str(from), *y = as_str(to);
    if (x->length != y->length)
        return raise(t, EXC(ValueError), "the first two maketrans arguments must have equal length");
    for (size_t i = 0; i < x->length; i++) {
        if (!dict_set(t, table, fixnum(str_at(x, i)), fixnum(str_at(y, i))))
            return 0;
    }
    for (size_t i = 0; deleted && i < as_str(deleted)->length; i++) {
        if (!dict_set(t, table, fixnum(str_at(as_str(deleted), i)), NONE))
            return 0;
    }
    return value_of(table);
}

static Value table_from_dict(Thread *t, Dict *table, Value from)
{
    if (!is_dict(from))
        return raise(t, EXC(TypeError), "if you give only one argument to maketrans it must be a dict");
    size_t position = 0;
    Value key, value;
    while (dict_next(as_dict(from), &position, &key, &value)) {
        if (is_str(key)) {
            if (as_str(key)->length != 1)
                return raise(t, EXC(ValueError), "string keys in translatetable must be of length 1");
            key = fixnum(str_at(as_str(key), 0));
        } else if (!is_int(key)) {
            return raise(t, EXC(TypeError), "keys in translate table must be strings or integers");
        }
        if (!dict_set(t, table, key, value))
            return 0;
    }
    return value_of(table);
}

STR_METHOD(maketrans)      // static: no self
{
    Dict *table = dict_new(t);
    if (!table)
        return 0;
    return args[1] ? table_from_strings(t, table, args[0], args[1], args[2]) : table_from_dict(t, table, args[0]);
}
