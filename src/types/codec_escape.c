// codec_escape.c: unicode_escape, raw_unicode_escape, and the escapes of bytes literals.
#include "src/core/error.h"
#include "src/types/codec.h"
#include "src/types/str_methods.h"
#include "src/types/unicode_names.h"

#define ILLEGAL "illegal Unicode character"

static int hex_value(uint32_t c)
{
    return c - '0' < 10 ? (int)(c - '0') : (c | 0x20) - 'a' < 6 ? (int)((c | 0x20) - 'a' + 10) : -1;
}

static uint32_t simple_escape(uint8_t c)      // 0: none
{
    switch (c) {
    case '\\': case '\'': case '"': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'v': return '\v';
    case 'a': return '\a';
    }
    return 0;
}

// Decodes `digits` hexadecimal digits behind the escape at `start` whose letter is at *i - 1. *done: incomplete.
static bool hex_escape(Thread *t, Decoder *d, size_t start, size_t *i, int digits, bool final, bool *done, const char *truncated,
                       const char *too_large)
{
    uint32_t c = 0;
    int n = 0;
    while (n < digits && *i < d->length && hex_value(d->input[*i]) >= 0) {
        c = c << 4 | (uint32_t)hex_value(d->input[(*i)++]);
        n++;
    }
    if (n < digits) {
        if (*i >= d->length && !final) {
            *i = start;
            return *done = true;
        }
        return decoder_error(t, d, start, *i, truncated, i);
    }
    if (c > MAX_CODE_POINT)
        return decoder_error(t, d, start, *i, too_large, i);
    return builder_char(t, &d->out, c);
}

static bool name_escape(Thread *t, Decoder *d, size_t start, size_t *i, bool final, bool *done)
{
    const char *why = "malformed \\N character escape";
    if (*i >= d->length && !final) {
        *i = start;
        return *done = true;
    }
    if (*i < d->length && d->input[*i] == '{') {
        size_t name = ++*i;
        while (*i < d->length && d->input[*i] != '}')
            ++*i;
        if (*i >= d->length && !final) {
            *i = start;
            return *done = true;
        }
        if (*i < d->length && *i > name) {
            uint32_t c;
            why = "unknown Unicode character name";
            size_t n = *i - name;
            ++*i;
            if (unicode_lookup_name((const char *)d->input + name, n, &c))
                return builder_char(t, &d->out, c);
        } else if (*i < d->length) {
            ++*i;
        }
    }
    return decoder_error(t, d, start, *i, why, i);
}

static bool octal_escape(Thread *t, Decoder *d, uint8_t first, size_t *i, int64_t *invalid)
{
    uint32_t c = first - '0';
    for (int n = 1; n < 3 && *i < d->length && d->input[*i] >= '0' && d->input[*i] <= '7'; n++)
        c = c << 3 | (d->input[(*i)++] - '0');
    if (c > 0377 && *invalid < 0)
        *invalid = -2 - (int64_t)c;
    return builder_char(t, &d->out, c);
}

// The escape at *i (a backslash). *invalid: an escape letter that is none, or -2 - value of an octal one too large; -1 none yet.
static bool escape_step(Thread *t, Decoder *d, size_t *i, bool final, bool *done, int64_t *invalid)
{
    size_t start = *i;
    if (++*i >= d->length) {
        if (!final) {
            *i = start;
            return *done = true;
        }
        return decoder_error(t, d, start, d->length, "\\ at end of string", i);
    }
    uint8_t c = d->input[(*i)++];
    if (c == '\n')
        return true;
    if (simple_escape(c))
        return builder_char(t, &d->out, simple_escape(c));
    if (c >= '0' && c <= '7')
        return octal_escape(t, d, c, i, invalid);
    switch (c) {
    case 'x': return hex_escape(t, d, start, i, 2, final, done, "truncated \\xXX escape", ILLEGAL);
    case 'u': return hex_escape(t, d, start, i, 4, final, done, "truncated \\uXXXX escape", ILLEGAL);
    case 'U': return hex_escape(t, d, start, i, 8, final, done, "truncated \\UXXXXXXXX escape", ILLEGAL);
    case 'N': return name_escape(t, d, start, i, final, done);
    }
    if (*invalid == -1)
        *invalid = c;
    return builder_char(t, &d->out, '\\') && builder_char(t, &d->out, c);
}

static bool warn_escape(Thread *t, int64_t invalid)
{
    if (invalid == -1)
        return true;
    if (invalid < -1) {
        unsigned c = (unsigned)(-2 - invalid);
        return warn(t, EXC(DeprecationWarning), 1, "\"\\%c%c%c\" is an invalid octal escape sequence. Such sequences will not work in the future. ",
                    '0' + (c >> 6), '0' + (c >> 3 & 7), '0' + (c & 7));
    }
    return warn(t, EXC(DeprecationWarning), 1, "\"\\%c\" is an invalid escape sequence. Such sequences will not work in the future. ", (uint32_t)invalid);
}

