// parser_string.c: string and bytes literals: prefixes, escapes, implicit concatenation.

#include "frontend/diagnose.h"
#include "frontend/parse.h"
#include "src/types/bytes.h"
#include "src/types/unicode_names.h"

// What a literal's prefix and quotes say; `body` is what stands between the quotes.
typedef struct Literal {
    const char *body;
    size_t size;
    bool raw, bytes, u;
} Literal;

static Literal split_literal(const char *s, size_t size)
{
    Literal literal = {0};
    size_t i = 0;
    for (; s[i] != '"' && s[i] != '\''; i++) {
        char c = s[i] | 0x20;
        literal.raw |= c == 'r';
        literal.bytes |= c == 'b';
        literal.u |= s[i] == 'u';   // U"" says nothing
    }
    size_t quotes = size - i >= 6 && s[i + 1] == s[i] && s[i + 2] == s[i] ? 3 : 1;
    literal.body = s + i + quotes;
    literal.size = size - i - 2 * quotes;
    return literal;
}

// ---- escapes ----

// A literal being decoded.
typedef struct Decoder {
    Parser *p;
    const char *body;    // start of what is decoded
    const char *s, *end; // next character
    bool bytes;
    int token;
    uint32_t *out;       // code points, or byte values; arena memory
    size_t count;
    bool warned;         // only a literal's first bad escape is warned of
} Decoder;

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Where `s` stands in the text that CPython decodes, in which non-ASCII characters are escaped.
static int escaped_position(const Decoder *d, const char *s)
{
    int at = 0;
    for (const char *c = d->body; c < s; c++) {
        if ((unsigned char)*c < 0x80)
            at += *c == '\\' && c + 1 < d->end && (unsigned char)c[1] >= 0x80 ? 6 : 1;
        else if ((*c & 0xC0) != 0x80)
            at += 10;
        if (*c == '\\' && c + 1 < s && c[1] == '\\')
            at++, c++;
    }
    return at;
}

// `start` is the backslash; d->s is behind what was read.
static bool decode_error(Decoder *d, const char *start, const char *reason)
{
    int first = escaped_position(d, start), last = escaped_position(d, d->s) - 1;
    if (last > first)
        raise_last(d->p,
                   "(unicode error) 'unicodeescape' codec can't decode bytes in position %d-%d: %s",
                   first, last, reason);
    else
        raise_last(d->p,
                   "(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position %d: "
                   "%s",
                   first, reason);
    return false;
}

static void put(Decoder *d, uint32_t c)
{
    d->out[d->count++] = c;
}

// Exactly `digits` hex digits.
static bool decode_hex(Decoder *d, const char *start, int digits, const char *reason)
{
    uint32_t c = 0;
    for (int i = 0; i < digits; i++, d->s++) {
        int digit = d->s < d->end ? hex_value(*d->s) : -1;
        if (digit < 0) {
            if (d->bytes) {
                raise_last(d->p, "(value error) invalid \\x escape at position %d",
                           (int)(start - d->body));
                return false;
            }
            return decode_error(d, start, reason);
        }
        c = c << 4 | (uint32_t)digit;
    }
    if (c > 0x10FFFF)
        return decode_error(d, start, "illegal Unicode character");
    put(d, c);
    return true;
}

// \N{NAME}
static bool decode_name(Decoder *d, const char *start)
{
    const char *close = d->s < d->end && *d->s == '{' ? memchr(d->s, '}', (size_t)(d->end - d->s))
                                                      : NULL;
    if (!close || close == d->s + 1) {
        if (close)
            d->s = close + 1;
        else if (d->s < d->end && *d->s == '{')
            d->s = d->end;
        return decode_error(d, start, "malformed \\N character escape");
    }
    const char *name = d->s + 1;
    uint32_t c;
    d->s = close + 1;
    if (!unicode_lookup_name(name, (size_t)(close - name), &c))
        return decode_error(d, start, "unknown Unicode character name");
    put(d, c);
    return true;
}

// Where CPython says that the escape at `start` stands: in a plain string it counts along the text it
// decodes, in which characters beyond ASCII take ten bytes.
static AstSpan escape_span(const Decoder *d, const char *start)
{
    const Token *token = &d->p->tokens[d->token];
    AstSpan at = span_of_token(token);
    const char *line = d->body;
    for (const char *c = d->body; c < start; c++)
        if (*c == '\n') {
            at.lineno++;
            line = c + 1;
        }
    int before = escaped_position(d, start) - escaped_position(d, line);
    int quotes = (int)(d->body - (d->p->source.text + token->start));
    at.col_offset = line == d->body ? token->col_offset + quotes + before : before;
    at.end_lineno = at.lineno;
    at.end_col_offset = at.col_offset + 2;
    return at;
}

