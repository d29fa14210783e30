// error.c: raising and inspecting exceptions from C; the body of src/core/error.h.
#include "src/core/error.h"

#include <stdio.h>
#include <unistd.h>

#include "src/core/hooks.h"
#include "src/core/native.h"
#include "src/core/options.h"
#include "src/core/stats.h"
#include "src/core/vm.h"
#include "src/ops/ops.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// What running out of memory raises when not even a MemoryError can be made. Immutable but for its links.
static Value last_memory_error;

bool exceptions_boot(Thread *t)
{
    vm_add_root_range(&last_memory_error, &last_memory_error + 1);
    last_memory_error = exception_new(t, EXC(MemoryError), tuple_empty);
    // The one builtin exception type with two bases.
    Type *group = EXC(ExceptionGroup);
    group->bases = tuple_pair(t, value_of(EXC(BaseExceptionGroup)), value_of(EXC(Exception)));
    group->mro = tuple_of(t, 5, value_of(group), value_of(EXC(BaseExceptionGroup)), value_of(EXC(Exception)),
                          value_of(EXC(BaseException)), value_of(&type_object));
    return last_memory_error && group->bases && group->mro;
}

// --- handled and pending ---
Value handled_exception(const Thread *t)
{
    for (const ExcInfo *info = t->exc_info; info; info = info->previous)
        if (info->exception && info->exception != NONE)
            return info->exception;
    return 0;
}

Value raise_value(Thread *t, Value exception)
{
    Value handled = handled_exception(t);
    if (handled && handled != exception)
        exception_set_context(exception, handled);
    t->exception = exception;
    stat_add(exceptions_raised, 1);
    if (unlikely(switches.TRACE_raise))
        fprintf(stderr, "raise %s\n", type_of(exception)->name);
    return 0;
}

bool pending_matches(const Thread *t, const Type *exception)
{
    return t->exception && type_is_subtype(type_of(t->exception), exception);
}

Value pending_take(Thread *t)
{
    Value exception = t->exception;
    t->exception = 0;
    return exception;
}

void pending_set(Thread *t, Value exception)
{
    t->exception = exception;
}

void pending_clear(Thread *t)
{
    t->exception = 0;
}

bool pending_clear_if(Thread *t, const Type *exception)
{
    if (!pending_matches(t, exception))
        return false;
    t->exception = 0;
    return true;
}

void pending_chain_context(Thread *t, Value earlier)
{
    if (!earlier)
        return;
    if (!t->exception)
        t->exception = earlier;
    else if (!as_exception(t->exception)->context)
        exception_set_context(t->exception, earlier);
}

// --- raising ---
static Value message_exception(Thread *t, Type *type, const char *format, va_list args)
{
    if (!format)
        return exception_new(t, type, tuple_empty);
    Value message = str_format_va(t, format, args);
    Value tuple = message ? tuple_from(t, &message, 1) : 0;
    return tuple ? exception_new(t, type, tuple) : 0;
}

Value raise_va(Thread *t, Type *exception, const char *format, va_list args)
{
    Value e = message_exception(t, exception, format, args);
    return e ? raise_value(t, e) : 0;
}

Value raise(Thread *t, Type *exception, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    raise_va(t, exception, format, args);
    va_end(args);
    return 0;
}

Value raise_with(Thread *t, Type *exception, Value argument)
{
    Value tuple = tuple_from(t, &argument, 1);
    Value e = tuple ? exception_new(t, exception, tuple) : 0;
    return e ? raise_value(t, e) : 0;
}

Value raise_key(Thread *t, Value key)
{
    return raise_with(t, EXC(KeyError), key);
}

// Making the exception may itself find no memory: then the one made at start is raised.
Value raise_no_memory(Thread *t)
{
    static __thread bool making;
    if (!making) {
        making = true;
        Value e = exception_base_new(t, EXC(MemoryError), NULL, 0, 0);
        making = false;
        if (e)
            return raise_value(t, e);
    }
    t->exception = last_memory_error;
    return 0;
}