Value unicode_escape_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed)
{
    Decoder d;
    decoder_init(&d, "unicodeescape", errors, s, n);
    size_t i = 0;
    bool done = false;
    int64_t invalid = -1;
    while (i < d.length && !done) {
        bool ok = d.input[i] == '\\' ? escape_step(t, &d, &i, !consumed, &done, &invalid)
                                     : builder_char(t, &d.out, d.input[i++]);
        if (!ok)
            return 0;
    }
    if (consumed)
        *consumed = i;
    return warn_escape(t, invalid) ? builder_finish(t, &d.out) : 0;
}

Value raw_unicode_escape_decode(Thread *t, const uint8_t *s, size_t n, const char *errors, size_t *consumed)
{
    Decoder d;
    decoder_init(&d, "rawunicodeescape", errors, s, n);
    size_t i = 0;
    bool done = false;
    while (i < d.length && !done) {
        uint8_t c = d.input[i];
        bool ok;
        if (c != '\\') {
            ok = builder_char(t, &d.out, c);
            i++;
        } else if (i + 1 >= d.length) {
            if (consumed)
                break;
            ok = builder_char(t, &d.out, c);
            i++;
        } else if (d.input[i + 1] == 'u' || d.input[i + 1] == 'U') {
            size_t start = i;
            int digits = d.input[i + 1] == 'u' ? 4 : 8;
            i += 2;
            ok = hex_escape(t, &d, start, &i, digits, !consumed, &done,
                            digits == 4 ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape",
                            "\\Uxxxxxxxx out of range");
        } else {
            ok = builder_char(t, &d.out, c) && builder_char(t, &d.out, d.input[i + 1]);
            i += 2;
        }
        if (!ok)
            return 0;
    }
    if (consumed)
        *consumed = i;
    return builder_finish(t, &d.out);
}

Value unicode_escape_encode(Thread *t, Value text)
{
    const Str *s = as_str(text);
    BytesBuilder out = {0};
    if (!bytes_reserve(t, &out, s->length + 8))
        return 0;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        char escape[10] = {'\\'};
        size_t n = 2;
        if (c == '\\' || c == '\n' || c == '\r' || c == '\t')
            escape[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : '\\';
        else if (c >= ' ' && c < 0x7f)
            escape[0] = (char)c, n = 1;
        else
            n = (size_t)str_escape_hex(c, escape);
        if (!bytes_add(t, &out, escape, n))
            return 0;
    }
    return bytes_finish(t, &out);
}

Value raw_unicode_escape_encode(Thread *t, Value text)
{
    const Str *s = as_str(text);
    BytesBuilder out = {0};
    if (!bytes_reserve(t, &out, s->length + 8))
        return 0;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        char escape[10] = {(char)c};
        if (!bytes_add(t, &out, escape, c < 0x100 ? 1 : (size_t)str_escape_hex(c, escape)))
            return 0;
    }
    return bytes_finish(t, &out);
}

// --- bytes ---

static bool bytes_hex_escape(Thread *t, BytesBuilder *out, const uint8_t *s, size_t n, size_t *i, ErrorsKind kind, const char *errors)
{
    size_t start = *i - 2;
    if (*i + 1 < n && hex_value(s[*i]) >= 0 && hex_value(s[*i + 1]) >= 0) {
        *i += 2;
        return bytes_add_byte(t, out, (uint8_t)(hex_value(s[*i - 2]) << 4 | hex_value(s[*i - 1])));
    }
    if (*i < n && hex_value(s[*i]) >= 0)
        ++*i;
    if (kind == ERRORS_IGNORE)
        return true;
    if (kind == ERRORS_REPLACE)
        return bytes_add_byte(t, out, '?');
    if (kind == ERRORS_STRICT)
        return raise(t, EXC(ValueError), "invalid \\x escape at position %lu", start);
    return raise(t, EXC(ValueError), "decoding error; unknown error handling code: %.400s", errors);
}

Value bytes_escape_decode(Thread *t, const uint8_t *s, size_t n, const char *errors)
{
    BytesBuilder out = {0};
    ErrorsKind kind = errors_kind(errors);
    int64_t invalid = -1;
    if (!bytes_reserve(t, &out, n))
        return 0;
    for (size_t i = 0; i < n;) {
        bool ok = true;
        if (s[i] != '\\') {
            ok = bytes_add_byte(t, &out, s[i++]);
        } else if (i + 1 >= n) {
            return raise(t, EXC(ValueError), "Trailing \\ in string");
        } else {
            uint8_t c = s[i + 1];
            i += 2;
            if (c == '\n') {
                continue;
            } else if (simple_escape(c)) {
                ok = bytes_add_byte(t, &out, (uint8_t)simple_escape(c));
            } else if (c >= '0' && c <= '7') {
                uint32_t value = c - '0';
                for (int k = 1; k < 3 && i < n && s[i] >= '0' && s[i] <= '7'; k++)
                    value = value << 3 | (s[i++] - '0');
                if (value > 0377 && invalid == -1)
                    invalid = -2 - (int64_t)value;
                ok = bytes_add_byte(t, &out, (uint8_t)value);
            } else if (c == 'x') {
                ok = bytes_hex_escape(t, &out, s, n, &i, kind, errors);
            } else {
                if (invalid == -1)
                    invalid = c;
                ok = bytes_add_byte(t, &out, '\\') && bytes_add_byte(t, &out, c);
            }
        }
        if (!ok)
            return 0;
    }
    return warn_escape(t, invalid) ? bytes_finish(t, &out) : 0;
}
