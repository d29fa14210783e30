// str_case.c: lower, upper, title, capitalize, swapcase, casefold: full case mapping, with the final sigma.
#include "src/types/str_builder.h"
#include "src/types/str_methods.h"
#include "src/types/unicode.h"

#define CAPITAL_SIGMA 0x3a3
#define SMALL_SIGMA 0x3c3
#define FINAL_SIGMA 0x3c2

static inline uint8_t ascii_lower(uint8_t c) { return (uint8_t)(c - 'A') < 26 ? c | 0x20 : c; }
static inline uint8_t ascii_upper(uint8_t c) { return (uint8_t)(c - 'a') < 26 ? c & ~0x20 : c; }

// Is the capital sigma at i the last letter of a word?
static bool is_final_sigma(const Str *s, size_t i)
{
    size_t j = i;
    while (j > 0 && (char_flags(str_at(s, j - 1)) & CHAR_CASE_IGNORABLE))
        j--;
    if (j == 0 || !(char_flags(str_at(s, j - 1)) & CHAR_CASED))
        return false;
    for (j = i + 1; j < s->length && (char_flags(str_at(s, j)) & CHAR_CASE_IGNORABLE);)
        j++;
    return j == s->length || !(char_flags(str_at(s, j)) & CHAR_CASED);
}

static bool put_mapped(Thread *t, StrBuilder *b, const Str *s, size_t i, CaseForm form)
{
    uint32_t c = str_at(s, i), mapped[3];
    if (c == CAPITAL_SIGMA && form == CASE_LOWER)
        return builder_char(t, b, is_final_sigma(s, i) ? FINAL_SIGMA : SMALL_SIGMA);
    int n = char_case(c, form, mapped);
    for (int k = 0; k < n; k++) {
        if (!builder_char(t, b, mapped[k]))
            return false;
    }
    return true;
}

static Value map_all(Thread *t, const Str *s, CaseForm form)
{
    StrBuilder b;
    builder_init(&b);
    if (!builder_reserve(t, &b, s->length, 0))
        return 0;
    for (size_t i = 0; i < s->length; i++) {
        if (!put_mapped(t, &b, s, i, form))
            return 0;
    }
    return builder_finish(t, &b);
}

static Str *ascii_like(Thread *t, const Str *s) { return str_alloc(t, s->length, 0x7f); }

static Value lower_any(Thread *t, Value value, CaseForm form)
{
    const Str *s = as_str(value);
    if (!str_is_ascii(s))
        return map_all(t, s, form);
    if (s->length <= 1)
        return s->length ? str_latin1[ascii_lower((uint8_t)str_at(s, 0))] : str_empty;
    Str *out = ascii_like(t, s);
    if (!out)
        return 0;
    const uint8_t *from = s->data;
    uint8_t *to = out->data;
    for (size_t i = 0; i < s->length; i++)
        to[i] = ascii_lower(from[i]);
    return value_of(out);
}

STR_METHOD(lower) { return lower_any(t, args[0], CASE_LOWER); }
STR_METHOD(casefold) { return lower_any(t, args[0], CASE_FOLD); }

STR_METHOD(upper)
{
    const Str *s = as_str(args[0]);
    if (!str_is_ascii(s))
        return map_all(t, s, CASE_UPPER);
    if (s->length <= 1)
        return s->length ? str_latin1[ascii_upper((uint8_t)str_at(s, 0))] : str_empty;
    Str *out = ascii_like(t, s);
    if (!out)
        return 0;
    const uint8_t *from = s->data;
    uint8_t *to = out->data;
    for (size_t i = 0; i < s->length; i++)
        to[i] = ascii_upper(from[i]);
    return value_of(out);
}

static inline bool ascii_letter(uint8_t c) { return (uint8_t)((c | 0x20) - 'a') < 26; }

// ASCII text with the first letter of each word (of the text, when only_first) large and the others small.
static Value ascii_words(Thread *t, const Str *s, bool only_first)
{
    Str *out = ascii_like(t, s);
    if (!out)
        return 0;
    const uint8_t *from = s->data;
    uint8_t *to = out->data;
    bool in_word = false;
    for (size_t i = 0; i < s->length; i++) {
        to[i] = in_word ? ascii_lower(from[i]) : ascii_upper(from[i]);
        in_word = only_first || ascii_letter(from[i]);
    }
    return s->length == 1 ? str_latin1[to[0]] : value_of(out);
}

STR_METHOD(title)
{
    const Str *s = as_str(args[0]);
    if (str_is_ascii(s) && s->length)
        return ascii_words(t, s, false);
    StrBuilder b;
    builder_init(&b);
    if (!builder_reserve(t, &b, s->length, 0))
        return 0;
    bool in_word = false;
    for (size_t i = 0; i < s->length; i++) {
        if (!put_mapped(t, &b, s, i, in_word ? CASE_LOWER : CASE_TITLE))
            return 0;
        in_word = char_flags(str_at(s, i)) & CHAR_CASED;
    }
    return builder_finish(t, &b);
}

STR_METHOD(capitalize)
{
    const Str *s = as_str(args[0]);
    if (s->length == 0)
        return str_empty;
    if (str_is_ascii(s))
        return ascii_words(t, s, true);
    StrBuilder b;
    builder_init(&b);
    if (!builder_reserve(t, &b, s->length, 0) || !put_mapped(t, &b, s, 0, CASE_TITLE))
        return 0;
    for (size_t i = 1; i < s->length; i++) {
        if (!put_mapped(t, &b, s, i, CASE_LOWER))
            return 0;
    }
    return builder_finish(t, &b);
}

STR_METHOD(swapcase)
{
    const Str *s = as_str(args[0]);
    StrBuilder b;
    builder_init(&b);
    if (!builder_reserve(t, &b, s->length, 0))
        return 0;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        uint16_t flags = char_flags(c);
        bool ok = flags & CHAR_UPPER   ? put_mapped(t, &b, s, i, CASE_LOWER)
                  : flags & CHAR_LOWER ? put_mapped(t, &b, s, i, CASE_UPPER)
                                       : builder_char(t, &b, c);
        if (!ok)
            return 0;
    }
    return builder_finish(t, &b);
}
