// sre_result.c: the type re.Match, and replacement templates.
#include "src/core/hooks.h"
#include "src/modules/sre.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

Value match_new(Thread *t, const Matcher *m, int64_t pos, int64_t endpos)
{
    int64_t groups = m->p->groups + 1;
    Match *out = new_object_of(t, &type_sre_match, SHAPE_sre_match, sizeof(Match) + 2 * (size_t)groups * sizeof(int64_t));
    if (!out)
        return 0;
    out->string = m->string;
    out->pattern = (Pattern *)m->p;
    out->pos = pos;
    out->endpos = endpos;
    out->groups = groups;
    out->lastindex = m->lastindex;
    out->marks[0] = (int64_t)m->start;
    out->marks[1] = (int64_t)m->at;
    for (int64_t i = 1; i < groups; i++) {
        bool set = m->marks[2 * i - 2] >= 0 && m->marks[2 * i - 1] >= m->marks[2 * i - 2];
        out->marks[2 * i] = set ? m->marks[2 * i - 2] : -1;
        out->marks[2 * i + 1] = set ? m->marks[2 * i - 1] : -1;
    }
    return value_of(out);
}

Value match_group(Thread *t, const Match *m, int64_t i, Value absent)
{
    return m->marks[2 * i] < 0 ? absent : subject_slice(t, m->string, m->marks[2 * i], m->marks[2 * i + 1]);
}

// The number of the group named by an int or a name; IndexError otherwise.
static bool group_number(Thread *t, const Match *m, Value v, int64_t *out)
{
    *out = -1;
    if (is_int(v) || type_of(v)->slots.to_index) {
        Value exact = number_index(t, v);
        if (!exact)
            return false;
        if (!int_to_int64(exact, out))
            *out = -1;
    } else {
        Value number;
        int found = dict_get(t, as_dict(m->pattern->groupindex), v, &number);
        if (found < 0 && !pending_clear_if(t, EXC(TypeError)))
            return false;
        if (found > 0 && is_fixnum(number))
            *out = fixnum_value(number);
        else if (found > 0 && is_int(number))
            *out = fixnum_value(int_exact(number));
    }
    return (*out >= 0 && *out < m->groups) || raise(t, EXC(IndexError), "no such group");
}

static Value group_of(Thread *t, const Match *m, Value which)
{
    int64_t i;
    return group_number(t, m, which, &i) ? match_group(t, m, i, NONE) : 0;
}

#define METHOD(name) static Value match_##name##_method(Thread *t, const Value *args, size_t nargs)

METHOD(group)
{
    const Match *m = as_match(args[0]);
    if (nargs == 1)
        return match_group(t, m, 0, NONE);
    if (nargs == 2)
        return group_of(t, m, args[1]);
    Tuple *out = tuple_alloc(t, nargs - 1);
    for (size_t i = 1; out && i < nargs; i++) {
        out->at[i - 1] = group_of(t, m, args[i]);
        if (!out->at[i - 1])
            return 0;
    }
    return value_of(out);
}

METHOD(start)
{
    int64_t i = 0;
    return args[1] && !group_number(t, as_match(args[0]), args[1], &i) ? 0 : fixnum(as_match(args[0])->marks[2 * i]);
}

METHOD(end)
{
    int64_t i = 0;
    return args[1] && !group_number(t, as_match(args[0]), args[1], &i) ? 0 : fixnum(as_match(args[0])->marks[2 * i + 1]);
}

static Value span_of(Thread *t, const Match *m, int64_t i)
{
    return tuple_pair(t, fixnum(m->marks[2 * i]), fixnum(m->marks[2 * i + 1]));
}

METHOD(span)
{
    int64_t i = 0;
    return args[1] && !group_number(t, as_match(args[0]), args[1], &i) ? 0 : span_of(t, as_match(args[0]), i);
}

METHOD(groups)
{
    const Match *m = as_match(args[0]);
    Tuple *out = tuple_alloc(t, (size_t)m->groups - 1);
    for (int64_t i = 1; out && i < m->groups; i++) {
        out->at[i - 1] = match_group(t, m, i, args[1] ? args[1] : NONE);
        if (!out->at[i - 1])
            return 0;
    }
    return value_of(out);
}

