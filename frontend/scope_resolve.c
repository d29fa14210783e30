// scope_resolve.c: decides what each name means: local, cell, free, global.
//
// A name that a block uses without binding it is looked up through the enclosing blocks; classes are passed by. The owner's
// variable becomes a cell only when a real function lies between: inlined comprehensions share their parent's registers.
#include "frontend/scope.h"
#include "src/core/error.h"
#include "src/types/str.h"

typedef struct Resolver {
    Thread *t;
    Arena *arena;
    Value filename;
    Scopes *scopes;
} Resolver;

typedef enum OwnerKind { OWNER_NONE, OWNER_VARIABLE, OWNER_CLASS_CELL, OWNER_CLASSDICT, OWNER_CONDITIONAL } OwnerKind;

typedef struct Owner {
    OwnerKind kind;
    Scope *scope;
} Owner;

static OwnerKind class_implicit(Value name)
{
    if (name == N(__class__))
        return OWNER_CLASS_CELL;
    if (name == N(__classdict__))
        return OWNER_CLASSDICT;
    if (name == N(__conditional_annotations__))
        return OWNER_CONDITIONAL;
    return OWNER_NONE;
}

// Who binds `name` for code in `from`, which itself does not. `crossed`: a real code boundary was passed.
static Owner find_owner(Scope *from, Value name)
{
    bool crossed = !from->inlined;
    for (Scope *scope = from->parent; scope; scope = scope->parent) {
        if (scope->kind == SCOPE_CLASS) {
            OwnerKind kind = class_implicit(name);
            if (kind && (kind != OWNER_CONDITIONAL || scope->has_conditional_annotations))
                return crossed ? (Owner){kind, scope} : (Owner){OWNER_NONE, NULL};
        } else if (scope->kind != SCOPE_MODULE) {
            Symbol *symbol = scope_find(scope, name);
            if (symbol && (symbol->flags & DEF_GLOBAL))
                break;
            if (symbol && (symbol->flags & DEF_BOUND) && !(symbol->flags & DEF_NONLOCAL))
                return (Owner){OWNER_VARIABLE, scope};
        }
        crossed = crossed || !scope->inlined;
    }
    return (Owner){OWNER_NONE, NULL};
}

// Makes the name free in every block from `from` out to the owner, and a cell there if needed.
static MUST_CHECK bool pass_through(Resolver *r, Scope *from, Owner owner, Value name)
{
    bool crossed = false;
    for (Scope *scope = from; scope != owner.scope; scope = scope->parent) {
        Symbol *symbol = scope_symbol(r->t, r->arena, scope, name);
        if (!symbol)
            return false;
        bool own = scope != from && (symbol->flags & DEF_BOUND) && !(symbol->flags & DEF_NONLOCAL);
        if (own || (scope->kind == SCOPE_CLASS && scope != from))
            symbol->flags |= DEF_FREE_CLASS;
        if (!own)
            symbol->binding = scope->kind == SCOPE_CLASS && scope != from && !(symbol->flags & DEF_NONLOCAL)
                                  && (symbol->flags & DEF_GLOBAL) ? BINDING_GLOBAL_EXPLICIT : BINDING_FREE;
        crossed = crossed || !scope->inlined;
    }
    if (owner.kind == OWNER_CLASS_CELL)
        owner.scope->needs_class_cell = true;
    else if (owner.kind == OWNER_CLASSDICT)
        owner.scope->needs_classdict = true;
    else if (crossed && owner.kind == OWNER_VARIABLE)
        scope_find(owner.scope, name)->binding = BINDING_CELL;
    return true;
}

static const char *name_text(Resolver *r, Value name)
{
    const char *text = str_utf8(r->t, name, NULL);
    return text ? text : "?";
}

static MUST_CHECK bool resolve_nonlocal(Resolver *r, Scope *scope, Symbol *symbol)
{
    Owner owner = find_owner(scope, symbol->name);
    bool known = owner.kind == OWNER_VARIABLE || (owner.kind && scope->kind != SCOPE_MODULE);
    if (!known)
        return syntax_error_at(r->t, r->filename, symbol->directive, "no binding for nonlocal '%s' found", name_text(r, symbol->name));
    Symbol *there = owner.kind == OWNER_VARIABLE ? scope_find(owner.scope, symbol->name) : NULL;
    if (there && (there->flags & DEF_TYPE_PARAM))
        return syntax_error_at(r->t, r->filename, symbol->directive, "nonlocal binding not allowed for type parameter '%s'",
                               name_text(r, symbol->name));
    return pass_through(r, scope, owner, symbol->name);
}

// In a class's annotation scopes a name that the class binds is never a variable of a function around: it is looked up in the
// namespace, then globally.
static bool resolve_by_class(const Scope *scope, Symbol *symbol)
{
    if (class_implicit(symbol->name))
        return false;
    const Scope *cls = scope->parent;
    while (cls && cls->kind != SCOPE_CLASS && cls->can_see_class)
        cls = cls->parent;
    const Symbol *there = cls && cls->kind == SCOPE_CLASS ? scope_find(cls, symbol->name) : NULL;
    if (!there || !((there->flags & DEF_GLOBAL) || ((there->flags & DEF_BOUND) && !(there->flags & DEF_NONLOCAL))))
        return false;
    symbol->binding = there->flags & DEF_GLOBAL ? BINDING_GLOBAL_EXPLICIT : BINDING_GLOBAL_IMPLICIT;
    return true;
}

static MUST_CHECK bool resolve_symbol(Resolver *r, Scope *scope, Symbol *symbol)
{
    if (symbol->flags & DEF_GLOBAL) {
        if (symbol->flags & DEF_NONLOCAL)
            return syntax_error_at(r->t, r->filename, symbol->directive, "name '%s' is nonlocal and global", name_text(r, symbol->name));
        symbol->binding = BINDING_GLOBAL_EXPLICIT;
        return true;
    }
    if (symbol->flags & DEF_NONLOCAL)
        return resolve_nonlocal(r, scope, symbol);
    if (symbol->flags & DEF_BOUND) {
        if (symbol->binding == BINDING_NONE)
            symbol->binding = BINDING_LOCAL;
        return true;
    }
    if (!(symbol->flags & DEF_USE))
        return true;   // only passed through here
    if (scope->can_see_class && resolve_by_class(scope, symbol))
        return true;
    Owner owner = scope->parent ? find_owner(scope, symbol->name) : (Owner){OWNER_NONE, NULL};
    if (owner.kind)
        return pass_through(r, scope, owner, symbol->name);
    if (symbol->binding == BINDING_NONE)
        symbol->binding = BINDING_GLOBAL_IMPLICIT;
    return true;
}

static void note_comprehension_cells(Scope *scope)
{
    for (uint32_t i = 0; scope->inlined && i < scope->symbol_count; i++) {
        if (scope->symbols[i]->binding == BINDING_CELL)
            scope->symbols[i]->flags |= DEF_COMP_CELL;
    }
}

bool scopes_resolve(Thread *t, Arena *arena, Value filename, Scopes *scopes)
{
    Resolver r = {t, arena, filename, scopes};
    for (uint32_t i = 1; i < scopes->count; i++) {
        Scope *scope = scopes->all[i];
        if (scope->unevaluated)
            continue;
        for (uint32_t j = 0; j < scope->symbol_count; j++) {
            if (!resolve_symbol(&r, scope, scope->symbols[j]))
                return false;
        }
    }
    for (uint32_t i = 1; i < scopes->count; i++)
        note_comprehension_cells(scopes->all[i]);
    return true;
}
