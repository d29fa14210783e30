// sre_pattern.c: the type re.Pattern: searching, splitting, substituting; scanners.
#include "src/core/lock.h"
#include "src/core/hooks.h"
#include "src/modules/sre.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str_builder.h"
#include "src/types/str_hash.h"
#include "src/types/tuple.h"

#define METHOD(name) static Value pattern_##name(Thread *t, const Value *args, size_t nargs)

// string, pos, endpos at args[1…3].
static bool open_args(Thread *t, const Value *args, Matcher *m)
{
    int64_t pos = 0, endpos = INT64_MAX;
    if ((args[2] && !to_index(t, args[2], &pos)) || (args[3] && !to_index(t, args[3], &endpos)))
        return false;
    return matcher_init(t, m, as_pattern(args[0]), args[1], pos, endpos);
}

static Value found_match(Thread *t, Matcher *m, int found, size_t pos)
{
    Value out = found < 0 ? 0 : found ? match_new(t, m, (int64_t)pos, (int64_t)m->end) : NONE;
    matcher_close(m);
    return out;
}

METHOD(match)
{
    Matcher m;
    if (!open_args(t, args, &m))
        return 0;
    return found_match(t, &m, matcher_match(&m), m.start);
}

METHOD(fullmatch)
{
    Matcher m;
    if (!open_args(t, args, &m))
        return 0;
    m.match_all = true;
    return found_match(t, &m, matcher_match(&m), m.start);
}

METHOD(search)
{
    Matcher m;
    if (!open_args(t, args, &m))
        return 0;
    size_t pos = m.start;
    return found_match(t, &m, matcher_search(&m), pos);
}

// The next search begins where this match ended, and may not be empty there if this one was.
static void advance(Matcher *m)
{
    m->must_advance = m->at == m->start;
    m->forbidden = m->at;
    m->start = m->at;
}

static Value group_slice(Thread *t, const Matcher *m, int64_t group, Value absent)
{
    int64_t start = group ? m->marks[2 * group - 2] : (int64_t)m->start, end = group ? m->marks[2 * group - 1] : (int64_t)m->at;
    return start < 0 || end < 0 ? absent : matcher_slice(t, m, start, end);
}

static Value found_item(Thread *t, const Matcher *m, Value empty)
{
    int64_t groups = m->p->groups;
    if (groups <= 1)
        return group_slice(t, m, groups, empty);
    Tuple *out = tuple_alloc(t, (size_t)groups);
    for (int64_t i = 0; out && i < groups; i++) {
        out->at[i] = group_slice(t, m, i + 1, empty);
        if (!out->at[i])
            return 0;
    }
    return value_of(out);
}

static Value empty_of(Value string) { return is_str(string) ? str_empty : bytes_empty; }

METHOD(findall)
{
    Matcher m;
    if (!open_args(t, args, &m))
        return 0;
    List *list = list_new(t, 8);
    int found = list ? 0 : -1;
    while (list && m.start <= m.end && (found = matcher_search(&m)) > 0) {
        Value item = found_item(t, &m, empty_of(args[1]));
        if (!item || !list_append(t, list, item)) {
            found = -1;
            break;
        }
        advance(&m);
    }
    matcher_close(&m);
    return found < 0 ? 0 : value_of(list);
}

// --- scanners: also what finditer returns ---

typedef struct Scanner {
    Object head;
    Value pattern, string;
    int64_t pos, start, endpos;      // guard of start, must_advance, done: the object's lock
    bool must_advance, done;
} Scanner;

static Value scanner_open(Thread *t, const Value *args, Type *type, uint32_t shape)
{
    Matcher m;
    if (!open_args(t, args, &m))
        return 0;
    Scanner *s = new_object_of(t, type, shape, sizeof(Scanner));
    if (s) {
        s->pattern = args[0];
        s->string = args[1];
        s->pos = s->start = (int64_t)m.start;
        s->endpos = (int64_t)m.end;
    }
    matcher_close(&m);
    return value_of(s);
}