// SyntaxWarning, or SyntaxError where warnings are errors, for an escape that means nothing.
// `size`: of the escape without its backslash.
static bool warn_escape(Decoder *d, const char *start, size_t size, bool octal)
{
    Parser *p = d->p;
    uint32_t offset = (uint32_t)(start - p->source.text);
    if (d->warned || p->second || offset < p->warned_to)
        return true;
    d->warned = true;
    p->warned_to = offset + 1;   // a statement that is tried twice warns once
    return warn_about_escape(p, escape_span(d, start), start + 1, size, octal);
}

static bool decode_octal(Decoder *d, const char *start, char first)
{
    uint32_t c = (uint32_t)(first - '0');
    for (int i = 0; i < 2 && d->s < d->end && *d->s >= '0' && *d->s <= '7'; i++)
        c = c << 3 | (uint32_t)(*d->s++ - '0');
    if (c > 0377 && !warn_escape(d, start, (size_t)(d->s - start - 1), true))
        return false;
    put(d, d->bytes ? c & 0xFF : c);
    return true;
}

static uint32_t next_char(Decoder *d)
{
    unsigned char c = (unsigned char)*d->s++;
    if (c < 0x80)
        return c;
    int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
    uint32_t value = c & (0x3Fu >> more);
    while (more--)
        value = value << 6 | ((unsigned char)*d->s++ & 0x3F);
    return value;
}

static bool decode_other_escape(Decoder *d, const char *start, char c)
{
    if (!d->bytes) {
        switch (c) {
        case 'N': return decode_name(d, start);
        case 'u': return decode_hex(d, start, 4, "truncated \\uXXXX escape");
        case 'U': return decode_hex(d, start, 8, "truncated \\UXXXXXXXX escape");
        default: break;
        }
    }
    d->s--;
    uint32_t shown = next_char(d);
    if (shown < 0x80 && !warn_escape(d, start, (size_t)(d->s - start - 1), false))
        return false;
    put(d, '\\');
    put(d, shown);
    return true;
}

// Behind a backslash.
static bool decode_escape(Decoder *d, const char *start)
{
    if (d->s >= d->end) {
        // Only in an f-string: the backslash stands in front of a brace.
        put(d, '\\');
        return warn_escape(d, start, 1, false);
    }
    char c = *d->s++;
    switch (c) {
    case '\n': return true;
    case '\\': case '\'': case '"': put(d, (uint32_t)c); return true;
    case 'a': put(d, '\a'); return true;
    case 'b': put(d, '\b'); return true;
    case 'f': put(d, '\f'); return true;
    case 'n': put(d, '\n'); return true;
    case 'r': put(d, '\r'); return true;
    case 't': put(d, '\t'); return true;
    case 'v': put(d, '\v'); return true;
    case 'x': return decode_hex(d, start, 2, "truncated \\xXX escape");
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
        return decode_octal(d, start, c);
    default: return decode_other_escape(d, start, c);
    }
}

static Value finish_bytes(Decoder *d)
{
    Bytes *bytes = bytes_alloc(d->p->t, d->count);
    if (!bytes)
        return 0;
    for (size_t i = 0; i < d->count; i++)
        bytes->data[i] = (uint8_t)d->out[i];
    return (Value)bytes;
}

Value decode_text(Parser *p, const char *s, size_t size, bool raw, bool bytes, int token)
{
    if (raw || !memchr(s, '\\', size))
        return bytes ? bytes_new(p->t, s, size) : str_from_utf8(p->t, s, size);
    Decoder d = {.p = p, .body = s, .s = s, .end = s + size, .bytes = bytes, .token = token};
    d.out = arena_alloc(p->t, p->arena, size * sizeof *d.out);
    if (!d.out)
        return 0;
    while (d.s < d.end) {
        const char *start = d.s;
        uint32_t c = next_char(&d);
        if (c != '\\')
            put(&d, c);
        else if (!decode_escape(&d, start))
            return 0;
    }
    return bytes ? finish_bytes(&d) : str_from_ucs4(p->t, d.out, d.count);
}

// ---- one literal ----

static Value decode_literal(Parser *p, int token, Literal *out_literal)
{
    const Token *it = &p->tokens[token];
    Literal literal = split_literal(p->source.text + it->start, it->end - it->start);
    *out_literal = literal;
    if (literal.bytes)
        for (size_t i = 0; i < literal.size; i++)
            if ((unsigned char)literal.body[i] >= 0x80) {
                raise_at_token(p, token, "bytes can only contain ASCII literal characters");
                return 0;
            }
    return decode_text(p, literal.body, literal.size, literal.raw, literal.bytes, token);
}

static Node *parse_literal(Parser *p, bool *out_bytes)
{
    int first = p->at++;
    Literal literal;
    Value value = decode_literal(p, first, &literal), kind = 0;
    if (!value || (literal.u && !(kind = str_intern_utf8(p->t, "u", 1))))
        return NULL;
    *out_bytes = literal.bytes;
    return make(p, Constant, span_from(p, first), .value = value, .kind = kind);
}

