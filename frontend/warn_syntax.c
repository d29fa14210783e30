// warn_syntax.c: SyntaxWarnings through the warnings module.
#include "frontend/warn_syntax.h"

#include "frontend/parser.h"
#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/ops/ops.h"
#include "src/types/str.h"

static Value warn_explicit(Thread *t)
{
    Value module = hooks.import_module ? hooks.import_module(t, "warnings") : 0;
    Value name = module ? str_intern_cstr(t, "warn_explicit") : 0;
    return name ? attr_get(t, module, name) : 0;
}

bool warn_line(Thread *t, Value filename, Value module, int lineno, Value message)
{
    Value function = warn_explicit(t);
    if (!function) {
        pending_clear(t);   // too early, or no library: nobody to tell
        return true;
    }
    Value args[] = {message, value_of(EXC(SyntaxWarning)), filename, fixnum(lineno), module ? module : NONE};
    return call(t, function, args, module ? 5 : 4, 0) != 0;
}

bool warn_syntax(Thread *t, Value filename, Value module, AstSpan at, const char *message)
{
    Value text = str_from_cstr(t, message);
    if (!text)
        return false;
    if (warn_line(t, filename, module, at.lineno, text))
        return true;
    if (pending_clear_if(t, EXC(SyntaxWarning)))
        syntax_error_at(t, filename, at, "%s", message);
    return false;
}