Value raise_stop_iteration(Thread *t, Value value)
{
    Value args = value ? tuple_from(t, &value, 1) : tuple_empty;
    Value e = args ? exception_base_new(t, EXC(StopIteration), NULL, 0, 0) : 0;
    if (!e)
        return 0;
    as_exception(e)->args = args;
    as_exception(e)->extra[STOP_VALUE] = value ? value : NONE;
    return raise_value(t, e);
}

static Value raise_with_message(Thread *t, Value exception, Value message)
{
    Value args = message ? tuple_from(t, &message, 1) : 0;
    if (!args)
        return 0;
    as_exception(exception)->args = args;
    return raise_value(t, exception);
}

Value raise_attribute(Thread *t, Value object, Value name)
{
    Value message = is_type(object)
        ? str_format(t, "type object '%s' has no attribute '%U'", type_short_name(as_type(object)), name)
        : str_format(t, "'%.100T' object has no attribute '%U'", object, name);
    Value e = message ? exception_base_new(t, EXC(AttributeError), NULL, 0, 0) : 0;
    if (!e)
        return 0;
    as_exception(e)->extra[ATTRIBUTE_NAME] = name;
    as_exception(e)->extra[ATTRIBUTE_OBJ] = object;
    return raise_with_message(t, e, message);
}

Value raise_name(Thread *t, Type *exception, Value name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value message = str_format_va(t, format, args);
    va_end(args);
    Value e = message ? exception_base_new(t, exception, NULL, 0, 0) : 0;
    if (!e)
        return 0;
    as_exception(e)->extra[NAME_ERROR_NAME] = name;
    return raise_with_message(t, e, message);
}

Value raise_import(Thread *t, Type *exception, Value message, Value name, Value path, Value name_from)
{
    Value e = exception_base_new(t, exception, NULL, 0, 0);
    if (!e)
        return 0;
    Exception *x = as_exception(e);
    x->extra[IMPORT_MSG] = message;
    x->extra[IMPORT_NAME] = name;
    x->extra[IMPORT_PATH] = path;
    x->extra[IMPORT_NAME_FROM] = name_from;
    return raise_with_message(t, e, message);
}

Value raise_from_pending(Thread *t, Type *exception, const char *format, ...)
{
    Value cause = pending_take(t);
    va_list args;
    va_start(args, format);
    Value e = message_exception(t, exception, format, args);
    va_end(args);
    if (!e)
        return 0;
    if (cause) {
        as_exception(e)->cause = cause;
        as_exception(e)->suppress_context = true;
        raise_value(t, e);
        exception_set_context(e, cause);
        return 0;
    }
    return raise_value(t, e);
}

void pending_add_note(Thread *t, const char *format, ...)
{
    Value e = pending_take(t);
    if (!e)
        return;
    va_list args;
    va_start(args, format);
    Value note = str_format_va(t, format, args);
    va_end(args);
    if (note)
        call_method1(t, e, str_intern_cstr(t, "add_note"), note);
    t->exception = e;   // a failure to add the note is not worth losing the exception
}

// --- warnings and exceptions that nobody can catch ---
bool warn(Thread *t, Type *category, int stack_level, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value message = str_format_va(t, format, args);
    va_end(args);
    return message && (!hooks.warn || hooks.warn(t, category, message, stack_level));
}

// Before sys exists.
static void print_unraisable(Thread *t, Value exception, Value message)
{
    Value text = value_str(t, exception);
    const char *utf8 = text ? str_utf8(t, text, NULL) : NULL;
    const char *what = message && message != NONE ? str_utf8(t, message, NULL) : NULL;
    dprintf(STDERR_FILENO, "%s:\n%s: %s\n", what ? what : "Exception ignored", type_of(exception)->name, utf8 ? utf8 : "");
}

void report_unraisable(Thread *t, Value object, const char *format, ...)
{
    Value exception = pending_take(t);
    if (!exception)
        return;
    Value message = NONE;
    if (format) {
        va_list args;
        va_start(args, format);
        message = str_format_va(t, format, args);
        va_end(args);
        if (!message) {
            pending_clear(t);
            message = NONE;
        }
    }
    if (hooks.unraisable)
        hooks.unraisable(t, exception, object ? object : NONE, message);
    else
        print_unraisable(t, exception, message);
    pending_clear(t);
}
