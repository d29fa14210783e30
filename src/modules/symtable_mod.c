// symtable_mod.c: _symtable: the compiler's scopes as objects, for the library's symtable module.
#include "frontend/scope.h"
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/names.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str.h"

enum { SCOPE_OFFSET = 12, SCOPE_MASK = 15 };

// Immutable.
typedef struct SymtableEntry {
    Object head;
    Value id, name, symbols, varnames, children, nested, type, lineno;
} SymtableEntry;

static SymtableEntry *as_entry(Value v)
{
    return (SymtableEntry *)v;
}

static Value entry_repr(Thread *t, Value v)
{
    const SymtableEntry *e = as_entry(v);
    return str_format(t, "<symtable entry %U(%ld), line %ld>", e->name, fixnum_value(e->id), fixnum_value(e->lineno));
}

static const MemberDef entry_members[] = {
    {"id", MEMBER_VALUE, offsetof(SymtableEntry, id), false, NULL},
    {"name", MEMBER_VALUE, offsetof(SymtableEntry, name), false, NULL},
    {"symbols", MEMBER_VALUE, offsetof(SymtableEntry, symbols), false, NULL},
    {"varnames", MEMBER_VALUE, offsetof(SymtableEntry, varnames), false, NULL},
    {"children", MEMBER_VALUE, offsetof(SymtableEntry, children), false, NULL},
    {"nested", MEMBER_VALUE, offsetof(SymtableEntry, nested), false, NULL},
    {"type", MEMBER_VALUE, offsetof(SymtableEntry, type), false, NULL},
    {"lineno", MEMBER_VALUE, offsetof(SymtableEntry, lineno), false, NULL},
    {0},
};

Type type_symtable_entry = {
    TYPE_HEAD(symtable_entry, "symtable entry", &type_object, SymtableEntry),
    .flags = TYPE_IMMUTABLE | TYPE_DISALLOW_NEW,
    .slots = {.repr = entry_repr},
    .members = entry_members,
};

// Inlined comprehensions show as part of their parent: names (but their parameter) and children.
static bool add_symbols(Thread *t, Dict *dict, const Scope *scope, bool inlined)
{
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        const Symbol *symbol = scope->symbols[i];
        int64_t flags = (int64_t)symbol->flags | (int64_t)symbol->binding << SCOPE_OFFSET;
        bool hidden = inlined && ((symbol->flags & DEF_PARAM) || dict_get_known(dict, symbol->name));
        if (!hidden && !dict_set(t, dict, symbol->name, fixnum(flags)))
            return false;
    }
    for (const Scope *child = scope->first_child; child; child = child->next) {
        if (child->inlined && !add_symbols(t, dict, child, true))
            return false;
    }
    return true;
}

static Value entry_symbols(Thread *t, const Scope *scope)
{
    Dict *dict = dict_new(t);
    return dict && add_symbols(t, dict, scope, false) ? value_of(dict) : 0;
}

static Value entry_params(Thread *t, const Scope *scope)
{
    return list_from(t, scope->params.at, (size_t)scope->params.count);
}

// Comprehensions are called "listcomp" here, "<listcomp>" in tracebacks.
static Value entry_name(Thread *t, const Scope *scope)
{
    size_t n = as_str(scope->name)->length;
    return scope->comprehension ? str_substring(t, scope->name, 1, n - 1) : scope->name;
}

static Value entry_from(Thread *t, const Scope *scope);

static bool add_children(Thread *t, List *list, const Scope *scope)
{
    for (const Scope *child = scope->first_child; child; child = child->next) {
        if (child->inlined) {
            if (!add_children(t, list, child))
                return false;
            continue;
        }
        Value made = entry_from(t, child);
        if (!made || !list_append(t, list, made))
            return false;
    }
    return true;
}

static Value entry_from(Thread *t, const Scope *scope)
{
    if (!recursion_enter(t, " while making a symbol table"))
        return 0;
    SymtableEntry *entry = new_object(t, symtable_entry, SymtableEntry);
    List *children = entry ? list_new(t, 0) : NULL;
    bool ok = children && add_children(t, children, scope);
    recursion_leave(t);
    if (!ok)
        return 0;
    entry->id = fixnum((int64_t)(value_of(entry) >> 4));
    entry->children = value_of(children);
    entry->nested = fixnum(scope->nested);
    entry->type = fixnum(scope->kind);
    entry->lineno = fixnum(scope->at.lineno);
    entry->name = entry_name(t, scope);
    entry->symbols = entry->name ? entry_symbols(t, scope) : 0;
    entry->varnames = entry->symbols ? entry_params(t, scope) : 0;
    return entry->varnames ? value_of(entry) : 0;
}

