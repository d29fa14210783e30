// scope_dump.c: the scopes as text (ADDER_DUMP=scopes): one line per block, its names with what they mean.
#include <stdio.h>

#include "frontend/scope.h"
#include "src/core/error.h"
#include "src/types/str.h"

static const char *text_of(Thread *t, Value name)
{
    const char *text = str_utf8(t, name, NULL);
    pending_clear(t);
    return text ? text : "?";
}

static void dump_scope(Thread *t, const Scope *scope, int depth, int fd)
{
    static const char *const kinds[] = {"function", "class", "module", "annotations", "type alias", "type parameters", "type variable"};
    static const char *const bindings[] = {"-", "local", "global explicit", "global", "free", "cell"};
    dprintf(fd, "%*s%s %s line %d%s%s%s\n", depth * 2, "", kinds[scope->kind], text_of(t, scope->name), scope->at.lineno,
            scope->inlined ? " inlined" : "", scope->generator ? " generator" : "", scope->coroutine ? " coroutine" : "");
    for (uint32_t i = 0; i < scope->symbol_count; i++)
        dprintf(fd, "%*s%s: %s\n", depth * 2 + 4, "", text_of(t, scope->symbols[i]->name), bindings[scope->symbols[i]->binding]);
    for (const Scope *child = scope->first_child; child; child = child->next)
        dump_scope(t, child, depth + 1, fd);
}

void scopes_dump(Thread *t, const Scopes *scopes, int fd)
{
    dump_scope(t, scopes->top, 0, fd);
}
