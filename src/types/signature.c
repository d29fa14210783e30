// signature.c: text signatures of native functions: parsing, and binding a call's arguments to them.
//
// A Signature is immutable and lives in root memory: static variables of C code may point to it.
// The wording of errors follows CPython, which has three conventions: functions without parameters or with exactly one,
// functions with positional-only parameters, and functions with keywords.
#include <ctype.h>

#include "src/core/error.h"
#include "src/core/native.h"
#include "src/types/dict.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// --- parsing ---

typedef struct SignatureParser {
    const char *next;
    bool keyword_only, slash_seen;
    Signature *sig;
} SignatureParser;

// Skips a default or annotation: up to the next comma or closing parenthesis outside quotes and brackets.
static const char *skip_default(const char *p)
{
    int depth = 0;
    char quote = 0;
    for (; *p; p++) {
        if (quote) {
            if (*p == '\\' && p[1])
                p++;
            else if (*p == quote)
                quote = 0;
        } else if (*p == '\'' || *p == '"') {
            quote = *p;
        } else if (strchr("([{", *p)) {
            depth++;
        } else if (depth && strchr(")]}", *p)) {
            depth--;
        } else if (!depth && (*p == ',' || *p == ')')) {
            break;
        }
    }
    return p;
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

// Parses one named parameter at p.next.
static bool parse_parameter(Thread *t, SignatureParser *p)
{
    Signature *sig = p->sig;
    if (*p->next == '$') {
        sig->has_self = true;
        p->next++;
    }
    const char *start = p->next;
    while (is_name_char(*p->next))
        p->next++;
    size_t length = (size_t)(p->next - start);
    if (!length || sig->count >= NATIVE_PARAMS_MAX)
        return raise(t, EXC(SystemError), "bad text signature of %s()", sig->function_name);
    Value name = str_intern_utf8(t, start, length);
    if (!name)
        return false;
    while (*p->next == ' ')
        p->next++;
    bool optional = *p->next == '=';
    p->next = skip_default(p->next);
    if (p->keyword_only) {
        if (!optional)
            sig->required_keywords |= 1u << (sig->count - sig->positional);
    } else {
        sig->positional++;
        if (!optional)
            sig->required = sig->positional;
    }
    sig->names[sig->count++] = name;
    return true;
}

// Parses what stands between two commas: a parameter or one of / * *args **kwargs.
static bool parse_item(Thread *t, SignatureParser *p)
{
    Signature *sig = p->sig;
    if (*p->next == '/') {
        sig->positional_only = sig->count;
        p->next++;
    } else if (p->next[0] == '*' && p->next[1] == '*') {
        sig->has_kwargs = true;
        p->next = skip_default(p->next);
    } else if (*p->next == '*') {
        sig->has_varargs = is_name_char(p->next[1]);
        p->keyword_only = true;
        p->next = skip_default(p->next);
    } else {
        return parse_parameter(t, p);
    }
    return true;
}

static bool parse_items(Thread *t, SignatureParser *p)
{
    const char *text = p->next;
    if (*p->next++ != '(')
        return raise(t, EXC(SystemError), "bad text signature of %s(): %s", p->sig->function_name, text);
    for (;;) {
        while (*p->next == ' ' || *p->next == ',')
            p->next++;
        if (*p->next == ')')
            return true;
        if (!*p->next)
            return raise(t, EXC(SystemError), "bad text signature of %s(): %s", p->sig->function_name, text);
        if (!parse_item(t, p))
            return false;
    }
}

enum { SIGNATURE_BYTES_MAX = sizeof(Signature) + (NATIVE_PARAMS_MAX + 1) * sizeof(Value) };

// Copies a parsed signature and the name that messages use to root memory.
static Signature *signature_keep(Thread *t, const Signature *parsed, const char *qualifier, const char *name)
{
    size_t head = sizeof(Signature) + parsed->count * sizeof(Value);
    size_t first = qualifier ? strlen(qualifier) + 1 : 0, second = strlen(name) + 1;
    Signature *sig = heap_alloc_root(head + first + second);
    if (!sig)
        return memory_error(t);
    memcpy(sig, parsed, head);
    char *text = (char *)sig + head;
    if (qualifier) {
        memcpy(text, qualifier, first - 1);
        text[first - 1] = '.';
    }
    memcpy(text + first, name, second);
    sig->function_name = text;
    return sig;
}

static Signature *parse(Thread *t, const char *qualifier, const char *name, const char *text)
{
    union { Signature sig; char room[SIGNATURE_BYTES_MAX]; } u = {.sig = {.function_name = name}};
    Signature *sig = &u.sig;
    SignatureParser p = {.next = text, .sig = sig};
    if (!parse_items(t, &p))
        return NULL;
    if (sig->has_self && !sig->positional_only)
        sig->positional_only = 1;
    sig->takes_keywords = sig->has_kwargs || sig->count > sig->positional_only;
    if (sig->has_kwargs)
        sig->names[sig->count++] = 0;      // its word has no name
    return signature_keep(t, sig, qualifier, name);
}

const Signature *signature_parse(Thread *t, const char *function_name, const char *text)
{
    Signature *sig = parse(t, NULL, function_name, text);
    if (sig)
        sig->is_constructor = true;
    return sig;
}

const Signature *signature_of_def(Thread *t, const NativeDef *def, const char *qualifier)
{
    return parse(t, qualifier, def->name, def->signature ? def->signature : "(*args, **kwargs)");
}

// --- errors ---

static const char *bare_name(const Signature *sig)
{
    const char *dot = strrchr(sig->function_name, '.');
    return dot ? dot + 1 : sig->function_name;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

// Wrong number of arguments for a function whose parameters are all positional-only. Counts leave self out.
static bool raise_count(Thread *t, const Signature *sig, size_t given)
{
    size_t skip = sig->has_self;
    size_t least = sig->required > skip ? sig->required - skip : 0, most = sig->positional - skip;
    if (!sig->has_varargs && most == 0)
        return raise(t, EXC(TypeError), "%s() takes no arguments (%lu given)", sig->function_name, given);
    if (!sig->has_varargs && most == 1 && least == 1 && !sig->is_constructor)
        return raise(t, EXC(TypeError), "%s() takes exactly one argument (%lu given)", sig->function_name, given);
    const char *bound = least == most && !sig->has_varargs ? "" : given < least ? "at least " : "at most ";
    size_t limit = given < least ? least : most;
    return raise(t, EXC(TypeError), "%s expected %s%lu argument%s, got %lu", bare_name(sig), bound, limit, plural(limit), given);
}

// Too many arguments, by position and by name, for a function that takes keywords.
static bool raise_too_many(Thread *t, const Signature *sig, size_t positional, size_t given)
{
    size_t skip = sig->has_self, most = sig->count - skip;
    bool counts_positions = sig->is_constructor && (!strcmp(sig->function_name, "int") || !strcmp(sig->function_name, "str"));
    if (counts_positions && positional > most)
        return raise(t, EXC(TypeError), "%s expected at most %lu arguments, got %lu", sig->function_name, most, positional);
    size_t required = (sig->required > skip ? sig->required - skip : 0) + (size_t)__builtin_popcount(sig->required_keywords);
    return raise(t, EXC(TypeError), "%s() takes %s %lu %sargument%s (%lu given)", bare_name(sig),
                 required < most ? "at most" : "exactly", most, positional ? "" : "keyword ", plural(most), given);
}

static bool raise_positional(Thread *t, const Signature *sig, size_t given)
{
    size_t skip = sig->has_self, most = sig->positional - skip;
    if (most == 0)
        return raise(t, EXC(TypeError), "%s() takes no positional arguments", bare_name(sig));
    const char *bound = sig->required < sig->positional ? "at most" : "exactly";
    return raise(t, EXC(TypeError), "%s() takes %s %lu positional argument%s (%lu given)", bare_name(sig), bound, most, plural(most), given);
}

// The first parameter that was not given although it has no default.
static bool raise_missing(Thread *t, const Signature *sig, const Value *out, size_t positional)
{
    size_t skip = sig->has_self;
    size_t required_posonly = size_min(sig->required, sig->positional_only);
    if (positional < required_posonly - skip && required_posonly > skip) {
        size_t least = required_posonly - skip;
        return raise(t, EXC(TypeError), "%s() takes %s %lu positional argument%s (%lu given)", bare_name(sig),
                     sig->positional > required_posonly ? "at least" : "exactly", least, plural(least), positional);
    }
    size_t i = 0;
    while (i < sig->required && out[i])
        i++;
    if (i == sig->required) {
        i = sig->positional;
        while (out[i] || !(sig->required_keywords >> (i - sig->positional) & 1))
            i++;
    }
    if (sig->is_constructor && sig->required == 1 && sig->positional == sig->count && i == 0 && !strcmp(sig->function_name, "enumerate"))
        return raise(t, EXC(TypeError), "%s() missing required argument '%U'", bare_name(sig), sig->names[i]);
    return raise(t, EXC(TypeError), "%s() missing required argument '%U' (pos %lu)", bare_name(sig), sig->names[i], (uint64_t)(i - skip + 1));
}

// --- binding ---

static bool is_missing(const Signature *sig, const Value *out)
{
    for (size_t i = 0; i < sig->required; i++)
        if (!out[i])
            return true;
    for (uint32_t bits = sig->required_keywords; bits; bits &= bits - 1)
        if (!out[sig->positional + (size_t)__builtin_ctz(bits)])
            return true;
    return false;
}

static int find_keyword(const Signature *sig, Value name)
{
    size_t named = (size_t)sig->count - sig->has_kwargs;
    for (size_t i = sig->positional_only; i < named; i++)
        if (sig->names[i] == name)
            return (int)i;
    for (size_t i = sig->positional_only; i < named; i++)
        if (str_equal(as_str(sig->names[i]), as_str(name)))
            return (int)i;
    return -1;
}

// Puts the keyword values in their places; those that have none go to *extra_out, the **kwargs Dict. What is wrong with the
// names is remembered in *wrong and reported after the missing ones.
static bool bind_keywords(Thread *t, const Signature *sig, const Value *values, const Tuple *names, Value *out, Value *extra_out,
                          Value *unexpected, Value *duplicate)
{
    for (size_t i = 0; i < names->length; i++) {
        int at = find_keyword(sig, names->at[i]);
        if (at >= 0) {
            if (out[at])
                *duplicate = *duplicate ? *duplicate : names->at[i];
            else
                out[at] = values[i];
        } else if (sig->has_kwargs) {
            if (!*extra_out && !(*extra_out = value_of(dict_new(t))))
                return false;
            if (!dict_set(t, as_dict(*extra_out), names->at[i], values[i]))
                return false;
        } else if (!*unexpected) {
            *unexpected = names->at[i];
        }
    }
    return true;
}

static bool raise_duplicate(Thread *t, const Signature *sig, Value name)
{
    return raise(t, EXC(TypeError), "argument for %s() given by name ('%U') and position (%d)", bare_name(sig), name,
                 find_keyword(sig, name) + 1 - sig->has_self);
}

// The general case. self, when not 0, stands before args. extra_out gets the **kwargs Dict or 0.
bool signature_bind_self(Thread *t, const Signature *sig, Value self, const Value *args, size_t nargs, Value kwnames, Value *out)
{
    size_t skip = self != 0, keywords = kwnames ? as_tuple(kwnames)->length : 0, total = nargs + skip;
    size_t given = total - sig->has_self;       // without self, as messages count
    if (total < sig->has_self)
        return raise(t, EXC(TypeError), "unbound method %s() needs an argument", sig->function_name);
    memset(out, 0, sig->count * sizeof *out);
    if (self)
        out[0] = self;
    for (size_t i = skip; i < sig->positional && i < total; i++)
        out[i] = args[i - skip];
    if (keywords && !sig->takes_keywords)
        return raise(t, EXC(TypeError), "%s() takes no keyword arguments", sig->function_name);
    if (!sig->takes_keywords) {
        if ((total > sig->positional && !sig->has_varargs) || total < sig->required)
            return raise_count(t, sig, given);
        return true;
    }
    if (!sig->has_varargs && !sig->has_kwargs && given + keywords > (size_t)sig->count - sig->has_self)
        return raise_too_many(t, sig, given, given + keywords);
    if (!sig->has_varargs && total > sig->positional)
        return raise_positional(t, sig, given);
    Value unexpected = 0, duplicate = 0, extra = 0;
    if (keywords && !bind_keywords(t, sig, args + nargs, as_tuple(kwnames), out, &extra, &unexpected, &duplicate))
        return false;
    if (sig->has_kwargs)
        out[sig->count - 1] = extra;
    if (is_missing(sig, out)) {
        if (sig->required == sig->positional_only && total < sig->required && (sig->has_varargs || sig->has_kwargs))
            return raise_count(t, sig, given);
        return raise_missing(t, sig, out, given);
    }
    if (duplicate)
        return raise_duplicate(t, sig, duplicate);
    if (unexpected)
        return raise(t, EXC(TypeError), "%s() got an unexpected keyword argument '%U'", bare_name(sig), unexpected);
    return true;
}

bool signature_bind(Thread *t, const Signature *sig, const Value *args, size_t nargs, Value kwnames, Value *out)
{
    return signature_bind_self(t, sig, 0, args, nargs, kwnames, out);
}

bool arguments_check(Thread *t, const char *name, size_t nargs, Value kwnames, size_t least, size_t most)
{
    if (kwnames && as_tuple(kwnames)->length)
        return raise(t, EXC(TypeError), "%s() takes no keyword arguments", name);
    if (likely(nargs >= least && nargs <= most))
        return true;
    const char *bound = least == most ? "" : nargs < least ? "at least " : "at most ";
    size_t limit = nargs < least ? least : most;
    return raise(t, EXC(TypeError), "%s expected %s%lu argument%s, got %lu", name, bound, (uint64_t)limit, plural(limit), (uint64_t)nargs);
}