METHOD(scanner) { return scanner_open(t, args, &type_sre_scanner, SHAPE_sre_scanner); }
METHOD(finditer) { return scanner_open(t, args, &type_sre_iterator, SHAPE_sre_iterator); }

// The next match, or NONE.
static Value scanner_step(Thread *t, Scanner *s, bool search)
{
    Matcher m;
    bool locked = object_lock(&s->head);
    int64_t start = s->start;
    bool must_advance = s->must_advance, done = s->done;
    object_unlock(&s->head, locked);
    if (done)
        return NONE;
    if (!matcher_init(t, &m, as_pattern(s->pattern), s->string, start, s->endpos))
        return 0;
    m.must_advance = must_advance;
    m.forbidden = m.start;
    int found = search ? matcher_search(&m) : matcher_match(&m);
    Value out = found < 0 ? 0 : found ? match_new(t, &m, s->pos, s->endpos) : NONE;
    if (found > 0)
        advance(&m);
    locked = object_lock(&s->head);
    s->done = found <= 0;
    s->start = (int64_t)m.start;
    s->must_advance = m.must_advance;
    object_unlock(&s->head, locked);
    matcher_close(&m);
    return out;
}

static Value scanner_match(Thread *t, const Value *args, size_t nargs) { return scanner_step(t, (Scanner *)args[0], false); }
static Value scanner_search(Thread *t, const Value *args, size_t nargs) { return scanner_step(t, (Scanner *)args[0], true); }
static Value iterator_self(Thread *t, Value v) { return v; }

static Value iterator_next(Thread *t, Value self)
{
    Value match = scanner_step(t, (Scanner *)self, true);
    return match == NONE ? 0 : match;
}

static const NativeDef scanner_methods[] = {
    {"match", scanner_match, "($self, /)", NULL, 0},
    {"search", scanner_search, "($self, /)", NULL, 0},
    {0},
};

static const MemberDef scanner_members[] = {
    {"pattern", MEMBER_VALUE, offsetof(Scanner, pattern), false, NULL},
    {0},
};

Type type_sre_scanner = {
    TYPE_HEAD(sre_scanner, "_sre.SRE_Scanner", &type_object, Scanner),
    .flags = TYPE_DISALLOW_NEW,
    .methods = scanner_methods,
    .members = scanner_members,
};

