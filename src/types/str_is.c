// str_is.c: questions about the characters of a string: isalpha, isdigit, islower …
#include "src/types/str_methods.h"
#include "src/types/unicode.h"

// All characters have one of the flags, and there is at least one.
static Value all_have(const Str *s, uint16_t flags)
{
    for (size_t i = 0; i < s->length; i++) {
        if (!(char_flags(str_at(s, i)) & flags))
            return FALSE;
    }
    return value_bool(s->length > 0);
}

STR_METHOD(isalnum) { return all_have(as_str(args[0]), CHAR_ALNUM); }
STR_METHOD(isalpha) { return all_have(as_str(args[0]), CHAR_ALPHA); }
STR_METHOD(isdecimal) { return all_have(as_str(args[0]), CHAR_DECIMAL); }
STR_METHOD(isdigit) { return all_have(as_str(args[0]), CHAR_DIGIT | CHAR_DECIMAL); }
STR_METHOD(isnumeric) { return all_have(as_str(args[0]), CHAR_NUMERIC | CHAR_DIGIT | CHAR_DECIMAL); }
STR_METHOD(isspace) { return all_have(as_str(args[0]), CHAR_SPACE); }
STR_METHOD(isascii) { return value_bool(str_is_ascii(as_str(args[0]))); }

STR_METHOD(isprintable)
{
    const Str *s = as_str(args[0]);
    return s->length == 0 ? TRUE : all_have(s, CHAR_PRINTABLE);
}

STR_METHOD(isidentifier)
{
    const Str *s = as_str(args[0]);
    if (s->length == 0 || !(char_flags(str_at(s, 0)) & CHAR_XID_START))
        return FALSE;
    return all_have(s, CHAR_XID_CONTINUE);
}

// At least one of `wanted`, none of `refused`.
static Value one_and_none(const Str *s, uint16_t wanted, uint16_t refused)
{
    bool found = false;
    for (size_t i = 0; i < s->length; i++) {
        uint16_t flags = char_flags(str_at(s, i));
        if (flags & refused)
            return FALSE;
        found |= (flags & wanted) != 0;
    }
    return value_bool(found);
}

STR_METHOD(islower) { return one_and_none(as_str(args[0]), CHAR_LOWER, CHAR_UPPER | CHAR_TITLE); }
STR_METHOD(isupper) { return one_and_none(as_str(args[0]), CHAR_UPPER, CHAR_LOWER | CHAR_TITLE); }

STR_METHOD(istitle)
{
    const Str *s = as_str(args[0]);
    bool found = false, in_word = false;
    for (size_t i = 0; i < s->length; i++) {
        uint16_t flags = char_flags(str_at(s, i));
        if (flags & (CHAR_UPPER | CHAR_TITLE)) {
            if (in_word)
                return FALSE;
            found = in_word = true;
        } else if (flags & CHAR_LOWER) {
            if (!in_word)
                return FALSE;
            found = true;
        } else {
            in_word = false;
        }
    }
    return value_bool(found);
}