// ---- concatenation ----

static Value join_bytes(Parser *p, Node **parts, int count)
{
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += as_bytes(as_Constant(parts[i])->value)->length;
    Bytes *joined = bytes_alloc(p->t, size);
    if (!joined)
        return 0;
    uint8_t *out = joined->data;
    for (int i = 0; i < count; i++) {
        const Bytes *part = as_bytes(as_Constant(parts[i])->value);
        memcpy(out, part->data, part->length);
        out += part->length;
    }
    return (Value)joined;
}

static Value join_strs(Parser *p, Node **parts, int count)
{
    Value *items = arena_alloc(p->t, p->arena, (size_t)count * sizeof *items);
    if (!items)
        return 0;
    for (int i = 0; i < count; i++)
        items[i] = as_Constant(parts[i])->value;
    return str_join(p->t, str_empty, items, (size_t)count);
}

// One constant out of several next to each other.
static Node *join_constants(Parser *p, Node **parts, int count, bool bytes)
{
    if (count == 1)
        return parts[0];
    Value value = bytes ? join_bytes(p, parts, count) : join_strs(p, parts, count);
    if (!value)
        return NULL;
    return make(p, Constant, span_between(parts[0]->at, parts[count - 1]->at), .value = value,
                .kind = as_Constant(parts[0])->kind);
}

static bool is_empty_constant(const Node *node)
{
    return node->kind == AST_Constant && as_str(as_Constant(node)->value)->length == 0;
}

// The parts of an f-string or t-string, in place: neighbouring text joined, empty text dropped.
bool merge_text(Parser *p, NodeSeq *values)
{
    int out = 0;
    for (int i = 0; i < values->count;) {
        int end = i;
        while (end < values->count && values->at[end]->kind == AST_Constant)
            end++;
        Node *node = end > i ? join_constants(p, values->at + i, end - i, false) : values->at[i++];
        if (!node)
            return false;
        i = end > i ? end : i;
        if (!is_empty_constant(node))
            values->at[out++] = node;
    }
    values->count = out;
    return true;
}

// Pushes a JoinedStr's or TemplateStr's parts.
static bool push_parts(Parser *p, const Node *node)
{
    NodeSeq values = node->kind == AST_JoinedStr ? as_JoinedStr(node)->values
                                                 : as_TemplateStr(node)->values;
    for (int i = 0; i < values.count; i++)
        if (!push(p, values.at[i]))
            return false;
    return true;
}

// What kinds of literals stand side by side.
typedef struct StringKinds {
    bool bytes, str, format, template;
} StringKinds;

static bool parse_one_string(Parser *p, StringKinds *kinds)
{
    bool bytes = false;
    TokenType type = peek_type(p);
    Node *node = type == TOKEN_STRING ? parse_literal(p, &bytes) : parse_fstring(p);
    if (!node)
        return false;
    if (type == TOKEN_STRING) {
        *(bytes ? &kinds->bytes : &kinds->str) = true;
        return push(p, node);
    }
    *(type == TOKEN_FSTRING_START ? &kinds->format : &kinds->template) = true;
    return push_parts(p, node);
}

static bool at_string(Parser *p)
{
    TokenType type = peek_type(p);
    return type == TOKEN_STRING || type == TOKEN_FSTRING_START || type == TOKEN_TSTRING_START;
}

static bool check_kinds(Parser *p, StringKinds kinds)
{
    if (kinds.bytes && (kinds.str || kinds.format)) {
        raise_last(p, "cannot mix bytes and nonbytes literals");
        return false;
    }
    return true;
}

static Node *strings_body(Parser *p)
{
    int first = p->at, base = p->stack_count;
    StringKinds kinds = {0};
    bool templates = at_token(p, TOKEN_TSTRING_START);
    int last = first;
    while (at_string(p) && at_token(p, TOKEN_TSTRING_START) == templates) {
        last = p->at;
        if (!parse_one_string(p, &kinds))
            return NULL;
    }
    if (p->diagnose && at_string(p) && diagnose_mixed_strings(p, last))
        return NULL;
    NodeSeq parts;
    if (!check_kinds(p, kinds) || !pop_nodes(p, base, &parts))
        return NULL;
    if (kinds.format || kinds.template) {
        if (!merge_text(p, &parts))
            return NULL;
        if (kinds.template)
            return make(p, TemplateStr, span_from(p, first), .values = parts);
        return make(p, JoinedStr, span_from(p, first), .values = parts);
    }
    return join_constants(p, parts.at, parts.count, kinds.bytes);
}

Node *parse_strings(Parser *p)
{
    return p->again ? remember(p, MEMO_STRINGS, strings_body) : strings_body(p);
}