Type type_sre_iterator = {
    TYPE_HEAD(sre_iterator, "callable_iterator", &type_object, Scanner),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

// --- split, sub ---

METHOD(split)
{
    Matcher m;
    int64_t most = 0, n = 0;
    if (args[2] && !to_int64(t, args[2], &most))
        return 0;
    if (!matcher_init(t, &m, as_pattern(args[0]), args[1], 0, INT64_MAX))
        return 0;
    List *list = list_new(t, 8);
    size_t last = 0;
    int found = list ? 0 : -1;
    while (list && (most <= 0 || n < most) && (found = matcher_search(&m)) > 0) {
        Value piece = matcher_slice(t, &m, (int64_t)last, (int64_t)m.start);
        bool ok = piece && list_append(t, list, piece);
        for (int64_t g = 1; ok && g <= m.p->groups; g++) {
            Value group = group_slice(t, &m, g, NONE);
            ok = group && list_append(t, list, group);
        }
        if (!ok) {
            found = -1;
            break;
        }
        n++;
        last = m.at;
        advance(&m);
    }
    Value rest = found >= 0 ? matcher_slice(t, &m, (int64_t)last, (int64_t)m.end) : 0;
    matcher_close(&m);
    return rest && list_append(t, list, rest) ? value_of(list) : 0;
}

typedef enum ReplaceKind { REPLACE_TEXT, REPLACE_TEMPLATE, REPLACE_CALL } ReplaceKind;

static int has_backslash(Thread *t, Value repl)
{
    if (is_str(repl))
        return str_find(as_str(repl), as_str(str_latin1['\\']), 0, SIZE_MAX, false) >= 0;
    Buffer view;
    if (!buffer_supported(repl))
        return 1;
    if (!buffer_get(t, repl, &view, BUFFER_SIMPLE))
        return -1;
    int found = view.length && memchr(view.data, '\\', (size_t)view.length) != NULL;
    buffer_release(t, &view);
    return found;
}

static bool replacement(Thread *t, Value pattern, Value *repl, ReplaceKind *kind)
{
    *kind = REPLACE_CALL;
    if (is_callable(*repl))
        return true;
    *kind = REPLACE_TEXT;
    int escapes = has_backslash(t, *repl);
    if (escapes <= 0)
        return escapes == 0;
    *kind = REPLACE_TEMPLATE;
    *repl = sre_compile_template(t, pattern, *repl);
    return *repl != 0;
}

static bool add_replacement(Thread *t, Matcher *m, List *list, Value repl, ReplaceKind kind, size_t pos)
{
    if (kind == REPLACE_TEXT)
        return list_append(t, list, repl);
    if (kind == REPLACE_TEMPLATE)
        return template_expand_into(t, repl, m, m->start, list);
    Value match = match_new(t, m, (int64_t)pos, (int64_t)m->end);
    Value item = match ? call1(t, repl, match) : 0;
    return item && (item == NONE || list_append(t, list, item));
}

static Value join_pieces(Thread *t, Value string, List *list)
{
    if (list->length == 0)
        return empty_of(string);
    if (!is_str(string))
        return bytes_join(t, bytes_empty, value_of(list));
    return str_join(t, str_empty, list->items->at, list->length);
}

// The new text; *out_count replacements.
static Value substitute(Thread *t, const Value *args, int64_t *out_count)
{
    Matcher m;
    int64_t most = 0, n = 0;
    Value repl = args[1];
    ReplaceKind kind;
    if ((args[3] && !to_int64(t, args[3], &most)) || !replacement(t, args[0], &repl, &kind))
        return 0;
    if (!matcher_init(t, &m, as_pattern(args[0]), args[2], 0, INT64_MAX))
        return 0;
    List *list = list_new(t, 8);
    size_t last = 0;
    int found = list ? 0 : -1;
    while (list && (most == 0 || n < most) && (found = matcher_search(&m)) > 0) {
        bool ok = true;
        if (last < m.start) {
            Value piece = matcher_slice(t, &m, (int64_t)last, (int64_t)m.start);
            ok = piece && list_append(t, list, piece);
        }
        if (!ok || !add_replacement(t, &m, list, repl, kind, 0)) {
            found = -1;
            break;
        }
        n++;
        last = m.at;
        advance(&m);
    }
    Value rest = found < 0 ? 0 : last < m.end || n == 0 ? matcher_slice(t, &m, (int64_t)last, (int64_t)m.end) : NONE;
    matcher_close(&m);
    *out_count = n;
    if (!rest || (rest != NONE && !list_append(t, list, rest)))
        return 0;
    return join_pieces(t, args[2], list);
}

METHOD(sub)
{
    int64_t n;
    return substitute(t, args, &n);
}

METHOD(subn)
{
    int64_t n;
    Value text = substitute(t, args, &n);
    return text ? tuple_pair(t, text, fixnum(n)) : 0;
}

METHOD(copy) { return args[0]; }
METHOD(class_getitem) { return generic_alias_new(t, args[0], args[1]); }

// --- repr, equality ---

static Value pattern_repr(Thread *t, Value self)
{
    static const struct { const char *name; int64_t flag; } names[] = {
        {"re.IGNORECASE", 2}, {"re.MULTILINE", 8}, {"re.DOTALL", 16}, {"re.VERBOSE", 64},
        {"re.DEBUG", 128}, {"re.ASCII", 256}, {"re.LOCALE", 4}, {"re.UNICODE", 32},
    };
    const Pattern *p = as_pattern(self);
    int64_t flags = p->flags;
    if (p->is_bytes == 0 && (flags & (4 | 32 | 256)) == 32)
        flags &= ~(int64_t)32;
    StrBuilder b;
    builder_init(&b);
    if (!builder_format(t, &b, "re.compile(%.200R", p->pattern))
        return 0;
    const char *separator = ", ";
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!(flags & names[i].flag))
            continue;
        if (!builder_format(t, &b, "%s%s", separator, names[i].name))
            return 0;
        separator = "|";
        flags &= ~names[i].flag;
    }
    if (flags && !builder_format(t, &b, "%s0x%lx", separator, (uint64_t)flags))
        return 0;
    return builder_char(t, &b, ')') ? builder_finish(t, &b) : 0;
}

