// sys_hooks.c: displayhook, excepthook, unraisablehook, breakpointhook, audit hooks, and how a program ends.
#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/native.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/function.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

#include <stdlib.h>

// --- displayhook ---
// What stdout cannot encode is shown escaped.
static bool write_escaped(Thread *t, Value out, Value text)
{
    Value encoding = attr_get(t, out, N(encoding));
    const char *name = encoding && is_str(encoding) ? str_utf8(t, encoding, NULL) : NULL;
    Value bytes = name ? str_encode(t, text, name, "backslashreplace") : 0;
    Value buffer = 0;
    if (!bytes || attr_find(t, out, str_intern_cstr(t, "buffer"), &buffer) < 0)
        return false;
    if (buffer)
        return call_method1(t, buffer, N(write), bytes) != 0;
    Value decoded = call_method2(t, bytes, str_intern_cstr(t, "decode"), encoding, N(strict));
    return decoded && call_method1(t, out, N(write), decoded);
}

static Value sys_displayhook(Thread *t, const Value *args, size_t nargs)
{
    Value builtins = dict_get_known(as_dict(t->vm->modules), N(builtins));
    if (!builtins)
        return raise(t, EXC(RuntimeError), "lost builtins module");
    if (args[0] == NONE)
        return NONE;
    Value underscore = str_intern_cstr(t, "_");
    if (!underscore || !attr_set(t, builtins, underscore, NONE))
        return 0;
    Value out = sys_get(t, "stdout");
    if (!out || out == NONE)
        return raise(t, EXC(RuntimeError), "lost sys.stdout");
    Value text = value_repr(t, args[0]);
    if (!text)
        return 0;
    if (!call_method1(t, out, N(write), text)
        && (!pending_clear_if(t, EXC(UnicodeEncodeError)) || !write_escaped(t, out, text)))
        return 0;
    if (!call_method1(t, out, N(write), str_intern_cstr(t, "\n")) || !attr_set(t, builtins, underscore, args[0]))
        return 0;
    return NONE;
}

// --- excepthook ---
static Value sys_excepthook(Thread *t, const Value *args, size_t nargs)
{
    Value exception = args[1], traceback = args[2];
    if (!is_exception(exception)) {
        Value out = sys_get(t, "stderr");
        Value text = out && out != NONE ? str_format(t, "TypeError: print_exception(): Exception expected for value, %T found\n", exception) : 0;
        return text ? call_method1(t, out, N(write), text) : NONE;
    }
    if (!as_exception(exception)->traceback && is_exactly(traceback, &type_traceback))
        publish(&as_exception(exception)->traceback, traceback);
    traceback_print(t, exception);
    return NONE;
}

// --- unraisablehook ---
static const StructSeqField unraisable_fields[] = {
    {"exc_type", "Exception type"}, {"exc_value", "Exception value"}, {"exc_traceback", "Exception traceback"},
    {"err_msg", "Error message"}, {"object", "Object causing the exception"}, {0}};
static const StructSeqDef unraisable_def = {"UnraisableHookArgs",
    "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.", unraisable_fields, 5, true};
static Type *unraisable_type;   // made at the first use; a root type, published

static void write_text(Thread *t, Value out, Value text)
{
    if (!text || !call_method1(t, out, N(write), text))
        pending_clear(t);
}

static Value unraisable_headline(Thread *t, Value message, Value object)
{
    if (message != NONE && object != NONE)
        return str_format(t, "%V: %R\n", message, object);
    if (message != NONE)
        return str_format(t, "%V:\n", message);
    return object != NONE ? str_format(t, "Exception ignored in: %R\n", object) : 0;
}

static Value sys_unraisablehook(Thread *t, const Value *args, size_t nargs)
{
    if (!unraisable_type || type_of(args[0]) != unraisable_type)
        return raise(t, EXC(TypeError), "sys.unraisablehook argument type must be UnraisableHookArgs");
    const Value *field = as_tuple(args[0])->at;
    Value exception = field[1], message = field[3], object = field[4];
    Value out = sys_get(t, "stderr");
    if (!out || out == NONE)
        return NONE;
    Value headline = unraisable_headline(t, message, object);
    if (!headline && is_pending(t)) {
        pending_clear(t);
        headline = str_from_cstr(t, "Exception ignored in: <object repr() failed>\n");
    }
    if (headline)
        write_text(t, out, headline);
    if (is_exception(exception))
        traceback_print(t, exception);
    return NONE;
}

