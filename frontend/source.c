// source.c: bytes to source text: byte order mark, PEP 263 cookie, decoding, line ends.

#include "frontend/source.h"

#include "frontend/syntax_error.h"

#include <stdio.h>
#include <string.h>

#include "src/core/error.h"
#include "src/types/exception.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// ---- lines ----

size_t source_line_start(const Source *source, size_t offset)
{
    const char *newline = offset ? memrchr(source->text, '\n', offset) : NULL;
    return newline ? (size_t)(newline + 1 - source->text) : 0;
}

size_t source_line_size(const Source *source, size_t line_start)
{
    const char *line = source->text + line_start;
    const char *end = memchr(line, '\n', source->size - line_start);
    return end ? (size_t)(end - line) : source->size - line_start;
}

size_t source_find_line(const Source *source, int lineno)
{
    size_t at = 0;
    while (--lineno > 0 && at < source->size) {
        at += source_line_size(source, at);
        if (at < source->size)
            at++;
    }
    return at;
}

// ---- PEP 263 cookies ----

static bool is_cookie_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

// Finds `coding[:=] name` in a comment line. Returns the name's size, 0 for none.
static size_t cookie_in_line(const char *line, size_t size, const char **out_name)
{
    size_t i = 0;
    while (i < size && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f'))
        i++;
    if (i >= size || line[i] != '#')
        return 0;
    for (; i + 7 <= size; i++) {
        if (memcmp(line + i, "coding", 6) != 0 || (line[i + 6] != ':' && line[i + 6] != '='))
            continue;
        size_t start = i + 7;
        while (start < size && (line[start] == ' ' || line[start] == '\t'))
            start++;
        size_t end = start;
        while (end < size && is_cookie_char(line[end]))
            end++;
        if (end > start) {
            *out_name = line + start;
            return end - start;
        }
    }
    return 0;
}

// Only a blank or comment line lets the second line have the cookie.
static bool is_blank_or_comment(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (line[i] == '#')
            return true;
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\f')
            return false;
    }
    return true;
}

// True when `name` is `base` or `base` with a suffix behind a '-'.
static bool is_spelling_of(const char *name, const char *base)
{
    size_t n = strlen(base);
    return strncmp(name, base, n) == 0 && (name[n] == 0 || name[n] == '-');
}

static void normalise_encoding(const char *name, size_t size, char *out_name, size_t capacity)
{
    char folded[13];   // CPython looks at the first twelve characters
    size_t i = 0;
    for (; i < size && i < sizeof folded - 1; i++) {
        char c = name[i];
        folded[i] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    folded[i] = 0;
    if (is_spelling_of(folded, "utf-8"))
        snprintf(out_name, capacity, "utf-8");
    else if (is_spelling_of(folded, "latin-1") || is_spelling_of(folded, "iso-8859-1") ||
             is_spelling_of(folded, "iso-latin-1"))
        snprintf(out_name, capacity, "iso-8859-1");
    else
        snprintf(out_name, capacity, "%.*s", (int)size, name);
}

static size_t raw_line_size(const char *bytes, size_t size)
{
    size_t n = 0;
    while (n < size && bytes[n] != '\n' && bytes[n] != '\r')
        n++;
    return n;
}

bool source_find_cookie(const char *bytes, size_t size, char *out_name, size_t capacity)
{
    for (int lineno = 1; lineno <= 2; lineno++) {
        size_t n = raw_line_size(bytes, size);
        const char *name;
        size_t length = cookie_in_line(bytes, n, &name);
        if (length) {
            normalise_encoding(name, length, out_name, capacity);
            return true;
        }
        if (n == size || !is_blank_or_comment(bytes, n))
            return false;
        n += bytes[n] == '\r' && n + 1 < size && bytes[n + 1] == '\n' ? 2 : 1;
        bytes += n;
        size -= n;
    }
    return false;
}

// ---- checks ----

// Size of the valid UTF-8 sequence at s, or 0. At least one byte is there.
static size_t utf8_sequence(const unsigned char *s, size_t size)
{
    unsigned char c = s[0];
    size_t n = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (n == 0 || n > size)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    if ((c == 0xE0 && s[1] < 0xA0) || (c == 0xED && s[1] > 0x9F) || (c == 0xF0 && s[1] < 0x90) ||
        (c == 0xF4 && s[1] > 0x8F))
        return 0;
    return n;
}

// Offset of the first byte that is not valid UTF-8; `size` when all is valid.
static size_t utf8_check(const char *bytes, size_t size)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t at = 0;
    while (at < size) {
        uint64_t word;
        while (at + 8 <= size && (memcpy(&word, s + at, 8), !(word & 0x8080808080808080ull)))
            at += 8;
        if (at >= size)
            break;
        size_t n = utf8_sequence(s + at, size - at);
        if (!n)
            return at;
        at += n;
    }
    return size;
}

static size_t count_lines(const char *bytes, size_t size)
{
    size_t lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == size || bytes[i + 1] != '\n'));
    return lines;
}