static Value pattern_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_exactly(b, &type_sre_pattern) || !is_exactly(a, &type_sre_pattern))
        return NOTIMPLEMENTED;
    const Pattern *x = as_pattern(a), *y = as_pattern(b);
    int same = x == y;
    if (!same && x->flags == y->flags && x->is_bytes == y->is_bytes && x->n_code == y->n_code && x->groups == y->groups &&
        memcmp(x->code, y->code, (size_t)x->n_code * sizeof(uint32_t)) == 0)
        same = values_equal(t, x->pattern, y->pattern);
    return same < 0 ? 0 : value_bool(same == (op == CMP_EQ));
}

static bool pattern_hash(Thread *t, Value self, Hash *out)
{
    const Pattern *p = as_pattern(self);
    Hash text;
    if (!value_hash(t, p->pattern, &text))
        return false;
    *out = hash_bytes(p->code, (size_t)p->n_code * sizeof(uint32_t)) ^ text ^ p->flags ^ p->is_bytes ^ p->groups;
    if (*out == -1)
        *out = -2;
    return true;
}

#define SUBJECT "($self, /, string, pos=0, endpos=sys.maxsize)"
static const NativeDef pattern_methods[] = {
    {"match", pattern_match, SUBJECT, "Matches zero or more characters at the beginning of the string.", 0},
    {"fullmatch", pattern_fullmatch, SUBJECT, "Matches against all of the string.", 0},
    {"search", pattern_search, SUBJECT, "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches.", 0},
    {"sub", pattern_sub, "($self, /, repl, string, count=0)", "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.", 0},
    {"subn", pattern_subn, "($self, /, repl, string, count=0)", "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.", 0},
    {"findall", pattern_findall, SUBJECT, "Return a list of all non-overlapping matches of pattern in string.", 0},
    {"split", pattern_split, "($self, /, string, maxsplit=0)", "Split string by the occurrences of pattern.", 0},
    {"finditer", pattern_finditer, SUBJECT, "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a match object.", 0},
    {"scanner", pattern_scanner, SUBJECT, NULL, 0},
    {"__copy__", pattern_copy, "($self, /)", NULL, 0},
    {"__deepcopy__", pattern_copy, "($self, memo, /)", NULL, 0},
    {"__class_getitem__", pattern_class_getitem, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static Value get_groupindex(Thread *t, Value self) { return call1(t, value_of(&type_mappingproxy), as_pattern(self)->groupindex); }

static const GetSetDef pattern_getsets[] = {
    {"groupindex", get_groupindex, NULL, "A dictionary mapping group names to group numbers."},
    {0},
};

static const MemberDef pattern_members[] = {
    {"pattern", MEMBER_VALUE, offsetof(Pattern, pattern), false, "The pattern string from which the RE object was compiled."},
    {"flags", MEMBER_INT64, offsetof(Pattern, flags), false, "The regex matching flags."},
    {"groups", MEMBER_INT64, offsetof(Pattern, groups), false, "The number of capturing groups in the pattern."},
    {0},
};

Type type_sre_pattern = {
    TYPE_HEAD(sre_pattern, "re.Pattern", &type_object, Pattern),
    .flags = TYPE_DISALLOW_NEW | TYPE_HAS_WEAKREFS,
    .slots = {.repr = pattern_repr, .hash = pattern_hash, .compare = pattern_compare},
    .methods = pattern_methods,
    .getsets = pattern_getsets,
    .members = pattern_members,
};