METHOD(groupdict)
{
    const Match *m = as_match(args[0]);
    Dict *out = dict_new(t);
    size_t position = 0;
    Value name, number;
    while (out && dict_next(as_dict(m->pattern->groupindex), &position, &name, &number)) {
        int64_t i = 0;
        if (!group_number(t, m, name, &i))
            return 0;
        Value group = match_group(t, m, i, args[1] ? args[1] : NONE);
        if (!group || !dict_set(t, out, name, group))
            return 0;
    }
    return value_of(out);
}

METHOD(copy) { return args[0]; }
METHOD(class_getitem) { return generic_alias_new(t, args[0], args[1]); }

static Value match_getitem(Thread *t, Value self, Value key) { return group_of(t, as_match(self), key); }

static Value match_repr(Thread *t, Value self)
{
    const Match *m = as_match(self);
    Value text = match_group(t, m, 0, NONE);
    return text ? str_format(t, "<%T object; span=(%ld, %ld), match=%.50R>", self, m->marks[0], m->marks[1], text) : 0;
}

static Value get_lastindex(Thread *t, Value self)
{
    return as_match(self)->lastindex >= 0 ? fixnum(as_match(self)->lastindex) : NONE;
}

static Value get_lastgroup(Thread *t, Value self)
{
    const Match *m = as_match(self);
    const Tuple *names = as_tuple(m->pattern->indexgroup);
    return m->lastindex >= 0 && m->lastindex < (int64_t)names->length ? names->at[m->lastindex] : NONE;
}

static Value get_regs(Thread *t, Value self)
{
    Match *m = as_match(self);
    Value regs = load_acquire(&m->regs);
    if (regs)
        return regs;
    Tuple *out = tuple_alloc(t, (size_t)m->groups);
    for (int64_t i = 0; out && i < m->groups; i++) {
        out->at[i] = span_of(t, m, i);
        if (!out->at[i])
            return 0;
    }
    publish(&m->regs, value_of(out));
    return value_of(out);
}

static Value get_re(Thread *t, Value self) { return value_of(as_match(self)->pattern); }

// --- templates: [literal, group, literal, group, … literal] ---

typedef struct Template {
    Object head;
    Value literal;           // before the first group
    size_t n;
    struct { int64_t group; Value literal; } parts[];    // literal behind the group
} Template;

Value sre_template_new(Thread *t, Value pattern, Value source)
{
    if (!is_exactly(pattern, &type_sre_pattern) || !is_list(source))
        return raise(t, EXC(TypeError), "invalid template");
    size_t n = list_length(as_list(source));
    if (n % 2 == 0)
        return raise(t, EXC(TypeError), "invalid template");
    Template *out = new_object_of(t, &type_sre_template, SHAPE_sre_template, sizeof(Template) + n / 2 * sizeof(out->parts[0]));
    if (!out)
        return 0;
    out->literal = list_get(as_list(source), 0);
    out->n = n / 2;
    for (size_t i = 0; i < out->n; i++) {
        Value group = list_get(as_list(source), 2 * i + 1);
        if (!group || !is_fixnum(group) || fixnum_value(group) < 0 || fixnum_value(group) > as_pattern(pattern)->groups)
            return raise(t, EXC(TypeError), "invalid template");
        out->parts[i].group = fixnum_value(group);
        out->parts[i].literal = list_get(as_list(source), 2 * i + 2);
    }
    return value_of(out);
}

Value sre_compile_template(Thread *t, Value pattern, Value template)
{
    Value re = hooks.import_module(t, "re");
    Value name = re ? str_intern_cstr(t, "_compile_template") : 0;
    Value compile = name ? attr_get(t, re, name) : 0;
    Value made = compile ? call2(t, compile, pattern, template) : 0;
    if (!made && is_pending(t) && pending_matches(t, EXC(TypeError)) && !is_str(template) && !is_bytes(template)) {
        // Unhashable templates (bytearray …) are compiled each time.
        pending_clear(t);
        Value parser = attr_get(t, re, str_intern_cstr(t, "_parser"));
        Value parse = parser ? attr_get(t, parser, str_intern_cstr(t, "parse_template")) : 0;
        Value list = parse ? call2(t, parse, template, pattern) : 0;
        return list ? sre_template_new(t, pattern, list) : 0;
    }
    if (made && !is_exactly(made, &type_sre_template))
        return raise(t, EXC(TypeError), "invalid template");
    return made;
}