static Value unraisable_args(Thread *t, Value exception, Value object, Value message)
{
    if (!unraisable_type) {
        Type *type = structseq_type_new(t, &unraisable_def);
        if (!type)
            return 0;
        publish(&unraisable_type, type);
    }
    Value traceback = as_exception(exception)->traceback;
    Value items[] = {value_of(type_of(exception)), exception, traceback ? traceback : NONE, message, object};
    return structseq_new(t, unraisable_type, items);
}

// An exception of the hook itself is shown by the builtin one.
static void call_unraisablehook(Thread *t, Value exception, Value object, Value message)
{
    Value hook = sys_get(t, "unraisablehook");
    Value args = unraisable_args(t, exception, object, message);
    if (!args || !hook || hook == NONE) {
        pending_clear(t);
        return;
    }
    if (call1(t, hook, args))
        return;
    Value failure = pending_take(t);
    Value failure_args = failure ? unraisable_args(t, failure, hook, str_from_cstr(t, "Exception ignored in sys.unraisablehook")) : 0;
    if (failure_args)
        sys_unraisablehook(t, &failure_args, 1);
    pending_clear(t);
}

// --- breakpointhook ---
static Value breakpoint_target(Thread *t, const char *name)
{
    char *copy = strdup(name);
    if (!copy)
        return raise_no_memory(t);
    char *dot = strrchr(copy, '.');
    const char *module_name = dot ? copy : "builtins", *attribute = dot ? dot + 1 : copy;
    if (dot)
        *dot = 0;
    Value module = hooks.import_module(t, module_name);
    Value target = module ? attr_get(t, module, str_intern_cstr(t, attribute)) : 0;
    free(copy);
    return target;
}

// signature (*args, **kws): args[0] is the Dict of keywords or 0, the rest are positional.
static Value sys_breakpointhook(Thread *t, const Value *args, size_t nargs)
{
    const char *name = t->vm->config.ignore_environment ? NULL : getenv("PYTHONBREAKPOINT");
    if (!name || !*name)
        name = "pdb.set_trace";
    if (!strcmp(name, "0"))
        return NONE;
    Value target = breakpoint_target(t, name);
    if (!target) {
        if (!pending_clear_if(t, EXC(ImportError)) && !pending_clear_if(t, EXC(AttributeError)))
            return 0;
        return warn(t, EXC(RuntimeWarning), 0, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"", name) ? NONE : 0;
    }
    Value positional = tuple_from(t, args + 1, nargs - 1);
    return positional ? call_tuple_dict(t, target, positional, args[0]) : 0;
}

// --- audit ---
bool sys_audit_active(const Thread *t) { return t->vm->audit_hooks != 0; }

static bool audit_tuple(Thread *t, Value event, Value arguments)
{
    size_t n;
    Value *audit_hooks = list_snapshot(t, as_list(t->vm->audit_hooks), &n);
    for (size_t i = 0; audit_hooks && i < n; i++)
        if (!call2(t, audit_hooks[i], event, arguments))
            return false;
    return audit_hooks != NULL;
}

bool sys_audit(Thread *t, const char *event, size_t n, const Value *arguments)
{
    if (likely(!sys_audit_active(t)))
        return true;
    Value name = str_from_cstr(t, event), tuple = tuple_from(t, arguments, n);
    return name && tuple && audit_tuple(t, name, tuple);
}

static Value sys_audit_function(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "audit() argument 1 must be str, not %T", args[0]);
    if (!sys_audit_active(t))
        return NONE;
    Value arguments = tuple_from(t, args + 1, nargs - 1);
    return arguments && audit_tuple(t, args[0], arguments) ? NONE : 0;
}

