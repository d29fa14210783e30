// error.h: raising and inspecting exceptions from C. An exception is pending in t->exception until somebody takes it.
#ifndef ADDER_CORE_ERROR_H
#define ADDER_CORE_ERROR_H

#include <signal.h>   // before the next line: it declares C's own raise()
#include <stdarg.h>

#include "src/core/thread.h"

#define raise raise_exception

#define EXCEPTION(row, base, doc) extern Type type_##row;
#include "src/core/exceptions.def"
#undef EXCEPTION
#define EXC(name) (&type_##name)

// Raises type(message). Always returns 0, so that `return raise(…)` works where Value, pointer (with RAISE_NULL) or bool is
// returned. Directives: %s UTF-8 text, %c code point, %d int, %u unsigned, %ld int64_t, %lu uint64_t/size_t, %x hex, %% ;
// for Values: %V str(v), %R repr(v), %A ascii(v), %T name of v's type, %Q that with its module, %U like %V for a known Str; %N name of a Type *;
// a precision cuts (%.200s, %.50U).
Value raise(Thread *t, Type *exception, const char *format, ...);
Value raise_va(Thread *t, Type *exception, const char *format, va_list args);
#define RAISE_NULL(...) ((void *)(uintptr_t)raise(__VA_ARGS__))

Value raise_value(Thread *t, Value exception);             // an exception instance as it is (context is set)
Value raise_with(Thread *t, Type *exception, Value argument);   // type(argument), e.g. KeyError(key)
Value raise_errno(Thread *t, int error_number);            // OSError subclass for errno
Value raise_errno_path(Thread *t, int error_number, Value path, Value path2);   // paths may be 0
Value raise_no_memory(Thread *t);
Value raise_stop_iteration(Thread *t, Value value);        // value may be 0
Value raise_key(Thread *t, Value key);                     // KeyError(key), tuples wrapped
Value raise_attribute(Thread *t, Value object, Value name);   // "'T' object has no attribute 'name'", with name and obj set
Value raise_name(Thread *t, Type *exception, Value name, const char *format, ...);   // NameError family, .name set
Value raise_import(Thread *t, Type *exception, Value message, Value name, Value path, Value name_from);
Value raise_syntax(Thread *t, Type *exception, Value filename, int line, int column, int end_line, int end_column, Value text, const char *format, ...);   // 1-based columns in characters

static inline bool is_pending(const Thread *t) { return t->exception != 0; }
bool pending_matches(const Thread *t, const Type *exception);   // is the pending exception an instance of that type?
Value pending_take(Thread *t);                              // takes the pending exception (0: none)
void pending_set(Thread *t, Value exception);               // puts it back, nothing added
void pending_clear(Thread *t);
bool pending_clear_if(Thread *t, const Type *exception);    // clears and returns true if it matches
void pending_chain_context(Thread *t, Value earlier);       // sets __context__ of the pending one to earlier (if unset)
Value handled_exception(const Thread *t);                   // sys.exception(), or 0
// Raises a new exception whose __cause__ and __context__ are the one pending now.
Value raise_from_pending(Thread *t, Type *exception, const char *format, ...);

// Issues a warning (may raise if filters say so: then false). stack_level as in warnings.warn.
MUST_CHECK bool warn(Thread *t, Type *category, int stack_level, const char *format, ...);
// Reports an exception nobody can catch (in __del__, callbacks) through sys.unraisablehook, and clears it.
void report_unraisable(Thread *t, Value object, const char *format, ...);

// Adds a __notes__ line to the pending exception.
void pending_add_note(Thread *t, const char *format, ...);

#endif