// bytes[bad] starts what is not UTF-8. CPython names no file in this error unless it read the file.
static bool not_utf8(Thread *t, const char *bytes, size_t size, size_t bad, Value file)
{
    size_t start = bad;
    while (start > 0 && bytes[start - 1] != '\n' && bytes[start - 1] != '\r')
        start--;
    int lineno = (int)count_lines(bytes, bad) + 1;
    int column = 1;
    for (size_t i = start; i < bad; i++)
        column += (bytes[i] & 0xC0) != 0x80;
    Value text = str_decode(t, bytes + start, raw_line_size(bytes + start, size - start), "utf-8",
                            "replace");
    if (!text)
        return false;
    raise_syntax(t, EXC(SyntaxError), file ? file : NONE, lineno, column, lineno, column, text,
                 "Non-UTF-8 code starting with '\\x%x'%s%V on line %d, but no encoding declared; "
                 "see https://peps.python.org/pep-0263/ for details",
                 (unsigned)(unsigned char)bytes[bad], file ? " in file " : "",
                 file ? file : str_empty, lineno);
    return false;
}

// ---- line ends ----

// Copies to the arena with '\n' for every line end, ended as the flags ask.
static bool copy_lines(Thread *t, Arena *arena, Source *source, const char *bytes, size_t size,
                       unsigned flags)
{
    if (size > SOURCE_MAX_SIZE) {
        raise(t, EXC(OverflowError), "source is too large");
        return false;
    }
    char *text = arena_alloc(t, arena, size + 8);   // room for a line end, and for looking ahead
    if (!text)
        return false;
    char *out = text;
    while (size) {
        const char *end = memchr(bytes, '\r', size);
        size_t n = end ? (size_t)(end - bytes) : size;
        memcpy(out, bytes, n);
        out += n;
        bytes += n;
        size -= n;
        if (end) {
            *out++ = '\n';
            n = size > 1 && bytes[1] == '\n' ? 2 : 1;
            bytes += n;
            size -= n;
        }
    }
    source->newline_added = out > text && out[-1] != '\n';
    if (source->newline_added && (flags & SOURCE_ADD_NEWLINE))
        *out++ = '\n';
    memset(out, 0, 4);
    source->text = text;
    source->size = (size_t)(out - text);
    return true;
}

// ---- decoding ----

// SyntaxError that knows its file and nothing more.
static void file_error(Thread *t, Value filename, Value message)
{
    Value details = message ? tuple_of(t, 4, filename, fixnum(0), fixnum(-1), NONE) : 0;
    Value args = details ? tuple_pair(t, message, details) : 0;
    Value error = args ? exception_new(t, EXC(SyntaxError), args) : 0;
    if (error)
        raise_value(t, error);
}

// Turns the pending decoding error into a SyntaxError.
static bool encoding_error(Thread *t, Value filename, const char *encoding)
{
    bool unicode = pending_matches(t, EXC(UnicodeError));
    if (!unicode && !pending_matches(t, EXC(LookupError)))
        return false;
    Value text = str_format(t, "%V", pending_take(t)), odd = str_from_cstr(t, "not a text encoding");
    if (!text || !odd)
        return false;
    unicode |= str_find(as_str(text), as_str(odd), 0, as_str(text)->length, false) >= 0;
    file_error(t, filename, unicode ? text : str_format(t, "unknown encoding: %s", encoding));
    return false;
}

static bool open_encoded(Thread *t, Arena *arena, Source *source, const char *bytes, size_t size,
                         const char *encoding, unsigned flags)
{
    Value text = str_decode(t, bytes, size, encoding, "strict");
    size_t length;
    const char *utf8 = text ? str_utf8(t, text, &length) : NULL;
    if (!utf8)
        return encoding_error(t, source->filename, encoding);
    return copy_lines(t, arena, source, utf8, length, flags);
}

// The cookie stands in the first line, or in the second when the first has none.
static bool bom_conflict(Thread *t, const char *bytes, size_t size, const char *encoding)
{
    size_t n = raw_line_size(bytes, size);
    const char *name;
    int lineno = 1;
    if (!cookie_in_line(bytes, n, &name)) {
        size_t next = n + (bytes[n] == '\r' && n + 1 < size && bytes[n + 1] == '\n' ? 2 : 1);
        bytes += next;
        size -= next;
        n = raw_line_size(bytes, size);
        lineno = 2;
    }
    Value line = str_decode(t, bytes, n, "utf-8", "replace");
    Value message = line ? str_format(t, "encoding problem: %s with BOM", encoding) : 0;
    if (message)
        syntax_error_raise(t, NONE, EXC(SyntaxError), (AstSpan){lineno, -1, lineno, (int)n - 1},
                           bytes, n, message);
    return false;
}

bool source_open(Thread *t, Arena *arena, Source *source, const char *bytes, size_t size,
                 Value filename, unsigned flags)
{
    source->filename = filename;
    if (memchr(bytes, 0, size)) {
        raise(t, EXC(SyntaxError), "source code %scannot contain null bytes",
              flags & SOURCE_FROM_FILE ? "" : "string ");
        return false;
    }
    if (!(flags & SOURCE_IGNORE_COOKIE)) {
        bool bom = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
        if (bom) {
            bytes += 3;
            size -= 3;
        }
        char encoding[64];
        if (source_find_cookie(bytes, size, encoding, sizeof encoding) &&
            strcmp(encoding, "utf-8") != 0)
            return bom ? bom_conflict(t, bytes, size, encoding)
                       : open_encoded(t, arena, source, bytes, size, encoding, flags);
    }
    size_t bad = utf8_check(bytes, size);
    if (bad < size)
        return not_utf8(t, bytes, size, bad, flags & SOURCE_FROM_FILE ? filename : 0);
    return copy_lines(t, arena, source, bytes, size, flags);
}