static Value sys_addaudithook(Thread *t, const Value *args, size_t nargs)
{
    if (!sys_audit(t, "sys.addaudithook", 0, NULL))
        return pending_clear_if(t, EXC(RuntimeError)) ? NONE : 0;   // a hook may refuse others silently
    if (!t->vm->audit_hooks) {
        List *list = list_new(t, 1);
        if (!list)
            return 0;
        publish(&t->vm->audit_hooks, value_of(list));
    }
    return list_append(t, as_list(t->vm->audit_hooks), args[0]) ? NONE : 0;
}

// --- the end of a program ---
static void remember_last(Thread *t, Value exception)
{
    Value traceback = as_exception(exception)->traceback;
    if (!sys_set(t, "last_exc", exception) || !sys_set(t, "last_type", value_of(type_of(exception)))
        || !sys_set(t, "last_value", exception) || !sys_set(t, "last_traceback", traceback ? traceback : NONE))
        pending_clear(t);
}

void sys_report_uncaught(Thread *t)
{
    Value exception = pending_take(t);
    if (!exception)
        return;
    remember_last(t, exception);
    Value hook = sys_get(t, "excepthook");
    Value traceback = as_exception(exception)->traceback;
    Value out = sys_get(t, "stderr");
    if (!hook) {
        if (out && out != NONE)
            write_text(t, out, str_from_cstr(t, "sys.excepthook is missing\n"));
        traceback_print(t, exception);
        return;
    }
    if (call3(t, hook, value_of(type_of(exception)), exception, traceback ? traceback : NONE))
        return;
    Value failure = pending_take(t);
    if (failure && type_is_subtype(type_of(failure), EXC(SystemExit))) {
        pending_set(t, failure);
        exit(sys_exit_status(t));
    }
    if (out && out != NONE)
        write_text(t, out, str_from_cstr(t, "Error in sys.excepthook:\n"));
    if (failure)
        traceback_print(t, failure);
    if (out && out != NONE)
        write_text(t, out, str_from_cstr(t, "\nOriginal exception was:\n"));
    traceback_print(t, exception);
}

static int status_of_exit(Thread *t, Value exception)
{
    Value code = 0;
    if (attr_find(t, exception, N(code), &code) < 0)
        pending_clear(t);
    if (!code || code == NONE)
        return 0;
    if (is_int(code)) {
        int64_t status;
        return int_to_int64(int_exact(code), &status) ? (int)status : -1;
    }
    Value out = sys_get(t, "stderr");
    if (out && out != NONE) {
        write_text(t, out, value_str(t, code));
        write_text(t, out, str_from_cstr(t, "\n"));
        if (!call_method0(t, out, N(flush)))
            pending_clear(t);
    }
    return 1;
}

int sys_exit_status(Thread *t)
{
    if (pending_matches(t, EXC(SystemExit)))
        return status_of_exit(t, pending_take(t));
    sys_report_uncaught(t);
    return 1;
}

const NativeDef sys_hook_functions[] = {
    {"displayhook", sys_displayhook, "(object, /)", "Print an object to sys.stdout and also save it in builtins._", NATIVE_PLAIN},
    {"excepthook", sys_excepthook, "(exctype, value, traceback, /)", "Handle an exception by displaying it with a traceback on sys.stderr.", NATIVE_PLAIN},
    {"unraisablehook", sys_unraisablehook, "(unraisable, /)", "Handle an unraisable exception.", NATIVE_PLAIN},
    {"breakpointhook", sys_breakpointhook, "(*args, **kwargs)", "This hook function is called by built-in breakpoint().", NATIVE_PLAIN},
    {"__displayhook__", sys_displayhook, "(object, /)", NULL, NATIVE_PLAIN},
    {"__excepthook__", sys_excepthook, "(exctype, value, traceback, /)", NULL, NATIVE_PLAIN},
    {"__unraisablehook__", sys_unraisablehook, "(unraisable, /)", NULL, NATIVE_PLAIN},
    {"__breakpointhook__", sys_breakpointhook, "(*args, **kwargs)", NULL, NATIVE_PLAIN},
    {"audit", sys_audit_function, "(event, /, *args)", "Passes the event to any hooks that are attached.", NATIVE_PLAIN},
    {"addaudithook", sys_addaudithook, "(hook)", "Adds a new audit hook callback.", NATIVE_PLAIN},
    {0},
};

void sys_hooks_install(void)
{
    hooks.unraisable = call_unraisablehook;
}
