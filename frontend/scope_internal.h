// scope_internal.h: what the files that build scopes share.
#pragma once

#include "frontend/scope.h"

// State of one walk. After an error `failed` is set (the exception is pending) and visits return at once.
typedef struct ScopeBuilder {
    Thread *t;
    Arena *arena;
    Scopes *scopes;
    Scope *now;
    Value filename;
    Value private_name;
    unsigned flags;
    bool failed;
} ScopeBuilder;

MUST_CHECK Scope *scope_enter(ScopeBuilder *b, ScopeKind kind, Value name, Node *node, AstSpan at);
void scope_reenter(ScopeBuilder *b, Scope *scope);
void scope_leave(ScopeBuilder *b);
void scope_define(ScopeBuilder *b, Value name, uint32_t flag, AstSpan at);
void scope_define_in(ScopeBuilder *b, Scope *scope, Value name, uint32_t flag, AstSpan at);
void scope_error(ScopeBuilder *b, AstSpan at, const char *format, ...) __attribute__((format(printf, 3, 4)));

void scope_visit_statements(ScopeBuilder *b, NodeSeq body);
void scope_visit_expr(ScopeBuilder *b, Node *e);
void scope_visit_all(ScopeBuilder *b, NodeSeq nodes);
void scope_visit_pattern(ScopeBuilder *b, Node *pattern);
void scope_visit_type_params(ScopeBuilder *b, NodeSeq params);
void scope_visit_function(ScopeBuilder *b, Node *node);
void scope_visit_class(ScopeBuilder *b, Node *node);
void scope_visit_type_alias(ScopeBuilder *b, Node *node);
void scope_visit_lambda(ScopeBuilder *b, Node *node);
void scope_visit_annotation(ScopeBuilder *b, Node *annotation);
void scope_visit_comprehension(ScopeBuilder *b, Node *node, ScopeComprehension kind, NodeSeq generators, Node *element,
                               Node *value);
void scope_visit_named(ScopeBuilder *b, Node *node);
// yield, await and := are not allowed in lazily evaluated scopes.
bool scope_allows(ScopeBuilder *b, const char *what, AstSpan at);
