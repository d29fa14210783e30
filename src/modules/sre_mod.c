// sre_mod.c: the _sre module.
#include "src/core/module_def.h"
#include "src/modules/sre.h"
#include "src/ops/ops.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"
#include "src/types/unicode.h"

static bool read_code(Thread *t, Pattern *p, List *list)
{
    size_t n = list_length(list);
    p->code = new_atomic(t, (n + 1) * sizeof(uint32_t));
    if (!p->code)
        return false;
    p->n_code = (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        Value item = list_get(list, i);
        uint64_t word;
        if (!item || !is_int(item))
            return raise(t, EXC(TypeError), "an integer is required");
        if (!int_to_uint64(int_exact(item), &word) || word > UINT32_MAX)
            return raise(t, EXC(OverflowError), "regular expression code size limit exceeded");
        p->code[i] = (uint32_t)word;
    }
    return true;
}

static Value sre_compile(Thread *t, const Value *args, size_t nargs)
{
    int64_t flags, groups;
    if (!to_int64(t, args[1], &flags) || !to_int64(t, args[3], &groups))
        return 0;
    if (!is_list(args[2]))
        return raise(t, EXC(TypeError), "compile() argument 'code' must be list, not %s", argument_type_name(args[2]));
    if (!is_dict(args[4]))
        return raise(t, EXC(TypeError), "compile() argument 'groupindex' must be dict, not %s", argument_type_name(args[4]));
    if (!is_tuple(args[5]))
        return raise(t, EXC(TypeError), "compile() argument 'indexgroup' must be tuple, not %s", argument_type_name(args[5]));
    Pattern *p = new_object(t, sre_pattern, Pattern);
    if (!p || !read_code(t, p, as_list(args[2])))
        return 0;
    p->is_bytes = -1;
    if (args[0] != NONE) {
        if (is_str(args[0]))
            p->is_bytes = 0;
        else if (buffer_supported(args[0]))
            p->is_bytes = 1;
        else
            return raise(t, EXC(TypeError), "expected string or bytes-like object, got '%.200T'", args[0]);
    }
    p->pattern = args[0];
    p->flags = flags;
    p->groups = groups;
    p->groupindex = args[4];
    p->indexgroup = args[5];
    if (groups < 0 || groups > SRE_MAXGROUPS)
        return raise(t, EXC(RuntimeError), "invalid SRE code");
    return sre_prepare(t, p) ? value_of(p) : 0;
}

static Value sre_template(Thread *t, const Value *args, size_t nargs) { return sre_template_new(t, args[0], args[1]); }
static Value sre_getcodesize(Thread *t, const Value *args, size_t nargs) { return fixnum(4); }

static bool character(Thread *t, Value v, uint32_t *out)
{
    int32_t c;
    if (!to_int32(t, v, &c))
        return false;
    *out = (uint32_t)c;
    return true;
}

static Value ascii_iscased(Thread *t, const Value *args, size_t nargs)
{
    uint32_t c;
    return character(t, args[0], &c) ? value_bool((c | 0x20) - 'a' < 26 && c < 128) : 0;
}

static Value unicode_iscased(Thread *t, const Value *args, size_t nargs)
{
    uint32_t c;
    return character(t, args[0], &c) ? value_bool(char_simple_lower(c) != c || char_simple_upper(c) != c) : 0;
}

static Value ascii_tolower(Thread *t, const Value *args, size_t nargs)
{
    uint32_t c;
    return character(t, args[0], &c) ? fixnum(c - 'A' < 26 ? c + 32 : c) : 0;
}

static Value unicode_tolower(Thread *t, const Value *args, size_t nargs)
{
    uint32_t c;
    return character(t, args[0], &c) ? fixnum(char_simple_lower(c)) : 0;
}

static const NativeDef functions[] = {
    {"compile", sre_compile, "(pattern, flags, code, groups, groupindex, indexgroup)", NULL, 0},
    {"template", sre_template, "(pattern, template, /)", NULL, 0},
    {"getcodesize", sre_getcodesize, "()", NULL, 0},
    {"ascii_iscased", ascii_iscased, "(character, /)", NULL, 0},
    {"unicode_iscased", unicode_iscased, "(character, /)", NULL, 0},
    {"ascii_tolower", ascii_tolower, "(character, /)", NULL, 0},
    {"unicode_tolower", unicode_tolower, "(character, /)", NULL, 0},
    {0},
};

static bool sre_exec(Thread *t, Value module)
{
    return module_add(t, module, "MAGIC", fixnum(SRE_MAGIC)) && module_add(t, module, "CODESIZE", fixnum(4)) &&
           module_add(t, module, "MAXREPEAT", fixnum(SRE_MAXREPEAT)) && module_add(t, module, "MAXGROUPS", fixnum(SRE_MAXGROUPS)) &&
           module_add(t, module, "copyright", str_from_cstr(t, " SRE 2.2.2 "));
}

const ModuleDef module_sre = {.name = "_sre", .functions = functions, .exec = sre_exec};