static bool mode_of(Thread *t, Value start, ParseMode *out)
{
    if (str_equal_cstr(start, "exec"))
        *out = PARSE_EXEC;
    else if (str_equal_cstr(start, "eval"))
        *out = PARSE_EVAL;
    else if (str_equal_cstr(start, "single"))
        *out = PARSE_SINGLE;
    else
        return raise(t, EXC(ValueError), "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
    return true;
}

typedef struct Source { const char *text; size_t size; unsigned flags; Buffer buffer; } Source;

static bool source_open(Thread *t, Value v, Source *out)
{
    if (is_str(v)) {
        out->flags = PARSE_IGNORE_COOKIE;
        out->text = str_utf8(t, v, &out->size);
        return out->text;
    }
    if (!buffer_supported(v))
        return raise(t, EXC(TypeError), "symtable() arg 1 must be a string or bytes");
    Value copy = buffer_get(t, v, &out->buffer, BUFFER_SIMPLE) ? bytes_new(t, out->buffer.data, (size_t)out->buffer.length) : 0;
    if (!copy)
        return false;
    buffer_release(t, &out->buffer);
    out->text = (const char *)as_bytes(copy)->data;
    out->size = as_bytes(copy)->length;
    return true;
}

static Value symtable_of(Thread *t, const Source *source, ParseMode mode, Value filename)
{
    Arena arena;
    arena_open(&arena);
    ParseRequest request = {.text = source->text, .size = source->size, .filename = filename, .mode = mode, .flags = source->flags};
    CompileOptions options = {.filename = filename};
    Node *tree = parse_source(t, &arena, &request);
    Scope *top = tree ? compile_scopes(t, &arena, tree, &options) : NULL;
    Value entry = top ? entry_from(t, top) : 0;
    arena_close(&arena);
    return entry;
}

static Value filename_of(Thread *t, Value v)
{
    if (is_str(v))
        return v;
    return is_bytes(v) ? str_from_fs(t, (const char *)as_bytes(v)->data, as_bytes(v)->length)
                       : raise(t, EXC(TypeError), "expected str, bytes or os.PathLike object, not %T", v);
}

static Value symtable_symtable(Thread *t, const Value *args, size_t nargs)
{
    Source source = {0};
    ParseMode mode = PARSE_EXEC;
    if (!is_str(args[2]))
        return raise(t, EXC(TypeError), "symtable() argument 3 must be str, not %T", args[2]);
    Value filename = filename_of(t, args[1]);
    if (!filename || !mode_of(t, args[2], &mode) || !source_open(t, args[0], &source))
        return 0;
    return symtable_of(t, &source, mode, filename);
}

typedef struct Constant { const char *name; int value; } Constant;

static const Constant constants[] = {
    {"USE", DEF_USE}, {"DEF_GLOBAL", DEF_GLOBAL}, {"DEF_NONLOCAL", DEF_NONLOCAL}, {"DEF_LOCAL", DEF_LOCAL},
    {"DEF_PARAM", DEF_PARAM}, {"DEF_TYPE_PARAM", DEF_TYPE_PARAM}, {"DEF_FREE_CLASS", DEF_FREE_CLASS},
    {"DEF_IMPORT", DEF_IMPORT}, {"DEF_BOUND", DEF_LOCAL | DEF_PARAM | DEF_IMPORT}, {"DEF_ANNOT", DEF_ANNOT},
    {"DEF_COMP_ITER", DEF_COMP_ITER}, {"DEF_COMP_CELL", DEF_COMP_CELL}, {"TYPE_FUNCTION", SCOPE_FUNCTION},
    {"TYPE_CLASS", SCOPE_CLASS}, {"TYPE_MODULE", SCOPE_MODULE}, {"TYPE_ANNOTATION", SCOPE_ANNOTATION},
    {"TYPE_TYPE_ALIAS", SCOPE_TYPE_ALIAS}, {"TYPE_TYPE_PARAMETERS", SCOPE_TYPE_PARAMS},
    {"TYPE_TYPE_VARIABLE", SCOPE_TYPE_VARIABLE}, {"LOCAL", BINDING_LOCAL}, {"GLOBAL_EXPLICIT", BINDING_GLOBAL_EXPLICIT},
    {"GLOBAL_IMPLICIT", BINDING_GLOBAL_IMPLICIT}, {"FREE", BINDING_FREE}, {"CELL", BINDING_CELL},
    {"SCOPE_OFF", SCOPE_OFFSET}, {"SCOPE_MASK", SCOPE_MASK},
};

static bool symtable_exec(Thread *t, Value module)
{
    for (size_t i = 0; i < COUNT_OF(constants); i++) {
        if (!module_add(t, module, constants[i].name, fixnum(constants[i].value)))
            return false;
    }
    return true;
}

static const NativeDef symtable_functions[] = {
    {"symtable", symtable_symtable, "(source, filename, startstr, /, *, module=None)",
     "Return symbol and scope dictionaries used internally by compiler.", NATIVE_PLAIN},
    {0},
};

const ModuleDef module_symtable = {
    .name = "_symtable",
    .functions = symtable_functions,
    .exec = symtable_exec,
};