static bool is_empty(Value text) { return is_str(text) ? as_str(text)->length == 0 : is_bytes(text) && as_bytes(text)->length == 0; }

static bool add_text(Thread *t, List *list, Value text) { return is_empty(text) || list_append(t, list, text); }

bool template_expand_into(Thread *t, Value template, const Matcher *m, size_t start, List *list)
{
    const Template *parts = (Template *)template;
    if (!add_text(t, list, parts->literal))
        return false;
    for (size_t i = 0; i < parts->n; i++) {
        int64_t g = parts->parts[i].group;
        int64_t from = g ? m->marks[2 * g - 2] : (int64_t)start, to = g ? m->marks[2 * g - 1] : (int64_t)m->at;
        if (from >= 0 && to > from) {
            Value text = matcher_slice(t, m, from, to);
            if (!text || !list_append(t, list, text))
                return false;
        }
        if (!add_text(t, list, parts->parts[i].literal))
            return false;
    }
    return true;
}

METHOD(expand)
{
    const Match *m = as_match(args[0]);
    Value template = sre_compile_template(t, value_of(m->pattern), args[1]);
    if (!template)
        return 0;
    const Template *parts = (Template *)template;
    if (parts->n == 0)
        return parts->literal;
    List *list = list_new(t, parts->n * 2 + 1);
    bool ok = list && add_text(t, list, parts->literal);
    for (size_t i = 0; ok && i < parts->n; i++) {
        Value text = match_group(t, m, parts->parts[i].group, is_str(m->string) ? str_empty : bytes_empty);
        ok = text && add_text(t, list, text) && add_text(t, list, parts->parts[i].literal);
    }
    if (!ok)
        return 0;
    return is_str(m->string) ? str_join(t, str_empty, list->items->at, list->length) : bytes_join(t, bytes_empty, value_of(list));
}

Type type_sre_template = {
    TYPE_HEAD(sre_template, "_sre.SRE_Template", &type_object, Template),
    .flags = TYPE_DISALLOW_NEW,
};

static const NativeDef match_methods[] = {
    {"group", match_group_method, "($self, /, *args)", "group([group1, ...]) -> str or tuple.\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the entire match.", 0},
    {"start", match_start_method, "($self, group=0, /)", "Return index of the start of the substring matched by group.", 0},
    {"end", match_end_method, "($self, group=0, /)", "Return index of the end of the substring matched by group.", 0},
    {"span", match_span_method, "($self, group=0, /)", "For match object m, return the 2-tuple (m.start(group), m.end(group)).", 0},
    {"groups", match_groups_method, "($self, /, default=None)", "Return a tuple containing all the subgroups of the match, from 1.", 0},
    {"groupdict", match_groupdict_method, "($self, /, default=None)", "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.", 0},
    {"expand", match_expand_method, "($self, /, template)", "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.", 0},
    {"__copy__", match_copy_method, "($self, /)", NULL, 0},
    {"__deepcopy__", match_copy_method, "($self, memo, /)", NULL, 0},
    {"__class_getitem__", match_class_getitem_method, "($type, object, /)", "See PEP 585", NATIVE_CLASS},
    {0},
};

static const GetSetDef match_getsets[] = {
    {"lastindex", get_lastindex, NULL, "The integer index of the last matched capturing group."},
    {"lastgroup", get_lastgroup, NULL, "The name of the last matched capturing group."},
    {"regs", get_regs, NULL, NULL},
    {"re", get_re, NULL, "The regular expression object."},
    {0},
};

static const MemberDef match_members[] = {
    {"string", MEMBER_VALUE, offsetof(Match, string), false, "The string passed to match() or search()."},
    {"pos", MEMBER_INT64, offsetof(Match, pos), false, "The index into the string at which the RE engine started looking for a match."},
    {"endpos", MEMBER_INT64, offsetof(Match, endpos), false, "The index into the string beyond which the RE engine will not go."},
    {0},
};

Type type_sre_match = {
    TYPE_HEAD(sre_match, "re.Match", &type_object, Match),
    .flags = TYPE_DISALLOW_NEW,
    .slots = {.repr = match_repr, .getitem = match_getitem},
    .methods = match_methods,
    .getsets = match_getsets,
    .members = match_members,
};
