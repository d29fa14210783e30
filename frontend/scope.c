// scope.c: scopes as data: symbols by name, name mangling, __future__ imports.
#include "frontend/scope.h"

#include "src/core/error.h"
#include "src/types/str.h"

static uint32_t name_slot(Value name)
{
    return (uint32_t)((name >> 4) * 0x9e3779b1u >> 7);
}

Symbol *scope_find(const Scope *scope, Value name)
{
    if (!scope->table)
        return NULL;
    for (uint32_t i = name_slot(name);; i++) {
        Symbol *symbol = scope->table[i & scope->mask];
        if (!symbol || symbol->name == name)
            return symbol;
    }
}

static void table_insert(Scope *scope, Symbol *symbol)
{
    uint32_t i = name_slot(symbol->name);
    while (scope->table[i & scope->mask])
        i++;
    scope->table[i & scope->mask] = symbol;
}

static MUST_CHECK bool scope_grow(Thread *t, Arena *arena, Scope *scope)
{
    uint32_t room = scope->symbol_room ? scope->symbol_room * 2 : 8;
    Symbol **symbols = arena_alloc(t, arena, room * sizeof *symbols);
    Symbol **table = arena_alloc(t, arena, 2 * room * sizeof *table);
    if (!symbols || !table)
        return false;
    if (scope->symbol_count)
        memcpy(symbols, scope->symbols, scope->symbol_count * sizeof *symbols);
    memset(table, 0, 2 * room * sizeof *table);
    scope->symbols = symbols;
    scope->table = table;
    scope->symbol_room = room;
    scope->mask = 2 * room - 1;
    for (uint32_t i = 0; i < scope->symbol_count; i++)
        table_insert(scope, symbols[i]);
    return true;
}

Symbol *scope_symbol(Thread *t, Arena *arena, Scope *scope, Value name)
{
    Symbol *symbol = scope_find(scope, name);
    if (symbol)
        return symbol;
    if (scope->symbol_count == scope->symbol_room && !scope_grow(t, arena, scope))
        return NULL;
    symbol = arena_alloc(t, arena, sizeof *symbol);
    if (!symbol)
        return NULL;
    *symbol = (Symbol){.name = name};
    scope->symbols[scope->symbol_count++] = symbol;
    table_insert(scope, symbol);
    return symbol;
}

bool scope_is_function_like(const Scope *scope)
{
    return scope->kind != SCOPE_MODULE && scope->kind != SCOPE_CLASS;
}

static Value interned(Thread *t, Value name)
{
    return as_object(name)->flags & FLAG_INTERNED ? name : str_intern(t, name);
}

// Private are names that start with two underscores, do not end with two, and have no dot.
static bool is_private(const Str *s)
{
    size_t n = s->length;
    if (n < 3 || str_at(s, 0) != '_' || str_at(s, 1) != '_')
        return false;
    if (str_at(s, n - 1) == '_' && str_at(s, n - 2) == '_')
        return false;
    for (size_t i = 0; i < n; i++) {
        if (str_at(s, i) == '.')
            return false;
    }
    return true;
}

Value name_mangle(Thread *t, Value private_name, Value name)
{
    if (!private_name || !is_private(as_str(name)))
        return interned(t, name);
    const Str *cls = as_str(private_name);
    size_t start = 0;
    while (start < cls->length && str_at(cls, start) == '_')
        start++;
    if (start == cls->length)
        return interned(t, name);
    Value stripped = str_substring(t, private_name, start, cls->length);
    Value mangled = stripped ? str_format(t, "_%U%U", stripped, name) : 0;
    return mangled ? str_intern(t, mangled) : 0;
}

Value scope_mangle(Thread *t, const Scope *scope, Value name)
{
    // Around a generic class only its type parameters are private to it.
    if (scope->mangled) {
        Value plain = interned(t, name);
        for (int32_t i = 0; plain && i < scope->mangled->count; i++) {
            if (scope->mangled->at[i] == plain)
                return name_mangle(t, scope->private_name, name);
        }
        return plain;
    }
    return name_mangle(t, scope->private_name, name);
}

typedef struct FutureFeature {
    const char *name;
    unsigned flag;
} FutureFeature;

static const FutureFeature future_features[] = {
    {"nested_scopes", 0}, {"generators", 0}, {"division", 0}, {"absolute_import", 0}, {"with_statement", 0},
    {"print_function", 0}, {"unicode_literals", 0}, {"barry_as_FLUFL", PARSE_BARRY_AS_BDFL}, {"generator_stop", 0},
    {"annotations", CO_FUTURE_ANNOTATIONS},
};

static MUST_CHECK bool future_feature(Thread *t, Value filename, const Node *alias, unsigned *features)
{
    Value name = as_alias(alias)->name;
    for (size_t i = 0; i < COUNT_OF(future_features); i++) {
        if (str_equal_cstr(name, future_features[i].name)) {
            *features |= future_features[i].flag;
            return true;
        }
    }
    if (str_equal_cstr(name, "braces"))
        return syntax_error_at(t, filename, alias->at, "not a chance");
    const char *text = str_utf8(t, name, NULL);
    return text && syntax_error_at(t, filename, alias->at, "future feature %.100s is not defined", text);
}

static bool is_string_statement(const Node *stmt)
{
    if (stmt->kind != AST_Expr)
        return false;
    const Node *value = as_Expr(stmt)->value;
    return value->kind == AST_Constant && is_str(as_Constant(value)->value);
}

static bool is_future_import(const Node *stmt)
{
    if (stmt->kind != AST_ImportFrom)
        return false;
    AstImportFrom *from = as_ImportFrom(stmt);
    return from->level == 0 && from->module && str_equal_cstr(from->module, "__future__");
}

bool future_scan(Thread *t, Node *mod, Value filename, unsigned *out_features)
{
    *out_features = 0;
    if (mod->kind != AST_Module && mod->kind != AST_Interactive)
        return true;
    NodeSeq body = mod->kind == AST_Module ? as_Module(mod)->body : as_Interactive(mod)->body;
    bool over = false;
    for (int32_t i = 0; i < body.count; i++) {
        if (!is_future_import(body.at[i])) {
            over = over || !(i == 0 && is_string_statement(body.at[i]));
            continue;
        }
        if (over)
            return syntax_error_at(t, filename, body.at[i]->at,
                                   "from __future__ imports must occur at the beginning of the file");
        NodeSeq names = as_ImportFrom(body.at[i])->names;
        for (int32_t j = 0; j < names.count; j++) {
            if (!future_feature(t, filename, names.at[j], out_features))
                return false;
        }
    }
    return true;
}
