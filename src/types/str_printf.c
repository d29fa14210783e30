// str_printf.c: text from a C format: the directives of src/core/error.h.
#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/str_builder.h"
#include "src/types/str_units.h"
#include "src/types/utf8.h"

typedef struct Directive {
    int width;         // 0: none
    int precision;     // -1: none
    bool zero;         // pad numbers with zeros
    bool left;
    bool is_long;
    char letter;
} Directive;

static const char *directive_parse(const char *p, Directive *d)
{
    *d = (Directive){.precision = -1};
    for (;; p++) {
        if (*p == '0')
            d->zero = true;
        else if (*p == '-')
            d->left = true;
        else
            break;
    }
    while (*p >= '0' && *p <= '9')
        d->width = d->width * 10 + (*p++ - '0');
    if (*p == '.') {
        d->precision = 0;
        for (p++; *p >= '0' && *p <= '9'; p++)
            d->precision = d->precision * 10 + (*p - '0');
    }
    while (*p == 'l' || *p == 'z' || *p == 'j' || *p == 't') {
        d->is_long = true;
        p++;
    }
    d->letter = *p;
    return p + 1;
}

// UTF-8 text that need not be valid; a precision counts bytes and never cuts a character.
static bool put_text(Thread *t, StrBuilder *b, const Directive *d, const char *text)
{
    if (!text)
        text = "(null)";
    size_t n = d->precision >= 0 ? strnlen(text, (size_t)d->precision) : strlen(text);
    const uint8_t *s = (const uint8_t *)text;
    for (size_t i = 0; i < n;) {
        size_t run = ascii_prefix(s + i, n - i);
        if (!builder_ascii(t, b, text + i, run))
            return false;
        i += run;
        if (i == n)
            break;
        uint32_t c = 0xfffd;
        int used = utf8_one(s + i, n - i, &c);
        if (used == 0)
            break;
        if (!builder_char(t, b, used > 0 ? c : 0xfffd))
            return false;
        i += (size_t)(used > 0 ? used : -used);
    }
    return true;
}

static bool put_number(Thread *t, StrBuilder *b, const Directive *d, uint64_t magnitude, bool negative, unsigned base)
{
    char digits[32];
    int n = 0;
    do {
        digits[n++] = "0123456789abcdef"[magnitude % base];
        magnitude /= base;
    } while (magnitude);
    int pad = d->width - n - negative;
    if (pad > 0 && !d->zero && !builder_fill(t, b, ' ', (size_t)pad))
        return false;
    if (negative && !builder_char(t, b, '-'))
        return false;
    if (pad > 0 && d->zero && !builder_fill(t, b, '0', (size_t)pad))
        return false;
    while (n > 0) {
        if (!builder_char(t, b, (uint8_t)digits[--n]))
            return false;
    }
    return true;
}

static bool put_str(Thread *t, StrBuilder *b, const Directive *d, Value s)
{
    if (!s)
        return false;
    size_t n = as_str(s)->length;
    if (d->precision >= 0)
        n = size_min(n, (size_t)d->precision);
    return builder_substring(t, b, s, 0, n);
}

static bool put_signed(Thread *t, StrBuilder *b, const Directive *d, int64_t i)
{
    return put_number(t, b, d, i < 0 ? 0 - (uint64_t)i : (uint64_t)i, i < 0, 10);
}

// module.qualname, without the module for builtins and __main__.
static bool put_qualified(Thread *t, StrBuilder *b, const Directive *d, const Type *type)
{
    if (!type_has_flag(type, TYPE_HEAP))
        return put_text(t, b, d, type->name);
    Value module = type->module;
    if (module && is_str(module) && !str_equal_cstr(module, "builtins") && !str_equal_cstr(module, "__main__") &&
        !(put_str(t, b, d, module) && builder_char(t, b, '.')))
        return false;
    return put_str(t, b, d, type->qualname);
}

static bool put_value(Thread *t, StrBuilder *b, const Directive *d, Value v)
{
    switch (d->letter) {
    case 'V': return put_str(t, b, d, value_str(t, v));
    case 'R': return put_str(t, b, d, value_repr(t, v));
    case 'A': return put_str(t, b, d, value_ascii(t, v));
    case 'U': return put_str(t, b, d, v);
    case 'Q': return put_qualified(t, b, d, type_of(v));
    default: return put_text(t, b, d, type_of(v)->name);
    }
}

typedef struct { va_list list; } Arguments;

static bool put_directive(Thread *t, StrBuilder *b, const Directive *d, Arguments *args)
{
    switch (d->letter) {
    case '%': return builder_char(t, b, '%');
    case 's': return put_text(t, b, d, va_arg(args->list, const char *));
    case 'c': return builder_char(t, b, va_arg(args->list, uint32_t));
    case 'i':
    case 'd': return put_signed(t, b, d, d->is_long ? va_arg(args->list, int64_t) : va_arg(args->list, int));
    case 'u': return put_number(t, b, d, d->is_long ? va_arg(args->list, uint64_t) : va_arg(args->list, unsigned), false, 10);
    case 'x': return put_number(t, b, d, d->is_long ? va_arg(args->list, uint64_t) : va_arg(args->list, unsigned), false, 16);
    case 'p': return builder_ascii(t, b, "0x", 2) && put_number(t, b, d, (uintptr_t)va_arg(args->list, void *), false, 16);
    case 'N': return put_text(t, b, d, va_arg(args->list, Type *)->name);
    case 'V':
    case 'R':
    case 'A':
    case 'U':
    case 'Q':
    case 'T': return put_value(t, b, d, va_arg(args->list, Value));
    }
    never("unknown directive in a format");
}

bool builder_format_va(Thread *t, StrBuilder *b, const char *format, va_list list)
{
    Arguments args;
    va_copy(args.list, list);
    bool ok = true;
    while (ok && *format) {
        const char *percent = strchr(format, '%');
        size_t n = percent ? (size_t)(percent - format) : strlen(format);
        Directive literal = {.precision = (int)n};
        if (!put_text(t, b, &literal, format)) {
            ok = false;
        } else if (percent) {
            Directive d;
            format = directive_parse(percent + 1, &d);
            ok = put_directive(t, b, &d, &args);
        } else {
            break;
        }
    }
    va_end(args.list);
    return ok;
}

Value str_format_va(Thread *t, const char *format, va_list args)
{
    StrBuilder b;
    builder_init(&b);
    return builder_format_va(t, &b, format, args) ? builder_finish(t, &b) : 0;
}

Value str_format(Thread *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value s = str_format_va(t, format, args);
    va_end(args);
    return s;
}
